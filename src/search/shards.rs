//! Which words share a file: neighbours in the alphabet, as many as fit.
//!
//! Words are cut where their first letters part, and cut again where too much is left. So a new word
//! changes its own file and at most those beside it.

use std::cmp::Ordering;

/// No cut is made behind so many letters.
const DEEPEST: usize = 12;

/// Words that share a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// What its words begin with or come after; the file's name is made of it.
    pub from: String,
    /// Where its first word stands in the list.
    pub start: usize,
    /// How much its words hold together.
    weight: usize,
}

/// The order of words as a browser compares them, by UTF-16.
pub fn order(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// Cuts words, sorted by [`order`] and each with what it weighs, into shards of at most `most` where
/// that can be.
pub fn cut(words: &[(&str, usize)], most: usize) -> Vec<Shard> {
    let mut shards = part(words, 0, 0, most);
    if let Some(first) = shards.first_mut() {
        first.from.clear();
    }
    shards
}

fn part(words: &[(&str, usize)], start: usize, depth: usize, most: usize) -> Vec<Shard> {
    let weight = words.iter().map(|(_, weight)| weight).sum();
    let Some((first, _)) = words.first() else { return Vec::new() };
    if weight <= most || depth == DEEPEST || words.len() == 1 {
        let from = first.chars().take(depth).collect();
        return vec![Shard { from, start, weight }];
    }
    let mut shards: Vec<Shard> = Vec::new();
    let mut at = start;
    // Whether the last shard may take in more: not what had to be cut itself, so that a cut moves none
    // of the others.
    let mut is_open = false;
    for alike in words.chunk_by(|(a, _), (b, _)| a.chars().nth(depth) == b.chars().nth(depth)) {
        let parts = part(alike, at, depth + 1, most);
        at += alike.len();
        match (shards.last_mut(), parts.as_slice()) {
            (Some(last), [only]) if is_open && last.weight + only.weight <= most => {
                last.weight += only.weight;
            }
            _ => {
                is_open = parts.len() == 1;
                shards.extend(parts);
            }
        }
    }
    if let Some(shard) = shards.first_mut() {
        shard.from = first.chars().take(depth).collect();
    }
    shards
}

/// Returns the name of the file of a shard: small letters and figures as they are, others by their
/// UTF-16 in hexadecimals. The hyphen keeps it from being a name that Windows reserves.
pub fn name(from: &str) -> String {
    use std::fmt::Write as _;
    let mut name = String::new();
    for unit in from.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii_lowercase() || byte.is_ascii_digit() => {
                name.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => _ = write!(name, "_{unit:04x}"),
        }
    }
    name.push('-');
    name
}

/// Returns the shard that a word belongs to.
pub fn find(shards: &[Shard], word: &str) -> usize {
    let after = shards.partition_point(|shard| order(&shard.from, word) != Ordering::Greater);
    after.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_words(words: &[&str], most: usize) -> Vec<String> {
        let words: Vec<(&str, usize)> = words.iter().map(|word| (*word, 10)).collect();
        let shards = cut(&words, most);
        for (word, _) in &words {
            let found = find(&shards, word);
            let at = words.iter().position(|(other, _)| other == word).unwrap();
            let end = shards.get(found + 1).map_or(words.len(), |shard| shard.start);
            assert!((shards[found].start..end).contains(&at), "{word}");
        }
        shards.into_iter().map(|shard| shard.from).collect()
    }

    #[test]
    fn words_are_cut_where_their_letters_part() {
        let words = ["a", "ab", "abc", "b", "ba", "c", "ca", "cab", "cac"];
        assert_eq!(cut_words(&words, 1000), [""]);
        assert_eq!(cut_words(&words, 30), ["", "b", "c", "ca"]);
        assert_eq!(cut_words(&[], 30), Vec::<String>::new());
        assert_eq!(cut_words(&["a"; 1], 1), [""]);
    }

    #[test]
    fn a_new_word_changes_only_what_is_beside_it() {
        let words = ["aa", "ab", "ba", "bb", "bc", "ca", "cb", "da", "db"];
        let more = ["aa", "ab", "ba", "bb", "bba", "bc", "ca", "cb", "da", "db"];
        assert_eq!(cut_words(&words, 30), ["", "b", "c", "d"]);
        assert_eq!(cut_words(&more, 30), ["", "b", "bc", "c", "d"]);
    }

    #[test]
    fn names_are_safe_everywhere() {
        assert_eq!(name(""), "-");
        assert_eq!(name("con"), "con-");
        assert_eq!(name("@тег"), "_0040_0442_0435_0433-");
        assert_eq!(name("\u{1f30a}"), "_d83c_df0a-");
    }

    #[test]
    fn the_order_is_that_of_the_browser() {
        assert_eq!(order("\u{1f30a}", "\u{fb01}"), Ordering::Less);
    }
}
