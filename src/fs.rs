//! The only file that touches the disk. Each error names the path and what was tried.
//!
//! Files are written whole or not at all: to a temporary name first, then renamed. A [`Batch`]
//! does that for many files, so that a full disk leaves none of them behind.

#![expect(clippy::disallowed_methods, reason = "this is the file that the lint sends people to")]

use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;

/// A failure of the machine: a file that cannot be read or written.
#[derive(Debug)]
pub struct Error {
    /// What was tried: "read", "write", "remove".
    action: &'static str,
    path: PathBuf,
    cause: io::Error,
}

impl Error {
    /// Returns an error for something that was tried on a path.
    pub fn new(action: &'static str, path: &Path, cause: io::Error) -> Self {
        Self { action, path: path.to_path_buf(), cause }
    }

    /// Whether the file is not there.
    pub fn is_missing(&self) -> bool {
        self.cause.kind() == io::ErrorKind::NotFound
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, path, cause } = self;
        write!(f, "cannot {action} {}: {cause}", path.display())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

/// What touching the disk returns.
pub type Result<T> = std::result::Result<T, Error>;

fn at<T>(action: &'static str, path: &Path, result: io::Result<T>) -> Result<T> {
    result.map_err(|cause| Error::new(action, path, cause))
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    at("read", path, std::fs::read(path))
}

/// Opens a file to be read piece by piece.
pub fn open(path: &Path) -> Result<std::fs::File> {
    at("read", path, std::fs::File::open(path))
}

/// Reads a whole file, or `None` where there is none.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a whole file, or `None` where there is none: nothing, a folder, or a file in the place of
/// one of the folders above it.
pub fn read_if_file(path: &Path) -> Result<Option<Vec<u8>>> {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    match read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.cause.kind(), NotFound | IsADirectory | NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Reads standard input to its end.
pub fn read_stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    at(
        "read",
        Path::new("standard input"),
        io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes),
    )?;
    Ok(bytes)
}

/// Returns every file below `folder`, sorted by path; empty where the folder does not exist.
///
/// Links are not followed and come back as they are, so that nothing from outside the archive
/// slips into it: [`is_link`] tells them.
pub fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    match folder.symlink_metadata() {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(files),
        Err(cause) => return Err(Error::new("read", folder, cause)),
        Ok(meta) if meta.is_symlink() => {
            let cause = io::Error::other("it is a symbolic link, expected a folder of its own");
            return Err(Error::new("read", folder, cause));
        }
        Ok(_) => {}
    }
    for item in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let item = item.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_path_buf();
            Error::new("read", &path, error.into())
        })?;
        if !item.file_type().is_dir() {
            files.push(item.into_path());
        }
    }
    Ok(files)
}

/// Returns a path relative to the archive's root, with `/` on every system.
pub fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Returns the text of a file, or tells the line on which it stops being UTF-8.
///
/// # Errors
/// The finding, with its line.
pub fn text_of(file: &str, bytes: Vec<u8>) -> std::result::Result<String, Box<Diagnostic>> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..good]);
        let line = crate::diagnostic::line_at(&before, good);
        let byte = error.as_bytes()[good];
        Box::new(
            Diagnostic::error(file, line, format!("the byte 0x{byte:02X}, expected text in UTF-8"))
                .hint("save the file again as UTF-8"),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text);
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

/// Whether `path` is a symbolic link.
pub fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|meta| meta.is_symlink())
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> Result<()> {
    at("make the folder", path, std::fs::create_dir_all(path))
}

/// Writes a file whole: beside its place first, then renamed into it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut batch = Batch::default();
    batch.stage(path, bytes)?;
    batch.commit()
}

/// Writes a new file straight to its place, for a folder that nobody reads yet.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    at("write", path, std::fs::write(path, bytes))
}

/// Writes a new file, and waits until it is safe on the disk.
pub fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = at("write", path, std::fs::File::create(path))?;
    at("write", path, file.write_all(bytes))?;
    at("write", path, file.sync_all())
}

/// Makes sure that a folder's own list of files is safe on the disk, where the system can do that.
pub fn sync_folder(path: &Path) {
    if let Ok(folder) = std::fs::File::open(path) {
        let _ = folder.sync_all();
    }
}

/// Whether a file at `other`, which need not be there, is on the same disk as `path`, as far as the
/// system tells.
pub fn same_disk(path: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let disk = |path: &Path| {
            path.ancestors().find_map(|above| above.metadata().ok()).map(|meta| meta.dev())
        };
        disk(path) == disk(other)
    }
    #[cfg(not(unix))]
    {
        let _ = (path, other);
        true
    }
}

/// Moves a file to its place, also onto another disk; a file that is there is replaced as a whole.
pub fn put(from: &Path, to: &Path) -> Result<()> {
    match std::fs::rename(from, to) {
        Err(cause) if cause.kind() == io::ErrorKind::CrossesDevices => {
            write(to, &read(from)?)?;
            remove(from)
        }
        result => at("write", to, result),
    }
}

/// Returns the names of the folders in a folder, sorted; none where it does not exist.
pub fn folders(path: &Path) -> Result<Vec<String>> {
    let items = match std::fs::read_dir(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        items => at("read", path, items)?,
    };
    let mut names = Vec::new();
    for item in items {
        let item = at("read", path, item)?;
        if item.file_type().is_ok_and(|kind| kind.is_dir()) {
            names.push(item.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// A lock on an archive: as long as it lives, no other program that asks for it gets it. The system
/// lets it go when the program ends, however it ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held open, never read")] std::fs::File);

impl Lock {
    /// Takes the lock that `path` stands for; `None` where another program has it.
    pub fn take(path: &Path) -> Result<Option<Self>> {
        make_folder(path.parent().unwrap_or(Path::new(".")))?;
        let options = std::fs::File::options().create(true).append(true).open(path);
        let file = at("lock", path, options)?;
        // Some disks in the network know no locks: better without than not at all.
        let taken = matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock));
        Ok((!taken).then_some(Self(file)))
    }
}

/// Writes a file that can be made again: whole, but not forced onto the disk.
pub fn write_unsynced(path: &Path, bytes: &[u8]) -> Result<()> {
    make_folder(path.parent().unwrap_or(Path::new(".")))?;
    let temporary = path.with_extension("tmp");
    write_new(&temporary, bytes)?;
    rename(&temporary, path)
}

/// Makes a new file to be written piece by piece, and the folders above it.
pub fn create(path: &Path) -> Result<std::fs::File> {
    make_folder(path.parent().unwrap_or(Path::new(".")))?;
    at("write", path, std::fs::File::create_new(path))
}

/// Forces files onto the disk that were written: without this, they can be lost in a power cut.
pub fn sync(files: &[PathBuf]) -> Result<()> {
    files.par_iter().try_for_each(|path| {
        let file = at("write", path, std::fs::File::options().append(true).open(path))?;
        at("write", path, file.sync_all())
    })
}

/// Whether a folder holds nothing.
pub fn is_empty(folder: &Path) -> Result<bool> {
    at("read", folder, std::fs::read_dir(folder)).map(|mut items| items.next().is_none())
}

/// Removes a file that this program made.
pub fn remove(path: &Path) -> Result<()> {
    at("remove", path, std::fs::remove_file(path))
}

/// Removes a file, if it is there.
pub fn remove_if_there(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        result => at("remove", path, result),
    }
}

/// Removes a folder if nothing is left in it; says nothing otherwise.
pub fn remove_folder_if_empty(path: &Path) {
    let _ = std::fs::remove_dir(path);
}

/// Removes a folder that this program made, with all that is in it.
pub fn remove_own_folder(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        result => at("remove", path, result),
    }
}

/// Gives a file or folder another name, replacing a file that has it.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    at("write", to, std::fs::rename(from, to))
}

/// Gives a file a second name, by which it can still be found when another takes its place: a link
/// of the system, or a copy where the disk has none. Returns whether there is a file to be kept.
pub fn keep(path: &Path, second: &Path) -> Result<bool> {
    if !path.symlink_metadata().is_ok_and(|there| !there.is_dir()) {
        return Ok(false);
    }
    if std::fs::hard_link(path, second).is_err() {
        at("keep", path, std::fs::copy(path, second))?;
    }
    Ok(true)
}

/// Returns the absolute path without links or `..`, of something that exists.
pub fn canonical(path: &Path) -> Result<PathBuf> {
    at("find", path, path.canonicalize())
}

/// What tells that a file is still the one it was: its size in bytes, the time of its last change
/// in nanoseconds since 1970, and, where the system has it, the time of the last change of what the
/// system knows of it, which no copying program can set back. `None` where it is not a file.
pub fn stamp(path: &Path) -> Option<(u64, u128, i64)> {
    let meta = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    let changed = meta.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    #[cfg(unix)]
    let known = {
        use std::os::unix::fs::MetadataExt as _;
        meta.ctime().wrapping_mul(1_000_000_000).wrapping_add(meta.ctime_nsec())
    };
    #[cfg(not(unix))]
    let known = 0;
    Some((meta.len(), changed.as_nanos(), known))
}

/// Many files that are written together: all are staged under temporary names, and only when
/// every one is safely on the disk do they take their places. Dropped before that, it takes the
/// temporary files away again.
#[derive(Debug, Default)]
pub struct Batch {
    staged: Vec<(PathBuf, PathBuf)>,
    folders: Vec<PathBuf>,
}

impl Batch {
    /// Writes `bytes` beside the place of `path`, and makes the folders that it needs.
    pub fn stage(&mut self, path: &Path, bytes: &[u8]) -> Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        self.make_folders(folder)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = folder.join(format!(".{name}.{}.tmp", std::process::id()));
        self.staged.push((temporary.clone(), path.to_path_buf()));
        let mut file = at("write", path, std::fs::File::create(&temporary))?;
        at("write", path, file.write_all(bytes))
    }

    /// Moves every staged file to its place.
    pub fn commit(mut self) -> Result<()> {
        // Without this, a rename can survive a power cut that its content does not. Many files at a
        // time cost a disk little more than one.
        self.staged.par_iter().try_for_each(|(temporary, path)| {
            let file = at("write", path, std::fs::File::options().append(true).open(temporary))?;
            at("write", path, file.sync_all())
        })?;
        self.folders.clear();
        let mut staged = std::mem::take(&mut self.staged).into_iter();
        while let Some((temporary, path)) = staged.next() {
            if let Err(cause) = std::fs::rename(&temporary, &path) {
                self.staged.push((temporary, path.clone()));
                self.staged.extend(staged);
                return Err(Error::new("write", &path, cause));
            }
        }
        Ok(())
    }

    fn make_folders(&mut self, folder: &Path) -> Result<()> {
        let missing: Vec<_> = folder
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
            .collect();
        for path in missing.into_iter().rev() {
            at("make the folder", path, std::fs::create_dir(path))?;
            self.folders.push(path.to_path_buf());
        }
        Ok(())
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        for (temporary, _) in &self.staged {
            let _ = std::fs::remove_file(temporary);
        }
        for folder in self.folders.iter().rev() {
            remove_folder_if_empty(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_that_is_dropped_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut batch = Batch::default();
        batch.stage(&folder.path().join("a/b/one.md"), b"one").unwrap();
        drop(batch);
        assert_eq!(walk(folder.path()).unwrap(), Vec::<PathBuf>::new());
        assert!(!folder.path().join("a").exists());
    }

    #[test]
    fn a_batch_that_is_committed_writes_all() {
        let folder = tempfile::tempdir().unwrap();
        let mut batch = Batch::default();
        batch.stage(&folder.path().join("a/one.md"), b"one").unwrap();
        batch.stage(&folder.path().join("b/two.md"), b"two").unwrap();
        batch.commit().unwrap();
        let names: Vec<_> = walk(folder.path()).unwrap();
        assert_eq!(names, [folder.path().join("a/one.md"), folder.path().join("b/two.md")]);
    }

    #[test]
    fn an_error_names_the_path() {
        let error = read(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read /nowhere/at/all: "), "{error}");
        assert!(error.is_missing());
    }
}
