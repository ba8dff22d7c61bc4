//! `archive serve`: the site in a browser that shows each saved change.

use std::path::Path;

use super::{End, Outcome, Stop, counted, find_root, tell, tell_all};
use crate::serve::{self, Event};

/// Shows the site in a browser, and every change as it is saved
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Answers this machine only. Nothing is written: `archive build` makes public/.\nEnd it with Ctrl-C."
)]
pub(super) struct Serve {
    /// The port; the next free one where it is taken
    #[arg(long, value_name = "N", default_value_t = 8000)]
    port: u16,
}

pub(super) fn run(command: &Serve, root: Option<&Path>) -> Outcome {
    let root = find_root(root)?;
    serve::serve(&root, command.port, &|event| match event {
        Event::Ready(address) => {
            // One write: whoever reads only the first line and hangs up does not end the server.
            super::say(format!(
                "serving {address}\nnext: open it, edit a file under content/, save; Ctrl-C ends"
            ));
        }
        Event::Changed { pages, took } => {
            tell(format!(
                "read the archive in {:.2} s: {}",
                took.as_secs_f64(),
                counted(pages, "page", "pages")
            ));
        }
        Event::Broken(problems) => {
            tell_all(&problems);
            tell("the last good site is still shown");
        }
    })
    .map_err(Stop)?;
    Ok(End::Done)
}
