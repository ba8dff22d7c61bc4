//! The table of the entries: out into a spreadsheet and back, with real files.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use archive::content::{parse_entry, print_entry};
use archive::entry::{Entry, Slug};
use common::{Desk, assert_same, bytes};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";

/// The exported table, by its path beside the archive.
fn export(desk: &Desk) -> (String, String) {
    let file = desk.around().join("entries.csv").display().to_string();
    let run = desk.run(&["table", "export", &file]);
    assert_eq!(run.code, 0, "{run:?}");
    let table = std::fs::read_to_string(&file).unwrap();
    (file, table)
}

#[test]
fn a_table_that_nobody_edited_changes_no_byte() {
    let desk = Desk::imported();
    // As an editor on Windows leaves it, with remarks of its own.
    let gates = desk.read(GATES).replace("order = 2", "order = 2   # of two").replace('\n', "\r\n");
    desk.write(GATES, format!("\u{feff}{gates}"));
    let before = desk.files(".");
    let (file, table) = export(&desk);
    assert!(table.starts_with("\u{feff}id,story,file,title,"), "{table}");
    for table in [table.clone(), table.replace('\n', "\r\n")] {
        std::fs::write(&file, table).unwrap();
        let run = desk.run(&["table", "import", &file, "--write"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
        assert_eq!(run.out, "nothing to change in 2 entries\n");
    }
    assert_same(&desk.files("."), &before, "a table without an edit");
}

#[test]
fn a_table_of_three_hundred_hard_entries_changes_no_byte() {
    let desk = Desk::imported();
    let like = parse_entry(GATES, Slug::parse("quell-live").unwrap(), &desk.read(GATES)).0.unwrap();
    let mut runner = TestRunner::deterministic();
    let hard = r#"['=+@\-\t;\\," \r\n|#a1é]{0,9}"#;
    let mut text = || hard.new_tree(&mut runner).unwrap().current();
    for number in 0..300 {
        let entry = Entry {
            id: like.id.numbered(number + 10),
            title: format!("{}x{}", text(), text()),
            tags: vec![text(), text()],
            authors: vec![text()],
            warnings: vec![format!("{}w", text())],
            date_because: text(),
            ..like.clone()
        };
        desk.write(&format!("content/quell-live/undated/{number}.md"), print_entry(&entry));
    }
    let before = desk.files(".");
    let (file, _) = export(&desk);
    let run = desk.run(&["table", "import", &file, "--write"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    assert_eq!(run.out, "nothing to change in 302 entries\n");
    assert_same(&desk.files("."), &before, "a table without an edit");
}

#[test]
fn an_edit_is_shown_first_and_then_written_and_nothing_else() {
    let desk = Desk::imported();
    let (file, table) = export(&desk);
    let edited = table
        .replace("Gates opened", "Dam gates opened")
        .replace("2031-04-01T21:15:00+01:00,stated,", "2031-04~,stated,A reader's letter");
    assert_ne!(edited, table);
    std::fs::write(&file, edited).unwrap();
    let before = desk.files(".");
    let run = desk.run(&["table", "import", &file, "--diff"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    assert_same(&desk.files("."), &before, "a dry run");
    let shown = format!(
        "{RAIN}\n  date: \"2031-04-01T21:15:00+01:00\" -> \"2031-04~\"\n  date_because: nothing -> \"A reader's letter\"\n  date_basis: \"stated\" -> \"curator\"\n{GATES}\n  title: \"Gates opened\" -> \"Dam gates opened\"\n"
    );
    assert!(run.out.starts_with(&shown), "{}", run.out);
    assert!(
        run.out.contains("\n-title = \"Gates opened\"\n+title = \"Dam gates opened\"\n"),
        "{}",
        run.out
    );
    assert!(
        run.out.ends_with("would change 4 cells of 2 entries\nnothing was written: this was a dry run; to do it, add --write\n"),
        "{}",
        run.out
    );
    let run = desk.run(&["table", "import", &file, "--write"]);
    assert_eq!(run.code, 0, "{run:?}");
    let now = bytes(&desk.root());
    let differ: Vec<&str> = before
        .iter()
        .filter(|(name, (bytes, _))| now.get(*name) != Some(bytes))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(differ, [RAIN, GATES]);
    let old = String::from_utf8(before[RAIN].0.clone()).unwrap();
    let expected = old
        .replace("date = 2031-04-01T21:15:00+01:00\n", "date = \"2031-04~\"\n")
        .replace("date_basis = \"stated\"\n", "date_basis = \"curator\"\n")
        .replace("\n\n[source]", "\ndate_because = \"A reader's letter\"\n\n[source]");
    assert_eq!(desk.read(RAIN), expected);
    // Once more, it is done already.
    let run = desk.run(&["table", "import", &file, "--write"]);
    assert_eq!((run.code, run.out.as_str()), (0, "nothing to change in 2 entries\n"), "{run:?}");
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn with_an_error_nothing_is_written_and_a_conflict_leaves_the_archive() {
    let desk = Desk::imported();
    let (file, table) = export(&desk);
    let titled = table.replace("Gates opened", "Dam gates opened");
    let bad = titled.replace("2031-04-01T21:15:00+01:00,", "last week,");
    std::fs::write(&file, &bad).unwrap();
    let before = desk.files(".");
    let run = desk.run(&["table", "import", &file, "--write"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains("entries.csv:2: `date`: the date `last week`, expected"),
        "{}",
        run.err
    );
    assert!(run.err.ends_with("nothing was written: 1 error\n"), "{}", run.err);
    assert_same(&desk.files("."), &before, "a table with an error");

    desk.write(GATES, desk.read(GATES).replace("Gates opened", "The gates are open"));
    std::fs::write(&file, titled.replace("Rain goes on", "Rain: day nine")).unwrap();
    let run = desk.run(&["table", "import", &file, "--write"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains("`title` of `2031-04-02-0540-gates-opened` has changed since the export: \"The gates are open\" in the archive, \"Dam gates opened\" in the table"),
        "{}",
        run.err
    );
    assert!(desk.read(GATES).contains("title = \"The gates are open\""));
    assert!(desk.read(RAIN).contains("title = \"Rain: day nine\""), "{run:?} {}", desk.read(RAIN));
}

#[test]
fn no_file_is_written_over_and_standard_output_is_plain() {
    let desk = Desk::imported();
    let (file, table) = export(&desk);
    let run = desk.run(&["table", "export", &file]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("is there already"), "{}", run.err);
    let run = desk.run(&["table", "export"]);
    assert_eq!(run.out, table.trim_start_matches('\u{feff}'));
}

#[test]
fn the_guide_has_every_column() {
    let guide = include_str!("../docs/table.md");
    for column in archive::table::COLUMNS {
        let edit = if column.editable { "yes" } else { "no" };
        let row = guide.lines().find(|line| line.starts_with(&format!("| `{}` |", column.name)));
        let row = row.unwrap_or_else(|| panic!("docs/table.md has no row for {}", column.name));
        assert!(row.ends_with(&format!("| {edit} |")), "{row}");
    }
}
