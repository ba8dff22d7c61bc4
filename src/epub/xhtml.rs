//! An entry's HTML as XHTML that may stand in a book (EPUB 3.3, 6.1), whatever it was: only elements
//! and attributes that are known, each where it may stand. No word is lost; what cannot stay what it
//! was becomes the words in it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::date::When;
use crate::import::elements::{is_block, is_unseen, is_void};
use crate::import::tree::{Id, Kind, Tree};
use crate::markdown::{escape, legal};

/// Something outside of the text that an element names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named<'a> {
    /// Where a link leads that does not lead to a place in the same text.
    Link(&'a str),
    /// A picture.
    Picture(&'a str),
}

/// What may stand in an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// Blocks and words.
    Flow,
    /// Words.
    Phrasing,
}

/// A text as it is being written.
struct Writer<'a, F> {
    tree: &'a Tree,
    /// The ids in the text, to which its own links may lead.
    ids: BTreeSet<&'a str>,
    /// The ids that were written.
    written: BTreeSet<&'a str>,
    /// Finds the address in the book of what is named; `None` where there is none.
    find: F,
    /// What is said of a picture that is not in the book.
    not_in_book: &'a str,
    in_link: bool,
    out: String,
}

/// Returns HTML as XHTML for an element that may hold blocks. Ids are kept that begin with `prefix`;
/// `not_in_book` is said of a picture that `find` does not find.
pub(super) fn xhtml(
    html: &str,
    prefix: &str,
    not_in_book: &str,
    find: impl FnMut(Named<'_>) -> Option<String>,
) -> String {
    let tree = Tree::parse(html);
    let all = (0..tree.len()).filter_map(|id| tree.attr(id, "id"));
    let ids = all.filter(|id| id.starts_with(prefix) && is_name(id)).collect();
    let written = BTreeSet::new();
    let (in_link, out) = (false, String::new());
    let mut writer = Writer { tree: &tree, ids, written, find, not_in_book, in_link, out };
    writer.children(0, Content::Flow);
    writer.out
}

/// Whether a text can be an id in XML: a name without a colon (Namespaces in XML 1.0, 3), of ASCII.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

impl<F: FnMut(Named<'_>) -> Option<String>> Writer<'_, F> {
    fn children(&mut self, id: Id, content: Content) {
        let tree = self.tree;
        for child in tree.children(id) {
            self.node(child, content);
        }
    }

    fn node(&mut self, id: Id, content: Content) {
        let tree = self.tree;
        let name = match tree.kind(id) {
            Kind::Text(text) => return self.text(text),
            Kind::Comment(_) => return,
            Kind::Element(name) => name,
        };
        let flow = content == Content::Flow;
        match name {
            _ if is_unseen(name) => {}
            "br" => self.out.push_str("<br/>"),
            "hr" if flow => self.out.push_str("<hr/>"),
            "img" => self.picture(id),
            _ if is_void(name) => {}
            "a" => self.link(id),
            "em" | "strong" | "b" | "i" | "u" | "s" | "small" | "sub" | "sup" | "code" | "kbd"
            | "samp" | "var" | "mark" | "abbr" | "cite" | "dfn" | "span" | "bdi" | "del"
            | "ins" => {
                self.element(id, name, Content::Phrasing);
            }
            "time" => {
                let name = if self.is_dated(id) { "time" } else { "span" };
                self.element(id, name, Content::Phrasing);
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" if flow => {
                self.element(id, name, Content::Phrasing);
            }
            "blockquote" if flow => self.element(id, name, Content::Flow),
            "ul" | "ol" if flow => self.list(id, name),
            "table" if flow && self.is_table(id) => self.table(id),
            _ if flow && is_block(name) => self.element(id, "div", Content::Flow),
            _ => {
                let parts = is_block(name);
                // Where lines ended, words must not run together.
                let gap = if parts { " " } else { "" };
                self.out.push_str(gap);
                self.children(id, content);
                self.out.push_str(gap);
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(&escape(&legal(text)));
    }

    fn element(&mut self, id: Id, name: &str, content: Content) {
        self.open(id, name);
        self.children(id, content);
        let _ = write!(self.out, "</{name}>");
    }

    fn open(&mut self, id: Id, name: &str) {
        let _ = write!(self.out, "<{name}");
        self.attributes(id, name);
        self.out.push('>');
    }

    /// Writes the attributes that are known, where they are sound.
    fn attributes(&mut self, id: Id, element: &str) {
        let tree = self.tree;
        for (name, value) in tree.attrs(id) {
            let fits = match name {
                "id" => self.ids.contains(value) && self.written.insert(value),
                "class" | "title" | "data-voice" | "data-by" | "data-date" => true,
                "role" => value == "note",
                "aria-label" => tree.attr(id, "role") == Some("note") && !value.trim().is_empty(),
                "dir" => matches!(value, "ltr" | "rtl" | "auto"),
                "datetime" => element == "time",
                "start" => element == "ol" && value.parse::<u32>().is_ok(),
                "lang" => oxilangtag::LanguageTag::parse(value).is_ok(),
                "style" => {
                    // How Markdown aligns the cells of a table.
                    let side = value.strip_prefix("text-align: ");
                    let side = side.filter(|side| matches!(*side, "left" | "center" | "right"));
                    if let Some(side) = side.filter(|_| tree.attr(id, "class").is_none()) {
                        let _ = write!(self.out, " class=\"{side}\"");
                    }
                    false
                }
                _ => false,
            };
            if fits {
                let value = escape(&legal(value));
                let _ = write!(self.out, " {name}=\"{value}\"");
                if name == "lang" {
                    let _ = write!(self.out, " xml:lang=\"{value}\"");
                }
            }
        }
    }

    fn is_dated(&self, id: Id) -> bool {
        let date = self.tree.attr(id, "datetime").unwrap_or_default();
        matches!(When::parse(date), Ok(When::Exact(_) | When::Day(_)))
    }

    fn link(&mut self, id: Id) {
        let href = self.tree.attr(id, "href").filter(|_| !self.in_link);
        let found = href.and_then(|href| match href.strip_prefix('#') {
            Some(anchor) => self.ids.contains(anchor).then(|| href.to_string()),
            None => (self.find)(Named::Link(href)),
        });
        let Some(href) = found else {
            // Its anchor may be one that others lead to.
            return self.element(id, "span", Content::Phrasing);
        };
        let _ = write!(self.out, "<a href=\"{}\"", escape(&legal(&href)));
        self.attributes(id, "a");
        self.out.push('>');
        self.in_link = true;
        self.children(id, Content::Phrasing);
        self.in_link = false;
        self.out.push_str("</a>");
    }

    fn picture(&mut self, id: Id) {
        let alt = escape(&legal(self.tree.attr(id, "alt").unwrap_or_default()));
        let source = self.tree.attr(id, "src").unwrap_or_default();
        let _ = if let Some(place) = (self.find)(Named::Picture(source)) {
            write!(self.out, "<img src=\"{}\" alt=\"{alt}\"/>", escape(&place))
        } else {
            let words = escape(self.not_in_book);
            let (colon, gap) = if alt.is_empty() { ("", "") } else { (":", " ") };
            write!(self.out, "<span class=\"missing\"><b>{words}{colon}</b>{gap}{alt}</span>")
        };
    }

    /// Writes a list; what stands in it and is no item becomes one.
    fn list(&mut self, id: Id, name: &str) {
        let tree = self.tree;
        self.open(id, name);
        for child in tree.children(id) {
            match tree.kind(child) {
                Kind::Element("li") => self.element(child, "li", Content::Flow),
                Kind::Text(text) if text.trim().is_empty() => self.text(text),
                Kind::Comment(_) => {}
                _ => {
                    self.out.push_str("<li>");
                    self.node(child, Content::Flow);
                    self.out.push_str("</li>");
                }
            }
        }
        let _ = write!(self.out, "</{name}>");
    }

    /// Whether a table is one as Markdown makes it: groups of rows of cells, and nothing else.
    fn is_table(&self, id: Id) -> bool {
        let holds = |id: Id, names: &[&str]| {
            let mut count = 0;
            let fits = self.tree.children(id).all(|child| match self.tree.kind(child) {
                Kind::Element(name) => {
                    count += 1;
                    names.contains(&name)
                }
                Kind::Text(text) => text.trim().is_empty(),
                Kind::Comment(_) => true,
            });
            fits && count > 0
        };
        let elements =
            |id: Id| self.tree.children(id).filter(|child| !self.tree.name(*child).is_empty());
        let groups: Vec<&str> = elements(id).map(|group| self.tree.name(group)).collect();
        let rows: Vec<Id> = elements(id).flat_map(elements).collect();
        let widths: BTreeSet<usize> = rows.iter().map(|row| elements(*row).count()).collect();
        let spans = |row: &Id| {
            elements(*row).any(|cell| {
                self.tree.attrs(cell).any(|(name, _)| matches!(name, "colspan" | "rowspan"))
            })
        };
        matches!(groups.as_slice(), ["thead", "tbody"] | ["thead" | "tbody"])
            && elements(id).all(|group| holds(group, &["tr"]))
            && rows.iter().all(|row| holds(*row, &["td", "th"]) && !spans(row))
            && widths.len() == 1
    }

    fn table(&mut self, id: Id) {
        let tree = self.tree;
        self.open(id, "table");
        for child in tree.inside(id) {
            // Cells write what is in them; groups and rows hold nothing else.
            let name = tree.name(child);
            let above = tree.node(child).parent;
            if matches!(name, "thead" | "tbody") && above == id {
                let _ = write!(self.out, "<{name}>");
                for row in tree.children(child).filter(|row| tree.name(*row) == "tr") {
                    self.out.push_str("<tr>");
                    for cell in tree.children(row).filter(|cell| !tree.name(*cell).is_empty()) {
                        self.element(cell, tree.name(cell), Content::Flow);
                    }
                    self.out.push_str("</tr>");
                }
                let _ = write!(self.out, "</{name}>");
            }
        }
        self.out.push_str("</table>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(html: &str) -> String {
        xhtml(html, "e-", "Picture, not in this book", |named| match named {
            Named::Link(href) => href.starts_with("https:").then(|| href.to_string()),
            Named::Picture(path) => (path == "a.png").then(|| "media/1.png".to_string()),
        })
    }

    #[test]
    fn what_markdown_makes_stays_what_it_is() {
        for html in [
            "<p>A <em>b</em> &amp; c<br/>d</p>",
            "<ul>\n<li>a</li>\n<li><p>b</p></li>\n</ul>",
            "<ol start=\"3\"><li>a</li></ol>",
            "<div class=\"note note-note\" role=\"note\" aria-label=\"Note\" data-voice=\"curator\"><p>x</p></div>",
            "<blockquote><p>x</p></blockquote><pre><code>a\n b</code></pre><hr/>",
            "<p><a href=\"https://a.example/?b=1&amp;c\">x</a></p>",
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td class=\"right\">1</td></tr></tbody></table>",
        ] {
            assert_eq!(made(html), html);
        }
        assert_eq!(
            made("<p><img src=\"a.png\" alt=\"A &quot;b&quot;\" loading=\"lazy\"></p>"),
            "<p><img src=\"media/1.png\" alt=\"A &quot;b&quot;\"/></p>"
        );
    }

    #[test]
    fn html_of_any_kind_becomes_sound_and_keeps_its_words() {
        for (html, expected) in [
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<b>a<p>b</b>c</p>", "<b>a bc </b>"),
            ("<p>a<div>b</div>c", "<p>a</p><div>b</div>c"),
            ("<span>a<table><tr><td>b</table></span>", "<span>a   b   </span>"),
            ("<ul>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
            ("<li>a", "<div>a</div>"),
            ("<script>x()</script><style>y</style>z", "z"),
            ("<p onclick=\"x\" style=\"a\" class='q'>z</p>", "<p class=\"q\">z</p>"),
            ("<video src=v><p>no video</p></video>", "<p>no video</p>"),
            (
                "<table><tr><td colspan=2>a<td>b</table>",
                "<div><div><div>a</div><div>b</div></div></div>",
            ),
            ("a\u{1}\u{ffff}b &nbsp;", "a\u{fffd}\u{fffd}b \u{a0}"),
            (
                "<p id=\"1\">a</p><p id=e-1>b</p><p id=e-1>c</p>",
                "<p>a</p><p id=\"e-1\">b</p><p>c</p>",
            ),
            (
                "<a href=x><i>a</i><a href='https://b'>b</a></a>",
                "<span><i>a</i><a href=\"https://b\">b</a></span>",
            ),
            (
                "<a href=#e-2>a</a><a href=#e-3>b</a><b id=e-2></b>",
                "<a href=\"#e-2\">a</a><span>b</span><b id=\"e-2\"></b>",
            ),
            ("<time datetime=soon>a</time>", "<span>a</span>"),
            (
                "<img src=b.png alt='A boat'>",
                "<span class=\"missing\"><b>Picture, not in this book:</b> A boat</span>",
            ),
        ] {
            assert_eq!(made(html), expected, "{html}");
        }
    }
}
