//! A deposit: the whole archive as a `BagIt` bag, for a repository that keeps it when we are gone.
//!
//! What is withheld is decided first, in `withhold`; then everything that is given away goes
//! through `bag` once, which hashes what it copies. The bag is made beside its place and takes it
//! when it is whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use bag::Bag;
use withhold::Given;

use crate::build::{self, Error};
use crate::content::{self, Content};
use crate::diagnostic::{Diagnostic, any_error};
use crate::fixity::Sums;
use crate::input::{self, CONTENT, Input, TEMPLATES};
use crate::site::{self, Site};
use crate::table::{self, Rows};
use crate::{capture, datapackage, folder, fs, published, record, vocabulary};

mod bag;
mod describe;
mod withhold;

/// The folder of the site in the payload.
const SITE: &str = "site";
/// The table of the entries.
const TABLE: &str = "entries.csv";
/// Folders of an archive that are given as they are on the disk, but for what is withheld.
const FOLDERS: [&str; 7] = [
    record::FOLDER,
    "formats",
    build::STATIC,
    capture::BASE,
    capture::FOLDER,
    capture::REVISIONS,
    published::FOLDER,
];
/// Files of an archive that are given as they are, if they are there.
const FILES: [&str; 2] = [published::ROOT, published::GIVEN_UP];

/// What a deposit is told beside the archive's files.
#[derive(Clone, Debug)]
pub struct Order {
    /// The folder to make.
    pub place: PathBuf,
    /// The day of the deposit: 2031-04-02.
    pub date: String,
    /// The version of this program.
    pub program: String,
}

/// What a deposit holds.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many files the payload has.
    pub files: usize,
    /// Their bytes together.
    pub bytes: u64,
    /// Where the bag is.
    pub place: PathBuf,
}

/// What the descriptions of a bag tell.
struct Told<'a> {
    site: &'a Site,
    content: &'a Content,
    order: &'a Order,
    /// The files of the payload, by their paths in it.
    files: BTreeMap<String, Sums>,
}

/// Makes a bag of the archive at `root`: the same archive and day give the same bytes.
///
/// # Errors
/// Problems in the files, a dump that is not what was imported, a place that is taken, or a failure
/// of the machine. Nothing is left behind then.
pub fn deposit(root: &Path, order: &Order) -> Result<(Report, Vec<Diagnostic>), Error> {
    let place = folder::new_place(root, &order.place)?;
    let inputs = input::read(root)?;
    let (content, problems) = content::read(&inputs);
    if any_error(&problems) {
        return Err(Error::Content(problems));
    }
    let given = Given::of(inputs, &content);
    let copied = build::copied(root)?;
    let (plan, mut problems) =
        build::plan_with_pictures(root, &given.inputs, &copied, None).map_err(Error::Content)?;
    problems.extend(given.problems.iter().cloned());
    let bag = Bag::begin(&place)?;
    problems.extend(build::write(root, &plan, &bag.path(SITE))?);
    fs::remove(&bag.path(SITE).join(folder::MANIFEST))?;
    bag.adopt(SITE)?;
    put_inputs(&bag, &given)?;
    put_folders(root, &bag, &given, &mut problems)?;
    let (content, _) = content::read(&given.inputs);
    problems.extend(faults(&content, &given, &bag.files()));
    problems.sort();
    problems.dedup();
    if any_error(&problems) {
        return Err(Error::Content(problems));
    }
    let site = &plan.archive.site;
    let told = put_descriptions(&bag, site, &content, order)?;
    let report =
        Report { files: told.files.len(), bytes: total(&told.files), place: place.clone() };
    bag.finish(&describe::bag_info(&told))?;
    Ok((report, problems))
}

fn total(files: &BTreeMap<String, Sums>) -> u64 {
    files.values().map(|sums| sums.bytes).sum()
}

/// Puts the files that were read already: what people wrote, as far as it is given away.
fn put_inputs(bag: &Bag, given: &Given) -> Result<(), Error> {
    let is_ours = |input: &&Input| {
        let name = input.path.rsplit('/').next().unwrap_or_default();
        // Of content/, only what was read as content: nobody knows what stands in the rest.
        let is_content = !name.starts_with('.')
            && Path::new(name).extension().is_some_and(|extension| extension == "md");
        let is_setting = matches!(input.path.as_str(), site::FILE | vocabulary::FILE);
        !input.is_link
            && (is_setting || input.is_in(TEMPLATES) || input.is_in(CONTENT) && is_content)
    };
    let inputs: Vec<&Input> = given.inputs.iter().filter(is_ours).collect();
    inputs.par_iter().try_for_each(|input| bag.put(&input.path, input.bytes.as_slice()))?;
    Ok(())
}

/// Copies the folders that are given as they are.
fn put_folders(
    root: &Path,
    bag: &Bag,
    given: &Given,
    problems: &mut Vec<Diagnostic>,
) -> Result<(), Error> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        for path in fs::walk(&root.join(folder))? {
            let name = fs::relative(root, &path);
            if fs::is_link(&path) {
                let message = "this is a symbolic link, expected a file of its own: it is left out";
                problems.push(
                    Diagnostic::warning(&name, 0, message)
                        .hint("links are not followed; copy the file here"),
                );
            } else if !given.withholds(&name) {
                files.push((name, path));
            }
        }
    }
    let single = FILES.map(|name| (name.to_string(), root.join(name)));
    files.extend(single.into_iter().filter(|(_, path)| path.is_file() && !fs::is_link(path)));
    files.par_iter().try_for_each(|(name, path)| {
        if name.rsplit('/').next() == Some(record::SUMS) && folder_of(name) != build::STATIC {
            let sums = fs::read(path)?;
            return bag.put(name, given.sums(name, &sums).as_slice());
        }
        bag.put(name, fs::open(path)?)
    })?;
    Ok(())
}

/// The first folder of a path.
fn folder_of(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

/// Dumps that are not what was imported, or are not there.
fn faults(content: &Content, given: &Given, files: &BTreeMap<String, Sums>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for record in &content.records {
        let name = format!("{}/{}", record::FOLDER, record.dump);
        if given.withholds(&name) {
            continue;
        }
        let message = match files.get(&name) {
            None => "this dump is not there, expected the file that was imported".to_string(),
            Some(sums) if sums.sha256 != record.sha256 => {
                format!(
                    "this dump has the SHA-256 {}, expected {} as in its record",
                    sums.sha256, record.sha256
                )
            }
            Some(_) => continue,
        };
        problems.push(
            Diagnostic::error(&name, 0, message)
                .hint("take the file from a backup or from version control; a deposit is made of sound dumps only"),
        );
    }
    problems
}

/// Puts what describes the others: the table, its Data Package, and the RO-Crate.
fn put_descriptions<'a>(
    bag: &Bag,
    site: &'a Site,
    content: &'a Content,
    order: &'a Order,
) -> Result<Told<'a>, Error> {
    let rows = Rows::new(site, &content.stories);
    let shown = table::in_order(&content.entries);
    let mut csv = Vec::new();
    rows.write(&mut csv, shown.into_iter().filter(|entry| entry.withdrawn.is_none()))
        .map_err(|cause| fs::Error::new("write", &bag.path(TABLE), cause))?;
    bag.put(TABLE, csv.as_slice())?;
    let mut told = Told { site, content, order, files: bag.files() };
    for (name, value) in [
        (describe::PACKAGE, describe::data_package as fn(&Told<'_>) -> serde_json::Value),
        (describe::CRATE, describe::crate_metadata),
    ] {
        bag.put(name, datapackage::print(&value(&told)).as_slice())?;
        told.files = bag.files();
    }
    Ok(told)
}
