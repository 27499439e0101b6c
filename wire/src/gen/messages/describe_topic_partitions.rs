// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeTopicPartitionsRequest<'a> {
        pub topics: Array<'a, Topics<'a>>,
        pub response_partition_limit: i32,
        pub cursor: Option<Cursor<'a>>,
    }

    impl Default for DescribeTopicPartitionsRequest<'_> {
        fn default() -> Self {
            Self {
                topics: Default::default(),
                response_partition_limit: 2000,
                cursor: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for DescribeTopicPartitionsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let topics = r.array(Form { version: v, flexible: true })?;
            let response_partition_limit = r.i32()?;
            let cursor = if r.is_present()? { Some(Cursor::decode(r, v)?) } else { None };
            r.skip_tags()?;
            Ok(Self { topics, response_partition_limit, cursor })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.topics, Form { version: v, flexible: true });
            w.i32(self.response_partition_limit);
            w.present(self.cursor.is_some());
            if let Some(x) = &self.cursor {
                x.encode(w, v);
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            r.skip_tags()?;
            Ok(Self { name })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.name, true);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Cursor<'a> {
        pub topic_name: Str<'a>,
        pub partition_index: i32,
    }

    impl<'a> Message<'a> for Cursor<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let topic_name = r.string(true)?;
            let partition_index = r.i32()?;
            r.skip_tags()?;
            Ok(Self { topic_name, partition_index })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.topic_name, true);
            w.i32(self.partition_index);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeTopicPartitionsResponse<'a> {
        pub throttle_time_ms: i32,
        pub topics: Array<'a, Topics<'a>>,
        pub next_cursor: Option<NextCursor<'a>>,
    }

    impl<'a> Message<'a> for DescribeTopicPartitionsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            let next_cursor = if r.is_present()? { Some(NextCursor::decode(r, v)?) } else { None };
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, topics, next_cursor })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.present(self.next_cursor.is_some());
            if let Some(x) = &self.next_cursor {
                x.encode(w, v);
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Topics<'a> {
        pub error_code: i16,
        pub name: Option<Str<'a>>,
        pub topic_id: Uuid,
        pub is_internal: bool,
        pub partitions: Array<'a, Partitions<'a>>,
        pub topic_authorized_operations: i32,
    }

    impl Default for Topics<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                name: Some(Default::default()),
                topic_id: Default::default(),
                is_internal: Default::default(),
                partitions: Default::default(),
                topic_authorized_operations: i32::MIN,
            }
        }
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let error_code = r.i16()?;
            let name = r.string_or_null(true)?;
            let topic_id = r.uuid()?;
            let is_internal = r.bool()?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            let topic_authorized_operations = r.i32()?;
            r.skip_tags()?;
            Ok(Self {
                error_code,
                name,
                topic_id,
                is_internal,
                partitions,
                topic_authorized_operations,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i16(self.error_code);
            w.string_or_null(self.name.as_deref(), true);
            w.uuid(self.topic_id);
            w.bool(self.is_internal);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.i32(self.topic_authorized_operations);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions<'a> {
        pub error_code: i16,
        pub partition_index: i32,
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub replica_nodes: Array<'a, i32>,
        pub isr_nodes: Array<'a, i32>,
        pub eligible_leader_replicas: Option<Array<'a, i32>>,
        pub last_known_elr: Option<Array<'a, i32>>,
        pub offline_replicas: Array<'a, i32>,
    }

    impl Default for Partitions<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                partition_index: Default::default(),
                leader_id: Default::default(),
                leader_epoch: -1,
                replica_nodes: Default::default(),
                isr_nodes: Default::default(),
                eligible_leader_replicas: Default::default(),
                last_known_elr: Default::default(),
                offline_replicas: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let error_code = r.i16()?;
            let partition_index = r.i32()?;
            let leader_id = r.i32()?;
            let leader_epoch = r.i32()?;
            let replica_nodes = r.array(Form { version: v, flexible: true })?;
            let isr_nodes = r.array(Form { version: v, flexible: true })?;
            let eligible_leader_replicas = r.array_or_null(Form { version: v, flexible: true })?;
            let last_known_elr = r.array_or_null(Form { version: v, flexible: true })?;
            let offline_replicas = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                error_code,
                partition_index,
                leader_id,
                leader_epoch,
                replica_nodes,
                isr_nodes,
                eligible_leader_replicas,
                last_known_elr,
                offline_replicas,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i16(self.error_code);
            w.i32(self.partition_index);
            w.i32(self.leader_id);
            w.i32(self.leader_epoch);
            w.array(&self.replica_nodes, Form { version: v, flexible: true });
            w.array(&self.isr_nodes, Form { version: v, flexible: true });
            w.array_or_null(
                self.eligible_leader_replicas.as_ref(),
                Form { version: v, flexible: true },
            );
            w.array_or_null(self.last_known_elr.as_ref(), Form { version: v, flexible: true });
            w.array(&self.offline_replicas, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct NextCursor<'a> {
        pub topic_name: Str<'a>,
        pub partition_index: i32,
    }

    impl<'a> Message<'a> for NextCursor<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let topic_name = r.string(true)?;
            let partition_index = r.i32()?;
            r.skip_tags()?;
            Ok(Self { topic_name, partition_index })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.topic_name, true);
            w.i32(self.partition_index);
            w.tag_count(0);
        }
    }
}
