//! The entries as a table for a spreadsheet: what its columns are, how it is written, and what an
//! edited one asks for.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::NaiveTime;

use crate::date::{DateBasis, When};
use crate::entry::{Entry, Slug, Story};
use crate::fixity::sha256;
use crate::paths;
use crate::site::Site;

pub(crate) mod cells;
mod edit;
mod plan;
mod sheet;

pub use edit::apply;
pub use plan::{Edit, Plan, Set, plan, quoted};
pub use sheet::{Row, Sheet, read};

/// What a file begins with so that Excel reads it as UTF-8.
pub const MARK: &str = "\u{feff}";
/// How many characters a cell has in `state`.
const SHORT: usize = 8;

/// A column of the table.
#[derive(Debug)]
pub struct Column {
    /// Its name, in the first row; of one that can be edited also the key in front matter.
    pub name: &'static str,
    /// What stands in it.
    pub meaning: &'static str,
    /// What its cells can hold.
    pub kind: Kind,
    /// Whether an import looks at it.
    pub editable: bool,
    cell: fn(&Line<'_>) -> String,
}

/// What the cells of a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A text that is not empty.
    Name,
    /// Texts, parted by `; `.
    List,
    /// A date, a moment, or EDTF level 1.
    Date,
    /// A [`DateBasis`].
    Basis,
    /// Hours and minutes.
    Clock,
    /// A whole number from 0 up.
    Number,
    /// `yes` or `no`.
    Flag,
}

/// What a cell says.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: the key is taken away.
    Nothing,
    /// A text.
    Text(String),
    /// Texts.
    List(Vec<String>),
    /// A date.
    When(When),
    /// A number.
    Number(u32),
    /// Yes or no.
    Flag(bool),
}

/// An entry with what the table says of it beside.
struct Line<'a> {
    entry: &'a Entry,
    rows: &'a Rows<'a>,
}

const fn editable(
    name: &'static str,
    kind: Kind,
    meaning: &'static str,
    cell: fn(&Line<'_>) -> String,
) -> Column {
    Column { name, meaning, kind, editable: true, cell }
}

const fn shown(
    name: &'static str,
    kind: Kind,
    meaning: &'static str,
    cell: fn(&Line<'_>) -> String,
) -> Column {
    Column { name, meaning, kind, editable: false, cell }
}

/// Every column, in its order. Columns can be added at the end; none is renamed.
pub const COLUMNS: &[Column] = &[
    shown("id", Kind::Name, "the permanent name, by which a row finds its entry", |line| {
        line.entry.id.to_string()
    }),
    shown("story", Kind::Name, "the story's folder", |line| line.entry.story.to_string()),
    shown("file", Kind::Name, "the entry's file", |line| line.entry.file.clone()),
    editable("title", Kind::Name, "the title", |line| line.entry.title.clone()),
    editable(
        "date",
        Kind::Date,
        "when it happened: 2031-04-02, 2031-04-02T05:40:00+01:00 or EDTF level 1; empty: undated",
        |line| line.entry.when.written(),
    ),
    editable(
        "date_basis",
        Kind::Basis,
        "how the date came to be known: stated, relative, inferred or curator",
        |line| line.entry.date_basis.map_or("", DateBasis::name).to_string(),
    ),
    editable("date_because", Kind::Text, "why the curator gave that date", |line| {
        line.entry.date_because.clone()
    }),
    editable("clock", Kind::Clock, "the time of day, where the day is not known", |line| {
        line.entry.clock.map(|clock| clock.format("%H:%M").to_string()).unwrap_or_default()
    }),
    editable("order", Kind::Number, "the place within the story, oldest first", |line| {
        line.entry.order.to_string()
    }),
    editable("tags", Kind::List, "subjects, parted by \"; \"", |line| {
        cells::join(&line.entry.tags)
    }),
    editable("authors", Kind::List, "who wrote it, parted by \"; \"", |line| {
        cells::join(&line.entry.authors)
    }),
    editable("key_event", Kind::Flag, "whether it is a key event: yes or no", |line| {
        yes_or_no(line.entry.key_event).to_string()
    }),
    editable("warnings", Kind::List, "content warnings, parted by \"; \"", |line| {
        cells::join(&line.entry.warnings)
    }),
    shown("aliases", Kind::List, "earlier permanent names, parted by \"; \"", |line| {
        let names: Vec<&str> = line.entry.aliases.iter().map(Slug::as_str).collect();
        cells::join(&names)
    }),
    shown("publisher", Kind::Text, "who published the page", |line| line.publisher().to_string()),
    shown("dump", Kind::Text, "the file in dumps/ that it comes from", |line| {
        line.entry.source.as_ref().map(|source| source.dump.clone()).unwrap_or_default()
    }),
    shown("lines", Kind::Text, "its first and last line in the dump", |line| {
        let lines = line.entry.source.as_ref().map(|source| source.lines);
        lines.map(|(first, last)| format!("{first} to {last}")).unwrap_or_default()
    }),
    shown(
        "url",
        Kind::Name,
        "the page: its address, or its path where there is no base_url",
        |line| format!("{}{}", line.rows.site.base_url, paths::entry(&line.entry.id)),
    ),
    shown(
        "state",
        Kind::Name,
        "a fingerprint of each cell that can be edited, as it was: leave it alone",
        |line| state(&line.rows.editable(line.entry)),
    ),
];

impl Line<'_> {
    fn publisher(&self) -> &str {
        let dump = self.entry.source.as_ref().map(|source| source.dump.as_str());
        dump.and_then(|dump| self.rows.publishers.get(dump).copied()).unwrap_or_default()
    }
}

/// What rows are made from, beside the entries.
#[derive(Debug)]
pub struct Rows<'a> {
    site: &'a Site,
    /// Who published the page of each dump.
    publishers: BTreeMap<&'a str, &'a str>,
}

impl<'a> Rows<'a> {
    /// Prepares the rows of an archive with these stories.
    pub fn new(site: &'a Site, stories: impl IntoIterator<Item = &'a Story>) -> Self {
        let sources = stories.into_iter().flat_map(|story| &story.sources);
        let publishers =
            sources.map(|source| (source.dump.as_str(), source.publisher.as_str())).collect();
        Self { site, publishers }
    }

    /// Returns what stands in a column of an entry's row, without a guard against spreadsheets.
    fn cell(&self, column: &Column, entry: &Entry) -> String {
        (column.cell)(&Line { entry, rows: self })
    }

    /// Returns the cells of an entry that can be edited.
    fn editable(&self, entry: &Entry) -> Vec<String> {
        let columns = COLUMNS.iter().filter(|column| column.editable);
        columns.map(|column| self.cell(column, entry)).collect()
    }

    /// Writes the table of entries as CSV: comma, UTF-8, the names of the columns in the first row.
    pub fn write<'e>(
        &self,
        out: impl Write,
        entries: impl IntoIterator<Item = &'e Entry>,
    ) -> std::io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(COLUMNS.iter().map(|column| column.name))?;
        for entry in entries {
            let row = COLUMNS.iter().map(|column| cells::guarded(&self.cell(column, entry)));
            writer.write_record(row)?;
        }
        writer.flush()
    }
}

/// Returns entries in the order of the table: by story, place in it, and id.
pub fn in_order(entries: &[Entry]) -> Vec<&Entry> {
    let mut list: Vec<&Entry> = entries.iter().collect();
    list.sort_by(|a, b| (&a.story, a.order, &a.id).cmp(&(&b.story, b.order, &b.id)));
    list
}

/// Returns the fingerprints of cells, parted by dots.
fn state(cells: &[String]) -> String {
    let prints: Vec<String> = cells.iter().map(|cell| fingerprint(cell)).collect();
    prints.join(".")
}

fn fingerprint(cell: &str) -> String {
    let mut hash = sha256(cells::plain_ends(cell).as_bytes());
    hash.truncate(SHORT);
    hash
}

fn yes_or_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

impl Kind {
    /// Reads a cell.
    ///
    /// # Errors
    /// What was read and what was expected.
    pub fn parse(self, cell: &str) -> Result<Value, String> {
        let word = cell.trim();
        match self {
            Self::Name if word.is_empty() => Err("the cell is empty, expected a text".into()),
            Self::Text | Self::Date | Self::Basis | Self::Clock if word.is_empty() => {
                Ok(Value::Nothing)
            }
            Self::Text | Self::Name => Ok(Value::Text(cells::plain_ends(cell))),
            Self::List => Ok(Value::List(cells::split(&cells::plain_ends(cell)))),
            Self::Date => When::parse(word).map(Value::When),
            Self::Basis => {
                let basis = DateBasis::from_name(&word.to_lowercase());
                basis.map(|basis| Value::Text(basis.name().into())).ok_or_else(|| {
                    format!("`{word}`, expected stated, relative, inferred or curator")
                })
            }
            Self::Clock => clock(word).map(Value::Text),
            Self::Number if word.is_empty() => {
                Err("the cell is empty, expected a whole number from 0 up".into())
            }
            Self::Number => word
                .parse()
                .map(Value::Number)
                .map_err(|_| format!("`{word}`, expected a whole number from 0 up")),
            Self::Flag => match word.to_lowercase().as_str() {
                "yes" | "true" | "1" => Ok(Value::Flag(true)),
                "no" | "false" | "0" | "" => Ok(Value::Flag(false)),
                _ => Err(format!("`{word}`, expected yes or no")),
            },
        }
    }
}

/// Reads a time as the spreadsheets write it, `5:40` and `05:40:00` too.
fn clock(word: &str) -> Result<String, String> {
    let time = NaiveTime::parse_from_str(word, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(word, "%H:%M:00"));
    time.map(|time| time.format("%H:%M").to_string())
        .map_err(|_| format!("the time `{word}`, expected hours and minutes such as 05:40"))
}

impl Value {
    /// Returns the cell that says it.
    fn cell(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::List(items) => cells::join(items),
            Self::When(when) => when.written(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => yes_or_no(*flag).to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
