//! `archive forget`: gives up an address that was published.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::curate::{Desk, reason, today};
use super::{Outcome, Stop, counted};
use crate::change::Change;
use crate::published::{self, GIVEN_UP, file_of};
use crate::{build, fs};

/// Gives up an address that was published and leads nowhere
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An alias or a withdrawal keeps an address; this does not. The address leaves .archive/published/, and .archive/given-up.txt keeps it with the day and the reason. With a page, its anchors are given up, with an entry its places on the pages of stories.\n\n  archive forget images/map.png --because \"The map was wrong.\""
)]
pub(super) struct Forget {
    /// The address, from the root of the site: entries/x.html, or entries/x.html#x-note-1
    url: String,
    /// Why it is given up
    #[arg(long, value_name = "REASON", value_parser = reason)]
    because: String,
    /// Show the change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(command: &Forget, root: Option<&Path>) -> Outcome {
    let desk = Desk::open(root, command.dry_run)?;
    let base = build::site(&desk.inputs).unwrap_or_default().base_url;
    let url = command.url.strip_prefix(&base).unwrap_or(&command.url).trim_start_matches('/');
    let ledger = &desk.content.published;
    let page = format!("{url}#");
    let id = url.strip_prefix("entries/").and_then(|rest| rest.strip_suffix(".html"));
    let place = id.map(|id| format!("#{id}"));
    let of_it = |address: &&String| {
        let of_entry = || place.as_ref().is_some_and(|place| address.ends_with(place.as_str()));
        address.as_str() == url || address.starts_with(&page) || of_entry()
    };
    let gone: BTreeSet<&String> = ledger.iter().filter(of_it).collect();
    if gone.is_empty() {
        return Err(Stop(format!("`{url}` was never published, or is given up already")));
    }
    let planned = build::plan(&desk.inputs, None).ok();
    if planned.is_some_and(|(plan, _)| plan.pages.iter().any(|page| page.path.as_str() == url)) {
        return Err(Stop(format!(
            "{url} is still published\n  hint: `archive withdraw` takes an entry out of the site"
        )));
    }
    let mut change = Change::new(format!("forget {url}"));
    let kept = ledger.iter().filter(|address| !gone.contains(address)).cloned().collect();
    let kept = published::print(&kept);
    let touched: BTreeSet<String> = gone.iter().map(|address| file_of(address)).collect();
    for file in touched {
        match kept.get(&file) {
            Some(text) => change.write(file, text.as_str()),
            None => change.remove(file),
        }
    }
    let there = fs::read_if_there(&desk.root().join(GIVEN_UP))?.unwrap_or_default();
    let mut text = String::from_utf8_lossy(&there).into_owned();
    let reason = command.because.split_whitespace().collect::<Vec<_>>().join(" ");
    for address in &gone {
        let _ = writeln!(text, "{}\t{address}\t{reason}", today().written());
    }
    change.write(GIVEN_UP, text);
    let count = counted(gone.len(), "address is", "addresses are");
    desk.finish(change, &format!("{count} given up"))
}
