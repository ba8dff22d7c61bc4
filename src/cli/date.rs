//! `archive date`: the date that a curator gives an entry, and why.

use std::path::Path;

use super::writer::Writer;
use super::{End, Outcome, Stop, give_up, parse_when, pick};
use crate::change::Change;
use crate::content::{self, set_date};
use crate::date::When;
use crate::diagnostic::any_error;
use crate::input;
use crate::words::Words;

/// Sets the date of an entry, with the reason for it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "EDTF (ISO 8601-2, level 1) says no more than is known:\n  2031-04-02                  a day\n  2031-04-02T05:40:00+01:00   a moment, with its offset from UTC\n  2031-04, 2031               a month, a year\n  2031-04~                    about April 2031\n  2031-04-02?                 perhaps 2 April 2031; % is both, about and perhaps\n  2031-04-XX, 203X            a day of April 2031; a year of the 2030s\n  2031-04-01/2031-04-03       from one day to another; .. for an open end\n  2031-21                     spring 2031; 22 summer, 23 autumn, 24 winter\n\n`archive status --undated` lists the entries without a date and what in their words may tell it.\n\n  archive date 2031-04-02-0540-gates-opened 2031-04-02 --because \"The summary names Wednesday\""
)]
pub(super) struct Date {
    /// The entry: its id or its file
    #[arg(value_name = "ID")]
    id: String,
    /// The date
    #[arg(value_name = "EDTF", value_parser = parse_when, required_unless_present = "unknown")]
    when: Option<When>,
    /// Take the date away: nothing is known of it
    #[arg(long, conflicts_with = "when")]
    unknown: bool,
    /// Why; readers see it on the entry's page
    #[arg(long, value_name = "REASON")]
    because: String,
    /// Show what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Date, root: Option<&Path>) -> Outcome {
    let writer = Writer::open(root, command.dry_run)?;
    let because = command.because.trim();
    if because.is_empty() {
        return Err(Stop("no reason, expected one behind --because".to_string()));
    }
    let inputs = input::read(&writer.root)?;
    let (content, problems) = content::read(&inputs);
    if any_error(&problems) {
        return give_up(&problems, "no date was set");
    }
    let entry = &content.entries[pick::pick(&content.entries, &command.id)?];
    let when = command.when.clone().unwrap_or(When::Unknown);
    // The hour is known for itself: it stays where the new date does not hold one.
    let clock = match when {
        When::Exact(_) => None,
        _ => entry.when.time().or(entry.clock),
    };
    let there = input::find(&inputs, &entry.file);
    let text = there.and_then(|input| input.text().ok());
    let (Some(input), Some(text)) = (there, text) else {
        return Err(Stop(format!("{} cannot be read", entry.file)));
    };
    let Some(new) = set_date(&text, &when, because, clock) else {
        return Err(Stop(format!("{}: no place for a date in its front matter", entry.file)));
    };
    let mut change = Change::new(format!("date {}", entry.id));
    change.write(entry.file.as_str(), input.like(new));
    let done = format!(
        "{}: {} (was: {})",
        entry.file,
        when.words(Words::english()),
        entry.when.words(Words::english())
    );
    writer.finish(change, &inputs, &done)?;
    Ok(End::Done)
}
