use proptest::prelude::*;

use super::*;
use crate::date::When;

const FULL: &str = r#"+++
id = "2031-04-02-0540-dam-gates-opened"
title = "Dam gates opened"
date = 2031-04-02T05:40:00+01:00
date_basis = "stated"
order = 12
tags = ["Quell dam"]
authors = ["A. Okoro"]
key_event = true
aliases = ["dam-gates"]

[source]
dump = "quell-live.txt"
lines = [13, 32]
stated = "05:40 BST 2 April 2031"
sha256 = "00"
+++

The gates opened.

- one
- two
"#;

fn story() -> Slug {
    Slug::parse("quell").unwrap()
}

fn shown(problems: &[Diagnostic]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn an_entry_reads_and_prints_to_the_same_bytes() {
    let (entry, problems) = parse_entry("content/quell/x.md", story(), FULL);
    assert_eq!(shown(&problems), Vec::<String>::new());
    let entry = entry.unwrap();
    assert_eq!(entry.when.written(), "2031-04-02T05:40:00+01:00");
    assert_eq!(entry.source.as_ref().unwrap().lines, (13, 32));
    assert_eq!(entry.body_line, 19);
    assert_eq!(FULL.lines().nth(entry.body_line - 1), Some("The gates opened."));
    assert_eq!(print_entry(&entry), FULL);
}

#[test]
fn a_story_reads_and_prints_to_the_same_bytes() {
    let text = "+++\ntitle = \"Quell flood\"\ntitle_basis = \"made\"\nsummary = [\n  \"One\",\n  \"Two\",\n]\n\n[[sources]]\ndump = \"quell-live.txt\"\npublisher = \"BBC\"\ncaptured = \"2031-04-03\"\n+++\n\nWords of the curator.\n";
    let (story, problems) = parse_story("content/quell/story.md", story(), text);
    assert_eq!(shown(&problems), Vec::<String>::new());
    assert_eq!(print_story(&story.unwrap()), text);
}

#[test]
fn every_slip_in_front_matter_is_told_with_its_line() {
    let text = "+++\nid = \"Not an id\"\ntgas = []\ndate = \"soon\"\nclock = \"25:00\"\n[extra]\nanything = 1\n+++\nbody\n";
    let (entry, problems) = parse_entry("content/quell/x.md", story(), text);
    assert_eq!(entry, None);
    let shown = shown(&problems);
    assert_eq!(shown.len(), 5, "{shown:#?}");
    assert!(shown[1].contains("x.md:2: no `title`"), "{shown:#?}");
    assert!(shown[0].contains("x.md:2: `id`: `Not an id`, expected"), "{shown:#?}");
    assert!(
        shown[2].contains("x.md:3: unknown key `tgas`\n  hint: did you mean `tags`?"),
        "{shown:#?}"
    );
    assert!(shown[3].contains("x.md:4: `date`: the date `soon`, expected"), "{shown:#?}");
    assert!(shown[4].contains("x.md:5: `clock`: the time `25:00`, expected"), "{shown:#?}");
}

#[test]
fn a_file_without_front_matter_says_what_is_missing() {
    for (text, found) in
        [("just words\n", "no `+++` in the first line"), ("+++\nid = 1\n", "without its end")]
    {
        let (_, problems) = parse_entry("content/quell/x.md", story(), text);
        assert!(problems[0].message.contains(found), "{problems:?}");
    }
}

#[test]
fn text_that_is_not_utf8_is_told_with_its_line() {
    let problem = crate::fs::text_of("a.md", b"one\ntwo\xff\n".to_vec()).unwrap_err();
    assert_eq!(problem.line, 2);
    assert!(problem.message.contains("0xFF"));
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let windows = format!("\u{feff}{}", FULL.replace('\n', "\r\n"));
    let text = crate::fs::text_of("x.md", windows.into_bytes()).unwrap();
    assert_eq!(parse_entry("x.md", story(), &text).0, parse_entry("x.md", story(), FULL).0);
}

proptest! {
    #[test]
    fn any_words_survive_being_written_and_read(
        title in "\\PC{1,40}", tag in "(?s).{0,20}", stated in "(?s).{0,20}", body in "(?s).{0,200}", order in 0u32..9999,
    ) {
        prop_assume!(!title.trim().is_empty());
        let body = body.replace('\r', " ");
        let entry = Entry {
            id: Slug::parse("an-id").unwrap(), story: story(), title, title_basis: TitleBasis::Made,
            when: When::parse("2031-04~").unwrap(), date_basis: Some(DateBasis::Curator), clock: None, order,
            tags: vec![tag], authors: Vec::new(), key_event: false, lang: "ar".into(), updated: When::Unknown, aliases: Vec::new(),
            date_because: stated.clone(), warnings: vec![stated.clone()],
            witnesses: vec![Provenance { dump: "e.txt".into(), lines: (3, 4), id: String::new(), stated: stated.clone(), sha256: "0".into() }],
            accepted: vec![Accepted { sha256: "1".into(), because: "a slip".into(), by: stated.clone(), date: When::parse("2031-05").unwrap() }],
            withdrawn: Some(Withdrawn { date: When::parse("2031-05-01").unwrap(), because: "asked to".into(), replacement: None }),
            source: Some(Provenance { dump: "d.txt".into(), lines: (1, 2), id: "block-1".into(), stated, sha256: String::new() }),
            body: String::new(), file: "x.md".into(), id_line: 0, body_line: 0,
        };
        let text = print_entry(&Entry { body, ..entry });
        let (first, problems) = parse_entry("x.md", story(), &text);
        prop_assert_eq!(problems, vec![]);
        let first = first.unwrap();
        let (second, _) = parse_entry("x.md", story(), &print_entry(&first));
        prop_assert_eq!(Some(first), second);
    }
}
