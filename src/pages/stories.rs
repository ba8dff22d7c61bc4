//! The list of stories: on one page, or cut by the years, months and days that they begin on.

use serde::Serialize;

use super::{Desk, Kind, Page, Subject, html};
use crate::archive::{Archive, StoryGroup, excerpt, weight};
use crate::date::{Month, Shelf, day_words};
use crate::diagnostic::Diagnostic;
use crate::markdown::shown_text;
use crate::paths::{self, ListPart, OutPath};
use crate::view::{self, Frame, Link};
use crate::words::Words;

/// The list of stories.
pub const LIST: Kind = Kind { name: "the list of stories", plan: plan_list, write: write_list };
/// The stories that begin in a year, a month or on a day.
pub const PART: Kind = Kind { name: "the stories of a year", plan: plan_part, write: write_part };

/// About how many bytes a story takes in the list beside its title: its dates, its publishers, and
/// the first words.
const LINE: usize = 700;

/// A story as a line of a list.
#[derive(Debug, Serialize)]
pub struct StoryLine {
    /// The title, its address and the number of entries.
    pub link: Link,
    /// The language of its title (BCP 47); empty where it is that of the interface.
    pub lang: String,
    /// The direction of its title, for HTML: `ltr`, `rtl`, or `auto` where nobody says its language.
    pub dir: &'static str,
    /// From when to when; empty where it has no entries.
    pub span: String,
    /// Who published it.
    pub publishers: String,
    /// The curator's introduction in a line, or the first point of the publisher's summary, or the
    /// first words.
    pub excerpt: String,
    /// Whose words the excerpt is: `curator` or `publisher`.
    pub voice: &'static str,
}

/// What `stories.html` sees.
#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    /// Every story, the earliest first; of a list that is too long for a page, those of a stretch of
    /// time.
    stories: Vec<StoryLine>,
    /// In place of stories, where they are too many: the years that they begin in, the months of a
    /// year and so on, each a page. Example: `[{name: "2031", count: 112, …}, …]`
    parts: Vec<Link>,
    /// On the page of a stretch of time: the stories before. Example: `{name: "March 2031", …}`
    earlier: Option<Link>,
    /// On the page of a stretch of time: the stories behind. Example: `{name: "May 2031", …}`
    later: Option<Link>,
}

/// A page of the list.
struct Leaf {
    /// What it holds; `None` for all stories.
    part: Option<ListPart>,
    /// Its stories, where it has room for them.
    stories: Vec<usize>,
    /// The pages that hold them, where not, each with their number.
    parts: Vec<(ListPart, usize)>,
}

/// Returns stories as lines.
pub fn lines(archive: &Archive, here: &OutPath, list: &[usize]) -> Vec<StoryLine> {
    let words = &archive.words;
    list.iter()
        .map(|ix| {
            let (ix, group) = (*ix, &archive.stories[*ix]);
            let story = &group.story;
            let mut publishers: Vec<&str> = Vec::new();
            for source in &story.sources {
                let name = source.publisher.as_str();
                if !name.is_empty() && !publishers.contains(&name) {
                    publishers.push(name);
                }
            }
            let introduction = Some(excerpt(&story.body, words)).filter(|text| !text.is_empty());
            let first = group.entries.first().map(|ix| archive.excerpts[*ix].clone());
            // Of an entry that is covered, the excerpt is its warning.
            let covered = story.summary.is_empty()
                && group.entries.first().is_some_and(|ix| !archive.warnings[*ix].is_empty());
            let voice = if introduction.is_some() || covered { "curator" } else { "publisher" };
            StoryLine {
                link: view::story_link(here, group),
                lang: view::beside(archive, archive.story_language(ix)),
                dir: view::direction_of(&story.lang),
                span: view::opening(&view::story_span(archive, group)),
                publishers: words.list(&publishers),
                excerpt: introduction
                    .or(story
                        .summary
                        .first()
                        .map(|point| shown_text(point, words).replace('\n', " ")))
                    .or(first)
                    .unwrap_or_default(),
                voice,
            }
        })
        .collect()
}

fn weigh(archive: &Archive, ix: usize) -> usize {
    LINE + weight::text(&archive.stories[ix].story.title)
}

/// What a story is filed under: by its year, its month or its day.
fn shelf_of(group: &StoryGroup, level: u8) -> Option<Shelf> {
    let (first, _) = group.span?;
    let month = Month::of(first);
    Some(match level {
        0 => Shelf::Year(month.year),
        1 => Shelf::Month(month),
        _ => Shelf::Day(first),
    })
}

/// The pages of the list, in their order; the first is that of all stories.
fn pages(archive: &Archive) -> Vec<Leaf> {
    let mut pages = Vec::new();
    let mut open = vec![(None, 0, (0..archive.stories.len()).collect::<Vec<usize>>())];
    while let Some((part, level, list)) = open.pop() {
        let bytes: usize = list.iter().map(|ix| weigh(archive, *ix)).sum();
        if bytes <= weight::LINES || list.len() < 2 {
            pages.push(Leaf { part, stories: list, parts: Vec::new() });
            continue;
        }
        let is_dated = part.is_none_or(|part: ListPart| part.shelf.is_some());
        if level > 2 || !is_dated {
            pages.extend(numbered(archive, part, &list));
            continue;
        }
        let shelf = |ix: &usize| shelf_of(&archive.stories[*ix], level);
        let mut finer: Vec<(Option<ListPart>, u8, Vec<usize>)> = Vec::new();
        for run in list.chunk_by(|a, b| shelf(a) == shelf(b)) {
            let shelf = run.first().and_then(shelf);
            finer.push((Some(ListPart::of(shelf)), level + 1, run.to_vec()));
        }
        let parts = finer.iter().filter_map(|(part, _, list)| part.map(|part| (part, list.len())));
        pages.push(Leaf { part, stories: Vec::new(), parts: parts.collect() });
        open.extend(finer.into_iter().rev());
    }
    pages
}

/// Stories that begin on one day, or on none, and are too many for a page.
fn numbered(archive: &Archive, part: Option<ListPart>, list: &[usize]) -> Vec<Leaf> {
    let pages = weight::filled(list, |ix| weigh(archive, ix), weight::LINES).into_iter().zip(1..);
    let leaf = |(stories, number)| Leaf {
        part: part.map(|part| ListPart { number, ..part }),
        stories,
        parts: Vec::new(),
    };
    pages.map(leaf).collect()
}

fn part_name(words: &Words, part: ListPart) -> String {
    let name = match part.shelf {
        Some(Shelf::Year(year)) => year.to_string(),
        Some(Shelf::Month(month)) => month.words(words),
        Some(Shelf::Day(day)) => day_words(day, words),
        None => words.say("tag.year_unknown").to_string(),
    };
    super::story::numbered_words(words, name, part.number)
}

fn part_link(words: &Words, here: &OutPath, part: ListPart, count: usize) -> Link {
    view::counted(here, &paths::stories_part(part), part_name(words, part), count)
}

fn plan_list(_: &Archive) -> Vec<(OutPath, Subject)> {
    vec![(paths::stories(), Subject::Archive)]
}

fn plan_part(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let parts = pages(archive).into_iter().filter_map(|leaf| leaf.part);
    parts.map(|part| (paths::stories_part(part), Subject::StoriesOf(part))).collect()
}

fn write_list(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let words = &desk.archive.words;
    let mut frame = view::frame(desk.archive, &page.path, words.say("frame.stories"), &[]);
    frame.description = words.say("story.about").to_string();
    write(desk, page, frame, None)
}

fn write_part(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::StoriesOf(part) = page.subject else { return Ok(Vec::new()) };
    let (archive, words) = (desk.archive, &desk.archive.words);
    let all = words.say("frame.stories");
    let mut trail = vec![(paths::stories(), all.to_string())];
    let wider = match part.shelf {
        Some(Shelf::Month(month)) => vec![Shelf::Year(month.year)],
        Some(Shelf::Day(day)) => {
            let month = Month::of(day);
            vec![Shelf::Year(month.year), Shelf::Month(month)]
        }
        Some(Shelf::Year(_)) | None => Vec::new(),
    };
    let of = |shelf: Shelf| ListPart::of(Some(shelf));
    trail.extend(
        wider
            .into_iter()
            .map(|shelf| (paths::stories_part(of(shelf)), part_name(words, of(shelf)))),
    );
    let title = words.list(&[all, &part_name(words, part)]);
    let mut frame = view::frame(archive, &page.path, title, &trail);
    frame.description = words.say("story.about").to_string();
    write(desk, page, frame, Some(part))
}

fn write(
    desk: Desk<'_>,
    page: &Page,
    frame: Frame<'_>,
    part: Option<ListPart>,
) -> Result<Vec<u8>, Diagnostic> {
    let (archive, here, words) = (desk.archive, &page.path, &desk.archive.words);
    let pages = pages(archive);
    let at = pages.iter().position(|leaf| leaf.part == part).unwrap_or_default();
    let own = pages.get(at);
    let link = |leaf: &Leaf| leaf.part.map(|part| part_link(words, here, part, leaf.stories.len()));
    let holds = |leaf: &&Leaf| !leaf.stories.is_empty();
    let (before, behind) = pages.split_at(at.min(pages.len()));
    let neighbours = part.is_some();
    let view = ListView {
        page: frame,
        stories: lines(archive, here, own.map_or(&[], |leaf| leaf.stories.as_slice())),
        parts: own
            .map(|leaf| leaf.parts.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|(part, count)| part_link(words, here, *part, *count))
            .collect(),
        earlier: before.iter().rev().find(holds).filter(|_| neighbours).and_then(link),
        later: behind.iter().skip(1).find(holds).filter(|_| neighbours).and_then(link),
    };
    html(desk, page, "stories.html", &view)
}
