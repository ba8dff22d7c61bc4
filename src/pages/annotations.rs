//! The curator's notes as Web Annotations (W3C, 2017), in JSON-LD: what each says, whose it is, and
//! which words of which page it speaks of.

use serde_json::{Value, json};

use super::{Desk, Kind, Page, Subject};
use crate::annotation::{Annotation, Quote};
use crate::archive::Archive;
use crate::data;
use crate::date::When;
use crate::diagnostic::Diagnostic;
use crate::fixity::uuid;
use crate::markdown;
use crate::paths::{self, OutPath};

/// The annotations of the whole archive.
pub const ANNOTATIONS: Kind = Kind { name: "data/annotations.jsonld", plan, write };

/// The kind of a content warning.
const WARNING: &str = "warning";

fn plan(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::fixed(ANNOTATIONS.name), Subject::Archive)]
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let archive = desk.archive;
    let address = |to: &OutPath| match archive.site.base_url.as_str() {
        "" => page.path.link(to),
        base => format!("{base}{to}"),
    };
    let mut items = Vec::new();
    for (ix, entry) in archive.entries.iter().enumerate() {
        let source = address(&paths::entry(&entry.id));
        let mut list = data::annotations(archive, ix);
        let warning = &archive.warnings[ix];
        if !warning.is_empty() && list.iter().all(|found| found.kind != WARNING) {
            // What the front matter warns of is the curator's word, too, and goes with the rest.
            let (kind, words) = (WARNING.to_string(), warning.clone());
            list.push(Annotation { kind, words, ..Annotation::default() });
        }
        items.extend(list.into_iter().enumerate().map(|(at, found)| {
            let id = uuid(&format!("annotation {} of entry {}", at + 1, entry.id));
            item(archive, &found, &id, &source)
        }));
    }
    let own = address(&page.path);
    let collection = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": own,
        "type": "AnnotationCollection",
        "label": archive.site.title,
        "total": items.len(),
        "first": {
            "id": format!("{own}#page-1"),
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    });
    Ok(format!("{collection:#}\n").into_bytes())
}

fn item(archive: &Archive, found: &Annotation, id: &str, source: &str) -> Value {
    let label = match markdown::annotation_label(&found.kind) {
        Some(key) => archive.words.say(key),
        None => archive.words.say("note.footnotes"),
    };
    let curator = &archive.site.curator;
    let mut item = json!({
        "id": id,
        "type": "Annotation",
        "label": label,
        "motivation": motivation(&found.kind),
        "body": { "type": "TextualBody", "format": "text/plain", "value": found.words },
        "target": target(found, source),
    });
    let by = if found.by.is_empty() { curator } else { &found.by };
    if !by.is_empty() {
        item["creator"] = json!({ "name": by });
    }
    if let Some(created) = created(&found.date) {
        item["created"] = created;
    }
    item
}

/// Why the note was written, in the words of the vocabulary (Web Annotation Vocabulary, 3.4).
fn motivation(kind: &str) -> &'static str {
    match kind {
        "correction" => "editing",
        WARNING => "moderating",
        "unverified" => "questioning",
        "see-also" => "linking",
        "footnote" => "describing",
        _ => "commenting",
    }
}

/// The entry's page, or the place on it.
fn target(found: &Annotation, source: &str) -> Value {
    match &found.quote {
        Some(Quote { exact, prefix, suffix }) => json!({
            "source": source,
            "selector": {
                "type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix,
            },
        }),
        None if !found.mark.is_empty() => json!({
            "source": source,
            "selector": {
                "type": "FragmentSelector",
                "conformsTo": "http://tools.ietf.org/rfc/rfc3236",
                "value": found.mark,
            },
        }),
        None => json!({ "source": source }),
    }
}

/// When it was signed. `created` is a moment; a day stays a day, and no hour is invented.
fn created(written: &str) -> Option<Value> {
    let kind = match When::parse(written).ok()? {
        When::Exact(_) => return Some(json!(written)),
        When::Day(_) => "xsd:date",
        When::Edtf(_) => "http://id.loc.gov/datatypes/edtf/EDTF",
        When::Unknown => return None,
    };
    Some(json!({ "@type": kind, "@value": written }))
}
