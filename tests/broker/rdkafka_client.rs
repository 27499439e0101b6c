//! librdkafka behind the few verbs that the tests need, and the rows that they send.
//!
//! Producing returns where every row was acknowledged; reading returns whole partitions in offset
//! order. Both stop at a deadline with what they have, so that a failing test says what is missing.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Message};
use rdkafka::producer::{BaseRecord, Producer, ProducerContext, ThreadedProducer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::harness::PATIENCE;

pub const PARTITIONS: i32 = 6;

/// A key and a value.
pub type Row = (String, String);
/// Whole partitions: what stands at each offset.
pub type Partitions = BTreeMap<i32, BTreeMap<i64, Row>>;

/// Rows in the shape of the flights that `scripts/test-clients` uses: fifteen keys of very
/// different weight, each value with its row number.
pub fn rows(count: usize) -> Vec<Row> {
    const CARRIERS: [&str; 15] =
        ["UA", "B6", "EV", "DL", "AA", "MQ", "US", "9E", "WN", "VX", "FL", "AS", "F9", "YV", "HA"];
    let row = |number: usize| {
        // The first carriers fly most: the square of an even spread.
        let spread = (number * 7919) % 15;
        let carrier = CARRIERS[spread * spread / 15];
        let value = format!(
            "2013,{},{},{carrier},N{:05},EWR,IAH,{number}",
            number % 12,
            number % 28,
            number % 3000
        );
        (carrier.to_owned(), value)
    };
    (0..count).map(row).collect()
}

/// Settings of a librdkafka client of this broker.
pub fn config(address: &str, settings: &[(&str, &str)]) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", address).set("reconnect.backoff.max.ms", "100");
    for (key, value) in settings {
        config.set(*key, *value);
    }
    config
}

/// What the producer was told about each row.
#[derive(Clone, Default)]
pub struct Reports(Arc<Mutex<Vec<Report>>>);

/// One row's answer: where it stands, or why it was refused.
#[derive(Clone, Debug)]
pub struct Report {
    pub row: usize,
    pub answer: Result<(i32, i64), KafkaError>,
}

impl ClientContext for Reports {
    fn log(&self, _: rdkafka::config::RDKafkaLogLevel, _: &str, _: &str) {
        // Lost connections are what some tests are about.
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<usize>;

    fn delivery(&self, result: &DeliveryResult<'_>, row: Self::DeliveryOpaque) {
        let answer = match result {
            Ok(message) => Ok((message.partition(), message.offset())),
            Err((fault, _)) => Err(fault.clone()),
        };
        self.0.lock().expect("no callback panics").push(Report { row: *row, answer });
    }
}

impl Reports {
    pub fn count(&self) -> usize {
        self.0.lock().expect("no callback panics").len()
    }

    pub fn all(&self) -> Vec<Report> {
        self.0.lock().expect("no callback panics").clone()
    }
}

/// A producer that delivers in the background; `Reports` fills as answers come.
pub struct Sender {
    producer: ThreadedProducer<Reports>,
    pub reports: Reports,
    topic: String,
}

impl Sender {
    pub fn new(address: &str, topic: &str, settings: &[(&str, &str)]) -> Self {
        let reports = Reports::default();
        let producer = config(address, settings)
            .create_with_context(reports.clone())
            .expect("librdkafka takes the settings");
        Self { producer, reports, topic: topic.to_owned() }
    }

    pub fn send(&self, number: usize, row: &Row) {
        let record = BaseRecord::with_opaque_to(&self.topic, Box::new(number));
        self.enqueue(number, record.key(&row.0).payload(&row.1));
    }

    /// Sends a tombstone.
    pub fn delete(&self, number: usize, key: &str) {
        let record =
            BaseRecord::<str, str, Box<usize>>::with_opaque_to(&self.topic, Box::new(number));
        self.enqueue(number, record.key(key));
    }

    pub fn send_keyless(&self, number: usize, value: &str) {
        let record =
            BaseRecord::<str, str, Box<usize>>::with_opaque_to(&self.topic, Box::new(number));
        self.enqueue(number, record.payload(value));
    }

    fn enqueue<'a, K, V>(&'a self, number: usize, mut record: BaseRecord<'a, K, V, Box<usize>>)
    where
        K: rdkafka::message::ToBytes + ?Sized,
        V: rdkafka::message::ToBytes + ?Sized,
    {
        loop {
            match self.producer.send(record) {
                Ok(()) => return,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                    record = back;
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err((fault, _)) => panic!("row {number} cannot be sent: {fault}"),
            }
        }
    }

    /// Waits for all answers.
    pub fn finish(self) -> Vec<Report> {
        self.producer.flush(PATIENCE).expect("all rows are answered in time");
        self.reports.all()
    }
}

/// Sends all rows; every one of them must be acknowledged.
pub fn produce(address: &str, topic: &str, rows: &[Row], settings: &[(&str, &str)]) -> Vec<Report> {
    let sender = Sender::new(address, topic, settings);
    for (number, row) in rows.iter().enumerate() {
        sender.send(number, row);
    }
    let reports = sender.finish();
    assert_eq!(reports.len(), rows.len());
    for report in &reports {
        if let Err(fault) = &report.answer {
            panic!("row {} is refused: {fault}", report.row);
        }
    }
    reports
}

/// All partitions from their beginning to what is their end now.
pub fn read_all(address: &str, topic: &str, partitions: i32) -> Partitions {
    let settings = [("group.id", "reader"), ("enable.auto.commit", "false")];
    let consumer: BaseConsumer = config(address, &settings).create().expect("valid settings");
    let mut wanted = TopicPartitionList::new();
    let mut left = 0;
    let mut found = Partitions::new();
    for partition in 0..partitions {
        let (low, high) =
            consumer.fetch_watermarks(topic, partition, PATIENCE).expect("the broker answers");
        wanted.add_partition_offset(topic, partition, Offset::Offset(low)).expect("an offset");
        found.insert(partition, BTreeMap::new());
        left += high - low;
    }
    consumer.assign(&wanted).expect("an assignment");
    let until = Instant::now() + PATIENCE;
    while left > 0 && Instant::now() < until {
        let Some(message) = consumer.poll(Duration::from_millis(100)) else { continue };
        let message = message.expect("a record");
        let rows = found.get_mut(&message.partition()).expect("a partition we asked for");
        let again = rows.insert(message.offset(), row_of(&message));
        assert!(again.is_none(), "offset {} came twice", message.offset());
        left -= 1;
    }
    found
}

/// Key and value of a message of ours.
pub fn row_of(message: &impl Message) -> Row {
    let text = |bytes: Option<&[u8]>| {
        String::from_utf8(bytes.unwrap_or_default().to_vec()).expect("our rows are text")
    };
    (text(message.key()), text(message.payload()))
}

/// Rows grouped by key, in their order.
pub fn by_key<'a>(rows: impl IntoIterator<Item = &'a Row>) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for (key, value) in rows {
        found.entry(key.clone()).or_default().push(value.clone());
    }
    found
}

/// The partitions hold exactly these rows, each key in one partition and in order.
pub fn assert_holds(partitions: &Partitions, rows: &[Row]) {
    for (partition, found) in partitions {
        let ends = (found.first_key_value(), found.last_key_value());
        if let (Some((&first, _)), Some((&last, _))) = ends {
            assert_eq!(first, 0, "partition {partition} begins at offset 0");
            assert_eq!(last + 1, found.len() as i64, "partition {partition} has no gap");
        }
    }
    let found = by_key(partitions.values().flat_map(BTreeMap::values));
    let wanted = by_key(rows);
    assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
    for (key, values) in wanted {
        assert!(found[&key] == values, "key {key}: other rows, or another order");
    }
}

/// Every acknowledged row stands where its answer said.
pub fn assert_kept(partitions: &Partitions, rows: &[Row], reports: &[Report]) {
    for report in reports {
        // librdkafka says offset -1 where a retry was recognised as a duplicate.
        let Ok((partition, offset @ 0..)) = report.answer else { continue };
        let found = partitions.get(&partition).and_then(|rows| rows.get(&offset));
        assert_eq!(found, Some(&rows[report.row]), "row {} at {partition}:{offset}", report.row);
    }
}

/// librdkafka's admin client.
pub fn admin(address: &str) -> AdminClient<DefaultClientContext> {
    config(address, &[]).create().expect("valid settings")
}

/// Creates a topic of six partitions with these settings.
pub fn create(address: &str, topic: &str, settings: &[(&str, &str)]) {
    let mut wanted = NewTopic::new(topic, PARTITIONS, TopicReplication::Fixed(1));
    for (key, value) in settings {
        wanted = wanted.set(key, value);
    }
    let client = admin(address);
    let answer = now(client.create_topics(&[wanted], &AdminOptions::new())).expect("an answer");
    assert_eq!(answer, vec![Ok(topic.to_owned())]);
}

/// Waits for one of librdkafka's futures; they are completed by threads of its own.
pub fn now<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(future)
}
