//! What became of a dump as one page for a browser: nothing in it is fetched from anywhere, so it can
//! be sent to a colleague.

use std::fmt::Write as _;

use super::{Explained, fate_words};
use crate::cli::counted;
use crate::cli::read::table::time_of;
use crate::import::Fate;

/// What tells a page of ours from any other file.
const OURS: &str = "<meta name=\"generator\" content=\"archive explain\">";
/// It stands within so many bytes.
const OURS_WITHIN: usize = 400;

const STYLE: &str = include_str!("page.css");

/// Whether a file is a page that [`page`] made.
pub(super) fn is_ours(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(OURS_WITHIN)]);
    head.starts_with("<!DOCTYPE html>") && head.contains(OURS)
}

/// Returns the page.
pub(super) fn page(explained: &Explained) -> String {
    let name = escape(explained.name);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n{OURS}\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{name}: what became of each line</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    for part in [header, ledger, problems, entries, lines] {
        part(&mut page, explained);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// Makes a text safe between tags and in attributes.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // HTML has no place for controls, the end of a line of an old file among them.
            '\r' | '\u{c}' | '\u{85}' => safe.push(' '),
            c if c.is_control() && c != '\t' && c != '\n' => safe.push(char::REPLACEMENT_CHARACTER),
            // U+FFFE, U+FFFF and their like are no characters.
            c if u32::from(c) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c) => {
                safe.push(char::REPLACEMENT_CHARACTER);
            }
            c => safe.push(c),
        }
    }
    safe
}

fn header(page: &mut String, explained: &Explained) {
    let dump = explained.dump;
    let name = escape(explained.name);
    let _ = write!(
        page,
        "<header>\n<p class=\"kind\">What became of each line of a dump</p>\n<h1>{name}</h1>\n<dl>\n"
    );
    let mut row = |term: &str, words: &str| {
        if !words.is_empty() {
            let _ = writeln!(page, "<div><dt>{term}</dt><dd>{}</dd></div>", escape(words));
        }
    };
    row("Page", dump.title.as_deref().unwrap_or_default());
    row("Publisher", dump.publisher.as_deref().unwrap_or("unknown"));
    row("Address", dump.url.as_deref().unwrap_or_default());
    row("Captured", &dump.captured.map(|moment| moment.to_rfc3339()).unwrap_or_default());
    row("Format", &dump.format);
    row("Encoding", explained.encoding);
    row("SHA-256", &explained.sha256);
    page.push_str("</dl>\n</header>\n<main>\n");
}

fn ledger(page: &mut String, explained: &Explained) {
    let totals = explained.dump.ledger.totals();
    page.push_str(
        "<section aria-labelledby=\"ledger\">\n<h2 id=\"ledger\">The ledger</h2>\n<table class=\"sums\">\n\
         <caption>How many lines went where</caption>\n\
         <thead><tr><th scope=\"col\">Lines</th><th scope=\"col\">Where they went</th></tr></thead>\n<tbody>\n",
    );
    let mut row = |class: &str, count: usize, words: &str| {
        let _ = writeln!(
            page,
            "<tr class=\"{class}\"><td>{count}</td><th scope=\"row\">{}</th></tr>",
            escape(words)
        );
    };
    row("entry", totals.entries, "into entries");
    row("summary", totals.summary, "into the summary");
    for (rule, count) in &totals.discarded {
        row("discarded", *count, &format!("dropped by the rule “{rule}”"));
    }
    // Nothing unread is no alarm.
    let class = if totals.unread == 0 { "none" } else { "unread" };
    row(class, totals.unread, "unread: no rule explains them");
    let _ = write!(
        page,
        "</tbody>\n<tfoot><tr><td>{}</td><th scope=\"row\">in all</th></tr></tfoot>\n</table>\n",
        totals.total
    );
    let unread: Vec<usize> = explained.dump.ledger.unread().collect();
    if !unread.is_empty() {
        let links: Vec<String> = unread.iter().map(|line| link(*line)).collect();
        let noun = if unread.len() == 1 { "Unread line" } else { "Unread lines" };
        let _ = writeln!(page, "<p>{noun}: {}</p>", links.join(", "));
    }
    page.push_str("</section>\n");
}

fn link(line: usize) -> String {
    format!("<a href=\"#L{line}\">{line}</a>")
}

fn problems(page: &mut String, explained: &Explained) {
    let problems = &explained.dump.problems;
    page.push_str("<section aria-labelledby=\"problems\">\n<h2 id=\"problems\">Problems</h2>\n");
    if problems.is_empty() {
        page.push_str("<p>None.</p>\n</section>\n");
        return;
    }
    page.push_str("<ul class=\"problems\">\n");
    for problem in problems {
        let known = (1..=explained.dump.ledger.fates.len()).contains(&problem.line);
        let place = if known { format!(" on line {}", link(problem.line)) } else { String::new() };
        let _ = write!(
            page,
            "<li><b class=\"{0}\">{0}</b>{place}: {1}",
            problem.severity,
            escape(&problem.message)
        );
        if !problem.hint.is_empty() {
            let _ = write!(page, " <span class=\"hint\">({})</span>", escape(&problem.hint));
        }
        page.push_str("</li>\n");
    }
    page.push_str("</ul>\n</section>\n");
}

fn entries(page: &mut String, explained: &Explained) {
    let entries = &explained.dump.entries;
    let _ = write!(
        page,
        "<nav aria-labelledby=\"entries\">\n<h2 id=\"entries\">{}</h2>\n<ol class=\"index\">\n",
        counted(entries.len(), "entry", "entries")
    );
    for entry in entries {
        let _ = writeln!(
            page,
            "<li><a href=\"#L{}\"><span class=\"time\">{}</span> <span lang=\"\">{}</span></a></li>",
            entry.lines.0,
            escape(&time_of(entry)),
            escape(&entry.title)
        );
    }
    page.push_str("</ol>\n</nav>\n");
}

fn lines(page: &mut String, explained: &Explained) {
    page.push_str(
        "<section aria-labelledby=\"lines\">\n<h2 id=\"lines\">The dump</h2>\n<table class=\"lines\">\n\
         <caption>Every line, and where it went</caption>\n\
         <thead><tr><th scope=\"col\">Line</th><th scope=\"col\">Went to</th><th scope=\"col\">Words</th></tr></thead>\n<tbody>\n",
    );
    let dump = explained.dump;
    for ((fate, line), number) in dump.ledger.fates.iter().zip(&explained.units).zip(1..) {
        let class = match fate {
            Fate::Entry(_) => "entry",
            Fate::Summary => "summary",
            Fate::Discarded(_) => "discarded",
            Fate::Unread => "unread",
        };
        let first = matches!(fate, Fate::Entry(at)
            if dump.entries.get(*at).is_some_and(|entry| entry.lines.0 == number));
        let first = if first { " first" } else { "" };
        let _ = writeln!(
            page,
            "<tr id=\"L{number}\" class=\"{class}{first}\"><td class=\"number\">{}</td><td class=\"fate\">{}</td><td class=\"words\" lang=\"\">{}</td></tr>",
            link(number),
            escape(&fate_words(fate)),
            escape(line)
        );
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_dump_becomes_a_tag() {
        assert_eq!(
            escape("<b a=\"1\">&\u{1}\r\u{ffff}"),
            "&lt;b a=&quot;1&quot;&gt;&amp;\u{fffd} \u{fffd}"
        );
    }

    #[test]
    fn a_page_of_ours_is_known_and_no_other_is() {
        assert!(is_ours(format!("<!DOCTYPE html>\n<html><head>{OURS}").as_bytes()));
        assert!(!is_ours(b"<!DOCTYPE html>\n<html>"));
        assert!(!is_ours(OURS.as_bytes()));
        assert!(!is_ours(b""));
    }
}
