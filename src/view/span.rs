//! From when to when, in words.

use chrono::NaiveDate;

use crate::archive::{Archive, StoryGroup};
use crate::date::{Month, Shelf, When, shelf_year, span_words};
use crate::entry::Entry;
use crate::words::Words;

/// Returns a span of days in words, "undated" where there is none.
pub fn span(words: &Words, span: Option<(NaiveDate, NaiveDate)>) -> String {
    match span {
        Some((first, last)) => span_words(first, last, words),
        None => words.say("date.undated").to_string(),
    }
}

/// Returns the span of a story in words, as finely as its dates are known; empty where it has no
/// entries.
pub fn story_span(archive: &Archive, group: &StoryGroup) -> String {
    let words = &archive.words;
    if group.entries.is_empty() {
        return String::new();
    }
    if group.span.is_some() {
        return span(words, group.span);
    }
    let dates =
        group.entries.iter().map(|ix| &archive.entries[*ix]).map(|entry: &Entry| &entry.when);
    let dates: Vec<&When> = dates.filter(|when| !when.is_unknown()).collect();
    let Some((first, others)) = dates.split_first() else { return span(words, None) };
    if others.iter().all(|when| when == first) {
        return first.words(words);
    }
    // None of them names a day: months, where all of them say that much, or years.
    let shelves = || dates.iter().flat_map(|when| when.shelves());
    let month = |shelf| match shelf {
        Shelf::Month(month) => Some(month),
        Shelf::Day(day) => Some(Month::of(day)),
        Shelf::Year(_) => None,
    };
    let months: Option<Vec<Month>> = shelves().map(month).collect();
    let ends = match months {
        Some(months) => ends(months.into_iter()).map(|ends| ends.map(|month| month.words(words))),
        None => ends(shelves().map(shelf_year)).map(|ends| ends.map(|year| year.to_string())),
    };
    match ends {
        Some([from, to]) if from == to => from,
        Some([from, to]) => words.fill("date.span", &[("from", &from), ("to", &to)]),
        None => first.words(words),
    }
}

/// The least and the greatest.
fn ends<T: Ord + Copy>(mut all: impl Iterator<Item = T>) -> Option<[T; 2]> {
    let first = all.next()?;
    Some(all.fold([first, first], |[least, most], next| [least.min(next), most.max(next)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Content, parse_entry};
    use crate::entry::Slug;
    use crate::site::Site;

    /// The span of a story whose entries have these dates.
    fn span_of(dates: &[&str]) -> String {
        let entry = |(order, date): (usize, &&str)| {
            let date = if date.is_empty() { String::new() } else { format!("date = \"{date}\"\n") };
            let text = format!(
                "+++\nid = \"e-{order}\"\ntitle = \"T\"\n{date}order = {order}\n+++\nBody.\n"
            );
            let file = format!("content/quell/e-{order}.md");
            parse_entry(&file, Slug::parse("quell").unwrap(), &text).0.unwrap()
        };
        let entries = dates.iter().enumerate().map(entry).collect();
        let archive = Archive::new(Site::default(), Content { entries, ..Content::default() }).0;
        story_span(&archive, &archive.stories[0])
    }

    #[test]
    fn a_story_without_a_day_says_what_is_known() {
        assert_eq!(span_of(&["2031"]), "2031");
        assert_eq!(span_of(&["2031~", "2031~", ""]), "about 2031");
        assert_eq!(span_of(&["2031", "2031-04~"]), "2031");
        assert_eq!(span_of(&["2031-05", "2031-04~"]), "April 2031 to May 2031");
        assert_eq!(span_of(&["2031-04", "2031-04~"]), "April 2031");
        assert_eq!(span_of(&["2031", "2029-06", "2033?"]), "2029 to 2033");
        assert_eq!(span_of(&["2031", "2031-04-02"]), "2 April 2031");
        assert_eq!(span_of(&["", ""]), "undated");
    }
}
