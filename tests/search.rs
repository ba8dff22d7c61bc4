//! The files behind the search page: what stands in them, what does not, and how few change.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::collections::BTreeMap;
use std::io::Read as _;

use base64::Engine as _;
use common::{Desk, assert_same, bytes};
use flate2::read::DeflateDecoder;
use serde_json::Value;

fn built(desk: &Desk) -> BTreeMap<String, String> {
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
    let files = bytes(&desk.root().join("public"));
    let files = files.into_iter().filter(|(name, _)| name.starts_with("search"));
    files.map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

/// The value that a file of the index hands over.
fn value(files: &BTreeMap<String, String>, name: &str) -> Value {
    let text = &files[&format!("search/{name}.js")];
    let call = text.strip_prefix("archiveSearch(").unwrap().strip_suffix(");\n").unwrap();
    let both: Value = serde_json::from_str(&format!("[{call}]")).unwrap();
    assert_eq!(both[0], name);
    both[1].clone()
}

/// All that is shown of entries, by address.
fn shown(files: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
    let names = files.keys().filter_map(|name| name.strip_prefix("search/")?.strip_suffix(".js"));
    let mut all = BTreeMap::new();
    for name in names.filter(|name| name.starts_with("entries/")) {
        let packed = value(files, name);
        let packed = base64::engine::general_purpose::STANDARD.decode(packed.as_str().unwrap());
        let mut text = String::new();
        DeflateDecoder::new(packed.unwrap().as_slice()).read_to_string(&mut text).unwrap();
        let entries: Vec<Value> = serde_json::from_str(&text).unwrap();
        all.extend(
            entries.into_iter().map(|entry| (entry[1].as_str().unwrap().to_string(), entry)),
        );
    }
    all
}

/// Everything that the index says, in small letters.
fn everything(files: &BTreeMap<String, String>) -> String {
    let shown: Vec<String> = shown(files).values().map(ToString::to_string).collect();
    let all: Vec<&str> = files.values().chain(&shown).map(String::as_str).collect();
    all.join("\n").to_lowercase()
}

fn words(files: &BTreeMap<String, String>) -> Vec<String> {
    let names = files.keys().filter_map(|name| name.strip_prefix("search/")?.strip_suffix(".js"));
    let mut all = Vec::new();
    for name in names.filter(|name| name.starts_with("words/")) {
        for group in value(files, name)[0].as_array().unwrap() {
            let stem = group[0].as_str().unwrap();
            for form in &group.as_array().unwrap()[1..] {
                let form = form[0].as_str().unwrap();
                all.push(
                    form.strip_prefix('+').map_or(form.to_string(), |rest| format!("{stem}{rest}")),
                );
            }
        }
    }
    all
}

fn entry(desk: &Desk, id: &str, head: &str, body: &str) {
    let text = format!("+++\nid = \"{id}\"\ntitle = \"{id}\"\n{head}\n+++\n{body}\n");
    desk.write(&format!("content/quell-live/{id}.md"), text);
}

#[test]
fn every_page_leads_to_the_search_and_the_script_is_a_file() {
    let desk = Desk::imported();
    let files = built(&desk);
    let page = &files["search.html"];
    assert!(page.contains("<script src=\"search.js\" defer></script>"));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("<noscript>"));
    assert!(!files["search.js"].contains("innerHTML"));
    let entry = desk.read("public/entries/2031-04-02-0540-gates-opened.html");
    assert!(entry.contains("<a href=\"../search.html\">Search</a>"), "{entry}");
}

#[test]
fn words_and_what_is_shown_are_there() {
    let desk = Desk::imported();
    let files = built(&desk);
    let words = words(&files);
    for word in ["gates", "quell", "rained", "05", "waited"] {
        assert_eq!(words.iter().any(|other| other == word), word != "05", "{word}");
    }
    let shown = shown(&files);
    let gates = &shown["entries/2031-04-02-0540-gates-opened.html"];
    assert_eq!(gates[2], "Gates opened");
    assert_eq!(gates[4], "Wednesday 2 April 2031");
    assert!(gates[10].as_str().unwrap().contains("Water filled the lower town."));
    let names = value(&files, "names");
    assert_eq!(names["story"][0][0], "quell-live");
}

#[test]
fn what_is_not_to_be_read_is_in_no_file() {
    let desk = Desk::imported();
    entry(&desk, "a", "warnings = [\"death\"]", "Zebrafish died.\n\n> [!NOTE]\n> Zebrafish again.");
    entry(&desk, "b", "", "Said {{redacted: a minor}} twice, \\{{redacted: kept}}.");
    entry(&desk, "c", "[withdrawn]\ndate = 2031-06-01\nbecause = \"asked for\"", "Quokka.");
    let made = "+++\nid = \"d\"\ntitle = \"Axolotl\"\ntitle_basis = \"made\"\nwarnings = [\"death\"]\n+++\nAxolotl.\n";
    desk.write("content/quell-live/d.md", made);
    entry(&desk, "e", "", "> [!WARNING]\n> Numbat ahead\n\nNumbats fell.");
    let files = built(&desk);
    let all = everything(&files);
    for word in ["zebrafish", "quokka", "axolotl", "numbats"] {
        assert!(!all.contains(word), "{word}");
    }
    let words = words(&files);
    let has = |word: &str| words.iter().any(|other| other == word);
    assert!(!has("minor") && has("twice") && has("death") && has("numbat"));
    let shown = shown(&files);
    assert_eq!(shown["entries/a.html"][9], "death");
    assert_eq!(shown["entries/a.html"][10], "");
    assert!(shown["entries/b.html"][10].as_str().unwrap().starts_with("Said [redacted] twice"));
}

#[test]
fn the_curators_words_are_the_curators() {
    let desk = Desk::imported();
    entry(&desk, "a", "", "Plain.[^1]\n\n> [!NOTE]\n> Wombat.\n\n[^1]: Kakapo.");
    let files = built(&desk);
    let groups = value(&files, "words/-");
    for word in ["wombat", "kakapo"] {
        let group = groups[0].as_array().unwrap().iter().find(|group| group[0] == word).unwrap();
        assert_eq!(group[1][1], "", "the publisher did not say {word}");
        assert!(!group[1][2].as_str().unwrap().is_empty());
    }
    assert_eq!(shown(&files)["entries/a.html"][10], "Plain.");
    assert!(files["search.html"].contains("id=\"notes\""));
}

#[test]
fn the_same_words_give_the_same_files_and_a_new_entry_changes_few() {
    let desk = Desk::imported();
    // Words that begin with every letter, so that they fill several files.
    let word =
        |n: usize| format!("{}{:03}", char::from(b'a' + u8::try_from(n % 26).unwrap()), n / 26);
    for n in 0..150 {
        let body: Vec<String> = (0..120).map(|k| word((n * 97 + k * 31) % 2600)).collect();
        let day = format!("date = 2031-{:02}-{:02}", n / 28 % 12 + 1, n % 28 + 1);
        entry(&desk, &format!("e{n}"), &day, &body.join(" "));
    }
    let before = built(&desk);
    assert!(before.len() > 40 && before.len() < 170, "{}", before.len());
    assert_same(&built(&desk), &before, "built again");
    let clean = desk.around().join("clean");
    assert_eq!(desk.run(&["build", "--output", clean.to_str().unwrap()]).code, 0);
    for (name, text) in &before {
        assert_eq!(*text, std::fs::read_to_string(clean.join(name)).unwrap(), "{name}");
    }
    entry(&desk, "new", "date = 2031-03-10T12:00:00Z", "Only a000 and b000.");
    let after = built(&desk);
    let changed: Vec<&String> = after
        .iter()
        .filter(|(name, text)| before.get(*name) != Some(text))
        .map(|(name, _)| name)
        .collect();
    assert!(changed.len() < 20, "of {} files {changed:?}", after.len());
}

#[test]
fn dates_that_are_not_certain_have_their_spans() {
    let desk = Desk::imported();
    assert!(!built(&desk).contains_key("search/spans.js"));
    entry(&desk, "a", "date = \"2031-05~\"", "About May.");
    entry(&desk, "b", "date = \"2031-05-01/..\"", "Since May.");
    let files = built(&desk);
    assert_eq!(value(&files, "index")["spans"], true);
    assert!(value(&files, "spans").as_str().unwrap().len() > 6);
}

#[test]
fn an_archive_without_entries_has_a_search_page() {
    let desk = Desk::new();
    let files = built(&desk);
    assert!(files["search.html"].contains("0 entries"));
    assert_eq!(value(&files, "index")["count"], 0);
}
