//! What the tests of whole commands share: an archive in a folder of its own, and the program.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A dump in the layout of a BBC page, in words of our own.
pub const LIVE: &str = "Summary\n\n  • The dam at Quell has opened its gates\n\n  1. Gates openedpublished at 05:40 British Summer Time 2 April 2031\n\n    The gates of the Quell dam opened at dawn.\n\n    Water filled the lower town.\n\n  2. Rain goes onpublished at 21:15 British Summer Time 1 April 2031\n\n    It has rained for nine days in Quell.\n\n    A man on a roofImage source, River Press\n    Image caption,\n\n    He waited for a boat\n\n";

/// How a run of the program ended.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// An archive in a folder that goes away with it.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// A new, empty archive.
    pub fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let run = run_in(desk.folder.path(), &["new", "a"]);
        assert_eq!(run.code, 0, "{run:?}");
        desk
    }

    /// An archive into which [`LIVE`] was imported.
    pub fn imported() -> Self {
        let desk = Self::new();
        let run = desk.import("quell-live.txt", LIVE.as_bytes());
        assert_eq!(run.code, 0, "{run:?}");
        desk
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("a")
    }

    /// The folder around the archive.
    pub fn around(&self) -> &Path {
        self.folder.path()
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        run_in(&self.root(), arguments)
    }

    /// Saves a dump beside the archive and imports it.
    pub fn import(&self, name: &str, bytes: &[u8]) -> Run {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        self.run(&["import", path.to_str().unwrap()])
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.root().join(file))
            .unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn remove(&self, file: &str) {
        std::fs::remove_file(self.root().join(file)).unwrap();
    }

    /// The bytes and times of every file below a folder.
    pub fn files(&self, folder: &str) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
        files(&self.root().join(folder))
    }
}

/// Runs the program in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_archive"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The bytes and times of every file below a folder.
pub fn files(folder: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten();
    files
        // What can be taken back is no part of the archive.
        .filter(|item| !item.path().to_string_lossy().contains(".archive/undo/"))
        .filter(|item| item.file_type().is_file())
        .map(|item| {
            let name = item.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            let changed = item.metadata().unwrap().modified().unwrap();
            (name, (std::fs::read(item.path()).unwrap(), changed))
        })
        .collect()
}

/// The bytes of every file below a folder.
pub fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder).into_iter().map(|(name, (bytes, _))| (name, bytes)).collect()
}

/// Holds that two folders are the same, and names only the files that differ.
pub fn assert_same<T: PartialEq>(
    now: &BTreeMap<String, T>,
    before: &BTreeMap<String, T>,
    what: &str,
) {
    let differ: Vec<&String> = now
        .keys()
        .chain(before.keys())
        .filter(|name| now.get(*name) != before.get(*name))
        .collect();
    assert!(differ.is_empty(), "{what}: these differ: {differ:?}");
}

/// A small generator of numbers that need not be good, only the same every time.
pub struct Chance(pub u64);

impl Chance {
    /// Returns a number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}
