//! The chain from dump to page: what changed in it is found, whatever it is.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use archive::capture::words_sha256;
use archive::check::{CHECKS, Evidence};
use archive::content::parse_entry;
use archive::entry::{Entry, Id, Slug};
use archive::{build, evidence, input};
use common::{Desk, assert_same};

const GATES: &str = "2031-04-02-0540-gates-opened";
const GATES_FILE: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";

/// The entries as they were imported.
fn bases(root: &Path) -> BTreeMap<Id, Entry> {
    let files = walkdir::WalkDir::new(root.join(".archive/base")).into_iter().flatten();
    let files = files.filter(|item| item.path().extension().is_some_and(|kind| kind == "md"));
    let read = |item: walkdir::DirEntry| {
        let text = std::fs::read_to_string(item.path()).unwrap();
        let file = item.path().strip_prefix(root).unwrap().to_string_lossy().into_owned();
        parse_entry(&file, Slug::parse("quell-live").unwrap(), &text).0.unwrap()
    };
    files.map(read).map(|entry| (entry.id.clone(), entry)).collect()
}

/// An archive with everything that can be remembered of an import, built.
fn remembered() -> Desk {
    let desk = Desk::imported();
    let mut lines = String::new();
    for (id, base) in bases(&desk.root()) {
        let source = base.source.as_ref().unwrap();
        let (first, last) = source.lines;
        writeln!(lines, "{} {first}-{last} {id}", words_sha256(&base)).unwrap();
    }
    desk.write(".archive/captures/quell-live.txt.txt", lines);
    let base = desk.read(&format!(".archive/base/quell-live/{GATES}.md"));
    desk.write(&format!(".archive/revisions/quell-live/{GATES}.0123456789abcdef.md"), base);
    // A build writes the hashes of what has none yet.
    for folder in ["base/quell-live", "captures", "revisions/quell-live"] {
        let _ = std::fs::remove_file(desk.root().join(".archive").join(folder).join("SHA256SUMS"));
    }
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = desk.run(&["check"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    desk
}

/// Chance that is the same each time (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

#[test]
fn of_1000_flipped_bits_each_is_found() {
    const ROUNDS: usize = 1000;
    let desk = remembered();
    let root = desk.root();
    let plan = build::plan(&input::read(&root).unwrap(), None).unwrap().0;
    let bases = bases(&root);
    let found = |files: &str| {
        let hashes = evidence::read(&root).unwrap();
        let evidence = Evidence::new(&plan, BTreeSet::new(), &bases, hashes);
        let checks =
            CHECKS.iter().filter(|check| ["fixity", "bases", "changes"].contains(&check.name));
        let told: Vec<String> = checks
            .flat_map(|check| check.run(&evidence))
            .map(|finding| finding.to_string())
            .filter(|finding| finding.contains(files))
            .collect();
        told
    };
    assert_eq!(found(""), Vec::<String>::new());
    let files: Vec<(String, Vec<u8>)> = desk
        .files("")
        .into_iter()
        .filter(|(name, _)| {
            ["dumps/", "content/", ".archive/base/", ".archive/captures/", ".archive/revisions/"]
                .iter()
                .any(|folder| name.starts_with(folder))
        })
        .map(|(name, (bytes, _))| (name, bytes))
        .collect();
    assert!(files.len() >= 12, "{:?}", files.iter().map(|(name, _)| name).collect::<Vec<_>>());
    let (mut chance, mut missed) = (Chance(20_310_402), Vec::new());
    let started = Instant::now();
    for _ in 0..ROUNDS {
        let (name, bytes) = &files[chance.below(files.len())];
        let (at, bit) = (chance.below(bytes.len()), chance.below(8));
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << bit;
        desk.write(name, &flipped);
        // The finding names the file, or the one beside it that it does not fit any more.
        let folder = name.rsplit_once('/').unwrap().0;
        if found(folder).is_empty() {
            missed.push(format!("{name}: byte {at}, bit {bit}"));
        }
        desk.write(name, bytes);
    }
    assert_eq!(missed, Vec::<String>::new(), "not found of {ROUNDS}");
    assert_eq!(found(""), Vec::<String>::new());
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn what_changed_since_the_last_build_is_told_until_it_is_built() {
    let desk = remembered();
    let text = desk.read(GATES_FILE);
    desk.write(GATES_FILE, text.replace("tags = []", "tags = [\"Dam\"]"));
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains(&format!("warning: {GATES_FILE}: changed since the last build")),
        "{run:?}"
    );
    assert!(run.err.contains("if you edited it: archive build"), "{run:?}");
    assert_eq!(desk.run(&["build"]).code, 0);
    assert_eq!(desk.run(&["check"]).code, 0);
    desk.remove("content/quell-live/story.md");
    let run = desk.run(&["check"]);
    assert!(run.err.contains("content/quell-live/story.md: gone since the last build"), "{run:?}");
}

#[test]
fn a_page_that_rotted_is_told_and_can_be_made_again() {
    let desk = remembered();
    let page = format!("public/entries/{GATES}.html");
    let right = desk.read(&page);
    desk.write(&page, right.replace("dawn", "dusk"));
    let run = desk.run(&["check", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let told = json["pages"].as_array().unwrap();
    assert!(told.len() == 1 && told[0].as_str().unwrap().contains(&page), "{json}");
    for name in ["content", "links", "fixity", "bases", "voices", "published", "changes"] {
        assert_eq!(json[name], serde_json::json!([]), "{name}: {json}");
    }
    desk.remove(&page);
    assert_eq!(desk.run(&["build"]).code, 0);
    assert_eq!(desk.read(&page), right);
    assert_eq!(desk.run(&["check"]).code, 0);
    // A site that was taken away is no finding.
    std::fs::remove_dir_all(desk.root().join("public")).unwrap();
    assert_eq!(desk.run(&["check"]).code, 0);
}

#[test]
fn a_build_of_unchanged_files_writes_no_hash_again() {
    let desk = remembered();
    let before = desk.files("");
    assert_eq!(desk.run(&["build"]).code, 0);
    assert_same(&desk.files(""), &before, "built again");
    // Without them, all is written again, and the same.
    std::fs::remove_dir_all(desk.root().join(".archive/content")).unwrap();
    desk.remove(".archive/SHA256SUMS");
    assert_eq!(desk.run(&["build"]).code, 0);
    for file in [".archive/SHA256SUMS", ".archive/content/quell-live.sha256"] {
        assert_eq!(desk.read(file).into_bytes(), before[file].0, "{file}");
    }
}

#[test]
fn what_an_entry_and_a_capture_say_of_a_dump_is_true() {
    let desk = remembered();
    let text = desk.read(GATES_FILE);
    desk.write(GATES_FILE, text.replace("lines = [5, 9]", "lines = [5, 900]"));
    let run = desk.run(&["check"]);
    assert!(
        run.err.contains("its lines 5 to 900 are not in `quell-live.txt`, which has 19"),
        "{run:?}"
    );
    desk.write(GATES_FILE, text);
    let capture = ".archive/captures/quell-live.txt.txt";
    let mut lines = desk.read(capture);
    let none = "0".repeat(64);
    writeln!(lines, "{none} 1-2 {GATES}\n{none} 3-4 nobody").unwrap();
    desk.write(capture, lines);
    let run = desk.run(&["check"]);
    assert!(
        run.err.contains(&format!("{capture}:3: what it says of the entry `{GATES}`")),
        "{run:?}"
    );
    assert!(
        run.err.contains(&format!("{capture}:4: nothing is remembered of the entry `nobody`")),
        "{run:?}"
    );
}

#[cfg(unix)]
#[test]
fn others_can_verify_it_all() {
    let desk = remembered();
    let verify = |folder: &str, list: &str| {
        let run = Command::new("sha256sum")
            .args(["--strict", "-c", list])
            .current_dir(desk.root().join(folder))
            .output();
        let Ok(output) = run else { return };
        assert!(output.status.success(), "{folder}/{list}: {output:?}");
    };
    verify("dumps", "SHA256SUMS");
    verify(".archive/base/quell-live", "SHA256SUMS");
    verify(".archive/captures", "SHA256SUMS");
    for list in
        [".archive/SHA256SUMS", ".archive/content/quell-live.sha256", ".archive/cache/pages.sha256"]
    {
        verify("", list);
    }
}

#[test]
fn an_entrys_page_has_its_papers() {
    let desk = Desk::new();
    let dump = desk.around().join("quell-live.txt");
    std::fs::write(&dump, common::LIVE).unwrap();
    let run = desk.run(&[
        "import",
        dump.to_str().unwrap(),
        "--publisher",
        "Quell Courier",
        "--source-url",
        "https://courier.example/live?a=1&b=2",
        "--captured",
        "2031-04-03T10:00:00+01:00",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let base = &bases(&desk.root())[&Slug::parse(GATES).unwrap()];
    let line = |words: &str| format!("{words} 5-9 {GATES}\n");
    desk.write(".archive/captures/quell-live.txt.txt", line(&words_sha256(base)));
    desk.write(".archive/captures/quell-later.txt.txt", line(&"0".repeat(64)));
    let text = desk.read(GATES_FILE);
    let text = text.replace("at dawn", "at noon").replace("tags = []", "tags = [\"Dam\"]");
    let text = text.replace(
        "date = 2031-04-02T05:40:00+01:00",
        "date = 2031-04-03\ndate_because = \"So the inquiry.\"",
    );
    desk.write(GATES_FILE, text.replace("date_basis = \"stated\"", "date_basis = \"curator\""));
    assert_eq!(desk.run(&["build"]).code, 0);
    let page = desk.read(&format!("public/entries/{GATES}.html"));
    let sum = &desk.read("dumps/SHA256SUMS")[..64];
    for words in [
        "<dt>Publisher</dt><dd>Quell Courier</dd>",
        "<a href=\"https://courier.example/live?a=1&amp;b=2\" data-originalurl=\"https://courier.example/live?a=1&amp;b=2\" data-versiondate=\"2031-04-03T09:00:00Z\">",
        "<dt>Captured</dt><dd>Thursday 3 April 2031, 10:00 UTC+1</dd>",
        "<dt>Lines</dt><dd>5 to 9 of 19</dd>",
        "quell-live.txt, saved Thursday 3 April 2031, 10:00 UTC+1, lines 5 to 9: the same words</a>",
        "quell-later.txt, lines 5 to 9: different words",
        "<dt>Date</dt><dd>The curator gave the date: So the inquiry.</dd>",
        "<dt>Changed by the curator</dt><dd>the words, for no stated reason</dd>",
        "<dd>the date, which was imported as Wednesday 2 April 2031</dd>",
        "<dd>tags added: Dam</dd>",
        "imported ",
        &format!("<code>{}</code>", base.source.as_ref().unwrap().sha256),
        &format!("<code>{sum}</code>"),
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let proves_no = "It does not show that the publisher ever published it.";
    assert_eq!(page.matches(proves_no).count(), 2, "{page}");
}
