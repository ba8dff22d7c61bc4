//! Entries that are withdrawn: taken out before anything is listed, so that no list can hold them.

use std::collections::BTreeSet;

use super::Archive;
use crate::diagnostic::Diagnostic;
use crate::entry::Entry;

/// Takes the withdrawn entries out, sorted by id.
pub(super) fn part(entries: Vec<Entry>) -> (Vec<Entry>, Vec<Entry>) {
    let (mut withdrawn, shown): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| entry.withdrawn.is_some());
    withdrawn.sort_by(|a, b| a.id.cmp(&b.id));
    (withdrawn, shown)
}

impl Archive {
    /// Returns every dump that holds an entry's words, as far as is known, by name: the one that it was
    /// imported from, every capture that has it, and those of entries that were joined with it.
    pub fn dumps_with<'a>(&'a self, entry: &'a Entry) -> BTreeSet<&'a str> {
        let ids = std::iter::once(&entry.id).chain(&entry.aliases);
        let seen = ids.filter_map(|id| self.sightings.get(id)).flatten();
        let told = entry.source.iter().chain(&entry.witnesses).map(|source| source.dump.as_str());
        seen.map(|(capture, _)| self.captures[*capture].dump.as_str()).chain(told).collect()
    }

    /// Returns those of them that are not sealed.
    pub fn open_dumps<'a>(&'a self, entry: &'a Entry) -> Vec<&'a str> {
        let open = |dump: &&str| self.source(dump).is_some_and(|group| !group.record.sealed);
        self.dumps_with(entry).into_iter().filter(open).collect()
    }
}

/// Whether an entry has an id, or had it once.
pub(super) fn is_called(entry: &Entry, id: &str) -> bool {
    entry.id.as_str() == id || entry.aliases.iter().any(|alias| alias.as_str() == id)
}

/// Replacements that are no entries.
pub(super) fn replacements(entries: &[Entry], withdrawn: &[Entry]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for entry in withdrawn {
        let replacement = entry.withdrawn.as_ref().and_then(|gone| gone.replacement.as_ref());
        let Some(id) = replacement else { continue };
        let known = |other: &Entry| is_called(other, id.as_str());
        if entry.id == *id || !entries.iter().chain(withdrawn).any(known) {
            problems.push(
                Diagnostic::error(
                    &entry.file,
                    0,
                    format!("the replacement `{id}` under [withdrawn] is no other entry"),
                )
                .hint("give the id of the entry to read instead, or take the line away"),
            );
        }
    }
    problems
}
