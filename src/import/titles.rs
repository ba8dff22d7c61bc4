//! Where titles stand: decided once for a dump, by which place gives more of them.

use std::collections::{BTreeMap, BTreeSet};

use super::day::Page;
use super::lines::Line;
use super::looks::{are_names, is_name, looks_like_title};
use super::marks::{Form, Mark, Marks};
use super::recognise::GENERIC;
use super::scan::{self, Head, Piece, Token};
use super::shape;
use super::stream::Ahead;
use super::{Decision, Told};
use crate::format::{Format, Place, Shape, Way};

/// A first entry that lost its stamp begins with a sentence longer than this, in bytes.
const SHORTEST_SENTENCE: usize = 30;
/// A sentence above the page's title is no longer than this, in bytes: "All the news in one place."
const LONGEST_MOTTO: usize = 60;
/// What the ledger calls lines above the first entry that no other rule names.
pub(super) const PAGE_HEAD: &str = "page head";

/// Gives every entry its first line and its title, and what stands above the first one its name.
///
/// `is_live` is whether the page says of itself that it is a live blog.
pub(super) fn settle(
    pieces: &mut Vec<Piece>,
    marks: &Marks,
    format: &Format,
    told: &Told,
    ahead: Option<&Ahead>,
    is_live: &dyn Fn() -> bool,
) -> Option<(Place, Decision)> {
    let mut decision = None;
    match (marks.way, &format.shape) {
        (Way::Stamp | Way::Start, Some(shape)) => {
            let place = told.title.or(ahead.and_then(|ahead| ahead.place));
            decision = beside_stamps(pieces, marks, shape, format, place);
        }
        (Way::Number | Way::Bullet, Some(shape)) => on_items(pieces, marks.way, shape),
        (Way::Separator, Some(shape)) => between_separators(pieces, shape, format, ahead.is_some()),
        (Way::Shape, Some(shape)) => {
            shape::promote(pieces, shape, format);
            if ahead.is_none() {
                leave_out_above_stream(pieces);
            }
            shape::begin_at_bylines(pieces, format);
            // One title alone may be any page's, and several may be the headings of an article.
            let titles = pieces.iter().filter(|piece| is_head(piece)).count();
            let none_says = ahead.is_none() && stream_start(pieces).is_none();
            let elected = told.by.is_none() && format.entry.by.is_none();
            let few = titles < 2 && (elected || format.name == GENERIC);
            if none_says && (few || (elected && !is_live())) {
                for piece in pieces.iter_mut().filter(|piece| is_content(piece) || is_head(piece)) {
                    piece.token = Token::Unread;
                }
                return None;
            }
            if none_says {
                leave_out_page_title(pieces, format);
            }
        }
        (_, None) => {}
    }
    match marks.way {
        Way::Stamp => begin_at_stream(pieces, format),
        Way::Shape if format.entry.by == Some(Way::Shape) => begin_without_title(pieces),
        _ => {}
    }
    name_page_head(pieces);
    decision
}

/// Whether a piece holds words of the publisher's.
fn is_content(piece: &Piece) -> bool {
    matches!(
        piece.token,
        Token::Text(_) | Token::Item(..) | Token::Quote(_) | Token::Media(_) | Token::Embed(..)
    )
}

fn is_head(piece: &Piece) -> bool {
    matches!(piece.token, Token::Head(_))
}

/// Whether a piece is a line that only says who wrote the entry.
pub(super) fn is_byline(piece: &Piece, format: &Format) -> bool {
    let author = format.entry.author.as_ref();
    matches!(&piece.token, Token::Text(text) if author.is_some_and(|author| author.is_match(text)))
}

/// Whether the paragraphs of a dump are parted by blank lines.
pub(super) fn has_blank_lines(pieces: &[Piece]) -> bool {
    let blank = pieces.iter().filter(|piece| piece.token == Token::Blank).count();
    let texts = pieces.iter().filter(|piece| matches!(piece.token, Token::Text(_))).count();
    blank * 3 >= texts
}

/// Whether the paragraphs of a dump are cut into lines: many a line goes on in lower case.
fn is_wrapped(pieces: &[Piece]) -> bool {
    let below: Vec<&str> = pieces
        .windows(2)
        .filter_map(|pair| match (&pair[0].token, &pair[1].token) {
            (Token::Text(_), Token::Text(below)) if pair[1].first > pair[0].last => Some(below),
            _ => None,
        })
        .map(String::as_str)
        .collect();
    let goes_on = below.iter().filter(|text| text.starts_with(char::is_lowercase)).count();
    goes_on * 4 >= below.len() && goes_on > 0
}

/// What is looked at when a place is decided.
struct Look<'a> {
    pieces: &'a [Piece],
    shape: &'a Shape,
    format: &'a Format,
    blanks: bool,
    wrapped: bool,
}

impl Look<'_> {
    /// Whether a piece is a paragraph that could be a title.
    fn could_be_title(&self, at: usize) -> bool {
        let piece = &self.pieces[at];
        matches!(&piece.token, Token::Text(text) if looks_like_title(text, self.shape))
            && !is_byline(piece, self.format)
    }

    /// Whether a piece is no part of a longer paragraph.
    fn stands_alone(&self, at: usize) -> bool {
        let Some(below) = self.pieces.get(at + 1) else { return true };
        match &below.token {
            _ if is_byline(below, self.format) => true,
            Token::Text(_) if self.wrapped => false,
            _ if !self.blanks => true,
            Token::Text(text) => {
                let ends = self.shape.ends_sentence(text);
                let is_sentence = ends || text.chars().nth(self.shape.longest).is_some();
                is_sentence && !text.starts_with(char::is_lowercase)
            }
            Token::Item(..) => false,
            _ => true,
        }
    }

    /// Returns the next piece of content behind `at` within its entry, bylines not counted.
    fn content_behind(&self, at: usize) -> Option<usize> {
        let end = self.pieces[at + 1..]
            .iter()
            .position(is_head)
            .map_or(self.pieces.len(), |n| at + 1 + n);
        (at + 1..end)
            .find(|at| is_content(&self.pieces[*at]) && !is_byline(&self.pieces[*at], self.format))
    }

    /// The title on the line of the stamp at `head`.
    fn same(&self, head: usize) -> Option<usize> {
        let rest = head + 1;
        let on_line = self.pieces.get(rest).is_some_and(|piece| {
            piece.first == self.pieces[head].last && matches!(piece.token, Token::Text(_))
        });
        (on_line && self.could_be_title(rest) && self.content_behind(rest).is_some())
            .then_some(rest)
    }

    /// The title below the stamp at `head`.
    fn after(&self, head: usize) -> Option<usize> {
        let mut next = self.content_behind(head)?;
        // A picture may stand between the two.
        while matches!(self.pieces[next].token, Token::Media(_)) {
            next = self.content_behind(next)?;
        }
        if self.pieces[next].first == self.pieces[head].last {
            return None;
        }
        let fits = self.could_be_title(next) && self.stands_alone(next);
        let body = self.content_behind(next)?;
        // A sentence that goes on in lower case began above.
        let goes_on = matches!(&self.pieces[body].token, Token::Text(text) if text.starts_with(char::is_lowercase));
        (fits && !goes_on).then_some(next)
    }

    /// Whether a piece holds the names of writers and nothing else.
    fn is_of_writers(&self, at: usize) -> bool {
        matches!(&self.pieces[at].token, Token::Text(text) if are_names(text))
    }

    /// The title below the names at `names`.
    fn after_names(&self, names: usize) -> Option<usize> {
        let next = self.content_behind(names)?;
        let fits = self.could_be_title(next) && self.stands_alone(next);
        (fits && self.content_behind(next).is_some()).then_some(next)
    }

    /// The title below the stamp at `head`, or on its line, that is all its entry holds, in the middle
    /// of the dump.
    fn lone(&self, head: usize, on_line: bool) -> Option<usize> {
        let only = self.content_behind(head)?;
        let Token::Text(text) = &self.pieces[only].token else { return None };
        let is_sentence = self.shape.ends_sentence(text);
        let goes_on = self.pieces[only + 1..].iter().any(is_head);
        let beside = self.pieces[only].first == self.pieces[head].last;
        let alone = self.content_behind(only).is_none() && beside == on_line;
        (alone && goes_on && !is_sentence && self.could_be_title(only)).then_some(only)
    }

    /// The line directly above the stamp at `head`, where it names who wrote the entry.
    fn names_above(&self, head: usize) -> Option<usize> {
        let above = (0..head).rev().find(|at| self.pieces[*at].token != Token::Blank)?;
        let on_head = above > 0
            && is_head(&self.pieces[above - 1])
            && self.pieces[above - 1].last == self.pieces[above].first;
        let named = matches!(&self.pieces[above].token, Token::Text(text) if are_names(text));
        (named && !on_head).then_some(above)
    }

    /// The title above the stamp at `head`.
    fn before(&self, head: usize) -> Option<usize> {
        let above = (0..head).rev().find(|at| self.pieces[*at].token != Token::Blank)?;
        let parted =
            above == 0 || !matches!(self.pieces[above - 1].token, Token::Text(_)) || !self.blanks;
        // What is all that the entry above holds is its body.
        let entry = (0..above).rev().find(|at| is_head(&self.pieces[*at]));
        let alone =
            entry.is_some_and(|entry| !(entry + 1..above).any(|at| is_content(&self.pieces[at])));
        // What stands behind another stamp, on its line, is that entry's.
        let taken = above > 0
            && is_head(&self.pieces[above - 1])
            && self.pieces[above - 1].last == self.pieces[above].first;
        (parted && !alone && !taken && self.could_be_title(above)).then_some(above)
    }
}

/// Decides where titles stand beside stamps, and moves them into the heads.
fn beside_stamps(
    pieces: &mut Vec<Piece>,
    marks: &Marks,
    shape: &Shape,
    format: &Format,
    told: Option<Place>,
) -> Option<(Place, Decision)> {
    split_inline(pieces, format);
    names_before(pieces);
    names_behind(pieces, marks);
    let blanks = has_blank_lines(pieces);
    let wrapped = is_wrapped(pieces);
    let look = Look { pieces, shape, format, blanks, wrapped };
    let heads: Vec<usize> = (0..pieces.len())
        .filter(|at| matches!(&pieces[*at].token, Token::Head(head) if head.title.is_empty() && !head.stamp.is_empty()))
        .collect();
    if heads.is_empty() {
        return None;
    }
    let count = |find: &dyn Fn(usize) -> Option<usize>| {
        heads.iter().filter(|at| find(**at).is_some()).count()
    };
    let same = count(&|head| look.same(head));
    let after = count(&|head| look.after(head));
    // What stands above the first entry may be the page's, and counts for nothing.
    let behind_first = |head: usize| head != heads[0];
    let before = count(&|head| look.before(head).filter(|_| behind_first(head)));
    let names = heads.iter().skip(1).filter(|head| look.names_above(**head).is_some()).count();
    let least = if heads.len() <= 4 { 1 } else { heads.len().div_ceil(4) };
    let elected = [(Place::Same, same, 2), (Place::After, after, 1), (Place::Before, before, 4)]
        .into_iter()
        .filter(|(_, count, times)| *count >= least && count * 3 >= heads.len() * times / 2)
        // One line above of several is the end of the entry there.
        .filter(|(place, count, _)| *place != Place::Before || count * 2 + 1 > heads.len())
        .max_by_key(|(place, count, _)| (*count, *place))
        .map_or(Place::None, |(place, ..)| place);
    // Names above most stamps are those of the writers.
    let by_name = names * 10 >= before * 8 && names > 0 && names * 2 + 1 >= heads.len();
    let place = told.or(format.entry.title).unwrap_or(match elected {
        Place::Before if by_name => Place::None,
        place => place,
    });
    // Where names stand below most stamps, titles stand below the names.
    let below: Vec<usize> = heads.iter().filter_map(|head| look.after(*head)).collect();
    let writers = below.iter().filter(|at| look.is_of_writers(**at)).count();
    let writers_below = writers >= 2 && writers * 2 > below.len();
    let lone = match place {
        Place::After => !writers_below,
        Place::Same => same * 4 >= heads.len() * 3,
        _ => false,
    };
    let mut found: Vec<(usize, usize, bool)> = Vec::new();
    for head in &heads {
        let title = match place {
            Place::Same => look.same(*head),
            Place::After => {
                let below = look.after(*head);
                match below.filter(|at| writers_below && look.is_of_writers(*at)) {
                    Some(name) => {
                        found.push((*head, name, false));
                        look.after_names(name)
                    }
                    None => below,
                }
            }
            Place::Before => look.before(*head),
            Place::None => None,
        };
        if let Some(title) = title {
            found.push((*head, title, true));
        } else if lone && let Some(title) = look.lone(*head, place == Place::Same) {
            found.push((*head, title, true));
        }
        if by_name
            && place != Place::Before
            && let Some(name) = look.names_above(*head)
        {
            found.push((*head, name, false));
        }
    }
    for (head, at, is_title) in found {
        take(pieces, head, at, is_title);
    }
    let decision = Decision {
        what: "titles stand".to_string(),
        chosen: match place {
            Place::Before => "above the stamp",
            Place::Same => "behind the stamp, on its line",
            Place::After => "below the stamp",
            Place::None => "nowhere",
        }
        .to_string(),
        score: format!("before {before}, same {same}, after {after} of {}", heads.len()),
        set_with: "--title-place, or `title` under [entry] of a format".to_string(),
    };
    Some((place, decision))
}

/// Makes the line directly above the first stamp a paragraph, for it may be that entry's title.
pub(super) fn offer_line_above(pieces: &mut [Piece], lines: &[Line], format: &Format) {
    let Some(first) = pieces.iter().position(is_head) else { return };
    let above = pieces[..first].iter_mut().rev().find(|piece| piece.token != Token::Blank);
    let free = above.filter(|piece| piece.token == Token::Unread);
    if let Some(piece) = free.filter(|piece| !Page::is_dated(lines[piece.first].text())) {
        piece.token = Token::Text(scan::stripped(lines[piece.first].text(), format));
    }
}

/// Moves the words of the piece `at` into the head; where they stand above it, the head begins there.
fn take(pieces: &mut [Piece], head: usize, at: usize, is_title: bool) {
    let token = std::mem::replace(&mut pieces[at].token, Token::HeadMore);
    let Token::Text(words) = token else {
        pieces[at].token = token;
        return;
    };
    let Token::Head(found) = std::mem::replace(&mut pieces[head].token, Token::HeadMore) else {
        return;
    };
    let found =
        if is_title { Head { title: words, ..found } } else { Head { author: words, ..found } };
    pieces[at.min(head)].token = Token::Head(found);
}

/// Cuts the words behind a stamp where a title and a body are glued.
fn split_inline(pieces: &mut Vec<Piece>, format: &Format) {
    let mut emptied: BTreeSet<usize> = BTreeSet::new();
    for at in 1..pieces.len() {
        let [.., above, piece] = &mut pieces[..=at] else { continue };
        let Token::Head(head) = &mut above.token else { continue };
        let Token::Text(text) = &mut piece.token else { continue };
        let on_line = piece.first == above.last;
        let mut patterns = format.entry.inline.iter().filter(|_| on_line);
        let Some(found) = patterns.find_map(|pattern| pattern.captures(text)) else { continue };
        let group = |name| found.name(name).map_or(String::new(), |m| m.as_str().trim().into());
        let (title, body): (String, String) = (group("title"), group("body"));
        if body.is_empty() {
            emptied.insert(at);
        }
        head.title = title;
        *text = body;
    }
    let mut at = 0;
    pieces.retain(|_| {
        at += 1;
        !emptied.contains(&(at - 1))
    });
}

/// Decides whether the words before stamps are titles or the names of the writers.
fn names_before(pieces: &mut [Piece]) {
    let words = |piece: &Piece| match &piece.token {
        Token::Head(head) if !head.before.is_empty() => Some(head.before.clone()),
        _ => None,
    };
    let found: Vec<String> = pieces.iter().filter_map(words).collect();
    let names = found.iter().filter(|words| is_name(words)).count();
    let distinct = found.iter().collect::<BTreeSet<_>>().len();
    let are_names =
        names * 10 >= found.len() * 6 || (found.len() >= 4 && distinct * 10 < found.len() * 7);
    for piece in pieces {
        if let Token::Head(head) = &mut piece.token {
            let before = std::mem::take(&mut head.before);
            if !before.is_empty() && are_names {
                head.author = before;
            } else if !before.is_empty() {
                head.title = before;
            }
        }
    }
}

/// Takes the names of the writers from behind the stamps, where most words there are names.
fn names_behind(pieces: &mut [Piece], marks: &Marks) {
    let on_line = |at: usize| -> Option<(usize, &str)> {
        let head = is_head(&pieces[at]) && pieces[at + 1].first == pieces[at].last;
        match &pieces[at + 1].token {
            Token::Text(words) if head => Some((at, words.as_str())),
            _ => None,
        }
    };
    let found: Vec<(usize, &str)> =
        (0..pieces.len().saturating_sub(1)).filter_map(on_line).collect();
    // "5am – Vic" is signed. Without the dash, words that come again are labels.
    let is_signed = |at: usize| {
        let mark = marks.lines.get(&pieces[at].last);
        matches!(mark, Some(Mark::Stamp(hit)) if hit.form == Form::Dash)
    };
    let distinct = found.iter().map(|(_, words)| words).collect::<BTreeSet<_>>().len();
    let recur = found.len() >= 4 && distinct * 2 <= found.len();
    let first_name = |words: &str| {
        words.starts_with(char::is_uppercase)
            && words.chars().all(char::is_alphabetic)
            && words.chars().any(char::is_lowercase)
    };
    let is_one = |at, words| is_name(words) || (recur && is_signed(at) && first_name(words));
    let found = found.into_iter().map(|(at, words)| (at, is_one(at, words)));
    // A name that is all that an entry holds is its body.
    let goes_on = |at: usize| {
        let entry = pieces[at + 2..].iter().take_while(|piece| !is_head(piece));
        entry.into_iter().any(is_content)
    };
    let found: Vec<(usize, bool)> =
        found.map(|(at, is_name)| (at, is_name && goes_on(at))).collect();
    let names = found.iter().filter(|(_, is_name)| *is_name).count();
    if names < 2 || names * 10 < found.len() * 6 {
        return;
    }
    for (at, _) in found.into_iter().filter(|(_, is_name)| *is_name) {
        take(pieces, at, at + 1, false);
    }
}

/// Gives the entries that are items of a list their titles.
fn on_items(pieces: &mut [Piece], way: Way, shape: &Shape) {
    for at in 0..pieces.len() {
        if !is_head(&pieces[at]) {
            continue;
        }
        let body =
            pieces[at + 1..].iter().take_while(|piece| !is_head(piece)).skip(1).any(is_content);
        let Some(Piece { token: Token::Text(words), .. }) = pieces.get(at + 1) else { continue };
        if way == Way::Number || (body && looks_like_title(words, shape)) {
            take(pieces, at, at + 1, true);
        }
    }
}

/// Begins an entry behind every separator, and the first one at the last title above the first.
fn between_separators(pieces: &mut Vec<Piece>, shape: &Shape, format: &Format, goes_on: bool) {
    let blanks = has_blank_lines(pieces);
    let is_end = |piece: &Piece| piece.token == Token::End;
    let Some(first_end) = pieces.iter().position(is_end) else { return };
    let wrapped = is_wrapped(pieces);
    let look = Look { pieces, shape, format, blanks, wrapped };
    let content = |at: &usize| is_content(&pieces[*at]);
    let mut starts: Vec<usize> = Vec::new();
    let from = stream_start(pieces).filter(|start| *start < first_end).unwrap_or_default();
    let titled = (from..first_end).rev().find(|at| {
        look.could_be_title(*at)
            && look.stands_alone(*at)
            && (at + 1..first_end).any(|next| content(&next))
    });
    // A window of a long dump begins where an entry does.
    starts.extend(titled.filter(|_| !goes_on).or_else(|| (from..first_end).find(content)));
    let mut at = first_end;
    while at < pieces.len() {
        let end = pieces[at + 1..].iter().position(is_end).map_or(pieces.len(), |n| at + 1 + n);
        starts.extend((at + 1..end).find(content));
        at = end;
    }
    let is_title = |at: usize| look.could_be_title(at) && (look.stands_alone(at) || !blanks);
    let named: BTreeMap<usize, bool> = starts.into_iter().map(|at| (at, is_title(at))).collect();
    let mut all = Vec::with_capacity(pieces.len() + named.len());
    for (at, mut piece) in std::mem::take(pieces).into_iter().enumerate() {
        let head = |title| Token::Head(Head { title, ..Head::default() });
        match (named.get(&at), &mut piece.token) {
            (Some(true), Token::Text(words)) => piece.token = head(std::mem::take(words)),
            (Some(_), _) => {
                let (token, line) = (head(String::new()), piece.first);
                all.push(Piece { token, first: line, last: line });
            }
            (None, _) => {}
        }
        all.push(piece);
    }
    *pieces = all;
}

/// Returns the place behind the line below which the entries begin.
fn stream_start(pieces: &[Piece]) -> Option<usize> {
    let mut at = pieces.iter().position(|piece| matches!(piece.token, Token::Stream(_)))?;
    while let Some(next) =
        pieces[at + 1..].iter().position(|piece| matches!(piece.token, Token::Stream(_)))
        && !pieces[at + 1..at + 1 + next].iter().any(is_content)
    {
        at += 1 + next;
    }
    Some(at + 1)
}

/// Names what stands above the beginning of the entries, the page's title with it. Where more titles
/// stand there than lines lead in entries, such a line is that of a box among the entries.
fn leave_out_above_stream(pieces: &mut [Piece]) {
    let Some(start) = stream_start(pieces) else { return };
    let is_stream = |piece: &&Piece| matches!(piece.token, Token::Stream(_));
    let above = pieces[..start].iter().filter(|piece| is_head(piece)).count();
    if above > pieces.iter().filter(is_stream).count() {
        return;
    }
    for piece in pieces[..start].iter_mut().filter(|piece| is_content(piece) || is_head(piece)) {
        piece.token = Token::Discarded(PAGE_HEAD.to_string());
    }
}

/// Takes the first title for the page's where it says that it is a live blog's, or where the page's
/// summary stands below it, unless a line above says so already.
fn leave_out_page_title(pieces: &mut [Piece], format: &Format) {
    let mut heads = (0..pieces.len()).filter(|at| is_head(&pieces[*at]));
    let (Some(first), Some(second)) = (heads.next(), heads.next()) else { return };
    let Token::Head(head) = &pieces[first].token else { return };
    let is_live = |text: &str| format.page.live.iter().any(|live| live.is_match(text));
    // "Live blog" is the label of a page, not its title.
    let is_named = |piece: &Piece| matches!(&piece.token, Token::Text(text) if text.split(' ').count() > 2 && is_live(text));
    let above = &pieces[..first];
    if above.iter().any(is_named) {
        return;
    }
    let says = is_live(&head.title)
        && !above.iter().any(|piece| is_sentence(piece, format, LONGEST_MOTTO));
    let is_summary = |piece: &Piece| piece.token == Token::SummaryHead;
    if says || pieces[first..second].iter().any(is_summary) {
        pieces[first].token = Token::PageTitle(head.title.clone());
        for piece in pieces[first..second].iter_mut().filter(|piece| is_content(piece)) {
            piece.token = Token::Discarded(PAGE_HEAD.to_string());
        }
    }
}

/// Whether a piece is a sentence longer than this, in bytes.
fn is_sentence(piece: &Piece, format: &Format, length: usize) -> bool {
    let ends = |text: &str| format.shape.as_ref().is_some_and(|shape| shape.ends_sentence(text));
    matches!(&piece.token, Token::Text(text) if text.len() > length && ends(text))
}

/// Begins an entry without a stamp where a sentence stands directly below the line below which the
/// entries begin. On top of a page, such a line is its label.
fn begin_at_stream(pieces: &mut Vec<Piece>, format: &Format) {
    let Some(start) = stream_start(pieces) else { return };
    let first = pieces.iter().position(is_head).unwrap_or(pieces.len());
    let on_top = |piece: &Piece| matches!(piece.token, Token::Blank | Token::Stream(_));
    if start >= first || pieces[..start].iter().all(on_top) {
        return;
    }
    let Some(at) = (start..first).find(|at| is_content(&pieces[*at])) else { return };
    // Below "Live blog" the title of the page may stand.
    if is_sentence(&pieces[at], format, SHORTEST_SENTENCE) {
        let line = pieces[at].first;
        pieces.insert(at, Piece { token: Token::Head(Head::default()), first: line, last: line });
    }
}

/// Begins an entry without a title where words stand above the first title: a copy has lost it.
fn begin_without_title(pieces: &mut Vec<Piece>) {
    let start = stream_start(pieces).unwrap_or_default();
    let first = pieces.iter().position(is_head).unwrap_or(pieces.len());
    if let Some(at) = (start..first.max(start)).find(|at| is_content(&pieces[*at])) {
        let line = pieces[at].first;
        pieces.insert(at, Piece { token: Token::Head(Head::default()), first: line, last: line });
    }
}

/// Names what stands above the first entry.
fn name_page_head(pieces: &mut [Piece]) {
    let first = pieces.iter().position(is_head).unwrap_or(pieces.len());
    for piece in &mut pieces[..first] {
        let other = matches!(
            piece.token,
            Token::Unread | Token::End | Token::HeadMore | Token::Updated(_) | Token::Key(false)
        );
        if is_content(piece) || other {
            piece.token = Token::Discarded(PAGE_HEAD.to_string());
        }
    }
}
