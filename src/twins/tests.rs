use proptest::prelude::*;

use super::*;
use crate::content::parse_entry;

fn entry(id: usize, dump: &str, day: u32, body: &str) -> Entry {
    let text = format!(
        "+++\nid = \"e{id}\"\ntitle = \"T\"\ntitle_basis = \"made\"\ndate = 2031-04-{day:02}\n\n[source]\ndump = \"{dump}\"\n+++\n{body}\n"
    );
    let file = format!("content/quell/e{id}.md");
    parse_entry(&file, Slug::parse("quell").unwrap(), &text).0.unwrap()
}

fn pairs(entries: &[Entry], min: f64) -> Vec<(usize, usize)> {
    let different = BTreeSet::new();
    let wanted = Wanted { min, story: None, different: &different };
    find(entries, &wanted).into_iter().map(|pair| (pair.a, pair.b)).collect()
}

const GATES: &str = "The gates of the dam were opened at noon, and the water filled the lower town within the hour.";

#[test]
fn the_same_words_are_found_but_not_within_a_dump() {
    let changed = GATES.replace("noon", "twelve");
    let entries = [
        entry(0, "a.txt", 2, GATES),
        entry(1, "b.txt", 2, &changed),
        entry(2, "a.txt", 2, &changed),
        entry(3, "c.txt", 9, GATES),
        entry(4, "d.txt", 2, "Forty boats have reached the lower town, says the harbour master."),
    ];
    // e0 and e2 are of one dump and not the same to the word; e3 is of another day.
    assert_eq!(pairs(&entries, 0.7), [(1, 2), (0, 1), (0, 3)]);
    assert_eq!(pairs(&entries, 0.99), [(1, 2)]);
}

#[test]
fn many_copies_of_one_entry_are_all_found() {
    let entries: Vec<Entry> =
        (0..600).map(|at| entry(at, &format!("{at}.txt"), 2, GATES)).collect();
    let found: BTreeSet<usize> =
        pairs(&entries, 0.9).into_iter().flat_map(|(a, b)| [a, b]).collect();
    assert_eq!(found.len(), 600);
}

#[test]
fn what_was_found_to_be_two_stays_two_under_a_new_name() {
    let id = |text: &str| Slug::parse(text).unwrap();
    let mut entries = [entry(0, "a.txt", 2, GATES), entry(1, "b.txt", 2, GATES)];
    entries[0].aliases.push(id("old"));
    let (different, problems) =
        parse_different(&add_different("# seen by A. Okoro\n", &id("old"), &id("e1")));
    assert!(problems.is_empty());
    assert_eq!(find(&entries, &Wanted { min: 0.5, story: None, different: &different }), []);
    assert_eq!(parse_different("one\n").1.len(), 1);
}

#[test]
fn scripts_without_blanks_have_words_too() {
    let text = "\u{6c34}\u{5e93}\u{95f8}\u{95e8}\u{6b63}\u{5348}\u{6253}\u{5f00}\u{57ce}\u{533a}\u{8fdb}\u{6c34}";
    let entries = [entry(0, "a.txt", 2, text), entry(1, "b.txt", 2, &format!("{text}\u{4e86}"))];
    assert_eq!(pairs(&entries, 0.8), [(0, 1)]);
}

/// A line that a person may have added to the front matter.
fn front() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("key_event = true".to_string()),
        "[a-z]{3,8}".prop_map(|word| format!("# {word}")),
        "[a-z]{3,8}".prop_map(|word| format!("date_because = \"{word}\"")),
        "[a-z]{3,8}".prop_map(|word| format!("warnings = [\"{word}\"]")),
    ]
}

/// A block that a person may have added to the text.
fn block() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{3,8}".prop_map(|word| format!("> [!NOTE]\n> A note of {word}.\n>\n> - and {word}")),
        "[a-z]{3,8}".prop_map(|word| format!(
            "> [!TIP]\n> See [there][{word}].\n\n[{word}]: /tags/{word}.html"
        )),
        "[a-z]{3,8}".prop_map(|word| format!(
            "> [!CAUTION]\n> Is it {word}?[^{word}]\n\n[^{word}]: In {word}.\n    And more."
        )),
    ]
}

proptest! {
    #[test]
    fn no_line_of_a_person_is_lost(
        lines in proptest::collection::btree_set(front(), 0..3),
        blocks in proptest::collection::vec(block(), 0..4),
        own in proptest::collection::vec(block(), 0..3),
    ) {
        let mut keys = BTreeSet::new();
        let lines: Vec<String> = lines
            .into_iter()
            .filter(|line| keys.insert(line.split(' ').next().unwrap_or_default().to_string()))
            .collect();
        let file = |id: &str, lines: &[String], blocks: &[String]| {
            let front: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            let sha256 = crate::fixity::body_sha256(GATES);
            format!("+++\nid = \"{id}\"\ntitle = \"T\"\norder = 1\ntags = []\n{front}\n[source]\ndump = \"a.txt\"\nlines = [1, 2]\nsha256 = \"{sha256}\"\n+++\n\n{GATES}\n\n{}\n", blocks.join("\n\n"))
        };
        let read = |text: &str| {
            parse_entry("content/quell/e.md", Slug::parse("quell").unwrap(), text).0.unwrap()
        };
        let (keep, goes, base) = (file("a", &[], &own), file("b", &lines, &blocks), file("b", &[], &[]));
        let (one, other, old) = (read(&keep), read(&goes), read(&base));
        let joined = join(
            Side { entry: &one, text: &keep },
            Side { entry: &other, text: &goes },
            Some(Side { entry: &old, text: &base }),
        );
        let joined = joined.map_err(|problem| TestCaseError::fail(problem.to_string()))?;
        prop_assert!(joined.contains(GATES));
        let plain = |line: &str| {
            let line = line.trim_start_matches(['>', ' ']).replace("[^", "[");
            line.split("-2]").collect::<Vec<_>>().join("]")
        };
        let there: BTreeSet<String> = joined.lines().map(plain).collect();
        let all = own.iter().chain(&blocks).flat_map(|block| block.lines());
        for line in all.chain(lines.iter().map(String::as_str)) {
            // A list that both have is one list.
            if line.starts_with("warnings") {
                let word = line.split('"').nth(1).unwrap_or_default();
                prop_assert!(read(&joined).warnings.iter().any(|known| known == word));
                continue;
            }
            let stands = there.iter().any(|known| known.split("-3]").collect::<Vec<_>>().join("]") == plain(line));
            prop_assert!(stands, "{line}\n{joined}");
        }
    }
}
