//! The entries as data, for whoever counts and compares them: the columns, once for CSV and once for
//! JSON Lines. Pure.
//!
//! What stands here is what the site shows, in the order of [`Archive::entries`]: redactions stay
//! taken out, withdrawn entries are not among it, and what is covered has its warning beside it.

use std::io::{self, Write};

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use crate::annotation::{self, Annotation};
use crate::archive::{Archive, EntryIx, SourceGroup};
use crate::datapackage::{CLOCK, Form, Shape};
use crate::date::{DateBasis, When};
use crate::entry::{Entry, Slug};
use crate::markdown;
use crate::paths;
use crate::table::cells;
use crate::{view, voices};

/// How many rows are made side by side and then written: they are all that is held.
const CHUNK: usize = 2048;

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What stands in it.
    pub meaning: &'static str,
    /// What its cells can hold.
    pub shape: Shape,
    cell: fn(&Row<'_>) -> Cell,
}

/// An entry, and what several columns ask of it.
struct Row<'a> {
    archive: &'a Archive,
    ix: EntryIx,
    entry: &'a Entry,
    source: Option<&'a SourceGroup>,
}

/// What stands in a column of a row.
#[derive(Debug, PartialEq)]
enum Cell {
    Nothing,
    Text(String),
    List(Vec<String>),
    Notes(Vec<Note>),
    Number(usize),
    Flag(bool),
}

/// Something that the curator says, as an object of JSON.
#[derive(Debug, PartialEq, Serialize)]
struct Note {
    /// What kind of annotation it is; nothing for the reason of a correction.
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    words: String,
    by: Option<String>,
    date: Option<String>,
    /// The words of the publisher's that it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<String>,
}

const fn column(
    name: &'static str,
    shape: Shape,
    meaning: &'static str,
    cell: fn(&Row<'_>) -> Cell,
) -> Column {
    Column { name, meaning, shape, cell }
}

/// Every column, in its order. Columns can be added at the end; none is renamed.
pub const COLUMNS: &[Column] = &[
    column("id", Shape::Unique, "the permanent name", |row| text(row.entry.id.as_str())),
    column("permalink", Shape::Unique, "the entry's page, from the root of the site on", |row| {
        text(paths::entry(&row.entry.id).as_str())
    }),
    column("aliases", Shape::List, "earlier permanent names", |row| {
        Cell::List(row.entry.aliases.iter().map(Slug::to_string).collect())
    }),
    column("story", Shape::Name, "the permanent name of the story", |row| {
        text(row.entry.story.as_str())
    }),
    column("story_title", Shape::Name, "the title of the story", |row| {
        text(&row.archive.story_of(row.ix).story.title)
    }),
    column(
        "title",
        Shape::Name,
        "the title; [redacted: reason] where words were taken out",
        |row| text(&row.archive.title(row.ix)),
    ),
    column(
        "title_basis",
        Shape::OneOf(&["stated", "made"]),
        "stated by the publisher, or made by the program of the first words",
        |row| text(row.archive.title_basis(row.ix).name()),
    ),
    column(
        "date",
        Shape::Text,
        "when it happened, as precisely as that is known: a moment (RFC 3339), a day, or EDTF level 1 (ISO 8601-2); nothing: not known",
        |row| text(&row.entry.when.written()),
    ),
    column(
        "date_basis",
        Shape::OneOf(DateBasis::NAMES),
        "how the date came to be known: stated in the dump, counted from the capture (relative), inferred by the program, or given by the curator",
        |row| text(row.entry.date_basis.map_or("", DateBasis::name)),
    ),
    column("date_because", Shape::Text, "the curator's reason for the date", |row| {
        text(row.entry.date_because.trim())
    }),
    column(
        "day",
        Shape::Day,
        "the day, where it is one certain day, in the entry's own zone",
        |row| row.entry.when.day().map_or(Cell::Nothing, |day| text(&day.to_string())),
    ),
    column(
        "time",
        Shape::Like(CLOCK),
        "the time of day in the entry's own zone; it may be known where the day is not",
        |row| {
            let time = row.entry.when.time().or(row.entry.clock);
            time.map_or(Cell::Nothing, |time| text(&time.format("%H:%M").to_string()))
        },
    ),
    column(
        "zone",
        Shape::Like("UTC[+-][0-9]{2}:[0-9]{2}"),
        "the offset of that time from UTC",
        |row| match &row.entry.when {
            When::Exact(moment) => text(&moment.format("UTC%:z").to_string()),
            When::Day(_) | When::Edtf(_) | When::Unknown => Cell::Nothing,
        },
    ),
    column("stated", Shape::Text, "the stamp as it is written in the dump", |row| {
        text(row.entry.source.as_ref().map_or("", |source| &source.stated))
    }),
    column(
        "updated",
        Shape::Text,
        "when the publisher says that it was last changed: as date",
        |row| text(&row.entry.updated.written()),
    ),
    column("tags", Shape::List, "subjects, by the names that the vocabulary prefers", |row| {
        Cell::List(row.entry.tags.clone())
    }),
    column("authors", Shape::List, "who wrote it, as the publisher says", |row| {
        Cell::List(view::authors(row.archive, row.entry))
    }),
    column("key_event", Shape::Flag, "whether the publisher marked it as a key event", |row| {
        Cell::Flag(row.entry.key_event)
    }),
    column(
        "content_warning",
        Shape::Text,
        "what the site covers the words for until a reader asks for them; nothing: they are not covered",
        |row| text(&row.archive.warnings[row.ix]),
    ),
    column(
        "words",
        Shape::Text,
        "the publisher's words as plain text, a block a line; [redacted: reason] where words were taken out",
        |row| {
            let (site, words) = (&row.archive.site, &row.archive.words);
            text(&markdown::shown_words(&row.entry.body, site.raw_html, words))
        },
    ),
    column("language", Shape::Name, "the language of its words (BCP 47)", |row| {
        text(row.archive.language_of(row.ix))
    }),
    column(
        "not_held",
        Shape::List,
        "what the dump mentions and the archive does not hold",
        |row| Cell::List(not_held(row.entry)),
    ),
    column("annotations", Shape::Objects, "the curator's notes on it", |row| {
        Cell::Notes(notes(row.archive, row.ix))
    }),
    column(
        "corrections",
        Shape::Objects,
        "why the curator changed words of the publisher's on purpose",
        |row| Cell::Notes(corrections(row.archive, row.ix)),
    ),
    column(
        "notices",
        Shape::List,
        "what is to be known before the words are read, such as a capture that has the entry no longer",
        |row| {
            let notices = view::notices(row.archive, &paths::home(), row.ix).into_iter();
            Cell::List(notices.map(|notice| notice.name).collect())
        },
    ),
    column(
        "revisions",
        Shape::Count,
        "how often the publisher changed it from one capture to the next",
        |row| Cell::Number(row.archive.history.revisions(row.ix).len()),
    ),
    column("publisher", Shape::Text, "who published the page", |row| {
        text(row.source.map_or("", |group| &group.source.publisher))
    }),
    column("source_url", Shape::Text, "the publisher's page", |row| {
        text(row.source.map_or("", |group| &group.source.url))
    }),
    column("source_title", Shape::Text, "the title of that page", |row| {
        text(row.source.map_or("", |group| &group.source.title))
    }),
    column("captured", Shape::Text, "when the page was saved: as date", |row| {
        text(row.source.map_or("", |group| &group.source.captured))
    }),
    column(
        "dump",
        Shape::Text,
        "the file that it was read from; nothing: the curator wrote the entry",
        |row| text(row.entry.source.as_ref().map_or("", |source| &source.dump)),
    ),
    column("first_line", Shape::Number, "its first line (or node) in the dump, from 1 up", |row| {
        line(row, |lines| lines.0)
    }),
    column("last_line", Shape::Number, "its last line (or node) in the dump", |row| {
        line(row, |lines| lines.1)
    }),
    column(
        "sha256",
        Shape::Like("[0-9a-f]{64}"),
        "SHA-256 of its text as imported: that it has not changed since, not that it was published; nothing where words were taken out",
        |row| {
            let sum = row.entry.source.as_ref().map_or("", |source| &source.sha256);
            // Of a text that is known but for a few words, a hash would tell who guesses them.
            if voices::has_redaction(row.entry) { Cell::Nothing } else { text(sum) }
        },
    ),
    column("dump_sha256", Shape::Like("[0-9a-f]{64}"), "SHA-256 of the dump", |row| {
        text(row.source.map_or("", |group| &group.record.sha256))
    }),
    column("dumps", Shape::List, "every dump that holds it, by name", |row| {
        let dumps = row.archive.dumps_with(row.entry).into_iter();
        Cell::List(dumps.map(str::to_string).collect())
    }),
];

fn text(words: &str) -> Cell {
    if words.is_empty() { Cell::Nothing } else { Cell::Text(words.to_string()) }
}

fn line(row: &Row<'_>, which: fn((usize, usize)) -> usize) -> Cell {
    let lines = row.entry.source.as_ref().map(|source| source.lines);
    lines.filter(|lines| *lines != (0, 0)).map_or(Cell::Nothing, |lines| Cell::Number(which(lines)))
}

fn not_held(entry: &Entry) -> Vec<String> {
    if !entry.body.contains(markdown::MISSING) {
        return Vec::new();
    }
    let told = |missing: markdown::Missing| match missing.label.as_str() {
        "" => missing.kind,
        label => format!("{}: {label}", missing.kind),
    };
    markdown::missing(&entry.body).into_iter().map(told).collect()
}

/// Returns the curator's annotations of an entry, with the words that they speak of.
pub fn annotations(archive: &Archive, ix: EntryIx) -> Vec<Annotation> {
    if !annotation::may_hold(&archive.entries[ix].body) {
        return Vec::new();
    }
    // As they stand on the entry's own page, for which they were rendered already.
    let page = paths::entry(&archive.entries[ix].id);
    annotation::annotations(&view::body(archive, &page, ix, 1))
}

fn notes(archive: &Archive, ix: EntryIx) -> Vec<Note> {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let list = annotations(archive, ix).into_iter();
    list.map(|found| Note {
        kind: found.kind,
        words: found.words,
        by: some(found.by),
        date: some(found.date),
        quote: found.quote.map(|quote| quote.exact),
    })
    .collect()
}

fn corrections(archive: &Archive, ix: EntryIx) -> Vec<Note> {
    let some = |text: &str| Some(text.to_string()).filter(|text| !text.is_empty());
    let list = view::accepted(archive, ix).iter();
    list.map(|accepted| Note {
        kind: String::new(),
        words: accepted.because.clone(),
        by: some(&accepted.by),
        date: some(&accepted.date.written()),
        quote: None,
    })
    .collect()
}

impl Cell {
    /// Returns the cell of a spreadsheet.
    fn plain(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => cells::guarded(text),
            Self::List(items) => cells::guarded(&cells::join(items)),
            Self::Notes(notes) => {
                let notes: Vec<String> = notes.iter().map(Note::plain).collect();
                cells::guarded(&notes.join("\n\n"))
            }
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => if *flag { "yes" } else { "no" }.to_string(),
        }
    }
}

impl Note {
    /// Returns it as people read it: `note: The words. (A. Okoro, 2031-05-02)`.
    fn plain(&self) -> String {
        let kind = if self.kind.is_empty() { String::new() } else { format!("{}: ", self.kind) };
        let signed: Vec<&str> = self.by.iter().chain(&self.date).map(String::as_str).collect();
        let signed =
            if signed.is_empty() { String::new() } else { format!(" ({})", signed.join(", ")) };
        format!("{kind}{}{signed}", self.words)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => items.serialize(serializer),
            Self::Notes(notes) => notes.serialize(serializer),
            Self::Number(number) => number.serialize(serializer),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(COLUMNS.iter().map(|column| (column.name, (column.cell)(self))))
    }
}

/// Writes all entries as a table: CSV with the names of the columns in the first row, or JSON Lines.
/// UTF-8, lines end with `\n`. No more than a few thousand rows are held at a time.
///
/// # Errors
/// What `out` cannot take.
pub fn write(archive: &Archive, form: Form, mut out: impl Write) -> io::Result<()> {
    if form == Form::Csv {
        let mut writer = csv::Writer::from_writer(&mut out);
        writer.write_record(COLUMNS.iter().map(|column| column.name))?;
        writer.flush()?;
    }
    let all: Vec<EntryIx> = (0..archive.entries.len()).collect();
    for chunk in all.chunks(CHUNK) {
        let rows: Result<Vec<Vec<u8>>, io::Error> =
            chunk.par_iter().map(|ix| line_of(archive, *ix, form)).collect();
        for row in rows? {
            out.write_all(&row)?;
        }
    }
    out.flush()
}

/// One row with its line end.
fn line_of(archive: &Archive, ix: EntryIx, form: Form) -> io::Result<Vec<u8>> {
    let entry = &archive.entries[ix];
    let source = entry.source.as_ref().and_then(|source| archive.source(&source.dump));
    let row = Row { archive, ix, entry, source };
    match form {
        Form::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(COLUMNS.iter().map(|column| (column.cell)(&row).plain()))?;
            writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
        }
        Form::JsonLines => {
            let mut bytes = serde_json::to_vec(&row)?;
            bytes.push(b'\n');
            Ok(bytes)
        }
    }
}
