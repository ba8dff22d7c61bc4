//! What is remembered of each imported dump: `dumps/<dump>.record.toml`, and `dumps/SHA256SUMS`.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::fixity::{parse_sums, print_sums};
use crate::import::Totals;
use crate::keys::{Keys, quoted};

/// The folder of the dumps.
pub const FOLDER: &str = "dumps";
/// The file that `sha256sum -c` reads.
pub const SUMS: &str = "SHA256SUMS";
/// What a record's name has behind the dump's.
pub const EXTENSION: &str = ".record.toml";

/// What is remembered of one dump.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The dump's file name.
    pub dump: String,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// The container that it was taken from, unpacked: a file name; empty where it was a file itself.
    pub container: String,
    /// SHA-256 of the container; empty where it was read from a stream.
    pub container_sha256: String,
    /// The address of the page, as the container, the dump or the curator states it; else empty.
    pub url: String,
    /// When the page was saved, from the same; else empty.
    pub captured: String,
    /// The format that read it.
    pub format: String,
    /// The version of this program that read it.
    pub program: String,
    /// The day of the import, in UTC.
    pub imported: String,
    /// The story that it went to.
    pub story: String,
    /// How many entries it holds.
    pub entries: usize,
    /// The ledger in numbers.
    pub lines: Totals,
    /// Whether the dump is kept by its hash alone: never published, and it need not be in `dumps/`.
    pub sealed: bool,
    /// Why it is sealed.
    pub sealed_because: String,
}

/// Reads a record.
pub fn parse(file: &str, text: &str) -> (Record, Vec<Diagnostic>) {
    let mut keys = Keys::parse(file, text, 0);
    let size =
        |number: Option<u64>| usize::try_from(number.unwrap_or_default()).unwrap_or(usize::MAX);
    let mut record = Record {
        dump: keys.required("dump").map(|(dump, _)| dump).unwrap_or_default(),
        sha256: keys.string("sha256").unwrap_or_default(),
        bytes: keys.number("bytes").unwrap_or_default(),
        container: keys.string("container").unwrap_or_default(),
        container_sha256: keys.string("container_sha256").unwrap_or_default(),
        url: keys.string("url").unwrap_or_default(),
        captured: keys.date("captured").written(),
        format: keys.string("format").unwrap_or_default(),
        program: keys.string("program").unwrap_or_default(),
        imported: keys.date("imported").written(),
        story: keys.string("story").unwrap_or_default(),
        entries: size(keys.number("entries")),
        lines: Totals::default(),
        sealed: keys.boolean("sealed").unwrap_or_default(),
        sealed_because: keys.string("sealed_because").unwrap_or_default(),
    };
    if let Some(mut lines) = keys.table("lines") {
        record.lines.total = size(lines.number("total"));
        record.lines.entries = size(lines.number("entries"));
        record.lines.summary = size(lines.number("summary"));
        record.lines.unread = size(lines.number("unread"));
        if let Some(mut discarded) = lines.table("discarded") {
            record.lines.discarded = discarded.counts();
            lines.close(discarded);
        }
        keys.close(lines);
    }
    (record, keys.finish())
}

/// Writes a record: the inverse of [`parse`].
pub fn print(record: &Record) -> String {
    let Record { lines, .. } = record;
    let mut text = String::new();
    let mut text_line = |key: &str, value: &str| {
        let _ = writeln!(text, "{key} = {}", quoted(value));
    };
    text_line("dump", &record.dump);
    text_line("sha256", &record.sha256);
    for (key, value) in [
        ("container", &record.container),
        ("container_sha256", &record.container_sha256),
        ("url", &record.url),
    ] {
        if !value.is_empty() {
            text_line(key, value);
        }
    }
    if !record.captured.is_empty() {
        text_line("captured", &record.captured);
    }
    text_line("format", &record.format);
    text_line("program", &record.program);
    text_line("imported", &record.imported);
    text_line("story", &record.story);
    if !record.sealed_because.is_empty() {
        text_line("sealed_because", &record.sealed_because);
    }
    if record.sealed {
        text.push_str("sealed = true\n");
    }
    let _ = writeln!(text, "bytes = {}\nentries = {}\n\n[lines]", record.bytes, record.entries);
    let _ = writeln!(text, "total = {}\nentries = {}", lines.total, lines.entries);
    let _ = writeln!(text, "summary = {}\nunread = {}", lines.summary, lines.unread);
    text.push_str("\n[lines.discarded]\n");
    for (rule, count) in &lines.discarded {
        let _ = writeln!(text, "{} = {count}", quoted(rule));
    }
    text
}

/// Adds dumps and their hashes to the text of [`SUMS`], which stays sorted by name.
pub fn add_sums(there: &[u8], dumps: &[(String, String)]) -> String {
    let there = String::from_utf8_lossy(there);
    let mut sums = parse_sums(&there).0;
    sums.extend(dumps.iter().map(|(name, sum)| (name.as_str(), sum.as_str())));
    print_sums(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_and_prints_to_the_same() {
        let mut lines = Totals { total: 9, entries: 5, summary: 1, unread: 1, ..Totals::default() };
        lines.discarded.insert("consent block".into(), 2);
        let record = Record {
            dump: "a b.txt".into(),
            sha256: "00".into(),
            bytes: 12,
            container: "c.warc.gz".into(),
            container_sha256: "01".into(),
            url: "https://river.example/live".into(),
            captured: "2031-04-02T05:40:00+00:00".into(),
            format: "f".into(),
            program: "0.1.0".into(),
            imported: "2031-04-02".into(),
            story: "quell".into(),
            entries: 3,
            lines,
            sealed: true,
            sealed_because: "It names a minor.".into(),
        };
        assert_eq!(parse("dumps/a b.txt.record.toml", &print(&record)), (record, Vec::new()));
    }
}
