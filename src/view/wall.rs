//! The calendar as one table: every day of an archive where they fit a page, else its months, shaded
//! by the number of entries. Without script or picture: it is read, heard and walked through.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;

use super::{Link, counted, entries, link};
use crate::archive::{Archive, EntryIx};
use crate::date::{Month, Shelf, month_name, shelf_year, span_words};
use crate::paths::{self, OutPath};
use crate::words::Words;

/// About how many bytes of a page a day with entries takes, what its date adds where a pointer rests
/// on it, a day without, a month, and the rest of a row.
const DAY: usize = 49;
const TITLE: usize = 34;
const BLANK: usize = 4;
const MONTH: usize = 52;
const ROW: usize = 130;

/// A calendar as a table.
#[derive(Debug, Serialize)]
pub struct Wall {
    /// What the table is, for those who hear it.
    pub caption: String,
    /// Whether a row is a month and a column a day; otherwise a row is a year and a column a month.
    pub by_day: bool,
    /// The heads of the columns: "1" to "31", or months.
    pub columns: Vec<Column>,
    /// Its years, the earliest first.
    pub years: Vec<WallYear>,
    /// What the shades mean.
    pub steps: Vec<Step>,
}

/// The head of a column.
#[derive(Debug, Serialize)]
pub struct Column {
    /// "1" to "31", or a month in short.
    pub name: String,
    /// The same in full; empty where that is the same. Example: `April`
    pub label: String,
}

/// A year of a wall.
#[derive(Debug, Serialize)]
pub struct WallYear {
    /// The years without entries before it, in words; empty where there is none.
    pub skipped: String,
    /// The year and the number of its entries; without a name where the rows belong to no year.
    pub link: Link,
    /// Its months, or the year itself.
    pub rows: Vec<WallRow>,
}

/// A row of a wall.
#[derive(Debug, Serialize)]
pub struct WallRow {
    /// The month, or the year, and the number of its entries.
    pub link: Link,
    /// A cell for each day or month.
    pub cells: Vec<WallCell>,
    /// How many columns have none, as a month is shorter than another.
    pub rest: usize,
}

/// A day, a month, or an hour of a story.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WallCell {
    /// Its page, relative to the page; empty where it has no entry.
    pub url: String,
    /// How many entries it has.
    pub count: usize,
    /// How many that is beside the fullest: 0 none, 1 to 4.
    pub level: usize,
    /// The date and the number in words; empty where there is no room for it.
    pub label: String,
}

/// What a shade means.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Step {
    /// 1 to 4.
    pub level: usize,
    /// The numbers of entries that it stands for: "1", "2–4".
    pub words: String,
}

/// Returns the shade of a number beside the greatest: 0 for none, 1 to 4, each a quarter.
pub fn step(count: usize, fullest: usize) -> usize {
    (count * 4).div_ceil(fullest.max(1)).min(4)
}

/// Returns what the shades mean where the greatest number is `fullest`; none that never occurs.
pub fn steps(fullest: usize) -> Vec<Step> {
    (1..=4)
        .map(|level| (level, (level - 1) * fullest / 4 + 1, level * fullest / 4))
        .filter(|(_, least, most)| least <= most)
        .map(|(level, least, most)| Step {
            level,
            words: if least == most { least.to_string() } else { format!("{least}\u{2013}{most}") },
        })
        .collect()
}

/// Returns how many entries each month holds, those filed under its days or itself. One that stands
/// under several days counts once.
pub fn month_counts(archive: &Archive) -> BTreeMap<Month, usize> {
    let mut lists: BTreeMap<Month, Vec<EntryIx>> = BTreeMap::new();
    for (shelf, list) in &archive.calendar {
        match shelf {
            Shelf::Day(day) => lists.entry(Month::of(*day)).or_default().extend(list),
            Shelf::Month(month) => lists.entry(*month).or_default().extend(list),
            Shelf::Year(_) => {}
        }
    }
    let count = |mut list: Vec<EntryIx>| {
        list.sort_unstable();
        list.dedup();
        list.len()
    };
    lists.into_iter().map(|(month, list)| (month, count(list))).collect()
}

/// How many entries each year holds.
fn year_counts(archive: &Archive) -> BTreeMap<i32, usize> {
    let mut lists: BTreeMap<i32, Vec<EntryIx>> = BTreeMap::new();
    for (shelf, list) in &archive.calendar {
        lists.entry(shelf_year(*shelf)).or_default().extend(list);
    }
    let count = |mut list: Vec<EntryIx>| {
        list.sort_unstable();
        list.dedup();
        list.len()
    };
    lists.into_iter().map(|(year, list)| (year, count(list))).collect()
}

/// Returns the calendar in at most about `room` bytes: by day where that fits, else by month; `None`
/// where not even that does, or where nothing is dated.
pub fn wall(archive: &Archive, here: &OutPath, room: usize) -> Option<Wall> {
    let years = year_counts(archive);
    let months = month_counts(archive);
    let days = archive.days().count();
    let mut wall = Wall {
        caption: String::new(),
        by_day: true,
        columns: Vec::new(),
        years: Vec::new(),
        steps: Vec::new(),
    };
    let rows: usize = years.keys().map(|year| rows_of(&months, *year).count()).sum();
    let blanks = (rows * 31).saturating_sub(days);
    let by_day = days * DAY + blanks * BLANK + (rows + years.len()) * ROW;
    if years.is_empty() {
        return None;
    } else if days > 0 && by_day <= room {
        wall.caption = archive.words.say("calendar.wall_of_days").to_string();
        wall.columns =
            (1..=31).map(|day| Column { name: day.to_string(), label: String::new() }).collect();
        wall.steps = steps(archive.fullest_day);
        let titled = by_day + days * TITLE <= room;
        wall.years = in_order(&archive.words, &years, here, |year| {
            rows_of(&months, year)
                .map(|month| {
                    let count = months.get(&month).copied().unwrap_or_default();
                    let link = if count > 0 {
                        counted(
                            here,
                            &paths::month(month),
                            month_name(month.month, &archive.words),
                            count,
                        )
                    } else {
                        Link {
                            url: String::new(),
                            ..link(here, here, month_name(month.month, &archive.words))
                        }
                    };
                    row(link, day_cells(archive, here, month, titled), 31)
                })
                .collect()
        });
    } else if years.len() * ROW + months.len() * MONTH + years.len() * 12 * BLANK <= room {
        let name = |year| paths::year(year);
        return Some(month_wall(&archive.words, here, &years, &months, paths::month, Some(&name)));
    } else {
        return None;
    }
    Some(wall)
}

/// Returns a wall of which a row is a year and a column a month. `page` is where a month leads,
/// `of_year` where a year does.
pub fn month_wall(
    words: &Words,
    here: &OutPath,
    years: &BTreeMap<i32, usize>,
    months: &BTreeMap<Month, usize>,
    page: impl Fn(Month) -> OutPath,
    of_year: Option<&dyn Fn(i32) -> OutPath>,
) -> Wall {
    let fullest = months.values().copied().max().unwrap_or_default();
    let cell = |month: Month| {
        let count = months.get(&month).copied().unwrap_or_default();
        WallCell {
            url: if count > 0 { here.link(&page(month)) } else { String::new() },
            count,
            level: step(count, fullest),
            label: String::new(),
        }
    };
    let rows = |year: i32| {
        let count = years.get(&year).copied().unwrap_or_default();
        let mut link = match of_year {
            Some(of_year) => counted(here, &of_year(year), year.to_string(), count),
            None => counted(here, here, year.to_string(), count),
        };
        if of_year.is_none() {
            link.url = String::new();
        }
        vec![row(link, (1..=12).map(|month| cell(Month { year, month })).collect(), 12)]
    };
    Wall {
        caption: words.say("calendar.wall_of_months").to_string(),
        by_day: false,
        columns: words
            .names("date.months")
            .iter()
            .zip(words.names("date.months_short"))
            .map(|(label, name)| Column { name: name.clone(), label: label.clone() })
            .collect(),
        years: in_order(words, years, here, rows),
        steps: steps(fullest),
    }
}

/// The months of a year that a wall has rows of: from the first with entries to the last.
fn rows_of(months: &BTreeMap<Month, usize>, year: i32) -> impl Iterator<Item = Month> + use<> {
    let of_year = months.range(Month { year, month: 1 }..=Month { year, month: 12 });
    let mut of_year = of_year.map(|(month, _)| month.month);
    let first = of_year.next();
    let last = of_year.next_back().or(first);
    first
        .zip(last)
        .into_iter()
        .flat_map(|(first, last)| first..=last)
        .map(move |month| Month { year, month })
}

/// The years, each with its rows; those between that have no entry are said in words.
fn in_order(
    words: &Words,
    years: &BTreeMap<i32, usize>,
    here: &OutPath,
    rows: impl Fn(i32) -> Vec<WallRow>,
) -> Vec<WallYear> {
    let mut before: Option<i32> = None;
    years
        .iter()
        .map(|(year, count)| {
            let skipped = before.replace(*year).map_or(0, |before| year - before - 1);
            WallYear {
                skipped: match skipped {
                    0 => String::new(),
                    1 => words.fill("calendar.no_entries_in", &[("year", &(year - 1).to_string())]),
                    _ => {
                        let ends = (year - skipped, year - 1);
                        let (from, to) = (ends.0.to_string(), ends.1.to_string());
                        words.fill("calendar.no_entries_from", &[("from", &from), ("to", &to)])
                    }
                },
                link: counted(here, &paths::year(*year), year.to_string(), *count),
                rows: rows(*year),
            }
        })
        .collect()
}

fn row(link: Link, cells: Vec<WallCell>, columns: usize) -> WallRow {
    WallRow { link, rest: columns.saturating_sub(cells.len()), cells }
}

/// The days of a month, a cell each.
fn day_cells(archive: &Archive, here: &OutPath, month: Month, titled: bool) -> Vec<WallCell> {
    let counts = archive.days_of(month);
    let days = month.first_day().into_iter().flat_map(|day| day.iter_days());
    days.take_while(|day| Month::of(*day) == month)
        .map(|day| {
            let count = counts.get(&day).copied().unwrap_or_default();
            if count == 0 {
                return WallCell::default();
            }
            WallCell {
                url: here.link(&paths::day(day)),
                count,
                level: step(count, archive.fullest_day),
                label: if titled {
                    let words = &archive.words;
                    words.list(&[span_words(day, day, words), entries(words, count)])
                } else {
                    String::new()
                },
            }
        })
        .collect()
}

/// Returns the days of the year, whatever the year. A day of several years leads to its latest, and
/// there to the others; `None` where no day is one of several years.
pub fn almanac(archive: &Archive, here: &OutPath) -> Option<Wall> {
    if archive.almanac.values().all(|days| days.len() < 2) {
        return None;
    }
    let total = |days: &[chrono::NaiveDate]| -> usize {
        let list = |day: &chrono::NaiveDate| archive.calendar.get(&Shelf::Day(*day));
        days.iter().filter_map(list).map(Vec::len).sum()
    };
    let fullest = archive.almanac.values().map(|days| total(days)).max().unwrap_or_default();
    let cell = |month: u32, day: u32| {
        let Some(days) = archive.almanac.get(&(month, day)) else { return WallCell::default() };
        let count = total(days);
        let latest = days.last().map(|day| here.link(&paths::day(*day))).unwrap_or_default();
        let words = &archive.words;
        let (anchor, years) = match days.len() {
            1 => ("", days[0].year().to_string()),
            many => ("#other-years", words.count("count.years", many, &[])),
        };
        let of_days = words.name("date.months_of_days", month as usize - 1);
        let name = words.fill("date.day_of_year", &[("day", &day.to_string()), ("month", of_days)]);
        WallCell {
            url: format!("{latest}{anchor}"),
            count,
            level: step(count, fullest),
            label: words.list(&[name, entries(words, count), years]),
        }
    };
    let rows = (1..=12).map(|month| {
        let name =
            Link { url: String::new(), ..link(here, here, month_name(month, &archive.words)) };
        // 29 February is a day of the year.
        let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1];
        row(name, (1..=days).map(|day| cell(month, day)).collect(), 31)
    });
    let no_year = Link { name: String::new(), url: String::new(), ..link(here, here, "") };
    Some(Wall {
        caption: archive.words.say("calendar.wall_of_year").to_string(),
        by_day: true,
        columns: (1..=31)
            .map(|day: u32| Column { name: day.to_string(), label: String::new() })
            .collect(),
        years: vec![WallYear { skipped: String::new(), link: no_year, rows: rows.collect() }],
        steps: steps(fullest),
    })
}

#[cfg(test)]
#[path = "wall_tests.rs"]
mod tests;
