//! What was found in a curator's files, where, and what to do about it.
//!
//! Reading what people wrote returns a value *and* a list of [`Diagnostic`]s, so that one bad file
//! hides nothing else. Touching the machine returns a [`crate::fs::Error`] instead. Nothing here
//! prints: the command line decides how a diagnostic is shown.

use std::fmt;

/// How much a [`Diagnostic`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Something wants a look; the command still did what it was asked to.
    Warning,
    /// The command could not use what it found.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One finding: `severity: path:line: what was found, what was expected`, with a `hint:` line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, relative to the archive's root where it is inside it.
    pub path: String,
    /// The line in that file, counted from 1; 0 when the finding is about the whole file.
    pub line: usize,
    /// How much it matters.
    pub severity: Severity,
    /// What was found and what was expected, without a final full stop.
    pub message: String,
    /// What to do about it, empty where the message says it all.
    pub hint: String,
}

impl Diagnostic {
    /// Returns an error about a line of a file (line 0: about the file as a whole).
    pub fn error(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, path, line, message)
    }

    /// Returns a warning about a line of a file (line 0: about the file as a whole).
    pub fn warning(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, path, line, message)
    }

    /// Returns a note about a line of a file (line 0: about the file as a whole).
    pub fn note(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, path, line, message)
    }

    fn new(
        severity: Severity,
        path: impl Into<String>,
        line: usize,
        message: impl Into<String>,
    ) -> Self {
        let (path, message) = (path.into(), message.into());
        Self { path, line, severity, message, hint: String::new() }
    }

    /// Returns the same finding with the advice `hint`.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Whether this finding stops a command.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.severity)?;
        if !self.path.is_empty() {
            write!(f, "{}:", self.path)?;
            if self.line > 0 {
                write!(f, "{}:", self.line)?;
            }
            f.write_str(" ")?;
        }
        f.write_str(&self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}

/// Whether any finding of the list stops a command.
pub fn any_error(list: &[Diagnostic]) -> bool {
    list.iter().any(Diagnostic::is_error)
}

/// Returns the candidate that a person who typed `word` most likely meant, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Above 0.7 a Jaro-Winkler match is a slip of the fingers ("tgas"); below, another word.
    const NEAR: f64 = 0.7;
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(score, _)| *score >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Returns the line, counted from 1, on which the byte at `offset` of `text` stands.
pub fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_one_line_and_a_hint() {
        let finding =
            Diagnostic::error("content/a.md", 3, "unknown key `tgas`").hint("did you mean `tags`?");
        assert_eq!(
            finding.to_string(),
            "error: content/a.md:3: unknown key `tgas`\n  hint: did you mean `tags`?"
        );
    }

    #[test]
    fn the_nearest_word_is_a_slip_not_a_guess() {
        assert_eq!(nearest("tgas", ["title", "tags", "date"]), Some("tags"));
        assert_eq!(nearest("wombat", ["title", "tags", "date"]), None);
    }

    #[test]
    fn lines_count_from_one() {
        assert_eq!(line_at("a\nb\nc", 0), 1);
        assert_eq!(line_at("a\nb\nc", 2), 2);
        assert_eq!(line_at("a\nb\nc", 99), 3);
    }
}
