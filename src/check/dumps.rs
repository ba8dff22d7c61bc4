//! Whether every dump is what was imported, and holds what the entries say that it holds.

use std::collections::BTreeMap;

use super::Evidence;
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Provenance};
use crate::evidence::Kind;
use crate::record::{self, EXTENSION, Record, SUMS};

/// Every dump against its record and `dumps/SHA256SUMS`, every entry against its dump's record.
pub(super) fn fixity(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let archive = &evidence.plan.archive;
    let path = |name: &str| format!("{}/{name}", record::FOLDER);
    let lists = || evidence.hashes.of(Kind::Dumps);
    let sums: BTreeMap<&str, &str> = lists()
        .flat_map(|list| &list.sums)
        .map(|(file, sum)| (file.as_str(), sum.as_str()))
        .collect();
    let mut problems = super::memory::unreadable(lists());
    for group in &archive.sources {
        if let Some(problem) = dump(evidence, &sums, &group.record) {
            problems.push(problem);
        }
    }
    for (file, _) in sums {
        let name = file.strip_prefix(record::FOLDER).map_or(file, |rest| &rest[1..]);
        if archive.source(name).is_none() {
            problems.push(
                Diagnostic::error(path(SUMS), 0, format!("`{name}` has no record beside it"))
                    .hint("take the record from version control"),
            );
        }
    }
    for entry in archive.entries.iter().chain(&archive.withdrawn) {
        let all = entry.source.iter().chain(&entry.witnesses);
        problems.extend(all.filter_map(|source| place(evidence, entry, source)));
    }
    for file in evidence.hashes.now.keys() {
        let name = file.strip_prefix(record::FOLDER).and_then(|rest| rest.strip_prefix('/'));
        let Some(name) = name.filter(|name| !name.ends_with(EXTENSION)) else { continue };
        if archive.source(name).is_none() {
            problems.push(
                Diagnostic::warning(path(name), 0, "no record says what this file is")
                    .hint("if it is a dump, import it; if not, keep it elsewhere"),
            );
        }
    }
    problems
}

fn dump(
    evidence: &Evidence<'_>,
    sums: &BTreeMap<&str, &str>,
    record: &Record,
) -> Option<Diagnostic> {
    let Record { dump, sha256, sealed, .. } = record;
    let file = format!("{}/{dump}", record::FOLDER);
    let sum = sums.get(file.as_str());
    let (what, hint) = match evidence.hashes.now.get(&file) {
        // What is sealed may be kept elsewhere.
        None if *sealed => return None,
        None => ("the dump is gone", "take it from a copy of the archive"),
        Some(now) if now != sha256 => {
            ("the dump is not what was imported", "take it from a copy of the archive")
        }
        Some(_) if *sealed && sum.is_none() => return None,
        Some(_) if sum != Some(&sha256.as_str()) => (
            "dumps/SHA256SUMS does not hold the hash of its record",
            "see which of the two was changed, in version control",
        ),
        Some(_) => return None,
    };
    Some(Diagnostic::error(file, 0, format!("{what}, expected SHA-256 {sha256}")).hint(hint))
}

/// What is wrong with the place that an entry says it has in a dump.
fn place(evidence: &Evidence<'_>, entry: &Entry, source: &Provenance) -> Option<Diagnostic> {
    let dump = &source.dump;
    let Some(group) = evidence.plan.archive.source(dump) else {
        return Some(
            Diagnostic::error(&entry.file, 0, format!("its dump `{dump}` has no record in dumps/"))
                .hint("import the dump again, or correct `dump` under [source]"),
        );
    };
    let (first, last) = source.lines;
    let total = group.record.lines.total;
    let stated = (first, last) != (0, 0);
    if !stated || total == 0 || (1 <= first && first <= last && last <= total) {
        return None;
    }
    let message = format!("its lines {first} to {last} are not in `{dump}`, which has {total}");
    Some(
        Diagnostic::error(&entry.file, 0, message)
            .hint("`archive explain` shows the lines; correct `lines` under [source]"),
    )
}
