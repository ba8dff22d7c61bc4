//! When the entries of a story came: bars over time, drawn as SVG, and the same as a table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use serde::Serialize;

use super::posts;
use crate::archive::{Archive, EntryIx};
use crate::date::{When, span_words};
use crate::paths::OutPath;
use crate::view::{self, Link};
use crate::words::Words;

/// Fewer entries make no picture.
const FEWEST: usize = 8;
/// The most bars; a bar stands for the shortest of [`STEPS`] that needs no more.
const MOST_BARS: i64 = 72;
/// How long a bar can be, in minutes.
const STEPS: [i64; 15] = [
    1,
    2,
    5,
    10,
    15,
    20,
    30,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    7 * DAY,
    28 * DAY,
];
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
/// How far the marks of the axis can be apart, in minutes; at most [`MOST_TICKS`] of them.
const TICKS: [i64; 15] = [
    5,
    10,
    15,
    30,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    112 * DAY,
];
const MOST_TICKS: i64 = 5;
/// The height of the picture, and how much of a bar's step is drawn, in its own units.
const HEIGHT: usize = 40;
const STEP: i64 = 10;
const WIDTH: i64 = 8;
const LOWEST: usize = 2;

/// When the entries of a page came.
#[derive(Debug, Serialize)]
pub(super) struct Timeline {
    /// How long a bar is, in words: "15 minutes".
    pub step: String,
    /// The picture in a sentence.
    pub summary: String,
    /// Its width in its own units; its height is 40.
    pub width: usize,
    /// The bars, as the data of an SVG path.
    pub bars: String,
    /// The key events among them, in the same way.
    pub keys: String,
    /// The stretches of which nothing is held, in the same way.
    pub gaps: String,
    /// When the page was saved, in the same way.
    pub captures: String,
    /// The words of the axis.
    pub ticks: Vec<Tick>,
    /// The zone of the hours, where they are told.
    pub zone: String,
    /// The bars as a table.
    pub rows: Vec<BarRow>,
    /// Gaps and captures in words, and what is not in the picture.
    pub notes: Vec<String>,
}

/// A word of the axis.
#[derive(Debug, Serialize)]
pub(super) struct Tick {
    /// How far from the beginning, in hundredths of the width.
    pub at: String,
    /// A day or an hour.
    pub words: String,
}

/// A bar as a row of a table.
#[derive(Debug, Serialize)]
pub(super) struct BarRow {
    /// From when on, and where its first entry is read.
    pub link: Link,
    /// How many key events it holds.
    pub key_events: usize,
}

/// The moments of entries, all by the clock of the first.
struct Scale {
    start: NaiveDateTime,
    /// Minutes.
    step: i64,
    bars: i64,
    /// East of UTC, in seconds.
    offset: i32,
}

impl Scale {
    /// Returns the bar that a moment belongs to.
    fn bar(&self, at: NaiveDateTime) -> i64 {
        (at - self.start).num_minutes().div_euclid(self.step)
    }

    /// Returns the beginning of a bar.
    fn at(&self, bar: i64) -> NaiveDateTime {
        self.start + Duration::minutes(bar * self.step)
    }

    /// Returns a moment's place in the picture, from 0 to its width.
    fn x(&self, at: NaiveDateTime) -> usize {
        let minutes = (at - self.start).num_minutes().clamp(0, self.bars * self.step);
        usize::try_from(minutes * STEP / self.step).unwrap_or_default()
    }

    fn local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        utc + Duration::seconds(i64::from(self.offset))
    }

    /// Whether hours are told.
    fn has_hours(&self) -> bool {
        self.step < DAY
    }

    fn end(&self) -> NaiveDateTime {
        self.at(self.bars)
    }
}

/// Puts moments on a scale of whole steps; `None` where they make no picture.
fn scale(moments: &[NaiveDateTime], shortest: i64, offset: i32) -> Option<Scale> {
    let (first, last) = (moments.iter().min()?, moments.iter().max()?);
    let midnight = first.date().and_time(NaiveTime::MIN);
    STEPS.iter().filter(|step| **step >= shortest).find_map(|step| {
        let whole = (*first - midnight).num_minutes().div_euclid(*step) * step;
        let mut scale =
            Scale { start: midnight + Duration::minutes(whole), step: *step, bars: 0, offset };
        scale.bars = scale.bar(*last) + 1;
        (scale.bars <= MOST_BARS || *step == STEPS[STEPS.len() - 1]).then_some(scale)
    })
}

/// The most bars of all: the longest step over longer than this makes no picture.
const TOO_MANY: i64 = 4 * MOST_BARS;

/// Returns when entries came; `None` where they are few, or their times are not known. `place` says
/// where an entry is read.
pub(super) fn timeline(
    archive: &Archive,
    here: &OutPath,
    story: usize,
    list: &[EntryIx],
    place: &dyn Fn(EntryIx) -> String,
) -> Option<Timeline> {
    let exact = |ix: &EntryIx| match &archive.entries[*ix].when {
        When::Exact(moment) => Some(moment),
        _ => None,
    };
    let moments: Vec<_> = list.iter().filter_map(exact).collect();
    let offset = moments.first().map_or(0, |moment| moment.offset().local_minus_utc());
    let local = |ix: &EntryIx| {
        exact(ix).map(|moment| moment.naive_utc() + Duration::seconds(i64::from(offset)))
    };
    let hours = scale(&list.iter().filter_map(local).collect::<Vec<_>>(), 1, offset);
    let day = |ix: &EntryIx| Some(archive.entries[*ix].when.day()?.and_time(NaiveTime::MIN));
    let by_hours = hours.as_ref().is_some_and(Scale::has_hours) && moments.len() * 2 >= list.len();
    // Where a bar is a day or more, entries of which only the day is known stand among the others.
    let scale = if by_hours {
        hours
    } else {
        scale(&list.iter().filter_map(day).collect::<Vec<_>>(), DAY, offset)
    }?;
    let at = |ix: &EntryIx| if by_hours { local(ix) } else { day(ix) };
    let mut bars: BTreeMap<i64, Vec<EntryIx>> = BTreeMap::new();
    for ix in list {
        if let Some(moment) = at(ix) {
            bars.entry(scale.bar(moment)).or_default().push(*ix);
        }
    }
    let shown: usize = bars.values().map(Vec::len).sum();
    if shown < FEWEST || bars.len() < 2 || scale.bars > TOO_MANY {
        return None;
    }
    Some(draw(archive, here, story, &scale, &bars, list.len() - shown, place))
}

fn draw(
    archive: &Archive,
    here: &OutPath,
    story: usize,
    scale: &Scale,
    bars: &BTreeMap<i64, Vec<EntryIx>>,
    left_out: usize,
    place: &dyn Fn(EntryIx) -> String,
) -> Timeline {
    let words = &archive.words;
    let most = bars.values().map(Vec::len).max().unwrap_or(1);
    let keys_of =
        |list: &[EntryIx]| list.iter().filter(|ix| archive.entries[**ix].key_event).count();
    let (mut all, mut keys) = (String::new(), String::new());
    let mut rows = Vec::new();
    for (bar, list) in bars {
        let x = bar * STEP + (STEP - WIDTH) / 2;
        let key_events = keys_of(list);
        for (path, count) in [(&mut all, list.len()), (&mut keys, key_events)] {
            if count > 0 {
                let height = (count * HEIGHT).div_ceil(most).max(LOWEST);
                let _ = write!(path, "M{x} {HEIGHT}v-{height}h{WIDTH}v{height}z");
            }
        }
        let url = list.first().map(|ix| place(*ix)).unwrap_or_default();
        let name = bar_words(words, scale, *bar);
        let link = Link { url, count: list.len(), ..view::link(here, here, name) };
        rows.push(BarRow { link, key_events });
    }
    let mut view = Timeline {
        step: step_words(words, scale.step),
        summary: String::new(),
        width: usize::try_from(scale.bars * STEP).unwrap_or_default(),
        bars: all,
        keys,
        gaps: String::new(),
        captures: String::new(),
        ticks: ticks(words, scale),
        zone: String::new(),
        rows,
        notes: Vec::new(),
    };
    mark(&mut view, archive, here, story, scale);
    if left_out > 0 {
        view.notes.push(words.count("reading.left_out", left_out, &[]));
    }
    let first = bars.values().flatten().next();
    view.zone = first
        .filter(|_| scale.has_hours())
        .and_then(|ix| archive.entries[*ix].when.offset_words())
        .unwrap_or_default();
    let total: usize = bars.values().map(Vec::len).sum();
    let fullest = bars.iter().find(|(_, list)| list.len() == most).map(|(bar, _)| *bar);
    view.summary = words.fill(
        "reading.timeline",
        &[
            ("entries", &view::entries(words, total)),
            ("step", &view.step),
            ("most", &most.to_string()),
            ("when", &fullest.map(|bar| fullest_words(words, scale, bar)).unwrap_or_default()),
        ],
    );
    view
}

/// Adds what is not held, and when the page was saved.
fn mark(view: &mut Timeline, archive: &Archive, here: &OutPath, story: usize, scale: &Scale) {
    let inside = |at: NaiveDateTime| at >= scale.start && at <= scale.end();
    let gaps = archive.history.series_of(story).flat_map(|series| &series.gaps);
    for (gap, words) in gaps.zip(view::gaps(archive, story)) {
        let ends = [gap.after, gap.before].map(|ix| archive.entries[ix].when.earliest());
        let [Some(from), Some(to)] = ends.map(|end| end.map(|end| scale.local(end))) else {
            continue;
        };
        if inside(from) || inside(to) {
            let (from, to) = (scale.x(from), scale.x(to));
            let _ = write!(view.gaps, "M{from} 0h{}v{HEIGHT}h-{0}z", to.saturating_sub(from));
            view.notes.push(words.words);
        }
    }
    let saved = posts::saved(archive, story);
    let saved: Vec<_> = saved.iter().filter(|(_, at)| inside(scale.local(*at))).collect();
    for (_, at) in &saved {
        let _ = write!(view.captures, "M{} 0v{HEIGHT}", scale.x(scale.local(*at)));
    }
    if !saved.is_empty() {
        let names = saved.iter().map(|(at, _)| view::capture_link(archive, here, *at).name);
        let names = names.collect::<Vec<_>>().join(archive.words.say("list.semicolon"));
        view.notes.push(archive.words.fill("reading.saved_at", &[("captures", &names)]));
    }
}

fn step_words(words: &Words, minutes: i64) -> String {
    let count =
        |key, number: i64| words.count(key, usize::try_from(number).unwrap_or_default(), &[]);
    match minutes {
        minutes if minutes % DAY == 0 => count("reading.days", minutes / DAY),
        minutes if minutes % HOUR == 0 => count("reading.hours", minutes / HOUR),
        minutes => count("reading.minutes", minutes),
    }
}

/// A month, as short as it can be said.
fn short_month(words: &Words, day: NaiveDate) -> &str {
    words.name("reading.months", day.month0() as usize)
}

/// A day without its year, as short as it can be said.
fn short_day(words: &Words, day: NaiveDate) -> String {
    let values = [("day", &*day.day().to_string()), ("month", short_month(words, day))];
    words.fill("reading.short_day", &values)
}

/// Returns what a bar is called in the table.
fn bar_words(words: &Words, scale: &Scale, bar: i64) -> String {
    let from = scale.at(bar);
    if scale.has_hours() {
        let clock = from.format("%H:%M");
        if scale.start.date() == (scale.end() - Duration::minutes(1)).date() {
            clock.to_string()
        } else {
            let day = span_words(from.date(), from.date(), words);
            words.fill("date.on_day", &[("day", &day), ("time", &clock.to_string())])
        }
    } else {
        let last = (scale.at(bar + 1) - Duration::minutes(1)).date();
        span_words(from.date(), last, words)
    }
}

fn fullest_words(words: &Words, scale: &Scale, bar: i64) -> String {
    let key = if scale.has_hours() { "reading.from" } else { "reading.on" };
    words.fill(key, &[("when", &bar_words(words, scale, bar))])
}

fn ticks(words: &Words, scale: &Scale) -> Vec<Tick> {
    let minutes = scale.bars * scale.step;
    let apart = TICKS.iter().find(|apart| minutes / **apart < MOST_TICKS);
    let apart = apart.copied().unwrap_or(minutes / MOST_TICKS + 1);
    let midnight = scale.start.date().and_time(NaiveTime::MIN);
    let late = (scale.start - midnight).num_minutes();
    let mut at = if apart >= DAY { 0 } else { (late + apart - 1).div_euclid(apart) * apart };
    if at < late {
        at += DAY;
    }
    let mut ticks = Vec::new();
    let many_years = apart >= 28 * DAY && (scale.end() - scale.start).num_days() > 700;
    while at - late < minutes {
        let moment = midnight + Duration::minutes(at);
        let shown = if many_years {
            let year = moment.year().to_string();
            let values = [("month", short_month(words, moment.date())), ("year", &year)];
            words.fill("date.month", &values)
        } else if apart >= DAY || moment.time() == NaiveTime::MIN {
            short_day(words, moment.date())
        } else {
            moment.format("%H:%M").to_string()
        };
        let thousandths = (at - late) * 1000 / minutes;
        ticks.push(Tick { at: format!("{}.{}", thousandths / 10, thousandths % 10), words: shown });
        at += apart;
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(list: &[&str]) -> Vec<NaiveDateTime> {
        let parse = |text: &&str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        list.iter().map(parse).collect()
    }

    fn steps(list: &[&str]) -> (String, i64, String) {
        let scale = scale(&moments(list), 1, 0).unwrap();
        (
            step_words(Words::english(), scale.step),
            scale.bars,
            scale.start.format("%d %H:%M").to_string(),
        )
    }

    #[test]
    fn the_scale_suits_minutes_hours_and_days() {
        assert_eq!(
            steps(&["2031-04-02 05:40", "2031-04-02 06:10"]),
            ("minute".into(), 31, "02 05:40".into())
        );
        assert_eq!(
            steps(&["2031-04-02 05:40", "2031-04-02 21:15"]),
            ("15 minutes".into(), 64, "02 05:30".into())
        );
        assert_eq!(
            steps(&["2031-04-02 05:40", "2031-04-08 21:15"]),
            ("3 hours".into(), 55, "02 03:00".into())
        );
        assert_eq!(
            steps(&["2031-04-02 05:40", "2031-05-28 21:15"]),
            ("day".into(), 57, "02 00:00".into())
        );
        assert_eq!(
            steps(&["2031-04-02 05:40", "2033-05-28 21:15"]),
            ("28 days".into(), 29, "02 00:00".into())
        );
    }

    #[test]
    fn the_axis_has_few_words_in_order_and_within_it() {
        for end in [
            "2031-04-02 06:10",
            "2031-04-02 21:15",
            "2031-04-08 21:15",
            "2031-05-28 21:15",
            "2033-05-28 21:15",
            "2071-05-28 21:15",
        ] {
            let scale = scale(&moments(&["2031-04-02 05:40", end]), 1, 0).unwrap();
            let ticks = ticks(Words::english(), &scale);
            let at: Vec<f64> = ticks.iter().map(|tick| tick.at.parse().unwrap()).collect();
            assert!((1..=6).contains(&ticks.len()), "{end}: {ticks:?}");
            assert!(at.windows(2).all(|pair| pair[0] < pair[1]), "{end}: {ticks:?}");
            assert!(at.iter().all(|at| (0.0..100.0).contains(at)), "{end}: {ticks:?}");
        }
    }
}
