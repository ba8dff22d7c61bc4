//! The archives that the examples of docs/templates.md are read from: the sample of the repository, and
//! beside it a small story that has what the sample lacks. A field that no page has a value for wants
//! a line here.

use std::fmt::Write as _;
use std::path::Path;

use archive::build::{self, Plan};
use archive::capture::{self, Capture, Sighting, revision_file, words_sha256};
use archive::content::{parse_entry, print_entry};
use archive::entry::{Accepted, Entry, Slug, TitleBasis};
use archive::input::{self, Input};
use archive::record::{self, Record};
use archive::{merge, published, site, vocabulary, voices};

/// The day of the small story.
const DAY: &str = "2031-04-02";

/// The files of an archive, by their paths.
pub(crate) struct Files(Vec<Input>);

impl Files {
    /// The sample archive, as it is in the repository.
    fn sample() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut inputs = input::read(root).unwrap();
        // What a build of the sample remembers, and the templates, which are compiled in.
        inputs.retain(|input| !published::is_part(&input.path) && !input.is_in(input::TEMPLATES));
        Self(inputs)
    }

    /// Writes a file.
    pub(crate) fn put(&mut self, path: &str, text: String) {
        self.0.retain(|input| input.path != path);
        self.0.push(Input { path: path.into(), bytes: text.into_bytes(), is_link: false });
    }

    fn add(&mut self, path: &str, more: &str) {
        let there = self.0.iter().find(|input| input.path == path);
        let text = there.map(|input| input.text().unwrap()).unwrap_or_default();
        self.put(path, text + more);
    }

    /// Writes an entry, and what it was as it was imported.
    fn stands(&mut self, entry: &Entry, base: &Entry) {
        self.put(&entry.file, print_entry(entry));
        self.put(&merge::base_file(base), print_entry(base));
    }

    /// Writes a dump that holds those entries, in those words.
    fn holds(&mut self, dump: &str, list: &[&Entry], change: impl Fn(&mut Record)) {
        let mut record = Record {
            dump: dump.into(),
            sha256: archive::fixity::sha256(dump.as_bytes()),
            bytes: 1_250,
            format: "generic".into(),
            program: "0.1.0".into(),
            imported: "2031-05-01".into(),
            story: "quell".into(),
            entries: list.len(),
            ..Record::default()
        };
        record.lines.total = 40;
        record.lines.entries = 36;
        record.lines.unread = 4;
        change(&mut record);
        self.put(&format!("dumps/{dump}{}", record::EXTENSION), record::print(&record));
        let sight = |(at, entry): (usize, &&Entry)| {
            let lines = (3 * at + 1, 3 * at + 3);
            Sighting { id: entry.id.clone(), lines, words: words_sha256(entry) }
        };
        let sightings = list.iter().enumerate().map(sight).collect();
        let capture = Capture { dump: dump.into(), sightings };
        self.put(&capture::file(dump), capture::print(&capture));
    }

    /// Remembers what an entry said before.
    fn said_before(&mut self, entry: &Entry) {
        self.put(&revision_file(entry, &words_sha256(entry)), print_entry(entry));
    }

    /// Returns the plan of the site that these files make.
    pub(crate) fn plan(mut self) -> Plan {
        self.0.sort_by(|a, b| a.path.cmp(&b.path));
        let (plan, _) = build::plan(&self.0, None).unwrap_or_else(|problems| {
            let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", told.join("\n"));
        });
        plan
    }
}

/// An entry of the small story, as an import writes it.
fn entry(id: &str, time: &str, title: &str, body: &str) -> Entry {
    let sha = archive::fixity::body_sha256(body);
    let order: u32 = time.replace(':', "").parse().unwrap();
    let text = format!(
        "+++\nid = \"{id}\"\ntitle = \"{title}\"\ndate = {DAY}T{time}:00+01:00\ndate_basis = \"stated\"\norder = {order}\ntags = [\"Quell dam\"]\nauthors = [\"Ada Rill\"]\n\n[source]\ndump = \"a.txt\"\nlines = [{order}, {order}]\nstated = \"{time}\"\nsha256 = \"{sha}\"\n+++\n\n{body}\n"
    );
    let file = format!("content/quell/{DAY}/{id}.md");
    let (entry, problems) = parse_entry(&file, Slug::parse("quell").unwrap(), &text);
    assert!(problems.is_empty(), "{problems:?}");
    entry.unwrap()
}

/// The sample and the small story.
pub(crate) fn usual() -> Files {
    let mut files = Files::sample();
    story(&mut files);
    files.add(
        vocabulary::FILE,
        "\n[[tag]]\nname = \"Quell dam\"\naliases = [\"dam\"]\nmatches = [\"https://vocabulary.example/quell/7\"]\n",
    );
    // A story in another language than that of the interface.
    files.put(
        "content/crue/story.md",
        "+++\ntitle = \"La crue de Quell\"\nlang = \"fr\"\n+++\n".into(),
    );
    let text = "+++\nid = \"crue\"\ntitle = \"La crue\"\ndate = 2031-04-03\ndate_basis = \"curator\"\norder = 1\ntags = []\n+++\n\nLa ville basse est sous l\u{2019}eau.\n";
    files.put("content/crue/crue.md", text.into());
    // The day of the flood, by another clock: its stories stand side by side.
    let noon = text
        .replace("\"crue\"", "\"midi\"")
        .replace("2031-04-03", &format!("{DAY}T10:05:00+02:00"));
    files.put("content/crue/midi.md", noon);
    // The same day of another year.
    files.put(
        "content/crue/avant.md",
        text.replace("\"crue\"", "\"avant\"").replace("2031-04-03", "2030-04-02"),
    );
    // Lists of the calendar that were published, and in which nothing is filed any more.
    files.put(".archive/published/dates.txt", "dates/1968.html\n".into());
    files
}

/// The same, where every list is a long one: stories by days, tags by years, a calendar of years.
pub(crate) fn long() -> Files {
    let mut files = usual();
    files.add(site::FILE, "\nlong_list = 3\n");
    for month in 1..=12 {
        let id = format!("2032-{month:02}-gauge");
        let text = format!(
            "+++\nid = \"{id}\"\ntitle = \"The gauge at the mill\"\ndate = 2032-{month:02}-01\ndate_basis = \"curator\"\norder = {month}\ntags = [\"Quell dam\"]\nkey_event = true\n+++\n\nThe river stood at {month} metres.\n"
        );
        files.put(&format!("content/gauge/{id}.md"), text);
    }
    // Entries that stood on the page of the story, before it was long.
    files.put(".archive/published/stories.txt", "stories/quell.html#gates\n".into());
    files
}

/// A flood, in six captures of one page and one of another.
fn story(files: &mut Files) {
    let mut gates =
        entry("gates", "09:00", "Gates opened", "Two gates were opened at noon, the mayor said.");
    let early =
        entry("gates", "09:00", "Gates to open", "All of the gates will be opened at noon.");
    let rumour = entry("rumour", "09:10", "A rumour", "The bridge is said to have fallen.");
    let boy = entry("boy", "09:12", "On the roof", "Tom Arden, nine, waits on the roof.");
    let boy_early = entry("boy", "09:12", "On the roof", "Tom Arden waits on the roof.");
    let rain = entry("rain", "09:20", "Rain goes on", "It has rained for nine days in the valley.");
    let typo = entry("rain", "09:20", "Rain goes on", "It has rained for nine days in the vallye.");
    let mut boats = entry("boats", "09:40", "Boats", "Forty boats have reached the lower town.");
    let boats_early = Entry { authors: Vec::new(), ..boats.clone() };
    let mut ferry = entry("ferry", "10:00", "Ferry", "The ferry has stopped.");
    ferry.title_basis = TitleBasis::Made;
    let school = entry("school", "10:10", "School", "The school stays shut.");
    let bridge = entry("bridge", "10:20", "Bridge", "The bridge is closed to lorries.");
    let night = entry("night", "18:00", "Night falls", "The lower town is dark.");
    let last = entry("last", "18:30", "Until tomorrow", "We go on at six in the morning.");
    for other in [&rumour, &rain, &ferry, &school, &bridge, &night, &last] {
        files.stands(other, other);
    }
    // An address that it had once.
    gates.aliases = vec![Slug::parse("gates-to-open").unwrap()];
    gates.key_event = true;
    files.stands(&gates, &gates);
    // A correction of the publisher's words, with its reason.
    let imported = boats.clone();
    boats.body = boats.body.replace("Forty", "Fourteen");
    boats.accepted.push(Accepted {
        sha256: voices::voice_sha256(&boats),
        because: "The harbour master counted them.".into(),
        by: "A. Keeper".into(),
        date: archive::date::When::parse("2031-05-02").unwrap(),
    });
    files.stands(&boats, &imported);
    // Words that were taken out.
    let mut told = boy.clone();
    told.body = told.body.replace("Tom Arden", "{{redacted: name of a minor}}");
    files.stands(&told, &boy);
    for before in [&early, &typo, &boy_early, &boats_early] {
        files.said_before(before);
    }
    // What the last entry said before is not kept.
    let earlier = entry("last", "18:30", "Until later", "We go on.");

    let url = |record: &mut Record| record.url = "https://courier.example/live/flood".into();
    files.holds("a.txt", &[&early, &rumour, &boy_early, &typo, &boats_early], url);
    files.holds("b.txt", &[&gates, &boy, &rain, &imported], url);
    let morning = [&gates, &boy, &rain, &imported, &ferry, &school, &bridge];
    files.holds("c.txt", &morning, url);
    let with_rumour = [&gates, &rumour, &boy, &rain, &imported, &ferry, &school, &bridge];
    files.holds("d.txt", &with_rumour, url);
    files.holds("e.txt", &[&gates, &bridge], url);
    files.holds("f.txt", &[&night, &earlier], url);
    files.holds("g.txt", &[&night, &last], url);
    files.holds("leaflet.txt", &[], |record| {
        record.sealed = true;
        record.sealed_because = "It names people who did not ask for it.".into();
    });

    // An entry that is shown no more, and two that are dated no closer than a year and a month.
    let front = |id: &str, rest: &str| {
        format!(
            "+++\nid = \"{id}\"\ntitle = \"The old dam\"\norder = 1\ntags = []\n{rest}+++\n\nStone.\n"
        )
    };
    let source = format!(
        "\n[source]\ndump = \"b.txt\"\nlines = [1, 3]\nsha256 = \"{}\"\n",
        archive::fixity::body_sha256("Stone.")
    );
    let withdrawn = "\n[withdrawn]\ndate = 2031-05-01\nbecause = \"It names a minor.\"\nreplacement = \"gates\"\n";
    files.put("content/quell/old-names.md", front("old-names", &(source + withdrawn)));
    for (id, date) in [("old-year", "2030"), ("old-month", "2031-05")] {
        let date = format!("date = \"{date}\"\ndate_basis = \"curator\"\n");
        files.put(&format!("content/quell/{id}.md"), front(id, &date));
    }

    let mut text = String::from(
        "+++\ntitle = \"Flood in Quell\"\ntitle_basis = \"made\"\nsummary = [\"The dam at Quell has opened its gates\"]\n",
    );
    let saved = [
        ("a.txt", "09:45"),
        ("b.txt", "09:50"),
        ("c.txt", "11:00"),
        ("d.txt", "12:00"),
        ("e.txt", "12:30"),
        ("f.txt", "19:00"),
        ("g.txt", "19:30"),
    ];
    for (dump, time) in saved {
        _ = write!(
            text,
            "\n[[sources]]\ndump = \"{dump}\"\npublisher = \"Quell Courier\"\ntitle = \"Flood in Quell: live\"\nurl = \"https://courier.example/live/flood\"\ncaptured = {DAY}T{time}:00+01:00\n"
        );
    }
    text += "\n[[sources]]\ndump = \"leaflet.txt\"\npublisher = \"Town of Quell\"\n";
    files.put("content/quell/story.md", text + "+++\n\nNine days of rain, and a dam.\n");
}
