//! What a page says about its own day: in its address, above its entries, or through its capture.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveTime, Weekday};
use regex::Regex;

use crate::date::{DateBasis, When};
use crate::format::Format;
use crate::import::stamp::{self, PUBLISHED, Partial, Stamp, UPDATED};
use crate::import::zone::{self, Zone};
use crate::import::{DumpEntry, Told};

/// A line above the entries that is longer than this, in bytes, is prose, and its dates are others'.
const LONGEST_LINE: usize = 140;
/// A line that lies so many days from the address is about something else.
const FAR_DAYS: i64 = 7;

/// The day that entries without one are counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) struct Anchor {
    /// The day.
    pub(in crate::import) day: NaiveDate,
    /// The clock on that day, where it is known.
    pub(in crate::import) clock: Option<NaiveTime>,
    /// Whether it is the oldest entry's, or the newest one's.
    pub(in crate::import) at_oldest: bool,
    /// How it came to be known.
    pub(in crate::import) basis: DateBasis,
    /// Where it stands, in words.
    pub(in crate::import) from: String,
}

/// A part of the calendar that an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Span {
    /// A day.
    Day(NaiveDate),
    /// A month of a year.
    Month(i32, u32),
}

/// What a page says about its own day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::import) struct Page {
    /// The day to count from.
    pub(in crate::import) anchor: Option<Anchor>,
    /// When it was changed, as it says itself.
    pub(in crate::import) changed: Option<Anchor>,
    /// What the address names.
    pub(in crate::import) url: Option<Span>,
    /// The zone of all clocks.
    pub(in crate::import) zone: Option<Zone>,
    /// When the page was saved, or changed last before that.
    pub(in crate::import) captured: Option<DateTime<FixedOffset>>,
    /// Whether `2/4` is 2 April, as its dates tell.
    pub(in crate::import) day_first: Option<bool>,
    /// Statements that contradict each other, in words.
    pub(in crate::import) conflicts: Vec<String>,
    /// The day and the time of the entry above the first one, in a window of a long dump.
    pub(in crate::import) above: Option<(NaiveDate, Option<NaiveTime>)>,
}

/// A day that stands above the entries.
#[derive(Clone, Debug)]
struct Line {
    label: Label,
    stamp: Stamp,
    text: String,
    /// Whether it is part of a sentence: then it may be that of something else.
    goes_on: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Published,
    None,
    Updated,
}

impl Page {
    /// Reads what stands above the entries (`above`), the address and the capture.
    pub(in crate::import) fn read(
        above: &[&str],
        url: Option<&str>,
        captured: Option<DateTime<FixedOffset>>,
        format: &Format,
        told: &Told,
    ) -> Self {
        let lines: Vec<Line> = above.iter().filter_map(|line| dated(line)).collect();
        let url = url.and_then(|url| address(url, format.time.day_first));
        let zone = above.iter().find_map(|line| zone_of(line, format));
        let dates = lines.iter().filter_map(|line| line.stamp.date);
        let day_first = super::order_of_numbers(dates);
        let mut page = Self { url, zone, day_first, ..Self::default() };
        page.captured = captured.or_else(|| changed(&lines, format, told, zone));
        page.settle(&lines, format, told);
        page
    }

    /// Chooses the day to count from, and notes what contradicts it.
    fn settle(&mut self, lines: &[Line], format: &Format, told: &Told) {
        let mut anchors: Vec<Anchor> = Vec::new();
        if let Some(When::Day(day)) = &told.date {
            anchors.push(Anchor {
                day: *day,
                clock: None,
                at_oldest: true,
                basis: DateBasis::Curator,
                from: "--date".to_string(),
            });
        }
        let published = self.of_lines(lines, Label::Published, format);
        let plain = self.of_lines(lines, Label::None, format);
        let updated = self.of_lines(lines, Label::Updated, format);
        self.changed = updated.first().cloned();
        if let Some(Span::Day(day)) = self.url {
            let address = Anchor {
                day,
                clock: None,
                at_oldest: true,
                basis: DateBasis::Inferred,
                from: "the address".to_string(),
            };
            // A template's date stays on a page for years; an address is made for its page.
            let far = |line: &Anchor| (line.day - day).num_days().abs() > FAR_DAYS;
            let (wrong, right): (Vec<_>, Vec<_>) = published.into_iter().partition(far);
            anchors.extend(right);
            anchors.push(address);
            anchors.extend(wrong);
        } else {
            anchors.extend(published);
        }
        anchors.extend(plain);
        anchors.extend(updated);
        let Some(first) = anchors.first().cloned() else { return };
        for other in &anchors[1..] {
            // A page goes on after its day, and its last change is later.
            let apart = (other.day - first.day).num_days();
            let natural = if other.at_oldest { apart == 0 } else { (0..=2).contains(&apart) };
            if !natural && told.date.as_ref().is_none_or(When::is_unknown) {
                self.conflicts.push(format!(
                    "the day {} of {}, and the day {} of {}",
                    first.day, first.from, other.day, other.from
                ));
            }
        }
        self.conflicts.dedup();
        self.anchor = Some(first);
    }

    /// Returns the day to count from. Where the oldest entry lies before the hour at which the page
    /// was published, and the page was changed on the next day, the dump holds entries of that day.
    /// A page that was changed later still leaves open on which day they were written.
    pub(in crate::import) fn day_from(&self, oldest: Option<NaiveTime>) -> Option<&Anchor> {
        let anchor = self.anchor.as_ref()?;
        let next = anchor.day.succ_opt();
        let later = self.changed.as_ref().filter(|changed| Some(changed.day) == next);
        let before = match (anchor.clock, oldest) {
            (Some(published), Some(oldest)) => (published - oldest).num_minutes() > super::HOUR,
            _ => false,
        };
        later.filter(|_| before).or(Some(anchor))
    }

    /// Leaves the day of the oldest entry out: in a long dump that runs newest first, it is in no
    /// window but the last.
    pub(in crate::import) fn forget_oldest(&mut self) {
        if self.anchor.as_ref().is_some_and(|anchor| anchor.at_oldest) {
            self.anchor = None;
        }
    }

    /// Turns to the next window of a long dump, behind these entries.
    pub(in crate::import) fn go_on(&mut self, entries: &[DumpEntry]) {
        self.conflicts.clear();
        if let Some(last) = entries.iter().rev().find(|entry| entry.when.day().is_some()) {
            self.above = last.when.day().map(|day| (day, last.when.time()));
            self.anchor = None;
        }
    }

    /// Whether a line says when a page was published or changed, or is a day.
    pub(in crate::import) fn is_dated(text: &str) -> bool {
        dated(text).is_some()
    }

    /// Whether a line says when a page was published or changed.
    pub(in crate::import) fn is_labelled(text: &str) -> bool {
        dated(text).is_some_and(|line| line.label != Label::None)
    }

    /// Returns the days that lines with this label name.
    fn of_lines(&self, lines: &[Line], label: Label, format: &Format) -> Vec<Anchor> {
        let day_first = format.time.day_first.or(self.day_first);
        let anchor = |line: &Line| {
            let date = line.stamp.date?;
            let year = date.year.or_else(|| self.year_of(&date, day_first))?;
            Some(Anchor {
                day: date.in_year(year, day_first)?,
                clock: line.stamp.clock.map(|clock| clock.time),
                at_oldest: label != Label::Updated,
                basis: DateBasis::Inferred,
                from: format!("the line `{}`", line.text),
            })
        };
        let labelled = || lines.iter().filter(|line| line.label == label);
        let sure: Vec<Anchor> =
            labelled().filter(|line| !line.goes_on).filter_map(anchor).collect();
        if sure.is_empty() { labelled().filter_map(anchor).collect() } else { sure }
    }

    /// Returns the year of a day and a month: that of the page.
    pub(in crate::import) fn year_of(
        &self,
        date: &Partial,
        day_first: Option<bool>,
    ) -> Option<i32> {
        let year = match (&self.anchor, self.url) {
            (Some(anchor), _) => {
                // A day of December on a page of January is last year's.
                let year = anchor.day.year();
                let same = date.in_year(year, day_first)?;
                let turn = (same - anchor.day).num_days();
                if turn > 180 {
                    year - 1
                } else if turn < -180 {
                    year + 1
                } else {
                    year
                }
            }
            (None, Some(Span::Day(day))) => day.year(),
            (None, Some(Span::Month(year, _))) => year,
            (None, None) => return None,
        };
        let day = date.in_year(year, day_first)?;
        date.weekday.is_none_or(|weekday| day.weekday() == weekday).then_some(year)
    }

    /// Returns the next day of that name, from the page's day on.
    pub(in crate::import) fn day_called(&self, weekday: Weekday) -> Option<NaiveDate> {
        let anchor = self.anchor.as_ref()?;
        let days = anchor.day.iter_days().take(7);
        let before = (0..7).map(|back| anchor.day - Days::new(back));
        let mut days: Box<dyn Iterator<Item = NaiveDate>> =
            if anchor.at_oldest { Box::new(days) } else { Box::new(before) };
        days.find(|day| day.weekday() == weekday)
    }

    /// Returns the month that is all that the address tells.
    pub(in crate::import) fn month(&self) -> Option<When> {
        match self.url {
            Some(Span::Month(year, month)) if self.anchor.is_none() => {
                When::parse(&format!("{year:04}-{month:02}")).ok()
            }
            _ => None,
        }
    }
}

/// Returns the zone that a line names for all clocks.
fn zone_of(line: &str, format: &Format) -> Option<Zone> {
    let found = format.page.zone.iter().find_map(|pattern| pattern.captures(line))?;
    zone::named(found.name("zone")?.as_str(), &format.time.zones)
}

/// The moment of the last change, from which "3 hours ago" counts where nobody knows the capture.
fn changed(
    lines: &[Line],
    format: &Format,
    told: &Told,
    zone: Option<Zone>,
) -> Option<DateTime<FixedOffset>> {
    lines.iter().filter(|line| line.label == Label::Updated).find_map(|line| {
        let date = line.stamp.date?;
        let day = date.in_year(date.year?, format.time.day_first)?;
        let zone = zone::named(&line.stamp.zone, &format.time.zones).or(told.zone).or(zone)?;
        zone.moment(day.and_time(line.stamp.clock?.time))
    })
}

/// Reads a line that says when the page was published or changed, or that holds a day.
fn dated(text: &str) -> Option<Line> {
    let text = text.trim();
    if text.len() > LONGEST_LINE || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let lower = text.to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    let label = if begins(UPDATED) {
        Label::Updated
    } else if begins(PUBLISHED) {
        Label::Published
    } else {
        Label::None
    };
    if label == Label::None && text.ends_with(['.', '?', '!', ':']) {
        return None;
    }
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let number =
            c.is_ascii_digit() && !last.is_ascii_digit() && !matches!(last, '.' | '/' | ':');
        let word = c.is_alphabetic() && !last.is_alphabetic();
        last = c;
        if !(number || word) {
            continue;
        }
        if let Some((stamp, end)) = stamp::at_start(&text[at..])
            && stamp
                .date
                .is_some_and(|date| date.day > 0 && (date.year.is_some() || date.weekday.is_some()))
        {
            // A date in the middle of a plain line is one of a title, at its end; or it says so.
            let closes = text[at + end..].trim().len() <= 40;
            // "8 December 2031, 7:30 am | Updated 7:49 am IST" goes on with nothing else.
            let rest = text[end..].trim_start_matches([' ', '|', '-', '–', ',']).to_lowercase();
            let updated = UPDATED.iter().any(|word| rest.starts_with(word));
            // "The election, held on 12 November 2031": a day that is spoken of.
            let word = text[..at].split_whitespace().next_back().unwrap_or_default();
            let spoken_of = matches!(word, "on" | "of" | "from" | "since" | "until" | "till");
            let goes_on =
                spoken_of || (at == 0 && !updated && text[end..].chars().any(char::is_alphabetic));
            return (label != Label::None || closes).then(|| Line {
                label,
                stamp,
                text: text.to_string(),
                goes_on,
            });
        }
    }
    None
}

/// Reads the part of the calendar that an address names.
pub(in crate::import) fn address(url: &str, day_first: Option<bool>) -> Option<Span> {
    static YEAR_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)[/_=-](20\d\d)[/_-](\d{1,2}|[a-z]{3,9})[/_-](\d{1,2})(?:\D|$)").ok()
    });
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)[/_=-](?:(\d{1,2})[_-]([a-z]{3,9})|([a-z]{3,9})[_-](\d{1,2}))[_-](20\d\d)(?:\D|$)").ok()
    });
    static NUMBERS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"[/_=-](\d{1,2})[_-](\d{1,2})[_-](20\d\d|\d\d)(?:\D|$)").ok());
    static COMPACT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"[/_=-](20\d\d)([01]\d)([0-3]\d)(?:\D|$)").ok());
    static MONTH: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)/(20\d\d)/(\d{1,2}|[a-z]{3,9})/").ok());
    let url = url.replace("%2F", "/").replace("%2f", "/");
    let month = |text: &str| text.parse().ok().or_else(|| stamp::month_number(text));
    let number = |text: &str| text.parse::<u32>().ok();
    let year = |text: &str| text.parse::<i32>().ok().map(|y| if y < 100 { 2000 + y } else { y });
    let day = |y: &str, m: &str, d: &str| NaiveDate::from_ymd_opt(year(y)?, month(m)?, number(d)?);
    for pattern in [&YEAR_FIRST, &COMPACT] {
        let found = pattern.as_ref().and_then(|pattern| pattern.captures(&url));
        if let Some(day) = found.and_then(|f| day(&f[1], &f[2], &f[3])) {
            return Some(Span::Day(day));
        }
    }
    if let Some(found) = NAMED.as_ref().and_then(|pattern| pattern.captures(&url)) {
        let part = |first, second| found.get(first).or(found.get(second)).map(|m| m.as_str());
        if let Some(day) = part(1, 4).zip(part(2, 3)).and_then(|(d, m)| day(&found[5], m, d)) {
            return Some(Span::Day(day));
        }
    }
    if let Some(found) = NUMBERS.as_ref().and_then(|pattern| pattern.captures(&url)) {
        let date = Partial {
            month: number(&found[1])?,
            day: number(&found[2])?,
            numeric: true,
            ..Partial::default()
        };
        if let Some(day) = date.in_year(year(&found[3])?, day_first) {
            return Some(Span::Day(day));
        }
    }
    let found = MONTH.as_ref().and_then(|pattern| pattern.captures(&url))?;
    let month = month(&found[2]).filter(|month| (1..=12).contains(month))?;
    Some(Span::Month(year(&found[1])?, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_day_where_it_can_only_mean_one() {
        let read = |url: &str, first| match address(url, first) {
            Some(Span::Day(day)) => day.to_string(),
            Some(Span::Month(year, month)) => format!("{year}-{month}"),
            None => String::new(),
        };
        for (url, expected) in [
            ("https://p.example/news/update/2031-12-15/people/", "2031-12-15"),
            ("https://p.example/blog/2031/may/24/politics", "2031-05-24"),
            ("https://p.example/espana/2031/11/10/5dc.html", "2031-11-10"),
            ("https://p.example/live-news/flood-05-21-31-intl/index.html", "2031-05-21"),
            ("https://p.example/?url=https%3A%2F%2Fq.example%2Fflood-05-21-31%2F", "2031-05-21"),
            ("https://p.example/liveblog-july-25-2031/", "2031-07-25"),
            ("https://p.example/25-juillet-2031/", "2031-07-25"),
            ("https://p.example/2031/01/liveblog", "2031-1"),
            ("https://p.example/20310402/live", "2031-04-02"),
            ("https://p.example/flood-06-02-2031.php", ""),
            ("https://p.example/world-35869266?page=11", ""),
            ("https://p.example/election-results-2019-live-update/article27.ece", ""),
        ] {
            assert_eq!(read(url, None), expected, "{url}");
        }
        assert_eq!(read("https://p.example/flood-06-02-2031.php", Some(true)), "2031-02-06");
    }
}
