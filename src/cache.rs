//! What the last build made of which files, so that a build of unchanged files is not done again.
//!
//! One file in `.archive/cache/`, which can be deleted at any time without changing a byte of the
//! site: a missing, foreign or doubtful cache means only that the site is rendered.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3Default;

use crate::fs;
use crate::input::{self, Input};
use crate::paths::OutPath;

/// Where the cache is.
const FILE: &str = ".archive/cache/last-build";

/// Returns a number that stands for everything that a site is made of.
pub fn fingerprint(
    inputs: &[Input],
    copied: &[(OutPath, PathBuf)],
    base_url: Option<&str>,
    program: u64,
) -> u64 {
    let mut hash = Xxh3Default::new();
    hash.write_u64(program);
    hash.write_u64(input::fingerprint(inputs));
    hash.write(base_url.unwrap_or("\0").as_bytes());
    for (path, file) in copied {
        hash.write(path.as_str().as_bytes());
        let (size, changed, known) = fs::stamp(file).unwrap_or_default();
        hash.write_u64(size);
        hash.write_u128(changed);
        hash.write_i64(known);
    }
    hash.finish()
}

/// Returns how many files the site in `output` has, if it was made of the same files and not one
/// of it was touched since.
pub fn is_current(root: &Path, output: &Path, fingerprint: u64) -> Option<usize> {
    let text = String::from_utf8(fs::read_if_there(&root.join(FILE)).ok()??).ok()?;
    let (head, files) = text.split_once('\n')?;
    if head != self::head(output, fingerprint) {
        return None;
    }
    let files: Vec<&str> = files.lines().collect();
    let same = files.par_iter().all(|line| {
        line.split_once(' ')
            .is_some_and(|(stamp, path)| self::stamp(&output.join(path)).as_deref() == Some(stamp))
    });
    // One of the files is the manifest, which is no page.
    same.then(|| files.len().saturating_sub(1))
}

/// Remembers that `output` was just made, if every file of it is there: someone may have taken some
/// away meanwhile. A failure costs time at the next build, nothing else.
pub fn remember(root: &Path, output: &Path, fingerprint: u64, planned: &BTreeSet<&str>) {
    let mut text = head(output, fingerprint);
    text.push('\n');
    let mut paths: Vec<&str> = planned.iter().copied().collect();
    paths.push(crate::folder::MANIFEST);
    let stamps = paths.par_iter().map(|path| stamp(&output.join(path))).collect();
    let Some(stamps): Option<Vec<String>> = stamps else { return };
    for (path, stamp) in paths.iter().zip(stamps) {
        let _ = writeln!(text, "{stamp} {path}");
    }
    let _ = fs::write_unsynced(&root.join(FILE), text.as_bytes());
}

fn head(output: &Path, fingerprint: u64) -> String {
    let place = std::path::absolute(output).unwrap_or_else(|_| output.to_path_buf());
    format!("{fingerprint:016x} {}", place.display())
}

/// What tells whether a file was touched, or `None` where there is none.
fn stamp(path: &Path) -> Option<String> {
    fs::stamp(path).map(|(size, changed, known)| format!("{size}-{changed}-{known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_with_a_file_missing_is_not_remembered() {
        let root = tempfile::tempdir().unwrap();
        let output = root.path().join("public");
        let page = output.join("index.html");
        fs::make_folder(&output).unwrap();
        fs::write_new(&output.join(crate::folder::MANIFEST), b"").unwrap();
        let planned = BTreeSet::from(["index.html"]);
        remember(root.path(), &output, 7, &planned);
        assert_eq!(is_current(root.path(), &output, 7), None);
        fs::write_new(&page, b"words").unwrap();
        fs::make_folder(&root.path().join(".archive/cache")).unwrap();
        remember(root.path(), &output, 7, &planned);
        assert_eq!(is_current(root.path(), &output, 7), Some(1));
        assert_eq!(is_current(root.path(), &output, 8), None);
        fs::remove(&page).unwrap();
        assert_eq!(is_current(root.path(), &output, 7), None);
    }
}
