//! The two voices: notes, redactions, content warnings, and what was changed of the publisher's words.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, bytes};

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";
const GATES_ID: &str = "2031-04-02-0540-gates-opened";

fn change(desk: &Desk, file: &str, from: &str, to: &str) {
    let text = desk.read(file);
    assert!(text.contains(from), "{file}: {text}");
    desk.write(file, text.replace(from, to));
}

fn build(desk: &Desk) {
    let run = desk.run(&["build"]);
    let quiet = run.err.lines().all(|line| line.starts_with("note: site.toml: no `base_url`"));
    assert!(run.code == 0 && quiet, "{run:?}");
}

/// Every file of the site, as text.
fn site(desk: &Desk) -> Vec<(String, String)> {
    let files = bytes(&desk.root().join("public")).into_iter();
    files.map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

#[test]
fn a_redaction_reaches_no_file_of_the_site() {
    let desk = Desk::imported();
    change(&desk, RAIN, "Rain goes on\"", "Rain {{redacted: a place}}\"");
    change(&desk, RAIN, "in Quell.", "in {{redacted: a \"place\"}}.");
    change(&desk, RAIN, "He waited", "{{redacted: somebody}} waited");
    build(&desk);
    for (name, text) in site(&desk) {
        assert!(
            !text.contains("{{") && !text.contains('\u{fdd0}'),
            "{name} holds a mark as written"
        );
        assert!(!text.contains("He waited") && !text.contains("days in Quell"), "{name} holds it");
    }
    let mark = |reason: &str| {
        format!("<span class=\"redacted\" data-voice=\"curator\">[redacted: {reason}]</span>")
    };
    let page = desk.read("public/entries/2031-04-01-2115-rain-goes-on.html");
    assert!(page.contains(&format!("nine days in {}.", mark("a &quot;place&quot;"))), "{page}");
    assert!(page.contains(&format!(">Rain {}</h1>", mark("a place"))), "{page}");
    assert!(page.contains("<title>Rain [redacted: a place] –"), "{page}");
    assert!(page.contains(&mark("somebody")), "{page}");
    assert!(page.contains("words were taken out, where the text says so"), "{page}");
    assert!(!page.contains("for no stated reason"), "a redaction is no alteration: {page}");
    assert!(!page.contains("SHA-256 of the text"), "a hash tells who guesses");
    let feed = desk.read("public/atom.xml");
    assert!(feed.contains("<title xml:lang=\"en\">Rain [redacted: a place]</title>"), "{feed}");
    let day = desk.read("public/dates/2031-04-01.html");
    assert!(day.contains(&mark("a place")), "{day}");
    let run = desk.run(&["status", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(list["altered"], serde_json::json!([]), "a redaction is no change: {run:?}");
}

#[test]
fn words_that_were_taken_out_are_found_where_they_still_stand() {
    let desk = Desk::imported();
    change(&desk, RAIN, "in Quell.", "in {{redacted: a place}}.\n\n> [!NOTE]\n> Quell is a town.");
    change(&desk, RAIN, "tags = []", "tags = [\"Quell dam\"]\naliases = [\"quell-rain\"]");
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 1, "{run:?}");
    let told = |place: &str| {
        format!("`Quell` was taken out of the entry and still stands in its {place}\n")
    };
    for place in ["tags", "aliases", "body"] {
        assert!(run.err.contains(&told(place)), "{place}: {run:?}");
    }
    let line = desk.read(RAIN).lines().position(|line| line.contains("> Quell")).unwrap() + 1;
    assert!(run.err.contains(&format!("{RAIN}:{line}: `Quell`")), "{run:?}");
    assert!(!run.err.contains(&told("title")) && !run.err.contains(&told("id")), "{run:?}");
}

#[test]
fn what_an_entry_warns_of_covers_its_words_everywhere() {
    let desk = Desk::imported();
    change(&desk, GATES, "tags = []", "tags = []\nwarnings = [\"death\", \"injury\"]");
    change(&desk, RAIN, "It has", "> [!WARNING]\n> A man in danger\n> on a roof.\n\nIt has");
    build(&desk);
    let page = desk.read(&format!("public/entries/{GATES_ID}.html"));
    let label = "<b>Content warning: death; injuries.</b>";
    let cover = page.find("<details class=\"cover\">").unwrap();
    assert!(page[cover..].contains(label), "{page}");
    assert!(page.find("opened at dawn").unwrap() > cover, "{page}");
    assert!(
        page.contains("<meta name=\"description\" content=\"Content warning: death; injuries.\">")
    );
    let story = desk.read("public/stories/quell-live.html");
    assert_eq!(story.matches("<details class=\"cover\">").count(), 2);
    let day = desk.read("public/dates/2031-04-02.html");
    assert!(!day.contains("opened at dawn"), "{day}");
    assert!(day.contains(" dir=\"auto\">Content warning: death; injuries</span>"), "{day}");
    let other = desk.read("public/entries/2031-04-01-2115-rain-goes-on.html");
    assert!(other.contains("<b>Content warning: A man in danger.</b>"), "{other}");
    let feed = desk.read("public/atom.xml");
    assert!(feed.contains("<category term=\"Content warning: death; injuries.\"/>"), "{feed}");
    assert!(feed.contains("<summary>Content warning: death; injuries.</summary>"), "{feed}");
    let content = feed.find("opened at dawn").unwrap();
    assert!(
        feed[..content].rfind("Content warning: death").unwrap() > feed.find("<content").unwrap()
    );
    // The story's line on the home page must not show the first entry's words either.
    let home = desk.read("public/index.html");
    assert!(!home.contains("rained for nine days"), "{home}");
}

#[test]
fn a_warning_that_the_settings_do_not_know_is_an_error() {
    let desk = Desk::imported();
    change(&desk, GATES, "tags = []", "tags = []\nwarnings = [\"violense\"]");
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains(
            "the content warning `violense` is not in site.toml\n  hint: did you mean `violence`?"
        ),
        "{run:?}"
    );
    change(&desk, GATES, "violense", "flood");
    let settings = desk.read("site.toml");
    desk.write(
        "site.toml",
        format!("{settings}\n[[warning]]\nname = \"flood\"\nlabel = \"a flood\"\n"),
    );
    build(&desk);
}

#[test]
fn a_note_on_a_phrase_that_is_gone_is_told_by_status_and_check() {
    let desk = Desk::imported();
    let text = desk.read(RAIN);
    desk.write(
        RAIN,
        format!(
            "{text}\n> [!NOTE]\n> \"nine days\": since March.\n\n> [!NOTE]\n> \"ten days\": no.\n"
        ),
    );
    let line = desk.read(RAIN).lines().position(|line| line.contains("ten days")).unwrap() + 1;
    let run = desk.run(&["check"]);
    let message = "the phrase of this note no longer stands in the entry: “ten days”";
    assert!(run.code == 1 && run.err.contains(&format!("{RAIN}:{line}: {message}")), "{run:?}");
    assert!(!run.err.contains("nine days"), "{run:?}");
    let run = desk.run(&["status"]);
    assert!(run.out.contains(&format!("  {RAIN}:{line}: {message}\n")), "{run:?}");
    build(&desk);
    let id = "2031-04-01-2115-rain-goes-on";
    for page in [format!("public/entries/{id}.html"), "public/stories/quell-live.html".into()] {
        let page = desk.read(&page);
        assert!(page.contains(&format!(
            "<mark class=\"phrase\" id=\"{id}-phrase-1\"><a href=\"#{id}-margin-1\""
        )));
        assert!(page.contains(&format!("<a class=\"quoted\" href=\"#{id}-phrase-1\">")), "{page}");
    }
}

#[test]
fn a_change_is_shown_and_a_correction_is_accepted_with_its_reason() {
    let desk = Desk::imported();
    change(&desk, GATES, "at dawn", "at noon");
    change(&desk, GATES, "Gates opened\"", "Gates open\"");
    let altered = |desk: &Desk| {
        let run = desk.run(&["status", "--json"]);
        let list: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        list["altered"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["what"].as_str().unwrap().to_string())
            .collect::<Vec<_>>()
    };
    let found = altered(&desk);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], "the title differs from the publisher's: Gates [-opened-]{+open+}");
    assert!(found[1].contains("dam opened at [-dawn-]{+noon+}. Water filled"), "{found:?}");
    assert_eq!(desk.run(&["check"]).code, 1);

    let before = desk.read(GATES);
    let arguments = ["accept", GATES_ID, "--because", "The hour was wrong", "--by", "A. Okoro"];
    let run = desk.run(&[&arguments[..], &["--dry-run"]].concat());
    assert!(run.code == 0 && run.out.contains("+because = \"The hour was wrong\"\n"), "{run:?}");
    assert_eq!(desk.read(GATES), before);
    let run = desk.run(&arguments);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("accepted 1 entry"), "{run:?}");
    assert_eq!(altered(&desk), Vec::<String>::new());
    assert_eq!(desk.run(&["check"]).code, 0);
    let run = desk.run(&["accept", GATES, "--because", "again"]);
    assert!(run.out.contains("is accepted already") && run.out.contains("accepted 0"), "{run:?}");

    build(&desk);
    let page = desk.read(&format!("public/entries/{GATES_ID}.html"));
    assert!(
        page.contains("<h2>Corrected by the curator</h2>\n<p dir=\"auto\">The hour was wrong</p>")
    );
    assert!(page.contains("<p class=\"byline\">A. Okoro, <time datetime=\"20"), "{page}");
    assert!(page.contains("opened at <del>dawn</del><ins>noon</ins>."), "{page}");
    assert!(page.contains("the words, because: The hour was wrong"), "{page}");
    // Where the words stand without their papers, too.
    let story = desk.read("public/stories/quell-live.html");
    let story = story.split_once("<main").unwrap().1;
    let notice = format!(
        "<p class=\"notices\" data-voice=\"curator\"><a href=\"../entries/{GATES_ID}.html\">Corrected by the curator</a></p>"
    );
    assert!(story.find(&notice).unwrap() < story.find("at noon").unwrap(), "{story}");
    assert_eq!(story.matches("class=\"notices\"").count(), 1, "{story}");
    for feed in ["atom.xml", "stories/quell-live.xml"] {
        let feed = desk.read(&format!("public/{feed}"));
        assert_eq!(feed.matches("Corrected by the curator").count(), 1, "{feed}");
        let at = feed.find("Corrected by the curator").unwrap();
        assert!(at < feed.find("at noon").unwrap(), "{feed}");
    }

    // Whoever changes the words again has to say so again, and what stands there was not accepted.
    change(&desk, GATES, "at noon", "at ten");
    assert_eq!(altered(&desk).len(), 2);
    build(&desk);
    let page = desk.read(&format!("public/entries/{GATES_ID}.html"));
    assert!(page.contains("The hour was wrong") && !page.contains("<ins>"), "{page}");
    assert!(!desk.read("public/stories/quell-live.html").contains("class=\"notices\""));
    assert!(!desk.read("public/atom.xml").contains("Corrected by"));
}

#[test]
fn what_was_changed_is_shown_in_words_not_in_markdown() {
    const RAIN_PAGE: &str = "public/entries/2031-04-01-2115-rain-goes-on.html";
    let accept = |desk: &Desk| {
        let run = desk.run(&["accept", RAIN, "--because", "He had one"]);
        assert_eq!(run.code, 0, "{run:?}");
        build(desk);
        let page = desk.read(RAIN_PAGE);
        let change = page.split("<dl class=\"change\"").nth(1).unwrap();
        change.split("</dl>").next().unwrap().to_string()
    };
    let desk = Desk::imported();
    change(&desk, RAIN, "He waited for a boat", "He waited in a boat");
    let shown = accept(&desk);
    assert!(shown.contains("Picture: He waited <del>for</del><ins>in</ins> a boat"), "{shown}");
    assert!(!shown.contains("missing:") && !shown.contains("]("), "{shown}");
    // What words do not tell is said.
    let desk = Desk::imported();
    change(&desk, RAIN, "nine days", "*nine* days");
    let shown = accept(&desk);
    assert!(shown.contains("Nothing but links, emphasis") && !shown.contains('*'), "{shown}");
}

#[test]
fn of_an_entry_with_a_redaction_the_change_is_not_shown() {
    let desk = Desk::imported();
    change(&desk, RAIN, "nine", "ten");
    change(&desk, RAIN, "in Quell.", "in {{redacted}}.");
    let run = desk.run(&["accept", "2031-04-01-2115-rain-goes-on", "--because", "Counted again"]);
    assert!(run.code == 0 && run.out.contains("[-nine-]{+ten+} days in [redacted]"), "{run:?}");
    build(&desk);
    let page = desk.read("public/entries/2031-04-01-2115-rain-goes-on.html");
    assert!(page.contains("Counted again") && !page.contains("<del>"), "{page}");
    assert!(!page.contains("nine"), "{page}");
}

#[test]
fn what_cannot_be_accepted_is_said() {
    let desk = Desk::imported();
    let run = desk.run(&["accept", "2031-04-02-0540-gates-opend", "--because", "x"]);
    assert!(
        run.code == 2 && run.err.contains(&format!("hint: did you mean {GATES_ID}?")),
        "{run:?}"
    );
    let run = desk.run(&["accept", GATES_ID, "--because", " "]);
    assert_eq!(run.code, 2, "{run:?}");
    let run = desk.run(&["accept", GATES_ID, "--because", "x"]);
    assert!(run.code == 0 && run.out.contains("says what was imported"), "{run:?}");
}
