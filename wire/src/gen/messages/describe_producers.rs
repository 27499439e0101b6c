// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeProducersRequest<'a> {
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for DescribeProducersRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.topics, Form { version: v, flexible: true });
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

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeProducersResponse<'a> {
        pub throttle_time_ms: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for DescribeProducersResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
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
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub active_producers: Array<'a, ActiveProducers>,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let active_producers = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { partition_index, error_code, error_message, active_producers })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.array(&self.active_producers, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct ActiveProducers {
        pub producer_id: i64,
        pub producer_epoch: i32,
        pub last_sequence: i32,
        pub last_timestamp: i64,
        pub coordinator_epoch: i32,
        pub current_txn_start_offset: i64,
    }

    impl Default for ActiveProducers {
        fn default() -> Self {
            Self {
                producer_id: Default::default(),
                producer_epoch: Default::default(),
                last_sequence: -1,
                last_timestamp: -1,
                coordinator_epoch: Default::default(),
                current_txn_start_offset: -1,
            }
        }
    }

    impl<'a> Message<'a> for ActiveProducers {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let producer_id = r.i64()?;
            let producer_epoch = r.i32()?;
            let last_sequence = r.i32()?;
            let last_timestamp = r.i64()?;
            let coordinator_epoch = r.i32()?;
            let current_txn_start_offset = r.i64()?;
            r.skip_tags()?;
            Ok(Self {
                producer_id,
                producer_epoch,
                last_sequence,
                last_timestamp,
                coordinator_epoch,
                current_txn_start_offset,
            })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i64(self.producer_id);
            w.i32(self.producer_epoch);
            w.i32(self.last_sequence);
            w.i64(self.last_timestamp);
            w.i32(self.coordinator_epoch);
            w.i64(self.current_txn_start_offset);
            w.tag_count(0);
        }
    }
}
