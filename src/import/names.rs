//! Words that are the names of persons, by their shape.

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
