//! An entry that an earlier import brought, and that a dump now says anew: the base, ours and theirs.
//!
//! The rule is that of a careful package manager, field by field and, in the body, block by block:
//! what only one side has changed is taken from it; what both have changed alike is agreed; where
//! both touch the same place, the curator's file stays as it is, and the other waits beside it.

use super::{Arrival, CONFLICTS, Placed, Standing, Status, body, dump_of};
use crate::capture::{revision_file, words_sha256};
use crate::content::{self, print_entry};
use crate::entry::{Entry, Id, TitleBasis};
use crate::markdown;

/// A group of front-matter keys that say one thing, and so are taken together or not at all.
struct Field {
    /// What people call it.
    name: &'static str,
    keys: &'static [&'static str],
    same: fn(&Entry, &Entry) -> bool,
}

/// What an import says of an entry. Tags, order, and all that a curator adds are not among it.
const FIELDS: [Field; 6] = [
    Field {
        name: "title",
        keys: &["title", "title_basis"],
        same: |a, b| a.title == b.title && a.title_basis == b.title_basis,
    },
    Field {
        name: "date",
        keys: &["date", "date_basis", "date_because", "clock"],
        same: |a, b| a.when == b.when && a.date_basis == b.date_basis && a.clock == b.clock,
    },
    Field { name: "authors", keys: &["authors"], same: |a, b| a.authors == b.authors },
    Field { name: "key_event", keys: &["key_event"], same: |a, b| a.key_event == b.key_event },
    Field { name: "updated", keys: &["updated"], same: |a, b| a.updated == b.updated },
    Field { name: "source", keys: &["source"], same: |a, b| a.source == b.source },
];

/// Finds what an import does with an entry of which `base` is remembered.
pub(super) fn again(
    mut entry: Entry,
    base: &Entry,
    arrival: &Arrival<'_>,
    standing: &Standing,
) -> Placed {
    entry.id = base.id.clone();
    entry.story = base.story.clone();
    entry.tags.clone_from(&base.tags);
    entry.order = base.order;
    let there = standing.entries.get(&entry.id);
    let mut placed =
        Placed::quiet(&entry, there.map(|(there, _)| there.file.clone()).unwrap_or_default());
    let elsewhere = dump_of(&entry) != dump_of(base);
    let same_words = words_sha256(&entry) == words_sha256(base);
    // Another dump with the same words is another witness; a dump that was imported or saved before
    // a later capture must not bring its older words back, unless a person has taken them.
    let taken = there.is_some_and(|(there, _)| says(there, &entry));
    let waits = standing.waiting.get(&entry.id).is_some_and(|dump| dump == arrival.name);
    let older = arrival.known && !taken && !waits || arrival.later.contains(dump_of(base));
    if elsewhere && (same_words || older) {
        if !same_words {
            placed.writes.push(revision(&entry));
        }
        return placed;
    }
    let (old, new) = (print_entry(base), print_entry(&entry));
    if old == new {
        return placed;
    }
    // What a capture says is kept, for as long as the capture is: its hash stands in its list.
    let former = (!same_words).then(|| revision(base));
    let remembered = Entry { file: base.file.clone(), ..entry.clone() };
    let Some((ours, text)) = there else {
        return without_file(placed, remembered, former, standing, &new);
    };
    let merged = if *text == old {
        Ok((new.clone(), 0))
    } else {
        merge(base, (ours, text), (&entry, &new)).or_else(|fields| {
            // The curator has put the new words into the file by hand: whose they are is told anew.
            let agreed = says(ours, &entry).then(|| content::take_keys(text, &new, &["source"]));
            agreed.flatten().map(|text| (text, 0)).ok_or(fields)
        })
    };
    match merged {
        Ok((merged, notes)) => {
            placed.notes_on_changed = notes;
            placed.status = match () {
                () if merged == *text => Status::Unchanged,
                () if *text == old => Status::Updated,
                () => Status::Merged,
            };
            let (read, _) = content::parse_entry(&ours.file, ours.story.clone(), &merged);
            if let (Some(read), true) = (read, merged != *text) {
                placed.stands = Some((read, merged));
            }
            placed.base = Some(remembered);
            placed.writes.extend(former);
        }
        Err(contradicts) => {
            placed.status = Status::Conflict;
            placed.contradicts = contradicts;
            placed.writes.push((conflict_file(&entry.id), new));
            if !same_words {
                placed.writes.push(revision(&entry));
            }
        }
    }
    placed
}

/// Returns the file in which the words of a dump wait that contradict a curator's.
pub fn conflict_file(id: &Id) -> String {
    format!("{CONFLICTS}/{id}.md")
}

/// The file that keeps what an entry said.
fn revision(entry: &Entry) -> (String, String) {
    (revision_file(entry, &words_sha256(entry)), print_entry(entry))
}

/// An entry that has no file of its own: joined with another, unreadable, or deleted.
fn without_file(
    mut placed: Placed,
    remembered: Entry,
    former: Option<(String, String)>,
    standing: &Standing,
    new: &str,
) -> Placed {
    if let Some((keeper, _)) =
        standing.aliases.get(&placed.id).and_then(|keeper| standing.entries.get(keeper))
    {
        // Joined: the keeper's words stand, and this witness is remembered with its own.
        placed.file.clone_from(&keeper.file);
        placed.base = Some(remembered);
        placed.writes.extend(former);
        return placed;
    }
    if former.is_some() {
        placed.writes.push(revision(&remembered));
    }
    let broken =
        standing.broken.iter().find(|(_, text)| text.contains(&format!("\"{}\"", placed.id)));
    if let Some((broken, _)) = broken {
        // Not deleted, only unreadable: nobody knows what a person did there.
        placed.file.clone_from(broken);
        placed.status = Status::Conflict;
        placed.contradicts.push("the whole file, which cannot be read");
        placed.writes.push((conflict_file(&placed.id), new.to_string()));
    }
    placed
}

/// Whether an entry says, in the publisher's voice, what a newly imported one says.
fn says(there: &Entry, entry: &Entry) -> bool {
    there.title == entry.title
        && there.when == entry.when
        && there.authors == entry.authors
        && markdown::altered(&entry.body, &there.body).is_none()
}

/// Merges a file that a person has changed with what a dump says anew. Returns the file's text, and
/// how many annotations stand behind words that have changed; or the fields in which the two
/// contradict each other.
fn merge(
    base: &Entry,
    (ours, text): (&Entry, &str),
    (theirs, new): (&Entry, &str),
) -> Result<(String, usize), Vec<&'static str>> {
    let mut contradicts = Vec::new();
    let mut keys: Vec<&str> = Vec::new();
    for field in &FIELDS {
        match ((field.same)(base, theirs), (field.same)(base, ours)) {
            (true, _) => {}
            (false, true) => keys.extend(field.keys),
            (false, false) if (field.same)(ours, theirs) => {}
            (false, false) => contradicts.push(field.name),
        }
    }
    // Where ours says what theirs says, marks and line breaks aside, nothing is left to be merged.
    let body = if markdown::altered(&theirs.body, &ours.body).is_none() {
        Some(body::Merged { text: ours.body.clone(), notes_on_changed: 0 })
    } else {
        body::merge(&base.body, &ours.body, &theirs.body)
    };
    if body.is_none() {
        contradicts.push("body");
    }
    let (Some(body), true) = (body, contradicts.is_empty()) else { return Err(contradicts) };
    let unreadable = || vec!["front matter"];
    let mut merged = content::take_keys(text, new, &keys).ok_or_else(unreadable)?;
    if body.text != ours.body {
        merged = content::with_body(&merged, &body.text).ok_or_else(unreadable)?;
    }
    Ok((merged, body.notes_on_changed))
}

/// How a contradiction is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The curator's file stays as it is.
    Mine,
    /// What the dump changed takes the place of what stands in the file: of its words, of its title,
    /// of its date. What the dump did not change stays, and so do annotations, tags and other keys.
    Theirs,
}

/// Settles a contradiction: returns what the entry's file is to hold, and the entry as it is
/// remembered from now on. `base` is the entry as it was imported last, `theirs` is what waited,
/// `text` the file of `ours`. `None` where the file's front matter cannot be changed.
pub fn resolve(
    base: Option<&Entry>,
    ours: &Entry,
    text: &str,
    theirs: &Entry,
    resolution: Resolution,
) -> Option<(String, String)> {
    let new = print_entry(theirs);
    let text = match resolution {
        Resolution::Mine => content::take_keys(text, &new, &["source"])?,
        Resolution::Theirs => {
            let changed = |field: &&Field| base.is_none_or(|base| !(field.same)(base, theirs));
            let changed = FIELDS.iter().filter(changed);
            let mut keys: Vec<&str> = changed.flat_map(|field| field.keys).copied().collect();
            if ours.title_basis == TitleBasis::Stated && theirs.title_basis == TitleBasis::Made {
                keys.retain(|key| !key.starts_with("title"));
            }
            let text = content::take_keys(text, &new, &keys)?;
            if base.is_some_and(|base| base.body == theirs.body) {
                text
            } else {
                content::with_body(&text, &body::replace(&ours.body, &theirs.body))?
            }
        }
    };
    Some((text, new))
}
