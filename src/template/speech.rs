//! What templates say in the language of the interface: the functions `say`, `label` and `name`, and the
//! filter `bdi`.

use std::sync::Arc;

use tera::value::Key;
use tera::{Kwargs, State, StringInput, Tera, TeraResult, Value};

use crate::diagnostic::{Diagnostic, line_at, nearest};
use crate::input::TEMPLATES;
use crate::words::{Slot, Words};

/// Gives templates their words.
pub(super) fn register(tera: &mut Tera, words: &Arc<Words>) {
    let of = Arc::clone(words);
    tera.register_function("say", move |given: Kwargs, state: &State| {
        let shown = |value: &Value| html(&of, value, state);
        let text = said(&of, &given, |words| state.escape(words), shown)?;
        Ok::<_, tera::Error>(Value::safe_string(&text))
    });
    let of = Arc::clone(words);
    tera.register_function("label", move |given: Kwargs, _: &State| {
        let shown = |value: &Value| Ok(apart(&of, &value.to_string(), "\u{2068}", "\u{2069}"));
        said(&of, &given, |words| Ok(words.to_string()), shown)
    });
    let of = Arc::clone(words);
    tera.register_function("name", move |given: Kwargs, _: &State| {
        let (key, at) = (given.must_get::<&str>("key")?, given.must_get::<usize>("at")?);
        match of.name(key, at) {
            "" => Err(tera::Error::message(format!("no list of names `{key}`"))),
            name => Ok(name.to_string()),
        }
    });
    let of = Arc::clone(words);
    tera.register_filter("bdi", move |text: StringInput<'_>, _: Kwargs, state: &State| {
        html(&of, &text.into_value(), state).map(|text| Value::safe_string(&text))
    });
}

/// A value as HTML; a text that reads in the other direction is set apart.
fn html(words: &Words, value: &Value, state: &State) -> TeraResult<String> {
    let Some(text) = value.as_str().filter(|_| !value.is_safe()) else {
        return Ok(value.to_string());
    };
    Ok(apart(words, &state.escape(text)?, "<bdi>", "</bdi>"))
}

/// Sets a text apart where it reads in the other direction.
fn apart(words: &Words, text: &str, open: &str, close: &str) -> String {
    if words.is_foreign(text) { format!("{open}{text}{close}") } else { text.to_string() }
}

/// A text with what is to be filled in.
fn said(
    words: &Words,
    given: &Kwargs,
    plain: impl Fn(&str) -> TeraResult<String>,
    shown: impl Fn(&Value) -> TeraResult<String>,
) -> TeraResult<String> {
    let key = given.must_get::<&str>("key")?;
    let count = given.get::<usize>("count")?;
    let Some(pieces) = words.pieces(key, count) else {
        return Err(tera::Error::message(unknown_text(words, key)));
    };
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Slot::Words(words) => text.push_str(&plain(words)?),
            Slot::Name(name) => {
                let value = given.get::<&Value>(name)?.filter(|value| !value.is_undefined());
                let value = value.ok_or_else(|| {
                    tera::Error::message(format!("the text `{key}` needs `{name}`"))
                })?;
                text.push_str(&shown(value)?);
            }
        }
    }
    let known = |name: &Key<'_>| {
        let is = |slot: &Slot| matches!(slot, Slot::Name(other) if name.as_str() == Some(other));
        matches!(name.as_str(), Some("key" | "count")) || pieces.iter().any(is)
    };
    match given.iter().find(|(name, _)| !known(name)) {
        Some((name, _)) => {
            Err(tera::Error::message(format!("the text `{key}` has no place for `{name}`")))
        }
        None => Ok(text),
    }
}

fn unknown_text(words: &Words, key: &str) -> String {
    match nearest(key, words.keys()) {
        Some(near) => format!("no text `{key}` in languages/: did you mean `{near}`?"),
        None => format!("no text `{key}` in languages/"),
    }
}

/// Returns the keys that a template asks for, each with its place.
fn keys(text: &str) -> impl Iterator<Item = (&str, usize)> {
    ["say(", "label(", "name("].into_iter().flat_map(move |call| {
        text.match_indices(call).filter_map(move |(at, _)| {
            let behind = text[at + call.len()..].trim_start().strip_prefix("key")?;
            let behind = behind.trim_start().strip_prefix('=')?.trim_start();
            let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
            Some((behind[1..].split(quote).next()?, at))
        })
    })
}

/// Returns the texts that a template asks for and that are not there: also those of pages that no
/// archive has today.
pub(super) fn unknown(name: &str, text: &str, words: &Words) -> Vec<Diagnostic> {
    keys(text)
        .filter(|(key, _)| !words.has(key) && words.names(key).is_empty())
        .map(|(key, at)| {
            let file = format!("{TEMPLATES}/{name}");
            let problem = Diagnostic::error(
                file,
                line_at(text, at),
                format!("no text `{key}` in languages/"),
            );
            match nearest(key, words.keys()) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint("docs/languages.md tells how to add one"),
            }
        })
        .collect()
}
