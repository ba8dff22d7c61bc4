//! `archive explain`: a dump line by line, with what became of each.

use std::path::{Path, PathBuf};

use super::{DumpOptions, End, Outcome, formats_nearby, read_dump, say, tell_all};
use crate::import::{self, Fate};

/// Shows a dump line by line, with what became of each line in the margin
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The margin says `entry 3`, `summary`, the name of the rule that discarded the line, or `UNREAD`."
)]
pub(super) struct Explain {
    /// The dump; - is standard input
    dump: PathBuf,
    #[command(flatten)]
    options: DumpOptions,
}

pub(super) fn run(command: &Explain, root: Option<&Path>) -> Outcome {
    let (formats, failed) = formats_nearby(root)?;
    let (name, bytes) = read_dump(&command.dump)?;
    let dump = match import::read(&bytes, &command.options.told(&name), &formats) {
        Ok(dump) => dump,
        Err(problems) => {
            tell_all(&problems);
            return Ok(End::Problems);
        }
    };
    let units = import::units(&bytes, &command.options.told(&name));
    let width = dump.ledger.fates.len().to_string().len();
    for ((fate, line), number) in dump.ledger.fates.iter().zip(&units).zip(1..) {
        let margin = margin(fate);
        // A carriage return would take the terminal back over the margin.
        let line = line.replace('\r', "");
        say(format!("{number:>width$} {margin} {line}"));
    }
    say(super::read::ledger_words(&dump.ledger.totals()));
    Ok(if failed { End::Problems } else { End::Done })
}

/// What became of a line, as wide as a rule's name usually is.
fn margin(fate: &Fate) -> String {
    const QUIET: anstyle::Style = anstyle::Style::new().dimmed();
    const LOUD: anstyle::Style = super::ERROR;
    const PLAIN: anstyle::Style = anstyle::AnsiColor::Green.on_default();
    let (style, words) = match fate {
        Fate::Entry(ix) => (PLAIN, format!("entry {}", ix + 1)),
        Fate::Summary => (PLAIN, "summary".to_string()),
        Fate::Discarded(rule) => (QUIET, rule.clone()),
        Fate::Unread => (LOUD, "UNREAD".to_string()),
    };
    format!("{style}{words:<14}{style:#}|")
}
