//! What holds whatever the bytes are. The targets under `fuzz_targets/` differ in what they feed.

use std::io::Cursor;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use archive::container::{self, Item};
use archive::date::When;
use archive::format::{self, Format};
use archive::import::{self, Dump, Told};

/// Made once: to read the formats takes longer than most inputs do.
static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(format::built_in);

/// What a curator tells of a dump, another thing for each length of it.
fn told(bytes: &[u8]) -> Told {
    let told = Told { name: "fuzz".to_string(), ..Told::default() };
    match bytes.len() % 4 {
        0 => told,
        1 => Told {
            source_url: Some("https://quell.example/live/2031/apr/02/dam".to_string()),
            captured: "2031-04-03T06:40:00+01:00".parse().ok(),
            ..told
        },
        2 => Told {
            format: Some("generic".to_string()),
            zone: import::zone_named("Europe/London"),
            ..told
        },
        _ => Told { date: When::parse("2031-04-02").ok(), ..told },
    }
}

/// Reads a dump, and holds it to what `import` promises: each entry stands on lines of the dump,
/// the ledger has a fate for each of them, and what is read twice is the same.
pub fn dump(bytes: &[u8]) {
    let told = told(bytes);
    let read = import::read(bytes, &told, &FORMATS);
    // Twice takes twice as long, so only some inputs are read again.
    let again = match bytes.len() % 16 {
        0..4 => import::read(bytes, &told, &FORMATS),
        _ => read.clone(),
    };
    match (&read, &again) {
        (Ok(one), Ok(two)) => {
            assert_eq!(import::json("fuzz", one), import::json("fuzz", two), "not the same twice");
            assert_eq!(one.ledger, two.ledger, "not the same fates twice");
            accounted(one, import::units(bytes, &told).len());
        }
        (Err(one), Err(two)) => {
            assert!(!one.is_empty(), "refused without a word");
            assert_eq!(one, two, "not refused the same way twice");
        }
        _ => panic!("read once and refused once"),
    }
}

fn accounted(dump: &Dump, units: usize) {
    assert_eq!(dump.ledger.fates.len(), units, "`{}`: fates and units", dump.format);
    for entry in &dump.entries {
        let (first, last) = entry.lines;
        assert!(
            1 <= first && first <= last && last <= units,
            "`{}`: an entry on the lines {first} to {last} of {units}",
            dump.format
        );
    }
}

/// Reads a text as one that is too large to be held is read.
pub fn large(bytes: &[u8]) {
    let mut entries = 0_usize;
    let mut ended = false;
    let read = import::read_large(bytes, &told(bytes), &FORMATS, &mut |part| match part {
        import::Part::Head(_) => assert_eq!(entries, 0, "the head comes first"),
        import::Part::Entry(_) => entries += 1,
        import::Part::End(..) => ended = true,
    });
    assert_eq!(read.is_ok(), ended, "a dump that is read has an end, one that is refused none");
}

/// What is found in a file that holds many pages, whatever it claims to be.
fn items(bytes: &[u8], zipped: bool) -> Vec<Item> {
    let mut items = Vec::new();
    let mut take = |item: Item| {
        items.push(item);
        true
    };
    let read = match zipped {
        true => container::read_wacz(Cursor::new(bytes), &mut take),
        false => container::read_warc(bytes, &mut take),
    };
    // Bytes in memory can always be had, so only a zip that is none is an error.
    assert!(read.is_ok() || zipped, "{read:?}");
    items
}

/// Reads a container, and holds it to what `container` promises: no page is larger than a page may
/// be, what is left out has a reason, and what is read twice is the same.
pub fn container(bytes: &[u8]) {
    let _ = container::sniff(&bytes[..bytes.len().min(container::SNIFF_BYTES)]);
    for zipped in [false, true] {
        let found = items(bytes, zipped);
        for item in &found {
            match item {
                Item::Page(page) => assert!(page.bytes.len() <= container::PAYLOAD_LIMIT),
                Item::Skipped(skipped) => assert!(!skipped.reason.is_empty()),
                Item::Other(kind) => assert!(!kind.is_empty()),
            }
        }
        assert!(found == items(bytes, zipped), "not the same twice");
    }
}

/// Packs bytes as web archives are packed.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// Puts a WARC into a WACZ.
pub fn wacz(warc: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let pages = b"{\"format\":\"json-pages-1.0\"}\n{\"url\":\"https://quell.example/\"}\n";
    for (name, bytes) in [("archive/data.warc", warc), ("pages/pages.jsonl", pages)] {
        zip.start_file(name, options).expect("memory can be written");
        zip.write_all(bytes).expect("memory can be written");
    }
    zip.finish().expect("memory can be written").into_inner()
}

/// Makes what is made once, so that no single input is blamed for it.
pub fn warm_up() {
    dump(b"<!doctype html><p>a");
    dump(b"05:40\n\nGates opened\n\n05:20\n\nRain\n");
}

/// Reads one file as the program would, and returns how long that took and what came of it.
pub fn timed(bytes: &[u8]) -> (Duration, String) {
    let start = Instant::now();
    let kind = container::sniff(&bytes[..bytes.len().min(container::SNIFF_BYTES)]);
    if let Some(kind) = kind {
        let found = items(bytes, kind == container::Kind::Wacz);
        let pages = found.iter().filter(|item| matches!(item, Item::Page(_))).count();
        let took = start.elapsed();
        return (took, format!("{pages} pages, {} others", found.len() - pages));
    }
    let told = Told { name: "hostile".to_string(), ..Told::default() };
    let read = import::read(bytes, &told, &FORMATS);
    let took = start.elapsed();
    let outcome = match read {
        Ok(dump) => {
            accounted(&dump, import::units(bytes, &told).len());
            format!("{} entries by `{}`", dump.entries.len(), dump.format)
        }
        Err(findings) => {
            let first = findings.first().map_or("", |finding| finding.message.as_str());
            format!("refused: {}", first.chars().take(60).collect::<String>())
        }
    };
    (took, outcome)
}
