//! Changes of a file that a person wrote: one key, all else untouched.

use std::collections::BTreeSet;

use super::{parts, source_keys};
use crate::entry::Source;

/// Adds sources to the text of a story's file, all else in it untouched; `None` where the file
/// lists those dumps already or cannot be read.
pub fn add_sources(text: &str, added: &[Source]) -> Option<String> {
    edit(text, |front| {
        let sources = front.entry("sources").or_insert(toml_edit::array());
        let list = sources.as_array_of_tables_mut()?;
        let names = |table: &toml_edit::Table| table.get("dump")?.as_str().map(str::to_string);
        let known: BTreeSet<String> = list.iter().filter_map(names).collect();
        let mut new = added.iter().filter(|source| !known.contains(&source.dump)).peekable();
        new.peek()?;
        for source in new {
            let mut table = toml_edit::Table::new();
            for (key, value) in source_keys(source) {
                table.insert(key, toml_edit::value(value));
            }
            list.push(table);
        }
        Some(())
    })
}

/// Adds tags to the text of an entry's file, all else in it untouched; `None` where it has them all
/// or cannot be read.
pub fn add_tags(text: &str, tags: &[&str]) -> Option<String> {
    edit(text, |front| {
        let list = front.entry("tags").or_insert(toml_edit::value(toml_edit::Array::new()));
        let list = list.as_array_mut()?;
        let known: Vec<String> =
            list.iter().filter_map(|tag| tag.as_str().map(str::to_string)).collect();
        let new: Vec<&&str> =
            tags.iter().filter(|tag| !known.iter().any(|old| old == **tag)).collect();
        list.extend(new.iter().map(|tag| **tag));
        (!new.is_empty()).then_some(())
    })
}

/// Changes the front matter of a file, remarks and order kept, its body to the byte; `None` where
/// it cannot be read, or where `change` gives `None`.
pub fn edit(
    text: &str,
    change: impl FnOnce(&mut toml_edit::DocumentMut) -> Option<()>,
) -> Option<String> {
    let parts = parts("", text).ok()?;
    let mut front: toml_edit::DocumentMut = parts.front.parse().ok()?;
    change(&mut front)?;
    let rest = &text["+++\n".len() + parts.front.len()..];
    Some(format!("+++\n{front}{rest}"))
}

/// Returns a file whose `keys` are those of `from`, another file, all else untouched: a key that is not
/// there is taken away. `None` where one of the two cannot be read, or where a remark would be lost.
pub fn take_keys(text: &str, from: &str, keys: &[&str]) -> Option<String> {
    let theirs: toml_edit::DocumentMut = parts("", from).ok()?.front.parse().ok()?;
    let taken = edit(text, |front| {
        for key in keys {
            take_key(front, &theirs, key);
        }
        Some(())
    })?;
    let kept = |front: &str| {
        remarks(parts("", text).map_or("", |parts| parts.front)).all(|line| front.contains(line))
    };
    parts("", &taken).is_ok_and(|parts| kept(parts.front)).then_some(taken)
}

/// The remarks of a piece of TOML. A `#` within a string counts, too: that asks for too much at worst.
fn remarks(front: &str) -> impl Iterator<Item = &str> {
    front.lines().filter_map(|line| line.find('#').map(|at| line[at..].trim_end()))
}

fn take_key(ours: &mut toml_edit::Table, theirs: &toml_edit::Table, key: &str) {
    match (ours.get_mut(key), theirs.get(key)) {
        (_, None) => _ = ours.remove(key),
        (Some(toml_edit::Item::Table(ours)), Some(toml_edit::Item::Table(theirs))) => {
            let mut keys: BTreeSet<String> = ours.iter().map(|(key, _)| key.to_string()).collect();
            keys.extend(theirs.iter().map(|(key, _)| key.to_string()));
            for key in keys {
                take_key(ours, theirs, &key);
            }
        }
        (Some(toml_edit::Item::Value(old)), Some(toml_edit::Item::Value(new))) => {
            let decor = old.decor().clone();
            *old = new.clone();
            *old.decor_mut() = decor;
        }
        (_, Some(item)) => _ = ours.insert(key, item.clone()),
    }
}

/// Returns a file with another body, its front matter to the byte; `None` where it cannot be read.
pub fn with_body(text: &str, body: &str) -> Option<String> {
    let parts = parts("", text).ok()?;
    let end = text.len() - text[..].split_at("+++\n".len() + parts.front.len()).1.len();
    let fence = text[end..].split_inclusive('\n').next()?;
    let (body, fence) = (body.trim(), fence.trim_end());
    let rest = if body.is_empty() { String::new() } else { format!("\n{body}\n") };
    Some(format!("{}{fence}\n{rest}", &text[..end]))
}
