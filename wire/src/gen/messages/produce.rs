// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Records, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ProduceRequest<'a> {
        pub transactional_id: Option<Str<'a>>,
        pub acks: i16,
        pub timeout_ms: i32,
        pub topic_data: Array<'a, TopicData<'a>>,
    }

    impl<'a> Message<'a> for ProduceRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(3..=13).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 9;
            let transactional_id = r.string_or_null(flex)?;
            let acks = r.i16()?;
            let timeout_ms = r.i32()?;
            let topic_data = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { transactional_id, acks, timeout_ms, topic_data })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            w.string_or_null(self.transactional_id.as_deref(), flex);
            w.i16(self.acks);
            w.i32(self.timeout_ms);
            w.array(&self.topic_data, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TopicData<'a> {
        /// Versions 3 to 12.
        pub name: Str<'a>,
        /// Version 13.
        pub topic_id: Uuid,
        pub partition_data: Array<'a, PartitionData<'a>>,
    }

    impl<'a> Message<'a> for TopicData<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let name = if v <= 12 { r.string(flex)? } else { Default::default() };
            let topic_id = if v >= 13 { r.uuid()? } else { Default::default() };
            let partition_data = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, topic_id, partition_data })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            if v <= 12 {
                w.string(&self.name, flex);
            }
            if v >= 13 {
                w.uuid(self.topic_id);
            }
            w.array(&self.partition_data, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct PartitionData<'a> {
        pub index: i32,
        pub records: Option<Records<'a>>,
    }

    impl<'a> Message<'a> for PartitionData<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let index = r.i32()?;
            let records = r.records_or_null(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { index, records })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            w.i32(self.index);
            w.records_or_null(self.records.as_ref(), flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ProduceResponse<'a> {
        pub responses: Array<'a, Responses<'a>>,
        pub throttle_time_ms: i32,
        /// Versions 10 and up, tag 0.
        pub node_endpoints: Array<'a, NodeEndpoints<'a>>,
    }

    impl<'a> Message<'a> for ProduceResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(3..=13).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 9;
            let responses = r.array(Form { version: v, flexible: flex })?;
            let throttle_time_ms = r.i32()?;
            let mut node_endpoints: Array<'a, NodeEndpoints<'a>> = Default::default();
            if flex {
                for _ in 0..r.tag_count()? {
                    let (tag, mut p) = r.tag()?;
                    match tag {
                        0 if v >= 10 => {
                            node_endpoints = p.array(Form { version: v, flexible: flex })?
                        }
                        _ => continue,
                    }
                    p.finish_tag(tag)?;
                }
            }
            Ok(Self { responses, throttle_time_ms, node_endpoints })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            w.array(&self.responses, Form { version: v, flexible: flex });
            w.i32(self.throttle_time_ms);
            if flex {
                let set_0 = v >= 10 && !self.node_endpoints.is_empty();
                w.tag_count(u32::from(set_0));
                if set_0 {
                    w.tag(0, |w| {
                        w.array(&self.node_endpoints, Form { version: v, flexible: flex });
                    });
                }
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Responses<'a> {
        /// Versions 3 to 12.
        pub name: Str<'a>,
        /// Version 13.
        pub topic_id: Uuid,
        pub partition_responses: Array<'a, PartitionResponses<'a>>,
    }

    impl<'a> Message<'a> for Responses<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let name = if v <= 12 { r.string(flex)? } else { Default::default() };
            let topic_id = if v >= 13 { r.uuid()? } else { Default::default() };
            let partition_responses = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, topic_id, partition_responses })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            if v <= 12 {
                w.string(&self.name, flex);
            }
            if v >= 13 {
                w.uuid(self.topic_id);
            }
            w.array(&self.partition_responses, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct PartitionResponses<'a> {
        pub index: i32,
        pub error_code: i16,
        pub base_offset: i64,
        pub log_append_time_ms: i64,
        /// Versions 5 and up.
        pub log_start_offset: i64,
        /// Versions 8 and up.
        pub record_errors: Array<'a, RecordErrors<'a>>,
        /// Versions 8 and up.
        pub error_message: Option<Str<'a>>,
        /// Versions 10 and up, tag 0.
        pub current_leader: CurrentLeader,
    }

    impl Default for PartitionResponses<'_> {
        fn default() -> Self {
            Self {
                index: Default::default(),
                error_code: Default::default(),
                base_offset: Default::default(),
                log_append_time_ms: -1,
                log_start_offset: -1,
                record_errors: Default::default(),
                error_message: Default::default(),
                current_leader: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for PartitionResponses<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let index = r.i32()?;
            let error_code = r.i16()?;
            let base_offset = r.i64()?;
            let log_append_time_ms = r.i64()?;
            let log_start_offset = if v >= 5 { r.i64()? } else { -1 };
            let record_errors = if v >= 8 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let error_message = if v >= 8 { r.string_or_null(flex)? } else { Default::default() };
            let mut current_leader: CurrentLeader = Default::default();
            if flex {
                for _ in 0..r.tag_count()? {
                    let (tag, mut p) = r.tag()?;
                    match tag {
                        0 if v >= 10 => current_leader = CurrentLeader::decode(&mut p, v)?,
                        _ => continue,
                    }
                    p.finish_tag(tag)?;
                }
            }
            Ok(Self {
                index,
                error_code,
                base_offset,
                log_append_time_ms,
                log_start_offset,
                record_errors,
                error_message,
                current_leader,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            w.i32(self.index);
            w.i16(self.error_code);
            w.i64(self.base_offset);
            w.i64(self.log_append_time_ms);
            if v >= 5 {
                w.i64(self.log_start_offset);
            }
            if v >= 8 {
                w.array(&self.record_errors, Form { version: v, flexible: flex });
            }
            if v >= 8 {
                w.string_or_null(self.error_message.as_deref(), flex);
            }
            if flex {
                let set_0 = v >= 10 && self.current_leader != CurrentLeader::default();
                w.tag_count(u32::from(set_0));
                if set_0 {
                    w.tag(0, |w| {
                        self.current_leader.encode(w, v);
                    });
                }
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct RecordErrors<'a> {
        /// Versions 8 and up.
        pub batch_index: i32,
        /// Versions 8 and up.
        pub batch_index_error_message: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for RecordErrors<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let batch_index = if v >= 8 { r.i32()? } else { Default::default() };
            let batch_index_error_message =
                if v >= 8 { r.string_or_null(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { batch_index, batch_index_error_message })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            if v >= 8 {
                w.i32(self.batch_index);
            }
            if v >= 8 {
                w.string_or_null(self.batch_index_error_message.as_deref(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct CurrentLeader {
        /// Versions 10 and up.
        pub leader_id: i32,
        /// Versions 10 and up.
        pub leader_epoch: i32,
    }

    impl Default for CurrentLeader {
        fn default() -> Self {
            Self { leader_id: -1, leader_epoch: -1 }
        }
    }

    impl<'a> Message<'a> for CurrentLeader {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let leader_id = if v >= 10 { r.i32()? } else { -1 };
            let leader_epoch = if v >= 10 { r.i32()? } else { -1 };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { leader_id, leader_epoch })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            if v >= 10 {
                w.i32(self.leader_id);
            }
            if v >= 10 {
                w.i32(self.leader_epoch);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct NodeEndpoints<'a> {
        /// Versions 10 and up.
        pub node_id: i32,
        /// Versions 10 and up.
        pub host: Str<'a>,
        /// Versions 10 and up.
        pub port: i32,
        /// Versions 10 and up.
        pub rack: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for NodeEndpoints<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let node_id = if v >= 10 { r.i32()? } else { Default::default() };
            let host = if v >= 10 { r.string(flex)? } else { Default::default() };
            let port = if v >= 10 { r.i32()? } else { Default::default() };
            let rack = if v >= 10 { r.string_or_null(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { node_id, host, port, rack })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            if v >= 10 {
                w.i32(self.node_id);
            }
            if v >= 10 {
                w.string(&self.host, flex);
            }
            if v >= 10 {
                w.i32(self.port);
            }
            if v >= 10 {
                w.string_or_null(self.rack.as_deref(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
