//! Redactions: `{{redacted: name of a minor}}` stands for words that were taken out.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::escape;
use crate::words::Words;

/// What opens and closes the stand-in of a mark: characters that no text may hold (Unicode, 23.7), so
/// that Markdown reads nothing into them.
const OPEN: char = '\u{fdd0}';
const CLOSE: char = '\u{fdd1}';
/// Every mark alike, where two texts are compared.
pub const ANY: char = '\u{fdd2}';
/// The bytes of [`OPEN`] and [`CLOSE`].
const AROUND: usize = 6;

/// A mark, with its reason; no paragraph goes on behind a blank line.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\{\{\s*redacted\s*(?::\s*([^{}]*?)\s*)?\}\}").expect("a constant")
});

/// What opens a mark, whether or not it is well formed.
static OPENING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\{\{\s*redacted").expect("a constant"));

/// A text whose marks wait behind stand-ins of the same length, and their reasons.
pub(super) struct Hidden<'a> {
    /// The text: its places are those of the text as it was written.
    pub(super) text: Cow<'a, str>,
    reasons: Vec<String>,
}

/// The marks of a text, each with its reason.
fn marks(text: &str) -> Vec<(Range<usize>, String)> {
    if !text.contains("{{") {
        return Vec::new();
    }
    MARK.captures_iter(text)
        .filter_map(|found| {
            let whole = found.get(0)?;
            let reason = found.get(1).map_or("", |reason| reason.as_str());
            let lines = reason.lines().map(|line| line.trim_matches([' ', '\t', '>']));
            let reason = lines.collect::<Vec<_>>();
            let one = !reason.iter().any(|line| line.is_empty()) || reason.len() < 2;
            (one && !is_escaped(text, whole.start())).then(|| (whole.range(), reason.join(" ")))
        })
        .collect()
}

/// Whether a backslash takes away the meaning of what stands at `at`.
fn is_escaped(text: &str, at: usize) -> bool {
    let slashes = text[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
    slashes % 2 == 1
}

impl<'a> Hidden<'a> {
    /// Sets the marks of a text aside.
    pub(super) fn of(text: &'a str) -> Self {
        let marks = marks(text);
        if marks.is_empty() {
            return Self { text: Cow::Borrowed(text), reasons: Vec::new() };
        }
        let mut hidden = String::with_capacity(text.len());
        let mut reasons = Vec::new();
        let mut at = 0;
        for (range, reason) in marks {
            hidden.push_str(&text[at..range.start]);
            let number = format!("{:0width$}", reasons.len(), width = range.len() - AROUND);
            hidden.extend([OPEN.to_string(), number, CLOSE.to_string()]);
            reasons.push(reason);
            at = range.end;
        }
        hidden.push_str(&text[at..]);
        Self { text: Cow::Owned(hidden), reasons }
    }

    /// Whether a piece of the text holds a mark.
    pub(super) fn stands_in(&self, piece: &str) -> bool {
        !self.reasons.is_empty() && piece.contains(OPEN)
    }

    /// Puts something in the place of each mark of a piece.
    fn replace<'b>(&self, piece: &'b str, shown: impl Fn(&str) -> String) -> Cow<'b, str> {
        if !self.stands_in(piece) {
            return Cow::Borrowed(piece);
        }
        let mut out = String::new();
        let mut rest = piece;
        while let Some((before, behind)) = rest.split_once(OPEN) {
            out.push_str(before);
            let found = behind.split_once(CLOSE).and_then(|(number, after)| {
                Some((self.reasons.get(number.parse::<usize>().ok()?)?, after))
            });
            rest = behind;
            if let Some((reason, after)) = found {
                out.push_str(&shown(reason));
                rest = after;
            }
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    /// A piece with its marks in words.
    pub(super) fn words<'b>(&self, piece: &'b str, words: &Words) -> Cow<'b, str> {
        self.replace(piece, |reason| in_words(reason, words))
    }

    /// A piece of HTML with its marks in words, also inside of an attribute.
    pub(super) fn in_attributes<'b>(&self, piece: &'b str, words: &Words) -> Cow<'b, str> {
        self.replace(piece, |reason| escape(&in_words(reason, words)))
    }

    /// The content of an element with its marks as marks.
    pub(super) fn html<'b>(&self, piece: &'b str, words: &Words) -> Cow<'b, str> {
        self.replace(piece, |reason| in_html(reason, words))
    }

    /// A piece without its marks.
    pub(super) fn without<'b>(&self, piece: &'b str) -> Cow<'b, str> {
        self.replace(piece, |_| String::new())
    }

    /// A piece in which all marks are alike.
    pub(super) fn alike<'b>(&self, piece: &'b str) -> Cow<'b, str> {
        self.replace(piece, |_| ANY.to_string())
    }
}

fn in_words(reason: &str, words: &Words) -> String {
    if reason.is_empty() {
        words.say("redacted.plain").to_string()
    } else {
        words.fill("redacted.because", &[("because", reason)])
    }
}

fn in_html(reason: &str, words: &Words) -> String {
    let shown = escape(&in_words(reason, words));
    format!("<span class=\"redacted\" data-voice=\"curator\">{shown}</span>")
}

/// Whether words were taken out of a text. A mark that lacks its end counts too: what it stands for is
/// not to be given away for a slip.
pub fn has_redaction(text: &str) -> bool {
    text.contains("{{") && OPENING.find_iter(text).any(|mark| !is_escaped(text, mark.start()))
}

/// Returns a title, or any text that is no Markdown, with `[redacted: …]` for what was taken out.
pub fn title_words<'a>(title: &'a str, words: &Words) -> Cow<'a, str> {
    let hidden = Hidden::of(title);
    if hidden.reasons.is_empty() {
        return Cow::Borrowed(title);
    }
    Cow::Owned(hidden.words(&hidden.text, words).into_owned())
}

/// Returns the same as HTML, in which what stands for words taken out is told apart.
pub fn title_html(title: &str, words: &Words) -> String {
    let hidden = Hidden::of(title);
    hidden.html(&escape(&hidden.text), words).into_owned()
}

/// Returns the text with one and the same character, [`ANY`], for each redaction.
pub fn alike(text: &str) -> String {
    let hidden = Hidden::of(text);
    hidden.alike(&hidden.text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_keeps_its_place_and_shows_its_reason() {
        let text = "Then {{redacted: name of a minor}} spoke, and {{redacted}}.";
        let hidden = Hidden::of(text);
        assert_eq!(hidden.text.len(), text.len());
        assert_eq!(
            hidden.words(&hidden.text, Words::english()),
            "Then [redacted: name of a minor] spoke, and [redacted]."
        );
        assert_eq!(title_words("No mark {here}", Words::english()), "No mark {here}");
        assert_eq!(
            title_html("<{{redacted: a \"b\"}}>", Words::english()),
            "&lt;<span class=\"redacted\" data-voice=\"curator\">[redacted: a &quot;b&quot;]</span>&gt;"
        );
    }

    #[test]
    fn what_is_no_mark_is_left_alone() {
        for text in
            ["{{redacted: open", "\\{{redacted: a}}", "{redacted: a}", "{{redacted: a\n\nb}}"]
        {
            assert_eq!(title_words(text, Words::english()), text);
        }
        assert!(has_redaction("{{ Redacted: open") && !has_redaction("\\{{redacted: a}}"));
        assert_eq!(title_words("{{redacted: a\n> b}}", Words::english()), "[redacted: a b]");
    }
}
