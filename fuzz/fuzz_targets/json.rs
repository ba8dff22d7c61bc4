//! A publisher's data: read as a feed or refused, and every value has a fate.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // What begins otherwise is no data, and the target `text` feeds that.
    if !bytes.starts_with(b"{") && !bytes.starts_with(b"[") {
        return Corpus::Reject;
    }
    archive_fuzz::dump(bytes);
    Corpus::Keep
});
