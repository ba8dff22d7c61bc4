//! What words are by their looks alone: a title, the name of a person.

use crate::format::Shape;

/// The names of all who wrote an entry are no longer than this, in bytes.
const LONGEST_NAMES: usize = 300;

/// Whether a word could be a part of a name.
fn could_be_named(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        || matches!(word, "de" | "van" | "von" | "al" | "bin" | "da")
}

/// Whether words look like a person's name: two to four, each with a capital, no marks.
pub(in crate::import) fn is_name(words: &str) -> bool {
    words.len() <= 40
        && (2..=4).contains(&words.split(' ').count())
        && words.split(' ').all(could_be_named)
        && words.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'))
        && !words.ends_with('.')
}

/// Whether words look like the names of persons: "A B", "A B and C D", "A B, C D and E F".
pub(super) fn are_names(words: &str) -> bool {
    words.len() <= LONGEST_NAMES
        // Most paragraphs go on in lower case, and need not be cut up.
        && words.split(' ').take(2).all(could_be_named)
        && words.split(", ").flat_map(|part| part.split(" and ")).all(is_name)
}

/// Whether a line could be a title, by itself.
pub(super) fn looks_like_title(text: &str, shape: &Shape) -> bool {
    // "(See 1.44pm.)" ends a sentence, too.
    let inner = text.trim_end_matches([')', ']']);
    let ends = inner.ends_with(|c| shape.never_ends_in.contains(c));
    text.chars().nth(shape.longest).is_none()
        && (!ends || text.ends_with("...") || ends_in_abbreviation(inner))
        && text.chars().any(char::is_alphabetic)
        && !text.starts_with(char::is_lowercase)
        // "-Curious" is who asks.
        && (!text.starts_with(['-', '–', '—']) || text.ends_with(['-', '–', '—']))
}

/// Whether the last word is letters with a full stop each, which need not end a sentence: "a.m.".
pub(super) fn ends_in_abbreviation(text: &str) -> bool {
    let word = text.rsplit(' ').next().unwrap_or_default();
    let mut pairs = word.as_bytes().chunks(2);
    word.len() >= 4 && pairs.all(|pair| pair[0].is_ascii_alphabetic() && pair.get(1) == Some(&b'.'))
}
