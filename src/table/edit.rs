//! Edits of a table in the front matter of an entry's file, all else in it untouched.

use std::collections::BTreeMap;

use toml_edit::{Array, DocumentMut, Item, RawString, Table};

use super::{COLUMNS, Edit, Rows, Value, cells};
use crate::content::{edit_bytes, parse_entry};
use crate::entry::Entry;
use crate::fs;

/// The keys of an entry in the order in which the program writes them: a new key stands behind the
/// nearest one before it.
const ORDER: [&str; 14] = [
    "id",
    "title",
    "title_basis",
    "date",
    "date_basis",
    "clock",
    "order",
    "tags",
    "authors",
    "key_event",
    "updated",
    "aliases",
    "date_because",
    "warnings",
];

/// Makes the edits of an entry in the bytes of its file; `None` where the file is written in a way
/// that cannot be edited so, and nothing else would change.
pub fn apply(bytes: &[u8], entry: &Entry, edit: &Edit, rows: &Rows<'_>) -> Option<Vec<u8>> {
    let edited = edit_bytes(bytes, |front| {
        for set in &edit.sets {
            match &set.value {
                Value::Nothing => remove(front, set.key),
                Value::List(items) => put_list(front, set.key, items)?,
                value => put(front, set.key, scalar(value)?)?,
            }
        }
        Some(())
    })?;
    // What was written is read again: only what was asked for may have changed.
    let text = fs::text_of(&entry.file, edited.clone()).ok()?;
    let (again, problems) = parse_entry(&entry.file, entry.story.clone(), &text);
    let again = again.filter(|again| problems.is_empty() && again.body == entry.body)?;
    let fits = COLUMNS.iter().filter(|column| column.name != "state").all(|column| {
        let set = edit.sets.iter().find(|set| set.key == column.name);
        let before = rows.cell(column, entry);
        let expected = match set {
            // Without a basis, a date is the curator's.
            Some(set) if set.key == "date_basis" && set.value == Value::Nothing => {
                if again.when.is_unknown() { String::new() } else { "curator".into() }
            }
            Some(set) => set.new_cell(),
            None => before,
        };
        cells::plain_ends(&rows.cell(column, &again)) == cells::plain_ends(&expected)
    });
    fits.then_some(edited)
}

fn scalar(value: &Value) -> Option<toml_edit::Value> {
    use crate::date::When;
    Some(match value {
        Value::Text(text) => text.as_str().into(),
        Value::When(when @ (When::Exact(_) | When::Day(_))) => {
            when.written().parse::<toml_edit::Datetime>().ok()?.into()
        }
        Value::When(when) => when.written().into(),
        Value::Number(number) => i64::from(*number).into(),
        Value::Flag(flag) => (*flag).into(),
        Value::Nothing | Value::List(_) => return None,
    })
}

/// Sets a key, the remark behind it kept.
fn put(front: &mut DocumentMut, key: &'static str, mut value: toml_edit::Value) -> Option<()> {
    match front.get_mut(key) {
        Some(item) => {
            let there = item.as_value_mut()?;
            *value.decor_mut() = there.decor().clone();
            *there = value;
        }
        None => insert(front, key, value),
    }
    Some(())
}

/// Sets a list. Items that stay are left as they are written, with remarks between them, if the
/// others only go or come behind them.
fn put_list(front: &mut DocumentMut, key: &'static str, items: &[String]) -> Option<()> {
    let Some(item) = front.get_mut(key) else {
        insert(front, key, items.iter().collect::<Array>().into());
        return Some(());
    };
    let array = item.as_array_mut()?;
    let there: Vec<String> =
        array.iter().map(|item| item.as_str().map(str::to_string)).collect::<Option<_>>()?;
    let stay: Vec<&String> = there.iter().filter(|item| items.contains(item)).collect();
    let shared = stay.len();
    if items.iter().take(shared).eq(stay) {
        array.retain(|item| item.as_str().is_some_and(|item| items.iter().any(|new| new == item)));
        // On a line of its own where the last one stands on its own.
        let line = array.iter().last().and_then(|last| last.decor().prefix()?.as_str());
        let line = line.and_then(|space| Some(space[space.rfind('\n')?..].to_string()));
        for item in items.iter().skip(shared) {
            let mut item: toml_edit::Value = item.as_str().into();
            if let Some(line) = &line {
                item.decor_mut().set_prefix(line.clone());
                array.push_formatted(item);
            } else {
                array.push(item);
            }
        }
    } else {
        let decor = array.decor().clone();
        *array = items.iter().collect();
        *array.decor_mut() = decor;
    }
    Some(())
}

/// Adds a key at its place.
fn insert(front: &mut DocumentMut, key: &'static str, value: toml_edit::Value) {
    let table = front.as_table_mut();
    let mut places: BTreeMap<String, usize> =
        table.iter().enumerate().map(|(at, (key, _))| (key.to_string(), 2 * at)).collect();
    let before = ORDER.iter().take_while(|name| **name != key);
    let place = before.filter_map(|name| places.get(*name)).max().map_or(usize::MAX, |at| at + 1);
    places.insert(key.to_string(), place);
    table.insert(key, Item::Value(value));
    let place = |key: &toml_edit::Key| places.get(key.get()).copied();
    table.sort_values_by(|a, _, b, _| place(a).cmp(&place(b)));
}

/// Takes a key away. Remarks above it or behind it stay.
fn remove(front: &mut DocumentMut, key: &str) {
    let text =
        |raw: Option<&RawString>| raw.and_then(RawString::as_str).unwrap_or_default().to_string();
    let table = front.as_table_mut();
    let next =
        table.iter().skip_while(|(name, _)| *name != key).nth(1).map(|(name, _)| name.to_string());
    let Some((name, item)) = table.remove_entry(key) else { return };
    let above = text(name.leaf_decor().prefix());
    let behind = item.as_value().map(|value| text(value.decor().suffix())).unwrap_or_default();
    let mut remarks = if above.contains('#') { above } else { String::new() };
    if behind.contains('#') {
        remarks.push_str(behind.trim());
        remarks.push('\n');
    }
    if remarks.is_empty() {
        return;
    }
    let decor = match next.as_deref().and_then(|next| table.get_mut(next)) {
        Some(Item::Table(next)) => next.decor_mut(),
        Some(Item::ArrayOfTables(list)) => match list.get_mut(0) {
            Some(first) => Table::decor_mut(first),
            None => return,
        },
        Some(Item::Value(_)) => {
            let Some(mut next) = next.as_deref().and_then(|next| table.key_mut(next)) else {
                return;
            };
            let there = text(next.leaf_decor().prefix());
            next.leaf_decor_mut().set_prefix(format!("{remarks}{there}"));
            return;
        }
        _ => {
            let there = text(Some(front.trailing()));
            front.set_trailing(format!("{remarks}{there}"));
            return;
        }
    };
    let there = text(decor.prefix());
    decor.set_prefix(format!("{remarks}{there}"));
}
