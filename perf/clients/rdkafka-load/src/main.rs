//! librdkafka at full speed: produce so many records, or consume them in a group of its own, and
//! print the rate as one JSON line. Every delivery report is checked; a failed one ends the run.
//!   rdkafka-load produce|consume BOOTSTRAP TOPIC RECORDS RECORD_BYTES [property=value …]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};

/// Longest silence before a run counts as failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Messages between two looks at the clock.
const CLOCK_EVERY: u64 = 1000;

struct Job {
    bootstrap: String,
    topic: String,
    records: u64,
    record_bytes: usize,
    properties: Vec<(String, String)>,
}

#[derive(Default)]
struct Deliveries {
    done: AtomicU64,
    failed: AtomicU64,
}

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        match result {
            Ok(_) => self.done.fetch_add(1, Ordering::Relaxed),
            Err(_) => self.failed.fetch_add(1, Ordering::Relaxed),
        };
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match parse(&args) {
        Some((verb, job)) if verb == "produce" => produce(&job),
        Some((verb, job)) if verb == "consume" => consume(&job),
        _ => {
            Err("rdkafka-load produce|consume BOOTSTRAP TOPIC RECORDS RECORD_BYTES [k=v …]".into())
        }
    };
    match outcome {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("rdkafka-load: {why}");
            ExitCode::FAILURE
        }
    }
}

fn parse(args: &[String]) -> Option<(&str, Job)> {
    let [verb, bootstrap, topic, records, record_bytes, properties @ ..] = args else {
        return None;
    };
    let split = |p: &String| p.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned()));
    let job = Job {
        bootstrap: bootstrap.clone(),
        topic: topic.clone(),
        records: records.parse().ok()?,
        record_bytes: record_bytes.parse().ok()?,
        properties: properties.iter().map(split).collect::<Option<_>>()?,
    };
    Some((verb, job))
}

impl Job {
    fn config(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.bootstrap);
        for (key, value) in &self.properties {
            config.set(key, value);
        }
        config
    }

    fn report(&self, records: u64, took: Duration) -> String {
        let rate = records as f64 / took.as_secs_f64();
        let bytes = self.record_bytes as u64 * self.records;
        format!("{{\"records_per_s\": {rate:.1}, \"bytes\": {bytes}}}")
    }
}

/// A fifth of the records goes ahead as a warm-up and is not timed.
fn produce(job: &Job) -> Result<String, String> {
    let producer: BaseProducer<Deliveries> = job
        .config()
        .set("queue.buffering.max.messages", "1000000")
        .create_with_context(Deliveries::default())
        .map_err(text)?;
    let value: Vec<u8> = (0..job.record_bytes).map(|i| (i * 131 % 251) as u8).collect();
    send(&producer, job, &value, job.records / 5)?;
    let begin = Instant::now();
    let timed = job.records - job.records / 5;
    send(&producer, job, &value, timed)?;
    Ok(job.report(timed, begin.elapsed()))
}

/// Send `records` and wait until all of them are acknowledged.
fn send(
    producer: &BaseProducer<Deliveries>,
    job: &Job,
    value: &[u8],
    records: u64,
) -> Result<(), String> {
    let deliveries = producer.context();
    let due = deliveries.done.load(Ordering::Relaxed) + records;
    for _ in 0..records {
        let mut record = BaseRecord::<(), [u8]>::to(&job.topic).payload(value);
        while let Err((error, again)) = producer.send(record) {
            let full = KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull);
            if error != full {
                return Err(text(error));
            }
            producer.poll(Duration::from_millis(1));
            record = again;
        }
    }
    producer.flush(PATIENCE).map_err(text)?;
    let (done, failed) =
        (deliveries.done.load(Ordering::Relaxed), deliveries.failed.load(Ordering::Relaxed));
    match done == due && failed == 0 {
        true => Ok(()),
        false => Err(format!("{done} of {due} delivered, {failed} failed")),
    }
}

/// Timed from the first record, so that joining the group is not in it.
fn consume(job: &Job) -> Result<String, String> {
    let consumer: BaseConsumer = job
        .config()
        .set("group.id", format!("rdkafka-load-{}", std::process::id()))
        .set("auto.offset.reset", "earliest")
        .set("enable.auto.commit", "false")
        .create()
        .map_err(text)?;
    consumer.subscribe(&[&job.topic]).map_err(text)?;
    let (mut begin, mut seen) = (None, 0);
    let mut last = Instant::now();
    while seen < job.records {
        // A rebalance ends a poll early, without a message.
        let Some(message) = consumer.poll(Duration::from_millis(100)) else {
            match last.elapsed() < PATIENCE {
                true => continue,
                false => return Err(format!("{seen} of {}, then silence", job.records)),
            }
        };
        if seen.is_multiple_of(CLOCK_EVERY) {
            last = Instant::now();
        }
        let message = message.map_err(text)?;
        if message.payload_len() != job.record_bytes {
            return Err(format!("a record of {} bytes", message.payload_len()));
        }
        begin.get_or_insert_with(Instant::now);
        seen += 1;
    }
    Ok(job.report(seen, begin.map(|begin| begin.elapsed()).unwrap_or_default()))
}

fn text(error: KafkaError) -> String {
    error.to_string()
}
