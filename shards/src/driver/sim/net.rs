//! The simulated network: listeners and connections within one world.
//!
//! Pure: no clock; randomness is an argument. A verb that cannot go on yet says so
//! (`Step::Wait`); whatever changes a socket's state notes it in `touched`, so that the world
//! tries again what waits for it.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};
use std::net::{IpAddr, SocketAddr};

use super::faults::NetFaults;
use super::os_error;
use crate::Parts;
use crate::driver::{Handle, ListenOptions};
use crate::limits::RECV_BUFFER_BYTES;
use crate::random::Random;

/// Bytes one direction of a connection holds.
const IN_FLIGHT_BYTES_MAX: usize = 256 * 1024;

/// Handles of sockets begin here, those of files below.
const FIRST_HANDLE: i32 = 1 << 20;

pub(super) enum Step<T> {
    Done(io::Result<T>),
    Wait,
}

enum Socket {
    Fresh,
    Listening { at: SocketAddr, backlog: VecDeque<Handle>, backlog_max: usize },
    Connected(End),
}

struct End {
    local: SocketAddr,
    peer: SocketAddr,
    /// `None` once the peer has closed.
    other: Option<Handle>,
    inbox: VecDeque<u8>,
    /// Nothing will be added to the inbox.
    ended: bool,
    /// This side sends no more.
    shut: bool,
    /// Bytes that may be on their way to this end.
    room_bytes: usize,
    link: Link,
    /// Reads little, and seldom.
    is_slow: bool,
}

/// What a connection is good for, as one of its ends knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Up,
    /// Nothing arrives any more, and nobody was told. So many bytes were sent into the void.
    Dead {
        unacknowledged: usize,
    },
    /// It was dead, and the network is up again: the peer does not know it any more.
    Forgotten,
    Reset,
}

pub(super) struct Net {
    sockets: BTreeMap<i32, Socket>,
    next_handle: i32,
    next_port: u16,
    touched: Vec<Handle>,
    pub(super) faults: NetFaults,
    pub(super) cuts: u64,
    pub(super) half_opens: u64,
    pub(super) slow_readers: u64,
}

impl Default for Net {
    fn default() -> Net {
        Net {
            sockets: BTreeMap::new(),
            next_handle: FIRST_HANDLE,
            next_port: 40_000,
            touched: Vec::new(),
            faults: NetFaults::default(),
            cuts: 0,
            half_opens: 0,
            slow_readers: 0,
        }
    }
}

impl Net {
    pub(super) fn listen(
        &mut self,
        mut at: SocketAddr,
        how: ListenOptions,
    ) -> io::Result<(Handle, SocketAddr)> {
        if at.port() == 0 {
            at.set_port(self.take_port());
        } else if !how.reuse_port && !self.listeners(at).is_empty() {
            return Err(os_error(libc::EADDRINUSE));
        }
        let backlog_max = how.backlog as usize;
        let handle = self.insert(Socket::Listening { at, backlog: VecDeque::new(), backlog_max });
        Ok((handle, at))
    }

    pub(super) fn probe(&self, at: SocketAddr) -> io::Result<()> {
        if self.listeners(at).is_empty() { Ok(()) } else { Err(os_error(libc::EADDRINUSE)) }
    }

    pub(super) fn socket(&mut self) -> Handle {
        self.insert(Socket::Fresh)
    }

    pub(super) fn addresses(&self, socket: Handle) -> io::Result<(SocketAddr, SocketAddr)> {
        match self.sockets.get(&socket.0) {
            Some(Socket::Connected(end)) => Ok((end.local, end.peer)),
            _ => Err(os_error(libc::ENOTCONN)),
        }
    }

    pub(super) fn is_socket(handle: Handle) -> bool {
        handle.0 >= FIRST_HANDLE
    }

    /// Sockets whose state has changed since the last call.
    pub(super) fn take_touched(&mut self) -> Vec<Handle> {
        std::mem::take(&mut self.touched)
    }

    pub(super) fn connect(
        &mut self,
        socket: Handle,
        peer: SocketAddr,
        random: &mut Random,
    ) -> io::Result<()> {
        let listeners = self.listeners(peer);
        if listeners.is_empty() {
            return Err(os_error(libc::ECONNREFUSED));
        }
        let listener = listeners[random.below(listeners.len() as u64) as usize];
        let local = SocketAddr::new(peer.ip(), self.take_port());
        let room_bytes = match self.faults.fragment {
            true => 512 << random.below(8),
            false => IN_FLIGHT_BYTES_MAX,
        };
        let end = |local, peer, other| End {
            local,
            peer,
            other: Some(other),
            inbox: VecDeque::new(),
            ended: false,
            shut: false,
            room_bytes,
            link: Link::Up,
            is_slow: false,
        };
        let slow_per_mille = u64::from(self.faults.slow_readers_per_mille);
        let is_slow = slow_per_mille > 0 && random.below(1000) < slow_per_mille;
        self.slow_readers += u64::from(is_slow);
        let accepted = self.insert(Socket::Connected(end(peer, local, socket)));
        let connecting = End { is_slow, ..end(local, peer, accepted) };
        self.sockets.insert(socket.0, Socket::Connected(connecting));
        if let Some(Socket::Listening { backlog, backlog_max, .. }) =
            self.sockets.get_mut(&listener.0)
        {
            if backlog.len() >= *backlog_max {
                self.close(accepted);
                return Err(os_error(libc::ECONNREFUSED));
            }
            backlog.push_back(accepted);
        }
        self.touched.push(listener);
        Ok(())
    }

    pub(super) fn accept(&mut self, listener: Handle) -> Step<Handle> {
        match self.sockets.get_mut(&listener.0) {
            Some(Socket::Listening { backlog, .. }) => {
                backlog.pop_front().map_or(Step::Wait, |handle| Step::Done(Ok(handle)))
            }
            _ => Step::Done(Err(os_error(libc::EINVAL))),
        }
    }

    /// Some of the bytes that are there, at most `max`; none at the end of the stream. Tells
    /// whether more are there.
    pub(super) fn recv(
        &mut self,
        socket: Handle,
        max: usize,
        random: &mut Random,
    ) -> Step<(Vec<u8>, bool)> {
        if self.strike(socket, random) {
            self.drop_inbox(socket, random);
        }
        let fragment = self.faults.fragment;
        let Some(Socket::Connected(end)) = self.sockets.get_mut(&socket.0) else {
            return Step::Done(Err(os_error(libc::ENOTCONN)));
        };
        if end.inbox.is_empty() {
            return match end.link {
                Link::Reset => Step::Done(Err(os_error(libc::ECONNRESET))),
                _ if end.ended => Step::Done(Ok((Vec::new(), false))),
                Link::Up | Link::Dead { .. } | Link::Forgotten => Step::Wait,
            };
        }
        let there = end.inbox.len().min(max);
        let len = some_of(there, fragment || end.is_slow, random);
        let mut bytes = vec![0; len];
        end.inbox.read_exact(&mut bytes).expect("so many bytes are there");
        let more = !end.inbox.is_empty();
        let other = end.other;
        self.touched.extend(other);
        Step::Done(Ok((bytes, more)))
    }

    /// Sends some of the parts' bytes and tells how many, and a hash of them.
    pub(super) fn send(
        &mut self,
        socket: Handle,
        parts: &Parts,
        random: &mut Random,
    ) -> Step<(usize, u32)> {
        let total: usize = parts.iter().map(|part| part.len()).sum();
        let struck = self.strike(socket, random);
        let fragment = self.faults.fragment;
        let Some(Socket::Connected(end)) = self.sockets.get_mut(&socket.0) else {
            return Step::Done(Err(os_error(libc::ENOTCONN)));
        };
        if end.shut {
            return Step::Done(Err(os_error(libc::EPIPE)));
        }
        // A connection that breaks now may take some bytes along.
        match &mut end.link {
            Link::Reset if !struck => return Step::Done(Err(os_error(libc::ECONNRESET))),
            Link::Dead { unacknowledged } => {
                let room = end.room_bytes.saturating_sub(*unacknowledged).min(total);
                if room == 0 {
                    return Step::Wait;
                }
                let len = some_of(room, fragment, random);
                *unacknowledged += len;
                return Step::Done(Ok((len, hash(parts, len))));
            }
            Link::Forgotten => {
                end.link = Link::Reset;
                self.touched.push(socket);
                return Step::Done(Err(os_error(libc::ECONNRESET)));
            }
            Link::Up | Link::Reset => {}
        }
        let Some(other) = end.other else {
            return Step::Done(Err(os_error(libc::EPIPE)));
        };
        let Some(Socket::Connected(peer)) = self.sockets.get_mut(&other.0) else {
            return Step::Done(Err(os_error(libc::ECONNRESET)));
        };
        let room = peer.room_bytes.saturating_sub(peer.inbox.len()).min(total);
        if room == 0 {
            return if struck { Step::Done(Err(os_error(libc::ECONNRESET))) } else { Step::Wait };
        }
        let len = some_of(room, fragment || struck, random);
        let mut left = len;
        for part in parts {
            let taken = part.len().min(left);
            peer.inbox.extend(&part[..taken]);
            left -= taken;
        }
        self.touched.push(other);
        if struck {
            self.drop_inbox(other, random);
        }
        Step::Done(Ok((len, hash(parts, len))))
    }

    /// Whether a send would move some bytes, or fail.
    pub(super) fn writable(&self, socket: Handle) -> Step<()> {
        let Some(Socket::Connected(end)) = self.sockets.get(&socket.0) else {
            return Step::Done(Err(os_error(libc::ENOTCONN)));
        };
        let full = match end.link {
            Link::Dead { unacknowledged } => unacknowledged >= end.room_bytes,
            Link::Up => match end.other.and_then(|other| self.sockets.get(&other.0)) {
                Some(Socket::Connected(peer)) => peer.inbox.len() >= peer.room_bytes,
                _ => false,
            },
            Link::Forgotten | Link::Reset => false,
        };
        if full && !end.shut { Step::Wait } else { Step::Done(Ok(())) }
    }

    /// Whether the peer sends no more, as far as this end knows.
    pub(super) fn peer_closed(&self, socket: Handle) -> Step<()> {
        match self.sockets.get(&socket.0) {
            Some(Socket::Connected(end)) if end.ended || end.link == Link::Reset => {
                Step::Done(Ok(()))
            }
            Some(Socket::Connected(_)) => Step::Wait,
            Some(Socket::Fresh | Socket::Listening { .. }) | None => {
                Step::Done(Err(os_error(libc::ENOTCONN)))
            }
        }
    }

    /// How much later than usual a receive comes at a socket whose side reads slowly.
    pub(super) fn slow_ns(&self, socket: Handle, random: &mut Random) -> u64 {
        let most = u64::try_from(self.faults.slow_max.as_nanos()).unwrap_or(u64::MAX - 1);
        match self.sockets.get(&socket.0) {
            Some(Socket::Connected(end)) if end.is_slow && most > 0 => random.below(most + 1),
            _ => 0,
        }
    }

    /// How much later than usual something arrives: mostly little, at most `delay_max`.
    pub(super) fn delay_ns(&self, random: &mut Random) -> u64 {
        let most = u64::try_from(self.faults.delay_max.as_nanos()).unwrap_or(u64::MAX - 1);
        if most == 0 {
            return 0;
        }
        let most_this_time = most >> random.below(16);
        random.below(most_this_time + 1)
    }

    /// No faults from now on. Whatever was sent into the void is answered by a reset.
    pub(super) fn heal(&mut self) {
        self.faults = NetFaults::default();
        for (handle, socket) in &mut self.sockets {
            let Socket::Connected(End { link, is_slow, .. }) = socket else { continue };
            *is_slow = false;
            match link {
                Link::Dead { unacknowledged: 0 } => *link = Link::Forgotten,
                Link::Dead { .. } => {
                    *link = Link::Reset;
                    self.touched.push(Handle(*handle));
                }
                Link::Up | Link::Forgotten | Link::Reset => {}
            }
        }
    }

    /// Whatever is open is gone. Faults and counts stay.
    pub(super) fn forget_all(&mut self) {
        self.sockets.clear();
        self.touched.clear();
    }

    pub(super) fn touch(&mut self, socket: Handle) {
        self.touched.push(socket);
    }

    /// A reset may overtake what has arrived and was not received yet.
    fn drop_inbox(&mut self, socket: Handle, random: &mut Random) {
        if let Some(Socket::Connected(end)) = self.sockets.get_mut(&socket.0)
            && random.below(2) == 0
        {
            end.inbox.clear();
        }
    }

    /// Breaks the connection, if it is its turn. Returns whether it is now reset.
    fn strike(&mut self, socket: Handle, random: &mut Random) -> bool {
        let mut strikes = |times: u32| times > 0 && random.below(1_000_000) < u64::from(times);
        let cut = strikes(self.faults.cut_per_million);
        let link = match (cut, !cut && strikes(self.faults.half_open_per_million)) {
            (true, _) => Link::Reset,
            (_, true) => Link::Dead { unacknowledged: 0 },
            _ => return false,
        };
        let Some(Socket::Connected(end)) = self.sockets.get_mut(&socket.0) else { return false };
        if end.link != Link::Up {
            return false;
        }
        end.link = link;
        let other = end.other;
        self.touched.push(socket);
        if let Some(Socket::Connected(peer)) = other.and_then(|o| self.sockets.get_mut(&o.0)) {
            peer.link = link;
            self.touched.extend(other);
        }
        self.cuts += u64::from(cut);
        self.half_opens += u64::from(!cut);
        cut
    }

    pub(super) fn shutdown(&mut self, socket: Handle) -> io::Result<()> {
        let Some(Socket::Connected(end)) = self.sockets.get_mut(&socket.0) else {
            return Err(os_error(libc::ENOTCONN));
        };
        end.shut = true;
        end.ended = true;
        let other = end.other;
        self.touched.push(socket);
        self.end_stream(other);
        Ok(())
    }

    pub(super) fn close(&mut self, socket: Handle) {
        match self.sockets.remove(&socket.0) {
            Some(Socket::Connected(end)) => {
                self.end_stream(end.other);
                if let Some(Socket::Connected(peer)) =
                    end.other.and_then(|other| self.sockets.get_mut(&other.0))
                {
                    peer.other = None;
                }
            }
            Some(Socket::Listening { backlog, .. }) => {
                backlog.into_iter().for_each(|waiting| self.close(waiting));
            }
            Some(Socket::Fresh) | None => {}
        }
    }

    /// As `close`, but the peer hears nothing: its machine lost power.
    pub(super) fn vanish(&mut self, socket: Handle) {
        if let Some(Socket::Listening { backlog, .. }) = self.sockets.remove(&socket.0) {
            backlog.into_iter().for_each(|waiting| self.vanish(waiting));
        }
    }

    /// How many sockets are open.
    pub(super) fn open_count(&self) -> usize {
        self.sockets.len()
    }

    fn end_stream(&mut self, other: Option<Handle>) {
        let Some(other) = other else { return };
        if let Some(Socket::Connected(peer)) = self.sockets.get_mut(&other.0)
            && peer.link == Link::Up
        {
            peer.ended = true;
            self.touched.push(other);
        }
    }

    fn listeners(&self, at: SocketAddr) -> Vec<Handle> {
        let any = |ip: IpAddr| ip.is_unspecified();
        let hears = |listening: &SocketAddr| {
            listening.port() == at.port() && (listening.ip() == at.ip() || any(listening.ip()))
        };
        let listening = |(handle, socket): (&i32, &Socket)| match socket {
            Socket::Listening { at, .. } if hears(at) => Some(Handle(*handle)),
            _ => None,
        };
        self.sockets.iter().filter_map(listening).collect()
    }

    fn insert(&mut self, socket: Socket) -> Handle {
        let handle = Handle(self.next_handle);
        self.next_handle += 1;
        self.sockets.insert(handle.0, socket);
        handle
    }

    fn take_port(&mut self) -> u16 {
        self.next_port = self.next_port.checked_add(1).unwrap_or(40_000);
        self.next_port
    }
}

/// Mostly everything, now and then less, never nothing; few bytes at a time where fragmented.
fn some_of(there: usize, fragment: bool, random: &mut Random) -> usize {
    if fragment && random.below(4) != 0 {
        let most = 1 << random.below(u64::from(there.ilog2()) + 1);
        return 1 + random.below(most) as usize;
    }
    if random.below(4) == 0 { 1 + random.below(there as u64) as usize } else { there }
}

/// Of the first `len` bytes.
fn hash(parts: &Parts, mut len: usize) -> u32 {
    parts.iter().fold(0, |sum, part| {
        let n = part.len().min(len);
        len -= n;
        crc32c::crc32c_append(sum, &part[..n])
    })
}

pub(super) const RECV_MAX: usize = RECV_BUFFER_BYTES;
