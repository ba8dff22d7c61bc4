//! The files of the search index.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::DeflateEncoder};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::{Desk, Kind, Page, Subject};
use super::{days, search, text};
use crate::archive::{Archive, EntryIx, warning_sentence};
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::fixity::sha256;
use crate::markdown::REDACTED;
use crate::paths::{self, OutPath};
use crate::search::index::{Form, Group, Index, Part, is_facet};
use crate::search::lists::push;
use crate::search::{LongPart, shards, words};
use crate::view;

/// What the script has to know before it can look for anything.
pub const INDEX: Kind = Kind { name: "the search index", plan: plan_index, write: write_index };
/// What a search can be narrowed to.
pub const NAMES: Kind =
    Kind { name: "the names of the search index", plan: plan_names, write: write_names };
/// What uncertain dates can mean.
pub const SPANS: Kind =
    Kind { name: "the dates of the search index", plan: plan_spans, write: write_spans };
/// Which entries hold a word.
pub const WORDS: Kind =
    Kind { name: "words of the search index", plan: plan_words, write: write_words };
/// Where words stand in entries.
pub const PLACES: Kind =
    Kind { name: "places of the search index", plan: plan_places, write: write_places };
/// Parts of long lists of words.
pub const PARTS: Kind = Kind {
    name: "a long list of the search index",
    plan: |archive| plan_parts(archive, "words"),
    write: |desk, page| write_part(desk, page, "words"),
};
/// Parts of long lists of places.
pub const PART_PLACES: Kind = Kind {
    name: "a long list of places of the search index",
    plan: |archive| plan_parts(archive, "places"),
    write: |desk, page| write_part(desk, page, "places"),
};
/// What is shown of entries.
pub const ENTRIES: Kind =
    Kind { name: "entries of the search index", plan: plan_entries, write: write_entries };

/// The longest name of a part of a list, in bytes.
const LONGEST_NAME: usize = 60;

/// A script that hands over a value by its name.
fn script(name: &str, value: &impl Serialize) -> Result<Vec<u8>, Diagnostic> {
    let failed = |error| {
        Diagnostic::error(paths::search(name).as_str(), 0, format!("cannot be written: {error}"))
    };
    let value = serde_json::to_string(value).map_err(failed)?;
    Ok(format!("archiveSearch({},{value});\n", Value::from(name)).into_bytes())
}

fn plan_index(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::search("index"), Subject::Archive)]
}

fn write_index(desk: Desk<'_>, _: &Page) -> Result<Vec<u8>, Diagnostic> {
    let archive = desk.archive;
    let search = search(archive);
    let shards: Vec<&str> = search.index.shards.iter().map(|shard| shard.from.as_str()).collect();
    let alike: BTreeMap<char, &str> = words::ALIKE.into_iter().collect();
    script(
        "index",
        &json!({
            "count": archive.entries.len(),
            "firstDay": search.numbers.first_day,
            "aDay": search.numbers.a_day,
            "undated": search.numbers.undated,
            "bits": search.bits,
            "spans": has_spans(archive),
            "run": words::RUN,
            "piece": *words::PIECE,
            "unit": words::UNIT,
            "marks": words::MARKS,
            "alike": alike,
            "longest": words::LONGEST,
            "endings": search.index.endings,
            "common": search.index.common,
            "shards": shards.join(" "),
        }),
    )
}

fn plan_names(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::search("names"), Subject::Archive)]
}

fn write_names(desk: Desk<'_>, _: &Page) -> Result<Vec<u8>, Diagnostic> {
    let archive = desk.archive;
    let stories = archive.stories.iter().filter(|group| !group.entries.is_empty());
    let stories: Vec<[&str; 2]> =
        stories.map(|group| [group.story.slug.as_str(), group.story.title.as_str()]).collect();
    let tags = archive.tags.iter().filter(|group| !group.entries.is_empty());
    let tags: Vec<[&str; 2]> =
        tags.map(|group| [group.tag.slug.as_str(), group.tag.name.as_str()]).collect();
    let used = || archive.sources.iter().filter(|group| !group.entries.is_empty());
    let sources: Vec<[&str; 2]> = used().map(|group| [group.record.dump.as_str(); 2]).collect();
    let publishers: BTreeSet<[&str; 2]> = used()
        .map(|group| [group.source.publisher.as_str(); 2])
        .filter(|names| !names[0].is_empty())
        .collect();
    let names =
        json!({ "story": stories, "tag": tags, "source": sources, "publisher": publishers });
    script("names", &names)
}

fn has_spans(archive: &Archive) -> bool {
    archive.entries.iter().any(|entry| entry.when.bounds().is_some())
}

fn plan_spans(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let found = has_spans(archive).then(|| (paths::search("spans"), Subject::Archive));
    found.into_iter().collect()
}

/// Of each entry with an uncertain date its distance from the one before, its first day (0 where that is
/// not known) and its last day (0, too), both counted from the day before the first of all.
fn write_spans(desk: Desk<'_>, _: &Page) -> Result<Vec<u8>, Diagnostic> {
    let search = search(desk.archive);
    let mut list = String::new();
    let mut before = 0;
    for (number, ix) in &search.by_number {
        let Some((first_day, last_day)) = desk.archive.entries[*ix].when.bounds() else { continue };
        push(&mut list, number - before);
        before = *number;
        for day in [first_day, last_day] {
            let day = day.map_or(0, |day| days(day) - search.numbers.first_day + 1);
            push(&mut list, u64::try_from(day).unwrap_or(0));
        }
    }
    script("spans", &list)
}

fn plan_shards(archive: &Archive, folder: &str) -> Vec<(OutPath, Subject)> {
    let shards = search(archive).index.shards.iter().enumerate();
    shards
        .map(|(at, shard)| (paths::search(&shard_name(folder, &shard.from)), Subject::Number(at)))
        .collect()
}

fn shard_name(folder: &str, from: &str) -> String {
    format!("{folder}/{}", shards::name(from))
}

fn plan_words(archive: &Archive) -> Vec<(OutPath, Subject)> {
    plan_shards(archive, "words")
}

fn plan_places(archive: &Archive) -> Vec<(OutPath, Subject)> {
    plan_shards(archive, "places")
}

/// Groups, each a stem and its spellings; a spelling that begins with the stem is a plus and the rest.
/// Then the spellings that stand elsewhere, each with its stem.
fn write_words(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Number(at) = page.subject else { return Ok(Vec::new()) };
    let index = &search(desk.archive).index;
    let groups: Vec<Value> = index.shard(at).iter().map(group_value).collect();
    let see: BTreeMap<&str, &str> =
        index.see[at].iter().map(|(word, stem)| (word.as_str(), stem.as_str())).collect();
    script(&shard_name("words", &index.shards[at].from), &(groups, see))
}

fn group_value(group: &Group) -> Value {
    let mut row = vec![Value::from(group.stem.as_str())];
    for form in &group.forms {
        let word = match form.word.strip_prefix(&group.stem) {
            Some(rest) if !is_facet(&group.stem) => format!("+{rest}"),
            _ => form.word.clone(),
        };
        let mut value = vec![Value::from(word), list_value(group, form, 0)];
        if form.lists[1].count > 0 {
            value.push(list_value(group, form, 1));
        }
        row.push(Value::from(value));
    }
    Value::from(row)
}

/// A list; of a long one, the name of its parts, how many entries they hold, and where each begins.
fn list_value(group: &Group, form: &Form, voice: usize) -> Value {
    let list = &form.lists[voice];
    if list.parts.is_empty() {
        return Value::from(list.entries.as_str());
    }
    let mut value = vec![Value::from(parts_name(group, form, voice)), Value::from(list.count)];
    value.extend(list.parts.iter().map(|part| Value::from(part.from)));
    Value::from(value)
}

fn parts_name(group: &Group, form: &Form, voice: usize) -> String {
    let word = if is_facet(&group.stem) { &group.stem } else { &form.word };
    let mut name = shards::name(word);
    if name.len() > LONGEST_NAME {
        name = format!("_-{}-", &sha256(word.as_bytes())[..16]);
    }
    if voice > 0 { format!("{name}n-") } else { name }
}

/// Places, in the order of the words; of a spelling that both voices use, those of each.
fn write_places(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Number(at) = page.subject else { return Ok(Vec::new()) };
    let index = &search(desk.archive).index;
    let value = |form: &Form| {
        let [publisher, curator] = &form.lists;
        if curator.count > 0 {
            json!([publisher.places, curator.places])
        } else {
            Value::from(publisher.places.as_str())
        }
    };
    let groups: Vec<Vec<Value>> =
        index.shard(at).iter().map(|group| group.forms.iter().map(value).collect()).collect();
    script(&shard_name("places", &index.shards[at].from), &groups)
}

/// A part of a long list, with the name of its file.
fn part<'a>(index: &'a Index, at: &LongPart) -> (String, &'a Part) {
    let group = &index.groups[at.group];
    let form = &group.forms[at.form];
    let part = &form.lists[at.voice].parts[at.part];
    (format!("{}{:x}", parts_name(group, form, at.voice), part.from), part)
}

fn plan_parts(archive: &Archive, folder: &str) -> Vec<(OutPath, Subject)> {
    let search = search(archive);
    let parts = search.long.iter().map(|at| part(&search.index, at));
    parts
        .enumerate()
        .filter(|(_, (_, part))| folder == "words" || !part.places.is_empty())
        .map(|(at, (name, _))| (paths::search(&format!("{folder}/{name}")), Subject::Number(at)))
        .collect()
}

fn write_part(desk: Desk<'_>, page: &Page, folder: &str) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Number(at) = page.subject else { return Ok(Vec::new()) };
    let search = search(desk.archive);
    let (name, part) = part(&search.index, &search.long[at]);
    let list = if folder == "words" { &part.entries } else { &part.places };
    script(&format!("{folder}/{name}"), list)
}

fn plan_entries(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let buckets = search(archive).buckets.iter().enumerate();
    buckets
        .filter(|(_, list)| !list.is_empty())
        .map(|(at, _)| (paths::search(&format!("entries/{at:x}")), Subject::Number(at)))
        .collect()
}

fn write_entries(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Number(at) = page.subject else { return Ok(Vec::new()) };
    let list = search(desk.archive).buckets[at].iter();
    let entries: Vec<Value> = list.map(|(number, ix)| shown(desk.archive, *number, *ix)).collect();
    let text = Value::from(entries).to_string();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    let packed = packed.map_err(|error| {
        Diagnostic::error(page.path.as_str(), 0, format!("cannot be packed: {error}"))
    })?;
    script(&format!("entries/{at:x}"), &STANDARD.encode(packed))
}

/// What a result shows of an entry: its number, address, title, whether the program made that, date,
/// hour, zone, story, its address, content warning, the publisher's words, the curator's,
/// the language.
fn shown(archive: &Archive, number: u64, ix: EntryIx) -> Value {
    let entry = &archive.entries[ix];
    let story = &archive.story_of(ix).story;
    let when = view::when(archive, ix);
    let text = text(archive, ix);
    let made = archive.title_basis(ix) == TitleBasis::Made;
    let warning = archive.warnings[ix].as_str();
    // A title that was made of covered words would show them.
    let title = if made && !warning.is_empty() {
        warning_sentence(warning, &archive.words).into()
    } else {
        archive.title(ix)
    };
    let seen = |text: &str| text.replace(REDACTED, archive.words.say("redacted.plain"));
    let notes = if warning.is_empty() { seen(&text.notes) } else { String::new() };
    json!([
        number,
        paths::entry(&entry.id).as_str(),
        title,
        u8::from(made),
        view::opening(&when.words),
        when.time,
        when.zone,
        story.title,
        paths::story(&story.slug).as_str(),
        warning,
        seen(&text.words),
        notes,
        archive.language_of(ix),
    ])
}
