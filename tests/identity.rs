//! What was published stays: the ledger of addresses, aliases, renamed entries, stories that grow.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, assert_same};

const GATES: &str = "2031-04-02-0540-gates-opened";
const GATES_FILE: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "2031-04-01-2115-rain-goes-on";

fn built() -> Desk {
    let desk = Desk::imported();
    build(&desk);
    desk
}

fn build(desk: &Desk) {
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
}

fn assert_kept(desk: &Desk) {
    let run = desk.run(&["check"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
}

/// Builds, and holds that the addresses in `lost`, and no others, are told as lost.
fn assert_lost(desk: &Desk, lost: &[&str]) {
    build(desk);
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 1, "{run:?}");
    let told = run.err.lines().filter_map(|line| {
        let (address, _) = line.split_once(" was published and leads nowhere now")?;
        Some(address.rsplit(' ').next()?.to_string())
    });
    assert_eq!(told.collect::<Vec<_>>(), lost, "{run:?}");
}

fn edit(desk: &Desk, file: &str, from: &str, to: &str) {
    let text = desk.read(file);
    assert!(text.contains(from), "{file}: {text}");
    desk.write(file, text.replacen(from, to, 1));
}

#[test]
fn a_build_adds_to_the_ledger_and_the_same_build_writes_nothing() {
    let desk = built();
    let entries = format!("entries/{RAIN}.html\nentries/{GATES}.html\n");
    assert_eq!(desk.read(".archive/published/entries.txt"), entries);
    let stories = desk.read(".archive/published/stories.txt");
    for address in ["stories/quell-live.html", "stories/quell-live.xml"] {
        assert!(stories.lines().any(|line| line == address), "{address}: {stories}");
    }
    for anchor in [GATES, RAIN, "day-2031-04-01", "day-2031-04-02"] {
        let address = format!("stories/quell-live.html#{anchor}");
        assert!(stories.lines().any(|line| line == address), "{address}: {stories}");
    }
    assert_eq!(desk.read(".archive/published.txt"), "atom.xml\nindex.html\nsearch.html\n");
    let before = desk.files("");
    build(&desk);
    assert_same(&desk.files(""), &before, "built again");
    assert_kept(&desk);
    // Elsewhere is not where readers look.
    let run = desk.run(&["build", "--output", "../elsewhere"]);
    assert_eq!(run.code, 0, "{run:?}");
    desk.remove(GATES_FILE);
    let elsewhere = desk.run(&["build", "--output", "../elsewhere"]);
    assert_eq!(elsewhere.code, 0, "{elsewhere:?}");
    assert_eq!(desk.read(".archive/published/entries.txt"), entries);
}

#[test]
fn an_id_that_was_edited_by_hand_is_found_until_its_alias_is_there() {
    let desk = built();
    edit(&desk, GATES_FILE, GATES, "gates");
    let page = format!("entries/{GATES}.html");
    assert_lost(&desk, &[&page]);
    let run = desk.run(&["check"]);
    assert!(run.err.contains(&format!("aliases = [\"{GATES}\"]")), "{run:?}");
    edit(&desk, GATES_FILE, "tags = []", &format!("tags = []\naliases = [\"{GATES}\"]"));
    build(&desk);
    assert_kept(&desk);
    // An alias was published, too.
    edit(&desk, GATES_FILE, &format!("aliases = [\"{GATES}\"]\n"), "");
    assert_lost(&desk, &[&page]);
}

#[test]
fn a_renamed_entry_keeps_its_old_address_and_all_that_is_remembered() {
    let desk = built();
    edit(
        &desk,
        GATES_FILE,
        "id = \"2031-04-02-0540-gates-opened\"",
        &format!("id = \"{GATES}\" # mine"),
    );
    let line = format!("{} 5-9 {GATES}\n", "0".repeat(64));
    let other = format!("{} 11-18 {RAIN}\n", "1".repeat(64));
    desk.write(".archive/captures/quell-live.txt.txt", format!("{line}{other}"));
    let base = desk.read(&format!(".archive/base/quell-live/{GATES}.md"));
    desk.write(&format!(".archive/revisions/quell-live/{GATES}.0123456789abcdef.md"), &base);
    build(&desk);
    let before = desk.files("");
    let run = desk.run(&["rename", GATES, "gates", "--dry-run"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("+++ b/.archive/base/quell-live/gates.md"), "{run:?}");
    assert_same(&desk.files(""), &before, "a dry run");

    let run = desk.run(&["rename", GATES, "gates"]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = desk.read(GATES_FILE);
    assert!(text.contains("id = \"gates\" # mine\n"), "{text}");
    assert!(text.contains(&format!("aliases = [\"{GATES}\"]")), "{text}");
    let renamed = base.replace(&format!("id = \"{GATES}\""), "id = \"gates\"");
    assert_eq!(desk.read(".archive/base/quell-live/gates.md"), renamed);
    assert_eq!(desk.read(".archive/revisions/quell-live/gates.0123456789abcdef.md"), renamed);
    let captures = desk.read(".archive/captures/quell-live.txt.txt");
    assert_eq!(captures, format!("{}{other}", line.replace(GATES, "gates")));
    let left = desk.files(".archive");
    assert!(left.keys().all(|name| !name.contains(GATES)), "{:?}", left.keys());
    for folder in ["base/quell-live", "revisions/quell-live", "captures"] {
        let sums = desk.read(&format!(".archive/{folder}/SHA256SUMS"));
        assert!(!sums.contains(GATES), "{sums}");
    }

    build(&desk);
    let run = desk.run(&["check"]);
    assert!(!run.err.contains("was published"), "{run:?}");
    let moved = desk.read(&format!("public/entries/{GATES}.html"));
    assert!(moved.contains("url=gates.html"), "{moved}");
    let story = desk.read("public/stories/quell-live.html");
    assert!(
        story.contains(&format!("<li id=\"{GATES}\"><a href=\"quell-live.html#gates\"")),
        "{story}"
    );

    // Back again: an id is no alias of itself.
    let run = desk.run(&["rename", "gates", GATES]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(desk.read(GATES_FILE).contains("aliases = [\"gates\"]"));
    assert_eq!(desk.read(&format!(".archive/base/quell-live/{GATES}.md")), base);
    let run = desk.run(&["rename", RAIN, GATES]);
    assert_eq!(run.code, 2, "{run:?}");
    let run = desk.run(&["rename", "nobody", "somebody"]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn a_story_that_grows_and_shrinks_keeps_its_addresses() {
    let desk = built();
    let site = desk.read("site.toml");
    desk.write("site.toml", format!("{site}\nlong_list = 1\n"));
    build(&desk);
    assert_kept(&desk);
    let story = desk.read("public/stories/quell-live.html");
    let to = format!("<li id=\"{GATES}\"><a href=\"quell-live/2031-04-02.html#{GATES}\"");
    assert!(story.contains(&to), "{story}");
    let day = "<li id=\"day-2031-04-02\"><a href=\"quell-live/2031-04-02.html\"";
    assert!(story.contains(day), "{story}");
    let grown = desk.read(".archive/published/stories.txt");
    assert!(grown.contains(&format!("stories/quell-live/2031-04-02.html#{GATES}\n")), "{grown}");

    // What was taken out of a title is not there either.
    edit(&desk, GATES_FILE, "title = \"Gates opened\"", "title = \"Gates {{redacted: a name}}\"");
    build(&desk);
    let story = desk.read("public/stories/quell-live.html");
    assert!(story.contains(&to) && !story.contains("{{redacted"), "{story}");

    // Of another day, in a long story: the anchor stays on the page of the old one.
    edit(&desk, GATES_FILE, "date = 2031-04-02T05:40:00+01:00", "date = 2031-04-03");
    build(&desk);
    let run = desk.run(&["check"]);
    assert!(!run.err.contains("was published"), "{run:?}");
    let gone = desk.read("public/stories/quell-live/2031-04-02.html");
    assert!(gone.contains("href=\"../quell-live.html\""), "{gone}");
    let gone = desk.read("public/dates/2031-04-02.html");
    assert!(gone.contains("href=\"2031-04.html\"") && gone.contains("noindex"), "{gone}");

    desk.write("site.toml", site);
    build(&desk);
    let run = desk.run(&["check"]);
    assert!(!run.err.contains("was published"), "{run:?}");
    assert!(desk.root().join("public/stories/quell-live/2031-04-02.html").exists());
    let before = desk.files("");
    build(&desk);
    assert_same(&desk.files(""), &before, "built again");
}

#[test]
fn an_address_is_given_up_only_with_a_reason() {
    let desk = built();
    desk.write("static/map.png", "a map");
    build(&desk);
    desk.remove("static/map.png");
    desk.remove(GATES_FILE);
    let page = format!("entries/{GATES}.html");
    let anchor = format!("stories/quell-live.html#{GATES}");
    let day = "stories/quell-live.html#day-2031-04-02";
    assert_lost(&desk, &[&page, "map.png"]);
    let story = desk.read("public/stories/quell-live.html");
    assert!(story.contains("<li id=\"day-2031-04-02\">"), "{day}: {story}");

    let run = desk.run(&["forget", "index.html", "--because", "no reason"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("still published"), "{run:?}");
    let run = desk.run(&["forget", &page, "--because", " "]);
    assert_eq!(run.code, 2, "{run:?}");
    for address in ["map.png", &page] {
        let run = desk.run(&["forget", address, "--because", "It was a copy."]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    build(&desk);
    assert_kept(&desk);
    let given_up = desk.read(".archive/given-up.txt");
    assert_eq!(given_up.lines().count(), 3, "{given_up}");
    assert!(given_up.contains(&format!("\t{anchor}\tIt was a copy.\n")), "{given_up}");
    assert!(given_up.contains(&format!("\t{page}\tIt was a copy.\n")), "{given_up}");
    let run = desk.run(&["forget", &page, "--because", "twice"]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn the_anchor_of_a_note_is_a_promise() {
    let desk = built();
    let text = desk.read(GATES_FILE);
    desk.write(GATES_FILE, text.replace("at dawn.", "at dawn.[^1]") + "\n[^1]: So the inquiry.\n");
    build(&desk);
    assert_kept(&desk);
    let note = format!("entries/{GATES}.html#{GATES}-note-1");
    assert!(desk.read(".archive/published/entries.txt").contains(&format!("{note}\n")));
    desk.write(GATES_FILE, text);
    assert_lost(&desk, &[&note]);
    let run = desk.run(&["forget", &note, "--because", "The note was wrong."]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_kept(&desk);
}
