//! The simulated network: listeners and connections within one world.
//!
//! Pure: no clock; randomness is an argument. A verb that cannot go on yet says so
//! (`Step::Wait`); whatever changes a socket's state notes it in `touched`, so that the world
//! tries again what waits for it.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};

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
}

pub(super) struct Net {
    sockets: BTreeMap<i32, Socket>,
    next_handle: i32,
    next_port: u16,
    touched: Vec<Handle>,
}

impl Default for Net {
    fn default() -> Net {
        Net {
            sockets: BTreeMap::new(),
            next_handle: FIRST_HANDLE,
            next_port: 40_000,
            touched: Vec::new(),
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
        let end = |local, peer, other| End {
            local,
            peer,
            other: Some(other),
            inbox: VecDeque::new(),
            ended: false,
            shut: false,
        };
        let accepted = self.insert(Socket::Connected(end(peer, local, socket)));
        self.sockets.insert(socket.0, Socket::Connected(end(local, peer, accepted)));
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
        let Some(Socket::Connected(end)) = self.sockets.get_mut(&socket.0) else {
            return Step::Done(Err(os_error(libc::ENOTCONN)));
        };
        if end.inbox.is_empty() {
            return if end.ended { Step::Done(Ok((Vec::new(), false))) } else { Step::Wait };
        }
        let there = end.inbox.len().min(max);
        let len = some_of(there, random);
        let bytes = end.inbox.drain(..len).collect();
        let more = !end.inbox.is_empty();
        let other = end.other;
        self.touched.extend(other);
        Step::Done(Ok((bytes, more)))
    }

    /// Sends some of the parts' bytes and tells how many.
    pub(super) fn send(
        &mut self,
        socket: Handle,
        parts: &Parts,
        random: &mut Random,
    ) -> Step<usize> {
        let Some(Socket::Connected(end)) = self.sockets.get(&socket.0) else {
            return Step::Done(Err(os_error(libc::ENOTCONN)));
        };
        let (false, Some(other)) = (end.shut, end.other) else {
            return Step::Done(Err(os_error(libc::EPIPE)));
        };
        let Some(Socket::Connected(peer)) = self.sockets.get_mut(&other.0) else {
            return Step::Done(Err(os_error(libc::ECONNRESET)));
        };
        let total: usize = parts.iter().map(|part| part.len()).sum();
        let room = IN_FLIGHT_BYTES_MAX.saturating_sub(peer.inbox.len()).min(total);
        if room == 0 {
            return Step::Wait;
        }
        let len = some_of(room, random);
        peer.inbox.extend(parts.iter().flat_map(|part| part.iter()).take(len));
        self.touched.push(other);
        Step::Done(Ok(len))
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
        if let Some(Socket::Connected(peer)) = self.sockets.get_mut(&other.0) {
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

/// Mostly everything, now and then less, never nothing.
fn some_of(there: usize, random: &mut Random) -> usize {
    if random.below(4) == 0 { 1 + random.below(there as u64) as usize } else { there }
}

pub(super) const RECV_MAX: usize = RECV_BUFFER_BYTES;
