//! Where the curator's words stand in a text.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::{curators, options};

/// Something that a curator put into a text: a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// An alert.
    Note(Range<usize>),
    /// The words of a footnote.
    Footnote(String, Range<usize>),
    /// The mark of a footnote among the publisher's words.
    Mark(String, Range<usize>),
}

/// Returns everything that the curator put into a text, in its order.
pub fn asides(text: &str) -> Vec<Aside> {
    let mut depth = 0_usize;
    let mut list = Vec::new();
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match (curators(&event), event) {
            (Some(true), event) => {
                if depth == 0 {
                    list.push(match event {
                        Event::Start(Tag::FootnoteDefinition(label)) => {
                            Aside::Footnote(label.to_string(), range)
                        }
                        _ => Aside::Note(range),
                    });
                }
                depth += 1;
            }
            (Some(false), _) => depth = depth.saturating_sub(1),
            (None, Event::FootnoteReference(label)) if depth == 0 => {
                list.push(Aside::Mark(label.to_string(), range));
            }
            (None, _) => {}
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curators_words_are_found_where_they_stand() {
        let text = "Open.[^a]\n\n> [!NOTE]\n> Mine.[^a]\n\n> Theirs.\n\n[^a]: Page 12.\n";
        let found: Vec<&str> = asides(text)
            .iter()
            .map(|aside| match aside {
                Aside::Note(range) | Aside::Footnote(_, range) | Aside::Mark(_, range) => {
                    text[range.clone()].trim_end()
                }
            })
            .collect();
        assert_eq!(found, ["[^a]", "> [!NOTE]\n> Mine.[^a]", "[^a]: Page 12."]);
    }
}
