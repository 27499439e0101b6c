//! Waiting among the tasks of one shard: no atomics, `!Send`, safe to drop at any await.
//!
//! A future that is dropped leaves nothing behind: no lost permit, no stale waiter. Wakers are
//! called only after every borrow is released, so waking may run anything.

mod event;
mod notify;
pub mod oneshot;
mod semaphore;

pub use event::Event;
pub use notify::{Notified, Notify};
pub use semaphore::{Acquire, Permit, Semaphore};

#[cfg(test)]
mod tests;
