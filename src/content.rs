//! Markdown files and what they say: two pure inverses, and the reading of a whole archive.
//!
//! An entry is TOML front matter between `+++` lines, then Markdown. What an entry *is* stands in
//! the front matter; of its path only the first folder counts, which names its story.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use std::fmt::Write as _;

use chrono::NaiveTime;
use rayon::prelude::*;

pub use bytes::edit_bytes;
pub use curated::{change_tags, set_date};
pub use edit::{add_sources, add_tags, edit, take_keys, with_body};

use crate::capture::{self, Capture};
use crate::date::DateBasis;
use crate::diagnostic::Diagnostic;
use crate::entry::{
    Accepted, Entry, FreePage, Id, Provenance, Slug, Source, Story, Tag, TitleBasis, Withdrawn,
};
use crate::input::{CONTENT, Input};
use crate::keys::{Keys, quoted, quoted_list};
use crate::picture::Pictures;
use crate::record::{self, Record};
use crate::{published, site, vocabulary, words};

mod bytes;
mod curated;
mod edit;

/// The folder of free pages inside it.
pub const PAGES: &str = "pages";
/// The file that describes a story.
pub const STORY_FILE: &str = "story.md";

/// Everything that stands in an archive's files, each as its file says, nothing joined yet.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Every entry, in the order of the files' paths.
    pub entries: Vec<Entry>,
    /// Every story that has a `story.md`.
    pub stories: Vec<Story>,
    /// Every free page.
    pub pages: Vec<FreePage>,
    /// The vocabulary.
    pub tags: Vec<Tag>,
    /// The record of every dump.
    pub records: Vec<Record>,
    /// Which entries each dump holds, by the dump's name.
    pub captures: Vec<Capture>,
    /// What the publishers said before, by entry; each `file` is that in `.archive/`.
    pub revisions: BTreeMap<Id, Vec<Entry>>,
    /// The entries whose files are not as they were imported, as they were.
    pub bases: BTreeMap<Id, Entry>,
    /// Every address of the site that was published once.
    pub published: BTreeSet<String>,
    /// The archive's own languages for the interface: the path of each file, and its text.
    pub languages: Vec<(String, String)>,
    /// The pictures in `static/` that texts show.
    pub pictures: Pictures,
}

/// One file of `content/`, read.
enum Item {
    Entry(Box<Entry>),
    Story(Story),
    Page(FreePage),
    Nothing,
}

/// A file's front matter and body, apart.
struct Parts<'a> {
    front: &'a str,
    body: &'a str,
    /// The line on which `body` begins.
    body_line: usize,
}

/// Reads everything that an archive's files say, and every problem in them.
pub fn read(inputs: &[Input]) -> (Content, Vec<Diagnostic>) {
    let mut content = Content::default();
    let mut problems = Vec::new();
    let read: Vec<_> =
        inputs.par_iter().filter(|input| input.is_in(CONTENT)).map(read_file).collect();
    for (item, found) in read {
        problems.extend(found);
        match item {
            Item::Entry(entry) => content.entries.push(*entry),
            Item::Story(story) => content.stories.push(story),
            Item::Page(page) => content.pages.push(page),
            Item::Nothing => {}
        }
    }
    for input in inputs {
        let result = if input.path == vocabulary::FILE {
            input.text().map(|text| {
                let (tags, found) = vocabulary::parse(&text);
                content.tags = tags;
                problems.extend(found);
            })
        } else if input.is_in(record::FOLDER) {
            input.text().map(|text| {
                let (record, found) = record::parse(&input.path, &text);
                content.records.push(record);
                problems.extend(found);
            })
        } else if input.is_in(words::FOLDER) {
            input.text().map(|text| {
                if Path::new(&input.path).extension().is_some_and(|kind| kind == "toml") {
                    content.languages.push((input.path.clone(), text));
                }
            })
        } else if published::is_part(&input.path) {
            input.text().map(|text| content.published.extend(published::parse(&text)))
        } else if input.is_in(capture::FOLDER) && !input.path.ends_with(record::SUMS) {
            input.text().map(|text| {
                let (capture, found) = capture::parse(&input.path, &text);
                content.captures.push(capture);
                problems.extend(found);
            })
        } else {
            Ok(())
        };
        problems.extend(result.err().map(|problem| *problem));
    }
    for entry in remembered(inputs, capture::BASE, &mut problems) {
        content.bases.insert(entry.id.clone(), entry);
    }
    for entry in remembered(inputs, capture::REVISIONS, &mut problems) {
        content.revisions.entry(entry.id.clone()).or_default().push(entry);
    }
    content.captures.sort_by(|a, b| a.dump.cmp(&b.dump));
    content.records.sort_by(|a, b| a.dump.cmp(&b.dump));
    (content, problems)
}

/// Reads the entries that stand in a folder of `.archive/`.
fn remembered(inputs: &[Input], folder: &str, problems: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let read = |input: &Input| {
        let story = input.path[folder.len() + 1..].split('/').next().unwrap_or_default();
        let problem = |message: String| vec![Diagnostic::error(&input.path, 0, message)];
        match (Slug::parse(story), input.text()) {
            (Ok(story), Ok(text)) => parse_entry(&input.path, story, &text),
            (Err(message), _) => (None, problem(format!("the folder {message}"))),
            (_, Err(found)) => (None, vec![*found]),
        }
    };
    let of = |input: &&Input| input.is_in(folder) && !input.path.ends_with(record::SUMS);
    let list: Vec<_> = inputs.par_iter().filter(of).map(read).collect();
    let mut entries = Vec::new();
    for (entry, found) in list {
        entries.extend(entry);
        problems.extend(found);
    }
    entries
}

fn read_file(input: &Input) -> (Item, Vec<Diagnostic>) {
    let file = &input.path;
    let inside: Vec<&str> = file.split('/').skip(1).collect();
    let name = inside.last().copied().unwrap_or_default();
    // Editors and desktops leave such files about; they are nobody's content.
    if name.starts_with('.') || name.ends_with('~') || name == "Thumbs.db" {
        return (Item::Nothing, Vec::new());
    }
    let refuse = |problem: Diagnostic| (Item::Nothing, vec![problem]);
    if input.is_link {
        return refuse(
            Diagnostic::error(file, 0, "this is a symbolic link, expected a file of its own")
                .hint("links are not followed, so that nothing from outside is published; copy the file here"),
        );
    }
    if Path::new(name).extension().is_none_or(|extension| extension != "md") {
        return refuse(
            Diagnostic::warning(file, 0, "not a Markdown file, so it is not used")
                .hint("files to publish as they are go into static/"),
        );
    }
    if inside.len() < 2 {
        return refuse(
            Diagnostic::error(
                file,
                0,
                "a file outside of any story, expected content/<story>/…/<entry>.md",
            )
            .hint("move it into the folder of its story, or into content/pages/"),
        );
    }
    let text = match input.text() {
        Ok(text) => text,
        Err(problem) => return refuse(*problem),
    };
    let folder = match Slug::parse(inside[0]) {
        Ok(folder) => folder,
        Err(message) => {
            return refuse(
                Diagnostic::error(file, 0, format!("the folder {message}"))
                    .hint("rename the folder"),
            );
        }
    };
    match (inside[0], name) {
        (PAGES, _) => {
            let (page, found) = parse_page(file, &text);
            (page.map_or(Item::Nothing, Item::Page), found)
        }
        (_, STORY_FILE) if inside.len() == 2 => {
            let (story, found) = parse_story(file, folder, &text);
            (story.map_or(Item::Nothing, Item::Story), found)
        }
        _ => {
            let (entry, found) = parse_entry(file, folder, &text);
            (entry.map_or(Item::Nothing, |entry| Item::Entry(Box::new(entry))), found)
        }
    }
}

fn parts<'a>(file: &str, text: &'a str) -> Result<Parts<'a>, Diagnostic> {
    let expected = "expected front matter between two lines of `+++`";
    let Some(rest) = text.strip_prefix("+++\n") else {
        return Err(Diagnostic::error(file, 1, format!("no `+++` in the first line, {expected}"))
            .hint("see docs/content.md, or copy the head of another entry"));
    };
    let closing = rest.lines().position(|line| line.trim_end() == "+++");
    let Some(lines) = closing else {
        return Err(Diagnostic::error(
            file,
            1,
            format!("front matter without its end, {expected}"),
        )
        .hint("add a line of `+++` under the last key"));
    };
    let front_len: usize = rest.split_inclusive('\n').take(lines).map(str::len).sum();
    let front = &rest[..front_len];
    let after = rest[front_len..].split_once('\n').map_or("", |(_, after)| after);
    let blank: usize =
        after.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
    let body_line = 3 + lines + after[..blank].matches('\n').count();
    Ok(Parts { front, body: after[blank..].trim_end(), body_line })
}

/// Reads an entry's file. `story` is the folder under `content/` that it is in.
pub fn parse_entry(file: &str, story: Slug, text: &str) -> (Option<Entry>, Vec<Diagnostic>) {
    let parts = match parts(file, text) {
        Ok(parts) => parts,
        Err(problem) => return (None, vec![problem]),
    };
    let mut keys = Keys::parse(file, parts.front, 1);
    let (id, id_line) = read_id(&mut keys).unzip();
    let title = keys.required("title").map(|(title, _)| title);
    let when = keys.date("date");
    let basis = keys.parsed("date_basis", |name| {
        choice(name, DateBasis::from_name, "stated, relative, inferred or curator")
    });
    let entry = Entry {
        story,
        title_basis: title_basis(&mut keys),
        // A date without a word on where it comes from was written by the person who has the file.
        date_basis: if when.is_unknown() { None } else { basis.or(Some(DateBasis::Curator)) },
        when,
        clock: keys.parsed("clock", parse_clock),
        order: keys.number("order").map_or(0, |order| u32::try_from(order).unwrap_or(u32::MAX)),
        tags: texts(keys.strings("tags")),
        authors: texts(keys.strings("authors")),
        key_event: keys.boolean("key_event").unwrap_or_default(),
        lang: keys.parsed("lang", site::language).unwrap_or_default(),
        updated: keys.date("updated"),
        aliases: slugs(&mut keys, "aliases"),
        date_because: keys.string("date_because").unwrap_or_default(),
        warnings: texts(keys.strings("warnings")),
        source: keys.table("source").map(|source| read_provenance(&mut keys, source)),
        witnesses: all_tables(&mut keys, "witness", read_provenance),
        accepted: all_tables(&mut keys, "accepted", read_accepted),
        withdrawn: keys.table("withdrawn").map(|table| read_withdrawn(&mut keys, table)),
        body: parts.body.to_string(),
        file: file.to_string(),
        id_line: id_line.unwrap_or_default(),
        body_line: parts.body_line,
        id: id.clone().unwrap_or_else(|| placeholder(file)),
        title: title.clone().unwrap_or_default(),
    };
    keys.free("extra");
    let problems = keys.finish();
    ((id.is_some() && title.is_some()).then_some(entry), problems)
}

/// Stands for an id that is not there, in an entry that is never returned.
fn placeholder(file: &str) -> Slug {
    Slug::from_words(file, Slug::LONGEST)
        .unwrap_or_else(|| Slug::from_words("x", 1).expect("a letter is a slug"))
}

/// Reads an entry's id, and the line on which it stands.
fn read_id(keys: &mut Keys<'_>) -> Option<(Slug, usize)> {
    let (text, span) = keys.required("id")?;
    match Slug::parse(&text) {
        Ok(id) => Some((id, keys.line_of(&span))),
        Err(message) => {
            keys.problem(Some(span), format!("`id`: {message}"));
            None
        }
    }
}

fn title_basis(keys: &mut Keys<'_>) -> TitleBasis {
    keys.parsed("title_basis", |name| choice(name, TitleBasis::from_name, "stated or made"))
        .unwrap_or_default()
}

fn choice<T>(
    name: &str,
    from_name: impl Fn(&str) -> Option<T>,
    expected: &str,
) -> Result<T, String> {
    from_name(name).ok_or_else(|| format!("`{name}`, expected {expected}"))
}

fn parse_clock(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .map_err(|_| format!("the time `{text}`, expected hours and minutes such as 05:40"))
}

fn texts<S>(list: Vec<(String, S)>) -> Vec<String> {
    list.into_iter().map(|(text, _)| text).collect()
}

fn slugs(keys: &mut Keys<'_>, key: &'static str) -> Vec<Slug> {
    let mut list = Vec::new();
    for (text, span) in keys.strings(key) {
        match Slug::parse(&text) {
            Ok(slug) => list.push(slug),
            Err(message) => keys.problem(Some(span), format!("`{key}`: {message}")),
        }
    }
    list
}

fn read_provenance<'a>(outer: &mut Keys<'a>, mut keys: Keys<'a>) -> Provenance {
    let provenance = Provenance {
        dump: keys.required("dump").map(|(dump, _)| dump).unwrap_or_default(),
        lines: keys.pair("lines").unwrap_or_default(),
        id: keys.string("id").unwrap_or_default(),
        stated: keys.string("stated").unwrap_or_default(),
        sha256: keys.string("sha256").unwrap_or_default(),
    };
    outer.close(keys);
    provenance
}

fn all_tables<'a, T>(
    keys: &mut Keys<'a>,
    key: &'static str,
    read: fn(&mut Keys<'a>, Keys<'a>) -> T,
) -> Vec<T> {
    let tables = keys.tables(key);
    tables.into_iter().map(|table| read(keys, table)).collect()
}

fn read_accepted<'a>(outer: &mut Keys<'a>, mut keys: Keys<'a>) -> Accepted {
    let accepted = Accepted {
        sha256: keys.required("sha256").map(|(sha256, _)| sha256).unwrap_or_default(),
        because: keys.required("because").map(|(because, _)| because).unwrap_or_default(),
        by: keys.string("by").unwrap_or_default(),
        date: keys.date("date"),
    };
    outer.close(keys);
    accepted
}

fn read_withdrawn<'a>(outer: &mut Keys<'a>, mut keys: Keys<'a>) -> Withdrawn {
    let withdrawn = Withdrawn {
        date: keys.date("date"),
        because: keys.required("because").map(|(because, _)| because).unwrap_or_default(),
        replacement: keys.parsed("replacement", Slug::parse),
    };
    outer.close(keys);
    withdrawn
}

/// Writes an entry's file: the inverse of [`parse_entry`].
pub fn print_entry(entry: &Entry) -> String {
    let mut head = Head::default();
    head.text("id", entry.id.as_str());
    head.text("title", &entry.title);
    if entry.title_basis == TitleBasis::Made {
        head.text("title_basis", TitleBasis::Made.name());
    }
    head.date("date", &entry.when);
    if let Some(basis) = entry.date_basis {
        head.text("date_basis", basis.name());
    }
    if let Some(clock) = entry.clock {
        head.text("clock", &clock.format("%H:%M").to_string());
    }
    head.line("order", &entry.order.to_string());
    head.line("tags", &quoted_list(&entry.tags));
    head.list("authors", &entry.authors);
    if entry.key_event {
        head.line("key_event", "true");
    }
    head.some("lang", &entry.lang);
    head.date("updated", &entry.updated);
    head.list("aliases", &entry.aliases.iter().map(Slug::as_str).collect::<Vec<_>>());
    head.some("date_because", &entry.date_because);
    head.list("warnings", &entry.warnings);
    if let Some(source) = &entry.source {
        head.provenance("[source]", source);
    }
    for witness in &entry.witnesses {
        head.provenance("[[witness]]", witness);
    }
    for accepted in &entry.accepted {
        head.0.push_str("\n[[accepted]]\n");
        head.text("sha256", &accepted.sha256);
        head.text("because", &accepted.because);
        head.some("by", &accepted.by);
        head.date("date", &accepted.date);
    }
    if let Some(withdrawn) = &entry.withdrawn {
        head.0.push_str("\n[withdrawn]\n");
        head.date("date", &withdrawn.date);
        head.text("because", &withdrawn.because);
        head.some("replacement", withdrawn.replacement.as_ref().map_or("", Slug::as_str));
    }
    head.file(&entry.body)
}

/// Reads a story's `story.md`. `slug` is the folder that it is in.
pub fn parse_story(file: &str, slug: Slug, text: &str) -> (Option<Story>, Vec<Diagnostic>) {
    let parts = match parts(file, text) {
        Ok(parts) => parts,
        Err(problem) => return (None, vec![problem]),
    };
    let mut keys = Keys::parse(file, parts.front, 1);
    let title = keys.required("title").map(|(title, _)| title);
    let mut story = Story {
        slug,
        title: title.clone().unwrap_or_default(),
        title_basis: title_basis(&mut keys),
        sources: Vec::new(),
        lang: keys.parsed("lang", site::language).unwrap_or_default(),
        summary: texts(keys.strings("summary")),
        aliases: slugs(&mut keys, "aliases"),
        body: parts.body.to_string(),
        file: file.to_string(),
        body_line: parts.body_line,
    };
    for mut source in keys.tables("sources") {
        story.sources.push(Source {
            dump: source.required("dump").map(|(dump, _)| dump).unwrap_or_default(),
            publisher: source.string("publisher").unwrap_or_default(),
            url: source.string("url").unwrap_or_default(),
            title: source.string("title").unwrap_or_default(),
            captured: source.date("captured").written(),
        });
        keys.close(source);
    }
    keys.free("extra");
    (title.map(|_| story), keys.finish())
}

/// Writes a story's file: the inverse of [`parse_story`].
pub fn print_story(story: &Story) -> String {
    let mut head = Head::default();
    head.text("title", &story.title);
    if story.title_basis == TitleBasis::Made {
        head.text("title_basis", TitleBasis::Made.name());
    }
    head.some("lang", &story.lang);
    if !story.summary.is_empty() {
        head.0.push_str("summary = [\n");
        for point in &story.summary {
            let _ = writeln!(head.0, "  {},", quoted(point));
        }
        head.0.push_str("]\n");
    }
    head.list("aliases", &story.aliases.iter().map(Slug::as_str).collect::<Vec<_>>());
    for source in &story.sources {
        head.0.push_str("\n[[sources]]\n");
        for (key, value) in source_keys(source) {
            head.text(key, value);
        }
    }
    head.file(&story.body)
}

/// The keys of a source that say something.
fn source_keys(source: &Source) -> impl Iterator<Item = (&'static str, &str)> {
    [
        ("dump", &source.dump),
        ("publisher", &source.publisher),
        ("url", &source.url),
        ("title", &source.title),
        ("captured", &source.captured),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| (key, value.as_str()))
}

/// Reads a free page.
pub fn parse_page(file: &str, text: &str) -> (Option<FreePage>, Vec<Diagnostic>) {
    let parts = match parts(file, text) {
        Ok(parts) => parts,
        Err(problem) => return (None, vec![problem]),
    };
    let mut keys = Keys::parse(file, parts.front, 1);
    let title = keys.required("title").map(|(title, _)| title);
    keys.free("extra");
    let mut problems = keys.finish();
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    let slug = Slug::parse(&stem)
        .map_err(|message| {
            problems.push(Diagnostic::error(file, 0, format!("the file's name {message}")));
        })
        .ok();
    let page = title.zip(slug).map(|(title, slug)| FreePage {
        slug,
        title,
        body: parts.body.to_string(),
        file: file.to_string(),
        body_line: parts.body_line,
    });
    (page, problems)
}

/// Front matter that is being written.
#[derive(Default)]
struct Head(String);

impl Head {
    fn line(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn text(&mut self, key: &str, value: &str) {
        self.line(key, &quoted(value));
    }

    fn some(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.text(key, value);
        }
    }

    fn provenance(&mut self, head: &str, source: &Provenance) {
        let _ = write!(self.0, "\n{head}\n");
        self.text("dump", &source.dump);
        self.line("lines", &format!("[{}, {}]", source.lines.0, source.lines.1));
        self.some("id", &source.id);
        self.some("stated", &source.stated);
        self.text("sha256", &source.sha256);
    }

    fn list<T: AsRef<str>>(&mut self, key: &str, list: &[T]) {
        if !list.is_empty() {
            self.line(key, &quoted_list(list));
        }
    }

    fn date(&mut self, key: &str, when: &crate::date::When) {
        use crate::date::When;
        match when {
            When::Unknown => {}
            When::Exact(_) | When::Day(_) => self.line(key, &when.written()),
            When::Edtf(_) => self.text(key, &when.written()),
        }
    }

    fn file(self, body: &str) -> String {
        let body = body.trim();
        let gap = if body.is_empty() { "" } else { "\n" };
        let end = if body.is_empty() { "" } else { "\n" };
        format!("+++\n{}+++\n{gap}{body}{end}", self.0)
    }
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
