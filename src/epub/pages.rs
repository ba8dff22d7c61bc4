//! What stands on the pages of a book.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::package::Line;
use super::{Shelf, text, xml_page};
use crate::archive::{Archive, EntryIx, warning_sentence};
use crate::date::day_words;
use crate::entry::TitleBasis;
use crate::markdown::{legal, shown_text, title_html};
use crate::pages::entry::{citation, provenance};
use crate::paths;
use crate::view;

/// The title page.
pub(super) const TITLE: &str = "title.xhtml";
/// The entries whose words are covered.
pub(super) const COVERED: &str = "covered.xhtml";
/// What the book was made from, and how to cite it.
pub(super) const COLOPHON: &str = "about.xhtml";

/// The entries of a day, or of none.
pub(super) struct Chapter {
    /// Its page.
    pub(super) file: String,
    /// The page with the papers of its entries.
    pub(super) papers: String,
    heading: String,
    entries: Vec<EntryIx>,
}

/// The chapters of a book, and where each entry stands in them.
pub(super) struct Chapters {
    pub(super) list: Vec<Chapter>,
    /// The story's title.
    title: String,
    places: BTreeMap<String, String>,
}

impl Chapters {
    /// Cuts a story into days; what no single day dates comes last.
    pub(super) fn of(archive: &Archive, story: usize) -> Self {
        let group = &archive.stories[story];
        let days = group.days.iter().map(|(day, list)| (day.to_string(), day_words(*day), list));
        let others = Some(("undated".to_string(), "Day unknown".to_string(), &group.dayless));
        let others = others.filter(|(.., list)| !list.is_empty());
        let list: Vec<Chapter> = days
            .chain(others)
            .map(|(name, heading, list)| Chapter {
                file: format!("day-{name}.xhtml"),
                papers: format!("papers-{name}.xhtml"),
                heading,
                entries: list.clone(),
            })
            .collect();
        let mut places = BTreeMap::new();
        for chapter in &list {
            for ix in &chapter.entries {
                let entry = &archive.entries[*ix];
                let place = format!("{}#{}", chapter.file, anchor(archive, *ix));
                for id in std::iter::once(&entry.id).chain(&entry.aliases) {
                    places.insert(id.to_string(), place.clone());
                }
            }
        }
        Self { list, title: group.story.title.clone(), places }
    }

    /// Returns where an entry of the book stands, by its id or one that it had.
    pub(super) fn place_of(&self, id: &str) -> Option<String> {
        self.places.get(id).cloned()
    }
}

/// The anchor of an entry: ids of entries begin with figures, which those of XML may not.
fn anchor(archive: &Archive, ix: EntryIx) -> String {
    format!("e-{}", archive.entries[ix].id)
}

/// The attributes of what is the publisher's.
fn publishers(archive: &Archive) -> String {
    let language = text(&archive.site.language);
    format!("lang=\"{language}\" xml:lang=\"{language}\" dir=\"auto\"")
}

fn heading(archive: &Archive, ix: EntryIx) -> String {
    let entry = &archive.entries[ix];
    let made = if entry.title_basis == TitleBasis::Made { " made" } else { "" };
    let title = legal(&title_html(&entry.title));
    format!("<h2 class=\"title{made}\" {}>{title}</h2>\n", publishers(archive))
}

/// A list of texts; nothing where there are none.
fn list(out: &mut String, items: &[String]) {
    if !items.is_empty() {
        let _ = writeln!(
            out,
            "<ul>\n<li dir=\"auto\">{}</li>\n</ul>",
            items.join("</li>\n<li dir=\"auto\">")
        );
    }
}

/// The title page: what the story is, from when to when, who published it, what the publisher and
/// the archive say of it.
pub(super) fn title<R: FnMut(&str) -> Option<Vec<u8>>>(shelf: &mut Shelf<'_, R>) -> String {
    let archive = shelf.archive;
    let group = &archive.stories[shelf.story];
    let story = &group.story;
    let made = if story.title_basis == TitleBasis::Made { " class=\"made\"" } else { "" };
    let mut body = format!("<h1{made} dir=\"auto\">{}</h1>\n", text(&story.title));
    let count = view::entries(group.entries.len());
    let span = view::opening(&view::span(group.span));
    let _ = writeln!(body, "<p class=\"facts\">{span} \u{b7} {count}</p>");
    let _ = write!(
        body,
        "<p class=\"facts\" dir=\"auto\">From the archive \u{201c}{}\u{201d}",
        text(&archive.site.title)
    );
    if !archive.site.curator.is_empty() {
        let _ = write!(body, ", kept by {}", text(&archive.site.curator));
    }
    body.push_str("</p>\n");
    let mut publishers: Vec<&str> = Vec::new();
    for name in story.sources.iter().map(|source| source.publisher.as_str()) {
        if !name.is_empty() && !publishers.contains(&name) {
            publishers.push(name);
        }
    }
    if !publishers.is_empty() {
        let _ =
            writeln!(body, "<p class=\"facts\">Published by {}</p>", text(&publishers.join(", ")));
    }
    if !story.summary.is_empty() {
        let points: Vec<String> =
            story.summary.iter().map(|point| text(&shown_text(point))).collect();
        let _ = writeln!(
            body,
            "<section data-voice=\"publisher\" {}>\n<h2 lang=\"en\" xml:lang=\"en\" dir=\"ltr\">The publisher\u{2019}s summary</h2>",
            self::publishers(archive)
        );
        list(&mut body, &points);
        body.push_str("</section>\n");
    }
    let words = shelf.words(None, &story.body, "text-");
    if !words.trim().is_empty() {
        let _ = writeln!(
            body,
            "<section data-voice=\"curator\" dir=\"auto\">\n<h2 dir=\"ltr\">The archive\u{2019}s introduction</h2>\n{words}</section>"
        );
    }
    body.push_str("<p class=\"facts\">Notes with a rule and a label are the archive\u{2019}s, and so are titles in square brackets. All other words of the chapters are the publisher\u{2019}s.</p>\n");
    xml_page(&story.title, &body)
}

/// A day with its entries.
pub(super) fn chapter<R: FnMut(&str) -> Option<Vec<u8>>>(
    shelf: &mut Shelf<'_, R>,
    chapters: &Chapters,
    chapter: &Chapter,
) -> String {
    let archive = shelf.archive;
    let mut body = format!("<h1>{}</h1>\n", text(&chapter.heading));
    for ix in &chapter.entries {
        let entry = &archive.entries[*ix];
        let anchor = anchor(archive, *ix);
        let key = if entry.key_event { " key" } else { "" };
        let _ = writeln!(body, "<section class=\"post{key}\" id=\"{anchor}\">");
        body.push_str(&heading(archive, *ix));
        let _ = writeln!(body, "<p class=\"facts\">{}</p>", facts(archive, *ix).join(" \u{b7} "));
        let notices = view::notices(archive, &paths::home(), *ix);
        let notices: Vec<String> = notices.into_iter().map(|notice| text(&notice.name)).collect();
        if !notices.is_empty() {
            let _ = writeln!(
                body,
                "<p class=\"notices\" data-voice=\"curator\">{}</p>",
                notices.join(" \u{b7} ")
            );
        }
        let warning = &archive.warnings[*ix];
        if warning.is_empty() {
            body.push_str(&words(shelf, chapters, *ix));
        } else {
            let _ = writeln!(
                body,
                "<p class=\"cover\" data-voice=\"curator\" dir=\"auto\"><b>{}</b> <a href=\"{COVERED}#{anchor}\">Read the entry</a></p>",
                text(&warning_sentence(warning))
            );
        }
        if !entry.tags.is_empty() {
            let _ = writeln!(
                body,
                "<p class=\"tags\" dir=\"auto\">{}</p>",
                text(&entry.tags.join(", "))
            );
        }
        let _ = writeln!(
            body,
            "<p class=\"more\"><a href=\"{}#{anchor}\">Provenance</a></p>\n</section>",
            chapter.papers
        );
    }
    xml_page(&chapter.heading, &body)
}

/// What stands below a title: when, by whom, and what to know of that.
fn facts(archive: &Archive, ix: EntryIx) -> Vec<String> {
    let entry = &archive.entries[ix];
    let when = view::when(archive, ix);
    let mut facts = Vec::new();
    // The day stands above all of them, where it is one.
    if entry.when.day().is_none() {
        facts.push(view::opening(&when.words));
    }
    facts.push(format!("{} {}", when.time, when.zone).trim().to_string());
    facts.push(when.basis_words.to_string());
    facts.push(text(&view::authors(entry).join(", ")));
    facts.push(if entry.key_event { "key event".into() } else { String::new() });
    facts.retain(|fact| !fact.is_empty());
    facts
}

fn words<R: FnMut(&str) -> Option<Vec<u8>>>(
    shelf: &mut Shelf<'_, R>,
    chapters: &Chapters,
    ix: EntryIx,
) -> String {
    let archive = shelf.archive;
    let prefix = format!("{}-", anchor(archive, ix));
    let words = shelf.words(Some(chapters), &archive.entries[ix].body, &prefix);
    format!(
        "<div class=\"words\" data-voice=\"publisher\" {}>\n{words}</div>\n",
        publishers(archive)
    )
}

/// The words of entries that warn of something: readers come here only if they want to. A page of its
/// own, since reading systems have no covers that open.
pub(super) fn covered<R: FnMut(&str) -> Option<Vec<u8>>>(
    shelf: &mut Shelf<'_, R>,
    chapters: &Chapters,
) -> Option<String> {
    let archive = shelf.archive;
    let all = chapters.list.iter().flat_map(|chapter| &chapter.entries);
    let list: Vec<EntryIx> = all.copied().filter(|ix| !archive.warnings[*ix].is_empty()).collect();
    if list.is_empty() {
        return None;
    }
    let mut body = String::from("<h1>Entries with a content warning</h1>\n");
    for ix in list {
        let anchor = anchor(archive, ix);
        let warning = text(&warning_sentence(&archive.warnings[ix]));
        let _ = writeln!(body, "<section class=\"post\" id=\"{anchor}\">");
        body.push_str(&heading(archive, ix));
        let _ = writeln!(
            body,
            "<p class=\"cover\" data-voice=\"curator\" dir=\"auto\"><b>{warning}</b></p>"
        );
        body.push_str(&words(shelf, chapters, ix));
        let place = chapters.place_of(archive.entries[ix].id.as_str()).unwrap_or_default();
        let _ = writeln!(
            body,
            "<p class=\"more\"><a href=\"{place}\">Back to the day</a></p>\n</section>"
        );
    }
    Some(xml_page("Entries with a content warning", &body))
}

/// Where the entries of a chapter come from, and how to cite them.
pub(super) fn papers(archive: &Archive, chapter: &Chapter) -> String {
    let title = format!("Provenance: {}", chapter.heading);
    let mut body = format!("<h1>{}</h1>\n", text(&title));
    for ix in &chapter.entries {
        let anchor = anchor(archive, *ix);
        let _ = writeln!(body, "<section class=\"papers\" id=\"{anchor}\">");
        body.push_str(&heading(archive, *ix));
        body.push_str("<dl>\n");
        for (what, told) in provenance(archive, *ix) {
            let _ = write!(body, "<dt>{}</dt>", text(&what));
            for value in told {
                let _ = write!(body, "<dd dir=\"auto\">{}</dd>", text(&value));
            }
            body.push('\n');
        }
        let _ = writeln!(
            body,
            "<dt>Cite this entry</dt><dd dir=\"auto\">{}</dd>\n</dl>\n<p class=\"more\"><a href=\"{}#{anchor}\">Back to the entry</a></p>\n</section>",
            text(&citation(archive, *ix)),
            chapter.file
        );
    }
    xml_page(&title, &body)
}

/// What the book was made from.
pub(super) fn colophon(archive: &Archive, story: usize) -> String {
    let group = &archive.stories[story];
    let site = &archive.site;
    let mut body = String::from(
        "<h1>About this book</h1>\n<section class=\"papers\">\n<h2>What it was made from</h2>\n",
    );
    let dumps = archive.sources.iter().filter(|source| source.story == Some(story));
    let mut items = Vec::new();
    for source in dumps {
        let known = [
            source.source.publisher.clone(),
            source.source.title.clone(),
            source.source.url.clone(),
            match view::saved(&source.source.captured).as_str() {
                "" => String::new(),
                saved => format!("saved {saved}"),
            },
            format!("dump {}, SHA-256 {}", source.record.dump, source.record.sha256),
        ];
        let known: Vec<String> =
            known.iter().filter(|words| !words.is_empty()).map(|words| text(words)).collect();
        items.push(known.join("; "));
    }
    if items.is_empty() {
        body.push_str("<p>It has no source: the curator wrote it.</p>\n");
    }
    list(&mut body, &items);
    body.push_str("<p>A hash shows that the file has not changed since it was imported. It does not show that the publisher ever published it.</p>\n</section>\n<section class=\"papers\">\n<h2>Cite this book</h2>\n");
    let span = view::span(group.span);
    let mut cite = format!("\u{201c}{}\u{201d}, {span}. In: {}", group.story.title, site.title);
    if !site.curator.is_empty() {
        let _ = write!(cite, ", kept by {}", site.curator);
    }
    if !site.base_url.is_empty() {
        let _ = write!(cite, ", {}{}", site.base_url, paths::story(&group.story.slug));
    }
    let _ = writeln!(body, "<p dir=\"auto\">{}</p>\n</section>", text(&cite));
    if !site.rights.is_empty() {
        let _ = writeln!(
            body,
            "<section class=\"papers\">\n<h2>Rights</h2>\n<p dir=\"auto\">{}</p>\n</section>",
            text(&site.rights)
        );
    }
    xml_page("About this book", &body)
}

/// The table of contents: the days with their key events, and the papers.
pub(super) fn contents(archive: &Archive, chapters: &Chapters) -> Vec<Line> {
    let line = |words: &str, href: &str| Line {
        words: words.into(),
        href: href.into(),
        below: Vec::new(),
    };
    let mut lines = vec![line(&chapters.title, TITLE)];
    for chapter in &chapters.list {
        let keys = chapter.entries.iter().filter(|ix| archive.entries[**ix].key_event);
        let below = keys.map(|ix| {
            line(&archive.title(*ix), &format!("{}#{}", chapter.file, anchor(archive, *ix)))
        });
        lines.push(Line { below: below.collect(), ..line(&chapter.heading, &chapter.file) });
    }
    let warned =
        |chapter: &Chapter| chapter.entries.iter().any(|ix| !archive.warnings[*ix].is_empty());
    if chapters.list.iter().any(warned) {
        lines.push(line("Entries with a content warning", COVERED));
    }
    let papers = chapters.list.iter().map(|chapter| line(&chapter.heading, &chapter.papers));
    let papers: Vec<Line> = papers.collect();
    if let Some(first) = papers.first().map(|first| first.href.clone()) {
        lines.push(Line { below: papers, ..line("Provenance", &first) });
    }
    lines.push(line("About this book", COLOPHON));
    lines
}
