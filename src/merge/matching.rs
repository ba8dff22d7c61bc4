//! Which entry of a dump is which that stands in the archive already.
//!
//! The surest pairs are made first, over the whole dump, so that a new entry cannot take the place
//! of an old one that only comes later in the dump.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::Entry;
use crate::markdown::publisher_text;

/// The share of the shorter text's words that two texts must have in common to be one text that
/// was changed, in hundredths.
const ALIKE: usize = 60;

/// Returns for each new entry the place of the known one that it is, if it is one.
///
/// In this order: the same stamp, title and words; the same stamp and title, and, where there is
/// no stamp, words that are alike; the same stamp and words that are alike under another title.
pub(super) fn pair(new: &[Entry], known: &[&Entry]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; new.len()];
    let mut free: BTreeSet<usize> = (0..known.len()).collect();
    let words: Vec<BTreeSet<String>> = known.iter().map(|entry| words_of(entry)).collect();
    for rule in [same, same_head, same_stamp] {
        let mut by_stamp: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for at in &free {
            by_stamp.entry(stamp(known[*at])).or_default().push(*at);
        }
        for (entry, pair) in new.iter().zip(&mut pairs).filter(|(_, pair)| pair.is_none()) {
            let candidates = by_stamp.get_mut(stamp(entry));
            let found = candidates.and_then(|list| {
                let at = list.iter().position(|at| rule(entry, known[*at], &words[*at]))?;
                Some(list.remove(at))
            });
            if let Some(at) = found {
                free.remove(&at);
                *pair = Some(at);
            }
        }
    }
    pairs
}

fn stamp(entry: &Entry) -> &str {
    entry.source.as_ref().map_or("", |source| source.stated.as_str())
}

fn same(new: &Entry, known: &Entry, _: &BTreeSet<String>) -> bool {
    new.title == known.title && new.body == known.body
}

fn same_head(new: &Entry, known: &Entry, words: &BTreeSet<String>) -> bool {
    new.title == known.title && (!stamp(new).is_empty() || alike(&words_of(new), words))
}

fn same_stamp(new: &Entry, known: &Entry, words: &BTreeSet<String>) -> bool {
    if stamp(new).is_empty() { new.body == known.body } else { alike(&words_of(new), words) }
}

fn words_of(entry: &Entry) -> BTreeSet<String> {
    publisher_text(&entry.body).split_whitespace().map(str::to_lowercase).collect()
}

fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let fewer = one.len().min(other.len());
    fewer > 0 && one.intersection(other).count() * 100 >= fewer * ALIKE
}
