//! What is one word, and which spellings count as the same.
//!
//! The browser cuts a query with the same patterns, which the index hands to it, so that both always
//! agree. Letters, marks and numbers are told by the Unicode tables of `regex` here and of the browser
//! there; only what both engines understand may stand in a pattern.

use std::sync::LazyLock;

use frostem::Stemmer;
use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use crate::markdown::REDACTED;

/// A run of letters and numbers, or a single sign such as an emoji.
pub const RUN: &str = r"\p{So}|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*";
/// Scripts that put no blanks between words.
const UNSPACED: &str = r"\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}";
/// A letter with its marks.
pub const UNIT: &str = r"\P{M}\p{M}*|\p{M}+";
/// Marks that readers leave out: accents, the vowel points of Hebrew and Arabic, the looks of an emoji.
pub const MARKS: &str = r"[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\ufe0e\ufe0f]";
/// Letters that readers write otherwise, each before what it is taken for.
pub const ALIKE: [(char, &str); 14] = [
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ł', "l"),
    ('ı', "i"),
    ('ς', "σ"),
    ('ة', "ه"),
    ('ى', "ي"),
    ('ی', "ي"),
    ('ک', "ك"),
];
/// The longest word, in characters; what is longer is known by its beginning.
pub const LONGEST: usize = 64;

/// Cuts a run into pieces that have blanks between words and pieces that have none.
pub static PIECE: LazyLock<String> = LazyLock::new(|| format!("[{UNSPACED}]+|[^{UNSPACED}]+"));

static RUN_PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new(RUN).expect("a constant"));
static PIECE_PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new(&PIECE).expect("a constant"));
static UNIT_PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new(UNIT).expect("a constant"));
static MARKS_PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new(MARKS).expect("a constant"));

/// A word where it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The word as it is written.
    pub word: &'a str,
    /// Its place among the words, counted from 0. Between blocks, and where words were taken out, a
    /// place is left free, so that no phrase goes across.
    pub place: u32,
    /// Whether it is a pair of letters, or a last one, of a script without blanks.
    pub is_pair: bool,
}

/// Cuts a text into words. Of scripts without blanks each pair of neighbouring letters is a word, and
/// each last letter: whatever a reader looks for is then a row of pairs.
pub fn tokens(text: &str, mut each: impl FnMut(Token<'_>)) -> u32 {
    let mut place = 0;
    let mut end = 0;
    for run in RUN_PATTERN.find_iter(text) {
        if end > 0 && text[end..run.start()].contains(['\n', REDACTED]) {
            place += 1;
        }
        end = run.end();
        let word = run.as_str();
        if word.is_ascii() {
            each(Token { word, place, is_pair: false });
            place += 1;
            continue;
        }
        for piece in PIECE_PATTERN.find_iter(word) {
            if !is_unspaced(piece.as_str()) {
                each(Token { word: piece.as_str(), place, is_pair: false });
                place += 1;
                continue;
            }
            let units: Vec<_> = UNIT_PATTERN.find_iter(piece.as_str()).collect();
            for (at, unit) in units.iter().enumerate() {
                let last = units.get(at + 1).unwrap_or(unit);
                let word = &piece.as_str()[unit.start()..last.end()];
                each(Token { word, place, is_pair: true });
                place += 1;
            }
        }
    }
    place
}

/// Whether a piece belongs to a script without blanks.
fn is_unspaced(piece: &str) -> bool {
    static FIRST: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!("^[{UNSPACED}]")).expect("a constant"));
    FIRST.is_match(piece)
}

/// Makes of a word what stands for all its spellings: small letters, no accents, one form where
/// Unicode has several (NFKD, then NFC).
pub fn fold(word: &str, folded: &mut String) {
    folded.clear();
    if word.is_ascii() {
        folded.extend(word.chars().take(LONGEST).map(|c| c.to_ascii_lowercase()));
        return;
    }
    let small = word.nfkd().collect::<String>().to_lowercase();
    let bare = MARKS_PATTERN.replace_all(&small, "");
    let mut plain = String::with_capacity(bare.len());
    for letter in bare.chars() {
        match ALIKE.iter().find(|(from, _)| *from == letter) {
            Some((_, to)) => plain.push_str(to),
            None => plain.push(letter),
        }
    }
    folded.extend(plain.nfc().take(LONGEST));
}

/// Words of one stem are one word to a reader who does not ask for an exact phrase.
pub struct Stems(Option<Stemmer>);

impl Stems {
    /// Returns the stemmer for a language (BCP 47); for one that has none, each word is its own stem.
    pub fn of(language: &str) -> Self {
        let primary = language.split('-').next().unwrap_or_default();
        // Bokmål and Nynorsk have one stemmer, under the name of both.
        let primary = if matches!(primary, "nb" | "nn") { "no" } else { primary };
        Self(Stemmer::try_from_name(primary).ok())
    }

    /// Returns the stem of a word in small letters, folded.
    pub fn stem(&self, small: &str, folded: &str) -> String {
        let Some(stemmer) = &self.0 else { return folded.to_string() };
        let mut stem = String::new();
        fold(&stemmer.stem(small), &mut stem);
        if stem.is_empty() { folded.to_string() } else { stem }
    }
}

impl std::fmt::Debug for Stems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Stems").field(&self.0.is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        let mut list = Vec::new();
        tokens(text, |token| {
            let mut word = String::new();
            fold(token.word, &mut word);
            list.push(word);
        });
        list
    }

    #[test]
    fn words_are_cut_in_every_script() {
        assert_eq!(
            folded("The dam\u{2019}s gates, 05:40"),
            ["the", "dam", "s", "gates", "05", "40"]
        );
        assert_eq!(folded("Hochwasserschutzanlage"), ["hochwasserschutzanlage"]);
        assert_eq!(folded("東京都"), ["東京", "京都", "都"]);
        assert_eq!(folded("2031年東"), ["2031", "年東", "東"]);
        assert_eq!(
            folded("น้ำท่วม"),
            ["น้ํา", "ําท่", "ท่ว", "วม", "ม"].map(|w| {
                let mut word = String::new();
                fold(w, &mut word);
                word
            })
        );
        assert_eq!(folded("wave 🌊 !"), ["wave", "🌊"]);
        assert_eq!(folded("<script>"), ["script"]);
        assert_eq!(folded(""), Vec::<String>::new());
    }

    #[test]
    fn spellings_of_one_word_are_one() {
        assert_eq!(folded("Café CAFE cafe\u{301}"), ["cafe", "cafe", "cafe"]);
        assert_eq!(folded("Straße STRASSE"), ["strasse", "strasse"]);
        assert_eq!(folded("السَّلام السلام"), ["السلام", "السلام"]);
        assert_eq!(folded("שָׁלוֹם שלום"), ["שלום", "שלום"]);
        assert_eq!(folded("İstanbul ｗａｖｅ Σίσυφος"), ["istanbul", "wave", "σισυφοσ"]);
        assert_eq!(folded("한국어"), ["한국어"]);
        // Vowels of Hindi are marks, too, and no reader leaves them out.
        assert_ne!(folded("हेतु"), folded("हतु"));
    }

    #[test]
    fn no_phrase_goes_across_blocks_or_what_was_taken_out() {
        let mut places = Vec::new();
        let next = tokens("a b\nc \u{fdd2} d", |token| places.push(token.place));
        assert_eq!((places, next), (vec![0, 1, 3, 5], 6));
    }

    #[test]
    fn stems_are_of_the_language() {
        assert_eq!(Stems::of("en-GB").stem("rescued", "rescued"), "rescu");
        assert_eq!(Stems::of("de").stem("häuser", "hauser"), "haus");
        assert_eq!(Stems::of("nb").stem("husene", "husene"), "hus");
        assert_eq!(Stems::of("qaa").stem("rescued", "rescued"), "rescued");
    }
}
