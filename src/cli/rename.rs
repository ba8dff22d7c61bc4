//! `archive rename`: another id for an entry, with the old one as an alias.

use std::path::Path;

use super::curate::{Desk, set};
use super::status::remembered;
use super::{Outcome, Stop, tell};
use crate::capture;
use crate::change::Change;
use crate::content;
use crate::entry::Slug;
use crate::{fs, merge};

/// Gives an entry another id; the old address leads to the new one
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The old id becomes an alias, so that every link to it still works. What .archive/ remembers of the entry is renamed with it. The name of its file in content/ means nothing and stays.\n\n  archive rename 2031-04-02-0540-gtaes-opened 2031-04-02-0540-gates-opened --dry-run"
)]
pub(super) struct Rename {
    /// The id as it is
    id: String,
    /// The id as it should be: a-z, 0-9 and hyphens
    #[arg(value_parser = Slug::parse)]
    new_id: Slug,
    /// Leave no alias: for an id that tells what must not be told. Its address leads nowhere then
    #[arg(long)]
    no_alias: bool,
    /// Show the change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Rename, root: Option<&Path>) -> Outcome {
    let desk = Desk::open(root, command.dry_run)?;
    let entry = desk.entry(&command.id)?;
    let (old, new) = (entry.id.as_str(), command.new_id.as_str());
    if let Some(owner) = desk.content.entries.iter().find(|other| {
        let is_own = other.id == entry.id;
        other.id == command.new_id || (!is_own && other.aliases.contains(&command.new_id))
    }) {
        return Err(Stop(format!("`{new}` is the id or an alias of {} already", owner.file)));
    }
    let (bases, _) = remembered(desk.root())?;
    // A deleted entry is remembered by its base: without it, the next import would bring it back.
    let waits = desk.root().join(merge::conflict_file(&command.new_id)).exists();
    if bases.contains_key(&command.new_id)
        || desk.content.revisions.contains_key(&command.new_id)
        || waits
    {
        return Err(Stop(format!(
            "`{new}` is the id of an entry that was imported and has no file any more\n  hint: choose another id"
        )));
    }
    let mut change = Change::new(format!("rename {old} {new}"));
    let text = desk.edited(&entry.file, |front| {
        set(front, "id", new);
        let aliases = front.entry("aliases").or_insert(toml_edit::value(toml_edit::Array::new()));
        let aliases = aliases.as_array_mut()?;
        // An id that it had once and takes again is no alias any more.
        aliases.retain(|alias| alias.as_str() != Some(new));
        if !command.no_alias {
            aliases.push(old);
        }
        Some(())
    })?;
    change.write(entry.file.as_str(), text);
    let mut files: Vec<String> =
        bases.get(&entry.id).map(|base| base.file.clone()).into_iter().collect();
    let revisions = desk.content.revisions.get(&entry.id).into_iter().flatten();
    files.extend(revisions.map(|revision| revision.file.clone()));
    let conflict = format!("{}/{old}.md", merge::CONFLICTS);
    files.extend(desk.root().join(&conflict).exists().then_some(conflict));
    for file in files {
        let text = fs::text_of(&file, fs::read(&desk.root().join(&file))?)
            .map_err(|problem| Stop(problem.to_string()))?;
        let edited = content::edit(&text, |front| {
            set(front, "id", new);
            Some(())
        });
        let edited = edited.ok_or_else(|| Stop(format!("{file} cannot be read")))?;
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", &file));
        let rest = name.strip_prefix(old).unwrap_or(".md");
        change.remove(file.as_str());
        change.write(format!("{folder}/{new}{rest}"), edited);
    }
    for capture in &desk.content.captures {
        if capture.sightings.iter().any(|sighting| sighting.id == entry.id) {
            let mut capture = capture.clone();
            for sighting in capture.sightings.iter_mut().filter(|seen| seen.id == entry.id) {
                sighting.id = command.new_id.clone();
            }
            change.write(capture::file(&capture.dump), capture::print(&capture));
        }
    }
    let outcome = desk.finish(change, &format!("{old} is called {new} now"))?;
    if command.no_alias {
        tell(format!("if it was published: archive forget entries/{old}.html"));
    }
    Ok(outcome)
}
