//! Which format a dump is in.

use super::Told;
use super::lines::Line;
use crate::diagnostic::{Diagnostic, nearest};
use crate::format::{Format, Rule};

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
    let mut notes = Vec::new();
    for format in formats {
        match signs(lines, format) {
            // The first of two equals wins: an archive's own formats stand first.
            Ok(count) if best.is_none_or(|(most, _)| count > most) => best = Some((count, format)),
            Ok(_) => {}
            Err(reason) => {
                let message = format!("not `{}`: {reason}", format.name);
                notes.push(Diagnostic::note(&told.name, 0, message));
            }
        }
    }
    best.map(|(_, format)| format).ok_or_else(|| {
        let message = "no format recognises this dump, expected one of those below";
        let hint = "force one with `--format`, or teach the archive a new one in `formats/`";
        let mut findings = vec![Diagnostic::error(&told.name, 0, message).hint(hint)];
        findings.append(&mut notes);
        findings
    })
}

fn unknown(name: &str, told: &Told, formats: &[Format]) -> Diagnostic {
    let names: Vec<_> = formats.iter().map(|format| format.name.as_str()).collect();
    let message = format!("the format `{name}`, expected one of: {}", names.join(", "));
    let near = nearest(name, names.iter().copied());
    let hint = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
    Diagnostic::error(&told.name, 0, message).hint(hint)
}

/// Counts the lines that speak for a format, or says what speaks against it.
fn signs(lines: &[Line], format: &Format) -> Result<usize, String> {
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
    if any == 0 && !rules.any.is_empty() {
        let names: Vec<_> = rules.any.iter().map(|rule| rule.name.as_str()).collect();
        return Err(format!("no line holds {}", names.join(" or ")));
    }
    Ok(total + any)
}
