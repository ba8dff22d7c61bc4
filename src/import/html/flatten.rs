//! A page as plain text, laid out as the extractor Resiliparse does: the layout that most text
//! dumps have, so that one engine reads both.

use super::elements::{is_block, is_unseen};
use super::tree::{Id, Kind, Tree, plain};

/// A list stands so much further in than what it is in.
const INDENT: usize = 2;

/// Returns the text of a page: blocks apart by blank lines, lists indented, no navigation, no
/// forms, nothing that nobody sees.
pub(in crate::import) fn flatten(tree: &Tree) -> String {
    let mut flat = Flat { tree, out: String::new(), line: String::new(), marker: None };
    flat.children(0, 0);
    flat.flush(0, true);
    flat.out
}

struct Flat<'a> {
    tree: &'a Tree,
    out: String,
    line: String,
    /// What stands before the next line: an item's bullet or number.
    marker: Option<String>,
}

impl Flat<'_> {
    /// Writes what stands in a node. As deep as the tree, whose depth is capped.
    fn children(&mut self, id: Id, indent: usize) {
        let mut number = 0;
        for child in self.tree.children(id) {
            let name = match self.tree.kind(child) {
                Kind::Text(text) => {
                    self.line.push_str(text);
                    continue;
                }
                Kind::Comment(_) => continue,
                Kind::Element(name) => name,
            };
            if is_unseen(name)
                || matches!(
                    name,
                    "nav"
                        | "form"
                        | "button"
                        | "select"
                        | "textarea"
                        | "svg"
                        | "template"
                        | "footer"
                )
            {
                continue;
            }
            if self.tree.attr(child, "aria-hidden") == Some("true") {
                continue;
            }
            match name {
                "br" => self.flush(indent, false),
                "img" => {
                    let alt = self.tree.attr(child, "alt").unwrap_or_default();
                    self.line.push_str(alt);
                    self.line.push(' ');
                }
                "li" => {
                    self.flush(indent, false);
                    number += 1;
                    let is_numbered = self.tree.name(id) == "ol";
                    let marker =
                        if is_numbered { format!("{number}. ") } else { "• ".to_string() };
                    self.marker = Some(marker);
                    let hang = if is_numbered { INDENT } else { 0 };
                    self.children(child, indent + hang);
                    self.flush(indent + hang, false);
                    self.marker = None;
                }
                "ul" | "ol" => {
                    self.flush(indent, false);
                    self.gap();
                    self.children(child, indent + INDENT);
                    self.gap();
                }
                "td" | "th" => {
                    self.children(child, indent);
                    self.line.push('\t');
                }
                name if is_block(name) => {
                    let is_gap = name != "tr" && !matches!(name, "thead" | "tbody" | "tfoot");
                    self.flush(indent, is_gap);
                    self.children(child, indent);
                    self.flush(indent, is_gap);
                }
                _ => self.children(child, indent),
            }
        }
    }

    /// Ends the line, and leaves one blank behind it where a block ends.
    fn flush(&mut self, indent: usize, is_block: bool) {
        let line = plain(&std::mem::take(&mut self.line));
        if line.is_empty() {
            return;
        }
        let marker = self.marker.take();
        // A number hangs out of its item's lines.
        let hang = if marker.as_ref().is_some_and(|m| !m.starts_with('•')) { INDENT } else { 0 };
        self.out.push_str(&" ".repeat(indent.saturating_sub(hang)));
        self.out.push_str(&marker.unwrap_or_default());
        self.out.push_str(&line);
        self.out.push('\n');
        if is_block {
            self.gap();
        }
    }

    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_laid_out_as_extractors_do() {
        let html = "<nav>n</nav><h1>Quell</h1><p>One  two</p><ul><li>a<li>b<ul><li>c</ul></ul>\
                    <ol><li><h3>T</h3><p>x</p><p>y</p></li><li>z</li></ol><script>s</script>";
        let flat = flatten(&Tree::parse(html));
        assert_eq!(
            flat,
            "Quell\n\nOne two\n\n  • a\n  • b\n\n    • c\n\n  1. T\n\n    x\n\n    y\n\n  2. z\n\n"
        );
    }
}
