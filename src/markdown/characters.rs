//! Characters that a page has no place for, and those that nobody sees.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Stands for a character that a page has no place for.
const INSTEAD: char = char::REPLACEMENT_CHARACTER;

/// A character that takes part in what a reader sees: no blank, no control character, none that
/// only tells how others are shown. U+2800 is braille without a dot.
static SEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\x{2800}]")
        .expect("a constant")
});

/// Whether a reader sees nothing of a text: it is empty, or made of blanks and of characters without
/// a shape.
pub fn is_unseen(text: &str) -> bool {
    // Nearly every text begins with a letter.
    !text.as_bytes().first().is_some_and(u8::is_ascii_graphic) && !SEEN.is_match(text)
}

/// Whether neither HTML (WHATWG, 13.1.4) nor XML 1.0 (2.2) has a place for a character: control
/// characters and noncharacters.
fn is_illegal(c: char) -> bool {
    let noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    noncharacter || c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// Whether such a character may stand in a text. Looks at every three bytes that follow each other,
/// without stopping early and without asking where characters begin: that is done for many at once.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "with a branch at each byte it takes four times as long"
)]
fn may_be_illegal(text: &str) -> bool {
    let one = text.as_bytes();
    let two = one.get(1..).unwrap_or_default();
    let three = two.get(1..).unwrap_or_default();
    let low = |at: u8| (at < 0x20) & (at != b'\t') & (at != b'\n') & (at != b'\r');
    let mut found = one.iter().fold(false, |found, at| found | low(*at) | (*at == 0x7f));
    // U+0080 to U+009F are 0xC2 and a second byte below 0xA0.
    for (one, two) in one.iter().zip(two) {
        found |= (*one == 0xc2) & (*two < 0xa0);
    }
    // U+FDD0 to U+FDEF are 0xEF, 0xB7 and a third byte up to 0xAF. The two at the end of each plane
    // end with 0xBF 0xBE and 0xBF 0xBF, behind a byte whose low half is 0xF.
    for ((one, two), three) in one.iter().zip(two).zip(three) {
        found |= (*one == 0xef) & (*two == 0xb7) & (*three >= 0x90) & (*three <= 0xaf);
        found |= (*one & 0x8f == 0x8f) & (*two == 0xbf) & (*three | 1 == 0xbf);
    }
    found
}

/// Returns a text as a page can hold it: U+FFFD for each control character and noncharacter, so that
/// a reader sees that something stood there; a blank for those that are blanks, such as a form feed.
/// The Markdown keeps what it has.
pub fn legal(text: &str) -> Cow<'_, str> {
    if !may_be_illegal(text) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| match c {
        c if !is_illegal(c) => c,
        c if c.is_whitespace() => ' ',
        _ => INSTEAD,
    };
    Cow::Owned(text.chars().map(shown).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_page_has_a_place_for_is_shown_to_be_there() {
        assert_eq!(legal("a\u{1}b\u{fffe}c\td\r\n"), "a\u{fffd}b\u{fffd}c\td\r\n");
        assert_eq!(legal("page\u{c}feed, next\u{85}line"), "page feed, next line");
        let plain = "Ä · “ﷲ” ｡ 水: \u{a0}\u{ff1a}\u{fdcf}\u{fdf0}\u{fffd} \u{1f30a} \u{1fffd}";
        assert!(matches!(legal(plain), Cow::Borrowed(same) if same == plain));
    }

    #[test]
    fn the_quick_look_misses_nothing_and_stops_at_little_else() {
        // Of the planes behind the first, the ends.
        let tried = |c: &char| u32::from(*c) < 0x1_0000 || u32::from(*c) & 0xffff > 0xff00;
        for c in ('\0'..=char::MAX).filter(tried) {
            // With other letters around it, and at the end, where fewer bytes follow.
            for text in [format!("é{c}ﷺ"), format!("a{c}")] {
                assert_eq!(may_be_illegal(&text), is_illegal(c), "U+{:04X}", u32::from(c));
            }
        }
    }

    #[test]
    fn what_nobody_sees_is_told_from_what_is_short() {
        for text in ["", " \n", "\u{200b}\u{200d}\u{2060}", "\u{ad}", "\u{feff}\u{7}", "\u{2800}"] {
            assert!(is_unseen(text), "{text:?}");
        }
        for text in ["q", "?", "\u{200b}x", " é", "🌊", "水", "\u{e000}"] {
            assert!(!is_unseen(text), "{text:?}");
        }
    }
}
