//! What stands in a cell: lists, and what a spreadsheet would take for a formula.

/// What parts the items of a list.
const SEPARATOR: char = ';';
/// Takes its meaning from the character behind it.
const ESCAPE: char = '\\';
/// Stands before a cell that a spreadsheet would run.
const GUARD: char = '\'';

/// Writes a list in a cell: `a; b`. A `;` or `\` inside an item, and space at its ends, get a `\`
/// before them.
pub(crate) fn join<T: AsRef<str>>(items: &[T]) -> String {
    let written: Vec<String> =
        items.iter().map(AsRef::as_ref).filter(|item| !item.is_empty()).map(escaped).collect();
    written.join("; ")
}

fn escaped(item: &str) -> String {
    let inside = item.trim().len();
    let start = item.len() - item.trim_start().len();
    let mut text = String::with_capacity(item.len());
    for (at, c) in item.char_indices() {
        let at_an_end = at < start || at >= start + inside;
        if matches!(c, SEPARATOR | ESCAPE) || at_an_end {
            text.push(ESCAPE);
        }
        text.push(c);
    }
    text
}

/// Reads a list: the inverse of [`join`]. Space around an item and items without a character are
/// nothing.
pub(super) fn split(cell: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut item = String::new();
    // What of the item may not be cut off: it was written with an escape, or is no space.
    let mut firm = 0;
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        match c {
            SEPARATOR => {
                item.truncate(firm);
                items.push(std::mem::take(&mut item));
                firm = 0;
            }
            ESCAPE => {
                item.push(chars.next().unwrap_or(ESCAPE));
                firm = item.len();
            }
            c if c.is_whitespace() => {
                if !item.is_empty() {
                    item.push(c);
                }
            }
            c => {
                item.push(c);
                firm = item.len();
            }
        }
    }
    item.truncate(firm);
    items.push(item);
    items.retain(|item| !item.is_empty());
    items
}

/// Whether a spreadsheet would run a cell that begins so (OWASP, "CSV injection"), or whether it
/// only does not because of a guard.
fn is_dangerous(cell: &str) -> bool {
    let rest = cell.trim_start_matches(GUARD);
    rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Returns a cell as it is written: a `'` before what a spreadsheet would run.
pub(crate) fn guarded(cell: &str) -> String {
    if is_dangerous(cell) { format!("{GUARD}{cell}") } else { cell.to_string() }
}

/// Returns a cell without its guard: the inverse of [`guarded`].
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix(GUARD) {
        Some(rest) if is_dangerous(rest) => rest,
        _ => cell,
    }
}

/// Returns a text with line ends `\n`.
pub(super) fn plain_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_are_written_as_people_write_them() {
        assert_eq!(join(&["Quell dam", "rain"]), "Quell dam; rain");
        assert_eq!(join(&["a; b", "c\\d", " e "]), r"a\; b; c\\d; \ e\ ");
        assert_eq!(split(" Quell dam ;rain;; "), ["Quell dam", "rain"]);
        assert_eq!(split(""), Vec::<String>::new());
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("'Friday' is here", "'Friday' is here"),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell), written);
        }
        // A person may have taken the guard away.
        assert_eq!(unguarded("=1"), "=1");
    }

    proptest! {
        #[test]
        fn lists_come_back(items in proptest::collection::vec(r"[ ;\\a\n\t'=é]{1,6}", 0..5)) {
            prop_assert_eq!(split(&join(&items)), items);
        }

        #[test]
        fn guards_come_off(cell in "['=+@\t\r a-]{0,5}|.{0,5}") {
            let written = guarded(&cell);
            prop_assert_eq!(unguarded(&written), cell.as_str());
            prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
