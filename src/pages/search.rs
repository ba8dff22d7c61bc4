//! The search page, its script, and the files of its index.
//!
//! ```text
//! search/index.js       the shards, what cuts words, what is common
//! search/names.js       what a search can be narrowed to
//! search/spans.js       what uncertain dates can mean; only where there are any
//! search/words/*.js     which entries hold a word          search/places/*.js   where in them
//! search/entries/*.js   what is shown of an entry: some entries a file, by their numbers, packed
//! ```
//!
//! Each file is a script that hands over one value. What was redacted or withdrawn, and what a content
//! warning covers, is in none of them.

mod files;

use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx};
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::markdown;
use crate::paths::{self, OutPath};
use crate::search::Search;
use crate::search::index::{self, Facet, Text};
use crate::search::numbers::Place;
use crate::template;
use crate::view::{self, Frame};

pub use files::{ENTRIES, INDEX, NAMES, PART_PLACES, PARTS, PLACES, SPANS, WORDS};

/// The search page.
pub const PAGE: Kind = Kind { name: "the search page", plan: plan_page, write: write_page };
/// Its script.
pub const SCRIPT: Kind =
    Kind { name: "the script of the search page", plan: plan_script, write: write_script };

/// What `search.html` sees.
#[derive(Serialize)]
struct SearchView<'a> {
    page: Frame<'a>,
    /// How many entries can be found, in words.
    count: String,
    /// Whether entries can be found by the curator's words.
    notes: bool,
}

fn plan_page(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::search_page(), Subject::Archive)]
}

fn write_page(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let words = &archive.words;
    let mut frame = view::frame(archive, here, words.say("search.title"), &[]);
    let count = view::entries(words, archive.entries.len());
    let title = archive.site.title.as_str();
    frame.description = words.fill("search.about", &[("name", title), ("count", &count)]);
    let is_noted = |group: &index::Group| group.forms.iter().any(|form| form.lists[1].count > 0);
    let notes = search(archive).index.groups.iter().any(is_noted);
    html(desk, page, "search.html", &SearchView { page: frame, count, notes })
}

fn plan_script(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::fixed(template::SCRIPT.0), Subject::Archive)]
}

fn write_script(desk: Desk<'_>, _: &Page) -> Result<Vec<u8>, Diagnostic> {
    Ok(desk.templates.script.clone().into_bytes())
}

/// Returns the index, made when it is first asked for.
fn search(archive: &Archive) -> &Search {
    archive.search.get_or_init(|| {
        let places: Vec<Place<'_>> = archive.entries.iter().map(place).collect();
        let language = &archive.site.language;
        Search::new(&places, language, |ix| text(archive, ix), |ix| facets(archive, ix))
    })
}

/// What the number of an entry is made of.
fn place(entry: &crate::entry::Entry) -> Place<'_> {
    let day = entry.when.day().or_else(|| entry.when.earliest().map(|moment| moment.date()));
    let minute = entry.when.time().map(|time| {
        use chrono::Timelike as _;
        u64::from(time.hour() * 60 + time.minute())
    });
    Place {
        day: day.map(days),
        minute,
        story: entry.story.as_str(),
        order: entry.order,
        id: entry.id.as_str(),
    }
}

/// A day, counted from 1 January 1970.
fn days(day: chrono::NaiveDate) -> i64 {
    day.signed_duration_since(chrono::NaiveDate::default()).num_days()
}

/// What an entry can be found by. Of one that is covered these are its title and its warning; a title
/// that the program made of covered words is no title.
fn text(archive: &Archive, ix: EntryIx) -> Text {
    let entry = &archive.entries[ix];
    let stated = entry.title_basis == TitleBasis::Stated;
    let title = if stated { markdown::alike(&entry.title) } else { String::new() };
    let warning = &archive.warnings[ix];
    if !warning.is_empty() {
        return Text { title, words: String::new(), notes: warning.clone() };
    }
    let mut notes = markdown::curator_text(&entry.body);
    for accepted in &entry.accepted {
        notes.push('\n');
        notes.push_str(&markdown::alike(&accepted.because));
    }
    Text { title, words: markdown::found_text(&entry.body), notes }
}

/// What a search can be narrowed to, each with its key and its name.
fn facets(archive: &Archive, ix: EntryIx) -> Vec<Facet> {
    let entry = &archive.entries[ix];
    let story = &archive.story_of(ix).story;
    let mut list = vec![(format!("@story/{}", story.slug), story.title.clone())];
    for group in entry.tags.iter().filter_map(|name| archive.tag(name)) {
        list.push((format!("@tag/{}", group.tag.slug), group.tag.name.clone()));
    }
    if let Some(group) = entry.source.as_ref().and_then(|source| archive.source(&source.dump)) {
        let dump = &group.record.dump;
        list.push((format!("@source/{dump}"), dump.clone()));
        let publisher = &group.source.publisher;
        if !publisher.is_empty() {
            list.push((format!("@publisher/{publisher}"), publisher.clone()));
        }
    }
    list.sort();
    list.dedup_by(|a, b| a.0 == b.0);
    list
}
