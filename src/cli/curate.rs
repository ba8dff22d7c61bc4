//! What the commands share that change single entries: finding one, changing its file, and writing
//! or showing the change.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Value};

use super::writer::Writer;
use super::{End, Outcome, Stop, tell_all};
use crate::change::Change;
use crate::content::{self, Content};
use crate::date::When;
use crate::entry::Entry;
use crate::input::{self, Input};

/// An archive whose files are to be changed.
pub(super) struct Desk {
    writer: Writer,
    pub(super) inputs: Vec<Input>,
    pub(super) content: Content,
}

impl Desk {
    /// Reads the archive. Files that cannot be read are told, and left as they are.
    pub(super) fn open(root: Option<&Path>, dry_run: bool) -> Result<Self, Stop> {
        let writer = Writer::open(root, dry_run)?;
        let inputs = input::read(&writer.root)?;
        let (content, problems) = content::read(&inputs);
        tell_all(&problems);
        Ok(Self { writer, inputs, content })
    }

    /// Returns the archive's folder.
    pub(super) fn root(&self) -> &Path {
        &self.writer.root
    }

    /// Returns the entry that has an id.
    pub(super) fn entry(&self, id: &str) -> Result<&Entry, Stop> {
        let entries = &self.content.entries;
        if let Some(entry) = entries.iter().find(|entry| entry.id.as_str() == id) {
            return Ok(entry);
        }
        let had = |entry: &&Entry| entry.aliases.iter().any(|alias| alias.as_str() == id);
        Err(match entries.iter().find(had) {
            Some(entry) => Stop(format!("the entry `{id}` is called `{}` now", entry.id)),
            None => Stop(format!(
                "no entry has the id `{id}`\n  hint: it stands in the first lines of its file, and in its address"
            )),
        })
    }

    /// Returns the bytes of a file with its front matter changed, its line ends kept.
    pub(super) fn edited(
        &self,
        file: &str,
        edit: impl FnOnce(&mut DocumentMut) -> Option<()>,
    ) -> Result<Vec<u8>, Stop> {
        let text = input::find(&self.inputs, file).and_then(|input| {
            let text = content::edit(&input.text().ok()?, edit)?;
            Some(input.like(text))
        });
        text.ok_or_else(|| {
            Stop(format!("{file} cannot be changed; mend what `archive check` says of it"))
        })
    }

    /// Makes a change or shows it.
    pub(super) fn finish(&self, change: Change, done: &str) -> Outcome {
        self.writer.finish(change, &self.inputs, done)?;
        Ok(End::Done)
    }
}

/// Sets a key of front matter, a remark behind its value kept.
pub(super) fn set(front: &mut DocumentMut, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    if let Some(old) = front.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    front[key] = Item::Value(value);
}

/// A date as front matter holds it.
pub(super) fn date(when: &When) -> Value {
    let written = when.written();
    match written.parse::<toml_edit::Datetime>() {
        Ok(date) => date.into(),
        Err(_) => written.into(),
    }
}

/// Today, in UTC.
pub(super) fn today() -> When {
    When::Day(chrono::Utc::now().date_naive())
}

/// A reason that is one.
pub(super) fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("expected a reason".into()) } else { Ok(text.to_string()) }
}
