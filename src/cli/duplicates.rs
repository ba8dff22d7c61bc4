//! `archive duplicates`: entries that may be one post, side by side.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use unicode_width::UnicodeWidthStr as _;

use super::pick::pick;
use super::{
    End, Outcome, Stop, columns, counted, find_root, give_up, say, say_json, tell, tell_all,
};
use crate::change::{Change, Lock};
use crate::diagnostic::any_error;
use crate::diff::{Piece, words};
use crate::entry::{Entry, Id, Slug};
use crate::markdown::publisher_text;
use crate::twins::{self, DIFFERENT, Pair, Wanted};
use crate::words::Words;
use crate::{content, fs, input};

/// Proposes pairs of entries that may be one post, the likeliest first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The score is the part of all runs of three words that both entries have: 1.00 for the same words, a fifth less where the two are of different days. Entries of one dump are proposed only from 0.95 on.\n\nLook at each pair, then say what it is:\n  archive join KEEP GOES              one post: the two become one, with both witnesses\n  archive duplicates --different A B  two posts: the pair is not proposed again\n\nWith --json, each pair is an object on a line of its own."
)]
pub(super) struct Duplicates {
    /// Propose only pairs with this score or a higher one, 0 to 1
    #[arg(long, value_name = "SCORE", default_value_t = 0.5, value_parser = parse_score)]
    min: f64,
    /// Propose only pairs of which one is in this story
    #[arg(long, value_name = "STORY", value_parser = Slug::parse)]
    story: Option<Slug>,
    /// Show every pair; otherwise the first ten
    #[arg(long)]
    all: bool,
    /// Print an object for each pair, a line each
    #[arg(long)]
    json: bool,
    /// Remember that two entries are two: ids, earlier ids or files
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["min", "story", "all", "json"])]
    different: Vec<String>,
}

/// How many pairs are shown without `--all`.
const SHOWN: usize = 10;
/// How many lines of each entry are shown.
const LINES: usize = 12;
/// The width of what does not go to a terminal.
const WIDE: usize = 100;
/// With fewer columns two texts do not stand beside each other.
const NARROW: usize = 60;

pub(super) fn run(command: &Duplicates, root: Option<&Path>) -> Outcome {
    let root = find_root(root)?;
    let (content, mut problems) = content::read(&input::read(&root)?);
    let (different, found) = remembered(&root)?;
    problems.extend(found);
    if let [a, b] = command.different.as_slice() {
        if any_error(&problems) {
            return give_up(&problems, "nothing was remembered");
        }
        return remember(&root, &content.entries, a, b);
    }
    tell_all(&problems);
    if let Some(story) = &command.story
        && !content.entries.iter().any(|entry| entry.story == *story)
    {
        return Err(Stop(format!(
            "the story {story} has no entries\n  hint: a story is named as its folder in content/"
        )));
    }
    let wanted = Wanted { min: command.min, story: command.story.as_ref(), different: &different };
    let pairs = twins::find(&content.entries, &wanted);
    if command.json {
        for pair in &pairs {
            say_json(&object(&content.entries, pair));
        }
    } else {
        show(&content.entries, &pairs, command.all);
    }
    Ok(if any_error(&problems) { End::Problems } else { End::Done })
}

fn parse_score(text: &str) -> Result<f64, String> {
    let score: Option<f64> = text.parse().ok();
    score
        .filter(|score| (0.0..=1.0).contains(score))
        .ok_or_else(|| format!("`{text}`, expected a number from 0 to 1, such as 0.7"))
}

type Pairs = (BTreeSet<(Id, Id)>, Vec<crate::diagnostic::Diagnostic>);

/// Reads which pairs a curator found to be two.
fn remembered(root: &Path) -> Result<Pairs, Stop> {
    let Some(bytes) = fs::read_if_there(&root.join(DIFFERENT))? else {
        return Ok((BTreeSet::new(), Vec::new()));
    };
    Ok(match fs::text_of(DIFFERENT, bytes) {
        Ok(text) => twins::parse_different(&text),
        Err(problem) => (BTreeSet::new(), vec![*problem]),
    })
}

fn remember(root: &Path, entries: &[Entry], a: &str, b: &str) -> Outcome {
    let (a, b) = (&entries[pick(entries, a)?].id, &entries[pick(entries, b)?].id);
    if a == b {
        return Err(Stop(format!("{a} and {b} are one entry, expected two")));
    }
    let lock = Lock::take(root)?;
    let there = fs::read_if_there(&root.join(DIFFERENT))?.unwrap_or_default();
    let text = String::from_utf8_lossy(&there).into_owned();
    if twins::parse_different(&text).0.contains(&(a.min(b).clone(), a.max(b).clone())) {
        say(format!("it is remembered already that {a} and {b} are two"));
        return Ok(End::Done);
    }
    let mut change = Change::new(format!("duplicates --different {a} {b}"));
    change.write(DIFFERENT, twins::add_different(&text, a, b));
    change.commit(&lock, root, true)?;
    say(format!("remembered in {DIFFERENT}: {a} and {b} are two"));
    Ok(End::Done)
}

/// A score as people read it: never more than it is.
fn score(pair: &Pair) -> f64 {
    (pair.score * 100.0).floor() / 100.0
}

fn object(entries: &[Entry], pair: &Pair) -> serde_json::Value {
    let side = |ix: usize| {
        let entry = &entries[ix];
        serde_json::json!({
            "id": entry.id.as_str(),
            "story": entry.story.as_str(),
            "title": entry.title,
            "date": entry.when.written(),
            "dump": entry.source.as_ref().map(|source| source.dump.as_str()),
            "file": entry.file,
        })
    };
    serde_json::json!({ "score": score(pair), "a": side(pair.a), "b": side(pair.b) })
}

fn show(entries: &[Entry], pairs: &[Pair], all: bool) {
    if pairs.is_empty() {
        say("no two entries look like one post");
        return;
    }
    let width = columns().unwrap_or(WIDE).min(160);
    let shown = if all { pairs.len() } else { SHOWN };
    for pair in pairs.iter().take(shown) {
        let (a, b) = (&entries[pair.a], &entries[pair.b]);
        say(format!("{BOLD}{:.2}{BOLD:#}  {}\n      {}", score(pair), a.id, b.id));
        say(beside(a, b, width));
    }
    if pairs.len() > shown {
        say(format!("and {} more: archive duplicates --all", pairs.len() - shown));
    }
    tell(format!(
        "{}; next: archive join KEEP GOES where both are one post, archive duplicates --different A B where not",
        counted(pairs.len(), "pair", "pairs")
    ));
}

const BOLD: anstyle::Style = anstyle::Style::new().bold();
const OWN: anstyle::Style = anstyle::Style::new().underline();

/// Two entries in two columns; on a narrow screen, what one has and the other has not.
fn beside(a: &Entry, b: &Entry, width: usize) -> String {
    let text = |entry: &Entry| {
        let time = entry.when.time().map(|time| time.format(", %H:%M").to_string());
        let dump = entry.source.as_ref().map_or("by the curator", |source| source.dump.as_str());
        let head = format!(
            "{}{} \u{b7} {dump}",
            entry.when.words(Words::english()),
            time.unwrap_or_default()
        );
        (head, format!("{}\n{}", entry.title, publisher_text(&entry.body)))
    };
    let ((head_a, text_a), (head_b, text_b)) = (text(a), text(b));
    let pieces = words(&text_a, &text_b);
    if width < NARROW {
        let mut out = format!("{head_a}\n{head_b}\n");
        for piece in pieces {
            let _ = match piece {
                Piece::Same(text) => write!(out, "{text}"),
                Piece::Gone(text) => write!(out, "[-{text}-]"),
                Piece::New(text) => write!(out, "{{+{text}+}}"),
            };
        }
        out.push('\n');
        return out;
    }
    let column = (width - 3) / 2;
    let side = |head: &str, mine: fn(&Piece<'_>) -> Option<bool>| {
        let mut lines = wrap([(head, false)].into_iter(), column);
        let own = pieces.iter().filter_map(|piece| {
            let (Piece::Same(text) | Piece::Gone(text) | Piece::New(text)) = piece;
            Some((*text, mine(piece)?))
        });
        lines.extend(wrap(own, column));
        if lines.len() > LINES {
            lines.truncate(LINES);
            lines.push(("\u{2026}".into(), 1));
        }
        lines
    };
    let left = side(&head_a, |piece| match piece {
        Piece::Same(_) => Some(false),
        Piece::Gone(_) => Some(true),
        Piece::New(_) => None,
    });
    let right = side(&head_b, |piece| match piece {
        Piece::Same(_) => Some(false),
        Piece::New(_) => Some(true),
        Piece::Gone(_) => None,
    });
    let mut out = String::new();
    for at in 0..left.len().max(right.len()) {
        let (one, wide) = left.get(at).map_or(("", 0), |(line, wide)| (line.as_str(), *wide));
        let other = right.get(at).map_or("", |(line, _)| line.as_str());
        let row = format!("{one}{} | {other}", " ".repeat(column.saturating_sub(wide)));
        let _ = writeln!(out, "{}", row.trim_end());
    }
    out
}

/// Breaks texts into lines of a width; those that are marked are underlined, word by word. Each line
/// comes with the columns that it takes.
fn wrap<'a>(texts: impl Iterator<Item = (&'a str, bool)>, width: usize) -> Vec<(String, usize)> {
    let mut lines = vec![(String::new(), 0)];
    let mut blank = false;
    for (text, own) in texts {
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                lines.push((String::new(), 0));
                blank = false;
            }
            for (at, word) in part.split(' ').enumerate() {
                blank |= at > 0;
                for word in cut(word, width) {
                    let wide = word.width();
                    let Some(line) = lines.last_mut() else { continue };
                    let gap = usize::from(blank && line.1 > 0);
                    if line.1 + gap + wide > width && line.1 > 0 {
                        lines.push((String::new(), 0));
                    } else if gap > 0 {
                        line.0.push(' ');
                        line.1 += 1;
                    }
                    let Some(line) = lines.last_mut() else { continue };
                    if own {
                        let _ = write!(line.0, "{OWN}{word}{OWN:#}");
                    } else {
                        line.0.push_str(word);
                    }
                    line.1 += wide;
                    blank = false;
                }
            }
        }
    }
    lines
}

/// Cuts a word that is wider than a line.
fn cut(word: &str, width: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = word;
    while rest.width() > width {
        let fits = rest
            .char_indices()
            .map(|(at, _)| at)
            .take_while(|at| rest[..*at].width() <= width)
            .last();
        let Some(at) = fits.filter(|at| *at > 0) else { break };
        parts.push(&rest[..at]);
        rest = &rest[at..];
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_as_they_may_be() {
        let lines = wrap([("the gates were ", false), ("open\nat dawn", false)].into_iter(), 12);
        let lines: Vec<_> = lines.iter().map(|(line, wide)| (line.as_str(), *wide)).collect();
        assert_eq!(lines, [("the gates", 9), ("were open", 9), ("at dawn", 7)]);
        assert_eq!(cut("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(cut("\u{6c34}\u{6c34}\u{6c34}", 4), ["\u{6c34}\u{6c34}", "\u{6c34}"]);
    }
}
