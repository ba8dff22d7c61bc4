//! The page in an HTTP response (RFC 9112) as a crawler wrote it down: whether it is one, and its
//! bytes with the transfer and content encodings undone.

use std::io::{self, Read};

use super::{FREE_BYTES, PAYLOAD_LIMIT, RATIO_LIMIT, bomb};

/// What a record's payload turned out to be.
pub(super) enum Verdict {
    /// A page.
    Page(Body),
    /// It could have been one.
    Skip(String),
    /// It cannot be one, by its media type.
    Other(String),
}

/// A page as it was served.
pub(super) struct Body {
    /// `text/html`, in lower case and without parameters.
    pub(super) media_type: String,
    /// The encoding that the server stated, in lower case.
    pub(super) charset: String,
    /// Its bytes, encodings undone.
    pub(super) bytes: Vec<u8>,
}

/// Returns a media type in lower case, without its parameters.
pub(super) fn media_type(header: &str) -> String {
    header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Returns what a media type says of the encoding of its text.
fn charset(header: &str) -> String {
    let parameters = header.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let charset = parameters
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"').to_ascii_lowercase());
    charset.last().unwrap_or_default()
}

fn is_page(media_type: &str) -> bool {
    matches!(
        media_type,
        "text/html"
            | "application/xhtml+xml"
            | "application/json"
            | "text/json"
            | "application/ld+json"
            | "text/plain"
            | "multipart/related"
            | "message/rfc822"
    )
}

/// Judges the block of a record that holds the payload alone (`resource`, `conversion`).
pub(super) fn plain(content_type: &str, block: Vec<u8>) -> Verdict {
    let media_type = media_type(content_type);
    if is_page(&media_type) {
        Verdict::Page(Body { media_type, charset: charset(content_type), bytes: block })
    } else {
        Verdict::Other(if media_type.is_empty() { "unknown".into() } else { media_type })
    }
}

/// Judges the block of a `response`; `cut` where the crawler says that it kept only a part.
pub(super) fn response(block: Vec<u8>, cut: bool) -> Verdict {
    let Some((head, body_at)) = split(&block) else {
        return Verdict::Skip("no HTTP response, expected its header and a blank line".into());
    };
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let status = first.split_whitespace().nth(1).unwrap_or_default().to_string();
    let mut found = Fields::default();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        found.set(&name.trim().to_ascii_lowercase(), value.trim());
    }
    let mut media_type = found.media_type;
    if !media_type.is_empty() && !is_page(&media_type) {
        return Verdict::Other(media_type);
    }
    if !first.starts_with("HTTP/") || status != "200" {
        return Verdict::Skip(format!("the server answered {status}, expected 200"));
    }
    let mut body = block;
    body.drain(..body_at);
    if found.chunked {
        body = match unchunk(&body) {
            Chunks::All(bytes) => bytes,
            Chunks::Part(bytes) if cut => bytes,
            Chunks::Part(_) => return Verdict::Skip("its last chunk is missing".into()),
            Chunks::None => body,
        };
    }
    for encoding in found.encodings.iter().rev() {
        body = match decode(encoding, body, cut) {
            Ok(bytes) => bytes,
            Err(reason) => return Verdict::Skip(reason),
        };
    }
    if media_type.is_empty() {
        media_type = match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'<') => "text/html".into(),
            Some(b'{' | b'[') => "application/json".into(),
            _ => return Verdict::Other("unknown".into()),
        };
    }
    Verdict::Page(Body { media_type, charset: found.charset, bytes: body })
}

#[derive(Default)]
struct Fields {
    media_type: String,
    charset: String,
    chunked: bool,
    encodings: Vec<String>,
}

impl Fields {
    fn set(&mut self, name: &str, value: &str) {
        let words = || value.split(',').map(|word| word.trim().to_ascii_lowercase());
        match name {
            "content-type" => (self.media_type, self.charset) = (media_type(value), charset(value)),
            "transfer-encoding" => {
                self.chunked |= words().any(|word| word == "chunked");
                self.encodings.extend(words().filter(|word| word != "chunked"));
            }
            "content-encoding" => self.encodings.extend(words()),
            _ => {}
        }
    }
}

/// The header as text, and where the body begins.
fn split(block: &[u8]) -> Option<(String, usize)> {
    let mut start = 0;
    for line in block.split_inclusive(|byte| *byte == b'\n') {
        start += line.len();
        if matches!(line, b"\r\n" | b"\n") {
            let head = block.get(..start).unwrap_or_default();
            return Some((String::from_utf8_lossy(head).into_owned(), start));
        }
    }
    None
}

enum Chunks {
    /// The whole body.
    All(Vec<u8>),
    /// What is there of it.
    Part(Vec<u8>),
    /// These are no chunks: the crawler has joined them already.
    None,
}

/// Joins the chunks of a body (RFC 9112, 7.1).
fn unchunk(body: &[u8]) -> Chunks {
    let mut joined = Vec::new();
    let mut rest = body;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n');
        let size = end.and_then(|end| rest.get(..end)).and_then(chunk_size);
        let (Some(end), Some(size)) = (end, size) else {
            return if rest.len() == body.len() { Chunks::None } else { Chunks::Part(joined) };
        };
        rest = rest.get(end + 1..).unwrap_or_default();
        if size == 0 {
            return Chunks::All(joined);
        }
        let Some(chunk) = rest.get(..size) else {
            // A text that is no chunks can begin with a line that looks like a size.
            if joined.is_empty() && size > rest.len() * 2 {
                return Chunks::None;
            }
            joined.extend_from_slice(rest);
            return Chunks::Part(joined);
        };
        joined.extend_from_slice(chunk);
        rest = rest.get(size..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

fn chunk_size(line: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(line).ok()?;
    let digits = text.split(';').next().unwrap_or_default().trim();
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| usize::from_str_radix(digits, 16).ok()).flatten()
}

/// Undoes one content encoding. A body that is not encoded as its header says was decoded by the
/// crawler already, and is taken as it is.
fn decode(encoding: &str, body: Vec<u8>, cut: bool) -> Result<Vec<u8>, String> {
    let packed = body.as_slice();
    let unpacked = match encoding {
        "" | "identity" | "none" | "utf-8" => return Ok(body),
        "gzip" | "x-gzip" if !super::raw::is_gzip(packed) => return Ok(body),
        "gzip" | "x-gzip" => unpack(flate2::read::MultiGzDecoder::new(packed), packed),
        "deflate" => match unpack(flate2::read::ZlibDecoder::new(packed), packed) {
            // What most servers call deflate is zlib; some send the bare stream.
            (bytes, Some(error)) if bytes.is_empty() && super::is_damage(&error) => {
                unpack(flate2::read::DeflateDecoder::new(packed), packed)
            }
            result => result,
        },
        "br" => unpack(brotli_decompressor::Decompressor::new(packed, 4096), packed),
        other => return Err(format!("its content is encoded as `{other}`, which is not read")),
    };
    match unpacked {
        (bytes, None) => Ok(bytes),
        (bytes, Some(_)) if cut && !bytes.is_empty() => Ok(bytes),
        (bytes, Some(_)) if bytes.is_empty() && is_text(packed) => Ok(body),
        (_, Some(error)) => Err(format!("its content cannot be unpacked from {encoding}: {error}")),
    }
}

/// Whether bytes are a page as it stands rather than something packed.
fn is_text(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'<' | b'{' | b'[')) && std::str::from_utf8(bytes).is_ok()
}

/// Unpacks within the limits: what came out, and what went wrong.
fn unpack(decoder: impl Read, packed: &[u8]) -> (Vec<u8>, Option<io::Error>) {
    let size = packed.len() as u64;
    let ratio = size.saturating_mul(RATIO_LIMIT).max(FREE_BYTES);
    let limit = ratio.min(PAYLOAD_LIMIT as u64);
    let mut bytes = Vec::new();
    let result = decoder.take(limit + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > limit {
        let error = if limit == ratio {
            bomb(limit, size)
        } else {
            let message = format!("it holds more than {} MiB", PAYLOAD_LIMIT >> 20);
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        return (Vec::new(), Some(error));
    }
    (bytes, result.err())
}
