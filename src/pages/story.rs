//! Stories: their list, each story, and the days of a long one.

use std::collections::BTreeSet;

use serde::Serialize;

use super::kept::KeptAnchor;
use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx, StoryGroup, excerpt};
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::markdown::shown_text;
use crate::paths::{self, OutPath, Part};
use crate::view::{self, EntryView, Frame, GapView, Group, Link, PageCaptures, StoryPage};
use crate::words::Words;

/// The list of stories.
pub const LIST: Kind = Kind { name: "the list of stories", plan: plan_list, write: write_list };
/// A story.
pub const STORY: Kind = Kind { name: "a story", plan: plan_story, write: write_story };
/// A part of a long story.
pub const PART: Kind = Kind { name: "a day of a story", plan: plan_part, write: write_part };

/// A story as a line of a list.
#[derive(Debug, Serialize)]
pub struct StoryLine {
    /// The title, its address and the number of entries.
    pub link: Link,
    /// The language of its title (BCP 47); empty where it is that of the interface.
    pub lang: String,
    /// The direction of its title, for HTML: `ltr`, `rtl`, or `auto` where nobody says its language.
    pub dir: &'static str,
    /// From when to when.
    pub span: String,
    /// Who published it.
    pub publishers: String,
    /// The curator's introduction in a line, or the first point of the publisher's summary, or the
    /// first words.
    pub excerpt: String,
    /// Whose words the excerpt is: `curator` or `publisher`.
    pub voice: &'static str,
}

#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    stories: Vec<StoryLine>,
}

/// The entries of a story under one heading.
#[derive(Serialize)]
struct Section {
    heading: String,
    id: String,
    url: String,
    entries: Vec<EntryView>,
}

#[derive(Serialize)]
struct StoryView<'a> {
    page: Frame<'a>,
    title_made: bool,
    /// The language and the direction of the publisher's words.
    lang: &'a str,
    dir: &'static str,
    /// The language of the title; empty where it is that of the interface.
    title_lang: String,
    span: String,
    count: String,
    /// The dumps that feed it, the earliest capture first.
    sources: Vec<super::sources::SourceLine>,
    summary: Vec<String>,
    words: String,
    /// Days, or parts of a long story.
    days: Vec<Link>,
    sections: Vec<Section>,
    key_events: Vec<Group>,
    /// The neighbours of a part.
    earlier: Option<Link>,
    later: Option<Link>,
    is_part: bool,
    /// What the captures of each of its pages hold.
    pages: Vec<PageCaptures>,
    gaps: Vec<GapView>,
    /// Its entries that are withdrawn, and what is said of them.
    withdrawn: Vec<Link>,
    withdrawn_count: String,
    /// What stood on the page once.
    kept: Vec<KeptAnchor>,
}

/// Returns every story as a line.
pub fn lines(archive: &Archive, here: &OutPath) -> Vec<StoryLine> {
    let words = &archive.words;
    archive
        .stories
        .iter()
        .enumerate()
        .map(|(ix, group)| {
            let story = &group.story;
            let mut publishers: Vec<&str> = Vec::new();
            for source in &story.sources {
                let name = source.publisher.as_str();
                if !name.is_empty() && !publishers.contains(&name) {
                    publishers.push(name);
                }
            }
            let introduction = Some(excerpt(&story.body, words)).filter(|text| !text.is_empty());
            let first = group.entries.first().map(|ix| archive.excerpts[*ix].clone());
            // Of an entry that is covered, the excerpt is its warning.
            let covered = story.summary.is_empty()
                && group.entries.first().is_some_and(|ix| !archive.warnings[*ix].is_empty());
            let voice = if introduction.is_some() || covered { "curator" } else { "publisher" };
            StoryLine {
                link: view::story_link(here, group),
                lang: view::beside(archive, archive.story_language(ix)),
                dir: view::direction_of(&story.lang),
                span: view::opening(&view::span(words, group.span)),
                publishers: words.list(&publishers),
                excerpt: introduction
                    .or(story
                        .summary
                        .first()
                        .map(|point| shown_text(point, words).replace('\n', " ")))
                    .or(first)
                    .unwrap_or_default(),
                voice,
            }
        })
        .collect()
}

fn plan_list(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::stories(), Subject::Archive)]
}

fn write_list(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let words = &desk.archive.words;
    let mut frame = view::frame(desk.archive, &page.path, words.say("frame.stories"), &[]);
    frame.description = words.say("story.about").to_string();
    let stories = lines(desk.archive, &page.path);
    html(desk, page, "stories.html", &ListView { page: frame, stories })
}

fn plan_story(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let stories = archive.stories.iter().enumerate();
    stories.map(|(ix, group)| (paths::story(&group.story.slug), Subject::Story(ix))).collect()
}

fn is_long(archive: &Archive, story: usize) -> bool {
    archive.stories[story].entries.len() > archive.site.long_list
}

/// The part of a long story that an entry stands in.
fn part_of(archive: &Archive, ix: EntryIx) -> Part {
    archive.entries[ix].when.day().map_or(Part::Other, Part::Day)
}

/// The parts of a story in order, each with its entries; what no day dates comes last.
fn parts(group: &StoryGroup) -> impl DoubleEndedIterator<Item = (Part, &Vec<EntryIx>)> {
    let other = Some((Part::Other, &group.dayless)).filter(|(_, list)| !list.is_empty());
    group.days.iter().map(|(day, list)| (Part::Day(*day), list)).chain(other)
}

/// The entries of a part, and the parts before and after it.
fn around(group: &StoryGroup, part: Part) -> (&Vec<EntryIx>, Option<Part>, Option<Part>) {
    match part {
        Part::Other => {
            (&group.dayless, group.days.keys().next_back().copied().map(Part::Day), None)
        }
        Part::Day(day) => {
            let list = group.days.get(&day).unwrap_or(&group.dayless);
            let earlier = group.days.range(..day).next_back();
            let after = (std::ops::Bound::Excluded(day), std::ops::Bound::Unbounded);
            let later = group.days.range(after).next();
            let other = Some(Part::Other).filter(|_| !group.dayless.is_empty());
            let later = later.map(|(day, _)| Part::Day(*day)).or(other);
            (list, earlier.map(|(day, _)| Part::Day(*day)), later)
        }
    }
}

fn part_name(words: &Words, part: Part) -> String {
    match part {
        Part::Day(day) => crate::date::day_words(day, words),
        Part::Other => words.say("calendar.undated").to_string(),
    }
}

fn plan_part(archive: &Archive) -> Vec<(OutPath, Subject)> {
    (0..archive.stories.len())
        .filter(|story| is_long(archive, *story))
        .flat_map(|story| parts(&archive.stories[story]).map(move |(part, _)| (story, part)))
        .map(|(story, part)| {
            let slug = &archive.stories[story].story.slug;
            (paths::story_part(slug, part), Subject::StoryPart(story, part))
        })
        .collect()
}

/// Returns where an entry is read in its story: the page, and the anchor on it.
pub fn place_in_story(archive: &Archive, here: &OutPath, ix: EntryIx) -> String {
    let story = archive.seats[ix].0;
    let slug = &archive.stories[story].story.slug;
    let path = if is_long(archive, story) {
        paths::story_part(slug, part_of(archive, ix))
    } else {
        paths::story(slug)
    };
    format!("{}#{}", here.link(&path), archive.entries[ix].id)
}

fn sections(archive: &Archive, here: &OutPath, list: &[EntryIx]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for ix in list {
        let (heading, url) = view::day_heading(archive, here, *ix);
        if sections.last().is_none_or(|section| section.heading != heading) {
            let id = match archive.entries[*ix].when.day() {
                Some(day) => format!("day-{day}"),
                None => format!("date-{}", sections.len() + 1),
            };
            sections.push(Section { heading, id, url, entries: Vec::new() });
        }
        if let Some(section) = sections.last_mut() {
            let coins = view::coins(archive, *ix, list.len());
            section.entries.push(EntryView { coins, ..view::entry(archive, here, *ix, 3) });
        }
    }
    sections
}

/// What the pages of one story share.
fn story_view<'a>(
    archive: &'a Archive,
    here: &OutPath,
    story: usize,
    title: &str,
) -> StoryView<'a> {
    let (group, words) = (&archive.stories[story], &archive.words);
    let trail = [(paths::stories(), words.say("frame.stories").to_string())];
    let mut frame = view::frame(archive, here, title, &trail);
    let feed = paths::story_feed(&group.story.slug);
    frame.feeds.insert(0, view::link(here, &feed, group.story.title.as_str()));
    let mut sources: Vec<usize> =
        (0..archive.sources.len()).filter(|ix| archive.sources[*ix].story == Some(story)).collect();
    sources.sort_by_key(|ix| view::capture_order(&archive.sources[*ix].source.captured));
    StoryView {
        page: frame,
        title_made: group.story.title_basis == TitleBasis::Made,
        lang: archive.story_language(story),
        dir: view::direction_of(&group.story.lang),
        title_lang: view::beside(archive, archive.story_language(story)),
        span: view::opening(&view::span(words, group.span)),
        count: view::entries(words, group.entries.len()),
        sources: sources.into_iter().map(|ix| super::sources::line(archive, here, ix)).collect(),
        summary: group.story.summary.iter().map(|point| inline(archive, here, point)).collect(),
        words: view::words(archive, here, &group.story.body, 1),
        days: Vec::new(),
        sections: Vec::new(),
        key_events: Vec::new(),
        earlier: None,
        later: None,
        is_part: false,
        pages: Vec::new(),
        gaps: view::gaps(archive, story),
        withdrawn: Vec::new(),
        withdrawn_count: String::new(),
        kept: Vec::new(),
    }
}

/// Fills in what was here once: withdrawn entries, and anchors that were published.
fn remember(view: &mut StoryView<'_>, archive: &Archive, here: &OutPath, story: usize) {
    let gone = &archive.stories[story].withdrawn;
    if !view.is_part && !gone.is_empty() {
        let list = gone.iter().map(|ix| super::tombstone::link(here, &archive.withdrawn[*ix]));
        view.withdrawn = list.collect();
        view.withdrawn_count = archive.words.count("story.withdrawn_count", gone.len(), &[]);
    }
    let entries = view.sections.iter().flat_map(|section| &section.entries);
    let shown: BTreeSet<String> = entries
        .map(|entry| entry.id.clone())
        .chain(view.sections.iter().map(|section| section.id.clone()))
        .chain(view.withdrawn.iter().map(|link| link.name.clone()))
        .collect();
    view.kept = super::kept::anchors(archive, here, &shown);
}

/// Renders a point of a summary, which is one paragraph, without the paragraph around it.
fn inline(archive: &Archive, here: &OutPath, text: &str) -> String {
    let html = view::words(archive, here, text, 2);
    let inner = html.trim().strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    inner.map_or_else(|| html.clone(), str::to_string)
}

fn write_story(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Story(story) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let group = &archive.stories[story];
    let mut view = story_view(archive, here, story, &group.story.title);
    view.pages = view::page_captures(archive, here, story);
    let facts = [view.count.as_str(), &view.span].join(archive.words.say("list.comma"));
    let holds = [("name", group.story.title.as_str()), ("count", &facts)];
    view.page.description = archive.words.fill("frame.holds", &holds);
    if is_long(archive, story) {
        view.days = parts(group)
            .map(|(part, list)| part_link(&archive.words, here, group, part, list.len()))
            .collect();
        let key: Vec<EntryIx> =
            group.entries.iter().copied().filter(|ix| archive.entries[*ix].key_event).collect();
        view.key_events =
            view::groups(archive, here, &key, |ix| view::day_heading(archive, here, ix));
    } else {
        view.sections = sections(archive, here, &group.entries);
        view.days = view
            .sections
            .iter()
            .map(|section| Link {
                name: section.heading.clone(),
                url: format!("#{}", section.id),
                current: false,
                count: section.entries.len(),
                made: false,
            })
            .collect();
    }
    let long = is_long(archive, story);
    let days: Vec<OutPath> = parts(group)
        .filter(|_| long)
        .map(|(part, _)| paths::story_part(&group.story.slug, part))
        .collect();
    let list = if long { &[] } else { group.entries.as_slice() };
    tell(&mut view, archive, here, story, (list, &days));
    remember(&mut view, archive, here, story);
    html(desk, page, "story.html", &view)
}

/// Fills in what the page says to machines: of the entries on it, or of its parts.
fn tell(
    view: &mut StoryView<'_>,
    archive: &Archive,
    here: &OutPath,
    story: usize,
    (list, parts): (&[EntryIx], &[OutPath]),
) {
    let page = StoryPage { list, parts, title: &view.page.title, crumbs: &view.page.crumbs };
    view.page.head = view::story_head(archive, here, story, &page);
}

fn part_link(words: &Words, here: &OutPath, group: &StoryGroup, part: Part, count: usize) -> Link {
    let path = paths::story_part(&group.story.slug, part);
    view::counted(here, &path, part_name(words, part), count)
}

fn write_part(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::StoryPart(story, part) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let group = &archive.stories[story];
    let (list, earlier, later) = around(group, part);
    let words = &archive.words;
    let title = words.list(&[group.story.title.as_str(), &part_name(words, part)]);
    let mut view = story_view(archive, here, story, &title);
    let trail = [
        (paths::stories(), words.say("frame.stories").to_string()),
        (paths::story(&group.story.slug), group.story.title.clone()),
    ];
    view.page.crumbs = view::frame(archive, here, "", &trail).crumbs;
    view.is_part = true;
    view.count = view::entries(words, list.len());
    view.page.description = words.fill("frame.holds", &[("name", &title), ("count", &view.count)]);
    view.sections = sections(archive, here, list);
    let neighbour =
        |part: Part| part_link(&archive.words, here, group, part, around(group, part).0.len());
    view.earlier = earlier.map(neighbour);
    view.later = later.map(neighbour);
    tell(&mut view, archive, here, story, (list, &[]));
    remember(&mut view, archive, here, story);
    html(desk, page, "story.html", &view)
}
