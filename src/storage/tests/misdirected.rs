//! A device that writes to the wrong place: whole batches of another partition, with right CRCs,
//! at the very offsets that are due there. Never served, and all else is.

use std::ops::Range;
use std::os::unix::fs::FileExt;

use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;

use super::rot::{FIRST, read_over};
use super::*;
use crate::storage::compact::RunFault;

const BLOCK: usize = 4096;

type Settings = &'static [(&'static str, &'static str)];
const COMPACTED: Settings = &[("cleanup.policy", "compact"), ("min.cleanable.dirty.ratio", "0")];

/// Values of one size, so that both partitions' files have their batches at the same positions.
fn named(topic: &str, range: Range<usize>) -> Vec<String> {
    range.map(|i| format!("{topic}{i:04}{}", "v".repeat(300))).collect()
}

/// One record a batch and a commit, its key the first five letters; in the journal, and in files on
/// return.
async fn put(rig: &Rig, log: &PartitionLog, values: &[String]) {
    for value in values {
        let (key, value) = (Some(&value.as_bytes()[..5]), Some(value.as_bytes()));
        let batch = BatchBuilder::new(Codec::None).append(1, key, value, &[]).build();
        let batch = batch.expect("builds");
        let end = log.append(&batch, rig.client(), rig.now()).expect("appended").end;
        log.durable(end).await.expect("flushed");
    }
    let end = log.marks().log_end;
    log.0.settle_upto(end).await.expect("settled");
    lifecycle::settled(rig, log).await;
}

/// Two partitions with 100 records each, in files.
async fn two(rig: &Rig, settings: Settings) -> [PartitionLog; 2] {
    let first = rig.try_open("first", Uuid([9; 16]), 0, &[]).await.expect("opens");
    // The first commits go without a journal.
    while !rig.storage.journal().is_usable {
        put(rig, &first, &named("f", 0..1)).await;
        rig.shard.sleep(std::time::Duration::from_millis(2)).await;
    }
    let other = rig.try_open("u", Uuid([8; 16]), 0, settings).await.expect("opens");
    let logs = [rig.open("t", 0, settings).await, other];
    for (topic, log) in ["t", "u"].into_iter().zip(&logs) {
        put(rig, log, &named(topic, 0..100)).await;
    }
    logs
}

/// The first block of `u` comes to where that of `t` should be.
fn misdirect(rig: &Rig) {
    let bytes = std::fs::read(rig.file("u", FIRST)).expect("reads");
    let file = std::fs::OpenOptions::new().write(true).open(rig.file("t", FIRST)).expect("opens");
    file.write_all_at(&bytes[..BLOCK], 0).expect("writes");
    file.sync_all().expect("flushes");
}

/// The first batch behind the first block that the index knows.
fn next_entry(log: &PartitionLog) -> usize {
    let log = log.0.log.borrow();
    let first = log.segments().next().expect("a segment");
    let (position, offset) = first.index.as_ref().expect("loaded").place_after(0).expect("more");
    assert!(position >= BLOCK as u64);
    offset.0 as usize
}

#[test]
fn a_block_of_another_partition_is_not_served_by_the_process_that_wrote_its_own() {
    Rig::run("misdirected-now", |rig| async move {
        let [log, other] = two(&rig, &[]).await;
        log.0.release_tail();
        misdirect(&rig);
        let found = read_over(&rig, &log).await;
        assert_eq!(found, named("t", next_entry(&log)..100));
        assert!(found.len() > 70, "{}", found.len());
        assert_eq!(rig.storage.quarantined_ranges(), 1);
        assert_eq!(read_over(&rig, &other).await, named("u", 0..100));
        let notes = std::fs::read_to_string(rig.file("t", "quarantine")).expect("noted");
        assert!(notes.contains(" misdirected\n"), "{notes}");
    });
}

#[test]
fn a_block_of_another_partition_is_not_served_after_a_clean_stop() {
    for sealed in [false, true] {
        Rig::run("misdirected-closed", move |mut rig| async move {
            let [log, _other] = two(&rig, &[]).await;
            if sealed {
                log.0.log.borrow_mut().roll();
                put(&rig, &log, &named("t", 100..101)).await;
            }
            rig.storage.close().await.expect("closes");
            misdirect(&rig);
            rig.restart().await;
            let log = rig.open("t", 0, &[]).await;
            let found = read_over(&rig, &log).await;
            let end = if sealed { 101 } else { 100 };
            assert_eq!(found, named("t", next_entry(&log)..end), "sealed: {sealed}");
            assert!(found.len() > 70, "{}", found.len());
            assert_eq!(rig.storage.quarantined_ranges(), 1);
        });
    }
}

#[test]
fn a_block_of_another_partition_is_not_served_where_the_journal_still_has_ours() {
    Rig::run("misdirected-killed", |mut rig| async move {
        let [log, other] = two(&rig, &[]).await;
        drop((log, other));
        misdirect(&rig);
        rig.restart().await;
        let log = rig.open("t", 0, &[]).await;
        let found = read_over(&rig, &log).await;
        assert!(found == named("t", 0..100), "the journal has them all: {:.10}", found[0]);
        assert_eq!(rig.storage.quarantined_ranges(), 0);
    });
}

#[test]
fn compaction_takes_no_batch_of_another_partition() {
    Rig::run("misdirected-compact", |rig| async move {
        let [log, _other] = two(&rig, COMPACTED).await;
        log.0.log.borrow_mut().roll();
        put(&rig, &log, &named("t", 100..101)).await;
        misdirect(&rig);
        let fault = log.0.clean_now().await.expect_err("the segment is not ours");
        assert!(matches!(fault, RunFault::Misdirected { position: 0, .. }), "{fault}");
        log.0.release_tail();
        let found = read_over(&rig, &log).await;
        assert_eq!(found, named("t", next_entry(&log)..101));
    });
}
