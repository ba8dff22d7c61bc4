//! `archive join`: two entries that are one post become one.

use std::path::Path;

use super::pick::pick;
use super::writer::Writer;
use super::{End, Outcome, Stop, give_up};
use crate::archive::Archive;
use crate::capture::{BASE, revision_file, words_sha256};
use crate::change::Change;
use crate::content::{self, parse_entry, print_entry};
use crate::diagnostic::any_error;
use crate::entry::{Entry, Slug};
use crate::twins::{self, Side};
use crate::{build, fs, input, merge};

/// Joins two entries that are one post
#[derive(Debug, clap::Args)]
#[command(
    after_help = "KEEP stays. It gets GOES as a witness, its tags, and every annotation that a person wrote there. GOES' file is removed; its address leads to KEEP from then on, and an import of its dump does not bring it back. Where a person changed the publisher's words in GOES, the two are not joined.\n\nA pair to look at first: archive duplicates\nWhat would change:       archive join --dry-run KEEP GOES"
)]
pub(super) struct Join {
    /// The entry that stays: an id, an earlier id or a file
    #[arg(value_name = "KEEP")]
    keep: String,
    /// The entry that goes
    #[arg(value_name = "GOES")]
    goes: String,
    /// Show the change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Join, root: Option<&Path>) -> Outcome {
    let writer = Writer::open(root, command.dry_run)?;
    let root = &writer.root;
    let inputs = input::read(root)?;
    let (content, problems) = content::read(&inputs);
    // The archive shows no withdrawn entries; whoever names one is told why it is not joined.
    let entries = content.entries.clone();
    let (archive, found) = Archive::new(build::site(&inputs).unwrap_or_default(), content);
    let problems: Vec<_> = problems.into_iter().chain(found).collect();
    if any_error(&problems) {
        return give_up(&problems, "nothing was joined");
    }
    let keep = &entries[pick(&entries, &command.keep)?];
    let goes = &entries[pick(&entries, &command.goes)?];
    let file = |entry: &Entry| {
        let input = input::find(&inputs, &entry.file);
        let input = input.ok_or_else(|| Stop(format!("{} is not there any more", entry.file)))?;
        Ok::<_, Stop>((input.text().map_err(|problem| Stop(problem.to_string()))?, input))
    };
    let ((keep_text, keep_input), (goes_text, _)) = (file(keep)?, file(goes)?);
    let base = base(root, goes)?;
    let joined = twins::join(
        Side { entry: keep, text: &keep_text },
        Side { entry: goes, text: &goes_text },
        base.as_ref().map(|(entry, text)| Side { entry, text }),
    );
    let text = match joined {
        Ok(text) => text,
        Err(problem) => return give_up(&[*problem], "nothing was joined"),
    };
    if let Some(waits) =
        [keep, goes].into_iter().find(|entry| root.join(merge::conflict_file(&entry.id)).exists())
    {
        return Err(Stop(format!(
            "words of a dump wait for {}, which are to be settled first\n  hint: archive resolve {}",
            waits.file, waits.id
        )));
    }
    let mut change = Change::new(format!("join {} {}", keep.id, goes.id));
    change.write(&keep.file, keep_input.like(text));
    change.remove(&goes.file);
    if let Some((base, _)) = base
        && of_one_page(&archive, keep, goes)
    {
        // Of one page, what the one says is an earlier or later wording of the other.
        let words = words_sha256(&base);
        let wording = Entry { id: keep.id.clone(), story: keep.story.clone(), ..base };
        change.write(revision_file(&wording, &words), print_entry(&wording));
    }
    let done = format!("joined {} into {}, {}", goes.id, keep.id, keep.file);
    writer.finish(change, &inputs, &done)?;
    Ok(End::Done)
}

/// An entry as it was imported, with the text that remembers it. The curator may have moved its file.
fn base(root: &Path, entry: &Entry) -> Result<Option<(Entry, String)>, Stop> {
    let name = format!("{}.md", entry.id);
    for path in fs::walk(&root.join(BASE))? {
        if path.file_name().is_none_or(|file| file.to_string_lossy() != name) {
            continue;
        }
        let file = fs::relative(root, &path);
        let story = file[BASE.len() + 1..].split('/').next().unwrap_or_default();
        let text =
            fs::text_of(&file, fs::read(&path)?).map_err(|problem| Stop(problem.to_string()))?;
        let story = Slug::parse(story).unwrap_or_else(|_| entry.story.clone());
        if let (Some(base), _) = parse_entry(&file, story, &text) {
            return Ok(Some((base, text)));
        }
    }
    Ok(None)
}

/// Whether captures of one page hold both.
fn of_one_page(archive: &Archive, keep: &Entry, goes: &Entry) -> bool {
    let series = |entry: &Entry| {
        let source = entry.source.as_ref()?;
        archive.history.capture(&source.dump).map(|(_, capture)| capture.series)
    };
    series(keep).is_some() && series(keep) == series(goes)
}
