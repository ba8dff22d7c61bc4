//! Bodies that are trees of nodes, as the BBC's are, written as HTML.
//!
//! Two generations name the same things differently: `name` and `children`, `type` and
//! `model.blocks`.

use std::fmt::Write as _;

use serde_json::Value;

/// Returns the HTML of some nodes. As deep as the data, which its parser caps.
pub(super) fn html(nodes: &[&Value]) -> String {
    let mut out = String::new();
    for node in nodes {
        write(node, &mut out);
    }
    out
}

fn text_of<'a>(node: &'a Value, keys: &[&str]) -> Option<&'a str> {
    let model = node.get("model").unwrap_or(&Value::Null);
    let attributes = node.get("attributes").unwrap_or(&Value::Null);
    let plain = [node, model, attributes]
        .into_iter()
        .find_map(|place| keys.iter().find_map(|key| place.get(*key)?.as_str()));
    // `[{"name": "href", "value": "…"}]`
    plain.or_else(|| {
        let mut named = attributes.as_array()?.iter();
        named.find_map(|pair| {
            keys.contains(&pair.get("name")?.as_str()?).then(|| pair.get("value")?.as_str())?
        })
    })
}

fn children(node: &Value, out: &mut String) {
    let model = node.get("model").unwrap_or(&Value::Null);
    let keys = ["children", "blocks", "items", "body", "content"];
    let found = [node, model]
        .into_iter()
        .find_map(|place| keys.iter().find_map(|key| place.get(*key)?.as_array()));
    for child in found.into_iter().flatten() {
        write(child, out);
    }
}

fn write(node: &Value, out: &mut String) {
    if let Value::String(text) = node {
        return escape(text, out);
    }
    let kind = ["name", "type"].iter().find_map(|key| node.get(*key)?.as_str()).unwrap_or_default();
    let tag = match kind.to_ascii_lowercase().as_str() {
        "paragraph" | "p" | "introduction" => "p",
        "list" | "unorderedlist" | "ul" => "ul",
        "orderedlist" | "ol" => "ol",
        "listitem" | "item" | "li" => "li",
        "bold" | "strong" => "b",
        "italic" | "em" => "i",
        "quote" | "blockquote" | "pullquote" => "blockquote",
        "heading" | "subheading" | "crosshead" | "h2" | "h3" | "subheadline" => "h3",
        "link" | "a" | "urllink" => {
            let url = text_of(node, &["href", "url", "locator"]).unwrap_or_default();
            return wrapped(node, &format!("a href=\"{}\"", attribute(url)), "a", out);
        }
        kind @ ("image" | "img" | "rawimage" | "video" | "audio") => {
            let source = text_of(node, &["href", "url", "src", "locator"]).unwrap_or_default();
            let words = text_of(node, &["altText", "alt", "title"]).unwrap_or_default();
            let name = if kind.ends_with("image") || kind == "img" { "img" } else { kind };
            let caption = text_of(node, &["caption", "captionText"]).unwrap_or_default();
            let credit = text_of(node, &["copyrightHolder", "credit"]).unwrap_or_default();
            let _ = write!(
                out,
                "<figure><{name} src=\"{}\" alt=\"{1}\" title=\"{1}\"></{name}><figcaption>",
                attribute(source),
                attribute(words)
            );
            escape(caption, out);
            out.push_str("<span class=credit>");
            escape(credit, out);
            return out.push_str("</span></figcaption></figure>");
        }
        "embed" | "social" | "oembed" => {
            let url = text_of(node, &["href", "url", "source", "src"]).unwrap_or_default();
            let _ = write!(out, "<iframe src=\"{}\"></iframe>", attribute(url));
            return;
        }
        _ => {
            if let Some(text) = text_of(node, &["text"]) {
                return escape(text, out);
            }
            return children(node, out);
        }
    };
    wrapped(node, tag, tag, out);
}

/// Writes an element: what is in it, or the words that it holds itself.
fn wrapped(node: &Value, open: &str, tag: &str, out: &mut String) {
    let _ = write!(out, "<{open}>");
    let before = out.len();
    children(node, out);
    if out.len() == before {
        escape(text_of(node, &["text"]).unwrap_or_default(), out);
    }
    let _ = write!(out, "</{tag}>");
}

fn escape(text: &str, out: &mut String) {
    out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
}

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_generations_are_read() {
        let old = json!([{"name": "paragraph", "children": [
            {"name": "text", "text": "The dam < "},
            {"name": "link", "attributes": [{"name": "href", "value": "https://q.example/?a&b"}],
             "children": [{"name": "bold", "children": [{"name": "text", "text": "holds"}]}]}]}]);
        let new = json!([{"type": "paragraph", "model": {"blocks": [
            {"type": "text", "model": {"text": "The dam < "}},
            {"type": "urlLink", "model": {"locator": "https://q.example/?a&b",
             "blocks": [{"type": "bold", "model": {"text": "holds"}}]}}]}}]);
        let expected =
            "<p>The dam &lt; <a href=\"https://q.example/?a&amp;b\"><b>holds</b></a></p>";
        assert_eq!(html(&[&old[0]]), expected);
        assert_eq!(html(&[&new[0]]), expected);
    }
}
