//! `COinS` (`ContextObjects` in Spans): what Zotero reads of the entries of a page.
//!
//! What Zotero makes of each field was tried on Zotero's own translators; the tests hold the rules.
//! A person stands in `rft.au`, an organisation in `rft.aucorp`, else its name is turned about and
//! shortened. `rft.subject` is the only way by which tags arrive.

use super::{Name, Record, moment};

/// What every one begins with: its version, the format (Dublin Core), the kind of the item.
const HEAD: &str =
    "ctx_ver=Z39.88-2004&rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Adc&rft.type=blogPost";

/// Returns the text of the `title` attribute of a `COinS` span, which still has to be escaped.
pub fn coins(record: &Record) -> String {
    let mut out = String::with_capacity(400);
    out.push_str(HEAD);
    let mut add = |key: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(key);
            encode(&mut out, value);
        }
    };
    add("&rft.title=", &record.title);
    add("&rft.source=", &record.story);
    add("&rft.publisher=", &record.publisher);
    for author in &record.authors {
        match author {
            Name::Person { .. } => add("&rft.au=", &author.inverted()),
            Name::Whole { name, .. } => add("&rft.aucorp=", name),
        }
    }
    add("&rft.date=", &moment::bare(&record.when));
    for tag in &record.tags {
        add("&rft.subject=", tag);
    }
    add("&rft.language=", &record.language);
    add("&rft.identifier=", record.url());
    out
}

/// Writes a value as the queries of web addresses have it (URL, `application/x-www-form-urlencoded`).
fn encode(out: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => super::percent(out, byte),
        }
    }
}
