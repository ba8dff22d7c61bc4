//! What stands on the pages of a book.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::package::{self, Line};
use super::{Shelf, text, xml_page};
use crate::archive::{Archive, EntryIx, warning_sentence};
use crate::date::day_words;
use crate::entry::TitleBasis;
use crate::markdown::{legal, shown_text};
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
        let words = &archive.words;
        let days =
            group.days.iter().map(|(day, list)| (day.to_string(), day_words(*day, words), list));
        let unknown = words.say("calendar.undated").to_string();
        let others = Some(("undated".to_string(), unknown, &group.dayless));
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

/// The attributes of the publisher's words in a language.
fn publishers(language: &str) -> String {
    let language = text(language);
    format!("lang=\"{language}\" xml:lang=\"{language}\" dir=\"auto\"")
}

fn heading(archive: &Archive, ix: EntryIx) -> String {
    let made = if archive.title_basis(ix) == TitleBasis::Made { " made" } else { "" };
    let title = archive.title_html(ix);
    let title = legal(&title);
    format!("<h2 class=\"title{made}\" {}>{title}</h2>\n", publishers(archive.language_of(ix)))
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
    let words = &archive.words;
    let count = view::entries(words, group.entries.len());
    let mut facts = vec![view::opening(&view::story_span(archive, group)), count];
    facts.retain(|fact| !fact.is_empty());
    let _ = writeln!(body, "<p class=\"facts\">{}</p>", facts.join(" \u{b7} "));
    let mut from = words.fill("book.from", &[("archive", &archive.site.title)]);
    if !archive.site.curator.is_empty() {
        from.push(' ');
        from.push_str(&words.fill("frame.kept_by", &[("curator", &archive.site.curator)]));
    }
    let _ = writeln!(body, "<p class=\"facts\" dir=\"auto\">{}</p>", text(&from));
    let mut publishers: Vec<&str> = Vec::new();
    for name in story.sources.iter().map(|source| source.publisher.as_str()) {
        if !name.is_empty() && !publishers.contains(&name) {
            publishers.push(name);
        }
    }
    if !publishers.is_empty() {
        let by = words.fill("book.published_by", &[("publishers", &words.list(&publishers))]);
        let _ = writeln!(body, "<p class=\"facts\">{}</p>", text(&by));
    }
    if !story.summary.is_empty() {
        let points = story.summary.iter().map(|point| text(&shown_text(point, words)));
        let points: Vec<String> = points.collect();
        let _ = writeln!(
            body,
            "<section>\n<h2>{}</h2>\n<div data-voice=\"publisher\" {}>",
            text(words.say("story.summary")),
            self::publishers(archive.story_language(shelf.story))
        );
        list(&mut body, &points);
        body.push_str("</div>\n</section>\n");
    }
    let introduction = shelf.words(None, &story.body, "text-");
    if !introduction.trim().is_empty() {
        let _ = writeln!(
            body,
            "<section data-voice=\"curator\">\n<h2>{}</h2>\n<div dir=\"auto\">{introduction}</div>\n</section>",
            text(words.say("story.introduction"))
        );
    }
    let _ = writeln!(body, "<p class=\"facts\">{}</p>", text(words.say("book.voices")));
    xml_page(words, &story.title, &body)
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
                "<p class=\"cover\" data-voice=\"curator\" dir=\"auto\"><b>{}</b> <a href=\"{COVERED}#{anchor}\">{}</a></p>",
                text(&warning_sentence(warning, &archive.words)),
                text(archive.words.say("entry.show"))
            );
        }
        if !entry.tags.is_empty() {
            let _ = writeln!(
                body,
                "<p class=\"tags\" dir=\"auto\">{}</p>",
                text(&archive.words.list(&entry.tags))
            );
        }
        let _ = writeln!(
            body,
            "<p class=\"more\"><a href=\"{}#{anchor}\">{}</a></p>\n</section>",
            chapter.papers,
            text(archive.words.say("papers.provenance"))
        );
    }
    xml_page(&archive.words, &chapter.heading, &body)
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
    facts.push(when.basis_words.clone());
    facts.push(text(&archive.words.list(&view::authors(archive, entry))));
    let key = if entry.key_event { archive.words.say("entry.key_event") } else { "" };
    facts.push(key.to_string());
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
        publishers(archive.language_of(ix))
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
    let title = archive.words.say("book.warned");
    let mut body = format!("<h1>{}</h1>\n", text(title));
    for ix in list {
        let anchor = anchor(archive, ix);
        let warning = text(&warning_sentence(&archive.warnings[ix], &archive.words));
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
            "<p class=\"more\"><a href=\"{place}\">{}</a></p>\n</section>",
            text(archive.words.say("book.back_to_day"))
        );
    }
    Some(xml_page(&archive.words, title, &body))
}

/// Where the entries of a chapter come from, and how to cite them.
pub(super) fn papers(archive: &Archive, chapter: &Chapter) -> String {
    let title = archive.words.fill("book.provenance_of", &[("day", &chapter.heading)]);
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
            "<dt>{}</dt><dd dir=\"auto\">{}</dd>\n</dl>\n<p class=\"more\"><a href=\"{}#{anchor}\">{}</a></p>\n</section>",
            text(archive.words.say("cite.heading")),
            text(&citation(archive, *ix)),
            chapter.file,
            text(archive.words.say("book.back_to_entry"))
        );
    }
    xml_page(&archive.words, &title, &body)
}

/// What the book was made from.
pub(super) fn colophon(archive: &Archive, story: usize) -> String {
    let group = &archive.stories[story];
    let (site, words) = (&archive.site, &archive.words);
    let title = words.say("book.about");
    let mut body = format!("<h1>{}</h1>\n", text(title));
    let mut section = |heading: &str, inner: &str| {
        let heading = text(words.say(heading));
        let _ = writeln!(body, "<section class=\"papers\">\n<h2>{heading}</h2>\n{inner}</section>");
    };
    let mut items = Vec::new();
    for source in archive.sources.iter().filter(|source| source.story == Some(story)) {
        let saved = view::saved(words, &source.source.captured);
        let known = [
            source.source.publisher.clone(),
            source.source.title.clone(),
            source.source.url.clone(),
            if saved.is_empty() { saved } else { words.fill("papers.saved", &[("date", &saved)]) },
            format!("{} {}", words.say("papers.dump"), source.record.dump),
            format!("SHA-256 {}", source.record.sha256),
        ];
        let known: Vec<&String> = known.iter().filter(|part| !part.is_empty()).collect();
        let known: Vec<String> = known.into_iter().map(|part| text(part)).collect();
        items.push(known.join(words.say("list.semicolon")));
    }
    let mut made_from = String::new();
    if items.is_empty() {
        let _ = writeln!(made_from, "<p>{}</p>", text(words.say("book.no_source")));
    } else {
        list(&mut made_from, &items);
        let _ = writeln!(made_from, "<p>{}</p>", text(words.say("papers.dump_proves")));
    }
    section("frame.sources", &made_from);
    let named = words.fill("cite.title", &[("title", &group.story.title)]);
    let mut what = vec![named, view::story_span(archive, group)];
    what.retain(|part| !part.is_empty());
    let what = words.list(&what);
    let mut cite = words.fill("book.cite_text", &[("what", &what), ("archive", &site.title)]);
    if !site.base_url.is_empty() {
        cite.push_str(words.say("list.comma"));
        let _ = write!(cite, "{}{}", site.base_url, paths::story(&group.story.slug));
    }
    section("book.cite", &format!("<p dir=\"auto\">{}</p>\n", text(&cite)));
    if !site.rights.is_empty() {
        section("book.rights", &format!("<p dir=\"auto\">{}</p>\n", text(&site.rights)));
    }
    xml_page(words, title, &body)
}

/// The table of contents: the days with their key events, and the papers.
pub(super) fn contents(archive: &Archive, chapters: &Chapters) -> String {
    let line = |words: &str, href: &str| Line {
        words: words.into(),
        href: href.into(),
        below: Vec::new(),
    };
    let words = &archive.words;
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
        lines.push(line(words.say("book.warned"), COVERED));
    }
    let papers = chapters.list.iter().map(|chapter| line(&chapter.heading, &chapter.papers));
    let papers: Vec<Line> = papers.collect();
    if let Some(first) = papers.first().map(|first| first.href.clone()) {
        lines.push(Line { below: papers, ..line(words.say("papers.provenance"), &first) });
    }
    lines.push(line(words.say("book.about"), COLOPHON));
    package::contents(words, &lines)
}
