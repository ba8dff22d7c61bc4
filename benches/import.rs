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

/// Words of the made-up prose: of a hundred, two hold a digit and three a quotation mark, as in news.
const WORDS: &str = "the river rose in the night and water came over the wall near the old mill while \
    14 people moved to the upper town with children and boats carried bread from the station where \
    wardens counted houses again under rain that had not stopped since 6am and “we are safe” said the \
    mayor’s office by phone on Tuesday while the bridge stays shut to cars and lorries until engineers \
    have looked at its piers which stood in water for most of a day (as in 1998) although nobody was \
    hurt there and schools in both parts of the town are closed until further notice because roads to \
    them lie under mud so that buses cannot pass and 2,300 homes have no power yet the council’s crews \
    hope to bring light back to the lower streets before dark if no more rain falls on the hills above";

/// A kind of dump: its name, how it begins, and how an entry of it is written.
type Kind = (&'static str, &'static str, fn(&mut Random, usize, &mut String));

/// How a text begins.
const TEXT: &str = "Live updates\n\n";
/// How a page begins. None of its elements has to be ended.
const PAGE: &str = "<!DOCTYPE html><html><head><meta charset=utf-8><title>Quell floods – live</title>\
    <link rel=canonical href=https://quell.example/news/live/2031/apr/27/floods></head><body>\
    <header><nav><ul><li><a href=/news>News</a><li><a href=/sport>Sport</a></ul></nav></header>\
    <main><h1>Quell floods – live</h1><div class=stream>\n";

const KINDS: &[Kind] = &[
    ("text, stamps alone on their line", TEXT, stamps),
    ("text, numbered heads", TEXT, numbered),
    ("text, titles by their shape", TEXT, shapes),
    ("page, the Guardian since 2021", PAGE, guardian),
    ("page, the BBC before 2022", PAGE, bbc),
    ("page, WordPress", PAGE, wordpress),
    ("page, an engine that is not known", PAGE, siblings),
];

fn main() {
    let formats = built_in();
    println!("{:<36} {:>8} {:>8} {:>14}", "8 MiB of", "entries", "MB/s", "lines cut, x");
    // `cargo bench --bench import -- page` measures the kinds that are called so.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.iter().all(|wanted| name.contains(wanted.as_str()));
    for (name, head, entry) in KINDS.iter().filter(|(name, ..)| is_wanted(name)) {
        let dump = dump(head, *entry);
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

fn dump(head: &str, entry: fn(&mut Random, usize, &mut String)) -> String {
    let mut random = Random(1);
    let mut text = String::with_capacity(SIZE + 4096);
    text.push_str(head);
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

/// Paragraphs as HTML, with a link and emphasis here and there.
fn markup(random: &mut Random, page: &mut String) {
    for _ in 0..=random.below(4) {
        let _ = write!(page, "<p>{}. ", sentence(random, 22));
        match random.below(3) {
            0 => {
                let words = sentence(random, 3);
                let _ = write!(page, "<a href=\"/news/{words}\" data-link=in-body>{words}</a>, ");
            }
            1 => {
                let _ = write!(page, "<strong>{}</strong>, ", sentence(random, 2));
            }
            _ => {}
        }
        let _ = writeln!(page, "{}.</p>", sentence(random, 30));
    }
}

fn guardian(random: &mut Random, number: usize, page: &mut String) {
    let (day, hour, minute) = stamp(number);
    let _ = write!(
        page,
        "<article id=\"block-{number:024x}\" class=\"block dcr-1qn2\"><header class=\"dcr-5xk1\">\
         <div class=\"dcr-8lt3\"><a href=\"?page=with:block-{number:024x}#block-{number:024x}\" \
         class=\"dcr-v3x\"><span class=\"dcr-k1\"><time datetime=\"2031-04-{day:02}T{hour:02}:{minute:02}:00.000Z\" \
         data-locale=\"en-GB\">1h ago</time></span><span class=\"dcr-k2\">{hour:02}.{minute:02} GMT</span></a></div>\
         <h2>{}</h2></header>",
        sentence(random, 6)
    );
    markup(random, page);
    if random.below(4) == 0 {
        let _ = write!(
            page,
            "<figure id=\"f{number}\" class=\"dcr-f\"><div><picture><source srcset=\"https://i.quell.example/{number}.jpg?width=620\">\
             <img alt=\"{}\" src=\"https://i.quell.example/{number}.jpg?width=445\" width=\"445\"></picture></div>\
             <figcaption>{}. Photograph: Ann Other/Quell</figcaption></figure>",
            sentence(random, 8),
            sentence(random, 8)
        );
    }
    page.push_str("<footer class=\"dcr-ft\"><button type=\"button\"><span>Share</span></button></footer></article>\n");
}

fn bbc(random: &mut Random, number: usize, page: &mut String) {
    let (day, hour, minute) = stamp(number);
    let _ = write!(
        page,
        "<li class=\"lx-stream__post-container placeholder-animation-finished\"><article class=\"qa-post gs-u-pb-alt+ lx-stream-post gs-u-pt-alt+\" \
         id=\"post_{number:024x}\"><div class=\"gs-u-mb+ gel-body-copy qa-post-body\"><header class=\"lx-stream-post__header gs-o-media\">\
         <p class=\"lx-stream-post__meta qa-meta\"><span class=\"gs-u-vh qa-visually-hidden-meta\">Posted at {hour:02}:{minute:02} {day} Apr</span>\
         <span class=\"lx-stream-post__meta-time qa-post-auto-meta\" aria-hidden=\"true\">{hour:02}:{minute:02} {day} Apr</span></p>\
         <h3 class=\"lx-stream-post__header-title\"><span class=\"lx-stream-post__header-text gs-u-align-middle\">{}</span></h3></header>\
         <div class=\"gel-5/8@l\"><div class=\"lx-stream-post-body\">",
        sentence(random, 6)
    );
    markup(random, page);
    page.push_str("</div></div><div class=\"lx-share-tools qa-share-tools\"><a class=\"share-tools--no-event-tracking\" href=#>Share</a></div></div></article></li>\n");
}

fn wordpress(random: &mut Random, number: usize, page: &mut String) {
    let at = 1_932_000_000 - 60 * number;
    let _ = write!(
        page,
        "<div id=\"liveblog-entry-{number}\" class=\"liveblog-entry liveblog-entry-class-{number}\" data-timestamp=\"{at}\">\
         <header class=\"liveblog-meta\"><span class=\"liveblog-author-avatar\"><img alt='' src='https://a.quell.example/{number}' class='avatar avatar-30 photo' height='30' width='30' /></span>\
         <span class=\"liveblog-author-name\">Jo Example</span><span class=\"liveblog-meta-time\"><a href=\"#liveblog-entry-{number}\">\
         <span class=\"date\">2 April</span><span class=\"time\">05:40</span></a></span></header><div class=\"liveblog-entry-text\" data-original-content=\"\">"
    );
    markup(random, page);
    page.push_str("</div><ul class=\"liveblog-entry-actions\"><li><button class=\"liveblog-entry-edit\">Edit</button></li></ul></div>\n");
}

fn siblings(random: &mut Random, number: usize, page: &mut String) {
    let (day, hour, minute) = stamp(number);
    let _ = write!(
        page,
        "<div class=\"update update--{number}\" id=\"u{number}\"><div class=\"update__head\"><time class=\"update__time\" \
         datetime=\"2031-04-{day:02}T{hour:02}:{minute:02}:00+01:00\">{hour:02}:{minute:02}</time><h3 class=\"update__title\">{}</h3></div>\
         <div class=\"update__body\">",
        sentence(random, 6)
    );
    markup(random, page);
    page.push_str("</div></div>\n");
}
