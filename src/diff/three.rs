//! Three texts: what both sides made of a common one.
//!
//! The rules are those of `git merge-file`: changes that neither overlap nor touch go together, the
//! same change on both sides is one change, all else is a conflict.

use std::hash::Hash;
use std::ops::Range;

use super::{Hunk, hunks};

/// A stretch of a merged text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// As it stands in the base: places there.
    Base(Range<usize>),
    /// As it stands in ours; both may have made the same of it.
    Ours(Range<usize>),
    /// As it stands in theirs.
    Theirs(Range<usize>),
    /// Both changed it, and not alike: places in the base, in ours, and in theirs.
    Conflict(Range<usize>, Range<usize>, Range<usize>),
}

/// Merges what two sides made of a common base, in runs of tokens.
pub fn merge<T: Hash + Eq + Copy>(base: &[T], ours: &[T], theirs: &[T]) -> Vec<Chunk> {
    let (mine, other) = (hunks(base, ours), hunks(base, theirs));
    let mut all: Vec<(bool, &Hunk)> = mine.iter().map(|hunk| (true, hunk)).collect();
    all.extend(other.iter().map(|hunk| (false, hunk)));
    all.sort_by_key(|(_, hunk)| hunk.before.start);
    let mut chunks = Vec::new();
    // Behind everything that was taken: the place in the base, and how far each side is ahead of it.
    let mut at = 0;
    let (mut ours_ahead, mut theirs_ahead) = (0_isize, 0_isize);
    let mut all = all.into_iter().peekable();
    while let Some((is_mine, hunk)) = all.next() {
        let Range { start: first, mut end } = hunk.before.clone();
        let (mut last_mine, mut last_other) =
            if is_mine { (Some(hunk), None) } else { (None, Some(hunk)) };
        // Everything that overlaps or touches belongs together.
        while let Some((is_mine, hunk)) = all.next_if(|(_, hunk)| hunk.before.start <= end) {
            *(if is_mine { &mut last_mine } else { &mut last_other }) = Some(hunk);
            end = end.max(hunk.before.end);
        }
        let stretch = |ahead: &mut isize, last: Option<&Hunk>| {
            let start = first.saturating_add_signed(*ahead);
            if let Some(hunk) = last {
                *ahead = hunk.after.end.cast_signed() - hunk.before.end.cast_signed();
            }
            start..end.saturating_add_signed(*ahead)
        };
        let in_ours = stretch(&mut ours_ahead, last_mine);
        let in_theirs = stretch(&mut theirs_ahead, last_other);
        if at < first {
            chunks.push(Chunk::Base(at..first));
        }
        chunks.push(match (last_mine, last_other) {
            (_, None) => Chunk::Ours(in_ours),
            (None, _) => Chunk::Theirs(in_theirs),
            _ if ours[in_ours.clone()] == theirs[in_theirs.clone()] => Chunk::Ours(in_ours),
            _ => Chunk::Conflict(first..end, in_ours, in_theirs),
        });
        at = end;
    }
    if at < base.len() {
        chunks.push(Chunk::Base(at..base.len()));
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(base: &str, ours: &str, theirs: &str) -> Vec<Chunk> {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        merge(&letters(base), &letters(ours), &letters(theirs))
    }

    #[test]
    fn changes_that_do_not_touch_go_together() {
        use Chunk::{Base, Conflict, Ours, Theirs};
        assert_eq!(
            merged("abcdef", "aXcdef", "abcdY"),
            [Base(0..1), Ours(1..2), Base(2..4), Theirs(4..5)]
        );
        assert_eq!(merged("abc", "aXc", "aXc"), [Base(0..1), Ours(1..2), Base(2..3)]);
        assert_eq!(
            merged("abc", "aXc", "aYc"),
            [Base(0..1), Conflict(1..2, 1..2, 1..2), Base(2..3)]
        );
        // Side by side is not apart.
        assert_eq!(merged("ab", "Xb", "aY"), [Conflict(0..2, 0..2, 0..2)]);
        assert_eq!(merged("", "a", ""), [Ours(0..1)]);
    }
}
