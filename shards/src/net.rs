//! Sockets of a shard: listeners with multishot accept, streams for a reader and a writer task.
//!
//! Small receives come in buffers the driver provides; large frames go straight into the
//! caller's own block. Sends continue until all parts are out. Dropping the last clone of a
//! stream closes it; an operation still in flight is cancelled first. An accepted connection
//! that nobody takes is closed, never leaked.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::ops::{Deref, Range};
use std::rc::Rc;

use crate::Parts;
use crate::core::{Core, OpFuture, OpStream};
use crate::driver::{Chunk, Fill, Follow, Handle, ListenOptions, Op, Outcome, Readiness};
use crate::fs::{advance, unexpected};
use crate::limits::RECV_BUFFER_BYTES;
use crate::pool::AlignedBuf;
use crate::shard::Shard;
use crate::shared_file::{Sent, SharedFile};
use crate::sync::{Notified, Notify};

impl Shard {
    /// Listens; port 0 takes a free one (see `Listener::local_addr`).
    pub async fn listen(&self, at: SocketAddr, how: ListenOptions) -> io::Result<Listener> {
        let (handle, local) = self.0.driver().listen(at, how)?;
        let socket = Rc::new(Socket { core: self.0.clone(), handle });
        Ok(Listener { accepting: None, socket, local })
    }

    /// Whether `at` can be bound by one who shares it with nobody. Takes no hold of it.
    pub fn probe(&self, at: SocketAddr) -> io::Result<()> {
        self.0.driver().probe(at)
    }

    pub async fn connect(&self, peer: SocketAddr) -> io::Result<Stream> {
        let handle = self.0.driver().socket(peer)?;
        let socket = Rc::new(Socket { core: self.0.clone(), handle });
        let connect = Op::Connect { socket: handle, peer };
        self.0.start_on(socket.clone(), connect).await.result?;
        let (local, peer) = self.0.driver().addresses(handle)?;
        Ok(Stream::new(socket, local, peer))
    }
}

/// A socket that is closed when its last user is gone, operations in flight included.
struct Socket {
    core: Rc<Core>,
    handle: Handle,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.core.close(self.handle);
    }
}

pub struct Listener {
    /// Before `socket`, so that the accept is cancelled before the socket is closed.
    accepting: Option<OpStream>,
    socket: Rc<Socket>,
    local: SocketAddr,
}

impl Listener {
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// The next connection and its peer's address. After an error (out of descriptors, say) the
    /// next call begins anew; wait a little before it.
    pub async fn accept(&mut self) -> io::Result<(Stream, SocketAddr)> {
        loop {
            let handle = self.next_handle().await?;
            let core = self.socket.core.clone();
            let socket = Rc::new(Socket { core: core.clone(), handle });
            let addresses = core.driver().addresses(handle);
            // A peer that is gone already has no address: on to the next.
            let Ok((local, peer)) = addresses else { continue };
            core.driver().tune(handle, peer);
            return Ok((Stream::new(socket, local, peer), peer));
        }
    }

    async fn next_handle(&mut self) -> io::Result<Handle> {
        loop {
            let accepting = self.accepting.get_or_insert_with(|| {
                let accept = Op::Accept { listener: self.socket.handle };
                self.socket.core.start_many(self.socket.clone(), accept)
            });
            let next = poll_fn(|cx| accepting.poll_next(cx)).await;
            let Some(completion) = next else {
                self.accepting = None;
                continue;
            };
            if !completion.more {
                self.accepting = None;
            }
            match completion.result {
                Ok(Outcome::Handle(handle)) => return Ok(handle),
                Ok(other) => return Err(unexpected(&other)),
                Err(error) if is_passing(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// An accept error that concerns one connection only, or nothing at all.
fn is_passing(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, WouldBlock};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted | WouldBlock)
}

/// A connected socket. Clones are the same socket: one task may receive while one sends.
#[derive(Clone)]
pub struct Stream(Rc<StreamInner>);

struct StreamInner {
    socket: Rc<Socket>,
    local: SocketAddr,
    peer: SocketAddr,
    /// The last receive emptied the socket, as far as the kernel said.
    idle: Cell<bool>,
}

impl Stream {
    fn new(socket: Rc<Socket>, local: SocketAddr, peer: SocketAddr) -> Stream {
        Stream(Rc::new(StreamInner { socket, local, peer, idle: Cell::new(false) }))
    }

    pub fn local_addr(&self) -> SocketAddr {
        self.0.local
    }

    pub fn peer_addr(&self) -> SocketAddr {
        self.0.peer
    }

    /// The bytes that are there, up to 16 KiB, waiting for the first; empty at the end of the
    /// stream. Drop what is received soon: its buffer serves every connection of the shard.
    pub async fn recv(&self) -> io::Result<Received> {
        let core = &self.0.socket.core;
        loop {
            let (socket, idle) = (self.0.socket.handle, self.0.idle.get());
            // From before the kernel looks: one may come back before this hears of it.
            let returned = core.recv_returned.notified();
            match self.start(Op::Recv { socket, idle }).await.result {
                Ok(Outcome::Data(chunk)) => {
                    self.0.idle.set(!chunk.more_waits());
                    let returned = chunk.is_lent().then(|| core.recv_returned.clone());
                    return Ok(Received { content: Content::Chunk(chunk), returned });
                }
                Ok(other) => return Err(unexpected(&other)),
                Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => {
                    core.stats().recv_no_buffers.add(1);
                    self.0.idle.set(false);
                    if let Some(received) = self.recv_without_lent(returned).await? {
                        return Ok(received);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Receives into a block of the pool because all provided buffers are out; `None` if there
    /// is no block either, after waiting for a provided buffer to come back.
    async fn recv_without_lent(&self, returned: Notified) -> io::Result<Option<Received>> {
        let core = &self.0.socket.core;
        let Some(buf) = core.pool().try_take(RECV_BUFFER_BYTES) else {
            returned.await;
            return Ok(None);
        };
        let (got, buf) = self.recv_once(buf, 0..RECV_BUFFER_BYTES, Fill::Some).await;
        let len = got?;
        Ok(Some(Received { content: Content::Block(buf, len), returned: None }))
    }

    /// One receive operation, repeated only if a signal cut it short.
    async fn recv_once(
        &self,
        mut buf: AlignedBuf,
        range: Range<usize>,
        fill: Fill,
    ) -> (io::Result<usize>, AlignedBuf) {
        loop {
            let (from, upto) = (range.start as u32, range.end as u32);
            let op = Op::RecvInto { socket: self.0.socket.handle, buf, from, upto, fill };
            let completion = self.start(op).await;
            let Some(Op::RecvInto { buf: back, .. }) = completion.op else {
                unreachable!("an operation comes back with its last completion")
            };
            buf = back;
            match completion.result {
                Ok(Outcome::Count(n)) => return (Ok(n as usize), buf),
                Ok(other) => return (Err(unexpected(&other)), buf),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return (Err(error), buf),
            }
        }
    }

    /// Receives into `buf[from..upto]` until that is full or the stream ends, straight into the
    /// block. The count is that of the bytes received now; fewer than asked for means the end.
    ///
    /// # Panics
    /// If the range is not within the block.
    pub async fn recv_into(
        &self,
        mut buf: AlignedBuf,
        from: usize,
        upto: usize,
    ) -> (io::Result<usize>, AlignedBuf) {
        assert!(from <= upto && upto <= buf.capacity(), "{from}..{upto} of {}", buf.capacity());
        self.0.idle.set(false);
        let mut filled = from;
        while filled < upto {
            let (got, back) = self.recv_once(buf, filled..upto, Fill::All).await;
            buf = back;
            match got {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(error) => return (Err(error), buf),
            }
        }
        (Ok(filled - from), buf)
    }

    /// Sends all parts, one behind the other, without copying them in user space.
    pub async fn send_all(&self, parts: impl Into<Parts>) -> io::Result<()> {
        let mut parts: Parts = parts.into();
        parts.retain(|part| !part.is_empty());
        while !parts.is_empty() {
            let socket = self.0.socket.handle;
            let completion = self.start(Op::Send { socket, parts }).await;
            let Some(Op::Send { parts: back, .. }) = completion.op else {
                unreachable!("an operation comes back with its last completion")
            };
            parts = back;
            match completion.result {
                Ok(Outcome::Count(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(Outcome::Count(n)) => advance(&mut parts, n as usize),
                Ok(other) => return Err(unexpected(&other)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Sends what the socket has room for at this moment, drops it from the parts and counts it;
    /// 0 when there is no room. Dropped before it completes, it takes the parts along.
    pub async fn send_some(&self, parts: &mut Parts, follow: Follow) -> io::Result<usize> {
        parts.retain(|part| !part.is_empty());
        while !parts.is_empty() {
            let (socket, owned) = (self.0.socket.handle, std::mem::take(parts));
            let completion = self.start(Op::SendSome { socket, parts: owned, follow }).await;
            let Some(Op::SendSome { parts: back, .. }) = completion.op else {
                unreachable!("an operation comes back with its last completion")
            };
            *parts = back;
            match completion.result {
                Ok(Outcome::Count(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(Outcome::Count(n)) => {
                    advance(parts, n as usize);
                    return Ok(n as usize);
                }
                Ok(other) => return Err(unexpected(&other)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(0),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(0)
    }

    /// Sends bytes of the file as they are in the page cache, without a copy in user space: some
    /// of the range, at least one byte, at most `SEND_FILE_BYTES_MAX`. Waits for room in the
    /// socket, never for a device: see `Sent::NotResident`.
    ///
    /// Sent pages are the peer's, even while they wait in the socket: whoever cuts the file to a
    /// length within a page that was sent zeroes what the peer gets; direct writes do not.
    ///
    /// # Panics
    /// If the range is empty.
    pub async fn send_file(
        &self,
        file: &SharedFile,
        range: Range<u64>,
        follow: Follow,
    ) -> io::Result<Sent> {
        assert!(range.start < range.end, "nothing to send in {range:?}");
        let (socket, len) = (self.0.socket.handle, range.end - range.start);
        loop {
            let ((file, epoch), offset) = (file.as_of(), range.start);
            let send = Op::SendFile { socket, file, epoch, offset, len, follow };
            match self.start(send).await.result {
                // The file has become shorter since its page was found.
                Ok(Outcome::NotResident | Outcome::Count(0)) => return Ok(Sent::NotResident),
                Ok(Outcome::Count(n)) => return Ok(Sent::Bytes(u64::from(n))),
                Ok(other) => return Err(unexpected(&other)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Completes when a send would move some bytes at once, or fail. Whoever takes what it sends
    /// only then holds nothing for a peer that does not read.
    pub async fn writable(&self) {
        self.ready_for(Readiness::Writable).await;
    }

    /// Completes when the peer sends no more (it has closed, or shut down its side) or the
    /// connection is broken, whatever unread bytes lie in the socket.
    pub async fn peer_closed(&self) {
        self.ready_for(Readiness::PeerClosed).await;
    }

    async fn ready_for(&self, readiness: Readiness) {
        let socket = self.0.socket.handle;
        loop {
            match self.start(Op::Await { socket, readiness }).await.result {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What cannot be waited for is over: the next call on the socket says why.
                Ok(_) | Err(_) => return,
            }
        }
    }

    /// Ends both directions: the peer reads the end of the stream after what was sent, and a
    /// receive that waits here completes.
    pub fn shutdown(&self) {
        let op = Op::Shutdown { socket: self.0.socket.handle };
        self.0.socket.core.start_detached(Some(self.0.socket.clone()), op);
    }

    /// Every operation keeps the socket open until it is over, even if its future is dropped.
    fn start(&self, op: Op) -> OpFuture {
        self.0.socket.core.start_on(self.0.socket.clone(), op)
    }
}

/// Received bytes, in a buffer that goes back when this is dropped. Empty: end of the stream.
pub struct Received {
    content: Content,
    returned: Option<Notify>,
}

enum Content {
    Chunk(Chunk),
    Block(AlignedBuf, usize),
    Gone,
}

impl Deref for Received {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.content {
            Content::Chunk(chunk) => chunk,
            Content::Block(buf, len) => &buf[..*len],
            Content::Gone => &[],
        }
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        self.content = Content::Gone;
        if let Some(returned) = self.returned.take() {
            returned.notify_waiters();
        }
    }
}
