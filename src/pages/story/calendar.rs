//! A story's own calendar: its months, their days leading into the story.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::archive::StoryGroup;
use crate::date::{Month, day_words};
use crate::view::{self, DayCell, Link};
use crate::words::Words;

/// Stories with fewer days have a list of them, which is shorter.
const FEWEST_DAYS: usize = 4;
/// With more months than this, their days stand in lines.
const MOST_GRIDS: usize = 6;

/// A month of a story.
#[derive(Debug, Serialize)]
pub(super) struct StoryMonth {
    /// The month and its year.
    pub name: String,
    /// How many entries of the story it has.
    pub count: usize,
    /// Weeks from Monday to Sunday; an empty cell where a day belongs to another month. Empty where
    /// `days` has them instead.
    pub weeks: Vec<Vec<DayCell>>,
    /// The days that have entries, where the story has too many months for grids.
    pub days: Vec<DayCell>,
}

/// Returns the months of a story in which it has entries. `url` says where a day is read; `only`
/// limits them to one month. Empty where the story has few days.
pub(super) fn months(
    words: &Words,
    group: &StoryGroup,
    only: Option<Month>,
    current: Option<NaiveDate>,
    url: impl Fn(NaiveDate) -> String,
) -> Vec<StoryMonth> {
    if group.days.len() < FEWEST_DAYS {
        return Vec::new();
    }
    let mut days: BTreeMap<Month, Vec<(NaiveDate, usize)>> = BTreeMap::new();
    let shown = group.days.iter();
    let shown = shown.filter(|(day, _)| only.is_none_or(|only| only == Month::of(**day)));
    for (day, list) in shown {
        days.entry(Month::of(*day)).or_default().push((*day, list.len()));
    }
    let fullest = group.days.values().map(Vec::len).max().unwrap_or(1).max(1);
    let as_grids = only.is_some() || days.len() <= MOST_GRIDS;
    let cell = |day: NaiveDate, count: usize| DayCell {
        day: day.day(),
        url: if count > 0 && current != Some(day) { url(day) } else { String::new() },
        count,
        level: (count * 4).div_ceil(fullest).min(4),
        label: [day_words(day, words), view::entries(words, count)].join(words.say("list.comma")),
    };
    days.into_iter()
        .map(|(month, list)| StoryMonth {
            name: month.words(words),
            count: list.iter().map(|(_, count)| count).sum(),
            weeks: if as_grids { weeks(month, &list, &cell) } else { Vec::new() },
            days: if as_grids {
                Vec::new()
            } else {
                list.iter().map(|(day, count)| cell(*day, *count)).collect()
            },
        })
        .collect()
}

fn weeks(
    month: Month,
    list: &[(NaiveDate, usize)],
    cell: &impl Fn(NaiveDate, usize) -> DayCell,
) -> Vec<Vec<DayCell>> {
    let Some(first) = month.first_day() else { return Vec::new() };
    let blanks = first.weekday().num_days_from_monday();
    let mut cells: Vec<DayCell> = (0..blanks).map(|_| DayCell::default()).collect();
    for day in first.iter_days().take_while(|day| Month::of(*day) == month) {
        let at = list.binary_search_by_key(&day, |(day, _)| *day);
        cells.push(cell(day, at.map_or(0, |at| list[at].1)));
    }
    while !cells.len().is_multiple_of(7) {
        cells.push(DayCell::default());
    }
    cells.chunks(7).map(<[DayCell]>::to_vec).collect()
}

/// Returns the months of a story before and behind one, each leading to its nearest day.
pub(super) fn other_months(
    words: &Words,
    group: &StoryGroup,
    day: NaiveDate,
    url: impl Fn(NaiveDate) -> String,
) -> (Option<Link>, Option<Link>) {
    if group.days.len() < FEWEST_DAYS {
        return (None, None);
    }
    let own = Month::of(day);
    let link = |day: &NaiveDate| {
        let name = Month::of(*day).words(words);
        Link { name, url: url(*day), current: false, count: 0, made: false }
    };
    let days = group.days.keys();
    let earlier = days.clone().take_while(|day| Month::of(**day) < own).last();
    let later = group.days.range(day..).map(|(day, _)| day).find(|day| Month::of(**day) > own);
    (earlier.map(link), later.map(link))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Archive;
    use crate::content::{Content, parse_entry};
    use crate::entry::Slug;
    use crate::site::Site;

    fn story(days: &[&str]) -> StoryGroup {
        let list = |day: &&str| {
            format!("+++\nid = \"e-{day}\"\ntitle = \"T\"\ndate = {day}\n+++\nWords.\n")
        };
        let entries = days.iter().map(|day| {
            let slug = Slug::parse("quell").unwrap();
            parse_entry("content/quell/e.md", slug, &list(day)).0.unwrap()
        });
        let content = Content { entries: entries.collect(), ..Content::default() };
        Archive::new(Site::default(), content).0.stories.remove(0)
    }

    fn shown(months: &[StoryMonth]) -> Vec<String> {
        let cells = |month: &StoryMonth| {
            let all = month.weeks.iter().flatten().chain(&month.days);
            all.filter(|cell| !cell.url.is_empty()).map(|cell| cell.url.clone()).collect::<Vec<_>>()
        };
        months.iter().map(|month| format!("{}: {}", month.name, cells(month).join(" "))).collect()
    }

    #[test]
    fn the_days_of_a_story_lead_into_it() {
        let group = story(&["2031-03-31", "2031-04-01", "2031-04-02", "2031-04-30"]);
        let url = |day: NaiveDate| format!("{}", day.day());
        let months = months(Words::english(), &group, None, "2031-04-02".parse().ok(), url);
        assert_eq!(shown(&months), ["March 2031: 31", "April 2031: 1 30"]);
        assert_eq!(months[1].count, 3);
        assert!(months[1].weeks.iter().all(|week| week.len() == 7));
        let day = "2031-04-02".parse().unwrap();
        let (earlier, later) = other_months(Words::english(), &group, day, url);
        assert_eq!((earlier.unwrap().url, later.is_none()), ("31".into(), true));
    }

    #[test]
    fn a_story_of_few_days_has_no_calendar_and_one_of_many_months_has_lines() {
        assert!(
            months(Words::english(), &story(&["2031-04-01", "2031-04-02"]), None, None, |_| {
                String::new()
            })
            .is_empty()
        );
        let many: Vec<String> = (1..=9).map(|month| format!("2031-0{month}-05")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let months = months(Words::english(), &story(&many), None, None, |_| "x".into());
        assert_eq!(months.len(), 9);
        assert!(months.iter().all(|month| month.weeks.is_empty() && month.days.len() == 1));
    }
}
