// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct ShareAcknowledgeRequest<'a> {
        pub group_id: Option<Str<'a>>,
        pub member_id: Option<Str<'a>>,
        pub share_session_epoch: i32,
        /// Version 2.
        pub is_renew_ack: bool,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl Default for ShareAcknowledgeRequest<'_> {
        fn default() -> Self {
            Self {
                group_id: Default::default(),
                member_id: Some(Default::default()),
                share_session_epoch: Default::default(),
                is_renew_ack: Default::default(),
                topics: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for ShareAcknowledgeRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let group_id = r.string_or_null(true)?;
            let member_id = r.string_or_null(true)?;
            let share_session_epoch = r.i32()?;
            let is_renew_ack = if v >= 2 { r.bool()? } else { Default::default() };
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { group_id, member_id, share_session_epoch, is_renew_ack, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string_or_null(self.group_id.as_deref(), true);
            w.string_or_null(self.member_id.as_deref(), true);
            w.i32(self.share_session_epoch);
            if v >= 2 {
                w.bool(self.is_renew_ack);
            }
            w.array(&self.topics, Form { version: v, flexible: true });
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
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ShareAcknowledgeResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        /// Version 2.
        pub acquisition_lock_timeout_ms: i32,
        pub responses: Array<'a, Responses<'a>>,
        pub node_endpoints: Array<'a, NodeEndpoints<'a>>,
    }

    impl<'a> Message<'a> for ShareAcknowledgeResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let acquisition_lock_timeout_ms = if v >= 2 { r.i32()? } else { Default::default() };
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
            if v >= 2 {
                w.i32(self.acquisition_lock_timeout_ms);
            }
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
        pub current_leader: CurrentLeader,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let current_leader = CurrentLeader::decode(r, v)?;
            r.skip_tags()?;
            Ok(Self { partition_index, error_code, error_message, current_leader })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            self.current_leader.encode(w, v);
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
