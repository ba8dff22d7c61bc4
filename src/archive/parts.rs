//! Where long lists are cut: a story by days, and a day that is too long for a page by its clock.

use chrono::{NaiveDate, Timelike};

use super::{EntryIx, StoryGroup, weight};
use crate::entry::Entry;

/// The minutes of a day, and into which stretches it is cut: each of a length in minutes is cut into
/// those of the next. As they do not depend on what stands in them, one more entry cuts one stretch,
/// and moves no other.
const STRETCHES: [u32; 9] = [DAY, 12 * 60, 6 * 60, 3 * 60, HOUR, 30, 15, 5, 1];
const DAY: u32 = 24 * 60;
const HOUR: u32 = 60;

/// A part of a long story, which has a page of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryPart {
    /// Its day; `None` for what no single day dates.
    pub day: Option<NaiveDate>,
    /// What it holds of it.
    pub slice: Slice,
}

impl StoryPart {
    /// Its entries, in the order of the story.
    pub fn entries(&self) -> &[EntryIx] {
        &self.slice.entries
    }
}

/// A part of a list that has room on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// The minute of the day that it begins with.
    pub minute: u32,
    /// Whether it is the first of its list, and has the place of the whole.
    pub first: bool,
    /// Its place, from 1, among those that begin with this minute: where the clock cannot tell apart
    /// what is too long for a page.
    pub number: usize,
    /// Its entries.
    pub entries: Vec<EntryIx>,
}

impl Slice {
    /// The minute of the day that it is named by: the first begins with the day.
    pub fn start(&self) -> u32 {
        if self.first { 0 } else { self.minute }
    }
}

/// Cuts the entries of a day, or entries without one, into what has room on a page each.
///
/// `weigh` tells how many bytes an entry takes, `room` how many there are, `most` how many entries of
/// more than an hour.
pub fn slices(
    entries: &[Entry],
    list: &[EntryIx],
    weigh: fn(&Entry) -> usize,
    room: usize,
    most: usize,
) -> Vec<Slice> {
    let mut minute = 0;
    let clocked: Vec<(u32, EntryIx)> = list
        .iter()
        .map(|ix| {
            // The order of the list counts: of times in several zones, the latest so far.
            let own = entries[*ix].when.time().map_or(0, |time| time.hour() * 60 + time.minute());
            minute = minute.max(own);
            (minute, *ix)
        })
        .collect();
    let weigh = |ix: EntryIx| weigh(&entries[ix]);
    let mut slices = Vec::new();
    let mut open = vec![(0, &clocked[..])];
    while let Some((level, run)) = open.pop() {
        let Some((first, _)) = run.first() else { continue };
        let length = STRETCHES[level];
        let whole = run.iter().map(|(_, ix)| weigh(*ix)).sum::<usize>();
        let minute = first - first % length;
        if whole <= room && (run.len() <= most || length <= HOUR) || run.len() == 1 {
            let entries = run.iter().map(|(_, ix)| *ix).collect();
            slices.push(Slice { minute, first: false, number: 1, entries });
            continue;
        }
        let Some(shorter) = STRETCHES.get(level + 1) else {
            // What the clock cannot cut is cut in its order.
            let run: Vec<EntryIx> = run.iter().map(|(_, ix)| *ix).collect();
            let pages = weight::filled(&run, weigh, room).into_iter().zip(1..);
            let slice = |(entries, number)| Slice { minute, first: false, number, entries };
            slices.extend(pages.map(slice));
            continue;
        };
        let at = open.len();
        for run in run.chunk_by(|a, b| a.0 / shorter == b.0 / shorter) {
            open.insert(at, (level + 1, run));
        }
    }
    if let Some(first) = slices.first_mut() {
        first.first = true;
    }
    slices
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
            for ix in part.entries() {
                group.part_places[seats[*ix].1] = at;
            }
        }
    }
}

/// Cuts a story into its parts; into none where it fits on one page.
///
/// Cuts are made by dates and the clock, never by counting where these can tell entries apart: one
/// more entry changes one day.
fn cut(group: &StoryGroup, entries: &[Entry], long_list: usize) -> Vec<StoryPart> {
    // The page of a whole story has more to tell than its entries.
    let summary: usize = group.story.summary.iter().map(|point| weight::text(point) + 20).sum();
    let own = summary + weight::text(&group.story.body) + 500 * group.story.sources.len();
    let whole = group.entries.iter().map(|ix| weight::post(&entries[*ix])).sum::<usize>();
    let fits = own + whole <= weight::POSTS || group.entries.len() == 1;
    if group.entries.len() <= long_list && fits {
        return Vec::new();
    }
    let mut parts: Vec<StoryPart> = Vec::new();
    for (day, list) in &group.days {
        let slices = slices(entries, list, weight::post, weight::POSTS, long_list);
        parts.extend(slices.into_iter().map(|slice| StoryPart { day: Some(*day), slice }));
    }
    let slices = slices(entries, &group.dayless, weight::post, weight::POSTS, usize::MAX);
    parts.extend(slices.into_iter().map(|slice| StoryPart { day: None, slice }));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse_entry;
    use crate::entry::Slug;

    fn entries(times: &[&str]) -> Vec<Entry> {
        let entry = |(at, time): (usize, &&str)| {
            let text = format!(
                "+++\nid = \"e-{at}\"\ntitle = \"T\"\ndate = 2031-04-02{time}\n+++\nWords.\n"
            );
            parse_entry("content/quell/e.md", Slug::parse("quell").unwrap(), &text).0.unwrap()
        };
        times.iter().enumerate().map(entry).collect()
    }

    /// The slices of entries of which `room` have room on a page: when each begins, and what it has.
    fn cuts(times: &[&str], room: usize) -> Vec<(u32, usize, Vec<EntryIx>)> {
        let entries = entries(times);
        let all: Vec<EntryIx> = (0..entries.len()).collect();
        let slices = slices(&entries, &all, |_| 1, room, usize::MAX);
        slices.into_iter().map(|slice| (slice.minute, slice.number, slice.entries)).collect()
    }

    #[test]
    fn a_day_is_cut_by_its_clock_and_no_cut_moves() {
        assert_eq!(cuts(&["", "T09:00:00Z", "T13:00:00Z"], 3), [(0, 1, vec![0, 1, 2])]);
        let few = cuts(&["", "T09:00:00Z", "T13:00:00Z", "T20:00:00Z"], 3);
        assert_eq!(few, [(0, 1, vec![0, 1]), (720, 1, vec![2, 3])]);
        let more = ["", "T09:00:00Z", "T13:00:00Z", "T13:10:00Z", "T13:20:00Z", "T20:00:00Z"];
        let more = cuts(&more, 3);
        assert_eq!(more, [(0, 1, vec![0, 1]), (720, 1, vec![2, 3, 4]), (1080, 1, vec![5])]);
    }

    #[test]
    fn what_the_clock_cannot_cut_is_numbered() {
        let minute = ["T12:00:00Z"; 5];
        assert_eq!(
            cuts(&minute, 2),
            [(720, 1, vec![0, 1]), (720, 2, vec![2, 3]), (720, 3, vec![4])]
        );
        assert_eq!(cuts(&["T12:00:00Z", "T12:01:00Z"], 1), [(720, 1, vec![0]), (721, 1, vec![1])]);
    }

    #[test]
    fn times_that_lie_across_each_other_keep_their_order() {
        let zones = ["T23:00:00+12:00", "T12:00:00+00:00", "T13:00:00+00:00"];
        assert_eq!(cuts(&zones, 1), [(1380, 1, vec![0]), (1380, 2, vec![1]), (1380, 3, vec![2])]);
    }
}
