//! Many files of a folder that are replaced together: all of them, or none.
//!
//! What goes is kept aside under a second name until everything is in place. At each moment a file
//! is the old one or the new one, so that a program that is killed leaves no half of either.

use std::path::{Path, PathBuf};

use crate::fs;

/// An exchange under way. Dropped before [`Exchange::finish`], it puts everything back.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    place: &'a Path,
    aside: PathBuf,
    /// What was touched, and where the file that stood there is kept.
    touched: Vec<(PathBuf, Option<PathBuf>)>,
}

impl<'a> Exchange<'a> {
    /// Begins an exchange in the folder `place`. The folder `aside` is on the same disk.
    pub(super) fn new(place: &'a Path, aside: PathBuf) -> fs::Result<Self> {
        fs::make_folder(&aside)?;
        Ok(Self { place, aside, touched: Vec::new() })
    }

    /// Moves the file `from` to `path`, in the place of the one that is there.
    pub(super) fn put(&mut self, from: &Path, path: &str) -> fs::Result<()> {
        let (file, _) = self.touch(path)?;
        match fs::rename(from, &file) {
            Err(error) if error.is_missing() => {
                fs::make_folder(file.parent().unwrap_or(self.place))?;
                fs::rename(from, &file)
            }
            result => result,
        }
    }

    /// Takes the file away that is at `path`, and the folders that are empty then. Where a folder is
    /// by now, or a file in the place of one above, there is none to be taken.
    pub(super) fn remove(&mut self, path: &str) -> fs::Result<()> {
        let (file, is_there) = self.touch(path)?;
        if is_there {
            fs::remove(&file)?;
        }
        self.sweep(&file);
        Ok(())
    }

    /// Lets go what was kept: everything is in place.
    pub(super) fn finish(mut self) {
        self.touched.clear();
    }

    /// Keeps the file at `path` aside, and returns its place and whether there is one.
    fn touch(&mut self, path: &str) -> fs::Result<(PathBuf, bool)> {
        let file = self.place.join(path);
        let aside = self.aside.join(self.touched.len().to_string());
        let is_there = fs::keep(&file, &aside)?;
        self.touched.push((file.clone(), is_there.then_some(aside)));
        Ok((file, is_there))
    }

    fn sweep(&self, file: &Path) {
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != self.place) {
            fs::remove_folder_if_empty(folder);
        }
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        // The last one first: a file may have become a folder. What fails here fails alone.
        while let Some((file, kept)) = self.touched.pop() {
            if let Some(kept) = kept {
                let _ = fs::make_folder(file.parent().unwrap_or(self.place));
                let _ = fs::rename(&kept, &file);
            } else {
                let _ = fs::remove(&file);
                self.sweep(&file);
            }
        }
    }
}
