//! The whole broker under one seed: simulated disk, network and time, clients that speak the
//! protocol, and checkers that try to prove the promise wrong.
//!
//! `README.md` beside this crate is the front page: how to run and replay a seed, how to add a
//! fault or a checker. Start reading at `harness`, then `plan`, `client` and `check`.
//! Invariant: the same seed and the same program give the same hash, bit for bit.

pub mod books;
pub mod check;
pub mod cli;
pub mod client;
pub mod corpus;
pub mod crash_states;
pub mod fact;
pub mod harness;
pub mod ledger;
pub mod nth_io;
pub mod panics;
pub mod plan;
pub mod record;
pub mod rng;
pub mod said;
pub mod sound;
pub mod untold;
