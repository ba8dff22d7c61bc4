//! The files that a person means: folders and patterns become the dumps that are below them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::tell;
use crate::{fs, record};

/// What the names of dumps end in.
const ENDINGS: [&str; 9] =
    [".txt", ".html", ".htm", ".mhtml", ".mht", ".json", ".warc", ".warc.gz", ".wacz"];

/// What was meant, and what was meant and is not there.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// The dumps, those of a folder or a pattern sorted by name.
    pub(super) paths: Vec<PathBuf>,
    /// Why something that was named gave nothing.
    pub(super) missing: Vec<String>,
    /// Whether a folder or a pattern was among them.
    pub(super) many: bool,
}

/// Finds the dumps that are meant. Says in a line what was passed over in a folder.
pub(super) fn expand(named: &[PathBuf]) -> Meant {
    let mut meant = Meant::default();
    for path in named {
        let text = path.to_string_lossy();
        if path.is_dir() {
            meant.folder(path);
        } else if path.exists() || !text.contains(['*', '?', '[']) {
            meant.paths.push(path.clone());
        } else {
            meant.pattern(&text);
        }
    }
    meant.many |= meant.paths.len() > 1;
    meant
}

impl Meant {
    fn folder(&mut self, folder: &Path) {
        self.many = true;
        // A link that a person names is followed; those inside are not.
        let files = fs::canonical(folder).and_then(|own| Ok((fs::walk(&own)?, own)));
        let (files, own) = match files {
            Ok(found) => found,
            Err(error) => return self.missing.push(error.to_string()),
        };
        let mut passed: BTreeMap<String, usize> = BTreeMap::new();
        let before = self.paths.len();
        for file in files {
            let inside = fs::relative(&own, &file);
            match unwanted(&file, &inside) {
                Some(why) => *passed.entry(why).or_default() += 1,
                None => self.paths.push(folder.join(inside)),
            }
        }
        if !passed.is_empty() {
            let words: Vec<String> =
                passed.iter().map(|(why, count)| format!("{count} {why}")).collect();
            tell(format!("{}: passed over {}", folder.display(), words.join(", ")));
        }
        if self.paths.len() == before {
            self.missing.push(format!("{}: no dump below this folder", folder.display()));
        }
    }

    fn pattern(&mut self, pattern: &str) {
        self.many = true;
        let found = match glob::glob(pattern) {
            Ok(found) => found,
            Err(error) => {
                return self.missing.push(format!("the pattern {pattern}: {}", error.msg));
            }
        };
        let before = self.paths.len();
        let mut found: Vec<PathBuf> = found.filter_map(Result::ok).collect();
        found.sort();
        for path in found {
            if path.is_dir() {
                self.folder(&path);
            } else if unwanted(&path, "").is_none() {
                self.paths.push(path);
            }
        }
        if self.paths.len() == before {
            self.missing.push(format!("no dump fits the pattern {pattern}"));
        }
    }
}

/// Why a file of a folder is no dump, by its name; `None` where it can be one.
fn unwanted(file: &Path, inside: &str) -> Option<String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    if name.starts_with('.') || inside.split('/').any(|part| part.starts_with('.')) {
        return Some("hidden".into());
    }
    if name == record::SUMS.to_lowercase() || name.ends_with(record::EXTENSION) {
        return Some("of an archive's own records".into());
    }
    if fs::is_link(file) {
        return Some("symbolic links".into());
    }
    if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return None;
    }
    let ending = Path::new(&name).extension().map(|ending| ending.to_string_lossy().into_owned());
    Some(ending.map_or_else(|| "without an ending".into(), |ending| format!("*.{ending}")))
}
