// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct TxnOffsetCommitRequest<'a> {
        pub transactional_id: Str<'a>,
        pub group_id: Str<'a>,
        pub producer_id: i64,
        pub producer_epoch: i16,
        /// Versions 3 and up.
        pub generation_id: i32,
        /// Versions 3 and up.
        pub member_id: Str<'a>,
        /// Versions 3 and up.
        pub group_instance_id: Option<Str<'a>>,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl Default for TxnOffsetCommitRequest<'_> {
        fn default() -> Self {
            Self {
                transactional_id: Default::default(),
                group_id: Default::default(),
                producer_id: Default::default(),
                producer_epoch: Default::default(),
                generation_id: -1,
                member_id: Default::default(),
                group_instance_id: Default::default(),
                topics: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for TxnOffsetCommitRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let transactional_id = r.string(flex)?;
            let group_id = r.string(flex)?;
            let producer_id = r.i64()?;
            let producer_epoch = r.i16()?;
            let generation_id = if v >= 3 { r.i32()? } else { -1 };
            let member_id = if v >= 3 { r.string(flex)? } else { Default::default() };
            let group_instance_id =
                if v >= 3 { r.string_or_null(flex)? } else { Default::default() };
            let topics = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                transactional_id,
                group_id,
                producer_id,
                producer_epoch,
                generation_id,
                member_id,
                group_instance_id,
                topics,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.string(&self.transactional_id, flex);
            w.string(&self.group_id, flex);
            w.i64(self.producer_id);
            w.i16(self.producer_epoch);
            if v >= 3 {
                w.i32(self.generation_id);
            }
            if v >= 3 {
                w.string(&self.member_id, flex);
            }
            if v >= 3 {
                w.string_or_null(self.group_instance_id.as_deref(), flex);
            }
            w.array(&self.topics, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let name = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.string(&self.name, flex);
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
        /// Versions 2 and up.
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
            let flex = v >= 3;
            let partition_index = r.i32()?;
            let committed_offset = r.i64()?;
            let committed_leader_epoch = if v >= 2 { r.i32()? } else { -1 };
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
            let flex = v >= 3;
            w.i32(self.partition_index);
            w.i64(self.committed_offset);
            if v >= 2 {
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
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TxnOffsetCommitResponse<'a> {
        pub throttle_time_ms: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for TxnOffsetCommitResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let throttle_time_ms = r.i32()?;
            let topics = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.i32(self.throttle_time_ms);
            w.array(&self.topics, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let name = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.string(&self.name, flex);
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
            let flex = v >= 3;
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, error_code })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.i32(self.partition_index);
            w.i16(self.error_code);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
