//! How fast dumps are understood, on one core, by kind of dump.
//!
//! `cargo bench --bench import`. Each figure is the middle one of five runs; beside it stands how
//! often the same bytes could have been cut into lines meanwhile, taken in the same run, since a
//! machine's seconds say little.

#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use archive::format::{Format, built_in};
use archive::import::{self, Told};

/// The size of each dump, in bytes.
const SIZE: usize = 8 << 20;
/// How often each figure is taken.
const ROUNDS: usize = 5;

/// Words of the made-up prose, with as many numbers and quotation marks as news has.
const WORDS: &str = "the river rose in the night and water came over the wall near the old mill while \
    14 people moved to the upper town with children and boats carried bread from the station where \
    wardens counted 2,300 houses again under rain that had not stopped since 6am and “we are safe” \
    the mayor’s office said by phone on Tuesday about 3.5 metres (more than in 1998) it isn’t over";

/// A kind of dump: its name and how an entry of it is written.
type Kind = (&'static str, fn(&mut Random, usize, &mut String));

const KINDS: &[Kind] = &[
    ("text, stamps alone on their line", stamps),
    ("text, numbered heads", numbered),
    ("text, titles by their shape", shapes),
];

fn main() {
    let formats = built_in();
    println!("{:<36} {:>8} {:>8} {:>14}", "8 MiB of", "entries", "MB/s", "lines cut, x");
    for (name, entry) in KINDS {
        let dump = dump(*entry);
        let (count, took) = measure(&dump, &formats);
        let lines =
            middle(|| black_box(import::cut(&dump).map(str::len).max().unwrap_or_default()));
        let speed = megabytes(dump.len()) / took.as_secs_f64();
        let ratio = took.as_secs_f64() / lines.as_secs_f64();
        println!("{name:<36} {count:>8} {speed:>8.1} {ratio:>14.1}");
    }
}

#[expect(clippy::cast_precision_loss, reason = "a size in megabytes, for people")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn measure(dump: &str, formats: &[Format]) -> (usize, Duration) {
    let told = Told { name: "bench".to_string(), ..Told::default() };
    let mut count = 0;
    let took = middle(|| {
        let read = import::read(dump.as_bytes(), &told, formats).unwrap_or_else(|problems| {
            panic!("{}", problems.iter().map(ToString::to_string).collect::<String>())
        });
        count = read.entries.len();
        count
    });
    (count, took)
}

/// Returns the middle of the times that some work takes.
fn middle(mut work: impl FnMut() -> usize) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }
}

fn dump(entry: fn(&mut Random, usize, &mut String)) -> String {
    let mut random = Random(1);
    let mut text = String::with_capacity(SIZE + 4096);
    text.push_str("Live updates\n\n");
    for number in 0.. {
        if text.len() >= SIZE {
            break;
        }
        entry(&mut random, number, &mut text);
    }
    text
}

fn sentence(random: &mut Random, words: usize) -> String {
    let all: Vec<&str> = WORDS.split_whitespace().collect();
    let words: Vec<&str> = (0..words).map(|_| all[random.below(all.len())]).collect();
    let words = words.join(" ");
    let first = words.chars().next().map_or(0, char::len_utf8);
    format!("{}{}", words[..first].to_uppercase(), &words[first..])
}

fn body(random: &mut Random, indent: &str, text: &mut String) {
    for _ in 0..=random.below(4) {
        text.push_str(indent);
        for _ in 0..=random.below(4) {
            let length = 8 + random.below(14);
            let _ = write!(text, "{}. ", sentence(random, length));
        }
        text.push_str("\n\n");
    }
}

fn stamp(number: usize) -> (usize, usize, usize) {
    let minutes = 27 * 1440 - (number * 2) % (27 * 1440);
    (1 + minutes / 1440, minutes / 60 % 24, minutes % 60)
}

fn stamps(random: &mut Random, number: usize, text: &mut String) {
    let (day, hour, minute) = stamp(number);
    let _ = write!(text, "{day} April 2031, {hour:02}:{minute:02}\n\n{}\n\n", sentence(random, 6));
    body(random, "", text);
}

fn numbered(random: &mut Random, number: usize, text: &mut String) {
    let (day, hour, minute) = stamp(number);
    let title = sentence(random, 6);
    let _ = write!(
        text,
        "  {}. {title}published at {hour:02}:{minute:02} British Summer Time {day} April 2031\n\n",
        number % 20 + 1
    );
    body(random, "    ", text);
}

fn shapes(random: &mut Random, _: usize, text: &mut String) {
    let _ = write!(text, "{}\n\n", sentence(random, 6));
    body(random, "", text);
}
