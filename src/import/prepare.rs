//! What was done to a page on its way into a file, undone: the date that a data set put before its
//! text, lines that are there twice, a whole blog on one line.

use super::lines::Line;
use super::marks;

/// A line at least this long, in bytes, can hold several entries.
const FLATTENED: usize = 400;
/// So many stamps of one form on a line are those of entries.
const LEAST_STAMPS: usize = 3;

/// Lines as they are read, with the places of the dump's own lines.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    /// The lines that are read.
    pub(super) lines: Vec<Line<'a>>,
    /// For each of them, the dump's line that it comes from, counted from 0.
    pub(super) origins: Vec<usize>,
    /// What was undone: a line, counted from 0, and what to say of it.
    pub(super) notes: Vec<(usize, String)>,
}

/// Undoes what was done to a page.
pub(super) fn prepare(mut lines: Vec<Line<'_>>) -> Prepared<'_> {
    let mut notes = Vec::new();
    if let Some(note) = without_prefix(&mut lines) {
        notes.push((0, note));
    }
    if let Some(note) = undoubled(&mut lines) {
        notes.push(note);
    }
    let mut origins: Vec<usize> = (0..lines.len()).collect();
    if lines.iter().any(|line| line.text().len() >= FLATTENED) {
        let mut cut = Vec::with_capacity(lines.len());
        origins.clear();
        for (at, line) in lines.into_iter().enumerate() {
            let long = line.text().len() >= FLATTENED;
            let places = if long { marks::stamps_within(line.text()) } else { Vec::new() };
            if places.len() < LEAST_STAMPS {
                cut.push(line);
                origins.push(at);
                continue;
            }
            notes.push((at, format!("this line was cut at the {} stamps on it", places.len())));
            let text = line.text();
            let ends = places.iter().copied().chain([text.len()]);
            let mut start = 0;
            for end in ends {
                if !text[start..end].trim().is_empty() {
                    cut.push(Line::new(text[start..end].trim()).into_owned());
                    origins.push(at);
                }
                start = end;
            }
        }
        lines = cut;
    }
    Prepared { lines, origins, notes }
}

/// Cuts off ` date 2031-04 `, which data sets of web text put before a page.
fn without_prefix(lines: &mut [Line]) -> Option<String> {
    let first = lines.first_mut()?;
    let rest = first.text().strip_prefix("date ")?;
    let end = rest.find(' ').unwrap_or(rest.len());
    let date = &rest[..end];
    let mut parts = date.split('-');
    let is_date = parts.next().is_some_and(|year| year.len() == 4)
        && parts.all(|part| part.len() == 2)
        && date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if !is_date {
        return None;
    }
    let note = format!(
        "`date {date}` stands before the text, as data sets write it: left out, such dates are often wrong"
    );
    *first = Line::new(rest[end..].trim_start()).into_owned();
    Some(note)
}

/// Halves lines that are there twice in a row on one line, where most lines are.
fn undoubled(lines: &mut [Line]) -> Option<(usize, String)> {
    let halves: Vec<(usize, Option<String>)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.is_blank())
        .map(|(at, line)| (at, half(line.text()).map(str::to_string)))
        .collect();
    let doubled = halves.iter().filter(|(_, half)| half.is_some()).count();
    if doubled < 3 || doubled * 2 < halves.len() {
        return None;
    }
    let first = halves.iter().find(|(_, half)| half.is_some()).map_or(0, |(at, _)| *at);
    for (at, half) in halves {
        if let Some(half) = half {
            lines[at] = Line::new(&half).into_owned();
        }
    }
    Some((
        first,
        format!("{doubled} lines say everything twice, as comparisons of versions do: read once"),
    ))
}

/// Returns the half of a line that is twice the same, with or without a space between.
fn half(text: &str) -> Option<&str> {
    let middle = text.len() / 2;
    let (one, other) = match text.len() % 2 {
        0 => (text.get(..middle)?, text.get(middle..)?),
        _ => (text.get(..middle)?, text.get(middle..)?.strip_prefix(' ')?),
    };
    (one == other && !one.is_empty()).then_some(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::lines;

    fn read(text: &str) -> Vec<String> {
        prepare(lines::lines(text)).lines.iter().map(|line| line.text().to_string()).collect()
    }

    #[test]
    fn a_data_sets_date_is_no_part_of_the_page() {
        assert_eq!(read(" date 2031-04 World\nRain"), ["World", "Rain"]);
        assert_eq!(read("date palms grow"), ["date palms grow"]);
        assert_eq!(read("date 2031-4-2x y"), ["date 2031-4-2x y"]);
    }

    #[test]
    fn lines_that_are_there_twice_are_read_once() {
        assert_eq!(
            read("5amBST5amBST\n\nRain Rain\nIt rained.It rained.\nabc"),
            ["5amBST", "", "Rain", "It rained.", "abc"]
        );
        assert_eq!(read("haha\nRain\nWind\nSun"), ["haha", "Rain", "Wind", "Sun"]);
    }

    #[test]
    fn a_blog_on_one_line_is_cut_at_its_stamps() {
        let words = "The river rose and the wardens went from door to door. ".repeat(4);
        let text = format!("Live (all times BST) 1435: {words} 1432: {words} 1430: {words}");
        let prepared = prepare(lines::lines(&text));
        assert_eq!(prepared.lines.len(), 4);
        assert_eq!(prepared.origins, [0, 0, 0, 0]);
        assert!(prepared.lines[1].text().starts_with("1435: The river"));
        // Times that end their sentences, or stand within them, are told.
        let told = format!(
            "{words} A call came at 10:15. The bus left at 10:21. At 10:34. {words} {words}"
        );
        assert_eq!(read(&told).len(), 1);
        let told = format!(
            "{words} The log says 10:15: a call, then 10:21: the bus, and 10:34: the fire. {words}"
        );
        assert_eq!(read(&told).len(), 1);
        let long = format!("Agenda {words} {words}");
        assert_eq!(read(&long).len(), 1);
    }
}
