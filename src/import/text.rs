//! A text dump: from its bytes to lines, and from the pieces of those lines to entries.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::{Found, Raw, assemble};
use super::lines::Line;
use super::markdown::{self, Block};
use super::marks::Marks;
use super::prepare::{self, Prepared};
use super::scan::{self, Head, Piece, Token};
use super::stream::Ahead;
use super::{Decoded, Dump, Fate, Told, lines, marks, recognise, titles};
use crate::diagnostic::Diagnostic;
use crate::format::{Fits, Format, PINNED, Way};

/// The ledger's name for lines on which nothing stands.
const BLANK: &str = "blank";
/// The ledger's name for the mark of a key event above its entry.
const KEY_MARK: &str = "key mark";
/// The ledger's name for an entry that stands there twice.
const COPY: &str = "pinned copy";
/// The ledger's name for a line that holds the page's own title.
const PAGE_TITLE: &str = "page title";

/// Reads a text in whichever format fits it best.
///
/// # Errors
/// As [`super::read`].
pub(super) fn dump(
    decoded: &Decoded,
    told: &Told,
    formats: &[Format],
) -> Result<Dump, Vec<Diagnostic>> {
    let prepared = prepare::prepare(lines::lines(&decoded.text));
    let with_notes = |mut findings: Vec<Diagnostic>| {
        findings.extend(decoded.notes.iter().cloned());
        findings
    };
    let format = recognise::choose(&prepared.lines, told, formats).map_err(with_notes)?;
    let mut dump = read(&prepared, format, told);
    if let Some(way) = told.by.filter(|_| dump.entries.is_empty()) {
        let separator =
            told.separator.as_ref().map_or(String::new(), |words| format!(" (`{words}`)"));
        let message = format!(
            "nothing tells entries apart by {}{separator}, expected it in the dump",
            way.name()
        );
        let hint = "leave `--entries-by` out: the dump decides then, and `archive read` shows how";
        return Err(with_notes(vec![Diagnostic::error(&told.name, 0, message).hint(hint)]));
    }
    if dump.entries.is_empty() && format.name == recognise::GENERIC && told.format.is_none() {
        let refusal = recognise::refusal(&prepared.lines, told, formats, &dump.decisions);
        return Err(with_notes(refusal));
    }
    // Where a page says that it holds none, what looks like one entry is the page's own head.
    let closed = || {
        let says =
            |line: &Line| format.page.empty.iter().any(|rule| rule.pattern.is_match(line.text()));
        prepared.lines.iter().any(says)
    };
    let head_alone = dump.entries.len() == 1 && dump.entries.iter().all(|e| e.stated.is_empty());
    if dump.entries.is_empty() || (head_alone && closed()) {
        return Err(with_notes(vec![no_entries(&prepared.lines, format, told)]));
    }
    dump.problems.extend(decoded.notes.iter().cloned());
    dump.problems.sort_by_key(|problem| problem.line);
    Ok(dump)
}

/// Says that a dump holds no entries, and why, where its page tells.
fn no_entries(lines: &[Line], format: &Format, told: &Told) -> Diagnostic {
    let message = format!("no entry of the format `{}`, expected at least one", format.name);
    let rules = &format.page.empty;
    let says = lines.iter().enumerate().find_map(|(at, line)| {
        let rule = rules.iter().find(|rule| rule.pattern.is_match(line.text()))?;
        Some((at + 1, &rule.name))
    });
    if let Some((line, reason)) = says {
        let hint = "look for another capture of the page, saved while it ran";
        return Diagnostic::error(&told.name, line, format!("{message}: {reason}")).hint(hint);
    }
    let hint = if format.entry.start.is_empty() {
        "the page may have been saved before its entries were loaded"
    } else {
        "no line fits `start` of the format; or the page was saved before its entries were loaded"
    };
    Diagnostic::error(&told.name, 0, message).hint(hint)
}

/// Reads the lines of a dump in one format.
pub(super) fn read(prepared: &Prepared, format: &Format, told: &Told) -> Dump {
    assemble(find(prepared, format, told, None).0, format, told)
}

/// Finds the entries of a dump, or of a window of one for which `ahead` settled everything.
pub(super) fn find(
    prepared: &Prepared,
    format: &Format,
    told: &Told,
    ahead: Option<&Ahead>,
) -> (Found, Marks) {
    let lines = prepared.lines.as_slice();
    let sieve = format.sieve();
    let fitting = |line: &Line| {
        if line.is_blank() { Fits::default() } else { sieve.fits(line.text(), line.whole()) }
    };
    let fits: Vec<_> = lines.iter().map(fitting).collect();
    let marks = marks::find(lines, &fits, format, told, ahead.map(|ahead| &ahead.kept));
    let (mut pieces, cut_off) = scan::pieces(lines, format, &marks, &fits);
    if ahead.is_none() {
        titles::offer_line_above(&mut pieces, lines, format);
    }
    let is_live = || recognise::is_live(lines, format, told);
    let settled = titles::settle(&mut pieces, &marks, format, told, ahead, &is_live);
    let mut decisions = marks.decisions.clone();
    let place = settled.as_ref().map(|(place, _)| *place);
    decisions.extend(settled.map(|(_, decision)| decision));
    let problems = cut_off.into_iter().map(|(line, message)| {
        Diagnostic::warning(&told.name, prepared.origins[line] + 1, message)
            .hint("what it held may be in the entry")
    });
    let notes = prepared.notes.iter();
    let notes = notes.map(|(line, note)| Diagnostic::note(&told.name, line + 1, note.clone()));
    let mut reading = Reading {
        format,
        way: marks.way,
        drafts: Vec::new(),
        summary: Vec::new(),
        title: None,
        day: ahead.map_or(String::new(), |ahead| ahead.heading.clone()),
        key_below: false,
        pinned_below: false,
        fates: vec![Fate::Unread; lines.len()],
    };
    let above = above_entries(&pieces, lines);
    for piece in pieces {
        reading.take(piece, lines);
    }
    let found = Found {
        above,
        decisions,
        place,
        problems: problems.chain(notes).collect(),
        ..reading.finish(&prepared.origins)
    };
    (found, marks)
}

/// Returns where in a dump the line with this number, counted from 0, begins.
pub(super) fn offset_of_line(bytes: &[u8], line: usize) -> usize {
    let mut ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    match line.checked_sub(1) {
        Some(last) => ends.nth(last).map_or(bytes.len(), |(at, _)| at + 1),
        None => 0,
    }
}

/// The lines above the first entry.
fn above_entries(pieces: &[Piece], lines: &[Line]) -> Vec<String> {
    let head = pieces.iter().find(|piece| matches!(piece.token, Token::Head(_)));
    // The line that leads in the entries speaks of no day of theirs.
    let stream: Vec<usize> = pieces
        .iter()
        .filter(|piece| matches!(piece.token, Token::Stream(_)))
        .map(|piece| piece.first)
        .collect();
    lines[..head.map_or(0, |piece| piece.first)]
        .iter()
        .enumerate()
        .filter(|(at, _)| !stream.contains(at))
        .map(|(_, line)| line.text().to_string())
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
    pinned: bool,
}

/// What has been read so far.
struct Reading<'a> {
    format: &'a Format,
    way: Way,
    drafts: Vec<Draft>,
    summary: Vec<String>,
    title: Option<String>,
    /// The last day heading.
    day: String,
    /// Whether the mark of a key event stood directly above.
    key_below: bool,
    /// Whether the next entry is pinned.
    pinned_below: bool,
    fates: Vec<Fate>,
}

impl Reading<'_> {
    /// Puts one piece where it belongs, and writes down where its lines went.
    fn take(&mut self, piece: Piece, lines: &[Line]) {
        let (first, last) = (piece.first, piece.last);
        let fate = match piece.token {
            Token::Blank => Fate::Discarded(BLANK.into()),
            Token::Unread => Fate::Unread,
            Token::Discarded(rule) | Token::Footer(rule) | Token::Stream(rule) => {
                self.pinned_below |= rule == PINNED;
                Fate::Discarded(rule.into())
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
                Fate::Discarded(PAGE_TITLE.into())
            }
            Token::Head(mut head) => {
                let day = self.day.clone();
                head.key |= std::mem::take(&mut self.key_below);
                let pinned = std::mem::take(&mut self.pinned_below);
                let lines = (first, last);
                self.drafts.push(Draft { head, lines, day, pinned, ..Draft::default() });
                Fate::Entry(self.drafts.len() - 1)
            }
            Token::HeadMore => self.more(first, last),
            Token::Key(true) => {
                self.key_below = true;
                Fate::Discarded(KEY_MARK.into())
            }
            Token::Key(false) => {
                if let Some(draft) = self.drafts.last_mut() {
                    draft.head.key = true;
                }
                self.more(first, last)
            }
            Token::Pinned => {
                if let Some(draft) = self.drafts.last_mut() {
                    draft.pinned = true;
                }
                self.more(first, last)
            }
            Token::Updated(stamp) => {
                if let Some(draft) = self.drafts.last_mut() {
                    draft.updated = stamp;
                }
                self.more(first, last)
            }
            Token::Signature(author) => {
                if let Some(draft) = self.drafts.last_mut()
                    && draft.head.author.is_empty()
                {
                    draft.head.author = author;
                }
                self.more(first, last)
            }
            Token::Day(day) => {
                self.day = day;
                Fate::Discarded("day heading".into())
            }
            Token::End => Fate::Discarded("end of entry".into()),
            Token::Embed(embed, label, rule) => {
                let block = Block::Embed(embed.kind.clone(), label);
                let entry = self.add(block, first, last);
                self.drafts[entry].embeds.push(embed);
                self.write_down(first, last, &Fate::Discarded(rule.into()), lines);
                self.fates[first] = Fate::Entry(entry);
                return;
            }
            Token::Media(media) => Fate::Entry(self.add(Block::Media(media), first, last)),
            Token::Quote(words) => Fate::Entry(self.add(Block::Quote(words), first, last)),
            Token::Item(indent, words) => {
                Fate::Entry(self.add(Block::Item(indent, words), first, last))
            }
            Token::Text(words) => match self.stamp_below(&words) {
                Some(stamp) => {
                    if let Some(draft) = self.drafts.last_mut() {
                        draft.head.stamp = stamp;
                    }
                    self.more(first, last)
                }
                None => Fate::Entry(self.paragraph(words, first, last)),
            },
        };
        self.write_down(first, last, &fate, lines);
    }

    fn write_down(&mut self, first: usize, last: usize, fate: &Fate, lines: &[Line]) {
        for (slot, line) in self.fates[first..=last].iter_mut().zip(&lines[first..=last]) {
            let blank = || Fate::Discarded(BLANK.into());
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

    /// Returns the stamp that stands alone directly below the first line of an entry without one.
    fn stamp_below(&self, words: &str) -> Option<String> {
        let draft = self.drafts.last()?;
        let open = draft.head.stamp.is_empty() && draft.blocks.is_empty() && self.way != Way::Stamp;
        if open { marks::stamp_alone(words) } else { None }
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
        if let Some(draft) = self.drafts.last_mut().filter(|draft| draft.blocks.is_empty())
            && let Some(pattern) = &self.format.entry.author
            && let Some(author) = pattern.captures(&words).and_then(|found| found.name("author"))
        {
            draft.head.author = author.as_str().to_string();
            draft.lines.1 = last;
            return self.drafts.len() - 1;
        }
        self.add(Block::Text(words), first, last)
    }

    /// Drops the copies of entries that stand pinned on top of the page, or say again what another
    /// says: the same stamp, the same title, and no word that the other does not have.
    fn drop_copies(&mut self) {
        let words = |draft: &Draft| -> BTreeSet<String> {
            let body = markdown::body(&draft.blocks);
            body.split_whitespace().map(str::to_lowercase).collect()
        };
        let mut first: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut copies: BTreeSet<usize> = BTreeSet::new();
        for (at, draft) in self.drafts.iter().enumerate() {
            let key = (draft.head.stamp.as_str(), draft.head.title.as_str());
            if key.0.is_empty() {
                continue;
            }
            let Some(there) = first.insert(key, at) else { continue };
            let (one, other) = (words(&self.drafts[there]), words(draft));
            if one.is_subset(&other) && (!key.1.is_empty() || one == other) {
                copies.insert(there);
            } else if other.is_subset(&one) && !key.1.is_empty() {
                copies.insert(at);
                first.insert(key, there);
            }
        }
        if copies.is_empty() {
            return;
        }
        // Where every entry that stays stands then.
        let places: Vec<usize> = (0..self.drafts.len())
            .scan(0, |next, at| {
                let place = *next;
                *next += usize::from(!copies.contains(&at));
                Some(place)
            })
            .collect();
        for fate in &mut self.fates {
            if let Fate::Entry(at) = fate {
                *fate = if copies.contains(at) {
                    Fate::Discarded(COPY.into())
                } else {
                    Fate::Entry(places[*at])
                };
            }
        }
        let mut at = 0;
        self.drafts.retain(|_| {
            at += 1;
            !copies.contains(&(at - 1))
        });
    }

    fn finish(mut self, origins: &[usize]) -> Found {
        self.drop_copies();
        let raws = self.drafts.into_iter().map(|draft| Raw {
            title: draft.head.title,
            stated: draft.head.stamp,
            heading: draft.day,
            updated_stated: draft.updated,
            authors: Some(draft.head.author).filter(|name| !name.is_empty()).into_iter().collect(),
            key_event: draft.head.key,
            pinned: draft.pinned,
            blocks: draft.blocks,
            embeds: draft.embeds,
            lines: (origins[draft.lines.0], origins[draft.lines.1]),
            ..Raw::default()
        });
        Found {
            title: self.title,
            summary: self.summary,
            raws: raws.collect(),
            heading: self.day,
            fates: by_origin(self.fates, origins),
            ..Found::default()
        }
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
