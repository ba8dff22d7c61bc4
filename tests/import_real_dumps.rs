//! The two real dumps, which are not in the repository: their text is their publishers'.
//!
//! What is expected is computed from the dumps by plainer means than the engine's. They are looked
//! for in the folder that `ARCHIVE_DUMPS` names, else in `../shared/dumps`; with `CI=true` they
//! must be there.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::path::{Path, PathBuf};

use archive::date::{DateBasis, When};
use archive::entry::TitleBasis;
use archive::format::built_in;
use archive::fs;
use archive::import::{self, Dump, Fate, Told};
use pulldown_cmark::{Event, Options, Parser, Tag};

const BBC: &str = "bbc-live-aleppo-evacuations.txt";
const ITV: &str = "itv-aleppo-updates.txt";

/// Returns the text of a dump and what is understood of it, or `None` where it is not at hand.
fn read_told(name: &str, told: &Told) -> Option<(String, Dump)> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/dumps");
    let folder = std::env::var_os("ARCHIVE_DUMPS").map_or_else(beside, PathBuf::from);
    let Some(bytes) = fs::read_if_there(&folder.join(name)).unwrap() else {
        let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!ci, "{} is missing", folder.join(name).display());
        let _ = std::io::Write::write_all(&mut std::io::stderr(), b"skipped: no real dumps here\n");
        return None;
    };
    let dump = import::read(&bytes, told, &built_in()).unwrap();
    Some((String::from_utf8(bytes).unwrap(), dump))
}

fn read(name: &str) -> Option<(String, Dump)> {
    read_told(name, &Told { name: name.to_string(), ..Told::default() })
}

/// Everything that a reader of a body gets to see, links' targets included.
fn seen(body: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    let mut seen = String::new();
    for event in Parser::new_ext(body, options) {
        match event {
            Event::Text(text) => seen.push_str(&text),
            Event::Start(Tag::Image { title, .. }) => seen.push_str(&title),
            Event::End(_) => seen.push('\n'),
            Event::Start(_) => {}
            other => panic!("publisher's words were read as {other:?}"),
        }
    }
    seen
}

/// A line of a dump with its spaces made plain, by words.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many bodies hold the words of a line.
fn bodies_with(dump: &Dump, line: &str) -> usize {
    dump.entries.iter().filter(|entry| words(&seen(&entry.body)).contains(&words(line))).count()
}

/// Every line has a fate, those of an entry lie within its lines, and none is unread.
fn check_ledger(text: &str, dump: &Dump, lines: usize) {
    let totals = dump.ledger.totals();
    assert_eq!((totals.total, totals.unread), (lines, 0));
    assert_eq!(text.lines().count(), lines);
    for ((line, fate), number) in text.lines().zip(&dump.ledger.fates).zip(1..) {
        assert_eq!(*fate == Fate::Discarded("blank".into()), line.trim().is_empty(), "{number}");
        if let Fate::Entry(entry) = fate {
            let (first, last) = dump.entries[*entry].lines;
            assert!((first..=last).contains(&number), "line {number}");
        }
    }
    for pair in dump.entries.windows(2) {
        assert!(pair[0].lines.1 < pair[1].lines.0);
    }
    for entry in &dump.entries {
        let lines: Vec<_> = text.lines().collect();
        assert!(!lines[entry.lines.0 - 1].trim().is_empty());
        assert!(!lines[entry.lines.1 - 1].trim().is_empty());
    }
}

#[test]
fn bbc_titles_and_times_are_those_of_the_numbered_lines() {
    let Some((text, dump)) = read(BBC) else { return };
    let heads: Vec<_> =
        text.lines().zip(1..).filter(|(l, _)| l.contains("published at ")).collect();
    assert_eq!((dump.format.as_str(), heads.len(), dump.entries.len()), ("bbc-rerendered", 20, 20));
    assert_eq!(dump.newest_first, Some(true));
    assert_eq!(dump.publisher.as_deref(), Some("BBC"));
    for ((head, line), entry) in heads.into_iter().zip(&dump.entries) {
        let (numbered, stamp) = head.split_once("published at ").unwrap();
        assert_eq!(entry.title, numbered.split_once(". ").unwrap().1);
        assert_eq!(entry.title_basis, TitleBasis::Stated);
        assert_eq!(entry.stated, stamp);
        let day = stamp.replace(" Greenwich Mean Time", " +0000");
        let moment = chrono::DateTime::parse_from_str(&day, "%H:%M %z %d %B %Y").unwrap();
        assert_eq!(entry.when, When::Exact(moment));
        assert_eq!((entry.date_basis, entry.clock), (Some(DateBasis::Stated), None));
        assert_eq!(entry.lines.0, line);
    }
    assert_eq!(dump.entries[0].when.written(), "2016-12-16T13:30:00+00:00");
    assert_eq!(dump.entries[0].stated, "13:30 Greenwich Mean Time 16 December 2016");
    assert_eq!(dump.entries[0].lines, (13, 32));
    assert!(dump.problems.is_empty(), "{:?}", dump.problems);
}

#[test]
fn bbc_summary_is_the_pages_and_no_entrys() {
    let Some((text, dump)) = read(BBC) else { return };
    let top = text.lines().take_while(|line| !line.contains("published at"));
    let points: Vec<_> = top.filter_map(|line| line.trim().strip_prefix("• ")).collect();
    assert_eq!(points.len(), 5);
    assert_eq!(dump.summary, points);
    for point in points {
        assert_eq!(bodies_with(&dump, point), 0);
    }
    assert_eq!(dump.ledger.totals().summary, 6);
}

#[test]
fn bbc_pictures_are_told_from_words() {
    let Some((text, dump)) = read(BBC) else { return };
    let media: Vec<_> = dump.entries.iter().flat_map(|entry| &entry.media).collect();
    let (images, others): (Vec<_>, Vec<_>) = media.into_iter().partition(|m| m.kind == "image");
    assert_eq!((images.len(), others.len(), others[0].kind.as_str()), (9, 1, "video"));
    let sources = text.lines().filter_map(|line| line.trim().split_once("Image source, "));
    for (image, (alt, credit)) in images.iter().zip(sources) {
        assert_eq!((image.alt.as_str(), image.credit.as_str()), (alt, credit));
    }
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let captions = |mark: &str| -> Vec<&str> {
        (0..lines.len()).filter(|&at| lines[at] == mark).map(|at| lines[at + 2]).collect()
    };
    let found: Vec<_> =
        images.iter().map(|m| m.caption.as_str()).filter(|c| !c.is_empty()).collect();
    assert_eq!(found, captions("Image caption,"));
    assert_eq!(vec![others[0].caption.as_str()], captions("Media caption,"));
    let gallery = dump.entries.iter().find(|entry| entry.media.len() == 4).unwrap();
    assert!(gallery.media.iter().all(|m| !m.caption.is_empty() && !m.credit.is_empty()));
    assert_eq!(gallery.body.matches("](missing:image \"").count(), 4);
    let all: String = dump.entries.iter().map(|entry| entry.body.as_str()).collect();
    assert_eq!(all.matches("](missing:image").count(), 9);
    assert_eq!(all.matches("![](missing:video \"").count(), 1);
    for word in ["Image source", "Image caption", "Media caption"] {
        assert!(!all.contains(word), "{word}");
    }
}

#[test]
fn bbc_consent_blocks_become_one_line_each() {
    let Some((text, dump)) = read(BBC) else { return };
    let mut posts = 0;
    for entry in &dump.entries {
        let here: Vec<_> =
            text.lines().skip(entry.lines.0).take(entry.lines.1 - entry.lines.0).collect();
        let blocks = here.iter().filter(|line| line.starts_with("    End of twitter post")).count();
        let paragraphs = entry.body.split("\n\n").filter(|p| *p == "[Twitter post](missing:post)");
        assert_eq!((paragraphs.count(), entry.embeds.len()), (blocks, blocks), "{}", entry.lines.0);
        assert!(
            entry
                .embeds
                .iter()
                .all(|embed| (embed.kind.as_str(), embed.provider.as_str()) == ("post", "Twitter"))
        );
        for word in [
            "cookie",
            "not responsible",
            "Skip twitter",
            "End of twitter",
            "Allow Twitter",
            "Javascript",
        ] {
            assert!(!entry.body.contains(word), "{word} in the entry of line {}", entry.lines.0);
        }
        posts += blocks;
    }
    assert_eq!(posts, 7);
    assert_eq!(dump.ledger.totals().discarded["consent block"], 7 * 6);
}

#[test]
fn bbc_words_are_all_there_once_and_clean() {
    let Some((text, dump)) = read(BBC) else { return };
    check_ledger(&text, &dump, 293);
    for (line, fate) in text.lines().zip(&dump.ledger.fates) {
        let Fate::Entry(entry) = fate else { continue };
        let plain = words(line).replace("• ", "").replace(", external", "");
        let is_words = !plain.contains("published at ")
            && !plain.contains("post cannot be displayed")
            && !plain.ends_with("caption,");
        for part in plain.split("Image source, ").filter(|_| is_words) {
            let expected = dump.entries.iter().filter(|e| words(&seen(&e.body)).contains(part));
            assert!(expected.clone().count() >= 1, "line of entry {entry} is lost");
            assert!(words(&seen(&dump.entries[*entry].body)).contains(part));
            if part.len() > 40 {
                assert_eq!(expected.count(), 1, "line of entry {entry} is in two bodies");
            }
        }
    }
    for entry in &dump.entries {
        assert!(!entry.body.contains('\u{a0}') && !entry.body.contains(", external"));
        assert!(entry.body.lines().all(|line| line.trim_end() == line));
    }
    let lists: Vec<_> = dump.entries.iter().filter(|e| e.body.contains("\n- ")).collect();
    assert_eq!(lists.len(), 1);
    assert_eq!(lists[0].body.lines().filter(|line| line.starts_with("- ")).count(), 4);
}

#[test]
fn itv_titles_are_told_by_their_shape() {
    let Some((text, dump)) = read(ITV) else { return };
    assert_eq!((dump.format.as_str(), dump.entries.len()), ("itv-topic", 8));
    check_ledger(&text, &dump, 105);
    let lines: Vec<_> = text.lines().collect();
    for entry in &dump.entries {
        assert_eq!(entry.title, lines[entry.lines.0 - 1]);
        assert_eq!((&entry.when, entry.clock, entry.date_basis), (&When::Unknown, None, None));
        assert_eq!((entry.title_basis, entry.stated.as_str()), (TitleBasis::Stated, ""));
    }
    let starts: Vec<_> = dump.entries.iter().map(|entry| entry.lines.0).collect();
    assert_eq!(starts, [3, 11, 24, 34, 44, 54, 71, 89]);
    assert_eq!(dump.newest_first, Some(true));
    let totals = dump.ledger.totals();
    assert_eq!((totals.discarded["stream head"], totals.discarded["load more"]), (1, 1));
    assert_eq!(dump.entries.last().unwrap().lines.1, 103);
    assert!(dump.problems.is_empty(), "{:?}", dump.problems);
}

#[test]
fn itv_captions_become_pictures_where_they_stand() {
    let Some((text, dump)) = read(ITV) else { return };
    let all: Vec<_> = dump.entries.iter().flat_map(|entry| &entry.media).collect();
    let captions: Vec<_> = text.lines().filter_map(|line| line.split_once("Credit: ")).collect();
    assert_eq!((all.len(), captions.len()), (12, 12));
    for (media, (caption, credit)) in all.into_iter().zip(captions) {
        assert_eq!((media.kind.as_str(), media.caption.as_str()), ("image", caption.trim_end()));
        assert_eq!((media.alt.as_str(), media.credit.as_str()), ("", credit));
    }
    let bodies: Vec<_> = dump.entries.iter().map(|entry| entry.body.as_str()).collect();
    let bodies = bodies.join("\n\n");
    assert_eq!(bodies.matches("![](missing:image \"").count(), 12);
    assert!(!bodies.contains("Credit:") && !bodies.contains(".. "));
    let mut from = 0;
    for (line, fate) in text.lines().zip(&dump.ledger.fates) {
        if let Fate::Entry(entry) = fate
            && dump.entries[*entry].title != line
        {
            let words = line.split("Credit: ").next().unwrap().trim_end();
            let at = bodies[from..].find(words);
            from += at.unwrap_or_else(|| panic!("a line of entry {entry} is lost or moved"));
        }
    }
}

#[test]
fn itv_entries_take_the_date_that_the_curator_tells() {
    let told = Told { date: When::parse("2016-02").ok(), ..Told::default() };
    let Some((_, dump)) = read_told(ITV, &told) else { return };
    for entry in &dump.entries {
        assert_eq!(
            (entry.when.written().as_str(), entry.date_basis),
            ("2016-02", Some(DateBasis::Curator))
        );
    }
}
