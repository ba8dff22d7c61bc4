//! Which entry of a dump is which of ours, and what an import may write. Pure.
//!
//! The rule is that of a careful package manager: what the curator has not touched takes the new
//! words, what they have touched is left as it is and reported, what they have deleted stays
//! deleted. What was imported is remembered in `.archive/base/`, an entry a file.

mod again;
mod body;
mod matching;

pub use again::{Resolution, conflict_file, resolve};

use std::collections::{BTreeMap, BTreeSet};

use crate::capture::{Sighting, words_sha256};
use crate::content::print_entry;
use crate::date::When;
use crate::entry::{Entry, Id, Provenance, Slug};
use crate::fixity::body_sha256;
use crate::import::{Dump, DumpEntry};
use crate::markdown::publisher_text;
use crate::vocabulary::Matcher;
use crate::voices::has_redaction;

pub use crate::capture::BASE;
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
    /// The dump says something new, the curator has touched the file, and the two do not touch each
    /// other: the file holds both.
    Merged,
    /// The dump says something new in a place that the curator has touched: the file stays as it is.
    Conflict,
}

impl Status {
    /// Returns the name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Updated => "updated",
            Self::Merged => "merged",
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
    /// Each entry as it stands, with the text of its file.
    entries: BTreeMap<Id, (Entry, String)>,
    /// Each entry as it was imported, its `file` that in `.archive/base/`.
    bases: BTreeMap<Id, Entry>,
    /// The entries that say the same, or said so before, by the hash of their words.
    by_words: BTreeMap<String, BTreeSet<Id>>,
    /// The entries and the bases that name a dump as their source.
    of_dump: BTreeMap<String, (BTreeSet<Id>, BTreeSet<Id>)>,
    /// Files of `content/` that cannot be read as what they should be, with their text.
    pub broken: Vec<(String, String)>,
    /// The dump whose words wait for a person to settle a contradiction, by entry.
    pub waiting: BTreeMap<Id, String>,
    /// The entry that has an alias: a base of that name was joined with it, or renamed.
    aliases: BTreeMap<Id, Id>,
}

impl Standing {
    /// Takes note of an entry, with the text of its file.
    pub fn stands(&mut self, entry: Entry, text: String) {
        let id = entry.id.clone();
        let new = dump_of(&entry).to_string();
        let aliases = entry.aliases.clone();
        let old = self.entries.insert(id.clone(), (entry, text));
        if let Some(old) = old.as_ref().and_then(|(old, _)| self.of_dump.get_mut(dump_of(old))) {
            old.0.remove(&id);
        }
        for alias in aliases {
            self.ids.insert(alias.clone());
            self.aliases.insert(alias, id.clone());
        }
        self.ids.insert(id.clone());
        self.of_dump.entry(new).or_default().0.insert(id);
    }

    /// Takes note of an entry as it was imported.
    pub fn remember(&mut self, base: Entry) {
        let id = base.id.clone();
        let new = dump_of(&base).to_string();
        let words = words_sha256(&base);
        let old = self.bases.insert(id.clone(), base);
        self.by_words.entry(words).or_default().insert(id.clone());
        if let Some(old) = old.as_ref().and_then(|old| self.of_dump.get_mut(dump_of(old))) {
            old.1.remove(&id);
        }
        self.ids.insert(id.clone());
        self.of_dump.entry(new).or_default().1.insert(id);
    }

    /// Takes note of what an entry said before.
    pub fn said(&mut self, revision: &Entry) {
        let ids = self.by_words.entry(words_sha256(revision)).or_default();
        ids.insert(revision.id.clone());
    }

    /// Returns the entry that says or said exactly these words and that a person has deleted, withdrawn
    /// or redacted, if there is one, with its file; one that was deleted has none.
    fn taken_out(&self, entry: &Entry) -> Option<(Id, String)> {
        let out = |id: &Id| {
            let stands = self.entries.get(self.aliases.get(id).unwrap_or(id));
            match stands {
                Some((there, _)) if there.withdrawn.is_some() || has_redaction(there) => {
                    Some((id.clone(), there.file.clone()))
                }
                Some(_) => None,
                None => Some((id.clone(), String::new())),
            }
        };
        self.by_words.get(&words_sha256(entry))?.iter().find_map(out)
    }

    /// Returns an entry as it was imported.
    pub fn base(&self, id: &Id) -> Option<&Entry> {
        self.bases.get(id)
    }
}

fn dump_of(entry: &Entry) -> &str {
    entry.source.as_ref().map_or("", |source| source.dump.as_str())
}

/// A dump that comes in.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// What was understood of it.
    pub dump: &'a Dump,
    /// Its name in `dumps/`.
    pub name: &'a str,
    /// The story that it goes to.
    pub story: &'a Slug,
    /// Whether these bytes were imported before.
    pub known: bool,
    /// The entries that these bytes, and other captures that are surely of the same page, held when they
    /// were imported.
    pub held: &'a [Id],
    /// The other dumps that are captures of the same page, or of pieces of it.
    pub kin: &'a BTreeSet<String>,
    /// Those of them of which that is not sure: an address or a publisher is not known.
    pub perhaps: &'a BTreeSet<String>,
    /// Those of them that were saved after this one: what they say is not taken back.
    pub later: &'a BTreeSet<String>,
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
    /// The entry as it stands in `content/` behind the import, with the text of its file, where that
    /// has changed.
    pub stands: Option<(Entry, String)>,
    /// The entry as it is remembered from now on, where that has changed; `file` is that in
    /// `.archive/`.
    pub base: Option<Entry>,
    /// What the import writes beside these two, by file.
    pub writes: Vec<(String, String)>,
    /// What this dump says of it.
    pub sighting: Sighting,
    /// The fields in which the dump and the curator contradict each other.
    pub contradicts: Vec<&'static str>,
    /// How many annotations stand behind words that have changed.
    pub notes_on_changed: usize,
    /// Whether it is taken for an entry of another page only because that says the same word for word,
    /// and a person has deleted, withdrawn or redacted it.
    pub taken_out: bool,
}

impl Placed {
    /// An entry for which there is nothing to do but to note that the dump holds it.
    fn quiet(entry: &Entry, file: String) -> Self {
        Self {
            id: entry.id.clone(),
            file,
            status: Status::Unchanged,
            stands: None,
            base: None,
            writes: Vec::new(),
            sighting: Sighting {
                id: entry.id.clone(),
                lines: entry.source.as_ref().map_or((0, 0), |source| source.lines),
                words: words_sha256(entry),
            },
            contradicts: Vec::new(),
            notes_on_changed: 0,
            taken_out: false,
        }
    }

    /// Returns everything that the import writes, by file.
    pub fn files(&self) -> Vec<(String, String)> {
        let stands = self.stands.as_ref().map(|(entry, text)| (entry.file.clone(), text.clone()));
        let base = self.base.as_ref().map(|base| (base.file.clone(), print_entry(base)));
        stands.into_iter().chain(base).chain(self.writes.iter().cloned()).collect()
    }
}

/// Finds the place of every entry of a dump, in the dump's order.
pub fn place(arrival: &Arrival<'_>, matcher: &Matcher<'_>, standing: &Standing) -> Vec<Placed> {
    let Arrival { dump, name, story, .. } = arrival;
    let count = dump.entries.len();
    let oldest_first = dump.newest_first == Some(false);
    let order = |at: usize| u32::try_from(if oldest_first { at + 1 } else { count - at });
    let mut new: Vec<Entry> = dump
        .entries
        .iter()
        .enumerate()
        .map(|(at, found)| entry(found, name, story, order(at).unwrap_or(u32::MAX)))
        .collect();
    let bases = known(arrival, standing);
    let pairs = matching::pair(&new, &bases);
    let bases: Vec<&Entry> = bases.into_iter().map(|(base, _)| base).collect();
    let known_order: Vec<Option<u32>> =
        pairs.iter().map(|pair| pair.map(|at| bases[at].order)).collect();
    // Among entries of the dump itself, the place in it is the place in the story.
    let from = |entry: &Entry| entry.source.as_ref().is_some_and(|source| source.dump == *name);
    if !pairs.iter().flatten().all(|at| from(bases[*at])) {
        follow(&mut new, &known_order, oldest_first);
    }
    // Entries of this dump of which nothing is remembered: `.archive/` was lost, or an import was cut
    // off.
    let own = standing.of_dump.get(*name).into_iter().flat_map(|(entries, _)| entries);
    let orphans: Vec<&Entry> = own
        .filter(|id| !standing.bases.contains_key(*id))
        .filter_map(|id| standing.entries.get(id).map(|(entry, _)| entry))
        .collect();
    let mut taken = Taken { standing, ids: BTreeSet::new(), paths: BTreeSet::new() };
    new.into_iter()
        .zip(pairs)
        .map(|(mut entry, pair)| {
            if let Some(at) = pair {
                return again::again(entry, bases[at], arrival, standing);
            }
            // A page that cannot be told to be the same may say word for word what a person took out.
            if let Some((id, file)) = standing.taken_out(&entry) {
                entry.id = id;
                return Placed { taken_out: true, ..Placed::quiet(&entry, file) };
            }
            if let Some(there) = orphan(&entry, &orphans) {
                return adopt(entry, there);
            }
            let text = format!("{}\n{}", entry.title, publisher_text(&entry.body));
            entry.tags = matcher.find(&text).iter().map(|tag| tag.name.clone()).collect();
            first(entry, &mut taken)
        })
        .collect()
}

/// The entries that can be the dump's, by id: those that came from the dump itself, or from another
/// capture of the same page, wherever a curator has moved their files.
fn known<'a>(arrival: &Arrival<'_>, standing: &'a Standing) -> Vec<(&'a Entry, bool)> {
    let of = |dump: &str| standing.of_dump.get(dump).into_iter().flat_map(|(_, bases)| bases);
    let mut bases: BTreeMap<&Id, bool> = BTreeMap::new();
    for name in arrival.kin.iter().map(String::as_str).chain([arrival.name]) {
        let sure = name == arrival.name || !arrival.perhaps.contains(name);
        for id in of(name) {
            *bases.entry(id).or_default() |= sure;
        }
    }
    bases.extend(arrival.held.iter().map(|id| (id, true)));
    bases.into_iter().filter_map(|(id, sure)| Some((standing.bases.get(id)?, sure))).collect()
}

/// Gives new entries of a later capture their places among the known ones: behind the newest, they
/// count on from it; before the oldest, back from it; between two, they share the place of the one
/// before them.
fn follow(new: &mut [Entry], known: &[Option<u32>], oldest_first: bool) {
    let mut places: Vec<usize> = (0..new.len()).collect();
    if !oldest_first {
        places.reverse();
    }
    let Some(start) = places.iter().position(|at| known[*at].is_some()) else { return };
    let newest = known.iter().flatten().max().copied().unwrap_or_default();
    let oldest = known[places[start]].unwrap_or_default();
    for (at, back) in places[..start].iter().rev().zip(1..) {
        new[*at].order = oldest.saturating_sub(back).max(1);
    }
    let mut last = oldest;
    for at in &places[start..] {
        new[*at].order = match known[*at] {
            Some(order) => order,
            None if last >= newest => last + 1,
            None => last,
        };
        last = new[*at].order.max(last);
    }
}

/// The orphan that has the same words from the same lines of the dump.
fn orphan<'a>(entry: &Entry, orphans: &[&'a Entry]) -> Option<&'a Entry> {
    let place = |entry: &Entry| {
        let source = entry.source.as_ref();
        source.map(|source| (source.lines, source.sha256.clone()))
    };
    orphans.iter().find(|there| place(there) == place(entry)).copied()
}

/// Remembers an entry that stands already as it was imported; its file stays as it is.
fn adopt(mut entry: Entry, there: &Entry) -> Placed {
    entry.id = there.id.clone();
    entry.order = there.order;
    entry.tags.clone_from(&there.tags);
    entry.file = base_file(&entry);
    let placed = Placed::quiet(&entry, there.file.clone());
    Placed { base: Some(entry), ..placed }
}

/// What new entries must not be called.
struct Taken<'a> {
    standing: &'a Standing,
    ids: BTreeSet<Id>,
    paths: BTreeSet<String>,
}

impl Taken<'_> {
    /// Takes an id; false where it is taken.
    fn id(&mut self, id: &Id) -> bool {
        !self.standing.ids.contains(id) && self.ids.insert(id.clone())
    }

    /// Takes a file's name; false where it is taken.
    fn path(&mut self, file: &str) -> bool {
        let file = file.to_lowercase();
        !self.standing.paths.contains(&file) && self.paths.insert(file)
    }
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
        lang: String::new(),
        updated: found.updated.clone(),
        aliases: Vec::new(),
        date_because: String::new(),
        warnings: Vec::new(),
        witnesses: Vec::new(),
        accepted: Vec::new(),
        withdrawn: None,
        source: Some(Provenance {
            dump: dump.to_string(),
            lines: found.lines,
            id: found.source_id.clone(),
            stated: found.stated.clone(),
            sha256: body_sha256(&found.body),
        }),
        body: found.body.trim().to_string(),
        file: String::new(),
        id_line: 0,
        body_line: 0,
    }
}

/// An entry that was not there before.
fn first(mut entry: Entry, taken: &mut Taken<'_>) -> Placed {
    let title = Slug::from_words(&entry.title, TITLE_LENGTH);
    entry.id = new_id(&entry, title.as_ref(), taken);
    entry.file = new_file(&entry, title.as_ref(), taken);
    let text = print_entry(&entry);
    let placed = Placed { status: Status::New, ..Placed::quiet(&entry, entry.file.clone()) };
    let base = Some(Entry { file: base_file(&entry), ..entry.clone() });
    Placed { base, stands: Some((entry, text)), ..placed }
}

/// Returns the file that remembers an entry as it was imported.
pub fn base_file(entry: &Entry) -> String {
    format!("{BASE}/{}/{}.md", entry.story, entry.id)
}

/// `2031-04-02-0540-dam-gates-opened`; without a day, the story takes its place.
fn new_id(entry: &Entry, title: Option<&Slug>, taken: &mut Taken<'_>) -> Id {
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
    while !taken.id(&free) {
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
fn new_file(entry: &Entry, title: Option<&Slug>, taken: &mut Taken<'_>) -> String {
    let folder = entry.when.day().map_or_else(|| "undated".to_string(), |day| day.to_string());
    let time = entry.when.time().or(entry.clock);
    let time = time.map(|time| time.format("%H%M-").to_string()).unwrap_or_default();
    let title = title.map_or("untitled", Slug::as_str);
    let stem = format!("{}/{}/{folder}/{time}{title}", crate::input::CONTENT, entry.story);
    let mut file = format!("{stem}.md");
    let mut number = 1;
    while !taken.path(&file) {
        number += 1;
        file = format!("{stem}-{number}.md");
    }
    file
}
