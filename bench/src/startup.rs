//! Start of a broker on an empty directory: spawn → port open → first record acknowledged with
//! acks=all in a topic made for it, then memory, threads and CPU at rest. The clock starts before
//! the process does, so whatever the command does first (formatting a directory) counts.

use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::admin::Admin;
use crate::batch::{Batch, BatchSpec};
use crate::broker::Broker;
use crate::fault::Fault;
use crate::frame::{ProduceShape, Template};
use crate::load::{Codec, StartupLoad};
use crate::report::Report;
use crate::usage::Meter;

const TOPIC: &str = "first";

pub fn run(broker: &mut Broker, load: &StartupLoad) -> Result<Report, Fault> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let batch = Batch::build(&BatchSpec {
        record_bytes: 100,
        batch_bytes: 0,
        records: Some(1),
        codec: Codec::None,
        timestamp_ms: now.as_millis() as i64,
    })?;
    let shape = ProduceShape { topic: TOPIC, acks: -1, timeout_ms: 10_000 };
    let template = Template::produce(&shape, &[0], &batch);
    let open = broker.wait_for_port()?;
    let mut created = false;
    broker.wait_until(|address| {
        let mut admin = Admin::connect(address)?;
        if !created {
            admin.create_topic(TOPIC, 1, &[])?;
            created = true;
        }
        admin.produce(&template, batch.bytes())
    })?;
    let acknowledged = Instant::now();
    sleep(Duration::from_secs_f64(load.idle_s));
    let meter = Meter::start(Some(broker.pid()))?;
    sleep(Duration::from_secs_f64(load.idle_s));
    let usage = meter.stop()?;
    let ms = |at: Instant| (at - broker.spawned).as_secs_f64() * 1e3;
    let mut report = Report::new("startup", load);
    report.metric("port_open_ms", ms(open));
    report.metric("first_ack_ms", ms(acknowledged));
    if let Some(at_rest) = usage.broker {
        report.metric("idle_cpu_cores", at_rest.cpu_s() / usage.elapsed_s);
        report.metric("idle_rss_mib", at_rest.rss_mib);
        report.metric("idle_rss_peak_mib", at_rest.rss_peak_mib);
        report.metric("idle_threads", at_rest.threads);
    }
    Ok(report)
}
