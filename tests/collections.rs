//! Many pages at once: containers, folders, patterns, and the pieces of one live blog.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, Run, assert_same, bytes};
use serde_json::Value;

/// A page of a live blog, as its publisher served it. To serve other kinds of pages, give another
/// media type with other bytes.
const PAGE_TYPE: &str = "text/html";

/// An entry of a page: day of April 2031, clock, title, words.
type Post<'a> = (u32, &'a str, &'a str, &'a str);

fn page(posts: &[Post<'_>]) -> Vec<u8> {
    let mut text =
        String::from("<!DOCTYPE html><title>The Quell dam</title><h1>The Quell dam</h1><main>\n");
    for (day, clock, title, words) in posts {
        // Such names stay with a post: 24 hexadecimal digits.
        let id = archive::fixity::sha256(format!("{day} {clock}").as_bytes());
        let (hour, minute) = clock.split_once(':').unwrap();
        let utc = (day * 24 + hour.parse::<u32>().unwrap()) - 1;
        text.extend([format!(
            "<article id=\"block-{}\" class=\"block\"><header><time datetime=\"2031-04-{:02}T{:02}:{minute}:00.000Z\">{hour}.{minute} BST</time><h2>{title}</h2></header><p>{words}</p></article>\n",
            &id[..24],
            utc / 24,
            utc % 24
        )]);
    }
    text.push_str("</main>");
    text.into_bytes()
}

fn record(kind: &str, url: &str, date: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\nWARC-Record-ID: <urn:uuid:0>\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    bytes.extend_from_slice(block);
    bytes.extend_from_slice(b"\r\n\r\n");
    bytes
}

fn response(url: &str, date: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let mut block = format!("HTTP/1.1 {head}\r\n\r\n").into_bytes();
    block.extend_from_slice(body);
    record("response", url, date, "application/http; msgtype=response", &block)
}

/// A page that was found and saved.
fn saved(url: &str, date: &str, body: &[u8]) -> Vec<u8> {
    response(url, date, &format!("200 OK\r\nContent-Type: {PAGE_TYPE}; charset=utf-8"), body)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in bytes.chunks(100) {
        out.extend(format!("{:x};x=y\r\n", chunk.len()).bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

const DATE: &str = "2031-04-02T05:40:00Z";

fn url(name: &str) -> String {
    format!("https://river.example/live/{name}")
}

fn lines(run: &Run) -> Vec<Value> {
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn put(desk: &Desk, name: &str, bytes: &[u8]) -> String {
    let path = desk.around().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_string()
}

fn read(desk: &Desk, name: &str, bytes: &[u8]) -> Run {
    let path = put(desk, name, bytes);
    desk.run(&["read", "--json", &path])
}

const GATES: Post<'_> =
    (2, "05:40", "Gates opened", "The gates of the Quell dam opened at dawn, and water came.");
const RAIN: Post<'_> =
    (1, "21:15", "Rain goes on", "It has rained for nine days in Quell and does not stop.");

#[test]
fn a_plain_warc_gives_an_object_a_page_and_then_the_skipped() {
    let desk = Desk::new();
    let mut warc = record("warcinfo", "", DATE, "application/warc-fields", b"software: x\r\n");
    warc.extend(saved(&url("quell"), DATE, &page(&[GATES, RAIN])));
    warc.extend(saved(&url("recipes"), DATE, b"Stew, as it is made in the upper town.\n"));
    warc.extend(response(&url("gone"), DATE, "404 Not Found\r\nContent-Type: text/html", b"no"));
    warc.extend(response(&url("x.png"), DATE, "200 OK\r\nContent-Type: image/png", b"\x89PNG"));
    warc.extend(record("revisit", &url("same"), DATE, "application/http", b""));
    warc.extend(record("conversion", &url("wet"), DATE, "text/plain", &page(&[RAIN])));
    let run = read(&desk, "x.warc", &warc);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.err, "", "nothing but the objects");
    let found = lines(&run);
    assert_eq!(found.len(), 3, "{run:?}");
    assert_eq!(found[0]["url"], url("quell"));
    assert_eq!(found[0]["captured"], "2031-04-02T05:40:00+00:00");
    assert_eq!(found[0]["dump"], "river-example-live-quell-20310402T054000Z.html");
    assert_eq!(found[0]["entries"][1]["title"], "Rain goes on");
    assert_eq!(found[1]["url"], url("wet"));
    assert_eq!(found[2]["container"], "x.warc");
    let skipped = found[2]["skipped"].as_array().unwrap();
    let reasons: Vec<_> = skipped.iter().map(|item| item["reason"].as_str().unwrap()).collect();
    assert_eq!(skipped[1]["url"], url("gone"));
    // What is understood side by side comes back in the file's order.
    assert!(reasons[0].starts_with("no format recognises"), "{reasons:?}");
    assert_eq!(reasons[1], "the server answered 404, expected 200");
    assert!(reasons[2].starts_with("a revisit record"), "{reasons:?}");
    assert_eq!(found[2]["other"]["image/png"], 1);
    // Without --json: tables, and the skipped with their reasons.
    let path = desk.around().join("x.warc");
    let run = desk.run(&["read", path.to_str().unwrap()]);
    assert!(run.out.contains("quell-20310402T054000Z.html: The Guardian"), "{run:?}");
    assert!(run.err.contains("x.warc: 3 skipped") && run.err.contains("/gone: the server"));
}

/// A thousand pages of three entries each, packed a record a member.
fn thousand() -> (Vec<u8>, Vec<String>) {
    let mut warc = Vec::new();
    let mut titles = Vec::new();
    for number in 0..1000 {
        let title = |part: &str| format!("{part} of village {number}");
        let (one, two, three) = (title("Gates"), title("Rain"), title("Boats"));
        let words = format!("In village {number} the people wait for the water to fall again.");
        let posts = [
            (3, "07:00", &*three, &*words),
            (2, "05:40", &*one, &*words),
            (1, "21:15", &*two, &*words),
        ];
        warc.extend(gzip(&saved(&url(&format!("village-{number}")), DATE, &page(&posts))));
        titles.push(format!("{three}|{one}|{two}"));
    }
    (warc, titles)
}

#[test]
fn a_thousand_pages_in_one_warc_are_read_in_their_order_whatever_the_threads() {
    let desk = Desk::new();
    let (warc, titles) = thousand();
    let path = put(&desk, "thousand.warc.gz", &warc);
    let output = |threads: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_archive"))
            .args(["read", "--json", &path])
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let (one, four) = (output("1"), output("4"));
    assert!(one == four, "the number of threads changes the output");
    assert_eq!(one.lines().count(), 1001);
    for (line, expected) in one.lines().zip(&titles) {
        let page: Value = serde_json::from_str(line).unwrap();
        let entries = page["entries"].as_array().unwrap();
        let found: Vec<_> = entries.iter().map(|entry| entry["title"].as_str().unwrap()).collect();
        assert_eq!(found.join("|"), *expected);
    }
}

#[test]
fn a_thousand_pages_are_imported_with_every_entry_right_and_again_with_no_change() {
    let desk = Desk::new();
    let (warc, _) = thousand();
    let path = put(&desk, "thousand.warc.gz", &warc);
    let run = desk.run(&["import", &path]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.out.matches("3 entries (3 new)").count(), 1000, "{}", run.out);
    let sum = "1000 dumps: 3000 entries (3000 new); 0 refused, 0 unreadable, 0 skipped";
    assert!(run.out.contains(sum), "{}", run.out);
    let files = desk.files(".");
    let of = |folder: &str, end: &str| {
        files.keys().filter(|file| file.starts_with(folder) && file.ends_with(end)).count()
    };
    assert_eq!(of("content/", ".md"), 4000);
    assert_eq!(of("dumps/", ".record.toml"), 1000);
    for number in [0, 77, 999] {
        let story = format!("content/river-example-live-village-{number}");
        let entry = desk.read(&format!("{story}/2031-04-02/0540-gates-of-village-{number}.md"));
        assert!(entry.contains("date = 2031-04-02T05:40:00+01:00"), "{entry}");
        assert!(desk.read(&format!("{story}/story.md")).contains("title = \"The Quell dam\""));
    }
    let run = desk.run(&["import", &path]);
    assert!(!run.out.contains(" new"), "{}", run.out);
    assert_same(&desk.files("."), &files, "imported again");
}

#[test]
fn encoded_damaged_and_swollen_records() {
    let desk = Desk::new();
    let head = format!("200 OK\r\nContent-Type: {PAGE_TYPE}\r\nContent-Encoding: gzip");
    let body = chunked(&gzip(&page(&[GATES, RAIN])));
    let packed = response(&url("a"), DATE, &format!("{head}\r\nTransfer-Encoding: chunked"), &body);
    let bomb = response(&url("b"), DATE, &head, &gzip(&vec![b'x'; 30 << 20]));
    let last = saved(&url("c"), DATE, &page(&[RAIN]));
    let mut warc = [&packed[..], &bomb, &last].concat();
    warc.truncate(warc.len() - 60);
    let run = read(&desk, "x.warc", &warc);
    assert_eq!(run.code, 1, "damage is a problem: {run:?}");
    let found = lines(&run);
    assert_eq!(found.len(), 2, "{run:?}");
    assert_eq!(found[0]["entries"].as_array().unwrap().len(), 2);
    let reason = |at: usize| found[1]["skipped"][at]["reason"].as_str().unwrap();
    assert!(reason(0).contains("no page but a bomb"), "{}", reason(0));
    let start = packed.len() + bomb.len();
    assert!(
        reason(1).starts_with(&format!("damaged at byte {start}: the file ends")),
        "{}",
        reason(1)
    );
}

fn wacz(warc: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let pages = format!("{{\"format\":\"json-pages-1.0\"}}\n{{\"url\":\"{}\"}}\n", url("lost"));
    for (name, bytes) in [
        ("datapackage.json", &b"{\"profile\":\"data-package\"}"[..]),
        ("pages/pages.jsonl", pages.as_bytes()),
        ("archive/data.warc.gz", warc),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_wacz_and_a_stream_are_read_like_a_warc() {
    let desk = Desk::new();
    let warc = gzip(&saved(&url("quell"), DATE, &page(&[GATES])));
    let run = read(&desk, "x.wacz", &wacz(&warc));
    let found = lines(&run);
    assert_eq!(found[0]["url"], url("quell"), "{run:?}");
    assert_eq!(found[1]["skipped"][0]["url"], url("lost"));
    let stdin = |name: &str, bytes: &[u8]| {
        let path = put(&desk, name, bytes);
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_archive"))
            .args(["read", "--json", "-"])
            .stdin(std::fs::File::open(path).unwrap())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), text, String::from_utf8(output.stderr).unwrap())
    };
    let (code, out, _) = stdin("y.warc.gz", &warc);
    assert_eq!(code, Some(0));
    assert!(out.contains("\"Gates opened\"") && out.contains("\"container\":\"standard input\""));
    let (code, _, err) = stdin("x.wacz", &wacz(&warc));
    assert_eq!(code, Some(1));
    assert!(err.contains("name the file instead"), "{err}");
}

#[test]
fn what_is_imported_from_a_container_says_where_it_was() {
    let desk = Desk::new();
    let warc = gzip(&saved(&url("quell-123"), DATE, &page(&[GATES])));
    let path = put(&desk, "found.warc.gz", &warc);
    let run = desk.run(&["import", &path]);
    assert_eq!(run.code, 0, "{run:?}");
    let name = "dumps/river-example-live-quell-123-20310402T054000Z.html";
    assert_eq!(desk.read(name).as_bytes(), page(&[GATES]));
    let record = desk.read(&format!("{name}.record.toml"));
    for line in [
        "container = \"found.warc.gz\"",
        "container_sha256 = \"",
        "url = \"https://river.example/live/quell-123\"",
        "captured = \"2031-04-02T05:40:00+00:00\"",
    ] {
        assert!(record.contains(line), "{line} in {record}");
    }
    let story = desk.read("content/river-example-live-quell-123/story.md");
    assert!(story.starts_with("+++\ntitle = \"The Quell dam\"\n"), "{story}");
    assert!(story.contains("url = \"https://river.example/live/quell-123\""), "{story}");
    assert!(story.contains("captured = \"2031-04-02T05:40:00+00:00\""), "{story}");
    assert_eq!(desk.run(&["build"]).code, 0);
    assert_eq!(desk.run(&["check"]).code, 0, "{:?}", desk.run(&["check"]));
    // The same bytes, taken out of the container, are the same dump.
    let before = desk.files("content");
    let run = desk.import("quell.txt", &page(&[GATES]));
    assert!(run.out.contains("1 entry (1 unchanged) in the story river-example"), "{run:?}");
    assert_same(&desk.files("content"), &before, "the archive");
    let run = desk.run(&["import", "--json", &path]);
    assert_eq!(lines(&run)[0]["entries"][0]["status"], "unchanged", "{run:?}");
    assert_eq!(lines(&run)[1]["container"], "found.warc.gz", "{run:?}");
}

#[test]
fn a_folder_is_imported_but_for_what_is_broken_in_it() {
    let desk = Desk::new();
    put(&desk, "saved/b/rain.txt", &page(&[RAIN]));
    put(&desk, "saved/a.txt", b"A letter to somebody.\n");
    put(&desk, "saved/c.warc", &saved(&url("gates"), DATE, &page(&[GATES])));
    put(&desk, "saved/zero.txt", b"");
    for other in ["SHA256SUMS", ".hidden.txt", "b/rain.txt.record.toml", "picture.png"] {
        put(&desk, &format!("saved/{other}"), b"x");
    }
    let folder = desk.around().join("saved");
    let folder = folder.to_str().unwrap();
    let run = desk.run(&["import", folder]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("passed over 1 *.png, 1 hidden, 2 of an archive's own"), "{run:?}");
    assert!(run.err.contains("a.txt: nothing was imported"), "{run:?}");
    assert!(
        run.out.contains("2 dumps: 2 entries (2 new); 2 refused, 0 unreadable, 0 skipped"),
        "{run:?}"
    );
    assert_eq!(bytes(&desk.root().join("content/rain")).len(), 2);
    // A pattern that no shell expanded; one that fits nothing; and the same by `read`.
    let run = desk.run(&["read", "--json", &format!("{folder}/**/*.txt")]);
    assert_eq!((run.code, run.out.lines().count()), (1, 1), "{run:?}");
    let run = desk.run(&["import", &format!("{folder}/*.json"), &format!("{folder}/b")]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("no dump fits the pattern") && run.out.contains("1 unchanged"));
    let run = desk.run(&["read", folder]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("2 dumps, 2 entries; 2 refused, 0 unreadable"), "{run:?}");
}

/// What the entries of a story say, in their order: their titles, and how many times each stands.
fn told(desk: &Desk) -> Vec<String> {
    let mut entries: Vec<(String, String)> = bytes(&desk.root().join("content"))
        .into_iter()
        .filter(|(name, _)| !name.ends_with("story.md") && !name.starts_with("pages/"))
        .map(|(_, text)| {
            let text = String::from_utf8(text).unwrap();
            let line = |key: &str| {
                let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
                line.to_string()
            };
            (line("date = "), line("title = "))
        })
        .collect();
    entries.sort();
    entries.into_iter().map(|(date, title)| format!("{date} {title}")).collect()
}

#[test]
fn pieces_of_one_page_make_one_story_in_any_order_and_nothing_twice() {
    let words =
        |number: u32| format!("At post {number} the water stood at {number} metres in Quell.");
    let posts: Vec<(u32, String, String, String)> = (0..12)
        .map(|n| (3, format!("{:02}:30", 20 - n), format!("Report {n}"), words(n)))
        .collect();
    let piece = |from: usize, to: usize| {
        let posts: Vec<Post<'_>> =
            posts[from..to].iter().map(|(d, c, t, w)| (*d, &**c, &**t, &**w)).collect();
        page(&posts)
    };
    // Three pieces of which each has two entries of the one before it, and a link to one post.
    let pieces = [
        saved(&url("quell?page=1"), "2031-04-03T20:00:00Z", &piece(0, 5)),
        saved(&url("quell?Page=2&utm_source=x"), "2031-04-03T20:00:05Z", &piece(3, 9)),
        saved(&url("quell?page=3"), "2031-04-03T20:00:09Z", &piece(7, 12)),
        saved(&url("quell?post=4#block-4"), "2031-04-03T21:00:00Z", &piece(4, 5)),
    ];
    let mut first: Option<Vec<String>> = None;
    for order in [[0, 1, 2, 3], [2, 1, 0, 3], [1, 3, 2, 0], [3, 2, 1, 0]] {
        let desk = Desk::new();
        // Each order once in one container and once a container a piece.
        for alone in [false, true] {
            let mut warc = Vec::new();
            for at in order {
                warc.extend(&pieces[at]);
                if alone {
                    let run = desk.run(&["import", &put(&desk, "piece.warc", &pieces[at])]);
                    assert_eq!(run.code, 0, "{run:?}");
                }
            }
            let run = desk.run(&["import", &put(&desk, "all.warc", &warc)]);
            assert_eq!(run.code, 0, "{run:?}");
        }
        let found = told(&desk);
        assert_eq!(found.len(), 12, "{order:?}: {found:?}");
        assert_eq!(bytes(&desk.root().join("dumps")).len(), 9, "four dumps are kept");
        assert_eq!(*first.get_or_insert(found.clone()), found, "{order:?}");
        let stories = std::fs::read_dir(desk.root().join("content")).unwrap().flatten();
        let stories = stories.filter(|item| item.path().join("story.md").exists()).count();
        assert_eq!(stories, 1, "{order:?}");
    }
}

#[test]
fn an_older_capture_that_comes_late_takes_nothing_back() {
    let desk = Desk::new();
    let new = "The gates of the Quell dam opened at dawn, and water came to the market.";
    let late =
        saved(&url("quell"), "2031-04-03T09:00:00Z", &page(&[(2, "05:40", "Gates opened", new)]));
    let early = saved(&url("quell"), "2031-04-02T06:00:00Z", &page(&[GATES, RAIN]));
    assert_eq!(desk.run(&["import", &put(&desk, "late.warc", &late)]).code, 0);
    let run = desk.run(&["import", &put(&desk, "early.warc", &early)]);
    assert!(run.out.contains("2 entries (1 new, 1 unchanged)"), "{run:?}");
    let story = "content/river-example-live-quell";
    assert!(desk.read(&format!("{story}/2031-04-02/0540-gates-opened.md")).contains("market"));
}
