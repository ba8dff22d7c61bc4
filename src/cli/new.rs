//! `archive new`: a new, empty, buildable archive.

use std::path::PathBuf;

use super::{End, Outcome, Stop, say};
use crate::keys::quoted;
use crate::{fs, site};

/// Makes a new, empty archive
#[derive(Debug, clap::Args)]
#[command(after_help = "The folder gets a site.toml in which every setting is explained.")]
pub(super) struct New {
    /// The folder to make; it must be empty or not exist
    dir: PathBuf,
}

/// What version control should leave out: what the program can make again.
const IGNORE: &str = "/public/\n/.archive/cache/\n.*.tmp\n";

/// What version control must not touch: dumps are evidence, byte for byte.
const ATTRIBUTES: &str = "/dumps/** -text\n/formats/*/*.txt -text\n";

pub(super) fn run(command: &New) -> Outcome {
    let dir = &command.dir;
    if dir.exists() && (!dir.is_dir() || !fs::is_empty(dir)?) {
        return Err(Stop(format!(
            "{} is there already and is not an empty folder\n  hint: name a new folder",
            dir.display()
        )));
    }
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let title = crate::archive::title_from_name(&name, None);
    let title = if title.is_empty() { "Untitled archive".to_string() } else { title };
    let settings = site::DEFAULT.replace("\"Untitled archive\"", &quoted(&title));
    let mut batch = fs::Batch::default();
    batch.stage(&dir.join(site::FILE), settings.as_bytes())?;
    batch.stage(&dir.join(".gitignore"), IGNORE.as_bytes())?;
    batch.stage(&dir.join(".gitattributes"), ATTRIBUTES.as_bytes())?;
    batch.commit()?;
    fs::make_folder(&dir.join(crate::input::CONTENT))?;
    fs::make_folder(&dir.join(crate::record::FOLDER))?;
    say(format!("made the archive {} in {}", quoted(&title), dir.display()));
    let go = if name.is_empty() { String::new() } else { format!("cd {}, then ", dir.display()) };
    say(format!("next: {go}`archive import DUMP...`"));
    Ok(End::Done)
}
