// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct ShareFetchRequest<'a> {
        pub group_id: Option<Str<'a>>,
        pub member_id: Option<Str<'a>>,
        pub share_session_epoch: i32,
        pub max_wait_ms: i32,
        pub min_bytes: i32,
        pub max_bytes: i32,
        pub max_records: i32,
        pub batch_size: i32,
        /// Version 2.
        pub share_acquire_mode: i8,
        /// Version 2.
        pub is_renew_ack: bool,
        pub topics: Array<'a, Topics<'a>>,
        pub forgotten_topics_data: Array<'a, ForgottenTopicsData<'a>>,
    }

    impl Default for ShareFetchRequest<'_> {
        fn default() -> Self {
            Self {
                group_id: Default::default(),
                member_id: Some(Default::default()),
                share_session_epoch: Default::default(),
                max_wait_ms: Default::default(),
                min_bytes: Default::default(),
                max_bytes: i32::MAX,
                max_records: Default::default(),
                batch_size: Default::default(),
                share_acquire_mode: Default::default(),
                is_renew_ack: Default::default(),
                topics: Default::default(),
                forgotten_topics_data: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for ShareFetchRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let group_id = r.string_or_null(true)?;
            let member_id = r.string_or_null(true)?;
            let share_session_epoch = r.i32()?;
            let max_wait_ms = r.i32()?;
            let min_bytes = r.i32()?;
            let max_bytes = r.i32()?;
            let max_records = r.i32()?;
            let batch_size = r.i32()?;
            let share_acquire_mode = if v >= 2 { r.i8()? } else { Default::default() };
            let is_renew_ack = if v >= 2 { r.bool()? } else { Default::default() };
            let topics = r.array(Form { version: v, flexible: true })?;
            let forgotten_topics_data = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                group_id,
                member_id,
                share_session_epoch,
                max_wait_ms,
                min_bytes,
                max_bytes,
                max_records,
                batch_size,
                share_acquire_mode,
                is_renew_ack,
                topics,
                forgotten_topics_data,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string_or_null(self.group_id.as_deref(), true);
            w.string_or_null(self.member_id.as_deref(), true);
            w.i32(self.share_session_epoch);
            w.i32(self.max_wait_ms);
            w.i32(self.min_bytes);
            w.i32(self.max_bytes);
            w.i32(self.max_records);
            w.i32(self.batch_size);
            if v >= 2 {
                w.i8(self.share_acquire_mode);
            }
            if v >= 2 {
                w.bool(self.is_renew_ack);
            }
            w.array(&self.topics, Form { version: v, flexible: true });
            w.array(&self.forgotten_topics_data, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_id = r.uuid()?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.topic_id);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub acknowledgement_batches: Array<'a, AcknowledgementBatches<'a>>,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let acknowledgement_batches = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { partition_index, acknowledgement_batches })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.array(&self.acknowledgement_batches, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AcknowledgementBatches<'a> {
        pub first_offset: i64,
        pub last_offset: i64,
        pub acknowledge_types: Array<'a, i8>,
    }

    impl<'a> Message<'a> for AcknowledgementBatches<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let first_offset = r.i64()?;
            let last_offset = r.i64()?;
            let acknowledge_types = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { first_offset, last_offset, acknowledge_types })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i64(self.first_offset);
            w.i64(self.last_offset);
            w.array(&self.acknowledge_types, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ForgottenTopicsData<'a> {
        pub topic_id: Uuid,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for ForgottenTopicsData<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_id = r.uuid()?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.topic_id);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Records, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ShareFetchResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub acquisition_lock_timeout_ms: i32,
        pub responses: Array<'a, Responses<'a>>,
        pub node_endpoints: Array<'a, NodeEndpoints<'a>>,
    }

    impl<'a> Message<'a> for ShareFetchResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let acquisition_lock_timeout_ms = r.i32()?;
            let responses = r.array(Form { version: v, flexible: true })?;
            let node_endpoints = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                throttle_time_ms,
                error_code,
                error_message,
                acquisition_lock_timeout_ms,
                responses,
                node_endpoints,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.i32(self.acquisition_lock_timeout_ms);
            w.array(&self.responses, Form { version: v, flexible: true });
            w.array(&self.node_endpoints, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Responses<'a> {
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Responses<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_id = r.uuid()?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.topic_id);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub acknowledge_error_code: i16,
        pub acknowledge_error_message: Option<Str<'a>>,
        pub current_leader: CurrentLeader,
        pub records: Option<Records<'a>>,
        pub acquired_records: Array<'a, AcquiredRecords>,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let acknowledge_error_code = r.i16()?;
            let acknowledge_error_message = r.string_or_null(true)?;
            let current_leader = CurrentLeader::decode(r, v)?;
            let records = r.records_or_null(true)?;
            let acquired_records = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                partition_index,
                error_code,
                error_message,
                acknowledge_error_code,
                acknowledge_error_message,
                current_leader,
                records,
                acquired_records,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.i16(self.acknowledge_error_code);
            w.string_or_null(self.acknowledge_error_message.as_deref(), true);
            self.current_leader.encode(w, v);
            w.records_or_null(self.records.as_ref(), true);
            w.array(&self.acquired_records, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CurrentLeader {
        pub leader_id: i32,
        pub leader_epoch: i32,
    }

    impl<'a> Message<'a> for CurrentLeader {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let leader_id = r.i32()?;
            let leader_epoch = r.i32()?;
            r.skip_tags()?;
            Ok(Self { leader_id, leader_epoch })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.leader_id);
            w.i32(self.leader_epoch);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AcquiredRecords {
        pub first_offset: i64,
        pub last_offset: i64,
        pub delivery_count: i16,
    }

    impl<'a> Message<'a> for AcquiredRecords {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let first_offset = r.i64()?;
            let last_offset = r.i64()?;
            let delivery_count = r.i16()?;
            r.skip_tags()?;
            Ok(Self { first_offset, last_offset, delivery_count })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i64(self.first_offset);
            w.i64(self.last_offset);
            w.i16(self.delivery_count);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct NodeEndpoints<'a> {
        pub node_id: i32,
        pub host: Str<'a>,
        pub port: i32,
        pub rack: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for NodeEndpoints<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let node_id = r.i32()?;
            let host = r.string(true)?;
            let port = r.i32()?;
            let rack = r.string_or_null(true)?;
            r.skip_tags()?;
            Ok(Self { node_id, host, port, rack })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.node_id);
            w.string(&self.host, true);
            w.i32(self.port);
            w.string_or_null(self.rack.as_deref(), true);
            w.tag_count(0);
        }
    }
}
