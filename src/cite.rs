//! What is said of an entry where it is cited: who, what, where, when, in the forms that people and
//! reference managers read. Pure.
//!
//! All of it is made from one [`Record`], which holds only words that readers may see: what was
//! taken out of a title is said to be, and what an entry says under a cover is not in it.
//! Citations and records are in English, whatever the language of the interface: so are the styles.

mod coins;
mod files;
mod moment;
mod name;
mod style;

use std::fmt::Write as _;

use crate::archive::{Archive, EntryIx};
use crate::date::When;
use crate::entry::{Story, TitleBasis};
use crate::markdown;
use crate::paths;
use crate::words::Words;

pub use coins::coins;
pub use files::{File, files};
pub use moment::{Issued, http, iso, version};
pub use name::Name;
pub use style::{Cited, Work, cited};

/// All that a citation of an entry can say.
#[derive(Clone, Debug)]
pub struct Record {
    /// The permanent name.
    pub id: String,
    /// The title on one line; in square brackets where the program made it.
    pub title: String,
    /// Who wrote it.
    pub authors: Vec<Name>,
    /// When it appeared.
    pub when: When,
    /// The story: the live page that it stood on; in square brackets where its title was made.
    pub story: String,
    /// Who published it; empty where that is not known.
    pub publisher: String,
    /// The publisher's page; empty where it is not known.
    pub page: String,
    /// When that page was saved.
    pub captured: String,
    /// The archive that keeps it.
    pub archive: String,
    /// Its page in this archive, in full; empty where the archive's address is not known.
    pub permalink: String,
    /// The language of its words (BCP 47).
    pub language: String,
    /// Its subjects.
    pub tags: Vec<String>,
    /// What its words are covered for; empty where they are not.
    pub warning: String,
    /// The dump that it was read from, and its SHA-256; empty for what a curator wrote.
    pub dump: (String, String),
}

/// A text on one line, as a page can hold it.
fn one_line(text: &str) -> String {
    markdown::legal(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title as it is cited: on one line, and in square brackets where the publisher gave none.
fn cited_title(title: &str, basis: TitleBasis) -> String {
    let title = one_line(title);
    if basis == TitleBasis::Made { format!("[{title}]") } else { title }
}

/// Returns the title of an entry as it is cited.
pub fn entry_title(archive: &Archive, ix: EntryIx) -> String {
    cited_title(&archive.title(ix), archive.title_basis(ix))
}

/// Returns the title of a story as it is cited.
pub fn story_title(story: &Story, words: &Words) -> String {
    cited_title(&markdown::title_words(&story.title, words), story.title_basis)
}

/// Returns the authors of an entry, each with what is known of it.
pub fn authors(archive: &Archive, ix: EntryIx) -> Vec<Name> {
    let entry = &archive.entries[ix];
    let source = entry.source.as_ref().and_then(|source| archive.source(&source.dump));
    let publisher = source.map_or("", |group| group.source.publisher.as_str());
    let words =
        entry.authors.iter().map(|author| one_line(&markdown::title_words(author, &archive.words)));
    words
        .filter(|words| !markdown::is_unseen(words))
        .map(|words| name::name(&archive.site, publisher, &words))
        .collect()
}

/// Returns what is said of an entry where it is cited.
pub fn record(archive: &Archive, ix: EntryIx) -> Record {
    let entry = &archive.entries[ix];
    let site = &archive.site;
    let group = entry.source.as_ref().and_then(|source| archive.source(&source.dump));
    let source = group.map(|group| &group.source);
    let permalink = match site.base_url.as_str() {
        "" => String::new(),
        base => format!("{base}{}", paths::entry(&entry.id)),
    };
    Record {
        id: entry.id.to_string(),
        title: entry_title(archive, ix),
        authors: authors(archive, ix),
        when: entry.when.clone(),
        story: story_title(&archive.story_of(ix).story, &archive.words),
        publisher: source.map(|source| one_line(&source.publisher)).unwrap_or_default(),
        page: source.map(|source| crate::address::web(&source.url)).unwrap_or_default(),
        captured: source.map(|source| source.captured.clone()).unwrap_or_default(),
        archive: one_line(&site.title),
        permalink,
        language: archive.language_of(ix).to_string(),
        tags: entry.tags.clone(),
        warning: one_line(&archive.warnings[ix]),
        dump: group
            .map(|group| (group.record.dump.clone(), group.record.sha256.clone()))
            .unwrap_or_default(),
    }
}

/// Writes a byte as addresses have it: `%20`.
fn percent(out: &mut String, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
    out.extend(['%', char::from(HEX[high]), char::from(HEX[low])]);
}

impl Record {
    /// Returns the address that stands for the entry: its permalink, or the publisher's page where
    /// the archive's own address is not known.
    pub fn url(&self) -> &str {
        if self.permalink.is_empty() { &self.page } else { &self.permalink }
    }

    /// Returns when it appeared, for reference managers: in UTC with `Z`, a bare date, or words.
    pub fn bare_date(&self) -> String {
        moment::bare(&self.when)
    }

    /// Returns when the page was saved, in words without the hour; empty where it is not known.
    pub fn captured_words(&self, words: &Words) -> String {
        match When::parse(&self.captured) {
            Ok(when) => when.day().map_or_else(
                || if when.is_unknown() { String::new() } else { when.words(words) },
                |day| crate::date::span_words(day, day, words),
            ),
            Err(_) => String::new(),
        }
    }

    /// Returns what the record's own fields have no place for, in a line: the publisher's page and
    /// its capture, where the address is that of the archive's copy, and what the words are covered
    /// for.
    pub fn note(&self) -> String {
        let captured = self.captured_words(Words::english());
        let mut parts = Vec::new();
        if !self.permalink.is_empty() && !self.page.is_empty() {
            parts.push(match captured.as_str() {
                "" => format!("Original: {}", self.page),
                day => format!("Original: {} (captured {day})", self.page),
            });
        } else if self.page.is_empty() && !captured.is_empty() {
            parts.push(format!("Captured {captured}"));
        }
        parts.push(format!("Kept in {}, entry {}", self.archive, self.id));
        if !self.warning.is_empty() {
            parts.push(format!("Content warning: {}", self.warning));
        }
        parts.join(". ")
    }

    /// Returns what Zotero shows under "Extra": the capture and the hash of the dump, a line each.
    pub fn extra(&self) -> String {
        let mut text = String::new();
        if !self.page.is_empty() {
            _ = writeln!(text, "Original: {}", self.page);
        }
        if !self.captured.is_empty() {
            _ = writeln!(text, "Captured: {}", self.captured);
        }
        if !self.dump.0.is_empty() {
            _ = writeln!(text, "Dump: {}, SHA-256 {}", self.dump.0, self.dump.1);
        }
        if !self.warning.is_empty() {
            _ = writeln!(text, "Content warning: {}", self.warning);
        }
        text.trim_end().to_string()
    }
}

#[cfg(test)]
mod tests;
