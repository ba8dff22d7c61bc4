//! The curator's annotations of an entry, as they stand on its page: whose they are, what they say,
//! and which of the publisher's words they speak of. Pure.
//!
//! They are read from the HTML that [`markdown::render`](crate::markdown::render) makes, by the
//! classes that docs/templates.md promises: so every quotation is one that the page holds.

use crate::import::elements::is_block;
use crate::import::tree::{Id, Kind, Tree};

/// How many characters of the text around a quotation tell where it stands.
const AROUND: usize = 32;

/// Something that the curator says of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    /// `note`, `correction`, `warning`, `unverified`, `see-also` or `footnote`.
    pub kind: String,
    /// What it says as plain text, a block a line.
    pub words: String,
    /// Who signed it; empty where nobody did.
    pub by: String,
    /// The date of the signature, as front matter holds dates; empty where there is none.
    pub date: String,
    /// The anchor of its mark on the page, of a footnote that has one; else empty.
    pub mark: String,
    /// The words that it speaks of, where it names some.
    pub quote: Option<Quote>,
}

/// Some of a page's words, told from all others (Web Annotation Data Model, 4.2.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// The words.
    pub exact: String,
    /// What stands right before them, at most 32 characters.
    pub prefix: String,
    /// What stands right behind them, at most 32 characters.
    pub suffix: String,
}

/// A phrase that a note speaks of: its anchor, and where it stands in the text, in bytes.
struct Phrase {
    anchor: String,
    range: std::ops::Range<usize>,
}

/// Whether a text can hold an annotation; most hold none, and need not be rendered to know it.
pub fn may_hold(markdown: &str) -> bool {
    markdown.contains("[!") || markdown.contains("[^")
}

/// Returns the annotations in an entry's HTML, in the order of the page.
pub fn annotations(html: &str) -> Vec<Annotation> {
    let tree = Tree::parse(html);
    let (text, phrases) = phrases(&tree);
    let mut list = Vec::new();
    let mut at = 0;
    while at < tree.len() {
        let kind = kind(&tree, at);
        let Some(kind) = kind else {
            at += 1;
            continue;
        };
        list.push(annotation(&tree, at, kind, &text, &phrases));
        at = tree.node(at).end;
    }
    list
}

/// What kind of annotation a node is; `None` for all else.
fn kind(tree: &Tree, id: Id) -> Option<String> {
    if tree.name(id) == "li" {
        let in_notes = tree.ancestors(id).nth(1).is_some_and(|above| {
            tree.has_class(above, "footnotes") && tree.attr(above, "data-voice").is_some()
        });
        return in_notes.then(|| "footnote".to_string());
    }
    if !tree.has_class(id, "note") || tree.attr(id, "data-voice") != Some("curator") {
        return None;
    }
    let mut classes = tree.attr(id, "class")?.split_ascii_whitespace();
    classes.find_map(|class| class.strip_prefix("note-")).map(str::to_string)
}

fn annotation(tree: &Tree, id: Id, kind: String, text: &str, phrases: &[Phrase]) -> Annotation {
    let own = |name: &str| tree.attr(id, name).unwrap_or_default().to_string();
    let links = || tree.inside(id).filter_map(|id| Some((id, tree.attr(id, "href")?)));
    let quoted = links().find(|(id, _)| tree.has_class(*id, "quoted"));
    let anchor = quoted.and_then(|(_, href)| href.strip_prefix('#'));
    let phrase = anchor.and_then(|anchor| phrases.iter().find(|phrase| phrase.anchor == anchor));
    // The way back from a footnote leads to its mark.
    let back = links().find(|(id, _)| tree.has_class(tree.node(*id).parent, "back"));
    let mark = back.and_then(|(_, href)| href.strip_prefix('#')).unwrap_or_default();
    Annotation {
        kind,
        words: words(tree, id),
        by: own("data-by"),
        date: own("data-date"),
        mark: mark.to_string(),
        quote: phrase.map(|phrase| quote(text, phrase)),
    }
}

/// The text of a page, and the phrases in it that notes speak of.
fn phrases(tree: &Tree) -> (String, Vec<Phrase>) {
    let mut text = String::new();
    let mut phrases: Vec<Phrase> = Vec::new();
    // Where the marks that are open end: a place in the tree, and the phrase.
    let mut open: Vec<(Id, usize)> = Vec::new();
    for id in 0..tree.len() {
        while let Some((_, phrase)) = open.pop_if(|(end, _)| *end <= id) {
            phrases[phrase].range.end = text.len();
        }
        match tree.kind(id) {
            Kind::Text(words) => text.push_str(words),
            Kind::Element("mark") if tree.has_class(id, "phrase") => {
                // A phrase that goes across emphasis has several pieces; the first has the anchor.
                if let Some(anchor) = tree.attr(id, "id") {
                    let range = text.len()..text.len();
                    phrases.push(Phrase { anchor: anchor.to_string(), range });
                }
                if let Some(phrase) = phrases.len().checked_sub(1) {
                    open.push((tree.node(id).end, phrase));
                }
            }
            _ => {}
        }
    }
    for (_, phrase) in open {
        phrases[phrase].range.end = text.len();
    }
    (text, phrases)
}

fn quote(text: &str, phrase: &Phrase) -> Quote {
    let (before, behind) = (&text[..phrase.range.start], &text[phrase.range.end..]);
    let prefix = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    Quote {
        exact: text[phrase.range.clone()].to_string(),
        prefix: before[prefix..].to_string(),
        suffix: behind.chars().take(AROUND).collect(),
    }
}

/// The words of an annotation, without its label, its signature and the way back.
fn words(tree: &Tree, id: Id) -> String {
    const BESIDE: [&str; 3] = ["label", "byline", "back"];
    let mut text = String::new();
    let mut at = id + 1;
    let mut blocks: Vec<Id> = Vec::new();
    while at < tree.node(id).end {
        while blocks.pop_if(|end| *end <= at).is_some() {
            text.push('\n');
        }
        match tree.kind(at) {
            Kind::Element("p") if BESIDE.iter().any(|class| tree.has_class(at, class)) => {
                at = tree.node(at).end;
                continue;
            }
            Kind::Element("br") => text.push('\n'),
            Kind::Element(name) if is_block(name) => {
                text.push('\n');
                blocks.push(tree.node(at).end);
            }
            // A line that was only wrapped goes on.
            Kind::Text(words) => text.push_str(&words.replace('\n', " ")),
            _ => {}
        }
        at += 1;
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Setting, render};
    use crate::words::Words;

    fn read(text: &str) -> Vec<Annotation> {
        let setting = Setting {
            raw_html: false,
            under: 1,
            prefix: "e-",
            root: "",
            words: Words::english(),
            pictures: None,
        };
        annotations(&render(text, &setting))
    }

    #[test]
    fn every_kind_is_told_with_its_signature() {
        let found = read(
            "Open.[^a]\n\n> [!IMPORTANT]\n> It was *later*,\n> at six.\n>\n> - a\n> - b\n>\n> — A. Okoro, 2031-05-02\n\n[^a]: Page 12.\n",
        );
        let correction = Annotation {
            kind: "correction".into(),
            words: "It was later, at six.\na\nb".into(),
            by: "A. Okoro".into(),
            date: "2031-05-02".into(),
            ..Annotation::default()
        };
        let footnote = Annotation {
            kind: "footnote".into(),
            words: "Page 12.".into(),
            mark: "e-ref-1".into(),
            ..Annotation::default()
        };
        assert_eq!(found, [correction, footnote]);
        assert_eq!(read("> A quotation of theirs."), []);
    }

    #[test]
    fn a_phrase_is_told_by_what_stands_around_it() {
        let text = "The *gates* of the dam[^a] were opened at dawn, said the \u{645}\u{62f}\u{64a}\u{646}\u{629}.\n\n> [!NOTE]\n> \"gates of the dam were opened\": all four.\n\n[^a]: The upper one.\n";
        let found = read(text);
        let quote = found[0].quote.as_ref().unwrap();
        // The mark of the footnote stands on the page, too.
        assert_eq!(quote.exact, "gates of the dam1 were opened");
        assert_eq!(quote.prefix, "The ");
        assert!(quote.suffix.starts_with(" at dawn, said the"), "{quote:?}");
        assert_eq!(quote.suffix.chars().count(), AROUND);
        assert!(found[0].words.starts_with("\"gates of the dam were opened\": all four"));
    }

    #[test]
    fn the_words_of_a_redaction_are_not_told() {
        let found = read("A.\n\n> [!NOTE]\n> Of {{redacted: a name}}.\n");
        assert_eq!(found[0].words, "Of [redacted: a name].");
    }
}
