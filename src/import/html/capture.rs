//! What a page says of itself: its address, its title, its publisher, and when it was saved.
//!
//! Only those who saved it know that last thing: the Wayback Machine and `SingleFile` write it into
//! the page, a browser's MHTML and a WARC beside it.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset};
use regex::Regex;

use super::super::Told;
use super::moment::{digits, moment};
use super::tree::{Id, Kind, Tree, plain};
use super::{Page, address};
use crate::diagnostic::Diagnostic;

static SAVED_FROM: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*saved from url=\(\d+\)(\S+)").ok());
static SINGLE_FILE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"Page saved with SingleFile[\s\S]*?url:\s*(\S+)[\s\S]*?saved date:\s*([^\n]+)").ok()
});
static WAYBACK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"FILE ARCHIVED ON (\d\d:\d\d:\d\d \w{3} \d\d?, \d{4})").ok());

/// Where a page comes from, and when it was saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::import) struct Capture {
    /// The page's address.
    pub(in crate::import) url: Option<String>,
    /// When it was saved.
    pub(in crate::import) captured: Option<DateTime<FixedOffset>>,
}

impl Capture {
    /// Adds what the container says, which knows better than the page.
    pub(super) fn within(self, around: Self) -> Self {
        Self { url: around.url.or(self.url), captured: around.captured.or(self.captured) }
    }

    /// Puts in what the curator told, which counts more; returns where the page says otherwise.
    pub(in crate::import) fn settle(&mut self, told: &Told) -> Vec<Diagnostic> {
        let mut notes = Vec::new();
        let mut note = |what: &str, there: String, told_: String| {
            let message = format!("the file gives {what} {there}, expected {told_} as you told");
            notes.push(Diagnostic::note(&told.name, 0, message).hint("what you told is used"));
        };
        if let Some(url) = &told.source_url {
            if let Some(there) = self.url.as_ref().filter(|there| bare(there) != bare(url)) {
                note("the address", there.clone(), url.clone());
            }
            self.url = Some(url.clone());
        }
        if let Some(captured) = told.captured {
            if let Some(there) = self.captured.filter(|there| *there != captured) {
                note("the capture time", there.to_rfc3339(), captured.to_rfc3339());
            }
            self.captured = Some(captured);
        }
        notes
    }
}

/// Returns an address without what makes no other page of it.
fn bare(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.split('#').next().unwrap_or(url);
    url.strip_prefix("www.").unwrap_or(url).trim_end_matches('/')
}

/// Returns where a page says that it comes from.
pub(super) fn of(tree: &Tree) -> Capture {
    let mut capture = Capture::default();
    let mut add = |url: Option<&str>, captured: Option<DateTime<FixedOffset>>| {
        let url = url.map(|url| address::unwrapped(url.trim()));
        if capture.url.is_none() {
            capture.url = url.filter(|url| url.starts_with("http")).map(str::to_string);
        }
        capture.captured = capture.captured.or(captured);
    };
    for id in 0..tree.len() {
        if let Kind::Comment(text) = tree.kind(id) {
            let find = |pattern: &'static LazyLock<Option<Regex>>| pattern.as_ref()?.captures(text);
            if let Some(found) = find(&SINGLE_FILE) {
                let (_, [url, date]) = found.extract();
                add(Some(url), script_date(date));
            } else if let Some(found) = find(&WAYBACK) {
                let (_, [date]) = found.extract();
                let read = chrono::NaiveDateTime::parse_from_str(date, "%H:%M:%S %b %d, %Y");
                add(None, read.ok().map(|date| date.and_utc().fixed_offset()));
            } else if let Some(found) = find(&SAVED_FROM) {
                let (_, [url]) = found.extract();
                let archived = address::wayback(url).and_then(|(stamp, _)| digits(stamp));
                add(Some(url), archived);
            }
        }
    }
    let canonical = link(tree, "canonical");
    let archived = canonical.and_then(address::wayback).and_then(|(stamp, _)| digits(stamp));
    add(canonical, archived);
    add(meta(tree, &["og:url"]), None);
    capture
}

/// Reads a date as a browser's script prints it: `Wed Apr 02 2031 06:40:00 GMT+0100 (…)`.
fn script_date(text: &str) -> Option<DateTime<FixedOffset>> {
    let text = text.split('(').next()?.trim();
    DateTime::parse_from_str(text, "%a %b %d %Y %H:%M:%S GMT%z").ok().or_else(|| moment(text, None))
}

/// Returns the address of a `<link>` of this kind.
fn link<'a>(tree: &'a Tree, kind: &str) -> Option<&'a str> {
    let fits = |id: &Id| tree.name(*id) == "link" && tree.attr(*id, "rel") == Some(kind);
    (0..tree.len()).find(fits).and_then(|id| tree.attr(id, "href"))
}

/// Returns the content of the first `<meta>` with one of these names.
fn meta<'a>(tree: &'a Tree, names: &[&str]) -> Option<&'a str> {
    let name = |id: Id| tree.attr(id, "property").or(tree.attr(id, "name"));
    let fits =
        |id: &Id| tree.name(*id) == "meta" && name(*id).is_some_and(|name| names.contains(&name));
    (0..tree.len()).filter(fits).find_map(|id| tree.attr(id, "content")).filter(|c| !c.is_empty())
}

/// Returns who published a page.
pub(super) fn publisher(tree: &Tree) -> Option<String> {
    meta(tree, &["og:site_name", "application-name"]).map(plain)
}

/// Returns the title that a page gives itself in its head.
pub(super) fn title(page: &Page) -> Option<String> {
    let tree = page.tree;
    let named = meta(tree, &["og:title", "twitter:title"]).map(plain);
    let title = || {
        let id = (0..tree.len()).find(|id| tree.name(*id) == "title")?;
        let text: String = tree.inside(id).filter_map(|id| tree.text(id)).collect();
        Some(plain(&text)).filter(|title| !title.is_empty())
    };
    named.or_else(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture(html: &str) -> (Option<String>, Option<String>) {
        let Capture { url, captured } = of(&Tree::parse(html));
        (url, captured.map(|moment| moment.to_rfc3339()))
    }

    #[test]
    fn those_who_save_a_page_say_so_in_it() {
        let url = Some("https://quell.example/live".to_string());
        let moment = |text: &str| Some(text.to_string());
        for (html, captured) in [
            ("<!-- saved from url=(0026)https://quell.example/live --><p>", None),
            (
                "<!--\n Page saved with SingleFile \n url: https://quell.example/live \n saved date: Wed Apr 02 2031 06:40:00 GMT+0100 (British Summer Time)\n-->",
                moment("2031-04-02T06:40:00+01:00"),
            ),
            (
                "<link rel=canonical href='https://web.archive.org/web/20310402054000/https://quell.example/live'>",
                moment("2031-04-02T05:40:00+00:00"),
            ),
            (
                "<meta property=og:url content=https://quell.example/live><!-- FILE ARCHIVED ON 05:40:01 Apr 02, 2031 AND -->",
                moment("2031-04-02T05:40:01+00:00"),
            ),
        ] {
            assert_eq!(capture(html), (url.clone(), captured), "{html}");
        }
        assert_eq!(capture("<link rel=canonical href=/live>"), (None, None));
    }

    #[test]
    fn the_curator_counts_more_and_hears_of_it() {
        let told = Told { source_url: Some("https://quell.example/x".into()), ..Told::default() };
        let mut capture =
            Capture { url: Some("https://www.quell.example/x/#a".into()), captured: None };
        assert_eq!(capture.settle(&told), []);
        let mut capture = Capture { url: Some("https://other.example/".into()), captured: None };
        assert_eq!(capture.settle(&told).len(), 1);
        assert_eq!(capture.url, told.source_url);
    }
}
