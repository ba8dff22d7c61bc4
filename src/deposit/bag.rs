//! A `BagIt` 1.0 bag (RFC 8493) that is being filled.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use crate::fixity::{self, Sums};
use crate::fs;

/// The folder of the payload.
const PAYLOAD: &str = "data";
/// What makes a folder a bag.
const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// A bag beside its place. Dropped before [`Bag::finish`], it is taken away again.
#[derive(Debug)]
pub(super) struct Bag {
    place: PathBuf,
    staging: PathBuf,
    files: Mutex<BTreeMap<String, Sums>>,
}

impl Bag {
    /// Begins a bag that shall stand at `place`.
    pub(super) fn begin(place: &Path) -> fs::Result<Self> {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let staging = place.with_file_name(format!(".{name}.archive-new"));
        // What a deposit left behind that was killed.
        fs::remove_own_folder(&staging)?;
        fs::make_folder(&staging.join(PAYLOAD))?;
        Ok(Self { place: place.to_path_buf(), staging, files: Mutex::default() })
    }

    /// Returns where a file of the payload is made.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.staging.join(PAYLOAD).join(name)
    }

    /// Puts a file into the payload.
    pub(super) fn put(&self, name: &str, input: impl Read) -> fs::Result<()> {
        let path = self.path(name);
        let output = fs::create(&path)?;
        let sums =
            fixity::copy(input, output).map_err(|cause| fs::Error::new("write", &path, cause))?;
        self.add(name, sums);
        Ok(())
    }

    /// Takes over a folder of the payload that was filled by others.
    pub(super) fn adopt(&self, folder: &str) -> fs::Result<()> {
        let files = fs::walk(&self.path(folder))?;
        files.par_iter().try_for_each(|path| {
            let sums = fixity::copy(fs::open(path)?, std::io::sink())
                .map_err(|cause| fs::Error::new("read", path, cause))?;
            self.add(&fs::relative(&self.path(""), path), sums);
            Ok(())
        })
    }

    fn add(&self, name: &str, sums: Sums) {
        self.lock().insert(name.to_string(), sums);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Sums>> {
        // A poisoned list is still a list: the thread that panicked ends the deposit anyway.
        self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Returns the files of the payload so far.
    pub(super) fn files(&self) -> BTreeMap<String, Sums> {
        self.lock().clone()
    }

    /// Adds what describes the bag, with the lines `info`, and gives it its place.
    pub(super) fn finish(self, info: &str) -> fs::Result<()> {
        let files = self.files();
        let manifest = |sum: fn(&Sums) -> &str| {
            let mut text = String::new();
            for (name, sums) in &files {
                let _ = writeln!(text, "{}  {PAYLOAD}/{}", sum(sums), encoded(name));
            }
            text
        };
        let tags = [
            ("bag-info.txt", info.to_string()),
            ("bagit.txt", DECLARATION.to_string()),
            ("manifest-sha256.txt", manifest(|sums| &sums.sha256)),
            ("manifest-sha512.txt", manifest(|sums| &sums.sha512)),
        ];
        let mut sums = String::new();
        for (name, text) in &tags {
            let _ = writeln!(sums, "{}  {name}", fixity::sha256(text.as_bytes()));
            fs::write_new(&self.staging.join(name), text.as_bytes())?;
        }
        fs::write_new(&self.staging.join("tagmanifest-sha256.txt"), sums.as_bytes())?;
        fs::sync(&fs::walk(&self.staging)?)?;
        // An empty folder may stand there.
        fs::remove_folder_if_empty(&self.place);
        fs::rename(&self.staging, &self.place)
    }
}

impl Drop for Bag {
    fn drop(&mut self) {
        // After `finish` there is nothing.
        let _ = fs::remove_own_folder(&self.staging);
    }
}

/// A path as manifests hold it (RFC 8493, 2.1.3).
fn encoded(path: &str) -> String {
    path.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("bag");
        let bag = Bag::begin(&place).unwrap();
        bag.put("a/100%.txt", &b"abc"[..]).unwrap();
        drop(bag);
        assert!(fs::is_empty(folder.path()).unwrap());
        let bag = Bag::begin(&place).unwrap();
        bag.put("a/100%.txt", &b"abc"[..]).unwrap();
        assert!(!place.exists());
        bag.finish("Payload-Oxum: 3.1\n").unwrap();
        let manifest = fs::read(&place.join("manifest-sha256.txt")).unwrap();
        let expected = format!("{}  data/a/100%25.txt\n", fixity::sha256(b"abc"));
        assert_eq!(String::from_utf8(manifest).unwrap(), expected);
        let tags = fs::read(&place.join("tagmanifest-sha256.txt")).unwrap();
        assert_eq!(String::from_utf8(tags).unwrap().lines().count(), 4);
        assert_eq!(fs::walk(folder.path()).unwrap().len(), 6, "nothing is left beside the bag");
    }
}
