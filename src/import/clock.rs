//! Times and zones: what a stamp says, and when an entry was therefore written.
//!
//! A date is never invented: a clock without a day stays a clock.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone};
use regex::Captures;

use super::{DumpEntry, Told};
use crate::date::{DateBasis, When, month_name};
use crate::format::{Format, Order, TimeRule};

/// Clocks that run against the dump's order by no more than this are the publisher's slips.
const SLIP_MINUTES: i64 = 5;
/// A clock that steps further than this has crossed midnight.
const MIDNIGHT_MINUTES: i64 = 6 * 60;

/// What a stamp says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The time of day.
    pub(super) clock: Option<NaiveTime>,
    /// The zone's name, empty where none is named.
    pub(super) zone: String,
    /// The day.
    pub(super) day: Option<NaiveDate>,
}

/// Words that are no stamp: no form fits, or a number is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoStamp;

/// Reads a stamp.
pub(super) fn stamp(text: &str, rule: &TimeRule) -> Result<Stamp, NoStamp> {
    let found = rule.forms.iter().find_map(|form| form.captures(text)).ok_or(NoStamp)?;
    let zone = group(&found, "zone").unwrap_or_default().to_string();
    Ok(Stamp { clock: clock(&found)?, zone, day: day(&found)? })
}

fn group<'a>(found: &Captures<'a>, name: &str) -> Option<&'a str> {
    found.name(name).map(|group| group.as_str().trim())
}

/// Reads the digits of a group.
fn number(digits: &str) -> Result<u32, NoStamp> {
    digits.parse().map_err(|_| NoStamp)
}

fn clock(found: &Captures) -> Result<Option<NaiveTime>, NoStamp> {
    let Some(hour) = group(found, "hour") else { return Ok(None) };
    let hour = number(hour)?;
    let half = group(found, "half").and_then(|half| half.chars().next());
    let hour = match half.map(|letter| letter.to_ascii_lowercase()) {
        Some('a') if hour == 12 => 0,
        Some('p') if hour < 12 => hour + 12,
        _ => hour,
    };
    let minute = group(found, "minute").map_or(Ok(0), number)?;
    let second = group(found, "second").map_or(Ok(0), number)?;
    NaiveTime::from_hms_opt(hour, minute, second).map(Some).ok_or(NoStamp)
}

/// Reads the day; one without its year is none.
fn day(found: &Captures) -> Result<Option<NaiveDate>, NoStamp> {
    let (Some(day), Some(month), Some(year)) =
        (group(found, "day"), group(found, "month"), group(found, "year"))
    else {
        return Ok(None);
    };
    let year = year.parse().map_err(|_| NoStamp)?;
    let month = month_number(month).ok_or(NoStamp)?;
    NaiveDate::from_ymd_opt(year, month, number(day)?).map(Some).ok_or(NoStamp)
}

/// Reads a month: its number, its English name, or at least three letters of that.
fn month_number(text: &str) -> Option<u32> {
    let word = text.trim_end_matches('.').to_lowercase();
    word.parse().ok().or_else(|| {
        let begins = |month: &u32| month_name(*month).to_lowercase().starts_with(&word);
        (1..=12).find(|month| word.len() >= 3 && begins(month))
    })
}

/// When an entry was written, as far as its stamp and the curator say.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Settled {
    /// The date.
    pub(super) when: When,
    /// How it came to be known.
    pub(super) basis: Option<DateBasis>,
    /// The time of day, where the day is not known.
    pub(super) clock: Option<NaiveTime>,
    /// The zone that was named and is not known, or empty where one was needed and none named.
    pub(super) missing_zone: Option<String>,
}

/// Joins a stamp with what the curator told and the page says.
pub(super) fn settle(
    stamp: &Stamp,
    told: &Told,
    rule: &TimeRule,
    page_zone: Option<FixedOffset>,
) -> Settled {
    let named = rule.zones.get(&stamp.zone).map(|offset| offset.0);
    let zone = named.or(told.zone).or(page_zone);
    let (day, basis) = match (stamp.day, &told.date) {
        (Some(day), _) => (day, DateBasis::Stated),
        (None, Some(When::Day(day))) => (*day, DateBasis::Curator),
        (None, Some(when)) => {
            let basis = (!when.is_unknown()).then_some(DateBasis::Curator);
            let clock = stamp.clock.filter(|_| when.is_unknown());
            return Settled { when: when.clone(), basis, clock, missing_zone: None };
        }
        (None, None) => {
            let clock = stamp.clock;
            return Settled { when: When::Unknown, basis: None, clock, missing_zone: None };
        }
    };
    let moment = stamp.clock.zip(zone).and_then(|(clock, zone)| moment(day, clock, zone));
    let missing_zone = (stamp.clock.is_some() && moment.is_none()).then(|| stamp.zone.clone());
    let when = moment.map_or(When::Day(day), When::Exact);
    Settled { when, basis: Some(basis), clock: None, missing_zone }
}

fn moment(day: NaiveDate, clock: NaiveTime, zone: FixedOffset) -> Option<DateTime<FixedOffset>> {
    zone.from_local_datetime(&day.and_time(clock)).single()
}

/// Returns the zone that the page names for all its clocks.
pub(super) fn page_zone<'a>(
    format: &Format,
    above: impl IntoIterator<Item = &'a str>,
) -> Option<FixedOffset> {
    above.into_iter().find_map(|line| {
        let found = format.page.zone.iter().find_map(|pattern| pattern.captures(line))?;
        format.time.zones.get(group(&found, "zone")?).map(|offset| offset.0)
    })
}

/// Returns whether entries run newest first: by most of their steps, else by the way they go in
/// all, else by the format's habit.
pub(super) fn newest_first(entries: &[DumpEntry], habit: Option<Order>) -> Option<bool> {
    let steps: Vec<_> = entries.windows(2).filter_map(|pair| step(&pair[0], &pair[1])).collect();
    let most: i64 = steps.iter().map(|minutes| minutes.signum()).sum();
    let way: i64 = steps.iter().sum();
    match (most, way) {
        (0, 0) => habit.map(|order| order == Order::NewestFirst),
        (0, way) => Some(way < 0),
        (most, _) => Some(most < 0),
    }
}

/// Returns the minutes from one entry's time to the next one's.
fn step(one: &DumpEntry, next: &DumpEntry) -> Option<i64> {
    match (&one.when, &next.when) {
        (When::Exact(from), When::Exact(to)) => Some((*to - *from).num_minutes()),
        (When::Unknown, When::Unknown) => Some((next.clock? - one.clock?).num_minutes()),
        _ => None,
    }
}

/// Returns the entries whose stamps run against the dump's order, and what to say of each.
pub(super) fn out_of_order(entries: &[DumpEntry], newest_first: bool) -> Vec<(usize, String)> {
    let (order, wrong) = if newest_first { ("newest", "later") } else { ("oldest", "earlier") };
    let pairs = entries.windows(2).enumerate();
    let found = pairs.filter_map(|(index, pair)| {
        let step = step(&pair[0], &pair[1])?;
        let against = if newest_first { step } else { -step };
        if against <= SLIP_MINUTES {
            return None;
        }
        let crossed = pair[1].clock.is_some() && against > MIDNIGHT_MINUTES;
        let reason = if crossed { "; midnight lies between them, perhaps" } else { "" };
        let message = format!(
            "the stamp `{}` is {against} minutes {wrong} than the one above, expected {order} first{reason}",
            pair[1].stated
        );
        Some((index + 1, message))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bbc() -> Format {
        crate::format::built_in().into_iter().find(|f| f.name == "bbc-rerendered").unwrap()
    }

    fn when(text: &str, told: &Told) -> (String, Option<DateBasis>, Option<String>) {
        let rule = bbc().time;
        let settled = settle(&stamp(text, &rule).unwrap(), told, &rule, None);
        let clock = settled.clock.map(|clock| clock.format("%H:%M").to_string());
        (settled.when.written(), settled.basis, clock)
    }

    #[test]
    fn a_named_zone_gives_its_offset() {
        let told = Told::default();
        let stated = Some(DateBasis::Stated);
        let (winter, summer) = ("2016-12-16T13:30:00+00:00", "2017-06-17T18:42:00+01:00");
        assert_eq!(
            when("13:30 Greenwich Mean Time 16 December 2016", &told),
            (winter.into(), stated, None)
        );
        assert_eq!(
            when("18:42 British Summer Time 17 June 2017", &told),
            (summer.into(), stated, None)
        );
    }

    #[test]
    fn a_clock_alone_is_no_date() {
        let clock = Some("10:41".to_string());
        assert_eq!(when("10:41", &Told::default()), (String::new(), None, clock.clone()));
        assert_eq!(when("10:41 GMT 3 May", &Told::default()), (String::new(), None, clock));
    }

    #[test]
    fn the_curator_gives_a_day_and_a_zone() {
        let mut told = Told { date: When::parse("2015-11-17").ok(), ..Told::default() };
        let curator = Some(DateBasis::Curator);
        assert_eq!(when("10:41", &told), ("2015-11-17".into(), curator, None));
        told.zone = FixedOffset::east_opt(3600);
        assert_eq!(when("10:41", &told), ("2015-11-17T10:41:00+01:00".into(), curator, None));
        told.date = When::parse("2015-11~").ok();
        assert_eq!(when("10:41", &told), ("2015-11~".into(), curator, None));
        assert_eq!(when("10:41 GMT 3 May 2012", &told).1, Some(DateBasis::Stated));
    }

    #[test]
    fn what_does_not_exist_is_no_stamp() {
        let rule = bbc().time;
        for text in
            ["25:00", "13:61", "13:30 GMT 31 June 2016", "an hour ago", "13:30 GMT 1 Smarch 2016"]
        {
            assert_eq!(stamp(text, &rule), Err(NoStamp), "{text}");
        }
    }

    #[test]
    fn halves_of_the_day_and_months_are_read() {
        let toml = r"forms = ['^(?<hour>\d+)\.(?<minute>\d+)(?<half>[ap]m) (?<day>\d+) (?<month>\S+) (?<year>\d+)$']";
        let rule: TimeRule = toml::from_str(toml).unwrap();
        for (text, expected) in [
            ("12.05am 1 Sept 2012", "2012-09-01 00:05:00"),
            ("12.05pm 1 9 2012", "2012-09-01 12:05:00"),
            ("8.43pm 31 Dec. 2012", "2012-12-31 20:43:00"),
        ] {
            let stamp = stamp(text, &rule).unwrap();
            assert_eq!(stamp.day.unwrap().and_time(stamp.clock.unwrap()).to_string(), expected);
        }
    }
}
