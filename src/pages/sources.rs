//! Sources: by publisher, with what each capture holds; of each what was imported, when, its hash,
//! and its ledger in numbers.

mod listing;

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde::Serialize;

use self::listing::{Listing, listing};
use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx, weight};
use crate::date::{Month, span_words};
use crate::diagnostic::Diagnostic;
use crate::entry::Entry;
use crate::history::Coverage;
use crate::paths::{self, OutPath};
use crate::view::{self, CaptureView, Frame, Group, Line, Link, Wall};
use crate::words::Words;

/// The list of sources.
pub const LIST: Kind = Kind { name: "the list of sources", plan: plan_list, write: write_list };
/// The sources whose entries begin in a month.
pub const PART: Kind = Kind { name: "the sources of a month", plan: plan_part, write: write_part };
/// A dump.
pub const SOURCE: Kind = Kind { name: "a source", plan: plan_source, write: write_source };

/// The index lists at most so many sources; of more it says in which month their entries begin.
const LISTED: usize = 100;
/// How many publishers are told.
const PUBLISHERS: usize = 100;
/// Of more years than this the months stand in a list.
const WALL_YEARS: usize = 60;

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

/// What `sources.html` sees.
#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    /// Every dump.
    sources: Vec<SourceLine>,
    /// In a sentence: "12 captures of 3 pages by 2 publishers, 240 entries".
    counts: String,
    /// Who published pages, by name.
    publishers: Vec<Publisher>,
    /// How many publishers more there are, and what they have.
    more: usize,
    /// In which months the entries begin, where the index is too long for its sources.
    /// Example: `{caption: "Sources by the months of their entries", …}`
    wall: Option<Wall>,
    /// The months as a list, where even the wall is too large.
    /// Example: `[{name: "April 2031", count: 12, …}, …]`
    months: Vec<Link>,
    /// Sources without a dated entry, on a page of their own.
    /// Example: `{name: "Sources without a date", count: 2, …}`
    undated: Option<Link>,
    /// On the page of a month: the month before. Example: `{name: "March 2031", …}`
    earlier: Option<Link>,
    /// On the page of a month: the month behind. Example: `{name: "May 2031", …}`
    later: Option<Link>,
    /// Whether this is the page of a month.
    is_part: bool,
}

/// Who published pages, and their captures.
#[derive(Serialize)]
struct Publisher {
    /// Empty where it is not known.
    name: String,
    /// The anchor of its heading.
    id: String,
    /// How many captures of its pages there are.
    captures: usize,
    /// Of how many pages.
    pages: usize,
    /// The number of its entries, each counted once.
    entries: usize,
    /// The first and the last day that a page was saved on, in words; empty where none is known.
    captured: String,
    /// From when to when its entries are.
    stretch: String,
    /// All this in a line.
    words: String,
    /// Its captures.
    rows: Vec<CaptureRow>,
}

/// A capture as a row of the index.
#[derive(Serialize)]
struct CaptureRow {
    /// The dump.
    source: SourceLine,
    /// The page's title, as the story says it.
    title: String,
    /// From when to when its entries are; empty where none has a date.
    stretch: String,
    /// Where that lies in the time that the publisher's captures cover: hundredths.
    from: i64,
    /// How much of that time its entries are spread over: hundredths.
    width: i64,
}

/// A row of the ledger: what became of how many lines.
#[derive(Serialize)]
struct Fate {
    /// What became of the lines.
    what: String,
    /// How many lines.
    lines: usize,
}

/// What `source.html` sees.
#[derive(Serialize)]
struct SourceView<'a> {
    page: Frame<'a>,
    /// The dump.
    source: SourceLine,
    /// The story that it feeds.
    story: Option<Link>,
    /// The title of the publisher's page; empty where it is not known.
    title: String,
    /// SHA-256 of the dump, in hexadecimal digits.
    sha256: String,
    /// Its size in bytes, the digits in groups of three.
    bytes: String,
    /// The format that read it.
    format: String,
    /// The version of this program that read it.
    program: String,
    /// Whether it is kept by its hash alone, and given to nobody.
    sealed: bool,
    /// Why; empty where it is not sealed.
    sealed_because: String,
    /// The ledger: what became of how many lines.
    rows: Vec<Fate>,
    /// How many lines it has.
    total: usize,
    /// The entries that it holds, the earliest first; empty where these are too many for a page.
    lines: Vec<Line>,
    /// The same by days.
    groups: Vec<Group>,
    /// Where its entries are too many for a page: their days, each leading to where its first entry is
    /// read. Example: `[{name: "Wednesday 2 April 2031", count: 310, …}, …]`
    days: Vec<Link>,
    /// What is said of its entries that are withdrawn; empty where none is.
    withdrawn_count: String,
    /// What it holds, where a story lists it.
    capture: Option<CaptureView>,
    /// The capture of the same page before it.
    earlier: Option<Link>,
    /// The capture of the same page behind it.
    later: Option<Link>,
    /// Whether the times of these captures tell their order.
    ordered: bool,
    /// What it has that no earlier capture has.
    new: Listing,
    /// What it says otherwise than the capture before.
    changed: Listing,
    /// What it no longer has.
    gone: Listing,
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

/// The month that the first entry of a dump is of, as far as that is known.
fn month_of(archive: &Archive, ix: usize) -> Option<Month> {
    let mut list = held(archive, ix);
    list.sort_unstable();
    list.iter().find_map(|ix| view::filed(archive, *ix).and_then(|(_, month)| month))
}

/// The months that sources begin in, with their sources, those without one last; empty where one
/// page has room for all.
fn parts(archive: &Archive) -> Vec<(Option<Month>, Vec<usize>)> {
    if archive.sources.len() <= LISTED {
        return Vec::new();
    }
    let mut parts: BTreeMap<(bool, Option<Month>), Vec<usize>> = BTreeMap::new();
    for ix in 0..archive.sources.len() {
        let month = month_of(archive, ix);
        parts.entry((month.is_none(), month)).or_default().push(ix);
    }
    parts.into_iter().map(|((_, month), list)| (month, list)).collect()
}

/// The first and the last moment that entries of a list can mean.
fn ends(archive: &Archive, list: &[EntryIx]) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let moments = || list.iter().filter_map(|ix| archive.entries[*ix].when.earliest());
    moments().min().zip(moments().max())
}

/// The first and the last day of captures, in words.
fn captured(archive: &Archive, list: &[usize]) -> String {
    let day = |ix: &usize| {
        let when = crate::date::When::parse(&archive.sources[*ix].source.captured).ok()?;
        when.day()
    };
    let days = || list.iter().filter_map(day);
    let span = days().min().zip(days().max());
    span.map(|(first, last)| span_words(first, last, &archive.words)).unwrap_or_default()
}

/// A publisher's name in the order of names: whether it is not known, in lower case, as it is written.
type Name<'a> = (bool, String, &'a str);

/// Sources by publisher, in the order of names, those without one last.
fn publishers(
    archive: &Archive,
    here: &OutPath,
    list: &[usize],
    with_rows: bool,
) -> Vec<Publisher> {
    let words = &archive.words;
    let mut names: BTreeMap<Name<'_>, Vec<usize>> = BTreeMap::new();
    for ix in list {
        let name = archive.sources[*ix].source.publisher.as_str();
        names.entry((name.is_empty(), name.to_lowercase(), name)).or_default().push(*ix);
    }
    let publisher = |(at, ((_, _, name), mut list)): (usize, (Name<'_>, Vec<usize>))| {
        list.sort_by_key(|ix| {
            let group = &archive.sources[*ix];
            (view::capture_order(&group.source.captured), group.record.dump.as_str())
        });
        let mut entries: Vec<EntryIx> = list.iter().flat_map(|ix| held(archive, *ix)).collect();
        entries.sort_unstable();
        entries.dedup();
        let span = ends(archive, &entries);
        let page = |ix: &usize| {
            let source = &archive.sources[*ix].source;
            if source.url.is_empty() { source.dump.as_str() } else { source.url.as_str() }
        };
        let mut pages: Vec<&str> = list.iter().map(page).collect();
        pages.sort_unstable();
        pages.dedup();
        let publisher = Publisher {
            words: String::new(),
            name: name.to_string(),
            id: format!("publisher-{}", at + 1),
            captures: list.len(),
            pages: pages.len(),
            captured: captured(archive, &list),
            stretch: span
                .map(|(first, last)| span_words(first.date(), last.date(), words))
                .unwrap_or_default(),
            entries: entries.len(),
            rows: if with_rows {
                list.iter().map(|ix| row(archive, here, *ix, span)).collect()
            } else {
                Vec::new()
            },
        };
        Publisher { words: told(words, &publisher), ..publisher }
    };
    names.into_iter().enumerate().map(publisher).collect()
}

fn row(
    archive: &Archive,
    here: &OutPath,
    ix: usize,
    span: Option<(NaiveDateTime, NaiveDateTime)>,
) -> CaptureRow {
    let list = held(archive, ix);
    let entries: Vec<&Entry> = list.iter().map(|ix| &archive.entries[*ix]).collect();
    let bar = span.zip(ends(archive, &list)).map(|(whole, own)| bar(whole, own));
    let (from, width) = bar.unwrap_or_default();
    CaptureRow {
        source: line(archive, here, ix),
        title: archive.sources[ix].source.title.clone(),
        stretch: view::stretch(&archive.words, &entries),
        from,
        width,
    }
}

/// Where a stretch of time lies in a longer one, in hundredths: its begin, and its length, at least 1.
fn bar(whole: (NaiveDateTime, NaiveDateTime), own: (NaiveDateTime, NaiveDateTime)) -> (i64, i64) {
    let all = (whole.1 - whole.0).num_minutes().max(1);
    let from = (own.0 - whole.0).num_minutes() * 100 / all;
    let to = (own.1 - whole.0).num_minutes() * 100 / all;
    let from = from.clamp(0, 99);
    (from, (to - from).clamp(1, 100 - from))
}

fn counts(words: &Words, publishers: &[Publisher], captures: usize) -> String {
    let named = publishers.iter().filter(|publisher| !publisher.name.is_empty()).count();
    let pages = publishers.iter().map(|publisher| publisher.pages).sum();
    let captures = words.count("count.captures", captures, &[]);
    let pages = words.count("count.pages", pages, &[]);
    if named == 0 {
        return words.fill("source.counts", &[("captures", &captures), ("pages", &pages)]);
    }
    let publishers = words.count("count.publishers", named, &[]);
    let values = [
        ("captures", captures.as_str()),
        ("pages", pages.as_str()),
        ("publishers", publishers.as_str()),
    ];
    words.fill("source.counts_by", &values)
}

/// What a publisher's captures are, in a line.
fn told(words: &Words, publisher: &Publisher) -> String {
    let captures = words.count("count.captures", publisher.captures, &[]);
    let pages = words.count("count.pages", publisher.pages, &[]);
    let captures = words.fill("source.counts", &[("captures", &captures), ("pages", &pages)]);
    let mut saved = vec![captures];
    if !publisher.captured.is_empty() {
        saved.push(words.fill("papers.saved", &[("date", &publisher.captured)]));
    }
    let mut held = vec![view::entries(words, publisher.entries)];
    held.extend(Some(publisher.stretch.clone()).filter(|stretch| !stretch.is_empty()));
    format!("{} \u{b7} {}", words.list(&saved), words.list(&held))
}

fn write_list(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let mut frame = view::frame(archive, here, archive.words.say("frame.sources_part"), &[]);
    frame.description = archive.words.say("source.about").to_string();
    let all: Vec<usize> = (0..archive.sources.len()).collect();
    let parts = parts(archive);
    let mut publishers = publishers(archive, here, &all, parts.is_empty());
    let counts = counts(&archive.words, &publishers, all.len());
    let more = publishers.len().saturating_sub(PUBLISHERS);
    publishers.truncate(PUBLISHERS);
    let mut view = ListView {
        page: frame,
        sources: all.iter().map(|ix| line(archive, here, *ix)).collect(),
        counts,
        publishers,
        more,
        wall: None,
        months: Vec::new(),
        undated: None,
        earlier: None,
        later: None,
        is_part: false,
    };
    let (mut years, mut months) = (BTreeMap::new(), BTreeMap::new());
    for (month, list) in &parts {
        match month {
            Some(month) => {
                *years.entry(month.year).or_default() += list.len();
                months.insert(*month, list.len());
            }
            None => view.undated = Some(part_link(&archive.words, here, None, list.len())),
        }
    }
    if years.len() > WALL_YEARS {
        view.months = months
            .iter()
            .map(|(m, count)| part_link(&archive.words, here, Some(*m), *count))
            .collect();
    } else if !years.is_empty() {
        let page = |month| paths::sources_of(Some(month));
        let mut wall = view::month_wall(&archive.words, here, &years, &months, page, None);
        wall.caption = archive.words.say("source.wall").to_string();
        view.wall = Some(wall);
    }
    html(desk, page, "sources.html", &view)
}

fn part_name(words: &Words, month: Option<Month>) -> String {
    month
        .map_or_else(|| words.say("calendar.month_unknown").to_string(), |month| month.words(words))
}

fn part_link(words: &Words, here: &OutPath, month: Option<Month>, count: usize) -> Link {
    view::counted(here, &paths::sources_of(month), part_name(words, month), count)
}

fn plan_part(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let parts = parts(archive).into_iter();
    parts.map(|(month, _)| (paths::sources_of(month), Subject::SourcesOf(month))).collect()
}

fn write_part(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::SourcesOf(month) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let parts = parts(archive);
    let at = parts.iter().position(|(other, _)| *other == month).unwrap_or_default();
    let list = parts.get(at).map(|(_, list)| list.clone()).unwrap_or_default();
    let words = &archive.words;
    let name = part_name(words, month);
    let title = words.fill("source.of_month", &[("month", &name)]);
    let trail = [(paths::sources(), words.say("frame.sources_part").to_string())];
    let mut frame = view::frame(archive, here, title, &trail);
    let publishers = publishers(archive, here, &list, true);
    frame.description = match month {
        Some(_) => words.fill("source.about_month", &[("month", &name)]),
        None => words.say("source.about_no_month").to_string(),
    };
    let link = |at: usize| {
        parts.get(at).map(|(month, list)| part_link(&archive.words, here, *month, list.len()))
    };
    let view = ListView {
        page: frame,
        sources: list.iter().map(|ix| line(archive, here, *ix)).collect(),
        counts: counts(words, &publishers, list.len()),
        publishers,
        more: 0,
        wall: None,
        months: Vec::new(),
        undated: None,
        earlier: at.checked_sub(1).and_then(link),
        later: link(at + 1),
        is_part: true,
    };
    html(desk, page, "sources.html", &view)
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
    let row = |what: &str, lines: usize| Fate { what: what.to_string(), lines };
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
    let mut room = weight::LINES;
    let mut lines = |list: fn(&Coverage) -> &[EntryIx]| -> Listing {
        let later = found.filter(|(at, _)| !is_first(*at));
        listing(archive, here, later.map_or(&[][..], |(_, capture)| list(capture)), &mut room)
    };
    let new = lines(|capture| &capture.new);
    let changed = lines(|capture| &capture.changed);
    let gone = lines(|capture| &capture.gone);
    let besides = weight::LINES - room;
    let mut list = held(archive, ix);
    list.sort_unstable();
    list.dedup();
    let Listing { lines: held, days } = listing(archive, here, &list, &mut room);
    let heading = |ix: EntryIx| view::day_heading(archive, here, ix);
    let view = SourceView {
        capture: found.map(|(at, capture)| view::capture(archive, here, capture, is_first(at))),
        earlier: sibling(found.and_then(|(at, _)| at.checked_sub(1))),
        later: sibling(found.map(|(at, _)| at + 1)),
        ordered: series.is_none_or(|series| series.ordered),
        new,
        changed,
        gone,
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
        groups: if days.is_empty() {
            view::groups(archive, here, &list, besides, heading)
        } else {
            Vec::new()
        },
        lines: held,
        days,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_lies_within_the_whole() {
        let at = |hour: u32| {
            chrono::NaiveDate::from_ymd_opt(2031, 4, 2).unwrap().and_hms_opt(hour, 0, 0).unwrap()
        };
        assert_eq!(bar((at(0), at(20)), (at(0), at(20))), (0, 100));
        assert_eq!(bar((at(0), at(20)), (at(5), at(10))), (25, 25));
        // A moment is seen, at the end as well.
        assert_eq!(bar((at(0), at(20)), (at(20), at(20))), (99, 1));
        assert_eq!(bar((at(3), at(3)), (at(3), at(3))), (0, 1));
    }
}
