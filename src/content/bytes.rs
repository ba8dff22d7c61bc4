//! Changes of a file that a person wrote, to the byte: line ends of every kind stay.

use super::edit;
use crate::{diff, fs};

/// Changes the front matter of a file as [`edit()`] does, and keeps what that does not see: the line
/// ends of every line that stays, and a byte order mark.
pub fn edit_bytes(
    bytes: &[u8],
    change: impl FnOnce(&mut toml_edit::DocumentMut) -> Option<()>,
) -> Option<Vec<u8>> {
    let raw = std::str::from_utf8(bytes).ok()?;
    let before = fs::text_of("", bytes.to_vec()).ok()?;
    let after = edit(&before, change)?;
    let (mark, raw) = match raw.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", raw),
    };
    let raw_lines = lines(raw);
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let first = raw_lines.first().copied().unwrap_or_default();
    let end = &first[first.trim_end_matches(['\r', '\n']).len()..];
    let mut text = mark.to_string();
    let mut kept = 0;
    let stay = |from: usize, to: usize| raw_lines.get(from..to).unwrap_or_default().concat();
    for hunk in diff::hunks(&old, &new) {
        text.push_str(&stay(kept, hunk.before.start));
        for line in new.get(hunk.after).unwrap_or_default() {
            text.push_str(line.trim_end_matches('\n'));
            text.push_str(if line.ends_with('\n') { end } else { "" });
        }
        kept = hunk.before.end;
    }
    text.push_str(&stay(kept, raw_lines.len()));
    Some(text.into_bytes())
}

/// The lines of a text with their ends, of whatever kind.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = match rest.find(['\r', '\n']) {
            Some(at) if rest[at..].starts_with("\r\n") => at + 2,
            Some(at) => at + 1,
            None => rest.len(),
        };
        let (line, after) = rest.split_at(end);
        lines.push(line);
        rest = after;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_marks_stay_as_they_are() {
        let text =
            "\u{feff}+++\r\nid = \"a\" # mine\r\ntitle = \"A\"\n+++\r\n\r\none\ntwo\r\nthree";
        let edited = edit_bytes(text.as_bytes(), |front| {
            front.insert("title", toml_edit::value("B"));
            front.insert("order", toml_edit::value(3));
            Some(())
        });
        let expected = text.replace("title = \"A\"\n", "title = \"B\"\r\norder = 3\r\n");
        assert_eq!(String::from_utf8(edited.unwrap()).unwrap(), expected);
        let same = edit_bytes(text.as_bytes(), |_| Some(()));
        assert_eq!(same.unwrap(), text.as_bytes());
    }
}
