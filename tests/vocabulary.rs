//! The vocabulary as a curator works on it: its pages, `archive tag rename|merge|split|export`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, LIVE, assert_same};

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";
const BASE: &str = ".archive/base/quell-live/2031-04-02-0540-gates-opened.md";

/// What Quell is about, with remarks of a person's.
const TAGS: &str = "# The subjects of Quell.\n\n[[tag]]\nname = \"Works\"\n\n[[tag]]\nname = \"Dams\"\nbroader = \"Works\"\n\n[[tag]]\nname = \"Quell dam\"  # the big one\nbroader = \"Dams\"\nrelated = [\"rain\"]\nlabels = { ar = \"سد كويل\", de = \"Quelldamm\" }\nmatches = [\"https://vocabulary.example/dam\", \"urn:example:dam\"]\n\n[[tag]]\nname = \"rain\"\nsynonyms = [\"rained\"]\n";

fn desk() -> Desk {
    let desk = Desk::imported();
    desk.write("tags.toml", TAGS);
    let run = desk.run(&["tag"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(desk.read(GATES).contains("tags = [\"Quell dam\"]"));
    assert!(desk.read(RAIN).contains("tags = [\"rain\"]"));
    desk
}

fn build(desk: &Desk) {
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
}

/// Imports the same dump again: nothing may be said to be a person's, nothing may come back.
fn nothing_new(desk: &Desk) {
    let before = desk.files("content");
    let run = desk.import("quell-live.txt", LIVE.as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    assert_same(&desk.files("content"), &before, "an import after the change");
    let run = desk.run(&["tag"]);
    assert!(run.out.contains("gave 0 tags"), "{run:?}");
}

#[test]
fn the_pages_show_the_tree_the_relatives_and_the_names_in_other_languages() {
    let desk = desk();
    build(&desk);
    let index = desk.read("public/tags/index.html");
    let tree = &index[index.find("id=\"tree\"").unwrap()..];
    let place = |name: &str| tree.find(&format!("{name}</a>")).unwrap();
    assert!(place("Works") < place("Dams") && place("Dams") < place("Quell dam"));
    assert!(!tree.contains("rain</a>"), "a tag without others above or below is no tree");
    assert_eq!(tree.matches("<ul>").count(), tree.matches("</ul>").count());
    assert_eq!(tree.matches("<li>").count(), tree.matches("</li>").count());
    let dam = desk.read("public/tags/quell-dam.html");
    for wanted in [
        "<a href=\"works.html\" dir=\"auto\">Works</a> › <a href=\"dams.html\"",
        "<i>See also</i> <a href=\"rain.html\"",
        "<span lang=\"ar\" dir=\"auto\">سد كويل</span>",
        "<span lang=\"de\" dir=\"auto\">Quelldamm</span>",
        "<a href=\"https://vocabulary.example/dam\" rel=\"external\">",
        "<code>urn:example:dam</code>",
    ] {
        assert!(dam.contains(wanted), "{wanted} in {dam}");
    }
    assert!(desk.read("public/tags/rain.html").contains("<a href=\"quell-dam.html\""));
}

#[test]
fn a_renamed_tag_keeps_its_links_and_the_next_import_tags_right() {
    let desk = desk();
    build(&desk);
    let before = desk.files("");
    let run = desk.run(&["tag", "rename", "Quell dam", "The great dam", "--dry-run"]);
    assert_eq!(run.code, 0, "{run:?}");
    for wanted in [
        "-name = \"Quell dam\"  # the big one",
        "+name = \"The great dam\"  # the big one",
        "-tags = [\"Quell dam\"]",
        "+tags = [\"The great dam\"]",
        "nothing was written: this was a dry run",
    ] {
        assert!(run.out.contains(wanted), "{wanted} in {run:?}");
    }
    assert_same(&desk.files(""), &before, "a dry run");
    let entry = desk.read(GATES);
    let run = desk.run(&["tag", "rename", "Quell dam", "The great dam"]);
    assert!(run.out.contains("`Quell dam` is now `The great dam` in 1 entry"), "{run:?}");
    assert_eq!(desk.read(GATES), entry.replace("Quell dam\"]", "The great dam\"]"));
    assert_eq!(desk.read(BASE), desk.read(GATES), "a rename is no person's change of the entry");
    assert!(desk.read("tags.toml").starts_with("# The subjects of Quell.\n"));
    build(&desk);
    let old = desk.read("public/tags/quell-dam.html");
    assert!(old.contains("the-great-dam.html") && old.contains("refresh"), "{old}");
    assert!(desk.read("public/tags/quell-dam.xml").contains("Gates opened"), "old feeds go on");
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
    nothing_new(&desk);
}

#[test]
fn merged_tags_are_one_also_where_an_entry_had_both() {
    let desk = desk();
    let two = desk.read(GATES).replace("[\"Quell dam\"]", "[\"Quell dam\", \"the barrage\"]");
    desk.write(GATES, two.replace('\n', "\r\n"));
    let run = desk.run(&["tag", "merge", "the barrage", "Quell dam", "Dams"]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = desk.read(GATES);
    assert!(text.contains("tags = [\"Dams\"]\r\n"), "{text}");
    let tags = desk.read("tags.toml");
    assert!(tags.contains("aliases = [\"the-barrage\", \"quell-dam\"]"), "{tags}");
    assert!(tags.contains("synonyms = [\"the barrage\", \"Quell dam\"]"), "{tags}");
    assert!(tags.contains("# of `Quell dam`: the big one"), "{tags}");
    build(&desk);
    assert!(desk.read("public/tags/the-barrage.html").contains("dams.html"));
    assert_eq!(desk.run(&["tag", "export"]).code, 0);
    assert!(desk.run(&["tag"]).out.contains("gave 0 tags"));
}

#[test]
fn the_page_of_a_tag_that_became_a_synonym_by_hand_leads_to_its_owner() {
    let desk = desk();
    build(&desk);
    assert!(desk.read("public/tags/rain.html").contains("Rain goes on"));
    let tags = TAGS.replace("related = [\"rain\"]\n", "");
    desk.write(
        "tags.toml",
        tags.replace("name = \"rain\"\nsynonyms", "name = \"weather\"\nsynonyms")
            .replace("[\"rained\"]", "[\"rained\", \"rain\"]"),
    );
    build(&desk);
    let old = desk.read("public/tags/rain.html");
    assert!(old.contains("refresh") && old.contains("url=weather.html"), "{old}");
    assert!(desk.read("public/tags/rain.xml").contains("Rain goes on"), "old feeds go on");
    // A synonym that never had a page gets none.
    assert!(!desk.root().join("public/tags/rained.html").exists());
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_tag_is_split_by_the_words_that_stand_in_each_entry() {
    let desk = desk();
    for file in [GATES, RAIN] {
        let text = desk.read(file);
        desk.write(file, text.replace("tags = [", "tags = [\"Quell\", "));
    }
    let split = ["tag", "split", "Quell", "Lower town", "Upper valley"];
    let before = desk.files("");
    let run = desk.run(&split);
    assert_eq!(run.code, 2, "\"lower town\" is not as it is spelled: {run:?}");
    assert!(run.err.contains("no word of Lower town or Upper valley stands"), "{run:?}");
    assert_same(&desk.files(""), &before, "what was refused");
    let new = "\n[[tag]]\nname = \"Lower town\"\nsynonyms = [\"lower town\"]\n";
    desk.write("tags.toml", desk.read("tags.toml") + new);
    let run = desk.run(&split);
    assert!(run.out.contains("`Quell` was split in 1 entry\n1 entry keeps it"), "{run:?}");
    assert!(run.out.contains(RAIN), "{run:?}");
    assert!(desk.read(GATES).contains("tags = [\"Lower town\", \"Quell dam\"]"));
    assert!(desk.read(RAIN).contains("tags = [\"Quell\", \"rain\"]"));
    let run = desk.run(&[&split[..], &["--all", "Upper valley"]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(desk.read(RAIN).contains("tags = [\"Upper valley\", \"rain\"]"));
    build(&desk);
    let page = desk.read("public/tags/quell.html");
    assert!(page.contains("lower-town.html") && page.contains("upper-valley.html"), "{page}");
    assert!(desk.run(&["tag"]).out.contains("gave 0 tags"), "the split tag does not come back");
}

#[test]
fn what_would_break_the_archive_is_not_written() {
    let desk = desk();
    let before = desk.files("");
    for (arguments, code, wanted) in [
        (&["tag", "rename", "Quell damm", "X"][..], 2, "did you mean `Quell dam`?"),
        (&["tag", "rename", "rained", "X"], 2, "is a synonym of `rain`"),
        (&["tag", "rename", "rain", "Works"], 2, "archive tag merge"),
        (&["tag", "rename", "rain", "works!"], 1, "would both be tags/works.html"),
        (&["tag", "merge", "rain", "rain"], 2, "is named twice"),
        (&["tag", "split", "rain", "rain", "storm"], 2, "cannot be one of the tags"),
        (&["tag", "split", "rain", "a", "b", "--all", "c"], 2, "expected one of a, b"),
    ] {
        let run = desk.run(arguments);
        assert_eq!(run.code, code, "{run:?}");
        assert!(run.err.contains(wanted), "{wanted} in {run:?}");
    }
    assert_same(&desk.files(""), &before, "what was refused");
}

#[test]
fn tags_outside_the_vocabulary_are_counted() {
    let desk = desk();
    for file in [GATES, RAIN] {
        let text = desk.read(file);
        desk.write(file, text.replace("tags = [", "tags = [\"flood\", "));
    }
    let run = desk.run(&["status"]);
    assert!(
        run.out.contains(&format!("{GATES}: `flood` is not in tags.toml: 2 entries")),
        "{run:?}"
    );
}

#[test]
fn the_vocabulary_is_exported_with_the_addresses_of_its_pages() {
    let desk = desk();
    let run = desk.run(&["tag", "export", "--format", "turtle"]);
    assert!(run.out.contains("\n<tags/quell-dam.html> a skos:Concept"), "{run:?}");
    let site = desk.read("site.toml");
    desk.write("site.toml", format!("base_url = \"https://archive.example/quell/\"\n{site}"));
    let run = desk.run(&["tag", "export"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    assert!(
        run.out.contains(
            "skos:broader <https://archive.example/quell/tags/dams.html> ;\n    skos:related <https://archive.example/quell/tags/rain.html>"
        ),
        "{run:?}"
    );
    desk.write("tags.toml", "[[tag]]\nname = \"a\"\nbroader = \"b\"\n");
    assert_eq!(desk.run(&["tag", "export"]).code, 1);
}
