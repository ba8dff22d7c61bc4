//! A text dump: read in whichever format fits, at once and as a stream, and every line has a fate.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    archive_fuzz::dump(bytes);
    if bytes.len() % 8 < 2 {
        archive_fuzz::large(bytes);
    }
});
