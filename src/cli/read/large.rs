//! A dump that is larger than memory should hold, printed as it is understood.

use std::io::Write as _;

use super::super::{Stop, counted, say, tell_all};
use super::{ledger_words, table};
use crate::import::{self, Part};

/// What is printed of one large dump, part by part.
pub(super) struct Large<'a> {
    name: &'a str,
    json: bool,
    out: std::io::BufWriter<std::io::StdoutLock<'static>>,
    entries: usize,
}

impl<'a> Large<'a> {
    pub(super) fn new(name: &'a str, json: bool) -> Self {
        let out = std::io::BufWriter::new(std::io::stdout().lock());
        Self { name, json, out, entries: 0 }
    }

    /// Prints a part.
    pub(super) fn take(&mut self, part: Part) -> Result<(), Stop> {
        let written = if self.json { self.json_part(part) } else { self.words_part(part) };
        match written {
            // A reader that has seen enough (`| head`) ends the program quietly.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
            Err(error) => Err(Stop(format!("cannot write: {error}"))),
            Ok(()) => Ok(()),
        }
    }

    /// Returns how many entries were printed.
    pub(super) fn entries(&self) -> usize {
        self.entries
    }

    fn json_part(&mut self, part: Part) -> std::io::Result<()> {
        match part {
            Part::Head(dump) => {
                let mut object = import::json(self.name, &dump);
                if let Some(object) = object.as_object_mut() {
                    for later in ["entries", "lines", "problems"] {
                        object.remove(later);
                    }
                }
                let text = object.to_string();
                write!(self.out, "{},\"entries\":[", text.trim_end_matches('}'))
            }
            Part::Entry(entry) => {
                self.entries += 1;
                if self.entries > 1 {
                    self.out.write_all(b",")?;
                }
                serde_json::to_writer(&mut self.out, &import::entry_json(&entry))?;
                Ok(())
            }
            Part::End(totals, problems) => {
                let (lines, problems) =
                    (import::totals_json(&totals), import::problems_json(&problems));
                writeln!(self.out, "],\"lines\":{lines},\"problems\":{problems}}}")?;
                self.out.flush()
            }
        }
    }

    fn words_part(&mut self, part: Part) -> std::io::Result<()> {
        match part {
            Part::Head(dump) => {
                let publisher = dump.publisher.as_deref().unwrap_or("unknown publisher");
                writeln!(self.out, "{}: {publisher}, format {}", self.name, dump.format)
            }
            Part::Entry(entry) => {
                self.entries += 1;
                writeln!(
                    self.out,
                    "  {:>9}  {}  {}",
                    entry.lines.0,
                    table::time_of(&entry),
                    entry.title
                )
            }
            Part::End(totals, problems) => {
                let entries = counted(self.entries, "entry", "entries");
                writeln!(self.out, "  {entries}; {}", ledger_words(&totals))?;
                self.out.flush()?;
                tell_all(&problems);
                Ok(())
            }
        }
    }

    /// Ends what was begun, where the dump cannot be read to its end.
    pub(super) fn give_up(mut self) {
        if self.json && self.entries > 0 {
            let _ = writeln!(self.out, "],\"lines\":null,\"problems\":null}}");
        }
        let _ = self.out.flush();
        drop(self.out);
        if !self.json && self.entries > 0 {
            say("  not read to its end");
        }
    }
}
