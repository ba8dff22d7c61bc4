//! `archive format`: from an unknown dump to a format that is tested.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, LIVE, assert_same};

const POST: &str = "Quell Post\n\nThe flood, hour by hour\n\n14.20 | Road to the dam is closed\n\nThe road has been closed since noon.\n\nShare this\n\n13.55 | Buses for the lower town\n\nTwelve buses are waiting at 13.30 sharp.\n\nShare this\n\n13.10 | Dam gates opened\n\nThe gates were opened.\n\nShare this\n\nAbout us\n";

fn desk() -> Desk {
    let desk = Desk::new();
    std::fs::write(desk.around().join("post.txt"), POST).unwrap();
    desk
}

#[test]
fn a_proposal_reads_its_dump() {
    let desk = desk();
    let run = desk.run(&["format", "new", "quell-post", "../post.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("wrote formats/quell-post.toml: it finds 3 entries in post.txt, and leaves 0 lines unread\n"), "{run:?}");
    assert!(
        run.out.contains("next: read formats/quell-post.toml, then archive explain ../post.txt"),
        "{run:?}"
    );
    let file = desk.read("formats/quell-post.toml");
    assert!(file.contains("# name = \"share this\"\n# pattern = '^Share this$'"), "{file}");
    let run = desk.run(&[
        "read",
        "--json",
        "--format",
        "quell-post",
        "../post.txt",
        "--date",
        "2031-04-02",
        "--zone",
        "+01:00",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let object: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let entries = object["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    assert_eq!(entries[1]["title"], "Buses for the lower town");
    assert_eq!(entries[1]["date"], "2031-04-02T13:55:00+01:00");
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let desk = desk();
    assert_eq!(desk.run(&["format", "new", "quell-post", "../post.txt"]).code, 0);
    let before = desk.files(".");
    let run = desk.run(&["format", "new", "quell-post", "../post.txt", "--with-example"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("formats/quell-post.toml is there already"), "{run:?}");
    // Printing writes nothing, and needs no archive.
    let run = desk.run(&["format", "new", "-", "../post.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("name = \"post\""), "{run:?}");
    let outside = common::run_in(desk.around(), &["format", "new", "-", "post.txt"]);
    assert_eq!(outside.out, run.out);
    for (name, dump, code) in
        [("Quell Post", "../post.txt", 2), ("x", "../nowhere.txt", 2), ("../x", "../post.txt", 2)]
    {
        assert_eq!(desk.run(&["format", "new", name, dump]).code, code);
    }
    std::fs::write(desk.around().join("picture"), b"\x89PNG\r\n\x1a\n").unwrap();
    let run = desk.run(&["format", "new", "x", "../picture"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("a PNG picture"), "{run:?}");
    assert_same(&desk.files("."), &before, "the archive");
}

#[test]
fn examples_are_written_tested_and_a_difference_is_told() {
    let desk = desk();
    let run = desk.run(&["format", "new", "quell-post", "../post.txt", "--with-example"]);
    assert!(run.out.contains("wrote formats/quell-post/post.txt\n"), "{run:?}");
    assert_eq!(desk.read("formats/quell-post/post.txt"), POST);
    // Nothing is expected yet.
    let run = desk.run(&["format", "test"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.out.starts_with("formats/quell-post/post.txt: nothing is expected of it yet\n"),
        "{run:?}"
    );
    desk.write("formats/quell-post/post.toml", "date = 2031-04-02\nzone = \"+01:00\"\n");
    let run = desk.run(&["format", "test", "quell-post", "--update"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("wrote formats/quell-post/post.json: read it"), "{run:?}");
    let expected = desk.read("formats/quell-post/post.json");
    assert!(expected.contains("2031-04-02T13:55:00+01:00"), "{expected}");
    let run = desk.run(&["format", "test"]);
    assert_eq!((run.code, run.out.as_str()), (0, "1 format: 1 example as expected\n"), "{run:?}");
    // A title is cut differently now.
    let file = "formats/quell-post.toml";
    let text = desk.read(file);
    let other = text.replace("(?<title>.+)$", "(?<title>.+?)(?: for the lower town)?$");
    assert_ne!(text, other);
    desk.write(file, &other);
    let run = desk.run(&["format", "test"]);
    assert_eq!(run.code, 1, "{run:?}");
    for words in [
        "formats/quell-post/post.txt: entry 2 (`Buses`, line 11), title:",
        "expected \"Buses for the lower town\"",
        "found    \"Buses\"",
        "0 examples as expected, 1 not",
    ] {
        assert!(run.out.contains(words), "no {words} in {run:#?}");
    }
    assert_eq!(desk.read("formats/quell-post/post.json"), expected);
    let run = desk.run(&["format", "test", "--update"]);
    assert!(run.code == 0 && run.out.contains("title:"), "{run:?}");
    assert!(desk.read("formats/quell-post/post.json").contains("\"Buses\""));
    // It fits no more at all.
    desk.write(file, other.replace("14.20", "x").replace("pattern = '^", "pattern = '^nothing"));
    let run = desk.run(&["format", "test"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("it is read by the format `generic` now"), "{run:?}");
}

#[test]
fn what_stands_beside_a_format_is_no_format() {
    let desk = desk();
    desk.run(&["format", "new", "quell-post", "../post.txt", "--with-example"]);
    desk.write("formats/quell-post/post.toml", "dte = \"2031-04-02\"\n");
    desk.write("formats/quell-post/gone.json", "[]");
    assert_eq!(desk.run(&["read", "../post.txt"]).err, "");
    let run = desk.run(&["format", "test"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains("error: formats/quell-post/post.toml:1: `dte`: expected date, zone"),
        "{run:?}"
    );
    assert!(
        run.err.contains("warning: formats/quell-post/gone.json: no dump of this name"),
        "{run:?}"
    );
}

#[test]
fn a_format_without_an_example_and_one_that_is_none_are_told() {
    let desk = desk();
    let run = desk.run(&["format", "test"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("there is no format in formats/ yet"), "{run:?}");
    desk.run(&["format", "new", "quell-post", "../post.txt"]);
    let run = desk.run(&["format", "test"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.err.contains("warning: formats/quell-post.toml: no example in formats/quell-post/"),
        "{run:?}"
    );
    let run = desk.run(&["format", "test", "quell-pst"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("did you mean quell-post?"), "{run:?}");
    desk.write("formats/quell-post.toml", "nme = 1\n");
    assert_eq!(desk.run(&["format", "test"]).code, 1);
}

#[test]
fn a_dump_that_a_built_in_format_knows_can_be_proposed_for_too() {
    let desk = Desk::new();
    std::fs::write(desk.around().join("live.txt"), LIVE).unwrap();
    let run = desk.run(&["format", "new", "mine", "../live.txt"]);
    assert!(run.out.contains("it finds 2 entries in live.txt"), "{run:?}");
    let run = desk.run(&["read", "../live.txt", "--format", "mine"]);
    assert!(
        run.out.contains("Wednesday 2 April 2031 05:40") && run.out.contains("Rain goes on"),
        "{run:?}"
    );
    let run = desk.run(&["format", "new", "itv-topic", "../live.txt"]);
    assert!(run.err.contains("takes the place of the format itv-topic"), "{run:?}");
}
