//! Setting up a ring: the flags we want, one by one given up where a kernel refuses them.
//!
//! What was given up is reported at start. What we cannot do without is a `StartFault`.

#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use io_uring::{IoUring, Probe, opcode};

use super::recv::RecvBuffers;
use crate::driver::Seat;
use crate::failure::StartFault;
use crate::limits::RING_CQ_FACTOR;
use crate::mailbox::Bell;

/// The wished flags, the dearest last: given up from the end.
const WISHES: [Wish; 5] =
    [Wish::SubmitAll, Wish::SingleIssuer, Wish::CoopTaskrun, Wish::TaskrunFlag, Wish::DeferTaskrun];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    SubmitAll,
    SingleIssuer,
    CoopTaskrun,
    TaskrunFlag,
    DeferTaskrun,
}

/// A ring that is set up, and what it can do.
pub(super) struct Built {
    pub(super) ring: IoUring,
    pub(super) abilities: Abilities,
    pub(super) bell: Bell,
    pub(super) buffers: Option<std::rc::Rc<RecvBuffers>>,
    pub(super) event: OwnedFd,
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Abilities {
    pub(super) msg_ring: bool,
    pub(super) ftruncate: bool,
}

/// A splice or `sendfile` to a peer that is gone signals its thread, and no flag forbids that.
fn block_broken_pipe_signals() {
    // SAFETY: a signal set of zeros is valid memory for `sigemptyset`, which makes it the empty
    // set; the mask concerns the calling thread alone, and the old one is not asked for.
    let blocked = unsafe {
        let mut set = std::mem::zeroed::<libc::sigset_t>();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut())
    };
    debug_assert_eq!(blocked, 0, "a valid mask is set");
}

pub(super) fn build(seat: &Seat) -> Result<Built, StartFault> {
    let mut notes = Vec::new();
    block_broken_pipe_signals();
    let ring = open_ring(seat.ring_entries, &mut notes)?;
    let params = ring.params();
    if !params.is_feature_nodrop() {
        return Err(StartFault::RingTooOld { lacks: "completions that are never dropped" });
    }
    if !params.is_feature_ext_arg() {
        return Err(StartFault::RingTooOld { lacks: "waiting with a timeout" });
    }
    let mut probe = Probe::new();
    ring.submitter().register_probe(&mut probe).map_err(StartFault::of_ring)?;
    if !probe.is_supported(opcode::AsyncCancel2::CODE) {
        return Err(StartFault::RingTooOld { lacks: "cancellation" });
    }
    let abilities = Abilities {
        msg_ring: probe.is_supported(opcode::MsgRingData::CODE),
        ftruncate: probe.is_supported(opcode::Ftruncate::CODE),
    };
    if !abilities.msg_ring {
        notes.push("io_uring: no messages between rings, waking by eventfd".to_owned());
    }
    if !abilities.ftruncate {
        notes.push("io_uring: no ftruncate, done by the blocking pool".to_owned());
    }
    let buffers = register_buffers(&ring, seat.recv_buffers)?;
    let event = rustix::event::eventfd(0, rustix::event::EventfdFlags::CLOEXEC)
        .map_err(|e| StartFault::of_file("making an eventfd", e.into()))?;
    let bell = make_bell(&ring, &event, abilities.msg_ring)?;
    Ok(Built { ring, abilities, bell, buffers: Some(buffers), event, notes })
}

fn open_ring(entries: u32, notes: &mut Vec<String>) -> Result<IoUring, StartFault> {
    let mut wishes = WISHES.to_vec();
    loop {
        match try_ring(entries, &wishes) {
            Ok(ring) => return Ok(ring),
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {
                let Some(refused) = wishes.pop() else { return Err(StartFault::of_ring(error)) };
                notes.push(format!("io_uring: this kernel refuses {refused:?}, going without"));
            }
            Err(error) => return Err(StartFault::of_ring(error)),
        }
    }
}

fn try_ring(entries: u32, wishes: &[Wish]) -> io::Result<IoUring> {
    let mut builder = IoUring::builder();
    builder.setup_clamp().setup_cqsize(entries.saturating_mul(RING_CQ_FACTOR)).dontfork();
    for wish in wishes {
        match wish {
            Wish::SubmitAll => builder.setup_submit_all(),
            Wish::SingleIssuer => builder.setup_single_issuer(),
            Wish::CoopTaskrun => builder.setup_coop_taskrun(),
            Wish::TaskrunFlag => builder.setup_taskrun_flag(),
            Wish::DeferTaskrun => builder.setup_defer_taskrun(),
        };
    }
    builder.build(entries)
}

fn register_buffers(ring: &IoUring, count: u16) -> Result<std::rc::Rc<RecvBuffers>, StartFault> {
    RecvBuffers::register(ring, count).map_err(|error| match error.raw_os_error() {
        Some(libc::EINVAL) => StartFault::RingTooOld { lacks: "rings of provided buffers" },
        _ => StartFault::of_ring(error),
    })
}

fn make_bell(ring: &IoUring, event: &OwnedFd, msg_ring: bool) -> Result<Bell, StartFault> {
    let copy = |fd: std::os::fd::BorrowedFd<'_>| {
        fd.try_clone_to_owned().map_err(|e| StartFault::of_file("copying a descriptor", e))
    };
    let ring = if msg_ring { Some(copy(as_fd(ring))?) } else { None };
    Ok(Bell::wired(copy(event.as_fd())?, ring))
}

fn as_fd(ring: &IoUring) -> std::os::fd::BorrowedFd<'_> {
    super::borrow_fd(ring)
}
