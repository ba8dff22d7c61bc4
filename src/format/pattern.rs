//! A regular expression of a format: checked when the format is read, compiled when it is needed.
//!
//! The program knows hundreds of them, and a dump needs those of one format.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use regex::Regex;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::sieve::Sees;

/// A regular expression; clones share what is compiled.
#[derive(Clone, Debug)]
pub struct Pattern {
    shared: Arc<Shared>,
    /// Where it stands in the format's sieve.
    pub(super) place: Option<(Sees, usize)>,
}

#[derive(Debug)]
struct Shared {
    text: String,
    regex: OnceLock<Regex>,
}

impl Pattern {
    /// Returns the expression as it is written, without compiling it.
    pub(super) fn written(&self) -> &str {
        &self.shared.text
    }

    /// Returns the names of its groups, without compiling it.
    pub(super) fn groups(&self) -> impl Iterator<Item = &str> {
        self.written().split("(?<").skip(1).filter_map(|rest| rest.split_once('>')).map(|(n, _)| n)
    }
}

impl Deref for Pattern {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        let compile = || {
            // What could be read can be compiled, unless it is too large: then it fits nothing.
            let nothing = || Regex::new(r"[^\s\S]").expect("a constant");
            Regex::new(&self.shared.text).unwrap_or_else(|_| nothing())
        };
        self.shared.regex.get_or_init(compile)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Err(error) = regex_syntax::parse(&text) {
            let error = error.to_string();
            let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let message = format!("the regular expression `{text}` is not one: {reason}");
            return Err(D::Error::custom(message));
        }
        Ok(Self { shared: Arc::new(Shared { text, regex: OnceLock::new() }), place: None })
    }
}
