// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AlterClientQuotasRequest<'a> {
        pub entries: Array<'a, Entries<'a>>,
        pub validate_only: bool,
    }

    impl<'a> Message<'a> for AlterClientQuotasRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 1;
            let entries = r.array(Form { version: v, flexible: flex })?;
            let validate_only = r.bool()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { entries, validate_only })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.array(&self.entries, Form { version: v, flexible: flex });
            w.bool(self.validate_only);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Entries<'a> {
        pub entity: Array<'a, Entity<'a>>,
        pub ops: Array<'a, Ops<'a>>,
    }

    impl<'a> Message<'a> for Entries<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let entity = r.array(Form { version: v, flexible: flex })?;
            let ops = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { entity, ops })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.array(&self.entity, Form { version: v, flexible: flex });
            w.array(&self.ops, Form { version: v, flexible: flex });
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
    pub struct Ops<'a> {
        pub key: Str<'a>,
        pub value: f64,
        pub remove: bool,
    }

    impl<'a> Message<'a> for Ops<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let key = r.string(flex)?;
            let value = r.f64()?;
            let remove = r.bool()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { key, value, remove })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.string(&self.key, flex);
            w.f64(self.value);
            w.bool(self.remove);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AlterClientQuotasResponse<'a> {
        pub throttle_time_ms: i32,
        pub entries: Array<'a, Entries<'a>>,
    }

    impl<'a> Message<'a> for AlterClientQuotasResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 1;
            let throttle_time_ms = r.i32()?;
            let entries = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, entries })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.i32(self.throttle_time_ms);
            w.array(&self.entries, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Entries<'a> {
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub entity: Array<'a, Entity<'a>>,
    }

    impl Default for Entries<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                error_message: Some(Default::default()),
                entity: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Entries<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            let entity = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { error_code, error_message, entity })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
            w.array(&self.entity, Form { version: v, flexible: flex });
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
}
