//! Running text as Markdown: words with emphasis, links, code and line breaks, written so that they
//! read back as the same words. Emphasis that Markdown cannot express at its place is left out.

use std::fmt::Write as _;
use std::rc::Rc;

use super::super::markdown;
use super::tree::{is_gap, with_width};

/// How words are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// Emphasised.
    pub(super) em: bool,
    /// Strongly emphasised.
    pub(super) strong: bool,
    /// Code.
    pub(super) code: bool,
    /// Which of the text's links they are in.
    pub(super) link: Option<usize>,
}

impl Style {
    fn mark(self) -> &'static str {
        match (self.strong, self.em) {
            (true, true) => "***",
            (true, false) => "**",
            (false, true) => "*",
            (false, false) => "",
        }
    }

    fn is_marked(self) -> bool {
        self.code || self.strong || self.em
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String, Style),
    /// Markdown already (a picture), and the link that it is in.
    Written(String, Option<usize>),
    Break,
}

/// A run of text within one block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inline {
    pieces: Vec<Piece>,
    /// Shared by the paragraphs that it is cut into.
    links: Rc<Vec<String>>,
    /// Whether white space came last: it is written once something follows it.
    space: bool,
}

impl Inline {
    /// Adds a link and returns its number.
    pub(super) fn link(&mut self, url: String) -> usize {
        Rc::make_mut(&mut self.links).push(url);
        self.links.len() - 1
    }

    /// Adds words; runs of white space become one space.
    pub(super) fn words(&mut self, text: &str, style: Style) {
        let mut out = String::with_capacity(text.len());
        for (index, word) in text.split(is_gap).enumerate() {
            self.space |= index > 0;
            let word = with_width(word);
            if word.is_empty() {
                continue;
            }
            if std::mem::take(&mut self.space) {
                let begins = matches!(self.pieces.last(), None | Some(Piece::Break));
                if !out.is_empty() {
                    out.push(' ');
                } else if !begins {
                    // Outside the marks: `**a** b`, not `**a **b`.
                    let before = self.pieces.last().and_then(link_of);
                    let link = style.link.filter(|link| before == Some(*link));
                    self.add(" ".into(), Style { link, ..Style::default() });
                }
            }
            out.push_str(&word);
        }
        if !out.is_empty() {
            self.add(out, style);
        }
    }

    fn add(&mut self, words: String, style: Style) {
        match self.pieces.last_mut() {
            Some(Piece::Words(last, known)) if *known == style => last.push_str(&words),
            _ => self.pieces.push(Piece::Words(words, style)),
        }
    }

    /// Adds a line break.
    pub(super) fn line_break(&mut self) {
        self.space = false;
        self.pieces.push(Piece::Break);
    }

    /// Adds another run behind this one.
    pub(super) fn append(&mut self, other: Self) {
        let offset = self.links.len();
        if !other.links.is_empty() {
            Rc::make_mut(&mut self.links).extend(other.links.iter().cloned());
        }
        for mut piece in other.pieces {
            match &mut piece {
                Piece::Words(_, Style { link: Some(link), .. }) | Piece::Written(_, Some(link)) => {
                    *link += offset;
                }
                _ => {}
            }
            self.pieces.push(piece);
        }
    }

    /// Adds something that is Markdown already.
    pub(super) fn written(&mut self, markdown: String, link: Option<usize>) {
        if std::mem::take(&mut self.space) && !self.pieces.is_empty() {
            self.add(" ".into(), Style::default());
        }
        self.pieces.push(Piece::Written(markdown, link));
    }

    /// Whether nothing can be seen of it.
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.iter().all(|piece| match piece {
            Piece::Words(words, _) => words.trim().is_empty(),
            Piece::Written(..) => false,
            Piece::Break => true,
        })
    }

    /// Returns the words alone.
    pub(super) fn plain(&self) -> String {
        let words = self.pieces.iter().map(|piece| match piece {
            Piece::Words(words, _) => words.as_str(),
            Piece::Written(..) => "",
            Piece::Break => " ",
        });
        words.collect::<String>().trim().to_string()
    }

    /// Cuts it where two line breaks follow each other: that is how people make paragraphs.
    pub(super) fn paragraphs(self) -> Vec<Self> {
        let shared = self.links;
        let rows = self.pieces.split(|piece| *piece == Piece::Break);
        let mut paragraphs: Vec<Vec<Piece>> = vec![Vec::new()];
        for line in rows {
            let is_empty =
                line.iter().all(|p| matches!(p, Piece::Words(w, _) if w.trim().is_empty()));
            match paragraphs.last_mut() {
                Some(last) if is_empty && !last.is_empty() => paragraphs.push(Vec::new()),
                Some(last) if !is_empty => {
                    if !last.is_empty() {
                        last.push(Piece::Break);
                    }
                    last.extend_from_slice(line);
                }
                _ => {}
            }
        }
        paragraphs.retain(|pieces| !pieces.is_empty());
        let part = |pieces| Self { pieces, links: Rc::clone(&shared), space: false };
        paragraphs.into_iter().map(part).collect()
    }

    /// Writes it as a paragraph: a line a line, with a `\` where one is broken.
    pub(super) fn markdown(&self) -> String {
        let rows = self.pieces.split(|piece| *piece == Piece::Break);
        let mut out = String::new();
        for (index, line) in rows.enumerate() {
            let line = trimmed(line);
            let written = self.line(&line);
            if index > 0 {
                out.push_str("\\\n");
                // Below a line, more than at a paragraph's start would open a block or end it.
                let is_bare = matches!(line.first(), Some(Piece::Words(_, style)) if !style.is_marked() && style.link.is_none());
                if is_bare && written.starts_with(|c: char| c.is_ascii_punctuation() && c != '\\') {
                    out.push('\\');
                }
            }
            out.push_str(&written);
        }
        out
    }

    /// Writes it on one line.
    pub(super) fn one_line(&self) -> String {
        let mut pieces = self.pieces.clone();
        for piece in &mut pieces {
            if *piece == Piece::Break {
                *piece = Piece::Words(" ".into(), Style::default());
            }
        }
        // Alone on its line, plain text needs the fewest marks.
        if let [Piece::Words(words, style)] = &merged(settled(trimmed(&pieces)))[..]
            && !style.is_marked()
            && style.link.is_none()
        {
            return markdown::text(words);
        }
        self.line(&pieces)
    }

    fn line(&self, pieces: &[Piece]) -> String {
        let pieces = merged(settled(trimmed(pieces)));
        let mut out = String::new();
        for group in pieces.chunk_by(|a, b| link_of(a) == link_of(b)) {
            let inner: String = group.iter().map(written).collect();
            match link_of(&group[0]).and_then(|link| self.links.get(link)) {
                Some(url) => {
                    let _ = write!(out, "[{inner}]({})", markdown::address(url));
                }
                None => out.push_str(&inner),
            }
        }
        out
    }
}

/// Which link a piece is in.
fn link_of(piece: &Piece) -> Option<usize> {
    match piece {
        Piece::Words(_, style) => style.link,
        Piece::Written(_, link) => *link,
        Piece::Break => None,
    }
}

/// Leaves out the spaces at the ends of a line.
fn trimmed(pieces: &[Piece]) -> Vec<Piece> {
    let is_space =
        |piece: &Piece| matches!(piece, Piece::Words(words, _) if words.trim().is_empty());
    let first = pieces.iter().position(|piece| !is_space(piece)).unwrap_or(pieces.len());
    let last = pieces.iter().rposition(|piece| !is_space(piece)).map_or(first, |at| at + 1);
    let mut out: Vec<Piece> = Vec::with_capacity(last - first);
    for (index, piece) in pieces[first..last].iter().enumerate() {
        let mut piece = piece.clone();
        if let Piece::Words(words, _) = &mut piece {
            let whole = words.as_str();
            let end = if first + index + 1 == last { whole.trim_end() } else { whole };
            let start = if index == 0 { end.trim_start() } else { end };
            *words = start.to_string();
        }
        out.push(piece);
    }
    out
}

/// Takes away the marks that Markdown cannot express at their place.
fn settled(mut pieces: Vec<Piece>) -> Vec<Piece> {
    for index in 1..pieces.len() {
        let (before, rest) = pieces.split_at_mut(index);
        if let (Some(Piece::Words(_, one)), Some(Piece::Words(_, two))) =
            (before.last(), rest.first_mut())
            && one.is_marked()
            && two.is_marked()
            && one.link == two.link
        {
            // Two runs of marks side by side read as one: the words behind go with those before.
            (two.em, two.strong, two.code) = (one.em, one.strong, one.code);
        }
    }
    let mut pieces = merged(pieces);
    let edge = |piece: Option<&Piece>, link: Option<usize>, last: bool| match piece {
        Some(Piece::Words(words, style)) if style.link == link => {
            if last {
                words.chars().last()
            } else {
                words.chars().next()
            }
        }
        Some(Piece::Written(_, known)) if *known == link => Some('!'),
        None if link.is_none() => None,
        // The bracket of a link.
        _ => Some(']'),
    };
    for index in 0..pieces.len() {
        let Piece::Words(words, style) = &pieces[index] else { continue };
        if style.code || style.mark().is_empty() {
            continue;
        }
        let before = edge(index.checked_sub(1).map(|at| &pieces[at]), style.link, true);
        let after = edge(pieces.get(index + 1), style.link, false);
        let fits = markdown::can_enclose(before, words.chars().next())
            && markdown::can_enclose(after, words.chars().last());
        if !fits && let Piece::Words(_, style) = &mut pieces[index] {
            (style.em, style.strong) = (false, false);
        }
    }
    pieces
}

/// Joins neighbours that are set alike.
fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (out.last_mut(), piece) {
            (Some(Piece::Words(last, known)), Piece::Words(words, style)) if *known == style => {
                last.push_str(&words);
            }
            (_, Piece::Words(words, _)) if words.is_empty() => {}
            (_, piece) => out.push(piece),
        }
    }
    out
}

fn written(piece: &Piece) -> String {
    match piece {
        Piece::Words(words, style) if style.code => code(words),
        Piece::Words(words, style) => {
            format!("{0}{1}{0}", style.mark(), markdown::part(words))
        }
        Piece::Written(markdown, _) => markdown.clone(),
        Piece::Break => String::new(),
    }
}

/// Writes words between back ticks, more of them than stand in a row within.
fn code(words: &str) -> String {
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let ticks = "`".repeat(longest + 1);
    let pads = words.starts_with('`') || words.ends_with('`');
    let pad = if pads { " " } else { "" };
    format!("{ticks}{pad}{words}{pad}{ticks}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    /// The words that Markdown reads, and whether it read anything that is no running text.
    fn read(markdown: &str) -> (String, Vec<String>) {
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
        let (mut words, mut others) = (String::new(), Vec::new());
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(text) | Event::Code(text) => words.push_str(&text),
                Event::HardBreak => words.push('\n'),
                Event::Start(Tag::Paragraph | Tag::Strong | Tag::Emphasis | Tag::Link { .. })
                | Event::End(
                    TagEnd::Paragraph | TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link,
                ) => {}
                other => others.push(format!("{other:?}")),
            }
        }
        (words, others)
    }

    fn piece() -> impl Strategy<Value = (String, u8)> {
        let words = prop_oneof![
            "[a-c .,!*_`<>&#;:|=~+()\\[\\]\\\\-]{0,8}",
            "(a|b| |\\*|!|é|“|”|—|1\\.|- |# |&amp;|<b>|\\]\\(){0,5}",
            "\\PC{0,5}",
        ];
        (words, 0u8..24)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn running_text_reads_as_its_words(pieces in prop::collection::vec(piece(), 0..6)) {
            let mut inline = Inline::default();
            let link = inline.link("https://example.org/a_(b)?c=d&lt;&copy=1".into());
            for (words, kind) in &pieces {
                if *kind == 23 {
                    inline.line_break();
                }
                let style = Style {
                    em: kind & 1 > 0,
                    strong: kind & 2 > 0,
                    code: *kind == 4,
                    link: (kind & 8 > 0).then_some(link),
                };
                inline.words(words, style);
            }
            for paragraph in inline.paragraphs() {
                let expected: String = paragraph.pieces.iter().map(|piece| match piece {
                    Piece::Words(words, _) => words.as_str(),
                    _ => "\n",
                }).collect();
                let (words, others) = read(&paragraph.markdown());
                let lines = |text: &str| text.split('\n').map(|l| l.trim().to_string()).collect::<Vec<_>>();
                prop_assert_eq!(lines(&words), lines(expected.trim()), "{}", paragraph.markdown());
                prop_assert_eq!(others, Vec::<String>::new());
            }
        }
    }

    #[test]
    fn emphasis_links_and_breaks_are_kept() {
        let mut inline = Inline::default();
        let strong = Style { strong: true, ..Style::default() };
        inline.words(" The ", Style::default());
        inline.words("dam ", strong);
        inline.words("holds, ", Style::default());
        let link = Some(inline.link("https://quell.example/a b".into()));
        inline.words("they say", Style { link, ..Style::default() });
        inline.words(".", Style::default());
        inline.line_break();
        inline.words("- Jo", Style::default());
        assert_eq!(
            inline.markdown(),
            "The **dam** holds, [they say](https://quell.example/a%20b).\\\n\\- Jo"
        );
        assert_eq!(inline.plain(), "The dam holds, they say. - Jo");
    }
}
