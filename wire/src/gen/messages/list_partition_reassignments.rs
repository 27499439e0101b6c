// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct ListPartitionReassignmentsRequest<'a> {
        pub timeout_ms: i32,
        pub topics: Option<Array<'a, Topics<'a>>>,
    }

    impl Default for ListPartitionReassignmentsRequest<'_> {
        fn default() -> Self {
            Self { timeout_ms: 60000, topics: Default::default() }
        }
    }

    impl<'a> Message<'a> for ListPartitionReassignmentsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let timeout_ms = r.i32()?;
            let topics = r.array_or_null(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { timeout_ms, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.timeout_ms);
            w.array_or_null(self.topics.as_ref(), Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partition_indexes: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let partition_indexes = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { name, partition_indexes })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, true);
            w.array(&self.partition_indexes, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct ListPartitionReassignmentsResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl Default for ListPartitionReassignmentsResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
                topics: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for ListPartitionReassignmentsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, error_message, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub replicas: Array<'a, i32>,
        pub adding_replicas: Array<'a, i32>,
        pub removing_replicas: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let replicas = r.array(Form { version: v, flexible: true })?;
            let adding_replicas = r.array(Form { version: v, flexible: true })?;
            let removing_replicas = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { partition_index, replicas, adding_replicas, removing_replicas })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.array(&self.replicas, Form { version: v, flexible: true });
            w.array(&self.adding_replicas, Form { version: v, flexible: true });
            w.array(&self.removing_replicas, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}
