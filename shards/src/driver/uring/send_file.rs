//! Sending from the page cache: through the shard's pipe, on its own thread, and a poll of the
//! ring's where the socket has no room.
//!
//! The sockets are `O_NONBLOCK` (the ring waits for them all the same), so a send moves what
//! fits and returns; what is not resident is not asked for, so it does not wait for a device
//! either. Nothing is held between two sends: no pipe, no kernel thread, no page.
//! See `docs/adr/0007-answers-from-files.md`.

#![allow(unsafe_code)]

use std::io;
use std::ops::Range;
use std::os::fd::BorrowedFd;

use super::sqe::Flight;
use super::{UringDriver, pages};
use crate::driver::{Completion, Follow, Handle, Op, Outcome, Shared, Token};
use crate::limits::SEND_FILE_BYTES_MAX;

impl UringDriver {
    pub(super) fn begin_send_file(&mut self, token: Token, op: Op) {
        self.keep(token, Flight::new(op, token.generation));
        let completion = self.step_send_file(token);
        self.ready.extend(completion);
    }

    /// The poll for room has ended.
    pub(super) fn on_room(&mut self, token: Token, result: i32) -> Option<Completion> {
        let cancelled = self.flights[token.slot as usize].as_ref().is_some_and(|f| f.cancelled);
        if result >= 0 && !cancelled {
            return self.step_send_file(token);
        }
        let code = if result < 0 { -result } else { libc::ECANCELED };
        Some(self.end_send_file(token, Err(io::Error::from_raw_os_error(code))))
    }

    /// Sends what there is room for. Without room, `None`: then a poll is under way.
    fn step_send_file(&mut self, token: Token) -> Option<Completion> {
        let flight = self.flights[token.slot as usize].as_mut()?;
        let Op::SendFile { socket, file, epoch, offset, len, follow } = &flight.op else {
            return None;
        };
        let (socket, range) = (*socket, *offset..offset.saturating_add(*len));
        let (file, is_current, follow) = (file.clone(), file.epoch() == *epoch, *follow);
        let sent = match is_current {
            true => self.send_some(socket, &file, range, follow),
            false => Ok(Outcome::NotResident),
        };
        match sent {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let entry = self.flights[token.slot as usize].as_mut()?.entry()?;
                self.push(entry.user_data(token.to_bits()));
                None
            }
            result => Some(self.end_send_file(token, result)),
        }
    }

    fn end_send_file(&mut self, token: Token, result: io::Result<Outcome>) -> Completion {
        let op = self.land(token.slot as usize);
        Completion { token, result, op, more: false }
    }

    fn send_some(
        &mut self,
        socket: Handle,
        file: &Shared,
        range: Range<u64>,
        follow: Follow,
    ) -> io::Result<Outcome> {
        let Range { start: offset, end } = range;
        let end = end.min(offset.saturating_add(SEND_FILE_BYTES_MAX));
        let there = pages::resident(file, offset..end);
        if there == 0 {
            return Ok(Outcome::NotResident);
        }
        let follow = if offset + there < range.end { Follow::More } else { follow };
        // SAFETY: the operation keeps its socket (as its owner) and its file (in itself) open.
        let (to, from) =
            unsafe { (BorrowedFd::borrow_raw(socket.0), BorrowedFd::borrow_raw(file.handle().0)) };
        let sent = match self.pipe.as_mut().filter(|pipe| pipe.is_sound()) {
            Some(pipe) => pipe.send(to, from, (offset, there), follow)?,
            None => {
                let mut at = offset;
                rustix::fs::sendfile(to, from, Some(&mut at), there as usize)? as u64
            }
        };
        Ok(Outcome::Count(sent as u32))
    }
}
