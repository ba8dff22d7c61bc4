//! Dates as a curator gives them: `archive date`, and what `archive status --undated` shows.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, assert_same};

const BOAT: &str = "content/quell-live/undated/a-boat.md";
const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";

/// An archive with an entry of which the hour is known and the day is not.
fn desk() -> Desk {
    let desk = Desk::imported();
    let order = |file: &str| {
        let text = desk.read(file);
        let line = text.lines().find(|line| line.starts_with("order = ")).unwrap();
        line["order = ".len()..].parse::<u32>().unwrap()
    };
    let order = order(GATES) + 1;
    desk.write(
        BOAT,
        format!("+++\nid = \"a-boat\"\ntitle = \"A boat\"  # of the ferryman\nclock = \"09:10\"\norder = {order}\ntags = []\n\n[source]\ndump = \"quell-live.txt\"\nlines = [1, 2]\nstated = \"9.10\"\n+++\n\nThe ferryman lost it yesterday.\n\nBy Thursday, 3 April, it was found at 7pm.\n"),
    );
    desk
}

#[test]
fn a_date_is_given_with_its_reason_and_can_be_taken_away() {
    let desk = desk();
    let (before, entry) = (desk.files(""), desk.read(BOAT));
    let because = "The mayor's diary names the day";
    let run = desk.run(&["date", "a-boat", "2031-04~", "--because", because, "--dry-run"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("+date = \"2031-04~\"\n+date_basis = \"curator\"\n"), "{run:?}");
    assert_same(&desk.files(""), &before, "a dry run");
    let run = desk.run(&["date", "a-boat", "2031-04~", "--because", because]);
    assert!(run.out.contains("about April 2031 (was: day unknown)"), "{run:?}");
    let lines = format!(
        "date = \"2031-04~\"\ndate_basis = \"curator\"\ndate_because = \"{because}\"\nclock ="
    );
    assert_eq!(desk.read(BOAT), entry.replace("clock =", &lines));
    assert_eq!(desk.run(&["build"]).code, 0);
    let page = desk.read("public/entries/a-boat.html");
    assert!(
        page.contains("The curator gave the date: The mayor&#x27;s diary names the day")
            || page.contains("The curator gave the date: The mayor's diary names the day")
            || page.contains("The curator gave the date: The mayor&#39;s diary names the day"),
        "{page}"
    );
    assert!(page.contains("about April 2031"), "{page}");
    assert!(desk.read("public/dates/2031-04.html").contains("a-boat.html"));

    // An exact date holds the hour itself; by its file, the entry is found as well.
    let exact = "2031-04-03T09:10:00+01:00";
    let run = desk.run(&["date", BOAT, exact, "--because", "So it is."]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = desk.read(BOAT);
    assert!(text.contains(&format!("date = {exact}\n")) && !text.contains("clock"), "{text}");
    let run =
        desk.run(&["date", "a-boat", "--unknown", "--because", "The diary is of another year"]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = desk.read(BOAT);
    assert!(!text.contains("\ndate =") && text.contains("clock = \"09:10\"\n"), "{text}");
    assert_eq!(desk.run(&["build"]).code, 0);
    assert!(desk.read("public/dates/undated.html").contains("a-boat.html"));
    assert!(
        desk.read("public/entries/a-boat.html").contains("not known. The curator says: The diary")
    );
}

#[test]
fn what_is_no_date_no_entry_or_no_reason_is_refused() {
    let desk = desk();
    let before = desk.files("");
    for (arguments, wanted) in [
        (&["date", "a-boat", "soon", "--because", "x"][..], "the date `soon`, expected"),
        (&["date", "a-baot", "2031", "--because", "x"], "did you mean a-boat?"),
        (&["date", "a-boat", "2031", "--because", " "], "no reason"),
        (&["date", "a-boat", "2031"], "--because"),
        (&["date", "a-boat", "--because", "x"], "EDTF"),
        (&["date", "a-boat", "2031", "--unknown", "--because", "x"], "cannot be used with"),
    ] {
        let run = desk.run(arguments);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(wanted), "{wanted} in {run:?}");
    }
    assert_same(&desk.files(""), &before, "what was refused");
}

#[test]
fn a_date_of_the_curators_is_theirs_at_the_next_import() {
    let desk = Desk::imported();
    let id = "2031-04-02-0540-gates-opened";
    let run = desk.run(&["date", id, "2031-04-03", "--because", "The clock of the page was late"]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = desk.read(GATES);
    assert!(text.contains("date = 2031-04-03\ndate_basis = \"curator\"\n"), "{text}");
    assert!(text.contains("clock = \"05:40\"\n"), "the hour is stated and stays: {text}");
    let run = desk.import("quell-live.txt", common::LIVE.as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(desk.read(GATES), text);
}

#[test]
fn the_undated_are_listed_with_what_may_tell_their_date() {
    let desk = desk();
    let run = desk.run(&["status", "--undated"]);
    assert_eq!(run.code, 0, "{run:?}");
    for wanted in [
        "a-boat: A boat, at 09:10\n",
        "  stamp as written: 9.10\n",
        "  line 14, word: yesterday in \u{201c}The ferryman lost it yesterday.\u{201d}\n",
        "  line 16, date: Thursday, 3 April in \u{201c}By Thursday, 3 April, it was found at 7pm.\u{201d}\n",
        "  line 16, time: at 7pm in ",
        "  before it in the story: 2031-04-02T05:40:00+01:00 (2031-04-02-0540-gates-opened)\n",
        "1 entry without a date\n",
    ] {
        assert!(run.out.contains(wanted), "{wanted} in {run:?}");
    }
    let run = desk.run(&["status", "--undated", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(list[0]["id"], "a-boat");
    assert_eq!(list[0]["clues"][0]["kind"], "word");
    assert_eq!(list[0]["clues"][0]["line"], 14);
    assert_eq!(list[0]["before"]["date"], "2031-04-02T05:40:00+01:00");
    assert_eq!(list[0]["after"], serde_json::Value::Null);
    desk.run(&["date", "a-boat", "2031-04-03", "--because", "It says so"]);
    assert!(desk.run(&["status", "--undated"]).out.contains("every entry has a date"));
}
