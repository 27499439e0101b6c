//! Bits that change on the device: never served, and never more lost than they hit.

use std::os::unix::fs::FileExt;
use std::path::Path;

use millstream_engine::log::Damage;

use super::*;

/// Values of 34 to 35 KB, each in a batch of its own, with its number in front.
pub fn numbered(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|i| format!("{i:04}{}", "r".repeat(34_000 + i % 1_000))).collect()
}

pub fn flip(path: &Path, bit: u64) {
    let file = std::fs::OpenOptions::new().read(true).write(true).open(path).expect("opens");
    let mut byte = [0];
    file.read_exact_at(&mut byte, bit / 8).expect("reads");
    byte[0] ^= 1 << (bit % 8);
    file.write_all_at(&byte, bit / 8).expect("writes");
    file.sync_all().expect("flushes");
}

/// All visible values; offsets may be missing.
pub async fn read_over(rig: &Rig, log: &PartitionLog) -> Vec<String> {
    let marks = log.marks();
    let (mut from, mut all) = (marks.log_start, Vec::new());
    while from < marks.high_watermark {
        let read = log.read(from, 100_000, true, marks.high_watermark).await.expect("read");
        if read.bytes == 0 {
            break;
        }
        let joined = read.extents.concat();
        for batch in millstream_wire::batch::split_batches(&joined) {
            let batch = batch.expect("whole");
            assert!(batch.base_offset() >= from.0, "offsets go forward");
            from = Offset(batch.last_offset() + 1);
        }
        all.extend(values(&read.extents));
    }
    let _ = rig;
    all
}

/// Everything but the values with these numbers.
pub fn without(all: &[String], lost: &[usize]) -> Vec<String> {
    let is_lost = |value: &&String| !lost.iter().any(|n| value.starts_with(&format!("{n:04}")));
    all.iter().filter(is_lost).cloned().collect()
}

fn assert_same(found: &[String], expected: &[String]) {
    let heads = |values: &[String]| -> Vec<String> {
        values.iter().map(|value| value[..4].to_owned()).collect()
    };
    assert_eq!(heads(found), heads(expected));
    assert!(found == expected, "the same numbers with other bytes");
}

const SMALL: [(&str, &str); 1] = [("segment.bytes", "1048576")];
pub const FIRST: &str = "00000000000000000000.log";

#[test]
fn rot_in_a_sealed_segment_costs_the_batches_that_it_hit_and_no_other() {
    Rig::run("rot-sealed", |mut rig| async move {
        let all = numbered(0..100);
        let log = rig.open("t", 0, &SMALL).await;
        rig.fill(&log, &all).await;
        rig.storage.close().await.expect("closes");
        rig.restart().await;
        // Batches 3 and 7 of the first segment: the middle of one, the length of the other.
        let size = |i: usize| batch(&[&all[i]]).len() as u64;
        let start = |i: usize| (0..i).map(size).sum::<u64>();
        flip(&rig.file("t", FIRST), (start(3) + 5_000) * 8 + 3);
        flip(&rig.file("t", FIRST), (start(7) + 10) * 8 + 1);
        let expected = without(&all, &[3, 7]);
        for round in 0..3 {
            let log = rig.open("t", 0, &SMALL).await;
            assert_same(&read_over(&rig, &log).await, &expected);
            assert_eq!(rig.storage.quarantined_ranges(), 2, "round {round}");
            let inside = log.read(Offset(3), 100, true, Offset(100)).await.expect("read");
            assert_same(&values(&inside.extents), &all[4..5]);
            let notes = rig.file("t", "quarantine");
            let text = std::fs::read_to_string(&notes).expect("noted");
            assert_eq!(Damage::parse(&text).expect("sound notes").ranges().len(), 2);
            match round {
                0 => flip(&notes, 200),
                1 => std::fs::remove_file(&notes).expect("removed"),
                _ => {}
            }
            rig.storage.close().await.expect("closes");
            rig.restart().await;
        }
    });
}

#[test]
fn rot_of_promised_records_in_the_unsealed_part_is_not_taken_for_a_torn_tail() {
    Rig::run("rot-unsealed", |mut rig| async move {
        let mut all = numbered(0..400);
        let log = rig.open("t", 0, &[]).await;
        for chunk in all.chunks(50) {
            rig.fill(&log, chunk).await;
        }
        let bytes = log.size_bytes();
        assert!(bytes > 12 << 20, "{bytes}");
        rig.restart().await;
        let size = |i: usize| batch(&[&all[i]]).len() as u64;
        let start = |i: usize| (0..i).map(size).sum::<u64>();
        // A bit of one batch, a lost write of zeros over two others.
        flip(&rig.file("t", FIRST), (start(30) + 700) * 8);
        let file = std::fs::OpenOptions::new().write(true).open(rig.file("t", FIRST));
        let (from, upto) = (start(60), start(62));
        let zeros = vec![0; (upto - from) as usize];
        file.expect("opens").write_all_at(&zeros, from).expect("writes");
        for _ in 0..2 {
            let log = rig.open("t", 0, &[]).await;
            assert_eq!(
                log.marks().log_end,
                Offset(all.len() as i64),
                "no promised offset is reused"
            );
            assert_same(&read_over(&rig, &log).await, &without(&all, &[30, 60, 61]));
            assert_eq!(rig.storage.quarantined_ranges(), 2);
            let more = numbered(all.len()..all.len() + 3);
            rig.fill(&log, &more).await;
            all.extend(more);
            rig.restart().await;
        }
    });
}

#[test]
fn damage_in_a_middle_segment_without_any_checkpoint_keeps_the_later_ones() {
    Rig::run("rot-middle", |mut rig| async move {
        let all = numbered(0..100);
        let log = rig.open("t", 0, &SMALL).await;
        rig.fill(&log, &all).await;
        rig.storage.close().await.expect("closes");
        std::fs::remove_file(rig.file("t", "checkpoint")).expect("removed");
        let start = |i: usize| (0..i).map(|i| batch(&[&all[i]]).len() as u64).sum::<u64>();
        flip(&rig.file("t", FIRST), (start(12) + 3_000) * 8);
        // The last batch of the first segment: nothing sound follows it in its file.
        let len = std::fs::metadata(rig.file("t", FIRST)).expect("there").len();
        flip(&rig.file("t", FIRST), (len - 10) * 8);
        rig.restart().await;
        let log = rig.open("t", 0, &SMALL).await;
        let last = log.0.log.borrow().segments().next().expect("one").end.0 as usize - 1;
        assert_same(&read_over(&rig, &log).await, &without(&all, &[12, last]));
        assert_eq!(log.marks().log_end, Offset(100));
        rig.storage.close().await.expect("closes");
        rig.restart().await;
        let log = rig.open("t", 0, &SMALL).await;
        assert_same(&read_over(&rig, &log).await, &without(&all, &[12, last]));
    });
}

#[test]
fn a_missing_or_shortened_segment_is_a_hole_that_readers_step_over() {
    Rig::run("rot-missing", |mut rig| async move {
        let all = numbered(0..150);
        let log = rig.open("t", 0, &SMALL).await;
        rig.fill(&log, &all).await;
        let bases: Vec<i64> = log.0.log.borrow().segments().map(|s| s.base.0).collect();
        assert!(bases.len() > 4);
        rig.storage.close().await.expect("closes");
        let file = |base: i64| rig.file("t", &format!("{base:020}.log"));
        std::fs::remove_file(file(bases[1])).expect("removed");
        let short = std::fs::OpenOptions::new().write(true).open(file(bases[3])).expect("opens");
        let left = 3 * batch(&[&all[bases[3] as usize]]).len() as u64 + 4_000;
        short.set_len(left).expect("cut");
        let lost: Vec<usize> = (bases[1]..bases[2])
            .chain(bases[3] + 3..bases[4])
            .map(|offset| offset as usize)
            .collect();
        rig.restart().await;
        for checkpointed in [true, false] {
            let log = rig.open("t", 0, &SMALL).await;
            assert_same(&read_over(&rig, &log).await, &without(&all, &lost));
            rig.storage.close().await.expect("closes");
            if checkpointed {
                std::fs::remove_file(rig.file("t", "checkpoint")).expect("removed");
            }
            rig.restart().await;
        }
    });
}

#[test]
fn any_flipped_bit_of_any_file_is_never_served_as_good_data() {
    Rig::run("rot-any", |mut rig| async move {
        let all: Vec<String> =
            (0..600).map(|i| format!("{i:04}{}", "s".repeat(i * 7 % 900))).collect();
        let settings = [("segment.bytes", "1048576"), ("index.interval.bytes", "1000")];
        let log = rig.open("t", 0, &settings).await;
        rig.fill(&log, &all[..500]).await;
        log.0.log.borrow_mut().roll();
        rig.fill(&log, &all[500..]).await;
        super::lifecycle::settled(&rig, &log).await;
        rig.storage.close().await.expect("closes");
        let dir = rig.dir.join("t-0");
        let pristine: Vec<_> = std::fs::read_dir(&dir)
            .expect("lists")
            .flatten()
            .map(|entry| (entry.path(), std::fs::read(entry.path()).expect("reads")))
            .collect();
        assert!(pristine.len() >= 4, "{}", pristine.len());
        let mut random = 0x5eed_u64;
        for round in 0..250 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let (path, bytes) = &pristine[(random >> 33) as usize % pristine.len()];
            let bit = (random >> 20) % (bytes.len() as u64 * 8);
            flip(path, bit);
            rig.restart().await;
            // Offline with an error is an answer; wrong bytes are not.
            if let Ok(log) = rig.try_open("t", TOPIC_ID, 0, &settings).await {
                let found = read_over(&rig, &log).await;
                let mut from = all.iter();
                for value in &found {
                    assert!(from.any(|known| known == value), "round {round}: {path:?} bit {bit}");
                }
                assert!(found.len() >= 500, "round {round}: {} of {path:?} bit {bit}", found.len());
            }
            drop(rig.storage.close().await);
            let _ = std::fs::remove_dir_all(&dir);
            std::fs::create_dir(&dir).expect("made");
            for (path, bytes) in &pristine {
                std::fs::write(path, bytes).expect("restored");
            }
        }
    });
}

#[test]
fn a_sealed_file_that_loses_its_end_and_its_index_is_read_up_to_there() {
    Rig::run("rot-short", |mut rig| async move {
        let all = numbered(0..100);
        let log = rig.open("t", 0, &SMALL).await;
        rig.fill(&log, &all).await;
        rig.storage.close().await.expect("closes");
        rig.restart().await;
        let log = rig.open("t", 0, &SMALL).await;
        let first = log.0.log.borrow().segments().next().cloned().expect("a segment");
        std::fs::remove_file(rig.file("t", "00000000000000000000.index")).expect("removed");
        let size = |i: usize| batch(&[&all[i]]).len() as u64;
        let file = std::fs::OpenOptions::new().write(true).open(rig.file("t", FIRST));
        file.expect("opens").set_len((0..7).map(size).sum::<u64>() + 100).expect("cut");
        let lost: Vec<usize> = (7..first.end.0 as usize).collect();
        assert_same(&read_over(&rig, &log).await, &without(&all, &lost));
        assert_eq!(rig.storage.quarantined_ranges(), 1);
    });
}
