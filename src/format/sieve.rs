//! Which patterns of a format fit a line, found for all of them in one pass over it.

use regex::{RegexSet, RegexSetBuilder};

use super::{Format, Pattern};

/// So many patterns are looked for at once; any more are tried one by one.
const MOST: usize = 256;
/// The size that they may have together when compiled, in bytes.
const LARGEST: usize = 64 << 20;

/// What of a line a pattern sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sees {
    /// The line without its indentation.
    Text,
    /// The line with it.
    Whole,
}

/// All patterns of a format that are tried on every line, compiled together.
#[derive(Clone, Debug)]
pub struct Sieve {
    text: Option<RegexSet>,
    whole: Option<RegexSet>,
}

/// The patterns that fit one line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fits {
    text: Option<[u64; MOST / 64]>,
    whole: Option<[u64; MOST / 64]>,
}

/// The expressions of a format's sieve, each at the place that its pattern knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    text: Vec<String>,
    whole: Vec<String>,
}

/// Gives the patterns of a format their places.
///
/// Only patterns that begin at the start of the line get one: others would make every line be read
/// to its end for all of them.
pub(super) fn number(format: &mut Format) {
    let mut places = Places::default();
    for (pattern, sees) in line_patterns(format) {
        let list = if sees == Sees::Text { &mut places.text } else { &mut places.whole };
        let anchored = pattern.written().starts_with('^') && !pattern.written().contains("|^");
        pattern.place = (anchored && list.len() < MOST).then_some((sees, list.len()));
        if pattern.place.is_some() {
            list.push(pattern.written().to_string());
        }
    }
    format.places = places;
}

impl Sieve {
    pub(super) fn of(places: &Places) -> Self {
        // Each of them compiled alone; should they not together, they are tried one by one.
        let set = |list: &[String]| RegexSetBuilder::new(list).size_limit(LARGEST).build().ok();
        Self { text: set(&places.text), whole: set(&places.whole) }
    }

    /// Finds the patterns that fit a line, given without its indentation and with it.
    pub fn fits(&self, text: &str, whole: &str) -> Fits {
        let bits = |set: &Option<RegexSet>, line: &str| {
            let mut bits = [0; MOST / 64];
            let found = set.as_ref()?.matches(line);
            // No pattern fits most lines, and to ask each of them takes longer than the search.
            for place in found.matched_any().then_some(&found).into_iter().flatten() {
                bits[place / 64] |= 1 << (place % 64);
            }
            Some(bits)
        };
        Fits { text: bits(&self.text, text), whole: bits(&self.whole, whole) }
    }
}

impl Fits {
    /// Whether a pattern fits `line`; where it has no place in the sieve, it is tried.
    pub fn has(&self, pattern: &Pattern, line: &str) -> bool {
        let (bits, at) = match pattern.place {
            Some((Sees::Text, at)) => (self.text, at),
            Some((Sees::Whole, at)) => (self.whole, at),
            None => (None, 0),
        };
        bits.map_or_else(|| pattern.is_match(line), |bits| bits[at / 64] >> (at % 64) & 1 == 1)
    }
}

/// Returns every pattern that is tried on every line.
fn line_patterns(format: &mut Format) -> Vec<(&mut Pattern, Sees)> {
    let mut list: Vec<(&mut Pattern, Sees)> = Vec::new();
    let entry = &mut format.entry;
    list.extend(entry.start.iter_mut().chain(&mut entry.bare).map(|p| (p, Sees::Whole)));
    let ends = entry.separator.iter_mut().chain(&mut entry.updated).chain(&mut entry.signature);
    list.extend(ends.map(|p| (p, Sees::Text)));
    if let Some(summary) = &mut format.summary {
        list.push((&mut summary.head, Sees::Whole));
        list.push((&mut summary.point, Sees::Whole));
    }
    list.extend(format.footer.iter_mut().map(|rule| (&mut rule.pattern, Sees::Whole)));
    list.extend(format.discard.iter_mut().map(|rule| (&mut rule.pattern, Sees::Text)));
    list.extend(format.page.stream.iter_mut().map(|rule| (&mut rule.pattern, Sees::Text)));
    list.extend(format.media.iter_mut().flat_map(|rule| &mut rule.lines).map(|p| (p, Sees::Text)));
    list.extend(format.embed.iter_mut().flat_map(|rule| &mut rule.lines).map(|p| (p, Sees::Text)));
    for rule in &mut format.quote {
        list.extend(rule.mark.as_mut().map(|mark| (mark, Sees::Text)));
        list.push((&mut rule.attribution, Sees::Text));
    }
    list.extend(format.list.as_mut().map(|rule| (&mut rule.item, Sees::Text)));
    list
}
