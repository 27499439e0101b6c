// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Key<'a> {
    pub group_id: Str<'a>,
    pub member_id: Str<'a>,
}

impl<'a> Message<'a> for Key<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let group_id = r.string(false)?;
        let member_id = r.string(false)?;
        Ok(Self { group_id, member_id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.group_id, false);
        w.string(&self.member_id, false);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Value<'a> {
    pub rack_id: Option<Str<'a>>,
    pub client_id: Str<'a>,
    pub client_host: Str<'a>,
    pub subscribed_topic_names: Array<'a, Str<'a>>,
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self {
            rack_id: Some(Default::default()),
            client_id: Default::default(),
            client_host: Default::default(),
            subscribed_topic_names: Default::default(),
        }
    }
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let rack_id = r.string_or_null(true)?;
        let client_id = r.string(true)?;
        let client_host = r.string(true)?;
        let subscribed_topic_names = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { rack_id, client_id, client_host, subscribed_topic_names })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string_or_null(self.rack_id.as_deref(), true);
        w.string(&self.client_id, true);
        w.string(&self.client_host, true);
        w.array(&self.subscribed_topic_names, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 10;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
