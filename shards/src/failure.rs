//! What can go wrong with the runtime itself: starting it, and a shard that dies.
//!
//! `StartFault` is shown to an operator: one line that says what is wrong and how to fix it.

use std::fmt;
use std::io;

use crate::config::ShardId;

/// Why the runtime did not start.
#[derive(Debug)]
pub enum StartFault {
    /// The configuration contradicts itself.
    Config(String),
    /// io_uring is switched off here (EPERM or EACCES).
    RingForbidden,
    /// The kernel has no io_uring (ENOSYS).
    RingMissing,
    /// The kernel's io_uring is too old; names what it lacks.
    RingTooOld { lacks: &'static str },
    /// Locked memory is limited too low (ENOMEM).
    Memlock,
    /// Too few file descriptors (EMFILE or ENFILE).
    NoFile,
    /// Anything else the operating system said while `doing`.
    Os { doing: &'static str, source: io::Error },
}

impl StartFault {
    pub(crate) fn of_ring(source: io::Error) -> StartFault {
        match source.raw_os_error() {
            Some(libc::EPERM | libc::EACCES) => StartFault::RingForbidden,
            Some(libc::ENOSYS) => StartFault::RingMissing,
            Some(libc::ENOMEM) => StartFault::Memlock,
            Some(libc::EMFILE | libc::ENFILE) => StartFault::NoFile,
            _ => StartFault::Os { doing: "setting up io_uring", source },
        }
    }

    pub(crate) fn of_file(doing: &'static str, source: io::Error) -> StartFault {
        match source.raw_os_error() {
            Some(libc::EMFILE | libc::ENFILE) => StartFault::NoFile,
            Some(libc::ENOMEM) => StartFault::Memlock,
            _ => StartFault::Os { doing, source },
        }
    }
}

impl fmt::Display for StartFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartFault::Config(reason) => f.write_str(reason),
            StartFault::RingForbidden => f.write_str(
                "io_uring is forbidden here: run `sysctl -w kernel.io_uring_disabled=0`, and in \
                 a container allow io_uring_setup, io_uring_enter and io_uring_register in its \
                 seccomp profile (docker: --security-opt seccomp=unconfined)",
            ),
            StartFault::RingMissing => f.write_str(
                "this kernel has no io_uring: Linux 6.1 or newer is needed (or gVisor and the \
                 like must let io_uring through)",
            ),
            StartFault::RingTooOld { lacks } => write!(
                f,
                "this kernel's io_uring is too old (it lacks {lacks}): Linux 6.1 or newer is needed"
            ),
            StartFault::Memlock => f.write_str(
                "not enough memory may be locked for io_uring: raise it with `ulimit -l \
                 unlimited` (systemd: LimitMEMLOCK=infinity, docker: --ulimit memlock=-1)",
            ),
            StartFault::NoFile => f.write_str(
                "too few file descriptors: raise the limit with `ulimit -n 1048576` (systemd: \
                 LimitNOFILE=1048576, docker: --ulimit nofile=1048576)",
            ),
            StartFault::Os { doing, source } => write!(f, "{doing} failed: {source}"),
        }
    }
}

impl std::error::Error for StartFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartFault::Os { source, .. } => Some(source),
            StartFault::Config(_)
            | StartFault::RingForbidden
            | StartFault::RingMissing
            | StartFault::RingTooOld { .. }
            | StartFault::Memlock
            | StartFault::NoFile => None,
        }
    }
}

impl From<StartFault> for io::Error {
    fn from(fault: StartFault) -> io::Error {
        let kind = match &fault {
            StartFault::Config(_) => io::ErrorKind::InvalidInput,
            StartFault::RingForbidden => io::ErrorKind::PermissionDenied,
            StartFault::RingMissing | StartFault::RingTooOld { .. } => io::ErrorKind::Unsupported,
            StartFault::Memlock => io::ErrorKind::OutOfMemory,
            StartFault::NoFile => io::ErrorKind::Other,
            StartFault::Os { source, .. } => source.kind(),
        };
        io::Error::new(kind, fault)
    }
}

/// A shard died of a panic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub shard: ShardId,
    /// The panic's message.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} panicked: {}", self.shard, self.message)
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_start_fault_is_one_line_that_says_what_to_do() {
        let of = |code| StartFault::of_ring(io::Error::from_raw_os_error(code));
        let cases = [
            (of(libc::EPERM), "kernel.io_uring_disabled=0"),
            (of(libc::ENOSYS), "Linux 6.1"),
            (of(libc::ENOMEM), "ulimit -l"),
            (of(libc::EMFILE), "ulimit -n"),
            (StartFault::RingTooOld { lacks: "cancellation" }, "Linux 6.1"),
            (StartFault::of_file("x", io::Error::from_raw_os_error(libc::ENFILE)), "ulimit -n"),
            (of(libc::EIO), "setting up io_uring failed"),
        ];
        for (fault, hint) in cases {
            let line = fault.to_string();
            assert!(line.contains(hint) && !line.contains('\n'), "{line}");
            assert_eq!(io::Error::from(fault).to_string(), line);
        }
    }
}
