//! Texts with placeholders: `made from {source}`.

use std::borrow::Cow;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Words as they stand.
    Words(String),
    /// The name of what is filled in.
    Name(String),
}

/// A text with its placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Slot>);

impl Pattern {
    /// Reads a text. Braces around anything but a name are words.
    pub(super) fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut words = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let is_name = |name: &str| {
                !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            };
            words.push_str(before);
            if let Some((name, after)) = behind.split_once('}').filter(|(name, _)| is_name(name)) {
                if !words.is_empty() {
                    pieces.push(Slot::Words(std::mem::take(&mut words)));
                }
                pieces.push(Slot::Name(name.to_string()));
                rest = after;
            } else {
                words.push('{');
                rest = behind;
            }
        }
        words.push_str(rest);
        if !words.is_empty() {
            pieces.push(Slot::Words(words));
        }
        Self(pieces)
    }

    /// Returns the pieces.
    pub(super) fn pieces(&self) -> &[Slot] {
        &self.0
    }

    /// Returns the text of one that has no placeholders; of another, what stands before the first.
    pub(super) fn plain(&self) -> &str {
        match self.0.first() {
            Some(Slot::Words(words)) => words,
            Some(Slot::Name(_)) | None => "",
        }
    }

    /// Returns the names of the placeholders.
    pub(super) fn slots(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Slot::Name(name) => Some(name.as_str()),
            Slot::Words(_) => None,
        })
    }

    /// Returns the text with what `value` gives for each placeholder, or nothing where it gives none.
    pub(super) fn fill<'v>(&self, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Slot::Words(words) => text.push_str(words),
                Slot::Name(name) => text.push_str(&value(name).unwrap_or_default()),
            }
        }
        text
    }
}
