//! From the bytes of a page to text.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The standard looks for a page's own word on its encoding this far.
const PRESCAN: usize = 1024;

/// Returns a page's bytes as text: by its mark at the start, as UTF-8 where it is that, by what it
/// says of itself, or as browsers read a page that says nothing (windows-1252).
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    let said = declared(&bytes[..bytes.len().min(PRESCAN)]);
    // A page that says "windows-1252" and is good UTF-8 was saved anew by a browser. Encodings
    // that are no extension of ASCII look like good UTF-8 and are not.
    if said.is_none_or(Encoding::is_ascii_compatible)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    let encoding = match said {
        // A page in UTF-16 could not say so in ASCII.
        Some(encoding) if !encoding.is_single_byte() && encoding.name().starts_with("UTF-16") => {
            UTF_8
        }
        Some(encoding) if encoding == UTF_8 => UTF_8,
        Some(encoding) => encoding,
        None => WINDOWS_1252,
    };
    encoding.decode_without_bom_handling(bytes).0
}

/// Returns the encoding that the page names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let label = rest.trim_start_matches(['"', '\'']);
    let label = label.split(['"', '\'', '>', ';', ' ', '/']).next()?;
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_read_in_their_encoding() {
        assert_eq!(decode(b"\xef\xbb\xbfa"), "a");
        assert_eq!(decode(b"\xff\xfea\0"), "a");
        assert_eq!(decode("é".as_bytes()), "é");
        assert_eq!(decode(b"\x93caf\xe9\x94"), "“café”");
        assert_eq!(decode(b"<meta charset=iso-8859-2>\xe8"), "<meta charset=iso-8859-2>č");
        assert_eq!(
            decode("<meta charset='windows-1252'>é".as_bytes()),
            "<meta charset='windows-1252'>é"
        );
        assert_eq!(decode(b"<meta charset=utf-8>\xff"), "<meta charset=utf-8>\u{fffd}");
    }
}
