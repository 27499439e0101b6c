//! One connection of a client: frames out, frames in, answers in the order of requests.
//!
//! Whatever breaks it is `Lost`: the client opens another. What is no frame at all is a
//! violation, for the simulated network never changes bytes.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use millstream_shards::Stream;
use millstream_wire::frame::{decode_body, decode_response_header, encode_request};
use millstream_wire::{ApiKey, Message};

use super::{Ctx, PATIENCE};

/// Where the broker listens.
pub const BROKER: ([u8; 4], u16) = ([127, 0, 0, 1], 9092);

const SIZE_BYTES: usize = 4;

/// The connection is gone, or nobody answered in time.
#[derive(Debug)]
pub struct Lost;

pub struct Link {
    ctx: Ctx,
    stream: Stream,
    buffer: Vec<u8>,
    awaited: VecDeque<(i32, ApiKey, i16)>,
    last_id: i32,
    /// Power cuts before it was opened.
    power_cuts: u64,
}

/// An answer, not yet decoded.
pub struct Answer {
    ctx: Ctx,
    api: ApiKey,
    version: i16,
    frame: Vec<u8>,
    body: usize,
}

impl Answer {
    pub fn decode<'a, M: Message<'a>>(&'a self) -> Result<M, Lost> {
        decode_body(&self.frame[self.body..], self.version).map_err(|fault| {
            let (api, version) = (self.api.name(), self.version);
            self.ctx.violate("answers", format!("{api} {version} is malformed: {fault}"));
            Lost
        })
    }
}

impl Link {
    /// Connects; waits a little where there is nobody.
    pub async fn open(ctx: &mut Ctx) -> Result<Link, Lost> {
        let connect = ctx.shard.connect(SocketAddr::from(BROKER));
        match ctx.shard.timeout(PATIENCE, connect).await {
            Some(Ok(stream)) => Ok(Link {
                ctx: ctx.clone(),
                stream,
                buffer: Vec::new(),
                awaited: VecDeque::new(),
                last_id: 0,
                power_cuts: ctx.books.power_cuts(),
            }),
            _ => {
                ctx.pause(8_000).await;
                Err(Lost)
            }
        }
    }

    /// Requests that are not answered yet.
    pub fn under_way(&self) -> usize {
        self.awaited.len()
    }

    pub async fn send<'q>(
        &mut self,
        api: ApiKey,
        version: i16,
        request: &impl Message<'q>,
    ) -> Result<(), Lost> {
        self.awaited.push_back((self.last_id + 1, api, version));
        self.send_unanswered(api, version, request).await
    }

    /// Sends what is never answered.
    pub async fn send_unanswered<'q>(
        &mut self,
        api: ApiKey,
        version: i16,
        request: &impl Message<'q>,
    ) -> Result<(), Lost> {
        self.last_id += 1;
        let frame = encode_request(api, version, self.last_id, Some("sim"), request);
        let sending = self.stream.send_all(vec![frame]);
        match self.ctx.shard.timeout(PATIENCE, sending).await {
            Some(Ok(())) => Ok(()),
            _ => Err(Lost),
        }
    }

    /// The answer of the oldest request under way.
    pub async fn receive(&mut self, patience: Duration) -> Result<Answer, Lost> {
        let Some((id, api, version)) = self.awaited.pop_front() else { return Err(Lost) };
        let shard = self.ctx.shard.clone();
        let frame = shard.timeout(patience, self.read_frame()).await.ok_or(Lost)??;
        if self.ctx.books.power_cuts() > self.power_cuts {
            // It was under way when the power went; what it says may hold no more.
            return Err(Lost);
        }
        match decode_response_header(api, version, &frame) {
            Ok((got, body)) if got == id => {
                Ok(Answer { ctx: self.ctx.clone(), api, version, frame, body })
            }
            other => {
                let what = format!("{} {version}: {other:?} where {id} is due", api.name());
                self.ctx.violate("answers", what);
                Err(Lost)
            }
        }
    }

    pub async fn call<'q>(
        &mut self,
        api: ApiKey,
        version: i16,
        request: &impl Message<'q>,
    ) -> Result<Answer, Lost> {
        self.send(api, version, request).await?;
        self.receive(PATIENCE).await
    }

    async fn read_frame(&mut self) -> Result<Vec<u8>, Lost> {
        loop {
            if let Some(size) = self.buffer.first_chunk::<SIZE_BYTES>() {
                let end =
                    SIZE_BYTES + usize::try_from(i32::from_be_bytes(*size)).map_err(|_| Lost)?;
                if self.buffer.len() >= end {
                    let rest = self.buffer.split_off(end);
                    let mut frame = std::mem::replace(&mut self.buffer, rest);
                    frame.drain(..SIZE_BYTES);
                    return Ok(frame);
                }
            }
            let got = self.stream.recv().await.map_err(|_| Lost)?;
            if got.is_empty() {
                return Err(Lost);
            }
            self.buffer.extend_from_slice(&got);
        }
    }
}
