//! The driver on io_uring: one ring per shard, on the shard's own thread.
//!
//! Submission entries gather during a turn and go out with one `io_uring_enter`, which also runs
//! deferred work and, if asked, sleeps. What does not fit waits in a backlog, in order.
//! Invariant: `flights[slot]` is occupied from `submit` until that token's last completion; what
//! the kernel may touch is in there. Nothing in it is freed before, not even when the driver is
//! dropped (then it is leaked).

#![allow(unsafe_code)]

mod pages;
mod pipe;
mod recv;
mod send_file;
mod setup;
mod sockets;
mod sqe;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::ops::Range;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crossbeam::queue::SegQueue;
use io_uring::squeue::Entry;
use io_uring::{EnterFlags, IoUring, cqueue, opcode, types};

pub(super) use pages::View;
use pipe::Pipe;
pub use recv::Chunk;
use recv::RecvBuffers;
use setup::{Abilities, Built};
use sqe::Flight;

use super::blocking::Work;
use super::{
    Completion, DirEntry, Driver, DriverFactory, Handle, ListenOptions, Op, Outcome, Seat, Shared,
    Token, Wait,
};
use crate::failure::StartFault;
use crate::mailbox::Bell;

/// Makes io_uring drivers.
#[derive(Debug, Clone, Copy, Default)]
pub struct UringDrivers;

impl DriverFactory for UringDrivers {
    fn make(&self, seat: Seat) -> Result<Box<dyn Driver>, StartFault> {
        Ok(Box::new(UringDriver::new(seat)?))
    }
}

/// User data of entries that are not operations of a token: bit 63 is never set in a token.
const INTERNAL: u64 = 1 << 63;
const EVENT_READ: u64 = INTERNAL | 1;
const CANCEL: u64 = INTERNAL | 2;
const KICK: u64 = INTERNAL | 3;
/// What a kick by MSG_RING looks like to the one that is kicked.
const KICKED: u64 = INTERNAL | 4;
/// Entries whose success nobody needs to hear of.
const SKIP: io_uring::squeue::Flags = io_uring::squeue::Flags::SKIP_SUCCESS;

/// What a blocking thread gives back.
struct Returned {
    done: SegQueue<(Token, io::Result<Found>)>,
    bell: Arc<Bell>,
}

/// What a blocking call may find.
enum Found {
    Nothing,
    Entries(Vec<DirEntry>),
}

impl From<Found> for Outcome {
    fn from(found: Found) -> Outcome {
        match found {
            Found::Nothing => Outcome::Count(0),
            Found::Entries(entries) => Outcome::Entries(entries),
        }
    }
}

struct UringDriver {
    ring: IoUring,
    seat: Seat,
    abilities: Abilities,
    flights: Vec<Option<Flight>>,
    in_flight: usize,
    /// Of those, the ones that a kernel thread has to finish.
    kernel_work: usize,
    backlog: VecDeque<Entry>,
    /// Completions found outside a turn, and those of the blocking pool that never queued.
    ready: VecDeque<Completion>,
    returned: Arc<Returned>,
    /// Work that found the blocking pool full.
    blocking_backlog: VecDeque<Work>,
    bell: Arc<Bell>,
    event: OwnedFd,
    event_value: Box<u64>,
    event_armed: bool,
    /// Bells kicked by message since the last turn, to kick otherwise if a message fails.
    kicked: Vec<Arc<Bell>>,
    buffers: Option<Rc<RecvBuffers>>,
    notes: Vec<String>,
    /// `None`: it cannot be had, `sendfile` must do.
    pipe: Option<Pipe>,
    /// Of peers on other hosts.
    congestion: Option<String>,
}

impl UringDriver {
    fn new(seat: Seat) -> Result<UringDriver, StartFault> {
        let Built { ring, abilities, bell, buffers, event, notes } = setup::build(&seat)?;
        let bell = Arc::new(bell);
        let returned = Arc::new(Returned { done: SegQueue::new(), bell: bell.clone() });
        let mut driver = UringDriver {
            ring,
            seat,
            abilities,
            flights: Vec::new(),
            in_flight: 0,
            kernel_work: 0,
            backlog: VecDeque::new(),
            ready: VecDeque::new(),
            returned,
            blocking_backlog: VecDeque::new(),
            bell,
            event,
            event_value: Box::new(0),
            event_armed: false,
            kicked: Vec::new(),
            buffers,
            notes,
            pipe: Pipe::open(),
            congestion: sockets::usual_congestion(),
        };
        driver.arm_event();
        Ok(driver)
    }

    /// Keeps one read of the eventfd in flight, so that a write to it ends a sleep.
    fn arm_event(&mut self) {
        let fd = types::Fd(self.event.as_raw_fd());
        let value = (&raw mut *self.event_value).cast::<u8>();
        let entry = opcode::Read::new(fd, value, 8).build().user_data(EVENT_READ);
        self.event_armed = true;
        self.push(entry);
    }

    fn push(&mut self, entry: Entry) {
        if !self.backlog.is_empty() || !self.try_push(&entry) {
            self.seat.stats.submit_full.add(1);
            self.backlog.push_back(entry);
        }
    }

    fn try_push(&mut self, entry: &Entry) -> bool {
        // SAFETY: what the entry points to is in `flights` (or in the driver itself, for the
        // event read) and stays until the entry's last completion.
        unsafe { self.ring.submission().push(entry) }.is_ok()
    }

    fn flush_backlog(&mut self) {
        while let Some(entry) = self.backlog.pop_front() {
            if !self.try_push(&entry) {
                self.backlog.push_front(entry);
                return;
            }
        }
    }

    fn refill_blocking(&mut self) {
        while let Some(work) = self.blocking_backlog.pop_front() {
            if let Err(work) = self.seat.blocking.offer(work) {
                self.blocking_backlog.push_front(work);
                return;
            }
        }
    }

    /// One `io_uring_enter`: submits, runs deferred work, and sleeps if `wait` says so.
    fn enter(&mut self, wait: Wait) {
        let queued = self.ring.submission().len() as u32;
        let (min_complete, timeout) = match wait {
            Wait::No => (0, None),
            Wait::Until(None) => (1, None),
            Wait::Until(Some(at)) => {
                let left = at.saturating_sub(monotonic_ns());
                let time = types::Timespec::new()
                    .sec(left / 1_000_000_000)
                    .nsec((left % 1_000_000_000) as u32);
                (u32::from(left > 0), Some(time))
            }
        };
        let flags = EnterFlags::GETEVENTS | EnterFlags::EXT_ARG;
        let mut args = types::SubmitArgs::new();
        if let Some(time) = &timeout {
            args = args.timespec(time);
        }
        self.seat.stats.enters.add(1);
        // SAFETY: the arguments live across the call and match the flags; the entries between
        // head and tail were pushed by `try_push`.
        let entered =
            unsafe { self.ring.submitter().enter(queued, min_complete, flags.bits(), Some(&args)) };
        // ETIME and EINTR end a sleep; EBUSY and EAGAIN mean "collect completions first", and
        // what is queued goes out with the next enter.
        if let Err(error) = entered {
            let passing = [libc::ETIME, libc::EINTR, libc::EBUSY, libc::EAGAIN];
            let code = error.raw_os_error().unwrap_or(0);
            assert!(passing.contains(&code), "io_uring_enter failed: {error}");
        }
    }

    fn reap(&mut self, out: &mut Vec<Completion>) {
        loop {
            let Some(entry) = self.ring.completion().next() else { return };
            self.on_entry(&entry, out);
        }
    }

    fn on_entry(&mut self, entry: &cqueue::Entry, out: &mut Vec<Completion>) {
        match entry.user_data() {
            EVENT_READ => self.event_armed = false,
            CANCEL | KICKED => {}
            KICK => {
                // A message that did not arrive: use the eventfds.
                self.kicked.drain(..).for_each(|bell| bell.kick());
            }
            bits => self.on_completion(Token::from_bits(bits), entry, out),
        }
    }

    fn on_completion(&mut self, token: Token, entry: &cqueue::Entry, out: &mut Vec<Completion>) {
        let slot = token.slot as usize;
        let Some(flight) = self.flights.get(slot).and_then(Option::as_ref) else { return };
        if flight.generation() != token.generation {
            return;
        }
        if matches!(flight.op, Op::SendFile { .. }) {
            out.extend(self.on_room(token, entry.result()));
            return;
        }
        if entry.result() == -libc::ENOBUFS && self.receive_again(slot) {
            return;
        }
        let result = self.result_of(slot, entry);
        let more = cqueue::more(entry.flags());
        let op = if more { None } else { self.land(slot) };
        out.push(Completion { token, result, op, more });
    }

    /// After a receive that found no buffer: lends the kernel more, if there are more, and
    /// submits the receive once more.
    fn receive_again(&mut self, slot: usize) -> bool {
        if !self.buffers.as_ref().is_some_and(|buffers| buffers.lend_more()) {
            return false;
        }
        let Some(flight) = self.flights[slot].as_mut() else { return false };
        let token = Token { slot: slot as u32, generation: flight.generation() };
        let Some(entry) = flight.entry() else { return false };
        self.push(entry.user_data(token.to_bits()));
        true
    }

    fn land(&mut self, slot: usize) -> Option<Op> {
        let flight = self.flights[slot].take()?;
        self.in_flight -= 1;
        self.kernel_work -= usize::from(flight.op.needs_kernel_thread());
        Some(flight.op)
    }

    fn result_of(&self, slot: usize, entry: &cqueue::Entry) -> io::Result<Outcome> {
        let flight = self.flights[slot].as_ref().expect("looked up by the caller");
        let result = entry.result();
        let lent = cqueue::buffer_select(entry.flags());
        let chunk = |id, len| {
            let buffers = self.buffers.as_ref().expect("registered at start");
            buffers.filled(id, len, cqueue::sock_nonempty(entry.flags()))
        };
        if result < 0 {
            if let Some(id) = lent {
                drop(chunk(id, 0));
            }
            return Err(io::Error::from_raw_os_error(-result));
        }
        let n = result as u32;
        Ok(match &flight.op {
            Op::Accept { .. } | Op::Open { .. } => Outcome::Handle(Handle(result)),
            Op::Recv { .. } => match lent {
                Some(id) => Outcome::Data(chunk(id, n)),
                None => Outcome::Data(Chunk::owned(Vec::new(), false)),
            },
            Op::FileLen { .. } | Op::PathLen { .. } => {
                Outcome::Len(flight.status_len().unwrap_or(0))
            }
            _ => Outcome::Count(n),
        })
    }

    fn keep(&mut self, token: Token, flight: Flight) {
        let slot = token.slot as usize;
        if self.flights.len() <= slot {
            self.flights.resize_with(slot + 1, || None);
        }
        debug_assert!(self.flights[slot].is_none(), "a slot in flight is not reused");
        self.kernel_work += usize::from(flight.op.needs_kernel_thread());
        self.flights[slot] = Some(flight);
        self.in_flight += 1;
    }

    /// Runs an operation that has no ring operation on the blocking pool.
    fn submit_blocking(&mut self, token: Token, op: Op) {
        let returned = self.returned.clone();
        let give_back = move |result| {
            returned.done.push((token, result));
            returned.bell.wake();
        };
        let work: Work = match op {
            Op::Call(job) => {
                self.keep(
                    token,
                    Flight::new(Op::Call(super::Job(Box::new(|| ()))), token.generation),
                );
                Box::new(move || {
                    let call = std::panic::AssertUnwindSafe(job.0);
                    let outcome = std::panic::catch_unwind(call);
                    let failed = |_| io::Error::other("the call panicked");
                    give_back(outcome.map(|()| Found::Nothing).map_err(failed));
                })
            }
            Op::ReadDir { path } => {
                let listed = path.clone();
                self.keep(token, Flight::new(Op::ReadDir { path }, token.generation));
                Box::new(move || give_back(read_dir(&listed).map(Found::Entries)))
            }
            Op::SetLen { file, len } => {
                self.keep(token, Flight::new(Op::SetLen { file, len }, token.generation));
                // SAFETY: the handle is open: its File is alive in the caller of this operation
                // or was closed after it, in order.
                let fd = unsafe { BorrowedFd::borrow_raw(file.0) };
                let copied = fd.try_clone_to_owned();
                Box::new(move || give_back(set_len(copied, len)))
            }
            op => {
                let result = Err(io::ErrorKind::Unsupported.into());
                self.ready.push_back(Completion { token, result, op: Some(op), more: false });
                return;
            }
        };
        if let Err(work) = self.seat.blocking.offer(work) {
            self.blocking_backlog.push_back(work);
        }
    }

    fn collect_blocking(&mut self, out: &mut Vec<Completion>) {
        while let Some((token, result)) = self.returned.done.pop() {
            let op = self.land(token.slot as usize);
            let result = result.map(Outcome::from);
            out.push(Completion { token, result, op, more: false });
        }
    }

    fn must_enter(&mut self) -> bool {
        let queue = self.ring.submission();
        !queue.is_empty() || queue.taskrun() || queue.cq_overflow()
    }
}

impl Driver for UringDriver {
    fn submit(&mut self, token: Token, op: Op) {
        if matches!(op, Op::SendFile { .. }) {
            self.begin_send_file(token, op);
            return;
        }
        let by_ring = !matches!(op, Op::SetLen { .. }) || self.abilities.ftruncate;
        let mut flight = Flight::new(op, token.generation);
        match flight.entry().filter(|_| by_ring) {
            Some(entry) => {
                self.keep(token, flight);
                self.push(entry.user_data(token.to_bits()));
            }
            None => self.submit_blocking(token, flight.op),
        }
    }

    fn cancel(&mut self, token: Token) {
        let flight = self.flights.get_mut(token.slot as usize).and_then(Option::as_mut);
        if let Some(flight) = flight.filter(|flight| flight.generation() == token.generation) {
            flight.cancelled = true;
        }
        let cancel = types::CancelBuilder::user_data(token.to_bits());
        self.push(opcode::AsyncCancel2::new(cancel).build().user_data(CANCEL).flags(SKIP));
    }

    fn turn(&mut self, wait: Wait, out: &mut Vec<Completion>) {
        out.extend(self.ready.drain(..));
        self.refill_blocking();
        self.flush_backlog();
        if !self.event_armed {
            self.arm_event();
        }
        self.collect_blocking(out);
        let overflowed = self.ring.submission().cq_overflow();
        self.seat.stats.completions_overflowed.add(u64::from(overflowed));
        self.reap(out);
        let sleeps = matches!(wait, Wait::Until(_)) && out.is_empty() && self.backlog.is_empty();
        if sleeps {
            self.enter(wait);
        } else if self.must_enter() {
            self.enter(Wait::No);
        }
        self.reap(out);
        // A kick that failed has said so by now.
        self.kicked.clear();
        self.collect_blocking(out);
    }

    fn is_ready(&mut self) -> bool {
        if !self.ready.is_empty() || !self.returned.done.is_empty() || !self.backlog.is_empty() {
            return true;
        }
        if !self.ring.completion().is_empty() {
            return true;
        }
        let queue = self.ring.submission();
        queue.taskrun() || queue.cq_overflow()
    }

    fn may_spin(&self) -> bool {
        self.kernel_work == 0
    }

    fn in_flight(&self) -> usize {
        self.in_flight + self.ready.len()
    }

    fn now_ns(&mut self) -> u64 {
        monotonic_ns()
    }

    fn wall_ms(&mut self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn seed(&self) -> Option<u64> {
        None
    }

    fn bell(&self) -> Arc<Bell> {
        self.bell.clone()
    }

    fn kick(&mut self, bell: &Arc<Bell>) {
        let Some(ring) = bell.ring().filter(|_| self.abilities.msg_ring) else {
            bell.kick();
            return;
        };
        let message = opcode::MsgRingData::new(types::Fd(ring.as_raw_fd()), 0, KICKED, None);
        let entry = message.build().user_data(KICK).flags(SKIP);
        if self.backlog.is_empty() && self.try_push(&entry) {
            self.kicked.push(bell.clone());
        } else {
            bell.kick();
        }
    }

    fn listen(&mut self, at: SocketAddr, how: ListenOptions) -> io::Result<(Handle, SocketAddr)> {
        sockets::listen(at, how)
    }

    fn share(&mut self, file: Handle) -> Arc<Shared> {
        pages::read_only_what_is_asked(file);
        let blocking = self.seat.blocking.clone();
        let close = Arc::new(move |handle| pages::close(handle, &blocking));
        Shared::new(file, View::of(file), close)
    }

    fn resident(&mut self, file: &Shared, range: Range<u64>) -> u64 {
        pages::resident(file, range)
    }

    fn probe(&mut self, at: SocketAddr) -> io::Result<()> {
        std::net::TcpListener::bind(at).map(drop)
    }

    fn socket(&mut self, peer: SocketAddr) -> io::Result<Handle> {
        sockets::socket(peer)
    }

    fn addresses(&mut self, socket: Handle) -> io::Result<(SocketAddr, SocketAddr)> {
        // SAFETY: the handle was given out by this driver and is closed only by `Op::Close`,
        // which its owner submits when it lets go of it.
        let fd = unsafe { BorrowedFd::borrow_raw(socket.0) };
        Ok((sockets::local_address(fd)?, sockets::peer_address(fd)?))
    }

    fn tune(&mut self, socket: Handle, peer: SocketAddr) {
        // SAFETY: as in `addresses`.
        let fd = unsafe { BorrowedFd::borrow_raw(socket.0) };
        sockets::tune(fd, peer, self.congestion.as_deref());
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}

impl Drop for UringDriver {
    /// A driver dropped with operations in flight (its shard panicked) leaks them: the kernel
    /// may still use their memory.
    fn drop(&mut self) {
        for flight in self.flights.drain(..).flatten() {
            std::mem::forget(flight);
        }
        if self.event_armed {
            std::mem::forget(std::mem::take(&mut self.event_value));
        }
        if self.in_flight > 0 {
            std::mem::forget(self.buffers.take());
        } else {
            let _ = self.ring.submitter().unregister_buf_ring(crate::limits::RECV_GROUP);
        }
    }
}

fn monotonic_ns() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

fn borrow_fd(ring: &IoUring) -> BorrowedFd<'_> {
    // SAFETY: the ring's descriptor is open as long as the ring, which the result borrows.
    unsafe { BorrowedFd::borrow_raw(ring.as_raw_fd()) }
}

fn read_dir(path: &std::ffi::CStr) -> io::Result<Vec<DirEntry>> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::path::Path::new(std::ffi::OsStr::from_bytes(path.to_bytes()));
    let entry = |entry: io::Result<std::fs::DirEntry>| {
        let entry = entry?;
        Ok(DirEntry { name: entry.file_name(), is_dir: entry.file_type()?.is_dir() })
    };
    std::fs::read_dir(path)?.map(entry).collect()
}

fn set_len(file: io::Result<OwnedFd>, len: u64) -> io::Result<Found> {
    rustix::fs::ftruncate(file?, len)?;
    Ok(Found::Nothing)
}
