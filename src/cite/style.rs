//! An entry cited as APA, Chicago and MLA have it. The only user of hayagriva.
//!
//! A style takes some milliseconds for an entry: far too long for an archive of a hundred thousand.
//! But what it does depends on a few things only: who wrote the entry, whether there is a date, what
//! the title ends in. So each style is asked once for every such [`Shape`], with characters in the
//! place of titles and numbers that no text may hold, and its answer is filled in for all entries of
//! that shape. For the same reason no title is changed: it stays as the publisher wrote it, and no
//! capitals are put into it.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use chrono::Datelike;
use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::json::{
    DateValue, Item, LiteralName, NameItem, NameValue, Value, VecDate, VecDateRange,
};
use hayagriva::citationberg::{FontStyle, IndependentStyle, Locale, Style};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, ElemChild, ElemChildren,
};

use super::{Issued, Name, Record, moment};
use crate::date::When;
use crate::markdown::escape;

/// What is cited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// The entry as this archive keeps it.
    Copy,
    /// The publisher's page.
    Original,
}

/// An entry as a style cites it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// The style.
    pub style: &'static str,
    /// The citation as HTML.
    pub html: String,
    /// The citation as text.
    pub text: String,
}

/// The styles: their names for readers, and their places in the library.
const STYLES: [(&str, ArchivedStyle); 3] = [
    ("APA", ArchivedStyle::AmericanPsychologicalAssociation),
    ("Chicago", ArchivedStyle::ChicagoNotes),
    ("MLA", ArchivedStyle::ModernLanguageAssociation),
];

// What stands for a value in an answer: characters for private use, which mean nothing to a style.
const TITLE: char = '\u{e001}';
const STORY: char = '\u{e002}';
const PUBLISHER: char = '\u{e003}';
const ARCHIVE: char = '\u{e004}';
const PLACE: char = '\u{e005}';
const URL: char = '\u{e006}';
const ITALIC: char = '\u{e007}';
const UPRIGHT: char = '\u{e008}';
/// The digits of names, so that no number of a name is taken for one of a date.
const ZERO: u32 = 0xe010;
/// A year and days that stand for the real ones; a style has to see numbers there.
const YEAR: &str = "9973";
const DAY: &str = "31";
const YEAR_READ: &str = "9967";
const DAY_READ: &str = "29";

/// How much of a date there is. Months change the words around them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Dated {
    Not,
    /// A year, or words in its place.
    Year,
    Month(u32),
    Day(u32),
}

/// All that the words around an entry's values depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Shape {
    style: usize,
    work: Work,
    authors: Vec<Name>,
    date: Dated,
    /// The month of the capture, where it is told.
    read: Option<u32>,
    /// The marks that title, story, publisher and archive end in: a style adds none to some.
    ends: [String; 4],
    has_url: bool,
}

/// The styles and the words that they use, read once.
struct Library {
    styles: Vec<(&'static str, IndependentStyle)>,
    locales: Vec<Locale>,
}

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let styles = STYLES.iter().filter_map(|(name, style)| match style.get() {
        Style::Independent(style) => Some((*name, style)),
        Style::Dependent(_) => None,
    });
    let is_english = |locale: &Locale| locale.lang.as_ref().is_some_and(|lang| lang.0 == "en-US");
    Library {
        styles: styles.collect(),
        locales: locales().into_iter().filter(is_english).collect(),
    }
});

/// The answers so far. It changes nothing but the time that a build takes.
static ANSWERS: LazyLock<RwLock<HashMap<Shape, Arc<str>>>> = LazyLock::new(RwLock::default);

/// Returns an entry as each style cites it; nothing where there is no such work.
pub fn cited(record: &Record, work: Work) -> Vec<Cited> {
    if work == Work::Original && record.page.is_empty() {
        return Vec::new();
    }
    (0..LIBRARY.styles.len())
        .map(|style| {
            let shape = shape(record, work, style);
            let known = ANSWERS.read().unwrap_or_else(PoisonError::into_inner).get(&shape).cloned();
            let answer = known.unwrap_or_else(|| {
                let answer: Arc<str> = ask(&shape).into();
                let mut answers = ANSWERS.write().unwrap_or_else(PoisonError::into_inner);
                answers.insert(shape, Arc::clone(&answer));
                answer
            });
            fill(record, work, LIBRARY.styles[style].0, &answer)
        })
        .collect()
}

/// The address of a work.
fn address(record: &Record, work: Work) -> &str {
    match work {
        Work::Copy => &record.permalink,
        Work::Original => &record.page,
    }
}

/// What the answer of a style depends on.
fn shape(record: &Record, work: Work, style: usize) -> Shape {
    let date = match moment::issued(&record.when) {
        Issued::Unknown => Dated::Not,
        Issued::Day(day) => Dated::Day(day.month()),
        Issued::Month(_, month) => Dated::Month(month),
        Issued::Year(_) | Issued::Words(_) => Dated::Year,
    };
    // Styles tell when something was read only where it has no date of its own.
    let read = (work == Work::Original && date == Dated::Not).then(|| read(record)).flatten();
    let mut ends = [&record.title, &record.story, &record.publisher, &record.archive]
        .map(|text| end(text).to_string());
    if record.publisher.is_empty() {
        ends[2] = NONE.to_string();
    }
    Shape {
        style,
        work,
        authors: record.authors.clone(),
        date,
        read: read.map(|day| day.month()),
        ends,
        has_url: !address(record, work).is_empty(),
    }
}

/// The day of the capture.
fn read(record: &Record) -> Option<chrono::NaiveDate> {
    When::parse(&record.captured).ok().and_then(|when| when.day())
}

/// The marks that a text ends in, at most three.
fn end(text: &str) -> &str {
    let is_mark = |c: char| {
        !c.is_alphanumeric() && !c.is_whitespace() && c.is_ascii_punctuation()
            || matches!(c, '…' | '’' | '”' | '»' | '؟' | '。')
    };
    let marks = text.char_indices().rev().take(3).take_while(|(_, c)| is_mark(*c));
    marks.last().map_or("", |(at, _)| &text[at..])
}

/// Asks a style what an entry of a shape is cited as.
fn ask(shape: &Shape) -> String {
    let mut item = item(shape);
    let mut answer = render(shape, &item);
    // Some styles have no place for a publisher beside a live page; a reader has to know of it.
    let is_author = |name: &Name| matches!(name, Name::Whole { organisation: true, .. });
    if has_publisher(shape) && !answer.contains(PUBLISHER) && !shape.authors.iter().any(is_author) {
        let both = format!("{STORY}{}, {PUBLISHER}{}", shape.ends[1], shape.ends[2]);
        item.0.insert("container-title".into(), Value::String(both));
        answer = render(shape, &item);
        // Only the story is the title of a work.
        let story = format!("{STORY}{}", shape.ends[1]);
        let publisher = format!(", {PUBLISHER}{}", shape.ends[2]);
        answer = answer.replace(
            &format!("{story}{publisher}{UPRIGHT}"),
            &format!("{story}{UPRIGHT}{publisher}"),
        );
    }
    tidied(answer)
}

/// An answer without what the styles leave around what is not known, and with one stop at the end
/// of a title.
fn tidied(answer: String) -> String {
    const SLIPS: [(&str, &str); 8] = [
        (",)", ")"),
        (",.", "."),
        ("Retrieved \u{e006}", "\u{e006}"),
        ("?.", "?"),
        ("!.", "!"),
        ("….", "…"),
        ("؟.", "؟"),
        ("..", "."),
    ];
    SLIPS.iter().fold(answer, |answer, (from, to)| answer.replace(from, to))
}

/// Whether an entry of this shape has a publisher: what has none ends in a mark of its own.
fn has_publisher(shape: &Shape) -> bool {
    shape.ends[2] != NONE
}

/// The end of a publisher that is not known.
const NONE: &str = "\u{e009}";

/// Renders one item.
fn render(shape: &Shape, item: &Item) -> String {
    let (style, locales) = (&LIBRARY.styles[shape.style].1, LIBRARY.locales.as_slice());
    let mut driver = BibliographyDriver::new();
    let items = vec![CitationItem::with_entry(item)];
    driver.citation(CitationRequest::from_items(items, style, locales));
    let rendered = driver.finish(BibliographyRequest::new(style, None, locales));
    let mut out = String::new();
    for item in rendered.bibliography.iter().flat_map(|list| &list.items) {
        write(&mut out, &item.content);
    }
    out
}

/// Writes what a style gives as text, with marks around what is in italics.
fn write(out: &mut String, children: &ElemChildren) {
    for child in &children.0 {
        match child {
            ElemChild::Text(text) | ElemChild::Link { text, .. } => {
                let italic = text.formatting.font_style == FontStyle::Italic;
                if italic {
                    out.push(ITALIC);
                }
                out.push_str(&text.text);
                if italic {
                    out.push(UPRIGHT);
                }
            }
            ElemChild::Elem(element) => write(out, &element.children),
            ElemChild::Markup(text) => out.push_str(text),
            ElemChild::Transparent { .. } => {}
        }
    }
}

/// The item that stands for all entries of a shape.
fn item(shape: &Shape) -> Item {
    let text = |text: String| Value::String(text);
    let ended = |mark: char, end: &str| text(format!("{mark}{end}"));
    let mut fields = BTreeMap::from([
        ("id".to_string(), text("entry".into())),
        ("type".into(), text("post-weblog".into())),
        ("title".into(), ended(TITLE, &shape.ends[0])),
        ("container-title".into(), ended(STORY, &shape.ends[1])),
    ]);
    if has_publisher(shape) {
        fields.insert("publisher".into(), ended(PUBLISHER, &shape.ends[2]));
    }
    if shape.work == Work::Copy {
        fields.insert("archive".into(), ended(ARCHIVE, &shape.ends[3]));
        if !shape.has_url {
            fields.insert("archive_location".into(), text(PLACE.into()));
        }
    }
    if shape.has_url {
        fields.insert("URL".into(), text(URL.into()));
    }
    if !shape.authors.is_empty() {
        let names = shape.authors.iter().map(csl_name).collect();
        fields.insert("author".into(), Value::Names(names));
    }
    let number = |text: &str| text.parse().unwrap_or_default();
    let month = |month: u32| i16::try_from(month).unwrap_or(1);
    let issued = match shape.date {
        Dated::Not => None,
        Dated::Year => Some(vec![number(YEAR)]),
        Dated::Month(of) => Some(vec![number(YEAR), month(of)]),
        Dated::Day(of) => Some(vec![number(YEAR), month(of), number(DAY)]),
    };
    fields.extend(issued.map(|parts| ("issued".to_string(), csl_date(parts))));
    if let Some(of) = shape.read {
        let parts = vec![number(YEAR_READ), month(of), number(DAY_READ)];
        fields.insert("accessed".into(), csl_date(parts));
    }
    Item(fields)
}

fn csl_date(parts: Vec<i16>) -> Value {
    Value::Date(DateValue::DateParts {
        date_parts: VecDateRange(vec![VecDate(parts)]),
        literal: None,
        season: None,
        circa: false,
    })
}

fn csl_name(name: &Name) -> NameValue {
    let hide = |text: &str| -> String {
        let hidden = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(ZERO + digit));
        text.chars().map(|c| hidden(c).unwrap_or(c)).collect()
    };
    match name {
        Name::Person { family, given } => NameValue::Item(NameItem {
            family: hide(family),
            given: (!given.is_empty()).then(|| hide(given)),
            non_dropping_particle: None,
            dropping_particle: None,
            suffix: None,
            comma_suffix: None,
        }),
        Name::Whole { name, .. } => NameValue::Literal(LiteralName { literal: hide(name) }),
    }
}

/// The numbers of an entry's dates, in the place of those that a style was asked with.
fn numbers(record: &Record, work: Work) -> Vec<(&'static str, String)> {
    match moment::issued(&record.when) {
        Issued::Unknown => {
            let read = read(record).filter(|_| work == Work::Original);
            read.map_or_else(Vec::new, |read| {
                vec![(YEAR_READ, read.year().to_string()), (DAY_READ, read.day().to_string())]
            })
        }
        Issued::Day(date) => vec![(YEAR, date.year().to_string()), (DAY, date.day().to_string())],
        Issued::Month(year, _) | Issued::Year(year) => vec![(YEAR, year.to_string())],
        Issued::Words(words) => vec![(YEAR, words)],
    }
}

/// Puts an entry's own values into the answer of a style.
fn fill(record: &Record, work: Work, style: &'static str, answer: &str) -> Cited {
    let numbers = numbers(record, work);
    let head = |text: &str| text[..text.len() - end(text).len()].to_string();
    // A title runs to its last mark, unless the style has moved that.
    let title = |text: &str, rest: &mut &str| match rest.strip_prefix(end(text)) {
        Some(behind) => {
            *rest = behind;
            text.to_string()
        }
        None => head(text),
    };
    let mut cited = Cited { style, html: String::new(), text: String::new() };
    let mut rest = answer;
    while let Some(c) = rest.chars().next() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(digits.max(c.len_utf8()));
        rest = behind;
        let value = match c {
            TITLE => title(&record.title, &mut rest),
            STORY => title(&record.story, &mut rest),
            PUBLISHER => head(&record.publisher),
            ARCHIVE => head(&record.archive),
            PLACE => format!("entry {}", record.id),
            URL => address(record, work).to_string(),
            ITALIC | UPRIGHT => {
                cited.html.push_str(if c == ITALIC { "<i>" } else { "</i>" });
                continue;
            }
            c => match char::from_digit(u32::from(c).wrapping_sub(ZERO), 10) {
                Some(digit) => digit.to_string(),
                None => numbers
                    .iter()
                    .find(|(number, _)| *number == piece)
                    .map_or_else(|| piece.to_string(), |(_, value)| value.clone()),
            },
        };
        cited.text.push_str(&value);
        if c == TITLE || c == STORY {
            // A title that runs from right to left turns nothing else about.
            _ = write!(cited.html, "<bdi>{}</bdi>", escape(&value));
        } else {
            cited.html.push_str(&escape(&value));
        }
    }
    cited
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a style makes of the values themselves. In German, since English titles get capitals.
    fn slowly(shape: &Shape, record: &Record) -> String {
        let mut item = item(shape);
        let mut set = |key: &str, value: &str| {
            if let Some(slot) = item.0.get_mut(key) {
                *slot = Value::String(value.to_string());
            }
        };
        set("title", &record.title);
        set("container-title", &record.story);
        set("publisher", &record.publisher);
        set("archive", &record.archive);
        set("URL", address(record, shape.work));
        item.0.insert("language".into(), Value::String("de".into()));
        if let Issued::Day(day) = moment::issued(&record.when) {
            let number = |n: u32| i16::try_from(n).unwrap();
            let parts =
                vec![i16::try_from(day.year()).unwrap(), number(day.month()), number(day.day())];
            item.0.insert("issued".into(), csl_date(parts));
        }
        tidied(render(shape, &item)).chars().filter(|c| !matches!(*c, ITALIC | UPRIGHT)).collect()
    }

    #[test]
    fn the_quick_way_says_what_the_style_says() {
        let person =
            |family: &str, given: &str| Name::Person { family: family.into(), given: given.into() };
        let mut count = 0;
        for title in
            ["Dam gates opened", "Why did they open?", "[Gates opened…]", "The end.", "Look!"]
        {
            for authors in [
                Vec::new(),
                vec![person("Okoro", "Ana")],
                vec![person("van der Berg", "Jan-Peter"), person("Ó Briain", "A. B.")],
            ] {
                for date in ["2031-04-02", "1969-07-20T21:17:00+01:00", "2031-12-31"] {
                    for work in [Work::Copy, Work::Original] {
                        let record = Record {
                            id: "a".into(),
                            title: title.into(),
                            authors: authors.clone(),
                            when: When::parse(date).unwrap(),
                            story: "Quell flood: live".into(),
                            publisher: "The Quell Times".into(),
                            page: "https://quell.example/1".into(),
                            captured: "2031-04-03".into(),
                            archive: "Quell River Archive".into(),
                            permalink: "https://archive.example/a.html".into(),
                            language: "de".into(),
                            tags: Vec::new(),
                            warning: String::new(),
                            dump: ("a".into(), "b".into()),
                        };
                        // Where no place for the publisher is made, the answer is the style's own.
                        let chicago = shape(&record, work, 1);
                        let quick = fill(&record, work, "Chicago", &ask(&chicago));
                        assert_eq!(quick.text, slowly(&chicago, &record));
                        count += 1;
                    }
                }
            }
        }
        assert_eq!(count, 90);
    }
}
