//! The bag of a deposit, with real files. Tools of others check it in `.ci/deposit`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::collections::BTreeMap;

use archive::fixity::sha256;
use common::{Desk, LIVE, Run, assert_same, bytes, run_in};

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";
const ID: &str = "2031-04-02-0540-gates-opened";

/// Makes a bag beside the archive, and returns its files.
fn deposit(desk: &Desk, name: &str) -> (Run, BTreeMap<String, Vec<u8>>) {
    let place = desk.around().join(name);
    let run = desk.run(&["deposit", place.to_str().unwrap(), "--date", "2031-05-01"]);
    (run, bytes(&place))
}

fn text(bag: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(bag.get(name).unwrap_or_else(|| panic!("no {name}")).clone()).unwrap()
}

/// The files of a bag in which some words stand.
fn holding<'a>(bag: &'a BTreeMap<String, Vec<u8>>, words: &str) -> Vec<&'a str> {
    let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(words);
    bag.iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_bag_holds_the_whole_archive_and_says_so() {
    let desk = Desk::imported();
    desk.write("static/images/boat 1.jpg", "no picture");
    desk.write("static/.nojekyll", "");
    desk.write("content/quell-live/notes.md~", "left by an editor");
    assert_eq!(desk.run(&["build"]).code, 0);
    let (run, bag) = deposit(&desk, "bag");
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    assert_eq!(text(&bag, "bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    assert_eq!(text(&bag, "data/dumps/quell-live.txt"), LIVE);
    for name in [
        "data/site.toml",
        "data/dumps/SHA256SUMS",
        "data/dumps/quell-live.txt.record.toml",
        "data/content/quell-live/story.md",
        "data/static/images/boat 1.jpg",
        "data/static/.nojekyll",
        "data/site/index.html",
        "data/site/images/boat 1.jpg",
        &format!("data/{GATES}"),
        &format!("data/.archive/base/quell-live/{ID}.md"),
        "data/.archive/published.txt",
        "data/.archive/published/entries.txt",
        "data/datapackage.json",
        "data/entries.csv",
        "data/ro-crate-metadata.json",
    ] {
        assert!(bag.contains_key(name), "{name}");
    }
    assert_eq!(holding(&bag, "left by an editor"), Vec::<&str>::new());
    assert!(!bag.keys().any(|name| name.contains("cache") || name.contains(".archive-output")));
    let manifest = text(&bag, "manifest-sha256.txt");
    let listed: BTreeMap<&str, &str> = manifest
        .lines()
        .map(|line| line.split_once("  ").unwrap())
        .map(|(sum, name)| (name, sum))
        .collect();
    let payload: Vec<&str> =
        bag.keys().map(String::as_str).filter(|name| name.starts_with("data/")).collect();
    assert_eq!(listed.keys().copied().collect::<Vec<_>>(), payload);
    for (name, sum) in listed {
        assert_eq!(sha256(&bag[name]), sum, "{name}");
    }
    assert_eq!(text(&bag, "manifest-sha512.txt").lines().count(), payload.len());
    for line in text(&bag, "tagmanifest-sha256.txt").lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(sha256(&bag[name]), sum, "{name}");
    }
    let size: usize = payload.iter().map(|name| bag[*name].len()).sum();
    let info = text(&bag, "bag-info.txt");
    assert!(info.contains(&format!("\nPayload-Oxum: {size}.{}\n", payload.len())), "{info}");
    assert!(info.contains("Bagging-Date: 2031-05-01\n"), "{info}");
    // What is in the bag is an archive again.
    let run = run_in(&desk.around().join("bag/data"), &["check"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    // Again, the same bytes; a folder that is empty may stand there.
    std::fs::create_dir(desk.around().join("again")).unwrap();
    assert_same(&deposit(&desk, "again").1, &bag, "the same deposit");
}

#[test]
fn the_table_and_the_crate_say_what_is_there() {
    let desk = Desk::imported();
    desk.write("site.toml", "title = \"Quell\"\ncurator = \"A. Okoro\"\nrights = \"Ask\"\nbase_url = \"https://quell.example/\"\n");
    let (run, bag) = deposit(&desk, "bag");
    assert_eq!(run.code, 0, "{run:?}");
    let package: serde_json::Value = serde_json::from_slice(&bag["data/datapackage.json"]).unwrap();
    let resource = &package["resources"][0];
    assert_eq!(resource["hash"], format!("sha256:{}", sha256(&bag["data/entries.csv"])));
    assert_eq!(resource["bytes"], bag["data/entries.csv"].len());
    assert_eq!(resource["schema"]["primaryKey"], "id");
    let csv = text(&bag, "data/entries.csv");
    let names: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let fields = resource["schema"]["fields"].as_array().unwrap();
    assert_eq!(
        fields.iter().map(|field| field["name"].as_str().unwrap()).collect::<Vec<_>>(),
        names
    );
    assert!(csv.contains(&format!("https://quell.example/entries/{ID}.html")), "{csv}");
    let crate_: serde_json::Value =
        serde_json::from_slice(&bag["data/ro-crate-metadata.json"]).unwrap();
    let entity = |id: &str| {
        let graph = crate_["@graph"].as_array().unwrap();
        graph.iter().find(|entity| entity["@id"] == id).unwrap_or_else(|| panic!("no {id}")).clone()
    };
    let root = entity("./");
    assert_eq!((&root["name"], &root["datePublished"]), (&"Quell".into(), &"2031-05-01".into()));
    assert_eq!(entity("#curator")["name"], "A. Okoro");
    let dump = entity("dumps/quell-live.txt");
    assert_eq!(dump["sha256"], sha256(LIVE.as_bytes()));
    assert_eq!(dump["contentSize"], LIVE.len().to_string());
    let import = entity("#import-quell-live.txt");
    assert_eq!(import["object"][0]["@id"], "dumps/quell-live.txt");
    assert_eq!(import["result"].as_array().unwrap().len(), 2);
    assert_eq!(import["result"][1]["@id"], GATES);
    assert!(bag.contains_key(&format!("data/{}", import["result"][1]["@id"].as_str().unwrap())));
    assert_eq!(entity(import["instrument"]["@id"].as_str().unwrap())["name"], "archive");
}

#[test]
fn withdrawn_and_redacted_words_are_nowhere_in_a_bag() {
    let desk = Desk::imported();
    let revision = format!(".archive/revisions/quell-live/{ID}.0123456789abcdef.md");
    desk.write(&revision, desk.read(GATES).replace("at dawn", "before dawn"));
    let sums = format!("{}  {ID}.0123456789abcdef.md\n", sha256(desk.read(&revision).as_bytes()));
    desk.write(".archive/revisions/quell-live/SHA256SUMS", sums);
    let gates = desk.read(GATES);
    desk.write(
        GATES,
        gates.replace(
            "\n\n[source]",
            "\n\n[withdrawn]\ndate = 2031-04-09\nbecause = \"At the wish of a person\"\n\n[source]",
        ),
    );
    desk.write(RAIN, desk.read(RAIN).replace("nine days", "{{redacted: a number}}"));

    let (run, bag) = deposit(&desk, "open");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.err.contains("warning: dumps/quell-live.txt: this dump is in the bag, and still holds the words of 2 entries"),
        "{}",
        run.err
    );
    // Of the revision, which no dump holds.
    assert_eq!(holding(&bag, "before dawn"), Vec::<&str>::new());
    for words in ["opened at dawn", "Gates opened", "nine days"] {
        assert_eq!(holding(&bag, words), ["data/dumps/quell-live.txt"], "{words}");
    }
    let tombstone = text(&bag, &format!("data/{GATES}"));
    assert!(
        tombstone.contains("title = \"Withdrawn\"")
            && tombstone.contains("At the wish of a person"),
        "{tombstone}"
    );
    assert!(!text(&bag, "data/entries.csv").contains(ID));
    let kept: Vec<&str> =
        bag.keys().map(String::as_str).filter(|name| name.starts_with("data/.archive/")).collect();
    assert!(!kept.iter().any(|name| name.contains(".md")), "{kept:?}");
    for sums in kept.iter().filter(|name| name.ends_with("SHA256SUMS")) {
        assert!(!text(&bag, sums).contains(".md"), "{sums}");
    }

    let record = "dumps/quell-live.txt.record.toml";
    desk.write(record, desk.read(record).replace("\n\n[lines]", "\nsealed = true\n\n[lines]"));
    let (run, bag) = deposit(&desk, "sealed");
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    let page = text(&bag, &format!("data/site/entries/{ID}.html"));
    assert!(page.contains("At the wish of a person"), "{page}");
    for words in ["opened at dawn", "before dawn", "Gates opened", "nine days"] {
        assert_eq!(holding(&bag, words), Vec::<&str>::new(), "{words}");
    }
    assert!(bag.contains_key(&format!("data/{record}")), "its hash is kept");
    assert_eq!(text(&bag, "data/dumps/SHA256SUMS"), "");
}

#[test]
fn a_deposit_that_cannot_be_leaves_nothing() {
    let desk = Desk::imported();
    let around = || {
        let items = std::fs::read_dir(desk.around()).unwrap().flatten();
        let mut names: Vec<_> =
            items.map(|item| item.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    let before = around();
    let inside = desk.root().join("content/bag");
    for (place, told) in [
        (desk.root(), "is the archive itself"),
        (inside, "is part of the archive's own folder content"),
        (desk.around().join("quell-live.txt"), "is there already"),
    ] {
        let run = desk.run(&["deposit", place.to_str().unwrap()]);
        assert!(run.code == 2 && run.err.contains(told), "{run:?}");
    }
    let run = desk.run(&["deposit", "../bag", "--date", "2031-04"]);
    assert!(run.code == 2 && run.err.contains("expected a day"), "{run:?}");
    desk.write("dumps/quell-live.txt", LIVE.replace("nine", "ten"));
    let (run, _) = deposit(&desk, "bag");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains("error: dumps/quell-live.txt: this dump has the SHA-256"),
        "{}",
        run.err
    );
    desk.remove("dumps/quell-live.txt");
    let (run, _) = deposit(&desk, "bag");
    assert!(run.code == 1 && run.err.contains("this dump is not there"), "{run:?}");
    desk.write(GATES, desk.read(GATES).replace("title = ", "tilte = "));
    let (run, _) = deposit(&desk, "bag");
    assert!(run.code == 1 && run.err.ends_with("no bag was made: 2 errors\n"), "{run:?}");
    assert_eq!(around(), before);
}
