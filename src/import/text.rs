//! A text dump: from its bytes to lines, and from the pieces of those lines to entries.

use chrono::FixedOffset;

use super::clock;
use super::lines::Line;
use super::markdown::{self, Block};
use super::scan::{self, Head, Piece, Token};
use super::{Dump, DumpEntry, Fate, Ledger, Told, shape};
use crate::date::When;
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::format::Format;

/// The ledger's name for lines on which nothing stands.
const BLANK: &str = "blank";
/// The ledger's name for a line that holds the page's own title.
const PAGE_TITLE: &str = "page title";
/// A made title has at most so many words of the body.
const TITLE_WORDS: usize = 8;
/// A made title has at most so many characters, its `…` not counted.
const TITLE_CHARS: usize = 60;

/// Returns the bytes of a dump as text.
///
/// # Errors
/// Says on which line something stands that no text holds, or that there is no text at all.
pub(super) fn decode<'a>(bytes: &'a [u8], name: &str) -> Result<&'a str, Diagnostic> {
    let line_of = |end: usize| bytes[..end].split(|byte| *byte == b'\n').count();
    let bad = |at: usize, what: &str, hint: &str| {
        let message = format!("{what}, expected text in UTF-8");
        Err(Diagnostic::error(name, line_of(at), message).hint(hint))
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return bad(0, "text in UTF-16", "convert it: `iconv -f UTF-16 -t UTF-8`");
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let hint = "this is no text file, or one in UTF-16: then convert it with `iconv`";
        return bad(at, "a NUL byte", hint);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            let what = format!("the byte 0x{:02X}", bytes[at]);
            return bad(at, &what, "convert it, perhaps with `iconv -f WINDOWS-1252 -t UTF-8`");
        }
    };
    if text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        return Err(Diagnostic::error(name, 0, "holds no text, expected a saved live blog"));
    }
    Ok(text)
}

/// Reads the lines of a dump in one format.
pub(super) fn read(lines: &[Line], format: &Format, told: &Told) -> Dump {
    let (mut pieces, found) = scan::pieces(lines, format);
    if let Some(shape) = &format.shape {
        shape::promote(&mut pieces, shape);
    }
    let problems = found.into_iter().map(|(line, message)| {
        Diagnostic::warning(&told.name, line + 1, message).hint("what it held may be in the entry")
    });
    let mut reading = Reading {
        format,
        told,
        page_zone: clock::page_zone(format, above_entries(&pieces, lines)),
        drafts: Vec::new(),
        summary: Vec::new(),
        title: None,
        fates: vec![Fate::Unread; lines.len()],
        problems: problems.collect(),
    };
    for piece in pieces {
        reading.take(piece, lines);
    }
    reading.finish()
}

/// The lines above the first entry.
fn above_entries<'a>(pieces: &[Piece], lines: &'a [Line]) -> impl Iterator<Item = &'a str> {
    let head = pieces.iter().find(|piece| matches!(piece.token, Token::Head(_)));
    lines[..head.map_or(0, |piece| piece.first)].iter().map(Line::text)
}

/// An entry that is still being read.
#[derive(Debug, Default)]
struct Draft {
    head: Head,
    lines: (usize, usize),
    blocks: Vec<Block>,
    embeds: Vec<super::Embed>,
}

/// What has been read so far.
struct Reading<'a> {
    format: &'a Format,
    told: &'a Told,
    page_zone: Option<FixedOffset>,
    drafts: Vec<Draft>,
    summary: Vec<String>,
    title: Option<String>,
    fates: Vec<Fate>,
    problems: Vec<Diagnostic>,
}

impl Reading<'_> {
    /// Puts one piece where it belongs, and writes down where its lines went.
    fn take(&mut self, piece: Piece, lines: &[Line]) {
        let (first, last) = (piece.first, piece.last);
        let fate = match piece.token {
            Token::Blank => Fate::Discarded(BLANK.to_string()),
            Token::Unread => Fate::Unread,
            Token::Discarded(rule) | Token::Footer(rule) => Fate::Discarded(rule),
            Token::SummaryHead => Fate::Summary,
            Token::Point(point) => {
                let point = markdown::text(&point);
                // A page repeats its summary on every one of its parts.
                if !self.summary.contains(&point) {
                    self.summary.push(point);
                }
                Fate::Summary
            }
            Token::PageTitle(title) => {
                self.title.get_or_insert(title);
                Fate::Discarded(PAGE_TITLE.to_string())
            }
            Token::Head(head) => {
                self.drafts.push(Draft { head, lines: (first, last), ..Draft::default() });
                Fate::Entry(self.drafts.len() - 1)
            }
            Token::Embed(embed, label, rule) => {
                let block = Block::Embed(embed.kind.clone(), label);
                let entry = self.add(block, first, last);
                self.drafts[entry].embeds.push(embed);
                self.write_down(first, last, &Fate::Discarded(rule), lines);
                self.fates[first] = Fate::Entry(entry);
                return;
            }
            Token::Media(media) => Fate::Entry(self.add(Block::Media(media), first, last)),
            Token::Quote(words) => Fate::Entry(self.add(Block::Quote(words), first, last)),
            Token::Item(indent, words) => {
                Fate::Entry(self.add(Block::Item(indent, words), first, last))
            }
            Token::Text(words) => Fate::Entry(self.paragraph(words, first, last)),
        };
        self.write_down(first, last, &fate, lines);
    }

    fn write_down(&mut self, first: usize, last: usize, fate: &Fate, lines: &[Line]) {
        for (slot, line) in self.fates[first..=last].iter_mut().zip(&lines[first..=last]) {
            let blank = || Fate::Discarded(BLANK.to_string());
            *slot = if line.is_blank() { blank() } else { fate.clone() };
        }
    }

    /// Adds a block to the last entry, or to a first one that has no title.
    fn add(&mut self, block: Block, first: usize, last: usize) -> usize {
        if self.drafts.is_empty() {
            self.drafts.push(Draft { lines: (first, last), ..Draft::default() });
        }
        let entry = self.drafts.len() - 1;
        let draft = &mut self.drafts[entry];
        draft.blocks.push(block);
        draft.lines.1 = last;
        entry
    }

    /// Adds a paragraph, unless it only says who wrote the entry.
    fn paragraph(&mut self, words: String, first: usize, last: usize) -> usize {
        let pattern = self.format.entry.author.as_ref();
        let author = pattern.and_then(|pattern| pattern.captures(&words)?.name("author"));
        match (author, self.drafts.last_mut()) {
            (Some(author), Some(draft)) if draft.blocks.is_empty() => {
                draft.head.author = author.as_str().to_string();
                draft.lines.1 = last;
                self.drafts.len() - 1
            }
            _ => self.add(Block::Text(words), first, last),
        }
    }

    fn finish(mut self) -> Dump {
        let drafts = std::mem::take(&mut self.drafts);
        let entries: Vec<_> = drafts.into_iter().map(|draft| self.entry(draft)).collect();
        let newest_first = clock::newest_first(&entries, self.format.entry.order);
        for (index, message) in clock::out_of_order(&entries, newest_first.unwrap_or_default()) {
            self.problems.push(self.warning(entries[index].lines.0, message));
        }
        let ledger = Ledger { fates: self.fates };
        let unread: Vec<_> = ledger.unread().collect();
        if let [first, ..] = unread[..] {
            let message =
                format!("lines that no rule explains: {}, the first is this", unread.len());
            let problem = Diagnostic::warning(&self.told.name, first, message);
            self.problems.push(problem.hint("`archive explain` shows where every line went"));
        }
        self.problems.sort_by_key(|problem| problem.line);
        Dump {
            format: self.format.name.clone(),
            publisher: Some(self.format.publisher.clone()),
            title: self.title,
            summary: self.summary,
            entries,
            newest_first,
            ledger,
            problems: self.problems,
        }
    }

    fn warning(&self, line: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(&self.told.name, line, message)
    }

    fn entry(&mut self, draft: Draft) -> DumpEntry {
        let line = draft.lines.0 + 1;
        let settled = self.settle(&draft.head.stamp, line);
        let (title, title_basis) = self.title_of(&draft);
        let media = draft.blocks.iter().filter_map(|block| match block {
            Block::Media(media) => Some(media.clone()),
            _ => None,
        });
        DumpEntry {
            title,
            title_basis,
            when: settled.when,
            date_basis: settled.basis,
            clock: settled.clock,
            stated: draft.head.stamp,
            authors: Some(draft.head.author)
                .filter(|author| !author.is_empty())
                .into_iter()
                .collect(),
            key_event: false,
            updated: When::Unknown,
            body: markdown::body(&draft.blocks),
            media: media.collect(),
            embeds: draft.embeds,
            lines: (line, draft.lines.1 + 1),
        }
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
    fn title_of(&self, draft: &Draft) -> (String, TitleBasis) {
        let stated = &draft.head.title;
        let placeholder = self.format.entry.placeholder.as_ref();
        if !stated.is_empty() && !placeholder.is_some_and(|pattern| pattern.is_match(stated)) {
            return (stated.clone(), TitleBasis::Stated);
        }
        let words = draft.blocks.iter().find_map(|block| match block {
            Block::Text(words) | Block::Item(_, words) => Some(words),
            Block::Quote(paragraphs) => paragraphs.first(),
            Block::Media(_) | Block::Embed(..) => None,
        });
        let captions = draft.blocks.iter().filter_map(|block| match block {
            Block::Media(media) => Some([&media.caption, &media.alt]),
            _ => None,
        });
        let caption = captions.flatten().find(|words| !words.is_empty());
        let made = words.or(caption).map_or_else(String::new, |words| first_words(words));
        let made = if made.is_empty() { "Untitled".to_string() } else { made };
        (made, TitleBasis::Made)
    }
}

/// Returns the first words of a text, with `…` where more follow.
fn first_words(text: &str) -> String {
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

#[cfg(test)]
mod tests;
