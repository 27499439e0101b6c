//! The recovery table has one row for every state, and the scan follows it.

use super::*;

#[test]
fn exactly_one_row_matches_every_state() {
    for place in Place::ALL {
        for reached_next in [false, true] {
            for (finding, behind) in all_findings() {
                let case = RecoveryCase { place, reached_next, finding };
                let rows: Vec<_> = RECOVERY_ROWS
                    .iter()
                    .filter(|row| row.matches(case, behind))
                    .map(|row| row.why)
                    .collect();
                assert_eq!(rows.len(), 1, "{case:?} {behind:?}: {rows:?}");
            }
        }
    }
}

fn all_findings() -> impl Iterator<Item = (Finding, Behind)> {
    Finding::ALL.into_iter().flat_map(|finding| Behind::ALL.map(|behind| (finding, behind)))
}

#[test]
fn nothing_that_was_promised_is_ever_cut_off() {
    for place in Place::ALL {
        for (finding, behind) in all_findings() {
            let case = RecoveryCase { place, reached_next: false, finding };
            let promised = place == Place::Sealed || behind == Behind::Promised;
            if verdict(case, behind) == Verdict::Truncate {
                assert!(!promised, "{case:?} {behind:?}");
            }
            if verdict(case, behind) == Verdict::Quarantine {
                assert!(promised && finding != Finding::Sound, "{case:?} {behind:?}");
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
        behind: None,
        known: Known::default(),
    })
}

fn stored_at(gaps: bool, epochs: &EpochCache) -> Stored<'_> {
    Stored { first: Offset(0), position: 0, index: None, gaps, epochs }
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
        (Finding::Misnumbered, [stored(9, 2, 1), stored(5, 2, 1)].concat()),
        (Finding::Misnumbered, [stored(4, 99, 1), stored(5, 2, 1)].concat()),
    ];
    for (finding, tail) in cases {
        let file = [&sound[..], &tail].concat();
        let mut scan = begin(Place::Last, None);
        assert_eq!(scan.step(&file, true), ScanStep::LookBehind { finding });
        scan.behind(Behind::Unpromised);
        let step = scan.step(&file[sound.len()..], true);
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
            ScanStep::LookBehind { finding } => {
                assert_eq!(finding, Finding::Zeros);
                scan.behind(Behind::Unpromised);
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
    for (behind, verdict) in
        [(Behind::Unpromised, Verdict::Truncate), (Behind::Promised, Verdict::Quarantine)]
    {
        let mut short = begin(Place::Middle, Some(4));
        assert_eq!(short.step(&file, true), ScanStep::LookBehind { finding });
        short.behind(behind);
        let at = short.position() as usize;
        assert_eq!(short.step(&file[at..], true), ScanStep::Done { verdict, finding });
    }
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

#[test]
fn a_scan_goes_on_behind_damage_and_notes_what_is_missing() {
    let mut file = [stored(0, 2, 3), stored(3, 2, 4), stored(7, 2, 1)].concat();
    let first = stored(0, 2, 3).len();
    let second = first + stored(3, 2, 4).len();
    file[first + 70] ^= 4;
    let mut scan = begin(Place::Sealed, Some(8));
    let finding = Finding::BadCrc;
    let step = scan.step(&file, true);
    assert_eq!(step, ScanStep::Done { verdict: Verdict::Quarantine, finding });
    assert_eq!((scan.position(), scan.expected()), (first as u64, Offset(3)));
    let behind = find_batch(&file[first + 1..], &(Offset(4)..Offset(8)), true);
    let Search::Found(found) = behind else { panic!("{behind:?}") };
    assert_eq!((first + 1 + found.at, found.base, found.next), (second, Offset(7), Offset(8)));
    scan.skip(finding, (second as u64, found.base));
    let step = scan.step(&file[second..], true);
    assert!(matches!(step, ScanStep::Done { verdict: Verdict::Complete, .. }), "{step:?}");
    let scanned = scan.finish();
    scanned.segment.check();
    assert!(!scanned.segment.gaps, "damage is noted, not a gap of compaction");
    let noted = scanned.damaged[0];
    assert_eq!((noted.first, noted.next), (Offset(3), Offset(7)));
    assert_eq!((noted.from, noted.upto), (first as u64, second as u64));
}

#[test]
fn gaps_that_compaction_left_are_taken_in_where_later_segments_were_promised() {
    let file = [stored(0, 1, 1), stored(5, 1, 2), stored(20, 1, 1)].concat();
    let mut scan = begin(Place::Middle, Some(30));
    let finding = Finding::OffsetGap;
    let mut at = 0;
    for _ in 0..2 {
        assert_eq!(scan.step(&file[at..], true), ScanStep::LookBehind { finding });
        scan.behind(Behind::Promised);
        at = scan.position() as usize;
    }
    let step = scan.step(&file[at..], true);
    assert_eq!(step, ScanStep::LookBehind { finding: Finding::End });
    let scanned = scan.finish();
    assert_eq!((scanned.segment.end, scanned.segment.bytes), (Offset(21), file.len() as u64));
    assert!(scanned.segment.gaps && scanned.damaged.is_empty());
}

#[test]
fn a_search_finds_what_is_sound_and_nothing_else() {
    let batch = stored(50, 1, 3);
    let all = Offset(10)..Offset(100);
    let junk: Vec<u8> = (0..5_000u32).map(|i| (i % 7) as u8).collect();
    let file = [&junk[..], &batch, &junk[..333]].concat();
    for is_last in [true, false] {
        let Search::Found(found) = find_batch(&file, &all, is_last) else { panic!("not found") };
        assert_eq!((found.at, found.bytes), (junk.len(), batch.len()));
    }
    // Fed in pieces of any size it finds the same.
    for piece in [61, 100, 4096] {
        let (mut at, mut len) = (0, piece);
        loop {
            let end = (at + len).min(file.len());
            match find_batch(&file[at..end], &all, end == file.len()) {
                Search::Found(found) => break assert_eq!(at + found.at, junk.len(), "{piece}"),
                Search::More { at: skip, bytes } => (at, len) = (at + skip, bytes.max(piece)),
                Search::Nothing => panic!("not found in pieces of {piece}"),
            }
        }
    }
    for offsets in [Offset(51)..Offset(100), Offset(10)..Offset(50), Offset(10)..Offset(52)] {
        assert_eq!(find_batch(&file, &offsets, true), Search::Nothing, "{offsets:?}");
    }
    for byte in 8..batch.len() {
        let mut damaged = file.clone();
        damaged[junk.len() + byte] ^= 0x10;
        // The epoch has no CRC; it is compared with what the log knows elsewhere.
        let expected = (12..16).contains(&byte);
        let found = find_batch(&damaged, &all, true) != Search::Nothing;
        assert_eq!(found, expected, "byte {byte}");
    }
}

#[test]
fn a_slice_is_refused_when_any_bit_of_it_has_changed() {
    let epochs = EpochCache::from_entries(vec![
        EpochStart { epoch: LeaderEpoch(1), start: Offset(0) },
        EpochStart { epoch: LeaderEpoch(3), start: Offset(3) },
    ]);
    let epochs = epochs.expect("in order");
    let batches = [stored(0, 1, 3), stored(3, 3, 1), stored(4, 3, 2)];
    let (sizes, file) = (batches.each_ref().map(Vec::len), batches.concat());
    let dense = stored_at(false, &epochs);
    let take = Take { bytes_max: 1 << 20, upto: Offset(6), at_least_one: true };
    let whole = Sliced::Batches { start: 0, end: file.len(), next: Offset(6) };
    assert_eq!(slice_batches(&file, &dense, Offset(0), &take), whole);
    let from = Sliced::Batches { start: sizes[0], end: file.len(), next: Offset(6) };
    assert_eq!(slice_batches(&file, &dense, Offset(3), &take), from);
    for bit in 0..file.len() * 8 {
        let mut damaged = file.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        // What stands before the damaged batch is given out, and not a byte more.
        let sound = match bit / 8 {
            byte if byte < sizes[0] => 0,
            byte if byte < sizes[0] + sizes[1] => sizes[0],
            _ => sizes[0] + sizes[1],
        };
        match slice_batches(&damaged, &dense, Offset(0), &take) {
            Sliced::Batches { start: 0, end, .. } => assert_eq!(end, sound, "bit {bit}"),
            Sliced::Damaged { at: 0, .. } | Sliced::More { start: 0, .. } => {
                assert_eq!(sound, 0, "bit {bit}");
            }
            other => panic!("bit {bit}: {other:?}"),
        }
    }
}

#[test]
fn gaps_are_read_over_where_compaction_may_have_left_them_and_nowhere_else() {
    let file = [stored(0, 0, 1), stored(7, 0, 1)].concat();
    let epochs = EpochCache::default();
    let take = Take { bytes_max: 1 << 20, upto: Offset(9), at_least_one: true };
    let read = |gaps| {
        let stored = stored_at(gaps, &epochs);
        slice_batches(&file, &stored, Offset(3), &take)
    };
    let start = stored(0, 0, 1).len();
    assert_eq!(read(true), Sliced::Batches { start, end: file.len(), next: Offset(8) });
    let finding = Finding::Misnumbered;
    assert_eq!(read(false), Sliced::Damaged { at: start, first: Offset(1), finding });
}
