//! `archive withdraw`: an entry is shown no more, and its address says so.

use std::path::Path;

use toml_edit::{Item, Table};

use super::curate::{Desk, date, reason, today};
use super::{Outcome, Stop, parse_when, tell};
use crate::archive::Archive;
use crate::change::Change;
use crate::date::When;
use crate::site::Site;

/// Takes an entry out of the site; a note in its place says since when and why
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The entry is gone from every page, list, feed and count. Its address stays, with its id, the date, the reason and the replacement. Its words stay in content/ and in the dump: --seal says that the dump is given to nobody. To take it back, remove [withdrawn] from the file.\n\n  archive withdraw 2031-04-02-0540-gates-opened --because \"It names a minor.\" --seal"
)]
pub(super) struct Withdraw {
    /// The entry
    id: String,
    /// The reason, for readers
    #[arg(long, value_name = "REASON", value_parser = reason)]
    because: String,
    /// The entry to read instead
    #[arg(long, value_name = "ID")]
    replacement: Option<String>,
    /// Seal the dump that the entry comes from, too: see `archive seal`
    #[arg(long)]
    seal: bool,
    /// Since when; otherwise since today
    #[arg(long, value_name = "EDTF", value_parser = parse_when)]
    date: Option<When>,
    /// Show the change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Withdraw, root: Option<&Path>) -> Outcome {
    let desk = Desk::open(root, command.dry_run)?;
    let entry = desk.entry(&command.id)?;
    if entry.withdrawn.is_some() {
        return Err(Stop(format!("{} is withdrawn already", entry.file)));
    }
    if let Some(replacement) = &command.replacement
        && desk.entry(replacement)?.id == entry.id
    {
        return Err(Stop("an entry cannot be its own replacement".into()));
    }
    let mut change = Change::new(format!("withdraw {}", entry.id));
    let text = desk.edited(&entry.file, |front| {
        let mut table = Table::new();
        let since = command.date.clone().unwrap_or_else(today);
        table.insert("date", Item::Value(date(&since)));
        table.insert("because", toml_edit::value(command.because.as_str()));
        if let Some(replacement) = &command.replacement {
            table.insert("replacement", toml_edit::value(replacement.as_str()));
        }
        front.insert("withdrawn", Item::Table(table));
        Some(())
    })?;
    change.write(entry.file.as_str(), text);
    if command.seal {
        let Some(source) = &entry.source else {
            return Err(Stop(format!("{} comes from no dump that could be sealed", entry.file)));
        };
        super::seal::seal(&desk, &mut change, &source.dump, &command.because)?;
    }
    let outcome = desk.finish(change, &format!("{} is withdrawn", entry.id))?;
    tell(format!(
        "its address still says `{0}`; if that tells too much: archive rename --no-alias {0} NEW_ID",
        entry.id
    ));
    let sealed = entry.source.as_ref().filter(|_| command.seal).map(|source| source.dump.as_str());
    let (archive, _) = Archive::new(Site::default(), desk.content.clone());
    let open: Vec<&str> =
        archive.open_dumps(entry).into_iter().filter(|dump| Some(*dump) != sealed).collect();
    if !open.is_empty() {
        tell(format!(
            "its words still stand in {}; to give them to nobody: archive seal",
            open.join(", ")
        ));
    }
    Ok(outcome)
}
