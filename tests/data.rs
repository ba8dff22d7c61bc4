//! What the site gives to other programs: data, annotations, feeds, the sitemap. Tools of others read
//! the same in `.ci/data`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::collections::BTreeMap;

use archive::fixity::sha256;
use common::Desk;
use serde_json::Value;

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";
const GATES_ID: &str = "2031-04-02-0540-gates-opened";
const RAIN_ID: &str = "2031-04-01-2115-rain-goes-on";
const SITE: &str = "title = \"Quell\"\ncurator = \"A. Okoro\"\nrights = \"Ask\"\nlanguage = \"en-GB\"\nbase_url = \"https://quell.example/\"\n";

fn built(desk: &Desk) {
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
}

/// The rows of the CSV, by id, each with its cells by column.
fn table(desk: &Desk) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = desk.read("public/data/entries.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_string).collect();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        names.iter().cloned().zip(row.iter().map(str::to_string)).collect::<BTreeMap<_, _>>()
    });
    rows.map(|row| (row["id"].clone(), row)).collect()
}

/// The rows of the JSON Lines, by id.
fn objects(desk: &Desk) -> BTreeMap<String, Value> {
    let text = desk.read("public/data/entries.jsonl");
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| (row["id"].as_str().unwrap().to_string(), row)).collect()
}

fn json(desk: &Desk, file: &str) -> Value {
    serde_json::from_str(&desk.read(file)).unwrap()
}

/// The texts of all elements of a name in a feed or sitemap.
fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap()).collect()
}

#[test]
fn every_entry_is_a_row_that_says_what_its_page_shows() {
    let desk = Desk::imported();
    desk.write("site.toml", SITE);
    let gates = desk.read(GATES);
    let edited = gates.replace("tags = []", "tags = [\"Quell; dam\"]\nauthors = [\"-B. Doe\"]\nkey_event = true").replace(
        "at dawn.",
        "at dawn.\n\n> [!NOTE]\n> \"gates of the Quell dam\": all four.\n>\n> \u{2014} A. Keeper, 2031-05-02",
    );
    desk.write(GATES, edited);
    desk.write(
        "content/quell-live/undated/hand.md",
        "+++\nid = \"hand\"\ntitle = \"=1+1\"\nclock = \"05:10\"\norder = 9\n+++\n\n@all: out.\n",
    );
    built(&desk);
    let (rows, objects) = (table(&desk), objects(&desk));
    assert_eq!(rows.len(), 3);
    assert_eq!(rows.keys().collect::<Vec<_>>(), objects.keys().collect::<Vec<_>>());
    let row = &rows[GATES_ID];
    for (column, cell) in [
        ("permalink", "entries/2031-04-02-0540-gates-opened.html"),
        ("story", "quell-live"),
        ("title", "Gates opened"),
        ("title_basis", "stated"),
        ("date", "2031-04-02T05:40:00+01:00"),
        ("date_basis", "stated"),
        ("day", "2031-04-02"),
        ("time", "05:40"),
        ("zone", "UTC+01:00"),
        ("tags", r"Quell\; dam"),
        ("authors", "'-B. Doe"),
        ("key_event", "yes"),
        ("words", "The gates of the Quell dam opened at dawn.\nWater filled the lower town."),
        ("annotations", "note: \"gates of the Quell dam\": all four. (A. Keeper, 2031-05-02)"),
        ("dump", "quell-live.txt"),
        ("dump_sha256", &sha256(common::LIVE.as_bytes())),
    ] {
        assert_eq!(row[column], cell, "{column}");
    }
    let object = &objects[GATES_ID];
    assert_eq!(object["authors"], serde_json::json!(["-B. Doe"]));
    assert_eq!(object["key_event"], true);
    assert_eq!(object["content_warning"], Value::Null);
    assert_eq!(object["annotations"][0]["quote"], "gates of the Quell dam");
    assert_eq!(
        objects[RAIN_ID]["not_held"],
        serde_json::json!(["image: He waited for a boat. River Press"])
    );
    // What the curator wrote has no source; a spreadsheet runs none of it.
    let hand = &rows["hand"];
    assert_eq!((hand["title"].as_str(), hand["words"].as_str()), ("'=1+1", "'@all: out."));
    assert_eq!((hand["time"].as_str(), hand["zone"].as_str()), ("05:10", ""));
    assert_eq!((hand["dump"].as_str(), hand["sha256"].as_str()), ("", ""));
    assert_eq!(objects["hand"]["title"], "=1+1");
}

#[test]
fn the_package_describes_both_files_as_they_are() {
    let desk = Desk::imported();
    desk.write("site.toml", SITE);
    built(&desk);
    let package = json(&desk, "public/data/datapackage.json");
    assert_eq!((&package["title"], &package["rights"]), (&"Quell".into(), &"Ask".into()));
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len(), 2);
    for resource in resources {
        let name = resource["path"].as_str().unwrap();
        let bytes = std::fs::read(desk.root().join("public/data").join(name)).unwrap();
        assert_eq!(resource["hash"], format!("sha256:{}", sha256(&bytes)), "{name}");
        assert_eq!(resource["bytes"], bytes.len(), "{name}");
        assert_eq!(resource["schema"]["primaryKey"], "id");
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert!(fields.iter().all(|field| !field["description"].as_str().unwrap().is_empty()));
        let first = String::from_utf8(bytes).unwrap();
        let first = first.lines().next().unwrap().to_string();
        if name.contains(".csv") {
            assert_eq!(first.split(',').collect::<Vec<_>>(), names);
        } else {
            // In the same order as the table's.
            let places: Vec<usize> =
                names.iter().map(|name| first.find(&format!("\"{name}\":")).unwrap()).collect();
            assert!(places.is_sorted(), "{first}");
        }
    }
    assert!(desk.read("public/index.html").contains("href=\"data/entries.csv\""));
    // A later build of the same files gives the same.
    let before = desk.files("public/data");
    std::fs::remove_dir_all(desk.root().join("public")).unwrap();
    built(&desk);
    let bytes = |files: &BTreeMap<String, (Vec<u8>, std::time::SystemTime)>| {
        files.iter().map(|(name, (bytes, _))| (name.clone(), bytes.clone())).collect()
    };
    common::assert_same::<Vec<u8>>(&bytes(&desk.files("public/data")), &bytes(&before), "data");
}

#[test]
fn what_was_taken_out_stands_in_no_file_for_programs() {
    let desk = Desk::imported();
    desk.write("site.toml", SITE);
    desk.write(
        GATES,
        desk.read(GATES).replace(
            "\n\n[source]",
            "\n\n[withdrawn]\ndate = 2031-04-09\nbecause = \"Asked for\"\n\n[source]",
        ),
    );
    let rain = desk
        .read(RAIN)
        .replace("nine days", "{{redacted: a number}}")
        .replace("\n\n[source]", "\nwarnings = [\"death\"]\n\n[source]");
    desk.write(RAIN, format!("{rain}\n> [!NOTE]\n> \"in Quell\": the town.\n"));
    built(&desk);
    let mut files = desk.files("public/data");
    files.extend(desk.files("public/stories"));
    files.insert("atom.xml".into(), (desk.read("public/atom.xml").into(), std::time::UNIX_EPOCH));
    for (name, (bytes, _)) in &files {
        let text = String::from_utf8_lossy(bytes);
        for words in ["nine days", "opened at dawn", "Water filled"] {
            assert!(!text.contains(words), "{name}: {words}");
        }
    }
    let row = &objects(&desk)[RAIN_ID];
    assert_eq!(objects(&desk).len(), 1, "the withdrawn entry is not among them");
    assert_eq!(
        row["words"].as_str().unwrap().lines().next(),
        Some("It has rained for [redacted: a number] in Quell.")
    );
    assert_eq!((&row["content_warning"], &row["sha256"]), (&"death".into(), &Value::Null));
    let items = &json(&desk, "public/data/annotations.jsonld")["first"]["items"];
    let told: Vec<&str> =
        items.as_array().unwrap().iter().map(|item| item["motivation"].as_str().unwrap()).collect();
    assert_eq!(told, ["commenting", "moderating"], "the warning goes with the quotation");
}

#[test]
fn a_note_leads_to_the_words_that_it_speaks_of() {
    let desk = Desk::imported();
    desk.write("site.toml", SITE);
    let gates = desk.read(GATES).replace("at dawn.", "at *dawn*, they said.[^1]");
    desk.write(GATES, format!("{gates}\n> [!IMPORTANT]\n> \u{201c}opened at dawn, they\u{201d}: an hour later.\n>\n> \u{2014} A. Keeper, 2031-05-02\n\n[^1]: The report,\n    page 12.\n"));
    built(&desk);
    let found = json(&desk, "public/data/annotations.jsonld");
    assert_eq!(found["total"], 2);
    let items = found["first"]["items"].as_array().unwrap();
    let source = format!("https://quell.example/entries/{GATES_ID}.html");
    let note = &items[0];
    assert_eq!(
        (&note["motivation"], &note["creator"]["name"]),
        (&"editing".into(), &"A. Keeper".into())
    );
    assert_eq!(note["created"], serde_json::json!({ "@type": "xsd:date", "@value": "2031-05-02" }));
    assert_eq!(note["target"]["source"], source.as_str());
    let selector = &note["target"]["selector"];
    assert_eq!(
        (selector["exact"].as_str(), selector["prefix"].as_str()),
        (Some("opened at dawn, they"), Some("The gates of the Quell dam "))
    );
    assert!(selector["suffix"].as_str().unwrap().starts_with(" said.1\n"), "{selector}");
    let footnote = &items[1];
    assert_eq!(footnote["body"]["value"], "The report, page 12.");
    assert_eq!(footnote["creator"]["name"], "A. Okoro", "who signs nothing is the curator");
    let mark = footnote["target"]["selector"]["value"].as_str().unwrap();
    assert!(
        desk.read(&format!("public/entries/{GATES_ID}.html")).contains(&format!("id=\"{mark}\""))
    );
    assert_ne!(note["id"], footnote["id"]);
}

#[test]
fn feeds_say_whose_words_they_hold_and_when_they_changed() {
    let desk = Desk::imported();
    desk.write("site.toml", SITE);
    desk.write(GATES, desk.read(GATES).replace("tags = []", "tags = [\"Quell dam\"]"));
    let story = "content/quell-live/story.md";
    desk.write(story, desk.read(story).replace("title =", "aliases = [\"old-name\"]\ntitle ="));
    built(&desk);
    let feed = desk.read("public/stories/quell-live.xml");
    assert!(feed.contains("xml:base=\"https://quell.example/stories/quell-live.xml\""), "{feed}");
    assert!(feed.contains("<title xml:lang=\"en-GB\">Gates opened</title>"), "{feed}");
    assert!(
        feed.contains(
            "<category term=\"Quell dam\" scheme=\"https://quell.example/tags/index.html\"/>"
        ),
        "{feed}"
    );
    // The publisher's words are not the curator's: each entry has an author of its own.
    let names = elements(&feed, "name");
    assert_eq!((names[0], names.len()), ("A. Okoro", 3), "{feed}");
    assert!(names[1..].iter().all(|name| *name != "A. Okoro"), "{names:?}");
    // The feed stays where it was under the story's old name.
    let ids = |feed: &str| {
        elements(feed, "id").into_iter().skip(1).map(str::to_string).collect::<Vec<_>>()
    };
    assert_eq!(ids(&desk.read("public/stories/old-name.xml")), ids(&feed));

    // A correction and a signed note are changes; the same entry from another dump is the same.
    let updated = |feed: &str| elements(feed, "updated")[1].to_string();
    let before = (ids(&feed), updated(&feed));
    let gates = desk.read(GATES).replace("quell-live.txt", "other.txt");
    desk.write(
        GATES,
        format!("{gates}\n> [!NOTE]\n> Mine.\n>\n> \u{2014} A. Keeper, 2131-05-02\n"),
    );
    built(&desk);
    let feed = desk.read("public/stories/quell-live.xml");
    assert_eq!(ids(&feed), before.0);
    assert_eq!(
        (updated(&feed).as_str(), updated(&feed) == before.1),
        ("2131-05-02T00:00:00+00:00", false)
    );
}

#[test]
fn a_year_that_is_over_keeps_its_sitemap() {
    let desk = Desk::imported();
    desk.write("site.toml", SITE);
    let write = |id: &str, date: &str| {
        desk.write(
            &format!("content/quell-live/more/{id}.md"),
            format!("+++\nid = \"{id}\"\ntitle = \"T\"\n{date}order = 9\n+++\n\nWords.\n"),
        );
    };
    write("old", "date = 2030-12-31\n");
    write("month", "date = \"2030-11\"\n");
    write("never", "");
    built(&desk);
    let places = |name: &str| {
        let xml = desk.read(&format!("public/{name}"));
        elements(&xml, "loc")
            .into_iter()
            .map(|loc| loc.replace("https://quell.example/", ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        places("sitemap.xml"),
        ["sitemap-pages.xml", "sitemap-2030.xml", "sitemap-2031.xml", "sitemap-undated.xml"]
    );
    assert_eq!(
        places("sitemap-2030.xml"),
        [
            "dates/2030-11.html",
            "dates/2030-12-31.html",
            "dates/2030-12.html",
            "dates/2030.html",
            "entries/month.html",
            "entries/old.html"
        ]
    );
    assert_eq!(places("sitemap-undated.xml"), ["entries/never.html"]);
    let all: Vec<String> = places("sitemap.xml").iter().flat_map(|part| places(part)).collect();
    let pages = desk
        .files("public")
        .into_keys()
        // What shows in another order what another page holds is no page of its own.
        .filter(|name| name.contains(".html") && !name.contains("/newest."))
        .filter(|name| name != "404.html");
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(sorted, pages.collect::<Vec<_>>(), "each page once");
    let before = desk.files("public");
    write("new", "date = 2031-06-01\n");
    built(&desk);
    let after = desk.files("public");
    assert_eq!(after["sitemap-2030.xml"], before["sitemap-2030.xml"], "not even written again");
    assert_ne!(after["sitemap-2031.xml"].0, before["sitemap-2031.xml"].0);
}
