//! `archive tag`: applies the vocabulary to the entries, or proposes one.

use std::path::Path;

use super::status::{entries, remembered};
use super::writer::{DRY_RUN, Writer};
use super::{End, Outcome, counted, find_root, give_up, say, tell, tell_all};
use crate::change::Change;
use crate::content::{self, add_tags};
use crate::diagnostic::{Diagnostic, any_error};
use crate::entry::Entry;
use crate::markdown::publisher_text;
use crate::suggest;
use crate::vocabulary::{FILE, Matcher};
use crate::{fs, input};

mod export;
mod rework;

/// Gives entries the tags of tags.toml whose words stand in them
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Only adds tags; one that a person took away from an entry is not given to it again.\nA first vocabulary: archive tag --suggest > tags.toml"
)]
pub(super) struct Tag {
    /// Print a vocabulary proposed from names that recur in the entries, and change nothing
    #[arg(long)]
    suggest: bool,
    /// Say what would be done, and write nothing
    #[arg(long, conflicts_with = "suggest")]
    dry_run: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Rename(rework::Rename),
    Merge(rework::Merge),
    Split(rework::Split),
    Export(export::Export),
}

pub(super) fn run(command: &Tag, root: Option<&Path>) -> Outcome {
    match &command.what {
        Some(What::Rename(command)) => rework::rename(command, root),
        Some(What::Merge(command)) => rework::merge(command, root),
        Some(What::Split(command)) => rework::split(command, root),
        Some(What::Export(command)) => export::run(command, &find_root(root)?),
        None => apply(command, root),
    }
}

/// The words of the publisher in which tags are looked for.
fn words(entry: &Entry) -> String {
    format!("{}\n{}", entry.title, publisher_text(&entry.body))
}

fn apply(command: &Tag, root: Option<&Path>) -> Outcome {
    let writer = Writer::open(root, command.dry_run || command.suggest)?;
    let root = &writer.root;
    let inputs = input::read(root)?;
    let (content, problems) = content::read(&inputs);
    if command.suggest {
        tell_all(&problems);
        let list = suggest::suggest(&content.entries, &content.tags);
        say(suggest::print(&list, content.entries.len()).trim_end());
        tell(format!(
            "proposed {} tags from {}; next: look through them in {FILE}, then archive tag",
            list.len(),
            entries(content.entries.len())
        ));
        return Ok(End::Done);
    }
    if any_error(&problems) {
        return give_up(&problems, "no tag was given");
    }
    if content.tags.is_empty() {
        say(format!("there is no vocabulary yet; next: archive tag --suggest > {FILE}"));
        return Ok(End::Done);
    }
    let (bases, _) = remembered(root)?;
    let matcher = Matcher::new(&content.tags);
    let mut change = Change::new("tag");
    let (mut changed, mut given) = (0, 0);
    for entry in &content.entries {
        // A tag that the import gave and the file lacks was taken away by a person.
        let taken = |name: &String| {
            let base = bases.get(&entry.id);
            base.is_some_and(|base| base.tags.contains(name)) && !entry.tags.contains(name)
        };
        let names: Vec<&str> = matcher
            .find(&words(entry))
            .into_iter()
            .filter(|tag| {
                !entry.tags.iter().any(|there| *there == tag.name || tag.synonyms.contains(there))
            })
            .filter(|tag| !taken(&tag.name))
            .map(|tag| tag.name.as_str())
            .collect();
        if names.is_empty() {
            continue;
        }
        let Some(input) = input::find(&inputs, &entry.file) else { continue };
        let there = input.text().unwrap_or_default();
        let Some(text) = add_tags(&there, &names) else {
            let finding =
                Diagnostic::warning(&entry.file, 0, "no place for tags, expected `tags = []`");
            tell_all(&[finding]);
            continue;
        };
        (changed, given) = (changed + 1, given + names.len());
        change.write(entry.file.as_str(), input.like(text));
        // What the program gives is no person's change: the next import may still update the
        // entry, and a tag that a person takes away again is not given a second time.
        if let Some(base) = bases.get(&entry.id) {
            let there = fs::text_of(&base.file, fs::read(&root.join(&base.file))?);
            if let Some(text) = add_tags(&there.unwrap_or_default(), &names) {
                change.write(base.file.as_str(), text);
            }
        }
    }
    if !command.dry_run {
        writer.write(change, &inputs)?;
    }
    let verb = if command.dry_run { "would give" } else { "gave" };
    let tags = counted(given, "tag", "tags");
    say(format!("{verb} {tags} to {changed} of {}", entries(content.entries.len())));
    say(if command.dry_run { DRY_RUN } else { "next: archive build" });
    Ok(End::Done)
}
