//! The pure engine: what Millstream decides, without I/O, clock or randomness.
//!
//! Planners return plans that a shell executes; deciders return records that a shell
//! appends before it applies them. Everything here is a function of its arguments, so the
//! same input gives the same output byte for byte, and every test runs without a thread,
//! a file or a socket. Called by the broker (`src/`) and by the simulator.

pub mod config;
pub mod fetch;
pub mod group;
pub mod ids;
pub mod journal;
pub mod limits;
pub mod log;
pub mod meta;
pub mod now;
pub mod refusal;
pub mod validate;
