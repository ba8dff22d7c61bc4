//! No page weighs more than 60 kB without its pictures, and what is cut for that is held together by
//! links.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::Desk;

/// What a page may weigh, in bytes; the limit of `.ci/pages/lib/weight.mjs`.
const LIMIT: usize = 60_000;

/// An entry, its date as TOML; an empty one for none.
fn entry(desk: &Desk, story: &str, id: &str, date: &str, words: &str) {
    let date = if date.is_empty() { String::new() } else { format!("date = {date}\n") };
    desk.write(
        &format!("content/{story}/{id}.md"),
        format!(
            "+++\nid = \"{id}\"\ntitle = \"The water & the <gates> of Quell, {id}\"\n{date}order = 1\ntags = [\"Flood\"]\n+++\n{words}\n"
        ),
    );
}

fn story(desk: &Desk, name: &str) {
    desk.write(&format!("content/{name}/story.md"), format!("+++\ntitle = \"The {name}\"\n+++\n"));
}

/// The pages of the site, by their paths.
fn pages(desk: &Desk) -> BTreeMap<String, String> {
    let files = desk.files("public").into_iter();
    files
        .filter(|(path, _)| path.rsplit_once('.').is_some_and(|(_, ending)| ending == "html"))
        .map(|(path, (bytes, _))| (path, String::from_utf8(bytes).unwrap()))
        .collect()
}

fn build(desk: &Desk) -> BTreeMap<String, String> {
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
    let pages = pages(desk);
    let heavy = |(path, page): (&String, &String)| {
        (page.len() > LIMIT).then(|| format!("{path}: {} bytes", page.len()))
    };
    assert_eq!(pages.iter().filter_map(heavy).collect::<Vec<_>>(), Vec::<String>::new());
    pages
}

/// The ids of the posts on the pages of a story in the order of events.
fn posts(pages: &BTreeMap<String, String>, story: &str) -> Vec<String> {
    let part = format!("stories/{story}/");
    let own = pages.iter().filter(|(path, _)| {
        path.starts_with(&part) && !path.ends_with("newest.html")
            || **path == format!("stories/{story}.html")
    });
    own.flat_map(|(_, page)| page.split("<article class=\"post").skip(1))
        .map(|post| post.split_once(" id=\"").unwrap().1.split_once('"').unwrap().0.to_string())
        .collect()
}

/// The entries that the pages below a folder list.
fn listed(pages: &BTreeMap<String, String>, folder: &str) -> Vec<String> {
    let own = pages.iter().filter(|(path, _)| path.starts_with(folder));
    own.flat_map(|(_, page)| page.split("<span class=\"title\"><a href=\"../../entries/").skip(1))
        .map(|line| line.split_once(".html").unwrap().0.to_string())
        .collect()
}

fn all(ids: impl IntoIterator<Item = String>, count: usize) -> BTreeSet<String> {
    let ids: Vec<String> = ids.into_iter().collect();
    assert_eq!(ids.len(), count);
    let set: BTreeSet<String> = ids.into_iter().collect();
    assert_eq!(set.len(), count, "an entry stands twice");
    set
}

#[test]
fn a_day_that_no_hour_can_cut_is_cut_all_the_same_and_nothing_is_lost() {
    let desk = Desk::new();
    story(&desk, "minute");
    let words = "The river rises & the gates are \"shut\". ".repeat(8);
    for at in 0..12 {
        let date = format!("2031-04-05T12:{at:02}:00+01:00");
        entry(&desk, "minute", &format!("early-{at:04}"), &date, &words);
    }
    // They have one page, and are published.
    let first = build(&desk);
    assert!(first["stories/minute.html"].contains("id=\"early-0007\""));
    for at in 0..200 {
        entry(&desk, "minute", &format!("late-{at:04}"), "2031-04-05T12:30:00+01:00", &words);
    }
    let pages = build(&desk);
    let early = (0..12).map(|at| format!("early-{at:04}"));
    let every: BTreeSet<String> = early.chain((0..200).map(|at| format!("late-{at:04}"))).collect();
    assert_eq!(all(posts(&pages, "minute"), 212), every);
    assert_eq!(all(listed(&pages, "tags/flood/"), 212), every);
    // What stood on the one page still leads on.
    let front = &pages["stories/minute.html"];
    assert!(front.contains("<li id=\"early-0007\"><a href=\"minute/2031-04-05.html#early-0007\""));
    // The parts are cut by the clock first, and by numbers where that tells nothing apart.
    assert!(pages["stories/minute/2031-04-05.html"].contains("id=\"early-0007\""));
    assert!(pages["stories/minute/2031-04-05.html"].contains("Saturday 5 April 2031, to 12:30"));
    let second = &pages["stories/minute/2031-04-05-1230-p2.html"];
    assert!(second.contains("<a rel=\"prev\" href=\"2031-04-05-1230.html\""), "{second}");
    assert!(second.contains("<a rel=\"next\" href=\"2031-04-05-1230-p3.html\""));
    assert!(
        second.contains("<b aria-current=\"page\">Saturday 5 April 2031, from 12:30, page 2</b>")
    );
    assert!(second.contains("<a href=\"2031-04-05-1230-p2-newest.html\">Newest first</a>"));
    // One more entry later in the day leaves every page before it as it was.
    entry(&desk, "minute", "last", "2031-04-05T20:00:00+01:00", &words);
    let more = build(&desk);
    let gone: Vec<_> = pages.keys().filter(|path| !more.contains_key(*path)).collect();
    assert_eq!(gone, Vec::<&String>::new());
    assert_eq!(all(posts(&more, "minute"), 213).len(), 213);
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn the_calendar_the_sources_and_the_list_of_stories_stay_light() {
    let desk = Desk::new();
    // A year without an empty day, and what no day dates.
    for at in 0..365_u64 {
        let day = chrono::NaiveDate::from_ymd_opt(2031, 1, 1).unwrap() + chrono::Days::new(at);
        let name = format!("story-{:03}", at / 3);
        entry(&desk, &name, &format!("day-{at:03}"), &day.to_string(), "Words.");
    }
    for at in 0..122 {
        story(&desk, &format!("story-{at:03}"));
    }
    for at in 0..180 {
        entry(&desk, "story-000", &format!("year-{at:03}"), "\"2031\"", "Words.");
        entry(&desk, "story-001", &format!("never-{at:03}"), "", "Words.");
    }
    let pages = build(&desk);
    let lists = pages.iter().filter(|(path, _)| path.starts_with("stories/index"));
    let stories: Vec<String> = lists
        .flat_map(|(path, page)| {
            let up = if path == "stories/index.html" { "" } else { "../" };
            let link = format!("<p class=\"title\"><a href=\"{up}story-");
            let links = page.split(link.as_str()).skip(1).map(|line| line[..3].to_string());
            links.collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(all(stories, 122).len(), 122);
    assert!(pages["stories/index.html"].contains("<a href=\"index/2031.html\""));
    assert!(pages["stories/index/2031.html"].contains("<a href=\"2031-04.html\""));
    assert_eq!(all(listed(&pages, "tags/flood/"), 365 + 2 * 180).len(), 725);
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
}
