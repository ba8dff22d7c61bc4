//! The interface in another language: no bare words in templates, every text used and there, and what a
//! user sees of it.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use archive::words::Words;
use common::run_in;
use regex::Regex;

/// The Rust sources without their tests.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().flatten();
    files
        .filter(|item| item.path().extension().is_some_and(|kind| kind == "rs"))
        .map(|item| {
            let text = std::fs::read_to_string(item.path()).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_string();
            (item.path().display().to_string(), code)
        })
        .filter(|(name, _)| !name.ends_with("tests.rs"))
        .collect()
}

/// What of a template stands outside of tags and expressions, and what attributes that are read aloud
/// say themselves.
fn bare_words(template: &str) -> Vec<String> {
    static OURS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}").unwrap());
    static READ: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?:aria-label|title|alt|placeholder|abbr|label)="([^"]*)""#).unwrap()
    });
    static TAGS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)<[^>]*>").unwrap());
    // The class of the body is a block.
    let class = Regex::new(r"(?s)\{% block class %\}.*?\{% endblock").unwrap();
    let text = class.replace_all(template, "{% endblock");
    let text = OURS.replace_all(&text, "");
    let read = READ.captures_iter(&text).map(|found| found[1].to_string());
    let shown = TAGS.replace_all(&text, "\n").into_owned();
    let words = read.chain(shown.lines().map(str::to_string)).collect::<Vec<_>>();
    words.into_iter().filter(|line| line.contains(char::is_alphabetic)).collect()
}

#[test]
fn no_template_holds_words_of_its_own() {
    assert_eq!(bare_words("<p title=\"See\">{{ x }} of <b>y</b></p>"), ["See", " of ", "y"]);
    for (name, text) in archive::template::BUILT_IN {
        assert_eq!(
            bare_words(text),
            Vec::<String>::new(),
            "templates/{name}: see docs/languages.md"
        );
    }
}

#[test]
fn every_text_is_used_and_every_text_that_is_used_is_there() {
    let asked = Regex::new(r#"(?s)\b(?:say|fill|count|name|names|label|part|and)\(\s*(?:key=)?"([a-z_]+\.[a-z_0-9]+)""#).unwrap();
    let named = Regex::new(r#""([a-z_]+\.[a-z_0-9]+)""#).unwrap();
    let english: BTreeSet<&str> = Words::english().keys().into_iter().collect();
    let templates = archive::template::BUILT_IN
        .iter()
        .map(|(name, text)| (format!("templates/{name}"), (*text).to_string()));
    let mut used = BTreeSet::new();
    for (name, text) in templates.chain(sources()) {
        for found in asked.captures_iter(&text) {
            assert!(english.contains(&found[1]), "{name} asks for the text `{}`", &found[1]);
        }
        used.extend(named.captures_iter(&text).map(|found| found[1].to_string()));
    }
    let unused: Vec<_> = english.iter().filter(|key| !used.contains(**key)).collect();
    assert_eq!(unused, Vec::<&&str>::new(), "nothing shows these texts of languages/en.toml");
}

fn archive(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "site.toml",
        &format!(
            "title = \"Quell\"\nbase_url = \"https://example.org/q/\"\ncurator = \"A. Okoro\"\n{settings}"
        ),
    );
    write("content/quell/story.md", "+++\ntitle = \"فيضان كويل\"\nlang = \"ar\"\n+++\n");
    let entry = |id: &str, title: &str, front: &str, body: &str| {
        let text = format!("+++\nid = \"{id}\"\ntitle = \"{title}\"\n{front}+++\n\n{body}\n");
        write(&format!("content/quell/{id}.md"), &text);
    };
    let date = "date = 2031-04-02T05:40:00+01:00\n";
    entry(
        "gates",
        "Gates <open>",
        &format!("{date}lang = \"en\"\n"),
        "The gates open.\n\n> [!NOTE]\n> Two of five.",
    );
    entry(
        "rain",
        "المطر يشتد",
        "authors = [\"سلمى\", \"B. Lund\"]\n",
        "يشتد المطر.\n\n![](missing:image)",
    );
    folder
}

fn page(folder: &tempfile::TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join("public").join(name)).unwrap()
}

#[test]
fn the_interface_is_in_arabic_where_the_settings_say_so() {
    for settings in ["interface = \"ar\"\n", "language = \"ar-EG\"\n"] {
        let folder = archive(settings);
        let run = run_in(folder.path(), &["build"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{settings} {run:?}");
        let home = page(&folder, "index.html");
        assert!(home.contains("<html lang=\"ar\" dir=\"rtl\">"), "{home}");
        assert!(home.contains("مدخلان، قصة واحدة، لا مصادر، 2 أبريل 2031"), "{home}");
        assert!(home.contains("القائم على الأرشيف: <bdi>A. Okoro</bdi>."), "{home}");
        let entry = page(&folder, "entries/gates.html");
        assert!(
            entry.contains("الأربعاء 2 أبريل 2031، <span class=\"clock\">05:40</span>"),
            "{entry}"
        );
        assert!(entry.contains("aria-label=\"ملاحظة\""), "{entry}");
        assert!(entry.contains("lang=\"en\" dir=\"ltr\">Gates &lt;open&gt;</h1>"), "{entry}");
        let rain = page(&folder, "entries/rain.html");
        assert!(rain.contains("سلمى، <bdi>B. Lund</bdi>"), "{rain}");
        assert!(rain.contains("<b>صورة غير محفوظة</b>"), "{rain}");
        assert!(page(&folder, "404.html").contains("<h1>لا توجد صفحة كهذه</h1>"));
        let run = run_in(folder.path(), &["check"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    }
}

#[test]
fn a_language_of_the_archives_own_is_used_and_its_slips_are_told() {
    let folder = archive("interface = \"de\"\n");
    let run = run_in(folder.path(), &["build"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("error: site.toml: there is no interface in the language `de`\n  hint: write languages/de.toml"), "{run:?}");
    std::fs::create_dir(folder.path().join("languages")).unwrap();
    let file = folder.path().join("languages/de.toml");
    std::fs::write(&file, "[frame]\nstories = \"Geschichten\"\nkept_by = \"Hüter: {wer}.\"\n")
        .unwrap();
    let run = run_in(folder.path(), &["build"]);
    assert!(
        run.err.contains("languages/de.toml:3: unknown placeholder `{wer}`, expected `{curator}`"),
        "{run:?}"
    );
    std::fs::write(&file, "[frame]\nstories = \"Geschichten\"\n").unwrap();
    let run = run_in(folder.path(), &["build"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("warning: languages/de.toml: no text for"), "{run:?}");
    let home = page(&folder, "index.html");
    assert!(home.contains("<html lang=\"de\">") && home.contains(">Geschichten<"), "{home}");
}

#[test]
fn a_template_that_asks_for_an_unknown_text_is_told_with_its_line() {
    let folder = archive("");
    std::fs::create_dir(folder.path().join("templates")).unwrap();
    let file = folder.path().join("templates/404.html");
    std::fs::write(&file, "<p>\n{{ say(key=\"frame.storys\") }}</p>").unwrap();
    let run = run_in(folder.path(), &["build"]);
    assert!(run.err.contains("error: templates/404.html:2: no text `frame.storys` in languages/\n  hint: did you mean `frame.stories`?"), "{run:?}");
    std::fs::write(&file, "<p>\n{{ say(key=\"frame.kept_by\", by=page.curator) }}</p>").unwrap();
    let run = run_in(folder.path(), &["build"]);
    assert!(
        run.err.contains("error: templates/404.html:2: the text `frame.kept_by` needs `curator`"),
        "{run:?}"
    );
    std::fs::write(&file, "<p title=\"{{ label(key=\"frame.kept_by\", curator=\"\\\"سلمى\") }}\">")
        .unwrap();
    let run = run_in(folder.path(), &["build"]);
    assert_eq!(run.code, 0, "{run:?}");
    let shown = page(&folder, "404.html");
    assert!(shown.contains("<p title=\"Kept by \u{2068}&quot;سلمى\u{2069}.\">"), "{shown}");
}
