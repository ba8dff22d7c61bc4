//! However a dump was saved, it means the same: every fixture again, with other line ends, in other
//! encodings, with characters in it that nobody sees.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

use std::path::Path;

use archive::date::When;
use archive::format::{Format, built_in};
use archive::import::{self, Told};
use proptest::prelude::*;
use serde_json::Value;

/// A fixture: its name, its text, and what a curator tells of it.
struct Fixture {
    name: String,
    text: String,
    told: Told,
}

fn fixtures() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dumps");
    let mut fixtures = Vec::new();
    for item in walkdir::WalkDir::new(root).sort_by_file_name().into_iter().flatten() {
        let path = item.path();
        if path.extension().is_none_or(|kind| kind != "txt") {
            continue;
        }
        // One fixture is there for its byte order mark and its line ends.
        let text = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        let mut told = Told { name: "d.txt".to_string(), ..Told::default() };
        if let Ok(options) = std::fs::read_to_string(path.with_extension("toml")) {
            let table: toml::Table = toml::from_str(&options).unwrap();
            let word = |key: &str| table.get(key).and_then(toml::Value::as_str);
            told.date = word("date").map(|date| When::parse(date).unwrap());
            told.zone = word("zone").map(|zone| archive::import::zone_named(zone).unwrap());
        }
        fixtures.push(Fixture { name: path.display().to_string(), text, told });
    }
    assert!(fixtures.len() > 10);
    fixtures
}

/// What a dump means: its title, its summary, its entries without their places in the file.
fn meaning(bytes: &[u8], told: &Told, formats: &[Format]) -> Value {
    match import::read(bytes, told, formats) {
        Ok(dump) => {
            let mut object = import::json("", &dump);
            for entry in object["entries"].as_array_mut().unwrap() {
                entry.as_object_mut().unwrap().remove("lines");
            }
            serde_json::json!([object["title"], object["summary"], object["entries"]])
        }
        Err(findings) => {
            let errors = findings.iter().filter(|finding| finding.is_error());
            errors.map(|finding| finding.message.clone()).collect()
        }
    }
}

/// Puts `what` into every `every`th gap between two letters.
fn sprinkled(text: &str, what: &str, every: usize) -> String {
    let mut made = String::new();
    let (mut gaps, mut last) = (0, ' ');
    for c in text.chars() {
        if last.is_alphabetic() && c.is_alphabetic() {
            gaps += 1;
            if gaps % every == 0 {
                made.push_str(what);
            }
        }
        made.push(c);
        last = c;
    }
    made
}

/// Makes every `every`th single space inside a line one that breaks no line.
fn with_no_break_spaces(text: &str, every: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut count = 0;
    let is_plain = |at: usize| letters.get(at).is_some_and(|c| !c.is_whitespace());
    let changed = letters.iter().enumerate().map(|(at, c)| {
        let inner = *c == ' ' && at > 0 && is_plain(at - 1) && is_plain(at + 1);
        count += usize::from(inner);
        if inner && count % every == 0 { '\u{a0}' } else { *c }
    });
    changed.collect()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let units = text.encode_utf16();
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn misread(text: &str) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
}

/// The ways to save the same text.
const WAYS: usize = 17;

fn saved(text: &str, way: usize, every: usize) -> Vec<u8> {
    let bytes = |text: String| text.into_bytes();
    match way {
        0 => bytes(text.replace('\n', "\r\n")),
        1 => bytes(text.replace('\n', "\r")),
        2 => bytes(format!("\u{feff}{text}")),
        3 => utf16(&format!("\u{feff}{text}"), false),
        4 => utf16(&format!("\u{feff}{text}"), true),
        5 => utf16(text, false),
        6 => utf16(text, true),
        7 => bytes(with_no_break_spaces(text, every)),
        8 => bytes(sprinkled(text, "\u{200b}", every)),
        9 => bytes(sprinkled(text, "\u{ad}", every)),
        10 => bytes(sprinkled(text, "\u{2060}\u{feff}", every)),
        11 => bytes(text.replace('\n', &format!("{}\n", " ".repeat(1 + every % 3)))),
        12 => bytes(sprinkled(text, "\0", every + 8)),
        13 => bytes(sprinkled(text, "\u{1}\u{7f}", every + 20)),
        14 => bytes(text.trim_end_matches('\n').to_string()),
        15 => bytes(format!("{text}{}", "\n".repeat(every))),
        _ => bytes(misread(text)),
    }
}

#[test]
fn every_fixture_means_the_same_however_it_is_saved() {
    let formats = built_in();
    for fixture in fixtures() {
        let plain = meaning(fixture.text.as_bytes(), &fixture.told, &formats);
        for way in 0..WAYS {
            let found = meaning(&saved(&fixture.text, way, 1), &fixture.told, &formats);
            assert_eq!(found, plain, "{}, way {way}", fixture.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_changes_at_once_change_no_meaning(
        at in 0_usize..1000, first in 7_usize..14, second in 0_usize..WAYS, every in 1_usize..40,
    ) {
        let formats = built_in();
        let fixtures = fixtures();
        let fixture = &fixtures[at % fixtures.len()];
        let plain = meaning(fixture.text.as_bytes(), &fixture.told, &formats);
        let once = String::from_utf8(saved(&fixture.text, first, every)).unwrap();
        // Misreading what stands between two letters is tested by itself above.
        let twice = saved(&once, if second == 16 { 0 } else { second }, every);
        prop_assert_eq!(meaning(&twice, &fixture.told, &formats), plain, "{}", &fixture.name);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), name in "[a-z0-9-]{0,12}") {
        let told = Told { name: "d".to_string(), ..Told::default() };
        let _ = import::decode(&bytes, &told);
        let _ = import::decode_as(&bytes, &told, Some(&name));
        let _ = import::decode(&bytes, &Told { encoding: Some(name), ..told });
        let _ = import::declared(&bytes);
    }

    #[test]
    fn sound_text_stays_as_it_is(text in "[ -~àéÃÂÇ“”’«»…–ß\n]{0,80}") {
        prop_assume!(!text.trim().is_empty());
        let told = Told::default();
        // A sequence that no language has may come about by chance: only such a text may change.
        let odd = |text: &str| {
            let letters: Vec<char> = text.chars().collect();
            letters.windows(2).any(|pair| "ÃÂàéßÇ".contains(pair[0]) && !pair[1].is_ascii())
        };
        prop_assume!(!odd(&text));
        prop_assert_eq!(import::decode(text.as_bytes(), &told).unwrap().text, text);
    }
}

fn decoded(bytes: &[u8]) -> (String, &'static str, Vec<String>) {
    let told = Told { name: "d.txt".to_string(), ..Told::default() };
    let found = import::decode(bytes, &told).unwrap();
    let notes = found.notes.iter().map(ToString::to_string).collect();
    (found.text, found.encoding, notes)
}

fn refused(bytes: &[u8]) -> String {
    let told = Told { name: "d.txt".to_string(), ..Told::default() };
    import::decode(bytes, &told).unwrap_err().to_string()
}

#[test]
fn a_guessed_encoding_is_told_with_how_sure_it_is() {
    let (text, encoding, notes) = decoded(b"One\nThe caf\xe9 in the \x93lower\x94 town\n");
    assert_eq!(text, "One\nThe café in the “lower” town\n");
    assert_eq!((encoding, notes.len()), ("windows-1252", 1));
    assert!(notes[0].starts_with("note: d.txt:2: no encoding is stated"), "{notes:?}");
    assert!(notes[0].contains("read as windows-1252, guessed from 3 bytes (little to go by)"));
    let russian = encoding_rs::WINDOWS_1251
        .encode("Плотина у города открыла затворы на рассвете, вода залила нижний город.")
        .0
        .into_owned();
    let (text, encoding, notes) = decoded(&russian);
    assert!(text.starts_with("Плотина у города"), "{text}");
    assert_eq!(encoding, "windows-1251");
    assert!(notes[0].contains("rather sure"), "{notes:?}");
}

#[test]
fn what_the_file_or_the_curator_says_comes_before_a_guess() {
    let page = b"<html><head><meta charset=\"iso-8859-2\"></head><body>\xb3\xf3d\xbc</body>";
    assert_eq!(decoded(page).1, "ISO-8859-2");
    assert!(decoded(page).0.contains("łódź") && decoded(page).2.is_empty());
    let xml = b"<?xml version='1.0' encoding='koi8-r'?><a>\xf0\xcc\xcf</a>";
    assert!(decoded(xml).0.contains("Пло"));
    let told = Told { encoding: Some("macintosh".into()), ..Told::default() };
    assert_eq!(import::decode(b"caf\x8e", &told).unwrap().text, "café");
    let part = import::decode_as(b"\xb3\xf3d\xbc", &Told::default(), Some("ISO-8859-2")).unwrap();
    assert_eq!(part.text, "łódź");
    // A page that says UTF-8 and is not says nothing.
    let (text, encoding, notes) = decoded(b"<meta charset=utf-8>caf\xe9 au lait");
    assert!(text.ends_with("café au lait") && notes.len() == 1, "{notes:?}");
    assert_eq!(encoding, "windows-1252");
    assert_eq!(import::encoding_name("latin1"), Ok("windows-1252".to_string()));
    assert!(import::encoding_name("utf8x").unwrap_err().contains("did you mean utf-8?"));
}

#[test]
fn what_was_mended_is_told_with_the_first_line() {
    let (text, _, notes) = decoded("One\nKÃ¶ln and SÃO “Paulo”\nthe mayorâ€™s\n".as_bytes());
    assert_eq!(text, "One\nKöln and SÃO “Paulo”\nthe mayor’s\n");
    assert!(
        notes[0].starts_with("note: d.txt:2: letters that were read in the wrong"),
        "{notes:?}"
    );
    assert!(notes[0].contains("2 made right"), "{notes:?}");
    let (text, _, notes) = decoded(b"One\nTw\0o\nThr\x1bee\x0cfour\n");
    assert_eq!(text, "One\nTwo\nThree four\n");
    assert!(notes[0].starts_with("note: d.txt:2: control characters: 2"), "{notes:?}");
    let (text, _, notes) = decoded("One\nthe mayor\u{92}s\u{9d} boat\u{85}\n".as_bytes());
    assert_eq!(text, "One\nthe mayor’s boat…\n");
    assert!(notes[0].contains("controls from U+0080 on: 2, the first is here"), "{notes:?}");
    let (text, _, notes) = decoded("One\nlost \u{fffd} here\n".as_bytes());
    assert_eq!(text, "One\nlost \u{fffd} here\n");
    assert!(notes[0].starts_with("warning: d.txt:2: characters that cannot be read"), "{notes:?}");
    let (text, _, notes) = decoded(b"One?\nthe mayor?s boat, see /a?b and http://x.example/c?d\n");
    assert_eq!(text, "One?\nthe mayor?s boat, see /a?b and http://x.example/c?d\n");
    assert!(notes[0].starts_with("warning: d.txt:2: question marks inside words: 1"), "{notes:?}");
    // Titles that are glued to what follows them lost nothing.
    assert_eq!(decoded(b"1. Why?published at 5\n2. When?published at 6\n").2, [""; 0]);
    assert_eq!(decoded(b"the dam?which broke?and the town?below\n").2.len(), 1);
}

#[test]
fn what_is_no_text_is_refused_with_its_line() {
    assert!(refused(b"%PDF-1.7\n").contains("this is a PDF file"));
    assert!(refused(b"PK\x03\x04abc").contains("a ZIP file"));
    let binary: Vec<u8> =
        (0..4000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
    let said = refused(&[b"One\nTwo\n", &binary[..]].concat());
    assert!(said.starts_with("error: d.txt:") && said.contains("expected text"), "{said}");
    assert!(said.contains("--encoding"), "{said}");
    let said = refused(&[b"One\nTwo", &[0; 90][..]].concat());
    assert!(said.starts_with("error: d.txt:2: a NUL byte"), "{said}");
    for nothing in [&b""[..], b" \r\n\t", b"\xef\xbb\xbf\n", b"\xff\xfe", b"\0"] {
        let said = refused(nothing);
        assert!(said.contains("holds no text") || said.contains("NUL"), "{said}");
    }
}

#[test]
fn nuls_here_and_there_do_not_make_pairs_of_bytes() {
    let text =
        "10:20\n\nThe mayor has issued a statement:\n\n10:15\n\nGood morning from the harbour.\n";
    for every in 9..40 {
        let (read, encoding, _) = decoded(sprinkled(&text.repeat(3), "\0", every).as_bytes());
        assert_eq!((read, encoding), (text.repeat(3), "UTF-8"), "{every}");
    }
}

#[test]
fn a_line_of_megabytes_is_a_line() {
    let long = "Gates of the Quell dam. ".repeat(200_000);
    let (text, _, notes) = decoded(format!("One\n{long}KÃ¶ln").as_bytes());
    assert_eq!(import::cut(&text).count(), 2);
    assert!(text.ends_with("Köln") && notes.len() == 1);
}
