//! The bytes of a file as they stand on the disk, with a short memory: after damage, the search for
//! the next record can begin where the damaged one began.

use std::io::{self, BufRead, Read};

/// What is read at a time.
const CHUNK: usize = 64 << 10;
/// So many bytes that were read already can be gone back to.
const KEEP: usize = 512 << 10;
/// The room for both, and for looking ahead.
const ROOM: usize = KEEP + 8 * CHUNK;
/// What a gzip member begins with: its mark, and deflate, the only method there is (RFC 1952).
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];
/// A member's header and the codes of its first block are in so many bytes. No more is looked at, or
/// a file full of marks would be read to its end at each.
const MEMBER_HEAD: usize = 1024;
/// Looked ahead so far, the beginning of a gzip member can be unpacked.
const AHEAD: usize = 4096;

/// A stream that counts, and can go back a little.
pub(super) struct Raw<R> {
    inner: R,
    buffer: Vec<u8>,
    /// The offset in the file of the buffer's first byte.
    base: u64,
    at: usize,
    end: usize,
}

impl<R: Read> Raw<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, buffer: vec![0; ROOM], base: 0, at: 0, end: 0 }
    }

    /// How many bytes have been taken.
    pub(super) fn offset(&self) -> u64 {
        self.base + self.at as u64
    }

    /// Goes back to an offset, or as near to it as is remembered.
    pub(super) fn go_back(&mut self, to: u64) {
        let at = usize::try_from(to.saturating_sub(self.base)).unwrap_or(usize::MAX);
        self.at = at.min(self.at);
    }

    /// What is there without reading on.
    fn ahead(&self) -> &[u8] {
        self.buffer.get(self.at..self.end).unwrap_or_default()
    }

    /// Reads on behind what is there; false at the end of the file.
    fn more(&mut self) -> io::Result<bool> {
        if self.end + CHUNK > self.buffer.len() {
            let from = self.at.saturating_sub(KEEP);
            self.buffer.copy_within(from..self.end, 0);
            self.base += from as u64;
            self.at -= from;
            self.end -= from;
        }
        let Some(room) = self.buffer.get_mut(self.end..) else { return Ok(false) };
        let room = if room.len() > CHUNK { &mut room[..CHUNK] } else { room };
        let count = loop {
            match self.inner.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.end += count;
        Ok(count > 0)
    }

    /// Looks ahead: at least `count` bytes, fewer only at the end of the file.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.ahead().len() < count && self.more()? {}
        Ok(self.ahead())
    }

    /// Goes on to the next gzip member that begins with a WARC record; false where there is none.
    pub(super) fn find_member(&mut self) -> io::Result<bool> {
        loop {
            let found = self.ahead().windows(GZIP.len()).position(|bytes| *bytes == GZIP);
            if let Some(distance) = found {
                self.at += distance;
                if is_packed_warc(self.peek(AHEAD)?) {
                    return Ok(true);
                }
                self.at += 1;
                continue;
            }
            // The mark may stand across the border of two reads.
            self.at = self.at.max(self.end.saturating_sub(GZIP.len() - 1));
            if !self.more()? {
                self.at = self.end;
                return Ok(false);
            }
        }
    }
}

impl<R: Read> Read for Raw<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Raw<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, count: usize) {
        self.at = (self.at + count).min(self.end);
    }
}

/// Whether bytes begin as a gzip member does.
pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP)
}

/// Whether bytes are the beginning of a gzip member in which a WARC record stands first.
pub(super) fn is_packed_warc(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(MEMBER_HEAD)];
    let mut first = [0; 5];
    // A decoder costs more than all of this: few marks are followed by a whole header.
    has_gzip_header(bytes)
        && flate2::bufread::GzDecoder::new(bytes).read_exact(&mut first).is_ok()
        && first == *b"WARC/"
}

/// Whether bytes begin with the whole header of a gzip member (RFC 1952), and more is behind it.
fn has_gzip_header(bytes: &[u8]) -> bool {
    const CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const RESERVED: u8 = 0xe0;
    let Some((head, mut rest)) = bytes.split_at_checked(10) else { return false };
    let flags = head[3];
    if !is_gzip(head) || flags & RESERVED != 0 {
        return false;
    }
    if flags & EXTRA != 0 {
        let [low, high, behind @ ..] = rest else { return false };
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        rest = behind.get(length..).unwrap_or_default();
    }
    for _ in 0..(flags & (NAME | COMMENT)).count_ones() {
        let end = rest.iter().position(|byte| *byte == 0).map_or(rest.len(), |end| end + 1);
        rest = &rest[end..];
    }
    let checksum = if flags & CHECKSUM == 0 { 0 } else { 2 };
    rest.len() > checksum
}
