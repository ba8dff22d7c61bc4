//! Dumps that are larger than memory should hold: read a window at a time.
//!
//! The first window decides what a whole dump decides (the format, what tells entries apart, where
//! titles stand, what the page says of its day), and the others keep to it. Every window ends where
//! an entry begins. What needs the whole dump is not done: a day is carried from window to window
//! only in the dump's own direction.

use std::io::Read;

use super::assemble::{self, Found};
use super::marks::{Kept, Marks};
use super::{Dump, DumpEntry, Ledger, Told, Totals, day, lines, prepare, recognise, text};
use crate::diagnostic::Diagnostic;
use crate::format::{Format, Place};

/// A dump larger than this, in bytes, is read in windows.
pub const LARGE: u64 = 32 << 20;
/// A window's size, in bytes, unless one entry is larger.
const WINDOW: usize = 4 << 20;
/// An entry larger than this, in bytes, is none: the dump is refused.
const LARGEST_ENTRY: usize = 64 << 20;
/// So many problems are told one by one; of the others only their number.
const MOST_PROBLEMS: usize = 200;

/// A part of a large dump, as it is understood.
#[derive(Debug)]
pub enum Part {
    /// What is said once: a dump without entries.
    Head(Box<Dump>),
    /// The next entry.
    Entry(Box<DumpEntry>),
    /// Where all lines went, and what the curator should know.
    End(Totals, Vec<Diagnostic>),
}

/// What the first window of a dump settled for all of them.
pub(super) struct Ahead {
    pub(super) kept: Kept,
    pub(super) place: Option<Place>,
    pub(super) page: day::Page,
    pub(super) newest_first: bool,
    /// The day heading that is still above the entries.
    pub(super) heading: String,
}

/// Reads a dump as text, window by window, and hands every part to `take` as it is understood.
///
/// # Errors
/// As [`super::read`], and where the source cannot be read. Parts that were taken before stand.
pub fn read_large(
    source: impl Read,
    told: &Told,
    formats: &[Format],
    take: &mut dyn FnMut(Part),
) -> Result<(), Vec<Diagnostic>> {
    in_windows(source, WINDOW, told, formats, take)
}

fn in_windows(
    mut source: impl Read,
    size: usize,
    told: &Told,
    formats: &[Format],
    take: &mut dyn FnMut(Part),
) -> Result<(), Vec<Diagnostic>> {
    let fail = |message: String| vec![Diagnostic::error(&told.name, 0, message)];
    let mut stream = Stream {
        told,
        formats,
        format: None,
        ahead: None,
        lines: 0,
        totals: Totals::default(),
        problems: Vec::new(),
        silent: 0,
        entries: 0,
    };
    let mut window: Vec<u8> = Vec::with_capacity(size * 2);
    let mut wanted = size;
    loop {
        let missing = wanted.saturating_sub(window.len());
        let read = (&mut source).take(missing as u64).read_to_end(&mut window);
        let read = read.map_err(|error| fail(format!("cannot be read: {error}")))?;
        let last = read < missing;
        if window.starts_with(b"\xff\xfe") || window.starts_with(b"\xfe\xff") {
            return Err(fail(
                "more than 32 MiB of UTF-16, expected UTF-8: convert it with `iconv`".to_string(),
            ));
        }
        let end = if last { window.len() } else { line_end(&window) };
        let used = stream.take_window(&window[..end], last, take)?;
        if last {
            break;
        }
        if used == 0 {
            wanted *= 2;
            if wanted > LARGEST_ENTRY {
                return Err(fail(format!(
                    "no entry begins within {} MiB, expected one",
                    LARGEST_ENTRY >> 20
                )));
            }
        } else {
            window.drain(..used);
            wanted = size;
        }
    }
    stream.finish(take)
}

/// Returns the place behind the last line end.
fn line_end(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

/// A large dump that is being read.
struct Stream<'a> {
    told: &'a Told,
    formats: &'a [Format],
    format: Option<&'a Format>,
    ahead: Option<Ahead>,
    /// The lines that were read before this window.
    lines: usize,
    totals: Totals,
    problems: Vec<Diagnostic>,
    /// Problems that are only counted.
    silent: usize,
    entries: usize,
}

impl Stream<'_> {
    /// Reads a window up to its last entry, and returns how many bytes that is.
    fn take_window(
        &mut self,
        bytes: &[u8],
        last: bool,
        take: &mut dyn FnMut(Part),
    ) -> Result<usize, Vec<Diagnostic>> {
        if bytes.is_empty() && self.ahead.is_some() {
            return Ok(0);
        }
        let decoded = super::decode(bytes, self.told).map_err(|problem| vec![problem])?;
        let prepared = prepare::prepare(lines::lines(&decoded.text));
        let format = match self.format {
            Some(format) => format,
            None => recognise::choose(&prepared.lines, self.told, self.formats)?,
        };
        let (mut found, marks) = text::find(&prepared, format, self.told, self.ahead.as_ref());
        let mut end = prepared.origins.last().map_or(0, |last| last + 1);
        let mut used = bytes.len();
        if !last {
            // The last entry may go on in the next window.
            let Some(open) = found.raws.pop().filter(|_| !found.raws.is_empty()) else {
                return Ok(0);
            };
            end = open.lines.0;
            used = text::offset_of_line(bytes, end);
            found.fates.truncate(end);
        }
        self.format = Some(format);
        self.take_found(found, &marks, (end, last), format, take);
        Ok(used)
    }

    fn take_found(
        &mut self,
        mut found: Found,
        marks: &Marks,
        (end, last): (usize, bool),
        format: &Format,
        take: &mut dyn FnMut(Part),
    ) {
        found.problems.retain(|problem| problem.line <= end);
        let place = found.place;
        let heading = found.heading.clone();
        let runs = match &self.ahead {
            Some(ahead) => Some(ahead.newest_first),
            None => assemble::direction(&found, format, self.told),
        };
        let mut page = match &self.ahead {
            Some(ahead) => ahead.page.clone(),
            None => assemble::page(&found, format, self.told),
        };
        if !last && runs.unwrap_or(true) {
            page.forget_oldest();
        }
        let mut dump = assemble::part(found, &page, runs, format, self.told);
        let entries = std::mem::take(&mut dump.entries);
        self.count(&dump.ledger);
        let problems = std::mem::take(&mut dump.problems);
        for mut problem in problems {
            problem.line += if problem.line > 0 { self.lines } else { 0 };
            if self.problems.len() < MOST_PROBLEMS {
                self.problems.push(problem);
            } else {
                self.silent += 1;
            }
        }
        let newest_first = runs.unwrap_or(dump.newest_first.unwrap_or(true));
        page.go_on(&entries);
        if self.ahead.is_none() {
            take(Part::Head(Box::new(Dump { ledger: Ledger::default(), ..dump })));
        }
        self.ahead = Some(Ahead { kept: marks.kept(), place, page, newest_first, heading });
        for mut entry in entries {
            entry.lines = (entry.lines.0 + self.lines, entry.lines.1 + self.lines);
            self.entries += 1;
            take(Part::Entry(Box::new(entry)));
        }
        self.lines += end;
    }

    fn count(&mut self, ledger: &Ledger) {
        let part = ledger.totals();
        self.totals.total += part.total;
        self.totals.entries += part.entries;
        self.totals.summary += part.summary;
        self.totals.unread += part.unread;
        for (rule, count) in part.discarded {
            *self.totals.discarded.entry(rule).or_default() += count;
        }
    }

    fn finish(mut self, take: &mut dyn FnMut(Part)) -> Result<(), Vec<Diagnostic>> {
        if self.entries == 0 {
            let message = "no entry in any format, expected at least one";
            return Err(vec![Diagnostic::error(&self.told.name, 0, message)]);
        }
        if self.silent > 0 {
            let message = format!("{} more problems of the kinds above", self.silent);
            self.problems.push(Diagnostic::note(&self.told.name, 0, message));
        }
        take(Part::End(self.totals, self.problems));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::built_in;
    use std::fmt::Write as _;

    /// A window of this test, in bytes.
    const SMALL: usize = 16 << 10;

    /// A blog of several windows, newest first.
    fn long(count: usize) -> String {
        let words = "The wardens went from door to door and counted. ".repeat(6);
        (0..count).rev().fold("Flood live\n\n".to_string(), |mut text, at| {
            let (day, hour, minute) = (at / 1440 + 1, at / 60 % 24, at % 60);
            let _ = write!(
                text,
                "{hour:02}:{minute:02} {day}.4.2031\n\nTitle number {at}\n\n{words}\n\n"
            );
            text
        })
    }

    /// A blog of several windows without stamps, each title of which says that it is live.
    fn long_without_stamps(count: usize) -> String {
        let words = "The wardens went from door to door and counted. ".repeat(7);
        (0..count).fold("Live updates\n\n".to_string(), |mut text, at| {
            let _ = write!(text, "Live from town {at}\n\n{words}\n\n");
            text
        })
    }

    #[test]
    fn a_large_dump_reads_as_a_small_one() {
        reads_as_a_small_one(&long(300));
    }

    #[test]
    fn titles_of_a_large_dump_that_say_live_are_those_of_entries_in_every_window() {
        reads_as_a_small_one(&long_without_stamps(300));
    }

    fn reads_as_a_small_one(text: &str) {
        assert!(text.len() > 5 * SMALL);
        let told = Told { name: "long.txt".to_string(), ..Told::default() };
        let whole = super::super::read(text.as_bytes(), &told, &built_in()).unwrap();
        let (mut entries, mut totals) = (Vec::new(), Totals::default());
        in_windows(text.as_bytes(), SMALL, &told, &built_in(), &mut |part| match part {
            Part::Entry(entry) => entries.push(*entry),
            Part::End(found, _) => totals = found,
            Part::Head(dump) => assert_eq!(dump.format, whole.format),
        })
        .unwrap();
        assert_eq!(entries.len(), 300);
        assert_eq!(totals, whole.ledger.totals());
        for (one, other) in entries.iter().zip(&whole.entries) {
            assert_eq!(one, other);
        }
    }
}
