//! Appends that are not decided at once: order, memory, and what a bomb may cost.

use bytes::Bytes;
use millstream_engine::refusal::Refusal;
use millstream_wire::ErrorCode;
use millstream_wire::batch::{BatchBuilder, BatchView};
use millstream_wire::compress::Codec;

use super::rig::{Rig, batch, batch_with};
use super::*;
use crate::storage::intake::Taken;

type Outcome = Result<Appended, AppendRefusal>;

fn packed(codec: Codec, value: &[u8], sequence: i32) -> Bytes {
    let mut builder = BatchBuilder::new(codec).producer(7, 0, sequence);
    builder.append(1, None, Some(value), &[]).build().expect("builds")
}

fn take(rig: &Rig, log: &PartitionLog, records: &Bytes, wait_ms: u64) -> Taken {
    let until_ns = rig.shard.precise_ns() + wait_ms * 1_000_000;
    log.take_in(records, rig.client(), rig.now(), until_ns)
}

async fn decided(taken: Taken) -> Outcome {
    match taken {
        Taken::Now(outcome) => outcome,
        Taken::Later(outcome) => outcome.await.expect("the intake answers"),
    }
}

#[test]
fn what_takes_long_keeps_its_place_before_what_is_light() {
    Rig::run("intake-order", |rig| async move {
        let log = rig.open("t", 0, &[("compression.type", "zstd")]).await;
        let large = vec![b'x'; 900_000];
        let taken: Vec<Taken> = (0..8)
            .map(|sequence| {
                let value = if sequence % 3 == 0 { &large[..] } else { b"light" };
                take(&rig, &log, &packed(Codec::None, value, sequence), 10_000)
            })
            .collect();
        assert!(taken.iter().all(|taken| matches!(taken, Taken::Later(_))), "all behind the first");
        for (sequence, taken) in (0i64..).zip(taken) {
            let appended = decided(taken).await.expect("sequences are in order");
            assert_eq!(appended.base_offset, Offset(sequence));
        }
        log.durable(Offset(8)).await.expect("flushed");
        let again = decided(take(&rig, &log, &packed(Codec::None, b"light", 7), 10_000)).await;
        assert!(again.expect("known").duplicate, "the queue is empty, the window is kept");
        let mut from = Offset(0);
        while from < Offset(8) {
            let read = log.read(from, 1, true, Offset(8)).await.expect("read");
            let bytes = read.extents.concat();
            let view = BatchView::parse(&bytes).expect("a batch");
            assert!(view.crc_valid());
            assert_eq!(view.attributes().codec(), Ok(Codec::Zstd));
            let plain = view.decompressed(1 << 20).expect("sound");
            let record = view.records_in(&plain).next().expect("one").expect("sound");
            let expected = if from.0 % 3 == 0 { &large[..] } else { b"light" };
            assert!(record.value == Some(expected), "offset {from}");
            from = from.next();
        }
    });
}

#[test]
fn a_bomb_costs_memory_of_the_pool_alone_and_gives_it_back() {
    Rig::run("intake-bomb", |rig| async move {
        let log = rig.open("t", 0, &[]).await;
        let bomb = packed(Codec::Gzip, &vec![0; 60 << 20], 0);
        assert!(bomb.len() < 100_000);
        let taken = take(&rig, &log, &bomb, 60_000);
        assert!(matches!(taken, Taken::Later(_)), "not on the shard's own time");
        decided(taken).await.expect("it is sound, and within the cap");
        let stats = rig.shard.pool().stats();
        assert!(stats.held >= 60 << 20, "it was decompressed into the pool: {stats:?}");
        assert!(stats.held - stats.idle < 8 << 20, "and is given back: {stats:?}");
        let over = packed(Codec::Gzip, &vec![0; 65 << 20], 1);
        let refused = decided(take(&rig, &log, &over, 60_000)).await.expect_err("over the cap");
        assert_eq!(Refusal::from(refused).code(), ErrorCode::MessageTooLarge);
        log.durable(Offset(1)).await.expect("flushed");
    });
}

#[test]
fn a_full_pool_makes_appends_wait_and_never_is_a_storage_error() {
    Rig::run("intake-memory", |rig| async move {
        let log = rig.open("t", 0, &[]).await;
        let pool = rig.shard.pool().clone();
        let mut hog: Vec<_> = std::iter::from_fn(|| pool.try_take(16 << 20)).collect();
        let mut small: Vec<_> = std::iter::from_fn(|| pool.try_take(4096)).collect();
        assert!(pool.try_take(4096).is_none(), "the pool is full");
        let late = decided(take(&rig, &log, &batch(&["late"]), 30)).await;
        let refusal = Refusal::from(late.expect_err("no memory in 30 ms"));
        assert_eq!(refusal.code(), ErrorCode::RequestTimedOut);
        let first = take(&rig, &log, &batch(&["first"]), 60_000);
        let second = take(&rig, &log, &batch(&["second"]), 60_000);
        rig.shard.sleep(std::time::Duration::from_millis(20)).await;
        hog.clear();
        small.clear();
        let first = decided(first).await.expect("memory came back");
        let second = decided(second).await.expect("and suffices");
        assert_eq!((first.base_offset, second.base_offset), (Offset(0), Offset(1)));
        log.durable(Offset(2)).await.expect("flushed");
        assert_eq!(rig.read_all(&log).await, ["first", "second"]);
    });
}

#[test]
fn a_partition_that_goes_answers_its_queue() {
    Rig::run("intake-closed", |rig| async move {
        let log = rig.open("t", 0, &[("compression.type", "gzip")]).await;
        let large = packed(Codec::None, &vec![b'x'; 900_000], 0);
        let taken = [take(&rig, &log, &large, 10_000), take(&rig, &log, &batch(&["a"]), 10_000)];
        rig.storage.delete_partition(log).await.expect("deleted");
        for taken in taken {
            let code = decided(taken).await.map_err(|refusal| Refusal::from(refusal).code());
            assert_eq!(code.expect_err("it is gone"), ErrorCode::NotLeaderOrFollower);
        }
    });
}

#[test]
fn append_time_is_one_for_the_batch_and_the_answer() {
    Rig::run("intake-time", |rig| async move {
        let overrides = [("compression.type", "gzip"), ("message.timestamp.type", "LogAppendTime")];
        let log = rig.open("t", 0, &overrides).await;
        for (offset, value) in [(0, vec![b'x'; 900_000]), (1, b"light".to_vec())] {
            let records = batch_with(Codec::Lz4, &value);
            let appended = decided(take(&rig, &log, &records, 10_000)).await.expect("appended");
            log.durable(appended.end).await.expect("flushed");
            let read = log.read(Offset(offset), 1, true, appended.end).await.expect("read");
            let bytes = read.extents.concat();
            let view = BatchView::parse(&bytes).expect("a batch");
            assert!(view.crc_valid() && view.attributes().is_log_append_time());
            assert_eq!(view.max_timestamp(), appended.append_time_ms);
        }
    });
}

#[test]
fn what_is_appended_at_once_or_not_at_all_does_not_overtake_what_waits() {
    Rig::run("intake-overtake", |rig| async move {
        let log = rig.open("t", 0, &[("compression.type", "zstd")]).await;
        let large = packed(Codec::None, &vec![b'x'; 900_000], 0);
        let waiting = take(&rig, &log, &large, 10_000);
        assert!(matches!(waiting, Taken::Later(_)), "it takes long");
        let small = batch(&["small"]);
        let refused = log.append(&small, rig.client(), rig.now());
        assert_eq!(refused, Err(AppendRefusal::NoMemory));
        assert_eq!(decided(waiting).await.expect("in its turn").base_offset, Offset(0));
        let appended = log.append(&small, rig.client(), rig.now()).expect("nobody waits");
        assert_eq!(appended.base_offset, Offset(1));
    });
}
