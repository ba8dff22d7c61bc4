//! A page as a small tree of our own.
//!
//! The tokens are those of the HTML standard (`html5gum`). The tree is not the standard's: its
//! rules for misnested formatting and for text in tables move nodes about, and cost more than
//! linear time on hostile pages. Here every node is put where it stands, so that the nodes are in
//! document order and a subtree is a range of them. End tags that may be left out are filled in.

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::emitters::{Emitter, ForwardingEmitter};
use html5gum::{Span, State, Tokenizer};

/// Elements nested deeper than this are flattened: they stay, empty, before what they held.
pub(in crate::import) const DEEPEST: usize = 256;
/// No element keeps more attributes than this.
pub(in crate::import) const MOST_ATTRIBUTES: usize = 64;

/// A node's place in its tree, counted in document order.
pub(in crate::import) type Id = usize;

/// One node.
#[derive(Debug)]
pub(in crate::import) struct Node {
    /// The element that it stands in; the root's is itself.
    pub(in crate::import) parent: Id,
    /// The first node behind it and all that it holds.
    pub(in crate::import) end: Id,
    /// What it is.
    pub(in crate::import) kind: Kind,
}

impl Node {
    /// Returns an element's name, or nothing for text and comments.
    fn name(&self) -> &str {
        match &self.kind {
            Kind::Element(name, _) => name,
            _ => "",
        }
    }
}

/// What a node is.
#[derive(Debug)]
pub(in crate::import) enum Kind {
    /// An element: its name in lower case and its attributes.
    Element(Box<str>, Vec<(Box<str>, Box<str>)>),
    /// Text, entities resolved.
    Text(String),
    /// A comment.
    Comment(String),
}

/// A page. Node 0 is an element without a name that holds all others.
#[derive(Debug)]
pub(in crate::import) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Reads a page. Never fails: every text is some page.
    pub(in crate::import) fn parse(html: &str) -> Self {
        let root = Node { parent: 0, end: 0, kind: Kind::Element("".into(), Vec::new()) };
        let mut builder =
            Builder { nodes: vec![root], open: vec![Open::new(0)], ..Builder::default() };
        let emitter = Emit(CallbackEmitter::new(&mut builder));
        let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
        builder.close_to(0);
        let mut nodes = builder.nodes;
        let end = nodes.len();
        if let Some(root) = nodes.first_mut() {
            root.end = end;
        }
        Self { nodes }
    }

    /// How many nodes there are.
    pub(in crate::import) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(in crate::import) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// Returns an element's name, or nothing for text and comments.
    pub(in crate::import) fn name(&self, id: Id) -> &str {
        self.nodes[id].name()
    }

    /// Returns the words of a text node.
    pub(in crate::import) fn text(&self, id: Id) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns an attribute, where the element has it.
    pub(in crate::import) fn attr(&self, id: Id, name: &str) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Element(_, attrs) => {
                attrs.iter().find(|(known, _)| **known == *name).map(|(_, value)| &**value)
            }
            _ => None,
        }
    }

    /// Whether the element has this class.
    pub(in crate::import) fn has_class(&self, id: Id, class: &str) -> bool {
        self.attr(id, "class").is_some_and(|all| all.split_ascii_whitespace().any(|c| c == class))
    }

    /// Returns what stands directly in a node.
    pub(in crate::import) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let end = self.nodes[id].end;
        let step = move |id: Id| (id < end).then_some(id);
        std::iter::successors(step(id + 1), move |child| step(self.nodes[*child].end))
    }

    /// Returns everything in a node, in document order, without the node itself.
    pub(in crate::import) fn inside(&self, id: Id) -> std::ops::Range<Id> {
        id + 1..self.nodes[id].end
    }

    /// Returns the elements that a node stands in, the nearest first, the root left out.
    pub(in crate::import) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let up = |id: Id| Some(self.nodes[id].parent).filter(|parent| *parent != 0);
        std::iter::successors(up(id), move |id| up(*id))
    }

    /// Whether `id` is `outer` or stands in it.
    pub(in crate::import) fn holds(&self, outer: Id, id: Id) -> bool {
        (outer..self.nodes[outer].end).contains(&id)
    }

    /// Returns all words in a node, runs of white space made one space.
    pub(in crate::import) fn words(&self, id: Id) -> String {
        let end = self.nodes[id].end;
        let (mut words, mut at) = (String::new(), id);
        let mut blocks = Vec::new();
        while at < end {
            while blocks.pop_if(|end| *end <= at).is_some() {
                words.push(' ');
            }
            match &self.nodes[at].kind {
                Kind::Element(name, _) if is_unseen(name) && at != id => {
                    at = self.nodes[at].end;
                    continue;
                }
                Kind::Element(name, _) if is_block(name) => {
                    words.push(' ');
                    blocks.push(self.nodes[at].end);
                }
                Kind::Element(name, _) if &**name == "br" => words.push(' '),
                Kind::Text(text) => words.push_str(text),
                _ => {}
            }
            at += 1;
        }
        plain(&words)
    }
}

/// Makes every run of white space one space, trims, and drops what has no width.
pub(in crate::import) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let from = out.len();
        if from > 0 && !word.is_empty() {
            out.push(' ');
        }
        let seen = out.len();
        out.extend(word.chars().filter(|c| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}')));
        if out.len() == seen {
            out.truncate(from);
        }
    }
    out
}

/// Whether nobody sees what stands in such an element.
pub(in crate::import) fn is_unseen(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "head" | "title" | "noembed" | "noframes")
}

/// Whether an element stands on lines of its own.
pub(in crate::import) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "template"
            | "tfoot"
            | "th"
            | "thead"
            | "title"
            | "tr"
            | "ul"
    )
}

/// Whether an element never holds anything.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether no end tag reaches out of such an element.
fn is_scope(name: &str) -> bool {
    matches!(name, "table" | "td" | "th" | "caption" | "template" | "object" | "marquee" | "applet")
}

/// Whether an element is a group of rows.
fn is_section(name: &str) -> bool {
    matches!(name, "tbody" | "thead" | "tfoot")
}

/// Which open elements a start tag ends, and which ones it does not look behind.
fn ends(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    const LISTS: &[&str] = &["ul", "ol", "menu", "dir", "table", "td", "th", "template"];
    const TABLE: &[&str] = &["table", "template"];
    match name {
        "li" => (&["li"], LISTS),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td", "th", "template"]),
        "tr" => (&["tr"], TABLE),
        "td" | "th" => (&["td", "th"], &["tr", "table", "template"]),
        _ if is_section(name) => (&["caption", "colgroup"], TABLE),
        "option" => (&["option"], &["select", "datalist"]),
        "optgroup" => (&["optgroup"], &["select"]),
        "body" => (&["head"], &[]),
        _ if is_block(name) => {
            (&["p"], &["button", "table", "td", "th", "caption", "template", "object"])
        }
        _ => (&[], &[]),
    }
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
    nodes: Vec<Node>,
    open: Vec<Open>,
    /// How many elements were too deep to be opened.
    flattened: usize,
    /// Where the outermost open drawing or formula stands in `open`.
    foreign: Option<usize>,
    name: String,
    attrs: Vec<(Box<str>, Box<str>)>,
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
        let owned = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match event {
            CallbackEvent::OpenStartTag { name } => self.name = owned(name),
            CallbackEvent::AttributeName { name } => {
                let name = owned(name);
                let full = self.attrs.len() == MOST_ATTRIBUTES;
                self.keeps = !full && !self.attrs.iter().any(|(known, _)| **known == *name);
                if self.keeps {
                    self.attrs.push((name.into(), "".into()));
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(last) = self.attrs.last_mut().filter(|_| self.keeps) {
                    last.1 = owned(value).into();
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => self.start(self_closing),
            CallbackEvent::EndTag { name } => {
                self.attrs.clear();
                self.end(&String::from_utf8_lossy(name));
            }
            CallbackEvent::String { value } => {
                self.push(Kind::Text(owned(value)));
            }
            CallbackEvent::Comment { value } => {
                self.push(Kind::Comment(owned(value)));
            }
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
        None
    }
}

impl Builder {
    fn name_of(&self, open: &Open) -> &str {
        self.nodes[open.id].name()
    }

    fn push(&mut self, kind: Kind) -> Id {
        let id = self.nodes.len();
        let parent = self.open.last().map_or(0, |open| open.id);
        self.nodes.push(Node { parent, end: id + 1, kind });
        id
    }

    fn start(&mut self, self_closing: bool) {
        let name = std::mem::take(&mut self.name);
        let attrs = std::mem::take(&mut self.attrs);
        let is_foreign = self.foreign.is_some();
        let (ended, until) = ends(&name);
        // What is too deep to be opened has no end that could be missing.
        if !ended.is_empty() && !is_foreign && self.flattened == 0 {
            let found = self.open.iter().rposition(|open| {
                let name = self.name_of(open);
                ended.contains(&name) || until.contains(&name)
            });
            match found.map(|at| (at, self.name_of(&self.open[at]))) {
                Some((at, open)) if ended.contains(&open) => self.close_to(at),
                Some((at, "table")) if is_section(&name) => self.close_to(at + 1),
                _ => {}
            }
        }
        // Within a drawing, `<title/>` has an end; a page's `<title>` runs up to `</title>`.
        if !(is_foreign && self_closing) {
            self.next = html5gum::naive_next_state(name.as_bytes());
        }
        let is_closed = is_void(&name) || (is_foreign && self_closing);
        let id = self.push(Kind::Element(name.into(), attrs));
        if is_closed {
            return;
        }
        if self.open.len() > DEEPEST && self.next.is_none() {
            self.flattened += 1;
        } else {
            if self.foreign.is_none() && matches!(self.nodes[id].name(), "svg" | "math") {
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
        let end = self.nodes.len();
        for open in self.open.drain(at.max(1)..) {
            self.nodes[open.id].end = end;
        }
        while let Some(open) = self.open.pop_if(|open| open.ended) {
            self.nodes[open.id].end = end;
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
            match &tree.node(id).kind {
                Kind::Element(name, _) => match children() {
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
        let Kind::Element(_, attrs) = &tree.node(1).kind else { panic!() };
        assert!(attrs.len() <= MOST_ATTRIBUTES);
        let deep =
            Tree::parse(&format!("{}deep{}after", "<div>".repeat(400), "</div>".repeat(400)));
        assert_eq!(deep.words(0), "deep after");
        let last = deep.len() - 1;
        assert_eq!((deep.text(last), deep.node(last).parent), (Some("after"), 0));
    }
}
