//! `sitemap.xml` (sitemaps.org 0.9) and `robots.txt` (RFC 9309).
//!
//! A sitemap needs whole addresses, so there is one only where `base_url` is set. It lists a file for
//! each year, one for what has no year, and one for all other pages: a year that is over keeps its
//! file as it is. There is no `lastmod`: when a page was last changed is not known for all of them,
//! and a crawler that was told wrongly once believes none.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::Datelike;

use super::{Desk, KINDS, Kind, Page, Subject};
use crate::archive::Archive;
use crate::date::shelf_year;
use crate::diagnostic::Diagnostic;
use crate::markdown::escape;
use crate::paths::{self, ListPart, OutPath, Part};

/// The list of parts.
pub const SITEMAP: Kind = Kind { name: "sitemap.xml", plan: plan_sitemap, write: write_sitemap };
/// The parts.
pub const PART: Kind = Kind { name: "a part of the sitemap", plan: plan_parts, write: write_part };
/// What crawlers may read.
pub const ROBOTS: Kind = Kind { name: "robots.txt", plan: plan_robots, write: write_robots };

/// The most addresses in one file; the protocol allows 50,000.
const MOST: usize = 40_000;

/// What the pages of one part of the sitemap have in common; in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shelf {
    Pages,
    Year(i32),
    Undated,
}

/// The part that a page stands in.
fn shelf(archive: &Archive, subject: &Subject) -> Shelf {
    match subject {
        Subject::Entry(ix) => {
            let shelves = archive.entries[*ix].when.shelves();
            shelves.first().map_or(Shelf::Undated, |shelf| Shelf::Year(shelf_year(*shelf)))
        }
        Subject::Year(year) => Shelf::Year(*year),
        Subject::TagPart(_, ListPart { shelf: Some(shelf), .. }) => Shelf::Year(shelf_year(*shelf)),
        Subject::Month(month) => Shelf::Year(month.year),
        Subject::Day(day) | Subject::StoryPart(_, Part { day: Some(day), .. }) => {
            Shelf::Year(day.year())
        }
        _ => Shelf::Pages,
    }
}

/// Every page that people read, by its part and then by its path; those that lead elsewhere, stand for
/// a withdrawn entry or show in another order what another page holds are left out.
fn addresses(archive: &Archive) -> BTreeMap<Shelf, Vec<OutPath>> {
    let mut shelves: BTreeMap<Shelf, Vec<OutPath>> = BTreeMap::new();
    let others = KINDS.iter().filter(|kind| kind.name != SITEMAP.name && kind.name != PART.name);
    for (path, subject) in others.flat_map(|kind| (kind.plan)(archive)) {
        let is_read =
            !matches!(subject, Subject::Moved(_) | Subject::Withdrawn(_) | Subject::Newest(..));
        if path.is_page() && path.as_str() != "404.html" && is_read {
            shelves.entry(shelf(archive, &subject)).or_default().push(path);
        }
    }
    for list in shelves.values_mut() {
        list.sort();
    }
    shelves
}

fn plan_sitemap(archive: &Archive) -> Vec<(OutPath, Subject)> {
    if archive.site.base_url.is_empty() {
        return Vec::new();
    }
    vec![(paths::fixed(SITEMAP.name), Subject::Archive)]
}

fn plan_parts(archive: &Archive) -> Vec<(OutPath, Subject)> {
    if archive.site.base_url.is_empty() {
        return Vec::new();
    }
    let mut parts = Vec::new();
    for (shelf, list) in addresses(archive) {
        let name = match shelf {
            Shelf::Pages => "pages".to_string(),
            Shelf::Year(year) => format!("{year:04}"),
            Shelf::Undated => "undated".to_string(),
        };
        for (at, chunk) in list.chunks(MOST).enumerate() {
            parts.push((paths::sitemap_part(&name, at + 1), Subject::Listed(chunk.to_vec())));
        }
    }
    parts
}

fn write_sitemap(desk: Desk<'_>, _: &Page) -> Result<Vec<u8>, Diagnostic> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (path, _) in plan_parts(desk.archive) {
        let address = escape(&format!("{}{path}", desk.archive.site.base_url));
        let _ = writeln!(xml, "<sitemap><loc>{address}</loc></sitemap>");
    }
    xml.push_str("</sitemapindex>\n");
    Ok(xml.into_bytes())
}

fn write_part(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Listed(list) = &page.subject else { return Ok(Vec::new()) };
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in list {
        let address = escape(&format!("{}{path}", desk.archive.site.base_url));
        let _ = writeln!(xml, "<url><loc>{address}</loc></url>");
    }
    xml.push_str("</urlset>\n");
    Ok(xml.into_bytes())
}

fn plan_robots(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::fixed("robots.txt"), Subject::Archive)]
}

fn write_robots(desk: Desk<'_>, _: &Page) -> Result<Vec<u8>, Diagnostic> {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    let base = &desk.archive.site.base_url;
    if !base.is_empty() {
        let _ = writeln!(text, "\nSitemap: {base}sitemap.xml");
    }
    Ok(text.into_bytes())
}
