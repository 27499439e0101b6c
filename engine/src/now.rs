//! Time as an argument. The engine never reads a clock: the shell passes a `Now` in.
//!
//! Used by every planner and decider of this crate; made by the broker from its shard's
//! clock, and by the simulator from virtual time.

/// One reading of both clocks, taken together by the shell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since the Unix epoch; may step backwards when the host's clock does.
    pub wall_ms: i64,
    /// Nanoseconds since some fixed point; never goes back.
    pub mono_ns: u64,
}

impl Now {
    /// Monotonic milliseconds, for deadlines.
    #[must_use]
    pub fn mono_ms(self) -> u64 {
        self.mono_ns / 1_000_000
    }
}
