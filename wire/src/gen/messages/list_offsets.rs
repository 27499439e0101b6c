// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ListOffsetsRequest<'a> {
        pub replica_id: i32,
        /// Versions 2 and up.
        pub isolation_level: i8,
        pub topics: Array<'a, Topics<'a>>,
        /// Versions 10 and up.
        pub timeout_ms: i32,
    }

    impl<'a> Message<'a> for ListOffsetsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=11).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 6;
            let replica_id = r.i32()?;
            let isolation_level = if v >= 2 { r.i8()? } else { Default::default() };
            let topics = r.array(Form { version: v, flexible: flex })?;
            let timeout_ms = if v >= 10 { r.i32()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { replica_id, isolation_level, topics, timeout_ms })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            w.i32(self.replica_id);
            if v >= 2 {
                w.i8(self.isolation_level);
            }
            w.array(&self.topics, Form { version: v, flexible: flex });
            if v >= 10 {
                w.i32(self.timeout_ms);
            }
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
            let flex = v >= 6;
            let name = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            w.string(&self.name, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions {
        pub partition_index: i32,
        /// Versions 4 and up.
        pub current_leader_epoch: i32,
        pub timestamp: i64,
    }

    impl Default for Partitions {
        fn default() -> Self {
            Self {
                partition_index: Default::default(),
                current_leader_epoch: -1,
                timestamp: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let partition_index = r.i32()?;
            let current_leader_epoch = if v >= 4 { r.i32()? } else { -1 };
            let timestamp = r.i64()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, current_leader_epoch, timestamp })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            w.i32(self.partition_index);
            if v >= 4 {
                w.i32(self.current_leader_epoch);
            }
            w.i64(self.timestamp);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ListOffsetsResponse<'a> {
        /// Versions 2 and up.
        pub throttle_time_ms: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for ListOffsetsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=11).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 6;
            let throttle_time_ms = if v >= 2 { r.i32()? } else { Default::default() };
            let topics = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v >= 2 {
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
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let name = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            w.string(&self.name, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions {
        pub partition_index: i32,
        pub error_code: i16,
        pub timestamp: i64,
        pub offset: i64,
        /// Versions 4 and up.
        pub leader_epoch: i32,
    }

    impl Default for Partitions {
        fn default() -> Self {
            Self {
                partition_index: Default::default(),
                error_code: Default::default(),
                timestamp: -1,
                offset: -1,
                leader_epoch: -1,
            }
        }
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let timestamp = r.i64()?;
            let offset = r.i64()?;
            let leader_epoch = if v >= 4 { r.i32()? } else { -1 };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, error_code, timestamp, offset, leader_epoch })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.i64(self.timestamp);
            w.i64(self.offset);
            if v >= 4 {
                w.i32(self.leader_epoch);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
