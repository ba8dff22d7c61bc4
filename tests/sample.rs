//! The sample archive in this repository: it builds without a word, and it is what its dumps say.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::path::{Path, PathBuf};

use common::{assert_same, bytes, run_in};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// A copy of the sample archive, so that no test writes into the repository.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["content", "dumps", ".archive/base", ".archive/captures"] {
        for (file, bytes) in bytes(&repository().join(name)) {
            let path = folder.path().join(name).join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    for name in ["site.toml", "tags.toml"] {
        std::fs::copy(repository().join(name), folder.path().join(name)).unwrap();
    }
    folder
}

#[test]
fn it_builds_and_checks_without_a_finding() {
    let folder = copy();
    let run = run_in(folder.path(), &["build"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    let run = run_in(folder.path(), &["check"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    let home = std::fs::read_to_string(folder.path().join("public/index.html")).unwrap();
    assert!(
        home.contains("reconstruction") && home.contains("not a document"),
        "the home page says what it is"
    );
}

#[test]
fn its_dumps_give_its_entries_and_nothing_changes_on_importing_again() {
    let folder = copy();
    let before = bytes(folder.path());
    let run = run_in(
        folder.path(),
        &[
            "import",
            "dumps/apollo-11-live.txt",
            "dumps/apollo-11-background.txt",
            "--publisher",
            "The archive sample desk",
        ],
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.out.contains("47 entries (47 unchanged)")
            && run.out.contains("8 entries (8 unchanged)"),
        "{run:?}"
    );
    assert_eq!(run.out.matches(" 0 unread\n").count(), 2, "{run:?}");
    assert_same(&bytes(folder.path()), &before, "imported again");
}

#[test]
fn it_shows_every_kind_of_annotation() {
    let content: String = bytes(&repository().join("content"))
        .into_values()
        .map(|file| String::from_utf8(file).unwrap())
        .collect();
    for mark in [
        "[!NOTE]",
        "[!IMPORTANT]",
        "[!WARNING]",
        "[!CAUTION]",
        "[!TIP]",
        "[^1]:",
        "> — The makers of archive, ",
        "> \"a boy who bet five dollars\": ",
        "date_basis = \"curator\"",
        "key_event = true",
    ] {
        assert!(content.contains(mark), "{mark}");
    }
}
