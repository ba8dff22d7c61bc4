//! What a curator changed of the publisher's words, and what of it was on purpose. Pure.
//!
//! Annotations, redactions and what was filled in for something missing are no changes.

use std::fmt::Write as _;

use crate::date::DateBasis;
use crate::diff::{self, Piece};
use crate::entry::{Entry, TitleBasis};
use crate::fixity::sha256;
use crate::markdown::{self, REDACTED, alike};
use crate::words::Words;

/// Something of the publisher's that an entry says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alteration {
    /// What it is: `title`, `date`, `authors` or `words`.
    pub what: &'static str,
    /// The line of the body, counted from 0; `None` for what stands in the front matter.
    pub line: Option<usize>,
    /// What the publisher says.
    pub before: String,
    /// What the entry says.
    pub after: String,
}

/// A piece of a text that was changed, with what is no change set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Both say it.
    Same(String),
    /// The publisher says it.
    Gone(String),
    /// The entry says it.
    New(String),
}

/// Returns everything of the publisher's that `entry` says otherwise than `base`, the entry as it was
/// imported.
pub fn alterations(base: &Entry, entry: &Entry) -> Vec<Alteration> {
    let mut list = Vec::new();
    let mut add = |what, before: String, after: String| {
        if !markdown::covers(&before, &after) {
            list.push(Alteration { what, line: None, before, after });
        }
    };
    if base.title_basis == TitleBasis::Stated {
        add("title", base.title.clone(), entry.title.clone());
    }
    if entry.date_basis != Some(DateBasis::Curator) {
        add("date", date(base), date(entry));
    }
    add("authors", base.authors.join(", "), entry.authors.join(", "));
    if let Some(line) = markdown::altered(&base.body, &entry.body) {
        let (before, after) =
            (markdown::publisher_markdown(&base.body), markdown::publisher_markdown(&entry.body));
        list.push(Alteration { what: "words", line: Some(line), before, after });
    }
    list
}

/// The date as it is written, or the hour where only that is known.
fn date(entry: &Entry) -> String {
    let clock = entry.clock.filter(|_| entry.when.is_unknown());
    clock.map_or_else(|| entry.when.written(), |clock| clock.format("%H:%M").to_string())
}

/// Returns the SHA-256 of the publisher's voice as it stands in an entry: title, date unless the
/// curator gave it, authors, and words. Annotations do not change it.
pub fn voice_sha256(entry: &Entry) -> String {
    let date = Some(date(entry)).filter(|_| entry.date_basis != Some(DateBasis::Curator));
    let parts = [
        alike(&entry.title),
        date.unwrap_or_default(),
        alike(&entry.authors.join("\u{1}")),
        markdown::publisher_voice(&entry.body),
    ];
    sha256(parts.join("\0").as_bytes())
}

/// Whether the publisher's voice stands as a curator accepted it.
pub fn is_accepted(entry: &Entry) -> bool {
    if entry.accepted.is_empty() {
        return false;
    }
    let now = voice_sha256(entry);
    entry.accepted.iter().any(|accepted| accepted.sha256 == now)
}

/// Whether words were taken out of an entry.
pub fn has_redaction(entry: &Entry) -> bool {
    let texts = [&entry.title, &entry.body].into_iter().chain(&entry.authors);
    texts.into_iter().any(|text| markdown::has_redaction(text))
}

/// Returns the change from one text to another word by word, in which a redaction and what was
/// filled in for something missing are no changes.
pub fn changes(before: &str, after: &str, words: &Words) -> Vec<Part> {
    let after = alike(after);
    let shown = |text: &str| text.replace(REDACTED, words.say("redacted.plain"));
    let mut parts = Vec::new();
    let mut add = |part: Part| match (parts.last_mut(), part) {
        (Some(Part::Same(last)), Part::Same(text)) => last.push_str(&text),
        (_, part) => parts.push(part),
    };
    let pieces = diff::words(before, &after);
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Same(text) => add(Part::Same(shown(text))),
            Piece::New(text) => add(Part::New(shown(text))),
            Piece::Gone(gone) => {
                let new = pieces.peek().and_then(|next| match next {
                    Piece::New(new) => Some(*new),
                    Piece::Same(_) | Piece::Gone(_) => None,
                });
                let new = new.unwrap_or_default();
                let only_marks = new.trim_matches(REDACTED).trim().is_empty();
                if gone.starts_with("missing:") || (new.contains(REDACTED) && only_marks) {
                    add(Part::Same(shown(new)));
                    pieces.next();
                } else if !new.contains(REDACTED) {
                    // What was taken out is not shown, whatever else was changed beside it.
                    add(Part::Gone((*gone).to_string()));
                }
            }
        }
    }
    parts
}

/// How many characters of what stayed the same stand around a change in a message.
const CONTEXT: usize = 24;
/// The longest change in a message, in characters.
const LONGEST: usize = 240;

/// Returns a change for a message, as `git diff --word-diff` writes it: `the [-old-]{+new+} words`.
pub fn in_words(before: &str, after: &str) -> String {
    let parts = changes(before, after, Words::english());
    let mut shown = String::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Same(text) => {
                shown.push_str(&around(text, at == 0, at + 1 == parts.len(), CONTEXT));
            }
            Part::Gone(text) => _ = write!(shown, "[-{text}-]"),
            Part::New(text) => _ = write!(shown, "{{+{text}+}}"),
        }
    }
    let shown = shown.replace('\n', " ");
    match shown.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &shown[..cut]),
        None => shown,
    }
}

/// Returns of a text that stayed the same only what stands next to the changes around it, at most
/// `most` characters on a side.
pub fn around(text: &str, first: bool, last: bool, most: usize) -> String {
    let length = text.chars().count();
    let room = most * (usize::from(!first) + usize::from(!last));
    if length <= room + 1 {
        return text.to_string();
    }
    let place = |count: usize| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    let (mut head, mut tail) = ("", "");
    if !first {
        let cut = &text[..place(most)];
        head = cut.rfind(char::is_whitespace).map_or(cut, |at| &cut[..=at]);
    }
    if !last {
        let cut = &text[place(length - most)..];
        tail = cut.find(char::is_whitespace).map_or(cut, |at| &cut[at..]);
    }
    format!("{head}…{tail}")
}

/// Returns the words that redactions in an entry stand for, as `base` has them.
pub fn redacted_words(base: &Entry, entry: &Entry) -> Vec<String> {
    let voice = |entry: &Entry| markdown::publisher_markdown(&entry.body);
    let mut list = redacted_in(&voice(base), &voice(entry));
    list.extend(redacted_in(&base.title, &entry.title));
    list.extend(redacted_in(&base.authors.join("\n"), &entry.authors.join("\n")));
    list.sort();
    list.dedup();
    list
}

fn redacted_in(base: &str, ours: &str) -> Vec<String> {
    let ours = alike(ours);
    if !ours.contains(REDACTED) {
        return Vec::new();
    }
    let mut list = Vec::new();
    let (mut gone, mut new) = (String::new(), String::new());
    let mut close = |gone: &mut String, new: &mut String| {
        if new.contains(REDACTED) && !gone.trim().is_empty() {
            list.push(gone.trim().to_string());
        }
        gone.clear();
        new.clear();
    };
    for piece in diff::words(base, &ours) {
        match piece {
            Piece::Gone(text) => gone.push_str(text),
            Piece::New(text) => new.push_str(text),
            // The blank between two words that a mark stands for may have found a partner.
            Piece::Same(text) if text.trim().is_empty() && !gone.is_empty() => gone.push_str(text),
            Piece::Same(_) => close(&mut gone, &mut new),
        }
    }
    close(&mut gone, &mut new);
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse_entry;
    use crate::entry::Slug;

    fn entry(front: &str, body: &str) -> Entry {
        let text = format!("+++\nid = \"e\"\n{front}+++\n\n{body}\n");
        let (entry, problems) = parse_entry("e.md", Slug::parse("s").unwrap(), &text);
        assert_eq!(problems, []);
        entry.unwrap()
    }

    const FRONT: &str = "title = \"Gates open\"\ndate = 2031-04-02\ndate_basis = \"stated\"\nauthors = [\"A. Okoro\"]\n";
    const BODY: &str = "Jane Doe, 12, saw the gates open. *Nobody* was hurt, Doe said.";

    fn found(front: &str, body: &str) -> Vec<(&'static str, String)> {
        let list = alterations(&entry(FRONT, BODY), &entry(front, body));
        list.into_iter().map(|found| (found.what, in_words(&found.before, &found.after))).collect()
    }

    #[test]
    fn every_field_of_the_publishers_is_compared() {
        assert_eq!(found(FRONT, BODY), []);
        assert_eq!(
            found(
                &FRONT.replace("open", "opened").replace("04-02", "04-03").replace("A. ", "B. "),
                &BODY.replace("12", "13")
            ),
            [
                ("title", "Gates [-open-]{+opened+}".to_string()),
                ("date", "2031-04-[-02-]{+03+}".into()),
                ("authors", "[-A-]{+B+}. Okoro".into()),
                ("words", "Jane Doe, [-12-]{+13+}, saw the gates open. …".into()),
            ]
        );
        assert_eq!(found(&FRONT.replace("stated", "curator").replace("-02", "-03"), BODY), []);
        assert_eq!(found(FRONT, &BODY.replace("*Nobody*", "Nobody"))[0].0, "words");
    }

    #[test]
    fn a_redaction_is_no_change_and_hides_what_it_stands_for() {
        let body = BODY.replace("Jane Doe", "{{redacted: name of a minor}}");
        assert_eq!(found(FRONT, &body), []);
        let front = FRONT.replace("Gates", "{{redacted: x}}").replace("A. Okoro", "{{redacted}}");
        assert_eq!(found(&front, &body), []);
        let other = body.replace("hurt", "harmed");
        assert_eq!(
            found(FRONT, &other),
            [("words", "… open. *Nobody* was [-hurt-]{+harmed+}, Doe said.".to_string())]
        );
        assert_eq!(redacted_words(&entry(FRONT, BODY), &entry(FRONT, &other)), ["Jane Doe"]);
        assert_eq!(
            redacted_words(&entry(FRONT, BODY), &entry(&front, BODY)),
            ["A. Okoro", "Gates"]
        );
    }

    #[test]
    fn only_the_voice_that_was_accepted_is_accepted() {
        let mut ours = entry(FRONT, &BODY.replace("12", "13"));
        assert!(!is_accepted(&ours));
        let accepted = crate::entry::Accepted {
            sha256: voice_sha256(&ours),
            because: "a slip".into(),
            by: String::new(),
            date: crate::date::When::Unknown,
        };
        ours.accepted.push(accepted);
        assert!(is_accepted(&ours));
        ours.body.push_str("\n\n> [!NOTE]\n> Mine.");
        assert!(is_accepted(&ours), "a note is no change");
        ours.body = ours.body.replace("13", "14");
        assert!(!is_accepted(&ours));
    }
}
