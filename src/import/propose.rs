//! A format proposed for a dump that none of ours knows: a start for a person to go on from.
//!
//! The proposal is made from what repeats: stamps that are written alike and stand at the same place
//! of their lines begin entries; short lines that come again and again are buttons or separators.
//! Whatever is not certain stands behind a `#`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use regex::Regex;

use super::lines::{Line, lines};

mod stamps;
mod write;

use stamps::{Finder, Stamp};

/// A line that comes so often is a candidate for a rule.
const RECURS: usize = 3;
/// Longer lines are words of somebody.
const SHORT: usize = 60;
/// At most so many candidates of a kind are shown.
const SHOWN: usize = 8;
/// Words before a stamp that are longer are a sentence with a time in it.
const LONGEST_BEFORE: usize = 120;
/// What most sentences end in, and few titles.
const SENTENCE_ENDS: [char; 5] = ['.', '!', '?', '"', '”'];
/// The marks of list items.
const BULLETS: [&str; 6] = ["•", "*", "-", "–", "·", "▪"];

/// Proposes a format, as the text of its file.
///
/// `name` is the format's name, `dump` what messages call the dump, `text` the dump as [`decode`]
/// gives it. The text parses as a format, and finds entries where at least two lines of the dump
/// begin or end with stamps that are written alike.
///
/// [`decode`]: super::decode()
pub fn propose(name: &str, dump: &str, text: &str) -> String {
    let lines = lines(text);
    let entries = entries(&lines);
    write::file(name, dump, &lines, &entries)
}

/// How entries are told apart, and on which lines they begin.
#[derive(Clone, Debug, Default)]
struct Entries {
    /// What the patterns look for, in words.
    kind: Kind,
    /// The patterns of first lines.
    start: Vec<String>,
    /// The forms of the stamps.
    forms: Vec<String>,
    /// The zones that the stamps name.
    zones: Vec<String>,
    /// The lines on which entries begin, counted from 0.
    heads: Vec<usize>,
}

/// By what entries are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// A stamp without words on its line.
    Alone,
    /// A stamp, and words behind it.
    Before,
    /// A stamp behind words.
    Behind,
    /// A bullet.
    Bullet,
    /// Nothing but the shape of titles.
    #[default]
    Shape,
}

/// A stamp's line.
struct Marked<'a> {
    line: usize,
    before: &'a str,
    behind: &'a str,
    stamp: Stamp,
}

/// What lines with stamps have in common: the kind, what stands around the stamp.
type Key = (u8, String);

fn entries(lines: &[Line]) -> Entries {
    let texts = || lines.iter().map(Line::whole);
    let Some(finder) = Finder::new(stamps::day_first(texts())) else { return Entries::default() };
    let mut groups: BTreeMap<Key, Vec<Marked>> = BTreeMap::new();
    for (line, text) in texts().enumerate() {
        let Some(stamp) = finder.find(text) else { continue };
        let (before, behind) = (&text[..stamp.start], &text[stamp.end..]);
        let marked = Marked { line, before, behind, stamp };
        if let Some(key) = key(&marked) {
            groups.entry(key).or_default().push(marked);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().map(|(key, group)| (key, usual(group))).collect();
    // The same line twice is the page's title, perhaps; no entry is.
    groups.retain(|(_, group)| {
        let text = |marked: &Marked| lines[marked.line].text().to_string();
        group.first().is_some_and(|one| group.iter().any(|other| text(one) != text(other)))
    });
    let best = groups.iter().max_by_key(|(key, group)| {
        // Two times in running text may look alike; entries go one way.
        // And sentences end in times more often than they begin with one.
        let place = if key.0 == 2 { 1 } else { 2 };
        (weight(group) * place, std::cmp::Reverse(key.0))
    });
    match best {
        Some((key, group)) if group.len() > 1 => stamped(key, group),
        _ => bulleted(lines).unwrap_or_default(),
    }
}

/// The lines of a group whose stamps are written as those of others; of stamps alone on their
/// lines, all.
fn usual(mut group: Vec<Marked>) -> Vec<Marked> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for marked in &group {
        *counts.entry(marked.stamp.form.clone()).or_default() += 1;
    }
    let is_usual = |marked: &Marked| counts.get(&marked.stamp.form).is_some_and(|count| *count > 1);
    let alone = group.iter().all(|m| m.before.trim().is_empty() && m.behind.trim().is_empty());
    if !alone && group.iter().any(is_usual) {
        group.retain(is_usual);
    }
    group
}

/// What a line has in common with others of its kind; `None` where its stamp is one of a sentence.
fn key(marked: &Marked) -> Option<Key> {
    let before = marked.before.trim_start();
    let alone = marked.behind.trim().is_empty();
    let margin = if before.is_empty() { String::new() } else { classed(before) };
    if before.is_empty() && alone {
        return Some((0, String::new()));
    }
    let separator = separator(marked.behind);
    if before.is_empty() {
        return Some((1, separator.to_string()));
    }
    if alone && before.chars().count() <= LONGEST_BEFORE {
        // Whatever stands before it: most often a title, with a word or a sign behind.
        return Some((2, tail(before).to_string()));
    }
    // The same short words before each: `Posted at 5:40: …`.
    let label = before.chars().count() <= 20 && !before.contains(['.', '!', '?']);
    label.then(|| (3, format!("{margin}\n{separator}")))
}

/// How much speaks for a group: its lines, fewer where their clocks go up and down.
fn weight(group: &[Marked]) -> usize {
    let minutes: Vec<u32> = group.iter().filter_map(|marked| marked.stamp.minutes).collect();
    let steps = minutes.windows(2);
    let up = steps.clone().filter(|pair| pair[0] <= pair[1]).count();
    let down = steps.clone().filter(|pair| pair[0] >= pair[1]).count();
    if up.max(down) * 3 >= steps.len() * 2 { group.len() * 2 } else { group.len() }
}

/// The signs between a stamp and the words behind it.
fn separator(behind: &str) -> &str {
    let end = behind.find(|c: char| c.is_alphanumeric() || "\"“‘'«„([".contains(c));
    &behind[..end.unwrap_or(behind.len())]
}

/// The last word of the text before a stamp, where it is in small letters, with the signs behind.
fn tail(before: &str) -> &str {
    let words = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let signs = &before[words.len()..];
    if signs.trim().is_empty() { "" } else { signs }
}

/// A text with its digits made any digits, as a pattern.
fn classed(text: &str) -> String {
    let mut made = String::new();
    let mut digits = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !digits {
                made.push_str(r"\d+");
            }
        } else {
            made.push_str(&escaped(c.encode_utf8(&mut [0; 4])));
        }
        digits = c.is_ascii_digit();
    }
    made
}

/// A text as a pattern, in which nothing is escaped that need not be.
fn escaped(text: &str) -> String {
    let mut pattern = regex::escape(text).replace('\'', r"\x27");
    for sign in ["-", "#", "&", "~"] {
        pattern = pattern.replace(&format!(r"\{sign}"), sign);
    }
    // A file of TOML holds no controls.
    let mut plain = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        if c.is_control() {
            let _ = write!(plain, r"\x{{{:x}}}", u32::from(c));
        } else {
            plain.push(c);
        }
    }
    plain
}

/// A form without its named groups, as short as it can be.
fn unnamed(form: &str) -> String {
    let (Ok(group), Ok(plain)) =
        (Regex::new(r"\(\?<\w+>([^()|]+)\)([?*+{]?)"), Regex::new(r"\(\?<\w+>"))
    else {
        return form.to_string();
    };
    let short = group.replace_all(form, |found: &regex::Captures| {
        let (inside, behind) = (&found[1], &found[2]);
        // What follows a group counts for all of it.
        if behind.is_empty() { inside.to_string() } else { format!("(?:{inside}){behind}") }
    });
    plain.replace_all(&short, "(?:").into_owned()
}

fn stamped(key: &Key, group: &[Marked]) -> Entries {
    let mut forms: Vec<(String, usize)> = Vec::new();
    let mut zones: Vec<String> = Vec::new();
    for marked in group {
        let form = &marked.stamp.form;
        match forms.iter_mut().find(|(known, _)| known == form) {
            Some((_, count)) => *count += 1,
            None => forms.push((form.clone(), 1)),
        }
        if !marked.stamp.zone.is_empty() && !zones.contains(&marked.stamp.zone) {
            zones.push(marked.stamp.zone.clone());
        }
    }
    // The longest first: a shorter one may be a part of it.
    forms.sort_by_key(|(form, count)| std::cmp::Reverse((form.len(), *count)));
    let indent = if group.iter().any(|marked| marked.before.starts_with(' ')) { " *" } else { "" };
    let (before, behind, kind) = match key.0 {
        0 => (indent.to_string(), String::new(), Kind::Alone),
        1 => with_words(group, indent.to_string(), &key.1),
        2 => (format!("{indent}{}", words_before(group)), String::new(), Kind::Behind),
        _ => {
            let (label, separator) = key.1.split_once('\n').unwrap_or((&key.1, ""));
            with_words(group, format!("{indent}{label}"), separator)
        }
    };
    let start =
        forms.iter().map(|(form, _)| format!("^{before}(?<stamp>{}){behind}$", unnamed(form)));
    Entries {
        kind,
        start: start.collect(),
        forms: forms.iter().map(|(form, _)| format!("^{form}$")).collect(),
        zones,
        heads: group.iter().map(|marked| marked.line).collect(),
    }
}

/// What stands around stamps that begin lines, as patterns: signs alone, or signs and words.
fn with_words(group: &[Marked], before: String, separator: &str) -> (String, String, Kind) {
    let signs = separator.trim_end();
    if group.iter().all(|marked| marked.behind.trim_end() == signs) {
        return (before, escaped(signs), Kind::Alone);
    }
    let words = words_group(group.iter().map(|marked| marked.behind));
    (before, format!("{}(?<{words}>.+)", escaped(separator)), Kind::Before)
}

/// The name of the group for words on first lines: where most end like sentences, they are the
/// entries' own and no titles.
fn words_group<'a>(words: impl Iterator<Item = &'a str>) -> &'static str {
    let (mut sentences, mut all) = (0, 0);
    for text in words {
        all += 1;
        sentences += usize::from(text.trim_end().ends_with(SENTENCE_ENDS));
    }
    if sentences * 2 > all { "body" } else { "title" }
}

/// The pattern of what stands before stamps at the end of lines: a number, a title or a name, and
/// what all of them end in.
fn words_before(group: &[Marked]) -> String {
    let words: Vec<&str> = group.iter().map(|marked| marked.before.trim_start()).collect();
    let Some(first) = words.first() else { return String::new() };
    if words.iter().all(|other| classed(other) == classed(first)) {
        return classed(first);
    }
    let numbered = words.iter().all(|text| {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < text.len() && rest.starts_with(". ")
    });
    let bullet = BULLETS.iter().find(|bullet| words.iter().all(|text| text.starts_with(*bullet)));
    let ends_alike = |length: usize| {
        let end: String =
            first.chars().rev().take(length).collect::<Vec<_>>().into_iter().rev().collect();
        words.iter().all(|other| other.ends_with(&end)).then_some(end)
    };
    let end = (1..first.chars().count()).map_while(ends_alike).last().unwrap_or_default();
    let mut distinct = words.clone();
    distinct.sort_unstable();
    distinct.dedup();
    // Titles differ; the same few names come again.
    let group_name = if distinct.len() * 2 <= words.len() { "author" } else { "title" };
    let front = match (numbered, bullet) {
        (true, _) => r"(?<number>\d+)\. ".to_string(),
        (false, Some(bullet)) => format!("{} *", escaped(bullet)),
        (false, None) => String::new(),
    };
    format!("{front}(?<{group_name}>.*?){}", escaped(&end))
}

/// Entries that are items of a list, where most lines are.
fn bulleted(lines: &[Line]) -> Option<Entries> {
    let written = lines.iter().filter(|line| !line.is_blank()).count();
    BULLETS.iter().find_map(|bullet| {
        let items = lines.iter().enumerate().filter(|(_, line)| {
            line.text().strip_prefix(bullet).is_some_and(|rest| rest.starts_with([' ', '\t']))
        });
        let outermost = items.clone().map(|(_, line)| line.indent).min()?;
        let heads: Vec<usize> =
            items.filter(|(_, line)| line.indent == outermost).map(|(at, _)| at).collect();
        let words = words_group(heads.iter().map(|at| lines[*at].text()));
        let start = format!("^ {{{outermost}}}{} +(?<{words}>.+)$", escaped(bullet));
        (heads.len() >= RECURS && heads.len() * 3 >= written).then(|| Entries {
            kind: Kind::Bullet,
            start: vec![start],
            heads,
            ..Entries::default()
        })
    })
}

/// A short line that comes again and again.
#[derive(Debug, PartialEq, Eq)]
struct Recurring {
    /// Its pattern.
    pattern: String,
    /// The line as it stands at its first place.
    example: String,
    /// The lines on which it stands, counted from 0.
    places: Vec<usize>,
    /// In how many entries it stands.
    in_entries: usize,
}

/// Finds short lines that recur, the most frequent first.
fn recurring(lines: &[Line], heads: &[usize]) -> Vec<Recurring> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let text = line.text();
        if !line.is_blank() && text.chars().count() <= SHORT && !heads.contains(&at) {
            found.entry(classed(text)).or_default().push(at);
        }
    }
    let mut list: Vec<Recurring> = found
        .into_iter()
        .filter(|(_, places)| places.len() >= RECURS)
        .map(|(pattern, places)| {
            let mut entries: Vec<usize> =
                places.iter().map(|at| heads.partition_point(|head| head <= at)).collect();
            entries.dedup();
            let example = places.first().map_or("", |at| lines[*at].text()).to_string();
            Recurring {
                pattern: format!("^{pattern}$"),
                example,
                in_entries: entries.iter().filter(|entry| **entry > 0).count(),
                places,
            }
        })
        .collect();
    list.sort_by_key(|line| std::cmp::Reverse(line.places.len()));
    list.truncate(SHOWN);
    list
}

#[cfg(test)]
mod tests;
