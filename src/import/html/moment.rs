//! Times that were written for machines.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone};

/// No such time is longer; what is, is not read.
const LONGEST: usize = 64;
/// Numbers from here on count milliseconds: as seconds they are 5,138 years ahead.
const MILLISECONDS: i64 = 100_000_000_000;
/// Smaller numbers are no moments of any live page.
const FIRST: i64 = 100_000_000;

/// Forms with an offset, besides those of RFC 3339 and RFC 2822.
const WITH_OFFSET: &[&str] = &[
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M%#z",
    "%Y-%m-%d %H:%M:%S %#z",
];
/// Forms without one.
const WITHOUT: &[&str] = &["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"];

/// Reads a moment: RFC 3339 and its relatives (`+0000`, a space for the `T`, no seconds), RFC 2822,
/// or seconds or milliseconds since 1970. One that names no offset is read at `offset`, if given.
pub(in crate::import) fn moment(
    text: &str,
    offset: Option<FixedOffset>,
) -> Option<DateTime<FixedOffset>> {
    let text = text.trim();
    // `/Date(1437730757833+0000)/`: milliseconds, whatever offset is behind them.
    let text = match text.strip_prefix("/Date(") {
        Some(rest) => rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default(),
        None => text,
    };
    if text.len() > LONGEST || text.is_empty() {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        let moment = match number {
            MILLISECONDS.. => DateTime::from_timestamp_millis(number)?,
            FIRST.. => DateTime::from_timestamp(number, 0)?,
            _ => return None,
        };
        return Some(whole(moment.fixed_offset()));
    }
    let plain = text.strip_suffix(" UTC").or(text.strip_suffix(" GMT"));
    let plain = plain.map_or(text.to_string(), |text| format!("{text}Z"));
    let known = DateTime::parse_from_rfc3339(&plain).ok();
    let known = known.or_else(|| {
        WITH_OFFSET.iter().find_map(|form| DateTime::parse_from_str(&plain, form).ok())
    });
    let known = known.or_else(|| DateTime::parse_from_rfc2822(text).ok());
    let local = || {
        let local =
            WITHOUT.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
        offset?.from_local_datetime(&local).single()
    };
    known.or_else(local).map(whole)
}

/// Leaves out fractions of a second, which no page means.
fn whole(moment: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
    let seconds = DateTime::from_timestamp(moment.timestamp(), 0);
    seconds.map_or(moment, |seconds| seconds.with_timezone(moment.offset()))
}

/// Reads the fourteen digits of the Wayback Machine, which are UTC.
pub(in crate::import) fn digits(text: &str) -> Option<DateTime<FixedOffset>> {
    let moment = NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok()?;
    Some(moment.and_utc().fixed_offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_machines_write_them() {
        let read = |text: &str| moment(text, None).map(|moment| moment.to_rfc3339());
        for (text, expected) in [
            ("2031-04-02T05:40:00.123Z", "2031-04-02T05:40:00+00:00"),
            ("2031-04-02T05:40:00+0100", "2031-04-02T05:40:00+01:00"),
            ("2031-04-02T05:40+01:00", "2031-04-02T05:40:00+01:00"),
            ("2031-04-02 05:40:00 UTC", "2031-04-02T05:40:00+00:00"),
            ("Wed, 02 Apr 2031 05:40:00 GMT", "2031-04-02T05:40:00+00:00"),
            ("1932961200", "2031-04-03T05:40:00+00:00"),
            ("/Date(1932961200000+0100)/", "2031-04-03T05:40:00+00:00"),
            ("1932961200000", "2031-04-03T05:40:00+00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "12", "2031-04-02", "2031-04-02T05:40:00", "PT5M", &"1".repeat(99)] {
            assert_eq!(read(text), None, "{text}");
        }
        let paris = moment("2031-04-02T05:40:00", FixedOffset::east_opt(7200));
        assert_eq!(paris.unwrap().to_rfc3339(), "2031-04-02T05:40:00+02:00");
        assert_eq!(digits("20310402054000").unwrap().to_rfc3339(), "2031-04-02T05:40:00+00:00");
    }
}
