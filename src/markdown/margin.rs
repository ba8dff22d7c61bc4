//! Marginal notes: an alert that opens with a quoted phrase and a colon speaks of those words of the
//! publisher's. The two lead to each other.

use std::fmt::Write as _;

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::{MISSING, curators, escape, raw};

/// Stands first in a note that has its phrase, with its number behind it; no text may hold this
/// character (Unicode, 23.7).
const NUMBER: char = '\u{fdd3}';
/// Stands between blocks, which no phrase goes across.
const EDGE: char = '\0';

/// What a note opens with.
struct Opening {
    /// The phrase, without its quotation marks.
    phrase: String,
    /// The phrase as it is quoted.
    quoted: String,
    /// The event in which the quotation ends, and where.
    end: (usize, usize),
}

/// A note with the words that it speaks of.
struct Note {
    /// The event that opens it.
    at: usize,
    opening: Opening,
    /// Pieces of events; `None` where the phrase does not stand in the text.
    found: Option<Vec<(usize, Range<usize>)>>,
}

/// The publisher's words, a character at a time.
struct Words {
    chars: Vec<char>,
    /// The event of each character, and its place there.
    places: Vec<(usize, Range<usize>)>,
    /// For each event, whether it stands inside of a link.
    linked: Vec<bool>,
}

/// A phrase in quotation marks that a colon follows: the phrase, and where the quotation ends.
fn quotation(text: &str) -> Option<(&str, usize)> {
    let open = text.chars().next()?;
    let closing: &[char] = match open {
        '"' => &['"'],
        '\u{201c}' => &['\u{201d}'],
        '\'' => &['\''],
        '\u{2018}' => &['\u{2019}'],
        '\u{ab}' => &['\u{bb}'],
        '\u{201e}' => &['\u{201c}', '\u{201d}'],
        _ => return None,
    };
    let inner = &text[open.len_utf8()..];
    // An apostrophe has a letter on either side.
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (at, mark) = inner.match_indices(closing).find(|(at, mark)| {
        let (before, behind) = (inner[..*at].chars().next_back(), &inner[at + mark.len()..]);
        before.is_some_and(|c| !c.is_whitespace()) && !is_letter(behind.chars().next())
    })?;
    let end = open.len_utf8() + at + mark.len();
    let phrase = inner[..at].trim();
    (text[end..].trim_start().starts_with(':') && !phrase.is_empty()).then_some((phrase, end))
}

/// Reads what the note opens with whose first event is at `at`.
fn opening(events: &[Event<'_>], at: usize) -> Option<Opening> {
    let mut text = String::new();
    // For each piece: its event, where it begins in `text`, and the emphasis around it.
    let mut pieces: Vec<(usize, usize, usize)> = Vec::new();
    let mut depth = 0_usize;
    if events.get(at + 1) != Some(&Event::Start(Tag::Paragraph)) {
        return None;
    }
    for (ix, event) in events.iter().enumerate().skip(at + 2) {
        match event {
            Event::Text(words) | Event::Code(words) => {
                pieces.push((ix, text.len(), depth));
                text.push_str(words);
            }
            Event::SoftBreak => {
                pieces.push((ix, text.len(), depth));
                text.push(' ');
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => depth += 1,
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {
                depth = depth.saturating_sub(1);
            }
            _ => return None,
        }
        let Some((phrase, end)) = quotation(&text) else { continue };
        let (last, start, depth) = *pieces.iter().rfind(|(_, start, _)| *start < end)?;
        return (depth == 0).then(|| Opening {
            phrase: phrase.to_string(),
            quoted: text[..end].to_string(),
            end: (last, end - start),
        });
    }
    None
}

/// A character as phrases are compared by: quotation marks and blanks of all kinds are one.
fn plain(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => '"',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

impl Words {
    fn of(events: &[Event<'_>]) -> Self {
        let (chars, places) = (Vec::new(), Vec::new());
        let mut words = Self { chars, places, linked: vec![false; events.len()] };
        let (mut curator, mut unseen, mut links) = (0_usize, 0_usize, 0_usize);
        for (ix, event) in events.iter().enumerate() {
            match curators(event) {
                Some(true) => curator += 1,
                Some(false) => curator = curator.saturating_sub(1),
                None => {}
            }
            match event {
                Event::Start(Tag::Image { .. }) => unseen += 1,
                Event::End(TagEnd::Image) => unseen = unseen.saturating_sub(1),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    // What stands for something that is not held is the archive's own line.
                    links += 1;
                    unseen += usize::from(unseen > 0 || dest_url.starts_with(MISSING));
                }
                Event::End(TagEnd::Link) => {
                    links = links.saturating_sub(1);
                    unseen = unseen.saturating_sub(1);
                }
                _ => {}
            }
            words.linked[ix] = links > 0;
            if curator == 0 && unseen == 0 {
                words.add(ix, event);
            }
        }
        words
    }

    fn add(&mut self, ix: usize, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => {
                for (at, c) in text.char_indices() {
                    self.push(plain(c), ix, at..at + c.len_utf8());
                }
            }
            Event::SoftBreak | Event::HardBreak => self.push(' ', ix, 0..0),
            Event::FootnoteReference(_)
            | Event::InlineHtml(_)
            | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link,
            ) => {}
            _ => self.push(EDGE, ix, 0..0),
        }
    }

    fn push(&mut self, c: char, ix: usize, place: Range<usize>) {
        if c != ' ' || self.chars.last() != Some(&' ') {
            self.chars.push(c);
            self.places.push((ix, place));
        }
    }

    /// Returns the place of a phrase that is nearest before the event `at`, or else the first; whole
    /// words, if there are any.
    fn find(&self, phrase: &str, at: usize) -> Option<Vec<(usize, Range<usize>)>> {
        let mut needle: Vec<char> = phrase.chars().map(plain).collect();
        needle.dedup_by(|a, b| *a == ' ' && *b == ' ');
        let starts: Vec<usize> = self
            .chars
            .windows(needle.len().max(1))
            .enumerate()
            .filter(|(_, window)| *window == needle)
            .map(|(start, _)| start)
            .collect();
        let is_letter = |at: Option<usize>| {
            at.and_then(|at| self.chars.get(at)).is_some_and(|c| c.is_alphanumeric())
        };
        let whole = |start: &usize| {
            !is_letter(start.checked_sub(1)) && !is_letter(Some(start + needle.len()))
        };
        let mut whole: Vec<usize> = starts.iter().copied().filter(whole).collect();
        if whole.is_empty() {
            whole = starts;
        }
        let before = whole.iter().rfind(|start| self.places[**start].0 < at);
        let start = *before.or(whole.first())?;
        let mut pieces: Vec<(usize, Range<usize>)> = Vec::new();
        for (ix, place) in &self.places[start..start + needle.len()] {
            match pieces.last_mut() {
                Some((last, range)) if last == ix => range.end = place.end.max(range.end),
                _ if place.is_empty() => {}
                _ => pieces.push((*ix, place.clone())),
            }
        }
        Some(pieces)
    }
}

/// The marginal notes of a text.
fn notes(events: &[Event<'_>]) -> (Vec<Note>, Words) {
    let mut depth = 0_usize;
    let mut openings = Vec::new();
    for (at, event) in events.iter().enumerate() {
        match curators(event) {
            Some(true) => {
                let is_note = depth == 0 && matches!(event, Event::Start(Tag::BlockQuote(_)));
                let found = if is_note { opening(events, at) } else { None };
                openings.extend(found.map(|opening| (at, opening)));
                depth += 1;
            }
            Some(false) => depth = depth.saturating_sub(1),
            None => {}
        }
    }
    let words = Words::of(if openings.is_empty() { &[] } else { events });
    let find = |(at, opening): (usize, Opening)| {
        let found = words.find(&opening.phrase, at);
        Note { at, opening, found }
    };
    (openings.into_iter().map(find).collect(), words)
}

/// Returns the phrase of each note that stands nowhere in the text, with its event.
pub(super) fn lost(events: &[Event<'_>]) -> Vec<(String, usize)> {
    let (notes, _) = notes(events);
    let lost = notes.into_iter().filter(|note| note.found.is_none());
    lost.map(|note| (note.opening.phrase, note.at + 1)).collect()
}

/// What is written around a piece of an event.
struct Cut {
    range: Range<usize>,
    open: String,
    close: &'static str,
}

/// Marks the phrases that notes speak of, and leads the one to the other. The HTML in `events` has to
/// be what may stand on the page; `see` says what the phrase leads to.
pub(super) fn link<'a>(events: Vec<Event<'a>>, prefix: &str, see: &str) -> Vec<Event<'a>> {
    let (notes, words) = notes(&events);
    if notes.iter().all(|note| note.found.is_none()) {
        return events;
    }
    let mut cuts: BTreeMap<usize, Vec<Cut>> = BTreeMap::new();
    // For the event that opens a note: its number, and that of the phrase.
    let mut heads: BTreeMap<usize, (usize, usize, &Opening)> = BTreeMap::new();
    let mut marked: Vec<(usize, usize, Range<usize>)> = Vec::new();
    let found = notes.iter().filter_map(|note| Some((note, note.found.as_ref()?)));
    for (number, (note, pieces)) in (1..).zip(found) {
        let taken = marked.iter().find(|(_, ix, range)| {
            let meet = |piece: &&(usize, Range<usize>)| {
                piece.0 == *ix && piece.1.start < range.end && range.start < piece.1.end
            };
            pieces.iter().any(|piece| meet(&piece))
        });
        // Of two notes on the same words, the words lead to the first, and both lead to the words.
        let phrase = taken.map_or(number, |(phrase, ..)| *phrase);
        heads.insert(note.at, (number, phrase, &note.opening));
        if phrase != number {
            continue;
        }
        for (place, (ix, range)) in pieces.iter().enumerate() {
            let id =
                if place == 0 { format!(" id=\"{prefix}phrase-{number}\"") } else { String::new() };
            let mut open = format!("<mark class=\"phrase\"{id}>");
            let linked = words.linked[*ix];
            if !linked {
                _ = write!(open, "<a href=\"#{prefix}margin-{number}\" title=\"{}\">", escape(see));
            }
            let close = if linked { "</mark>" } else { "</a></mark>" };
            cuts.entry(*ix).or_default().push(Cut { range: range.clone(), open, close });
            marked.push((number, *ix, range.clone()));
        }
    }
    write(&events, &order(&events, &notes), cuts, &heads, prefix)
}

/// Returns the events in the order in which they are read: a note on a phrase stands right behind the
/// paragraph, or the whole list, in which its phrase stands.
fn order(events: &[Event<'_>], notes: &[Note]) -> Vec<usize> {
    // The events of each block that stands in no other.
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (ix, event) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            blocks.push(start..ix + 1);
            start = ix + 1;
        }
    }
    let block_of = |ix: usize| blocks.iter().position(|block| block.contains(&ix));
    let mut behind: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut moved: Vec<usize> = Vec::new();
    for note in notes {
        let own = blocks.iter().position(|block| block.start == note.at);
        let last = note.found.as_ref().and_then(|pieces| block_of(pieces.last()?.0));
        if let (Some(own), Some(last)) = (own, last)
            && last < own
        {
            behind.entry(last).or_default().push(own);
            moved.push(own);
        }
    }
    let here = (0..blocks.len()).filter(|block| !moved.contains(block));
    here.flat_map(|block| {
        let notes = behind.remove(&block).unwrap_or_default();
        std::iter::once(block).chain(notes)
    })
    .flat_map(|block| blocks[block].clone())
    .collect()
}

fn write<'a>(
    events: &[Event<'a>],
    order: &[usize],
    mut cuts: BTreeMap<usize, Vec<Cut>>,
    heads: &BTreeMap<usize, (usize, usize, &Opening)>,
    prefix: &str,
) -> Vec<Event<'a>> {
    let text = |words: &str| Event::Text(CowStr::from(words.to_string()));
    let mut out = Vec::with_capacity(events.len() + 8);
    let mut done = 0..0;
    for ix in order.iter().copied() {
        let event = &events[ix];
        if done.contains(&ix) {
            continue;
        }
        if let Some((number, phrase, opening)) = heads.get(&ix) {
            let link = format!("<a class=\"quoted\" href=\"#{prefix}phrase-{phrase}\">");
            let link = raw(format!("{link}{}</a>", escape(&opening.quoted)));
            let number = raw(format!("{NUMBER}{number}"));
            out.extend([event.clone(), number, Event::Start(Tag::Paragraph), link]);
            let (last, end) = opening.end;
            if let Event::Text(words) = &events[last] {
                out.push(text(&words[end..]));
            }
            done = ix..last + 1;
            continue;
        }
        let mut at = 0;
        let mut list = cuts.remove(&ix).unwrap_or_default();
        list.sort_by_key(|cut| cut.range.start);
        match event {
            Event::Text(words) if !list.is_empty() => {
                for cut in list {
                    out.extend([text(&words[at..cut.range.start]), raw(cut.open)]);
                    out.extend([text(&words[cut.range.clone()]), raw(cut.close.to_string())]);
                    at = cut.range.end;
                }
                out.push(text(&words[at..]));
            }
            event => match list.into_iter().next() {
                Some(cut) => {
                    out.extend([raw(cut.open), event.clone(), raw(cut.close.to_string())]);
                }
                None => out.push(event.clone()),
            },
        }
    }
    out
}

/// Takes the number off a note that has its phrase.
pub(super) fn take_number(events: &mut Vec<Event<'_>>) -> Option<usize> {
    let Some(Event::InlineHtml(html)) = events.first() else { return None };
    let number = html.strip_prefix(NUMBER)?.parse().ok()?;
    events.remove(0);
    Some(number)
}
