//! The entries of a page: each field from the place that deserves most trust.
//!
//! An attribute of an element counts more than embedded data, that more than JSON-LD, and that more
//! than words that a reader sees. Nothing that is found is lost: what does not go into an entry is
//! marked with the rule that it fell under.

use std::collections::{BTreeMap, BTreeSet};

use super::super::assemble::{Found, Raw};
use super::super::json::{self, Feed, Update};
use super::super::{Fate, Told, markdown};
use super::engines::{Discard, Engine, Html, Pick, Picked};
use super::select::Sieve;
use super::tree::{Id, Tree, plain};
use super::units::{Marks, Unit, is_data, units};
use super::{PAGE_TITLE, Page, body, capture, moment, scripts, shortened, siblings};
use crate::diagnostic::Diagnostic;

/// Entries without a name are joined with data by so many characters of their words.
const SAME: usize = 80;
/// To find out whether data speaks of some elements, so many of its entries are looked for.
const ASKED: usize = 50;

/// Returns those elements that are entries of an engine, none within another, without what the
/// engine discards. `found` is what its table calls entries.
pub(super) fn entries(tree: &Tree, engine: &Engine, found: Vec<Id>) -> Vec<Id> {
    outermost(tree, candidates(tree, engine, found).into_iter())
}

/// The same, entries within entries too.
pub(super) fn candidates(tree: &Tree, engine: &Engine, mut found: Vec<Id>) -> Vec<Id> {
    let Some(html) = &engine.html else { return Vec::new() };
    if html.needs_id {
        found.retain(|id| !name(tree, html, *id).is_empty());
    }
    if found.is_empty() {
        return found;
    }
    // In document order, so that one walk over both is enough.
    let mut refused =
        discarded(tree, &html.discard.iter().collect::<Vec<_>>(), |_| false).into_iter().peekable();
    found.retain(|id| {
        while refused.next_if(|(refused, _)| tree.node(*refused).end <= *id).is_some() {}
        refused.peek().is_none_or(|(refused, _)| *refused > *id)
    });
    found
}

/// Returns the outermost elements that some rules discard, with the name of the rule.
fn discarded<'a>(
    tree: &Tree,
    rules: &[&'a Discard],
    is_kept: impl Fn(Id) -> bool,
) -> Vec<(Id, &'a str)> {
    let mut found = Vec::new();
    let sieve = Sieve::new(rules.iter().map(|rule| &rule.select));
    let mut id = 1;
    while id < tree.len() {
        match sieve.first(tree, id).filter(|_| !is_kept(id)) {
            Some(rule) => {
                found.push((id, rules[rule].name.as_str()));
                id = tree.node(id).end;
            }
            None => id += 1,
        }
    }
    found
}

/// Whether elements that could be entries are those of which the page's data speaks: most of the
/// first ones are among them.
pub(super) fn fit(tree: &Tree, entries: &[Id], feed: &Feed) -> bool {
    let words: String = entries.iter().map(|id| letters(&tree.words(*id)) + " ").collect();
    let starts = feed.updates.iter().map(|update| start_of(&update_words(update)));
    let starts: Vec<_> = starts.filter(|start| !start.is_empty()).take(ASKED).collect();
    starts.iter().filter(|start| words.contains(start.as_str())).count() * 2 >= starts.len()
}

/// Reads a page by its elements.
pub(super) fn read(
    page: &Page,
    engine: &'static Engine,
    entries: &[Id],
    told: &Told,
) -> (Found, Option<String>) {
    let tree = page.tree;
    let Some(html) = &engine.html else { return (Found::default(), None) };
    let mut marks = Marks::new(tree);
    discard(page, html, entries, &mut marks);
    let mut reading = Reading {
        page,
        html,
        marks,
        raws: Vec::new(),
        kept: entries.iter().copied().collect(),
        data: Data::new(scripts::feeds(tree), html),
        joined: BTreeSet::new(),
        apart: 0,
        others: 0,
    };
    let is_copy = |id: &Id| html.copy.as_ref().is_some_and(|copy| copy.around(tree, *id));
    // What may be a copy counts only where nothing else of that name is on the page.
    let (copies, originals): (Vec<Id>, Vec<Id>) = entries.iter().copied().partition(is_copy);
    let mut seen = BTreeSet::new();
    let mut kept: Vec<(Id, String)> = Vec::new();
    for id in originals.into_iter().chain(copies) {
        let name = name(tree, html, id);
        if let Some(rule) = html.only_link.as_ref().filter(|_| siblings::is_link(tree, id)) {
            reading.marks.discard(id, rule);
            continue;
        }
        if !name.is_empty() && !seen.insert(name.clone()) {
            reading.marks.discard(id, "pinned copy");
        } else {
            kept.push((id, name));
        }
    }
    kept.sort_by_key(|(id, _)| *id);
    for (id, name) in kept {
        reading.entry(id, name);
    }
    reading.add_others(&seen);
    let title = reading.page_title();
    let summary = reading.summary();
    reading.finish(title, summary, told)
}

/// Reads a page by its data alone.
pub(super) fn from_data(
    page: &Page,
    feed: Feed,
    script: Id,
    told: &Told,
) -> (Found, Option<String>) {
    let units = units(page.tree);
    let mut marks = Marks::new(page.tree);
    // One script is one unit, however many entries it holds.
    marks.mark(script, Fate::Entry(0));
    let fates: Vec<_> = marks
        .fates(page.tree, &units)
        .into_iter()
        // The words that people see were not asked.
        .map(|fate| match fate {
            Fate::Discarded(rule) if rule != "page head" => Fate::Discarded(rule),
            Fate::Discarded(_) | Fate::Unread => Fate::Discarded("page text".into()),
            fate => fate,
        })
        .collect();
    let line = units.iter().position(|unit| page.tree.holds(script, unit.nodes.0)).unwrap_or(0);
    let raws =
        feed.updates.iter().map(|update| json::raw(update, page.url.as_deref(), (line, line)));
    let mut problems = problems(&feed, told);
    let message = "entries in its data only, expected them in the page too";
    problems.push(
        Diagnostic::warning(&told.name, 0, message)
            .hint("the page was saved before they were shown: look whether each is whole"),
    );
    let found = Found {
        title: feed.title.clone().or_else(|| capture::title(page)),
        raws: raws.collect(),
        fates,
        problems,
        ..Found::default()
    };
    (found, feed.publisher)
}

fn problems(feed: &Feed, told: &Told) -> Vec<Diagnostic> {
    let problem = |(message, hint): &(String, String)| {
        Diagnostic::warning(&told.name, 0, message.clone()).hint(hint.clone())
    };
    feed.problems.iter().map(problem).collect()
}

/// Marks what is no publisher's words. What holds an entry is never discarded with it.
fn discard(page: &Page, html: &Html, entries: &[Id], marks: &mut Marks) {
    let tree = page.tree;
    let holders: BTreeSet<Id> =
        entries.iter().flat_map(|id| tree.ancestors(*id).chain([*id])).collect();
    let rules: Vec<_> = html.discard.iter().chain(&page.common.discard).collect();
    for (id, rule) in discarded(tree, &rules, |id| holders.contains(&id)) {
        marks.discard(id, rule);
    }
}

/// What a page's data says of its entries.
struct Data {
    feeds: Vec<Feed>,
    /// The script that each of them stands in.
    scripts: Vec<Id>,
    by_name: BTreeMap<String, Vec<(usize, usize)>>,
    by_start: BTreeMap<String, Vec<(usize, usize)>>,
}

impl Data {
    fn new(carried: Vec<scripts::Carried>, html: &Html) -> Self {
        let (feeds, scripts) = carried.into_iter().map(|c| (c.feed, c.script)).unzip();
        let mut data = Self { feeds, scripts, by_name: BTreeMap::new(), by_start: BTreeMap::new() };
        for (place, feed) in data.feeds.iter().enumerate() {
            for (index, update) in feed.updates.iter().enumerate() {
                let name = named(&update.id, html);
                let start = start_of(&update_words(update));
                for (map, key) in [(&mut data.by_name, name), (&mut data.by_start, start)] {
                    if !key.is_empty() {
                        map.entry(key).or_default().push((place, index));
                    }
                }
            }
        }
        data
    }

    /// Returns where something is said of an entry, best first.
    fn places(&self, name: &str, words: impl Fn() -> String) -> &[(usize, usize)] {
        let by_start = || {
            let start = (!self.by_start.is_empty()).then(|| start_of(&words()))?;
            self.by_start.get(&start)
        };
        self.by_name.get(name).or_else(by_start).map_or(&[], Vec::as_slice)
    }
}

fn update_words(update: &Update) -> String {
    if update.words.is_empty() { super::words(&update.body) } else { plain(&update.words) }
}

/// Returns what no layout changes of some words.
fn letters(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn start_of(words: &str) -> String {
    letters(words).chars().take(SAME).collect()
}

/// Returns the publisher's name for an entry, freed from what is not part of it.
fn named(text: &str, html: &Html) -> String {
    match &html.id_pattern {
        Some(pattern) => {
            let found = pattern.captures(text).and_then(|found| found.name("id"));
            found.map_or_else(String::new, |id| id.as_str().to_string())
        }
        None => text.to_string(),
    }
}

/// Returns the publisher's name for an element that is an entry.
fn name(tree: &Tree, html: &Html, entry: Id) -> String {
    let found = html.id.iter().flat_map(|pick| pick.all(tree, entry));
    let mut names = found.map(|found| named(&found.value, html));
    names.find(|name| !name.is_empty()).unwrap_or_default()
}

/// Names, each once, in the order in which they were found.
#[derive(Debug, Default)]
struct Names {
    list: Vec<String>,
    seen: BTreeSet<String>,
}

struct Reading<'a> {
    page: &'a Page<'a>,
    html: &'static Html,
    marks: Marks,
    raws: Vec<Raw>,
    /// The elements that are entries.
    kept: BTreeSet<Id>,
    data: Data,
    /// Which of the data's entries stand on the page, too, and how many of the page do not in it.
    joined: BTreeSet<(usize, usize)>,
    apart: usize,
    /// How many entries only the data holds.
    others: usize,
}

impl Reading<'_> {
    /// Returns the first value that is found and not discarded.
    fn pick(&self, picks: &[Pick], entry: Id) -> Option<Picked> {
        picks.iter().find_map(|pick| self.picks(pick, entry).into_iter().next())
    }

    fn picks(&self, pick: &Pick, entry: Id) -> Vec<Picked> {
        let tree = self.page.tree;
        let is_kept = |id: Id| {
            let mut up = tree.ancestors(id).take_while(|up| *up >= entry);
            !self.marks.is_discarded(id) && !up.any(|up| self.marks.is_discarded(up))
        };
        pick.all(tree, entry).filter(|found| is_kept(found.id)).collect()
    }

    /// Reads one entry.
    fn entry(&mut self, id: Id, name: String) {
        let tree = self.page.tree;
        let html = self.html;
        let own = Fate::Entry(self.raws.len());
        let mut taken = BTreeSet::new();
        let mut take = |found: &Picked| {
            // The entry itself, or what holds its body, is never taken out of the body.
            if found.is_words && found.id != id {
                taken.insert(found.id);
            }
        };
        let title = self.pick(&html.title, id);
        let stamp = self.pick(&html.stamp, id);
        let time = self.pick(&html.time, id);
        // The mark of a change may stand among what is discarded.
        let updated = html.updated.iter().find_map(|pick| pick.all(tree, id).next());
        title.iter().for_each(&mut take);
        // A stamp may stand there twice, for people and for machines that read to people.
        let stamps = html.stamp.iter().filter_map(|pick| self.picks(pick, id).into_iter().next());
        stamps.for_each(|found| take(&found));
        let mut authors = Names::default();
        for pick in &html.author {
            for found in self.picks(pick, id) {
                take(&found);
                self.add_authors(&found.value, &mut authors);
            }
            if !authors.list.is_empty() {
                break;
            }
        }
        let offset = html.offset.map(|offset| offset.0);
        let read = |found: Option<Picked>| moment(&found?.value, offset);
        for found in time.iter().chain(&updated) {
            taken.insert(found.id);
        }
        let (moment, updated) = (read(time), read(updated));
        let places = self.data.places(&name, || tree.words(id));
        self.joined.extend(places);
        self.apart += usize::from(places.is_empty());
        let known: Vec<&Update> =
            places.iter().map(|(place, index)| &self.data.feeds[*place].updates[*index]).collect();
        let first = |of: fn(&Update) -> Option<chrono::DateTime<chrono::FixedOffset>>| {
            known.iter().find_map(|update| of(update))
        };
        let moment = moment.or_else(|| first(|update| update.moment));
        let updated = updated.or_else(|| first(|update| update.updated));
        let title = title.map(|found| found.value).filter(|title| !title.is_empty());
        let title = title.or_else(|| {
            known.iter().map(|update| update.title.clone()).find(|title| !title.is_empty())
        });
        let mut authors = authors.list;
        if authors.is_empty() {
            authors =
                known.iter().map(|u| u.authors.clone()).find(|a| !a.is_empty()).unwrap_or_default();
        }
        let key_event = html
            .key
            .as_ref()
            .is_some_and(|key| key.fits(tree, id) || key.all(tree, id).next().is_some())
            || known.iter().any(|update| update.key_event);
        let roots: Vec<Id> = match &html.body {
            Some(select) => outermost(tree, select.all(tree, id)),
            None => vec![id],
        };
        // Where the body is only a part of the entry, the rest is unread unless a rule names it.
        self.marks.mark(id, if html.body.is_some() { Fate::Unread } else { own.clone() });
        for part in roots.iter().chain(&taken) {
            if !self.marks.is_discarded(*part) {
                self.marks.mark(*part, own.clone());
            }
        }
        taken.retain(|taken| !roots.contains(taken));
        let left_out = |id: Id| taken.contains(&id) || self.marks.is_discarded(id);
        let mut body = body(self.page, &roots, &left_out);
        if body.blocks.is_empty() {
            let held = known.iter().find(|u| !u.body.is_empty() || !u.words.is_empty());
            if let Some(update) = held {
                let raw = json::raw(update, self.page.url.as_deref(), (0, 0));
                (body.blocks, body.media, body.embeds) = (raw.blocks, raw.media, raw.embeds);
            }
        }
        self.raws.push(Raw {
            source_id: name,
            title: title.unwrap_or_default(),
            stated: stamp.map_or_else(String::new, |found| self.stamp(&found.value)),
            moment,
            updated: updated.filter(|updated| Some(*updated) != moment),
            authors,
            key_event,
            blocks: body.blocks,
            media: body.media,
            embeds: body.embeds,
            lines: (0, 0),
            ..Raw::default()
        });
    }

    /// Adds the entries that only the page's data holds: a page shows the newest, and loads others
    /// when it is read on. `seen` are the names of those that it shows.
    ///
    /// Only where all that is shown stands in the data, too: otherwise both may say the same in
    /// different words.
    fn add_others(&mut self, seen: &BTreeSet<String>) {
        let Some(place) = self.joined.first().map(|(place, _)| *place).filter(|_| self.apart == 0)
        else {
            return;
        };
        let is_other = |(index, update): &(usize, &Update)| {
            !self.joined.contains(&(place, *index)) && !seen.contains(&named(&update.id, self.html))
        };
        let all = self.data.feeds[place].updates.iter().enumerate();
        let url = self.page.url.as_deref();
        let others: Vec<Raw> =
            all.filter(is_other).map(|(_, update)| json::raw(update, url, (0, 0))).collect();
        if !others.is_empty() {
            self.marks.mark(self.data.scripts[place], Fate::Entry(self.raws.len()));
            self.others = others.len();
            self.raws.extend(others);
        }
    }

    /// Returns a stamp without the words around it.
    fn stamp(&self, text: &str) -> String {
        let found = self.html.stamp_pattern.as_ref().and_then(|pattern| pattern.captures(text));
        let stamp = found.as_ref().and_then(|found| found.name("stamp"));
        stamp.map_or(text, |stamp| stamp.as_str()).trim().to_string()
    }

    /// Adds the names in a byline: "From CNN's A and B", "By A, B".
    fn add_authors(&self, line: &str, authors: &mut Names) {
        let found = self.html.byline.as_ref().map(|pattern| pattern.captures(line));
        let names = match &found {
            None => line,
            Some(found) => match found.as_ref().and_then(|found| found.name("author")) {
                Some(names) => names.as_str(),
                None => line,
            },
        };
        for name in names.replace(" and ", ", ").split(", ").map(str::trim) {
            let name = name.trim_end_matches(['.', ',']);
            if !name.is_empty() && authors.seen.insert(name.to_string()) {
                authors.list.push(name.to_string());
            }
        }
    }

    /// Returns the page's own title: its first heading outside of entries.
    fn page_title(&mut self) -> Option<String> {
        let tree = self.page.tree;
        let is_entry = |id: Id| {
            std::iter::once(id).chain(tree.ancestors(id)).any(|id| self.kept.contains(&id))
        };
        let heading = (0..tree.len())
            .find(|id| tree.name(*id) == "h1" && !is_entry(*id) && !tree.words(*id).is_empty());
        if let Some(id) = heading {
            self.marks.discard(id, PAGE_TITLE);
        }
        heading
            .map(|id| tree.words(id))
            .or_else(|| self.data.feeds.iter().find_map(|feed| feed.title.clone()))
            .or_else(|| capture::title(self.page))
    }

    /// Returns the points of the publisher's summary, as Markdown.
    fn summary(&mut self) -> Vec<String> {
        let tree = self.page.tree;
        let Some(select) = &self.html.summary else { return Vec::new() };
        let points = outermost(
            tree,
            select.all(tree, 0).filter(|id| {
                !std::iter::once(*id).chain(tree.ancestors(*id)).any(|id| self.kept.contains(&id))
            }),
        );
        let mut summary: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for id in points {
            let left_out = |id: Id| self.marks.is_discarded(id);
            let point = markdown::body(&body(self.page, &[id], &left_out).blocks);
            self.marks.mark(id, Fate::Summary);
            if !point.is_empty() && seen.insert(point.clone()) {
                summary.push(point);
            }
        }
        summary
    }

    fn finish(
        self,
        title: Option<String>,
        summary: Vec<String>,
        told: &Told,
    ) -> (Found, Option<String>) {
        let units = units(self.page.tree);
        let fates = self.marks.fates(self.page.tree, &units);
        let mut spans: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for (line, fate) in fates.iter().enumerate() {
            if let Fate::Entry(index) = fate {
                spans.entry(*index).or_insert((line, line)).1 = line;
            }
        }
        let shown = spans.values().map(|span| span.0);
        let shown = shown.filter(|first| !is_data(self.page.tree, &units[*first]));
        let first = shown.min().unwrap_or(units.len());
        let above = |unit: &Unit| shortened(&unit.text, 400).into_owned();
        // Where the page holds no word and no picture, nothing can be told of an entry.
        let mut raws = if units.is_empty() { Vec::new() } else { self.raws };
        let mut line = first.min(units.len().saturating_sub(1));
        for (index, raw) in raws.iter_mut().enumerate() {
            // An entry without a word stands where the one before it ends.
            raw.lines = spans.get(&index).copied().unwrap_or((line, line));
            line = raw.lines.1;
        }
        let mut problems: Vec<_> =
            self.data.feeds.iter().flat_map(|feed| problems(feed, told)).collect();
        if raws.iter().all(|raw| raw.moment.is_some() && !raw.blocks.is_empty()) {
            // Nothing was missing that the data would have been asked for.
            problems.retain_mut(|problem| {
                problem.severity = crate::diagnostic::Severity::Note;
                true
            });
        }
        if self.others > 0 {
            let message = format!(
                "{} of {} entries in the page's data only, expected them in the page too",
                self.others,
                raws.len()
            );
            let hint = "look whether each is whole: such data often holds no pictures";
            problems.push(Diagnostic::warning(&told.name, 0, message).hint(hint));
        }
        let publisher = self.data.feeds.iter().find_map(|feed| feed.publisher.clone());
        let found = Found {
            title,
            summary,
            above: units[..first].iter().map(above).collect(),
            raws,
            fates,
            problems,
            ..Found::default()
        };
        (found, publisher)
    }
}

/// Returns the elements that do not stand within another of them.
fn outermost(tree: &Tree, found: impl Iterator<Item = Id>) -> Vec<Id> {
    let mut end = 0;
    let mut kept = Vec::new();
    for id in found {
        if id >= end {
            end = tree.node(id).end;
            kept.push(id);
        }
    }
    kept
}
