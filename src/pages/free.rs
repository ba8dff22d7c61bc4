//! Free pages: what the curator wants to say beside the entries.

use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::view::{self, Frame};

/// A free page.
pub const PAGE: Kind = Kind { name: "a free page", plan, write };

/// What `page.html` sees.
#[derive(Serialize)]
struct FreeView<'a> {
    page: Frame<'a>,
    /// The words of the page, as HTML.
    words: String,
}

fn plan(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let pages = archive.pages.iter().enumerate();
    pages.map(|(ix, page)| (paths::page(&page.slug), Subject::Free(ix))).collect()
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Free(ix) = page.subject else { return Ok(Vec::new()) };
    let (archive, here) = (desk.archive, &page.path);
    let free = &archive.pages[ix];
    let mut frame = view::frame(archive, here, free.title.as_str(), &[]);
    frame.description = format!("{}: {}", archive.site.title, free.title);
    let words = view::words(archive, here, &free.body, 1);
    html(desk, page, "page.html", &FreeView { page: frame, words })
}
