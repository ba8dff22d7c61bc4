//! Which format a dump is in.

use std::collections::BTreeMap;

use super::lines::Line;
use super::{Decision, Told};
use crate::diagnostic::{Diagnostic, nearest};
use crate::format::{Format, Rule};

/// The format that takes what no other recognises.
pub(super) const GENERIC: &str = "generic";
/// Signs of a format stand within so many lines: a longer dump is more of the same.
const SIGNS_WITHIN: usize = 4000;
/// The address of a page weighs as much as so many lines of it.
const AT_HOME: usize = 20;
/// A line on which a page says what it is, is no longer than this, in bytes.
const LONGEST_SIGN: usize = 160;

/// Returns the format that the curator told, or else the one that recognises the dump best.
///
/// # Errors
/// Says that the told format is unknown, or why each format does not fit.
pub(super) fn choose<'a>(
    lines: &[Line],
    told: &Told,
    formats: &'a [Format],
) -> Result<&'a Format, Vec<Diagnostic>> {
    if let Some(name) = &told.format {
        let found = formats.iter().find(|format| format.name == *name);
        return found.ok_or_else(|| vec![unknown(name, told, formats)]);
    }
    let mut best: Option<(usize, &Format)> = None;
    for format in formats.iter().filter(|format| format.name != GENERIC) {
        if let Ok(count) = signs(lines, format, told.source_url.as_deref())
            // The first of two equals wins: an archive's own formats stand first.
            && best.is_none_or(|(most, _)| count > most)
        {
            best = Some((count, format));
        }
    }
    // A dump that nobody knows decides for itself.
    let generic = || formats.iter().find(|format| format.name == GENERIC);
    let chosen = best.map(|(_, format)| format).or_else(generic);
    chosen.ok_or_else(|| refusal(lines, told, formats, &[]))
}

/// Whether a page, or its address, says that it is a live blog, in the words of the format.
pub(super) fn is_live(lines: &[Line], format: &Format, told: &Told) -> bool {
    let stream = |line: &Line| format.stream(line.text()).is_some();
    let says = |text: &str| format.page.live.iter().any(|live| live.is_match(text));
    let short = |line: &&Line| line.text().len() <= LONGEST_SIGN;
    told.source_url.as_deref().is_some_and(says)
        || lines.iter().any(stream)
        || lines.iter().filter(short).any(|line| says(line.text()))
}

/// Says why no format reads a dump; `decisions` are what the generic one tried.
pub(super) fn refusal(
    lines: &[Line],
    told: &Told,
    formats: &[Format],
    decisions: &[Decision],
) -> Vec<Diagnostic> {
    let message = "no format recognises this dump, expected one of those below";
    let hint =
        "force one with `--format`, or teach the archive a new one with `archive format new`";
    let mut findings = vec![Diagnostic::error(&told.name, 0, message).hint(hint)];
    let note = |message: String| Diagnostic::note(&told.name, 0, message);
    for decision in decisions {
        let message = format!(
            "not `{GENERIC}`: too little tells entries apart ({}), expected two stamps in order, separators, numbers, three bullets, or two titles on a page that calls itself live",
            decision.score
        );
        findings.push(note(message));
    }
    let mut others: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for format in formats.iter().filter(|format| format.name != GENERIC) {
        if let Err(reason) = signs(lines, format, told.source_url.as_deref()) {
            others.entry(reason).or_default().push(format!("`{}`", format.name));
        }
    }
    findings
        .extend(others.iter().map(|(why, names)| note(format!("not {}: {why}", names.join(", ")))));
    findings
}

fn unknown(name: &str, told: &Told, formats: &[Format]) -> Diagnostic {
    let names: Vec<_> = formats.iter().map(|format| format.name.as_str()).collect();
    let message = format!("the format `{name}`, expected one of: {}", names.join(", "));
    let near = nearest(name, names.iter().copied());
    let hint = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
    Diagnostic::error(&told.name, 0, message).hint(hint)
}

/// Counts the lines that speak for a format, or says what speaks against it.
fn signs(lines: &[Line], format: &Format, url: Option<&str>) -> Result<usize, String> {
    let lines = &lines[..lines.len().min(SIGNS_WITHIN)];
    let at_home =
        format.recognise.url.iter().any(|pattern| url.is_some_and(|u| pattern.is_match(u)));
    let count = |rule: &Rule| lines.iter().filter(|l| rule.pattern.is_match(l.whole())).count();
    let rules = &format.recognise;
    for rule in &rules.none {
        if let Some(at) = lines.iter().position(|line| rule.pattern.is_match(line.whole())) {
            return Err(format!("{} on line {}", rule.name, at + 1));
        }
    }
    let mut total = 0;
    for rule in &rules.all {
        match count(rule) {
            0 => return Err(format!("no line holds {}", rule.name)),
            found => total += found,
        }
    }
    let any: usize = rules.any.iter().map(count).sum();
    if any < rules.least.max(1) && !rules.any.is_empty() && !at_home {
        let names: Vec<_> = rules.any.iter().map(|rule| rule.name.as_str()).collect();
        let few = if any == 0 { "no line holds".into() } else { format!("only {any} lines hold") };
        return Err(format!("{few} {}", names.join(" or ")));
    }
    if rules.all.is_empty() && rules.any.is_empty() && !at_home {
        return Err("it is no address of that publisher".to_string());
    }
    Ok(total + any + if at_home { AT_HOME } else { 0 })
}
