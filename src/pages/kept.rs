//! Addresses and anchors that were published and that the plan would leave out: lists that have
//! become empty, parts of stories that have become short, and entries that stand on another page
//! now. Each is kept, and leads on.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx};
use crate::date::Shelf;
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::published;
use crate::view::{self, Frame, Link};

/// A list that nothing is filed in any more.
pub const GONE: Kind = Kind { name: "an empty list", plan: nothing, write };

/// What stood on a page once: its anchor stays, and leads on.
#[derive(Debug, Serialize)]
pub struct KeptAnchor {
    /// The anchor.
    pub id: String,
    /// Where what it stood for is now.
    pub link: Link,
}

/// What `gone.html` sees.
#[derive(Serialize)]
struct GoneView<'a> {
    page: Frame<'a>,
    /// The page that leads on.
    above: Link,
}

/// Where they are depends on all other pages: [`pages`] makes them.
fn nothing(_: &Archive) -> Vec<(OutPath, Subject)> {
    Vec::new()
}

/// Returns the pages that have to be there because they were published, beside those that are.
pub fn pages(archive: &Archive, planned: &BTreeSet<&str>) -> Vec<(OutPath, Subject)> {
    let whole = archive.published.iter().filter(|address| !address.contains('#'));
    whole
        .filter(|address| !planned.contains(address.as_str()))
        .filter_map(|address| {
            let above = above(address).into_iter().find(|path| planned.contains(path.as_str()))?;
            let path = OutPath::copied(address).ok()?;
            Some((path, Subject::Gone(OutPath::copied(&above).ok()?)))
        })
        .collect()
}

/// The pages above a list of the calendar, a part of a story or of a tag, or a tag, the nearest
/// first; empty for everything else, which does not vanish by itself.
fn above(address: &str) -> Vec<String> {
    let Some(path) = address.strip_suffix(".html") else { return Vec::new() };
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["dates", list] => {
            let wider = list.match_indices('-').rev().map(|(at, _)| &list[..at]);
            wider.chain(["index"]).map(|list| format!("dates/{list}.html")).collect()
        }
        ["tags", name, part] => {
            let wider = part.match_indices('-').rev().map(|(at, _)| &part[..at]);
            let wider = wider.map(|part| format!("tags/{name}/{part}.html"));
            wider.chain([format!("tags/{name}.html"), "tags/index.html".into()]).collect()
        }
        ["stories", name, part] => {
            let wider = part.match_indices('-').rev().map(|(at, _)| &part[..at]);
            let wider = wider.map(|part| format!("stories/{name}/{part}.html"));
            wider.chain([format!("stories/{name}.html"), "stories/index.html".into()]).collect()
        }
        ["tags", _] => vec!["tags/index.html".into()],
        ["sources", "dates", _] => vec!["sources/index.html".into()],
        _ => Vec::new(),
    }
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Gone(above) = &page.subject else { return Ok(Vec::new()) };
    let words = &desk.archive.words;
    let mut frame = view::frame(desk.archive, &page.path, words.say("gone.title"), &[]);
    frame.description = words.say("gone.about").to_string();
    let above = view::link(&page.path, above, name(desk.archive, above));
    html(desk, page, "gone.html", &GoneView { page: frame, above })
}

/// What people call the page that leads on.
fn name(archive: &Archive, path: &OutPath) -> String {
    let story = archive.stories.iter().find(|group| paths::story(&group.story.slug) == *path);
    let tag = archive.tags.iter().find(|group| paths::tag(&group.tag.slug) == *path);
    let list = path.as_str().rsplit('/').next().unwrap_or_default().trim_end_matches(".html");
    match (story, tag) {
        (Some(group), _) => group.story.title.clone(),
        (_, Some(group)) => group.tag.name.clone(),
        _ if *path == paths::dates() => archive.words.say("frame.dates").to_string(),
        _ if *path == paths::tags() => archive.words.say("frame.tags").to_string(),
        _ if *path == paths::sources() => archive.words.say("frame.sources_part").to_string(),
        _ => crate::date::words(list, &archive.words),
    }
}

/// Returns the anchors of a page that were published, and that what it shows now does not have.
pub fn anchors(archive: &Archive, here: &OutPath, shown: &BTreeSet<String>) -> Vec<KeptAnchor> {
    let all = published::anchors(&archive.published, here.as_str());
    all.filter(|anchor| !shown.contains(*anchor))
        .filter_map(|anchor| {
            let link = place(archive, here, anchor)?;
            Some(KeptAnchor { id: anchor.to_string(), link })
        })
        .collect()
}

/// Where something that had an anchor on the page of a story is now.
fn place(archive: &Archive, here: &OutPath, anchor: &str) -> Option<Link> {
    if let Some(day) = anchor.strip_prefix("day-") {
        let day = day.parse().ok()?;
        let words = crate::date::day_words(day, &archive.words);
        let part = |group: &crate::archive::StoryGroup| {
            let part = paths::story_part(&group.story.slug, paths::Part::of(Some(day)));
            (paths::story(&group.story.slug) == *here && group.days.contains_key(&day))
                .then_some(part)
        };
        let part = archive.stories.iter().find_map(part);
        let filed = archive.calendar.contains_key(&Shelf::Day(day));
        let list = || if filed { paths::day(day) } else { paths::dates() };
        return Some(view::link(here, &part.unwrap_or_else(list), words));
    }
    if let Some(ix) = archive.find(anchor) {
        return Some(moved(archive, here, ix));
    }
    let called = |entry: &&crate::entry::Entry| {
        entry.id.as_str() == anchor || entry.aliases.iter().any(|alias| alias.as_str() == anchor)
    };
    archive.withdrawn.iter().find(called).map(|entry| super::tombstone::link(here, entry))
}

fn moved(archive: &Archive, here: &OutPath, ix: EntryIx) -> Link {
    let url = super::story::place_in_story(archive, here, ix);
    Link { url, ..view::link(here, here, archive.title(ix)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lists_are_kept_by_themselves() {
        assert_eq!(
            above("dates/2031-04-02.html"),
            ["dates/2031-04.html", "dates/2031.html", "dates/index.html"]
        );
        assert_eq!(above("dates/undated.html"), ["dates/index.html"]);
        assert_eq!(
            above("stories/quell/2031-04-02-1205.html").join(" "),
            "stories/quell/2031-04-02.html stories/quell/2031-04.html stories/quell/2031.html \
             stories/quell.html stories/index.html"
        );
        assert_eq!(above("tags/dam/2031.html"), ["tags/dam.html", "tags/index.html"]);
        assert_eq!(
            above("tags/dam/2031-04.html"),
            ["tags/dam/2031.html", "tags/dam.html", "tags/index.html"]
        );
        assert_eq!(above("sources/dates/2031-04.html"), ["sources/index.html"]);
        assert_eq!(above("sources/dates.html"), Vec::<String>::new());
        for kept in ["entries/a.html", "stories/quell.html", "stories/quell.xml", "index.html"] {
            assert_eq!(above(kept), Vec::<String>::new(), "{kept}");
        }
    }
}
