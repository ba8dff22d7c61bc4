//! A second capture of the two real dumps: annotated entries, then a page that the publisher has
//! changed. Every annotation stands, every change is a revision, nothing is doubled.
//!
//! The dumps are looked for in the folder that `ARCHIVE_DUMPS` names, else in `../shared/dumps`; with
//! `CI=true` they must be there.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use common::{Desk, assert_same};
use serde_json::Value;

const BBC: &str = "bbc-live-aleppo-evacuations.txt";
const ITV: &str = "itv-aleppo-updates.txt";
const CAPTURES: [&str; 2] = ["2016-12-16T14:00:00+00:00", "2016-12-16T20:00:00+00:00"];

fn dump(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/dumps");
    let folder = std::env::var_os("ARCHIVE_DUMPS").map_or_else(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join(name)).ok();
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(text.is_some() || !ci, "{} is missing", folder.join(name).display());
    if text.is_none() {
        let _ = std::io::Write::write_all(&mut std::io::stderr(), b"skipped: no real dumps here\n");
    }
    text
}

/// Imports a capture, and returns the entries as JSON tells them.
fn import(desk: &Desk, folder: &str, name: &str, text: &str, more: &[&str]) -> Vec<Value> {
    let path = desk.around().join(folder).join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    let mut arguments = vec!["import", path.to_str().unwrap(), "--json"];
    arguments.extend(more);
    let run = desk.run(&arguments);
    assert_eq!(run.code, 0, "{run:?}");
    let object: Value = serde_json::from_str(&run.out).unwrap();
    object["entries"].as_array().unwrap().clone()
}

fn count(entries: &[Value], status: &str) -> usize {
    entries.iter().filter(|entry| entry["status"] == status).count()
}

fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry[key].as_str().unwrap()
}

/// The first and the last line of an entry, from 0, the second excluded.
fn lines(entry: &Value) -> std::ops::Range<usize> {
    let line = |at: usize| usize::try_from(entry["lines"][at].as_u64().unwrap()).unwrap();
    line(0) - 1..line(1)
}

/// Puts a signed note under an entry.
fn annotate(desk: &Desk, entry: &Value) -> String {
    let note = format!("Looked at: {}.", text(entry, "id"));
    let file = text(entry, "file");
    let signed = format!("\n> [!NOTE]\n> {note}\n>\n> — A. Keeper, 2031-05-02\n");
    desk.write(file, desk.read(file) + &signed);
    note
}

/// The first line of an entry's words that is plain, and the first long word in it.
fn plain_word(lines: &[String], of: std::ops::Range<usize>) -> (usize, String) {
    let long = |at: usize| {
        let words = lines[at].split_whitespace();
        words
            .map(str::to_string)
            .find(|word| word.len() > 6 && word.chars().all(char::is_alphabetic))
    };
    let plain = |at: &usize| lines[*at].starts_with("    ") && lines[*at].len() > 60;
    let at = of.skip(1).filter(plain).find(|at| long(*at).is_some()).unwrap();
    (at, long(at).unwrap())
}

#[test]
fn a_changed_page_becomes_revisions_and_no_note_is_lost() {
    let Some(first) = dump(BBC) else { return };
    let desk = Desk::new();
    let url = "https://publisher.example/live/1";
    let told = |captured| ["--source-url", url, "--captured", captured];
    let before = import(&desk, "first", "live.txt", &first, &told(CAPTURES[0]));
    assert_eq!((before.len(), count(&before, "new")), (20, 20));
    let notes: Vec<String> = before.iter().step_by(2).map(|entry| annotate(&desk, entry)).collect();
    assert_eq!(notes.len(), 10);

    // The publisher's changes: two edited (one of them annotated), two dropped, five added on top.
    let mut page: Vec<String> = first.lines().map(str::to_string).collect();
    let (edited, headline, dropped) = (4, 7, [2, 11]);
    let (line, word) = plain_word(&page, lines(&before[edited]));
    page[line] = page[line].replacen(&word, "otherwise", 1);
    let title = lines(&before[headline]).start;
    page[title] = page[title].replacen("published at", " - latestpublished at", 1);
    let start = lines(&before[0]).start;
    let mut changed: Vec<String> = page[..start].to_vec();
    for number in (0..5).rev() {
        changed.push(format!(
            "  1. Water is low in pump {number}published at 14:{number}0 Greenwich Mean Time 16 December 2016"
        ));
        changed.push(String::new());
        changed.push(format!(
            "    The gauge of pump {number} fell again in the last hour of the day."
        ));
    }
    for (at, line) in page.iter().enumerate().skip(start) {
        if !dropped.iter().any(|entry| lines(&before[*entry]).contains(&at)) {
            changed.push(line.clone());
        }
    }
    let changed = changed.join("\n");
    let after = import(&desk, "second", "live.txt", &changed, &told(CAPTURES[1]));
    assert_eq!(after.len(), 23);
    let by_status =
        ["new", "unchanged", "merged", "updated", "conflict"].map(|name| count(&after, name));
    assert_eq!(by_status, [5, 16, 1, 1, 0], "{after:#?}");

    // Nothing is doubled, every annotation stands.
    let files: BTreeSet<String> =
        desk.files("content").into_keys().filter(|f| !f.ends_with("/story.md")).collect();
    assert_eq!(files.len(), 25);
    let all: String = files.iter().map(|file| desk.read(&format!("content/{file}"))).collect();
    for note in &notes {
        assert_eq!(all.matches(note.as_str()).count(), 1, "{note}");
    }
    // Both changes are in the files, and what stood there before is kept.
    assert!(desk.read(text(&before[edited], "file")).contains("otherwise"));
    assert!(desk.read(text(&before[headline], "file")).contains("- latest\""));
    let kept = desk.files(".archive/revisions");
    for entry in [edited, headline] {
        let id = text(&before[entry], "id");
        let of: Vec<&String> =
            kept.keys().filter(|file| file.contains(&format!("{id}."))).collect();
        assert_eq!(of.len(), 1, "{id}: {:?}", kept.keys());
    }
    assert_eq!(kept.keys().filter(|file| !file.ends_with("SHA256SUMS")).count(), 2);
    // Both captures know what they hold.
    for (name, entries) in [("live.txt", 20), ("live-2.txt", 23)] {
        assert_eq!(desk.read(&format!(".archive/captures/{name}.txt")).lines().count(), entries);
    }
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");

    // A reader sees what was changed, word by word, and what is gone.
    assert_eq!(desk.run(&["build"]).code, 0);
    let page =
        |entry: usize| desk.read(&format!("public/entries/{}.html", text(&before[entry], "id")));
    // For those who hear the page, the change is told in words, too.
    let mark = |what: &str, word: &str| format!("{what}: </span>{word}<");
    let changed_page = page(edited);
    assert!(changed_page.contains(&mark("taken out", &word)), "{changed_page}");
    assert!(changed_page.contains(&mark("put in", "otherwise")), "{changed_page}");
    assert!(page(headline).contains("The headline was"));
    for entry in dropped {
        assert!(page(entry).contains("No longer in the capture of"), "{}", page(entry));
    }
    for entry in [0, 5, 19] {
        let page = page(entry);
        assert!(!page.contains("<del>") && !page.contains("No longer in"), "{page}");
    }

    // Each again: nothing is written, in whichever order.
    let whole = desk.files(".");
    for (folder, page, captured) in
        [("first", &first, CAPTURES[0]), ("second", &changed, CAPTURES[1])]
    {
        let again = import(&desk, folder, "live.txt", page, &told(captured));
        assert_eq!(count(&again, "unchanged"), again.len());
        assert_same(&desk.files("."), &whole, "imported again");
    }
}

#[test]
fn a_second_capture_of_a_page_without_dates_is_told_by_its_words() {
    let Some(first) = dump(ITV) else { return };
    let desk = Desk::new();
    let told = ["--source-url", "https://publisher.example/topic/1"];
    let before = import(&desk, "first", "topic.txt", &first, &told);
    assert_eq!(count(&before, "new"), 8);
    let notes: Vec<String> = before.iter().map(|entry| annotate(&desk, entry)).collect();
    let mut page: Vec<String> = first.lines().map(str::to_string).collect();
    let of = lines(&before[3]);
    let at = of.clone().skip(1).find(|at| page[*at].len() > 60).unwrap();
    page[at].push_str(" That was on Monday.");
    let gone = lines(&before[5]);
    let page: Vec<&str> = page
        .iter()
        .enumerate()
        .filter(|(at, _)| !gone.contains(at))
        .map(|(_, line)| line.as_str())
        .collect();
    let after = import(&desk, "second", "topic.txt", &page.join("\n"), &told);
    assert_eq!((after.len(), count(&after, "unchanged"), count(&after, "merged")), (7, 6, 1));
    let files = desk.files("content");
    let all: String = files.keys().map(|file| desk.read(&format!("content/{file}"))).collect();
    assert!(notes.iter().all(|note| all.matches(note.as_str()).count() == 1));
    assert_eq!(files.len(), 9, "eight entries and a story");
}
