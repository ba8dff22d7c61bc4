//! Stub.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {}
pub(super) fn run(_: &Serve, _: Option<&std::path::Path>) -> super::Outcome {
    Ok(super::End::Done)
}
