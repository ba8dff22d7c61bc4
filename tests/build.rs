//! The law of building: whatever was edited, the folder equals a clean build.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, assert_same, bytes};
use proptest::prelude::*;

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";

/// Builds, and holds the folder against a build from nothing.
fn assert_like_a_clean_build(desk: &Desk, what: &str) {
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{what}: {run:?}");
    let clean = desk.around().join("clean");
    let run = desk.run(&["build", "--output", clean.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{what}: {run:?}");
    assert_same(&bytes(&desk.root().join("public")), &bytes(&clean), what);
    std::fs::remove_dir_all(clean).unwrap();
}

/// Things that a curator does to an archive, by number.
fn edit(desk: &Desk, number: u8) {
    let change = |file: &str, from: &str, to: &str| {
        if desk.root().join(file).exists() {
            desk.write(file, desk.read(file).replace(from, to));
        }
    };
    match number {
        0 => change(GATES, "tags = []", "tags = [\"Dam\"]"),
        1 => change(GATES, "2031-04-02T05:40:00", "2030-03-01T05:41:00"),
        2 => change(GATES, "title = \"Gates opened\"", "title = \"The gates\"\naliases = [\"gates\"]"),
        3 => desk.write(RAIN, format!("{}\n> [!NOTE]\n> More.\n", desk.read(RAIN))),
        4 => desk.write("content/quell-live/new.md", "+++\nid = \"new\"\ntitle = \"New\"\ndate = \"2031-04~\"\ntags = [\"Other\"]\n+++\nWords.\n"),
        5 => desk.write("content/other/undated/x.md", "+++\nid = \"x\"\ntitle = \"X\"\n+++\nWords.\n"),
        6 => desk.write("tags.toml", "[[tag]]\nname = \"Dam\"\nslug = \"dams\"\n"),
        7 => change("site.toml", "#long_list = 200", "long_list = 1"),
        8 => change("site.toml", "#base_url = \"\"", "base_url = \"https://a.example/b/\""),
        9 => desk.write("static/images/a.txt", "a"),
        10 => desk.write("templates/404.html", "mine\n"),
        11 => change(RAIN, "date = 2031-04-01T21:15:00+01:00\n", ""),
        12 => desk.write("content/pages/about.md", "+++\ntitle = \"About\"\n+++\nWords.\n"),
        13 => _ = std::fs::remove_file(desk.root().join("content/quell-live/new.md")),
        14 => _ = std::fs::remove_file(desk.root().join("static/images/a.txt")),
        _ => change("content/quell-live/story.md", "title = ", "aliases = [\"old\"]\ntitle = "),
    }
}

#[test]
fn an_entry_of_several_days_counts_once_in_every_sum() {
    let desk = Desk::imported();
    let head = "+++\nid = \"flood\"\ntitle = \"Flood\"\n";
    desk.write(
        "content/quell-live/flood.md",
        format!("{head}date = \"2031-04-01/2031-04-05\"\n+++\nWater everywhere.\n"),
    );
    assert_eq!(desk.run(&["build"]).code, 0);
    let sum = |file: &str, before: &str| {
        let page = desk.read(&format!("public/{file}"));
        let at = page.find(before).unwrap_or_else(|| panic!("no {before} in {file}:\n{page}"));
        let count = page[at + before.len()..].split(|c: char| !c.is_ascii_digit()).next();
        count.unwrap().parse::<u32>().unwrap()
    };
    // Two of the dump and this one, on five days.
    assert_eq!(sum("dates/2031.html", "<p class=\"facts\">"), 3);
    assert_eq!(sum("dates/2031.html", "content=\"2031: "), 3);
    assert_eq!(sum("dates/2031.html", ">April</a> <span class=\"count\">"), 3);
    assert_eq!(sum("dates/2031-04.html", "content=\"April 2031: "), 3);
    assert_eq!(sum("dates/2031-04.html", ">April 2031</a> <span class=\"count\">"), 3);
    assert_eq!(sum("dates/index.html", ">April</a> <span class=\"count\">"), 3);
    assert_eq!(sum("dates/index.html", ">2031</a> <span class=\"count\">"), 3);
    assert_eq!(sum("index.html", ">April 2031</a> <span class=\"count\">"), 3);
    assert_eq!(sum("index.html", "<p class=\"facts\">"), 3);
    // Each day has what is filed under it.
    assert_eq!(sum("dates/2031-04-02.html", "<p class=\"facts\">"), 2);
    assert_eq!(sum("dates/2031-04-05.html", "<p class=\"facts\">"), 1);
}

#[test]
fn a_build_without_an_address_says_what_is_left_out() {
    let desk = Desk::imported();
    let told = "note: site.toml: no `base_url` is set";
    let run = desk.run(&["build"]);
    assert!(run.code == 0 && run.err.starts_with(told) && run.err.lines().count() == 1, "{run:?}");
    assert!(!desk.root().join("public/sitemap.xml").exists());
    assert_eq!(desk.run(&["build"]).err, "", "nothing is new");
    desk.write("static/a.txt", "a");
    assert_eq!(desk.run(&["build", "--json"]).err, "");
    let run = desk.run(&["build", "--base-url", "https://a.example/"]);
    assert!(run.err.is_empty() && desk.root().join("public/sitemap.xml").exists(), "{run:?}");
}

#[test]
fn any_single_edit_gives_what_a_clean_build_gives() {
    for number in 0..16 {
        let desk = Desk::imported();
        assert_eq!(desk.run(&["build"]).code, 0);
        edit(&desk, number);
        assert_like_a_clean_build(&desk, &format!("edit {number}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn any_sequence_of_edits_gives_what_a_clean_build_gives(edits in prop::collection::vec(0u8..15, 1..6)) {
        let desk = Desk::imported();
        for number in edits {
            edit(&desk, number);
            assert_like_a_clean_build(&desk, &format!("edit {number}"));
        }
    }
}

#[test]
fn an_unchanged_build_writes_nothing_and_keeps_times() {
    let desk = Desk::imported();
    assert_eq!(desk.run(&["build"]).code, 0);
    let before = desk.files("public");
    let run = desk.run(&["build", "--json"]);
    let object: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(object["written"], 0);
    assert_eq!(object["removed"], 0);
    assert_eq!(object["unchanged"], object["pages"]);
    assert_eq!(object["pages"], before.len() - 1, "all but the manifest");
    assert_same(&desk.files("public"), &before, "public");
    // The same without what is remembered of the last build: rendered, compared, not written.
    std::fs::remove_dir_all(desk.root().join(".archive/cache")).unwrap();
    let run = desk.run(&["build", "--json"]);
    let object: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(object["written"], 0, "{run:?}");
    assert_same(&desk.files("public"), &before, "public");
}

#[test]
fn a_page_that_somebody_changed_or_removed_is_made_again() {
    let desk = Desk::imported();
    desk.run(&["build"]);
    let good = bytes(&desk.root().join("public"));
    desk.write("public/index.html", "not mine");
    desk.remove("public/robots.txt");
    desk.run(&["build"]);
    assert_same(&bytes(&desk.root().join("public")), &good, "public");
}

#[test]
fn a_build_that_fails_leaves_the_site_as_it_was() {
    let desk = Desk::imported();
    desk.run(&["build"]);
    let before = desk.files("public");
    desk.write("content/quell-live/bad.md", "+++\nid = \"bad\"\n+++\n");
    assert_eq!(desk.run(&["build"]).code, 1);
    desk.remove("content/quell-live/bad.md");
    desk.write("templates/entry.html", "{{ nothing.of.this }}");
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("templates/entry.html:1: "), "{run:?}");
    assert_same(&desk.files("public"), &before, "public");
}

#[test]
fn the_same_input_gives_the_same_bytes_whatever_the_threads() {
    let desk = Desk::imported();
    let build = |threads: &str, name: &str| {
        let output = desk.around().join(name);
        let status = std::process::Command::new(env!("CARGO_BIN_EXE_archive"))
            .args(["build", "--output", output.to_str().unwrap()])
            .current_dir(desk.root())
            .env("RAYON_NUM_THREADS", threads)
            .env("TZ", if threads == "1" { "Asia/Tokyo" } else { "America/Lima" })
            .env("LANG", if threads == "1" { "tr_TR.UTF-8" } else { "C" })
            .output()
            .unwrap()
            .status;
        assert!(status.success());
        bytes(&output)
    };
    assert_same(&build("1", "one"), &build("4", "four"), "threads");
}

#[test]
fn no_page_needs_a_script_or_another_host() {
    let desk = Desk::imported();
    desk.run(&["build"]);
    for (name, bytes) in bytes(&desk.root().join("public")) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        // What is said to machines is data, and no script.
        let text = text.replace("<script type=\"application/ld+json\">", "");
        // The search page has one, in a file of its own, and says what to use without it.
        let scripts = usize::from(name == "search.html");
        assert_eq!(text.matches("<script").count(), scripts, "{name}");
        assert_eq!(text.matches("<script src=\"search.js\"").count(), scripts, "{name}");
        for attribute in ["src=\"http", "src=\"//", "href=\"/", "url("] {
            assert!(!text.contains(attribute), "{name}: {attribute}");
        }
    }
}
