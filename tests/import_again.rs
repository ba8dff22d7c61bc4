//! Importing again, for years: what a person wrote stays, what two pages say is not mixed up, and
//! nothing that was imported is lost.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, LIVE, assert_same};

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";

/// Imports a dump that is saved in a folder of its own, so that names can be the same.
fn import(desk: &Desk, folder: &str, name: &str, text: &str, more: &[&str]) -> common::Run {
    let path = desk.around().join(folder).join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    let mut arguments = vec!["import", path.to_str().unwrap()];
    arguments.extend(more);
    desk.run(&arguments)
}

fn stream(entries: &[(&str, &str)]) -> String {
    let entries: Vec<String> =
        entries.iter().map(|(title, words)| format!("{title}\n\n{words}\n")).collect();
    format!("Live updates\n\n{}\nLoad more updates\n", entries.join("\n"))
}

#[test]
fn a_story_file_that_cannot_be_read_is_not_replaced() {
    let desk = Desk::imported();
    desk.write("content/quell-live/story.md", "+++\ntitel = \"Mine\"\n+++\nWeeks of work.\n");
    let before = desk.files(".");
    let later = LIVE.replace("nine days", "ten days");
    let run = desk.import("quell-later.txt", later.as_bytes());
    assert_eq!(run.code, 0, "another story: {run:?}");
    let run = import(&desk, "x", "quell-live.txt", &later.replace("ten", "eleven"), &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains("content/quell-live/story.md: this story's file cannot be read"),
        "{run:?}"
    );
    let after = desk.files(".");
    for (file, bytes) in before {
        assert!(file.ends_with("SHA256SUMS") || after[&file] == bytes, "{file} changed");
    }
}

#[test]
fn an_import_that_was_cut_off_is_made_whole_by_the_next() {
    let desk = Desk::new();
    let run = desk.import("quell-live.txt", LIVE.as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    let whole = common::bytes(&desk.root());
    // Cut off before the second entry and its memory were in place, and with a file left waiting.
    let base = ".archive/base/quell-live/2031-04-01-2115-rain-goes-on.md";
    let text = desk.read(base);
    desk.remove(RAIN);
    desk.remove(base);
    desk.remove("dumps/quell-live.txt.record.toml");
    desk.write(".archive/base/quell-live/.2031-04-01-2115-rain-goes-on.md.77.tmp", text);
    let run = desk.import("quell-live.txt", LIVE.as_bytes());
    assert!(run.out.contains("1 new, 1 unchanged"), "{run:?}");
    desk.remove(".archive/base/quell-live/.2031-04-01-2115-rain-goes-on.md.77.tmp");
    assert_same(&common::bytes(&desk.root()), &whole, "made whole");
    // Cut off between an entry and its memory: the entry is adopted, not doubled.
    desk.remove(base);
    let run = desk.import("quell-live.txt", LIVE.as_bytes());
    assert!(run.out.contains("2 unchanged"), "{run:?}");
    assert_same(&common::bytes(&desk.root()), &whole, "adopted");
}

#[test]
fn an_import_that_is_killed_at_any_moment_is_whole_or_not_there() {
    let dump = concat!(env!("CARGO_MANIFEST_DIR"), "/dumps/apollo-11-live.txt");
    let (nothing, whole) = (Desk::new(), Desk::new());
    assert_eq!(whole.run(&["import", dump]).code, 0);
    let files = |desk: &Desk| common::bytes(&desk.root());
    let mut cut_off = 0;
    for step in 0..16 {
        let desk = Desk::new();
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_archive"))
            .args(["import", dump])
            .current_dir(desk.root())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(6 * step));
        child.kill().unwrap();
        let killed = !child.wait().unwrap().success();
        cut_off += u32::from(killed);
        // Any other command finds the archive as it was, or as it should be.
        let run = desk.run(&["status"]);
        assert_eq!(run.code, 0, "{run:?}");
        let expected =
            if desk.root().join("dumps/apollo-11-live.txt").exists() { &whole } else { &nothing };
        let what = format!("killed after {} ms", 6 * step);
        assert_same(&files(&desk), &files(expected), &what);
        assert_eq!(desk.run(&["import", dump]).code, 0);
        assert_same(&files(&desk), &files(&whole), &what);
    }
    assert!(cut_off > 0, "no import was cut off, so nothing was shown");
}

/// The journal of an import that was cut off, as a kill between any two files leaves it.
#[test]
fn an_import_that_is_cut_off_between_any_two_files_is_finished() {
    let desk = Desk::imported();
    let (before, later) = (common::bytes(&desk.root()), LIVE.replace("nine days", "ten days"));
    assert_eq!(desk.import("quell-live.txt", later.as_bytes()).code, 0);
    let whole = common::bytes(&desk.root());
    let journal = desk.root().join(".archive/undo/1");
    let list = std::fs::read_to_string(journal.join("list.txt")).unwrap();
    let steps: Vec<&str> = list.lines().skip(1).collect();
    assert!(steps.len() > 5, "{list}");
    // The new files are put back into the journal, and so many of them take their places again.
    for done in 0..=steps.len() {
        for (at, step) in steps.iter().enumerate().skip(done) {
            let file = step.splitn(3, ' ').nth(2).unwrap();
            std::fs::write(journal.join(format!("new-{at}")), &whole[file]).unwrap();
            match before.get(file) {
                Some(old) => desk.write(file, old),
                None => desk.remove(file),
            }
        }
        std::fs::rename(&journal, desk.root().join(".archive/undo/pending")).unwrap();
        let run = desk.run(&["status"]);
        assert!(run.err.contains("finished what was cut off: import "), "{run:?}");
        assert_same(&common::bytes(&desk.root()), &whole, &format!("cut off behind {done}"));
    }
}

#[test]
fn two_pages_with_one_title_are_not_mixed_up() {
    let desk = Desk::new();
    let quell = stream(&[(
        "What we know so far",
        "Three people were hurt in the town of Quell when the river rose.",
    )]);
    let match_ = stream(&[(
        "What we know so far",
        "The match in Bell ended two to one after a long and dull second half.",
    )]);
    assert_eq!(import(&desk, "a", "live.txt", &quell, &[]).code, 0);
    let run = import(&desk, "b", "live.txt", &match_, &[]);
    assert!(run.out.contains("1 new"), "{run:?}");
    assert!(run.err.contains("its file name puts it into the story live"), "{run:?}");
    assert!(desk.read("content/live/undated/what-we-know-so-far.md").contains("hurt in the town"));
    assert!(desk.read("content/live/undated/what-we-know-so-far-2.md").contains("match in Bell"));
}

#[test]
fn an_entry_keeps_its_address_when_another_of_its_title_comes_before_it() {
    let desk = Desk::new();
    let old =
        ("Pictures from the scene", "The old bridge lies in the river, and a cow stands on it.");
    let new =
        ("Pictures from the scene", "Helicopters are seen over the market, and boats below them.");
    assert_eq!(import(&desk, "a", "live.txt", &stream(&[old]), &[]).code, 0);
    let run = import(&desk, "b", "live.txt", &stream(&[new, old]), &[]);
    assert!(run.out.contains("1 new, 1 unchanged"), "{run:?}");
    assert!(desk.read("content/live/undated/pictures-from-the-scene.md").contains("old bridge"));
    let second = desk.read("content/live/undated/pictures-from-the-scene-2.md");
    assert!(second.contains("Helicopters") && second.contains("order = 2"), "{second}");
}

#[test]
fn an_old_dump_does_not_bring_its_older_words_back() {
    let desk = Desk::imported();
    let later = LIVE.replace("nine days", "ten days");
    let run = import(&desk, "b", "quell-live.txt", &later, &[]);
    assert!(run.out.contains("1 unchanged, 1 updated"), "{run:?}");
    let before = desk.files(".");
    let run = desk.run(&["import", "dumps/quell-live.txt", "dumps/quell-live-2.txt"]);
    assert_eq!(run.out.matches("2 entries (2 unchanged)").count(), 2, "{run:?}");
    assert_same(&desk.files("."), &before, "the archive");
    assert!(desk.read(RAIN).contains("ten days"));
}

#[test]
fn a_headline_that_the_publisher_changed_is_the_same_entry() {
    let desk = Desk::imported();
    let later = LIVE.replace("Gates opened", "Gates opened at Quell dam");
    let run = import(&desk, "b", "quell-live.txt", &later, &[]);
    assert!(run.out.contains("1 unchanged, 1 updated"), "{run:?}");
    assert!(desk.read(GATES).contains("title = \"Gates opened at Quell dam\""));
}

#[test]
fn tags_that_the_program_gave_are_no_persons_change() {
    let desk = Desk::imported();
    desk.write("tags.toml", "[[tag]]\nname = \"Quell\"\n");
    assert!(desk.run(&["tag"]).out.contains("gave 2 tags"));
    let later = LIVE.replace("nine days", "ten days");
    let run = import(&desk, "b", "quell-live.txt", &later, &[]);
    assert!(run.out.contains("1 unchanged, 1 updated"), "{run:?}");
    let rain = desk.read(RAIN);
    assert!(rain.contains("tags = [\"Quell\"]") && rain.contains("ten days"), "{rain}");
    // A tag that a person takes away is not given again.
    desk.write(GATES, desk.read(GATES).replace("tags = [\"Quell\"]", "tags = []"));
    assert!(desk.run(&["tag"]).out.contains("gave 0 tags"));
}

#[test]
fn line_ends_of_another_system_are_kept() {
    let desk = Desk::imported();
    desk.write("tags.toml", "[[tag]]\nname = \"Quell\"\n");
    desk.write(GATES, desk.read(GATES).replace('\n', "\r\n"));
    assert!(desk.run(&["tag"]).out.contains("gave 2 tags to 2"));
    let text = desk.read(GATES);
    assert!(text.contains("tags = [\"Quell\"]\r\n") && !text.replace("\r\n", "").contains('\n'));
}

#[test]
fn a_story_that_was_renamed_or_an_archive_without_its_memory_doubles_nothing() {
    let desk = Desk::imported();
    std::fs::rename(desk.root().join("content/quell-live"), desk.root().join("content/flood"))
        .unwrap();
    let later = LIVE.replace("nine days", "ten days");
    let run = import(&desk, "b", "other.txt", &later, &["--story", "flood"]);
    assert!(run.out.contains("1 unchanged, 1 updated"), "{run:?}");
    let desk = Desk::imported();
    let before = common::bytes(&desk.root());
    std::fs::remove_dir_all(desk.root().join(".archive")).unwrap();
    let run = desk.import("quell-live.txt", LIVE.as_bytes());
    assert!(run.out.contains("2 unchanged"), "{run:?}");
    assert_same(&common::bytes(&desk.root()), &before, "remembered again");
}

#[test]
fn an_entry_that_cannot_be_read_is_a_conflict_not_a_deletion() {
    let desk = Desk::imported();
    desk.write(RAIN, desk.read(RAIN).replace("order = 1", "order = = 1"));
    let text = desk.read(RAIN);
    let run = import(&desk, "b", "quell-live.txt", &LIVE.replace("nine days", "ten days"), &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("1 conflict") && run.err.contains(RAIN), "{run:?}");
    assert_eq!(desk.read(RAIN), text);
}
