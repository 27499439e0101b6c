// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct CreateDelegationTokenRequest<'a> {
        /// Version 3.
        pub owner_principal_type: Option<Str<'a>>,
        /// Version 3.
        pub owner_principal_name: Option<Str<'a>>,
        pub renewers: Array<'a, Renewers<'a>>,
        pub max_lifetime_ms: i64,
    }

    impl Default for CreateDelegationTokenRequest<'_> {
        fn default() -> Self {
            Self {
                owner_principal_type: Some(Default::default()),
                owner_principal_name: Some(Default::default()),
                renewers: Default::default(),
                max_lifetime_ms: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for CreateDelegationTokenRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let owner_principal_type =
                if v >= 3 { r.string_or_null(flex)? } else { Some(Default::default()) };
            let owner_principal_name =
                if v >= 3 { r.string_or_null(flex)? } else { Some(Default::default()) };
            let renewers = r.array(Form { version: v, flexible: flex })?;
            let max_lifetime_ms = r.i64()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { owner_principal_type, owner_principal_name, renewers, max_lifetime_ms })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            if v >= 3 {
                w.string_or_null(self.owner_principal_type.as_deref(), flex);
            }
            if v >= 3 {
                w.string_or_null(self.owner_principal_name.as_deref(), flex);
            }
            w.array(&self.renewers, Form { version: v, flexible: flex });
            w.i64(self.max_lifetime_ms);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Renewers<'a> {
        pub principal_type: Str<'a>,
        pub principal_name: Str<'a>,
    }

    impl<'a> Message<'a> for Renewers<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let principal_type = r.string(flex)?;
            let principal_name = r.string(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { principal_type, principal_name })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.principal_type, flex);
            w.string(&self.principal_name, flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use std::borrow::Cow;

    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CreateDelegationTokenResponse<'a> {
        pub error_code: i16,
        pub principal_type: Str<'a>,
        pub principal_name: Str<'a>,
        /// Version 3.
        pub token_requester_principal_type: Str<'a>,
        /// Version 3.
        pub token_requester_principal_name: Str<'a>,
        pub issue_timestamp_ms: i64,
        pub expiry_timestamp_ms: i64,
        pub max_timestamp_ms: i64,
        pub token_id: Str<'a>,
        pub hmac: Cow<'a, [u8]>,
        pub throttle_time_ms: i32,
    }

    impl<'a> Message<'a> for CreateDelegationTokenResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let error_code = r.i16()?;
            let principal_type = r.string(flex)?;
            let principal_name = r.string(flex)?;
            let token_requester_principal_type =
                if v >= 3 { r.string(flex)? } else { Default::default() };
            let token_requester_principal_name =
                if v >= 3 { r.string(flex)? } else { Default::default() };
            let issue_timestamp_ms = r.i64()?;
            let expiry_timestamp_ms = r.i64()?;
            let max_timestamp_ms = r.i64()?;
            let token_id = r.string(flex)?;
            let hmac = r.bytes(flex)?;
            let throttle_time_ms = r.i32()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                error_code,
                principal_type,
                principal_name,
                token_requester_principal_type,
                token_requester_principal_name,
                issue_timestamp_ms,
                expiry_timestamp_ms,
                max_timestamp_ms,
                token_id,
                hmac,
                throttle_time_ms,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i16(self.error_code);
            w.string(&self.principal_type, flex);
            w.string(&self.principal_name, flex);
            if v >= 3 {
                w.string(&self.token_requester_principal_type, flex);
            }
            if v >= 3 {
                w.string(&self.token_requester_principal_name, flex);
            }
            w.i64(self.issue_timestamp_ms);
            w.i64(self.expiry_timestamp_ms);
            w.i64(self.max_timestamp_ms);
            w.string(&self.token_id, flex);
            w.bytes(&self.hmac, flex);
            w.i32(self.throttle_time_ms);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
