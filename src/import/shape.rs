//! Titles told by their shape alone, for dumps whose entries have no marker.

use std::collections::BTreeSet;

use super::day::Page;
use super::looks::{are_names, ends_in_abbreviation, looks_like_title};
use super::scan::{Head, Piece, Token};
use super::stamp;
use super::titles::{has_blank_lines, is_byline};
use crate::format::{Format, Shape};

/// Turns the paragraphs that are titles into first lines of entries.
pub(super) fn promote(pieces: &mut [Piece], shape: &Shape, format: &Format) {
    // Where no blank line parts paragraphs, every line is a block of its own.
    let tight = !has_blank_lines(pieces);
    // What stands directly below a title is its entry's first paragraph, whatever its shape.
    let mut below_title = false;
    let mut contributor = 0;
    let mut is_first = true;
    for index in 0..pieces.len() {
        if contributor > 0 {
            contributor -= usize::from(pieces[index].token != Token::Blank);
        } else if !below_title
            && !is_byline(&pieces[index], format)
            && is_title(pieces, index, shape, tight, is_first)
            && let Token::Text(title) = &mut pieces[index].token
        {
            let title = std::mem::take(title);
            pieces[index].token = Token::Head(Head { title, ..Head::default() });
            below_title = true;
            is_first = false;
            contributor = contributor_below(pieces, index, shape);
        } else if !matches!(pieces[index].token, Token::Blank | Token::Media(_) | Token::Embed(..))
        {
            below_title = false;
        }
    }
}

/// So many bylines are more than that of the page.
const LEAST_BYLINES: usize = 3;

/// Begins an entry without a title at each byline that stands below no title, where the bylines of a
/// dump head its entries.
pub(super) fn begin_at_bylines(pieces: &mut Vec<Piece>, format: &Format) {
    let bylines: Vec<usize> =
        (0..pieces.len()).filter(|at| is_byline(&pieces[*at], format)).collect();
    let is_head = |piece: &Piece| matches!(piece.token, Token::Head(_));
    let below = |at: usize| pieces[at + 1..].iter().find(|piece| piece.token != Token::Blank);
    let above = |at: usize| pieces[..at].iter().rfind(|piece| piece.token != Token::Blank);
    // Below the last words of an entry it is a signature.
    let leads = bylines.iter().filter(|at| below(**at).is_some_and(|below| !is_head(below)));
    if bylines.len() < LEAST_BYLINES || leads.count() * 4 < bylines.len() * 3 {
        return;
    }
    let untitled: BTreeSet<usize> =
        bylines.into_iter().filter(|at| !above(*at).is_some_and(is_head)).collect();
    let mut all = Vec::with_capacity(pieces.len() + untitled.len());
    for (at, piece) in std::mem::take(pieces).into_iter().enumerate() {
        if untitled.contains(&at) {
            let (token, line) = (Token::Head(Head::default()), piece.first);
            all.push(Piece { token, first: line, last: line });
        }
        all.push(piece);
    }
    *pieces = all;
}

/// Counts the lines below a title that say who speaks or writes, and as what: 0 to 2.
fn contributor_below(pieces: &[Piece], index: usize, shape: &Shape) -> usize {
    let mut below = pieces[index + 1..].iter().filter(|piece| piece.token != Token::Blank);
    let mut next = || match below.next().map(|piece| &piece.token) {
        Some(Token::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let (name, role, body) = (next(), next(), next());
    let short = |text: Option<&str>| text.is_some_and(|text| looks_like_title(text, shape));
    let long = |text: Option<&str>| {
        text.is_some_and(|text| !looks_like_title(text, shape) || shape.ends_sentence(text))
    };
    if !name.is_some_and(are_names) {
        0
    } else if short(role) && long(body) {
        2
    } else {
        usize::from(long(role))
    }
}

fn is_title(pieces: &[Piece], index: usize, shape: &Shape, tight: bool, is_first: bool) -> bool {
    let Token::Text(text) = &pieces[index].token else { return false };
    let is_date = || stamp::whole(text).is_some() || Page::is_labelled(text);
    if !looks_like_title(text, shape)
        || ends_in_abbreviation(text)
        || says_again(pieces, index, text, shape)
        || is_date()
    {
        return false;
    }
    if tight {
        return is_between_sentences(pieces, index, shape, is_first);
    }
    if !stands_alone(pieces, index) {
        return false;
    }
    blank_lines_above(pieces, index) >= shape.blank_lines
        || is_above_a_sentence(pieces, index, shape)
}

/// Whether a line says again what the one above it says: a caption, and once more with its credit.
/// A title may begin with its label, which stands above it.
fn says_again(pieces: &[Piece], index: usize, text: &str, shape: &Shape) -> bool {
    let above = pieces[..index].iter().rev().find(|piece| piece.token != Token::Blank);
    let with_credit = |above: &str| {
        let more = text.strip_prefix(above).filter(|_| !above.is_empty()).map(str::trim_start);
        more.is_some_and(|more| {
            more.is_empty()
                || shape.ends_sentence(above)
                || more.starts_with(['(', '[', '©'])
                || more.starts_with("Credit")
        })
    };
    let again =
        matches!(above.map(|piece| &piece.token), Some(Token::Text(above)) if with_credit(above));
    // Or the one below says it with the credit.
    let below = pieces[index + 1..].iter().find(|piece| piece.token != Token::Blank);
    again
        || matches!(below.map(|piece| &piece.token), Some(Token::Media(media)) if media.caption == text)
}

/// Whether the line stands above a longer sentence and, unless it is the first title, behind another,
/// where no blank lines part anything.
fn is_between_sentences(pieces: &[Piece], index: usize, shape: &Shape, is_first: bool) -> bool {
    let sentence = |at: usize| match pieces.get(at).map(|piece| &piece.token) {
        Some(Token::Text(text)) if shape.ends_sentence(text) => Some(text.len()),
        _ => None,
    };
    let Token::Text(own) = &pieces[index].token else { return false };
    let is_text = |at: usize| matches!(pieces[at].token, Token::Text(_));
    let goes_on = !is_first && index > 0 && is_text(index - 1) && sentence(index - 1).is_none();
    !goes_on && sentence(index + 1).is_some_and(|length| length > own.len())
}

/// Whether the line is a block of its own.
fn stands_alone(pieces: &[Piece], index: usize) -> bool {
    let is_text = |piece: Option<&Piece>| {
        piece.is_some_and(|piece| matches!(piece.token, Token::Text(_) | Token::Item(..)))
    };
    !is_text(index.checked_sub(1).map(|above| &pieces[above])) && !is_text(pieces.get(index + 1))
}

fn blank_lines_above(pieces: &[Piece], index: usize) -> usize {
    match index.checked_sub(1).map(|above| &pieces[above]) {
        Some(Piece { token: Token::Blank, first, last }) => last - first + 1,
        _ => 0,
    }
}

/// Whether the next block that is no caption is a sentence, or longer than a title can be.
fn is_above_a_sentence(pieces: &[Piece], index: usize, shape: &Shape) -> bool {
    let mut below = pieces[index + 1..].iter().enumerate();
    if contributor_below(pieces, index, shape) > 0 {
        return true;
    }
    let next = below.find(|(_, piece)| {
        !matches!(
            piece.token,
            Token::Blank | Token::Discarded(_) | Token::Media(_) | Token::Embed(..)
        )
    });
    let Some((distance, piece)) = next else { return false };
    match &piece.token {
        Token::Quote(_) | Token::Item(..) => true,
        Token::Text(text) => {
            shape.ends_sentence(text)
                || text.chars().nth(shape.longest).is_some()
                // A dump that breaks off in the first sentence of its last entry.
                || is_last(pieces, index + 1 + distance)
        }
        _ => false,
    }
}

/// Whether nothing of the publisher's stands below.
fn is_last(pieces: &[Piece], index: usize) -> bool {
    pieces[index + 1..].iter().all(is_nobodys)
}

fn is_nobodys(piece: &Piece) -> bool {
    matches!(piece.token, Token::Blank | Token::Discarded(_) | Token::Footer(_))
}

#[cfg(test)]
mod tests {
    use super::super::{Told, lines, marks, scan};
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        let format = crate::format::built_in().into_iter().find(|f| f.name == "itv-topic").unwrap();
        let lines = lines::lines(text);
        let sieve = format.sieve();
        let fits: Vec<_> = lines.iter().map(|l| sieve.fits(l.text(), l.whole())).collect();
        let marks = marks::find(&lines, &fits, &format, &Told::default(), None);
        let (mut pieces, _) = scan::pieces(&lines, &format, &marks, &fits);
        promote(&mut pieces, format.shape.as_ref().unwrap(), &format);
        let heads = pieces.into_iter().filter_map(|piece| match piece.token {
            Token::Head(head) => Some(head.title),
            _ => None,
        });
        heads.collect()
    }

    #[test]
    fn a_short_line_above_a_sentence_is_a_title() {
        assert_eq!(
            titles("One\n\nIt rained.\n\nTwo\n\nBoats Credit: PA\n\nIt poured."),
            ["One", "Two"]
        );
    }

    #[test]
    fn a_lead_in_a_caption_and_a_lone_line_are_none() {
        assert_eq!(
            titles("One\n\nShe reports:\n\nIt rained.\n\nA boat Credit: PA\n\nIt has"),
            ["One"]
        );
        assert_eq!(titles("One\n\nIt rained.\n\nthe rest\n\nIt poured."), ["One"]);
        assert_eq!(titles("One\n\nIt rained.\n\nA line\nand another\n\nIt poured."), ["One"]);
    }

    #[test]
    fn two_blank_lines_or_a_broken_off_end_make_one_too() {
        assert_eq!(
            titles("One\n\nIt rained.\n\n\nTwo\n\nBoats sail\n\nIt is over."),
            ["One", "Two"]
        );
        assert_eq!(titles("One\n\nIt rained.\n\nTwo\n\nThe agency has"), ["One", "Two"]);
    }
}
