//! A response body, its api and version in the first four bytes: refused, or read, written and
//! read again.
//!
//! `scripts/fuzz SECONDS response`.

#![no_main]
// The rows name their types without lifetimes, as a macro over all APIs must.
#![allow(elided_lifetimes_in_paths)]

use libfuzzer_sys::fuzz_target;
use millstream_fuzz::again;
use millstream_wire::{self as wire, ApiKey, Reader};

fuzz_target!(|frame: &[u8]| {
    let mut r = Reader::new(frame);
    let (Ok(key), Ok(version)) = (r.i16(), r.i16()) else { return };
    let (api, body) = (ApiKey::from_key(key), r.rest());
    macro_rules! row {
        ($key:ident $module:ident $request:ident $response:ident) => {
            if api == Some(ApiKey::$key) {
                if let Some(written) = again::<wire::messages::$response>(body, version) {
                    let twice = again::<wire::messages::$response>(&written, version);
                    assert_eq!(twice.as_ref(), Some(&written));
                }
            }
        };
    }
    wire::for_each_api!(row);
});
