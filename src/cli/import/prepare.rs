//! From a dump that is understood to all that its import writes. Writes nothing.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::Stop;
use super::super::gather::{Gather, Saved, understand};
use super::Import;
use super::desk::Desk;
use crate::address::{last_segment, page_address, words};
use crate::archive::title_from_name;
use crate::content;
use crate::date::When;
use crate::diagnostic::Diagnostic;
use crate::entry::{Id, Slug, Source, Story, TitleBasis};
use crate::history;
use crate::import::Dump;
use crate::input;
use crate::merge::{self, Arrival, Placed};
use crate::record::{self, Record};
use crate::vocabulary::Matcher;

/// One dump, understood and placed, ready to be written.
pub(super) struct Ready {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) dump: Dump,
    pub(super) story: Slug,
    pub(super) placed: Vec<Placed>,
    pub(super) record: Record,
    /// The source that the story is to list, where it does not list it yet.
    pub(super) source: Option<Source>,
    /// What `story.md` is to say, where there is none.
    pub(super) new_story: Option<String>,
}

/// The format that reads what no publisher's format knows.
const GENERIC: &str = "generic";

/// Why a dump is refused.
type Refusal = Vec<Diagnostic>;

/// Finds the place of each entry of a dump.
pub(super) fn prepare(
    command: &Import,
    desk: &Desk,
    matcher: &Matcher<'_>,
    gather: &Gather<'_>,
    mut saved: Saved,
    mut dump: Dump,
) -> Result<Result<Ready, Refusal>, Stop> {
    let known = desk.known(&saved.sha256);
    if let Some(record) = known
        && as_before(command, record, &mut saved)
    {
        dump = match understand(&saved, gather.formats) {
            Ok(dump) => dump,
            Err(problems) => return Ok(Err(problems)),
        };
    }
    // What a person has said of these bytes before holds until they say otherwise.
    let before = known.and_then(|record| desk.listed(&record.dump));
    let before = before.map(|source| &source.publisher).filter(|name| !name.is_empty());
    if let Some(publisher) = command.publisher.as_ref().or(before) {
        dump.publisher = Some(publisher.clone());
    }
    if saved.name == record::SUMS || saved.name.ends_with(record::EXTENSION) {
        let what = "a name that dumps/ uses itself, expected another";
        let finding = Diagnostic::error(&saved.name, 0, what).hint("give the dump another name");
        return Ok(Err(vec![finding]));
    }
    // A later capture under the same name gets a file of its own, and belongs to the same story.
    let name = match known {
        Some(record) => record.dump.clone(),
        None => desk.free_name(&saved.name, &saved.bytes)?,
    };
    let source = source(command, &saved, &name, &dump);
    let (story, joins) = match story(command, desk, known, &saved, &source) {
        Ok(found) => found,
        Err(problem) => return Ok(Err(vec![*problem])),
    };
    let (kin, perhaps) = kin(desk, &story, &dump, &source);
    let sure = kin.difference(&perhaps).map(String::as_str).chain([name.as_str()]);
    let held: Vec<Id> = sure.flat_map(|dump| desk.held(dump)).cloned().collect();
    let later = later(desk, &story, &source, &kin);
    let known_bytes = known.is_some();
    let arrival = Arrival {
        dump: &dump,
        name: &name,
        story: &story,
        known: known_bytes,
        held: &held,
        kin: &kin,
        perhaps: &perhaps,
        later: &later,
    };
    let placed = merge::place(&arrival, matcher, &desk.standing);
    dump.problems.extend(placed.iter().filter(|placed| placed.taken_out).map(|placed| {
        let (first, last) = placed.sighting.lines;
        let what = format!(
            "the lines {first} to {last} say word for word what {} said, which was deleted, withdrawn or redacted: not brought back",
            placed.id
        );
        let hint = "if this is another page whose words are to stand, write the entry by hand";
        Diagnostic::note(&name, first, what).hint(hint)
    }));
    let record = known.cloned().unwrap_or_else(|| new_record(&saved, &source, &dump, &story));
    if joins {
        dump.problems.push(
            Diagnostic::note(
                &name,
                0,
                format!("its file name puts it into the story {story}, which is there already"),
            )
            .hint("if it is another page, name another story with --story"),
        );
    }
    let new_story = match story_text(desk, &story, command.story.as_ref(), &saved, &dump, &source) {
        Ok(text) => text,
        Err(problem) => return Ok(Err(vec![*problem])),
    };
    let listed = desk
        .stories
        .get(&story)
        .is_some_and(|file| file.sources.iter().any(|source| source.dump == name));
    let source = Some(source).filter(|_| !listed);
    let bytes = saved.bytes;
    Ok(Ok(Ready { name, bytes, dump, story, placed, record, source, new_story }))
}

/// A dump that comes again was saved when it was saved: what its record says of that counts, not
/// where its bytes were found now. Whether that changes how it must be read.
fn as_before(command: &Import, record: &Record, saved: &mut Saved) -> bool {
    let before = saved.told.clone();
    if command.options.source_url.is_none() && !record.url.is_empty() {
        saved.told.source_url = Some(record.url.clone());
    }
    if let (None, Some(When::Exact(moment))) =
        (&command.options.captured, When::parse(&record.captured).ok())
    {
        saved.told.captured = Some(moment);
    }
    saved.told != before
}

/// The dump as a source of its story.
fn source(command: &Import, saved: &Saved, name: &str, dump: &Dump) -> Source {
    let url = saved.told.source_url.as_ref().or(dump.url.as_ref());
    let captured = command.options.captured.clone();
    let captured = captured.or(saved.told.captured.or(dump.captured).map(When::Exact));
    Source {
        dump: name.to_string(),
        publisher: dump.publisher.clone().unwrap_or_default(),
        url: url.cloned().unwrap_or_default(),
        title: dump.title.clone().unwrap_or_default(),
        captured: captured.as_ref().map(When::written).unwrap_or_default(),
    }
}

/// The story that a dump goes to, and whether only its file name says so: the one that is told; that
/// of the same bytes; that of other captures of the page; one made of the page's address or of the
/// file's name.
fn story(
    command: &Import,
    desk: &Desk,
    known: Option<&Record>,
    saved: &Saved,
    source: &Source,
) -> Result<(Slug, bool), Box<Diagnostic>> {
    let told = known.and_then(|record| Slug::parse(&record.story).ok());
    if let (Some(named), Some(told)) = (&command.story, &told)
        && named != told
    {
        let what = format!("this dump is in the story {told} already, expected no other --story");
        let hint = format!("to move its entries, move their files into content/{named}/");
        return Err(Box::new(Diagnostic::error(&source.dump, 0, what).hint(hint)));
    }
    let by_address =
        || Some(&source.url).filter(|url| !url.is_empty()).and_then(|url| desk.story_of(url));
    let found = command.story.clone().or(told).or_else(by_address);
    let (story, made) = match found {
        Some(story) => (Some(story), false),
        None => (made_of_name(desk, saved, source), true),
    };
    let story = story.filter(|story| story.as_str() != content::PAGES).ok_or_else(|| {
        let what = "no name for its story, expected one other than `pages`";
        Box::new(Diagnostic::error(&source.dump, 0, what).hint("name the story with --story"))
    })?;
    let joins = made && desk.stories.contains_key(&story);
    Ok((story, joins))
}

/// A story's name from what a dump is called. A story of that name that holds other pages is another.
fn made_of_name(desk: &Desk, saved: &Saved, source: &Source) -> Option<Slug> {
    let name = match saved.origin {
        Some(_) if !source.url.is_empty() => page_address(words(&source.url)),
        _ => stem(&saved.name),
    };
    let made = Slug::from_words(&name, Slug::LONGEST)?;
    let (mut story, mut number) = (made.clone(), 1);
    while let Some(there) = desk.stories.get(&story) {
        let elsewhere = |other: &Source| !other.url.is_empty() && !source.url.is_empty();
        // A name that a person gave can bring two pages together; one made of an address cannot.
        if saved.origin.is_none() && !there.sources.iter().all(elsewhere) {
            break;
        }
        number += 1;
        story = made.numbered(number);
    }
    Some(story)
}

fn stem(name: &str) -> String {
    Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The dumps that are captures of the page that this one is a capture of, or of pieces of it, as far
/// as can be told: of the same address; where one of the two is not known, of the same story, format
/// and publisher. And those of them of which that is not sure. A dump of the story that none lists any
/// more counts too: its `story.md` was deleted.
fn kin(
    desk: &Desk,
    story: &Slug,
    dump: &Dump,
    own: &Source,
) -> (BTreeSet<String>, BTreeSet<String>) {
    // The format of one publisher tells whose page it is, whatever a person calls it in the archive.
    let named = dump.format != GENERIC;
    let is_kin = |source: &Source| {
        let record = desk.records.get(&source.dump);
        let same_format = record.is_none_or(|record| record.format == dump.format);
        let no_address = source.url.is_empty() || own.url.is_empty();
        history::same_page(source, own, same_format)
            || record.is_some() && same_format && named && no_address
    };
    let is_sure = |source: &Source| {
        let addresses = !source.url.is_empty() && !own.url.is_empty();
        addresses || !own.publisher.is_empty() && source.publisher == own.publisher
    };
    let lost = desk.unlisted().filter_map(|record| {
        let (dump, url) = (record.dump.clone(), record.url.clone());
        let near = record.story == story.as_str() || !url.is_empty() && !own.url.is_empty();
        near.then(|| Source { dump, url, ..Source::default() })
    });
    let there = desk.stories.get(story).into_iter().flat_map(|file| &file.sources).cloned();
    let (mut kin, mut perhaps) = (BTreeSet::new(), BTreeSet::new());
    for source in there.chain(lost).filter(is_kin) {
        if !is_sure(&source) {
            perhaps.insert(source.dump.clone());
        }
        kin.insert(source.dump);
    }
    (kin, perhaps)
}

/// Those of `kin` that were saved after this dump.
fn later(desk: &Desk, story: &Slug, own: &Source, kin: &BTreeSet<String>) -> BTreeSet<String> {
    let moment = |source: &Source| match When::parse(&source.captured) {
        Ok(When::Exact(moment)) => Some(moment),
        _ => None,
    };
    let (Some(there), Some(own)) = (desk.stories.get(story), moment(own)) else {
        return BTreeSet::new();
    };
    let sources = there.sources.iter().filter(|source| kin.contains(&source.dump));
    let later = sources.filter(|source| moment(source).is_some_and(|moment| moment > own));
    later.map(|source| source.dump.clone()).collect()
}

fn new_record(saved: &Saved, source: &Source, dump: &Dump, story: &Slug) -> Record {
    let origin = saved.origin.as_ref();
    Record {
        dump: source.dump.clone(),
        sha256: saved.sha256.clone(),
        bytes: saved.bytes.len() as u64,
        container: origin.map(|origin| origin.name.clone()).unwrap_or_default(),
        container_sha256: origin.map(|origin| origin.sha256.clone()).unwrap_or_default(),
        url: source.url.clone(),
        captured: source.captured.clone(),
        format: dump.format.clone(),
        program: env!("CARGO_PKG_VERSION").into(),
        imported: chrono::Utc::now().date_naive().to_string(),
        story: story.to_string(),
        entries: dump.entries.len(),
        lines: dump.ledger.totals(),
        ..Record::default()
    }
}

/// What `story.md` is to say, where there is none. A file that cannot be read, or that can take no
/// source, is a person's work in progress: it is not touched, and nothing is imported.
fn story_text(
    desk: &Desk,
    slug: &Slug,
    told: Option<&Slug>,
    saved: &Saved,
    dump: &Dump,
    source: &Source,
) -> Result<Option<String>, Box<Diagnostic>> {
    let file = story_file(slug);
    let unusable = |what: &str| {
        Box::new(
            Diagnostic::error(&file, 0, what)
                .hint("`archive build` says what is wrong in it; mend that first"),
        )
    };
    if let Some(there) = desk.stories.get(slug) {
        let tried = !there.added.is_empty();
        let listed = || there.sources.iter().any(|other| other.dump == source.dump);
        let can = || content::add_sources(&there.text, std::slice::from_ref(source)).is_some();
        if tried || listed() || can() {
            return Ok(None);
        }
        return Err(unusable(
            "no place for another source, expected its sources as [[sources]] tables",
        ));
    }
    if desk.standing.paths.contains(&file.to_lowercase()) {
        return Err(unusable("this story's file cannot be read, and is left as it is"));
    }
    Ok(Some(content::print_story(&Story {
        slug: slug.clone(),
        title: dump.title.clone().unwrap_or_else(|| made_title(told, saved, dump, source)),
        title_basis: if dump.title.is_some() { TitleBasis::Stated } else { TitleBasis::Made },
        sources: vec![source.clone()],
        lang: String::new(),
        summary: dump.summary.clone(),
        aliases: Vec::new(),
        body: String::new(),
        file: String::new(),
        body_line: 0,
    })))
}

/// A story's title from the name that a person gave it, from the page's address, where the file's name
/// was made of that, or else from the file's name.
fn made_title(told: Option<&Slug>, saved: &Saved, dump: &Dump, source: &Source) -> String {
    let publisher = dump.publisher.as_deref();
    if let Some(told) = told {
        return title_from_name(told.as_str(), publisher);
    }
    let segment = last_segment(&source.url);
    if saved.origin.is_some() && segment.chars().any(char::is_alphabetic) {
        return title_from_name(segment, publisher);
    }
    title_from_name(&stem(&saved.name), publisher)
}

/// The file of a story.
pub(super) fn story_file(story: &Slug) -> String {
    format!("{}/{story}/{}", input::CONTENT, content::STORY_FILE)
}
