#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| shiliu_fuzz::html(bytes));
