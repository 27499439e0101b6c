//! Promises: exact lengths, and pieces of them from memory, from files, and from what is damaged.

use bytes::Bytes;
use millstream_wire::batch::split_batches;

use super::rot::{flip, numbered};
use super::*;

/// Up to `bytes_max` below `upto`, all of it ready if that is not much.
pub fn share(bytes_max: usize, upto: Offset) -> Share {
    Share { bytes_max, must_progress: true, upto, ready_max: 1 << 20 }
}

/// Takes a promise to its end in pieces of about `piece_max`; what was given at once is left.
async fn all_of(log: &PartitionLog, found: Promised, piece_max: usize) -> Vec<Bytes> {
    let (mut promise, mut all) = (found.promise, Vec::new());
    let mut asked = piece_max;
    while !promise.is_empty() {
        match log.piece(&promise, asked.min(promise.bytes()), Form::Memory).await {
            Ok(piece) => {
                promise.advance(&piece);
                all.extend_from_slice(piece.extents());
                asked = piece_max;
            }
            Err(PieceFault::Larger(bytes)) => {
                assert!(bytes > asked && bytes <= promise.bytes(), "{bytes} of {asked}");
                asked = bytes;
            }
            Err(fault) => panic!("{fault}"),
        }
    }
    all
}

/// The offsets of all batches, and the end of the last.
fn offsets(extents: &[Bytes]) -> Vec<i64> {
    let joined = extents.concat();
    let batches = split_batches(&joined).map(|batch| batch.expect("whole"));
    let ends: Vec<_> =
        batches.map(|batch| (batch.base_offset(), batch.last_offset() + 1)).collect();
    let last = ends.last().map(|(_, end)| *end);
    ends.iter().map(|(base, _)| *base).chain(last).collect()
}

/// Reads the whole log by promises of `bytes_max` in pieces of `piece_max`.
async fn read_by_promises(
    log: &PartitionLog,
    (bytes_max, piece_max, ready_max): (usize, usize, usize),
) -> Vec<String> {
    let end = log.marks().high_watermark;
    let (mut from, mut all) = (Offset(0), Vec::new());
    while from < end {
        let share = Share { ready_max, ..share(bytes_max, end) };
        let found = log.promise(from, share).await.expect("in range").expect("some");
        let bytes = found.promise.bytes();
        if let Some(ready) = &found.ready {
            let max = if ready.is_in_memory() { ready_max.min(bytes) } else { bytes };
            assert!(ready.bytes() <= max, "what is ready is the beginning");
        }
        let extents = all_of(log, found, piece_max).await;
        assert_eq!(extents.iter().map(Bytes::len).sum::<usize>(), bytes, "to the byte");
        let found = offsets(&extents);
        assert!(found.len() == 2 || bytes <= bytes_max, "{bytes} of {bytes_max}");
        assert_eq!(found.first(), Some(&from.0));
        from = Offset(*found.last().expect("some"));
        all.extend(values(&extents));
    }
    assert_eq!(from, end);
    all
}

#[test]
fn promises_are_kept_to_the_byte_from_memory_and_from_files() {
    Rig::run("promise", |rig| async move {
        let settings = [("segment.bytes", "1048576"), ("index.interval.bytes", "8000")];
        let log = rig.open("t", 0, &settings).await;
        let all: Vec<String> =
            (0..900).map(|i| format!("{i:04}{}", "p".repeat(i * i * 31 % 9_000))).collect();
        rig.fill(&log, &all).await;
        super::lifecycle::settled(&rig, &log).await;
        let shapes = [
            (1, 1, 0),
            (10_000, 3_000, 0),
            (100_000, 20_000, 0),
            (100_000, 200_000, 30_000),
            (3 << 20, 100_000, 50_000),
            (3 << 20, 1 << 20, 1 << 20),
        ];
        for is_cold in [false, true] {
            for shape in shapes {
                assert_eq!(read_by_promises(&log, shape).await, all, "{shape:?} {is_cold}");
            }
            log.0.settle_upto(log.marks().log_end).await.expect("settles");
            log.0.release_tail();
        }
    });
}

#[test]
fn what_leaves_memory_after_its_promise_comes_from_the_file() {
    Rig::run("promise-evicted", |rig| async move {
        let log = rig.open("t", 0, &[]).await;
        let all = numbered(0..40);
        rig.fill(&log, &all).await;
        let end = log.marks().high_watermark;
        let found = log.promise(Offset(0), share(1 << 30, end)).await.expect("read");
        let mut promise = found.expect("some").promise;
        let first = log.try_piece(&promise, 200_000).expect("in memory");
        promise.advance(&first);
        let mut read = values(first.extents());
        log.0.settle_upto(end).await.expect("settles");
        log.0.release_tail();
        assert!(log.try_piece(&promise, 200_000).is_none(), "not in memory");
        let rest = all_of(&log, Promised { promise, ready: None }, 200_000).await;
        read.extend(values(&rest));
        assert_eq!(read, all);
    });
}

#[test]
fn damage_in_a_promise_ends_it_and_the_next_one_steps_over_it() {
    Rig::run("promise-rot", |mut rig| async move {
        let all = numbered(0..100);
        let settings = [("segment.bytes", "1048576"), ("index.interval.bytes", "60000")];
        let log = rig.open("t", 0, &settings).await;
        rig.fill(&log, &all).await;
        rig.storage.close().await.expect("closes");
        rig.restart().await;
        let size = |i: usize| batch(&[&all[i]]).len() as u64;
        let start = |i: usize| (0..i).map(size).sum::<u64>();
        // The middle of one batch, and the length of another, made larger.
        flip(&rig.file("t", super::rot::FIRST), (start(11) + 5_000) * 8 + 3);
        flip(&rig.file("t", super::rot::FIRST), (start(20) + 9) * 8);
        let log = rig.open("t", 0, &settings).await;
        let end = log.marks().high_watermark;
        let (mut from, mut faults, mut read) = (Offset(0), 0, Vec::new());
        while from < end {
            let share = Share { ready_max: 0, ..share(1 << 20, end) };
            let found = log.promise(from, share).await.expect("in range").expect("some");
            let mut promise = found.promise;
            while !promise.is_empty() {
                match log.piece(&promise, 100_000.min(promise.bytes()), Form::Any).await {
                    Ok(piece) => {
                        promise.advance(&piece);
                        from = Offset(*offsets(piece.extents()).last().expect("some"));
                        read.extend(values(piece.extents()));
                    }
                    Err(fault) => {
                        assert_eq!(fault, PieceFault::Gone("they are damaged"));
                        faults += 1;
                        break;
                    }
                }
            }
        }
        assert_eq!(faults, 2, "each damage ends one answer");
        assert_eq!(rig.storage.quarantined_ranges(), 2);
        assert!(read == super::rot::without(&all, &[11, 20]), "all but what is damaged");
    });
}

#[test]
fn a_promise_of_a_segment_that_has_left_is_not_kept_from_another() {
    Rig::run("promise-left", |rig| async move {
        let settings = [("segment.bytes", "1048576"), ("file.delete.delay.ms", "0")];
        let log = rig.open("t", 0, &settings).await;
        rig.fill(&log, &numbered(0..100)).await;
        super::lifecycle::settled(&rig, &log).await;
        log.0.settle_upto(log.marks().log_end).await.expect("settles");
        log.0.release_tail();
        let end = log.marks().high_watermark;
        let found = log.promise(Offset(0), share(1 << 20, end)).await.expect("read");
        let promise = found.expect("some").promise;
        log.delete_records(None).await.expect("deleted");
        log.0.retain(rig.now()).await;
        let piece = log.piece(&promise, 100_000, Form::Any).await;
        assert!(matches!(piece, Err(PieceFault::Gone(_))), "{piece:?}");
    });
}

#[test]
fn what_one_reader_has_checked_leaves_for_the_next_as_it_lies_in_the_cache() {
    Rig::run("promise-cache", |rig| async move {
        let log = rig.open("t", 0, &[("segment.bytes", "1048576")]).await;
        let all = numbered(0..100);
        rig.fill(&log, &all).await;
        super::lifecycle::settled(&rig, &log).await;
        log.0.settle_upto(log.marks().log_end).await.expect("settles");
        log.0.release_tail();
        let share = Share { ready_max: 0, ..share(1 << 20, log.marks().high_watermark) };
        let found = log.promise(Offset(0), share).await.expect("read").expect("some");
        let first = log.piece(&found.promise, 300_000, Form::Any).await.expect("sound");
        assert!(!first.extents().is_empty(), "the first reader's is read and checked");
        let again = log.piece(&found.promise, 300_000, Form::Any).await.expect("sound");
        let Content::File(file, from) = again.content() else { panic!("it is in the cache") };
        assert_eq!(again.bytes(), first.bytes());
        let buf = rig.shard.pool().try_take(again.bytes()).expect("memory");
        let (read, buf) = file.read_at(&rig.shard, buf, again.bytes(), *from).await;
        assert_eq!(read.expect("read"), again.bytes());
        assert!(buf[..again.bytes()] == first.extents().concat()[..], "the same bytes");
        let memory = log.piece(&found.promise, 300_000, Form::Memory).await.expect("sound");
        assert_eq!(memory.extents().concat(), first.extents().concat());
        let Promised { ready, .. } =
            log.promise(Offset(0), share).await.expect("read").expect("some");
        let ready = ready.expect("it is said at once where it lies");
        assert_eq!((ready.bytes(), ready.is_in_memory()), (again.bytes(), false));
        log.0.forget_all_readers();
        let anew = log.piece(&found.promise, 300_000, Form::Any).await.expect("sound");
        assert!(!anew.extents().is_empty(), "who opens the file anew checks it anew");
    });
}

/// Takes all of a promise as a sender does; bytes in memory and bytes in the cache.
async fn passed(log: &PartitionLog, found: Promised) -> (usize, usize) {
    let (mut promise, mut ready) = (found.promise, found.ready);
    let (mut memory, mut cache) = (0, 0);
    while !promise.is_empty() {
        let piece = match ready.take() {
            Some(piece) => piece,
            None => {
                let max = 300_000.min(promise.bytes());
                log.piece(&promise, max, Form::Any).await.expect("sound")
            }
        };
        *if piece.is_in_memory() { &mut memory } else { &mut cache } += piece.bytes();
        promise.advance(&piece);
    }
    (memory, cache)
}

#[test]
fn what_is_taken_again_and_again_leaves_from_the_cache_though_it_is_in_memory() {
    Rig::run("promise-rereads", |rig| async move {
        let log = rig.open("t", 0, &[("segment.bytes", "1048576")]).await;
        rig.fill(&log, &numbered(0..100)).await;
        super::lifecycle::settled(&rig, &log).await;
        log.0.settle_upto(log.marks().log_end).await.expect("settles");
        let end = log.marks().high_watermark;
        let share = share(1 << 20, end);
        let mut passes = Vec::new();
        for _ in 0..20 {
            let (mut from, mut pass) = (Offset(0), (0, 0));
            while from < end {
                let found = log.promise(from, share).await.expect("read").expect("some");
                from = found.promise.end_offset();
                let (memory, cache) = passed(&log, found).await;
                pass = (pass.0 + memory, pass.1 + cache);
            }
            passes.push(pass);
        }
        let first = passes[0];
        assert!(passes[..3].iter().all(|pass| *pass == (first.0, 0)), "{passes:?}");
        // What is near the end stays as it is.
        assert!(passes.last().is_some_and(|(memory, _)| *memory < first.0 / 2), "{passes:?}");
        // Who reads at the end of the log gets what is in memory.
        let found = log.promise(Offset(end.0 - 3), share).await.expect("read").expect("some");
        assert!(found.ready.is_some_and(|piece| piece.is_in_memory()));
    });
}
