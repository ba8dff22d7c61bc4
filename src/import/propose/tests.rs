//! Tests of proposals: each parses, and finds the entries of the dump that it was made from.

use super::*;
use crate::entry::TitleBasis;
use crate::format::Format;
use crate::import::{Dump, Told, read};

fn proposed(text: &str) -> (String, Option<Dump>) {
    let file = propose("quell", "quell.txt", text);
    let format = Format::parse("formats/quell.toml", &file)
        .unwrap_or_else(|error| panic!("{error}\n{file}"));
    let dump = read(text.as_bytes(), &Told::default(), &[format]).ok();
    (file, dump)
}

fn entries(text: &str) -> Vec<(String, String)> {
    let (file, dump) = proposed(text);
    let dump = dump.unwrap_or_else(|| panic!("nothing found by\n{file}"));
    dump.entries.into_iter().map(|entry| (entry.stated, entry.title)).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(stated, title)| ((*stated).to_string(), (*title).to_string())).collect()
}

#[test]
fn a_stamp_before_the_title() {
    let text = "Quell Courier\nAll times are in GMT\n\n6:15am, 2 April 2031 -- Buses\nTwelve buses wait.\nShare\n\n5:40am, 2 April 2031 -- Gates opened\nAt 5:30 they opened.\nShare\n\n5:01am, 2 April 2031 -- It rains\nOn and on.\nShare\nRead next\n";
    assert_eq!(
        entries(text),
        pairs(&[
            ("6:15am, 2 April 2031", "Buses"),
            ("5:40am, 2 April 2031", "Gates opened"),
            ("5:01am, 2 April 2031", "It rains")
        ])
    );
    let (file, dump) = proposed(text);
    assert_eq!(dump.unwrap().entries[1].when.written(), "2031-04-02T05:40:00+00:00");
    assert!(file.contains("## 3 times, lines 6, 10, 14; in 3 of 3 entries: it may mark their ends:\n# [[discard]]\n# name = \"share\"\n# pattern = '^Share$'"), "{file}");
    assert!(file.contains("# name = \"page footer\"\n# pattern = '^ *Read next$'"), "{file}");
    assert!(file.contains("# pattern = '^Quell Courier$'"), "{file}");
    // Everything that stands behind a # is TOML, too.
    let all: String = file
        .lines()
        .filter(|line| {
            !line.starts_with("# ")
                || line.contains("[[")
                || line.starts_with("# name =")
                || line.starts_with("# pattern =")
        })
        .map(|line| line.trim_start_matches("# "))
        .collect::<Vec<_>>()
        .join("\n");
    Format::parse("formats/quell.toml", &all).unwrap();
}

/// The stamps of the entries that the proposal for a text finds.
fn stamps(text: &str) -> Vec<String> {
    entries(text).into_iter().map(|(stated, _)| stated).collect()
}

#[test]
fn stamps_alone_on_their_lines_in_more_than_one_form() {
    let text = "Live\n\n23.15\nThe gates opened.\n\n23.00 h\nIt rained at 22.10 or so.\n\n22.49\nNight falls.\n";
    assert_eq!(stamps(text), ["23.15", "23.00 h", "22.49"]);
}

#[test]
fn stamps_behind_titles_and_names() {
    let numbered = "  1. Gates openedpublished at 05:40 British Summer Time 2 April 2031\n\n    They opened.\n\n  2. Rain goes onpublished at 05:15 British Summer Time 2 April 2031\n\n    It rained.\n";
    assert_eq!(entries(numbered)[1].1, "Rain goes on");
    assert_eq!(
        proposed(numbered).1.unwrap().entries[0].when.written(),
        "2031-04-02T05:40:00+01:00"
    );
    let names = "  • Ada Holm 4/22/2031 5:00:03 PM\nOne.\n  • Ada Holm 4/22/2031 5:00:16 PM\nTwo.\n  • Ada Holm 4/22/2031 5:01:00 PM\nThree.\n  • Bo Lind 4/22/2031 5:02:00 PM\nFour.\n";
    let dump = proposed(names).1.unwrap();
    assert_eq!(dump.entries[3].authors, ["Bo Lind"]);
    assert_eq!(dump.entries[3].when.written(), "2031-04-22");
}

#[test]
fn a_label_before_the_stamp_and_signs_behind_it() {
    let text = "Posted at 5:40 | Gates opened\nThey did.\nPosted at 5:20 | It rains\nIt does.\n";
    assert_eq!(entries(text), pairs(&[("5:40", "Gates opened"), ("5:20", "It rains")]));
    let text = "22:25 Uhr | Tor auf\n\nSo ist es, seit 22:10 Uhr.\n\n21:45 Uhr | Regen\n\nNass.\n";
    assert_eq!(entries(text), pairs(&[("22:25 Uhr", "Tor auf"), ("21:45 Uhr", "Regen")]));
}

#[test]
fn signs_around_a_stamp_and_no_words() {
    let text = "Quell\n\n>> 17h05 |\nGATES OPENED\nThey did.\n/ah/\nShare\n\n>> 16h42 | \nRAIN\nIt rains.\n/bl/\nShare\n\n>> 15h10 |\nBUSES\nThey wait.\n/ah/\nShare\n\nContact\n";
    assert_eq!(stamps(text), ["17h05", "16h42", "15h10"]);
    let (file, _) = proposed(text);
    assert!(file.contains("# pattern = '^ *Contact$'"), "{file}");
    assert!(!file.contains("# pattern = '^ *Share$'"), "{file}");
    assert!(!file.contains("# pattern = '^ */ah/$'"), "{file}");
}

#[test]
fn sentences_behind_stamps_and_bullets_are_the_entries_words() {
    for text in [
        "23.00 They opened the gates.\n22.45 It rains on.\nStill.\n22.40 Buses wait.\n",
        "Quell\n\n  • The gates open.\n  • It rains.\n  • Buses wait.\n",
    ] {
        let (file, dump) = proposed(text);
        assert!(file.contains("(?<body>.+)$"), "{file}");
        let dump = dump.unwrap();
        assert_eq!(dump.entries.len(), 3);
        assert!(dump.entries.iter().all(|entry| entry.title_basis == TitleBasis::Made), "{file}");
    }
}

#[test]
fn without_stamps_a_list_or_the_shape_of_titles() {
    let list = "Quell\n\n  • The gates open.\n  • It rains.\nAnd rains.\n  • Buses wait.\n";
    assert_eq!(entries(list).len(), 3);
    let other = "Others\n\n  • Tea.\n  • Bread.\n  • Salt.\n";
    let format = Format::parse("formats/quell.toml", &proposed(list).0).unwrap();
    assert!(read(other.as_bytes(), &Told::default(), &[format]).is_err());
    let (file, dump) = proposed("Gates opened\n\nThey opened at dawn.\n\nRain\n\nIt rains.\n");
    assert!(file.contains("[shape]"), "{file}");
    assert_eq!(dump.unwrap().entries.len(), 2);
}

#[test]
fn odd_words_cannot_break_the_file() {
    for text in [
        "it's \"so\" \\d `x`\n#[\n5:40 it's 'one' \\ [x\n'''\n5:20 it's 'two'\n'''\n'''\n'''\n\"\"\"\n\\\n",
        "5:40\t\u{7}\n5:20\t\u{7}\n",
        "x",
        "-\n-\n-\n",
        "All times are in\nAll times in GMT.\n5:40 a\n5:30 b\n",
    ] {
        proposed(text);
    }
}

mod properties {
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_gives_a_format_that_parses(text in "[ -~\n•–“”é:.0-9]{0,300}") {
            super::proposed(&text);
        }
    }
}
