//! docs/templates.md is what templates see: the structs in the sources say which fields there are, the
//! pages of an archive what stands in them. `UPDATE=1 cargo test --test templates` writes the middle of
//! it anew, between its two marks.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod examples;
mod fixture;
mod print;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use archive::pages::Desk;
use archive::template::BUILT_IN;

use examples::Values;

/// What stands before and behind the part that is made.
const MARKS: [&str; 2] = [
    "<!-- From here, made from the code: UPDATE=1 cargo test --test templates -->\n",
    "<!-- Up to here, made from the code. -->\n",
];

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/templates.md")
}

#[test]
fn the_guide_to_templates_is_what_they_see() {
    let (structs, problems) = source::structs();
    let mut problems: BTreeSet<String> = problems.into_iter().collect();
    let mut seen = BTreeMap::new();
    examples::seen(fixture::usual(), &mut seen);
    examples::seen(fixture::long(), &mut seen);
    let mut values = Values::default();
    let mut pages = Vec::new();
    // On the page 404.html, addresses are not as everywhere else: it is looked at last.
    let usual = seen.iter().filter(|(template, _)| *template != "404.html");
    for (template, list) in usual.chain(seen.get_key_value("404.html")) {
        let known: Vec<usize> = (0..structs.len())
            .filter(|at| structs[*at].template.as_ref() == Some(template))
            .collect();
        match known[..] {
            [at] => list.iter().for_each(|one| values.note(&structs, at, &one.value)),
            [] => _ = problems.insert(format!(
                "{template}: no struct of src/pages opens its remark with: What `{template}` sees."
            )),
            _ => _ = problems.insert(format!("{template}: several structs say that it sees them")),
        }
        pages.extend(list.first().map(|one| (template.clone(), one.page.clone())));
    }
    for (name, text) in BUILT_IN {
        let quoted = format!("\"{name}\"");
        let used = BUILT_IN.iter().any(|(_, other)| other.contains(&quoted));
        if !seen.contains_key(*name) && !used && !text.contains("{% component ") {
            problems.insert(format!(
                "templates/{name}: no page of tests/templates/fixture.rs is made with it"
            ));
        }
    }
    for known in structs.iter().filter_map(|known| known.template.as_ref()) {
        if BUILT_IN.iter().all(|(name, _)| name != known) {
            problems.insert(format!("`{known}` is no template, and a struct says that it sees it"));
        }
    }
    problems.append(&mut values.problems);
    let made = print::contract(&structs, &pages, &values, &mut problems);
    let there = std::fs::read_to_string(guide()).unwrap();
    let (before, rest) = there.split_once(MARKS[0]).expect("the first mark");
    let (old, after) = rest.split_once(MARKS[1]).expect("the second mark");
    let made = format!("\n{made}\n");
    if std::env::var_os("UPDATE").is_some() {
        let whole = format!("{before}{}{made}{}{after}", MARKS[0], MARKS[1]);
        std::fs::write(guide(), whole).unwrap();
    } else if old != made {
        let change = archive::diff::unified(old, &made);
        problems.insert(format!(
            "docs/templates.md is not what templates see; UPDATE=1 cargo test --test templates writes it anew:\n{change}"
        ));
    }
    let list: Vec<&str> = problems.iter().map(String::as_str).collect();
    assert!(list.is_empty(), "{} to mend:\n{}", list.len(), list.join("\n"));
}

#[test]
fn the_template_that_the_guide_shows_can_be_used() {
    let guide = std::fs::read_to_string(guide()).unwrap();
    let shown = guide.split("```html\n").nth(1).unwrap().split("```").next().unwrap();
    let mut files = fixture::usual();
    files.put("templates/entry.html", shown.into());
    let plan = files.plan();
    let desk = Desk { archive: &plan.archive, templates: &plan.templates };
    let mut made = 0;
    for page in plan.pages.iter().filter(|page| archive::paths::is_entry(&page.path)) {
        page.bytes(desk).unwrap_or_else(|problem| panic!("{problem}"));
        made += 1;
    }
    assert!(made > 50, "{made}");
}
