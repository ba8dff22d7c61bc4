//! A web archive, plain, packed, or in a zip: every record is a page or left out with a reason.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    archive_fuzz::container(bytes);
    // No chance change keeps the sums of gzip and zip right, so what is inside is changed, too.
    match bytes.len() % 4 {
        0 => archive_fuzz::container(&archive_fuzz::gzip(bytes)),
        1 => archive_fuzz::container(&archive_fuzz::wacz(bytes)),
        2 => archive_fuzz::container(&archive_fuzz::wacz(&archive_fuzz::gzip(bytes))),
        _ => {}
    }
});
