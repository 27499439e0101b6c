//! What a group of consumers reads, from the metadata of its members.
//!
//! The coordinator is blind to protocols, with this one exception: deletion and expiry of
//! offsets must not touch topics that running consumers are subscribed to.

use std::collections::BTreeSet;

use bytes::Bytes;
use millstream_wire::RecordValue;
use millstream_wire::records::consumer_protocol::ConsumerProtocolSubscription;

use super::Text;

/// The protocol type of the consumer clients.
pub(super) const PROTOCOL_TYPE: &str = "consumer";

/// The topics of all subscriptions; `None` when one of them cannot be read.
pub(super) fn topics(subscriptions: impl Iterator<Item = Bytes>) -> Option<BTreeSet<Text>> {
    let mut topics = BTreeSet::new();
    for bytes in subscriptions {
        let read = ConsumerProtocolSubscription::from_bytes_of_any_version(&bytes);
        let (_, subscription) = read.ok()?;
        for topic in subscription.topics.iter() {
            if !topics.contains(&*topic) {
                topics.insert(Text::from(&*topic));
            }
        }
    }
    Some(topics)
}
