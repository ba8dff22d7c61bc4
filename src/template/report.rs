//! What Tera found wrong, with its template and line.

use crate::diagnostic::Diagnostic;
use crate::input::TEMPLATES;

/// Says what Tera found, where it knows a place; `fallback` is the file to name where it does not.
/// What fails inside a component is told where an archive's own template calls it, unless the
/// component is the archive's own, too: there the slip is.
pub(super) fn report(
    error: &tera::Error,
    fallback: &str,
    is_own: impl Fn(&str) -> bool,
) -> Diagnostic {
    let whole = error.to_string();
    let mut message =
        whole.lines().next().unwrap_or_default().trim_start_matches("error: ").to_string();
    if let Some((name, _)) = message
        .strip_prefix("Variable `")
        .and_then(|rest| rest.split_once("` exists but its value is undefined"))
    {
        message = format!("`{name}` is not defined");
    } else if (message.ends_with(" undefined") || message.contains("`undefined`"))
        && let Some(name) = marked(&whole)
    {
        message = format!("`{name}` is not defined");
    }
    let starts = ["--> ", "note: called from "];
    let places: Vec<(&str, usize)> = whole
        .lines()
        .filter_map(|line| starts.iter().find_map(|start| line.trim_start().strip_prefix(start)))
        .filter_map(place)
        .collect();
    let Some((first, line)) = places.first().copied() else {
        return Diagnostic::error(fallback, 0, message);
    };
    match places.iter().find(|(file, _)| is_own(file)) {
        Some((file, at)) if *file != first => {
            message = format!("{message} in {first}:{line}, which this calls");
            Diagnostic::error(format!("{TEMPLATES}/{file}"), *at, message)
        }
        own => {
            let (file, line) = own.copied().unwrap_or((first, line));
            Diagnostic::error(format!("{TEMPLATES}/{file}"), line, message)
        }
    }
}

/// Reads `entry.html:4:12`, which may stand in brackets.
fn place(text: &str) -> Option<(&str, usize)> {
    let mut parts = text.trim_start_matches('[').rsplitn(3, ':');
    let _column = parts.next()?;
    let line = parts.next()?.parse().ok()?;
    Some((parts.next()?.trim(), line))
}

/// The name in a template's line that Tera points at: it underlines the first word of `entry.title`.
fn marked(report: &str) -> Option<String> {
    let mut lines =
        report.lines().skip_while(|line| !line.trim_start().starts_with("--> ")).skip(2);
    let (_, text) = lines.next()?.split_once("| ")?;
    let (_, marks) = lines.next()?.split_once("| ")?;
    let start = marks.chars().position(|mark| mark == '^')?;
    let is_name = |letter: &char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
    let name: String = text.chars().skip(start).take_while(is_name).collect();
    Some(name).filter(|name| !name.is_empty())
}
