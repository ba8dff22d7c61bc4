//! Every `tests/dumps/<format>/<case>.txt` becomes the `<case>.json` beside it.
//!
//! A new case needs no Rust. What a curator would tell stands in an optional `<case>.toml` with the
//! keys `date`, `zone`, `source_url` and `captured`; `UPDATE=1` writes the expected files anew, to be read before they are
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
    let dumps = files.into_iter().filter(|path| path.extension().is_some_and(|e| e == "txt"));
    let named = |path: &Path| Some(path.parent()?.file_name()?.to_str()?.to_string());
    dumps.map(|path| (path.clone(), named(&path).unwrap())).collect()
}

fn told(path: &Path) -> Told {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut told = Told { name, ..Told::default() };
    if let Some(bytes) = fs::read_if_there(&path.with_extension("toml")).unwrap() {
        let table: toml::Table = toml::from_str(std::str::from_utf8(&bytes).unwrap()).unwrap();
        let word = |key: &str| table.get(key).and_then(toml::Value::as_str);
        told.date = word("date").map(|date| When::parse(date).unwrap());
        told.zone = word("zone").map(|zone| import::zone_named(zone).unwrap());
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
    let tested: BTreeSet<_> = cases().into_iter().map(|(_, format)| format).collect();
    assert_eq!(formats, tested, "tests/dumps/<format>/ and formats/<format>.toml belong together");
    let files = fs::walk(&folder().join("../../formats")).unwrap();
    assert_eq!(files.len(), formats.len(), "every file in formats/ is one line in BUILT_IN");
}
