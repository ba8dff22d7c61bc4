//! Entries of different dumps that may be one post: proposed by the words that they share, never
//! joined by themselves.
//!
//! Each entry is the set of all runs of three words in it. Entries are never compared with all others:
//! of each, the rarest few runs, as chance (a hash) draws them, lead to those that have them too.

mod join;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Id, Slug, TitleBasis};
use crate::markdown::publisher_text;

pub use join::{Side, join};

/// Where it stands which entries a curator found to be two.
pub const DIFFERENT: &str = ".archive/different.txt";

/// So many words make a run.
const RUN: usize = 3;
/// An entry with fewer runs says too little to be told from others.
const FEWEST: usize = 4;
/// So many runs of an entry lead to others.
const SKETCH: usize = 24;
/// A run that more entries have leads nowhere: "stay with us for the latest".
const COMMON: u16 = 500;
/// Of the entries that share a run, all are compared where they are so many…
const GROUP: usize = 16;
/// …and else each with so many behind it.
const NEXT: usize = 8;
/// Two entries of one dump are two posts, unless they are as like as this.
const SAME_DUMP: f64 = 0.95;
/// What the score is taken by where the two are of different days.
const OTHER_DAY: f64 = 0.8;

/// Two entries that may be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// How much of their words they share: 1 for all.
    pub score: f64,
    /// The earlier entry.
    pub a: usize,
    /// The later one, or one without a date.
    pub b: usize,
}

/// Which pairs are wanted.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The least score.
    pub min: f64,
    /// A story that one of the two has to be in.
    pub story: Option<&'a Slug>,
    /// Pairs that a curator found to be two, the smaller id first.
    pub different: &'a BTreeSet<(Id, Id)>,
}

/// Returns the pairs of entries that may be one, the likeliest first.
pub fn find(entries: &[Entry], wanted: &Wanted<'_>) -> Vec<Pair> {
    let sets: Vec<Vec<u32>> = entries.par_iter().map(runs).collect();
    let different = resolved(entries, wanted.different);
    let mut pairs: Vec<Pair> = candidates(&sets)
        .into_par_iter()
        .filter_map(|(a, b)| {
            let (one, other) = (entries.get(a)?, entries.get(b)?);
            let in_story =
                wanted.story.is_none_or(|story| one.story == *story || other.story == *story);
            if !in_story || different.contains(&(a, b)) {
                return None;
            }
            let mut score = likeness(&sets[a], &sets[b]);
            if dumps(one).any(|dump| dumps(other).any(|there| there == dump)) && score < SAME_DUMP {
                return None;
            }
            if one.when.day().zip(other.when.day()).is_some_and(|(one, other)| one != other) {
                score *= OTHER_DAY;
            }
            // The earlier one first, as far as they are dated.
            let (a, b) = if key(one) <= key(other) { (a, b) } else { (b, a) };
            (score >= wanted.min).then_some(Pair { score, a, b })
        })
        .collect();
    pairs.sort_by(|x, y| {
        y.score.total_cmp(&x.score).then_with(|| {
            (&entries[x.a].id, &entries[x.b].id).cmp(&(&entries[y.a].id, &entries[y.b].id))
        })
    });
    pairs
}

/// What tells the earlier of two entries.
fn key(entry: &Entry) -> (bool, Option<NaiveDateTime>, &Id) {
    let earliest = entry.when.earliest();
    (earliest.is_none(), earliest, &entry.id)
}

/// The dumps that have an entry.
fn dumps(entry: &Entry) -> impl Iterator<Item = &str> {
    entry.source.iter().chain(&entry.witnesses).map(|source| source.dump.as_str())
}

/// The places of entries that were found to be two, the earlier first; an id may have become an alias.
fn resolved(entries: &[Entry], different: &BTreeSet<(Id, Id)>) -> BTreeSet<(usize, usize)> {
    if different.is_empty() {
        return BTreeSet::new();
    }
    let named: BTreeMap<&Id, usize> = entries
        .iter()
        .enumerate()
        .flat_map(|(ix, entry)| entry.aliases.iter().chain([&entry.id]).map(move |name| (name, ix)))
        .collect();
    let place = |id: &Id| named.get(id).copied();
    different
        .iter()
        .filter_map(|(a, b)| Some((place(a)?, place(b)?)))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect()
}

/// The runs of three words in an entry, each as a number, sorted. None where it is withdrawn, or says
/// too little.
fn runs(entry: &Entry) -> Vec<u32> {
    if entry.withdrawn.is_some() {
        return Vec::new();
    }
    let mut text = publisher_text(&entry.body);
    if entry.title_basis == TitleBasis::Stated {
        text.insert(0, '\n');
        text.insert_str(0, &entry.title);
    }
    let words = words(&text.to_lowercase());
    let mut runs: Vec<u32> = words
        .windows(RUN)
        .map(|run| {
            let bytes: Vec<u8> = run.iter().flat_map(|word| word.to_le_bytes()).collect();
            u32::try_from(xxh3_64(&bytes) >> 32).unwrap_or_default()
        })
        .collect();
    runs.sort_unstable();
    runs.dedup();
    if runs.len() < FEWEST { Vec::new() } else { runs }
}

/// The words of a text as numbers. In scripts that leave no blanks between words, each sign counts as
/// one.
fn words(text: &str) -> Vec<u64> {
    let mut list = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let unspaced = |c: char| matches!(c, '\u{e00}'..='\u{eff}' | '\u{2e80}'..='\u{9fff}');
        if word.contains(unspaced) {
            let signs = word.char_indices().map(|(at, c)| &word[at..at + c.len_utf8()]);
            list.extend(signs.map(|sign| xxh3_64(sign.as_bytes())));
        } else {
            list.push(xxh3_64(word.as_bytes()));
        }
    }
    list
}

/// Twice the runs that both have, beside all of both: Dice's coefficient.
#[expect(clippy::cast_precision_loss, reason = "no entry has 2^52 words")]
fn likeness(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut shared) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
        }
    }
    let all = a.len() + b.len();
    if all == 0 { 0.0 } else { 2.0 * shared as f64 / all as f64 }
}

/// The pairs that are worth a look, the earlier entry first.
fn candidates(sets: &[Vec<u32>]) -> Vec<(usize, usize)> {
    let total: usize = sets.iter().map(Vec::len).sum();
    // How many entries have a run, counted in a table of fixed size: two runs that share a place only
    // count as more common than they are.
    let bits = (total * 4).next_power_of_two().clamp(1 << 12, 1 << 25).trailing_zeros();
    let place = |run: u32| usize::try_from(u64::from(run) >> (32 - bits)).unwrap_or_default();
    let mut counts = vec![0_u16; 1 << bits];
    for run in sets.iter().flatten() {
        let count = &mut counts[place(*run)];
        *count = count.saturating_add(1);
    }
    let scrambled =
        |run: u32| run.wrapping_mul(0x9E37_79B1).rotate_left(15).wrapping_mul(0x85EB_CA77);
    let mut index: Vec<(u32, u32)> = sets
        .par_iter()
        .enumerate()
        .flat_map_iter(|(ix, set)| {
            let mut rare: Vec<u32> = set
                .iter()
                .filter(|run| counts[place(**run)] <= COMMON)
                .map(|run| scrambled(*run))
                .collect();
            rare.sort_unstable();
            rare.truncate(SKETCH);
            if !set.is_empty() {
                // All of it as one: the same words are found however common they are.
                let bytes: Vec<u8> = set.iter().flat_map(|run| run.to_le_bytes()).collect();
                rare.push(u32::try_from(xxh3_64(&bytes) >> 32).unwrap_or_default());
            }
            rare.into_iter().map(move |run| (run, u32::try_from(ix).unwrap_or(u32::MAX)))
        })
        .collect();
    index.par_sort_unstable();
    index.dedup();
    let mut pairs: Vec<(u32, u32)> = index
        .par_chunk_by(|a, b| a.0 == b.0)
        .flat_map_iter(|group| {
            let reach = if group.len() <= GROUP { GROUP } else { NEXT };
            group.iter().enumerate().flat_map(move |(at, (_, a))| {
                group[at + 1..].iter().take(reach).map(move |(_, b)| (*a, *b))
            })
        })
        .collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs.into_iter().map(|(a, b)| (a as usize, b as usize)).collect()
}

/// Reads the list of pairs that are two: a line a pair, of two ids.
pub fn parse_different(text: &str) -> (BTreeSet<(Id, Id)>, Vec<Diagnostic>) {
    let (mut pairs, mut problems) = (BTreeSet::new(), Vec::new());
    for (at, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        let ids: Vec<_> = line.split_whitespace().map(Slug::parse).collect();
        match ids.as_slice() {
            [] => {}
            [Ok(a), Ok(b)] => {
                pairs.insert((a.min(b).clone(), a.max(b).clone()));
            }
            _ => problems.push(
                Diagnostic::error(
                    DIFFERENT,
                    at + 1,
                    format!("`{}`, expected two ids", line.trim()),
                )
                .hint(
                    "remove the line, and mark the pair again: archive duplicates --different A B",
                ),
            ),
        }
    }
    (pairs, problems)
}

/// Adds a pair to the text of the list, all else in it untouched.
pub fn add_different(text: &str, a: &Id, b: &Id) -> String {
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{gap}{} {}\n", a.min(b), a.max(b))
}

#[cfg(test)]
#[path = "twins/tests.rs"]
mod tests;
