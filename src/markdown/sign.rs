//! Signatures: the last line of a note, such as `— A. Okoro, 2031-05-02`.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{escape, plain};
use crate::date::When;
use crate::words::Words;

/// The longest name; a longer line that begins with a dash is a sentence.
const LONGEST: usize = 100;

/// Who wrote a note, and when.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signature {
    by: String,
    date: When,
}

impl Signature {
    /// Reads a line.
    fn parse(line: &str) -> Option<Self> {
        let line = line.trim();
        let name = line.trim_start_matches(['\u{2014}', '\u{2015}']);
        let name = if name == line { line.strip_prefix("--")? } else { name };
        let name = name.trim();
        let dated = name.rsplit_once(',').and_then(|(by, date)| {
            Some((by.trim(), When::parse(date.trim()).ok().filter(|date| !date.is_unknown())?))
        });
        let (by, date) = dated.unwrap_or((name, When::Unknown));
        let fits = by.chars().any(char::is_alphabetic) && by.chars().count() <= LONGEST;
        fits.then(|| Self { by: by.to_string(), date })
    }

    /// Takes the signature off the end of a note: a last line, with more words before it.
    pub(super) fn take(events: &mut Vec<Event<'_>>) -> Option<Self> {
        let Some(Event::End(TagEnd::Paragraph)) = events.last() else { return None };
        let start = events.iter().rposition(|event| *event == Event::Start(Tag::Paragraph))?;
        let is_break = |event: &Event<'_>| matches!(event, Event::SoftBreak | Event::HardBreak);
        let line = events[start..].iter().rposition(is_break).map(|at| start + at);
        let from = line.map_or(start, |at| at + 1);
        let words = &events[from..events.len() - 1];
        let words = if line.is_none() { words.get(1..)? } else { words };
        // A sentence that goes on with a link or emphasis is no name.
        if (line.is_none() && start == 0) || !words.iter().all(|e| matches!(e, Event::Text(_))) {
            return None;
        }
        let signature = Self::parse(&plain(words))?;
        match line {
            Some(at) => {
                events.truncate(at);
                events.push(Event::End(TagEnd::Paragraph));
            }
            None => events.truncate(start),
        }
        Some(signature)
    }

    /// The attributes of the element that holds the note.
    pub(super) fn attributes(&self) -> String {
        let mut html = format!(" data-by=\"{}\"", escape(&self.by));
        if !self.date.is_unknown() {
            let _ = write!(html, " data-date=\"{}\"", escape(&self.date.written()));
        }
        html
    }

    /// The line under the note.
    pub(super) fn line(&self, words: &Words) -> String {
        let mut html = format!("<p class=\"byline\">{}", escape(&self.by));
        let comma = escape(words.say("list.comma"));
        let words = escape(&self.date.words(words));
        match &self.date {
            When::Unknown => {}
            When::Edtf(_) => _ = write!(html, "{comma}{words}"),
            When::Exact(_) | When::Day(_) => {
                let written = self.date.written();
                let _ = write!(html, "{comma}<time datetime=\"{written}\">{words}</time>");
            }
        }
        html.push_str("</p>\n");
        html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_dash_and_a_name_is_a_signature() {
        let read = |line: &str| {
            Signature::parse(line).map(|signature| (signature.by, signature.date.written()))
        };
        let some = |by: &str, date: &str| Some((by.to_string(), date.to_string()));
        assert_eq!(read("— A. Okoro, 2031-05-02"), some("A. Okoro", "2031-05-02"));
        assert_eq!(read("-- Okoro, Jr., 2031-05~"), some("Okoro, Jr.", "2031-05~"));
        assert_eq!(read("—A. Okoro, of the desk"), some("A. Okoro, of the desk", ""));
        assert_eq!(read("- A. Okoro"), None);
        assert_eq!(read("—"), None);
        assert_eq!(read("A. Okoro, 2031"), None);
    }
}
