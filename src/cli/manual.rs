//! `archive completions` and `archive man`: what the shell and the manual want to know.

use std::path::PathBuf;

use super::{End, Outcome, counted, definition, say};
use crate::fs;

/// Prints a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(
    after_help = "For bash: archive completions bash > ~/.local/share/bash-completion/completions/archive"
)]
pub(super) struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

/// Writes the man pages into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "For one user: archive man ~/.local/share/man/man1")]
pub(super) struct Man {
    /// The folder
    dir: PathBuf,
}

pub(super) fn completions(command: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut definition(), "archive", &mut script);
    say(String::from_utf8_lossy(&script).trim_end());
    Ok(End::Done)
}

pub(super) fn man(command: &Man) -> Outcome {
    let mut whole = definition();
    whole.build();
    let mut pages = vec![whole.clone()];
    pages.extend(whole.get_subcommands().filter(|sub| sub.get_name() != "help").cloned());
    for page in &pages {
        let name = match page.get_name() {
            "archive" => "archive".to_string(),
            sub => format!("archive-{sub}"),
        };
        let mut text = Vec::new();
        clap_mangen::Man::new(page.clone()).title(name.to_uppercase()).render(&mut text)?;
        fs::write(&command.dir.join(format!("{name}.1")), &text)?;
    }
    say(format!(
        "wrote {} into {}",
        counted(pages.len(), "man page", "man pages"),
        command.dir.display()
    ));
    Ok(End::Done)
}
