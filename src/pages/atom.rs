//! Feeds (Atom, RFC 4287): one of the archive, one of each story, one of each tag.
//!
//! An entry's `published` is when it happened; its `updated` is when this archive last changed it, as
//! far as that is known: the import, a correction, a signed note. An undated entry has no other date.
//! Ids are made of an entry's id and of a feed's address alone (a UUID of version 8, RFC 9562), so
//! that they stay when the site moves, and when a later capture says the same entry anew.

use atom_syndication::{
    Category, Content, Entry as Item, Feed, FixedDateTime, Link, Person, Text, WriteConfig,
};
use chrono::{NaiveTime, TimeZone as _, Utc};

use super::{Desk, Kind, Page, Subject};
use crate::archive::{Archive, EntryIx, warning_sentence};
use crate::data;
use crate::date::When;
use crate::diagnostic::Diagnostic;
use crate::entry::Accepted;
use crate::fixity::uuid;
use crate::markdown::{escape, legal};
use crate::paths::{self, OutPath};
use crate::view;

/// The feed of the whole archive.
pub const ARCHIVE: Kind = Kind { name: "atom.xml", plan: plan_archive, write };
/// The feed of a story.
pub const STORY: Kind = Kind { name: "the feed of a story", plan: plan_stories, write };
/// The feed of a tag.
pub const TAG: Kind = Kind { name: "the feed of a tag", plan: plan_tags, write };

fn plan_archive(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::fixed("atom.xml"), Subject::Archive)]
}

/// A feed cannot send its readers on: it stays at each of its earlier addresses.
fn plan_stories(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let stories = archive.stories.iter().enumerate();
    stories
        .flat_map(|(ix, group)| {
            let slugs = std::iter::once(&group.story.slug).chain(&group.story.aliases);
            slugs.map(move |slug| (paths::story_feed(slug), Subject::Story(ix)))
        })
        .collect()
}

fn plan_tags(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let tags = archive.tags.iter().enumerate().filter(|(_, group)| !group.entries.is_empty());
    tags.flat_map(|(ix, group)| {
        let slugs = std::iter::once(&group.tag.slug).chain(&group.tag.aliases);
        slugs.map(move |slug| (paths::tag_feed(slug), Subject::Tag(ix)))
    })
    .collect()
}

/// What a feed is of.
struct Scope<'a> {
    title: String,
    /// The page that shows the same entries.
    page: OutPath,
    list: Box<dyn DoubleEndedIterator<Item = EntryIx> + 'a>,
}

fn scope<'a>(archive: &'a Archive, subject: &Subject) -> Scope<'a> {
    let of = |name: &str| format!("{name} \u{2013} {}", archive.site.title);
    match subject {
        Subject::Story(ix) => {
            let group = &archive.stories[*ix];
            let list = Box::new(group.entries.iter().copied());
            Scope { title: of(&group.story.title), page: paths::story(&group.story.slug), list }
        }
        Subject::Tag(ix) => {
            let group = &archive.tags[*ix];
            let list = Box::new(group.entries.iter().copied());
            Scope { title: of(&group.tag.name), page: paths::tag(&group.tag.slug), list }
        }
        _ => {
            let list = Box::new(0..archive.entries.len());
            Scope { title: archive.site.title.clone(), page: paths::home(), list }
        }
    }
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let archive = desk.archive;
    let scope = scope(archive, &page.subject);
    // Newest first; entries without a date stand at the end of a list and come after the dated.
    let (undated, dated): (Vec<EntryIx>, Vec<EntryIx>) =
        scope.list.rev().partition(|ix| archive.entries[*ix].when.earliest().is_none());
    let items: Vec<Item> = dated
        .into_iter()
        .chain(undated)
        .filter_map(|ix| item(archive, &page.path, ix))
        .take(archive.site.feed_entries)
        .collect();
    let newest = items.iter().map(|item| item.updated).max();
    let author =
        if archive.site.curator.is_empty() { &archive.site.title } else { &archive.site.curator };
    let base = &archive.site.base_url;
    let feed = Feed {
        lang: Some(archive.words.tag().to_string()),
        // What is relative in the words counts from here, wherever they are read.
        base: (!base.is_empty()).then(|| format!("{base}{}", page.path)),
        title: Text::plain(legal(&scope.title)),
        id: uuid(&format!("feed {} {}", archive.site.title, page.path)),
        updated: newest.unwrap_or_else(|| Utc.timestamp_nanos(0).fixed_offset()),
        authors: vec![person(author)],
        links: vec![
            address(archive, &page.path, &page.path, "self"),
            address(archive, &page.path, &scope.page, "alternate"),
        ],
        subtitle: (!archive.site.description.is_empty())
            .then(|| Text::plain(legal(&archive.site.description))),
        rights: (!archive.site.rights.is_empty()).then(|| Text::plain(legal(&archive.site.rights))),
        entries: items,
        ..Feed::default()
    };
    let config = WriteConfig { indent_size: Some(1), ..WriteConfig::default() };
    feed.write_with_config(Vec::new(), config).map_err(|error| {
        Diagnostic::error(page.path.as_str(), 0, format!("cannot write the feed: {error}"))
    })
}

/// One entry; `None` for one whose date and whose import are both unknown, which Atom has no
/// place for.
fn item(archive: &Archive, here: &OutPath, ix: EntryIx) -> Option<Item> {
    let entry = &archive.entries[ix];
    let happened = match &entry.when {
        When::Exact(moment) => Some(*moment),
        when => when.earliest().map(|moment| Utc.from_utc_datetime(&moment).fixed_offset()),
    };
    let group = entry.source.as_ref().and_then(|source| archive.source(&source.dump));
    let imported = group.and_then(|group| moment(&group.record.imported));
    let path = paths::entry(&entry.id);
    let mut links = vec![address(archive, here, &path, "alternate")];
    if let Some(group) = group.filter(|group| !view::outside(&group.source.url).is_empty()) {
        links.push(Link { href: group.source.url.clone(), rel: "via".into(), ..Link::default() });
    }
    let corrected = view::is_corrected(archive, ix);
    let mut body = view::body(archive, here, ix, 1).into_owned();
    if corrected {
        body.insert_str(0, &correction(archive, &links[0].href, &entry.accepted));
    }
    let covered = !archive.warnings[ix].is_empty();
    let warning = if covered {
        warning_sentence(&archive.warnings[ix], &archive.words)
    } else {
        String::new()
    };
    // Without an author of its own, an entry would be the curator's, whose feed it is.
    let mut authors = view::authors(archive, entry);
    let publisher = group.map(|group| group.source.publisher.clone());
    if authors.is_empty() {
        authors.extend(publisher.filter(|name| !name.is_empty()));
    }
    let base = &archive.site.base_url;
    let scheme = (!base.is_empty()).then(|| format!("{base}{}", paths::tags()));
    let tags = entry.tags.iter().map(|tag| (tag, scheme.clone()));
    let warned = Some((&warning, None)).filter(|(warning, _)| !warning.is_empty());
    let categories = tags
        .chain(warned)
        .map(|(term, scheme)| Category {
            term: legal(term).into_owned(),
            scheme,
            ..Category::default()
        })
        .collect();
    let language = Some(archive.language_of(ix).to_string());
    let updated = changes(archive, ix, corrected).chain(imported.or(happened)).max()?;
    Some(Item {
        title: Text { lang: language.clone(), ..Text::plain(legal(&archive.title(ix))) },
        id: uuid(&format!("entry {}", entry.id)),
        updated,
        published: matches!(entry.when, When::Exact(_)).then_some(happened).flatten(),
        authors: authors.iter().map(|name| person(name)).collect(),
        categories,
        summary: (!warning.is_empty()).then(|| Text::plain(legal(&warning))),
        links,
        content: Some(Content {
            lang: language,
            content_type: Some("html".into()),
            value: Some(legal(&body).into_owned()),
            ..Content::default()
        }),
        ..Item::default()
    })
}

fn person(name: &str) -> Person {
    Person { name: legal(name).into_owned(), ..Person::default() }
}

/// When the curator changed an entry, as far as that is told.
fn changes(archive: &Archive, ix: EntryIx, corrected: bool) -> impl Iterator<Item = FixedDateTime> {
    let accepted = archive.entries[ix].accepted.iter().filter(move |_| corrected);
    let signed = data::annotations(archive, ix).into_iter().map(|note| note.date);
    accepted.map(|accepted| accepted.date.written()).chain(signed).filter_map(|date| moment(&date))
}

/// What stands before words that the curator corrected.
fn correction(archive: &Archive, page: &str, accepted: &[Accepted]) -> String {
    let reasons: Vec<&str> = accepted.iter().map(|accepted| accepted.because.as_str()).collect();
    format!(
        "<p data-voice=\"curator\"><a href=\"{}\">{}</a>: {}</p>\n",
        escape(page),
        escape(archive.words.say("entry.corrected")),
        escape(&reasons.join(archive.words.say("list.semicolon")))
    )
}

/// The moment that a record's date stands for: a day counts from its midnight in UTC.
fn moment(written: &str) -> Option<FixedDateTime> {
    match When::parse(written).ok()? {
        When::Exact(moment) => Some(moment),
        When::Day(day) => Some(Utc.from_utc_datetime(&day.and_time(NaiveTime::MIN)).fixed_offset()),
        When::Edtf(_) | When::Unknown => None,
    }
}

/// A link to a page: whole where the site's address is known, relative to the feed where not.
fn address(archive: &Archive, here: &OutPath, to: &OutPath, rel: &str) -> Link {
    let base = &archive.site.base_url;
    let href = if base.is_empty() { here.link(to) } else { format!("{base}{to}") };
    Link { href, rel: rel.into(), ..Link::default() }
}
