//! Dates as the formats of citations can hold them: no more exact than they are known.

use chrono::{Datelike, NaiveDate};

use crate::date::When;
use crate::words::Words;

/// When something appeared, as far as the styles of citations can say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issued {
    /// Not known.
    Unknown,
    /// A day, in the entry's own zone.
    Day(NaiveDate),
    /// A month of a year, 1 to 12.
    Month(i32, u32),
    /// A year.
    Year(i32),
    /// Something less certain, in words: "about April 2031".
    Words(String),
}

/// Returns when something appeared.
pub(super) fn issued(when: &When) -> Issued {
    if let Some(day) = when.day() {
        return Issued::Day(day);
    }
    if when.is_unknown() {
        return Issued::Unknown;
    }
    let written = when.written();
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok());
    match (written.len(), written.split_once('-')) {
        (4, None) => match number(&written).flatten() {
            Some(year) => Issued::Year(year),
            None => Issued::Words(when.words(Words::english())),
        },
        (7, Some((year, month))) => match (number(year).flatten(), number(month).flatten()) {
            (Some(year), Some(month @ 1..=12)) => Issued::Month(year, month.unsigned_abs()),
            _ => Issued::Words(when.words(Words::english())),
        },
        _ => Issued::Words(when.words(Words::english())),
    }
}

/// Returns a date for reference managers: in UTC with `Z`, or bare, since some of them read the `+`
/// of an offset as a space. A moment that is on another day in UTC is given by its own day.
pub(super) fn bare(when: &When) -> String {
    match (when, issued(when)) {
        (When::Exact(moment), Issued::Day(day)) if moment.naive_utc().date() == day => {
            moment.naive_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string()
        }
        (_, Issued::Day(day)) => day.to_string(),
        (_, Issued::Month(..) | Issued::Year(_)) => when.written(),
        (_, Issued::Words(words)) => words,
        (_, Issued::Unknown) => String::new(),
    }
}

/// Returns a date as ISO 8601 has it, for schema.org; empty for what it has no form for.
pub fn iso(when: &When) -> String {
    match issued(when) {
        Issued::Day(_) | Issued::Month(..) | Issued::Year(_) => when.written(),
        Issued::Words(_) | Issued::Unknown => String::new(),
    }
}

/// Returns a moment as HTTP writes it (RFC 9110, section 5.6.7): "Wed, 02 Apr 2031 04:40:00 GMT";
/// `None` where no moment is known.
pub fn http(captured: &str) -> Option<String> {
    match When::parse(captured) {
        Ok(When::Exact(moment)) => {
            Some(moment.naive_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string())
        }
        _ => None,
    }
}

/// Returns the moment of a capture as Robust Links write it; empty where no day is known.
pub fn version(captured: &str) -> String {
    match When::parse(captured) {
        Ok(When::Exact(moment)) => moment.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Ok(When::Day(day)) => day.to_string(),
        Ok(When::Edtf(_) | When::Unknown) | Err(_) => String::new(),
    }
}

/// Returns a date as RIS writes it, `YYYY/MM/DD/other`; empty where nothing is known.
pub(super) fn ris(when: &When) -> String {
    match issued(when) {
        Issued::Unknown => String::new(),
        Issued::Day(day) => format!("{:04}/{:02}/{:02}/", day.year(), day.month(), day.day()),
        Issued::Month(year, month) => format!("{year:04}/{month:02}//"),
        Issued::Year(year) => format!("{year:04}///"),
        Issued::Words(words) => format!("///{}", words.replace('/', "-")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(written: &str) -> When {
        When::parse(written).unwrap()
    }

    #[test]
    fn a_date_for_reference_managers_has_no_offset() {
        assert_eq!(bare(&when("2031-04-02T05:40:00+01:00")), "2031-04-02T04:40:00Z");
        assert_eq!(bare(&when("2031-04-02T05:40:00Z")), "2031-04-02T05:40:00Z");
        // In UTC it is another day: the day as it was stated is what is cited.
        assert_eq!(bare(&when("2031-04-02T00:40:00+01:00")), "2031-04-02");
        assert_eq!(bare(&when("2031-04-02")), "2031-04-02");
        assert_eq!(bare(&when("2031-04")), "2031-04");
        assert_eq!(bare(&when("2031-04~")), "about April 2031");
        assert_eq!(bare(&When::Unknown), "");
    }

    #[test]
    fn what_is_less_certain_is_said_in_words() {
        assert_eq!(issued(&when("2031")), Issued::Year(2031));
        assert_eq!(issued(&when("2031-04")), Issued::Month(2031, 4));
        assert_eq!(issued(&when("2031-21")), Issued::Words("spring 2031".into()));
        let words =
            |text: &str| issued(&when(text)) == Issued::Words(when(text).words(Words::english()));
        assert!(words("2031-04-XX") && words("2031-04-01/2031-04-03") && words("2031?"));
        assert_eq!(ris(&when("2031-04-02T05:40:00+01:00")), "2031/04/02/");
        assert_eq!(ris(&when("2031-04")), "2031/04//");
        assert_eq!(ris(&when("2031-04~")), "///about April 2031");
        assert_eq!(iso(&when("2031-04~")), "");
    }

    #[test]
    fn a_version_is_a_day_or_a_moment_in_utc() {
        assert_eq!(version("2031-04-03"), "2031-04-03");
        assert_eq!(version("2031-04-03T01:30:00+02:00"), "2031-04-02T23:30:00Z");
        assert_eq!(version("2031-04~"), "");
        assert_eq!(version(""), "");
        let moment = http("2031-04-03T01:30:00+02:00");
        assert_eq!(moment.as_deref(), Some("Wed, 02 Apr 2031 23:30:00 GMT"));
        assert_eq!(http("2031-04-03"), None);
    }
}
