// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeLogDirsRequest<'a> {
        pub topics: Option<Array<'a, Topics<'a>>>,
    }

    impl Default for DescribeLogDirsRequest<'_> {
        fn default() -> Self {
            Self { topics: Some(Default::default()) }
        }
    }

    impl<'a> Message<'a> for DescribeLogDirsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let topics = r.array_or_null(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.array_or_null(self.topics.as_ref(), Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let topic = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.topic, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeLogDirsResponse<'a> {
        pub throttle_time_ms: i32,
        /// Versions 3 and up.
        pub error_code: i16,
        pub results: Array<'a, Results<'a>>,
    }

    impl<'a> Message<'a> for DescribeLogDirsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let throttle_time_ms = r.i32()?;
            let error_code = if v >= 3 { r.i16()? } else { Default::default() };
            let results = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code, results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.throttle_time_ms);
            if v >= 3 {
                w.i16(self.error_code);
            }
            w.array(&self.results, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Results<'a> {
        pub error_code: i16,
        pub log_dir: Str<'a>,
        pub topics: Array<'a, Topics<'a>>,
        /// Versions 4 and up.
        pub total_bytes: i64,
        /// Versions 4 and up.
        pub usable_bytes: i64,
        /// Version 5.
        pub is_cordoned: bool,
    }

    impl Default for Results<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                log_dir: Default::default(),
                topics: Default::default(),
                total_bytes: -1,
                usable_bytes: -1,
                is_cordoned: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Results<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let error_code = r.i16()?;
            let log_dir = r.string(flex)?;
            let topics = r.array(Form { version: v, flexible: flex })?;
            let total_bytes = if v >= 4 { r.i64()? } else { -1 };
            let usable_bytes = if v >= 4 { r.i64()? } else { -1 };
            let is_cordoned = if v >= 5 { r.bool()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { error_code, log_dir, topics, total_bytes, usable_bytes, is_cordoned })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i16(self.error_code);
            w.string(&self.log_dir, flex);
            w.array(&self.topics, Form { version: v, flexible: flex });
            if v >= 4 {
                w.i64(self.total_bytes);
            }
            if v >= 4 {
                w.i64(self.usable_bytes);
            }
            if v >= 5 {
                w.bool(self.is_cordoned);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let name = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.name, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions {
        pub partition_index: i32,
        pub partition_size: i64,
        pub offset_lag: i64,
        pub is_future_key: bool,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let partition_index = r.i32()?;
            let partition_size = r.i64()?;
            let offset_lag = r.i64()?;
            let is_future_key = r.bool()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, partition_size, offset_lag, is_future_key })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.partition_index);
            w.i64(self.partition_size);
            w.i64(self.offset_lag);
            w.bool(self.is_future_key);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
