// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Key<'a> {
    pub group_id: Str<'a>,
    pub regular_expression: Str<'a>,
}

impl<'a> Message<'a> for Key<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let group_id = r.string(false)?;
        let regular_expression = r.string(false)?;
        Ok(Self { group_id, regular_expression })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.group_id, false);
        w.string(&self.regular_expression, false);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Value<'a> {
    pub topics: Array<'a, Str<'a>>,
    pub version: i64,
    pub timestamp: i64,
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let topics = r.array(Form { version: v, flexible: true })?;
        let version = r.i64()?;
        let timestamp = r.i64()?;
        r.skip_tags()?;
        Ok(Self { topics, version, timestamp })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.array(&self.topics, Form { version: v, flexible: true });
        w.i64(self.version);
        w.i64(self.timestamp);
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 16;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
