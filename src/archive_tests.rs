use super::*;
use crate::content::{parse_entry, parse_story};
use crate::vocabulary;

fn entry(id: &str, date: &str, order: u32, tag: &str) -> Entry {
    let text = format!(
        "+++\nid = \"{id}\"\ntitle = \"T\"\n{date}\norder = {order}\ntags = [\"{tag}\"]\n+++\nBody.\n"
    );
    let file = format!("content/quell/{id}.md");
    let (entry, problems) = parse_entry(&file, Slug::parse("quell").unwrap(), &text);
    assert_eq!(problems, []);
    entry.unwrap()
}

fn archive(entries: Vec<Entry>, tags: &str) -> (Archive, Vec<String>) {
    let tags = vocabulary::parse(tags).0;
    let content = Content { entries, tags, ..Content::default() };
    let (archive, problems) = Archive::new(Site::default(), content);
    (archive, problems.iter().map(ToString::to_string).collect())
}

#[test]
fn dated_entries_come_first_and_undated_keep_their_order() {
    let entries = vec![
        entry("c", "", 2, "a"),
        entry("b", "", 1, "a"),
        entry("e", "date = 2031-04-02T05:40:00+01:00", 9, "a"),
        entry("d", "date = 2031-04-02T05:00:00+00:00", 8, "a"),
    ];
    let (archive, _) = archive(entries, "");
    let ids: Vec<_> = archive.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["e", "d", "b", "c"]);
    assert_eq!(archive.undated, [2, 3]);
    assert_eq!(archive.stories[0].story.title, "Quell");
}

#[test]
fn a_title_in_which_nobody_sees_anything_is_made() {
    let titled = |id: &str, body: &str| {
        let text = format!("+++\nid = \"{id}\"\ntitle = \"\u{200b}\u{2060} \"\n+++\n{body}\n");
        parse_entry("content/q/a.md", Slug::parse("q").unwrap(), &text).0.unwrap()
    };
    let story = "+++\ntitle = \"\u{ad}\"\n+++\n";
    let story = parse_story("content/q/story.md", Slug::parse("q").unwrap(), story).0;
    let long = "Rain fell for nine days on the \\<upper\\> town, on the mill and on the ferry.";
    let entries = vec![titled("a", long), titled("b", "\u{200d}")];
    let content = Content { entries, stories: story.into_iter().collect(), ..Content::default() };
    let archive = Archive::new(Site::default(), content).0;
    assert_eq!(archive.title(0), "Rain fell for nine days on the <upper> town, on the mill…");
    assert!(archive.title_html(0).contains("&lt;upper&gt;"));
    assert_eq!(archive.title(1), "Untitled");
    assert_eq!(archive.title_basis(0), TitleBasis::Made);
    assert_eq!(archive.title_basis(1), TitleBasis::Made);
    // The file keeps what it has.
    assert_eq!(archive.entries[0].title_basis, TitleBasis::Stated);
    assert_eq!(archive.stories[0].story.title, "Q");
    assert_eq!(archive.stories[0].story.title_basis, TitleBasis::Made);
}

#[test]
fn two_entries_with_one_id_name_both_files() {
    let mut other = entry("a", "", 1, "x");
    other.file = "content/quell/copy.md".into();
    let (_, problems) = archive(vec![entry("a", "", 1, "x"), other], "");
    let told = "content/quell/copy.md:2: the id `a` is that of content/quell/a.md:2 too";
    assert!(problems[0].contains(told), "{problems:?}");
}

#[test]
fn a_synonym_is_filed_under_the_preferred_name() {
    let (archive, problems) = archive(
        vec![entry("a", "", 1, "LM")],
        "[[tag]]\nname = \"Eagle\"\nsynonyms = [\"LM\"]\nbroader = \"Craft\"\n[[tag]]\nname = \"Craft\"\n",
    );
    assert_eq!(problems, Vec::<String>::new());
    let names: Vec<_> = archive.tags.iter().map(|group| group.tag.name.as_str()).collect();
    assert_eq!(names, ["Craft", "Eagle"]);
    assert_eq!(archive.tags[0].narrower, [1]);
    assert_eq!(archive.tag("Eagle").unwrap().entries, [0]);
}

#[test]
fn tags_that_would_share_a_page_are_an_error() {
    let (_, problems) = archive(vec![entry("a", "", 1, "a b"), entry("b", "", 2, "a-b")], "");
    assert!(problems[0].contains("tags/a-b.html"), "{problems:?}");
}

#[test]
fn a_title_is_made_from_a_name() {
    assert_eq!(title_from_name("bbc-live-aleppo", Some("BBC")), "BBC live aleppo");
    assert_eq!(title_from_name("itv-updates", Some("ITV News")), "ITV updates");
    assert_eq!(title_from_name("quell_flood", None), "Quell flood");
}

#[test]
fn a_tag_outside_the_vocabulary_never_takes_an_address_in_it() {
    let (_, problems) = archive(
        vec![entry("a", "", 1, "lower-town"), entry("b", "", 2, "dam 1")],
        "[[tag]]\nname = \"Lower town\"\n[[tag]]\nname = \"Dam\"\naliases = [\"dam-1\"]\n",
    );
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("content/quell/b.md: the tags `dam 1` and `Dam`"));
    assert!(problems[1].contains("content/quell/a.md: the tags `lower-town` and `Lower town`"));
}

#[test]
fn related_tags_name_each_other_and_a_name_is_in_one_language_once() {
    let (archive, problems) = archive(
        vec![entry("a", "", 1, "Dam"), entry("b", "", 2, "Rain")],
        "[[tag]]\nname = \"Dam\"\nrelated = [\"Rain\"]\n[[tag]]\nname = \"Rain\"\nlabels = { EN = \"Rainfall\" }\n",
    );
    assert_eq!(archive.tag("Rain").unwrap().related, [0]);
    assert_eq!(archive.tag("Dam").unwrap().related, [1]);
    assert!(
        problems[0].contains("tags.toml:4: `labels` gives `Rain` a name in `EN`"),
        "{problems:?}"
    );
}

#[test]
fn a_name_of_a_tag_can_be_seen() {
    let (_, problems) = archive(
        vec![],
        "[[tag]]\nname = \"\\u200B\\u2060\"\nslug = \"nothing\"\n[[tag]]\nname = \"Dam\"\nsynonyms = [\"\\u200Bdam\", \"\\u00AD\"]\nlabels = { de = \"\\uFEFF\" }\n",
    );
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(
        problems[0]
            .contains("tags.toml:1: the name of the tag `nothing` cannot be seen: [U+200B U+2060]"),
        "{problems:?}"
    );
    assert!(
        problems[1].contains("tags.toml:4: a synonym of the tag `dam` cannot be seen: [U+00AD]")
    );
    assert!(problems[2].contains("a label of the tag `dam`"));
}
