//! The Millstream broker: the shell around `engine` on the `shards` runtime.
//!
//! What decides lives in `millstream_engine`; what waits lives here. Start reading at
//! `shard` (what one core owns), then `net` (a request's way in and out) and `api` (the
//! handler table). `ARCHITECTURE.md` has the map.

pub mod api;
pub mod cli;
pub mod config;
pub mod controller;
pub mod coordinator;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod memory;
pub mod metrics;
pub mod net;
pub mod shard;
pub mod storage;
