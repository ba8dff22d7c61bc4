//! Pages at addresses that something had once: they lead to where it is now, without a script.

use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::view::{self, Frame, Link};

/// A page that leads elsewhere.
pub const REDIRECT: Kind = Kind { name: "an old address", plan, write };

/// What `redirect.html` sees.
#[derive(Serialize)]
struct MovedView<'a> {
    page: Frame<'a>,
    /// Where it is now.
    to: Link,
}

fn plan(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let mut pages = Vec::new();
    for entry in archive.entries.iter().chain(&archive.withdrawn) {
        for alias in &entry.aliases {
            pages.push((paths::entry(alias), Subject::Moved(paths::entry(&entry.id))));
        }
    }
    for group in &archive.stories {
        for alias in &group.story.aliases {
            pages.push((paths::story(alias), Subject::Moved(paths::story(&group.story.slug))));
        }
    }
    for (ix, group) in archive.tags.iter().enumerate() {
        let to = &group.tag.slug;
        for alias in &group.tag.aliases {
            pages.push((paths::tag(alias), Subject::Moved(paths::tag(to))));
            for part in super::tags::part_pages(archive, ix) {
                let there = Subject::Moved(paths::tag_part(to, part));
                pages.push((paths::tag_part(alias, part), there));
            }
        }
    }
    pages
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Moved(to) = &page.subject else { return Ok(Vec::new()) };
    let mut frame =
        view::frame(desk.archive, &page.path, desk.archive.words.say("moved.title"), &[]);
    // The page that counts is the one it leads to.
    if !frame.canonical.is_empty() {
        frame.canonical = format!("{}{to}", desk.archive.site.base_url);
    }
    let to = view::link(&page.path, to, to.as_str());
    html(desk, page, "redirect.html", &MovedView { page: frame, to })
}
