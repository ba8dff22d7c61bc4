//! Records for reference managers: `BibTeX`, RIS and CSL-JSON, as addresses that hold their file.
//!
//! A file for each format and entry would be a million files; a `data:` address (RFC 2397) is saved
//! by a browser as a file of its own, without a server and without a script.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Cited, Issued, Name, Record, moment};
use crate::date::When;

/// A record as a link that saves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The format, as a reader knows it; empty for plain text.
    pub name: &'static str,
    /// What the file is called.
    pub file: String,
    /// The media type.
    pub kind: &'static str,
    /// What it holds.
    pub text: String,
}

impl File {
    /// Returns the address that holds the file.
    pub fn address(&self) -> String {
        let mut url = String::with_capacity(self.text.len() * 5 / 4 + 64);
        url.push_str("data:");
        url.push_str(self.kind);
        url.push_str(";charset=utf-8,");
        // Runs that stay as they are go over whole: a page of an entry has four such addresses.
        let mut from = 0;
        for (at, c) in self.text.char_indices() {
            if stays(c) {
                continue;
            }
            url.push_str(&self.text[from..at]);
            from = at + c.len_utf8();
            for &byte in self.text[at..from].as_bytes() {
                super::percent(&mut url, byte);
            }
        }
        url.push_str(&self.text[from..]);
        url
    }
}

/// Whether a character may stand in an address as it is: letters of any script are legible so (RFC 3987).
fn stays(c: char) -> bool {
    const MARKS: &[u8] = b"-_.,:;/?@=+*()!$~";
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || MARKS.contains(&(c as u8))
    } else {
        c.is_alphanumeric()
    }
}

/// Returns the records of an entry: for reference managers, and its citations as plain text.
pub fn files(record: &Record, copy: &[Cited], original: &[Cited]) -> Vec<File> {
    let file = |name, ending: &str, kind, text| File {
        name,
        file: format!("{}.{ending}", record.id),
        kind,
        text,
    };
    let lines = |list: &[Cited]| {
        let mut out = String::new();
        for cited in list {
            _ = writeln!(out, "{}: {}", cited.style, cited.text);
        }
        out
    };
    let mut plain = lines(copy);
    if !original.is_empty() {
        plain = format!("The archive's copy\n{plain}\nThe publisher's page\n{}", lines(original));
    }
    vec![
        file("BibTeX", "bib", "application/x-bibtex", bibtex(record)),
        file("RIS", "ris", "application/x-research-info-systems", ris(record)),
        file("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", csl_json(record)),
        // Its name is in the language of the interface.
        file("", "txt", "text/plain", plain),
    ]
}

/// The day on which the address was as it is cited: that of the capture, for a publisher's page.
fn accessed(record: &Record) -> When {
    if record.permalink.is_empty() && !record.page.is_empty() {
        When::parse(&record.captured).unwrap_or(When::Unknown)
    } else {
        When::Unknown
    }
}

/// Returns the record as `BibTeX` (`@online` of biblatex).
pub(super) fn bibtex(record: &Record) -> String {
    let mut out = format!("@online{{{},\n", record.id);
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            _ = writeln!(out, "  {key} = {{{value}}},");
        }
    };
    let authors: Vec<String> = record
        .authors
        .iter()
        .map(|author| match author {
            Name::Person { .. } => tex(&author.inverted()),
            Name::Whole { name, .. } => format!("{{{}}}", tex(name)),
        })
        .collect();
    add("author", authors.join(" and "));
    // A second pair of braces keeps the capitals.
    let kept =
        |text: &str| if text.is_empty() { String::new() } else { format!("{{{}}}", tex(text)) };
    add("title", kept(&record.title));
    add("titleaddon", kept(&record.story));
    let day = |when: &When| when.day().map(|day| day.to_string());
    add("date", day(&record.when).unwrap_or_else(|| record.when.written()));
    add("organization", kept(&record.publisher));
    add("url", braceless(record.url()));
    add("urldate", day(&accessed(record)).unwrap_or_default());
    let tags = record.tags.iter().map(|tag| {
        let tag = tex(tag);
        if tag.contains(',') { format!("{{{tag}}}") } else { tag }
    });
    add("keywords", tags.collect::<Vec<_>>().join(", "));
    add("note", tex(&record.note()));
    out.push_str("}\n");
    out
}

/// An address without the characters that would end a field.
fn braceless(url: &str) -> String {
    url.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C").replace(' ', "%20")
}

/// A text with TeX's own characters set as text. Braces stay paired: readers count them.
fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '%' | '&' | '$' | '#' | '_' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// Returns the record as RIS.
pub(super) fn ris(record: &Record) -> String {
    let mut out = String::from("TY  - BLOG\n");
    let mut add = |key: &str, value: &str| {
        if !value.is_empty() {
            _ = writeln!(out, "{key}  - {value}");
        }
    };
    add("ID", &record.id);
    for author in &record.authors {
        add("AU", &author.inverted());
    }
    add("TI", &record.title);
    add("T2", &record.story);
    add("PB", &record.publisher);
    add("DA", &moment::ris(&record.when));
    let year = match moment::issued(&record.when) {
        Issued::Day(day) => day.format("%Y").to_string(),
        Issued::Month(year, _) | Issued::Year(year) => format!("{year:04}"),
        Issued::Words(_) | Issued::Unknown => String::new(),
    };
    add("PY", &year);
    add("UR", record.url());
    add("Y2", &moment::ris(&accessed(record)));
    for tag in &record.tags {
        add("KW", tag);
    }
    add("LA", &record.language);
    add("DB", &record.archive);
    add("N1", &record.note());
    out.push_str("ER  - \n");
    out
}

/// A date as CSL-JSON has it.
fn csl_date(when: &When) -> Option<Value> {
    use chrono::Datelike as _;
    match moment::issued(when) {
        Issued::Unknown => None,
        Issued::Day(day) => Some(json!({"date-parts": [[day.year(), day.month(), day.day()]]})),
        Issued::Month(year, month) => Some(json!({"date-parts": [[year, month]]})),
        Issued::Year(year) => Some(json!({"date-parts": [[year]]})),
        Issued::Words(words) => Some(json!({"literal": words})),
    }
}

/// Returns the record as CSL-JSON: a list of one item.
pub(super) fn csl_json(record: &Record) -> String {
    let mut item = Map::new();
    let mut add = |key: &str, value: Value| {
        if value != json!("") && value != json!([]) {
            item.insert(key.to_string(), value);
        }
    };
    let author = |name: &Name| match name {
        Name::Person { family, given } if given.is_empty() => json!({"family": family}),
        Name::Person { family, given } => json!({"family": family, "given": given}),
        Name::Whole { name, .. } => json!({"literal": name}),
    };
    add("id", json!(record.id));
    add("type", json!("post-weblog"));
    add("title", json!(record.title));
    add("author", record.authors.iter().map(author).collect());
    add("container-title", json!(record.story));
    add("publisher", json!(record.publisher));
    if let Some(date) = csl_date(&record.when) {
        add("issued", date);
    }
    add("URL", json!(record.url()));
    if let Some(date) = csl_date(&accessed(record)) {
        add("accessed", date);
    }
    add("archive", json!(record.archive));
    add("language", json!(record.language));
    add("keyword", json!(record.tags.join(", ")));
    add("note", json!(record.note()));
    Value::Array(vec![Value::Object(item)]).to_string()
}
