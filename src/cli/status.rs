//! Stub.
#[derive(Debug, clap::Args)]
pub(super) struct Status {}
pub(super) fn run(_: &Status, _: Option<&std::path::Path>) -> super::Outcome {
    Ok(super::End::Done)
}
