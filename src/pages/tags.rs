//! Tags: the index, each tag, and the years of a large one.

use chrono::Datelike;
use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx, TagGroup};
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::view::{self, Frame, Group, Link};
use crate::words::Words;

/// The index of tags.
pub const LIST: Kind = Kind { name: "the index of tags", plan: plan_list, write: write_list };
/// A tag.
pub const TAG: Kind = Kind { name: "a tag", plan: plan_tag, write: write_tag };
/// A year of a large tag.
pub const YEAR: Kind = Kind { name: "a year of a tag", plan: plan_year, write: write_year };

/// What `tags.html` sees.
#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    /// The index, a part for each first letter.
    letters: Vec<Part>,
    /// The tags that hold others, with all that they hold, as they are nested.
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

/// The tags that begin with one letter.
#[derive(Serialize)]
struct Part {
    /// The letter.
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
}

/// What `tag.html` sees.
#[derive(Serialize)]
struct TagView<'a> {
    page: Frame<'a>,
    /// How many entries have it, in words; on the page of a year, of that year.
    count: String,
    /// What it means; empty where nothing is said.
    description: String,
    /// Its other names.
    synonyms: Vec<String>,
    /// The tag that it is part of.
    broader: Option<Link>,
    /// All that it is part of, the widest first.
    chain: Vec<Link>,
    /// The tags that are part of it.
    narrower: Vec<Link>,
    /// The tags to see also.
    related: Vec<Link>,
    /// Its names in other languages.
    labels: Vec<Label>,
    /// The same subject in other vocabularies.
    matches: Vec<Match>,
    /// The years of a large tag, each a page; else empty.
    years: Vec<Link>,
    /// Its entries by days; empty where `years` has them.
    groups: Vec<Group>,
    /// On the page of a year: the year before.
    earlier: Option<Link>,
    /// On the page of a year: the year behind.
    later: Option<Link>,
    /// Whether this is the page of a year.
    is_part: bool,
}

/// A name in another language.
#[derive(Serialize)]
struct Label {
    /// The language, as in BCP 47.
    language: String,
    /// The name.
    name: String,
}

/// The same subject in another vocabulary.
#[derive(Serialize)]
struct Match {
    /// Its address there.
    name: String,
    /// The same; empty where it is no address of the web.
    url: String,
}

fn plan_list(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::tags(), Subject::Archive)]
}

fn write_list(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let mut frame = view::frame(archive, here, archive.words.say("frame.tags"), &[]);
    frame.description = archive.words.say("tag.about").to_string();
    let mut lines: Vec<IndexLine> = Vec::new();
    for group in &archive.tags {
        lines.push(IndexLine {
            name: group.tag.name.clone(),
            link: tag_link(here, group),
            see: false,
        });
        for synonym in &group.tag.synonyms {
            lines.push(IndexLine { name: synonym.clone(), link: tag_link(here, group), see: true });
        }
    }
    lines.sort_by_key(|line| (line.name.to_lowercase(), line.see));
    let mut letters: Vec<Part> = Vec::new();
    for line in lines {
        let letter = first_letter(&line.name);
        if letters.last().is_none_or(|last| last.letter != letter) {
            letters.push(Part {
                id: format!("letter-{}", letters.len() + 1),
                letter,
                tags: Vec::new(),
            });
        }
        if let Some(last) = letters.last_mut() {
            last.tags.push(line);
        }
    }
    html(desk, page, "tags.html", &ListView { page: frame, letters, tree: tree(archive, here) })
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

/// The tags that a tag is part of, the widest first; none of a circle.
fn chain(archive: &Archive, here: &OutPath, tag: usize) -> Vec<Link> {
    let mut above: Vec<usize> = Vec::new();
    let mut next = archive.tags[tag].broader;
    while let Some(ix) = next {
        if ix == tag || above.contains(&ix) {
            return Vec::new();
        }
        above.push(ix);
        next = archive.tags[ix].broader;
    }
    above.into_iter().rev().map(|ix| tag_link(here, &archive.tags[ix])).collect()
}

fn first_letter(name: &str) -> String {
    let first = name.chars().next().unwrap_or('#');
    if first.is_alphabetic() { first.to_uppercase().collect() } else { "0\u{2013}9".to_string() }
}

fn tag_link(here: &OutPath, group: &TagGroup) -> Link {
    view::counted(here, &paths::tag(&group.tag.slug), group.tag.name.as_str(), group.entries.len())
}

fn plan_tag(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let tags = archive.tags.iter().enumerate();
    tags.map(|(ix, group)| (paths::tag(&group.tag.slug), Subject::Tag(ix))).collect()
}

fn is_large(archive: &Archive, tag: usize) -> bool {
    archive.tags[tag].entries.len() > archive.site.long_list
}

fn year_of(archive: &Archive, ix: EntryIx) -> Option<i32> {
    archive.entries[ix].when.earliest().map(|moment| {
        let day = archive.entries[ix].when.day();
        day.map_or(moment.year(), |day| day.year())
    })
}

/// The years of a tag in order, each with its entries; those without a year last.
fn years(archive: &Archive, tag: usize) -> Vec<(Option<i32>, Vec<EntryIx>)> {
    let mut years: Vec<(Option<i32>, Vec<EntryIx>)> = Vec::new();
    for ix in &archive.tags[tag].entries {
        let year = year_of(archive, *ix);
        match years.iter_mut().find(|(other, _)| *other == year) {
            Some((_, list)) => list.push(*ix),
            None => years.push((year, vec![*ix])),
        }
    }
    years.sort_by_key(|(year, _)| year.unwrap_or(i32::MAX));
    years
}

/// The years that a tag has pages of.
pub(super) fn year_pages(archive: &Archive, tag: usize) -> Vec<Option<i32>> {
    if !is_large(archive, tag) {
        return Vec::new();
    }
    years(archive, tag).into_iter().map(|(year, _)| year).collect()
}

fn year_name(words: &Words, year: Option<i32>) -> String {
    year.map_or_else(|| words.say("tag.year_unknown").to_string(), |year| year.to_string())
}

fn year_links(archive: &Archive, here: &OutPath, tag: usize) -> Vec<Link> {
    let slug = &archive.tags[tag].tag.slug;
    years(archive, tag)
        .into_iter()
        .map(|(year, list)| {
            view::counted(
                here,
                &paths::tag_year(slug, year),
                year_name(&archive.words, year),
                list.len(),
            )
        })
        .collect()
}

fn tag_view<'a>(archive: &'a Archive, here: &OutPath, tag: usize, title: &str) -> TagView<'a> {
    let (group, words) = (&archive.tags[tag], &archive.words);
    let mut frame =
        view::frame(archive, here, title, &[(paths::tags(), words.say("frame.tags").into())]);
    let feed = paths::tag_feed(&group.tag.slug);
    if !group.entries.is_empty() {
        frame.feeds.insert(0, view::link(here, &feed, group.tag.name.as_str()));
    }
    let links = |list: &[usize]| list.iter().map(|ix| tag_link(here, &archive.tags[*ix])).collect();
    let labels = group.tag.labels.iter().cloned();
    TagView {
        page: frame,
        count: view::entries(words, group.entries.len()),
        description: group.tag.description.clone(),
        synonyms: group.tag.synonyms.clone(),
        broader: group.broader.map(|ix| tag_link(here, &archive.tags[ix])),
        chain: chain(archive, here, tag),
        narrower: links(&group.narrower),
        related: links(&group.related),
        labels: labels.map(|(language, name)| Label { language, name }).collect(),
        matches: group
            .tag
            .matches
            .iter()
            .map(|uri| Match { name: uri.clone(), url: view::outside(uri) })
            .collect(),
        years: Vec::new(),
        groups: Vec::new(),
        earlier: None,
        later: None,
        is_part: false,
    }
}

fn write_tag(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Tag(tag) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let group = &archive.tags[tag];
    let mut view = tag_view(archive, here, tag, &group.tag.name);
    view.page.description = match group.tag.description.as_str() {
        "" => {
            archive.words.fill("frame.holds", &[("name", &group.tag.name), ("count", &view.count)])
        }
        description => description.to_string(),
    };
    if is_large(archive, tag) {
        view.years = year_links(archive, here, tag);
    } else {
        view.groups =
            view::groups(archive, here, &group.entries, |ix| view::day_heading(archive, here, ix));
    }
    html(desk, page, "tag.html", &view)
}

fn plan_year(archive: &Archive) -> Vec<(OutPath, Subject)> {
    (0..archive.tags.len())
        .flat_map(|tag| year_pages(archive, tag).into_iter().map(move |year| (tag, year)))
        .map(|(tag, year)| {
            (paths::tag_year(&archive.tags[tag].tag.slug, year), Subject::TagYear(tag, year))
        })
        .collect()
}

fn write_year(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::TagYear(tag, year) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let group = &archive.tags[tag];
    let years = years(archive, tag);
    let at = years.iter().position(|(other, _)| *other == year).unwrap_or_default();
    let words = &archive.words;
    let title = words.list(&[group.tag.name.as_str(), &year_name(words, year)]);
    let mut view = tag_view(archive, here, tag, &title);
    let trail = [
        (paths::tags(), words.say("frame.tags").to_string()),
        (paths::tag(&group.tag.slug), group.tag.name.clone()),
    ];
    view.page.crumbs = view::frame(archive, here, "", &trail).crumbs;
    view.is_part = true;
    view.count = view::entries(words, years[at].1.len());
    view.page.description =
        words.fill("frame.holds", &[("name", &view.page.title), ("count", &view.count)]);
    view.groups =
        view::groups(archive, here, &years[at].1, |ix| view::day_heading(archive, here, ix));
    let links = year_links(archive, here, tag);
    view.earlier = at.checked_sub(1).and_then(|at| links.get(at).cloned());
    view.later = links.get(at + 1).cloned();
    html(desk, page, "tag.html", &view)
}
