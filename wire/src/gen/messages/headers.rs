// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq)]
pub struct RequestHeader<'a> {
    pub request_api_key: i16,
    pub request_api_version: i16,
    pub correlation_id: i32,
    pub client_id: Option<Str<'a>>,
}

impl Default for RequestHeader<'_> {
    fn default() -> Self {
        Self {
            request_api_key: Default::default(),
            request_api_version: Default::default(),
            correlation_id: Default::default(),
            client_id: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for RequestHeader<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(1..=2).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let flex = v >= 2;
        let request_api_key = r.i16()?;
        let request_api_version = r.i16()?;
        let correlation_id = r.i32()?;
        let client_id = r.string_or_null(false)?;
        if flex {
            r.skip_tags()?;
        }
        Ok(Self { request_api_key, request_api_version, correlation_id, client_id })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        let flex = v >= 2;
        w.i16(self.request_api_key);
        w.i16(self.request_api_version);
        w.i32(self.correlation_id);
        w.string_or_null(self.client_id.as_deref(), false);
        if flex {
            w.tag_count(0);
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResponseHeader {
    pub correlation_id: i32,
}

impl<'a> Message<'a> for ResponseHeader {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=1).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let flex = v >= 1;
        let correlation_id = r.i32()?;
        if flex {
            r.skip_tags()?;
        }
        Ok(Self { correlation_id })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        let flex = v >= 1;
        w.i32(self.correlation_id);
        if flex {
            w.tag_count(0);
        }
    }
}
