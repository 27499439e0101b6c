// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeDelegationTokenRequest<'a> {
        pub owners: Option<Array<'a, Owners<'a>>>,
    }

    impl Default for DescribeDelegationTokenRequest<'_> {
        fn default() -> Self {
            Self { owners: Some(Default::default()) }
        }
    }

    impl<'a> Message<'a> for DescribeDelegationTokenRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let owners = r.array_or_null(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { owners })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.array_or_null(self.owners.as_ref(), Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Owners<'a> {
        pub principal_type: Str<'a>,
        pub principal_name: Str<'a>,
    }

    impl<'a> Message<'a> for Owners<'a> {
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

    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeDelegationTokenResponse<'a> {
        pub error_code: i16,
        pub tokens: Array<'a, Tokens<'a>>,
        pub throttle_time_ms: i32,
    }

    impl<'a> Message<'a> for DescribeDelegationTokenResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let error_code = r.i16()?;
            let tokens = r.array(Form { version: v, flexible: flex })?;
            let throttle_time_ms = r.i32()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { error_code, tokens, throttle_time_ms })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i16(self.error_code);
            w.array(&self.tokens, Form { version: v, flexible: flex });
            w.i32(self.throttle_time_ms);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Tokens<'a> {
        pub principal_type: Str<'a>,
        pub principal_name: Str<'a>,
        /// Version 3.
        pub token_requester_principal_type: Str<'a>,
        /// Version 3.
        pub token_requester_principal_name: Str<'a>,
        pub issue_timestamp: i64,
        pub expiry_timestamp: i64,
        pub max_timestamp: i64,
        pub token_id: Str<'a>,
        pub hmac: Cow<'a, [u8]>,
        pub renewers: Array<'a, Renewers<'a>>,
    }

    impl<'a> Message<'a> for Tokens<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let principal_type = r.string(flex)?;
            let principal_name = r.string(flex)?;
            let token_requester_principal_type =
                if v >= 3 { r.string(flex)? } else { Default::default() };
            let token_requester_principal_name =
                if v >= 3 { r.string(flex)? } else { Default::default() };
            let issue_timestamp = r.i64()?;
            let expiry_timestamp = r.i64()?;
            let max_timestamp = r.i64()?;
            let token_id = r.string(flex)?;
            let hmac = r.bytes(flex)?;
            let renewers = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                principal_type,
                principal_name,
                token_requester_principal_type,
                token_requester_principal_name,
                issue_timestamp,
                expiry_timestamp,
                max_timestamp,
                token_id,
                hmac,
                renewers,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.principal_type, flex);
            w.string(&self.principal_name, flex);
            if v >= 3 {
                w.string(&self.token_requester_principal_type, flex);
            }
            if v >= 3 {
                w.string(&self.token_requester_principal_name, flex);
            }
            w.i64(self.issue_timestamp);
            w.i64(self.expiry_timestamp);
            w.i64(self.max_timestamp);
            w.string(&self.token_id, flex);
            w.bytes(&self.hmac, flex);
            w.array(&self.renewers, Form { version: v, flexible: flex });
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
