//! The planner beside a naive model, and its tables walked completely.

mod dynamic;
mod misdirected;
mod model;
mod rows;
mod sequences;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use millstream_wire::Uuid;
use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;

use super::*;
use crate::config::BrokerConfig;
use crate::ids::{ProducerEpoch, ProducerId};
use crate::validate::{Origin, Rules, ValidBatches, admitted};

pub(super) fn config(overrides: &[(&str, &str)]) -> Arc<TopicConfig> {
    let text = |(key, value): &(&str, &str)| (key.to_string(), value.to_string());
    let overrides: BTreeMap<_, _> = overrides.iter().map(text).collect();
    Arc::new(TopicConfig::resolve(&overrides, &BrokerConfig::default()).expect("sound"))
}

pub(super) fn at(wall_ms: i64) -> Now {
    Now { wall_ms, mono_ns: wall_ms as u64 * 1_000_000 }
}

pub(super) fn batch(records: usize, producer: Option<(i64, i16, i32)>) -> Bytes {
    let mut builder = BatchBuilder::new(Codec::None);
    if let Some((id, epoch, sequence)) = producer {
        builder = builder.producer(id, epoch, sequence);
    }
    for _ in 0..records {
        builder.append(1_000, None, Some(b"0123456789"), &[]);
    }
    builder.build().expect("builds")
}

pub(super) fn valid(bytes: &Bytes, config: &TopicConfig, now: Now) -> ValidBatches {
    let origin = Origin::Client { produce_version: 11 };
    admitted(bytes, &Rules { origin, config, now }).expect("admitted")
}

pub(super) fn append(log: &mut Log, bytes: &Bytes, now: Now) -> Result<AppendVerdict, AppendFault> {
    let batches = valid(bytes, &log.config().clone(), now);
    let nothing = (&Refusals::default(), (Uuid::ZERO, 0));
    let verdict = log.plan_append(&batches, nothing, now)?;
    if let AppendVerdict::Append(plan) = verdict {
        log.apply_append(&batches, &plan, now);
    }
    log.check();
    Ok(verdict)
}

pub(super) fn fresh(overrides: &[(&str, &str)]) -> Log {
    Log::new(config(overrides), Recovered::default())
}

fn commit_all(log: &mut Log) {
    while let Some(plan) = log.plan_commit(1 << 20) {
        log.on_filed(&plan);
        log.check();
    }
}

fn appended(verdict: Result<AppendVerdict, AppendFault>) -> (i64, i64) {
    match verdict {
        Ok(AppendVerdict::Append(plan)) => (plan.base.0, plan.end.0),
        other => panic!("not appended: {other:?}"),
    }
}

#[test]
fn a_repeated_batch_is_answered_with_its_first_offsets() {
    let mut log = fresh(&[]);
    for i in 0..5 {
        appended(append(&mut log, &batch(2, Some((9, 0, 2 * i))), at(1)));
    }
    let again = append(&mut log, &batch(2, Some((9, 0, 2))), at(2));
    assert!(matches!(again, Ok(AppendVerdict::Duplicate(seen)) if seen.base == Offset(2)));
    appended(append(&mut log, &batch(1, Some((9, 0, 10))), at(3)));
    let forgotten = append(&mut log, &batch(2, Some((9, 0, 0))), at(4));
    let fault = SequenceFault::OutOfOrder { expected: 11, sequence: 0 };
    assert_eq!(forgotten, Err(AppendFault::Sequence(fault)), "six batches back is no duplicate");
}

#[test]
fn sequences_must_follow_and_epochs_fence() {
    let mut log = fresh(&[]);
    let refused = |verdict: Result<AppendVerdict, AppendFault>| match verdict {
        Err(AppendFault::Sequence(fault)) => fault,
        other => panic!("not refused: {other:?}"),
    };
    appended(append(&mut log, &batch(1, Some((9, 3, 0))), at(1)));
    let gap = refused(append(&mut log, &batch(1, Some((9, 3, 2))), at(1)));
    assert_eq!(gap, SequenceFault::OutOfOrder { expected: 1, sequence: 2 });
    let old = refused(append(&mut log, &batch(1, Some((9, 2, 0))), at(1)));
    assert_eq!(old, SequenceFault::Fenced { epoch: ProducerEpoch(2), current: ProducerEpoch(3) });
    let new = refused(append(&mut log, &batch(1, Some((9, 4, 1))), at(1)));
    assert_eq!(new, SequenceFault::OutOfOrder { expected: 0, sequence: 1 });
    appended(append(&mut log, &batch(1, Some((9, 4, 0))), at(1)));
}

#[test]
fn producers_that_contradict_themselves_are_not_restored() {
    let of = |first_sequence, last_sequence, offsets: std::ops::Range<i64>| ProducedBatch {
        first_sequence,
        last_sequence,
        base: Offset(offsets.start),
        end: Offset(offsets.end),
        timestamp_ms: 0,
    };
    let restored = |window: &[ProducedBatch]| {
        let state = ProducerState { epoch: ProducerEpoch(0), window: window.into(), seen_ms: 1 };
        Producers::restore(vec![ProducerSnapshot { id: ProducerId(9), state }])
    };
    assert!(restored(&[of(0, 1, 0..2), of(2, 2, 2..3)]).is_some());
    assert!(restored(&[of(0, 1, 0..2), of(2, 2, 1..2)]).is_none(), "offsets overlap");
    assert!(restored(&[of(0, 0, 5..5)]).is_none(), "a batch of nothing");
    assert!(restored(&[of(-1, 0, 5..6)]).is_none(), "a sequence that is none");
    assert!(restored(&[of(0, 0, 0..1); 6]).is_none(), "more than a window");
}

#[test]
fn sequences_wrap_from_the_largest_to_zero() {
    let mut log = fresh(&[]);
    let wrap = |first: i32| batch(3, Some((9, 0, first)));
    appended(append(&mut log, &batch(1, Some((9, 0, 0))), at(1)));
    log.producers = Producers::restore(vec![ProducerSnapshot {
        id: ProducerId(9),
        state: ProducerState {
            epoch: ProducerEpoch(0),
            window: smallvec::smallvec![ProducedBatch {
                first_sequence: i32::MAX - 1,
                last_sequence: i32::MAX - 1,
                base: Offset(0),
                end: Offset(1),
                timestamp_ms: 0,
            }],
            seen_ms: 1,
        },
    }])
    .expect("it holds together");
    appended(append(&mut log, &wrap(i32::MAX), at(1)));
    appended(append(&mut log, &wrap(2), at(1)));
}

#[test]
fn a_producer_expires_when_it_was_silent_for_longer_than_the_limit() {
    let mut log = fresh(&[]);
    appended(append(&mut log, &batch(1, Some((9, 0, 0))), at(1_000)));
    log.expire_producers(at(2_000), 1_000);
    assert!(!log.producers().is_empty(), "silent for exactly the limit");
    log.expire_producers(at(2_001), 1_000);
    assert!(log.producers().is_empty());
}

#[test]
fn the_high_watermark_moves_with_flushed_commits_only() {
    let mut log = fresh(&[]);
    appended(append(&mut log, &batch(3, None), at(1)));
    assert_eq!((log.marks().high_watermark, log.marks().log_end), (Offset(0), Offset(3)));
    let plan = log.plan_commit(1 << 20).expect("bytes wait");
    assert_eq!((plan.aligned_from(), plan.aligned_upto()), (0, 4096));
    assert!(log.plan_commit(1 << 20).is_none(), "one in flight");
    appended(append(&mut log, &batch(1, None), at(1)));
    log.on_filed(&plan);
    assert_eq!(log.marks().high_watermark, Offset(3));
    let next = log.plan_commit(1 << 20).expect("the second batch");
    assert_eq!((next.from, next.aligned_from()), (plan.upto, 0));
    log.on_write_failed();
    assert_eq!(log.marks().high_watermark, Offset(3));
    assert!(log.plan_commit(1 << 20).is_none());
    assert_eq!(append(&mut log, &batch(1, None), at(1)), Err(AppendFault::Poisoned));
}

#[test]
fn a_relaxed_topic_shows_what_is_written_and_flushes_later() {
    let mut log = fresh(&[("flush.messages", "1000")]);
    appended(append(&mut log, &batch(3, None), at(1)));
    commit_all(&mut log);
    assert_eq!(log.marks().high_watermark, Offset(3));
    assert_eq!((log.flushed(), log.unflushed()), (Offset(0), 3));
    log.on_flushed(Offset(3));
    assert_eq!(log.unflushed(), 0);
}

#[test]
fn becoming_strict_waits_for_the_flush_before_it_shows_more() {
    let mut log = fresh(&[("flush.messages", "1000")]);
    appended(append(&mut log, &batch(3, None), at(1)));
    commit_all(&mut log);
    log.set_config(config(&[]));
    appended(append(&mut log, &batch(2, None), at(1)));
    commit_all(&mut log);
    assert_eq!(log.marks().high_watermark, Offset(3), "older bytes may be unflushed");
    log.on_flushed(Offset(5));
    assert_eq!(log.marks().high_watermark, Offset(5));
}

#[test]
fn a_log_rolls_by_size_and_by_time() {
    let size = batch(1, None).len();
    let two = (2 * size).to_string();
    let mut log = fresh(&[("segment.bytes", "1048576"), ("segment.ms", "1000")]);
    appended(append(&mut log, &batch(1, None), at(0)));
    appended(append(&mut log, &batch(1, None), at(1_000)));
    assert_eq!(log.segments().len(), 1, "{two}");
    appended(append(&mut log, &batch(1, None), at(1_001)));
    assert_eq!(log.segments().len(), 2);
    let mut offsets = 3;
    while log.segments().len() == 2 {
        offsets = appended(append(&mut log, &batch(5_000, None), at(1_001))).1;
    }
    assert!(log.segments().all(|segment| segment.bytes <= 1 << 20));
    assert_eq!(log.log_end(), Offset(offsets));
    commit_all(&mut log);
    assert_eq!(log.marks().high_watermark, Offset(offsets), "commits cross segments");
}

#[test]
fn retention_by_brokers_time_rolls_the_active_segment_and_drops_it() {
    let mut log = fresh(&[("retention.ms", "5000")]);
    appended(append(&mut log, &batch(3, None), at(10_000)));
    assert_eq!(log.plan_retention(at(20_000)), RetentionPlan::default(), "not visible yet");
    commit_all(&mut log);
    assert_eq!(log.plan_retention(at(15_000)), RetentionPlan::default(), "records say 1000");
    let plan = log.plan_retention(at(15_001));
    assert_eq!(plan, RetentionPlan { roll: true, drop: vec![Offset(0)] });
    log.apply_retention(&plan);
    log.check();
    assert_eq!((log.marks().log_start, log.log_end()), (Offset(3), Offset(3)));
    appended(append(&mut log, &batch(1, None), at(15_002)));
    commit_all(&mut log);
    assert_eq!(log.marks().high_watermark, Offset(4));
}

#[test]
fn retention_goes_by_the_records_time_where_the_topic_asks_for_it() {
    let by_record = ("millstream.retention.clock", "record");
    let stamped = |stamps: &[i64]| {
        let mut builder = BatchBuilder::new(Codec::None);
        for stamp in stamps {
            builder.append(*stamp, None, Some(b"value"), &[]);
        }
        builder.build().expect("builds")
    };
    // Appended at 10,000; kept for 5,000. When it goes, by broker and by record.
    let rows: [(&[i64], i64, i64); 5] = [
        (&[1_000, 2_000], 15_001, 10_000),
        (&[9_000, 7_000], 15_001, 14_001),
        (&[3_000, 900_000], 15_001, 905_001),
        (&[-1], 15_001, 15_001),
        (&[0], 15_001, 10_000),
    ];
    for (stamps, by_broker, by_records) in rows {
        for (clock, due) in [(None, by_broker), (Some(by_record), by_records)] {
            let kept: Vec<_> = [("retention.ms", "5000")].into_iter().chain(clock).collect();
            let mut log = fresh(&kept);
            appended(append(&mut log, &stamped(stamps), at(10_000)));
            commit_all(&mut log);
            let dropped = |ms| log.plan_retention(at(ms)).drop.len();
            assert_eq!(dropped(due), 1, "{stamps:?} {clock:?}");
            let before = due - 1;
            assert_eq!(dropped(before), usize::from(before < 10_000), "{stamps:?} {clock:?}");
        }
    }
}

/// One segment that is complete and settled, one with bytes that are in the journal only.
fn settled_and_unsettled(overrides: &[(&str, &str)]) -> Log {
    let mut log = fresh(overrides);
    let keyed = |log: &mut Log, ms: i64| {
        let mut builder = BatchBuilder::new(Codec::None);
        builder.append(1_000, Some(b"key"), Some(b"value"), &[]);
        appended(append(log, &builder.build().expect("builds"), at(ms)));
    };
    keyed(&mut log, 1_000);
    commit_all(&mut log);
    keyed(&mut log, 9_000);
    assert_eq!(log.segments().len(), 2, "rolled by the append, not by retention");
    log
}

fn settles(mut log: Log) {
    let claim = log.plan_claim(1 << 20).expect("pending");
    log.on_claim_written(&claim);
    log.on_claim_flushed(&claim);
    settles_on(&mut log);
}

fn settles_on(log: &mut Log) {
    let plan = log.plan_settle(1 << 20).expect("the journal has what no segment file has");
    assert_eq!((plan.segment, plan.from.position), (Offset(1), 0));
    log.on_filed(&plan);
    log.check();
    assert_eq!(log.settled(), log.log_end());
}

#[test]
fn bytes_behind_a_dropped_segment_still_find_their_file() {
    let mut log = settled_and_unsettled(&[("segment.ms", "100"), ("retention.ms", "5000")]);
    let plan = log.plan_retention(at(9_001));
    assert_eq!(plan, RetentionPlan { roll: false, drop: vec![Offset(0)] });
    log.apply_retention(&plan);
    log.check();
    settles(log);
}

/// What is due but in the journal only says so, and goes once its file has it.
#[test]
fn retention_and_cleaning_say_what_they_wait_for() {
    let mut log = settled_and_unsettled(&[("segment.ms", "100"), ("retention.ms", "5000")]);
    assert_eq!(log.retention_waits_for(at(9_001)), None, "the first segment is in its file");
    assert_eq!(log.retention_waits_for(at(20_000)), None, "nobody has seen the second yet");
    let claim = log.plan_claim(1 << 20).expect("pending");
    log.on_claim_written(&claim);
    log.on_claim_flushed(&claim);
    assert_eq!(log.plan_retention(at(20_000)).drop, [Offset(0)]);
    assert_eq!(log.retention_waits_for(at(20_000)), Some(Offset(2)));
    assert_eq!(log.cleaning_waits_for(at(20_000)), None, "it is not compacted");
    settles_on(&mut log);
    assert_eq!(log.retention_waits_for(at(20_000)), None);
    assert_eq!(log.plan_retention(at(20_000)).drop, [Offset(0), Offset(1)]);

    let compacted = [("segment.ms", "100"), ("cleanup.policy", "compact")];
    let mut log = settled_and_unsettled(&compacted);
    let claim = log.plan_claim(1 << 20).expect("pending");
    log.on_claim_written(&claim);
    log.on_claim_flushed(&claim);
    assert_eq!(log.cleaning_waits_for(at(20_000)), None, "the active segment is not cleaned");
    log.roll();
    assert_eq!(log.cleaning_waits_for(at(20_000)), Some(Offset(2)));
}

#[test]
fn bytes_behind_a_cleaned_segment_still_find_their_file() {
    let mut log = settled_and_unsettled(&[("segment.ms", "100"), ("cleanup.policy", "compact")]);
    let groups = log.cleaning_groups(Offset(1));
    let mut cleaned = groups[0][0].clone();
    cleaned.bytes -= 1;
    log.apply_cleaned(&groups[0], cleaned);
    log.check();
    settles(log);
}

#[test]
fn deleting_records_moves_the_start_up_to_the_high_watermark() {
    let mut log = fresh(&[]);
    appended(append(&mut log, &batch(3, None), at(1)));
    commit_all(&mut log);
    assert_eq!(log.plan_delete_records(None), Ok(Offset(3)));
    assert!(log.plan_delete_records(Some(Offset(4))).is_err());
    assert!(log.plan_delete_records(Some(Offset(-2))).is_err());
    let start = log.plan_delete_records(Some(Offset(2))).expect("in range");
    log.apply_log_start(start);
    log.check();
    let take = Take { bytes_max: 1 << 20, upto: Offset(3), at_least_one: true };
    assert!(log.plan_read(Offset(1), &take).is_err());
    assert!(log.plan_read(Offset(2), &take).is_ok());
}

#[test]
fn epochs_answer_where_each_ended() {
    let mut log = fresh(&[]);
    for epoch in [0, 3, 7] {
        log.set_epoch(LeaderEpoch(epoch));
        appended(append(&mut log, &batch(2, None), at(1)));
    }
    let of = |log: &Log, epoch| {
        log.end_offset_for_epoch(LeaderEpoch(epoch)).map(|(epoch, end)| (epoch.0, end.0))
    };
    let end = |epoch| of(&log, epoch);
    assert_eq!(end(0), Some((0, 2)));
    assert_eq!(end(2), Some((0, 2)));
    assert_eq!(end(3), Some((3, 4)));
    assert_eq!(end(7), Some((7, 6)));
    assert_eq!(end(8), None, "an epoch from the future has no end");
    assert_eq!(end(-5), Some((-5, 0)), "before all that are known");
    log.set_epoch(LeaderEpoch(9));
    assert_eq!(of(&log, 8), Some((7, 6)), "nothing was written under it");
    assert_eq!(of(&log, 9), Some((9, 6)));
    assert_eq!(log.epochs().epoch_of(Offset(3)), Some(LeaderEpoch(3)));
}

/// An epoch begins with its leader, not with its first batch; one that wrote nothing is forgotten
/// when the next one begins at the same offset (as by Kafka).
#[test]
fn an_epoch_begins_where_the_log_ended_though_nothing_is_written_in_it() {
    let mut log = fresh(&[]);
    let starts = |log: &Log| -> Vec<(i32, i64)> {
        log.epochs().entries().iter().map(|entry| (entry.epoch.0, entry.start.0)).collect()
    };
    log.set_epoch(LeaderEpoch(2));
    assert_eq!(starts(&log), [(2, 0)]);
    appended(append(&mut log, &batch(3, None), at(1)));
    log.set_epoch(LeaderEpoch(3));
    log.set_epoch(LeaderEpoch(5));
    log.set_epoch(LeaderEpoch(4));
    assert_eq!(starts(&log), [(2, 0), (5, 3)]);
    assert_eq!(log.epoch(), LeaderEpoch(5), "it never goes back");
    let of = |epoch| log.end_offset_for_epoch(LeaderEpoch(epoch));
    assert_eq!(of(2), Some((LeaderEpoch(2), Offset(3))));
    assert_eq!(of(3), Some((LeaderEpoch(2), Offset(3))), "nothing is left of it");
    assert_eq!(of(5), Some((LeaderEpoch(5), Offset(3))));
}

#[test]
fn a_log_that_failed_leaves_what_only_the_journal_may_have() {
    let mut log = fresh(&[("segment.ms", "10")]);
    for (i, ms) in [1, 2, 20, 21, 40, 41].into_iter().enumerate() {
        append(&mut log, &batch(1, Some((9, 0, i as i32))), at(ms)).expect("appended");
    }
    let first = log.plan_claim(1).expect("a batch waits");
    log.on_claim_written(&first);
    log.on_claim_flushed(&first);
    let settled = log.plan_settle(1 << 20).expect("one is in the journal only");
    log.on_filed(&settled);
    while log.log_end().since(log.plan_claim(1).expect("more wait").upto.offset) > 1 {}
    log.on_write_failed();
    let claims = log.unplaced_claims(1);
    let offsets: Vec<_> = claims.iter().map(|c| (c.from.offset.0, c.upto.offset.0)).collect();
    assert_eq!(offsets, [(1, 2), (2, 3), (3, 4), (4, 5)]);
    let of_segments: Vec<_> = claims.iter().map(|claim| claim.segment.0).collect();
    assert_eq!(of_segments, [0, 2, 2, 4], "each in its segment");
    assert_eq!(claims[1].from.position, 0);
    let whole = log.unplaced_claims(1 << 20);
    assert_eq!(whole.len(), 3, "cut where segments end");
    let forgotten: Vec<_> = log.unclaimed_batches().collect();
    let last =
        Sequenced { id: ProducerId(9), epoch: ProducerEpoch(0), first_sequence: 5, records: 1 };
    assert_eq!(forgotten, [last]);
}
