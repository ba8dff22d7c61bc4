//! What the curator changed of the publisher's words on purpose, on the entry's page.

use std::fmt::Write as _;

use serde::Serialize;

use crate::archive::{Archive, EntryIx};
use crate::date::When;
use crate::markdown::{escape, told_text};
use crate::view;
use crate::voices::{self, Part};
use crate::words::Words;

/// A change that was accepted, with its reason.
#[derive(Serialize)]
pub(super) struct Correction {
    /// Why.
    because: String,
    /// Who changed it, or who keeps the archive.
    by: String,
    /// When, in words.
    date: String,
    /// For the `datetime` attribute; empty where HTML has no form for it.
    iso: String,
}

/// Returns the changes of an entry that were accepted; none where the publisher's words stand there
/// again.
pub(super) fn corrections(archive: &Archive, ix: EntryIx) -> Vec<Correction> {
    view::accepted(archive, ix)
        .iter()
        .map(|accepted| Correction {
            because: accepted.because.clone(),
            by: if accepted.by.is_empty() { &archive.site.curator } else { &accepted.by }.clone(),
            date: if accepted.date.is_unknown() {
                String::new()
            } else {
                accepted.date.words(&archive.words)
            },
            iso: match &accepted.date {
                When::Exact(_) | When::Day(_) => accepted.date.written(),
                When::Edtf(_) | When::Unknown => String::new(),
            },
        })
        .collect()
}

/// How many characters of what stayed the same are shown on a side of a change.
const CONTEXT: usize = 120;

/// Returns what was changed as HTML: nothing where words were taken out, which it would tell, nor
/// where the words have changed again since.
pub(super) fn diff(archive: &Archive, ix: EntryIx) -> String {
    let entry = &archive.entries[ix];
    let Some(base) = archive.bases.get(&entry.id) else { return String::new() };
    if voices::has_redaction(entry) || !voices::is_accepted(entry) {
        return String::new();
    }
    let said = &archive.words;
    let mut html = String::new();
    for found in voices::alterations(base, entry) {
        let name = escape(match found.what {
            "title" => said.say("papers.title"),
            "date" => said.say("papers.date"),
            "authors" => said.say("papers.authors"),
            _ => said.say("papers.words"),
        });
        let (before, after) = match found.what {
            "words" => (told_text(&base.body, said), told_text(&entry.body, said)),
            _ => (found.before, found.after),
        };
        if before == after {
            let what = escape(said.say("entry.nothing_but_layout"));
            _ = write!(html, "<dt>{name}</dt>\n<dd data-voice=\"curator\">{what}</dd>\n");
            continue;
        }
        let change = change(said, &before, &after);
        _ = write!(html, "<dt>{name}</dt>\n<dd dir=\"auto\">{change}</dd>\n");
    }
    html
}

/// A change of a text as HTML, with as much around it as tells where it stands.
fn change(words: &Words, before: &str, after: &str) -> String {
    let parts = voices::changes(before, after, words);
    let mut html = String::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Same(text) => {
                let (first, last) = (at == 0, at + 1 == parts.len());
                html.push_str(&escape(&voices::around(text, first, last, CONTEXT)));
            }
            Part::Gone(text) => _ = write!(html, "<del>{}</del>", escape(text)),
            Part::New(text) => _ = write!(html, "<ins>{}</ins>", escape(text)),
        }
    }
    html
}
