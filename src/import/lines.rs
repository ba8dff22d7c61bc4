//! A text dump's lines, made plain for matching.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

/// A tabulator indents as far as this many spaces.
const TAB: usize = 4;

/// One line of a dump, made plain for matching. Most lines are plain already, and are not copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// How far it stands in, in spaces.
    pub(super) indent: usize,
    whole: Cow<'a, str>,
}

impl<'a> Line<'a> {
    /// Makes no-break spaces plain, trims the end, and counts the indentation.
    pub(super) fn new(raw: &'a str) -> Self {
        let inner = raw.trim_start_matches([' ', '\t']);
        let margin = &raw[..raw.len() - inner.len()];
        let is_plain = is_plain(inner);
        let ended = inner.trim_end();
        if is_plain && ended.trim_start().len() == ended.len() && !margin.contains('\t') {
            let indent = if ended.is_empty() { 0 } else { margin.len() };
            let whole = if ended.is_empty() { "" } else { &raw[..indent + ended.len()] };
            return Self { indent, whole: Cow::Borrowed(whole) };
        }
        let indent = margin.chars().map(|c| if c == '\t' { TAB } else { 1 }).sum();
        let text = if is_plain { Cow::Borrowed(inner.trim()) } else { Cow::Owned(plain(inner)) };
        let indent = if text.is_empty() { 0 } else { indent };
        Self { indent, whole: Cow::Owned(" ".repeat(indent) + &text) }
    }

    /// Returns the line as one that owns its words.
    pub(super) fn into_owned<'b>(self) -> Line<'b> {
        Line { indent: self.indent, whole: Cow::Owned(self.whole.into_owned()) }
    }

    /// Returns the line with its indentation.
    pub(super) fn whole(&self) -> &str {
        &self.whole
    }

    /// Returns the line without its indentation.
    pub(super) fn text(&self) -> &str {
        &self.whole[self.indent..]
    }

    /// Whether nothing can be seen of the line.
    pub(super) fn is_blank(&self) -> bool {
        self.whole.is_empty()
    }
}

/// Whether [`plain`] would only trim: most lines hold nothing that it looks for.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.is_ascii() {
        return !bytes.contains(&b'\r');
    }
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'\r' => false,
        0xC2 => !matches!(bytes.get(at + 1), Some(0x85 | 0xA0 | 0xAD)),
        0xE2 => !matches!(
            bytes.get(at + 1..at + 3),
            Some([0x80, 0x87 | 0x8B | 0xA8 | 0xA9 | 0xAF] | [0x81, 0xA0])
        ),
        0xEF => bytes.get(at + 1) != Some(&0xBB),
        _ => true,
    })
}

/// Makes runs of spaces that hold a no-break space one plain space, drops what has no width, and
/// trims.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut run_start, mut no_break) = (0, false);
    for c in text.trim().chars() {
        match c {
            // Joiners (U+200C, U+200D) and marks of direction stay: words change without them.
            '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            // A carriage return within a line would end it in Markdown; so does U+0085 elsewhere.
            ' ' | '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{2028}' | '\u{2029}' | '\u{85}'
            | '\r' => {
                no_break |= c != ' ';
                plain.push(' ');
                if no_break {
                    plain.truncate(run_start + 1);
                }
            }
            _ => {
                plain.push(c);
                (run_start, no_break) = (plain.len(), false);
            }
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Cuts a text into lines, at whichever line ends it uses.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    cut(text).map(Line::new).collect()
}

/// Returns the lines of a dump's text as they stand in it: one for each fate of its ledger.
///
/// A line ends at LF or CR LF, as in every editor and in `grep -n`, so that numbers agree. Where
/// more carriage returns stand alone than there are LFs, the file is an old Macintosh's and they
/// end lines, too; in any other file a lone one is a space. U+0085, U+2028 and U+2029 end none:
/// hardly any program counts them.
pub fn cut(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let old = has_old_ends(text);
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let whole = rest?;
        let bytes = whole.as_bytes();
        let end = if old { memchr2(b'\n', b'\r', bytes) } else { memchr(b'\n', bytes) };
        let (line, below) = match end {
            None => (whole, None),
            Some(at) => {
                let long = if whole[at..].starts_with("\r\n") { 2 } else { 1 };
                (&whole[..at], Some(&whole[at + long..]))
            }
        };
        // What ends the last line begins no other.
        rest = below.filter(|below| !below.is_empty());
        Some(line.strip_suffix('\r').unwrap_or(line))
    })
}

/// Whether lone carriage returns end the lines of a text.
fn has_old_ends(text: &str) -> bool {
    let bytes = text.as_bytes();
    let lone = memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    lone > 0 && lone > memchr_iter(b'\n', bytes).count()
}

/// Returns the number, counted from 1, of the line on which the byte at `offset` stands.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    let above = text.get(..offset).unwrap_or(text);
    let ends = if has_old_ends(text) {
        above.matches(['\n', '\r']).count() - above.matches("\r\n").count()
    } else {
        above.matches('\n').count()
    };
    ends + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_break_spaces_become_one_plain_space() {
        assert_eq!(plain("a\u{a0}b"), "a b");
        assert_eq!(plain("a \u{a0} b\u{a0} \u{a0}"), "a b");
        assert_eq!(plain("a  b"), "a  b");
        assert_eq!(plain("\u{a0}a\u{200b}b\u{ad}c"), "abc");
        assert_eq!(plain("a\u{a0}\u{a0}b  c\u{a0}d"), "a b  c d");
    }

    #[test]
    fn a_line_that_is_plain_already_is_only_trimmed() {
        for text in ["a b", " ’tis a – b… ", "é", "\u{2010}x", "中文"] {
            assert!(is_plain(text), "{text:?}");
            assert_eq!(plain(text), text.trim(), "{text:?}");
        }
        for text in ["a\u{a0}b", "\u{2060}x", "\u{feff}a", "a\rb"] {
            assert!(!is_plain(text), "{text:?}");
        }
    }

    #[test]
    fn indentation_is_counted_in_plain_spaces_only() {
        let line = Line::new("    \u{a0}a ");
        assert_eq!((line.indent, line.text(), line.whole()), (4, "a", "    a"));
        assert_eq!(Line::new("\tx").indent, TAB);
        assert!(Line::new("  \u{a0} ").is_blank());
    }

    #[test]
    fn lines_end_where_the_file_says() {
        let texts = |text| lines(text).iter().map(|l| l.text().to_string()).collect::<Vec<_>>();
        assert_eq!(texts("\u{feff}a\r\nb\r\n"), ["a", "b"]);
        assert_eq!(texts("a\n\nb"), ["a", "", "b"]);
        assert_eq!(texts("a\rb\r"), ["a", "b"]);
        assert_eq!(texts("a\n\n"), ["a", ""]);
        assert_eq!(texts("a\rb\rc\n"), ["a", "b", "c"]);
        assert_eq!(texts("a\r\nb\nc\rd\n"), ["a", "b", "c d"]);
        assert_eq!(texts("a\u{2028}b\u{85}c\n"), ["a b c"]);
        assert_eq!(texts(""), [""]);
    }

    #[test]
    fn a_place_is_on_the_line_that_the_cut_gives_it() {
        for text in ["a\nb\nx", "a\rb\rx\r", "a\r\nb\r\nx", "a\r\nb\rc\n x"] {
            let at = text.find('x').unwrap();
            assert!(cut(text).nth(line_of(text, at) - 1).unwrap().contains('x'), "{text:?}");
        }
        assert_eq!(line_of("a\nb", 99), 2);
    }
}
