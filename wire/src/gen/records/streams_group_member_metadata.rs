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
    pub instance_id: Option<Str<'a>>,
    pub rack_id: Option<Str<'a>>,
    pub client_id: Str<'a>,
    pub client_host: Str<'a>,
    pub rebalance_timeout_ms: i32,
    pub topology_epoch: i32,
    pub process_id: Str<'a>,
    pub user_endpoint: Option<UserEndpoint<'a>>,
    pub client_tags: Array<'a, ClientTags<'a>>,
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self {
            instance_id: Some(Default::default()),
            rack_id: Some(Default::default()),
            client_id: Default::default(),
            client_host: Default::default(),
            rebalance_timeout_ms: -1,
            topology_epoch: Default::default(),
            process_id: Default::default(),
            user_endpoint: Default::default(),
            client_tags: Default::default(),
        }
    }
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let instance_id = r.string_or_null(true)?;
        let rack_id = r.string_or_null(true)?;
        let client_id = r.string(true)?;
        let client_host = r.string(true)?;
        let rebalance_timeout_ms = r.i32()?;
        let topology_epoch = r.i32()?;
        let process_id = r.string(true)?;
        let user_endpoint = if r.is_present()? { Some(UserEndpoint::decode(r, v)?) } else { None };
        let client_tags = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self {
            instance_id,
            rack_id,
            client_id,
            client_host,
            rebalance_timeout_ms,
            topology_epoch,
            process_id,
            user_endpoint,
            client_tags,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string_or_null(self.instance_id.as_deref(), true);
        w.string_or_null(self.rack_id.as_deref(), true);
        w.string(&self.client_id, true);
        w.string(&self.client_host, true);
        w.i32(self.rebalance_timeout_ms);
        w.i32(self.topology_epoch);
        w.string(&self.process_id, true);
        w.present(self.user_endpoint.is_some());
        if let Some(x) = &self.user_endpoint {
            x.encode(w, v);
        }
        w.array(&self.client_tags, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct UserEndpoint<'a> {
    pub host: Str<'a>,
    pub port: u16,
}

impl<'a> Message<'a> for UserEndpoint<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let host = r.string(true)?;
        let port = r.u16()?;
        r.skip_tags()?;
        Ok(Self { host, port })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.host, true);
        w.u16(self.port);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClientTags<'a> {
    pub key: Str<'a>,
    pub value: Str<'a>,
}

impl<'a> Message<'a> for ClientTags<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let key = r.string(true)?;
        let value = r.string(true)?;
        r.skip_tags()?;
        Ok(Self { key, value })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.key, true);
        w.string(&self.value, true);
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 19;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
