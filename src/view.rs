//! What templates may see: the parts that several kinds of page share. Borrowed from the archive,
//! made when a page is written. docs/templates.md describes them; renaming one breaks an archive's
//! own templates.

mod captures;
mod changes;
mod head;
mod linked;
mod listed;
mod span;
mod spark;
mod wall;

use std::borrow::Cow;

use chrono::{Datelike, NaiveDateTime};
use serde::Serialize;

use crate::archive::{Archive, EntryIx, StoryGroup, cut, warning_sentence};
use crate::date::{DateBasis, Month, Shelf, When, day_words, month_name};
use crate::entry::{Accepted, Entry, TitleBasis};
use crate::markdown::{Setting, escape, is_unseen, render, title_words};
use crate::paths::{self, OutPath};
use crate::voices;
use crate::words::{Words, is_rtl};

pub use crate::address::web as outside;
pub use captures::{
    CaptureView, GapView, PageCaptures, capture, capture_link, gaps, moment_of, page_captures,
    stretch,
};
pub use changes::{Changes, RevisionView, changes};
pub use head::{Head, entry_head, has_card, source_head, story_head};
pub use linked::StoryPage;
pub use listed::{coins, fitting, groups, lines, told};
pub use span::{span, story_span};
pub use spark::{SMALL, Spark, WIDE, filed, spark};
pub use wall::{
    Step, Wall, WallCell, WallRow, WallYear, almanac, month_counts, month_wall, step, steps, wall,
};

/// A name that leads somewhere.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// The words of the link.
    pub name: String,
    /// The address, relative to the page.
    pub url: String,
    /// Whether it leads to the page or part of the site that one is in.
    pub current: bool,
    /// How many entries stand behind it; 0 where that is not counted.
    pub count: usize,
    /// Whether the program made the name, where the publisher gave none.
    pub made: bool,
}

/// What every page has.
#[derive(Debug, Serialize)]
pub struct Frame<'a> {
    /// The page's title.
    pub title: String,
    /// What the page holds, in a sentence, for search engines.
    pub description: String,
    /// The way to the root of the site: empty, or `../` once or more.
    pub root: String,
    /// The page's own address, where `base_url` is set.
    pub canonical: String,
    /// Whether this is the home page.
    pub is_home: bool,
    /// The archive's name.
    pub archive: &'a str,
    /// What the archive is, in a sentence or two.
    pub about: &'a str,
    /// The language of the publisher's words.
    pub language: &'a str,
    /// The language of the interface (BCP 47).
    pub interface: &'a str,
    /// The direction in which the interface is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// Who keeps the archive.
    pub curator: &'a str,
    /// What readers may do with the texts.
    pub rights: &'a str,
    /// The parts of the site.
    pub nav: Vec<Link>,
    /// Where the page stands, from the home page down; the page itself is not among them.
    pub crumbs: Vec<Link>,
    /// Feeds that belong to the page.
    pub feeds: Vec<Link>,
    /// The style sheet itself, on a page that cannot know the way to it; empty on all others.
    pub style: &'a str,
    /// What the head of the page says to machines.
    pub head: Head,
}

/// When something happened, in words and for machines.
#[derive(Debug, Serialize)]
pub struct WhenView {
    /// The date as people say it, "day unknown" where it is.
    pub words: String,
    /// Hours and minutes, empty where they are not known.
    pub time: String,
    /// The offset from UTC, empty where no moment is known.
    pub zone: String,
    /// For the `datetime` attribute; empty where HTML has no form for it.
    pub iso: String,
    /// How the date came to be known: `stated`, `relative`, `inferred`, `curator`, or empty.
    pub basis: &'static str,
    /// The same for readers, empty where the publisher stated it.
    pub basis_words: String,
}

/// An entry in full.
#[derive(Debug, Serialize)]
pub struct EntryView {
    /// The permanent name, also the entry's anchor on the page of its story.
    pub id: String,
    /// The permalink, relative to the page.
    pub url: String,
    /// The title.
    pub title: String,
    /// The title as HTML, in which what stands for words taken out is told apart.
    pub title_html: String,
    /// The language of its words (BCP 47).
    pub lang: String,
    /// The direction of its words, for HTML: `ltr`, `rtl`, or `auto` where nobody says their language.
    pub dir: &'static str,
    /// Whether the program made the title from the first words.
    pub made: bool,
    /// Whether the publisher marked it as a key event.
    pub key_event: bool,
    /// What the words are covered for; empty where they are not. `body` has its cover.
    pub warning: String,
    /// When it happened; the words open a line.
    pub when: WhenView,
    /// Its subjects.
    pub tags: Vec<Link>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// What is to be known before the words are read, where they stand without their papers; each
    /// leads to the entry's own page.
    pub notices: Vec<Link>,
    /// The words, as HTML, annotations among them.
    pub body: String,
    /// What reference managers read of it (`COinS`); empty where that is not told.
    pub coins: String,
}

/// An entry as one line of a list.
#[derive(Debug, Serialize)]
pub struct Line {
    /// The permalink, relative to the page.
    pub url: String,
    /// The title.
    pub title: String,
    /// The title as HTML, in which what stands for words taken out is told apart.
    pub title_html: String,
    /// The language of its words (BCP 47); empty where it is that of the interface.
    pub lang: String,
    /// The direction of its words, for HTML: `ltr`, `rtl`, or `auto` where nobody says their language.
    pub dir: &'static str,
    /// Whether the program made the title from the first words.
    pub made: bool,
    /// Whether the publisher marked it as a key event.
    pub key_event: bool,
    /// What the words are covered for, in short; empty where they are not.
    pub warning: String,
    /// When it happened.
    pub when: WhenView,
    /// The story it belongs to.
    pub story: Link,
    /// The first words, or the warning in their place.
    pub excerpt: String,
    /// What reference managers read of it (`COinS`); empty where that is not told.
    pub coins: String,
}

/// Lines of a list under one heading.
#[derive(Debug, Serialize)]
pub struct Group {
    /// The heading.
    pub heading: String,
    /// The anchor of the heading.
    pub id: String,
    /// Where the heading leads, relative to the page; empty for nowhere.
    pub url: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A month as a small grid.
#[derive(Debug, Serialize)]
pub struct MonthView {
    /// The month and its year.
    pub name: String,
    /// The month without its year.
    pub short: String,
    /// The month's page, relative to the page.
    pub url: String,
    /// How many entries the month has, each counted once though several days have it.
    pub count: usize,
    /// Weeks from Monday to Sunday; an empty cell where a day belongs to another month.
    pub weeks: Vec<Vec<DayCell>>,
}

/// A day of a month's grid.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DayCell {
    /// The day of the month; 0 for an empty cell.
    pub day: u32,
    /// The day's page, relative to the page; empty where the day has no entry.
    pub url: String,
    /// How many entries the day has.
    pub count: usize,
    /// How many that is beside the fullest day of the archive: 0 none, 1 to 4.
    pub level: usize,
    /// The day and its count in words.
    pub label: String,
}

/// Returns a link from one page to another.
pub fn link(from: &OutPath, to: &OutPath, name: impl Into<String>) -> Link {
    Link { name: name.into(), url: from.link(to), current: from == to, count: 0, made: false }
}

/// Returns a link to a story, with the number of its entries.
pub fn story_link(from: &OutPath, group: &StoryGroup) -> Link {
    let story = &group.story;
    let made = story.title_basis == TitleBasis::Made;
    Link { made, ..counted(from, &paths::story(&story.slug), &story.title, group.entries.len()) }
}

/// Returns a link with the number of entries behind it.
pub fn counted(from: &OutPath, to: &OutPath, name: impl Into<String>, count: usize) -> Link {
    Link { count, ..link(from, to, name) }
}

/// Returns what every page has; `trail` holds the pages above it, without the home page.
pub fn frame<'a>(
    archive: &'a Archive,
    here: &OutPath,
    title: impl Into<String>,
    trail: &[(OutPath, String)],
) -> Frame<'a> {
    let site = &archive.site;
    let part = |path: &OutPath, name: &str| {
        let folder = path.as_str().split_once('/').map_or("", |(folder, _)| folder);
        let inside = here.as_str().split_once('/').is_some_and(|(mine, _)| mine == folder);
        Link { current: inside, ..link(here, path, name) }
    };
    let words = &archive.words;
    let mut nav = vec![
        part(&paths::stories(), words.say("frame.stories")),
        part(&paths::dates(), words.say("frame.dates")),
        part(&paths::tags(), words.say("frame.tags")),
        part(&paths::sources(), words.say("frame.sources_part")),
        link(here, &paths::search_page(), words.say("search.title")),
    ];
    nav.extend(archive.pages.iter().map(|page| link(here, &paths::page(&page.slug), &page.title)));
    let is_home = *here == paths::home();
    let mut crumbs = Vec::new();
    if !is_home {
        crumbs.push(link(here, &paths::home(), site.title.as_str()));
        crumbs.extend(trail.iter().map(|(path, name)| link(here, path, name.as_str())));
    }
    let canonical =
        if site.base_url.is_empty() { String::new() } else { format!("{}{here}", site.base_url) };
    Frame {
        title: title.into(),
        description: String::new(),
        root: here.root(),
        canonical,
        is_home,
        archive: &site.title,
        about: &site.description,
        language: &site.language,
        interface: words.tag(),
        direction: words.direction(),
        curator: &site.curator,
        rights: &site.rights,
        nav,
        crumbs,
        feeds: vec![link(here, &paths::fixed("atom.xml"), words.say("frame.all_entries"))],
        style: "",
        head: Head::default(),
    }
}

/// Returns an entry's date for a template.
pub fn when(archive: &Archive, ix: EntryIx) -> WhenView {
    let (entry, words) = (&archive.entries[ix], &archive.words);
    let time = entry.when.time().or(entry.clock);
    let iso = match &entry.when {
        When::Exact(_) | When::Day(_) => entry.when.written(),
        When::Edtf(_) | When::Unknown => String::new(),
    };
    let (basis, basis_words) = match entry.date_basis {
        None => ("", ""),
        Some(DateBasis::Stated) => ("stated", ""),
        Some(DateBasis::Relative) => ("relative", words.say("basis.relative")),
        Some(DateBasis::Inferred) => ("inferred", words.say("basis.inferred")),
        Some(DateBasis::Curator) => ("curator", words.say("basis.curator")),
    };
    WhenView {
        words: entry.when.words(words),
        time: time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default(),
        zone: entry.when.offset_words().unwrap_or_default(),
        iso,
        basis,
        basis_words: basis_words.to_string(),
    }
}

/// Returns an entry in full; its own headings go below level `under`.
pub fn entry(archive: &Archive, here: &OutPath, ix: EntryIx, under: u8) -> EntryView {
    let entry = &archive.entries[ix];
    EntryView {
        id: entry.id.to_string(),
        url: here.link(&paths::entry(&entry.id)),
        title: archive.title(ix).into_owned(),
        title_html: archive.title_html(ix),
        lang: archive.language_of(ix).to_string(),
        dir: direction(archive, ix),
        made: archive.title_basis(ix) == TitleBasis::Made,
        key_event: entry.key_event,
        warning: archive.warnings[ix].clone(),
        when: WhenView { words: opening(&entry.when.words(&archive.words)), ..when(archive, ix) },
        tags: tags(archive, here, &entry.tags),
        authors: authors(archive, entry),
        notices: notices(archive, here, ix),
        body: body(archive, here, ix, under).into_owned(),
        coins: String::new(),
    }
}

/// Returns the direction of words for HTML, where somebody says their language.
pub fn direction_of(lang: &str) -> &'static str {
    match lang {
        "" => "auto",
        lang if is_rtl(lang) => "rtl",
        _ => "ltr",
    }
}

fn direction(archive: &Archive, ix: EntryIx) -> &'static str {
    let (own, story) = (&archive.entries[ix].lang, &archive.story_of(ix).story.lang);
    direction_of(if own.is_empty() { story } else { own })
}

/// Returns a language where it is another than that of the interface; empty where it is the same.
pub fn beside(archive: &Archive, lang: &str) -> String {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let same = primary(lang) == primary(archive.words.tag());
    if same { String::new() } else { lang.to_string() }
}

/// Whether the curator changed the publisher's words on purpose, and they stand so.
pub fn is_corrected(archive: &Archive, ix: EntryIx) -> bool {
    let entry = &archive.entries[ix];
    let differs = |base| !voices::alterations(base, entry).is_empty();
    voices::is_accepted(entry) && archive.bases.get(&entry.id).is_some_and(differs)
}

/// Returns the changes of an entry that the curator accepted, each with its reason; none where the
/// publisher's words stand there again.
pub fn accepted(archive: &Archive, ix: EntryIx) -> &[Accepted] {
    let entry = &archive.entries[ix];
    let differs = |base| !voices::alterations(base, entry).is_empty();
    if archive.bases.get(&entry.id).is_some_and(differs) { &entry.accepted } else { &[] }
}

/// Returns what readers have to know of an entry's words where they stand without their papers.
pub fn notices(archive: &Archive, here: &OutPath, ix: EntryIx) -> Vec<Link> {
    let page = paths::entry(&archive.entries[ix].id);
    let corrected =
        is_corrected(archive, ix).then(|| archive.words.say("entry.corrected").to_string());
    let told = corrected.into_iter().chain(changes::no_longer(archive, ix));
    told.map(|words| link(here, &page, words)).collect()
}

/// Returns words as they stand at the beginning of a line.
pub fn opening(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns when a page was saved, in words, with the hour where that is known.
pub fn saved(words: &Words, captured: &str) -> String {
    let day = crate::date::words(captured, words);
    match When::parse(captured) {
        Ok(when @ When::Exact(_)) => on_day(words, &day, &clock(words, &when)),
        _ => day,
    }
}

/// A day with an hour of it.
fn on_day(words: &Words, day: &str, time: &str) -> String {
    words.fill("date.on_day", &[("day", day), ("time", time)])
}

/// The hour of a moment with its zone; empty where it is none.
fn clock(words: &Words, when: &When) -> String {
    let Some(time) = when.time() else { return String::new() };
    let time = time.format("%H:%M").to_string();
    let zone = when.offset_words().unwrap_or_default();
    words.fill("date.zoned", &[("time", &time), ("zone", &zone)])
}

/// Returns what to sort captures by: their moment, those without one last.
pub fn capture_order(captured: &str) -> (bool, Option<NaiveDateTime>) {
    let moment = When::parse(captured).ok().and_then(|when| when.earliest());
    (moment.is_none(), moment)
}

/// Returns who wrote an entry; a name that was taken out is said to be.
pub fn authors(archive: &Archive, entry: &Entry) -> Vec<String> {
    let words = &archive.words;
    let seen = entry.authors.iter().filter(|name| !is_unseen(name));
    seen.map(|name| title_words(name, words).into_owned()).collect()
}

/// The longest warning beside a title, in characters.
const WARNING: usize = 60;

/// Puts the words of an entry under a cover that says what they are covered for.
fn covered(words: &Words, text: &str, warning: &str) -> String {
    let (sentence, show) = (warning_sentence(warning, words), words.say("entry.show"));
    format!(
        "<details class=\"cover\">\n<summary data-voice=\"curator\" dir=\"auto\"><b>{}</b> <span class=\"show\">{}</span></summary>\n<div class=\"words\" dir=\"auto\" data-pagefind-ignore=\"all\">\n{text}</div>\n</details>\n",
        escape(&sentence),
        escape(show)
    )
}

/// Returns an entry's words as HTML; its own headings go below level `under`. Where the entry warns
/// of something, they are covered.
///
/// They stand on the entry's page, on that of its story and in several feeds: what was rendered
/// once for the entry's page is used again wherever it would be the same.
pub fn body<'a>(archive: &'a Archive, here: &OutPath, ix: EntryIx, under: u8) -> Cow<'a, str> {
    const OWN_PAGE: u8 = 1;
    let entry = &archive.entries[ix];
    let (root, own_root) = (here.root(), paths::entry(&entry.id).root());
    let render = |under, root: &str| {
        let (raw_html, prefix) = (archive.site.raw_html, format!("{}-", entry.id));
        let (words, pictures) = (&archive.words, Some(&archive.pictures));
        let setting = Setting { raw_html, under, prefix: &prefix, root, words, pictures };
        let text = render(&entry.body, &setting);
        let warning = &archive.warnings[ix];
        if warning.is_empty() { text } else { covered(&archive.words, &text, warning) }
    };
    let html = archive.bodies[ix].get_or_init(|| render(OWN_PAGE, &own_root));
    // Only headings differ from level to level, and only what leads to the root from page to page.
    let is_level = under == OWN_PAGE || !html.contains("<h");
    let is_rooted = root == own_root || !html.contains(&own_root);
    if is_level && is_rooted { Cow::Borrowed(html) } else { Cow::Owned(render(under, &root)) }
}

/// Returns the curator's Markdown as HTML; its own headings go below level `under`.
pub fn words(archive: &Archive, here: &OutPath, text: &str, under: u8) -> String {
    let root = here.root();
    let (raw_html, words) = (archive.site.raw_html, &archive.words);
    let pictures = Some(&archive.pictures);
    let setting = Setting { raw_html, under, prefix: "text-", root: &root, words, pictures };
    render(text, &setting)
}

/// Returns links to tags.
pub fn tags(archive: &Archive, here: &OutPath, names: &[String]) -> Vec<Link> {
    names
        .iter()
        .filter_map(|name| archive.tag(name))
        .map(|group| {
            counted(here, &paths::tag(&group.tag.slug), &group.tag.name, group.entries.len())
        })
        .collect()
}

/// Returns an entry as a line of a list.
pub fn line(archive: &Archive, here: &OutPath, ix: EntryIx) -> Line {
    let entry = &archive.entries[ix];
    Line {
        url: here.link(&paths::entry(&entry.id)),
        title: archive.title(ix).into_owned(),
        title_html: archive.title_html(ix),
        lang: beside(archive, archive.language_of(ix)),
        dir: direction(archive, ix),
        made: archive.title_basis(ix) == TitleBasis::Made,
        key_event: entry.key_event,
        warning: cut(&archive.warnings[ix], WARNING),
        when: when(archive, ix),
        story: story_link(here, archive.story_of(ix)),
        excerpt: archive.excerpts[ix].clone(),
        coins: String::new(),
    }
}

/// Returns the heading of an entry's day as it opens a line, and its page.
pub fn day_heading(archive: &Archive, here: &OutPath, ix: EntryIx) -> (String, String) {
    let when = &archive.entries[ix].when;
    let url = when.day().map(|day| here.link(&paths::day(day))).unwrap_or_default();
    (opening(&when.words(&archive.words)), url)
}

/// Returns a month as a grid.
pub fn month(archive: &Archive, here: &OutPath, month: Month) -> MonthView {
    let (words, counts) = (&archive.words, archive.days_of(month));
    let mut cells: Vec<DayCell> = Vec::new();
    let first = month.first_day();
    let blanks = first.map_or(0, |day| day.weekday().num_days_from_monday());
    cells.extend((0..blanks).map(|_| DayCell::default()));
    let days = first
        .into_iter()
        .flat_map(|day| day.iter_days())
        .take_while(|day| Month::of(*day) == month);
    for day in days {
        let count = counts.get(&day).copied().unwrap_or_default();
        cells.push(DayCell {
            day: day.day(),
            url: if count > 0 { here.link(&paths::day(day)) } else { String::new() },
            count,
            level: step(count, archive.fullest_day),
            label: [day_words(day, words), entries(words, count)].join(words.say("list.comma")),
        });
    }
    while !cells.len().is_multiple_of(7) {
        cells.push(DayCell::default());
    }
    let count = archive.count(|shelf| match shelf {
        Shelf::Day(day) => Month::of(day) == month,
        Shelf::Month(other) => other == month,
        Shelf::Year(_) => false,
    });
    MonthView {
        name: month.words(words),
        short: month_name(month.month, words).to_string(),
        url: here.link(&paths::month(month)),
        count,
        weeks: cells.chunks(7).map(<[DayCell]>::to_vec).collect(),
    }
}

/// Returns a number of entries in words: "1 entry", "2 entries".
pub fn entries(words: &Words, count: usize) -> String {
    words.count("count.entries", count, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_of_a_capture_is_told() {
        assert_eq!(
            saved(Words::english(), "2031-04-02T05:40:00+01:00"),
            "Wednesday 2 April 2031, 05:40 UTC+1"
        );
        assert_eq!(saved(Words::english(), "2031-04-02"), "Wednesday 2 April 2031");
        assert_eq!(saved(Words::english(), ""), "");
    }

    #[test]
    fn captures_without_a_moment_come_last() {
        let mut list = ["", "2031-04-03", "2031-04-02T23:30:00-01:00", "2031-04-02"];
        list.sort_by_key(|captured| capture_order(captured));
        assert_eq!(list, ["2031-04-02", "2031-04-03", "2031-04-02T23:30:00-01:00", ""]);
    }

    #[test]
    fn a_line_opens_with_a_capital() {
        assert_eq!(opening("day unknown"), "Day unknown");
        assert_eq!(opening("2 April 2031"), "2 April 2031");
        assert_eq!(opening(""), "");
    }
}
