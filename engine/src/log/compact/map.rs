//! Key → latest offset, in a table of fixed size: 24 bytes a key.
//!
//! Keys are stood for by 128 bits that depend on a secret of this run, so that nobody can make
//! two keys meet: the loser would vanish from the log. The table is allocated once, at a size
//! that the caller bounds, and never grows; `is_full` says when to stop.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::ids::Offset;

const SLOT_BYTES: u64 = 24;
const MILLION: u64 = 1_000_000;

/// Hash of a key, then its offset plus one; all zero where the slot is free.
type Slot = [u64; 3];

/// See the module.
#[derive(Debug)]
pub struct OffsetMap {
    slots: Vec<Slot>,
    secret: [u64; 2],
    keys: u64,
    keys_max: u64,
}

impl OffsetMap {
    /// Room for `keys` keys, or as many as `bytes_max` allows at a load of `load_ppm` millionths;
    /// at least one.
    #[must_use]
    pub fn new(keys: u64, bytes_max: u64, load_ppm: u32, secret: [u64; 2]) -> Self {
        let load = load(load_ppm);
        let slots = slots(keys, bytes_max, load);
        let keys_max = (u128::from(slots) * u128::from(load) / u128::from(MILLION)) as u64;
        let slots = usize::try_from(slots).unwrap_or(usize::MAX);
        let keys_max = keys_max.clamp(1, slots as u64 - 1);
        OffsetMap { slots: vec![[0; 3]; slots], secret, keys: 0, keys_max }
    }

    /// What `new` takes of memory for these, in bytes.
    #[must_use]
    pub fn bytes(keys: u64, bytes_max: u64, load_ppm: u32) -> u64 {
        slots(keys, bytes_max, load(load_ppm)) * SLOT_BYTES
    }

    /// Notes that `key` was written at `offset`, later than anything before. `false`: no room,
    /// and nothing was noted.
    pub fn put(&mut self, key: &[u8], offset: Offset) -> bool {
        let hash = self.hash(key);
        let at = self.slot_of(hash);
        let is_new = self.slots[at][2] == 0;
        if is_new && self.keys >= self.keys_max {
            return false;
        }
        self.keys += u64::from(is_new);
        self.slots[at] = [hash[0], hash[1], offset.0 as u64 + 1];
        true
    }

    /// The latest offset of `key`, if the map has seen it.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<Offset> {
        let found = self.slots[self.slot_of(self.hash(key))][2];
        (found > 0).then(|| Offset(found as i64 - 1))
    }

    #[must_use]
    pub fn keys(&self) -> u64 {
        self.keys
    }

    #[must_use]
    pub fn is_full(&self) -> bool {
        self.keys >= self.keys_max
    }

    /// The slot that holds `hash`, or the free one where it would go. There is always a free one.
    fn slot_of(&self, hash: [u64; 2]) -> usize {
        let count = self.slots.len();
        let mut at = (hash[0] % count as u64) as usize;
        loop {
            let slot = &self.slots[at];
            if slot[2] == 0 || slot[..2] == hash {
                return at;
            }
            at = if at + 1 == count { 0 } else { at + 1 };
        }
    }

    fn hash(&self, key: &[u8]) -> [u64; 2] {
        let mut hasher = SipHasher13::new_with_keys(self.secret[0], self.secret[1]);
        hasher.write(key);
        let (high, low) = hasher.finish128().as_u64();
        [high, low]
    }
}

fn load(load_ppm: u32) -> u64 {
    u64::from(load_ppm).clamp(MILLION / 10, MILLION * 95 / 100)
}

fn slots(keys: u64, bytes_max: u64, load: u64) -> u64 {
    let wanted = keys.saturating_mul(MILLION) / load + 2;
    wanted.min(bytes_max / SLOT_BYTES).max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_keeps_the_latest_offset_up_to_its_limit_and_no_key_more() {
        let mut map = OffsetMap::new(u64::MAX, 24 * 100, 900_000, [1, 2]);
        for i in 0..90u64 {
            assert!(!map.is_full() && map.put(&i.to_be_bytes(), Offset(i as i64)));
        }
        assert!(map.is_full() && !map.put(b"one more", Offset(90)));
        assert!(map.put(&3u64.to_be_bytes(), Offset(91)), "a known key needs no room");
        for i in 0..90u64 {
            let expected = if i == 3 { 91 } else { i as i64 };
            assert_eq!(map.get(&i.to_be_bytes()), Some(Offset(expected)));
        }
        assert_eq!((map.get(b"one more"), map.keys()), (None, 90));
    }

    #[test]
    fn a_map_is_as_small_as_its_keys_and_holds_one_at_least() {
        let small = OffsetMap::new(10, 1 << 30, 900_000, [0; 2]);
        assert!(small.slots.len() < 20);
        assert_eq!(OffsetMap::bytes(10, 1 << 30, 900_000), small.slots.len() as u64 * SLOT_BYTES);
        assert_eq!(OffsetMap::bytes(u64::MAX, 24 * 100, 900_000), 24 * 100);
        let mut least = OffsetMap::new(10, 0, 900_000, [0; 2]);
        assert!(least.put(b"a", Offset(0)) && !least.put(b"b", Offset(1)));
    }
}
