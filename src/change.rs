//! What a command writes into an archive: all of it or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use journal::{Journal, Planned, Read};

use crate::fixity::{parse_sums, print_sums, sha256};
use crate::{diff, fs};

mod journal;

/// What stands before the name of a command that was taken back.
const UNDO: &str = "undo of: ";

/// The folders of which each holds the hashes of its files, in the form that `sha256sum -c` reads.
const SUMMED: [&str; 3] = [".archive/base/", ".archive/revisions/", ".archive/captures/"];
/// The folders of which a dry run shows only the names of files: what the program remembers, and what
/// is given to it.
const NAMED: [&str; 2] = [".archive/", "dumps/"];
/// The file that holds them.
const SUMS: &str = "SHA256SUMS";

/// Files that are to be written or removed together, by their paths relative to the archive's root.
#[derive(Debug, Default)]
pub struct Change {
    /// What `archive undo` calls it.
    command: String,
    files: BTreeMap<String, Option<Vec<u8>>>,
    /// Folders whose hashes are to be there, whether or not a file in them changes.
    summed: BTreeSet<String>,
    /// The SHA-256 that files had when they were read; `None` for one that was not there.
    read: BTreeMap<String, Option<String>>,
}

impl Change {
    /// Begins a change. `command` is what `archive undo` calls it: "import bbc-live.txt".
    pub fn new(command: impl Into<String>) -> Self {
        Self { command: command.into(), ..Self::default() }
    }

    /// Plans that a file holds `bytes`.
    pub fn write(&mut self, file: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(file.into(), Some(bytes.into()));
    }

    /// Plans that a file is not there.
    pub fn remove(&mut self, file: impl Into<String>) {
        self.files.insert(file.into(), None);
    }

    /// Holds the change to what was read: it is made only if the file still has this SHA-256, or, with
    /// `None`, is still not there. A person may have saved it since.
    pub fn expect(&mut self, file: impl Into<String>, sha256: Option<String>) {
        self.read.insert(file.into(), sha256);
    }

    /// Says what `archive undo` calls the change.
    pub fn name(&mut self, command: &str) {
        self.command = command.to_string();
    }

    /// Plans that a folder of what the program remembers holds the hashes of its files.
    pub fn sum(&mut self, folder: impl Into<String>) {
        self.summed.insert(folder.into());
    }

    /// Whether nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the SHA-256 that each file will have that is to be written.
    pub fn sums(&self) -> Vec<(String, String)> {
        let written = self.files.iter().filter_map(|(file, bytes)| Some((file, bytes.as_ref()?)));
        written.map(|(file, bytes)| (file.clone(), sha256(bytes))).collect()
    }

    /// Returns the planned files.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Returns what would change, as `diff -u` shows it, and writes nothing. Of dumps and of what the
    /// program remembers only the names are shown.
    pub fn show(&self, root: &Path) -> fs::Result<String> {
        let mut shown = String::new();
        for (file, planned) in &self.files {
            let there = fs::read_if_there(&root.join(file))?;
            if there == *planned {
                continue;
            }
            let head = |side: &str, bytes: &Option<Vec<u8>>| match bytes {
                Some(_) => format!("{side}/{file}"),
                None => "/dev/null".to_string(),
            };
            let _ = writeln!(shown, "--- {}\n+++ {}", head("a", &there), head("b", planned));
            if NAMED.iter().any(|folder| file.starts_with(folder)) {
                let size = planned.as_ref().map_or(0, Vec::len);
                let _ = writeln!(shown, "({size} bytes, not shown)");
                continue;
            }
            let text = |bytes: &Option<Vec<u8>>| {
                String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned()
            };
            shown.push_str(&diff::unified(&text(&there), &text(planned)));
        }
        Ok(shown)
    }

    /// Adds the files that hold the hashes of what the program remembers.
    fn add_sums(&mut self, root: &Path) -> fs::Result<()> {
        let mut folders: BTreeMap<String, BTreeMap<String, Option<String>>> = BTreeMap::new();
        for (file, planned) in &self.files {
            if let Some((folder, name)) = file.rsplit_once('/')
                && SUMMED.iter().any(|summed| file.starts_with(summed))
            {
                let sum = planned.as_deref().map(sha256);
                folders.entry(folder.to_string()).or_default().insert(name.to_string(), sum);
            }
        }
        for folder in &self.summed {
            if !root.join(folder).join(SUMS).exists() {
                folders.entry(folder.clone()).or_default();
            }
        }
        for (folder, changed) in folders {
            let sums = format!("{folder}/{SUMS}");
            let there = fs::read_if_there(&root.join(&sums))?;
            let mut all: BTreeMap<String, String> = match there {
                Some(bytes) => parse_sums(&String::from_utf8_lossy(&bytes))
                    .0
                    .into_iter()
                    .map(|(name, sum)| (name.to_string(), sum.to_string()))
                    .collect(),
                None => fs::walk(&root.join(&folder))?
                    .iter()
                    .filter(|path| path.parent() == Some(&root.join(&folder)))
                    .map(|path| {
                        let name = path.file_name().unwrap_or_default().to_string_lossy();
                        Ok((name.into_owned(), sha256(&fs::read(path)?)))
                    })
                    .collect::<fs::Result<_>>()?,
            };
            for (name, sum) in changed {
                match sum {
                    Some(sum) => all.insert(name, sum),
                    None => all.remove(&name),
                };
            }
            self.files.insert(sums, Some(print_sums(&all).into_bytes()));
        }
        Ok(())
    }

    /// Makes the change, all of it or nothing. Files that hold already what they should keep their
    /// times. A change that was cut off is finished by [`recover`].
    ///
    /// The lock is to be taken before anything is read that the change is made from. `first` is false
    /// for a further change of the same command: [`undo`] takes all of them back together.
    ///
    /// Returns how many files changed.
    ///
    /// # Errors
    /// A file that is not as it was read, or a failure of the machine; then nothing was written.
    pub fn commit(mut self, _: &Lock, root: &Path, first: bool) -> fs::Result<usize> {
        self.add_sums(root)?;
        self.commit_exactly(root, first)
    }

    fn commit_exactly(mut self, root: &Path, first: bool) -> fs::Result<usize> {
        let mut planned = Vec::new();
        for (file, bytes) in self.files {
            let path = root.join(&file);
            let there = fs::read_if_there(&path)?;
            let read = self.read.remove(&file).map(Read);
            if read.as_ref().is_some_and(|read| Read::of(there.as_deref()) != *read) {
                return Err(meanwhile(&path));
            }
            if there != bytes {
                planned.push(Planned { file, bytes, read });
            }
        }
        let count = planned.len();
        if count > 0 {
            let left = Journal::write(root, &self.command, &planned, first)?.apply(root)?;
            if left.is_back {
                let file = left.files.first().map_or(root.to_path_buf(), |file| root.join(file));
                return Err(meanwhile(&file));
            }
        }
        Ok(count)
    }
}

fn meanwhile(path: &Path) -> fs::Error {
    let cause = std::io::Error::other(
        "somebody has changed it meanwhile: this change was not made; run the command again",
    );
    fs::Error::new("change", path, cause)
}

/// Files that a person changed between the writing of a journal and its end. They stay as they are,
/// and the change that they were part of was not made.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Their paths, relative to the archive's root.
    pub files: Vec<String>,
    /// Whether the change was taken back.
    pub is_back: bool,
}

impl Left {
    /// # Errors
    /// The first of the files.
    fn complain(&self, root: &Path) -> fs::Result<()> {
        self.files.first().map_or(Ok(()), |file| Err(meanwhile(&root.join(file))))
    }
}

/// A change that was cut off, and is finished now, or taken back.
#[derive(Debug, PartialEq, Eq)]
pub struct Finished {
    /// What it was: the command.
    pub command: String,
    /// What a person has changed since; where there is any, the change was taken back.
    pub left: Left,
}

/// The right to change an archive, which one program has at a time.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, never read")] fs::Lock);

impl Lock {
    /// Takes the right, and finishes a change that was cut off, or takes it back.
    ///
    /// # Errors
    /// Another program is changing the archive, or what was cut off could not be finished.
    pub fn take(root: &Path) -> fs::Result<Self> {
        let path = root.join(journal::FOLDER).join("lock");
        let Some(lock) = fs::Lock::take(&path)? else {
            let cause =
                std::io::Error::other("another `archive` is changing it; wait until it is done");
            return Err(fs::Error::new("change", root, cause));
        };
        if let Some(finished) = finish(root)? {
            finished.left.complain(root)?;
        }
        Ok(Self(lock))
    }
}

/// Returns the command of a change that was cut off and is not finished yet.
pub fn pending(root: &Path) -> fs::Result<Option<String>> {
    Ok(Journal::pending(root)?.map(|journal| journal.command))
}

/// Finishes a change that was cut off, or takes it back. Returns what it was; `None` where there is
/// none, or where another program is at work on it.
pub fn recover(root: &Path) -> fs::Result<Option<Finished>> {
    if Journal::pending(root)?.is_none() {
        return Ok(None);
    }
    match fs::Lock::take(&root.join(journal::FOLDER).join("lock"))? {
        Some(_lock) => finish(root),
        None => Ok(None),
    }
}

fn finish(root: &Path) -> fs::Result<Option<Finished>> {
    let Some(journal) = Journal::pending(root)? else { return Ok(None) };
    let command = journal.command.clone();
    let left = journal.apply(root)?;
    Ok(Some(Finished { command, left }))
}

/// What was taken back, or why nothing was.
#[derive(Debug, PartialEq, Eq)]
pub enum Undone {
    /// Nothing is left that could be taken back.
    Nothing,
    /// Files that were changed since, and so stay: nothing was done.
    ChangedSince(String, Vec<String>),
    /// The command, and how many files are again as they were.
    Done(String, usize),
}

/// Takes the last command back, to the byte; taken back itself, it is done again.
///
/// A file that was changed since is a person's: then nothing is done.
pub fn undo(root: &Path, dry_run: bool) -> fs::Result<Undone> {
    let _lock = if dry_run { None } else { Some(Lock::take(root)?) };
    let journals = Journal::last(root)?;
    let Some(last) = journals.first() else { return Ok(Undone::Nothing) };
    let command = last.command.clone();
    let back = match command.strip_prefix(UNDO) {
        Some(again) => again.to_string(),
        None => format!("{UNDO}{command}"),
    };
    let mut change = Change::new(back);
    let mut after: BTreeMap<&str, &Option<String>> = BTreeMap::new();
    for journal in journals.iter().rev() {
        for (at, step) in journal.steps.iter().enumerate() {
            after.entry(&step.file).or_insert(&step.new);
            change.files.insert(step.file.clone(), journal.old(at)?);
        }
    }
    let mut changed = Vec::new();
    for (file, new) in &after {
        if fs::read_if_there(&root.join(file))?.as_deref().map(sha256) != **new {
            changed.push((*file).to_string());
        }
    }
    if !changed.is_empty() {
        return Ok(Undone::ChangedSince(command, changed));
    }
    for (file, new) in after {
        change.read.insert(file.to_string(), new.clone());
    }
    let count = if dry_run { change.files.len() } else { change.commit_exactly(root, true)? };
    Ok(Undone::Done(command, count))
}
