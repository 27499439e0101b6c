//! Roll, retention, deletion, cold partitions.

use millstream_engine::now::Now;

use super::*;

/// Values of which about ten fill a segment of 1 MiB.
pub fn large(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("{i:03}").repeat(34_000)).collect()
}

pub async fn settled(rig: &Rig, log: &PartitionLog) {
    for _ in 0..500 {
        if log.0.writers.borrow().len() <= 1 && log.0.checkpointing.free() == 1 {
            return;
        }
        rig.shard.sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("segments were not sealed");
}

#[test]
fn a_log_rolls_and_is_read_across_its_segments() {
    Rig::run("roll", |mut rig| async move {
        let small = [("segment.bytes", "1048576")];
        let log = rig.open("t", 0, &small).await;
        let expected = large(45);
        for chunk in expected.chunks(7) {
            rig.fill(&log, chunk).await;
        }
        let segments = log.0.log.borrow().segments().len();
        assert!(segments >= 4, "{segments} segments");
        assert_eq!(rig.read_all(&log).await, expected);
        settled(&rig, &log).await;
        log.0.release_tail();
        assert_eq!(rig.read_all(&log).await, expected);
        let sealed = log.0.log.borrow().segments().next().cloned().expect("a segment");
        let path = files::segment_path(&log.0.name.path, sealed.base);
        assert_eq!(std::fs::metadata(path).expect("the file").len(), sealed.bytes);
        rig.restart().await;
        let log = rig.open("t", 0, &small).await;
        assert_eq!(log.0.log.borrow().segments().len(), segments);
        assert_eq!(rig.read_all(&log).await, expected);
    });
}

#[test]
fn retention_removes_old_segments_and_survives_a_restart() {
    Rig::run("retention", |mut rig| async move {
        let overrides = [
            ("segment.bytes", "1048576"),
            ("retention.bytes", "2200000"),
            ("file.delete.delay.ms", "0"),
        ];
        let log = rig.open("t", 0, &overrides).await;
        let expected = large(45);
        rig.fill(&log, &expected).await;
        settled(&rig, &log).await;
        log.0.retain(rig.now()).await;
        let start = log.marks().log_start;
        assert!(start > Offset(0) && log.size_bytes() < 3_300_000);
        assert!(matches!(
            log.read(Offset(0), 100, true, Offset(45)).await,
            Err(ReadRefusal::Range(_))
        ));
        assert_eq!(rig.read_all(&log).await, expected[start.0 as usize..]);
        rig.restart().await;
        let log = rig.open("t", 0, &overrides).await;
        assert_eq!(log.marks().log_start, start);
        assert_eq!(rig.read_all(&log).await, expected[start.0 as usize..]);
    });
}

#[test]
fn retention_by_time_empties_a_quiet_partition() {
    Rig::run("expire", |mut rig| async move {
        let overrides = [("retention.ms", "1000"), ("file.delete.delay.ms", "0")];
        let log = rig.open("t", 0, &overrides).await;
        rig.fill(&log, &large(3)).await;
        let now = rig.now();
        log.0.retain(Now { wall_ms: now.wall_ms + 500, ..now }).await;
        assert_eq!(log.marks().log_start, Offset(0));
        log.0.retain(Now { wall_ms: now.wall_ms + 60_000, ..now }).await;
        assert_eq!(log.marks().log_start, Offset(3));
        rig.fill(&log, &large(2)).await;
        assert_eq!(rig.read_all(&log).await, large(2));
        rig.restart().await;
        let log = rig.open("t", 0, &overrides).await;
        assert_eq!((log.marks().log_start, log.marks().log_end), (Offset(3), Offset(5)));
        assert_eq!(rig.read_all(&log).await, large(2));
    });
}

/// Small records go to the journal, which is full once in a long while: retention does not wait
/// for that, nor for quiet.
#[test]
fn retention_by_time_goes_on_while_small_records_arrive() {
    Rig::run("trickle", |mut rig| async move {
        let overrides =
            [("retention.ms", "1000"), ("segment.ms", "1"), ("file.delete.delay.ms", "0")];
        let log = rig.open("t", 0, &overrides).await;
        // The first commits go without a journal.
        while !rig.storage.journal().is_usable {
            rig.fill(&log, &["first".to_owned()]).await;
            rig.shard.sleep(std::time::Duration::from_millis(2)).await;
        }
        for _ in 0..20 {
            rig.fill(&log, &["small".to_owned()]).await;
            rig.shard.sleep(std::time::Duration::from_millis(2)).await;
        }
        let end = log.marks().log_end;
        assert!(log.0.log.borrow().settled() < end, "the journal alone has the last records");
        let now = rig.now();
        let later = Now { wall_ms: now.wall_ms + 60_000, ..now };
        let due = log.0.log.borrow().retention_waits_for(later);
        assert_eq!(due, Some(end), "all of it is due then, and waits for its files");
        log.0.settle_upto(end).await.expect("settled");
        log.0.retain(later).await;
        assert_eq!((log.marks().log_start, log.marks().log_end), (end, end));
        rig.restart().await;
        let log = rig.open("t", 0, &overrides).await;
        assert_eq!((log.marks().log_start, log.marks().log_end), (end, end));
    });
}

#[test]
fn an_emptied_log_keeps_its_offsets() {
    Rig::run("emptied", |mut rig| async move {
        let overrides = [("retention.ms", "1000"), ("file.delete.delay.ms", "0")];
        let log = rig.open("t", 0, &overrides).await;
        rig.fill(&log, &large(3)).await;
        let now = rig.now();
        log.0.retain(Now { wall_ms: now.wall_ms + 60_000, ..now }).await;
        rig.restart().await;
        let log = rig.open("t", 0, &overrides).await;
        assert_eq!((log.marks().log_start, log.marks().log_end), (Offset(3), Offset(3)));
    });
}

#[test]
fn deleted_records_stay_deleted() {
    Rig::run("delete-records", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &large(5)).await;
        assert!(log.delete_records(Some(Offset(6))).await.is_err());
        assert_eq!(log.delete_records(Some(Offset(3))).await.expect("deleted"), Offset(3));
        rig.restart().await;
        let log = rig.open("t", 0, &[]).await;
        assert_eq!(log.marks().log_start, Offset(3));
        assert_eq!(rig.read_all(&log).await, large(5)[3..]);
    });
}

#[test]
fn a_deletion_that_was_not_made_to_last_is_not_acknowledged_by_asking_again() {
    Rig::run("delete-again", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &large(5)).await;
        assert_eq!(log.delete_records(Some(Offset(2))).await.expect("deleted"), Offset(2));
        log.0.fail(std::io::Error::other("the device is gone"));
        for _ in 0..2 {
            log.delete_records(Some(Offset(4))).await.expect_err("no checkpoint can say so");
        }
        rig.restart().await;
        let log = rig.open("t", 0, &[]).await;
        assert_eq!(log.marks().log_start, Offset(2));
        assert_eq!(log.delete_records(Some(Offset(1))).await.expect("it is so"), Offset(2));
    });
}

#[test]
fn a_deleted_partition_is_gone_and_can_be_made_again() {
    Rig::run("delete", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &large(3)).await;
        rig.storage.delete_partition(log.clone()).await.expect("deleted");
        let refused = log.append(&batch(&["late"]), rig.client(), rig.now());
        assert_eq!(refused, Err(AppendRefusal::Closed));
        assert!(matches!(log.durable(Offset(9)).await, Err(WriteFault::Closed)));
        assert!(!rig.dir.join("t-0").exists());
        let id = Uuid([8; 16]);
        let log = rig.try_open("t", id, 0, &[]).await.expect("a new topic of that name");
        assert_eq!(log.marks().log_end, Offset(0));
        rig.restart().await;
        let foreign = rig.try_open("t", TOPIC_ID, 0, &[]).await;
        assert!(matches!(foreign, Err(StorageFault::ForeignTopic { .. })));
        let found = rig.storage.list().await.expect("lists");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].topic.as_str(), found[0].index), ("t", 0));
    });
}

#[test]
fn a_cold_partition_holds_no_block_and_no_file_and_goes_on() {
    Rig::run("cold", |rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &large(3)).await;
        let now = rig.now();
        let later = Now { wall_ms: now.wall_ms + 3_600_000, ..now };
        for _ in 0..100 {
            rig.storage.0.look_at_warm(later).await;
            if log.0.tail.borrow().is_cold() {
                break;
            }
            rig.shard.sleep(std::time::Duration::from_millis(10)).await;
        }
        assert!(log.0.tail.borrow().is_cold() && log.0.writers.borrow().is_empty());
        assert!(rig.storage.0.warm.borrow().is_empty());
        rig.fill(&log, &large(2)).await;
        assert_eq!(rig.read_all(&log).await, [large(3), large(2)].concat());
    });
}

#[test]
fn a_relaxed_topic_is_visible_when_written_and_flushes_by_count() {
    Rig::run("relaxed", |mut rig| async move {
        let relaxed = [("flush.messages", "10")];
        let log = rig.open("t", 0, &relaxed).await;
        rig.fill(&log, &large(5)).await;
        assert_eq!(
            (log.marks().high_watermark, log.0.log.borrow().flushed()),
            (Offset(5), Offset(0))
        );
        rig.fill(&log, &large(7)).await;
        rig.storage.close().await.expect("closes");
        assert_eq!(log.0.log.borrow().flushed(), Offset(12));
        rig.restart().await;
        let log = rig.open("t", 0, &relaxed).await;
        assert_eq!(rig.read_all(&log).await, [large(5), large(7)].concat());
    });
}

#[test]
fn the_cache_stays_within_its_share() {
    Rig::run("cache", |rig| async move {
        let logs = [rig.open("a", 0, &[]).await, rig.open("b", 0, &[]).await];
        let chunk = large(8);
        for _ in 0..100 {
            for log in &logs {
                rig.fill(log, &chunk).await;
            }
        }
        let held: u64 = logs.iter().map(|log| log.0.tail.borrow().held_bytes()).sum();
        assert!(held <= 68 << 20 && held > 16 << 20, "{held} bytes");
        for log in &logs {
            assert_eq!(rig.read_all(log).await.len(), 800);
        }
    });
}
