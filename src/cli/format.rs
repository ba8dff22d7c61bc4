//! `archive format`: proposes a format for a dump, and tests the archive's own formats.

use std::path::{Path, PathBuf};

use super::{End, Outcome, Stop, counted, find_root, formats, read_dump, say, tell, tell_all};
use crate::diagnostic::nearest;
use crate::entry::Slug;
use crate::format::Format;
use crate::import::{self, Told};
use crate::{fs, site};

mod test;

/// The folder of an archive's own formats.
const FOLDER: &str = "formats";

/// Helps to teach the archive a publisher's pages
#[derive(Debug, clap::Args)]
#[command(
    after_help = "From an unknown dump to a format:\n  archive format new quell-courier ../quell-live.txt\n  archive explain ../quell-live.txt\n  archive format test quell-courier --update"
)]
pub(super) struct Formats {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    New(New),
    Test(test::Test),
}

/// Proposes a format for a dump: a file in formats/ to go on from
#[derive(Debug, clap::Args)]
#[command(
    after_help = "What the program is rather sure of is in the file as it is; what it only suspects stands behind\na `#`. A file that is there already is never written over."
)]
struct New {
    /// The format's name: a-z, 0-9 and hyphens; - prints the proposal and writes nothing
    #[arg(value_name = "NAME")]
    name: String,
    /// The dump to propose it from; - is standard input
    dump: PathBuf,
    /// The encoding that the dump is in, where it is guessed wrongly
    #[arg(long, value_name = "NAME", value_parser = import::encoding_name)]
    encoding: Option<String>,
    /// Copy the dump to formats/NAME/, as the first example that `archive format test` reads
    #[arg(long)]
    with_example: bool,
}

pub(super) fn run(command: &Formats, root: Option<&Path>) -> Outcome {
    match &command.command {
        Command::New(command) => new(command, root),
        Command::Test(command) => test::run(command, root),
    }
}

/// Returns the files of an archive's own formats: those directly in formats/, no links.
pub(super) fn files(root: &Path) -> fs::Result<Vec<PathBuf>> {
    let folder = root.join(FOLDER);
    let mut files = fs::walk(&folder)?;
    // What stands in a folder beside a format is an example of it.
    files.retain(|file| {
        file.parent() == Some(folder.as_path())
            && file.extension().is_some_and(|kind| kind == "toml")
            && !fs::is_link(file)
    });
    Ok(files)
}

fn new(command: &New, root: Option<&Path>) -> Outcome {
    let (dump, bytes) = read_dump(&command.dump)?;
    let told = Told { name: dump.clone(), encoding: command.encoding.clone(), ..Told::default() };
    let decoded = match import::decode(&bytes, &told) {
        Ok(decoded) => decoded,
        Err(problem) => {
            tell_all(&[problem]);
            return Ok(End::Problems);
        }
    };
    tell_all(&decoded.notes);
    if command.name == "-" {
        let name = slug(&dump, "proposed");
        say(import::propose(&name, &dump, &decoded.text).trim_end());
        return Ok(End::Done);
    }
    let name = Slug::parse(&command.name).map_err(|why| Stop(format!("the name {why}")))?;
    let root = find_root(root)?;
    let file = root.join(FOLDER).join(format!("{name}.toml"));
    let shown = fs::relative(&root, &file);
    if file.symlink_metadata().is_ok() {
        return Err(Stop(format!(
            "{shown} is there already\n  hint: choose another name, or print the proposal: archive format new - DUMP"
        )));
    }
    let (known, problems) = formats(Some(&root))?;
    tell_all(&problems);
    if known.iter().any(|format| format.name == name.as_str()) {
        tell(format!(
            "note: {shown} takes the place of the format {name} that is there already; to keep both, give yours another name"
        ));
    }
    let text = import::propose(name.as_str(), &dump, &decoded.text);
    let mut batch = fs::Batch::default();
    batch.stage(&file, text.as_bytes())?;
    let example = example(&root, &name, &dump);
    if command.with_example {
        if example.symlink_metadata().is_ok() {
            return Err(Stop(format!("{} is there already", fs::relative(&root, &example))));
        }
        batch.stage(&example, &bytes)?;
    }
    batch.commit()?;
    say(format!("wrote {shown}{}", found(&shown, &text, &bytes, &told)));
    if let Some(other) = preferred(&shown, &text, &bytes, &told, known) {
        tell(format!(
            "note: without `--format {name}`, the format {other} reads {dump}\n  hint: add lines of the page to `all` under [recognise]"
        ));
    }
    if command.with_example {
        say(format!("wrote {}", fs::relative(&root, &example)));
    }
    say(format!(
        "next: read {shown}, then archive explain {} --format {name}",
        command.dump.display()
    ));
    Ok(End::Done)
}

/// Where the dump stands as an example of a format.
fn example(root: &Path, name: &Slug, dump: &str) -> PathBuf {
    let case = slug(dump, "example");
    root.join(FOLDER).join(name.as_str()).join(format!("{case}.txt"))
}

/// A name made of a dump's file name without its ending.
fn slug(dump: &str, otherwise: &str) -> String {
    let stem = dump.rsplit_once('.').map_or(dump, |(stem, _)| stem);
    Slug::from_words(stem, 60).map_or_else(|| otherwise.to_string(), |slug| slug.to_string())
}

/// Says what a proposed format finds in its dump.
fn found(path: &str, text: &str, bytes: &[u8], told: &Told) -> String {
    let Ok(format) = Format::parse(path, text) else {
        return ": it wants your hand before it can be used".to_string();
    };
    match import::read(bytes, told, &[format]) {
        Ok(dump) => {
            let unread = dump.ledger.unread().count();
            format!(
                ": it finds {} in {}, and leaves {} unread",
                counted(dump.entries.len(), "entry", "entries"),
                told.name,
                counted(unread, "line", "lines")
            )
        }
        Err(_) => format!(": it finds no entries in {} yet", told.name),
    }
}

/// The format that reads the dump instead of a proposed one, where nobody chooses.
fn preferred(
    path: &str,
    text: &str,
    bytes: &[u8],
    told: &Told,
    mut known: Vec<Format>,
) -> Option<String> {
    let format = Format::parse(path, text).ok()?;
    let name = format.name.clone();
    known.retain(|other| other.name != name);
    known.insert(0, format);
    let dump = import::read(bytes, told, &known).ok()?;
    (dump.format != name).then_some(dump.format)
}

/// Returns the archive's own formats: the name of each file, without its ending.
fn own(root: &Path) -> Result<Vec<String>, Stop> {
    let names = files(root)?;
    let stem = |file: &PathBuf| Some(file.file_stem()?.to_string_lossy().into_owned());
    Ok(names.iter().filter_map(stem).collect())
}

/// Says that there is no such format.
fn unknown(name: &str, own: &[String]) -> Stop {
    let hint = match nearest(name, own.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None if own.is_empty() => format!("make one: archive format new {name} DUMP"),
        None => format!("there are: {}", own.join(", ")),
    };
    Stop(format!("there is no {FOLDER}/{name}.toml beside {}\n  hint: {hint}", site::FILE))
}
