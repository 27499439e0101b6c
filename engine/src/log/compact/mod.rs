//! Compaction, decided: what is worth cleaning, which records stay, what the log looks like after.
//!
//! A run has three steps. `Log::cleanable` says from where to where; a `Mapper` reads the dirty
//! part and notes the latest offset of every key in an `OffsetMap` of bounded memory (what does
//! not fit waits for the next run); a `Cleaner` reads everything up to there and hands out the
//! batches that stay. The rules are Kafka's `LogCleaner`'s, with two differences: aborted
//! transactions are found in the data itself (`Survey`), not in an index beside it; and removed
//! batches leave a placeholder, so batches still follow each other without a hole, and a hole
//! still means damage. No bytes are read or written here; the shell is `storage::compact`.

mod clean;
mod map;
mod mapper;
mod plan;
mod survey;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use millstream_wire::batch::{BatchFault, BatchHeader, BatchView};

use super::Producers;
use crate::ids::Offset;
use crate::limits::decompressed_bytes_max;

pub use clean::{CleanRules, CleanStats, Cleaned, Cleaner};
pub use map::OffsetMap;
pub use mapper::{Mapped, Mapper};
pub use plan::Cleanable;
pub use survey::{Decided, Survey};

/// Why a log cannot be compacted: its bytes are not what was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CleanFault {
    /// The batch at `offset` is damaged.
    Batch { offset: i64, fault: BatchFault },
    /// A batch begins before its predecessor ends.
    Disorder { offset: i64, expected: Offset },
}

impl fmt::Display for CleanFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Batch { offset, fault } => write!(f, "batch at {offset}: {fault}"),
            Self::Disorder { offset, expected } => {
                write!(f, "batch at {offset} where {expected} was expected")
            }
        }
    }
}

impl std::error::Error for CleanFault {}

/// The last thing that each live producer wrote: its batch stays, if need be without records, so
/// that sequences and epochs can be rebuilt from the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastEntries(BTreeMap<i64, LastEntry>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LastEntry {
    epoch: i16,
    /// `None`: it wrote markers only.
    last_data: Option<i64>,
}

impl LastEntries {
    #[must_use]
    pub fn of(producers: &Producers) -> Self {
        let entry = |shot: super::ProducerSnapshot| {
            let last_data = shot.state.window.last().map(|batch| batch.end.0 - 1);
            (shot.id.0, LastEntry { epoch: shot.state.epoch.0, last_data })
        };
        LastEntries(producers.snapshot().into_iter().map(entry).collect())
    }

    fn is_last(&self, h: &BatchHeader) -> bool {
        self.0.get(&h.producer_id).is_some_and(|entry| match entry.last_data {
            Some(last) => last == h.next_offset() - 1,
            None => h.attributes.is_control() && h.producer_epoch == entry.epoch,
        })
    }
}

/// A batch whose CRC is right, or the fault.
fn checked(view: &BatchView<'_>, expected: Offset) -> Result<(), CleanFault> {
    let offset = view.base_offset();
    if offset < expected.0 || view.header().last_offset_delta < 0 {
        return Err(CleanFault::Disorder { offset, expected });
    }
    view.check_crc().map_err(|fault| CleanFault::Batch { offset, fault })
}

/// A batch's records, decompressed within the caps.
fn opened<'a>(view: &BatchView<'a>) -> Result<std::borrow::Cow<'a, [u8]>, CleanFault> {
    let offset = view.base_offset();
    let plain = view.decompressed(decompressed_bytes_max(view.total_len()));
    plain.map_err(|fault| CleanFault::Batch { offset, fault })
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    Abort,
    Commit,
    /// A control record that is no end of a transaction.
    Other,
}

/// The marker in a control batch; `None` where compaction has emptied it.
fn marker_of(view: &BatchView<'_>) -> Result<Option<Marker>, CleanFault> {
    let offset = view.base_offset();
    let plain = opened(view)?;
    let Some(first) = view.records_in(&plain).next() else { return Ok(None) };
    let record = first.map_err(|fault| CleanFault::Batch { offset, fault })?;
    // A control record's key: version (16 bits), type (16 bits).
    Ok(Some(match record.key.and_then(|key| key.get(2..4)) {
        Some([0, 0]) => Marker::Abort,
        Some([0, 1]) => Marker::Commit,
        _ => Marker::Other,
    }))
}
