//! `archive import`: writes a dump's entries under content/, and keeps the dump.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{
    DumpOptions, End, Outcome, Stop, counted, find_root, formats, read_dump, say, tell, tell_all,
};
use crate::archive::title_from_name;
use crate::content::{self, Content};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Slug, Source, Story, TitleBasis};
use crate::fixity::sha256;
use crate::format::Format;
use crate::import::{self, Dump};
use crate::merge::{self, Arrival, Placed, Standing, Status};
use crate::record::{self, Record};
use crate::vocabulary::Matcher;
use crate::{fs, input};

/// Writes the entries of dumps under content/, and keeps the dumps
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A dump that was imported before changes nothing. An entry that a person has edited is never\noverwritten: what the dump says now is put into .archive/conflicts/ and reported."
)]
pub(super) struct Import {
    /// The dumps
    #[arg(required = true, value_name = "DUMP")]
    dumps: Vec<PathBuf>,
    /// The story that the entries belong to; otherwise one is made of the dump's name
    #[arg(long, value_name = "SLUG", value_parser = Slug::parse)]
    story: Option<Slug>,
    /// Who published the page, where the format does not say
    #[arg(long, value_name = "NAME")]
    publisher: Option<String>,
    #[command(flatten)]
    options: DumpOptions,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object a dump, a line each
    #[arg(long)]
    json: bool,
}

/// The archive that is imported into, kept up to date from dump to dump.
struct Desk {
    root: PathBuf,
    formats: Vec<Format>,
    content: Content,
    standing: Standing,
    /// What each story's file says.
    stories: BTreeMap<Slug, String>,
}

/// One dump, understood and placed, ready to be written.
struct Ready {
    name: String,
    bytes: Vec<u8>,
    dump: Dump,
    story: Slug,
    placed: Vec<Placed>,
    record: Record,
    /// What `story.md` is to say, where that is new.
    story_text: Option<String>,
}

pub(super) fn run(command: &Import, root: Option<&Path>) -> Outcome {
    let root = find_root(root)?;
    let (formats, problems) = formats(Some(&root))?;
    tell_all(&problems);
    let mut desk = open(root, formats)?;
    let mut end = if crate::diagnostic::any_error(&problems) { End::Problems } else { End::Done };
    let (mut imported, mut unreadable) = (false, 0);
    for path in &command.dumps {
        let (name, bytes) = match read_dump(path) {
            Ok(dump) => dump,
            Err(error) => {
                tell_all(&[Diagnostic::error("", 0, error.to_string())]);
                unreadable += 1;
                continue;
            }
        };
        match prepare(command, &desk, &name, bytes)? {
            Ok(ready) => {
                if !command.dry_run {
                    write(&desk.root, &ready)?;
                }
                report(command, &ready);
                if ready.placed.iter().any(|placed| placed.status == Status::Conflict) {
                    end = End::Problems;
                }
                keep(&mut desk, ready);
                imported = true;
            }
            Err(problems) => {
                tell_all(&problems);
                tell(format!("{name}: nothing was imported"));
                end = End::Problems;
            }
        }
    }
    if imported && !command.json {
        say(next_step(command, &desk));
    }
    if unreadable > 0 {
        return Err(Stop(format!("{} could not be read", counted(unreadable, "dump", "dumps"))));
    }
    Ok(end)
}

fn next_step(command: &Import, desk: &Desk) -> &'static str {
    if command.dry_run {
        "nothing was written: this was a dry run"
    } else if desk.content.tags.is_empty() {
        "next: archive tag --suggest > tags.toml, archive tag, archive build"
    } else {
        "next: archive build, then archive status for what still wants a curator"
    }
}

fn open(root: PathBuf, formats: Vec<Format>) -> Result<Desk, Stop> {
    let inputs = input::read(&root)?;
    // What is wrong in a file is told by `build` and `status`; an import never touches such a file.
    let (content, _) = content::read(&inputs);
    let mut standing = Standing::default();
    let mut stories = BTreeMap::new();
    let mut understood: BTreeSet<&str> = BTreeSet::new();
    let text = |file: &str| {
        input::find(&inputs, file).and_then(|input| input.text().ok()).unwrap_or_default()
    };
    for entry in &content.entries {
        understood.insert(&entry.file);
        standing.ids.insert(entry.id.clone());
        standing.ids.extend(entry.aliases.iter().cloned());
        standing.entries.insert(entry.id.clone(), (entry.clone(), text(&entry.file)));
    }
    for story in &content.stories {
        understood.insert(&story.file);
        stories.insert(story.slug.clone(), text(&story.file));
    }
    for input in inputs.iter().filter(|input| input.is_in(input::CONTENT)) {
        standing.paths.insert(input.path.to_lowercase());
        if !understood.contains(input.path.as_str()) {
            let text = String::from_utf8_lossy(&input.bytes).into_owned();
            standing.broken.push((input.path.clone(), text));
        }
    }
    standing.bases = super::status::remembered(&root)?.0;
    standing.ids.extend(standing.bases.keys().cloned());
    Ok(Desk { root, formats, content, standing, stories })
}

/// The dumps that are captures of the page that `dump` is a capture of, as far as can be told: of
/// the same story, publisher and format, and of no other address.
fn kin(desk: &Desk, story: &Slug, dump: &Dump, url: Option<&str>) -> BTreeSet<String> {
    let Some(text) = desk.stories.get(story) else { return BTreeSet::new() };
    let file = story_file(story);
    let Some(there) = content::parse_story(&file, story.clone(), text).0 else {
        return BTreeSet::new();
    };
    let same_format = |name: &str| {
        let record = desk.content.records.iter().find(|record| record.dump == name);
        record.is_none_or(|record| record.format == dump.format)
    };
    let sources = there.sources.into_iter();
    sources
        .filter(|source| source.publisher == dump.publisher.as_deref().unwrap_or_default())
        .filter(|source| url.is_none_or(|url| source.url.is_empty() || source.url == url))
        .filter(|source| same_format(&source.dump))
        .map(|source| source.dump)
        .collect()
}

/// Understands a dump and finds the place of each of its entries. Writes nothing.
fn prepare(
    command: &Import,
    desk: &Desk,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Result<Ready, Vec<Diagnostic>>, Stop> {
    let mut dump = match import::read(&bytes, &command.options.told(name), &desk.formats) {
        Ok(dump) => dump,
        Err(problems) => return Ok(Err(problems)),
    };
    if let Some(publisher) = &command.publisher {
        dump.publisher = Some(publisher.clone());
    }
    let hash = sha256(&bytes);
    let known = desk.content.records.iter().find(|record| record.sha256 == hash);
    // A later capture under the same name gets a file of its own, and belongs to the same story.
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = match known {
        Some(record) => record.dump.clone(),
        None => free_name(&desk.root, name, &bytes)?,
    };
    let told = known.and_then(|record| Slug::parse(&record.story).ok());
    if let (Some(named), Some(told)) = (&command.story, &told)
        && named != told
    {
        return Ok(Err(vec![
            Diagnostic::error(
                &name,
                0,
                format!("this dump is in the story {told} already, expected no other --story"),
            )
            .hint(format!("to move its entries, move their files into content/{named}/")),
        ]));
    }
    let story = command.story.clone().or(told).or_else(|| Slug::from_words(&stem, Slug::LONGEST));
    let Some(story) = story.filter(|story| story.as_str() != content::PAGES) else {
        return Ok(Err(vec![
            Diagnostic::error(&name, 0, "no name for its story, expected one other than `pages`")
                .hint("name the story with --story"),
        ]));
    };
    let matcher = Matcher::new(&desk.content.tags);
    let kin = kin(desk, &story, &dump, command.options.source_url.as_deref());
    let arrival =
        Arrival { dump: &dump, name: &name, story: &story, known: known.is_some(), kin: &kin };
    let placed = merge::place(&arrival, &matcher, &desk.standing);
    let joins = known.is_none() && command.story.is_none() && desk.stories.contains_key(&story);
    let record = match known {
        Some(record) => record.clone(),
        None => Record {
            dump: name.clone(),
            sha256: hash,
            bytes: bytes.len() as u64,
            format: dump.format.clone(),
            program: env!("CARGO_PKG_VERSION").into(),
            imported: chrono::Utc::now().date_naive().to_string(),
            story: story.to_string(),
            entries: dump.entries.len(),
            lines: dump.ledger.totals(),
        },
    };
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
    let story_text = match story_text(command, desk, &story, &name, &stem, &dump) {
        Ok(text) => text,
        Err(problem) => return Ok(Err(vec![*problem])),
    };
    Ok(Ok(Ready { name, bytes, dump, story, placed, record, story_text }))
}

/// Returns a name in `dumps/` that holds nothing else: a dump is never overwritten.
fn free_name(root: &Path, name: &str, bytes: &[u8]) -> Result<String, Stop> {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
    let mut candidate = if name.contains('.') { name.to_string() } else { format!("{name}.txt") };
    if candidate == record::SUMS || candidate.ends_with(record::EXTENSION) {
        return Err(Stop(format!(
            "{name} is a name that dumps/ uses itself\n  hint: give the dump another name"
        )));
    }
    let mut number = 1;
    while let Some(there) = fs::read_if_there(&root.join(record::FOLDER).join(&candidate))? {
        if there == bytes {
            break;
        }
        number += 1;
        candidate = format!("{stem}-{number}.{extension}");
    }
    Ok(candidate)
}

/// What `story.md` is to say, if that differs from what it says. A file that cannot be read is a
/// person's work in progress: it is not touched, and nothing is imported.
fn story_text(
    command: &Import,
    desk: &Desk,
    slug: &Slug,
    name: &str,
    stem: &str,
    dump: &Dump,
) -> Result<Option<String>, Box<Diagnostic>> {
    let source = Source {
        dump: name.to_string(),
        publisher: dump.publisher.clone().unwrap_or_default(),
        url: command.options.source_url.clone().unwrap_or_default(),
        title: dump.title.clone().unwrap_or_default(),
        captured: command
            .options
            .captured
            .as_ref()
            .map(crate::date::When::written)
            .unwrap_or_default(),
    };
    let file = story_file(slug);
    let unusable = |what: &str| {
        Box::new(
            Diagnostic::error(&file, 0, what)
                .hint("`archive build` says what is wrong in it; mend that first"),
        )
    };
    if let Some(text) = desk.stories.get(slug) {
        let (story, _) = content::parse_story(&file, slug.clone(), text);
        let listed = story.is_some_and(|story| story.sources.iter().any(|s| s.dump == name));
        if listed {
            return Ok(None);
        }
        let added = content::add_source(text, &source);
        return added.map(Some).ok_or_else(|| {
            unusable("no place for another source, expected its sources as [[sources]] tables")
        });
    }
    if desk.standing.paths.contains(&file.to_lowercase()) {
        return Err(unusable("this story's file cannot be read, and is left as it is"));
    }
    let made = || title_from_name(stem, dump.publisher.as_deref());
    Ok(Some(content::print_story(&Story {
        slug: slug.clone(),
        title: dump.title.clone().unwrap_or_else(made),
        title_basis: if dump.title.is_some() { TitleBasis::Stated } else { TitleBasis::Made },
        sources: vec![source],
        summary: dump.summary.clone(),
        aliases: Vec::new(),
        body: String::new(),
        file: String::new(),
        body_line: 0,
    })))
}

fn story_file(story: &Slug) -> String {
    format!("{}/{story}/{}", input::CONTENT, content::STORY_FILE)
}

/// Writes everything that is new, all of it or nothing.
fn write(root: &Path, ready: &Ready) -> fs::Result<()> {
    let mut batch = fs::Batch::default();
    let mut stage = |file: &str, bytes: &[u8]| {
        let path = root.join(file);
        // What is right already keeps its time.
        if fs::read_if_there(&path)?.as_deref() == Some(bytes) {
            return Ok(());
        }
        batch.stage(&path, bytes)
    };
    stage(&format!("{}/{}", record::FOLDER, ready.name), &ready.bytes)?;
    let sums = format!("{}/{}", record::FOLDER, record::SUMS);
    let there = fs::read_if_there(&root.join(&sums))?.unwrap_or_default();
    stage(&sums, record::add_sum(&there, &ready.name, &ready.record.sha256).as_bytes())?;
    for (file, text) in ready.placed.iter().flat_map(|placed| &placed.writes) {
        stage(file, text.as_bytes())?;
    }
    if let Some(text) = &ready.story_text {
        stage(&story_file(&ready.story), text.as_bytes())?;
    }
    // Last: where there is a record, the import was whole. One that is there stays as it is,
    // remarks of a person included.
    let file = format!("{}/{}{}", record::FOLDER, ready.name, record::EXTENSION);
    if !root.join(&file).exists() {
        stage(&file, record::print(&ready.record).as_bytes())?;
    }
    batch.commit()
}

/// Takes what was imported into account for the next dump.
fn keep(desk: &mut Desk, ready: Ready) {
    let standing = &mut desk.standing;
    for placed in ready.placed {
        standing.ids.insert(placed.id.clone());
        standing.paths.insert(placed.file.to_lowercase());
        let file = standing.bases.get(&placed.id).map(|base| base.file.clone());
        let file = file.unwrap_or_else(|| merge::base_file(&placed.entry));
        let text = content::print_entry(&placed.entry);
        if matches!(placed.status, Status::New | Status::Updated) {
            let entry = Entry { file: placed.file, ..placed.entry.clone() };
            standing.entries.insert(placed.id.clone(), (entry, text));
        }
        if placed.writes.iter().any(|(written, _)| *written == file) {
            standing.bases.insert(placed.id, Entry { file, ..placed.entry });
        }
    }
    desk.content.records.push(ready.record);
    if let Some(text) = ready.story_text {
        desk.stories.insert(ready.story, text);
    }
}

fn report(command: &Import, ready: &Ready) {
    if command.json {
        let mut object = import::json(&ready.name, &ready.dump);
        let entries = object["entries"].as_array_mut();
        for (entry, placed) in entries.into_iter().flatten().zip(&ready.placed) {
            entry["id"] = placed.id.as_str().into();
            entry["file"] = placed.file.as_str().into();
            entry["status"] = placed.status.name().into();
        }
        return say(object);
    }
    let count = |status| ready.placed.iter().filter(|placed| placed.status == status).count();
    let mut parts = Vec::new();
    for status in [Status::New, Status::Unchanged, Status::Updated, Status::Conflict] {
        if count(status) > 0 {
            parts.push(format!("{} {}", count(status), status.name()));
        }
    }
    let entries = counted(ready.placed.len(), "entry", "entries");
    say(format!("{}: {entries} ({}) in the story {}", ready.name, parts.join(", "), ready.story));
    say(format!("  {}", super::read::ledger_words(&ready.dump.ledger.totals())));
    tell_all(&ready.dump.problems);
    for placed in ready.placed.iter().filter(|placed| placed.status == Status::Conflict) {
        let finding = Diagnostic::warning(
            &placed.file,
            0,
            "left as it is: the dump says something new, and so did a person",
        )
        .hint(format!(
            "what the dump says now is in {}/{}.md",
            merge::CONFLICTS,
            placed.id
        ));
        tell_all(&[finding]);
    }
}
