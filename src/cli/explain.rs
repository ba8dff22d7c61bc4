//! `archive explain`: a dump line by line, with what became of each.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::read::{ledger_words, table};
use super::{DumpOptions, End, Outcome, Stop, columns, formats_nearby, read_dump, say, tell_all};
use crate::entry::TitleBasis;
use crate::import::{self, Dump, Fate};
use crate::{fixity, fs};

mod html;

/// Shows a dump line by line, with what became of each line in the margin
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The margin says `entry 3`, `summary`, the name of the rule that discarded the line, or `UNREAD`.\nA rule above an entry's first line says what was understood of it. On a terminal all goes through\n$PAGER, else `less -R`.\n\nTo send somebody the same: archive explain DUMP --html explained.html"
)]
pub(super) struct Explain {
    /// The dump; - is standard input
    dump: PathBuf,
    #[command(flatten)]
    options: DumpOptions,
    /// Write a page for a browser instead, with all that is known of the dump
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Print to the terminal as it is
    #[arg(long)]
    no_pager: bool,
}

/// A dump and what became of it: what is shown.
struct Explained<'a> {
    name: &'a str,
    sha256: String,
    encoding: &'static str,
    /// What its ledger counts: lines, or the blocks of a page.
    units: Vec<String>,
    dump: &'a Dump,
}

pub(super) fn run(command: &Explain, root: Option<&Path>) -> Outcome {
    let (formats, failed) = formats_nearby(root)?;
    command.options.check(&formats)?;
    let (name, bytes) = read_dump(&command.dump)?;
    let told = command.options.told(&name);
    let read = import::decode(&bytes, &told)
        .map_err(|problem| vec![problem])
        .and_then(|decoded| Ok((import::read(&bytes, &told, &formats)?, decoded)));
    let (dump, decoded) = match read {
        Ok(read) => read,
        Err(problems) => {
            // Whoever writes a format wants to see the lines most where it finds nothing yet.
            let units = import::units(&bytes, &told);
            if command.html.is_none() && !units.is_empty() {
                show(&numbered(&units, &vec![Fate::Unread; units.len()], None), command.no_pager);
            }
            tell_all(&problems);
            return Ok(End::Problems);
        }
    };
    let explained = Explained {
        name: &name,
        sha256: fixity::sha256(&bytes),
        encoding: decoded.encoding,
        units: import::units(&bytes, &told),
        dump: &dump,
    };
    if let Some(file) = &command.html {
        write_page(file, &explained)?;
    } else {
        let text = numbered(&explained.units, &dump.ledger.fates, Some(&dump));
        let ledger = ledger_words(&dump.ledger.totals());
        show(&format!("{text}\n{}", table::wrap(&ledger, "")), command.no_pager);
    }
    Ok(if failed { End::Problems } else { End::Done })
}

/// Writes the page, over nothing but an earlier page of this command.
fn write_page(file: &Path, explained: &Explained) -> Result<(), Stop> {
    let there = fs::read_if_there(file)?;
    if there.is_some_and(|bytes| !html::is_ours(&bytes)) {
        return Err(Stop(format!(
            "{} is there already, and no page that `archive explain` wrote\n  hint: name a new file",
            file.display()
        )));
    }
    fs::write(file, html::page(explained).as_bytes())?;
    say(format!("wrote {}", file.display()));
    Ok(())
}

/// Returns every line with its number and its fate, in colours, and above the first of each entry
/// what was understood of it.
fn numbered(units: &[String], fates: &[Fate], dump: Option<&Dump>) -> String {
    let width = fates.len().to_string().len();
    let mut shown = Vec::with_capacity(fates.len());
    let mut entry = None;
    for ((fate, line), number) in fates.iter().zip(units).zip(1..) {
        if let Fate::Entry(at) = fate
            && entry != Some(*at)
        {
            entry = Some(*at);
            shown.extend(dump.and_then(|dump| rule(dump, *at, number)));
        }
        // A carriage return would take the terminal back over the margin.
        let line = line.replace('\r', "");
        shown.push(format!("{number:>width$} {} {line}", margin(fate)));
    }
    shown.join("\n")
}

/// Returns the rule above the first line of an entry: its number, its time and its title.
fn rule(dump: &Dump, at: usize, line: usize) -> Option<String> {
    const RULE: anstyle::Style = anstyle::AnsiColor::Cyan.on_default().bold();
    let entry = dump.entries.get(at).filter(|entry| entry.lines.0 == line)?;
    let made = if entry.title_basis == TitleBasis::Made { " (title made)" } else { "" };
    let words = format!("── {}. {}: {}{made} ──", at + 1, table::time_of(entry), entry.title);
    let words = columns().map_or_else(|| words.clone(), |screen| table::fit(&words, screen));
    Some(format!("{RULE}{words}{RULE:#}"))
}

/// What became of a line, as wide as a rule's name usually is.
fn margin(fate: &Fate) -> String {
    const QUIET: anstyle::Style = anstyle::Style::new().dimmed();
    const LOUD: anstyle::Style = super::ERROR;
    const ENTRY: anstyle::Style = anstyle::AnsiColor::Green.on_default();
    const SUMMARY: anstyle::Style = anstyle::AnsiColor::Blue.on_default();
    let style = match fate {
        Fate::Entry(_) => ENTRY,
        Fate::Summary => SUMMARY,
        Fate::Discarded(_) => QUIET,
        Fate::Unread => LOUD,
    };
    format!("{style}{:<14}{style:#}|", fate_words(fate))
}

fn fate_words(fate: &Fate) -> String {
    match fate {
        Fate::Entry(at) => format!("entry {}", at + 1),
        Fate::Summary => "summary".to_string(),
        Fate::Discarded(rule) => rule.to_string(),
        Fate::Unread => "UNREAD".to_string(),
    }
}

/// Prints a text, on a terminal through a pager.
fn show(text: &str, no_pager: bool) {
    if !no_pager && std::io::stdout().is_terminal() && through_pager(text).is_some() {
        return;
    }
    say(text);
}

/// Shows a text in the pager that the person has chosen, else in `less`; `None` where there is none.
fn through_pager(text: &str) -> Option<()> {
    let chosen = std::env::var("PAGER").ok().filter(|pager| !pager.trim().is_empty());
    let pager = chosen.unwrap_or_else(|| "less -R".to_string());
    let mut parts = pager.split_whitespace();
    let mut command = Command::new(parts.next()?);
    command.args(parts).stdin(Stdio::piped());
    // What fits one screen is not worth a pager; colours pass; the screen is left as it is.
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let mut child = command.spawn().ok()?;
    let plain;
    let coloured = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let shown = if coloured {
        text
    } else {
        plain = anstream::adapter::strip_str(text).to_string();
        &plain
    };
    if let Some(mut input) = child.stdin.take() {
        // Whoever leaves the pager has seen enough: that is no failure.
        let _ = writeln!(input, "{shown}");
    }
    let _ = child.wait();
    Some(())
}
