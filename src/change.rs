//! What a command writes into an archive: all of it or nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::fixity::sha256;
use crate::{diff, fs};

/// The folders of which each holds the hashes of its files, in the form that `sha256sum -c` reads.
const SUMMED: [&str; 3] = [".archive/base/", ".archive/revisions/", ".archive/captures/"];
/// The file that holds them.
const SUMS: &str = "SHA256SUMS";

/// Files that are to be written or removed together, by their paths relative to the archive's root.
#[derive(Debug, Default)]
pub struct Change {
    /// What `archive undo` calls it.
    #[expect(dead_code, reason = "read by undo")]
    command: String,
    files: BTreeMap<String, Option<Vec<u8>>>,
}

impl Change {
    /// Begins a change. `command` is what `archive undo` calls it: "import bbc-live.txt".
    pub fn new(command: impl Into<String>) -> Self {
        Self { command: command.into(), files: BTreeMap::new() }
    }

    /// Plans that a file holds `bytes`.
    pub fn write(&mut self, file: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(file.into(), Some(bytes.into()));
    }

    /// Plans that a file is not there.
    pub fn remove(&mut self, file: impl Into<String>) {
        self.files.insert(file.into(), None);
    }

    /// Whether nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the planned files.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Returns what would change, as `diff -u` shows it, and writes nothing.
    pub fn show(&self, root: &Path) -> fs::Result<String> {
        let mut shown = String::new();
        for (file, planned) in &self.files {
            let there = fs::read_if_there(&root.join(file))?;
            if there == *planned {
                continue;
            }
            let text = |bytes: &Option<Vec<u8>>| {
                bytes.as_deref().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            };
            let (old, new) = (text(&there), text(planned));
            let head = |there: bool, side: &str| {
                if there { format!("{side}/{file}") } else { "/dev/null".into() }
            };
            let _ = writeln!(
                shown,
                "--- {}\n+++ {}",
                head(old.is_some(), "a"),
                head(new.is_some(), "b")
            );
            shown.push_str(&diff::unified(&old.unwrap_or_default(), &new.unwrap_or_default()));
        }
        Ok(shown)
    }

    /// Adds the files that hold the hashes of what the program remembers.
    fn add_sums(&mut self, root: &Path) -> fs::Result<()> {
        let mut folders: BTreeMap<String, BTreeMap<String, Option<String>>> = BTreeMap::new();
        for (file, planned) in &self.files {
            if let Some((folder, name)) = file.rsplit_once('/')
                && SUMMED.iter().any(|summed| file.starts_with(summed))
            {
                let sum = planned.as_deref().map(sha256);
                folders.entry(folder.to_string()).or_default().insert(name.to_string(), sum);
            }
        }
        for (folder, changed) in folders {
            let sums = format!("{folder}/{SUMS}");
            let there = fs::read_if_there(&root.join(&sums))?;
            let mut all: BTreeMap<String, String> = match there {
                Some(bytes) => String::from_utf8_lossy(&bytes)
                    .lines()
                    .filter_map(|line| line.split_once("  "))
                    .map(|(sum, name)| (name.to_string(), sum.to_string()))
                    .collect(),
                None => fs::walk(&root.join(&folder))?
                    .iter()
                    .filter(|path| path.parent() == Some(&root.join(&folder)))
                    .map(|path| {
                        let name = path.file_name().unwrap_or_default().to_string_lossy();
                        Ok((name.into_owned(), sha256(&fs::read(path)?)))
                    })
                    .collect::<fs::Result<_>>()?,
            };
            for (name, sum) in changed {
                match sum {
                    Some(sum) => all.insert(name, sum),
                    None => all.remove(&name),
                };
            }
            let text: String = all.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
            self.files.insert(sums, Some(text.into_bytes()));
        }
        Ok(())
    }

    /// Makes the change. Files that hold already what they should keep their times.
    ///
    /// Returns how many files changed.
    pub fn commit(mut self, root: &Path) -> fs::Result<usize> {
        self.add_sums(root)?;
        let mut batch = fs::Batch::default();
        let mut gone = Vec::new();
        let mut count = 0;
        for (file, planned) in self.files {
            let path = root.join(&file);
            let there = fs::read_if_there(&path)?;
            if there == planned {
                continue;
            }
            count += 1;
            match planned {
                Some(bytes) => batch.stage(&path, &bytes)?,
                None => gone.push(path),
            }
        }
        batch.commit()?;
        for path in gone {
            fs::remove(&path)?;
        }
        Ok(count)
    }
}
