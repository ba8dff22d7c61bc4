//! Everything that can be wrong with an archive, one check a function and one line in [`CHECKS`].
//! Pure: what is checked was read before.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::build::Plan;
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Id};
use crate::links;
use crate::pages::{Desk, origin};
use crate::record::{self, Record};
use crate::status;

mod redactions;

/// What is checked.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The site as it would be built.
    pub plan: &'a Plan,
    /// The paths of the files that are copied into the site as they are.
    pub copied: BTreeSet<String>,
    /// Each entry as it was imported.
    pub bases: &'a BTreeMap<Id, Entry>,
    /// The SHA-256 of each file in `dumps/`, by name; records and sums are not among them.
    pub dumps: BTreeMap<String, String>,
    /// What `dumps/SHA256SUMS` says.
    pub sums: String,
}

/// One thing that can be wrong, and how it is found.
#[derive(Debug)]
pub struct Check {
    /// The name that people and JSON use.
    pub name: &'static str,
    /// What it makes sure of.
    pub promise: &'static str,
    run: fn(&Evidence<'_>) -> Vec<Diagnostic>,
}

/// Every check.
pub const CHECKS: &[Check] = &[
    Check {
        name: "links",
        promise: "every link and anchor of the site leads somewhere",
        run: dead_links,
    },
    Check {
        name: "fixity",
        promise: "every dump is what was imported, byte for byte",
        run: fixity,
    },
    Check {
        name: "bases",
        promise: "every text that was imported is remembered as it was",
        run: bases,
    },
    Check {
        name: "voices",
        promise: "no word of the publishers was changed unmarked",
        run: voices,
    },
    Check {
        name: "notes",
        promise: "every note on a phrase stands beside words that are there",
        run: |evidence| status::lost_phrases(&evidence.plan.archive),
    },
    Check {
        name: "redactions",
        promise: "no words that were taken out stand elsewhere in their entry",
        run: redactions::run,
    },
];

impl Check {
    /// Returns everything that this check finds wrong.
    pub fn run(&self, evidence: &Evidence<'_>) -> Vec<Diagnostic> {
        (self.run)(evidence)
    }
}

fn dead_links(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let plan = evidence.plan;
    let desk = Desk { archive: &plan.archive, templates: &plan.templates };
    let results: Vec<_> = plan
        .pages
        .par_iter()
        .filter(|page| page.path.is_page())
        .map(|page| {
            let bytes = page.bytes(desk)?;
            let mut found = links::scan(&String::from_utf8_lossy(&bytes));
            if !plan.archive.site.base_url.is_empty() {
                // The page for lost readers has whole addresses, of the same pages.
                let base = &plan.archive.site.base_url;
                let inside =
                    |target: &String| target.strip_prefix(base.as_str()).map(str::to_string);
                let root = page.path.root();
                found.targets = found
                    .targets
                    .into_iter()
                    .map(|target| inside(&target).map_or(target, |path| format!("{root}{path}")))
                    .collect();
            }
            Ok((page.path.to_string(), found))
        })
        .collect();
    let mut problems = Vec::new();
    let mut pages = BTreeMap::new();
    for result in results {
        match result {
            Ok((path, found)) => _ = pages.insert(path, found),
            Err(problem) => problems.push(problem),
        }
    }
    let mut files = evidence.copied.clone();
    files.extend(
        plan.pages.iter().filter(|page| !page.path.is_page()).map(|page| page.path.to_string()),
    );
    problems.extend(blame(plan, links::dead(&pages, &files)));
    problems
}

/// Says of each dead link in which file, and on which line of it, it stands. A link in an entry is
/// on the page of its story as well; it is told once.
fn blame(plan: &Plan, dead: Vec<links::Dead>) -> Vec<Diagnostic> {
    let archive = &plan.archive;
    let mut problems = BTreeSet::new();
    for dead in dead {
        // The path without the way up, as it stands in the text.
        let words = dead.target.trim_start_matches("../");
        let in_entry = archive.entries.iter().find_map(|entry| {
            let line = entry.body.lines().position(|line| line.contains(words))?;
            Some((entry.file.clone(), entry.body_line + line))
        });
        let page = plan.pages.iter().find(|page| page.path.as_str() == dead.page);
        let (file, line) = in_entry.unwrap_or_else(|| {
            (page.map_or_else(|| dead.page.clone(), |page| origin(archive, page)), 0)
        });
        let hint = if words
            .split('#')
            .next()
            .is_some_and(|path| path.rsplit('.').next() == Some("html"))
        {
            "paths in a text count from the root of the site, such as /entries/<id>.html"
        } else {
            "files to link to belong into static/, and paths in a text count from there"
        };
        problems.insert(
            Diagnostic::error(
                file,
                line,
                format!("the link `{words}` leads nowhere: {}", dead.why),
            )
            .hint(hint),
        );
    }
    problems.into_iter().collect()
}

fn fixity(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let sums: BTreeMap<&str, &str> = evidence
        .sums
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(sum, name)| (name, sum))
        .collect();
    let path = |name: &str| format!("{}/{name}", record::FOLDER);
    for group in &evidence.plan.archive.sources {
        let Record { dump, sha256, .. } = &group.record;
        let changed = match evidence.dumps.get(dump) {
            None => Some(("the dump is gone", "take it from a copy of the archive")),
            Some(now) if now != sha256 => {
                Some(("the dump is not what was imported", "take it from a copy of the archive"))
            }
            Some(_) if sums.get(dump.as_str()) != Some(&sha256.as_str()) => Some((
                "dumps/SHA256SUMS does not hold the hash of its record",
                "see which of the two was changed, in version control",
            )),
            Some(_) => None,
        };
        if let Some((what, hint)) = changed {
            problems.push(
                Diagnostic::error(path(dump), 0, format!("{what}, expected SHA-256 {sha256}"))
                    .hint(hint),
            );
        }
    }
    for entry in &evidence.plan.archive.entries {
        let Some(source) = &entry.source else { continue };
        if evidence.plan.archive.source(&source.dump).is_none() {
            problems.push(
                Diagnostic::error(
                    &entry.file,
                    0,
                    format!("its dump `{}` has no record in dumps/", source.dump),
                )
                .hint("import the dump again, or correct `dump` under [source]"),
            );
        }
    }
    for name in evidence.dumps.keys() {
        if evidence.plan.archive.source(name).is_none() {
            problems.push(
                Diagnostic::warning(path(name), 0, "no record says what this file is")
                    .hint("if it is a dump, import it; if not, keep it elsewhere"),
            );
        }
    }
    problems
}

/// A text that was imported has to have the hash that its own front matter gives.
fn bases(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let wrong = |base: &&Entry| {
        base.source
            .as_ref()
            .is_some_and(|source| source.sha256 != crate::fixity::body_sha256(&base.body))
    };
    evidence
        .bases
        .values()
        .filter(wrong)
        .map(|base| {
            Diagnostic::error(
                &base.file,
                0,
                "the text is not what was imported: its SHA-256 differs",
            )
            .hint("take it from version control; nobody edits files in .archive/")
        })
        .collect()
}

fn voices(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    status::alterations(&evidence.plan.archive, evidence.bases)
}
