//! Why a client's batch is refused, and the one mapping to Kafka's error codes.
//!
//! The codes are Kafka's where Kafka answers sensibly; where it answers
//! UNKNOWN_SERVER_ERROR (unknown codec, undecodable block) ours says what is wrong.

use std::fmt;

use millstream_wire::ErrorCode;
use millstream_wire::batch::BatchFault as Unreadable;
use millstream_wire::compress::CompressFault;

use super::records::{RecordFault, RecordFaults};
use crate::refusal::{RecordRefusal, Refusal};

/// One reason to refuse a partition's records in a Produce request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchFault {
    /// Null, empty, or the only batch is cut short.
    NoBatch,
    /// Since Produce v3 a partition carries exactly one batch.
    ManyBatches,
    /// The bytes are not a sound batch v2.
    Unreadable(Unreadable),
    /// A producer leaves offsets to the broker.
    BaseOffset { base_offset: i64 },
    /// Larger than `max.message.bytes`.
    TooLarge { bytes: u64, bytes_max: u64 },
    /// Larger than `max.message.bytes` in the topic's codec.
    TooLargeRepacked { bytes_max: u64 },
    /// Attribute bits that have no meaning, or none for a producer.
    Attributes { bits: i16 },
    /// Only brokers write control records.
    Control,
    /// Transactions are not served yet.
    Transactional,
    /// Count below one, or not the span of the offsets, or deltas that are not 0, 1, 2….
    OffsetRange { records: i32, last_offset_delta: i32 },
    /// A producer id without epoch or sequence.
    Sequence { epoch: i16, sequence: i32 },
    /// zstd needs Produce v7.
    ZstdTooOld,
    /// Records that the topic does not take.
    Records(RecordFaults),
}

impl BatchFault {
    /// The error code for the partition.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Unreadable(fault) => unreadable_code(fault),
            Self::TooLarge { .. } | Self::TooLargeRepacked { .. } => ErrorCode::MessageTooLarge,
            Self::Transactional => ErrorCode::InvalidTxnState,
            Self::ZstdTooOld => ErrorCode::UnsupportedCompressionType,
            Self::Records(faults) => faults.code(),
            Self::NoBatch
            | Self::ManyBatches
            | Self::BaseOffset { .. }
            | Self::Attributes { .. }
            | Self::Control
            | Self::OffsetRange { .. }
            | Self::Sequence { .. } => ErrorCode::InvalidRecord,
        }
    }

    /// The records at fault, for `record_errors` of Produce v8 and later.
    #[must_use]
    pub fn records(&self) -> Vec<RecordRefusal> {
        let name = |fault: &RecordFault| RecordRefusal {
            index: fault.index,
            message: fault.why.to_string(),
        };
        match self {
            Self::Records(faults) => faults.named.iter().map(name).collect(),
            _ => Vec::new(),
        }
    }
}

impl From<BatchFault> for Refusal {
    fn from(fault: BatchFault) -> Self {
        Refusal::because(fault.code(), fault.to_string()).naming(fault.records())
    }
}

fn unreadable_code(fault: &Unreadable) -> ErrorCode {
    match fault {
        Unreadable::Codec { .. } => ErrorCode::UnsupportedCompressionType,
        Unreadable::Compress(CompressFault::TooLarge { .. }) => ErrorCode::MessageTooLarge,
        Unreadable::Compress(_)
        | Unreadable::Crc { .. }
        | Unreadable::Length { .. }
        | Unreadable::Magic { .. } => ErrorCode::CorruptMessage,
        Unreadable::Incomplete { .. }
        | Unreadable::Legacy { .. }
        | Unreadable::Record { .. }
        | Unreadable::Count { .. } => ErrorCode::InvalidRecord,
    }
}

impl fmt::Display for BatchFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBatch => f.write_str("a partition needs one record batch"),
            Self::ManyBatches => f.write_str("a partition takes exactly one record batch"),
            Self::Unreadable(fault) => fault.fmt(f),
            Self::BaseOffset { base_offset } => {
                write!(f, "a produced batch has base offset 0, not {base_offset}")
            }
            Self::TooLarge { bytes, bytes_max } => {
                write!(f, "the batch has {bytes} bytes, the topic takes {bytes_max}")
            }
            Self::TooLargeRepacked { bytes_max } => {
                write!(f, "in the topic's compression.type the batch exceeds {bytes_max} bytes")
            }
            Self::Attributes { bits } => write!(f, "attributes {bits:#06x} are not a producer's"),
            Self::Control => f.write_str("clients may not write control records"),
            Self::Transactional => f.write_str("transactions are not supported yet"),
            Self::OffsetRange { records, last_offset_delta } => {
                write!(f, "{records} records do not span offset deltas 0 to {last_offset_delta}")
            }
            Self::Sequence { epoch, sequence } => {
                write!(f, "a producer id with epoch {epoch} and sequence {sequence}")
            }
            Self::ZstdTooOld => f.write_str("zstd needs Produce version 7"),
            Self::Records(faults) => faults.fmt(f),
        }
    }
}

impl std::error::Error for BatchFault {}

impl From<Unreadable> for BatchFault {
    fn from(fault: Unreadable) -> Self {
        match fault {
            Unreadable::Incomplete { .. } => BatchFault::NoBatch,
            fault => BatchFault::Unreadable(fault),
        }
    }
}
