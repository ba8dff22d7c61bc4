//! Years of curating in a minute: a person edits, moves and deletes files at random while the publisher
//! changes the page, and every capture of it is imported. No word of the person may be lost, nothing
//! that was deleted may come back, and no contradiction may go unmarked.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may panic, holds real files, and says what it counted"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use archive::capture::{revision_file, words_sha256};
use archive::content::{self, print_entry};
use archive::date::{DateBasis, When};
use archive::entry::{Entry, Id, Slug, TitleBasis};
use archive::import::{Dump, DumpEntry, Ledger};
use archive::merge::{self, Arrival, Placed, Resolution, Standing, Status};
use archive::vocabulary::Matcher;
use common::Chance;

/// How many rounds are played: `CURATING_ROUNDS`, or as many as a test can wait for.
fn rounds() -> usize {
    std::env::var("CURATING_ROUNDS").map_or(1500, |count| count.parse().unwrap())
}

/// After so many rounds another archive is begun.
const A_LIFE: usize = 25;

/// A post on the publisher's page.
#[derive(Clone)]
struct Post {
    name: String,
    minute: usize,
    title: String,
    blocks: Vec<String>,
}

/// A word that a person wrote: whether it stands in words of the publisher that they changed.
struct Word {
    id: Id,
    text: String,
    alters: bool,
}

struct World {
    chance: Chance,
    counter: usize,
    /// Whether the publisher gives its posts names.
    named: bool,
    page: Vec<Post>,
    /// `content/`, by path.
    files: BTreeMap<String, String>,
    /// `.archive/`, by path.
    memory: BTreeMap<String, String>,
    dumps: BTreeSet<String>,
    /// What each capture says of each of its entries, as hashes.
    captures: BTreeMap<String, Vec<(Id, String)>>,
    words: Vec<Word>,
    deleted: BTreeSet<Id>,
}

/// What was seen, so that a run in which nothing happened does not pass.
#[derive(Debug, Default)]
struct Seen {
    imports: usize,
    merged: usize,
    conflicts: usize,
    words: usize,
    deleted: usize,
}

fn story() -> Slug {
    Slug::parse("quell").unwrap()
}

/// The dump whose words wait for a person to settle a contradiction.
fn standing_waits(memory: &BTreeMap<String, String>, id: &Id) -> Option<String> {
    let file = merge::conflict_file(id);
    memory.get(&file).map(|text| parse(&file, text).source.unwrap().dump)
}

fn parse(file: &str, text: &str) -> Entry {
    let (entry, problems) = content::parse_entry(file, story(), text);
    assert!(problems.is_empty(), "{file}: {problems:?}\n{text}");
    entry.unwrap()
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            chance: Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            counter: 0,
            named: seed.is_multiple_of(2),
            page: Vec::new(),
            files: BTreeMap::new(),
            memory: BTreeMap::new(),
            dumps: BTreeSet::new(),
            captures: BTreeMap::new(),
            words: Vec::new(),
            deleted: BTreeSet::new(),
        };
        for _ in 0..4 {
            world.post();
        }
        world
    }

    /// A word that stands nowhere else.
    fn word(&mut self, kind: char) -> String {
        self.counter += 1;
        format!("{kind}{:05}x", self.counter)
    }

    fn block(&mut self) -> String {
        (0..6).map(|_| self.word('p')).collect::<Vec<_>>().join(" ")
    }

    fn post(&mut self) {
        let name = if self.named { self.word('n') } else { String::new() };
        let minute = self.page.len() * 7 + self.chance.below(5);
        let title = format!("Title {}", self.word('p'));
        let blocks = (0..=self.chance.below(4)).map(|_| self.block()).collect();
        self.page.push(Post { name, minute, title, blocks });
    }

    /// The publisher changes something on the page.
    fn publish(&mut self) {
        let at = self.chance.below(self.page.len());
        match self.chance.below(7) {
            0 => self.post(),
            1 if self.page.len() > 3 => _ = self.page.remove(at),
            2 if self.named => self.page[at].title = format!("Title {}", self.word('p')),
            3 => {
                let block = self.block();
                let place = self.chance.below(self.page[at].blocks.len() + 1);
                self.page[at].blocks.insert(place, block);
            }
            4 if self.page[at].blocks.len() > 2 => {
                let place = self.chance.below(self.page[at].blocks.len());
                self.page[at].blocks.remove(place);
            }
            _ => {
                let (word, place) = (self.word('p'), self.chance.below(6));
                let block = self.chance.below(self.page[at].blocks.len());
                let block = &mut self.page[at].blocks[block];
                let mut words: Vec<&str> = block.split(' ').collect();
                words[place] = &word;
                *block = words.join(" ");
            }
        }
    }

    /// A person works on a file.
    fn curate(&mut self, seen: &mut Seen) {
        let paths: Vec<String> = self.files.keys().cloned().collect();
        if paths.is_empty() {
            return;
        }
        let path = paths[self.chance.below(paths.len())].clone();
        let text = self.files[&path].clone();
        let entry = parse(&path, &text);
        let word = self.word('h');
        let mut blocks: Vec<String> = entry.body.split("\n\n").map(str::to_string).collect();
        let place = self.chance.below(blocks.len());
        let publishers = blocks[place].contains('p') && !blocks[place].starts_with(['>', '[']);
        let mut alters = false;
        let what = self.chance.below(12);
        let new = match what {
            0..=2 => {
                blocks.insert(place + 1, format!("> [!NOTE]\n> {word}"));
                content::with_body(&text, &blocks.join("\n\n"))
            }
            3 if publishers => {
                blocks[place] = format!("{}[^{word}]", blocks[place]);
                blocks.push(format!("[^{word}]: {word}"));
                content::with_body(&text, &blocks.join("\n\n"))
            }
            4 if publishers => {
                alters = true;
                let (head, _) = blocks[place].rsplit_once(' ').unwrap_or_default();
                blocks[place] = format!("{head} {word}");
                content::with_body(&text, &blocks.join("\n\n"))
            }
            5 => {
                alters = true;
                blocks.insert(place, word.clone());
                content::with_body(&text, &blocks.join("\n\n"))
            }
            6 => content::add_tags(&text, &[&word]),
            7 => {
                alters = true;
                Some(text.replacen("title = \"", &format!("title = \"{word} "), 1))
            }
            8 => Some(text.replacen("+++\n", &format!("+++\n# {word}\n"), 1)),
            9 => Some(text.replacen("\nlines = ", &format!("\n# {word}\nlines = "), 1)),
            10 => {
                self.files.remove(&path);
                self.files.insert(format!("content/quell/{word}.md"), text);
                return;
            }
            11 if self.files.len() > 3 => {
                self.files.remove(&path);
                self.words.retain(|word| word.id != entry.id);
                self.deleted.insert(entry.id);
                seen.deleted += 1;
                return;
            }
            _ => None,
        };
        if let Some(new) = new.filter(|new| *new != text) {
            // Words in a block that the person writes over are their own to lose.
            self.words.retain(|word| word.id != entry.id || new.contains(&word.text));
            self.files.insert(path, new);
            self.words.push(Word { id: entry.id, text: word, alters });
            seen.words += 1;
        }
    }

    fn dump(&self) -> Dump {
        let entries = self.page.iter().enumerate().map(|(at, post)| {
            let (hour, minute) = (5 + post.minute / 60, post.minute % 60);
            let stamp = format!("2031-04-02T{hour:02}:{minute:02}:00+01:00");
            DumpEntry {
                source_id: post.name.clone(),
                title: post.title.clone(),
                title_basis: TitleBasis::Stated,
                when: When::parse(&stamp).unwrap(),
                date_basis: Some(DateBasis::Stated),
                clock: None,
                stated: format!("{hour:02}:{minute:02}"),
                authors: Vec::new(),
                key_event: false,
                updated: When::Unknown,
                body: post.blocks.join("\n\n"),
                media: Vec::new(),
                embeds: Vec::new(),
                lines: (at * 10 + 1, at * 10 + 9),
            }
        });
        Dump {
            format: "none".into(),
            publisher: None,
            title: None,
            url: None,
            captured: None,
            summary: Vec::new(),
            entries: entries.collect(),
            newest_first: Some(false),
            decisions: Vec::new(),
            ledger: Ledger::default(),
            problems: Vec::new(),
        }
    }

    /// Reads the archive as an import does, and finds the place of everything.
    fn place(&self, name: &str) -> Vec<Placed> {
        let mut standing = Standing::default();
        for (path, text) in &self.files {
            standing.paths.insert(path.to_lowercase());
            standing.stands(parse(path, text), text.clone());
        }
        for (path, text) in self.memory.iter().filter(|(path, _)| path.starts_with(merge::BASE)) {
            standing.remember(parse(path, text));
        }
        for (path, text) in
            self.memory.iter().filter(|(path, _)| path.starts_with(merge::CONFLICTS))
        {
            let waiting = parse(path, text);
            standing.waiting.insert(waiting.id, waiting.source.unwrap().dump);
        }
        let dump = self.dump();
        merge::place(
            &Arrival {
                dump: &dump,
                name,
                story: &story(),
                held: &[],
                known: self.dumps.contains(name),
                kin: &self.dumps,
                perhaps: &BTreeSet::new(),
                later: &BTreeSet::new(),
            },
            &Matcher::new(&[]),
            &standing,
        )
    }

    fn import(&mut self, name: &str, seen: &mut Seen) {
        let bases: BTreeMap<Id, Entry> = self
            .memory
            .iter()
            .filter(|(path, _)| path.starts_with(merge::BASE))
            .map(|(path, text)| parse(path, text))
            .map(|base| (base.id.clone(), base))
            .collect();
        let placed = self.place(name);
        for placed in &placed {
            let waits = standing_waits(&self.memory, &placed.id);
            if placed.status != Status::Conflict
                && (waits.as_deref() == Some(name) || placed.base.is_some())
            {
                self.memory.remove(&merge::conflict_file(&placed.id));
            }
            for (file, text) in placed.files() {
                let there =
                    if file.starts_with("content/") { &mut self.files } else { &mut self.memory };
                there.insert(file, text);
            }
            seen.merged += usize::from(placed.status == Status::Merged);
            seen.conflicts += usize::from(placed.status == Status::Conflict);
        }
        let said = placed.iter().map(|p| (p.sighting.id.clone(), p.sighting.words.clone()));
        self.captures.insert(name.to_string(), said.collect());
        self.dumps.insert(name.to_string());
        seen.imports += 1;
        for (placed, post) in placed.iter().zip(&self.page) {
            if !self.deleted.contains(&placed.id) {
                self.marked(placed, post, bases.get(&placed.id));
            }
        }
        self.kept();
    }

    /// Every word of the person is there, and what they deleted is not.
    fn kept(&self) {
        let text: BTreeMap<Id, &String> =
            self.files.iter().map(|(path, text)| (parse(path, text).id, text)).collect();
        for word in &self.words {
            let there = text.get(&word.id).is_some_and(|text| text.contains(&word.text));
            assert!(there, "{} of {} is lost", word.text, word.id);
        }
        // What every capture says is remembered, now or as it was before.
        let remembered: BTreeSet<(Id, String)> = self
            .memory
            .iter()
            .filter(|(path, _)| !path.starts_with(merge::CONFLICTS))
            .map(|(path, text)| parse(path, text))
            .map(|entry| (entry.id.clone(), words_sha256(&entry)))
            .collect();
        for (name, said) in &self.captures {
            for (id, words) in said {
                let known = remembered.contains(&(id.clone(), words.clone()));
                assert!(known, "what {name} says of {id} is remembered nowhere");
            }
        }
        for id in &self.deleted {
            assert!(!text.contains_key(id), "{id} is back");
        }
    }

    /// What the publisher changed stands in the file, or the contradiction is marked.
    fn marked(&self, placed: &Placed, post: &Post, base: Option<&Entry>) {
        let said = |title: &str, body: &str| -> BTreeSet<String> {
            format!("{title} {body}").split_whitespace().map(str::to_string).collect()
        };
        let now = said(&post.title, &post.blocks.join(" "));
        let before = base.map(|base| said(&base.title, &base.body)).unwrap_or_default();
        if placed.status == Status::Conflict {
            let waits = &self.memory[&merge::conflict_file(&placed.id)];
            assert!(now.iter().all(|word| waits.contains(word)), "{} waits incomplete", placed.id);
            return;
        }
        let entry = parse(&placed.file, &self.files[&placed.file]);
        let text = format!("{} {}", entry.title, entry.body);
        for word in now.difference(&before) {
            assert!(text.contains(word), "{word} is not in {}, and nothing says so", placed.file);
        }
        for word in before.difference(&now) {
            assert!(
                !text.contains(word),
                "{word} is still in {}, and nothing says so",
                placed.file
            );
        }
    }

    /// The person settles the contradictions.
    fn resolve(&mut self) {
        let waiting: Vec<(String, String)> = self
            .memory
            .iter()
            .filter(|(path, _)| path.starts_with(merge::CONFLICTS))
            .map(|(path, text)| (path.clone(), text.clone()))
            .collect();
        for (file, theirs) in waiting {
            self.memory.remove(&file);
            let theirs = parse(&file, &theirs);
            let Some((path, text)) =
                self.files.iter().find(|(path, text)| parse(path, text).id == theirs.id)
            else {
                continue;
            };
            let (path, text) = (path.clone(), text.clone());
            let resolution = [Resolution::Mine, Resolution::Theirs][self.chance.below(2)];
            let ours = parse(&path, &text);
            let base_file = merge::base_file(&theirs);
            let base = self.memory.get(&base_file).map(|base| parse(&base_file, base));
            let (text, base) =
                merge::resolve(base.as_ref(), &ours, &text, &theirs, resolution).unwrap();
            if resolution == Resolution::Theirs {
                self.words.retain(|word| !(word.alters && word.id == theirs.id));
            }
            self.files.insert(path, text);
            let file = merge::base_file(&theirs);
            if let Some(former) = self.memory.insert(file.clone(), base) {
                let former_entry = parse(&file, &former);
                let words = words_sha256(&former_entry);
                self.memory.insert(revision_file(&former_entry, &words), former);
            }
        }
        self.kept();
    }
}

#[test]
fn nothing_of_a_persons_work_is_lost_in_years_of_imports() {
    let mut seen = Seen::default();
    let mut world = World::new(1);
    for round in 0..rounds() {
        if round % A_LIFE == 0 {
            world = World::new(round as u64 + 1);
            world.import("capture-0", &mut seen);
        }
        for _ in 0..=world.chance.below(3) {
            world.curate(&mut seen);
        }
        for _ in 0..world.chance.below(4) {
            world.publish();
        }
        let name = format!("capture-{}", round + 1);
        world.import(&name, &mut seen);
        let (files, memory) = (world.files.clone(), world.memory.clone());
        world.import(&name, &mut seen);
        for (before, now) in [(files, &world.files), (memory, &world.memory)] {
            for (path, text) in now {
                let was = before.get(path).map_or("", String::as_str);
                assert_eq!(was, text, "the same import wrote {path}");
            }
            assert_eq!(before.len(), now.len(), "the same import removed something");
        }
        if world.chance.below(3) == 0 {
            world.resolve();
        }
    }
    println!("{} rounds: {seen:?}", rounds());
    let enough = rounds() / 10;
    assert!(seen.merged > enough && seen.conflicts > enough && seen.words > enough, "{seen:?}");
    assert!(seen.deleted > rounds() / 100, "{seen:?}");
    // The text of a file is what its entry prints to, where a person has not touched it.
    let untouched = world.files.values().filter(|text| print_entry(&parse("x.md", text)) == **text);
    assert!(untouched.count() > 0);
}
