//! The part of docs/templates.md that is made from the code.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use archive::template::{BUILT_IN, BuiltIn};
use serde_json::Value;

use crate::examples::Values;
use crate::source::{Field, Kind, Struct};

/// The longest example, in characters.
const LONGEST: usize = 70;
/// The longest text within one.
const SHORT: usize = 28;

/// The struct that every page has, under this name.
pub(crate) const FRAME: (&str, &str) = ("Frame", "page");

/// A type in plain words.
fn words(structs: &[Struct], kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".into(),
        Kind::Html => "HTML".into(),
        Kind::Number => "number".into(),
        Kind::YesOrNo => "yes or no".into(),
        Kind::Struct(at) => {
            let name = &structs[*at].name;
            format!("[{name}](#{})", name.to_lowercase())
        }
        Kind::OrNone(inner) => format!("{} or none", words(structs, inner)),
        Kind::List(inner) => format!("list of {}", several(structs, inner)),
        Kind::Table(inner) => format!("table of {}, each with its name", several(structs, inner)),
    }
}

fn several(structs: &[Struct], kind: &Kind) -> String {
    match kind {
        Kind::Text => "texts".into(),
        Kind::Number => "numbers".into(),
        Kind::List(inner) => format!("lists of {}", several(structs, inner)),
        other => words(structs, other),
    }
}

fn cut(text: &str, longest: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= longest {
        return text;
    }
    let kept: String = text.chars().take(longest).collect();
    format!("{}…", kept.trim_end())
}

/// A value as it is shown: a list by its first item, an object by its first fields that say anything.
fn shown(structs: &[Struct], kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::OrNone(inner), _) => shown(structs, inner, value),
        (Kind::List(inner), Value::Array(list)) => {
            let first = list.first().map(|item| shown(structs, inner, item)).unwrap_or_default();
            format!("[{first}{}]", if list.len() > 1 { ", …" } else { "" })
        }
        (Kind::Table(inner), Value::Object(table)) => {
            let first = table.iter().next();
            let first =
                first.map(|(name, item)| format!("{name}: {}", shown(structs, inner, item)));
            format!("{{{}, …}}", first.unwrap_or_default())
        }
        (Kind::Struct(at), Value::Object(object)) => {
            let fields =
                structs[*at].fields.iter().filter(|field| object.contains_key(&field.name));
            let told = fields.take(2).map(|field| {
                format!("{}: {}", field.name, shown(structs, &field.kind, &object[&field.name]))
            });
            format!("{{{}, …}}", told.collect::<Vec<_>>().join(", "))
        }
        (_, Value::String(text)) => format!("\"{}\"", cut(text, SHORT)),
        _ => value.to_string(),
    }
}

/// A piece of code in a cell of a table.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn cell(structs: &[Struct], field: &Field, value: &Value) -> String {
    match value {
        Value::String(text) => code(&cut(text, LONGEST)),
        _ => code(&cut(&shown(structs, &field.kind, value), LONGEST)),
    }
}

/// The table of a struct's fields. A field without a remark or an example is told as a problem.
fn table(
    structs: &[Struct],
    at: usize,
    values: &Values<'_>,
    problems: &mut BTreeSet<String>,
) -> String {
    let known = &structs[at];
    let mut text = String::new();
    for field in &known.fields {
        if known.template.is_some() && field.name == FRAME.1 {
            continue;
        }
        if text.is_empty() {
            text.push_str("| field | type | what it is | example |\n| --- | --- | --- | --- |\n");
        }
        let place = format!("{}: {}.{}", known.file, known.ident, field.name);
        if field.doc.is_empty() {
            problems.insert(format!("{place} has no remark"));
        }
        let example = match (values.example(at, &field.name), &field.example) {
            (None, Some(told)) => code(told),
            (Some(_), Some(_)) => {
                problems.insert(format!(
                    "{place}: a page has an example, so take out the one in its remark"
                ));
                String::new()
            }
            (Some(value), None) => cell(structs, field, value),
            (None, None) => {
                problems.insert(format!(
                    "{place} has no example: let a page of tests/templates/fixture.rs have one, or end its remark with Example: `…`"
                ));
                String::new()
            }
        };
        let doc = field.doc.trim_end_matches('.').replace('|', "\\|");
        let kind = words(structs, &field.kind);
        _ = writeln!(text, "| `{}` | {kind} | {doc} | {example} |", field.name);
    }
    text
}

/// The structs that a struct is made of, and those that these are made of.
fn reach(structs: &[Struct], at: usize, found: &mut BTreeSet<usize>) {
    for field in &structs[at].fields {
        let mut kind = &field.kind;
        while let Kind::List(inner) | Kind::OrNone(inner) | Kind::Table(inner) = kind {
            kind = inner;
        }
        if let Kind::Struct(inner) = kind
            && found.insert(*inner)
        {
            reach(structs, *inner, found);
        }
    }
}

/// The pieces of a template file: the call of each component, and the remark above it.
fn components(text: &str) -> Vec<(String, String)> {
    let mut list = Vec::new();
    let mut remark = String::new();
    for line in text.lines() {
        if let Some(call) = line.trim_start().strip_prefix("{% component ") {
            let call = call.split("%}").next().unwrap_or_default().trim_end_matches(['-', ' ']);
            let (name, rest) = call.split_once('(').unwrap_or((call, ""));
            let parameters = rest.rsplit_once(')').map_or(rest, |(inside, _)| inside);
            let mut shown = format!("<{}", name.trim());
            for parameter in parameters.split(',').filter(|one| !one.trim().is_empty()) {
                let (name, default) = match parameter.split_once('=') {
                    Some((name, default)) => (name, default.trim()),
                    None => (parameter, "…"),
                };
                let name = name.split(':').next().unwrap_or_default().trim();
                _ = write!(shown, " {name}={{{default}}}");
            }
            list.push((format!("{shown} />"), remark.clone()));
            remark.clear();
        } else {
            let inside = line.strip_prefix("{#").and_then(|rest| rest.strip_suffix("#}"));
            remark =
                inside.map(|text| text.trim_matches(['-', ' ']).to_string()).unwrap_or_default();
        }
    }
    list
}

/// Makes the text. Whatever is missing is told as a problem, and left empty.
pub(crate) fn contract(
    structs: &[Struct],
    pages: &[(String, String)],
    values: &Values<'_>,
    problems: &mut BTreeSet<String>,
) -> String {
    let seen_by = |name: &str| structs.iter().position(|s| s.template.as_deref() == Some(name));
    let mut text = String::from(
        "## The templates\n\n| file | what is made with it | what it sees besides `page` |\n| --- | --- | --- |\n",
    );
    for (name, source) in BUILT_IN {
        let makes = BuiltIn { name, text: source }.makes();
        let fields = seen_by(name).map(|at| {
            let own = structs[at].fields.iter().filter(|field| field.name != FRAME.1);
            own.map(|field| format!("`{}`", field.name)).collect::<Vec<_>>().join(", ")
        });
        let file = match &fields {
            Some(own) if !own.is_empty() => {
                format!("[`{name}`](#{})", name.replace('.', ""))
            }
            _ => format!("`{name}`"),
        };
        _ = writeln!(text, "| {file} | {makes} | {} |", fields.unwrap_or_default());
    }
    let mut parts = BTreeSet::new();
    for (name, source) in BUILT_IN {
        let Some(at) = seen_by(name) else { continue };
        reach(structs, at, &mut parts);
        let rows = table(structs, at, values, problems);
        if rows.is_empty() {
            continue;
        }
        let makes = BuiltIn { name, text: source }.makes();
        _ = write!(text, "\n### `{name}`\n\n{makes}.");
        let more = structs[at].doc.split_once("` sees.").map_or("", |(_, more)| more.trim());
        if !more.is_empty() {
            _ = write!(text, " {more}");
        }
        if let Some((_, page)) = pages.iter().find(|(template, _)| template == name) {
            _ = write!(text, " Such as {}.", code(page));
        }
        _ = write!(text, "\n\n{rows}");
    }
    text.push_str("\n## The types\n");
    let mut parts: Vec<usize> = parts.into_iter().collect();
    parts.sort_by_key(|at| (structs[*at].name != FRAME.0, structs[*at].name.to_lowercase()));
    for pair in parts.windows(2) {
        let (one, other) = (&structs[pair[0]], &structs[pair[1]]);
        if one.name.eq_ignore_ascii_case(&other.name) {
            problems.insert(format!(
                "two types are called {}: in {} and in {}",
                one.name, one.file, other.file
            ));
        }
    }
    for at in parts {
        let known = &structs[at];
        if known.doc.is_empty() {
            problems.insert(format!("{}: {} has no remark", known.file, known.ident));
        }
        let rows = table(structs, at, values, problems);
        _ = write!(text, "\n### {}\n\n{}\n\n{rows}", known.name, known.doc);
    }
    text.push_str("\n## Components\n\nPieces that pages share. What stands behind `=` is used where you leave a value out; `…` has to be given.\n");
    for (name, source) in BUILT_IN {
        let list = components(source);
        if list.is_empty() {
            continue;
        }
        _ = write!(text, "\nIn `{name}`:\n\n| component | what it shows |\n| --- | --- |\n");
        for (call, remark) in list {
            if remark.is_empty() {
                problems
                    .insert(format!("templates/{name}: {call} has no remark on the line above it"));
            }
            _ = writeln!(text, "| {} | {} |", code(&call), remark.trim_end_matches('.'));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_read_with_their_remarks() {
        let text = "{#- A file. -#}\n\n{#- A thing. -#}\n{% component thing(a, b = \"x\", c: bool = false) -%}\nx\n{% endcomponent thing %}\n{% component bare() %}{% endcomponent bare %}\n";
        let list = components(text);
        assert_eq!(list[0], ("<thing a={…} b={\"x\"} c={false} />".into(), "A thing.".into()));
        assert_eq!(list[1], ("<bare />".into(), String::new()));
    }
}
