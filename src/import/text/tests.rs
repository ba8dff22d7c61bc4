//! Tests of reading text dumps.

use super::super::assemble::{TITLE_CHARS, first_words};
use super::super::read;
use super::*;
use crate::date::When;
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
fn a_pinned_copy_is_no_second_entry() {
    let entry = |stamp: &str, title: &str, body: &str| format!("{stamp}\n\n{title}\n\n{body}\n\n");
    let text = [
        entry("18:35", "What we know", "The dam holds."),
        entry("18:40", "Boats turn back", "The current is too strong."),
        entry("18:35", "What we know", "The dam holds. More later."),
        entry("18:35", "Another title", "The dam holds."),
        entry("18:20", "Twice the same", "One thing."),
        entry("18:20", "Twice the same", "Quite another."),
    ]
    .concat();
    let dump = dump(&text);
    let titles: Vec<_> = dump.entries.iter().map(|entry| entry.title.as_str()).collect();
    let expected =
        ["Boats turn back", "What we know", "Another title", "Twice the same", "Twice the same"];
    assert_eq!(titles, expected);
    assert!(dump.entries[1].body.contains("More later"));
    assert_eq!(dump.ledger.totals().discarded["pinned copy"], 3);
    assert_eq!(dump.ledger.fates[6], Fate::Entry(0));
}

#[test]
fn a_dump_that_no_format_knows_hears_why() {
    let message = fails(b"A letter.\n\nDear all,\n");
    assert!(message.starts_with("error: d.txt: no format recognises this dump"), "{message}");
    for format in built_in() {
        // Formats that miss the same are named together.
        let name = format!("`{}`", format.name);
        let mut notes = message.lines().filter(|line| line.starts_with("note: d.txt: not `"));
        assert!(notes.any(|note| note.contains(&name)), "{name}: {message}");
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
    assert_eq!(dump.ledger.fates[0], Fate::Discarded(PAGE_TITLE.into()));
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

/// The titles of a dump that no format knows, empty where one was made.
fn generic_titles(text: &str) -> Vec<String> {
    let dump = read(text.as_bytes(), &told(), &built_in()).unwrap();
    assert_eq!(dump.format, "generic");
    let stated = |entry: &crate::import::DumpEntry| match entry.title_basis {
        crate::entry::TitleBasis::Stated => entry.title.clone(),
        crate::entry::TitleBasis::Made => String::new(),
    };
    dump.entries.iter().map(stated).collect()
}

#[test]
fn a_title_may_stand_directly_above_its_sentence_but_lines_of_a_paragraph_are_none() {
    assert_eq!(
        generic_titles("21:05\nGates shut\nAll six are shut.\n\n20:10\nRain\nIt has ended."),
        ["Gates shut", "Rain"]
    );
    let wrapped = "21:05\nThe gates of the dam were shut by\nthe warden and his son, who\nwent home.\n\n\
                   20:10\nThe rain in the valley has ended, says\nMs Example of the office.";
    assert_eq!(generic_titles(wrapped), ["", ""]);
}

#[test]
fn the_first_title_above_a_stamp_is_told_from_the_pages_head() {
    let text = "Flood news\n\nGates shut\nUpdate 11:13 p.m. EST: All are shut.\n\n\
                Family found\nUpdate 9:50 p.m. EST: They were on a roof.\n\n\
                Sirens\nUpdate 8:22 p.m. EST: They were heard in Penn.";
    assert_eq!(generic_titles(text), ["Gates shut", "Family found", "Sirens"]);
    let dated = text.replace("Gates shut", "Published 2 April 2031");
    assert_eq!(generic_titles(&dated), ["", "Family found", "Sirens"]);
    let none = "Boats on Tuesday\n\n21:52 A report was denied.\n\n21:19 The council met.\n\n21:02 Rain fell.";
    assert_eq!(generic_titles(none), ["", "", ""]);
}

#[test]
fn an_article_with_headings_is_refused_unless_it_calls_itself_live() {
    let article = "Why the gates were late\n\nThey should have been opened at five.\n\n\
                   What the inquiry asks\n\nWho held the keys.";
    assert!(read(article.as_bytes(), &told(), &built_in()).is_err());
    let live = format!("Flood: live blog\n\n{article}");
    assert_eq!(read(live.as_bytes(), &told(), &built_in()).unwrap().format, "generic");
    let url = Some("https://p.example/liveblog-april-2-2031/".to_string());
    let at = Told { source_url: url, ..told() };
    assert!(read(article.as_bytes(), &at, &built_in()).is_ok());
}

#[test]
fn a_full_stop_may_end_a_stamp() {
    let text = "3:12 pm. The gates are open.\n\n3:05 pm. Sirens in Penn.\n\n2:30 pm. Rain.";
    let dump = read(text.as_bytes(), &told(), &built_in()).unwrap();
    assert_eq!(dump.entries.len(), 3);
    assert_eq!(dump.entries[0].body, "The gates are open.");
}

#[test]
fn the_mark_of_a_key_event_is_no_title() {
    let text = "En directo\n\n14.36\nImportante\nCierran el puente\nHay una grieta.\n\n\
                14.02 h Importante\n\nLlega el tren\n\nTrae mantas.\n\n13.10\n\nLluvia\n\nNo cesa.";
    let dump = read(text.as_bytes(), &told(), &built_in()).unwrap();
    assert_eq!(dump.format, "spain");
    let keys: Vec<_> = dump.entries.iter().map(|e| (e.title.as_str(), e.key_event)).collect();
    assert_eq!(keys, [("Cierran el puente", true), ("Llega el tren", true), ("Lluvia", false)]);
}

#[test]
fn the_mark_of_a_key_event_may_stand_above_its_stamp() {
    let text = "En directo\n\nImportante\n\n23.15 h\n\nCierran el puente.\n\n\
                23.00 h\n\nLlega el tren.\n\nImportante\n\n22.10 h\n\nNo cesa la lluvia.";
    let dump = read(text.as_bytes(), &told(), &built_in()).unwrap();
    let keys: Vec<_> = dump.entries.iter().map(|entry| entry.key_event).collect();
    assert_eq!(keys, [true, false, true]);
}

#[test]
fn a_clock_may_stand_between_a_name_and_a_label() {
    let text = "Le direct\n\nJane Example 14:44 Vos questions\n\nLe pont est-il ouvert ?\n\n\
                14:20 Partage\n\nUne photo du moulin.\n\nOmar Sample 13:05 Vos questions\n\nEt la route ?";
    let dump = read(text.as_bytes(), &told(), &built_in()).unwrap();
    let found: Vec<_> =
        dump.entries.iter().map(|e| (e.stated.as_str(), e.authors.join(","))).collect();
    assert_eq!(
        found,
        [
            ("14:44", "Jane Example".to_string()),
            ("14:20", String::new()),
            ("13:05", "Omar Sample".to_string())
        ]
    );
}

#[test]
fn words_behind_a_stamp_are_never_the_next_ones_title() {
    let text = "Flood live\n\n17:40 - The gates are shut. (je)\n\n17:12 - Bread has come. (os)\n\n\
                16:55 - The ferry stays. (je)\n\n16:30 - Rain. (os)";
    assert_eq!(generic_titles(text), ["", "", "", ""]);
}

#[test]
fn an_agenda_is_no_entry_even_above_the_first_one() {
    let first = "Flood live\n\nToday:\n\n09:00 Council\n11:00 Minister\n16:00 Schools\n\n\
                 17:40 The gates are shut.\n\n16:12 Schools stay shut.\n\n14:05 The minister is late.";
    let stamps = |text: &str| {
        let dump = read(text.as_bytes(), &told(), &built_in()).unwrap();
        dump.entries.into_iter().map(|entry| entry.stated).collect::<Vec<_>>()
    };
    assert_eq!(stamps(first), ["17:40", "16:12", "14:05"]);
    let oldest = "Flood live\n\nToday:\n\n9.30am: council\n11am: minister\n2.15pm: schools\n\n\
                  8.43am: Good morning.\n\n9.41am: The council has met.\n\n11.20am: Rain.";
    assert_eq!(stamps(oldest), ["8.43am", "9.41am", "11.20am"]);
    let inside = "Flood live\n\n4.40pm\nFerry\nIt leaves Penn at these times:\n\n8.15am\n10.30am\n1pm\n\n\
                  4.12pm\nGate six is shut\nIt took an hour.\n\n3.51pm\nRain ends\nThe sun is out.";
    assert_eq!(stamps(inside), ["4.40pm", "4.12pm", "3.51pm"]);
    // Entries below a line that leads them in are none, over midnight either.
    let entries =
        "Here are the updates:\n17:00 Rain.\n18:00 Wind.\n23:00 Dark.\n00:10 Quiet.\n00:50 Sleep.";
    assert_eq!(stamps(entries).len(), 5);
}

#[test]
fn stamps_at_the_foot_of_entries_do_not_begin_the_next() {
    let text = "News\n\nGate six is shut.\nPosted at 17:40\n\nBread has come.\nPosted at 17:12\n\n\
                The ferry stays.\nPosted at 16:55\n";
    assert!(read(text.as_bytes(), &told(), &built_in()).is_err());
}

#[test]
fn a_heading_may_be_no_more_than_the_name_of_a_day() {
    let text = "Flood live\n\nAll times are in GMT\n\nThursday\n\n9.30am\n\nBuses wait\n\nTwelve of them are waiting.\n\n11.40pm\n\nRain goes on\n\nIt has rained all day.\n\nFriday\n\n5.40am\n\nGates open\n\nTwo gates are open.\n";
    let date = When::parse("2031-04-03").ok();
    let dump = read(text.as_bytes(), &Told { date, ..told() }, &built_in()).unwrap();
    let dates: Vec<_> = dump.entries.iter().map(|entry| entry.when.written()).collect();
    let expected =
        ["2031-04-03T09:30:00+00:00", "2031-04-03T23:40:00+00:00", "2031-04-04T05:40:00+00:00"];
    assert_eq!(dates, expected);
    assert_eq!(dump.newest_first, Some(false));
}

#[test]
fn a_way_that_tells_nothing_apart_is_named() {
    let told = Told {
        by: Some(crate::format::Way::Separator),
        separator: Some("Share".to_string()),
        ..told()
    };
    let problems = read(b"Flood live\n\n5.40am\n\nGates open\n", &told, &built_in()).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].message.contains("apart by separator (`Share`)"), "{problems:?}");
}
