//! The entries of a story as they are read: under their days, each with its place among the others,
//! with what was saved and what is not held marked between them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use serde::Serialize;

use crate::archive::{Archive, EntryIx, weight};
use crate::date::When;
use crate::paths::OutPath;
use crate::view::{self, EntryView, Link};

/// The entries of a story under one heading.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    /// The day in words, or the date where it is no day.
    pub heading: String,
    /// The anchor of the heading.
    pub id: String,
    /// The day's page in the calendar; empty where there is none.
    pub url: String,
    /// Which of the story's entries these are: "13 to 40 of 140".
    pub place: String,
    /// How many entries it has.
    pub count: usize,
    /// The entries.
    pub entries: Vec<Post>,
}

/// An entry among the others of its story.
#[derive(Debug, Serialize)]
pub(super) struct Post {
    /// The entry.
    #[serde(flatten)]
    pub entry: EntryView,
    /// Its place in the story, the oldest being 1: "12 of 140".
    pub place: String,
    /// What stands in front of it.
    pub before: Vec<Mark>,
    /// What stands behind it.
    pub after: Vec<Mark>,
    /// Of a key event, the one before it in the story.
    pub key_earlier: Option<Link>,
    /// Of a key event, the one behind it in the story.
    pub key_later: Option<Link>,
}

/// Something between two entries that is no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Between {
    /// A stretch of time of which nothing is held, in words.
    Gap(String),
    /// Captures, by their places in the history.
    Captures(Vec<usize>),
}

/// Something between two entries that is no entry, as templates see it.
#[derive(Debug, Serialize)]
pub(super) struct Mark {
    /// `gap` or `capture`.
    pub kind: &'static str,
    /// What is said.
    pub words: String,
    /// The captures, by their times.
    pub links: Vec<Link>,
    /// How many captures are not among the links.
    pub more: usize,
}

/// The most captures that are named at one place.
const NAMED: usize = 3;

/// Which way a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// As it happened.
    Oldest,
    /// The newest entry first.
    Newest,
}

/// Returns entries in an order; given oldest first.
pub(super) fn ordered(list: &[EntryIx], order: Order) -> Vec<EntryIx> {
    match order {
        Order::Oldest => list.to_vec(),
        Order::Newest => list.iter().rev().copied().collect(),
    }
}

/// What stands in front of each entry of a story, the oldest first, by its place; what stands behind
/// the last has the place behind it.
fn between(archive: &Archive, story: usize) -> BTreeMap<usize, Vec<Between>> {
    let group = &archive.stories[story];
    let moment = |ix: &EntryIx| archive.entries[*ix].when.earliest();
    let dated = group.entries.partition_point(|ix| moment(ix).is_some());
    let mut marks: BTreeMap<usize, Vec<Between>> = BTreeMap::new();
    let gaps = archive.history.series_of(story).flat_map(|series| &series.gaps);
    for (gap, view) in gaps.zip(view::gaps(archive, story)) {
        let (of, at) = archive.seats[gap.before];
        if of == story {
            marks.entry(at).or_default().push(Between::Gap(view.words));
        }
    }
    for (capture, when) in saved(archive, story) {
        let place = group.entries[..dated].partition_point(|ix| moment(ix) <= Some(when));
        let list = marks.entry(place).or_default();
        if let Some(Between::Captures(list)) = list.last_mut() {
            list.push(capture);
        } else {
            list.push(Between::Captures(vec![capture]));
        }
    }
    marks
}

/// Returns the captures of a story whose moment is known, the earliest first, each with it (in UTC).
pub(super) fn saved(archive: &Archive, story: usize) -> Vec<(usize, NaiveDateTime)> {
    let series = archive.history.series_of(story).flat_map(|series| series.captures.clone());
    let mut list: Vec<(usize, NaiveDateTime)> = series
        .filter_map(|at| match &archive.history.captures[at].when {
            When::Exact(moment) => Some((at, moment.naive_utc())),
            _ => None,
        })
        .collect();
    list.sort_by_key(|(at, moment)| (*moment, *at));
    list
}

fn mark(archive: &Archive, here: &OutPath, between: &Between) -> Mark {
    match between {
        Between::Gap(words) => {
            Mark { kind: "gap", words: words.clone(), links: Vec::new(), more: 0 }
        }
        Between::Captures(list) => {
            let words = archive.words.count("reading.saved", list.len(), &[]);
            let named = list.iter().take(NAMED);
            let links = named.map(|at| view::capture_link(archive, here, *at)).collect();
            Mark { kind: "capture", words, links, more: list.len().saturating_sub(NAMED) }
        }
    }
}

/// Returns the place of entries in their story: "13 to 40 of 140", or "" where they are all of it.
fn place_words(archive: &Archive, run: &[EntryIx], all: usize) -> String {
    let places = || run.iter().map(|ix| archive.seats[*ix].1 + 1);
    match (places().min(), places().max()) {
        (Some(first), Some(last)) if run.len() < all => {
            let words = &archive.words;
            if first == last {
                super::place_words(words, first, all)
            } else if last - first + 1 == run.len() {
                let [first, last, total] = [first, last, all].map(|number| number.to_string());
                let values = [("first", first.as_str()), ("last", &last), ("total", &total)];
                words.fill("reading.places", &values)
            } else {
                // Days of several zones lie across each other.
                super::place_words(words, run.len(), all)
            }
        }
        _ => String::new(),
    }
}

/// Returns the entries of a page under their days; `list` has the oldest first. `place` says where
/// an entry of the story is read.
pub(super) fn sections(
    archive: &Archive,
    here: &OutPath,
    story: usize,
    list: &[EntryIx],
    order: Order,
    place: &dyn Fn(EntryIx) -> String,
) -> Vec<Section> {
    let group = &archive.stories[story];
    let marks = between(archive, story);
    let marks_at = |at: usize| -> Vec<Mark> {
        let list = marks.get(&at).into_iter().flatten();
        list.map(|between| mark(archive, here, between)).collect()
    };
    let keys = &group.key_events;
    let key = |at: Option<usize>| {
        let ix = *keys.get(at?)?;
        Some(Link { url: place(ix), ..view::link(here, here, archive.title(ix)) })
    };
    let mut cut: Vec<Vec<EntryIx>> = Vec::new();
    let words = |ix: EntryIx| archive.entries[ix].when.words(&archive.words);
    for ix in ordered(list, order) {
        let is_same = |run: &Vec<EntryIx>| run.first().is_some_and(|at| words(*at) == words(ix));
        match cut.last_mut().filter(|run| is_same(run)) {
            Some(run) => run.push(ix),
            None => cut.push(vec![ix]),
        }
    }
    let taken = list.iter().map(|ix| weight::post(&archive.entries[*ix])).sum();
    let told = view::fitting(archive, list, taken, weight::POSTS);
    let (mut sections, mut days) = (Vec::new(), BTreeSet::new());
    for run in cut {
        let Some(first) = run.first() else { continue };
        let (heading, url) = view::day_heading(archive, here, *first);
        let id = match archive.entries[*first].when.day() {
            // A day comes twice where an uncertain date stands among its entries.
            Some(day) if days.insert(day) => format!("day-{day}"),
            _ => format!("date-{}", sections.len() + 1),
        };
        let posts = run.iter().map(|ix| {
            let at = archive.seats[*ix].1;
            let is_last = at + 1 == group.entries.len();
            // What stands between two entries belongs to the later one, the end of all to the last.
            let end = if is_last { marks_at(at + 1) } else { Vec::new() };
            let (before, after) = match order {
                Order::Oldest => (marks_at(at), end),
                Order::Newest => (end, marks_at(at)),
            };
            let own = keys.binary_search_by_key(&at, |ix| archive.seats[*ix].1).ok();
            Post {
                entry: EntryView {
                    coins: view::coins(archive, *ix, told),
                    ..view::entry(archive, here, *ix, 3)
                },
                place: super::place_words(&archive.words, at + 1, group.entries.len()),
                before,
                after,
                key_earlier: key(own.and_then(|own| own.checked_sub(1))),
                key_later: key(own.map(|own| own + 1)),
            }
        });
        sections.push(Section {
            place: place_words(archive, &run, group.entries.len()),
            count: run.len(),
            heading,
            id,
            url,
            entries: posts.collect(),
        });
    }
    // A heading that comes again, where days of several zones lie across each other, needs an anchor
    // of its own.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for section in &mut sections {
        let times = seen.entry(section.id.clone()).or_default();
        *times += 1;
        if *times > 1 {
            section.id = format!("{}-{times}", section.id);
        }
    }
    sections
}
