//! The storage shell on a real ring and real files.

mod checkpoints;
mod compact;
mod crash;
mod crash_states;
mod extend;
mod failed_flush;
mod intake;
mod journal;
mod journal_held;
mod killed;
mod lifecycle;
mod misdirected;
mod nth_io;
mod powercut;
mod pressure;
mod promise;
mod reopen;
mod retention_full;
mod rig;
mod rot;

use millstream_engine::ids::Offset;
use millstream_engine::log::{AppendFault, SequenceFault};

use super::*;
use rig::{Rig, TOPIC_ID, batch, produced, values};

#[test]
fn what_is_durable_can_be_read_back() {
    Rig::run("readback", |rig| async move {
        let log = rig.open("t", 0, &[]).await;
        let first = log.append(&batch(&["a", "b"]), rig.client(), rig.now()).expect("appended");
        assert_eq!((first.base_offset, first.end), (Offset(0), Offset(2)));
        assert_eq!(log.marks().high_watermark, Offset(0), "not before the flush");
        log.durable(first.end).await.expect("flushed");
        assert_eq!(log.marks().high_watermark, Offset(2));
        let second = log.append(&batch(&["c"]), rig.client(), rig.now()).expect("appended");
        log.written(second.end).await.expect("written");
        let share = promise::share(1 << 20, Offset(3));
        let hot = log.try_promise(Offset(0), share).expect("in memory").expect("in range");
        let piece = hot.and_then(|hot| hot.ready).expect("given at once");
        assert_eq!(values(piece.extents()), ["a", "b", "c"]);
        log.0.release_tail();
        assert!(log.try_promise(Offset(0), share).is_none(), "cold now");
        let cold = log.read(Offset(1), 1 << 20, true, Offset(3)).await.expect("read");
        assert_eq!(values(&cold.extents), ["a", "b", "c"], "the batch that holds offset 1");
        let cold = log.read(Offset(2), 1 << 20, true, Offset(3)).await.expect("read");
        assert_eq!(values(&cold.extents), ["c"]);
        let third = log.append(&batch(&["d"]), rig.client(), rig.now()).expect("appended");
        log.durable(third.end).await.expect("flushed");
        let all = log.read(Offset(0), 1 << 20, true, Offset(3)).await.expect("read");
        assert_eq!(values(&all.extents), ["a", "b", "c"], "nothing past `upto`");
        let refused = log.read(Offset(9), 1 << 20, true, Offset(4)).await;
        assert!(matches!(refused, Err(ReadRefusal::Range(_))), "{refused:?}");
    });
}

#[test]
fn many_appends_of_one_turn_share_a_commit_and_keep_their_order() {
    Rig::run("group", |rig| async move {
        let log = rig.open("t", 0, &[]).await;
        let mut expected = Vec::new();
        for i in 0..500 {
            let value = format!("{i:0>width$}", width = 10 + i % 300);
            log.append(&batch(&[&value]), rig.client(), rig.now()).expect("appended");
            expected.push(value);
        }
        log.durable(Offset(500)).await.expect("flushed");
        assert_eq!(rig.read_all(&log).await, expected);
        log.0.release_tail();
        assert_eq!(rig.read_all(&log).await, expected);
    });
}

#[test]
fn a_batch_larger_than_a_block_and_a_commit_is_one_batch() {
    Rig::run("large", |rig| async move {
        let log = rig.open("t", 0, &[("max.message.bytes", "20000000")]).await;
        let large: Vec<String> = (0..9).map(|i| i.to_string().repeat(1 << 20)).collect();
        let large: Vec<&str> = large.iter().map(String::as_str).collect();
        log.append(&batch(&["small"]), rig.client(), rig.now()).expect("appended");
        log.append(&batch(&large), rig.client(), rig.now()).expect("appended");
        log.durable(Offset(10)).await.expect("flushed");
        for _ in 0..2 {
            let small = log.read(Offset(0), 1000, true, Offset(10)).await.expect("read");
            assert_eq!(values(&small.extents), ["small"]);
            let none = log.read(Offset(1), 1000, false, Offset(10)).await.expect("read");
            assert_eq!(none.bytes, 0);
            let whole = log.read(Offset(1), 1000, true, Offset(10)).await.expect("read");
            assert_eq!(values(&whole.extents), large);
            log.0.release_tail();
        }
    });
}

#[test]
fn duplicates_and_gaps_of_a_producer_are_seen() {
    Rig::run("idempotent", |rig| async move {
        let log = rig.open("t", 0, &[]).await;
        let append = |sequence| log.append(&produced(7, 0, sequence), rig.client(), rig.now());
        let first = append(0).expect("appended");
        assert!(!first.duplicate);
        let again = append(0).expect("answered");
        assert!(again.duplicate && again.base_offset == first.base_offset);
        let gap = append(2).expect_err("a gap");
        let fault = SequenceFault::OutOfOrder { expected: 1, sequence: 2 };
        assert_eq!(gap, AppendRefusal::Log(AppendFault::Sequence(fault)));
        log.durable(first.end).await.expect("flushed");
        assert_eq!(log.producers().len(), 1);
    });
}

#[test]
fn append_time_is_the_brokers_where_the_topic_says_so() {
    Rig::run("append-time", |rig| async move {
        let log = rig.open("t", 0, &[("message.timestamp.type", "LogAppendTime")]).await;
        let now = rig.now();
        let appended = log.append(&batch(&["a"]), rig.client(), now).expect("appended");
        assert_eq!(appended.append_time_ms, now.wall_ms);
        log.durable(appended.end).await.expect("flushed");
        let read = log.read(Offset(0), 1 << 20, true, Offset(1)).await.expect("read");
        let joined = read.extents.concat();
        let view = millstream_wire::batch::BatchView::parse(&joined).expect("a batch");
        assert!(view.crc_valid() && view.attributes().is_log_append_time());
        assert_eq!(view.max_timestamp(), now.wall_ms);
        let found = log.offset_for_timestamp(now.wall_ms).await.expect("looked up");
        assert_eq!(found.map(|f| (f.offset, f.timestamp_ms)), Some((Offset(0), now.wall_ms)));
        assert_eq!(log.offset_for_timestamp(now.wall_ms + 1).await.expect("looked up"), None);
    });
}

#[test]
fn records_are_found_by_time() {
    Rig::run("time", |rig| async move {
        let log = rig.open("t", 0, &[("index.interval.bytes", "100")]).await;
        let start = rig.now().wall_ms - 10_000;
        for i in 0..200 {
            let bytes = rig::batch_at(start + i * 10, &["x", "y"]);
            log.append(&bytes, rig.client(), rig.now()).expect("appended");
        }
        log.durable(Offset(400)).await.expect("flushed");
        for _ in 0..2 {
            for i in [0, 1, 57, 199] {
                let found = log.offset_for_timestamp(start + i * 10 - 5).await.expect("looked up");
                let found = found.map(|f| (f.offset, f.timestamp_ms));
                assert_eq!(found, Some((Offset(2 * i), start + i * 10)));
            }
            let last = log.max_timestamp().await.expect("looked up");
            let last = last.map(|f| (f.offset, f.timestamp_ms));
            assert_eq!(last, Some((Offset(398), start + 1990)));
            log.0.release_tail();
        }
    });
}

#[test]
fn watchers_hear_of_the_high_watermark() {
    Rig::run("watch", |rig| async move {
        let log = rig.open("t", 0, &[]).await;
        let notify = Rc::new(Notify::new());
        let guard = log.watch(notify.clone());
        let heard = notify.notified();
        log.append(&batch(&["a"]), rig.client(), rig.now()).expect("appended");
        heard.await;
        assert_eq!(log.marks().high_watermark, Offset(1));
        drop(guard);
        assert!(log.0.watchers.borrow().is_empty());
    });
}
