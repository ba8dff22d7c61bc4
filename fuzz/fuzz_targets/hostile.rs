//! Inputs of a megabyte that are made to be slow, each with a second to be read or refused in.
//!
//! ```text
//! hostile              reads them all and prints a table; fails where one takes longer
//! hostile seeds DIR    writes a few small web archives, for the target `warc` to begin with
//! ```

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

// Built among the targets this is instrumented, too, and needs the library that counts.
libfuzzer_sys::fuzz_target!(|_bytes: &[u8]| {});

/// How long one input may take.
const LIMIT: Duration = Duration::from_secs(1);
/// So long is waited before an input is given up.
const PATIENCE: Duration = Duration::from_secs(10);
/// How large an input is, in bytes.
const SIZE: usize = 1 << 20;

/// A name, and how the input is made.
type Case = (&'static str, fn() -> Vec<u8>);

const CASES: &[Case] = &[
    ("text: one line without a space", || repeated("a")),
    ("text: one line of stamps", || repeated("12:30 ")),
    ("text: a stamp a line", || repeated("12:30\n")),
    ("text: bullets", || repeated("• ")),
    ("text: digits", || repeated("1234567890")),
    ("text: a list", || repeated("1. a\n")),
    ("text: a day a line", || repeated("2 April 2031\n")),
    ("text: stamps and titles", || repeated("05:40 BST\n\nGates opened\n\n")),
    ("text: brackets", || repeated("[](")),
    ("text: stars", || repeated("**a* ")),
    ("text: blank lines", || repeated("\n")),
    ("text: zeros", || repeated("\0")),
    ("text: letters misread twice", || repeated("Ã¢â‚¬â„¢ ")),
    ("html: nested <div>", || repeated("<div>")),
    ("html: nested <ul><li>", || repeated("<ul><li>")),
    ("html: nested <b><i>", || repeated("<b><i>")),
    ("html: nested <table>", || repeated("<table><tr><td>")),
    ("html: nested <blockquote>", || repeated("<blockquote>a")),
    ("html: nested links", || repeated("<a href=https://quell.example/>a")),
    ("html: nested figures", || page("<figure><figcaption>a")),
    ("html: nested cards", || repeated("<article data-testid=content-post><h3>a</h3>")),
    ("html: 20,000 cards", || cards(20_000)),
    ("html: paragraphs", || repeated("<p>a")),
    ("html: siblings with times", || repeated("<div class=x><time>05:40</time><p>a</p></div>")),
    ("html: tags without an end", || repeated("<p ")),
    ("html: attributes", || [b"<div ", &repeated("a=a ")[..]].concat()),
    ("html: entities", || [b"<p>", &repeated("&amp;&#x41;")[..]].concat()),
    ("html: comments", || repeated("<!--")),
    ("html: scripts", || repeated("<script type=application/ld+json>{}</script>")),
    ("json: deep arrays", || repeated("[")),
    ("json: deep objects", || repeated("{\"a\":")),
    ("json: flat numbers", || [b"[[0", &repeated(",0")[..], b"]]"].concat()),
    ("json: 50,000 updates", || updates(50_000).into_bytes()),
    ("html: 50,000 updates in JSON-LD", || {
        format!("<!doctype html><script type=application/ld+json>{}</script>", updates(50_000))
            .into_bytes()
    }),
    ("mhtml: a page of 1 MB", || mhtml(&repeated("<p>=41"))),
    ("mhtml: 20,000 parts", || mhtml(&repeated("\r\n----x\r\nContent-Type: text/html\r\n\r\na"))),
    ("mhtml: nested messages", || mhtml(&repeated(NESTED))),
    ("warc: 10,000 records", || warc(10_000)),
    ("warc: 10,000 records packed together", || archive_fuzz::gzip(&warc(10_000))),
    ("warc: 10,000 records packed one by one", || archive_fuzz::gzip(&warc(1)).repeat(10_000)),
    ("warc: in a WACZ", || archive_fuzz::wacz(&warc(10_000))),
    ("warc: only beginnings", || repeated("WARC/1.0\r\n")),
    ("warc: only beginnings of gzip", || {
        [archive_fuzz::gzip(&warc(1)), [0x1f, 0x8b, 8].repeat(SIZE / 3)].concat()
    }),
    ("warc: headers without an end", || [b"WARC/1.0\r\n", &repeated("a: b\r\n")[..]].concat()),
    ("warc: gzip that is cut off", || {
        let mut bytes = archive_fuzz::gzip(&noise());
        bytes.truncate(SIZE);
        bytes
    }),
    ("warc: 200 MB packed", || {
        archive_fuzz::gzip(&[&warc(1)[..], &vec![b'a'; 200 << 20]].concat())
    }),
];

const NESTED: &str = "----x\r\nContent-Type: multipart/related; boundary=\"--x\"\r\n\r\n";

fn repeated(piece: &str) -> Vec<u8> {
    piece.repeat(SIZE / piece.len()).into_bytes()
}

/// A piece again and again, in an entry of a page.
fn page(piece: &str) -> Vec<u8> {
    [b"<article data-testid=content-post><h3>a</h3>", &repeated(piece)[..]].concat()
}

fn cards(count: usize) -> Vec<u8> {
    let mut page = String::new();
    for at in 0..count {
        let (hour, minute) = (at / 60 % 24, at % 60);
        let _ = write!(
            page,
            "<article data-testid=content-post><h3>{hour:02}:{minute:02}</h3><p>a</article>"
        );
    }
    page.into_bytes()
}

fn updates(count: usize) -> String {
    let mut feed = "{\"@type\":\"LiveBlogPosting\",\"liveBlogUpdate\":[".to_string();
    for at in 0..count {
        let (hour, minute, second) = (at / 3600 % 24, at / 60 % 60, at % 60);
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(
            feed,
            "{comma}{{\"@type\":\"BlogPosting\",\"@id\":\"{at}\",\"headline\":\"Gate {at}\",\"datePublished\":\"2031-04-02T{hour:02}:{minute:02}:{second:02}+01:00\",\"articleBody\":\"Water.\"}}"
        );
    }
    feed + "]}"
}

fn mhtml(body: &[u8]) -> Vec<u8> {
    let head = "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"--x\"\r\n\r\n\
                ----x\r\nContent-Type: text/html\r\n\
                Content-Transfer-Encoding: quoted-printable\r\n\r\n<!doctype html>";
    [head.as_bytes(), body].concat()
}

fn warc(count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for at in 0..count {
        let block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>a</p>";
        let record = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://quell.example/{at}\r\n\
             WARC-Date: 2031-04-02T05:40:00Z\r\nContent-Type: application/http\r\n\
             Content-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        );
        bytes.extend_from_slice(record.as_bytes());
    }
    bytes
}

/// A WARC of two megabytes that cannot be packed.
fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let mut bytes = warc(1);
    bytes.extend(
        std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[0]
        })
        .take(2 * SIZE),
    );
    bytes
}

/// Reads one input on a thread of its own, as the program does: such threads have less of a stack.
fn run(make: fn() -> Vec<u8>) -> Option<(usize, Duration, String)> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let bytes = make();
        let (took, outcome) = archive_fuzz::timed(&bytes);
        // Nobody listens any more where it took too long.
        let _ = send.send((bytes.len(), took, outcome));
    });
    receive.recv_timeout(PATIENCE).ok()
}

fn seeds(folder: &str) -> std::io::Result<()> {
    let plain = warc(2);
    let packed = archive_fuzz::gzip(&warc(1)).repeat(2);
    let seeds = [
        ("truncated.warc.gz", packed[..packed.len() - 9].to_vec()),
        ("one.wacz", archive_fuzz::wacz(&packed)),
        ("two.warc", plain),
        ("two.warc.gz", packed),
    ];
    std::fs::create_dir_all(folder)?;
    seeds.iter().try_for_each(|(name, bytes)| std::fs::write(format!("{folder}/{name}"), bytes))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [] => {}
        [command, folder] if command == "seeds" => {
            return match seeds(folder) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("{folder}: {error}");
                    ExitCode::from(2)
                }
            };
        }
        _ => {
            eprintln!("usage: hostile [seeds DIR]");
            return ExitCode::from(2);
        }
    }
    archive_fuzz::warm_up();
    let mut slow = 0;
    println!("{:<42} {:>9} {:>8}  outcome", "input", "bytes", "ms");
    for (name, make) in CASES {
        match run(*make) {
            Some((size, took, outcome)) => {
                let over = if took > LIMIT { "  TOO SLOW" } else { "" };
                slow += usize::from(took > LIMIT);
                println!("{name:<42} {size:>9} {:>8}  {outcome}{over}", took.as_millis());
            }
            None => {
                slow += 1;
                println!("{name:<42} no answer in {} s, or a panic  FAILED", PATIENCE.as_secs());
            }
        }
    }
    println!("{} inputs, {slow} of them slower than {} ms", CASES.len(), LIMIT.as_millis());
    if slow == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
