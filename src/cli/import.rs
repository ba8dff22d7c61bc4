//! `archive import`: writes the entries of dumps under content/, and keeps the dumps.

use std::path::{Path, PathBuf};

use super::expand::expand;
use super::gather::{Event, Gather, Given};
use super::skipped::{SkippedList, refusal};
use super::writer::DRY_RUN;
use super::{
    DumpOptions, End, Outcome, Stop, counted, find_root, find_root_to_show, formats, say, say_json,
    tell, tell_all,
};
use crate::diagnostic::{Diagnostic, any_error};
use crate::entry::Slug;
use crate::import;
use crate::merge::{self, Status};
use crate::vocabulary::Matcher;
use desk::Desk;
use pending::Pending;
use prepare::{Ready, prepare};

mod desk;
mod pending;
mod prepare;

/// Writes the entries of dumps under content/, and keeps the dumps
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A dump that was imported before changes nothing. What the publisher changed is merged with what you wrote; where both changed the same place, your file stays, and `archive resolve` settles it. `archive undo` takes the import back. A folder or a pattern stands for all dumps below it, a WARC or WACZ file for all live blogs in it, each a dump of its own."
)]
pub(super) struct Import {
    /// The dumps: files, folders, patterns; - is standard input
    #[arg(required = true, value_name = "DUMP")]
    dumps: Vec<PathBuf>,
    /// The story that the entries belong to; otherwise one is made of the dump's name
    #[arg(long, value_name = "SLUG", value_parser = Slug::parse)]
    story: Option<Slug>,
    /// Who published the page, where the format does not say
    #[arg(long, value_name = "NAME")]
    publisher: Option<String>,
    #[command(flatten)]
    options: DumpOptions,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object a dump, a line each
    #[arg(long)]
    json: bool,
}

/// An import under way.
struct Run<'a> {
    command: &'a Import,
    desk: Desk,
    pending: Pending,
    failed: bool,
    count: Count,
    skipped: SkippedList,
}

/// What has been done, in numbers.
#[derive(Default)]
struct Count {
    dumps: usize,
    refused: usize,
    unreadable: usize,
    skipped: u64,
    by_status: [usize; STATUSES.len()],
}

const STATUSES: [Status; 5] =
    [Status::New, Status::Unchanged, Status::Updated, Status::Merged, Status::Conflict];

pub(super) fn run(command: &Import, root: Option<&Path>) -> Outcome {
    let root = if command.dry_run { find_root_to_show(root)? } else { find_root(root)? };
    let (formats, problems) = formats(Some(&root))?;
    tell_all(&problems);
    command.options.check(&formats)?;
    let meant = expand(&command.dumps);
    let names: Vec<String> = command.dumps.iter().map(|dump| dump.display().to_string()).collect();
    let (desk, tags) = desk::open(root, format!("import {}", names.join(" ")), command.dry_run)?;
    let matcher = Matcher::new(&tags);
    let mut run = Run {
        command,
        desk,
        pending: Pending::default(),
        failed: any_error(&problems),
        count: Count::default(),
        skipped: SkippedList::default(),
    };
    for message in &meant.missing {
        run.unreadable(message);
    }
    let gather =
        Gather { options: &command.options, formats: &formats, hashes: true, large: false };
    gather.run(&meant.paths, |given| {
        // Nothing is given on as too large: an import holds every dump.
        let Given::Event(event) = given else { return Ok(()) };
        run.event(event, &matcher, &gather)?;
        if run.pending.is_enough() { run.commit() } else { Ok(()) }
    })?;
    run.commit()?;
    if !command.json {
        if !run.desk.shown.is_empty() {
            say(run.desk.shown.trim_end());
        }
        if meant.many || run.count.dumps > 1 || run.count.skipped > 0 {
            say(run.count.words());
        }
        if run.count.dumps > 0 {
            say(next_step(command, tags.is_empty(), run.count.conflicts()));
        }
    }
    match run.count.unreadable {
        0 if run.failed => Ok(End::Problems),
        0 => Ok(End::Done),
        count => Err(Stop(format!("{} could not be read", counted(count, "dump", "dumps")))),
    }
}

fn next_step(command: &Import, no_tags: bool, conflicts: usize) -> &'static str {
    if command.dry_run {
        DRY_RUN
    } else if conflicts > 0 {
        "next: archive resolve"
    } else if no_tags {
        "next: archive tag --suggest > tags.toml, archive tag, archive build"
    } else {
        "next: archive build, then archive status for what still wants a curator"
    }
}

impl Run<'_> {
    fn event(
        &mut self,
        event: Event,
        matcher: &Matcher<'_>,
        gather: &Gather<'_>,
    ) -> Result<(), Stop> {
        match event {
            Event::Page(saved, Ok(dump)) => {
                let name = saved.name.clone();
                match prepare(self.command, &self.desk, matcher, gather, *saved, *dump)? {
                    Ok(ready) => {
                        let report = report(self.command, &name, &ready);
                        self.desk.keep(&ready);
                        self.pending.add(ready, report, &self.desk);
                    }
                    Err(problems) => {
                        self.commit()?;
                        self.refuse(&name, &problems);
                    }
                }
            }
            Event::Page(saved, Err(problems)) if saved.origin.is_some() => {
                self.skipped.add(refusal(&saved, &problems));
            }
            Event::Page(saved, Err(problems)) => {
                self.commit()?;
                self.refuse(&saved.name, &problems);
            }
            Event::Skipped(skipped) => {
                self.failed |= skipped.damage;
                self.skipped.add(skipped);
            }
            Event::Other(what) => self.skipped.other(what),
            Event::Ended(origin) => {
                self.commit()?;
                let skipped = std::mem::take(&mut self.skipped);
                self.count.skipped += skipped.len();
                if self.command.json {
                    say_json(&skipped.json(&origin.name));
                } else {
                    skipped.tell(&origin.name);
                }
            }
            Event::Unreadable(message) => {
                self.commit()?;
                self.unreadable(&message);
            }
            Event::Refused(finding) => {
                self.commit()?;
                let name = finding.path.clone();
                self.refuse(&name, &[finding]);
            }
        }
        Ok(())
    }

    fn refuse(&mut self, name: &str, problems: &[Diagnostic]) {
        tell_all(problems);
        tell(format!("{name}: nothing was imported"));
        self.failed = true;
        self.count.refused += 1;
    }

    fn unreadable(&mut self, message: &str) {
        tell_all(&[Diagnostic::error("", 0, message)]);
        self.count.unreadable += 1;
    }

    /// Writes what waits, and then reports it.
    fn commit(&mut self) -> Result<(), Stop> {
        let reports = self.pending.commit(&mut self.desk)?;
        for report in reports {
            say(&report.out);
            tell_all(&report.findings);
            self.count.dumps += 1;
            for (count, more) in self.count.by_status.iter_mut().zip(report.by_status) {
                *count += more;
            }
            self.failed |= report.conflict;
        }
        Ok(())
    }
}

impl Count {
    fn conflicts(&self) -> usize {
        let counts = STATUSES.iter().zip(self.by_status);
        counts.filter(|(status, _)| **status == Status::Conflict).map(|(_, count)| count).sum()
    }

    fn words(&self) -> String {
        format!(
            "{}: {}; {} refused, {} unreadable, {} skipped",
            counted(self.dumps, "dump", "dumps"),
            status_words(self.by_status),
            self.refused,
            self.unreadable,
            self.skipped
        )
    }
}

/// `3 entries (2 new, 1 unchanged)`.
fn status_words(by_status: [usize; STATUSES.len()]) -> String {
    let entries = counted(by_status.iter().sum(), "entry", "entries");
    let parts: Vec<String> = STATUSES
        .iter()
        .zip(by_status)
        .filter(|(_, count)| *count > 0)
        .map(|(status, count)| {
            let many = *status == Status::Conflict && count > 1;
            format!("{count} {}{}", status.name(), if many { "s" } else { "" })
        })
        .collect();
    if parts.is_empty() { entries } else { format!("{entries} ({})", parts.join(", ")) }
}

/// What is said of a dump once it is written.
struct Report {
    out: String,
    findings: Vec<Diagnostic>,
    by_status: [usize; STATUSES.len()],
    conflict: bool,
}

fn report(command: &Import, given: &str, ready: &Ready) -> Report {
    let count = |status| ready.placed.iter().filter(|placed| placed.status == status).count();
    let by_status = STATUSES.map(count);
    let conflict = count(Status::Conflict) > 0;
    if command.json {
        let mut object = import::json(&ready.name, &ready.dump);
        let entries = object["entries"].as_array_mut();
        for (entry, placed) in entries.into_iter().flatten().zip(&ready.placed) {
            entry["id"] = placed.id.as_str().into();
            entry["file"] = placed.file.as_str().into();
            entry["status"] = placed.status.name().into();
        }
        if !ready.record.container.is_empty() {
            object["container"] = ready.record.container.as_str().into();
        }
        return Report { out: object.to_string(), findings: Vec::new(), by_status, conflict };
    }
    let ledger = super::read::ledger_words(&ready.dump.ledger.totals());
    let ledger = super::read::table::wrap(&ledger, "  ");
    let entries = status_words(by_status);
    // The archive may hold the same bytes already, or another dump of that name.
    let renamed = Some(&ready.name).filter(|name| *name != given);
    let kept = renamed.map_or_else(String::new, |name| format!(", kept as {name}"));
    let out = format!("{given}: {entries} in the story {}{kept}\n{ledger}", ready.story);
    let mut findings = ready.dump.problems.clone();
    let conflicts = ready.placed.iter().filter(|placed| placed.status == Status::Conflict);
    findings.extend(conflicts.map(|placed| {
        let fields = placed.contradicts.join(", ");
        let what = format!(
            "left as it is: the dump says something new, and so did a person, in the same place ({fields})"
        );
        let hint = format!(
            "what the dump says now is in {}/{}.md; `archive resolve {}` shows both",
            merge::CONFLICTS,
            placed.id,
            placed.id
        );
        Diagnostic::warning(&placed.file, 0, what).hint(hint)
    }));
    let moved = ready.placed.iter().filter(|placed| placed.notes_on_changed > 0);
    findings.extend(moved.map(|placed| {
        let count = counted(placed.notes_on_changed, "annotation stands", "annotations stand");
        let what = format!("{count} behind words that have changed");
        Diagnostic::note(&placed.file, 0, what).hint("see whether it is still right")
    }));
    Report { out, findings, by_status, conflict }
}
