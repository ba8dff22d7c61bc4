//! `archive tag export`: the vocabulary for other programs.

use std::path::Path;

use crate::cli::{End, Outcome, give_up, say};
use crate::diagnostic::any_error;
use crate::{build, content, input, skos};

/// Prints the vocabulary for other programs
#[derive(Debug, clap::Args)]
#[command(
    after_help = "SKOS as Turtle: each tag is a concept whose name is the address of its page, below base_url of\nsite.toml; without base_url the addresses are relative to the root of the site.\n\n  archive tag export > tags.ttl"
)]
pub(super) struct Export {
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Turtle)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// SKOS, written as Turtle
    Turtle,
}

pub(super) fn run(command: &Export, root: &Path) -> Outcome {
    let inputs = input::read(root)?;
    let (content, mut problems) = content::read(&inputs);
    problems.retain(|problem| problem.path == crate::vocabulary::FILE);
    let site = match build::site(&inputs) {
        Ok(site) => site,
        Err(found) => {
            problems.extend(found);
            crate::site::Site::default()
        }
    };
    if any_error(&problems) {
        return give_up(&problems, "nothing was exported");
    }
    match command.format {
        Format::Turtle => say(skos::turtle(&content.tags, &site).trim_end()),
    }
    Ok(End::Done)
}
