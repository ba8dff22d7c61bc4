//! The index of all words: which entries hold each, and where.
//!
//! Entries are read in the order of their numbers, some thousands at a time, and what they say is added
//! to the lists of its words; no text is kept. A list of words holds, for each entry, how far its number
//! is from the one before, times four, plus what the word weighs there. A list of places holds, for each
//! place, how far it is from the one before, times eight, plus four for the last of an entry, two where a
//! common word stands right before, one where one stands right behind; then the signs of these.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::lists::{Numbers, push, push_sign};
use super::shards::{self, Shard};
use super::words::{Stems, Token, fold, tokens};

/// What an entry says, as far as it can be found.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The publisher's title.
    pub title: String,
    /// The publisher's words.
    pub words: String,
    /// The curator's words.
    pub notes: String,
}

/// Whose words a list is of.
const PUBLISHER: usize = 0;
const CURATOR: usize = 1;

/// How much a file of words holds, in bytes, where its words can be parted.
const SHARD: usize = 8_000;
/// A list that is longer has files of its own, each of at most so many bytes.
const LONG: usize = 40_000;
/// Entries that are read at a time by one thread, and by all of them.
const CHUNK: usize = 512;
const ROUND: usize = 16 * CHUNK;
/// Words are told to be common only in an archive of so many entries.
pub const LARGE: usize = 8_192;
/// A word is common that stands in more than one of so many entries.
const ONE_OF: usize = 8;
/// The most common words, half as many as there are signs.
const COMMON: usize = 46;
/// The first place of the body: places before it are those of a title.
const BODY: u32 = 64;
/// An ending that so few words have lost is no ending.
const ENDING: usize = 3;
const ENDINGS: usize = 60;

/// What was found of one word in the words of one voice.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The entries.
    pub entries: String,
    /// The places in them.
    pub places: String,
    /// How many entries there are.
    pub count: usize,
    /// The parts of a long list, which is empty then.
    pub parts: Vec<Part>,
    last: u64,
}

/// A part of a long list.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The smallest number that can stand in it.
    pub from: u64,
    /// The entries.
    pub entries: String,
    /// The places in them.
    pub places: String,
}

/// A spelling of a word.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// As it is spelt, folded; of a facet, its name.
    pub word: String,
    /// The publisher's and the curator's use of it.
    pub lists: [List; 2],
}

/// Words of one stem; or a facet, which is one of its own.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The stem, or the key of the facet.
    pub stem: String,
    /// Its spellings, sorted.
    pub forms: Vec<Form>,
}

/// The index of an archive.
#[derive(Debug, Default)]
pub struct Index {
    /// All words, by stem.
    pub groups: Vec<Group>,
    /// Which of them share a file.
    pub shards: Vec<Shard>,
    /// Spellings that do not stand in the shard that they belong to by their letters: the shard by its
    /// place, the spelling, its stem.
    pub see: Vec<Vec<(String, String)>>,
    /// Words that stand in so many entries that they tell none apart, each with its sign.
    pub common: BTreeMap<String, u64>,
    /// What the stemmer cut from several words.
    pub endings: Vec<String>,
}

/// What a text is filed under beside its words: a key that no word can be, and a name for people.
pub type Facet = (String, String);

/// Makes the index. `numbers` are sorted; `text` gives what the entry at a place says, `facets` what it
/// is filed under.
pub fn index(
    numbers: &[u64],
    language: &str,
    text: impl Fn(usize) -> Text + Sync,
    facets: impl Fn(usize) -> Vec<Facet>,
) -> Index {
    let common = common(numbers, &text);
    let mut forms: HashMap<String, Found> = HashMap::new();
    for from in (0..numbers.len()).step_by(ROUND) {
        let round: Vec<usize> = (from..numbers.len().min(from + ROUND)).collect();
        let chunks: Vec<_> =
            round.par_chunks(CHUNK).map(|list| read(list, &text, &common)).collect();
        for (word, found) in chunks.into_iter().flatten() {
            if let Some(form) = forms.get_mut(&word) {
                form.add(found, numbers);
            } else {
                let mut form = Found::default();
                form.add(found, numbers);
                forms.insert(word, form);
            }
        }
    }
    let (mut groups, endings) = group(forms, &Stems::of(language));
    groups.extend(by_facet(numbers, facets));
    groups.sort_by(|a, b| shards::order(&a.stem, &b.stem));
    let weights: Vec<(&str, usize)> =
        groups.iter().map(|group| (group.stem.as_str(), weight(group))).collect();
    let shards = shards::cut(&weights, SHARD);
    let mut see = vec![Vec::new(); shards.len()];
    for group in groups.iter().filter(|group| !is_facet(&group.stem)) {
        let own = shards::find(&shards, &group.stem);
        for form in &group.forms {
            let by_letters = shards::find(&shards, &form.word);
            if by_letters != own {
                see[by_letters].push((form.word.clone(), group.stem.clone()));
            }
        }
    }
    for list in &mut see {
        list.sort();
    }
    Index { groups, shards, see, common, endings }
}

impl Index {
    /// Returns the words of a shard.
    pub fn shard(&self, at: usize) -> &[Group] {
        let end = self.shards.get(at + 1).map_or(self.groups.len(), |next| next.start);
        self.shards.get(at).map_or(&[], |shard| &self.groups[shard.start..end])
    }
}

/// Whether a key is that of a facet.
pub fn is_facet(key: &str) -> bool {
    key.starts_with('@')
}

/// What a group takes up in a file of words.
fn weight(group: &Group) -> usize {
    let of = |list: &List| list.entries.len() + 12 * list.parts.len();
    let forms = group.forms.iter();
    group.stem.len()
        + 8
        + forms
            .map(|form| 8 + form.word.len() + form.lists.iter().map(of).sum::<usize>())
            .sum::<usize>()
}

/// A word of an entry: its place, and the signs of common neighbours; 0 for none.
#[derive(Clone, Copy, Debug)]
struct Hit {
    entry: usize,
    place: u32,
    before: u8,
    behind: u8,
}

/// What was found of a spelling in some entries.
#[derive(Debug, Default)]
struct Hits {
    /// The first of its spellings in small letters, before folding; empty for one that has no other.
    small: Option<String>,
    voices: [Vec<Hit>; 2],
}

/// What was found of a spelling so far.
#[derive(Debug, Default)]
struct Found {
    small: Option<String>,
    lists: [List; 2],
}

/// The words that stand in very many entries, found in a few thousand entries that the numbers choose
/// by themselves; each with a sign that stays when another becomes common.
fn common(numbers: &[u64], text: &(impl Fn(usize) -> Text + Sync)) -> BTreeMap<String, u64> {
    if numbers.len() < LARGE {
        return BTreeMap::new();
    }
    let step = (numbers.len() / (LARGE / 2)).next_power_of_two() as u64;
    let sample: Vec<usize> = (0..numbers.len())
        .filter(|ix| numbers[*ix].wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40 & (step - 1) == 0)
        .collect();
    let none = BTreeMap::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (word, hits) in sample
        .par_chunks(CHUNK)
        .map(|list| read(list, text, &none))
        .collect::<Vec<_>>()
        .into_iter()
        .flatten()
    {
        let mut entries: Vec<usize> = hits.voices[PUBLISHER].iter().map(|hit| hit.entry).collect();
        entries.dedup();
        *counts.entry(word).or_default() += entries.len();
    }
    let mut often: Vec<(String, usize)> =
        counts.into_iter().filter(|(_, count)| count * ONE_OF > sample.len()).collect();
    often.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    often.truncate(COMMON);
    often.sort();
    let mut signs = BTreeMap::new();
    let mut taken = [false; 2 * COMMON];
    for (word, _) in often {
        let wanted =
            word.bytes().fold(7_usize, |sum, byte| (sum * 31 + usize::from(byte)) % taken.len());
        let free =
            (0..taken.len()).map(|step| (wanted + step) % taken.len()).find(|at| !taken[*at]);
        if let Some(at) = free {
            taken[at] = true;
            signs.insert(word, at as u64 + 1);
        }
    }
    signs
}

/// Reads some entries.
fn read(
    list: &[usize],
    text: &impl Fn(usize) -> Text,
    common: &BTreeMap<String, u64>,
) -> Vec<(String, Hits)> {
    let common: HashMap<&str, u8> = common
        .iter()
        .map(|(word, sign)| (word.as_str(), u8::try_from(*sign).unwrap_or(0)))
        .collect();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<(String, Hits)> = Vec::new();
    let mut word = String::new();
    let mut row: Vec<(usize, u32, u8)> = Vec::new();
    for entry in list {
        let text = text(*entry);
        for (voice, texts) in
            [(PUBLISHER, [&text.title, &text.words]), (CURATOR, [&text.notes, &text.notes])]
        {
            row.clear();
            let mut from = 0;
            for (at, text) in texts.into_iter().enumerate() {
                if voice == CURATOR && at > 0 {
                    break;
                }
                let next = tokens(text, |token| {
                    fold(token.word, &mut word);
                    if word.is_empty() {
                        return;
                    }
                    let ix = if let Some(ix) = places.get(word.as_str()) {
                        *ix
                    } else {
                        places.insert(word.clone(), found.len());
                        found.push((word.clone(), Hits::default()));
                        found.len() - 1
                    };
                    keep_spelling(&mut found[ix].1.small, &token, &word);
                    let sign = common.get(word.as_str()).copied().unwrap_or(0);
                    row.push((ix, from + token.place, sign));
                });
                from = (from + next + 1).max(BODY);
            }
            for (at, (ix, place, _)) in row.iter().enumerate() {
                let neighbour = |at: Option<usize>, wanted: u32| {
                    at.and_then(|at| row.get(at))
                        .filter(|other| other.1 == wanted)
                        .map_or(0, |other| other.2)
                };
                let hit = Hit {
                    entry: *entry,
                    place: *place,
                    before: neighbour(at.checked_sub(1), place.wrapping_sub(1)),
                    behind: neighbour(Some(at + 1), place + 1),
                };
                found[*ix].1.voices[voice].push(hit);
            }
        }
    }
    found
}

/// Keeps the first spelling by the alphabet; one that needs no folding stands before all others.
fn keep_spelling(kept: &mut Option<String>, token: &Token<'_>, folded: &str) {
    if kept.as_ref().is_some_and(String::is_empty) {
        return;
    }
    let small = if token.is_pair || token.word.is_ascii() {
        String::new()
    } else {
        let small = token.word.to_lowercase();
        if small == folded { String::new() } else { small }
    };
    if kept.as_ref().is_none_or(|kept| small < *kept) {
        *kept = Some(small);
    }
}

impl Found {
    fn add(&mut self, hits: Hits, numbers: &[u64]) {
        if self.small.is_none() || hits.small < self.small {
            self.small = hits.small;
        }
        for (voice, (list, hits)) in self.lists.iter_mut().zip(hits.voices).enumerate() {
            for entry in hits.chunk_by(|a, b| a.entry == b.entry) {
                let in_title = voice == PUBLISHER && entry[0].place < BODY;
                let weighs = if in_title { 3 } else { (entry.len() - 1).min(2) as u64 };
                list.push(numbers[entry[0].entry], weighs);
                push_places(&mut list.places, entry);
            }
        }
    }
}

impl List {
    fn push(&mut self, number: u64, weighs: u64) {
        push(&mut self.entries, (number - self.last) * 4 + weighs);
        self.last = number;
        self.count += 1;
    }

    /// Parts a long list where the numbers part: so another entry changes one part.
    fn part(&mut self) {
        if self.entries.len().max(self.places.len()) <= LONG {
            return;
        }
        let mut all: Vec<(u64, u64, &str)> = Vec::with_capacity(self.count);
        let mut number = 0;
        let mut places = self.places.as_str();
        for value in Numbers::of(&self.entries) {
            number += value / 4;
            let (own, rest) = split_places(places);
            all.push((number, value % 4, own));
            places = rest;
        }
        let mut parts = Vec::new();
        halve(&all, 0, u64::from(u32::MAX) << 8, &mut parts);
        self.entries = String::new();
        self.places = String::new();
        self.parts = parts;
    }
}

/// Makes a part of a stretch of numbers, or two or more of its halves.
fn halve(all: &[(u64, u64, &str)], from: u64, width: u64, parts: &mut Vec<Part>) {
    let size: usize = all.iter().map(|(_, _, places)| places.len().max(2)).sum();
    if all.is_empty() {
        return;
    }
    if size > LONG && width > 1 {
        let half = width.div_ceil(2);
        let middle = all.partition_point(|(number, _, _)| *number < from + half);
        halve(&all[..middle], from, half, parts);
        halve(&all[middle..], from + half, half, parts);
        return;
    }
    let mut list = List::default();
    for (number, weighs, places) in all {
        list.push(*number, *weighs);
        list.places.push_str(places);
    }
    parts.push(Part { from, entries: list.entries, places: list.places });
}

fn push_places(list: &mut String, entry: &[Hit]) {
    let mut before = 0;
    for (at, hit) in entry.iter().enumerate() {
        let flags = 4 * u64::from(at + 1 == entry.len())
            + 2 * u64::from(hit.before > 0)
            + u64::from(hit.behind > 0);
        push(list, u64::from(hit.place - before) * 8 + flags);
        before = hit.place;
        for sign in [hit.before, hit.behind].into_iter().filter(|sign| *sign > 0) {
            push_sign(list, u64::from(sign));
        }
    }
}

/// Splits the places of one entry from those of all behind it.
fn split_places(places: &str) -> (&str, &str) {
    let mut numbers = Numbers::of(places);
    while let Some(value) = numbers.next() {
        for flag in [2, 1] {
            if value & flag > 0 {
                numbers.sign();
            }
        }
        if value & 4 > 0 {
            break;
        }
    }
    places.split_at(places.len() - numbers.left())
}

/// Joins spellings of one stem, and tells the endings that stems have lost.
fn group(forms: HashMap<String, Found>, stems: &Stems) -> (Vec<Group>, Vec<String>) {
    let mut forms: Vec<(String, String, Found)> = forms
        .into_par_iter()
        .map(|(word, mut found)| {
            for list in &mut found.lists {
                list.part();
                list.entries.shrink_to_fit();
                list.places.shrink_to_fit();
            }
            let small = found.small.take().filter(|small| !small.is_empty());
            (stems.stem(small.as_ref().unwrap_or(&word), &word), word, found)
        })
        .collect();
    forms.par_sort_unstable_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (stem, word, found) in forms {
        if let Some(ending) = word.strip_prefix(&stem).filter(|ending| !ending.is_empty()) {
            *counts.entry(ending.to_string()).or_default() += 1;
        }
        let form = Form { word, lists: found.lists };
        match groups.last_mut() {
            Some(last) if last.stem == stem => last.forms.push(form),
            _ => groups.push(Group { stem, forms: vec![form] }),
        }
    }
    let mut endings: Vec<(String, usize)> =
        counts.into_iter().filter(|(_, count)| *count >= ENDING).collect();
    endings.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    endings.truncate(ENDINGS);
    let mut endings: Vec<String> = endings.into_iter().map(|(ending, _)| ending).collect();
    endings.sort();
    (groups, endings)
}

/// What entries are filed under, as groups of one form.
fn by_facet(numbers: &[u64], facets: impl Fn(usize) -> Vec<Facet>) -> Vec<Group> {
    let mut lists: BTreeMap<String, (String, List)> = BTreeMap::new();
    for (ix, number) in numbers.iter().enumerate() {
        for (key, name) in facets(ix) {
            let (_, list) = lists.entry(key).or_insert_with(|| (name, List::default()));
            list.push(*number, 0);
            push(&mut list.places, 4);
        }
    }
    let groups = lists.into_iter().map(|(stem, (word, mut list))| {
        list.part();
        list.places = String::new();
        Group { stem, forms: vec![Form { word, lists: [list, List::default()] }] }
    });
    groups.collect()
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
