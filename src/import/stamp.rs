//! Stamps: the ways in which publishers write when an entry was posted, read from a line.
//!
//! One small grammar instead of a table of expressions: a date, a clock, both in either order, how
//! long ago, or an epoch. What a stamp leaves open (the year, the zone, the half of the day) stays
//! open here; [`super::day`] settles it for all entries together.

mod dates;
mod words;

use chrono::{NaiveDate, NaiveTime, Weekday};

pub(super) use words::{PUBLISHED, UPDATED, is_led_in, is_of_page, month_number, says_updated};

/// What a stamp says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The time of day.
    pub(super) clock: Option<Clock>,
    /// The zone as it is written, empty where none is named.
    pub(super) zone: String,
    /// The day, or what is said of it.
    pub(super) date: Option<Partial>,
    /// How long before the capture.
    pub(super) ago: Option<Ago>,
    /// Seconds since 1970-01-01 UTC.
    pub(super) epoch: Option<i64>,
}

/// A time of day as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// The time, on a clock of 24 hours where the half is known.
    pub(super) time: NaiveTime,
    /// Whether the stamp leaves no doubt of the half of the day.
    pub(super) half: Half,
}

/// What a clock says about the half of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    /// `am` or `pm` stands there.
    Stated,
    /// Nothing does: a clock of 24 hours, or one of 12 that leaves it out.
    Open,
    /// Nothing does, and the dump shows that its clock is one of 12 hours: the time is not known.
    Lost,
}

/// What a stamp says of the day; numbers whose order is not known are kept as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Partial {
    /// The year.
    pub(super) year: Option<i32>,
    /// The month, 1 to 12; where `numeric`, the first number.
    pub(super) month: u32,
    /// The day of the month; where `numeric`, the second number.
    pub(super) day: u32,
    /// Whether the month and the day could be the other way round.
    pub(super) numeric: bool,
    /// The day of the week, where it is named.
    pub(super) weekday: Option<Weekday>,
}

impl Partial {
    /// Returns the day in a year, `day_first` deciding numbers whose order is open.
    pub(super) fn in_year(&self, year: i32, day_first: Option<bool>) -> Option<NaiveDate> {
        // Numbers above 12, and equal ones, have one reading.
        let swapped = self.numeric
            && match (self.month, self.day) {
                (13.., _) => true,
                (month, day) if day > 12 || month == day => false,
                _ => day_first?,
            };
        let (month, day) = if swapped { (self.day, self.month) } else { (self.month, self.day) };
        NaiveDate::from_ymd_opt(year, month, day)
    }
}

/// How long ago, in a unit that says how exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ago {
    /// Minutes.
    pub(super) minutes: i64,
    /// The length of the smallest unit that is named, in minutes.
    pub(super) unit: i64,
}

/// The kinds of stamp that a dump keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    /// A clock, perhaps with its day.
    Timed,
    /// A day without a clock.
    Dated,
    /// Seconds since 1970.
    Epoch,
}

impl Stamp {
    /// Returns the kind of stamp that it is.
    pub(super) fn family(&self) -> Family {
        if self.epoch.is_some() {
            Family::Epoch
        } else if self.clock.is_some() || self.ago.is_some() {
            Family::Timed
        } else {
            Family::Dated
        }
    }

    /// Whether the stamp names both a clock and a day, and so can hardly be anything else.
    pub(super) fn is_full(&self) -> bool {
        self.clock.is_some() && self.date.is_some()
    }
}

/// Reads a whole text as a stamp.
pub(super) fn whole(text: &str) -> Option<Stamp> {
    let (stamp, end) = at_start(text)?;
    text[end..].trim_matches([' ', '.', ',', ':']).is_empty().then_some(stamp)
}

/// Whether a text is the name of a day of the week, and nothing else.
pub(super) fn is_weekday(text: &str) -> bool {
    let mut cursor = Cursor { text, at: 0 };
    words::weekday(&mut cursor).is_some() && cursor.rest().trim_matches([' ', ':']).is_empty()
}

/// Reads a day heading: a day, or no more than its name.
pub(super) fn heading(text: &str) -> Option<Partial> {
    if is_weekday(text) {
        let weekday = words::weekday(&mut Cursor { text, at: 0 });
        return Some(Partial { weekday, ..Partial::default() });
    }
    whole(text).and_then(|stamp| stamp.date)
}

/// Reads the stamp that a text begins with, and returns where it ends.
pub(super) fn at_start(text: &str) -> Option<(Stamp, usize)> {
    if !words::could_begin(text) {
        return None;
    }
    let mut cursor = Cursor { text, at: 0 };
    if let Some(ago) = cursor.ago() {
        return Some((Stamp { ago: Some(ago), ..Stamp::default() }, cursor.at));
    }
    if let Some(epoch) = cursor.epoch() {
        return Some((Stamp { epoch: Some(epoch), ..Stamp::default() }, cursor.at));
    }
    cursor.words_before_a_time();
    let start = cursor.at;
    if let Some(date) = cursor.date() {
        let stamp = cursor.clock_behind(date);
        // A day and a month alone are no stamp: "3 May" begins many a sentence.
        let is_one = stamp.clock.is_some() || date.year.is_some() || date.weekday.is_some();
        if is_one && cursor.is_at_an_end() {
            return Some((stamp, cursor.at));
        }
    }
    cursor.at = start;
    let (clock, bare) = cursor.clock()?;
    cursor.second_clock();
    let zone = cursor.zone();
    cursor.second_clock();
    if bare && zone.is_empty() && !matches!(cursor.peek(), Some(':')) {
        return None;
    }
    let mut stamp = Stamp { clock: Some(clock), zone, ..Stamp::default() };
    let end = cursor.at;
    stamp.date = cursor.date_behind();
    cursor.at = if stamp.date.is_some() { cursor.at } else { end };
    cursor.is_at_an_end().then_some((stamp, cursor.at))
}

/// Returns where the date ends that a text begins with, also one that is no stamp: `3 May`,
/// `May 2031`.
pub(super) fn date_at(text: &str) -> Option<usize> {
    let mut cursor = Cursor { text, at: 0 };
    let date = cursor.date().is_some_and(|date| date.day > 0);
    if date && cursor.is_at_an_end() {
        return Some(cursor.at);
    }
    cursor.at = 0;
    words::month(&mut cursor)?;
    let year = cursor.spaces() && cursor.number(4, 4).is_some_and(|year| year >= 1000);
    year.then_some(cursor.at)
}

/// Returns where the day of the week ends that a text begins with; short ones have a capital.
pub(super) fn weekday_at(text: &str) -> Option<usize> {
    let mut cursor = Cursor { text, at: 0 };
    words::weekday(&mut cursor)?;
    let is_short = text[..cursor.at].chars().count() <= 4;
    (!is_short || text.starts_with(char::is_uppercase)).then_some(cursor.at)
}

/// A place in a text.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Whether what was read is not the beginning of a longer word or number.
    fn is_at_an_end(&self) -> bool {
        let mut ahead = self.rest().chars();
        let before = self.text[..self.at].chars().next_back();
        match (ahead.next(), before) {
            (Some(c), Some(b)) if c.is_ascii_digit() => !b.is_ascii_digit(),
            // `21.482`, `8.213,5`, `10.15%`
            (Some('.' | ','), _) => !ahead.next().is_some_and(|c| c.is_ascii_digit()),
            (Some('%' | '°'), _) => false,
            _ => true,
        }
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn spaces(&mut self) -> bool {
        let rest = self.rest();
        let count = rest.len() - rest.trim_start_matches(' ').len();
        self.at += count;
        count > 0
    }

    /// Reads something, and goes back where it is not there.
    fn or_back<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.at;
        let found = read(self);
        if found.is_none() {
            self.at = start;
        }
        found
    }

    /// Eats the first of `words` that stands here as a whole word, whatever its case.
    fn word(&mut self, words: &[&str]) -> bool {
        let Some(first) = self.rest().bytes().next() else { return false };
        words.iter().any(|word| {
            // A glance at the first letter spares nearly all that follows.
            let begins = word.as_bytes()[0];
            let can_differ = !first.is_ascii() && !begins.is_ascii();
            if !can_differ && !begins.eq_ignore_ascii_case(&first) {
                return false;
            }
            let rest = self.rest();
            let Some(head) = rest.get(..word.len()) else { return false };
            let goes_on = rest[word.len()..].chars().next().is_some_and(char::is_alphabetic);
            let same = head.eq_ignore_ascii_case(word)
                || (!head.is_ascii() && head.to_lowercase() == **word);
            let found = !goes_on && same;
            if found {
                self.at += word.len();
            }
            found
        })
    }

    /// Eats the first of `parts` that stands here, whatever follows it.
    fn word_part(&mut self, parts: &[&str]) -> bool {
        let found = parts.iter().find(|part| self.rest().starts_with(**part));
        self.at += found.map_or(0, |part| part.len());
        found.is_some()
    }

    /// Reads a number of `least` to `most` digits, and leaves the digits behind it.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let rest = self.rest();
        let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if count < least {
            return None;
        }
        let number = rest[..count].parse().ok()?;
        self.at += count;
        Some(number)
    }

    /// Reads a number of `least` to `most` digits with no digit behind it.
    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        self.or_back(|cursor| {
            let number = cursor.digits(least, most)?;
            (!cursor.peek().is_some_and(|c| c.is_ascii_digit())).then_some(number)
        })
    }

    /// Eats what stands before a time and belongs to it: "Ore 5.22", "Le 19/03".
    fn words_before_a_time(&mut self) {
        let start = self.at;
        let found = self.word(words::BEFORE);
        self.eat('.');
        if !(found && self.spaces()) {
            self.at = start;
        }
    }

    /// Seconds (10 digits) or milliseconds (13) since 1970, for the years 2001 to 2096.
    fn epoch(&mut self) -> Option<i64> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let digits = &self.rest()[..count];
        let seconds = match count {
            10 => digits.parse::<i64>().ok()?,
            13 => digits.parse::<i64>().ok()? / 1000,
            _ => return None,
        };
        (1_000_000_000..4_000_000_000).contains(&seconds).then(|| {
            self.at += count;
            seconds
        })
    }

    fn ago(&mut self) -> Option<Ago> {
        self.or_back(Self::ago_parts)
    }

    fn ago_parts(&mut self) -> Option<Ago> {
        let led = self.word(&["il y a", "vor", "hace", "há"]) && self.spaces();
        let (mut minutes, mut unit) = (0, i64::MAX);
        loop {
            let before = self.at;
            let (Some(count), _) = (self.number(1, 3), self.spaces()) else {
                self.at = before;
                break;
            };
            let Some(length) = words::unit(self) else {
                self.at = before;
                break;
            };
            self.eat('.');
            minutes = i64::from(count).saturating_mul(length).saturating_add(minutes);
            unit = unit.min(length);
            let _ = (self.spaces(), self.eat(','), self.spaces());
        }
        // A name may be glued behind: "46 minutes agoAda Holm".
        let rest = self.rest();
        let glued =
            rest.strip_prefix("ago").is_some_and(|name| name.starts_with(char::is_uppercase));
        self.at += if glued { "ago".len() } else { 0 };
        let followed = glued
            || self.word(&["ago", "fa", "atrás", "geleden", "sedan", "siden", "temu", "önce"]);
        if !(led || followed) || unit == i64::MAX {
            return None;
        }
        self.at = self.text[..self.at].trim_end_matches(' ').len();
        Some(Ago { minutes, unit })
    }

    /// Reads a clock, and whether it is four digits that could be any number.
    fn clock(&mut self) -> Option<(Clock, bool)> {
        self.or_back(Self::clock_parts)
    }

    fn clock_parts(&mut self) -> Option<(Clock, bool)> {
        // "午後2時30分", "오후 2시 30분"
        let early = self.word_part(&["午前", "上午", "오전"]).then_some('a');
        let led = early.or_else(|| self.word_part(&["午後", "下午", "오후"]).then_some('p'));
        let _ = led.is_some() && self.spaces();
        let run = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if run == 4 {
            let (hour, minute) = (self.digits(2, 2)?, self.digits(2, 2)?);
            let clock = Clock { time: NaiveTime::from_hms_opt(hour, minute, 0)?, half: Half::Open };
            return Some((clock, true));
        }
        for (name, hour) in [("noon", 12), ("midday", 12), ("midnight", 0)] {
            if self.word(&[name]) {
                let time = NaiveTime::from_hms_opt(hour, 0, 0)?;
                return Some((Clock { time, half: Half::Stated }, false));
            }
        }
        let hour = self.number(1, 2)?;
        let (mut minute, mut second, mut said) = (0, 0, false);
        let before = self.at;
        let colon = self.eat(':');
        let dot = !colon && self.eat('.');
        let parted = colon || dot || self.eat('h') || self.eat('H');
        let worded = self.word_part(&["時", "时", "點", "点", "시"]);
        let parted = parted || worded;
        let spaced = (colon || dot || worded) && self.spaces();
        let few = |minutes: &u32| *minutes < 60;
        let minutes = if worded { self.number(1, 2).filter(few) } else { self.minutes() };
        match minutes {
            Some(found) if parted && !(spaced && self.peek() == Some(':')) => {
                (minute, said) = (found, true);
                let before = self.at;
                match (self.eat(':') || self.eat('.'), self.minutes()) {
                    (true, Some(found)) => second = found,
                    _ => self.at = before,
                }
                let _ = self.word(&["min"]) || self.word_part(&["分", "분"]);
            }
            // "午後2時"
            _ if worded => said = true,
            _ => self.at = before,
        }
        let half = led.or_else(|| self.half());
        // "3. 58 PM" is a clock, "3. 58 boats" an item of a list.
        if dot && spaced && said && half.is_none() {
            return None;
        }
        let before = self.at;
        self.spaces();
        let unit = half.is_none() && self.word(words::HOURS);
        let _ = unit && self.eat('.');
        if !unit {
            self.at = before;
        }
        if !said && half.is_none() && !unit {
            return None;
        }
        let hour = match half {
            // "15:40 PM" is a clock of 24 hours with a useless mark.
            Some('p') if hour < 12 => hour + 12,
            Some('a') if hour == 12 => 0,
            _ => hour,
        };
        let half = if half.is_some() { Half::Stated } else { Half::Open };
        let time = NaiveTime::from_hms_opt(hour, minute, second)?;
        Some((Clock { time, half }, false))
    }

    fn minutes(&mut self) -> Option<u32> {
        self.or_back(|cursor| cursor.digits(2, 2).filter(|minutes| *minutes < 60))
    }

    /// Reads `am`, `p.m.`, `PM`, and what is near it; in capitals, a word may be glued behind.
    fn half(&mut self) -> Option<char> {
        let start = self.at;
        self.spaces();
        let letter = self.peek().map(|c| c.to_ascii_lowercase()).filter(|c| matches!(c, 'a' | 'p'));
        if letter.is_some() {
            let capital = self.peek().is_some_and(char::is_uppercase);
            self.at += 1;
            let dotted = self.eat('.');
            let _ = dotted && self.spaces();
            let last = self.peek();
            if matches!(last, Some('m' | 'M')) {
                self.at += 1;
                let glued = self.peek().is_some_and(char::is_alphanumeric);
                if !glued || (capital && last == Some('M')) {
                    let _ = dotted && self.eat('.');
                    return letter;
                }
            }
        }
        self.at = start;
        None
    }

    /// Skips the same moment in another zone: "7.46 (2.46)".
    fn second_clock(&mut self) {
        let start = self.at;
        self.spaces();
        let inside = self.eat('(') && self.clock().is_some();
        let _ = inside && !self.zone().is_empty();
        if !(inside && self.eat(')')) {
            self.at = start;
        }
    }

    /// Reads the name of a zone; empty where none stands here.
    fn zone(&mut self) -> String {
        let start = self.at;
        self.spaces();
        let length = super::zone::length_at_start(self.rest());
        if length == 0 {
            self.at = start;
            return String::new();
        }
        let name = self.rest()[..length].to_string();
        self.at += length;
        name
    }

    /// Reads the date behind a clock: "18:42 BST 17 June 2017", "6:31 p.m. ET, January 6, 2021".
    fn date_behind(&mut self) -> Option<Partial> {
        self.spaces();
        let _ = self.eat(',') || self.eat('|') || self.eat('-') || self.eat('–');
        self.spaces();
        let _ = self.word(&["on", "le", "del", "am", "den", "em"]) && self.spaces();
        self.date()
    }

    /// Reads the clock behind a date, if there is one.
    fn clock_behind(&mut self, date: Partial) -> Stamp {
        let stamp = Stamp { date: Some(date), ..Stamp::default() };
        let end = self.at;
        let _ = (self.eat(')'), self.spaces());
        let _ = ["T", ",", "|", "-", "–", "·", "•", "—", "/"].iter().any(|c| {
            let found = self.rest().starts_with(c);
            self.at += if found { c.len() } else { 0 };
            found
        });
        self.spaces();
        if self.word(words::BETWEEN) {
            self.eat('.');
            self.spaces();
        }
        if let Some((clock, _)) = self.clock() {
            self.second_clock();
            return Stamp { clock: Some(clock), zone: self.zone(), ..stamp };
        }
        self.at = end;
        stamp
    }
}

#[cfg(test)]
mod tests;
