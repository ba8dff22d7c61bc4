//! `archive accept`: a change of the publisher's words was on purpose.

use std::path::Path;

use super::curate::reason;
use super::pick::pick;
use super::status::remembered;
use super::writer::Writer;
use super::{End, Outcome, Stop, counted, give_up, say, tell};
use crate::change::Change;
use crate::diagnostic::any_error;
use crate::entry::Entry;
use crate::{build, content, input, voices};

/// Records that a change of the publisher's words is a correction, with its reason
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The words as they stand now are accepted: the entry's page says that they were corrected, why, and what was changed. `archive status` lists the entry again as soon as they change once more.\n\n  archive accept 2031-04-02-0540-gates-opened --because \"The publisher gave the hour wrong\"\n  archive accept content/quell-live/2031-04-02/*.md --because \"Misspelt name\" --by \"A. Okoro\""
)]
pub(super) struct Accept {
    /// The entries: ids, earlier ids, or paths of their files
    #[arg(required = true, value_name = "ID")]
    entries: Vec<String>,
    /// Why the words were changed, for readers
    #[arg(long, value_name = "REASON", value_parser = reason)]
    because: String,
    /// Who changed them; otherwise the curator that site.toml names
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Accept, root: Option<&Path>) -> Outcome {
    let writer = Writer::open(root, command.dry_run)?;
    let root = &writer.root;
    let inputs = input::read(root)?;
    let site = build::site(&inputs).unwrap_or_default();
    let (content, problems) = content::read(&inputs);
    if any_error(&problems) {
        return give_up(&problems, "nothing was accepted");
    }
    let (bases, _) = remembered(root)?;
    let by = command.by.as_deref().unwrap_or(&site.curator).trim().to_string();
    let mut places = Vec::new();
    for name in &command.entries {
        let place = pick(&content.entries, name)?;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let mut change = Change::new(format!("accept {}", command.entries.join(" ")));
    let mut count = 0;
    for place in places {
        let entry = &content.entries[place];
        let Some(base) = bases.get(&entry.id) else {
            say(format!("{}: not imported, so there is nothing to compare it with", entry.file));
            continue;
        };
        let changes = voices::alterations(base, entry);
        if changes.is_empty() {
            say(format!("{}: says what was imported", entry.file));
            continue;
        }
        if voices::is_accepted(entry) {
            say(format!("{}: is accepted already", entry.file));
            continue;
        }
        for found in changes {
            let shown = voices::in_words(&found.before, &found.after);
            say(format!("{}: {}: {shown}", entry.file, found.what));
        }
        let input = input::find(&inputs, &entry.file);
        let input = input.ok_or_else(|| Stop(format!("{} is not there any more", entry.file)))?;
        let there = input.text().map_err(|problem| Stop(problem.to_string()))?;
        change.write(&entry.file, input.like(accept(&there, entry, command, &by)?));
        count += 1;
    }
    let entries = counted(count, "entry", "entries");
    writer.write(change, &inputs)?;
    if command.dry_run {
        say(format!("would accept {entries}; nothing was written: this was a dry run"));
        return Ok(End::Done);
    }
    if by.is_empty() && count > 0 {
        tell("nobody is named for it: --by NAME, or `curator` in site.toml, says who corrects");
    }
    say(format!("accepted {entries}{}", if count > 0 { "; next: archive build" } else { "" }));
    Ok(End::Done)
}

/// Adds the acceptance to the text of an entry's file.
fn accept(text: &str, entry: &Entry, command: &Accept, by: &str) -> Result<String, Stop> {
    let today = chrono::Local::now().date_naive().to_string();
    let date: toml_edit::Datetime = today.parse()?;
    content::edit(text, |front| {
        let list = front.entry("accepted").or_insert(toml_edit::array()).as_array_of_tables_mut()?;
        let mut table = toml_edit::Table::new();
        table.insert("sha256", toml_edit::value(voices::voice_sha256(entry)));
        table.insert("because", toml_edit::value(command.because.as_str()));
        if !by.is_empty() {
            table.insert("by", toml_edit::value(by));
        }
        table.insert("date", toml_edit::value(date));
        list.push(table);
        Some(())
    })
    .ok_or_else(|| {
        Stop(format!(
            "{}: no place for the reason\n  hint: write `accepted` as [[accepted]] tables, or take it out",
            entry.file
        ))
    })
}
