//! Walking over sound and damaged files, and the promise that no bytes panic.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;

use super::segment::{Step, Walk};
use super::*;

/// A directory of one test, removed at its end.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new() -> Scratch {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("ms-ondisk-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("the temporary directory is writable");
        Scratch(path)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("writable");
        }
        fs::write(&path, bytes).expect("writable");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A batch of `count` records from `base` on.
pub fn batch(base: i64, epoch: i32, count: usize, codec: Codec) -> Vec<u8> {
    let mut builder = BatchBuilder::new(codec).base_offset(base).leader_epoch(epoch);
    for n in 0..count {
        let (key, value) = (format!("key-{n}"), format!("value-{n}-of-{base}"));
        let headers = [("origin", Some(b"test".as_slice()))];
        let time = 1_763_717_000_000 + base + n as i64;
        builder.append(time, Some(key.as_bytes()), Some(value.as_bytes()), &headers);
    }
    builder.build().expect("it compresses").to_vec()
}

/// Three batches of offsets 0 to 9, and where each begins.
pub fn three() -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    let mut starts = Vec::new();
    for (base, count, codec) in [(0, 3, Codec::None), (3, 5, Codec::Lz4), (8, 2, Codec::None)] {
        starts.push(bytes.len());
        bytes.extend(batch(base, 1, count, codec));
    }
    (bytes, starts)
}

/// A partition's notes of one damaged range.
pub fn quarantine() -> Vec<u8> {
    use millstream_engine::ids::Offset;
    use millstream_engine::log::{Damage, DamagedRange, Finding};
    let mut damage = Damage::default();
    let (segment, first, next) = (Offset(0), Offset(3), Offset(8));
    let finding = Finding::BadCrc;
    assert!(damage.note(DamagedRange { segment, from: 90, upto: 180, first, next, finding }));
    damage.text().into_bytes()
}

fn steps(path: &Path) -> Vec<Step> {
    let mut walk = Walk::open(path, 0).expect("it is there");
    let mut steps = Vec::new();
    loop {
        match walk.step().expect("it can be read") {
            Step::End => return steps,
            step => steps.push(step),
        }
        assert!(steps.len() < 10_000, "a walk ends");
    }
}

fn bases(steps: &[Step]) -> Vec<i64> {
    let base = |step: &Step| match step {
        Step::Batch { header, .. } => Some(header.base_offset),
        _ => None,
    };
    steps.iter().filter_map(base).collect()
}

#[test]
fn a_sound_file_is_its_batches_and_its_reserved_space() {
    let scratch = Scratch::new();
    let (mut bytes, _) = three();
    let end = bytes.len() as u64;
    let path = scratch.write("a", &bytes);
    assert_eq!(bases(&steps(&path)), [0, 3, 8]);
    bytes.resize(bytes.len() + 3_000_000, 0);
    let path = scratch.write("b", &bytes);
    let all = steps(&path);
    assert_eq!(all.len(), 4);
    assert_eq!(all[3], Step::Zeros { position: end, upto: bytes.len() as u64 });
}

#[test]
fn every_flipped_bit_costs_its_batch_alone() {
    let scratch = Scratch::new();
    let (bytes, starts) = three();
    let base_of = [0, 3, 8];
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1 << (at % 8);
        let found = bases(&steps(&scratch.write("bad", &bad)));
        let hit = starts.iter().rposition(|start| *start <= at).expect("the first is at 0");
        for (n, base) in base_of.iter().enumerate().filter(|(n, _)| *n != hit) {
            assert!(found.contains(base), "byte {at}: batch {n} is lost: {found:?}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_shows_every_whole_batch() {
    let scratch = Scratch::new();
    let (bytes, starts) = three();
    for end in 0..=bytes.len() {
        let found = bases(&steps(&scratch.write("cut", &bytes[..end])));
        let ends = starts[1..].iter().copied().chain([bytes.len()]);
        assert_eq!(found.len(), ends.filter(|whole| *whole <= end).count(), "cut at {end}");
    }
}

#[test]
fn random_bytes_and_holes_neither_panic_nor_run_away() {
    let scratch = Scratch::new();
    let (bytes, starts) = three();
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for _ in 0..200 {
        let mut noise: Vec<u8> = (0..random() % 3000).map(|_| random() as u8).collect();
        noise.extend(&bytes);
        let found = bases(&steps(&scratch.write("noise", &noise)));
        assert_eq!(found, [0, 3, 8], "batches behind {} bytes of noise", noise.len());
    }
    let mut hole = bytes.clone();
    hole[starts[1]..starts[2]].fill(0);
    assert_eq!(bases(&steps(&scratch.write("hole", &hole))), [0, 8]);
}

#[test]
fn headers_that_promise_much_are_not_believed_for_long() {
    let scratch = Scratch::new();
    let (bytes, _) = three();
    // Every position looks like the beginning of a batch that goes to the end.
    let header = &bytes[..61];
    let mut hostile = Vec::new();
    for n in 0..2000u32 {
        let mut one = header.to_vec();
        one[8..12].copy_from_slice(&((2000 - n) * 61 - 12).to_be_bytes());
        hostile.extend(one);
    }
    let all = steps(&scratch.write("hostile", &hostile));
    assert!(bases(&all).is_empty());
}

#[test]
fn small_files_say_which_part_is_damaged() {
    let mut file = b"MSINDEX1".to_vec();
    file.extend(millstream_wire::batch::crc32c(b"abcd").to_le_bytes());
    file.extend([0; 4]);
    file.extend(4u64.to_le_bytes());
    file.extend(b"abcd");
    let fault = |bytes: &[u8]| small::frame_fault(b"MSINDEX1", bytes).map(|(at, _)| at);
    assert_eq!(fault(&file), None);
    assert_eq!(fault(&file[..23]), Some(23));
    assert_eq!(fault(&file[..27]), Some(16));
    let flipped = |at: usize| {
        let mut bad = file.clone();
        bad[at] ^= 1;
        fault(&bad)
    };
    assert_eq!(
        (flipped(0), flipped(7), flipped(9), flipped(25)),
        (Some(0), Some(7), Some(8), Some(8))
    );
}

#[test]
fn codes_are_words_and_each_stands_once() {
    let mut codes: Vec<_> = Cause::ALL.iter().map(|cause| cause.code()).collect();
    assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    codes.sort_unstable();
    let all = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), all);
}
