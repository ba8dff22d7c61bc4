//! The entries as data: a table, the same as JSON Lines, the Data Package that describes both, and
//! the curator's notes as Web Annotations.

use std::io;

use super::{Desk, Kind, Page, Subject};
use crate::archive::Archive;
use crate::data::{self, COLUMNS};
use crate::datapackage::{self, Form, Table};
use crate::diagnostic::Diagnostic;
use crate::fixity;
use crate::paths::{self, OutPath};

/// The table.
pub const CSV: Kind = Kind { name: "data/entries.csv", plan: plan_csv, write: write_csv };
/// The same, a JSON object a line.
pub const JSON_LINES: Kind =
    Kind { name: "data/entries.jsonl", plan: plan_json_lines, write: write_json_lines };
/// What describes the two.
pub const PACKAGE: Kind =
    Kind { name: "data/datapackage.json", plan: plan_package, write: write_package };

/// What is to be known of both tables.
const ABOUT: &str = "One row an entry, oldest first, undated entries last. What was taken out (redacted) says so, withdrawn entries are not among them, and where content_warning says something, the site shows the words only to who asks for them.";
/// What is to be known of the one for spreadsheets.
const ABOUT_CSV: &str = "Lists are parted by \"; \"; a ; or \\ within has a \\ before it. Annotations are parted by a blank line. A cell that a spreadsheet would run as a formula has a ' before it: the JSON Lines have the words as they are.";

fn plan_csv(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::fixed(CSV.name), Subject::Archive)]
}

fn plan_json_lines(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::fixed(JSON_LINES.name), Subject::Archive)]
}

fn plan_package(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::fixed(PACKAGE.name), Subject::Archive)]
}

fn write_csv(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    bytes(desk.archive, page, Form::Csv)
}

fn write_json_lines(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    bytes(desk.archive, page, Form::JsonLines)
}

fn bytes(archive: &Archive, page: &Page, form: Form) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = Vec::new();
    data::write(archive, form, &mut bytes).map_err(|error| failure(page, &error))?;
    Ok(bytes)
}

fn failure(page: &Page, error: &io::Error) -> Diagnostic {
    Diagnostic::error(page.path.as_str(), 0, format!("cannot write the data: {error}"))
}

/// Made anew, since no page knows another; what is hashed is not held.
fn write_package(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let about_csv = format!("{ABOUT} {ABOUT_CSV}");
    let tables = [
        ("entries", CSV.name, "The entries, for spreadsheets", about_csv.as_str(), Form::Csv),
        ("entries-json", JSON_LINES.name, "The entries, for programs", ABOUT, Form::JsonLines),
    ];
    let mut resources = Vec::new();
    for (name, path, title, description, form) in tables {
        let mut sum = fixity::Sink::default();
        data::write(desk.archive, form, &mut sum).map_err(|error| failure(page, &error))?;
        let (sha256, bytes) = sum.finish();
        let fields = COLUMNS
            .iter()
            .map(|column| datapackage::field(column.name, column.meaning, column.shape, form));
        resources.push(datapackage::resource(&Table {
            name,
            path: path.rsplit('/').next().unwrap_or(path),
            title,
            description,
            form,
            bytes,
            sha256: &sha256,
            fields: fields.collect(),
        }));
    }
    Ok(datapackage::print(&datapackage::package(&desk.archive.site, &resources)))
}
