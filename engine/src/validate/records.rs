//! The records for which a batch is refused (KIP-467): which, and what is wrong with each.
//!
//! The walk over a sound batch only says whether there is such a record; the records are read
//! once more to name them, on the way to a refusal. Invariant: at least one is named, and at
//! most `RECORD_FAULTS_MAX`, since a small compressed batch can hold very many.

use std::fmt;

use millstream_wire::ErrorCode;
use millstream_wire::batch::BatchView;

use super::{Rules, is_timely};
use crate::config::TimestampType;
use crate::limits::RECORD_FAULTS_MAX;

/// Records of one batch that its topic does not take, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFaults {
    /// The first of them.
    pub named: Vec<RecordFault>,
    /// How many there are.
    pub total: u32,
    code: ErrorCode,
}

/// One record at fault, by its index in the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordFault {
    pub index: u32,
    pub why: RecordWhy,
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordWhy {
    /// A compacted topic has no place for a record without key.
    KeyMissing,
    /// Outside `message.timestamp.{before,after}.max.ms`.
    Timestamp { timestamp_ms: i64 },
}

impl RecordFaults {
    /// Reads the records of a batch that has some at fault.
    pub(super) fn find(view: &BatchView<'_>, plain: &[u8], rules: &Rules<'_>) -> RecordFaults {
        let mut faults =
            RecordFaults { named: Vec::new(), total: 0, code: ErrorCode::InvalidRecord };
        for (record, index) in view.records_in(plain).map_while(Result::ok).zip(0..) {
            if let Some(why) = judge(record.key.is_some(), record.timestamp, rules) {
                faults.add(RecordFault { index, why });
            }
        }
        if faults.named.is_empty() {
            // The walk saw one past the ends of time, where the records wrap around.
            let timestamp_ms = view.header().base_timestamp;
            faults.add(RecordFault { index: 0, why: RecordWhy::Timestamp { timestamp_ms } });
        }
        faults
    }

    fn add(&mut self, fault: RecordFault) {
        self.total = self.total.saturating_add(1);
        // As in Kafka, a wrong clock is what the whole batch is told, whatever else is wrong.
        if matches!(fault.why, RecordWhy::Timestamp { .. }) {
            self.code = ErrorCode::InvalidTimestamp;
        }
        if self.named.len() < RECORD_FAULTS_MAX {
            self.named.push(fault);
        }
    }

    /// The error code for the partition.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }
}

/// The first rule that a record breaks; the key comes first, as in Kafka.
fn judge(has_key: bool, timestamp_ms: i64, rules: &Rules<'_>) -> Option<RecordWhy> {
    if rules.config.cleanup_policy.compact && !has_key {
        return Some(RecordWhy::KeyMissing);
    }
    let by_producer = rules.config.message_timestamp_type != TimestampType::LogAppendTime;
    (by_producer && !is_timely(timestamp_ms, rules))
        .then_some(RecordWhy::Timestamp { timestamp_ms })
}

impl fmt::Display for RecordFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.total, self.named.as_slice()) {
            (1, [only]) => write!(f, "record {} is refused: {}", only.index, only.why),
            (total, [first, ..]) => {
                write!(
                    f,
                    "{total} records are refused, the first is record {}: {}",
                    first.index, first.why
                )
            }
            (_, []) => f.write_str("no record"),
        }
    }
}

impl fmt::Display for RecordWhy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyMissing => f.write_str("it has no key, the topic is compacted"),
            Self::Timestamp { timestamp_ms } => {
                write!(f, "its timestamp {timestamp_ms} is outside the topic's range")
            }
        }
    }
}
