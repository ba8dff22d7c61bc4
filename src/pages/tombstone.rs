//! What stands at the address of a withdrawn entry: that it was there, since when it is not, and why.

use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Id};
use crate::paths::{self, OutPath};
use crate::view::{self, Frame, Link};

/// The page of a withdrawn entry.
pub const TOMBSTONE: Kind = Kind { name: "a withdrawn entry", plan, write };

/// What `withdrawn.html` sees.
#[derive(Serialize)]
struct TombstoneView<'a> {
    page: Frame<'a>,
    /// The permanent name of the entry, which is all that is left of it.
    id: &'a str,
    /// Since when it is withdrawn, in words.
    date: String,
    /// Why.
    because: &'a str,
    /// The entry to read instead.
    replacement: Option<Link>,
    /// The story that it belonged to; none where nothing else is in that story.
    story: Option<Link>,
    /// The dump that holds its words.
    dump: Option<Link>,
    /// SHA-256 of the dump, in hexadecimal digits; empty where no dump is known.
    sha256: &'a str,
}

fn plan(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let entries = archive.withdrawn.iter().enumerate();
    entries.map(|(ix, entry)| (paths::entry(&entry.id), Subject::Withdrawn(ix))).collect()
}

/// Returns a link to a withdrawn entry, which has no title any more.
pub fn link(here: &OutPath, entry: &Entry) -> Link {
    view::link(here, &paths::entry(&entry.id), entry.id.as_str())
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Withdrawn(ix) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let (entry, words) = (&archive.withdrawn[ix], &archive.words);
    let Some(withdrawn) = &entry.withdrawn else { return Ok(Vec::new()) };
    let group = archive.stories.iter().find(|group| group.story.slug == entry.story);
    let mut trail = vec![(paths::stories(), words.say("frame.stories").to_string())];
    trail.extend(group.map(|group| (paths::story(&group.story.slug), group.story.title.clone())));
    let mut frame = view::frame(archive, here, words.say("withdrawn.title"), &trail);
    frame.description = words.say("withdrawn.about").to_string();
    let source = entry.source.as_ref().and_then(|source| archive.source(&source.dump));
    let view = TombstoneView {
        page: frame,
        id: entry.id.as_str(),
        date: crate::date::words(&withdrawn.date.written(), words),
        because: &withdrawn.because,
        replacement: withdrawn.replacement.as_ref().map(|id| replacement(archive, here, id)),
        story: group.map(|group| view::story_link(here, group)),
        dump: source.map(|group| {
            let dump = &group.record.dump;
            view::link(here, &paths::source(dump), dump.as_str())
        }),
        sha256: source.map_or("", |group| group.record.sha256.as_str()),
    };
    html(desk, page, "withdrawn.html", &view)
}

/// The entry to read instead, by its title, unless it is withdrawn as well.
fn replacement(archive: &Archive, here: &OutPath, id: &Id) -> Link {
    archive.find(id.as_str()).map_or_else(
        || view::link(here, &paths::entry(id), id.as_str()),
        |ix| view::link(here, &paths::entry(&archive.entries[ix].id), archive.title(ix)),
    )
}
