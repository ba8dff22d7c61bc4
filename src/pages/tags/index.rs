//! The index of tags: on one page, or cut by the letters that they begin with.

use serde::Serialize;

use super::tag_link;
use crate::archive::{Archive, TagGroup, weight};
use crate::diagnostic::Diagnostic;
use crate::index::Heading;
use crate::pages::story::numbered_words;
use crate::pages::{Desk, Kind, Page, Subject, html};
use crate::paths::{self, OutPath};
use crate::view::{self, Frame, Link, Spark};
use crate::words::Words;

/// The index of tags.
pub const LIST: Kind = Kind { name: "the index of tags", plan: plan_list, write: write_list };
/// The tags that begin with a letter.
pub const PART: Kind = Kind { name: "the tags of a letter", plan: plan_part, write: write_part };

/// An index of more tags than this has no drawings: each tag's page has one.
const DRAWN: usize = 150;
/// About how many bytes a tag takes in the index beside its name, and a drawing.
const LINE: usize = 130;
const DRAWING: usize = 300;

/// What `tags.html` sees.
#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    /// The index, a part for each first letter.
    letters: Vec<Part>,
    /// In place of tags, where they are too many for a page: the letters that they begin with, each a
    /// page. Example: `[{name: "A", count: 112, …}, …]`
    parts: Vec<Link>,
    /// On the page of a letter: the letter before. Example: `{name: "A", …}`
    earlier: Option<Link>,
    /// On the page of a letter: the letter behind. Example: `{name: "C", …}`
    later: Option<Link>,
    /// The tags that hold others, with all that they hold, as they are nested;
    /// of very many, those that no other tag holds.
    tree: Vec<Branch>,
}

/// A tag as a line of the tree.
#[derive(Serialize)]
struct Branch {
    /// The tag.
    link: Link,
    /// Whether narrower ones follow.
    opens: bool,
    /// An item for each list that ends behind it: its depth.
    closes: Vec<usize>,
}

/// The tags that begin with one letter, with a figure, or with neither.
#[derive(Serialize)]
struct Part {
    /// The letter, or what it is called.
    letter: String,
    /// The anchor of its heading.
    id: String,
    /// The tags and synonyms that begin with it.
    tags: Vec<IndexLine>,
}

/// A line of the index: a tag, or a synonym that says where to look.
#[derive(Serialize)]
struct IndexLine {
    /// The tag or the synonym.
    name: String,
    /// The tag.
    link: Link,
    /// Whether it is a synonym.
    see: bool,
    /// How its entries are spread over time; none where that would say nothing.
    spark: Option<Spark>,
}

/// A tag, or one of its other names.
struct Name<'a> {
    words: &'a str,
    heading: Heading,
    /// The place of the tag.
    tag: usize,
    see: bool,
}

impl Name<'_> {
    fn weight(&self, archive: &Archive) -> usize {
        let tag = &archive.tags[self.tag].tag;
        let shown = if self.see { weight::text(&tag.name) } else { 0 };
        LINE + weight::text(self.words) + shown + tag.slug.as_str().len()
    }
}

/// A page of an index that is too long for one.
struct Leaf<'a> {
    /// What its address says.
    key: String,
    /// The letters that its names begin with.
    letters: String,
    /// Its place among those that begin with the same, from 1.
    number: usize,
    names: Vec<Name<'a>>,
}

/// Every tag and synonym, in the order of names.
fn names(archive: &Archive) -> Vec<Name<'_>> {
    let mut names: Vec<Name<'_>> = Vec::new();
    for (tag, group) in archive.tags.iter().enumerate() {
        let mut add = |name, see| {
            names.push(Name { words: name, heading: archive.index.heading(name), tag, see });
        };
        add(&group.tag.name, false);
        group.tag.synonyms.iter().for_each(|synonym| add(synonym, true));
    }
    let index = &archive.index;
    names.sort_by(|a, b| {
        let names = || index.compare(a.words, b.words).then(a.see.cmp(&b.see));
        index.compare_headings(&a.heading, &b.heading).then_with(names)
    });
    names
}

/// Whether the index is too long for a page, with its tree.
fn is_long(archive: &Archive, names: &[Name<'_>]) -> bool {
    let all: usize = names.iter().map(|name| name.weight(archive)).sum();
    let tree = |group: &&TagGroup| group.broader.is_some() || !group.narrower.is_empty();
    let nested = archive.tags.iter().filter(tree);
    let tree: usize = nested.map(|group| LINE + weight::text(&group.tag.name)).sum();
    all + tree.min(weight::LINES / 3) > weight::LINES
}

/// The pages of an index that is too long for one; empty where one has room for it.
fn leaves(archive: &Archive) -> Vec<Leaf<'_>> {
    let names = names(archive);
    if !is_long(archive, &names) {
        return Vec::new();
    }
    let mut leaves: Vec<Leaf<'_>> = Vec::new();
    let mut names = names.into_iter().peekable();
    while let Some(first) = names.next() {
        let same =
            |name: &Name<'_>| archive.index.compare_headings(&first.heading, &name.heading).is_eq();
        let mut list = Vec::new();
        while let Some(name) = names.next_if(same) {
            list.push(name);
        }
        let (called, address) = (letter(&archive.words, &first.heading), key(&first.heading));
        list.insert(0, first);
        let bytes: usize = list.iter().map(|name| name.weight(archive)).sum();
        let finer = bytes > weight::LINES;
        let mut left = 0;
        for name in list {
            // Of a letter that has too many, its names by two letters.
            let (letters, key) = if finer {
                let two: String = name.words.to_lowercase().chars().take(2).collect();
                let key = signs(&two);
                (two, key)
            } else {
                (called.clone(), address.clone())
            };
            let own = name.weight(archive);
            if own > left || leaves.last().is_none_or(|leaf| leaf.key != key) {
                leaves.push(Leaf { key, letters, number: 1, names: Vec::new() });
                left = weight::LINES;
            }
            left = left.saturating_sub(own);
            if let Some(leaf) = leaves.last_mut() {
                leaf.names.push(name);
            }
        }
    }
    // Letters that lie across each other in the order of names come again.
    let mut seen = std::collections::BTreeMap::new();
    for leaf in &mut leaves {
        let times: &mut usize = seen.entry(leaf.key.clone()).or_default();
        *times += 1;
        leaf.number = *times;
    }
    leaves
}

/// A heading as it stands in an address.
fn key(heading: &Heading) -> String {
    match heading {
        Heading::Signs => "other-signs".into(),
        Heading::Figures => "0-9".into(),
        Heading::Letter(letter) => signs(letter),
        Heading::Han => "han-signs".into(),
    }
}

/// Letters as they stand in an address: others than those of ASCII by their numbers.
fn signs(letters: &str) -> String {
    let one = |sign: char| match sign {
        sign if sign.is_ascii_alphanumeric() => sign.to_ascii_lowercase().to_string(),
        sign => format!("_{:x}", u32::from(sign)),
    };
    letters.chars().map(one).collect()
}

fn leaf_path(leaf: &Leaf<'_>) -> OutPath {
    paths::tags_part(&leaf.key, leaf.number)
}

fn leaf_link(archive: &Archive, here: &OutPath, leaf: &Leaf<'_>) -> Link {
    let name = numbered_words(&archive.words, leaf.letters.clone(), leaf.number);
    view::counted(here, &leaf_path(leaf), name, leaf.names.len())
}

fn plan_list(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::tags(), Subject::Archive)]
}

fn plan_part(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let leaves = leaves(archive).into_iter().enumerate();
    leaves.map(|(at, leaf)| (leaf_path(&leaf), Subject::Number(at))).collect()
}

fn write_list(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let mut frame = view::frame(archive, here, archive.words.say("frame.tags"), &[]);
    frame.description = archive.words.say("tag.about").to_string();
    let leaves = leaves(archive);
    let names = if leaves.is_empty() { names(archive) } else { Vec::new() };
    let view = ListView {
        page: frame,
        letters: letters(archive, here, &names),
        parts: leaves.iter().map(|leaf| leaf_link(archive, here, leaf)).collect(),
        earlier: None,
        later: None,
        tree: tree(archive, here),
    };
    html(desk, page, "tags.html", &view)
}

fn write_part(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Number(at) = page.subject else { return Ok(Vec::new()) };
    let (archive, here, words) = (desk.archive, &page.path, &desk.archive.words);
    let leaves = leaves(archive);
    let Some(leaf) = leaves.get(at) else { return Ok(Vec::new()) };
    let all = words.say("frame.tags");
    let link = |leaf: &Leaf<'_>| leaf_link(archive, here, leaf);
    let title = words.list(&[all, &link(leaf).name]);
    let mut frame = view::frame(archive, here, title, &[(paths::tags(), all.to_string())]);
    frame.description = words.say("tag.about").to_string();
    let view = ListView {
        page: frame,
        letters: letters(archive, here, &leaf.names),
        parts: Vec::new(),
        earlier: at.checked_sub(1).and_then(|at| leaves.get(at)).map(link),
        later: leaves.get(at + 1).map(link),
        tree: Vec::new(),
    };
    html(desk, page, "tags.html", &view)
}

/// Names by their letters, as templates see them.
fn letters(archive: &Archive, here: &OutPath, names: &[Name<'_>]) -> Vec<Part> {
    let bytes: usize = names.iter().map(|name| name.weight(archive) + DRAWING).sum();
    let drawn = archive.tags.len() <= DRAWN && bytes <= weight::LINES;
    let mut letters: Vec<Part> = Vec::new();
    let mut above: Option<&Heading> = None;
    for own in names {
        let group = &archive.tags[own.tag];
        let is_other =
            |above: &Heading| archive.index.compare_headings(above, &own.heading).is_ne();
        if above.is_none_or(is_other) {
            let id = format!("letter-{}", letters.len() + 1);
            letters.push(Part {
                id,
                letter: letter(&archive.words, &own.heading),
                tags: Vec::new(),
            });
            above = Some(&own.heading);
        }
        let shows = drawn && !own.see;
        let spark = shows.then(|| view::spark(archive, &group.entries, view::SMALL)).flatten();
        let (name, link) = (own.words.to_string(), tag_link(here, group));
        if let Some(last) = letters.last_mut() {
            last.tags.push(IndexLine { name, link, see: own.see, spark });
        }
    }
    letters
}

/// The tags that hold others, with all that they hold, as they are nested.
fn tree(archive: &Archive, here: &OutPath) -> Vec<Branch> {
    let is_root = |group: &TagGroup| group.broader.is_none() && !group.narrower.is_empty();
    let roots = archive.tags.iter().enumerate().filter(|(_, group)| is_root(group));
    let mut rows: Vec<(usize, usize)> = Vec::new();
    let mut open: Vec<(usize, usize)> = roots.map(|(ix, _)| (0, ix)).collect();
    open.reverse();
    while let Some((depth, ix)) = open.pop() {
        rows.push((depth, ix));
        open.extend(archive.tags[ix].narrower.iter().rev().map(|ix| (depth + 1, *ix)));
    }
    if rows.iter().map(|(_, ix)| LINE + weight::text(&archive.tags[*ix].tag.name)).sum::<usize>()
        > weight::LINES / 3
    {
        rows.retain(|(depth, _)| *depth == 0);
    }
    let depths: Vec<usize> = rows.iter().map(|(depth, _)| *depth).chain([0]).collect();
    rows.iter()
        .zip(depths.iter().skip(1))
        .map(|((depth, ix), next)| Branch {
            link: tag_link(here, &archive.tags[*ix]),
            opens: next > depth,
            closes: (*next..*depth).collect(),
        })
        .collect()
}

/// A heading in words.
fn letter(words: &Words, heading: &Heading) -> String {
    match heading {
        Heading::Signs => words.say("tag.signs").to_string(),
        Heading::Figures => "0\u{2013}9".to_string(),
        Heading::Letter(letter) => letter.clone(),
        Heading::Han => words.say("tag.han").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_any_script_stand_in_an_address() {
        assert_eq!(signs("A"), "a");
        assert_eq!(key(&Heading::Figures), "0-9");
        assert_eq!(signs("\u{e9}"), "_e9");
    }
}
