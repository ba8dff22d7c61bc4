//! What a file is, told from its first bytes before anything else is guessed.

/// What a dump is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, or nothing that is known.
    Text,
    /// A page.
    Html,
    /// A page in one file with all that belongs to it (RFC 2557).
    Mhtml,
    /// A publisher's data.
    Json,
}

/// So far into a file its beginning reaches.
const BEGINNING: usize = 4096;
/// Names that a page, or a piece of one, begins with.
const TAGS: &[&str] = &[
    "!doctype html",
    "!--",
    "html",
    "head",
    "body",
    "article",
    "section",
    "main",
    "div",
    "header",
    "nav",
    "ul",
    "ol",
    "table",
    "meta",
    "link",
    "script",
    "style",
    "title",
    "h1",
    "p",
    "amp-",
];

/// Tells what a file is.
pub(super) fn of(bytes: &[u8]) -> Kind {
    let bytes = match bytes {
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] => return in_utf16(rest),
        [0xef, 0xbb, 0xbf, rest @ ..] => rest,
        bytes => bytes,
    };
    let bytes = bytes.trim_ascii_start();
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(BEGINNING)]);
    let mut chars = beginning.chars().filter(|c| !c.is_whitespace());
    match (chars.next(), chars.next()) {
        (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | '[')) => Kind::Json,
        (Some('<'), _) if is_page(&beginning) => Kind::Html,
        _ if is_mhtml(&beginning) => Kind::Mhtml,
        _ => Kind::Text,
    }
}

/// Only markup has to be told here: a text in UTF-16 is decoded like any other.
fn in_utf16(bytes: &[u8]) -> Kind {
    let ascii: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).take(BEGINNING).collect();
    if of(&ascii) == Kind::Html { Kind::Html } else { Kind::Text }
}

fn is_page(beginning: &str) -> bool {
    let lower = beginning.to_ascii_lowercase();
    let first = lower.strip_prefix('<').unwrap_or_default();
    let begins = |tag: &str| {
        let rest = first.strip_prefix(tag);
        rest.is_some_and(|rest| {
            tag.ends_with('-') || !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
        })
    };
    TAGS.iter().any(|tag| begins(tag)) || (first.starts_with("?xml") && lower.contains("<html"))
}

/// Whether these are the headers of a message whose parts belong together.
fn is_mhtml(beginning: &str) -> bool {
    let head = beginning.split("\r\n\r\n").next().and_then(|head| head.split("\n\n").next());
    let head = head.unwrap_or_default().to_ascii_lowercase();
    let is_header = |line: &str| {
        line.starts_with([' ', '\t'])
            || line.split_once(':').is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            })
    };
    head.lines().next().is_some_and(is_header)
        && (head.contains("multipart/related")
            || (head.contains("mime-version:") && head.contains("text/html")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        for (bytes, kind) in [
            (&b"\xef\xbb\xbf\n<!DOCTYPE html><p>"[..], Kind::Html),
            (b"<!-- saved from url=(0014)about:internet -->", Kind::Html),
            (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC ''><html>", Kind::Html),
            (b"\xff\xfe<\0h\0t\0m\0l\0>\0", Kind::Html),
            (b"<article class=post>", Kind::Html),
            (b"<strong>Breaking</strong> news", Kind::Text),
            (b"<pre-dawn raid> said one", Kind::Text),
            (b"{\"response\": {}}", Kind::Json),
            (b"[ {\"@type\": 1}]", Kind::Json),
            (b"[Photo] The dam", Kind::Text),
            (b"{curly} words", Kind::Text),
            (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n\r\n", Kind::Mhtml),
            (b"Live: the dam\n\nmultipart/related", Kind::Text),
            (b"Summary\n\n  1. One", Kind::Text),
            (b"", Kind::Text),
        ] {
            assert_eq!(of(bytes), kind, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
