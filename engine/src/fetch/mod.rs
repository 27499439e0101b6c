//! Fetch sessions (KIP-227): what a consumer already told us, so that it need not repeat it.
//!
//! Pure bookkeeping for one shard's connections. `open` turns a request into the list of
//! partitions to read; `answered` says which of them belong in the response. Called by the
//! Fetch handler, which does the reading.
//!
//! Invariants: a session's epoch only grows (wrapping to 1); a partition stands in a
//! session once; the cache never holds more sessions than its slots, nor more bytes than its
//! part of the memory.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use millstream_wire::{ErrorCode, Uuid};

use crate::limits::{FETCH_SESSION_EVICT_IDLE_MS, SESSION_BYTES, SESSION_PARTITION_BYTES};
use crate::now::Now;
use crate::refusal::Refusal;

/// The epoch of a request that opens a session (KIP-227).
pub const INITIAL_EPOCH: i32 = 0;
/// The epoch of a request that wants no session, or ends the one it names.
pub const FINAL_EPOCH: i32 = -1;

/// A topic as the request names it: by name up to version 12, by id from 13 on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TopicKey {
    Name(Arc<str>),
    Id(Uuid),
}

/// Where and how much to read of one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub offset: i64,
    pub bytes_max: i32,
    /// The leader epoch that the client knows; `None` skips the check.
    pub leader_epoch: Option<i32>,
    /// The epoch of the last record that the client has (KIP-595); `None`: it does not say.
    pub last_fetched_epoch: Option<i32>,
}

/// One partition that the client wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub topic: TopicKey,
    pub index: i32,
    pub at: Position,
}

/// How a request relates to sessions, as its header fields say.
#[derive(Clone, Copy, Debug)]
pub struct SessionHeader {
    pub id: i32,
    pub epoch: i32,
}

/// What to read, and how to answer.
#[derive(Debug, PartialEq, Eq)]
pub struct FetchPlan {
    /// The session id for the response; 0 when there is no session.
    pub session_id: i32,
    /// Leave unchanged partitions out of the response.
    pub incremental: bool,
    pub asks: Vec<Ask>,
}

/// What a partition's answer contained, for the session to remember.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    pub has_records: bool,
    pub has_error: bool,
    pub high_watermark: i64,
    pub log_start: i64,
}

/// What all sessions of one shard may take.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    pub slots_max: usize,
    /// Memory, as [`SessionCache::bytes`] estimates it.
    pub bytes_max: u64,
}

struct Cached {
    ask: Ask,
    high_watermark: i64,
    log_start: i64,
}

struct Session {
    epoch: i32,
    by_id: bool,
    used_ms: u64,
    bytes: u64,
    next_place: u64,
    /// In the order in which they are read: partitions that had data go to the back.
    partitions: BTreeMap<u64, Cached>,
    places: HashMap<(TopicKey, i32), u64, foldhash::fast::FixedState>,
}

/// All sessions of one shard.
pub struct SessionCache {
    limits: SessionLimits,
    /// The sum of what the sessions take.
    bytes: u64,
    /// Ids are `first_id + n * stride`, so that no two shards give out the same one.
    next_id: i32,
    stride: i32,
    sessions: BTreeMap<i32, Session>,
}

impl SessionCache {
    /// A cache within `limits` that gives out the ids `first_id`, `first_id + stride`, …; both
    /// at least 1.
    #[must_use]
    pub fn new(limits: SessionLimits, first_id: i32, stride: i32) -> Self {
        let (next_id, stride) = (first_id.max(1), stride.max(1));
        SessionCache { limits, bytes: 0, next_id, stride, sessions: BTreeMap::new() }
    }

    /// What the sessions take, estimated: each of them, and each of their partitions with the
    /// topic's name.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }

    /// Takes a request in and says what to read.
    ///
    /// # Errors
    /// FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH or FETCH_SESSION_TOPIC_ID_ERROR:
    /// the client opens a new session.
    pub fn open(
        &mut self,
        header: SessionHeader,
        asks: Vec<Ask>,
        forgotten: &[(TopicKey, i32)],
        now: Now,
    ) -> Result<FetchPlan, Refusal> {
        match header.epoch {
            FINAL_EPOCH => {
                self.remove(header.id);
                Ok(FetchPlan { session_id: 0, incremental: false, asks })
            }
            INITIAL_EPOCH => {
                self.remove(header.id);
                let session_id = self.create(&asks, now);
                Ok(FetchPlan { session_id, incremental: false, asks })
            }
            epoch => self.resume(header.id, epoch, asks, forgotten, now),
        }
    }

    fn create(&mut self, asks: &[Ask], now: Now) -> i32 {
        let Some(first) = asks.first() else { return 0 };
        let most = asks.iter().map(|ask| bytes_of(&ask.topic)).sum::<u64>() + SESSION_BYTES;
        if !self.make_room(most, now) {
            return 0;
        }
        let id = self.next_id;
        self.next_id = self.next_id.checked_add(self.stride).unwrap_or(self.stride);
        let mut session = Session {
            epoch: 1,
            by_id: matches!(first.topic, TopicKey::Id(_)),
            used_ms: now.mono_ms(),
            bytes: SESSION_BYTES,
            next_place: 0,
            partitions: BTreeMap::new(),
            places: HashMap::default(),
        };
        asks.iter().for_each(|ask| session.upsert(ask.clone()));
        self.bytes += session.bytes;
        self.sessions.insert(id, session);
        id
    }

    fn remove(&mut self, id: i32) {
        if let Some(session) = self.sessions.remove(&id) {
            self.bytes -= session.bytes;
        }
    }

    /// Room for one more session of so many bytes: what is free, or what sat idle.
    fn make_room(&mut self, bytes: u64, now: Now) -> bool {
        let SessionLimits { slots_max, bytes_max } = self.limits;
        if slots_max == 0 || bytes > bytes_max {
            return false;
        }
        while self.sessions.len() >= slots_max || self.bytes + bytes > bytes_max {
            let oldest = self.sessions.iter().min_by_key(|(_, session)| session.used_ms);
            let Some((&id, session)) = oldest else { return false };
            if now.mono_ms().saturating_sub(session.used_ms) < FETCH_SESSION_EVICT_IDLE_MS {
                return false;
            }
            self.remove(id);
        }
        true
    }

    fn resume(
        &mut self,
        id: i32,
        epoch: i32,
        asks: Vec<Ask>,
        forgotten: &[(TopicKey, i32)],
        now: Now,
    ) -> Result<FetchPlan, Refusal> {
        let session = self
            .sessions
            .get_mut(&id)
            .ok_or_else(|| Refusal::new(ErrorCode::FetchSessionIdNotFound))?;
        if session.epoch != epoch {
            return Err(Refusal::new(ErrorCode::InvalidFetchSessionEpoch));
        }
        if asks.iter().any(|ask| matches!(ask.topic, TopicKey::Id(_)) != session.by_id) {
            return Err(Refusal::new(ErrorCode::FetchSessionTopicIdError));
        }
        session.epoch = if epoch == i32::MAX { 1 } else { epoch + 1 };
        session.used_ms = now.mono_ms();
        let before = session.bytes;
        forgotten.iter().for_each(|gone| session.forget(gone));
        asks.into_iter().for_each(|ask| session.upsert(ask));
        let asks = session.partitions.values().map(|cached| cached.ask.clone()).collect();
        self.bytes = self.bytes - before + session.bytes;
        let mut plan = FetchPlan { session_id: id, incremental: true, asks };
        if plan.asks.is_empty() {
            self.remove(id);
            plan.session_id = 0;
        }
        if self.bytes > self.limits.bytes_max {
            // It grew past what there is: the client fetches without one.
            self.remove(id);
            return Err(Refusal::new(ErrorCode::FetchSessionIdNotFound));
        }
        Ok(plan)
    }

    /// Records what was found for each of `asks` (same order) and says for each whether it
    /// belongs in an incremental response. A session that has gone meanwhile shows all.
    pub fn answered(&mut self, id: i32, asks: &[Ask], outcomes: &[Outcome]) -> Vec<bool> {
        let Some(session) = self.sessions.get_mut(&id) else { return vec![true; asks.len()] };
        asks.iter().zip(outcomes).map(|(ask, outcome)| session.note(ask, *outcome)).collect()
    }
}

/// What a session takes for one partition.
fn bytes_of(topic: &TopicKey) -> u64 {
    let name = match topic {
        // Shared by the topic's partitions; counted for each, since there may be but one.
        TopicKey::Name(name) => name.len() as u64,
        TopicKey::Id(_) => 0,
    };
    SESSION_PARTITION_BYTES + name
}

impl Session {
    fn upsert(&mut self, ask: Ask) {
        let key = (ask.topic.clone(), ask.index);
        if let Some(cached) = self.places.get(&key).and_then(|at| self.partitions.get_mut(at)) {
            cached.ask = ask;
            return;
        }
        let place = self.next_place;
        self.next_place += 1;
        self.bytes += bytes_of(&ask.topic);
        self.places.insert(key, place);
        self.partitions.insert(place, Cached { ask, high_watermark: -1, log_start: -1 });
    }

    fn forget(&mut self, key: &(TopicKey, i32)) {
        if let Some(place) = self.places.remove(key) {
            self.partitions.remove(&place);
            self.bytes -= bytes_of(&key.0);
        }
    }

    fn note(&mut self, ask: &Ask, outcome: Outcome) -> bool {
        let key = (ask.topic.clone(), ask.index);
        let Some(place) = self.places.get_mut(&key) else { return true };
        let Some(cached) = self.partitions.get_mut(place) else { return true };
        let moved = cached.high_watermark != outcome.high_watermark
            || cached.log_start != outcome.log_start;
        cached.high_watermark = outcome.high_watermark;
        cached.log_start = outcome.log_start;
        if outcome.has_error {
            // So that the partition is shown again once the error has passed.
            cached.high_watermark = -1;
        }
        if outcome.has_records
            && let Some(cached) = self.partitions.remove(place)
        {
            *place = self.next_place;
            self.next_place += 1;
            self.partitions.insert(*place, cached);
        }
        moved || outcome.has_records || outcome.has_error
    }
}
