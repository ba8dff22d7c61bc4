//! The bytes of a dump as text: which encoding it is in, and what was mended on the way.
//!
//! The encoding is, in this order: what the curator told; a byte order mark; UTF-16 where NULs stand
//! at every other place; UTF-8 where the bytes are sound UTF-8; what an envelope says, then what the
//! file says of itself; a guess.
//! What is certain is not reported, a guess is. The names of encodings are those of the WHATWG
//! Encoding Standard, so `latin1` and `iso-8859-1` mean Windows-1252, as in every browser.
//!
//! The dump on the disk stays what it is; only what is read of it is mended here.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter, memmem};

use super::Told;
use super::lines::line_of;
use super::mojibake;
use crate::diagnostic::{Diagnostic, nearest};

/// A file says which encoding it is in within so many bytes.
const DECLARED_WITHIN: usize = 4096;
/// A guess from fewer bytes than this wants a look.
const FEW_BYTES: usize = 20;
/// Sound Unicode of which more than one character in so many is a control is no text.
const CONTROLS_IN_UTF8: usize = 8;
/// The same where the encoding was guessed: any bytes at all are text in some encoding.
const CONTROLS_IN_A_GUESS: usize = 50;

/// Longer runs of letters are no words, but data.
const LONGEST_WORD: usize = 200;

/// Behind question marks, so many different words are no habit of a page.
const MANY_WORDS: usize = 3;
/// The letters behind an apostrophe: `'s`, `'re`.
const SUFFIX: usize = 2;

/// A dump as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark and without control characters but tabulators and line
    /// ends; misread letters are made right where that is certain.
    pub text: String,
    /// The encoding it was in, by its WHATWG name: `UTF-8`, `windows-1252`, …
    pub encoding: &'static str,
    /// What the curator should know of how it was read.
    pub notes: Vec<Diagnostic>,
}

/// Returns the bytes of a dump as text.
///
/// # Errors
/// Says on which line something stands that no text holds, that there is no text at all, or that
/// the told encoding is none.
pub fn decode(bytes: &[u8], told: &Told) -> Result<Decoded, Diagnostic> {
    decode_as(bytes, told, told.encoding_hint.as_deref())
}

/// Like [`decode`], for a part of a file whose envelope says what encoding it is in: a header
/// `Content-Type: text/html; charset=…` of MIME or HTTP gives `hint`. A hint that names no known
/// encoding is as good as none.
///
/// # Errors
/// The same.
pub fn decode_as(bytes: &[u8], told: &Told, hint: Option<&str>) -> Result<Decoded, Diagnostic> {
    let name = &told.name;
    if let Some(kind) = known_kind(bytes) {
        let message = format!("this is {kind}, expected a page saved as text or HTML");
        let hint = "save the page itself, or its text, and read that";
        return Err(Diagnostic::error(name, 1, message).hint(hint));
    }
    let (encoding, basis) = encoding_of(bytes, told, hint)?;
    let (text, malformed) = encoding.decode_with_bom_removal(bytes);
    let mut notes = Vec::new();
    let is_guess = basis == Basis::Guessed;
    refuse_binary(&text, if is_guess { CONTROLS_IN_A_GUESS } else { CONTROLS_IN_UTF8 }, name)?;
    if is_guess {
        notes.push(guessed(bytes, encoding, name));
    }
    let replacement = char::REPLACEMENT_CHARACTER.to_string();
    if malformed || memmem::find(text.as_bytes(), replacement.as_bytes()).is_some() {
        notes.push(lost(&text, encoding, name));
    }
    let (mut text, dropped) = without_controls(text.into_owned(), name);
    notes.extend(dropped);
    if let Some(repaired) = mojibake::repair(&text) {
        notes.push(mended(&text, &repaired, name));
        text = repaired.text;
    }
    let (mut text, dropped) = without_high_controls(text, name);
    notes.extend(dropped);
    notes.extend(question_marks(&text, name));
    if text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        return Err(Diagnostic::error(name, 0, "holds no text, expected a saved live blog"));
    }
    if let Some(rest) = text.strip_prefix('\u{feff}') {
        text = rest.to_string();
    }
    Ok(Decoded { text, encoding: encoding.name(), notes })
}

/// Returns the WHATWG name of an encoding by any of its labels.
///
/// # Errors
/// Says what was expected.
pub fn encoding_name(label: &str) -> Result<String, String> {
    const USUAL: &[&str] = &[
        "utf-8",
        "utf-16le",
        "utf-16be",
        "windows-1252",
        "windows-1251",
        "windows-1250",
        "iso-8859-1",
        "iso-8859-2",
        "iso-8859-15",
        "macintosh",
        "koi8-r",
        "shift_jis",
        "euc-jp",
        "euc-kr",
        "gbk",
        "gb18030",
        "big5",
    ];
    Encoding::for_label(label.as_bytes()).map(|found| found.name().to_string()).ok_or_else(|| {
        let near = nearest(&label.to_lowercase(), USUAL.iter().copied());
        let meant = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        format!("`{label}`, expected an encoding such as windows-1252 or utf-16le{meant}")
    })
}

/// How an encoding came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Basis {
    /// Somebody says so, or the bytes can be nothing else.
    Certain,
    /// It looks most like it.
    Guessed,
}

fn encoding_of(
    bytes: &[u8],
    told: &Told,
    hint: Option<&str>,
) -> Result<(&'static Encoding, Basis), Diagnostic> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if let Some(label) = &told.encoding {
        let name = encoding_name(label)
            .map_err(|what| Diagnostic::error(&told.name, 0, format!("the encoding {what}")))?;
        let encoding = Encoding::for_label(name.as_bytes()).unwrap_or(UTF_8);
        // Whoever says UTF-16 need not know which of the two the mark names.
        let wide = |it: &'static Encoding| [UTF_16LE.name(), UTF_16BE.name()].contains(&it.name());
        let marked = marked.filter(|marked| wide(marked) && wide(encoding));
        return Ok((marked.unwrap_or(encoding), Basis::Certain));
    }
    if let Some(encoding) = marked {
        return Ok((encoding, Basis::Certain));
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return Ok((encoding, Basis::Certain));
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Ok((UTF_8, Basis::Certain));
    }
    let stated = hint.map(str::to_string).or_else(|| declared(bytes));
    let stated = stated.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    // A file that says UTF-8 and is not says nothing; one that says UTF-16 in ASCII even less.
    if let Some(encoding) =
        stated.filter(|encoding| encoding.is_ascii_compatible() && *encoding != UTF_8)
    {
        return Ok((encoding, Basis::Certain));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let domain = told.source_url.as_deref().and_then(top_domain);
    let guess = detector.guess(domain.as_deref().map(str::as_bytes), Utf8Detection::Allow);
    Ok((guess, Basis::Guessed))
}

/// Returns the encoding that a file names in its first bytes: `<meta charset="…">`,
/// `<meta http-equiv="Content-Type" content="text/html; charset=…">`, `<?xml … encoding="…"?>`.
pub fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED_WITHIN)]).to_lowercase();
    let of = |tag: &str, key: &str| {
        head.match_indices(tag).find_map(|(at, _)| {
            let element = head[at..].split('>').next()?;
            let value = element.split_once(key)?.1.trim_start().strip_prefix('=')?.trim_start();
            let value = value.trim_start_matches(['"', '\'']);
            let label: String = value
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
                .collect();
            (!label.is_empty()).then_some(label)
        })
    };
    of("<?xml", "encoding").or_else(|| of("<meta", "charset"))
}

/// Which of the two UTF-16 encodings a file without a mark is in: text in Latin letters has a NUL
/// for every other byte.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARED_WITHIN)];
    let (pairs, _) = head.as_chunks::<2>();
    let high = pairs.iter().filter(|[first, _]| *first == 0).count();
    let low = pairs.iter().filter(|[_, second]| *second == 0).count();
    // No text in another encoding has NULs in so many places, and so few in the others.
    let most = |many: usize, few: usize| many * 5 >= pairs.len() * 2 && few * 4 <= many;
    // In other scripts hardly more than spaces, digits and line ends have one: it has to be text, too.
    let some = |many: usize, few: usize, encoding: &'static Encoding| {
        let decoded = || encoding.decode_without_bom_handling_and_without_replacement(head);
        let is_text = |text: &str| {
            let controls = text.chars().filter(|c| c.is_control() && !"\0\n\r\t".contains(*c));
            controls.count() * CONTROLS_IN_UTF8 <= text.chars().count()
        };
        // Any NULs in a text of single bytes are no sign of pairs.
        let in_bytes = head
            .utf8_chunks()
            .next()
            .is_some_and(|chunk| chunk.valid().len() + 4 > head.len() && is_text(chunk.valid()));
        many * 10 >= pairs.len()
            && few * 4 <= many
            && head.len().is_multiple_of(2)
            && !in_bytes
            && decoded().is_some_and(|text| is_text(&text))
    };
    match () {
        () if pairs.len() < 4 => None,
        () if most(low, high) || some(low, high, UTF_16LE) => Some(UTF_16LE),
        () if most(high, low) || some(high, low, UTF_16BE) => Some(UTF_16BE),
        () => None,
    }
}

/// The last part of an address's host name, where it is one of letters.
fn top_domain(url: &str) -> Option<String> {
    let host = url.split_once("://")?.1.split(['/', ':', '?', '#']).next()?;
    let last = host.rsplit('.').next()?.to_lowercase();
    (!last.is_empty() && last.chars().all(|c| c.is_ascii_lowercase())).then_some(last)
}

/// What a file that is no text says of itself in its first bytes.
fn known_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF file"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"PK\x03\x04", "a ZIP file"),
        (b"\x1f\x8b\x08", "a file packed with gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"bplist00", "a Web archive of Safari"),
    ];
    KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}

/// Whether a character belongs into no text: a control that is no tabulator, line end or form feed.
fn is_stray(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}')
}

/// Whether a text holds a control that is no tabulator and no line end: of most texts, all that is
/// asked about them.
fn has_controls(text: &str) -> bool {
    let is_one = |byte: u8| (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f;
    // Many bytes at once, which a search that may stop at any of them is not.
    text.bytes().fold(false, |found, byte| found | is_one(byte))
}

fn refuse_binary(text: &str, one_in: usize, name: &str) -> Result<(), Diagnostic> {
    if !has_controls(text) {
        return Ok(());
    }
    let strays = text.chars().filter(|c| is_stray(*c)).count();
    if strays * one_in <= text.chars().count() {
        return Ok(());
    }
    let at = text.find(is_stray).unwrap_or_default();
    let message = match text[at..].chars().next().map_or(0, u32::from) {
        0 => "a NUL byte, and many controls in all, expected text".to_string(),
        code => format!("the control character U+{code:04X}, and many in all, expected text"),
    };
    let hint = "this is no text file; if it is one, tell its encoding with `--encoding`";
    Err(Diagnostic::error(name, line_of(text, at), message).hint(hint))
}

fn guessed(bytes: &[u8], encoding: &'static Encoding, name: &str) -> Diagnostic {
    let high = |byte: &&u8| !byte.is_ascii();
    let count = bytes.iter().filter(high).count();
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or_default();
    let line = line_of(&String::from_utf8_lossy(&bytes[..first]), usize::MAX);
    let how_sure = if count < FEW_BYTES { "little to go by" } else { "rather sure" };
    let message = format!(
        "no encoding is stated and this is not UTF-8; read as {}, guessed from {count} bytes ({how_sure}), the first is here",
        encoding.name()
    );
    let hint =
        "look at its letters with accents; if they are wrong, tell the encoding with `--encoding`";
    Diagnostic::note(name, line, message).hint(hint)
}

fn lost(text: &str, encoding: &'static Encoding, name: &str) -> Diagnostic {
    let count = text.matches(char::REPLACEMENT_CHARACTER).count();
    let line = text.find(char::REPLACEMENT_CHARACTER).map_or(0, |at| line_of(text, at));
    let message = format!(
        "characters that cannot be read in {}: {count}, the first is here; each is shown as `\u{fffd}`",
        encoding.name()
    );
    let hint = "another `--encoding` may read them; or they were lost when the page was saved";
    Diagnostic::warning(name, line, message).hint(hint)
}

/// Drops control characters. A form feed is a space.
fn without_controls(text: String, name: &str) -> (String, Option<Diagnostic>) {
    if !has_controls(&text) {
        return (text, None);
    }
    let note = text.find(is_stray).map(|at| {
        let count = text.chars().filter(|c| is_stray(*c)).count();
        let message = format!("control characters: {count}, the first is here; they are left out");
        Diagnostic::note(name, line_of(&text, at), message)
    });
    let kept = text.chars().filter(|c| !is_stray(*c));
    (kept.map(|c| if c == '\u{c}' { ' ' } else { c }).collect(), note)
}

/// Gives the controls from U+0080 on the meaning that they have in Windows-1252: whoever wrote them
/// meant those quotation marks and dashes. What has none is dropped: terminals obey some of them.
fn without_high_controls(text: String, name: &str) -> (String, Option<Diagnostic>) {
    // U+0085 alone may be a line end of a mainframe: then it stays, and is a space.
    let is_high = |c: char| matches!(c, '\u{80}'..='\u{9f}') && c != '\u{85}';
    // In UTF-8, they and half a hundred letters begin with this byte: most texts hold none.
    let first = memchr(0xc2, text.as_bytes()).and_then(|_| text.find(is_high));
    let Some(first) = first else { return (text, None) };
    let count = text.chars().filter(|c| is_high(*c)).count();
    let message = format!(
        "controls from U+0080 on: {count}, the first is here; read as the quotation marks and dashes of windows-1252"
    );
    let note = Diagnostic::note(name, line_of(&text, first), message);
    let meant = text.chars().filter_map(|c| match c {
        '\u{80}'..='\u{9f}' => mojibake::of_byte(c),
        _ => Some(c),
    });
    (meant.collect(), Some(note))
}

fn mended(text: &str, repaired: &mojibake::Repaired, name: &str) -> Diagnostic {
    let Some(was) = text[repaired.first..].chars().next() else {
        return Diagnostic::note(name, 0, "letters were made right");
    };
    let message = format!(
        "letters that were read in the wrong encoding (`{was}…`): {} made right, the first is here",
        repaired.places
    );
    let hint = "the dump itself stays as it is";
    Diagnostic::note(name, line_of(text, repaired.first), message).hint(hint)
}

/// Question marks in the middle of words, where a quotation mark or a space was lost: only told.
fn question_marks(text: &str, name: &str) -> Option<Diagnostic> {
    let is_lost = |at: usize| {
        let before = text[..at].chars().next_back().is_some_and(char::is_alphabetic);
        let behind = text[at + 1..].chars().next().is_some_and(char::is_lowercase);
        // An address has question marks in its middle.
        let is_word = |c: &char| !c.is_whitespace();
        let left = text[..at].chars().rev().take(LONGEST_WORD).take_while(is_word);
        let right = text[at..].chars().take(LONGEST_WORD).take_while(is_word);
        before && behind && !left.chain(right).any(|c| "/=&@".contains(c))
    };
    let places: Vec<usize> = memchr_iter(b'?', text.as_bytes()).filter(|at| is_lost(*at)).collect();
    let first = *places.first()?;
    // `stopped?published` was glued by whoever saved the page, with the same word each time. What
    // lost an apostrophe goes on with a letter or two, and what lost a space with any word.
    let mut behind: Vec<&str> = places
        .iter()
        .filter_map(|at| text[at + 1..].split(|c: char| !c.is_alphabetic()).next())
        .collect();
    behind.sort_unstable();
    behind.dedup();
    if behind.len() < MANY_WORDS && !behind.iter().any(|word| word.chars().count() <= SUFFIX) {
        return None;
    }
    let message = format!(
        "question marks inside words: {}, the first is here; a quotation mark or a space was lost there, perhaps",
        places.len()
    );
    let hint = "nothing was changed: what stood there cannot be known";
    Some(Diagnostic::warning(name, line_of(text, first), message).hint(hint))
}
