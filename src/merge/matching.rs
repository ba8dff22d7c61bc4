//! Which entry of a dump is which that stands in the archive already.
//!
//! The surest pairs are made first, over the whole dump, so that a new entry cannot take the place
//! of an old one that only comes later in the dump.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::date::When;
use crate::entry::Entry;
use crate::markdown::publisher_text;

/// The share of the shorter text's words that two texts must have in common to be one text that
/// was changed, in hundredths.
const ALIKE: usize = 60;

/// The share of the longer text's words that two texts must have in common to be one although their
/// stamps or titles differ, in hundredths.
const SIMILAR: usize = 75;
/// How far apart two stamps of one post may be, in minutes.
const NEAR: i64 = 45;

/// An entry and, once they are asked for, its words.
struct Text<'a> {
    entry: &'a Entry,
    words: OnceCell<BTreeSet<String>>,
    /// Whether the entry is one of the same page, as far as can be told. Where it may be another
    /// page's, its words have to be alike as well.
    sure: bool,
}

/// What two entries must have in common to be compared at all; `None` where an entry lacks it.
type Key<'a> = Option<(Cow<'a, str>, &'a str)>;

/// A way to tell that two entries are one: what they have in common, and what is compared then.
struct Rule {
    key: for<'a> fn(&'a Entry) -> Key<'a>,
    holds: fn(&Text<'_>, &Text<'_>) -> bool,
}

/// From the surest to the least sure. Two names that the publisher gave and that differ are two
/// entries, unless they are the same to the letter.
const RULES: [Rule; 8] = [
    Rule { key: source_id, holds: |_, _| true },
    Rule { key: stamp_and_title, holds: |new, known| new.entry.body == known.entry.body },
    Rule {
        key: stamp_and_title,
        holds: |new, known| {
            !two_names(new, known) && (!stamp(new.entry).is_empty() || alike(new, known))
        },
    },
    Rule { key: stamp_alone, holds: |new, known| !two_names(new, known) && alike(new, known) },
    Rule {
        key: no_stamp,
        holds: |new, known| !two_names(new, known) && new.entry.body == known.entry.body,
    },
    // The same moment, written in another way: once as text, once for machines.
    Rule { key: minute, holds: |new, known| !two_names(new, known) && alike(new, known) },
    // The stamp or the title was changed with some of the words.
    Rule { key: first_words, holds: similar },
    Rule { key: last_words, holds: similar },
];

/// Returns for each new entry the place of the known one that it is, if it is one.
///
/// In this order: the publisher's own name; the same stamp, title and words; the same stamp and
/// title, and, where there is no stamp, words that are alike; the same stamp and words that are
/// alike under another title; the same words without a stamp; the same minute and words that are
/// alike; the same beginning or end, most words the same, and no time that speaks against it.
///
/// Of each known entry it is told whether it is surely one of the same page; where it is not, the words
/// must be alike, whatever else is the same.
pub(super) fn pair<'a>(new: &'a [Entry], known: &[(&'a Entry, bool)]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; new.len()];
    let mut free = vec![true; known.len()];
    let text = |(entry, sure): (&'a Entry, bool)| Text { entry, words: OnceCell::new(), sure };
    let new: Vec<Text<'_>> = new.iter().map(|entry| text((entry, true))).collect();
    let known: Vec<Text<'_>> = known.iter().copied().map(text).collect();
    let holds = |rule: &Rule, new: &Text<'_>, known: &Text<'_>| {
        (rule.holds)(new, known)
            && (known.sure || new.entry.body == known.entry.body || alike(new, known))
    };
    for rule in &RULES {
        // Of the known entries, only those count that share a key with a new one.
        let key = |(new, pair): (&Text<'a>, &Option<usize>)| match pair {
            Some(_) => None,
            None => (rule.key)(new.entry),
        };
        let keys: Vec<Key<'_>> = new.iter().zip(&pairs).map(key).collect();
        let mut candidates: BTreeMap<&(Cow<'_, str>, &str), Vec<usize>> = BTreeMap::new();
        for (key, pair) in keys.iter().zip(&pairs) {
            if let (Some(key), None) = (key, pair) {
                candidates.entry(key).or_default();
            }
        }
        for (at, known) in known.iter().enumerate().filter(|(at, _)| free[*at]) {
            let key = (rule.key)(known.entry);
            if let Some(list) = key.and_then(|key| candidates.get_mut(&key)) {
                list.push(at);
            }
        }
        for ((new, key), pair) in new.iter().zip(&keys).zip(&mut pairs) {
            let (Some(key), None) = (key, *pair) else { continue };
            let list = candidates.get_mut(key);
            *pair = list.and_then(|list| {
                let at = list.iter().position(|at| holds(rule, new, &known[*at]))?;
                Some(list.remove(at))
            });
            if let Some(at) = *pair {
                free[at] = false;
            }
        }
    }
    pairs
}

fn stamp(entry: &Entry) -> &str {
    entry.source.as_ref().map_or("", |source| source.stated.as_str())
}

fn name(entry: &Entry) -> &str {
    entry.source.as_ref().map_or("", |source| source.id.as_str())
}

fn source_id(entry: &Entry) -> Key<'_> {
    Some(name(entry)).filter(|name| !name.is_empty()).map(|name| (name.into(), ""))
}

fn stamp_and_title(entry: &Entry) -> Key<'_> {
    Some((stamp(entry).into(), &entry.title))
}

fn stamp_alone(entry: &Entry) -> Key<'_> {
    Some(stamp(entry)).filter(|stamp| !stamp.is_empty()).map(|stamp| (stamp.into(), ""))
}

fn no_stamp(entry: &Entry) -> Key<'_> {
    stamp(entry).is_empty().then_some(("".into(), &entry.body))
}

fn minute(entry: &Entry) -> Key<'_> {
    match &entry.when {
        When::Exact(moment) => {
            Some((moment.to_utc().format("%Y-%m-%dT%H:%M").to_string().into(), ""))
        }
        _ => None,
    }
}

/// So many words at the beginning or the end of a text tell which it is.
const EDGE: usize = 5;

fn first_words(entry: &Entry) -> Key<'_> {
    let text = publisher_text(&entry.body);
    let words: Vec<&str> = text.split_whitespace().take(EDGE).collect();
    (words.len() == EDGE).then(|| (words.join(" ").into(), "first"))
}

fn last_words(entry: &Entry) -> Key<'_> {
    let text = publisher_text(&entry.body);
    let words: Vec<&str> = text.split_whitespace().rev().take(EDGE).collect();
    (words.len() == EDGE).then(|| (words.join(" ").into(), "last"))
}

/// Whether two texts are most probably one that was changed: most words of the longer are in both, and
/// neither the publisher's names nor the times speak against it. A summary that is repeated hour after
/// hour is not one post.
fn similar(one: &Text<'_>, other: &Text<'_>) -> bool {
    let apart = match (&one.entry.when, &other.entry.when) {
        (When::Exact(one), When::Exact(other)) => {
            (*one - *other).abs() > chrono::TimeDelta::minutes(NEAR)
        }
        (When::Unknown, When::Unknown) => false,
        _ => true,
    };
    if apart || two_names(one, other) {
        return false;
    }
    let (one, other) = (one.words(), other.words());
    let more = one.len().max(other.len());
    more >= 2 * EDGE && one.intersection(other).count() * 100 >= more * SIMILAR
}

/// Whether the publisher has given both a name, and not the same.
fn two_names(one: &Text<'_>, other: &Text<'_>) -> bool {
    let (one, other) = (name(one.entry), name(other.entry));
    !one.is_empty() && !other.is_empty() && one != other
}

impl Text<'_> {
    fn words(&self) -> &BTreeSet<String> {
        self.words.get_or_init(|| {
            publisher_text(&self.entry.body).split_whitespace().map(str::to_lowercase).collect()
        })
    }
}

fn alike(one: &Text<'_>, other: &Text<'_>) -> bool {
    let (one, other) = (one.words(), other.words());
    let fewer = one.len().min(other.len());
    fewer > 0 && one.intersection(other).count() * 100 >= fewer * ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content;
    use crate::entry::Slug;

    /// An entry with a title, words, the publisher's name for it and a stamp.
    fn entry(title: &str, body: &str, name: &str, stamp: &str) -> Entry {
        let text = format!(
            "+++\nid = \"x\"\ntitle = \"{title}\"\ndate = 2031-04-02T05:40:00+01:00\n[source]\ndump = \"d\"\nid = \"{name}\"\nstated = \"{stamp}\"\n+++\n{body}\n"
        );
        let (entry, problems) = content::parse_entry("x.md", Slug::parse("s").unwrap(), &text);
        entry.unwrap_or_else(|| panic!("{problems:?}"))
    }

    fn pairs(new: &[Entry], known: &[Entry]) -> Vec<Option<usize>> {
        pair(new, &known.iter().map(|entry| (entry, true)).collect::<Vec<_>>())
    }

    #[test]
    fn the_publishers_own_name_decides_first() {
        let known = [
            entry("Post update", "The gates are shut.", "block-1", "05:40"),
            entry("Post update", "The gates are open again.", "block-2", "05:40"),
        ];
        let new = [
            entry("Another head", "Nothing alike in here.", "block-2", "06:00"),
            entry("Post update", "The gates are shut now.", "block-3", "05:40"),
            entry("Post update", "The gates are shut.", "", "05:40"),
        ];
        assert_eq!(pairs(&new, &known), [Some(1), None, Some(0)]);
    }

    #[test]
    fn what_may_be_another_pages_must_say_much_the_same() {
        let known = entry("Rain", "It has rained for nine days in the valley.", "", "05:40");
        let known = [(&known, false)];
        let other = [entry("Rain", "The football match is off.", "", "05:40")];
        let same = [entry("Rain", "It has rained for ten days in the valley.", "", "05:40")];
        assert_eq!(pair(&other, &known), [None]);
        assert_eq!(pair(&same, &known), [Some(0)]);
    }

    #[test]
    fn a_changed_stamp_or_title_is_no_new_post_and_a_repeated_summary_is() {
        let at = |hour: &str, title: &str, body: &str| {
            let text = format!(
                "+++\nid = \"x\"\ntitle = \"{title}\"\ndate = 2031-04-02T{hour}:00+01:00\n[source]\ndump = \"d\"\nstated = \"{hour}\"\n+++\n{body}\n"
            );
            content::parse_entry("x.md", Slug::parse("s").unwrap(), &text).0.unwrap()
        };
        let words = "The gates of the dam are open, says the mayor, and the water is still rising.";
        let known = [at("05:40", "Gates open", words)];
        let later = words.replace("still rising", "rising fast");
        assert_eq!(pairs(&[at("05:52", "Gates open", &later)], &known), [Some(0)]);
        assert_eq!(pairs(&[at("05:52", "Dam", &later)], &known), [Some(0)]);
        assert_eq!(pairs(&[at("07:40", "Gates open", &later)], &known), [None]);
        let other = "The gates of the dam are open, and nobody knows where the mayor is today.";
        assert_eq!(pairs(&[at("05:52", "Gates open", other)], &known), [None]);
    }

    #[test]
    fn a_moment_written_in_two_ways_is_one() {
        let known = [entry("Gates", "The gates of the dam are open.", "", "05:40 BST")];
        let new = [
            entry("Rain", "It has rained for nine days.", "", "4.40am"),
            entry("Dam", "The gates of the dam are open today.", "block-1", "5.40am"),
        ];
        assert_eq!(pairs(&new, &known), [None, Some(0)]);
    }
}
