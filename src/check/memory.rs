//! Whether what the program remembers of imports is what it wrote.

use std::collections::{BTreeMap, BTreeSet};

use super::Evidence;
use crate::capture::{self, words_sha256};
use crate::diagnostic::Diagnostic;
use crate::entry::Entry;
use crate::evidence::{Kind, List};
use crate::record::SUMS;

/// What helps where a file of the program's own memory is wrong.
const HINT: &str = "take it from version control; nobody edits files in .archive/";

/// Every base, revision and capture against the hash beside it, every base against its own front
/// matter, every capture against what is remembered of its entries.
pub(super) fn bases(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let mut problems = unreadable(evidence.hashes.of(Kind::Memory));
    problems.extend(sums(evidence));
    problems.extend(bodies(evidence));
    problems.extend(captures(evidence));
    problems
}

/// Lines of lists that cannot be read.
pub(super) fn unreadable<'a>(lists: impl Iterator<Item = &'a List>) -> Vec<Diagnostic> {
    lists
        .flat_map(|list| {
            list.bad.iter().map(|line| {
                Diagnostic::error(&list.file, *line, "expected a SHA-256, two blanks and a name")
                    .hint("take the file from version control")
            })
        })
        .collect()
}

fn sums(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut listed: BTreeSet<&str> = BTreeSet::new();
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for list in evidence.hashes.of(Kind::Memory) {
        listed.extend(list.sums.keys().map(String::as_str));
        folders.extend(list.file.rsplit_once('/').map(|(folder, _)| folder));
        for (file, now) in evidence.hashes.differing(list) {
            let message = match now {
                None => format!("the file is gone, of which {SUMS} holds the hash"),
                Some(_) => format!("not what was written: {SUMS} has another hash"),
            };
            problems.push(Diagnostic::error(file, 0, message).hint(HINT));
        }
    }
    // Folders without a list are those of an archive that has not been built for long.
    let memory = [capture::BASE, capture::REVISIONS, capture::FOLDER];
    for file in evidence.hashes.now.keys() {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_memory = memory
            .iter()
            .any(|place| file.strip_prefix(place).is_some_and(|rest| rest.starts_with('/')));
        if is_memory && folders.contains(folder) && !listed.contains(file.as_str()) {
            let message = format!("{folder}/{SUMS} does not hold its hash");
            problems.push(Diagnostic::error(file, 0, message).hint(HINT));
        }
    }
    problems
}

/// A text that was imported has to have the hash that its own front matter gives.
fn bodies(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let wrong = |base: &&Entry| {
        base.source
            .as_ref()
            .is_some_and(|source| source.sha256 != crate::fixity::body_sha256(&base.body))
    };
    let revisions = evidence.plan.archive.revisions.values().flatten();
    evidence
        .bases
        .values()
        .chain(revisions)
        .filter(wrong)
        .map(|base| {
            Diagnostic::error(
                &base.file,
                0,
                "the text is not what was imported: its SHA-256 differs",
            )
            .hint(HINT)
        })
        .collect()
}

/// What a capture says of an entry has to be remembered: as it was imported last, or before.
fn captures(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let archive = &evidence.plan.archive;
    let mut problems = Vec::new();
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for entry in evidence.bases.values().chain(archive.revisions.values().flatten()) {
        known.entry(entry.id.as_str()).or_default().insert(words_sha256(entry));
    }
    // What the publisher said of a withdrawn entry before is not read.
    let withdrawn = |id: &str| archive.withdrawn.iter().any(|entry| entry.id.as_str() == id);
    for capture in &archive.captures {
        for (at, sighting) in capture.sightings.iter().enumerate() {
            let id = sighting.id.as_str();
            let words = known.get(id);
            if words.is_some_and(|words| words.contains(&sighting.words)) || withdrawn(id) {
                continue;
            }
            let message = match words {
                None => format!("nothing is remembered of the entry `{id}`"),
                Some(_) => format!("what it says of the entry `{id}` is remembered nowhere"),
            };
            problems.push(
                Diagnostic::error(capture::file(&capture.dump), at + 1, message)
                    .hint("take .archive/ from version control"),
            );
        }
    }
    problems
}
