//! Words that a redaction took out and that still stand elsewhere in the entry.

use std::collections::BTreeSet;

use super::Evidence;
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Slug};
use crate::voices;

/// The fewest letters of a word that gives something away by itself.
const SHORTEST: usize = 3;
/// Words with a capital that give nothing away.
const PLAIN: [&str; 24] = [
    "The", "This", "That", "These", "Those", "And", "But", "For", "His", "Her", "She", "They",
    "Their", "There", "Then", "When", "Who", "What", "Mrs", "Miss", "Sir", "You", "Not", "One",
];

/// Returns every place where words that a redaction stands for are still to be read.
pub(super) fn run(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for entry in &evidence.plan.archive.entries {
        let Some(base) = evidence.bases.get(&entry.id) else { continue };
        if !voices::has_redaction(entry) {
            continue;
        }
        let words: BTreeSet<String> =
            voices::redacted_words(base, entry).iter().flat_map(|words| telling(words)).collect();
        let mut told = BTreeSet::new();
        let story =
            evidence.plan.archive.stories.iter().find(|group| group.story.slug == entry.story);
        for word in &words {
            if let Some(group) = story {
                let story = &group.story;
                let mut texts = story.summary.iter().chain([&story.title, &story.body]);
                if texts.any(|text| stands_in(text, word)) && told.insert(("story", 0)) {
                    found.push(
                        Diagnostic::warning(
                            &story.file,
                            0,
                            format!(
                                "`{word}` was taken out of {} and still stands in its story",
                                entry.id
                            ),
                        )
                        .hint("take it out there too, with {{redacted: …}}"),
                    );
                }
            }
            for (place, line) in places(entry, word) {
                // A name is told once, not for each of its parts.
                if told.insert((place, line)) {
                    found.push(problem(entry, word, place, line));
                }
            }
        }
    }
    found
}

fn problem(entry: &Entry, word: &str, place: &str, line: usize) -> Diagnostic {
    let message = format!("`{word}` was taken out of the entry and still stands in its {place}");
    let hint = match place {
        "id" | "aliases" => {
            "give the entry another id, without the old one among its aliases: the old address has to go with the words"
        }
        "file name" => "rename the file; an import finds it by its id",
        "tags" => "take the tag away",
        _ => "take it out there too, with {{redacted: …}}",
    };
    Diagnostic::warning(&entry.file, line, message).hint(hint)
}

/// What gives away what was taken out: all of the words together, and those that look like names or
/// numbers.
fn telling(words: &str) -> Vec<String> {
    let whole = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole = whole.trim_matches(|c: char| !c.is_alphanumeric()).to_string();
    let single = whole.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        let capital = word.chars().next().is_some_and(|c| !c.is_lowercase());
        capital && word.chars().count() >= SHORTEST && !PLAIN.contains(word)
    });
    let mut list: Vec<String> = single.map(str::to_string).collect();
    if whole.chars().count() >= SHORTEST {
        list.push(whole);
    }
    list
}

/// Where in an entry words still stand: what that place is called, and its line if it is known.
fn places(entry: &Entry, words: &str) -> Vec<(&'static str, usize)> {
    let mut places = Vec::new();
    let in_text = |text: &str| stands_in(text, words);
    if in_text(&entry.title) {
        places.push(("title", 0));
    }
    let slug = Slug::from_words(words, Slug::LONGEST);
    let in_name = |name: &str| {
        slug.as_ref().is_some_and(|slug| format!("-{name}-").contains(&format!("-{slug}-")))
    };
    if in_name(entry.id.as_str()) {
        places.push(("id", 0));
    }
    if entry.aliases.iter().any(|alias| in_name(alias.as_str())) {
        places.push(("aliases", 0));
    }
    let file = entry.file.rsplit('/').next().unwrap_or_default().trim_end_matches(".md");
    if in_name(file) {
        places.push(("file name", 0));
    }
    if entry.tags.iter().any(|tag| in_text(tag)) {
        places.push(("tags", 0));
    }
    if entry.authors.iter().any(|name| in_text(name)) {
        places.push(("authors", 0));
    }
    let reasons = entry.accepted.iter().map(|accepted| &accepted.because);
    if reasons.chain([&entry.date_because]).any(|reason| in_text(reason)) {
        places.push(("reasons", 0));
    }
    let lines = entry.body.lines().enumerate().filter(|(_, line)| in_text(line));
    places.extend(lines.map(|(at, _)| ("body", entry.body_line + at)));
    // Words may go on in the next line.
    let body = entry.body.split_whitespace().collect::<Vec<_>>().join(" ");
    if !places.iter().any(|(place, _)| *place == "body") && in_text(&body) {
        places.push(("body", entry.body_line));
    }
    places
}

/// Whether words stand in a text as whole words, in any case.
fn stands_in(text: &str, words: &str) -> bool {
    let (text, words) = (text.to_lowercase(), words.to_lowercase());
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(&words).any(|(at, found)| {
        !is_letter(text[..at].chars().next_back())
            && !is_letter(text[at + found.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_and_small_words_do_not() {
        assert_eq!(telling("Jane Doe"), ["Jane", "Doe", "Jane Doe"]);
        assert_eq!(telling("the boy"), ["the boy"]);
        assert_eq!(telling("The 2031, of"), ["2031", "The 2031, of"]);
        assert!(stands_in("And jane doe's", "Jane Doe") && !stands_in("Janet", "Jane"));
    }
}
