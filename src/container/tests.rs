use std::io::{Cursor, Write as _};

use proptest::prelude::*;

use super::*;

const PAGE: &[u8] = b"<p>The gates of the Quell dam are open.</p>";

fn record(kind: &str, url: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let length = block.len();
    let mut bytes = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <{url}>\r\nwarc-date: 2031-04-02T05:40:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(block);
    bytes.extend_from_slice(b"\r\n\r\n");
    bytes
}

fn response(url: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let mut block = format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n").into_bytes();
    block.extend_from_slice(body);
    record("response", url, "application/http", &block)
}

fn html(url: &str) -> Vec<u8> {
    response(url, "Content-Type: text/html", PAGE)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn items(bytes: &[u8]) -> Vec<Item> {
    let mut items = Vec::new();
    read_warc(bytes, |item| {
        items.push(item);
        true
    })
    .unwrap();
    items
}

/// What was found, a word each: a page's address, `!` and a reason, or another kind.
fn words(bytes: &[u8]) -> Vec<String> {
    let word = |item| match item {
        Item::Page(page) => page.url,
        Item::Skipped(skipped) => format!("!{} {}", skipped.url, skipped.reason),
        Item::Other(kind) => kind,
    };
    items(bytes).into_iter().map(word).collect()
}

fn only_page(bytes: &[u8]) -> Page {
    match items(bytes).pop() {
        Some(Item::Page(page)) => page,
        other => panic!("{other:?}"),
    }
}

#[test]
fn records_are_read_plain_packed_one_by_one_and_packed_together() {
    let three: Vec<_> = ["a", "b", "c"].map(html).into();
    let plain = three.concat();
    let members: Vec<u8> = three.iter().flat_map(|record| gzip(record)).collect();
    for bytes in [&plain, &members, &gzip(&plain)] {
        assert_eq!(sniff(&bytes[..bytes.len().min(SNIFF_BYTES)]), Some(Kind::Warc));
        assert_eq!(words(bytes), ["a", "b", "c"]);
    }
    let page = only_page(&members);
    assert_eq!(page.bytes, PAGE);
    assert_eq!(page.captured.unwrap().to_rfc3339(), "2031-04-02T05:40:00+00:00");
}

#[test]
fn encodings_are_undone_also_where_the_crawler_did_it_already() {
    let chunks =
        [b"10;a=b\r\n", &PAGE[..16], b"\r\n1b\r\n", &PAGE[16..], b"\r\n0\r\n\r\n"].concat();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(PAGE).unwrap();
    let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    bare.write_all(PAGE).unwrap();
    let brotli = [&brotli_head()[..], PAGE, &[3]].concat();
    let packed = gzip(PAGE);
    let packed_chunks =
        [format!("{:x}\r\n", packed.len()).as_bytes(), &packed, b"\r\n0\r\n\r\n"].concat();
    for (fields, body) in [
        ("Transfer-Encoding: chunked", &chunks[..]),
        ("Transfer-Encoding: chunked", PAGE),
        ("Content-Encoding: gzip", &packed),
        ("Content-Encoding: gzip", PAGE),
        ("Content-Encoding: deflate", &zlib.finish().unwrap()),
        ("Content-Encoding: deflate", &bare.finish().unwrap()),
        ("Content-Encoding: deflate", PAGE),
        ("Content-Encoding: br", &brotli),
        ("Content-Encoding: br", PAGE),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", &packed_chunks),
        ("Transfer-Encoding: gzip, chunked", &packed_chunks),
    ] {
        let page =
            only_page(&response("a", &format!("Content-Type: Text/HTML; x=y\r\n{fields}"), body));
        assert_eq!(page.media_type, "text/html");
        assert_eq!(page.bytes, PAGE, "{fields}");
    }
}

/// What stands before the bytes of an uncompressed meta-block of brotli (RFC 7932, 9.2): from the
/// lowest bit, WBITS 0, ISLAST 0, MNIBBLES 00, MLEN - 1 in 16 bits, ISUNCOMPRESSED 1, padding.
fn brotli_head() -> Vec<u8> {
    let length = u32::try_from(PAGE.len() - 1).unwrap();
    ((length << 4) | (1 << 20)).to_le_bytes()[..3].to_vec()
}

#[test]
fn what_cannot_be_a_page_is_told_by_its_kind_and_what_could_with_a_reason() {
    let mut bytes = record("request", "a", "application/http", b"GET / HTTP/1.1\r\n\r\n");
    bytes.extend(response("i", "Content-Type: image/png", b"x"));
    bytes.extend(record("revisit", "r", "application/http", b""));
    bytes.extend(record("response", "h", "application/http", b"HTTP/1.1 301 Moved\r\n\r\n"));
    bytes.extend(record("response", "n", "application/http", b"nothing"));
    bytes.extend(response("z", "Content-Type: text/html\r\nContent-Encoding: zstd", b"x"));
    bytes.extend(response("s", "X: y", b" {}"));
    bytes.extend(record("resource", "t", "text/html", PAGE));
    let found = words(&bytes);
    assert_eq!(found[..2], ["request record", "image/png"]);
    assert!(found[2].starts_with("!r a revisit record"), "{found:?}");
    assert_eq!(found[3], "!h the server answered 301, expected 200");
    assert!(found[4].starts_with("!n no HTTP response"), "{found:?}");
    assert!(found[5].contains("`zstd`, which is not read"), "{found:?}");
    assert_eq!(found[6..], ["s", "t"]);
}

#[test]
fn a_record_that_is_cut_off_or_damaged_does_not_take_others_with_it() {
    let (a, b, c) = (html("a"), html("b"), html("c"));
    let cut = [&a[..], &b[..], &c[..c.len() - 30]].concat();
    let found = words(&cut);
    assert_eq!(found[..2], ["a", "b"]);
    let start = a.len() + b.len();
    assert!(
        found[2].starts_with(&format!("!c damaged at byte {start}: the file ends after")),
        "{found:?}"
    );
    // A length that is too long swallows a record, one that is too short leaves some.
    for wrong in ["9", "92", "93", "95", "99", "101", "999", "99999"] {
        let length = format!("Content-Length: {}", PAGE.len() + 44);
        let bad = String::from_utf8(b.clone())
            .unwrap()
            .replace(&length, &format!("Content-Length: {wrong}"));
        assert_ne!(bad.as_bytes(), b);
        let found = words(&[&a[..], bad.as_bytes(), &c[..]].concat());
        assert_eq!((&*found[0], &*found[2], found.len()), ("a", "c", 3), "{wrong}: {found:?}");
        assert!(found[1].starts_with(&format!("!b damaged at byte {}: ", a.len())), "{found:?}");
    }
    let junk = [&a[..], b"junk\r\nand more\r\n", &b[..]].concat();
    let found = words(&junk);
    assert_eq!((&*found[0], &*found[2]), ("a", "b"));
    assert!(found[1].contains("`junk`, expected `WARC/1.0`"), "{found:?}");
}

#[test]
fn a_packed_record_that_is_damaged_does_not_take_others_with_it() {
    let (a, c) = (gzip(&html("a")), gzip(&html("c")));
    let good = gzip(&html("b"));
    let mut bad = good.clone();
    bad[40] ^= 0xff;
    let mut wrong_sum = good.clone();
    let end = wrong_sum.len() - 6;
    wrong_sum[end] ^= 1;
    for middle in [&bad[..], &wrong_sum, &good[..good.len() / 2], &good[..15], b"junk", &[0; 40]] {
        let found = words(&[&a[..], middle, &c[..]].concat());
        assert_eq!((&*found[0], &*found[2], found.len()), ("a", "c", 3), "{found:?}");
        assert!(found[1].contains(&format!("damaged at byte {}", a.len())), "{found:?}");
    }
    let found = words(&[&a[..], &good[..good.len() - 3]].concat());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[1].contains("damaged at byte"), "{found:?}");
}

#[test]
fn a_bomb_is_refused_and_what_follows_is_read() {
    let zeros = vec![b' '; 40 << 20];
    let bomb = gzip(&zeros);
    let record = response("bomb", "Content-Type: text/html\r\nContent-Encoding: gzip", &bomb);
    let found = words(&[&record[..], &html("a")].concat());
    assert!(found[0].contains("no page but a bomb"), "{found:?}");
    assert_eq!(found[1], "a");
    let packed = gzip(&response("bomb", "Content-Type: text/html", &zeros));
    let found = words(&[&packed[..], &gzip(&html("a"))].concat());
    assert!(found[0].contains("no page but a bomb"), "{found:?}");
    assert_eq!(found[1], "a");
    let large = format!("WARC/1.1\r\nWARC-Type: response\r\nContent-Length: {}\r\n\r\n", 65 << 20);
    let large = [large.as_bytes(), &vec![b'x'; 65 << 20], b"\r\n\r\n", &html("a")].concat();
    let found = words(&large);
    assert_eq!(found, ["! the record holds 65 MiB, at most 64 MiB are read", "a"]);
}

fn wacz(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_wacz_gives_the_pages_of_its_warcs_and_tells_those_that_it_lacks() {
    let bytes = wacz(&[
        ("datapackage.json", b"{}"),
        (
            "pages/pages.jsonl",
            b"{\"format\":\"json-pages-1.0\"}\n{\"url\":\"a\"}\n{\"url\":\"z\"}\n",
        ),
        ("archive/2.warc", &html("b")),
        ("archive/1.warc.gz", &gzip(&html("a"))),
    ]);
    assert_eq!(sniff(&bytes), Some(Kind::Wacz));
    let mut found = Vec::new();
    read_wacz(Cursor::new(&bytes), |item| {
        found.push(item);
        true
    })
    .unwrap();
    let urls: Vec<_> = found
        .iter()
        .map(|item| match item {
            Item::Page(page) => page.url.as_str(),
            Item::Skipped(skipped) => skipped.reason.as_str(),
            Item::Other(_) => "",
        })
        .collect();
    assert_eq!(urls, ["a", "b", "listed in pages/pages.jsonl, but no record holds it"]);
    let error = read_wacz(Cursor::new(wacz(&[("x", b"y")])), |_| true).unwrap_err();
    assert!(error.to_string().contains("expected a WACZ"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic_or_run_for_ever(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = sniff(&bytes);
        let _ = items(&bytes);
        let _ = items(&[b"WARC/1.0\r\n", &bytes[..]].concat());
        let _ = items(&[&gzip(b"WARC/1.0\r\n")[..], &bytes].concat());
        let _ = http::response(bytes.clone(), false);
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: br, gzip\r\n\r\n";
        let _ = http::response([&head[..], &bytes].concat(), true);
        let _ = read_wacz(Cursor::new(bytes), |_| true);
    }

    #[test]
    fn a_changed_byte_costs_at_most_two_records(
        at in any::<prop::sample::Index>(), value in any::<u8>(), kind in 0..3_usize,
    ) {
        let records: Vec<_> = (0..6).map(|n| html(&format!("page-{n}"))).collect();
        let mut bytes: Vec<u8> = match kind {
            0 => records.concat(),
            1 => records.iter().flat_map(|record| gzip(record)).collect(),
            _ => wacz(&[("archive/a.warc.gz", &gzip(&records.concat()))]),
        };
        // The first three bytes of a packed file are what tells that it is one.
        let mark = if kind == 1 { 3 } else { 0 };
        let at = mark + at.index(bytes.len() - mark);
        bytes[at] = value;
        if kind == 2 {
            let _ = read_wacz(Cursor::new(bytes), |_| true);
        } else {
            let good = words(&bytes).iter().filter(|word| word.starts_with("page-")).count();
            prop_assert!(good >= 4, "{:?}", words(&bytes));
        }
    }
}
