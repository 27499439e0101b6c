//! A segment file batch by batch, also past damage.
//!
//! `Walk` reads front to back through a window: a batch at a time, its CRC checked. Behind
//! bytes that are no batch it looks for the next one: a header that fits here, and a right
//! CRC. The work of looking is bounded by the file's size, so that hostile bytes cost no more
//! than reading a few times. What a finding means for the log is the caller's to say: `Order`
//! checks offsets and epochs from batch to batch.

use std::io;
use std::path::Path;

use millstream_engine::limits::{BATCH_BYTES_MAX, decompressed_bytes_max};
use millstream_wire::batch::{BatchFault, BatchHeader, BatchView, HEADER_BYTES, walk};

use super::window::{WINDOW_BYTES, Window};
use super::{Cause, Damage};

/// A search may compute checksums over this many times the file's bytes.
const SEARCH_FACTOR: u64 = 4;
/// No segment holds offsets further from its base: the index counts them in 32 bits.
const OFFSETS_MAX: i64 = u32::MAX as i64;

/// What stands at a position of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// A whole batch with a right CRC; `Walk::batch` has its bytes.
    Batch { position: u64, header: BatchHeader },
    /// Zeros up to the file's end: space that was reserved.
    Zeros { position: u64, upto: u64 },
    /// No sound batch in `[position, upto)`; one follows at `upto` unless `is_last`.
    Bad { position: u64, upto: u64, cause: Cause, fault: Option<BatchFaultText>, is_last: bool },
    /// The file's end.
    End,
}

/// The parts of a fault that a reader of the report asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchFaultText {
    Crc {
        stored: u32,
        computed: u32,
    },
    Length {
        batch_length: i32,
    },
    Magic {
        magic: i8,
    },
    /// The batch would end this many bytes behind the file.
    Beyond {
        bytes: u64,
    },
}

/// A walk over one file.
pub struct Walk {
    window: Window,
    position: u64,
    /// The length of the batch that `batch` gives.
    batch: (u64, usize),
    /// The least offset that a later batch can have, and the base for the largest.
    least: i64,
    base: i64,
    search_left: u64,
}

impl Walk {
    /// Begins at the file's start; `base` is the offset in its name.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path, base: i64) -> io::Result<Walk> {
        let window = Window::open(path)?;
        let search_left = window.len().saturating_mul(SEARCH_FACTOR) + WINDOW_BYTES as u64;
        Ok(Walk { window, position: 0, batch: (0, 0), least: base, base, search_left })
    }

    /// The file's length.
    pub fn len(&self) -> u64 {
        self.window.len()
    }

    /// The batch that the last step found; `None` when the file changed meanwhile.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn batch(&mut self) -> io::Result<Option<BatchView<'_>>> {
        let (position, bytes) = self.batch;
        Ok(BatchView::parse(self.window.get(position, bytes)?).ok())
    }

    /// What stands at the walk's position; moves past it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn step(&mut self) -> io::Result<Step> {
        let (position, len) = (self.position, self.window.len());
        if position >= len {
            return Ok(Step::End);
        }
        let step = match self.inspect(position)? {
            Found::Sound(header) => {
                self.batch = (position, header.total_len());
                self.least = header.next_offset();
                self.position = position + header.total_len() as u64;
                return Ok(Step::Batch { position, header });
            }
            Found::Zeros => {
                let upto = self.zeros_upto(position)?;
                if upto >= len {
                    self.position = len;
                    return Ok(Step::Zeros { position, upto: len });
                }
                // A batch may begin with zeros: its offset's upper bytes.
                let from = upto.saturating_sub(HEADER_BYTES as u64).max(position + 1);
                (Cause::Hole, None, self.search(from)?)
            }
            Found::Bad { cause, fault, skip } => {
                let next = match skip {
                    Some(at) if at < len && self.begins_soundly(at)? => Some(at),
                    _ => self.search(position + 1)?,
                };
                (cause, fault, next)
            }
        };
        let (cause, fault, next) = step;
        let cut = cause == Cause::UnfinishedTail && next.is_none();
        let cause = if cut || cause != Cause::UnfinishedTail { cause } else { Cause::Malformed };
        let upto = next.unwrap_or(len);
        self.position = upto;
        Ok(Step::Bad { position, upto, cause, fault, is_last: next.is_none() })
    }

    fn inspect(&mut self, position: u64) -> io::Result<Found> {
        let left = self.window.len() - position;
        let head = self.window.get(position, HEADER_BYTES)?;
        let Some(fixed) = head.first_chunk::<HEADER_BYTES>() else {
            let zeros = head.iter().all(|byte| *byte == 0);
            let fault = Some(BatchFaultText::Beyond { bytes: HEADER_BYTES as u64 - left });
            let short = Found::Bad { cause: Cause::UnfinishedTail, fault, skip: None };
            return Ok(if zeros { Found::Zeros } else { short });
        };
        if fixed.iter().all(|byte| *byte == 0) {
            return Ok(Found::Zeros);
        }
        let header = BatchHeader::read(fixed);
        if let Some(fault) = shape_fault(&header) {
            return Ok(Found::Bad { cause: Cause::Malformed, fault: Some(fault), skip: None });
        }
        let total = header.total_len() as u64;
        if total > left {
            let fault = Some(BatchFaultText::Beyond { bytes: total - left });
            return Ok(Found::Bad { cause: Cause::UnfinishedTail, fault, skip: None });
        }
        let bytes = self.window.get(position, total as usize)?;
        let Ok(view) = BatchView::parse(bytes) else {
            return Ok(Found::Bad { cause: Cause::Malformed, fault: None, skip: None });
        };
        match view.check_crc() {
            Err(BatchFault::Crc { stored, computed }) => {
                let fault = Some(BatchFaultText::Crc { stored, computed });
                Ok(Found::Bad { cause: Cause::BadCrc, fault, skip: Some(position + total) })
            }
            _ if header.base_offset < 0 || header.last_offset_delta < 0 => {
                let skip = Some(position + total);
                Ok(Found::Bad { cause: Cause::Malformed, fault: None, skip })
            }
            _ => Ok(Found::Sound(header)),
        }
    }

    fn zeros_upto(&mut self, position: u64) -> io::Result<u64> {
        let mut at = position;
        loop {
            let window = self.window.get(at, WINDOW_BYTES)?;
            if let Some(first) = window.iter().position(|byte| *byte != 0) {
                return Ok(at + first as u64);
            }
            if window.is_empty() {
                return Ok(self.window.len());
            }
            at += window.len() as u64;
        }
    }

    fn begins_soundly(&mut self, at: u64) -> io::Result<bool> {
        Ok(matches!(self.inspect(at)?, Found::Sound(header) if self.fits(&header)))
    }

    fn fits(&self, header: &BatchHeader) -> bool {
        (self.least..=self.base.saturating_add(OFFSETS_MAX)).contains(&header.base_offset)
    }

    /// The next position from `from` on where a sound batch begins.
    fn search(&mut self, from: u64) -> io::Result<Option<u64>> {
        let mut at = from;
        loop {
            let window = self.window.get(at, WINDOW_BYTES)?;
            if window.len() < HEADER_BYTES {
                return Ok(None);
            }
            let starts = window.len() - HEADER_BYTES + 1;
            let (least, most) = (self.least, self.base.saturating_add(OFFSETS_MAX));
            let plausible = |start: &usize| {
                window[start + 16] == 2
                    && window[*start..].first_chunk().is_some_and(|fixed| {
                        let header = BatchHeader::read(fixed);
                        shape_fault(&header).is_none()
                            && (least..=most).contains(&header.base_offset)
                            && header.last_offset_delta >= 0
                    })
            };
            let Some(start) = (0..starts).find(plausible) else {
                at += starts as u64;
                continue;
            };
            let candidate = at + start as u64;
            let cost = window[start..]
                .first_chunk()
                .map_or(0, |fixed| BatchHeader::read(fixed).total_len() as u64);
            if cost > self.search_left {
                return Ok(None);
            }
            self.search_left -= cost;
            if self.begins_soundly(candidate)? {
                return Ok(Some(candidate));
            }
            at = candidate + 1;
        }
    }
}

enum Found {
    Sound(BatchHeader),
    Zeros,
    /// `skip`: where the next batch begins if the length is right.
    Bad {
        cause: Cause,
        fault: Option<BatchFaultText>,
        skip: Option<u64>,
    },
}

fn shape_fault(header: &BatchHeader) -> Option<BatchFaultText> {
    let length = BatchFaultText::Length { batch_length: header.batch_length };
    match header.check_shape() {
        Ok(()) if header.total_len() > BATCH_BYTES_MAX as usize => Some(length),
        Ok(()) => None,
        Err(BatchFault::Legacy { magic } | BatchFault::Magic { magic }) => {
            Some(BatchFaultText::Magic { magic })
        }
        Err(_) => Some(length),
    }
}

/// The sentence of a `Step::Bad`.
#[must_use]
pub fn explain(
    cause: Cause,
    fault: Option<BatchFaultText>,
    range: (u64, u64),
    end: bool,
) -> String {
    let what = match fault {
        Some(BatchFaultText::Crc { stored, computed }) => {
            format!("stored CRC {stored:08x}, computed {computed:08x}")
        }
        Some(BatchFaultText::Length { batch_length }) => format!("batch length {batch_length}"),
        Some(BatchFaultText::Magic { magic }) => format!("magic {magic}, not 2"),
        Some(BatchFaultText::Beyond { bytes }) => format!("the batch lacks {bytes} bytes"),
        None if cause == Cause::Hole => "zeros between batches".to_owned(),
        None => "a header that no batch has".to_owned(),
    };
    let bytes = range.1 - range.0;
    match end {
        true => format!("{what}; nothing sound in the {bytes} bytes up to the end"),
        false => format!("{what}; {bytes} bytes passed over, a sound batch follows"),
    }
}

/// Looks at a sound batch's records: whether they decompress and fill the batch exactly.
///
/// # Errors
/// What is wrong, with the fault's own words.
pub fn check_records(view: &BatchView<'_>) -> Result<(), String> {
    let limit = decompressed_bytes_max(view.total_len());
    let plain = view.decompressed(limit).map_err(|fault| fault.to_string())?;
    walk(view.record_count(), &plain).map_err(|fault| fault.to_string())?;
    let header = view.header();
    let most = i64::from(header.last_offset_delta) + 1;
    if i64::from(header.record_count) > most {
        return Err(format!("{} records in {most} offsets", header.record_count));
    }
    Ok(())
}

/// Offsets and epochs from batch to batch.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The offset that follows the last batch.
    pub expected: i64,
    pub epoch: i32,
    /// Offsets may be missing: compacted, or the bytes before are known to be bad.
    pub gaps: bool,
}

impl Order {
    /// Notes the batch, and says how it does not follow the ones before.
    pub fn note(&mut self, path: &Path, position: u64, header: &BatchHeader) -> Option<Damage> {
        let (base, expected) = (header.base_offset, self.expected);
        let cause = if base < expected {
            Some((Cause::OffsetBehind, format!("offset {base} where {expected} was expected")))
        } else if header.leader_epoch < self.epoch {
            let (epoch, last) = (header.leader_epoch, self.epoch);
            Some((Cause::EpochBack, format!("leader epoch {epoch} after {last}")))
        } else if base > expected && !self.gaps {
            Some((Cause::OffsetGap, format!("offsets {expected} to {} are missing", base - 1)))
        } else {
            None
        };
        self.expected = self.expected.max(header.next_offset());
        self.epoch = self.epoch.max(header.leader_epoch);
        cause.map(|(cause, detail)| Damage::new(cause, path, detail).at(position).offset(base))
    }
}
