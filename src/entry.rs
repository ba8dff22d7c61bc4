//! What an archive is made of: entries, stories, sources and tags. Plain values, no I/O.
//!
//! None of these types can be serialised: what stands in a user's file or template has a type of
//! its own there, so that a change here breaks neither.

use std::fmt;

use chrono::NaiveTime;

use crate::date::{DateBasis, When};

/// A short name that is safe in a URL and on every file system: `[a-z0-9]` and single hyphens,
/// 1 to 80 bytes, and neither `index`, which lists are called,
/// nor a name that Windows reserves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The longest slug, in bytes: with a date and an extension it stays far below the 255 bytes
    /// that file systems allow for a name.
    pub const LONGEST: usize = 80;

    /// Makes a slug from any words, at most `longest` bytes of it, cut between words.
    ///
    /// Letters of other scripts are transliterated to ASCII. Words that leave nothing (`"???"`)
    /// give `None`.
    pub fn from_words(words: &str, longest: usize) -> Option<Self> {
        // Without these, `C#` and `C++` would be one subject.
        let words = words.replace('+', " plus ").replace('#', " sharp ").replace('&', " and ");
        let ascii = deunicode::deunicode(&words).to_ascii_lowercase();
        let mut slug = String::new();
        // An apostrophe joins ("Friday's" is `fridays`); everything else parts.
        for word in ascii.replace('\'', "").split(|c: char| !c.is_ascii_alphanumeric()) {
            let room = longest.min(Self::LONGEST).saturating_sub(slug.len());
            if word.is_empty() {
                continue;
            }
            if slug.is_empty() {
                slug.push_str(&word[..word.len().min(room)]);
            } else if word.len() < room {
                slug.push('-');
                slug.push_str(word);
            } else {
                break;
            }
        }
        if is_reserved(&slug) {
            slug.push_str("-x");
        }
        (!slug.is_empty()).then_some(Self(slug))
    }

    /// Accepts a slug that is well formed as it stands.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fits = !text.is_empty()
            && text.len() <= Self::LONGEST
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !is_reserved(text);
        if fits {
            Ok(Self(text.to_string()))
        } else {
            Err(format!(
                "`{text}`, expected 1 to {} of the characters a-z, 0-9 and -, neither first nor last a hyphen, and neither index nor a name that Windows reserves",
                Self::LONGEST
            ))
        }
    }

    /// Returns the slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns this slug with `-2`, `-3` and so on behind it.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        let tail = format!("-{number}");
        let head = &self.0[..self.0.len().min(Self::LONGEST - tail.len())];
        Self(format!("{}{tail}", head.trim_end_matches('-')))
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name that lists have in every folder of the site, and those that Windows reserves for devices,
/// whatever their extension.
fn is_reserved(name: &str) -> bool {
    let numbered = |prefix: &str| {
        name.strip_prefix(prefix).is_some_and(|rest| {
            rest.len() == 1 && rest != "0" && rest.bytes().all(|b| b.is_ascii_digit())
        })
    };
    matches!(name, "index" | "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// An entry's permanent name, made once at import: a slug that no other entry has.
pub type Id = Slug;

/// Whether the publisher gave a title or the program made one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TitleBasis {
    /// The dump gives it.
    #[default]
    Stated,
    /// Made by the program from the entry's first words, or from a file's name.
    Made,
}

impl TitleBasis {
    /// Returns the name that front matter and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Made => "made",
        }
    }

    /// Returns the basis called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Stated, Self::Made].into_iter().find(|basis| basis.name() == name)
    }
}

/// Where an entry's words come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The dump, a file in `dumps/`.
    pub dump: String,
    /// The first and the last line in it, counted from 1.
    pub lines: (usize, usize),
    /// The publisher's own name for the entry (`block-5a1…`); empty where the dump holds none.
    pub id: String,
    /// The words that the date was read from; empty where the dump states none.
    pub stated: String,
    /// SHA-256 of the body as it was imported, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// A change of the publisher's words that the curator made on purpose, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// SHA-256 of the publisher's voice as it then stood: a later change is not accepted with it.
    pub sha256: String,
    /// Why.
    pub because: String,
    /// Who changed it; empty where that is not said.
    pub by: String,
    /// When it was accepted.
    pub date: When,
}

/// Why an entry is shown no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// Since when.
    pub date: When,
    /// The reason, for readers.
    pub because: String,
    /// The entry to read instead.
    pub replacement: Option<Id>,
}

/// One post of a live blog: the unit that is dated, tagged, annotated and cited.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The permanent name.
    pub id: Id,
    /// The story it belongs to: the folder under `content/`.
    pub story: Slug,
    /// The title.
    pub title: String,
    /// Whether the publisher gave the title.
    pub title_basis: TitleBasis,
    /// When it happened.
    pub when: When,
    /// How the date came to be known; `None` where there is no date.
    pub date_basis: Option<DateBasis>,
    /// The time of day, where that is known and the day is not.
    pub clock: Option<NaiveTime>,
    /// Place within the story, oldest first; settles what dates leave open.
    pub order: u32,
    /// Subjects, by the names that the vocabulary prefers.
    pub tags: Vec<String>,
    /// Who wrote it, as the publisher says.
    pub authors: Vec<String>,
    /// Whether the publisher marked it as a key event.
    pub key_event: bool,
    /// The language of its words (BCP 47); empty where it is that of its story.
    pub lang: String,
    /// When the publisher says that it was last changed.
    pub updated: When,
    /// Earlier permalinks; each gets a page that leads here.
    pub aliases: Vec<Id>,
    /// Why the date is what it is, where the curator gave it.
    pub date_because: String,
    /// Content warnings, by their names in `site.toml`: they cover the words without blocking them.
    pub warnings: Vec<String>,
    /// Where it comes from; `None` for an entry that a curator wrote.
    pub source: Option<Provenance>,
    /// Where the same post stands, too: entries that were joined with this one.
    pub witnesses: Vec<Provenance>,
    /// Changes of the publisher's words that the curator made on purpose.
    pub accepted: Vec<Accepted>,
    /// Set where the entry is shown no more: only that it was there, and why it is not.
    pub withdrawn: Option<Withdrawn>,
    /// The publisher's words with the curator's annotations among them, as Markdown.
    pub body: String,
    /// The file, relative to the archive's root.
    pub file: String,
    /// The line of `file` on which the id stands.
    pub id_line: usize,
    /// The line of `file` on which `body` begins.
    pub body_line: usize,
}

/// A capture of a publisher's page that feeds a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The dump, a file in `dumps/`.
    pub dump: String,
    /// Who published the page.
    pub publisher: String,
    /// The page's address.
    pub url: String,
    /// The page's own title.
    pub title: String,
    /// When the page was saved, as far as that is known (an EDTF expression or a moment).
    pub captured: String,
}

/// A running event that entries belong to.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The folder under `content/`, and the name in its URL.
    pub slug: Slug,
    /// The title.
    pub title: String,
    /// Whether the title was given or made from the dump's file name.
    pub title_basis: TitleBasis,
    /// The pages whose captures feed it.
    pub sources: Vec<Source>,
    /// The language of its words (BCP 47); empty where it is that of the archive.
    pub lang: String,
    /// The publisher's own summary, a point each.
    pub summary: Vec<String>,
    /// Earlier names of the story; each gets a page that leads here.
    pub aliases: Vec<Slug>,
    /// The curator's introduction, as Markdown.
    pub body: String,
    /// The file, relative to the archive's root.
    pub file: String,
    /// The line of `file` on which `body` begins.
    pub body_line: usize,
}

/// A subject of the vocabulary, `tags.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The preferred name.
    pub name: String,
    /// The name in its URL.
    pub slug: Slug,
    /// Other words for the same subject: an entry that has one of them gets this tag.
    pub synonyms: Vec<String>,
    /// The wider subject that this one is part of; empty for none.
    pub broader: String,
    /// Subjects to look at, too, that are neither wider nor narrower.
    pub related: Vec<String>,
    /// Names in other languages: the language (BCP 47), and the name in it.
    pub labels: Vec<(String, String)>,
    /// Earlier slugs; each gets a page that leads here.
    pub aliases: Vec<Slug>,
    /// Addresses of the same subject in other vocabularies.
    pub matches: Vec<String>,
    /// Whether only a person gives it, and neither an import nor `archive tag`.
    pub by_hand: bool,
    /// What the subject is, in a sentence.
    pub description: String,
    /// The line of `tags.toml` that it stands on.
    pub line: usize,
}

impl Tag {
    /// A tag of which only the name is known.
    pub fn named(name: impl Into<String>, slug: Slug) -> Self {
        Self {
            name: name.into(),
            slug,
            synonyms: Vec::new(),
            broader: String::new(),
            related: Vec::new(),
            labels: Vec::new(),
            aliases: Vec::new(),
            matches: Vec::new(),
            by_hand: false,
            description: String::new(),
            line: 0,
        }
    }
}

/// A free page, `content/pages/<name>.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreePage {
    /// The file's name without its extension, and the name in its URL.
    pub slug: Slug,
    /// The title.
    pub title: String,
    /// The curator's words, as Markdown.
    pub body: String,
    /// The file, relative to the archive's root.
    pub file: String,
    /// The line of `file` on which `body` begins.
    pub body_line: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(words: &str) -> String {
        Slug::from_words(words, 60).map(|slug| slug.to_string()).unwrap_or_default()
    }

    #[test]
    fn slugs_are_plain_and_readable() {
        assert_eq!(
            slug("Women and children 'desperate to get out'"),
            "women-and-children-desperate-to-get-out"
        );
        assert_eq!(slug("Trümmer — größer"), "trummer-grosser");
        assert_eq!(slug("Why have evacuations stopped?"), "why-have-evacuations-stopped");
        assert_eq!(slug("???"), "");
        assert_eq!(slug("AUX"), "aux-x");
        assert_ne!(slug("C#"), slug("C++"));
    }

    #[test]
    fn a_long_slug_is_cut_between_words() {
        let long = slug(&"evacuation ".repeat(20));
        assert!(long.len() <= 60 && long.ends_with("evacuation"), "{long}");
        assert_eq!(slug(&"x".repeat(200)).len(), 60);
    }

    #[test]
    fn only_a_slug_is_a_slug() {
        assert!(Slug::parse("a-b-2").is_ok());
        for bad in ["", "-a", "a-", "A", "a b", "../a", "con", "com1", "é"] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
        let longest = Slug::parse(&"a".repeat(80)).unwrap();
        assert_eq!(longest.numbered(12).as_str().len(), 80);
    }
}
