//! What clients and the harness saw: the values that the history prints and checkers judge.
//!
//! A fact is noted when it is certain: an answer that arrived, a request that left, a fault that
//! was done. Plain values; `Display` gives one line of the history.

use std::fmt;

use millstream_wire::{ErrorCode, Uuid};

use crate::plan::Kind;
use crate::record::{Place, Stamp};

/// One record as a reader saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub offset: i64,
    pub stamp: Stamp,
    pub tombstone: bool,
    /// The leader epoch of its batch.
    pub epoch: i32,
}

/// What a reader already knew of a partition when its request left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Floor {
    pub high_watermark: i64,
    pub log_start: i64,
    /// How many processes of the broker had ended.
    pub ends: u64,
}

/// Part of an answer to Fetch: one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub reader: u16,
    pub place: Place,
    pub from: i64,
    pub floor: Floor,
    pub high_watermark: i64,
    pub log_start: i64,
    /// From `from` on.
    pub records: Vec<Seen>,
    /// The first offset of which this answer says nothing: behind the last batch, whose last
    /// records compaction may have taken.
    pub next: i64,
}

/// A group's position in one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seat {
    pub group: u16,
    pub place: Place,
}

/// How the broker's process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Stopped,
    Killed,
    PowerCut,
    /// It ended itself because it could not start.
    Refused,
}

#[derive(Clone, Debug)]
pub enum Fact {
    Started {
        shards: usize,
    },
    Ready {
        after_us: u64,
    },
    Ended(End),
    Fault(String),
    Healed,
    /// A request to create has left.
    Creating {
        topic: u32,
        name: String,
        kind: Kind,
        partitions: i32,
    },
    Created {
        topic: u32,
        id: Uuid,
    },
    Deleting {
        topic: u32,
    },
    Deleted {
        topic: u32,
    },
    /// All topics that an answer to Metadata listed: number and partitions. `since`: the
    /// number of the fact after which the request left.
    Listed {
        since: u64,
        topics: Vec<(u32, i32)>,
    },
    /// A batch was given to the network for the first time. `last` is its last record's stamp.
    Sent {
        place: Place,
        first: Stamp,
        count: u32,
        acks: i16,
    },
    /// A batch is acknowledged; the base offset is -1 where the broker only says "duplicate".
    Acked {
        place: Place,
        first: Stamp,
        count: u32,
        acks: i16,
        base_offset: i64,
    },
    /// A batch will not be sent again; it may be there or not.
    GaveUp {
        place: Place,
        first: Stamp,
        count: u32,
        why: ErrorCode,
    },
    Read(Read),
    Trimming {
        place: Place,
        upto: i64,
    },
    Trimmed {
        place: Place,
        low: i64,
    },
    /// Each commit of a seat has a number of its own.
    Committing {
        seat: Seat,
        commit: u64,
        offset: i64,
    },
    Committed {
        seat: Seat,
        commit: u64,
    },
    /// An answer to OffsetFetch; -1 for none. `since` as in `Listed`.
    Position {
        seat: Seat,
        since: u64,
        offset: i64,
    },
    Configuring {
        topic: u32,
        value: i64,
    },
    Configured {
        topic: u32,
        value: i64,
    },
    Config {
        topic: u32,
        since: u64,
        value: i64,
    },
    /// The whole partition, read when everything was quiet.
    Scanned(Read),
    Note(String),
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fact::Started { shards } => write!(f, "broker starts, {shards} shards"),
            Fact::Ready { after_us } => write!(f, "broker is ready after {after_us} us"),
            Fact::Ended(end) => write!(f, "broker ends: {end:?}"),
            Fact::Fault(text) => write!(f, "fault: {text}"),
            Fact::Healed => f.write_str("all faults end"),
            Fact::Creating { topic, name, kind, partitions } => {
                write!(f, "create #{topic} {name} {kind:?} with {partitions} partitions")
            }
            Fact::Created { topic, id } => write!(f, "created #{topic} {id}"),
            Fact::Deleting { topic } => write!(f, "delete #{topic}"),
            Fact::Deleted { topic } => write!(f, "deleted #{topic}"),
            Fact::Listed { topics, .. } => write!(f, "topics {topics:?}"),
            Fact::Sent { place, first, count, acks } => {
                write!(f, "send {place} {first} x{count} acks={acks}")
            }
            Fact::Acked { place, first, count, acks, base_offset } => {
                write!(f, "acked {place} {first} x{count} acks={acks} at {base_offset}")
            }
            Fact::GaveUp { place, first, count, why } => {
                write!(f, "gave up {place} {first} x{count}: {why:?}")
            }
            Fact::Read(read) => write!(f, "c{} read {read}", read.reader),
            Fact::Trimming { place, upto } => write!(f, "delete records {place} below {upto}"),
            Fact::Trimmed { place, low } => write!(f, "deleted records {place} below {low}"),
            Fact::Committing { seat, commit, offset } => {
                write!(f, "g{} commit {} at {offset} ({commit})", seat.group, seat.place)
            }
            Fact::Committed { seat, commit } => {
                write!(f, "g{} committed {} ({commit})", seat.group, seat.place)
            }
            Fact::Position { seat, offset, .. } => {
                write!(f, "g{} position {} is {offset}", seat.group, seat.place)
            }
            Fact::Configuring { topic, value } => write!(f, "configure #{topic} {value}"),
            Fact::Configured { topic, value } => write!(f, "configured #{topic} {value}"),
            Fact::Config { topic, value, .. } => write!(f, "config of #{topic} is {value}"),
            Fact::Scanned(read) => write!(f, "scan {read}"),
            Fact::Note(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Read { place, from, log_start, high_watermark, .. } = self;
        write!(f, "{place} from {from}, log {log_start}..{high_watermark}:")?;
        // Runs of one session are shown as one.
        let mut at = 0;
        while at < self.records.len() {
            let first = self.records[at];
            let follows = |n: usize| {
                let next = self.records.get(at + n)?;
                let same = next.stamp.producer == first.stamp.producer
                    && next.stamp.session == first.stamp.session
                    && next.stamp.serial == first.stamp.serial + n as u32
                    && next.offset == first.offset + n as i64;
                same.then_some(())
            };
            let run = (1..).take_while(|n| follows(*n).is_some()).count() + 1;
            write!(f, " {}={}", first.offset, first.stamp)?;
            if run > 1 {
                write!(f, "x{run}")?;
            }
            at += run;
        }
        Ok(())
    }
}
