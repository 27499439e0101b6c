//! What a dump says of sound files, of damaged ones, and of bytes that are anything.

use std::path::Path;

use clap::Parser;
use millstream_engine::config::TopicConfig;
use millstream_engine::group::{CommittedOffset, Record as GroupRecord};
use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::log::{Log, PlacedBatch, Recovered, Segment};
use millstream_engine::meta::Image;
use millstream_wire::Uuid;
use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use serde_json::Value;

use super::*;
use crate::cli::ondisk::tests::{Scratch, quarantine, three};
use crate::cli::verify::tests::journal;
use crate::controller::format::snapshot_file;
use crate::controller::identity::Identity;
use crate::storage::sidecar;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    args: DumpArgs,
}

fn dump(path: &Path, options: &[&str]) -> String {
    let path = path.to_str().expect("text");
    let words = [&["dump", path], options].concat();
    let line = Line::try_parse_from(words).expect("it can be typed");
    let mut said = Vec::new();
    shown(&mut said, &line.args).expect("memory");
    String::from_utf8(said).expect("a dump is text")
}

fn shown(said: &mut Vec<u8>, args: &DumpArgs) -> io::Result<()> {
    let mut dump = Dump { out: Out::begin(said, args.output, false)?, args };
    for path in &args.paths {
        assert!(dump.path(path).is_ok(), "{}", path.display());
    }
    dump.out.finish()
}

fn json(path: &Path, options: &[&str]) -> Value {
    let told = dump(path, &[options, &["--output", "json"]].concat());
    serde_json::from_str(&told).unwrap_or_else(|fault| panic!("{fault}: {told}"))
}

/// A segment as the planner knows it after `three`.
fn planned() -> Segment {
    let mut segment = Segment::empty(Offset(0));
    let (bytes, starts) = three();
    let ends = starts[1..].iter().copied().chain([bytes.len()]);
    for ((start, end), offsets) in starts.iter().zip(ends).zip([(0, 3), (3, 8), (8, 10)]) {
        let placed = PlacedBatch {
            base: Offset(offsets.0),
            end: Offset(offsets.1),
            bytes: (end - start) as u64,
            max_timestamp: 1_763_717_000_000 + offsets.1,
            epoch: LeaderEpoch(1),
            crc: 0xabc0_0000 + offsets.0 as u32,
        };
        segment.push(&placed, 1, 1_763_717_000_000);
    }
    segment
}

fn checkpoint() -> Vec<u8> {
    let recovered = Recovered { segments: vec![planned()], ..Recovered::default() };
    let log = Log::new(std::sync::Arc::new(TopicConfig::default()), recovered);
    sidecar::encode_checkpoint(Uuid([7; 16]), &log).expect("it encodes")
}

fn identity() -> String {
    let cluster_id = "abc".to_owned();
    let node_id = millstream_engine::ids::BrokerId(1);
    Identity { cluster_id, node_id, directory_id: Uuid([1; 16]) }.text()
}

/// A small sound file of every kind.
fn every_kind() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("00000000000000000000.log", three().0),
        ("00000000000000000000.index", sidecar::encode_index(&planned()).expect("it encodes")),
        ("checkpoint", checkpoint()),
        ("partition.metadata", sidecar::encode_metadata(Uuid([7; 16])).into_bytes()),
        ("metadata.log", snapshot_file(&Image::new("abc")).to_vec()),
        ("meta.properties", identity().into_bytes()),
        ("quarantine", quarantine()),
        ("0-0.journal", journal(&[39, 42])[..5 * 4096].to_vec()),
    ]
}

#[test]
fn a_segments_batches_and_records_are_shown() {
    let scratch = Scratch::new();
    let path = scratch.write("t-0/00000000000000000000.log", &three().0);
    let told = json(&path, &["--records"]);
    let file = &told["files"][0];
    assert_eq!(file["kind"], "segment");
    assert_eq!(file["summary"]["batches"], 3);
    assert_eq!(file["summary"]["records"], 10);
    assert_eq!(file["summary"]["next_offset"], 10);
    assert_eq!(file["damages"], 0);
    let second = &file["items"][1];
    assert_eq!((&second["base_offset"], &second["last_offset"]), (&3.into(), &7.into()));
    assert_eq!(second["codec"], "lz4");
    assert_eq!(second["records"][4]["key"], "key-4");
    assert_eq!(second["records"][4]["headers"][0]["value"], "test");
    let lines = dump(&path, &["--records", "--from", "8"]);
    assert!(lines.contains("key=\"key-0\"  value=\"value-0-of-8\""), "{lines}");
    assert!(!lines.contains("of-3"), "{lines}");
    assert!(dump(&path, &["--records", "--hex"]).contains("key=0x6b65792d30"));
    assert_eq!(
        json(&path, &["--limit", "1"])["files"][0]["items"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn json_keeps_its_names() {
    let scratch = Scratch::new();
    for (name, bytes) in every_kind() {
        scratch.write(name, &bytes);
    }
    let told = json(&scratch.0, &["--records"]);
    let keys = |value: &Value| value.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>());
    assert_eq!(keys(&told).unwrap(), ["broker_running", "files"]);
    let files = told["files"].as_array().expect("files");
    assert_eq!(files.len(), 8);
    for file in files {
        let names = keys(file).unwrap();
        assert_eq!(names, ["bytes", "damage", "damages", "items", "kind", "path", "summary"]);
        assert_eq!(file["damages"], 0, "{file}");
    }
    let of = |kind: &str| files.iter().find(|file| file["kind"] == kind).expect("every kind");
    let batch = [
        "base_offset",
        "base_sequence",
        "base_timestamp",
        "bytes",
        "codec",
        "crc",
        "flags",
        "last_offset",
        "leader_epoch",
        "max_timestamp",
        "position",
        "producer_epoch",
        "producer_id",
        "record_count",
        "records",
    ];
    assert_eq!(keys(&of("segment")["items"][0]).unwrap(), batch);
    let record = ["headers", "key", "offset", "timestamp", "value"];
    assert_eq!(keys(&of("segment")["items"][0]["records"][0]).unwrap(), record);
    let entry = ["crc", "max_timestamp_before", "offset", "position"];
    assert_eq!(keys(&of("index")["items"][0]).unwrap(), entry);
    assert_eq!(of("checkpoint")["summary"]["segments"], 1);
    assert_eq!(of("checkpoint")["items"][0]["next_offset"], 10);
    assert_eq!(of("metadata-log")["items"][0]["cluster_id"], "abc");
    let commit = [
        "bytes",
        "durable",
        "entries",
        "entry_count",
        "generation",
        "position",
        "sequence",
        "state",
    ];
    assert_eq!(keys(&of("journal")["items"][1]).unwrap(), commit);
    assert_eq!(of("journal")["items"][1]["entries"][0]["base_offset"], 42);
    assert_eq!(of("partition-metadata")["items"][0], "version: 0");
}

#[test]
fn damage_is_named_and_what_follows_is_shown() {
    let scratch = Scratch::new();
    let (mut bytes, starts) = three();
    bytes[starts[1] + 70] ^= 1;
    let path = scratch.write("00000000000000000000.log", &bytes);
    let file = &json(&path, &[])["files"][0];
    let damage = &file["damage"][0];
    assert_eq!(damage["cause"], "bad-crc");
    assert_eq!((&damage["position"], &damage["offset"]), (&starts[1].into(), &3.into()));
    assert_eq!(damage["path"], path.display().to_string());
    assert_eq!(file["items"].as_array().map(Vec::len), Some(2));
    let lines = dump(&path, &[]);
    let place = format!("  !! position {}, offset 3: bad-crc: stored CRC", starts[1]);
    assert!(lines.contains(&place), "{lines}");
}

#[test]
fn offsets_that_groups_committed_are_decoded() {
    let scratch = Scratch::new();
    let value = CommittedOffset {
        offset: 40,
        leader_epoch: 0,
        metadata: "".into(),
        commit_ms: 5,
        expire_ms: None,
        topic_id: Uuid([0; 16]),
    };
    let record = GroupRecord::Offset {
        group: "g".into(),
        topic: "numbers".into(),
        partition: 3,
        value: Some(value),
    };
    let (key, value) = record.encode().expect("it can be written");
    let mut builder = BatchBuilder::new(Codec::None);
    builder.append(5, Some(&key), value.as_deref(), &[]);
    builder.append(6, Some(&key), None, &[]);
    builder.append(7, Some(b"\0\x63nonsense"), Some(b"x"), &[]);
    let bytes = builder.build().expect("it builds");
    let path = scratch.write("__consumer_offsets-7/00000000000000000000.log", &bytes);
    let told = json(&path, &["--records"]);
    let decoded = |n: usize| &told["files"][0]["items"][0]["records"][n]["decoded"];
    assert_eq!(decoded(0)["type"], "offset-commit");
    assert_eq!((&decoded(0)["group"], &decoded(0)["offset"]), (&"g".into(), &40.into()));
    assert_eq!(decoded(1)["tombstone"], true);
    assert_eq!(decoded(2)["type"], "unknown");
}

#[test]
fn every_cut_and_every_flipped_bit_of_every_kind_is_shown_without_a_panic() {
    let scratch = Scratch::new();
    for (name, sound) in every_kind() {
        // Of a journal most is padding.
        let (step, all) = if name.ends_with(".journal") { (97, 97) } else { (1, 1) };
        for end in (0..sound.len()).step_by(step) {
            let told = json(&scratch.write(name, &sound[..end]), &["--records"]);
            assert_eq!(told["files"].as_array().map(Vec::len), Some(1));
        }
        for bit in (0..sound.len() * 8).step_by(all) {
            let mut bad = sound.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            json(&scratch.write(name, &bad), &["--records"]);
        }
    }
}

#[test]
fn random_bytes_under_every_name_are_shown_without_a_panic() {
    let scratch = Scratch::new();
    let mut seed = 7u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    for round in 0..300 {
        for (name, sound) in every_kind() {
            let mut bytes: Vec<u8> = (0..random() % 400).map(|_| random() as u8).collect();
            // Half of them begin well, so that deeper parts meet the noise too.
            if round % 2 == 0 {
                let kept = random() % sound.len();
                bytes.splice(0..0, sound[..kept].iter().copied());
            }
            json(&scratch.write(name, &bytes), &["--records"]);
        }
    }
}
