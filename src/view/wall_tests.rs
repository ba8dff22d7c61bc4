use super::*;
use crate::content::{Content, parse_entry};
use crate::entry::{Entry, Slug};
use crate::site::Site;

fn entry(number: usize, date: &str) -> Entry {
    let text = format!(
        "+++\nid = \"e{number}\"\ntitle = \"T\"\ndate = {date}\norder = {number}\n+++\nBody.\n"
    );
    let slug = Slug::parse("quell").unwrap();
    let (entry, problems) = parse_entry(&format!("content/quell/{number}.md"), slug, &text);
    assert_eq!(problems, [], "{date}");
    entry.unwrap()
}

fn archive(dates: &[&str]) -> Archive {
    let entries = dates.iter().enumerate().map(|(number, date)| entry(number, date)).collect();
    let (archive, problems) =
        Archive::new(Site::default(), Content { entries, ..Content::default() });
    assert_eq!(problems, []);
    archive
}

fn cells(wall: &Wall) -> impl Iterator<Item = &WallCell> {
    wall.years.iter().flat_map(|year| &year.rows).flat_map(|row| &row.cells)
}

const DATES: &[&str] = &[
    "2022-04-02",
    "2029-12-31",
    "2030-02-28",
    "2030-04-02",
    "2031-04-02",
    "2031-04-02",
    "2031-04-02T23:30:00-05:00",
    "2031-04-30T05:40:00+01:00",
    "\"2031-06\"",
    "\"2033\"",
];

#[test]
fn the_numbers_of_a_wall_of_days_are_those_of_its_days() {
    let archive = archive(DATES);
    let wall = wall(&archive, &paths::dates(), 50_000).unwrap();
    assert!(wall.by_day);
    let sum: usize = cells(&wall).map(|cell| cell.count).sum();
    assert_eq!(sum, 8, "an entry of a month or a year is no day's");
    assert_eq!(sum, archive.days().map(|(_, count)| count).sum::<usize>());
    let years: Vec<(&str, usize)> =
        wall.years.iter().map(|year| (year.link.name.as_str(), year.link.count)).collect();
    assert_eq!(years, [("2022", 1), ("2029", 1), ("2030", 2), ("2031", 5), ("2033", 1)]);
    let skipped: Vec<&str> = wall.years.iter().map(|year| year.skipped.as_str()).collect();
    assert_eq!(skipped, ["", "2023 to 2028: no entries", "", "", "2032: no entries"]);
    // From the first month with entries to the last, and each with all its days.
    let rows = |at: usize| {
        let rows = wall.years[at].rows.iter();
        rows.map(|row| (row.link.name.as_str(), row.link.count, row.cells.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(2), [("February", 1, 28), ("March", 0, 31), ("April", 1, 30)]);
    assert_eq!(rows(3), [("April", 4, 30), ("May", 0, 31), ("June", 1, 30)]);
    assert_eq!(rows(4), []);
    assert_eq!(wall.years[2].rows[1].link.url, "", "March has no page");
    let third = &wall.years[3].rows[0].cells[1];
    assert_eq!((third.url.as_str(), third.count, third.level), ("2031-04-02.html", 3, 4));
    assert_eq!(third.label, "2 April 2031, 3 entries");
}

#[test]
fn a_wall_of_months_counts_each_entry_of_a_month_once() {
    let mut dates = DATES.to_vec();
    dates.push("\"2030-02-27/2030-03-02\"");
    let archive = archive(&dates);
    // Too little room for days.
    let wall = wall(&archive, &paths::dates(), 2_000).unwrap();
    assert!(!wall.by_day);
    assert!(cells(&wall).all(|cell| cell.url.is_empty() == (cell.count == 0)));
    let of = |year: usize| wall.years[year].rows[0].cells.iter().map(|cell| cell.count);
    assert_eq!(of(2).collect::<Vec<_>>(), [0, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(of(3).sum::<usize>(), 5);
    assert_eq!(of(4).sum::<usize>(), 0, "a year alone is no month's");
    assert_eq!(wall.years[2].rows[0].link.count, 3, "in two months, and one entry of the year");
    assert_eq!(wall.columns[8].label, "September");
    assert!(super::wall(&archive, &paths::dates(), 100).is_none());
}

#[test]
fn nothing_dated_has_no_wall() {
    assert!(wall(&archive(&[]), &paths::dates(), 50_000).is_none());
    assert!(almanac(&archive(&[]), &paths::almanac()).is_none());
}

#[test]
fn a_shade_is_a_quarter_of_the_fullest_and_says_so() {
    let shades: Vec<usize> = [0, 1, 4, 5, 8, 9, 12, 13, 16].map(|n| step(n, 16)).to_vec();
    assert_eq!(shades, [0, 1, 1, 2, 2, 3, 3, 4, 4]);
    for fullest in 1..40 {
        let told: Vec<(usize, usize, usize)> = steps(fullest)
            .into_iter()
            .map(|step| {
                let mut ends = step.words.split('\u{2013}').map(|n| n.parse().unwrap());
                let least: usize = ends.next().unwrap();
                (step.level, least, ends.next().unwrap_or(least))
            })
            .collect();
        for count in 1..=fullest {
            let levels: Vec<usize> = told
                .iter()
                .filter(|(_, least, most)| (least..=most).contains(&&count))
                .map(|(level, _, _)| *level)
                .collect();
            assert_eq!(levels, [step(count, fullest)], "{count} of {fullest}");
        }
    }
}

#[test]
fn the_days_of_the_year_lead_to_the_latest_of_several_years() {
    let archive = archive(DATES);
    let wall = almanac(&archive, &paths::almanac()).unwrap();
    assert_eq!(cells(&wall).map(|cell| cell.count).sum::<usize>(), 8);
    assert_eq!(cells(&wall).count(), 366);
    let april = &wall.years[0].rows[3].cells;
    assert_eq!(april[1].url, "2031-04-02.html#other-years");
    assert_eq!(april[1].label, "2 April, 5 entries, 3 years");
    assert_eq!((april[29].url.as_str(), april[29].count), ("2031-04-30.html", 1));
}

#[test]
fn a_thousand_days_fit_a_page_and_sixty_full_years_by_month() {
    let room = 55_000;
    let first = chrono::NaiveDate::from_ymd_opt(2014, 1, 6).unwrap();
    let days: Vec<String> = first.iter_days().take(1000).map(|day| day.to_string()).collect();
    let days = archive(&days.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(wall(&days, &paths::dates(), room).unwrap().by_day);
    let dates = (1960..2020).flat_map(|year| (1..=12).map(move |month| (year, month)));
    let dates: Vec<String> = dates
        .flat_map(|(year, month)| [11, 12].map(|day| format!("{year}-{month:02}-{day}")))
        .collect();
    let years = archive(&dates.iter().map(String::as_str).collect::<Vec<_>>());
    let wall = wall(&years, &paths::dates(), room).unwrap();
    assert!(!wall.by_day && wall.years.len() == 60);
    assert_eq!(cells(&wall).map(|cell| cell.count).sum::<usize>(), 60 * 24);
}
