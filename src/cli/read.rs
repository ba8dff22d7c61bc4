//! `archive read`: what an import would understand, without an archive and without writing.

use std::path::{Path, PathBuf};

use super::{DumpOptions, End, Outcome, Stop, counted, formats_nearby, read_dump, say, tell_all};
use crate::diagnostic::Diagnostic;
use crate::import::{self, Totals};

pub(super) mod table;

/// Shows what an import would understand of a dump, and writes nothing
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Works without an archive. Inside one, the archive's own formats/ count too.\n`archive read - < dump.txt` reads standard input."
)]
pub(super) struct Read {
    /// The dumps; - is standard input
    #[arg(required = true, value_name = "DUMP")]
    dumps: Vec<PathBuf>,
    #[command(flatten)]
    options: DumpOptions,
    /// Print one JSON object a dump, a line each
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Read, root: Option<&Path>) -> Outcome {
    let (formats, mut failed) = formats_nearby(root)?;
    let mut unreadable = 0;
    for path in &command.dumps {
        let (name, bytes) = match read_dump(path) {
            Ok(dump) => dump,
            Err(error) => {
                tell_all(&[Diagnostic::error("", 0, error.to_string())]);
                unreadable += 1;
                continue;
            }
        };
        match import::read(&bytes, &command.options.told(&name), &formats) {
            Ok(dump) if command.json => say(import::json(&name, &dump)),
            Ok(dump) => table::show(&name, &dump),
            Err(problems) => {
                tell_all(&problems);
                failed = true;
            }
        }
    }
    match unreadable {
        0 if failed => Ok(End::Problems),
        0 => Ok(End::Done),
        count => Err(Stop(format!("{} could not be read", counted(count, "dump", "dumps")))),
    }
}

/// Returns a ledger in numbers: "293 lines: 146 in entries, 6 in the summary, …".
pub(super) fn ledger_words(totals: &Totals) -> String {
    let mut parts = vec![format!("{} in entries", totals.entries)];
    if totals.summary > 0 {
        parts.push(format!("{} in the summary", totals.summary));
    }
    parts.extend(
        totals.discarded.iter().map(|(rule, count)| format!("{count} discarded as {rule}")),
    );
    parts.push(format!("{} unread", totals.unread));
    format!("{}: {}", counted(totals.total, "line", "lines"), parts.join(", "))
}
