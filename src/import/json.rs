//! Publishers' data: entries in JSON, as whole files and within pages.
//!
//! Where things stand is data, a table `[[json]]` in an engine's file. `JSON-LD` (schema.org's
//! `LiveBlogPosting`) is the same for all publishers, and has a file of its own.

mod ld;
mod nodes;
mod paths;

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde_json::Value;

use super::assemble::{Found, Raw, assemble};
use super::html::{self, Capture, Engine, Page};
use super::{Dump, Fate, Told};
use crate::diagnostic::Diagnostic;
use crate::format::{Format, Offset};

use paths::leaves;

/// One entry, as data holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Update {
    /// The publisher's own name for it.
    pub(super) id: String,
    /// Its title, as plain text.
    pub(super) title: String,
    /// Its body, as HTML.
    pub(super) body: String,
    /// Its body, where it is plain text.
    pub(super) words: String,
    /// When it was published.
    pub(super) moment: Option<DateTime<FixedOffset>>,
    /// When it was changed.
    pub(super) updated: Option<DateTime<FixedOffset>>,
    /// Who wrote it.
    pub(super) authors: Vec<String>,
    /// Whether the publisher marks it as a key event.
    pub(super) key_event: bool,
    /// Where it stands in the data: `response.content.blocks.body[3]`.
    pub(super) path: String,
}

/// The entries of one page, as data holds them.
#[derive(Clone, Debug, Default)]
pub(super) struct Feed {
    /// The entries, in the data's order.
    pub(super) updates: Vec<Update>,
    /// The page's title.
    pub(super) title: Option<String>,
    /// The page's address.
    pub(super) url: Option<String>,
    /// Who published it.
    pub(super) publisher: Option<String>,
    /// Paths from an entry on whose values were used.
    used: Vec<String>,
    /// Paths from the page on whose values were used.
    page_used: Vec<String>,
    /// What is wrong with it: the message and the hint.
    pub(super) problems: Vec<(String, String)>,
}

/// Where things stand in an engine's data. A path is made of keys between dots; lists on the way
/// are gone through. All but `entries`, `page_title` and `page_url` begin at an entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Json {
    /// The list of entries: how the path to it ends, wherever it is.
    entries: String,
    /// Keys that every entry has.
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    id: Vec<String>,
    /// What the page's elements have before that id.
    #[serde(default)]
    id_prefix: String,
    #[serde(default)]
    title: Vec<String>,
    /// The title is shown only where this is true.
    title_if: Option<String>,
    /// HTML; of several paths the first that leads to anything.
    #[serde(default)]
    body: Vec<String>,
    /// The body as a tree of nodes.
    nodes: Option<String>,
    /// Pictures and recordings that stand beside the body, as nodes.
    media: Option<String>,
    #[serde(default)]
    time: Vec<String>,
    #[serde(default)]
    updated: Vec<String>,
    offset: Option<Offset>,
    #[serde(default)]
    author: Vec<String>,
    key: Option<String>,
    #[serde(default)]
    page_title: Vec<String>,
    #[serde(default)]
    page_url: Vec<String>,
}

impl Json {
    /// Returns the entries in some data, or nothing where they are not of this shape. `objects` are
    /// all objects of the data.
    fn feed(&self, data: &Value, objects: &[(String, &Value)]) -> Option<Feed> {
        let needs = |item: &Value| self.needs.iter().all(|key| !paths::all(item, key).is_empty());
        let items = paths::listed(objects, &self.entries).into_iter();
        let items = items.filter(|(_, item)| needs(item));
        let updates: Vec<_> = items.map(|(path, item)| self.update(item, path)).collect();
        let mut used: Vec<String> =
            [&self.id, &self.title, &self.body, &self.time, &self.updated, &self.author]
                .into_iter()
                .flatten()
                .cloned()
                .collect();
        used.extend(
            [&self.nodes, &self.media, &self.key, &self.title_if].into_iter().flatten().cloned(),
        );
        let used = used.iter().map(|path| paths::keys(path)).collect();
        let page_used = self.page_title.iter().chain(&self.page_url).cloned().collect();
        let first = |paths: &[String]| paths.iter().find_map(|path| paths::text(data, path));
        (!updates.is_empty()).then(|| Feed {
            title: first(&self.page_title),
            url: first(&self.page_url),
            updates,
            used,
            page_used,
            ..Feed::default()
        })
    }

    fn update(&self, item: &Value, path: String) -> Update {
        let first = |paths: &[String]| paths.iter().find_map(|path| paths::text(item, path));
        let offset = self.offset.map(|offset| offset.0);
        let moment = |paths: &[String]| {
            paths.iter().find_map(|path| html::moment(&paths::text(item, path)?, offset))
        };
        let is_true = |path: &Option<String>| {
            let all = path.iter().flat_map(|path| paths::all(item, path));
            all.into_iter().any(|value| matches!(value, Value::Bool(true)))
        };
        let bodies = |path: &String| Some(paths::texts(item, path)).filter(|all| !all.is_empty());
        let nodes = |path: &Option<String>| {
            path.as_ref().map(|path| nodes::html(&paths::all(item, path))).unwrap_or_default()
        };
        let mut body = nodes(&self.nodes);
        if body.is_empty() {
            body = self.body.iter().find_map(bodies).unwrap_or_default().join("\n");
        }
        body.push_str(&nodes(&self.media));
        Update {
            id: first(&self.id).map_or_else(String::new, |id| format!("{}{id}", self.id_prefix)),
            title: first(&self.title)
                .filter(|_| self.title_if.is_none() || is_true(&self.title_if))
                .map_or_else(String::new, |title| html::words(&title)),
            body,
            words: String::new(),
            moment: moment(&self.time),
            updated: moment(&self.updated),
            authors: self
                .author
                .iter()
                .map(|path| paths::texts(item, path))
                .find(|all| !all.is_empty())
                .unwrap_or_default(),
            key_event: is_true(&self.key),
            path,
        }
    }
}

/// Returns the best reading of some data, and the engine whose shape it has; none for JSON-LD.
pub(super) fn feed(data: &Value) -> Option<(Feed, Option<&'static Engine>)> {
    let mut best: Option<(Feed, Option<&Engine>)> = None;
    let objects = paths::objects(data);
    let shapes = html::engines()
        .iter()
        .flat_map(|engine| engine.json.iter().map(move |json| (json, engine)));
    for (json, engine) in shapes {
        let most = best.as_ref().map_or(0, |(feed, _)| feed.updates.len());
        if let Some(feed) = json.feed(data, &objects).filter(|feed| feed.updates.len() > most) {
            best = Some((feed, Some(engine)));
        }
    }
    best.or_else(|| ld::feed(std::slice::from_ref(data)).map(|feed| (feed, None)))
}

/// Returns what the page's JSON-LD holds of entries.
pub(super) fn ld_feed(blocks: &[Value]) -> Option<Feed> {
    ld::feed(blocks)
}

/// Reads a file that is JSON as a whole.
///
/// # Errors
/// Says that it is no JSON, or that none of the known shapes is in it.
pub(super) fn read(bytes: &[u8], told: &Told) -> Result<Dump, Vec<Diagnostic>> {
    let data: Value = serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
        .map_err(|error| {
            let message =
                format!("JSON that breaks off or is none: {error}, expected a publisher's data");
            vec![Diagnostic::error(&told.name, error.line(), message)]
        })?;
    let Some((feed, engine)) = feed(&data) else {
        let mut findings = vec![
            Diagnostic::error(
                &told.name,
                0,
                "JSON without entries of a live blog, expected one of the shapes below",
            )
            .hint("a page saved as HTML can be read without any format"),
        ];
        let shapes = html::engines().iter().flat_map(|engine| {
            engine
                .json
                .iter()
                .map(|json| format!("not `{}`: no list `{}`", engine.format.name, json.entries))
        });
        let ld = "not JSON-LD: no `LiveBlogPosting` with a `liveBlogUpdate`".to_string();
        findings.extend(shapes.chain([ld]).map(|message| Diagnostic::note(&told.name, 0, message)));
        return Err(findings);
    };
    let format = engine.map_or_else(html::ld_format, |engine| engine.format.clone());
    Ok(assembled(&data, feed, &format, told))
}

/// Returns the units of the ledger of a file that is JSON as a whole.
pub(super) fn units(bytes: &[u8]) -> Vec<String> {
    let data = serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let leaves = data.map(|data: Value| leaves(&data)).unwrap_or_default();
    leaves.into_iter().map(|(path, text)| format!("{path}: {text}")).collect()
}

fn assembled(data: &Value, feed: Feed, format: &Format, told: &Told) -> Dump {
    let mut capture = Capture { url: feed.url.clone(), captured: None };
    let notes = capture.settle(told);
    let url = capture.url.clone();
    let leaves = leaves(data);
    let mut fates = vec![Fate::Discarded("page data".into()); leaves.len()];
    let uses = |used: &[String], rest: &str| {
        let keys = paths::keys(rest);
        let behind = |path: &String| keys.strip_prefix(path.as_str());
        used.iter().filter_map(behind).any(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    for (fate, (path, _)) in fates.iter_mut().zip(&leaves) {
        if uses(&feed.page_used, path) {
            *fate = Fate::Discarded("page title".into());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut raws = Vec::new();
    let mut at = 0;
    for update in &feed.updates {
        // Entries stand in the data's order, and so do the leaves.
        let prefix = format!("{}.", update.path);
        let Some(first) = leaves[at..].iter().position(|(path, _)| path.starts_with(&prefix))
        else {
            continue;
        };
        let first = at + first;
        let count =
            leaves[first..].iter().take_while(|(path, _)| path.starts_with(&prefix)).count();
        at = first + count;
        let is_copy = !update.id.is_empty() && !seen.insert(update.id.clone());
        let own = Fate::Entry(raws.len());
        for (fate, (path, _)) in fates[first..at].iter_mut().zip(&leaves[first..at]) {
            *fate = match path.strip_prefix(&prefix) {
                _ if is_copy => Fate::Discarded("pinned copy".into()),
                Some(rest) if uses(&feed.used, rest) => own.clone(),
                _ => Fate::Discarded("metadata".into()),
            };
        }
        if !is_copy {
            raws.push(raw(update, url.as_deref(), (first, at - 1)));
        }
    }
    let problems = feed
        .problems
        .into_iter()
        .map(|(message, hint)| Diagnostic::warning(&told.name, 0, message).hint(hint));
    let found = Found {
        title: feed.title,
        url,
        captured: capture.captured,
        raws,
        fates,
        problems: problems.collect(),
        ..Found::default()
    };
    let mut dump = assemble(found, format, told);
    dump.publisher = dump.publisher.or(feed.publisher);
    dump.problems.splice(0..0, notes);
    dump
}

/// Makes an entry of what data alone says.
pub(super) fn raw(update: &Update, url: Option<&str>, lines: (usize, usize)) -> Raw {
    let body = if update.body.is_empty() {
        html::text_body(&update.words)
    } else {
        let tree = html::Tree::parse(&update.body);
        let page = Page::new(&tree, url.map(str::to_string));
        html::body(&page, &[0], &|id| page.is_tracker(id))
    };
    Raw {
        source_id: update.id.clone(),
        title: update.title.clone(),
        moment: update.moment,
        updated: update.updated.filter(|updated| Some(*updated) != update.moment),
        authors: update.authors.clone(),
        key_event: update.key_event,
        blocks: body.blocks,
        media: body.media,
        embeds: body.embeds,
        lines,
        ..Raw::default()
    }
}
