//! `sitemap.xml` (sitemaps.org 0.9) and `robots.txt` (RFC 9309).
//!
//! A sitemap needs whole addresses, so there is one only where `base_url` is set.

use std::fmt::Write as _;

use super::{Desk, KINDS, Kind, Page, Subject};
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::markdown::escape;
use crate::paths::{self, OutPath};

/// The sitemap, or the list of its parts.
pub const SITEMAP: Kind = Kind { name: "sitemap.xml", plan: plan_sitemap, write: write_sitemap };
/// A part of a sitemap that is too long for one file.
pub const PART: Kind = Kind { name: "a part of the sitemap", plan: plan_part, write: write_part };
/// What crawlers may read.
pub const ROBOTS: Kind = Kind { name: "robots.txt", plan: plan_robots, write: write_robots };

/// The most addresses in one file; the protocol allows 50,000.
const MOST: usize = 40_000;

/// Every page that people read, by path; those that lead elsewhere, stand for a withdrawn entry or
/// show in another order what another page holds are left out.
fn addresses(archive: &Archive) -> Vec<OutPath> {
    let mut list: Vec<OutPath> = KINDS
        .iter()
        .filter(|kind| kind.name != SITEMAP.name && kind.name != PART.name)
        .flat_map(|kind| (kind.plan)(archive))
        .filter(|(path, subject)| {
            let is_read =
                !matches!(subject, Subject::Moved(_) | Subject::Withdrawn(_) | Subject::Newest(..));
            path.is_page() && path.as_str() != "404.html" && is_read
        })
        .map(|(path, _)| path)
        .collect();
    list.sort();
    list
}

fn plan_sitemap(archive: &Archive) -> Vec<(OutPath, Subject)> {
    if archive.site.base_url.is_empty() {
        return Vec::new();
    }
    vec![(paths::fixed("sitemap.xml"), Subject::Archive)]
}

fn plan_part(archive: &Archive) -> Vec<(OutPath, Subject)> {
    // Every entry has a page; only an archive with very many can need parts.
    if archive.site.base_url.is_empty() || archive.entries.len() < MOST / 4 {
        return Vec::new();
    }
    let parts = addresses(archive).len().div_ceil(MOST);
    if parts < 2 {
        return Vec::new();
    }
    (1..=parts).map(|number| (paths::sitemap_part(number), Subject::Number(number))).collect()
}

fn write_sitemap(desk: Desk<'_>, _: &Page) -> Result<Vec<u8>, Diagnostic> {
    let parts = plan_part(desk.archive);
    if parts.is_empty() {
        return Ok(urlset(&desk.archive.site.base_url, &addresses(desk.archive)));
    }
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (path, _) in parts {
        let address = escape(&format!("{}{path}", desk.archive.site.base_url));
        let _ = writeln!(xml, "<sitemap><loc>{address}</loc></sitemap>");
    }
    xml.push_str("</sitemapindex>\n");
    Ok(xml.into_bytes())
}

fn write_part(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Number(number) = page.subject else { return Ok(Vec::new()) };
    let all = addresses(desk.archive);
    let part = all.chunks(MOST).nth(number - 1).unwrap_or_default();
    Ok(urlset(&desk.archive.site.base_url, part))
}

fn urlset(base: &str, list: &[OutPath]) -> Vec<u8> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in list {
        let _ = writeln!(xml, "<url><loc>{}</loc></url>", escape(&format!("{base}{path}")));
    }
    xml.push_str("</urlset>\n");
    xml.into_bytes()
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
