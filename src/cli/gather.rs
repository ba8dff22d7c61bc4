//! From what a person names on the command line to dumps that are understood: files, folders,
//! patterns, standard input, and the pages of containers, in their order and in bounded memory.

use std::io::{Cursor, Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::progress::Progress;
use super::{DumpOptions, Stop};
use crate::container::{self, Item, Kind, Page, Skipped};
use crate::diagnostic::Diagnostic;
use crate::entry::Slug;
use crate::fixity::{self, sha256};
use crate::format::Format;
use crate::import::{self, Dump, Told};
use crate::{address, fs};

/// At most so many pages are in memory at a time…
const BATCH: usize = 64;
/// …and, but for the last of them, at most so many bytes.
const BATCH_BYTES: usize = 16 << 20;

/// The container that a page was taken from.
#[derive(Debug)]
pub(super) struct Origin {
    /// Its file name.
    pub(super) name: String,
    /// SHA-256 of the file; empty where it is not asked for, or cannot be had.
    pub(super) sha256: String,
}

/// One page, as it was saved.
#[derive(Debug)]
pub(super) struct Saved {
    /// Its file name, or the one that it gets in `dumps/`.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) sha256: String,
    pub(super) told: Told,
    /// Where it was, if not in a file of its own.
    pub(super) origin: Option<Arc<Origin>>,
}

/// What is given on, in order.
pub(super) enum Given<'r> {
    /// What was found.
    Event(Event),
    /// A text that is too large to be held: its name, itself, and what is told of it. Only where
    /// [`Gather::large`] asks for such.
    Large(&'r str, &'r mut dyn Read, &'r Told),
}

/// What is found.
#[derive(Debug)]
pub(super) enum Event {
    /// A page, and what was understood of it.
    Page(Box<Saved>, Result<Box<Dump>, Vec<Diagnostic>>),
    /// A record of a container that is no page to be read.
    Skipped(Skipped),
    /// A record of a container that cannot be a page, by its type.
    Other(String),
    /// A container is at its end.
    Ended(Arc<Origin>),
    /// A file that could not be read.
    Unreadable(String),
    /// A file that is not what it seems.
    Refused(Diagnostic),
}

/// What waits to be understood.
enum Waiting {
    Page(Box<Saved>, bool),
    Told(Event),
}

/// What a command wants to know of its dumps.
pub(super) struct Gather<'a> {
    pub(super) options: &'a DumpOptions,
    pub(super) formats: &'a [Format],
    /// Whether the hashes of pages and containers are wanted.
    pub(super) hashes: bool,
    /// Whether a text that is too large to be held is given on as it is.
    pub(super) large: bool,
}

impl Gather<'_> {
    /// Reads all of `paths` and gives what is found to `act`.
    pub(super) fn run(
        &self,
        paths: &[PathBuf],
        act: impl FnMut(Given<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let progress = Progress::over(paths);
        let mut batch =
            Batch { gather: self, progress: &progress, waiting: Vec::new(), bytes: 0, act };
        for path in paths {
            let read = if path == Path::new("-") { batch.stdin()? } else { batch.file(path)? };
            if let Err(error) = read {
                batch.push(Waiting::Told(Event::Unreadable(error.to_string())))?;
            }
        }
        batch.flush()
    }
}

/// Pages on their way to be understood side by side.
struct Batch<'a, F> {
    gather: &'a Gather<'a>,
    progress: &'a Progress,
    waiting: Vec<Waiting>,
    bytes: usize,
    act: F,
}

impl<F: FnMut(Given<'_>) -> Result<(), Stop>> Batch<'_, F> {
    fn file(&mut self, path: &Path) -> Result<fs::Result<()>, Stop> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut file = match fs::open(path) {
            Ok(file) => file,
            Err(error) => return Ok(Err(error)),
        };
        let first = match first_bytes(&mut file) {
            Ok(first) => first,
            Err(cause) => return Ok(Err(fs::Error::new("read", path, cause))),
        };
        let kind = container::sniff(&first);
        let result = match kind {
            None => self.single(&name, first, file)?,
            Some(kind) => {
                let mut origin = Origin { name, sha256: String::new() };
                if self.gather.hashes {
                    let hash = file.rewind().and_then(|()| fixity::sha256_of(&mut file));
                    match hash {
                        Ok(hash) => origin.sha256 = hash,
                        Err(cause) => return Ok(Err(fs::Error::new("read", path, cause))),
                    }
                }
                let input = match file.rewind() {
                    Ok(()) => self.progress.watch(std::io::BufReader::new(file)),
                    Err(cause) => return Ok(Err(fs::Error::new("read", path, cause))),
                };
                let (origin, mut stop) = (Arc::new(origin), Ok(()));
                let each = self.sink(&origin, &mut stop);
                let result = match kind {
                    Kind::Warc => container::read_warc(input, each),
                    Kind::Wacz => container::read_wacz(input, each),
                };
                stop.and_then(|()| self.ended(origin, result))?
            }
        };
        Ok(result.map_err(|cause| fs::Error::new("read", path, cause)))
    }

    fn stdin(&mut self) -> Result<fs::Result<()>, Stop> {
        let name = "standard input";
        let mut input = std::io::stdin().lock();
        let result = match first_bytes(&mut input) {
            Err(cause) => Err(cause),
            Ok(first) => match container::sniff(&first) {
                None => self.single(name, first, input)?,
                Some(Kind::Warc) => {
                    let input = self.progress.watch(Cursor::new(first).chain(input));
                    let origin = Arc::new(Origin { name: name.into(), sha256: String::new() });
                    let mut stop = Ok(());
                    let result = container::read_warc(input, self.sink(&origin, &mut stop));
                    stop.and_then(|()| self.ended(origin, result))?
                }
                Some(Kind::Wacz) => {
                    let what = "a zip on standard input, expected a WARC or a single page";
                    let hint = "a WACZ is read from its end: name the file instead";
                    let finding = Diagnostic::error(name, 0, what).hint(hint);
                    self.push(Waiting::Told(Event::Refused(finding)))?;
                    Ok(())
                }
            },
        };
        Ok(result.map_err(|cause| fs::Error::new("read", Path::new(name), cause)))
    }

    fn single(
        &mut self,
        name: &str,
        first: Vec<u8>,
        mut rest: impl Read,
    ) -> Result<std::io::Result<()>, Stop> {
        let mut bytes = first;
        let room = import::LARGE.saturating_sub(bytes.len() as u64);
        if let Err(cause) = (&mut rest).take(room).read_to_end(&mut bytes) {
            return Ok(Err(cause));
        }
        if self.gather.large && bytes.len() as u64 >= import::LARGE && is_text(&bytes) {
            self.flush()?;
            let told = self.gather.options.told(name);
            let mut source = self.progress.watch(Cursor::new(bytes).chain(rest));
            return (self.act)(Given::Large(name, &mut source, &told)).map(Ok);
        }
        if let Err(cause) = rest.read_to_end(&mut bytes) {
            return Ok(Err(cause));
        }
        self.progress.add(bytes.len() as u64);
        let told = self.gather.options.told(name);
        let name = name.to_string();
        let saved = Saved { name, bytes, sha256: String::new(), told, origin: None };
        self.push(Waiting::Page(Box::new(saved), false)).map(Ok)
    }

    /// What takes the items of a container; where it wants no more, `stop` says why.
    fn sink<'s>(
        &'s mut self,
        origin: &'s Arc<Origin>,
        stop: &'s mut Result<(), Stop>,
    ) -> impl FnMut(Item) -> bool + 's {
        move |item| {
            *stop = match item {
                Item::Page(page) => self.page(page, origin),
                Item::Skipped(skipped) => self.push(Waiting::Told(Event::Skipped(skipped))),
                Item::Other(what) => self.push(Waiting::Told(Event::Other(what))),
            };
            stop.is_ok()
        }
    }

    fn ended(
        &mut self,
        origin: Arc<Origin>,
        result: std::io::Result<()>,
    ) -> Result<std::io::Result<()>, Stop> {
        let name = origin.name.clone();
        self.push(Waiting::Told(Event::Ended(origin)))?;
        match result {
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                let finding = Diagnostic::error(name, 0, error.to_string());
                self.push(Waiting::Told(Event::Refused(finding))).map(Ok)
            }
            result => Ok(result),
        }
    }

    fn page(&mut self, page: Page, origin: &Arc<Origin>) -> Result<(), Stop> {
        let name = page_name(&page);
        let mut told = self.gather.options.told(&name);
        told.encoding_hint = Some(page.charset).filter(|charset| !charset.is_empty());
        told.source_url = told.source_url.or(Some(page.url).filter(|url| !url.is_empty()));
        told.captured = told.captured.or(page.captured);
        let origin = Some(Arc::clone(origin));
        let saved = Saved { name, bytes: page.bytes, sha256: String::new(), told, origin };
        self.push(Waiting::Page(Box::new(saved), page.cut))
    }

    fn push(&mut self, waiting: Waiting) -> Result<(), Stop> {
        if let Waiting::Page(saved, _) = &waiting {
            self.bytes += saved.bytes.len();
        }
        self.waiting.push(waiting);
        if self.bytes >= BATCH_BYTES || self.waiting.len() >= BATCH {
            self.flush()?;
        }
        Ok(())
    }

    /// Understands what waits, side by side, and gives it on in its order.
    fn flush(&mut self) -> Result<(), Stop> {
        self.bytes = 0;
        let gather = self.gather;
        let events: Vec<Event> = std::mem::take(&mut self.waiting)
            .into_par_iter()
            .map(|item| item.event(gather))
            .collect();
        self.progress.clear();
        events.into_iter().try_for_each(|event| (self.act)(Given::Event(event)))
    }
}

impl Waiting {
    fn event(self, gather: &Gather<'_>) -> Event {
        let (mut saved, cut) = match self {
            Self::Told(event) => return event,
            Self::Page(saved, cut) => (saved, cut),
        };
        if gather.hashes {
            saved.sha256 = sha256(&saved.bytes);
        }
        let result = understand(&saved, gather.formats).map(|mut dump| {
            if cut {
                let what = "the crawler kept only a part of this page, expected all of it";
                dump.problems.push(Diagnostic::warning(&saved.name, 0, what));
            }
            Box::new(dump)
        });
        Event::Page(saved, result)
    }
}

/// Reads one page. One from a container has the address and the moment that stand there.
pub(super) fn understand(saved: &Saved, formats: &[Format]) -> Result<Dump, Vec<Diagnostic>> {
    let mut dump = import::read(&saved.bytes, &saved.told, formats)?;
    if saved.origin.is_some() {
        dump.url = saved.told.source_url.clone().or(dump.url);
        dump.captured = saved.told.captured.or(dump.captured);
    }
    Ok(dump)
}

/// Whether a file is neither markup nor data.
fn is_text(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    !matches!(first, Some(b'<' | b'{' | b'['))
}

fn first_bytes(input: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut first = Vec::new();
    input.take(container::SNIFF_BYTES as u64).read_to_end(&mut first)?;
    Ok(first)
}

/// `www-example-org-live-123-20310402T054000Z.html`: host, path and the moment of the capture.
fn page_name(page: &Page) -> String {
    let stem = Slug::from_words(address::words(&page.url), Slug::LONGEST);
    let stem = stem.map_or_else(|| "page".to_string(), |slug| slug.to_string());
    let moment = page.captured.map(|moment| moment.to_utc().format("-%Y%m%dT%H%M%SZ").to_string());
    let extension = match page.media_type.as_str() {
        "text/plain" => "txt",
        "multipart/related" | "message/rfc822" => "mhtml",
        kind if kind.ends_with("json") => "json",
        _ => "html",
    };
    format!("{stem}{}.{extension}", moment.unwrap_or_default())
}
