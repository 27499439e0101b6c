// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeUserScramCredentialsRequest<'a> {
        pub users: Option<Array<'a, Users<'a>>>,
    }

    impl Default for DescribeUserScramCredentialsRequest<'_> {
        fn default() -> Self {
            Self { users: Some(Default::default()) }
        }
    }

    impl<'a> Message<'a> for DescribeUserScramCredentialsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let users = r.array_or_null(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { users })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array_or_null(self.users.as_ref(), Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Users<'a> {
        pub name: Str<'a>,
    }

    impl<'a> Message<'a> for Users<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            r.skip_tags()?;
            Ok(Self { name })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.name, true);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeUserScramCredentialsResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub results: Array<'a, Results<'a>>,
    }

    impl Default for DescribeUserScramCredentialsResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
                results: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for DescribeUserScramCredentialsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let results = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, error_message, results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.array(&self.results, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Results<'a> {
        pub user: Str<'a>,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub credential_infos: Array<'a, CredentialInfos>,
    }

    impl Default for Results<'_> {
        fn default() -> Self {
            Self {
                user: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
                credential_infos: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Results<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let user = r.string(true)?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let credential_infos = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { user, error_code, error_message, credential_infos })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.user, true);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.array(&self.credential_infos, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CredentialInfos {
        pub mechanism: i8,
        pub iterations: i32,
    }

    impl<'a> Message<'a> for CredentialInfos {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let mechanism = r.i8()?;
            let iterations = r.i32()?;
            r.skip_tags()?;
            Ok(Self { mechanism, iterations })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i8(self.mechanism);
            w.i32(self.iterations);
            w.tag_count(0);
        }
    }
}
