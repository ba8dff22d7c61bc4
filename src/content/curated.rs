//! What a curator's commands change in an entry's file: its tags and its date.

use chrono::NaiveTime;
use toml_edit::{Item, Table, Value, value};

use super::edit;
use crate::date::{DateBasis, When};
use crate::vocabulary::edit::exchange;

/// Returns a file with other tags in the place of some, all else in it untouched. `with` gives those
/// for one, `None` where it stays. `None` where nothing changes or the file cannot be read.
pub fn change_tags(text: &str, with: impl Fn(&str) -> Option<Vec<String>>) -> Option<String> {
    edit(text, |front| {
        let list = front.get_mut("tags")?.as_array_mut()?;
        exchange(list, with).then_some(())
    })
}

/// Returns a file with the date that the curator gives, and why; all else in it untouched. `clock`
/// is the hour, where it is known and the date does not hold it. `None` where the file cannot be read.
pub fn set_date(
    text: &str,
    when: &When,
    because: &str,
    clock: Option<NaiveTime>,
) -> Option<String> {
    edit(text, |front| {
        let table = front.as_table_mut();
        match when {
            When::Unknown => {
                table.remove("date");
                table.remove("date_basis");
            }
            When::Edtf(_) => put(table, "date", when.written().into()),
            When::Exact(_) | When::Day(_) => {
                let date: toml_edit::Datetime = when.written().parse().ok()?;
                put(table, "date", date.into());
            }
        }
        if !when.is_unknown() {
            put(table, "date_basis", DateBasis::Curator.name().into());
        }
        put(table, "date_because", because.into());
        match clock {
            Some(clock) => put(table, "clock", clock.format("%H:%M").to_string().into()),
            None => _ = table.remove("clock"),
        }
        Some(())
    })
}

/// The keys that say what an entry is and when, in the order in which the program writes them.
const ORDER: [&str; 7] =
    ["id", "title", "title_basis", "date", "date_basis", "date_because", "clock"];

/// Sets a key: in its place, a remark behind it kept, or else behind those that it follows.
fn put(table: &mut Table, key: &str, new: Value) {
    if let Some(old) = table.get_mut(key).and_then(Item::as_value_mut) {
        let decor = old.decor().clone();
        *old = new;
        *old.decor_mut() = decor;
        return;
    }
    let there: Vec<String> = table.iter().map(|(key, _)| key.to_string()).collect();
    table.insert(key, value(new));
    let before = ORDER.iter().take_while(|other| **other != key);
    let at = before.filter_map(|before| there.iter().position(|key| key == before)).max();
    let own = at.map_or(0, |at| at + 1);
    // Twice the place, so that there is room between two.
    let rank = |other: &str| {
        let place = there.iter().position(|key| key == other);
        place.map_or(own * 2, |place| place * 2 + 1)
    };
    table.sort_values_by(|a, _, b, _| rank(a.get()).cmp(&rank(b.get())));
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = "+++\nid = \"a\"\n# a remark\ntitle = \"T\"\nclock = \"05:40\"  # as stamped\ntags = []\n\n# where from\n[source]\ndump = \"a.txt\"\nlines = [1, 2]\n+++\n\nBody.\n";

    fn when(text: &str) -> When {
        When::parse(text).unwrap()
    }

    #[test]
    fn a_date_is_set_and_all_else_stays() {
        let clock = NaiveTime::from_hms_opt(5, 40, 0);
        let text = set_date(ENTRY, &when("2031-04-02"), "It says so.", clock).unwrap();
        assert_eq!(
            text,
            ENTRY.replace(
                "clock =",
                "date = 2031-04-02\ndate_basis = \"curator\"\ndate_because = \"It says so.\"\nclock ="
            )
        );
        let again = set_date(&text, &when("2031-04~"), "No.", clock).unwrap();
        assert_eq!(again, text.replace("2031-04-02", "\"2031-04~\"").replace("It says so.", "No."));
        let back = set_date(&again, &When::Unknown, "No.", clock).unwrap();
        assert_eq!(back, ENTRY.replace("clock =", "date_because = \"No.\"\nclock ="));
        let exact = set_date(ENTRY, &when("2031-04-02T05:40:00+01:00"), "So.", None).unwrap();
        assert!(exact.contains("title = \"T\"\ndate = 2031-04-02T05:40:00+01:00\ndate_basis"));
        assert!(!exact.contains("clock"), "{exact}");
    }

    #[test]
    fn tags_are_exchanged() {
        let text = ENTRY.replace("tags = []", "tags = [\"Dam\", \"Rain\"]  # by hand");
        let new = change_tags(&text, |name| (name == "Dam").then(|| vec!["Weir".into()])).unwrap();
        assert_eq!(new, text.replace("Dam", "Weir"));
        assert_eq!(change_tags(&text, |_| None), None);
    }
}
