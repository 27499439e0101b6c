//! Reads the records of an answer and judges each by itself: it must be as it was sent, and in
//! the partition that it was sent to. This holds under a lying device too, but for what no broker
//! could tell (`untold`): such records are passed over.

use millstream_wire::batch::{Record, split_batches};

use crate::fact::Seen;
use crate::record::{Content, Place, STAMP_HEADER, Shape, read_stamp};
use crate::untold::Untold;

/// More than any batch of the simulation unpacks to.
const UNPACKED_BYTES_MAX: usize = 64 << 20;

/// The records from offset `from` on, and the offset to read on from.
///
/// # Errors
/// What no reader may be shown.
pub fn read(
    bytes: &[u8],
    place: Place,
    shape: Shape,
    (from, untold): (i64, &Untold),
) -> Result<(Vec<Seen>, i64), String> {
    let is_untold = |home| untold.contains(&(place, Some(home))) || untold.contains(&(place, None));
    let (mut all, mut next) = (Vec::new(), from);
    for view in split_batches(bytes) {
        let Ok(view) = view else {
            // An answer may end in the middle of a batch.
            break;
        };
        if !view.crc_valid() {
            return Err(format!("{place}: the batch at {} is broken", view.base_offset()));
        }
        let fault = |fault| format!("{place}: the batch at {}: {fault:?}", view.base_offset());
        if view.attributes().is_control() {
            return Err(format!("{place}: a control batch at {}", view.base_offset()));
        }
        let block = view.decompressed(UNPACKED_BYTES_MAX).map_err(fault)?;
        let epoch = view.header().leader_epoch;
        for record in view.records_in(&block) {
            let record = record.map_err(fault)?;
            if record.offset >= from {
                match judge(&record, place, shape) {
                    Ok(seen) => all.push(Seen { epoch, ..seen }),
                    Err(Wrong::Place(home, _)) if is_untold(home) => {}
                    Err(Wrong::Place(_, what) | Wrong::Content(what)) => return Err(what),
                }
            }
        }
        next = next.max(view.last_offset() + 1);
    }
    Ok((all, next))
}

/// What is wrong with a record.
enum Wrong {
    /// It belongs to another partition.
    Place(Place, String),
    Content(String),
}

fn judge(record: &Record<'_>, place: Place, shape: Shape) -> Result<Seen, Wrong> {
    let offset = record.offset;
    let header = record.headers.iter().find(|header| header.key == STAMP_HEADER.as_bytes());
    let Some((stamp, home)) = header.and_then(|header| read_stamp(header.value?)) else {
        return Err(Wrong::Content(format!("{place}: the record at {offset} has no stamp")));
    };
    if home != place {
        let what = format!("{place}: {stamp} at {offset} belongs to {home}");
        return Err(Wrong::Place(home, what));
    }
    let content = Content::of(stamp, place, shape);
    if content.key.as_deref() != record.key || content.value.as_deref() != record.value {
        let what = format!("{place}: {stamp} at {offset} is not as it was sent");
        return Err(Wrong::Content(what));
    }
    Ok(Seen { offset, stamp, tombstone: record.value.is_none(), epoch: -1 })
}
