//! What happened around an entry: before and after it in the whole archive, and on the same day in
//! other stories.

use crate::archive::{Archive, EntryIx};
use crate::date::{Shelf, day_words};
use crate::paths::{self, OutPath};
use crate::view::{self, Line, Link};

/// The most entries of other stories that are shown.
const MOST: usize = 3;
/// How far they are looked for on either side, in entries. A day of thousands is not gone through
/// for each of them; its page has them all.
const NEAR: usize = 200;

/// Returns the entries before and after one in the whole archive, by their dates; none where they
/// are its neighbours in its story, or where the dates are not known.
pub(super) fn neighbours(
    archive: &Archive,
    here: &OutPath,
    ix: EntryIx,
) -> (Option<Link>, Option<Link>) {
    let dated = |ix: &EntryIx| archive.entries[*ix].when.earliest().is_some();
    if !dated(&ix) {
        return (None, None);
    }
    let (story, place) = archive.seats[ix];
    let own = &archive.stories[story].entries;
    let other = |at: Option<EntryIx>, neighbour: Option<EntryIx>| {
        let at = at.filter(|at| *at < archive.entries.len()).filter(dated)?;
        (Some(at) != neighbour).then_some(at)
    };
    let earlier = place.checked_sub(1).and_then(|place| own.get(place)).copied();
    let later = own.get(place + 1).copied();
    let link = |ix: EntryIx| {
        let entry = &archive.entries[ix];
        view::link(here, &paths::entry(&entry.id), archive.title(ix))
    };
    let before = other(ix.checked_sub(1), earlier).map(link);
    (before, other(Some(ix + 1), later).map(link))
}

/// Returns the entries of other stories that are nearest in time on the same day, the earliest
/// first, and a link to the day. None where no single day dates the entry.
pub(super) fn elsewhere(
    archive: &Archive,
    here: &OutPath,
    ix: EntryIx,
) -> (Vec<Line>, Option<Link>) {
    let Some(day) = archive.entries[ix].when.day() else { return (Vec::new(), None) };
    let Some(list) = archive.calendar.get(&Shelf::Day(day)) else { return (Vec::new(), None) };
    let Ok(at) = list.binary_search(&ix) else { return (Vec::new(), None) };
    let story = archive.seats[ix].0;
    let is_other = |other: &&EntryIx| archive.seats[**other].0 != story;
    let mut before = list[..at].iter().rev().take(NEAR).filter(is_other).peekable();
    let mut after = list[at + 1..].iter().take(NEAR).filter(is_other).peekable();
    let moment = |ix: EntryIx| archive.entries[ix].when.earliest();
    let distance = |other: EntryIx| Some((moment(other)? - moment(ix)?).abs());
    let mut found: Vec<EntryIx> = Vec::new();
    while found.len() < MOST {
        let next = match (before.peek(), after.peek()) {
            (Some(a), Some(b)) if distance(**a) <= distance(**b) => before.next(),
            (_, Some(_)) => after.next(),
            (Some(_), None) => before.next(),
            (None, None) => None,
        };
        let Some(next) = next else { break };
        found.push(*next);
    }
    if found.is_empty() {
        return (Vec::new(), None);
    }
    found.sort_unstable();
    let lines = found.into_iter().map(|ix| view::line(archive, here, ix)).collect();
    (lines, Some(view::counted(here, &paths::day(day), day_words(day, &archive.words), list.len())))
}
