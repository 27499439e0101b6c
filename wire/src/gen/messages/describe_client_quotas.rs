// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeClientQuotasRequest<'a> {
        pub components: Array<'a, Components<'a>>,
        pub strict: bool,
    }

    impl<'a> Message<'a> for DescribeClientQuotasRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 1;
            let components = r.array(Form { version: v, flexible: flex })?;
            let strict = r.bool()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { components, strict })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.array(&self.components, Form { version: v, flexible: flex });
            w.bool(self.strict);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Components<'a> {
        pub entity_type: Str<'a>,
        pub match_type: i8,
        pub r#match: Option<Str<'a>>,
    }

    impl Default for Components<'_> {
        fn default() -> Self {
            Self {
                entity_type: Default::default(),
                match_type: Default::default(),
                r#match: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Components<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let entity_type = r.string(flex)?;
            let match_type = r.i8()?;
            let r#match = r.string_or_null(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { entity_type, match_type, r#match })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.string(&self.entity_type, flex);
            w.i8(self.match_type);
            w.string_or_null(self.r#match.as_deref(), flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeClientQuotasResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub entries: Option<Array<'a, Entries<'a>>>,
    }

    impl Default for DescribeClientQuotasResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
                entries: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for DescribeClientQuotasResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 1;
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            let entries = r.array_or_null(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code, error_message, entries })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
            w.array_or_null(self.entries.as_ref(), Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Entries<'a> {
        pub entity: Array<'a, Entity<'a>>,
        pub values: Array<'a, Values<'a>>,
    }

    impl<'a> Message<'a> for Entries<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let entity = r.array(Form { version: v, flexible: flex })?;
            let values = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { entity, values })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.array(&self.entity, Form { version: v, flexible: flex });
            w.array(&self.values, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Entity<'a> {
        pub entity_type: Str<'a>,
        pub entity_name: Option<Str<'a>>,
    }

    impl Default for Entity<'_> {
        fn default() -> Self {
            Self { entity_type: Default::default(), entity_name: Some(Default::default()) }
        }
    }

    impl<'a> Message<'a> for Entity<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let entity_type = r.string(flex)?;
            let entity_name = r.string_or_null(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { entity_type, entity_name })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.string(&self.entity_type, flex);
            w.string_or_null(self.entity_name.as_deref(), flex);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Values<'a> {
        pub key: Str<'a>,
        pub value: f64,
    }

    impl<'a> Message<'a> for Values<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let key = r.string(flex)?;
            let value = r.f64()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { key, value })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.string(&self.key, flex);
            w.f64(self.value);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
