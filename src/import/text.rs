//! A text dump: from its bytes to lines, and from the pieces of those lines to entries.

use super::assemble::{Found, Raw, assemble};
use super::lines::Line;
use super::markdown::{self, Block};
use super::prepare::Prepared;
use super::scan::{self, Head, Piece, Token};
use super::{Decision, Dump, Fate, Told, marks, recognise, titles};
use crate::diagnostic::Diagnostic;
use crate::format::Format;

/// The ledger's name for lines on which nothing stands.
const BLANK: &str = "blank";
/// The ledger's name for the mark of a key event above its entry.
const KEY_MARK: &str = "key mark";
/// The ledger's name for a line that holds the page's own title.
const PAGE_TITLE: &str = "page title";

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
pub(super) fn read(prepared: &Prepared, format: &Format, told: &Told) -> Dump {
    let lines = prepared.lines.as_slice();
    let mut marks = marks::find(lines, format, told);
    let (mut pieces, found) = scan::pieces(lines, format, &marks);
    let is_live = recognise::is_live(lines, format, told);
    marks.decisions.extend(titles::settle(&mut pieces, &marks, format, told, is_live));
    let problems = found.into_iter().map(|(line, message)| {
        Diagnostic::warning(&told.name, prepared.origins[line] + 1, message)
            .hint("what it held may be in the entry")
    });
    let notes = prepared.notes.iter();
    let notes = notes.map(|(line, note)| Diagnostic::note(&told.name, line + 1, note.clone()));
    let mut reading = Reading {
        format,
        told,
        drafts: Vec::new(),
        summary: Vec::new(),
        title: None,
        day: String::new(),
        key_below: false,
        decisions: marks.decisions,
        fates: vec![Fate::Unread; lines.len()],
        problems: problems.chain(notes).collect(),
    };
    let above = above_entries(&pieces, lines);
    for piece in pieces {
        reading.take(piece, lines);
    }
    reading.finish(above, &prepared.origins)
}

/// The lines above the first entry.
fn above_entries(pieces: &[Piece], lines: &[Line]) -> Vec<String> {
    let head = pieces.iter().find(|piece| matches!(piece.token, Token::Head(_)));
    lines[..head.map_or(0, |piece| piece.first)]
        .iter()
        .map(|line| line.text().to_string())
        .collect()
}

/// An entry that is still being read.
#[derive(Debug, Default)]
struct Draft {
    head: Head,
    lines: (usize, usize),
    blocks: Vec<Block>,
    embeds: Vec<super::Embed>,
    day: String,
    updated: String,
}

/// What has been read so far.
struct Reading<'a> {
    format: &'a Format,
    told: &'a Told,
    drafts: Vec<Draft>,
    summary: Vec<String>,
    title: Option<String>,
    /// The last day heading.
    day: String,
    /// Whether the mark of a key event stood directly above.
    key_below: bool,
    decisions: Vec<Decision>,
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
            Token::Discarded(rule) | Token::Footer(rule) | Token::Stream(rule) => {
                Fate::Discarded(rule)
            }
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
            Token::Head(mut head) => {
                let day = self.day.clone();
                head.key |= std::mem::take(&mut self.key_below);
                self.drafts.push(Draft { head, lines: (first, last), day, ..Draft::default() });
                Fate::Entry(self.drafts.len() - 1)
            }
            Token::HeadMore => self.more(first, last),
            Token::Key(true) => {
                self.key_below = true;
                Fate::Discarded(KEY_MARK.to_string())
            }
            Token::Key(false) => {
                if let Some(draft) = self.drafts.last_mut() {
                    draft.head.key = true;
                }
                self.more(first, last)
            }
            Token::Updated(stamp) => {
                if let Some(draft) = self.drafts.last_mut() {
                    draft.updated = stamp;
                }
                self.more(first, last)
            }
            Token::Day(day) => {
                self.day = day;
                Fate::Discarded("day heading".to_string())
            }
            Token::End => Fate::Discarded("end of entry".to_string()),
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

    /// Lets the last entry reach as far as `last`.
    fn more(&mut self, first: usize, last: usize) -> Fate {
        match self.drafts.last_mut() {
            Some(draft) => {
                draft.lines = (draft.lines.0.min(first), draft.lines.1.max(last));
                Fate::Entry(self.drafts.len() - 1)
            }
            None => Fate::Unread,
        }
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

    fn finish(self, above: Vec<String>, origins: &[usize]) -> Dump {
        let raws = self.drafts.into_iter().map(|draft| Raw {
            title: draft.head.title,
            stated: draft.head.stamp,
            heading: draft.day,
            updated_stated: draft.updated,
            authors: Some(draft.head.author).filter(|name| !name.is_empty()).into_iter().collect(),
            key_event: draft.head.key,
            blocks: draft.blocks,
            embeds: draft.embeds,
            lines: (origins[draft.lines.0], origins[draft.lines.1]),
            ..Raw::default()
        });
        let found = Found {
            title: self.title,
            summary: self.summary,
            above,
            raws: raws.collect(),
            fates: by_origin(self.fates, origins),
            decisions: self.decisions,
            problems: self.problems,
            ..Found::default()
        };
        assemble(found, self.format, self.told)
    }
}

/// Returns a fate for each of the dump's own lines: of one that was cut, that of its most telling
/// part.
fn by_origin(fates: Vec<Fate>, origins: &[usize]) -> Vec<Fate> {
    let mut own: Vec<Fate> = Vec::with_capacity(fates.len());
    for (fate, origin) in fates.into_iter().zip(origins) {
        match own.get_mut(*origin) {
            Some(there) => *there = std::cmp::min(there.clone(), fate),
            None => own.push(fate),
        }
    }
    own
}

#[cfg(test)]
mod tests;
