//! The journal on the simulated disk: what is durable there only is there after a crash.

use std::collections::BTreeMap;
use std::time::Duration;

use millstream_engine::now::Now;
use millstream_shards::Endpoint;
use millstream_shards::driver::sim::{Ended, Sim};

use super::rig::{batch_at, end_of, values};
use super::*;

const PARTITIONS: i32 = 20;

/// Runs `main` on one shard of `sim` with storage open; the process ends when `main` does,
/// without closing anything.
pub fn live<F, Fut>(sim: &mut Sim, file_bytes: u64, main: F)
where
    F: FnOnce(Shard, Storage) -> Fut + Clone + 'static,
    Fut: Future<Output = ()> + 'static,
{
    let body = move |shard: Shard, _: Endpoint<()>| {
        let main = main.clone();
        async move {
            let _ = shard.make_dir(std::path::Path::new("data")).await;
            shard.sync_dir(std::path::Path::new("")).await.ok();
            let storage = Storage::open(&shard, "data".into(), options(file_bytes)).await;
            main(shard, storage.expect("storage opens")).await;
        }
    };
    assert_eq!(sim.run(1, Duration::from_secs(1_000), body), Ended::Finished);
}

pub fn options(file_bytes: u64) -> StorageOptions {
    StorageOptions {
        cache_bytes_max: 8 << 20,
        retention_check_ms: 1_000_000,
        producer_expiration_ms: 86_400_000,
        cleaner: super::rig::QUIET_CLEANER,
        journal: JournalOptions { file_bytes, sync: Sync::Data },
        withheld: Withheld::default(),
    }
}

pub async fn open(storage: &Storage, index: i32) -> PartitionLog {
    let config = TopicConfig::resolve(&BTreeMap::new(), &BrokerConfig::default()).expect("sound");
    let id = Uuid([9; 16]);
    let opened = storage.open_partition("t", id, index, Arc::new(config)).await;
    opened.expect("the partition opens")
}

pub fn now(shard: &Shard) -> Now {
    Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() }
}

pub async fn put(shard: &Shard, log: &PartitionLog, value: &str) -> Offset {
    let origin = Origin::Client { produce_version: 11 };
    let appended = log.append(&batch_at(1, &[value]), origin, now(shard)).expect("appended");
    log.durable(appended.end).await.expect("durable");
    appended.end
}

pub async fn read(log: &PartitionLog) -> Vec<String> {
    let marks = log.marks();
    let (mut from, mut all) = (marks.log_start, Vec::new());
    while from < marks.high_watermark {
        let read = log.read(from, 1 << 20, true, marks.high_watermark).await.expect("read");
        let more = values(&read.extents);
        assert!(!more.is_empty(), "no progress at {from}");
        from = end_of(&read.extents);
        all.extend(more);
    }
    all
}

/// One small record to begin with makes the journal's first file.
pub async fn warm_up(shard: &Shard, storage: &Storage, log: &PartitionLog) {
    put(shard, log, "first").await;
    while !storage.0.journal.is_usable() {
        shard.sleep(Duration::from_millis(1)).await;
    }
}

#[test]
fn what_only_the_journal_has_is_there_after_a_power_cut() {
    let mut sim = Sim::new(1);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let mut logs = Vec::new();
        for index in 0..PARTITIONS {
            logs.push(open(&storage, index).await);
        }
        warm_up(&shard, &storage, &logs[0]).await;
        for round in 0..10 {
            for log in &logs {
                put(&shard, log, &format!("{}.{round}", log.index())).await;
            }
        }
        assert!(storage.journal().commits >= 10, "{:?}", storage.journal());
        for log in &logs[1..] {
            assert_eq!(log.0.log.borrow().placed().offset, Offset(0), "nothing in a file");
            assert!(log.0.writers.borrow().is_empty(), "no file was touched");
        }
    });
    sim.crash();
    live(&mut sim, 1 << 20, |shard, storage| async move {
        for index in 0..PARTITIONS {
            let log = open(&storage, index).await;
            let mut expected: Vec<_> = (0..10).map(|round| format!("{index}.{round}")).collect();
            if index == 0 {
                expected.insert(0, "first".to_owned());
            }
            assert_eq!(read(&log).await, expected);
            put(&shard, &log, "more").await;
        }
        assert!(storage.0.journal.is_usable(), "its files were taken over");
    });
}

#[test]
fn a_ring_that_is_used_many_times_over_loses_nothing() {
    const ROUNDS: i32 = 400;
    let mut sim = Sim::new(2);
    live(&mut sim, 64 << 10, |shard, storage| async move {
        let mut logs = Vec::new();
        for index in 0..PARTITIONS {
            logs.push(open(&storage, index).await);
        }
        warm_up(&shard, &storage, &logs[0]).await;
        for round in 0..ROUNDS {
            let log = &logs[(round % PARTITIONS) as usize];
            put(&shard, log, &format!("{round} {}", "x".repeat((round % 7 * 100) as usize))).await;
        }
        assert!(storage.journal().files_settled > 10, "{:?}", storage.journal());
        logs[0].0.log.borrow().check();
    });
    sim.crash();
    live(&mut sim, 64 << 10, |_, storage| async move {
        for index in 0..PARTITIONS {
            let all = read(&open(&storage, index).await).await;
            let mut expected: Vec<_> = (0..ROUNDS).filter(|r| r % PARTITIONS == index).collect();
            let found = all.iter().filter(|value| *value != "first");
            let found = found.map(|v| v.split(' ').next().and_then(|n| n.parse().ok()));
            let found: Vec<i32> = found.collect::<Option<_>>().expect("numbers");
            expected.sort_unstable();
            assert_eq!(found, expected);
        }
    });
}

#[test]
fn commits_that_are_flushed_after_the_write_answer_twice_and_lose_nothing() {
    let flushing = |bytes: u64| StorageOptions {
        journal: JournalOptions { file_bytes: bytes, sync: Sync::None },
        ..options(bytes)
    };
    let mut sim = Sim::new(9);
    let body = move |shard: Shard, _: Endpoint<()>| async move {
        let _ = shard.make_dir(std::path::Path::new("data")).await;
        shard.sync_dir(std::path::Path::new("")).await.ok();
        let storage = Storage::open(&shard, "data".into(), flushing(64 << 10)).await;
        let storage = storage.expect("storage opens");
        let log = open(&storage, 0).await;
        warm_up(&shard, &storage, &log).await;
        let mut ahead = 0;
        for round in 0..300 {
            let value = format!("{round}");
            let origin = Origin::Client { produce_version: 11 };
            let appended = log.append(&batch_at(1, &[&value]), origin, now(&shard));
            let end = appended.expect("appended").end;
            log.written(end).await.expect("written");
            ahead += i32::from(log.marks().high_watermark < end);
            log.durable(end).await.expect("durable");
        }
        assert!(ahead > 200, "acks=1 does not wait for the flush: {ahead} of 300");
        assert!(storage.journal().files_settled > 3, "{:?}", storage.journal());
    };
    assert_eq!(sim.run(1, Duration::from_secs(1_000), body), Ended::Finished);
    sim.crash();
    live(&mut sim, 64 << 10, |_, storage| async move {
        assert_eq!(read(&open(&storage, 0).await).await.len(), 301);
    });
}

#[test]
fn a_clean_shutdown_leaves_nothing_to_replay() {
    let mut sim = Sim::new(3);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let log = open(&storage, 0).await;
        warm_up(&shard, &storage, &log).await;
        put(&shard, &log, "second").await;
        storage.close().await.expect("closes");
        let log = log.0.log.borrow();
        assert_eq!(log.settled(), log.log_end());
    });
    live(&mut sim, 1 << 20, |_, storage| async move {
        let log = open(&storage, 0).await;
        assert_eq!(read(&log).await, ["first", "second"]);
    });
}

#[test]
fn a_journal_that_is_missing_stops_the_start_and_is_named() {
    let mut sim = Sim::new(6);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let log = open(&storage, 0).await;
        warm_up(&shard, &storage, &log).await;
        put(&shard, &log, "second").await;
        shard.unlink(std::path::Path::new("data/journal/0-0.journal")).await.expect("removed");
    });
    let body = |shard: Shard, _: Endpoint<()>| async move {
        let options = options(1 << 20);
        let fault = Storage::open(&shard, "data".into(), options).await.err().expect("refused");
        let text = fault.to_string();
        assert!(text.contains("data/journal/0-0.journal is missing"), "{text}");
        assert!(text.contains("remove its line from data/journal-0.manifest"), "{text}");
        // The way out that it names.
        let manifest = std::path::Path::new("data/journal-0.manifest");
        files::replace(&shard, manifest, b"version: 1\n".to_vec()).await.expect("written");
        assert!(Storage::open(&shard, "data".into(), self::options(1 << 20)).await.is_ok());
    };
    assert_eq!(sim.run(1, Duration::from_secs(1_000), body), Ended::Finished);
}

/// A process is killed when a file is made and its manifest is not: the next one names it before it
/// uses it.
#[test]
fn a_journal_that_no_manifest_names_is_named_at_the_next_start() {
    let mut sim = Sim::new(31);
    let manifest = std::path::Path::new("data/journal-0.manifest");
    live(&mut sim, 1 << 20, move |shard, storage| async move {
        warm_up(&shard, &storage, &open(&storage, 0).await).await;
        shard.unlink(manifest).await.expect("removed");
    });
    live(&mut sim, 1 << 20, move |shard, storage| async move {
        assert!(storage.journal().free > 0);
        let text = files::read_small(&shard, manifest).await.expect("read").expect("it is there");
        assert!(String::from_utf8_lossy(&text).contains("0-0.journal"), "{text:?}");
    });
}

#[test]
fn a_damaged_journal_is_set_aside_and_what_is_sound_in_it_is_served() {
    let mut sim = Sim::new(8);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let logs = [open(&storage, 0).await, open(&storage, 1).await];
        warm_up(&shard, &storage, &logs[0]).await;
        for round in 0..5 {
            put(&shard, &logs[0], &format!("a{round}")).await;
            put(&shard, &logs[1], &format!("b{round}")).await;
        }
    });
    // The third commit of the file, a bit of its first entry: the others say that it was durable.
    sim.flip_bit(std::path::Path::new("data/journal/0-0.journal"), (3 * 4096 + 70) * 8);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        assert_eq!(read(&open(&storage, 0).await).await, ["first", "a0", "a2", "a3", "a4"]);
        let all: Vec<String> = (0..5).map(|round| format!("b{round}")).collect();
        assert_eq!(read(&open(&storage, 1).await).await, all);
        let aside = "data/journal/0-0.journal.set-aside";
        assert!(shard.file_len(aside.as_ref()).await.is_ok(), "kept for a person");
    });
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let log = open(&storage, 0).await;
        put(&shard, &log, "more").await;
        assert_eq!(log.marks().log_end, Offset(7), "no offset is used again");
        assert_eq!(read(&log).await, ["first", "a0", "a2", "a3", "a4", "more"]);
    });
}

#[test]
fn another_number_of_shards_takes_all_journals_over() {
    let mut sim = Sim::new(7);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let log = open(&storage, 0).await;
        warm_up(&shard, &storage, &log).await;
        put(&shard, &log, "second").await;
        // As if the only shard had been number 2 of 3.
        let (from, to) = ("data/journal/0-0.journal", "data/journal/2-0.journal");
        shard.rename(from.as_ref(), to.as_ref()).await.expect("renamed");
        let (from, to) = ("data/journal-0.manifest", "data/journal-2.manifest");
        shard.unlink(from.as_ref()).await.expect("removed");
        let named = b"version: 1\n2-0.journal\n".to_vec();
        files::replace(&shard, to.as_ref(), named).await.expect("written");
    });
    live(&mut sim, 1 << 20, |shard, storage| async move {
        assert_eq!(read(&open(&storage, 0).await).await, ["first", "second"]);
        for gone in ["data/journal/2-0.journal", "data/journal-2.manifest"] {
            assert!(shard.file_len(gone.as_ref()).await.is_err(), "{gone}");
        }
    });
}

#[test]
fn large_batches_go_straight_to_the_file_and_take_what_the_journal_has_along() {
    let mut sim = Sim::new(4);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let log = open(&storage, 0).await;
        warm_up(&shard, &storage, &log).await;
        put(&shard, &log, "small").await;
        let before = storage.journal().commits;
        let large = "l".repeat(200_000);
        let end = put(&shard, &log, &large).await;
        assert_eq!(storage.journal().commits, before);
        assert_eq!(log.0.log.borrow().settled(), end);
    });
    sim.crash();
    live(&mut sim, 1 << 20, |_, storage| async move {
        let all = read(&open(&storage, 0).await).await;
        assert_eq!(all.iter().map(String::len).collect::<Vec<_>>(), [5, 5, 200_000]);
    });
}

#[test]
fn entries_of_a_topic_that_was_made_again_do_not_come_back() {
    let mut sim = Sim::new(5);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let log = open(&storage, 0).await;
        warm_up(&shard, &storage, &log).await;
        put(&shard, &log, "old").await;
        storage.delete_partition(log).await.expect("deleted");
        let config =
            TopicConfig::resolve(&BTreeMap::new(), &BrokerConfig::default()).expect("sound");
        let again = storage.open_partition("t", Uuid([8; 16]), 0, Arc::new(config)).await;
        put(&shard, &again.expect("opens"), "new").await;
    });
    sim.crash();
    live(&mut sim, 1 << 20, |_, storage| async move {
        let config =
            TopicConfig::resolve(&BTreeMap::new(), &BrokerConfig::default()).expect("sound");
        let again = storage.open_partition("t", Uuid([8; 16]), 0, Arc::new(config)).await;
        assert_eq!(read(&again.expect("opens")).await, ["new"]);
    });
}

/// The index of a segment that is complete and not all in its file yet cannot be had again.
#[test]
fn rolled_segments_are_read_from_their_files_while_the_journal_still_has_their_ends() {
    let mut sim = Sim::new(19);
    let roll = |log: &PartitionLog| log.0.log.borrow_mut().roll();
    live(&mut sim, 2 << 20, move |shard, storage| async move {
        let log = open(&storage, 0).await;
        put(&shard, &log, "sealed").await;
        roll(&log);
        put(&shard, &log, "in its file").await;
        storage.close().await.expect("closes");
    });
    live(&mut sim, 2 << 20, move |shard, storage| async move {
        let log = open(&storage, 0).await;
        warm_up(&shard, &storage, &log).await;
        let mut expected = vec!["sealed".to_owned(), "in its file".into(), "first".into()];
        for n in 0..limits::SEALED_INDEXES_MAX + 2 {
            let value = format!("in the journal {n}");
            put(&shard, &log, &value).await;
            expected.push(value);
            roll(&log);
        }
        put(&shard, &log, "last").await;
        expected.push("last".into());
        log.0.log.borrow().check();
        for _ in 0..2 {
            assert_eq!(read(&log).await, expected);
        }
        log.0.log.borrow().check();
    });
}

#[test]
fn shards_that_both_have_entries_of_a_partition_join_them_one_after_the_other() {
    let mut sim = Sim::new(20);
    let all: Vec<String> = (0..60).map(|n| format!("{n} {}", "x".repeat(3_000))).collect();
    let values = all.clone();
    live(&mut sim, 1 << 20, move |shard, storage| async move {
        let log = open(&storage, 0).await;
        warm_up(&shard, &storage, &log).await;
        for value in &values {
            put(&shard, &log, value).await;
        }
        // As if the file of another shard had been kept.
        let path = "data/journal/0-0.journal".as_ref();
        let file = journal_files::open(&shard, path, false).await.expect("opens");
        let len = file.len().await.expect("measured");
        let bytes = recover::read_window(&shard, &file, 0, len).await.expect("read");
        let path = "data/journal/1-0.journal".as_ref();
        files::replace(&shard, path, bytes.to_vec()).await.expect("written");
    });
    sim.crash();
    let withheld = Withheld::default();
    let body = move |shard: Shard, _: Endpoint<()>| {
        let options = StorageOptions { withheld: withheld.clone(), ..options(1 << 20) };
        async move {
            let opened = Storage::open(&shard, "data".into(), options).await;
            opened.expect("storage opens");
        }
    };
    assert_eq!(sim.run(2, Duration::from_secs(1_000), body), Ended::Finished);
    live(&mut sim, 1 << 20, move |_, storage| async move {
        let found = read(&open(&storage, 0).await).await;
        assert!(found[0] == "first" && found[1..] == all, "{} of {}", found.len() - 1, all.len());
    });
}

/// The metadata log of a data directory with one topic: "t", of two partitions.
async fn make_metadata(shard: &Shard) {
    use crate::controller::log::{LocalLog, MetaLog};
    use millstream_engine::meta::{Image, NewTopic};
    let mut image = Image::new("a-cluster");
    let topic = NewTopic { name: "t".into(), partitions: Some(2), ..NewTopic::default() };
    let decided = image.decide_create_topics(&[topic], &[Uuid([9; 16])], &BrokerConfig::default());
    decided.records.iter().for_each(|record| image.apply(record));
    let log = LocalLog::new(shard.clone(), "data".as_ref());
    log.snapshot(&image).await.expect("written");
}

/// A disk that is not mounted is no deletion: the metadata says which of the two it was.
#[test]
fn entries_of_a_partition_whose_directory_is_gone_wait_for_it() {
    let mut sim = Sim::new(11);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        make_metadata(&shard).await;
        let (kept, lost) = (open(&storage, 0).await, open(&storage, 1).await);
        warm_up(&shard, &storage, &kept).await;
        // Not in the metadata: as good as deleted.
        let gone = open(&storage, 2).await;
        for log in [&kept, &lost, &gone] {
            put(&shard, log, "in the journal").await;
        }
        shard.rename("data/t-1".as_ref(), "data/elsewhere".as_ref()).await.expect("renamed");
        shard.rename("data/t-2".as_ref(), "data/deleted".as_ref()).await.expect("renamed");
    });
    let config = || TopicConfig::resolve(&BTreeMap::new(), &BrokerConfig::default());
    for mount_point in [false, true] {
        live(&mut sim, 1 << 20, move |shard, storage| async move {
            if mount_point {
                shard.make_dir("data/t-1".as_ref()).await.expect("made");
            }
            let log = open(&storage, 0).await;
            assert_eq!(read(&log).await[..2], ["first", "in the journal"]);
            put(&shard, &log, "more").await;
            let id = Uuid([9; 16]);
            let config = Arc::new(config().expect("sound"));
            let fault = storage.open_partition("t", id, 1, config).await.err();
            let said = fault.expect("it must not begin anew").to_string();
            assert!(said.contains("the journal has records for data/t-1"), "{said}");
        });
    }
    live(&mut sim, 1 << 20, |shard, storage| async move {
        shard.remove_dir("data/t-1".as_ref()).await.expect("unmounted");
        shard.rename("data/elsewhere".as_ref(), "data/t-1".as_ref()).await.expect("mounted");
        assert_eq!(read(&open(&storage, 1).await).await, ["in the journal"]);
    });
    live(&mut sim, 1 << 20, |shard, storage| async move {
        assert_eq!(read(&open(&storage, 1).await).await, ["in the journal"]);
        assert_eq!(storage.0.journal.counts().commits, 0);
        assert!(shard.read_dir("data/t-2".as_ref()).await.is_err(), "it was deleted");
    });
}

/// The commit that is lost had ended a segment: the log goes on in the next one.
#[test]
fn what_is_proved_behind_a_lost_commit_is_served_from_the_next_segment_too() {
    for lost in 2..6_u64 {
        let mut sim = Sim::new(12);
        live(&mut sim, 1 << 20, move |shard, storage| async move {
            let log = open(&storage, 0).await;
            warm_up(&shard, &storage, &log).await;
            for round in 1..8 {
                if round % 2 == 0 {
                    log.0.log.borrow_mut().roll();
                }
                put(&shard, &log, &format!("{round} {}", "x".repeat(300))).await;
            }
        });
        let journal = std::path::Path::new("data/journal/0-0.journal");
        sim.flip_bit(journal, (lost * 4096 + 70) * 8);
        for life in 0..2 {
            live(&mut sim, 1 << 20, move |_, storage| async move {
                let log = open(&storage, 0).await;
                log.0.log.borrow().check();
                let all: Vec<u64> = (read(&log).await.iter().skip(1))
                    .map(|value| value.split(' ').next().and_then(|n| n.parse().ok()))
                    .collect::<Option<_>>()
                    .expect("numbers");
                let expected: Vec<u64> = (1..8).filter(|round| *round != lost).collect();
                assert_eq!(all, expected, "life {life} without commit {lost}");
                assert_eq!(log.marks().log_end, Offset(8));
            });
        }
    }
}
