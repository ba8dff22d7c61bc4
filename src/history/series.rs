//! The captures of one page beside each other.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::{Absence, Edges, Gap, History, Revision, before};
use crate::date::When;
use crate::entry::Entry;

/// From so many entries in a row on, what a capture lacks may be a part that was never saved, and not
/// what the publisher took away…
const LONG: usize = 5;

/// The entries of a page in the order of their times, and where each stands.
struct Axis<'a> {
    entries: &'a [&'a Entry],
    list: Vec<usize>,
    places: HashMap<usize, usize>,
    /// Whether moments make the order; otherwise it is that of the places in the story.
    timed: bool,
}

fn moment(entry: &Entry) -> Option<NaiveDateTime> {
    match entry.when {
        When::Exact(moment) => Some(moment.naive_utc()),
        _ => None,
    }
}

impl<'a> Axis<'a> {
    fn new(entries: &'a [&'a Entry], mut list: Vec<usize>) -> Self {
        list.sort_unstable();
        list.dedup();
        let timed = list.iter().all(|at| moment(entries[*at]).is_some());
        list.sort_by_key(|at| {
            let entry = entries[*at];
            (moment(entry).filter(|_| timed), entry.order, *at)
        });
        let places = list.iter().enumerate().map(|(place, at)| (*at, place)).collect();
        Self { entries, list, places, timed }
    }

    /// Whether two entries stand at different times.
    fn apart(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.entries[a], self.entries[b]);
        if self.timed { moment(a) != moment(b) } else { a.order != b.order }
    }
}

/// Compares the captures of the page that was added last; `edges` are theirs.
pub(super) fn compare(history: &mut History, entries: &[&Entry], edges: &[Edges]) {
    let Some(series) = history.series.last() else { return };
    let range = series.captures.clone();
    let all = history.captures[range.clone()].iter().flat_map(|capture| &capture.held);
    let axis = Axis::new(entries, all.map(|held| held.entry).collect());
    // Of each entry, the captures that have it, and what it says there.
    let mut seen: Vec<Vec<(usize, String)>> = vec![Vec::new(); axis.list.len()];
    for at in range.clone() {
        let capture = &mut history.captures[at];
        capture.held.sort_by_key(|held| axis.places[&held.entry]);
        // An entry that was joined with another can stand in a capture twice.
        capture.held.dedup_by_key(|held| held.entry);
        for held in &capture.held {
            seen[axis.places[&held.entry]].push((at, held.words.clone()));
        }
    }
    for (place, list) in seen.iter().enumerate() {
        let entry = axis.list[place];
        history.seen[entry].extend(list.iter().map(|(at, _)| *at));
        if let Some((first, _)) = list.first() {
            history.captures[*first].new.push(entry);
        }
        let said: Vec<&(usize, String)> =
            list.iter().filter(|(_, words)| !words.is_empty()).collect();
        for pair in said.windows(2) {
            let [(from, before), (to, after)] = pair else { continue };
            if before != after {
                history.captures[*to].changed.push(entry);
                history.revisions.entry(entry).or_default().push(Revision {
                    from: *from,
                    to: *to,
                    before: before.clone(),
                    after: after.clone(),
                });
            }
        }
    }
    let mut runs: Vec<Run<'_>> = Vec::new();
    for (at, edges) in range.zip(edges) {
        let (found, absent) = walk(history, &axis, &seen, at);
        for (entry, absence) in absent {
            let absences = history.absent.entry(entry).or_default();
            if absences.is_empty() {
                history.captures[at].gone.push(entry);
            }
            absences.push(absence);
        }
        let holes = found
            .windows(2)
            .map(|pair| Gap { after: axis.list[pair[0].1], before: axis.list[pair[1].0] });
        history.captures[at].holes = holes.collect();
        runs.extend(found.into_iter().map(|(first, last)| Run { first, last, edges }));
    }
    let gaps = gaps(&axis, runs);
    if let Some(series) = history.series.last_mut() {
        series.gaps = gaps;
    }
}

/// Places on an axis that a capture holds without a break.
struct Run<'a> {
    first: usize,
    last: usize,
    edges: &'a Edges,
}

/// The first and the last place of a stretch.
type Stretch = (usize, usize);

/// Goes along a capture: returns the stretches that it holds, and what it lacks within them that an
/// earlier capture has.
fn walk(
    history: &History,
    axis: &Axis<'_>,
    seen: &[Vec<(usize, String)>],
    at: usize,
) -> (Vec<Stretch>, Vec<(usize, Absence)>) {
    let capture = &history.captures[at];
    let places: Vec<usize> = capture.held.iter().map(|held| axis.places[&held.entry]).collect();
    let (Some(first), Some(last)) = (places.first().copied(), places.last().copied()) else {
        return (Vec::new(), Vec::new());
    };
    let (mut runs, mut absent) = (Vec::new(), Vec::new());
    let mut start = first;
    if !capture.complete {
        return (vec![(first, last)], absent);
    }
    for (count, pair) in places.windows(2).enumerate() {
        let missing = pair[1] - pair[0] - 1;
        // …namely where more is lacking than stands on one side of it, as around a pinned entry.
        if missing >= LONG && missing > (count + 1).min(places.len() - count - 1) {
            runs.push((start, pair[0]));
            start = pair[1];
            continue;
        }
        let between = pair[0] + 1..pair[1];
        for (&entry, witnesses) in axis.list[between.clone()].iter().zip(&seen[between]) {
            // What has the time of the first or the last entry may stand just beyond them.
            let inside = axis.apart(entry, axis.list[first]) && axis.apart(entry, axis.list[last]);
            let earlier: Vec<usize> = witnesses
                .iter()
                .map(|(witness, _)| *witness)
                .filter(|witness| *witness < at)
                .collect();
            // Without times, places are comparable only where the captures overlap.
            let overlaps = |witness: &usize| {
                let mut held = history.captures[*witness].held.iter();
                held.any(|held| {
                    let there = axis.places[&held.entry];
                    places.binary_search(&there).is_ok()
                })
            };
            if inside && !earlier.is_empty() && (axis.timed || earlier.iter().any(overlaps)) {
                let later =
                    |witness: &usize| before(&history.captures[*witness].when, &capture.when);
                let later = earlier.iter().any(later);
                absent.push((entry, Absence { capture: at, later }));
            }
        }
    }
    runs.push((start, last));
    (runs, absent)
}

/// The stretches between those that captures hold: what one capture leaves out, another may have.
fn gaps(axis: &Axis<'_>, mut runs: Vec<Run<'_>>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if !axis.timed {
        return gaps;
    }
    runs.sort_by_key(|run| (run.first, run.last));
    let mut runs = runs.into_iter();
    let Some(mut end) = runs.next() else { return gaps };
    for run in runs {
        let numbers = end.edges.number.zip(run.edges.number);
        let neighbours = numbers.is_some_and(|(one, other)| one.abs_diff(other) == 1);
        let known = end.edges.known && run.edges.known;
        if run.first > end.last && !neighbours && known {
            let gap = Gap { after: axis.list[end.last], before: axis.list[run.first] };
            if axis.apart(gap.after, gap.before) {
                gaps.push(gap);
            }
        }
        if run.last >= end.last {
            end = run;
        }
    }
    gaps
}
