//! Feeds (Atom, RFC 4287): one of the archive, one of each story, one of each tag.
//!
//! An entry's `published` is when it happened; its `updated` is when it came into this archive,
//! which is the only date that an undated entry has. Ids are made of the entry's id and its dump
//! alone (a UUID of version 8, RFC 9562), so that they stay when the site moves.

use atom_syndication::{
    Category, Content, Entry as Item, Feed, FixedDateTime, Link, Person, Text, WriteConfig,
};
use chrono::{NaiveTime, TimeZone as _, Utc};

use super::{Desk, Kind, Page, Subject};
use crate::archive::{Archive, EntryIx, warning_sentence};
use crate::date::When;
use crate::diagnostic::Diagnostic;
use crate::fixity::sha256;
use crate::markdown::escape;
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

fn plan_stories(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let stories = archive.stories.iter().enumerate();
    stories.map(|(ix, group)| (paths::story_feed(&group.story.slug), Subject::Story(ix))).collect()
}

fn plan_tags(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let tags = archive.tags.iter().enumerate().filter(|(_, group)| !group.entries.is_empty());
    // A feed cannot send its readers on: it stays at each of its earlier addresses.
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
    let feed = Feed {
        title: Text::plain(legal(&scope.title)),
        id: uuid(&format!("feed {} {}", archive.site.title, page.path)),
        updated: newest.unwrap_or_else(|| Utc.timestamp_nanos(0).fixed_offset()),
        authors: vec![Person { name: legal(author), ..Person::default() }],
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
    let dump = entry.source.as_ref().map_or("", |source| source.dump.as_str());
    let mut body = view::body(archive, here, ix, 1).into_owned();
    if view::is_corrected(archive, ix) {
        let page = escape(&links[0].href);
        body.insert_str(
            0,
            &format!(
                "<p data-voice=\"curator\"><a href=\"{page}\">{}</a>.</p>\n",
                escape(archive.words.say("entry.corrected"))
            ),
        );
    }
    let covered = !archive.warnings[ix].is_empty();
    let warning = if covered {
        warning_sentence(&archive.warnings[ix], &archive.words)
    } else {
        String::new()
    };
    Some(Item {
        title: Text::plain(legal(&archive.title(ix))),
        id: uuid(&format!("entry {} {dump}", entry.id)),
        updated: imported.or(happened)?,
        published: matches!(entry.when, When::Exact(_)).then_some(happened).flatten(),
        authors: view::authors(archive, entry)
            .iter()
            .map(|name| Person { name: legal(name), ..Person::default() })
            .collect(),
        categories: entry
            .tags
            .iter()
            .chain(Some(&warning).filter(|warning| !warning.is_empty()))
            .map(|term| Category { term: legal(term), ..Category::default() })
            .collect(),
        summary: (!warning.is_empty()).then(|| Text::plain(legal(&warning))),
        links,
        content: Some(Content {
            lang: Some(archive.language_of(ix).to_string()),
            content_type: Some("html".into()),
            value: Some(legal(&body)),
            ..Content::default()
        }),
        ..Item::default()
    })
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

/// A UUID made of a name (RFC 9562, section 5.8).
fn uuid(name: &str) -> String {
    let hash = sha256(name.as_bytes());
    let variant = ["8", "9", "a", "b"][usize::from(hash.as_bytes()[16]) % 4];
    format!(
        "urn:uuid:{}-{}-8{}-{variant}{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..32]
    )
}

/// Takes out the characters that XML 1.0 has no place for (section 2.2): one of them would make
/// the whole feed unreadable.
fn legal(text: &str) -> String {
    let fits = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    // Nearly every text has none of the bytes that such a character begins with. Looking at all of
    // them is quicker than stopping early.
    let plain = |byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0xee | 0xf0..);
    if text.bytes().fold(true, |so_far, byte| so_far & plain(byte)) {
        return text.to_string();
    }
    text.replace(|c| !fits(c), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_and_stays() {
        let id = uuid("entry a");
        assert_eq!(id, uuid("entry a"));
        assert_ne!(id, uuid("entry b"));
        let digits = id.strip_prefix("urn:uuid:").unwrap();
        let lengths: Vec<_> = digits.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(digits.as_bytes()[14], b'8');
    }

    #[test]
    fn what_xml_cannot_hold_is_taken_out() {
        assert_eq!(legal("a\u{1}b\u{fffe}c\td"), "abc\td");
    }
}
