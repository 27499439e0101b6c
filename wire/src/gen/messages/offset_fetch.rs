// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct OffsetFetchRequest<'a> {
        /// Versions 1 to 7.
        pub group_id: Str<'a>,
        /// Versions 1 to 7, nullable in versions 2 to 7.
        pub topics: Option<Array<'a, Topics<'a>>>,
        /// Versions 8 and up.
        pub groups: Array<'a, Groups<'a>>,
        /// Versions 7 and up.
        pub require_stable: bool,
    }

    impl Default for OffsetFetchRequest<'_> {
        fn default() -> Self {
            Self {
                group_id: Default::default(),
                topics: Some(Default::default()),
                groups: Default::default(),
                require_stable: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for OffsetFetchRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=10).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 6;
            let group_id = if v <= 7 { r.string(flex)? } else { Default::default() };
            let topics = if v <= 7 {
                if (2..=7).contains(&v) {
                    r.array_or_null(Form { version: v, flexible: flex })?
                } else {
                    Some(r.array(Form { version: v, flexible: flex })?)
                }
            } else {
                Some(Default::default())
            };
            let groups = if v >= 8 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let require_stable = if v >= 7 { r.bool()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { group_id, topics, groups, require_stable })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v <= 7 {
                w.string(&self.group_id, flex);
            }
            if v <= 7 {
                if (2..=7).contains(&v) {
                    w.array_or_null(self.topics.as_ref(), Form { version: v, flexible: flex });
                } else {
                    match &self.topics {
                        Some(x) => {
                            w.array(x, Form { version: v, flexible: flex });
                        }
                        None => {
                            w.array(
                                &Array::<'a, Topics<'a>>::default(),
                                Form { version: v, flexible: flex },
                            );
                        }
                    }
                }
            }
            if v >= 8 {
                w.array(&self.groups, Form { version: v, flexible: flex });
            }
            if v >= 7 {
                w.bool(self.require_stable);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        /// Versions 1 to 7.
        pub name: Str<'a>,
        /// Versions 1 to 7.
        pub partition_indexes: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let name = if v <= 7 { r.string(flex)? } else { Default::default() };
            let partition_indexes = if v <= 7 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partition_indexes })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v <= 7 {
                w.string(&self.name, flex);
            }
            if v <= 7 {
                w.array(&self.partition_indexes, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Groups<'a> {
        /// Versions 8 and up.
        pub group_id: Str<'a>,
        /// Versions 9 and up.
        pub member_id: Option<Str<'a>>,
        /// Versions 9 and up.
        pub member_epoch: i32,
        /// Versions 8 and up.
        pub topics: Option<Array<'a, GroupsTopics<'a>>>,
    }

    impl Default for Groups<'_> {
        fn default() -> Self {
            Self {
                group_id: Default::default(),
                member_id: Default::default(),
                member_epoch: -1,
                topics: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Groups<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let group_id = if v >= 8 { r.string(flex)? } else { Default::default() };
            let member_id = if v >= 9 { r.string_or_null(flex)? } else { Default::default() };
            let member_epoch = if v >= 9 { r.i32()? } else { -1 };
            let topics = if v >= 8 {
                r.array_or_null(Form { version: v, flexible: flex })?
            } else {
                Some(Default::default())
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { group_id, member_id, member_epoch, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v >= 8 {
                w.string(&self.group_id, flex);
            }
            if v >= 9 {
                w.string_or_null(self.member_id.as_deref(), flex);
            }
            if v >= 9 {
                w.i32(self.member_epoch);
            }
            if v >= 8 {
                w.array_or_null(self.topics.as_ref(), Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct GroupsTopics<'a> {
        /// Versions 8 to 9.
        pub name: Str<'a>,
        /// Version 10.
        pub topic_id: Uuid,
        /// Versions 8 and up.
        pub partition_indexes: Array<'a, i32>,
    }

    impl<'a> Message<'a> for GroupsTopics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let name = if (8..=9).contains(&v) { r.string(flex)? } else { Default::default() };
            let topic_id = if v >= 10 { r.uuid()? } else { Default::default() };
            let partition_indexes = if v >= 8 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, topic_id, partition_indexes })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if (8..=9).contains(&v) {
                w.string(&self.name, flex);
            }
            if v >= 10 {
                w.uuid(self.topic_id);
            }
            if v >= 8 {
                w.array(&self.partition_indexes, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct OffsetFetchResponse<'a> {
        /// Versions 3 and up.
        pub throttle_time_ms: i32,
        /// Versions 1 to 7.
        pub topics: Array<'a, Topics<'a>>,
        /// Versions 2 to 7.
        pub error_code: i16,
        /// Versions 8 and up.
        pub groups: Array<'a, Groups<'a>>,
    }

    impl<'a> Message<'a> for OffsetFetchResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=10).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 6;
            let throttle_time_ms = if v >= 3 { r.i32()? } else { Default::default() };
            let topics = if v <= 7 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let error_code = if (2..=7).contains(&v) { r.i16()? } else { Default::default() };
            let groups = if v >= 8 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, topics, error_code, groups })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v >= 3 {
                w.i32(self.throttle_time_ms);
            }
            if v <= 7 {
                w.array(&self.topics, Form { version: v, flexible: flex });
            }
            if (2..=7).contains(&v) {
                w.i16(self.error_code);
            }
            if v >= 8 {
                w.array(&self.groups, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        /// Versions 1 to 7.
        pub name: Str<'a>,
        /// Versions 1 to 7.
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let name = if v <= 7 { r.string(flex)? } else { Default::default() };
            let partitions = if v <= 7 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v <= 7 {
                w.string(&self.name, flex);
            }
            if v <= 7 {
                w.array(&self.partitions, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions<'a> {
        /// Versions 1 to 7.
        pub partition_index: i32,
        /// Versions 1 to 7.
        pub committed_offset: i64,
        /// Versions 5 to 7.
        pub committed_leader_epoch: i32,
        /// Versions 1 to 7.
        pub metadata: Option<Str<'a>>,
        /// Versions 1 to 7.
        pub error_code: i16,
    }

    impl Default for Partitions<'_> {
        fn default() -> Self {
            Self {
                partition_index: Default::default(),
                committed_offset: Default::default(),
                committed_leader_epoch: -1,
                metadata: Some(Default::default()),
                error_code: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let partition_index = if v <= 7 { r.i32()? } else { Default::default() };
            let committed_offset = if v <= 7 { r.i64()? } else { Default::default() };
            let committed_leader_epoch = if (5..=7).contains(&v) { r.i32()? } else { -1 };
            let metadata = if v <= 7 { r.string_or_null(flex)? } else { Some(Default::default()) };
            let error_code = if v <= 7 { r.i16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                partition_index,
                committed_offset,
                committed_leader_epoch,
                metadata,
                error_code,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v <= 7 {
                w.i32(self.partition_index);
            }
            if v <= 7 {
                w.i64(self.committed_offset);
            }
            if (5..=7).contains(&v) {
                w.i32(self.committed_leader_epoch);
            }
            if v <= 7 {
                w.string_or_null(self.metadata.as_deref(), flex);
            }
            if v <= 7 {
                w.i16(self.error_code);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Groups<'a> {
        /// Versions 8 and up.
        pub group_id: Str<'a>,
        /// Versions 8 and up.
        pub topics: Array<'a, GroupsTopics<'a>>,
        /// Versions 8 and up.
        pub error_code: i16,
    }

    impl<'a> Message<'a> for Groups<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let group_id = if v >= 8 { r.string(flex)? } else { Default::default() };
            let topics = if v >= 8 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let error_code = if v >= 8 { r.i16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { group_id, topics, error_code })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v >= 8 {
                w.string(&self.group_id, flex);
            }
            if v >= 8 {
                w.array(&self.topics, Form { version: v, flexible: flex });
            }
            if v >= 8 {
                w.i16(self.error_code);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct GroupsTopics<'a> {
        /// Versions 8 to 9.
        pub name: Str<'a>,
        /// Version 10.
        pub topic_id: Uuid,
        /// Versions 8 and up.
        pub partitions: Array<'a, GroupsTopicsPartitions<'a>>,
    }

    impl<'a> Message<'a> for GroupsTopics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let name = if (8..=9).contains(&v) { r.string(flex)? } else { Default::default() };
            let topic_id = if v >= 10 { r.uuid()? } else { Default::default() };
            let partitions = if v >= 8 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if (8..=9).contains(&v) {
                w.string(&self.name, flex);
            }
            if v >= 10 {
                w.uuid(self.topic_id);
            }
            if v >= 8 {
                w.array(&self.partitions, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct GroupsTopicsPartitions<'a> {
        /// Versions 8 and up.
        pub partition_index: i32,
        /// Versions 8 and up.
        pub committed_offset: i64,
        /// Versions 8 and up.
        pub committed_leader_epoch: i32,
        /// Versions 8 and up.
        pub metadata: Option<Str<'a>>,
        /// Versions 8 and up.
        pub error_code: i16,
    }

    impl Default for GroupsTopicsPartitions<'_> {
        fn default() -> Self {
            Self {
                partition_index: Default::default(),
                committed_offset: Default::default(),
                committed_leader_epoch: -1,
                metadata: Some(Default::default()),
                error_code: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for GroupsTopicsPartitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let partition_index = if v >= 8 { r.i32()? } else { Default::default() };
            let committed_offset = if v >= 8 { r.i64()? } else { Default::default() };
            let committed_leader_epoch = if v >= 8 { r.i32()? } else { -1 };
            let metadata = if v >= 8 { r.string_or_null(flex)? } else { Some(Default::default()) };
            let error_code = if v >= 8 { r.i16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                partition_index,
                committed_offset,
                committed_leader_epoch,
                metadata,
                error_code,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v >= 8 {
                w.i32(self.partition_index);
            }
            if v >= 8 {
                w.i64(self.committed_offset);
            }
            if v >= 8 {
                w.i32(self.committed_leader_epoch);
            }
            if v >= 8 {
                w.string_or_null(self.metadata.as_deref(), flex);
            }
            if v >= 8 {
                w.i16(self.error_code);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
