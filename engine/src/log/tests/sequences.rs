//! What the next batch of an idempotent producer meets, by what the partition still knows of
//! it: a table, with the answers of Apache Kafka 4.3.1 to the same batches beside ours.
//!
//! Each producer has written sequences 0–4 in epoch 3. Kafka was asked with raw Produce
//! requests, one producer for each column.

use super::*;

/// The same batches: epoch above the first, first sequence.
const COLUMNS: [(&str, i16, i32); 8] = [
    ("next", 0, 5),
    ("gap", 0, 7),
    ("again", 0, 0),
    ("overlapping", 0, 2),
    ("new epoch from 0", 1, 0),
    ("new epoch goes on", 1, 5),
    ("old epoch goes on", -1, 5),
    ("old epoch from 0", -1, 0),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Taken,
    Duplicate,
    OutOfOrder,
    Fenced,
}
use Answer::{Duplicate as Dup, Fenced, OutOfOrder as Ooo, Taken};

/// The producer is known.
const KNOWN: [Answer; 8] = [Taken, Ooo, Dup, Ooo, Taken, Ooo, Fenced, Fenced];
/// Nothing is known of it: whatever it comes with is believed.
const BELIEVED: [Answer; 8] = [Taken; 8];

const PRODUCERS: std::ops::Range<i64> = 100..108;
/// Its time passes in the row that waits for it.
const EXPIRATION_MS: u64 = 10_000;

/// What happened to a partition that all of [`PRODUCERS`] have written to.
type Happened = fn(Log) -> Log;

struct Row {
    what: &'static str,
    happened: Happened,
    ours: [Answer; 8],
    kafka: [Answer; 8],
}

fn row(what: &'static str, happened: Happened, both: [Answer; 8]) -> Row {
    Row { what, happened, ours: both, kafka: both }
}

fn rows() -> Vec<Row> {
    vec![
        row("nothing", |log| log, KNOWN),
        row("ids never seen here", |_| fresh(&[]), BELIEVED),
        row("the topic was deleted and made again", |_| fresh(&[]), BELIEVED),
        row("their state has expired", expired, BELIEVED),
        row("retention took their records", retained, KNOWN),
        row("DeleteRecords took their records", records_deleted, KNOWN),
        row("compaction took their records", compacted, KNOWN),
        row("a clean restart", from_checkpoint, KNOWN),
        row("an unclean end: the log is read", from_scan, KNOWN),
        row("an unclean end after DeleteRecords", |log| from_scan(records_deleted(log)), KNOWN),
        // Kafka forgets them in this row, though not in the others where records went: what it
        // reads at the start begins at the log's start. Nothing is gained by forgetting.
        Row {
            what: "a clean restart after DeleteRecords",
            happened: |log| from_checkpoint(records_deleted(log)),
            ours: KNOWN,
            kafka: BELIEVED,
        },
        row("records and checkpoint are gone", |_| from_scan(fresh(&[])), BELIEVED),
    ]
}

fn expired(mut log: Log) -> Log {
    log.expire_producers(at(2 + EXPIRATION_MS as i64), EXPIRATION_MS);
    log
}

fn records_deleted(mut log: Log) -> Log {
    let all = log.plan_delete_records(None).expect("all that are visible");
    log.apply_log_start(all);
    log
}

fn retained(mut log: Log) -> Log {
    log.set_config(config(&[("retention.ms", "1")]));
    let plan = log.plan_retention(at(1_000));
    log.apply_retention(&plan);
    assert_eq!(log.marks().log_start, log.log_end(), "all is old");
    log
}

/// Compaction exchanges files; what it leaves out of them is not in `segments` either.
fn compacted(log: Log) -> Log {
    let mut segments: Vec<Segment> = log.segments.iter().cloned().collect();
    let active = segments.last_mut().expect("one");
    (active.bytes, active.gaps) = (active.bytes / 2, true);
    Log::new(log.config.clone(), Recovered { segments, ..recovered(&log) })
}

fn recovered(log: &Log) -> Recovered {
    Recovered {
        log_start: log.log_start,
        segments: log.segments.iter().cloned().collect(),
        epochs: log.epochs.clone(),
        producers: Producers::restore(log.producers.snapshot()).expect("it held together"),
        damage: Damage::default(),
    }
}

fn from_checkpoint(log: Log) -> Log {
    Log::new(log.config.clone(), recovered(&log))
}

/// Without a checkpoint, from the files' bytes: DeleteRecords takes none of those.
fn from_scan(log: Log) -> Log {
    let mut scan = Scan::begin(ScanStart {
        place: Place::Last,
        next_base: None,
        segment: Segment::empty(Offset(0)),
        epochs: EpochCache::default(),
        producers: Producers::default(),
        index_interval_bytes: 4096,
        modified_ms: 3,
        behind: None,
        known: Known::default(),
    });
    let ids = PRODUCERS.filter(|id| log.producers.knows(ProducerId(*id)));
    let file: Vec<u8> = (0..).step_by(5).zip(ids).flat_map(|(base, id)| stored(base, id)).collect();
    scan.step(&file, true);
    let found = scan.finish();
    let (segments, epochs, producers) = (vec![found.segment], found.epochs, found.producers);
    let config = log.config.clone();
    Log::new(config, Recovered { segments, epochs, producers, ..Recovered::default() })
}

fn stored(base: i64, id: i64) -> Vec<u8> {
    let builder = BatchBuilder::new(Codec::None).base_offset(base).leader_epoch(0);
    let mut builder = builder.producer(id, 3, 0);
    for _ in 0..5 {
        builder.append(1_000, None, Some(b"0123456789"), &[]);
    }
    builder.build().expect("builds").to_vec()
}

fn answer(log: &mut Log, id: i64, (_, epoch, sequence): (&str, i16, i32)) -> Answer {
    match append(log, &batch(5, Some((id, 3 + epoch, sequence))), at(2_000)) {
        Ok(AppendVerdict::Append(_)) => Taken,
        Ok(AppendVerdict::Duplicate(_)) => Dup,
        Err(AppendFault::Sequence(SequenceFault::OutOfOrder { .. })) => Ooo,
        Err(AppendFault::Sequence(SequenceFault::Fenced { .. })) => Fenced,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_producers_next_batch_meets_what_kafka_would_answer() {
    for Row { what, happened, ours, kafka } in rows() {
        let mut log = fresh(&[]);
        for id in PRODUCERS {
            appended(append(&mut log, &batch(5, Some((id, 3, 0))), at(1)));
        }
        commit_all(&mut log);
        let mut log = happened(log);
        let columns = PRODUCERS.zip(COLUMNS);
        let answers: Vec<_> = columns.map(|(id, column)| answer(&mut log, id, column)).collect();
        assert_eq!(answers, ours, "{what}: {COLUMNS:?}");
        assert!(ours == kafka || what == "a clean restart after DeleteRecords", "{what}");
    }
}

#[test]
fn what_follows_a_refused_batch_waits_for_it() {
    const PLACE: (Uuid, i32) = (Uuid([1; 16]), 0);
    let mut log = fresh(&[]);
    let mut refusals = Refusals::default();
    let mut ask = |refusals: &Refusals, (id, epoch, first): (i64, i16, i32), now: i64| {
        let batches = valid(&batch(5, Some((id, epoch, first))), &log.config().clone(), at(now));
        let verdict = log.plan_append(&batches, (refusals, PLACE), at(now));
        if let Ok(AppendVerdict::Append(plan)) = &verdict {
            log.apply_append(&batches, plan, at(now));
        }
        verdict.map(|_| ())
    };
    let waits = |expected, sequence| {
        Err(AppendFault::Sequence(SequenceFault::OutOfOrder { expected, sequence }))
    };
    let note = |refusals: &mut Refusals, producer, now| {
        let claimed = Sequenced::claimed_by(&batch(5, Some(producer))).expect("it says so");
        refusals.note(PLACE, &claimed, at(now));
        refusals.check();
    };
    note(&mut refusals, (9, 0, 10), 1_000);
    note(&mut refusals, (9, 0, 15), 1_001);
    assert_eq!(ask(&refusals, (9, 0, 15), 1_002), waits(10, 15), "it would overtake");
    assert_eq!(ask(&refusals, (8, 0, 15), 1_002), Ok(()), "another producer");
    let elsewhere = refusals.earlier((PLACE.0, 1), &claimed((9, 0, 15)), at(1_002));
    assert_eq!(elsewhere, None, "another partition");
    assert_eq!(ask(&refusals, (9, 0, 10), 1_003), Ok(()), "the one that was refused");
    refusals.forget(PLACE, ProducerId(9));
    assert_eq!(ask(&refusals, (9, 0, 15), 1_003), Ok(()), "and what follows it");
    // The client has given it up, and begins a new epoch or renumbers what follows.
    note(&mut refusals, (7, 0, 10), 1_000);
    assert_eq!(ask(&refusals, (7, 1, 0), 1_001), Ok(()), "a new epoch");
    note(&mut refusals, (6, 0, 10), 1_000);
    assert_eq!(ask(&refusals, (6, 0, 5), 1_001), Ok(()), "an earlier one");
    // Sequences wrap.
    note(&mut refusals, (5, 0, i32::MAX - 4), 1_000);
    assert_eq!(ask(&refusals, (5, 0, 0), 1_001), waits(i32::MAX - 4, 0));
    // It is not waited for without end, whatever else is refused meanwhile.
    note(&mut refusals, (4, 0, 10), 1_000);
    note(&mut refusals, (4, 0, 15), 30_999);
    assert_eq!(ask(&refusals, (4, 0, 15), 30_999), waits(10, 15));
    assert_eq!(ask(&refusals, (4, 0, 15), 31_000), Ok(()));
}

#[test]
fn refusals_are_remembered_within_a_bound() {
    let mut refusals = Refusals::default();
    let count = crate::limits::REFUSALS_MAX as i64;
    for id in 0..=count {
        refusals.note((Uuid::ZERO, 0), &claimed((id, 0, 3)), at(id));
        refusals.check();
    }
    let remembered = |id| refusals.earlier((Uuid::ZERO, 0), &claimed((id, 0, 4)), at(count));
    assert_eq!((remembered(0), remembered(1), remembered(count)), (None, Some(3), Some(3)));
}

fn claimed((id, epoch, sequence): (i64, i16, i32)) -> Sequenced {
    Sequenced::claimed_by(&batch(5, Some((id, epoch, sequence)))).expect("it says so")
}
