//! Raw fetch load: reads the same filled topic over and over at full speed, bytes discarded in the
//! kernel unless asked otherwise, so that the broker's sending is what is measured. Sessionless
//! fetches (version 11), topics by name. `worker` is the loop, `stream` reads the answers.

mod stream;
mod worker;

#[cfg(test)]
mod tests;

use millstream_wire::ApiKey;

use crate::admin::Admin;
use crate::fault::Fault;
use crate::frame::FETCH_VERSION;
use crate::latency::Latency;
use crate::load::{FetchLoad, parse_configs};
use crate::produce::{fill, topic_name};
use crate::report::Report;
use crate::run::{Target, Window, measure};
use crate::stalled::Stalled;
use worker::{Plan, Worker};

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Record bytes inside the window.
    pub record_bytes: u64,
    /// Answers inside the window.
    pub answers: u64,
    pub latency: Latency,
}

impl Tally {
    fn merge(&mut self, other: &Tally) {
        self.record_bytes += other.record_bytes;
        self.answers += other.answers;
        self.latency.merge(&other.latency);
    }
}

/// Create and fill a topic, read it, remove it.
pub fn run(target: &Target, load: &FetchLoad) -> Result<Report, Fault> {
    load.check()?;
    let topic = topic_name();
    let mut admin = Admin::connect(target.address)?;
    admin.check_serves(&[(ApiKey::Fetch, FETCH_VERSION)])?;
    admin.create_topic(&topic, load.partitions, &parse_configs(&load.topic_configs)?)?;
    admin.wait_for_topic(&topic, load.partitions)?;
    // Before the data, so that what is read is as hot as without them.
    let stalled = Stalled::start(target, load.stalled)?;
    let (batch, batches) = fill(target, &load.fill(&topic), &topic, load.fill_mib << 20)?;
    let window = Window::after(load.warmup_s, load.duration_s);
    let plan = Plan {
        target,
        topic: &topic,
        load,
        window,
        batch_bytes: batch.bytes().len(),
        batch_records: i64::from(batch.records()),
        end: batches as i64 * i64::from(batch.records()),
    };
    let workers = deal(load);
    let (tallies, usage) =
        measure(target, window, workers, |worker, stop| worker.run(&plan, stop))?;
    admin.delete_topic(&topic)?;
    let mut tally = Tally::default();
    tallies.iter().for_each(|part| tally.merge(part));
    if tally.record_bytes == 0 {
        return Err(Fault::Mismatch("not one record byte was read".to_owned()));
    }
    let mut report = Report::new("raw-fetch", load);
    let bytes = tally.record_bytes as f64;
    let records = bytes / batch.bytes().len() as f64 * f64::from(batch.records());
    report.rates(window, records, bytes);
    report.metric("requests_per_s", tally.answers as f64 / window.seconds());
    report.latency("latency", &tally.latency);
    report.usage(&usage, bytes / window.seconds());
    stalled.map_or(Ok(()), |stalled| stalled.end(&mut report))?;
    Ok(report)
}

/// Connections to threads, partitions to connections, each in turn, or all to each.
fn deal(load: &FetchLoad) -> Vec<Worker> {
    (0..load.threads)
        .map(|thread| Worker {
            lanes: (thread..load.connections)
                .step_by(load.threads)
                .map(|lane| match load.same_data {
                    true => (0..load.partitions).collect(),
                    false => (lane as i32..load.partitions).step_by(load.connections).collect(),
                })
                .collect(),
        })
        .collect()
}
