//! What the head of a page says to machines: reference managers, crawlers, other sites.
//!
//! Whatever needs a whole address is left out where the archive's own is not known.

use serde::Serialize;

use super::Link;
use super::linked::{self, StoryPage};
use crate::archive::{Archive, EntryIx, StoryGroup};
use crate::cite::{self, Record};
use crate::date::When;
use crate::paths::{self, OutPath};

/// What the head of a page says to machines.
#[derive(Debug, Default, Serialize)]
pub struct Head {
    /// Whether the page is an article (Open Graph): a story or an entry.
    pub article: bool,
    /// Facts, as `<meta name>`.
    pub names: Vec<Meta>,
    /// Facts, as `<meta property>` (Open Graph).
    pub properties: Vec<Meta>,
    /// Links that no reader sees, as `<link>`.
    pub links: Vec<HeadLink>,
    /// The same facts as JSON-LD, safe inside of a `<script>`; empty for none.
    pub linked_data: String,
}

/// A fact.
#[derive(Debug, Serialize)]
pub struct Meta {
    /// What it is a fact of: `citation_title`.
    pub name: &'static str,
    /// The fact.
    pub content: String,
}

/// A link that no reader sees.
#[derive(Debug, Serialize)]
pub struct HeadLink {
    /// What it leads to.
    pub rel: &'static str,
    /// The address.
    pub url: String,
    /// The media type; empty for a page.
    pub kind: &'static str,
}

/// A list of facts that leaves out what is empty.
#[derive(Default)]
struct Facts(Vec<Meta>);

impl Facts {
    fn add(&mut self, name: &'static str, content: impl Into<String>) {
        let content = content.into();
        if !content.is_empty() {
            self.0.push(Meta { name, content });
        }
    }
}

/// Returns a page's whole address, or the way to it where the archive's own is not known.
pub(super) fn address(archive: &Archive, here: &OutPath, to: &OutPath) -> String {
    match archive.site.base_url.as_str() {
        "" => here.link(to),
        base => format!("{base}{to}"),
    }
}

/// Returns what the page of an entry says to machines; `crumbs` lead to it.
pub fn entry_head(
    archive: &Archive,
    here: &OutPath,
    ix: EntryIx,
    record: &Record,
    crumbs: &[Link],
) -> Head {
    let mut links = Vec::new();
    if let Some(source) = &archive.entries[ix].source {
        links = capture_links(archive, here, &source.dump);
    }
    Head {
        article: true,
        names: citation(archive, ix, record),
        properties: properties(archive, ix, record),
        links,
        linked_data: linked::entry(archive, here, ix, record, crumbs),
    }
}

/// What Zotero and Dublin Core have of an entry. A `citation_journal_title` would make an article
/// of a journal of it; an organisation in `citation_author` would be turned about.
fn citation(archive: &Archive, ix: EntryIx, record: &Record) -> Vec<Meta> {
    let mut facts = Facts::default();
    facts.add("z:itemType", "blogPost");
    facts.add("z:blogTitle", record.story.as_str());
    facts.add("z:extra", record.extra());
    facts.add("citation_title", record.title.as_str());
    for author in record.authors.iter().filter(|author| author.is_person()) {
        facts.add("citation_author", author.inverted());
    }
    facts.add("citation_date", record.bare_date());
    facts.add("citation_public_url", record.permalink.as_str());
    facts.add("DCTERMS.title", record.title.as_str());
    for author in &record.authors {
        facts.add("DCTERMS.creator", author.inverted());
    }
    facts.add("DCTERMS.date", archive.entries[ix].when.written());
    facts.add("DCTERMS.publisher", record.publisher.as_str());
    for tag in &record.tags {
        facts.add("DCTERMS.subject", tag.as_str());
    }
    facts.add("DCTERMS.language", record.language.as_str());
    let identifier = if record.permalink.is_empty() { &record.id } else { &record.permalink };
    facts.add("DCTERMS.identifier", identifier.as_str());
    facts.add("DCTERMS.isPartOf", record.story.as_str());
    facts.add("DCTERMS.source", record.page.as_str());
    facts.add("DCTERMS.rights", archive.site.rights.as_str());
    facts.add("DCTERMS.license", archive.site.license.as_str());
    facts.0
}

/// What Open Graph has of an entry beside what every page has.
fn properties(archive: &Archive, ix: EntryIx, record: &Record) -> Vec<Meta> {
    let entry = &archive.entries[ix];
    let moment = |when: &When| if when.day().is_some() { when.written() } else { String::new() };
    let mut facts = Facts::default();
    facts.add("og:title", record.title.as_str());
    facts.add("article:published_time", moment(&entry.when));
    facts.add("article:modified_time", moment(&entry.updated));
    facts.add("article:section", record.story.as_str());
    for tag in &record.tags {
        facts.add("article:tag", tag.as_str());
    }
    card(&mut facts, archive, archive.story_of(ix));
    facts.0
}

/// Returns what a page of a story says to machines.
pub fn story_head(archive: &Archive, here: &OutPath, story: usize, page: &StoryPage<'_>) -> Head {
    let group = &archive.stories[story];
    let mut facts = Facts::default();
    let all = if page.list.is_empty() { &group.entries } else { page.list };
    let days = || all.iter().map(|ix| &archive.entries[*ix].when).filter(|w| w.day().is_some());
    let first = days().min_by_key(|when| when.earliest());
    let whole = *here == paths::story(&group.story.slug);
    let title = cite::story_title(&group.story, &archive.words);
    facts.add("og:title", if whole { title } else { page.title.to_string() });
    facts.add("article:published_time", first.map(When::written).unwrap_or_default());
    card(&mut facts, archive, group);
    Head {
        article: true,
        properties: facts.0,
        linked_data: linked::story(archive, here, story, page),
        ..Head::default()
    }
}

/// Whether a story has a card: it is fetched by its whole address, and its title has to be in
/// letters that the card can show.
pub fn has_card(archive: &Archive, group: &StoryGroup) -> bool {
    !archive.site.base_url.is_empty()
        && crate::card::shows(&cite::story_title(&group.story, &archive.words))
}

/// The card of a story.
fn card(facts: &mut Facts, archive: &Archive, group: &StoryGroup) {
    if !has_card(archive, group) {
        return;
    }
    let path = paths::card(&group.story.slug);
    facts.add("og:image", format!("{}{path}", archive.site.base_url));
    facts.add("og:image:type", "image/png");
    facts.add("og:image:width", crate::card::WIDTH.to_string());
    facts.add("og:image:height", crate::card::HEIGHT.to_string());
    facts.add("og:image:alt", cite::story_title(&group.story, &archive.words));
}

/// Returns what the page of a dump says to machines.
pub fn source_head(archive: &Archive, here: &OutPath, dump: &str) -> Head {
    let mut links = capture_links(archive, here, dump);
    links.retain(|link| link.rel != "memento");
    Head { links, ..Head::default() }
}

/// Links to a publisher's page, to what is kept of it, and to the list of its captures (Memento,
/// RFC 7089). HTML has no place for the moment of a capture: it stands in that list.
fn capture_links(archive: &Archive, here: &OutPath, dump: &str) -> Vec<HeadLink> {
    let Some(group) = archive.source(dump) else { return Vec::new() };
    let url = super::outside(&group.source.url);
    if url.is_empty() {
        return Vec::new();
    }
    let page = paths::source(dump);
    let mut links = vec![HeadLink { rel: "original", url, kind: "" }];
    if cite::http(&group.source.captured).is_some() {
        links.push(HeadLink { rel: "memento", url: here.link(&page), kind: "" });
        if !archive.site.base_url.is_empty() {
            let url = here.link(&paths::timemap(dump));
            links.push(HeadLink { rel: "timemap", url, kind: "application/link-format" });
        }
    }
    links
}
