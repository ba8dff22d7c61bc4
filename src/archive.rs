//! The archive: everything that the files say, joined, sorted and grouped. Built once, then only
//! read.

mod parts;
mod sources;
mod said;
mod tags;
mod withdrawn;
pub mod weight;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use chrono::{Datelike, NaiveDate};
use rayon::prelude::*;

use crate::capture::Capture;
use crate::content::Content;
use crate::date::{Month, Shelf};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, FreePage, Id, Slug, Source, Story, Tag, TitleBasis};
use crate::history::{History, Known};
use crate::index::Index;
use crate::markdown;
use crate::picture::Pictures;
use crate::record::Record;
use crate::search::Search;
use crate::site::{self, Site};
use crate::words::{self, Words};
pub use parts::{Slice, StoryPart, slices};
pub use said::{cut, excerpt, warning_sentence};
use said::{unknown_warnings, warning};

/// The place of an entry in [`Archive::entries`].
pub type EntryIx = usize;

/// The slug of the free page that opens the home page.
const HOME: &str = "home";

/// An archive, ready to be read.
#[derive(Debug)]
pub struct Archive {
    /// The settings.
    pub site: Site,
    /// What the site says itself.
    pub words: Arc<Words>,
    /// Every entry: by date, then those without one, by story and place in it.
    pub entries: Vec<Entry>,
    /// The first words of each entry, as plain text; of one that is covered, its warning.
    pub excerpts: Vec<String>,
    /// What each entry warns of, in words; empty for one that is not covered.
    pub warnings: Vec<String>,
    /// Each entry's words as HTML for its own page, where they were asked for: feeds hold them too.
    pub bodies: Vec<OnceLock<String>>,
    /// The index of all words, where it was asked for.
    pub search: OnceLock<Search>,
    /// Where each entry belongs: its story's place in `stories`, and its own place in that story.
    pub seats: Vec<(usize, usize)>,
    /// How names are sorted, in the language of the archive.
    pub index: Index,
    /// Every story, the earliest first.
    pub stories: Vec<StoryGroup>,
    /// Every tag that leads somewhere, by name.
    pub tags: Vec<TagGroup>,
    /// The place of each tag in `tags`.
    tag_places: BTreeMap<String, usize>,
    /// Every dump, by name.
    pub sources: Vec<SourceGroup>,
    /// The calendar: what is filed under each day, month or year, in the order of `entries`.
    pub calendar: BTreeMap<Shelf, Vec<EntryIx>>,
    /// The number of entries of the fullest day.
    pub fullest_day: usize,
    /// The days that have entries, by month (1 to 12) and day of the month; each list is ascending.
    pub almanac: BTreeMap<(u32, u32), Vec<NaiveDate>>,
    /// Entries that no page of the calendar holds.
    pub undated: Vec<EntryIx>,
    /// The curator's words on the home page.
    pub home: Option<FreePage>,
    /// The other free pages, by title.
    pub pages: Vec<FreePage>,
    /// Which entries each dump holds, by the dump's name.
    pub captures: Vec<Capture>,
    /// Where each entry stands in them: places of the capture, and in it.
    pub sightings: HashMap<Id, Vec<(usize, usize)>>,
    /// What the publishers said before, by entry.
    pub revisions: BTreeMap<Id, Vec<Entry>>,
    /// The entries whose files are not as they were imported, as they were.
    pub bases: BTreeMap<Id, Entry>,
    /// What the captures of each page hold, and what changed from one to the next.
    pub history: History,
    /// The entries that are withdrawn, by id: no list holds them, and nothing shows their words.
    pub withdrawn: Vec<Entry>,
    /// Every address and anchor of the site that was published once.
    pub published: BTreeSet<String>,
    /// The pictures that texts show, by their paths in the site.
    pub pictures: Pictures,
}

/// A story with its entries.
#[derive(Debug)]
pub struct StoryGroup {
    /// What `story.md` says.
    pub story: Story,
    /// Its entries, oldest first; those without a date last, in their own order.
    pub entries: Vec<EntryIx>,
    /// The same entries by the day that each is dated by.
    pub days: BTreeMap<NaiveDate, Vec<EntryIx>>,
    /// Those that no single day dates.
    pub dayless: Vec<EntryIx>,
    /// The first and the last day that an entry of it is dated by.
    pub span: Option<(NaiveDate, NaiveDate)>,
    /// Its entries that are withdrawn, by their place in [`Archive::withdrawn`].
    pub withdrawn: Vec<usize>,
    /// The pages that it is cut into, where it is too long for one; what no day dates comes last.
    pub parts: Vec<StoryPart>,
    /// The part of each of its entries.
    pub part_places: Vec<usize>,
    /// Its key events, in the order of its entries.
    pub key_events: Vec<EntryIx>,
}

/// A tag with its entries.
#[derive(Debug)]
pub struct TagGroup {
    /// What the vocabulary says, or as much as a tag that is not in it has: its name.
    pub tag: Tag,
    /// Whether the vocabulary holds it.
    pub known: bool,
    /// Its entries, in the order of [`Archive::entries`].
    pub entries: Vec<EntryIx>,
    /// The tags right below it, by their place in [`Archive::tags`].
    pub narrower: Vec<usize>,
    /// The tag right above it.
    pub broader: Option<usize>,
    /// Tags to look at, too: those that it names, and those that name it.
    pub related: Vec<usize>,
}

/// A dump with its entries.
#[derive(Debug)]
pub struct SourceGroup {
    /// What is remembered of the import.
    pub record: Record,
    /// The page that it is a capture of.
    pub source: Source,
    /// The story that it feeds, by its place in [`Archive::stories`].
    pub story: Option<usize>,
    /// The entries that come from it, by their place in the dump.
    pub entries: Vec<EntryIx>,
}

/// The words of the home page, and all other free pages, by title.
fn free_pages(
    pages: Vec<FreePage>,
    index: &Index,
) -> (Option<FreePage>, Vec<FreePage>, Vec<Diagnostic>) {
    let (mut home, mut pages): (Vec<_>, Vec<_>) =
        pages.into_iter().partition(|page| page.slug.as_str() == HOME);
    let twice = |page: &FreePage| {
        let message = format!("the home page's words stand in {} already", home[0].file);
        Diagnostic::error(&page.file, 0, message).hint("join the two, or give one another name")
    };
    let problems = home.iter().skip(1).map(twice).collect();
    home.truncate(1);
    for page in pages.iter_mut().filter(|page| markdown::is_unseen(&page.title)) {
        page.title = title_from_name(page.slug.as_str(), None);
    }
    pages.sort_by(|a, b| index.compare(&a.title, &b.title));
    (home.pop(), pages, problems)
}

impl Archive {
    /// Joins what the files say. Problems that concern several files are found here.
    pub fn new(site: Site, content: Content) -> (Self, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let Content { mut entries, stories, pages, tags, records, captures, .. } = content;
        let Content { mut revisions, mut bases, published, languages, pictures, .. } = content;
        let (words, found) = interface(&site, &languages);
        problems.extend(found);
        entries.sort_by(by_date);
        problems.extend(doubles(&entries));
        let (withdrawn, mut entries) = withdrawn::part(entries);
        problems.extend(withdrawn::replacements(&entries, &withdrawn));
        for entry in &withdrawn {
            revisions.remove(&entry.id);
            bases.remove(&entry.id);
        }
        prefer(&mut entries, &tags);
        problems.extend(unknown_warnings(&site, &entries));
        let warnings: Vec<String> =
            entries.par_iter().map(|entry| warning(&site, entry, &words)).collect();
        let excerpts = entries
            .par_iter()
            .zip(&warnings)
            .map(|(entry, warning)| {
                if warning.is_empty() {
                    excerpt(&entry.body, &words)
                } else {
                    warning_sentence(warning, &words)
                }
            })
            .collect();
        let bodies = vec![OnceLock::new(); entries.len()];
        let mut stories = group_stories(stories, &entries, &withdrawn, &words);
        let mut seats = vec![(0, 0); entries.len()];
        for (story, group) in stories.iter().enumerate() {
            for (place, ix) in group.entries.iter().enumerate() {
                seats[*ix] = (story, place);
            }
        }
        parts::fill(&mut stories, &entries, &seats, site.long_list);
        let index = Index::new(&site.language);
        let (tags, found) = tags::group(tags, &entries, (&site.language, &index), &published);
        problems.extend(found);
        let tag_places =
            tags.iter().enumerate().map(|(ix, group)| (group.tag.name.clone(), ix)).collect();
        let history = History::new(&Known {
            entries: &entries,
            withdrawn: &withdrawn,
            stories: stories.iter().map(|group| &group.story).collect(),
            records: &records,
            captures: &captures,
        });
        let sources = sources::group(records, &stories, &entries);
        let mut calendar: BTreeMap<Shelf, Vec<EntryIx>> = BTreeMap::new();
        let mut undated = Vec::new();
        for (ix, entry) in entries.iter().enumerate() {
            let shelves = entry.when.shelves();
            if shelves.is_empty() {
                undated.push(ix);
            }
            for shelf in shelves {
                calendar.entry(shelf).or_default().push(ix);
            }
        }
        let fullest_day = fullest(&calendar);
        let mut almanac: BTreeMap<(u32, u32), Vec<NaiveDate>> = BTreeMap::new();
        for day in calendar.keys().filter_map(|shelf| shelf_day(*shelf)) {
            almanac.entry((day.month(), day.day())).or_default().push(day);
        }
        let (home, pages, found) = free_pages(pages, &index);
        problems.extend(found);
        let archive = Self {
            site,
            words,
            entries,
            excerpts,
            warnings,
            bodies,
            search: OnceLock::new(),
            seats,
            index,
            stories,
            tags,
            tag_places,
            sources,
            calendar,
            fullest_day,
            almanac,
            undated,
            home,
            pages,
            sightings: sightings(&captures),
            captures,
            revisions,
            bases,
            history,
            withdrawn,
            published,
            pictures,
        };
        (archive, problems)
    }

    /// Returns the entry that has an id, or had it once.
    pub fn find(&self, id: &str) -> Option<EntryIx> {
        let has = |entry: &Entry| withdrawn::is_called(entry, id);
        self.entries.iter().position(has)
    }

    /// Returns the story of an entry.
    pub fn story_of(&self, ix: EntryIx) -> &StoryGroup {
        &self.stories[self.seats[ix].0]
    }

    /// Returns the language of an entry's words (BCP 47): its own, or that of its story or the archive.
    pub fn language_of(&self, ix: EntryIx) -> &str {
        let own = self.entries[ix].lang.as_str();
        if own.is_empty() { self.story_language(self.seats[ix].0) } else { own }
    }

    /// Returns the language of a story's words (BCP 47), by its place in `stories`.
    pub fn story_language(&self, story: usize) -> &str {
        let own = self.stories.get(story).map_or("", |group| group.story.lang.as_str());
        if own.is_empty() { &self.site.language } else { own }
    }

    /// Returns the days that have entries, with their number, the earliest first.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = (NaiveDate, usize)> {
        self.calendar.iter().filter_map(|(shelf, list)| match shelf {
            Shelf::Day(day) => Some((*day, list.len())),
            Shelf::Month(_) | Shelf::Year(_) => None,
        })
    }

    /// Returns the days of a month that have entries, with their number.
    pub fn days_of(&self, month: Month) -> BTreeMap<NaiveDate, usize> {
        let Some(first) = month.first_day() else { return BTreeMap::new() };
        let last = first.iter_days().take_while(|day| Month::of(*day) == month).last();
        self.calendar
            .range(Shelf::Day(first)..=Shelf::Day(last.unwrap_or(first)))
            .filter_map(|(shelf, list)| match shelf {
                Shelf::Day(day) => Some((*day, list.len())),
                Shelf::Month(_) | Shelf::Year(_) => None,
            })
            .collect()
    }

    /// Returns how many entries stand in a part of the calendar. One that stands under several days,
    /// as it happened from one to another, counts once.
    pub fn count(&self, holds: impl Fn(Shelf) -> bool) -> usize {
        let shelves = self.calendar.iter().filter(|(shelf, _)| holds(**shelf));
        let mut list: Vec<EntryIx> = shelves.flat_map(|(_, list)| list).copied().collect();
        list.sort_unstable();
        list.dedup();
        list.len()
    }

    /// Returns every month that a day or the month itself is filed under.
    pub fn months(&self) -> Vec<Month> {
        let mut months: Vec<Month> = self
            .calendar
            .keys()
            .filter_map(|shelf| match shelf {
                Shelf::Day(day) => Some(Month::of(*day)),
                Shelf::Month(month) => Some(*month),
                Shelf::Year(_) => None,
            })
            .collect();
        months.sort_unstable();
        months.dedup();
        months
    }

    /// Returns every year that something is filed under.
    pub fn years(&self) -> Vec<i32> {
        let mut years: Vec<i32> =
            self.calendar.keys().map(|shelf| crate::date::shelf_year(*shelf)).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// Returns the dump of that file name.
    pub fn source(&self, dump: &str) -> Option<&SourceGroup> {
        let at =
            self.sources.binary_search_by(|group| group.record.dump.as_str().cmp(dump)).ok()?;
        self.sources.get(at)
    }

    /// Returns the tag called `name`.
    pub fn tag(&self, name: &str) -> Option<&TagGroup> {
        self.tags.get(*self.tag_places.get(name)?)
    }
}

/// The interface in the language that the settings ask for, of the archive's own files and those that are
/// compiled in.
fn interface(site: &Site, own: &[(String, String)]) -> (Arc<Words>, Vec<Diagnostic>) {
    let wanted = if site.interface.is_empty() { &site.language } else { &site.interface };
    let closest = words::closest(wanted, own);
    let (found, mut problems) = Words::new(closest.unwrap_or("en"), own);
    if closest.is_none() && !site.interface.is_empty() {
        let message = format!("there is no interface in the language `{wanted}`");
        let file = format!("{}/{wanted}.toml", words::FOLDER);
        let hint = format!("write {file}: docs/languages.md tells how");
        problems.push(Diagnostic::error(site::FILE, 0, message).hint(hint));
    }
    (Arc::new(found), problems)
}

/// Where each entry stands in the captures.
fn sightings(captures: &[Capture]) -> HashMap<Id, Vec<(usize, usize)>> {
    let mut all: HashMap<Id, Vec<(usize, usize)>> = HashMap::new();
    for (ix, capture) in captures.iter().enumerate() {
        for (place, sighting) in capture.sightings.iter().enumerate() {
            all.entry(sighting.id.clone()).or_default().push((ix, place));
        }
    }
    all
}

/// The order of entries over the whole archive: by date, then without, by story and place in it.
fn by_date(a: &Entry, b: &Entry) -> Ordering {
    let moment = match (a.when.earliest(), b.when.earliest()) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.story.cmp(&b.story),
    };
    moment.then(a.order.cmp(&b.order)).then_with(|| a.id.cmp(&b.id))
}

/// Two entries with one id, or an alias that is taken: errors that name both files.
fn doubles(entries: &[Entry]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut owners: BTreeMap<&Slug, &Entry> = BTreeMap::new();
    for entry in entries {
        if let Some(first) = owners.insert(&entry.id, entry) {
            let (first, second) =
                if first.file <= entry.file { (first, entry) } else { (entry, first) };
            problems.push(
                Diagnostic::error(
                    &second.file,
                    second.id_line,
                    format!(
                        "the id `{}` is that of {}:{} too, expected one of its own",
                        entry.id, first.file, first.id_line
                    ),
                )
                .hint(
                    "if one is a copy of the other, remove it; if not, give the younger another id",
                ),
            );
        }
    }
    for entry in entries {
        for alias in &entry.aliases {
            if let Some(owner) = owners.insert(alias, entry) {
                problems.push(
                    Diagnostic::error(
                        &entry.file,
                        0,
                        format!("the alias `{alias}` is the id or an alias of {} too", owner.file),
                    )
                    .hint("an old address can lead to one entry only"),
                );
            }
        }
    }
    problems
}

/// Replaces synonyms among the tags of entries by the name that the vocabulary prefers.
fn prefer(entries: &mut [Entry], tags: &[Tag]) {
    let names: BTreeMap<&str, &str> = tags
        .iter()
        .flat_map(|tag| {
            std::iter::once(&tag.name)
                .chain(&tag.synonyms)
                .map(|word| (word.as_str(), tag.name.as_str()))
        })
        .collect();
    for entry in entries {
        let mut seen: Vec<String> = Vec::with_capacity(entry.tags.len());
        for tag in &entry.tags {
            let name = names.get(tag.as_str()).map_or(tag.as_str(), |name| name);
            if !seen.iter().any(|known| known == name) {
                seen.push(name.to_string());
            }
        }
        entry.tags = seen;
    }
}

/// The number of entries of the fullest day, at least 1.
fn fullest(calendar: &BTreeMap<Shelf, Vec<EntryIx>>) -> usize {
    let days = calendar.iter().filter(|(shelf, _)| matches!(shelf, Shelf::Day(_)));
    days.map(|(_, list)| list.len()).max().unwrap_or(1)
}

fn group_stories(
    stories: Vec<Story>,
    all: &[Entry],
    withdrawn: &[Entry],
    words: &Words,
) -> Vec<StoryGroup> {
    let mut lists: BTreeMap<&Slug, Vec<EntryIx>> = BTreeMap::new();
    for entry in withdrawn {
        lists.entry(&entry.story).or_default();
    }
    for (ix, entry) in all.iter().enumerate() {
        lists.entry(&entry.story).or_default().push(ix);
    }
    let mut told: BTreeMap<Slug, Story> =
        stories.into_iter().map(|story| (story.slug.clone(), story)).collect();
    for slug in lists.keys() {
        if !told.contains_key(*slug) {
            told.insert((*slug).clone(), untold(slug));
        }
    }
    let mut groups: Vec<StoryGroup> = told
        .into_values()
        .map(|mut story| {
            if markdown::is_unseen(&story.title) {
                story.title = title_from_name(story.slug.as_str(), None);
                story.title_basis = TitleBasis::Made;
            }
            story.title = markdown::title_words(&story.title, words).into_owned();
            let entries_of = lists.remove(&story.slug).unwrap_or_default();
            let days =
                || entries_of.iter().flat_map(|ix| all[*ix].when.shelves()).filter_map(shelf_day);
            let span = days().min().zip(days().max());
            let mut by_day: BTreeMap<NaiveDate, Vec<EntryIx>> = BTreeMap::new();
            let mut dayless = Vec::new();
            for ix in &entries_of {
                match all[*ix].when.day() {
                    Some(day) => by_day.entry(day).or_default().push(*ix),
                    None => dayless.push(*ix),
                }
            }
            let gone = withdrawn.iter().enumerate().filter(|(_, entry)| entry.story == story.slug);
            let withdrawn = gone.map(|(ix, _)| ix).collect();
            let (parts, part_places) = (Vec::new(), Vec::new());
            let (entries, days) = (entries_of, by_day);
            let key_events = entries.iter().copied().filter(|ix| all[*ix].key_event).collect();
            StoryGroup {
                story,
                entries,
                days,
                dayless,
                span,
                withdrawn,
                parts,
                part_places,
                key_events,
            }
        })
        .collect();
    groups.sort_by(|a, b| match (a.span, b.span) {
        (Some(x), Some(y)) => x.cmp(&y).then_with(|| a.story.slug.cmp(&b.story.slug)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.story.slug.cmp(&b.story.slug),
    });
    groups
}

fn shelf_day(shelf: Shelf) -> Option<NaiveDate> {
    match shelf {
        Shelf::Day(day) => Some(day),
        Shelf::Month(_) | Shelf::Year(_) => None,
    }
}

/// A story of which only the folder's name is known.
fn untold(slug: &Slug) -> Story {
    Story {
        slug: slug.clone(),
        title: title_from_name(slug.as_str(), None),
        title_basis: TitleBasis::Made,
        sources: Vec::new(),
        lang: String::new(),
        summary: Vec::new(),
        aliases: Vec::new(),
        body: String::new(),
        file: format!("content/{slug}/story.md"),
        body_line: 0,
    }
}

/// Makes a title from a file's or folder's name: hyphens become spaces, and the publisher's name
/// gets its own spelling.
pub fn title_from_name(name: &str, publisher: Option<&str>) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut own = publisher.into_iter().flat_map(str::split_whitespace);
            own.find(|name| name.eq_ignore_ascii_case(word)).unwrap_or(word).to_string()
        })
        .collect();
    let text = words.join(" ");
    let mut letters = text.chars();
    letters.next().map_or(text.clone(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
