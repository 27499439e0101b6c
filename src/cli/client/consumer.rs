//! Reads a topic's partitions from given positions, at their leaders.
//!
//! Each round sends one Fetch to every leader and then reads the answers, so several brokers
//! work at once. Records are handed out as they are decoded, whole batches at a time;
//! positions move past what was handed out. Control batches are skipped. A partition whose
//! position has vanished (retention) goes on at the nearest end of its log, with a warning.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use millstream_wire::batch::{BatchFault, Record, split_batches};
use millstream_wire::messages::{FetchRequest, FetchResponse, fetch};
use millstream_wire::{ApiKey, ErrorCode};

use super::cluster::{Client, Missing, Pause, Topic};
use super::connection::{Answer, Connection};
use super::fault::Fault;
use super::offsets::{self, Place};

const WAIT_MS: i32 = 250;
const ANSWER_BYTES_MAX: i32 = 32 << 20;
const PARTITION_BYTES_MAX: i32 = 4 << 20;
/// What one batch may become when it is decompressed.
const BATCH_BYTES_MAX: usize = 512 << 20;

/// Reads one topic.
#[derive(Debug)]
pub struct Consumer {
    topic: Topic,
    /// The next offset of every partition that is read.
    positions: BTreeMap<i32, i64>,
    pause: Pause,
}

/// What to do after a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    Continue,
    Stop,
}

impl Consumer {
    pub fn new(topic: Topic, positions: BTreeMap<i32, i64>) -> Consumer {
        Consumer { topic, positions, pause: Pause::new() }
    }

    /// The next offset of every partition that is read.
    pub fn positions(&self) -> &BTreeMap<i32, i64> {
        &self.positions
    }

    /// Reads what there is, or waits a moment for something; hands out records one by one,
    /// with their partition.
    ///
    /// # Errors
    /// A refusal that does not pass, data that is damaged, or `each`'s own fault.
    pub fn round(
        &mut self,
        client: &mut Client,
        mut each: impl FnMut(i32, &Record<'_>) -> Result<After, Fault>,
    ) -> Result<After, Fault> {
        if self.positions.is_empty() {
            thread::sleep(Duration::from_millis(WAIT_MS as u64));
            return Ok(After::Continue);
        }
        let answers = match self.ask(client) {
            Ok(answers) => answers,
            Err(fault) => return self.pass_over(client, fault),
        };
        let mut trouble = None;
        for answer in &answers {
            let response: FetchResponse<'_> = answer.decode()?;
            let what = || format!("fetch from '{}'", self.topic.name);
            if let Err(fault) = Fault::check(response.error_code, what) {
                trouble = Some(fault);
                continue;
            }
            for one in response.responses.iter().flat_map(|topic| topic.partitions.to_vec()) {
                let index = one.partition_index;
                match self.judge(client, index, one.error_code) {
                    Err(fault) => trouble = Some(fault),
                    Ok(()) => {
                        let bytes = one.records.as_ref().map_or(&[][..], |all| all.as_bytes());
                        if self.hand_out(index, bytes, &mut each)? == After::Stop {
                            return Ok(After::Stop);
                        }
                    }
                }
            }
        }
        match trouble {
            Some(fault) => self.pass_over(client, fault),
            None => {
                self.pause = Pause::new();
                Ok(After::Continue)
            }
        }
    }

    /// Waits and looks for leaders again when the fault is one that passes.
    fn pass_over(&mut self, client: &mut Client, fault: Fault) -> Result<After, Fault> {
        if !fault.is_retriable() || !self.pause.wait() {
            return Err(fault);
        }
        client.recover(&fault);
        match client.topic(&self.topic.name, Missing::Refuse) {
            Ok(topic) => self.topic = topic,
            Err(fault) if fault.is_retriable() => client.recover(&fault),
            Err(fault) => return Err(fault),
        }
        Ok(After::Continue)
    }

    fn ask(&self, client: &mut Client) -> Result<Vec<Answer>, Fault> {
        let mut by_leader: BTreeMap<i32, Vec<(i32, i64)>> = BTreeMap::new();
        for partition in &self.topic.partitions {
            if let Some(offset) = self.positions.get(&partition.index) {
                by_leader.entry(partition.leader).or_default().push((partition.index, *offset));
            }
        }
        for (leader, wanted) in &by_leader {
            client.at(*leader)?.send(ApiKey::Fetch, &self.request(wanted))?;
        }
        by_leader.keys().map(|leader| client.at(*leader).and_then(Connection::receive)).collect()
    }

    fn request(&self, wanted: &[(i32, i64)]) -> FetchRequest<'_> {
        use fetch::request::{Partitions, Topics};
        let partitions: Vec<_> = wanted
            .iter()
            .map(|(index, offset)| Partitions {
                partition: *index,
                fetch_offset: *offset,
                partition_max_bytes: PARTITION_BYTES_MAX,
                ..Partitions::default()
            })
            .collect();
        let topic = Topics {
            topic: self.topic.name.as_str().into(),
            partitions: partitions.into(),
            ..Topics::default()
        };
        FetchRequest {
            max_wait_ms: WAIT_MS,
            min_bytes: 1,
            max_bytes: ANSWER_BYTES_MAX,
            topics: vec![topic].into(),
            ..FetchRequest::default()
        }
    }

    /// Refuses a partition's answer, or moves a position that its log does not have.
    fn judge(&mut self, client: &mut Client, index: i32, code: i16) -> Result<(), Fault> {
        let what = || format!("partition {index} of topic '{}'", self.topic.name);
        match Fault::check(code, what) {
            Err(fault) if fault.code() == Some(ErrorCode::OffsetOutOfRange) => {
                let at = |client: &mut Client, place| {
                    let found = offsets::find(client, &self.topic, &[index], place)?;
                    Ok::<i64, Fault>(found.get(&index).copied().unwrap_or(0))
                };
                let (start, end) = (at(client, Place::Beginning)?, at(client, Place::End)?);
                let old = self.positions.get(&index).copied().unwrap_or(0);
                let new = old.clamp(start, end);
                eprintln!(
                    "millstream: partition {index} has offsets {start} to {end}, not {old}; \
                     going on at {new}"
                );
                self.positions.insert(index, new);
                Ok(())
            }
            other => other,
        }
    }

    fn hand_out(
        &mut self,
        index: i32,
        bytes: &[u8],
        each: &mut impl FnMut(i32, &Record<'_>) -> Result<After, Fault>,
    ) -> Result<After, Fault> {
        let damaged = |fault: BatchFault| {
            Fault::Impossible(format!("damaged data in partition {index}: {fault}"))
        };
        let Some(position) = self.positions.get_mut(&index) else {
            return Ok(After::Continue);
        };
        for batch in split_batches(bytes) {
            let batch = match batch {
                Err(BatchFault::Incomplete { .. }) => break,
                batch => batch.map_err(damaged)?,
            };
            if batch.last_offset() < *position {
                continue;
            }
            if !batch.attributes().is_control() {
                batch.check_crc().map_err(damaged)?;
                let records = batch.decompressed(BATCH_BYTES_MAX).map_err(damaged)?;
                for record in batch.records_in(&records) {
                    let record = record.map_err(damaged)?;
                    if record.offset < *position {
                        continue;
                    }
                    *position = record.offset.saturating_add(1);
                    if each(index, &record)? == After::Stop {
                        return Ok(After::Stop);
                    }
                }
            }
            *position = batch.last_offset().saturating_add(1);
        }
        Ok(After::Continue)
    }
}
