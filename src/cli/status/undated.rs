//! `archive status --undated`: the entries without a date, and what may tell it.

use crate::archive::{Archive, EntryIx};
use crate::cli::{counted, say};
use crate::input::{self, Input};
use crate::status::undated::{Clue, Undated, undated};

pub(super) fn run(archive: &Archive, inputs: &[Input], json: bool) {
    let list = undated(archive);
    if json {
        let objects = list.iter().map(|undated| object(archive, inputs, undated));
        say(serde_json::Value::Array(objects.collect()));
        return;
    }
    for one in &list {
        show(archive, inputs, one);
    }
    if list.is_empty() {
        say("every entry has a date");
    } else {
        say(format!("{} without a date", counted(list.len(), "entry", "entries")));
        say("what to do: if something tells the date, archive date ID EDTF --because \"…\"");
    }
}

fn show(archive: &Archive, inputs: &[Input], one: &Undated) {
    let entry = &archive.entries[one.entry];
    let clock = entry.clock.map(|clock| format!(", at {}", clock.format("%H:%M")));
    say(format!("{}: {}{}", entry.id, entry.title, clock.unwrap_or_default()));
    say(format!("  file: {}", entry.file));
    if let Some(source) = entry.source.as_ref().filter(|source| !source.stated.is_empty()) {
        say(format!("  stamp as written: {}", source.stated));
    }
    for clue in &one.clues {
        let line = line_of(inputs, archive, one.entry, clue);
        say(format!(
            "  line {line}, {}: {} in \u{201c}{}\u{201d}",
            clue.kind.name(),
            clue.words,
            clue.quote
        ));
    }
    for (what, other) in [("before it", one.before), ("after it", one.after)] {
        if let Some(other) = other.map(|ix| &archive.entries[ix]) {
            say(format!("  {what} in the story: {} ({})", other.when.written(), other.id));
        }
    }
    if !one.captured.is_empty() {
        say(format!("  captured: {}", one.captured));
    }
}

/// The line that a clue stands on; that of the title is looked for.
fn line_of(inputs: &[Input], archive: &Archive, ix: EntryIx, clue: &Clue) -> usize {
    if clue.line > 0 {
        return clue.line;
    }
    let text = input::find(inputs, &archive.entries[ix].file).and_then(|input| input.text().ok());
    let text = text.unwrap_or_default();
    let is_title = |line: &str| {
        line.trim_start()
            .strip_prefix("title")
            .is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    text.lines().position(is_title).map_or(1, |at| at + 1)
}

fn object(archive: &Archive, inputs: &[Input], one: &Undated) -> serde_json::Value {
    let entry = &archive.entries[one.entry];
    let neighbour = |ix: Option<EntryIx>| {
        ix.map(|ix| &archive.entries[ix]).map(
            |other| serde_json::json!({ "id": other.id.as_str(), "date": other.when.written() }),
        )
    };
    let clues = one.clues.iter().map(|clue| {
        serde_json::json!({
            "kind": clue.kind.name(),
            "line": line_of(inputs, archive, one.entry, clue),
            "words": clue.words,
            "quote": clue.quote,
        })
    });
    serde_json::json!({
        "id": entry.id.as_str(),
        "file": entry.file,
        "title": entry.title,
        "clock": entry.clock.map(|clock| clock.format("%H:%M").to_string()),
        "stated": entry.source.as_ref().map(|source| source.stated.as_str()),
        "clues": clues.collect::<Vec<_>>(),
        "before": neighbour(one.before),
        "after": neighbour(one.after),
        "captured": one.captured,
    })
}
