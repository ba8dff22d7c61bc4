//! Whole commands, as a curator types them: real files in, real files out.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, LIVE, assert_same};

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";

#[test]
fn the_road_from_a_dump_to_a_site() {
    let desk = Desk::imported();
    let entry = desk.read(GATES);
    for line in [
        "id = \"2031-04-02-0540-gates-opened\"",
        "title = \"Gates opened\"",
        "date = 2031-04-02T05:40:00+01:00",
        "date_basis = \"stated\"",
        "order = 2",
        "lines = [5, 9]",
        "stated = \"05:40 British Summer Time 2 April 2031\"",
    ] {
        assert!(entry.contains(line), "{line} is not in\n{entry}");
    }
    assert!(entry.ends_with(
        "\n+++\n\nThe gates of the Quell dam opened at dawn.\n\nWater filled the lower town.\n"
    ));
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("next: open "), "{run:?}");
    let page = desk.read("public/entries/2031-04-02-0540-gates-opened.html");
    assert!(page.contains("<p>Water filled the lower town.</p>"));
    for page in [
        "index.html",
        "stories/quell-live.html",
        "dates/2031.html",
        "dates/2031-04.html",
        "dates/2031-04-01.html",
        "tags/index.html",
        "sources/quell-live.txt.html",
        "404.html",
        "atom.xml",
        "stories/quell-live.xml",
        "robots.txt",
        "style.css",
    ] {
        assert!(desk.root().join("public").join(page).exists(), "{page}");
    }
}

#[test]
fn importing_twice_changes_nothing_and_says_so() {
    let desk = Desk::imported();
    let before = desk.files(".");
    let run = desk.import("quell-live.txt", LIVE.as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("2 entries (2 unchanged)"), "{run:?}");
    assert_same(&desk.files("."), &before, "the archive");
    // The same bytes under another name are the same dump.
    let run = desk.import("copy.txt", LIVE.as_bytes());
    let said = "copy.txt: 2 entries (2 unchanged) in the story quell-live, kept as quell-live.txt";
    assert!(run.out.contains(said), "{run:?}");
    assert_same(&desk.files("."), &before, "the archive");
}

#[test]
fn a_new_capture_takes_new_words_and_leaves_a_persons_work() {
    let desk = Desk::imported();
    let edited = desk.read(GATES).replace("lower town", "upper town");
    desk.write(GATES, &edited);
    let later = LIVE
        .replace("Water filled the lower town.", "Water filled the town.")
        .replace("nine days", "ten days");
    let path = desk.around().join("quell-later.txt");
    std::fs::write(&path, later).unwrap();
    let run = desk.run(&["import", path.to_str().unwrap(), "--story", "quell-live", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let object: serde_json::Value = serde_json::from_str(run.out.lines().next().unwrap()).unwrap();
    assert_eq!(object["entries"][0]["status"], "conflict");
    assert_eq!(object["entries"][1]["status"], "updated");
    assert_eq!(desk.read(GATES), edited);
    assert!(desk.read("content/quell-live/2031-04-01/2115-rain-goes-on.md").contains("ten days"));
    assert!(
        desk.read(".archive/conflicts/2031-04-02-0540-gates-opened.md")
            .contains("filled the town.")
    );
    let status = desk.run(&["status"]);
    assert!(status.out.contains("conflicts: 1") && status.out.contains("altered: 1"), "{status:?}");
}

#[test]
fn a_later_capture_and_an_annotation_go_together() {
    let desk = Desk::imported();
    desk.write(GATES, format!("{}\n> [!NOTE]\n> Mine.\n", desk.read(GATES)));
    let mine = desk.read(GATES);
    // A later capture under the same name belongs to the same story.
    let later = LIVE.replace("Water filled the lower town.", "Water filled the town.");
    let run = desk.import("quell-live.txt", later.as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    let said = "quell-live.txt: 2 entries (1 unchanged, 1 merged) in the story quell-live, kept as quell-live-2.txt";
    assert!(run.out.contains(said), "{run:?}");
    let merged = desk.read(GATES);
    assert!(merged.contains("Water filled the town.\n\n> [!NOTE]\n> Mine.\n"), "{merged}");
    assert_eq!(desk.run(&["check"]).code, 0, "{:?}", desk.run(&["check"]));
    // What the publisher said before is kept.
    let before = desk.files(".archive/revisions/quell-live");
    assert!(before.values().any(|(text, _)| String::from_utf8_lossy(text).contains("lower town")));
    // A second time, nothing is written.
    let before = desk.files(".");
    assert!(desk.import("quell-live.txt", later.as_bytes()).out.contains("2 unchanged"));
    common::assert_same(&desk.files("."), &before, "imported again");
    // Taken back, to the byte; and done again.
    let run = desk.run(&["undo"]);
    assert!(run.out.contains("took back `import "), "{run:?}");
    assert_eq!(desk.read(GATES), mine);
    assert!(!desk.root().join("dumps/quell-live-2.txt").exists());
    assert_eq!(desk.run(&["undo"]).code, 0);
    assert_eq!(desk.read(GATES), merged);
    // A person's work since then is not taken back with it.
    desk.write(GATES, format!("{merged}\nMore.\n"));
    let run = desk.run(&["undo"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains(GATES) && desk.read(GATES).ends_with("More.\n"), "{run:?}");
}

#[test]
fn a_conflict_is_settled_with_one_word() {
    let later = LIVE.replace("Water filled the lower town.", "Water filled the town.");
    let desk = || {
        let desk = Desk::imported();
        let text = desk.read(GATES).replace("the lower town", "the old town");
        desk.write(GATES, format!("{text}\n> [!NOTE]\n> Mine.\n"));
        let run = desk.import("quell-live.txt", later.as_bytes());
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.out.contains("1 conflict"), "{run:?}");
        let run = desk.run(&["resolve"]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(
            run.out.contains("+Water filled the town.")
                && run.out.contains("+Water filled the old town."),
            "{run:?}"
        );
        desk
    };
    let theirs = desk();
    assert_eq!(theirs.run(&["resolve", "--theirs"]).code, 0);
    let text = theirs.read(GATES);
    assert!(
        text.contains("filled the town.") && text.contains("> Mine.") && !text.contains("old town"),
        "{text}"
    );
    let mine = desk();
    assert_eq!(mine.run(&["resolve", "--mine", "2031-04-02-0540-gates-opened"]).code, 0);
    assert!(mine.read(GATES).contains("old town"));
    for desk in [theirs, mine] {
        assert!(desk.run(&["resolve"]).out.contains("nothing waits"));
        let run = desk.import("quell-live.txt", later.as_bytes());
        assert!(run.out.contains("2 unchanged"), "{run:?}");
        assert_eq!(desk.run(&["resolve", "2031-04-02-0540-gates-opened"]).code, 2);
    }
}

#[test]
fn what_a_person_deleted_stays_deleted_and_what_they_moved_is_found() {
    let desk = Desk::imported();
    desk.remove(GATES);
    let rain = "content/quell-live/2031-04-01/2115-rain-goes-on.md";
    let text = desk.read(rain);
    desk.remove(rain);
    desk.write("content/quell-live/elsewhere.md", &text);
    let run = desk.import("quell-live.txt", LIVE.as_bytes());
    assert!(run.out.contains("2 unchanged"), "{run:?}");
    assert!(!desk.root().join(GATES).exists() && !desk.root().join(rain).exists());
}

#[test]
fn a_dump_belongs_to_one_story() {
    let desk = Desk::imported();
    let before = desk.files(".");
    let path = desk.around().join("quell-live.txt");
    let run = desk.run(&["import", path.to_str().unwrap(), "--story", "other"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("this dump is in the story quell-live already"), "{run:?}");
    assert_same(&desk.files("."), &before, "the archive");
}

#[test]
fn a_dry_run_writes_nothing() {
    let desk = Desk::new();
    let before = desk.files(".");
    let path = desk.around().join("quell-live.txt");
    std::fs::write(&path, LIVE).unwrap();
    let run = desk.run(&["import", "--dry-run", path.to_str().unwrap()]);
    assert!(run.out.contains("2 new") && run.out.contains("nothing was written"), "{run:?}");
    assert_same(&desk.files("."), &before, "the archive");
}

#[test]
fn read_is_a_filter_that_needs_no_archive() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("d.txt"), LIVE).unwrap();
    let run = common::run_in(folder.path(), &["read", "--json", "d.txt"]);
    let object: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(object["entries"].as_array().unwrap().len(), 2);
    assert_eq!(object["entries"][1]["media"][0]["caption"], "He waited for a boat");
    assert_eq!(object["lines"]["unread"], 0);
    assert_eq!(object["lines"]["total"], LIVE.lines().count());
    assert_eq!(common::files(folder.path()).len(), 1);
    let run = common::run_in(folder.path(), &["explain", "d.txt"]);
    assert!(run.out.contains("entry 1") && run.out.contains("summary"), "{run:?}");
    // A rule above each of the two entries, and the sums.
    assert_eq!(run.out.lines().count(), LIVE.lines().count() + 3);
}

#[test]
fn explain_shows_every_line_beside_its_own_fate() {
    let folder = tempfile::tempdir().unwrap();
    // A carriage return inside a line ends no line where lines end otherwise.
    let dump =
        LIVE.replace("It has rained", "It\rhas rained").replace("Summary", "\u{feff}Summary");
    std::fs::write(folder.path().join("d.txt"), &dump).unwrap();
    let run = common::run_in(folder.path(), &["explain", "d.txt"]);
    assert_eq!(run.out.lines().count(), LIVE.lines().count() + 3, "{run:?}");
    let line = run.out.lines().find(|line| line.contains("He waited for a boat")).unwrap();
    assert!(line.contains("entry 2"), "{line}");
    let first = run.out.lines().next().unwrap();
    assert!(first.contains("summary") && first.ends_with("| Summary"), "{first}");
}

#[test]
fn a_broken_format_is_told_and_counts() {
    let desk = Desk::imported();
    desk.write("formats/x.toml", "nme = \"x\"\n");
    for command in ["read", "explain"] {
        let run = desk.run(&[command, "dumps/quell-live.txt"]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.err.contains("formats/x.toml:1"), "{run:?}");
    }
}

#[test]
fn a_date_can_be_told_for_all() {
    let desk = Desk::new();
    let dump = "Live updates\n\nA boat is found\n\nThe boat of the ferryman lay in a field, far from the river.\n\nLoad more updates\n";
    let path = desk.around().join("topic.txt");
    std::fs::write(&path, dump).unwrap();
    let run = desk.run(&["import", path.to_str().unwrap(), "--date", "2031-04~"]);
    assert_eq!(run.code, 0, "{run:?}");
    let entry = desk.read("content/topic/undated/a-boat-is-found.md");
    assert!(entry.contains("date = \"2031-04~\"\ndate_basis = \"curator\""), "{entry}");
    assert_eq!(desk.run(&["build"]).code, 0);
    assert!(desk.read("public/dates/2031-04.html").contains("about April 2031"));
}

#[test]
fn the_vocabulary_is_proposed_applied_and_shown() {
    let desk = Desk::imported();
    let proposal = desk.run(&["tag", "--suggest"]);
    assert!(proposal.out.contains("name = \"Quell\"  # 2 entries"), "{proposal:?}");
    desk.write("tags.toml", "[[tag]]\nname = \"Quell dam\"\nbroader = \"Dams\"\ndescription = \"The dam above the town.\"\n[[tag]]\nname = \"Dams\"\n[[tag]]\nname = \"rain\"\nsynonyms = [\"rained\"]\n");
    let before = desk.read(GATES);
    let run = desk.run(&["tag"]);
    assert!(run.out.contains("gave 2 tags to 2 of 2 entries"), "{run:?}");
    assert_eq!(desk.read(GATES), before.replace("tags = []", "tags = [\"Quell dam\"]"));
    assert!(desk.run(&["tag"]).out.contains("gave 0 tags to 0"));
    assert_eq!(desk.run(&["build"]).code, 0);
    assert!(desk.read("public/tags/dams.html").contains("quell-dam.html"));
    assert!(desk.read("public/tags/index.html").contains("rained, <i>see</i>"));
}

#[test]
fn notes_are_no_alterations_and_other_changes_are() {
    let desk = Desk::imported();
    desk.write(
        GATES,
        format!(
            "{}\n> [!NOTE]\n> Seen from the bridge[^1].\n\n[^1]: By two people.\n",
            desk.read(GATES)
        ),
    );
    assert_eq!(desk.run(&["check"]).code, 0, "{:?}", desk.run(&["check"]));
    desk.write(GATES, desk.read(GATES).replace("at dawn", "at noon"));
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains(&format!("warning: {GATES}:16: the publisher's words differ")),
        "{run:?}"
    );
}

#[test]
fn check_finds_a_changed_dump_and_a_dead_link() {
    let desk = Desk::imported();
    desk.write(GATES, format!("{}\n> [!TIP]\n> [x](/entries/nowhere.html)\n", desk.read(GATES)));
    desk.write("dumps/quell-live.txt", LIVE.replace("dawn", "noon"));
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains(&format!("error: {GATES}:21: the link `entries/nowhere.html` leads nowhere: there is no such page")), "{run:?}");
    assert!(run.err.contains("dumps/quell-live.txt: the dump is not what was imported"), "{run:?}");
}

#[test]
fn an_archives_own_format_and_template_count() {
    let desk = Desk::imported();
    desk.write("formats/quell.toml", "name = \"quell\"\npublisher = \"Quell Post\"\ndescribes = \"A test\"\n[recognise]\nall = [{ name = \"a star\", pattern = '^\\* ' }]\n[entry]\nstart = ['^\\* (?<title>.*)$']\n");
    let run = desk.import("post.txt", b"* One\nFirst words.\n* Two\nSecond words.\n");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(desk.read("content/post/story.md").contains("publisher = \"Quell Post\""));
    desk.write("templates/404.html", "mine\n");
    assert_eq!(desk.run(&["build"]).code, 0);
    assert_eq!(desk.read("public/404.html"), "mine\n");
}

#[test]
fn completions_and_man_pages_are_made() {
    let desk = Desk::new();
    assert!(desk.run(&["completions", "bash"]).out.contains("_archive"));
    let run = desk.run(&["man", "man1"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(desk.read("man1/archive-import.1").contains(".TH"));
    assert!(desk.run(&["--version"]).out.starts_with("archive "));
}
