//! Offsets of a group: commit, fetch, deletion and expiry.
//!
//! A commit is admitted by its member and generation, or, outside of group management, by
//! the group being empty. Offsets live as long as the group reads their topics; after that
//! `offsets.retention.minutes` decides.

use std::collections::{BTreeMap, BTreeSet};

use millstream_wire::{ErrorCode, Uuid};

use super::Text;
use super::call::{
    Commit, CommitPartition, DeleteOffsets, Fetch, FetchTopic, FetchedPartition, FetchedTopic,
    Identity, Reply, State, Token, TopicCodes,
};
use super::classic::{Group, Phase};
use super::groups::{Groups, Rules, Step};
use super::record::{CommittedOffset, Record};
use crate::limits;
use crate::now::Now;

impl Groups {
    pub(super) fn commit(&mut self, commit: &Commit, token: Token, now: Now, step: &mut Step) {
        if let Err(code) = self.admit_commit(commit) {
            return step.refuse(token, code);
        }
        if let Some(mut turn) = self.turn(&commit.from.group, now, step)
            && matches!(turn.group.phase, Phase::Stable(_) | Phase::Preparing(_))
        {
            turn.hear(&commit.from.member);
        }
        let mut codes = Vec::with_capacity(commit.topics.len());
        for topic in &commit.topics {
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for partition in &topic.partitions {
                if topic.gone {
                    partitions.push((partition.index, ErrorCode::UnknownTopicOrPartition));
                    continue;
                }
                // Kafka counts as Java does, in UTF-16 units.
                let length = partition.metadata.encode_utf16().count();
                if length > self.rules.offset_metadata_max
                    || partition.metadata.len() > limits::GROUP_TEXT_BYTES_MAX
                {
                    partitions.push((partition.index, ErrorCode::OffsetMetadataTooLarge));
                    continue;
                }
                partitions.push((partition.index, ErrorCode::None));
                step.records.push(Record::Offset {
                    group: commit.from.group.clone(),
                    topic: topic.topic.clone(),
                    partition: partition.index,
                    value: Some(committed(commit, partition, topic.topic_id, now)),
                });
            }
            let topic = (topic.topic.clone(), topic.topic_id);
            codes.push(TopicCodes { topic: topic.0, topic_id: topic.1, partitions });
        }
        step.reply(token, Reply::Committed(codes));
    }

    fn admit_commit(&self, commit: &Commit) -> Result<(), ErrorCode> {
        match self.groups.get(&commit.from.group) {
            Some(group) => admit_committer(group, &commit.from),
            None if commit.from.group.len() > limits::GROUP_TEXT_BYTES_MAX => {
                Err(ErrorCode::InvalidGroupId)
            }
            // A consumer outside of group management makes its group by committing.
            None if commit.from.generation < 0 => self.admit_group(),
            None if commit.knows_group_not_found => Err(ErrorCode::GroupIdNotFound),
            None => Err(ErrorCode::IllegalGeneration),
        }
    }

    pub(super) fn fetch(&self, fetch: &Fetch) -> Reply {
        let group = self.groups.get(&fetch.group);
        let topics = match &fetch.topics {
            Some(topics) => topics.iter().map(|topic| fetched(group, topic)).collect(),
            None => group.map(all_offsets).unwrap_or_default(),
        };
        Reply::Fetched(topics)
    }

    pub(super) fn delete_offsets(&self, delete: &DeleteOffsets, token: Token, step: &mut Step) {
        let Some(group) = self.groups.get(&delete.group) else {
            return step.refuse(token, ErrorCode::GroupIdNotFound);
        };
        if group.state() != State::Empty && !group.is_of_consumers() {
            return step.refuse(token, ErrorCode::NonEmptyGroup);
        }
        let mut codes = Vec::with_capacity(delete.topics.len());
        for (topic, partitions) in &delete.topics {
            let code = match group.is_subscribed_to(topic) {
                true => ErrorCode::GroupSubscribedToTopic,
                false => ErrorCode::None,
            };
            if code == ErrorCode::None {
                let committed = group.offsets.get(topic);
                let has = |index: &&i32| committed.is_some_and(|c| c.contains_key(index));
                let records = &mut step.records;
                records.extend(partitions.iter().filter(has).map(|i| tombstone(group, topic, *i)));
            }
            let partitions = partitions.iter().map(|index| (*index, code)).collect();
            codes.push(TopicCodes { topic: topic.clone(), topic_id: Uuid::ZERO, partitions });
        }
        step.reply(token, Reply::OffsetsDeleted(codes));
    }

    /// Topics were deleted: their offsets go, whoever committed them. `exists` says whether
    /// a topic of that name and id (zero: any) is still there. Gives at most one append's
    /// worth of records; the shell calls again until there are none.
    #[must_use]
    pub fn forget_topics(&self, sweep: &Sweep, exists: impl Fn(&str, Uuid) -> bool) -> Step {
        let mut step = Step::default();
        for group in self.groups.values() {
            let all = sweep.all.then_some(&group.offsets).into_iter().flatten();
            let named = sweep.names.iter().filter_map(|name| group.offsets.get_key_value(name));
            let named = named.filter(|_| !sweep.all);
            for (topic, partitions) in all.chain(named) {
                // Which topic of that name an offset without an id was of: the one that went.
                let was_named = sweep.names.contains(topic);
                let gone = |id: Uuid| (was_named && id.is_zero()) || !exists(topic, id);
                for (index, _) in partitions.iter().filter(|(_, offset)| gone(offset.topic_id)) {
                    if step.records.len() >= limits::CLEANUP_RECORDS_MAX {
                        return step;
                    }
                    step.records.push(tombstone(group, topic, *index));
                }
            }
        }
        step
    }
}

/// Whose offsets are to be looked through for deleted topics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    all: bool,
    /// Topics that were deleted; one of that name may be there again.
    names: BTreeSet<Text>,
}

impl Sweep {
    /// All offsets: nobody knows which topics went.
    #[must_use]
    pub fn everything() -> Sweep {
        Sweep { all: true, names: BTreeSet::new() }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.all && self.names.is_empty()
    }

    /// A topic was deleted.
    pub fn add(&mut self, topic: &Text) {
        if self.names.len() < limits::SWEEP_TOPICS_MAX {
            self.names.insert(topic.clone());
        } else {
            self.all = true;
        }
    }
}

fn committed(
    commit: &Commit,
    partition: &CommitPartition,
    topic_id: Uuid,
    now: Now,
) -> CommittedOffset {
    let expire_ms = commit.retention_ms.map(|ms| now.wall_ms.saturating_add(ms));
    // The version of the record that has an expiry has neither epoch nor topic id.
    let (leader_epoch, topic_id) = match expire_ms {
        Some(_) => (-1, Uuid::ZERO),
        None => (partition.leader_epoch, topic_id),
    };
    CommittedOffset {
        offset: partition.offset,
        leader_epoch,
        metadata: partition.metadata.clone(),
        commit_ms: now.wall_ms,
        expire_ms,
        topic_id,
    }
}

fn admit_committer(group: &Group, from: &Identity) -> Result<(), ErrorCode> {
    let state = group.state();
    if from.generation < 0 && state == State::Empty {
        return Ok(());
    }
    if from.generation >= 0 || !from.member.is_empty() || from.instance.is_some() {
        group.admit_current(from)?;
    } else if state != State::Empty {
        return Err(ErrorCode::UnknownMemberId);
    }
    // The member knows the new generation, so it has joined it; but the assignment that
    // tells which offsets are its own is not out yet.
    if state == State::CompletingRebalance {
        return Err(ErrorCode::RebalanceInProgress);
    }
    Ok(())
}

fn fetched(group: Option<&Group>, wanted: &FetchTopic) -> FetchedTopic {
    let committed = group.and_then(|group| group.offsets.get(&wanted.topic));
    let fetch = |index: &i32| {
        let found = committed.and_then(|partitions| partitions.get(index));
        // An offset of an earlier topic of this name is none of this one's.
        let found = found.filter(|offset| {
            let (theirs, ours) = (wanted.topic_id, offset.topic_id);
            theirs == ours || theirs == Uuid::ZERO || ours == Uuid::ZERO
        });
        match found {
            Some(offset) => as_fetched(*index, offset),
            None => FetchedPartition {
                index: *index,
                offset: -1,
                leader_epoch: -1,
                metadata: Text::from(""),
            },
        }
    };
    FetchedTopic {
        topic: wanted.topic.clone(),
        topic_id: wanted.topic_id,
        partitions: wanted.partitions.iter().map(fetch).collect(),
    }
}

/// By topic and, where a name has had several topics, by id.
fn all_offsets(group: &Group) -> Vec<FetchedTopic> {
    let mut all = Vec::with_capacity(group.offsets.len());
    for (topic, committed) in &group.offsets {
        let mut by_id: BTreeMap<Uuid, Vec<FetchedPartition>> = BTreeMap::new();
        for (index, offset) in committed {
            by_id.entry(offset.topic_id).or_default().push(as_fetched(*index, offset));
        }
        all.extend(by_id.into_iter().map(|(topic_id, partitions)| FetchedTopic {
            topic: topic.clone(),
            topic_id,
            partitions,
        }));
    }
    all
}

fn as_fetched(index: i32, offset: &CommittedOffset) -> FetchedPartition {
    FetchedPartition {
        index,
        offset: offset.offset,
        leader_epoch: offset.leader_epoch,
        metadata: offset.metadata.clone(),
    }
}

pub(super) fn tombstone(group: &Group, topic: &Text, partition: i32) -> Record {
    Record::Offset { group: group.id.clone(), topic: topic.clone(), partition, value: None }
}

/// Adds a tombstone for each offset of `group` that has expired; gives how many are left.
pub(super) fn expire(group: &Group, rules: &Rules, now: Now, out: &mut Vec<Record>) -> usize {
    let mut left = 0;
    for (topic, partitions) in &group.offsets {
        for (index, offset) in partitions {
            match expires_ms(group, topic, offset, rules) {
                Some(at_ms) if at_ms <= now.wall_ms => out.push(tombstone(group, topic, *index)),
                _ => left += 1,
            }
        }
    }
    left
}

/// When an offset may go; `None` while the group uses it.
fn expires_ms(group: &Group, topic: &str, offset: &CommittedOffset, rules: &Rules) -> Option<i64> {
    let from_ms = match (group.state(), &group.protocol_type) {
        // Never under group management: each offset for itself.
        (State::Empty, None) => offset.commit_ms,
        (State::Empty, Some(_)) => group.since_ms,
        (State::Stable, Some(_)) if group.is_of_consumers() => {
            let known = group.subscribed.is_some();
            (known && !group.is_subscribed_to(topic)).then_some(offset.commit_ms)?
        }
        _ => return None,
    };
    Some(offset.expire_ms.unwrap_or(from_ms.saturating_add(rules.offset_retention_ms)))
}
