//! `archive table`: the entries as a table for a spreadsheet, and back.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::status::entries as counted_entries;
use super::writer::Writer;
use super::{End, Outcome, Stop, counted, give_up, say, tell, tell_all};
use crate::change::Change;
use crate::content::{self, Content};
use crate::diagnostic::{Diagnostic, any_error};
use crate::entry::Entry;
use crate::input::Input;
use crate::site::Site;
use crate::table::{self, Rows, Set};
use crate::{build, fs, input};

/// Takes the entries out as a table for a spreadsheet, and brings it back
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A morning of batch work:\n  archive table export entries.csv      then edit it in a spreadsheet, and save it as CSV in UTF-8\n  archive table import entries.csv      shows what would change, cell by cell\n  archive table import entries.csv --write"
)]
pub(super) struct Table {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Export(Export),
    Import(Import),
}

/// Writes the entries as CSV, one row an entry
#[derive(Debug, clap::Args)]
#[command(
    after_help = "To standard output without FILE. A file begins with the mark by which Excel knows UTF-8. A cell that a spreadsheet would run as a formula gets a ' before it; an import takes it off. Lists are parted by `; `. What the columns mean: docs/table.md"
)]
struct Export {
    /// The file to write; it must not be there yet
    file: Option<PathBuf>,
}

/// Shows what an edited table would change; with --write, changes it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Rows are found by `id`; their order means nothing, and entries without a row stay as they are. Only cells that a person changed are written. Where the archive's cell has changed since the export too, it stays, and the row is told. With any error, nothing is written. Exits with 1 if there is an error or such a conflict."
)]
struct Import {
    /// The table: CSV with commas, semicolons or tabs, in UTF-8; - is standard input
    file: PathBuf,
    /// Write the changes
    #[arg(long)]
    write: bool,
    /// Show each file's change as `diff -u` does
    #[arg(long)]
    diff: bool,
}

pub(super) fn run(command: &Table, root: Option<&Path>) -> Outcome {
    let edits = matches!(&command.command, Command::Import(command) if command.write);
    let writer = Writer::open(root, !edits)?;
    let inputs = input::read(&writer.root)?;
    let mut problems = Vec::new();
    let site = build::site(&inputs).map_err(|found| problems.extend(found)).unwrap_or_default();
    let (content, found) = content::read(&inputs);
    problems.extend(found);
    problems.extend(doubles(&content));
    if any_error(&problems) {
        return give_up(&problems, "a table needs entries that can be read");
    }
    tell_all(&problems);
    match &command.command {
        Command::Export(command) => export(command, &site, &content),
        Command::Import(command) => import(command, &writer, &inputs, &site, &content),
    }
}

/// Entries that one row would mean both of.
fn doubles(content: &Content) -> Vec<Diagnostic> {
    let mut seen = BTreeMap::new();
    let double = |entry: &Entry| {
        let first = seen.insert(entry.id.clone(), entry.file.clone())?;
        let message =
            format!("the id `{}` is that of {first} too, expected one of its own", entry.id);
        Some(Diagnostic::error(&entry.file, 0, message).hint("give the younger another id"))
    };
    content.entries.iter().filter_map(double).collect()
}

fn export(command: &Export, site: &Site, content: &Content) -> Outcome {
    let rows = Rows::new(site, &content.stories);
    let entries = table::in_order(&content.entries);
    let file = command.file.as_deref().filter(|file| *file != Path::new("-"));
    let Some(file) = file else {
        let out = std::io::BufWriter::new(std::io::stdout().lock());
        return match rows.write(out, entries.iter().copied()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
            result => Ok(result.map(|()| End::Done)?),
        };
    };
    if file.symlink_metadata().is_ok() {
        return Err(Stop(format!(
            "{} is there already, and may hold somebody's work\n  hint: name another file, or move that one away",
            file.display()
        )));
    }
    let mut bytes = table::MARK.as_bytes().to_vec();
    rows.write(&mut bytes, entries.iter().copied())?;
    fs::write(file, &bytes)?;
    tell(format!("wrote {} to {}", counted_entries(entries.len()), file.display()));
    tell(format!(
        "next: edit it, save it as CSV in UTF-8, then archive table import {}",
        file.display()
    ));
    Ok(End::Done)
}

fn import(
    command: &Import,
    writer: &Writer,
    inputs: &[Input],
    site: &Site,
    content: &Content,
) -> Outcome {
    let (name, bytes) = if command.file == Path::new("-") {
        ("standard input".to_string(), fs::read_stdin()?)
    } else {
        (command.file.display().to_string(), fs::read(&command.file)?)
    };
    let (sheet, mut problems) = table::read(&name, bytes);
    let rows = Rows::new(site, &content.stories);
    let mut change = Change::new(format!("table import {name}"));
    let (mut cells, mut conflicts) = (0, 0);
    let mut shown = String::new();
    if !any_error(&problems) || !sheet.rows.is_empty() {
        let (plan, found) = table::plan(&name, &sheet, &content.entries, &rows);
        problems.extend(found);
        let files = content.entries.iter().map(|entry| (entry.file.as_str(), entry));
        let by_file: BTreeMap<&str, &Entry> = files.collect();
        conflicts = plan.conflicts;
        let edits = if any_error(&problems) { &[] } else { plan.edits.as_slice() };
        for edit in edits {
            let entry = by_file.get(edit.file.as_str()).copied();
            let bytes = input::find(inputs, &edit.file).map(|input| &input.bytes);
            let edited =
                entry.zip(bytes).and_then(|(entry, bytes)| table::apply(bytes, entry, edit, &rows));
            let Some(edited) = edited else {
                let message = "the front matter is written in a way that cannot be edited for you";
                problems.push(
                    Diagnostic::error(&edit.file, 0, message).hint("make the change by hand"),
                );
                continue;
            };
            change.write(&edit.file, edited);
            cells += edit.sets.len();
            shown.push_str(&describe(&edit.file, &edit.sets));
        }
    }
    problems.sort();
    if any_error(&problems) {
        return give_up(&problems, "nothing was written");
    }
    tell_all(&problems);
    let end = if conflicts > 0 { End::Problems } else { End::Done };
    if change.is_empty() {
        say(format!("nothing to change in {}", counted_entries(sheet.rows.len())));
        return Ok(end);
    }
    say(shown.trim_end());
    if command.diff {
        say(change.show(&writer.root)?.trim_end());
    }
    let count = change.files().count();
    let what = format!("{} of {}", counted(cells, "cell", "cells"), counted_entries(count));
    if command.write {
        writer.write(change, inputs)?;
        say(format!("changed {what}"));
        say("next: archive build");
    } else {
        say(format!("would change {what}"));
        say("nothing was written: this was a dry run; to do it, add --write");
    }
    Ok(end)
}

/// The changes of one entry, a line a cell.
fn describe(file: &str, sets: &[Set]) -> String {
    let mut text = format!("{file}\n");
    for set in sets {
        let (old, new) = (table::quoted(&set.old), table::quoted(&set.new_cell()));
        let _ = writeln!(text, "  {}: {old} -> {new}", set.key);
    }
    text
}
