// Written by `cargo xtask codegen` from wire/schema; do not edit.

use std::borrow::Cow;

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
    pub subscribed_topic_names: Array<'a, Str<'a>>,
    pub subscribed_topic_regex: Option<Str<'a>>,
    pub rebalance_timeout_ms: i32,
    pub server_assignor: Option<Str<'a>>,
    /// Tag 0.
    pub classic_member_metadata: Option<ClassicMemberMetadata<'a>>,
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self {
            instance_id: Some(Default::default()),
            rack_id: Some(Default::default()),
            client_id: Default::default(),
            client_host: Default::default(),
            subscribed_topic_names: Default::default(),
            subscribed_topic_regex: Some(Default::default()),
            rebalance_timeout_ms: -1,
            server_assignor: Some(Default::default()),
            classic_member_metadata: Some(Default::default()),
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
        let subscribed_topic_names = r.array(Form { version: v, flexible: true })?;
        let subscribed_topic_regex = r.string_or_null(true)?;
        let rebalance_timeout_ms = r.i32()?;
        let server_assignor = r.string_or_null(true)?;
        let mut classic_member_metadata: Option<ClassicMemberMetadata<'a>> =
            Some(Default::default());
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => {
                    classic_member_metadata = if p.uvarint()? > 0 {
                        Some(ClassicMemberMetadata::decode(&mut p, v)?)
                    } else {
                        None
                    }
                }
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self {
            instance_id,
            rack_id,
            client_id,
            client_host,
            subscribed_topic_names,
            subscribed_topic_regex,
            rebalance_timeout_ms,
            server_assignor,
            classic_member_metadata,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string_or_null(self.instance_id.as_deref(), true);
        w.string_or_null(self.rack_id.as_deref(), true);
        w.string(&self.client_id, true);
        w.string(&self.client_host, true);
        w.array(&self.subscribed_topic_names, Form { version: v, flexible: true });
        w.string_or_null(self.subscribed_topic_regex.as_deref(), true);
        w.i32(self.rebalance_timeout_ms);
        w.string_or_null(self.server_assignor.as_deref(), true);
        let set_0 =
            self.classic_member_metadata.as_ref() != Some(&ClassicMemberMetadata::default());
        w.tag_count(u32::from(set_0));
        if set_0 {
            w.tag(0, |w| {
                w.uvarint(u32::from(self.classic_member_metadata.is_some()));
                if let Some(x) = &self.classic_member_metadata {
                    x.encode(w, v);
                }
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClassicMemberMetadata<'a> {
    pub session_timeout_ms: i32,
    pub supported_protocols: Array<'a, SupportedProtocols<'a>>,
}

impl<'a> Message<'a> for ClassicMemberMetadata<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let session_timeout_ms = r.i32()?;
        let supported_protocols = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { session_timeout_ms, supported_protocols })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.session_timeout_ms);
        w.array(&self.supported_protocols, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct SupportedProtocols<'a> {
    pub name: Str<'a>,
    pub metadata: Cow<'a, [u8]>,
}

impl<'a> Message<'a> for SupportedProtocols<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let metadata = r.bytes(true)?;
        r.skip_tags()?;
        Ok(Self { name, metadata })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.bytes(&self.metadata, true);
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 5;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
