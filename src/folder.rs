//! Makes a folder equal to what was planned: writes only what differs, removes only what an earlier
//! build wrote and this one does not.
//!
//! What is ours is told by a manifest in the folder, [`MANIFEST`]. A folder without it that is not
//! empty is not ours, and is refused. Files are staged first and take their places when all of them
//! are written; where one cannot, all go back. A build that fails leaves the site as it was.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::fs;
use crate::paths::OutPath;
use exchange::Exchange;

mod exchange;

/// The folder of an archive that its site is built into.
pub const OWN: &str = "public";
/// The file that marks a folder as ours and lists what we wrote into it.
pub const MANIFEST: &str = ".archive-output";
/// Where files wait until all are written, inside a folder that exists.
const STAGING: &str = ".archive-new";
/// In there, the new files and the old ones, while the one take the places of the other.
const WAITING: &str = "new";
const KEPT: &str = "old";
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
        let waiting = self.waiting().join(path.as_str());
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
    /// A failure of the machine; every file is the one that it was then.
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
        let old = fs::read_if_there(&self.place.join(MANIFEST))?;
        if change.written == 0 && change.removed == 0 && old.as_deref() == Some(&manifest[..]) {
            return Ok(change);
        }
        let mut exchange = self.exchange(planned, &stale, &staged)?;
        let whole = self.staging.join("whole");
        fs::write_synced(&whole, &manifest)?;
        exchange.put(&whole, MANIFEST)?;
        exchange.finish();
        Ok(change)
    }

    /// Puts every staged file into its place; the manifest lists the files of both builds then.
    fn exchange(
        &self,
        planned: &BTreeSet<&str>,
        stale: &[&String],
        staged: &[String],
    ) -> fs::Result<Exchange<'_>> {
        let mut exchange = Exchange::new(&self.place, self.staging.join(KEPT))?;
        // First a manifest of both builds: whatever happens now, all of it stays known as ours.
        let both = planned.iter().copied().chain(self.owned.iter().map(String::as_str)).collect();
        let listed = self.staging.join("both");
        fs::write_synced(&listed, &manifest(&both))?;
        exchange.put(&listed, MANIFEST)?;
        // What goes makes room first: a file may become a folder, and the other way round.
        for path in stale {
            exchange.remove(path)?;
        }
        let waiting = self.waiting();
        for path in staged {
            exchange.put(&waiting.join(path), path)?;
        }
        Ok(exchange)
    }

    /// Where the files of the site wait: a folder that does not exist yet is made of it as it is.
    fn waiting(&self) -> PathBuf {
        if self.exists { self.staging.join(WAITING) } else { self.staging.clone() }
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

/// Returns the path of a file that is to be written, which must not be part of what people made in
/// the archive at `root`.
///
/// # Errors
/// A place that is no file's, or a failure of the machine.
pub fn new_file(root: &Path, place: &Path) -> Result<PathBuf, Error> {
    let place = absolute(place)?;
    refuse_precious(&fs::canonical(root)?, &place)?;
    if place.is_dir() || fs::is_link(&place) {
        let what = if place.is_dir() { "is a folder" } else { "is a symbolic link" };
        return Err(refusal(&place, what, "name a file"));
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
    let hint = "name a place of its own, such as public";
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

    /// A site whose next build writes, replaces and removes files, and makes a folder of a file
    /// and a file of a folder.
    const BEFORE: [(&str, &str); 6] = [
        ("a", "old a"),
        ("b/c", "old c"),
        ("d", "old d"),
        ("e/i", "old i"),
        ("gone/f", "old f"),
        ("same", "same"),
    ];
    const AFTER: [(&str, &str); 7] = [
        ("a", "new a"),
        ("b/c", "new c"),
        ("b/f", "new f"),
        ("d/g", "new g"),
        ("e", "new e"),
        ("new/h", "new h"),
        ("same", "same"),
    ];

    fn staged<'a>(root: &Path, place: &Path) -> (Folder, BTreeSet<&'a str>) {
        let folder = Folder::open(root, place).unwrap();
        for (name, text) in AFTER {
            folder.put(&path(name), text.as_bytes()).unwrap();
        }
        (folder, AFTER.iter().map(|(name, _)| *name).collect())
    }

    fn texts(place: &Path) -> Vec<(String, String)> {
        let text = |name: &String| String::from_utf8(fs::read(&place.join(name)).unwrap()).unwrap();
        names(place).into_iter().map(|name| (name.clone(), text(&name))).collect()
    }

    #[test]
    fn a_build_whose_files_cannot_take_their_places_leaves_the_old_ones() {
        // The folder of somebody else stands where a file of ours was, or is to be.
        for blocked in ["b/c", "b/f", "new/h"] {
            let root = tempfile::tempdir().unwrap();
            let place = root.path().join("public");
            build(root.path(), &place, &BEFORE).unwrap();
            let _ = fs::remove(&place.join(blocked));
            fs::write(&place.join(blocked).join("mine"), b"mine").unwrap();
            let before = texts(&place);
            let (folder, planned) = staged(root.path(), &place);
            let result = folder.publish(&planned);
            assert!(matches!(result, Err(Error::Machine(_))), "{blocked}: {result:?}");
            assert_eq!(texts(&place), before, "{blocked}");
            // What is in the way goes, and the next build is whole.
            fs::remove_own_folder(&place.join(blocked)).unwrap();
            build(root.path(), &place, &AFTER).unwrap();
            assert_eq!(names(&place)[1..], AFTER.map(|(name, _)| name.to_string()), "{blocked}");
        }
    }

    #[test]
    fn a_build_that_is_killed_leaves_each_file_old_or_new_and_the_next_is_whole() {
        let known = |name: &str, list: &[(&str, &str)]| {
            list.iter().find(|(other, _)| *other == name).map(|(_, text)| (*text).to_string())
        };
        for steps in 0..=9 {
            let root = tempfile::tempdir().unwrap();
            let place = root.path().join("public");
            build(root.path(), &place, &BEFORE).unwrap();
            let (folder, planned) = staged(root.path(), &place);
            let stale = ["d", "e/i", "gone/f"].map(str::to_string);
            let new = lock(&folder.staged).clone();
            let (first, then) = (steps.min(stale.len()), steps.saturating_sub(stale.len()));
            let stale: Vec<&String> = stale[..first].iter().collect();
            let exchange = folder.exchange(&planned, &stale, &new[..then]).unwrap();
            // As a kill leaves it: nothing is put back, and nothing swept.
            std::mem::forget(exchange);
            std::mem::forget(folder);
            for name in BEFORE.iter().chain(&AFTER).map(|(name, _)| *name) {
                let file = fs::read_if_file(&place.join(name)).unwrap();
                let now = file.map(|bytes| String::from_utf8(bytes).unwrap());
                let is_one = now == known(name, &BEFORE) || now == known(name, &AFTER);
                assert!(is_one, "{steps} steps: {name} is {now:?}");
            }
            build(root.path(), &place, &AFTER).unwrap();
            let whole = AFTER.map(|(name, text)| (name.to_string(), text.to_string()));
            assert_eq!(texts(&place)[1..], whole, "{steps} steps");
        }
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
