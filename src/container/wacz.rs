//! A WACZ: a zip that holds WARCs under `archive/`, and the list of its pages.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader, Read, Seek};

use zip::ZipArchive;

use super::{FREE_BYTES, Item, PAYLOAD_LIMIT, Page, RATIO_LIMIT, Skipped, bomb, warc};

/// The list of the pages that a person meant to save.
const PAGES: &str = "pages/pages.jsonl";

/// Gives every item of its WARCs, and then the pages of its list that no record holds.
pub(super) fn read<R: Read + Seek>(input: R, mut each: impl FnMut(Item) -> bool) -> io::Result<()> {
    let mut zip = ZipArchive::new(input)?;
    let is_warc = |name: &String| {
        let name = name.to_ascii_lowercase();
        let inside = name.strip_prefix("archive/");
        inside.is_some_and(|name| [".warc", ".warc.gz"].iter().any(|end| name.ends_with(end)))
    };
    let names = zip.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned);
    let mut names: Vec<String> = names.filter(is_warc).collect();
    names.sort();
    if names.is_empty() {
        let message = "a zip without archive/*.warc or archive/*.warc.gz, expected a WACZ";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let mut listed = listed(&mut zip);
    for name in names {
        let file = zip.by_name(&name)?;
        let limit = file.compressed_size().saturating_mul(RATIO_LIMIT).max(FREE_BYTES);
        let packed = file.compressed_size();
        let file = Bounded { inner: file, given: 0, limit, packed };
        let mut watch = |item: Item| {
            if let Item::Page(Page { url, .. }) | Item::Skipped(Skipped { url, .. }) = &item {
                listed.remove(url);
            }
            each(item)
        };
        if !warc::read(file, &mut watch)? {
            return Ok(());
        }
    }
    for url in listed {
        let reason = format!("listed in {PAGES}, but no record holds it");
        if !each(Item::Skipped(Skipped { url, reason, damage: false })) {
            break;
        }
    }
    Ok(())
}

/// The addresses in the list of pages, as far as it can be read.
fn listed<R: Read + Seek>(zip: &mut ZipArchive<R>) -> BTreeSet<String> {
    let Ok(file) = zip.by_name(PAGES) else { return BTreeSet::new() };
    let lines = BufReader::new(file.take(PAYLOAD_LIMIT as u64 / 4)).lines();
    lines
        .map_while(Result::ok)
        .filter_map(|line| {
            let page: serde_json::Value = serde_json::from_str(&line).ok()?;
            Some(page.get("url")?.as_str()?.to_string())
        })
        .collect()
}

/// A file of the zip, refused where it unpacks to far more than it is.
struct Bounded<R> {
    inner: R,
    given: u64,
    limit: u64,
    packed: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given > self.limit {
            return Err(bomb(self.limit, self.packed));
        }
        let count = self.inner.read(into)?;
        self.given += count as u64;
        Ok(count)
    }
}
