//! `Bell`: the way to wake one shard, from any thread.
//!
//! A shard that runs needs no kick: it looks at its queues every turn. A sleeping one is kicked
//! once, by a write to its eventfd or, from another shard, by a message to its ring.
//! The bell keeps the descriptors open until the last holder is gone, so that a late kick can
//! never reach a descriptor that belongs to somebody else by then.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use super::flag::SleepFlag;

pub struct Bell {
    flag: SleepFlag,
    line: Option<Line>,
}

struct Line {
    event: OwnedFd,
    ring: Option<OwnedFd>,
}

impl Bell {
    /// A bell that rings through the kernel: an eventfd, and a ring that takes messages.
    pub(crate) fn wired(event: OwnedFd, ring: Option<OwnedFd>) -> Bell {
        Bell { flag: SleepFlag::new(), line: Some(Line { event, ring }) }
    }

    /// A bell of a shard that never sleeps in the kernel.
    pub(crate) fn silent() -> Bell {
        Bell { flag: SleepFlag::new(), line: None }
    }

    pub(crate) fn flag(&self) -> &SleepFlag {
        &self.flag
    }

    pub(crate) fn ring(&self) -> Option<BorrowedFd<'_>> {
        self.line.as_ref()?.ring.as_ref().map(AsFd::as_fd)
    }

    /// Wakes the shard if it sleeps. Call after pushing what it shall find.
    pub(crate) fn wake(&self) {
        if self.flag.must_kick() {
            self.kick();
        }
    }

    /// Kicks through the eventfd, whatever the flag says.
    pub(crate) fn kick(&self) {
        let Some(line) = &self.line else { return };
        // A full counter (2^64 - 1 kicks not collected) is as good as a kick.
        let _ = rustix::io::write(&line.event, &1u64.to_ne_bytes());
    }
}
