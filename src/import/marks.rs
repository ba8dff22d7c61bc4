//! What tells the entries of a dump apart: elected from the dump itself where its format leaves it
//! open, and reported with its score.

mod agendas;
mod hits;
mod lists;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use hits::{Form, Hit, alone as stamp_alone, within as stamps_within};

use super::lines::Line;
use super::stamp::{Family, Half};
use super::{Decision, Told};
use crate::format::{Fits, Format, Way};

/// Entries are not longer than this on the whole, in lines, blank ones among them.
const MOST_LINES: usize = 400;
/// So many separators that no format knows make one.
const LEAST_UNKNOWN: usize = 3;

/// In what a sentence ends, whatever the format.
const SENTENCE_ENDS: [char; 7] = ['.', '!', '?', '”', '"', '…', '»'];

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
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// The way.
    pub(super) way: Way,
    /// The lines, counted from 0.
    pub(super) lines: BTreeMap<usize, Mark>,
    /// What was decided, with its score.
    pub(super) decisions: Vec<Decision>,
    /// The form and the kind of the stamps.
    stamps: Option<(Form, Family)>,
    /// The words of the separator.
    separator: Option<String>,
}

/// What the windows of a long dump keep to.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    way: Way,
    stamps: Option<(Form, Family)>,
    separator: Option<String>,
}

impl Marks {
    /// Returns what the rest of the dump keeps to.
    pub(super) fn kept(&self) -> Kept {
        Kept { way: self.way, stamps: self.stamps, separator: self.separator.clone() }
    }
}

/// Finds what tells the entries apart.
pub(super) fn find(
    lines: &[Line],
    fits: &[Fits],
    format: &Format,
    told: &Told,
    kept: Option<&Kept>,
) -> Marks {
    let mut way = kept.map(|kept| kept.way).or(told.by).or(format.entry.by);
    let form = kept.and_then(|kept| kept.stamps);
    let starts = !format.entry.start.is_empty();
    if way == Some(Way::Start) || (way.is_none() && starts) {
        return Marks { way: Way::Start, ..Marks::default() };
    }
    // A format may describe some first lines and leave the others to their stamps; where a copy has
    // kept neither, the dump decides.
    if way == Some(Way::Stamp) && starts && kept.is_none() {
        let found = stamps(lines, fits, format, form);
        let is_start = |at: usize| {
            format.entry.start.iter().any(|start| fits[at].has(start, lines[at].whole()))
        };
        let described = (0..lines.len()).any(is_start);
        // One stamp may be the page's own.
        if found.enough && (found.score > 1 || !described) {
            let (lines, stamps) = (found.lines, found.stamps);
            return Marks { way: Way::Stamp, lines, stamps, ..Marks::default() };
        }
        if described {
            return Marks { way: Way::Start, ..Marks::default() };
        }
        way = told.by;
    }
    let mut offers: Vec<Offer> = Vec::new();
    let wanted = |candidate: Way| way.is_none_or(|way| way == candidate);
    if wanted(Way::Stamp) {
        offers.push(stamps(lines, fits, format, form));
    }
    if wanted(Way::Separator) {
        let words = kept.and_then(|kept| kept.separator.as_deref()).or(told.separator.as_deref());
        offers.push(separators(lines, fits, format, words));
    }
    if wanted(Way::Number) {
        let found = lists::numbers(lines);
        offers.push(Offer::of_list(Way::Number, found, 2));
    }
    if wanted(Way::Bullet) {
        let found = lists::bullets(lines, format);
        offers.push(Offer::of_list(Way::Bullet, found, 3));
    }
    leave_stamps_to_numbers(&mut offers, lines);
    // The first way that has enough to show wins: stamps say most, shapes least.
    let forced = way.is_some();
    let scores: Vec<String> =
        offers.iter().map(|offer| format!("{} {}", offer.way.name(), offer.score)).collect();
    let at = offers.iter().position(|offer| (offer.enough || forced) && !offer.lines.is_empty());
    let chosen = at.map(|at| offers.swap_remove(at));
    let shape = || Offer::of(Way::Shape, "titles by their shape".to_string());
    let chosen = chosen.unwrap_or_else(shape);
    let decision = Decision {
        what: "entries are told apart by".to_string(),
        chosen: chosen.what,
        score: scores.join(", "),
        set_with: "--entries-by, or `by` under [entry] of a format".to_string(),
    };
    Marks {
        way: chosen.way,
        lines: chosen.lines,
        decisions: if forced { Vec::new() } else { vec![decision] },
        stamps: chosen.stamps,
        separator: chosen.separator,
    }
}

/// Drops the stamps where each only stands below the numbered head of its entry.
fn leave_stamps_to_numbers(offers: &mut Vec<Offer>, lines: &[Line]) {
    let of = |way: Way| offers.iter().find(|offer| offer.way == way && offer.enough);
    let (Some(stamps), Some(numbers)) = (of(Way::Stamp), of(Way::Number)) else { return };
    let below = |at: &&usize| {
        let above = lines[..**at].iter().rposition(|line| !line.is_blank());
        above.is_some_and(|above| numbers.lines.contains_key(&above))
    };
    if stamps.lines.keys().filter(below).count() == stamps.lines.len() {
        offers.retain(|offer| offer.way != Way::Stamp);
    }
}

/// One way, and what speaks for it.
struct Offer {
    way: Way,
    lines: BTreeMap<usize, Mark>,
    what: String,
    score: usize,
    enough: bool,
    stamps: Option<(Form, Family)>,
    separator: Option<String>,
}

impl Offer {
    fn of(way: Way, what: String) -> Self {
        let lines = BTreeMap::new();
        Self { way, lines, what, score: 0, enough: false, stamps: None, separator: None }
    }

    fn of_list(way: Way, found: Vec<(usize, String)>, least: usize) -> Self {
        let score = found.len();
        let lines = found.into_iter().map(|(line, words)| (line, Mark::Item(words))).collect();
        let what = format!("the {}s of a list", way.name());
        Self { lines, score, enough: score >= least, ..Self::of(way, what) }
    }
}

/// Returns the lines that begin an entry with a stamp: those of the form that explains the longest
/// run of times, or of the form that is `kept`.
fn stamps(lines: &[Line], fits: &[Fits], format: &Format, kept: Option<(Form, Family)>) -> Offer {
    let hits = hits::all(lines, fits, format);
    let mut groups: BTreeMap<(Form, Family), Vec<Hit>> = BTreeMap::new();
    for hit in hits {
        groups.entry((hit.form, hit.stamp.family())).or_default().push(hit);
    }
    groups.retain(|(form, _), group| *form != Form::Alone || !are_at_the_foot(group, lines));
    leave_out_tables(&mut groups, lines);
    let mut best: Option<(i64, (Form, Family))> = None;
    for (key, group) in &groups {
        let score = hits::score(group);
        // A day alone is a heading where any clock is found.
        let score = if key.1 == Family::Dated { score } else { score * 4 };
        let wanted = kept.map_or(score > 0, |kept| kept == *key);
        if wanted && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, *key));
        }
    }
    let Some((score, key)) = best else { return Offer::of(Way::Stamp, String::new()) };
    let mut chosen = groups.remove(&key).unwrap_or_default();
    // Some entries of a page may have a title on the line of the stamp, and others not.
    for (other, group) in groups {
        if other.1 == key.1 && other.0 != Form::Behind {
            chosen = joined(chosen, group, lines);
        }
    }
    // A later part of a long dump has no head of the page.
    let chosen =
        if kept.is_some() { chosen } else { hits::without_page_head(chosen, lines, format) };
    let chosen = agendas::without_agendas(chosen, lines);
    let count = chosen.len();
    let full = chosen.iter().filter(|hit| hit.stamp.is_full() || hit.stamp.ago.is_some()).count();
    // The hours at the start of a few sentences of a long text are no run of times.
    let run = chosen.windows(2).any(|pair| pair[0].stamp != pair[1].stamp);
    let few = count * MOST_LINES < lines.len();
    let enough = score > 0
        && match key.0 {
            Form::Space => !few && ((count >= 3 && run) || full >= 2),
            _ => count >= 2 || full >= 1,
        };
    let what =
        format!("stamps {}, such as `{}`", key.0.words(), chosen.first().map_or("", |h| &h.stated));
    let lines = chosen.into_iter().map(|hit| (hit.line, Mark::Stamp(hit))).collect();
    Offer { lines, score: count, enough, stamps: Some(key), ..Offer::of(Way::Stamp, what) }
}

/// Adds stamps of another form, where all fit into the run. The line on which a dump broke off may
/// hold no more than its stamp.
fn joined(chosen: Vec<Hit>, others: Vec<Hit>, lines: &[Line]) -> Vec<Hit> {
    let last = lines.iter().rposition(|line| !line.is_blank());
    let at_end = |hit: &Hit| hit.form == Form::Alone && Some(hit.line) == last;
    let (ends, mut others): (Vec<Hit>, Vec<Hit>) = others.into_iter().partition(at_end);
    // "At 3.10pm Mr Holm left": a sentence of an entry, where no stamp of the run is led in so, or
    // stands directly below other words as it does.
    let tight = |hit: &&Hit| hit.line > 0 && !lines[hit.line - 1].is_blank();
    let may_be_tight = chosen.iter().filter(tight).count() * 2 > chosen.len();
    let may_speak = chosen.iter().any(|hit| hit.is_led_in(lines));
    others.retain(|hit| {
        let spoken = hit.form == Form::Space && hit.is_led_in(lines);
        let inside = hit.form != Form::Alone && tight(&hit);
        (may_speak || !spoken) && (may_be_tight || !inside)
    });
    leave_out_list_above(&mut others, &chosen, lines);
    let mut all: Vec<Hit> = chosen.iter().chain(&others).cloned().collect();
    all.sort_by_key(|hit| hit.line);
    let fit = hits::score(&all) >= hits::score(&chosen) + hits::score(&others);
    // One among others has to say that it is a clock, or to be parted from its words.
    let sure = |hit: &Hit| {
        let half = hit.stamp.clock.is_some_and(|clock| clock.half == Half::Stated);
        let first = all.first() == Some(hit);
        let alone = hit.form == Form::Alone;
        if first { !alone } else { alone || half || hit.is_parted() }
    };
    let enough = match others.as_slice() {
        [one] => sure(one),
        others => !others.is_empty(),
    };
    let mut run = if enough && fit { all } else { chosen };
    run.extend(ends);
    run
}

/// Drops the stamps above the first of the run where they are those of a list of entries, or of the
/// page: nothing stands between one and the next stamp but perhaps a sentence on its own line.
fn leave_out_list_above(others: &mut Vec<Hit>, chosen: &[Hit], lines: &[Line]) {
    let Some(first) = chosen.first() else { return };
    let count = others.iter().take_while(|hit| hit.line < first.line).count();
    let above: Vec<&Hit> = others[..count].iter().chain([first]).collect();
    let is_bare = |pair: &[&Hit]| {
        let says = pair[0].is_parted() && pair[0].rest.ends_with(SENTENCE_ENDS);
        !says && lines[pair[0].line + 1..pair[1].line].iter().all(Line::is_blank)
    };
    let full = |hit: &Hit| hit.stamp.is_full();
    let of_page = others[..count].iter().any(full) && !chosen.iter().any(full);
    // A list names the stamps of entries.
    let stamps: BTreeSet<_> = chosen.iter().map(|hit| hits::minutes(&hit.stamp)).collect();
    let named = |hit: &Hit| stamps.contains(&hits::minutes(&hit.stamp));
    if of_page || others[..count].iter().all(named) || above.windows(2).any(is_bare) {
        others.drain(..count);
    }
}

/// Whether stamps close their entries: each directly below a sentence, with nothing below the last.
/// Read as the beginnings of entries they would give each the words of the next.
fn are_at_the_foot(group: &[Hit], lines: &[Line]) -> bool {
    let closes = |hit: &Hit| {
        let above = hit.line.checked_sub(1).map_or("", |above| lines[above].text());
        let parted = lines.get(hit.line + 1).is_none_or(Line::is_blank);
        parted && above.len() > 1 && above.ends_with(SENTENCE_ENDS)
    };
    let last = lines.iter().rposition(|line| !line.is_blank());
    group.len() >= 2 && group.last().map(|hit| hit.line) == last && group.iter().all(closes)
}

/// Drops stamps alone on their line that stand in a table, of prices or results, where others tell
/// entries apart.
fn leave_out_tables(groups: &mut BTreeMap<(Form, Family), Vec<Hit>>, lines: &[Line]) {
    let timed =
        |form: Form| groups.iter().filter(move |(key, _)| key.0 != form && key.1 == Family::Timed);
    let most = timed(Form::Alone).map(|(_, group)| group.len()).max().unwrap_or_default();
    groups.retain(|(form, _), group| {
        *form != Form::Alone || most * 2 < group.len() || !are_in_a_table(group, lines)
    });
}

/// Whether stamps stand in a table: nothing but a few words between them, and a number among them.
fn are_in_a_table(group: &[Hit], lines: &[Line]) -> bool {
    let is_cell =
        |line: &Line| is_no_longer(line.text(), LONGEST_CELL) && !line.text().ends_with('.');
    let is_row = |pair: &[Hit]| {
        let between = &lines[pair[0].line + 1..pair[1].line];
        let is_number = |line: &Line| line.text().contains(|c: char| c.is_ascii_digit());
        between.iter().all(is_cell) && between.iter().any(is_number)
    };
    let between = group.windows(2).filter(|pair| pair[1].line > pair[0].line + 1);
    let between: Vec<&[Hit]> = between.collect();
    between.len() >= 2 && between.into_iter().all(is_row)
}

/// Whether a text has no more characters than this.
fn is_no_longer(text: &str, longest: usize) -> bool {
    text.len() <= longest || text.chars().nth(longest).is_none()
}

/// Returns the lines that end an entry: the format's, or a short line that recurs at even gaps.
fn separators(lines: &[Line], fits: &[Fits], format: &Format, words: Option<&str>) -> Offer {
    let known = |at: usize| match words {
        Some(words) => lines[at].text().trim_start_matches(lists::BULLETS).trim() == words,
        None => format.entry.separator.iter().any(|p| fits[at].has(p, lines[at].text())),
    };
    let found: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(at, line)| !line.is_blank() && known(*at))
        .map(|(at, _)| at)
        .collect();
    let known = !found.is_empty() || words.is_some();
    let found = if known { found } else { recurring(lines, format) };
    let enough = found.len() >= if known { 2 } else { LEAST_UNKNOWN };
    let what = found
        .first()
        .map_or(String::new(), |at| format!("the line `{}` behind each", lines[*at].text()));
    let plain =
        |at: &usize| lines[*at].text().trim_start_matches(lists::BULLETS).trim().to_string();
    let separator = found.first().filter(|_| !known).map(plain).or(words.map(str::to_string));
    let score = found.len();
    let lines = found.into_iter().map(|at| (at, Mark::Separator)).collect();
    Offer { lines, score, enough, separator, ..Offer::of(Way::Separator, what) }
}

/// The longest line that can part entries, in characters.
const LONGEST_SEPARATOR: usize = 30;
/// The longest cell of a table, in characters.
const LONGEST_CELL: usize = 30;

/// Returns the places of the short line that recurs most often at even gaps, with a title below.
fn recurring(lines: &[Line], format: &Format) -> Vec<usize> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let text = line.text();
        if !text.is_empty() && is_no_longer(text, LONGEST_SEPARATOR) {
            places.entry(text).or_default().push(at);
        }
    }
    let claimed = |text: &str| {
        format.stream(text).is_some()
            || format.discard.iter().any(|rule| rule.pattern.is_match(text))
            || format.embed.iter().flat_map(|rule| &rule.lines).any(|line| line.is_match(text))
            || format
                .media
                .iter()
                .filter_map(|rule| rule.lines.last())
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
        .filter(|at| {
            below(at).is_none_or(|line| super::looks::looks_like_title(line.text(), shape))
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::built_in;
    use crate::import::lines;

    #[test]
    fn only_the_first_part_of_a_long_dump_has_a_head_of_the_page() {
        let formats = built_in();
        let generic = formats.iter().find(|format| format.name == "generic").expect("built in");
        let told = Told::default();
        let read = |text: &str, kept: Option<&Kept>| {
            let lines = lines::lines(text);
            let fits = vec![Fits::default(); lines.len()];
            find(&lines, &fits, generic, &told, kept)
        };
        let text = "2 April 2031 10:45\nRain sets in.\n\n10:30\nA wall fell.\n\n10:20\nIt is dry.";
        let first = read(text, None);
        assert_eq!(first.lines.len(), 2);
        assert_eq!(read(text, Some(&first.kept())).lines.len(), 3);
    }
}
