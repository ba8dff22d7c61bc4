//! Where every page of the site stands: the one place that knows the addresses.
//!
//! They are a contract: what was once published keeps its address.

use std::fmt;

use chrono::NaiveDate;

use crate::date::{Month, Shelf};
use crate::entry::{Id, Slug};

/// A file of the site, relative to its root, with `/` between folders. Made only here, of parts
/// that are safe in an address and on every file system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutPath(String);

/// The longest path inside the site, in bytes; Windows allows 260 for the whole.
const LONGEST: usize = 200;

impl OutPath {
    /// Accepts the path of a file that is copied as it is.
    ///
    /// # Errors
    /// Says what is wrong with a path that would not work on every host.
    pub fn copied(path: &str) -> Result<Self, String> {
        let fits = |part: &str| {
            !matches!(part, "" | "." | "..")
                && !part.ends_with(['.', ' '])
                && !part.contains(|c: char| c.is_control() || "<>:\"\\|?*".contains(c))
        };
        if path.len() <= LONGEST && path.split('/').all(fits) {
            Ok(Self(path.to_string()))
        } else {
            Err(format!(
                "the name `{path}`, expected at most {LONGEST} bytes without control characters or any of <>:\"\\|?*"
            ))
        }
    }

    fn of(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is a page that people read.
    pub fn is_page(&self) -> bool {
        self.0.rsplit_once('.').is_some_and(|(_, extension)| extension == "html")
    }

    /// Returns the way from this page to the root of the site: empty, or `../` once or more.
    pub fn root(&self) -> String {
        "../".repeat(self.0.matches('/').count())
    }

    /// Returns the shortest link from this page to another.
    pub fn link(&self, to: &Self) -> String {
        // Up to the last slash of what both begin with, they are in the same folders.
        let same = self.0.bytes().zip(to.0.bytes()).take_while(|(a, b)| a == b).count();
        let shared = self.0.as_bytes()[..same].iter().rposition(|byte| *byte == b'/');
        let shared = shared.map_or(0, |slash| slash + 1);
        let mut link = "../".repeat(self.0[shared..].matches('/').count());
        link.push_str(&to.0[shared..]);
        link
    }
}

impl fmt::Display for OutPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first page.
pub fn home() -> OutPath {
    OutPath::of("index.html")
}

/// A file at the root whose name never changes: the style sheet, feeds, `404.html`.
pub fn fixed(name: &'static str) -> OutPath {
    OutPath::of(name)
}

/// The list of stories.
pub fn stories() -> OutPath {
    OutPath::of("stories/index.html")
}

/// A story.
pub fn story(slug: &Slug) -> OutPath {
    OutPath::of(format!("stories/{slug}.html"))
}

/// What a page of a long story holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Its day; `None` for what is dated by no single day.
    pub day: Option<NaiveDate>,
    /// The minute of the day that it begins with, where it is not the beginning of the day.
    pub minute: u32,
    /// Its place among those that begin with this minute, from 1.
    pub number: usize,
}

impl Part {
    /// A day, or the beginning of one that is long itself.
    pub fn of(day: Option<NaiveDate>) -> Self {
        Self { day, minute: 0, number: 1 }
    }

    fn name(self) -> String {
        let day = self.day.map_or_else(|| "undated".into(), |day| day.to_string());
        format!("{day}{}", stretch(self.minute, self.number))
    }
}

/// What the address of a stretch of a day has behind the day: when it begins, and its number where
/// the clock cannot tell it apart from others.
fn stretch(minute: u32, number: usize) -> String {
    let clock = match (minute / 60, minute % 60) {
        (0, 0) => String::new(),
        (hour, 0) => format!("-{hour:02}"),
        (hour, minute) => format!("-{hour:02}{minute:02}"),
    };
    if number > 1 { format!("{clock}-p{number}") } else { clock }
}

/// A page of a long story.
pub fn story_part(slug: &Slug, part: Part) -> OutPath {
    OutPath::of(format!("stories/{slug}/{}.html", part.name()))
}

/// The same entries as on the page of a story, or of a part of it, the newest first.
pub fn newest(slug: &Slug, part: Option<Part>) -> OutPath {
    match part {
        None => OutPath::of(format!("stories/{slug}/newest.html")),
        Some(part) => OutPath::of(format!("stories/{slug}/{}-newest.html", part.name())),
    }
}

/// The picture that a link to a story is shown with elsewhere.
pub fn card(slug: &Slug) -> OutPath {
    OutPath::of(format!("stories/{slug}.png"))
}

/// The feed of a story.
pub fn story_feed(slug: &Slug) -> OutPath {
    OutPath::of(format!("stories/{slug}.xml"))
}

/// An entry's permalink.
pub fn entry(id: &Id) -> OutPath {
    OutPath::of(format!("entries/{id}.html"))
}

/// Whether an address is one that only entries can have, by an id or an alias.
pub fn is_entry(path: &OutPath) -> bool {
    path.as_str().starts_with("entries/")
}

/// The list of years.
pub fn dates() -> OutPath {
    OutPath::of("dates/index.html")
}

/// A year.
pub fn year(year: i32) -> OutPath {
    OutPath::of(format!("dates/{year:04}.html"))
}

/// A month.
pub fn month(month: Month) -> OutPath {
    OutPath::of(format!("dates/{:04}-{:02}.html", month.year, month.month))
}

/// A day.
pub fn day(day: NaiveDate) -> OutPath {
    OutPath::of(format!("dates/{day}.html"))
}

/// The days of the year, whatever the year.
pub fn almanac() -> OutPath {
    OutPath::of("dates/days.html")
}

/// The entries that no page of the calendar holds.
pub fn undated() -> OutPath {
    OutPath::of("dates/undated.html")
}

/// The index of tags.
pub fn tags() -> OutPath {
    OutPath::of("tags/index.html")
}

/// A part of the index of tags, by what its tags begin with. No tag is called `index`.
pub fn tags_part(letters: &str, number: usize) -> OutPath {
    OutPath::of(format!("tags/index/{letters}{}.html", stretch(0, number)))
}

/// A tag.
pub fn tag(slug: &Slug) -> OutPath {
    OutPath::of(format!("tags/{slug}.html"))
}

/// What a part of a long list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListPart {
    /// A year, a month of a large year, a day of a large month; `None` for what has no year.
    pub shelf: Option<Shelf>,
    /// The minute of the day that it begins with, where it is not the beginning of the day.
    pub minute: u32,
    /// Its place among those that begin with this minute, from 1.
    pub number: usize,
}

impl ListPart {
    /// A year, a month or a day, or the beginning of one that is too long for a page.
    pub fn of(shelf: Option<Shelf>) -> Self {
        Self { shelf, minute: 0, number: 1 }
    }

    fn name(self) -> String {
        let name = match self.shelf {
            Some(Shelf::Year(year)) => format!("{year:04}"),
            Some(Shelf::Month(month)) => format!("{:04}-{:02}", month.year, month.month),
            Some(Shelf::Day(day)) => day.to_string(),
            None => "undated".into(),
        };
        format!("{name}{}", stretch(self.minute, self.number))
    }

    /// Whether it is the page of a whole year, month or day, or the beginning of one.
    pub fn is_first(self) -> bool {
        self.minute == 0 && self.number == 1
    }
}

/// A part of the list of stories. No story is called `index`.
pub fn stories_part(part: ListPart) -> OutPath {
    OutPath::of(format!("stories/index/{}.html", part.name()))
}

/// A part of a large tag.
pub fn tag_part(slug: &Slug, part: ListPart) -> OutPath {
    OutPath::of(format!("tags/{slug}/{}.html", part.name()))
}

/// The feed of a tag.
pub fn tag_feed(slug: &Slug) -> OutPath {
    OutPath::of(format!("tags/{slug}.xml"))
}

/// The list of sources.
pub fn sources() -> OutPath {
    OutPath::of("sources/index.html")
}

/// The dumps whose entries begin in a month; `None` for those that have no dated entry. No dump's
/// page stands in a folder below `sources/`.
pub fn sources_of(month: Option<Month>) -> OutPath {
    match month {
        Some(month) => {
            OutPath::of(format!("sources/dates/{:04}-{:02}.html", month.year, month.month))
        }
        None => OutPath::of("sources/dates/undated.html"),
    }
}

/// A dump. Its name stands in the address as it is where that is safe, otherwise in small letters
/// with hyphens.
pub fn source(dump: &str) -> OutPath {
    const LONGEST_NAME: usize = 100;
    let safe =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let plain = dump.len() <= LONGEST_NAME
        && !dump.starts_with('.')
        && dump != "index"
        && dump.chars().all(safe);
    if plain {
        return OutPath::of(format!("sources/{dump}.html"));
    }
    let slug = Slug::from_words(dump, Slug::LONGEST)
        .map_or_else(|| "dump".into(), |slug| slug.to_string());
    let hash = &crate::fixity::sha256(dump.as_bytes())[..8];
    OutPath::of(format!("sources/{slug}-{hash}.html"))
}

/// A smaller copy of a picture, by the SHA-256 of the picture, its own width and its extension.
pub fn picture_copy(sha256: &str, width: u32, extension: &str) -> OutPath {
    let name = sha256.get(..16).unwrap_or(sha256);
    OutPath::of(format!("copies/{name}-{width}.{extension}"))
}

/// The captures of the page that a dump is one of, for machines (a `TimeMap`, RFC 7089).
pub fn timemap(dump: &str) -> OutPath {
    let page = source(dump);
    OutPath::of(format!("{}.link", page.0.trim_end_matches(".html")))
}

/// A free page.
pub fn page(slug: &Slug) -> OutPath {
    OutPath::of(format!("pages/{slug}.html"))
}

/// The search page.
pub fn search_page() -> OutPath {
    OutPath::of("search.html")
}

/// A file of the search index, by its name without an extension.
pub fn search(name: &str) -> OutPath {
    OutPath::of(format!("search/{name}.js"))
}

/// A part of the sitemap: a year, `undated` or `pages`; where that is too long for one file, its
/// pieces are numbered from 1 up.
pub fn sitemap_part(name: &str, number: usize) -> OutPath {
    match number {
        0 | 1 => OutPath::of(format!("sitemap-{name}.xml")),
        _ => OutPath::of(format!("sitemap-{name}-{number}.xml")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_the_shortest_way() {
        let slug = Slug::parse("quell").unwrap();
        assert_eq!(home().link(&story(&slug)), "stories/quell.html");
        assert_eq!(story(&slug).link(&stories()), "index.html");
        assert_eq!(entry(&slug).link(&home()), "../index.html");
        let deep = story_part(&slug, Part::of(None));
        assert_eq!(deep.link(&story(&slug)), "../quell.html");
        assert_eq!(deep.link(&deep), "undated.html");
        assert_eq!(deep.root(), "../../");
    }

    #[test]
    fn a_stretch_of_a_day_is_named_by_when_it_begins() {
        let slug = Slug::parse("quell").unwrap();
        let day = NaiveDate::from_ymd_opt(2031, 4, 2);
        let name = |minute, number| story_part(&slug, Part { day, minute, number });
        assert_eq!(name(0, 1).as_str(), "stories/quell/2031-04-02.html");
        assert_eq!(name(720, 1).as_str(), "stories/quell/2031-04-02-12.html");
        assert_eq!(name(725, 1).as_str(), "stories/quell/2031-04-02-1205.html");
        assert_eq!(name(725, 3).as_str(), "stories/quell/2031-04-02-1205-p3.html");
        assert_eq!(name(5, 1).as_str(), "stories/quell/2031-04-02-0005.html");
    }

    #[test]
    fn a_dumps_name_is_kept_where_it_is_safe() {
        assert_eq!(source("quell-live.txt").as_str(), "sources/quell-live.txt.html");
        assert!(source("Quell Live.TXT").as_str().starts_with("sources/quell-live-txt-"));
        assert_ne!(source("Quell Live.TXT"), source("quell live.txt"));
        assert!(source("../../etc/passwd").as_str().starts_with("sources/etc-passwd-"));
    }

    #[test]
    fn only_names_that_work_everywhere_are_copied() {
        assert!(OutPath::copied("images/A b.jpg").is_ok());
        for bad in ["", "../a", "a//b", "a:b", "a.", "con\u{1}"] {
            assert!(OutPath::copied(bad).is_err(), "{bad}");
        }
    }
}
