//! What the docs show is what the program does: their longest example is run as it stands.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, run_in};

/// The fenced blocks of a Markdown file, each with its language.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_string(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

#[test]
fn the_publisher_of_the_format_guide_can_be_taught_as_it_says() {
    const FILE: &str = "formats/quell-courier.toml";
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/format.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let walk = guide.split("\n## The ledger").next().unwrap();
    let desk = Desk::new();
    let mut commands = 0;
    // From top to bottom, as a reader goes.
    for (language, block) in blocks(walk) {
        if let Some(shown) = block.strip_prefix("$ archive ") {
            let (command, output) = shown.split_once('\n').unwrap();
            let run = desk.run(&command.split(' ').collect::<Vec<_>>());
            let mut printed: Vec<String> =
                run.out.lines().chain(run.err.lines()).map(|l| l.trim_end().into()).collect();
            let mut told: Vec<String> =
                output.lines().map(|line| line.trim_end().to_string()).collect();
            printed.sort();
            told.sort();
            assert_eq!(printed, told, "{command}\n{}{}", run.out, run.err);
            commands += 1;
        } else if language == "text" {
            std::fs::write(desk.around().join("quell-live.txt"), block).unwrap();
        } else if block.starts_with("name = \"quell-courier\"") {
            desk.write(FILE, &block);
        } else if block.starts_with("[[discard]]\nname = \"masthead\"") {
            desk.write(FILE, format!("{}\n{block}", desk.read(FILE)));
        } else if language == "toml" {
            assert!(desk.read(FILE).contains(&block), "the proposal holds\n{block}");
        }
    }
    assert!(commands >= 6, "the guide shows what the program prints");
}

#[test]
fn every_command_that_the_readme_shows_is_one() {
    let readme = include_str!("../README.md");
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for line in readme.lines().filter_map(|line| line.strip_prefix("archive ")) {
        let command = line.split([' ', '#']).next().unwrap();
        let run = run_in(folder.path(), &[command, "--help"]);
        assert_eq!(run.code, 0, "archive {command}: {run:?}");
        count += 1;
    }
    assert!(count >= 5, "the README shows commands");
}

/// The working day of the guide, typed as it stands.
#[test]
fn the_working_day_of_the_curating_guide_can_be_typed_as_it_stands() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let guide = std::fs::read_to_string(docs.join("curating.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for capture in ["morning.txt", "evening.txt"] {
        std::fs::copy(docs.join("curating").join(capture), folder.path().join(capture)).unwrap();
    }
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_archive")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut commands = 0;
    let mut printed = String::new();
    for (language, block) in blocks(&guide) {
        if language == "text" {
            for line in block.lines() {
                assert!(printed.contains(line), "not printed: {line}\n{printed}");
            }
            continue;
        }
        assert_eq!(language, "sh", "{block}");
        let mut script = String::from("set -e\n");
        for line in block.lines() {
            let script_line = match line.split_once("# exits with 1") {
                Some((command, _)) => format!("if {command}; then exit 9; else test $? = 1; fi"),
                None => line.to_string(),
            };
            script = script + &script_line + "\n";
        }
        commands += block.lines().filter(|line| line.trim_start().starts_with("archive ")).count();
        let home = folder.path().join("quell");
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(if home.exists() { &home } else { folder.path() })
            .env("PATH", &path)
            .output()
            .unwrap();
        printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}\n{block}\n{printed}\n{err}", output.status);
    }
    assert!(commands > 25, "{commands} commands");
    // For whoever wants to look at the site.
    if let Some(keep) = std::env::var_os("KEEP_CURATED") {
        for (name, bytes) in common::bytes(folder.path()) {
            let path = std::path::Path::new(&keep).join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    let page = |name: &str| {
        let page = folder.path().join("quell/public/entries").join(name);
        std::fs::read_to_string(&page).unwrap_or_else(|_| panic!("{} is not there", page.display()))
    };
    let gates = page("2031-04-02-0540-gates-opened.html");
    assert!(gates.contains("A. Keeper") && gates.contains("The report of the inquiry, page 12"));
    assert!(gates.contains("<del>") && gates.contains("<ins>"));
    let boy = page("2031-04-02-0510-on-the-roof.html");
    assert!(boy.contains("name and age of a minor") && boy.contains("People in danger in a flood"));
    // What was taken out stands nowhere on the site, nor in the bag.
    for (name, text) in common::bytes(&folder.path().join("quell/public")) {
        assert!(!String::from_utf8_lossy(&text).contains("Tom Arden"), "{name}");
    }
    for (name, text) in common::bytes(&folder.path().join("bag")) {
        assert!(!String::from_utf8_lossy(&text).contains("Tom Arden"), "bag/{name}");
    }
    let ferry = page("2031-04-01-2205-ferry-tied-up.html");
    assert!(ferry.contains("The ferry company asked for it") && !ferry.contains("for the night"));
}

#[test]
fn the_architecture_is_one_page_and_names_every_module() {
    let (short, long) =
        (include_str!("../docs/architecture.md"), include_str!("../docs/inside.md"));
    let words = short.split_whitespace().count();
    assert!(words < 900, "docs/architecture.md has {words} words; docs/inside.md has room");
    let modules = include_str!("../src/lib.rs").lines();
    for module in modules.filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        let name = format!("`{module}`");
        assert!(short.contains(&name), "docs/architecture.md does not name {module}");
        assert!(long.contains(&format!("| {name} |")), "docs/inside.md does not tell {module}");
    }
}
