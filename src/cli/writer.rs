//! What the commands share that change an archive: the right to do so, taken before anything is read,
//! and the making or showing of the change.

use std::path::{Path, PathBuf};

use super::{Stop, find_root, find_root_to_show, say};
use crate::change::{Change, Lock};
use crate::fixity::sha256;
use crate::input::{self, Input};

/// What a command says last that was only to show what it would do.
pub(super) const DRY_RUN: &str = "nothing was written: this was a dry run";

/// An archive that a command is to change.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) root: PathBuf,
    /// `None` for a dry run.
    lock: Option<Lock>,
}

impl Writer {
    /// Finds the archive, and takes the right to change it, unless nothing is to be written.
    pub(super) fn open(named: Option<&Path>, dry_run: bool) -> Result<Self, Stop> {
        let root = if dry_run { find_root_to_show(named)? } else { find_root(named)? };
        let lock = if dry_run { None } else { Some(Lock::take(&root)?) };
        Ok(Self { root, lock })
    }

    /// Makes a change of the files that were read, or shows it.
    pub(super) fn write(&self, mut change: Change, inputs: &[Input]) -> Result<(), Stop> {
        let read = |file: &str| input::find(inputs, file).map(|input| sha256(&input.bytes));
        input::hold(&mut change, read);
        match &self.lock {
            Some(lock) => _ = change.commit(lock, &self.root, true)?,
            None => say(change.show(&self.root)?.trim_end()),
        }
        Ok(())
    }

    /// Makes a change or shows it, and says what was done.
    pub(super) fn finish(&self, change: Change, inputs: &[Input], done: &str) -> Result<(), Stop> {
        self.write(change, inputs)?;
        if self.lock.is_none() {
            say(DRY_RUN);
        } else {
            say(done);
            say("next: archive build");
        }
        Ok(())
    }
}
