//! Files that hold many saved pages: WARC 1.0 and 1.1 (ISO 28500), plain or packed with gzip, and
//! WACZ 1.1.1, which is a zip of such files. Pure: takes a stream, gives pages one by one.
//!
//! Memory stays bounded whatever a file says of itself: a page is at most [`PAYLOAD_LIMIT`] bytes,
//! what a decoder gives is counted behind it, and nothing of a page is kept once it is handed out.

mod http;
mod raw;
mod stream;
mod wacz;
mod warc;

use std::io::{self, Read, Seek};

use chrono::{DateTime, FixedOffset};

/// The most bytes of one record or one page, packed or unpacked; more is skipped with the reason.
pub const PAYLOAD_LIMIT: usize = 64 << 20;
/// So many unpacked bytes are taken from anything, however small it was packed.
pub const FREE_BYTES: u64 = 8 << 20;
/// Beyond [`FREE_BYTES`], what unpacks to more than so many times its size is refused: deflate can
/// pack a thousandfold, but no page that people read comes near this.
pub const RATIO_LIMIT: u64 = 200;
/// So many bytes from the beginning of a file are enough for [`sniff`].
pub const SNIFF_BYTES: usize = 4096;

/// One saved page of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its address, as the record states it.
    pub url: String,
    /// When it was saved (`WARC-Date`), where the record states a whole moment.
    pub captured: Option<DateTime<FixedOffset>>,
    /// What it is, in lower case and without parameters: `text/html`.
    pub media_type: String,
    /// The encoding of its text that the server stated, in lower case; empty for none.
    pub charset: String,
    /// Whether the crawler says that it kept only a part (`WARC-Truncated`).
    pub cut: bool,
    /// The page, its transfer and content encodings undone.
    pub bytes: Vec<u8>,
}

/// A record that could be a page and is not given as one, or a place where no record can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The page's address; empty where it is not known.
    pub url: String,
    /// Why, with the byte at which the record begins where the file is damaged.
    pub reason: String,
    /// Whether the file is damaged there.
    pub damage: bool,
}

/// What is found in a container, in the file's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A page.
    Page(Page),
    /// What could have been a page.
    Skipped(Skipped),
    /// What cannot be a page, by what it is: `image/png`, or the type of the record (`request`).
    Other(String),
}

/// The kinds of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// WARC, plain or packed with gzip.
    Warc,
    /// WACZ, or another zip.
    Wacz,
}

/// Tells a container by its first bytes; a file's name says little.
pub fn sniff(first: &[u8]) -> Option<Kind> {
    if first.starts_with(b"WARC/") || raw::is_packed_warc(first) {
        Some(Kind::Warc)
    } else if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") {
        Some(Kind::Wacz)
    } else {
        None
    }
}

/// Gives every item of a WARC to `each`, until that returns `false`.
///
/// # Errors
/// What the stream itself fails with. Damage in the file is no error but a [`Skipped`].
pub fn read_warc<R: Read>(input: R, mut each: impl FnMut(Item) -> bool) -> io::Result<()> {
    warc::read(input, &mut each).map(|_| ())
}

/// Gives every item of the WARCs in a WACZ to `each`, until that returns `false`.
///
/// # Errors
/// What the stream itself fails with, and a zip that cannot be read or is no WACZ.
pub fn read_wacz<R: Read + Seek>(input: R, each: impl FnMut(Item) -> bool) -> io::Result<()> {
    wacz::read(input, each)
}

/// Whether an error says that the bytes are wrong, rather than that they could not be had.
fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof)
}

fn bomb(unpacked: u64, packed: u64) -> io::Error {
    let message = format!(
        "{packed} bytes unpack to more than {unpacked}: over {RATIO_LIMIT} times as many, so this is no page but a bomb"
    );
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests;
