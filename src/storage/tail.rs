//! The tail of one partition in memory: blocks that cover windows of segment files.
//!
//! New batches are copied once, into the last block; commits and hot reads take slices of the
//! blocks, without a copy. A block covers `[start, start + capacity)` of one segment, starts
//! on a 4 KiB boundary, and is filled before the next one begins, except where a segment
//! ends. What a cold partition keeps is the `Carry`: the bytes of the last, partly filled
//! 4 KiB block, which the next commit writes again. Lives on the partition's shard.
//! Invariant: blocks are in order of segment and start; of one segment they are contiguous.

use std::collections::VecDeque;

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::limits::BLOCK_BYTES;
use millstream_shards::{AppendBuf, Parts, Pool};

use super::limits::{TAIL_BLOCK_BYTES_MAX, TAIL_BLOCK_BYTES_MIN};

struct Block {
    segment: Offset,
    start: u64,
    buf: AppendBuf,
}

impl Block {
    fn end(&self) -> u64 {
        self.start + self.buf.len() as u64
    }

    fn limit(&self) -> u64 {
        self.start + self.buf.capacity() as u64
    }
}

/// The bytes of the last block that is not full, `[start, start + bytes.len())` of `segment`.
#[derive(Clone, Debug)]
pub struct Carry {
    pub segment: Offset,
    pub start: u64,
    pub bytes: Box<[u8]>,
}

/// A block that came into being: whoever keeps the shard's cache small wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockName {
    pub segment: Offset,
    pub start: u64,
    pub bytes: u64,
}

/// The pool is exhausted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory;

/// Blocks, oldest first.
#[derive(Default)]
pub struct Tail {
    blocks: VecDeque<Block>,
    carry: Option<Carry>,
    bytes: u64,
    /// New blocks are at most so large; 0: as large as any.
    block_bytes_max: u64,
    /// Room was made and is about to be filled.
    is_reserved: bool,
}

/// What a block has that may have `bytes_max`.
pub fn block_bytes(bytes_max: u64) -> u64 {
    bytes_max.clamp(TAIL_BLOCK_BYTES_MIN, TAIL_BLOCK_BYTES_MAX)
}

impl Tail {
    pub fn with_carry(carry: Option<Carry>) -> Self {
        Tail { carry, ..Tail::default() }
    }

    /// Bytes of pool memory held.
    pub fn held_bytes(&self) -> u64 {
        self.bytes
    }

    #[cfg(test)]
    pub fn is_cold(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Makes room for `len` bytes at `position` of `segment`, which is where the tail ends or
    /// 0 of a new segment. After `Ok`, `append` of that much cannot fail. New blocks are
    /// reported to `born`.
    pub fn reserve(
        &mut self,
        pool: &Pool,
        (segment, position): (Offset, u64),
        len: u64,
        born: &mut Vec<BlockName>,
    ) -> Result<(), NoMemory> {
        let covered = match self.blocks.back() {
            Some(last) if last.segment == segment => last.limit(),
            _ => position / BLOCK_BYTES * BLOCK_BYTES,
        };
        // All or nothing: an empty block would pass for the log's end.
        let mut fresh = self.take_blocks(pool, segment, covered, position + len)?;
        if let Some(first) = fresh.first_mut().filter(|first| first.start < position) {
            self.fill_carry(&mut first.buf, segment, (first.start, position));
        }
        for block in fresh {
            let bytes = block.buf.capacity() as u64;
            self.bytes += bytes;
            born.push(BlockName { segment, start: block.start, bytes });
            self.blocks.push_back(block);
        }
        self.is_reserved = true;
        Ok(())
    }

    /// Blocks for `[covered, end)` of `segment`; those taken go back when a later one fails.
    fn take_blocks(
        &self,
        pool: &Pool,
        segment: Offset,
        mut covered: u64,
        end: u64,
    ) -> Result<Vec<Block>, NoMemory> {
        let mut fresh = Vec::new();
        let mut last = self.blocks.back().map_or(0, |block| block.buf.capacity() as u64);
        while covered < end {
            let wanted = self.next_block_bytes(last, end - covered);
            let buf = pool.try_take_append(wanted as usize).ok_or(NoMemory)?;
            last = buf.capacity() as u64;
            fresh.push(Block { segment, start: covered, buf });
            covered += last;
        }
        Ok(fresh)
    }

    /// Blocks double from partition to partition's need: a quiet one holds 16 KiB.
    fn next_block_bytes(&self, last: u64, needed: u64) -> u64 {
        let grown = (last * 2).max(needed.next_power_of_two());
        let max = if self.block_bytes_max == 0 { u64::MAX } else { self.block_bytes_max };
        block_bytes(grown.min(max))
    }

    /// Bounds new blocks: many partitions share the memory.
    pub fn limit_blocks(&mut self, bytes_max: u64) {
        self.block_bytes_max = bytes_max;
    }

    /// Whether the last block is the only one, and nobody is about to fill it.
    pub fn is_idle_block(&self) -> bool {
        self.blocks.len() == 1 && !self.is_reserved
    }

    /// The first block after a cold spell begins with bytes that are in the file already.
    fn fill_carry(&mut self, buf: &mut AppendBuf, segment: Offset, (start, end): (u64, u64)) {
        let carry = self.carry.take();
        let found = carry.filter(|carry| carry.segment == segment && carry.start == start);
        let carry = found.expect("a cold partition keeps the bytes of its last block");
        assert_eq!(carry.bytes.len() as u64, end - start, "the carry ends where the log does");
        buf.append(&carry.bytes);
    }

    /// Copies `bytes` behind the tail's end, into room that `reserve` made.
    pub fn append(&mut self, (segment, position): (Offset, u64), mut bytes: &[u8]) {
        self.is_reserved = false;
        let mut at = position;
        let behind = |block: &Block| (block.segment, block.limit()) <= (segment, at);
        let first = self.blocks.partition_point(behind);
        for block in self.blocks.range_mut(first..) {
            if bytes.is_empty() {
                return;
            }
            assert_eq!((block.segment, block.end()), (segment, at), "appends are contiguous");
            let taken = block.buf.append(bytes);
            at += taken as u64;
            bytes = &bytes[taken..];
        }
        assert!(bytes.is_empty(), "room was reserved for all bytes");
    }

    /// The bytes `[from, upto)` of `segment` for a reader, if the tail has all of them.
    pub fn slices(&mut self, segment: Offset, (from, upto): (u64, u64)) -> Option<Vec<Bytes>> {
        let mut at = from;
        let mut slices = Vec::new();
        let first = self.first_with(segment, from);
        for block in self.blocks.range_mut(first..) {
            if at == upto || block.segment != segment || block.start > at {
                break;
            }
            let end = block.end().min(upto);
            let local = (at - block.start) as usize..(end - block.start) as usize;
            slices.push(block.buf.slice(local));
            at = end;
        }
        (at == upto).then_some(slices)
    }

    /// The bytes `[from, upto)`, widened to whole 4 KiB blocks, for a direct write at
    /// `from` rounded down. `None`: the operating system has no page for the last block.
    pub fn write_parts(&mut self, segment: Offset, (from, upto): (u64, u64)) -> Option<Parts> {
        let mut at = from / BLOCK_BYTES * BLOCK_BYTES;
        let mut parts = Parts::new();
        let first = self.first_with(segment, at);
        for block in self.blocks.range_mut(first..) {
            if at >= upto {
                break;
            }
            assert!(block.segment == segment && block.start <= at, "pending bytes are in the tail");
            let end = block.end().min(upto);
            let local = (at - block.start) as usize..(end - block.start) as usize;
            parts.extend(block.buf.slice_padded(local)?);
            at = end;
        }
        assert!(at >= upto, "pending bytes are in the tail");
        Some(parts)
    }

    fn first_with(&self, segment: Offset, position: u64) -> usize {
        self.blocks.partition_point(|b| (b.segment, b.limit()) <= (segment, position))
    }

    /// Drops the oldest block if all of it is before `written`; gives the new first byte that
    /// the tail holds. The last block stays.
    pub fn evict_oldest(&mut self, written: (Offset, u64)) -> Option<(Offset, u64)> {
        let oldest = self.blocks.front()?;
        let next = self.blocks.get(1)?;
        let done = match oldest.segment == next.segment {
            true => (oldest.segment, oldest.limit()) <= written,
            false => oldest.segment < written.0,
        };
        if !done {
            return None;
        }
        let first = (next.segment, next.start);
        self.bytes -= oldest.buf.capacity() as u64;
        self.blocks.pop_front();
        Some(first)
    }

    /// Whether the oldest block is the named one.
    pub fn oldest_is(&self, name: &BlockName) -> bool {
        self.blocks.front().is_some_and(|b| (b.segment, b.start) == (name.segment, name.start))
    }

    /// Whether the named block was here and is not any more: blocks leave in order.
    pub fn has_lost(&self, name: &BlockName) -> bool {
        let before = |b: &Block| (name.segment, name.start) < (b.segment, b.start);
        self.blocks.front().is_none_or(before)
    }

    /// Lets all blocks go and keeps what the next commit has to write again. All bytes must
    /// be written; `end` is where the log ends.
    pub fn go_cold(&mut self, (segment, position): (Offset, u64)) {
        let start = position / BLOCK_BYTES * BLOCK_BYTES;
        if let Some(last) = self.blocks.back().filter(|b| b.segment == segment && b.end() > start) {
            let local = (start - last.start) as usize..(position - last.start) as usize;
            let bytes = last.buf.peek(local).into();
            self.carry = Some(Carry { segment, start, bytes });
        }
        self.blocks.clear();
        self.bytes = 0;
    }

    /// Whether the tail reaches back to this byte.
    pub fn holds_from(&self, segment: Offset, position: u64) -> bool {
        self.blocks.front().is_some_and(|b| (b.segment, b.start) <= (segment, position))
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        let held: u64 = self.blocks.iter().map(|block| block.buf.capacity() as u64).sum();
        assert_eq!(held, self.bytes, "the tail's bytes are not its blocks'");
        for (older, newer) in self.blocks.iter().zip(self.blocks.iter().skip(1)) {
            let follows = older.segment < newer.segment || older.limit() == newer.start;
            assert!(follows, "blocks of one segment are contiguous");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB_16: u64 = 16 << 10;

    /// A tail that holds 10,000 bytes in a pool of two blocks, refused room for three more.
    fn refused() -> (Tail, Pool) {
        let pool = Pool::new(2 * KIB_16);
        let mut tail = Tail::default();
        tail.limit_blocks(KIB_16);
        let mut born = Vec::new();
        tail.reserve(&pool, (Offset(0), 0), 10_000, &mut born).expect("one block");
        tail.append((Offset(0), 0), &[7; 10_000]);
        let refused = tail.reserve(&pool, (Offset(0), 10_000), 40_000, &mut born);
        assert_eq!(refused, Err(NoMemory));
        assert_eq!((born.len(), tail.held_bytes()), (1, KIB_16));
        (tail, pool)
    }

    #[test]
    fn a_refused_reservation_leaves_a_tail_that_can_go_cold_and_take_records_again() {
        let (mut tail, pool) = refused();
        tail.go_cold((Offset(0), 10_000));
        let carry = tail.carry.as_ref().expect("the last block is not full");
        assert_eq!((carry.start, carry.bytes.len()), (8_192, 1_808));
        let mut born = Vec::new();
        let cold = tail.reserve(&pool, (Offset(0), 10_000), 40_000, &mut born);
        assert_eq!(cold, Err(NoMemory));
        assert!(tail.carry.is_some() && tail.is_cold() && born.is_empty());
        tail.reserve(&pool, (Offset(0), 10_000), 5_000, &mut born).expect("one block");
        tail.append((Offset(0), 10_000), &[8; 5_000]);
        let read = tail.slices(Offset(0), (9_999, 15_000)).expect("in the tail").concat();
        assert_eq!((read[0], read[1], read.len()), (7, 8, 5_001));
    }
}
