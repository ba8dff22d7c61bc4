//! A story as a book for the shelf (EPUB 3.3): a title page, a chapter a day, and the papers of every
//! entry at the end. Pure: who calls it gives the pictures.
//!
//! Nothing in it is fetched from anywhere, and the same archive gives the same bytes: the identifier
//! is made of names, and "modified" is the day of the last import or signed change.

mod package;
mod pages;
mod xhtml;

use std::collections::BTreeMap;

use crate::archive::{Archive, EntryIx};
use crate::fixity::uuid;
use crate::markdown::{escape, legal};
use crate::paths;
use crate::words::Words;
use package::{About, File};
use pages::Chapters;
use xhtml::Named;

const STYLE: &str = "style.css";
const XHTML: &str = "application/xhtml+xml";

/// A finished book.
#[derive(Debug)]
pub struct Book {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many entries it holds.
    pub entries: usize,
    /// How many chapters of entries it has.
    pub chapters: usize,
    /// How many pictures it holds.
    pub pictures: usize,
    /// The pictures that could not be put into it, as paths of the site.
    pub left_out: Vec<String>,
}

/// Returns the identifier of a story's book. It stays when the story grows.
pub fn identifier(archive: &Archive, story: usize) -> String {
    uuid(&format!("book {} {}", archive.site.title, archive.stories[story].story.slug))
}

/// Returns the identifier that a file has; `None` for what is no book of this program.
pub fn identifier_of(bytes: &[u8]) -> Option<String> {
    package::identifier(bytes)
}

/// Makes the book of a story; `read` gives the bytes of a picture by its path on the site.
///
/// # Errors
/// What the container cannot take.
pub fn book(
    archive: &Archive,
    story: usize,
    read: impl FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Book, String> {
    let mut shelf = Shelf { archive, story, read, pictures: BTreeMap::new(), media: Vec::new() };
    let chapters = Chapters::of(archive, story);
    let mut files = vec![File {
        name: STYLE.into(),
        media_type: "text/css",
        bytes: include_bytes!("epub/book.css").to_vec(),
        is_page: false,
    }];
    let mut page = |name: String, text: String| {
        files.push(File { name, media_type: XHTML, bytes: text.into_bytes(), is_page: true });
    };
    page(pages::TITLE.into(), pages::title(&mut shelf));
    for chapter in &chapters.list {
        page(chapter.file.clone(), pages::chapter(&mut shelf, &chapters, chapter));
    }
    if let Some(text) = pages::covered(&mut shelf, &chapters) {
        page(pages::COVERED.into(), text);
    }
    for chapter in &chapters.list {
        page(chapter.papers.clone(), pages::papers(archive, chapter));
    }
    page(pages::COLOPHON.into(), pages::colophon(archive, story));
    let contents = pages::contents(archive, &chapters);
    let left_out: Vec<String> = shelf
        .pictures
        .iter()
        .filter(|(_, place)| place.is_none())
        .map(|(path, _)| path.clone())
        .collect();
    let pictures = shelf.media.len();
    files.append(&mut shelf.media);
    let bytes = package::pack(&about(archive, story), &files, &contents)?;
    let entries = archive.stories[story].entries.len();
    Ok(Book { bytes, entries, chapters: chapters.list.len(), pictures, left_out })
}

/// What a book is made with.
struct Shelf<'a, R> {
    archive: &'a Archive,
    story: usize,
    read: R,
    /// Where each picture stands in the book, by its path on the site; `None` where it does not.
    pictures: BTreeMap<String, Option<String>>,
    media: Vec<File>,
}

impl<R: FnMut(&str) -> Option<Vec<u8>>> Shelf<'_, R> {
    /// Returns Markdown as XHTML; every id in it begins with `prefix`.
    fn words(&mut self, chapters: Option<&Chapters>, markdown: &str, prefix: &str) -> String {
        let setting = crate::markdown::Setting {
            raw_html: self.archive.site.raw_html,
            under: 2,
            prefix,
            root: "",
            words: &self.archive.words,
            // A book holds each picture once, in its own size.
            pictures: None,
        };
        let html = crate::markdown::render(markdown, &setting);
        let not_in_book = self.archive.words.say("book.picture").to_string();
        xhtml::xhtml(&html, prefix, &not_in_book, |named| match named {
            Named::Link(href) => self.link(chapters, href),
            Named::Picture(source) => self.picture(source),
        })
    }

    /// Where a link leads from the book: to the web, to an entry in the book, or to the site.
    fn link(&self, chapters: Option<&Chapters>, href: &str) -> Option<String> {
        // A book stands at no address from which a scheme could be taken.
        let href = &if href.starts_with("//") { format!("https:{href}") } else { href.to_string() };
        if let Some(rest) = href.strip_prefix("http://").or(href.strip_prefix("https://")) {
            return is_web(href, rest).then(|| href.clone());
        }
        if href.starts_with("mailto:") {
            return oxiri::Iri::parse(href.as_str()).is_ok().then(|| href.clone());
        }
        let path = href.split(['#', '?']).next().unwrap_or_default();
        let id = path.strip_prefix("entries/").and_then(|name| name.strip_suffix(".html"));
        let inside = id.zip(chapters).and_then(|(id, chapters)| chapters.place_of(id));
        let base = &self.archive.site.base_url;
        let whole = format!("{base}{href}");
        inside.or((!base.is_empty() && oxiri::Iri::parse(whole.as_str()).is_ok()).then_some(whole))
    }

    /// Where a picture stands in the book; it is put there where it is held and can be shown.
    fn picture(&mut self, source: &str) -> Option<String> {
        let path = decoded(source.split(['#', '?']).next().unwrap_or_default());
        if let Some(known) = self.pictures.get(&path) {
            return known.clone();
        }
        let bytes = (self.read)(&path).unwrap_or_default();
        let place = picture_type(&bytes).map(|(extension, media_type)| {
            let name = format!("media/{}.{extension}", self.media.len() + 1);
            self.media.push(File { name: name.clone(), media_type, bytes, is_page: false });
            name
        });
        self.pictures.insert(path, place.clone());
        place
    }
}

/// Whether an address of the web is one that reading systems can read (WHATWG URL, 4.3): they take a
/// book with any other for broken. `rest` is what stands behind the scheme.
fn is_web(href: &str, rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = decoded(host.rsplit('@').next().unwrap_or_default());
    let (name, port) = host.rsplit_once(':').unwrap_or((&host, "0"));
    let label = |label: &str| {
        let encoded = label.to_ascii_lowercase();
        let encoded = encoded.strip_prefix("xn--").unwrap_or("x").to_string();
        label.chars().all(|c| c.is_alphanumeric() || "-_".contains(c)) && !encoded.is_empty()
    };
    !name.is_empty()
        && name.split('.').all(label)
        && port.parse::<u16>().is_ok()
        && oxiri::Iri::parse(href).is_ok()
}

/// The kind of a picture that every reading system shows (EPUB 3.3, 3.2), by its first bytes; a
/// drawing in SVG is a document of its own, with links and scripts, and is none of them.
fn picture_type(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(("png", "image/png")),
        [0xff, 0xd8, 0xff, ..] => Some(("jpg", "image/jpeg")),
        [b'G', b'I', b'F', b'8', ..] => Some(("gif", "image/gif")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            Some(("webp", "image/webp"))
        }
        _ => None,
    }
}

/// A path of an address without its percent-encoding.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let half = |at: usize| tail.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (first, half(0), half(1)) {
            bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Text as it stands in XML.
fn text(words: &str) -> String {
    escape(&legal(words))
}

/// A page of the book in the language of the interface.
fn xml_page(words: &Words, title: &str, body: &str) -> String {
    let (language, direction) = (text(words.tag()), words.direction());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{language}\" xml:lang=\"{language}\" dir=\"{direction}\">\n<head>\n<title>{}</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"{STYLE}\"/>\n</head>\n<body>\n{body}</body>\n</html>\n",
        text(title)
    )
}

/// What is said of the book.
fn about(archive: &Archive, story: usize) -> About {
    let group = &archive.stories[story];
    let site = &archive.site;
    let mut about = About {
        identifier: identifier(archive, story),
        title: group.story.title.clone(),
        language: archive.story_language(story).to_string(),
        modified: modified(archive, story),
        curator: site.curator.clone(),
        rights: site.rights.clone(),
        is_rtl: is_rtl(archive, &group.entries),
        ..About::default()
    };
    for source in &group.story.sources {
        for (list, value) in
            [(&mut about.publishers, &source.publisher), (&mut about.sources, &source.url)]
        {
            if !value.is_empty() && !list.contains(value) {
                list.push(value.clone());
            }
        }
    }
    if !site.base_url.is_empty() {
        about.sources.push(format!("{}{}", site.base_url, paths::story(&group.story.slug)));
    }
    let tags = group.entries.iter().flat_map(|ix| &archive.entries[*ix].tags);
    about.subjects = tags.cloned().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    about.description = match crate::archive::excerpt(&group.story.body, &archive.words) {
        words if words.is_empty() => group
            .story
            .summary
            .iter()
            .map(|point| crate::markdown::shown_text(point, &archive.words))
            .collect::<Vec<_>>()
            .join(" "),
        words => words,
    };
    about
}

/// The moment of the last change that is known: of an import, or of one that is signed.
fn modified(archive: &Archive, story: usize) -> String {
    let dumps = archive.sources.iter().filter(|group| group.story == Some(story));
    let imported = dumps.map(|group| group.record.imported.clone());
    let entries = archive.stories[story].entries.iter();
    let signed = entries.flat_map(|ix| {
        let notes = crate::data::annotations(archive, *ix).into_iter().map(|note| note.date);
        let accepted = archive.entries[*ix].accepted.iter().map(|accepted| accepted.date.written());
        notes.chain(accepted).collect::<Vec<_>>()
    });
    let moments = imported.chain(signed).filter_map(|date| match crate::date::When::parse(&date) {
        Ok(when @ (crate::date::When::Exact(_) | crate::date::When::Day(_))) => when.earliest(),
        _ => None,
    });
    let newest = moments.max().unwrap_or_default();
    newest.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whether more letters of a story's titles and first words are written from right to left.
fn is_rtl(archive: &Archive, list: &[EntryIx]) -> bool {
    let (mut right, mut left) = (0_usize, 0_usize);
    for ix in list {
        let words = [archive.title(*ix), archive.excerpts[*ix].as_str().into()];
        for c in words.iter().flat_map(|words| words.chars()).filter(|c| c.is_alphabetic()) {
            // Hebrew, Arabic, Syriac, Thaana, N'Ko and their forms (Unicode, UAX 9).
            match c {
                '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                    right += 1;
                }
                _ => left += 1,
            }
        }
    }
    right > left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded() {
        assert_eq!(decoded("images/a%20b%C3%A9.jpg"), "images/a bé.jpg");
        assert_eq!(decoded("100%.jpg%4"), "100%.jpg%4");
    }

    #[test]
    fn only_sound_addresses_are_links() {
        let fits = |href: &str| is_web(href, href.split_once("//").unwrap().1);
        for href in [
            "https://a.example",
            "http://ünï.example:80/x?y#z",
            "https://%C3%BC.example/",
            "https://u@a.example/%20",
        ] {
            assert!(fits(href), "{href}");
        }
        for href in ["http://", "http://a:99999/", "https://xn--/", "http://[::1]/", "https://a b/"]
        {
            assert!(!fits(href), "{href}");
        }
    }

    #[test]
    fn a_picture_is_known_by_its_bytes() {
        assert_eq!(picture_type(b"\xff\xd8\xff\xe0"), Some(("jpg", "image/jpeg")));
        assert_eq!(picture_type(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), None);
        assert_eq!(picture_type(b""), None);
    }
}
