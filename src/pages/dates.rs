//! The calendar: years, months, days, and what has no day.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::Archive;
use crate::date::{Month, Shelf, day_words, shelf_year};
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::view::{self, Frame, Group, Link, MonthView};
use crate::words::Words;

/// The list of years.
pub const LIST: Kind = Kind { name: "the list of years", plan: plan_list, write: write_list };
/// A year.
pub const YEAR: Kind = Kind { name: "a year", plan: plan_year, write: write_year };
/// A month.
pub const MONTH: Kind = Kind { name: "a month", plan: plan_month, write: write_month };
/// A day.
pub const DAY: Kind = Kind { name: "a day", plan: plan_day, write: write_day };
/// What has no day.
pub const UNDATED: Kind =
    Kind { name: "the undated entries", plan: plan_undated, write: write_undated };

/// What `dates.html` sees.
#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    /// Every year that has entries.
    years: Vec<YearLine>,
    /// The page of the entries without a day.
    undated: Option<Link>,
}

/// A year as a line of the list: its months.
#[derive(Serialize)]
struct YearLine {
    /// The year.
    link: Link,
    /// Its months that have entries.
    months: Vec<Link>,
}

/// What `year.html` sees.
#[derive(Serialize)]
struct YearView<'a> {
    page: Frame<'a>,
    /// How many entries the year has, in words.
    count: String,
    /// Its months that have entries.
    months: Vec<MonthView>,
    /// The entries of which no more than the year is known, by what is known of their dates.
    groups: Vec<Group>,
    /// The year before that has entries.
    earlier: Option<Link>,
    /// The year behind that has entries.
    later: Option<Link>,
}

/// What `month.html` sees.
#[derive(Serialize)]
struct MonthPage<'a> {
    page: Frame<'a>,
    /// The month.
    month: MonthView,
    /// Its entries by days; last those of which no more than the month is known.
    groups: Vec<Group>,
    /// The month before that has entries.
    earlier: Option<Link>,
    /// The month behind that has entries.
    later: Option<Link>,
}

/// What `day.html` sees.
#[derive(Serialize)]
struct DayView<'a> {
    page: Frame<'a>,
    /// How many entries the day has, in words.
    count: String,
    /// Its entries by stories.
    groups: Vec<Group>,
    /// The day before that has entries.
    earlier: Option<Link>,
    /// The day behind that has entries.
    later: Option<Link>,
}

/// What `undated.html` sees.
#[derive(Serialize)]
struct UndatedView<'a> {
    page: Frame<'a>,
    /// How many entries have no day, in words.
    count: String,
    /// These entries by stories.
    groups: Vec<Group>,
}

/// Returns every year with the number of its entries.
pub fn years(archive: &Archive, here: &OutPath) -> Vec<Link> {
    archive
        .years()
        .into_iter()
        .map(|year| {
            view::counted(here, &paths::year(year), year.to_string(), year_count(archive, year))
        })
        .collect()
}

fn year_count(archive: &Archive, year: i32) -> usize {
    archive.count(|shelf| shelf_year(shelf) == year)
}

fn trail(archive: &Archive, above: &[(OutPath, String)]) -> Vec<(OutPath, String)> {
    let mut trail = vec![(paths::dates(), archive.words.say("frame.dates").to_string())];
    trail.extend_from_slice(above);
    trail
}

fn year_crumb(year: i32) -> (OutPath, String) {
    (paths::year(year), year.to_string())
}

fn month_crumb(words: &Words, month: Month) -> (OutPath, String) {
    (paths::month(month), month.words(words))
}

/// The neighbours of an item in a sorted list.
fn neighbours<T: PartialEq>(
    list: &[T],
    item: &T,
    link: impl Fn(&T) -> Link,
) -> (Option<Link>, Option<Link>) {
    let at = list.iter().position(|other| other == item);
    let earlier = at.and_then(|at| at.checked_sub(1)).and_then(|at| list.get(at));
    let later = at.and_then(|at| list.get(at + 1));
    (earlier.map(&link), later.map(&link))
}

fn plan_list(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::dates(), Subject::Archive)]
}

fn write_list(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let mut frame = view::frame(archive, here, archive.words.say("frame.dates"), &[]);
    frame.description = archive.words.say("calendar.about_dates").to_string();
    let months = archive.months();
    let lines = years(archive, here)
        .into_iter()
        .zip(archive.years())
        .map(|(link, year)| YearLine {
            link,
            months: months
                .iter()
                .filter(|month| month.year == year)
                .map(|month| {
                    let grid = view::month(archive, here, *month);
                    view::counted(here, &paths::month(*month), grid.short, grid.count)
                })
                .collect(),
        })
        .collect();
    let undated = (!archive.undated.is_empty()).then(|| undated_link(archive, here));
    html(desk, page, "dates.html", &ListView { page: frame, years: lines, undated })
}

/// Returns a link to the entries without a day.
pub fn undated_link(archive: &Archive, here: &OutPath) -> Link {
    let name = archive.words.say("calendar.undated");
    view::counted(here, &paths::undated(), name, archive.undated.len())
}

fn plan_year(archive: &Archive) -> Vec<(OutPath, Subject)> {
    archive.years().into_iter().map(|year| (paths::year(year), Subject::Year(year))).collect()
}

fn write_year(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Year(year) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let mut frame = view::frame(archive, here, year.to_string(), &trail(archive, &[]));
    let words = &archive.words;
    let count = view::entries(words, year_count(archive, year));
    let name = year.to_string();
    frame.description = words.fill("frame.holds", &[("name", &name), ("count", &count)]);
    let only = archive.calendar.get(&Shelf::Year(year)).cloned().unwrap_or_default();
    let years = archive.years();
    let (earlier, later) =
        neighbours(&years, &year, |year| view::link(here, &paths::year(*year), year.to_string()));
    let view = YearView {
        page: frame,
        count,
        months: archive
            .months()
            .into_iter()
            .filter(|month| month.year == year)
            .map(|month| view::month(archive, here, month))
            .collect(),
        groups: view::groups(archive, here, &only, |ix| {
            (archive.entries[ix].when.words(words), String::new())
        }),
        earlier,
        later,
    };
    html(desk, page, "year.html", &view)
}

fn plan_month(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let months = archive.months().into_iter();
    months.map(|month| (paths::month(month), Subject::Month(month))).collect()
}

fn write_month(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Month(month) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let words = &archive.words;
    let mut frame =
        view::frame(archive, here, month.words(words), &trail(archive, &[year_crumb(month.year)]));
    let grid = view::month(archive, here, month);
    let count = view::entries(words, grid.count);
    frame.description = words.fill("frame.holds", &[("name", &grid.name), ("count", &count)]);
    let mut groups = Vec::new();
    for day in archive.days_of(month).into_keys() {
        let list = &archive.calendar[&Shelf::Day(day)];
        groups.push(Group {
            heading: day_words(day, words),
            id: format!("day-{day}"),
            url: here.link(&paths::day(day)),
            lines: list.iter().map(|ix| view::line(archive, here, *ix)).collect(),
        });
    }
    if let Some(list) = archive.calendar.get(&Shelf::Month(month)) {
        groups.extend(view::groups(archive, here, list, |ix| {
            (archive.entries[ix].when.words(words), String::new())
        }));
    }
    let months = archive.months();
    let (earlier, later) = neighbours(&months, &month, |month| {
        view::link(here, &paths::month(*month), month.words(words))
    });
    html(desk, page, "month.html", &MonthPage { page: frame, month: grid, groups, earlier, later })
}

fn plan_day(archive: &Archive) -> Vec<(OutPath, Subject)> {
    archive.days().map(|(day, _)| (paths::day(day), Subject::Day(day))).collect()
}

fn write_day(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Day(day) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let (words, month) = (&archive.words, Month::of(day));
    let crumbs = trail(archive, &[year_crumb(month.year), month_crumb(words, month)]);
    let mut frame = view::frame(archive, here, day_words(day, words), &crumbs);
    let list = archive.calendar.get(&Shelf::Day(day)).cloned().unwrap_or_default();
    let count = view::entries(words, list.len());
    let name = day_words(day, words);
    frame.description = words.fill("frame.holds", &[("name", &name), ("count", &count)]);
    let (earlier, later) = day_neighbours(archive, here, day);
    let groups = view::groups(archive, here, &by_story(archive, list), |ix| {
        let story = &archive.story_of(ix).story;
        (story.title.clone(), here.link(&paths::story(&story.slug)))
    });
    html(desk, page, "day.html", &DayView { page: frame, count, groups, earlier, later })
}

/// Sorts entries by story, each story where its first entry of the list stands.
fn by_story(archive: &Archive, list: Vec<usize>) -> Vec<usize> {
    let mut seen: Vec<usize> = Vec::new();
    for ix in &list {
        if !seen.contains(&archive.seats[*ix].0) {
            seen.push(archive.seats[*ix].0);
        }
    }
    let mut sorted = list;
    sorted.sort_by_key(|ix| seen.iter().position(|story| *story == archive.seats[*ix].0));
    sorted
}

fn day_neighbours(
    archive: &Archive,
    here: &OutPath,
    day: NaiveDate,
) -> (Option<Link>, Option<Link>) {
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

fn plan_undated(archive: &Archive) -> Vec<(OutPath, Subject)> {
    if archive.undated.is_empty() {
        return Vec::new();
    }
    vec![(paths::undated(), Subject::Archive)]
}

fn write_undated(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let mut frame =
        view::frame(archive, here, archive.words.say("calendar.undated"), &trail(archive, &[]));
    let words = &archive.words;
    let count = view::entries(words, archive.undated.len());
    frame.description = words.fill("calendar.about_undated", &[("entries", &count)]);
    let groups = view::groups(archive, here, &archive.undated, |ix| {
        let story = &archive.story_of(ix).story;
        (story.title.clone(), here.link(&paths::story(&story.slug)))
    });
    html(desk, page, "undated.html", &UndatedView { page: frame, count, groups })
}
