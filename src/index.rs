//! Names in an index: in the order that readers of a language know, a heading for each letter.
//!
//! The order is that of the Unicode CLDR (UTS #10 and #35 part 5), figures by their value.

use std::cmp::Ordering;
use std::fmt;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The first consonants of Korean syllables, from U+1100 on.
const CONSONANTS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];

/// What a name stands under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heading {
    /// It has neither letters nor figures.
    Signs,
    /// It begins with a figure.
    Figures,
    /// It begins with this letter.
    Letter(String),
    /// It begins with a Chinese character: there are too many for a heading each.
    Han,
}

/// The order of an index in one language.
pub struct Index {
    full: Option<CollatorBorrowed<'static>>,
    /// The order of letters, whatever their case and marks.
    letters: Option<CollatorBorrowed<'static>>,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Index")
    }
}

impl Index {
    /// Returns the order of a language (BCP 47); where it has none of its own, that of all languages.
    pub fn new(language: &str) -> Self {
        let mut wanted = CollatorPreferences::from(&language.parse().unwrap_or(Locale::UNKNOWN));
        wanted.numeric_ordering = Some(CollationNumericOrdering::True);
        let order = |strength| {
            let mut options = CollatorOptions::default();
            options.strength = Some(strength);
            Collator::try_new(wanted, options).ok()
        };
        Self { full: order(Strength::Tertiary), letters: order(Strength::Primary) }
    }

    /// The order of two names; never undecided, unless they are the same.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        compare(self.full.as_ref(), named(a), named(b)).then_with(|| a.cmp(b))
    }

    /// The order of two headings. Letters that differ by their marks alone are one.
    pub fn compare_headings(&self, a: &Heading, b: &Heading) -> Ordering {
        match (a, b) {
            (Heading::Letter(a), Heading::Letter(b)) => compare(self.letters.as_ref(), a, b),
            _ => a.cmp(b),
        }
    }

    /// Returns what a name stands under.
    pub fn heading(&self, name: &str) -> Heading {
        let mut letters = named(name).chars();
        match letters.next() {
            Some(first) if first.is_numeric() => Heading::Figures,
            Some(first) if is_han(first) => Heading::Han,
            Some(first) if first.is_alphabetic() => {
                let marks = letters.clone().take_while(|c| is_combining_mark(*c));
                // Thai and Lao write some vowels before the consonant that they are spoken behind.
                let is_behind = matches!(first, '\u{e40}'..='\u{e44}' | '\u{ec0}'..='\u{ec4}');
                match letters.clone().next().filter(|_| is_behind) {
                    Some(spoken) => Heading::Letter(spoken.to_string()),
                    None => Heading::Letter(self.letter(std::iter::once(first).chain(marks))),
                }
            }
            _ => Heading::Signs,
        }
    }

    /// A letter as a heading: a capital, without the marks that make no other letter of it.
    fn letter(&self, letter: impl Iterator<Item = char>) -> String {
        let is_georgian = |c: &char| matches!(c, '\u{10d0}'..='\u{10ff}');
        let composed: String = letter.nfc().collect();
        let capital = if composed.chars().any(|c| is_georgian(&c)) {
            composed
        } else {
            composed.to_uppercase().nfc().collect()
        };
        let Some(base) = capital.nfd().find(|c| !is_combining_mark(*c)) else { return capital };
        let consonant = u32::from(base).checked_sub(0x1100).and_then(|at| usize::try_from(at).ok());
        if let Some(consonant) = consonant.and_then(|at| CONSONANTS.get(at)) {
            return consonant.to_string();
        }
        let is_same = |other: &str| compare(self.letters.as_ref(), &capital, other).is_eq();
        // Ø and Æ have no marks that could be taken off.
        let plain = deunicode::deunicode_char(base).unwrap_or_default();
        let plain_letter = plain.chars().next().filter(char::is_ascii_alphabetic);
        match plain_letter {
            Some(first) if is_same(plain) => first.to_ascii_uppercase().to_string(),
            _ if is_same(base.encode_utf8(&mut [0; 4])) => base.to_string(),
            _ => capital,
        }
    }
}

fn compare(order: Option<&CollatorBorrowed<'static>>, a: &str, b: &str) -> Ordering {
    order.map_or_else(|| a.cmp(b), |order| order.compare(a, b))
}

/// A name from its first letter or figure on; all of it where it has none.
fn named(name: &str) -> &str {
    let from = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    if from.is_empty() { name } else { from }
}

fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'a>(language: &str, mut names: Vec<&'a str>) -> Vec<&'a str> {
        let index = Index::new(language);
        names.sort_by(|a, b| index.compare(a, b));
        names
    }

    #[test]
    fn names_stand_where_readers_look_for_them() {
        assert_eq!(
            sorted("en", vec!["Water", "Tag 10", "Élan", "tag 2", "\"Dam\"", "水", "Eagle", "Fe"]),
            ["\"Dam\"", "Eagle", "Élan", "Fe", "tag 2", "Tag 10", "Water", "水"]
        );
        assert_eq!(sorted("sv", vec!["Zoo", "Ö", "Å", "Ost"]), ["Ost", "Zoo", "Å", "Ö"]);
        assert_eq!(sorted("de", vec!["Zoo", "Ö", "Å", "Ost"]), ["Å", "Ö", "Ost", "Zoo"]);
        assert_eq!(sorted("no such", vec!["b", "A", "a"]), ["a", "A", "b"]);
    }

    #[test]
    fn each_letter_has_one_heading() {
        let of = |language: &str, name: &str| match Index::new(language).heading(name) {
            Heading::Letter(letter) => letter,
            other => format!("{other:?}"),
        };
        for (name, heading) in [
            ("élan", "E"),
            ("E\u{301}lan", "E"),
            ("Øre", "O"),
            ("Æon", "A"),
            ("ßa", "S"),
            ("Żubr", "Z"),
            ("<script>", "S"),
            ("1984", "Figures"),
            ("٣ أيام", "Figures"),
            ("🌊", "Signs"),
            ("?!", "Signs"),
            ("\u{200b}dam", "D"),
            ("水坝", "Han"),
            ("فُتِحت", "ف"),
            ("أحمد", "ا"),
            ("שחר", "ש"),
            ("река", "Р"),
            ("새벽", "ㅅ"),
            ("เขื่อน", "ข"),
            ("ประตู", "ป"),
            ("भोर", "भ"),
            ("ダム", "タ"),
            ("მდინარე", "მ"),
            ("ώρα", "Ω"),
        ] {
            assert_eq!(of("en", name), heading, "{name}");
        }
        assert_eq!((of("sv", "Ångström"), of("de", "Ångström")), ("Å".into(), "A".into()));
        assert_eq!((of("es", "ñu"), of("fr", "ñu")), ("Ñ".into(), "N".into()));
        let index = Index::new("ja");
        let same = index.compare_headings(&index.heading("ダム"), &index.heading("たき"));
        assert_eq!(same, Ordering::Equal);
    }
}
