//! A produce request of one record whose value begins with the time at which it was due, so that
//! whoever reads the record knows how long it took. Stamping rewrites eight bytes and the CRC in
//! place. Pure. Stamps are nanoseconds since an origin that producer and consumer share.

use std::ops::Range;
use std::time::{Duration, Instant};

use millstream_wire::batch::BatchView;

use crate::batch::{Batch, value_at};
use crate::fault::Fault;
use crate::frame::Template;

const STAMP_BYTES: usize = 8;
/// Where a batch keeps its CRC, and where the bytes begin that it covers.
const CRC_AT: usize = 17;
const CRC_FROM: usize = 21;
const CORRELATION_AT: usize = 8;

/// A request frame that can be stamped and sent again and again.
#[derive(Clone, Debug)]
pub struct StampedFrame {
    frame: Vec<u8>,
    batch: Range<usize>,
    /// Position of the stamp in the batch.
    pub stamp_at: usize,
}

impl StampedFrame {
    pub fn new(template: &Template, batch: &Batch) -> Result<StampedFrame, Fault> {
        let frame: Vec<u8> = template.slices(&[0; 4], batch.bytes()).flatten().copied().collect();
        let broken = || Fault::Mismatch("a batch of one record has no value to stamp".to_owned());
        let batch_at = value_at(&frame, batch.bytes()).ok_or_else(broken)?;
        let stamp_at = stamp_position(batch.bytes()).ok_or_else(broken)?;
        let batch = batch_at..batch_at + batch.bytes().len();
        Ok(StampedFrame { frame, batch, stamp_at })
    }

    /// The frame's bytes for one request.
    pub fn stamp(&mut self, correlation: i32, since_origin: Duration) -> &[u8] {
        let ids = CORRELATION_AT..CORRELATION_AT + 4;
        self.frame[ids].copy_from_slice(&correlation.to_be_bytes());
        let batch = &mut self.frame[self.batch.clone()];
        let ns = (since_origin.as_nanos() as u64).to_be_bytes();
        batch[self.stamp_at..self.stamp_at + STAMP_BYTES].copy_from_slice(&ns);
        let crc = crc32c::crc32c(&batch[CRC_FROM..]);
        batch[CRC_AT..CRC_AT + 4].copy_from_slice(&crc.to_be_bytes());
        &self.frame
    }
}

fn stamp_position(batch: &[u8]) -> Option<usize> {
    let view = BatchView::parse(batch).ok()?;
    let record = view.records().ok()?.next()?.ok()?;
    let value = record.value.filter(|value| value.len() >= STAMP_BYTES)?;
    value_at(batch, value)
}

/// When the record in `batch` was due.
pub fn due(batch: &[u8], stamp_at: usize, origin: Instant) -> Option<Instant> {
    let stamp = batch.get(stamp_at..)?.first_chunk::<STAMP_BYTES>()?;
    Some(origin + Duration::from_nanos(u64::from_be_bytes(*stamp)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::BatchSpec;
    use crate::frame::ProduceShape;
    use crate::load::Codec;

    #[test]
    fn a_stamped_batch_is_valid_and_gives_its_time_back() {
        let spec = BatchSpec {
            record_bytes: 1024,
            batch_bytes: 0,
            records: Some(1),
            codec: Codec::None,
            timestamp_ms: 1_700_000_000_000,
        };
        let batch = Batch::build(&spec).expect("builds");
        let shape = ProduceShape { topic: "t", acks: 1, timeout_ms: 1000 };
        let template = Template::produce(&shape, &[0], &batch);
        let mut stamped = StampedFrame::new(&template, &batch).expect("one record");
        let origin = Instant::now();
        for ns in [0, 1, 1_234_567_890_123] {
            let frame = stamped.stamp(77, Duration::from_nanos(ns)).to_vec();
            assert_eq!(frame[8..12], 77i32.to_be_bytes());
            let bytes = &frame[stamped.batch.clone()];
            let view = BatchView::parse(bytes).expect("parses");
            assert!(view.crc_valid());
            let due = due(bytes, stamped.stamp_at, origin).expect("stamped");
            assert_eq!(due - origin, Duration::from_nanos(ns));
        }
    }
}
