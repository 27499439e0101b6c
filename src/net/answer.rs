//! Sending an answer, as its client takes it.
//!
//! What is in memory leaves in one vectored write, what lies checked in the page cache by
//! `sendfile`. Promised records are taken piece by piece, when
//! the socket has room and there is room among the answers of this shard: a client that reads
//! slowly, or not at all, holds a piece for a moment, then nothing but its socket. What has been
//! let go is read again when it goes on. Called by a connection's reader and writer tasks.

use std::ops::Range;
use std::pin::pin;
use std::time::Duration;

use millstream_engine::config::BrokerConfig;
use millstream_shards::sync::{Permit, Semaphore};
use millstream_shards::{Follow, Parts, Sent, SharedFile};

use super::connection::Client;
use super::{HOLD_MS, PIECE_BYTES, PIECE_STALL_MS, SEND_PARTS_MAX};
use crate::api::body::Body;
use crate::api::read::take_piece;
use crate::memory::ANSWERS_DIVISOR;
use crate::shard::Node;
use crate::storage::{Form, PieceFault};

/// Bytes of promised records that one shard's connections may hold until they have left.
pub struct Answers {
    bytes: Semaphore,
    total: usize,
    /// What one answer takes at a time.
    piece: usize,
}

impl Answers {
    /// Answers' part of `millstream.memory`, shared out among the shards.
    #[must_use]
    pub fn from_config(config: &BrokerConfig, shards: usize) -> Answers {
        let share = config.memory_bytes / ANSWERS_DIVISOR;
        let share = usize::try_from(share).unwrap_or(usize::MAX) / shards;
        let total = share.max(PIECE_BYTES);
        Answers { bytes: Semaphore::new(total), total, piece: PIECE_BYTES.min(total / 4) }
    }

    /// Invariants, one a line.
    ///
    /// # Panics
    /// If one does not hold.
    pub fn check(&self) {
        assert!(self.bytes.free() <= self.total, "no more room than there ever was");
    }

    /// Room for one piece, if there is some now.
    pub fn try_room(&self) -> Option<Permit> {
        self.try_room_for(self.piece)
    }

    fn try_room_for(&self, bytes: usize) -> Option<Permit> {
        self.bytes.try_acquire(bytes.min(self.total))
    }

    async fn room(&self, bytes: usize) -> Permit {
        self.bytes.acquire(bytes.min(self.total)).await
    }
}

/// Sends all of a body.
///
/// # Errors
/// Why the connection must end: the client has left, or promised records cannot be had.
pub async fn send(node: &Node, client: &Client, mut body: Body) -> Result<(), String> {
    node.counters().socket_bytes_out.add(body.bytes() as u64);
    while !body.is_empty() {
        let mut parts = body.in_memory(SEND_PARTS_MAX);
        if parts.is_empty() {
            // Boxed, here and below: every connection has room for this future twice.
            match body.in_file() {
                Some(range) => Box::pin(send_file(node, client, &mut body, range)).await?,
                None => Box::pin(take(node, client, &mut body)).await?,
            }
            continue;
        }
        let asked = len(&parts);
        let follow = follow(&body, asked);
        let sent =
            client.stream.send_some(&mut parts, follow).await.map_err(|fault| fault.to_string())?;
        drop(parts);
        body.advance(sent);
        if sent > 0 {
            client.info.active_ns.set(node.shard().now_ns());
        }
        if sent < asked {
            client.info.is_full.set(true);
            Box::pin(wait_for_room(node, client, &mut body)).await;
            client.info.is_full.set(false);
        }
    }
    Ok(())
}

/// Sends from the page cache what is there; holds nothing while it waits for room.
async fn send_file(
    node: &Node,
    client: &Client,
    body: &mut Body,
    (file, range): (SharedFile, Range<u64>),
) -> Result<(), String> {
    if body.holds_pieces() {
        // Of what comes behind the file.
        wait_for_room(node, client, body).await;
    }
    let follow = follow(body, (range.end - range.start) as usize);
    let sent = client.stream.send_file(&file, range, follow).await;
    match sent.map_err(|fault| fault.to_string())? {
        Sent::Bytes(bytes) => {
            body.advance(usize::try_from(bytes).unwrap_or(usize::MAX));
            client.info.active_ns.set(node.shard().now_ns());
        }
        Sent::NotResident if file.is_current() => body.not_in_file(Form::Memory),
        Sent::NotResident => body.not_in_file(Form::Any),
    }
    Ok(())
}

/// What comes behind the first bytes of a body.
fn follow(body: &Body, bytes: usize) -> Follow {
    if body.is_longer_than(bytes) { Follow::More } else { Follow::Nothing }
}

fn len(parts: &Parts) -> usize {
    parts.iter().map(|part| part.len()).sum()
}

/// Waits until the socket takes more; does not keep others waiting for what it holds.
async fn wait_for_room(node: &Node, client: &Client, body: &mut Body) {
    let mut writable = pin!(client.stream.writable());
    if body.holds_pieces() {
        let hold = Duration::from_millis(HOLD_MS);
        if node.shard().timeout(hold, writable.as_mut()).await.is_some() {
            return;
        }
        body.let_go();
    }
    writable.await;
}

/// Takes the next piece of promised records, once the socket has room for some of it.
async fn take(node: &Node, client: &Client, body: &mut Body) -> Result<(), String> {
    wait_for_room(node, client, body).await;
    let answers = node.answers();
    let mut bytes_max = answers.piece;
    let began_ns = node.shard().now_ns();
    while let Some(call) = body.next_piece(bytes_max) {
        let room = match answers.try_room_for(call.bytes_max) {
            Some(room) => room,
            None => {
                // Who waits for room holds none: else all of it could be theirs who wait.
                body.let_go();
                answers.room(call.bytes_max).await
            }
        };
        match take_piece(node, call).await {
            Ok(piece) => {
                body.put_piece(piece, room);
                return Ok(());
            }
            Err(PieceFault::Larger(bytes)) => bytes_max = bytes_max.max(bytes),
            Err(PieceFault::NoMemory) => {
                let waited_ms = (node.shard().now_ns() - began_ns) / 1_000_000;
                if waited_ms > PIECE_STALL_MS {
                    return end_early(client, body, &PieceFault::NoMemory);
                }
            }
            Err(fault) => return end_early(client, body, &fault),
        }
    }
    Ok(())
}

/// What was promised cannot be had: its records end where they are, as an answer's may, and the
/// client asks again from there. Where nothing has left of them yet, or a part of a batch, the
/// connection ends instead.
fn end_early(client: &Client, body: &mut Body, fault: &PieceFault) -> Result<(), String> {
    let Some(offset) = body.end_records() else { return Err(fault.to_string()) };
    tracing::warn!(client = %client.info.peer, %offset, %fault, "an answer ends early");
    Ok(())
}
