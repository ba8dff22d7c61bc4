//! Strict reading of the TOML that people write: front matter, `site.toml`, `tags.toml`, records.
//!
//! A [`Keys`] gives out one key after another and remembers what it was asked for. What nobody
//! asked for is an unknown key: an error that names the nearest known one. Every problem of a file
//! is reported, each with its line.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::date::When;
use crate::diagnostic::{Diagnostic, line_at, nearest};

/// One table of a TOML file, read key by key.
#[derive(Debug)]
pub struct Keys<'a> {
    place: Place<'a>,
    /// The table's own name with a dot behind it, for messages; empty for the file's top.
    name: String,
    table: DeTable<'a>,
    known: Vec<&'static str>,
    start: usize,
    problems: Vec<Diagnostic>,
    /// Lines whose values were told to be no dates, in words that say more than a parser's.
    dates: Vec<usize>,
}

/// What the message of a parser begins with.
const NOT_TOML: &str = "this is not TOML: ";

/// Where a piece of TOML stands in a file.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    file: &'a str,
    text: &'a str,
    /// Lines of the file that stand before the TOML.
    lines_before: usize,
}

impl Place<'_> {
    fn error(&self, at: usize, message: String) -> Diagnostic {
        Diagnostic::error(self.file, self.lines_before + line_at(self.text, at), message)
    }
}

impl<'a> Keys<'a> {
    /// Parses `text`, which stands in `file` after `lines_before` other lines.
    ///
    /// What can be read is returned with the errors of what cannot.
    pub fn parse(file: &'a str, text: &'a str, lines_before: usize) -> Self {
        let (table, errors) = DeTable::parse_recoverable(text);
        let place = Place { file, text, lines_before };
        let mut problems: Vec<Diagnostic> = errors
            .iter()
            .map(|error| {
                let at = error.span().map_or(0, |span| span.start);
                place.error(at, format!("{NOT_TOML}{}", error.message().trim()))
            })
            .collect();
        // One slip can be several errors to a parser; the first of a line tells it.
        problems.dedup_by_key(|problem| problem.line);
        let table = table.into_inner();
        let (name, known, dates) = (String::new(), Vec::new(), Vec::new());
        Self { place, name, table, known, start: 0, problems, dates }
    }

    /// Returns the line of the file that this table begins on.
    pub fn line(&self) -> usize {
        self.place.lines_before + line_at(self.place.text, self.start)
    }

    /// Reports a problem with the value of `key`, which was just read, or with the whole table.
    pub fn problem(&mut self, span: Option<Range<usize>>, message: String) {
        let at = span.map_or(self.start, |span| span.start);
        self.problems.push(self.place.error(at, message));
    }

    /// Adds `hint` to the problem that was reported last.
    pub fn hint(&mut self, hint: impl Into<String>) {
        if let Some(last) = self.problems.last_mut() {
            last.hint = hint.into();
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.table.remove(key)
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue<'a>>, expected: &str) {
        let found = value.get_ref().type_str();
        let message = format!("`{}{key}` is of type {found}, expected {expected}", self.name);
        self.problem(Some(value.span()), message);
    }

    /// Reads a string, with its place for a later [`Keys::problem`].
    pub fn spanned(&mut self, key: &'static str) -> Option<(String, Range<usize>)> {
        let value = self.take(key)?;
        if let DeValue::String(text) = value.get_ref() {
            return Some((text.to_string(), value.span()));
        }
        self.wrong(key, &value, "a string in quotes");
        None
    }

    /// Reads a string.
    pub fn string(&mut self, key: &'static str) -> Option<String> {
        self.spanned(key).map(|(text, _)| text)
    }

    /// Reads a string that has to be there and not be blank; reports it where it is not.
    pub fn required(&mut self, key: &'static str) -> Option<(String, Range<usize>)> {
        let there = self.table.contains_key(key);
        let found = self.spanned(key);
        match found {
            Some((text, span)) if text.trim().is_empty() => {
                let message = format!("`{}{key}` is empty, expected a text", self.name);
                self.problem(Some(span), message);
                None
            }
            None if !there => {
                let message = format!("no `{}{key}`, expected `{key} = \"…\"`", self.name);
                self.problem(None, message);
                None
            }
            found => found,
        }
    }

    /// Reads a string through `parse`, whose error says what was found and what was expected.
    pub fn parsed<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (text, span) = self.spanned(key)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(message) => {
                let message = format!("`{}{key}`: {message}", self.name);
                self.problem(Some(span), message);
                None
            }
        }
    }

    /// Reads a list of strings, each with its place; empty where the key is not there.
    pub fn strings(&mut self, key: &'static str) -> Vec<(String, Range<usize>)> {
        const EXPECTED: &str = "a list of strings such as [\"a\", \"b\"]";
        let Some(value) = self.take(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(key, &value, EXPECTED);
            return Vec::new();
        };
        let mut list = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => list.push((text.to_string(), item.span())),
                _ => self.wrong(key, item, EXPECTED),
            }
        }
        list
    }

    /// Reads `true` or `false`.
    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        if let DeValue::Boolean(flag) = value.get_ref() {
            return Some(*flag);
        }
        self.wrong(key, &value, "true or false");
        None
    }

    /// Reads a whole number from 0 up.
    pub fn number(&mut self, key: &'static str) -> Option<u64> {
        let value = self.take(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong(key, &value, "a whole number from 0 up");
        }
        number
    }

    /// Reads a list of two whole numbers.
    pub fn pair(&mut self, key: &'static str) -> Option<(usize, usize)> {
        let value = self.take(key)?;
        if let DeValue::Array(items) = value.get_ref() {
            let numbers: Vec<usize> = items
                .iter()
                .filter_map(|item| item.get_ref().as_integer()?.as_str().parse().ok())
                .collect();
            if let [first, last] = numbers[..] {
                return Some((first, last));
            }
        }
        self.wrong(key, &value, "two whole numbers such as [13, 32]");
        None
    }

    /// Reads a date: a TOML date-time with its offset, a TOML date, or a string of EDTF level 1.
    pub fn date(&mut self, key: &'static str) -> When {
        let Some(value) = self.take(key) else { return When::Unknown };
        let text = match value.get_ref() {
            // Of a day that no calendar has, TOML gives nothing but its place.
            DeValue::Datetime(date) => match date.to_string() {
                none if none.is_empty() => self.place.text[value.span()].trim().to_string(),
                date => date,
            },
            DeValue::String(text) => text.to_string(),
            _ => {
                self.wrong(key, &value, "a date such as 2031-04-02 or \"2031-04~\"");
                return When::Unknown;
            }
        };
        match When::parse(&text) {
            Ok(when) => when,
            Err(message) => {
                self.dates.push(self.line_of(&value.span()));
                self.problem(Some(value.span()), format!("`{}{key}`: {message}", self.name));
                When::Unknown
            }
        }
    }

    /// Reads a table.
    pub fn table(&mut self, key: &'static str) -> Option<Self> {
        let value = self.take(key)?;
        self.as_table(key, value)
    }

    /// Reads a list of tables, `[[key]]`.
    pub fn tables(&mut self, key: &'static str) -> Vec<Self> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(items) => {
                items.into_iter().filter_map(|item| self.as_table(key, item)).collect()
            }
            other => {
                let other = Spanned::new(span, other);
                self.wrong(key, &other, &format!("tables, each under [[{key}]]"));
                Vec::new()
            }
        }
    }

    fn as_table(&mut self, key: &str, value: Spanned<DeValue<'a>>) -> Option<Self> {
        let start = value.span().start;
        if !value.get_ref().is_table() {
            self.wrong(key, &value, "a table");
            return None;
        }
        let DeValue::Table(table) = value.into_inner() else { return None };
        let name = format!("{}{key}.", self.name);
        let (place, known, problems, dates) = (self.place, Vec::new(), Vec::new(), Vec::new());
        Some(Self { place, name, table, known, start, problems, dates })
    }

    /// Reads all that is left of a table whose keys are names of the curator's own, each with a
    /// whole number.
    pub fn counts(&mut self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (key, value) in std::mem::take(&mut self.table) {
            let name = key.get_ref().to_string();
            match value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok()) {
                Some(number) => _ = counts.insert(name, number),
                None => self.wrong(&name, &value, "a whole number from 0 up"),
            }
        }
        counts
    }

    /// Reads all that is left of a table whose keys are names of the curator's own, each with a
    /// text; the places are those of the keys.
    pub fn texts(&mut self) -> Vec<(String, String, Range<usize>)> {
        let mut texts = Vec::new();
        for (key, value) in std::mem::take(&mut self.table) {
            let name = key.get_ref().to_string();
            match value.get_ref() {
                DeValue::String(text) => texts.push((name, text.to_string(), key.span())),
                _ => self.wrong(&name, &value, "a string in quotes"),
            }
        }
        texts
    }

    /// Returns the line of the file that a value stands on.
    pub fn line_of(&self, span: &Range<usize>) -> usize {
        self.place.lines_before + line_at(self.place.text, span.start)
    }

    /// Passes over a table in which a curator may keep whatever they like.
    pub fn free(&mut self, key: &'static str) {
        let _ = self.take(key);
    }

    /// Takes over the problems of a table that was read to its end.
    pub fn close(&mut self, mut inner: Keys<'_>) {
        self.dates.append(&mut inner.dates);
        self.problems.extend(inner.finish());
    }

    /// Returns every problem found; a key that was not asked for is one.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        let known = std::mem::take(&mut self.known);
        for key in std::mem::take(&mut self.table).into_iter().map(|(key, _)| key) {
            let word = key.get_ref().as_ref();
            let mut finding =
                self.place.error(key.span().start, format!("unknown key `{}{word}`", self.name));
            finding.hint = match nearest(word, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            self.problems.push(finding);
        }
        self.tell_each_line_once();
        self.problems.sort_by_key(|problem| problem.line);
        self.problems
    }

    /// Of a line that is no TOML, what could still be read of it says nothing new, but for a date.
    fn tell_each_line_once(&mut self) {
        let is_torn = |problem: &Diagnostic| problem.message.starts_with(NOT_TOML);
        let torn = self.problems.iter().filter(|problem| is_torn(problem));
        let torn: Vec<usize> = torn.map(|problem| problem.line).collect();
        self.problems.retain(|problem| {
            let is_date = self.dates.contains(&problem.line);
            !torn.contains(&problem.line) || is_torn(problem) != is_date
        });
    }
}

/// Returns `text` as a TOML string in quotes.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}

/// Returns a list of texts as a TOML array on one line.
pub fn quoted_list<T: AsRef<str>>(texts: &[T]) -> String {
    let items: Vec<_> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_a_file_is_reported_with_its_line() {
        let text = "title = 3\ntgas = [\"a\"]\ndate = \"soon\"\nodd = 1\n";
        let mut keys = Keys::parse("content/a.md", text, 1);
        assert_eq!(keys.string("title"), None);
        assert!(keys.strings("tags").is_empty());
        assert_eq!(keys.date("date"), When::Unknown);
        let shown: Vec<_> = keys.finish().iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), 4);
        assert!(
            shown[0].starts_with("error: content/a.md:2: `title` is of type integer"),
            "{}",
            shown[0]
        );
        assert!(shown[1].contains(":3: unknown key `tgas`\n  hint: did you mean `tags`?"));
        assert!(shown[2].contains(":4: `date`: the date `soon`, expected"));
        assert!(shown[3].contains(":5: unknown key `odd`"));
    }

    #[test]
    fn dates_are_read_in_every_form() {
        let text = "a = 2031-04-02T05:40:00+01:00\nb = 2031-04-02\nc = \"2031-04~\"\n";
        let mut keys = Keys::parse("a.md", text, 0);
        assert_eq!(keys.date("a").written(), "2031-04-02T05:40:00+01:00");
        assert_eq!(keys.date("b").written(), "2031-04-02");
        assert_eq!(keys.date("c").written(), "2031-04~");
        assert_eq!(keys.date("d"), When::Unknown);
        assert!(keys.finish().is_empty());
    }

    #[test]
    fn broken_toml_is_told_with_its_line() {
        let keys = Keys::parse("a.md", "title = \"x\"\nbroken = = 3\n", 1);
        let problems = keys.finish();
        assert!(
            problems.iter().any(|p| p.line == 3 && p.message.contains("not TOML")),
            "{problems:?}"
        );
    }

    #[test]
    fn a_date_that_no_calendar_has_is_told_once_as_it_is_written() {
        let date = |keys: &mut Keys<'_>| _ = keys.date("date");
        for written in
            ["2031-02-30", "2031-02-30T05:40:00+01:00", "2031-04-02 25:00:00", "2031-4-2", "soon"]
        {
            for (head, name) in [("", ""), ("[accepted]\n", "accepted.")] {
                let text = format!("{head}date = {written}\n");
                let mut keys = Keys::parse("a.md", &text, 1);
                match keys.table("accepted") {
                    Some(mut inner) => {
                        date(&mut inner);
                        keys.close(inner);
                    }
                    None => date(&mut keys),
                }
                let shown: Vec<_> = keys.finish().iter().map(ToString::to_string).collect();
                let line = text.lines().count() + 1;
                let start = format!(
                    "error: a.md:{line}: `{name}date`: the date `{written}`, expected a date"
                );
                assert!(shown.len() == 1 && shown[0].starts_with(&start), "{shown:?}");
            }
        }
    }

    #[test]
    fn a_line_that_is_no_toml_is_told_once() {
        for line in ["flag = yes", "flag = = true", "flag = 2031-02-30"] {
            let mut keys = Keys::parse("a.md", line, 1);
            assert_eq!(keys.boolean("flag"), None);
            let problems = keys.finish();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].message.starts_with(NOT_TOML), "{problems:?}");
        }
    }

    #[test]
    fn a_tables_own_keys_are_strict_too() {
        let mut keys = Keys::parse("a.md", "[source]\nline = [1, 2]\n[extra]\nx = 1\n", 0);
        let mut source = keys.table("source").unwrap();
        assert_eq!(source.pair("lines"), None);
        keys.close(source);
        keys.free("extra");
        let problems = keys.finish();
        assert_eq!(problems.len(), 1);
        assert_eq!(
            problems[0].to_string(),
            "error: a.md:2: unknown key `source.line`\n  hint: did you mean `lines`?"
        );
    }

    #[test]
    fn quoting_survives_any_text() {
        for text in ["plain", "a \"b\" c", "line\nline", "\u{1}\\", "'''", "“ ”"] {
            let toml = format!("a = {}", quoted(text));
            let mut keys = Keys::parse("a", &toml, 0);
            assert_eq!(keys.string("a").as_deref(), Some(text));
            assert!(keys.finish().is_empty());
        }
    }
}
