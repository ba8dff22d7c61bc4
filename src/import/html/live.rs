//! Whether a page that no engine knows is a live blog at all: most saved pages are articles, and an
//! article has dates and lists of links that look like entries.

use chrono::{DateTime, FixedOffset};

use super::super::Dump;
use super::tree::{Id, Tree, plain};
use super::{Page, capture, moment};
use crate::format::Format;

/// Fewer entries with times of day are no stream, where the page does not say that it is one.
const FEWEST: usize = 5;
/// Entries of half of which the words are fewer are headlines that lead elsewhere.
const SHORTEST: usize = 12;
/// Teasers are hours apart, posts of a stream are not.
const APART: i64 = 3 * 3600;

/// Whether a page calls itself a live blog: in its title, its address, or its data.
pub(super) fn says_so(page: &Page) -> bool {
    let tree = page.tree;
    let heading = (0..tree.len()).find(|id| tree.name(*id) == "h1").map(|id| tree.words(id));
    let said = [capture::title(page), heading, page.url.clone()];
    let is_said = |text: &String| page.common.live.iter().any(|live| live.is_match(text));
    said.iter().flatten().any(is_said) || (0..tree.len()).any(|id| is_typed(tree, id))
}

/// Whether an element or a script gives the page schema.org's type.
fn is_typed(tree: &Tree, id: Id) -> bool {
    const TYPE: &str = "LiveBlogPosting";
    let holds = |text: Option<&str>| text.is_some_and(|text| text.contains(TYPE));
    holds(tree.attr(id, "itemtype"))
        || (tree.name(id) == "script"
            && tree.attr(id, "type").is_some_and(|kind| kind.contains("ld+json"))
            && tree.inside(id).any(|id| holds(tree.text(id))))
}

/// Whether a line of a flattened page is the head of a stream, in the words of some format.
pub(super) fn has_head(flat: &str, formats: &[Format]) -> bool {
    let is_head = |line: &str| formats.iter().any(|format| format.stream(line).is_some());
    // Heads are short.
    flat.lines().filter(|line| line.len() <= 80).any(|line| is_head(&plain(line)))
}

/// Whether so many lines hold a number that a stream could stand there: most articles are refused
/// without being read.
pub(super) fn may_look_so(flat: &str) -> bool {
    let is_stamped = |line: &&str| line.contains(|c: char| c.is_ascii_digit());
    flat.lines().filter(is_stamped).nth(FEWEST - 1).is_some()
}

/// Whether entries that were found in the words of a page look like a stream: most are stamped with
/// a time of day, and none is most of the page.
pub(super) fn looks_so(dump: &Dump) -> bool {
    let entries = &dump.entries;
    let is_timed = |entry: &&super::super::DumpEntry| {
        entry.clock.is_some() || matches!(entry.when, crate::date::When::Exact(_))
    };
    let timed = entries.iter().filter(is_timed).count();
    let mut words: Vec<_> = entries.iter().map(|e| e.body.split_whitespace().count()).collect();
    words.sort_unstable();
    let all: usize = words.iter().sum();
    timed >= FEWEST
        && timed * 5 >= entries.len() * 4
        && words[words.len() / 2] >= SHORTEST
        && words.last().is_some_and(|longest| longest * 2 <= all)
}

/// Whether siblings look like posts of a stream, not like teasers of other pages: their times are
/// near each other, and their headings lead nowhere.
pub(super) fn are_posts(tree: &Tree, entries: &[Id]) -> bool {
    let time = |id: &Id| {
        let found = tree.inside(*id).find(|id| tree.name(*id) == "time");
        moment(tree.attr(found?, "datetime")?, None)
    };
    let mut times: Vec<DateTime<FixedOffset>> = entries.iter().filter_map(time).collect();
    times.sort_unstable();
    let mut gaps: Vec<_> = times.windows(2).map(|w| (w[1] - w[0]).num_seconds()).collect();
    gaps.sort_unstable();
    let teasers = entries.iter().filter(|id| has_leading_heading(tree, **id)).count();
    times.len() == entries.len()
        && gaps.get(gaps.len() / 2).is_some_and(|gap| *gap <= APART)
        && teasers * 2 < entries.len()
}

/// Whether a heading in an element is a link to another page, or stands in one.
fn has_leading_heading(tree: &Tree, id: Id) -> bool {
    let leads = |id: Id| {
        tree.name(id) == "a" && tree.attr(id, "href").is_some_and(|href| !href.starts_with('#'))
    };
    let is_heading = |id: &Id| matches!(tree.name(*id), "h1" | "h2" | "h3" | "h4" | "h5");
    let mut headings = tree.inside(id).filter(is_heading);
    headings.any(|heading| tree.inside(heading).any(leads) || tree.ancestors(heading).any(leads))
}
