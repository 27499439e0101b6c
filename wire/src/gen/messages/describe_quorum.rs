// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeQuorumRequest<'a> {
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for DescribeQuorumRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
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
        pub topic_name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
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

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions {
        pub partition_index: i32,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            r.skip_tags()?;
            Ok(Self { partition_index })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.partition_index);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeQuorumResponse<'a> {
        pub error_code: i16,
        /// Version 2.
        pub error_message: Option<Str<'a>>,
        pub topics: Array<'a, Topics<'a>>,
        /// Version 2.
        pub nodes: Array<'a, Nodes<'a>>,
    }

    impl Default for DescribeQuorumResponse<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                error_message: Some(Default::default()),
                topics: Default::default(),
                nodes: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for DescribeQuorumResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let error_code = r.i16()?;
            let error_message =
                if v >= 2 { r.string_or_null(true)? } else { Some(Default::default()) };
            let topics = r.array(Form { version: v, flexible: true })?;
            let nodes = if v >= 2 {
                r.array(Form { version: v, flexible: true })?
            } else {
                Default::default()
            };
            r.skip_tags()?;
            Ok(Self { error_code, error_message, topics, nodes })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i16(self.error_code);
            if v >= 2 {
                w.string_or_null(self.error_message.as_deref(), true);
            }
            w.array(&self.topics, Form { version: v, flexible: true });
            if v >= 2 {
                w.array(&self.nodes, Form { version: v, flexible: true });
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_name: Str<'a>,
        pub partitions: Array<'a, Partitions<'a>>,
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

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub error_code: i16,
        /// Version 2.
        pub error_message: Option<Str<'a>>,
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub high_watermark: i64,
        pub current_voters: Array<'a, CurrentVoters>,
        pub observers: Array<'a, Observers>,
    }

    impl Default for Partitions<'_> {
        fn default() -> Self {
            Self {
                partition_index: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
                leader_id: Default::default(),
                leader_epoch: Default::default(),
                high_watermark: Default::default(),
                current_voters: Default::default(),
                observers: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let error_message =
                if v >= 2 { r.string_or_null(true)? } else { Some(Default::default()) };
            let leader_id = r.i32()?;
            let leader_epoch = r.i32()?;
            let high_watermark = r.i64()?;
            let current_voters = r.array(Form { version: v, flexible: true })?;
            let observers = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                partition_index,
                error_code,
                error_message,
                leader_id,
                leader_epoch,
                high_watermark,
                current_voters,
                observers,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.i16(self.error_code);
            if v >= 2 {
                w.string_or_null(self.error_message.as_deref(), true);
            }
            w.i32(self.leader_id);
            w.i32(self.leader_epoch);
            w.i64(self.high_watermark);
            w.array(&self.current_voters, Form { version: v, flexible: true });
            w.array(&self.observers, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct CurrentVoters {
        pub replica_id: i32,
        /// Version 2.
        pub replica_directory_id: Uuid,
        pub log_end_offset: i64,
        /// Versions 1 and up.
        pub last_fetch_timestamp: i64,
        /// Versions 1 and up.
        pub last_caught_up_timestamp: i64,
    }

    impl Default for CurrentVoters {
        fn default() -> Self {
            Self {
                replica_id: Default::default(),
                replica_directory_id: Default::default(),
                log_end_offset: Default::default(),
                last_fetch_timestamp: -1,
                last_caught_up_timestamp: -1,
            }
        }
    }

    impl<'a> Message<'a> for CurrentVoters {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let replica_id = r.i32()?;
            let replica_directory_id = if v >= 2 { r.uuid()? } else { Default::default() };
            let log_end_offset = r.i64()?;
            let last_fetch_timestamp = if v >= 1 { r.i64()? } else { -1 };
            let last_caught_up_timestamp = if v >= 1 { r.i64()? } else { -1 };
            r.skip_tags()?;
            Ok(Self {
                replica_id,
                replica_directory_id,
                log_end_offset,
                last_fetch_timestamp,
                last_caught_up_timestamp,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.replica_id);
            if v >= 2 {
                w.uuid(self.replica_directory_id);
            }
            w.i64(self.log_end_offset);
            if v >= 1 {
                w.i64(self.last_fetch_timestamp);
            }
            if v >= 1 {
                w.i64(self.last_caught_up_timestamp);
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Observers {
        pub replica_id: i32,
        /// Version 2.
        pub replica_directory_id: Uuid,
        pub log_end_offset: i64,
        /// Versions 1 and up.
        pub last_fetch_timestamp: i64,
        /// Versions 1 and up.
        pub last_caught_up_timestamp: i64,
    }

    impl Default for Observers {
        fn default() -> Self {
            Self {
                replica_id: Default::default(),
                replica_directory_id: Default::default(),
                log_end_offset: Default::default(),
                last_fetch_timestamp: -1,
                last_caught_up_timestamp: -1,
            }
        }
    }

    impl<'a> Message<'a> for Observers {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let replica_id = r.i32()?;
            let replica_directory_id = if v >= 2 { r.uuid()? } else { Default::default() };
            let log_end_offset = r.i64()?;
            let last_fetch_timestamp = if v >= 1 { r.i64()? } else { -1 };
            let last_caught_up_timestamp = if v >= 1 { r.i64()? } else { -1 };
            r.skip_tags()?;
            Ok(Self {
                replica_id,
                replica_directory_id,
                log_end_offset,
                last_fetch_timestamp,
                last_caught_up_timestamp,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.replica_id);
            if v >= 2 {
                w.uuid(self.replica_directory_id);
            }
            w.i64(self.log_end_offset);
            if v >= 1 {
                w.i64(self.last_fetch_timestamp);
            }
            if v >= 1 {
                w.i64(self.last_caught_up_timestamp);
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Nodes<'a> {
        /// Version 2.
        pub node_id: i32,
        /// Version 2.
        pub listeners: Array<'a, Listeners<'a>>,
    }

    impl<'a> Message<'a> for Nodes<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let node_id = if v >= 2 { r.i32()? } else { Default::default() };
            let listeners = if v >= 2 {
                r.array(Form { version: v, flexible: true })?
            } else {
                Default::default()
            };
            r.skip_tags()?;
            Ok(Self { node_id, listeners })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            if v >= 2 {
                w.i32(self.node_id);
            }
            if v >= 2 {
                w.array(&self.listeners, Form { version: v, flexible: true });
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Listeners<'a> {
        /// Version 2.
        pub name: Str<'a>,
        /// Version 2.
        pub host: Str<'a>,
        /// Version 2.
        pub port: u16,
    }

    impl<'a> Message<'a> for Listeners<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = if v >= 2 { r.string(true)? } else { Default::default() };
            let host = if v >= 2 { r.string(true)? } else { Default::default() };
            let port = if v >= 2 { r.u16()? } else { Default::default() };
            r.skip_tags()?;
            Ok(Self { name, host, port })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            if v >= 2 {
                w.string(&self.name, true);
            }
            if v >= 2 {
                w.string(&self.host, true);
            }
            if v >= 2 {
                w.u16(self.port);
            }
            w.tag_count(0);
        }
    }
}
