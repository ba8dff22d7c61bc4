//! Entries in lists, with what the page tells reference managers of each.

use super::{Group, Line, line};
use crate::archive::{Archive, EntryIx};
use crate::cite;
use crate::paths::OutPath;

/// The most entries that a page tells to reference managers: with more, what it tells them would be
/// larger than the page.
const TOLD: usize = 40;

/// Returns what a page tells reference managers of one of its `count` entries.
pub fn coins(archive: &Archive, ix: EntryIx, count: usize) -> String {
    if count > TOLD { String::new() } else { cite::coins(&cite::record(archive, ix)) }
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
/// `heading` gives the words and the address behind them.
pub fn groups(
    archive: &Archive,
    here: &OutPath,
    list: &[EntryIx],
    heading: impl Fn(EntryIx) -> (String, String),
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for ix in list {
        let (heading, url) = heading(*ix);
        if groups.last().is_none_or(|group| group.heading != heading) {
            let id = format!("g-{}", groups.len() + 1);
            groups.push(Group { heading, id, url, lines: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.lines.push(told(archive, here, *ix, list.len()));
        }
    }
    groups
}
