// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct OffsetCommitRequest<'a> {
        pub group_id: Str<'a>,
        pub generation_id_or_member_epoch: i32,
        pub member_id: Str<'a>,
        /// Versions 7 and up.
        pub group_instance_id: Option<Str<'a>>,
        /// Versions 2 to 4.
        pub retention_time_ms: i64,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl Default for OffsetCommitRequest<'_> {
        fn default() -> Self {
            Self {
                group_id: Default::default(),
                generation_id_or_member_epoch: -1,
                member_id: Default::default(),
                group_instance_id: Default::default(),
                retention_time_ms: -1,
                topics: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for OffsetCommitRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(2..=10).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 8;
            let group_id = r.string(flex)?;
            let generation_id_or_member_epoch = r.i32()?;
            let member_id = r.string(flex)?;
            let group_instance_id =
                if v >= 7 { r.string_or_null(flex)? } else { Default::default() };
            let retention_time_ms = if v <= 4 { r.i64()? } else { -1 };
            let topics = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                group_id,
                generation_id_or_member_epoch,
                member_id,
                group_instance_id,
                retention_time_ms,
                topics,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 8;
            w.string(&self.group_id, flex);
            w.i32(self.generation_id_or_member_epoch);
            w.string(&self.member_id, flex);
            if v >= 7 {
                w.string_or_null(self.group_instance_id.as_deref(), flex);
            }
            if v <= 4 {
                w.i64(self.retention_time_ms);
            }
            w.array(&self.topics, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        /// Versions 2 to 9.
        pub name: Str<'a>,
        /// Version 10.
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 8;
            let name = if v <= 9 { r.string(flex)? } else { Default::default() };
            let topic_id = if v >= 10 { r.uuid()? } else { Default::default() };
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 8;
            if v <= 9 {
                w.string(&self.name, flex);
            }
            if v >= 10 {
                w.uuid(self.topic_id);
            }
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub committed_offset: i64,
        /// Versions 6 and up.
        pub committed_leader_epoch: i32,
        pub committed_metadata: Option<Str<'a>>,
    }

    impl Default for Partitions<'_> {
        fn default() -> Self {
            Self {
                partition_index: Default::default(),
                committed_offset: Default::default(),
                committed_leader_epoch: -1,
                committed_metadata: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 8;
            let partition_index = r.i32()?;
            let committed_offset = r.i64()?;
            let committed_leader_epoch = if v >= 6 { r.i32()? } else { -1 };
            let committed_metadata = r.string_or_null(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                partition_index,
                committed_offset,
                committed_leader_epoch,
                committed_metadata,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 8;
            w.i32(self.partition_index);
            w.i64(self.committed_offset);
            if v >= 6 {
                w.i32(self.committed_leader_epoch);
            }
            w.string_or_null(self.committed_metadata.as_deref(), flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct OffsetCommitResponse<'a> {
        /// Versions 3 and up.
        pub throttle_time_ms: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for OffsetCommitResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(2..=10).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 8;
            let throttle_time_ms = if v >= 3 { r.i32()? } else { Default::default() };
            let topics = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 8;
            if v >= 3 {
                w.i32(self.throttle_time_ms);
            }
            w.array(&self.topics, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        /// Versions 2 to 9.
        pub name: Str<'a>,
        /// Version 10.
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 8;
            let name = if v <= 9 { r.string(flex)? } else { Default::default() };
            let topic_id = if v >= 10 { r.uuid()? } else { Default::default() };
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 8;
            if v <= 9 {
                w.string(&self.name, flex);
            }
            if v >= 10 {
                w.uuid(self.topic_id);
            }
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions {
        pub partition_index: i32,
        pub error_code: i16,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 8;
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, error_code })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 8;
            w.i32(self.partition_index);
            w.i16(self.error_code);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
