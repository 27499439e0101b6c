// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeShareGroupOffsetsRequest<'a> {
        pub groups: Array<'a, Groups<'a>>,
    }

    impl<'a> Message<'a> for DescribeShareGroupOffsetsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let groups = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { groups })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.groups, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Groups<'a> {
        pub group_id: Str<'a>,
        pub topics: Option<Array<'a, Topics<'a>>>,
    }

    impl Default for Groups<'_> {
        fn default() -> Self {
            Self { group_id: Default::default(), topics: Some(Default::default()) }
        }
    }

    impl<'a> Message<'a> for Groups<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let group_id = r.string(true)?;
            let topics = r.array_or_null(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { group_id, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.group_id, true);
            w.array_or_null(self.topics.as_ref(), Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_name: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_name = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.topic_name, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeShareGroupOffsetsResponse<'a> {
        pub throttle_time_ms: i32,
        pub groups: Array<'a, Groups<'a>>,
    }

    impl<'a> Message<'a> for DescribeShareGroupOffsetsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let groups = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, groups })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.array(&self.groups, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Groups<'a> {
        pub group_id: Str<'a>,
        pub topics: Array<'a, Topics<'a>>,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for Groups<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let group_id = r.string(true)?;
            let topics = r.array(Form { version: v, flexible: true })?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            r.skip_tags()?;
            Ok(Self { group_id, topics, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.group_id, true);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_name: Str<'a>,
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_name = r.string(true)?;
            let topic_id = r.uuid()?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_name, topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.topic_name, true);
            w.uuid(self.topic_id);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub start_offset: i64,
        pub leader_epoch: i32,
        /// Version 1.
        pub lag: i64,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl Default for Partitions<'_> {
        fn default() -> Self {
            Self {
                partition_index: Default::default(),
                start_offset: Default::default(),
                leader_epoch: Default::default(),
                lag: -1,
                error_code: Default::default(),
                error_message: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let start_offset = r.i64()?;
            let leader_epoch = r.i32()?;
            let lag = if v >= 1 { r.i64()? } else { -1 };
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            r.skip_tags()?;
            Ok(Self { partition_index, start_offset, leader_epoch, lag, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.i64(self.start_offset);
            w.i32(self.leader_epoch);
            if v >= 1 {
                w.i64(self.lag);
            }
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.tag_count(0);
        }
    }
}
