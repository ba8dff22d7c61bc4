//! The body of an entry, merged block by block. The curator's blocks are taken out first, and put back
//! behind the words that they stood behind: an annotation contradicts nothing.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use crate::diff::{self, Side};
use crate::markdown;

/// A merged body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) text: String,
    /// How many annotations stand behind words that have changed.
    pub(super) notes_on_changed: usize,
}

/// A block of Markdown: the lines up to the next blank one.
#[derive(Clone, Copy, Debug, Default)]
struct Block<'a> {
    text: &'a str,
    /// The line ends behind it.
    gap: &'a str,
    /// Its place among all blocks of its body; 0 for what stands between two blocks.
    place: usize,
}

// Two blocks are one if they say the same, however many blank lines follow.
impl PartialEq for Block<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Block<'_> {}

impl Hash for Block<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// A body with the curator's blocks apart.
struct Voices<'a> {
    /// The publisher's blocks, with an empty one between each two: changes of neighbours do not touch.
    publisher: Vec<Block<'a>>,
    /// The curator's blocks, each with the place of the publisher's block before it; `None` at the
    /// start.
    curator: Vec<(Option<usize>, Block<'a>)>,
}

/// Merges three bodies; `None` where ours and theirs contradict each other.
pub(super) fn merge(base: &str, ours: &str, theirs: &str) -> Option<Merged> {
    if theirs == base {
        return Some(Merged { text: ours.to_string(), notes_on_changed: 0 });
    }
    let (base, theirs) = (spaced(&blocks(base)), spaced(&blocks(theirs)));
    merge_blocks(&base, &voices(ours), &theirs)
}

/// Puts other words of the publisher into a body; the curator's blocks stay.
pub(super) fn replace(ours: &str, theirs: &str) -> String {
    let (voices, theirs) = (voices(ours), spaced(&blocks(theirs)));
    let merged = merge_blocks(&voices.publisher, &voices, &theirs);
    merged.map_or_else(|| ours.to_string(), |merged| merged.text)
}

fn merge_blocks(base: &[Block<'_>], ours: &Voices<'_>, theirs: &[Block<'_>]) -> Option<Merged> {
    let mut out = Out { curator: &ours.curator, blocks: Vec::new(), notes_on_changed: 0 };
    out.notes(None, false);
    let mine = &ours.publisher;
    for chunk in diff::merge(base, mine, theirs) {
        match chunk.side {
            Side::Base | Side::Ours => {
                for at in chunk.ours {
                    out.block(at, mine[at], None);
                }
            }
            Side::Theirs => out.replaced(mine, chunk.ours, theirs, chunk.theirs),
            Side::Conflict => {
                let length = chunk.base.len();
                if length != chunk.ours.len() || length != chunk.theirs.len() {
                    return None;
                }
                for ((was, here), there) in chunk.base.zip(chunk.ours).zip(chunk.theirs) {
                    let text = words(base[was].text, mine[here].text, theirs[there].text)?;
                    out.block(here, mine[here], Some(text));
                }
            }
        }
    }
    Some(out.finish())
}

/// Merges one block that both sides have changed, word by word. Only where the curator has set marks
/// in it, such as that of a footnote: words that they have changed contradict.
fn words(base: &str, ours: &str, theirs: &str) -> Option<String> {
    if ours == base || ours == theirs {
        return Some(theirs.to_string());
    }
    if theirs == base {
        return Some(ours.to_string());
    }
    if markdown::altered(base, &with_footnotes(ours)).is_some() {
        return None;
    }
    let (base, ours, theirs) =
        (diff::word_tokens(base), diff::word_tokens(ours), diff::word_tokens(theirs));
    let mut text = String::new();
    for chunk in diff::merge(&base, &ours, &theirs) {
        text.push_str(&match chunk.side {
            Side::Base | Side::Ours => ours[chunk.ours].concat(),
            Side::Theirs => theirs[chunk.theirs].concat(),
            Side::Conflict => return None,
        });
    }
    Some(text)
}

/// A block with a definition for each footnote mark in it: without one, a mark is no mark.
fn with_footnotes(block: &str) -> String {
    let mut text = block.to_string();
    for label in block.split("[^").skip(1).filter_map(|rest| rest.split_once(']')) {
        text.push_str("\n\n[^");
        text.push_str(label.0);
        text.push_str("]: -");
    }
    text
}

/// A body that is being put together.
struct Out<'a> {
    curator: &'a [(Option<usize>, Block<'a>)],
    /// Each block, the line ends behind it, and its place in ours; `None` where it is theirs.
    blocks: Vec<(String, &'a str, Option<usize>)>,
    notes_on_changed: usize,
}

impl<'a> Out<'a> {
    /// Adds a block of ours, with another text if it has one, and what the curator says behind it.
    fn block(&mut self, at: usize, block: Block<'a>, text: Option<String>) {
        let changed = text.as_ref().is_some_and(|text| text != block.text);
        if !block.text.is_empty() {
            let text = text.unwrap_or_else(|| block.text.to_string());
            self.blocks.push((text, block.gap, Some(block.place)));
            self.notes(Some(at), changed);
        }
    }

    /// Adds what the curator says behind a block of ours.
    fn notes(&mut self, behind: Option<usize>, changed: bool) {
        for (_, note) in self.curator.iter().filter(|(anchor, _)| *anchor == behind) {
            self.blocks.push((note.text.to_string(), note.gap, Some(note.place)));
            self.notes_on_changed += usize::from(changed);
        }
    }

    /// Adds blocks of theirs that take the place of some of ours; each annotation goes behind the
    /// block that is most like the one it stood behind.
    fn replaced(
        &mut self,
        mine: &[Block<'a>],
        gone: Range<usize>,
        theirs: &[Block<'a>],
        come: Range<usize>,
    ) {
        let is_block = |list: &[Block<'_>], at: &usize| !list[*at].text.is_empty();
        let gone: Vec<usize> = gone.filter(|at| is_block(mine, at)).collect();
        let come: Vec<usize> = come.filter(|at| is_block(theirs, at)).collect();
        let home = |place: usize| {
            if gone.len() == come.len() {
                return Some(place);
            }
            let likeness = |at: &usize| common(mine[gone[place]].text, theirs[*at].text);
            let best = (0..come.len()).max_by_key(|at| (likeness(&come[*at]), come.len() - at));
            best.filter(|at| likeness(&come[*at]) > 0).or(come.len().checked_sub(1))
        };
        let homes: Vec<Option<usize>> = (0..gone.len()).map(home).collect();
        let behind = |out: &mut Self, here: Option<usize>| {
            for (_, at) in homes.iter().zip(&gone).filter(|(home, _)| **home == here) {
                out.notes(Some(*at), true);
            }
        };
        behind(self, None);
        for (number, at) in come.iter().enumerate() {
            self.blocks.push((theirs[*at].text.to_string(), theirs[*at].gap, None));
            behind(self, Some(number));
        }
    }

    /// Joins the blocks. Between two that stood one behind the other the blank lines stay.
    fn finish(self) -> Merged {
        let mut text = String::new();
        let mut blocks = self.blocks.iter().peekable();
        while let Some((block, gap, place)) = blocks.next() {
            text.push_str(block);
            if let Some((_, _, next)) = blocks.peek() {
                let follows = place.is_some() && place.map(|place| place + 1) == *next;
                text.push_str(if follows && !gap.is_empty() { gap } else { "\n\n" });
            }
        }
        Merged { text, notes_on_changed: self.notes_on_changed }
    }
}

/// How many words two texts have in common.
fn common(one: &str, other: &str) -> usize {
    let words =
        |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<BTreeSet<_>>();
    words(one).intersection(&words(other)).count()
}

fn voices(body: &str) -> Voices<'_> {
    let (mut publisher, mut curator) = (Vec::new(), Vec::new());
    for block in blocks(body) {
        if is_curators(block.text) {
            // In the spaced list, block n stands at 2n.
            curator.push((publisher.len().checked_sub(1).map(|last| last * 2), block));
        } else {
            publisher.push(block);
        }
    }
    Voices { publisher: spaced(&publisher), curator }
}

/// Puts an empty block between each two.
fn spaced<'a>(blocks: &[Block<'a>]) -> Vec<Block<'a>> {
    let mut list = Vec::with_capacity(blocks.len() * 2);
    for block in blocks {
        if !list.is_empty() {
            list.push(Block::default());
        }
        list.push(*block);
    }
    list
}

/// Whether a block is an annotation or a footnote.
fn is_curators(block: &str) -> bool {
    opens_annotation(block) || opens_footnote(block)
}

fn opens_annotation(line: &str) -> bool {
    line.trim_start().strip_prefix('>').is_some_and(|rest| rest.trim_start().starts_with("[!"))
}

fn opens_footnote(line: &str) -> bool {
    line.strip_prefix("[^").is_some_and(|rest| rest.split_once("]:").is_some())
}

/// Cuts a body into blocks. A fence of code, and a footnote with its indented paragraphs, is one.
fn blocks(body: &str) -> Vec<Block<'_>> {
    let mut list: Vec<Range<usize>> = Vec::new();
    let (mut at, mut open, mut fence) = (0, false, None);
    for line in body.split_inclusive('\n') {
        let (start, end) = (at, at + line.trim_end().len());
        at += line.len();
        let bare = line.trim();
        let mark = bare.get(..3).filter(|mark| matches!(*mark, "```" | "~~~"));
        if bare.is_empty() {
            open &= fence.is_some();
            continue;
        }
        let in_footnote = list.last().is_some_and(|block| opens_footnote(&body[block.start..]));
        let continues = open || (in_footnote && line.starts_with(['\t', ' ']) && line.len() > 4);
        let opens_own = fence.is_none() && (opens_annotation(line) || opens_footnote(line));
        match list.last_mut() {
            Some(block) if continues && !opens_own => block.end = end,
            _ => list.push(start..end),
        }
        open = true;
        fence = match (fence, mark) {
            (None, mark) => mark,
            (Some(open), Some(mark)) if open == mark => None,
            (open, _) => open,
        };
    }
    let gaps = list.iter().skip(1).map(|next| next.start).chain([body.len()]);
    list.iter()
        .zip(gaps)
        .enumerate()
        .map(|(place, (block, next))| Block {
            text: &body[block.clone()],
            gap: &body[block.end..next],
            place: place + 1,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "The rain goes on.\n\nThe gates are open.\n\nThe town is quiet.";

    fn text(ours: &str, theirs: &str) -> Option<String> {
        merge(BASE, ours, theirs).map(|merged| merged.text)
    }

    #[test]
    fn an_annotation_contradicts_nothing() {
        let ours = BASE.replace("open.\n", "open.\n\n> [!NOTE]\n> At 05:40.\n");
        let theirs = BASE.replace("gates are", "gates were");
        let merged = merge(BASE, &ours, &theirs).unwrap();
        assert_eq!(merged.text, ours.replace("gates are", "gates were"));
        assert_eq!(merged.notes_on_changed, 1);
        // Its words are gone, and it stays where they stood.
        let theirs = BASE.replace("The gates are open.\n\n", "");
        assert_eq!(text(&ours, &theirs).unwrap(), ours.replace("The gates are open.\n\n", ""));
        // Its words have moved behind a new paragraph.
        let theirs = BASE.replace("The gates are", "It is Monday.\n\nAll gates are");
        let merged = text(&ours, &theirs).unwrap();
        assert!(merged.contains("All gates are open.\n\n> [!NOTE]"), "{merged}");
    }

    #[test]
    fn neighbours_do_not_touch_and_the_same_place_does() {
        let ours = BASE.replace("rain", "snow");
        let theirs = BASE.replace("gates", "doors");
        assert_eq!(
            text(&ours, &theirs).unwrap(),
            BASE.replace("rain", "snow").replace("gates", "doors")
        );
        assert_eq!(text(&ours, &BASE.replace("rain", "hail")), None);
        assert_eq!(text(&ours, &ours).unwrap(), ours);
    }

    #[test]
    fn a_footnote_stands_in_a_paragraph_that_changes() {
        let ours = BASE.replace("gates are open.", "gates[^1] are open.") + "\n\n[^1]: Of the dam.";
        let theirs = BASE.replace("are open.", "are open again.");
        assert_eq!(text(&ours, &theirs).unwrap(), ours.replace("open.", "open again."));
    }

    #[test]
    fn other_words_of_the_publisher_leave_the_notes() {
        let ours = BASE.replace("open.\n", "ajar.\n\n> [!NOTE]\n> At 05:40.\n");
        let replaced = replace(&ours, &BASE.replace("quiet", "loud"));
        assert_eq!(replaced, ours.replace("ajar", "open").replace("quiet", "loud"));
    }

    #[test]
    fn blocks_are_the_body() {
        let body = "a\nb\n> [!NOTE]\n> c\n\n\n```\nd\n\ne\n```\n\n[^1]: f\n\n    g\n\nh";
        let blocks = blocks(body);
        let joined: String = blocks.iter().flat_map(|block| [block.text, block.gap]).collect();
        assert_eq!(joined, body);
        let texts: Vec<&str> = blocks.iter().map(|block| block.text).collect();
        assert_eq!(texts, ["a\nb", "> [!NOTE]\n> c", "```\nd\n\ne\n```", "[^1]: f\n\n    g", "h"]);
    }
}
