//! ListGroups, DescribeGroups, DeleteGroups: looking at groups from outside.

use millstream_wire::ErrorCode;

use super::Text;
use super::call::{Description, Listing, Reply, State, Token};
use super::classic::Group;
use super::groups::{Groups, Step};
use super::offsets::tombstone;
use super::record::Record;

impl Groups {
    pub(super) fn list(&self) -> Reply {
        let listing = |group: &Group| Listing {
            group: group.id.clone(),
            protocol_type: text(&group.protocol_type),
            state: group.state(),
        };
        Reply::Listed(self.groups.values().map(listing).collect())
    }

    /// The protocol and what the members said about it are shown of a stable group only,
    /// as in between they are not settled.
    pub(super) fn describe(&self, id: &str) -> Reply {
        let Some(group) = self.groups.get(id) else {
            return Reply::Refused(ErrorCode::GroupIdNotFound);
        };
        let state = group.state();
        let protocol = group.protocol.as_deref().filter(|_| state == State::Stable);
        Reply::Described(Description {
            group: group.id.clone(),
            state,
            protocol_type: text(&group.protocol_type),
            protocol: Text::from(protocol.unwrap_or("")),
            members: group.members.values().map(|m| m.as_described(protocol)).collect(),
        })
    }

    pub(super) fn delete(&self, id: &str, token: Token, step: &mut Step) {
        let Some(group) = self.groups.get(id) else {
            return step.refuse(token, ErrorCode::GroupIdNotFound);
        };
        if group.state() != State::Empty {
            return step.refuse(token, ErrorCode::NonEmptyGroup);
        }
        for (topic, partitions) in &group.offsets {
            step.records.extend(partitions.keys().map(|index| tombstone(group, topic, *index)));
        }
        step.records.push(Record::Group { group: group.id.clone(), value: None });
        step.reply(token, Reply::Done);
    }
}

fn text(maybe: &Option<Text>) -> Text {
    maybe.clone().unwrap_or_else(|| Text::from(""))
}
