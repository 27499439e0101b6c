//! The messages between shards: one closed enum for requests, one for answers.
//!
//! A call is owned and `Send`; it starts on its target in the order in which its sender
//! made it. `serve` is the only place that runs calls. Every call is answered, unless the
//! target stops first; the deadline is the caller's, which may drop its interest any time: what
//! only looks or waits then ends at once.

use std::sync::Arc;

use millstream_engine::meta::Image;

use crate::api::append::{self, AppendCall, AppendReply};
use crate::api::partition_calls::{self, PartitionCall, PartitionReply};
use crate::api::read::{self, PieceCall, ReadCall, ReadReply, WatchCall};
use crate::controller::{self, ControllerCall, ControllerReply};
use crate::coordinator::{self, GroupCall, GroupReply};
use crate::net::Serving;
use crate::storage::{Piece, PieceFault};

use super::Node;

/// What one shard asks of another.
pub enum Call {
    /// Take this metadata; answered when the shard's partitions match it.
    Publish(Arc<Image>),
    /// Answered as soon as the target's storage is open.
    Opened,
    /// Accept connections on these addresses.
    Listen(Serving),
    /// Append records to partitions of the target; answered at the asked durability.
    Append(AppendCall),
    /// Read from partitions of the target, without waiting for more to arrive.
    Read(ReadCall),
    /// The next batches of what a read has promised.
    Piece(PieceCall),
    /// Answer when one of these partitions has something new, or at the deadline.
    Watch(WatchCall),
    /// Offsets, sizes, producers, deletions: the rest of what a partition can be asked.
    Partition(PartitionCall),
    /// A group whose coordinator lives on the target.
    Group(GroupCall),
    /// A command to the metadata controller.
    Controller(ControllerCall),
    /// Finish what is under way, flush, close: the last call of a shard's life.
    Close,
}

impl Call {
    /// Whether the call changes nothing, so that it may end in the middle when its caller is
    /// gone. What appends, decides or publishes is carried through.
    #[must_use]
    pub fn ends_with_its_caller(&self) -> bool {
        matches!(self, Call::Read(_) | Call::Piece(_) | Call::Watch(_))
    }
}

/// The answer to the call of the same name.
pub enum Reply {
    Done,
    Append(AppendReply),
    Read(ReadReply),
    Piece(Result<Piece, PieceFault>),
    Partition(PartitionReply),
    Group(GroupReply),
    Controller(ControllerReply),
}

/// Why a call has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallFault {
    /// The target shard is winding down.
    Stopping,
}

/// Runs one call on this shard.
pub async fn serve(node: Node, call: Call) -> Reply {
    match call {
        Call::Publish(image) => {
            super::partitions::apply(&node, image).await;
            Reply::Done
        }
        Call::Opened => Reply::Done,
        Call::Listen(serving) => {
            crate::net::listen(&node, serving).await;
            Reply::Done
        }
        Call::Append(call) => Reply::Append(append::begin(&node, call).finish().await),
        Call::Read(call) => Reply::Read(read::serve(&node, call).await),
        Call::Piece(call) => Reply::Piece(read::piece(&node, call).await),
        Call::Watch(call) => {
            read::watch(&node, call).await;
            Reply::Done
        }
        Call::Partition(call) => Reply::Partition(partition_calls::serve(node, call).await),
        Call::Group(call) => Reply::Group(coordinator::serve(node, call).await),
        Call::Controller(call) => Reply::Controller(controller::serve(node, call).await),
        Call::Close => {
            super::boot::close(&node).await;
            Reply::Done
        }
    }
}
