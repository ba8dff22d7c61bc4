//! Lines that hold a stamp where an entry's could stand, and which of them belong together.

use memchr::memmem;

use crate::format::{Fits, Format, Pattern, Rule};
use crate::import::clock::{MIDNIGHT_MINUTES, SLIP_MINUTES};
use crate::import::lines::Line;
use crate::import::looks::is_name;
use crate::import::stamp::{self, Family, Half, Stamp, is_of_page};

/// A line longer than this (in bytes) holds no stamp behind other words.
const LONGEST_PREFIXED: usize = 400;
/// A name and a clock are no longer than this, in bytes.
const LONGEST_NAMED: usize = 60;
/// A stamp behind other words begins within so many bytes.
const LONGEST_PREFIX: usize = 120;
/// A stamp within a line has its first digit within so many bytes.
const LONGEST_WITHIN: usize = 24;
/// The longest place before a stamp, as in `Bihar | 11:40`, in bytes.
const LONGEST_PLACE: usize = 40;
/// Words that publishers put before a stamp.
const LEADS: &[&str] = &[
    "LATEST",
    "UPDATED",
    "UPDATE",
    "Update",
    "NEW",
    "BREAKING",
    "JUST IN",
    "Posted",
    "Posted at",
    "Aktualisiert",
    "Update vom",
    "ACTUALIZACIÓN",
    "Actualización",
    "AGGIORNAMENTO",
    "Aggiornamento",
    "MISE À JOUR",
    "ATUALIZAÇÃO",
    "gegen",
    "Gegen",
    "vers",
    "Vers",
    "circa",
    "Circa",
];

/// Where on its line a stamp stands, and what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) enum Form {
    /// Nothing else is on the line.
    Alone,
    /// A colon follows, or a full stop.
    Colon,
    /// A dash follows.
    Dash,
    /// A bar follows.
    Pipe,
    /// Other words stand before it.
    Behind,
    /// Words follow it directly.
    Space,
}

impl Form {
    /// Returns it in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Alone => "alone on their line",
            Self::Colon => "with a colon or a full stop behind them",
            Self::Dash => "with a dash behind them",
            Self::Pipe => "with a bar behind them",
            Self::Behind => "behind other words",
            Self::Space => "with words behind them",
        }
    }
}

/// A stamp on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) struct Hit {
    /// The line, counted from 0.
    pub(in crate::import) line: usize,
    /// Where the stamp stands.
    pub(in crate::import) form: Form,
    /// What it says.
    pub(in crate::import) stamp: Stamp,
    /// As it is written.
    pub(in crate::import) stated: String,
    /// The words before it: a title or who wrote the entry.
    pub(in crate::import) before: String,
    /// The words behind it.
    pub(in crate::import) rest: String,
}

impl Hit {
    /// Whether a mark parts the stamp from the words behind it.
    pub(super) fn is_parted(&self) -> bool {
        matches!(self.form, Form::Colon | Form::Dash | Form::Pipe)
    }

    /// Whether a word such as "at" or "gegen" leads the stamp in on its line.
    pub(super) fn is_led_in(&self, lines: &[Line]) -> bool {
        self.before.is_empty() && stamp::is_led_in(lines[self.line].text())
    }
}

/// Returns every line of a dump that holds a stamp where an entry's could stand.
pub(super) fn all(lines: &[Line], fits: &[Fits], format: &Format) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !could_hold(line.text()) {
            continue;
        }
        let hit = on_line(at, line.text()).or_else(|| labelled(at, line.text(), format));
        let Some(mut hit) = hit else { continue };
        // "10:42 VOS QUESTIONS": a label is nothing that the stamp stands before.
        if is_label(&hit.rest, format) {
            hit.form = Form::Alone;
        }
        let fits = |rule: &Pattern| fits[at].has(rule, line.text());
        let of_rule = format.entry.updated.iter().any(fits)
            || format.discard.iter().any(|rule| fits(&rule.pattern))
            || format.summary.as_ref().is_some_and(|rule| rule.head.is_match(line.text()));
        // "11.08am BST" and below it "11:08": one stamp, said twice.
        let twin = hits.last().is_some_and(|above| is_twin(above, &hit, lines));
        if of_rule || (twin && !hits.last().is_some_and(|above| names_zone_of(&hit, above))) {
            continue;
        }
        // "2 hours ago" and below it the clock: the second says more.
        if hits.last().is_some_and(|above| is_outdone(above, &hit, lines)) {
            hits.pop();
        }
        hits.push(hit);
    }
    hits
}

/// Whether words behind a stamp are a label of the format.
fn is_label(words: &str, format: &Format) -> bool {
    let entry = &format.entry;
    entry.label.iter().chain(&entry.key).any(|label| label.is_match(words))
}

/// Reads `Jane Example 14:44 Vos questions`: a clock between a name and a label of the format.
fn labelled(line: usize, text: &str, format: &Format) -> Option<Hit> {
    if text.len() > LONGEST_PREFIX {
        return None;
    }
    let spaces = text.match_indices(' ').take_while(|(space, _)| *space <= LONGEST_NAMED);
    spaces.into_iter().find_map(|(space, _)| {
        let (name, from) = (text[..space].trim(), space + 1);
        let (stamp, end) = stamp::at_start(&text[from..])?;
        let (stated, rest) = (&text[from..from + end], text[from + end..].trim());
        let is_one = stamp.clock.is_some() && is_label(rest, format) && is_name(name);
        is_one.then(|| Hit {
            line,
            form: Form::Alone,
            stamp,
            stated: stated.trim().to_string(),
            before: name.to_string(),
            rest: rest.to_string(),
        })
    })
}

/// A cheap look: a stamp holds a digit near its start, and one behind other words holds many.
fn could_hold(text: &str) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let bytes = text.as_bytes();
    let start = &bytes[..bytes.len().min(64)];
    let named = ["noon", "Noon", "midday", "Midday", "midnight", "Midnight"];
    // Many bytes at once, which a search that may stop at any of them is not.
    start.iter().fold(false, |found, byte| found | byte.is_ascii_digit())
        || named.iter().any(|name| text.trim_start_matches('[').starts_with(name))
        || text.ends_with(".m.)")
        || (bytes.len() <= LONGEST_PREFIXED && digits(bytes) >= 6)
}

/// Whether a stamp only says again what the one above it says.
pub(super) fn is_twin(above: &Hit, hit: &Hit, lines: &[Line]) -> bool {
    let alone = above.form == Form::Alone && hit.form == Form::Alone;
    let same = match (above.stamp.clock, hit.stamp.clock) {
        (Some(one), Some(other)) => one.time == other.time,
        _ => false,
    };
    let between = &lines[above.line + 1..hit.line];
    alone && same && between.iter().all(Line::is_blank) && hit.stamp.date.is_none()
}

/// Whether this stamp says more than the one directly above it: a clock where that only says how
/// long ago, or the zone of the same clock.
fn is_outdone(above: &Hit, hit: &Hit, lines: &[Line]) -> bool {
    let zoned = is_twin(above, hit, lines) && names_zone_of(hit, above);
    above.form == Form::Alone
        && ((above.stamp.ago.is_some() && hit.stamp.clock.is_some()) || zoned)
        && lines[above.line + 1..hit.line].iter().all(Line::is_blank)
}

/// Whether a stamp names a zone that the one above leaves out, of a clock without a day.
fn names_zone_of(hit: &Hit, above: &Hit) -> bool {
    !hit.stamp.zone.is_empty() && above.stamp.zone.is_empty() && above.stamp.date.is_none()
}

/// Drops the stamps that stand above the line below which the entries begin, and, where no line
/// says so, that of the page itself: a day and a clock alone above entries that name clocks only.
pub(super) fn without_page_head(hits: Vec<Hit>, lines: &[Line], format: &Format) -> Vec<Hit> {
    let leads = |line: &Line| format.stream(line.text());
    let start = lines.iter().position(|line| leads(line).is_some_and(Rule::leads_in_all));
    let is_above = |hit: &Hit| start.is_some_and(|start| hit.line < start);
    let (above, below): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(is_above);
    let mut kept = if below.len() >= 2 && below.len() >= above.len() {
        below
    } else {
        above.into_iter().chain(below).collect()
    };
    let full = kept.iter().skip(1).filter(|hit| hit.stamp.is_full()).count();
    let of_page = kept.first().is_some_and(|first| {
        let alone = first.form == Form::Alone && first.stamp.is_full();
        let led_in = || lines[..first.line].iter().any(|line| leads(line).is_some());
        alone && kept.len() >= 3 && full == 0 && !led_in()
    });
    if of_page {
        kept.remove(0);
    }
    kept
}

/// Reads a line.
fn on_line(line: usize, text: &str) -> Option<Hit> {
    let start = without_leads(text);
    let hit = |form, stamp, stated: &str, before: &str, rest: &str| Hit {
        line,
        form,
        stamp,
        stated: stated.trim().to_string(),
        before: before.trim().to_string(),
        rest: rest.trim().to_string(),
    };
    if let Some((stamp, end)) = stamp::at_start(start) {
        // "2h ago 19.30 GMT", "46m ago (05:40 GMT)": the clock says more.
        let later = start[end..].trim_start_matches([' ', '(']);
        if stamp.ago.is_some()
            && let Some((said, length)) = stamp::at_start(later)
            && said.clock.is_some()
        {
            let (form, rest) = behind(&later[length..])?;
            return Some(hit(form, said, &later[..length], "", rest));
        }
        let mut rest = without_twin(&stamp, &start[end..]);
        // "6:49 p.m. ET46 minutes ago": the second says nothing that the first does not.
        if let Some((ago, end)) = stamp::at_start(rest.trim_start_matches(' '))
            && ago.ago.is_some()
        {
            rest = &rest.trim_start_matches(' ')[end..];
        }
        // "05:15updated 05:20": when it was changed is no part of it.
        let later = rest.trim_start_matches([' ', '(']).strip_prefix("updated ");
        if let Some((_, end)) = later.and_then(stamp::at_start) {
            rest = later.map_or("", |later| later[end..].trim_start_matches(')'));
        }
        // What is glued to a stamp with its day can only be the next thing on the page.
        let glued = rest.starts_with(char::is_uppercase) && stamp.is_full();
        let (form, rest) = if glued { (Form::Space, rest) } else { behind(rest)? };
        // "24/2/2031 12h47 - Atualizado em 10/3/2031 18h00"
        let of_page = stamp.is_full() && stamp::says_updated(rest);
        return (!of_page).then(|| hit(form, stamp, &start[..end], "", rest));
    }
    if let Some((place, rest)) = split_early(start, " | ")
        && !is_of_page(place)
        && let Some((stamp, end)) = stamp::at_start(rest)
        && rest[end..].trim().is_empty()
    {
        return Some(hit(Form::Alone, stamp, &rest[..end], "", ""));
    }
    // "Marrow (AFP) - 10:52 GMT - The crowd grows": where an agency's report begins.
    if let Some((_, rest)) = split_early(start, ") - ")
        && let Some((stamp, end)) = stamp::at_start(rest)
    {
        let (form, words) = behind(&rest[end..])?;
        return Some(hit(form, stamp, &rest[..end], "", words));
    }
    // Hidden words of the BBC's pages, glued to the title before them.
    if memmem::find(start.as_bytes(), b"published at ").is_some()
        && let Some((title, said)) = start.rsplit_once("published at ")
        && let Some((stamp, end)) = stamp::at_start(said)
        && stamp.clock.is_some()
        && said[end..].trim().is_empty()
    {
        return Some(hit(Form::Behind, stamp, &said[..end], title, ""));
    }
    let (at, stamp, end) = behind_words(start)?;
    let before = start[..at].trim_end_matches([' ', '-', '–', '—', '|', ',', '·', '(']);
    let rest = start[end..].trim_start_matches([')', ':', ' ']);
    // "As it happenedended1741890847": the state of the page, glued to its moment.
    let state = stamp.epoch.is_some() && ["ended", "updated"].iter().any(|s| before.ends_with(s));
    let of_page = state || is_of_page(before);
    (!of_page).then(|| hit(Form::Behind, stamp, &start[at..end], before, rest))
}

/// Cuts off the clock that stands behind a stamp once more: "6.35pm BST 18:35", "8.12pm ET01:12".
fn without_twin<'a>(stamp: &Stamp, rest: &'a str) -> &'a str {
    let behind = rest.trim_start_matches(' ');
    match stamp::at_start(behind) {
        Some((twin, end))
            if twin.date.is_none()
                && twin.clock.is_some()
                && (behind.len() == rest.len()
                    || twin.clock.map(|clock| clock.time)
                        == stamp.clock.map(|clock| clock.time)) =>
        {
            &behind[end..]
        }
        _ => rest,
    }
}

/// Cuts off what stands before a stamp and does not belong to it.
fn without_leads(text: &str) -> &str {
    // "[Updated at 11:03 p.m. ET]" is when an entry was written; without brackets, when it changed.
    let bracketed = ["[Updated at ", "[Posted at ", "[Updated ", "[Posted "];
    let mut start = bracketed.iter().find_map(|lead| text.strip_prefix(lead)).unwrap_or(text);
    loop {
        let before = start;
        start = start.trim_start_matches([
            '•', '·', '▪', '●', '*', '+', '#', '|', '[', '(', '>', '–', '—', '⚡', '🔴', '【',
        ]);
        start = start.trim_start_matches(' ');
        let digits = start.bytes().take_while(u8::is_ascii_digit).count();
        if let Some(numbered) = start.get(digits..).and_then(|rest| rest.strip_prefix(". "))
            && (1..=4).contains(&digits)
            // "8. března 2031" is no item of a list.
            && stamp::at_start(start).is_none()
        {
            start = numbered.trim_start();
        }
        for lead in LEADS {
            if let Some(rest) = start.strip_prefix(lead)
                && let Some(rest) = rest.strip_prefix([':', ',', ' '])
                && stamp::at_start(rest.trim_start()).is_some()
            {
                start = rest.trim_start();
            }
        }
        if start.len() == before.len() {
            return start;
        }
    }
}

/// Reads what follows a stamp: how it is parted from it, and the words.
fn behind(rest: &str) -> Option<(Form, &str)> {
    let closed = rest.trim_start_matches([')', ']', '】', '*']);
    let mut rest = closed.trim_start_matches([' ', '\u{3000}']);
    let spaced = rest.len() < closed.len();
    if let Some(tail) = rest.strip_prefix("update").filter(|tail| tail.starts_with(':')) {
        rest = tail;
    }
    let rest = rest.trim_end_matches([' ', '+', '|', '*']);
    for (marks, form) in [
        ([":", "："], Form::Colon),
        (["–", "—"], Form::Dash),
        (["-", "‒"], Form::Dash),
        (["|", "\t"], Form::Pipe),
        (["¦", "｜"], Form::Pipe),
    ] {
        for mark in marks {
            if let Some(words) = rest.strip_prefix(mark) {
                let words = words.trim_start_matches([' ', '-', '–', '—']);
                return Some((if words.is_empty() { Form::Alone } else { form }, words));
            }
        }
    }
    if rest.trim_matches(['.', ',', ';']).is_empty() {
        return Some((Form::Alone, ""));
    }
    // "3:12 pm. The gates are open": a full stop ends the stamp, and words begin.
    if let Some(words) = rest.strip_prefix(". ")
        && words.starts_with(|c: char| c.is_uppercase() || "\"“„«".contains(c))
    {
        return Some((Form::Colon, words));
    }
    // "10.15am," and "8.30, then" go on with their sentence.
    if rest.starts_with([',', ';', '.', ')', '/', '%', '-', '\'', '’']) {
        return None;
    }
    let begins = rest
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || !c.is_alphabetic() || !c.is_ascii());
    (spaced && begins).then_some((Form::Space, rest))
}

/// Finds a stamp that only words or a name stand before: its start, itself and its end.
fn behind_words(text: &str) -> Option<(usize, Stamp, usize)> {
    // A name needs no more than a clock behind it, and a title one in brackets.
    let least = match text.len() {
        _ if text.ends_with(".m.)") => 1,
        ..=LONGEST_NAMED => 3,
        _ => 6,
    };
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let could_be_certain = text.len() <= LONGEST_NAMED || text.ends_with(')') || names_a_year(text);
    if text.len() > LONGEST_PREFIXED || digits < least || !could_be_certain {
        return None;
    }
    let mut before = ' ';
    for (at, c) in text.char_indices().take_while(|(at, _)| *at <= LONGEST_PREFIX) {
        let inside = before.is_ascii_digit() || matches!(before, '.' | ',' | '/' | ':');
        let starts_number = c.is_ascii_digit() && !inside;
        let starts_word = c.is_alphabetic() && !before.is_alphabetic();
        before = c;
        if at == 0 || !(starts_number || starts_word) {
            continue;
        }
        let Some((stamp, end)) = stamp::at_start(&text[at..]) else { continue };
        let end = at + end;
        let rest = text[end..].trim();
        // "Ada Holm 5:15 am" says no day, and can be nothing else either.
        let name = text[..at].trim_matches([' ', ',']);
        let named = rest.is_empty() && stamp.clock.is_some() && is_name(name);
        // "Road closed (4:35 a.m.)"; "(2:35)" may be how long a recording is.
        let half = stamp.clock.is_some_and(|clock| clock.half == Half::Stated);
        let bracketed = rest == ")" && text[..at].ends_with('(') && half;
        // "On May 28, 2031 at 9:30 a.m. PT / 12:30 p.m. ET, we will" is a sentence.
        let goes_on = rest.starts_with(|c: char| c.is_lowercase() || "/,;.".contains(c));
        let certain = match stamp.family() {
            Family::Timed if named || bracketed => true,
            Family::Timed if goes_on => false,
            Family::Timed => stamp.is_full() && stamp.date.is_some_and(|date| date.year.is_some()),
            Family::Epoch => rest.is_empty(),
            Family::Dated => false,
        };
        if certain {
            return Some((at, stamp, end));
        }
    }
    None
}

/// Splits a text at the first `mark`, where no more than the name of a place stands before it.
fn split_early<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let bytes = text.as_bytes();
    let early = &bytes[..bytes.len().min(LONGEST_PLACE + mark.len())];
    let at = early.windows(mark.len()).position(|window| window == mark.as_bytes())?;
    Some((&text[..at], &text[at + mark.len()..]))
}

/// A cheap look: a year, or the seconds since 1970, has four digits, or two parted numbers before it.
fn names_a_year(text: &str) -> bool {
    let bytes = text.as_bytes();
    let runs = bytes.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit());
    let (mut parted, mut between) = (0, false);
    for run in runs {
        if !run[0].is_ascii_digit() {
            between = matches!(run, b"." | b"/" | b"-");
            continue;
        }
        parted = if between { parted + 1 } else { 0 };
        if run.len() >= 4 || parted == 2 {
            return true;
        }
    }
    false
}

/// Returns the stamp of a line that holds a clock and nothing else.
pub(in crate::import) fn alone(text: &str) -> Option<String> {
    let hit = if could_hold(text) { on_line(0, text) } else { None }?;
    (hit.form == Form::Alone && hit.stamp.clock.is_some()).then_some(hit.stated)
}

/// Returns where on a long line the stamps of entries stand: of one form, in order.
pub(in crate::import) fn within(text: &str) -> Vec<usize> {
    let mut groups: std::collections::BTreeMap<Form, Vec<(usize, Hit)>> =
        std::collections::BTreeMap::new();
    let (mut last, mut end) = (' ', 0);
    // Three stamps have at least so many digits.
    if text.bytes().filter(u8::is_ascii_digit).take(6).count() < 6 {
        return Vec::new();
    }
    for (at, c) in text.char_indices() {
        let starts = at >= end && last == ' ' && (c.is_ascii_digit() || c.is_alphabetic());
        last = c;
        if !starts || !text[at..].bytes().take(LONGEST_WITHIN).any(|b| b.is_ascii_digit()) {
            continue;
        }
        let Some((stamp, length)) = stamp::at_start(&text[at..]) else { continue };
        let rest = &text[at + length..];
        let said = without_twin(&stamp, rest);
        let twice = said.len() < rest.len();
        // "The first call came in at 10:15. The engines": the clock ends its sentence.
        if said.trim_start_matches([')', ']', ' ']).starts_with('.') {
            continue;
        }
        let form = match behind(said) {
            Some((form @ (Form::Colon | Form::Dash | Form::Pipe), _)) => form,
            Some((form, _)) if stamp.is_full() || twice => form,
            _ => continue,
        };
        end = at + length;
        let hit = Hit {
            line: 0,
            form,
            stamp,
            stated: String::new(),
            before: String::new(),
            rest: String::new(),
        };
        groups.entry(form).or_default().push((at, hit));
    }
    // Stamps within a sentence are times that it tells.
    let begins = |at: usize| {
        let before = text[..at].trim_end().chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != ',')
    };
    let in_order = |group: &Vec<(usize, Hit)>| {
        if group.iter().filter(|(at, _)| begins(*at)).count() * 2 < group.len() {
            return false;
        }
        let hits: Vec<Hit> = group.iter().map(|(_, hit)| hit.clone()).collect();
        score(&hits) * 10 >= i64::try_from(hits.len()).unwrap_or(i64::MAX) * 7
    };
    let best = groups.into_values().filter(in_order).max_by_key(Vec::len).unwrap_or_default();
    best.into_iter().map(|(at, _)| at).collect()
}

/// Returns how far a stamp lies behind the start of its day, or of all time, in minutes.
pub(super) fn minutes(stamp: &Stamp) -> Option<(i64, bool)> {
    use chrono::{Datelike as _, Timelike as _};
    if let Some(epoch) = stamp.epoch {
        return Some((epoch / 60, true));
    }
    if let Some(ago) = stamp.ago {
        return Some((-ago.minutes, true));
    }
    let clock =
        stamp.clock.map_or(0, |clock| i64::from(clock.time.num_seconds_from_midnight()) / 60);
    let Some(date) = stamp.date.filter(|date| date.day > 0) else {
        return stamp.clock.map(|_| (clock, false));
    };
    let year = date.year.unwrap_or(2000);
    let day = date.in_year(year, None).or_else(|| date.in_year(year, Some(false)))?;
    Some((i64::from(day.num_days_from_ce()) * 24 * 60 + clock, true))
}

/// Returns the minutes from one stamp to the next; a clock that steps very far has crossed midnight
/// and steps the other way.
pub(super) fn step(one: &Stamp, next: &Stamp) -> Option<i64> {
    let ((from, from_day), (to, to_day)) = (minutes(one)?, minutes(next)?);
    if from_day != to_day {
        return None;
    }
    let step = to - from;
    let day = 24 * 60;
    Some(match (from_day, step) {
        (false, step) if step > MIDNIGHT_MINUTES * 2 => step - day,
        (false, step) if step < -MIDNIGHT_MINUTES * 2 => step + day,
        _ => step,
    })
}

/// Scores a group of stamps: how many steps go one way, less those that do not.
pub(super) fn score(group: &[Hit]) -> i64 {
    let steps: Vec<i64> =
        group.windows(2).filter_map(|pair| step(&pair[0].stamp, &pair[1].stamp)).collect();
    let along = |sign: i64| {
        let good = steps.iter().filter(|step| **step * sign >= -SLIP_MINUTES).count();
        let good = i64::try_from(good).unwrap_or(i64::MAX);
        let bad = i64::try_from(steps.len()).unwrap_or(i64::MAX) - good;
        good - bad
    };
    let epochs = group.iter().filter(|hit| hit.stamp.epoch.is_some()).count();
    // A single one may be the page's own.
    let full = group.iter().filter(|hit| hit.stamp.is_full()).count();
    let certain = if group.len() > 1 { full + 2 * epochs } else { 0 };
    1 + along(1).max(along(-1)) + i64::try_from(certain).unwrap_or_default()
}
