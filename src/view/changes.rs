//! What templates see of what a publisher changed: word by word, with the captures on both sides.

use std::fmt::Write as _;

use serde::Serialize;

use super::captures::capture_name;
use super::{Link, capture_link, moment_of, opening};
use crate::archive::{Archive, EntryIx};
use crate::diff::{Piece, words};
use crate::entry::{Entry, TitleBasis};
use crate::history::{Absence, Revision, said};
use crate::markdown::{escape, publisher_text};
use crate::paths::OutPath;
use crate::voices::has_redaction;
use crate::words::Words;

/// What the captures tell of an entry.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a template asks for each by its name")]
pub struct Changes {
    /// The captures that have it.
    pub captures: Vec<Link>,
    /// Whether the times of the captures tell their order.
    pub ordered: bool,
    /// What changed, the earliest change first.
    pub revisions: Vec<RevisionView>,
    /// Changes of spacing, punctuation, case and typing errors.
    pub small: Vec<RevisionView>,
    /// Whether the words of the revisions are not shown, since the curator took words out.
    pub withheld: bool,
    /// The first capture that covers the entry's time and has not got it.
    pub missing_from: Option<Link>,
    /// Whether that capture is surely later than one that has the entry.
    pub no_longer: bool,
    /// How many more captures have not got it.
    pub missing_more: usize,
    /// Whether a capture behind that one has it again.
    pub is_back: bool,
}

/// What changed between two captures.
#[derive(Debug, Serialize)]
pub struct RevisionView {
    /// The capture that has the earlier words.
    pub from: Link,
    /// The capture that has the later ones.
    pub to: Link,
    /// What changed, in words: "Headline and words".
    pub what: String,
    /// The earlier headline; empty where it did not change.
    pub headline: String,
    /// What changed of date and authors, a sentence each.
    pub facts: Vec<String>,
    /// The words, as HTML with `del` and `ins`; empty where they did not change, or are not shown.
    pub words: String,
    /// Whether both texts are kept.
    pub kept: bool,
}

/// Returns what the captures tell of an entry; `None` where only one has it and nothing is to be said.
pub fn changes(archive: &Archive, here: &OutPath, ix: EntryIx) -> Option<Changes> {
    let entry = &archive.entries[ix];
    let history = &archive.history;
    let (seen, absences) = (history.witnesses(ix), history.absences(ix));
    let list = history.revisions(ix);
    if entry.withdrawn.is_some() || seen.len() < 2 && absences.is_empty() && list.is_empty() {
        return None;
    }
    let texts = |revision: &Revision| {
        let text = |words: &str| said(entry, &archive.revisions, &archive.bases, words);
        text(&revision.before).zip(text(&revision.after))
    };
    let withheld = has_redaction(entry)
        || list
            .iter()
            .filter_map(texts)
            .any(|(before, after)| has_redaction(before) || has_redaction(after));
    let (mut revisions, mut small) = (Vec::new(), Vec::new());
    for revision in list {
        let mut view = RevisionView {
            from: capture_link(archive, here, revision.from),
            to: capture_link(archive, here, revision.to),
            what: String::new(),
            headline: String::new(),
            facts: Vec::new(),
            words: String::new(),
            kept: true,
        };
        match texts(revision) {
            _ if withheld => revisions.push(view),
            Some((before, after)) => {
                let is_small = compare(&archive.words, &mut view, before, after);
                if is_small { small.push(view) } else { revisions.push(view) }
            }
            None => {
                view.kept = false;
                revisions.push(view);
            }
        }
    }
    let absence = first_lack(absences);
    let orders = seen.iter().filter_map(|at| history.series.get(history.captures[*at].series));
    Some(Changes {
        captures: seen.iter().map(|at| capture_link(archive, here, *at)).collect(),
        ordered: orders.into_iter().all(|series| series.ordered),
        revisions,
        small,
        withheld: withheld && !list.is_empty(),
        missing_from: absence.map(|absence| capture_link(archive, here, absence.capture)),
        no_longer: absence.is_some_and(|absence| absence.later),
        missing_more: absences.len().saturating_sub(1),
        is_back: absence.is_some_and(|absence| is_back(archive, ix, absence)),
    })
}

/// The first capture that surely came later and has not got an entry, or else the first without it.
fn first_lack(absences: &[Absence]) -> Option<&Absence> {
    absences.iter().find(|absence| absence.later).or(absences.first())
}

/// Whether a capture behind the one that has not got an entry has it again.
fn is_back(archive: &Archive, ix: EntryIx, absence: &Absence) -> bool {
    let history = &archive.history;
    let series = |at: usize| history.captures[at].series;
    let behind = |at: usize| at > absence.capture && series(at) == series(absence.capture);
    history.witnesses(ix).iter().any(|at| behind(*at))
}

/// Returns in which capture an entry is no longer, in words without a stop; `None` where none of
/// them surely came later, or where one that followed has it again.
pub(super) fn no_longer(archive: &Archive, ix: EntryIx) -> Option<String> {
    let absence = first_lack(archive.history.absences(ix)).filter(|absence| absence.later)?;
    if is_back(archive, ix, absence) {
        return None;
    }
    let name = capture_name(archive, absence.capture);
    Some(archive.words.fill("captures.no_longer", &[("capture", &name)]))
}

/// Says what changed; returns whether it is small.
fn compare(words: &Words, view: &mut RevisionView, before: &Entry, after: &Entry) -> bool {
    let (old, new) = (publisher_text(&before.body), publisher_text(&after.body));
    let mut what = Vec::new();
    let mut small = true;
    let headline = |entry: &Entry| {
        Some(entry.title.clone()).filter(|_| entry.title_basis == TitleBasis::Stated)
    };
    match (headline(before), headline(after)) {
        (was, is) if was == is => {}
        (Some(was), is) => {
            small &= is.as_deref().is_some_and(|is| is_small(&was, is));
            if is.is_none() {
                view.facts.push(words.say("change.no_headline_since").to_string());
            }
            view.headline = was;
            what.push(words.say("change.headline"));
        }
        (None, _) => {
            small = false;
            view.facts.push(words.say("change.no_headline_before").to_string());
            what.push(words.say("change.headline"));
        }
    }
    if before.when != after.when || before.clock != after.clock {
        small = false;
        let (was, is) = (moment_of(words, before), moment_of(words, after));
        view.facts.push(words.fill("change.dated", &[("was", &was), ("is", &is)]));
        what.push(words.say("change.date"));
    }
    if before.authors != after.authors {
        small = false;
        let names = |entry: &Entry| match entry.authors.as_slice() {
            [] => words.say("change.nobody").to_string(),
            names => words.list(names),
        };
        let (was, is) = (names(before), names(after));
        view.facts.push(words.fill("change.named", &[("was", &was), ("is", &is)]));
        what.push(words.say("change.author"));
    }
    if old != new {
        small &= is_small(&old, &new);
        view.words = diff(words, &old, &new);
        what.push(words.say("change.words"));
    } else if before.body.trim() != after.body.trim() {
        // The same words: links, emphasis, or what is not held.
        view.words = diff(words, before.body.trim(), after.body.trim());
        what.push(words.say("change.layout"));
    }
    view.what = opening(&words.list_and(&what));
    small
}

/// Whether two texts differ only in spacing, punctuation, case and typing errors.
fn is_small(old: &str, new: &str) -> bool {
    let list = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric() && !is_joiner(c));
        let plain = words.map(|word| word.to_lowercase().replace(is_joiner, ""));
        plain.filter(|word| !word.is_empty()).collect()
    };
    let (old, new) = (list(old), list(new));
    if old.concat() == new.concat() {
        return true;
    }
    old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| old == new || is_typo(old, new))
}

/// An apostrophe within a word.
fn is_joiner(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Whether one of two words is the other with a letter or two wrong. Figures are never typing errors,
/// and the first letter makes another word.
fn is_typo(old: &str, new: &str) -> bool {
    const SHORTEST: usize = 5;
    const LONG: usize = 9;
    let letters = old.chars().count().min(new.chars().count());
    let figures = |word: &str| word.contains(char::is_numeric);
    letters >= SHORTEST
        && !figures(old)
        && !figures(new)
        && old.chars().next() == new.chars().next()
        && strsim::osa_distance(old, new) <= if letters >= LONG { 2 } else { 1 }
}

/// A text in which stands what was taken out and what was put in, as HTML: a paragraph a line.
fn diff(said: &Words, old: &str, new: &str) -> String {
    let (gone, put) = (escape(said.say("change.taken_out")), escape(said.say("change.put_in")));
    let mut html = String::from("<p>");
    for (kind, text) in calm(&words(old, new)) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                html.push_str("</p>\n<p>");
            }
            if line.is_empty() {
                continue;
            }
            let line = escape(line);
            // What is told by a line through or under the words is told to the ear as well.
            let _ = match kind {
                Kind::Same => write!(html, "{line}"),
                Kind::Gone => write!(
                    html,
                    "<del><span class=\"hidden\"> [{gone} </span>{line}<span class=\"hidden\">] </span></del>"
                ),
                Kind::New => write!(
                    html,
                    "<ins><span class=\"hidden\"> [{put} </span>{line}<span class=\"hidden\">] </span></ins>"
                ),
            };
        }
    }
    html.push_str("</p>\n");
    html.replace("<p></p>\n", "")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Same,
    Gone,
    New,
}

/// Joins changes between which only blanks stand: a phrase that was replaced is read as one.
fn calm(pieces: &[Piece<'_>]) -> Vec<(Kind, String)> {
    let mut out: Vec<(Kind, String)> = Vec::new();
    let (mut gone, mut new) = (String::new(), String::new());
    let flush = |out: &mut Vec<(Kind, String)>, gone: &mut String, new: &mut String| {
        for (kind, text) in [(Kind::Gone, std::mem::take(gone)), (Kind::New, std::mem::take(new))] {
            if !text.is_empty() {
                out.push((kind, text));
            }
        }
    };
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Gone(text) => gone.push_str(text),
            Piece::New(text) => new.push_str(text),
            Piece::Same(text) => {
                let between = at > 0 && at + 1 < pieces.len();
                if between
                    && !text.contains('\n')
                    && text.trim().is_empty()
                    && !gone.is_empty()
                    && !new.is_empty()
                {
                    gone.push_str(text);
                    new.push_str(text);
                } else {
                    flush(&mut out, &mut gone, &mut new);
                    out.push((Kind::Same, (*text).to_string()));
                }
            }
        }
    }
    flush(&mut out, &mut gone, &mut new);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_small_and_what_is_not() {
        for (old, new) in [
            ("The gates were opened.", "The gates  were opened"),
            ("The mayor said", "the Mayor said:"),
            ("an evacutaion", "an evacuation"),
            ("it's a flood plain", "its a floodplain"),
        ] {
            assert!(is_small(old, new), "{old} / {new}");
        }
        for (old, new) in [
            ("12 people died", "13 people died"),
            ("the gates are now open", "the gates are not open"),
            ("it is possible", "it is impossible"),
            ("the gates opened", "the gates opened at dawn"),
            ("he was killed", "he was billed"),
            ("in 2031a report", "in 2032a report"),
        ] {
            assert!(!is_small(old, new), "{old} / {new}");
        }
    }

    #[test]
    fn a_phrase_that_was_replaced_is_read_as_one() {
        let html = diff(
            Words::english(),
            "All of the gates are open.\nRain.",
            "Two gates are open.\nRain & hail.",
        );
        assert_eq!(html.matches("<del>").count(), 1, "{html}");
        assert!(html.contains("All of the"), "{html}");
        assert!(html.contains("put in: </span> &amp; hail<"), "{html}");
        assert_eq!(html.matches("<p>").count(), 2, "{html}");
    }
}
