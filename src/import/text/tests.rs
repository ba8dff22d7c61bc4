//! Tests of reading text dumps.

use super::super::assemble::{TITLE_CHARS, first_words};
use super::super::read;
use super::*;
use crate::format::built_in;

fn told() -> Told {
    Told { name: "d.txt".to_string(), ..Told::default() }
}

fn dump(text: &str) -> Dump {
    read(text.as_bytes(), &told(), &built_in()).unwrap()
}

fn fails(bytes: &[u8]) -> String {
    let problems = read(bytes, &told(), &built_in()).unwrap_err();
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_no_text_is_refused_with_its_line() {
    assert_eq!(fails(b" \n\n"), "error: d.txt: holds no text, expected a saved live blog");
    assert_eq!(fails(b""), fails(b"\xef\xbb\xbf\r\n"));
    assert!(fails(b"a\nb\0").starts_with("error: d.txt:2: a NUL byte"));
    assert!(fails(b"a\n\ncaf\xe9").contains("note: d.txt:3: no encoding is stated"));
}

#[test]
fn a_dump_that_no_format_knows_hears_why() {
    let message = fails(b"A letter.\n\nDear all,\n");
    assert!(message.starts_with("error: d.txt: no format recognises this dump"), "{message}");
    for format in built_in() {
        assert!(message.contains(&format!("note: d.txt: not `{}`: ", format.name)), "{message}");
    }
}

#[test]
fn a_forced_format_is_used_or_its_name_corrected() {
    let told = Told { format: Some("itv-topik".to_string()), ..told() };
    let problems = read(b"One\n\nIt rained.", &told, &built_in()).unwrap_err();
    assert_eq!(problems[0].hint, "did you mean `itv-topic`?");
    let told = Told { format: Some("itv-topic".to_string()), ..told };
    let dump = read(b"One\n\nIt rained.", &told, &built_in()).unwrap();
    assert_eq!((dump.entries.len(), dump.newest_first), (1, Some(true)));
    let told = Told { format: Some("bbc-rerendered".to_string()), ..told };
    let problems = read(b"One\n\nIt rained.", &told, &built_in()).unwrap_err();
    assert!(problems[0].message.starts_with("no entry of the format"), "{problems:?}");
}

#[test]
fn line_ends_and_a_mark_at_the_start_change_nothing() {
    let text = "Live updates\n\nOne\n\nIt rained.\n\n\nTwo\n\nIt poured.";
    let plain = dump(text);
    let windows = dump(&format!("\u{feff}{}\r\n", text.replace('\n', "\r\n")));
    assert_eq!(plain.entries, windows.entries);
    assert_eq!(plain.ledger, windows.ledger);
    assert_eq!(plain.ledger.fates.len(), 10);
}

#[test]
fn a_format_of_ones_own_needs_no_rust() {
    let toml = r"
        name = 'quell'
        publisher = 'Quell Gazette'
        describes = 'Entries that begin with a clock'
        [recognise]
        all = [{ name = 'a clock and an author', pattern = '^\d+\.\d+[ap]m ' }]
        [page]
        title = ['^LIVE: (?<title>.+)$']
        [entry]
        start = ['^(?<stamp>\d+\.\d+[ap]m) (?<author>.+): (?<title>.+)$']
        [time]
        forms = ['^(?<hour>\d+)\.(?<minute>\d+)(?<half>[ap]m)$']
    ";
    let (formats, problems) = crate::format::load(built_in(), &[("q.toml".into(), toml.into())]);
    assert_eq!(problems, []);
    let text =
        "LIVE: Rain\n\n8.43pm Jo Example: It stops\nAt last.\n\n8.10pm Jo Example: It rains\n";
    let dump = read(text.as_bytes(), &told(), &formats).unwrap();
    assert_eq!((dump.title.as_deref(), dump.entries.len()), (Some("Rain"), 2));
    let first = &dump.entries[0];
    assert_eq!((first.title.as_str(), first.authors[0].as_str()), ("It stops", "Jo Example"));
    assert_eq!(
        (first.body.as_str(), first.clock),
        ("At last.", chrono::NaiveTime::from_hms_opt(20, 43, 0))
    );
    assert_eq!(dump.newest_first, Some(true));
    assert_eq!(dump.ledger.fates[0], Fate::Discarded(PAGE_TITLE.to_string()));
}

#[test]
fn made_titles_are_cut_between_words() {
    assert_eq!(first_words("It rained."), "It rained.");
    assert_eq!(
        first_words("one two three four five six seven, eight. nine"),
        "one two three four five six seven, eight…"
    );
    assert_eq!(first_words(&"x".repeat(80)).chars().count(), TITLE_CHARS + 1);
    assert!(first_words(&"weatherforecast ".repeat(9)).chars().count() <= TITLE_CHARS + 1);
    assert_eq!(first_words(""), "");
}

#[test]
fn a_huge_line_and_many_lines_are_read_in_linear_time() {
    let started = std::time::Instant::now();
    let marks = "*_`[\\&<".repeat(60_000);
    let media = "    Image caption,\n".repeat(20_000);
    let consent =
        "    The BBC is not responsible for the content of external sites.\n".repeat(5_000);
    let text = format!(
        "  1. Tpublished at 13:30\n\n    {marks}\n\n{media}\n{consent}{}",
        "\n".repeat(50_000)
    );
    let dump = dump(&text);
    assert_eq!(dump.entries[0].media.len(), 20_000);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
