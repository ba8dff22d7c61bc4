//! Forty layouts of real live blogs, each with what it must become: `../shared/layouts`.
//!
//! The layouts stand beside the repository. Where they are missing the test says that it skips; with
//! `CI=true` that is a failure.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test may panic, reads real files, and says that it skips"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use archive::entry::TitleBasis;
use archive::format::{Format, built_in};
use archive::import::{self, Dump, Told};

const LAYOUTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/layouts");

/// The formats, read once.
static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(built_in);

/// One layout: what is known of it, and the stamp and the title of each entry.
struct Layout {
    name: String,
    text: Vec<u8>,
    url: String,
    /// Whether nothing tells the day of any entry.
    no_day: bool,
    /// The numbers of entries that are right.
    counts: Vec<usize>,
    entries: Vec<(String, String)>,
}

/// The rows of a table, its head left out.
fn rows(file: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(Path::new(LAYOUTS).join(file)).unwrap();
    let row = |line: &str| line.split('\t').map(str::to_string).collect();
    text.lines().skip(1).filter(|line| !line.is_empty()).map(row).collect()
}

fn layouts() -> Option<Vec<Layout>> {
    if !PathBuf::from(LAYOUTS).is_dir() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{LAYOUTS} is missing");
        eprintln!("skipped: {LAYOUTS} is missing");
        return None;
    }
    let mut entries: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in rows("EXPECT.tsv") {
        let cell = |at: usize| row.get(at).cloned().unwrap_or_default();
        entries.entry(cell(0)).or_default().push((cell(2), cell(3)));
    }
    let also: BTreeMap<String, Vec<usize>> = rows("AMBIGUOUS.tsv")
        .into_iter()
        .map(|row| (row[0].clone(), row[2].split(',').map(|n| n.parse().unwrap()).collect()))
        .collect();
    let layout = |row: Vec<String>| {
        let name = row[0].clone();
        let entries = entries.get(&name).cloned().unwrap_or_default();
        Layout {
            text: std::fs::read(Path::new(LAYOUTS).join(format!("{name}.txt"))).unwrap(),
            url: row[6].clone(),
            no_day: row[3].starts_with("none"),
            counts: also.get(&name).cloned().unwrap_or_else(|| vec![entries.len()]),
            entries,
            name,
        }
    };
    Some(rows("INDEX.tsv").into_iter().map(layout).collect())
}

fn read(layout: &Layout, format: Option<&str>) -> Option<Dump> {
    let told = Told {
        name: layout.name.clone(),
        source_url: Some(layout.url.clone()),
        format: format.map(str::to_string),
        ..Told::default()
    };
    import::read(&layout.text, &told, &FORMATS).ok()
}

/// How many of some words are expected, found, and both.
#[derive(Debug, Default)]
struct Score {
    expected: usize,
    found: usize,
    right: usize,
}

impl Score {
    fn add(&mut self, expected: Vec<String>, mut found: Vec<String>) {
        self.expected += expected.len();
        self.found += found.len();
        for words in expected {
            if let Some(at) = found.iter().position(|there| *there == words) {
                found.remove(at);
                self.right += 1;
            }
        }
    }

    /// Whether at least 97 of 100 are right, both ways.
    fn is_good(&self) -> bool {
        self.right * 100 >= self.expected * 97 && self.right * 100 >= self.found * 97
    }
}

fn said(words: impl Iterator<Item = String>) -> Vec<String> {
    words.filter(|words| !words.is_empty()).collect()
}

#[test]
fn every_layout_becomes_what_it_must() {
    let Some(layouts) = layouts() else { return };
    assert_eq!(layouts.len(), 40);
    let (mut exact, mut wrong) = (0, Vec::new());
    let (mut stamps, mut titles) = (Score::default(), Score::default());
    for layout in &layouts {
        let dump = read(layout, None);
        let entries = dump.as_ref().map_or(&[][..], |dump| &dump.entries);
        if layout.counts.contains(&entries.len()) {
            exact += 1;
        } else {
            wrong.push(format!("{}: {} entries", layout.name, entries.len()));
        }
        stamps.add(
            said(layout.entries.iter().map(|(stamp, _)| stamp.clone())),
            said(entries.iter().map(|entry| entry.stated.clone())),
        );
        let stated = entries.iter().filter(|entry| entry.title_basis == TitleBasis::Stated);
        titles.add(
            said(layout.entries.iter().map(|(_, title)| title.clone())),
            said(stated.map(|entry| entry.title.clone())),
        );
        for entry in entries {
            let invented = layout.no_day && entry.when.day().is_some();
            assert!(!invented, "{}: a day was invented: {:?}", layout.name, entry.when);
        }
        let unread = dump.as_ref().map_or(0, |dump| dump.ledger.totals().unread);
        assert_eq!(unread, 0, "{}: unread lines", layout.name);
    }
    assert!(exact >= 39, "{exact} of 40 have the right number of entries: {wrong:#?}");
    assert!(stamps.is_good(), "stamps {stamps:?}");
    assert!(titles.is_good(), "titles {titles:?}");
}

#[test]
fn a_page_without_entries_is_refused_with_the_reason() {
    let Some(layouts) = layouts() else { return };
    let mut count = 0;
    for layout in layouts.iter().filter(|layout| layout.counts == [0]) {
        let told = Told {
            name: layout.name.clone(),
            source_url: Some(layout.url.clone()),
            ..Told::default()
        };
        let problems = import::read(&layout.text, &told, &FORMATS).unwrap_err();
        assert!(problems[0].to_string().contains("no entry of the format"), "{problems:?}");
        count += 1;
    }
    assert_eq!(count, 1);
}

/// What no format knows is read by the dump's own signs: the figure holds for publishers that are
/// not among the formats.
#[test]
fn without_their_formats_most_layouts_are_read_the_same() {
    let Some(layouts) = layouts() else { return };
    let (mut exact, mut stamps) = (0, Score::default());
    for layout in &layouts {
        let dump = read(layout, Some("generic"));
        let entries = dump.as_ref().map_or(&[][..], |dump| &dump.entries);
        exact += usize::from(layout.counts.contains(&entries.len()));
        stamps.add(
            said(layout.entries.iter().map(|(stamp, _)| stamp.clone())),
            said(entries.iter().map(|entry| entry.stated.clone())),
        );
        assert!(entries.iter().all(|entry| !layout.no_day || entry.when.day().is_none()));
    }
    assert!(exact >= 36, "{exact} of 40");
    assert!(stamps.is_good(), "{stamps:?}");
}
