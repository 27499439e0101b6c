// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use std::borrow::Cow;

    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct SaslAuthenticateRequest<'a> {
        pub auth_bytes: Cow<'a, [u8]>,
    }

    impl<'a> Message<'a> for SaslAuthenticateRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let auth_bytes = r.bytes(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { auth_bytes })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.bytes(&self.auth_bytes, flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use std::borrow::Cow;

    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct SaslAuthenticateResponse<'a> {
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub auth_bytes: Cow<'a, [u8]>,
        /// Versions 1 and up.
        pub session_lifetime_ms: i64,
    }

    impl Default for SaslAuthenticateResponse<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                error_message: Some(Default::default()),
                auth_bytes: Default::default(),
                session_lifetime_ms: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for SaslAuthenticateResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            let auth_bytes = r.bytes(flex)?;
            let session_lifetime_ms = if v >= 1 { r.i64()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { error_code, error_message, auth_bytes, session_lifetime_ms })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
            w.bytes(&self.auth_bytes, flex);
            if v >= 1 {
                w.i64(self.session_lifetime_ms);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
