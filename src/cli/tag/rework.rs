//! `archive tag rename`, `merge` and `split`: a change of the vocabulary, carried into every entry.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::words;
use crate::archive::Archive;
use crate::change::Change;
use crate::cli::status::{entries, remembered};
use crate::cli::writer::{DRY_RUN, Writer};
use crate::cli::{End, Outcome, Stop, give_up, say, tell_all};
use crate::content::{self, Content, change_tags};
use crate::diagnostic::{Diagnostic, any_error, nearest};
use crate::entry::{Entry, Id, Tag};
use crate::input::{self, Input};
use crate::vocabulary::{FILE, Matcher, edit, slug_of};
use crate::{build, fs};

/// Gives a tag another name, in tags.toml and in every entry
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The old name becomes a synonym, so that the next import tags right, and the old address leads to\nthe new one (`aliases` in tags.toml).\n\n  archive tag rename \"Lower town\" \"Old town\" --dry-run"
)]
pub(super) struct Rename {
    /// The tag as it is called
    old: String,
    /// What it shall be called
    new: String,
    /// Show what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Makes one tag of several, in tags.toml and in every entry
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "archive tag merge [OPTIONS] FROM... INTO",
    after_help = "The names that go become synonyms of the last, so that the next import tags right, and their\naddresses lead to it (`aliases` in tags.toml). What it cannot take over stays as a remark above it.\n\n  archive tag merge dam \"the dam\" \"Quell dam\" --dry-run"
)]
pub(super) struct Merge {
    /// The tags; the last is the one that stays
    #[arg(required = true, num_args = 2.., value_name = "TAG")]
    tags: Vec<String>,
    /// Show what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Makes several tags of one, by the words that stand in each entry
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "archive tag split [OPTIONS] TAG INTO INTO...",
    after_help = "An entry gets those of the new tags whose name or a synonym stands in it; put the new tags with\ntheir synonyms into tags.toml first. Entries where none stands keep the old tag and are listed.\nThe old tag is then given by a person only (`by_hand`), and its page shows the new ones.\n\n  archive tag split Mercury \"Mercury (planet)\" \"Project Mercury\" --dry-run"
)]
pub(super) struct Split {
    /// The tag to split
    tag: String,
    /// The tags to split it into
    #[arg(required = true, num_args = 2.., value_name = "INTO")]
    into: Vec<String>,
    /// Give the entries in which no word of the new tags stands to this one of them
    #[arg(long, value_name = "INTO")]
    all: Option<String>,
    /// Show what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// What becomes of an entry's tags: each that changes, and what stands for it.
type Exchange = BTreeMap<String, Vec<String>>;

pub(super) fn rename(command: &Rename, root: Option<&Path>) -> Outcome {
    let (old, new) = (command.old.as_str(), command.new.trim());
    let desk = match Desk::read(root, command.dry_run)? {
        Ok(desk) => desk,
        Err(problems) => return give_up(&problems, "no tag was renamed"),
    };
    desk.expect(old)?;
    if old == new {
        return Err(Stop(format!("`{old}` is called that already")));
    }
    let text = edit::rename(&desk.vocabulary, old, new).map_err(Stop)?;
    let exchange = Exchange::from([(old.to_string(), vec![new.to_string()])]);
    let plan = desk.plan(&format!("tag rename {old} {new}"), text, &|_| exchange.clone())?;
    let done = format!("`{old}` is now `{new}` in {}", entries(plan.entries));
    plan.finish(&desk, command.dry_run, &done)
}

pub(super) fn merge(command: &Merge, root: Option<&Path>) -> Outcome {
    let Some((into, from)) = command.tags.split_last() else {
        return Err(Stop("no tags, expected two or more".to_string()));
    };
    let desk = match Desk::read(root, command.dry_run)? {
        Ok(desk) => desk,
        Err(problems) => return give_up(&problems, "no tag was merged"),
    };
    let mut text = desk.vocabulary.clone();
    let mut exchange = Exchange::new();
    for from in from {
        desk.expect(from)?;
        if from == into || exchange.contains_key(from) {
            return Err(Stop(format!("`{from}` is named twice, expected different tags")));
        }
        text = edit::merge(&text, from, into).map_err(Stop)?;
        exchange.insert(from.clone(), vec![into.clone()]);
    }
    let plan = desk.plan(&format!("tag merge into {into}"), text, &|_| exchange.clone())?;
    let names: Vec<String> = from.iter().map(|name| format!("`{name}`")).collect();
    let done = format!("{} became `{into}` in {}", names.join(", "), entries(plan.entries));
    plan.finish(&desk, command.dry_run, &done)
}

pub(super) fn split(command: &Split, root: Option<&Path>) -> Outcome {
    let (old, into) = (&command.tag, &command.into);
    let desk = match Desk::read(root, command.dry_run)? {
        Ok(desk) => desk,
        Err(problems) => return give_up(&problems, "no tag was split"),
    };
    desk.expect(old)?;
    if into.contains(old) {
        return Err(Stop(format!("`{old}` cannot be one of the tags that it is split into")));
    }
    if let Some(all) = command.all.as_ref().filter(|all| !into.contains(all)) {
        return Err(Stop(format!("--all {all}, expected one of {}", into.join(", "))));
    }
    let new = desk.tags_called(into)?;
    let matcher = Matcher::new(&new);
    let mut names = vec![old.clone()];
    let known = desk.content.tags.iter().filter(|tag| tag.name == *old);
    names.extend(known.flat_map(|tag| tag.synonyms.clone()).filter(|word| !into.contains(word)));
    let decide = |entry: &Entry| -> Exchange {
        let found = matcher.find(&words(entry)).into_iter().map(|tag| tag.name.clone());
        let mut found: Vec<String> = found.filter(|name| !desk.is_taken(entry, name)).collect();
        if found.is_empty() {
            found.extend(command.all.clone());
        }
        if found.is_empty() {
            return Exchange::new();
        }
        names.iter().map(|name| (name.clone(), found.clone())).collect()
    };
    let rest: Vec<String> = desk
        .content
        .entries
        .iter()
        .filter(|entry| entry.tags.iter().any(|tag| names.contains(tag)))
        .filter(|entry| decide(entry).is_empty())
        .map(|entry| format!("  {}: {}", entry.file, entry.title))
        .collect();
    let text = edit::split(&desk.vocabulary, old, into).map_err(Stop)?;
    let plan = desk.plan(&format!("tag split {old}"), text, &decide)?;
    if plan.entries == 0 {
        return Err(Stop(format!(
            "no word of {} stands in an entry that has `{old}`\n  hint: put the new tags with their synonyms into {FILE} first, or name one of them with --all",
            into.join(" or ")
        )));
    }
    let mut done = format!("`{old}` was split in {}", entries(plan.entries));
    if !rest.is_empty() {
        let which = if rest.len() == 1 { "1 entry keeps it" } else { "these entries keep it" };
        let _ = write!(
            done,
            "\n{which}, where no word of the new tags stands:\n{}\n  what to do: put the right tag into each, or archive tag split … --all TAG",
            rest.join("\n")
        );
    }
    plan.finish(&desk, command.dry_run, &done)
}

/// An archive as it stands.
struct Desk {
    writer: Writer,
    inputs: Vec<Input>,
    content: Content,
    bases: BTreeMap<Id, (Entry, String)>,
    /// The text of tags.toml.
    vocabulary: String,
}

/// A change that is ready to be made.
struct Plan {
    change: Change,
    /// How many entries it changes.
    entries: usize,
    problems: Vec<Diagnostic>,
    /// What speaks against it.
    refused: bool,
}

impl Desk {
    /// Reads an archive; `Err` holds what is wrong in it.
    fn read(root: Option<&Path>, dry_run: bool) -> Result<Result<Self, Vec<Diagnostic>>, Stop> {
        let writer = Writer::open(root, dry_run)?;
        let root = &writer.root;
        let inputs = input::read(root)?;
        let (content, problems) = content::read(&inputs);
        if any_error(&problems) {
            return Ok(Err(problems));
        }
        let mut bases = BTreeMap::new();
        for (id, base) in remembered(root)?.0 {
            let text = fs::text_of(&base.file, fs::read(&root.join(&base.file))?);
            bases.insert(id, (base, text.unwrap_or_default()));
        }
        let file = input::find(&inputs, FILE);
        let vocabulary = file.and_then(|file| file.text().ok()).unwrap_or_default();
        Ok(Ok(Self { writer, inputs, content, bases, vocabulary }))
    }

    /// Holds that there is a tag of that name.
    fn expect(&self, name: &str) -> Result<(), Stop> {
        let tags = &self.content.tags;
        let used = self.content.entries.iter().flat_map(|entry| &entry.tags);
        if let Some(tag) = tags.iter().find(|tag| tag.synonyms.iter().any(|word| word == name)) {
            return Err(Stop(format!("`{name}` is a synonym of `{}`, expected a tag", tag.name)));
        }
        let mut names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
        names.extend(used.map(String::as_str));
        if names.contains(&name) {
            return Ok(());
        }
        let hint = nearest(name, names).map_or_else(
            || format!("the tags stand in {FILE}; `archive status` lists those that do not"),
            |near| format!("did you mean `{near}`?"),
        );
        Err(Stop(format!("no tag is called `{name}`\n  hint: {hint}")))
    }

    /// Returns tags as they are looked for in texts, whether the vocabulary holds them or not.
    fn tags_called(&self, names: &[String]) -> Result<Vec<Tag>, Stop> {
        let mut tags: Vec<Tag> = Vec::new();
        for name in names {
            let known = self.content.tags.iter().find(|tag| tag.name == *name);
            let Some(slug) = slug_of(name) else {
                return Err(Stop(format!("`{name}` has no letter or digit, expected a name")));
            };
            let tag = known.cloned().unwrap_or_else(|| Tag::named(name.as_str(), slug));
            tags.push(Tag { by_hand: false, ..tag });
        }
        Ok(tags)
    }

    /// Whether the program gave a tag to an entry and a person took it away.
    fn is_taken(&self, entry: &Entry, name: &String) -> bool {
        let base = self.bases.get(&entry.id);
        base.is_some_and(|(base, _)| base.tags.contains(name)) && !entry.tags.contains(name)
    }

    /// Plans a change of the vocabulary and of the entries, and tries whether the archive still
    /// builds with it. `exchange` says what becomes of an entry's tags.
    fn plan(
        &self,
        command: &str,
        vocabulary: String,
        exchange: &dyn Fn(&Entry) -> Exchange,
    ) -> Result<Plan, Stop> {
        let mut after = self.inputs.clone();
        let mut set = |path: &str, bytes: Vec<u8>| {
            let place = after.binary_search_by(|input| input.path.as_str().cmp(path));
            match place {
                Ok(at) => after[at].bytes = bytes,
                Err(at) => {
                    after.insert(at, Input { path: path.to_string(), bytes, is_link: false });
                }
            }
        };
        let mut change = Change::new(command);
        let bytes = match input::find(&self.inputs, FILE) {
            Some(input) => input.like(vocabulary),
            None => vocabulary.into_bytes(),
        };
        set(FILE, bytes.clone());
        change.write(FILE, bytes);
        let mut count = 0;
        for entry in &self.content.entries {
            let base = self.bases.get(&entry.id).filter(|(base, _)| !base.tags.is_empty());
            if entry.tags.is_empty() && base.is_none() {
                continue;
            }
            let exchange = exchange(entry);
            let with = |name: &str| exchange.get(name).cloned();
            let Some(input) = input::find(&self.inputs, &entry.file) else { continue };
            if let Some(text) = change_tags(&input.text().unwrap_or_default(), with) {
                count += 1;
                let bytes = input.like(text);
                set(&entry.file, bytes.clone());
                change.write(entry.file.as_str(), bytes);
            } else if entry.tags.iter().any(|tag| exchange.contains_key(tag)) {
                return Err(Stop(format!("{}: its tags cannot be changed", entry.file)));
            }
            // What the program does to all entries is no person's change of one.
            if let Some((base, text)) = base
                && let Some(text) = change_tags(text, with)
            {
                change.write(base.file.as_str(), text);
            }
        }
        let before = errors(&self.inputs);
        let problems = errors(&after);
        Ok(Plan { change, entries: count, refused: problems.len() > before.len(), problems })
    }
}

/// What would stop a build.
fn errors(inputs: &[Input]) -> Vec<Diagnostic> {
    let (content, mut problems) = content::read(inputs);
    let site = build::site(inputs).unwrap_or_default();
    problems.extend(Archive::new(site, content).1);
    problems.retain(Diagnostic::is_error);
    problems
}

impl Plan {
    /// Makes the change, or shows it.
    fn finish(self, desk: &Desk, dry_run: bool, done: &str) -> Outcome {
        if self.refused {
            return give_up(&self.problems, "nothing was changed: the archive would not build");
        }
        tell_all(&self.problems);
        desk.writer.write(self.change, &desk.inputs)?;
        say(done);
        say(if dry_run { DRY_RUN } else { "next: archive build" });
        Ok(End::Done)
    }
}
