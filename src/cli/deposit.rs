//! `archive deposit`: the whole archive as a bag, for a repository.

use std::path::{Path, PathBuf};

use super::{End, Outcome, Stop, counted, find_root, give_up, say, tell_all};
use crate::build::Error;
use crate::date::When;
use crate::deposit::{self, Order};

/// Writes the whole archive as a bag, for a library or a repository
#[derive(Debug, clap::Args)]
#[command(
    about = "Writes the whole archive as a BagIt bag, for a library or a repository",
    after_help = "DIR becomes a bag (RFC 8493) with the dumps, the content, what .archive/ remembers, a freshly built site, a table of the entries with its Data Package, and an RO-Crate. Withdrawn entries go in without their words, sealed dumps not at all; see docs/deposit.md.\n\nCheck it with any tool that knows bags:\n  pip install bagit\n  bagit.py --validate DIR"
)]
pub(super) struct Deposit {
    /// The folder to make; it must be empty or not exist
    dir: PathBuf,
    /// The day of the deposit, 2031-04-02; today where none is told
    #[arg(long, value_name = "DAY", value_parser = day)]
    date: Option<String>,
    /// Print one JSON object instead of words
    #[arg(long)]
    json: bool,
}

fn day(text: &str) -> Result<String, String> {
    match When::parse(text) {
        Ok(When::Day(day)) => Ok(day.to_string()),
        _ => Err(format!("`{text}`, expected a day such as 2031-04-02")),
    }
}

pub(super) fn run(command: &Deposit, root: Option<&Path>) -> Outcome {
    let root = find_root(root)?;
    let today = || chrono::Utc::now().date_naive().to_string();
    let order = Order {
        place: command.dir.clone(),
        date: command.date.clone().unwrap_or_else(today),
        program: env!("CARGO_PKG_VERSION").into(),
    };
    let (report, problems) = match deposit::deposit(&root, &order) {
        Ok(done) => done,
        Err(Error::Content(problems)) => return give_up(&problems, "no bag was made"),
        Err(Error::Machine(why)) => return Err(Stop(why)),
    };
    tell_all(&problems);
    if command.json {
        say(serde_json::json!({ "files": report.files, "bytes": report.bytes }));
        return Ok(End::Done);
    }
    let place = report.place.display();
    say(format!(
        "made the bag {place}: {}, {} bytes",
        counted(report.files, "file", "files"),
        report.bytes
    ));
    say(format!("next: bagit.py --validate {}", command.dir.display()));
    Ok(End::Done)
}
