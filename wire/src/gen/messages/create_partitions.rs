// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CreatePartitionsRequest<'a> {
        pub topics: Array<'a, Topics<'a>>,
        pub timeout_ms: i32,
        pub validate_only: bool,
    }

    impl<'a> Message<'a> for CreatePartitionsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let topics = r.array(Form { version: v, flexible: flex })?;
            let timeout_ms = r.i32()?;
            let validate_only = r.bool()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topics, timeout_ms, validate_only })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.array(&self.topics, Form { version: v, flexible: flex });
            w.i32(self.timeout_ms);
            w.bool(self.validate_only);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub count: i32,
        pub assignments: Option<Array<'a, Assignments<'a>>>,
    }

    impl Default for Topics<'_> {
        fn default() -> Self {
            Self {
                name: Default::default(),
                count: Default::default(),
                assignments: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let name = r.string(flex)?;
            let count = r.i32()?;
            let assignments = r.array_or_null(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, count, assignments })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.name, flex);
            w.i32(self.count);
            w.array_or_null(self.assignments.as_ref(), Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Assignments<'a> {
        pub broker_ids: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Assignments<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let broker_ids = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { broker_ids })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.array(&self.broker_ids, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CreatePartitionsResponse<'a> {
        pub throttle_time_ms: i32,
        pub results: Array<'a, Results<'a>>,
    }

    impl<'a> Message<'a> for CreatePartitionsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let throttle_time_ms = r.i32()?;
            let results = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.throttle_time_ms);
            w.array(&self.results, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Results<'a> {
        pub name: Str<'a>,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for Results<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let name = r.string(flex)?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.name, flex);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
