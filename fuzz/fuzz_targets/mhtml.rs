//! A page in one file with all that belongs to it: unpacked, and then read as a page is.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

/// What tells such a file.
const MARK: &[u8] = b"multipart/related";

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let beginning = &bytes[..bytes.len().min(4096)];
    if !beginning.windows(MARK.len()).any(|part| part.eq_ignore_ascii_case(MARK)) {
        return Corpus::Reject;
    }
    archive_fuzz::dump(bytes);
    Corpus::Keep
});
