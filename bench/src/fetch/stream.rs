//! Reads fetch answers (version 11) piece by piece, so that record bytes need never be copied:
//! heads are parsed from a small buffer, and of the records only the first batch's header is
//! looked at; the rest may be discarded in the kernel. Pure: the caller owns the socket.
//! Invariant: the bytes consumed of a frame are exactly its announced size.

use crate::connection::frame_size;
use crate::fault::Fault;
use crate::limits::FETCH_HEAD_BYTES_MAX;

/// Base offset, length, leader epoch and magic of a record batch.
const BATCH_LEAD_BYTES: usize = 17;
const MAGIC: u8 = 2;

/// What the next bytes of the connection are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Part of a head: read some and `feed` them.
    Head,
    /// At least this many record bytes: read or discard up to so many and say `skipped`.
    Records(usize),
}

/// What has been read, in the order of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Answer { correlation: i32 },
    Partition(PartitionRead),
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionRead {
    pub index: i32,
    pub error_code: i16,
    pub high_watermark: i64,
    pub record_bytes: usize,
    /// Base offset and size of the first batch, when the answer holds that much.
    pub first_batch: Option<(i64, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Frame,
    Topic { topics: u32 },
    Partition { topics: u32, partitions: u32 },
    Records { topics: u32, partitions: u32, left: usize },
}

#[derive(Debug)]
pub struct AnswerStream {
    step: Step,
    /// Bytes fed and not yet consumed.
    held: Vec<u8>,
    frame_left: usize,
}

impl Default for AnswerStream {
    fn default() -> Self {
        AnswerStream { step: Step::Frame, held: Vec::new(), frame_left: 0 }
    }
}

impl AnswerStream {
    pub fn next(&self) -> Next {
        match self.step {
            Step::Records { left, .. } if self.held.is_empty() => Next::Records(left),
            _ => Next::Head,
        }
    }

    /// Record bytes that went by without being fed.
    pub fn skipped(
        &mut self,
        n: usize,
        on: &mut impl FnMut(Event) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let Step::Records { topics, partitions, left } = self.step else {
            return Err(Fault::Mismatch("skipped bytes that are not records".to_owned()));
        };
        let left = left - n;
        self.spend(n)?;
        self.step = Step::Records { topics, partitions, left };
        if left == 0 {
            self.after_records(topics, partitions, on)?;
        }
        Ok(())
    }

    /// Consume bytes of heads, and of records where a read ran into them. Returns how many record
    /// bytes were among them.
    pub fn feed(
        &mut self,
        bytes: &[u8],
        on: &mut impl FnMut(Event) -> Result<(), Fault>,
    ) -> Result<usize, Fault> {
        self.held.extend_from_slice(bytes);
        let held = std::mem::take(&mut self.held);
        let mut at = 0;
        let mut record_bytes = 0;
        loop {
            let used = match self.step {
                Step::Records { left, .. } => {
                    let n = left.min(held.len() - at);
                    record_bytes += n;
                    if n > 0 {
                        self.skipped(n, on)?;
                    }
                    n
                }
                _ => self.take_head(&held[at..], on)?,
            };
            if used == 0 {
                break;
            }
            at += used;
        }
        if held.len() - at > FETCH_HEAD_BYTES_MAX {
            return Err(Fault::Protocol("a fetch answer's head does not end".to_owned()));
        }
        self.held.extend_from_slice(&held[at..]);
        Ok(record_bytes)
    }

    /// One head out of `bytes`, if it is there as a whole; returns the bytes used.
    fn take_head(
        &mut self,
        bytes: &[u8],
        on: &mut impl FnMut(Event) -> Result<(), Fault>,
    ) -> Result<usize, Fault> {
        let mut cursor = Cursor { bytes, at: 0 };
        let done = match self.step {
            Step::Frame => self.take_frame(&mut cursor, on)?,
            Step::Topic { topics } => self.take_topic(&mut cursor, topics)?,
            Step::Partition { topics, partitions } => {
                self.take_partition(&mut cursor, topics, partitions, on)?
            }
            Step::Records { .. } => None,
        };
        Ok(done.map_or(0, |()| cursor.at))
    }

    fn take_frame(
        &mut self,
        cursor: &mut Cursor<'_>,
        on: &mut impl FnMut(Event) -> Result<(), Fault>,
    ) -> Result<Option<()>, Fault> {
        let Some(size) = cursor.array::<4>() else { return Ok(None) };
        let size = frame_size(size)?;
        let Some([correlation, _throttle]) = cursor.i32s() else { return Ok(None) };
        let Some(error_code) = cursor.i16() else { return Ok(None) };
        let Some([_session, topics]) = cursor.i32s() else { return Ok(None) };
        Fault::check("Fetch", "", error_code)?;
        on(Event::Answer { correlation })?;
        self.frame_left = size + 4;
        self.spend(cursor.at)?;
        self.enter_topics(count(topics)?, on)?;
        Ok(Some(()))
    }

    fn take_topic(&mut self, cursor: &mut Cursor<'_>, topics: u32) -> Result<Option<()>, Fault> {
        let Some(name_bytes) = cursor.i16() else { return Ok(None) };
        let name_bytes = usize::try_from(name_bytes)
            .map_err(|_| Fault::Protocol("a topic without a name".to_owned()))?;
        if cursor.skip(name_bytes).is_none() {
            return Ok(None);
        }
        let Some([partitions]) = cursor.i32s() else { return Ok(None) };
        self.spend(cursor.at)?;
        self.step = Step::Partition { topics, partitions: count(partitions)? };
        match partitions {
            0 => Err(Fault::Protocol("a topic without partitions".to_owned())),
            _ => Ok(Some(())),
        }
    }

    fn take_partition(
        &mut self,
        cursor: &mut Cursor<'_>,
        topics: u32,
        partitions: u32,
        on: &mut impl FnMut(Event) -> Result<(), Fault>,
    ) -> Result<Option<()>, Fault> {
        let Some((mut read, lead)) = parse_partition(cursor)? else { return Ok(None) };
        // The first batch's lead is looked at here but counted with the records.
        let head_bytes = cursor.at;
        let Some(lead) = cursor.bytes.get(head_bytes..head_bytes + lead) else { return Ok(None) };
        read.first_batch = parse_lead(lead)?;
        on(Event::Partition(read))?;
        self.spend(head_bytes)?;
        self.step = Step::Records { topics, partitions, left: read.record_bytes };
        if read.record_bytes == 0 {
            self.after_records(topics, partitions, on)?;
        }
        Ok(Some(()))
    }

    fn after_records(
        &mut self,
        topics: u32,
        partitions: u32,
        on: &mut impl FnMut(Event) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        match partitions - 1 {
            0 => self.enter_topics(topics - 1, on),
            partitions => {
                self.step = Step::Partition { topics, partitions };
                Ok(())
            }
        }
    }

    fn enter_topics(
        &mut self,
        topics: u32,
        on: &mut impl FnMut(Event) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if topics > 0 {
            self.step = Step::Topic { topics };
            return Ok(());
        }
        if self.frame_left != 0 {
            let what = format!("{} bytes after the last topic", self.frame_left);
            return Err(Fault::Protocol(what));
        }
        self.step = Step::Frame;
        on(Event::Done)
    }

    fn spend(&mut self, n: usize) -> Result<(), Fault> {
        match self.frame_left.checked_sub(n) {
            Some(left) => {
                self.frame_left = left;
                Ok(())
            }
            None => Err(Fault::Protocol("a fetch answer runs past its frame".to_owned())),
        }
    }
}

/// A partition's head, and how many bytes of its first batch are to be looked at.
fn parse_partition(cursor: &mut Cursor<'_>) -> Result<Option<(PartitionRead, usize)>, Fault> {
    let Some([index]) = cursor.i32s() else { return Ok(None) };
    let Some(error_code) = cursor.i16() else { return Ok(None) };
    let Some(high_watermark) = cursor.array::<8>().map(i64::from_be_bytes) else {
        return Ok(None);
    };
    if cursor.skip(16).is_none() {
        return Ok(None);
    }
    let Some([aborted]) = cursor.i32s() else { return Ok(None) };
    if cursor.skip(aborted.max(0) as usize * 16).is_none() {
        return Ok(None);
    }
    let Some([_preferred_replica, records]) = cursor.i32s() else { return Ok(None) };
    let record_bytes = records.max(0) as usize;
    let read = PartitionRead { index, error_code, high_watermark, record_bytes, first_batch: None };
    Ok(Some((read, if record_bytes < BATCH_LEAD_BYTES { 0 } else { BATCH_LEAD_BYTES })))
}

fn parse_lead(lead: &[u8]) -> Result<Option<(i64, usize)>, Fault> {
    let mut cursor = Cursor { bytes: lead, at: 0 };
    let base_offset = cursor.array::<8>().map(i64::from_be_bytes);
    let (Some(base_offset), Some([length, _epoch])) = (base_offset, cursor.i32s()) else {
        return Ok(None);
    };
    match (lead.last(), usize::try_from(length)) {
        (Some(&MAGIC), Ok(length)) => Ok(Some((base_offset, length + 12))),
        _ => Err(Fault::Protocol("records that do not begin with a v2 batch".to_owned())),
    }
}

fn count(n: i32) -> Result<u32, Fault> {
    u32::try_from(n).map_err(|_| Fault::Protocol(format!("an array of {n} entries")))
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let found = self.bytes.get(self.at..)?.first_chunk::<N>()?;
        self.at += N;
        Some(*found)
    }

    fn i16(&mut self) -> Option<i16> {
        self.array().map(i16::from_be_bytes)
    }

    fn i32s<const N: usize>(&mut self) -> Option<[i32; N]> {
        let mut out = [0; N];
        for slot in &mut out {
            *slot = i32::from_be_bytes(self.array()?);
        }
        Some(out)
    }

    fn skip(&mut self, n: usize) -> Option<()> {
        self.at = self.at.checked_add(n).filter(|&at| at <= self.bytes.len())?;
        Some(())
    }
}
