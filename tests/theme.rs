//! Templates of an archive's own: copied, compared, and what is told where one has a slip.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use archive::template::built_in;
use common::{Desk, assert_same, bytes, run_in};

fn done(desk: &Desk, arguments: &[&str]) -> String {
    let run = desk.run(arguments);
    assert_eq!(run.code, 0, "{run:?}");
    run.out
}

/// What a build tells that fails, and that it left the site as it was.
fn refused(desk: &Desk) -> String {
    let before = desk.files("public");
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_same(&desk.files("public"), &before, "public");
    run.err
}

/// Copies templates, and puts `new` in the place of `old` in the first.
fn with_slip(desk: &Desk, names: &[&str], old: &str, new: &str) {
    done(desk, &[&["theme", "eject"], names].concat());
    let file = format!("templates/{}", names[0]);
    let text = desk.read(&file);
    assert!(text.contains(old), "{text}");
    desk.write(&file, text.replacen(old, new, 1));
}

#[test]
fn all_that_is_built_in_is_listed_and_what_the_archive_has_is_marked() {
    let desk = Desk::imported();
    let list = done(&desk, &["theme", "eject"]);
    for file in built_in() {
        let line = list.lines().find(|line| line.starts_with(&format!("{} ", file.name))).unwrap();
        assert!(line.ends_with(&file.makes()), "{line}");
    }
    assert!(!list.contains("yours") && !list.contains("copied"), "{list}");
    with_slip(&desk, &["day.html", "style"], "<h1>", "<h1 class=\"day\">");
    let list = done(&desk, &["theme", "eject"]);
    let marked = |name: &str, mark: &str| {
        let mut lines = list.lines().filter(|line| line.starts_with(name));
        lines.any(|line| line.split_whitespace().nth(1) == Some(mark))
    };
    assert!(marked("day.html", "yours") && marked("style.css", "copied"), "{list}");
    // Without an archive, too.
    let run = run_in(desk.around(), &["theme", "eject"]);
    assert!(run.code == 0 && run.out.contains("entry.html"), "{run:?}");
}

#[test]
fn a_copy_is_the_template_itself_and_changes_no_page() {
    let desk = Desk::imported();
    done(&desk, &["build"]);
    let before = bytes(&desk.root().join("public"));
    let shown = done(&desk, &["theme", "eject", "entry", "--dry-run"]);
    assert!(shown.contains("+++ b/templates/entry.html") && shown.contains("dry run"), "{shown}");
    assert!(!desk.root().join("templates").exists());
    let told = done(&desk, &["theme", "eject", "entry", "templates/style.css"]);
    assert!(told.starts_with("copied to templates/entry.html\ncopied to templates/style.css\n"));
    for file in built_in().iter().filter(|file| ["entry.html", "style.css"].contains(&file.name)) {
        assert_eq!(desk.read(&format!("templates/{}", file.name)), file.text);
    }
    let told = done(&desk, &["theme", "eject", "--all"]);
    assert!(!told.contains("to templates/entry.html") && told.contains("to templates/base.html"));
    done(&desk, &["build"]);
    assert_same(&bytes(&desk.root().join("public")), &before, "all templates copied");
    let told = done(&desk, &["theme", "eject", "--all"]);
    assert_eq!(told, "all of them are in templates/ already\n");
    done(&desk, &["undo"]);
    assert_eq!(bytes(&desk.root().join("templates")).len(), 2);
}

#[test]
fn no_file_of_a_person_is_written_over() {
    let desk = Desk::imported();
    desk.write("templates/entry.html", "mine");
    let run = desk.run(&["theme", "eject", "day", "entry"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("templates/entry.html is there already"), "{run:?}");
    assert!(run.err.contains("archive theme diff entry.html"), "{run:?}");
    assert_eq!(desk.read("templates/entry.html"), "mine");
    assert!(!desk.root().join("templates/day.html").exists(), "all or nothing");
    let run = desk.run(&["theme", "eject", "entri.html"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("did you mean entry.html?"), "{run:?}");
    let run = desk.run(&["theme", "eject", "wombat"]);
    assert!(run.code == 2 && run.err.contains("`archive theme eject` lists them"), "{run:?}");
}

#[test]
fn what_differs_from_the_built_in_templates_is_shown() {
    let desk = Desk::imported();
    assert!(done(&desk, &["theme", "diff"]).contains("holds none of the built-in templates"));
    with_slip(&desk, &["tags.html", "style.css"], "{{ page.title }}", "Subjects");
    let shown = done(&desk, &["theme", "diff"]);
    assert!(shown.starts_with("--- built in/tags.html\n+++ templates/tags.html\n@@"), "{shown}");
    assert!(shown.contains("\n-<h1>{{ page.title }}</h1>\n+<h1>Subjects</h1>\n"), "{shown}");
    assert!(shown.contains("1 file is as built in: templates/style.css"), "{shown}");
    assert!(done(&desk, &["theme", "diff", "tags"]).contains("Subjects"));
    let run = desk.run(&["theme", "diff", "day"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("archive theme eject day.html"), "{run:?}");
}

#[test]
fn a_misspelt_field_is_told_with_its_line_and_the_file_of_the_entry() {
    const RAIN: &str = "content/quell-live/2031-04-01/2115-rain-goes-on.md";
    let desk = Desk::imported();
    done(&desk, &["build"]);
    let line = |name: &str, slip: &str| {
        let text = desk.read(&format!("templates/{name}"));
        text.lines().position(|line| line.contains(slip)).unwrap() + 1
    };
    // On an entry's own page.
    with_slip(&desk, &["entry.html"], "{{ cite }}", "{{ cyte }}");
    let told = refused(&desk);
    let place = format!("error: templates/entry.html:{}: ", line("entry.html", "{{ cyte }}"));
    assert!(told.starts_with(&place) && told.contains("`cyte` is not defined"), "{told}");
    assert!(
        told.contains("this was the page entries/2031-04-01-2115-rain-goes-on.html, made from "),
        "{told}"
    );
    assert!(told.contains(RAIN), "{told}");
    assert_eq!(told.matches("error: ").count(), 1, "{told}");
    desk.remove("templates/entry.html");
    // Behind a filter, at an entry of a list.
    for (name, page, from) in [
        ("reading.html", "stories/quell-live.html", ", made from content/quell-live/story.md"),
        ("components.html", "dates/2031-04-01.html", ""),
    ] {
        with_slip(&desk, &[name], ".title_html | safe", ".titel | safe");
        let told = refused(&desk);
        let place = format!("error: templates/{name}:{}: ", line(name, ".titel"));
        assert!(told.starts_with(&place) && told.contains(".titel` is not defined"), "{told}");
        let hint = format!("this was the page {page}{from}, at the entry {RAIN}; ");
        assert!(told.contains(&hint), "{told}");
        desk.remove(&format!("templates/{name}"));
    }
    // What has nothing to do with the entries of a list, and several templates together.
    with_slip(&desk, &["day.html"], "page.title", "page.titel");
    with_slip(&desk, &["tags.html"], "<h1>", "<h1>{{ nothing }}");
    let told = refused(&desk);
    assert!(told.contains("this was the page dates/2031-04-01.html; docs/"), "{told}");
    assert!(
        told.contains("templates/day.html:") && told.contains("templates/tags.html:"),
        "{told}"
    );
    assert!(told.ends_with("nothing was built: 2 errors\n"), "{told}");
}

#[test]
fn an_entry_that_alone_makes_a_list_fail_is_the_one_that_is_named() {
    let desk = Desk::imported();
    done(&desk, &["theme", "eject", "day.html"]);
    let text = desk.read("templates/day.html");
    let slip = "{% for group in groups %}{% for line in group.lines %}{% if line.title == 'Gates opened' %}{{ line.tytle }}{% endif %}{% endfor %}{% endfor %}";
    desk.write("templates/day.html", text.replace("<h1>", &format!("{slip}<h1>")));
    let told = refused(&desk);
    let entry = "at the entry content/quell-live/2031-04-02/0540-gates-opened.md; ";
    assert!(told.contains(&format!("this was the page dates/2031-04-02.html, {entry}")), "{told}");
}
