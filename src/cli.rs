//! The commands. This file and those in `cli/` are the only ones that print.
//!
//! Results go to standard output, progress and findings to standard error. Exit codes: 0 done, 1
//! problems in the content were reported, 2 could not run.

use std::fmt::Display;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::diagnostic::{Diagnostic, Severity, nearest};
use crate::{fs, site};

mod accept;
mod build;
mod check;
mod deposit;
mod duplicates;
mod curate;
mod date;
mod expand;
mod explain;
mod export;
mod forget;
mod format;
mod gather;
mod import;
mod join;
mod manual;
mod new;
mod pick;
mod progress;
mod read;
mod rename;
mod resolve;
mod seal;
mod serve;
mod skipped;
mod status;
mod table;
mod tag;
mod theme;
mod undo;
mod withdraw;
mod writer;

/// Turns saved live blogs into Markdown that a person can annotate, and that Markdown into a static
/// site that lasts.
#[derive(Debug, Parser)]
#[command(name = "archive", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "A first archive:\n  archive new my-archive\n  cd my-archive\n  archive import ~/saved/live-blog.txt\n  archive build\n  archive serve"
)]
pub struct Cli {
    /// Work on the archive in DIR; otherwise the nearest folder above that has a site.toml
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::New),
    Read(read::Read),
    Import(import::Import),
    Explain(explain::Explain),
    Format(format::Formats),
    Status(status::Status),
    Resolve(resolve::Resolve),
    Tag(tag::Tag),
    Table(table::Table),
    Duplicates(duplicates::Duplicates),
    Join(join::Join),
    Accept(accept::Accept),
    Date(date::Date),
    Undo(undo::Undo),
    Rename(rename::Rename),
    Withdraw(withdraw::Withdraw),
    Seal(seal::Seal),
    Forget(forget::Forget),
    Theme(theme::Theme),
    Build(build::Build),
    Serve(serve::Serve),
    Check(check::Check),
    Export(export::Export),
    Deposit(deposit::Deposit),
    Completions(manual::Completions),
    Man(manual::Man),
}

/// What a curator can say about a dump that the dump itself does not.
#[derive(Args, Clone, Debug, Default)]
struct DumpOptions {
    /// The address of the page that the dump is a capture of
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    source_url: Option<String>,
    /// When the page was saved: 2031-04-02 or 2031-04-02T05:40:00+01:00
    #[arg(long, value_name = "WHEN", value_parser = parse_when)]
    captured: Option<crate::date::When>,
    /// A date for every entry that states none: a day, or EDTF such as 2031-04~
    #[arg(long, value_name = "EDTF", value_parser = parse_when)]
    date: Option<crate::date::When>,
    /// The zone of clock times that name none: +01:00, UTC, "Europe/Kyiv", Kyiv, ET
    #[arg(long, value_name = "ZONE", value_parser = parse_zone, allow_hyphen_values = true)]
    zone: Option<crate::import::Zone>,
    /// The encoding that the dump is in, where it is guessed wrongly: windows-1252, utf-16le
    #[arg(long, value_name = "NAME", value_parser = crate::import::encoding_name)]
    encoding: Option<String>,
    /// Read the dump with this format, whatever it looks like
    #[arg(long, value_name = "NAME")]
    format: Option<String>,
    /// In which direction the page runs: newest or oldest
    #[arg(long, value_name = "END", value_parser = parse_order)]
    order: Option<crate::format::Order>,
    /// How entries are told apart: start, stamp, separator, number, bullet or shape
    #[arg(long, value_name = "WAY", value_parser = crate::format::Way::parse)]
    entries_by: Option<crate::format::Way>,
    /// Where titles stand beside stamps: before, same, after or none
    #[arg(long, value_name = "PLACE", value_parser = crate::format::Place::parse)]
    title_place: Option<crate::format::Place>,
    /// The line that ends every entry
    #[arg(long, value_name = "LINE")]
    separator: Option<String>,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It did what it was asked to.
    Done,
    /// It found problems in the content and told them.
    Problems,
}

/// Why a command could not run: exit code 2.
#[derive(Debug)]
struct Stop(String);

impl<E: Display> From<E> for Stop {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

type Outcome = Result<End, Stop>;

/// Runs the program and returns its exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let root = cli.root.as_deref();
    let outcome = match cli.command {
        Command::New(command) => new::run(&command),
        Command::Read(command) => read::run(&command, root),
        Command::Import(command) => import::run(&command, root),
        Command::Explain(command) => explain::run(&command, root),
        Command::Format(command) => format::run(&command, root),
        Command::Status(command) => status::run(&command, root),
        Command::Resolve(command) => resolve::run(&command, root),
        Command::Tag(command) => tag::run(&command, root),
        Command::Table(command) => table::run(&command, root),
        Command::Duplicates(command) => duplicates::run(&command, root),
        Command::Join(command) => join::run(&command, root),
        Command::Accept(command) => accept::run(&command, root),
        Command::Date(command) => date::run(&command, root),
        Command::Undo(command) => undo::run(&command, root),
        Command::Rename(command) => rename::run(&command, root),
        Command::Withdraw(command) => withdraw::run(&command, root),
        Command::Seal(command) => seal::run(&command, root),
        Command::Forget(command) => forget::run(&command, root),
        Command::Theme(command) => theme::run(&command, root),
        Command::Build(command) => build::run(&command, root),
        Command::Serve(command) => serve::run(&command, root),
        Command::Check(command) => check::run(&command, root),
        Command::Export(command) => export::run(&command, root),
        Command::Deposit(command) => deposit::run(&command, root),
        Command::Completions(command) => manual::completions(&command),
        Command::Man(command) => manual::man(&command),
    };
    match outcome {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Problems) => ExitCode::from(1),
        Err(Stop(why)) => {
            tell(format!("{ERROR}error{ERROR:#}: {why}"));
            ExitCode::from(2)
        }
    }
}

/// Returns the command line's own description, for completions and man pages.
fn definition() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

const ERROR: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();
const WARNING: anstyle::Style = anstyle::AnsiColor::Yellow.on_default().bold();
const NOTE: anstyle::Style = anstyle::AnsiColor::Cyan.on_default().bold();

/// Prints a line of the result. A reader that has seen enough (`| head`) ends the program quietly.
fn say(line: impl Display) {
    if writeln!(anstream::stdout().lock(), "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Returns how many columns the terminal has that the results go to; `None` where they go elsewhere.
fn columns() -> Option<usize> {
    use std::io::IsTerminal as _;
    let screen = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    screen.map(|(terminal_size::Width(width), _)| usize::from(width))
}

/// Prints JSON on a line. Unlike [`say`], nothing looks through it for colours.
fn say_json(value: &serde_json::Value) {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let written = serde_json::to_writer(&mut out, value).map_err(std::io::Error::from);
    if written.and_then(|()| writeln!(out)).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Prints a line about the work.
fn tell(line: impl Display) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// Prints findings, each with its severity in its colour.
fn tell_all(list: &[Diagnostic]) {
    for finding in list {
        let style = match finding.severity {
            Severity::Error => ERROR,
            Severity::Warning => WARNING,
            Severity::Note => NOTE,
        };
        let text = finding.to_string();
        let name = finding.severity.to_string();
        let rest = text.strip_prefix(&name).unwrap_or(&text);
        tell(format!("{style}{name}{style:#}{rest}"));
    }
}

/// Prints findings and how many they are, where the command could not use what it found.
fn give_up(list: &[Diagnostic], what: &str) -> Outcome {
    tell_all(list);
    let errors = list.iter().filter(|finding| finding.is_error()).count();
    tell(format!("{what}: {}", counted(errors, "error", "errors")));
    Ok(End::Problems)
}

/// Returns a number with its noun.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Finds the archive of which a command only shows what it would do.
fn find_root_to_show(named: Option<&Path>) -> Result<PathBuf, Stop> {
    let root = locate(named)?;
    match crate::change::pending(&root)? {
        Some(command) => Err(Stop(format!(
            "`{command}` was cut off, and what it would do now cannot be shown before that is finished\n  hint: `archive status` finishes it"
        ))),
        None => Ok(root),
    }
}

/// Finds the archive to work on, and finishes what a command left half done that was cut off.
fn find_root(named: Option<&Path>) -> Result<PathBuf, Stop> {
    let root = locate(named)?;
    if let Some(finished) = crate::change::recover(&root)? {
        let (command, left) = (finished.command, finished.left);
        let how = if left.is_back { "took back what" } else { "finished what" };
        tell(format!("{how} was cut off: {command}"));
        let left = left.files.iter().map(|file| {
            Diagnostic::warning(
                file,
                0,
                "left as it is: it was changed since the command was cut off",
            )
            .hint("nothing else of that command stands; run it again")
        });
        tell_all(&left.collect::<Vec<_>>());
    }
    Ok(root)
}

fn locate(named: Option<&Path>) -> Result<PathBuf, Stop> {
    if let Some(root) = named {
        if root.join(site::FILE).exists() {
            return Ok(root.to_path_buf());
        }
        return Err(Stop(format!(
            "{} is no archive: it has no {}\n  hint: `archive new {}` makes one",
            root.display(),
            site::FILE,
            root.display()
        )));
    }
    let here = std::env::current_dir()?;
    here.ancestors().find(|folder| folder.join(site::FILE).exists()).map(Path::to_path_buf).ok_or_else(|| {
        Stop(format!(
            "there is no {} in this folder or above it\n  hint: go into an archive, name one with -C DIR, or make one with `archive new DIR`",
            site::FILE
        ))
    })
}

fn parse_when(text: &str) -> Result<crate::date::When, String> {
    crate::date::When::parse(text)
}

fn parse_url(text: &str) -> Result<String, String> {
    let web = text.starts_with("https://") || text.starts_with("http://");
    if web {
        Ok(text.to_string())
    } else {
        Err(format!("`{text}`, expected an address that begins with https:// or http://"))
    }
}

fn parse_order(text: &str) -> Result<crate::format::Order, String> {
    match text {
        "newest" | "newest first" => Ok(crate::format::Order::NewestFirst),
        "oldest" | "oldest first" => Ok(crate::format::Order::OldestFirst),
        _ => Err(format!("`{text}`, expected newest or oldest: what stands on top")),
    }
}

fn parse_zone(text: &str) -> Result<crate::import::Zone, String> {
    crate::import::zone_named(text).ok_or_else(|| {
        format!("`{text}`, expected an offset from UTC such as +01:00, UTC, or a zone such as Europe/Kyiv")
    })
}

/// Reads the formats: those compiled in and the archive's own.
fn formats(root: Option<&Path>) -> Result<(Vec<crate::format::Format>, Vec<Diagnostic>), Stop> {
    let mut own = Vec::new();
    let mut problems = Vec::new();
    if let Some(root) = root {
        for file in format::files(root)? {
            let name = fs::relative(root, &file);
            match fs::text_of(&name, fs::read(&file)?) {
                Ok(text) => own.push((name, text)),
                Err(problem) => problems.push(*problem),
            }
        }
    }
    let (formats, found) = crate::format::load(crate::format::built_in(), &own);
    problems.extend(found);
    Ok((formats, problems))
}

/// Reads the formats for a command that needs no archive: one around it, or one that is named, only
/// adds its own. Tells what is wrong in them, and returns whether that was an error.
fn formats_nearby(named: Option<&Path>) -> Result<(Vec<crate::format::Format>, bool), Stop> {
    let root = if named.is_some() { Some(find_root(named)?) } else { find_root(None).ok() };
    let (formats, problems) = formats(root.as_deref())?;
    tell_all(&problems);
    Ok((formats, crate::diagnostic::any_error(&problems)))
}

impl DumpOptions {
    /// Stops where `--format` names none.
    fn check(&self, formats: &[crate::format::Format]) -> Result<(), Stop> {
        let names = crate::import::format_names(formats);
        let Some(name) = self.format.as_deref().filter(|name| !names.contains(name)) else {
            return Ok(());
        };
        let hint = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`archive format new {name} DUMP` makes one"),
        };
        let all = names.join(", ");
        Err(Stop(format!("`--format`: `{name}`, expected one of: {all}\n  hint: {hint}")))
    }

    /// Returns what is told about the dump called `name`.
    fn told(&self, name: &str) -> crate::import::Told {
        let captured = match &self.captured {
            Some(crate::date::When::Exact(moment)) => Some(*moment),
            _ => None,
        };
        crate::import::Told {
            name: name.to_string(),
            source_url: self.source_url.clone(),
            captured,
            date: self.date.clone(),
            zone: self.zone,
            encoding: self.encoding.clone(),
            encoding_hint: None,
            format: self.format.clone(),
            order: self.order,
            by: self.entries_by,
            title: self.title_place,
            separator: self.separator.clone(),
        }
    }
}

/// Reads one dump; `-` is standard input.
fn read_dump(path: &Path) -> Result<(String, Vec<u8>), Stop> {
    if path == Path::new("-") {
        return Ok(("standard input".to_string(), fs::read_stdin()?));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if path.is_dir() {
        return Err(Stop(format!(
            "{} is a folder, expected one dump\n  hint: `archive read` takes folders",
            path.display()
        )));
    }
    let bytes = fs::read(path)?;
    if crate::container::sniff(&bytes).is_some() {
        return Err(Stop(format!(
            "{name} holds many pages, expected a single one\n  hint: `archive import` keeps each live blog in it as a file in dumps/: name one of those"
        )));
    }
    Ok((name, bytes))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::definition().debug_assert();
    }
}
