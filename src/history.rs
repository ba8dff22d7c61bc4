//! What the captures of a publisher's page hold: which entries each of them witnessed, what changed
//! from one to the next, what a later one no longer has, and what stretch of time none of them holds.
//!
//! Nothing is claimed that the files do not show. Captures whose times are not known keep the order
//! in which their story lists them, and are said to.

mod series;

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDateTime, NaiveTime};

use crate::address::page_address;
use crate::capture::{Capture, words_sha256};
use crate::date::When;
use crate::entry::{Entry, Id, Source, Story};
use crate::record::Record;

/// What is told of the captures: places of entries are those in the list that was given.
#[derive(Debug)]
pub struct Known<'a> {
    /// Every entry.
    pub entries: &'a [Entry],
    /// The entries that are shown no more: no list holds them, but captures do.
    pub withdrawn: &'a [Entry],
    /// Every story.
    pub stories: Vec<&'a Story>,
    /// What is remembered of the dumps.
    pub records: &'a [Record],
    /// Which entries each dump holds, as far as that is remembered.
    pub captures: &'a [Capture],
}

/// What all captures of an archive hold.
#[derive(Debug, Default)]
pub struct History {
    /// Every capture that a story lists, by story and page, in the order of their times.
    pub captures: Vec<Coverage>,
    /// The captures of each page.
    pub series: Vec<Series>,
    by_dump: BTreeMap<String, usize>,
    seen: Vec<Vec<usize>>,
    revisions: BTreeMap<usize, Vec<Revision>>,
    absent: BTreeMap<usize, Vec<Absence>>,
}

/// The captures of one page, from the earliest to the latest.
#[derive(Debug)]
pub struct Series {
    /// The story that they feed.
    pub story: usize,
    /// Places in [`History::captures`].
    pub captures: std::ops::Range<usize>,
    /// Whether their times tell their order; otherwise it is that in which the story lists them.
    pub ordered: bool,
    /// The stretches of time of which no capture holds anything.
    pub gaps: Vec<Gap>,
}

/// What one capture holds.
#[derive(Debug)]
pub struct Coverage {
    /// The dump, a file in `dumps/`.
    pub dump: String,
    /// When the page was saved.
    pub when: When,
    /// The page's captures: a place in [`History::series`].
    pub series: usize,
    /// Whether it is remembered what the dump held; otherwise only the entries that name it are known.
    pub complete: bool,
    /// Its entries, in the order of their times.
    pub held: Vec<Held>,
    /// Where its entries leave out a long stretch that others hold.
    pub holes: Vec<Gap>,
    /// The entries that no earlier capture has.
    pub new: Vec<usize>,
    /// The entries that say something else than in the capture before that has them.
    pub changed: Vec<usize>,
    /// The entries that an earlier capture has and this one, though it covers their time, has not.
    pub gone: Vec<usize>,
}

/// An entry in a capture.
#[derive(Clone, Debug)]
pub struct Held {
    /// The entry.
    pub entry: usize,
    /// The hash of what it says there; empty where that is not remembered.
    pub words: String,
}

/// The entries at both ends of a stretch of time of which nothing is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The last entry before it.
    pub after: usize,
    /// The first entry behind it.
    pub before: usize,
}

/// What a publisher changed in an entry between two captures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The capture that has the earlier words.
    pub from: usize,
    /// The capture that has the later ones.
    pub to: usize,
    /// The hash of the earlier words.
    pub before: String,
    /// The hash of the later words.
    pub after: String,
}

/// A capture that an entry is missing from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The capture.
    pub capture: usize,
    /// Whether it is surely later than one that has the entry.
    pub later: bool,
}

impl History {
    /// Finds out what the captures tell.
    pub fn new(known: &Known<'_>) -> Self {
        // Withdrawn entries count on from the others while captures are compared.
        let entries: Vec<&Entry> = known.entries.iter().chain(known.withdrawn).collect();
        let mut history = Self { seen: vec![Vec::new(); entries.len()], ..Self::default() };
        let mut places: HashMap<&Id, usize> = HashMap::new();
        let mut of_dump: HashMap<&str, Vec<usize>> = HashMap::new();
        for (ix, entry) in entries.iter().enumerate() {
            places.extend(entry.aliases.iter().map(|alias| (alias, ix)));
            for source in entry.source.iter().chain(&entry.witnesses) {
                let list = of_dump.entry(&source.dump).or_default();
                if list.last() != Some(&ix) {
                    list.push(ix);
                }
            }
        }
        places.extend(entries.iter().enumerate().map(|(ix, entry)| (&entry.id, ix)));
        let remembered: HashMap<&str, &Capture> =
            known.captures.iter().map(|capture| (capture.dump.as_str(), capture)).collect();
        let formats: HashMap<&str, &str> = known
            .records
            .iter()
            .map(|record| (record.dump.as_str(), record.format.as_str()))
            .collect();
        for (story, told) in known.stories.iter().enumerate() {
            for sources in pages(&told.sources, &formats) {
                let listed: Vec<&Source> = sources
                    .into_iter()
                    .map(|at| &told.sources[at])
                    .filter(|source| !history.by_dump.contains_key(&source.dump))
                    .collect();
                let (order, ordered) = in_order(&listed);
                let start = history.captures.len();
                for at in order {
                    let source = listed[at];
                    let capture = remembered.get(source.dump.as_str());
                    let held = match capture {
                        Some(capture) => capture
                            .sightings
                            .iter()
                            .filter_map(|seen| {
                                let entry = *places.get(&seen.id)?;
                                Some(Held { entry, words: seen.words.clone() })
                            })
                            .collect(),
                        None => of_dump
                            .get(source.dump.as_str())
                            .into_iter()
                            .flatten()
                            .map(|entry| Held { entry: *entry, words: String::new() })
                            .collect(),
                    };
                    history.by_dump.insert(source.dump.clone(), history.captures.len());
                    history.captures.push(Coverage {
                        dump: source.dump.clone(),
                        when: When::parse(&source.captured).unwrap_or(When::Unknown),
                        series: history.series.len(),
                        complete: capture.is_some(),
                        held,
                        holes: Vec::new(),
                        new: Vec::new(),
                        changed: Vec::new(),
                        gone: Vec::new(),
                    });
                }
                let captures = start..history.captures.len();
                if captures.is_empty() {
                    continue;
                }
                let edges: Vec<Edges> = history.captures[captures.clone()]
                    .iter()
                    .map(|capture| Edges {
                        number: listed
                            .iter()
                            .find(|source| source.dump == capture.dump)
                            .and_then(|source| page_number(&source.url)),
                        known: remembered.get(capture.dump.as_str()).is_none_or(|capture| {
                            let ends = [capture.sightings.first(), capture.sightings.last()];
                            ends.into_iter().flatten().all(|seen| places.contains_key(&seen.id))
                        }),
                    })
                    .collect();
                history.series.push(Series { story, captures, ordered, gaps: Vec::new() });
                series::compare(&mut history, &entries, &edges);
            }
        }
        history.show(known.entries.len());
        history
    }

    /// Takes out of all lists what is no longer shown: the entries from that number on. Between two
    /// of which one is not shown, nothing is said to be missing.
    fn show(&mut self, count: usize) {
        let shown = |list: &mut Vec<usize>| list.retain(|entry| *entry < count);
        let ends = |gap: &Gap| gap.after < count && gap.before < count;
        for capture in &mut self.captures {
            capture.held.retain(|held| held.entry < count);
            capture.holes.retain(ends);
            shown(&mut capture.new);
            shown(&mut capture.changed);
            shown(&mut capture.gone);
        }
        for series in &mut self.series {
            series.gaps.retain(ends);
        }
        self.seen.truncate(count);
        self.revisions.retain(|entry, _| *entry < count);
        self.absent.retain(|entry, _| *entry < count);
    }

    /// Returns what the dump of that name holds, and its place; `None` for one that no story lists.
    pub fn capture(&self, dump: &str) -> Option<(usize, &Coverage)> {
        let at = *self.by_dump.get(dump)?;
        Some((at, self.captures.get(at)?))
    }

    /// Returns the captures that have an entry, in their order.
    pub fn witnesses(&self, entry: usize) -> &[usize] {
        self.seen.get(entry).map_or(&[], Vec::as_slice)
    }

    /// Returns what the publisher changed in an entry, the earliest change first.
    pub fn revisions(&self, entry: usize) -> &[Revision] {
        self.revisions.get(&entry).map_or(&[], Vec::as_slice)
    }

    /// Returns the captures that cover the time of an entry, have those around it, and not it.
    pub fn absences(&self, entry: usize) -> &[Absence] {
        self.absent.get(&entry).map_or(&[], Vec::as_slice)
    }

    /// Returns the pages whose captures feed a story.
    pub fn series_of(&self, story: usize) -> impl Iterator<Item = &Series> {
        self.series.iter().filter(move |series| series.story == story)
    }
}

/// Returns, of all that is kept of an entry, what has that hash: one of its earlier words, or those
/// that were imported last.
pub fn said<'a>(
    entry: &'a Entry,
    revisions: &'a BTreeMap<Id, Vec<Entry>>,
    bases: &'a BTreeMap<Id, Entry>,
    words: &str,
) -> Option<&'a Entry> {
    let ids = || std::iter::once(&entry.id).chain(&entry.aliases);
    let earlier = ids().filter_map(|id| revisions.get(id)).flatten();
    // A file that has the bytes of its base stands for it.
    let base = bases.get(&entry.id).unwrap_or(entry);
    let joined = entry.aliases.iter().filter_map(|id| bases.get(id));
    earlier.chain([base]).chain(joined).find(|kept| words_sha256(kept) == words)
}

/// Whether two sources of one story are captures of one page, or of pieces of it, as far as can be
/// told: of the same address; where one of the two names none, of the same format, and of one
/// publisher or one that is not known.
pub fn same_page(a: &Source, b: &Source, same_format: bool) -> bool {
    if a.url.is_empty() || b.url.is_empty() {
        let known = !a.publisher.is_empty() && !b.publisher.is_empty();
        same_format && (a.publisher == b.publisher || !known)
    } else {
        a.url == b.url || page_address(&a.url) == page_address(&b.url)
    }
}

/// Groups the sources of a story by page. One without an address belongs to the page that it can be a
/// capture of; where that could be one of several, to none of them.
fn pages(sources: &[Source], formats: &HashMap<&str, &str>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let same_format =
        |a: &Source, b: &Source| match (formats.get(a.dump.as_str()), formats.get(b.dump.as_str()))
        {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
    let (with, without): (Vec<usize>, Vec<usize>) =
        (0..sources.len()).partition(|at| !sources[*at].url.is_empty());
    let mut addressed: HashMap<String, usize> = HashMap::new();
    for at in with {
        let key = page_address(&sources[at].url);
        let group = *addressed.entry(key).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(at);
    }
    for at in without {
        let own = &sources[at];
        let fits = |group: &&mut Vec<usize>| {
            let mut others = group.iter().map(|other| &sources[*other]);
            others.any(|other| same_page(own, other, same_format(own, other)))
        };
        let mut fitting: Vec<&mut Vec<usize>> = groups.iter_mut().filter(fits).collect();
        let bare = |group: &Vec<usize>| group.iter().all(|at| sources[*at].url.is_empty());
        let place =
            if fitting.len() == 1 { Some(0) } else { fitting.iter().position(|group| bare(group)) };
        match place {
            Some(place) => fitting[place].push(at),
            None => groups.push(vec![at]),
        }
    }
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort();
    groups
}

/// The first and the last moment at which a page can have been saved, in UTC.
fn bounds(when: &When) -> Option<(NaiveDateTime, NaiveDateTime)> {
    match when {
        When::Exact(moment) => Some((moment.naive_utc(), moment.naive_utc())),
        When::Day(day) => Some((
            day.and_time(NaiveTime::MIN),
            day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN),
        )),
        When::Edtf(_) | When::Unknown => None,
    }
}

/// Whether one moment of capture is surely before another.
fn before(a: &When, b: &When) -> bool {
    bounds(a).zip(bounds(b)).is_some_and(|((_, a), (b, _))| a < b)
        || matches!((a, b), (When::Day(a), When::Day(b)) if a < b)
}

/// Puts captures into the order of their times, and says whether these tell it. Those of unknown time
/// keep their places among the others.
fn in_order(sources: &[&Source]) -> (Vec<usize>, bool) {
    let whens: Vec<When> = sources
        .iter()
        .map(|source| When::parse(&source.captured).unwrap_or(When::Unknown))
        .collect();
    let known: Vec<usize> = (0..whens.len()).filter(|at| bounds(&whens[*at]).is_some()).collect();
    let mut sorted = known.clone();
    sorted.sort_by_key(|at| bounds(&whens[*at]));
    let mut order: Vec<usize> = (0..whens.len()).collect();
    for (place, at) in known.into_iter().zip(sorted) {
        order[place] = at;
    }
    let ordered = order.windows(2).all(|pair| before(&whens[pair[0]], &whens[pair[1]]));
    (order, ordered)
}

/// What is known of where a capture begins and ends.
#[derive(Debug)]
struct Edges {
    /// The number of the page of the blog, where the address names it.
    number: Option<u32>,
    /// Whether the first and the last entry of the dump stand in the archive: a curator may have
    /// deleted one.
    known: bool,
}

/// The number of the page that an address names, of a blog in several pages.
fn page_number(url: &str) -> Option<u32> {
    let lower = url.to_ascii_lowercase();
    lower.split(['?', '&', ';', '#']).find_map(|part| part.strip_prefix("page=")?.parse().ok())
}

#[cfg(test)]
#[path = "history/tests.rs"]
mod tests;
