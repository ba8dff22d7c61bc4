//! Where every line of a dump went, and the sums of it.

use std::collections::BTreeMap;

use super::{Fate, Ledger};

/// How many lines of a dump went where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All lines.
    pub total: usize,
    /// Lines that are in entries.
    pub entries: usize,
    /// Lines that are in the summary.
    pub summary: usize,
    /// Lines that were dropped, by the name of the rule.
    pub discarded: BTreeMap<String, usize>,
    /// Lines that no rule explains.
    pub unread: usize,
}

impl Ledger {
    /// Returns how many lines went where.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals { total: self.fates.len(), ..Totals::default() };
        for fate in &self.fates {
            match fate {
                Fate::Entry(_) => totals.entries += 1,
                Fate::Summary => totals.summary += 1,
                // Few names, many lines: a name is copied once.
                Fate::Discarded(rule) => match totals.discarded.get_mut(&**rule) {
                    Some(count) => *count += 1,
                    None => drop(totals.discarded.insert(rule.to_string(), 1)),
                },
                Fate::Unread => totals.unread += 1,
            }
        }
        totals
    }

    /// Returns the lines that no rule explains, counted from 1.
    pub fn unread(&self) -> impl Iterator<Item = usize> + '_ {
        let lines = self.fates.iter().zip(1..);
        lines.filter(|(fate, _)| **fate == Fate::Unread).map(|(_, line)| line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_counted_once() {
        let blank = || Fate::Discarded("blank".into());
        let fates = vec![Fate::Summary, blank(), Fate::Entry(0), Fate::Unread, blank()];
        let ledger = Ledger { fates };
        let totals = ledger.totals();
        assert_eq!((totals.total, totals.entries, totals.summary, totals.unread), (5, 1, 1, 1));
        assert_eq!(totals.discarded["blank"], 2);
        assert_eq!(ledger.unread().collect::<Vec<_>>(), [4]);
    }
}
