//! What in a text may tell a person when it was written: dates, days of the week, hours, and words
//! such as "yesterday". Clues are shown, never counted with.

use std::ops::Range;

use super::stamp;

/// What kind of clue it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClueKind {
    /// A date, or a month with its year.
    Date,
    /// A day of the week.
    Weekday,
    /// An hour, or how long ago.
    Time,
    /// A word that counts from the day of writing: "yesterday".
    Word,
}

impl ClueKind {
    /// Returns the name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Weekday => "weekday",
            Self::Time => "time",
            Self::Word => "word",
        }
    }
}

/// Words that count from the day of writing, in small letters; longer ones before those that they
/// begin with.
const WORDS: &[&str] = &[
    "the day before yesterday",
    "the day after tomorrow",
    "day before yesterday",
    "yesterday",
    "earlier today",
    "today",
    "tomorrow",
    "tonight",
    "overnight",
    "last night",
    "this morning",
    "this afternoon",
    "this evening",
    "this week",
    "last week",
    "next week",
    "last month",
    "christmas day",
    "christmas eve",
    "boxing day",
    "new year's eve",
    "new year's day",
    "vorgestern",
    "gestern",
    "heute",
    "aujourd'hui",
    "aujourd’hui",
    "ce matin",
    "hier soir",
    "ce soir",
    "avant-hier",
    "anteayer",
    "anoche",
    "ayer",
    "hoy",
    "stamattina",
    "stasera",
    "ieri",
    "oggi",
    "ontem",
    "hoje",
    "amanhã",
    "gisteren",
    "vandaag",
    "igår",
    "i dag",
    "dün",
    "bugün",
    "wczoraj",
    "dzisiaj",
    "вчера",
    "сегодня",
    "вчора",
    "сьогодні",
    "أمس",
    "اليوم",
    "أول أمس",
];

/// Returns the clues of a text, in its order; none overlaps another.
pub fn clues(text: &str) -> Vec<(ClueKind, Range<usize>)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        of_line(line.trim_end(), start, &mut found);
        start += line.len();
    }
    found
}

fn of_line(line: &str, start: usize, found: &mut Vec<(ClueKind, Range<usize>)>) {
    let mut done = 0;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let is_start = c.is_alphanumeric() && !before.is_alphanumeric();
        // "1,200.30" is one number, and "£2.50" no hour.
        let inside = c.is_ascii_digit()
            && match before {
                '.' | ',' => line[..at].chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit()),
                '£' | '$' | '€' | '¥' | '₺' | '₹' => true,
                _ => false,
            };
        before = c;
        if !is_start || inside || at < done {
            continue;
        }
        if let Some((kind, length)) = at_start(&line[at..]) {
            done = at + length;
            found.push((kind, start + at..start + done));
        }
    }
}

/// The clue that a text begins with, and its length.
fn at_start(text: &str) -> Option<(ClueKind, usize)> {
    if let Some(length) = word(text) {
        return Some((ClueKind::Word, length));
    }
    if let Some((stamp, length)) = stamp::at_start(text).filter(|(stamp, _)| stamp.epoch.is_none())
    {
        let kind = match stamp.date {
            Some(date) if date.day > 0 => ClueKind::Date,
            Some(_) => ClueKind::Weekday,
            None => ClueKind::Time,
        };
        return Some((kind, length));
    }
    if let Some(length) = stamp::date_at(text) {
        return Some((ClueKind::Date, length));
    }
    stamp::weekday_at(text).map(|length| (ClueKind::Weekday, length))
}

fn word(text: &str) -> Option<usize> {
    let first = text.chars().next()?.to_lowercase().next()?;
    WORDS.iter().find_map(|word| {
        if !word.starts_with(first) {
            return None;
        }
        let count = word.chars().count();
        let end = text.char_indices().nth(count).map_or(text.len(), |(end, _)| end);
        let same = text[..end].to_lowercase() == **word;
        let goes_on = text[end..].chars().next().is_some_and(char::is_alphanumeric);
        (same && !goes_on).then_some(end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, &str)> {
        clues(text).into_iter().map(|(kind, range)| (kind.name(), &text[range])).collect()
    }

    #[test]
    fn dates_days_hours_and_words_are_found() {
        assert_eq!(
            found("The gates opened on 2 April.\nYesterday, at 05:40 BST, it rained."),
            [("date", "2 April"), ("word", "Yesterday"), ("time", "at 05:40 BST")]
        );
        assert_eq!(
            found(
                "By Thursday evening, and in March 2031 or on April 2, 2031, this morning at 7am"
            ),
            [
                ("weekday", "Thursday"),
                ("date", "March 2031"),
                ("date", "April 2, 2031"),
                ("word", "this morning"),
                ("time", "at 7am"),
            ]
        );
        assert_eq!(found("https://dam.example/2031/04/02/gates"), [("date", "2031/04/02")]);
        assert_eq!(found("gestern und Вчера"), [("word", "gestern"), ("word", "Вчера")]);
    }

    #[test]
    fn what_tells_no_time_is_no_clue() {
        for text in [
            "He sat in the sun; a boat may march on.",
            "Meat at £2.50 a day and $10.15 for rice",
            "Some 1,200 people and 21.5% of the town",
            "The todays of the yesterdays",
            "call 1234567890",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
