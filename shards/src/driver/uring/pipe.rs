//! The pipe through which a shard's pages go from files to sockets: one, empty between two uses.
//!
//! `sendfile` moves 64 KiB at a time through a pipe of its own; a large one does the same for two
//! thirds of the cost. What the socket does not take is let go at once, so no byte of one
//! connection is ever there for another, and a peer that does not read holds nothing.
//! Invariant: the pipe is empty when `send` returns, or is given up (`is_sound`).

#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

use crate::driver::Follow;
use crate::limits::SEND_FILE_BYTES_MAX;

/// What one send moves, and a page more for a range that begins within one: in powers of two.
const PIPE_BYTES: u64 = 2 * SEND_FILE_BYTES_MAX;

pub(super) struct Pipe {
    from: OwnedFd,
    into: OwnedFd,
    nowhere: File,
    is_sound: bool,
}

impl Pipe {
    /// `None` where there is none so large.
    pub(super) fn open() -> Option<Pipe> {
        let nowhere = File::options().write(true).open("/dev/null").ok()?;
        let mut ends = [0; 2];
        // SAFETY: the call writes two descriptors into an array of two.
        let made = unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC | libc::O_NONBLOCK) };
        if made != 0 {
            return None;
        }
        // SAFETY: just made, and nobody else knows of them.
        let [from, into] = ends.map(|end| unsafe { OwnedFd::from_raw_fd(end) });
        // SAFETY: the call changes the size of a pipe that is held open here.
        let size = unsafe { libc::fcntl(into.as_raw_fd(), libc::F_SETPIPE_SZ, PIPE_BYTES as i32) };
        (size >= PIPE_BYTES as i32).then_some(Pipe { from, into, nowhere, is_sound: true })
    }

    pub(super) fn is_sound(&self) -> bool {
        self.is_sound
    }

    /// Sends what the socket takes of `len` bytes at `offset`; 0 at the end of the file.
    pub(super) fn send(
        &mut self,
        to: BorrowedFd<'_>,
        file: BorrowedFd<'_>,
        (offset, len): (u64, u64),
        follow: Follow,
    ) -> io::Result<u64> {
        let filled = splice(file, Some(offset), self.into.as_fd(), len, 0)?;
        let more = match follow {
            Follow::Nothing => 0,
            Follow::More => libc::SPLICE_F_MORE,
        };
        let (mut sent, mut outcome) = (0, Ok(()));
        while sent < filled && outcome.is_ok() {
            match splice(self.from.as_fd(), None, to, filled - sent, more) {
                Ok(0) => outcome = Err(io::ErrorKind::WriteZero.into()),
                Ok(moved) => sent += moved,
                Err(error) => outcome = Err(error),
            }
        }
        self.let_go(filled - sent);
        match outcome {
            Err(error) if sent == 0 => Err(error),
            Ok(()) | Err(_) => Ok(sent),
        }
    }

    fn let_go(&mut self, mut left: u64) {
        while left > 0 {
            match splice(self.from.as_fd(), None, self.nowhere.as_fd(), left, 0) {
                Ok(gone) if gone > 0 => left -= gone,
                Ok(_) | Err(_) => {
                    self.is_sound = false;
                    return;
                }
            }
        }
    }
}

/// Moves pages, and waits for none of the two ends; both are not to.
fn splice(
    from: BorrowedFd<'_>,
    offset: Option<u64>,
    to: BorrowedFd<'_>,
    len: u64,
    more: u32,
) -> io::Result<u64> {
    let mut offset = offset.map(|offset| offset as i64);
    let at = offset.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
    let (from, to) = (from.as_raw_fd(), to.as_raw_fd());
    loop {
        // SAFETY: both descriptors are borrowed, and the offset lives across the call.
        let moved = unsafe {
            let flags = libc::SPLICE_F_NONBLOCK | more;
            libc::splice(from, at, to, ptr::null_mut(), len as usize, flags)
        };
        match u64::try_from(moved) {
            Ok(moved) => return Ok(moved),
            Err(_) => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::FileExt;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn what_a_socket_does_not_take_is_not_there_for_the_next() {
        let path = std::env::temp_dir().join(format!("millstream-pipe-{}", std::process::id()));
        File::create_new(&path).unwrap();
        let file = File::options().read(true).write(true).open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let len = SEND_FILE_BYTES_MAX;
        let bytes: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
        file.write_all_at(&bytes, 0).unwrap();
        let mut pipe = Pipe::open().expect("a pipe of 1 MiB is allowed");
        for offset in [0, 1, 4095, 5000] {
            let (mut reader, stalled) = UnixStream::pair().unwrap();
            stalled.set_nonblocking(true).unwrap();
            let sent =
                pipe.send(stalled.as_fd(), file.as_fd(), (offset, len), Follow::Nothing).unwrap();
            assert!(0 < sent && sent < len - offset, "{sent}: a socket has less room");
            let full =
                pipe.send(stalled.as_fd(), file.as_fd(), (0, len), Follow::More).unwrap_err();
            assert_eq!(full.kind(), io::ErrorKind::WouldBlock);
            let mut got = vec![0; sent as usize];
            reader.read_exact(&mut got).unwrap();
            assert!(got == bytes[offset as usize..(offset + sent) as usize], "from {offset}");
            drop(reader);
            let gone = pipe.send(stalled.as_fd(), file.as_fd(), (0, len), Follow::Nothing);
            assert!(gone.is_err(), "the peer is gone");
            assert!(pipe.is_sound());
        }
        let (_reader, socket) = UnixStream::pair().unwrap();
        let past = pipe.send(socket.as_fd(), file.as_fd(), (len, 10), Follow::Nothing);
        assert_eq!(past.unwrap(), 0, "past the end");
    }
}
