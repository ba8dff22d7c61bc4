//! Every `tests/dumps/<format>/<case>.txt` becomes the `<case>.json` beside it, and so does every
//! `tests/dumps/html/<engine>[_<case>].html`, `.mhtml` and `.data` (data that is JSON).
//!
//! A new case needs no Rust. What a curator would tell stands in an optional `<case>.toml` with the
//! keys `date`, `zone`, `format`, `source_url` and `captured`; `UPDATE=1` writes the expected files anew, to be read before they are
//! committed.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use archive::date::When;
use archive::format::{Format, built_in};
use archive::fs;
use archive::import::{self, Told};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dumps")
}

/// Every dump among the cases, with the format that its folder names.
fn cases() -> Vec<(PathBuf, String)> {
    let files = fs::walk(&folder()).unwrap();
    let is_dump = |path: &PathBuf| path.extension().is_some_and(|e| KINDS.iter().any(|k| e == *k));
    files.into_iter().filter(is_dump).map(|path| (path.clone(), format_of(&path))).collect()
}

/// The kinds of dumps; what a JSON file becomes is JSON, too, so it has another name here.
const KINDS: [&str; 4] = ["txt", "html", "mhtml", "data"];

/// The format that a case is for: its folder, or for pages the engine that begins its name.
fn format_of(path: &Path) -> String {
    let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let stem = path.file_stem().unwrap().to_str().unwrap();
    match folder {
        "html" => stem.split('_').next().unwrap().to_string(),
        folder => folder.to_string(),
    }
}

/// The files of `formats/html/`, but the one that speaks for all.
fn engines() -> BTreeSet<String> {
    let files = fs::walk(&folder().join("../../formats/html")).unwrap();
    let stems = files.iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned());
    stems.filter(|stem| stem != "common").collect()
}

fn told(path: &Path) -> Told {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut told = Told { name, ..Told::default() };
    if let Some(bytes) = fs::read_if_there(&path.with_extension("toml")).unwrap() {
        let table: toml::Table = toml::from_str(std::str::from_utf8(&bytes).unwrap()).unwrap();
        let word = |key: &str| table.get(key).and_then(toml::Value::as_str);
        told.date = word("date").map(|date| When::parse(date).unwrap());
        told.zone = word("zone").map(|zone| import::zone_named(zone).unwrap());
        told.format = word("format").map(str::to_string);
        told.source_url = word("source_url").map(str::to_string);
        told.captured = word("captured").map(|when| when.parse().unwrap());
    }
    told
}

/// What a dump becomes, or the findings that it is refused with.
fn understood(path: &Path, formats: &[Format]) -> Value {
    let told = told(path);
    match import::read(&fs::read(path).unwrap(), &told, formats) {
        Ok(dump) => import::json(&told.name, &dump),
        Err(findings) => {
            // What other formats miss in it changes with every format that is added.
            let others = |message: &str| {
                message.starts_with("not `") && !message.starts_with("not `generic`")
            };
            let own = findings.iter().filter(|finding| !others(&finding.message));
            own.map(ToString::to_string).collect()
        }
    }
}

#[test]
fn every_dump_becomes_what_stands_beside_it() {
    let formats = built_in();
    let mut wrong = Vec::new();
    for (path, format) in cases() {
        let found = understood(&path, &formats);
        if let Some(used) = found.get("format") {
            assert_eq!(used.as_str(), Some(format.as_str()), "{}", path.display());
        }
        let expected = path.with_extension("json");
        let written = format!("{}\n", serde_json::to_string_pretty(&found).unwrap());
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, written.as_bytes()).unwrap();
        } else if fs::read_if_there(&expected).unwrap().as_deref() != Some(written.as_bytes()) {
            wrong.push(format!("{} is not what was read:\n{written}", expected.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\nUPDATE=1 writes what was read", wrong.join("\n"));
}

#[test]
fn every_format_has_a_case_and_every_case_a_format() {
    let formats: BTreeSet<_> = built_in().into_iter().map(|format| format.name).collect();
    let count = formats.len();
    let mut formats: BTreeSet<_> = formats.into_iter().chain(engines()).collect();
    // What only JSON-LD tells needs no engine; data that nobody knows is a case, too.
    formats.extend(["json-ld", "none"].map(str::to_string));
    let tested: BTreeSet<_> = cases().into_iter().map(|(_, format)| format).collect();
    assert_eq!(formats, tested, "tests/dumps/<format>/ and formats/<format>.toml belong together");
    let files = fs::walk(&folder().join("../../formats")).unwrap();
    let texts = files.iter().filter(|path| !path.parent().unwrap().ends_with("html"));
    assert_eq!(texts.count(), count, "every file in formats/ is one line in BUILT_IN");
}
