//! `archive theme`: the built-in templates, copied to be edited, and what an archive has changed of
//! them.

use std::path::Path;

use super::writer::{DRY_RUN, Writer};
use super::{End, Outcome, Stop, counted, find_root, say, tell_all};
use crate::change::Change;
use crate::diagnostic::{any_error, nearest};
use crate::diff;
use crate::input::{self, Input, TEMPLATES};
use crate::template::{BuiltIn, built_in};

/// Changes what the site looks like
#[derive(Debug, clap::Args)]
#[command(
    after_help = "From the built-in look to your own:\n  archive theme eject              what there is\n  archive theme eject entry.html   copies one to templates/entry.html, to be edited\n  archive serve                    shows the site, and every change as you save it\n  archive theme diff               what you changed"
)]
pub(super) struct Theme {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Eject(Eject),
    Diff(Diff),
}

/// Copies built-in templates to templates/, to be edited; without a name, lists them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A file in templates/ takes the place of the built-in one of the same name; all others stay. Copy only what you want to change: what you did not copy gets better with the program. Often style.css is enough: colours, fonts and measures stand at its top.\n\n  archive theme eject style.css\n  archive theme eject entry.html story.html --dry-run\n\nA file that is there already is never written over. To go back to a built-in one, remove yours, or run `archive undo` if the copy was the last thing done. docs/templates.md lists all that a template sees; `{{ __tera_context | json }}` in a template shows it on the page."
)]
struct Eject {
    /// A template, the style sheet or a script: entry.html, or entry for short
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Copy all that is not in templates/ yet
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Shows how the archive's own templates differ from the built-in ones
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A line with - is the program's, a line with + yours. Look here after an upgrade: what the built-in templates have learnt since you copied them stands behind -. Without a name, all of templates/ is compared.\n\n  archive theme diff entry.html"
)]
struct Diff {
    /// A template, the style sheet or a script: entry.html, or entry for short
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

pub(super) fn run(command: &Theme, root: Option<&Path>) -> Outcome {
    match &command.command {
        Command::Eject(eject) if eject.names.is_empty() && !eject.all => list(root),
        Command::Eject(eject) => copy(eject, root),
        Command::Diff(diff) => compare(diff, root),
    }
}

/// Returns where an archive's own file stands.
fn own_path(file: &BuiltIn) -> String {
    format!("{TEMPLATES}/{}", file.name)
}

/// Returns the built-in file that is called `name`: as it is, without its ending, or by its path.
fn find(all: &[BuiltIn], name: &str) -> Result<BuiltIn, Stop> {
    let plain = name.replace('\\', "/");
    let plain = plain.trim_start_matches("./").trim_start_matches("templates/");
    let stem = |file: &BuiltIn| file.name.rsplit_once('.').map_or(file.name, |(stem, _)| stem);
    if let Some(file) = all.iter().find(|file| file.name == plain) {
        return Ok(*file);
    }
    let mut called = all.iter().filter(|file| stem(file) == plain);
    if let (Some(file), None) = (called.next(), called.next()) {
        return Ok(*file);
    }
    // All of them end alike; only what stands before can be near.
    let word = plain.rsplit_once('.').map_or(plain, |(stem, _)| stem);
    let near = nearest(word, all.iter().map(stem));
    let near = near.and_then(|near| all.iter().find(|file| stem(file) == near));
    let hint = match near {
        Some(file) => format!("did you mean {}?", file.name),
        None => "`archive theme eject` lists them".to_string(),
    };
    Err(Stop(format!("there is no built-in template `{name}`\n  hint: {hint}")))
}

/// Prints what there is, what is made with it, and what of it the archive has.
fn list(root: Option<&Path>) -> Outcome {
    // What is compiled in can be looked at without an archive.
    let root = if root.is_some() { Some(find_root(root)?) } else { find_root(None).ok() };
    let own = root.map(|root| input::templates(&root)).transpose()?.unwrap_or_default();
    let all = built_in();
    let width = all.iter().map(|file| file.name.len()).max().unwrap_or_default();
    let mut marks = Vec::new();
    for file in &all {
        let mark = match input::find(&own, &own_path(file)) {
            None => "",
            Some(input) if input.bytes == file.text.as_bytes() => "copied",
            Some(_) => "yours",
        };
        marks.push(mark);
        say(format!("{:width$}  {mark:6}  {}", file.name, file.makes()));
    }
    if marks.contains(&"yours") {
        say("yours: a file in templates/ takes its place; archive theme diff shows how it differs");
    }
    if marks.contains(&"copied") {
        say("copied: it is in templates/, as it is built in");
    }
    say("next: archive theme eject NAME");
    Ok(End::Done)
}

/// Copies what is named to `templates/`.
fn copy(command: &Eject, root: Option<&Path>) -> Outcome {
    let all = built_in();
    let mut wanted: Vec<BuiltIn> = Vec::new();
    for name in &command.names {
        let file = find(&all, name)?;
        if !wanted.contains(&file) {
            wanted.push(file);
        }
    }
    let writer = Writer::open(root, command.dry_run)?;
    let own = input::templates(&writer.root)?;
    let is_there = |file: &BuiltIn| input::find(&own, &own_path(file)).is_some();
    if command.all {
        wanted = all.iter().copied().filter(|file| !is_there(file)).collect();
        if wanted.is_empty() {
            say("all of them are in templates/ already");
            return Ok(End::Done);
        }
    }
    if let Some(file) = wanted.iter().find(|file| is_there(file)) {
        return Err(Stop(format!(
            "{} is there already, so nothing was written\n  hint: `archive theme diff {}` compares it with the built-in one; to begin anew, move it away first",
            own_path(file),
            file.name
        )));
    }
    let names: Vec<&str> = wanted.iter().map(|file| file.name).collect();
    let what = if command.all { "--all".to_string() } else { names.join(" ") };
    let mut change = Change::new(format!("theme eject {what}"));
    for file in &wanted {
        change.write(own_path(file), file.text);
    }
    writer.write(change, &own)?;
    if command.dry_run {
        say(DRY_RUN);
        return Ok(End::Done);
    }
    for file in &wanted {
        say(format!("copied to {}", own_path(file)));
    }
    let it = if wanted.len() == 1 { "it" } else { "them" };
    say(format!(
        "next: edit {it}; archive serve shows the site, and every change as you save it (docs/templates.md lists all that a template sees)"
    ));
    Ok(End::Done)
}

/// Shows how what is named, or all of `templates/`, differs from what is built in.
fn compare(command: &Diff, root: Option<&Path>) -> Outcome {
    let all = built_in();
    let root = find_root(root)?;
    let own = input::templates(&root)?;
    let there = |file: &BuiltIn| input::find(&own, &own_path(file));
    let mut pairs: Vec<(BuiltIn, &Input)> = Vec::new();
    for name in &command.names {
        let file = find(&all, name)?;
        let Some(input) = there(&file) else {
            return Err(Stop(format!(
                "there is no {}: the site is made with the built-in one\n  hint: `archive theme eject {}` copies it, to be edited",
                own_path(&file),
                file.name
            )));
        };
        pairs.push((file, input));
    }
    if command.names.is_empty() {
        pairs = all.iter().filter_map(|file| Some((*file, there(file)?))).collect();
    }
    let (mut same, mut problems) = (Vec::new(), Vec::new());
    for (file, input) in &pairs {
        match input.text() {
            Ok(_) if input.bytes == file.text.as_bytes() => same.push(input.path.as_str()),
            Ok(text) => {
                say(format!("--- built in/{}\n+++ {}", file.name, input.path));
                let changed = diff::unified(file.text, &text.replace("\r\n", "\n"));
                say(if changed.is_empty() {
                    "only the ends of lines differ"
                } else {
                    changed.trim_end()
                });
            }
            Err(problem) => problems.push(*problem),
        }
    }
    tell_all(&problems);
    match (pairs.len(), same.as_slice()) {
        (0, _) => say(
            "templates/ holds none of the built-in templates: the site looks as the program makes it",
        ),
        (_, []) => {}
        (_, same) => {
            let are = if same.len() == 1 { "is" } else { "are" };
            say(format!(
                "{} {are} as built in: {}\n  hint: remove what you do not change, and it gets better with the program",
                counted(same.len(), "file", "files"),
                same.join(", ")
            ));
        }
    }
    Ok(if any_error(&problems) { End::Problems } else { End::Done })
}
