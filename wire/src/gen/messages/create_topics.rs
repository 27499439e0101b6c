// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct CreateTopicsRequest<'a> {
        pub topics: Array<'a, Topics<'a>>,
        pub timeout_ms: i32,
        pub validate_only: bool,
    }

    impl Default for CreateTopicsRequest<'_> {
        fn default() -> Self {
            Self {
                topics: Default::default(),
                timeout_ms: 60000,
                validate_only: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for CreateTopicsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(2..=7).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 5;
            let topics = r.array(Form { version: v, flexible: flex })?;
            let timeout_ms = r.i32()?;
            let validate_only = r.bool()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topics, timeout_ms, validate_only })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            w.array(&self.topics, Form { version: v, flexible: flex });
            w.i32(self.timeout_ms);
            w.bool(self.validate_only);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub num_partitions: i32,
        pub replication_factor: i16,
        pub assignments: Array<'a, Assignments<'a>>,
        pub configs: Array<'a, Configs<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 5;
            let name = r.string(flex)?;
            let num_partitions = r.i32()?;
            let replication_factor = r.i16()?;
            let assignments = r.array(Form { version: v, flexible: flex })?;
            let configs = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, num_partitions, replication_factor, assignments, configs })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            w.string(&self.name, flex);
            w.i32(self.num_partitions);
            w.i16(self.replication_factor);
            w.array(&self.assignments, Form { version: v, flexible: flex });
            w.array(&self.configs, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Assignments<'a> {
        pub partition_index: i32,
        pub broker_ids: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Assignments<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 5;
            let partition_index = r.i32()?;
            let broker_ids = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, broker_ids })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            w.i32(self.partition_index);
            w.array(&self.broker_ids, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Configs<'a> {
        pub name: Str<'a>,
        pub value: Option<Str<'a>>,
    }

    impl Default for Configs<'_> {
        fn default() -> Self {
            Self { name: Default::default(), value: Some(Default::default()) }
        }
    }

    impl<'a> Message<'a> for Configs<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 5;
            let name = r.string(flex)?;
            let value = r.string_or_null(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, value })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            w.string(&self.name, flex);
            w.string_or_null(self.value.as_deref(), flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CreateTopicsResponse<'a> {
        pub throttle_time_ms: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for CreateTopicsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(2..=7).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 5;
            let throttle_time_ms = r.i32()?;
            let topics = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            w.i32(self.throttle_time_ms);
            w.array(&self.topics, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        /// Version 7.
        pub topic_id: Uuid,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        /// Versions 5 and up, tag 0.
        pub topic_config_error_code: i16,
        /// Versions 5 and up.
        pub num_partitions: i32,
        /// Versions 5 and up.
        pub replication_factor: i16,
        /// Versions 5 and up.
        pub configs: Option<Array<'a, Configs<'a>>>,
    }

    impl Default for Topics<'_> {
        fn default() -> Self {
            Self {
                name: Default::default(),
                topic_id: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
                topic_config_error_code: Default::default(),
                num_partitions: -1,
                replication_factor: -1,
                configs: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 5;
            let name = r.string(flex)?;
            let topic_id = if v >= 7 { r.uuid()? } else { Default::default() };
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            let mut topic_config_error_code: i16 = Default::default();
            let num_partitions = if v >= 5 { r.i32()? } else { -1 };
            let replication_factor = if v >= 5 { r.i16()? } else { -1 };
            let configs = if v >= 5 {
                r.array_or_null(Form { version: v, flexible: flex })?
            } else {
                Some(Default::default())
            };
            if flex {
                for _ in 0..r.tag_count()? {
                    let (tag, mut p) = r.tag()?;
                    match tag {
                        0 => topic_config_error_code = p.i16()?,
                        _ => continue,
                    }
                    p.finish_tag(tag)?;
                }
            }
            Ok(Self {
                name,
                topic_id,
                error_code,
                error_message,
                topic_config_error_code,
                num_partitions,
                replication_factor,
                configs,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            w.string(&self.name, flex);
            if v >= 7 {
                w.uuid(self.topic_id);
            }
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
            if v >= 5 {
                w.i32(self.num_partitions);
            }
            if v >= 5 {
                w.i16(self.replication_factor);
            }
            if v >= 5 {
                w.array_or_null(self.configs.as_ref(), Form { version: v, flexible: flex });
            }
            if flex {
                let set_0 = self.topic_config_error_code != 0;
                w.tag_count(u32::from(set_0));
                if set_0 {
                    w.tag(0, |w| {
                        w.i16(self.topic_config_error_code);
                    });
                }
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Configs<'a> {
        /// Versions 5 and up.
        pub name: Str<'a>,
        /// Versions 5 and up.
        pub value: Option<Str<'a>>,
        /// Versions 5 and up.
        pub read_only: bool,
        /// Versions 5 and up.
        pub config_source: i8,
        /// Versions 5 and up.
        pub is_sensitive: bool,
    }

    impl Default for Configs<'_> {
        fn default() -> Self {
            Self {
                name: Default::default(),
                value: Some(Default::default()),
                read_only: Default::default(),
                config_source: -1,
                is_sensitive: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Configs<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 5;
            let name = if v >= 5 { r.string(flex)? } else { Default::default() };
            let value = if v >= 5 { r.string_or_null(flex)? } else { Some(Default::default()) };
            let read_only = if v >= 5 { r.bool()? } else { Default::default() };
            let config_source = if v >= 5 { r.i8()? } else { -1 };
            let is_sensitive = if v >= 5 { r.bool()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, value, read_only, config_source, is_sensitive })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            if v >= 5 {
                w.string(&self.name, flex);
            }
            if v >= 5 {
                w.string_or_null(self.value.as_deref(), flex);
            }
            if v >= 5 {
                w.bool(self.read_only);
            }
            if v >= 5 {
                w.i8(self.config_source);
            }
            if v >= 5 {
                w.bool(self.is_sensitive);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
