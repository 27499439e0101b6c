//! One client's life: read a frame, run its handler, send its answer, in order.
//!
//! Produce requests overlap: each is started in arrival order and its answer waits its turn
//! in the pipeline. Every other request runs alone, after all before it are answered, as in
//! Kafka. What goes wrong here costs this connection only, with one log line.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use millstream_shards::{Class, Stream};
use millstream_wire::ApiKey;
use millstream_wire::frame::decode_request_header;
use smallvec::{SmallVec, smallvec};

use super::frames::{Frame, FrameReader, Permit};
use super::pipeline::{Pipeline, Slot};
use super::{ConnInfo, Place, SEND_PARTS_MAX, answer};
use crate::api::body::Body;
use crate::api::{self, Answer, Context, table};
use crate::shard::{Node, unless};

/// A connection's socket and what is known about its other end.
pub struct Client {
    pub stream: Stream,
    pub info: Rc<ConnInfo>,
    pub(super) _place: Place,
}

/// Serves one client until it leaves or errs.
pub async fn serve(node: Node, client: Rc<Client>) {
    let counters = node.counters();
    counters.connections_accepted.add(1);
    counters.connections.add(1);
    let pipeline = Rc::new(Pipeline::default());
    let writer = write_answers(node.clone(), client.clone(), pipeline.clone());
    node.shard().spawn(Class::Latency, "connection-writer", writer);
    if let Err(reason) = read_requests(&node, &client, &pipeline).await {
        counters.connections_faulted.add(1);
        tracing::info!(peer = %client.info.peer, %reason, "connection closed");
    }
    // Answers under way still leave; a client that is gone makes the writer fail.
    pipeline.close();
    counters.connections.sub(1);
}

async fn read_requests(
    node: &Node,
    client: &Rc<Client>,
    pipeline: &Rc<Pipeline>,
) -> Result<(), String> {
    let mut frames = FrameReader::new(node.clone(), client.clone());
    loop {
        let frame = match frames.next().await {
            Ok(Some(frame)) => frame,
            Ok(None) => return Ok(()),
            Err(fault) => return Err(fault.to_string()),
        };
        pipeline.space().await;
        if pipeline.is_closed() {
            return Ok(());
        }
        run(node, client, pipeline, &mut frames, frame).await?;
    }
}

/// Starts one request; returns when the next may be read.
async fn run(
    node: &Node,
    client: &Rc<Client>,
    pipeline: &Rc<Pipeline>,
    frames: &mut FrameReader,
    frame: Frame,
) -> Result<(), String> {
    let (ctx, body) = parse(node, client, frame.bytes)?;
    let row = table::row(ctx.api as i16).filter(|row| row.versions.contains(&ctx.version));
    let Some(row) = row else {
        pipeline.idle().await;
        return refuse_version(client, &ctx).await;
    };
    node.counters().socket_bytes_in.add(body.len() as u64);
    let (api, began_ns) = (ctx.api, node.shard().now_ns());
    if api != ApiKey::Produce {
        pipeline.idle().await;
        let serving = (row.serve)(ctx, body);
        let answer = match api {
            // A long poll changes nothing: it ends with its client.
            ApiKey::Fetch => unless(frames.left(), serving).await,
            _ => Some(serving.await),
        };
        let mut permit = frame.permit;
        permit.served();
        let Some(answer) = answer else {
            pipeline.close();
            return Ok(());
        };
        count(node, api, began_ns);
        let sent = send_now(node, client, answer).await;
        drop(permit);
        return sent;
    }
    let mut serving = (row.serve)(ctx, body);
    let first = poll_fn(|cx| Poll::Ready(serving.as_mut().poll(cx))).await;
    pipeline.push(match first {
        Poll::Ready(answer) => {
            count(node, api, began_ns);
            Slot::ready(answer, frame.permit)
        }
        Poll::Pending => {
            let node = node.clone();
            let counted = Box::pin(async move {
                let answer = serving.await;
                count(&node, api, began_ns);
                answer
            });
            Slot::pending(counted, frame.permit)
        }
    });
    Ok(())
}

fn count(node: &Node, api: ApiKey, began_ns: u64) {
    let took_ns = node.shard().now_ns().saturating_sub(began_ns);
    node.counters().request(api, Duration::from_nanos(took_ns));
}

fn parse(node: &Node, client: &Rc<Client>, frame: Bytes) -> Result<(Context, Bytes), String> {
    let key = frame.first_chunk::<2>().map_or(-1, |bytes| i16::from_be_bytes(*bytes));
    let api = ApiKey::from_key(key).ok_or_else(|| format!("unknown API key {key}"))?;
    let (header, body_at) =
        decode_request_header(&frame).map_err(|fault| format!("request header: {fault}"))?;
    let ctx = Context {
        node: node.clone(),
        conn: client.info.clone(),
        api,
        version: header.request_api_version,
        correlation_id: header.correlation_id,
        client_id: intern(header.client_id.as_deref()),
    };
    let body = frame.slice(body_at..);
    Ok((ctx, body))
}

/// The same client sends the same id with every request: one allocation serves them all.
fn intern(client_id: Option<&str>) -> Option<Arc<str>> {
    thread_local! {
        static LAST: Cell<Option<Arc<str>>> = const { Cell::new(None) };
    }
    let client_id = client_id?;
    LAST.with(|last| {
        let known = last.take().filter(|known| known.as_ref() == client_id);
        let known = known.unwrap_or_else(|| client_id.into());
        last.set(Some(known.clone()));
        Some(known)
    })
}

async fn refuse_version(client: &Rc<Client>, ctx: &Context) -> Result<(), String> {
    if ctx.api == ApiKey::ApiVersions
        && let Answer::Send(body) = api::unsupported_api_versions(ctx)
    {
        return answer::send(&ctx.node, client, body).await;
    }
    Err(format!("{} version {} is not served", ctx.api.name(), ctx.version))
}

async fn send_now(node: &Node, client: &Rc<Client>, answer: Answer) -> Result<(), String> {
    match answer {
        Answer::Send(body) => answer::send(node, client, body).await,
        Answer::Nothing => Ok(()),
        Answer::Close(reason) => Err(reason),
    }
}

/// Sends the pipeline's answers in order, as many as are ready in one vectored write.
async fn write_answers(node: Node, client: Rc<Client>, pipeline: Rc<Pipeline>) {
    while let Some((first, permit)) = pipeline.next().await {
        let mut body = Body::default();
        let mut permits: SmallVec<[Permit; 1]> = smallvec![permit];
        let mut close = gather(first, &mut body);
        while close.is_none() && body.parts() < SEND_PARTS_MAX {
            let further = poll_fn(|cx| Poll::Ready(pipeline.next_if_ready(cx))).await;
            let Some((answer, permit)) = further else { break };
            close = gather(answer, &mut body);
            permits.push(permit);
        }
        if let Err(fault) = answer::send(&node, &client, body).await {
            close.get_or_insert(fault);
        }
        let count = permits.len();
        drop(permits);
        pipeline.sent(count);
        if let Some(reason) = close {
            tracing::info!(peer = %client.info.peer, %reason, "connection closed");
            pipeline.close();
            break;
        }
    }
    client.stream.shutdown();
}

/// Adds an answer's parts; gives the reason if it asks for the end of the connection.
fn gather(answer: Answer, body: &mut Body) -> Option<String> {
    match answer {
        Answer::Send(more) => {
            body.append(more);
            None
        }
        Answer::Nothing => None,
        Answer::Close(reason) => Some(reason),
    }
}
