//! Three texts: what both sides made of a common one.
//!
//! The rules are those of `git merge-file`: changes that neither overlap nor touch go together, the
//! same change on both sides is one change, all else is a conflict.

use std::hash::Hash;
use std::ops::Range;

use super::{Hunk, hunks};

/// Where a stretch of a merged text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// All three are the same there.
    Base,
    /// Ours has changed it; theirs has not, or in the same way.
    Ours,
    /// Theirs has changed it.
    Theirs,
    /// Both have changed it, and not alike.
    Conflict,
}

/// A stretch of a merged text, with its places in the three texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Where it comes from.
    pub side: Side,
    /// Its place in the base.
    pub base: Range<usize>,
    /// Its place in ours.
    pub ours: Range<usize>,
    /// Its place in theirs.
    pub theirs: Range<usize>,
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
        let side = match (last_mine, last_other) {
            (_, None) => Side::Ours,
            (None, _) => Side::Theirs,
            _ if ours[in_ours.clone()] == theirs[in_theirs.clone()] => Side::Ours,
            _ => Side::Conflict,
        };
        chunks.extend(same(at..first, in_ours.start, in_theirs.start));
        chunks.push(Chunk { side, base: first..end, ours: in_ours, theirs: in_theirs });
        at = end;
    }
    chunks.extend(same(at..base.len(), ours.len(), theirs.len()));
    chunks
}

/// What all three have in common before the places where ours and theirs are next.
fn same(base: Range<usize>, ours: usize, theirs: usize) -> Option<Chunk> {
    let back = |end: usize| end.saturating_sub(base.len())..end;
    let (ours, theirs) = (back(ours), back(theirs));
    (!base.is_empty()).then_some(Chunk { side: Side::Base, base, ours, theirs })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each stretch with the letters that stand for it; those of ours and theirs in a conflict.
    fn merged(base: &str, ours: &str, theirs: &str) -> Vec<(Side, String)> {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        let (base, ours, theirs) = (letters(base), letters(ours), letters(theirs));
        let chunks = merge(&base, &ours, &theirs);
        let text = |chunk: &Chunk| match chunk.side {
            Side::Base => String::from_iter(&base[chunk.base.clone()]),
            Side::Ours => String::from_iter(&ours[chunk.ours.clone()]),
            Side::Theirs => String::from_iter(&theirs[chunk.theirs.clone()]),
            Side::Conflict => {
                let (ours, theirs) = (&ours[chunk.ours.clone()], &theirs[chunk.theirs.clone()]);
                format!("{}|{}", String::from_iter(ours), String::from_iter(theirs))
            }
        };
        for chunk in &chunks {
            if chunk.side == Side::Base {
                assert_eq!(base[chunk.base.clone()], ours[chunk.ours.clone()]);
                assert_eq!(base[chunk.base.clone()], theirs[chunk.theirs.clone()]);
            }
        }
        chunks.iter().map(|chunk| (chunk.side, text(chunk))).collect()
    }

    #[test]
    fn changes_that_do_not_touch_go_together() {
        use Side::{Base, Conflict, Ours, Theirs};
        let told = |list: &[(Side, &str)]| {
            list.iter().map(|(side, text)| (*side, (*text).to_string())).collect::<Vec<_>>()
        };
        assert_eq!(
            merged("abcdef", "aXcdef", "abcdY"),
            told(&[(Base, "a"), (Ours, "X"), (Base, "cd"), (Theirs, "Y")])
        );
        assert_eq!(merged("abc", "aXc", "aXc"), told(&[(Base, "a"), (Ours, "X"), (Base, "c")]));
        let both = told(&[(Base, "a"), (Conflict, "X|Y"), (Base, "c")]);
        assert_eq!(merged("abc", "aXc", "aYc"), both);
        // Side by side is not apart.
        assert_eq!(merged("ab", "Xb", "aY"), told(&[(Conflict, "Xb|aY")]));
        assert_eq!(merged("", "a", ""), told(&[(Ours, "a")]));
    }
}
