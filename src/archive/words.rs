//! What lists say of an entry in a few words: how it begins, or what it warns of.

use crate::diagnostic::{Diagnostic, nearest};
use crate::entry::Entry;
use crate::markdown;
use crate::site::Site;

/// How many characters of an entry an excerpt holds.
const EXCERPT: usize = 160;

/// A content warning that `site.toml` does not know: an error.
pub(super) fn unknown_warnings(site: &Site, entries: &[Entry]) -> Vec<Diagnostic> {
    let names = || site.warnings.iter().map(|warning| warning.name.as_str());
    let mut problems = Vec::new();
    for entry in entries {
        for name in entry.warnings.iter().filter(|name| site.warning(name).is_none()) {
            let hint = match nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "known: {}; others go under [[warning]] in site.toml",
                    names().collect::<Vec<_>>().join(", ")
                ),
            };
            let message = format!("the content warning `{name}` is not in site.toml");
            problems.push(Diagnostic::error(&entry.file, 0, message).hint(hint));
        }
    }
    problems
}

/// What an entry warns of: the labels of its warnings, and the first line of `> [!WARNING]`.
pub(super) fn warning(site: &Site, entry: &Entry) -> String {
    let labels = entry.warnings.iter().map(|name| site.warning(name).unwrap_or(name).to_string());
    let note = markdown::warning(&entry.body);
    labels.chain(note).filter(|label| !label.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Returns a warning as a sentence.
pub fn warning_sentence(warning: &str) -> String {
    let end = if warning.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("Content warning: {warning}{end}")
}

/// Returns the first words of a text in the publisher's voice, at most 160 characters.
pub fn excerpt(body: &str) -> String {
    cut(&markdown::shown_text(body).replace('\n', " "), EXCERPT)
}

/// Cuts a text between words, so that it holds at most `most` characters.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let cut = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    let head = &text[..cut];
    let end = head.rfind(' ').unwrap_or(cut);
    format!("{}…", head[..end].trim_end_matches([',', ';', ':', '.', ' ', '-', '–']))
}
