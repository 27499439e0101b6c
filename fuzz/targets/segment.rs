//! A segment file, read three ways: the recovery scan over it, the search behind damage, and a
//! reader's slice of what the scan took in. What a reader gets is sound and in order.
//!
//! The first byte draws the scan's place, the window and whether checksums are made right.
//! `scripts/fuzz SECONDS segment`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use millstream_engine::ids::Offset;
use millstream_engine::log::{
    Behind, EpochCache, Known, Place, Producers, Scan, ScanStart, ScanStep, Scanned, Search,
    Segment, Sliced, Stored, Take, Verdict, find_batch, slice_batches,
};
use millstream_fuzz::reseal_batches;
use millstream_wire::batch::split_batches;

fuzz_target!(|bytes: &[u8]| {
    let Some((&drawn, rest)) = bytes.split_first() else { return };
    let mut file = rest.to_vec();
    if drawn & 1 == 1 {
        reseal_batches(&mut file);
    }
    let scanned = scan(&file, drawn);
    assert!(scanned.segment.bytes <= file.len() as u64);
    read(&file[..scanned.segment.bytes as usize], &scanned);
});

/// Scans `file` in the place that `drawn` says, over all damage.
fn scan(file: &[u8], drawn: u8) -> Scanned {
    let place = Place::ALL[usize::from(drawn >> 1) % Place::ALL.len()];
    let behind = Behind::ALL[usize::from(drawn >> 3 & 1)];
    let mut scan = Scan::begin(ScanStart {
        place,
        next_base: (drawn >> 4 & 1 == 1).then_some(Offset(1000)),
        segment: Segment::empty(Offset(0)),
        epochs: EpochCache::default(),
        producers: Producers::default(),
        index_interval_bytes: 4096,
        modified_ms: 0,
        behind: None,
        known: Known::default(),
    });
    let mut window = if drawn >> 5 & 1 == 1 { 256 } else { file.len() };
    loop {
        let at = scan.position() as usize;
        let upto = at.saturating_add(window).min(file.len());
        match scan.step(&file[at.min(upto)..upto], upto == file.len()) {
            ScanStep::Read { position, bytes } => {
                assert!(upto < file.len(), "it asks for what is behind the end");
                window = bytes.max(window).max(1) + (position as usize - at.min(position as usize));
            }
            ScanStep::LookBehind { .. } => scan.behind(behind),
            ScanStep::Done { verdict: Verdict::Quarantine, finding } => {
                let at = scan.position() as usize;
                let next = sound_behind(file, at, &(scan.expected()..scan.offset_limit()));
                let Some((position, next)) = next else { return scan.finish() };
                scan.skip(finding, (position, next));
                if scan.position() as usize <= at {
                    return scan.finish();
                }
            }
            ScanStep::Done { .. } => return scan.finish(),
        }
    }
}

/// Where the next sound batch begins behind `at`, and its offset.
fn sound_behind(
    file: &[u8],
    at: usize,
    offsets: &std::ops::Range<Offset>,
) -> Option<(u64, Offset)> {
    match find_batch(file.get(at + 1..)?, offsets, true) {
        Search::Found(batch) => Some(((at + 1 + batch.at) as u64, batch.base)),
        Search::Nothing => None,
        Search::More { .. } => unreachable!("the window is the last one"),
    }
}

/// Reads all that the scan took in, as a consumer does.
fn read(bytes: &[u8], scanned: &Scanned) {
    let stored = Stored {
        first: Offset(0),
        position: 0,
        index: scanned.segment.index.as_ref(),
        gaps: true,
        epochs: &scanned.epochs,
    };
    let take = Take { bytes_max: 1 << 20, at_least_one: true, upto: scanned.segment.end };
    if !scanned.damaged.is_empty() {
        return;
    }
    let mut from = Offset(0);
    while let Sliced::Batches { start, end, next } = slice_batches(bytes, &stored, from, &take) {
        assert!(next > from && next <= scanned.segment.end);
        let mut last = None;
        for batch in split_batches(&bytes[start..end]) {
            let batch = batch.expect("a reader gets whole batches");
            assert!(batch.crc_valid());
            assert!(last.is_none_or(|last| batch.base_offset() >= last));
            last = Some(batch.header().next_offset());
        }
        from = next;
    }
    assert_eq!(from, scanned.segment.end, "what the scan took in can be read");
}
