//! `archive read`: what an import would understand, without an archive and without writing.

use std::path::{Path, PathBuf};

use super::{DumpOptions, End, Outcome, Stop, counted, formats_nearby, read_dump, say, tell_all};
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::import::{self, Dump, Totals};
use crate::markdown::publisher_text;

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
            Ok(dump) => show(&name, &dump),
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

/// Prints a dump as a table and its ledger.
fn show(name: &str, dump: &Dump) {
    let publisher = dump.publisher.as_deref().unwrap_or("unknown publisher");
    say(format!(
        "{name}: {publisher}, format {}, {}",
        dump.format,
        counted(dump.entries.len(), "entry", "entries")
    ));
    for entry in &dump.entries {
        let mut when = entry.when.words();
        let clock = entry.when.time().or(entry.clock).map(|time| time.format("%H:%M").to_string());
        if let Some(clock) = clock {
            when = format!("{when} {clock}");
        }
        let words = publisher_text(&entry.body).split_whitespace().count();
        let mark = if entry.title_basis == TitleBasis::Made { " (title made)" } else { "" };
        let held = entry.media.len() + entry.embeds.len();
        let media = if held == 0 { String::new() } else { format!(", {held} not held") };
        say(format!(
            "  {:>4}  {when:<34}  {}{mark}  [{}{media}]",
            entry.lines.0,
            entry.title,
            counted(words, "word", "words")
        ));
    }
    say(format!("  {}", ledger_words(&dump.ledger.totals())));
    tell_all(&dump.problems);
    for line in dump.ledger.unread().take(10) {
        super::tell(format!("  unread: line {line}"));
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
