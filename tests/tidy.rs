//! The repository's manners: the layers, the sizes, and what no file may hold.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

use std::collections::BTreeMap;
use std::path::Path;

/// The most lines of a file; longer ones have outgrown their room.
const LONGEST_FILE: usize = 600;

fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = walkdir::WalkDir::new(root.join("src")).into_iter().flatten();
    files
        .filter(|item| item.path().extension().is_some_and(|kind| kind == "rs"))
        .map(|item| {
            let name = item.path().strip_prefix(root).unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(item.path()).unwrap())
        })
        .collect()
}

/// The modules in the order in which `lib.rs` lists them.
fn layers(sources: &BTreeMap<String, String>) -> Vec<String> {
    let lib = &sources["src/lib.rs"];
    lib.lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_string)
        .collect()
}

/// The modules that a text uses: the first word behind every `crate::`.
fn used(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let code: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    for piece in code.join("\n").split("crate::").skip(1) {
        if let Some(list) = piece.strip_prefix('{') {
            let list = list.split('}').next().unwrap_or_default();
            names.extend(
                list.split(',')
                    .map(|item| item.trim().split(':').next().unwrap_or_default().to_string()),
            );
        } else {
            names.push(
                piece
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
                    .unwrap_or_default()
                    .to_string(),
            );
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn a_file_uses_only_what_stands_above_it() {
    let sources = sources();
    let layers = layers(&sources);
    assert!(layers.len() > 20, "{layers:?}");
    let place = |name: &str| layers.iter().position(|layer| layer == name);
    for (file, text) in
        sources.iter().filter(|(file, _)| *file != "src/lib.rs" && *file != "src/main.rs")
    {
        let module = file.trim_start_matches("src/").split(['/', '.']).next().unwrap();
        let module = module.trim_end_matches("_tests");
        let own = place(module).unwrap_or_else(|| panic!("{file} is not in lib.rs"));
        let text = text.split("#[cfg(test)]").next().unwrap();
        for name in used(text) {
            let Some(other) = place(&name) else { continue };
            assert!(
                other <= own,
                "{file} uses crate::{name}, which stands below {module} in lib.rs"
            );
        }
    }
}

#[test]
fn the_layer_test_can_fail() {
    assert_eq!(used("use crate::{cli, fs::read};\nuse crate::date::When;"), ["cli", "fs", "date"]);
}

#[test]
fn every_file_says_what_it_is_for_and_fits_a_room() {
    for (file, text) in sources() {
        let is_test = file.ends_with("tests.rs");
        assert!(text.starts_with("//!") || is_test, "{file} does not open with //!");
        assert!(text.lines().count() <= LONGEST_FILE, "{file} has over {LONGEST_FILE} lines");
        for word in ["TODO", "FIXME", "todo!(", "unimplemented!(", "dbg!(", "#[ignore"] {
            assert!(!text.contains(word), "{file} holds {word}");
        }
    }
}

#[test]
fn only_the_shell_touches_the_machine() {
    for (file, text) in sources() {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_string();
        let is_shell = file.starts_with("src/cli") || file == "src/fs.rs" || file == "src/serve.rs";
        for word in ["std::fs::", "println!(", "Utc::now(", "Local::now(", "env::var("] {
            assert!(is_shell || !text.contains(word), "{file} holds {word}");
        }
    }
}

#[test]
fn every_template_is_compiled_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for item in std::fs::read_dir(root).unwrap().flatten() {
        let name = item.file_name().to_string_lossy().into_owned();
        let known = archive::template::BUILT_IN.iter().any(|(known, _)| *known == name);
        let beside = [archive::template::STYLE.0, archive::template::SCRIPT.0];
        assert!(known || beside.contains(&name.as_str()), "templates/{name} is not in BUILT_IN");
    }
}
