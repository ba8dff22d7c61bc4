//! What makes files a book: the container, the package document and the navigation (EPUB 3.3, 4 to 7).

use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{text, xml_page};
use crate::words::Words;

/// The folder of the book in the container.
const FOLDER: &str = "EPUB";
/// The package document.
const PACKAGE: &str = "package.opf";
/// What a container says first, so that it is known by its first bytes.
const MEDIA_TYPE: &str = "application/epub+zip";
const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n<rootfiles><rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles>\n</container>\n";
/// What stands around the identifier in the package document.
const IDENTIFIER: (&str, &str) = ("<dc:identifier id=\"book\">", "</dc:identifier>");

/// A file of the book.
#[derive(Debug)]
pub(super) struct File {
    /// Its name in the book.
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
    /// Whether it is read in its turn, from the first page to the last.
    pub(super) is_page: bool,
}

/// A line of the table of contents.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// The words.
    pub(super) words: String,
    /// Where it leads.
    pub(super) href: String,
    /// The lines below it.
    pub(super) below: Vec<Line>,
}

/// What is said of the book.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) identifier: String,
    pub(super) title: String,
    pub(super) language: String,
    /// `2031-04-02T00:00:00Z`.
    pub(super) modified: String,
    pub(super) publishers: Vec<String>,
    pub(super) curator: String,
    pub(super) sources: Vec<String>,
    pub(super) subjects: Vec<String>,
    pub(super) rights: String,
    pub(super) description: String,
    /// Whether its pages go from right to left.
    pub(super) is_rtl: bool,
}

/// The name of the table of contents.
pub(super) const CONTENTS: &str = "contents.xhtml";

/// Puts a book together. The same files give the same bytes.
///
/// # Errors
/// What the container cannot take.
pub(super) fn pack(about: &About, files: &[File], contents: &str) -> Result<Vec<u8>, String> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        // The earliest that a zip can say: no clock is asked.
        .last_modified_time(DateTime::default());
    let small = stored.compression_method(CompressionMethod::Deflated);
    let mut put = |name: &str, bytes: &[u8], options| {
        let done = zip.start_file(name, options).map_err(|error| error.to_string());
        done.and_then(|()| zip.write_all(bytes).map_err(|error| error.to_string()))
    };
    put("mimetype", MEDIA_TYPE.as_bytes(), stored)?;
    put("META-INF/container.xml", CONTAINER.as_bytes(), small)?;
    let package = document(about, files);
    put(&format!("{FOLDER}/{PACKAGE}"), package.as_bytes(), small)?;
    put(&format!("{FOLDER}/{CONTENTS}"), contents.as_bytes(), small)?;
    for file in files {
        // Pictures are as small as they can be already.
        let options = if file.media_type.starts_with("image/") { stored } else { small };
        put(&format!("{FOLDER}/{}", file.name), &file.bytes, options)?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|error| error.to_string())
}

/// Returns the identifier of a book; `None` for what is no book of this program.
pub(super) fn identifier(bytes: &[u8]) -> Option<String> {
    const LONGEST: u64 = 1 << 24;
    let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let file = zip.by_name(&format!("{FOLDER}/{PACKAGE}")).ok()?;
    let mut package = String::new();
    file.take(LONGEST).read_to_string(&mut package).ok()?;
    let (_, rest) = package.split_once(IDENTIFIER.0)?;
    rest.split_once(IDENTIFIER.1).map(|(identifier, _)| identifier.to_string())
}

/// The package document.
fn document(about: &About, files: &[File]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"book\">\n<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n",
    );
    let _ = writeln!(xml, "{}{}{}", IDENTIFIER.0, text(&about.identifier), IDENTIFIER.1);
    let mut say = |name: &str, words: &str| {
        if !words.trim().is_empty() {
            let _ = writeln!(xml, "<dc:{name}>{}</dc:{name}>", text(words.trim()));
        }
    };
    say("title", &about.title);
    say("language", &about.language);
    about.publishers.iter().for_each(|name| say("creator", name));
    about.sources.iter().for_each(|source| say("source", source));
    about.subjects.iter().for_each(|subject| say("subject", subject));
    say("description", &about.description);
    say("rights", &about.rights);
    if !about.curator.is_empty() {
        let curator = text(&about.curator);
        let _ = writeln!(
            xml,
            "<dc:contributor id=\"curator\">{curator}</dc:contributor>\n<meta refines=\"#curator\" property=\"role\" scheme=\"marc:relators\">edt</meta>"
        );
    }
    let _ = writeln!(xml, "<meta property=\"dcterms:modified\">{}</meta>", about.modified);
    let visual = files.iter().any(|file| file.media_type.starts_with("image/"));
    let modes = [Some("textual"), visual.then_some("visual")];
    for mode in modes.into_iter().flatten() {
        let _ = writeln!(xml, "<meta property=\"schema:accessMode\">{mode}</meta>");
    }
    for (property, value) in [
        ("accessModeSufficient", "textual"),
        ("accessibilityFeature", "structuralNavigation"),
        ("accessibilityFeature", "tableOfContents"),
        ("accessibilityFeature", "readingOrder"),
        ("accessibilityFeature", "displayTransformability"),
        ("accessibilityHazard", "unknown"),
    ] {
        let _ = writeln!(xml, "<meta property=\"schema:{property}\">{value}</meta>");
    }
    let _ = writeln!(
        xml,
        "</metadata>\n<manifest>\n<item id=\"contents\" href=\"{CONTENTS}\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>"
    );
    for (at, file) in files.iter().enumerate() {
        let _ = writeln!(
            xml,
            "<item id=\"f-{}\" href=\"{}\" media-type=\"{}\"/>",
            at + 1,
            file.name,
            file.media_type
        );
    }
    let direction = if about.is_rtl { " page-progression-direction=\"rtl\"" } else { "" };
    let _ = writeln!(xml, "</manifest>\n<spine{direction}>");
    let pages = files.iter().enumerate().filter(|(_, file)| file.is_page);
    for (count, (at, _)) in pages.enumerate() {
        // The table of contents is read behind the title page.
        if count == 1 {
            xml.push_str("<itemref idref=\"contents\"/>\n");
        }
        let _ = writeln!(xml, "<itemref idref=\"f-{}\"/>", at + 1);
    }
    xml.push_str("</spine>\n</package>\n");
    xml
}

/// Returns the table of contents as a page.
pub(super) fn contents(words: &Words, lines: &[Line]) -> String {
    let title = words.say("book.contents");
    let mut body = format!("<nav epub:type=\"toc\" id=\"toc\">\n<h1>{}</h1>\n", text(title));
    list(&mut body, lines);
    body.push_str("</nav>\n");
    xml_page(words, title, &body)
}

fn list(out: &mut String, lines: &[Line]) {
    out.push_str("<ol>\n");
    for line in lines {
        let _ = write!(out, "<li><a href=\"{}\" dir=\"auto\">{}</a>", line.href, text(&line.words));
        if !line.below.is_empty() {
            out.push('\n');
            list(out, &line.below);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
}
