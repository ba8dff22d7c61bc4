//! Stamps as a format writes them, and the direction in which they run.

use chrono::{NaiveTime, Timelike as _};
use regex::Captures;

use super::DumpEntry;
use super::stamp::{self, Clock, Half, Partial, Stamp};
use crate::date::When;
use crate::format::{Order, TimeRule};

/// Stamps that run against the dump's order by no more than this are small inversions.
pub(super) const SLIP_MINUTES: i64 = 30;
/// A clock that steps further than this has crossed midnight.
pub(super) const MIDNIGHT_MINUTES: i64 = 6 * 60;

/// Words that are no stamp: no form fits, or a number is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoStamp;

/// Reads a stamp: in the format's own forms first, then as stamps are written everywhere.
pub(super) fn stamp(text: &str, rule: &TimeRule) -> Result<Stamp, NoStamp> {
    let Some(found) = rule.forms.iter().find_map(|form| form.captures(text)) else {
        // Four digits alone are a clock only where a colon stood behind them.
        let bare = || stamp::whole(&format!("{text}:"));
        return stamp::whole(text).or_else(bare).ok_or(NoStamp);
    };
    let zone = group(&found, "zone").unwrap_or_default().to_string();
    Ok(Stamp { clock: clock(&found)?, zone, date: date(&found)?, ..Stamp::default() })
}

fn group<'a>(found: &Captures<'a>, name: &str) -> Option<&'a str> {
    found.name(name).map(|group| group.as_str().trim())
}

/// Reads the digits of a group.
fn number(digits: &str) -> Result<u32, NoStamp> {
    digits.parse().map_err(|_| NoStamp)
}

fn clock(found: &Captures) -> Result<Option<Clock>, NoStamp> {
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
    let time = NaiveTime::from_hms_opt(hour, minute, second).ok_or(NoStamp)?;
    Ok(Some(Clock { time, half: if half.is_some() { Half::Stated } else { Half::Open } }))
}

/// Reads what is said of the day.
fn date(found: &Captures) -> Result<Option<Partial>, NoStamp> {
    let (Some(day), Some(month)) = (group(found, "day"), group(found, "month")) else {
        return Ok(None);
    };
    let year = group(found, "year").map(str::parse).transpose().map_err(|_| NoStamp)?;
    let month = month.parse().ok().or_else(|| stamp::month_number(month)).ok_or(NoStamp)?;
    let date = Partial { year, month, day: number(day)?, ..Partial::default() };
    date.in_year(year.unwrap_or(2000), None).map(|_| Some(date)).ok_or(NoStamp)
}

/// Settles clocks that leave out the half of the day among others that do not: the half that lies
/// nearer to the clock above, or else below.
pub(super) fn settle_halves(stamps: &mut [Option<Stamp>]) {
    let stated = |stamp: &Option<Stamp>| {
        let clock = stamp.as_ref().and_then(|stamp| stamp.clock)?;
        (clock.half == Half::Stated).then_some(clock.time)
    };
    let Some(first) = stamps.iter().find_map(stated) else { return };
    let mut last = first;
    for stamp in stamps.iter_mut() {
        let Some(clock) = stamp.as_mut().and_then(|stamp| stamp.clock.as_mut()) else { continue };
        if clock.half == Half::Open && (1..=12).contains(&clock.time.hour()) {
            let other = clock.time + chrono::TimeDelta::hours(12);
            let distance = |time: NaiveTime| (time - last).num_minutes().abs();
            if distance(other) < distance(clock.time) {
                clock.time = other;
            }
        }
        last = clock.time;
    }
}

/// Whether clocks run through twelve hours without saying in which half of the day: from 1 to 12,
/// never 0 and never beyond, past the twelve.
pub(super) fn lacks_halves(stamps: &[Option<Stamp>]) -> bool {
    let clocks: Vec<Clock> = without_zone(stamps).collect();
    clocks.len() >= 4
        && passes(stamps) > 0
        && clocks
            .iter()
            .all(|clock| clock.half == Half::Open && (1..=12).contains(&clock.time.hour()))
}

/// Counts how often clocks of twelve hours go from the end of a half day to the start of another.
pub(super) fn passes(stamps: &[Option<Stamp>]) -> usize {
    let hours: Vec<u32> = without_zone(stamps).map(|clock| clock.time.hour()).collect();
    let passes = |pair: &&[u32]| matches!(pair, [11 | 12, 1 | 2] | [1 | 2, 11 | 12]);
    hours.windows(2).filter(passes).count()
}

/// The clocks of stamps that name no zone.
fn without_zone(stamps: &[Option<Stamp>]) -> impl Iterator<Item = Clock> {
    stamps.iter().flatten().filter(|stamp| stamp.zone.is_empty()).filter_map(|stamp| stamp.clock)
}

/// Marks the clocks of such a dump as not known.
pub(super) fn lose_halves(stamps: &mut [Option<Stamp>]) {
    for clock in stamps.iter_mut().flatten().filter_map(|stamp| stamp.clock.as_mut()) {
        clock.half = Half::Lost;
    }
}

/// Returns whether entries run newest first: by most of their steps, else by the way they go in
/// all, else by the format's habit.
pub(super) fn newest_first(entries: &[DumpEntry], habit: Option<Order>) -> Option<bool> {
    let steps: Vec<_> = entries.windows(2).filter_map(|pair| step(&pair[0], &pair[1])).collect();
    direction(&steps, habit)
}

/// Returns whether steps, in minutes, run newest first.
pub(super) fn direction(steps: &[i64], habit: Option<Order>) -> Option<bool> {
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
        (When::Day(from), When::Day(to)) if from != to => Some((*to - *from).num_minutes()),
        _ => Some((next.clock? - one.clock?).num_minutes()),
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
