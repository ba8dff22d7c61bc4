//! The files that a site is made from, read once: a build and the server start from the same list.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3Default;

use crate::diagnostic::Diagnostic;
use crate::fixity::sha256;
use crate::{capture, fs, record, site, vocabulary};

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

/// Reads the settings, the content, the vocabulary, the records of the dumps, the archive's own
/// templates, and what `.archive/` remembers of captures, revisions and entries that have changed
/// since they were imported; sorted by path.
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
    paths.extend(own_files(&root.join(capture::FOLDER))?);
    paths.extend(own_files(&root.join(capture::REVISIONS))?);
    let mut inputs = read_all(root, &paths)?;
    let bases = touched(root, &inputs)?;
    inputs.extend(read_all(root, &bases)?);
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(inputs)
}

fn read_all(root: &Path, paths: &[PathBuf]) -> fs::Result<Vec<Input>> {
    let read = |path: &PathBuf| {
        let is_link = fs::is_link(path);
        let bytes = if is_link { Vec::new() } else { fs::read(path)? };
        Ok(Input { path: fs::relative(root, path), bytes, is_link })
    };
    paths.par_iter().map(read).collect()
}

/// The files of a folder in `.archive/` that the program remembers something in.
fn own_files(folder: &Path) -> fs::Result<Vec<PathBuf>> {
    let mut files = fs::walk(folder)?;
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // What an import left behind that was cut off is no memory.
        !name.starts_with('.') && name != record::SUMS
    });
    Ok(files)
}

/// The files that remember how those entries were imported that have changed since: a file that has
/// the bytes of its base needs none to be compared with.
fn touched(root: &Path, inputs: &[Input]) -> fs::Result<Vec<PathBuf>> {
    let folder = root.join(capture::BASE);
    let mut sums: BTreeSet<String> = BTreeSet::new();
    let mut bases: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in fs::walk(&folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == record::SUMS {
            let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
            sums.extend(text.lines().filter_map(|line| Some(line.split_once("  ")?.0.to_string())));
        } else if let (Some(id), false) = (name.strip_suffix(".md"), name.starts_with('.')) {
            bases.insert(id.to_string(), path);
        }
    }
    let changed = |input: &&Input| input.is_in(CONTENT) && !sums.contains(&sha256(&input.bytes));
    let ids: BTreeSet<String> =
        inputs.par_iter().filter(changed).filter_map(|input| id_of(&input.bytes)).collect();
    Ok(ids.iter().filter_map(|id| bases.get(id).cloned()).collect())
}

/// The id in an entry's front matter, if it is written as the program writes it.
fn id_of(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().skip(1).take_while(|line| line.trim_end() != "+++");
    let value = lines.find_map(|line| line.strip_prefix("id")?.trim_start().strip_prefix('='))?;
    Some(value.split('#').next()?.trim().trim_matches(['"', '\'']).to_string())
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
