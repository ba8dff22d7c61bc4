//! What stands in the archive while dumps come in, and is kept up to date from dump to dump.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::super::Stop;
use super::prepare::Ready;
use crate::address::page_address;
use crate::change::Lock;
use crate::content;
use crate::entry::{Slug, Source, Tag};
use crate::fixity::sha256;
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
    /// The files of `content/` with line ends as on Windows.
    pub(super) windows: BTreeSet<String>,
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
        windows: BTreeSet::new(),
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
        }
        let file = StoryFile { text, sources: story.sources, added: Vec::new() };
        desk.stories.insert(story.slug, file);
    }
    for input in inputs.iter().filter(|input| input.is_in(input::CONTENT)) {
        desk.standing.paths.insert(input.path.to_lowercase());
        if input.bytes.windows(2).any(|pair| pair == b"\r\n") {
            desk.windows.insert(input.path.clone());
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
        desk.recorded(record);
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

    /// The story that captures of this page went to, if its publisher is the same.
    pub(super) fn story_of(&self, url: &str, publisher: &str) -> Option<Slug> {
        let address = page_address(url);
        let stories = self.by_address.get(&address)?;
        let is_it = |source: &Source| {
            source.publisher == publisher
                && !source.url.is_empty()
                && page_address(&source.url) == address
        };
        let file = |slug: &&Slug| self.stories.get(*slug);
        stories.iter().find(|slug| file(slug).is_some_and(|f| f.sources.iter().any(is_it))).cloned()
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
