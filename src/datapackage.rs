//! Data Packages (<https://specs.frictionlessdata.io>, version 1): what tells other programs what
//! stands in a table. Pure.

use serde_json::{Value, json};

use crate::entry::Slug;
use crate::site::Site;

/// Hours and minutes, as a pattern for [`Shape::Like`].
pub const CLOCK: &str = "[0-2][0-9]:[0-5][0-9]";

/// What the cells of a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text, which may be empty.
    Text,
    /// A text that is not empty.
    Name,
    /// A text that is not empty and that no other row has.
    Unique,
    /// Texts.
    List,
    /// Things of several parts.
    Objects,
    /// One of these words, or nothing.
    OneOf(&'static [&'static str]),
    /// A text of this form (XML Schema regular expression), or nothing.
    Like(&'static str),
    /// A day of the calendar, or nothing.
    Day,
    /// A whole number from 0 up, or nothing.
    Number,
    /// A whole number from 0 up.
    Count,
    /// Yes or no.
    Flag,
}

/// How the rows of a table are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values.
    Csv,
    /// JSON Lines, a row an object.
    JsonLines,
}

/// Returns a column as Table Schema describes it.
pub fn field(name: &str, meaning: &str, shape: Shape, form: Form) -> Value {
    let mut field = json!({ "name": name, "description": meaning, "type": "string" });
    let mut set = |key: &str, value: Value| field[key] = value;
    match shape {
        Shape::Name => set("constraints", json!({ "required": true })),
        Shape::Unique => set("constraints", json!({ "required": true, "unique": true })),
        Shape::List | Shape::Objects if form == Form::JsonLines => set("type", json!("array")),
        Shape::Text | Shape::List | Shape::Objects => {}
        Shape::OneOf(words) => set("constraints", json!({ "enum": words })),
        Shape::Like(pattern) => set("constraints", json!({ "pattern": pattern })),
        Shape::Day => set("type", json!("date")),
        Shape::Number | Shape::Count => {
            set("type", json!("integer"));
            let required = shape == Shape::Count;
            set("constraints", json!({ "required": required, "minimum": 0 }));
        }
        Shape::Flag => {
            set("type", json!("boolean"));
            if form == Form::Csv {
                set("trueValues", json!(["yes"]));
                set("falseValues", json!(["no"]));
            }
            set("constraints", json!({ "required": true }));
        }
    }
    field
}

/// A table of a package.
#[derive(Debug)]
pub struct Table<'a> {
    /// Its name in the package.
    pub name: &'a str,
    /// Its file, from the package's own folder on.
    pub path: &'a str,
    /// Its title.
    pub title: &'a str,
    /// What stands in it, and how.
    pub description: &'a str,
    /// How it is written.
    pub form: Form,
    /// The size of the file.
    pub bytes: u64,
    /// The SHA-256 of the file.
    pub sha256: &'a str,
    /// Its columns, as [`field`] makes them.
    pub fields: Vec<Value>,
}

/// Returns a table as a Data Resource; its rows are told apart by the column `id`.
pub fn resource(table: &Table<'_>) -> Value {
    let (profile, format, media_type) = match table.form {
        Form::Csv => ("tabular-data-resource", "csv", "text/csv"),
        Form::JsonLines => ("data-resource", "jsonl", "application/jsonl"),
    };
    json!({
        "name": table.name,
        "path": table.path,
        "profile": profile,
        "title": table.title,
        "description": table.description,
        "format": format,
        "mediatype": media_type,
        "encoding": "utf-8",
        "bytes": table.bytes,
        "hash": format!("sha256:{}", table.sha256),
        "schema": { "fields": table.fields, "primaryKey": "id", "missingValues": [""] },
    })
}

/// Returns the Data Package of an archive that holds these resources.
pub fn package(site: &Site, resources: &[Value]) -> Value {
    let name = Slug::from_words(&site.title, Slug::LONGEST);
    let tabular = resources.iter().all(|resource| resource["profile"] == "tabular-data-resource");
    let mut package = json!({
        "profile": if tabular { "tabular-data-package" } else { "data-package" },
        "name": name.map_or_else(|| "archive".into(), |name| name.to_string()),
        "title": site.title,
        "resources": resources,
    });
    let mut set = |key: &str, value: Value| package[key] = value;
    if !site.description.is_empty() {
        set("description", json!(site.description));
    }
    if !site.base_url.is_empty() {
        set("homepage", json!(site.base_url));
    }
    if !site.curator.is_empty() {
        set("contributors", json!([{ "title": site.curator, "role": "author" }]));
    }
    if is_address(&site.rights) {
        set("licenses", json!([{ "path": site.rights }]));
    } else if !site.rights.is_empty() {
        set("rights", json!(site.rights));
    }
    package
}

/// Writes a description as a file holds it.
pub fn print(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

/// Whether what the settings say of rights is the address of a licence.
pub fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(char::is_whitespace)
}
