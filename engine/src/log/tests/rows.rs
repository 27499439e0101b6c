//! The recovery table has one row for every state, and the scan follows it.

use super::*;

#[test]
fn exactly_one_row_matches_every_state() {
    for place in Place::ALL {
        for reached_next in [false, true] {
            for finding in Finding::ALL {
                let rows: Vec<_> = RECOVERY_ROWS
                    .iter()
                    .filter(|row| row.matches(place, reached_next, finding))
                    .map(|row| row.why)
                    .collect();
                assert_eq!(rows.len(), 1, "{place:?} {reached_next} {finding:?}: {rows:?}");
            }
        }
    }
}

fn begin(place: Place, next_base: Option<i64>) -> Scan {
    Scan::begin(ScanStart {
        place,
        next_base: next_base.map(Offset),
        segment: Segment::empty(Offset(0)),
        epochs: EpochCache::default(),
        producers: Producers::default(),
        index_interval_bytes: 100,
        modified_ms: 5,
    })
}

fn stored(base: i64, epoch: i32, records: usize) -> Vec<u8> {
    let mut builder = BatchBuilder::new(Codec::None).base_offset(base).leader_epoch(epoch);
    for _ in 0..records {
        builder.append(1_000 + base, None, Some(b"0123456789"), &[]);
    }
    builder.build().expect("builds").to_vec()
}

#[test]
fn every_finding_ends_the_last_segment_where_its_sound_bytes_end() {
    let sound = [stored(0, 2, 3), stored(3, 2, 1)].concat();
    let mut bad_crc = stored(4, 2, 1);
    *bad_crc.last_mut().expect("bytes") ^= 1;
    let cases = [
        (Finding::End, vec![]),
        (Finding::Zeros, vec![0; 4096]),
        (Finding::Zeros, vec![0; 7]),
        (Finding::Torn, stored(4, 2, 1)[..50].to_vec()),
        (Finding::Torn, stored(4, 2, 1)[..70].to_vec()),
        (Finding::Malformed, vec![0x55; 100]),
        (Finding::BadCrc, bad_crc),
        (Finding::OffsetGap, stored(5, 2, 1)),
        (Finding::OffsetBehind, stored(3, 2, 1)),
        (Finding::EpochBack, stored(4, 1, 1)),
    ];
    for (finding, tail) in cases {
        let file = [&sound[..], &tail].concat();
        let mut scan = begin(Place::Last, None);
        let step = scan.step(&file, true);
        assert_eq!(step, ScanStep::Done { verdict: Verdict::Truncate, finding });
        let scanned = scan.finish();
        assert_eq!(scanned.segment.bytes, sound.len() as u64, "{finding:?}");
        assert_eq!((scanned.segment.base, scanned.segment.end), (Offset(0), Offset(4)));
        assert_eq!(scanned.epochs.latest(), Some(LeaderEpoch(2)));
        let max = scanned.segment.max_timestamp.expect("records");
        assert_eq!((max.timestamp_ms, max.batch), (1_003, Offset(3)));
        Log::new(
            config(&[]),
            Recovered { segments: vec![scanned.segment], ..Recovered::default() },
        )
        .check();
    }
}

#[test]
fn a_scan_fed_byte_by_byte_finds_the_same() {
    let file = [stored(0, 0, 3), stored(3, 0, 50), stored(53, 0, 1), vec![0; 90]].concat();
    let mut scan = begin(Place::Last, None);
    let mut window = 1;
    loop {
        let at = scan.position() as usize;
        let end = (at + window).min(file.len());
        match scan.step(&file[at..end], end == file.len()) {
            ScanStep::Read { position, bytes } => {
                assert_eq!(position, scan.position());
                window = bytes;
            }
            ScanStep::Done { finding, .. } => {
                assert_eq!(finding, Finding::Zeros);
                break;
            }
        }
    }
    assert_eq!(scan.finish().segment.end, Offset(54));
}

#[test]
fn a_complete_middle_segment_ends_where_the_next_begins() {
    let file = [stored(0, 0, 3), vec![0x55; 100]].concat();
    let complete = begin(Place::Middle, Some(3)).step(&file, true);
    let finding = Finding::Malformed;
    assert_eq!(complete, ScanStep::Done { verdict: Verdict::Complete, finding });
    let short = begin(Place::Middle, Some(4)).step(&file, true);
    assert_eq!(short, ScanStep::Done { verdict: Verdict::Truncate, finding });
    let sealed = begin(Place::Sealed, Some(4)).step(&file, true);
    assert_eq!(sealed, ScanStep::Done { verdict: Verdict::Quarantine, finding });
}

#[test]
fn producers_are_rebuilt_from_batches() {
    let batch = BatchBuilder::new(Codec::None)
        .leader_epoch(0)
        .producer(9, 1, 4)
        .append(1, None, None, &[])
        .build()
        .expect("builds");
    let mut scan = begin(Place::Last, None);
    scan.step(&batch, true);
    let producers = scan.finish().producers.snapshot();
    assert_eq!(producers.len(), 1);
    assert_eq!((producers[0].id, producers[0].state.epoch), (ProducerId(9), ProducerEpoch(1)));
    assert_eq!(producers[0].state.window[0].last_sequence, 4);
}
