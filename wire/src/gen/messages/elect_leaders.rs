// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct ElectLeadersRequest<'a> {
        /// Versions 1 and up.
        pub election_type: i8,
        pub topic_partitions: Option<Array<'a, TopicPartitions<'a>>>,
        pub timeout_ms: i32,
    }

    impl Default for ElectLeadersRequest<'_> {
        fn default() -> Self {
            Self {
                election_type: Default::default(),
                topic_partitions: Some(Default::default()),
                timeout_ms: 60000,
            }
        }
    }

    impl<'a> Message<'a> for ElectLeadersRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let election_type = if v >= 1 { r.i8()? } else { Default::default() };
            let topic_partitions = r.array_or_null(Form { version: v, flexible: flex })?;
            let timeout_ms = r.i32()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { election_type, topic_partitions, timeout_ms })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            if v >= 1 {
                w.i8(self.election_type);
            }
            w.array_or_null(self.topic_partitions.as_ref(), Form { version: v, flexible: flex });
            w.i32(self.timeout_ms);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TopicPartitions<'a> {
        pub topic: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for TopicPartitions<'a> {
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
    pub struct ElectLeadersResponse<'a> {
        pub throttle_time_ms: i32,
        /// Versions 1 and up.
        pub error_code: i16,
        pub replica_election_results: Array<'a, ReplicaElectionResults<'a>>,
    }

    impl<'a> Message<'a> for ElectLeadersResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let throttle_time_ms = r.i32()?;
            let error_code = if v >= 1 { r.i16()? } else { Default::default() };
            let replica_election_results = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code, replica_election_results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.throttle_time_ms);
            if v >= 1 {
                w.i16(self.error_code);
            }
            w.array(&self.replica_election_results, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ReplicaElectionResults<'a> {
        pub topic: Str<'a>,
        pub partition_result: Array<'a, PartitionResult<'a>>,
    }

    impl<'a> Message<'a> for ReplicaElectionResults<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let topic = r.string(flex)?;
            let partition_result = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic, partition_result })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.topic, flex);
            w.array(&self.partition_result, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct PartitionResult<'a> {
        pub partition_id: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl Default for PartitionResult<'_> {
        fn default() -> Self {
            Self {
                partition_id: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for PartitionResult<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let partition_id = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_id, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.partition_id);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
