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
const PAGE_TYPE: &str = "text/plain";

/// An entry of a page: day of April 2031, clock, title, words.
type Post<'a> = (u32, &'a str, &'a str, &'a str);

fn page(posts: &[Post<'_>]) -> Vec<u8> {
    let mut text = String::from("Summary\n\n  • The Quell dam\n\n");
    for (at, (day, clock, title, words)) in posts.iter().enumerate() {
        text += &format!(
            "  {}. {title}published at {clock} British Summer Time {day} April 2031\n\n    {words}\n\n",
            at + 1
        );
    }
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
    let found = lines(&run);
    assert_eq!(found.len(), 3, "{run:?}");
    assert_eq!(found[0]["url"], url("quell"));
    assert_eq!(found[0]["captured"], "2031-04-02T05:40:00+00:00");
    assert_eq!(found[0]["dump"], "river-example-live-quell-20310402T054000Z.txt");
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
    assert!(run.out.contains("quell-20310402T054000Z.txt: BBC"), "{run:?}");
    assert!(run.err.contains("x.warc: 3 skipped") && run.err.contains("/gone: the server"));
}
