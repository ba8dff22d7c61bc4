//! From an archive's files to a site: read, join, plan, render, publish.

mod pictures;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::archive::Archive;
use crate::diagnostic::{Diagnostic, any_error};
use crate::fixity::sha256;
use crate::folder::{self, Change, Folder};
use crate::input::{self, Input};
use crate::pages::{self, Desk, Page, promised};
use crate::paths::OutPath;
use crate::picture::Pictures;
use crate::record::SUMS;
use crate::site::{self, Site};
use crate::template::{self, Templates};
use crate::{cache, capture, content, evidence, fs, published};

/// The folder whose files are copied as they are.
pub const STATIC: &str = "static";
/// The folder that a site is built into unless another is named.
pub const OUTPUT: &str = folder::OWN;

/// What a build is told beside the archive's files.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// The folder to build into; `public` in the archive where none is named.
    pub output: Option<PathBuf>,
    /// Takes the place of the setting `base_url`.
    pub base_url: Option<String>,
    /// Stands for the program itself: another program makes another site of the same files.
    pub program: u64,
}

/// What a build did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many files the site has.
    pub pages: usize,
    /// What changed in the folder.
    pub change: Change,
    /// Where the site is.
    pub output: PathBuf,
    /// Whether the site was made without `base_url`, and so without what needs whole addresses.
    pub no_base_url: bool,
}

/// A site ready to be rendered: everything but the bytes of its pages.
#[derive(Debug)]
pub struct Plan {
    /// What the pages are about.
    pub archive: Archive,
    /// How they look.
    pub templates: Templates,
    /// The pages, by path.
    pub pages: Vec<Page>,
}

/// Why there is no site.
#[derive(Debug)]
pub enum Error {
    /// Problems in the files; those that are no errors are among them.
    Content(Vec<Diagnostic>),
    /// The folder cannot be used, or the machine failed.
    Machine(String),
}

impl From<fs::Error> for Error {
    fn from(error: fs::Error) -> Self {
        Self::Machine(error.to_string())
    }
}

impl From<folder::Error> for Error {
    fn from(error: folder::Error) -> Self {
        match error {
            folder::Error::Refused(why) => Self::Machine(why),
            folder::Error::Machine(error) => error.into(),
        }
    }
}

/// Reads the settings.
///
/// # Errors
/// Every problem of `site.toml`.
pub fn site(inputs: &[Input]) -> Result<Site, Vec<Diagnostic>> {
    let Some(input) = inputs.iter().find(|input| input.path == site::FILE) else {
        return Err(vec![Diagnostic::error(
            site::FILE,
            0,
            "there is no such file, expected the archive's settings",
        )]);
    };
    let text = input.text().map_err(|problem| vec![*problem])?;
    site::parse(&text)
}

/// Makes a plan of the whole site from its files, without what is known of its pictures.
///
/// # Errors
/// Every problem of every file, if one of them is an error.
pub fn plan(
    inputs: &[Input],
    base_url: Option<&str>,
) -> Result<(Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    plan_with(inputs, base_url, |_| Default::default())
}

/// Makes a plan of the whole site, its pictures measured and copied smaller; `copied` are the files
/// of `static/`.
///
/// # Errors
/// Every problem of every file, if one of them is an error.
pub fn plan_with_pictures(
    root: &Path,
    inputs: &[Input],
    copied: &[(OutPath, PathBuf)],
    base_url: Option<&str>,
) -> Result<(Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    plan_with(inputs, base_url, |content| pictures::gather(root, content, copied))
}

/// Returns the smaller copies of pictures that a plan needs, each with the file where it waits.
pub fn picture_copies(root: &Path, plan: &Plan) -> BTreeMap<OutPath, PathBuf> {
    let copies = plan.archive.pictures.values().flat_map(|picture| &picture.copies);
    let paths = copies.filter_map(|copy| OutPath::copied(&copy.address).ok());
    paths.map(|path| (path.clone(), pictures::waiting(root, path.as_str()))).collect()
}

fn plan_with(
    inputs: &[Input],
    base_url: Option<&str>,
    look: impl FnOnce(&content::Content) -> (Pictures, Vec<Diagnostic>),
) -> Result<(Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut site = site(inputs).unwrap_or_else(|found| {
        problems.extend(found);
        Site::default()
    });
    if let Some(base_url) = base_url {
        site.base_url = base_url.to_string();
    }
    let (mut content, mut found) = content::read(inputs);
    problems.append(&mut found);
    (content.pictures, found) = look(&content);
    problems.extend(found);
    let (archive, found) = Archive::new(site, content);
    problems.extend(found);
    let (pages, found) = pages::plan(&archive);
    problems.extend(found);
    let templates = own_templates(inputs).and_then(|own| {
        problems.extend(template::unused(&own));
        Templates::new(&own, &archive.words)
    });
    let templates = templates.map_err(|found| problems.extend(found)).ok();
    problems.sort();
    match templates {
        Some(templates) if !any_error(&problems) => {
            Ok((Plan { archive, templates, pages }, problems))
        }
        _ => Err(problems),
    }
}

/// The archive's own templates, by name and text.
fn own_templates(inputs: &[Input]) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let mut own = Vec::new();
    let mut problems = Vec::new();
    for input in inputs.iter().filter(|input| input.is_in(input::TEMPLATES)) {
        let name = input.path[input::TEMPLATES.len() + 1..].to_string();
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        match input.text() {
            Ok(text) => own.push((name, text)),
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.is_empty() { Ok(own) } else { Err(problems) }
}

/// Builds the site of the archive at `root`.
///
/// # Errors
/// Problems in the files, a folder that is not ours, or a failure of the machine. The folder is as
/// it was then.
pub fn build(root: &Path, order: &Order) -> Result<(Report, Vec<Diagnostic>), Error> {
    let output = order.output.clone().unwrap_or_else(|| root.join(OUTPUT));
    let is_own = is_own(root, &output);
    if is_own {
        evidence::fill_in(root)?;
    }
    let mut inputs = input::read_without_bases(root)?;
    let copied = copied(root)?;
    let mut fingerprint =
        cache::fingerprint(&inputs, &copied, order.base_url.as_deref(), order.program);
    let is_known = !is_own || root.join(evidence::REST).exists();
    if let Some(pages) = cache::is_current(root, &output, fingerprint).filter(|_| is_known) {
        let change = Change { unchanged: pages, ..Change::default() };
        return Ok((Report { pages, change, output, no_base_url: false }, Vec::new()));
    }
    let folder = Folder::open(root, &output)?;
    input::add_bases(root, &mut inputs)?;
    let (plan, mut problems) =
        plan_with_pictures(root, &inputs, &copied, order.base_url.as_deref())
            .map_err(Error::Content)?;
    let (site, change, found) = publish(root, &plan, &copied, folder)?;
    problems.extend(found);
    if is_own {
        if promise(root, &mut inputs, &plan.archive, site.addresses)? {
            let base_url = order.base_url.as_deref();
            // As it will be taken of the files next time.
            inputs.retain(|input| !input.is_in(capture::BASE) || input.path.ends_with(SUMS));
            fingerprint = cache::fingerprint(&inputs, &copied, base_url, order.program);
        }
        evidence::write(root, &inputs, &copied, &site.sums)?;
    }
    let planned = site.sums;
    // Only a build without a warning may be skipped next time: a warning has to be seen again.
    if problems.is_empty() {
        let planned = planned.keys().map(String::as_str).collect();
        cache::remember(root, &output, fingerprint, &planned);
    }
    let no_base_url = plan.archive.site.base_url.is_empty();
    Ok((Report { pages: planned.len(), change, output, no_base_url }, problems))
}

/// Writes a planned site into a folder that does not exist yet, and remembers nothing of it.
///
/// # Errors
/// Problems in the files, or a failure of the machine.
pub fn write(root: &Path, plan: &Plan, output: &Path) -> Result<Vec<Diagnostic>, Error> {
    let folder = Folder::open(root, output)?;
    let (_, _, problems) = publish(root, plan, &copied(root)?, folder)?;
    Ok(problems)
}

/// Makes a folder equal to a plan.
fn publish(
    root: &Path,
    plan: &Plan,
    copied: &[(OutPath, PathBuf)],
    folder: Folder,
) -> Result<(Made, Change, Vec<Diagnostic>), Error> {
    let problems = collisions(root, plan, copied);
    if any_error(&problems) {
        return Err(Error::Content(problems));
    }
    let mut made = render(plan, &folder)?;
    let pictures: Vec<(OutPath, PathBuf)> = picture_copies(root, plan).into_iter().collect();
    let sums = copied.par_iter().chain(&pictures).map(|(path, file)| {
        let bytes = fs::read(file)?;
        folder.put(path, &bytes)?;
        Ok((path.to_string(), sha256(&bytes)))
    });
    made.sums.extend(sums.collect::<Result<Vec<_>, Error>>()?);
    made.addresses.extend(copied.iter().map(|(path, _)| path.to_string()));
    let planned: BTreeSet<&str> = made.sums.keys().map(String::as_str).collect();
    let change = folder.publish(&planned)?;
    Ok((made, change, problems))
}

/// Whether a folder is the archive's own output: what stands there is what was published.
fn is_own(root: &Path, output: &Path) -> bool {
    let own = root.join(OUTPUT);
    output == own
        || fs::canonical(output).ok().is_some_and(|path| fs::canonical(&own).ok() == Some(path))
}

/// Adds what was published now to the ledger, and returns whether any of it is new. Nothing is ever
/// taken out. The site of the larger ledger is the same, byte for byte.
fn promise(
    root: &Path,
    inputs: &mut Vec<Input>,
    archive: &Archive,
    made: BTreeSet<String>,
) -> Result<bool, Error> {
    if made.is_subset(&archive.published) {
        return Ok(false);
    }
    let all: BTreeSet<String> = archive.published.iter().cloned().chain(made).collect();
    for (path, text) in published::print(&all) {
        evidence::write_changed(&root.join(&path), &text)?;
        inputs.retain(|input| input.path != path);
        inputs.push(Input { path, bytes: text.into_bytes(), is_link: false });
    }
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(true)
}

/// What was made of the pages.
#[derive(Default)]
struct Made {
    /// The SHA-256 of each, by path.
    sums: BTreeMap<String, String>,
    /// The addresses and anchors that they promise.
    addresses: BTreeSet<String>,
}

/// Files of `static/` that would be a page, a folder of pages, or a file that this program keeps in
/// the folder for itself. Names that differ only in case are one name on some hosts.
fn collisions(root: &Path, plan: &Plan, copied: &[(OutPath, PathBuf)]) -> Vec<Diagnostic> {
    let mut taken: BTreeSet<String> = folder::RESERVED.iter().map(ToString::to_string).collect();
    taken.extend(plan.pages.iter().map(|page| page.path.as_str().to_lowercase()));
    taken.extend(picture_copies(root, plan).keys().map(ToString::to_string));
    let mut folders: BTreeSet<String> = taken.iter().flat_map(|path| above(path)).collect();
    let mut problems = Vec::new();
    for (path, file) in copied {
        let name = path.as_str().to_lowercase();
        let blocked = above(&name).into_iter().find(|folder| taken.contains(folder));
        if taken.contains(&name) || folders.contains(&name) || blocked.is_some() {
            let message = format!(
                "something else of the site is {} already",
                blocked.as_deref().unwrap_or(path.as_str())
            );
            problems.push(
                Diagnostic::error(fs::relative(root, file), 0, message)
                    .hint("give the file another name"),
            );
        }
        folders.extend(above(&name));
        taken.insert(name);
    }
    problems
}

/// The folders above a path of the site.
fn above(path: &str) -> Vec<String> {
    path.match_indices('/').map(|(at, _)| path[..at].to_string()).collect()
}

/// Renders every page into the folder; reports every page that cannot be.
fn render(plan: &Plan, folder: &Folder) -> Result<Made, Error> {
    let desk = Desk { archive: &plan.archive, templates: &plan.templates };
    let pages: Vec<Result<(String, Vec<String>), Error>> = plan
        .pages
        .par_iter()
        .map(|page| {
            let bytes = page.bytes(desk).map_err(|problem| Error::Content(vec![problem]))?;
            folder.put(&page.path, &bytes)?;
            Ok((sha256(&bytes), promised::addresses(&plan.archive, page, &bytes)))
        })
        .collect();
    let mut made = Made::default();
    let mut problems = Vec::new();
    for (page, result) in plan.pages.iter().zip(pages) {
        match result {
            Ok((sum, addresses)) => {
                made.sums.insert(page.path.to_string(), sum);
                made.addresses.extend(addresses);
            }
            // A template that fails fails on every page; one of them tells it.
            Err(Error::Content(found)) => problems.extend(found),
            Err(machine @ Error::Machine(_)) => return Err(machine),
        }
    }
    problems.sort();
    problems.dedup_by(|a, b| (&a.path, a.line, &a.message) == (&b.path, b.line, &b.message));
    if problems.is_empty() { Ok(made) } else { Err(Error::Content(problems)) }
}

/// Returns the files of `static/`, by the path that each gets in the site.
///
/// # Errors
/// A name that would not work on every host, a link, or a failure of the machine.
pub fn copied(root: &Path) -> Result<Vec<(OutPath, PathBuf)>, Error> {
    let folder = root.join(STATIC);
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for file in fs::walk(&folder)? {
        let name = fs::relative(root, &file);
        if fs::is_link(&file) {
            problems.push(
                Diagnostic::error(&name, 0, "this is a symbolic link, expected a file of its own")
                    .hint("links are not followed, so that nothing from outside is published; copy the file here"),
            );
            continue;
        }
        match OutPath::copied(&fs::relative(&folder, &file)) {
            Ok(path) => files.push((path, file)),
            Err(message) => {
                problems.push(Diagnostic::error(&name, 0, message).hint("rename the file"));
            }
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(Error::Content(problems)) }
}
