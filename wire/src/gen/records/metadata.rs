// Written by `cargo xtask codegen` from wire/schema; do not edit.

use std::borrow::Cow;

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

#[derive(Debug, Clone, PartialEq)]
pub struct RegisterBrokerRecord<'a> {
    pub broker_id: i32,
    /// Versions 2 and up.
    pub is_migrating_zk_broker: bool,
    pub incarnation_id: Uuid,
    pub broker_epoch: i64,
    pub end_points: Array<'a, EndPoints<'a>>,
    pub features: Array<'a, Features<'a>>,
    pub rack: Option<Str<'a>>,
    pub fenced: bool,
    /// Versions 1 and up.
    pub in_controlled_shutdown: bool,
    /// Versions 3 and up, tag 0.
    pub log_dirs: Array<'a, Uuid>,
    /// Version 4, tag 1.
    pub cordoned_log_dirs: Option<Array<'a, Uuid>>,
}

impl Default for RegisterBrokerRecord<'_> {
    fn default() -> Self {
        Self {
            broker_id: Default::default(),
            is_migrating_zk_broker: Default::default(),
            incarnation_id: Default::default(),
            broker_epoch: Default::default(),
            end_points: Default::default(),
            features: Default::default(),
            rack: Some(Default::default()),
            fenced: true,
            in_controlled_shutdown: Default::default(),
            log_dirs: Default::default(),
            cordoned_log_dirs: Default::default(),
        }
    }
}

impl<'a> Message<'a> for RegisterBrokerRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=4).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let broker_id = r.i32()?;
        let is_migrating_zk_broker = if v >= 2 { r.bool()? } else { Default::default() };
        let incarnation_id = r.uuid()?;
        let broker_epoch = r.i64()?;
        let end_points = r.array(Form { version: v, flexible: true })?;
        let features = r.array(Form { version: v, flexible: true })?;
        let rack = r.string_or_null(true)?;
        let fenced = r.bool()?;
        let in_controlled_shutdown = if v >= 1 { r.bool()? } else { Default::default() };
        let mut log_dirs: Array<'a, Uuid> = Default::default();
        let mut cordoned_log_dirs: Option<Array<'a, Uuid>> = Default::default();
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 if v >= 3 => log_dirs = p.array(Form { version: v, flexible: true })?,
                1 if v >= 4 => {
                    cordoned_log_dirs = p.array_or_null(Form { version: v, flexible: true })?
                }
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self {
            broker_id,
            is_migrating_zk_broker,
            incarnation_id,
            broker_epoch,
            end_points,
            features,
            rack,
            fenced,
            in_controlled_shutdown,
            log_dirs,
            cordoned_log_dirs,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.broker_id);
        if v >= 2 {
            w.bool(self.is_migrating_zk_broker);
        }
        w.uuid(self.incarnation_id);
        w.i64(self.broker_epoch);
        w.array(&self.end_points, Form { version: v, flexible: true });
        w.array(&self.features, Form { version: v, flexible: true });
        w.string_or_null(self.rack.as_deref(), true);
        w.bool(self.fenced);
        if v >= 1 {
            w.bool(self.in_controlled_shutdown);
        }
        let set_0 = v >= 3 && !self.log_dirs.is_empty();
        let set_1 = v >= 4 && self.cordoned_log_dirs.is_some();
        w.tag_count(u32::from(set_0) + u32::from(set_1));
        if set_0 {
            w.tag(0, |w| {
                w.array(&self.log_dirs, Form { version: v, flexible: true });
            });
        }
        if set_1 {
            w.tag(1, |w| {
                w.array_or_null(
                    self.cordoned_log_dirs.as_ref(),
                    Form { version: v, flexible: true },
                );
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct EndPoints<'a> {
    pub name: Str<'a>,
    pub host: Str<'a>,
    pub port: u16,
    pub security_protocol: i16,
}

impl<'a> Message<'a> for EndPoints<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let host = r.string(true)?;
        let port = r.u16()?;
        let security_protocol = r.i16()?;
        r.skip_tags()?;
        Ok(Self { name, host, port, security_protocol })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.string(&self.host, true);
        w.u16(self.port);
        w.i16(self.security_protocol);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Features<'a> {
    pub name: Str<'a>,
    pub min_supported_version: i16,
    pub max_supported_version: i16,
}

impl<'a> Message<'a> for Features<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let min_supported_version = r.i16()?;
        let max_supported_version = r.i16()?;
        r.skip_tags()?;
        Ok(Self { name, min_supported_version, max_supported_version })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.i16(self.min_supported_version);
        w.i16(self.max_supported_version);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnregisterBrokerRecord {
    pub broker_id: i32,
    pub broker_epoch: i64,
}

impl<'a> Message<'a> for UnregisterBrokerRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let broker_id = r.i32()?;
        let broker_epoch = r.i64()?;
        r.skip_tags()?;
        Ok(Self { broker_id, broker_epoch })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i32(self.broker_id);
        w.i64(self.broker_epoch);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct TopicRecord<'a> {
    pub name: Str<'a>,
    pub topic_id: Uuid,
}

impl<'a> Message<'a> for TopicRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let name = r.string(true)?;
        let topic_id = r.uuid()?;
        r.skip_tags()?;
        Ok(Self { name, topic_id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.uuid(self.topic_id);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct PartitionRecord<'a> {
    pub partition_id: i32,
    pub topic_id: Uuid,
    pub replicas: Array<'a, i32>,
    pub isr: Array<'a, i32>,
    pub removing_replicas: Array<'a, i32>,
    pub adding_replicas: Array<'a, i32>,
    pub leader: i32,
    /// Tag 0.
    pub leader_recovery_state: i8,
    pub leader_epoch: i32,
    pub partition_epoch: i32,
    /// Versions 1 and up.
    pub directories: Array<'a, Uuid>,
    /// Version 2, tag 1.
    pub eligible_leader_replicas: Option<Array<'a, i32>>,
    /// Version 2, tag 2.
    pub last_known_elr: Option<Array<'a, i32>>,
}

impl Default for PartitionRecord<'_> {
    fn default() -> Self {
        Self {
            partition_id: -1,
            topic_id: Default::default(),
            replicas: Default::default(),
            isr: Default::default(),
            removing_replicas: Default::default(),
            adding_replicas: Default::default(),
            leader: -1,
            leader_recovery_state: Default::default(),
            leader_epoch: -1,
            partition_epoch: -1,
            directories: Default::default(),
            eligible_leader_replicas: Default::default(),
            last_known_elr: Default::default(),
        }
    }
}

impl<'a> Message<'a> for PartitionRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=2).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let partition_id = r.i32()?;
        let topic_id = r.uuid()?;
        let replicas = r.array(Form { version: v, flexible: true })?;
        let isr = r.array(Form { version: v, flexible: true })?;
        let removing_replicas = r.array(Form { version: v, flexible: true })?;
        let adding_replicas = r.array(Form { version: v, flexible: true })?;
        let leader = r.i32()?;
        let mut leader_recovery_state: i8 = Default::default();
        let leader_epoch = r.i32()?;
        let partition_epoch = r.i32()?;
        let directories =
            if v >= 1 { r.array(Form { version: v, flexible: true })? } else { Default::default() };
        let mut eligible_leader_replicas: Option<Array<'a, i32>> = Default::default();
        let mut last_known_elr: Option<Array<'a, i32>> = Default::default();
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => leader_recovery_state = p.i8()?,
                1 if v >= 2 => {
                    eligible_leader_replicas =
                        p.array_or_null(Form { version: v, flexible: true })?
                }
                2 if v >= 2 => {
                    last_known_elr = p.array_or_null(Form { version: v, flexible: true })?
                }
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self {
            partition_id,
            topic_id,
            replicas,
            isr,
            removing_replicas,
            adding_replicas,
            leader,
            leader_recovery_state,
            leader_epoch,
            partition_epoch,
            directories,
            eligible_leader_replicas,
            last_known_elr,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.partition_id);
        w.uuid(self.topic_id);
        w.array(&self.replicas, Form { version: v, flexible: true });
        w.array(&self.isr, Form { version: v, flexible: true });
        w.array(&self.removing_replicas, Form { version: v, flexible: true });
        w.array(&self.adding_replicas, Form { version: v, flexible: true });
        w.i32(self.leader);
        w.i32(self.leader_epoch);
        w.i32(self.partition_epoch);
        if v >= 1 {
            w.array(&self.directories, Form { version: v, flexible: true });
        }
        let set_0 = self.leader_recovery_state != 0;
        let set_1 = v >= 2 && self.eligible_leader_replicas.is_some();
        let set_2 = v >= 2 && self.last_known_elr.is_some();
        w.tag_count(u32::from(set_0) + u32::from(set_1) + u32::from(set_2));
        if set_0 {
            w.tag(0, |w| {
                w.i8(self.leader_recovery_state);
            });
        }
        if set_1 {
            w.tag(1, |w| {
                w.array_or_null(
                    self.eligible_leader_replicas.as_ref(),
                    Form { version: v, flexible: true },
                );
            });
        }
        if set_2 {
            w.tag(2, |w| {
                w.array_or_null(self.last_known_elr.as_ref(), Form { version: v, flexible: true });
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ConfigRecord<'a> {
    pub resource_type: i8,
    pub resource_name: Str<'a>,
    pub name: Str<'a>,
    pub value: Option<Str<'a>>,
}

impl Default for ConfigRecord<'_> {
    fn default() -> Self {
        Self {
            resource_type: Default::default(),
            resource_name: Default::default(),
            name: Default::default(),
            value: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for ConfigRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let resource_type = r.i8()?;
        let resource_name = r.string(true)?;
        let name = r.string(true)?;
        let value = r.string_or_null(true)?;
        r.skip_tags()?;
        Ok(Self { resource_type, resource_name, name, value })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i8(self.resource_type);
        w.string(&self.resource_name, true);
        w.string(&self.name, true);
        w.string_or_null(self.value.as_deref(), true);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct PartitionChangeRecord<'a> {
    pub partition_id: i32,
    pub topic_id: Uuid,
    /// Tag 0.
    pub isr: Option<Array<'a, i32>>,
    /// Tag 1.
    pub leader: i32,
    /// Tag 2.
    pub replicas: Option<Array<'a, i32>>,
    /// Tag 3.
    pub removing_replicas: Option<Array<'a, i32>>,
    /// Tag 4.
    pub adding_replicas: Option<Array<'a, i32>>,
    /// Tag 5.
    pub leader_recovery_state: i8,
    /// Versions 1 and up, tag 8.
    pub directories: Option<Array<'a, Uuid>>,
    /// Version 2, tag 6.
    pub eligible_leader_replicas: Option<Array<'a, i32>>,
    /// Version 2, tag 7.
    pub last_known_elr: Option<Array<'a, i32>>,
}

impl Default for PartitionChangeRecord<'_> {
    fn default() -> Self {
        Self {
            partition_id: -1,
            topic_id: Default::default(),
            isr: Default::default(),
            leader: -2,
            replicas: Default::default(),
            removing_replicas: Default::default(),
            adding_replicas: Default::default(),
            leader_recovery_state: -1,
            directories: Default::default(),
            eligible_leader_replicas: Default::default(),
            last_known_elr: Default::default(),
        }
    }
}

impl<'a> Message<'a> for PartitionChangeRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=2).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let partition_id = r.i32()?;
        let topic_id = r.uuid()?;
        let mut isr: Option<Array<'a, i32>> = Default::default();
        let mut leader: i32 = -2;
        let mut replicas: Option<Array<'a, i32>> = Default::default();
        let mut removing_replicas: Option<Array<'a, i32>> = Default::default();
        let mut adding_replicas: Option<Array<'a, i32>> = Default::default();
        let mut leader_recovery_state: i8 = -1;
        let mut directories: Option<Array<'a, Uuid>> = Default::default();
        let mut eligible_leader_replicas: Option<Array<'a, i32>> = Default::default();
        let mut last_known_elr: Option<Array<'a, i32>> = Default::default();
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => isr = p.array_or_null(Form { version: v, flexible: true })?,
                1 => leader = p.i32()?,
                2 => replicas = p.array_or_null(Form { version: v, flexible: true })?,
                3 => removing_replicas = p.array_or_null(Form { version: v, flexible: true })?,
                4 => adding_replicas = p.array_or_null(Form { version: v, flexible: true })?,
                5 => leader_recovery_state = p.i8()?,
                6 if v >= 2 => {
                    eligible_leader_replicas =
                        p.array_or_null(Form { version: v, flexible: true })?
                }
                7 if v >= 2 => {
                    last_known_elr = p.array_or_null(Form { version: v, flexible: true })?
                }
                8 if v >= 1 => {
                    directories = p.array_or_null(Form { version: v, flexible: true })?
                }
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self {
            partition_id,
            topic_id,
            isr,
            leader,
            replicas,
            removing_replicas,
            adding_replicas,
            leader_recovery_state,
            directories,
            eligible_leader_replicas,
            last_known_elr,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.partition_id);
        w.uuid(self.topic_id);
        let set_0 = self.isr.is_some();
        let set_1 = self.leader != -2;
        let set_2 = self.replicas.is_some();
        let set_3 = self.removing_replicas.is_some();
        let set_4 = self.adding_replicas.is_some();
        let set_5 = self.leader_recovery_state != -1;
        let set_6 = v >= 2 && self.eligible_leader_replicas.is_some();
        let set_7 = v >= 2 && self.last_known_elr.is_some();
        let set_8 = v >= 1 && self.directories.is_some();
        w.tag_count(
            u32::from(set_0)
                + u32::from(set_1)
                + u32::from(set_2)
                + u32::from(set_3)
                + u32::from(set_4)
                + u32::from(set_5)
                + u32::from(set_6)
                + u32::from(set_7)
                + u32::from(set_8),
        );
        if set_0 {
            w.tag(0, |w| {
                w.array_or_null(self.isr.as_ref(), Form { version: v, flexible: true });
            });
        }
        if set_1 {
            w.tag(1, |w| {
                w.i32(self.leader);
            });
        }
        if set_2 {
            w.tag(2, |w| {
                w.array_or_null(self.replicas.as_ref(), Form { version: v, flexible: true });
            });
        }
        if set_3 {
            w.tag(3, |w| {
                w.array_or_null(
                    self.removing_replicas.as_ref(),
                    Form { version: v, flexible: true },
                );
            });
        }
        if set_4 {
            w.tag(4, |w| {
                w.array_or_null(self.adding_replicas.as_ref(), Form { version: v, flexible: true });
            });
        }
        if set_5 {
            w.tag(5, |w| {
                w.i8(self.leader_recovery_state);
            });
        }
        if set_6 {
            w.tag(6, |w| {
                w.array_or_null(
                    self.eligible_leader_replicas.as_ref(),
                    Form { version: v, flexible: true },
                );
            });
        }
        if set_7 {
            w.tag(7, |w| {
                w.array_or_null(self.last_known_elr.as_ref(), Form { version: v, flexible: true });
            });
        }
        if set_8 {
            w.tag(8, |w| {
                w.array_or_null(self.directories.as_ref(), Form { version: v, flexible: true });
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct FenceBrokerRecord {
    pub id: i32,
    pub epoch: i64,
}

impl<'a> Message<'a> for FenceBrokerRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let id = r.i32()?;
        let epoch = r.i64()?;
        r.skip_tags()?;
        Ok(Self { id, epoch })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i32(self.id);
        w.i64(self.epoch);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnfenceBrokerRecord {
    pub id: i32,
    pub epoch: i64,
}

impl<'a> Message<'a> for UnfenceBrokerRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let id = r.i32()?;
        let epoch = r.i64()?;
        r.skip_tags()?;
        Ok(Self { id, epoch })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i32(self.id);
        w.i64(self.epoch);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoveTopicRecord {
    pub topic_id: Uuid,
}

impl<'a> Message<'a> for RemoveTopicRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let topic_id = r.uuid()?;
        r.skip_tags()?;
        Ok(Self { topic_id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.uuid(self.topic_id);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct DelegationTokenRecord<'a> {
    pub owner: Str<'a>,
    pub requester: Str<'a>,
    pub renewers: Array<'a, Str<'a>>,
    pub issue_timestamp: i64,
    pub max_timestamp: i64,
    pub expiration_timestamp: i64,
    pub token_id: Str<'a>,
}

impl<'a> Message<'a> for DelegationTokenRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let owner = r.string(true)?;
        let requester = r.string(true)?;
        let renewers = r.array(Form { version: v, flexible: true })?;
        let issue_timestamp = r.i64()?;
        let max_timestamp = r.i64()?;
        let expiration_timestamp = r.i64()?;
        let token_id = r.string(true)?;
        r.skip_tags()?;
        Ok(Self {
            owner,
            requester,
            renewers,
            issue_timestamp,
            max_timestamp,
            expiration_timestamp,
            token_id,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.owner, true);
        w.string(&self.requester, true);
        w.array(&self.renewers, Form { version: v, flexible: true });
        w.i64(self.issue_timestamp);
        w.i64(self.max_timestamp);
        w.i64(self.expiration_timestamp);
        w.string(&self.token_id, true);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct UserScramCredentialRecord<'a> {
    pub name: Str<'a>,
    pub mechanism: i8,
    pub salt: Cow<'a, [u8]>,
    pub stored_key: Cow<'a, [u8]>,
    pub server_key: Cow<'a, [u8]>,
    pub iterations: i32,
}

impl<'a> Message<'a> for UserScramCredentialRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let name = r.string(true)?;
        let mechanism = r.i8()?;
        let salt = r.bytes(true)?;
        let stored_key = r.bytes(true)?;
        let server_key = r.bytes(true)?;
        let iterations = r.i32()?;
        r.skip_tags()?;
        Ok(Self { name, mechanism, salt, stored_key, server_key, iterations })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.i8(self.mechanism);
        w.bytes(&self.salt, true);
        w.bytes(&self.stored_key, true);
        w.bytes(&self.server_key, true);
        w.i32(self.iterations);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeatureLevelRecord<'a> {
    pub name: Str<'a>,
    pub feature_level: i16,
}

impl<'a> Message<'a> for FeatureLevelRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let name = r.string(true)?;
        let feature_level = r.i16()?;
        r.skip_tags()?;
        Ok(Self { name, feature_level })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.i16(self.feature_level);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClientQuotaRecord<'a> {
    pub entity: Array<'a, Entity<'a>>,
    pub key: Str<'a>,
    pub value: f64,
    pub remove: bool,
}

impl<'a> Message<'a> for ClientQuotaRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let entity = r.array(Form { version: v, flexible: true })?;
        let key = r.string(true)?;
        let value = r.f64()?;
        let remove = r.bool()?;
        r.skip_tags()?;
        Ok(Self { entity, key, value, remove })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.array(&self.entity, Form { version: v, flexible: true });
        w.string(&self.key, true);
        w.f64(self.value);
        w.bool(self.remove);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Entity<'a> {
    pub entity_type: Str<'a>,
    pub entity_name: Option<Str<'a>>,
}

impl Default for Entity<'_> {
    fn default() -> Self {
        Self { entity_type: Default::default(), entity_name: Some(Default::default()) }
    }
}

impl<'a> Message<'a> for Entity<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let entity_type = r.string(true)?;
        let entity_name = r.string_or_null(true)?;
        r.skip_tags()?;
        Ok(Self { entity_type, entity_name })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.entity_type, true);
        w.string_or_null(self.entity_name.as_deref(), true);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ProducerIdsRecord {
    pub broker_id: i32,
    pub broker_epoch: i64,
    pub next_producer_id: i64,
}

impl Default for ProducerIdsRecord {
    fn default() -> Self {
        Self {
            broker_id: Default::default(),
            broker_epoch: -1,
            next_producer_id: Default::default(),
        }
    }
}

impl<'a> Message<'a> for ProducerIdsRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let broker_id = r.i32()?;
        let broker_epoch = r.i64()?;
        let next_producer_id = r.i64()?;
        r.skip_tags()?;
        Ok(Self { broker_id, broker_epoch, next_producer_id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i32(self.broker_id);
        w.i64(self.broker_epoch);
        w.i64(self.next_producer_id);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct BrokerRegistrationChangeRecord<'a> {
    pub broker_id: i32,
    pub broker_epoch: i64,
    /// Tag 0.
    pub fenced: i8,
    /// Versions 1 and up, tag 1.
    pub in_controlled_shutdown: i8,
    /// Versions 2 and up, tag 2.
    pub log_dirs: Array<'a, Uuid>,
    /// Version 3, tag 3.
    pub cordoned_log_dirs: Option<Array<'a, Uuid>>,
}

impl<'a> Message<'a> for BrokerRegistrationChangeRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=3).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let broker_id = r.i32()?;
        let broker_epoch = r.i64()?;
        let mut fenced: i8 = Default::default();
        let mut in_controlled_shutdown: i8 = Default::default();
        let mut log_dirs: Array<'a, Uuid> = Default::default();
        let mut cordoned_log_dirs: Option<Array<'a, Uuid>> = Default::default();
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => fenced = p.i8()?,
                1 if v >= 1 => in_controlled_shutdown = p.i8()?,
                2 if v >= 2 => log_dirs = p.array(Form { version: v, flexible: true })?,
                3 if v >= 3 => {
                    cordoned_log_dirs = p.array_or_null(Form { version: v, flexible: true })?
                }
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self {
            broker_id,
            broker_epoch,
            fenced,
            in_controlled_shutdown,
            log_dirs,
            cordoned_log_dirs,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.broker_id);
        w.i64(self.broker_epoch);
        let set_0 = self.fenced != 0;
        let set_1 = v >= 1 && self.in_controlled_shutdown != 0;
        let set_2 = v >= 2 && !self.log_dirs.is_empty();
        let set_3 = v >= 3 && self.cordoned_log_dirs.is_some();
        w.tag_count(u32::from(set_0) + u32::from(set_1) + u32::from(set_2) + u32::from(set_3));
        if set_0 {
            w.tag(0, |w| {
                w.i8(self.fenced);
            });
        }
        if set_1 {
            w.tag(1, |w| {
                w.i8(self.in_controlled_shutdown);
            });
        }
        if set_2 {
            w.tag(2, |w| {
                w.array(&self.log_dirs, Form { version: v, flexible: true });
            });
        }
        if set_3 {
            w.tag(3, |w| {
                w.array_or_null(
                    self.cordoned_log_dirs.as_ref(),
                    Form { version: v, flexible: true },
                );
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct AccessControlEntryRecord<'a> {
    pub id: Uuid,
    pub resource_type: i8,
    pub resource_name: Str<'a>,
    pub pattern_type: i8,
    pub principal: Str<'a>,
    pub host: Str<'a>,
    pub operation: i8,
    pub permission_type: i8,
}

impl<'a> Message<'a> for AccessControlEntryRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let id = r.uuid()?;
        let resource_type = r.i8()?;
        let resource_name = r.string(true)?;
        let pattern_type = r.i8()?;
        let principal = r.string(true)?;
        let host = r.string(true)?;
        let operation = r.i8()?;
        let permission_type = r.i8()?;
        r.skip_tags()?;
        Ok(Self {
            id,
            resource_type,
            resource_name,
            pattern_type,
            principal,
            host,
            operation,
            permission_type,
        })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.uuid(self.id);
        w.i8(self.resource_type);
        w.string(&self.resource_name, true);
        w.i8(self.pattern_type);
        w.string(&self.principal, true);
        w.string(&self.host, true);
        w.i8(self.operation);
        w.i8(self.permission_type);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoveAccessControlEntryRecord {
    pub id: Uuid,
}

impl<'a> Message<'a> for RemoveAccessControlEntryRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let id = r.uuid()?;
        r.skip_tags()?;
        Ok(Self { id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.uuid(self.id);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct NoOpRecord {}

impl<'a> Message<'a> for NoOpRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        r.skip_tags()?;
        Ok(Self {})
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ZkMigrationStateRecord {
    pub zk_migration_state: i8,
}

impl<'a> Message<'a> for ZkMigrationStateRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let zk_migration_state = r.i8()?;
        r.skip_tags()?;
        Ok(Self { zk_migration_state })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i8(self.zk_migration_state);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoveUserScramCredentialRecord<'a> {
    pub name: Str<'a>,
    pub mechanism: i8,
}

impl<'a> Message<'a> for RemoveUserScramCredentialRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let name = r.string(true)?;
        let mechanism = r.i8()?;
        r.skip_tags()?;
        Ok(Self { name, mechanism })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.i8(self.mechanism);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct BeginTransactionRecord<'a> {
    /// Tag 0.
    pub name: Option<Str<'a>>,
}

impl<'a> Message<'a> for BeginTransactionRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let mut name: Option<Str<'a>> = Default::default();
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => name = p.string_or_null(true)?,
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self { name })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        let set_0 = self.name.is_some();
        w.tag_count(u32::from(set_0));
        if set_0 {
            w.tag(0, |w| {
                w.string_or_null(self.name.as_deref(), true);
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct EndTransactionRecord {}

impl<'a> Message<'a> for EndTransactionRecord {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        r.skip_tags()?;
        Ok(Self {})
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct AbortTransactionRecord<'a> {
    /// Tag 0.
    pub reason: Option<Str<'a>>,
}

impl<'a> Message<'a> for AbortTransactionRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let mut reason: Option<Str<'a>> = Default::default();
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => reason = p.string_or_null(true)?,
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self { reason })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        let set_0 = self.reason.is_some();
        w.tag_count(u32::from(set_0));
        if set_0 {
            w.tag(0, |w| {
                w.string_or_null(self.reason.as_deref(), true);
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoveDelegationTokenRecord<'a> {
    pub token_id: Str<'a>,
}

impl<'a> Message<'a> for RemoveDelegationTokenRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let token_id = r.string(true)?;
        r.skip_tags()?;
        Ok(Self { token_id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.token_id, true);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegisterControllerRecord<'a> {
    pub controller_id: i32,
    pub incarnation_id: Uuid,
    pub zk_migration_ready: bool,
    pub end_points: Array<'a, RegisterControllerRecordEndPoints<'a>>,
    pub features: Array<'a, RegisterControllerRecordFeatures<'a>>,
}

impl<'a> Message<'a> for RegisterControllerRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let controller_id = r.i32()?;
        let incarnation_id = r.uuid()?;
        let zk_migration_ready = r.bool()?;
        let end_points = r.array(Form { version: v, flexible: true })?;
        let features = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { controller_id, incarnation_id, zk_migration_ready, end_points, features })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.controller_id);
        w.uuid(self.incarnation_id);
        w.bool(self.zk_migration_ready);
        w.array(&self.end_points, Form { version: v, flexible: true });
        w.array(&self.features, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegisterControllerRecordEndPoints<'a> {
    pub name: Str<'a>,
    pub host: Str<'a>,
    pub port: u16,
    pub security_protocol: i16,
}

impl<'a> Message<'a> for RegisterControllerRecordEndPoints<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let host = r.string(true)?;
        let port = r.u16()?;
        let security_protocol = r.i16()?;
        r.skip_tags()?;
        Ok(Self { name, host, port, security_protocol })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.string(&self.host, true);
        w.u16(self.port);
        w.i16(self.security_protocol);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegisterControllerRecordFeatures<'a> {
    pub name: Str<'a>,
    pub min_supported_version: i16,
    pub max_supported_version: i16,
}

impl<'a> Message<'a> for RegisterControllerRecordFeatures<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let min_supported_version = r.i16()?;
        let max_supported_version = r.i16()?;
        r.skip_tags()?;
        Ok(Self { name, min_supported_version, max_supported_version })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.i16(self.min_supported_version);
        w.i16(self.max_supported_version);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClearElrRecord<'a> {
    pub topic_name: Str<'a>,
}

impl<'a> Message<'a> for ClearElrRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let topic_name = r.string(true)?;
        r.skip_tags()?;
        Ok(Self { topic_name })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.topic_name, true);
        w.tag_count(0);
    }
}

/// Any record of this log.
#[derive(Debug, Clone, PartialEq)]
pub enum MetadataRecord<'a> {
    RegisterBroker(RegisterBrokerRecord<'a>),
    UnregisterBroker(UnregisterBrokerRecord),
    Topic(TopicRecord<'a>),
    Partition(PartitionRecord<'a>),
    Config(ConfigRecord<'a>),
    PartitionChange(PartitionChangeRecord<'a>),
    FenceBroker(FenceBrokerRecord),
    UnfenceBroker(UnfenceBrokerRecord),
    RemoveTopic(RemoveTopicRecord),
    DelegationToken(DelegationTokenRecord<'a>),
    UserScramCredential(UserScramCredentialRecord<'a>),
    FeatureLevel(FeatureLevelRecord<'a>),
    ClientQuota(ClientQuotaRecord<'a>),
    ProducerIds(ProducerIdsRecord),
    BrokerRegistrationChange(BrokerRegistrationChangeRecord<'a>),
    AccessControlEntry(AccessControlEntryRecord<'a>),
    RemoveAccessControlEntry(RemoveAccessControlEntryRecord),
    NoOp(NoOpRecord),
    ZkMigrationState(ZkMigrationStateRecord),
    RemoveUserScramCredential(RemoveUserScramCredentialRecord<'a>),
    BeginTransaction(BeginTransactionRecord<'a>),
    EndTransaction(EndTransactionRecord),
    AbortTransaction(AbortTransactionRecord<'a>),
    RemoveDelegationToken(RemoveDelegationTokenRecord<'a>),
    RegisterController(RegisterControllerRecord<'a>),
    ClearElr(ClearElrRecord<'a>),
}

impl<'a> MetadataRecord<'a> {
    pub const fn record_type(&self) -> i16 {
        match self {
            Self::RegisterBroker(_) => 0,
            Self::UnregisterBroker(_) => 1,
            Self::Topic(_) => 2,
            Self::Partition(_) => 3,
            Self::Config(_) => 4,
            Self::PartitionChange(_) => 5,
            Self::FenceBroker(_) => 7,
            Self::UnfenceBroker(_) => 8,
            Self::RemoveTopic(_) => 9,
            Self::DelegationToken(_) => 10,
            Self::UserScramCredential(_) => 11,
            Self::FeatureLevel(_) => 12,
            Self::ClientQuota(_) => 14,
            Self::ProducerIds(_) => 15,
            Self::BrokerRegistrationChange(_) => 17,
            Self::AccessControlEntry(_) => 18,
            Self::RemoveAccessControlEntry(_) => 19,
            Self::NoOp(_) => 20,
            Self::ZkMigrationState(_) => 21,
            Self::RemoveUserScramCredential(_) => 22,
            Self::BeginTransaction(_) => 23,
            Self::EndTransaction(_) => 24,
            Self::AbortTransaction(_) => 25,
            Self::RemoveDelegationToken(_) => 26,
            Self::RegisterController(_) => 27,
            Self::ClearElr(_) => 28,
        }
    }

    /// The newest version of this record's type.
    pub const fn newest(&self) -> i16 {
        match self {
            Self::RegisterBroker(_) => 4,
            Self::UnregisterBroker(_) => 0,
            Self::Topic(_) => 0,
            Self::Partition(_) => 2,
            Self::Config(_) => 0,
            Self::PartitionChange(_) => 2,
            Self::FenceBroker(_) => 0,
            Self::UnfenceBroker(_) => 0,
            Self::RemoveTopic(_) => 0,
            Self::DelegationToken(_) => 0,
            Self::UserScramCredential(_) => 0,
            Self::FeatureLevel(_) => 0,
            Self::ClientQuota(_) => 0,
            Self::ProducerIds(_) => 0,
            Self::BrokerRegistrationChange(_) => 3,
            Self::AccessControlEntry(_) => 0,
            Self::RemoveAccessControlEntry(_) => 0,
            Self::NoOp(_) => 0,
            Self::ZkMigrationState(_) => 0,
            Self::RemoveUserScramCredential(_) => 0,
            Self::BeginTransaction(_) => 0,
            Self::EndTransaction(_) => 0,
            Self::AbortTransaction(_) => 0,
            Self::RemoveDelegationToken(_) => 0,
            Self::RegisterController(_) => 0,
            Self::ClearElr(_) => 0,
        }
    }

    /// Reads the frame (uvarint 1, type, version) and the body up to the last byte.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let (mut r, record_type, v) = crate::log_record::framed(bytes)?;
        let record = match record_type {
            0 => Self::RegisterBroker(RegisterBrokerRecord::decode(&mut r, v)?),
            1 => Self::UnregisterBroker(UnregisterBrokerRecord::decode(&mut r, v)?),
            2 => Self::Topic(TopicRecord::decode(&mut r, v)?),
            3 => Self::Partition(PartitionRecord::decode(&mut r, v)?),
            4 => Self::Config(ConfigRecord::decode(&mut r, v)?),
            5 => Self::PartitionChange(PartitionChangeRecord::decode(&mut r, v)?),
            7 => Self::FenceBroker(FenceBrokerRecord::decode(&mut r, v)?),
            8 => Self::UnfenceBroker(UnfenceBrokerRecord::decode(&mut r, v)?),
            9 => Self::RemoveTopic(RemoveTopicRecord::decode(&mut r, v)?),
            10 => Self::DelegationToken(DelegationTokenRecord::decode(&mut r, v)?),
            11 => Self::UserScramCredential(UserScramCredentialRecord::decode(&mut r, v)?),
            12 => Self::FeatureLevel(FeatureLevelRecord::decode(&mut r, v)?),
            14 => Self::ClientQuota(ClientQuotaRecord::decode(&mut r, v)?),
            15 => Self::ProducerIds(ProducerIdsRecord::decode(&mut r, v)?),
            17 => {
                Self::BrokerRegistrationChange(BrokerRegistrationChangeRecord::decode(&mut r, v)?)
            }
            18 => Self::AccessControlEntry(AccessControlEntryRecord::decode(&mut r, v)?),
            19 => {
                Self::RemoveAccessControlEntry(RemoveAccessControlEntryRecord::decode(&mut r, v)?)
            }
            20 => Self::NoOp(NoOpRecord::decode(&mut r, v)?),
            21 => Self::ZkMigrationState(ZkMigrationStateRecord::decode(&mut r, v)?),
            22 => {
                Self::RemoveUserScramCredential(RemoveUserScramCredentialRecord::decode(&mut r, v)?)
            }
            23 => Self::BeginTransaction(BeginTransactionRecord::decode(&mut r, v)?),
            24 => Self::EndTransaction(EndTransactionRecord::decode(&mut r, v)?),
            25 => Self::AbortTransaction(AbortTransactionRecord::decode(&mut r, v)?),
            26 => Self::RemoveDelegationToken(RemoveDelegationTokenRecord::decode(&mut r, v)?),
            27 => Self::RegisterController(RegisterControllerRecord::decode(&mut r, v)?),
            28 => Self::ClearElr(ClearElrRecord::decode(&mut r, v)?),
            _ => return Err(r.error(Fault::RecordType { record_type: i32::from(record_type) })),
        };
        r.finish()?;
        Ok(record)
    }

    /// Writes the frame and the body.
    pub fn to_bytes(&self, version: i16) -> bytes::Bytes {
        let mut w = crate::log_record::frame(self.record_type(), version);
        match self {
            Self::RegisterBroker(record) => record.encode(&mut w, version),
            Self::UnregisterBroker(record) => record.encode(&mut w, version),
            Self::Topic(record) => record.encode(&mut w, version),
            Self::Partition(record) => record.encode(&mut w, version),
            Self::Config(record) => record.encode(&mut w, version),
            Self::PartitionChange(record) => record.encode(&mut w, version),
            Self::FenceBroker(record) => record.encode(&mut w, version),
            Self::UnfenceBroker(record) => record.encode(&mut w, version),
            Self::RemoveTopic(record) => record.encode(&mut w, version),
            Self::DelegationToken(record) => record.encode(&mut w, version),
            Self::UserScramCredential(record) => record.encode(&mut w, version),
            Self::FeatureLevel(record) => record.encode(&mut w, version),
            Self::ClientQuota(record) => record.encode(&mut w, version),
            Self::ProducerIds(record) => record.encode(&mut w, version),
            Self::BrokerRegistrationChange(record) => record.encode(&mut w, version),
            Self::AccessControlEntry(record) => record.encode(&mut w, version),
            Self::RemoveAccessControlEntry(record) => record.encode(&mut w, version),
            Self::NoOp(record) => record.encode(&mut w, version),
            Self::ZkMigrationState(record) => record.encode(&mut w, version),
            Self::RemoveUserScramCredential(record) => record.encode(&mut w, version),
            Self::BeginTransaction(record) => record.encode(&mut w, version),
            Self::EndTransaction(record) => record.encode(&mut w, version),
            Self::AbortTransaction(record) => record.encode(&mut w, version),
            Self::RemoveDelegationToken(record) => record.encode(&mut w, version),
            Self::RegisterController(record) => record.encode(&mut w, version),
            Self::ClearElr(record) => record.encode(&mut w, version),
        }
        w.into_bytes()
    }
}

impl<'a> From<RegisterBrokerRecord<'a>> for MetadataRecord<'a> {
    fn from(record: RegisterBrokerRecord<'a>) -> Self {
        Self::RegisterBroker(record)
    }
}

impl<'a> From<UnregisterBrokerRecord> for MetadataRecord<'a> {
    fn from(record: UnregisterBrokerRecord) -> Self {
        Self::UnregisterBroker(record)
    }
}

impl<'a> From<TopicRecord<'a>> for MetadataRecord<'a> {
    fn from(record: TopicRecord<'a>) -> Self {
        Self::Topic(record)
    }
}

impl<'a> From<PartitionRecord<'a>> for MetadataRecord<'a> {
    fn from(record: PartitionRecord<'a>) -> Self {
        Self::Partition(record)
    }
}

impl<'a> From<ConfigRecord<'a>> for MetadataRecord<'a> {
    fn from(record: ConfigRecord<'a>) -> Self {
        Self::Config(record)
    }
}

impl<'a> From<PartitionChangeRecord<'a>> for MetadataRecord<'a> {
    fn from(record: PartitionChangeRecord<'a>) -> Self {
        Self::PartitionChange(record)
    }
}

impl<'a> From<FenceBrokerRecord> for MetadataRecord<'a> {
    fn from(record: FenceBrokerRecord) -> Self {
        Self::FenceBroker(record)
    }
}

impl<'a> From<UnfenceBrokerRecord> for MetadataRecord<'a> {
    fn from(record: UnfenceBrokerRecord) -> Self {
        Self::UnfenceBroker(record)
    }
}

impl<'a> From<RemoveTopicRecord> for MetadataRecord<'a> {
    fn from(record: RemoveTopicRecord) -> Self {
        Self::RemoveTopic(record)
    }
}

impl<'a> From<DelegationTokenRecord<'a>> for MetadataRecord<'a> {
    fn from(record: DelegationTokenRecord<'a>) -> Self {
        Self::DelegationToken(record)
    }
}

impl<'a> From<UserScramCredentialRecord<'a>> for MetadataRecord<'a> {
    fn from(record: UserScramCredentialRecord<'a>) -> Self {
        Self::UserScramCredential(record)
    }
}

impl<'a> From<FeatureLevelRecord<'a>> for MetadataRecord<'a> {
    fn from(record: FeatureLevelRecord<'a>) -> Self {
        Self::FeatureLevel(record)
    }
}

impl<'a> From<ClientQuotaRecord<'a>> for MetadataRecord<'a> {
    fn from(record: ClientQuotaRecord<'a>) -> Self {
        Self::ClientQuota(record)
    }
}

impl<'a> From<ProducerIdsRecord> for MetadataRecord<'a> {
    fn from(record: ProducerIdsRecord) -> Self {
        Self::ProducerIds(record)
    }
}

impl<'a> From<BrokerRegistrationChangeRecord<'a>> for MetadataRecord<'a> {
    fn from(record: BrokerRegistrationChangeRecord<'a>) -> Self {
        Self::BrokerRegistrationChange(record)
    }
}

impl<'a> From<AccessControlEntryRecord<'a>> for MetadataRecord<'a> {
    fn from(record: AccessControlEntryRecord<'a>) -> Self {
        Self::AccessControlEntry(record)
    }
}

impl<'a> From<RemoveAccessControlEntryRecord> for MetadataRecord<'a> {
    fn from(record: RemoveAccessControlEntryRecord) -> Self {
        Self::RemoveAccessControlEntry(record)
    }
}

impl<'a> From<NoOpRecord> for MetadataRecord<'a> {
    fn from(record: NoOpRecord) -> Self {
        Self::NoOp(record)
    }
}

impl<'a> From<ZkMigrationStateRecord> for MetadataRecord<'a> {
    fn from(record: ZkMigrationStateRecord) -> Self {
        Self::ZkMigrationState(record)
    }
}

impl<'a> From<RemoveUserScramCredentialRecord<'a>> for MetadataRecord<'a> {
    fn from(record: RemoveUserScramCredentialRecord<'a>) -> Self {
        Self::RemoveUserScramCredential(record)
    }
}

impl<'a> From<BeginTransactionRecord<'a>> for MetadataRecord<'a> {
    fn from(record: BeginTransactionRecord<'a>) -> Self {
        Self::BeginTransaction(record)
    }
}

impl<'a> From<EndTransactionRecord> for MetadataRecord<'a> {
    fn from(record: EndTransactionRecord) -> Self {
        Self::EndTransaction(record)
    }
}

impl<'a> From<AbortTransactionRecord<'a>> for MetadataRecord<'a> {
    fn from(record: AbortTransactionRecord<'a>) -> Self {
        Self::AbortTransaction(record)
    }
}

impl<'a> From<RemoveDelegationTokenRecord<'a>> for MetadataRecord<'a> {
    fn from(record: RemoveDelegationTokenRecord<'a>) -> Self {
        Self::RemoveDelegationToken(record)
    }
}

impl<'a> From<RegisterControllerRecord<'a>> for MetadataRecord<'a> {
    fn from(record: RegisterControllerRecord<'a>) -> Self {
        Self::RegisterController(record)
    }
}

impl<'a> From<ClearElrRecord<'a>> for MetadataRecord<'a> {
    fn from(record: ClearElrRecord<'a>) -> Self {
        Self::ClearElr(record)
    }
}
