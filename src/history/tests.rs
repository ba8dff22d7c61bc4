use super::*;
use crate::capture::Sighting;
use crate::content::parse_entry;
use crate::entry::Slug;

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

/// The story's entries `e0`, `e1` …, a minute apart, or undated.
fn entries(count: usize, dated: bool) -> Vec<Entry> {
    (0..count)
        .map(|at| {
            let (hour, minute) = (at / 60 + 9, at % 60);
            let date = if dated {
                format!("date = 2031-04-02T{hour:02}:{minute:02}:00+01:00\n")
            } else {
                String::new()
            };
            let text = format!(
                "+++\nid = \"e{at}\"\ntitle = \"T\"\n{date}order = {}\n+++\nBody.\n",
                at + 1
            );
            parse_entry("content/quell/e.md", slug("quell"), &text).0.unwrap()
        })
        .collect()
}

fn source(dump: &str, captured: &str, url: &str) -> Source {
    let (dump, publisher) = (dump.to_string(), "Quell Courier".to_string());
    Source { dump, publisher, url: url.into(), title: String::new(), captured: captured.into() }
}

fn capture(dump: &str, ids: impl Iterator<Item = usize>) -> Capture {
    let sighting =
        |at: usize| Sighting { id: slug(&format!("e{at}")), lines: (1, 1), words: format!("{at}") };
    Capture { dump: dump.into(), sightings: ids.map(sighting).collect() }
}

fn history(entries: &[Entry], sources: Vec<Source>, captures: &[Capture]) -> History {
    without(entries, 0, sources, captures)
}

/// The last `gone` of the entries are withdrawn.
fn without(entries: &[Entry], gone: usize, sources: Vec<Source>, captures: &[Capture]) -> History {
    let story = Story {
        slug: slug("quell"),
        title: "T".into(),
        title_basis: crate::entry::TitleBasis::Stated,
        sources,
        lang: String::new(),
        summary: Vec::new(),
        aliases: Vec::new(),
        body: String::new(),
        file: String::new(),
        body_line: 0,
    };
    let (entries, withdrawn) = entries.split_at(entries.len() - gone);
    History::new(&Known { entries, withdrawn, stories: vec![&story], records: &[], captures })
}

fn missing(history: &History, count: usize) -> Vec<usize> {
    (0..count).filter(|at| !history.absences(*at).is_empty()).collect()
}

const PAGE: &str = "https://courier.example/live";

#[test]
fn a_later_capture_of_the_newest_entries_has_lost_only_what_stood_between_them() {
    let entries = entries(40, true);
    let sources = vec![source("a", "2031-04-02", PAGE), source("b", "2031-04-03", PAGE)];
    // The second capture is the page's newest part, with one entry pinned from the morning.
    let later = [0].into_iter().chain((30..40).filter(|at| *at != 33));
    let captures = [capture("a", 0..38), capture("b", later)];
    let found = history(&entries, sources, &captures);
    assert_eq!(missing(&found, 40), [33]);
    assert_eq!(found.captures[1].gone, [33]);
    assert_eq!(found.captures[1].new, [38, 39]);
    assert_eq!(found.captures[1].holes, [Gap { after: 0, before: 30 }]);
    // The other capture holds what this one leaves out.
    assert_eq!(found.series[0].gaps, []);
}

#[test]
fn the_first_and_the_last_minute_of_a_capture_prove_nothing() {
    let mut entries = entries(6, true);
    entries[5].when = entries[4].when.clone();
    let sources = vec![source("a", "2031-04-02", PAGE), source("b", "2031-04-03", PAGE)];
    // e4 and e5 are of one minute: e4 may stand on the next page of the blog.
    let captures = [capture("a", 0..6), capture("b", [0, 1, 2, 3, 5].into_iter())];
    assert_eq!(missing(&history(&entries, sources, &captures), 6), Vec::<usize>::new());
}

#[test]
fn entries_without_times_are_compared_where_captures_overlap() {
    let entries = entries(6, false);
    let sources = || vec![source("a", "2031-04-02", PAGE), source("b", "2031-04-03", PAGE)];
    let captures = [capture("a", 0..4), capture("b", [0, 1, 3].into_iter())];
    assert_eq!(missing(&history(&entries, sources(), &captures), 6), [2]);
    let captures = [capture("a", [2].into_iter()), capture("b", [1, 3].into_iter())];
    let found = history(&entries, sources(), &captures);
    assert_eq!(missing(&found, 6), Vec::<usize>::new());
    assert_eq!(found.series[0].gaps, []);
}

#[test]
fn what_was_withdrawn_or_deleted_was_held() {
    let mut entries = entries(9, true);
    let sources = || vec![source("a", "2031-04-02", PAGE), source("b", "2031-04-03", PAGE)];
    let captures = |mid: usize| {
        let rest = (0..8).filter(move |at| *at != mid);
        let first = rest.clone().filter(move |at| *at < mid).chain([mid]);
        [
            capture("a", first),
            capture("b", [mid].into_iter().chain(rest.filter(move |at| *at > mid))),
        ]
    };
    // e8, the last of the list, stands between the others.
    entries[8].when = When::parse("2031-04-02T09:03:30+01:00").unwrap();
    let mut list = captures(4);
    for capture in &mut list {
        for seen in capture.sightings.iter_mut().filter(|seen| seen.id.as_str() == "e4") {
            seen.id = slug("e8");
        }
    }
    let found = without(&entries, 1, sources(), &list);
    assert_eq!(found.series[0].gaps, []);
    assert_eq!((found.captures[0].held.len(), found.captures[1].new.len()), (4, 3));
    // Deleted: nobody knows its time, so nothing is said of that edge.
    let list = list.map(|mut capture| {
        capture.sightings.retain(|seen| seen.id.as_str() != "e8" || capture.dump == "b");
        for seen in capture.sightings.iter_mut().filter(|seen| seen.id.as_str() == "e8") {
            seen.id = slug("deleted");
        }
        capture
    });
    assert_eq!(history(&entries[..8], sources(), &list).series[0].gaps, []);
}

#[test]
fn pieces_that_follow_each_other_leave_no_gap() {
    let entries = entries(60, true);
    let piece =
        |dump: &str, number: u32| source(dump, "2031-04-02", &format!("{PAGE}?page={number}"));
    let captures = [capture("a", 40..60), capture("b", 10..30), capture("c", 0..10)];
    let found = history(&entries, vec![piece("a", 1), piece("b", 3), piece("c", 4)], &captures);
    // Page 2 was not saved.
    assert_eq!(found.series[0].gaps, [Gap { after: 29, before: 40 }]);
    assert!(!found.series[0].ordered);
}

#[test]
fn captures_are_grouped_by_page_and_ordered_by_what_is_known() {
    let sources = vec![
        source("late", "2031-04-03T10:00:00+01:00", PAGE),
        source("other", "2031-04-02", "https://courier.example/else"),
        source("unknown", "", PAGE),
        source("early", "2031-04-02", &format!("{PAGE}#block-1")),
        source("bare", "", ""),
    ];
    let found = history(&entries(1, true), sources, &[]);
    let dumps = |at: usize| -> Vec<&str> {
        let range = found.series[at].captures.clone();
        found.captures[range].iter().map(|capture| capture.dump.as_str()).collect()
    };
    // What is not known keeps its place; what could belong to two pages belongs to neither.
    assert_eq!(dumps(0), ["early", "unknown", "late"]);
    assert_eq!((dumps(1), dumps(2)), (vec!["other"], vec!["bare"]));
    assert!(!found.series[0].ordered && found.series[1].ordered);
}

#[test]
fn days_and_moments_are_told_apart_where_they_can_be() {
    let when = |text: &str| When::parse(text).unwrap();
    assert!(before(&when("2031-04-02"), &when("2031-04-03")));
    assert!(before(&when("2031-04-02T10:00:00+01:00"), &when("2031-04-02T09:30:00+00:00")));
    assert!(!before(&when("2031-04-02"), &when("2031-04-02T10:00:00+00:00")));
    assert!(!before(&when("2031-04-02"), &when("2031-04-02")));
    assert!(!before(&when("2031-04"), &when("2031-05-01")));
}
