//! A small generator of random numbers (xoshiro256++) for one shard.
//!
//! Not for secrets. Seeded from the operating system, or from the simulation's seed; the same
//! seed gives the same sequence.

use std::hash::{BuildHasher, Hasher, RandomState};

pub(crate) struct Random([u64; 4]);

impl Random {
    pub(crate) fn from_seed(seed: u64) -> Random {
        let mut state = seed;
        Random([split(&mut state), split(&mut state), split(&mut state), split(&mut state)])
    }

    /// 256 bits from the operating system, by way of the standard library's hash keys.
    pub(crate) fn from_os() -> Random {
        let word = || {
            let mut hasher = RandomState::new().build_hasher();
            hasher.write_u32(std::process::id());
            hasher.finish()
        };
        Random([word() | 1, word(), word(), word()])
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        let s = &mut self.0;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// A number below `bound` (which is not zero); the bias of the remainder does not matter here.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next_u64() % bound
    }
}

fn split(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence_and_another_seed_another() {
        let take = |seed| {
            let mut random = Random::from_seed(seed);
            [random.next_u64(), random.next_u64(), random.next_u64()]
        };
        assert_eq!(take(7), take(7));
        assert_ne!(take(7), take(8));
    }

    #[test]
    fn the_operating_system_seeds_differently_each_time() {
        assert_ne!(Random::from_os().next_u64(), Random::from_os().next_u64());
    }
}
