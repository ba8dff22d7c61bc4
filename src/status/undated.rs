//! Entries without a date, each with what may tell it. Nothing is concluded here.

use crate::archive::{Archive, EntryIx};
use crate::import::{ClueKind, clues};

/// How many characters of a line are quoted on either side of a clue.
const AROUND: usize = 40;

/// An entry without a date.
#[derive(Debug)]
pub struct Undated {
    /// Which.
    pub entry: EntryIx,
    /// What stands in its words.
    pub clues: Vec<Clue>,
    /// The dated entry that comes before it in the story.
    pub before: Option<EntryIx>,
    /// The dated entry that comes after it in the story.
    pub after: Option<EntryIx>,
    /// When the page was saved; empty where that is not known.
    pub captured: String,
}

/// Something in an entry's words that may tell its date.
#[derive(Debug, PartialEq, Eq)]
pub struct Clue {
    /// What it is.
    pub kind: ClueKind,
    /// The line of the file; 0 for the title.
    pub line: usize,
    /// The words.
    pub words: String,
    /// The words and those around them.
    pub quote: String,
}

/// Returns every entry without a date, by story and place in it.
pub fn undated(archive: &Archive) -> Vec<Undated> {
    let entries = archive.entries.iter().enumerate();
    let without = entries.filter(|(_, entry)| entry.when.is_unknown() && entry.withdrawn.is_none());
    without.map(|(ix, _)| look(archive, ix)).collect()
}

fn look(archive: &Archive, ix: EntryIx) -> Undated {
    let entry = &archive.entries[ix];
    let mut found = clues_in(&entry.title, 0);
    found.extend(clues_in(&entry.body, entry.body_line));
    let place = (entry.order, &entry.id);
    let others = archive.story_of(ix).entries.iter().copied();
    let dated: Vec<EntryIx> =
        others.filter(|other| !archive.entries[*other].when.is_unknown()).collect();
    let of = |ix: &EntryIx| (archive.entries[*ix].order, &archive.entries[*ix].id);
    let group = entry.source.as_ref().and_then(|source| archive.source(&source.dump));
    let captured = group.map(|group| match group.source.captured.as_str() {
        "" => group.record.captured.clone(),
        captured => captured.to_string(),
    });
    Undated {
        entry: ix,
        clues: found,
        before: dated.iter().copied().filter(|ix| of(ix) < place).max_by_key(of),
        after: dated.iter().copied().filter(|ix| of(ix) > place).min_by_key(of),
        captured: captured.unwrap_or_default(),
    }
}

fn clues_in(text: &str, first_line: usize) -> Vec<Clue> {
    let clue = |(kind, range): (ClueKind, std::ops::Range<usize>)| {
        let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at);
        let before = text[start..range.start].char_indices().rev().nth(AROUND - 1);
        let after = text[range.end..end].char_indices().nth(AROUND);
        let from = before.map_or(start, |(at, _)| start + at);
        let to = after.map_or(end, |(at, _)| range.end + at);
        Clue {
            kind,
            line: first_line + text[..range.start].matches('\n').count(),
            quote: format!(
                "{}{}{}",
                if from > start { "…" } else { "" },
                text[from..to].trim(),
                if to < end { "…" } else { "" }
            ),
            words: text[range].to_string(),
        }
    };
    clues(text).into_iter().map(clue).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clue_is_quoted_with_its_line() {
        let long = "a boat lay in a field that nobody had seen before ".repeat(2);
        let text = format!("Nothing here.\n\n{long}on Thursday it rained.");
        let found = clues_in(&text, 12);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].words.as_str()), (14, "Thursday"));
        assert!(found[0].quote.starts_with('…') && found[0].quote.ends_with("it rained."));
        assert_eq!(clues_in("Yesterday", 0)[0].quote, "Yesterday");
    }
}
