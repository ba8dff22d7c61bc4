//! A number for each entry. Numbers follow the dates, so that a stretch of time is a stretch of
//! numbers; and they stay when another entry comes, so that few files of the index change.
//!
//! Each day has as many numbers as the next. Its first quarter is for entries without an hour, by their
//! place in the story; the two in the middle are for the minutes of the day, as its own zone has them;
//! the last one is room. Where two entries want one number, the later takes the next. Entries without a
//! day stand behind all others, those of a story together, on one of 4,096 days that do not exist.

use crate::fixity::sha256;

/// The fewest numbers of a day.
const FEWEST: u64 = 2048;
/// The days that do not exist.
const NO_DAYS: u64 = 4096;
/// The first of them, counted from the first day: after the year 9999 of any archive.
const NO_DAY: u64 = 3_700_000;
/// The minutes of a day.
const MINUTES: u64 = 1440;

/// What the number of an entry is made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place<'a> {
    /// The day in its own zone, counted from 1 January 1970; for an uncertain date, the first that it
    /// can mean.
    pub day: Option<i64>,
    /// The minute of that day, 0 to 1439.
    pub minute: Option<u64>,
    /// The story.
    pub story: &'a str,
    /// The place within the story.
    pub order: u32,
    /// The entry's id.
    pub id: &'a str,
}

/// The numbers of entries, and how they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// The number of each entry, in the order in which their places were given.
    pub of: Vec<u64>,
    /// The day of the number 0, counted from 1 January 1970.
    pub first_day: i64,
    /// How many numbers a day has.
    pub a_day: u64,
    /// The first number of an entry without a day.
    pub undated: u64,
}

/// Gives each entry its number.
pub fn numbers(places: &[Place<'_>]) -> Numbers {
    // So that it stays when an older entry comes, the count begins up to 25 years before.
    const STRETCH: i64 = 9_131;
    let first = places.iter().filter_map(|place| place.day).min().unwrap_or_default();
    let first_day = first.div_euclid(STRETCH) * STRETCH;
    let days: Vec<u64> = places
        .iter()
        .map(|place| match place.day {
            Some(day) => (day - first_day).unsigned_abs().min(NO_DAY - 1),
            None => NO_DAY + no_day(place.story),
        })
        .collect();
    let mut sorted: Vec<usize> = (0..places.len()).collect();
    sorted.sort_unstable_by_key(|ix| (days[*ix], &places[*ix]));
    let fullest = sorted.chunk_by(|a, b| days[*a] == days[*b]).map(<[usize]>::len).max();
    let a_day = FEWEST.max(2 * fullest.unwrap_or_default() as u64).next_power_of_two();
    let mut of = vec![0; places.len()];
    for day in sorted.chunk_by(|a, b| days[*a] == days[*b]) {
        let mut day: Vec<(u64, usize)> =
            day.iter().map(|ix| (wanted(&places[*ix], a_day), *ix)).collect();
        day.sort_by_key(|(wanted, ix)| (*wanted, &places[*ix]));
        let mut free = 0;
        for (slot, _) in &mut day {
            *slot = free.max(*slot);
            free = *slot + 1;
        }
        // What does not fit in behind moves forward.
        let mut end = a_day;
        for (slot, ix) in day.into_iter().rev() {
            end = slot.min(end - 1);
            of[ix] = days[ix] * a_day + end;
        }
    }
    Numbers { of, first_day, a_day, undated: NO_DAY * a_day }
}

/// The place in its day that an entry asks for.
fn wanted(place: &Place<'_>, a_day: u64) -> u64 {
    let quarter = a_day / 4;
    match (place.day, place.minute) {
        (Some(_), Some(minute)) => quarter + minute.min(MINUTES - 1) * (a_day / 2) / MINUTES,
        (Some(_), None) => u64::from(place.order).min(quarter - 1),
        (None, _) => u64::from(place.order).min(3 * quarter - 1),
    }
}

/// The day that does not exist on which the undated entries of a story stand.
fn no_day(story: &str) -> u64 {
    let hash = sha256(story.as_bytes());
    u64::from_str_radix(&hash[..8], 16).unwrap_or_default() % NO_DAYS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(day: i64, minute: u64, id: &str) -> Place<'_> {
        Place { day: Some(day), minute: Some(minute), story: "s", order: 1, id }
    }

    #[test]
    fn numbers_follow_the_hours() {
        let places =
            [place(1, 600, "a"), place(0, 1439, "b"), place(1, 600, "c"), place(1, 0, "d")];
        let found = numbers(&places).of;
        assert!(found[1] < found[3] && found[3] < found[0]);
        assert_eq!(found[0] + 1, found[2]);
        let hourless = Place { minute: None, ..place(1, 0, "e") };
        assert!(numbers(&[place(1, 0, "a"), hourless]).of.is_sorted_by(|a, b| a > b));
    }

    #[test]
    fn another_entry_moves_no_other() {
        let mut places: Vec<Place<'_>> =
            (0..50).map(|n| place(n / 10, n.cast_unsigned() * 25, "a")).collect();
        let before = numbers(&places).of;
        places.push(place(3, 807, "new"));
        assert_eq!(numbers(&places).of[..50], before);
        places.push(place(-3000, 807, "older"));
        assert_ne!(numbers(&places).of[..50], before, "another stretch of years");
    }

    #[test]
    fn no_number_is_given_twice_and_no_day_overflows() {
        let mut places = vec![place(5, 1439, "x"); 3000];
        places.extend(vec![Place { day: None, minute: None, ..place(0, 0, "y") }; 3000]);
        let found = numbers(&places);
        let mut all = found.of.clone();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 6000);
        assert!(found.of[..3000].iter().all(|n| n / found.a_day == 5));
        assert!(found.of[3000..].iter().all(|n| *n >= found.undated));
    }
}
