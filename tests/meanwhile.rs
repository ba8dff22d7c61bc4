//! What a person does while a command is at work, or between two of them, is not lost, and what one
//! command settled is not undone by another.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use common::{Desk, LIVE, assert_same, bytes};

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";
const GATES_ID: &str = "2031-04-02-0540-gates-opened";
const RAIN_ID: &str = "2031-04-01-2115-rain-goes-on";
const NOTE: &str = "\n> [!NOTE]\n> Mine.\n";

fn later() -> String {
    LIVE.replace("Water filled the lower town.", "Water filled the town.")
}

/// Imports a later capture of the same page, under the same name.
fn import(desk: &Desk, text: &str) -> common::Run {
    desk.import("quell-live.txt", text.as_bytes())
}

#[test]
fn a_file_that_is_saved_while_an_import_waits_is_not_written_over() {
    for delete in [false, true] {
        let desk = Desk::imported();
        let mut child = Command::new(env!("CARGO_BIN_EXE_archive"))
            .args(["import", "-", "--story", "quell-live"])
            .current_dir(desk.root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It has read the archive once it has the right to change it.
        while archive::change::Lock::take(&desk.root()).is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        std::thread::sleep(std::time::Duration::from_millis(400));
        if delete {
            desk.remove(GATES);
        } else {
            desk.write(GATES, desk.read(GATES) + NOTE);
        }
        let before = bytes(&desk.root());
        child.stdin.take().unwrap().write_all(later().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains(GATES) && err.contains("run the command again"), "{err}");
        assert_same(&bytes(&desk.root()), &before, "the import");
        // Once more, it sees what the person did.
        let run = import(&desk, &later());
        assert_eq!(run.code, 0, "{run:?}");
        if delete {
            assert!(!desk.root().join(GATES).exists());
        } else {
            assert!(desk.read(GATES).contains("filled the town.\n\n> [!NOTE]\n> Mine."));
        }
    }
}

#[test]
fn one_command_at_a_time_changes_an_archive() {
    let desk = Desk::imported();
    let lock = archive::change::Lock::take(&desk.root()).unwrap();
    let before = bytes(&desk.root());
    let commands: [&[&str]; 9] = [
        &["date", RAIN_ID, "2031-04-01", "--because", "x"],
        &["accept", RAIN_ID, "--because", "x"],
        &["withdraw", RAIN_ID, "--because", "x"],
        &["rename", RAIN_ID, "rain"],
        &["join", RAIN_ID, GATES_ID],
        &["tag"],
        &["tag", "rename", "a", "b"],
        &["seal", "quell-live.txt", "--because", "x"],
        &["duplicates", "--different", RAIN_ID, GATES_ID],
    ];
    for command in commands {
        let run = desk.run(command);
        assert_eq!(run.code, 2, "{command:?}: {run:?}");
        assert!(run.err.contains("another `archive` is changing it"), "{command:?}: {run:?}");
    }
    // Who only looks need not wait.
    assert_eq!(desk.run(&["status"]).code, 0);
    assert_eq!(desk.run(&["withdraw", RAIN_ID, "--because", "x", "--dry-run"]).code, 0);
    assert_same(&bytes(&desk.root()), &before, "commands that had to wait");
    drop(lock);
    assert_eq!(desk.run(&["withdraw", RAIN_ID, "--because", "x"]).code, 0);
}

#[test]
fn what_was_edited_after_a_kill_stays_and_nothing_else_of_the_command_does() {
    // Killed before the first file took its place, between two, and behind the last.
    for placed in [0, 3, usize::MAX] {
        let desk = Desk::imported();
        let before = bytes(&desk.root());
        assert_eq!(import(&desk, &later()).code, 0);
        let whole = bytes(&desk.root());
        let journal = desk.root().join(".archive/undo/1");
        let list = std::fs::read_to_string(journal.join("list.txt")).unwrap();
        for (at, step) in list.lines().skip(1).enumerate().skip(placed) {
            let file = step.splitn(3, ' ').nth(2).unwrap();
            std::fs::write(journal.join(format!("new-{at}")), &whole[file]).unwrap();
            match before.get(file) {
                Some(old) => desk.write(file, old),
                None => desk.remove(file),
            }
        }
        std::fs::rename(&journal, desk.root().join(".archive/undo/pending")).unwrap();
        let mine = desk.read(GATES) + NOTE;
        desk.write(GATES, &mine);
        let run = desk.run(&["status"]);
        assert!(run.err.contains("took back what was cut off"), "{run:?}");
        assert!(run.err.contains(&format!("{GATES}: left as it is")), "{run:?}");
        let mut after = bytes(&desk.root());
        assert_eq!(after.insert(GATES.into(), before[GATES].clone()).unwrap(), mine.as_bytes());
        assert_same(&after, &before, "all else is as it was");
        // It is told once, and the command can be run again.
        assert!(!desk.run(&["status"]).err.contains("cut off"));
        assert!(import(&desk, &later()).code <= 1);
        assert!(desk.read(GATES).contains("> Mine."));
    }
}

/// The change of a file that a person saves while a command writes its journal.
#[test]
fn a_file_that_is_saved_while_the_change_is_written_down_is_not_written_over() {
    let desk = Desk::imported();
    // Many files, so that the writing takes long enough to be met.
    let mut many = String::new();
    for at in 0..400 {
        let (hour, minute) = (at / 60, at % 60);
        let _ = write!(
            many,
            "  {at}. Post {at}published at {hour:02}:{minute:02} British Summer Time 3 April 2031\n\n    Water stands at mark {at}.\n\n"
        );
    }
    let text = format!("{}{many}", later());
    let mut child = {
        let path = desk.around().join("quell-live.txt");
        std::fs::write(&path, text).unwrap();
        Command::new(env!("CARGO_BIN_EXE_archive"))
            .args(["import", path.to_str().unwrap()])
            .current_dir(desk.root())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let staging = desk.root().join(".archive/undo/staging/new-0");
    while !staging.exists() && child.try_wait().unwrap().is_none() {
        std::hint::spin_loop();
    }
    let met = child.try_wait().unwrap().is_none();
    let mine = desk.read(GATES) + NOTE;
    desk.write(GATES, &mine);
    let output = child.wait_with_output().unwrap();
    assert!(met, "the journal was not met while it was written");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(desk.read(GATES).contains("> Mine."), "{err}");
    if output.status.code() == Some(2) {
        assert!(err.contains("run the command again"), "{err}");
        assert_eq!(desk.read(GATES), mine);
    }
    assert_eq!(desk.run(&["status"]).code, 0);
}

#[test]
fn the_id_of_a_deleted_entry_is_not_given_away() {
    let desk = Desk::imported();
    desk.remove(GATES);
    let before = bytes(&desk.root());
    let run = desk.run(&["rename", RAIN_ID, GATES_ID]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("imported and has no file any more"), "{run:?}");
    assert_same(&bytes(&desk.root()), &before, "the refused renaming");
}

#[test]
fn an_id_that_tells_too_much_can_go_without_an_alias() {
    let desk = Desk::imported();
    assert_eq!(desk.run(&["build"]).code, 0);
    assert_eq!(desk.run(&["rename", "--no-alias", RAIN_ID, "rain"]).code, 0);
    assert!(!desk.read(RAIN).contains(RAIN_ID));
    let address = format!("entries/{RAIN_ID}.html");
    let run = desk.run(&["forget", &address, "--because", "It names a minor."]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(desk.run(&["build"]).code, 0);
    assert!(!desk.root().join("public").join(&address).exists());
    for (file, text) in bytes(&desk.root().join("public")) {
        assert!(!String::from_utf8_lossy(&text).contains(RAIN_ID), "{file}");
    }
    assert_eq!(desk.run(&["check"]).code, 0, "{:?}", desk.run(&["check"]));
    // The dump still finds its entry.
    assert!(import(&desk, LIVE).out.contains("2 unchanged"));
}

#[test]
fn a_sealed_dump_that_is_given_again_stays_sealed() {
    let desk = Desk::imported();
    assert_eq!(desk.run(&["seal", "quell-live.txt", "--because", "It names a minor."]).code, 0);
    desk.remove("dumps/quell-live.txt");
    let before = bytes(&desk.root());
    let run = import(&desk, LIVE);
    assert!(run.out.contains("2 unchanged"), "{run:?}");
    assert_same(&bytes(&desk.root()), &before, "the import of a sealed dump");
}

#[test]
fn words_that_were_taken_out_are_found_in_the_summary_of_the_story() {
    let dump = LIVE
        .replace("has opened its gates", "and Tom Arden")
        .replace("for nine days", "on Tom Arden");
    let desk = Desk::new();
    assert_eq!(desk.import("quell-live.txt", dump.as_bytes()).code, 0);
    desk.write(RAIN, desk.read(RAIN).replace("Tom Arden", "{{redacted: a minor}}"));
    assert_eq!(desk.run(&["build"]).code, 0);
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("still stands in its story"), "{run:?}");
    let story = "content/quell-live/story.md";
    desk.write(story, desk.read(story).replace("Tom Arden", "{{redacted: a minor}}"));
    assert_eq!(desk.run(&["build"]).code, 0);
    assert_eq!(desk.run(&["check"]).code, 0, "{:?}", desk.run(&["check"]));
    for (file, text) in bytes(&desk.root().join("public")) {
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains("Tom Arden") && !text.contains("{{redacted"), "{file}");
    }
}

#[test]
fn words_typed_by_hand_are_the_new_captures_and_contradict_nothing() {
    let desk = Desk::imported();
    desk.write(GATES, desk.read(GATES).replace("the lower town", "the town"));
    assert_eq!(import(&desk, &later()).code, 0);
    assert!(desk.read(GATES).contains("dump = \"quell-live-2.txt\""), "{}", desk.read(GATES));
    let third = later().replace("opened at dawn", "opened at six");
    let run = import(&desk, &third);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        desk.read(GATES).contains("opened at six") && desk.read(GATES).contains("filled the town")
    );
}

#[test]
fn a_tag_that_was_renamed_while_words_waited_keeps_its_name() {
    let desk = Desk::new();
    desk.write("tags.toml", "[[tag]]\nname = \"Water\"\n");
    assert_eq!(desk.import("quell-live.txt", LIVE.as_bytes()).code, 0);
    desk.write(GATES, desk.read(GATES).replace("the lower town", "the old town"));
    assert_eq!(import(&desk, &later()).code, 1);
    // Two that may be one are not joined before that is settled.
    let run = desk.run(&["join", GATES_ID, RAIN_ID]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("archive resolve"), "{run:?}");
    assert_eq!(desk.run(&["tag", "rename", "Water", "Flood"]).code, 0);
    assert_eq!(desk.run(&["resolve", "--theirs"]).code, 0);
    assert!(desk.read(GATES).contains("tags = [\"Flood\"]"));
    desk.write(GATES, desk.read(GATES).replace("tags = [\"Flood\"]", "tags = []"));
    assert_eq!(desk.run(&["tag"]).code, 0);
    assert!(desk.read(GATES).contains("tags = []"), "what a person took away is not given again");
}

#[test]
fn a_bag_says_that_it_holds_what_was_deleted_by_hand() {
    let desk = Desk::imported();
    let run = desk.run(&["deposit", "../one", "--date", "2031-05-02"]);
    assert!(run.code == 0 && !run.err.contains("were deleted"), "{run:?}");
    desk.remove(GATES);
    let run = desk.run(&["deposit", "../two", "--date", "2031-05-02"]);
    assert!(run.err.contains("were deleted") && run.err.contains(GATES_ID), "{run:?}");
}

#[test]
fn line_ends_as_on_windows_stay_in_a_story_that_gets_another_source() {
    let desk = Desk::imported();
    let story = "content/quell-live/story.md";
    desk.write(story, desk.read(story).replace('\n', "\r\n"));
    assert_eq!(import(&desk, &later()).code, 0);
    let text = desk.read(story);
    assert!(text.contains("quell-live-2.txt"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

/// Every word of the site, of all pages together.
fn public(desk: &Desk) -> String {
    assert_eq!(desk.run(&["build"]).code, 0, "{:?}", desk.run(&["build"]));
    let files = bytes(&desk.root().join("public"));
    files.values().map(|text| String::from_utf8_lossy(text).into_owned()).collect()
}

#[test]
fn what_was_deleted_or_withdrawn_stays_so_whoever_the_publisher_is_said_to_be() {
    // The first import names the publisher, or a person names it in the story, or a later import does.
    for first in [&[][..], &["--publisher", "River Press"]] {
        for second in [&[][..], &["--publisher", "River Press"]] {
            let desk = Desk::new();
            let path = desk.around().join("quell-live.txt");
            let path = path.to_str().unwrap();
            std::fs::write(path, LIVE).unwrap();
            assert_eq!(desk.run(&[&["import", path], first].concat()).code, 0);
            desk.remove(GATES);
            assert_eq!(desk.run(&["withdraw", RAIN_ID, "--because", "x"]).code, 0);
            std::fs::write(path, LIVE.replace("at dawn", "at six")).unwrap();
            let run = desk.run(&[&["import", path, "--story", "quell-live"], second].concat());
            assert_eq!(run.code, 0, "{run:?}");
            assert!(!desk.root().join(GATES).exists(), "{first:?} {second:?}: {run:?}");
            assert!(!public(&desk).contains("nine days"), "{first:?} {second:?}");
            // The same bytes once more, with nothing said.
            assert_eq!(desk.run(&["import", path]).code, 0);
            assert!(!desk.root().join(GATES).exists() && !public(&desk).contains("nine days"));
        }
    }
}

#[test]
fn what_was_taken_out_stays_out_in_whatever_folder_its_file_stands() {
    // The entry's own file was moved to another story.
    let desk = Desk::imported();
    desk.write(RAIN, desk.read(RAIN).replace("nine days", "{{redacted: a minor}}"));
    let moved = "content/rain/2031-04-01/rain.md";
    desk.write(moved, desk.read(RAIN));
    desk.remove(RAIN);
    desk.write("content/rain/story.md", "+++\ntitle = \"Rain\"\n+++\n");
    let run = import(&desk, &later());
    assert!(run.out.contains("(1 unchanged, 1 updated)"), "{run:?}");
    assert!(!public(&desk).contains("nine days"));
    // The folder of the story was given another name, one entry deleted.
    let desk = Desk::imported();
    desk.remove(GATES);
    let (old, new) = (desk.root().join("content/quell-live"), desk.root().join("content/quell"));
    std::fs::rename(old, new).unwrap();
    let path = desk.around().join("quell-live.txt");
    std::fs::write(&path, later()).unwrap();
    let run = desk.run(&["import", path.to_str().unwrap(), "--story", "quell"]);
    assert!(run.out.contains("2 unchanged"), "{run:?}");
    // The whole story was deleted, its file among it.
    let desk = Desk::imported();
    std::fs::remove_dir_all(desk.root().join("content/quell-live")).unwrap();
    let run = import(&desk, &later());
    assert!(run.out.contains("2 unchanged"), "{run:?}");
    assert!(!desk.root().join(GATES).exists());
}

#[test]
fn a_page_that_is_not_known_again_brings_back_no_word_that_was_taken_out() {
    let desk = Desk::imported();
    assert_eq!(desk.run(&["withdraw", RAIN_ID, "--because", "x"]).code, 0);
    desk.remove(GATES);
    let path = desk.around().join("other.txt");
    std::fs::write(&path, format!("{LIVE}\n")).unwrap();
    let other = ["--story", "other", "--publisher", "Another"];
    let run = desk.run(&[&["import", path.to_str().unwrap()], &other[..]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("2 unchanged"), "{run:?}");
    assert!(run.err.contains(&format!("what {RAIN_ID} said")), "{run:?}");
    assert_eq!(run.err.matches("not brought back").count(), 2, "{run:?}");
    assert!(!public(&desk).contains("nine days"));
}

#[test]
fn theirs_takes_only_what_the_dump_changed() {
    let desk = Desk::imported();
    let because = ["--because", "The harbour book says so."];
    assert_eq!(desk.run(&[&["date", GATES_ID, "2031-03-30"], &because[..]].concat()).code, 0);
    let text = desk.read(GATES).replace("Gates opened\"", "The gates open\"");
    desk.write(GATES, text.replace("the lower town", "the old town"));
    assert_eq!(import(&desk, &later()).code, 1);
    assert_eq!(desk.run(&["resolve", "--theirs"]).code, 0);
    let text = desk.read(GATES);
    assert!(text.contains("filled the town") && text.contains("The gates open\""), "{text}");
    assert!(text.contains("date = 2031-03-30") && text.contains("harbour book"), "{text}");
    // Where the dump changed the date, the reason for another one goes with it.
    let third = later().replace("05:40", "05:45").replace("filled the town", "filled all");
    desk.write(GATES, desk.read(GATES).replace("the town", "the old town"));
    assert_eq!(import(&desk, &third).code, 1);
    assert_eq!(desk.run(&["resolve", "--theirs"]).code, 0);
    let text = desk.read(GATES);
    assert!(text.contains("05:45") && !text.contains("harbour book"), "{text}");
}

#[test]
fn a_dry_run_does_not_finish_what_was_cut_off() {
    let desk = Desk::imported();
    let journal = desk.root().join(".archive/undo/1");
    std::fs::rename(journal, desk.root().join(".archive/undo/pending")).unwrap();
    for command in
        [&["tag", "--dry-run"][..], &["undo", "--dry-run"], &["import", "--dry-run", "x"]]
    {
        let run = desk.run(command);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("was cut off") && run.err.contains("archive status"), "{run:?}");
        assert!(desk.root().join(".archive/undo/pending").exists());
    }
    assert!(desk.run(&["status"]).err.contains("finished what was cut off"));
}

#[test]
fn a_byte_order_mark_and_a_stray_line_end_stay_as_they_are() {
    let desk = Desk::imported();
    desk.write(GATES, format!("\u{feff}{}", desk.read(GATES)));
    desk.write(RAIN, desk.read(RAIN).replace("in Quell.", "in Quell.\r"));
    desk.write("tags.toml", "[[tag]]\nname = \"Quell\"\n");
    assert_eq!(desk.run(&["tag"]).code, 0);
    assert!(desk.read(GATES).starts_with("\u{feff}+++\n"));
    assert!(desk.read(RAIN).contains("tags = [\"Quell\"]"));
    assert!(desk.read(RAIN).matches("\r\n").count() <= 1);
    assert_eq!(import(&desk, &later()).code, 0);
    assert!(desk.read(GATES).starts_with("\u{feff}+++\n"));
}

#[test]
fn two_pages_of_one_story_are_not_taken_for_one() {
    let football = LIVE
        .replace("The gates of the Quell dam opened at dawn.", "The match at the old gates is off.")
        .replace("Water filled the lower town.", "Nobody could reach the field.")
        .replace("It has rained for nine days in Quell.", "The pitch is a lake, says its keeper.");
    // Another publisher is named; the other publisher's entry is deleted first; none is named at all.
    for (delete, first, second) in
        [(false, "River Press", "Field"), (true, "River Press", "Field"), (false, "", "Field")]
    {
        let desk = Desk::new();
        let path = desk.around().join("quell-live.txt");
        let path = path.to_str().unwrap();
        let named = |name: &'static str| {
            if name.is_empty() { Vec::new() } else { vec!["--publisher", name] }
        };
        std::fs::write(path, LIVE).unwrap();
        assert_eq!(desk.run(&[&["import", path][..], &named(first)].concat()).code, 0);
        if delete {
            desk.remove(GATES);
        }
        std::fs::write(path, &football).unwrap();
        let story = ["import", path, "--story", "quell-live"];
        let run = desk.run(&[&story[..], &named(second)].concat());
        assert!(run.out.contains("2 entries (2 new)"), "{delete} {first}: {run:?}");
        assert!(desk.read(RAIN).contains("nine days"));
        let site = public(&desk);
        assert!(site.contains("The match at the old gates"));
        assert_eq!(site.contains("Water filled"), !delete);
    }
}

#[test]
fn a_page_that_was_held_out_once_is_held_out_when_it_changes() {
    let desk = Desk::imported();
    desk.write(RAIN, desk.read(RAIN).replace("in Quell", "in {{redacted: a minor}}"));
    let path = desk.around().join("other.txt");
    let path = path.to_str().unwrap();
    std::fs::write(path, format!("{LIVE}\n")).unwrap();
    let other = ["import", path, "--story", "other", "--publisher", "Another"];
    assert!(desk.run(&other).err.contains("not brought back"));
    std::fs::write(path, LIVE.replace("It has rained", "It has poured")).unwrap();
    assert_eq!(desk.run(&other).code, 0);
    let site = public(&desk);
    assert!(!site.contains("days in Quell"), "what was taken out is back");
}

#[test]
fn a_change_that_is_being_taken_back_is_taken_back_to_its_end() {
    let desk = Desk::imported();
    let before = bytes(&desk.root());
    assert_eq!(import(&desk, &later()).code, 0);
    // As a kill leaves it: every file in its place, and the journal on its way back.
    let journal = desk.root().join(".archive/undo/1");
    std::fs::rename(journal, desk.root().join(".archive/undo/back")).unwrap();
    let run = desk.run(&["status"]);
    assert!(run.err.contains("took back what was cut off"), "{run:?}");
    assert_same(&bytes(&desk.root()), &before, "what was taken back");
    // A journal in pieces, left by a kill, is in nobody's way.
    desk.write(".archive/undo/staging/old-7", "x");
    assert_eq!(import(&desk, &later()).code, 0);
}

#[test]
fn theirs_does_not_undo_a_correction_that_was_accepted() {
    let desk = Desk::imported();
    desk.write(
        GATES,
        desk.read(GATES).replace("at dawn", "at six").replace("the lower", "the old"),
    );
    let because = ["--because", "The log says six.", "--by", "A. Curator"];
    assert_eq!(desk.run(&[&["accept", GATES_ID], &because[..]].concat()).code, 0);
    assert_eq!(import(&desk, &LIVE.replace("the lower town", "all of the town")).code, 1);
    let before = bytes(&desk.root());
    let run = desk.run(&["resolve", "--theirs"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("a correction that was accepted"), "{run:?}");
    assert_same(&bytes(&desk.root()), &before, "the refused resolving");
}
