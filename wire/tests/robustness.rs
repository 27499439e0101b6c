//! Bytes that are cut short or changed are refused or read as some message; nothing panics.
//!
//! Every prefix of every golden body, and mutations of it, go through decode, a walk over all
//! fields, encode, and decode again, which must give the same bytes.

// The rows name their types without lifetimes, as a macro over all APIs must.
#![allow(elided_lifetimes_in_paths)]

use millstream_wire as wire;
use serde_json::Value;
use wire::frame::{HeaderFault, decode_request_header};
use wire::{ApiKey, Fault, Message, Reader, Writer};

mod seeded;
mod testdata;

use seeded::Seeded;
use testdata::{hex, load};

const MUTATIONS: usize = 40;

/// Long prefixes of long bodies are sampled: record data has no structure here.
const PREFIXES_MAX: usize = 700;

#[derive(Debug, Default)]
struct Seen {
    accepted: usize,
    refused: usize,
}

/// From accepted bytes to the canonical ones of the same value.
fn reencoded<'a, M: Message<'a>>(bytes: &'a [u8], version: i16) -> Option<Vec<u8>> {
    let message = M::decode(&mut Reader::new(bytes), version).ok()?;
    let mut w = Writer::new();
    message.encode(&mut w, version);
    Some(w.into_bytes().to_vec())
}

/// Whether the bytes are accepted; what is accepted must survive being written and read again.
fn survives(bytes: &[u8], version: i16, reencoded: fn(&[u8], i16) -> Option<Vec<u8>>) -> bool {
    let Some(written) = reencoded(bytes, version) else { return false };
    assert_eq!(reencoded(&written, version), Some(written), "v{version}");
    true
}

fn probe(instances: &Value, again: fn(&[u8], i16) -> Option<Vec<u8>>, seen: &mut Seen) {
    let survives = |bytes: &[u8], version| survives(bytes, version, again);
    let mut count = |accepted| {
        if accepted { seen.accepted += 1 } else { seen.refused += 1 }
    };
    for instance in instances.as_array().expect("a list of instances") {
        let version = instance["version"].as_i64().expect("a version") as i16;
        let golden = hex(instance["hex"].as_str().expect("hex"));
        assert!(survives(&golden, version));
        for end in 0..golden.len().min(PREFIXES_MAX) {
            count(survives(&golden[..end], version));
        }
        let mut random = Seeded::of(&golden);
        for _ in 0..MUTATIONS {
            count(survives(&random.mutation(&golden), version));
        }
        for version in [i16::MIN, -1, 100, i16::MAX] {
            assert!(!survives(&golden, version), "version {version}");
        }
    }
}

#[test]
fn cut_or_changed_bytes_are_refused_or_survive() {
    let mut seen = Seen::default();
    macro_rules! row {
        ($key:ident $module:ident $request:ident $response:ident) => {{
            let api = ApiKey::$key;
            let file = load(&format!("{:03}-{}.json", api.key(), api.name()));
            row!(body $request &file["requests"]);
            row!(body $response &file["responses"]);
        }};
        (body $type:ident $instances:expr) => {{
            let again = |bytes: &[u8], v: i16| reencoded::<wire::messages::$type>(bytes, v);
            probe($instances, again, &mut seen);
        }};
    }
    wire::for_each_api!(row);
    println!("{seen:?}");
    assert!(seen.refused > seen.accepted, "{seen:?}");
    assert!(seen.accepted > 1766, "{seen:?}");
}

#[test]
fn request_headers_of_any_bytes_are_read_or_refused() {
    let frame = [0, 18, 0, 3, 0, 0, 0, 77, 0, 3, b'c', b'i', b'd', 0];
    for end in 0..frame.len() {
        let fault = decode_request_header(&frame[..end]);
        assert!(matches!(fault, Err(HeaderFault::Malformed(_))), "{end}: {fault:?}");
    }
    let mut random = Seeded::of(&frame);
    for _ in 0..20_000 {
        let _ = decode_request_header(&random.mutation(&frame));
    }
}

#[test]
fn a_count_beyond_the_bytes_is_refused_before_anything_is_read() {
    use wire::messages::MetadataRequest;
    for (version, count) in [(1, &[0x7f, 0xff, 0xff, 0xff][..]), (12, &[0xff; 4][..])] {
        let mut bytes = count.to_vec();
        bytes.extend_from_slice(if version == 12 { &[0x0f, 0, 0] } else { &[0; 2] });
        let fault = MetadataRequest::decode(&mut Reader::new(&bytes), version);
        let fault = fault.map_err(|e| e.fault);
        assert!(matches!(fault, Err(Fault::CountBeyondBytes { left: 2, .. })), "{fault:?}");
    }
}
