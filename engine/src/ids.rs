//! Newtypes for the quantities that Kafka counts: offsets, epochs, ids.
//!
//! Arithmetic exists only where it means something: an `Offset` can step and two offsets
//! have a distance, but `Offset + Offset` does not compile. "None" is an `Option` here;
//! the wire's `-1` stays in `wire`. Used by every module of this crate and by the broker.

use std::fmt;

/// A position in a partition's log; the next record to be written is `log_end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(pub i64);

impl Offset {
    pub const ZERO: Offset = Offset(0);

    /// The offset right after this one. Saturates at the top of the range.
    #[must_use]
    pub fn next(self) -> Offset {
        Offset(self.0.saturating_add(1))
    }

    /// The offset `count` records later. Saturates at the top of the range.
    #[must_use]
    pub fn plus(self, count: i64) -> Offset {
        Offset(self.0.saturating_add(count))
    }

    /// How many offsets lie in `[start, self)`; zero when `start` is not before `self`.
    #[must_use]
    pub fn since(self, start: Offset) -> i64 {
        self.0.saturating_sub(start.0).max(0)
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// The leader epoch of a partition (KIP-101): grows with every change of leader.
    LeaderEpoch(i32)
);
id!(
    /// The index of a partition within its topic, from 0.
    PartitionIndex(i32)
);
id!(
    /// A broker's `node.id`.
    BrokerId(i32)
);
id!(
    /// An idempotent or transactional producer (KIP-98).
    ProducerId(i64)
);
id!(
    /// The epoch of a producer id; a higher one fences the lower.
    ProducerEpoch(i16)
);
id!(
    /// The generation of a consumer group: grows with every completed rebalance.
    Generation(i32)
);

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
