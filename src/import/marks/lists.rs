//! Entries that are the items of a list.

use crate::format::{Format, Rule};
use crate::import::lines::Line;

/// What stands before an item.
pub(super) const BULLETS: [char; 7] = ['•', '·', '▪', '●', '*', '◦', '-'];
/// Entries of a list stand no further in than this, in spaces.
const DEEPEST: usize = 4;

/// Returns the numbered lines that begin an entry each: at one indentation, rising, most with a
/// body that stands further in.
pub(super) fn numbers(lines: &[Line]) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, usize, u32, String)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let text = line.text();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if line.indent > DEEPEST || !(1..=4).contains(&digits) {
            continue;
        }
        if let (Ok(number), Some(words)) =
            (text[..digits].parse(), text[digits..].strip_prefix(". "))
        {
            found.push((at, line.indent, number, words.trim().to_string()));
        }
    }
    // Of several lists the one with bodies is meant, not a summary or an entry's own.
    let Some(indent) =
        found.iter().filter(|(at, ..)| has_body(lines, *at)).map(|(_, indent, ..)| *indent).min()
    else {
        return Vec::new();
    };
    found.retain(|(_, own, ..)| *own == indent);
    // A list of the same indentation in which nothing has a body is a summary above the entries.
    let found: Vec<_> = found
        .chunk_by(|one, next| next.2 > one.2)
        .filter(|list| list.iter().any(|(at, ..)| has_body(lines, *at)))
        .flatten()
        .cloned()
        .collect();
    let rising = found.windows(2).filter(|pair| pair[1].2 > pair[0].2 || pair[1].2 == 1).count();
    let bodies = found.iter().filter(|(at, ..)| has_body(lines, *at)).count();
    if rising + 1 < found.len() || bodies * 2 < found.len() {
        return Vec::new();
    }
    found.into_iter().map(|(at, _, _, words)| (at, words)).collect()
}

/// Whether the next line that is not blank stands further in than this one.
fn has_body(lines: &[Line], at: usize) -> bool {
    let below = lines[at + 1..].iter().find(|line| !line.is_blank());
    below.is_some_and(|below| below.indent > lines[at].indent)
}

/// Returns the bulleted lines that begin an entry each: the outermost ones, if from the first on
/// nearly nothing stands outside of them. Above the line that leads in the entries they are points of
/// a summary.
pub(super) fn bullets(lines: &[Line], format: &Format) -> Vec<(usize, String)> {
    let is_bullet = |line: &Line| line.text().starts_with(BULLETS);
    let is_stream = |line: &Line| format.stream(line.text()).is_some_and(Rule::leads_in_all);
    let start = lines.iter().position(is_stream).unwrap_or_default();
    let Some(first) =
        lines[start..].iter().position(|line| is_bullet(line) && line.indent <= DEEPEST)
    else {
        return Vec::new();
    };
    let first = start + first;
    let outer = lines[first..]
        .iter()
        .filter(|line| is_bullet(line))
        .map(|line| line.indent)
        .min()
        .unwrap_or_default();
    let below = lines[first..].iter().filter(|line| !line.is_blank());
    let (inside, outside): (Vec<_>, Vec<_>) =
        below.partition(|line| line.indent > outer || (line.indent == outer && is_bullet(line)));
    if outside.len() * 10 > inside.len() + outside.len() {
        return Vec::new();
    }
    let items = lines.iter().enumerate().skip(first);
    let items = items.filter(|(_, line)| line.indent == outer && is_bullet(line));
    items
        .map(|(at, line)| (at, line.text().trim_start_matches(BULLETS).trim().to_string()))
        .collect()
}
