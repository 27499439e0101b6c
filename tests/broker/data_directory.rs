//! Data directories that are not as the broker left them: refused with the file and the way
//! out, or served in part; what is not understood is not touched. And one that is served by
//! another number of shards each time.

use std::fs;
use std::os::unix::fs::chown;
use std::path::PathBuf;

use millstream_wire::Uuid;

use crate::harness::Broker;
use crate::rdkafka_client::{PARTITIONS, Row, assert_holds, create, produce, read_all, rows};

/// A broker that was stopped with 1,000 rows in `flights`.
fn stopped() -> (Broker, Vec<Row>) {
    let mut broker = Broker::start();
    let rows = rows(1_000);
    create(broker.address(), "flights", &[]);
    produce(broker.address(), "flights", &rows, &[]);
    assert!(broker.stop().success());
    (broker, rows)
}

fn data(broker: &Broker) -> PathBuf {
    broker.data().join("data")
}

fn assert_refused(broker: &Broker, parts: &[&str]) {
    let reason = broker.refused_again();
    for part in parts {
        assert!(reason.contains(part), "no '{part}' in: {reason}");
    }
    assert!(reason.lines().any(|line| line.starts_with("millstream: ")), "{reason}");
}

#[test]
fn any_number_of_shards_serves_the_same_data() {
    let mut broker = Broker::start();
    create(broker.address(), "flights", &[]);
    let mut all = Vec::new();
    for shards in [1, 2, 3, 2, 1, 3] {
        let fresh: Vec<Row> = (0..300)
            .map(|n| (format!("{n}"), format!("{shards} shards, start {}, row {n}", all.len())))
            .collect();
        produce(broker.address(), "flights", &fresh, &[("enable.idempotence", "true")]);
        all.extend(fresh);
        match all.len() % 600 {
            0 => broker.kill(),
            _ => assert!(broker.stop().success()),
        }
        broker.set(&format!("millstream.shards={shards}"));
        broker.restart();
        assert_holds(&read_all(broker.address(), "flights", PARTITIONS), &all);
    }
}

#[test]
fn a_directory_of_which_a_part_is_missing_is_refused_and_serves_when_it_is_back() {
    let (mut broker, rows) = stopped();
    let aside = broker.data().join("aside");
    for (missing, named) in
        [("meta.properties", "meta.properties"), ("__cluster_metadata", "metadata log is missing")]
    {
        fs::rename(data(&broker).join(missing), &aside).expect("moved away");
        assert_refused(&broker, &["incomplete", named, "log.dirs"]);
        fs::rename(&aside, data(&broker).join(missing)).expect("moved back");
    }
    broker.restart();
    assert_holds(&read_all(broker.address(), "flights", PARTITIONS), &rows);
}

#[test]
fn metadata_without_partitions_is_refused_and_one_missing_partition_is_offline() {
    let (mut broker, rows) = stopped();
    let aside = broker.data().join("aside");
    fs::create_dir(&aside).expect("made");
    let partition = |index: i32| format!("flights-{index}");
    let all: Vec<String> = fs::read_dir(data(&broker))
        .expect("lists")
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.rsplit_once('-').is_some_and(|(_, n)| n.parse::<u32>().is_ok()))
        .collect();
    for name in &all {
        fs::rename(data(&broker).join(name), aside.join(name)).expect("moved away");
    }
    assert_refused(&broker, &["incomplete", "partitions' directories"]);
    for name in all.iter().filter(|name| **name != partition(0)) {
        fs::rename(aside.join(name), data(&broker).join(name)).expect("moved back");
    }
    broker.restart();
    let lines = broker.lines_with("partition is offline");
    let named = lines.iter().any(|line| line.contains("flights-0") && line.contains("restore"));
    assert!(named, "{lines:?}");
    assert!(!data(&broker).join(partition(0)).exists(), "it is not made anew in silence");
    create(broker.address(), "other", &[]);
    produce(broker.address(), "other", &rows, &[]);
    assert_holds(&read_all(broker.address(), "other", PARTITIONS), &rows);
    assert!(broker.stop().success());
    fs::rename(aside.join(partition(0)), data(&broker).join(partition(0))).expect("moved back");
    broker.restart();
    assert_holds(&read_all(broker.address(), "flights", PARTITIONS), &rows);
}

#[test]
fn a_newer_format_another_cluster_and_another_users_directory_are_refused() {
    let (mut broker, rows) = stopped();
    let file = data(&broker).join("meta.properties");
    let sound = fs::read_to_string(&file).expect("there");
    let newer = sound.replace("millstream.format=1", "millstream.format=99");
    assert_ne!(newer, sound);
    fs::write(&file, newer).expect("written");
    assert_refused(&broker, &["meta.properties", "newer", "99", "log.dirs"]);
    let line = sound.lines().find(|line| line.starts_with("cluster.id=")).expect("there");
    fs::write(&file, sound.replace(line, "cluster.id=AAAAAAAAAAAAAAAAAAAAAA")).expect("written");
    assert_refused(&broker, &["not of one cluster", "meta.properties", "log.dirs"]);
    fs::write(&file, &sound).expect("written");
    match chown(&file, Some(4_242), None) {
        Ok(()) => {
            assert_refused(&broker, &["meta.properties", "user 4242", "chown"]);
            chown(&file, Some(rustix::process::geteuid().as_raw()), None).expect("given back");
        }
        Err(fault) => eprintln!("skipped: a directory of another user ({fault}; it takes root)"),
    }
    broker.restart();
    assert_holds(&read_all(broker.address(), "flights", PARTITIONS), &rows);
}

#[test]
fn damaged_partition_metadata_costs_that_partition_and_no_other() {
    let (mut broker, rows) = stopped();
    let file = data(&broker).join("flights-1/partition.metadata");
    let sound = fs::read(&file).expect("there");
    fs::write(&file, b"version: 0\ntopic_id: ?\n").expect("written");
    broker.restart();
    let lines = broker.lines_with("partition is offline");
    let named = lines.iter().any(|line| line.contains("flights-1/partition.metadata"));
    assert!(named && lines.len() == 1, "{lines:?}");
    create(broker.address(), "other", &[]);
    produce(broker.address(), "other", &rows, &[]);
    assert_holds(&read_all(broker.address(), "other", PARTITIONS), &rows);
    assert!(broker.stop().success());
    fs::write(&file, sound).expect("written");
    broker.restart();
    assert_holds(&read_all(broker.address(), "flights", PARTITIONS), &rows);
}

/// What a deleted topic's partition of that name left.
#[test]
fn a_partition_that_is_added_does_not_stumble_over_a_stray_directory() {
    let (mut broker, rows) = stopped();
    let stray = data(&broker).join(format!("flights-{PARTITIONS}"));
    let sound = fs::read_to_string(data(&broker).join("flights-1/partition.metadata"));
    let sound = sound.expect("there");
    let id = sound.lines().find_map(|line| line.strip_prefix("topic_id: ")).expect("an id");
    fs::create_dir(&stray).expect("made");
    let metadata = sound.replace(id, &Uuid([7; 16]).to_string());
    fs::write(stray.join("partition.metadata"), &metadata).expect("written");
    fs::write(stray.join("00000000000000000000.log"), b"theirs").expect("written");
    broker.restart();
    let grown = (PARTITIONS + 1).to_string();
    let altered = broker.command(&["topic", "alter", "flights", "--partitions", &grown]);
    assert!(altered.status.success(), "{altered:?}");
    let more: Vec<Row> = (0..400).map(|n| (format!("more-{n}"), format!("{n}"))).collect();
    produce(broker.address(), "flights", &more, &[]);
    assert_holds(&read_all(broker.address(), "flights", PARTITIONS + 1), &[rows, more].concat());
    assert!(!broker.said().contains("partition is offline"));
    let kept = fs::read_dir(data(&broker))
        .expect("a directory")
        .filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("partition.metadata")).ok());
    assert_eq!(kept.filter(|text| *text == metadata).count(), 1, "it keeps its files");
}

#[test]
fn foreign_files_are_named_and_left_alone() {
    let (mut broker, rows) = stopped();
    let foreign = ["notes.txt", "old.backup-delete/keep.log", "flights-0/README", "stranger-7/x"];
    for name in foreign {
        let path = data(&broker).join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, name).expect("written");
    }
    broker.restart();
    let lines = broker.lines_with("notes.txt");
    assert!(lines.iter().any(|line| line.contains("left alone")), "{lines:?}");
    assert!(!broker.lines_with("stranger-7").is_empty());
    assert_holds(&read_all(broker.address(), "flights", PARTITIONS), &rows);
    assert!(broker.stop().success());
    for name in foreign {
        assert_eq!(fs::read_to_string(data(&broker).join(name)).expect("still there"), name);
    }
}
