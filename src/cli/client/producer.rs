//! Collects records into batches and writes them, one request under way per broker.
//!
//! While a request is under way the next batches fill, so reading, compressing and writing
//! overlap; the next request leaves when the one before is answered, so a retry can never
//! overtake a later batch. A lost connection makes its batches go again: a record may then
//! be there twice, never out of order and never missing.

use std::collections::BTreeMap;

use bytes::Bytes;
use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use millstream_wire::messages::{ProduceRequest, ProduceResponse, produce};
use millstream_wire::{ApiKey, Records};

use super::cluster::{Client, Missing, Pause, Topic};
use super::connection::{Answer, Connection};
use super::fault::Fault;
use super::partitioner::partition_of;

/// Bytes of a batch before compression. With its header it fits the default
/// `max.message.bytes`; only a single larger record makes a larger batch.
const BATCH_BYTES: usize = 1_000_000;
/// A request leaves when its batches hold so many bytes together.
const REQUEST_BYTES: usize = 4 * 1024 * 1024;
/// More than a record's own lengths and deltas take.
const RECORD_OVERHEAD_BYTES: usize = 64;
const TIMEOUT_MS: i32 = 30_000;

/// How records are written.
#[derive(Clone, Copy, Debug)]
pub struct ProduceOptions {
    /// -1 for all, 1, or 0.
    pub acks: i16,
    pub codec: Codec,
    /// All records to this partition, whatever their key.
    pub partition: Option<i32>,
}

/// One record on its way in.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    pub timestamp_ms: i64,
    pub key: Option<&'a [u8]>,
    pub value: &'a [u8],
    pub headers: &'a [(&'a str, Option<&'a [u8]>)],
}

/// A closed batch, kept until it is answered.
#[derive(Debug)]
struct Closed {
    partition: i32,
    records: u64,
    bytes: Bytes,
}

/// Writes records to one topic.
#[derive(Debug)]
pub struct Producer {
    client: Client,
    topic: Topic,
    options: ProduceOptions,
    /// Batches that fill, by partition.
    open: BTreeMap<i32, BatchBuilder>,
    open_bytes: usize,
    /// Batches that a broker has, by its id.
    under_way: BTreeMap<i32, Vec<Closed>>,
    /// Batches that must go again, and why.
    stranded: Vec<Closed>,
    trouble: Option<Fault>,
    /// Where records without a key go until the next request, as an index of partitions.
    sticky: usize,
    acknowledged: u64,
}

impl Producer {
    /// A producer for a topic, which is created when the broker allows that.
    ///
    /// # Errors
    /// No such topic or partition.
    pub fn open(
        mut client: Client,
        topic: &str,
        options: ProduceOptions,
        sticky: usize,
    ) -> Result<Producer, Fault> {
        let topic = client.topic(topic, Missing::Create)?;
        let count = topic.partitions.len();
        if let Some(partition) = options.partition
            && !topic.partitions.iter().any(|one| one.index == partition)
        {
            let (name, last) = (&topic.name, count.saturating_sub(1));
            let reason = format!("topic '{name}' has no partition {partition}, only 0 to {last}");
            return Err(Fault::Impossible(reason));
        }
        Ok(Producer {
            client,
            topic,
            options,
            open: BTreeMap::new(),
            open_bytes: 0,
            under_way: BTreeMap::new(),
            stranded: Vec::new(),
            trouble: None,
            sticky: sticky % count.max(1),
            acknowledged: 0,
        })
    }

    /// Records that brokers have acknowledged; with acks=0 those that were sent.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// Collects a record; sends what is collected when it is enough for a request.
    ///
    /// # Errors
    /// An earlier record was refused.
    pub fn add(&mut self, record: Outgoing<'_>) -> Result<(), Fault> {
        let headers: usize = record
            .headers
            .iter()
            .map(|(key, value)| key.len() + value.map_or(0, <[u8]>::len))
            .sum();
        let bytes = record.value.len() + record.key.map_or(0, <[u8]>::len) + headers;
        let partition = self.choose(record.key);
        let full = self.open.get(&partition).is_some_and(|batch| {
            batch.uncompressed_len() + bytes + RECORD_OVERHEAD_BYTES > BATCH_BYTES
        });
        if full || self.open_bytes > REQUEST_BYTES {
            self.flush()?;
        }
        let codec = self.options.codec;
        let partition = self.choose(record.key);
        let batch = self.open.entry(partition).or_insert_with(|| BatchBuilder::new(codec));
        batch.append(record.timestamp_ms, record.key, Some(record.value), record.headers);
        self.open_bytes += bytes;
        Ok(())
    }

    fn choose(&self, key: Option<&[u8]>) -> i32 {
        if let Some(partition) = self.options.partition {
            return partition;
        }
        let count = u32::try_from(self.topic.partitions.len()).unwrap_or(u32::MAX).max(1);
        let index = key.map_or(self.sticky, |key| partition_of(key, count) as usize);
        self.topic.partitions.get(index).map_or(0, |partition| partition.index)
    }

    /// Sends all that is collected, after what is under way has been answered.
    ///
    /// # Errors
    /// A record was refused.
    pub fn flush(&mut self) -> Result<(), Fault> {
        let mut closed = Vec::new();
        for (partition, batch) in std::mem::take(&mut self.open) {
            let bytes = batch.build().map_err(|fault| {
                Fault::Impossible(format!("a batch cannot be compressed: {fault}"))
            })?;
            let records = u64::try_from(batch.count()).unwrap_or(0);
            closed.push(Closed { partition, records, bytes });
        }
        self.open_bytes = 0;
        self.sticky = (self.sticky + 1) % self.topic.partitions.len().max(1);
        self.settle()?;
        self.launch(closed);
        Ok(())
    }

    /// Sends and waits for everything.
    ///
    /// # Errors
    /// A record was refused.
    pub fn finish(&mut self) -> Result<(), Fault> {
        self.flush()?;
        self.settle()
    }

    /// Waits until nothing is under way, sending again what a passing fault has stopped.
    fn settle(&mut self) -> Result<(), Fault> {
        let mut pause = Pause::new();
        loop {
            self.land();
            let Some(fault) = self.trouble.take() else { return Ok(()) };
            if !fault.is_retriable() || !pause.wait() {
                return Err(fault);
            }
            self.client.recover(&fault);
            if let Ok(topic) = self.client.topic(&self.topic.name, Missing::Refuse) {
                self.topic = topic;
            }
            let again = std::mem::take(&mut self.stranded);
            self.launch(again);
        }
    }

    /// Sends batches, one of each partition at most, to their leaders.
    fn launch(&mut self, batches: Vec<Closed>) {
        let mut by_leader: BTreeMap<i32, Vec<Closed>> = BTreeMap::new();
        for batch in batches {
            let leader = self.topic.partitions.iter().find(|one| one.index == batch.partition);
            by_leader.entry(leader.map_or(-1, |one| one.leader)).or_default().push(batch);
        }
        for (leader, batches) in by_leader {
            match self.send(leader, &batches) {
                Err(fault) => self.strand(batches, fault),
                Ok(()) if self.options.acks == 0 => {
                    self.acknowledged += batches.iter().map(|batch| batch.records).sum::<u64>();
                }
                Ok(()) => drop(self.under_way.insert(leader, batches)),
            }
        }
    }

    /// Reads the answers of all that is under way.
    fn land(&mut self) {
        for (leader, batches) in std::mem::take(&mut self.under_way) {
            let answer = self.client.at(leader).and_then(Connection::receive);
            let refusals = answer.and_then(|answer| refusals(&answer, &self.topic.name));
            match refusals {
                Err(fault) => self.strand(batches, fault),
                Ok(mut refusals) => {
                    for batch in batches {
                        match refusals.remove(&batch.partition) {
                            Some(fault) => self.strand(vec![batch], fault),
                            None => self.acknowledged += batch.records,
                        }
                    }
                }
            }
        }
    }

    /// Keeps batches for another try; of several faults one that does not pass is kept.
    fn strand(&mut self, batches: Vec<Closed>, fault: Fault) {
        self.stranded.extend(batches);
        if self.trouble.as_ref().is_none_or(Fault::is_retriable) {
            self.trouble = Some(fault);
        }
    }

    fn send(&mut self, leader: i32, batches: &[Closed]) -> Result<(), Fault> {
        use produce::request::{PartitionData, TopicData};
        let partitions: Vec<_> = batches
            .iter()
            .map(|batch| PartitionData {
                index: batch.partition,
                records: Some(Records::from(&batch.bytes[..])),
            })
            .collect();
        let data = TopicData {
            name: self.topic.name.as_str().into(),
            partition_data: partitions.into(),
            ..TopicData::default()
        };
        let request = ProduceRequest {
            acks: self.options.acks,
            timeout_ms: TIMEOUT_MS,
            topic_data: vec![data].into(),
            ..ProduceRequest::default()
        };
        let connection = self.client.at(leader)?;
        match self.options.acks {
            0 => connection.send_unanswered(ApiKey::Produce, &request),
            _ => connection.send(ApiKey::Produce, &request),
        }
    }
}

/// The partitions of an answer that were refused.
fn refusals(answer: &Answer, topic: &str) -> Result<BTreeMap<i32, Fault>, Fault> {
    let response: ProduceResponse<'_> = answer.decode()?;
    let mut refused = BTreeMap::new();
    for one in response.responses.iter().flat_map(|data| data.partition_responses.to_vec()) {
        let what = || format!("partition {} of topic '{topic}'", one.index);
        if let Err(fault) = Fault::check_with(one.error_code, one.error_message.as_deref(), what) {
            refused.insert(one.index, fault);
        }
    }
    Ok(refused)
}
