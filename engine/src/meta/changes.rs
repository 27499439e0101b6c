//! What changed between two images, without looking at what did not.
//!
//! Images share their topics: the same `Arc` means the same topic, so a walk over two images
//! compares pointers, and one whose topics are the same map costs nothing. Used by shards to
//! open, reconfigure and remove partitions.

use std::cmp::Ordering;
use std::sync::Arc;

use super::image::{Image, Topic};

/// The topics in which a newer image differs from an older one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicChanges {
    /// Topics of the older image whose id the newer one does not have.
    pub gone: Vec<Arc<Topic>>,
    /// Topics of the newer image that are new or not as they were, in the order of names.
    pub changed: Vec<Arc<Topic>>,
}

impl Image {
    /// What became of `older`'s topics. A topic that was deleted and created again under its
    /// name is both gone and changed.
    #[must_use]
    pub fn topic_changes(&self, older: &Image) -> TopicChanges {
        let mut changes = TopicChanges::default();
        if self.shares_topics(older) {
            return changes;
        }
        let (mut new, mut old) = (self.topics().peekable(), older.topics().peekable());
        loop {
            let order = match (new.peek(), old.peek()) {
                (Some(new), Some(old)) => new.name.cmp(&old.name),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return changes,
            };
            let newer = if order.is_le() { new.next() } else { None };
            let before = if order.is_ge() { old.next() } else { None };
            let (same, kept) = match (newer, before) {
                (Some(newer), Some(before)) => (Arc::ptr_eq(newer, before), newer.id == before.id),
                _ => (false, false),
            };
            if !same {
                changes.changed.extend(newer.cloned());
                changes.gone.extend(before.filter(|_| !kept).cloned());
            }
        }
    }
}
