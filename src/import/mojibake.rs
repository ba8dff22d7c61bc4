//! Letters that were read in the wrong encoding (`Ã¶` for `ö`) made right again, where it is
//! certain that they were.
//!
//! Text in UTF-8 that somebody read as Windows-1252 or Latin-1 keeps its bytes, a character each:
//! put back into bytes they are UTF-8 again. Words that are written so on purpose are very rare,
//! but not unheard of (`MANHÃ”`, a Portuguese word in capitals before a closing quotation mark). So:
//!
//! - Where *every* character of a text that is not ASCII is part of such a sequence, all are
//!   repaired: no sound text is like that.
//! - Else only sequences that no language has, such as a letter with a sign of which nobody makes
//!   use behind a letter (`Ã©`, `Â£`, `â€™`).

/// The characters of the bytes 0x80 to 0x9F of Windows-1252; 0 where it has none.
const HIGH: [u32; 32] = [
    0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152,
    0, 0x17d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161,
    0x203a, 0x153, 0, 0x17e, 0x178,
];
/// Bytes whose characters can stand behind a word on purpose: closing quotation marks, dashes, an
/// ellipsis, a no-break space, signs of trade marks, notes and ordinals.
const CLOSING: &[u8] = &[
    0x85, 0x86, 0x87, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9b, 0xa0, 0xaa, 0xab, 0xae,
    0xb7, 0xb9, 0xb2, 0xb3, 0xba, 0xbb,
];
/// A text whose sequences stand for so many different characters was not written like that.
const ENOUGH_KINDS: usize = 4;
/// Text can be read wrongly this often before nobody can read it any more.
const ROUNDS: usize = 3;

/// A text made right, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repaired {
    /// The text.
    pub(super) text: String,
    /// How many sequences were replaced.
    pub(super) places: usize,
    /// Where the first of them stood in the text as it was, in bytes.
    pub(super) first: usize,
}

/// Returns the text with its misread letters made right, or `None` where none certainly is one.
pub(super) fn repair(text: &str) -> Option<Repaired> {
    let mut whole = round(text)?;
    for _ in 1..ROUNDS {
        let Some(again) = round(&whole.text) else { break };
        whole.text = again.text;
    }
    Some(whole)
}

/// One sequence of characters that are the bytes of another one.
#[derive(Clone, Copy, Debug)]
struct Sequence {
    start: usize,
    end: usize,
    /// Its bytes; only the first `length` count.
    bytes: [u8; 4],
    length: usize,
    /// The character that they are.
    becomes: char,
}

impl Sequence {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Whether no character behind the first can stand there on purpose.
    fn is_odd(&self) -> bool {
        !self.bytes().iter().skip(1).any(|byte| CLOSING.contains(byte))
    }
}

fn round(text: &str) -> Option<Repaired> {
    let (sequences, all) = sequences(text);
    let mut kinds: Vec<char> = sequences.iter().map(|sequence| sequence.becomes).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let sure = certain(text, &sequences);
    let whole = all && (kinds.len() >= ENOUGH_KINDS || sure.contains(&true));
    let chosen = sequences.iter().zip(&sure).filter(|(_, sure)| whole || **sure);
    let (mut made, mut from, mut places, mut first) = (String::new(), 0, 0, None);
    for (sequence, _) in chosen {
        made.push_str(&text[from..sequence.start]);
        made.push(sequence.becomes);
        from = sequence.end;
        places += 1;
        first.get_or_insert(sequence.start);
    }
    let first = first?;
    made.push_str(&text[from..]);
    Some(Repaired { text: made, places, first })
}

/// Finds every sequence, and tells whether nothing but them is not ASCII.
fn sequences(text: &str) -> (Vec<Sequence>, bool) {
    let (mut found, mut all) = (Vec::new(), true);
    let mut at = 0;
    // Most of most texts is ASCII.
    while let Some(plain) = text.as_bytes()[at..].iter().position(|byte| !byte.is_ascii()) {
        at += plain;
        if let Some(sequence) = sequence(text, at) {
            at = sequence.end;
            found.push(sequence);
        } else {
            all = false;
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    (found, all)
}

/// Reads one sequence that begins at `start`.
fn sequence(text: &str, start: usize) -> Option<Sequence> {
    let mut chars = text[start..].char_indices();
    let lead = byte(chars.next()?.1)?;
    let length = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let (mut bytes, mut end) = ([lead, 0, 0, 0], start);
    for slot in &mut bytes[1..length] {
        let (offset, c) = chars.next()?;
        *slot = byte(c).filter(|byte| (0x80..0xc0).contains(byte))?;
        end = start + offset + c.len_utf8();
    }
    let becomes = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
    is_plausible(becomes).then_some(Sequence { start, end, bytes, length, becomes })
}

/// The byte that was read as this character, by Windows-1252 or else by Latin-1.
fn byte(c: char) -> Option<u8> {
    let code = u32::from(c);
    if (0x80..=0xff).contains(&code) {
        return u8::try_from(code).ok();
    }
    let at = HIGH.iter().position(|known| *known == code && code != 0)?;
    u8::try_from(0x80 + at).ok()
}

/// What Windows-1252 has for the byte of a control from U+0080 on.
pub(super) fn of_byte(c: char) -> Option<char> {
    let at = usize::try_from(u32::from(c).checked_sub(0x80)?).ok()?;
    HIGH.get(at).filter(|code| **code != 0).and_then(|code| char::from_u32(*code))
}

/// Whether a person may have written this character: a letter, a sign, a space.
fn is_plausible(c: char) -> bool {
    let private = matches!(u32::from(c), 0xe000..=0xf8ff | 0xf_0000..);
    // Bytes that Windows-1252 does not have stay controls when they are misread, and are misread
    // again with the rest.
    let rest = matches!(c, '\u{81}' | '\u{8d}' | '\u{8f}' | '\u{90}' | '\u{9d}');
    (rest || !c.is_control()) && !private && c != char::REPLACEMENT_CHARACTER
}

/// Whether a sequence can be nothing else.
fn is_certain(text: &str, sequences: &[Sequence], at: usize) -> bool {
    let it = &sequences[at];
    let before = text[..it.start].chars().next_back();
    let behind = text[it.end..].chars().next();
    let capital_before = before.is_some_and(char::is_uppercase);
    let small_before = before.is_some_and(char::is_lowercase);
    match it.bytes() {
        // Signs of Latin-1: `Â£`. A capital Â can end a word in capitals, or stand alone.
        [0xc2, second] => {
            let quotes = *second == 0xbb && before.is_none_or(char::is_whitespace);
            let outside = !capital_before && !before.is_some_and(is_opening) && !quotes;
            !CLOSING.contains(second) || small_before || (outside && !is_capital(behind))
        }
        // Letters of Latin-1: `Ã©`. A capital Ã ends no word in small letters.
        [0xc3, second] => {
            let begins = !capital_before
                && !before.is_some_and(is_opening)
                && behind.is_some_and(char::is_lowercase);
            !CLOSING.contains(second) || small_before || begins
        }
        // Letters of Latin Extended-A: `Å‚`.
        [0xc4 | 0xc5, _] => {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            it.is_odd() && (letter(before) || letter(behind))
        }
        // Greek, Cyrillic, Hebrew, Arabic: a word of them, not one letter.
        [_, _] => it.is_odd() && has_neighbour(sequences, at),
        // Punctuation, signs of currency, arrows: `â€™`, `â‚¬`. A byte order mark: `ï»¿`.
        [0xe2, 0x80 | 0x82, _] | [0xef, 0xbb, 0xbf] => true,
        [0xe2, ..] => it.is_odd(),
        // Scripts of Asia: a word of them.
        [_, _, _] => it.is_odd() && has_neighbour(sequences, at),
        // Pictures: `ðŸ˜€`.
        bytes => bytes.starts_with(&[0xf0, 0x9f]),
    }
}

/// Which sequences are certain: by themselves, or because they touch one that is.
fn certain(text: &str, sequences: &[Sequence]) -> Vec<bool> {
    let mut sure: Vec<bool> =
        (0..sequences.len()).map(|at| is_certain(text, sequences, at)).collect();
    let touches = |at: usize| sequences[at].end == sequences[at + 1].start;
    let pairs = 0..sequences.len().saturating_sub(1);
    for at in pairs.clone() {
        sure[at + 1] |= sure[at] && touches(at);
    }
    for at in pairs.rev() {
        sure[at] |= sure[at + 1] && touches(at);
    }
    sure
}

fn is_opening(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '«' | '„' | '(')
}

fn is_capital(c: Option<char>) -> bool {
    c.is_some_and(char::is_uppercase)
}

/// Whether an odd sequence of the same script stands directly beside this one.
fn has_neighbour(sequences: &[Sequence], at: usize) -> bool {
    let it = &sequences[at];
    let near = |other: &Sequence| {
        let touches = other.end == it.start || other.start == it.end;
        touches && other.length == it.length && other.is_odd()
    };
    let below = at.checked_sub(1).and_then(|below| sequences.get(below));
    below.is_some_and(near) || sequences.get(at + 1).is_some_and(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text in UTF-8 looks like that is read as Windows-1252.
    fn misread(text: &str) -> String {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn misread_letters_are_made_right() {
        for (wrong, right) in [
            ("KÃ¶ln", "Köln"),
            ("a cafÃ© in town", "a café in town"),
            ("Ã–sterreich", "Österreich"),
            ("voilÃ\u{a0} tout", "voilà tout"),
            ("the mayorâ€™s boat", "the mayor’s boat"),
            ("â€œGone,â€\u{9d} she said", "“Gone,” she said"),
            ("nine days â€“ or ten", "nine days – or ten"),
            ("Â£40 and 12Â°", "£40 and 12°"),
            ("5Â\u{a0}000 people", "5\u{a0}000 people"),
            ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
            ("Å\u{81}Ã³dÅº", "Łódź"),
            ("ðŸ˜€", "😀"),
            (
                "mixed â‚¬5, MÃ¼nchen “and” sound ones: é, SÃO",
                "mixed €5, München “and” sound ones: é, SÃO",
            ),
        ] {
            let found = repair(wrong).unwrap_or_else(|| panic!("{wrong} stays"));
            assert_eq!(found.text, right);
        }
    }

    #[test]
    fn what_was_misread_twice_is_read_back_twice() {
        let text = "Köln’s dam – “gone”";
        assert_eq!(repair(&misread(text)).unwrap().text, text);
        assert_eq!(repair(&misread(&misread(text))).unwrap().text, text);
        let mixed = format!("“Sound” SÃO {}", misread(&misread("Köln")));
        assert_eq!(repair(&mixed).unwrap().text, "“Sound” SÃO Köln");
        let mixed = format!("“Sound” SÃO {}", misread(&misread("“gone”")));
        assert_eq!(repair(&mixed).unwrap().text, "“Sound” SÃO “gone”");
    }

    #[test]
    fn sound_words_never_change() {
        for text in [
            "SÃO PAULO",
            "“AMANHÃ” é SÃO JOÃO",
            "\"AMANHÃ”",
            "AMANHÃ… IRMÃ – MAÇÃ\u{a0}VERDE",
            "AMANHÃ—ONTEM",
            "IRMÃ, IRMÃ. Ã",
            "a letra Ã” e a letra Â»",
            "«LIBERTÉ» «É» PERÚ” VOCÊ” CAFÉ…",
            "„FPÖ“ und „BÄ“",
            "Â\u{a0}ÎLE",
            "ROMÂ» «ROMÂ",
            "café…” dit-il",
            "Ångström’s Å – Ø”",
            "ÐAÐ’ er",
            "Привет, Κόσμε, 你好, مرحبا",
            "naïve façade, Zürich, Łódź, Åsa, señor",
            "“plain” ‘quotes’ – and — dashes…",
            "",
        ] {
            assert_eq!(repair(text), None, "{text}");
        }
    }

    #[test]
    fn a_whole_text_is_made_right_with_all_that_could_be_doubted() {
        let text = "AMANHÃ, «Ó» ou à noite: SÓ… “Ó” É";
        assert_eq!(repair(&misread(text)).unwrap().text, text);
        let chinese = "你好，世界";
        assert_eq!(repair(&misread(chinese)).unwrap().text, chinese);
    }

    #[test]
    fn places_are_counted_and_the_first_is_known() {
        let found = repair("ab\ncÃ© Ã©").unwrap();
        assert_eq!((found.places, found.first), (2, 4));
    }
}
