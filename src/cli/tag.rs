//! Stub.
#[derive(Debug, clap::Args)]
pub(super) struct Tag {}
pub(super) fn run(_: &Tag, _: Option<&std::path::Path>) -> super::Outcome {
    Ok(super::End::Done)
}
