//! What lists say of an entry in a few words: its title, how it begins, or what it warns of.

use std::borrow::Cow;

use super::{Archive, EntryIx};
use crate::diagnostic::{Diagnostic, nearest};
use crate::entry::{Entry, TitleBasis};
use crate::markdown;
use crate::site::Site;
use crate::words::Words;

/// How many characters of an entry an excerpt holds.
const EXCERPT: usize = 160;

/// How many of them a title that is made of it.
const MADE_TITLE: usize = 60;

impl Archive {
    /// Returns the title of an entry as readers see it: what was taken out is said. One in which
    /// nobody sees anything is made of the first words, as for an entry that has none.
    pub fn title(&self, ix: EntryIx) -> Cow<'_, str> {
        let title = &self.entries[ix].title;
        if markdown::is_unseen(title) {
            Cow::Owned(self.made_title(ix))
        } else {
            markdown::title_words(title, &self.words)
        }
    }

    /// Returns the same as HTML, in which what stands for words taken out is told apart.
    pub fn title_html(&self, ix: EntryIx) -> String {
        let title = &self.entries[ix].title;
        if markdown::is_unseen(title) {
            markdown::escape(&self.made_title(ix))
        } else {
            markdown::title_html(title, &self.words)
        }
    }

    /// Returns whether the publisher gave the title that readers see.
    pub fn title_basis(&self, ix: EntryIx) -> TitleBasis {
        let entry = &self.entries[ix];
        if markdown::is_unseen(&entry.title) { TitleBasis::Made } else { entry.title_basis }
    }

    fn made_title(&self, ix: EntryIx) -> String {
        let made = cut(&self.excerpts[ix], MADE_TITLE);
        if markdown::is_unseen(&made) { self.words.say("entry.untitled").to_string() } else { made }
    }
}

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
pub(super) fn warning(site: &Site, entry: &Entry, words: &Words) -> String {
    let labels = entry.warnings.iter().map(|name| label(site, name, words).to_string());
    let note = markdown::warning(&entry.body, words);
    let all: Vec<String> = labels.chain(note).filter(|label| !label.is_empty()).collect();
    all.join(words.say("list.semicolon"))
}

/// What a warning is called: as `site.toml` says, or else in the language of the interface.
fn label<'a>(site: &'a Site, name: &'a str, words: &'a Words) -> &'a str {
    let label = site.warning(name).unwrap_or(name);
    if site.is_own_label(name, label) {
        return label;
    }
    match name {
        "violence" => words.say("warning.violence"),
        "death" => words.say("warning.death"),
        "injury" => words.say("warning.injury"),
        "abuse" => words.say("warning.abuse"),
        "suicide" => words.say("warning.suicide"),
        "hate" => words.say("warning.hate"),
        "distress" => words.say("warning.distress"),
        _ => label,
    }
}

/// Returns a warning as a sentence.
pub fn warning_sentence(warning: &str, words: &Words) -> String {
    let end = if warning.ends_with(['.', '!', '?', '…', '\u{61f}']) { "" } else { "." };
    words.fill("entry.warning", &[("warning", warning)]) + end
}

/// Returns the first words of a text in the publisher's voice, at most 160 characters.
pub fn excerpt(body: &str, words: &Words) -> String {
    cut(&markdown::shown_text(body, words).replace('\n', " "), EXCERPT)
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
