//! A publisher's format: how the dumps of its pages look, read from TOML.
//!
//! A format is data. The engine in [`crate::import`] is one; what it looks for stands in
//! `formats/*.toml`, a file a format, and an archive can add its own or replace a built-in one.

mod built_in;
mod pattern;
mod sieve;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::FixedOffset;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::diagnostic::{Diagnostic, line_at, nearest};
use crate::entry::Slug;

use built_in::BUILT_IN;
pub use pattern::Pattern;
pub use sieve::{Fits, Sieve};

/// How the dumps of one publisher's pages look.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// The name that `--format` takes.
    pub name: String,
    /// Who publishes such pages; empty where anybody may.
    #[serde(default)]
    pub publisher: String,
    /// What kind of page it is, in a sentence.
    pub describes: String,
    /// The format whose rules come after its own; empty for none.
    #[serde(default)]
    pub extends: String,
    /// How a dump of this format is told from any other.
    #[serde(default)]
    pub recognise: Recognise,
    /// What stands around the entries.
    #[serde(default)]
    pub page: Page,
    /// Where an entry starts and what its first lines hold.
    #[serde(default)]
    pub entry: EntryRule,
    /// Titles told by their shape alone; absent where entries have a marker.
    pub shape: Option<Shape>,
    /// How stamps are written.
    #[serde(default)]
    pub time: TimeRule,
    /// The publisher's summary of the whole page.
    pub summary: Option<SummaryRule>,
    /// Pictures and recordings.
    #[serde(default)]
    pub media: Vec<MediaRule>,
    /// Posts of others.
    #[serde(default)]
    pub embed: Vec<EmbedRule>,
    /// Quotations that are set apart.
    #[serde(default)]
    pub quote: Vec<QuoteRule>,
    /// Lists.
    pub list: Option<ListRule>,
    /// Words that are cut out of lines.
    #[serde(default)]
    pub strip: Vec<StripRule>,
    /// Lines that are no publisher's words.
    #[serde(default)]
    pub discard: Vec<Rule>,
    /// Lines with which the entries end: from there on everything is discarded.
    #[serde(default)]
    pub footer: Vec<Rule>,
    /// All patterns that are tried on every line, put together when the first dump needs them.
    #[serde(skip)]
    sieve: OnceLock<Sieve>,
    #[serde(skip)]
    places: sieve::Places,
}

/// A regular expression with the name that messages and the ledger use for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it finds.
    pub name: String,
    /// The expression.
    pub pattern: Pattern,
}

/// How a dump of a format is told from any other; patterns see whole lines.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recognise {
    /// Each of these is on some line.
    pub all: Vec<Rule>,
    /// At least one of these is, where any are given.
    pub any: Vec<Rule>,
    /// So many lines hold one of `any`; 1 where this is absent.
    pub least: usize,
    /// None of these is on any line.
    pub none: Vec<Rule>,
    /// Addresses of such pages; one that fits stands for `any`.
    pub url: Vec<Pattern>,
}

/// What stands around the entries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Page {
    /// Lines above the first entry that hold the page's title (`title`).
    pub title: Vec<Pattern>,
    /// Words above the first entry that name the zone of all its clocks (`zone`).
    pub zone: Vec<Pattern>,
    /// Lines below which the entries begin, the first perhaps without its stamp.
    pub stream: Vec<Rule>,
    /// Lines that say why the page holds no entries.
    pub empty: Vec<Rule>,
    /// Words with which a page, or its address, says that it is a live blog.
    pub live: Vec<Pattern>,
}

/// How the entries of a dump are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// By first lines that `entry.start` describes.
    #[default]
    Start,
    /// By the stamps that they begin with.
    Stamp,
    /// By a line that stands between them.
    Separator,
    /// By the numbers of a list.
    Number,
    /// By the bullets of a list.
    Bullet,
    /// By the shape of their titles.
    Shape,
}

impl Way {
    /// Every way, with its name in formats and on the command line.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Start, "start"),
        (Self::Stamp, "stamp"),
        (Self::Separator, "separator"),
        (Self::Number, "number"),
        (Self::Bullet, "bullet"),
        (Self::Shape, "shape"),
    ];

    /// Returns the name that formats and the command line use.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(way, _)| *way == self).map_or("", |(_, name)| name)
    }

    /// Reads a name.
    ///
    /// # Errors
    /// Says which names there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(way, _)| *way).ok_or_else(|| {
            format!("`{text}`, expected start, stamp, separator, number, bullet or shape")
        })
    }
}

/// Where the title of an entry stands that begins with a stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// On a line above the stamp.
    Before,
    /// Behind the stamp, on its line.
    Same,
    /// On a line below the stamp.
    After,
    /// Nowhere.
    None,
}

impl Place {
    /// Every place, with its name in formats and on the command line.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Before, "before"),
        (Self::Same, "same"),
        (Self::After, "after"),
        (Self::None, "none"),
    ];

    /// Returns the name that formats and the command line use.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(place, _)| *place == self).map_or("", |(_, name)| name)
    }

    /// Reads a name.
    ///
    /// # Errors
    /// Says which names there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(place, _)| *place)
            .ok_or_else(|| format!("`{text}`, expected before, same, after or none"))
    }
}

/// The direction in which a page runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Order {
    /// The newest entry on top.
    #[serde(rename = "newest first")]
    NewestFirst,
    /// The oldest entry on top.
    #[serde(rename = "oldest first")]
    OldestFirst,
}

/// Where an entry starts and what its first lines hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EntryRule {
    /// First lines of an entry (`title`, `stamp`, `author`, `number`, `body`); they see the
    /// indentation.
    pub start: Vec<Pattern>,
    /// First lines that look like others (`title`), and so count only below an entry.
    pub bare: Vec<Pattern>,
    /// How many spaces stand before every line of a body.
    pub indent: usize,
    /// Titles that the publisher's program put where there is none.
    pub placeholder: Option<Pattern>,
    /// The first line of a body where it only says who wrote it (`author`).
    pub author: Option<Pattern>,
    /// In which direction pages run, where the stamps do not tell.
    pub order: Option<Order>,
    /// How entries are told apart; where this is absent, the dump decides.
    pub by: Option<Way>,
    /// Where titles stand beside stamps; where this is absent, the dump decides.
    pub title: Option<Place>,
    /// Lines with which an entry ends.
    pub separator: Vec<Pattern>,
    /// Words behind a stamp, on its line, that are a label and neither title nor body.
    pub label: Vec<Pattern>,
    /// Words behind a stamp, or a line of their own, that mark a key event and are no body.
    pub key: Vec<Pattern>,
    /// The line that says when an entry was changed (`stamp`).
    pub updated: Vec<Pattern>,
    /// The line that says who wrote the entry, wherever in it that stands (`author`).
    pub signature: Vec<Pattern>,
    /// How a line behind a stamp is cut into the two (`title`, `body`) where they are glued.
    pub inline: Vec<Pattern>,
}

/// Titles told by their shape: a short line that is no sentence above a block that is one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// The longest title, in characters.
    pub longest: usize,
    /// Characters that no title ends in.
    pub never_ends_in: String,
    /// Characters that a sentence ends in.
    pub sentence_ends_in: String,
    /// This many blank lines above a short line make it a title, whatever follows.
    pub blank_lines: usize,
}

impl Shape {
    /// Whether a text ends as sentences do.
    pub fn ends_sentence(&self, text: &str) -> bool {
        text.ends_with(|c| self.sentence_ends_in.contains(c))
    }
}

/// How stamps are written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TimeRule {
    /// Ways to write one (`hour minute second half zone day month year`), tried in order.
    pub forms: Vec<Pattern>,
    /// Names of zones, with their offset from UTC.
    pub zones: BTreeMap<String, Offset>,
    /// The zone that the publisher's clocks run in where nothing names one: a name of the IANA
    /// database. A time read with it counts as inferred.
    pub zone: Option<String>,
    /// Whether `2/4` is 2 April; where this is absent, an unambiguous neighbour decides.
    pub day_first: Option<bool>,
}

/// The publisher's summary of the whole page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryRule {
    /// The line above it.
    pub head: Pattern,
    /// One of its points (`point`).
    pub point: Pattern,
}

/// What a dump mentions without holding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A moving picture.
    Video,
    /// Sound alone.
    Audio,
}

impl MediaKind {
    /// Returns the name that bodies and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }
}

/// A picture or a recording, told by lines that follow each other directly.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaRule {
    /// What it is.
    pub kind: MediaKind,
    /// Its lines (`alt`, `caption`, `credit`), one pattern a line.
    pub lines: Vec<Pattern>,
    /// Whether the next paragraph is its caption.
    #[serde(default)]
    pub caption_below: bool,
}

/// A post of somebody else, told by the lines that stand in for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbedRule {
    /// What the ledger calls its lines.
    pub name: String,
    /// `post`, or what else was embedded.
    pub kind: String,
    /// The lines (`network`), in their order; single ones may be missing, blank ones do not count.
    pub lines: Vec<Pattern>,
    /// What stands in the body instead; `{network}` is the network.
    pub label: String,
}

/// A quotation that is set apart.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteRule {
    /// The line above the quoted paragraph; without one the attribution alone tells it.
    pub mark: Option<Pattern>,
    /// The line below it that says who is quoted.
    pub attribution: Pattern,
}

/// Lists.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRule {
    /// What stands before an item; it is cut off.
    pub item: Pattern,
}

/// Words that are cut out of lines.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StripRule {
    /// What they are.
    pub name: String,
    /// The words.
    pub pattern: Pattern,
    /// What stays in their place; `$keep` is the group of that name.
    #[serde(default)]
    pub replace: String,
}

/// An offset from UTC, written `+01:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset(pub FixedOffset);

impl<'de> Deserialize<'de> for Offset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let expected = "expected an offset from UTC such as +01:00";
        text.parse().map(Self).map_err(|_| D::Error::custom(format!("`{text}`, {expected}")))
    }
}

/// The rule of the words with which a page leads in an entry that is pinned above the others.
pub const PINNED: &str = "pinned entry";
/// The rule of the words that stand above every entry.
const POST_HEAD: &str = "post head";

impl Rule {
    /// Whether the entries begin below a line of the page's `stream`; others lead in one of them.
    #[must_use]
    pub fn leads_in_all(&self) -> bool {
        self.name != PINNED && self.name != POST_HEAD
    }
}

impl Format {
    /// Returns the rule of the page's `stream` that a line fits.
    #[must_use]
    pub fn stream(&self, text: &str) -> Option<&Rule> {
        self.page.stream.iter().find(|rule| rule.pattern.is_match(text))
    }

    /// Returns all patterns that are tried on every line, put together.
    pub fn sieve(&self) -> &Sieve {
        self.sieve.get_or_init(|| Sieve::of(&self.places))
    }

    /// Reads a format from the text of its file.
    ///
    /// # Errors
    /// Names the file, the line of the offending key and the nearest key that is known.
    pub fn parse(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let format: Self = toml::from_str(text).map_err(|error| explain(path, text, &error))?;
        let at = |needle: &str| text.find(needle).map_or(0, |offset| line_at(text, offset));
        if let Err(reason) = Slug::parse(&format.name) {
            return Err(Diagnostic::error(path, at(&format.name), format!("the name {reason}")));
        }
        if format.entry.by == Some(Way::Start) && format.entry.start.is_empty() {
            return Err(Diagnostic::error(
                path,
                at("[entry]"),
                "nothing says where an entry starts, expected `entry.start`",
            ));
        }
        match format.unknown_group() {
            Some((pattern, message, hint)) => {
                Err(Diagnostic::error(path, at(pattern), message).hint(hint))
            }
            None => Ok(format),
        }
    }

    /// Takes over the rules of `base` that this format does not have of its own.
    fn extend(&mut self, base: &Self) {
        let own = std::mem::take(&mut self.entry.separator);
        self.entry.separator = if own.is_empty() { base.entry.separator.clone() } else { own };
        self.entry.updated.extend(base.entry.updated.iter().cloned());
        self.entry.label.extend(base.entry.label.iter().cloned());
        self.entry.key.extend(base.entry.key.iter().cloned());
        if self.entry.author.is_none() {
            self.entry.author.clone_from(&base.entry.author);
        }
        if self.entry.placeholder.is_none() {
            self.entry.placeholder.clone_from(&base.entry.placeholder);
        }
        self.page.zone.extend(base.page.zone.iter().cloned());
        self.page.stream.extend(base.page.stream.iter().cloned());
        self.page.empty.extend(base.page.empty.iter().cloned());
        self.page.live.extend(base.page.live.iter().cloned());
        self.media.extend(base.media.iter().cloned());
        self.embed.extend(base.embed.iter().cloned());
        self.quote.extend(base.quote.iter().cloned());
        self.strip.extend(base.strip.iter().cloned());
        self.discard.extend(base.discard.iter().cloned());
        self.footer.extend(base.footer.iter().cloned());
        if self.shape.is_none() {
            self.shape.clone_from(&base.shape);
        }
        if self.summary.is_none() {
            self.summary.clone_from(&base.summary);
        }
        if self.list.is_none() {
            self.list.clone_from(&base.list);
        }
    }

    /// Returns the first pattern with a named group that nobody reads, and what to say of it.
    fn unknown_group(&self) -> Option<(&str, String, String)> {
        self.groups().into_iter().find_map(|(pattern, known)| {
            let group = pattern.groups().find(|name| !known.contains(name))?;
            let message = format!("the group `{group}`, expected one of: {}", known.join(", "));
            Some((pattern.written(), message, did_you_mean(group, known.iter().copied())))
        })
    }

    /// Returns every pattern whose groups are read, with the names of those groups.
    fn groups(&self) -> Vec<(&Pattern, &'static [&'static str])> {
        const START: &[&str] = &["title", "stamp", "author", "number", "body"];
        const FORM: &[&str] = &["hour", "minute", "second", "half", "zone", "day", "month", "year"];
        let mut groups: Vec<(&Pattern, &'static [&'static str])> = Vec::new();
        let starts = self.entry.start.iter().chain(&self.entry.bare);
        groups.extend(starts.map(|pattern| (pattern, START)));
        groups.extend(self.entry.author.iter().map(|pattern| (pattern, &["author"][..])));
        groups.extend(self.entry.updated.iter().map(|pattern| (pattern, &["stamp"][..])));
        groups.extend(self.entry.signature.iter().map(|p| (p, &["author"][..])));
        groups.extend(self.entry.inline.iter().map(|p| (p, &["title", "body"][..])));
        groups.extend(self.time.forms.iter().map(|pattern| (pattern, FORM)));
        groups.extend(self.page.title.iter().map(|pattern| (pattern, &["title"][..])));
        groups.extend(self.page.zone.iter().map(|pattern| (pattern, &["zone"][..])));
        groups.extend(self.summary.iter().map(|summary| (&summary.point, &["point"][..])));
        for pattern in self.media.iter().flat_map(|rule| &rule.lines) {
            groups.push((pattern, &["alt", "caption", "credit"]));
        }
        groups.extend(self.embed.iter().flat_map(|r| &r.lines).map(|p| (p, &["network"][..])));
        groups
    }
}

/// Returns the formats that the program brings along.
pub fn built_in() -> Vec<Format> {
    let formats = BUILT_IN.iter().filter_map(|(path, text)| Format::parse(path, text).ok());
    let mut formats: Vec<_> = formats.collect();
    inherit(&mut formats, &mut Vec::new());
    formats.iter_mut().for_each(sieve::number);
    formats
}

/// Gives every format the rules of the one that it extends, behind its own.
fn inherit(formats: &mut [Format], problems: &mut Vec<Diagnostic>) {
    let bases = formats.to_vec();
    for format in formats.iter_mut().filter(|format| !format.extends.is_empty()) {
        match bases.iter().find(|base| base.name == format.extends && base.extends.is_empty()) {
            Some(base) => format.extend(base),
            None => problems.push(Diagnostic::error(
                format!("formats/{}.toml", format.name),
                0,
                format!("extends `{}`, expected a format that extends none itself", format.extends),
            )),
        }
        format.extends.clear();
    }
}

/// Returns an archive's own formats before the built-in ones that they do not replace.
///
/// `own` holds the path and the text of each file. A file that cannot be read is left out and
/// reported.
pub fn load(built_in: Vec<Format>, own: &[(String, String)]) -> (Vec<Format>, Vec<Diagnostic>) {
    let mut formats: Vec<Format> = Vec::new();
    let mut problems = Vec::new();
    for (path, text) in own {
        match Format::parse(path, text) {
            Ok(format) if formats.iter().any(|known| known.name == format.name) => {
                let message = format!("the name `{}` of a second format of yours", format.name);
                problems.push(Diagnostic::error(path, 0, message).hint("give it another name"));
            }
            Ok(format) => formats.push(format),
            Err(problem) => problems.push(problem),
        }
    }
    for format in built_in {
        if !formats.iter().any(|known| known.name == format.name) {
            formats.push(format);
        }
    }
    inherit(&mut formats, &mut problems);
    formats.iter_mut().for_each(sieve::number);
    (formats, problems)
}

/// Turns an error of the TOML reader into a finding.
fn explain(path: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let line = error.span().map_or(0, |span| line_at(text, span.start));
    let message = error.message().trim();
    // serde says "unknown field `x`, expected one of `a`, `b`".
    // A reader knows a sequence as what stands in brackets.
    if message.ends_with("expected a sequence") {
        let message = message.replace("expected a sequence", "expected a list");
        return Diagnostic::error(path, line, message).hint("put it in brackets: ['…']");
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let hint = match quoted.next() {
        Some(word) if message.starts_with("unknown") => did_you_mean(word, quoted),
        _ => String::new(),
    };
    Diagnostic::error(path, line, message).hint(hint)
}

fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map_or_else(String::new, |near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests;
