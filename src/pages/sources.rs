//! Sources: what was imported, when, its hash, and its ledger in numbers.

use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::view::{self, Frame, Line, Link};

/// The list of sources.
pub const LIST: Kind = Kind { name: "the list of sources", plan: plan_list, write: write_list };
/// A dump.
pub const SOURCE: Kind = Kind { name: "a source", plan: plan_source, write: write_source };

/// A source as a line of a list.
#[derive(Debug, Serialize)]
pub struct SourceLine {
    /// The dump's name, its page, and the number of its entries.
    pub link: Link,
    /// Who published the page.
    pub publisher: String,
    /// The page's address, empty where it is not known.
    pub page_url: String,
    /// When the page was saved, empty where it is not known.
    pub captured: String,
    /// When it was imported.
    pub imported: String,
    /// How many lines nobody understood.
    pub unread: usize,
}

#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    sources: Vec<SourceLine>,
}

/// A row of the ledger: what became of how many lines.
#[derive(Serialize)]
struct Row {
    what: String,
    lines: usize,
}

#[derive(Serialize)]
struct SourceView<'a> {
    page: Frame<'a>,
    source: SourceLine,
    story: Option<Link>,
    title: String,
    sha256: String,
    bytes: String,
    format: String,
    program: String,
    sealed: bool,
    sealed_because: String,
    rows: Vec<Row>,
    total: usize,
    lines: Vec<Line>,
}

/// Returns a source as a line of a list.
pub fn line(archive: &Archive, here: &OutPath, ix: usize) -> SourceLine {
    let group = &archive.sources[ix];
    let record = &group.record;
    SourceLine {
        link: view::counted(
            here,
            &paths::source(&record.dump),
            record.dump.as_str(),
            group.entries.len(),
        ),
        publisher: group.source.publisher.clone(),
        page_url: view::outside(&group.source.url),
        captured: crate::date::words(&group.source.captured),
        imported: crate::date::words(&record.imported),
        unread: record.lines.unread,
    }
}

fn plan_list(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::sources(), Subject::Archive)]
}

fn write_list(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let mut frame = view::frame(archive, here, "Sources", &[]);
    frame.description = "The dumps that this archive was made from.".into();
    let sources = (0..archive.sources.len()).map(|ix| line(archive, here, ix)).collect();
    html(desk, page, "sources.html", &ListView { page: frame, sources })
}

fn plan_source(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let sources = archive.sources.iter().enumerate();
    sources.map(|(ix, group)| (paths::source(&group.record.dump), Subject::Source(ix))).collect()
}

fn write_source(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Source(ix) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let group = &archive.sources[ix];
    let record = &group.record;
    let mut frame =
        view::frame(archive, here, record.dump.as_str(), &[(paths::sources(), "Sources".into())]);
    frame.description =
        format!("The dump {}: {}.", record.dump, view::entries(group.entries.len()));
    let row = |what: &str, lines: usize| Row { what: what.to_string(), lines };
    let mut rows = vec![
        row("in entries", record.lines.entries),
        row("in the story\u{2019}s summary", record.lines.summary),
    ];
    rows.extend(
        record
            .lines
            .discarded
            .iter()
            .map(|(rule, lines)| row(&format!("discarded under \u{201c}{rule}\u{201d}"), *lines)),
    );
    rows.push(row("unread", record.lines.unread));
    let view = SourceView {
        page: frame,
        source: line(archive, here, ix),
        story: group.story.map(|story| {
            let story = &archive.stories[story].story;
            view::link(here, &paths::story(&story.slug), story.title.as_str())
        }),
        title: group.source.title.clone(),
        sha256: record.sha256.clone(),
        bytes: grouped(record.bytes),
        format: record.format.clone(),
        program: record.program.clone(),
        sealed: record.sealed,
        sealed_because: record.sealed_because.clone(),
        rows,
        total: record.lines.total,
        lines: group.entries.iter().map(|ix| view::line(archive, here, *ix)).collect(),
    };
    html(desk, page, "source.html", &view)
}

/// A number with a thin space between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}
