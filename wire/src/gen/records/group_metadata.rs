// Written by `cargo xtask codegen` from wire/schema; do not edit.

use std::borrow::Cow;

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Key<'a> {
    pub group: Str<'a>,
}

impl<'a> Message<'a> for Key<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let group = r.string(false)?;
        Ok(Self { group })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.group, false);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Value<'a> {
    pub protocol_type: Str<'a>,
    pub generation: i32,
    pub protocol: Option<Str<'a>>,
    pub leader: Option<Str<'a>>,
    /// Versions 2 and up.
    pub current_state_timestamp: i64,
    pub members: Array<'a, Members<'a>>,
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self {
            protocol_type: Default::default(),
            generation: Default::default(),
            protocol: Some(Default::default()),
            leader: Some(Default::default()),
            current_state_timestamp: -1,
            members: Default::default(),
        }
    }
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=4).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let flex = v >= 4;
        let protocol_type = r.string(flex)?;
        let generation = r.i32()?;
        let protocol = r.string_or_null(flex)?;
        let leader = r.string_or_null(flex)?;
        let current_state_timestamp = if v >= 2 { r.i64()? } else { -1 };
        let members = r.array(Form { version: v, flexible: flex })?;
        if flex {
            r.skip_tags()?;
        }
        Ok(Self { protocol_type, generation, protocol, leader, current_state_timestamp, members })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        let flex = v >= 4;
        w.string(&self.protocol_type, flex);
        w.i32(self.generation);
        w.string_or_null(self.protocol.as_deref(), flex);
        w.string_or_null(self.leader.as_deref(), flex);
        if v >= 2 {
            w.i64(self.current_state_timestamp);
        }
        w.array(&self.members, Form { version: v, flexible: flex });
        if flex {
            w.tag_count(0);
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Members<'a> {
    pub member_id: Str<'a>,
    /// Versions 3 and up.
    pub group_instance_id: Option<Str<'a>>,
    pub client_id: Str<'a>,
    pub client_host: Str<'a>,
    /// Versions 1 and up.
    pub rebalance_timeout: i32,
    pub session_timeout: i32,
    pub subscription: Cow<'a, [u8]>,
    pub assignment: Cow<'a, [u8]>,
}

impl Default for Members<'_> {
    fn default() -> Self {
        Self {
            member_id: Default::default(),
            group_instance_id: Default::default(),
            client_id: Default::default(),
            client_host: Default::default(),
            rebalance_timeout: -1,
            session_timeout: Default::default(),
            subscription: Default::default(),
            assignment: Default::default(),
        }
    }
}

impl<'a> Message<'a> for Members<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let flex = v >= 4;
        let member_id = r.string(flex)?;
        let group_instance_id = if v >= 3 { r.string_or_null(flex)? } else { Default::default() };
        let client_id = r.string(flex)?;
        let client_host = r.string(flex)?;
        let rebalance_timeout = if v >= 1 { r.i32()? } else { -1 };
        let session_timeout = r.i32()?;
        let subscription = r.bytes(flex)?;
        let assignment = r.bytes(flex)?;
        if flex {
            r.skip_tags()?;
        }
        Ok(Self {
            member_id,
            group_instance_id,
            client_id,
            client_host,
            rebalance_timeout,
            session_timeout,
            subscription,
            assignment,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        let flex = v >= 4;
        w.string(&self.member_id, flex);
        if v >= 3 {
            w.string_or_null(self.group_instance_id.as_deref(), flex);
        }
        w.string(&self.client_id, flex);
        w.string(&self.client_host, flex);
        if v >= 1 {
            w.i32(self.rebalance_timeout);
        }
        w.i32(self.session_timeout);
        w.bytes(&self.subscription, flex);
        w.bytes(&self.assignment, flex);
        if flex {
            w.tag_count(0);
        }
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 2;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 4;
}
