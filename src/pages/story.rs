//! Stories: each, the days of a long one, and both in either order.

mod calendar;
mod posts;
mod timeline;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use self::calendar::StoryMonth;
use self::posts::{Order, Section};
use self::timeline::Timeline;

use super::kept::KeptAnchor;
use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx, Slice, StoryGroup, StoryPart, weight};
use crate::date::Month;
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::paths::{self, OutPath, Part};
use crate::view::{self, Frame, GapView, Group, Link, PageCaptures, StoryPage};
use crate::words::Words;

/// A story.
pub const STORY: Kind = Kind { name: "a story", plan: plan_story, write: write_story };
/// A part of a long story.
pub const PART: Kind = Kind { name: "a day of a story", plan: plan_part, write: write_story };
/// The same as a story or a part of it, the newest entry first. It is a second page, so that what
/// is read, heard and stepped through is in one order, without script.
pub const NEWEST: Kind =
    Kind { name: "a story, newest first", plan: plan_newest, write: write_story };

/// More days than these stand in the calendar alone.
const LISTED_DAYS: usize = 31;

/// What `story.html` sees.
#[derive(Serialize)]
struct StoryView<'a> {
    page: Frame<'a>,
    /// Whether the program made the title, where nobody gave one.
    title_made: bool,
    /// The language of the publisher's words.
    lang: &'a str,
    /// Their direction, for HTML: `ltr`, `rtl`, or `auto` where nobody says their language.
    dir: &'static str,
    /// The language of the title; empty where it is that of the interface.
    title_lang: String,
    /// From when to when, in words; empty where it has no entries.
    span: String,
    /// How many entries it has, in words; on the page of a day, that day.
    count: String,
    /// How many entries the whole story has.
    total: usize,
    /// The dumps that feed it, the earliest capture first.
    sources: Vec<super::sources::SourceLine>,
    /// The points of the publisher's summary, as HTML.
    summary: Vec<String>,
    /// The curator's introduction, as HTML; empty where there is none.
    words: String,
    /// The days of a long story, each a page; on one of several pages of a day, these; else empty.
    days: Vec<Link>,
    /// Its own calendar, where it has many days.
    months: Vec<StoryMonth>,
    /// The months before those of the calendar.
    months_earlier: Option<Link>,
    /// The months behind those of the calendar.
    months_later: Option<Link>,
    /// When its entries came; none where that would say nothing.
    timeline: Option<Timeline>,
    /// The entries by days; empty where `days` has them.
    sections: Vec<Section>,
    /// On the first page of a long story: its key events by days.
    key_events: Vec<Group>,
    /// On the page of a day: the day before.
    earlier: Option<Link>,
    /// On the page of a day: the day behind.
    later: Option<Link>,
    /// The whole story, from a part.
    whole: Option<Link>,
    /// Of a part, its place among the others: "3 of 12".
    part: String,
    /// Whether this is the page of a day.
    is_part: bool,
    /// Whether the newest entry stands on top.
    newest_first: bool,
    /// The same page in the other order; none where there is nothing to order.
    other_order: Option<Link>,
    /// What the captures of each of its publisher's pages hold.
    pages: Vec<PageCaptures>,
    /// The stretches of time of which no capture holds anything.
    gaps: Vec<GapView>,
    /// Its entries that are withdrawn: the name of each is its id and its anchor.
    withdrawn: Vec<Link>,
    /// What is said of them; empty where none is.
    withdrawn_count: String,
    /// What stood on the page once.
    kept: Vec<KeptAnchor>,
}

fn plan_story(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let stories = archive.stories.iter().enumerate();
    stories.map(|(ix, group)| (paths::story(&group.story.slug), Subject::Story(ix))).collect()
}

/// The address of a part of a story.
fn address(part: &StoryPart) -> Part {
    Part { day: part.day, minute: part.slice.start(), number: part.slice.number }
}

/// Returns what a part of a story is called; of a day in several parts, with its hours.
fn part_name(words: &Words, group: &StoryGroup, at: usize) -> String {
    let part = &group.parts[at];
    let slice = &part.slice;
    let behind = group.parts.get(at + 1..).unwrap_or_default().iter();
    let later = behind
        .take_while(|next| next.day == part.day)
        .map(|next| next.slice.minute)
        .find(|minute| *minute > slice.minute);
    let name = match part.day {
        Some(day) => stretch_words(words, crate::date::day_words(day, words), slice, later),
        None => words.say("calendar.undated").to_string(),
    };
    numbered_words(words, name, slice.number)
}

/// Returns what a stretch of a day is called; `later` is the minute that the next one begins with.
pub(super) fn stretch_words(
    words: &Words,
    day: String,
    slice: &Slice,
    later: Option<u32>,
) -> String {
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let said = |key, from: u32, to: u32| {
        words.fill(key, &[("day", &day), ("from", &clock(from)), ("to", &clock(to))])
    };
    match (slice.start(), later) {
        (0, None) => day,
        (0, Some(to)) => said("reading.day_to", 0, to),
        (from, None) => said("reading.day_from", from, 0),
        (from, Some(to)) => said("reading.day_hours", from, to),
    }
}

/// Returns what a stretch is called that the clock cannot tell apart from others.
pub(super) fn numbered_words(words: &Words, name: String, number: usize) -> String {
    if number == 1 {
        return name;
    }
    words.fill("reading.numbered", &[("name", &name), ("number", &number.to_string())])
}

fn plan_part(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let stories = archive.stories.iter().enumerate();
    let parts =
        stories.flat_map(|(story, group)| group.parts.iter().map(move |part| (story, part)));
    parts
        .map(|(story, part)| {
            let (slug, part) = (&archive.stories[story].story.slug, address(part));
            (paths::story_part(slug, part), Subject::StoryPart(story, part))
        })
        .collect()
}

/// Whether the entries can be read in another order.
fn has_orders(group: &StoryGroup) -> bool {
    group.entries.len() > 1
}

fn plan_newest(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let stories = archive.stories.iter().enumerate().filter(|(_, group)| has_orders(group));
    let parts = stories.flat_map(|(story, group)| {
        let parts = group.parts.iter().map(|part| Some(address(part)));
        std::iter::once(None).chain(parts).map(move |part| (story, part))
    });
    parts
        .map(|(story, part)| {
            let slug = &archive.stories[story].story.slug;
            (paths::newest(slug, part), Subject::Newest(story, part))
        })
        .collect()
}

/// The page of a story, or of a part of it, in an order.
fn path_of(group: &StoryGroup, part: Option<usize>, order: Order) -> OutPath {
    let slug = &group.story.slug;
    let part = part.and_then(|at| group.parts.get(at)).map(address);
    match (order, part) {
        (Order::Newest, part) => paths::newest(slug, part),
        (Order::Oldest, Some(part)) => paths::story_part(slug, part),
        (Order::Oldest, None) => paths::story(slug),
    }
}

/// Returns where an entry is read in its story: the page, and the anchor on it.
pub fn place_in_story(archive: &Archive, here: &OutPath, ix: EntryIx) -> String {
    format!("{}#{}", here.link(&page_of(archive, ix, Order::Oldest)), archive.entries[ix].id)
}

/// The page of a story on which an entry is read, in an order.
fn page_of(archive: &Archive, ix: EntryIx, order: Order) -> OutPath {
    let (story, place) = archive.seats[ix];
    let group = &archive.stories[story];
    path_of(group, group.part_places.get(place).copied(), order)
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
        span: view::opening(&view::story_span(archive, group)),
        count: view::entries(words, group.entries.len()),
        total: group.entries.len(),
        sources: sources.into_iter().map(|ix| super::sources::line(archive, here, ix)).collect(),
        summary: group.story.summary.iter().map(|point| inline(archive, here, point)).collect(),
        words: view::words(archive, here, &group.story.body, 1),
        days: Vec::new(),
        months: Vec::new(),
        months_earlier: None,
        months_later: None,
        timeline: None,
        sections: Vec::new(),
        key_events: Vec::new(),
        earlier: None,
        later: None,
        whole: None,
        part: String::new(),
        is_part: false,
        newest_first: false,
        other_order: None,
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
    if view.newest_first {
        return;
    }
    if !view.is_part && !gone.is_empty() {
        let list = gone.iter().map(|ix| super::tombstone::link(here, &archive.withdrawn[*ix]));
        view.withdrawn = list.collect();
        view.withdrawn_count = archive.words.count("story.withdrawn_count", gone.len(), &[]);
    }
    let entries = view.sections.iter().flat_map(|section| &section.entries);
    let shown: BTreeSet<String> = entries
        .map(|post| post.entry.id.clone())
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
    match page.subject {
        Subject::Story(story) => write(desk, page, story, None, Order::Oldest),
        Subject::StoryPart(story, part) => write(desk, page, story, Some(part), Order::Oldest),
        Subject::Newest(story, part) => write(desk, page, story, part, Order::Newest),
        _ => Ok(Vec::new()),
    }
}

fn write(
    desk: Desk<'_>,
    page: &Page,
    story: usize,
    part: Option<Part>,
    order: Order,
) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let (group, words) = (&archive.stories[story], &archive.words);
    let part = part.and_then(|part| group.parts.iter().position(|known| address(known) == part));
    let is_newest = order == Order::Newest;
    let mut title = group.story.title.clone();
    if let Some(at) = part {
        title = words.list(&[title.as_str(), &part_name(words, group, at)]);
    }
    if is_newest {
        title = words.fill("reading.newest_title", &[("title", &title)]);
    }
    let mut view = story_view(archive, here, story, &title);
    view.newest_first = is_newest;
    let list = part.map_or(group.entries.as_slice(), |at| group.parts[at].entries());
    if let Some(at) = part {
        as_part(&mut view, archive, here, story, at, order);
    } else {
        let mut facts = vec![view.count.as_str(), &view.span];
        facts.retain(|fact| !fact.is_empty());
        let facts = facts.join(words.say("list.comma"));
        let holds = [("name", title.as_str()), ("count", &facts)];
        view.page.description = words.fill("frame.holds", &holds);
        if !is_newest {
            view.pages = view::page_captures(archive, here, story);
        }
    }
    if has_orders(group) {
        let (other, key) = match order {
            Order::Oldest => (Order::Newest, "reading.newest_first"),
            Order::Newest => (Order::Oldest, "reading.oldest_first"),
        };
        view.other_order = Some(view::link(here, &path_of(group, part, other), words.say(key)));
    }
    if is_newest {
        // What is known by its address is the page in the order of events.
        let first = path_of(group, part, Order::Oldest);
        if !view.page.canonical.is_empty() {
            view.page.canonical = format!("{}{first}", archive.site.base_url);
        }
        let name = part.map_or_else(|| group.story.title.clone(), |at| part_name(words, group, at));
        view.page.crumbs.push(view::link(here, &first, name));
    }
    let place = |ix: EntryIx| {
        let path = page_of(archive, ix, order);
        let page = if path == *here { String::new() } else { here.link(&path) };
        format!("{page}#{}", archive.entries[ix].id)
    };
    view.timeline = timeline::timeline(archive, here, story, list, &place);
    let is_key = |ix: &EntryIx| archive.entries[*ix].key_event;
    let keys: Vec<EntryIx> = list.iter().copied().filter(is_key).collect();
    let heavy = keys.iter().map(|ix| weight::line(&archive.entries[*ix])).sum::<usize>();
    let is_front = part.is_none() && !group.parts.is_empty();
    // Where these are too many for the first page of a story, each of its parts has its own.
    if if is_front { heavy <= weight::LINES / 2 } else { keys.len() > 1 } {
        let keys = posts::ordered(&keys, order);
        let post = |ix: &EntryIx| weight::post(&archive.entries[*ix]);
        let besides = if is_front { 0 } else { list.iter().map(post).sum() };
        view.key_events =
            view::groups(archive, here, &keys, besides, |ix| view::day_heading(archive, here, ix));
        let lines = view.key_events.iter_mut().flat_map(|group| &mut group.lines);
        for (line, ix) in lines.zip(keys) {
            line.url = place(ix);
        }
    }
    if part.is_some() || group.parts.is_empty() {
        view.sections = posts::sections(archive, here, story, list, order, &place);
    }
    days(&mut view, archive, here, story, part, order);
    if !is_newest {
        let shown = if view.sections.is_empty() { &[][..] } else { list };
        let parts: Vec<OutPath> = match part {
            None => (0..group.parts.len()).map(|at| path_of(group, Some(at), order)).collect(),
            Some(_) => Vec::new(),
        };
        let (title, crumbs) = (view.page.title.as_str(), view.page.crumbs.as_slice());
        let page = StoryPage { list: shown, parts: &parts, title, crumbs };
        view.page.head = view::story_head(archive, here, story, &page);
    }
    remember(&mut view, archive, here, story);
    html(desk, page, "story.html", &view)
}

/// Fills in what a part of a story has: its name, its place and its neighbours.
fn as_part(
    view: &mut StoryView<'_>,
    archive: &Archive,
    here: &OutPath,
    story: usize,
    at: usize,
    order: Order,
) {
    let (group, words) = (&archive.stories[story], &archive.words);
    let trail = [
        (paths::stories(), words.say("frame.stories").to_string()),
        (paths::story(&group.story.slug), group.story.title.clone()),
    ];
    view.page.crumbs = view::frame(archive, here, "", &trail).crumbs;
    view.is_part = true;
    view.count = view::entries(words, group.parts[at].entries().len());
    let holds = [("name", view.page.title.as_str()), ("count", &view.count)];
    view.page.description = words.fill("frame.holds", &holds);
    view.part = place_words(words, at + 1, group.parts.len());
    let link = |at: usize| part_link(words, here, group, at, order);
    view.earlier = at.checked_sub(1).map(link);
    view.later = (at + 1 < group.parts.len()).then(|| link(at + 1));
    let whole = path_of(group, None, order);
    view.whole = Some(Link {
        count: group.entries.len(),
        ..view::link(here, &whole, group.story.title.as_str())
    });
}

/// Returns a place among others: "12 of 140".
pub(super) fn place_words(words: &Words, place: usize, total: usize) -> String {
    words.fill("reading.place", &[("place", &place.to_string()), ("total", &total.to_string())])
}

fn part_link(words: &Words, here: &OutPath, group: &StoryGroup, at: usize, order: Order) -> Link {
    let count = group.parts[at].entries().len();
    view::counted(here, &path_of(group, Some(at), order), part_name(words, group, at), count)
}

/// Whether a part of a story is of the same day as the one before it.
fn follows(group: &StoryGroup, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| group.parts[before].day == group.parts[at].day)
}

/// The link to the first part of a day, as one to the day.
fn whole_day(words: &Words, group: &StoryGroup, at: usize, link: Link) -> Link {
    let (name, count) = match group.parts[at].day {
        Some(day) => (crate::date::day_words(day, words), group.days.get(&day).map_or(0, Vec::len)),
        None => (words.say("calendar.undated").to_string(), group.dayless.len()),
    };
    Link { name, count, ..link }
}

/// The pages of the same day as a part, where it has several: those nearest to it.
fn siblings(
    archive: &Archive,
    here: &OutPath,
    group: &StoryGroup,
    at: usize,
    order: Order,
) -> Vec<Link> {
    let day = group.parts[at].day;
    let of_day = |list: &[StoryPart]| list.iter().take_while(|part| part.day == day).count();
    let earlier = group.parts[..at].iter().rev().take_while(|part| part.day == day).count();
    let later = of_day(&group.parts[at + 1..]);
    if earlier + later == 0 {
        return Vec::new();
    }
    let near = at - earlier.min(LISTED_DAYS / 2)..=at + later.min(LISTED_DAYS / 2);
    let link = |other: usize| Link {
        current: other == at,
        ..part_link(&archive.words, here, group, other, order)
    };
    let mut links: Vec<Link> = near.map(link).collect();
    if order == Order::Newest {
        links.reverse();
    }
    links
}

/// Fills in the ways to the days of a story: its calendar, and a list of what is not in that.
fn days(
    view: &mut StoryView<'_>,
    archive: &Archive,
    here: &OutPath,
    story: usize,
    part: Option<usize>,
    order: Order,
) {
    let (group, words) = (&archive.stories[story], &archive.words);
    let url = |day: NaiveDate| {
        let at = group.parts.partition_point(|part| part.day.is_some_and(|other| other < day));
        match group.parts.get(at) {
            Some(_) => here.link(&path_of(group, Some(at), order)),
            None => format!("#day-{day}"),
        }
    };
    if let Some(at) = part {
        view.days = siblings(archive, here, group, at, order);
        if let Some(day) = group.parts[at].day {
            let month = Month::of(day);
            view.months = calendar::months(words, group, Some(month), Some(day), url);
            (view.months_earlier, view.months_later) =
                calendar::other_months(words, group, day, url);
        }
        return;
    }
    view.months = calendar::months(words, group, None, None, url);
    // Each with whether the calendar has it, too.
    let mut days: Vec<(bool, Link)> = if group.parts.is_empty() {
        let link = |section: &Section| Link {
            name: section.heading.clone(),
            url: format!("#{}", section.id),
            current: false,
            count: section.count,
            made: false,
        };
        let sections = view.sections.iter();
        sections.map(|section| (section.id.starts_with("day-"), link(section))).collect()
    } else {
        let all = group.parts.len() <= LISTED_DAYS;
        let parts = group.parts.iter().enumerate();
        let shown = parts.filter(|(at, _)| all || *at == 0 || !follows(group, *at));
        let link = |(at, part): (usize, &StoryPart)| {
            let link = part_link(words, here, group, at, order);
            (part.day.is_some(), if all { link } else { whole_day(words, group, at, link) })
        };
        shown.map(link).collect()
    };
    if order == Order::Newest && !group.parts.is_empty() {
        days.reverse();
    }
    if !view.months.is_empty() && days.len() > LISTED_DAYS {
        days.retain(|(in_calendar, _)| !in_calendar);
    }
    view.days = days.into_iter().map(|(_, link)| link).collect();
}
