//! Entries and stories as JSON-LD of schema.org: `BlogPosting`, `LiveBlogPosting`, `BreadcrumbList`.
//!
//! An address may be relative, as JSON-LD inside of HTML allows, where the archive's own is not
//! known. What an entry says under a cover is not told here, nor what was taken out of it.

use serde_json::{Map, Value, json};

use super::Link;
use super::head::address;
use crate::archive::{Archive, EntryIx, warning_sentence, weight};
use crate::cite::{self, Name, Record};
use crate::entry::Entry;
use crate::paths::{self, OutPath};

/// The most bytes that a page gives to the words of its entries: beyond, only their titles, dates
/// and addresses are told.
const MOST: usize = 8 * 1024;

/// The most parts of a story that are told: the page links to all of them.
const MOST_PARTS: usize = 100;

/// What stands on a page of a story.
#[derive(Clone, Copy, Debug)]
pub struct StoryPage<'a> {
    /// The entries on it; empty where its parts hold them.
    pub list: &'a [EntryIx],
    /// The pages that hold its entries, where it does not hold them itself.
    pub parts: &'a [OutPath],
    /// The page's title.
    pub title: &'a str,
    /// The pages above it.
    pub crumbs: &'a [Link],
}

/// A list of fields that leaves out what is empty.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn of(kind: &str) -> Self {
        Self(Map::from_iter([("@type".to_string(), json!(kind))]))
    }

    fn add(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        if value != json!("") && value != json!([]) && !value.is_null() {
            self.0.insert(name.to_string(), value);
        }
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Self {
        Self::Object(fields.0)
    }
}

/// JSON that can stand inside of a `<script>`: nothing in it ends one.
fn inside_script(graph: &[Value]) -> String {
    let all = json!({"@context": "https://schema.org", "@graph": graph});
    all.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// A name.
fn author(name: &Name) -> Value {
    match name {
        Name::Person { family, given } if given.is_empty() => {
            json!({"@type": "Person", "name": family})
        }
        Name::Person { family, given } => json!({
            "@type": "Person",
            "name": format!("{given} {family}"),
            "givenName": given,
            "familyName": family,
        }),
        Name::Whole { name, organisation: true } => json!({"@type": "Organization", "name": name}),
        // It is not known which of the two it is.
        Name::Whole { name, .. } => json!({"name": name}),
    }
}

/// Names as a list, empty for none.
fn authors(list: &[Name]) -> Value {
    list.iter().map(author).collect()
}

fn organisation(name: &str) -> Value {
    if name.is_empty() { Value::Null } else { json!({"@type": "Organization", "name": name}) }
}

/// The whole address of a link of a page, where the archive's own is known.
fn whole(archive: &Archive, here: &OutPath, link: &str) -> String {
    if archive.site.base_url.is_empty() {
        return link.to_string();
    }
    let mut folders: Vec<&str> = here.as_str().split('/').collect();
    folders.pop();
    let mut rest = link;
    while let Some(behind) = rest.strip_prefix("../") {
        folders.pop();
        rest = behind;
    }
    folders.push(rest);
    format!("{}{}", archive.site.base_url, folders.join("/"))
}

/// Where a page stands, from the home page down.
fn breadcrumbs(archive: &Archive, here: &OutPath, title: &str, crumbs: &[Link]) -> Value {
    let step = |at: usize, name: &str, item: String| json!({"@type": "ListItem", "position": at + 1, "name": name, "item": item});
    let mut steps: Vec<Value> = crumbs
        .iter()
        .enumerate()
        .map(|(at, link)| step(at, &link.name, whole(archive, here, &link.url)))
        .collect();
    steps.push(step(crumbs.len(), title, address(archive, here, here)));
    json!({"@type": "BreadcrumbList", "itemListElement": steps})
}

/// Returns an entry, and where its page stands.
pub(super) fn entry(
    archive: &Archive,
    here: &OutPath,
    ix: EntryIx,
    record: &Record,
    crumbs: &[Link],
) -> String {
    let entry = &archive.entries[ix];
    let group = archive.story_of(ix);
    let url = address(archive, here, here);
    let mut post = Fields::of("BlogPosting");
    post.add("url", url.as_str());
    post.add("identifier", record.id.as_str());
    post.add("headline", record.title.as_str());
    post.add("datePublished", cite::iso(&entry.when));
    post.add("dateModified", cite::iso(&entry.updated));
    post.add("author", authors(&record.authors));
    post.add("publisher", organisation(&record.publisher));
    post.add("inLanguage", record.language.as_str());
    post.add("keywords", json!(record.tags));
    let story = address(archive, here, &paths::story(&group.story.slug));
    post.add(
        "isPartOf",
        json!({"@type": "LiveBlogPosting", "headline": record.story, "url": story}),
    );
    post.add("isBasedOn", record.page.as_str());
    post.add("archivedAt", url);
    post.add("license", archive.site.license.as_str());
    post.add("creditText", credit(&record.publisher, &record.archive));
    post.add("contentRating", warning(archive, ix));
    inside_script(&[post.into(), breadcrumbs(archive, here, &record.title, crumbs)])
}

/// Whom to name: the publisher, and the archive that keeps it.
fn credit(publisher: &str, archive: &str) -> String {
    if publisher.is_empty() { archive.to_string() } else { format!("{publisher}; {archive}") }
}

/// What the words of an entry are covered for, as a sentence; empty where they are not.
fn warning(archive: &Archive, ix: EntryIx) -> String {
    match archive.warnings[ix].as_str() {
        "" => String::new(),
        warning => warning_sentence(warning, &archive.words),
    }
}

/// An entry as an update of its story: its title, address and date; where the page has room for
/// them, its authors, and its first words unless they are covered.
fn update(archive: &Archive, here: &OutPath, ix: EntryIx, in_full: bool) -> Value {
    let entry = &archive.entries[ix];
    let mut post = Fields::of("BlogPosting");
    post.add("headline", cite::entry_title(archive, ix));
    post.add("url", address(archive, here, &paths::entry(&entry.id)));
    post.add("datePublished", cite::iso(&entry.when));
    if in_full {
        post.add("dateModified", cite::iso(&entry.updated));
        post.add("author", authors(&cite::authors(archive, ix)));
    }
    if !archive.warnings[ix].is_empty() {
        post.add("contentRating", warning(archive, ix));
    } else if in_full {
        post.add("articleBody", archive.excerpts[ix].as_str());
    }
    post.into()
}

/// Returns a story, or a part of it.
pub(super) fn story(
    archive: &Archive,
    here: &OutPath,
    story: usize,
    page: &StoryPage<'_>,
) -> String {
    let list = page.list;
    let group = &archive.stories[story];
    let whole = paths::story(&group.story.slug);
    let headline = cite::story_title(&group.story, &archive.words);
    let all = if list.is_empty() { &group.entries } else { list };
    let entries = || all.iter().map(|ix| &archive.entries[*ix]);
    let dated = || entries().filter(|entry| entry.when.day().is_some());
    let at = |entry: &&Entry| entry.when.earliest();
    let iso = |entry: Option<&Entry>| entry.map(|entry| cite::iso(&entry.when)).unwrap_or_default();
    let (opening, closing) = (dated().min_by_key(at), dated().max_by_key(at));
    let changed = entries().map(|entry| &entry.updated).filter(|when| when.day().is_some());
    let changed =
        changed.chain(closing.map(|entry| &entry.when)).max_by_key(|when| when.earliest());
    let mut publishers: Vec<&str> =
        group.story.sources.iter().map(|source| source.publisher.as_str()).collect();
    publishers.retain(|name| !name.is_empty());
    publishers.dedup();
    let mut pages: Vec<String> =
        group.story.sources.iter().map(|source| super::outside(&source.url)).collect();
    pages.retain(|url| !url.is_empty());
    pages.dedup();
    let mut blog = Fields::of("LiveBlogPosting");
    blog.add("url", address(archive, here, here));
    blog.add("headline", headline.as_str());
    blog.add("datePublished", iso(opening));
    blog.add("dateModified", changed.map(cite::iso).unwrap_or_default());
    blog.add("coverageStartTime", iso(opening));
    blog.add("coverageEndTime", iso(closing));
    blog.add("author", authors(&names(archive, all)));
    blog.add("publisher", publishers.iter().map(|name| organisation(name)).collect::<Value>());
    blog.add("inLanguage", archive.story_language(story));
    blog.add("isBasedOn", json!(pages));
    blog.add("license", archive.site.license.as_str());
    blog.add("creditText", credit(&publishers.join(", "), &archive.site.title));
    if *here != whole {
        let url = address(archive, here, &whole);
        blog.add("isPartOf", json!({"@type": "LiveBlogPosting", "headline": headline, "url": url}));
    }
    if page.parts.len() <= MOST_PARTS {
        let part = |path| json!({"@type": "LiveBlogPosting", "url": address(archive, here, path)});
        blog.add("hasPart", page.parts.iter().map(part).collect::<Value>());
    }
    let updates =
        |in_full| -> Value { list.iter().map(|ix| update(archive, here, *ix, in_full)).collect() };
    let full = updates(true);
    let bytes = full.to_string().len();
    let posts: usize = list.iter().map(|ix| weight::post(&archive.entries[*ix])).sum();
    let fits = bytes <= MOST && posts + bytes <= weight::POSTS;
    blog.add("liveBlogUpdate", if fits { full } else { updates(false) });
    inside_script(&[blog.into(), breadcrumbs(archive, here, page.title, page.crumbs)])
}

/// Who wrote entries, each once, in the order of the entries; at most twenty.
fn names(archive: &Archive, list: &[EntryIx]) -> Vec<Name> {
    const MOST_NAMES: usize = 20;
    let mut seen = std::collections::BTreeSet::new();
    list.iter()
        .flat_map(|ix| cite::authors(archive, *ix))
        .filter(|name| seen.insert(name.inverted()))
        .take(MOST_NAMES)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_ends_the_script() {
        let json = inside_script(&[json!({"headline": "</script><b>&amp; <!-- x"})]);
        assert!(!json.contains(['<', '>', '&']), "{json}");
        let back: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(back["@graph"][0]["headline"], "</script><b>&amp; <!-- x");
    }
}
