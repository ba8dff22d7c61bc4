//! What was understood of a dump, as a table that fits the screen.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::super::{columns, counted, say, tell, tell_all};
use crate::entry::TitleBasis;
use crate::import::{Dump, DumpEntry};
use crate::markdown::publisher_text;
use crate::words::Words;

/// The least that is left of a title, however narrow the screen.
const LEAST_TITLE: usize = 16;
/// At most so many unread lines are named.
const UNREAD_SHOWN: usize = 10;

/// One entry, as words.
struct Row {
    line: String,
    time: String,
    words: String,
    media: String,
    title: String,
    mark: &'static str,
}

/// Prints a dump as a table, its summary and its ledger; its problems to standard error. Titles are
/// cut to the width of a terminal, and only there.
pub(in crate::cli) fn show(name: &str, dump: &Dump) {
    let publisher = dump.publisher.as_deref().unwrap_or("unknown publisher");
    say(format!(
        "{name}: {publisher}, format {}, {}",
        dump.format,
        counted(dump.entries.len(), "entry", "entries")
    ));
    let screen = columns();
    for line in table(&dump.entries, screen) {
        say(line);
    }
    if let Some(first) = dump.summary.first() {
        let words = publisher_text(first).split_whitespace().collect::<Vec<_>>().join(" ");
        let count = counted(dump.summary.len(), "point", "points");
        let line = format!("  summary: {count}, the first: {words}");
        say(screen.map_or_else(|| line.clone(), |screen| fit(&line, screen)));
    }
    for decision in &dump.decisions {
        let line = format!("  {} {} ({})", decision.what, decision.chosen, decision.score);
        say(screen.map_or_else(|| line.clone(), |screen| fit(&line, screen)));
        say(format!("    otherwise: {}", decision.set_with));
    }
    say(wrap(&super::ledger_words(&dump.ledger.totals()), "  "));
    tell_all(&dump.problems);
    let unread: Vec<String> = dump.ledger.unread().map(|line| line.to_string()).collect();
    if !unread.is_empty() {
        let more = unread.len().saturating_sub(UNREAD_SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let shown = unread.iter().take(UNREAD_SHOWN).cloned().collect::<Vec<_>>().join(", ");
        let noun = if unread.len() == 1 { "line" } else { "lines" };
        tell(format!("  unread: {noun} {shown}{more}"));
    }
}

/// Returns the lines of the table, with its head.
fn table(entries: &[DumpEntry], screen: Option<usize>) -> Vec<String> {
    let head = Row {
        line: "line".to_string(),
        time: "time".to_string(),
        words: "words".to_string(),
        media: "media".to_string(),
        title: "title".to_string(),
        mark: "",
    };
    let mut rows = vec![head];
    rows.extend(entries.iter().map(row));
    let widest = |cell: fn(&Row) -> &str| rows.iter().map(|row| cell(row).width()).max();
    let line = widest(|row| &row.line).unwrap_or_default();
    let mut time = widest(|row| &row.time).unwrap_or_default();
    let words = widest(|row| &row.words).unwrap_or_default();
    let media = widest(|row| &row.media).unwrap_or_default();
    if let Some(screen) = screen {
        time = time.min(screen / 2);
    }
    let lines = rows.iter().map(|row| {
        let left = format!(
            "  {}  {}  {}  {}  ",
            right(&row.line, line),
            left(&fit(&row.time, time), time),
            right(&row.words, words),
            right(&row.media, media),
        );
        let room = screen
            .map(|screen| screen.saturating_sub(left.width() + row.mark.width()).max(LEAST_TITLE));
        let title = room.map_or_else(|| row.title.clone(), |room| fit(&row.title, room));
        format!("{left}{title}{}", row.mark)
    });
    lines.collect()
}

fn row(entry: &DumpEntry) -> Row {
    let media = entry.media.len() + entry.embeds.len();
    Row {
        line: entry.lines.0.to_string(),
        time: time_of(entry),
        words: publisher_text(&entry.body).split_whitespace().count().to_string(),
        media: if media == 0 { String::new() } else { media.to_string() },
        title: entry.title.clone(),
        mark: if entry.title_basis == TitleBasis::Made { " (title made)" } else { "" },
    }
}

/// When an entry was written, in words; where nobody knows, the stamp as it stands there.
pub(in crate::cli) fn time_of(entry: &DumpEntry) -> String {
    let clock = entry.when.time().or(entry.clock).map(|time| time.format("%H:%M").to_string());
    match clock {
        Some(clock) => format!("{} {clock}", entry.when.words(Words::english())),
        None if entry.when.is_unknown() && !entry.stated.is_empty() => {
            format!("undated “{}”", entry.stated)
        }
        None => entry.when.words(Words::english()),
    }
}

/// Cuts a text to a width on the screen, with `…` where something is missing.
pub(in crate::cli) fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let (mut fitted, mut used) = (String::new(), 1);
    for c in text.chars() {
        used += c.width().unwrap_or_default();
        if used > width {
            break;
        }
        fitted.push(c);
    }
    fitted.truncate(fitted.trim_end().len());
    fitted.push('…');
    fitted
}

/// Breaks a list behind its commas where it is wider than the terminal; the lines begin with `margin`.
pub(in crate::cli) fn wrap(list: &str, margin: &str) -> String {
    wrap_at(list, margin, columns().unwrap_or(usize::MAX))
}

fn wrap_at(list: &str, margin: &str, screen: usize) -> String {
    let mut lines = vec![margin.to_string()];
    for part in list.split_inclusive(", ") {
        let used = lines.last().map_or(0, |line| line.width());
        if used > margin.width() && used + part.trim_end().width() > screen {
            lines.push(format!("{margin}  "));
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(part);
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::built_in;
    use crate::import::{Told, read};

    const DUMP: &str = "  1. 水門が開いたpublished at 05:40 British Summer Time 2 April 2031\n\n    The gates opened.\n\n  2. A very long title about the rain that goes on and onpublished at some time\n\n    It rained.\n";

    #[test]
    fn columns_stand_below_each_other_whatever_the_script() {
        let dump = read(DUMP.as_bytes(), &Told::default(), &built_in()).unwrap();
        let lines = table(&dump.entries, None);
        assert_eq!(lines[0], "  line  time                          words  media  title");
        assert_eq!(lines[1], "     1  Wednesday 2 April 2031 05:40      3         水門が開いた");
        assert!(lines[2].ends_with("A very long title about the rain that goes on and on"));
        assert!(lines[2].contains("  undated “some time” "), "{lines:?}");
        let places = lines.iter().map(|line| {
            let at = line.find(['水', 't', 'A']).map(|_| line.rfind("  ").unwrap() + 2).unwrap();
            line[..at].width()
        });
        let places: Vec<_> = places.collect();
        assert!(places.windows(2).all(|pair| pair[0] == pair[1]), "{lines:?}");
    }

    #[test]
    fn titles_are_cut_to_the_screen() {
        let dump = read(DUMP.as_bytes(), &Told::default(), &built_in()).unwrap();
        for screen in [72, 80, 100] {
            for line in table(&dump.entries, Some(screen)) {
                assert!(line.width() <= screen, "{line}");
            }
        }
        assert!(table(&dump.entries, Some(80))[2].ends_with('…'));
        assert_eq!(fit("水門が開いた", 7), "水門が…");
        assert_eq!(fit("gates", 5), "gates");
    }

    #[test]
    fn a_list_is_broken_behind_its_commas() {
        let list = "9 lines: 4 in entries, 5 discarded as blank, 0 unread";
        assert_eq!(wrap_at(list, "  ", usize::MAX), format!("  {list}"));
        let broken = "  9 lines: 4 in entries,\n    5 discarded as blank,\n    0 unread";
        assert_eq!(wrap_at(list, "  ", 26), broken);
    }
}
