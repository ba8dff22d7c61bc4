//! The entries that a dump holds, as far as its page has room for them.

use serde::Serialize;

use crate::archive::{Archive, EntryIx, weight};
use crate::paths::OutPath;
use crate::view::{self, Line, Link};

/// A dump of more days than this tells years in their place.
const DAYS: usize = 100;

/// Entries of a dump: each of them, or their days where they are too many for the page.
#[derive(Serialize)]
pub(super) struct Listing {
    /// The entries.
    pub lines: Vec<Line>,
    /// Their days, each leading to where its first entry is read.
    /// Example: `[{name: "Wednesday 2 April 2031", count: 310, …}, …]`
    pub days: Vec<Link>,
}

/// Entries of a dump as lines, where the page has so many bytes left for them.
pub(super) fn listing(
    archive: &Archive,
    here: &OutPath,
    list: &[EntryIx],
    room: &mut usize,
) -> Listing {
    let bytes: usize = list.iter().map(|ix| weight::line(&archive.entries[*ix]) + 40).sum();
    if bytes <= *room {
        *room -= bytes;
        let lines = list.iter().map(|ix| view::line(archive, here, *ix)).collect();
        return Listing { lines, days: Vec::new() };
    }
    let words = &archive.words;
    let name = |ix: EntryIx, by_day: bool| match (view::filed(archive, ix), by_day) {
        (Some((year, _)), false) => year.to_string(),
        _ => view::opening(&archive.entries[ix].when.words(words)),
    };
    let by_day = |by_day: bool| {
        let mut days: Vec<Link> = Vec::new();
        for ix in list {
            let name = name(*ix, by_day);
            if let Some(day) = days.last_mut().filter(|day| day.name == name) {
                day.count += 1;
            } else {
                let url = crate::pages::story::place_in_story(archive, here, *ix);
                days.push(Link { url, count: 1, ..view::link(here, here, name) });
            }
        }
        days
    };
    let days = by_day(true);
    let days = if days.len() <= DAYS { days } else { by_day(false) };
    Listing { lines: Vec::new(), days }
}
