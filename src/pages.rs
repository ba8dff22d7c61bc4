//! Which pages exist, where, and what stands on each. One file a kind of page or output format,
//! and one line in [`KINDS`].

pub mod annotations;
pub mod atom;
pub mod card;
pub mod data;
pub mod dates;
pub mod day;
pub mod entry;
pub mod free;
pub mod home;
pub mod kept;
pub mod promised;
pub mod redirect;
pub mod search;
pub mod sitemap;
mod slip;
pub mod sources;
pub mod stories;
pub mod story;
pub mod tags;
pub mod timemap;
pub mod tombstone;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::archive::{Archive, EntryIx};
use crate::date::Month;
use crate::diagnostic::Diagnostic;
use crate::paths::{self, ListPart, OutPath, Part};
use crate::template::Templates;

/// A page of the site: where it stands and what it is about. Its bytes are made later.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it stands.
    pub path: OutPath,
    /// What it is about.
    pub subject: Subject,
    /// What makes its bytes.
    kind: &'static Kind,
}

/// What a page is about: places in the [`Archive`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The archive as a whole.
    Archive,
    /// The stories that begin in a year, a month or on a day, where one list is too long.
    StoriesOf(ListPart),
    /// A story.
    Story(usize),
    /// A part of a long story.
    StoryPart(usize, Part),
    /// A story or a part of it, the newest entry first.
    Newest(usize, Option<Part>),
    /// An entry.
    Entry(EntryIx),
    /// A year.
    Year(i32),
    /// A month.
    Month(Month),
    /// A day.
    Day(NaiveDate),
    /// A tag.
    Tag(usize),
    /// A part of a large tag.
    TagPart(usize, ListPart),
    /// A dump.
    Source(usize),
    /// The dumps whose entries begin in a month, or have none.
    SourcesOf(Option<Month>),
    /// A free page.
    Free(usize),
    /// An address that something had once, and where it is now.
    Moved(OutPath),
    /// A withdrawn entry, by its place in [`Archive::withdrawn`].
    Withdrawn(usize),
    /// A list that nothing is filed in any more, and the page that leads on.
    Gone(OutPath),
    /// One of several files of the same kind.
    Number(usize),
    /// A file that lists pages.
    Listed(Vec<OutPath>),
}

/// What pages are made with.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// What they are about.
    pub archive: &'a Archive,
    /// How they look.
    pub templates: &'a Templates,
}

/// A kind of page, or an output format.
#[derive(Debug)]
pub struct Kind {
    /// Its name, for people.
    pub name: &'static str,
    /// Returns where its pages stand, and what each is about.
    pub plan: fn(&Archive) -> Vec<(OutPath, Subject)>,
    /// Makes the bytes of one page.
    pub write: fn(Desk<'_>, &Page) -> Result<Vec<u8>, Diagnostic>,
}

/// Every kind of page and every output format.
pub const KINDS: &[Kind] = &[
    home::HOME,
    home::NOT_FOUND,
    home::STYLE,
    stories::LIST,
    stories::PART,
    story::STORY,
    story::PART,
    story::NEWEST,
    card::CARD,
    entry::ENTRY,
    tombstone::TOMBSTONE,
    dates::LIST,
    dates::YEAR,
    dates::MONTH,
    day::DAY,
    dates::ALMANAC,
    dates::UNDATED,
    tags::index::LIST,
    tags::index::PART,
    tags::TAG,
    tags::PART,
    sources::LIST,
    sources::PART,
    sources::SOURCE,
    timemap::TIMEMAP,
    free::PAGE,
    redirect::REDIRECT,
    atom::ARCHIVE,
    atom::STORY,
    atom::TAG,
    data::CSV,
    data::JSON_LINES,
    data::PACKAGE,
    annotations::ANNOTATIONS,
    sitemap::SITEMAP,
    sitemap::PART,
    sitemap::ROBOTS,
    search::PAGE,
    search::SCRIPT,
    search::INDEX,
    search::NAMES,
    search::SPANS,
    search::WORDS,
    search::PLACES,
    search::PARTS,
    search::PART_PLACES,
    search::ENTRIES,
];

impl Page {
    /// Makes the page's bytes.
    ///
    /// # Errors
    /// What is wrong in a template.
    pub fn bytes(&self, desk: Desk<'_>) -> Result<Vec<u8>, Diagnostic> {
        (self.kind.write)(desk, self)
    }
}

/// Returns every page of the site, by path. Two that would be one file are errors; so are two whose
/// names differ only in case, which some hosts and file systems take for one.
pub fn plan(archive: &Archive) -> (Vec<Page>, Vec<Diagnostic>) {
    let mut pages: Vec<Page> = KINDS
        .iter()
        .flat_map(|kind| {
            (kind.plan)(archive).into_iter().map(move |(path, subject)| Page {
                path,
                subject,
                kind,
            })
        })
        .collect();
    let planned = pages.iter().map(|page| page.path.as_str()).collect();
    let kept = kept::pages(archive, &planned).into_iter();
    let kept: Vec<Page> =
        kept.map(|(path, subject)| Page { path, subject, kind: &kept::GONE }).collect();
    pages.extend(kept);
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    let mut owners: BTreeMap<String, &Page> = BTreeMap::new();
    let mut problems = Vec::new();
    for page in &pages {
        if let Some(first) = owners.insert(page.path.as_str().to_lowercase(), page)
            // An id that two entries have was told by the archive, with its lines.
            && !paths::is_entry(&page.path)
        {
            let (one, other) = (origin(archive, first), origin(archive, page));
            problems.push(
                Diagnostic::error(
                    &other,
                    0,
                    format!("its page would be {}, which is that of {one} too", page.path),
                )
                .hint("give one of the two another id, slug or file name"),
            );
        }
    }
    drop(owners);
    (pages, problems)
}

/// Returns the file that a page comes from, for messages.
pub fn origin(archive: &Archive, page: &Page) -> String {
    match &page.subject {
        Subject::Entry(ix) => archive.entries[*ix].file.clone(),
        Subject::Story(ix) | Subject::StoryPart(ix, _) | Subject::Newest(ix, _) => {
            archive.stories[*ix].story.file.clone()
        }
        Subject::Tag(ix) | Subject::TagPart(ix, _) => {
            format!("the tag `{}`", archive.tags[*ix].tag.name)
        }
        Subject::Source(ix) => format!("dumps/{}", archive.sources[*ix].record.dump),
        Subject::Free(ix) => archive.pages[*ix].file.clone(),
        Subject::Withdrawn(ix) => archive.withdrawn[*ix].file.clone(),
        Subject::Moved(to) => format!("an alias of {to}"),
        _ => page.kind.name.to_string(),
    }
}

/// Renders a template and returns its bytes.
fn html(
    desk: Desk<'_>,
    page: &Page,
    template: &str,
    view: &impl serde::Serialize,
) -> Result<Vec<u8>, Diagnostic> {
    let made = desk.templates.render(template, page.path.as_str(), view);
    made.map(String::into_bytes)
        .map_err(|problem| slip::placed(desk, page, template, view, problem))
}
