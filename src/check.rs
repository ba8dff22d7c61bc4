//! Everything that can be wrong with an archive, one check a function and one line in [`CHECKS`].
//! Pure: what is checked was read before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::build::Plan;
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Id};
use crate::evidence::Hashes;
use crate::links;
use crate::pages::{Desk, origin};
use crate::status;

mod built;
mod dumps;
mod memory;
mod pictures;
mod published;
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
    /// The hashes that stand in the archive, and those that its files have now.
    pub hashes: Hashes,
    site: OnceLock<Site>,
}

/// The pages of the site, made to be looked through.
#[derive(Debug, Default)]
struct Site {
    /// What each page offers and asks for, by path.
    pages: BTreeMap<String, links::Found>,
    /// Pages that could not be made.
    problems: Vec<Diagnostic>,
}

impl<'a> Evidence<'a> {
    /// Puts together what is checked.
    pub fn new(
        plan: &'a Plan,
        copied: BTreeSet<String>,
        bases: &'a BTreeMap<Id, Entry>,
        hashes: Hashes,
    ) -> Self {
        Self { plan, copied, bases, hashes, site: OnceLock::new() }
    }

    fn site(&self) -> &Site {
        self.site.get_or_init(|| read_site(self.plan))
    }
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
        run: dumps::fixity,
    },
    Check {
        name: "bases",
        promise: "every text that was imported is remembered as it was",
        run: memory::bases,
    },
    Check {
        name: "voices",
        promise: "no word of the publishers was changed unmarked",
        run: voices,
    },
    Check {
        name: "published",
        promise: "every address that was published leads somewhere",
        run: published::published,
    },
    Check {
        name: "changes",
        promise: "no file was changed since the last build",
        run: built::changes,
    },
    Check { name: "pages", promise: "every page in public/ is what was built", run: built::pages },
    Check {
        name: "pictures",
        promise: "every picture says in words what it shows",
        run: pictures::described,
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

/// Makes every page, and reads what it offers and asks for.
fn read_site(plan: &Plan) -> Site {
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
    let mut site = Site::default();
    for result in results {
        match result {
            Ok((path, found)) => _ = site.pages.insert(path, found),
            Err(problem) => site.problems.push(problem),
        }
    }
    site
}

fn dead_links(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let plan = evidence.plan;
    let site = evidence.site();
    let mut files = evidence.copied.clone();
    files.extend(
        plan.pages.iter().filter(|page| !page.path.is_page()).map(|page| page.path.to_string()),
    );
    let mut problems = site.problems.clone();
    problems.extend(blame(plan, links::dead(&site.pages, &files)));
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

fn voices(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    status::alterations(&evidence.plan.archive, evidence.bases)
}
