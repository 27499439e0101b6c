//! Messages between shards, and from other threads to a shard; and how a sleeper is woken.
//!
//! `flag` is the sleep protocol (pure atomics, checked with loom), `bell` adds the kernel's
//! part, `mesh` the bounded rings and the `Endpoint`.

mod bell;
pub(crate) mod flag;
mod mesh;

pub use bell::Bell;
pub use mesh::{Endpoint, Injector};
pub(crate) use mesh::{MailboxPoll, Mesh};

/// What `flag` builds on; loom's atomics stand in for these in `tests/loom_wake.rs`.
pub(crate) mod atomics {
    pub(crate) use std::sync::atomic::{AtomicBool, Ordering, fence};
}
