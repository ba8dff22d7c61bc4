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
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/format.md");
    let blocks = blocks(&std::fs::read_to_string(guide).unwrap());
    let text = |start: &str| {
        let found = blocks.iter().find(|(_, block)| block.starts_with(start));
        found.unwrap_or_else(|| panic!("no block that begins with {start}")).1.clone()
    };
    let desk = Desk::new();
    std::fs::write(desk.around().join("quell-live.txt"), text("Quell Courier\n")).unwrap();
    let shown: Vec<&String> = blocks
        .iter()
        .map(|(_, block)| block)
        .filter(|block| block.starts_with("$ archive "))
        .collect();
    assert!(shown.len() >= 4, "the guide shows what the program prints");
    let format = text("name = \"quell-courier\"");
    let more = text("[[discard]]\nname = \"masthead\"");
    for (at, block) in shown.iter().enumerate() {
        // Nothing is taught at first, then the format, at last the rule for the line left over.
        match at {
            0 => {}
            1 | 2 => desk.write("formats/quell-courier.toml", &format),
            _ => desk.write("formats/quell-courier.toml", format!("{format}\n{more}")),
        }
        let (command, output) = block.split_once('\n').unwrap();
        let arguments: Vec<&str> = command.trim_start_matches("$ archive ").split(' ').collect();
        let run = desk.run(&arguments);
        let mut printed: Vec<String> =
            run.out.lines().chain(run.err.lines()).map(|l| l.trim_end().into()).collect();
        let mut told: Vec<String> =
            output.lines().map(|line| line.trim_end().to_string()).collect();
        printed.sort();
        told.sort();
        assert_eq!(printed, told, "{command}");
    }
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
