//! What of an archive is not given away: the words of withdrawn entries, what redactions hide, and
//! sealed dumps.

use std::collections::{BTreeMap, BTreeSet};

use crate::capture::{self, Capture};
use crate::content::{Content, print_entry};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Id, TitleBasis, Withdrawn};
use crate::input::Input;
use crate::{record, voices};

/// The title of a withdrawn entry.
const TITLE: &str = "Withdrawn";

/// What is given away.
pub(super) struct Given {
    /// The files that were read, withdrawn entries without their words.
    pub(super) inputs: Vec<Input>,
    /// What a curator should know of it.
    pub(super) problems: Vec<Diagnostic>,
    /// The entries of which only the file in content/ may be seen, by all names they ever had.
    hidden: BTreeSet<String>,
    /// The dumps that are kept by their hash alone.
    sealed: BTreeSet<String>,
}

impl Given {
    /// Decides what is given of the files of an archive that say `content`.
    pub(super) fn of(inputs: Vec<Input>, content: &Content) -> Self {
        let hides = |entry: &&Entry| entry.withdrawn.is_some() || voices::has_redaction(entry);
        let hidden_entries: Vec<&Entry> = content.entries.iter().filter(hides).collect();
        let names = hidden_entries.iter().flat_map(|entry| {
            std::iter::once(&entry.id).chain(&entry.aliases).map(ToString::to_string)
        });
        let hidden: BTreeSet<String> = names.collect();
        let sealed: BTreeSet<String> = content
            .records
            .iter()
            .filter(|record| record.sealed)
            .map(|record| record.dump.clone())
            .collect();
        let mut problems = unsealed(&hidden_entries, &content.captures, &sealed);
        problems.extend(deleted(content));
        let tombstones: BTreeMap<&str, String> = hidden_entries
            .iter()
            .filter_map(|entry| {
                let withdrawn = entry.withdrawn.as_ref()?;
                Some((entry.file.as_str(), tombstone(entry, withdrawn)))
            })
            .collect();
        let mut given = Self { inputs: Vec::new(), problems, hidden, sealed };
        for mut input in inputs {
            if given.withholds(&input.path) {
                continue;
            }
            if let Some(text) = tombstones.get(input.path.as_str()) {
                input.bytes = text.clone().into_bytes();
            }
            given.inputs.push(input);
        }
        given
    }

    /// Whether the file at a path of the archive is not given away.
    pub(super) fn withholds(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let in_folder =
            |place: &str| path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
        let remembered = [capture::BASE, capture::REVISIONS, capture::FOLDER].map(in_folder);
        // What a command left behind that was cut off.
        if name.starts_with('.') && (folder == record::FOLDER || remembered.contains(&true)) {
            return true;
        }
        // Of `<id>.md` and `<id>.<hash>.md`.
        let id = name.split('.').next().unwrap_or_default();
        let [base, revision, _] = remembered;
        (base || revision) && self.hidden.contains(id)
            || folder == record::FOLDER && self.sealed.contains(name)
    }

    /// Returns the text of a `SHA256SUMS` without the files that are withheld.
    pub(super) fn sums(&self, path: &str, bytes: &[u8]) -> Vec<u8> {
        let folder = path.strip_suffix(record::SUMS).unwrap_or(path);
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let stays = |line: &&[u8]| {
            let line = String::from_utf8_lossy(line);
            let name = line.trim_end().split_once("  ").map(|(_, name)| name.to_string());
            !name.is_some_and(|name| self.withholds(&format!("{folder}{name}")))
        };
        lines.filter(stays).flatten().copied().collect()
    }
}

/// What is given of a withdrawn entry: that it was there, and why it is not.
fn tombstone(entry: &Entry, withdrawn: &Withdrawn) -> String {
    print_entry(&Entry {
        title: TITLE.into(),
        title_basis: TitleBasis::Stated,
        when: crate::date::When::Unknown,
        date_basis: None,
        clock: None,
        tags: Vec::new(),
        authors: Vec::new(),
        key_event: false,
        updated: crate::date::When::Unknown,
        date_because: String::new(),
        warnings: Vec::new(),
        source: None,
        witnesses: Vec::new(),
        accepted: Vec::new(),
        withdrawn: Some(withdrawn.clone()),
        body: String::new(),
        ..entry.clone()
    })
}

/// The dumps that are given away and hold words that are hidden elsewhere.
fn unsealed(hidden: &[&Entry], captures: &[Capture], sealed: &BTreeSet<String>) -> Vec<Diagnostic> {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let mut dumps: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in hidden {
        for name in std::iter::once(&entry.id).chain(&entry.aliases) {
            owners.insert(name.as_str(), entry.id.as_str());
        }
        for source in entry.source.iter().chain(&entry.witnesses) {
            dumps.entry(&source.dump).or_default().insert(entry.id.as_str());
        }
    }
    for capture in captures {
        for sighting in &capture.sightings {
            if let Some(id) = owners.get(sighting.id.as_str()) {
                dumps.entry(&capture.dump).or_default().insert(id);
            }
        }
    }
    let open = dumps.into_iter().filter(|(dump, _)| !sealed.contains(*dump));
    open.map(|(dump, ids)| {
        let list: Vec<&str> = ids.iter().take(3).copied().collect();
        let more = if ids.len() > list.len() { ", …" } else { "" };
        let message = format!(
            "this dump is in the bag, and still holds the words of {} that you withdrew or redacted: {}{more}",
            if ids.len() == 1 { "an entry".to_string() } else { format!("{} entries", ids.len()) },
            list.join(", ")
        );
        let path = format!("{}/{dump}", record::FOLDER);
        let hint = format!("keep it by its hash alone: archive seal {dump} --because \"…\"");
        Diagnostic::warning(path, 0, message).hint(hint)
    })
    .collect()
}

/// Entries whose files were deleted by hand: that takes nothing out of what is remembered.
fn deleted(content: &Content) -> Option<Diagnostic> {
    let names =
        content.entries.iter().flat_map(|entry| std::iter::once(&entry.id).chain(&entry.aliases));
    let known: BTreeSet<&Id> = names.collect();
    let seen = content.captures.iter().flat_map(|capture| &capture.sightings);
    let gone: BTreeSet<&Id> =
        seen.map(|sighting| &sighting.id).filter(|id| !known.contains(id)).collect();
    let list: Vec<&str> = gone.iter().take(3).map(|id| id.as_str()).collect();
    let more = if gone.len() > list.len() { ", …" } else { "" };
    (!gone.is_empty()).then(|| {
        let count = gone.len();
        let what = format!(
            "the bag still holds what was imported of {count} whose files were deleted: {}{more}",
            list.join(", ")
        );
        Diagnostic::warning(capture::BASE, 0, what).hint(
            "that keeps an import from bringing them back; if nobody should read them: bring the files back, and archive withdraw",
        )
    })
}
