// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DeleteTopicsRequest<'a> {
        /// Version 6.
        pub topics: Array<'a, Topics<'a>>,
        /// Versions 1 to 5.
        pub topic_names: Array<'a, Str<'a>>,
        pub timeout_ms: i32,
    }

    impl<'a> Message<'a> for DeleteTopicsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=6).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let topics = if v >= 6 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let topic_names = if v <= 5 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let timeout_ms = r.i32()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topics, topic_names, timeout_ms })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            if v >= 6 {
                w.array(&self.topics, Form { version: v, flexible: flex });
            }
            if v <= 5 {
                w.array(&self.topic_names, Form { version: v, flexible: flex });
            }
            w.i32(self.timeout_ms);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        /// Version 6.
        pub name: Option<Str<'a>>,
        /// Version 6.
        pub topic_id: Uuid,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let name = if v >= 6 { r.string_or_null(flex)? } else { Default::default() };
            let topic_id = if v >= 6 { r.uuid()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, topic_id })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            if v >= 6 {
                w.string_or_null(self.name.as_deref(), flex);
            }
            if v >= 6 {
                w.uuid(self.topic_id);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DeleteTopicsResponse<'a> {
        pub throttle_time_ms: i32,
        pub responses: Array<'a, Responses<'a>>,
    }

    impl<'a> Message<'a> for DeleteTopicsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=6).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let throttle_time_ms = r.i32()?;
            let responses = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, responses })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.i32(self.throttle_time_ms);
            w.array(&self.responses, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Responses<'a> {
        /// Nullable in version 6.
        pub name: Option<Str<'a>>,
        /// Version 6.
        pub topic_id: Uuid,
        pub error_code: i16,
        /// Versions 5 and up.
        pub error_message: Option<Str<'a>>,
    }

    impl Default for Responses<'_> {
        fn default() -> Self {
            Self {
                name: Some(Default::default()),
                topic_id: Default::default(),
                error_code: Default::default(),
                error_message: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Responses<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let name = if v >= 6 { r.string_or_null(flex)? } else { Some(r.string(flex)?) };
            let topic_id = if v >= 6 { r.uuid()? } else { Default::default() };
            let error_code = r.i16()?;
            let error_message = if v >= 5 { r.string_or_null(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, topic_id, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            if v >= 6 {
                w.string_or_null(self.name.as_deref(), flex);
            } else {
                w.string(self.name.as_deref().unwrap_or_default(), flex);
            }
            if v >= 6 {
                w.uuid(self.topic_id);
            }
            w.i16(self.error_code);
            if v >= 5 {
                w.string_or_null(self.error_message.as_deref(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
