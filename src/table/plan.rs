//! What an edited table asks for, cell by cell, and what of it may be done.
//!
//! Three versions of each cell are compared: what it was at the export (its fingerprint in
//! `state`), what the archive says now, and what the table says.

use std::collections::{BTreeMap, BTreeSet};

use super::{COLUMNS, Column, Kind, Row, Rows, Sheet, Value, cells, fingerprint};
use crate::date::{DateBasis, When};
use crate::diagnostic::{Diagnostic, nearest};
use crate::entry::{Entry, TitleBasis};

/// Columns that say one thing together: none is written where another was changed in the archive.
const DATE: [&str; 3] = ["date", "date_basis", "date_because"];

/// What a table asks for.
#[derive(Debug, Default)]
pub struct Plan {
    /// What is done.
    pub edits: Vec<Edit>,
    /// How many cells are not written because the archive's changed too.
    pub conflicts: usize,
}

/// What a table asks for in one entry.
#[derive(Debug)]
pub struct Edit {
    /// The entry's file.
    pub file: String,
    /// What is set, in the order of the columns.
    pub sets: Vec<Set>,
}

/// One key of an entry that is set.
#[derive(Debug)]
pub struct Set {
    /// The key in front matter.
    pub key: &'static str,
    /// What it says now, as a cell.
    pub old: String,
    /// What it shall say.
    pub value: Value,
}

impl Set {
    /// Returns what the key shall say, as a cell.
    pub fn new_cell(&self) -> String {
        self.value.cell()
    }
}

/// A cell that differs from the archive.
struct Differing {
    column: &'static Column,
    old: String,
    given: String,
    value: Value,
    /// Whether the archive's cell is not what it was at the export.
    stale: bool,
}

/// Compares a table with the entries of an archive. Nothing may be written if a finding is an error.
pub fn plan(
    file: &str,
    sheet: &Sheet,
    entries: &[Entry],
    rows: &Rows<'_>,
) -> (Plan, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let by_id: BTreeMap<&str, &Entry> =
        entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut plan = Plan::default();
    let mut read_only: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut stateless = None;
    for row in &sheet.rows {
        let id = sheet.cell(row, "id").unwrap_or_default().trim();
        if let Some(first) = seen.insert(id, row.number) {
            let message = format!("`id`: `{id}` stands in row {first} too, expected it once");
            problems.push(Diagnostic::error(file, row.number, message).hint("remove one of both"));
            continue;
        }
        let Some(entry) = by_id.get(id) else {
            problems.push(unknown(file, row.number, id, entries));
            continue;
        };
        for column in COLUMNS.iter().filter(|column| !column.editable && column.name != "state") {
            let now = cells::plain_ends(&rows.cell(column, entry));
            if sheet.cell(row, column.name).is_some_and(|cell| cells::plain_ends(cell) != now) {
                read_only.entry(column.name).or_insert((row.number, 0)).1 += 1;
            }
        }
        let was = state(file, sheet, row, &mut problems);
        let differing = differing(file, sheet, row, entry, rows, was.as_ref(), &mut problems);
        if was.is_none() && !differing.is_empty() {
            stateless = stateless.or(Some(row.number));
        }
        let asked = differing.len();
        let date_is_stale = was.as_ref().is_some_and(|was| date_is_stale(entry, rows, was));
        let mut sets = judge(file, row, entry, differing, date_is_stale, &mut problems);
        plan.conflicts += asked - sets.len();
        follow(file, row, entry, &mut sets, &mut problems);
        if !sets.is_empty() {
            plan.edits.push(Edit { file: entry.file.clone(), sets });
        }
    }
    for (name, (first, count)) in read_only {
        let message = format!(
            "`{name}` is read only, and its cells are passed over: {count} differ from the archive, the first in this row"
        );
        problems.push(Diagnostic::warning(file, first, message).hint(advice(name)));
    }
    if let Some(first) = stateless {
        let message = "no `state`, so it cannot be told whether an entry changed since the table was made: its cells are taken as they stand";
        problems.push(Diagnostic::warning(file, first, message).hint("look through the changes before --write; a table of `archive table export` has that column"));
    }
    problems.sort();
    (plan, problems)
}

fn advice(column: &str) -> &'static str {
    match column {
        "story" | "file" => "move the entry's file to another place by hand",
        "aliases" => "change them in the entry's file",
        _ => "export the table again to see what it is now",
    }
}

fn unknown(file: &str, row: usize, id: &str, entries: &[Entry]) -> Diagnostic {
    if id.is_empty() {
        return Diagnostic::error(file, row, "`id` is empty, expected that of an entry")
            .hint("a table cannot make entries; remove the row");
    }
    let finding = Diagnostic::error(file, row, format!("`id`: no entry has the id `{id}`"));
    let renamed = entries.iter().find(|entry| entry.aliases.iter().any(|old| old.as_str() == id));
    match renamed {
        Some(entry) => finding.hint(format!("it is called {} now", entry.id)),
        None => match nearest(id, entries.iter().map(|entry| entry.id.as_str())) {
            Some(near) => {
                finding.hint(format!("did you mean {near}? If it was deleted, remove the row"))
            }
            None => finding.hint("if the entry was deleted, remove the row"),
        },
    }
}

/// The fingerprints that the cells of a row had at the export, by column; `None` where none stand
/// in the row.
fn state<'a>(
    file: &str,
    sheet: &Sheet,
    row: &'a Row,
    problems: &mut Vec<Diagnostic>,
) -> Option<BTreeMap<&'static str, &'a str>> {
    let cell = sheet.cell(row, "state").map(str::trim).filter(|cell| !cell.is_empty())?;
    let columns = COLUMNS.iter().filter(|column| column.editable);
    let prints: Vec<&str> = cell.split('.').collect();
    let fits =
        |print: &&str| print.len() == super::SHORT && print.bytes().all(|b| b.is_ascii_hexdigit());
    if !prints.iter().all(fits) || prints.len() > columns.clone().count() {
        let message = format!("`state`: `{cell}`, expected what the export wrote there");
        problems.push(
            Diagnostic::error(file, row.number, message)
                .hint("copy it from the exported table, or empty the cell"),
        );
    }
    Some(columns.map(|column| column.name).zip(prints).collect())
}

/// The cells of a row that a person changed, and what is wrong with them.
fn differing(
    file: &str,
    sheet: &Sheet,
    row: &Row,
    entry: &Entry,
    rows: &Rows<'_>,
    was: Option<&BTreeMap<&'static str, &str>>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Differing> {
    let mut list = Vec::new();
    for column in COLUMNS.iter().filter(|column| column.editable) {
        let Some(given) = sheet.cell(row, column.name) else { continue };
        let (given, old) = (cells::plain_ends(given), rows.cell(column, entry));
        if given == cells::plain_ends(&old) || is_same_day(column.kind, &entry.when, &given) {
            continue;
        }
        let was = was.and_then(|was| was.get(column.name).copied());
        let untouched = |cell: &str| was.is_some_and(|was| was == fingerprint(cell));
        // The archive has changed, the table has not.
        if untouched(&given) {
            continue;
        }
        let value = match column.kind.parse(&given) {
            Ok(value) => value,
            Err(message) => {
                let finding =
                    Diagnostic::error(file, row.number, format!("`{}`: {message}", column.name));
                problems.push(match column.kind {
                    Kind::Date => finding.hint("spreadsheets rewrite dates as they are usual in a country: make the column one of text before you open or paste"),
                    _ => finding,
                });
                continue;
            }
        };
        // Written another way, but the same.
        let cell = value.cell();
        if cell == cells::plain_ends(&old) || untouched(&cell) {
            continue;
        }
        let stale = was.is_some() && !untouched(&old);
        list.push(Differing { column, old, given, value, stale });
    }
    list
}

/// Whether a cell is the entry's day as a spreadsheet writes it in some country: 02/04/2031.
fn is_same_day(kind: Kind, when: &When, given: &str) -> bool {
    use chrono::Datelike as _;
    let (Kind::Date, When::Day(day)) = (kind, when) else { return false };
    let parts: Vec<&str> = given.trim().split(['/', '.', '-']).collect();
    let [Ok(first), Ok(second), Ok(third)] =
        parts.iter().map(|part| part.parse::<u32>()).collect::<Vec<_>>()[..]
    else {
        return false;
    };
    let year = day.year().unsigned_abs();
    let is_year = |number: u32| number == year || number == year % 100;
    let (month, day) = (day.month(), day.day());
    let pair = |a: u32, b: u32| (a, b) == (day, month) || (a, b) == (month, day);
    (is_year(third) && pair(first, second)) || (first == year && (second, third) == (month, day))
}

/// Whether the archive says another date, or says it otherwise, than at the export.
fn date_is_stale(entry: &Entry, rows: &Rows<'_>, was: &BTreeMap<&'static str, &str>) -> bool {
    COLUMNS.iter().filter(|column| DATE.contains(&column.name)).any(|column| {
        let now = fingerprint(&rows.cell(column, entry));
        was.get(column.name).is_some_and(|was| *was != now)
    })
}

/// Says what is done about the cells that differ: set, or left as a conflict.
fn judge(
    file: &str,
    row: &Row,
    entry: &Entry,
    differing: Vec<Differing>,
    date_is_stale: bool,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Set> {
    let mut sets: Vec<Set> = Vec::new();
    for cell in differing {
        let name = cell.column.name;
        if cell.stale || (date_is_stale && DATE.contains(&name)) {
            let what = if cell.stale { "has" } else { "belongs to a date that has" };
            let (old, given) = (quoted(&cell.old), quoted(&cell.given));
            let message = format!(
                "`{name}` of `{}` {what} changed since the export: {old} in the archive, {given} in the table; the archive's stays",
                entry.id
            );
            problems.push(
                Diagnostic::warning(file, row.number, message).hint(format!(
                    "edit {}, or export again and make the change there",
                    entry.file
                )),
            );
            continue;
        }
        sets.push(Set { key: name, old: cell.old, value: cell.value });
    }
    sets
}

/// Adds what follows from a title or a date that a person gave.
fn follow(
    file: &str,
    row: &Row,
    entry: &Entry,
    sets: &mut Vec<Set>,
    problems: &mut Vec<Diagnostic>,
) {
    let keys: BTreeSet<&str> = sets.iter().map(|set| set.key).collect();
    if keys.contains("title") && entry.title_basis == TitleBasis::Made {
        let old = entry.title_basis.name().to_string();
        sets.push(Set { key: "title_basis", old, value: Value::Nothing });
    }
    let date = sets.iter().find(|set| set.key == "date").map(|set| set.value != Value::Nothing);
    let dated = date.unwrap_or(!entry.when.is_unknown());
    let basis = entry.date_basis.map_or("", DateBasis::name).to_string();
    let given =
        sets.iter().find(|set| set.key == "date_basis").map(|set| set.value != Value::Nothing);
    let value = match (date, given) {
        (Some(true), None) if entry.date_basis != Some(DateBasis::Curator) => {
            Value::Text(DateBasis::Curator.name().into())
        }
        (Some(false), None) if entry.date_basis.is_some() => Value::Nothing,
        (_, Some(true)) if !dated => {
            let message = "`date_basis` without a `date`, expected both or none";
            problems.push(Diagnostic::error(file, row.number, message));
            return;
        }
        _ => return,
    };
    sets.push(Set { key: "date_basis", old: basis, value });
}

/// A cell in a message: in quotes, on a line, not too long.
pub fn quoted(cell: &str) -> String {
    const LONGEST: usize = 60;
    let cell = cell.replace('\n', " ");
    match cell.char_indices().nth(LONGEST) {
        _ if cell.is_empty() => "nothing".into(),
        Some((at, _)) => format!("\"{}…\"", &cell[..at]),
        None => format!("\"{cell}\""),
    }
}
