//! `archive export`: what of an archive goes elsewhere; now a story as a book.

use std::path::{Path, PathBuf};

use super::{End, Outcome, Stop, counted, find_root, give_up, say, tell_all};
use crate::build;
use crate::diagnostic::{Diagnostic, nearest};
use crate::{epub, folder, fs, input};

/// Writes a story as a file for others: a book
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A story for an e-reader:\n  archive export epub quell-live\n\nEntries for a spreadsheet: archive table export. The whole archive for a library: archive deposit.\nThe site has its entries as CSV and JSON Lines in data/, and feeds."
)]
pub(super) struct Export {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Epub(Epub),
}

/// Writes a story as a book for e-readers (EPUB 3)
#[derive(Debug, clap::Args)]
#[command(
    after_help = "STORY is the story's folder in content/. The book has a title page, a chapter a day, the key events in its contents, and at the end where every entry comes from and how to cite it. Pictures that are held in static/ go in. The words of entries with a content warning stand on pages of their own.\n\n  archive export epub quell-live\n  archive export epub quell-live --output ~/shelf/quell.epub\n\nA book of the same story is replaced; any other file is left alone, unless --force is given. The same archive gives the same bytes. Exits with 1 if the content has errors; see docs/epub.md."
)]
struct Epub {
    /// The story: its folder in content/
    story: String,
    /// The file to write; STORY.epub in this folder where none is told
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that is no book of this story
    #[arg(long)]
    force: bool,
    /// Print one JSON object instead of words
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Export, root: Option<&Path>) -> Outcome {
    let Command::Epub(command) = &command.command;
    let root = find_root(root)?;
    let inputs = input::read(&root)?;
    let (plan, mut problems) = match build::plan(&inputs, None) {
        Ok(done) => done,
        Err(problems) => return give_up(&problems, "no book was made"),
    };
    let archive = &plan.archive;
    let is_called = |story: &crate::entry::Story| {
        let mut slugs = std::iter::once(&story.slug).chain(&story.aliases);
        slugs.any(|slug| slug.as_str() == command.story)
    };
    let Some(story) = archive.stories.iter().position(|group| is_called(&group.story)) else {
        let names = archive.stories.iter().map(|group| group.story.slug.as_str());
        let hint = match nearest(&command.story, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the stories are: {}", names.collect::<Vec<_>>().join(", ")),
        };
        return Err(Stop(format!("there is no story `{}`\n  hint: {hint}", command.story)));
    };
    let slug = &archive.stories[story].story.slug;
    let named = command.output.clone().unwrap_or_else(|| format!("{slug}.epub").into());
    let place = folder::new_file(&root, &named).map_err(|error| match error {
        folder::Error::Refused(why) => Stop(why),
        folder::Error::Machine(error) => error.into(),
    })?;
    let identifier = epub::identifier(archive, story);
    let there = fs::read_if_there(&place)?;
    let is_foreign = there.is_some_and(|bytes| epub::identifier_of(&bytes) != Some(identifier));
    if is_foreign && !command.force {
        return Err(Stop(format!(
            "{} is there already, and is no book of this story\n  hint: name another file with --output, or replace it with --force",
            place.display()
        )));
    }
    let held: std::collections::BTreeMap<String, PathBuf> = match build::copied(&root) {
        Ok(files) => files.into_iter().map(|(path, file)| (path.to_string(), file)).collect(),
        Err(build::Error::Content(problems)) => return give_up(&problems, "no book was made"),
        Err(build::Error::Machine(why)) => return Err(Stop(why)),
    };
    let mut failure = None;
    let book = epub::book(archive, story, |path| {
        let file = held.get(path)?;
        fs::read(file).map_err(|error| failure = Some(error)).ok()
    });
    if let Some(error) = failure {
        return Err(error.into());
    }
    let book = book.map_err(Stop)?;
    problems.extend(book.left_out.iter().map(|path| {
        let message =
            "this picture is not in the book, expected a JPEG, PNG, GIF or WebP in static/";
        Diagnostic::warning(path.as_str(), 0, message)
    }));
    tell_all(&problems);
    fs::write(&place, &book.bytes)?;
    if command.json {
        say(serde_json::json!({
            "file": place.display().to_string(), "bytes": book.bytes.len(), "entries": book.entries,
            "chapters": book.chapters, "pictures": book.pictures,
        }));
        return Ok(End::Done);
    }
    say(format!(
        "wrote {}: {} in {}, {}, {} bytes",
        named.display(),
        counted(book.entries, "entry", "entries"),
        counted(book.chapters, "chapter", "chapters"),
        counted(book.pictures, "picture", "pictures"),
        book.bytes.len()
    ));
    Ok(End::Done)
}
