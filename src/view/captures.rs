//! What templates see of captures: what each holds, what is new in it, and what none holds.

use chrono::NaiveTime;
use serde::Serialize;

use super::{Link, clock, entries, link, on_day};
use crate::archive::Archive;
use crate::cite;
use crate::date::{When, span_words};
use crate::entry::Entry;
use crate::history::{Coverage, Gap, Series};
use crate::paths::{self, OutPath};
use crate::words::Words;

/// A capture as a line of a list.
#[derive(Debug, Serialize)]
pub struct CaptureView {
    /// The dump, and its page.
    pub link: Link,
    /// When it was saved: "2 April 2031, 05:40 UTC+1", or "time unknown".
    pub time: String,
    /// From when to when its entries are; empty where none has a date.
    pub stretch: String,
    /// How many entries it holds, in words.
    pub count: String,
    /// What is new, changed and gone beside the captures before it, in words; empty for the first.
    pub news: String,
    /// The stretches that it leaves out between its entries, in words.
    pub holes: Vec<String>,
    /// Whether it is remembered all that it holds.
    pub complete: bool,
}

/// The captures of one page.
#[derive(Debug, Serialize)]
pub struct PageCaptures {
    /// Who published the page; empty where that is not known.
    pub publisher: String,
    /// The page's own address; empty where it is not known.
    pub url: String,
    /// The day or moment of the latest capture, for `data-versiondate`; empty where it is not known.
    pub version: String,
    /// The captures, the earliest first.
    pub captures: Vec<CaptureView>,
    /// Whether their times tell their order.
    pub ordered: bool,
    /// The stretches of time of which none holds anything, in words.
    pub gaps: Vec<String>,
}

/// A place in a story before which a stretch of time is held by no capture.
#[derive(Debug, Serialize)]
pub struct GapView {
    /// The entry behind it.
    pub before: String,
    /// What is not held, in words.
    pub words: String,
}

/// Returns when a page was saved, in words.
fn captured(words: &Words, when: &When) -> String {
    match when {
        When::Unknown => words.say("captures.time_unknown").to_string(),
        When::Exact(_) => zoned(words, when),
        _ => day(words, when),
    }
}

/// A date without its weekday.
fn day(words: &Words, when: &When) -> String {
    when.day().map_or_else(|| when.words(words), |day| span_words(day, day, words))
}

fn hours(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// A date with its hour, where that is known.
fn moment(words: &Words, when: &When) -> String {
    let day = day(words, when);
    match when.time() {
        Some(time) => on_day(words, &day, &hours(time)),
        None => day,
    }
}

/// Returns when an entry happened, as short as it can be said.
pub fn moment_of(words: &Words, entry: &Entry) -> String {
    match entry.clock {
        Some(clock) => on_day(words, &day(words, &entry.when), &hours(clock)),
        None => moment(words, &entry.when),
    }
}

/// A date with its hour and zone, where they are known.
fn zoned(words: &Words, when: &When) -> String {
    match clock(words, when).as_str() {
        "" => day(words, when),
        clock => on_day(words, &day(words, when), clock),
    }
}

/// Two moments, day and zone said once where they are one: "09:10" and "11:40 UTC+1, 2 April 2031".
fn ends(words: &Words, first: &When, last: &When) -> (String, String) {
    let same_zone = first.offset_words() == last.offset_words();
    match (first.time(), last.time()) {
        (Some(from), Some(to)) if first.day() == last.day() => {
            let from = if same_zone { hours(from) } else { clock(words, first) };
            let to = match clock(words, last) {
                none if none.is_empty() => hours(to),
                clock => clock,
            };
            (from, words.fill("date.of_day", &[("time", &to), ("day", &day(words, last))]))
        }
        _ => {
            let from = if same_zone { moment(words, first) } else { zoned(words, first) };
            (from, zoned(words, last))
        }
    }
}

/// Returns from when to when entries are, in words; empty where none has a date.
pub fn stretch(words: &Words, held: &[&Entry]) -> String {
    let dated = || held.iter().filter(|entry| entry.when.earliest().is_some());
    let key = |entry: &&&Entry| (entry.when.earliest(), entry.order);
    let (Some(first), Some(last)) = (dated().min_by_key(key), dated().max_by_key(key)) else {
        return String::new();
    };
    if first.when == last.when {
        return zoned(words, &last.when);
    }
    let (from, to) = ends(words, &first.when, &last.when);
    words.fill("date.span", &[("from", &from), ("to", &to)])
}

/// Returns what is not held between two entries, in a sentence without its stop; `of` names the publisher where a story has
/// several pages.
fn gap_words(archive: &Archive, gap: Gap, of: &str) -> String {
    let (words, (from, to)) = (&archive.words, gap_ends(archive, gap));
    if of.is_empty() {
        words.fill("captures.gap", &[("from", &from), ("to", &to)])
    } else {
        words.fill("captures.gap_of", &[("publisher", of), ("from", &from), ("to", &to)])
    }
}

fn gap_ends(archive: &Archive, gap: Gap) -> (String, String) {
    let when = |ix: usize| &archive.entries[ix].when;
    ends(&archive.words, when(gap.after), when(gap.before))
}

/// Returns a link to a capture, called by its time; by the dump where that is not known.
pub fn capture_link(archive: &Archive, here: &OutPath, capture: usize) -> Link {
    let coverage = &archive.history.captures[capture];
    link(here, &paths::source(&coverage.dump), capture_name(archive, capture))
}

/// Returns what a capture is called: its time, or the dump where that is not known.
pub(super) fn capture_name(archive: &Archive, capture: usize) -> String {
    let coverage = &archive.history.captures[capture];
    match &coverage.when {
        When::Unknown => archive.words.fill("captures.untimed_dump", &[("dump", &coverage.dump)]),
        when => captured(&archive.words, when),
    }
}

/// Returns a capture as a line.
pub fn capture(archive: &Archive, here: &OutPath, coverage: &Coverage, first: bool) -> CaptureView {
    let list: Vec<&Entry> = coverage.held.iter().map(|held| &archive.entries[held.entry]).collect();
    let words = &archive.words;
    let count = entries(words, list.len());
    let mut news = Vec::new();
    let mut told = |number: usize, text: String| {
        if number > 0 && !first {
            news.push(text);
        }
    };
    let (new, changed, gone) = (coverage.new.len(), coverage.changed.len(), coverage.gone.len());
    told(new, words.count("captures.new", new, &[]));
    told(changed, words.count("captures.changed_count", changed, &[]));
    told(gone, words.count("captures.gone", gone, &[]));
    if !first && news.is_empty() && coverage.complete {
        news.push(words.say("captures.nothing_new").to_string());
    }
    CaptureView {
        link: link(here, &paths::source(&coverage.dump), coverage.dump.as_str()),
        time: captured(words, &coverage.when),
        stretch: stretch(words, &list),
        count,
        news: news.join(words.say("list.comma")),
        holes: coverage
            .holes
            .iter()
            .map(|gap| gap_ends(archive, *gap))
            .map(|(from, to)| words.fill("captures.hole", &[("from", &from), ("to", &to)]))
            .collect(),
        complete: coverage.complete,
    }
}

/// Returns the captures of each page that feeds a story.
pub fn page_captures(archive: &Archive, here: &OutPath, story: usize) -> Vec<PageCaptures> {
    let view = |series: &Series| {
        let source = source_of(archive, series);
        let list = &archive.history.captures[series.captures.clone()];
        PageCaptures {
            publisher: source.map(|source| source.publisher.clone()).unwrap_or_default(),
            url: source.map(|source| super::outside(&source.url)).unwrap_or_default(),
            version: list
                .last()
                .map(|last| cite::version(&last.when.written()))
                .unwrap_or_default(),
            captures: list
                .iter()
                .enumerate()
                .map(|(at, coverage)| capture(archive, here, coverage, at == 0))
                .collect(),
            ordered: series.ordered,
            gaps: series.gaps.iter().map(|gap| gap_words(archive, *gap, "")).collect(),
        }
    };
    archive.history.series_of(story).map(view).collect()
}

/// What the story says of the first capture of a page that has an address, or else of its first.
fn source_of<'a>(archive: &'a Archive, series: &Series) -> Option<&'a crate::entry::Source> {
    let dumps = &archive.history.captures[series.captures.clone()];
    let sources = &archive.stories.get(series.story)?.story.sources;
    let mut of = dumps.iter().filter_map(|capture| sources.iter().find(|s| s.dump == capture.dump));
    let first = of.next();
    first
        .filter(|source| !source.url.is_empty())
        .or_else(|| of.find(|s| !s.url.is_empty()))
        .or(first)
}

/// Returns the gaps of a story, each with the entry behind it.
pub fn gaps(archive: &Archive, story: usize) -> Vec<GapView> {
    let several = archive.history.series_of(story).nth(1).is_some();
    let mut list = Vec::new();
    for series in archive.history.series_of(story) {
        let of = source_of(archive, series).filter(|_| several);
        let of = of.map(|source| source.publisher.as_str()).unwrap_or_default();
        list.extend(series.gaps.iter().map(|gap| GapView {
            before: archive.entries[gap.before].id.to_string(),
            words: gap_words(archive, *gap, of),
        }));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_stands_behind_the_clock() {
        let said = |first: &str, last: &str| {
            let (from, to) =
                ends(Words::english(), &When::parse(first).unwrap(), &When::parse(last).unwrap());
            format!("{from} to {to}")
        };
        let noon = "2031-04-02T12:00:00+01:00";
        assert_eq!(said("2031-04-02T09:10:00+01:00", noon), "09:10 to 12:00 UTC+1, 2 April 2031");
        assert_eq!(said("2031-04-02T09:10:00Z", noon), "09:10 UTC to 12:00 UTC+1, 2 April 2031");
        assert_eq!(
            said("2031-04-01T23:50:00+01:00", noon),
            "1 April 2031, 23:50 to 2 April 2031, 12:00 UTC+1"
        );
        assert_eq!(said("2031-04-01", noon), "1 April 2031 to 2 April 2031, 12:00 UTC+1");
    }
}
