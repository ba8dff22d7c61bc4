//! `archive build`: the site.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{End, Outcome, Stop, counted, find_root, give_up, say, tell_all};
use crate::build::{self, Error, Order};
use crate::diagnostic::Diagnostic;
use crate::{fs, site};

/// Builds the site into public/
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Writes only the files that differ and removes only files that an earlier build wrote.\nA build that fails leaves the site as it was."
)]
pub(super) struct Build {
    /// The folder to build into
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The address at which the site will stand, for feeds and the sitemap
    #[arg(long, value_name = "URL", value_parser = site::base_url)]
    base_url: Option<String>,
    /// Print one JSON object instead of words
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Build, root: Option<&Path>) -> Outcome {
    let started = Instant::now();
    let root = find_root(root)?;
    let order = Order {
        output: command.output.clone(),
        base_url: command.base_url.clone(),
        program: program(),
    };
    let (report, problems) = match build::build(&root, &order) {
        Ok(done) => done,
        Err(Error::Content(problems)) => return give_up(&problems, "nothing was built"),
        Err(Error::Machine(why)) => return Err(Stop(why)),
    };
    tell_all(&problems);
    let (change, seconds) = (report.change, started.elapsed().as_secs_f64());
    if command.json {
        let object = serde_json::json!({
            "pages": report.pages, "written": change.written, "unchanged": change.unchanged,
            "removed": change.removed, "seconds": (seconds * 1000.0).round() / 1000.0,
        });
        say(object);
        return Ok(End::Done);
    }
    say(format!(
        "built {} in {seconds:.2} s: {} written, {} unchanged, {} removed",
        counted(report.pages, "file", "files"),
        change.written,
        change.unchanged,
        change.removed
    ));
    if report.no_base_url && change.written + change.removed > 0 {
        let message =
            "no `base_url` is set, so sitemap.xml and its line in robots.txt are left out";
        tell_all(&[Diagnostic::note(site::FILE, 0, message)]);
    }
    let index = report.output.join("index.html");
    say(format!("next: open {}, or run `archive serve`", index.display()));
    Ok(End::Done)
}

/// Stands for this program: a hash of its own file, so that a newer one builds anew.
pub(super) fn program() -> u64 {
    let bytes = std::env::current_exe().ok().and_then(|path| fs::read(&path).ok());
    bytes.map_or(0, |bytes| xxhash_rust::xxh3::xxh3_64(&bytes))
}
