//! Which entry of a dump is which of ours, and what an import may write. Pure.
//!
//! The rule is that of a careful package manager: what the curator has not touched takes the new
//! words, what they have touched is left as it is and reported, what they have deleted stays
//! deleted. What was imported is remembered in `.archive/base/`, an entry a file.

use std::collections::{BTreeMap, BTreeSet};

use crate::content::{parse_entry, print_entry};
use crate::date::When;
use crate::entry::{Entry, Id, Provenance, Slug};
use crate::fixity::body_sha256;
use crate::import::{Dump, DumpEntry};
use crate::markdown::{self, publisher_text};
use crate::vocabulary::Matcher;

/// Where the entries stand as they were imported.
pub const BASE: &str = ".archive/base";
/// Where new words wait that an import did not dare to write over a curator's.
pub const CONFLICTS: &str = ".archive/conflicts";

/// The longest part of an id that is made of a title, in bytes.
const TITLE_LENGTH: usize = 56;

/// What an import did with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It was not there before.
    New,
    /// It says what it said at the last import.
    Unchanged,
    /// The dump says something new and the curator had not touched the file.
    Updated,
    /// The dump says something new and the curator has touched the file, which stays as it is.
    Conflict,
}

impl Status {
    /// Returns the name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Updated => "updated",
            Self::Conflict => "conflict",
        }
    }
}

/// What stands in the archive before an import.
#[derive(Debug, Default)]
pub struct Standing {
    /// Every id and alias that is taken.
    pub ids: BTreeSet<Id>,
    /// Every file under `content/`, in lower case: some file systems know no other.
    pub paths: BTreeSet<String>,
    /// The file of each entry and what it says.
    pub files: BTreeMap<Id, (String, String)>,
    /// Each story's entries as they were imported.
    pub bases: BTreeMap<Slug, Vec<Entry>>,
}

/// One entry of a dump, with its place in the archive.
#[derive(Debug)]
pub struct Placed {
    /// The permanent name.
    pub id: Id,
    /// The file, relative to the archive's root; empty where the curator has deleted it.
    pub file: String,
    /// What the import does with it.
    pub status: Status,
    /// The entry as it is imported.
    pub entry: Entry,
    /// What the import writes, by file.
    pub writes: Vec<(String, String)>,
}

/// Finds the place of every entry of a dump, in the dump's order.
pub fn place(
    dump: &Dump,
    name: &str,
    story: &Slug,
    matcher: &Matcher<'_>,
    standing: &Standing,
) -> Vec<Placed> {
    let mut bases: BTreeMap<Key, Vec<&Entry>> = BTreeMap::new();
    for base in standing.bases.get(story).into_iter().flatten() {
        bases.entry(key_of(base)).or_default().push(base);
    }
    let mut taken = Taken { ids: standing.ids.clone(), paths: standing.paths.clone() };
    let count = dump.entries.len();
    let mut placed: Vec<Placed> = Vec::with_capacity(count);
    for (at, found) in dump.entries.iter().enumerate() {
        let oldest_first = dump.newest_first == Some(false);
        let order = if oldest_first { at + 1 } else { count - at };
        let key = (found.stated.clone(), found.title.clone());
        let mut entry = entry(found, name, story, u32::try_from(order).unwrap_or(u32::MAX));
        // The same stamp and title can stand in a dump twice; the one with the same words is meant.
        let known = bases.get_mut(&key).and_then(|list| {
            let same = list.iter().position(|base| base.body == entry.body).unwrap_or(0);
            (!list.is_empty()).then(|| list.remove(same))
        });
        if let Some(base) = known {
            placed.push(again(entry, base, standing));
        } else {
            let text = format!("{}\n{}", entry.title, publisher_text(&entry.body));
            entry.tags = matcher.find(&text).iter().map(|tag| tag.name.clone()).collect();
            placed.push(first(entry, &mut taken));
        }
    }
    placed
}

/// What tells an entry from the others of its story: its stamp as written, and its title.
type Key = (String, String);

fn key_of(base: &Entry) -> Key {
    let stated = base.source.as_ref().map(|source| source.stated.clone()).unwrap_or_default();
    (stated, base.title.clone())
}

/// What new entries must not be called.
struct Taken {
    ids: BTreeSet<Id>,
    paths: BTreeSet<String>,
}

fn entry(found: &DumpEntry, dump: &str, story: &Slug, order: u32) -> Entry {
    Entry {
        // Made in `first`, or taken over in `again`.
        id: story.clone(),
        story: story.clone(),
        title: found.title.clone(),
        title_basis: found.title_basis,
        when: found.when.clone(),
        date_basis: found.date_basis,
        clock: found.clock,
        order,
        tags: Vec::new(),
        authors: found.authors.clone(),
        key_event: found.key_event,
        updated: found.updated.clone(),
        aliases: Vec::new(),
        source: Some(Provenance {
            dump: dump.to_string(),
            lines: found.lines,
            stated: found.stated.clone(),
            sha256: body_sha256(&found.body),
        }),
        body: found.body.trim().to_string(),
        file: String::new(),
        body_line: 0,
    }
}

/// An entry that was not there before.
fn first(mut entry: Entry, taken: &mut Taken) -> Placed {
    let title = Slug::from_words(&entry.title, TITLE_LENGTH);
    entry.id = new_id(&entry, title.as_ref(), &mut taken.ids);
    entry.file = new_file(&entry, title.as_ref(), &mut taken.paths);
    let text = print_entry(&entry);
    let writes = vec![(base_file(&entry), text.clone()), (entry.file.clone(), text)];
    Placed { id: entry.id.clone(), file: entry.file.clone(), status: Status::New, entry, writes }
}

/// The file that remembers an entry as it was imported.
fn base_file(entry: &Entry) -> String {
    format!("{BASE}/{}/{}.md", entry.story, entry.id)
}

/// An entry that an earlier import brought.
fn again(mut entry: Entry, base: &Entry, standing: &Standing) -> Placed {
    entry.id = base.id.clone();
    entry.tags.clone_from(&base.tags);
    // A longer capture of the same page has other numbers for the same order.
    entry.order = base.order;
    let same_words =
        entry.body == base.body && entry.when == base.when && entry.clock == base.clock;
    if same_words && entry.source.as_ref().map(|s| &s.dump) != base.source.as_ref().map(|s| &s.dump)
    {
        // Another dump with the same words is another witness, not another text.
        entry.source.clone_from(&base.source);
    }
    let (old, new) = (print_entry(base), print_entry(&entry));
    let there = standing.files.get(&entry.id);
    let file = there.map(|(file, _)| file.clone()).unwrap_or_default();
    let mut writes = Vec::new();
    let status = match there {
        _ if old == new => Status::Unchanged,
        None => Status::Unchanged,
        Some((_, text)) if *text == new => {
            writes.push((base_file(&entry), new));
            Status::Unchanged
        }
        Some((file, text)) if *text == old => {
            writes.extend([(base_file(&entry), new.clone()), (file.clone(), new)]);
            Status::Updated
        }
        // The curator has put the new words into the file by hand: from now on they are the base.
        Some((_, text)) if says(text, &entry) => {
            writes.push((base_file(&entry), new));
            Status::Unchanged
        }
        Some(_) => {
            writes.push((format!("{CONFLICTS}/{}.md", entry.id), new));
            Status::Conflict
        }
    };
    Placed { id: entry.id.clone(), file, status, entry, writes }
}

/// Whether a file says, in the publisher's voice, what a newly imported entry says.
fn says(text: &str, entry: &Entry) -> bool {
    let (there, _) = parse_entry("", entry.story.clone(), text);
    there.is_some_and(|there| {
        there.title == entry.title
            && there.when == entry.when
            && markdown::altered(&entry.body, &there.body).is_none()
    })
}

/// `2031-04-02-0540-dam-gates-opened`; without a day, the story takes its place.
fn new_id(entry: &Entry, title: Option<&Slug>, ids: &mut BTreeSet<Id>) -> Id {
    let mut words = match &entry.when {
        When::Exact(moment) => moment.format("%Y-%m-%d-%H%M").to_string(),
        When::Day(day) => day.to_string(),
        When::Edtf(_) | When::Unknown => short(&entry.story),
    };
    words.push('-');
    words.push_str(title.map_or("untitled", Slug::as_str));
    let id = Slug::from_words(&words, Slug::LONGEST).unwrap_or_else(|| entry.story.clone());
    let mut free = id.clone();
    let mut number = 1;
    while !ids.insert(free.clone()) {
        number += 1;
        free = id.numbered(number);
    }
    free
}

/// As much of a story's name as leaves room for a title behind it.
fn short(story: &Slug) -> String {
    const ROOM: usize = 30;
    Slug::from_words(story.as_str(), ROOM).map_or_else(|| "entry".into(), |slug| slug.to_string())
}

/// `content/<story>/<day or undated>/<HHMM>-<title>.md`.
fn new_file(entry: &Entry, title: Option<&Slug>, paths: &mut BTreeSet<String>) -> String {
    let folder = entry.when.day().map_or_else(|| "undated".to_string(), |day| day.to_string());
    let time = entry.when.time().or(entry.clock);
    let time = time.map(|time| time.format("%H%M-").to_string()).unwrap_or_default();
    let title = title.map_or("untitled", Slug::as_str);
    let stem = format!("{}/{}/{folder}/{time}{title}", crate::input::CONTENT, entry.story);
    let mut file = format!("{stem}.md");
    let mut number = 1;
    while !paths.insert(file.to_lowercase()) {
        number += 1;
        file = format!("{stem}-{number}.md");
    }
    file
}
