//! What several captures of one page show on the site, and entries that are one post.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use archive::capture::{self, Capture, Sighting, revision_file, words_sha256};
use archive::content::{parse_entry, print_entry};
use archive::entry::{Entry, Slug};
use archive::record::{self, Record};
use common::Desk;

/// The day of everything here.
const DAY: &str = "2031-04-02";

fn slug(name: &str) -> Slug {
    Slug::parse(name).unwrap()
}

/// An entry of the story `quell`, as an import writes it.
fn entry(id: &str, time: &str, title: &str, body: &str) -> Entry {
    let sha = archive::fixity::body_sha256(body);
    let order: u32 = time.replace(':', "").parse().unwrap();
    let text = format!(
        "+++\nid = \"{id}\"\ntitle = \"{title}\"\ndate = {DAY}T{time}:00+01:00\ndate_basis = \"stated\"\norder = {order}\ntags = []\n\n[source]\ndump = \"a.txt\"\nlines = [{order}, {order}]\nstated = \"{time}\"\nsha256 = \"{sha}\"\n+++\n\n{body}\n"
    );
    let file = format!("content/quell/{DAY}/{id}.md");
    let (entry, problems) = parse_entry(&file, slug("quell"), &text);
    assert!(problems.is_empty(), "{problems:?}");
    entry.unwrap()
}

fn from(entry: Entry, dump: &str) -> Entry {
    let mut entry = entry;
    entry.source.as_mut().unwrap().dump = dump.into();
    entry
}

/// Writes an entry as an import of it would.
fn stands(desk: &Desk, entry: &Entry) {
    desk.write(&entry.file, print_entry(entry));
    desk.write(&archive::merge::base_file(entry), print_entry(entry));
}

/// Writes a dump that holds those entries, in those words.
fn holds(desk: &Desk, dump: &str, list: &[&Entry]) {
    let record = Record {
        dump: dump.into(),
        sha256: "0".repeat(64),
        format: "generic".into(),
        program: "0.1.0".into(),
        imported: "2031-05-01".into(),
        story: "quell".into(),
        entries: list.len(),
        ..Record::default()
    };
    desk.write(&format!("dumps/{dump}"), "words");
    desk.write(&format!("dumps/{dump}{}", record::EXTENSION), record::print(&record));
    let sightings = list
        .iter()
        .map(|entry| Sighting { id: entry.id.clone(), lines: (1, 2), words: words_sha256(entry) })
        .collect();
    let capture = Capture { dump: dump.into(), sightings };
    desk.write(&capture::file(dump), capture::print(&capture));
}

/// Remembers what an entry said before.
fn said_before(desk: &Desk, entry: &Entry) {
    desk.write(&revision_file(entry, &words_sha256(entry)), print_entry(entry));
}

fn story(desk: &Desk, sources: &[(&str, &str)]) {
    let mut text = String::from("+++\ntitle = \"Flood in Quell\"\n");
    for (dump, captured) in sources {
        let url = "https://courier.example/live/flood";
        text += "\n[[sources]]\n";
        for (key, value) in
            [("dump", *dump), ("publisher", "Quell Courier"), ("url", url), ("captured", *captured)]
        {
            if !value.is_empty() {
                text += &[key, " = \"", value, "\"\n"].concat();
            }
        }
    }
    desk.write("content/quell/story.md", text + "+++\n");
}

/// A page as a reader hears it: its text, blanks made one.
fn heard(html: &str) -> String {
    let main = html.split("<main").nth(1).unwrap();
    let mut text = String::new();
    let mut inside = true;
    for c in main.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn built(desk: &Desk) {
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
}

fn page(desk: &Desk, file: &str) -> String {
    heard(&desk.read(&format!("public/{file}")))
}

/// Three captures of one page: one before the changes, one behind them, one much later.
fn three_captures(times: [&str; 3]) -> Desk {
    let desk = Desk::new();
    let before = entry(
        "gates",
        "09:00",
        "Gates to open",
        "All of the gates will be opened at noon, the mayor said.",
    );
    let gates =
        entry("gates", "09:00", "Gates opened", "Two gates were opened at noon, the mayor said.");
    let gone =
        entry("rumour", "09:10", "A rumour", "The bridge is said to have fallen into the river.");
    let typo = entry("rain", "09:20", "Rain goes on", "It has rained for nine days in the vallye.");
    let rain = entry("rain", "09:20", "Rain goes on", "It has rained for nine days in the valley.");
    let boats = entry("boats", "09:40", "Boats arrive", "Forty boats have reached the lower town.");
    let night =
        entry("night", "11:50", "Night falls", "The lower town is dark, and the water stands.");
    let last = entry("last", "12:30", "Until tomorrow", "We go on at six in the morning.");
    for entry in [&gates, &gone, &rain, &boats, &night, &last] {
        stands(&desk, entry);
    }
    said_before(&desk, &before);
    said_before(&desk, &typo);
    holds(&desk, "a.txt", &[&before, &gone, &typo]);
    holds(&desk, "b.txt", &[&gates, &rain, &boats]);
    holds(&desk, "c.txt", &[&night, &last]);
    let [a, b, c] = times;
    story(&desk, &[("b.txt", b), ("a.txt", a), ("c.txt", c)]);
    desk
}

const TIMES: [&str; 3] =
    ["2031-04-02T09:30:00+01:00", "2031-04-02T09:45:00+01:00", "2031-04-02T13:00:00+01:00"];

#[test]
fn an_entry_shows_what_the_publisher_changed_and_between_which_captures() {
    let desk = three_captures(TIMES);
    built(&desk);
    let gates = page(&desk, "entries/gates.html");
    for words in [
        "Headline and words changed between the captures of 2 April 2031, 09:30 UTC+1 and 2 April 2031, 09:45 UTC+1",
        "The headline was: Gates to open",
        "[taken out: All of the] [put in: Two] gates [taken out: will be] [put in: were] opened at noon",
        "Held by 2 captures: 2 April 2031, 09:30 UTC+1; 2 April 2031, 09:45 UTC+1.",
    ] {
        assert!(gates.contains(words), "{words}\n{gates}");
    }
    let rain = page(&desk, "entries/rain.html");
    assert!(rain.contains("1 small change of spacing"), "{rain}");
    assert!(rain.contains("[taken out: vallye] [put in: valley]"), "{rain}");
    // One capture alone has it, and nothing is to be said.
    let night = page(&desk, "entries/night.html");
    assert!(!night.contains("capture of") && !night.contains("publisher changed"), "{night}");
}

#[test]
fn what_a_later_capture_lacks_is_marked() {
    let desk = three_captures(TIMES);
    built(&desk);
    let rumour = page(&desk, "entries/rumour.html");
    let marker =
        "No longer in the capture of 2 April 2031, 09:45 UTC+1, which has the entries around it.";
    assert!(rumour.contains(marker), "{rumour}");
    // Where it stands among others, too, in front of its words.
    let story = desk.read("public/stories/quell.html");
    let story = story.split_once("<main").unwrap().1;
    let notice = "<p class=\"notices\" data-voice=\"curator\"><a href=\"../entries/rumour.html\">No longer in the capture of 2 April 2031, 09:45 UTC+1</a></p>";
    assert!(story.find(notice).unwrap() < story.find("The bridge is said").unwrap(), "{story}");
    assert_eq!(story.matches("class=\"notices\"").count(), 1, "{story}");
    // What stands before or behind all that a capture holds was perhaps on another page of the blog.
    for id in ["gates", "boats", "last"] {
        let text = page(&desk, &format!("entries/{id}.html"));
        assert!(!text.contains("No longer"), "{text}");
    }
}

#[test]
fn the_dumps_of_a_story_stand_in_the_order_of_their_captures() {
    let desk = three_captures(["", TIMES[1], TIMES[0]]);
    built(&desk);
    let story = page(&desk, "stories/quell.html");
    let made = "made from c.txt (Quell Courier), b.txt (Quell Courier), a.txt (Quell Courier)";
    assert!(story.contains(made), "{story}");
}

#[test]
fn stories_and_sources_tell_what_is_held_and_what_is_not() {
    let desk = three_captures(TIMES);
    built(&desk);
    let story = page(&desk, "stories/quell.html");
    for words in [
        "a.txt, 2 April 2031, 09:30 UTC+1: 3 entries, 09:00 to 09:20 UTC+1, 2 April 2031",
        "b.txt, 2 April 2031, 09:45 UTC+1: 3 entries, 09:00 to 09:40 UTC+1, 2 April 2031; 1 new, 2 changed, 1 no longer there",
        "No entry is held between 09:40 and 11:50 UTC+1, 2 April 2031.",
    ] {
        assert!(story.contains(words), "{words}\n{story}");
    }
    // Where a reader comes to it, and with the captures.
    assert_eq!(story.matches("No entry is held between").count(), 2, "{story}");
    assert!(
        story.find("No entry is held").unwrap() < story.find("Night falls").unwrap(),
        "{story}"
    );
    let source = page(&desk, "sources/b.txt.html");
    for words in [
        "Earlier 2 April 2031, 09:30 UTC+1",
        "Later 2 April 2031, 13:00 UTC+1",
        "New in it 09:40 UTC+1 Boats arrive",
        "No longer in it 09:10 UTC+1 A rumour",
        "CapturedWednesday 2 April 2031, 09:45 UTC+1",
        "Its entries Wednesday 2 April 2031 09:00 UTC+1 Gates opened 09:20 UTC+1 Rain goes on 09:40 UTC+1 Boats arrive",
    ] {
        assert!(source.contains(words), "{words}\n{source}");
    }
    assert_eq!(desk.run(&["check"]).err.matches("links").count(), 0);
}

#[test]
fn no_order_is_invented_where_times_are_not_known() {
    let desk = three_captures(["", "", ""]);
    built(&desk);
    let gates = page(&desk, "entries/gates.html");
    // As story.md lists them: b.txt, then a.txt.
    for words in [
        "changed between the captures of b.txt (time unknown) and a.txt (time unknown)",
        "The times of the captures do not tell their order",
        "The headline was: Gates opened",
    ] {
        assert!(gates.contains(words), "{words}\n{gates}");
    }
    let rumour = page(&desk, "entries/rumour.html");
    assert!(!rumour.contains("No longer in the capture"), "{rumour}");
}

#[test]
fn words_that_the_curator_took_out_are_in_no_revision() {
    let desk = three_captures(TIMES);
    let file = format!("content/quell/{DAY}/gates.md");
    let text = desk.read(&file).replace("the mayor said", "{{redacted: name of a minor}} said");
    desk.write(&file, text);
    built(&desk);
    let gates = page(&desk, "entries/gates.html");
    assert!(gates.contains("1 change, of which the words are not shown"), "{gates}");
    assert!(gates.contains("Between the captures of 2 April 2031, 09:30 UTC+1"), "{gates}");
    assert!(!gates.contains("mayor") && !gates.contains("Gates to open"), "{gates}");
}

/// The same post in two stories, annotated in the one that goes.
fn twins() -> Desk {
    let desk = Desk::new();
    let body = "The gates of the Quell dam were opened at noon, and the water filled the lower town within the hour.";
    let keep = entry("gates", "12:00", "Gates opened", body);
    let goes =
        entry("gates-too", "12:05", "Gates are opened", &body.replace("within the hour", "soon"));
    let goes = from(goes, "b.txt");
    let other = from(
        entry(
            "boats",
            "12:10",
            "Boats",
            "Forty boats have reached the lower town, says the harbour master.",
        ),
        "b.txt",
    );
    for entry in [&keep, &goes, &other] {
        stands(&desk, entry);
    }
    holds(&desk, "a.txt", &[&keep]);
    holds(&desk, "b.txt", &[&goes, &other]);
    story(&desk, &[("a.txt", ""), ("b.txt", "")]);
    desk
}

#[test]
fn pairs_are_proposed_until_somebody_says_that_they_are_two() {
    let desk = twins();
    let run = desk.run(&["duplicates"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("gates\n      gates-too"), "{}", run.out);
    assert!(run.out.contains(" | "), "{}", run.out);
    let run = desk.run(&["duplicates", "--json"]);
    let pair: serde_json::Value = serde_json::from_str(run.out.trim()).unwrap();
    assert_eq!((&pair["a"]["id"], &pair["b"]["id"]), (&"gates".into(), &"gates-too".into()));
    assert!(pair["score"].as_f64().unwrap() > 0.6, "{pair}");
    assert!(desk.run(&["duplicates", "--min", "0.99"]).out.contains("no two entries"));
    assert_eq!(desk.run(&["duplicates", "--story", "nowhere"]).code, 2);
    let run = desk.run(&["duplicates", "--different", "gates-too", "gates"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(desk.read(".archive/different.txt"), "gates gates-too\n");
    assert!(desk.run(&["duplicates"]).out.contains("no two entries"));
    let run = desk.run(&["duplicates", "--different", "gates", "gaets-too"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("did you mean gates-too?"), "{}", run.err);
}

#[test]
fn two_entries_become_one_and_no_line_of_a_person_is_lost() {
    let desk = twins();
    let goes = format!("content/quell/{DAY}/gates-too.md");
    let text = desk
        .read(&goes)
        .replace("tags = []", "tags = [\"Dam\"]\nkey_event = true # on the front page that day")
        .replace("at noon,", "at noon,[^1]")
        + "\n> [!NOTE]\n> The hour is disputed,[^1] see below.\n\n[^1]: So the report, page 12.\n";
    desk.write(&goes, &text);
    let keep = format!("content/quell/{DAY}/gates.md");
    let own = desk.read(&keep) + "\nMine.[^1]\n\n[^1]: My own footnote.\n";
    desk.write(&keep, own.replace("\nMine.[^1]\n", "\n> [!TIP]\n> Mine.[^1]\n"));
    let before = desk.files(".");
    let run = desk.run(&["join", "--dry-run", "gates", "gates-too"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("+[[witness]]"), "{}", run.out);
    common::assert_same(&desk.files("."), &before, "a dry run writes nothing");
    let run = desk.run(&["join", "gates", "gates-too"]);
    assert_eq!(run.code, 0, "{run:?}");
    let joined = desk.read(&keep);
    for line in [
        "aliases = [\"gates-too\"]",
        "tags = [\"Dam\"]",
        "[[witness]]\ndump = \"b.txt\"",
        "> [!NOTE]\n> The hour is disputed,[^1-2] see below.",
        "[^1-2]: So the report, page 12.",
        "[^1]: My own footnote.",
        "stood behind \u{201c}The gates of the Quell dam were opened at noon,\u{201d}.[^1-2]",
        "> key_event = true # on the front page that day",
    ] {
        assert!(joined.contains(line), "{line}\n{joined}");
    }
    assert!(!desk.root().join(&goes).exists());
    // An import of its dump knows it by this.
    assert!(desk.root().join(".archive/base/quell/gates-too.md").exists());
    built(&desk);
    assert!(desk.read("public/entries/gates-too.html").contains("gates.html"));
    let text = page(&desk, "entries/gates.html");
    assert!(
        text.contains("Held by 2 captures: a.txt (time unknown); b.txt (time unknown)"),
        "{text}"
    );
    // Both are captures of one page: what the other said is another wording.
    assert!(text.contains("The headline was: Gates opened"), "{text}");
    assert_eq!(desk.run(&["join", "gates", "gates-too"]).code, 1);
    assert!(desk.run(&["duplicates"]).out.contains("no two entries"));
}

#[test]
fn what_would_be_lost_is_not_joined() {
    let desk = twins();
    let file = format!("content/quell/{DAY}/gates-too.md");
    let text = desk.read(&file);
    for (changed, why) in [
        (text.replace("at noon", "at one"), "the publisher's words were changed here"),
        (text.replace("Gates are opened", "Gates open"), "the publisher's title was changed here"),
        (
            text.replace("\n[source]", "\n[[accepted]]\nsha256 = \"0\"\nbecause = \"a slip\"\n\n[source]"),
            "the correction would be lost",
        ),
        (
            text.replace("\n[source]", "\n[withdrawn]\ndate = 2031-05-01\nbecause = \"at the request of a family\"\n\n[source]"),
            "this entry is withdrawn",
        ),
    ] {
        assert_ne!(changed, text);
        desk.write(&file, &changed);
        let before = desk.files(".");
        let run = desk.run(&["join", "gates", "gates-too"]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.err.contains(why) && run.err.contains("hint:"), "{}", run.err);
        common::assert_same(&desk.files("."), &before, why);
    }
    assert_eq!(desk.run(&["join", "gates", "gates"]).code, 1);
}
