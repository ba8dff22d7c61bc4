//! Whether files and pages are what they were at the last build.

use super::Evidence;
use crate::diagnostic::Diagnostic;
use crate::evidence::Kind;
use crate::folder;

/// With more pages than this that differ, the rest is told as a number.
const SHOWN: usize = 10;

/// Every file that people write against its hash at the last build: what nobody edited has rotted.
pub(super) fn changes(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let lists = || evidence.hashes.of(Kind::Files);
    let mut problems = super::memory::unreadable(lists());
    for list in lists() {
        for (file, now) in evidence.hashes.differing(list) {
            let (what, hint) = match now {
                None => (
                    "gone since the last build",
                    "if you removed it: archive build; if nobody did, take it from version control",
                ),
                Some(_) => (
                    "changed since the last build",
                    "if you edited it: archive build; if nobody did, take it from version control",
                ),
            };
            problems.push(Diagnostic::warning(file, 0, what).hint(hint));
        }
    }
    problems
}

/// Every page in the archive's own output against what the last build made. None are there where
/// the folder was taken away or never built.
pub(super) fn pages(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let hashes = &evidence.hashes;
    let own = format!("{}/", folder::OWN);
    if !hashes.now.keys().any(|file| file.starts_with(&own)) {
        return Vec::new();
    }
    let differing = || hashes.of(Kind::Pages).flat_map(|list| hashes.differing(list));
    let mut problems: Vec<Diagnostic> = differing()
        .take(SHOWN)
        .map(|(file, now)| {
            let what = if now.is_some() { "not what was built" } else { "built and gone" };
            Diagnostic::warning(file, 0, what).hint("remove it, then archive build writes it again")
        })
        .collect();
    let more = differing().skip(SHOWN).count();
    if more > 0 {
        let message = format!("{more} more pages are not what was built");
        problems.push(
            Diagnostic::warning(folder::OWN, 0, message)
                .hint("remove the folder, then archive build writes it again"),
        );
    }
    problems
}
