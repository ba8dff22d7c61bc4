//! Dumps that wait to be written together: a disk takes many files at a time in little more time
//! than one. Each dump is written whole or not at all.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Stop;
use super::Report;
use super::desk::Desk;
use super::prepare::{Ready, story_file};
use crate::entry::Slug;
use crate::{content, fs, record};

/// So many dumps are written together…
const DUMPS: usize = 64;
/// …but at most about so many bytes.
const BYTES: usize = 16 << 20;

/// What waits.
#[derive(Default)]
pub(super) struct Pending {
    reports: Vec<Report>,
    bytes: usize,
    /// What is to be written, in this order, a file once.
    files: Vec<(String, Vec<u8>)>,
    places: BTreeMap<String, usize>,
    stories: BTreeSet<Slug>,
    sums: Vec<(String, String)>,
    records: Vec<record::Record>,
}

impl Pending {
    /// Takes a dump that is ready, and what is to be said of it once it is written.
    pub(super) fn add(&mut self, ready: Ready, report: Report) {
        self.reports.push(report);
        self.bytes += ready.bytes.len();
        self.file(format!("{}/{}", record::FOLDER, ready.name), ready.bytes);
        for (file, text) in ready.placed.into_iter().flat_map(|placed| placed.writes) {
            self.bytes += text.len();
            self.file(file, text.into_bytes());
        }
        if ready.source.is_some() {
            self.stories.insert(ready.story);
        }
        self.sums.push((ready.name, ready.record.sha256.clone()));
        self.records.push(ready.record);
    }

    fn file(&mut self, name: String, bytes: Vec<u8>) {
        if let Some(there) = self.places.get(&name).and_then(|at| self.files.get_mut(*at)) {
            there.1 = bytes;
            return;
        }
        self.places.insert(name.clone(), self.files.len());
        self.files.push((name, bytes));
    }

    /// Whether it is time to write.
    pub(super) fn is_enough(&self) -> bool {
        self.reports.len() >= DUMPS || self.bytes >= BYTES
    }

    /// Writes everything that is new, all of it or nothing, and returns what is to be said of it.
    pub(super) fn commit(&mut self, desk: &mut Desk, dry_run: bool) -> Result<Vec<Report>, Stop> {
        let pending = std::mem::take(self);
        if pending.reports.is_empty() || dry_run {
            return Ok(pending.reports);
        }
        let mut batch = fs::Batch::default();
        let root = desk.root.clone();
        let mut stage = |file: &str, bytes: &[u8]| {
            let path = root.join(file);
            // What is right already keeps its time.
            if fs::read_if_there(&path)?.as_deref() == Some(bytes) {
                return Ok(());
            }
            batch.stage(&path, bytes)
        };
        for (file, bytes) in &pending.files {
            stage(file, bytes)?;
        }
        for story in &pending.stories {
            let Some(file) = desk.stories.get_mut(story) else { continue };
            let added = std::mem::take(&mut file.added);
            if let Some(text) = content::add_sources(&file.text, &added) {
                file.text = text;
            }
            stage(&story_file(story), file.text.as_bytes())?;
        }
        let sums = format!("{}/{}", record::FOLDER, record::SUMS);
        let there = fs::read_if_there(&desk.root.join(&sums))?.unwrap_or_default();
        stage(&sums, record::add_sums(&there, &pending.sums).as_bytes())?;
        // Last: where there is a record, the import was whole. One that is there stays as it is,
        // remarks of a person included.
        let mut done = BTreeSet::new();
        for ready in pending.records.iter().filter(|record| done.insert(&record.dump)) {
            let file = format!("{}/{}{}", record::FOLDER, ready.dump, record::EXTENSION);
            if !desk.root.join(&file).exists() {
                stage(&file, record::print(ready).as_bytes())?;
            }
        }
        batch.commit()?;
        Ok(pending.reports)
    }
}
