//! `archive seal`: a dump is kept by its hash, and given to nobody.

use std::path::Path;

use toml_edit::DocumentMut;

use super::curate::{Desk, reason, set};
use super::{Outcome, Stop};
use crate::change::Change;
use crate::fixity::{parse_sums, print_sums};
use crate::record::{EXTENSION, FOLDER, SUMS};
use crate::{fs, input};

/// Marks a dump as sealed: kept by its hash, never published
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The record keeps the dump's SHA-256, and the site says that the dump is sealed. The file may stay in dumps/ or be kept elsewhere: `archive check` misses it no more, and still tells if what is there is not what was imported. Its line leaves dumps/SHA256SUMS, so that `sha256sum -c` does not ask for it.\n\n  archive seal quell-live.txt --because \"It names a minor.\""
)]
pub(super) struct Seal {
    /// The name of the dump in dumps/
    dump: String,
    /// The reason, for readers
    #[arg(long, value_name = "REASON", value_parser = reason)]
    because: String,
    /// Show the change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Seal, root: Option<&Path>) -> Outcome {
    let desk = Desk::open(root, command.dry_run)?;
    let mut change = Change::new(format!("seal {}", command.dump));
    seal(&desk, &mut change, &command.dump, &command.because)?;
    desk.finish(change, &format!("{} is sealed", command.dump))
}

/// Plans to seal a dump; one that is sealed stays as it is.
pub(super) fn seal(
    desk: &Desk,
    change: &mut Change,
    dump: &str,
    because: &str,
) -> Result<(), Stop> {
    let Some(record) = desk.content.records.iter().find(|record| record.dump == dump) else {
        return Err(Stop(format!(
            "dumps/ holds no record of `{dump}`, expected the name of a dump"
        )));
    };
    if record.sealed {
        return Ok(());
    }
    let file = format!("{FOLDER}/{dump}{EXTENSION}");
    let text = input::find(&desk.inputs, &file).and_then(|input| input.text().ok());
    let front: Option<DocumentMut> = text.and_then(|text| text.parse().ok());
    let mut front = front.ok_or_else(|| Stop(format!("{file} cannot be read")))?;
    set(&mut front, "sealed_because", because);
    set(&mut front, "sealed", true);
    change.write(file, front.to_string());
    let sums = format!("{FOLDER}/{SUMS}");
    let there = fs::read_if_there(&desk.root().join(&sums))?.unwrap_or_default();
    let there = String::from_utf8_lossy(&there);
    let mut kept = parse_sums(&there).0;
    match kept.remove(dump) {
        // An empty list is none to `sha256sum -c`.
        Some(_) if kept.is_empty() => change.remove(sums),
        Some(_) => change.write(sums, print_sums(kept)),
        None => {}
    }
    Ok(())
}
