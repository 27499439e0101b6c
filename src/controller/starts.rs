//! Whether the last end was clean, and what a start does about one that was not.
//!
//! The last shard that has closed its logs, all flushed, leaves a note. A start takes it away,
//! durably, before anything is served. Where there was none, a record raises the leader epochs
//! of all partitions, durable before the first of them opens: an offset that was shown and is
//! gone is then used again under a higher epoch only, and clients notice (KIP-101, KIP-320).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use millstream_engine::meta::Image;

use super::{identity, marks, opened};
use crate::shard::Node;

/// The shards of a process that have closed their logs; the same value for all.
#[derive(Clone, Debug, Default)]
pub struct Closed(Arc<AtomicUsize>);

impl Closed {
    /// One more has, with everything flushed; `true` for the last one.
    fn add(&self, shards: usize) -> bool {
        self.0.fetch_add(1, Ordering::AcqRel) + 1 == shards
    }
}

/// The controller's first act, before any partition opens: gives the image to begin with.
///
/// # Errors
/// What happened last is not known to the metadata: nothing may be served.
pub async fn begin(node: &Node, data_dir: &Path) -> Result<Arc<Image>, String> {
    let Some(leader) = node.controller().leader.clone() else {
        return Err("this shard does not lead the controller".to_owned());
    };
    let _turn = leader.turn.acquire(1).await;
    let (shard, image) = (node.shard(), leader.image.borrow().clone());
    let was_clean = marks::read(shard, data_dir, marks::CLEAN).await == [image.version];
    let removed = marks::remove(shard, data_dir, marks::CLEAN).await;
    removed.map_err(|cause| format!("cannot remove {}: {cause}", marks::CLEAN))?;
    if was_clean {
        return Ok(image);
    }
    let incarnation = identity::random_uuid(|| shard.random_u64());
    let decision = image.decide_unclean_start(node.config().node_id, incarnation);
    if !decision.reply {
        return Ok(image);
    }
    opened::carry_on(shard, data_dir, &image, &decision.records).await;
    tracing::info!("the last end was not clean: all partitions go on in a new leader epoch");
    leader.commit(&decision.records).await.map_err(|fault| fault.to_string())
}

/// Notes that this shard's logs are closed and flushed. The last one leaves the note for the next
/// start; where it cannot be written, that takes the end for an unclean one.
pub async fn on_closed(node: &Node, data_dir: &Path, closed: &Closed) {
    let (shard, image) = (node.shard(), node.image());
    // Before the metadata was shown there was nothing to close.
    if !closed.add(shard.count()) || image.cluster_id.is_empty() {
        return;
    }
    if let Err(fault) = marks::write(shard, data_dir, marks::CLEAN, &[image.version]).await {
        tracing::warn!(%fault, "{} was not written", marks::CLEAN);
    }
}
