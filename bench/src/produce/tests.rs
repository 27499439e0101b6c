//! Produce loads against a broker in memory: what is reported is what happened, and every kind of
//! misbehaviour ends the run. Real sockets on the loopback, no fixed port; assertions hold on a
//! slow machine too.

use super::*;
use crate::fake_broker::{FakeBroker, Mood};
use crate::load::Acks;
use crate::poller::Wait;

fn target(broker: &FakeBroker) -> Target {
    let pid = Some(std::process::id());
    Target { address: broker.address, pid, congestion: None, wait: Wait::Sleep }
}

/// A short load of small batches.
fn load() -> ProduceLoad {
    ProduceLoad { batch_bytes: 4096, warmup_s: 0.05, duration_s: 0.2, ..Default::default() }
}

fn run_on(mood: Mood, load: &ProduceLoad) -> Result<Report, Fault> {
    let broker = FakeBroker::start(mood);
    run(&target(&broker), load)
}

#[test]
fn a_closed_load_reports_what_the_broker_stored_and_leaves_no_topic() {
    let broker = FakeBroker::start(Mood::Good);
    for (acks, per_request) in [(Acks::All, 1), (Acks::Leader, 6), (Acks::None, 4)] {
        let load = ProduceLoad { acks, partitions_per_request: per_request, ..load() };
        let report = run(&target(&broker), &load).expect("a clean run");
        let requests = report.get("requests_per_s").expect("reported");
        let records = report.get("records_per_s").expect("reported");
        let each = records / requests / f64::from(per_request);
        assert!((each - each.round()).abs() < 1e-6 && each > 30.0, "{each} records a batch");
        assert!(report.get("broker_cpu_cores").is_some());
    }
    assert_eq!(broker.topics(), 0);
}

#[test]
fn connections_are_shared_out_over_threads() {
    let load = ProduceLoad { connections: 5, threads: 2, ..load() };
    let dealt: Vec<usize> = deal_connections(&load).iter().map(|w| w.connections).collect();
    assert_eq!(dealt, [3, 2]);
    run_on(Mood::Good, &load).expect("a clean run");
}

#[test]
fn every_partition_is_sent_to_equally_often() {
    assert_eq!(partition_sets(6, 1), [[0], [1], [2], [3], [4], [5]]);
    assert_eq!(partition_sets(6, 3), [[0, 1, 2], [3, 4, 5]]);
    assert_eq!(partition_sets(3, 2), [[0, 1], [2, 0], [1, 2]]);
    assert_eq!(partition_sets(2, 2), [[0, 1]]);
}

#[test]
fn an_error_code_ends_the_run() {
    let outcome = run_on(Mood::RefuseAfter(10, 6), &load());
    let Err(Fault::Refused { api, code, .. }) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!((api, code), ("Produce", 6));
}

#[test]
fn an_open_load_keeps_its_rate() {
    let load = ProduceLoad { rate: Some(500.0), batch_records: Some(1), duration_s: 0.5, ..load() };
    let report = run_on(Mood::Good, &load).expect("a clean run");
    let rate = report.get("records_per_s").expect("reported");
    assert!((400.0..600.0).contains(&rate), "{rate}");
    assert_eq!(report.get("unsent_requests"), Some(0.0));
}

#[test]
fn a_stalled_broker_shows_in_the_latency_of_requests_that_were_only_due() {
    // One answer in 50 ms, one request due each 10 ms: the backlog grows by 40 ms a request.
    let load = ProduceLoad {
        rate: Some(100.0),
        batch_records: Some(1),
        connections: 1,
        depth: 1,
        warmup_s: 0.0,
        duration_s: 0.5,
        ..load()
    };
    let report = run_on(Mood::StallMs(50), &load).expect("slow, not wrong");
    assert!(report.get("unsent_requests").expect("reported") > 20.0);
    assert!(report.get("latency_max_ms").expect("reported") > 300.0);
    assert!(report.get("latency_p50_ms").expect("reported") > 120.0);
}

#[test]
fn nonsense_is_refused_before_a_connection_is_made() {
    let cases = [
        ProduceLoad { connections: 0, ..load() },
        ProduceLoad { partitions_per_request: 7, ..load() },
        ProduceLoad { threads: 9, ..load() },
        ProduceLoad { rate: Some(0.0), ..load() },
    ];
    for load in cases {
        assert!(matches!(load.check(), Err(Fault::Usage(_))), "{load:?}");
    }
}

#[test]
fn a_broker_that_loses_acknowledged_records_is_found_out() {
    let broker = FakeBroker::start(Mood::LoseAfter(3));
    let mut admin = Admin::connect(broker.address).expect("listens");
    admin.create_topic("t", 1, &[]).expect("created");
    let target = target(&broker);
    let load = ProduceLoad { partitions: 1, ..load() };
    let batch = build_batch(&load).expect("builds");
    let mut plan = plan(&target, &load, "t", &batch, Window::after(0.0, 5.0));
    plan.requests_max = Some(5);
    let worker = Worker { index: 0, connections: 1 };
    let tally = worker.run(&plan, &Default::default()).expect("all acknowledged");
    assert_eq!(tally.requests_in_all, 5);
    let stored = admin.end_offsets("t", 1).expect("answered")[0];
    assert_eq!(stored, 3 * i64::from(batch.records()));
    let expected = tally.requests_in_all * u64::from(batch.records());
    let patience = Duration::from_millis(50);
    let outcome = check_stored(&mut admin, "t", 1, Stored { expected, patience });
    assert!(matches!(outcome, Err(Fault::Mismatch(_))), "{outcome:?}");
}
