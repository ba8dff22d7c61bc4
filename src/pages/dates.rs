//! The calendar: its wall, years, months, the days of the year, and what has no day. Days stand in
//! [`super::day`].

use chrono::Datelike;
use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx, weight};
use crate::date::{Month, Shelf, day_words, shelf_year};
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::view::{self, Frame, Group, Link, MonthView, Wall};
use crate::words::Words;

/// The list of years.
pub const LIST: Kind = Kind { name: "the list of years", plan: plan_list, write: write_list };
/// A year.
pub const YEAR: Kind = Kind { name: "a year", plan: plan_year, write: write_year };
/// A month.
pub const MONTH: Kind = Kind { name: "a month", plan: plan_month, write: write_month };
/// The days of the year.
pub const ALMANAC: Kind =
    Kind { name: "the days of the year", plan: plan_almanac, write: write_almanac };
/// What has no day.
pub const UNDATED: Kind =
    Kind { name: "the undated entries", plan: plan_undated, write: write_undated };

/// A page of the calendar lists at most so many entries; of more it says where they are.
pub(super) const LINES: usize = 120;
/// What a line takes more with the title of its story or its first words.
pub(super) const MORE: usize = 150;
/// About how many bytes the wall takes of a page of 60 kB.
const WALL: usize = 55_000;
/// About how many bytes of a page the grids of the months of a year take at most.
const MONTHS: usize = 44_000;
/// About how many bytes the days of a month take that is too full for their entries.
const DAYS: usize = 24_000;
/// A list of more years than this has no months.
const YEARS: usize = 60;
/// How many stories of a day a month names that is too full for its entries.
const NAMED: usize = 5;

/// What `dates.html` sees.
#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    /// How many entries the archive has, in words.
    count: String,
    /// All days of all years; none where that is too large for a page.
    wall: Option<Wall>,
    /// Every year that has entries.
    years: Vec<YearLine>,
    /// The page of the entries without a day.
    undated: Option<Link>,
    /// The page of the days of the year; none where no day of the year has entries in two years.
    almanac: Option<Link>,
}

/// What `almanac.html` sees.
#[derive(Serialize)]
struct AlmanacView<'a> {
    page: Frame<'a>,
    /// All days of a year, each with the number of its entries in all years.
    wall: Wall,
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
    /// The stories of entries without a month, where these are too many.
    /// Example: `[{name: "Flood in Quell", count: 290, …}, …]`
    stories: Vec<Link>,
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
    /// In place of entries, where there are too many: the days, each with its stories.
    /// Example: `[{link: {name: "Wednesday 2 April 2031", count: 310, …}, …}, …]`
    days: Vec<DayLine>,
    /// The stories of entries without a day, where these are too many.
    /// Example: `[{name: "Flood in Quell", count: 290, …}, …]`
    stories: Vec<Link>,
    /// The month before that has entries.
    earlier: Option<Link>,
    /// The month behind that has entries.
    later: Option<Link>,
}

/// A day of a month that is too full for its entries: its stories.
#[derive(Serialize)]
struct DayLine {
    /// The day. Example: `{name: "Wednesday 2 April 2031", count: 310, …}`
    link: Link,
    /// Some of its stories. Example: `[{name: "Flood in Quell", count: 290, …}, …]`
    stories: Vec<Link>,
    /// How many more there are. Example: `3`
    more: usize,
}

/// What `undated.html` sees.
#[derive(Serialize)]
struct UndatedView<'a> {
    page: Frame<'a>,
    /// How many entries have no day, in words.
    count: String,
    /// These entries by stories.
    groups: Vec<Group>,
    /// Their stories in place of entries, where these are too many.
    /// Example: `[{name: "Flood in Quell", count: 290, …}, …]`
    stories: Vec<Link>,
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

pub(super) fn trail(archive: &Archive, above: &[(OutPath, String)]) -> Vec<(OutPath, String)> {
    let mut trail = vec![(paths::dates(), archive.words.say("frame.dates").to_string())];
    trail.extend_from_slice(above);
    trail
}

pub(super) fn year_crumb(year: i32) -> (OutPath, String) {
    (paths::year(year), year.to_string())
}

pub(super) fn month_crumb(words: &Words, month: Month) -> (OutPath, String) {
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
    let years = years(archive, here);
    let months = view::month_counts(archive);
    let named = years.len() <= YEARS;
    let lines = years.into_iter().zip(archive.years());
    let lines = lines.map(|(link, year)| {
        let of_year = months.range(Month { year, month: 1 }..=Month { year, month: 12 });
        let month = |(month, count): (&Month, &usize)| {
            let name = crate::date::month_name(month.month, &archive.words);
            view::counted(here, &paths::month(*month), name, *count)
        };
        YearLine { link, months: if named { of_year.map(month).collect() } else { Vec::new() } }
    });
    let view = ListView {
        years: lines.collect(),
        count: view::entries(&archive.words, archive.entries.len()),
        wall: view::wall(archive, here, WALL),
        undated: (!archive.undated.is_empty()).then(|| undated_link(archive, here)),
        almanac: has_almanac(archive)
            .then(|| view::link(here, &paths::almanac(), archive.words.say("calendar.almanac"))),
        page: frame,
    };
    html(desk, page, "dates.html", &view)
}

/// Returns a link to the entries without a day.
pub fn undated_link(archive: &Archive, here: &OutPath) -> Link {
    let name = archive.words.say("calendar.undated");
    view::counted(here, &paths::undated(), name, archive.undated.len())
}

/// Whether a day of the year has entries in several years.
pub(super) fn has_almanac(archive: &Archive) -> bool {
    archive.almanac.values().any(|days| days.len() > 1)
}

fn plan_almanac(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let page = (paths::almanac(), Subject::Archive);
    if has_almanac(archive) { vec![page] } else { Vec::new() }
}

fn write_almanac(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let Some(wall) = view::almanac(archive, here) else { return Ok(Vec::new()) };
    let mut frame =
        view::frame(archive, here, archive.words.say("calendar.almanac"), &trail(archive, &[]));
    frame.description = archive.words.say("calendar.about_almanac").to_string();
    html(desk, page, "almanac.html", &AlmanacView { page: frame, wall })
}

/// Whether entries are too many, or their titles too long, for one page of the calendar, of which
/// something else takes some bytes.
pub(super) fn is_full(archive: &Archive, list: &[EntryIx], each: usize, besides: usize) -> bool {
    let line = |ix: &EntryIx| weight::line(&archive.entries[*ix]) + each;
    list.len() > LINES
        || list.len() > 1 && besides + list.iter().map(line).sum::<usize>() > weight::LINES
}

/// Entries that no day holds: grouped by what is known of their date where a page has room for them,
/// else their stories.
fn dayless(
    archive: &Archive,
    here: &OutPath,
    list: &[EntryIx],
    besides: usize,
) -> (Vec<Group>, Vec<Link>) {
    if is_full(archive, list, MORE, besides) {
        return (Vec::new(), stories_of(archive, here, list));
    }
    let heading = |ix: EntryIx| (archive.entries[ix].when.words(&archive.words), String::new());
    (view::groups(archive, here, list, besides, heading), Vec::new())
}

/// The stories of entries, each with its number of them, in the order in which they come.
fn stories_of(archive: &Archive, here: &OutPath, list: &[EntryIx]) -> Vec<Link> {
    let parts = super::day::by_story(archive, list).into_iter();
    parts
        .map(|(story, list)| {
            let group = &archive.stories[story];
            Link { count: list.len(), ..view::story_link(here, group) }
        })
        .collect()
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
    let days = archive.days().filter(|(day, _)| day.year() == year).count();
    let (groups, stories) = dayless(archive, here, &only, days * MONTHS / 366);
    let view = YearView {
        page: frame,
        count,
        months: archive
            .months()
            .into_iter()
            .filter(|month| month.year == year)
            .map(|month| view::month(archive, here, month))
            .collect(),
        groups,
        stories,
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
    let (mut groups, mut days) = (Vec::new(), Vec::new());
    let lists = archive.days_of(month).into_keys();
    let mut listed: Vec<EntryIx> =
        lists.flat_map(|day| archive.calendar[&Shelf::Day(day)].iter().copied()).collect();
    let loose = archive.calendar.get(&Shelf::Month(month)).map(Vec::as_slice).unwrap_or_default();
    listed.extend(loose);
    let bytes = |ix: &EntryIx| weight::line(&archive.entries[*ix]) + MORE;
    let taken: usize = listed.iter().map(bytes).sum();
    let own: usize = loose.iter().map(bytes).sum();
    let full = grid.count > LINES || is_full(archive, &listed, MORE, weight::HEADING * 31);
    let told = view::fitting(archive, &listed, taken, weight::LINES - weight::HEADING * 31);
    for day in archive.days_of(month).into_keys() {
        let list = &archive.calendar[&Shelf::Day(day)];
        let url = here.link(&paths::day(day));
        if full {
            let mut stories = stories_of(archive, here, list);
            stories.sort_by_key(|story| std::cmp::Reverse(story.count));
            let more = stories.len().saturating_sub(NAMED);
            stories.truncate(NAMED);
            let link = view::counted(here, &paths::day(day), day_words(day, words), list.len());
            days.push(DayLine { link, stories, more });
            continue;
        }
        groups.push(Group {
            heading: day_words(day, words),
            id: format!("day-{day}"),
            url,
            lines: view::lines(archive, here, list, told),
        });
    }
    let besides = if full { DAYS } else { taken - own };
    let (more, stories) = dayless(archive, here, loose, besides);
    groups.extend(more);
    let months = archive.months();
    let (earlier, later) = neighbours(&months, &month, |month| {
        view::link(here, &paths::month(*month), month.words(words))
    });
    let view = MonthPage { page: frame, month: grid, groups, days, stories, earlier, later };
    html(desk, page, "month.html", &view)
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
    let mut view = UndatedView { page: frame, count, groups: Vec::new(), stories: Vec::new() };
    if is_full(archive, &archive.undated, 2 * MORE, 0) {
        view.stories = stories_of(archive, here, &archive.undated);
    } else {
        let excerpts = 2 * MORE * archive.undated.len();
        view.groups = view::groups(archive, here, &archive.undated, excerpts, |ix| {
            let story = &archive.story_of(ix).story;
            (story.title.clone(), here.link(&paths::story(&story.slug)))
        });
    }
    html(desk, page, "undated.html", &view)
}
