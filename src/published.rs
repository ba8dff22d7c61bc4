//! The ledger of every address that was published, so that none vanishes unseen: a line an address,
//! with its anchor where it has one, sorted.
//!
//! A file for each folder of the site, `.archive/published/<folder>.txt`, and `.archive/published.txt`
//! for what stands at its root: no file of 300,000 entries grows beyond what version control takes,
//! and a build that adds days does not touch the list of entries.

use std::collections::{BTreeMap, BTreeSet};

/// The folder of the ledger, a file for each folder of the site.
pub const FOLDER: &str = ".archive/published";
/// What stands at the root of the site.
pub const ROOT: &str = ".archive/published.txt";
/// The addresses that the curator gave up, each with the day and the reason.
pub const GIVEN_UP: &str = ".archive/given-up.txt";

/// Returns the file of the ledger that an address stands in.
pub fn file_of(address: &str) -> String {
    let path = address.split('#').next().unwrap_or(address);
    match path.split_once('/') {
        Some((folder, _)) => format!("{FOLDER}/{folder}.txt"),
        None => ROOT.into(),
    }
}

/// Whether a file of an archive is part of the ledger.
pub fn is_part(file: &str) -> bool {
    file == ROOT || file.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/'))
}

/// Reads a file of the ledger.
pub fn parse(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter(|line| !line.is_empty()).map(str::to_string)
}

/// Writes the ledger: the text of each of its files.
pub fn print(ledger: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for address in ledger {
        let text = files.entry(file_of(address)).or_default();
        text.push_str(address);
        text.push('\n');
    }
    files
}

/// Returns the anchors of a page that are in the ledger, in their order.
pub fn anchors<'a>(
    ledger: &'a BTreeSet<String>,
    page: &str,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let head = format!("{page}#");
    let from = (std::ops::Bound::Included(head.clone()), std::ops::Bound::Unbounded);
    ledger.range(from).map_while(move |address: &String| address.strip_prefix(head.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_in_the_file_of_its_folder() {
        let all = ["entries/a.html", "entries/a.html#a-note-1", "index.html", "stories/a/b.html#x"];
        let ledger: BTreeSet<String> = all.iter().map(ToString::to_string).collect();
        let files = print(&ledger);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [ROOT, ".archive/published/entries.txt", ".archive/published/stories.txt"]
        );
        let read: BTreeSet<String> = files.values().flat_map(|text| parse(text)).collect();
        assert_eq!(read, ledger);
        let anchors: Vec<&str> = anchors(&ledger, "entries/a.html").collect();
        assert_eq!(anchors, ["a-note-1"]);
    }
}
