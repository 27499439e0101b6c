// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ControlRecordTypeSchema {
    pub r#type: i16,
}

impl<'a> Message<'a> for ControlRecordTypeSchema {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let r#type = r.i16()?;
        Ok(Self { r#type })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i16(self.r#type);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct EndTxnMarker {
    pub coordinator_epoch: i32,
}

impl<'a> Message<'a> for EndTxnMarker {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let coordinator_epoch = r.i32()?;
        Ok(Self { coordinator_epoch })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i32(self.coordinator_epoch);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct LeaderChangeMessage<'a> {
    pub version: i16,
    pub leader_id: i32,
    pub voters: Array<'a, Voters>,
    pub granting_voters: Array<'a, GrantingVoters>,
}

impl<'a> Message<'a> for LeaderChangeMessage<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=1).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let version = r.i16()?;
        let leader_id = r.i32()?;
        let voters = r.array(Form { version: v, flexible: true })?;
        let granting_voters = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { version, leader_id, voters, granting_voters })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i16(self.version);
        w.i32(self.leader_id);
        w.array(&self.voters, Form { version: v, flexible: true });
        w.array(&self.granting_voters, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Voters {
    pub voter_id: i32,
    /// Version 1.
    pub voter_directory_id: Uuid,
}

impl<'a> Message<'a> for Voters {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let voter_id = r.i32()?;
        let voter_directory_id = if v >= 1 { r.uuid()? } else { Default::default() };
        r.skip_tags()?;
        Ok(Self { voter_id, voter_directory_id })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.voter_id);
        if v >= 1 {
            w.uuid(self.voter_directory_id);
        }
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct GrantingVoters {
    pub voter_id: i32,
    /// Version 1.
    pub voter_directory_id: Uuid,
}

impl<'a> Message<'a> for GrantingVoters {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let voter_id = r.i32()?;
        let voter_directory_id = if v >= 1 { r.uuid()? } else { Default::default() };
        r.skip_tags()?;
        Ok(Self { voter_id, voter_directory_id })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.voter_id);
        if v >= 1 {
            w.uuid(self.voter_directory_id);
        }
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct SnapshotHeaderRecord {
    pub version: i16,
    pub last_contained_log_timestamp: i64,
}

impl<'a> Message<'a> for SnapshotHeaderRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let version = r.i16()?;
        let last_contained_log_timestamp = r.i64()?;
        r.skip_tags()?;
        Ok(Self { version, last_contained_log_timestamp })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i16(self.version);
        w.i64(self.last_contained_log_timestamp);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct SnapshotFooterRecord {
    pub version: i16,
}

impl<'a> Message<'a> for SnapshotFooterRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let version = r.i16()?;
        r.skip_tags()?;
        Ok(Self { version })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i16(self.version);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct KRaftVersionRecord {
    pub version: i16,
    pub kraft_version: i16,
}

impl<'a> Message<'a> for KRaftVersionRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let version = r.i16()?;
        let kraft_version = r.i16()?;
        r.skip_tags()?;
        Ok(Self { version, kraft_version })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i16(self.version);
        w.i16(self.kraft_version);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct VotersRecord<'a> {
    pub version: i16,
    pub voters: Array<'a, VotersRecordVoters<'a>>,
}

impl<'a> Message<'a> for VotersRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let version = r.i16()?;
        let voters = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { version, voters })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i16(self.version);
        w.array(&self.voters, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct VotersRecordVoters<'a> {
    pub voter_id: i32,
    pub voter_directory_id: Uuid,
    pub endpoints: Array<'a, Endpoints<'a>>,
    pub kraft_version_feature: KraftVersionFeature,
}

impl<'a> Message<'a> for VotersRecordVoters<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let voter_id = r.i32()?;
        let voter_directory_id = r.uuid()?;
        let endpoints = r.array(Form { version: v, flexible: true })?;
        let kraft_version_feature = KraftVersionFeature::decode(r, v)?;
        r.skip_tags()?;
        Ok(Self { voter_id, voter_directory_id, endpoints, kraft_version_feature })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.voter_id);
        w.uuid(self.voter_directory_id);
        w.array(&self.endpoints, Form { version: v, flexible: true });
        self.kraft_version_feature.encode(w, v);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Endpoints<'a> {
    pub name: Str<'a>,
    pub host: Str<'a>,
    pub port: u16,
}

impl<'a> Message<'a> for Endpoints<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let host = r.string(true)?;
        let port = r.u16()?;
        r.skip_tags()?;
        Ok(Self { name, host, port })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.string(&self.host, true);
        w.u16(self.port);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct KraftVersionFeature {
    pub min_supported_version: i16,
    pub max_supported_version: i16,
}

impl<'a> Message<'a> for KraftVersionFeature {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let min_supported_version = r.i16()?;
        let max_supported_version = r.i16()?;
        r.skip_tags()?;
        Ok(Self { min_supported_version, max_supported_version })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i16(self.min_supported_version);
        w.i16(self.max_supported_version);
        w.tag_count(0);
    }
}

impl<'a> crate::RecordValue<'a> for ControlRecordTypeSchema {
    const NEWEST: i16 = 0;
}

impl<'a> crate::RecordValue<'a> for EndTxnMarker {
    const NEWEST: i16 = 0;
}
