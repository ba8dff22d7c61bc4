//! A text dump: read in whichever format fits, and every line has a fate.
#![no_main]

use archive::{format, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let formats = format::built_in();
    let told = import::Told { name: "fuzz.txt".to_string(), ..import::Told::default() };
    if let Ok(dump) = import::read(bytes, &told, &formats) {
        let lines = dump.ledger.fates.len();
        assert!(dump.entries.iter().all(|entry| entry.lines.0 <= entry.lines.1));
        assert!(dump.entries.iter().all(|entry| (1..=lines).contains(&entry.lines.1)));
    }
});
