//! The pictures that texts show: measured, and copied smaller, once for each picture.
//!
//! What was measured and made is kept in `.archive/cache/pictures/`, by the hash of the picture. The
//! folder can be deleted at any time without changing a byte of the site.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::STATIC;
use crate::content::Content;
use crate::diagnostic::Diagnostic;
use crate::fixity::sha256;
use crate::fs;
use crate::markdown::shown_pictures;
use crate::paths::{self, OutPath};
use crate::picture::{self, Format, Picture, PictureCopy, Pictures, RECIPE};

/// Where the copies wait.
const CACHE: &str = ".archive/cache/pictures";
/// What is known of each picture, in there.
const INDEX: &str = "index";

/// What is known of a picture: a line of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    /// Size and times of the file.
    stamp: String,
    /// SHA-256 of the picture.
    sha256: String,
    width: u32,
    height: u32,
    format: Option<Format>,
    /// The width of each copy, and its SHA-256.
    copies: Vec<(u32, String)>,
}

impl Known {
    /// The line of a picture, without its path.
    fn print(&self) -> String {
        let format = self.format.map_or("-", Format::extension);
        let copies: Vec<String> =
            self.copies.iter().map(|(width, sum)| format!("{width}:{sum}")).collect();
        let Self { stamp, sha256, width, height, .. } = self;
        format!("{stamp}\t{sha256}\t{width}\t{height}\t{format}\t{}", copies.join(","))
    }

    fn parse(line: &str) -> Option<(&str, Self)> {
        let mut parts = line.split('\t');
        let mut next = || parts.next();
        let (stamp, sha256) = (next()?.to_string(), next()?.to_string());
        let (width, height) = (next()?.parse().ok()?, next()?.parse().ok()?);
        let format = match next()? {
            "jpg" => Some(Format::Jpeg),
            "png" => Some(Format::Png),
            _ => None,
        };
        let copies = next()?.split(',').filter(|copy| !copy.is_empty()).map(|copy| {
            let (width, sum) = copy.split_once(':')?;
            Some((width.parse().ok()?, sum.to_string()))
        });
        let copies = copies.collect::<Option<_>>()?;
        Some((next()?, Self { stamp, sha256, width, height, format, copies }))
    }

    /// The address of each copy in the site.
    fn addresses(&self) -> impl Iterator<Item = (u32, OutPath, &str)> {
        let extension = self.format.map_or("", Format::extension);
        let path = move |width| paths::picture_copy(&self.sha256, width, extension);
        self.copies.iter().map(move |(width, sum)| (*width, path(*width), sum.as_str()))
    }

    fn picture(&self) -> Picture {
        let copies = self
            .addresses()
            .map(|(width, path, _)| PictureCopy { width, address: path.to_string() })
            .collect();
        Picture { width: self.width, height: self.height, copies }
    }
}

/// Returns the paths of the pictures of the site that any text shows.
fn wanted(content: &Content) -> BTreeSet<String> {
    // What is withdrawn is shown nowhere.
    let entries = content.entries.par_iter().filter(|entry| entry.withdrawn.is_none());
    let entries = entries.flat_map_iter(|entry| shown_pictures(&entry.body));
    let mut paths: BTreeSet<String> = entries.map(|shown| shown.path).collect();
    let words = content.stories.iter().map(|story| &story.body);
    let words = words.chain(content.pages.iter().map(|page| &page.body));
    paths.extend(words.flat_map(|body| shown_pictures(body)).map(|shown| shown.path));
    paths
}

/// Where a copy waits.
pub(super) fn waiting(root: &Path, copy: &str) -> PathBuf {
    let name = copy.rsplit('/').next().unwrap_or(copy);
    root.join(CACHE).join(name)
}

/// Measures the pictures that texts show, and makes their copies where they are not made already.
///
/// A picture that cannot be read is shown as it is, and told. Where nothing can be kept in the cache,
/// there are no copies.
pub(super) fn gather(
    root: &Path,
    content: &Content,
    copied: &[(OutPath, PathBuf)],
) -> (Pictures, Vec<Diagnostic>) {
    let pictures: Vec<&(OutPath, PathBuf)> =
        copied.iter().filter(|(path, _)| picture::is_picture(path.as_str())).collect();
    if pictures.is_empty() {
        return (Pictures::new(), Vec::new());
    }
    let wanted = wanted(content);
    let index = root.join(CACHE).join(INDEX);
    let text = fs::read_if_there(&index).ok().flatten().unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let known: BTreeMap<&str, Known> = match text.split_once('\n') {
        Some((recipe, lines)) if recipe == RECIPE => {
            lines.lines().filter_map(Known::parse).collect()
        }
        _ => BTreeMap::new(),
    };
    let turns = Mutex::new(());
    let shown = pictures.into_par_iter().filter(|(path, _)| wanted.contains(path.as_str()));
    let found: Vec<(&OutPath, Result<Known, String>, Option<String>)> = shown
        .map(|(path, file)| {
            let stamp =
                fs::stamp(file).map(|(size, changed, known)| format!("{size}-{changed}-{known}"));
            let stamp = stamp.unwrap_or_default();
            match known
                .get(path.as_str())
                .filter(|known| known.stamp == stamp && is_whole(root, known))
            {
                Some(known) => (path, Ok(known.clone()), None),
                None => match measure(root, file, &stamp, &turns) {
                    Ok((known, problem)) => (path, Ok(known), problem),
                    Err(problem) => (path, Err(problem), None),
                },
            }
        })
        .collect();
    let mut lines = format!("{RECIPE}\n");
    let (mut pictures, mut problems) = (Pictures::new(), Vec::new());
    for (path, known, problem) in found {
        let is_sound = problem.is_none();
        let file = format!("{STATIC}/{path}");
        if let Some(why) = problem {
            problems.push(
                Diagnostic::warning(&file, 0, format!("no smaller copies can be made of this picture: {why}"))
                    .hint("it is shown as it is; save it again with a picture editor, not larger than it has to be"),
            );
        }
        match known {
            Ok(known) => {
                // What was told has to be told again.
                if is_sound {
                    let _ = writeln!(lines, "{}\t{path}", known.print());
                }
                pictures.insert(path.to_string(), known.picture());
            }
            Err(why) => problems.push(
                Diagnostic::warning(&file, 0, format!("this is no picture that can be read: {why}"))
                    .hint("it is shown as it is; see whether a browser opens it, and save it again as JPEG or PNG"),
            ),
        }
    }
    if lines != text && !(pictures.is_empty() && text.is_empty()) {
        let _ = fs::write_unsynced(&index, lines.as_bytes());
    }
    (pictures, problems)
}

/// Whether every copy waits as it was made.
fn is_whole(root: &Path, known: &Known) -> bool {
    known.addresses().all(|(_, path, sum)| {
        let bytes = fs::read_if_there(&waiting(root, path.as_str())).ok().flatten();
        bytes.is_some_and(|bytes| sha256(&bytes) == sum)
    })
}

/// Measures a picture and makes its copies; says beside it why there are none.
fn measure(
    root: &Path,
    file: &Path,
    stamp: &str,
    turns: &Mutex<()>,
) -> Result<(Known, Option<String>), String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    let size = picture::size(&bytes)?;
    let mut known = Known {
        stamp: stamp.to_string(),
        sha256: sha256(&bytes),
        width: size.width,
        height: size.height,
        format: size.copies_as,
        copies: Vec::new(),
    };
    let copies = match picture::copies(&bytes) {
        Ok(copies) => copies,
        Err(why) => return Ok((known, Some(why))),
    };
    known.copies = copies.iter().map(|(width, copy)| (*width, sha256(copy))).collect();
    let places: Vec<PathBuf> =
        known.addresses().map(|(_, path, _)| waiting(root, path.as_str())).collect();
    // A picture that is there under two names is written once.
    let _turn = turns.lock().unwrap_or_else(PoisonError::into_inner);
    if !is_whole(root, &known) {
        for (place, (_, copy)) in places.iter().zip(&copies) {
            if fs::write_unsynced(place, copy).is_err() {
                known.copies.clear();
                break;
            }
        }
    }
    Ok((known, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_a_picture_is_read_as_it_was_written() {
        let known = Known {
            stamp: "12-34-56".into(),
            sha256: "ab".repeat(32),
            width: 1600,
            height: 900,
            format: Some(Format::Jpeg),
            copies: vec![(400, "cd".repeat(32)), (800, "ef".repeat(32))],
        };
        let line = format!("{}\timages/a b.jpg", known.print());
        assert_eq!(Known::parse(&line), Some(("images/a b.jpg", known)));
        assert_eq!(Known::parse("nonsense"), None);
    }
}
