//! Kill -9 at any moment: what was acknowledged is there afterwards, and the start needs no hand.

use std::thread;
use std::time::Duration;

use crate::harness::Broker;
use crate::rdkafka_client::{
    PARTITIONS, Report, Row, Sender, assert_holds, assert_kept, create, produce, read_all, rows,
};

/// Produces while the broker is killed as often as `kills` says, each time after that many answers.
fn produce_through(broker: &mut Broker, settings: &[(&str, &str)], kills: &[usize]) -> Vec<Report> {
    let rows = rows(60_000);
    create(broker.address(), "flights", &[]);
    let sender = Sender::new(broker.address(), "flights", settings);
    let (reports, address) = (sender.reports.clone(), broker.address().to_owned());
    let sending = {
        let rows = rows.clone();
        thread::spawn(move || {
            for (number, row) in rows.iter().enumerate() {
                sender.send(number, row);
                if number % 500 == 0 {
                    // Spread over a second or two, so that the kills meet rows in flight.
                    thread::sleep(Duration::from_millis(10));
                }
            }
            sender.finish()
        })
    };
    for &after in kills {
        while reports.count() < after {
            assert!(!sending.is_finished(), "produced before the kill at {after}");
            thread::sleep(Duration::from_millis(1));
        }
        broker.kill();
        broker.restart();
        assert_eq!(broker.address(), address);
    }
    sending.join().expect("the sender goes on")
}

fn acknowledged(reports: &[Report]) -> usize {
    reports.iter().filter(|report| report.answer.is_ok()).count()
}

#[test]
fn what_acks_one_acknowledged_survives_kill_nine() {
    let mut broker = Broker::start();
    let settings = [("acks", "1"), ("linger.ms", "1")];
    let reports = produce_through(&mut broker, &settings, &[3_000, 25_000]);
    let found = read_all(broker.address(), "flights", PARTITIONS);
    assert!(acknowledged(&reports) > 25_000);
    assert_kept(&found, &rows(60_000), &reports);
}

#[test]
fn what_acks_all_acknowledged_survives_kill_nine_and_nothing_is_there_twice() {
    let mut broker = Broker::start();
    let settings = [("enable.idempotence", "true"), ("linger.ms", "1")];
    let reports = produce_through(&mut broker, &settings, &[2_000, 10_000, 30_000]);
    let found = read_all(broker.address(), "flights", PARTITIONS);
    assert_eq!(acknowledged(&reports), 60_000);
    assert_kept(&found, &rows(60_000), &reports);
    assert_holds(&found, &rows(60_000));
}

#[test]
fn a_clean_stop_keeps_topics_records_and_settings() {
    let mut broker = Broker::start();
    let rows = rows(10_000);
    create(broker.address(), "kept", &[("retention.ms", "86400000"), ("segment.bytes", "1048576")]);
    produce(broker.address(), "kept", &rows, &[("enable.idempotence", "true")]);
    let before = read_all(broker.address(), "kept", PARTITIONS);
    for _ in 0..3 {
        let status = broker.stop();
        assert!(status.success(), "{status}: {}", broker.said());
        broker.restart();
    }
    assert_eq!(read_all(broker.address(), "kept", PARTITIONS), before);
    let told = broker.command(&["topic", "describe", "kept", "--output", "json"]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("86400000"), "{told}");
}

#[test]
fn appending_goes_on_at_the_next_offset_after_many_kills() {
    let mut broker = Broker::start();
    create(broker.address(), "often", &[]);
    let mut all: Vec<Row> = Vec::new();
    for round in 0..8 {
        let fresh: Vec<Row> =
            (0..50).map(|n| ("UA".to_owned(), format!("round {round}, row {n}"))).collect();
        produce(broker.address(), "often", &fresh, &[("enable.idempotence", "true")]);
        all.extend(fresh);
        broker.kill();
        broker.restart();
    }
    assert_holds(&read_all(broker.address(), "often", PARTITIONS), &all);
}

#[test]
fn segments_that_have_rolled_are_read_back_after_a_kill() {
    let mut broker = Broker::start();
    create(broker.address(), "rolled", &[("segment.bytes", "1048576")]);
    let rows: Vec<Row> = (0..3_000).map(|n| ("DL".to_owned(), format!("{n:>1000}"))).collect();
    let settings = [("enable.idempotence", "true"), ("batch.size", "16384")];
    let reports = produce(broker.address(), "rolled", &rows, &settings);
    broker.kill();
    broker.restart();
    let found = read_all(broker.address(), "rolled", PARTITIONS);
    assert_kept(&found, &rows, &reports);
    assert_holds(&found, &rows);
}
