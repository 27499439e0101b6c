//! Lookups by time: ListOffsets by timestamp and by maximum timestamp.
//!
//! The index narrows the search to a few KiB; from there batches are read like any reader
//! reads them, and the first fitting one is opened to find its record. Only visible records
//! are found.

use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::limits::decompressed_bytes_max;
use millstream_wire::batch::{BatchView, split_batches};

use super::fault::ReadRefusal;
use super::limits::SCAN_BYTES;
use super::partition::PartitionLog;

/// A record found by its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedOffset {
    pub offset: Offset,
    pub timestamp_ms: i64,
    pub leader_epoch: LeaderEpoch,
}

impl PartitionLog {
    /// The first visible record whose timestamp is at or after `timestamp_ms`.
    pub async fn offset_for_timestamp(
        &self,
        timestamp_ms: i64,
    ) -> Result<Option<TimedOffset>, ReadRefusal> {
        let Some(start) = self.start_for_time(timestamp_ms).await? else { return Ok(None) };
        self.find(start, |batch| batch.max_timestamp() >= timestamp_ms, |t| t >= timestamp_ms).await
    }

    /// The first visible record with the largest timestamp of the log.
    pub async fn max_timestamp(&self) -> Result<Option<TimedOffset>, ReadRefusal> {
        let max = self.0.log.borrow().max_timestamp();
        let Some(max) = max else { return Ok(None) };
        let log_start = self.marks().log_start;
        let wanted = max.timestamp_ms;
        let start = max.batch.max(log_start);
        self.find(start, |batch| batch.max_timestamp() >= wanted, |t| t >= wanted).await
    }

    /// A batch boundary at or before the first record of that time.
    async fn start_for_time(&self, timestamp_ms: i64) -> Result<Option<Offset>, ReadRefusal> {
        loop {
            let (segment, found) = {
                let log = self.0.log.borrow();
                let Some(segment) = log.segment_for_time(timestamp_ms) else { return Ok(None) };
                let index = segment.index.as_ref();
                (segment.base, index.map(|index| index.offset_before_time(timestamp_ms)))
            };
            match found {
                Some(offset) => return Ok(Some(offset.max(self.marks().log_start))),
                None => self.0.load_index(segment).await?,
            }
        }
    }

    async fn find(
        &self,
        start: Offset,
        batch_fits: impl Fn(&BatchView<'_>) -> bool,
        record_fits: impl Fn(i64) -> bool,
    ) -> Result<Option<TimedOffset>, ReadRefusal> {
        let visible = self.marks().high_watermark;
        let mut from = start;
        while from < visible {
            let fetched = self.read(from, SCAN_BYTES as usize, true, visible).await?;
            let joined = fetched.extents.concat();
            let mut next = from;
            for batch in split_batches(&joined).flatten() {
                next = Offset(batch.header().next_offset());
                if !batch_fits(&batch) || next <= from {
                    continue;
                }
                if let Some(found) = first_record(&batch, from, &record_fits) {
                    return Ok(Some(found));
                }
            }
            if next <= from {
                return Ok(None);
            }
            from = next;
        }
        Ok(None)
    }
}

/// Batches were validated when they came in; one that does not open is passed over.
fn first_record(
    batch: &BatchView<'_>,
    from: Offset,
    fits: impl Fn(i64) -> bool,
) -> Option<TimedOffset> {
    let plain = batch.decompressed(decompressed_bytes_max(batch.total_len())).ok()?;
    let mut records = batch.records_in(&plain).flatten();
    let record = records.find(|record| record.offset >= from.0 && fits(record.timestamp))?;
    Some(TimedOffset {
        offset: Offset(record.offset),
        timestamp_ms: record.timestamp,
        leader_epoch: LeaderEpoch(batch.header().leader_epoch),
    })
}
