//! How far a long command has come: a line on standard error that is drawn over, only where that is
//! a terminal, and only once the command has taken a while.

use std::cell::Cell;
use std::io::{IsTerminal as _, Read, Seek, SeekFrom, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Nothing is drawn before a command has taken so long.
const PATIENCE: Duration = Duration::from_millis(700);
/// The line is drawn anew so often.
const PACE: Duration = Duration::from_millis(150);

/// How many bytes of how many have been read.
pub(super) struct Progress {
    /// Zero where it is not known.
    total: u64,
    done: Cell<u64>,
    start: Instant,
    drawn: Cell<Option<Instant>>,
    terminal: bool,
}

impl Progress {
    /// Begins, with all the bytes of these files before it.
    pub(super) fn over(paths: &[PathBuf]) -> Self {
        let sizes = paths.iter().map(|path| crate::fs::stamp(path).map(|(size, ..)| size));
        Self {
            total: sizes.sum::<Option<u64>>().unwrap_or_default(),
            done: Cell::new(0),
            start: Instant::now(),
            drawn: Cell::new(None),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Counts bytes that were read.
    pub(super) fn add(&self, bytes: u64) {
        self.done.set(self.done.get() + bytes);
        let due = match self.drawn.get() {
            Some(last) => last.elapsed() > PACE,
            None => self.start.elapsed() > PATIENCE,
        };
        if self.terminal && due {
            self.drawn.set(Some(Instant::now()));
            let _ = write!(anstream::stderr().lock(), "\r\x1b[K{}", self.words());
            let _ = std::io::stderr().flush();
        }
    }

    fn words(&self) -> String {
        let mebibytes = |bytes: u64| bytes >> 20;
        let done = self.done.get();
        match done.saturating_mul(100).checked_div(self.total) {
            Some(percent) => {
                let percent = percent.min(100);
                let bar = "#".repeat(usize::try_from(percent / 4).unwrap_or_default());
                format!("[{bar:<25}] {percent:>3} % of {} MiB", mebibytes(self.total))
            }
            None => format!("{} MiB", mebibytes(done)),
        }
    }

    /// Takes the line away, so that something else can be printed.
    pub(super) fn clear(&self) {
        if self.drawn.get().is_some() {
            let _ = write!(anstream::stderr().lock(), "\r\x1b[K");
        }
    }

    /// Returns a stream that counts what is read from it.
    pub(super) fn watch<R>(&self, inner: R) -> Watched<'_, R> {
        Watched { inner, progress: self }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A stream that counts what is read from it.
pub(super) struct Watched<'a, R> {
    inner: R,
    progress: &'a Progress,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(into)?;
        self.progress.add(count as u64);
        Ok(count)
    }
}

impl<R: Seek> Seek for Watched<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}
