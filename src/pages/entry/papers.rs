//! An entry's papers: where its words come from, what was inferred, what the curator changed, and what
//! the hashes prove.

use std::fmt::Write as _;

use serde::Serialize;

use crate::archive::{Archive, EntryIx, SourceGroup};
use crate::date::{DateBasis, When};
use crate::entry::{Entry, Provenance, TitleBasis};
use crate::markdown;
use crate::paths::{self, OutPath};
use crate::{view, voices};

/// A row of the provenance table.
#[derive(Debug, Default, Serialize)]
pub(super) struct Paper {
    /// What the row tells.
    what: &'static str,
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
    note: &'static str,
}

/// One of several things that a row tells.
#[derive(Debug, Serialize)]
struct Detail {
    value: String,
    url: String,
}

const TEXT_PROVES: &str = "It shows that the text in the archive\u{2019}s records has not changed since it was imported. It does not show that the publisher ever published it.";
const DUMP_PROVES: &str = "It shows that the file has not changed since it was imported. It does not show that the publisher ever published it.";

/// A row with one text.
fn row(what: &'static str, value: impl Into<String>) -> Paper {
    Paper { what, value: value.into(), ..Paper::default() }
}

/// A row with several texts.
fn rows(what: &'static str, list: Vec<Detail>) -> Paper {
    let mut list = list.into_iter();
    let Some(first) = list.next() else { return Paper::default() };
    Paper { what, value: first.value, url: first.url, more: list.collect(), ..Paper::default() }
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
    let entry = &archive.entries[ix];
    let mut papers = Vec::new();
    if let Some(group) = group {
        papers.push(row("Publisher", group.source.publisher.as_str()));
        papers.push(page(group));
        papers.push(row("Page title", group.source.title.as_str()));
        papers.push(row("Captured", view::saved(&group.source.captured)));
    }
    papers.push(row("Authors", view::authors(entry).join(", ")));
    match &entry.source {
        Some(source) => papers.extend(origin(here, source, group)),
        None => papers.push(row("Source", "none: this entry was written by the curator")),
    }
    papers.push(rows("Witnessed by", witnesses(archive, here, entry)));
    if entry.title_basis == TitleBasis::Made {
        papers.push(row("Title", "made by the program from the first words"));
    }
    papers.push(row("Date", basis(entry)));
    if !entry.when.is_unknown() {
        papers.push(Paper { code: true, ..row("Date, machine-readable", entry.when.written()) });
    }
    papers.push(row("Last changed by the publisher", entry.updated.written()));
    papers.push(rows("Changed by the curator", changes(archive, entry)));
    if let Some(group) = group {
        let record = &group.record;
        let imported = crate::date::words(&record.imported);
        let text =
            format!("format {}, archive {}, imported {imported}", record.format, record.program);
        papers.push(row("Read by", text));
    }
    // Of a text that is known but for a few words, a hash would tell who guesses them.
    if let Some(source) = entry.source.as_ref().filter(|_| !voices::has_redaction(entry)) {
        papers.push(hash("SHA-256 of the text as imported", &source.sha256, TEXT_PROVES));
    }
    if let Some(group) = group {
        papers.push(hash("SHA-256 of the dump", &group.record.sha256, DUMP_PROVES));
    }
    papers.retain(|paper| !paper.value.is_empty());
    papers
}

fn hash(what: &'static str, sum: &str, note: &'static str) -> Paper {
    Paper { code: true, note, ..row(what, sum) }
}

/// The publisher's page, with the day on which it was as the dump has it (Robust Links).
fn page(group: &SourceGroup) -> Paper {
    let url = view::outside(&group.source.url);
    let version = if url.is_empty() { String::new() } else { version(&group.source.captured) };
    Paper { url, version, ..row("Page", group.source.url.as_str()) }
}

/// A moment of capture as Robust Links writes it; empty where no day is known.
fn version(captured: &str) -> String {
    match When::parse(captured) {
        Ok(When::Exact(moment)) => moment.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Ok(When::Day(day)) => day.to_string(),
        Ok(When::Edtf(_) | When::Unknown) | Err(_) => String::new(),
    }
}

/// The dump, the lines in it, and the stamp as it is written there.
fn origin(here: &OutPath, source: &Provenance, group: Option<&SourceGroup>) -> Vec<Paper> {
    let url = group.map(|_| here.link(&paths::source(&source.dump))).unwrap_or_default();
    let total = group.map_or(0, |group| group.record.lines.total);
    let of = if total > 0 { format!(" of {total}") } else { String::new() };
    let mut papers = vec![Paper { url, ..row("Dump", source.dump.as_str()) }];
    if group.is_some_and(|group| group.record.sealed) {
        papers[0].more.push(plain("sealed: kept by its hash, not given to anybody"));
    }
    papers.push(row("Lines", format!("{} to {}{of}", source.lines.0, source.lines.1)));
    papers.push(row("Stamp as written", source.stated.as_str()));
    papers
}

/// Every capture that holds the entry, and where the same post stands, too.
fn witnesses(archive: &Archive, here: &OutPath, entry: &Entry) -> Vec<Detail> {
    let own = entry.source.as_ref();
    let words = |dump: &str| {
        let places = archive.sightings.get(&entry.id)?.iter();
        let mut seen = places.map(|(capture, place)| {
            let capture = &archive.captures[*capture];
            (capture.dump.as_str(), &capture.sightings[*place])
        });
        seen.find(|(name, _)| *name == dump).map(|(_, sighting)| sighting.words.as_str())
    };
    let current = own.and_then(|source| words(&source.dump));
    let detail = |dump: &str, lines: (usize, usize), says: Option<&str>, joined: bool| {
        let group = archive.source(dump);
        let mut value = dump.to_string();
        let captured = group.map(|group| view::saved(&group.source.captured)).unwrap_or_default();
        if !captured.is_empty() {
            let _ = write!(value, ", saved {captured}");
        }
        if lines != (0, 0) {
            let _ = write!(value, ", lines {} to {}", lines.0, lines.1);
        }
        match (current, says) {
            _ if joined => value.push_str(": joined with this entry by the curator"),
            (Some(now), Some(then)) if now == then => value.push_str(": the same words"),
            (Some(_), Some(_)) => value.push_str(": different words"),
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
fn basis(entry: &Entry) -> String {
    let because = entry.date_because.trim();
    let what = match entry.date_basis {
        Some(DateBasis::Curator) if !because.is_empty() => {
            return format!("The curator gave the date: {because}");
        }
        None if !because.is_empty() => return format!("not known. The curator says: {because}"),
        None if entry.clock.is_some() => "the hour is stated, the day is not known",
        None => "not known",
        Some(DateBasis::Stated) => "stated by the publisher",
        Some(DateBasis::Relative) => "counted back from the time of the capture",
        Some(DateBasis::Inferred) => "inferred by the program, not stated",
        Some(DateBasis::Curator) => "given by the curator, not stated in the dump",
    };
    if because.is_empty() { what.to_string() } else { format!("{what}: {because}") }
}

/// What is not as it was imported, a sentence each.
fn changes(archive: &Archive, entry: &Entry) -> Vec<Detail> {
    let Some(base) = archive.bases.get(&entry.id) else { return Vec::new() };
    let mut list = Vec::new();
    if base.title_basis == TitleBasis::Made && base.title != entry.title {
        list.push(plain("the title, which the publisher had not given"));
    }
    let reasons: Vec<&str> =
        entry.accepted.iter().map(|accepted| accepted.because.as_str()).collect();
    let because = if voices::is_accepted(entry) {
        format!(", because: {}", reasons.join("; "))
    } else {
        ", for no stated reason".to_string()
    };
    // The date is told below.
    let altered = voices::alterations(base, entry).into_iter().map(|change| change.what);
    list.extend(
        altered.filter(|what| *what != "date").map(|what| plain(format!("the {what}{because}"))),
    );
    if voices::has_redaction(entry) {
        list.push(plain("words were taken out, where the text says so"));
    }
    let filled = markdown::missing(&base.body).len();
    match filled.saturating_sub(markdown::missing(&entry.body).len()) {
        0 => {}
        1 => list.push(plain("one picture or post that the dump does not hold was filled in")),
        count => list.push(plain(format!(
            "{count} pictures or posts that the dump does not hold were filled in"
        ))),
    }
    if base.when != entry.when {
        list.push(plain(match base.when {
            When::Unknown => "the date, which was not known".into(),
            _ => format!("the date, which was imported as {}", base.when.words()),
        }));
    }
    let added = added_tags(archive, base, entry);
    if !added.is_empty() {
        list.push(plain(format!("tags added: {}", added.join(", "))));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_day_or_a_moment_in_utc() {
        assert_eq!(version("2031-04-03"), "2031-04-03");
        assert_eq!(version("2031-04-03T01:30:00+02:00"), "2031-04-02T23:30:00Z");
        assert_eq!(version("2031-04~"), "");
        assert_eq!(version(""), "");
    }
}
