//! Raw produce load: pre-encoded batches over many connections, closed loop (a fixed number of
//! requests in flight) or open loop (each request due at its own time). Here the run is set up,
//! measured and checked against what the broker stored; `worker` is the loop itself.

mod worker;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use millstream_wire::ApiKey;

use crate::admin::Admin;
use crate::batch::{Batch, BatchSpec};
use crate::fault::Fault;
use crate::frame::{PRODUCE_VERSION, ProduceShape, Template};
use crate::latency::Latency;
use crate::limits::DRAIN_MAX;
use crate::load::{ProduceLoad, parse_configs};
use crate::report::Report;
use crate::run::{Target, Window, measure};
use crate::stalled::Stalled;
use worker::{Pace, Plan, Worker};

/// What the broker may take to answer before it gives up itself.
const PRODUCE_TIMEOUT_MS: i32 = 30_000;

/// What was sent and acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Inside the window.
    pub requests: u64,
    /// From the first request to the last.
    pub requests_in_all: u64,
    /// Open loop: due before the end but never sent, because the broker did not keep up.
    pub unsent: u64,
    pub latency: Latency,
}

impl Tally {
    fn merge(&mut self, other: &Tally) {
        self.requests += other.requests;
        self.requests_in_all += other.requests_in_all;
        self.unsent += other.unsent;
        self.latency.merge(&other.latency);
    }
}

/// Create the topic, load it, check it, remove it.
pub fn run(target: &Target, load: &ProduceLoad) -> Result<Report, Fault> {
    load.check()?;
    let topic = load.topic.clone().unwrap_or_else(topic_name);
    let mut admin = Admin::connect(target.address)?;
    admin.check_serves(&[(ApiKey::Produce, PRODUCE_VERSION)])?;
    admin.create_topic(&topic, load.partitions, &parse_configs(&load.topic_configs)?)?;
    admin.wait_for_topic(&topic, load.partitions)?;
    let batch = build_batch(load)?;
    let stalled = Stalled::start(target, load.stalled)?;
    let window = Window::after(load.warmup_s, load.duration_s);
    let plan = plan(target, load, &topic, &batch, window);
    let workers = deal_connections(load);
    let (tallies, usage) =
        measure(target, window, workers, |worker, stop| worker.run(&plan, stop))?;
    let mut tally = Tally::default();
    tallies.iter().for_each(|part| tally.merge(part));
    let expected = tally.requests_in_all * records_per_request(load, &batch);
    let stored = Stored { expected, patience: DRAIN_MAX };
    check_stored(&mut admin, &topic, load.partitions, stored)?;
    if !load.keep_topic {
        admin.delete_topic(&topic)?;
    }
    let mut report = Report::new("raw-produce", load);
    let requests = tally.requests as f64;
    let records = requests * records_per_request(load, &batch) as f64;
    let bytes = requests * (batch.bytes().len() as f64 * f64::from(load.partitions_per_request));
    report.rates(window, records, bytes);
    report.metric("requests_per_s", requests / window.seconds());
    if load.rate.is_some() {
        report.metric("unsent_requests", tally.unsent as f64);
    }
    report.latency("latency", &tally.latency);
    report.usage(&usage, bytes / window.seconds());
    stalled.map_or(Ok(()), |stalled| stalled.end(&mut report))?;
    Ok(report)
}

/// Write at least `bytes` of record batches to an existing topic, evenly over its partitions.
/// Returns the batch that was used and how many of it each partition holds.
pub fn fill(
    target: &Target,
    load: &ProduceLoad,
    topic: &str,
    bytes: u64,
) -> Result<(Batch, u64), Fault> {
    let batch = build_batch(load)?;
    let each = bytes.div_ceil(batch.bytes().len() as u64 * load.partitions as u64).max(1);
    let window = Window::after(0.0, DRAIN_MAX.as_secs_f64() * 20.0);
    let mut plan = plan(target, load, topic, &batch, window);
    plan.requests_max = Some(each * load.partitions as u64);
    let worker = Worker { index: 0, connections: load.connections };
    let tally = worker.run(&plan, &Default::default())?;
    let expected = tally.requests_in_all * u64::from(batch.records());
    let stored = Stored { expected, patience: DRAIN_MAX };
    let mut admin = Admin::connect(target.address)?;
    check_stored(&mut admin, topic, load.partitions, stored)?;
    Ok((batch, each))
}

fn plan<'a>(
    target: &'a Target,
    load: &ProduceLoad,
    topic: &str,
    batch: &'a Batch,
    window: Window,
) -> Plan<'a> {
    let shape = ProduceShape { topic, acks: load.acks.code(), timeout_ms: PRODUCE_TIMEOUT_MS };
    let templates = partition_sets(load.partitions, load.partitions_per_request)
        .iter()
        .map(|partitions| Template::produce(&shape, partitions, batch))
        .collect();
    let per_request = records_per_request(load, batch) as f64;
    let pace = match load.rate {
        Some(records_per_s) => Pace::Open {
            interval: Duration::from_secs_f64(per_request * load.threads as f64 / records_per_s),
        },
        None => Pace::Closed,
    };
    Plan {
        target,
        templates,
        batch: batch.bytes(),
        depth: load.depth,
        answered: load.acks.code() != 0,
        pace,
        window,
        requests_max: None,
    }
}

/// Which partitions each template carries: every partition equally often, neighbours together.
fn partition_sets(partitions: i32, per_request: i32) -> Vec<Vec<i32>> {
    let sets = match partitions % per_request {
        0 => partitions / per_request,
        _ => partitions,
    };
    (0..sets)
        .map(|set| {
            let first = set * per_request;
            (first..first + per_request).map(|index| index % partitions).collect()
        })
        .collect()
}

fn deal_connections(load: &ProduceLoad) -> Vec<Worker> {
    (0..load.threads)
        .map(|index| {
            let more = usize::from(index < load.connections % load.threads);
            Worker { index, connections: load.connections / load.threads + more }
        })
        .collect()
}

fn build_batch(load: &ProduceLoad) -> Result<Batch, Fault> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Batch::build(&BatchSpec {
        record_bytes: load.record_bytes,
        batch_bytes: load.batch_bytes,
        records: load.batch_records,
        codec: load.codec,
        timestamp_ms: now.as_millis() as i64,
    })
}

fn records_per_request(load: &ProduceLoad, batch: &Batch) -> u64 {
    u64::from(batch.records()) * load.partitions_per_request as u64
}

/// What the log must hold at the end, and how long that may take to show (with acks=0).
#[derive(Clone, Copy, Debug)]
struct Stored {
    expected: u64,
    patience: Duration,
}

/// Every acknowledged (with acks=0: sent) record must be in the log, and no other.
fn check_stored(
    admin: &mut Admin,
    topic: &str,
    partitions: i32,
    Stored { expected, patience }: Stored,
) -> Result<(), Fault> {
    let begin = Instant::now();
    loop {
        let stored: i64 = admin.end_offsets(topic, partitions)?.iter().sum();
        if stored as u64 == expected {
            return Ok(());
        }
        if stored as u64 > expected || begin.elapsed() > patience {
            let what = format!("{expected} records were acknowledged, the log holds {stored}");
            return Err(Fault::Mismatch(what));
        }
        sleep(Duration::from_millis(20));
    }
}

/// A topic name that no other run uses.
pub fn topic_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("bench-{}-{}-{n}", now.as_millis(), std::process::id())
}
