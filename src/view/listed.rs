//! Entries in lists, with what the page tells reference managers of each.

use super::{Group, Line, line};
use crate::archive::{Archive, EntryIx, weight};
use crate::cite;
use crate::paths::OutPath;

/// The most entries that a page tells to reference managers: with more, what it tells them would be
/// larger than the page.
const TOLD: usize = 40;

/// Returns what a page tells reference managers of one of its `count` entries.
pub fn coins(archive: &Archive, ix: EntryIx, count: usize) -> String {
    if count > TOLD { String::new() } else { cite::coins(&cite::record(archive, ix)) }
}

/// Returns how many entries a page has, for [`coins`]: as many as the list, or too many where what
/// reference managers are told would make the page too heavy. `taken` is what its entries take, of
/// `room` bytes.
pub fn fitting(archive: &Archive, list: &[EntryIx], taken: usize, room: usize) -> usize {
    let coins = || list.iter().map(|ix| weight::coins(&archive.entries[*ix])).sum::<usize>();
    if list.len() <= TOLD && taken + coins() <= room { list.len() } else { usize::MAX }
}

/// Returns an entry as one of the `count` lines of a page.
pub fn told(archive: &Archive, here: &OutPath, ix: EntryIx, count: usize) -> Line {
    Line { coins: coins(archive, ix, count), ..line(archive, here, ix) }
}

/// Returns entries as lines, among `count` of the whole page.
pub fn lines(archive: &Archive, here: &OutPath, list: &[EntryIx], count: usize) -> Vec<Line> {
    list.iter().map(|ix| told(archive, here, *ix, count)).collect()
}

/// Cuts a list of entries into groups of those that follow each other with the same heading.
/// `heading` gives the words and the address behind them, `besides` is what the page holds beside them,
/// in bytes.
pub fn groups(
    archive: &Archive,
    here: &OutPath,
    list: &[EntryIx],
    besides: usize,
    heading: impl Fn(EntryIx) -> (String, String),
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let taken: usize = list.iter().map(|ix| weight::line(&archive.entries[*ix])).sum();
    let count = fitting(archive, list, taken + besides, weight::LINES);
    for ix in list {
        let (heading, url) = heading(*ix);
        if groups.last().is_none_or(|group| group.heading != heading) {
            let id = format!("g-{}", groups.len() + 1);
            groups.push(Group { heading, id, url, lines: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.lines.push(told(archive, here, *ix, count));
        }
    }
    groups
}
