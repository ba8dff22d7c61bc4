//! Sources: what was imported, when, its hash, and its ledger in numbers.

use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx};
use crate::diagnostic::Diagnostic;
use crate::entry::Entry;
use crate::history::Coverage;
use crate::paths::{self, OutPath};
use crate::view::{self, CaptureView, Frame, Group, Line, Link};
use crate::words::Words;

/// The list of sources.
pub const LIST: Kind = Kind { name: "the list of sources", plan: plan_list, write: write_list };
/// A dump.
pub const SOURCE: Kind = Kind { name: "a source", plan: plan_source, write: write_source };

/// A source as a line of a list.
#[derive(Debug, Serialize)]
pub struct SourceLine {
    /// The dump's name, its page, and the number of its entries.
    pub link: Link,
    /// Who published the page.
    pub publisher: String,
    /// The page's address, empty where it is not known.
    pub page_url: String,
    /// The day or moment of the capture, for `data-versiondate`; empty where it is not known.
    pub version: String,
    /// When the page was saved, with the hour where it is known; empty where it is not known.
    pub captured: String,
    /// When it was imported.
    pub imported: String,
    /// How many lines nobody understood.
    pub unread: usize,
}

#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    sources: Vec<SourceLine>,
}

/// A row of the ledger: what became of how many lines.
#[derive(Serialize)]
struct Row {
    what: String,
    lines: usize,
}

#[derive(Serialize)]
struct SourceView<'a> {
    page: Frame<'a>,
    source: SourceLine,
    story: Option<Link>,
    title: String,
    sha256: String,
    bytes: String,
    format: String,
    program: String,
    sealed: bool,
    sealed_because: String,
    rows: Vec<Row>,
    total: usize,
    /// The entries that it holds, oldest first, and the same by days.
    lines: Vec<Line>,
    groups: Vec<Group>,
    /// What is said of those that are withdrawn; empty where none is.
    withdrawn_count: String,
    /// What it holds, where a story lists it.
    capture: Option<CaptureView>,
    /// The captures of the same page before and behind it.
    earlier: Option<Link>,
    later: Option<Link>,
    /// Whether their times tell their order.
    ordered: bool,
    /// What it has that no earlier one has, what it says otherwise, what it no longer has.
    new: Vec<Line>,
    changed: Vec<Line>,
    gone: Vec<Line>,
}

/// Returns a source as a line of a list.
pub fn line(archive: &Archive, here: &OutPath, ix: usize) -> SourceLine {
    let group = &archive.sources[ix];
    let record = &group.record;
    SourceLine {
        link: view::counted(
            here,
            &paths::source(&record.dump),
            record.dump.as_str(),
            held(archive, ix).len(),
        ),
        publisher: group.source.publisher.clone(),
        page_url: view::outside(&group.source.url),
        version: crate::cite::version(&group.source.captured),
        captured: view::saved(&archive.words, &group.source.captured),
        imported: crate::date::words(&record.imported, &archive.words),
        unread: record.lines.unread,
    }
}

/// The entries that a dump holds, as far as that is known.
fn held(archive: &Archive, ix: usize) -> Vec<EntryIx> {
    let group = &archive.sources[ix];
    match archive.history.capture(&group.record.dump) {
        Some((_, capture)) if capture.complete => {
            capture.held.iter().map(|held| held.entry).collect()
        }
        _ => group.entries.clone(),
    }
}

/// What is said of the entries of a dump that are withdrawn; empty where none is.
fn withdrawn(archive: &Archive, dump: &str) -> String {
    let is_here = |entry: &&Entry| {
        let sighted = archive.sightings.get(&entry.id).into_iter().flatten();
        entry.source.as_ref().is_some_and(|source| source.dump == dump)
            || sighted.clone().any(|(capture, _)| archive.captures[*capture].dump == dump)
    };
    match archive.withdrawn.iter().filter(is_here).count() {
        0 => String::new(),
        count => archive.words.count("source.withdrawn", count, &[]),
    }
}

fn plan_list(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::sources(), Subject::Archive)]
}

fn write_list(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let mut frame = view::frame(archive, here, archive.words.say("frame.sources_part"), &[]);
    frame.description = archive.words.say("source.about").to_string();
    let sources = (0..archive.sources.len()).map(|ix| line(archive, here, ix)).collect();
    html(desk, page, "sources.html", &ListView { page: frame, sources })
}

fn plan_source(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let sources = archive.sources.iter().enumerate();
    sources.map(|(ix, group)| (paths::source(&group.record.dump), Subject::Source(ix))).collect()
}

fn write_source(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Source(ix) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let group = &archive.sources[ix];
    let record = &group.record;
    let words = &archive.words;
    let trail = [(paths::sources(), words.say("frame.sources_part").to_string())];
    let mut frame = view::frame(archive, here, record.dump.as_str(), &trail);
    let count = view::entries(words, held(archive, ix).len());
    frame.head = view::source_head(archive, here, &record.dump);
    frame.description =
        words.fill("source.about_dump", &[("dump", &record.dump), ("count", &count)]);
    let row = |what: &str, lines: usize| Row { what: what.to_string(), lines };
    let mut rows = vec![
        row(words.say("source.in_entries"), record.lines.entries),
        row(words.say("source.in_summary"), record.lines.summary),
    ];
    rows.extend(
        record
            .lines
            .discarded
            .iter()
            .map(|(rule, lines)| row(&words.fill("source.discarded", &[("rule", rule)]), *lines)),
    );
    rows.push(row(words.say("source.unread"), record.lines.unread));
    let found = archive.history.capture(&record.dump);
    let series = found.and_then(|(_, capture)| archive.history.series.get(capture.series));
    let sibling = |at: Option<usize>| {
        let at = at.filter(|at| series.is_some_and(|series| series.captures.contains(at)))?;
        Some(view::capture_link(archive, here, at))
    };
    let is_first = |at: usize| series.is_some_and(|series| series.captures.start == at);
    let lines = |list: fn(&Coverage) -> &[EntryIx]| -> Vec<Line> {
        let later = found.filter(|(at, _)| !is_first(*at));
        let list = later.map_or(&[][..], |(_, capture)| list(capture));
        list.iter().map(|ix| view::line(archive, here, *ix)).collect()
    };
    let mut list = held(archive, ix);
    list.sort_unstable();
    list.dedup();
    let view = SourceView {
        capture: found.map(|(at, capture)| view::capture(archive, here, capture, is_first(at))),
        earlier: sibling(found.and_then(|(at, _)| at.checked_sub(1))),
        later: sibling(found.map(|(at, _)| at + 1)),
        ordered: series.is_none_or(|series| series.ordered),
        new: lines(|capture| &capture.new),
        changed: lines(|capture| &capture.changed),
        gone: lines(|capture| &capture.gone),
        page: frame,
        source: line(archive, here, ix),
        story: group.story.map(|story| {
            let story = &archive.stories[story].story;
            view::link(here, &paths::story(&story.slug), story.title.as_str())
        }),
        title: group.source.title.clone(),
        sha256: record.sha256.clone(),
        bytes: grouped(words, record.bytes),
        format: record.format.clone(),
        program: record.program.clone(),
        sealed: record.sealed,
        sealed_because: record.sealed_because.clone(),
        rows,
        total: record.lines.total,
        lines: list.iter().map(|ix| view::line(archive, here, *ix)).collect(),
        groups: view::groups(archive, here, &list, |ix| view::day_heading(archive, here, ix)),
        withdrawn_count: withdrawn(archive, &record.dump),
    };
    html(desk, page, "source.html", &view)
}

/// A number with what the language puts between groups of three digits.
fn grouped(words: &Words, number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(words.say("number.group"));
        }
        text.push(digit);
    }
    text
}
