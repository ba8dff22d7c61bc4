//! What describes a bag: `bag-info.txt`, the RO-Crate 1.1, and the Data Package of the table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{TABLE, Told, total};
use crate::datapackage::{self, Form, Shape, Table, is_address};
use crate::date::DateBasis;
use crate::entry::Entry;
use crate::fixity::Sums;
use crate::record;
use crate::table::{COLUMNS, Column, Kind};

/// The file of the Data Package.
pub(super) const PACKAGE: &str = "datapackage.json";
/// The file of the RO-Crate.
pub(super) const CRATE: &str = "ro-crate-metadata.json";

/// Returns the lines of `bag-info.txt`.
pub(super) fn bag_info(told: &Told<'_>) -> String {
    let Told { site, order, files, .. } = told;
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        // A value stands on one line.
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            let _ = writeln!(text, "{label}: {value}");
        }
    };
    line("Title", &site.title);
    line("Source-Organization", &site.curator);
    line("External-Description", &site.description);
    line("External-Identifier", &site.base_url);
    line("Rights", &site.rights);
    line("Bagging-Date", &order.date);
    line("Payload-Oxum", &format!("{}.{}", total(files), files.len()));
    line("Bag-Software-Agent", &format!("archive {}", order.program));
    text
}

/// Returns the Data Package of the table.
pub(super) fn data_package(told: &Told<'_>) -> Value {
    let sums = told.files.get(TABLE);
    let fields = COLUMNS
        .iter()
        .map(|column| datapackage::field(column.name, column.meaning, shape(column), Form::Csv));
    let table = Table {
        name: "entries",
        path: TABLE,
        title: "The entries",
        description: "One row an entry, in the order of stories. Lists are parted by \"; \"; a ; or \\ within has a \\ before it. A cell that a spreadsheet would run as a formula has a ' before it.",
        form: Form::Csv,
        bytes: sums.map_or(0, |sums| sums.bytes),
        sha256: sums.map_or("", |sums| sums.sha256.as_str()),
        fields: fields.collect(),
    };
    datapackage::package(told.site, &[datapackage::resource(&table)])
}

/// What the cells of a column can hold.
fn shape(column: &Column) -> Shape {
    match column.kind {
        Kind::Number => Shape::Count,
        Kind::Flag => Shape::Flag,
        Kind::Basis => Shape::OneOf(DateBasis::NAMES),
        Kind::Clock => Shape::Like(datapackage::CLOCK),
        Kind::Name if matches!(column.name, "id" | "file" | "url") => Shape::Unique,
        Kind::Name => Shape::Name,
        Kind::Text | Kind::List | Kind::Date => Shape::Text,
    }
}

/// Returns the RO-Crate of the payload.
pub(super) fn crate_metadata(told: &Told<'_>) -> Value {
    let Told { site, content, order, files } = told;
    let mut graph = Vec::new();
    let mut parts: BTreeSet<String> = BTreeSet::new();
    let mut actions = Vec::new();
    let mut programs: BTreeSet<&str> = BTreeSet::from([order.program.as_str()]);
    let mut shown: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in content.entries.iter().filter(|entry| entry.withdrawn.is_none()) {
        let dump = entry.source.as_ref().map_or("", |source| source.dump.as_str());
        shown.entry(dump).or_default().push(entry);
    }
    for record in &content.records {
        let mut of = format!("{}/{}", record::FOLDER, record.dump);
        if let Some(sums) = files.get(&of) {
            let mut dump = file(&of, sums, &record.dump, media_type(&record.dump));
            if is_address(&record.url) {
                dump["isBasedOn"] = json!({ "@id": record.url });
                graph.push(json!({ "@id": record.url, "@type": "WebPage", "name": record.url }));
            }
            if !record.captured.is_empty() {
                dump["dateCreated"] = json!(record.captured);
            }
            graph.push(dump);
            parts.insert(of.clone());
        } else {
            // A sealed dump is described by its record alone.
            of.push_str(record::EXTENSION);
            if let Some(sums) = files.get(&of) {
                let name = format!("What is remembered of {}, which is sealed", record.dump);
                graph.push(file(&of, sums, &name, "application/toml"));
                parts.insert(of.clone());
            }
        }
        let made = shown.get(record.dump.as_str()).map(Vec::as_slice).unwrap_or_default();
        let results: Vec<Value> = made.iter().map(|entry| reference(&entry.file)).collect();
        let mut action = json!({
            "@id": format!("#import-{}", encoded(&record.dump)),
            "@type": "CreateAction",
            "name": format!("Import of {}", record.dump),
            "endTime": record.imported,
            "instrument": { "@id": program_id(&record.program) },
            "object": [reference(&of)],
            "result": results,
        });
        if !site.curator.is_empty() {
            action["agent"] = json!({ "@id": "#curator" });
        }
        actions.push(json!({ "@id": action["@id"] }));
        programs.insert(&record.program);
        graph.push(action);
    }
    for entry in shown.values().flatten() {
        if let Some(sums) = files.get(&entry.file) {
            let mut entity = file(&entry.file, sums, &entry.title, "text/markdown");
            entity["identifier"] = json!(entry.id.as_str());
            graph.push(entity);
            parts.insert(entry.file.clone());
        }
    }
    for (name, title, kind) in [
        (TABLE, "The entries as a table", "text/csv"),
        (PACKAGE, "The description of the table", "application/json"),
    ] {
        if let Some(sums) = files.get(name) {
            graph.push(file(name, sums, title, kind));
            parts.insert(name.to_string());
        }
    }
    graph.push(json!({ "@id": "site/", "@type": "Dataset", "name": "The site: open site/index.html in a browser" }));
    for program in programs {
        graph.push(json!({
            "@id": program_id(program), "@type": "SoftwareApplication", "name": "archive",
            "softwareVersion": program,
        }));
    }
    let mut has_part: Vec<Value> = parts.iter().map(|path| reference(path)).collect();
    has_part.push(json!({ "@id": "site/" }));
    let mut head = root(told);
    head[1]["hasPart"] = Value::Array(has_part);
    head[1]["mentions"] = Value::Array(actions);
    head.append(&mut graph);
    let mut seen = BTreeSet::new();
    // Two captures of one page are based on the same page.
    head.retain(|entity| seen.insert(entity["@id"].to_string()));
    json!({
        "@context": ["https://w3id.org/ro/crate/1.1/context", { "sha256": "https://schema.org/sha256" }],
        "@graph": head,
    })
}

/// The entities that every crate has: the file itself, the root, the curator, the rights.
fn root(told: &Told<'_>) -> Vec<Value> {
    let Told { site, order, content, .. } = told;
    let count = content.entries.len();
    let description = match site.description.as_str() {
        "" => format!(
            "An archive of {count} entries of live blogs, with the dumps that they come from"
        ),
        text => text.to_string(),
    };
    let mut root = json!({
        "@id": "./", "@type": "Dataset", "name": site.title, "description": description,
        "datePublished": order.date, "inLanguage": site.language,
    });
    let mut entities = Vec::new();
    if is_address(&site.rights) {
        root["license"] = json!({ "@id": site.rights });
        entities.push(json!({ "@id": site.rights, "@type": "CreativeWork", "name": site.rights }));
    } else {
        let words = if site.rights.is_empty() { "No rights are stated" } else { &site.rights };
        root["license"] = json!({ "@id": "#rights" });
        entities.push(json!({ "@id": "#rights", "@type": "CreativeWork", "name": "Rights", "description": words }));
    }
    if !site.curator.is_empty() {
        root["author"] = json!({ "@id": "#curator" });
        entities.push(json!({ "@id": "#curator", "@type": "Organization", "name": site.curator }));
    }
    if !site.base_url.is_empty() {
        root["url"] = json!(site.base_url);
    }
    let descriptor = json!({
        "@id": CRATE, "@type": "CreativeWork", "about": { "@id": "./" },
        "conformsTo": { "@id": "https://w3id.org/ro/crate/1.1" },
    });
    let mut list = vec![descriptor, root];
    list.append(&mut entities);
    list
}

fn file(path: &str, sums: &Sums, name: &str, media_type: &str) -> Value {
    json!({
        "@id": encoded(path), "@type": "File", "name": name, "encodingFormat": media_type,
        "contentSize": sums.bytes.to_string(), "sha256": sums.sha256,
    })
}

fn reference(path: &str) -> Value {
    json!({ "@id": encoded(path) })
}

fn program_id(version: &str) -> String {
    format!("#archive-{}", encoded(version))
}

/// A path as an address: everything but plain letters, digits and a few signs is percent-encoded.
fn encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The media type of a dump, by its name.
fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
    match extension.as_str() {
        "txt" | "text" => "text/plain",
        "md" => "text/markdown",
        "html" | "htm" | "xhtml" => "text/html",
        "json" => "application/json",
        "mhtml" | "mht" => "multipart/related",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_addresses() {
        assert_eq!(encoded("dumps/a b%é.txt"), "dumps/a%20b%25%C3%A9.txt");
        assert_eq!(media_type("Page.HTML"), "text/html");
    }
}
