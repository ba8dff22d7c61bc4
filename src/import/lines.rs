//! A text dump's lines, made plain for matching.

/// A tabulator indents as far as this many spaces.
const TAB: usize = 4;

/// One line of a dump, made plain for matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// How far it stands in, in spaces.
    pub(super) indent: usize,
    whole: String,
}

impl Line {
    /// Makes no-break spaces plain, trims the end, and counts the indentation.
    pub(super) fn new(raw: &str) -> Self {
        let inner = raw.trim_start_matches([' ', '\t']);
        let margin = &raw[..raw.len() - inner.len()];
        let indent = margin.chars().map(|c| if c == '\t' { TAB } else { 1 }).sum();
        let text = plain(inner);
        let indent = if text.is_empty() { 0 } else { indent };
        Self { indent, whole: format!("{}{text}", " ".repeat(indent)) }
    }

    /// Returns the line with its indentation.
    pub(super) fn whole(&self) -> &str {
        &self.whole
    }

    /// Returns the line without its indentation.
    pub(super) fn text(&self) -> &str {
        &self.whole[self.indent..]
    }

    /// Whether nothing can be seen of the line.
    pub(super) fn is_blank(&self) -> bool {
        self.whole.is_empty()
    }
}

/// Makes runs of spaces that hold a no-break space one plain space, drops what has no width, and
/// trims.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut run_start, mut no_break) = (0, false);
    for c in text.trim().chars() {
        match c {
            '\u{200b}' | '\u{feff}' | '\u{ad}' => {}
            // A carriage return within a line would end it in Markdown.
            ' ' | '\u{a0}' | '\r' => {
                no_break |= c != ' ';
                plain.push(' ');
                if no_break {
                    plain.truncate(run_start + 1);
                }
            }
            _ => {
                plain.push(c);
                (run_start, no_break) = (plain.len(), false);
            }
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Cuts a text into lines, at whichever line ends it uses.
pub(super) fn lines(text: &str) -> Vec<Line> {
    cut(text).map(Line::new).collect()
}

/// Returns the lines of a dump's text as they stand in it: one for each fate of its ledger.
pub fn cut(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let end = if text.contains('\n') { '\n' } else { '\r' };
    text.strip_suffix(end).unwrap_or(text).split(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_break_spaces_become_one_plain_space() {
        assert_eq!(plain("a\u{a0}b"), "a b");
        assert_eq!(plain("a \u{a0} b\u{a0} \u{a0}"), "a b");
        assert_eq!(plain("a  b"), "a  b");
        assert_eq!(plain("\u{a0}a\u{200b}b\u{ad}c"), "abc");
        assert_eq!(plain("a\u{a0}\u{a0}b  c\u{a0}d"), "a b  c d");
    }

    #[test]
    fn indentation_is_counted_in_plain_spaces_only() {
        let line = Line::new("    \u{a0}a ");
        assert_eq!((line.indent, line.text(), line.whole()), (4, "a", "    a"));
        assert_eq!(Line::new("\tx").indent, TAB);
        assert!(Line::new("  \u{a0} ").is_blank());
    }

    #[test]
    fn lines_end_where_the_file_says() {
        let texts = |text| lines(text).iter().map(|l| l.text().to_string()).collect::<Vec<_>>();
        assert_eq!(texts("\u{feff}a\r\nb\r\n"), ["a", "b"]);
        assert_eq!(texts("a\n\nb"), ["a", "", "b"]);
        assert_eq!(texts("a\rb\r"), ["a", "b"]);
        assert_eq!(texts("a\n\n"), ["a", ""]);
    }
}
