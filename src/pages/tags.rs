//! Tags: each, and the parts of a large one; the index of all stands in [`index`].

pub mod index;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::story::{numbered_words, stretch_words};
use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx, Slice, TagGroup, slices, weight};
use crate::date::{Month, Shelf, day_words};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, TitleBasis};
use crate::paths::{self, ListPart, OutPath};
use crate::view::{self, Frame, Line, Link, Spark};
use crate::words::Words;

/// A tag.
pub const TAG: Kind = Kind { name: "a tag", plan: plan_tag, write: write_tag };
/// A part of a large tag.
pub const PART: Kind = Kind { name: "a part of a tag", plan: plan_part, write: write_part };

/// How many pages of the same year, month or day before and behind it a page leads to.
const NEAR: usize = 24;
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
    /// The years of a large tag, the months of a large year and so on, each a page; else empty.
    years: Vec<Link>,
    /// Its entries by years and stories; empty where `years` has them.
    groups: Vec<StoryInYear>,
    /// Whether the groups stand under years.
    by_year: bool,
    /// How its entries are spread over time.
    spark: Option<Spark>,
    /// On the page of a year: the year before.
    earlier: Option<Link>,
    /// On the page of a year: the year behind.
    later: Option<Link>,
    /// Whether this is the page of a year.
    is_part: bool,
}

/// The entries of a story in a year.
#[derive(Serialize)]
struct StoryInYear {
    /// The year, where these are its first lines; empty for all others.
    opens: String,
    /// The heading: the story.
    heading: String,
    /// Whether the program made the story's title.
    made: bool,
    /// The anchor of the heading.
    id: String,
    /// The page of the story.
    url: String,
    /// The entries.
    lines: Vec<Line>,
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

fn tag_link(here: &OutPath, group: &TagGroup) -> Link {
    view::counted(here, &paths::tag(&group.tag.slug), group.tag.name.as_str(), group.entries.len())
}

fn plan_tag(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let tags = archive.tags.iter().enumerate();
    tags.map(|(ix, group)| (paths::tag(&group.tag.slug), Subject::Tag(ix))).collect()
}

fn is_large(archive: &Archive, tag: usize) -> bool {
    is_long(archive, &archive.tags[tag].entries)
}

/// Whether a list is too long or too heavy for a page. The heading of each story takes the room of an
/// entry.
fn is_long(archive: &Archive, list: &[EntryIx]) -> bool {
    let most = archive.site.long_list;
    let heading = |ix: &EntryIx| (view::filed(archive, *ix).map(|at| at.0), archive.seats[*ix].0);
    let headings = || list.iter().map(heading).collect::<BTreeSet<_>>().len();
    list.len() > most
        || list.len() > 1
            && (list.len() + headings() > most || taken(archive, list) > weight::LINES)
}

/// About how many bytes the lines of a list take, with the headings of its stories.
fn taken(archive: &Archive, list: &[EntryIx]) -> usize {
    let heading = |ix: &EntryIx| (view::filed(archive, *ix).map(|at| at.0), archive.seats[*ix].0);
    let stories: BTreeSet<_> = list.iter().map(heading).collect();
    let title = |story: usize| weight::text(&archive.stories[story].story.title);
    let headings: usize = stories.iter().map(|(_, story)| weight::HEADING + title(*story)).sum();
    headings + list.iter().map(|ix| weigh(&archive.entries[*ix])).sum::<usize>()
}

/// About how many bytes an entry takes as a line, with its day.
fn weigh(entry: &Entry) -> usize {
    weight::line(entry) + 50
}

/// How finely a list is cut: 0 by year, 1 by month, 2 by day.
fn level(part: Option<Shelf>) -> Option<u8> {
    match part {
        Some(Shelf::Year(_)) => Some(1),
        Some(Shelf::Month(_)) => Some(2),
        Some(Shelf::Day(_)) | None => None,
    }
}

/// The part of its level that an entry belongs to; `None` where it is not known so finely.
fn part_of(archive: &Archive, ix: EntryIx, level: u8) -> Option<Shelf> {
    let filed = view::filed(archive, ix);
    match level {
        0 => filed.map(|(year, _)| Shelf::Year(year)),
        1 => filed.and_then(|(_, month)| month).map(Shelf::Month),
        _ => archive.entries[ix].when.day().map(Shelf::Day),
    }
}

/// The parts of a list in order, each with its entries; those without a year last.
type Parts = Vec<(Option<Shelf>, Vec<EntryIx>)>;

/// Cuts a list, and returns what is left over, as it is not known so finely.
fn cut(archive: &Archive, list: &[EntryIx], level: u8) -> (Parts, Vec<EntryIx>) {
    let mut parts: BTreeMap<(bool, Option<Shelf>), Vec<EntryIx>> = BTreeMap::new();
    let mut left = Vec::new();
    for ix in list {
        match part_of(archive, *ix, level) {
            None if level > 0 => left.push(*ix),
            part => parts.entry((part.is_none(), part)).or_default().push(*ix),
        }
    }
    (parts.into_iter().map(|((_, part), list)| (part, list)).collect(), left)
}

/// The entries of a tag in a part of time.
fn within(archive: &Archive, tag: usize, part: Option<Shelf>) -> Vec<EntryIx> {
    let list = &archive.tags[tag].entries;
    let Some(shelf) = part else {
        return list.iter().copied().filter(|ix| view::filed(archive, *ix).is_none()).collect();
    };
    let (level, opens, closes) = match shelf {
        Shelf::Year(year) => {
            (0, NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31))
        }
        Shelf::Month(month) => {
            let first = month.first_day();
            (1, first, first.and_then(|day| day.checked_add_days(Days::new(31))))
        }
        Shelf::Day(day) => (2, Some(day), Some(day)),
    };
    // The list is in the order of moments in UTC; a day of any zone is at most a day away.
    let moment = |ix: &EntryIx| archive.entries[*ix].when.earliest().map(|moment| moment.date());
    let opens = opens.and_then(|day| day.checked_sub_days(Days::new(2)));
    let closes = closes.and_then(|day| day.checked_add_days(Days::new(2)));
    let from = opens
        .map_or(0, |opens| list.partition_point(|ix| moment(ix).is_some_and(|day| day < opens)));
    let to = closes.map_or(list.len(), |closes| {
        list.partition_point(|ix| moment(ix).is_some_and(|day| day <= closes))
    });
    let near = list.get(from..to).unwrap_or_default().iter().copied();
    near.filter(|ix| part_of(archive, *ix, level) == part).collect()
}

/// The parts that a list continues in, where it is too long for a page.
fn parts_of(
    archive: &Archive,
    part: Option<Shelf>,
    list: &[EntryIx],
) -> Option<(Parts, Vec<EntryIx>)> {
    let level = level(part)?;
    is_long(archive, list).then(|| cut(archive, list, level))
}

/// What a page shows of entries that are not cut by date, and what further pages show of them.
fn pieces(archive: &Archive, list: &[EntryIx]) -> Vec<Slice> {
    let stories: BTreeSet<usize> = list.iter().map(|ix| archive.seats[*ix].0).collect();
    // A page may have to name every story.
    let title =
        |story: &usize| weight::HEADING + weight::text(&archive.stories[*story].story.title);
    let headings: usize = stories.iter().map(title).sum();
    let room = weight::LINES.saturating_sub(headings).max(weight::LINES / 3);
    slices(&archive.entries, list, weigh, room, usize::MAX)
}

/// The parts that a tag has pages of.
pub(super) fn part_pages(archive: &Archive, tag: usize) -> Vec<ListPart> {
    if !is_large(archive, tag) {
        return Vec::new();
    }
    let mut pages = Vec::new();
    let mut open = cut(archive, &archive.tags[tag].entries, 0).0;
    while let Some((shelf, list)) = open.pop() {
        let own = match parts_of(archive, shelf, &list) {
            Some((parts, left)) => {
                open.extend(parts);
                left
            }
            None => list,
        };
        pages.push(ListPart::of(shelf));
        let further = pieces(archive, &own).into_iter().skip(1);
        pages.extend(further.map(|slice| ListPart {
            shelf,
            minute: slice.start(),
            number: slice.number,
        }));
    }
    pages
}

fn part_name(words: &Words, part: Option<Shelf>) -> String {
    match part {
        Some(Shelf::Year(year)) => year.to_string(),
        Some(Shelf::Month(month)) => month.words(words),
        Some(Shelf::Day(day)) => day_words(day, words),
        None => words.say("tag.year_unknown").to_string(),
    }
}

/// The parts right above a part, the widest first.
fn above(part: Option<Shelf>) -> Vec<Shelf> {
    match part {
        Some(Shelf::Year(_)) | None => Vec::new(),
        Some(Shelf::Month(month)) => vec![Shelf::Year(month.year)],
        Some(Shelf::Day(day)) => {
            let month = Month::of(day);
            vec![Shelf::Year(month.year), Shelf::Month(month)]
        }
    }
}

/// What a piece of a part is called.
fn piece_name(words: &Words, shelf: Option<Shelf>, pieces: &[Slice], at: usize) -> String {
    let slice = &pieces[at];
    let behind = pieces.get(at + 1..).unwrap_or_default().iter();
    let later = behind.map(|next| next.minute).find(|minute| *minute > slice.minute);
    numbered_words(words, stretch_words(words, part_name(words, shelf), slice, later), slice.number)
}

/// Links to the pieces of a part; `own` is the one that the page shows.
fn piece_links(
    archive: &Archive,
    here: &OutPath,
    tag: usize,
    shelf: Option<Shelf>,
    pieces: &[Slice],
    own: usize,
) -> Vec<Link> {
    let slug = &archive.tags[tag].tag.slug;
    let link = |(at, slice): (usize, &Slice)| {
        let part = ListPart { shelf, minute: slice.start(), number: slice.number };
        let name = piece_name(&archive.words, shelf, pieces, at);
        let link = view::counted(here, &paths::tag_part(slug, part), name, slice.entries.len());
        Link { current: at == own, ..link }
    };
    pieces.iter().enumerate().map(link).collect()
}

fn part_links(archive: &Archive, here: &OutPath, tag: usize, parts: &Parts) -> Vec<Link> {
    let slug = &archive.tags[tag].tag.slug;
    let link = |(part, list): &(Option<Shelf>, Vec<EntryIx>)| {
        view::counted(
            here,
            &paths::tag_part(slug, ListPart::of(*part)),
            part_name(&archive.words, *part),
            list.len(),
        )
    };
    parts.iter().map(link).collect()
}

/// Entries by year, and in each by story, each story where its first entry of the year stands.
fn grouped(archive: &Archive, here: &OutPath, list: &[EntryIx]) -> Vec<StoryInYear> {
    let count = view::fitting(archive, list, taken(archive, list), weight::LINES);
    let years = cut(archive, list, 0).0;
    let several = years.len() > 1;
    let mut groups: Vec<StoryInYear> = Vec::new();
    for (year, list) in years {
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        let first = groups.len();
        for ix in list {
            let story = archive.seats[ix].0;
            let at = *places.entry(story).or_insert_with(|| {
                let group = &archive.stories[story].story;
                groups.push(StoryInYear {
                    opens: String::new(),
                    heading: group.title.clone(),
                    made: group.title_basis == TitleBasis::Made,
                    id: format!("g-{}", groups.len() + 1),
                    url: here.link(&paths::story(&group.slug)),
                    lines: Vec::new(),
                });
                groups.len() - 1
            });
            groups[at].lines.push(view::told(archive, here, ix, count));
        }
        if let Some(group) = groups.get_mut(first).filter(|_| several) {
            group.opens = part_name(&archive.words, year);
        }
    }
    groups
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
        by_year: false,
        spark: None,
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
        view.years = part_links(archive, here, tag, &cut(archive, &group.entries, 0).0);
    } else {
        view.groups = grouped(archive, here, &group.entries);
    }
    view.spark = view::spark(archive, &group.entries, view::WIDE);
    view.by_year = view.groups.iter().any(|group| !group.opens.is_empty());
    html(desk, page, "tag.html", &view)
}

fn plan_part(archive: &Archive) -> Vec<(OutPath, Subject)> {
    (0..archive.tags.len())
        .flat_map(|tag| part_pages(archive, tag).into_iter().map(move |part| (tag, part)))
        .map(|(tag, part)| {
            (paths::tag_part(&archive.tags[tag].tag.slug, part), Subject::TagPart(tag, part))
        })
        .collect()
}

fn write_part(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::TagPart(tag, part) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let group = &archive.tags[tag];
    let slug = &group.tag.slug;
    let (place, part) = (part, part.shelf);
    let list = within(archive, tag, part);
    let words = &archive.words;
    let (parts, own) =
        parts_of(archive, part, &list).unwrap_or_else(|| (Parts::new(), list.clone()));
    let pieces = pieces(archive, &own);
    let is_own = |slice: &Slice| (slice.start(), slice.number) == (place.minute, place.number);
    let own = pieces.iter().position(is_own).unwrap_or_default();
    let name = match pieces.get(own) {
        Some(_) if parts.is_empty() || own > 0 => piece_name(words, part, &pieces, own),
        _ => part_name(words, part),
    };
    let title = words.list(&[group.tag.name.as_str(), &name]);
    let mut view = tag_view(archive, here, tag, &title);
    let mut trail = vec![
        (paths::tags(), words.say("frame.tags").to_string()),
        (paths::tag(slug), group.tag.name.clone()),
    ];
    let wider = above(part);
    let of = |shelf: Option<Shelf>| {
        (paths::tag_part(slug, ListPart::of(shelf)), part_name(words, shelf))
    };
    trail.extend(wider.iter().map(|shelf| of(Some(*shelf))));
    if !place.is_first() {
        trail.push(of(part));
    }
    view.page.crumbs = view::frame(archive, here, "", &trail).crumbs;
    view.is_part = true;
    let shown = pieces.get(own).map(|slice| slice.entries.as_slice()).unwrap_or_default();
    let holds = if place.is_first() { list.len() } else { shown.len() };
    view.count = view::entries(words, holds);
    view.page.description =
        words.fill("frame.holds", &[("name", &view.page.title), ("count", &view.count)]);
    let whole = match wider.last() {
        Some(shelf) => within(archive, tag, Some(*shelf)),
        None => group.entries.clone(),
    };
    let siblings = cut(archive, &whole, u8::try_from(wider.len()).unwrap_or_default()).0;
    let at = siblings.iter().position(|(other, _)| *other == part).unwrap_or_default();
    let links = part_links(archive, here, tag, &siblings);
    let siblings = piece_links(archive, here, tag, part, &pieces, own);
    view.earlier = match own.checked_sub(1) {
        Some(before) => siblings.get(before).cloned(),
        None => at.checked_sub(1).and_then(|at| links.get(at).cloned()),
    };
    view.later = siblings.get(own + 1).or_else(|| links.get(at + 1)).cloned();
    if place.is_first() {
        view.years = part_links(archive, here, tag, &parts);
    }
    if siblings.len() > 1 {
        let near = own.saturating_sub(NEAR)..siblings.len().min(own + NEAR + 1);
        view.years.extend(siblings.get(near).unwrap_or_default().iter().cloned());
    }
    view.groups = grouped(archive, here, shown);
    view.by_year = view.groups.iter().any(|group| !group.opens.is_empty());
    html(desk, page, "tag.html", &view)
}
