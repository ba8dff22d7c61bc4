//! Blocks of a body, and how they are written as Markdown.

use super::super::markdown::{self, Block};
use super::inline::Inline;

/// One block.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Flow {
    /// Running text.
    Para(Inline),
    /// A heading; 1 is the highest of the page.
    Heading(usize, Inline),
    /// A list: the first number where it is numbered, and its items.
    List(Option<u32>, Vec<Vec<Flow>>),
    /// A quotation.
    Quote(Vec<Flow>),
    /// A table, a row each.
    Table(Vec<Vec<Inline>>),
    /// Text that keeps its spaces and lines.
    Code(String),
    /// One line that is Markdown already.
    Written(String),
}

/// Headings of an entry stand below its title, which is one of the second level.
const HIGHEST_HEADING: usize = 3;
/// Markdown knows six levels.
const LOWEST_HEADING: usize = 6;

/// Returns the blocks as a body takes them.
pub(super) fn blocks(flows: &[Flow]) -> Vec<Block> {
    let written = render(flows).into_iter();
    written.zip(flows).map(|(markdown, flow)| Block::Written(markdown, plain(flow))).collect()
}

/// Returns the words of a block without any marks.
pub(super) fn plain(flow: &Flow) -> String {
    let all = |flows: &[Flow]| flows.iter().map(plain).collect::<Vec<_>>().join(" ");
    match flow {
        Flow::Para(inline) | Flow::Heading(_, inline) => inline.plain(),
        Flow::List(_, items) => items.iter().map(|item| all(item)).collect::<Vec<_>>().join(" "),
        Flow::Quote(flows) => all(flows),
        Flow::Table(rows) => rows.iter().flatten().map(Inline::plain).collect::<Vec<_>>().join(" "),
        Flow::Code(text) => super::tree::plain(text),
        Flow::Written(_) => String::new(),
    }
}

/// Writes each block. Depth is that of the tree, which is capped.
fn render(flows: &[Flow]) -> Vec<String> {
    // A list directly behind one of its kind would continue it: it takes the other marker.
    let mut other = false;
    let mut before: Option<bool> = None;
    let write = |flow: &Flow| {
        let list = match flow {
            Flow::List(first, _) => Some(first.is_some()),
            _ => None,
        };
        other = list.is_some() && list == before && !other;
        before = list;
        match flow {
            Flow::Para(inline) => inline.markdown(),
            Flow::Heading(level, inline) => heading(*level, inline),
            Flow::List(first, items) => self::list(*first, items, other),
            Flow::Quote(flows) => {
                let lines = render(flows).join("\n\n");
                let quoted =
                    lines.split('\n').map(|line| format!("> {line}").trim_end().to_string());
                quoted.collect::<Vec<_>>().join("\n")
            }
            Flow::Table(rows) => table(rows),
            Flow::Code(text) => code(text),
            Flow::Written(markdown) => markdown.clone(),
        }
    };
    flows.iter().map(write).collect()
}

fn heading(level: usize, inline: &Inline) -> String {
    let marks = "#".repeat((level.max(1) + HIGHEST_HEADING - 1).min(LOWEST_HEADING));
    let mut words = inline.one_line();
    if words.ends_with('#') {
        // A closing sequence would be taken away.
        words.insert(words.len() - 1, '\\');
    }
    format!("{marks} {words}")
}

fn list(first: Option<u32>, items: &[Vec<Flow>], other: bool) -> String {
    let is_tight =
        items.iter().all(|item| matches!(&item[..], [] | [_] | [Flow::Para(_), Flow::List(..)]));
    let (between, within) = if is_tight { ("\n", "\n") } else { ("\n\n", "\n\n") };
    let written = items.iter().enumerate().map(|(index, item)| {
        let marker = match (first, other) {
            (None, false) => "- ".to_string(),
            (None, true) => "+ ".to_string(),
            (Some(first), _) => {
                let end = if other { ')' } else { '.' };
                format!("{}{end} ", u64::from(first) + index as u64)
            }
        };
        let text = render(item).join(within);
        // Dashes behind the item's own would make a thematic break of both.
        let is_dashes = text.starts_with('-') && text.chars().all(|c| matches!(c, '-' | ' '));
        let text = if is_dashes { format!("\\{text}") } else { text };
        let margin = format!("\n{}", " ".repeat(marker.len()));
        let text = text.replace('\n', &margin).replace(&format!("{margin}\n"), "\n\n");
        format!("{marker}{text}").trim_end().to_string()
    });
    written.collect::<Vec<_>>().join(between)
}

fn table(rows: &[Vec<Inline>]) -> String {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let line = |row: &Vec<Inline>, width: usize| {
        let cells = row.iter().map(|cell| cell.one_line().replace('|', "&#124;"));
        let blank = std::iter::repeat_n(String::new(), width.saturating_sub(row.len()));
        let cells: Vec<_> = cells.chain(blank).collect();
        format!("| {} |", cells.join(" | "))
    };
    let mut lines = Vec::with_capacity(rows.len() + 1);
    for (index, row) in rows.iter().enumerate() {
        // Only the head has to be as wide as the widest row.
        lines.push(line(row, if index == 0 { width } else { 0 }));
        if index == 0 {
            lines.push(format!("|{}", " --- |".repeat(width)));
        }
    }
    lines.join("\n")
}

fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}", text.trim_matches('\n'))
}

/// Writes a link to something that the entry shows, or the mark that it is missing.
pub(super) fn link(label: &str, kind: &str, url: Option<&str>) -> String {
    let address = url.map_or_else(|| format!("missing:{kind}"), markdown::address);
    format!("[{}]({address})", markdown::label(label))
}
