//! Writes the inputs that fuzzing starts from: Kafka's golden bytes, and small files of each
//! kind of ours.
//!
//! `seeds GOLDEN_DIR OUT_DIR`: one folder a target in OUT_DIR, one file an input.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

// All of this crate is built for coverage: libFuzzer has the symbols which that needs.
use libfuzzer_sys as _;
use millstream::fuzzing::{FRAME_BYTES, encode_checkpoint, encode_index};
use millstream_engine::ids::Offset;
use millstream_engine::journal::{
    COMMIT_HEADER_BYTES, CommitHeader, ENTRY_HEADER_BYTES, EntryHeader, FileHeader, seal_commit,
};
use millstream_engine::limits::BLOCK_BYTES;
use millstream_engine::log::{
    Behind, EpochCache, Known, Log, Place, Producers, Recovered, Scan, ScanStart, ScanStep,
    Scanned, Segment,
};
use millstream_wire::Uuid;
use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use serde_json::Value;

type Fault = Box<dyn std::error::Error>;

fn main() -> Result<(), Fault> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(golden), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: seeds GOLDEN_DIR OUT_DIR".into());
    };
    let mut seeds = Seeds { out, count: 0 };
    for file in fs::read_dir(&golden)? {
        let path = file?.path();
        let content: Value = serde_json::from_slice(&fs::read(&path)?)?;
        if content["api"].is_i64() {
            messages(&mut seeds, &content)?;
        }
    }
    for drawn in [0x01, 0x51, 0x07, 0x99] {
        for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
            let run = batches(codec)?;
            let first = one_batch(codec, 0)?;
            seeds.add("batches", &[&run])?;
            seeds.add("admit", &[&[drawn], &first])?;
            seeds.add("segment", &[&[drawn], &run])?;
            seeds.add("segment", &[&[drawn | 0x20], &run, &[0; 200]])?;
            seeds.add("journal", &[&[drawn], &journal(&run)])?;
        }
    }
    for codec in [Codec::None, Codec::Zstd] {
        sidecars(&mut seeds, &batches(codec)?)?;
    }
    println!("{} inputs to start from", seeds.count);
    Ok(())
}

struct Seeds {
    out: PathBuf,
    count: usize,
}

impl Seeds {
    fn add(&mut self, target: &str, parts: &[&[u8]]) -> Result<(), Fault> {
        let folder: &Path = &self.out.join(target);
        fs::create_dir_all(folder)?;
        fs::write(folder.join(format!("seed-{:05}", self.count)), parts.concat())?;
        self.count += 1;
        Ok(())
    }
}

/// Requests with a header before them, responses with their key and version, and metadata and
/// group records where they are of use.
fn messages(seeds: &mut Seeds, file: &Value) -> Result<(), Fault> {
    let key = i16::try_from(file["api"].as_i64().unwrap_or_default())?.to_be_bytes();
    for (kind, target) in [("requests", "request"), ("responses", "response")] {
        for instance in file[kind].as_array().into_iter().flatten() {
            let version = i16::try_from(instance["version"].as_i64().unwrap_or_default())?;
            let body = unhex(instance["hex"].as_str().unwrap_or_default())?;
            let version = version.to_be_bytes();
            if target == "response" {
                seeds.add(target, &[&key, &version, &body])?;
                continue;
            }
            // Correlation id, no client id; once as it is, once with no tagged fields behind it.
            let head = [&key[..], &version, &[0, 0, 0, 1, 0xff, 0xff]].concat();
            seeds.add(target, &[&head, &body])?;
            seeds.add(target, &[&head, &[0], &body])?;
        }
    }
    Ok(())
}

fn unhex(text: &str) -> Result<Vec<u8>, Fault> {
    let digits = |at: usize| text.get(at..at + 2).ok_or("an odd number of digits");
    let bytes = (0..text.len()).step_by(2).map(|at| Ok(u8::from_str_radix(digits(at)?, 16)?));
    bytes.collect()
}

fn one_batch(codec: Codec, base: i64) -> Result<Vec<u8>, Fault> {
    let mut builder =
        BatchBuilder::new(codec).base_offset(base).leader_epoch(0).producer(9, 3, base as i32);
    builder.append(1_700_000_000_000, Some(b"key"), Some(b"value of some length"), &[]);
    builder.append(1_700_000_000_005, None, None, &[]);
    builder.append(1_700_000_000_001, Some(b"key"), Some(&[7; 300]), &[]);
    Ok(builder.build().map_err(|fault| format!("{fault:?}"))?.to_vec())
}

fn batches(codec: Codec) -> Result<Vec<u8>, Fault> {
    let runs: Result<Vec<_>, Fault> = (0..4).map(|n| one_batch(codec, n * 3)).collect();
    Ok(runs?.concat())
}

/// The sidecar and the checkpoint of a log that has `run` in its one segment.
fn sidecars(seeds: &mut Seeds, run: &[u8]) -> Result<(), Fault> {
    let mut scan = Scan::begin(ScanStart {
        place: Place::Last,
        next_base: None,
        segment: Segment::empty(Offset(0)),
        epochs: EpochCache::default(),
        producers: Producers::default(),
        index_interval_bytes: 64,
        modified_ms: 1_700_000_000_000,
        behind: None,
        known: Known::default(),
    });
    while !matches!(scan.step(&run[scan.position() as usize..], true), ScanStep::Done { .. }) {
        scan.behind(Behind::ALL[0]);
    }
    let Scanned { segment, epochs, producers, .. } = scan.finish();
    if segment.bytes != run.len() as u64 {
        return Err("the scan does not take all batches in".into());
    }
    let index = encode_index(&segment).ok_or("no index")?;
    let recovered =
        Recovered { segments: vec![segment], epochs, producers, ..Recovered::default() };
    let log = Log::new(Arc::default(), recovered);
    let checkpoint = encode_checkpoint(Uuid([7; 16]), &log).ok_or("no checkpoint")?;
    seeds.add("sidecars", &[&[1], &index[FRAME_BYTES..]])?;
    seeds.add("sidecars", &[&[0], &checkpoint[FRAME_BYTES..]])
}

/// A journal with two commits of one entry each.
fn journal(run: &[u8]) -> Vec<u8> {
    let block = BLOCK_BYTES as usize;
    let mut file = vec![0; block];
    let header = FileHeader { writer: 1, slot: 0, file_bytes: 1 << 20, void_upto: 4 };
    header.encode(&mut file);
    for (sequence, base) in [(1, 0), (2, 12)] {
        let bytes = COMMIT_HEADER_BYTES + ENTRY_HEADER_BYTES + run.len();
        let mut commit = vec![0; bytes.next_multiple_of(block)];
        let entry = EntryHeader {
            topic_id: Uuid([3; 16]),
            partition: 1,
            bytes: run.len() as u32,
            segment: Offset(0),
            position: 0,
            base: Offset(base),
            end: Offset(base + 12),
        };
        entry.encode(&mut commit[COMMIT_HEADER_BYTES..]);
        commit[COMMIT_HEADER_BYTES + ENTRY_HEADER_BYTES..bytes].copy_from_slice(run);
        let header = CommitHeader {
            generation: 5,
            sequence: (1 << 40) + sequence,
            durable: (1 << 40) + sequence - 1,
            bytes: bytes as u32,
            entries: 1,
            writer: 1,
            slot: 0,
        };
        seal_commit(&mut commit, &header);
        file.extend_from_slice(&commit);
    }
    file
}
