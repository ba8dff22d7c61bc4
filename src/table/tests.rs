use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::content::{parse_entry, print_entry};
use crate::entry::{Provenance, TitleBasis};

const FILE: &str = "content/quell/gates.md";

/// Front matter as a person leaves it: remarks, an order of its own, a list over several lines.
const TEXT: &str = r#"+++
# The first post.
id = "gates"
title_basis = "made" # from its first words
title = "The gates of the dam"
tags = [
  "Quell dam", # the dam
  "rain",
]
order = 2 # of nine
# Stated by the page.
date = 2031-04-02 # a Wednesday
date_basis = "stated"

[source]
dump = "quell-live.txt"
lines = [5, 9]
sha256 = "00"

[extra]
mine = 1
+++

The gates opened.
"#;

fn story() -> Slug {
    Slug::parse("quell").unwrap()
}

fn entry(text: &str) -> Entry {
    let (entry, problems) = parse_entry(FILE, story(), text);
    assert_eq!(problems, Vec::new());
    entry.unwrap()
}

fn exported(entries: &[&Entry]) -> String {
    let site = Site::default();
    let mut bytes = Vec::new();
    Rows::new(&site, &[]).write(&mut bytes, entries.iter().copied()).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// What becomes of a file when a table is imported, and what is said.
fn imported(table: impl Into<Vec<u8>>, text: &str) -> (String, Vec<String>) {
    let (site, entry) = (Site::default(), entry(text));
    let rows = Rows::new(&site, &[]);
    let (sheet, mut problems) = read("t.csv", table.into());
    let (plan, found) = plan("t.csv", &sheet, std::slice::from_ref(&entry), &rows);
    problems.extend(found);
    let mut text = text.to_string();
    let edits = if crate::diagnostic::any_error(&problems) { &[] } else { &plan.edits[..] };
    for edit in edits {
        let bytes = apply(text.as_bytes(), &entry, edit, &rows).expect("it can be edited");
        text = String::from_utf8(bytes).unwrap();
    }
    (text, problems.iter().map(ToString::to_string).collect())
}

/// Replaces a cell of the only row.
fn with(table: &str, cells: &[(&str, &str)]) -> String {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let names = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&names).unwrap();
    let cell =
        |(name, cell)| cells.iter().find(|(key, _)| *key == name).map_or(cell, |(_, new)| *new);
    writer.write_record(names.iter().zip(row.iter()).map(cell)).unwrap();
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// The lines that one text has and the other has not.
fn changed(before: &str, after: &str) -> Vec<String> {
    let diff = crate::diff::unified(before, after);
    diff.lines().filter(|line| line.starts_with(['+', '-'])).map(str::to_string).collect()
}

#[test]
fn every_cell_can_be_changed_and_only_its_lines_change() {
    let table = exported(&[&entry(TEXT)]);
    for (cells, lines) in [
        (
            &[("title", "Gates \"opened\"")][..],
            &[
                "-title_basis = \"made\" # from its first words",
                "-title = \"The gates of the dam\"",
                "+# from its first words",
                "+title = 'Gates \"opened\"'",
            ][..],
        ),
        (
            &[("date", "2031-04~")],
            &[
                "-date = 2031-04-02 # a Wednesday",
                "-date_basis = \"stated\"",
                "+date = \"2031-04~\" # a Wednesday",
                "+date_basis = \"curator\"",
            ],
        ),
        (
            &[("date", "2031-04-03T05:40:00+01:00"), ("date_basis", "inferred")],
            &[
                "-date = 2031-04-02 # a Wednesday",
                "-date_basis = \"stated\"",
                "+date = 2031-04-03T05:40:00+01:00 # a Wednesday",
                "+date_basis = \"inferred\"",
            ],
        ),
        (
            &[("date", "")],
            &["-date = 2031-04-02 # a Wednesday", "-date_basis = \"stated\"", "+# a Wednesday"],
        ),
        (&[("tags", "Quell dam; rain; roofs")], &["+  \"roofs\","]),
        (&[("tags", "rain")], &["-tags = [", "-  \"Quell dam\", # the dam", "+tags = [ # the dam"]),
        (&[("order", "7")], &["-order = 2 # of nine", "+order = 7 # of nine"]),
        (&[("key_event", "yes")], &["+key_event = true"]),
        (&[("key_event", "TRUE")], &["+key_event = true"]),
        (&[("clock", "5:40")], &["+clock = \"05:40\""]),
        (&[("date_because", "A letter")], &["+date_because = \"A letter\""]),
        (&[("authors", "A. Okoro; B")], &["+authors = [\"A. Okoro\", \"B\"]"]),
        (&[("warnings", "death")], &["+warnings = [\"death\"]"]),
    ] {
        let (after, problems) = imported(with(&table, cells), TEXT);
        assert_eq!(problems, Vec::<String>::new(), "{cells:?}");
        assert_eq!(changed(TEXT, &after), lines, "{cells:?}\n{after}");
    }
}

#[test]
fn a_new_key_stands_where_the_program_writes_it() {
    let table = exported(&[&entry(TEXT)]);
    let (after, _) = imported(with(&table, &[("clock", "05:40"), ("warnings", "death")]), TEXT);
    assert!(
        after.contains(
            "date_basis = \"stated\"\nclock = \"05:40\"\nwarnings = [\"death\"]\n\n[source]"
        ),
        "{after}"
    );
}

#[test]
fn what_a_spreadsheet_does_to_a_table_is_no_edit() {
    let table = exported(&[&entry(TEXT)]);
    let semicolons = {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .quote_style(csv::QuoteStyle::Always)
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for row in reader.records() {
            writer.write_record(&row.unwrap()).unwrap();
        }
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    };
    let utf16 = |text: &str| {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    for table in [
        format!("\u{feff}{table}").into_bytes(),
        table.replace('\n', "\r\n").into_bytes(),
        semicolons.clone().into_bytes(),
        format!("sep=;\r\n{semicolons}").into_bytes(),
        utf16(&table.replace(',', "\t")),
        with(&table, &[("date", "02/04/2031"), ("key_event", "FALSE")]).into_bytes(),
        with(&table, &[("date", "4/2/31"), ("tags", "Quell dam;rain ;")]).into_bytes(),
        format!("{table}{}\n", ",".repeat(18)).into_bytes(),
    ] {
        let (after, problems) = imported(table.clone(), TEXT);
        let table = String::from_utf8_lossy(&table);
        assert_eq!((after.as_str(), problems), (TEXT, Vec::new()), "{table}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_with_its_row_and_column() {
    let table = exported(&[&entry(TEXT)]);
    let bad = with(
        &table,
        &[
            ("date", "soon"),
            ("order", "-1"),
            ("clock", "25:00"),
            ("title", " "),
            ("key_event", "x"),
            ("date_basis", "y"),
        ],
    );
    let row = table.lines().nth(1).unwrap();
    let bad = format!("{bad}{row}\n{}\n", row.replace("gates,", "gatse,"));
    let (after, problems) = imported(bad.replace("aliases", "alaises"), TEXT);
    assert_eq!(after, TEXT);
    let begins: Vec<&str> =
        problems.iter().map(|text| text.split(", expected").next().unwrap()).collect();
    assert_eq!(
        begins,
        [
            "warning: t.csv:1: unknown column `alaises`\n  hint: did you mean `aliases`?",
            "error: t.csv:2: `clock`: the time `25:00`",
            "error: t.csv:2: `date_basis`: `y`",
            "error: t.csv:2: `date`: the date `soon`",
            "error: t.csv:2: `key_event`: `x`",
            "error: t.csv:2: `order`: `-1`",
            "error: t.csv:2: `title`: the cell is empty",
            "error: t.csv:3: `id`: `gates` stands in row 2 too",
            "error: t.csv:4: `id`: no entry has the id `gatse`\n  hint: did you mean gates? If it was deleted, remove the row",
        ]
    );
    for (table, told) in [
        (&b"title,date\n"[..], "error: t.csv:1: no column `id`"),
        (b"id,title,title\n", "error: t.csv:1: a second column `title`"),
        (b"id,title\ngates,caf\xE9\n", "error: t.csv:2: the byte 0xE9, expected text in UTF-8"),
        (b"id,title\ngates,One,two\n", "error: t.csv:2: 3 cells, expected 2"),
        (b"id,title,state\ngates,A,zzz\n", "error: t.csv:2: `state`: `zzz`"),
        (b"id,date_basis,date\ngates,inferred,\n", "error: t.csv:2: `date_basis` without a `date`"),
        (
            b"id,story,title\ngates,other,The gates of the dam\n",
            "warning: t.csv:2: `story` is read only, and its cells are passed over: 1 differ",
        ),
    ] {
        let (_, problems) = imported(table, TEXT);
        assert!(problems.iter().any(|problem| problem.starts_with(told)), "{told}: {problems:?}");
    }
}

#[test]
fn a_change_of_both_sides_is_a_conflict_and_the_archive_stays() {
    let table = exported(&[&entry(TEXT)]);
    let later = TEXT.replace("The gates of the dam", "Dam gates").replace("order = 2", "order = 3");
    // Nothing was edited in the table: what changed in the archive is no edit.
    assert_eq!(imported(table.clone(), &later), (later.clone(), Vec::new()));
    let (after, problems) =
        imported(with(&table, &[("title", "Gates"), ("tags", "rain; Quell dam")]), &later);
    assert_eq!(
        changed(&later, &after).last().map(String::as_str),
        Some("+tags = [\"rain\", \"Quell dam\"]")
    );
    assert!(after.contains("\"Dam gates\""), "{after}");
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("warning: t.csv:2: `title` of `gates` has changed since the export: \"Dam gates\" in the archive, \"Gates\" in the table"),
        "{problems:?}"
    );
    // Both made the same change.
    let (after, problems) = imported(with(&table, &[("title", "Dam gates")]), &later);
    assert_eq!((after, problems), (later, Vec::new()));
    // A reason is not written to another date than the one it was given for.
    let later = TEXT.replace("date = 2031-04-02", "date = 2031-04-05");
    let (after, problems) = imported(with(&table, &[("date_because", "A letter")]), &later);
    assert_eq!((after.as_str(), problems.len()), (later.as_str(), 1), "{problems:?}");
}

#[test]
fn a_table_of_other_origin_needs_no_more_than_ids() {
    let (after, problems) = imported("id,tags\ngates,rain\n", TEXT);
    assert!(after.contains("\"rain\"") && !after.contains("\"Quell dam\""), "{after}");
    assert!(problems.len() == 1 && problems[0].contains("no `state`"), "{problems:?}");
}

/// Strings that are hard on tables, TOML and spreadsheets.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        r#"['=+@\-\t;\\," \r\n|#a]{1,6}"#,
        Just("2031-04-02".to_string()),
        Just("TRUE".to_string()),
        Just("0012".to_string()),
        Just("عربي – “x”".to_string()),
        ".{1,8}",
    ]
    .prop_filter("a title is not blank", |text| !text.trim().is_empty())
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let dates = prop_oneof![
        Just(String::new()),
        Just("2031-04-02".to_string()),
        Just("2031-04~".to_string()),
        Just("2031-04-02T05:40:00+01:00".to_string()),
    ];
    let lists = (
        proptest::collection::vec(nasty(), 0..4),
        proptest::collection::vec(nasty(), 0..3),
        proptest::collection::vec(nasty(), 0..2),
    );
    (
        nasty(),
        dates,
        lists,
        any::<(bool, bool)>(),
        prop_oneof![Just(String::new()), nasty()],
        0..9_u32,
    )
        .prop_map(
            |(title, date, (tags, authors, warnings), (made, key_event), date_because, order)| {
                let when =
                    if date.is_empty() { When::Unknown } else { When::parse(&date).unwrap() };
                Entry {
                    title,
                    title_basis: if made { TitleBasis::Made } else { TitleBasis::Stated },
                    date_basis: (!when.is_unknown()).then_some(DateBasis::Inferred),
                    when,
                    tags,
                    authors,
                    warnings,
                    key_event,
                    date_because,
                    order,
                    source: Some(Provenance {
                        dump: "a.txt".into(),
                        lines: (1, 2),
                        ..Provenance::default()
                    }),
                    ..entry(TEXT)
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_round_trip_without_an_edit_asks_for_nothing(entries in proptest::collection::vec(any_entry(), 1..4)) {
        let mut entries = entries;
        for (at, entry) in entries.iter_mut().enumerate() {
            entry.id = entry.id.numbered(at + 2);
            // As its file says it.
            let (again, problems) = parse_entry(FILE, story(), &print_entry(entry));
            prop_assert_eq!(problems, Vec::new());
            *entry = again.unwrap();
        }
        let site = Site::default();
        let rows = Rows::new(&site, &[]);
        let table = exported(&entries.iter().collect::<Vec<_>>());
        for table in [table.clone(), cells::plain_ends(&table).replace('\n', "\r\n")] {
            let (sheet, problems) = read("t.csv", table.into_bytes());
            prop_assert_eq!(problems, Vec::new());
            prop_assert_eq!(sheet.rows.len(), entries.len());
            let (plan, problems) = plan("t.csv", &sheet, &entries, &rows);
            prop_assert!(plan.edits.is_empty(), "{:?}", plan.edits);
            prop_assert_eq!(problems, Vec::new());
        }
    }

    #[test]
    fn what_one_row_says_can_be_said_of_another(before in any_entry(), after in any_entry()) {
        let (site, old) = (Site::default(), print_entry(&before));
        let rows = Rows::new(&site, &[]);
        let after = parse_entry(FILE, story(), &print_entry(&after)).0.unwrap();
        // The cells of one entry in the row of the other.
        let cells: Vec<(&str, String)> = COLUMNS
            .iter()
            .filter(|column| column.editable)
            .map(|column| (column.name, cells::guarded(&rows.cell(column, &after))))
            .collect();
        let cells: Vec<(&str, &str)> = cells.iter().map(|(name, cell)| (*name, cell.as_str())).collect();
        let before = entry(&old);
        let (text, problems) = imported(with(&exported(&[&before]), &cells), &old);
        prop_assert_eq!(problems, Vec::<String>::new());
        let text = entry(&text);
        for column in COLUMNS.iter().filter(|column| column.editable && column.name != "date_basis") {
            let (now, wanted) = (rows.cell(column, &text), rows.cell(column, &after));
            prop_assert_eq!(cells::plain_ends(&now), cells::plain_ends(&wanted), "{}", column.name);
        }
        prop_assert_eq!(&text.body, &before.body);
    }
}

#[test]
fn the_same_day_is_known_in_every_order() {
    let entry =
        Entry { when: When::Day(NaiveDate::from_ymd_opt(2031, 4, 2).unwrap()), ..entry(TEXT) };
    let text = print_entry(&entry);
    let table = exported(&[&entry]);
    for day in ["02.04.2031", "2/4/31", "04/02/2031", "2031/4/2", "2031-04-02"] {
        let (after, problems) = imported(with(&table, &[("date", day)]), &text);
        assert_eq!((after, problems), (text.clone(), Vec::new()), "{day}");
    }
    for day in ["03/05/2031", "02/04/2032", "2031/2/4"] {
        let (_, problems) = imported(with(&table, &[("date", day)]), &text);
        assert!(problems[0].contains("spreadsheets rewrite dates"), "{day}: {problems:?}");
    }
}
