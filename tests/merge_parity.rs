//! The three-way merge against `git merge-file`, on random texts.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may panic, holds real files, and says what it counted"
)]

mod common;

use std::path::Path;
use std::process::Command;

use archive::diff::{Side, merge};
use common::Chance;

/// How many random texts are merged: `MERGE_CASES`, or as many as a test can wait for.
fn cases() -> usize {
    std::env::var("MERGE_CASES").map_or(400, |count| count.parse().unwrap())
}

fn text(chance: &mut Chance, letters: usize) -> Vec<String> {
    (0..chance.below(14)).map(|_| format!("line {}\n", chance.below(letters))).collect()
}

fn edited(chance: &mut Chance, base: &[String], letters: usize) -> Vec<String> {
    let mut lines = base.to_vec();
    for _ in 0..chance.below(4) {
        let at = chance.below(lines.len() + 1);
        let new = format!("line {}\n", chance.below(letters));
        match chance.below(3) {
            0 => lines.insert(at, new),
            1 if at < lines.len() => lines[at] = new,
            _ if at < lines.len() => _ = lines.remove(at),
            _ => {}
        }
    }
    lines
}

/// What `git merge-file` makes of three texts; `None` for a conflict.
fn git(folder: &Path, base: &[String], ours: &[String], theirs: &[String]) -> Option<String> {
    for (name, lines) in [("base", base), ("ours", ours), ("theirs", theirs)] {
        std::fs::write(folder.join(name), lines.concat()).unwrap();
    }
    let out = Command::new("git")
        .args(["merge-file", "-p", "-q", "ours", "base", "theirs"])
        .current_dir(folder)
        .output()
        .expect("git is needed to compare with");
    out.status.success().then(|| String::from_utf8(out.stdout).unwrap())
}

fn own(base: &[String], ours: &[String], theirs: &[String]) -> Option<String> {
    fn lines(list: &[String]) -> Vec<&str> {
        list.iter().map(String::as_str).collect()
    }
    let (base, ours, theirs) = (lines(base), lines(ours), lines(theirs));
    let mut text = String::new();
    for chunk in merge(&base, &ours, &theirs) {
        text.push_str(&match chunk.side {
            Side::Base => base[chunk.base].concat(),
            Side::Ours => ours[chunk.ours].concat(),
            Side::Theirs => theirs[chunk.theirs].concat(),
            Side::Conflict => return None,
        });
    }
    Some(text)
}

#[test]
fn merges_as_git_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let (mut clean, mut differ) = (0, Vec::new());
    for case in 0..cases() {
        // Few letters make lines that recur, on which diffs are least sure.
        let letters = [3, 8, 200][case % 3];
        let base = text(&mut chance, letters);
        let ours = edited(&mut chance, &base, letters);
        let theirs = edited(&mut chance, &base, letters);
        let (git, own) = (git(folder.path(), &base, &ours, &theirs), own(&base, &ours, &theirs));
        clean += usize::from(git.is_some());
        if git != own {
            differ.push((base, ours, theirs, git, own));
        }
    }
    println!("{} cases, {clean} of them clean, {} differ", cases(), differ.len());
    assert!(clean > cases() / 4 && clean < cases(), "{clean} clean merges of {}", cases());
    // Where lines recur, a change can stand in several places; of those the two sometimes choose
    // another: 8 of 20,000.
    assert!(differ.len() * 1000 <= cases(), "{} differ; one: {:#?}", differ.len(), differ[0]);
}
