//! The vocabulary for other programs: SKOS, written as Turtle. Pure.
//!
//! A tag's name in the web of data is the address of its page, from `base_url` on; without one the
//! addresses are relative to the root of the site.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::entry::{Slug, Tag};
use crate::paths;
use crate::site::Site;

const HEAD: &str = "@prefix dcterms: <http://purl.org/dc/terms/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n";

/// Returns a vocabulary as Turtle: a concept scheme, and a concept for each tag.
pub fn turtle(tags: &[Tag], site: &Site) -> String {
    let scheme = iri(&format!("{}{}", site.base_url, paths::tags()));
    let concept = |slug: &Slug| iri(&format!("{}{}", site.base_url, paths::tag(slug)));
    let text = |words: &str| literal(words, &site.language);
    let names: BTreeMap<&str, &Tag> = tags.iter().map(|tag| (tag.name.as_str(), tag)).collect();
    let mut out = HEAD.to_string();
    let tops = tags.iter().filter(|tag| tag.broader.is_empty());
    let mut about = vec![("a", "skos:ConceptScheme".to_string())];
    about.push(("dcterms:title", text(&site.title)));
    about.extend(tops.map(|tag| ("skos:hasTopConcept", concept(&tag.slug))));
    write(&mut out, &scheme, &about);
    for tag in tags {
        let mut about = vec![("a", "skos:Concept".to_string())];
        about.push(("skos:inScheme", scheme.clone()));
        if tag.broader.is_empty() {
            about.push(("skos:topConceptOf", scheme.clone()));
        }
        about.push(("skos:prefLabel", text(&tag.name)));
        let labels = tag.labels.iter();
        about.extend(labels.map(|(language, name)| ("skos:prefLabel", literal(name, language))));
        about.extend(tag.synonyms.iter().map(|word| ("skos:altLabel", text(word))));
        if !tag.description.is_empty() {
            about.push(("skos:definition", text(&tag.description)));
        }
        if let Some(above) = names.get(tag.broader.as_str()) {
            about.push(("skos:broader", concept(&above.slug)));
        }
        let narrower = tags.iter().filter(|other| other.broader == tag.name);
        about.extend(narrower.map(|other| ("skos:narrower", concept(&other.slug))));
        let related = tags
            .iter()
            .filter(|other| tag.related.contains(&other.name) || other.related.contains(&tag.name));
        about.extend(related.map(|other| ("skos:related", concept(&other.slug))));
        about.extend(tag.matches.iter().map(|uri| ("skos:exactMatch", iri(uri))));
        about.extend(tag.aliases.iter().map(|slug| ("dcterms:replaces", concept(slug))));
        write(&mut out, &concept(&tag.slug), &about);
    }
    out
}

fn write(out: &mut String, subject: &str, about: &[(&str, String)]) {
    let _ = write!(out, "\n{subject}");
    for (at, (predicate, object)) in about.iter().enumerate() {
        let joint = if at == 0 { "" } else { " ;\n   " };
        let _ = write!(out, "{joint} {predicate} {object}");
    }
    out.push_str(" .\n");
}

/// An address between its brackets.
fn iri(address: &str) -> String {
    let mut text = String::from("<");
    for c in address.chars() {
        if c <= ' ' || "<>\"{}|^`\\".contains(c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(text, "%{byte:02X}");
            }
        } else {
            text.push(c);
        }
    }
    text.push('>');
    text
}

/// Words in their language.
fn literal(words: &str, language: &str) -> String {
    let mut text = String::from("\"");
    for c in words.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            c if c.is_control() => _ = write!(text, "\\u{:04X}", u32::from(c)),
            c => text.push(c),
        }
    }
    text.push('"');
    if !language.is_empty() {
        let _ = write!(text, "@{language}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::parse;

    #[test]
    fn a_vocabulary_is_written_as_concepts() {
        let (tags, problems) = parse(
            "[[tag]]\nname = \"Works\"\n[[tag]]\nname = \"Dam\"\nbroader = \"Works\"\nrelated = [\"Rain\"]\nsynonyms = [\"the \\\"wall\\\"\"]\nlabels = { de = \"Damm\" }\naliases = [\"weir\"]\nmatches = [\"https://vocabulary.example/1\"]\ndescription = \"It\\nholds.\"\n[[tag]]\nname = \"Rain\"\n",
        );
        assert_eq!(problems, []);
        let base_url = "https://archive.example/".to_string();
        let site = Site { title: "Quell".into(), base_url, ..Site::default() };
        let text = turtle(&tags, &site);
        assert_eq!(
            text,
            format!(
                "{HEAD}\n<https://archive.example/tags/index.html> a skos:ConceptScheme ;\n    dcterms:title \"Quell\"@en ;\n    skos:hasTopConcept <https://archive.example/tags/works.html> ;\n    skos:hasTopConcept <https://archive.example/tags/rain.html> .\n\n<https://archive.example/tags/works.html> a skos:Concept ;\n    skos:inScheme <https://archive.example/tags/index.html> ;\n    skos:topConceptOf <https://archive.example/tags/index.html> ;\n    skos:prefLabel \"Works\"@en ;\n    skos:narrower <https://archive.example/tags/dam.html> .\n\n<https://archive.example/tags/dam.html> a skos:Concept ;\n    skos:inScheme <https://archive.example/tags/index.html> ;\n    skos:prefLabel \"Dam\"@en ;\n    skos:prefLabel \"Damm\"@de ;\n    skos:altLabel \"the \\\"wall\\\"\"@en ;\n    skos:definition \"It\\nholds.\"@en ;\n    skos:broader <https://archive.example/tags/works.html> ;\n    skos:related <https://archive.example/tags/rain.html> ;\n    skos:exactMatch <https://vocabulary.example/1> ;\n    dcterms:replaces <https://archive.example/tags/weir.html> .\n\n<https://archive.example/tags/rain.html> a skos:Concept ;\n    skos:inScheme <https://archive.example/tags/index.html> ;\n    skos:topConceptOf <https://archive.example/tags/index.html> ;\n    skos:prefLabel \"Rain\"@en ;\n    skos:related <https://archive.example/tags/dam.html> .\n"
            )
        );
        let relative = turtle(&tags, &Site::default());
        assert!(relative.contains("\n<tags/dam.html> a skos:Concept"), "{relative}");
    }
}
