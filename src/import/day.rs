//! When entries were written, as far as their stamps, the page and the curator say.
//!
//! Stamps say part of it: a clock, perhaps a day, perhaps a zone. What is missing is taken from the
//! surest place that has it (the entry, the day heading above it, what the page says of its own
//! publication, its address), and marked as inferred. A date is never invented: a clock without any
//! day stays a clock.

mod page;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta};

pub(super) use page::Page;

use super::clock::MIDNIGHT_MINUTES;
use super::stamp::{Half, Partial, Stamp};
use super::zone::{self, Zone};
use super::{Told, clock};
use crate::date::{DateBasis, When};
use crate::format::TimeRule;

/// A stamp that names a unit as long as this, in minutes, tells no more than a day.
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// When an entry was written, as far as is known.
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

/// An entry's stamp and the day heading above it.
#[derive(Clone, Debug, Default)]
pub(super) struct Clue {
    /// The stamp.
    pub(super) stamp: Option<Stamp>,
    /// The heading.
    pub(super) heading: Option<Partial>,
    /// Whether the entry is pinned: its day is not that of those around it.
    pub(super) pinned: bool,
}

impl Clue {
    /// The time of day, where it is known.
    fn time(&self) -> Option<NaiveTime> {
        let clock = self.stamp.as_ref()?.clock?;
        (clock.half != Half::Lost).then_some(clock.time)
    }

    /// Whether the stamp leaves out the half of the day, as all in its dump do.
    pub(super) fn lacks_half(&self) -> bool {
        let clock = self.stamp.as_ref().and_then(|stamp| stamp.clock);
        clock.is_some_and(|clock| clock.half == Half::Lost)
    }

    /// Whether the stamp names its day with two numbers whose order nothing tells.
    pub(super) fn is_of_open_order(&self) -> bool {
        let date = self.stamp.as_ref().and_then(|stamp| stamp.date);
        date.is_some_and(|date| {
            date.numeric && date.year.is_some_and(|year| date.in_year(year, None).is_none())
        })
    }

    /// Whether anything is said of the day.
    pub(super) fn says_day(&self) -> bool {
        self.heading.is_some() || self.stamp.as_ref().is_some_and(|stamp| stamp.date.is_some())
    }
}

/// A day that was found for an entry, and how.
type Found = Option<(NaiveDate, DateBasis)>;

/// Settles all entries of a dump, in its order. `newest_first` is how it runs.
pub(super) fn settle(
    clues: &[Clue],
    newest_first: bool,
    page: &Page,
    rule: &TimeRule,
    told: &Told,
) -> Vec<Settled> {
    let dates =
        clues.iter().flat_map(|clue| [clue.heading, clue.stamp.as_ref().and_then(|s| s.date)]);
    let day_first = rule.day_first.or_else(|| order_of_numbers(dates.flatten())).or(page.day_first);
    let mut days: Vec<Found> = clues.iter().map(|clue| own_day(clue, page, day_first)).collect();
    // Oldest first, so that midnight is crossed forwards.
    let mut places: Vec<usize> = (0..clues.len()).filter(|at| !clues[*at].pinned).collect();
    if newest_first {
        places.reverse();
    }
    carry_on(&places, clues, &mut days, page, newest_first);
    let habit = rule.zone.as_deref().and_then(|habit| zone::named(habit, &rule.zones));
    let names =
        clues.iter().filter_map(|clue| clue.stamp.as_ref()).map(|stamp| stamp.zone.as_str());
    let names: BTreeSet<&str> = names.collect();
    let known = |name| Some((name, zone::named(name, &rule.zones)?));
    let zones = Zones {
        named: names.into_iter().filter_map(known).collect(),
        stated: told.zone.or(page.zone),
        habit,
    };
    clues.iter().zip(days).map(|(clue, day)| one(clue, day, &zones, page, told)).collect()
}

/// Returns whether `2/4` is 2 April, where a number above 12 tells.
fn order_of_numbers(dates: impl Iterator<Item = Partial>) -> Option<bool> {
    dates.filter(|date| date.numeric).find_map(|date| match (date.month, date.day) {
        (13.., _) => Some(true),
        (_, 13..) => Some(false),
        _ => None,
    })
}

/// The day that the entry's own stamp or the heading above it names.
fn own_day(clue: &Clue, page: &Page, day_first: Option<bool>) -> Found {
    let stated = clue.stamp.as_ref().and_then(|stamp| stamp.date);
    let read = |date: Partial, basis: DateBasis| -> Found {
        if date.day == 0 {
            return page.day_called(date.weekday?).map(|day| (day, DateBasis::Inferred));
        }
        if let Some(year) = date.year {
            return date.in_year(year, day_first).map(|day| (day, basis));
        }
        let day = date.in_year(page.year_of(&date, day_first)?, day_first)?;
        Some((day, DateBasis::Inferred))
    };
    stated
        .and_then(|date| read(date, DateBasis::Stated))
        .or_else(|| clue.heading.and_then(|date| read(date, DateBasis::Inferred)))
}

/// Gives entries without a day the one that was carried on to them: from the page's day, from the
/// entry before, across every midnight between.
fn carry_on(places: &[usize], clues: &[Clue], days: &mut [Found], page: &Page, newest_first: bool) {
    let time = |at: usize| clues[at].time();
    // A day that the page names is none where the entries name others themselves, and none where
    // a midnight lies among clocks that do not say where.
    let known = days.iter().any(|day| matches!(day, Some((_, DateBasis::Stated))));
    let astray = clues.iter().any(Clue::lacks_half) && {
        let stamps: Vec<_> = clues.iter().map(|clue| clue.stamp.clone()).collect();
        clock::passes(&stamps) > 1
    };
    let oldest = places.iter().find_map(|at| time(*at));
    let anchor = page.day_from(oldest).filter(|_| !known && !astray);
    let mut last: Option<(NaiveDate, DateBasis)> =
        anchor.filter(|a| a.at_oldest).map(|a| (a.day, a.basis));
    let mut last_time: Option<NaiveTime> = None;
    if let Some((day, time)) = page.above.filter(|_| !newest_first) {
        (last, last_time) = (Some((day, DateBasis::Inferred)), time);
    }
    let clocks = places.iter().any(|at| time(*at).is_some()) || known;
    for &at in places {
        days[at] = days[at].or_else(|| beside(&clues[at], last));
        if let Some(found) = days[at] {
            last = Some((found.0, DateBasis::Inferred));
        } else if let Some((day, basis)) = last
            && !names_a_day(&clues[at])
            && (time(at).is_some() || !clocks)
        {
            let crossed = match (last_time, time(at)) {
                (Some(before), Some(now)) => (before - now).num_minutes() > MIDNIGHT_MINUTES,
                _ => false,
            };
            let day = if crossed { day + Days::new(1) } else { day };
            let basis = if crossed { DateBasis::Inferred } else { basis };
            days[at] = Some((day, basis));
            last = days[at];
        }
        last_time = time(at).or(last_time);
    }
    // Backwards: from the newest entry of the page's day, and before the first day that is named.
    let mut next = anchor.filter(|anchor| !anchor.at_oldest).map(|anchor| {
        let newest = places.iter().rev().find_map(|at| time(*at));
        // The page was changed after its newest entry.
        let before = match (anchor.clock, newest) {
            (Some(changed), Some(newest)) => (newest - changed).num_minutes() > HOUR,
            _ => false,
        };
        (anchor.day - Days::new(u64::from(before)), anchor.basis)
    });
    let mut next_time: Option<NaiveTime> = None;
    if let Some((day, time)) = page.above.filter(|_| newest_first) {
        (next, next_time) = (Some((day, DateBasis::Inferred)), time);
    }
    for &at in places.iter().rev() {
        days[at] = days[at].or_else(|| beside(&clues[at], next));
        match (days[at], next) {
            (Some(found), _) => next = Some((found.0, DateBasis::Inferred)),
            (None, Some((day, basis)))
                if !names_a_day(&clues[at]) && (time(at).is_some() || !clocks) =>
            {
                let crossed = match (time(at), next_time) {
                    (Some(now), Some(after)) => (now - after).num_minutes() > MIDNIGHT_MINUTES,
                    _ => false,
                };
                days[at] = Some((if crossed { day - Days::new(1) } else { day }, basis));
                next = days[at];
            }
            _ => {}
        }
        next_time = time(at).or(next_time);
    }
    between(places, clues, days);
}

/// Gives entries that say nothing of their time the day of both their neighbours, where that is one.
fn between(places: &[usize], clues: &[Clue], days: &mut [Found]) {
    let mut before: Vec<Option<NaiveDate>> = Vec::with_capacity(places.len());
    let mut last = None;
    for at in places {
        last = days[*at].map(|(day, _)| day).or(last);
        before.push(last);
    }
    let mut after = None;
    for (at, before) in places.iter().zip(before).rev() {
        after = days[*at].map(|(day, _)| day).or(after);
        if days[*at].is_none() && !names_a_day(&clues[*at]) && before == after {
            days[*at] = before.map(|day| (day, DateBasis::Inferred));
        }
    }
}

/// Whether a stamp names a day, if not all of it.
fn names_a_day(clue: &Clue) -> bool {
    clue.stamp.as_ref().is_some_and(|stamp| stamp.date.is_some_and(|date| date.day > 0))
}

/// The day of a stamp that leaves out the year, beside an entry whose day is known: the nearest one.
fn beside(clue: &Clue, known: Found) -> Found {
    let date = clue.stamp.as_ref()?.date.filter(|date| date.day > 0 && date.year.is_none())?;
    let (day, _) = known?;
    let years = [day.year() - 1, day.year(), day.year() + 1];
    let days = years.into_iter().filter_map(|year| date.in_year(year, None));
    let fits = days.filter(|day| date.weekday.is_none_or(|weekday| day.weekday() == weekday));
    let nearest = fits.min_by_key(|found| (*found - day).num_days().abs())?;
    Some((nearest, DateBasis::Inferred))
}

/// Where an entry's zone can be found.
struct Zones<'a> {
    /// Those that stamps name.
    named: BTreeMap<&'a str, Zone>,
    /// What the curator or the page says of all clocks.
    stated: Option<Zone>,
    /// What the publisher's clocks run in.
    habit: Option<Zone>,
}

impl Zones<'_> {
    /// Returns the zone of a stamp, and whether anything states it.
    fn of(&self, stamp: &Stamp) -> Option<(Zone, bool)> {
        let stated = self.named.get(stamp.zone.as_str()).copied().or(self.stated);
        // A zone that is named and not known is not that of the publisher's habit.
        let habit = self.habit.filter(|_| stamp.zone.is_empty());
        stated.map(|zone| (zone, true)).or(habit.map(|zone| (zone, false)))
    }
}

fn one(clue: &Clue, day: Found, zones: &Zones<'_>, page: &Page, told: &Told) -> Settled {
    let unknown = Settled { when: When::Unknown, basis: None, clock: None, missing_zone: None };
    let Some(stamp) = &clue.stamp else {
        let told = told_date(told);
        return match (day, told) {
            (Some((day, basis)), _) => {
                Settled { when: When::Day(day), basis: Some(basis), ..unknown }
            }
            (None, Some(when)) => Settled { when, basis: Some(DateBasis::Curator), ..unknown },
            (None, None) => match page.month() {
                Some(when) => Settled { when, basis: Some(DateBasis::Inferred), ..unknown },
                None => unknown,
            },
        };
    };
    if let Some(moment) = stamp.epoch.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
        let moment = moment.fixed_offset();
        let shown = zones.of(stamp).map_or(moment, |(zone, _)| zone.show(moment));
        return Settled { when: When::Exact(shown), basis: Some(DateBasis::Stated), ..unknown };
    }
    if let Some(ago) = stamp.ago {
        return match page.captured.and_then(|captured| before(captured, ago.minutes, ago.unit)) {
            Some(when) => Settled { when, basis: Some(DateBasis::Relative), ..unknown },
            None => unknown,
        };
    }
    let time = clue.time();
    let Some((day, basis)) = day else {
        let when = told_date(told);
        let basis = when.as_ref().map(|_| DateBasis::Curator);
        return match when.or_else(|| page.month()) {
            Some(when) => {
                Settled { when, basis: basis.or(Some(DateBasis::Inferred)), clock: time, ..unknown }
            }
            None => Settled { clock: time, ..unknown },
        };
    };
    let zone = zones.of(stamp);
    let moment = time
        .zip(zone)
        .and_then(|(time, (zone, stated))| Some((zone.moment(day.and_time(time))?, stated)));
    match moment {
        Some((moment, stated)) => {
            let basis =
                if stated || basis != DateBasis::Stated { basis } else { DateBasis::Inferred };
            Settled { when: When::Exact(moment), basis: Some(basis), ..unknown }
        }
        None => Settled {
            when: When::Day(day),
            basis: Some(basis),
            missing_zone: time.map(|_| stamp.zone.clone()),
            ..unknown
        },
    }
}

/// What the curator says where no day is known.
fn told_date(told: &Told) -> Option<When> {
    told.date.clone().filter(|when| !when.is_unknown())
}

/// Returns the moment that lies `minutes` before the capture, as exactly as the unit says.
fn before(captured: DateTime<FixedOffset>, minutes: i64, unit: i64) -> Option<When> {
    let moment = captured.checked_sub_signed(TimeDelta::try_minutes(minutes)?)?;
    if unit < HOUR {
        return Some(When::Exact(moment));
    }
    // "2 hours ago": between two and three.
    let earliest = moment.checked_sub_signed(TimeDelta::try_minutes(unit)?)?;
    if earliest.date_naive() == moment.date_naive() && unit <= DAY {
        return Some(When::Day(moment.date_naive()));
    }
    let month = |moment: DateTime<FixedOffset>| moment.format("%Y-%m").to_string();
    let about = match unit {
        ..=DAY => format!("{}/{}", earliest.date_naive(), moment.date_naive()),
        _ if month(earliest) == month(moment) => month(moment),
        _ => format!("{}/{}", month(earliest), month(moment)),
    };
    When::parse(&about).ok()
}

/// Reads the stamps of entries, and settles what they leave open among themselves.
pub(super) fn read<'a>(
    entries: impl Iterator<Item = (&'a str, &'a str)>,
    rule: &TimeRule,
) -> (Vec<Clue>, Vec<usize>) {
    let mut wrong = Vec::new();
    let (mut stamps, mut headings) = (Vec::new(), Vec::new());
    for (at, (stated, heading)) in entries.enumerate() {
        let stamp = clock::stamp(stated, rule).ok();
        if stamp.is_none() && !stated.is_empty() {
            wrong.push(at);
        }
        stamps.push(stamp);
        headings.push(super::stamp::heading(heading));
    }
    if clock::lacks_halves(&stamps) {
        clock::lose_halves(&mut stamps);
    }
    clock::settle_halves(&mut stamps);
    let clues = stamps.into_iter().zip(headings).map(|(stamp, heading)| Clue {
        stamp,
        heading,
        pinned: false,
    });
    (clues.collect(), wrong)
}

/// Returns the minutes between the clocks of entries that follow each other.
pub(super) fn steps(clues: &[Clue]) -> Vec<i64> {
    let value = |clue: &Clue, below_headings: bool| {
        let stamp = clue.stamp.as_ref()?;
        if let Some(epoch) = stamp.epoch {
            return Some(epoch / 60);
        }
        if let Some(ago) = stamp.ago {
            return Some(-ago.minutes);
        }
        let time = stamp.clock.map(|clock| (clock.time - NaiveTime::MIN).num_minutes());
        let date =
            stamp.date.or(clue.heading.filter(|_| below_headings)).filter(|date| date.day > 0);
        let day = date.and_then(|date| date.in_year(date.year.unwrap_or(2000), None));
        match (day, time) {
            (Some(day), time) => Some((day - NaiveDate::MIN).num_minutes() + time.unwrap_or(0)),
            (None, time) => time,
        }
    };
    // "Thursday 9.30am" and "Wednesday 8.40pm": the nearer of the two days of that name.
    let weekday = |clue: &Clue| {
        let date = clue.stamp.as_ref()?.date.or(clue.heading).filter(|date| date.day == 0)?;
        Some(i64::from(date.weekday?.num_days_from_monday()))
    };
    let days_between = |pair: &[Clue]| match (weekday(&pair[0]), weekday(&pair[1])) {
        (Some(from), Some(to)) => (to - from + 3).rem_euclid(7) - 3,
        _ => 0,
    };
    let steps = clues.windows(2).filter_map(|pair| {
        let both = pair.iter().all(|clue| clue.heading.is_some());
        let step = value(&pair[1], both)? - value(&pair[0], both)? + days_between(pair) * (DAY + 1);
        // More than half a day between clocks is a midnight, and no sign of the direction; below
        // one heading there is none.
        let one_day = both && pair[0].heading == pair[1].heading;
        (one_day || step.abs() <= DAY / 2 || step.abs() > DAY).then_some(step)
    });
    steps.collect()
}

#[cfg(test)]
mod tests;
