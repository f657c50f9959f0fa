//! `cargo +nightly fuzz run kql fuzz/seeds/kql`: any text may be typed into the query bar.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        peavey::query::kql::check(text);
    }
});
