//! `archive read`: what an import would understand, without an archive and without writing.

use std::path::{Path, PathBuf};

use super::expand::expand;
use super::gather::{Event, Gather, Given, Origin, Saved};
use super::skipped::{SkippedList, refusal};
use super::{DumpOptions, End, Outcome, Stop, counted, formats_nearby, say_json, tell, tell_all};
use crate::diagnostic::Diagnostic;
use crate::format::Format;
use crate::import::{self, Dump, Told, Totals};
use large::Large;

mod large;
pub(super) mod table;

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
    command.options.check(&formats)?;
    let meant = expand(&command.dumps);
    let mut reader = Reader { formats: &formats, json: command.json, failed, ..Reader::default() };
    for message in &meant.missing {
        reader.unreadable(message);
    }
    let gather =
        Gather { options: &command.options, formats: &formats, hashes: false, large: true };
    gather.run(&meant.paths, |given| match given {
        Given::Event(event) => {
            reader.event(event);
            Ok(())
        }
        Given::Large(name, source, told) => reader.large(name, source, told),
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
struct Reader<'a> {
    formats: &'a [Format],
    json: bool,
    failed: bool,
    unreadable: usize,
    dumps: usize,
    entries: usize,
    refused: usize,
    skipped: SkippedList,
}

impl Reader<'_> {
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

    /// Prints a dump that is too large to be held, as it is understood.
    fn large(
        &mut self,
        name: &str,
        source: &mut dyn std::io::Read,
        told: &Told,
    ) -> Result<(), Stop> {
        let mut print = Large::new(name, self.json);
        let mut stop = Ok(());
        let result = import::read_large(source, told, self.formats, &mut |part| {
            if stop.is_ok() {
                stop = print.take(part);
            }
        });
        self.entries += print.entries();
        match result {
            Ok(()) => self.dumps += 1,
            Err(problems) => {
                print.give_up();
                self.refused += 1;
                self.failed = true;
                tell_all(&problems);
            }
        }
        stop
    }

    fn show(&self, saved: &Saved, dump: &Dump) {
        if !self.json {
            return table::show(&saved.name, dump);
        }
        let mut object = import::json(&saved.name, dump);
        if let Some(origin) = &saved.origin {
            object["container"] = origin.name.as_str().into();
        }
        say_json(&object);
    }

    fn end(&mut self, origin: &Origin) {
        let skipped = std::mem::take(&mut self.skipped);
        if self.json {
            say_json(&skipped.json(&origin.name));
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
