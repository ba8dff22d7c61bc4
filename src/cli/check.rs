//! `archive check`: everything that can be wrong.

use std::path::Path;

use super::status::remembered;
use super::{End, Outcome, Stop, counted, find_root, give_up, say, tell_all};
use crate::check::{CHECKS, Evidence};
use crate::{build, evidence, input};

/// Checks content, links and anchors, published addresses, every hash, and the publishers' words
#[derive(Debug, clap::Args)]
#[command(after_help = "links       every link and anchor leads somewhere
fixity      every dump is what was imported, by its SHA-256
bases       every text that was imported is remembered in .archive/ as it was
voices      no word of the publishers was changed unmarked
pictures    every picture says in words what it shows
notes       every note on a phrase stands beside words that are there
redactions  no words that were taken out stand elsewhere in their entry
published   every address that was published leads somewhere
changes     no file was changed since the last build
pages       every page in public/ is what was built

Exits with 1 if there is any finding.")]
pub(super) struct Check {
    /// Print one JSON object: a list of findings for each check
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Check, root: Option<&Path>) -> Outcome {
    let root = find_root(root)?;
    let inputs = input::read(&root)?;
    let copied = match build::copied(&root) {
        Ok(copied) => copied,
        Err(build::Error::Content(problems)) => {
            return give_up(&problems, "the site was not checked");
        }
        Err(build::Error::Machine(why)) => return Err(Stop(why)),
    };
    let (plan, problems) = match build::plan_with_pictures(&root, &inputs, &copied, None) {
        Ok(done) => done,
        Err(problems) => return give_up(&problems, "the site was not checked"),
    };
    let copied = copied.into_iter().map(|(path, _)| path.to_string()).collect();
    let (bases, _) = remembered(&root)?;
    let evidence = Evidence::new(&plan, copied, &bases, evidence::read(&root)?);
    let mut object = serde_json::Map::new();
    let mut found = problems.len();
    tell_all(&problems);
    object.insert("content".into(), problems.iter().map(ToString::to_string).collect());
    for check in CHECKS {
        let problems = check.run(&evidence);
        found += problems.len();
        object.insert(check.name.into(), problems.iter().map(ToString::to_string).collect());
        if !command.json {
            if problems.is_empty() {
                say(format!("{}: {}", check.name, check.promise));
            } else {
                let count = counted(problems.len(), "finding", "findings");
                say(format!("{}: {count}; it should be that {}", check.name, check.promise));
            }
        }
        tell_all(&problems);
    }
    if command.json {
        say(serde_json::Value::Object(object));
    }
    Ok(if found == 0 { End::Done } else { End::Problems })
}
