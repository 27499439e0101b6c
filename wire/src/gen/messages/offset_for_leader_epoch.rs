// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct OffsetForLeaderEpochRequest<'a> {
        /// Versions 3 and up.
        pub replica_id: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl Default for OffsetForLeaderEpochRequest<'_> {
        fn default() -> Self {
            Self { replica_id: -2, topics: Default::default() }
        }
    }

    impl<'a> Message<'a> for OffsetForLeaderEpochRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(2..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let replica_id = if v >= 3 { r.i32()? } else { -2 };
            let topics = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { replica_id, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            if v >= 3 {
                w.i32(self.replica_id);
            }
            w.array(&self.topics, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let topic = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.string(&self.topic, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions {
        pub partition: i32,
        pub current_leader_epoch: i32,
        pub leader_epoch: i32,
    }

    impl Default for Partitions {
        fn default() -> Self {
            Self {
                partition: Default::default(),
                current_leader_epoch: -1,
                leader_epoch: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let partition = r.i32()?;
            let current_leader_epoch = r.i32()?;
            let leader_epoch = r.i32()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition, current_leader_epoch, leader_epoch })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.i32(self.partition);
            w.i32(self.current_leader_epoch);
            w.i32(self.leader_epoch);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct OffsetForLeaderEpochResponse<'a> {
        pub throttle_time_ms: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for OffsetForLeaderEpochResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(2..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let throttle_time_ms = r.i32()?;
            let topics = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.i32(self.throttle_time_ms);
            w.array(&self.topics, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let topic = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.string(&self.topic, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions {
        pub error_code: i16,
        pub partition: i32,
        pub leader_epoch: i32,
        pub end_offset: i64,
    }

    impl Default for Partitions {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                partition: Default::default(),
                leader_epoch: -1,
                end_offset: -1,
            }
        }
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let error_code = r.i16()?;
            let partition = r.i32()?;
            let leader_epoch = r.i32()?;
            let end_offset = r.i64()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { error_code, partition, leader_epoch, end_offset })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.i16(self.error_code);
            w.i32(self.partition);
            w.i32(self.leader_epoch);
            w.i64(self.end_offset);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
