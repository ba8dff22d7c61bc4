//! A day: what happened in each story, side by side on one axis of time, and the same day in other
//! years.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::Serialize;

use super::dates::{LINES, MORE, has_almanac, is_full, month_crumb, trail, year_crumb};
use super::story::place_in_story;
use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx, weight};
use crate::date::{Month, Shelf, When, day_words, span_words};
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::view::{self, Frame, Group, Link, Step, WallCell};
use crate::words::Words;

/// A day.
pub const DAY: Kind = Kind { name: "a day", plan, write };

/// How many stories stand side by side; the smallest of more share the last column.
const COLUMNS: usize = 4;
/// The same where figures stand in place of entries.
const FIGURES: usize = 8;
/// How many other years a day leads to, before and behind it.
const YEARS: usize = 20;

/// What `day.html` sees.
#[derive(Serialize)]
struct DayView<'a> {
    page: Frame<'a>,
    /// How many entries the day has, in words.
    count: String,
    /// The entries by story; of a day that is too full for a page, its key events.
    groups: Vec<Group>,
    /// How many stories it has.
    story_count: usize,
    /// The stories that stand side by side; empty where there is only one.
    columns: Vec<Lane>,
    /// The same entries by the hour, places in `groups`, where several stories tell hours.
    hours: Vec<Hour>,
    /// Whether there is room for the first words of entries.
    excerpts: bool,
    /// In which zone the hours are told, where the entries name several; else empty.
    zone: String,
    /// The hours in figures, where the day is too full for its entries.
    /// Example: `[{heading: "05:00", count: 41, …}, …]`
    figures: Vec<FigureRow>,
    /// What the shades of the figures mean. Example: `[{level: 1, words: "1"}, …]`
    steps: Vec<Step>,
    /// The same day in other years.
    years: Vec<OtherYear>,
    /// How many years more there are.
    more_years: usize,
    /// The page of the days of the year.
    almanac: Option<Link>,
    /// The day before that has entries.
    earlier: Option<Link>,
    /// The day behind that has entries.
    later: Option<Link>,
}

/// A column: a story, or several that share it.
#[derive(Serialize)]
struct Lane {
    /// The stories in it.
    stories: Vec<Link>,
}

/// An hour that has entries.
#[derive(Serialize)]
struct Hour {
    /// "05:00", or "Hour unknown".
    heading: String,
    /// The anchor of the heading.
    id: String,
    /// The entries.
    places: Vec<Place>,
}

/// Where an entry of an hour stands.
#[derive(Serialize)]
struct Place {
    /// The place of its group among the groups.
    group: usize,
    /// Its place in the group.
    line: usize,
    /// From 1.
    column: usize,
    /// Whether several stories share the column.
    shared: bool,
}

/// An hour in figures.
#[derive(Serialize)]
struct FigureRow {
    /// The hour. Example: `05:00`
    heading: String,
    /// How many entries it has. Example: `41`
    count: usize,
    /// A cell for each column. Example: `[{count: 38, level: 4, …}, …]`
    cells: Vec<WallCell>,
}

/// The same day in another year.
#[derive(Serialize)]
struct OtherYear {
    /// The day in that year.
    link: Link,
    /// The story that opens it.
    story: Link,
    /// How many stories more it has.
    more: usize,
}

fn plan(archive: &Archive) -> Vec<(OutPath, Subject)> {
    archive.days().map(|(day, _)| (paths::day(day), Subject::Day(day))).collect()
}

/// Entries by story, each story where its first entry of the list stands.
pub(super) fn by_story(archive: &Archive, list: &[EntryIx]) -> Vec<(usize, Vec<EntryIx>)> {
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut stories: Vec<(usize, Vec<EntryIx>)> = Vec::new();
    for ix in list {
        let story = archive.seats[*ix].0;
        let at = *places.entry(story).or_insert_with(|| {
            stories.push((story, Vec::new()));
            stories.len() - 1
        });
        stories[at].1.push(*ix);
    }
    stories
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Day(day) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let (words, month) = (&archive.words, Month::of(day));
    let crumbs = trail(archive, &[year_crumb(month.year), month_crumb(words, month)]);
    let name = day_words(day, words);
    let mut frame = view::frame(archive, here, name.as_str(), &crumbs);
    let list = archive.calendar.get(&Shelf::Day(day)).map(Vec::as_slice).unwrap_or_default();
    let count = view::entries(words, list.len());
    frame.description = words.fill("frame.holds", &[("name", &name), ("count", &count)]);
    let (earlier, later) = neighbours(archive, here, day);
    let stories = by_story(archive, list);
    let is_full = is_full(archive, list, MORE / 2, 0);
    let excerpts = stories.len() < COLUMNS
        && list.len() <= LINES / 2
        && !self::is_full(archive, list, 2 * MORE, 0);
    let clock = Clock::of(archive, list);
    let (years, more_years) = other_years(archive, here, day);
    let mut view = DayView {
        page: frame,
        count,
        groups: Vec::new(),
        story_count: stories.len(),
        columns: Vec::new(),
        hours: Vec::new(),
        excerpts,
        zone: clock.said(),
        figures: Vec::new(),
        steps: Vec::new(),
        almanac: has_almanac(archive)
            .then(|| view::link(here, &paths::almanac(), words.say("calendar.all_days"))),
        years,
        more_years,
        earlier,
        later,
    };
    if is_full {
        let columns = columns(&stories, FIGURES);
        view.figures = figures(archive, here, list, &stories, &columns, clock, day);
        let cells = view.figures.iter().flat_map(|row| &row.cells);
        view.steps = view::steps(cells.map(|cell| cell.count).max().unwrap_or_default());
        view.columns = heads(archive, here, &stories, &columns);
        let key = list.iter().copied().filter(|ix| archive.entries[*ix].key_event);
        view.groups = groups(archive, here, &by_story(archive, &first_ones(archive, key)), false);
    } else {
        view.groups = groups(archive, here, &stories, excerpts);
        let has_hour = |ix: &EntryIx| clock.hour(&archive.entries[*ix].when).is_some();
        let told = stories.iter().filter(|(_, list)| list.iter().any(has_hour)).count();
        if told > 1 {
            let columns = columns(&stories, COLUMNS);
            view.hours = hours(archive, list, &stories, &columns, clock, day);
            view.columns = heads(archive, here, &stories, &columns);
        } else {
            view.zone = String::new();
        }
    }
    html(desk, page, "day.html", &view)
}

/// The first of some entries: as many as a page has room for beside the figures of a day.
fn first_ones(archive: &Archive, list: impl Iterator<Item = EntryIx>) -> Vec<EntryIx> {
    let mut left = weight::LINES / 2;
    let mut fits = |ix: &EntryIx| {
        let own = weight::line(&archive.entries[*ix]);
        let fits = own <= left;
        left = left.saturating_sub(own);
        fits
    };
    list.take(LINES).take_while(|ix| fits(ix)).collect()
}

fn groups(
    archive: &Archive,
    here: &OutPath,
    stories: &[(usize, Vec<EntryIx>)],
    excerpts: bool,
) -> Vec<Group> {
    let all: Vec<EntryIx> = stories.iter().flat_map(|(_, list)| list.iter().copied()).collect();
    let each = if excerpts { 2 * MORE } else { MORE / 2 };
    let taken = all.iter().map(|ix| weight::line(&archive.entries[*ix]) + each).sum();
    let count = view::fitting(archive, &all, taken, weight::LINES);
    let group = |(at, (story, list)): (usize, &(usize, Vec<EntryIx>))| {
        let story = &archive.stories[*story].story;
        Group {
            heading: story.title.clone(),
            id: format!("g-{}", at + 1),
            url: here.link(&paths::story(&story.slug)),
            lines: view::lines(archive, here, list, count),
        }
    };
    stories.iter().enumerate().map(group).collect()
}

/// The column of each story, from 1, at most `most`: the largest have one of their own, and all
/// stand in the order in which they come.
fn columns(stories: &[(usize, Vec<EntryIx>)], most: usize) -> Vec<usize> {
    if stories.len() <= most {
        return (1..=stories.len()).collect();
    }
    let mut by_size: Vec<usize> = (0..stories.len()).collect();
    by_size.sort_by_key(|at| (std::cmp::Reverse(stories[*at].1.len()), *at));
    let own: BTreeSet<usize> = by_size.into_iter().take(most - 1).collect();
    let mut next = 0;
    (0..stories.len())
        .map(|at| {
            if own.contains(&at) {
                next += 1;
                next
            } else {
                most
            }
        })
        .collect()
}

fn heads(
    archive: &Archive,
    here: &OutPath,
    stories: &[(usize, Vec<EntryIx>)],
    columns: &[usize],
) -> Vec<Lane> {
    let last = columns.iter().copied().max().unwrap_or_default();
    let mut heads: Vec<Lane> = (0..last).map(|_| Lane { stories: Vec::new() }).collect();
    for ((story, list), column) in stories.iter().zip(columns) {
        // To where the story is on this day.
        let url = list.first().map(|ix| place_in_story(archive, here, *ix)).unwrap_or_default();
        let link = view::story_link(here, &archive.stories[*story]);
        heads[column - 1].stories.push(Link { url, count: list.len(), ..link });
    }
    heads
}

/// The clock that the hours of a day are told by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// No entry has an hour.
    None,
    /// All are told in one zone: its seconds from UTC.
    One(i32),
    /// They are told in several, and put in order by UTC.
    Several,
}

impl Clock {
    fn of(archive: &Archive, list: &[EntryIx]) -> Self {
        let offset = |ix: &EntryIx| match &archive.entries[*ix].when {
            When::Exact(moment) => Some(moment.offset().local_minus_utc()),
            _ => None,
        };
        let zones: BTreeSet<i32> = list.iter().filter_map(offset).collect();
        match (zones.first(), zones.len()) {
            (Some(zone), 1) => Self::One(*zone),
            (Some(_), _) => Self::Several,
            (None, _) => Self::None,
        }
    }

    fn said(self) -> String {
        match self {
            Self::Several => "UTC".into(),
            Self::None | Self::One(_) => String::new(),
        }
    }

    /// The hour of an entry by this clock; `None` where it is not known.
    fn hour(self, when: &When) -> Option<NaiveDateTime> {
        let When::Exact(moment) = when else { return None };
        let time = if self == Self::Several { moment.naive_utc() } else { moment.naive_local() };
        time.date().and_hms_opt(time.hour(), 0, 0)
    }
}

/// Entries by the hour, the earliest first, in the order of the list; those without one before all.
fn by_hour(
    archive: &Archive,
    list: &[EntryIx],
    clock: Clock,
) -> BTreeMap<Option<NaiveDateTime>, Vec<EntryIx>> {
    let mut hours: BTreeMap<Option<NaiveDateTime>, Vec<EntryIx>> = BTreeMap::new();
    for ix in list {
        hours.entry(clock.hour(&archive.entries[*ix].when)).or_default().push(*ix);
    }
    hours
}

/// What an hour is called; one of another day, as it is by UTC, says so.
fn hour_words(words: &Words, hour: Option<NaiveDateTime>, day: NaiveDate) -> String {
    match hour {
        None => words.say("calendar.hour_unknown").to_string(),
        Some(hour) if hour.date() == day => hour.format("%H:%M").to_string(),
        Some(hour) => {
            let day = span_words(hour.date(), hour.date(), words);
            let time = hour.format("%H:%M").to_string();
            words.fill("date.on_day", &[("day", &day), ("time", &time)])
        }
    }
}

fn hours(
    archive: &Archive,
    list: &[EntryIx],
    stories: &[(usize, Vec<EntryIx>)],
    columns: &[usize],
    clock: Clock,
    day: NaiveDate,
) -> Vec<Hour> {
    let mut seats: BTreeMap<EntryIx, (usize, usize)> = BTreeMap::new();
    for (group, (_, list)) in stories.iter().enumerate() {
        seats.extend(list.iter().enumerate().map(|(line, ix)| (*ix, (group, line))));
    }
    let shared = |column: usize| columns.iter().filter(|other| **other == column).count() > 1;
    let place = |ix: EntryIx| {
        let (group, line) = seats.get(&ix).copied().unwrap_or_default();
        Place { group, line, column: columns[group], shared: shared(columns[group]) }
    };
    let hours = by_hour(archive, list, clock).into_iter().enumerate();
    hours
        .map(|(at, (hour, list))| Hour {
            heading: hour_words(&archive.words, hour, day),
            id: format!("hour-{}", at + 1),
            places: list.into_iter().map(place).collect(),
        })
        .collect()
}

/// The hours in figures: each leads to the first entry that it counts.
fn figures(
    archive: &Archive,
    here: &OutPath,
    list: &[EntryIx],
    stories: &[(usize, Vec<EntryIx>)],
    columns: &[usize],
    clock: Clock,
    day: NaiveDate,
) -> Vec<FigureRow> {
    let column_of: BTreeMap<usize, usize> =
        stories.iter().zip(columns).map(|((story, _), column)| (*story, *column)).collect();
    let width = columns.iter().copied().max().unwrap_or_default();
    let mut rows: Vec<FigureRow> = by_hour(archive, list, clock)
        .into_iter()
        .map(|(hour, list)| {
            let mut cells = vec![WallCell::default(); width];
            for ix in &list {
                let Some(column) = column_of.get(&archive.seats[*ix].0) else { continue };
                let cell = &mut cells[column - 1];
                if cell.count == 0 {
                    cell.url = place_in_story(archive, here, *ix);
                }
                cell.count += 1;
            }
            FigureRow { heading: hour_words(&archive.words, hour, day), count: list.len(), cells }
        })
        .collect();
    let counts = rows.iter().flat_map(|row| &row.cells).map(|cell| cell.count);
    let fullest = counts.max().unwrap_or_default();
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
        cell.level = view::step(cell.count, fullest);
        cell.label = view::entries(&archive.words, cell.count);
    }
    rows
}

/// The same day in other years, the earliest first, and how many more there are than are named.
fn other_years(archive: &Archive, here: &OutPath, day: NaiveDate) -> (Vec<OtherYear>, usize) {
    let days = archive.almanac.get(&(day.month(), day.day())).map(Vec::as_slice);
    let days = days.unwrap_or_default();
    let at = days.partition_point(|other| *other < day);
    let near = &days[at.saturating_sub(YEARS)..days.len().min(at + 1 + YEARS)];
    let line = |other: &NaiveDate| {
        let list = archive.calendar.get(&Shelf::Day(*other)).map(Vec::as_slice).unwrap_or_default();
        let first = list.first()?;
        let stories: BTreeSet<usize> = list.iter().map(|ix| archive.seats[*ix].0).collect();
        Some(OtherYear {
            link: view::counted(here, &paths::day(*other), other.year().to_string(), list.len()),
            story: view::story_link(here, archive.story_of(*first)),
            more: stories.len() - 1,
        })
    };
    let lines: Vec<OtherYear> =
        near.iter().filter(|other| **other != day).filter_map(line).collect();
    let more = days.len().saturating_sub(near.len());
    (lines, more)
}

fn neighbours(archive: &Archive, here: &OutPath, day: NaiveDate) -> (Option<Link>, Option<Link>) {
    let link = |shelf: &Shelf| match shelf {
        Shelf::Day(day) => {
            Some(view::link(here, &paths::day(*day), day_words(*day, &archive.words)))
        }
        Shelf::Month(_) | Shelf::Year(_) => None,
    };
    let earlier = archive.calendar.range(..Shelf::Day(day)).next_back();
    let after = (std::ops::Bound::Excluded(Shelf::Day(day)), std::ops::Bound::Unbounded);
    let later = archive.calendar.range(after).next();
    (earlier.and_then(|(shelf, _)| link(shelf)), later.and_then(|(shelf, _)| link(shelf)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_stories_have_a_column_of_their_own() {
        let stories = |sizes: &[usize]| -> Vec<(usize, Vec<EntryIx>)> {
            sizes.iter().enumerate().map(|(story, size)| (story, vec![0; *size])).collect()
        };
        assert_eq!(columns(&stories(&[1, 9, 3]), 4), [1, 2, 3]);
        assert_eq!(columns(&stories(&[1, 9, 3, 2, 9, 1]), 4), [4, 1, 2, 4, 3, 4]);
        // Of several equally large the first ones.
        assert_eq!(columns(&stories(&[1, 1, 1, 1, 1]), 4), [1, 2, 3, 4, 4]);
    }

    #[test]
    fn an_hour_of_another_day_says_so() {
        let day = NaiveDate::from_ymd_opt(2031, 4, 2).unwrap();
        let hour = |day: NaiveDate| day.and_hms_opt(23, 0, 0);
        let words = Words::english();
        assert_eq!(hour_words(words, hour(day), day), "23:00");
        assert_eq!(hour_words(words, hour(day.pred_opt().unwrap()), day), "1 April 2031, 23:00");
        assert_eq!(hour_words(words, None, day), "Hour unknown");
    }

    #[test]
    fn one_zone_tells_the_hour_and_several_are_told_in_utc() {
        let when = When::parse("2031-04-02T00:30:00+01:00").unwrap();
        let day = NaiveDate::from_ymd_opt(2031, 4, 2).unwrap();
        assert_eq!(Clock::One(3600).hour(&when), day.and_hms_opt(0, 0, 0));
        assert_eq!(Clock::Several.hour(&when), day.pred_opt().unwrap().and_hms_opt(23, 0, 0));
        assert_eq!(Clock::None.hour(&When::Day(day)), None);
    }
}
