//! Links and anchors of a built site: every one has to lead somewhere. Pure.
//!
//! Reads only what this program wrote itself, so a scan of its tags is enough. With `raw_html` a
//! curator's own HTML is among them; a tag that cannot be read there is passed over.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::percent_decode;

/// What one page offers and asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The ids that a link can lead to.
    pub ids: BTreeSet<String>,
    /// The targets of links, pictures and style sheets, as written.
    pub targets: BTreeSet<String>,
}

/// A link that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dead {
    /// The page that has it.
    pub page: String,
    /// The link as written.
    pub target: String,
    /// Why it leads nowhere.
    pub why: &'static str,
}

/// Reads the ids and targets of one page.
pub fn scan(html: &str) -> Found {
    let mut found = Found::default();
    for tag in html.split('<').skip(1) {
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        for (name, value) in attributes(tag) {
            match name {
                "id" => _ = found.ids.insert(unescape(value)),
                "href" | "src" => _ = found.targets.insert(unescape(value)),
                _ => {}
            }
        }
    }
    found
}

/// The attributes of a tag, of which `tag` is all that stands behind its `<`.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut list = Vec::new();
    let mut rest = tag.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with('>') || rest.starts_with("/>") {
            return list;
        }
        let end = rest.find(|c: char| c.is_whitespace() || "=>".contains(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.strip_prefix("=\"") else {
            if end == 0 {
                return list;
            }
            rest = after.strip_prefix('=').unwrap_or(after);
            continue;
        };
        let Some((value, after)) = value.split_once('"') else { return list };
        list.push((name, value));
        rest = after;
    }
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// Returns every link of `pages` that leads to no page, file or anchor. `files` are the paths of
/// everything in the site that is no page.
pub fn dead(pages: &BTreeMap<String, Found>, files: &BTreeSet<String>) -> Vec<Dead> {
    let mut list = Vec::new();
    for (page, found) in pages {
        for target in &found.targets {
            if let Some(why) = verdict(page, target, pages, files) {
                list.push(Dead { page: page.clone(), target: target.clone(), why });
            }
        }
    }
    list.sort();
    list
}

fn verdict(
    page: &str,
    target: &str,
    pages: &BTreeMap<String, Found>,
    files: &BTreeSet<String>,
) -> Option<&'static str> {
    let head = target.split(['/', '?', '#']).next().unwrap_or_default();
    if head.contains(':') || target.starts_with("//") {
        return None;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = path.split('?').next().unwrap_or_default();
    let Some(place) = resolve(page, path) else { return Some("it leads out of the site") };
    let Some(there) = pages.get(&place) else {
        return if files.contains(&place) { None } else { Some("there is no such page") };
    };
    let anchor = percent_decode(anchor);
    (!anchor.is_empty() && !there.ids.contains(&anchor)).then_some("the page has no such anchor")
}

/// Returns the path that a relative link leads to; `None` for one that leaves the site.
fn resolve(page: &str, link: &str) -> Option<String> {
    if link.is_empty() {
        return Some(page.to_string());
    }
    if link.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    let link = percent_decode(link);
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dead_links(pages: &[(&str, &str)], files: &[&str]) -> Vec<String> {
        let pages = pages.iter().map(|(path, html)| ((*path).to_string(), scan(html))).collect();
        let files = files.iter().map(ToString::to_string).collect();
        dead(&pages, &files)
            .into_iter()
            .map(|dead| format!("{}: {}", dead.target, dead.why))
            .collect()
    }

    #[test]
    fn what_leads_somewhere_is_not_told() {
        let home = "<a class=\"x\" href=\"a/b.html#c\">b</a><a href=\"https://x.example/\">x</a><link href=\"style.css\"><a href=\"#d\" id=\"d\">";
        let inner =
            "<a href=\"../index.html\"></a><p id=\"c\"><img alt=\"a > b\" src=\"../i%20j.png\">";
        assert_eq!(
            dead_links(&[("index.html", home), ("a/b.html", inner)], &["style.css", "i j.png"]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_leads_nowhere_is_told_with_its_reason() {
        let home = "<a href=\"b.html\"><a href=\"index.html#no\"><a href=\"../x.html\"><a href=\"/index.html\"><a href=\"style.css\">";
        assert_eq!(
            dead_links(&[("index.html", home)], &[]),
            [
                "../x.html: it leads out of the site",
                "/index.html: it leads out of the site",
                "b.html: there is no such page",
                "index.html#no: the page has no such anchor",
                "style.css: there is no such page",
            ]
        );
    }
}
