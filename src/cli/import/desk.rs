//! What stands in the archive while dumps come in, and is kept up to date from dump to dump.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::super::Stop;
use super::prepare::Ready;
use crate::address::page_address;
use crate::change::Lock;
use crate::content;
use crate::entry::{Id, Slug, Source, Tag};
use crate::fixity::sha256;
use crate::input::Looks;
use crate::merge::{Standing, Status};
use crate::record::Record;
use crate::{fs, input};

/// The archive that is imported into.
pub(super) struct Desk {
    pub(super) root: PathBuf,
    /// The right to change the archive; `None` for a dry run.
    pub(super) lock: Option<Lock>,
    /// What the import is called, should it be taken back.
    pub(super) command: String,
    /// How many files have changed so far.
    pub(super) written: usize,
    /// The SHA-256 of each file when it was read or written.
    pub(super) read: BTreeMap<String, String>,
    /// What a dry run would have changed.
    pub(super) shown: String,
    pub(super) standing: Standing,
    pub(super) stories: BTreeMap<Slug, StoryFile>,
    /// What is remembered of each dump, by its name.
    pub(super) records: BTreeMap<String, Record>,
    /// The files of `content/` that are not as this program writes them: with line ends as on Windows.
    pub(super) looks: BTreeMap<String, Looks>,
    /// The entries that each dump holds, by its name.
    captures: BTreeMap<String, Vec<Id>>,
    /// What a story says of each dump, by the dump's name.
    listed: BTreeMap<String, Source>,
    /// The dumps that no story lists.
    unlisted: BTreeSet<String>,
    /// The dump that has a hash.
    by_hash: BTreeMap<String, String>,
    /// The stories that captures of a page went to, by its address.
    by_address: BTreeMap<String, BTreeSet<Slug>>,
}

/// A `story.md`.
pub(super) struct StoryFile {
    /// What it says.
    pub(super) text: String,
    /// The sources that it lists, and those that are to be added.
    pub(super) sources: Vec<Source>,
    /// Those that are to be added.
    pub(super) added: Vec<Source>,
}

/// Reads an archive, and its vocabulary.
pub(super) fn open(
    root: PathBuf,
    command: String,
    dry_run: bool,
) -> Result<(Desk, Vec<Tag>), Stop> {
    let lock = if dry_run { None } else { Some(Lock::take(&root)?) };
    let inputs = input::read(&root)?;
    // What is wrong in a file is told by `build` and `status`; an import never touches such a file.
    let (content, _) = content::read(&inputs);
    let mut desk = Desk {
        root,
        lock,
        command,
        written: 0,
        read: inputs.iter().map(|input| (input.path.clone(), sha256(&input.bytes))).collect(),
        shown: String::new(),
        standing: Standing::default(),
        stories: BTreeMap::new(),
        records: BTreeMap::new(),
        looks: BTreeMap::new(),
        captures: BTreeMap::new(),
        listed: BTreeMap::new(),
        unlisted: BTreeSet::new(),
        by_hash: BTreeMap::new(),
        by_address: BTreeMap::new(),
    };
    let mut understood: BTreeSet<String> = BTreeSet::new();
    let text = |file: &str| {
        input::find(&inputs, file).and_then(|input| input.text().ok()).unwrap_or_default()
    };
    for entry in content.entries {
        understood.insert(entry.file.clone());
        desk.standing.ids.extend(entry.aliases.iter().cloned());
        let text = text(&entry.file);
        desk.standing.stands(entry, text);
    }
    for story in content.stories {
        let text = text(&story.file);
        understood.insert(story.file);
        for source in &story.sources {
            desk.at_address(source, &story.slug);
            desk.listed.insert(source.dump.clone(), source.clone());
        }
        let file = StoryFile { text, sources: story.sources, added: Vec::new() };
        desk.stories.insert(story.slug, file);
    }
    for input in inputs.iter().filter(|input| input.is_in(input::CONTENT)) {
        desk.standing.paths.insert(input.path.to_lowercase());
        let looks = Looks::of(&input.bytes);
        if looks != Looks::default() {
            desk.looks.insert(input.path.clone(), looks);
        }
        if !understood.contains(&input.path) {
            let text = String::from_utf8_lossy(&input.bytes).into_owned();
            desk.standing.broken.push((input.path.clone(), text));
        }
    }
    for base in super::super::status::remembered(&desk.root)?.0.into_values() {
        desk.standing.remember(base);
    }
    for waiting in super::super::resolve::waiting(&desk.root)? {
        let dump = waiting.source.map(|source| source.dump).unwrap_or_default();
        desk.standing.waiting.insert(waiting.id, dump);
    }
    for record in content.records {
        if !desk.listed.contains_key(&record.dump) {
            desk.unlisted.insert(record.dump.clone());
        }
        desk.recorded(record);
    }
    for revision in content.revisions.values().flatten() {
        desk.standing.said(revision);
    }
    for capture in content.captures {
        let ids = capture.sightings.into_iter().map(|sighting| sighting.id).collect();
        desk.captures.insert(capture.dump, ids);
    }
    Ok((desk, content.tags))
}

impl Desk {
    fn at_address(&mut self, source: &Source, story: &Slug) {
        if !source.url.is_empty() {
            let stories = self.by_address.entry(page_address(&source.url)).or_default();
            stories.insert(story.clone());
        }
    }

    fn recorded(&mut self, record: Record) {
        self.by_hash.insert(record.sha256.clone(), record.dump.clone());
        self.records.insert(record.dump.clone(), record);
    }

    /// What is remembered of these bytes.
    pub(super) fn known(&self, sha256: &str) -> Option<&Record> {
        self.records.get(self.by_hash.get(sha256)?)
    }

    /// The entries that a dump held when it was imported before.
    pub(super) fn held(&self, dump: &str) -> &[Id] {
        self.captures.get(dump).map_or(&[], Vec::as_slice)
    }

    /// What a story says of a dump, wherever that story stands now.
    pub(super) fn listed(&self, dump: &str) -> Option<&Source> {
        self.listed.get(dump)
    }

    /// The dumps that no story lists: its file was deleted.
    pub(super) fn unlisted(&self) -> impl Iterator<Item = &Record> {
        self.unlisted.iter().filter_map(|dump| self.records.get(dump))
    }

    /// The story that captures of this page went to.
    pub(super) fn story_of(&self, url: &str) -> Option<Slug> {
        self.by_address.get(&page_address(url))?.first().cloned()
    }

    /// A name in `dumps/` that holds nothing else: a dump is never overwritten.
    pub(super) fn free_name(&self, name: &str, bytes: &[u8]) -> fs::Result<String> {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
        let mut candidate =
            if name.contains('.') { name.to_string() } else { format!("{name}.txt") };
        let folder = self.root.join(crate::record::FOLDER);
        let mut number = 1;
        loop {
            // What is recorded has other bytes; what is not was left by an import that was cut off.
            let free = !self.records.contains_key(&candidate)
                && fs::read_if_there(&folder.join(&candidate))?.is_none_or(|there| there == bytes);
            if free {
                return Ok(candidate);
            }
            number += 1;
            candidate = format!("{stem}-{number}.{extension}");
        }
    }

    /// Takes a dump into account for the next.
    pub(super) fn keep(&mut self, ready: &Ready) {
        let standing = &mut self.standing;
        for placed in &ready.placed {
            standing.ids.insert(placed.id.clone());
            if !placed.file.is_empty() {
                standing.paths.insert(placed.file.to_lowercase());
            }
            if let Some((entry, text)) = placed.stands.clone() {
                standing.stands(entry, text);
            }
            if placed.status == Status::Conflict {
                standing.waiting.insert(placed.id.clone(), ready.name.clone());
            }
            if let Some(base) = placed.base.clone() {
                standing.remember(base);
            }
        }
        self.recorded(ready.record.clone());
        let Some(source) = &ready.source else { return };
        self.at_address(source, &ready.story);
        self.listed.insert(source.dump.clone(), source.clone());
        self.unlisted.remove(&source.dump);
        let file = self.stories.entry(ready.story.clone()).or_insert_with(|| StoryFile {
            text: ready.new_story.clone().unwrap_or_default(),
            sources: Vec::new(),
            added: Vec::new(),
        });
        file.sources.push(source.clone());
        if ready.new_story.is_none() {
            file.added.push(source.clone());
        }
    }
}
