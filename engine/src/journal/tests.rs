//! Bytes that come back as they went, holes that are told apart, commits proved in order.

use proptest::prelude::*;

use super::*;
use crate::ids::{LeaderEpoch, Offset};
use crate::limits::BLOCK_BYTES;
use crate::log::Behind;
use millstream_wire::Uuid;

fn entry(partition: i32, base: i64, batches: &[u8]) -> (EntryHeader, Vec<u8>) {
    let header = EntryHeader {
        topic_id: Uuid([5; 16]),
        partition,
        bytes: batches.len() as u32,
        segment: Offset(base),
        position: 77,
        base: Offset(base),
        end: Offset(base + 1),
    };
    (header, batches.to_vec())
}

/// A commit, padded as it stands in a file.
fn commit(
    generation: u64,
    sequence: u64,
    durable: u64,
    entries: &[(EntryHeader, Vec<u8>)],
) -> Vec<u8> {
    let mut bytes = vec![0; COMMIT_HEADER_BYTES];
    for (header, batches) in entries {
        let at = bytes.len();
        bytes.resize(at + ENTRY_HEADER_BYTES, 0);
        header.encode(&mut bytes[at..]);
        bytes.extend_from_slice(batches);
    }
    let header = CommitHeader {
        generation,
        sequence,
        durable,
        bytes: bytes.len() as u32,
        entries: entries.len() as u32,
        writer: 1,
        slot: 2,
    };
    seal_commit(&mut bytes, &header);
    bytes.resize(bytes.len().next_multiple_of(BLOCK_BYTES as usize), 0);
    bytes
}

fn sequences(walk: &mut Walk, void_upto: u64, file: &[u8]) -> Vec<u64> {
    walk.begin_file(void_upto);
    let (mut at, mut found) = (0, Vec::new());
    while at < file.len() {
        match walk.step(&file[at..], true) {
            WalkStep::Commit(commit) => {
                found.push(commit.header.sequence);
                at += commit.header.padded_bytes() as usize;
            }
            WalkStep::Skip(bytes) => at += bytes as usize,
            WalkStep::End => break,
            WalkStep::Need(bytes) => panic!("all bytes are here, {bytes} wanted"),
        }
    }
    found
}

fn file(sequences: std::ops::Range<u64>, durable_behind: u64) -> Vec<Vec<u8>> {
    let of = |sequence: u64| {
        let entries = [entry(0, sequence as i64, b"records")];
        commit(1, sequence, sequence.saturating_sub(durable_behind), &entries)
    };
    sequences.map(of).collect()
}

#[test]
fn a_file_header_keeps_what_it_says_and_shows_damage() {
    let header = FileHeader { writer: 3, slot: 1, file_bytes: 1 << 25, void_upto: 9 };
    let mut block = vec![0; FILE_HEADER_BYTES as usize];
    header.encode(&mut block);
    assert_eq!(FileHeader::decode(&block), Ok(header));
    assert_eq!(FileHeader::decode(&[0; 4096]), Err(FileFault::NotAJournal));
    for at in 8..40 {
        let mut bad = block.clone();
        bad[at] ^= 1;
        assert_eq!(FileHeader::decode(&bad), Err(FileFault::Damaged), "byte {at}");
    }
}

#[test]
fn a_commit_counts_as_a_whole_or_not_at_all() {
    let entries = [entry(0, 10, b"first"), entry(7, 3, b""), entry(1, 0, &[9; 5_000])];
    let bytes = commit(4, 12, 11, &entries);
    let parsed = parse_commit(&bytes).expect("sound");
    assert_eq!(
        (parsed.header.generation, parsed.header.sequence, parsed.header.durable),
        (4, 12, 11)
    );
    let read: Vec<_> = parsed.entries().map(|e| (e.header, e.batches.to_vec())).collect();
    assert_eq!(read, entries);
    let len = parsed.header.bytes as usize;
    for at in 0..len {
        let mut bad = bytes.clone();
        bad[at] ^= 0x10;
        assert!(parse_commit(&bad).is_err(), "byte {at}");
    }
    for cut in [0, 47, 48, len - 1] {
        assert!(matches!(parse_commit(&bytes[..cut]), Err(CommitFault::Short(_))), "cut {cut}");
    }
}

#[test]
fn a_commit_whose_counters_cannot_be_counted_on_from_is_damaged() {
    for (generation, sequence, durable) in [(u64::MAX, 2, 1), (1, u64::MAX, 1), (1, 2, u64::MAX)] {
        let bytes = commit(generation, sequence, durable, &[entry(0, 1, b"records")]);
        assert_eq!(parse_commit(&bytes).err(), Some(CommitFault::Damaged));
        assert_eq!(sequences(&mut Walk::default(), 0, &bytes), [0_u64; 0]);
    }
    let bytes = commit(u64::MAX >> 1, u64::MAX >> 1, u64::MAX >> 1, &[entry(0, 1, b"records")]);
    assert_eq!(sequences(&mut Walk::default(), 0, &bytes), [u64::MAX >> 1]);
}

#[test]
fn a_walk_ends_at_a_write_that_was_cut_short_and_loses_nothing() {
    let mut commits = file(1..9, 2);
    // 6 was in flight when the power went, 7 and 8 made it.
    commits[5].fill(0);
    let mut walk = Walk::default();
    assert_eq!(sequences(&mut walk, 0, &commits.concat()), [1, 2, 3, 4, 5, 7, 8]);
    assert_eq!(walk.lost_commits(), 1, "8 says that 6 was durable");
    let mut commits = file(1..9, 3);
    commits[5].fill(0);
    let mut walk = Walk::default();
    assert_eq!(sequences(&mut walk, 0, &commits.concat()), [1, 2, 3, 4, 5, 7, 8]);
    assert_eq!(walk.lost_commits(), 0, "nobody says that 6 was durable");
}

#[test]
fn holes_across_files_are_seen_and_void_commits_are_not() {
    let mut walk = Walk::default();
    let first = file(1..4, 1);
    let second: Vec<_> = (6..8).map(|s| commit(2, s, s - 1, &[entry(0, s as i64, b"r")])).collect();
    assert_eq!(sequences(&mut walk, 0, &first.concat()), [1, 2, 3]);
    assert_eq!(sequences(&mut walk, 0, &second.concat()), [6, 7]);
    assert_eq!(walk.lost_commits(), 2);
    let far: Vec<_> = (40..42).map(|s| commit(9, s, s - 1, &[entry(0, s as i64, b"r")])).collect();
    assert_eq!(sequences(&mut walk, 0, &far.concat()), [40, 41]);
    assert_eq!(walk.lost_commits(), 2, "files in between were settled and used again");
    let mut walk = Walk::default();
    assert_eq!(sequences(&mut walk, 1, &first.concat()), [0; 0]);
    // A new use over an older one: what is left of that is not read again.
    let mut reused: Vec<Vec<u8>> = file(1..5, 1);
    reused[0] = commit(3, 20, 19, &[entry(0, 1, b"r")]);
    assert_eq!(sequences(&mut walk, 0, &reused.concat()), [20]);
    assert_eq!(walk.lost_commits(), 0);
}

#[test]
fn a_process_proves_nothing_about_the_one_before_it() {
    // Sequence 3 was cut short; its file is kept; the next process commits on.
    let mut old = file(1..5, 3);
    old[2].fill(0);
    let first = next_era(4) + 1;
    let new: Vec<_> =
        (first..first + 3).map(|s| commit(2, s, s - 1, &[entry(0, 9, b"r")])).collect();
    let mut walk = Walk::default();
    assert_eq!(sequences(&mut walk, 0, &old.concat()), [1, 2, 4]);
    assert_eq!(sequences(&mut walk, 0, &new.concat()), [first, first + 1, first + 2]);
    assert_eq!((walk.hole_count(), walk.lost_commits()), (1, 0));
}

#[test]
fn entries_meet_a_log_by_offset_and_epoch() {
    let header = EntryHeader { end: Offset(8), ..entry(0, 5, b"").0 };
    let joins = [(4, Join::Gap), (5, Join::Continues), (7, Join::Continues), (8, Join::Behind)];
    for (log_end, expected) in joins {
        for missing in Behind::ALL {
            let meets = |latest: Option<i32>| {
                let log = (Offset(log_end), latest.map(LeaderEpoch));
                join((&header, LeaderEpoch(3)), log, missing)
            };
            let expected = match (expected, missing) {
                (Join::Gap, Behind::Promised) => Join::Skips,
                _ => expected,
            };
            assert_eq!([meets(None), meets(Some(2)), meets(Some(3))], [expected; 3], "{log_end}");
            let older = if expected == Join::Behind { Join::Behind } else { Join::Stale };
            assert_eq!(meets(Some(4)), older, "end {log_end}");
        }
    }
}

#[test]
fn a_hole_is_a_promise_to_what_comes_behind_it_only_below_what_was_durable() {
    // Commit 3 of six is damaged; the last ones say that 3, or only 2, was durable.
    for (durable, missing) in [(3, Behind::Promised), (2, Behind::Unpromised)] {
        let mut all = file(1..7, 6 - durable);
        all[2].fill(0);
        let mut walk = Walk::default();
        assert_eq!(sequences(&mut walk, 0, &all.concat()), [1, 2, 4, 5, 6]);
        assert_eq!(walk.missing_before(6), missing);
        assert_eq!(walk.missing_before(4), missing);
        assert_eq!(walk.missing_before(3), Behind::Unpromised, "it is not before itself");
        assert_eq!(walk.missing_before(2), Behind::Unpromised);
        assert_eq!(walk.missing_before(next_era(6) + 5), Behind::Unpromised, "another process");
    }
}

#[test]
fn a_ring_moves_on_when_full_and_gives_no_place_while_nothing_is_settled() {
    let mut ring = Ring::new(2, 5 * BLOCK_BYTES, (0, 0));
    assert_eq!((ring.place(1), ring.wants_slot()), (None, Some(0)));
    ring.on_ready(0);
    for sequence in 1..=4 {
        let spot = ring.place(100).expect("room");
        assert_eq!((spot.slot, spot.at, spot.sequence), (0, sequence * BLOCK_BYTES, sequence));
        assert_eq!((spot.generation, spot.durable), (1, sequence - 1));
        assert_eq!(ring.on_written(sequence), sequence..sequence + 1);
        let flush = ring.plan_flush().expect("written, not durable");
        assert_eq!(flush, FlushPlan { slot: 0, upto: sequence });
        assert_eq!(ring.on_flushed(sequence), sequence..sequence + 1);
        ring.check();
    }
    assert_eq!(ring.wants_slot(), Some(1));
    assert_eq!(ring.place(100), None, "the second file is not there yet");
    assert_eq!(ring.settleable(), [(0, 1)]);
    ring.on_ready(1);
    assert_eq!(ring.place(100).map(|spot| (spot.slot, spot.generation)), Some((1, 2)));
    ring.on_settled(0, 2);
    assert_eq!(ring.counts().full, 1, "of another generation");
    ring.on_settled(0, 1);
    ring.on_written(5);
    ring.on_flushed(5);
    assert_eq!(ring.place(4 * BLOCK_BYTES).map(|spot| (spot.slot, spot.generation)), Some((0, 3)));
    assert_eq!(ring.place(4 * BLOCK_BYTES + 1), None, "larger than a file");
}

/// What was in flight at a failure is of another era than what comes after it: a walk over both
/// finds no hole, and late completions prove nothing.
#[test]
fn a_ring_begins_anew_when_all_that_it_held_is_gone() {
    let mut ring = Ring::new(2, 5 * BLOCK_BYTES, (7, next_era(0)));
    ring.on_ready(0);
    let first = ring.place(100).expect("a place");
    let lost = ring.place(100).expect("a place");
    ring.on_written(first.sequence);
    ring.on_failed();
    assert_eq!((ring.counts().held, ring.counts().absent), (1, 1));
    assert!(ring.is_held(0) && !ring.is_usable() && ring.wants_slot().is_none());
    ring.on_discarded(0);
    assert!(!ring.is_usable(), "not before it begins anew");
    ring.begin_anew();
    ring.check();
    assert_eq!(ring.wants_slot(), Some(0));
    ring.on_ready(0);
    let next = ring.place(100).expect("a place");
    assert_eq!((next.generation, era_of(next.sequence)), (9, era_of(lost.sequence) + 1));
    assert!(next.durable < next.sequence && next.durable > lost.sequence);
    assert!(ring.on_written(lost.sequence).is_empty());
    assert!(ring.on_flushed(lost.sequence).is_empty());
    assert_eq!(ring.on_written(next.sequence), next.sequence..next.sequence + 1);
    ring.check();
}

proptest! {
    #[test]
    fn commits_are_proved_in_order_however_writes_complete(
        steps in prop::collection::vec((0..4u8, 0..8usize, 1..9_000u64), 1..200)
    ) {
        let mut ring = Ring::new(3, 8 * BLOCK_BYTES, (0, 0));
        let (mut writing, mut flushing) = (Vec::<u64>::new(), None::<FlushPlan>);
        let (mut written, mut durable) = (0, 0);
        for (what, pick, bytes) in steps {
            match what {
                0 => {
                    if let Some(spot) = ring.place(bytes) {
                        prop_assert!(spot.durable <= durable);
                        writing.push(spot.sequence);
                    }
                }
                1 if !writing.is_empty() => {
                    let sequence = writing.remove(pick % writing.len());
                    for proved in ring.on_written(sequence) {
                        prop_assert_eq!(proved, written + 1);
                        prop_assert!(!writing.contains(&proved));
                        written = proved;
                    }
                }
                2 => match flushing.take() {
                    Some(flush) => {
                        for proved in ring.on_flushed(flush.upto) {
                            prop_assert_eq!(proved, durable + 1);
                            durable = proved;
                        }
                    }
                    None => flushing = ring.plan_flush(),
                },
                _ => {
                    if let Some(slot) = ring.wants_slot() {
                        ring.on_ready(slot);
                    }
                    for (slot, generation) in ring.settleable() {
                        ring.on_settled(slot, generation);
                    }
                }
            }
            prop_assert!(durable <= written);
            ring.check();
        }
    }

    #[test]
    fn any_bytes_are_walked_without_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..20_000)
    ) {
        let mut walk = Walk::default();
        prop_assert_eq!(sequences(&mut walk, 0, &bytes), [0; 0]);
    }
}
