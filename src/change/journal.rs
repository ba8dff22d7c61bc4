//! The journal of a change: written whole before the first file takes its place, so that a change
//! that was cut off is finished by the next command, and can be taken back.
//!
//! A folder holds the new files under numbers, copies of those that they replace, and a list. It
//! becomes the truth by a single renaming; from there on a change can only go forward.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Left, meanwhile};
use crate::fixity::sha256;
use crate::fs;

/// Where the last change stands, to be taken back. It is nobody's history: version control ignores
/// it.
pub(super) const FOLDER: &str = ".archive/undo";
/// A journal that is being written: worth nothing.
const STAGING: &str = "staging";
/// A journal that is whole, its files perhaps not yet in their places.
const PENDING: &str = "pending";
/// A journal that cannot be finished, since a person has changed a file of it: it is being taken back.
const BACK: &str = "back";
/// The file in a journal that tells that its command begins with it.
const FIRST: &str = "first";
/// The list in a journal.
const LIST: &str = "list.txt";
/// What stands in a list for a file that is not there.
const NONE: &str = "-";

/// A file of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The path, relative to the archive's root.
    pub(super) file: String,
    /// The SHA-256 before and after; `None` where the file was or is to be absent.
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

/// A journal on the disk.
#[derive(Debug)]
pub(super) struct Journal {
    pub(super) folder: PathBuf,
    pub(super) command: String,
    pub(super) steps: Vec<Step>,
}

/// One file that is to change.
#[derive(Debug)]
pub(super) struct Planned {
    /// The path, relative to the archive's root.
    pub(super) file: String,
    /// What it is to hold; `None` for a file that is to be absent.
    pub(super) bytes: Option<Vec<u8>>,
    /// What it was when it was read, where that was asked for: if it is another, the change is made from
    /// what is no longer so.
    pub(super) read: Option<Read>,
}

/// The SHA-256 that a file had when it was read; `None` for one that was not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read(pub(super) Option<String>);

impl Read {
    /// Takes note of a file's bytes.
    pub(super) fn of(bytes: Option<&[u8]>) -> Self {
        Self(bytes.map(sha256))
    }
}

impl Journal {
    /// Writes a journal whole, and makes it the truth. `first` tells that a new command begins, so
    /// that what the one before it left to be taken back is gone.
    pub(super) fn write(
        root: &Path,
        command: &str,
        planned: &[Planned],
        first: bool,
    ) -> fs::Result<Self> {
        let home = root.join(FOLDER);
        let staging = home.join(STAGING);
        fs::remove_own_folder(&staging)?;
        fs::make_folder(&staging)?;
        let stage = |(at, Planned { file, bytes, read }): (usize, &Planned)| {
            let path = root.join(file);
            let old = fs::read_if_there(&path)?;
            // A person can save it at any moment: what is replaced is what was read, or nothing is.
            if read.as_ref().is_some_and(|read| Read::of(old.as_deref()) != *read) {
                return Err(meanwhile(&path));
            }
            if let Some(old) = &old {
                fs::write_synced(&staging.join(format!("old-{at}")), old)?;
            }
            if let Some(bytes) = bytes {
                // On another disk, room has to be found there before anything takes its place.
                let away = !fs::same_disk(&staging, &path);
                let place = if away { beside(&path) } else { staging.join(format!("new-{at}")) };
                fs::make_folder(place.parent().unwrap_or(root))?;
                fs::write_synced(&place, bytes)?;
            }
            let (old, new) = (old.as_deref().map(sha256), bytes.as_deref().map(sha256));
            Ok(Step { file: file.clone(), old, new })
        };
        let staged: fs::Result<Vec<Step>> = planned.par_iter().enumerate().map(stage).collect();
        let steps = staged.inspect_err(|_| {
            for Planned { file, .. } in planned {
                let path = root.join(file);
                let _ = fs::remove_if_there(&beside(&path));
                remove_empty_folders(root, &path);
            }
            let _ = fs::remove_own_folder(&staging);
        })?;
        let journal = Self { folder: home.join(PENDING), command: command.to_string(), steps };
        fs::write_synced(&staging.join(LIST), journal.list().as_bytes())?;
        let ignore = home.join(".gitignore");
        if !ignore.exists() {
            fs::write_synced(&ignore, b"*\n")?;
        }
        if first {
            fs::write_synced(&staging.join(FIRST), b"")?;
        }
        fs::rename(&staging, &journal.folder)?;
        fs::sync_folder(&home);
        Ok(journal)
    }

    /// Puts every file into its place, and keeps the journal to be taken back.
    ///
    /// A file that is neither as it was nor as it is to be was changed by a person since. Then the
    /// change can no longer be made whole, and so is not made: that file stays as it is, all others are
    /// again as they were, and what stood in the way is returned.
    pub(super) fn apply(self, root: &Path) -> fs::Result<Left> {
        if self.folder.ends_with(BACK) {
            return self.take_back(root);
        }
        let mut changed = self.changed(root)?;
        for (at, step) in self.steps.iter().enumerate() {
            if !changed.is_empty() {
                break;
            }
            if !self.place(root, at, step)? {
                changed.push(step.file.clone());
            }
        }
        if !changed.is_empty() {
            let folder = root.join(FOLDER).join(BACK);
            fs::rename(&self.folder, &folder)?;
            return Self { folder, ..self }.take_back(root);
        }
        if self.folder.join(FIRST).exists() {
            // What the command before it left to be taken back is gone.
            for old in numbers(root)? {
                fs::remove_own_folder(&root.join(FOLDER).join(old.to_string()))?;
            }
        }
        let number = numbers(root)?.last().map_or(1, |last| last + 1);
        fs::rename(&self.folder, &root.join(FOLDER).join(number.to_string()))?;
        Ok(Left::default())
    }

    /// The files that are neither as they were nor as they are to be.
    fn changed(&self, root: &Path) -> fs::Result<Vec<String>> {
        let mut changed = Vec::new();
        for step in &self.steps {
            let there = sum(&root.join(&step.file))?;
            if there != step.old && there != step.new {
                changed.push(step.file.clone());
            }
        }
        Ok(changed)
    }

    /// Puts one file into its place; false where a person has changed it.
    fn place(&self, root: &Path, at: usize, step: &Step) -> fs::Result<bool> {
        let path = root.join(&step.file);
        let beside = beside(&path);
        let there = sum(&path)?;
        if there == step.new {
            fs::remove_if_there(&beside)?;
        } else if there != step.old {
            return Ok(false);
        } else if step.new.is_none() {
            fs::remove_if_there(&path)?;
            remove_empty_folders(root, &path);
        } else if beside.exists() {
            fs::put(&beside, &path)?;
        } else {
            fs::make_folder(path.parent().unwrap_or(root))?;
            fs::put(&self.folder.join(format!("new-{at}")), &path)?;
        }
        Ok(true)
    }

    /// Makes every file again what it was that holds what it was to hold. Returns the others.
    fn take_back(&self, root: &Path) -> fs::Result<Left> {
        let files = self.changed(root)?;
        for (at, step) in self.steps.iter().enumerate() {
            let path = root.join(&step.file);
            fs::remove_if_there(&beside(&path))?;
            if step.new != step.old && sum(&path)? == step.new {
                match self.old(at)? {
                    Some(old) => fs::write(&path, &old)?,
                    None => fs::remove_if_there(&path)?,
                }
            }
            remove_empty_folders(root, &path);
        }
        // Out of the way by a single renaming: a journal in pieces would be in the way of the next.
        let done = root.join(FOLDER).join(STAGING);
        fs::remove_own_folder(&done)?;
        fs::rename(&self.folder, &done)?;
        fs::remove_own_folder(&done)?;
        Ok(Left { files, is_back: true })
    }

    /// The list: the command, then a line a file of two hashes and its path.
    fn list(&self) -> String {
        let mut text = format!("{}\n", self.command.replace('\n', " "));
        for step in &self.steps {
            let hash = |hash: &Option<String>| hash.clone().unwrap_or_else(|| NONE.to_string());
            let file = escaped(&step.file);
            let _ = writeln!(text, "{} {} {file}", hash(&step.old), hash(&step.new));
        }
        text
    }

    /// Reads a journal.
    fn read(folder: PathBuf) -> fs::Result<Option<Self>> {
        let Some(bytes) = fs::read_if_there(&folder.join(LIST))? else { return Ok(None) };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut lines = text.lines();
        let command = lines.next().unwrap_or_default().to_string();
        let steps = lines
            .filter_map(|line| {
                let mut parts = line.splitn(3, ' ');
                let hash = |part: &str| (part != NONE).then(|| part.to_string());
                let (old, new) = (hash(parts.next()?), hash(parts.next()?));
                Some(Step { file: plain(parts.next()?), old, new })
            })
            .collect();
        Ok(Some(Self { folder, command, steps }))
    }

    /// Returns the journal of a change that was cut off.
    pub(super) fn pending(root: &Path) -> fs::Result<Option<Self>> {
        let home = root.join(FOLDER);
        Ok(match Self::read(home.join(BACK))? {
            None => Self::read(home.join(PENDING))?,
            back => back,
        })
    }

    /// Returns the journals of the last command, in their order.
    pub(super) fn last(root: &Path) -> fs::Result<Vec<Self>> {
        let mut list = Vec::new();
        for number in numbers(root)? {
            list.extend(Self::read(root.join(FOLDER).join(number.to_string()))?);
        }
        Ok(list)
    }

    /// Returns what a file held before the change.
    pub(super) fn old(&self, at: usize) -> fs::Result<Option<Vec<u8>>> {
        match self.steps.get(at).and_then(|step| step.old.as_ref()) {
            Some(_) => fs::read(&self.folder.join(format!("old-{at}"))).map(Some),
            None => Ok(None),
        }
    }
}

/// The SHA-256 of a file; `None` where there is none.
fn sum(path: &Path) -> fs::Result<Option<String>> {
    Ok(fs::read_if_there(path)?.as_deref().map(sha256))
}

/// Where a new file waits whose place is on another disk than the journal.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.new.tmp"))
}

/// A path on a line of its own: a name may hold a line end.
fn escaped(file: &str) -> String {
    file.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

/// The path that [`escaped`] wrote.
fn plain(line: &str) -> String {
    let mut file = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        file.push(match (letter, letter == '\\') {
            (_, true) => match letters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
            (letter, false) => letter,
        });
    }
    file
}

/// The numbers of the journals that can be taken back.
fn numbers(root: &Path) -> fs::Result<Vec<u32>> {
    let mut numbers: Vec<u32> =
        fs::folders(&root.join(FOLDER))?.iter().filter_map(|name| name.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Removes the folders above a file that was removed, as far as nothing is left in them.
fn remove_empty_folders(root: &Path, path: &Path) {
    for folder in path.ancestors().skip(1).take_while(|folder| *folder != root) {
        fs::remove_folder_if_empty(folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_line_end_is_read_as_it_was_written() {
        for name in ["a.md", "a\nb.md", "a\\nb\r.md", "\\", "\\\n"] {
            assert!(!escaped(name).contains(['\n', '\r']));
            assert_eq!(plain(&escaped(name)), name);
        }
    }
}
