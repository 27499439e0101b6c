// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

#[derive(Debug, Clone, PartialEq)]
pub struct QuorumStateData<'a> {
    /// Version 0.
    pub cluster_id: Str<'a>,
    pub leader_id: i32,
    pub leader_epoch: i32,
    pub voted_id: i32,
    /// Version 1.
    pub voted_directory_id: Uuid,
    /// Version 0.
    pub applied_offset: i64,
    /// Version 0.
    pub current_voters: Option<Array<'a, CurrentVoters>>,
}

impl Default for QuorumStateData<'_> {
    fn default() -> Self {
        Self {
            cluster_id: Default::default(),
            leader_id: -1,
            leader_epoch: -1,
            voted_id: -1,
            voted_directory_id: Default::default(),
            applied_offset: Default::default(),
            current_voters: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for QuorumStateData<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=1).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let cluster_id = if v <= 0 { r.string(true)? } else { Default::default() };
        let leader_id = r.i32()?;
        let leader_epoch = r.i32()?;
        let voted_id = r.i32()?;
        let voted_directory_id = if v >= 1 { r.uuid()? } else { Default::default() };
        let applied_offset = if v <= 0 { r.i64()? } else { Default::default() };
        let current_voters = if v <= 0 {
            r.array_or_null(Form { version: v, flexible: true })?
        } else {
            Some(Default::default())
        };
        r.skip_tags()?;
        Ok(Self {
            cluster_id,
            leader_id,
            leader_epoch,
            voted_id,
            voted_directory_id,
            applied_offset,
            current_voters,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        if v <= 0 {
            w.string(&self.cluster_id, true);
        }
        w.i32(self.leader_id);
        w.i32(self.leader_epoch);
        w.i32(self.voted_id);
        if v >= 1 {
            w.uuid(self.voted_directory_id);
        }
        if v <= 0 {
            w.i64(self.applied_offset);
        }
        if v <= 0 {
            w.array_or_null(self.current_voters.as_ref(), Form { version: v, flexible: true });
        }
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurrentVoters {
    /// Version 0.
    pub voter_id: i32,
}

impl<'a> Message<'a> for CurrentVoters {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let voter_id = if v <= 0 { r.i32()? } else { Default::default() };
        r.skip_tags()?;
        Ok(Self { voter_id })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        if v <= 0 {
            w.i32(self.voter_id);
        }
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProducerSnapshot<'a> {
    pub crc: u32,
    pub producer_entries: Array<'a, ProducerEntries>,
}

impl<'a> Message<'a> for ProducerSnapshot<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 1 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let crc = r.u32()?;
        let producer_entries = r.array(Form { version: v, flexible: false })?;
        Ok(Self { crc, producer_entries })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.u32(self.crc);
        w.array(&self.producer_entries, Form { version: v, flexible: false });
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProducerEntries {
    pub producer_id: i64,
    pub epoch: i16,
    pub last_sequence: i32,
    pub last_offset: i64,
    pub offset_delta: i32,
    pub timestamp: i64,
    pub coordinator_epoch: i32,
    pub current_txn_first_offset: i64,
}

impl<'a> Message<'a> for ProducerEntries {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let producer_id = r.i64()?;
        let epoch = r.i16()?;
        let last_sequence = r.i32()?;
        let last_offset = r.i64()?;
        let offset_delta = r.i32()?;
        let timestamp = r.i64()?;
        let coordinator_epoch = r.i32()?;
        let current_txn_first_offset = r.i64()?;
        Ok(Self {
            producer_id,
            epoch,
            last_sequence,
            last_offset,
            offset_delta,
            timestamp,
            coordinator_epoch,
            current_txn_first_offset,
        })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i64(self.producer_id);
        w.i16(self.epoch);
        w.i32(self.last_sequence);
        w.i64(self.last_offset);
        w.i32(self.offset_delta);
        w.i64(self.timestamp);
        w.i32(self.coordinator_epoch);
        w.i64(self.current_txn_first_offset);
    }
}
