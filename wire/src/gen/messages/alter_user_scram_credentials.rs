// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use std::borrow::Cow;

    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AlterUserScramCredentialsRequest<'a> {
        pub deletions: Array<'a, Deletions<'a>>,
        pub upsertions: Array<'a, Upsertions<'a>>,
    }

    impl<'a> Message<'a> for AlterUserScramCredentialsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let deletions = r.array(Form { version: v, flexible: true })?;
            let upsertions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { deletions, upsertions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.deletions, Form { version: v, flexible: true });
            w.array(&self.upsertions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Deletions<'a> {
        pub name: Str<'a>,
        pub mechanism: i8,
    }

    impl<'a> Message<'a> for Deletions<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let mechanism = r.i8()?;
            r.skip_tags()?;
            Ok(Self { name, mechanism })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.name, true);
            w.i8(self.mechanism);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Upsertions<'a> {
        pub name: Str<'a>,
        pub mechanism: i8,
        pub iterations: i32,
        pub salt: Cow<'a, [u8]>,
        pub salted_password: Cow<'a, [u8]>,
    }

    impl<'a> Message<'a> for Upsertions<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let mechanism = r.i8()?;
            let iterations = r.i32()?;
            let salt = r.bytes(true)?;
            let salted_password = r.bytes(true)?;
            r.skip_tags()?;
            Ok(Self { name, mechanism, iterations, salt, salted_password })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.name, true);
            w.i8(self.mechanism);
            w.i32(self.iterations);
            w.bytes(&self.salt, true);
            w.bytes(&self.salted_password, true);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AlterUserScramCredentialsResponse<'a> {
        pub throttle_time_ms: i32,
        pub results: Array<'a, Results<'a>>,
    }

    impl<'a> Message<'a> for AlterUserScramCredentialsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let results = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.array(&self.results, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Results<'a> {
        pub user: Str<'a>,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl Default for Results<'_> {
        fn default() -> Self {
            Self {
                user: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Results<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let user = r.string(true)?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            r.skip_tags()?;
            Ok(Self { user, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.user, true);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.tag_count(0);
        }
    }
}
