//! Which addresses and anchors of the site are promises: what was once published stays.
//!
//! Promised are every page but `404.html`, the feeds of the archive and of stories, `data/`, and
//! files that are copied. Of anchors, those that people cite: days and entries on the pages of
//! stories, notes on the pages of entries. Not promised are the anchors of lists, which count, and
//! the feed of a tag, which lives as long as the tag has entries.

use std::collections::BTreeSet;

use memchr::memmem;

use super::{Page, Subject};
use crate::archive::Archive;

/// Returns the addresses that a page is a promise of, by what stands on it.
pub fn addresses(archive: &Archive, page: &Page, html: &[u8]) -> Vec<String> {
    let path = page.path.as_str();
    if !is_promise(path) {
        return Vec::new();
    }
    let mut list = vec![path.to_string()];
    let anchors = ids(html);
    let mut promise = |is_cited: &dyn Fn(&str) -> bool| {
        let cited = anchors.iter().filter(|id| is_cited(id));
        list.extend(cited.map(|id| format!("{path}#{id}")));
    };
    match &page.subject {
        Subject::Story(story) | Subject::StoryPart(story, _) => {
            let group = &archive.stories[*story];
            let entries = group.entries.iter().map(|ix| archive.entries[*ix].id.as_str());
            let gone = group.withdrawn.iter().map(|ix| archive.withdrawn[*ix].id.as_str());
            let known: BTreeSet<&str> = entries.chain(gone).collect();
            promise(&|id| known.contains(id) || id.starts_with("day-"));
        }
        Subject::Entry(ix) => {
            let (own, mark) = (
                format!("{}-", archive.entries[*ix].id),
                format!("{}-ref-", archive.entries[*ix].id),
            );
            // The mark of a footnote is the way back from it, which nobody cites.
            promise(&|id| id.starts_with(&own) && !id.starts_with(&mark));
        }
        _ => {}
    }
    list
}

/// Whether an address of the site is a promise. What is copied always is.
fn is_promise(path: &str) -> bool {
    let feed = path == "atom.xml" || path.starts_with("stories/");
    match path.rsplit_once('.') {
        Some((_, "html")) => path != "404.html",
        Some((_, "xml")) => feed,
        _ => path.starts_with("data/"),
    }
}

/// The ids of a page that this program wrote.
fn ids(html: &[u8]) -> BTreeSet<&str> {
    const MARK: &[u8] = b" id=\"";
    memmem::find_iter(html, MARK)
        .filter_map(|at| {
            let value = &html[at + MARK.len()..];
            let end = memchr::memchr(b'"', value)?;
            std::str::from_utf8(&value[..end]).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_feeds_are_promises_and_the_rest_is_not() {
        for path in ["index.html", "entries/a.html", "atom.xml", "stories/a.xml", "data/a.csv"] {
            assert!(is_promise(path), "{path}");
        }
        for path in ["404.html", "style.css", "sitemap.xml", "robots.txt", "tags/a.xml"] {
            assert!(!is_promise(path), "{path}");
        }
    }

    #[test]
    fn ids_are_read() {
        let found = ids(b"<p id=\"a\">x</p><li class=\"y\" id=\"b-1\">");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "b-1"]);
    }
}
