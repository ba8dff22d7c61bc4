//! Makes a folder equal to what was planned: writes only what differs, removes only what an earlier
//! build wrote and this one does not.
//!
//! What is ours is told by a manifest in the folder, [`MANIFEST`]. A folder without it that is not
//! empty is not ours, and is refused. Files are staged first and take their places when all of them
//! are written, so that a build that fails leaves the site as it was.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::fs;
use crate::paths::OutPath;

/// The folder of an archive that its site is built into.
pub const OWN: &str = "public";
/// The file that marks a folder as ours and lists what we wrote into it.
pub const MANIFEST: &str = ".archive-output";
/// Where files wait until all are written, inside a folder that exists.
const STAGING: &str = ".archive-new";
/// Names in the folder that are the program's own.
pub const RESERVED: &[&str] = &[MANIFEST, STAGING];
/// The first line of a manifest.
const HEADER: &str =
    "# Written by `archive build`, which replaces and removes only the files listed here.";
/// Folders of an archive that hold what people made.
const PRECIOUS: &[&str] =
    &["content", "dumps", "formats", "templates", "static", ".archive", ".git"];

/// Why a folder cannot be used.
#[derive(Debug)]
pub enum Error {
    /// It is not a folder to build into; nothing was touched.
    Refused(String),
    /// The machine failed.
    Machine(fs::Error),
}

impl From<fs::Error> for Error {
    fn from(error: fs::Error) -> Self {
        Self::Machine(error)
    }
}

/// What a build did to its folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Files that are new or differ.
    pub written: usize,
    /// Files that were right already; their times stay.
    pub unchanged: usize,
    /// Files of an earlier build that are no longer planned.
    pub removed: usize,
}

/// A folder that is being made equal to a plan. Dropped before [`Folder::publish`], it leaves the
/// folder as it was.
#[derive(Debug)]
pub struct Folder {
    place: PathBuf,
    staging: PathBuf,
    /// Whether the folder is there already.
    exists: bool,
    owned: BTreeSet<String>,
    staged: Mutex<Vec<String>>,
    folders: Mutex<BTreeSet<PathBuf>>,
    unchanged: AtomicUsize,
}

impl Folder {
    /// Opens the folder `place`, which need not exist, for the archive at `root`.
    ///
    /// # Errors
    /// A folder that holds the archive or something that it did not make.
    pub fn open(root: &Path, place: &Path) -> Result<Self, Error> {
        let place = absolute(place)?;
        refuse_precious(&fs::canonical(root)?, &place)?;
        if fs::is_link(&place) {
            return Err(refusal(&place, "is a symbolic link", "name the folder itself"));
        }
        let exists = place.exists();
        if exists && !place.is_dir() {
            return Err(refusal(&place, "is a file", "name a folder"));
        }
        let owned = match fs::read_if_there(&place.join(MANIFEST))? {
            Some(bytes) => owned(&bytes),
            None if exists && !fs::is_empty(&place)? => {
                return Err(refusal(
                    &place,
                    "is not empty and was not made by `archive build`",
                    "name a folder that is empty or does not exist yet",
                ));
            }
            None => BTreeSet::new(),
        };
        let staging = if exists {
            place.join(STAGING)
        } else {
            let name = place.file_name().unwrap_or_default().to_string_lossy();
            place.with_file_name(format!(".{name}{STAGING}"))
        };
        // What a build left behind that was killed.
        fs::remove_own_folder(&staging)?;
        let (staged, folders) = (Mutex::default(), Mutex::default());
        let unchanged = AtomicUsize::new(0);
        Ok(Self { place, staging, exists, owned, staged, folders, unchanged })
    }

    /// Puts one file into the folder; it takes its place with [`Folder::publish`].
    ///
    /// # Errors
    /// A file of that name that is not ours, or a failure of the machine.
    pub fn put(&self, path: &OutPath, bytes: &[u8]) -> Result<(), Error> {
        if self.exists {
            let place = self.place.join(path.as_str());
            if let Some(there) = fs::read_if_file(&place)? {
                if !self.owned.contains(path.as_str()) {
                    return Err(refusal(
                        &place,
                        "was not written by `archive build`",
                        "move it away; files of your own belong in static/",
                    ));
                }
                if there == bytes {
                    self.unchanged.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
            }
        }
        let waiting = self.staging.join(path.as_str());
        self.make_folder(waiting.parent().unwrap_or(&self.staging))?;
        fs::write_new(&waiting, bytes)?;
        lock(&self.staged).push(path.as_str().to_string());
        Ok(())
    }

    fn make_folder(&self, folder: &Path) -> fs::Result<()> {
        if lock(&self.folders).contains(folder) {
            return Ok(());
        }
        fs::make_folder(folder)?;
        lock(&self.folders).insert(folder.to_path_buf());
        Ok(())
    }

    /// Moves every file that was put to its place, and removes what is ours and not among `planned`.
    ///
    /// # Errors
    /// A failure of the machine.
    pub fn publish(self, planned: &BTreeSet<&str>) -> Result<Change, Error> {
        let staged = std::mem::take(&mut *lock(&self.staged));
        let stale: Vec<&String> =
            self.owned.iter().filter(|path| !planned.contains(path.as_str())).collect();
        let manifest = manifest(planned);
        let change = Change {
            written: staged.len(),
            unchanged: self.unchanged.load(Ordering::Relaxed),
            removed: stale.len(),
        };
        if !self.exists {
            fs::make_folder(&self.staging)?;
            fs::write_new(&self.staging.join(MANIFEST), &manifest)?;
            fs::rename(&self.staging, &self.place)?;
            return Ok(change);
        }
        // First a manifest of both builds: whatever happens now, all of it stays known as ours.
        if change.written > 0 || change.removed > 0 || self.owned.is_empty() {
            let both: BTreeSet<&str> =
                planned.iter().copied().chain(self.owned.iter().map(String::as_str)).collect();
            fs::write(&self.place.join(MANIFEST), &self::manifest(&both))?;
        }
        // What goes makes room first: a file may become a folder, and the other way round.
        for path in stale {
            self.remove(path)?;
        }
        lock(&self.folders).clear();
        for path in &staged {
            let place = self.place.join(path);
            self.make_folder(place.parent().unwrap_or(&self.place))?;
            fs::rename(&self.staging.join(path), &place)?;
        }
        if fs::read_if_there(&self.place.join(MANIFEST))?.as_deref() != Some(&manifest[..]) {
            fs::write(&self.place.join(MANIFEST), &manifest)?;
        }
        Ok(change)
    }

    fn remove(&self, path: &str) -> fs::Result<()> {
        let file = self.place.join(path);
        match fs::remove(&file) {
            Err(error) if !error.is_missing() => return Err(error),
            _ => {}
        }
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != self.place) {
            fs::remove_folder_if_empty(folder);
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_own_folder(&self.staging);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A poisoned list is still a list: the thread that panicked ends the build anyway.
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The paths that a manifest lists; one that leads out of the folder is not ours.
fn owned(bytes: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter(|line| OutPath::copied(line).is_ok()).map(str::to_string).collect()
}

fn manifest(planned: &BTreeSet<&str>) -> Vec<u8> {
    let mut text = format!("{HEADER}\n");
    for path in planned {
        text.push_str(path);
        text.push('\n');
    }
    text.into_bytes()
}

fn refusal(place: &Path, what: &str, instead: &str) -> Error {
    Error::Refused(format!("{} {what}\n  hint: {instead}", place.display()))
}

/// Returns the path of a folder that is to be made new, which must not be part of the archive at
/// `root`.
///
/// # Errors
/// A place where something is already, or a failure of the machine.
pub fn new_place(root: &Path, place: &Path) -> Result<PathBuf, Error> {
    let place = absolute(place)?;
    refuse_precious(&fs::canonical(root)?, &place)?;
    let there = place.symlink_metadata();
    if there.is_ok_and(|there| !there.is_dir()) || (place.exists() && !fs::is_empty(&place)?) {
        let hint = "name a folder that is empty or does not exist yet";
        return Err(refusal(&place, "is there already", hint));
    }
    Ok(place)
}

/// Returns a path without `.`, `..` or links, though its end need not exist.
fn absolute(path: &Path) -> fs::Result<PathBuf> {
    let mut missing = Vec::new();
    let mut there = path.to_path_buf();
    if there.as_os_str().is_empty() {
        there.push(".");
    }
    // The last part itself may be a link, which is refused later by its own name.
    while there.symlink_metadata().is_err() || there.is_symlink() {
        let Some(Component::Normal(name)) = there.components().next_back() else { break };
        missing.push(name.to_os_string());
        there.pop();
        if there.as_os_str().is_empty() {
            there.push(".");
        }
    }
    let mut whole = fs::canonical(&there)?;
    whole.extend(missing.iter().rev());
    Ok(whole)
}

/// Refuses a folder that is, holds, or is part of what people made.
fn refuse_precious(root: &Path, place: &Path) -> Result<(), Error> {
    let hint = "name a folder of its own, such as public";
    if place.parent().is_none() {
        return Err(refusal(place, "is the whole disk", hint));
    }
    if root.starts_with(place) {
        return Err(refusal(place, "is the archive itself or a folder around it", hint));
    }
    for name in PRECIOUS {
        let precious = root.join(name);
        if place.starts_with(&precious) {
            return Err(refusal(
                place,
                &format!("is part of the archive's own folder {name}"),
                hint,
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> OutPath {
        OutPath::copied(text).unwrap()
    }

    fn build(root: &Path, place: &Path, files: &[(&str, &str)]) -> Result<Change, Error> {
        let folder = Folder::open(root, place)?;
        for (name, text) in files {
            folder.put(&path(name), text.as_bytes())?;
        }
        folder.publish(&files.iter().map(|(name, _)| *name).collect())
    }

    #[test]
    fn a_file_may_become_a_folder_and_the_other_way_round() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("public");
        build(root.path(), &place, &[("a", "a"), ("b/c", "c")]).unwrap();
        build(root.path(), &place, &[("a/d", "d"), ("b", "b")]).unwrap();
        assert_eq!(names(&place), [MANIFEST, "a/d", "b"]);
    }

    fn names(place: &Path) -> Vec<String> {
        fs::walk(place).unwrap().iter().map(|file| fs::relative(place, file)).collect()
    }

    #[test]
    fn only_what_differs_is_written_and_only_what_is_ours_is_removed() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("public");
        let first = build(root.path(), &place, &[("a.html", "a"), ("b/c.html", "c")]).unwrap();
        assert_eq!(first, Change { written: 2, unchanged: 0, removed: 0 });
        fs::write(&place.join("CNAME"), b"mine").unwrap();
        let stamp = fs::stamp(&place.join("a.html"));
        let second = build(root.path(), &place, &[("a.html", "a"), ("d.html", "d")]).unwrap();
        assert_eq!(second, Change { written: 1, unchanged: 1, removed: 1 });
        assert_eq!(fs::stamp(&place.join("a.html")), stamp);
        assert_eq!(names(&place), [MANIFEST, "CNAME", "a.html", "d.html"]);
        assert!(!place.join("b").exists());
    }

    #[test]
    fn a_build_that_is_given_up_changes_nothing() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("public");
        build(root.path(), &place, &[("a.html", "a")]).unwrap();
        let folder = Folder::open(root.path(), &place).unwrap();
        folder.put(&path("a.html"), b"b").unwrap();
        drop(folder);
        assert_eq!(names(&place), [MANIFEST, "a.html"]);
        assert_eq!(fs::read(&place.join("a.html")).unwrap(), b"a");
    }

    #[test]
    fn dangerous_folders_are_refused_untouched() {
        let around = tempfile::tempdir().unwrap();
        let root = around.path().join("archive");
        fs::write(&root.join("content/a.md"), b"a").unwrap();
        fs::write(&root.join("full/mine"), b"a").unwrap();
        fs::write(&root.join("file"), b"a").unwrap();
        let before = names(around.path());
        for bad in [
            ".",
            "..",
            "content",
            "content/sub",
            "dumps",
            "full",
            "file",
            "/",
            "content/../content",
            ".archive/x",
            "../archive",
        ] {
            let result = build(&root, &root.join(bad), &[("a.html", "a")]);
            assert!(matches!(result, Err(Error::Refused(_))), "{bad}: {result:?}");
        }
        assert_eq!(names(around.path()), before);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_refused_by_name() {
        let root = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), root.path().join("public")).unwrap();
        let result = build(root.path(), &root.path().join("public"), &[("a.html", "a")]);
        assert!(
            matches!(&result, Err(Error::Refused(why)) if why.contains("symbolic link")),
            "{result:?}"
        );
    }

    #[test]
    fn a_file_that_is_not_ours_is_never_replaced() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("public");
        build(root.path(), &place, &[("a.html", "a")]).unwrap();
        fs::write(&place.join("b.html"), b"mine").unwrap();
        let result = build(root.path(), &place, &[("a.html", "a"), ("b.html", "b")]);
        assert!(matches!(result, Err(Error::Refused(_))), "{result:?}");
        assert_eq!(fs::read(&place.join("b.html")).unwrap(), b"mine");
    }
}
