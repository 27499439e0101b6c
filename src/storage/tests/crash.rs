//! What a killed process leaves, and what becomes of it.

use std::io::{Seek, SeekFrom, Write};

use super::*;

fn texts(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|i| format!("value {i:05} {}", "x".repeat(i % 500))).collect()
}

const FIRST: &str = "00000000000000000000.log";

/// Overwrites bytes of a file behind storage's back.
fn scribble(path: &std::path::Path, at: u64, bytes: &[u8]) {
    let mut file = std::fs::OpenOptions::new().write(true).open(path).expect("opens");
    file.seek(SeekFrom::Start(at)).expect("seeks");
    file.write_all(bytes).expect("writes");
    file.sync_all().expect("flushes");
}

#[test]
fn everything_acknowledged_is_there_after_a_kill() {
    Rig::run("kill", |mut rig| async move {
        let mut expected = Vec::new();
        for round in 0..5 {
            let log = rig.open("t", 0, &[]).await;
            assert_eq!(rig.read_all(&log).await, expected, "round {round}");
            let more = texts(round * 100..round * 100 + 100);
            rig.fill(&log, &more).await;
            expected.extend(more);
            assert_eq!(rig.read_all(&log).await, expected, "round {round}");
            rig.restart().await;
        }
    });
}

#[test]
fn a_clean_close_leaves_files_that_end_with_their_batches() {
    Rig::run("clean", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &texts(0..50)).await;
        let size = log.size_bytes();
        rig.storage.close().await.expect("closes");
        assert!(log.append(&batch(&["late"]), rig.client(), rig.now()).is_err());
        let len = std::fs::metadata(rig.file("t", FIRST)).expect("the segment").len();
        assert_eq!(len, size);
        rig.restart().await;
        let log = rig.open("t", 0, &[]).await;
        assert_eq!(rig.read_all(&log).await, texts(0..50));
        rig.fill(&log, &texts(50..60)).await;
        assert_eq!(rig.read_all(&log).await, texts(0..60));
    });
}

#[test]
fn a_torn_tail_is_cut_and_written_over() {
    Rig::run("torn", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &texts(0..20)).await;
        let end = log.size_bytes();
        rig.restart().await;
        let mut torn = batch(&["never acknowledged"]).to_vec();
        torn[..8].copy_from_slice(&20i64.to_be_bytes());
        torn.truncate(80);
        scribble(&rig.file("t", FIRST), end, &torn);
        let log = rig.open("t", 0, &[]).await;
        assert_eq!((log.marks().log_end, log.size_bytes()), (Offset(20), end));
        rig.fill(&log, &texts(20..40)).await;
        rig.restart().await;
        let log = rig.open("t", 0, &[]).await;
        assert_eq!(rig.read_all(&log).await, texts(0..40));
    });
}

#[test]
fn damage_in_the_middle_of_the_last_segment_ends_the_log_there() {
    Rig::run("damage", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &texts(0..40)).await;
        rig.restart().await;
        let middle = log.size_bytes() / 2;
        scribble(&rig.file("t", FIRST), middle, b"damage!");
        let log = rig.open("t", 0, &[]).await;
        let left = rig.read_all(&log).await;
        assert!(left.len() < 40 && left == texts(0..left.len()));
        rig.fill(&log, &texts(left.len()..60)).await;
        rig.restart().await;
        let log = rig.open("t", 0, &[]).await;
        assert_eq!(rig.read_all(&log).await, texts(0..60), "no stale batch comes back");
    });
}

#[test]
fn producers_survive_a_kill_and_a_clean_close() {
    Rig::run("producers", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        let append = |log: &PartitionLog, sequence| {
            log.append(&produced(7, 3, sequence), Origin::Client { produce_version: 9 }, rig.now())
        };
        log.durable(append(&log, 0).expect("appended").end).await.expect("flushed");
        log.durable(append(&log, 1).expect("appended").end).await.expect("flushed");
        let again = rig.clone();
        rig.restart().await;
        let log = rig.open("t", 0, &[]).await;
        assert!(append_to(&again, &log, 1).expect("answered").duplicate);
        assert!(append_to(&again, &log, 3).is_err());
        rig.storage.close().await.expect("closes");
        rig.restart().await;
        let log = rig.open("t", 0, &[]).await;
        assert!(append_to(&again, &log, 0).expect("answered").duplicate);
        assert!(!append_to(&again, &log, 2).expect("appended").duplicate);
    });
}

fn append_to(rig: &Rig, log: &PartitionLog, sequence: i32) -> Result<Appended, AppendRefusal> {
    log.append(&produced(7, 3, sequence), rig.client(), rig.now())
}

#[test]
fn a_damaged_checkpoint_or_sidecar_is_done_without() {
    Rig::run("derived", |mut rig| async move {
        let small = [("segment.bytes", "1048576")];
        let log = rig.open("t", 0, &small).await;
        let many: Vec<String> = (0..30).map(|i| format!("{i:02}").repeat(50_000)).collect();
        rig.fill(&log, &many).await;
        rig.storage.close().await.expect("closes");
        for round in 0..3 {
            for entry in std::fs::read_dir(rig.dir.join("t-0")).expect("lists").flatten() {
                let name = entry.file_name().into_string().expect("text");
                let derived = name == "checkpoint" || name.ends_with(".index");
                match round {
                    0 if derived => std::fs::remove_file(entry.path()).expect("removes"),
                    1 if derived => scribble(&entry.path(), 40, b"damage"),
                    _ => {}
                }
            }
            rig.restart().await;
            let log = rig.open("t", 0, &small).await;
            assert!(log.0.log.borrow().segments().len() >= 3);
            assert_eq!(rig.read_all(&log).await, many, "round {round}");
            rig.storage.close().await.expect("closes");
        }
    });
}
