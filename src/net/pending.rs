//! What has arrived of one connection and is not cut into frames yet.
//!
//! It lives in a buffer of its own, which is as large as what is in it, about: a frame that is
//! cut off is copied unless it is all there is, so that one small request which waits for its
//! turn does not keep what many others came in. Used by `frames`.
//! Invariant: the buffer has at most twice what it holds, and a step.

use std::ops::Deref;

use bytes::Bytes;

/// By how much the buffer grows.
const STEP_BYTES: usize = 4 * 1024;

#[derive(Default)]
pub struct Pending {
    buffer: Vec<u8>,
    /// Where it begins: what is before has been cut off.
    start: usize,
}

impl Pending {
    /// Bytes of memory that it has.
    pub fn held_bytes(&self) -> usize {
        self.buffer.capacity()
    }

    /// Takes what has arrived.
    pub fn extend(&mut self, arrived: &[u8]) {
        if self.is_empty() {
            *self = Pending { buffer: arrived.to_vec(), start: 0 };
            return;
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        let wanted = self.buffer.len() + arrived.len();
        if wanted > self.buffer.capacity() {
            let whole = wanted.next_multiple_of(STEP_BYTES);
            self.buffer.reserve_exact(whole - self.buffer.len());
        }
        self.buffer.extend_from_slice(arrived);
    }

    /// Cuts off the first `count` bytes.
    ///
    /// # Panics
    /// If there are less.
    pub fn take(&mut self, count: usize) -> Bytes {
        if self.start == 0 && count == self.buffer.len() {
            return std::mem::take(&mut self.buffer).into();
        }
        let taken = Bytes::copy_from_slice(&self[..count]);
        self.start += count;
        let left = self.len();
        if left == 0 || self.held_bytes() > 2 * left + STEP_BYTES {
            *self = Pending { buffer: self[..].to_vec(), start: 0 };
        }
        taken
    }

    pub fn clear(&mut self) {
        *self = Pending::default();
    }
}

impl Deref for Pending {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.buffer[self.start..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_in_order_and_takes_no_more_than_twice_its_room() {
        let mut pending = Pending::default();
        let (mut written, mut read) = (0_u32, 0_u32);
        for round in 0..2_000_usize {
            let arrived: Vec<u8> = (0..round * 7 % 331)
                .map(|_| {
                    written += 1;
                    written as u8
                })
                .collect();
            pending.extend(&arrived);
            let count = (round * 13 % 317).min(pending.len());
            for byte in pending.take(count) {
                read += 1;
                assert_eq!(byte, read as u8);
            }
            assert!(pending.held_bytes() <= 2 * pending.len() + 2 * STEP_BYTES);
        }
        assert_eq!(pending.len() as u32, written - read);
    }

    #[test]
    fn a_frame_that_is_all_there_is_is_not_copied_and_others_keep_nothing_but_themselves() {
        let mut pending = Pending::default();
        pending.extend(&[7; 30_000]);
        let at = pending.as_ptr();
        assert_eq!(pending.take(30_000).as_ptr(), at);
        assert_eq!(pending.held_bytes(), 0);
        pending.extend(&[7; 30_000]);
        let at = pending.as_ptr();
        let small = pending.take(100);
        assert_ne!(small.as_ptr(), at, "it would keep 30,000");
        assert_eq!(pending.take(29_900).len(), 29_900);
        assert_eq!(pending.held_bytes(), 0);
    }
}
