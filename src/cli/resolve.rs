//! `archive resolve`: settles what a dump and a curator both have changed in the same place.

use std::path::Path;

use super::status::remembered;
use super::writer::{DRY_RUN, Writer};
use super::{End, Outcome, Stop, counted, say, tell, tell_all};
use crate::capture::{revision_file, words_sha256};
use crate::change::Change;
use crate::content::{self, print_entry};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Slug};
use crate::merge::{self, CONFLICTS, Resolution};
use crate::{diff, fs, input, voices};

/// Settles what an import did not dare to write over a person's work
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without an entry, every contradiction is shown: what the dump changed, and where the file is. Either put what you want into the file by hand and say --mine, or say --theirs: then what the dump changed (the words as a whole, the title, the date) takes the place of what stands in the file. What it did not change stays as you have it, and so do your annotations and tags."
)]
pub(super) struct Resolve {
    /// The entries, by id; all of them where none is named
    #[arg(value_name = "ID", value_parser = Slug::parse)]
    ids: Vec<Slug>,
    /// The file is right as it is: what the dump says now is known from here on
    #[arg(long)]
    mine: bool,
    /// The dump is right: its words take the place of the publisher's words in the file
    #[arg(long, conflicts_with = "mine")]
    theirs: bool,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Resolve, root: Option<&Path>) -> Outcome {
    let settles = command.mine || command.theirs;
    let writer = Writer::open(root, command.dry_run || !settles)?;
    let root = &writer.root;
    let inputs = input::read(root)?;
    let (content, _) = content::read(&inputs);
    let (bases, _) = remembered(root)?;
    let waiting = waiting(root)?;
    for id in &command.ids {
        if !waiting.iter().any(|theirs| theirs.id == *id) {
            return Err(Stop(format!(
                "nothing waits for {id}\n  hint: `archive resolve` lists what does"
            )));
        }
    }
    let meant = |theirs: &&Entry| command.ids.is_empty() || command.ids.contains(&theirs.id);
    let resolution = match (command.mine, command.theirs) {
        (true, _) => Some(Resolution::Mine),
        (_, true) => Some(Resolution::Theirs),
        _ => None,
    };
    let mut change = Change::new("resolve");
    let (mut problems, mut count, mut settled) = (Vec::new(), 0, 0);
    for theirs in waiting.iter().filter(meant) {
        count += 1;
        let Some(resolution) = resolution else {
            show(theirs, bases.get(&theirs.id), &content.entries);
            continue;
        };
        let file = merge::conflict_file(&theirs.id);
        let ours = content.entries.iter().find(|entry| entry.id == theirs.id);
        let input = ours.and_then(|ours| input::find(&inputs, &ours.file));
        let text = input.and_then(|input| input.text().ok());
        let (Some(ours), Some(input), Some(text)) = (ours, input, text) else {
            problems.push(
                Diagnostic::error(&file, 0, "its entry has no file that can be read")
                    .hint("mend the file that has this id; or, if it is gone, remove this one"),
            );
            continue;
        };
        if let (Resolution::Theirs, Some(what)) = (resolution, signed(ours)) {
            problems.push(
                Diagnostic::error(
                    &ours.file,
                    0,
                    format!("it has {what}, which the dump's words would undo"),
                )
                .hint("put the new words in by hand, then say --mine"),
            );
            continue;
        }
        let base = bases
            .get(&theirs.id)
            .map_or_else(|| merge::base_file(theirs), |base| base.file.clone());
        // Tags and place are not the dump's: they may have changed while its words waited.
        let mut theirs = theirs.clone();
        if let Some(base) = bases.get(&theirs.id) {
            theirs.tags.clone_from(&base.tags);
            theirs.order = base.order;
        }
        match merge::resolve(bases.get(&theirs.id), ours, &text, &theirs, resolution) {
            Some((text, remembered)) => {
                change.write(&ours.file, input.like(text));
                change.write(base, remembered);
                // What the publisher said before: earlier captures say so.
                if let Some(base) = bases.get(&theirs.id) {
                    let words = words_sha256(base);
                    if words != words_sha256(&theirs) {
                        change.write(revision_file(base, &words), print_entry(base));
                    }
                }
                change.remove(file);
                settled += 1;
            }
            None => problems.push(
                Diagnostic::error(&ours.file, 0, "its front matter cannot be changed")
                    .hint("mend it; `archive build` says what is wrong"),
            ),
        }
    }
    tell_all(&problems);
    if count == 0 {
        say("nothing waits to be settled");
        return Ok(End::Done);
    }
    if resolution.is_none() {
        tell(format!(
            "{}: say --mine or --theirs, for all or for those you name",
            counted(count, "contradiction", "contradictions")
        ));
        return Ok(End::Problems);
    }
    writer.write(change, &inputs)?;
    if command.dry_run {
        say(DRY_RUN);
    } else {
        say(format!("settled {}", counted(settled, "contradiction", "contradictions")));
        say("next: archive status, then archive build");
    }
    Ok(if problems.is_empty() { End::Done } else { End::Problems })
}

/// What a person has signed in an entry that a dump's words would undo.
fn signed(ours: &Entry) -> Option<&'static str> {
    if voices::has_redaction(ours) {
        Some("a redaction")
    } else {
        (!ours.accepted.is_empty()).then_some("a correction that was accepted")
    }
}

/// Shows what the dump changed, and what the file holds.
fn show(theirs: &Entry, base: Option<&Entry>, entries: &[Entry]) {
    let ours = entries.iter().find(|entry| entry.id == theirs.id);
    say(format!("{}: {}", theirs.id, ours.map_or("no file", |ours| ours.file.as_str())));
    let Some(base) = base else { return };
    let sides =
        [("the dump changed", Some(theirs)), ("the file differs from the last import", ours)];
    for (what, side) in sides {
        let Some(side) = side else { continue };
        say(format!("  {what}:"));
        // Only what the publisher says can contradict: dates, titles, words.
        let plain = |entry: &Entry| {
            let entry = Entry { tags: Vec::new(), order: 0, source: None, ..entry.clone() };
            print_entry(&entry)
        };
        for line in diff::unified(&plain(base), &plain(side)).lines() {
            say(format!("    {line}"));
        }
    }
}

/// Reads what waits to be settled, sorted by id.
pub(super) fn waiting(root: &Path) -> Result<Vec<Entry>, Stop> {
    let mut list = Vec::new();
    for path in fs::walk(&root.join(CONFLICTS))? {
        let name = fs::relative(root, &path);
        let Ok(text) = fs::text_of(&name, fs::read(&path)?) else { continue };
        // The story is that of the entry; here it is not asked for.
        let Some(story) = Slug::from_words("x", 1) else { continue };
        if let (Some(entry), _) = content::parse_entry(&name, story, &text) {
            list.push(entry);
        }
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(list)
}
