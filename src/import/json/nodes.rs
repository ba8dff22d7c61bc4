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
    let place = |key: &str| node.get(key).unwrap_or(&Value::Null);
    let attributes = place("attributes");
    let plain = [node, place("model"), attributes, place("data")]
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

/// Returns what stands directly in a node.
fn held(node: &Value) -> impl Iterator<Item = &Value> {
    const KEYS: &[&str] =
        &["children", "blocks", "items", "body", "content", "allImages", "assets"];
    let place = |key: &str| node.get(key).unwrap_or(&Value::Null);
    let found = [node, place("model"), place("media")]
        .into_iter()
        .find_map(|place| KEYS.iter().find_map(|key| place.get(*key)?.as_array()));
    found.into_iter().flatten()
}

/// Returns what a node is, in lower case: `model.pageElements.ImageBlockElement` is an `image`.
fn kind(node: &Value) -> String {
    let keys = ["name", "type", "_type", "Type"];
    let kind = keys.iter().find_map(|key| node.get(*key)?.as_str()).unwrap_or_default();
    let kind = kind.rsplit('.').next().unwrap_or_default();
    kind.strip_suffix("BlockElement").unwrap_or(kind).to_ascii_lowercase()
}

/// Returns the text of a picture's part: its own, that of a node of this kind in it, or of one that
/// says so itself.
fn part(node: &Value, keys: &[&str], kinds: &[&str]) -> String {
    if let Some(text) = text_of(node, keys) {
        return text.to_string();
    }
    let inner = held(node).find_map(|child| {
        if kinds.contains(&&*kind(child)) {
            let mut html = String::new();
            held(child).for_each(|child| write(child, &mut html));
            return Some(super::html::words(&html));
        }
        text_of(child, keys).map(str::to_string)
    });
    inner.unwrap_or_default()
}

fn write(node: &Value, out: &mut String) {
    if let Value::String(text) = node {
        return escape(text, out);
    }
    if let Some(html) = node.get("html").and_then(Value::as_str) {
        return out.push_str(html);
    }
    let tag = match kind(node).as_str() {
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
        // A card that leads to another page.
        "richlink" => {
            let text = |key| text_of(node, &[key]).unwrap_or_default();
            out.push_str("<p>");
            escape(text("prefix"), out);
            let _ = write!(out, "<a href=\"{}\">", attribute(text("url")));
            escape(text("text"), out);
            return out.push_str("</a></p>");
        }
        kind @ ("image" | "img" | "rawimage" | "video" | "audio" | "guvideo" | "mediaatom") => {
            return media(node, kind, out);
        }
        "youtube" => {
            let id = text_of(node, &["assetId"]).unwrap_or_default();
            let url = format!("https://www.youtube.com/embed/{id}");
            let title = text_of(node, &["mediaTitle", "title"]).unwrap_or_default();
            return frame(&url, title, out);
        }
        "embed" | "social" | "oembed" | "interactive" | "map" | "document" => {
            let html = oembed(node).and_then(|oembed| oembed.get("html")?.as_str());
            let url = text_of(node, &["href", "url", "source", "src", "embedUrl"]);
            match html {
                Some(html) => out.push_str(html),
                None => frame(url.unwrap_or_default(), "", out),
            }
            return;
        }
        _ => {
            if let Some(text) = text_of(node, &["text"]) {
                return marked(node, text, out);
            }
            return held(node).for_each(|child| write(child, out));
        }
    };
    wrapped(node, tag, tag, out);
}

/// Writes a picture or a recording with its caption.
fn media(node: &Value, kind: &str, out: &mut String) {
    let name = match kind {
        "audio" => "audio",
        "video" | "guvideo" | "mediaatom" => "video",
        _ => "img",
    };
    let source = part(node, &["href", "url", "src", "locator", "Url"], &[]);
    let words = part(node, &["altText", "alt", "title"], &["alttext"]);
    let caption = part(node, &["caption", "captionText"], &["caption"]);
    let credit = part(node, &["copyrightHolder", "credit"], &[]);
    let _ = write!(
        out,
        "<figure><{name} src=\"{}\" alt=\"{1}\" title=\"{1}\"></{name}><figcaption>",
        attribute(&source),
        attribute(&words)
    );
    escape(&super::html::words(&caption), out);
    out.push_str("<span class=credit>");
    escape(&credit, out);
    out.push_str("</span></figcaption></figure>");
}

fn frame(url: &str, title: &str, out: &mut String) {
    let (url, title) = (attribute(url), attribute(title));
    let _ = write!(out, "<iframe src=\"{url}\" title=\"{title}\"></iframe>");
}

/// Returns what a network says of a post, some levels below the node that embeds it.
fn oembed(node: &Value) -> Option<&Value> {
    let own = node.get("model").and_then(|model| model.get("oembed"));
    own.or_else(|| held(node).find_map(oembed))
}

/// Writes a text that says by names how it is set.
fn marked(node: &Value, text: &str, out: &mut String) {
    let model = node.get("model").unwrap_or(node);
    let names = model.get("attributes").and_then(Value::as_array);
    let has = |name: &str| names.is_some_and(|names| names.iter().any(|known| known == name));
    let (strong, em) = (has("bold"), has("italic"));
    out.push_str(if strong { "<b>" } else { "" });
    out.push_str(if em { "<i>" } else { "" });
    escape(text, out);
    out.push_str(if em { "</i>" } else { "" });
    out.push_str(if strong { "</b>" } else { "" });
}

/// Writes an element: what is in it, or the words that it holds itself.
fn wrapped(node: &Value, open: &str, tag: &str, out: &mut String) {
    let _ = write!(out, "<{open}>");
    let before = out.len();
    held(node).for_each(|child| write(child, out));
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

    #[test]
    fn pictures_say_what_they_show_in_nodes_of_their_own() {
        let text = |kind: &str, text: &str| {
            json!({"type": kind, "model": {"blocks": [
            {"type": "text", "model": {"blocks": [{"type": "paragraph", "model": {"text": text, "blocks": [
                {"type": "fragment", "model": {"text": text, "attributes": ["bold"]}}]}}]}}]}})
        };
        let bbc = json!({"type": "image", "model": {"blocks": [
            {"type": "rawImage", "model": {"locator": "https://q.example/a.jpg", "copyrightHolder": "Ann"}},
            text("altText", "The gate"), text("caption", "At dawn")]}});
        let guardian = json!({"_type": "model.x.ImageBlockElement",
            "data": {"alt": "The gate", "caption": "<b>At dawn</b>", "credit": "Ann"},
            "media": {"allImages": [{"url": "https://q.example/a.jpg"}]}});
        let expected = "<figure><img src=\"https://q.example/a.jpg\" alt=\"The gate\" title=\"The gate\"></img>\
            <figcaption>At dawn<span class=credit>Ann</span></figcaption></figure>";
        assert_eq!(html(&[&bbc]), expected);
        assert_eq!(html(&[&guardian]), expected);
        let post = json!({"type": "social", "model": {"source": "https://x.example/1", "blocks": [
            {"type": "aresOEmbed", "model": {"oembed": {"html": "<blockquote>b</blockquote>"}}}]}});
        assert_eq!(html(&[&post]), "<blockquote>b</blockquote>");
    }
}
