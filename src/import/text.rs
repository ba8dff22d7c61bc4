//! A text dump: from its bytes to lines, and from the pieces of those lines to entries.

use super::assemble::{Found, Raw, assemble};
use super::lines::Line;
use super::markdown::{self, Block};
use super::scan::{self, Head, Piece, Token};
use super::{Dump, Fate, Told, shape};
use crate::diagnostic::Diagnostic;
use crate::format::Format;

/// The ledger's name for lines on which nothing stands.
const BLANK: &str = "blank";
/// The ledger's name for a line that holds the page's own title.
const PAGE_TITLE: &str = "page title";

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
        drafts: Vec::new(),
        summary: Vec::new(),
        title: None,
        fates: vec![Fate::Unread; lines.len()],
        problems: problems.collect(),
    };
    let above = above_entries(&pieces, lines);
    for piece in pieces {
        reading.take(piece, lines);
    }
    reading.finish(above)
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
}

/// What has been read so far.
struct Reading<'a> {
    format: &'a Format,
    told: &'a Told,
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

    fn finish(self, above: Vec<String>) -> Dump {
        let raws = self.drafts.into_iter().map(|draft| Raw {
            title: draft.head.title,
            stated: draft.head.stamp,
            authors: Some(draft.head.author).filter(|name| !name.is_empty()).into_iter().collect(),
            blocks: draft.blocks,
            embeds: draft.embeds,
            lines: draft.lines,
            ..Raw::default()
        });
        let found = Found {
            title: self.title,
            summary: self.summary,
            above,
            raws: raws.collect(),
            fates: self.fates,
            problems: self.problems,
            ..Found::default()
        };
        assemble(found, self.format, self.told)
    }
}

#[cfg(test)]
mod tests;
