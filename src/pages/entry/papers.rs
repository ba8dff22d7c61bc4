//! An entry's papers: where its words come from, what was inferred, what the curator changed, and what
//! the hashes prove.

use serde::Serialize;

use crate::archive::{Archive, EntryIx, SourceGroup};
use crate::date::{DateBasis, When};
use crate::entry::{Entry, Provenance, TitleBasis};
use crate::markdown;
use crate::paths::{self, OutPath};
use crate::words::Words;
use crate::{cite, view, voices};

/// A row of the provenance table.
#[derive(Debug, Default, Serialize)]
pub(super) struct Paper {
    /// What the row tells.
    what: String,
    /// The first that it tells.
    value: String,
    /// Where that leads; empty for nowhere.
    url: String,
    /// Whether it is set as code.
    code: bool,
    /// The same page as it was, for a link to a publisher's page: the day or moment of the capture,
    /// for `data-versiondate`; empty where it is not known.
    version: String,
    /// All else that it tells.
    more: Vec<Detail>,
    /// What that means, in a sentence.
    note: String,
}

/// One of several things that a row tells.
#[derive(Debug, Serialize)]
struct Detail {
    /// What it tells.
    value: String,
    /// Where that leads; empty for nowhere.
    url: String,
}

impl Paper {
    /// Returns what it is called, and what it tells.
    pub(super) fn told(self) -> (String, Vec<String>) {
        let values =
            std::iter::once(self.value).chain(self.more.into_iter().map(|more| more.value));
        (self.what, values.collect())
    }
}

/// A row with one text.
fn row(what: &str, value: impl Into<String>) -> Paper {
    Paper { what: what.to_string(), value: value.into(), ..Paper::default() }
}

/// A row with several texts.
fn rows(what: &str, list: Vec<Detail>) -> Paper {
    let mut list = list.into_iter();
    let Some(first) = list.next() else { return Paper::default() };
    let (what, more) = (what.to_string(), list.collect());
    Paper { what, value: first.value, url: first.url, more, ..Paper::default() }
}

fn plain(value: impl Into<String>) -> Detail {
    Detail { value: value.into(), url: String::new() }
}

/// Returns all that is known of where an entry comes from.
pub(super) fn papers(
    archive: &Archive,
    here: &OutPath,
    ix: EntryIx,
    group: Option<&SourceGroup>,
) -> Vec<Paper> {
    let (entry, words) = (&archive.entries[ix], &archive.words);
    let mut papers = Vec::new();
    if let Some(group) = group {
        papers.push(row(words.say("papers.publisher"), group.source.publisher.as_str()));
        papers.push(page(words, group));
        papers.push(row(words.say("papers.page_title"), group.source.title.as_str()));
        papers.push(row(words.say("papers.captured"), view::saved(words, &group.source.captured)));
    }
    papers.push(row(words.say("papers.authors"), words.list(&view::authors(archive, entry))));
    match &entry.source {
        Some(source) => papers.extend(origin(words, here, source, group)),
        None => papers.push(row(words.say("papers.source"), words.say("papers.no_source"))),
    }
    papers.push(rows(words.say("papers.witnesses"), witnesses(archive, here, entry)));
    if archive.title_basis(ix) == TitleBasis::Made {
        papers.push(row(words.say("papers.title"), words.say("papers.title_made")));
    }
    papers.push(row(words.say("papers.date"), basis(words, entry)));
    if !entry.when.is_unknown() {
        papers.push(Paper {
            code: true,
            ..row(words.say("papers.date_written"), entry.when.written())
        });
    }
    papers.push(row(words.say("papers.updated"), entry.updated.written()));
    papers.push(rows(words.say("papers.changes"), changes(archive, entry)));
    if let Some(group) = group {
        let record = &group.record;
        let imported = crate::date::words(&record.imported, words);
        let (format, program) = (record.format.as_str(), record.program.as_str());
        let values = [("format", format), ("program", program), ("date", &imported)];
        papers.push(row(words.say("papers.read_by"), words.fill("papers.read_by_words", &values)));
    }
    // Of a text that is known but for a few words, a hash would tell who guesses them.
    if let Some(source) = entry.source.as_ref().filter(|_| !voices::has_redaction(entry)) {
        papers.push(hash(
            words.say("papers.text_sha256"),
            &source.sha256,
            words.say("papers.text_proves"),
        ));
    }
    if let Some(group) = group {
        papers.push(hash(
            words.say("papers.dump_sha256"),
            &group.record.sha256,
            words.say("papers.dump_proves"),
        ));
    }
    papers.retain(|paper| !paper.value.is_empty());
    papers
}

fn hash(what: &str, sum: &str, note: &str) -> Paper {
    Paper { code: true, note: note.to_string(), ..row(what, sum) }
}

/// The publisher's page, with the day on which it was as the dump has it (Robust Links).
fn page(words: &Words, group: &SourceGroup) -> Paper {
    let url = view::outside(&group.source.url);
    let version =
        if url.is_empty() { String::new() } else { cite::version(&group.source.captured) };
    Paper { url, version, ..row(words.say("papers.page"), group.source.url.as_str()) }
}

/// The dump, the lines in it, and the stamp as it is written there.
fn origin(
    words: &Words,
    here: &OutPath,
    source: &Provenance,
    group: Option<&SourceGroup>,
) -> Vec<Paper> {
    let url = group.map(|_| here.link(&paths::source(&source.dump))).unwrap_or_default();
    let total = group.map_or(0, |group| group.record.lines.total);
    let mut papers = vec![Paper { url, ..row(words.say("papers.dump"), source.dump.as_str()) }];
    if group.is_some_and(|group| group.record.sealed) {
        papers[0].more.push(plain(words.say("papers.sealed")));
    }
    let (from, to) = (source.lines.0.to_string(), source.lines.1.to_string());
    let lines = [("from", from.as_str()), ("to", &to), ("total", &total.to_string())];
    let lines = match total {
        0 => words.fill("papers.lines_from_to", &lines),
        _ => words.fill("papers.lines_of", &lines),
    };
    papers.push(row(words.say("papers.lines"), lines));
    papers.push(row(words.say("papers.stated"), source.stated.as_str()));
    papers
}

/// Every capture that holds the entry, and where the same post stands, too.
fn witnesses(archive: &Archive, here: &OutPath, entry: &Entry) -> Vec<Detail> {
    let own = entry.source.as_ref();
    let said = &archive.words;
    let digest = |dump: &str| {
        let places = archive.sightings.get(&entry.id)?.iter();
        let mut seen = places.map(|(capture, place)| {
            let capture = &archive.captures[*capture];
            (capture.dump.as_str(), &capture.sightings[*place])
        });
        seen.find(|(name, _)| *name == dump).map(|(_, sighting)| sighting.words.as_str())
    };
    let current = own.and_then(|source| digest(&source.dump));
    let detail = |dump: &str, lines: (usize, usize), says: Option<&str>, joined: bool| {
        let group = archive.source(dump);
        let mut facts = vec![dump.to_string()];
        let captured =
            group.map(|group| view::saved(said, &group.source.captured)).unwrap_or_default();
        if !captured.is_empty() {
            facts.push(said.fill("papers.saved", &[("date", &captured)]));
        }
        if lines != (0, 0) {
            let (from, to) = (lines.0.to_string(), lines.1.to_string());
            facts.push(said.fill("papers.witness_lines", &[("from", &from), ("to", &to)]));
        }
        let mut value = said.list(&facts);
        match (current, says) {
            _ if joined => value.push_str(said.say("papers.joined")),
            (Some(now), Some(then)) if now == then => value.push_str(said.say("papers.same_words")),
            (Some(_), Some(_)) => value.push_str(said.say("papers.different_words")),
            _ => {}
        }
        let url = group.map(|_| here.link(&paths::source(dump))).unwrap_or_default();
        Detail { value, url }
    };
    // Of an entry that was joined with this one, the captures are told as its witnesses.
    let joined = |dump: &str| entry.witnesses.iter().any(|witness| witness.dump == dump);
    let ids = std::iter::once(&entry.id).chain(&entry.aliases);
    let places = ids.flat_map(|id| {
        let places = archive.sightings.get(id).into_iter().flatten();
        places.map(move |(capture, place)| (id == &entry.id, &archive.captures[*capture], *place))
    });
    let mut places: Vec<_> =
        places.filter(|(own, capture, _)| *own || !joined(&capture.dump)).collect();
    // As they were saved; those of which that is not known, behind.
    places.sort_by_key(|(_, capture, _)| {
        let group = archive.source(&capture.dump);
        view::capture_order(group.map_or("", |group| group.source.captured.as_str()))
    });
    let mut list: Vec<Detail> = places
        .into_iter()
        .map(|(_, capture, place)| {
            let sighting = &capture.sightings[place];
            detail(&capture.dump, sighting.lines, Some(sighting.words.as_str()), false)
        })
        .collect();
    list.extend(
        entry.witnesses.iter().map(|witness| detail(&witness.dump, witness.lines, None, true)),
    );
    list
}

/// How the date came to be known, as a sentence.
fn basis(words: &Words, entry: &Entry) -> String {
    let because = entry.date_because.trim();
    let say = |key: &str| words.fill(key, &[("because", because)]);
    let what = match entry.date_basis {
        Some(DateBasis::Curator) if !because.is_empty() => return say("basis.given_because"),
        None if !because.is_empty() => return say("basis.unknown_because"),
        None if entry.clock.is_some() => words.say("basis.only_hour"),
        None => words.say("papers.not_known"),
        Some(DateBasis::Stated) => words.say("basis.is_stated"),
        Some(DateBasis::Relative) => words.say("basis.is_relative"),
        Some(DateBasis::Inferred) => words.say("basis.is_inferred"),
        Some(DateBasis::Curator) => words.say("basis.is_given"),
    };
    if because.is_empty() {
        what.to_string()
    } else {
        words.fill("basis.because", &[("what", what), ("because", because)])
    }
}

/// What is not as it was imported, a sentence each.
fn changes(archive: &Archive, entry: &Entry) -> Vec<Detail> {
    let Some(base) = archive.bases.get(&entry.id) else { return Vec::new() };
    let words = &archive.words;
    let mut list = Vec::new();
    if base.title_basis == TitleBasis::Made && base.title != entry.title {
        list.push(plain(words.say("changed.made_title")));
    }
    let reasons: Vec<&str> =
        entry.accepted.iter().map(|accepted| accepted.because.as_str()).collect();
    let because = if voices::is_accepted(entry) {
        let reasons = reasons.join(words.say("list.semicolon"));
        words.fill("changed.because", &[("because", &reasons)])
    } else {
        words.say("changed.no_reason").to_string()
    };
    // The date is told below.
    let altered = voices::alterations(base, entry).into_iter().map(|change| change.what);
    list.extend(altered.filter(|what| *what != "date").map(|what| {
        let what = match what {
            "title" => words.say("changed.title"),
            "authors" => words.say("changed.authors"),
            _ => words.say("changed.words"),
        };
        plain(format!("{what}{because}"))
    }));
    if voices::has_redaction(entry) {
        list.push(plain(words.say("changed.redacted")));
    }
    let filled = markdown::missing(&base.body).len();
    match filled.saturating_sub(markdown::missing(&entry.body).len()) {
        0 => {}
        count => list.push(plain(words.count("changed.filled_in", count, &[]))),
    }
    if base.when != entry.when {
        list.push(plain(match base.when {
            When::Unknown => words.say("changed.unknown_date").to_string(),
            _ => words.fill("changed.date", &[("date", &base.when.words(words))]),
        }));
    }
    let added = added_tags(archive, base, entry);
    if !added.is_empty() {
        list.push(plain(words.fill("changed.tags", &[("tags", &words.list(&added))])));
    }
    list
}

/// The tags that the import did not give.
fn added_tags<'a>(archive: &Archive, base: &Entry, entry: &'a Entry) -> Vec<&'a str> {
    let given = |name: &String| {
        let synonyms = archive.tag(name).map(|group| &group.tag.synonyms);
        let is = |tag: &String| tag == name || synonyms.is_some_and(|words| words.contains(tag));
        base.tags.iter().any(is)
    };
    entry.tags.iter().filter(|name| !given(name)).map(String::as_str).collect()
}
