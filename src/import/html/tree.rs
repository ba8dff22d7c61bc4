//! A page as a small tree of our own.
//!
//! The tokens are those of the HTML standard (`html5gum`). The tree is not the standard's: its
//! rules for misnested formatting and for text in tables move nodes about, and cost more than
//! linear time on hostile pages. Here every node is put where it stands, so that the nodes are in
//! document order and a subtree is a range of them. End tags that may be left out are filled in.

use std::borrow::Cow;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::emitters::{Emitter, ForwardingEmitter};
use html5gum::{Span, State, Tokenizer};

use super::elements::{ends, is_block, is_scope, is_section, is_unseen, is_void};

/// Elements nested deeper than this are flattened: they stay, empty, before what they held.
pub(crate) const DEEPEST: usize = 256;
/// No element keeps more attributes than this.
pub(crate) const MOST_ATTRIBUTES: usize = 64;

/// A node's place in its tree, counted in document order.
pub(crate) type Id = usize;

/// Where some of a tree's words begin and end.
type Place = (usize, usize);

/// One node.
#[derive(Debug)]
pub(crate) struct Node {
    /// The element that it stands in; the root's is itself.
    pub(crate) parent: Id,
    /// The first node behind it and all that it holds.
    pub(crate) end: Id,
    held: Held,
}

/// What a node is, as the tree holds it: places in its words and in its attributes.
#[derive(Clone, Copy, Debug)]
enum Held {
    Element(Place, (usize, usize)),
    Text(Place),
    Comment(Place),
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// An element: its name in lower case.
    Element(&'a str),
    /// Text, entities resolved.
    Text(&'a str),
    /// A comment.
    Comment(&'a str),
}

/// A page. Node 0 is an element without a name that holds all others.
///
/// A page has many small words: they stand in one string, one behind the other.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    /// The names and values of attributes, those of an element side by side.
    attrs: Vec<(Place, Place)>,
    store: String,
}

impl Tree {
    /// Reads a page. Never fails: every text is some page.
    pub(crate) fn parse(html: &str) -> Self {
        let mut builder = Builder { open: vec![Open::new(0)], ..Builder::default() };
        builder.tree.store.reserve(html.len());
        builder.tree.nodes.push(Node { parent: 0, end: 0, held: Held::Element((0, 0), (0, 0)) });
        let emitter = Emit(CallbackEmitter::new(&mut builder));
        let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
        builder.close_to(0);
        let mut tree = builder.tree;
        tree.nodes[0].end = tree.nodes.len();
        tree
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    fn words_at(&self, (from, to): Place) -> &str {
        &self.store[from..to]
    }

    /// Returns what a node is.
    pub(crate) fn kind(&self, id: Id) -> Kind<'_> {
        match self.nodes[id].held {
            Held::Element(name, _) => Kind::Element(self.words_at(name)),
            Held::Text(text) => Kind::Text(self.words_at(text)),
            Held::Comment(text) => Kind::Comment(self.words_at(text)),
        }
    }

    /// Returns an element's name, or nothing for text and comments.
    pub(crate) fn name(&self, id: Id) -> &str {
        match self.nodes[id].held {
            Held::Element(name, _) => self.words_at(name),
            _ => "",
        }
    }

    /// Returns the words of a text node.
    pub(crate) fn text(&self, id: Id) -> Option<&str> {
        match self.nodes[id].held {
            Held::Text(text) => Some(self.words_at(text)),
            _ => None,
        }
    }

    /// Returns an element's attributes: their names and values.
    pub(crate) fn attrs(&self, id: Id) -> impl Iterator<Item = (&str, &str)> {
        let (from, to) = match self.nodes[id].held {
            Held::Element(_, attrs) => attrs,
            _ => (0, 0),
        };
        self.attrs[from..to]
            .iter()
            .map(|(name, value)| (self.words_at(*name), self.words_at(*value)))
    }

    /// Returns an attribute, where the element has it.
    pub(crate) fn attr(&self, id: Id, name: &str) -> Option<&str> {
        self.attrs(id).find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Whether the element has this class.
    pub(crate) fn has_class(&self, id: Id, class: &str) -> bool {
        self.attr(id, "class").is_some_and(|all| all.split_ascii_whitespace().any(|c| c == class))
    }

    /// Returns what stands directly in a node.
    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let end = self.nodes[id].end;
        let step = move |id: Id| (id < end).then_some(id);
        std::iter::successors(step(id + 1), move |child| step(self.nodes[*child].end))
    }

    /// Returns everything in a node, in document order, without the node itself.
    pub(crate) fn inside(&self, id: Id) -> std::ops::Range<Id> {
        id + 1..self.nodes[id].end
    }

    /// Returns the elements that a node stands in, the nearest first, the root left out.
    pub(crate) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let up = |id: Id| Some(self.nodes[id].parent).filter(|parent| *parent != 0);
        std::iter::successors(up(id), move |id| up(*id))
    }

    /// Whether `id` is `outer` or stands in it.
    pub(crate) fn holds(&self, outer: Id, id: Id) -> bool {
        (outer..self.nodes[outer].end).contains(&id)
    }

    /// Returns all words in a node, runs of white space made one space.
    pub(crate) fn words(&self, id: Id) -> String {
        let end = self.nodes[id].end;
        let (mut words, mut at) = (String::new(), id);
        let mut blocks = Vec::new();
        while at < end {
            while blocks.pop_if(|end| *end <= at).is_some() {
                words.push(' ');
            }
            match self.kind(at) {
                Kind::Element(name) if is_unseen(name) && at != id => {
                    at = self.nodes[at].end;
                    continue;
                }
                Kind::Element(name) if is_block(name) => {
                    words.push(' ');
                    blocks.push(self.nodes[at].end);
                }
                Kind::Element("br") => words.push(' '),
                Kind::Text(text) => words.push_str(text),
                _ => {}
            }
            at += 1;
        }
        plain(&words)
    }
}

/// Makes every run of white space one space, trims, and drops what has no width.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_gap) {
        let word = with_width(word);
        if !word.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&word);
        }
    }
    out
}

/// Whether a letter stands between words.
pub(super) fn is_gap(c: char) -> bool {
    if c.is_ascii() { c <= ' ' || c == '\x7f' } else { c.is_whitespace() || c.is_control() }
}

/// Returns a word without what has no width.
pub(super) fn with_width(word: &str) -> Cow<'_, str> {
    let is_none = |c: char| matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}');
    if word.is_ascii() || !word.contains(is_none) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().filter(|c| !is_none(*c)).collect())
}

/// An element whose end has not been seen.
#[derive(Debug)]
struct Open {
    id: Id,
    /// Whether its end tag came while a block in it was open: it ends with that block.
    ended: bool,
}

impl Open {
    fn new(id: Id) -> Self {
        Self { id, ended: false }
    }
}

/// The tree as it grows.
#[derive(Debug, Default)]
struct Builder {
    tree: Tree,
    open: Vec<Open>,
    /// How many elements were too deep to be opened.
    flattened: usize,
    /// Where the outermost open drawing or formula stands in `open`.
    foreign: Option<usize>,
    /// The name of the tag that is being read, and where its attributes begin.
    name: Place,
    attrs: usize,
    /// Whether the value of the last attribute name is kept.
    keeps: bool,
    /// The state that the tokenizer has to go to.
    next: Option<State>,
}

/// The tokenizer's side of the [`Builder`]: raw text begins where the tree says so.
struct Emit<'a>(CallbackEmitter<&'a mut Builder>);

impl ForwardingEmitter for Emit<'_> {
    type Token = std::convert::Infallible;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.0
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        let _ = self.0.emit_current_tag();
        self.0.callback_mut().next.take()
    }
}

impl Callback<std::convert::Infallible, ()> for &mut Builder {
    fn handle_event(
        &mut self,
        event: CallbackEvent<'_>,
        _: Span<()>,
    ) -> Option<std::convert::Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.name = self.store(name);
                self.attrs = self.tree.attrs.len();
            }
            CallbackEvent::AttributeName { name } => {
                let name = self.store(name);
                let known = &self.tree.attrs[self.attrs..];
                let text = self.tree.words_at(name);
                self.keeps = known.len() < MOST_ATTRIBUTES
                    && !known.iter().any(|(known, _)| self.tree.words_at(*known) == text);
                if self.keeps {
                    self.tree.attrs.push((name, (0, 0)));
                } else {
                    self.tree.store.truncate(name.0);
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if self.keeps {
                    let value = self.store(value);
                    if let Some(last) = self.tree.attrs.last_mut() {
                        last.1 = value;
                    }
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => self.start(self_closing),
            CallbackEvent::EndTag { name } => {
                self.tree.attrs.truncate(self.attrs);
                self.end(&String::from_utf8_lossy(name));
            }
            CallbackEvent::String { value } => {
                let text = self.store(value);
                self.push(Held::Text(text));
            }
            CallbackEvent::Comment { value } => {
                let text = self.store(value);
                self.push(Held::Comment(text));
            }
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
        None
    }
}

impl Builder {
    fn name_of(&self, open: &Open) -> &str {
        self.tree.name(open.id)
    }

    fn store(&mut self, bytes: &[u8]) -> Place {
        let from = self.tree.store.len();
        self.tree.store.push_str(&String::from_utf8_lossy(bytes));
        (from, self.tree.store.len())
    }

    fn push(&mut self, held: Held) -> Id {
        let id = self.tree.nodes.len();
        let parent = self.open.last().map_or(0, |open| open.id);
        self.tree.nodes.push(Node { parent, end: id + 1, held });
        id
    }

    fn start(&mut self, self_closing: bool) {
        let attrs = (self.attrs, self.tree.attrs.len());
        self.attrs = attrs.1;
        let is_foreign = self.foreign.is_some();
        let name = self.tree.words_at(self.name);
        let (ended, until) = ends(name);
        // What is too deep to be opened has no end that could be missing.
        if !ended.is_empty() && !is_foreign && self.flattened == 0 {
            let found = self.open.iter().rposition(|open| {
                let name = self.name_of(open);
                ended.contains(&name) || until.contains(&name)
            });
            match found.map(|at| (at, self.name_of(&self.open[at]))) {
                Some((at, open)) if ended.contains(&open) => self.close_to(at),
                Some((at, "table")) if is_section(name) => self.close_to(at + 1),
                _ => {}
            }
        }
        let name = self.tree.words_at(self.name);
        // Within a drawing, `<title/>` has an end; a page's `<title>` runs up to `</title>`.
        if !(is_foreign && self_closing) {
            self.next = html5gum::naive_next_state(name.as_bytes());
        }
        let is_closed = is_void(name) || (is_foreign && self_closing);
        let is_drawing = matches!(name, "svg" | "math");
        let id = self.push(Held::Element(self.name, attrs));
        if is_closed {
            return;
        }
        if self.open.len() > DEEPEST && self.next.is_none() {
            self.flattened += 1;
        } else {
            if self.foreign.is_none() && is_drawing {
                self.foreign = Some(self.open.len());
            }
            self.open.push(Open::new(id));
        }
    }

    fn end(&mut self, name: &str) {
        if self.flattened > 0 && !is_unseen(name) {
            self.flattened -= 1;
            return;
        }
        let is_table_part =
            is_section(name) || matches!(name, "table" | "tr" | "td" | "th" | "caption");
        let found = self.open.iter().rposition(|open| {
            let open = self.name_of(open);
            open == name
                || (if is_table_part {
                    matches!(open, "table" | "template")
                } else {
                    is_scope(open)
                })
                || (name == "li" && matches!(open, "ul" | "ol"))
        });
        let Some(at) = found.filter(|at| *at > 0 && self.name_of(&self.open[*at]) == name) else {
            return;
        };
        let crosses_block = || self.open[at + 1..].iter().any(|open| is_block(self.name_of(open)));
        if !is_block(name) && !is_scope(name) && crosses_block() {
            self.open[at].ended = true;
        } else {
            self.close_to(at);
        }
    }

    /// Ends the element at this place of the stack and all that stand in it.
    fn close_to(&mut self, at: usize) {
        let end = self.tree.nodes.len();
        for open in self.open.drain(at.max(1)..) {
            self.tree.nodes[open.id].end = end;
        }
        while let Some(open) = self.open.pop_if(|open| open.ended) {
            self.tree.nodes[open.id].end = end;
        }
        self.foreign = self.foreign.filter(|at| *at < self.open.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in short: `p(text b(text))`.
    fn shape(html: &str) -> String {
        fn write(tree: &Tree, id: Id) -> String {
            let children =
                || tree.children(id).map(|c| write(tree, c)).collect::<Vec<_>>().join(" ");
            match tree.kind(id) {
                Kind::Element(name) => match children() {
                    none if none.is_empty() => name.to_string(),
                    some => format!("{name}({some})"),
                },
                Kind::Text(text) => format!("'{text}'"),
                Kind::Comment(_) => "!".to_string(),
            }
        }
        let tree = Tree::parse(html);
        tree.children(0).map(|child| write(&tree, child)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn end_tags_that_may_be_left_out_are_filled_in() {
        assert_eq!(shape("<p>a<p>b<div>c</div>"), "p('a') p('b') div('c')");
        assert_eq!(shape("<ul><li>a<ul><li>b</ul><li>c</ul>"), "ul(li('a' ul(li('b'))) li('c'))");
        assert_eq!(
            shape("<table><tr><td>a<td>b<tr><td>c</table>d"),
            "table(tr(td('a') td('b')) tr(td('c'))) 'd'"
        );
        assert_eq!(shape("<dl><dt>a<dd>b<dt>c</dl>"), "dl(dt('a') dd('b') dt('c'))");
        assert_eq!(
            shape("<select><option>a<option>b</select>c"),
            "select(option('a') option('b')) 'c'"
        );
    }

    #[test]
    fn misnested_tags_lose_no_word_and_stay_in_their_block() {
        assert_eq!(shape("<b>a<i>b</b>c</i>d"), "b('a' i('b')) 'c' 'd'");
        assert_eq!(shape("<b>a<div>b</b>c</div>d"), "b('a' div('b' 'c')) 'd'");
        assert_eq!(shape("<div>a</p></span>b</div>c"), "div('a' 'b') 'c'");
        assert_eq!(shape("<td>a</div>b"), "td('a' 'b')");
    }

    #[test]
    fn raw_text_and_void_elements() {
        assert_eq!(shape("<script>a<b>'</script>c<br>d<img/>"), "script('a<b>'') 'c' br 'd' img");
        assert_eq!(shape("<svg><title/><path/></svg>a"), "svg(title path) 'a'");
        assert_eq!(shape("<title>a<b></title>&amp;<!--c-->"), "title('a<b>') '&' !");
    }

    #[test]
    fn hostile_pages_stay_small_and_shallow() {
        let deepest = |tree: &Tree| {
            (0..tree.len()).map(|id| tree.ancestors(id).count()).max().unwrap_or_default()
        };
        let n = 16_000;
        let pages = [
            ("<div>".repeat(4 * n), 4 * n),
            ("<ul><li>".repeat(n), 2 * n),
            (format!("{}x{}", "<b><i>".repeat(n), "</b></i>".repeat(n)), 2 * n + 1),
            (format!("<b i>{}</b>", "<i i><b i>x</i></b>".repeat(n)), 3 * n + 1),
            (
                format!(
                    "<p {}>x",
                    (0..80_000).fold(String::new(), |s, i| s + " a" + &i.to_string())
                ),
                2,
            ),
            (format!("<!--{}", "x".repeat(1 << 20)), 1),
            ("<table><td>".repeat(n), 2 * n),
            ("</p>".repeat(n), 0),
        ];
        for (html, most) in pages {
            let tree = Tree::parse(&html);
            assert!(tree.len() <= most + 1, "{} nodes", tree.len());
            assert!(deepest(&tree) <= DEEPEST + 1);
        }
        let tree = Tree::parse(&format!("<p {}>", "a=1 ".repeat(9) + &"b c d e f g h".repeat(9)));
        assert!(tree.attrs(1).count() <= MOST_ATTRIBUTES);
        let deep =
            Tree::parse(&format!("{}deep{}after", "<div>".repeat(400), "</div>".repeat(400)));
        assert_eq!(deep.words(0), "deep after");
        let last = deep.len() - 1;
        assert_eq!((deep.text(last), deep.node(last).parent), (Some("after"), 0));
    }
}
