//! A saved page: read by whichever engine fits, and every block of text has a fate.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // What begins otherwise is no page, and the target `text` feeds that.
    if bytes.starts_with(b"<") || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xef") {
        archive_fuzz::dump(bytes);
    } else {
        archive_fuzz::dump(&[&b"<!doctype html>"[..], bytes].concat());
    }
});
