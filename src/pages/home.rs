//! The home page, the page for addresses that lead nowhere, and the style sheet.

use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::view::{self, Frame, Link, MonthView, Wall};

/// The home page.
pub const HOME: Kind = Kind { name: "the home page", plan: plan_home, write: write_home };
/// The page for addresses that lead nowhere.
pub const NOT_FOUND: Kind =
    Kind { name: "the page 404.html", plan: plan_not_found, write: write_not_found };
/// The style sheet.
pub const STYLE: Kind = Kind { name: "the style sheet", plan: plan_style, write: write_style };

/// With more months than this, the home page shows a wall instead of months.
const MONTHS_SHOWN: usize = 3;
/// About how many bytes the wall takes; where it has no room, years stand in its place.
const WALL: usize = 24_000;
/// How many stories the home page shows: those that are the latest.
const STORIES: usize = 12;
/// How many of the newest imports and the largest tags the home page shows.
const NEWEST: usize = 5;
const LARGEST: usize = 24;

/// What `home.html` sees.
#[derive(Serialize)]
struct HomeView<'a> {
    page: Frame<'a>,
    /// What the curator says of the archive in content/pages/home.md, as HTML; empty where nothing.
    words: String,
    /// Every story, the earliest first.
    stories: Vec<super::stories::StoryLine>,
    /// How many stories there are before those.
    more_stories: usize,
    /// All days of all years; none where that is too large for the page.
    wall: Option<Wall>,
    /// Every month that has entries; empty where there are too many to be shown.
    /// Example: `[{name: "April 2031", count: 12, …}, …]`
    months: Vec<MonthView>,
    /// Every year that has entries, where there are too many months; else empty.
    years: Vec<Link>,
    /// The page of the entries without a day.
    undated: Option<Link>,
    /// The tags that most entries have, by name.
    tags: Vec<Link>,
    /// The dumps that were imported last, the newest first.
    imports: Vec<super::sources::SourceLine>,
    /// What the archive holds, in numbers.
    counts: String,
}

fn plan_home(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::home(), Subject::Archive)]
}

fn write_home(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here) = (desk.archive, &page.path);
    let months = archive.months();
    let few = months.len() <= MONTHS_SHOWN;
    let mut frame = view::frame(archive, here, archive.site.title.as_str(), &[]);
    let counts = counts(archive);
    frame.description = match archive.site.description.as_str() {
        "" => {
            let name = archive.site.title.as_str();
            archive.words.fill("frame.holds", &[("name", name), ("count", &counts)])
        }
        description => description.to_string(),
    };
    let mut tags: Vec<_> = archive.tags.iter().filter(|group| !group.entries.is_empty()).collect();
    tags.sort_by_key(|group| std::cmp::Reverse(group.entries.len()));
    tags.truncate(LARGEST);
    tags.sort_by_key(|group| group.tag.name.to_lowercase());
    let mut imports: Vec<_> = (0..archive.sources.len()).collect();
    imports.sort_by_key(|ix| std::cmp::Reverse(&archive.sources[*ix].record.imported));
    let more_stories = archive.stories.len().saturating_sub(STORIES);
    let shown: Vec<usize> = (more_stories..archive.stories.len()).collect();
    let stories = super::stories::lines(archive, here, &shown);
    let home = HomeView {
        page: frame,
        words: archive
            .home
            .as_ref()
            .map(|home| view::words(archive, here, &home.body, 1))
            .unwrap_or_default(),
        stories,
        more_stories,
        wall: if few { None } else { view::wall(archive, here, WALL) },
        months: if few {
            months.iter().map(|m| view::month(archive, here, *m)).collect()
        } else {
            Vec::new()
        },
        years: if few { Vec::new() } else { super::dates::years(archive, here) },
        undated: (!archive.undated.is_empty()).then(|| super::dates::undated_link(archive, here)),
        tags: tags
            .iter()
            .map(|group| {
                view::counted(
                    here,
                    &paths::tag(&group.tag.slug),
                    &group.tag.name,
                    group.entries.len(),
                )
            })
            .collect(),
        imports: imports
            .into_iter()
            .take(NEWEST)
            .map(|ix| super::sources::line(archive, here, ix))
            .collect(),
        counts,
    };
    html(desk, page, "home.html", &home)
}

/// What the archive holds, in numbers.
fn counts(archive: &Archive) -> String {
    let words = &archive.words;
    let text = words.fill(
        "home.counts",
        &[
            ("entries", &view::entries(words, archive.entries.len())),
            ("stories", &words.count("count.stories", archive.stories.len(), &[])),
            ("sources", &words.count("count.sources", archive.sources.len(), &[])),
        ],
    );
    let days = archive
        .days()
        .next()
        .map(|(day, _)| day)
        .zip(archive.days().next_back().map(|(day, _)| day));
    match days {
        Some(_) => [text, view::span(words, days)].join(words.say("list.comma")),
        None => text,
    }
}

/// What `404.html` sees.
#[derive(Serialize)]
struct NotFoundView<'a> {
    page: Frame<'a>,
}

fn plan_not_found(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::fixed("404.html"), Subject::Archive)]
}

fn write_not_found(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let mut frame =
        view::frame(desk.archive, &page.path, desk.archive.words.say("not_found.title"), &[]);
    // A host shows this page at any depth, where a relative link would lead astray.
    frame.style = &desk.templates.style;
    let base = &desk.archive.site.base_url;
    if !base.is_empty() {
        frame.root.clone_from(base);
        for link in frame.nav.iter_mut().chain(&mut frame.crumbs).chain(&mut frame.feeds) {
            link.url.insert_str(0, base);
        }
    }
    html(desk, page, "404.html", &NotFoundView { page: frame })
}

fn plan_style(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::fixed("style.css"), Subject::Archive)]
}

fn write_style(desk: Desk<'_>, _: &Page) -> Result<Vec<u8>, Diagnostic> {
    Ok(desk.templates.style.clone().into_bytes())
}
