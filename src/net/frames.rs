//! Cutting a connection's bytes into frames, without trusting the announced length.
//!
//! Small frames are copied out of the ring's shared receive buffers; a large frame gets a
//! buffer of its own, which grows with the bytes that have arrived, never with those that
//! were announced. Lives in the connection's reader task.

use std::pin::Pin;
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use millstream_shards::sync::Permit;
use millstream_shards::{AlignedBuf, Received};

use super::connection::Client;
use crate::shard::Node;

/// Frames up to this size are assembled from the shared receive buffers.
const SMALL_BYTES: usize = 32 * 1024;
/// The first buffer of a client's first large frame; the next is four times what has arrived.
const FIRST_BYTES: usize = 64 * 1024;
/// The first buffer of a large frame from a client that has sent such frames in full.
const EARNED_BYTES_MAX: usize = 1024 * 1024;
const LENGTH_BYTES: usize = 4;
/// What is received ahead, at least, while a request waits for records: a client that sends
/// more than this behind a long poll is not heard before its answer.
const AHEAD_BYTES: usize = SMALL_BYTES;

/// A receive that may outlive the one who started it: what it brings must not be lost.
type Receiving = Pin<Box<dyn Future<Output = std::io::Result<Received>>>>;

/// One request frame without its length, and the memory permit that it lives on.
pub struct Frame {
    pub bytes: Bytes,
    pub permit: Option<Permit>,
}

/// Why a connection's bytes are no frames.
#[derive(Debug)]
pub enum FrameFault {
    /// The length field is negative, too small for a header, or over the limit.
    Length {
        announced: i32,
        limit: i32,
    },
    /// The connection ended in the middle of a frame.
    Truncated,
    Io(std::io::Error),
    /// There was no memory for a large frame for a long time.
    Memory,
}

impl std::fmt::Display for FrameFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FrameFault::Length { announced, limit } => {
                write!(f, "frame of {announced} bytes announced; 8 to {limit} are allowed")
            }
            FrameFault::Truncated => f.write_str("connection ended inside a frame"),
            FrameFault::Io(fault) => fault.fmt(f),
            FrameFault::Memory => f.write_str("no memory for a large frame"),
        }
    }
}

pub struct FrameReader {
    node: Node,
    client: Rc<Client>,
    pending: BytesMut,
    /// Begun by `left` and not over yet.
    receiving: Option<Receiving>,
    has_ended: bool,
    limit: i32,
    /// What a large frame's first buffer may be: as much as this client has really sent before.
    earned: usize,
}

impl FrameReader {
    pub fn new(node: Node, client: Rc<Client>) -> FrameReader {
        let limit = i32::try_from(node.config().socket_request_max_bytes).unwrap_or(i32::MAX);
        FrameReader {
            node,
            client,
            pending: BytesMut::new(),
            receiving: None,
            has_ended: false,
            limit,
            earned: FIRST_BYTES,
        }
    }

    /// The next frame; `None` when the client has closed between frames.
    pub async fn next(&mut self) -> Result<Option<Frame>, FrameFault> {
        loop {
            if let Some(length) = self.announced()? {
                if self.pending.len() >= LENGTH_BYTES + length {
                    return Ok(Some(self.take_small(length)));
                }
                if length > SMALL_BYTES && self.receiving.is_none() {
                    return self.receive_large(length).await.map(Some);
                }
            }
            self.client.info.mid_frame.set(!self.pending.is_empty());
            if self.has_ended || !self.receive().await.map_err(FrameFault::Io)? {
                let clean = self.pending.is_empty();
                return if clean { Ok(None) } else { Err(FrameFault::Truncated) };
            }
        }
    }

    /// Takes what arrives next; `false` at the end of the stream.
    async fn receive(&mut self) -> std::io::Result<bool> {
        let received = match &mut self.receiving {
            Some(receiving) => {
                let received = receiving.await;
                self.receiving = None;
                received?
            }
            None => self.client.stream.recv().await?,
        };
        if received.is_empty() {
            self.has_ended = true;
            return Ok(false);
        }
        self.note_activity();
        self.pending.extend_from_slice(&received);
        Ok(true)
    }

    /// Completes when the client has left, while one of its requests is being served. May be
    /// dropped at any time: what the client sends meanwhile is kept for `next`.
    pub async fn left(&mut self) {
        while self.pending.len() < AHEAD_BYTES {
            if self.receiving.is_none() {
                let stream = self.client.stream.clone();
                self.receiving = Some(Box::pin(async move { stream.recv().await }));
            }
            if !matches!(self.receive().await, Ok(true)) {
                self.has_ended = true;
                return;
            }
        }
        std::future::pending().await
    }

    fn note_activity(&self) {
        self.client.info.active_ns.set(self.node.shard().now_ns());
    }

    /// The length of the frame at the front, once its four bytes are here.
    fn announced(&self) -> Result<Option<usize>, FrameFault> {
        let Some(head) = self.pending.first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
        let announced = i32::from_be_bytes(*head);
        // The shortest request header is key, version, correlation id.
        if announced < 8 || announced > self.limit {
            return Err(FrameFault::Length { announced, limit: self.limit });
        }
        Ok(usize::try_from(announced).ok())
    }

    fn take_small(&mut self, length: usize) -> Frame {
        let mut frame = self.pending.split_to(LENGTH_BYTES + length).freeze();
        self.client.info.mid_frame.set(false);
        Frame { bytes: frame.split_off(LENGTH_BYTES), permit: None }
    }

    /// Receives the rest of a large frame straight into a buffer of its own.
    async fn receive_large(&mut self, length: usize) -> Result<Frame, FrameFault> {
        self.client.info.mid_frame.set(true);
        let mut filled = self.pending.len() - LENGTH_BYTES;
        let mut capacity = length.min(self.earned.max(2 * filled));
        let mut permit = self.node.budget().acquire(capacity).await;
        let mut buffer = self.buffer(capacity).await?;
        buffer[..filled].copy_from_slice(&self.pending[LENGTH_BYTES..]);
        self.pending.clear();
        loop {
            let upto = length.min(capacity);
            let (outcome, returned) = self.client.stream.recv_into(buffer, filled, upto).await;
            buffer = returned;
            let received = outcome.map_err(FrameFault::Io)?;
            if received == 0 {
                return Err(FrameFault::Truncated);
            }
            self.note_activity();
            filled += received;
            if filled == length {
                break;
            }
            if filled < upto {
                continue;
            }
            // What is held is given back before more is asked for, so that two growing
            // frames cannot wait for each other.
            capacity = length.min(capacity * 4);
            drop(permit);
            permit = self.node.budget().acquire(capacity).await;
            let mut larger = self.buffer(capacity).await?;
            larger[..filled].copy_from_slice(&buffer[..filled]);
            buffer = larger;
        }
        self.client.info.mid_frame.set(false);
        self.earned = self.earned.max(length.min(EARNED_BYTES_MAX));
        Ok(Frame { bytes: buffer.into_bytes(length), permit: Some(permit) })
    }

    async fn buffer(&self, capacity: usize) -> Result<AlignedBuf, FrameFault> {
        let shard = self.node.shard();
        let wait = std::time::Duration::from_millis(super::FRAME_STALL_MS);
        let taken = match shard.pool().try_take(capacity) {
            Some(buffer) => Some(buffer),
            None => shard.timeout(wait, shard.pool().take(capacity)).await.flatten(),
        };
        taken.ok_or(FrameFault::Memory)
    }
}
