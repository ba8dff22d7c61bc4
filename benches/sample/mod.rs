//! The same made-up live blogs every time: as dumps, as an archive of their entries, and as the
//! content of a Hugo site. Nothing here is random beyond a fixed seed, so that two runs on two
//! machines work on the same bytes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use archive::content::{print_entry, print_story};
use archive::entry::{Entry, Slug, Source, Story, TitleBasis};
use archive::fixity::sha256;
use archive::format::built_in;
use archive::import::{self, Told};
use archive::merge::{self, Standing};
use archive::record::{self, Record};
use archive::site;
use archive::vocabulary::Matcher;
use chrono::{Datelike, Days, NaiveDate};

mod hugo;

/// How many stories there are, each from a dump of its own.
pub(crate) const STORIES: usize = 200;
/// How many entries a story has.
pub(crate) const EACH: usize = 50;
/// The days that the stories begin on are spread over so many.
const SPREAD: usize = 3 * 365;
/// How many entries a story has on one day.
const A_DAY: usize = 10;
/// The address of both sites, without which neither has a sitemap.
const BASE_URL: &str = "https://example.org/archive/";

/// A dump, by its file name.
pub(crate) struct Dump {
    /// The file name.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) text: String,
}

/// An archive that the dumps were imported into, every entry with three tags.
pub(crate) struct Sample {
    /// The dumps, in the order of their stories.
    pub(crate) dumps: Vec<Dump>,
    /// The stories, each with its entries as they stand in `content/`.
    pub(crate) stories: Vec<(Story, Vec<Entry>)>,
    records: Vec<Record>,
    tags: Vec<String>,
}

/// Returns what is told about a dump.
pub(crate) fn told(dump: &Dump) -> Told {
    Told { name: dump.name.clone(), ..Told::default() }
}

impl Sample {
    /// Makes the sample: dumps first, then their import, then tags.
    pub(crate) fn new() -> Self {
        let mut random = Random(1969);
        let tags = tags();
        let dumps: Vec<Dump> = (0..STORIES).map(|story| dump(&mut random, story)).collect();
        let formats = built_in();
        let (mut stories, mut records) = (Vec::new(), Vec::new());
        let mut ids = BTreeSet::new();
        for dump in &dumps {
            let read = import::read(dump.text.as_bytes(), &told(dump), &formats)
                .unwrap_or_else(|problems| panic!("{problems:?}"));
            assert_eq!(read.entries.len(), EACH, "{}", dump.name);
            let slug = Slug::from_words(dump.name.trim_end_matches(".txt"), Slug::LONGEST)
                .expect("a name of letters");
            let mut standing = Standing::default();
            standing.ids = std::mem::take(&mut ids);
            let kin = BTreeSet::new();
            let (name, story) = (&dump.name, &slug);
            let arrival = merge::Arrival {
                dump: &read,
                name,
                story,
                known: false,
                held: &[],
                kin: &kin,
                perhaps: &std::collections::BTreeSet::new(),
                later: &kin,
            };
            let placed = merge::place(&arrival, &Matcher::new(&[]), &standing);
            ids = standing.ids;
            let mut entries: Vec<Entry> = placed
                .into_iter()
                .filter_map(|placed| placed.stands)
                .map(|(entry, _)| entry)
                .collect();
            for entry in &mut entries {
                ids.insert(entry.id.clone());
                entry.tags = three(&mut random, &tags);
            }
            records.push(Record {
                dump: dump.name.clone(),
                sha256: sha256(dump.text.as_bytes()),
                bytes: dump.text.len() as u64,
                format: read.format.clone(),
                program: env!("CARGO_PKG_VERSION").into(),
                imported: "2031-04-02".into(),
                story: slug.to_string(),
                entries: read.entries.len(),
                lines: read.ledger.totals(),
                ..Record::default()
            });
            let source = Source {
                dump: dump.name.clone(),
                publisher: read.publisher.clone().unwrap_or_default(),
                ..Source::default()
            };
            let story = Story {
                title: archive::archive::title_from_name(slug.as_str(), None),
                slug,
                title_basis: TitleBasis::Made,
                sources: vec![source],
                lang: String::new(),
                summary: read.summary,
                aliases: Vec::new(),
                body: String::new(),
                file: String::new(),
                body_line: 0,
            };
            stories.push((story, entries));
        }
        Self { dumps, stories, records, tags }
    }

    /// Writes the dumps alone.
    pub(crate) fn write_dumps(&self, folder: &Path) {
        for dump in &self.dumps {
            write(&folder.join(&dump.name), &dump.text);
        }
    }

    /// Writes the archive.
    pub(crate) fn write_archive(&self, root: &Path) {
        let settings =
            format!("title = \"Sample\"\ndescription = \"Made up.\"\nbase_url = \"{BASE_URL}\"\n");
        write(&root.join(site::FILE), &settings);
        let tags = self.tags.iter().fold(String::new(), |mut text, tag| {
            let _ = writeln!(text, "[[tag]]\nname = \"{tag}\"\n");
            text
        });
        write(&root.join(archive::vocabulary::FILE), &tags);
        for (story, entries) in &self.stories {
            let folder = root.join(archive::input::CONTENT).join(story.slug.as_str());
            write(&folder.join(archive::content::STORY_FILE), &print_story(story));
            for entry in entries {
                write(&root.join(&entry.file), &print_entry(entry));
            }
        }
        let dumps = root.join(record::FOLDER);
        self.write_dumps(&dumps);
        for record in &self.records {
            let name = format!("{}{}", record.dump, record::EXTENSION);
            write(&dumps.join(name), &record::print(record));
        }
    }

    /// Writes the content of a Hugo site that says the same.
    pub(crate) fn write_hugo(&self, root: &Path) {
        hugo::write_site(self, root);
    }
}

fn write(path: &Path, text: &str) {
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).expect("the disk takes it");
}

/// `SplitMix64` (Steele, Lea and Flood 2014): enough to mix words, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `from` to `to`, both among them.
    fn number(&mut self, from: usize, to: usize) -> usize {
        from + usize::try_from(self.next() % (to - from + 1) as u64).unwrap_or_default()
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.number(0, list.len() - 1)]
    }

    /// Happens in so many of a hundred cases.
    fn happens(&mut self, percent: usize) -> bool {
        self.number(1, 100) <= percent
    }
}

/// 400 subjects.
fn tags() -> Vec<String> {
    let pairs = KINDS.iter().flat_map(|kind| PLACES.iter().map(move |place| (kind, place)));
    pairs.map(|(kind, place)| format!("{place} {kind}")).collect()
}

fn three(random: &mut Random, tags: &[String]) -> Vec<String> {
    let mut three: Vec<String> = Vec::new();
    while three.len() < 3 {
        let tag = &tags[random.number(0, tags.len() - 1)];
        if !three.contains(tag) {
            three.push(tag.clone());
        }
    }
    three
}

/// One live blog as the BBC's pages look when they are saved as text: newest first, heads numbered
/// and indented, stamps glued to titles.
fn dump(random: &mut Random, story: usize) -> Dump {
    let first = NaiveDate::from_ymd_opt(2014, 1, 6).expect("a day") // a Monday
        + Days::new((story * SPREAD / STORIES) as u64);
    let name = format!("{}-{}-{:03}.txt", random.one(PLACES), random.one(KINDS), story + 1);
    let mut text = String::from("Summary\n\n");
    for _ in 0..3 {
        let _ = write!(text, "  • {}\n\n", sentence(random).trim_end_matches('.'));
    }
    for number in 1..=EACH {
        let place = EACH - number;
        let day = first + Days::new((place / A_DAY) as u64);
        let minute = 7 * 60 + (place % A_DAY) * 75 + random.number(0, 60);
        let zone = if (4..=9).contains(&day.month()) {
            "British Summer Time"
        } else {
            "Greenwich Mean Time"
        };
        let _ = write!(
            text,
            "{number:>3}. {}published at {:02}:{:02} {zone} {}\n\n",
            title(random),
            minute / 60,
            minute % 60,
            day.format("%-d %B %Y")
        );
        body(random, &mut text);
    }
    Dump { name, text }
}

fn title(random: &mut Random) -> String {
    let words = random.number(4, 8);
    capital(&phrase(random, words))
}

/// About 120 words in paragraphs; lists and pictures in some.
fn body(random: &mut Random, text: &mut String) {
    let picture = random.happens(25).then(|| random.number(0, 2));
    let list = random.happens(15).then(|| random.number(1, 2));
    let paragraphs = random.number(3, 4);
    for paragraph in 0..paragraphs {
        text.push_str("    ");
        for sentence_number in 0..random.number(2, 3) {
            if sentence_number > 0 {
                text.push(' ');
            }
            text.push_str(&sentence(random));
        }
        text.push_str("\n\n");
        if picture == Some(paragraph) {
            let place = capital(random.one(PLACES));
            let _ = writeln!(text, "    {}Image source, {place} Pictures", title(random));
            if random.happens(50) {
                let _ = write!(text, "    Image caption,\n\n    {}\n", sentence(random));
            }
            text.push('\n');
        }
        if list == Some(paragraph) {
            for _ in 0..3 {
                let _ = write!(text, "    • {}\n\n", title(random));
            }
        }
    }
}

fn sentence(random: &mut Random) -> String {
    let words = random.number(9, 19);
    let mut text = capital(&phrase(random, words));
    if random.happens(10) {
        text.push_str(", \"as they said\"");
    }
    text.push('.');
    text
}

fn phrase(random: &mut Random, words: usize) -> String {
    (0..words).map(|_| random.one(WORDS)).collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

const PLACES: &[&str] = &[
    "quell", "marden", "ostrey", "tolland", "brisk", "havery", "lund", "calder", "penrow", "sarn",
    "wick", "aldous", "norrey", "fenwold", "gart", "isling", "morrow", "dunley", "eskdale",
    "thorne",
];
const KINDS: &[&str] = &[
    "dam", "bridge", "election", "flood", "strike", "harbour", "trial", "storm", "rescue",
    "launch", "inquiry", "festival", "march", "railway", "vaccine", "summit", "wildfire", "budget",
    "ferry", "hospital",
];
const WORDS: &[&str] = &[
    "the",
    "the",
    "the",
    "a",
    "a",
    "of",
    "of",
    "to",
    "to",
    "in",
    "in",
    "and",
    "and",
    "that",
    "is",
    "was",
    "for",
    "on",
    "with",
    "as",
    "by",
    "at",
    "from",
    "it",
    "be",
    "has",
    "have",
    "had",
    "not",
    "but",
    "are",
    "were",
    "they",
    "their",
    "which",
    "would",
    "will",
    "after",
    "before",
    "about",
    "more",
    "people",
    "officials",
    "reports",
    "said",
    "says",
    "told",
    "heard",
    "water",
    "river",
    "bridge",
    "road",
    "crews",
    "hundreds",
    "thousands",
    "morning",
    "evening",
    "overnight",
    "town",
    "city",
    "council",
    "minister",
    "police",
    "hospital",
    "families",
    "children",
    "school",
    "centre",
    "warning",
    "rain",
    "wind",
    "level",
    "metres",
    "miles",
    "hours",
    "minutes",
    "yesterday",
    "today",
    "tomorrow",
    "engineers",
    "gates",
    "opened",
    "closed",
    "moved",
    "reached",
    "waited",
    "asked",
    "answered",
    "expected",
    "confirmed",
    "denied",
    "agreed",
    "refused",
    "promised",
    "continued",
    "stopped",
    "began",
    "ended",
    "called",
    "found",
    "lost",
    "left",
    "returned",
    "north",
    "south",
    "east",
    "west",
    "along",
    "across",
    "between",
    "behind",
    "beyond",
    "still",
    "again",
    "also",
    "only",
    "now",
    "then",
    "there",
    "here",
    "first",
    "second",
    "last",
    "next",
    "several",
    "many",
    "few",
    "some",
    "all",
    "most",
    "power",
    "supplies",
    "services",
    "trains",
    "buses",
    "ferry",
    "shelter",
    "volunteers",
    "witnesses",
    "correspondent",
    "statement",
    "spokeswoman",
    "meeting",
    "decision",
    "situation",
    "building",
    "street",
    "square",
    "station",
    "emergency",
    "government",
    "parliament",
    "president",
    "international",
    "agreement",
    "evacuation",
    "temperature",
];
