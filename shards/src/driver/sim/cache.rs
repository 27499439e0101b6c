//! The page cache of the simulated world: whole pages of files, as they were when they were read.
//!
//! Pure; randomness is an argument. Shared files are read through it. It hides what happens to
//! the device after a page was read (rot, a write that went elsewhere), as a real one does; any
//! write to a page through the file drops it. It outlives the processes, not the power.
//! Invariants: a page is 4096 bytes, or ends where the file did; at most `PAGES_MAX` are kept.

use std::collections::BTreeMap;
use std::ops::Range;

use super::content::{CHUNK_BYTES, Content};
use super::disk::Arriving;
use super::volume::NodeId;
use crate::random::Random;

const PAGE: u64 = CHUNK_BYTES as u64;
/// 16 MiB: small enough that a simulated load goes past it.
const PAGES_MAX: usize = 4096;

#[derive(Default)]
pub(super) struct PageCache {
    pages: BTreeMap<(NodeId, u64), Box<[u8]>>,
}

impl PageCache {
    /// Bytes from the range's start on that are here.
    pub(super) fn resident(&self, file: NodeId, range: &Range<u64>) -> u64 {
        let mut at = range.start;
        while at < range.end {
            let Some(page) = self.pages.get(&(file, at / PAGE)) else { break };
            let upto = at / PAGE * PAGE + page.len() as u64;
            at = upto.min(range.end).max(at);
            if page.len() < CHUNK_BYTES {
                break;
            }
        }
        at - range.start
    }

    /// The bytes of a range that is resident.
    pub(super) fn copy(&self, file: NodeId, range: &Range<u64>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity((range.end - range.start) as usize);
        while range.start + (bytes.len() as u64) < range.end {
            let at = range.start + bytes.len() as u64;
            let page = &self.pages[&(file, at / PAGE)];
            let upto = (range.end - at / PAGE * PAGE).min(page.len() as u64);
            bytes.extend_from_slice(&page[(at % PAGE) as usize..upto as usize]);
        }
        bytes
    }

    /// Reads through the cache: what is not here is taken from the disk, and stays.
    pub(super) fn read(
        &mut self,
        file: NodeId,
        range: &Range<u64>,
        disk: Option<&Content>,
    ) -> Vec<u8> {
        let Some(disk) = disk else { return Vec::new() };
        for page in range.start / PAGE..range.end.div_ceil(PAGE) {
            self.pages.entry((file, page)).or_insert_with(|| {
                let mut bytes = vec![0; CHUNK_BYTES];
                let len = disk.read(page * PAGE, &mut bytes);
                bytes.truncate(len);
                bytes.into()
            });
        }
        let there = self.resident(file, range);
        let bytes = self.copy(file, &(range.start..range.start + there));
        while self.pages.len() > PAGES_MAX {
            self.pages.pop_first();
        }
        bytes
    }

    /// A write to these pages drops them, whatever becomes of it.
    pub(super) fn drop_written(&mut self, write: &Arriving) {
        for piece in &write.pieces {
            self.pages.remove(&(write.file, piece.range().start / PAGE));
        }
    }

    /// The file's length has changed, from here on.
    pub(super) fn drop_from(&mut self, file: NodeId, len: u64) {
        let changed = (file, len / PAGE)..(file + 1, 0);
        let changed: Vec<_> = self.pages.range(changed).map(|(key, _)| *key).collect();
        changed.iter().for_each(|key| drop(self.pages.remove(key)));
    }

    /// Memory is needed elsewhere: now and then the pages from some place in the range on go.
    pub(super) fn lose_some(&mut self, file: NodeId, range: &Range<u64>, random: &mut Random) {
        if range.is_empty() || random.below(16) != 0 {
            return;
        }
        let from = range.start + random.below(range.end - range.start);
        let lost = (file, from / PAGE)..(file, range.end.div_ceil(PAGE));
        let lost: Vec<_> = self.pages.range(lost).map(|(key, _)| *key).collect();
        lost.iter().for_each(|key| drop(self.pages.remove(key)));
    }
}
