//! When what is in memory is better sent from the page cache.
//!
//! From memory each reader costs a copy; from the page cache none does, but the bytes have to be
//! read from the device and checked once before. That pays for what is read again and again: by
//! several readers who are far behind, or one who begins anew. Counts what such readers have taken
//! from memory, in passes over all of it; who reads at the end of the log does not count.

/// Passes over what is in memory before it is worth reading from the device.
const PASSES: u64 = 3;

/// What readers in bulk have taken from memory, less what was brought for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rereads {
    taken: u64,
}

impl Rereads {
    /// Whether the next such piece should come through the page cache, with so many bytes of the
    /// log in memory.
    #[must_use]
    pub fn are_many(self, in_memory: u64) -> bool {
        self.taken > 0 && self.taken >= in_memory.saturating_mul(PASSES)
    }

    /// A piece was taken from memory.
    #[must_use]
    pub fn with_taken(self, bytes: u64) -> Rereads {
        Rereads { taken: self.taken.saturating_add(bytes) }
    }

    /// A piece that is in memory was brought into the page cache.
    #[must_use]
    pub fn with_brought(self, bytes: u64) -> Rereads {
        Rereads { taken: self.taken.saturating_sub(bytes.saturating_mul(PASSES)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passes in pieces over what is in memory; how many pieces of each are brought.
    fn brought(passes: usize) -> Vec<usize> {
        let (mut rereads, mut brought) = (Rereads::default(), vec![0; passes]);
        for pass in &mut brought {
            for _ in 0..10 {
                if rereads.are_many(1_000) {
                    rereads = rereads.with_brought(100);
                    *pass += 1;
                } else {
                    rereads = rereads.with_taken(100);
                }
            }
        }
        brought
    }

    #[test]
    fn three_passes_are_free_and_a_third_of_all_is_the_most_that_is_brought_later() {
        let brought = brought(30);
        assert_eq!(brought[..3], [0, 0, 0]);
        assert!(brought[3] > 0, "{brought:?}");
        assert!(brought.iter().sum::<usize>() <= 100, "{brought:?}");
    }

    #[test]
    fn nothing_is_brought_before_anything_was_taken() {
        assert!(!Rereads::default().are_many(0));
    }
}
