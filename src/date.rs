//! When an entry happened: an exact moment, a day, an EDTF expression, or unknown.
//!
//! EDTF is ISO 8601-2:2019, Annex A; levels 0 and 1 are accepted, for the years 0000 to 9999.
//! A date is never invented: what is not known stays [`When::Unknown`].

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use edtf_core::{Bound, Date as EdtfDate, Edtf, IntervalEndpoint, YearKind};

use crate::words::Words;

/// When an entry happened, as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// A moment, in the offset from UTC that was stated or that its named zone had on that day.
    Exact(DateTime<FixedOffset>),
    /// A day, its hour unknown.
    Day(NaiveDate),
    /// Anything else that EDTF level 1 can say: a month, a year, about, perhaps, from one to another.
    Edtf(EdtfExpr),
    /// Nothing is known. A place in the archive, not an error.
    Unknown,
}

/// A valid EDTF expression of level 0 or 1, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdtfExpr {
    written: String,
    parsed: Edtf,
}

impl EdtfExpr {
    /// Returns the expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

/// How an entry's date came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateBasis {
    /// The dump says it.
    Stated,
    /// The dump says how long before the capture it was ("3 hours ago").
    Relative,
    /// The program concluded it (midnight crossed, a day heading carried on).
    Inferred,
    /// The curator gave it, in the file or with `--date`.
    Curator,
}

impl DateBasis {
    /// Every basis, with its name in front matter.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Stated, "stated"),
        (Self::Relative, "relative"),
        (Self::Inferred, "inferred"),
        (Self::Curator, "curator"),
    ];

    /// Their names alone.
    pub const NAMES: &'static [&'static str] =
        &[Self::ALL[0].1, Self::ALL[1].1, Self::ALL[2].1, Self::ALL[3].1];

    /// Returns the name that front matter and JSON use.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(basis, _)| *basis == self).map_or("", |(_, name)| name)
    }

    /// Returns the basis called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(basis, _)| *basis)
    }
}

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// 0 to 9999.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// Returns the month that `day` is in.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Returns the name of the month with its year: "July 1969".
    pub fn words(self, words: &Words) -> String {
        month_words(self.month, &self.year.to_string(), words)
    }

    /// Returns the first day of the month, or `None` outside the calendar.
    pub fn first_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, 1)
    }
}

/// A page of the calendar that a [`When`] is filed under, and no finer than what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shelf {
    /// A year is all that is known.
    Year(i32),
    /// A month is all that is known.
    Month(Month),
    /// A day.
    Day(NaiveDate),
}

/// An interval longer than this many days is filed under its months, not its days.
const MAX_DAYS: usize = 31;
/// An interval longer than this many months is filed under its years, not its months.
const MAX_MONTHS: usize = 24;
/// An interval longer than this many years is filed under none: it can hardly be found by date.
const MAX_YEARS: usize = 100;
/// No EDTF level 1 expression is longer; the cap keeps hostile input short.
const LONGEST: usize = 64;

impl When {
    /// Parses what front matter and `--date` hold: an RFC 3339 date-time, a date, or EDTF level 1.
    ///
    /// # Errors
    /// Says what was read and what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::Exact(moment));
        }
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
            && text.len() == "2031-04-02".len()
        {
            return Ok(Self::Day(day));
        }
        let expected = "expected a date such as 2031-04-02, 2031-04-02T05:40:00+01:00, or EDTF level 1: 2031-04, 2031-04~, 2031-04-XX, 2031-04-01/2031-04-03";
        if text.len() > LONGEST {
            return Err(format!("a date of {} characters, {expected}", text.len()));
        }
        let parsed = Edtf::parse(text).map_err(|_| format!("the date `{text}`, {expected}"))?;
        if parsed.level() > 1 {
            return Err(format!("the date `{text}` is EDTF level {}, {expected}", parsed.level()));
        }
        match &parsed {
            Edtf::DateTime(_) => {
                return Err(format!(
                    "the time `{text}` without its offset from UTC, expected one such as 2031-04-02T05:40:00+01:00"
                ));
            }
            Edtf::Set(_) => return Err(format!("the set of dates `{text}`, {expected}")),
            Edtf::Date(_) | Edtf::Interval(_) => {}
        }
        let bounds = parsed.bounds();
        for bound in [&bounds.earliest, &bounds.latest] {
            if let Bound::Date(day) = bound
                && !(0..=9999).contains(&day.year)
            {
                return Err(format!("the year of `{text}`, expected one from 0000 to 9999"));
            }
        }
        Ok(Self::Edtf(EdtfExpr { written: text.to_string(), parsed }))
    }

    /// Returns what front matter and JSON hold for this date, empty when nothing is known.
    pub fn written(&self) -> String {
        match self {
            Self::Exact(moment) => moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
            Self::Day(day) => day.to_string(),
            Self::Edtf(edtf) => edtf.written.clone(),
            Self::Unknown => String::new(),
        }
    }

    /// Whether nothing is known of the date.
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// Returns the day, in the entry's own zone, where it is known to be one certain day.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::Exact(moment) => Some(moment.date_naive()),
            Self::Day(day) => Some(*day),
            Self::Edtf(_) | Self::Unknown => None,
        }
    }

    /// Returns the time of day in the entry's own zone, where it is known.
    pub fn time(&self) -> Option<NaiveTime> {
        match self {
            Self::Exact(moment) => Some(moment.time()),
            _ => None,
        }
    }

    /// Returns the earliest moment that the date can mean, in UTC; `None` where there is none.
    ///
    /// A day without an hour counts from its midnight in UTC: its zone is not known.
    pub fn earliest(&self) -> Option<NaiveDateTime> {
        match self {
            Self::Exact(moment) => Some(moment.naive_utc()),
            Self::Day(day) => Some(day.and_time(NaiveTime::MIN)),
            Self::Edtf(edtf) => {
                let day =
                    bound_day(&edtf.parsed.bounds().earliest).or_else(|| match &edtf.parsed {
                        // What begins nobody knows when is placed by its end.
                        Edtf::Interval(interval) => endpoint_date(&interval.end)
                            .and_then(|end| bound_day(&Edtf::Date(*end).bounds().earliest)),
                        Edtf::Date(_) | Edtf::DateTime(_) | Edtf::Set(_) => None,
                    });
                day.map(|day| day.and_time(NaiveTime::MIN))
            }
            Self::Unknown => None,
        }
    }

    /// Returns the first and the last day that an uncertain date can mean, `None` for an end that is not
    /// known; and nothing at all for a certain day, or where nothing is known.
    pub fn bounds(&self) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
        let Self::Edtf(edtf) = self else { return None };
        let bounds = edtf.parsed.bounds();
        Some((bound_day(&bounds.earliest), bound_day(&bounds.latest)))
    }

    /// Returns the pages of the calendar that this date is filed under: every day, month or year
    /// that it names, and none that it does not.
    pub fn shelves(&self) -> Vec<Shelf> {
        match self {
            Self::Exact(_) | Self::Day(_) => self.day().map(Shelf::Day).into_iter().collect(),
            Self::Edtf(edtf) => match &edtf.parsed {
                // A decade is the ten years that it can name.
                Edtf::Date(date) => match (shelf(date, false), shelf(date, true)) {
                    (Some(first), Some(last)) if first != last => {
                        interval_shelves(Some(first), Some(last))
                    }
                    (only, _) => only.into_iter().collect(),
                },
                Edtf::Interval(interval) => {
                    let end = |end, last| endpoint_date(end).and_then(|date| shelf(date, last));
                    interval_shelves(end(&interval.start, false), end(&interval.end, true))
                }
                Edtf::DateTime(_) | Edtf::Set(_) => Vec::new(),
            },
            Self::Unknown => Vec::new(),
        }
    }

    /// Returns the date as a person says it: "about April 2031", "Wednesday 2 April 2031".
    pub fn words(&self, words: &Words) -> String {
        match self {
            Self::Exact(moment) => day_words(moment.date_naive(), words),
            Self::Day(day) => day_words(*day, words),
            Self::Edtf(edtf) => match &edtf.parsed {
                Edtf::Date(date) => date_words(date, words),
                Edtf::Interval(interval) => interval_words(&interval.start, &interval.end, words),
                Edtf::DateTime(_) | Edtf::Set(_) => edtf.written.clone(),
            },
            Self::Unknown => words.say("date.unknown").to_string(),
        }
    }

    /// Returns the offset from UTC as people write it ("UTC", "UTC+1"), where a moment is known.
    pub fn offset_words(&self) -> Option<String> {
        let Self::Exact(moment) = self else { return None };
        let minutes = moment.offset().local_minus_utc() / 60;
        let mut words = String::from("UTC");
        if minutes != 0 {
            let sign = if minutes < 0 { '\u{2212}' } else { '+' };
            let _ = write!(words, "{sign}{}", minutes.abs() / 60);
            if minutes % 60 != 0 {
                let _ = write!(words, ":{:02}", minutes.abs() % 60);
            }
        }
        Some(words)
    }
}

/// Returns the name of a month, 1 to 12.
pub fn month_name(month: u32, words: &Words) -> &str {
    words.name("date.months", place(month))
}

fn place(month: u32) -> usize {
    month.clamp(1, 12) as usize - 1
}

/// A month with what its year is called.
fn month_words(month: u32, year: &str, words: &Words) -> String {
    words.fill("date.month", &[("month", month_name(month, words)), ("year", year)])
}

/// A day of a month with what its year is called, without its weekday.
fn plain_day(day: u32, month: u32, year: &str, words: &Words) -> String {
    let month = words.name("date.months_of_days", place(month));
    words.fill("date.plain_day", &[("day", &day.to_string()), ("month", month), ("year", year)])
}

/// Returns a day in words, with its weekday: "Sunday 20 July 1969".
pub fn day_words(day: NaiveDate, words: &Words) -> String {
    let weekday = words.name("date.weekdays", day.weekday().num_days_from_monday() as usize);
    let month = words.name("date.months_of_days", place(day.month()));
    words.fill(
        "date.day",
        &[
            ("weekday", weekday),
            ("day", &day.day().to_string()),
            ("month", month),
            ("year", &day.year().to_string()),
        ],
    )
}

/// Returns a date that stands in a record as people say it; as it is written where it is none.
pub fn words(written: &str, words: &Words) -> String {
    match When::parse(written) {
        _ if written.is_empty() => String::new(),
        Ok(when) => when.words(words),
        Err(_) => written.to_string(),
    }
}

/// Returns a span of days in words, as short as it can be: "16 to 24 July 1969".
pub fn span_words(first: NaiveDate, last: NaiveDate, words: &Words) -> String {
    let plain = |day: NaiveDate| plain_day(day.day(), day.month(), &day.year().to_string(), words);
    let end = plain(last);
    let day = first.day().to_string();
    if first == last {
        end
    } else if Month::of(first) == Month::of(last) {
        words.fill("date.span_in_month", &[("day", &day), ("to", &end)])
    } else if first.year() == last.year() {
        let month = words.name("date.months_of_days", place(first.month()));
        words.fill("date.span_in_year", &[("day", &day), ("month", month), ("to", &end)])
    } else {
        words.fill("date.span", &[("from", &plain(first)), ("to", &end)])
    }
}

fn bound_day(bound: &Bound) -> Option<NaiveDate> {
    let Bound::Date(day) = bound else { return None };
    NaiveDate::from_ymd_opt(i32::try_from(day.year).ok()?, day.month.into(), day.day.into())
}

/// The finest page of the calendar that a date names; a season names its year, a decade its first
/// or its `last` year, a century nothing.
fn shelf(date: &EdtfDate, last: bool) -> Option<Shelf> {
    let year = match date.year.kind {
        YearKind::Standard { negative: false, digits: [Some(a), Some(b), Some(c), None] } => {
            let decade = [a, b, c].into_iter().fold(0, |year, digit| year * 10 + i32::from(digit));
            return Some(Shelf::Year(decade * 10 + if last { 9 } else { 0 }));
        }
        _ => i32::try_from(date.year.value()?).ok()?,
    };
    let Some(month) = date.month.and_then(edtf_core::DateField::value) else {
        return Some(Shelf::Year(year));
    };
    if !(1..=12).contains(&month) {
        return Some(Shelf::Year(year));
    }
    let month = Month { year, month: month.into() };
    match date.day.and_then(edtf_core::DateField::value) {
        Some(day) => NaiveDate::from_ymd_opt(year, month.month, day.into()).map(Shelf::Day),
        None => Some(Shelf::Month(month)),
    }
}

fn endpoint_date(endpoint: &IntervalEndpoint) -> Option<&EdtfDate> {
    match endpoint {
        IntervalEndpoint::Date(date)
        | IntervalEndpoint::OnOrBefore(date)
        | IntervalEndpoint::OnOrAfter(date) => Some(date),
        IntervalEndpoint::Open | IntervalEndpoint::Unknown => None,
    }
}

/// Every page between two ends, at the coarser precision of the two; an open end names nothing
/// beyond the end that is known.
fn interval_shelves(start: Option<Shelf>, end: Option<Shelf>) -> Vec<Shelf> {
    let (start, end) = match (start, end) {
        (Some(start), Some(end)) => (start, end),
        (Some(only), None) | (None, Some(only)) => return vec![only],
        (None, None) => return Vec::new(),
    };
    if let (Shelf::Day(first), Shelf::Day(last)) = (start, end) {
        let days: Vec<_> = days_between(first, last).take(MAX_DAYS + 1).collect();
        if days.len() <= MAX_DAYS {
            return days.into_iter().map(Shelf::Day).collect();
        }
    }
    if let (Some(first), Some(last)) = (shelf_month(start), shelf_month(end)) {
        let count = |month: Month| month.year * 12 + month.month.cast_signed() - 1;
        let months = count(first)..=count(last);
        if months.clone().count() <= MAX_MONTHS {
            return months
                .map(|n| Month { year: n / 12, month: (n % 12).cast_unsigned() + 1 })
                .map(Shelf::Month)
                .collect();
        }
    }
    let years = shelf_year(start)..=shelf_year(end);
    if years.clone().count() > MAX_YEARS {
        return Vec::new();
    }
    years.map(Shelf::Year).collect()
}

fn shelf_month(shelf: Shelf) -> Option<Month> {
    match shelf {
        Shelf::Day(day) => Some(Month::of(day)),
        Shelf::Month(month) => Some(month),
        Shelf::Year(_) => None,
    }
}

/// Returns the year that a page of the calendar belongs to.
pub fn shelf_year(shelf: Shelf) -> i32 {
    match shelf {
        Shelf::Day(day) => day.year(),
        Shelf::Month(month) => month.year,
        Shelf::Year(year) => year,
    }
}

fn days_between(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(first), |day| day.checked_add_days(Days::new(1)))
        .take_while(move |day| *day <= last)
}

fn date_words(date: &EdtfDate, words: &Words) -> String {
    let year = match date.year.value() {
        Some(year) => year.to_string(),
        None => unspecified_year_words(date, words),
    };
    let month = date.month.and_then(edtf_core::DateField::value);
    let day = date.day.and_then(edtf_core::DateField::value);
    let plain = match (month, day) {
        (Some(month @ 1..=12), Some(day)) => match date.year.value() {
            Some(value) => i32::try_from(value)
                .ok()
                .and_then(|year| NaiveDate::from_ymd_opt(year, month.into(), day.into()))
                .map_or_else(|| year.clone(), |day| day_words(day, words)),
            None => plain_day(day.into(), month.into(), &year, words),
        },
        (Some(month @ 1..=12), None) => month_words(month.into(), &year, words),
        (Some(season), _) => words.fill(season_key(season), &[("year", &year)]),
        (None, _) => year,
    };
    let is_open = |part: Option<edtf_core::DateField>| {
        part.is_some_and(edtf_core::DateField::has_unspecified)
    };
    let and = |key: &str, date: String| words.fill(key, &[("date", &date)]);
    let mut said = match (is_open(date.month), is_open(date.day)) {
        (true, true) => and("date.month_and_day_unknown", plain),
        (true, false) => and("date.month_unknown", plain),
        (false, true) => and("date.day_unknown", plain),
        (false, false) => plain,
    };
    if date.is_approximate() {
        said = and("date.about", said);
    }
    if date.is_uncertain() {
        said = and("date.uncertain", said);
    }
    said
}

fn unspecified_year_words(date: &EdtfDate, words: &Words) -> String {
    let text = Edtf::Date(EdtfDate { month: None, day: None, ..*date }).to_string();
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == 'X').collect();
    let first = digits.replace('X', "0");
    match digits.as_str() {
        "XXXX" => words.say("date.year_unknown").to_string(),
        _ if digits.ends_with("XX") => {
            let last = digits.replace('X', "9");
            words.fill("date.century", &[("first", &first), ("last", &last)])
        }
        _ => words.fill("date.decade", &[("first", &first)]),
    }
}

/// Level 1 seasons, ISO 8601-2:2019 Annex A (21 to 24).
fn season_key(season: u8) -> &'static str {
    match season {
        21 => "date.spring",
        22 => "date.summer",
        23 => "date.autumn",
        24 => "date.winter",
        _ => "date.part_of_year",
    }
}

/// An interval as people say it. An open end goes on, an unknown one is only not known.
fn interval_words(start: &IntervalEndpoint, end: &IntervalEndpoint, words: &Words) -> String {
    let is_open = |endpoint: &IntervalEndpoint| matches!(endpoint, IntervalEndpoint::Open);
    let date = |endpoint| endpoint_date(endpoint).map(|date| date_words(date, words));
    let and = |key: &str, date: &str| words.fill(key, &[("date", date)]);
    match (date(start), date(end)) {
        (Some(start), Some(end)) => words.fill("date.span", &[("from", &start), ("to", &end)]),
        (Some(start), None) if is_open(end) => and("date.or_later", &start),
        (Some(start), None) => and("date.end_unknown", &start),
        (None, Some(end)) if is_open(start) => and("date.or_earlier", &end),
        (None, Some(end)) => and("date.start_unknown", &end),
        (None, None) => words.say("date.unknown").to_string(),
    }
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
