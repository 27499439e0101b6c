//! How a shard comes up and goes down.
//!
//! Shard 0 loads the metadata, every shard opens what it owns, then all listen, then the
//! broker is ready. Down in the opposite order: no new connections, answers leave, logs
//! are flushed and closed. `run` is the main future of each shard thread.

use std::cell::RefCell;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::time::Duration;

use millstream_engine::config::BrokerConfig;
use millstream_engine::meta::Image;
use millstream_shards::{Class, Endpoint, Shard, ShardId};

use super::peers::{Envelope, Peers};
use super::{Inner, Node, calls::Call, partitions::Partitions};
use crate::controller::starts::Closed;
use crate::controller::{self, Controller};
use crate::coordinator::{self, Coordinator};
use crate::memory;
use crate::metrics::{Metrics, gauges};
use crate::net::{self, Answers, Budget, Identity, Room, Serving};
use crate::storage::{Storage, StorageOptions, Withheld};

/// The longest that a stop waits for a note: a device that stands still is not waited for.
const NOTE_TIME: Duration = Duration::from_secs(2);

/// What every shard is started with; the same value for all.
#[derive(Clone)]
pub struct Boot {
    pub config: Arc<BrokerConfig>,
    /// What to bind: see [`net::listen_addresses`].
    pub listen: Vec<SocketAddr>,
    /// For the connections of all shards together.
    pub room: Room,
    pub data_dir: PathBuf,
    pub metrics: Arc<Metrics>,
    pub ready: Arc<AtomicBool>,
    /// Set by a shard that has ended without settling everything.
    pub unsettled: Arc<AtomicBool>,
    /// Shared by the shards' storages.
    pub withheld: Withheld,
    /// Says that all of them have closed.
    pub closed: Closed,
    /// Where shard 0 says that the broker listens, or why it cannot.
    pub started: mpsc::Sender<Result<Started, String>>,
}

/// The broker is up.
#[derive(Clone, Debug)]
pub struct Started {
    /// As they were bound, in the order of `listeners`.
    pub addresses: Vec<SocketAddr>,
    pub cluster_id: String,
    pub topics: usize,
}

/// The life of one shard.
pub async fn run(boot: Boot, shard: Shard, endpoint: Endpoint<Envelope>) {
    let leading = shard.id() == Node::controller_shard();
    let (node, image) = match build(&boot, &shard, endpoint).await {
        Ok(built) => built,
        Err(reason) => {
            let _ = boot.started.send(Err(reason));
            return;
        }
    };
    let peers = node.peers().clone();
    shard.spawn(Class::Latency, "mailbox-dispatch", peers.dispatch(node.clone()));
    coordinator::start(&node);
    gauges::start(&node);
    super::reopen::start(&node);
    node.check_each_turn(memory::check);
    if leading {
        memory::start_trimming(&node);
    }
    if leading && let Some(outcome) = unless_stopped(&shard, lead(&boot, &node, image)).await {
        let failed = outcome.is_err();
        let _ = boot.started.send(outcome);
        if failed {
            return;
        }
    }
    shard.stop_requested().await;
    if leading {
        boot.ready.store(false, Ordering::Release);
        let image = node.image();
        let note = controller::opened::note(&shard, &boot.data_dir, &image, &boot.withheld);
        // It is never needed.
        shard.timeout(NOTE_TIME, note).await;
    }
    if close(&node).await {
        let clean = controller::starts::on_closed(&node, &boot.data_dir, &boot.closed);
        shard.timeout(NOTE_TIME, clean).await;
    } else {
        boot.unsettled.store(true, Ordering::Release);
    }
}

/// The future's outcome; `None` when the shard is asked to stop first. Other shards may have gone
/// by then without an answer.
async fn unless_stopped<F: Future>(shard: &Shard, future: F) -> Option<F::Output> {
    let (mut future, mut stop) = (pin!(future), pin!(shard.stop_requested()));
    poll_fn(move |cx| match future.as_mut().poll(cx) {
        Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
        Poll::Pending => stop.as_mut().poll(cx).map(|()| None),
    })
    .await
}

async fn build(
    boot: &Boot,
    shard: &Shard,
    endpoint: Endpoint<Envelope>,
) -> Result<(Node, Arc<Image>), String> {
    let leading = shard.id() == Node::controller_shard();
    let (controller, image) = if leading {
        let loaded = controller::load(shard, &boot.data_dir, &boot.config).await;
        loaded.map_err(|fault| fault.to_string())?
    } else {
        (Controller::absent(), Arc::new(Image::new("")))
    };
    let withheld = boot.withheld.clone();
    if leading {
        let looked = controller::opened::look(shard, &boot.data_dir, &image).await;
        let looked = looked.map_err(|fault| fault.to_string())?;
        withheld.add_missing(&looked.missing);
        if !looked.is_noted {
            withheld.set_unnoted();
        }
    }
    memory::limit_accounts(shard, boot.config.memory_bytes);
    let options = StorageOptions::from_config(&boot.config, shard.count(), withheld);
    let storage = Storage::open(shard, boot.data_dir.clone(), options).await;
    let storage = storage.map_err(|fault| fault.to_string())?;
    let inner = Inner {
        peers: Peers::new(shard.clone(), endpoint),
        storage,
        partitions: Partitions::new(),
        image: RefCell::new(Arc::new(Image::new(""))),
        identity: Identity::from_config(&boot.config),
        room: boot.room.clone(),
        metrics: boot.metrics.clone(),
        answers: Answers::from_config(&boot.config, shard.count()),
        budget: Budget::from_config(&boot.config, shard),
        coordinator: Coordinator::new(shard, &boot.config),
        controller,
        sessions: RefCell::new(net::session_cache(&boot.config, shard)),
        config: RefCell::new(boot.config.clone()),
        shard: shard.clone(),
    };
    Ok((Node(Rc::new(inner)), image))
}

/// Shard 0's part: publish the metadata, then open the doors.
async fn lead(boot: &Boot, node: &Node, image: Arc<Image>) -> Result<Started, String> {
    let mut started = Started {
        addresses: Vec::with_capacity(boot.listen.len()),
        cluster_id: image.cluster_id.clone(),
        topics: image.topic_count(),
    };
    // A shard answers when its storage is open. A journal may hold records of any shard's
    // partitions: none opens before all journals are replayed.
    for index in 1..node.shard().count() {
        let to = ShardId(u16::try_from(index).unwrap_or(u16::MAX));
        node.call(to, Call::Opened).await.map_err(|fault| format!("{fault:?}"))?;
    }
    let image = controller::starts::begin(node, &boot.data_dir).await?;
    node.publish(image.clone()).await;
    controller::opened::note(node.shard(), &boot.data_dir, &image, &boot.withheld).await;
    node.storage().reserve().keep().await;
    let (asked, most) = (boot.config.socket_request_max_bytes, node.budget().frame_bytes_max());
    if u64::from(asked) > most {
        tracing::warn!(most, asked, "millstream.memory is less than socket.request.max.bytes asks");
    }
    for (index, address) in boot.listen.iter().enumerate() {
        started.addresses.push(net::bind(node, index, *address).await?);
    }
    let serving = Serving { addresses: started.addresses.as_slice().into() };
    for index in 1..node.shard().count() {
        let to = ShardId(u16::try_from(index).unwrap_or(u16::MAX));
        node.call(to, Call::Listen(serving.clone())).await.map_err(|fault| format!("{fault:?}"))?;
    }
    boot.ready.store(true, Ordering::Release);
    Ok(started)
}

/// Flushes and closes this shard's logs, in bounded time; connections are cut when their shard's
/// tasks end. False: not all is in segment files.
pub async fn close(node: &Node) -> bool {
    let closed = node.storage().close().await;
    if let Err(fault) = &closed {
        tracing::error!(%fault, "stopped without settling everything");
    }
    closed.is_ok()
}
