//! What the pages of an archive really hand to their templates: found by putting a template in the
//! place of each that prints all that it sees.

use std::collections::{BTreeMap, BTreeSet};

use archive::input::TEMPLATES;
use archive::pages::Desk;
use archive::template::BUILT_IN;
use serde_json::Value;

use crate::fixture::Files;
use crate::source::{Kind, Struct};

/// What a page's template saw.
pub(crate) struct Seen {
    pub(crate) page: String,
    pub(crate) value: Value,
}

/// Returns what every page of an archive hands to its template, by the template.
pub(crate) fn seen(files: Files, all: &mut BTreeMap<String, Vec<Seen>>) {
    let mut files = files;
    for (name, _) in BUILT_IN {
        let text = "{\"template\": \"NAME\", \"sees\": {{ __tera_context | json | safe }}}";
        files.put(&format!("{TEMPLATES}/{name}"), text.replace("NAME", name));
    }
    let plan = files.plan();
    let desk = Desk { archive: &plan.archive, templates: &plan.templates };
    for page in &plan.pages {
        let bytes = page.bytes(desk).unwrap();
        // Feeds and the like have no template.
        let Ok(mut made) = serde_json::from_slice::<Value>(&bytes) else { continue };
        let Some(name) = made["template"].as_str().map(str::to_string) else { continue };
        let value = made["sees"].take();
        all.entry(name).or_default().push(Seen { page: page.path.to_string(), value });
    }
}

/// Every value of each struct, in the order of the pages.
#[derive(Default)]
pub(crate) struct Values<'a> {
    pub(crate) of: BTreeMap<usize, Vec<&'a Value>>,
    /// Where what a page has is not what the sources say.
    pub(crate) problems: BTreeSet<String>,
}

impl<'a> Values<'a> {
    /// Notes a value of a struct, and all that it is made of.
    pub(crate) fn note(&mut self, structs: &[Struct], at: usize, value: &'a Value) {
        let known = &structs[at];
        let place = format!("{}: {}", known.file, known.ident);
        let Some(object) = value.as_object() else {
            self.problems.insert(format!("{place} is not written as an object: {value}"));
            return;
        };
        for name in object.keys().filter(|key| known.fields.iter().all(|f| f.name != **key)) {
            self.problems.insert(format!("{place}: a page has `{name}`, which is no field of it"));
        }
        for field in &known.fields {
            match object.get(&field.name) {
                Some(inner) => self.walk(structs, &field.kind, inner),
                None => _ = self.problems.insert(format!("{place}: no page has `{}`", field.name)),
            }
        }
        self.of.entry(at).or_default().push(value);
    }

    fn walk(&mut self, structs: &[Struct], kind: &Kind, value: &'a Value) {
        match (kind, value) {
            (Kind::OrNone(inner), _) if !value.is_null() => self.walk(structs, inner, value),
            (Kind::List(inner), Value::Array(list)) => {
                for item in list {
                    self.walk(structs, inner, item);
                }
            }
            (Kind::Table(inner), Value::Object(table)) => {
                for item in table.values() {
                    self.walk(structs, inner, item);
                }
            }
            (Kind::Struct(at), _) => self.note(structs, *at, value),
            (Kind::OrNone(_), _)
            | (Kind::Text | Kind::Html, Value::String(_))
            | (Kind::Number, Value::Number(_))
            | (Kind::YesOrNo, Value::Bool(_)) => {}
            _ => _ = self.problems.insert(format!("{kind:?} is not what a page has: {value}")),
        }
    }

    /// Returns the value of a field to show: of a value of the struct that is nearly as full as any, or
    /// else the first that says anything.
    pub(crate) fn example(&self, at: usize, field: &str) -> Option<&'a Value> {
        let all = self.of.get(&at)?;
        let filled = |value: &Value| {
            value.as_object().map_or(0, |object| object.values().filter(|v| says(v)).count())
        };
        let most = all.iter().map(|value| filled(value)).max()?;
        // One less: what is the fullest of all is seldom like the others.
        let best = all.iter().find(|value| filled(value) + 1 >= most)?;
        let mut values = [best].into_iter().chain(all).filter_map(|value| value.get(field));
        let is_plain = |value: &&Value| matches!(value, Value::Bool(_) | Value::Number(_));
        values.clone().find(|value| says(value)).or_else(|| values.find(is_plain))
    }
}

/// Whether a value says anything.
fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(table) => !table.is_empty(),
    }
}
