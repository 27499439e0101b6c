// Written by `cargo xtask codegen` from wire/schema; do not edit.

use std::borrow::Cow;

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq)]
pub struct ConsumerProtocolSubscription<'a> {
    pub topics: Array<'a, Str<'a>>,
    pub user_data: Option<Cow<'a, [u8]>>,
    /// Versions 1 and up.
    pub owned_partitions: Array<'a, OwnedPartitions<'a>>,
    /// Versions 2 and up.
    pub generation_id: i32,
    /// Version 3.
    pub rack_id: Option<Str<'a>>,
}

impl Default for ConsumerProtocolSubscription<'_> {
    fn default() -> Self {
        Self {
            topics: Default::default(),
            user_data: Default::default(),
            owned_partitions: Default::default(),
            generation_id: -1,
            rack_id: Default::default(),
        }
    }
}

impl<'a> Message<'a> for ConsumerProtocolSubscription<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=3).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let topics = r.array(Form { version: v, flexible: false })?;
        let user_data = r.bytes_or_null(false)?;
        let owned_partitions = if v >= 1 {
            r.array(Form { version: v, flexible: false })?
        } else {
            Default::default()
        };
        let generation_id = if v >= 2 { r.i32()? } else { -1 };
        let rack_id = if v >= 3 { r.string_or_null(false)? } else { Default::default() };
        Ok(Self { topics, user_data, owned_partitions, generation_id, rack_id })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.array(&self.topics, Form { version: v, flexible: false });
        w.bytes_or_null(self.user_data.as_deref(), false);
        if v >= 1 {
            w.array(&self.owned_partitions, Form { version: v, flexible: false });
        }
        if v >= 2 {
            w.i32(self.generation_id);
        }
        if v >= 3 {
            w.string_or_null(self.rack_id.as_deref(), false);
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct OwnedPartitions<'a> {
    /// Versions 1 and up.
    pub topic: Str<'a>,
    /// Versions 1 and up.
    pub partitions: Array<'a, i32>,
}

impl<'a> Message<'a> for OwnedPartitions<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let topic = if v >= 1 { r.string(false)? } else { Default::default() };
        let partitions = if v >= 1 {
            r.array(Form { version: v, flexible: false })?
        } else {
            Default::default()
        };
        Ok(Self { topic, partitions })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        if v >= 1 {
            w.string(&self.topic, false);
        }
        if v >= 1 {
            w.array(&self.partitions, Form { version: v, flexible: false });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConsumerProtocolAssignment<'a> {
    pub assigned_partitions: Array<'a, AssignedPartitions<'a>>,
    pub user_data: Option<Cow<'a, [u8]>>,
}

impl<'a> Message<'a> for ConsumerProtocolAssignment<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=3).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let assigned_partitions = r.array(Form { version: v, flexible: false })?;
        let user_data = r.bytes_or_null(false)?;
        Ok(Self { assigned_partitions, user_data })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.array(&self.assigned_partitions, Form { version: v, flexible: false });
        w.bytes_or_null(self.user_data.as_deref(), false);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct AssignedPartitions<'a> {
    pub topic: Str<'a>,
    pub partitions: Array<'a, i32>,
}

impl<'a> Message<'a> for AssignedPartitions<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let topic = r.string(false)?;
        let partitions = r.array(Form { version: v, flexible: false })?;
        Ok(Self { topic, partitions })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.topic, false);
        w.array(&self.partitions, Form { version: v, flexible: false });
    }
}

impl<'a> crate::RecordValue<'a> for ConsumerProtocolSubscription<'a> {
    const NEWEST: i16 = 3;
}

impl<'a> crate::RecordValue<'a> for ConsumerProtocolAssignment<'a> {
    const NEWEST: i16 = 3;
}
