//! From the bytes of a dump to entries and a ledger. Pure: knows no disk and no clock.

mod assemble;
mod clock;
mod clues;
mod day;
mod decode;
mod html;
mod json;
mod kind;
mod ledger;
mod lines;
mod looks;
mod markdown;
mod marks;
mod mhtml;
mod mojibake;
mod prepare;
mod propose;
mod recognise;
mod report;
mod scan;
mod shape;
mod stamp;
mod stream;
mod text;
mod titles;
mod zone;

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveTime};

use crate::date::{DateBasis, When};
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::format::{Format, Order, Place, Way};

pub(crate) use html::{elements, tree};

pub use clues::{ClueKind, clues};
pub use decode::{Decoded, declared, decode, decode_as, encoding_name};
use kind::Kind;

pub use ledger::Totals;
pub use lines::cut;
pub use propose::propose;
pub use report::{entry_json, json, problems_json, totals_json};
pub use stream::{LARGE, Part, read_large};
pub use zone::Zone;

/// Returns the zone of a name: an offset, a name of the IANA database, or what the news call it.
pub fn zone_named(name: &str) -> Option<Zone> {
    zone::named(name, &std::collections::BTreeMap::new())
}

/// Returns the names by which the curator can tell a dump's format: those of `formats`, and of what
/// the program knows of web pages. Sorted.
pub fn format_names(formats: &[Format]) -> Vec<&str> {
    let texts = formats.iter().map(|format| format.name.as_str());
    let mut names: Vec<&str> = texts.chain(html::engine_names()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Reads a dump in whichever of `formats` fits it best, or in the one that the curator told.
///
/// # Errors
/// Says why the dump cannot be read: it is empty or no text, or no format recognises it; then a
/// note a format says why not.
pub fn read(bytes: &[u8], told: &Told, formats: &[Format]) -> Result<Dump, Vec<Diagnostic>> {
    let dump = match kind::of(bytes) {
        Kind::Html => html::read(bytes, html::Capture::default(), told, formats)?,
        Kind::Mhtml => {
            let (page, around) = mhtml::page(bytes, told)?;
            html::read(&page, around, told, formats)?
        }
        Kind::Json => json::read(bytes, told)?,
        Kind::Text => {
            let decoded = decode(bytes, told).map_err(|problem| vec![problem])?;
            text::dump(&decoded, told, formats)?
        }
    };
    if dump.entries.is_empty() {
        let message = format!("no entry of the format `{}`, expected at least one", dump.format);
        let hint = "the page may have been saved before its entries were loaded";
        return Err(vec![Diagnostic::error(&told.name, 0, message).hint(hint)]);
    }
    Ok(dump)
}

/// Returns what stands in a dump, cut as its ledger counts it: the lines of a text, the text blocks
/// of a page, the values of data each with its path.
pub fn units(bytes: &[u8], told: &Told) -> Vec<String> {
    match kind::of(bytes) {
        Kind::Html => html::page_units(bytes, told),
        Kind::Mhtml => mhtml::page(bytes, told)
            .map(|(page, _)| html::page_units(&page, told))
            .unwrap_or_default(),
        Kind::Json => json::units(bytes),
        Kind::Text => decode(bytes, told)
            .map(|decoded| cut(&decoded.text).map(str::to_string).collect())
            .unwrap_or_default(),
    }
}

/// What the curator says about a dump that the dump itself does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The dump's file name, for messages.
    pub name: String,
    /// The page's address.
    pub source_url: Option<String>,
    /// When the page was saved.
    pub captured: Option<DateTime<FixedOffset>>,
    /// A date for every entry that states none.
    pub date: Option<When>,
    /// The zone of clock times that name none.
    pub zone: Option<Zone>,
    /// The encoding that the dump is in, by any name of the WHATWG Encoding Standard.
    pub encoding: Option<String>,
    /// The encoding that an envelope names (a header of HTTP or MIME): surer than what the page says
    /// of itself, as in browsers, and less sure than the bytes.
    pub encoding_hint: Option<String>,
    /// The name of the format to use, whatever the dump looks like.
    pub format: Option<String>,
    /// In which direction the page runs.
    pub order: Option<Order>,
    /// How entries are told apart.
    pub by: Option<Way>,
    /// Where titles stand beside stamps.
    pub title: Option<Place>,
    /// The line that ends every entry.
    pub separator: Option<String>,
}

/// What an import understood of one dump.
#[derive(Clone, Debug)]
pub struct Dump {
    /// The name of the format that read it.
    pub format: String,
    /// Who published the page, where the format or the dump says so.
    pub publisher: Option<String>,
    /// The page's own title, where the dump holds it.
    pub title: Option<String>,
    /// The page's address, where the file holds it.
    pub url: Option<String>,
    /// When the page was saved, where the file holds it.
    pub captured: Option<DateTime<FixedOffset>>,
    /// The publisher's summary of the whole page, a point each, as Markdown.
    pub summary: Vec<String>,
    /// The entries, in the dump's order.
    pub entries: Vec<DumpEntry>,
    /// Whether the dump runs newest first (`true`), oldest first, or gives no sign.
    pub newest_first: Option<bool>,
    /// What was decided where the format leaves it open.
    pub decisions: Vec<Decision>,
    /// Where every line went.
    pub ledger: Ledger,
    /// What the curator should know.
    pub problems: Vec<Diagnostic>,
}

/// Something that a dump had to be asked, with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub what: String,
    /// The answer.
    pub chosen: String,
    /// What speaks for it and for the other answers.
    pub score: String,
    /// How a curator decides it otherwise.
    pub set_with: String,
}

/// One entry, as a dump holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct DumpEntry {
    /// The publisher's own name for it (`block-5a1…`); empty where the dump holds none.
    pub source_id: String,
    /// The title, the publisher's or made from the first words.
    pub title: String,
    /// Which of the two.
    pub title_basis: TitleBasis,
    /// When it happened, as far as the dump tells.
    pub when: When,
    /// How the date came to be known.
    pub date_basis: Option<DateBasis>,
    /// The time of day where the day is not known.
    pub clock: Option<NaiveTime>,
    /// The stamp as it is written, with zone and date where they are glued to it.
    pub stated: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Whether the publisher marks it as a key event.
    pub key_event: bool,
    /// When the publisher says that it was changed.
    pub updated: When,
    /// The publisher's words, as Markdown.
    pub body: String,
    /// Pictures and recordings that the dump mentions.
    pub media: Vec<Media>,
    /// Posts and pages of others that the entry embedded.
    pub embeds: Vec<Embed>,
    /// The first and the last line of the dump, counted from 1.
    pub lines: (usize, usize),
}

/// A picture or a recording that a dump mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// `image`, `video` or `audio`.
    pub kind: String,
    /// The description for those who cannot see it.
    pub alt: String,
    /// The words under it.
    pub caption: String,
    /// Whom the publisher credits.
    pub credit: String,
}

/// Somebody else's post that an entry embedded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// `post`, or what else the format names.
    pub kind: String,
    /// The network that it was embedded from.
    pub provider: String,
    /// Its address, empty where the dump does not hold it.
    pub url: String,
    /// Its words, empty where the dump does not hold them.
    pub text: String,
}

/// Where one line of a dump went.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Into the entry with this index in [`Dump::entries`].
    Entry(usize),
    /// Into the summary.
    Summary,
    /// Nowhere, under the rule of this name.
    Discarded(Cow<'static, str>),
    /// Nobody knows.
    Unread,
}

/// For every line of a dump, in order, where it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// One fate a line.
    pub fates: Vec<Fate>,
}
