//! What tells the entries of a dump apart: elected from the dump itself where its format leaves it
//! open, and reported with its score.

mod hits;
mod lists;

use std::collections::BTreeMap;

pub(super) use hits::{Hit, within as stamps_within};

use super::lines::Line;
use super::stamp::Family;
use super::{Decision, Told};
use crate::format::{Format, Way};

/// Stamps that run against the dump's order by no more than this are small inversions.
pub(super) const SLIP_MINUTES: i64 = 30;
/// A clock that steps further than this has crossed midnight.
pub(super) const MIDNIGHT_MINUTES: i64 = 6 * 60;
/// So many separators that no format knows make one.
const LEAST_UNKNOWN: usize = 3;

/// A line that begins, or ends, an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It begins one with a stamp.
    Stamp(Hit),
    /// It begins one with these words, from an item of a list.
    Item(String),
    /// It ends one.
    Separator,
}

/// How the entries of a dump are told apart, and the lines that do.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    /// The way.
    pub(super) way: Way,
    /// The lines, counted from 0.
    pub(super) lines: BTreeMap<usize, Mark>,
    /// What was decided, with its score.
    pub(super) decisions: Vec<Decision>,
}

/// Finds what tells the entries apart.
pub(super) fn find(lines: &[Line], format: &Format, told: &Told) -> Marks {
    let way = told.by.or(format.entry.by);
    if way == Some(Way::Start) || (way.is_none() && !format.entry.start.is_empty()) {
        // A format may describe some first lines and leave the others to their stamps.
        let stamps = if format.entry.by == Some(Way::Stamp) {
            stamps(lines, format).0
        } else {
            BTreeMap::new()
        };
        return Marks { way: Way::Start, lines: stamps, decisions: Vec::new() };
    }
    let mut offers: Vec<Offer> = Vec::new();
    let wanted = |candidate: Way| way.is_none_or(|way| way == candidate);
    if wanted(Way::Stamp) {
        let (lines, what, score, enough) = stamps(lines, format);
        offers.push(Offer { way: Way::Stamp, lines, what, score, enough });
    }
    if wanted(Way::Separator) {
        offers.push(separators(lines, format, told));
    }
    if wanted(Way::Number) {
        let found = lists::numbers(lines);
        offers.push(Offer::of_list(Way::Number, found, 2));
    }
    if wanted(Way::Bullet) {
        let found = lists::bullets(lines);
        offers.push(Offer::of_list(Way::Bullet, found, 3));
    }
    // The first way that has enough to show wins: stamps say most, shapes least.
    let forced = way.is_some();
    let scores: Vec<String> =
        offers.iter().map(|offer| format!("{} {}", offer.way.name(), offer.score)).collect();
    let at = offers.iter().position(|offer| (offer.enough || forced) && !offer.lines.is_empty());
    let chosen = at.map(|at| offers.swap_remove(at));
    let (way, lines, what) = match chosen {
        Some(offer) => (offer.way, offer.lines, offer.what),
        None => (Way::Shape, BTreeMap::new(), "titles by their shape".to_string()),
    };
    let decision = Decision {
        what: "entries are told apart by".to_string(),
        chosen: what,
        score: scores.join(", "),
        set_with: "--entries-by, or `by` under [entry] of a format".to_string(),
    };
    Marks { way, lines, decisions: vec![decision] }
}

/// One way, and what speaks for it.
struct Offer {
    way: Way,
    lines: BTreeMap<usize, Mark>,
    what: String,
    score: usize,
    enough: bool,
}

impl Offer {
    fn of_list(way: Way, found: Vec<(usize, String)>, least: usize) -> Self {
        let score = found.len();
        let what = format!("the {}s of a list", way.name());
        let lines = found.into_iter().map(|(line, words)| (line, Mark::Item(words))).collect();
        Self { way, lines, what, score, enough: score >= least }
    }
}

/// Returns the lines that begin an entry with a stamp: those of the form that explains the longest
/// run of times; what that form is, how many they are, and whether that is enough.
fn stamps(lines: &[Line], format: &Format) -> (BTreeMap<usize, Mark>, String, usize, bool) {
    let hits = hits::all(lines, format);
    let mut groups: BTreeMap<(hits::Form, Family), Vec<Hit>> = BTreeMap::new();
    for hit in hits {
        groups.entry((hit.form, hit.stamp.family())).or_default().push(hit);
    }
    groups.retain(|(form, _), group| *form != hits::Form::Alone || !are_at_the_foot(group, lines));
    let mut best: Option<(i64, (hits::Form, Family))> = None;
    for (key, group) in &groups {
        let score = hits::score(group);
        // A day alone is a heading where any clock is found.
        let score = if key.1 == Family::Dated { score } else { score * 4 };
        if score > 0 && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, *key));
        }
    }
    let Some((score, key)) = best else { return (BTreeMap::new(), String::new(), 0, false) };
    let mut chosen = groups.remove(&key).unwrap_or_default();
    // The line on which a dump broke off may hold no more than its stamp.
    let last = lines.iter().rposition(|line| !line.is_blank());
    if key.0 != hits::Form::Alone
        && let Some(alone) = groups.remove(&(hits::Form::Alone, key.1))
    {
        chosen.extend(alone.into_iter().filter(|hit| Some(hit.line) == last));
    }
    let chosen = hits::without_agendas(chosen, lines);
    let count = chosen.len();
    let full = chosen.iter().filter(|hit| hit.stamp.is_full() || hit.stamp.ago.is_some()).count();
    let enough = score > 0
        && match key.0 {
            hits::Form::Space => count >= 3,
            _ => count >= 2 || full >= 1,
        };
    let what =
        format!("stamps {}, such as `{}`", key.0.words(), chosen.first().map_or("", |h| &h.stated));
    let marks = chosen.into_iter().map(|hit| (hit.line, Mark::Stamp(hit))).collect();
    (marks, what, count, enough)
}

/// Whether stamps close their entries: each directly below a sentence, with nothing below the last.
/// Read as the beginnings of entries they would give each the words of the next.
fn are_at_the_foot(group: &[Hit], lines: &[Line]) -> bool {
    let closes = |hit: &Hit| {
        let above = hit.line.checked_sub(1).map_or("", |above| lines[above].text());
        let parted = lines.get(hit.line + 1).is_none_or(Line::is_blank);
        parted && above.len() > 1 && above.ends_with(['.', '!', '?', '”', '"', '…'])
    };
    let last = lines.iter().rposition(|line| !line.is_blank());
    group.len() >= 2 && group.last().map(|hit| hit.line) == last && group.iter().all(closes)
}

/// Returns the lines that end an entry: the format's, or a short line that recurs at even gaps.
fn separators(lines: &[Line], format: &Format, told: &Told) -> Offer {
    let known = |line: &Line| match &told.separator {
        Some(words) => line.text().trim_start_matches(lists::BULLETS).trim() == words,
        None => format.entry.separator.iter().any(|pattern| pattern.is_match(line.text())),
    };
    let found: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.is_blank() && known(line))
        .map(|(at, _)| at)
        .collect();
    let (found, enough) = match found.len() {
        0 if told.separator.is_none() => {
            let found = recurring(lines, format);
            let enough = found.len() >= LEAST_UNKNOWN;
            (found, enough)
        }
        count => (found, count >= 2),
    };
    let what = found
        .first()
        .map_or(String::new(), |at| format!("the line `{}` behind each", lines[*at].text()));
    let score = found.len();
    let lines = found.into_iter().map(|at| (at, Mark::Separator)).collect();
    Offer { way: Way::Separator, lines, what, score, enough }
}

/// The longest line that can part entries, in characters.
const LONGEST_SEPARATOR: usize = 30;

/// Returns the places of the short line that recurs most often at even gaps, with a title below.
fn recurring(lines: &[Line], format: &Format) -> Vec<usize> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let text = line.text();
        if !text.is_empty() && text.len() <= LONGEST_SEPARATOR {
            places.entry(text).or_default().push(at);
        }
    }
    let claimed = |text: &str| {
        format.discard.iter().any(|rule| rule.pattern.is_match(text))
            || format.embed.iter().flat_map(|rule| &rule.lines).any(|line| line.is_match(text))
            || format
                .media
                .iter()
                .flat_map(|rule| rule.lines.last())
                .any(|line| line.is_match(text))
    };
    let mut found: Vec<(&str, Vec<usize>)> = places
        .into_iter()
        .filter(|(text, places)| {
            places.len() >= LEAST_UNKNOWN
                && text.chars().any(char::is_alphabetic)
                && are_even(places, lines)
                && titles_below(places, lines, format) * 10 >= places.len() * 7
                && !claimed(text)
        })
        .collect();
    found.sort_by_key(|(text, places)| (std::cmp::Reverse(places.len()), *text));
    found.into_iter().next().map(|(_, places)| places).unwrap_or_default()
}

/// Whether something stands between all the places, and nowhere very much more than elsewhere.
fn are_even(places: &[usize], lines: &[Line]) -> bool {
    let gaps = places
        .windows(2)
        .map(|pair| lines[pair[0] + 1..pair[1]].iter().filter(|line| !line.is_blank()).count());
    let gaps: Vec<usize> = gaps.collect();
    let least = gaps.iter().min().copied().unwrap_or_default();
    let most = gaps.iter().max().copied().unwrap_or_default();
    least >= 2 && most <= least * 15
}

/// Counts the places with a line below that could be a title.
fn titles_below(places: &[usize], lines: &[Line], format: &Format) -> usize {
    let Some(shape) = &format.shape else { return 0 };
    let below = |at: &usize| lines[at + 1..].iter().find(|line| !line.is_blank());
    places
        .iter()
        .filter(|at| below(at).is_none_or(|line| super::shape::looks_like_one(line.text(), shape)))
        .count()
}
