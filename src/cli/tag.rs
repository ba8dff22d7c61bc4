//! `archive tag`: applies the vocabulary to the entries, or proposes one.

use std::path::Path;

use super::status::{entries, remembered};
use super::{End, Outcome, counted, find_root, give_up, say, tell, tell_all};
use crate::change::Change;
use crate::content::{self, add_tags};
use crate::diagnostic::{Diagnostic, any_error};
use crate::markdown::publisher_text;
use crate::suggest;
use crate::vocabulary::{FILE, Matcher};
use crate::{fs, input};

/// Gives entries the tags of tags.toml whose words stand in them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Only adds tags; one that a person took away from an entry is not given to it again.\nA first vocabulary: archive tag --suggest > tags.toml"
)]
pub(super) struct Tag {
    /// Print a vocabulary proposed from names that recur in the entries, and change nothing
    #[arg(long)]
    suggest: bool,
    /// Say what would be done, and write nothing
    #[arg(long, conflicts_with = "suggest")]
    dry_run: bool,
}

pub(super) fn run(command: &Tag, root: Option<&Path>) -> Outcome {
    let root = find_root(root)?;
    let inputs = input::read(&root)?;
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
    let (bases, _) = remembered(&root)?;
    let matcher = Matcher::new(&content.tags);
    let mut change = Change::new("tag");
    let (mut changed, mut given) = (0, 0);
    for entry in &content.entries {
        let text = format!("{}\n{}", entry.title, publisher_text(&entry.body));
        // A tag that the import gave and the file lacks was taken away by a person.
        let taken = |name: &String| {
            let base = bases.get(&entry.id);
            base.is_some_and(|base| base.tags.contains(name)) && !entry.tags.contains(name)
        };
        let names: Vec<&str> = matcher
            .find(&text)
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
        // Line ends as on Windows stay as they are.
        let windows = input.bytes.windows(2).any(|pair| pair == b"\r\n");
        let text = if windows { text.replace('\n', "\r\n") } else { text };
        (changed, given) = (changed + 1, given + names.len());
        if !command.dry_run {
            change.write(entry.file.as_str(), text);
            // What the program gives is no person's change: the next import may still update the
            // entry, and a tag that a person takes away again is not given a second time.
            if let Some(base) = bases.get(&entry.id) {
                let path = root.join(&base.file);
                let there = fs::text_of(&base.file, fs::read(&path)?).unwrap_or_default();
                if let Some(text) = add_tags(&there, &names) {
                    change.write(base.file.as_str(), text);
                }
            }
        }
    }
    change.commit(&root)?;
    let verb = if command.dry_run { "would give" } else { "gave" };
    let tags = counted(given, "tag", "tags");
    say(format!("{verb} {tags} to {changed} of {}", entries(content.entries.len())));
    say(if command.dry_run {
        "nothing was written: this was a dry run"
    } else {
        "next: archive build"
    });
    Ok(End::Done)
}
