//! `archive read`: what an import would understand, without an archive and without writing.

use std::path::{Path, PathBuf};

use super::expand::expand;
use super::gather::{Event, Gather, Origin, Saved};
use super::skipped::{SkippedList, refusal};
use super::{DumpOptions, End, Outcome, Stop, counted, formats_nearby, say, tell, tell_all};
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::import::{self, Dump, Totals};
use crate::markdown::publisher_text;

/// Shows what an import would understand of a dump, and writes nothing
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Works without an archive. Inside one, the archive's own formats/ count too.\n`archive read - < dump.txt` reads standard input. A folder or a pattern\nstands for all dumps below it, a WARC or WACZ file for all live blogs in it."
)]
pub(super) struct Read {
    /// The dumps: files, folders, patterns; - is standard input
    #[arg(required = true, value_name = "DUMP")]
    dumps: Vec<PathBuf>,
    #[command(flatten)]
    options: DumpOptions,
    /// Print one JSON object a dump, a line each
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Read, root: Option<&Path>) -> Outcome {
    let (formats, failed) = formats_nearby(root)?;
    let meant = expand(&command.dumps);
    let mut reader = Reader { json: command.json, failed, ..Reader::default() };
    for message in &meant.missing {
        reader.unreadable(message);
    }
    let gather = Gather { options: &command.options, formats: &formats, hashes: false };
    gather.run(&meant.paths, |event| {
        reader.event(event);
        Ok(())
    })?;
    if meant.many && !command.json {
        tell(reader.summary());
    }
    match reader.unreadable {
        0 if reader.failed => Ok(End::Problems),
        0 => Ok(End::Done),
        count => Err(Stop(format!("{} could not be read", counted(count, "dump", "dumps")))),
    }
}

#[derive(Default)]
struct Reader {
    json: bool,
    failed: bool,
    unreadable: usize,
    dumps: usize,
    entries: usize,
    refused: usize,
    skipped: SkippedList,
}

impl Reader {
    fn unreadable(&mut self, message: &str) {
        tell_all(&[Diagnostic::error("", 0, message)]);
        self.unreadable += 1;
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Page(saved, Ok(dump)) => {
                self.dumps += 1;
                self.entries += dump.entries.len();
                self.show(&saved, &dump);
            }
            Event::Page(saved, Err(problems)) if saved.origin.is_some() => {
                self.skipped.add(refusal(&saved, &problems));
            }
            Event::Page(_, Err(problems)) => {
                self.refused += 1;
                self.failed = true;
                tell_all(&problems);
            }
            Event::Skipped(skipped) => {
                self.failed |= skipped.damage;
                self.skipped.add(skipped);
            }
            Event::Other(what) => self.skipped.other(what),
            Event::Ended(origin) => self.end(&origin),
            Event::Unreadable(message) => self.unreadable(&message),
            Event::Refused(finding) => {
                self.refused += 1;
                self.failed = true;
                tell_all(&[finding]);
            }
        }
    }

    fn show(&self, saved: &Saved, dump: &Dump) {
        if !self.json {
            return show(&saved.name, dump);
        }
        let mut object = import::json(&saved.name, dump);
        if let Some(origin) = &saved.origin {
            object["container"] = origin.name.as_str().into();
        }
        say(object);
    }

    fn end(&mut self, origin: &Origin) {
        let skipped = std::mem::take(&mut self.skipped);
        if self.json {
            say(skipped.json(&origin.name));
        } else {
            skipped.tell(&origin.name);
        }
    }

    fn summary(&self) -> String {
        format!(
            "{}, {}; {} refused, {} unreadable",
            counted(self.dumps, "dump", "dumps"),
            counted(self.entries, "entry", "entries"),
            self.refused,
            self.unreadable
        )
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
        tell(format!("  unread: line {line}"));
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
