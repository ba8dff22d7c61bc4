//! The files that a site is made from, read once: a build and the server start from the same list.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3Default;

use crate::change::Change;
use crate::diagnostic::Diagnostic;
use crate::fixity::sha256;
use crate::{capture, fs, published, record, site, vocabulary, words};

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

    /// Returns the bytes of a new text for this file, which looks as it does now.
    pub fn like(&self, text: String) -> Vec<u8> {
        Looks::of(&self.bytes).give(text)
    }
}

/// What editors on some systems put into a file that is no part of what it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// Whether it opens with a byte order mark.
    mark: bool,
    /// Whether most of its lines end as on Windows.
    windows: bool,
}

impl Looks {
    const MARK: &str = "\u{feff}";

    /// Looks at a file.
    pub fn of(bytes: &[u8]) -> Self {
        let count = |end: &[u8]| bytes.windows(end.len()).filter(|there| *there == end).count();
        let mark = bytes.starts_with(Self::MARK.as_bytes());
        Self { mark, windows: count(b"\r\n") * 2 > count(b"\n") }
    }

    /// Gives a text, whose lines end in `\n`, the same looks.
    pub fn give(self, text: String) -> Vec<u8> {
        let text = if self.windows { text.replace('\n', "\r\n") } else { text };
        let mark = if self.mark { Self::MARK } else { "" };
        [mark.as_bytes(), text.as_bytes()].concat()
    }
}

/// Reads everything that a site is made from: the settings, the content, the vocabulary, the records
/// of the dumps, the archive's own templates and languages, and what `.archive/` remembers of published
/// addresses, captures, revisions, and entries that have changed since they were imported; sorted by path.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn read(root: &Path) -> fs::Result<Vec<Input>> {
    let mut inputs = read_without_bases(root)?;
    add_bases(root, &mut inputs)?;
    Ok(inputs)
}

/// Reads all that tells whether something has changed: everything but the bases, of which the hashes
/// stand for them.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn read_without_bases(root: &Path) -> fs::Result<Vec<Input>> {
    let mut paths: Vec<PathBuf> =
        [site::FILE, vocabulary::FILE, published::ROOT].map(|file| root.join(file)).into();
    paths.retain(|path| path.symlink_metadata().is_ok());
    paths.extend(fs::walk(&root.join(CONTENT))?);
    paths.extend(fs::walk(&root.join(TEMPLATES))?);
    paths.extend(fs::walk(&root.join(words::FOLDER))?);
    let dumps = fs::walk(&root.join(record::FOLDER))?;
    let is_record = |path: &std::path::PathBuf| path.to_string_lossy().ends_with(record::EXTENSION);
    paths.extend(dumps.into_iter().filter(is_record));
    paths.extend(own_files(&root.join(capture::FOLDER))?);
    paths.extend(own_files(&root.join(published::FOLDER))?);
    paths.extend(own_files(&root.join(capture::REVISIONS))?);
    let folder = root.join(capture::BASE);
    let sums = fs::folders(&folder)?.into_iter().map(|story| folder.join(story).join(record::SUMS));
    paths.extend(sums.filter(|path| path.exists()));
    let mut inputs = read_all(root, &paths)?;
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(inputs)
}

/// Adds the bases of those entries that have changed since they were imported: a file that has the
/// bytes of its base needs none to be compared with.
pub fn add_bases(root: &Path, inputs: &mut Vec<Input>) -> fs::Result<()> {
    let bases = touched(root, inputs)?;
    inputs.extend(read_all(root, &bases)?);
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(())
}

/// Reads an archive's own templates, sorted by path.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn templates(root: &Path) -> fs::Result<Vec<Input>> {
    let mut inputs = read_all(root, &fs::walk(&root.join(TEMPLATES))?)?;
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

/// The bases of the entries that have changed since.
fn touched(root: &Path, inputs: &[Input]) -> fs::Result<Vec<PathBuf>> {
    let folder = root.join(capture::BASE);
    let mut sums: BTreeSet<&[u8]> = BTreeSet::new();
    let mut bases: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut summed: BTreeSet<PathBuf> = BTreeSet::new();
    for input in inputs.iter().filter(|input| input.is_in(capture::BASE)) {
        let Some(home) = root.join(&input.path).parent().map(Path::to_path_buf) else { continue };
        for line in input.bytes.split(|byte| *byte == b'\n') {
            let Some((sum, name)) = line.split_at_checked(64) else { continue };
            sums.insert(sum);
            let name = String::from_utf8_lossy(name).trim().to_string();
            if let Some(id) = name.strip_suffix(".md") {
                bases.insert(id.to_string(), home.join(&name));
            }
        }
        summed.insert(home);
    }
    // An archive of an earlier version has no hashes of its bases.
    for home in fs::folders(&folder)?.iter().map(|story| folder.join(story)) {
        if !summed.contains(&home) {
            for path in own_files(&home)? {
                let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                bases.insert(id, path);
            }
        }
    }
    let changed =
        |input: &&Input| input.is_in(CONTENT) && !sums.contains(sha256(&input.bytes).as_bytes());
    let ids: BTreeSet<String> =
        inputs.par_iter().filter(changed).filter_map(|input| id_of(&input.bytes)).collect();
    let found = ids.iter().filter_map(|id| bases.get(id).cloned());
    Ok(found.filter(|path| path.exists()).collect())
}

/// The id in an entry's front matter, if it is written as the program writes it.
fn id_of(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().skip(1).take_while(|line| line.trim_end() != "+++");
    let value = lines.find_map(|line| line.strip_prefix("id")?.trim_start().strip_prefix('='))?;
    Some(value.split('#').next()?.trim().trim_matches(['"', '\'']).to_string())
}

/// Holds a change to what was read: whatever a person can edit has to have the SHA-256 still that `read`
/// gives, or the change is not made. What stands in `.archive/` is guarded by the lock alone.
pub fn hold(change: &mut Change, read: impl Fn(&str) -> Option<String>) {
    let edited = |file: &&str| {
        let record = file.starts_with(record::FOLDER) && file.ends_with(record::EXTENSION);
        let folder = [CONTENT, TEMPLATES].iter().any(|folder| file.starts_with(folder));
        folder || record || *file == site::FILE || *file == vocabulary::FILE
    };
    let files: Vec<String> = change.files().filter(edited).map(str::to_string).collect();
    for file in files {
        let sum = read(&file);
        change.expect(file, sum);
    }
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
