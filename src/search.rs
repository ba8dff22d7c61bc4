//! The index behind the search page: what words stand in which entries, cut into files that a browser
//! can load one by one. Pure; it knows words and numbers, and neither pages nor the archive.
//!
//! A browser cannot read a file of an archive that was opened from a folder, but it can run a script
//! from there: so each piece is a script that hands over one value. How they fit together:
//!
//! ```text
//! words    what is one word, and which spellings are the same
//! numbers  a number for each entry: by date, and it stays when another entry comes
//! lists    entries and places of a word, in printable characters
//! shards   which words share a file
//! index    all of it
//! ```

pub mod index;
pub mod lists;
pub mod numbers;
pub mod shards;
pub mod words;

/// How many entries share a file that says what is shown of them, at least; at most twice as many, on
/// average.
const ENTRIES_A_FILE: usize = 8;

/// All that the search page needs to know of an archive.
#[derive(Debug)]
pub struct Search {
    /// The index of words.
    pub index: index::Index,
    /// How numbers are read; the numbers themselves stand in `by_number`.
    pub numbers: numbers::Numbers,
    /// The entries by their numbers: the number, and the place in the archive.
    pub by_number: Vec<(u64, usize)>,
    /// How many bits of a number name the file of an entry.
    pub bits: u32,
    /// What those files hold.
    pub buckets: Vec<Vec<(u64, usize)>>,
    /// The parts of long lists.
    pub long: Vec<LongPart>,
}

/// Where a part of a long list stands in the index.
#[derive(Clone, Copy, Debug)]
pub struct LongPart {
    /// The group.
    pub group: usize,
    /// The spelling in it.
    pub form: usize,
    /// Whose words.
    pub voice: usize,
    /// The part of the list.
    pub part: usize,
}

impl Search {
    /// Makes the index of an archive from the places of its entries. `text` gives what an entry says,
    /// `facets` what it is filed under.
    pub fn new(
        places: &[numbers::Place<'_>],
        language: &str,
        text: impl Fn(usize) -> index::Text + Sync,
        facets: impl Fn(usize) -> Vec<index::Facet>,
    ) -> Self {
        let mut numbers = numbers::numbers(places);
        let of = std::mem::take(&mut numbers.of);
        let mut by_number: Vec<(u64, usize)> =
            of.into_iter().enumerate().map(|(ix, number)| (number, ix)).collect();
        by_number.sort_unstable();
        let sorted: Vec<u64> = by_number.iter().map(|(number, _)| *number).collect();
        let index = index::index(
            &sorted,
            language,
            |at| text(by_number[at].1),
            |at| facets(by_number[at].1),
        );
        let bits = (places.len() / ENTRIES_A_FILE).checked_ilog2().unwrap_or(0);
        let mut buckets = vec![Vec::new(); 1 << bits];
        for (number, ix) in &by_number {
            buckets[bucket(*number, bits)].push((*number, *ix));
        }
        let long = long(&index);
        Self { index, numbers, by_number, bits, buckets, long }
    }
}

/// The file of an entry, by its number (multiplicative hashing; Knuth, The Art of Computer Programming,
/// volume 3, section 6.4).
fn bucket(number: u64, bits: u32) -> usize {
    let low = u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
    let hash = low.wrapping_mul(0x9e37_79b1);
    hash.checked_shr(32 - bits).unwrap_or(0) as usize
}

/// Finds the parts of all long lists.
fn long(index: &index::Index) -> Vec<LongPart> {
    let mut found = Vec::new();
    for (group, words) in index.groups.iter().enumerate() {
        for (form, word) in words.forms.iter().enumerate() {
            for (voice, list) in word.lists.iter().enumerate() {
                let parts = 0..list.parts.len();
                found.extend(parts.map(|part| LongPart { group, form, voice, part }));
            }
        }
    }
    found
}
