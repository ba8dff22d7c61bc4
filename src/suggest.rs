//! A vocabulary proposed from the names that recur in the entries. Pure.
//!
//! A name is a run of words with capitals ("Red Cross"), small words allowed between them
//! ("Committee of the Red Cross"). A capital that only ever opens a sentence tells nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::{Entry, Tag};
use crate::markdown::publisher_text;
use crate::vocabulary::{Matcher, slug_of};
use crate::words::Words;

/// A name that recurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The name as it is spelled.
    pub name: String,
    /// How many entries hold it.
    pub entries: usize,
    /// A longer name that ends in this one and recurs too: the two may be one subject.
    pub within: Option<String>,
}

/// The fewest entries that a name has to stand in.
const FEWEST: usize = 2;
/// The longest name, in words.
const LONGEST: usize = 6;
/// Small words that may stand inside a name.
const JOINTS: &[&str] =
    &["of", "the", "for", "and", "de", "la", "du", "al", "el", "bin", "von", "van"];
/// Words with capitals that are no subject by themselves; so are the names of months and days.
const NO_NAMES: &[&str] = &[
    "I", "Mr", "Mrs", "Ms", "Dr", "Sir", "GMT", "BST", "The", "A", "An", "It", "He", "She", "They",
    "We", "You", "In", "On", "At", "But", "And", "If", "This", "That", "Credit",
];

fn is_no_name(word: &str) -> bool {
    // "Dec." and "Sept." are months as well.
    let short =
        |name: &str| name == word || (3..=4).contains(&word.len()) && name.starts_with(word);
    let english = Words::english();
    let names = english.names("date.months").iter().chain(english.names("date.weekdays"));
    NO_NAMES.contains(&word) || names.map(String::as_str).any(short)
}

/// Proposes tags: names that recur and that the vocabulary does not hold yet, the most frequent
/// first.
pub fn suggest(entries: &[Entry], known: &[Tag]) -> Vec<Suggestion> {
    let texts: Vec<String> = entries.iter().map(|entry| publisher_text(&entry.body)).collect();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for text in &texts {
        names.extend(text.lines().flat_map(names_in));
    }
    let held = Matcher::new(known);
    // Those that only a person gives are not met in texts.
    let told: BTreeSet<&String> =
        known.iter().flat_map(|tag| std::iter::once(&tag.name).chain(&tag.synonyms)).collect();
    names.retain(|name| !told.contains(name) && held.find(name).is_empty());
    let tags: Vec<Tag> = names.into_iter().filter_map(candidate).collect();
    let matcher = Matcher::new(&tags);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (entry, text) in entries.iter().zip(&texts) {
        for tag in matcher.find(&format!("{}\n{text}", entry.title)) {
            *counts.entry(&tag.name).or_default() += 1;
        }
    }
    let recurring: BTreeMap<&str, usize> =
        counts.into_iter().filter(|(_, count)| *count >= FEWEST).collect();
    let mut list: Vec<Suggestion> = recurring
        .iter()
        .map(|(name, entries)| {
            let ending = format!(" {name}");
            let within = recurring.keys().find(|other| other.ends_with(&ending));
            Suggestion {
                name: (*name).to_string(),
                entries: *entries,
                within: within.map(ToString::to_string),
            }
        })
        .collect();
    list.sort_by(|a, b| b.entries.cmp(&a.entries).then_with(|| a.name.cmp(&b.name)));
    let mut slugs = BTreeSet::new();
    list.retain(|suggestion| slug_of(&suggestion.name).is_some_and(|slug| slugs.insert(slug)));
    list
}

/// Writes a proposal as a `tags.toml`.
pub fn print(list: &[Suggestion], entries: usize) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "# Proposed from names that recur in {entries} entries. Strike out what is no subject, join what is\n# one (synonyms = [\"…\"]), say what is part of what (broader = \"…\"); then run `archive tag`.\n"
    );
    for suggestion in list {
        let _ = write!(
            text,
            "\n[[tag]]\nname = {}  # {} entries",
            crate::keys::quoted(&suggestion.name),
            suggestion.entries
        );
        if let Some(within) = &suggestion.within {
            let _ = write!(text, "; perhaps a short form of {within}");
        }
        text.push('\n');
    }
    text
}

fn candidate(name: String) -> Option<Tag> {
    let slug = slug_of(&name)?;
    Some(Tag::named(name, slug))
}

/// The names in one block of text that are not only names because they open a sentence.
fn names_in(block: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    let mut opens = true;
    let mut run_opens = true;
    for word in block.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
        let before = word.starts_with(|c: char| !c.is_alphanumeric());
        let after = word.ends_with(|c: char| !c.is_alphanumeric());
        if before {
            finish(&mut run, run_opens, &mut names);
        }
        if is_capital(bare) {
            if run.is_empty() {
                run_opens = opens || before;
            }
            run.push(bare);
        } else if !run.is_empty() && JOINTS.contains(&bare) && !after {
            run.push(bare);
        } else {
            finish(&mut run, run_opens, &mut names);
        }
        let possessive = word.len() > bare.len() && !bare.is_empty();
        if after || possessive {
            finish(&mut run, run_opens, &mut names);
        }
        opens = word.ends_with(['.', '!', '?', ':', '"', '”', '–', '-']);
    }
    finish(&mut run, run_opens, &mut names);
    names
}

/// A word that begins with a capital and holds a small letter, or is an abbreviation.
fn is_capital(word: &str) -> bool {
    // "al-Assad" is as much a name as "Assad".
    let head = word.strip_prefix("al-").or_else(|| word.strip_prefix("el-")).unwrap_or(word);
    let first = head.chars().next().is_some_and(char::is_uppercase);
    first && head.chars().count() > 1 && !word.contains('/')
}

/// Ends a run of words: takes off what is no part of a name, and keeps what is left.
fn finish(run: &mut Vec<&str>, opens: bool, names: &mut Vec<String>) {
    let mut opens = opens;
    while run.last().is_some_and(|word| JOINTS.contains(word) || is_no_name(word)) {
        run.pop();
    }
    while run.first().is_some_and(|word| JOINTS.contains(word) || is_no_name(word)) {
        run.remove(0);
        opens = false;
    }
    // In "Thousands of Syrians fled", only the place in the sentence makes the first word a name.
    if opens && run.len() > 2 && JOINTS.contains(&run[1]) {
        run.drain(..2);
        opens = false;
    }
    // The first word of a sentence has its capital from there; several in a row are a name.
    let tells = run.len() > 1 || !opens;
    if !run.is_empty() && run.len() <= LONGEST && tells {
        names.push(run.join(" "));
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse_entry;
    use crate::entry::Slug;

    fn entries(bodies: &[&str]) -> Vec<Entry> {
        let story = Slug::parse("s").unwrap();
        let parse = |(at, body): (usize, &&str)| {
            let text = format!("+++\nid = \"e-{at}\"\ntitle = \"T\"\n+++\n{body}\n");
            parse_entry("e.md", story.clone(), &text).0.unwrap()
        };
        bodies.iter().enumerate().map(parse).collect()
    }

    fn names(bodies: &[&str]) -> Vec<String> {
        suggest(&entries(bodies), &[])
            .into_iter()
            .map(|s| format!("{} {}", s.name, s.entries))
            .collect()
    }

    #[test]
    fn names_that_recur_are_proposed_with_their_counts() {
        let bodies = [
            "Rain fell on Quell. The head of the River Board, Ana Okoro, spoke.",
            "Later the River Board met. Ms Okoro said that Quell's people were safe.",
            "Nothing happened. However, it rained in Quell.",
        ];
        assert_eq!(names(&bodies), ["Quell 3", "Okoro 2", "River Board 2"]);
    }

    #[test]
    fn a_capital_that_opens_a_sentence_is_no_name() {
        assert_eq!(
            names(&["Rain fell. Rain again.", "Rain. “Rain,” he said on Monday."]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_the_vocabulary_holds_is_not_proposed_again() {
        let entries = entries(&["The town of Quell.", "The dam above Quell."]);
        let known = crate::vocabulary::parse("[[tag]]\nname = \"Quell\"\n").0;
        assert_eq!(suggest(&entries, &known), []);
    }

    #[test]
    fn a_proposal_is_a_vocabulary() {
        let list = suggest(
            &entries(&["By Ana Okoro in Quell.", "With Okoro, and Ana Okoro of Quell."]),
            &[],
        );
        let (tags, problems) = crate::vocabulary::parse(&print(&list, 2));
        assert_eq!(problems, []);
        assert_eq!(tags.len(), list.len());
    }
}
