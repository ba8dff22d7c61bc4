//! The records of a WARC as one stream of bytes, unpacked where they are packed, whether a gzip
//! member holds one record or all of them.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;

use super::raw::{Raw, is_gzip};
use super::{FREE_BYTES, RATIO_LIMIT, bomb, is_damage};

/// What is unpacked at a time.
const CHUNK: usize = 64 << 10;

enum State<R: Read> {
    Plain(Raw<R>),
    Packed(Box<GzDecoder<Raw<R>>>),
    /// Between two members of a packed file.
    Between(Raw<R>),
    Ended,
}

/// A WARC's bytes, unpacked.
pub(super) struct Stream<R: Read> {
    state: State<R>,
    /// The offset in the file of the gzip member that is being read; 0 in a plain file.
    member: u64,
    /// How many bytes this member, or the plain file, has given.
    given: u64,
    /// What was given and not taken yet.
    buffer: Vec<u8>,
    at: usize,
}

impl<R: Read> Stream<R> {
    pub(super) fn new(input: R) -> io::Result<Self> {
        let mut raw = Raw::new(input);
        let packed = is_gzip(raw.peek(3)?);
        let state = if packed { State::Between(raw) } else { State::Plain(raw) };
        Ok(Self { state, member: 0, given: 0, buffer: Vec::new(), at: 0 })
    }

    /// Where the next byte stands in the file, in words.
    pub(super) fn place(&self) -> String {
        let into = self.given.saturating_sub(self.ahead().len() as u64);
        match self.state {
            State::Plain(_) => format!("byte {into}"),
            _ if into == 0 => format!("byte {}", self.member),
            _ => format!("byte {} ({into} bytes into what is packed there)", self.member),
        }
    }

    pub(super) fn ahead(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    pub(super) fn take(&mut self, count: usize) {
        self.at = (self.at + count).min(self.buffer.len());
    }

    /// Puts bytes that were taken back before those that were not.
    pub(super) fn put_back(&mut self, bytes: &[u8]) {
        let rest = self.ahead().len();
        self.buffer.drain(..self.buffer.len() - rest);
        self.buffer.splice(..0, bytes.iter().copied());
        self.at = 0;
    }

    /// Reads on behind what is there; false at the end.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        while !self.unpack()? {
            if !self.next_member()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether there is more of this gzip member; at its end, its sum is compared. A plain file
    /// counts as one that goes on.
    pub(super) fn member_goes_on(&mut self) -> io::Result<bool> {
        match self.state {
            State::Packed(_) if self.ahead().is_empty() => {}
            State::Between(_) => return Ok(!self.ahead().is_empty()),
            State::Packed(_) | State::Plain(_) | State::Ended => return Ok(true),
        }
        let more = self.unpack()?;
        if !more && let State::Packed(decoder) = std::mem::replace(&mut self.state, State::Ended) {
            self.state = State::Between(decoder.into_inner());
        }
        Ok(more)
    }

    /// Reads on, but not beyond this gzip member.
    fn unpack(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let here = self.buffer.len();
        self.buffer.resize(here + CHUNK, 0);
        let room = self.buffer.get_mut(here..).unwrap_or_default();
        let result = match &mut self.state {
            State::Plain(raw) => raw.read(room),
            State::Packed(decoder) => decoder.read(room),
            State::Between(_) | State::Ended => Ok(0),
        };
        self.buffer.truncate(here + result.as_ref().map_or(0, |count| *count));
        let count = result?;
        self.given += count as u64;
        self.guard()?;
        Ok(count > 0)
    }

    /// Refuses a member that unpacks to far more than it is.
    fn guard(&self) -> io::Result<()> {
        let State::Packed(decoder) = &self.state else { return Ok(()) };
        let packed = decoder.get_ref().offset() - self.member;
        let over = self.given > FREE_BYTES && self.given > packed.saturating_mul(RATIO_LIMIT);
        if over { Err(bomb(self.given, packed)) } else { Ok(()) }
    }

    /// Opens the next member of a packed file; false at the end.
    fn next_member(&mut self) -> io::Result<bool> {
        let mut raw = match std::mem::replace(&mut self.state, State::Ended) {
            State::Packed(decoder) => decoder.into_inner(),
            State::Between(raw) => raw,
            State::Plain(_) | State::Ended => return Ok(false),
        };
        // What is left of the member before has been given; a new record begins a new count.
        let ahead = raw.peek(3)?;
        if ahead.is_empty() {
            return Ok(false);
        }
        let packed = is_gzip(ahead);
        (self.member, self.given) = (raw.offset(), 0);
        if packed {
            self.state = State::Packed(Box::new(GzDecoder::new(raw)));
            return Ok(true);
        }
        self.state = State::Between(raw);
        let message = "no gzip member begins here, expected one or the end of the file";
        Err(io::Error::new(io::ErrorKind::InvalidData, message))
    }

    /// After bytes that cannot be unpacked: goes on with the next gzip member that holds a record.
    /// Where there are no members, nothing more can be had.
    pub(super) fn recover(&mut self) -> io::Result<()> {
        let mut raw = match std::mem::replace(&mut self.state, State::Ended) {
            State::Packed(decoder) => decoder.into_inner(),
            State::Between(raw) => raw,
            State::Plain(_) | State::Ended => return Ok(()),
        };
        self.buffer.clear();
        self.at = 0;
        raw.go_back(self.member + 1);
        match raw.find_member() {
            Ok(true) => self.state = State::Between(raw),
            Ok(false) => {}
            Err(error) if is_damage(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
