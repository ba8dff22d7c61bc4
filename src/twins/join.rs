//! Two entries that are one post become one: what a person wrote in the one that goes is kept in the
//! other, line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use crate::content::{edit, parse_entry, print_entry};
use crate::diagnostic::{Diagnostic, any_error};
use crate::entry::{Entry, Provenance, Slug, TitleBasis};
use crate::fixity::body_sha256;
use crate::markdown::{Aside, altered, asides};
use crate::voices::has_redaction;

/// An entry with the text of its file.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Its file, line ends `\n`.
    pub text: &'a str,
}

/// Returns the text of the entry that stays. `base` is the one that goes as it was imported, where
/// that is remembered.
///
/// # Errors
/// Why the two cannot be joined without a loss.
pub fn join(
    keep: Side<'_>,
    goes: Side<'_>,
    base: Option<Side<'_>>,
) -> Result<String, Box<Diagnostic>> {
    refusal(&keep, &goes, base.as_ref())?;
    let body = hand_written(keep.entry, &goes, base.as_ref());
    let front = edit(keep.text, |front| {
        let strings = |front: &mut toml_edit::DocumentMut, key: &str, new: &[&str]| {
            let there: BTreeSet<String> = front
                .get(key)
                .and_then(toml_edit::Item::as_array)
                .into_iter()
                .flatten()
                .filter_map(|value| value.as_str().map(str::to_string))
                .collect();
            let new: Vec<&&str> = new.iter().filter(|value| !there.contains(**value)).collect();
            if new.is_empty() {
                return Some(());
            }
            let list = front.entry(key).or_insert(toml_edit::value(toml_edit::Array::new()));
            list.as_array_mut()?.extend(new.into_iter().copied());
            Some(())
        };
        let gone = goes.entry;
        let names = std::iter::once(&gone.id).chain(&gone.aliases);
        strings(front, "aliases", &names.map(Slug::as_str).collect::<Vec<_>>())?;
        let tags = gone.tags.iter().filter(|tag| !keep.entry.tags.contains(tag));
        strings(front, "tags", &tags.map(String::as_str).collect::<Vec<_>>())?;
        strings(front, "warnings", &gone.warnings.iter().map(String::as_str).collect::<Vec<_>>())?;
        let list = front
            .entry("witness")
            .or_insert(toml_edit::Item::ArrayOfTables(toml_edit::ArrayOfTables::new()))
            .as_array_of_tables_mut()?;
        for source in gone.source.iter().chain(&gone.witnesses) {
            list.push(table(source));
        }
        Some(())
    });
    let unreadable = || {
        Box::new(
            Diagnostic::error(&keep.entry.file, 0, "no place for another witness, expected [[witness]] tables and lists of tags and aliases")
                .hint("mend the front matter, then join again"),
        )
    };
    let mut text = front.ok_or_else(unreadable)?;
    if !body.is_empty() {
        text.truncate(text.trim_end().len());
        let _ = write!(text, "\n\n{body}\n");
    }
    let (joined, problems) = parse_entry(&keep.entry.file, keep.entry.story.clone(), &text);
    match joined {
        Some(joined)
            if !any_error(&problems) && altered(&keep.entry.body, &joined.body).is_none() =>
        {
            Ok(text)
        }
        _ => Err(unreadable()),
    }
}

/// Why two entries are not joined.
fn refusal(
    keep: &Side<'_>,
    goes: &Side<'_>,
    base: Option<&Side<'_>>,
) -> Result<(), Box<Diagnostic>> {
    let refuse = |entry: &Entry, what: &str, hint: &str| {
        Err(Box::new(Diagnostic::error(&entry.file, 0, what).hint(hint)))
    };
    let (kept, gone) = (keep.entry, goes.entry);
    if kept.id == gone.id {
        return refuse(kept, "this is one entry already, expected two", "name two entries");
    }
    for entry in [kept, gone] {
        if entry.withdrawn.is_some() {
            return refuse(
                entry,
                "this entry is withdrawn, expected one that is shown",
                "join before you withdraw",
            );
        }
    }
    let Some(source) = &gone.source else {
        return refuse(
            gone,
            "this entry was written by the curator, expected one from a dump",
            "what it says can be put into the other as an annotation",
        );
    };
    if has_redaction(gone) && !has_redaction(kept) {
        return refuse(
            gone,
            "this entry holds redactions, and the one that stays shows those words",
            "redact them there first",
        );
    }
    if !gone.accepted.is_empty() {
        return refuse(
            gone,
            "its words were corrected on purpose, and the correction would be lost",
            "keep this entry and let the other go, or correct the other and remove [[accepted]] here",
        );
    }
    let line = match base {
        Some(base) => altered(&base.entry.body, &gone.body),
        None => Some(0).filter(|_| body_sha256(&gone.body) != source.sha256),
    };
    if let Some(line) = line {
        let what = if base.is_some() {
            "the publisher's words were changed here, and the change would be lost"
        } else {
            "it is not remembered how this entry was imported, so a person's words in it cannot be told"
        };
        let hint = "put the publisher's words back, or keep this entry and let the other go";
        return Err(Box::new(
            Diagnostic::error(&gone.file, gone.body_line + line, what).hint(hint),
        ));
    }
    if base.is_some_and(|base| {
        base.entry.title_basis == TitleBasis::Stated && base.entry.title != gone.title
    }) {
        return refuse(
            gone,
            "the publisher's title was changed here, and the change would be lost",
            "put the title back, or keep this entry and let the other go",
        );
    }
    Ok(())
}

fn table(source: &Provenance) -> toml_edit::Table {
    let mut table = toml_edit::Table::new();
    let mut text = |key: &str, value: &str| {
        if !value.is_empty() {
            table.insert(key, toml_edit::value(value));
        }
    };
    text("dump", &source.dump);
    text("id", &source.id);
    text("stated", &source.stated);
    text("sha256", &source.sha256);
    let line = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let lines: toml_edit::Array =
        [line(source.lines.0), line(source.lines.1)].into_iter().collect();
    table.insert("lines", toml_edit::value(lines));
    table
}

/// What a person wrote in the entry that goes, as it is added to the other: alerts and footnotes as
/// they are, and a note with all that has no place of its own there.
fn hand_written(keep: &Entry, goes: &Side<'_>, base: Option<&Side<'_>>) -> String {
    let body = goes.entry.body.as_str();
    let found = asides(body);
    let labels = labels(keep, &found);
    let renamed = |range: &Range<usize>| {
        // Inside of a list an alert is indented.
        let lines: Vec<&str> = body[range.clone()].trim_end().lines().map(str::trim_end).collect();
        let indent = lines.iter().skip(1).map(|line| line.len() - line.trim_start().len()).min();
        let cut = |line: &&str| {
            line.get(indent.unwrap_or(0).min(line.len())..).unwrap_or(line).to_string()
        };
        let is_note = lines.first().is_some_and(|line| line.starts_with('>'));
        let rest =
            lines.iter().skip(1).map(|line| if is_note { cut(line) } else { (*line).to_string() });
        let text: Vec<String> =
            lines.first().map(|line| (*line).to_string()).into_iter().chain(rest).collect();
        labels.iter().fold(text.join("\n"), |text, (old, new)| {
            text.replace(&format!("[^{old}]"), &format!("[^{new}]"))
        })
    };
    let (mut notes, mut footnotes, mut marks) = (Vec::new(), Vec::new(), Vec::new());
    for aside in &found {
        match aside {
            Aside::Note(range) => notes.push(renamed(range)),
            Aside::Footnote(_, range) => footnotes.push(renamed(range)),
            Aside::Mark(label, range) => marks.push(format!(
                "The footnote there stood behind \u{201c}{}\u{201d}.[^{}]",
                words_before(body, range.start),
                labels.get(label).unwrap_or(label)
            )),
        }
    }
    let mut paragraphs = marks;
    let front = front_lines(goes, base);
    if !front.is_empty() {
        paragraphs.push(format!(
            "Written by hand in its front matter:\n\n```toml\n{}\n```",
            front.join("\n")
        ));
    }
    let lines = body_lines(body, &found, base);
    if !lines.is_empty() {
        paragraphs.push(format!("Written by hand in its text:\n\n{}", lines.join("\n")));
    }
    if !paragraphs.is_empty() {
        let head = format!("From the entry {}, which was joined with this one.", goes.entry.id);
        let text = format!("[!NOTE]\n{head}\n\n{}", paragraphs.join("\n\n"));
        let quoted: Vec<String> =
            text.lines().map(|line| format!("> {line}").trim_end().to_string()).collect();
        notes.push(quoted.join("\n"));
    }
    notes.extend(footnotes);
    notes.join("\n\n")
}

/// A name for each footnote of the entry that goes, free in the one that stays.
fn labels(keep: &Entry, found: &[Aside]) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for aside in found {
        let (Aside::Footnote(label, _) | Aside::Mark(label, _)) = aside else { continue };
        let mut free = label.clone();
        let mut number = 1;
        while keep.body.contains(&format!("[^{free}]")) {
            number += 1;
            free = format!("{label}-{number}");
        }
        labels.insert(label.clone(), free);
    }
    labels
}

/// The last words before a place in a text, as plain as they stand there.
fn words_before(body: &str, at: usize) -> String {
    const WORDS: usize = 10;
    let line = body[..at].lines().next_back().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    words[words.len().saturating_sub(WORDS)..].join(" ")
}

/// The lines of the front matter that neither the import wrote nor the joined entry takes over.
fn front_lines(goes: &Side<'_>, base: Option<&Side<'_>>) -> Vec<String> {
    let front = |text: &str| -> Vec<String> {
        let lines = text.lines().skip(1).take_while(|line| line.trim_end() != "+++");
        lines.map(|line| line.trim_end().to_string()).collect()
    };
    let gone = goes.entry;
    // As it was imported, with what is taken over, as the program writes it.
    let expected = Entry {
        tags: gone.tags.clone(),
        aliases: gone.aliases.clone(),
        warnings: gone.warnings.clone(),
        witnesses: gone.witnesses.clone(),
        order: gone.order,
        ..base.map_or(gone, |base| base.entry).clone()
    };
    let mut known: BTreeSet<String> = front(&print_entry(&expected)).into_iter().collect();
    known.extend(base.into_iter().flat_map(|base| front(base.text)));
    let carried = |line: &str| {
        ["tags", "aliases", "warnings"].iter().any(|key| {
            let value = line.strip_prefix(key).map(str::trim_start);
            value.is_some_and(|value| {
                value.starts_with('=') && value.ends_with(']') && !value.contains('#')
            })
        })
    };
    front(goes.text)
        .into_iter()
        .filter(|line| !line.is_empty() && !known.contains(line) && !carried(line))
        .collect()
}

/// The lines of the text that are neither the publisher's nor in an annotation: a link that was filled
/// in, where a link of an annotation leads.
fn body_lines(body: &str, found: &[Aside], base: Option<&Side<'_>>) -> Vec<String> {
    let mut rest = String::new();
    let mut at = 0;
    for aside in found {
        let (Aside::Note(range) | Aside::Footnote(_, range) | Aside::Mark(_, range)) = aside;
        rest.push_str(body.get(at..range.start).unwrap_or_default());
        if !matches!(aside, Aside::Mark(..)) {
            rest.push('\n');
        }
        at = range.end.max(at);
    }
    rest.push_str(body.get(at..).unwrap_or_default());
    let one = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let there = base.map_or_else(|| rest.clone(), |base| base.entry.body.clone());
    if one(&rest) == one(&there) {
        return Vec::new();
    }
    let known: BTreeSet<&str> = there.lines().map(str::trim).collect();
    rest.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && *line != ">" && !known.contains(line))
        .map(str::to_string)
        .collect()
}
