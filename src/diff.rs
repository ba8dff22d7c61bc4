//! What two texts have in common, and three: the algorithm of `git diff`, by tokens of any size.

use std::hash::Hash;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

mod three;

pub use three::{Chunk, Side, merge};

/// The most lines of context around a change.
const CONTEXT: u32 = 3;

/// A stretch of the older text and what stands for it in the newer one; one of both can be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Places in the older text.
    pub before: Range<usize>,
    /// Places in the newer text.
    pub after: Range<usize>,
}

/// Returns what differs between two runs of tokens, in order.
pub fn hunks<T: Hash + Eq + Copy>(before: &[T], after: &[T]) -> Vec<Hunk> {
    let (input, diff) = compute(before.iter().copied(), after.iter().copied());
    drop(input);
    let places = |range: Range<u32>| range.start as usize..range.end as usize;
    diff.hunks()
        .map(|hunk| Hunk { before: places(hunk.before), after: places(hunk.after) })
        .collect()
}

fn compute<T: Hash + Eq>(
    before: impl Iterator<Item = T>,
    after: impl Iterator<Item = T>,
) -> (InternedInput<T>, Diff) {
    let (before, after): (Vec<T>, Vec<T>) = (before.collect(), after.collect());
    let mut input = InternedInput {
        before: Vec::new(),
        after: Vec::new(),
        interner: imara_diff::Interner::new(before.len() + after.len()),
    };
    input.update_before(before.into_iter());
    input.update_after(after.into_iter());
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_no_heuristic(&input);
    (input, diff)
}

/// Returns the change from one text to another as `diff -u` shows it, without its two heads; empty
/// where nothing differs.
pub fn unified(before: &str, after: &str) -> String {
    // The printer takes lines with their ends.
    let whole = |text: &str| {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        format!("{text}{end}")
    };
    let (before, after) = (whole(before), whole(after));
    let (input, diff) = compute(before.split_inclusive('\n'), after.split_inclusive('\n'));
    let printer = imara_diff::BasicLineDiffPrinter(&input.interner);
    let mut config = imara_diff::UnifiedDiffConfig::default();
    config.context_len(CONTEXT);
    diff.unified_diff(&printer, config, &input).to_string()
}

/// A piece of a text that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Both texts have it.
    Same(&'a str),
    /// Only the older text has it.
    Gone(&'a str),
    /// Only the newer text has it.
    New(&'a str),
}

/// Returns the change from one text to another word by word: the pieces that are not [`Piece::Gone`]
/// are the newer text, those that are not [`Piece::New`] the older.
pub fn words<'a>(before: &'a str, after: &'a str) -> Vec<Piece<'a>> {
    let (old, new) = (tokens(before), tokens(after));
    let stretch = |tokens: &[Range<usize>], range: Range<usize>| match (
        tokens.get(range.start),
        range.end.checked_sub(1).and_then(|last| tokens.get(last)),
    ) {
        (Some(first), Some(last)) if !range.is_empty() => first.start..last.end,
        _ => 0..0,
    };
    let mut pieces = Vec::new();
    let mut add = |piece: Piece<'a>| {
        let (Piece::Same(text) | Piece::Gone(text) | Piece::New(text)) = piece;
        if !text.is_empty() {
            pieces.push(piece);
        }
    };
    let mut at = 0;
    for hunk in hunks(&word_tokens(before), &word_tokens(after)) {
        add(Piece::Same(&before[stretch(&old, at..hunk.before.start)]));
        add(Piece::Gone(&before[stretch(&old, hunk.before.clone())]));
        add(Piece::New(&after[stretch(&new, hunk.after)]));
        at = hunk.before.end;
    }
    add(Piece::Same(&before[stretch(&old, at..old.len())]));
    pieces
}

/// Cuts a text into its words, runs of blanks, and single other signs: together they are the text.
pub fn word_tokens(text: &str) -> Vec<&str> {
    tokens(text).into_iter().map(|at| &text[at]).collect()
}

/// Cuts a text into words, runs of blanks, and single other signs.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let kind = |c: char| match c {
        c if c.is_alphanumeric() => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut list: Vec<Range<usize>> = Vec::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        let kind = kind(c);
        match list.last_mut() {
            Some(token) if before == Some(kind) && kind != 2 => token.end = at + c.len_utf8(),
            _ => list.push(at..at + c.len_utf8()),
        }
        before = Some(kind);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_what_was_changed() {
        use Piece::{Gone, New, Same};
        let pieces = words("The gates are open, all of them.", "The gates were open.");
        assert_eq!(
            pieces,
            [
                Same("The gates "),
                Gone("are"),
                New("were"),
                Same(" open"),
                Gone(", all of them"),
                Same(".")
            ]
        );
        assert_eq!(words("", "a b"), [New("a b")]);
        assert_eq!(words("a b", "a b"), [Same("a b")]);
    }

    #[test]
    fn a_change_is_shown_as_everybody_knows_it() {
        assert_eq!(unified("a\nb\nc\n", "a\nx\nc\n"), "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
        assert_eq!(unified("a\n", "a\n"), "");
        assert_eq!(unified("a\n", "b\nc\nd"), "@@ -1,1 +1,3 @@\n-a\n+b\n+c\n+d\n");
    }

    proptest::proptest! {
        #[test]
        fn the_pieces_are_both_texts(before in "[ab ,\\n]{0,30}", after in "[ab ,\\n]{0,30}") {
            let (mut old, mut new) = (String::new(), String::new());
            for piece in words(&before, &after) {
                match piece {
                    Piece::Same(text) => { old.push_str(text); new.push_str(text); }
                    Piece::Gone(text) => old.push_str(text),
                    Piece::New(text) => new.push_str(text),
                }
            }
            proptest::prop_assert_eq!((old, new), (before, after));
        }
    }
}
