//! What the program remembers of dumps and entries, in `.archive/`: which entries each capture holds,
//! and what the publisher's words were before they changed.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Id, Slug};
use crate::fixity::sha256;

/// Where the entries stand as they were imported last.
pub const BASE: &str = ".archive/base";
/// Where earlier words of the publishers stand.
pub const REVISIONS: &str = ".archive/revisions";
/// Where it stands which entries a dump holds.
pub const FOLDER: &str = ".archive/captures";
/// What a file there has behind the dump's name.
const EXTENSION: &str = ".txt";

/// The entries that a dump holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// The dump, a file in `dumps/`.
    pub dump: String,
    /// Every entry of it, in its order.
    pub sightings: Vec<Sighting>,
}

/// An entry as it stands in one capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The entry.
    pub id: Id,
    /// The first and the last line in the dump, counted from 1.
    pub lines: (usize, usize),
    /// What it says there: [`words_sha256`].
    pub words: String,
}

/// Returns the SHA-256 of all that the publisher says in an entry: title, date, hour, authors, and
/// body. Two captures with the same hash say the same.
pub fn words_sha256(entry: &Entry) -> String {
    let clock = entry.clock.map(|clock| clock.to_string()).unwrap_or_default();
    let title = format!("{}\0{}", entry.title_basis.name(), entry.title);
    let authors = entry.authors.join("\u{1}");
    let parts = [&title, &entry.when.written(), &clock, &authors, entry.body.trim()];
    sha256(parts.join("\0").as_bytes())
}

/// Returns the file of a capture.
pub fn file(dump: &str) -> String {
    format!("{FOLDER}/{dump}{EXTENSION}")
}

/// Returns the file that keeps what an entry said, by the hash of it.
pub fn revision_file(entry: &Entry, words: &str) -> String {
    let short = words.get(..16).unwrap_or(words);
    format!("{REVISIONS}/{}/{}.{short}.md", entry.story, entry.id)
}

/// Reads the file of a capture: a line an entry, of a hash, the lines, and the id.
pub fn parse(path: &str, text: &str) -> (Capture, Vec<Diagnostic>) {
    let dump = path.strip_prefix(FOLDER).unwrap_or(path).trim_start_matches('/');
    let dump = dump.strip_suffix(EXTENSION).unwrap_or(dump).to_string();
    let mut capture = Capture { dump, sightings: Vec::new() };
    let mut problems = Vec::new();
    for (at, line) in text.lines().enumerate() {
        match sighting(line) {
            Some(sighting) => capture.sightings.push(sighting),
            None => problems.push(
                Diagnostic::error(path, at + 1, "expected a SHA-256, two line numbers and an id")
                    .hint("take the file from version control, or import the dump again"),
            ),
        }
    }
    (capture, problems)
}

fn sighting(line: &str) -> Option<Sighting> {
    let mut words = line.split_whitespace();
    let hash = words.next().filter(|hash| hash.len() == 64)?.to_string();
    let (first, last) = words.next()?.split_once('-')?;
    let lines = (first.parse().ok()?, last.parse().ok()?);
    Some(Sighting { id: Slug::parse(words.next()?).ok()?, lines, words: hash })
}

/// Writes the file of a capture: the inverse of [`parse`].
pub fn print(capture: &Capture) -> String {
    let mut text = String::new();
    for sighting in &capture.sightings {
        let (first, last) = sighting.lines;
        let _ = writeln!(text, "{} {first}-{last} {}", sighting.words, sighting.id);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capture_reads_and_prints_to_the_same() {
        let hash = "0".repeat(64);
        let text = format!("{hash} 3-9 2031-04-02-gates\n{hash} 10-12 2031-04-02-rain\n");
        let (capture, problems) = parse(".archive/captures/a.txt.txt", &text);
        assert_eq!((capture.dump.as_str(), problems), ("a.txt", Vec::new()));
        assert_eq!(print(&capture), text);
        let (_, problems) = parse(".archive/captures/a.txt.txt", "what\n");
        assert_eq!(problems.len(), 1);
    }
}
