//! Cutting a connection's bytes into frames, without trusting the announced length.
//!
//! Small frames are copied out of the ring's shared receive buffers; a large frame gets a
//! buffer of its own, which grows with the bytes that have arrived, never with those that
//! were announced. Lives in the connection's reader task.
//! Invariant: what is in `pending` beyond `FREE_BYTES` is paid for by `paid`, or is part of a
//! frame that is given out next.

use std::cell::Cell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;

use bytes::Bytes;
use millstream_shards::{AlignedBuf, Charge, Received};

use super::budget::FREE_BYTES;
use super::connection::Client;
use super::pending::Pending;
use crate::memory::Token;
use crate::shard::Node;

/// Frames up to this size are assembled from the shared receive buffers.
const SMALL_BYTES: usize = 32 * 1024;
/// The first buffer of a client's first large frame; the next is four times what has arrived.
const FIRST_BYTES: usize = 64 * 1024;
/// The first buffer of a large frame from a client that has sent such frames in full.
const EARNED_BYTES_MAX: usize = 1024 * 1024;
const LENGTH_BYTES: usize = 4;
/// What is received ahead, at least, while a request waits for records: of a client that sends
/// more than this behind a long poll, no more is heard before its answer than that it leaves.
const AHEAD_BYTES: usize = SMALL_BYTES;

/// A receive that may outlive the one who started it: what it brings must not be lost.
type Receiving = Pin<Box<dyn Future<Output = std::io::Result<Received>>>>;

/// One request frame without its length, and the memory that it lives on.
pub struct Frame {
    pub bytes: Bytes,
    pub permit: Permit,
}

/// What a request holds until its answer has left.
pub struct Permit {
    /// Requests of the connection that are under way, this one too.
    under_way: Rc<Cell<usize>>,
    large: Option<Charge>,
    _small: Option<Token>,
}

impl Permit {
    fn new(under_way: &Rc<Cell<usize>>, large: Option<Charge>, small: Option<Token>) -> Permit {
        under_way.set(under_way.get() + 1);
        Permit { under_way: under_way.clone(), large, _small: small }
    }

    /// The answer is there: a large frame is needed no more.
    pub fn served(&mut self) {
        self.large = None;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.under_way.set(self.under_way.get() - 1);
    }
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
    /// The share of frames is less than this one takes.
    NeverFits {
        announced: usize,
        most: u64,
    },
    /// There was no memory for a frame for a long time.
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
            FrameFault::NeverFits { announced, most } => write!(
                f,
                "frame of {announced} bytes announced; millstream.memory has room for {most}"
            ),
            FrameFault::Memory => f.write_str("no memory for a frame within its time"),
        }
    }
}

pub struct FrameReader {
    node: Node,
    client: Rc<Client>,
    pending: Pending,
    /// What `pending` holds, by arrival.
    paid: VecDeque<Token>,
    /// What has arrived and has no room yet: still in the ring's buffer.
    arrived: Option<Received>,
    under_way: Rc<Cell<usize>>,
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
            under_way: client.info.under_way.clone(),
            node,
            client,
            pending: Pending::default(),
            paid: VecDeque::new(),
            arrived: None,
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
                    return self.take_small(length).await.map(Some);
                }
                if length > SMALL_BYTES && self.receiving.is_none() && self.arrived.is_none() {
                    // Boxed: every connection has room for this future, and few need it.
                    return Box::pin(self.receive_large(length)).await.map(Some);
                }
            }
            self.client.info.mid_frame.set(!self.pending.is_empty());
            if self.has_ended || !self.receive().await? {
                let clean = self.pending.is_empty();
                return if clean { Ok(None) } else { Err(FrameFault::Truncated) };
            }
        }
    }

    /// Takes what arrives next; `false` at the end of the stream. May be dropped at any time.
    async fn receive(&mut self) -> Result<bool, FrameFault> {
        if self.arrived.is_none() {
            let received = match &mut self.receiving {
                Some(receiving) => {
                    let received = receiving.await;
                    self.receiving = None;
                    received
                }
                None => self.client.stream.recv().await,
            };
            self.arrived = Some(received.map_err(FrameFault::Io)?);
            self.note_activity();
        }
        let bytes = self.arrived.as_ref().map_or(0, |arrived| arrived.len());
        if self.pending.len() + bytes > FREE_BYTES {
            // It is we who keep the client waiting, and the sweep must not take it for stalled.
            let was_mid_frame = self.client.info.mid_frame.replace(false);
            let token = self.node.budget().arriving(&self.node, bytes).await;
            self.client.info.mid_frame.set(was_mid_frame);
            self.paid.push_back(token.ok_or(FrameFault::Memory)?);
            self.note_activity();
        }
        let Some(received) = self.arrived.take().filter(|received| !received.is_empty()) else {
            self.has_ended = true;
            return Ok(false);
        };
        self.pending.extend(&received);
        Ok(true)
    }

    /// Gives back what `pending` does not need any more.
    fn settle(&mut self) {
        let held = self.pending.held_bytes();
        let mut paid: usize = self.paid.iter().map(Token::bytes).sum();
        while let Some(first) = self.paid.front().map(Token::bytes)
            && (paid - first >= held || held <= FREE_BYTES)
        {
            paid -= first;
            self.paid.pop_front();
        }
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
        self.client.stream.peer_closed().await;
        self.has_ended = true;
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

    async fn take_small(&mut self, length: usize) -> Result<Frame, FrameFault> {
        self.client.info.mid_frame.set(false);
        // The first one is part of what the connection costs.
        let token = if self.under_way.get() > 0 || length > FREE_BYTES {
            let token = self.node.budget().request(&self.node, length).await;
            Some(token.ok_or(FrameFault::Memory)?)
        } else {
            None
        };
        let mut frame = self.pending.take(LENGTH_BYTES + length);
        self.settle();
        let permit = Permit::new(&self.under_way, None, token);
        Ok(Frame { bytes: frame.split_off(LENGTH_BYTES), permit })
    }

    /// Receives the rest of a large frame straight into a buffer of its own.
    async fn receive_large(&mut self, length: usize) -> Result<Frame, FrameFault> {
        let most = self.node.budget().frame_bytes_max();
        if length as u64 > most {
            return Err(FrameFault::NeverFits { announced: length, most });
        }
        let mut filled = self.pending.len() - LENGTH_BYTES;
        let mut capacity = length.min(self.earned.max(2 * filled));
        let (mut charge, mut buffer) = self.room(capacity).await?;
        buffer[..filled].copy_from_slice(&self.pending[LENGTH_BYTES..]);
        self.pending.clear();
        self.settle();
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
            drop(charge);
            let (larger_charge, mut larger) = self.room(capacity).await?;
            charge = larger_charge;
            larger[..filled].copy_from_slice(&buffer[..filled]);
            buffer = larger;
        }
        self.client.info.mid_frame.set(false);
        self.earned = self.earned.max(length.min(EARNED_BYTES_MAX));
        let permit = Permit::new(&self.under_way, Some(charge), None);
        Ok(Frame { bytes: buffer.into_bytes(length), permit })
    }

    /// A block of a large frame, within the share of frames.
    async fn room(&self, capacity: usize) -> Result<(Charge, AlignedBuf), FrameFault> {
        // It is we who keep the client waiting, and the sweep must not take it for stalled.
        self.client.info.mid_frame.set(false);
        let charge = self.node.budget().frame(&self.node, capacity).await;
        let charge = charge.ok_or(FrameFault::Memory)?;
        let buffer = self.buffer(capacity).await?;
        self.client.info.mid_frame.set(true);
        self.note_activity();
        Ok((charge, buffer))
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
