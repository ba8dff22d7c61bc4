//! A table as a spreadsheet saved it: commas, semicolons or tabs, UTF-8 or the UTF-16 of Excel.

use super::{COLUMNS, Column, cells};
use crate::diagnostic::{Diagnostic, nearest};
use crate::fs;

/// How programs part cells.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// A table that was read.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The columns that it has, each with its place in a row.
    columns: Vec<(&'static Column, usize)>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug)]
pub struct Row {
    /// Its number in the spreadsheet: the names of the columns are row 1.
    pub number: usize,
    cells: Vec<String>,
}

impl Sheet {
    /// Returns a row's cell in a column; `None` where the table or the row does not have it.
    pub(super) fn cell<'a>(&self, row: &'a Row, name: &str) -> Option<&'a str> {
        let (_, place) = self.columns.iter().find(|(column, _)| column.name == name)?;
        row.cells.get(*place).map(String::as_str)
    }

    /// Whether the table has a column.
    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, _)| column.name == name)
    }
}

/// Reads a table.
pub fn read(file: &str, bytes: Vec<u8>) -> (Sheet, Vec<Diagnostic>) {
    let text = match decode(file, bytes) {
        Ok(text) => text,
        Err(problem) => return (Sheet::default(), vec![*problem]),
    };
    // Excel's own way to say how cells are parted.
    let text = match text.split_once('\n') {
        Some((first, rest)) if first.len() == 5 && first.starts_with("sep=") => rest,
        _ => &text,
    };
    let mut best = (Sheet::default(), Vec::new(), 0);
    for delimiter in DELIMITERS {
        let names = names(text, delimiter);
        let (columns, problems) = header(file, &names);
        if columns.len() > best.0.columns.len() {
            best = (Sheet { columns, rows: rows(text, delimiter) }, problems, names.len());
        }
    }
    let (mut sheet, mut problems, width) = best;
    if !sheet.has("id") {
        let message = "no column `id`, expected the names of the columns in the first row";
        let hint = "`archive table export` writes such a table; save it as CSV";
        return (Sheet::default(), vec![Diagnostic::error(file, 1, message).hint(hint)]);
    }
    sheet.rows.retain(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    sheet.rows.retain(|row| {
        // Programs leave empty cells at the end of a row out, or add some.
        let fits = row.cells.iter().skip(width).all(String::is_empty);
        if !fits {
            let message = format!("{} cells, expected {width} as in row 1", row.cells.len());
            let hint = "a cell that holds what parts cells has to stand in quotes";
            problems.push(Diagnostic::error(file, row.number, message).hint(hint));
        }
        fits
    });
    (sheet, problems)
}

/// The text of a file, its line ends made `\n`.
fn decode(file: &str, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    let encoding = match bytes.as_slice() {
        [0xFF, 0xFE, ..] => encoding_rs::UTF_16LE,
        [0xFE, 0xFF, ..] => encoding_rs::UTF_16BE,
        _ => {
            return fs::text_of(file, bytes).map_err(|problem| {
                Box::new(problem.hint("in Excel: Save As, the type `CSV UTF-8`; in LibreOffice: Save As, `Edit filter settings`, the character set UTF-8"))
            });
        }
    };
    let (text, _, damaged) = encoding.decode(&bytes);
    if damaged {
        let finding = Diagnostic::error(file, 0, "not sound UTF-16, expected text in UTF-8");
        return Err(Box::new(finding.hint("save the table again as CSV in UTF-8")));
    }
    Ok(cells::plain_ends(&text))
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

fn names(text: &str, delimiter: u8) -> Vec<String> {
    let first = reader(text, delimiter).records().next().and_then(Result::ok);
    first.map(|row| row.iter().map(|name| name.trim().to_string()).collect()).unwrap_or_default()
}

fn header(file: &str, names: &[String]) -> (Vec<(&'static Column, usize)>, Vec<Diagnostic>) {
    let mut columns: Vec<(&'static Column, usize)> = Vec::new();
    let mut problems = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let Some(column) = COLUMNS.iter().find(|column| column.name == name) else {
            if !name.is_empty() {
                let known = COLUMNS.iter().map(|column| column.name);
                let hint = match nearest(name, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "nothing is made of it".into(),
                };
                let message = format!("unknown column `{name}`");
                problems.push(Diagnostic::warning(file, 1, message).hint(hint));
            }
            continue;
        };
        if columns.iter().any(|(known, _)| known.name == name) {
            let message = format!("a second column `{name}`, expected one");
            problems.push(Diagnostic::error(file, 1, message).hint("remove one of the two"));
        } else {
            columns.push((column, place));
        }
    }
    (columns, problems)
}

fn rows(text: &str, delimiter: u8) -> Vec<Row> {
    let records = reader(text, delimiter).into_records().enumerate().skip(1);
    records
        .filter_map(|(at, record)| {
            let record = record.ok()?;
            let cells = record.iter().map(|cell| cells::unguarded(cell).to_string()).collect();
            Some(Row { number: at + 1, cells })
        })
        .collect()
}
