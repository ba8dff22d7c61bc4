//! Zones: the names that stamps and pages give them, and the offset that each had on a day.
//!
//! The rules come from the IANA time zone database (`chrono-tz`); what stands here is only how
//! people call the zones.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset as _, TimeZone as _};
use chrono_tz::Tz;

use crate::format::Offset;

/// Where a clock runs, and so how far from UTC it is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// So far from UTC, always.
    Fixed(FixedOffset),
    /// By the rules of a place.
    Place(Tz),
}

impl Zone {
    /// Returns the moment at which clocks there showed `local`; the first one where they showed it
    /// twice, none where they skipped it.
    pub(super) fn moment(self, local: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        match self {
            Self::Fixed(offset) => offset.from_local_datetime(&local).single(),
            Self::Place(tz) => {
                let moment = tz.from_local_datetime(&local).earliest()?;
                Some(moment.with_timezone(&moment.offset().fix()))
            }
        }
    }

    /// Returns a moment as clocks there showed it.
    pub(super) fn show(self, moment: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        match self {
            Self::Fixed(offset) => moment.with_timezone(&offset),
            Self::Place(tz) => {
                let there = moment.with_timezone(&tz);
                there.with_timezone(&there.offset().fix())
            }
        }
    }
}

/// Abbreviations with one meaning in the news, in hours and minutes from UTC.
const FIXED: &[(&str, i32, i32)] = &[
    ("GMT", 0, 0),
    ("UTC", 0, 0),
    ("Z", 0, 0),
    ("BST", 1, 0),
    ("WET", 0, 0),
    ("WEST", 1, 0),
    ("CET", 1, 0),
    ("CEST", 2, 0),
    ("MEZ", 1, 0),
    ("MESZ", 2, 0),
    ("EET", 2, 0),
    ("EEST", 3, 0),
    ("MSK", 3, 0),
    ("IST", 5, 30),
    ("PKT", 5, 0),
    ("SGT", 8, 0),
    ("HKT", 8, 0),
    ("PHT", 8, 0),
    ("WIB", 7, 0),
    ("JST", 9, 0),
    ("KST", 9, 0),
    ("AEST", 10, 0),
    ("AEDT", 11, 0),
    ("ACST", 9, 30),
    ("ACDT", 10, 30),
    ("AWST", 8, 0),
    ("NZST", 12, 0),
    ("NZDT", 13, 0),
    ("EST", -5, 0),
    ("EDT", -4, 0),
    ("CST", -6, 0),
    ("CDT", -5, 0),
    ("MST", -7, 0),
    ("MDT", -6, 0),
    ("PST", -8, 0),
    ("PDT", -7, 0),
    ("AKST", -9, 0),
    ("AKDT", -8, 0),
    ("HST", -10, 0),
    ("SAST", 2, 0),
    ("WAT", 1, 0),
    ("CAT", 2, 0),
    ("EAT", 3, 0),
    ("BRT", -3, 0),
    ("ART", -3, 0),
    ("Greenwich Mean Time", 0, 0),
    ("British Summer Time", 1, 0),
    ("Coordinated Universal Time", 0, 0),
    ("Central European Time", 1, 0),
    ("Central European Summer Time", 2, 0),
    ("Eastern Standard Time", -5, 0),
    ("Eastern Daylight Time", -4, 0),
    ("Central Standard Time", -6, 0),
    ("Central Daylight Time", -5, 0),
    ("Mountain Standard Time", -7, 0),
    ("Mountain Daylight Time", -6, 0),
    ("Pacific Standard Time", -8, 0),
    ("Pacific Daylight Time", -7, 0),
    ("Indian Standard Time", 5, 30),
    ("India Standard Time", 5, 30),
    ("Japan Standard Time", 9, 0),
    ("Moscow Time", 3, 0),
];

/// Names whose offset depends on the day.
const PLACES: &[(&str, Tz)] = &[
    ("ET", Tz::America__New_York),
    ("CT", Tz::America__Chicago),
    ("MT", Tz::America__Denver),
    ("PT", Tz::America__Los_Angeles),
    ("Eastern Time", Tz::America__New_York),
    ("Central Time", Tz::America__Chicago),
    ("Mountain Time", Tz::America__Denver),
    ("Pacific Time", Tz::America__Los_Angeles),
    ("Eastern", Tz::America__New_York),
    ("Pacific", Tz::America__Los_Angeles),
    ("UK", Tz::Europe__London),
    ("British", Tz::Europe__London),
    ("Britain", Tz::Europe__London),
    ("England", Tz::Europe__London),
    ("Ireland", Tz::Europe__Dublin),
    ("Irish", Tz::Europe__Dublin),
    ("France", Tz::Europe__Paris),
    ("Germany", Tz::Europe__Berlin),
    ("Italy", Tz::Europe__Rome),
    ("Spain", Tz::Europe__Madrid),
    ("Ukraine", Tz::Europe__Kyiv),
    ("Kyiv", Tz::Europe__Kyiv),
    ("Kiev", Tz::Europe__Kyiv),
    ("Egypt", Tz::Africa__Cairo),
    ("Libya", Tz::Africa__Tripoli),
    ("Tunisia", Tz::Africa__Tunis),
    ("Syria", Tz::Asia__Damascus),
    ("Lebanon", Tz::Asia__Beirut),
    ("Israel", Tz::Asia__Jerusalem),
    ("Turkey", Tz::Europe__Istanbul),
    ("Iran", Tz::Asia__Tehran),
    ("Iraq", Tz::Asia__Baghdad),
    ("Yemen", Tz::Asia__Aden),
    ("Qatar", Tz::Asia__Qatar),
    ("Doha", Tz::Asia__Qatar),
    ("Mecca", Tz::Asia__Riyadh),
    ("India", Tz::Asia__Kolkata),
    ("Indian", Tz::Asia__Kolkata),
    ("Delhi", Tz::Asia__Kolkata),
    ("Mumbai", Tz::Asia__Kolkata),
    ("Pakistan", Tz::Asia__Karachi),
    ("Japan", Tz::Asia__Tokyo),
    ("Beijing", Tz::Asia__Shanghai),
    ("Washington", Tz::America__New_York),
    ("Boston", Tz::America__New_York),
    ("San Francisco", Tz::America__Los_Angeles),
    ("Canberra", Tz::Australia__Sydney),
    ("Wellington", Tz::Pacific__Auckland),
    ("NY", Tz::America__New_York),
    ("New Zealand", Tz::Pacific__Auckland),
    ("NZ", Tz::Pacific__Auckland),
    ("Beyrouth", Tz::Asia__Beirut),
    ("Jérusalem", Tz::Asia__Jerusalem),
    ("Londres", Tz::Europe__London),
    ("Roma", Tz::Europe__Rome),
    ("Bruxelles", Tz::Europe__Brussels),
    ("Varsovie", Tz::Europe__Warsaw),
    ("Moscou", Tz::Europe__Moscow),
    ("Moscú", Tz::Europe__Moscow),
    ("Mosca", Tz::Europe__Moscow),
    ("Brasília", Tz::America__Sao_Paulo),
    ("Ciudad de México", Tz::America__Mexico_City),
];

/// What other languages put before the place whose time they mean.
const TIME_IN: &[&str] =
    &["heure de ", "heure d’", "heure d'", "hora de ", "horário de ", "ora di "];
/// How a time is called that is that of a place named elsewhere.
const LOCAL: &[&str] = &["local time", "heure locale", "hora local", "ora locale", "Ortszeit"];

/// Returns the zone of a name: the format's own names first, then what the news call zones, then
/// places of the IANA database by their last part ("Paris", "Hong Kong") or in full.
pub(super) fn named(name: &str, own: &BTreeMap<String, Offset>) -> Option<Zone> {
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    if let Some(offset) = own.get(name) {
        return Some(Zone::Fixed(offset.0));
    }
    if let Some(offset) = numeric(name) {
        return Some(Zone::Fixed(offset));
    }
    let plain = name.trim_matches(['(', ')']).trim_start_matches("the ").trim_end_matches('.');
    let mut before = ["local time in ", "time in ", "in "].iter().chain(TIME_IN);
    let place = before.find_map(|before| plain.strip_prefix(before));
    let place = place.unwrap_or(plain);
    let short = place
        .strip_suffix(" time")
        .or_else(|| place.strip_suffix(" local time"))
        .or_else(|| place.strip_suffix(" Time"))
        .unwrap_or(place);
    [place, short].iter().find_map(|name| exactly(name))
}

/// Returns the zone that is called so.
fn exactly(name: &str) -> Option<Zone> {
    let fixed = FIXED.iter().find(|(known, ..)| *known == name);
    if let Some((_, hours, minutes)) = fixed {
        return FixedOffset::east_opt(hours * 3600 + minutes * 60).map(Zone::Fixed);
    }
    if let Some((_, tz)) = PLACES.iter().find(|(known, _)| *known == name) {
        return Some(Zone::Place(*tz));
    }
    let id = name.replace(' ', "_");
    if let Ok(tz) = id.parse::<Tz>()
        && id.contains('/')
    {
        return Some(Zone::Place(tz));
    }
    let last = |tz: &&Tz| tz.name().rsplit_once('/').is_some_and(|(_, city)| city == id);
    chrono_tz::TZ_VARIANTS.iter().find(last).map(|tz| Zone::Place(*tz))
}

/// Reads `GMT+1`, `UTC -04:00`, `(GMT -4)`, `+05:30`.
fn numeric(name: &str) -> Option<FixedOffset> {
    let plain: String = name
        .trim_matches(['(', ')'])
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect();
    let offset = plain.trim_start_matches("GMT").trim_start_matches("UTC");
    let sign = match offset.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = &offset[1..];
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() == 4 => digits.split_at(2),
        None => (digits, "0"),
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

/// Returns how many bytes of a text, from its start on, name a zone behind a clock; 0 for none.
pub(super) fn length_at_start(text: &str) -> usize {
    if text.starts_with(['(', '+', '\u{2212}'])
        || text.starts_with("GMT")
        || text.starts_with("UTC")
    {
        let end = text.find(')').map_or_else(
            || {
                let tail = text.trim_start_matches("GMT").trim_start_matches("UTC");
                let inner = tail.trim_start_matches(' ');
                let digits = inner
                    .trim_start_matches(['+', '-', '\u{2212}'])
                    .trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
                text.len() - digits.len()
            },
            |end| end + 1,
        );
        if end <= 16 && text.get(..end).is_some_and(|name| numeric(name).is_some()) {
            return end;
        }
    }
    // "12:38 (IST)"
    if let Some(inner) = text.strip_prefix('(') {
        let length = length_at_start(inner);
        return if length > 0 && inner[length..].starts_with(')') { length + 2 } else { 0 };
    }
    let ends = |length: &usize| !text[*length..].chars().next().is_some_and(char::is_alphabetic);
    let known = FIXED.iter().map(|(name, ..)| *name).chain(PLACES.iter().map(|(name, _)| *name));
    let known = known.filter(|name| text.starts_with(name)).map(|name| {
        let rest = &text[name.len()..];
        // "Eastern" and "Paris" are zones only with their "time".
        let timed = [" time", " Time", " local time"].iter().find(|tail| rest.starts_with(**tail));
        match timed {
            Some(tail) => name.len() + tail.len(),
            None if name.len() <= 4 || name.ends_with("Time") => name.len(),
            None => 0,
        }
    });
    let known = known.filter(ends).max().unwrap_or_default();
    let local = || LOCAL.iter().find(|name| text.starts_with(**name)).map(|name| name.len());
    if known > 0 { known } else { local().or_else(|| length_of_place(text)).unwrap_or_default() }
}

/// Returns how long `heure de Beyrouth` is: to the end of a place that is known, or of its word.
fn length_of_place(text: &str) -> Option<usize> {
    let before = TIME_IN.iter().find(|before| text.starts_with(**before))?.len();
    let place = text[before..].split(|c: char| !(c.is_alphabetic() || "- ".contains(c))).next()?;
    let ends = place.match_indices(' ').map(|(at, _)| at).chain([place.len()]);
    let known = |end: &usize| exactly(&place[..*end]).is_some();
    let length = ends.clone().rev().find(known).or_else(|| ends.into_iter().next())?;
    place.starts_with(char::is_uppercase).then_some(before + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(name: &str, local: &str) -> Option<String> {
        let zone = named(name, &BTreeMap::new())?;
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        zone.moment(local).map(|moment| moment.offset().to_string())
    }

    #[test]
    fn names_have_the_offset_of_their_day() {
        for (name, summer, winter) in [
            ("UK", "+01:00", "+00:00"),
            ("ET", "-04:00", "-05:00"),
            ("EST", "-05:00", "-05:00"),
            ("Kyiv", "+03:00", "+02:00"),
            ("local time in Kyiv", "+03:00", "+02:00"),
            ("Paris time", "+02:00", "+01:00"),
            ("Pacific Time", "-07:00", "-08:00"),
            ("Hong Kong", "+08:00", "+08:00"),
            ("America/New York", "-04:00", "-05:00"),
            ("(GMT -4)", "-04:00", "-04:00"),
            ("UTC+5:30", "+05:30", "+05:30"),
            ("GMT", "+00:00", "+00:00"),
        ] {
            assert_eq!(offset(name, "2031-07-01 12:00").as_deref(), Some(summer), "{name}");
            assert_eq!(offset(name, "2031-01-01 12:00").as_deref(), Some(winter), "{name}");
        }
        for name in ["", "BBC", "Smith", "GMT+99", "in"] {
            assert_eq!(offset(name, "2031-07-01 12:00"), None, "{name}");
        }
    }

    #[test]
    fn a_zone_ends_where_its_name_does() {
        for (text, length) in [
            ("GMT: It rained", 3),
            ("ET46 minutes ago", 2),
            ("Greenwich Mean Time 22 March", 19),
            ("Pacific Time", 12),
            ("Pacific islands", 0),
            ("ETA is unknown", 0),
            ("(GMT -4) now", 8),
            ("UTC+2", 5),
            ("local time", 10),
            ("Berlin", 0),
            ("heure de Beyrouth", 17),
            ("hora de Ciudad de México, dijo", 25),
            ("hora de Lima dijo", 12),
            ("heure de pointe", 0),
            ("heure locale", 12),
        ] {
            assert_eq!(length_at_start(text), length, "{text}");
        }
    }
}
