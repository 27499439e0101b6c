//! A whole request frame, header and body: refused, or read, written and read again.
//!
//! `scripts/fuzz SECONDS request`.

#![no_main]
// The rows name their types without lifetimes, as a macro over all APIs must.
#![allow(elided_lifetimes_in_paths)]

use libfuzzer_sys::fuzz_target;
use millstream_fuzz::again;
use millstream_wire::frame::decode_request_header;
use millstream_wire::{self as wire, ApiKey};

fuzz_target!(|frame: &[u8]| {
    let Ok((header, at)) = decode_request_header(frame) else { return };
    let (api, version, body) =
        (ApiKey::from_key(header.request_api_key), header.request_api_version, &frame[at..]);
    macro_rules! row {
        ($key:ident $module:ident $request:ident $response:ident) => {
            if api == Some(ApiKey::$key) {
                if let Some(written) = again::<wire::messages::$request>(body, version) {
                    let twice = again::<wire::messages::$request>(&written, version);
                    assert_eq!(twice.as_ref(), Some(&written));
                }
            }
        };
    }
    wire::for_each_api!(row);
});
