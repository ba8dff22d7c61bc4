//! Reading `languages/<tag>.toml`: every text with its key and line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, line_at};

/// What a file says under one key.
pub(super) struct Told {
    /// The tables that it stands in and its own name, with dots between them.
    pub(super) key: String,
    /// Its line, counted from 1.
    pub(super) line: usize,
    pub(super) raw: Raw,
}

/// A value as it is written.
pub(super) enum Raw {
    Text(String),
    /// A table with the key `other`: texts by plural category.
    Forms(Vec<(String, String)>),
    List(Vec<String>),
}

/// Reads a file; what can be read is returned with the errors of what cannot.
pub(super) fn file(file: &str, text: &str) -> (Vec<Told>, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let place = |at: usize| line_at(text, at);
    let mut problems: Vec<Diagnostic> = errors
        .iter()
        .map(|error| {
            let line = error.span().map_or(0, |span| place(span.start));
            Diagnostic::error(file, line, format!("this is not TOML: {}", error.message().trim()))
        })
        .collect();
    // One slip can be several errors to a parser; the first of a line tells it.
    problems.dedup_by_key(|problem| problem.line);
    let mut told = Vec::new();
    let mut open: Vec<(String, DeTable<'_>)> = vec![(String::new(), table.into_inner())];
    while let Some((head, table)) = open.pop() {
        for (name, value) in table {
            let key = format!("{head}{}", name.get_ref());
            let line = place(name.span().start);
            match value.into_inner() {
                DeValue::Table(inner) if !inner.contains_key("other") => {
                    open.push((format!("{key}."), inner));
                }
                value => match raw(value) {
                    Some(raw) => told.push(Told { key, line, raw }),
                    None => problems.push(Diagnostic::error(
                        file,
                        line,
                        format!("`{key}`, expected a text in quotes, a list of texts, or forms for numbers"),
                    )),
                },
            }
        }
    }
    told.sort_by_key(|told| told.line);
    (told, problems)
}

fn raw(value: DeValue<'_>) -> Option<Raw> {
    let text = |value: Spanned<DeValue<'_>>| match value.into_inner() {
        DeValue::String(text) => Some(text.into_owned()),
        _ => None,
    };
    match value {
        DeValue::String(text) => Some(Raw::Text(text.into_owned())),
        DeValue::Array(items) => items.into_iter().map(text).collect::<Option<_>>().map(Raw::List),
        DeValue::Table(forms) => {
            let forms = forms.into_iter();
            let form = forms.map(|(name, value)| Some((name.get_ref().to_string(), text(value)?)));
            form.collect::<Option<_>>().map(Raw::Forms)
        }
        _ => None,
    }
}
