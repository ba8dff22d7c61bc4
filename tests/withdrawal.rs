//! Withdrawn entries: a tombstone at their address, and not a word of them anywhere else.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, assert_same, bytes};

const RAIN: &str = "2031-04-01-2115-rain-goes-on";
const RAIN_FILE: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";
const GATES: &str = "2031-04-02-0540-gates-opened";

fn done(desk: &Desk, arguments: &[&str]) -> String {
    let run = desk.run(arguments);
    assert_eq!(run.code, 0, "{run:?}");
    run.out
}

/// An archive that was published with its address, in which an entry has a tag and an alias of its
/// own.
fn published() -> Desk {
    let desk = Desk::imported();
    let site = desk.read("site.toml");
    desk.write("site.toml", format!("{site}\nbase_url = \"https://quell.example/\"\n"));
    let text = desk.read(RAIN_FILE);
    desk.write(RAIN_FILE, text.replace("tags = []", "tags = [\"Roofs\"]\naliases = [\"rain\"]"));
    done(&desk, &["build"]);
    desk
}

#[test]
fn a_withdrawn_entry_leaves_only_its_tombstone() {
    let desk = published();
    let feed = desk.read("public/atom.xml");
    assert!(feed.contains("nine days") && feed.contains("Rain goes on"), "{feed}");
    let before = bytes(&desk.root());
    let arguments = [
        "withdraw",
        RAIN,
        "--because",
        "It names a minor.",
        "--replacement",
        GATES,
        "--date",
        "2031-05-01",
    ];
    let shown = done(&desk, &[&arguments[..], &["--dry-run"]].concat());
    assert!(shown.contains("+++ b/content/"), "{shown}");
    assert_same(&bytes(&desk.root()), &before, "a dry run");
    let body = desk.read(RAIN_FILE).split("+++\n").nth(2).unwrap().to_string();
    done(&desk, &arguments);
    let text = desk.read(RAIN_FILE);
    assert!(text.ends_with(&body), "{text}");
    assert!(
        text.contains("[withdrawn]\ndate = 2031-05-01\nbecause = \"It names a minor.\"\n"),
        "{text}"
    );
    done(&desk, &["build"]);
    for (file, bytes) in bytes(&desk.root().join("public")) {
        // Pictures of text are no text.
        let page = String::from_utf8_lossy(&bytes);
        for words in ["Rain goes on", "nine days", "waited for a boat"] {
            assert!(!page.contains(words), "{file} holds {words}");
        }
        let may_name_it = file.starts_with("entries/rain.html")
            || file == format!("entries/{RAIN}.html")
            || file == "stories/quell-live.html"
            || file == ".archive-output";
        assert!(may_name_it || !page.contains(RAIN), "{file} names it");
    }
    let tombstone = desk.read(&format!("public/entries/{RAIN}.html"));
    let sum = desk.read("dumps/SHA256SUMS")[..64].to_string();
    for words in [
        "<meta name=\"robots\" content=\"noindex\">",
        RAIN,
        "Thursday 1 May 2031",
        "It names a minor.",
        &format!("<a href=\"{GATES}.html\" dir=\"auto\">Gates opened</a>"),
        &sum,
    ] {
        assert!(tombstone.contains(words), "{words}: {tombstone}");
    }
    assert!(desk.read("public/entries/rain.html").contains(&format!("url={RAIN}.html")));
    let story = desk.read("public/stories/quell-live.html");
    assert!(story.contains("1 entry of this story is withdrawn."), "{story}");
    let source = desk.read("public/sources/quell-live.txt.html");
    assert!(source.contains("1 entry of this dump is withdrawn."), "{source}");
    assert!(story.contains("Wednesday 2 April 2031"), "{story}");
    let home = desk.read("public/index.html");
    assert!(home.contains("1 entry in 1 story"), "{home}");
    let neighbour = desk.read(&format!("public/entries/{GATES}.html"));
    assert!(!neighbour.contains("rel=\"prev\""), "{neighbour}");
    assert!(desk.read("public/tags/roofs.html").contains("Nothing is filed here any more"));
    assert!(!desk.read("public/tags/index.html").contains("Roofs"));
    // Every address that was published leads somewhere still.
    let run = desk.run(&["check"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    // Taken back by hand, it is what it was.
    desk.write(RAIN_FILE, before[RAIN_FILE].clone());
    done(&desk, &["build"]);
    assert!(desk.read(&format!("public/entries/{RAIN}.html")).contains("nine days"));
}

#[test]
fn a_story_of_withdrawn_entries_is_still_a_story() {
    let desk = published();
    desk.remove("content/quell-live/story.md");
    for id in [RAIN, GATES] {
        done(&desk, &["withdraw", id, "--because", "Both."]);
    }
    done(&desk, &["build"]);
    let story = desk.read("public/stories/quell-live.html");
    assert!(story.contains("2 entries of this story are withdrawn."), "{story}");
    let run = desk.run(&["check"]);
    assert!(!run.err.contains("was published"), "{run:?}");
}

#[test]
fn a_slip_is_told_and_nothing_is_written() {
    let desk = published();
    let before = bytes(&desk.root());
    for (arguments, why) in [
        (&["withdraw", "nobody", "--because", "x"][..], "no entry has the id"),
        (
            &["withdraw", RAIN, "--because", "x", "--replacement", "nobody"][..],
            "no entry has the id",
        ),
        (&["withdraw", RAIN, "--because", "x", "--replacement", RAIN][..], "its own replacement"),
        (&["withdraw", RAIN, "--because", ""][..], "expected a reason"),
        (&["withdraw", "rain", "--because", "x"][..], "is called"),
        (&["seal", "nothing.txt", "--because", "x"][..], "no record"),
    ] {
        let run = desk.run(arguments);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(why), "{run:?}");
    }
    assert_same(&bytes(&desk.root()), &before, "refused");
    done(&desk, &["withdraw", RAIN, "--because", "x"]);
    let run = desk.run(&["withdraw", RAIN, "--because", "y"]);
    assert!(run.code == 2 && run.err.contains("withdrawn already"), "{run:?}");
    // By hand, the same slip is an error of the file.
    let text = desk.read(RAIN_FILE);
    desk.write(
        RAIN_FILE,
        text.replace("because = \"x\"", "because = \"x\"\nreplacement = \"nobody\""),
    );
    let run = desk.run(&["build"]);
    assert!(run.code == 1 && run.err.contains("the replacement `nobody`"), "{run:?}");
}

#[test]
fn a_sealed_dump_may_be_gone_but_not_changed() {
    let desk = published();
    done(&desk, &["withdraw", RAIN, "--because", "It names a minor."]);
    let status = done(&desk, &["status"]);
    assert!(status.contains("withdrawn: 1") && status.contains("archive seal"), "{status}");
    done(&desk, &["seal", "quell-live.txt", "--because", "It names a minor."]);
    assert!(!done(&desk, &["status"]).contains("is not sealed"));
    done(&desk, &["build"]);
    let source = desk.read("public/sources/quell-live.txt.html");
    assert!(source.contains("<dt>Sealed</dt>") && source.contains("It names a minor."), "{source}");
    assert_eq!(desk.run(&["check"]).code, 0);
    let dump = std::fs::read(desk.root().join("dumps/quell-live.txt")).unwrap();
    desk.write("dumps/quell-live.txt", "something else");
    let run = desk.run(&["check"]);
    assert!(run.code == 1 && run.err.contains("not what was imported"), "{run:?}");
    desk.remove("dumps/quell-live.txt");
    assert_eq!(desk.run(&["check"]).code, 0);
    desk.write("dumps/quell-live.txt", dump);
    assert_eq!(desk.run(&["check"]).code, 0);
}

#[test]
fn a_dump_is_sealed_with_its_entry() {
    let desk = published();
    done(&desk, &["withdraw", RAIN, "--because", "It names a minor.", "--seal"]);
    assert!(desk.read("dumps/quell-live.txt.record.toml").contains("sealed = true\n"));
    assert!(!desk.root().join("dumps/SHA256SUMS").exists());
}
