//! Stamps of any kind, found in lines: what a proposal of a format is built on.

use regex::Regex;

/// The months as English stamps write them, by their first letters.
const MONTHS: &str = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
/// Zones that stamps name by letters.
const ZONES: &str = "(?:GMT|BST|UTC|CET|CEST|MEZ|MESZ|EET|EEST|EST|EDT|ET|CST|CDT|CT|MST|MDT|MT|PST|PDT|PT|IST|AEST|AEDT|NZST|NZDT|JST|KST|SAST|WAT|EAT|MSK|BRT)";
/// What may stand between two parts of one stamp.
const JOINT: &str = r"^(?:,? (?:at|on|um|à|-|–|\||•) |, ?| )";

/// What a part of a stamp is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Weekday,
    Date,
    Clock,
    /// A zone, or a word such as `Uhr`: only behind a clock.
    Tail,
}

/// One way to write a part of a stamp: how it is found, and how a format says it.
struct Part {
    kind: Kind,
    found: Regex,
    form: &'static str,
}

/// A stamp in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Where it begins and ends, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The form that a format gives for it (`hour`, `minute`, …).
    pub(super) form: String,
    /// Minutes since midnight, where it holds a clock.
    pub(super) minutes: Option<u32>,
    /// The zone that it names, empty for none.
    pub(super) zone: String,
}

/// Finds stamps.
pub(super) struct Finder {
    parts: Vec<Part>,
    joint: Regex,
    clock: Regex,
}

impl Finder {
    /// Compiles what it looks for; `day_first` says whether `2/4` is 2 April, where that is known.
    pub(super) fn new(day_first: Option<bool>) -> Option<Self> {
        let numeric = match day_first {
            Some(true) => r"(?<day>\d{1,2})[./](?<month>\d{1,2})[./](?<year>\d{4})",
            Some(false) => r"(?<month>\d{1,2})[./](?<day>\d{1,2})[./](?<year>\d{4})",
            None => r"\d{1,2}[./]\d{1,2}[./]\d{4}",
        };
        let parts = [
            (
                Kind::Weekday,
                r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?".to_string(),
                r"\p{Lu}\p{L}+",
            ),
            (
                Kind::Date,
                r"\d{4}-\d\d-\d\d".to_string(),
                r"(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)",
            ),
            (Kind::Date, r"\d{1,2}[./]\d{1,2}[./]\d{4}".to_string(), numeric),
            (
                Kind::Date,
                format!(r"\d{{1,2}}(?:st|nd|rd|th)? {MONTHS}\.?,?(?: \d{{4}})?"),
                r"(?<day>\d{1,2})(?:st|nd|rd|th)? (?<month>\p{L}+)\.?(?:,? (?<year>\d{4}))?",
            ),
            (
                Kind::Date,
                format!(r"{MONTHS}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"),
                r"(?<month>\p{L}+)\.? (?<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<year>\d{4}))?",
            ),
            (
                Kind::Clock,
                r"\d{1,2}[:.h]\d\d:\d\d(?: ?[AaPp]\.?[Mm]\b\.?)?".to_string(),
                r"(?<hour>\d{1,2})[:.h](?<minute>\d\d):(?<second>\d\d)(?: ?(?<half>[AaPp]\.?[Mm])\.?)?",
            ),
            (
                Kind::Clock,
                r"\d{1,2}[:.h]\d\d ?[AaPp]\.?[Mm]\b\.?".to_string(),
                r"(?<hour>\d{1,2})[:.h](?<minute>\d\d) ?(?<half>[AaPp]\.?[Mm])\.?",
            ),
            (Kind::Clock, r"\d{1,2}[:.h]\d\d".to_string(), r"(?<hour>\d{1,2})[:.h](?<minute>\d\d)"),
            (
                Kind::Tail,
                r"(?:\p{Lu}\p{L}+ ){1,3}Time".to_string(),
                r"(?<zone>\p{Lu}[\p{L} ]* Time)",
            ),
            (Kind::Tail, ZONES.to_string(), r"(?<zone>[A-Z]{2,4})"),
            (Kind::Tail, "(?:Uhr|hrs?|h)".to_string(), r"(?:Uhr|hrs?|h)"),
        ];
        let parts = parts.into_iter().map(|(kind, found, form)| {
            // A part ends where a word ends.
            Some(Part {
                kind,
                found: Regex::new(&format!(r"^(?:{found})(?:\b|$|\s|[-,:;|–—])")).ok()?,
                form,
            })
        });
        Some(Self {
            parts: parts.collect::<Option<_>>()?,
            joint: Regex::new(JOINT).ok()?,
            clock: Regex::new(r"^(\d{1,2})[:.h](\d\d)(?::\d\d)? ?([AaPp])?").ok()?,
        })
    }

    /// Returns the first stamp of a line.
    pub(super) fn find(&self, line: &str) -> Option<Stamp> {
        let mut before = ' ';
        for (at, c) in line.char_indices() {
            // `published at05:40` is one; `A4.30` and `1.10.30` are none.
            let inside = before.is_ascii_digit() || "./:,-–£$€#".contains(before);
            let glued = before.is_alphabetic() && !c.is_ascii_digit();
            if !inside
                && !glued
                && c.is_alphanumeric()
                && let Some(stamp) = self.at(line, at)
            {
                return Some(stamp);
            }
            before = c;
        }
        None
    }

    /// Reads a stamp that begins at a place.
    fn at(&self, line: &str, start: usize) -> Option<Stamp> {
        let (mut end, mut form, mut zone) = (start, String::new(), String::new());
        let (mut seen, mut minutes): (Vec<Kind>, Option<u32>) = (Vec::new(), None);
        loop {
            let rest = &line[end..];
            let joint = self.joint.find(rest).filter(|_| !seen.is_empty());
            let joint = joint.map_or("", |found| found.as_str());
            let next = &rest[joint.len()..];
            let part = self.parts.iter().find_map(|part| {
                let fits = !seen.contains(&part.kind)
                    && (part.kind != Kind::Tail || seen.last() == Some(&Kind::Clock))
                    && (joint.is_empty() == seen.is_empty() || part.kind == Kind::Tail);
                let found = part.found.find(next).filter(|_| fits)?.as_str();
                let found = found.trim_end_matches([' ', ',', ':', ';', '|', '–', '—', '-']);
                // `1.10.30` is a number of something, and `5:40-6:10` a span.
                let mut rest = next[found.len()..].chars();
                let goes_on = rest.next().is_some_and(|c| "./:,-–".contains(c))
                    && rest.next().is_some_and(|c| c.is_ascii_digit());
                (!goes_on).then_some((part, found))
            });
            let Some((part, found)) = part else { break };
            if part.kind == Kind::Clock {
                minutes = Some(self.minutes(found)?);
            }
            if part.form.contains("<zone>") {
                zone = found.to_string();
            }
            form.push_str(&super::escaped(joint));
            let sign = found.chars().find(|c| ":.h/".contains(*c)).unwrap_or(':');
            let sign = super::escaped(sign.encode_utf8(&mut [0; 4]));
            form.push_str(&part.form.replace("[:.h]", &sign).replace("[./]", &sign));
            seen.push(part.kind);
            end += joint.len() + found.len();
        }
        let is_one = seen.contains(&Kind::Clock) || seen.contains(&Kind::Date);
        is_one.then_some(Stamp { start, end, form, minutes, zone })
    }

    fn minutes(&self, text: &str) -> Option<u32> {
        let found = self.clock.captures(text)?;
        let number = |group: usize| found.get(group)?.as_str().parse::<u32>().ok();
        let (hour, minute) = (number(1)?, number(2)?);
        let half = found.get(3).map(|half| half.as_str().to_lowercase());
        let hour = match half.as_deref() {
            Some("a") if hour == 12 => 0,
            Some("p") if hour < 12 => hour + 12,
            _ => hour,
        };
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    }
}

/// Whether `2/4` is 2 April (`true`) or 4 February: known from a date that can be only one of them.
pub(super) fn day_first<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<bool> {
    let pattern = Regex::new(r"\b(\d{1,2})[./](\d{1,2})[./]\d{4}\b").ok()?;
    lines.into_iter().find_map(|line| {
        pattern.captures_iter(line).find_map(|found| {
            let first: u32 = found.get(1)?.as_str().parse().ok()?;
            let second: u32 = found.get(2)?.as_str().parse().ok()?;
            match (first, second) {
                (13..=31, 1..=12) => Some(true),
                (1..=12, 13..=31) => Some(false),
                _ => None,
            }
        })
    })
}

/// Returns the offset of a zone, where its name can mean one only.
pub(super) fn offset(zone: &str) -> Option<&'static str> {
    const KNOWN: &[(&str, &str)] = &[
        ("GMT", "+00:00"),
        ("UTC", "+00:00"),
        ("BST", "+01:00"),
        ("Greenwich Mean Time", "+00:00"),
        ("British Summer Time", "+01:00"),
        ("CET", "+01:00"),
        ("MEZ", "+01:00"),
        ("CEST", "+02:00"),
        ("MESZ", "+02:00"),
        ("EET", "+02:00"),
        ("EEST", "+03:00"),
        ("EST", "-05:00"),
        ("EDT", "-04:00"),
        ("CDT", "-05:00"),
        ("MST", "-07:00"),
        ("MDT", "-06:00"),
        ("PST", "-08:00"),
        ("PDT", "-07:00"),
        ("AEST", "+10:00"),
        ("AEDT", "+11:00"),
        ("NZST", "+12:00"),
        ("NZDT", "+13:00"),
        ("JST", "+09:00"),
        ("KST", "+09:00"),
        ("SAST", "+02:00"),
        ("MSK", "+03:00"),
    ];
    KNOWN.iter().find(|(name, _)| *name == zone).map(|(_, offset)| *offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_found_where_they_stand() {
        let finder = Finder::new(Some(true)).unwrap();
        for (line, found) in [
            ("6:15am, 2 April 2031 -- Buses", Some("6:15am, 2 April 2031")),
            ("23.00 The mayor has said", Some("23.00")),
            ("22:25 Uhr | Strengere Regeln", Some("22:25 Uhr")),
            (
                "  1. Gates openedpublished at 05:40 British Summer Time 2 April 2031",
                Some("05:40 British Summer Time 2 April 2031"),
            ),
            ("11:43 pm – The latest", Some("11:43 pm")),
            ("8:40 p.m.: A report", Some("8:40 p.m.")),
            ("Oct. 13, 2031, 6:49 p.m. ET", Some("Oct. 13, 2031, 6:49 p.m. ET")),
            ("Saturday 20 July 2031 08:34 BST", Some("Saturday 20 July 2031 08:34 BST")),
            ("19:18 19.2.2031", Some("19:18 19.2.2031")),
            ("2031-04-02 05:40 The gates", Some("2031-04-02 05:40")),
            ("2 May 2031, 08:55 AM", Some("2 May 2031, 08:55 AM")),
            ("It cost 25.99 in all", None),
            ("A road of 1.10.30", None),
            ("Version 10.75 of it", None),
            ("nothing", None),
        ] {
            let stamp = finder.find(line);
            let words = stamp.as_ref().map(|stamp| &line[stamp.start..stamp.end]);
            assert_eq!(words, found, "{line}: {stamp:?}");
            if let Some(stamp) = stamp {
                let form = Regex::new(&format!("^{}$", stamp.form)).unwrap();
                assert!(form.is_match(words.unwrap()), "{line}: {}", stamp.form);
            }
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_taken_from_a_date_that_is_certain() {
        assert_eq!(day_first(["1/2/2031", "13/2/2031"]), Some(true));
        assert_eq!(day_first(["1/2/2031 and 2/28/2031"]), Some(false));
        assert_eq!(day_first(["1/2/2031"]), None);
    }
}
