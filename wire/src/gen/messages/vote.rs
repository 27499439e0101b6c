// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct VoteRequest<'a> {
        pub cluster_id: Option<Str<'a>>,
        /// Versions 1 and up.
        pub voter_id: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl Default for VoteRequest<'_> {
        fn default() -> Self {
            Self { cluster_id: Default::default(), voter_id: -1, topics: Default::default() }
        }
    }

    impl<'a> Message<'a> for VoteRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let cluster_id = r.string_or_null(true)?;
            let voter_id = if v >= 1 { r.i32()? } else { -1 };
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { cluster_id, voter_id, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string_or_null(self.cluster_id.as_deref(), true);
            if v >= 1 {
                w.i32(self.voter_id);
            }
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
        pub replica_epoch: i32,
        pub replica_id: i32,
        /// Versions 1 and up.
        pub replica_directory_id: Uuid,
        /// Versions 1 and up.
        pub voter_directory_id: Uuid,
        pub last_offset_epoch: i32,
        pub last_offset: i64,
        /// Version 2.
        pub pre_vote: bool,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let replica_epoch = r.i32()?;
            let replica_id = r.i32()?;
            let replica_directory_id = if v >= 1 { r.uuid()? } else { Default::default() };
            let voter_directory_id = if v >= 1 { r.uuid()? } else { Default::default() };
            let last_offset_epoch = r.i32()?;
            let last_offset = r.i64()?;
            let pre_vote = if v >= 2 { r.bool()? } else { Default::default() };
            r.skip_tags()?;
            Ok(Self {
                partition_index,
                replica_epoch,
                replica_id,
                replica_directory_id,
                voter_directory_id,
                last_offset_epoch,
                last_offset,
                pre_vote,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.i32(self.replica_epoch);
            w.i32(self.replica_id);
            if v >= 1 {
                w.uuid(self.replica_directory_id);
            }
            if v >= 1 {
                w.uuid(self.voter_directory_id);
            }
            w.i32(self.last_offset_epoch);
            w.i64(self.last_offset);
            if v >= 2 {
                w.bool(self.pre_vote);
            }
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct VoteResponse<'a> {
        pub error_code: i16,
        pub topics: Array<'a, Topics<'a>>,
        /// Versions 1 and up, tag 0.
        pub node_endpoints: Array<'a, NodeEndpoints<'a>>,
    }

    impl<'a> Message<'a> for VoteResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let error_code = r.i16()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            let mut node_endpoints: Array<'a, NodeEndpoints<'a>> = Default::default();
            for _ in 0..r.tag_count()? {
                let (tag, mut p) = r.tag()?;
                match tag {
                    0 if v >= 1 => node_endpoints = p.array(Form { version: v, flexible: true })?,
                    _ => continue,
                }
                p.finish_tag(tag)?;
            }
            Ok(Self { error_code, topics, node_endpoints })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i16(self.error_code);
            w.array(&self.topics, Form { version: v, flexible: true });
            let set_0 = v >= 1 && !self.node_endpoints.is_empty();
            w.tag_count(u32::from(set_0));
            if set_0 {
                w.tag(0, |w| {
                    w.array(&self.node_endpoints, Form { version: v, flexible: true });
                });
            }
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
        pub error_code: i16,
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub vote_granted: bool,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let leader_id = r.i32()?;
            let leader_epoch = r.i32()?;
            let vote_granted = r.bool()?;
            r.skip_tags()?;
            Ok(Self { partition_index, error_code, leader_id, leader_epoch, vote_granted })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.i32(self.leader_id);
            w.i32(self.leader_epoch);
            w.bool(self.vote_granted);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct NodeEndpoints<'a> {
        /// Versions 1 and up.
        pub node_id: i32,
        /// Versions 1 and up.
        pub host: Str<'a>,
        /// Versions 1 and up.
        pub port: u16,
    }

    impl<'a> Message<'a> for NodeEndpoints<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let node_id = if v >= 1 { r.i32()? } else { Default::default() };
            let host = if v >= 1 { r.string(true)? } else { Default::default() };
            let port = if v >= 1 { r.u16()? } else { Default::default() };
            r.skip_tags()?;
            Ok(Self { node_id, host, port })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            if v >= 1 {
                w.i32(self.node_id);
            }
            if v >= 1 {
                w.string(&self.host, true);
            }
            if v >= 1 {
                w.u16(self.port);
            }
            w.tag_count(0);
        }
    }
}
