//! A story as a book. epubcheck reads books of the same archives in `.ci/data`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::collections::BTreeMap;
use std::io::Read;

use common::Desk;

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";
const GATES_ID: &str = "2031-04-02-0540-gates-opened";
const RAIN_ID: &str = "2031-04-01-2115-rain-goes-on";

/// The files of a book by their names, in their order.
fn files(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().to_string(), bytes)
        })
        .collect()
}

/// Exports the story, and returns the texts of the book by their names.
fn exported(desk: &Desk) -> BTreeMap<String, String> {
    let run = desk.run(&["export", "epub", "quell-live", "--output", "../quell.epub"]);
    assert_eq!(run.code, 0, "{run:?}");
    let book = std::fs::read(desk.around().join("quell.epub")).unwrap();
    let files = files(&book).into_iter();
    files
        .map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned()))
        .map(|(name, text)| (name.trim_start_matches("EPUB/").to_string(), text))
        .collect()
}

#[test]
fn a_story_becomes_a_book_with_a_chapter_a_day() {
    let desk = Desk::imported();
    desk.write("site.toml", "title = \"Quell\"\ncurator = \"A. Okoro\"\nlanguage = \"en-GB\"\nbase_url = \"https://quell.example/\"\nrights = \"Ask\"\n");
    let gates = desk.read(GATES).replace("tags = []", "tags = [\"Dam\"]\nkey_event = true").replace(
        "at dawn.",
        &format!("at dawn, see [the rain](entries/{RAIN_ID}.html) and [all](stories/index.html).\n\n> [!NOTE]\n> \"Quell dam\": a weir.\n"),
    );
    desk.write(GATES, gates);
    let book = exported(&desk);
    let day = &book["day-2031-04-02.xhtml"];
    assert!(day.contains(&format!("<section class=\"post key\" id=\"e-{GATES_ID}\">")), "{day}");
    assert!(day.contains(
        "<h2 class=\"title\" lang=\"en-GB\" xml:lang=\"en-GB\" dir=\"auto\">Gates opened</h2>"
    ));
    // Links lead to the entry in the book, and from the book to the site.
    assert!(
        day.contains(&format!("<a href=\"day-2031-04-01.xhtml#e-{RAIN_ID}\">the rain</a>")),
        "{day}"
    );
    assert!(day.contains("<a href=\"https://quell.example/stories/index.html\">all</a>"), "{day}");
    assert!(day.contains("<p class=\"label\">Note</p>"), "{day}");
    let contents = &book["contents.xhtml"];
    assert!(
        contents.contains(&format!(
            "<a href=\"day-2031-04-02.xhtml#e-{GATES_ID}\" dir=\"auto\">Gates opened</a>"
        )),
        "the key event: {contents}"
    );
    assert!(!contents.contains("Rain goes on"), "no key event: {contents}");
    let title = &book["title.xhtml"];
    for words in [
        "Quell live",
        "1 to 2 April 2031",
        "2 entries",
        "Published by BBC",
        "The dam at Quell has opened its gates",
        "Kept by A. Okoro.",
    ] {
        assert!(title.contains(words), "{words}: {title}");
    }
    let papers = &book["papers-2031-04-02.xhtml"];
    for words in [
        "quell-live.txt",
        "5 to 9",
        "05:40 British Summer Time 2 April 2031",
        "Cite this entry",
        GATES_ID,
    ] {
        assert!(papers.contains(words), "{words}: {papers}");
    }
    assert!(book["about.xhtml"].contains("https://quell.example/stories/quell-live.html"));
    let package = &book["package.opf"];
    assert!(package.contains("<dc:language>en-GB</dc:language>") && package.contains("<spine>"));
    assert!(!book.contains_key("covered.xhtml"));
    // Nothing is fetched: links may lead away, nothing else.
    for (name, text) in &book {
        assert!(!text.contains("src=\"http") && !text.contains("<script"), "{name}");
    }
}

#[test]
fn the_container_is_one_that_is_known_by_its_first_bytes_and_always_the_same() {
    let desk = Desk::imported();
    exported(&desk);
    let first = std::fs::read(desk.around().join("quell.epub")).unwrap();
    assert_eq!(&first[30..58], b"mimetypeapplication/epub+zip", "stored, first, nothing beside it");
    let names: Vec<String> = files(&first).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names[..3], ["mimetype", "META-INF/container.xml", "EPUB/package.opf"]);
    // It replaces its own book, which is the same.
    exported(&desk);
    assert_eq!(std::fs::read(desk.around().join("quell.epub")).unwrap(), first);
    // Another edition is the same book.
    desk.write(GATES, desk.read(GATES).replace("Gates opened", "Dam gates opened"));
    let package = |book: &[u8]| {
        let files = files(book).into_iter();
        files
            .filter(|(name, _)| name == "EPUB/package.opf")
            .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
            .next()
            .unwrap()
    };
    exported(&desk);
    let second = std::fs::read(desk.around().join("quell.epub")).unwrap();
    assert_ne!(second, first);
    assert_eq!(package(&second), package(&first));
}

#[test]
fn what_is_hidden_stays_so_in_a_book() {
    let desk = Desk::imported();
    desk.write(
        RAIN,
        desk.read(RAIN)
            .replace("nine days", "{{redacted: a number}}")
            .replace("\n\n[source]", "\nwarnings = [\"death\"]\n\n[source]"),
    );
    desk.write(
        GATES,
        desk.read(GATES).replace(
            "\n\n[source]",
            "\n\n[withdrawn]\ndate = 2031-04-09\nbecause = \"Asked for\"\n\n[source]",
        ),
    );
    let book = exported(&desk);
    for (name, text) in &book {
        for words in ["nine days", "Gates opened", "opened at dawn", "Water filled"] {
            assert!(!text.contains(words), "{name}: {words}");
        }
    }
    let day = &book["day-2031-04-01.xhtml"];
    assert!(
        day.contains("<b>Content warning: death.</b>") && !day.contains("It has rained"),
        "{day}"
    );
    let covered = &book["covered.xhtml"];
    assert!(covered.contains("It has rained for <span class=\"redacted\" data-voice=\"curator\">[redacted: a number]</span>"), "{covered}");
    assert!(covered.contains(&format!("href=\"day-2031-04-01.xhtml#e-{RAIN_ID}\"")));
}

#[test]
fn pictures_that_are_held_go_into_the_book() {
    let desk = Desk::imported();
    let png = b"\x89PNG\r\n\x1a\nwhat follows".to_vec();
    desk.write("static/images/a boat.png", &png);
    desk.write("static/images/plan.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    desk.write(GATES, desk.read(GATES).replace("at dawn.", "at dawn.\n\n![A boat](images/a%20boat.png) ![A plan](images/plan.svg) ![Far](https://far.example/x.png)"));
    let run = desk.run(&["export", "epub", "quell-live", "--output", "../quell.epub", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&told["pictures"], &told["chapters"]), (&1.into(), &2.into()));
    assert!(run.err.contains("images/plan.svg: this picture is not in the book"), "{run:?}");
    let files: BTreeMap<_, _> =
        files(&std::fs::read(desk.around().join("quell.epub")).unwrap()).into_iter().collect();
    assert_eq!(files["EPUB/media/1.png"], png);
    let day = String::from_utf8_lossy(&files["EPUB/day-2031-04-02.xhtml"]).into_owned();
    assert!(day.contains("<img src=\"media/1.png\" alt=\"A boat\"/>"), "{day}");
    assert!(day.contains("<b>Picture, not in this book:</b> A plan"), "{day}");
    assert!(day.contains("<a href=\"https://far.example/x.png\">Far</a>"), "{day}");
}

#[test]
fn a_book_of_arabic_goes_from_right_to_left() {
    let desk = Desk::new();
    desk.write("content/quell-live/a.md", "+++\nid = \"a\"\ntitle = \"فتح بوابات السد\"\ndate = 2031-04-02\norder = 1\n+++\n\nعند الفجر في Quell.\n");
    desk.write("site.toml", "title = \"Quell\"\nlanguage = \"ar\"\n");
    let book = exported(&desk);
    assert!(book["package.opf"].contains("<spine page-progression-direction=\"rtl\">"));
    assert!(
        book["day-2031-04-02.xhtml"]
            .contains("lang=\"ar\" xml:lang=\"ar\" dir=\"auto\">فتح بوابات السد</h2>")
    );
}

#[test]
fn a_file_that_is_no_book_of_the_story_is_left_alone() {
    let desk = Desk::imported();
    let place = desk.root().join("quell-live.epub");
    std::fs::write(&place, "mine").unwrap();
    let run = desk.run(&["export", "epub", "quell-live"]);
    assert!(run.code == 2 && run.err.contains("is no book of this story"), "{run:?}");
    assert_eq!(std::fs::read(&place).unwrap(), b"mine");
    assert_eq!(desk.run(&["export", "epub", "quell-live", "--force"]).code, 0);
    assert!(std::fs::read(&place).unwrap().starts_with(b"PK"));
    // Another story's book is no less foreign.
    desk.write("content/other/a.md", "+++\nid = \"a\"\ntitle = \"A\"\norder = 1\n+++\n\nWords.\n");
    let run = desk.run(&["export", "epub", "other", "--output", "quell-live.epub"]);
    assert!(run.code == 2 && run.err.contains("is no book of this story"), "{run:?}");
    for place in ["content/x.epub", "content"] {
        let run = desk.run(&["export", "epub", "other", "--output", place]);
        assert_eq!(run.code, 2, "{place}: {run:?}");
    }
    let run = desk.run(&["export", "epub", "quel-live"]);
    assert!(run.code == 2 && run.err.contains("did you mean `quell-live`?"), "{run:?}");
    desk.write(GATES, desk.read(GATES).replace("title = ", "tilte = "));
    let before = std::fs::read(&place).unwrap();
    let run = desk.run(&["export", "epub", "quell-live"]);
    assert!(run.code == 1 && run.err.contains("no book was made"), "{run:?}");
    assert_eq!(std::fs::read(&place).unwrap(), before);
}
