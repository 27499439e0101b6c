// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct AlterPartitionReassignmentsRequest<'a> {
        pub timeout_ms: i32,
        /// Version 1.
        pub allow_replication_factor_change: bool,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl Default for AlterPartitionReassignmentsRequest<'_> {
        fn default() -> Self {
            Self {
                timeout_ms: 60000,
                allow_replication_factor_change: true,
                topics: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for AlterPartitionReassignmentsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let timeout_ms = r.i32()?;
            let allow_replication_factor_change = if v >= 1 { r.bool()? } else { true };
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { timeout_ms, allow_replication_factor_change, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.timeout_ms);
            if v >= 1 {
                w.bool(self.allow_replication_factor_change);
            }
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
        pub replicas: Option<Array<'a, i32>>,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let replicas = r.array_or_null(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { partition_index, replicas })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.array_or_null(self.replicas.as_ref(), Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct AlterPartitionReassignmentsResponse<'a> {
        pub throttle_time_ms: i32,
        /// Version 1.
        pub allow_replication_factor_change: bool,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub responses: Array<'a, Responses<'a>>,
    }

    impl Default for AlterPartitionReassignmentsResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                allow_replication_factor_change: true,
                error_code: Default::default(),
                error_message: Some(Default::default()),
                responses: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for AlterPartitionReassignmentsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let allow_replication_factor_change = if v >= 1 { r.bool()? } else { true };
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let responses = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                throttle_time_ms,
                allow_replication_factor_change,
                error_code,
                error_message,
                responses,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            if v >= 1 {
                w.bool(self.allow_replication_factor_change);
            }
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.array(&self.responses, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Responses<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Responses<'a> {
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

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl Default for Partitions<'_> {
        fn default() -> Self {
            Self {
                partition_index: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            r.skip_tags()?;
            Ok(Self { partition_index, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.tag_count(0);
        }
    }
}
