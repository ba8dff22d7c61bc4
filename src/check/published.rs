//! Whether every address that was published leads somewhere: to a page, a redirect or a tombstone.

use std::collections::BTreeMap;

use super::Evidence;
use crate::diagnostic::Diagnostic;
use crate::pages::{Page, Subject};
use crate::published::file_of;

/// Every address and anchor of the ledger.
pub(super) fn published(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let plan = evidence.plan;
    let pages: BTreeMap<&str, &Page> =
        plan.pages.iter().map(|page| (page.path.as_str(), page)).collect();
    let mut problems = Vec::new();
    for address in &plan.archive.published {
        let (path, anchor) = address.split_once('#').unwrap_or((address, ""));
        let Some(page) = pages.get(path) else {
            // The anchors of a page that is gone went with it; that is told once.
            if anchor.is_empty() && !evidence.copied.contains(path) {
                problems.push(gone(address, &what_to_do(path)));
            }
            continue;
        };
        // A page that leads on, or that stands for what is no more, has none of the old anchors.
        let leads_on =
            matches!(page.subject, Subject::Moved(_) | Subject::Withdrawn(_) | Subject::Gone(_));
        let there = || {
            let found = evidence.site().pages.get(path);
            found.is_none_or(|found| found.ids.contains(anchor))
        };
        // Where an entry is lost, its places in lists are lost with it; that is told once, too.
        let entry = format!("entries/{anchor}.html");
        let told =
            || plan.archive.published.contains(&entry) && !pages.contains_key(entry.as_str());
        if !anchor.is_empty() && !leads_on && !there() && !told() {
            problems.push(gone(address, "bring back what stood there"));
        }
    }
    problems
}

fn gone(address: &str, hint: &str) -> Diagnostic {
    let message = format!("{address} was published and leads nowhere now");
    let hint =
        format!("{hint}; or give the address up: archive forget '{address}' --because \"…\"");
    Diagnostic::error(file_of(address), 0, message).hint(hint)
}

/// What keeps an address of this kind.
fn what_to_do(path: &str) -> String {
    let name = |folder: &str| path.strip_prefix(folder)?.strip_suffix(".html");
    if let Some(id) = name("entries/") {
        return format!(
            "if the entry has another id now, add `aliases = [\"{id}\"]` to it; if it was deleted, bring it back and run `archive withdraw {id} --because \"…\"`"
        );
    }
    if let Some(slug) = name("stories/") {
        return format!(
            "if the story has another name now, add `aliases = [\"{slug}\"]` to its story.md"
        );
    }
    "bring back the file that it was made from".into()
}
