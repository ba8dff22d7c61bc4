//! SHA-256, which tells that bytes have not changed since they were imported, and no more.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::io::{self, Read, Write};

use sha2::{Digest, Sha256, Sha512};

/// Returns the SHA-256 of bytes as 64 lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}

/// Returns the SHA-256 of everything that a stream gives, without holding it.
pub fn sha256_of(mut input: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(digits(&hash.finalize())),
            Ok(count) => hash.update(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// What tells a file from every other one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// SHA-512, 128 of them.
    pub sha512: String,
    /// The size.
    pub bytes: u64,
}

/// Copies everything that a stream gives, without holding it, and returns its hashes.
pub fn copy(mut input: impl Read, mut output: impl Write) -> io::Result<Sums> {
    let (mut short, mut long, mut bytes) = (Sha256::new(), Sha512::new(), 0);
    let mut buffer = vec![0; 256 << 10];
    loop {
        let count = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let piece = buffer.get(..count).unwrap_or_default();
        short.update(piece);
        long.update(piece);
        output.write_all(piece)?;
        bytes += count as u64;
    }
    output.flush()?;
    Ok(Sums { sha256: digits(&short.finalize()), sha512: digits(&long.finalize()), bytes })
}

/// Takes what would be a file, and keeps nothing of it but its SHA-256 and its size.
#[derive(Debug, Default)]
pub struct Sink {
    hash: Sha256,
    bytes: u64,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink {
    /// Returns the SHA-256 and the size in bytes.
    pub fn finish(self) -> (String, u64) {
        (digits(&self.hash.finalize()), self.bytes)
    }
}

fn digits(hash: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Returns a UUID of version 8 that is made of a name (RFC 9562, section 5.8), as a URN: the same
/// name has the same.
pub fn uuid(name: &str) -> String {
    let hash = sha256(name.as_bytes());
    let variant = ["8", "9", "a", "b"][usize::from(hash.as_bytes()[16]) % 4];
    format!(
        "urn:uuid:{}-{}-8{}-{variant}{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..32]
    )
}

/// Returns the SHA-256 of a body, as front matter holds it: of its text without blank lines before
/// or behind, with line ends `\n`.
pub fn body_sha256(body: &str) -> String {
    sha256(body.trim().as_bytes())
}

/// Reads a list of hashes in the form that `sha256sum -c` reads: the hash of each name, and the
/// lines that cannot be read.
pub fn parse_sums(text: &str) -> (BTreeMap<&str, &str>, Vec<usize>) {
    let mut sums = BTreeMap::new();
    let mut bad = Vec::new();
    for (at, line) in text.split_terminator('\n').enumerate() {
        match line.split_once("  ").filter(|(sum, name)| is_sum(sum) && !name.is_empty()) {
            Some((sum, name)) => _ = sums.insert(name, sum),
            None => bad.push(at + 1),
        }
    }
    (sums, bad)
}

fn is_sum(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Writes a list of hashes, by name: the inverse of [`parse_sums`].
pub fn print_sums<N: Display, S: Display>(sums: impl IntoIterator<Item = (N, S)>) -> String {
    sums.into_iter().fold(String::new(), |mut text, (name, sum)| {
        let _ = writeln!(text, "{sum}  {name}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_hashes_reads_and_prints_to_the_same() {
        let (a, b) = ("a".repeat(64), "0".repeat(64));
        let text = format!("{a}  one two.md\n{b}  three.md\n");
        let (sums, bad) = parse_sums(&text);
        assert_eq!((sums.len(), bad), (2, Vec::new()));
        assert_eq!(sums["one two.md"], a);
        assert_eq!(print_sums([("one two.md", &a), ("three.md", &b)]), text);
        assert_eq!(parse_sums(&format!("{}  x\n{a} y\n\n", "A".repeat(64))).1, [1, 2, 3]);
    }

    #[test]
    fn the_hash_is_the_one_that_others_compute() {
        // FIPS 180-4, the example "abc".
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), abc);
        assert_eq!(sha256_of(&b"abc"[..]).unwrap(), abc);
        assert_eq!(body_sha256("\nabc\n\n"), abc);
        let mut out = Vec::new();
        let sums = copy(&b"abc"[..], &mut out).unwrap();
        assert_eq!((sums.sha256.as_str(), sums.bytes, out.as_slice()), (abc, 3, &b"abc"[..]));
        assert!(sums.sha512.starts_with("ddaf35a193617abacc417349ae204131"), "{}", sums.sha512);
    }

    #[test]
    fn an_id_is_a_uuid_and_stays() {
        let id = uuid("entry a");
        assert_eq!(id, uuid("entry a"));
        assert_ne!(id, uuid("entry b"));
        let digits = id.strip_prefix("urn:uuid:").unwrap();
        let lengths: Vec<_> = digits.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(digits.as_bytes()[14], b'8');
    }
}
