//! Tests of settling days.

use super::*;
use crate::format::{Format, built_in};

fn generic() -> Format {
    built_in().into_iter().find(|format| format.name == "generic").unwrap()
}

/// What is told and stands around the entries of a test.
#[derive(Default)]
struct Around<'a> {
    above: &'a [&'a str],
    url: Option<&'a str>,
    told: Told,
    zone: Option<&'a str>,
    day_first: Option<bool>,
}

impl Around<'_> {
    /// Settles stamps, and says what became of each: its date, how it is known, or its clock.
    fn settle(&self, entries: &[(&str, &str)]) -> Vec<String> {
        self.settled(entries).into_iter().map(written).collect()
    }

    /// Settles stamps that stand below no day heading.
    fn stamps(&self, stamps: &[&str]) -> Vec<String> {
        let entries: Vec<_> = stamps.iter().map(|stamp| (*stamp, "")).collect();
        self.settle(&entries)
    }

    fn settled(&self, entries: &[(&str, &str)]) -> Vec<Settled> {
        let mut format = generic();
        format.time.zone = self.zone.map(str::to_string);
        format.time.day_first = self.day_first;
        let (clues, wrong) = read(entries.iter().copied(), &format.time);
        assert!(wrong.is_empty(), "{wrong:?}");
        let newest_first = clock::direction(&steps(&clues), None).unwrap_or(true);
        settle(&clues, newest_first, &self.page(), &format.time, &self.told)
    }

    fn page(&self) -> Page {
        let mut format = generic();
        format.time.day_first = self.day_first;
        let above = self.above.iter().copied();
        Page::read(&above.collect::<Vec<_>>(), self.url, self.told.captured, &format, &self.told)
    }
}

fn written(settled: Settled) -> String {
    let mut parts = vec![settled.when.written()];
    parts.extend(settled.basis.map(|basis| basis.name().to_string()));
    parts.extend(settled.clock.map(|clock| clock.format("%H:%M").to_string()));
    parts.extend(settled.missing_zone.map(|zone| format!("zone `{zone}`?")));
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

fn told(date: &str) -> Told {
    Told { date: Some(When::parse(date).unwrap()), ..Told::default() }
}

const ON_2_APRIL: Option<&str> = Some("https://p.example/2031/04/02/flood");

#[test]
fn a_clock_without_any_day_stays_a_clock() {
    assert_eq!(Around::default().stamps(&["21:40 GMT", "21:05 GMT"]), ["21:40", "21:05"]);
}

#[test]
fn midnight_is_crossed_in_both_directions() {
    let around = Around { url: ON_2_APRIL, ..Around::default() };
    let newest = around.stamps(&["01:20 GMT", "00:05 GMT", "23:40 GMT", "21:15 GMT"]);
    let mut oldest = around.stamps(&["21:15 GMT", "23:40 GMT", "00:05 GMT", "01:20 GMT"]);
    assert_eq!(newest.first().unwrap(), "2031-04-03T01:20:00+00:00 inferred");
    assert_eq!(newest.last().unwrap(), "2031-04-02T21:15:00+00:00 inferred");
    oldest.reverse();
    assert_eq!(newest, oldest);
    // A small step against the order is no midnight.
    assert_eq!(
        around.stamps(&["20:40 GMT", "20:10 GMT", "20:13 GMT", "19:45 GMT"])[2],
        "2031-04-02T20:13:00+00:00 inferred"
    );
}

#[test]
fn a_page_counts_from_its_oldest_entry_unless_it_was_changed_last() {
    let stamps = ["00.20 BST", "23.45 BST", "22.10 BST"];
    let published = Around { above: &["Published 2 April 2031"], ..Around::default() };
    assert_eq!(published.stamps(&stamps)[0], "2031-04-03T00:20:00+01:00 inferred");
    let changed = Around { above: &["Last updated 00:41 BST, 3 April 2031"], ..Around::default() };
    assert_eq!(changed.stamps(&stamps), published.stamps(&stamps));
    // Changed in the early hours, after the last entry of the day before.
    let later = Around { above: &["Last updated 07:41 BST, 4 April 2031"], ..Around::default() };
    assert_eq!(later.stamps(&["23.45 BST"]), ["2031-04-03T23:45:00+01:00 inferred"]);
}

#[test]
fn a_day_heading_holds_for_what_stands_below() {
    let entries = [
        ("09:15 GMT", "Wednesday, 2 April 2031"),
        ("08:02 GMT", "Wednesday, 2 April 2031"),
        ("23:48 GMT", "Tuesday, 1 April 2031"),
    ];
    assert_eq!(
        Around::default().settle(&entries),
        [
            "2031-04-02T09:15:00+00:00 inferred",
            "2031-04-02T08:02:00+00:00 inferred",
            "2031-04-01T23:48:00+00:00 inferred",
        ]
    );
    // What stands above the first heading is of the day after, or of the same.
    let above = [("00:10 GMT", ""), ("22:00 GMT", ""), ("20:00 GMT", "1 April 2031")];
    assert_eq!(
        Around::default().settle(&above),
        [
            "2031-04-02T00:10:00+00:00 inferred",
            "2031-04-01T22:00:00+00:00 inferred",
            "2031-04-01T20:00:00+00:00 inferred",
        ]
    );
}

#[test]
fn a_day_without_its_year_is_no_date_until_the_page_names_one() {
    let entries = [("09:15 GMT", "Wednesday, April 2"), ("23:48 GMT", "Tuesday, April 1")];
    assert_eq!(Around::default().settle(&entries), ["09:15", "23:48"]);
    let month = Around { url: Some("https://p.example/2031/04/flood"), ..Around::default() };
    assert_eq!(
        month.settle(&entries),
        ["2031-04-02T09:15:00+00:00 inferred", "2031-04-01T23:48:00+00:00 inferred"]
    );
    // In 2030 the second of April was a Tuesday: the page's year is not that of the entries.
    let other = Around { url: Some("https://p.example/2030/04/02/flood"), ..Around::default() };
    assert_eq!(other.page().year_of(&whole_date("Wednesday, April 2"), None), None);
}

fn whole_date(text: &str) -> Partial {
    super::super::stamp::whole(text).unwrap().date.unwrap()
}

#[test]
fn the_year_turns_with_the_days() {
    let page = Around { above: &["Published 31 December 2031"], ..Around::default() };
    assert_eq!(
        page.stamps(&["01:20 GMT", "23:40 GMT"]),
        ["2032-01-01T01:20:00+00:00 inferred", "2031-12-31T23:40:00+00:00 inferred"]
    );
    assert_eq!(
        page.stamps(&["02:00 GMT 1 January", "23:40 GMT 31 December"]),
        ["2032-01-01T02:00:00+00:00 inferred", "2031-12-31T23:40:00+00:00 inferred"]
    );
    let january = Around { above: &["Published 1 January 2032"], ..Around::default() };
    assert_eq!(january.stamps(&["23:40 GMT 31 December"]), ["2031-12-31T23:40:00+00:00 inferred"]);
}

#[test]
fn a_day_of_the_week_is_the_next_one_on_a_page_with_a_day() {
    let stamps = ["Thursday 4.15pm", "Wednesday 8.40pm", "Wednesday 7.05am", "Tuesday 11.10pm"];
    assert_eq!(Around::default().stamps(&stamps), ["16:15", "20:40", "07:05", "23:10"]);
    // 1 April 2031 was a Tuesday.
    let page = Around {
        above: &["Posted 1 April 2031"],
        told: Told { zone: crate::import::zone_named("UTC"), ..Told::default() },
        ..Around::default()
    };
    assert_eq!(
        page.stamps(&stamps),
        [
            "2031-04-03T16:15:00+00:00 inferred",
            "2031-04-02T20:40:00+00:00 inferred",
            "2031-04-02T07:05:00+00:00 inferred",
            "2031-04-01T23:10:00+00:00 inferred",
        ]
    );
    let (clues, _) = read(stamps.iter().map(|stamp| (*stamp, "")), &TimeRule::default());
    assert_eq!(clock::direction(&steps(&clues), None), Some(true));
}

#[test]
fn a_zone_is_named_told_or_supposed_from_habit() {
    let full = "17:40 2 April 2031";
    assert_eq!(Around::default().stamps(&[full]), ["2031-04-02 stated zone ``?"]);
    assert_eq!(
        Around::default().stamps(&["17:40 BST 2 April 2031"]),
        ["2031-04-02T17:40:00+01:00 stated"]
    );
    let page = Around { above: &["All times are UK"], ..Around::default() };
    assert_eq!(page.stamps(&[full]), ["2031-04-02T17:40:00+01:00 stated"]);
    let zone = crate::import::zone_named("Europe/Kyiv");
    let told = Around { told: Told { zone, ..Told::default() }, ..Around::default() };
    assert_eq!(told.stamps(&[full]), ["2031-04-02T17:40:00+03:00 stated"]);
    let habit = Around { zone: Some("Europe/Berlin"), ..Around::default() };
    assert_eq!(habit.stamps(&[full]), ["2031-04-02T17:40:00+02:00 inferred"]);
    // A zone that is named counts, whatever the habit.
    assert_eq!(habit.stamps(&["17:40 EST 2 April 2031"]), ["2031-04-02T17:40:00-05:00 stated"]);
}

#[test]
fn how_long_ago_is_as_exact_as_its_unit() {
    let captured = "2031-04-02T18:00:00+01:00".parse().ok();
    let around = Around { told: Told { captured, ..Told::default() }, ..Around::default() };
    assert_eq!(
        around.stamps(&[
            "4 min ago",
            "2 hr 6 min ago",
            "5 hours ago",
            "18 hours ago",
            "3 days ago"
        ]),
        [
            "2031-04-02T17:56:00+01:00 relative",
            "2031-04-02T15:54:00+01:00 relative",
            "2031-04-02 relative",
            "2031-04-01/2031-04-02 relative",
            "2031-03-29/2031-03-30 relative",
        ]
    );
    assert_eq!(around.stamps(&["2 weeks ago"]), ["2031-03 relative"]);
    assert_eq!(around.stamps(&["1 month ago"]), ["2031-02/2031-03 relative"]);
    assert_eq!(Around::default().stamps(&["4 min ago"]), [""]);
    // Longer ago than any calendar reaches.
    assert_eq!(around.stamps(&[format!("{}ago", "999 years ".repeat(300)).as_str()]), [""]);
    // The page's last change stands for the capture that nobody told.
    let page = Around { above: &["Updated 6:00 p.m. BST, April 2, 2031"], ..Around::default() };
    assert_eq!(page.stamps(&["4 min ago"]), ["2031-04-02T17:56:00+01:00 relative"]);
}

#[test]
fn a_change_days_later_is_no_day_of_entries() {
    let stamps = ["8:00 p.m. BST", "3:10 p.m. BST", "9:30 a.m. BST"];
    let published = "Published 2 April 2031 14:00 BST";
    let on = |changed| Around { above: &[published, changed], ..Around::default() }.stamps(&stamps);
    let day = |stamps: Vec<String>| stamps.iter().map(|s| s[..10].to_string()).collect::<Vec<_>>();
    assert_eq!(day(on("Updated 3 April 2031 21:00 BST")), ["2031-04-03"; 3]);
    assert_eq!(day(on("Updated 5 April 2031 10:00 BST")), ["2031-04-02"; 3]);
}

#[test]
fn what_entries_state_outweighs_the_page() {
    let page = Around { above: &["Updated April 10, 2013"], ..Around::default() };
    assert_eq!(
        page.stamps(&["April 2, 2031 6:40 PM GMT", "5:30 PM GMT"]),
        ["2031-04-02T18:40:00+00:00 stated", "2031-04-02T17:30:00+00:00 inferred"]
    );
}

#[test]
fn days_that_contradict_each_other_are_told() {
    let page = Around { above: &["Published 10 April 2013"], url: ON_2_APRIL, ..Around::default() };
    assert_eq!(page.page().conflicts.len(), 1);
    assert_eq!(page.stamps(&["17:30 GMT"]), ["2031-04-02T17:30:00+00:00 inferred"]);
    let agreed = Around {
        above: &["Published 2 April 2031", "Last updated 3 April 2031"],
        url: ON_2_APRIL,
        ..Around::default()
    };
    assert!(agreed.page().conflicts.is_empty());
}

#[test]
fn a_told_day_settles_what_no_entry_states() {
    let stamps = ["00:20 GMT", "23:45 GMT"];
    let day = Around { told: told("2031-04-02"), url: ON_2_APRIL, ..Around::default() };
    assert_eq!(
        day.stamps(&stamps),
        ["2031-04-03T00:20:00+00:00 inferred", "2031-04-02T23:45:00+00:00 curator"]
    );
    let month = Around { told: told("2031-04"), ..Around::default() };
    assert_eq!(month.stamps(&stamps), ["2031-04 curator 00:20", "2031-04 curator 23:45"]);
    let about = Around { told: told("2031-04~"), ..Around::default() };
    assert_eq!(about.stamps(&[""]), ["2031-04~ curator"]);
    assert_eq!(about.stamps(&["3 April 2031"]), ["2031-04-03 stated"]);
}

#[test]
fn an_address_with_a_month_gives_the_month() {
    let page = Around { url: Some("https://p.example/2031/01/live"), ..Around::default() };
    assert_eq!(page.stamps(&["11:43 pm"]), ["2031-01 inferred 23:43"]);
}

#[test]
fn numbers_are_a_day_and_a_month_by_an_unambiguous_neighbour() {
    let zone = crate::import::zone_named("UTC");
    let around = || Around { told: Told { zone, ..Told::default() }, ..Around::default() };
    assert_eq!(
        around().stamps(&["4/2/2031 5:40 PM", "3/31/2031 9:01 AM"]),
        ["2031-04-02T17:40:00+00:00 stated", "2031-03-31T09:01:00+00:00 stated"]
    );
    assert_eq!(around().stamps(&["4/2/2031 5:40 PM"]), ["17:40"]);
    let european = Around { day_first: Some(true), ..around() };
    assert_eq!(european.stamps(&["4/2/2031 17:40"]), ["2031-02-04T17:40:00+00:00 stated"]);
}

#[test]
fn a_clock_of_twelve_hours_without_its_half_is_not_known() {
    let page = Around { url: ON_2_APRIL, zone: Some("Africa/Cairo"), ..Around::default() };
    assert_eq!(
        page.stamps(&["6:10", "4:45", "1:15", "12:50", "11:30"]),
        ["2031-04-02 inferred"; 5]
    );
    assert_eq!(Around::default().stamps(&["6:10", "4:45", "1:15", "12:50", "11:30"]), [""; 5]);
    // Past noon and past midnight: it is not known where a day ends.
    assert_eq!(page.stamps(&["2:10", "12:45", "9:10", "1:20", "12:50", "11:30"]), [""; 6]);
    // One clock beyond twelve, and it is one of 24 hours.
    assert_eq!(
        page.stamps(&["14:10", "12:50", "11:30", "9:05"])[1],
        "2031-04-02T12:50:00+02:00 inferred"
    );
}

#[test]
fn a_list_of_other_pages_gives_no_day() {
    let above = ["1 April 2031 - Fire at the mill", "30 March 2031 - Fair opens", "2 April 2031"];
    let page = Around { above: &above, ..Around::default() };
    assert!(page.page().conflicts.is_empty());
    assert_eq!(page.stamps(&["12:40 GMT"]), ["2031-04-02T12:40:00+00:00 inferred"]);
}
