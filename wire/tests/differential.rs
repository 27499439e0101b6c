//! Our messages against those of the `kafka-protocol` crate, for every API and version both know.
//!
//! Starting points are the golden bytes and mutations of them that we accept. Ours encodes, theirs
//! decodes and encodes, ours decodes: the value must have survived, judged by our bytes of it.
//! Theirs never sees bytes that a peer made up, because it reserves memory from counts.

// The rows name their types without lifetimes, as a macro over all APIs must.
#![allow(elided_lifetimes_in_paths)]

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages as theirs;
use kafka_protocol::protocol::{Decodable, Encodable};
use millstream_wire as wire;
use serde_json::Value;
use wire::{ApiKey, Message, Reader, Writer};

mod seeded;
mod testdata;

use seeded::Seeded;
use testdata::{hex, load};

/// Mutated starting points per golden instance.
const MUTATIONS: usize = 24;

#[derive(Debug, Default, PartialEq)]
struct Counts {
    apis: usize,
    versions: usize,
    golden: usize,
    mutated: usize,
}

/// From accepted bytes to the canonical ones of the same value.
fn reencoded<'a, M: Message<'a>>(bytes: &'a [u8], version: i16) -> Option<Vec<u8>> {
    let mut r = Reader::new(bytes);
    let message = M::decode(&mut r, version).ok()?;
    r.finish().ok()?;
    let mut w = Writer::new();
    message.encode(&mut w, version);
    Some(w.into_bytes().to_vec())
}

/// Through theirs and back, given bytes that ours wrote.
fn survives<T: Decodable + Encodable>(
    name: &str,
    canonical: &[u8],
    version: i16,
    ours: fn(&[u8], i16) -> Option<Vec<u8>>,
) {
    let mut input = Bytes::copy_from_slice(canonical);
    let theirs = T::decode(&mut input, version);
    let theirs = theirs.unwrap_or_else(|e| panic!("{name}: theirs refuses ours: {e}"));
    assert!(input.is_empty(), "{name}: theirs leaves {} bytes", input.len());
    let mut output = BytesMut::new();
    let encoded = theirs.encode(&mut output, version);
    encoded.unwrap_or_else(|e| panic!("{name}: theirs cannot encode what it decoded: {e}"));
    let back = ours(&output, version);
    assert_eq!(back.as_deref(), Some(canonical), "{name}: after the way through theirs");
}

/// All instances of one body in the versions both have.
fn compare<T: Decodable + Encodable>(
    what: &str,
    instances: &Value,
    (min, max): (i16, i16),
    ours: fn(&[u8], i16) -> Option<Vec<u8>>,
    counts: &mut Counts,
) {
    let mut last = None;
    for instance in instances.as_array().expect("a list of instances") {
        let version = instance["version"].as_i64().expect("a version") as i16;
        if !(min..=max).contains(&version) {
            continue;
        }
        if last.replace(version) != Some(version) {
            counts.versions += 1;
        }
        let name = format!("{what} v{version} {}", instance["variant"]);
        let golden = hex(instance["hex"].as_str().expect("hex"));
        let canonical = ours(&golden, version).expect("golden bytes decode");
        survives::<T>(&name, &canonical, version, ours);
        counts.golden += 1;
        let mut random = Seeded::of(&golden);
        for _ in 0..MUTATIONS {
            let mutated = random.mutation(&golden);
            if let Some(canonical) = ours(&mutated, version) {
                survives::<T>(&name, &canonical, version, ours);
                counts.mutated += 1;
            }
        }
    }
}

#[test]
fn what_ours_writes_theirs_reads_and_gives_back() {
    let mut counts = Counts::default();
    macro_rules! row {
        (StreamsGroupHeartbeat $($types:ident)*) => {};
        (StreamsGroupDescribe $($types:ident)*) => {};
        ($key:ident $module:ident $request:ident $response:ident) => {{
            let api = ApiKey::$key;
            let file = load(&format!("{:03}-{}.json", api.key(), api.name()));
            row!(body $request &file["requests"]);
            row!(body $response &file["responses"]);
            counts.apis += 1;
        }};
        (body $type:ident $instances:expr) => {{
            use kafka_protocol::protocol::Message as _;
            let range = theirs::$type::VERSIONS;
            let ours = |bytes: &[u8], v: i16| reencoded::<wire::messages::$type>(bytes, v);
            let what = stringify!($type);
            compare::<theirs::$type>(what, $instances, (range.min, range.max), ours, &mut counts);
        }};
    }
    wire::for_each_api!(row);
    println!("{counts:?}");
    // All but the two APIs of streams groups, which the crate does not have.
    assert_eq!((counts.apis, counts.versions, counts.golden), (87, 577, 1686));
    assert!(counts.mutated > counts.golden, "mutations were accepted too: {counts:?}");
}
