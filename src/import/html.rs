//! A saved page: from its bytes to entries, by what is known of the engine that made it.
//!
//! Three ways, the first that leads to entries is gone: the elements that an engine's table names,
//! each joined with the page's embedded data; that data alone; siblings that each hold one time for
//! machines. A page without any of them is flattened to text and read as a text dump.

mod address;
mod body;
mod capture;
pub(crate) mod elements;
mod engines;
mod fields;
mod flatten;
mod flow;
mod inline;
mod live;
mod moment;
mod scripts;
mod select;
mod siblings;
pub(crate) mod tree;
mod units;

use std::borrow::Cow;

use super::assemble::{Found, assemble};
use super::markdown::Block;
use super::{Decoded, Dump, Told, decode, lines, text};
use crate::diagnostic::Diagnostic;
use crate::format::Format;

pub(super) use body::Body;
pub(super) use capture::Capture;
pub(super) use engines::{Engine, engines};
pub(super) use moment::moment;
pub(super) use tree::{Id, Tree, plain};

use engines::Common;
use units::units;

/// A page and where it comes from.
pub(super) struct Page<'a> {
    tree: &'a Tree,
    /// Its address: links in it are relative to that.
    url: Option<String>,
    common: &'static Common,
}

impl<'a> Page<'a> {
    pub(super) fn new(tree: &'a Tree, url: Option<String>) -> Self {
        Self { tree, url, common: engines::common() }
    }

    /// Whether an element is a picture that nobody sees and that only counts readers.
    pub(super) fn is_tracker(&self, id: Id) -> bool {
        let mut rules = self.common.discard.iter().filter(|rule| rule.name == "tracker");
        rules.any(|rule| rule.select.fits(self.tree, id))
    }
}

/// Reads a page. `around` is what the container that it came in says of it.
///
/// # Errors
/// Says why the page cannot be read: neither an engine nor a text format knows it.
pub(super) fn read(
    bytes: &[u8],
    around: Capture,
    told: &Told,
    formats: &[Format],
) -> Result<Dump, Vec<Diagnostic>> {
    let decoded = decode(bytes, told).map_err(|problem| vec![problem])?;
    let tree = Tree::parse(&decoded.text);
    let mut capture = capture::of(&tree).within(around);
    let mut notes = capture.settle(told);
    notes.extend(decoded.notes.iter().cloned());
    let told =
        &Told { source_url: capture.url.clone(), captured: capture.captured, ..told.clone() };
    let page = Page::new(&tree, capture.url.clone());
    let mut dump = match plan(&page, told) {
        Plan::Elements(engine, entries) => {
            let found = fields::read(&page, engine, &entries, told);
            finish(found, &engine.format, told)
        }
        Plan::Data(data) => {
            let format = data.engine.map_or_else(ld_format, |engine| engine.format.clone());
            let found = fields::from_data(&page, data.feed, data.script, told);
            finish(found, &format, told)
        }
        Plan::Text => {
            if let Some(engine) =
                engines().iter().find(|e| told.format.as_ref() == Some(&e.format.name))
            {
                let message = format!(
                    "no entry of the format `{}`, expected at least one",
                    engine.format.name
                );
                return Err(vec![
                    Diagnostic::error(&told.name, 0, message)
                        .hint("leave `--format` out, or name a format of text dumps"),
                ]);
            }
            let flat = Decoded {
                text: flatten::flatten(&tree),
                encoding: decoded.encoding,
                notes: Vec::new(),
            };
            let is_known = told.format.is_some() || told.by.is_some() || live::says_so(&page);
            let has_head = !is_known && live::has_head(&flat.text, formats);
            if !is_known && !has_head && !live::may_look_so(&flat.text) {
                return Err(vec![no_live_blog(told)]);
            }
            let mut dump = text::dump(&flat, told, formats)?;
            // A box beside an article may be headed so, too: its teasers have times, and no words.
            let is_headed = has_head && dump.entries.iter().all(|entry| entry.stated.is_empty());
            if !is_known && !is_headed && !live::looks_so(&dump) {
                return Err(vec![no_live_blog(told)]);
            }
            dump.title = dump.title.or_else(|| capture::title(&page));
            dump
        }
    };
    dump.url = capture.url;
    dump.captured = capture.captured;
    dump.publisher = dump.publisher.or_else(|| capture::publisher(&tree));
    dump.problems.splice(0..0, notes);
    Ok(dump)
}

/// Says that a page is an article, as most are.
fn no_live_blog(told: &Told) -> Diagnostic {
    let message = "a page that neither calls itself a live blog nor looks like one, expected a \
                   word like `live` in its title or address, or a stream of stamped entries";
    Diagnostic::error(&told.name, 0, message)
        .hint("where it is one all the same, read it with `--format generic`")
}

fn finish(found: (Found, Option<String>), format: &Format, told: &Told) -> Dump {
    let (found, publisher) = found;
    let mut dump = assemble(found, format, told);
    dump.publisher = dump.publisher.or(publisher);
    dump
}

/// Returns the names of the engines that the program knows.
pub(super) fn engine_names() -> Vec<&'static str> {
    engines().iter().map(|engine| engine.format.name.as_str()).collect()
}

/// Returns the units of a page's ledger, in the order of its fates.
pub(super) fn page_units(bytes: &[u8], told: &Told) -> Vec<String> {
    let Ok(decoded) = decode(bytes, told) else { return Vec::new() };
    let tree = Tree::parse(&decoded.text);
    let url = told.source_url.clone().or_else(|| capture::of(&tree).url);
    match plan(&Page::new(&tree, url), told) {
        Plan::Text => lines::cut(&flatten::flatten(&tree)).map(str::to_string).collect(),
        _ => units(&tree).into_iter().map(|unit| unit.text).collect(),
    }
}

/// How a page is read.
enum Plan {
    /// By the elements of an engine's pages.
    Elements(&'static Engine, Vec<Id>),
    /// By the data within it.
    Data(scripts::Carried),
    /// As text.
    Text,
}

fn plan(page: &Page, told: &Told) -> Plan {
    let tree = page.tree;
    let named = told.format.as_deref();
    let fits = |engine: &&Engine| named.is_none_or(|name| engine.format.name == name);
    let mut best: Option<(&Engine, Vec<Id>)> = None;
    let mut timed = None;
    for (engine, found) in engines().iter().zip(engines::found(tree)).filter(|(e, _)| fits(e)) {
        if engine.format.name == siblings::ENGINE {
            timed = Some((engine, found));
            continue;
        }
        let found = fields::entries(tree, engine, found);
        if found.len() > best.as_ref().map_or(0, |(_, most)| most.len()) {
            best = Some((engine, found));
        }
    }
    if let Some((engine, entries)) = best {
        return Plan::Elements(engine, entries);
    }
    if !engines().iter().any(|engine| fits(&engine)) {
        // The curator wants a text format.
        return Plan::Text;
    }
    let data = scripts::feed(tree);
    if let Some((engine, found)) = timed {
        let entries = siblings::entries(tree, engine, found);
        let known = data.as_ref().map(|data| &data.feed);
        let is_live =
            || told.format.is_some() || live::are_posts(tree, &entries) || live::says_so(page);
        let fits = known.map_or_else(is_live, |feed| fields::fit(tree, &entries, feed));
        if !entries.is_empty() && fits {
            return Plan::Elements(engine, entries);
        }
    }
    data.map_or(Plan::Text, Plan::Data)
}

/// Returns the format of what only its JSON-LD tells: the same for all publishers.
pub(super) fn ld_format() -> Format {
    let name = "json-ld".to_string();
    let engine = engines().iter().find(|engine| engine.format.name == siblings::ENGINE);
    let mut format = engine.unwrap_or(&engines()[0]).format.clone();
    format.name = name;
    format.publisher.clear();
    format
}

/// Writes what stands in some elements, but for those that `left_out` names.
pub(super) fn body(page: &Page, roots: &[Id], left_out: &dyn Fn(Id) -> bool) -> Body {
    body::body(page, roots, left_out)
}

/// Makes a body of plain text, a paragraph each line.
pub(super) fn text_body(text: &str) -> Body {
    let lines = text.lines().map(plain).filter(|line| !line.is_empty());
    Body { blocks: lines.map(Block::Text).collect(), ..Body::default() }
}

/// Whether a text holds HTML.
pub(super) fn is_markup(text: &str) -> bool {
    ["</", "<p>", "<br"].iter().any(|mark| text.contains(mark))
}

/// Resolves entities in plain text.
pub(super) fn entities(text: &str) -> String {
    let tree = Tree::parse(&text.replace('<', "&lt;"));
    (0..tree.len()).filter_map(|id| tree.text(id)).collect()
}

/// Returns the words of a text that may hold HTML.
pub(super) fn words(text: &str) -> String {
    if text.contains(['<', '&']) { Tree::parse(text).words(0) } else { plain(text) }
}

/// The ledger's name for what stands in a page's own title.
const PAGE_TITLE: &str = "page title";

/// Returns a part of a text that needs no copy.
fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests;
