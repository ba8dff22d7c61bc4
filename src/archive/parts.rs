//! Where a long story is cut: a part for each day, and for the hours of a day that is long itself.

use chrono::{NaiveDate, Timelike};

use super::{EntryIx, StoryGroup};
use crate::entry::Entry;

/// A page of a story holds about so many bytes of HTML at most. Compressed, as hosts send it, that
/// is some 60 kB.
const HEAVY: usize = 180_000;
/// What the page adds to the words of an entry: its title, hour, links and marks, in bytes.
const AROUND: usize = 700;

/// A part of a long story, which has a page of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryPart {
    /// Its day; `None` for what no single day dates.
    pub day: Option<NaiveDate>,
    /// The hour that it begins with, where an earlier part holds the beginning of the day; else 0.
    pub hour: u32,
    /// Its entries, in the order of the story.
    pub entries: Vec<EntryIx>,
}

/// About how many bytes an entry takes on a page.
fn weight(entry: &Entry) -> usize {
    entry.body.len() + entry.title.len() + 2 * entry.id.as_str().len() + AROUND
}

/// Cuts every story that is too long for one page; `seats` are the places of the entries in them.
pub(super) fn fill(
    stories: &mut [StoryGroup],
    entries: &[Entry],
    seats: &[(usize, usize)],
    long_list: usize,
) {
    for group in stories {
        group.parts = cut(group, entries, long_list);
        group.part_places = vec![0; group.entries.len()];
        for (at, part) in group.parts.iter().enumerate() {
            for ix in &part.entries {
                group.part_places[seats[*ix].1] = at;
            }
        }
    }
}

/// Cuts a story into its parts; into none where it fits on one page.
///
/// Cuts are made by dates and hours alone, never by counting: one more entry changes one day.
fn cut(group: &StoryGroup, entries: &[Entry], long_list: usize) -> Vec<StoryPart> {
    let heavy =
        |list: &[EntryIx]| list.iter().map(|ix| weight(&entries[*ix])).sum::<usize>() > HEAVY;
    if group.entries.len() <= long_list && !heavy(&group.entries) {
        return Vec::new();
    }
    let mut parts: Vec<StoryPart> = Vec::new();
    for (day, list) in &group.days {
        let mut part = StoryPart { day: Some(*day), hour: 0, entries: Vec::new() };
        if list.len() <= long_list && !heavy(list) {
            part.entries.clone_from(list);
        } else {
            let (mut bytes, mut hour) = (0, 0);
            for ix in list {
                let own = entries[*ix].when.time().map_or(hour, |time| time.hour());
                // Half of a page is enough to begin another at the next full hour.
                let is_full = bytes > HEAVY / 2 || part.entries.len() > long_list / 2;
                if own > hour && is_full {
                    let next = StoryPart { day: Some(*day), hour: own, entries: Vec::new() };
                    parts.push(std::mem::replace(&mut part, next));
                    bytes = 0;
                }
                hour = hour.max(own);
                bytes += weight(&entries[*ix]);
                part.entries.push(*ix);
            }
        }
        parts.push(part);
    }
    if !group.dayless.is_empty() {
        parts.push(StoryPart { day: None, hour: 0, entries: group.dayless.clone() });
    }
    parts
}
