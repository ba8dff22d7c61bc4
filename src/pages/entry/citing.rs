//! "Cite this entry": its citations in three styles, and records for reference managers.

use serde::Serialize;

use crate::archive::Archive;
use crate::cite::{self, Cited, Record, Work};

/// All that a reader needs to cite an entry.
#[derive(Debug, Serialize)]
pub(super) struct Citing {
    /// The archive's copy as each style cites it.
    copy: Vec<Citation>,
    /// The publisher's page as each style cites it; empty where it is not known.
    original: Vec<Citation>,
    /// When the publisher's page was saved, in words; empty where that is not known.
    captured: String,
    /// Records that a browser saves as files.
    files: Vec<FileLink>,
}

/// A citation.
#[derive(Debug, Serialize)]
struct Citation {
    /// The style.
    style: &'static str,
    /// The citation, as HTML.
    html: String,
}

/// A record for a reference manager.
#[derive(Debug, Serialize)]
struct FileLink {
    /// The format; empty for plain text.
    name: &'static str,
    /// What the file is called.
    file: String,
    /// The address that holds it.
    url: String,
}

/// Returns all that a reader needs to cite an entry.
pub(super) fn citing(archive: &Archive, record: &Record) -> Citing {
    let copy = cite::cited(record, Work::Copy);
    let original = cite::cited(record, Work::Original);
    let files = cite::files(record, &copy, &original);
    let shown = |list: Vec<Cited>| {
        list.into_iter().map(|cited| Citation { style: cited.style, html: cited.html }).collect()
    };
    Citing {
        copy: shown(copy),
        original: shown(original),
        captured: record.captured_words(&archive.words),
        files: files
            .into_iter()
            .map(|file| FileLink { name: file.name, url: file.address(), file: file.file })
            .collect(),
    }
}
