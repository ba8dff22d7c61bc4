//! Sparklines: how a list of entries lies in time, as a drawing of a few bytes, and in words.

use std::fmt::Write as _;

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;

use super::entries;
use crate::archive::{Archive, EntryIx};
use crate::date::{Month, Shelf, shelf_year, span_words};
use crate::words::Words;

/// The height of a drawing, in its own units.
const HEIGHT: usize = 8;
/// How many steps a drawing has at most that stands by itself.
pub const WIDE: usize = 60;
/// The same of one that stands behind a name in a list.
pub const SMALL: usize = 12;

/// How a list of entries lies in time.
#[derive(Debug, Serialize)]
pub struct Spark {
    /// The outline of the bars, for the `d` of an SVG path: a step is 1 wide, the fullest 8 high.
    pub path: String,
    /// How many steps the axis has, which is that of the whole archive.
    pub width: usize,
    /// The same in words: "April 2029 to June 2031, most in May 2030 (12 entries)"; empty where
    /// none has a year.
    pub words: String,
    /// The first step of the axis in words: "January 1969".
    pub from: String,
    /// The last step of the axis in words.
    pub to: String,
    /// What a step is: `day`, `month`, `year`, or `years` (several).
    pub step: &'static str,
    /// The number of entries of each step.
    #[serde(skip)]
    pub bars: Vec<usize>,
}

/// Returns the year that an entry is listed under, and the month, where that is known.
pub fn filed(archive: &Archive, ix: EntryIx) -> Option<(i32, Option<Month>)> {
    let when = &archive.entries[ix].when;
    if let Some(day) = when.day() {
        return Some((day.year(), Some(Month::of(day))));
    }
    let year = when.earliest()?.year();
    let month = when.shelves().first().and_then(|shelf| match shelf {
        Shelf::Day(day) => Some(Month::of(*day)),
        Shelf::Month(month) => Some(*month),
        Shelf::Year(_) => None,
    });
    Some((year, month.filter(|month| month.year == year)))
}

/// The first and the last year of an archive. Its calendar holds years, then months, then days.
fn years(archive: &Archive) -> Option<(i32, i32)> {
    let month = |year, month| Shelf::Month(Month { year, month });
    let kinds = [
        Shelf::Year(i32::MIN)..=Shelf::Year(i32::MAX),
        month(i32::MIN, 0)..=month(i32::MAX, u32::MAX),
        Shelf::Day(NaiveDate::MIN)..=Shelf::Day(NaiveDate::MAX),
    ];
    let ends = kinds.into_iter().flat_map(|kind| {
        let mut kind = archive.calendar.range(kind).map(|(shelf, _)| shelf_year(*shelf));
        [kind.next(), kind.next_back()]
    });
    let ends: Vec<i32> = ends.flatten().collect();
    ends.iter().min().copied().zip(ends.iter().max().copied())
}

/// The first and the last day that a list of the archive holds, where it holds nothing but days.
fn days(archive: &Archive) -> Option<(NaiveDate, NaiveDate)> {
    match (archive.calendar.keys().next()?, archive.calendar.keys().next_back()?) {
        (Shelf::Day(first), Shelf::Day(last)) => Some((*first, *last)),
        _ => None,
    }
}

/// What a step of an axis is.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A day, from a first one on.
    Day(NaiveDate),
    /// A month, from January of a year on.
    Month(i32),
    /// So many years, from a first one on.
    Years(i32, i32),
}

impl Step {
    /// The place of an entry on the axis, where it is known so finely.
    fn place(self, archive: &Archive, ix: EntryIx) -> Option<usize> {
        let place = match self {
            Self::Day(first) => (archive.entries[ix].when.day()? - first).num_days(),
            Self::Month(first) => {
                let month = filed(archive, ix)?.1?;
                i64::from((month.year - first) * 12 + month.month.cast_signed() - 1)
            }
            Self::Years(first, each) => i64::from((filed(archive, ix)?.0 - first).div_euclid(each)),
        };
        usize::try_from(place).ok()
    }

    /// What a step is called.
    fn name(self, words: &Words, place: usize) -> String {
        let at = i32::try_from(place).unwrap_or_default();
        match self {
            Self::Day(first) => {
                let day = first.checked_add_days(Days::new(place as u64)).unwrap_or(first);
                span_words(day, day, words)
            }
            Self::Month(first) => {
                let month = (at % 12).cast_unsigned() + 1;
                Month { year: first + at / 12, month }.words(words)
            }
            Self::Years(first, 1) => (first + at).to_string(),
            Self::Years(first, each) => {
                let from = first + at * each;
                format!("{from}\u{2013}{}", from + each - 1)
            }
        }
    }

    fn machine(self) -> &'static str {
        match self {
            Self::Day(_) => "day",
            Self::Month(_) => "month",
            Self::Years(_, 1) => "year",
            Self::Years(..) => "years",
        }
    }
}

/// The axis of an archive with at most about `most` steps: of days or months where they fit, else of
/// years, else of several years; `None` where nothing is dated.
fn axis(archive: &Archive, most: usize) -> Option<(Step, usize)> {
    if let Some((first, last)) = days(archive) {
        let span = usize::try_from((last - first).num_days() + 1).unwrap_or(usize::MAX);
        if span <= most {
            return Some((Step::Day(first), span));
        }
    }
    let (first, last) = years(archive)?;
    let span = usize::try_from(last - first + 1).unwrap_or(1);
    if span * 12 <= most {
        return Some((Step::Month(first), span * 12));
    }
    let each = span.div_ceil(most.max(1));
    Some((Step::Years(first, i32::try_from(each).unwrap_or(1)), span.div_ceil(each)))
}

/// Returns how a list of entries lies in time, on the axis of the archive of at most about `most`
/// steps; `None` where none of them stands on it. What is not known so finely is said in words.
pub fn spark(archive: &Archive, list: &[EntryIx], most: usize) -> Option<Spark> {
    let (step, width) = axis(archive, most)?;
    let mut bars = vec![0usize; width];
    let mut left = 0;
    for ix in list {
        match step.place(archive, *ix).and_then(|place| bars.get_mut(place)) {
            Some(bar) => *bar += 1,
            None => left += 1,
        }
    }
    let begin = bars.iter().position(|bar| *bar > 0)?;
    let end = bars.iter().rposition(|bar| *bar > 0)?;
    // Of several equally full the earliest is named.
    let fullest = (begin..=end).max_by_key(|place| (bars[*place], std::cmp::Reverse(*place)))?;
    let words = &archive.words;
    let (at, count) = (step.name(words, fullest), entries(words, bars[fullest]));
    let on = matches!(step, Step::Day(_));
    let mut said = if begin < end {
        let (from, to) = (step.name(words, begin), step.name(words, end));
        let values: [(&str, &str); 4] =
            [("from", &from), ("to", &to), ("at", &at), ("entries", &count)];
        words.fill(if on { "time.most_on" } else { "time.most_in" }, &values)
    } else if left == 0 {
        words.fill(if on { "time.all_on" } else { "time.all_in" }, &[("at", &at)])
    } else {
        let values: [(&str, &str); 2] = [("at", &at), ("entries", &count)];
        words.fill(if on { "time.some_on" } else { "time.some_in" }, &values)
    };
    if left > 0 {
        let key = match step {
            Step::Day(_) => "time.no_day",
            Step::Month(_) => "time.no_month",
            Step::Years(..) => "time.no_year",
        };
        said = words.list(&[said, words.count(key, left, &[])]);
    }
    let (from, to) = (step.name(words, 0), step.name(words, width - 1));
    Some(Spark { path: outline(&bars), width, words: said, from, to, step: step.machine(), bars })
}

/// The outline of bars that stand on one line, in relative steps: `M0 8V5h1V8h3z`.
fn outline(bars: &[usize]) -> String {
    let fullest = bars.iter().copied().max().unwrap_or_default().max(1);
    let mut path = format!("M0 {HEIGHT}");
    let mut level = 0;
    let mut at = 0;
    while at < bars.len() {
        let height = (bars[at] * HEIGHT).div_ceil(fullest);
        let run = bars[at..].iter().take_while(|bar| (**bar * HEIGHT).div_ceil(fullest) == height);
        let run = run.count();
        if height != level {
            let _ = write!(path, "V{}", HEIGHT - height);
            level = height;
        }
        at += run;
        if at < bars.len() || level > 0 {
            let _ = write!(path, "h{run}");
        }
    }
    if level > 0 {
        let _ = write!(path, "V{HEIGHT}");
    }
    path.push('z');
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::content::{Content, parse_entry};
    use crate::entry::Slug;
    use crate::site::Site;

    fn archive(dates: &[&str]) -> Archive {
        let entry = |(number, date): (usize, &&str)| {
            let date = if date.is_empty() { String::new() } else { format!("date = {date}\n") };
            let text = format!(
                "+++\nid = \"e{number}\"\ntitle = \"T\"\n{date}order = {number}\n+++\nBody.\n"
            );
            let file = format!("content/quell/{number}.md");
            parse_entry(&file, Slug::parse("quell").unwrap(), &text).0.unwrap()
        };
        let entries = dates.iter().enumerate().map(entry).collect();
        Archive::new(Site::default(), Content { entries, ..Content::default() }).0
    }

    #[test]
    fn the_bars_are_as_many_as_the_dated_entries() {
        let dates = [
            "2029-12-31",
            "2030-04-02",
            "2030-04-30T23:30:00-05:00",
            "\"2030-05\"",
            "\"2031\"",
            "\"2031-01-01/2031-01-03\"",
            "",
        ];
        let archive = archive(&dates);
        let all: Vec<EntryIx> = (0..archive.entries.len()).collect();
        let months = spark(&archive, &all, WIDE).unwrap();
        assert_eq!((months.width, months.step), (36, "month"));
        assert_eq!(months.bars.iter().sum::<usize>(), 5, "one has a year, one nothing");
        assert_eq!(
            (months.bars[11], months.bars[15], months.bars[16], months.bars[24]),
            (1, 2, 1, 1)
        );
        assert_eq!(
            months.words,
            "December 2029 to January 2031, most in April 2030 (2 entries), and 2 entries of which the month is not known"
        );
        assert_eq!((months.from.as_str(), months.to.as_str()), ("January 2029", "December 2031"));
        let years = spark(&archive, &all, SMALL).unwrap();
        assert_eq!((years.bars.as_slice(), years.step), (&[1, 3, 2][..], "year"));
        assert_eq!(
            years.words,
            "2029 to 2031, most in 2030 (3 entries), and 1 entry of which the year is not known"
        );
        let pairs = spark(&archive, &all, 2).unwrap();
        assert_eq!((pairs.bars.as_slice(), pairs.step), (&[4, 2][..], "years"));
        assert_eq!(
            (pairs.from.as_str(), pairs.to.as_str()),
            ("2029\u{2013}2030", "2031\u{2013}2032")
        );
        let one = spark(&archive, &all[..1], WIDE).unwrap();
        assert_eq!(one.words, "All in December 2029");
        let two = spark(&archive, &[0, 6], WIDE).unwrap();
        assert_eq!(
            two.words,
            "In December 2029 (1 entry), and 1 entry of which the month is not known"
        );
        assert!(spark(&archive, &[6], WIDE).is_none());
        assert!(spark(&archive, &[], WIDE).is_none());
    }

    #[test]
    fn a_short_archive_is_drawn_by_the_day() {
        let archive = archive(&["1969-07-16", "1969-07-20", "1969-07-20T23:59:00+01:00", ""]);
        let days = spark(&archive, &[0, 1, 2, 3], SMALL).unwrap();
        assert_eq!((days.bars.as_slice(), days.step), (&[1, 0, 0, 0, 2][..], "day"));
        assert_eq!(
            days.words,
            "16 July 1969 to 20 July 1969, most on 20 July 1969 (2 entries), and 1 entry of which the day is not known"
        );
    }

    #[test]
    fn an_outline_is_as_high_as_its_bars_and_as_wide() {
        assert_eq!(outline(&[0, 2, 4, 4, 0, 0]), "M0 8h1V4h1V0h2V8z");
        assert_eq!(outline(&[1]), "M0 8V0h1V8z");
        assert_eq!(outline(&[0, 0]), "M0 8z");
        // One beside a thousand is still seen.
        assert_eq!(outline(&[1, 1000]), "M0 8V7h1V0h1V8z");
    }
}
