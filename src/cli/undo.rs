//! `archive undo`: takes the last command back that wrote into the archive.

use std::path::Path;

use super::writer::DRY_RUN;
use super::{End, Outcome, counted, find_root, find_root_to_show, say, tell_all};
use crate::change::{self, Undone};
use crate::diagnostic::Diagnostic;

/// Takes back the last import, or the last other command that changed the archive
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Every file is again as it was, to the byte. A file that was changed since is a person's work: then nothing is done, and it is named. Taken back a second time, the command is done again. Only the last command can be taken back; for more there is version control."
)]
pub(super) struct Undo {
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Undo, root: Option<&Path>) -> Outcome {
    let root = if command.dry_run { find_root_to_show(root)? } else { find_root(root)? };
    match change::undo(&root, command.dry_run)? {
        Undone::Nothing => say("there is nothing to take back"),
        Undone::ChangedSince(what, files) => {
            let findings: Vec<Diagnostic> = files
                .iter()
                .map(|file| {
                    Diagnostic::error(
                        file,
                        0,
                        format!("changed since `{what}`, so nothing was taken back"),
                    )
                    .hint("move the file away, or take the command back by hand")
                })
                .collect();
            tell_all(&findings);
            return Ok(End::Problems);
        }
        Undone::Done(what, count) => {
            let verb = if command.dry_run { "would take back" } else { "took back" };
            say(format!("{verb} `{what}`: {} as before", counted(count, "file", "files")));
            say(if command.dry_run {
                DRY_RUN
            } else {
                "next: archive status; archive undo once more does it again"
            });
        }
    }
    Ok(End::Done)
}
