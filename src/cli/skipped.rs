//! What a container holds that is no live blog: told in full where it is little, in sums where it
//! is much.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::gather::Saved;
use super::tell;
use crate::container::Skipped;
use crate::diagnostic::Diagnostic;

/// So many pages are told one by one in JSON; a container can hold millions.
const LISTED: usize = 20_000;
/// Of a reason that more pages share, only the number is told to a person.
const TOLD: usize = 5;
/// So many kinds of other records are told apart.
const KINDS: usize = 200;

/// What was skipped in one container.
#[derive(Debug, Default)]
pub(super) struct SkippedList {
    listed: Vec<Skipped>,
    /// Those beyond [`LISTED`], by reason.
    more: BTreeMap<String, u64>,
    /// Records that cannot be pages, by kind.
    other: BTreeMap<String, u64>,
}

/// Why a page of a container gives no entries.
pub(super) fn refusal(saved: &Saved, problems: &[Diagnostic]) -> Skipped {
    let reason = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
    let url = saved.told.source_url.clone().unwrap_or_default();
    Skipped { url, reason, damage: false }
}

fn count(counts: &mut BTreeMap<String, u64>, what: String) {
    let what =
        if counts.len() < KINDS || counts.contains_key(&what) { what } else { "more".into() };
    *counts.entry(what).or_default() += 1;
}

impl SkippedList {
    /// Adds what could have been a page.
    pub(super) fn add(&mut self, skipped: Skipped) {
        if self.listed.len() < LISTED {
            self.listed.push(skipped);
        } else {
            count(&mut self.more, skipped.reason);
        }
    }

    /// Adds what cannot be a page.
    pub(super) fn other(&mut self, what: String) {
        count(&mut self.other, what);
    }

    /// How many could have been pages.
    pub(super) fn len(&self) -> u64 {
        self.listed.len() as u64 + self.more.values().sum::<u64>()
    }

    /// The container's line: `more` counts by reason what is too much to be listed, `other` by kind
    /// what cannot be a page.
    pub(super) fn json(&self, container: &str) -> Value {
        let skipped = self.listed.iter();
        let skipped: Vec<Value> = skipped
            .map(|skipped| json!({ "url": skipped.url, "reason": skipped.reason }))
            .collect();
        let mut object = json!({ "container": container, "skipped": skipped, "other": self.other });
        if !self.more.is_empty() {
            object["more"] = json!(self.more);
        }
        object
    }

    /// Tells a person.
    pub(super) fn tell(&self, container: &str) {
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for skipped in &self.listed {
            by_reason.entry(&skipped.reason).or_default().push(&skipped.url);
        }
        tell(format!("{container}: {} skipped", self.len()));
        for (reason, urls) in by_reason {
            let more = self.more.get(reason).copied().unwrap_or_default() + urls.len() as u64;
            if more > TOLD as u64 {
                tell(format!("  {more} pages: {reason}"));
                continue;
            }
            for url in urls {
                let url = if url.is_empty() { "no address" } else { url };
                tell(format!("  {url}: {reason}"));
            }
        }
        if !self.other.is_empty() {
            let kinds: Vec<String> =
                self.other.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            tell(format!("  and records that are no pages: {}", kinds.join(", ")));
        }
    }
}
