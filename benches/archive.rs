//! What importing, reading and building cost, on 10,000 made-up entries (see `docs/performance.md`).
//!
//! `cargo bench` measures. `cargo bench --bench archive -- --make DIR` writes what is measured, and
//! the same as the content of a Hugo site, for `.ci/bench/hugo.sh`.
//!
//! Nothing here fails when it is slow: a machine's seconds say little. The table at the end gives
//! each figure as a multiple of copying the finished site, taken in the same run.

#![expect(clippy::disallowed_methods, reason = "this measures the disk and makes what is measured")]
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use archive::build::{self, Order};
use archive::format::built_in;
use archive::pages::Desk;
use archive::{content, import, input};
use criterion::{Criterion, SamplingMode};
use rayon::prelude::*;

mod sample;

use sample::Sample;

/// How often each figure of the table is taken; the table shows the middle one.
const ROUNDS: usize = 5;

/// The archive and the folders that a benchmark works in.
struct Place {
    root: PathBuf,
    copy: PathBuf,
    /// The entry that is edited, and what it says.
    edited: (PathBuf, String),
    sample: Sample,
}

/// One thing that is measured: does its work once and returns how long that took, without what has
/// to be made ready for it.
type Measure = (&'static str, fn(&Place) -> Duration);

const COPY: &str = "copy of the site";
const MEASURES: &[Measure] = &[
    (COPY, copy),
    ("import", import),
    ("load", load),
    ("plan", plan),
    ("render", render),
    ("build first", build_first),
    ("build unchanged", build_unchanged),
    ("build unchanged, no cache", build_without_cache),
    ("build after one edit", build_after_edit),
];

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--make");
    if let (Some(_), Some(folder)) = (arguments.next(), arguments.next()) {
        return make(Path::new(&folder));
    }
    // In memory where there is a place for that: a disk's own pace is not ours to measure.
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    let folder = tempfile::Builder::new().prefix("archive-bench").tempdir_in(place);
    let place = Place::new(folder.as_ref().expect("a folder").path());
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("10,000 entries");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(5));
    for (name, measure) in MEASURES {
        group.bench_function(*name, |bencher| {
            bencher.iter_custom(|times| (0..times).map(|_| measure(&place)).sum());
        });
    }
    group.finish();
    table(&place);
}

/// Writes dumps, archive and Hugo content.
fn make(folder: &Path) {
    let sample = Sample::new();
    sample.write_dumps(&folder.join("dumps"));
    sample.write_archive(&folder.join("archive"));
    sample.write_hugo(&folder.join("hugo"));
}

fn table(place: &Place) {
    let mut times = vec![Vec::new(); MEASURES.len()];
    for _ in 0..ROUNDS {
        for (times, (_, measure)) in times.iter_mut().zip(MEASURES) {
            times.push(measure(place));
        }
    }
    let middle = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    };
    let copy = middle(&mut times[0]);
    println!("{:<28} {:>10} {:>12}", "10,000 entries", "seconds", "of the copy");
    for (times, (name, _)) in times.iter_mut().zip(MEASURES) {
        let seconds = middle(times);
        println!("{name:<28} {seconds:>10.3} {:>12.2}", seconds / copy);
    }
}

impl Place {
    fn new(folder: &Path) -> Self {
        let root = folder.join("archive");
        let sample = Sample::new();
        sample.write_archive(&root);
        let entry = &sample.stories[0].1[0];
        let edited = (root.join(&entry.file), content::print_entry(entry));
        let place = Self { root, copy: folder.join("copy"), edited, sample };
        build_first(&place);
        place
    }

    fn output(&self) -> PathBuf {
        self.root.join(build::OUTPUT)
    }

    fn build(&self) -> Duration {
        time(|| match build::build(&self.root, &Order::default()) {
            Ok((report, problems)) => {
                assert!(problems.is_empty(), "{problems:?}");
                report
            }
            Err(error) => panic!("{error:?}"),
        })
    }

    fn plan(&self) -> build::Plan {
        let inputs = input::read(&self.root).expect("the archive can be read");
        build::plan(&inputs, None).expect("the archive is sound").0
    }
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    black_box(work());
    started.elapsed()
}

fn remove(folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("a folder of this benchmark's own");
    }
}

/// Reads every file of the site and writes it elsewhere, on as many threads as a build.
fn copy(place: &Place) -> Duration {
    remove(&place.copy);
    let output = place.output();
    time(|| {
        let files = archive::fs::walk(&output).expect("the site can be read");
        files.par_iter().for_each(|file| {
            let to = place.copy.join(file.strip_prefix(&output).expect("a file of the site"));
            let folder = to.parent().expect("a file is in a folder");
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&to, fs::read(file)?))
                .expect("the disk takes it");
        });
    })
}

fn import(place: &Place) -> Duration {
    let formats = built_in();
    time(|| {
        let read = |dump: &sample::Dump| {
            let told = sample::told(dump);
            import::read(dump.text.as_bytes(), &told, &formats).map(|dump| dump.entries.len())
        };
        place.sample.dumps.iter().map(|dump| read(dump).expect("a sound dump")).sum::<usize>()
    })
}

fn load(place: &Place) -> Duration {
    time(|| content::read(&input::read(&place.root).expect("the archive can be read")))
}

fn plan(place: &Place) -> Duration {
    let inputs = input::read(&place.root).expect("the archive can be read");
    time(|| build::plan(&inputs, None).expect("the archive is sound"))
}

/// Makes the bytes of every page and forgets them.
fn render(place: &Place) -> Duration {
    let plan = place.plan();
    let desk = Desk { archive: &plan.archive, templates: &plan.templates };
    time(|| {
        let pages = plan.pages.par_iter();
        pages.map(|page| page.bytes(desk).expect("a sound template").len()).sum::<usize>()
    })
}

fn build_first(place: &Place) -> Duration {
    remove(&place.output());
    remove(&place.root.join(".archive"));
    place.build()
}

fn build_unchanged(place: &Place) -> Duration {
    place.build()
}

fn build_without_cache(place: &Place) -> Duration {
    remove(&place.root.join(".archive"));
    place.build()
}

/// Takes a sentence out of an entry or puts it back.
fn build_after_edit(place: &Place) -> Duration {
    let (file, text) = &place.edited;
    let there = fs::read_to_string(file).expect("an entry of the sample");
    let edited = format!("{text}\nOne more sentence.\n");
    fs::write(file, if there == *text { &edited } else { text }).expect("the disk takes it");
    place.build()
}
