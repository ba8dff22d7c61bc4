//! The records of a WARC (ISO 28500:2017, and 1.0 before it), one by one.

use std::io::{self, Read};

use chrono::DateTime;

use super::http::{self, Body, Verdict};
use super::stream::Stream;
use super::{Item, PAYLOAD_LIMIT, Page, Skipped, is_damage};

/// The longest header of a record, in bytes.
const HEADER_LIMIT: usize = 1 << 20;
/// What a record begins with.
const MARK: &[u8] = b"WARC/";

/// Gives every item to `each`; false where `each` wanted no more.
pub(super) fn read<R: Read>(input: R, each: &mut impl FnMut(Item) -> bool) -> io::Result<bool> {
    let mut reader = Reader { stream: Stream::new(input)?, lost: false };
    loop {
        match reader.next()? {
            Next::Item(item) => {
                if !each(item) {
                    return Ok(false);
                }
            }
            Next::Nothing => {}
            Next::End => return Ok(true),
        }
    }
}

struct Reader<R: Read> {
    stream: Stream<R>,
    /// Whether the place of the next record is not known, and that was told.
    lost: bool,
}

/// What a record's header says, as far as it matters here.
#[derive(Debug, Default)]
struct Header {
    kind: String,
    url: String,
    date: String,
    content_type: String,
    length: Option<u64>,
    cut: bool,
    segment: bool,
}

/// What comes next.
enum Next {
    Item(Item),
    /// Damage that was told already.
    Nothing,
    End,
}

/// Why a record could not be read.
enum Fault {
    /// The bytes are wrong; what follows may be right.
    Damage(String),
    /// The bytes cannot be unpacked any further.
    Broken(String),
    /// The bytes could not be had.
    Machine(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if is_damage(&error) { Self::Broken(error.to_string()) } else { Self::Machine(error) }
    }
}

impl<R: Read> Reader<R> {
    fn next(&mut self) -> io::Result<Next> {
        let mut header = Header::default();
        let mut place = String::new();
        let what = match self.record(&mut header, &mut place) {
            Ok(found) => return Ok(found),
            Err(Fault::Machine(error)) => return Err(error),
            Err(Fault::Damage(what)) => what,
            Err(Fault::Broken(what)) => {
                self.stream.recover()?;
                what
            }
        };
        let told = std::mem::replace(&mut self.lost, true);
        let reason = format!("damaged at {place}: {what}");
        let item = Item::Skipped(Skipped { url: header.url, reason, damage: true });
        Ok(if told { Next::Nothing } else { Next::Item(item) })
    }

    fn record(&mut self, header: &mut Header, place: &mut String) -> Result<Next, Fault> {
        let Some(line) = self.line_of_record(place)? else { return Ok(Next::End) };
        if !line.starts_with(MARK) {
            let words: String = String::from_utf8_lossy(&line).trim().chars().take(30).collect();
            return Err(Fault::Damage(format!("`{words}`, expected `WARC/1.0` or `WARC/1.1`")));
        }
        self.lost = false;
        self.header(header)?;
        let Some(length) = header.length else {
            return Err(Fault::Damage("a record without a Content-Length".into()));
        };
        let wanted = matches!(header.kind.as_str(), "response" | "resource" | "conversion");
        if !wanted || header.segment || length > PAYLOAD_LIMIT as u64 {
            self.pass(length)?;
            self.end(&[])?;
            return Ok(Next::Item(unread(header, length)));
        }
        let block = self.block(length)?;
        self.end(&block)?;
        Ok(Next::Item(judge(header, block)))
    }

    /// The first line of the next record. Behind damage, whatever does not begin one is passed.
    fn line_of_record(&mut self, place: &mut String) -> Result<Option<Vec<u8>>, Fault> {
        loop {
            let more = if self.stream.ahead().is_empty() { self.stream.more() } else { Ok(true) };
            *place = self.stream.place();
            more?;
            let Some(line) = self.line()? else { return Ok(None) };
            let blank = line.iter().all(u8::is_ascii_whitespace);
            if !blank && (!self.lost || line.starts_with(MARK)) {
                return Ok(Some(line));
            }
        }
    }

    /// A line with its end, or as much of it as a header may hold.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut searched = 0;
        loop {
            let ahead = self.stream.ahead();
            let end = ahead.iter().skip(searched).position(|byte| *byte == b'\n');
            let end = end.map(|distance| searched + distance + 1);
            if let Some(end) = end.or((ahead.len() >= HEADER_LIMIT).then_some(ahead.len())) {
                let line = ahead.get(..end).unwrap_or_default().to_vec();
                self.stream.take(end);
                return Ok(Some(line));
            }
            searched = ahead.len();
            if !self.stream.more()? {
                let line = self.stream.ahead().to_vec();
                self.stream.take(line.len());
                return Ok(Some(line).filter(|line| !line.is_empty()));
            }
        }
    }

    fn header(&mut self, header: &mut Header) -> Result<(), Fault> {
        let mut size = 0;
        let mut fields: Vec<String> = Vec::new();
        loop {
            let Some(line) = self.line()? else {
                return Err(Fault::Damage("the file ends inside a record's header".into()));
            };
            size += line.len();
            if size > HEADER_LIMIT {
                return Err(Fault::Damage(format!("a header of over {HEADER_LIMIT} bytes")));
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\r', '\n']);
            if text.is_empty() {
                break;
            }
            match fields.last_mut() {
                // A line that begins with a space goes on with the field before it.
                Some(last) if text.starts_with([' ', '\t']) => {
                    last.push(' ');
                    last.push_str(text.trim_start());
                }
                _ => fields.push(text.to_string()),
            }
        }
        for (name, value) in fields.iter().filter_map(|field| field.split_once(':')) {
            header.set(&name.trim().to_ascii_lowercase(), value.trim());
        }
        Ok(())
    }

    /// The record's block. Where the file ends before it does, records that it swallowed are given
    /// back.
    fn block(&mut self, length: u64) -> Result<Vec<u8>, Fault> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let mut block = Vec::new();
        while block.len() < length {
            if self.stream.ahead().is_empty() && !self.stream.more()? {
                let held = block.len();
                self.give_back(&block);
                let message = format!("the file ends after {held} of the record's {length} bytes");
                return Err(Fault::Damage(message));
            }
            let ahead = self.stream.ahead();
            let part = ahead.get(..length - block.len()).unwrap_or(ahead);
            block.extend_from_slice(part);
            let count = part.len();
            self.stream.take(count);
        }
        Ok(block)
    }

    /// Passes over a block without holding it.
    fn pass(&mut self, length: u64) -> Result<(), Fault> {
        let mut left = length;
        while left > 0 {
            if self.stream.ahead().is_empty() && !self.stream.more()? {
                let message =
                    format!("the file ends after {} of the record's {length} bytes", length - left);
                return Err(Fault::Damage(message));
            }
            let count = self.stream.ahead().len();
            let count = usize::try_from(left).map_or(count, |left| left.min(count));
            self.stream.take(count);
            left -= count as u64;
        }
        Ok(())
    }

    /// Behind a block stand two blank lines, of which some writers forget one, or the gzip member or
    /// the file ends. Anything else means that the length is not right.
    fn end(&mut self, block: &[u8]) -> Result<(), Fault> {
        let mut passed = Vec::new();
        for _ in 0..2 {
            if !self.stream.member_goes_on()? {
                return Ok(());
            }
            let Some(line) = self.line()? else { return Ok(()) };
            passed.extend_from_slice(&line);
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if line.starts_with(MARK) {
                self.stream.put_back(&line);
                return Ok(());
            }
            self.stream.put_back(&passed);
            self.give_back(block);
            return Err(Fault::Damage(
                "the record is not as long as its Content-Length says".into(),
            ));
        }
        self.stream.member_goes_on()?;
        Ok(())
    }

    /// Puts back what a block with a wrong length swallowed of the record behind it.
    fn give_back(&mut self, block: &[u8]) {
        let mark = b"\r\n\r\nWARC/1.";
        let found = block.windows(mark.len()).position(|bytes| bytes == mark);
        // Without a mark in it, it may have swallowed the beginning of one.
        let from = found.unwrap_or(block.len().saturating_sub(mark.len()));
        self.stream.put_back(block.get(from..).unwrap_or_default());
    }
}

impl Header {
    fn set(&mut self, name: &str, value: &str) {
        match name {
            "warc-type" => self.kind = value.to_ascii_lowercase(),
            // WARC 1.0 was read by some as if the brackets of its grammar were part of the address.
            "warc-target-uri" => {
                let bare = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
                self.url = bare.unwrap_or(value).to_string();
            }
            "warc-date" => self.date = value.to_string(),
            "content-type" => self.content_type = value.to_string(),
            "content-length" => self.length = value.parse().ok(),
            "warc-truncated" => self.cut = true,
            "warc-segment-number" => self.segment = true,
            _ => {}
        }
    }
}

/// What is told of a record whose block was not read.
fn unread(header: &Header, length: u64) -> Item {
    let reason = match header.kind.as_str() {
        "response" | "resource" | "conversion" | "continuation" if header.segment => {
            "one of several segments of a record, which are not joined".to_string()
        }
        "response" | "resource" | "conversion" => format!(
            "the record holds {} MiB, at most {} MiB are read",
            length >> 20,
            PAYLOAD_LIMIT >> 20
        ),
        "revisit" => "a revisit record: the page had not changed, and stands elsewhere".to_string(),
        other => return Item::Other(format!("{other} record")),
    };
    Item::Skipped(Skipped { url: header.url.clone(), reason, damage: false })
}

fn judge(header: &Header, block: Vec<u8>) -> Item {
    let is_http = http::media_type(&header.content_type) == "application/http";
    let verdict = if header.kind == "response" && is_http {
        http::response(block, header.cut)
    } else {
        http::plain(&header.content_type, block)
    };
    match verdict {
        Verdict::Page(Body { media_type, charset, bytes }) => Item::Page(Page {
            url: header.url.clone(),
            captured: DateTime::parse_from_rfc3339(&header.date).ok(),
            media_type,
            charset,
            cut: header.cut,
            bytes,
        }),
        Verdict::Skip(reason) => {
            Item::Skipped(Skipped { url: header.url.clone(), reason, damage: false })
        }
        Verdict::Other(media_type) => Item::Other(media_type),
    }
}
