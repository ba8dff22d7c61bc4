//! An entry's own page: the permalink, with annotations, provenance, citation and neighbours.

mod around;
mod citing;
mod papers;

use serde::Serialize;

use self::citing::{Citing, citing};
use self::papers::Paper;
use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, EntryIx, SourceGroup};
use crate::cite;
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::view::{self, Changes, EntryView, Frame, Line, Link};
use corrected::Correction;

mod corrected;

/// An entry's page.
pub const ENTRY: Kind = Kind { name: "an entry", plan, write };

/// What `entry.html` sees.
#[derive(Serialize)]
struct PageView<'a> {
    page: Frame<'a>,
    /// The entry.
    entry: EntryView,
    /// The story that it belongs to.
    story: Link,
    /// The address at which it is read among the others of its story.
    in_story: String,
    /// Its place in its story: "12 of 140".
    place: String,
    /// The entry before it in its story.
    earlier: Option<Link>,
    /// The entry behind it in its story.
    later: Option<Link>,
    /// The entry before it in the whole archive, by date, where that is another.
    time_earlier: Option<Link>,
    /// The entry behind it in the whole archive, by date, where that is another.
    time_later: Option<Link>,
    /// What is nearest in time in other stories of the same day.
    elsewhere: Vec<Line>,
    /// That day.
    elsewhere_day: Option<Link>,
    /// All that is known of where it comes from.
    papers: Vec<Paper>,
    /// The citation in the archive's own manner.
    cite: String,
    /// The citations of the styles, and records for reference managers.
    citing: Citing,
    /// What others' search programs file it under: Pagefind's attributes.
    filed: Filed<'a>,
    /// What the captures tell of it; none where only one has it and nothing is to be said.
    changes: Option<Changes>,
    /// What the curator changed of the publisher's words on purpose.
    corrections: Vec<Correction>,
    /// What the curator changed, as HTML: items of a `<dl>`; empty where that is not to be shown.
    correction_diff: String,
}

/// Where an entry is filed beside its story, tags and date; empty for what is not known.
#[derive(Serialize)]
struct Filed<'a> {
    /// Who published it.
    publisher: &'a str,
    /// The dump that it comes from.
    source: &'a str,
    /// The year of its date.
    year: String,
}

fn plan(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let entries = archive.entries.iter().enumerate();
    entries.map(|(ix, entry)| (paths::entry(&entry.id), Subject::Entry(ix))).collect()
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Entry(ix) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let (entry, words) = (&archive.entries[ix], &archive.words);
    let group = archive.story_of(ix);
    let mut trail = vec![
        (paths::stories(), words.say("frame.stories").to_string()),
        (paths::story(&group.story.slug), group.story.title.clone()),
    ];
    if let Some(day) = entry.when.day() {
        trail.push((paths::day(day), crate::date::day_words(day, words)));
    }
    let mut frame = view::frame(archive, here, archive.title(ix), &trail);
    frame.description.clone_from(&archive.excerpts[ix]);
    let place = archive.seats[ix].1;
    let neighbour = |place: usize| {
        let other = *group.entries.get(place)?;
        Some(view::link(here, &paths::entry(&archive.entries[other].id), archive.title(other)))
    };
    let source = source_of(archive, ix);
    let (time_earlier, time_later) = around::neighbours(archive, here, ix);
    let (elsewhere, elsewhere_day) = around::elsewhere(archive, here, ix);
    let record = cite::record(archive, ix);
    frame.head = view::entry_head(archive, here, ix, &record, &frame.crumbs);
    let coins = cite::coins(&record);
    let view = PageView {
        place: super::story::place_words(&archive.words, place + 1, group.entries.len()),
        time_earlier,
        time_later,
        elsewhere,
        elsewhere_day,
        story: view::story_link(here, group),
        in_story: super::story::place_in_story(archive, here, ix),
        earlier: place.checked_sub(1).and_then(neighbour),
        later: neighbour(place + 1),
        papers: papers::papers(archive, here, ix, source),
        cite: cite(archive, ix, source, &frame),
        filed: Filed {
            publisher: source.map_or("", |group| &group.source.publisher),
            source: source.map_or("", |group| &group.record.dump),
            year: entry.when.earliest().map(|day| day.format("%Y").to_string()).unwrap_or_default(),
        },
        citing: citing(archive, &record),
        changes: view::changes(archive, here, ix),
        corrections: corrected::corrections(archive, ix),
        correction_diff: corrected::diff(archive, ix),
        entry: EntryView { coins, ..view::entry(archive, here, ix, 1) },
        page: frame,
    };
    html(desk, page, "entry.html", &view)
}

/// Returns the citation of an entry as plain text.
pub fn citation(archive: &Archive, ix: EntryIx) -> String {
    let here = paths::entry(&archive.entries[ix].id);
    cite(archive, ix, source_of(archive, ix), &view::frame(archive, &here, "", &[]))
}

/// Returns where an entry comes from as plain text: what each row of its papers is called, and what
/// it tells.
pub fn provenance(archive: &Archive, ix: EntryIx) -> Vec<(String, Vec<String>)> {
    let here = paths::entry(&archive.entries[ix].id);
    papers::papers(archive, &here, ix, source_of(archive, ix))
        .into_iter()
        .map(Paper::told)
        .collect()
}

/// The dump that an entry comes from.
fn source_of(archive: &Archive, ix: EntryIx) -> Option<&SourceGroup> {
    archive.entries[ix].source.as_ref().and_then(|source| archive.source(&source.dump))
}

/// The citation as plain text.
fn cite(archive: &Archive, ix: EntryIx, source: Option<&SourceGroup>, frame: &Frame<'_>) -> String {
    let entry = &archive.entries[ix];
    let story = &archive.story_of(ix).story;
    let mut parts = Vec::new();
    let words = &archive.words;
    if !entry.authors.is_empty() {
        parts.push(words.list(&view::authors(archive, entry)));
    }
    parts.push(words.fill("cite.title", &[("title", &archive.title(ix))]));
    parts.push(story.title.clone());
    if let Some(publisher) =
        source.map(|group| &group.source.publisher).filter(|name| !name.is_empty())
    {
        parts.push(publisher.clone());
    }
    let when = view::when(archive, ix);
    parts.push(if entry.when.is_unknown() {
        words.say("date.undated").to_string()
    } else {
        when.words
    });
    if !when.time.is_empty() {
        parts.push(format!("{} {}", when.time, when.zone).trim().to_string());
    }
    let (what, archive, id) = (words.list(&parts), &archive.site.title, entry.id.as_str());
    let values = [("what", what.as_str()), ("archive", archive), ("id", id)];
    let text = words.fill("cite.text", &values);
    if frame.canonical.is_empty() {
        text + "."
    } else {
        text + words.say("list.comma") + &frame.canonical
    }
}
