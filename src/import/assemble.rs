//! From entries as they were found, in whichever kind of file, to a dump: titles where there are
//! none, times settled, what is wrong told.

use chrono::{DateTime, FixedOffset};

use super::markdown::{self, Block};
use super::{Dump, DumpEntry, Embed, Fate, Ledger, Media, Told, clock};
use crate::date::{DateBasis, When};
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::format::Format;

/// A made title has at most so many words of the body.
const TITLE_WORDS: usize = 8;
/// A made title has at most so many characters, its `…` not counted.
pub(super) const TITLE_CHARS: usize = 60;

/// An entry as it was found, before its time is settled and a missing title is made.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    /// The publisher's own name for it (`block-5a1…`, `h_3f…`); empty where the dump holds none.
    pub(super) source_id: String,
    /// The title that stands there, as plain text; empty for none.
    pub(super) title: String,
    /// The stamp as a reader sees it; empty for none.
    pub(super) stated: String,
    /// The moment that the file gives for machines (a `datetime` attribute, a JSON field).
    pub(super) moment: Option<DateTime<FixedOffset>>,
    /// When the publisher says that it was changed.
    pub(super) updated: Option<DateTime<FixedOffset>>,
    /// Who wrote it.
    pub(super) authors: Vec<String>,
    /// Whether the publisher marks it as a key event.
    pub(super) key_event: bool,
    /// Its words.
    pub(super) blocks: Vec<Block>,
    /// What it shows, where its blocks are Markdown already.
    pub(super) media: Vec<Media>,
    /// What it embedded.
    pub(super) embeds: Vec<Embed>,
    /// Its first and last line, counted from 0.
    pub(super) lines: (usize, usize),
}

/// What was found in a dump.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// The page's own title.
    pub(super) title: Option<String>,
    /// The page's address, where the file holds it.
    pub(super) url: Option<String>,
    /// When the page was saved, where the file holds it.
    pub(super) captured: Option<DateTime<FixedOffset>>,
    /// The publisher's summary, a point each, as Markdown.
    pub(super) summary: Vec<String>,
    /// What stands above the first entry, a line each: it may name a zone or a day.
    pub(super) above: Vec<String>,
    /// The entries, in the dump's order.
    pub(super) raws: Vec<Raw>,
    /// Where every line went.
    pub(super) fates: Vec<Fate>,
    /// What the curator should know.
    pub(super) problems: Vec<Diagnostic>,
}

/// Makes a dump of what was found.
pub(super) fn assemble(found: Found, format: &Format, told: &Told) -> Dump {
    let page_zone = clock::page_zone(format, found.above.iter().map(String::as_str));
    let mut desk = Desk { format, told, page_zone, problems: found.problems };
    let entries: Vec<_> = found.raws.into_iter().map(|raw| desk.entry(raw)).collect();
    let newest_first = clock::newest_first(&entries, format.entry.order);
    for (index, message) in clock::out_of_order(&entries, newest_first.unwrap_or_default()) {
        desk.problems.push(desk.warning(entries[index].lines.0, message));
    }
    let ledger = Ledger { fates: found.fates };
    let unread: Vec<_> = ledger.unread().collect();
    if let [first, ..] = unread[..] {
        let message = format!("lines that no rule explains: {}, the first is this", unread.len());
        let problem = desk.warning(first, message);
        desk.problems.push(problem.hint("`archive explain` shows where every line went"));
    }
    desk.problems.sort_by_key(|problem| problem.line);
    Dump {
        format: format.name.clone(),
        publisher: Some(format.publisher.clone()).filter(|publisher| !publisher.is_empty()),
        title: found.title,
        url: found.url,
        captured: found.captured,
        summary: found.summary,
        entries,
        newest_first,
        ledger,
        problems: desk.problems,
    }
}

/// What is known while entries are settled.
struct Desk<'a> {
    format: &'a Format,
    told: &'a Told,
    page_zone: Option<FixedOffset>,
    problems: Vec<Diagnostic>,
}

impl Desk<'_> {
    fn warning(&self, line: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(&self.told.name, line, message)
    }

    fn entry(&mut self, raw: Raw) -> DumpEntry {
        let line = raw.lines.0 + 1;
        let settled = match raw.moment {
            Some(moment) => clock::Settled {
                when: When::Exact(self.in_stated_zone(moment, &raw.stated)),
                basis: Some(DateBasis::Stated),
                clock: None,
                missing_zone: None,
            },
            None => self.settle(&raw.stated, line),
        };
        let updated = raw.updated.map(|updated| self.in_stated_zone(updated, &raw.stated));
        let (title, title_basis) = self.title_of(&raw);
        let media = raw.blocks.iter().filter_map(|block| match block {
            Block::Media(media) => Some(media.clone()),
            _ => None,
        });
        DumpEntry {
            source_id: raw.source_id,
            title,
            title_basis,
            when: settled.when,
            date_basis: settled.basis,
            clock: settled.clock,
            stated: raw.stated,
            authors: raw.authors,
            key_event: raw.key_event,
            updated: updated.map_or(When::Unknown, When::Exact),
            body: markdown::body(&raw.blocks),
            media: media.chain(raw.media).collect(),
            embeds: raw.embeds,
            lines: (line, raw.lines.1 + 1),
        }
    }

    /// Puts a moment into the zone that the stamp beside it names: machines are told UTC.
    fn in_stated_zone(&self, moment: DateTime<FixedOffset>, stated: &str) -> DateTime<FixedOffset> {
        let rule = &self.format.time;
        let stamp = clock::stamp(stated, rule).ok();
        let zone = stamp.and_then(|stamp| rule.zones.get(&stamp.zone));
        zone.map_or(moment, |zone| moment.with_timezone(&zone.0))
    }

    fn settle(&mut self, written: &str, line: usize) -> clock::Settled {
        let rule = &self.format.time;
        let stamp = clock::stamp(written, rule);
        if stamp.is_err() && !written.is_empty() {
            let message = format!("the stamp `{written}`, expected one that the format knows");
            self.problems.push(self.warning(line, message).hint("the entry has no time now"));
        }
        let stamp = stamp.unwrap_or_default();
        let settled = clock::settle(&stamp, self.told, rule, self.page_zone);
        if let Some(zone) = &settled.missing_zone {
            let found =
                if zone.is_empty() { "no zone".into() } else { format!("the zone `{zone}`") };
            let message = format!("{found} in the stamp `{written}`, expected one that is known");
            let hint = "the entry has its day only; give the offset with `--zone`";
            self.problems.push(self.warning(line, message).hint(hint));
        }
        settled
    }

    /// The title that stands there, or one made from the first words.
    fn title_of(&self, raw: &Raw) -> (String, TitleBasis) {
        let stated = &raw.title;
        let placeholder = self.format.entry.placeholder.as_ref();
        if !stated.is_empty() && !placeholder.is_some_and(|pattern| pattern.is_match(stated)) {
            return (stated.clone(), TitleBasis::Stated);
        }
        let words = raw.blocks.iter().find_map(|block| match block {
            Block::Text(words) | Block::Item(_, words) | Block::Written(_, words) => {
                Some(words).filter(|words| !words.is_empty())
            }
            Block::Quote(paragraphs) => paragraphs.first(),
            Block::Media(_) | Block::Embed(..) => None,
        });
        let media = raw.blocks.iter().filter_map(|block| match block {
            Block::Media(media) => Some(media),
            _ => None,
        });
        let captions = media.chain(&raw.media).flat_map(|media| [&media.caption, &media.alt]);
        let mut captions = captions;
        let caption = captions.find(|words| !words.is_empty());
        let made = words.or(caption).map_or_else(String::new, |words| first_words(words));
        let made = if made.is_empty() { "Untitled".to_string() } else { made };
        (made, TitleBasis::Made)
    }
}

/// Returns the first words of a text, with `…` where more follow.
pub(super) fn first_words(text: &str) -> String {
    let mut title = String::new();
    let mut length = 0;
    for (count, word) in text.split_whitespace().enumerate() {
        let more = word.chars().count() + usize::from(count > 0);
        if count == TITLE_WORDS || length + more > TITLE_CHARS {
            if count == 0 {
                title.extend(word.chars().take(TITLE_CHARS));
            }
            return format!("{}…", title.trim_end_matches([',', ';', ':', '.', '-', ' ']));
        }
        if count > 0 {
            title.push(' ');
        }
        title.push_str(word);
        length += more;
    }
    title
}
