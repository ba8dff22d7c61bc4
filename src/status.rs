//! The curator's worklist: what of an archive still wants a person. Pure.

use std::collections::BTreeMap;

use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Id, TitleBasis};
use crate::words::Words;
use crate::{markdown, voices};

pub mod undated;

/// A kind of work, and how what needs it is found.
#[derive(Debug)]
pub struct Work {
    /// The name that JSON uses.
    pub name: &'static str,
    /// What the curator can do about it.
    pub advice: &'static str,
    find: fn(&Desk<'_>) -> Vec<Item>,
}

/// Something that wants a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// The file, relative to the archive's root.
    pub file: String,
    /// The line in it; 0 for the whole file.
    pub line: usize,
    /// What was found.
    pub what: String,
}

/// What a worklist is made from.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// Each entry as it was imported.
    pub bases: &'a BTreeMap<Id, Entry>,
    /// The files in which new words wait that an import did not dare to write over a person's.
    pub conflicts: &'a [String],
}

/// Every kind of work, the most pressing first.
pub const WORK: &[Work] = &[
    Work {
        name: "conflicts",
        advice: "`archive resolve` shows both sides, and settles it with --mine or --theirs",
        find: conflicts,
    },
    Work {
        name: "altered",
        advice: "put the publisher's words back, and say what you have to say in an annotation; or, for a correction, `archive accept`",
        find: altered,
    },
    Work {
        name: "notes",
        advice: "quote the words as they stand in the entry now, or take the colon away",
        find: notes,
    },
    Work {
        name: "unread",
        advice: "`archive explain` shows the lines; a format in formats/ can be taught them",
        find: unread,
    },
    Work {
        name: "undated",
        advice: "`archive status --undated` shows what may tell the date, `archive date` sets it",
        find: undated,
    },
    Work {
        name: "untagged",
        advice: "add tags, or words to tags.toml and run `archive tag`",
        find: untagged,
    },
    Work {
        name: "unknown_tags",
        advice: "add them to tags.toml, or use the name that stands there",
        find: unknown_tags,
    },
    Work {
        name: "titles",
        advice: "give a title, in story.md or the entry, and remove `title_basis = \"made\"` if it is there",
        find: titles,
    },
    Work {
        name: "missing",
        advice: "if you find the file, put it into static/ and fill in the link",
        find: missing,
    },
    Work {
        name: "withdrawn",
        advice: "`archive seal DUMP --because \"…\"` says that the dump is given to nobody, if it should not be",
        find: unsealed,
    },
];

impl Work {
    /// Returns everything that needs this work, sorted by file.
    pub fn find(&self, desk: &Desk<'_>) -> Vec<Item> {
        let mut items = (self.find)(desk);
        items.sort();
        items
    }
}

/// Returns every change of the publisher's words that is neither an annotation nor the filling in
/// of something that was missing.
pub fn alterations(archive: &Archive, bases: &BTreeMap<Id, Entry>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for entry in &archive.entries {
        let Some(base) = bases.get(&entry.id) else { continue };
        let changes = voices::alterations(base, entry);
        if changes.is_empty() || voices::is_accepted(entry) {
            continue;
        }
        let hint = format!(
            "put back what {} says, and say what you have to say in a note such as `> [!NOTE]`; or, for a correction: archive accept {} --because \"…\"",
            base.file, entry.id
        );
        for change in changes {
            let what = match change.what {
                "title" => "the title differs from the publisher's",
                "date" => "the date differs from the one that was imported",
                "authors" => "the authors differ from those that were imported",
                _ => "the publisher's words differ from what was imported",
            };
            let line = change.line.map_or(0, |line| entry.body_line + line);
            let message = format!("{what}: {}", voices::in_words(&change.before, &change.after));
            found.push(Diagnostic::warning(&entry.file, line, message).hint(hint.clone()));
        }
    }
    found
}

/// Returns every marginal note whose phrase no longer stands in the publisher's words.
pub fn lost_phrases(archive: &Archive) -> Vec<Diagnostic> {
    let lost = archive.entries.iter().flat_map(|entry| {
        markdown::lost_phrases(&entry.body).into_iter().map(move |lost| (entry, lost))
    });
    lost.map(|(entry, (phrase, line))| {
        let message = format!(
            "the phrase of this note no longer stands in the entry: \u{201c}{phrase}\u{201d}"
        );
        Diagnostic::warning(&entry.file, entry.body_line + line, message)
            .hint("quote the words as they stand in the entry now, or take the colon away")
    })
    .collect()
}

fn item(entry: &Entry, line: usize, what: impl Into<String>) -> Item {
    Item { file: entry.file.clone(), line, what: what.into() }
}

fn conflicts(desk: &Desk<'_>) -> Vec<Item> {
    let file_of = |id: &str| {
        let entry = desk.archive.entries.iter().find(|entry| entry.id.as_str() == id);
        entry.map_or_else(|| id.to_string(), |entry| entry.file.clone())
    };
    desk.conflicts
        .iter()
        .map(|path| {
            let id = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".md");
            Item {
                file: file_of(id),
                line: 0,
                what: format!("the dump says something new: {path}"),
            }
        })
        .collect()
}

fn altered(desk: &Desk<'_>) -> Vec<Item> {
    items(alterations(desk.archive, desk.bases))
}

fn notes(desk: &Desk<'_>) -> Vec<Item> {
    items(lost_phrases(desk.archive))
}

fn items(findings: Vec<Diagnostic>) -> Vec<Item> {
    let item = |found: Diagnostic| Item { file: found.path, line: found.line, what: found.message };
    findings.into_iter().map(item).collect()
}

fn unread(desk: &Desk<'_>) -> Vec<Item> {
    let sources = desk.archive.sources.iter().filter(|group| group.record.lines.unread > 0);
    sources
        .map(|group| Item {
            file: format!("{}/{}", crate::record::FOLDER, group.record.dump),
            line: 0,
            what: format!(
                "{} of {} lines unread",
                group.record.lines.unread, group.record.lines.total
            ),
        })
        .collect()
}

fn undated(desk: &Desk<'_>) -> Vec<Item> {
    let entries = desk.archive.entries.iter().filter(|entry| entry.when.is_unknown());
    entries
        .map(|entry| {
            let clock = entry.clock.map(|clock| format!(", at {}", clock.format("%H:%M")));
            item(entry, 0, format!("{}{}", entry.title, clock.unwrap_or_default()))
        })
        .collect()
}

fn untagged(desk: &Desk<'_>) -> Vec<Item> {
    let entries = desk.archive.entries.iter().filter(|entry| entry.tags.is_empty());
    entries.map(|entry| item(entry, 0, entry.title.as_str())).collect()
}

fn unknown_tags(desk: &Desk<'_>) -> Vec<Item> {
    let unknown = desk.archive.tags.iter().filter(|group| !group.known);
    unknown
        .flat_map(|group| {
            group.entries.iter().map(|ix| {
                item(
                    &desk.archive.entries[*ix],
                    0,
                    format!(
                        "`{}` is not in tags.toml: {}",
                        group.tag.name,
                        crate::view::entries(Words::english(), group.entries.len())
                    ),
                )
            })
        })
        .collect()
}

fn titles(desk: &Desk<'_>) -> Vec<Item> {
    let made = |basis: TitleBasis| basis == TitleBasis::Made;
    let stories = desk.archive.stories.iter().filter(|group| made(group.story.title_basis));
    let mut items: Vec<Item> = stories
        .map(|group| Item {
            file: group.story.file.clone(),
            line: 0,
            what: format!("the story's title was made from a name: {}", group.story.title),
        })
        .collect();
    let entries = desk.archive.entries.iter().filter(|entry| made(entry.title_basis));
    items.extend(entries.map(|entry| {
        item(entry, 0, format!("the title was made from the first words: {}", entry.title))
    }));
    items
}

/// Withdrawn and redacted entries whose words still stand in a dump that is not sealed.
fn unsealed(desk: &Desk<'_>) -> Vec<Item> {
    let archive = desk.archive;
    let redacted = archive.entries.iter().filter(|entry| voices::has_redaction(entry));
    let of = |entry: &Entry, why: &str| {
        let dumps = archive.open_dumps(entry).join(", ");
        (!dumps.is_empty()).then(|| {
            item(
                entry,
                0,
                format!("{why}, and its words stand in dumps that are not sealed: {dumps}"),
            )
        })
    };
    let withdrawn = archive.withdrawn.iter().filter_map(|entry| of(entry, "withdrawn"));
    withdrawn.chain(redacted.filter_map(|entry| of(entry, "redacted"))).collect()
}

fn missing(desk: &Desk<'_>) -> Vec<Item> {
    let entries = desk.archive.entries.iter();
    entries
        .flat_map(|entry| {
            markdown::missing(&entry.body).into_iter().map(|missing| {
                let label =
                    if missing.label.is_empty() { "no description" } else { &missing.label };
                item(entry, entry.body_line + missing.line, format!("{}: {label}", missing.kind))
            })
        })
        .collect()
}
