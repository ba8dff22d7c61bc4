//! `archive status`: the curator's worklist.

use std::collections::BTreeMap;
use std::path::Path;

use super::{End, Outcome, Stop, counted, find_root, say, tell_all};
use crate::archive::Archive;
use crate::content;
use crate::entry::{Entry, Id, Slug};
use crate::merge;
use crate::status::{Desk, WORK};
use crate::{build, fs, input};

mod undated;

/// Lists what still wants a curator
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Undated is a place in the archive, not an error: this list is for looking, and exits with 0."
)]
pub(super) struct Status {
    /// Show everything; otherwise the first ten of each kind
    #[arg(long)]
    all: bool,
    /// Print one JSON object: a list for each kind of work
    #[arg(long)]
    json: bool,
    /// Show each entry without a date, and what in its words or beside it may tell the date
    #[arg(long)]
    undated: bool,
}

/// How many items of a kind are shown without `--all`.
const SHOWN: usize = 10;

pub(super) fn run(command: &Status, root: Option<&Path>) -> Outcome {
    let root = find_root(root)?;
    let inputs = input::read(&root)?;
    let site = build::site(&inputs).unwrap_or_default();
    let (content, mut problems) = content::read(&inputs);
    let (archive, found) = Archive::new(site, content);
    problems.extend(found);
    if command.undated {
        tell_all(&problems);
        undated::run(&archive, &inputs, command.json);
        let has_errors = crate::diagnostic::any_error(&problems);
        return Ok(if has_errors { End::Problems } else { End::Done });
    }
    let (bases, conflicts) = remembered(&root)?;
    let desk = Desk { archive: &archive, bases: &bases, conflicts: &conflicts };
    let lists: Vec<_> = WORK.iter().map(|work| (work, work.find(&desk))).collect();
    tell_all(&problems);
    if command.json {
        let object: serde_json::Map<String, serde_json::Value> = lists
            .iter()
            .map(|(work, items)| {
                let items = items.iter().map(|item| {
                    serde_json::json!({ "file": item.file, "line": item.line, "what": item.what })
                });
                (work.name.to_string(), items.collect())
            })
            .collect();
        say(serde_json::Value::Object(object));
    } else {
        show(&lists, command.all);
    }
    Ok(if crate::diagnostic::any_error(&problems) { End::Problems } else { End::Done })
}

fn show(lists: &[(&crate::status::Work, Vec<crate::status::Item>)], all: bool) {
    let mut nothing = true;
    for (work, items) in lists.iter().filter(|(_, items)| !items.is_empty()) {
        nothing = false;
        say(format!("{}: {}", work.name.replace('_', " "), items.len()));
        let shown = if all { items.len() } else { SHOWN };
        for item in items.iter().take(shown) {
            let line = if item.line > 0 { format!(":{}", item.line) } else { String::new() };
            say(format!("  {}{line}: {}", item.file, item.what));
        }
        if items.len() > shown {
            say(format!("  and {} more: archive status --all", items.len() - shown));
        }
        say(format!("  what to do: {}", work.advice));
    }
    if nothing {
        say("nothing waits for a curator");
    }
}

/// Reads what `.archive/` remembers: the entries as they were imported, and the conflicts.
pub(super) fn remembered(root: &Path) -> Result<(BTreeMap<Id, Entry>, Vec<String>), Stop> {
    let mut bases = BTreeMap::new();
    let folder = root.join(merge::BASE);
    for file in fs::walk(&folder)? {
        let name = fs::relative(root, &file);
        // What an import left behind that was cut off is no memory.
        if name.rsplit('/').next().is_some_and(|name| name.starts_with('.')) {
            continue;
        }
        let inside = fs::relative(&folder, &file);
        let story = inside.split_once('/').and_then(|(story, _)| Slug::parse(story).ok());
        let (Some(story), Ok(text)) = (story, fs::text_of(&name, fs::read(&file)?)) else {
            continue;
        };
        if let (Some(base), _) = content::parse_entry(&name, story, &text) {
            bases.insert(base.id.clone(), base);
        }
    }
    let conflicts = fs::walk(&root.join(merge::CONFLICTS))?;
    Ok((bases, conflicts.iter().map(|file| fs::relative(root, file)).collect()))
}

/// Says how many entries a command went over.
pub(super) fn entries(count: usize) -> String {
    counted(count, "entry", "entries")
}
