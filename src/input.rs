//! The files that a site is made from, read once: a build and the server start from the same list.

use std::hash::Hasher as _;
use std::path::Path;

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3Default;

use crate::diagnostic::Diagnostic;
use crate::{fs, record, site, vocabulary};

/// The folder of everything that a person writes.
pub const CONTENT: &str = "content";
/// The folder of an archive's own templates.
pub const TEMPLATES: &str = "templates";

/// One file of an archive, as it stands on the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// The path relative to the archive's root, with `/` on every system.
    pub path: String,
    /// What it holds; empty for a link.
    pub bytes: Vec<u8>,
    /// Whether it is a symbolic link, which is never followed.
    pub is_link: bool,
}

impl Input {
    /// Whether the file stands below a folder of the archive.
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Returns what the file says.
    ///
    /// # Errors
    /// The line on which it stops being UTF-8.
    pub fn text(&self) -> Result<String, Box<Diagnostic>> {
        fs::text_of(&self.path, self.bytes.clone())
    }
}

/// Reads the settings, the content, the vocabulary, the records of the dumps and the archive's own
/// templates, sorted by path.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn read(root: &Path) -> fs::Result<Vec<Input>> {
    let mut paths = vec![root.join(site::FILE), root.join(vocabulary::FILE)];
    paths.retain(|path| path.symlink_metadata().is_ok());
    paths.extend(fs::walk(&root.join(CONTENT))?);
    paths.extend(fs::walk(&root.join(TEMPLATES))?);
    let dumps = fs::walk(&root.join(record::FOLDER))?;
    let is_record = |path: &std::path::PathBuf| path.to_string_lossy().ends_with(record::EXTENSION);
    paths.extend(dumps.into_iter().filter(is_record));
    let mut inputs = paths
        .par_iter()
        .map(|path| {
            let is_link = fs::is_link(path);
            let bytes = if is_link { Vec::new() } else { fs::read(path)? };
            Ok(Input { path: fs::relative(root, path), bytes, is_link })
        })
        .collect::<fs::Result<Vec<_>>>()?;
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(inputs)
}

/// Returns the file at `path`, among inputs sorted by path.
pub fn find<'a>(inputs: &'a [Input], path: &str) -> Option<&'a Input> {
    let at = inputs.binary_search_by(|input| input.path.as_str().cmp(path)).ok()?;
    inputs.get(at)
}

/// Returns a number that differs when any of the files does.
pub fn fingerprint(inputs: &[Input]) -> u64 {
    let parts: Vec<u64> = inputs
        .par_iter()
        .map(|input| {
            let mut hash = Xxh3Default::new();
            hash.write(input.path.as_bytes());
            hash.write_u8(u8::from(input.is_link));
            hash.write(&input.bytes);
            hash.finish()
        })
        .collect();
    let mut hash = Xxh3Default::new();
    for part in parts {
        hash.write_u64(part);
    }
    hash.finish()
}
