//! The hashes that stand in an archive, and those that its files have now.
//!
//! All lists are in the form that `sha256sum -c` reads: `dumps/SHA256SUMS`, one in each folder of
//! what the program remembers, and what a build leaves behind of the files that it was made from,
//! `.archive/content/<story>.sha256` and `.archive/SHA256SUMS`. The hashes of the pages themselves
//! are in `.archive/cache/`: they can be made again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::fixity::{parse_sums, print_sums, sha256};
use crate::input::{self, Input};
use crate::paths::OutPath;
use crate::record::{self, SUMS};
use crate::{capture, fs};

/// The hashes of the files in `content/` at the last build, a file for each folder in it.
pub const CONTENT: &str = ".archive/content";
/// The hashes of all other files that the last build was made from.
pub const REST: &str = ".archive/SHA256SUMS";
/// The hashes of the pages that the last build made.
pub const PAGES: &str = ".archive/cache/pages.sha256";
/// What the name of a list in [`CONTENT`] has behind the folder's.
const EXTENSION: &str = ".sha256";

/// What a list of hashes is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Dumps.
    Dumps,
    /// What the program remembers of imports.
    Memory,
    /// What people write.
    Files,
    /// The site.
    Pages,
}

/// A list of hashes.
#[derive(Clone, Debug)]
pub struct List {
    /// Its file.
    pub file: String,
    /// What it is of.
    pub kind: Kind,
    /// The hash of each file, by its path from the archive's root.
    pub sums: BTreeMap<String, String>,
    /// The lines that cannot be read.
    pub bad: Vec<usize>,
}

/// The hashes of an archive: those that are written down, and those of the files now.
#[derive(Clone, Debug, Default)]
pub struct Hashes {
    /// What is written down.
    pub lists: Vec<List>,
    /// The hash of each file that is there, by its path from the archive's root.
    pub now: BTreeMap<String, String>,
}

/// Reads every list, and every file that is in one or should be.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn read(root: &Path) -> fs::Result<Hashes> {
    let mut lists = Vec::new();
    let mut files: BTreeSet<String> = BTreeSet::new();
    let folders =
        [capture::BASE, capture::REVISIONS, capture::FOLDER].map(|name| (name, Kind::Memory));
    for (folder, kind) in [(record::FOLDER, Kind::Dumps)].into_iter().chain(folders) {
        for path in fs::walk(&root.join(folder))?.iter().filter(|path| !fs::is_link(path)) {
            let file = fs::relative(root, path);
            let (above, name) = file.rsplit_once('/').unwrap_or(("", &file));
            if name == SUMS {
                lists.push(list(&file, kind, &format!("{above}/"), &fs::read(path)?));
            } else if !name.starts_with('.') {
                files.insert(file);
            }
        }
    }
    let mut written = fs::walk(&root.join(CONTENT))?;
    written.extend([REST, PAGES].map(|file| root.join(file)));
    for path in written {
        let file = fs::relative(root, &path);
        let Some(bytes) = fs::read_if_there(&path)? else { continue };
        let kind = if file == PAGES { Kind::Pages } else { Kind::Files };
        let list = list(&file, kind, "", &bytes);
        files.extend(list.sums.keys().cloned());
        lists.push(list);
    }
    let hash = |file: &String| {
        let bytes = fs::read_if_file(&root.join(file))?;
        Ok(bytes.map(|bytes| (file.clone(), sha256(&bytes))))
    };
    let now = files.par_iter().map(hash).collect::<fs::Result<Vec<_>>>()?;
    Ok(Hashes { lists, now: now.into_iter().flatten().collect() })
}

fn list(file: &str, kind: Kind, above: &str, bytes: &[u8]) -> List {
    let text = String::from_utf8_lossy(bytes);
    let (sums, bad) = parse_sums(&text);
    // A name that leads out of the archive is not ours to read.
    let inside = |name: &str| !name.starts_with('/') && name.split('/').all(|part| part != "..");
    let sums = sums
        .into_iter()
        .filter(|(name, _)| inside(name))
        .map(|(name, sum)| (format!("{above}{name}"), sum.to_string()))
        .collect();
    List { file: file.to_string(), kind, sums, bad }
}

impl Hashes {
    /// Returns the lists of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &List> {
        self.lists.iter().filter(move |list| list.kind == kind)
    }

    /// Returns every file that is in a list and is not what the list says: with `None` where it is
    /// not there any more.
    pub fn differing<'a>(
        &'a self,
        list: &'a List,
    ) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        list.sums
            .iter()
            .map(|(file, sum)| (file.as_str(), sum, self.now.get(file).map(String::as_str)))
            .filter(|(_, sum, now)| now.is_none_or(|now| now != sum.as_str()))
            .map(|(file, _, now)| (file, now))
    }
}

/// Writes down what a build was made from and what it made, where that is not what stands there.
///
/// # Errors
/// A file that cannot be read or written.
pub fn write(
    root: &Path,
    inputs: &[Input],
    copied: &[(OutPath, PathBuf)],
    pages: &BTreeMap<String, String>,
) -> fs::Result<()> {
    let listed = |input: &&Input| !input.is_link && is_listed(&input.path);
    let mut sums: Vec<(String, String)> = inputs
        .par_iter()
        .filter(listed)
        .map(|input| (input.path.clone(), sha256(&input.bytes)))
        .collect();
    // Files that are copied have the hash that they have in the site.
    sums.extend(copied.iter().filter_map(|(path, file)| {
        let file = fs::relative(root, file);
        Some((file, pages.get(path.as_str())?.clone()))
    }));
    sums.sort();
    let mut lists: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (file, sum) in sums {
        let folder = file.strip_prefix(input::CONTENT).and_then(|rest| rest[1..].split_once('/'));
        let list = match folder {
            Some((folder, _)) => format!("{CONTENT}/{folder}{EXTENSION}"),
            None => REST.into(),
        };
        lists.entry(list).or_default().push((file, sum));
    }
    lists.entry(REST.into()).or_default();
    for (list, sums) in &lists {
        write_changed(&root.join(list), &print_sums(sums.iter().map(|(file, sum)| (file, sum))))?;
    }
    for path in fs::walk(&root.join(CONTENT))? {
        if !lists.contains_key(&fs::relative(root, &path)) {
            fs::remove(&path)?;
        }
    }
    let public = |path: &String| format!("{}/{path}", crate::folder::OWN);
    let pages = print_sums(pages.iter().map(|(path, sum)| (public(path), sum)));
    write_changed(&root.join(PAGES), &pages)
}

/// Whether a file is in a list: all that a build reads but what has a list of its own. A name that
/// `sha256sum` would write in another way is left out.
fn is_listed(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let nobodys = name.starts_with('.') || name.ends_with('~');
    !file.starts_with(".archive/") && !nobodys && !file.contains(['\\', '\n', '\r'])
}

/// Before the first build of an archive: writes the hashes of what is remembered into folders that
/// have none, those of archives that were made before there were any.
///
/// # Errors
/// A file that cannot be read or written.
pub fn fill_in(root: &Path) -> fs::Result<()> {
    if root.join(REST).exists() {
        return Ok(());
    }
    let mut folders: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for folder in [capture::BASE, capture::REVISIONS, capture::FOLDER] {
        for path in fs::walk(&root.join(folder))? {
            let above = path.parent().unwrap_or(root).to_path_buf();
            folders.entry(above).or_default().push(path);
        }
    }
    for (folder, files) in folders {
        let name = |path: &Path| fs::relative(&folder, path);
        if files.iter().any(|path| name(path) == SUMS) {
            continue;
        }
        let own = files.iter().filter(|path| !name(path).starts_with('.') && !fs::is_link(path));
        let sums: Vec<(String, String)> = own
            .map(|path| Ok((name(path), sha256(&fs::read(path)?))))
            .collect::<fs::Result<_>>()?;
        fs::write(&folder.join(SUMS), print_sums(sums.iter().map(|(n, s)| (n, s))).as_bytes())?;
    }
    Ok(())
}

/// Writes a file if it does not say that already: one that is right keeps its time.
pub fn write_changed(path: &Path, text: &str) -> fs::Result<()> {
    if fs::read_if_there(path)?.as_deref() == Some(text.as_bytes()) {
        return Ok(());
    }
    fs::write(path, text.as_bytes())
}
