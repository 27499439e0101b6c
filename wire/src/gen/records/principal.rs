// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct DefaultPrincipalData<'a> {
    pub r#type: Str<'a>,
    pub name: Str<'a>,
    pub token_authenticated: bool,
}

impl<'a> Message<'a> for DefaultPrincipalData<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let r#type = r.string(true)?;
        let name = r.string(true)?;
        let token_authenticated = r.bool()?;
        r.skip_tags()?;
        Ok(Self { r#type, name, token_authenticated })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.r#type, true);
        w.string(&self.name, true);
        w.bool(self.token_authenticated);
        w.tag_count(0);
    }
}

impl<'a> crate::RecordValue<'a> for DefaultPrincipalData<'a> {
    const NEWEST: i16 = 0;
}
