//! From an operation to a submission queue entry.
//!
//! `Flight` is an operation the kernel may be working on, with whatever the kernel reads or
//! writes besides its buffers: vectors, message headers, addresses. All of that is on the heap,
//! so a `Flight` may be moved.
//! Invariant: a pointer handed to the kernel points into the `Flight` of that operation and
//! stays valid until the operation's last completion, when the driver lets go of the `Flight`.

#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::net::SocketAddr;

use io_uring::squeue::Entry;
use io_uring::{opcode, types};

use super::pages::Window;
use crate::Parts;
use crate::driver::{Fill, Follow, Handle, Op, Open, Readiness, Sync};
use crate::limits::{PARTS_MAX, RECV_GROUP};

pub(super) struct Flight {
    pub(super) op: Op,
    generation: u32,
    scratch: Scratch,
    /// It was asked to end: what is done in steps takes no further one.
    pub(super) cancelled: bool,
}

/// What the kernel uses besides the buffers in the operation.
enum Scratch {
    None,
    /// A message header is inside because sends need one and writes do not mind.
    Vectors(Box<Vectors>),
    Status(Box<MaybeUninit<libc::statx>>),
    Address {
        _kept: Box<(libc::sockaddr_storage, libc::socklen_t)>,
    },
    Window {
        _kept: Window,
    },
}

struct Vectors {
    header: libc::msghdr,
    slices: Vec<libc::iovec>,
}

/// The most bytes one read, write or send is asked for; the kernel's own limit is a page less
/// than 2 GiB.
const TRANSFER_BYTES_MAX: usize = 1 << 30;

impl Flight {
    pub(super) fn new(op: Op, generation: u32) -> Flight {
        Flight { op, generation, scratch: Scratch::None, cancelled: false }
    }

    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    /// The file length a completed status call has found.
    pub(super) fn status_len(&self) -> Option<u64> {
        match &self.scratch {
            // SAFETY: called only after the kernel completed the statx successfully, which
            // initialises the structure; it was zeroed before.
            Scratch::Status(status) => Some(unsafe { status.assume_init_ref() }.stx_size),
            Scratch::None
            | Scratch::Vectors(_)
            | Scratch::Address { .. }
            | Scratch::Window { .. } => None,
        }
    }

    /// The entry for this operation; `None` if the ring has no such operation.
    pub(super) fn entry(&mut self) -> Option<Entry> {
        let scratch = &mut self.scratch;
        Some(match &mut self.op {
            Op::Accept { listener } => opcode::AcceptMulti::new(fd(*listener))
                .flags(libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK)
                .build(),
            Op::Connect { socket, peer } => connect(*socket, *peer, scratch),
            Op::Recv { socket, idle } => recv(*socket, *idle),
            Op::RecvInto { socket, buf, from, upto, fill } => {
                let flags = match fill {
                    Fill::Some => 0,
                    Fill::All => libc::MSG_WAITALL,
                };
                let len = *upto - *from;
                // SAFETY: the caller checked `from <= upto <= capacity`.
                let at = unsafe { buf.as_mut_ptr().add(*from as usize) };
                opcode::Recv::new(fd(*socket), at, len).flags(flags).build()
            }
            Op::Send { socket, parts } => send(*socket, parts, libc::MSG_WAITALL, scratch),
            Op::SendSome { socket, parts, follow } => {
                let more = match follow {
                    Follow::Nothing => 0,
                    Follow::More => libc::MSG_MORE,
                };
                send(*socket, parts, libc::MSG_DONTWAIT | more, scratch)
            }
            Op::SendFile { socket, .. } => poll(*socket, Readiness::Writable),
            Op::Load { file, offset } => load(file.handle(), *offset, scratch)?,
            Op::Await { socket, readiness } => poll(*socket, *readiness),
            Op::Shutdown { socket } => opcode::Shutdown::new(fd(*socket), libc::SHUT_RDWR).build(),
            Op::Read { file, buf, from, upto, offset } => {
                let len = *upto - *from;
                // SAFETY: the caller checked `from <= upto <= capacity`.
                let at = unsafe { buf.as_mut_ptr().add(*from as usize) };
                opcode::Read::new(fd(*file), at, len).offset(*offset).build()
            }
            Op::Write { file, parts, offset, sync } => write(*file, parts, *offset, *sync, scratch),
            Op::SyncData { file } => {
                opcode::Fsync::new(fd(*file)).flags(types::FsyncFlags::DATASYNC).build()
            }
            Op::SyncAll { file } => opcode::Fsync::new(fd(*file)).build(),
            Op::Allocate { file, offset, len } => {
                opcode::Fallocate::new(fd(*file), *len).offset(*offset).build()
            }
            Op::SetLen { file, len } => opcode::Ftruncate::new(fd(*file), *len).build(),
            Op::FileLen { file } => status(fd(*file), c"".as_ptr(), libc::AT_EMPTY_PATH, scratch),
            Op::PathLen { path } => status(here(), path.as_ptr(), 0, scratch),
            Op::Open { path, how } => opcode::OpenAt::new(here(), path.as_ptr())
                .flags(open_flags(how))
                .mode(0o644)
                .build(),
            Op::Close { handle } => opcode::Close::new(fd(*handle)).build(),
            Op::Rename { from, to } => {
                opcode::RenameAt::new(here(), from.as_ptr(), here(), to.as_ptr()).build()
            }
            Op::Unlink { path } => opcode::UnlinkAt::new(here(), path.as_ptr()).build(),
            Op::RemoveDir { path } => {
                opcode::UnlinkAt::new(here(), path.as_ptr()).flags(libc::AT_REMOVEDIR).build()
            }
            Op::MakeDir { path } => opcode::MkDirAt::new(here(), path.as_ptr()).mode(0o755).build(),
            Op::ReadDir { .. } | Op::Call(_) => return None,
        })
    }
}

fn fd(handle: Handle) -> types::Fd {
    types::Fd(handle.0)
}

fn here() -> types::Fd {
    types::Fd(libc::AT_FDCWD)
}

fn open_flags(how: &Open) -> i32 {
    let access = match (how.read, how.write) {
        (true, true) => libc::O_RDWR,
        (false, true) => libc::O_WRONLY,
        (true, false) | (false, false) => libc::O_RDONLY,
    };
    let wished = [
        (how.create, libc::O_CREAT),
        (how.exclusive, libc::O_EXCL),
        (how.truncate, libc::O_TRUNC),
        (how.direct, libc::O_DIRECT),
        (how.directory, libc::O_DIRECTORY),
    ];
    let extra = wished.iter().filter(|(wished, _)| *wished).fold(0, |all, (_, flag)| all | flag);
    access | extra | libc::O_CLOEXEC
}

/// Errors and a hang-up of both sides always end it.
fn poll(socket: Handle, readiness: Readiness) -> Entry {
    let events = match readiness {
        Readiness::Writable => libc::POLLOUT,
        Readiness::PeerClosed => libc::POLLRDHUP,
    };
    opcode::PollAdd::new(fd(socket), events as u32).build()
}

/// `None` where nothing can be mapped.
fn load(file: Handle, offset: u64, scratch: &mut Scratch) -> Option<Entry> {
    let window = Window::at(file, offset).ok()?;
    let (at, len) = window.place();
    *scratch = Scratch::Window { _kept: window };
    Some(opcode::Madvise::new(at, len as libc::off_t, libc::MADV_POPULATE_READ).build())
}

fn recv(socket: Handle, idle: bool) -> Entry {
    // A length of 0 with buffer selection means the selected buffer's whole length.
    let ioprio = if idle { RECVSEND_POLL_FIRST } else { 0 };
    opcode::Recv::new(fd(socket), std::ptr::null_mut(), 0)
        .buf_group(RECV_GROUP)
        .ioprio(ioprio)
        .build()
        .flags(io_uring::squeue::Flags::BUFFER_SELECT)
}

/// `IORING_RECVSEND_POLL_FIRST`: do not try before the socket says it is ready.
const RECVSEND_POLL_FIRST: u16 = 1;

fn send(socket: Handle, parts: &Parts, waiting: i32, scratch: &mut Scratch) -> Entry {
    let flags = libc::MSG_NOSIGNAL | waiting;
    if let [part] = parts.as_slice() {
        let len = part.len().min(TRANSFER_BYTES_MAX) as u32;
        return opcode::Send::new(fd(socket), part.as_ptr(), len).flags(flags).build();
    }
    let vectors = fill_vectors(parts, scratch);
    opcode::SendMsg::new(fd(socket), &raw const vectors.header).flags(flags as u32).build()
}

fn write(file: Handle, parts: &Parts, offset: u64, sync: Sync, scratch: &mut Scratch) -> Entry {
    let flags = match sync {
        Sync::None => 0,
        Sync::Data => libc::RWF_DSYNC,
    };
    if let [part] = parts.as_slice() {
        let len = part.len().min(TRANSFER_BYTES_MAX) as u32;
        return opcode::Write::new(fd(file), part.as_ptr(), len)
            .offset(offset)
            .rw_flags(flags)
            .build();
    }
    let vectors = fill_vectors(parts, scratch);
    opcode::Writev::new(fd(file), vectors.slices.as_ptr(), vectors.slices.len() as u32)
        .offset(offset)
        .rw_flags(flags)
        .build()
}

fn fill_vectors<'a>(parts: &Parts, scratch: &'a mut Scratch) -> &'a Vectors {
    let slice = |part: &bytes::Bytes| libc::iovec {
        iov_base: part.as_ptr().cast_mut().cast(),
        iov_len: part.len(),
    };
    let mut left = TRANSFER_BYTES_MAX;
    let fits = |part: &&bytes::Bytes| {
        let fits = part.len() <= left;
        left = left.saturating_sub(part.len());
        fits
    };
    let mut slices: Vec<_> = parts.iter().take(PARTS_MAX).take_while(fits).map(slice).collect();
    if slices.is_empty() {
        slices.extend(parts.first().map(|part| libc::iovec {
            iov_len: part.len().min(TRANSFER_BYTES_MAX),
            ..slice(part)
        }));
    }
    // SAFETY: a message header of zeros is valid: no name, no vectors, no control data.
    let header = unsafe { MaybeUninit::<libc::msghdr>::zeroed().assume_init() };
    let mut vectors = Box::new(Vectors { header, slices });
    vectors.header.msg_iov = vectors.slices.as_mut_ptr();
    vectors.header.msg_iovlen = vectors.slices.len() as _;
    *scratch = Scratch::Vectors(vectors);
    match scratch {
        Scratch::Vectors(vectors) => vectors,
        _ => unreachable!("set on the line before"),
    }
}

fn status(at: types::Fd, path: *const libc::c_char, flags: i32, scratch: &mut Scratch) -> Entry {
    let mut status = Box::new(MaybeUninit::<libc::statx>::zeroed());
    let target = status.as_mut_ptr().cast::<types::statx>();
    *scratch = Scratch::Status(status);
    opcode::Statx::new(at, path, target).flags(flags).mask(libc::STATX_SIZE).build()
}

fn connect(socket: Handle, peer: SocketAddr, scratch: &mut Scratch) -> Entry {
    let address = Box::new(raw_address(peer));
    let (at, len) = ((&raw const address.0).cast::<libc::sockaddr>(), address.1);
    *scratch = Scratch::Address { _kept: address };
    opcode::Connect::new(fd(socket), at, len).build()
}

/// The address in the kernel's shape.
fn raw_address(address: SocketAddr) -> (libc::sockaddr_storage, libc::socklen_t) {
    // SAFETY: an address of zeros is valid: family unspecified.
    let mut storage = unsafe { MaybeUninit::<libc::sockaddr_storage>::zeroed().assume_init() };
    let at = &raw mut storage;
    let len = match address {
        SocketAddr::V4(v4) => {
            let raw = libc::sockaddr_in {
                sin_family: libc::AF_INET as _,
                sin_port: v4.port().to_be(),
                sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(v4.ip().octets()) },
                sin_zero: [0; 8],
            };
            // SAFETY: the storage is larger than and aligned for every address family.
            unsafe { at.cast::<libc::sockaddr_in>().write(raw) };
            size_of::<libc::sockaddr_in>()
        }
        SocketAddr::V6(v6) => {
            let raw = libc::sockaddr_in6 {
                sin6_family: libc::AF_INET6 as _,
                sin6_port: v6.port().to_be(),
                sin6_flowinfo: v6.flowinfo(),
                sin6_addr: libc::in6_addr { s6_addr: v6.ip().octets() },
                sin6_scope_id: v6.scope_id(),
            };
            // SAFETY: as above.
            unsafe { at.cast::<libc::sockaddr_in6>().write(raw) };
            size_of::<libc::sockaddr_in6>()
        }
    };
    (storage, len as libc::socklen_t)
}
