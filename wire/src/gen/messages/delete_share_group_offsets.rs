// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DeleteShareGroupOffsetsRequest<'a> {
        pub group_id: Str<'a>,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for DeleteShareGroupOffsetsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let group_id = r.string(true)?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { group_id, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.group_id, true);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_name: Str<'a>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let topic_name = r.string(true)?;
            r.skip_tags()?;
            Ok(Self { topic_name })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.topic_name, true);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DeleteShareGroupOffsetsResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub responses: Array<'a, Responses<'a>>,
    }

    impl<'a> Message<'a> for DeleteShareGroupOffsetsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let responses = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, error_message, responses })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.array(&self.responses, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Responses<'a> {
        pub topic_name: Str<'a>,
        pub topic_id: Uuid,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for Responses<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let topic_name = r.string(true)?;
            let topic_id = r.uuid()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            r.skip_tags()?;
            Ok(Self { topic_name, topic_id, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.topic_name, true);
            w.uuid(self.topic_id);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.tag_count(0);
        }
    }
}
