//! Dumps that wait to be written together: a disk takes many files at a time in little more time
//! than one. Each dump is written whole or not at all.

use std::collections::BTreeSet;

use super::super::Stop;
use super::Report;
use super::desk::Desk;
use super::prepare::{Ready, story_file};
use crate::capture::{self, Capture};
use crate::change::Change;
use crate::entry::Slug;
use crate::merge::{self, Placed, Status};
use crate::{content, fs, input, record};

/// So many dumps are written together…
const DUMPS: usize = 64;
/// …but at most about so many bytes.
const BYTES: usize = 16 << 20;

/// What waits.
#[derive(Default)]
pub(super) struct Pending {
    reports: Vec<Report>,
    bytes: usize,
    /// What is to be written.
    change: Change,
    stories: BTreeSet<Slug>,
    sums: Vec<(String, String)>,
    records: Vec<record::Record>,
}

impl Pending {
    /// Takes a dump that is ready, and what is to be said of it once it is written.
    pub(super) fn add(&mut self, ready: Ready, report: Report, desk: &Desk) {
        self.reports.push(report);
        self.bytes += ready.bytes.len();
        // A dump that is sealed is kept by its hash alone, also when it is given once more.
        if !ready.record.sealed {
            self.sums.push((ready.name.clone(), ready.record.sha256.clone()));
            self.change.write(format!("{}/{}", record::FOLDER, ready.name), ready.bytes);
        }
        let sightings = ready.placed.iter().map(|placed| placed.sighting.clone()).collect();
        let capture = Capture { dump: ready.record.dump.clone(), sightings };
        self.change.write(capture::file(&capture.dump), capture::print(&capture));
        for placed in ready.placed.iter().filter(|placed| placed.status != Status::Conflict) {
            // What this dump said in a contradiction before, it says no more, or a person agrees.
            let waits = desk.standing.waiting.get(&placed.id);
            if waits.is_some_and(|dump| *dump == capture.dump || placed.base.is_some()) {
                self.change.remove(merge::conflict_file(&placed.id));
            }
        }
        for (file, text) in ready.placed.iter().flat_map(Placed::files) {
            self.bytes += text.len();
            let looks = desk.looks.get(&file).copied().unwrap_or_default();
            self.change.write(file, looks.give(text));
        }
        if ready.source.is_some() {
            self.stories.insert(ready.story);
        }
        self.records.push(ready.record);
    }

    /// Whether it is time to write.
    pub(super) fn is_enough(&self) -> bool {
        self.reports.len() >= DUMPS || self.bytes >= BYTES
    }

    /// Writes everything that is new, all of it or nothing, and returns what is to be said of it.
    pub(super) fn commit(&mut self, desk: &mut Desk) -> Result<Vec<Report>, Stop> {
        let mut pending = std::mem::take(self);
        if pending.reports.is_empty() {
            return Ok(pending.reports);
        }
        let change = &mut pending.change;
        for story in &pending.stories {
            let Some(file) = desk.stories.get_mut(story) else { continue };
            let added = std::mem::take(&mut file.added);
            if let Some(text) = content::add_sources(&file.text, &added) {
                file.text = text;
            }
            let name = story_file(story);
            let looks = desk.looks.get(&name).copied().unwrap_or_default();
            change.write(name, looks.give(file.text.clone()));
        }
        let sums = format!("{}/{}", record::FOLDER, record::SUMS);
        let there = fs::read_if_there(&desk.root.join(&sums))?.unwrap_or_default();
        if !pending.sums.is_empty() {
            change.write(sums, record::add_sums(&there, &pending.sums));
        }
        // An archive of an earlier version has no hashes of its bases yet.
        for record in &pending.records {
            change.sum(format!("{}/{}", capture::BASE, record.story));
        }
        // A record that is there stays as it is, remarks of a person included.
        for ready in &pending.records {
            let file = format!("{}/{}{}", record::FOLDER, ready.dump, record::EXTENSION);
            if !desk.root.join(&file).exists() {
                change.write(file, record::print(ready));
            }
        }
        match &desk.lock {
            Some(lock) => {
                change.name(&desk.command);
                input::hold(change, |file| desk.read.get(file).cloned());
                let change = std::mem::take(change);
                let after = change.sums();
                desk.written += change.commit(lock, &desk.root, desk.written == 0)?;
                desk.read.extend(after);
            }
            // A dry run writes nothing, and shows what it would have written.
            None => desk.shown.push_str(&change.show(&desk.root)?),
        }
        Ok(pending.reports)
    }
}
