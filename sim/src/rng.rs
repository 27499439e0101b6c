//! Random numbers of one seed (splitmix64), and the hash that content and choices are made of.
//!
//! Pure. Not for secrets. A `fork` is a generator of its own: who asks it more or less often
//! changes nobody else's numbers.

/// Mixes one word into another; every bit of both counts.
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(mix(seed, 0x5EED))
    }

    /// A generator of its own for `purpose`.
    pub fn fork(&mut self, purpose: u64) -> Rng {
        Rng(mix(self.word(), purpose))
    }

    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0, 0xA5A5)
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.word() % bound.max(1)
    }

    /// A number of `low..=high`.
    pub fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of these.
    ///
    /// # Panics
    /// If there are none.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fork_is_not_disturbed_by_its_brother() {
        let of = |draws: u32| {
            let mut root = Rng::new(7);
            let mut first = root.fork(1);
            for _ in 0..draws {
                first.word();
            }
            root.fork(2).word()
        };
        assert_eq!(of(0), of(9));
    }
}
