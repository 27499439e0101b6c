// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct WriteShareGroupStateRequest<'a> {
        pub group_id: Str<'a>,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for WriteShareGroupStateRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let group_id = r.string(true)?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { group_id, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.group_id, true);
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

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions<'a> {
        pub partition: i32,
        pub state_epoch: i32,
        pub leader_epoch: i32,
        pub start_offset: i64,
        /// Version 1.
        pub delivery_complete_count: i32,
        pub state_batches: Array<'a, StateBatches>,
    }

    impl Default for Partitions<'_> {
        fn default() -> Self {
            Self {
                partition: Default::default(),
                state_epoch: Default::default(),
                leader_epoch: Default::default(),
                start_offset: Default::default(),
                delivery_complete_count: -1,
                state_batches: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition = r.i32()?;
            let state_epoch = r.i32()?;
            let leader_epoch = r.i32()?;
            let start_offset = r.i64()?;
            let delivery_complete_count = if v >= 1 { r.i32()? } else { -1 };
            let state_batches = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                partition,
                state_epoch,
                leader_epoch,
                start_offset,
                delivery_complete_count,
                state_batches,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition);
            w.i32(self.state_epoch);
            w.i32(self.leader_epoch);
            w.i64(self.start_offset);
            if v >= 1 {
                w.i32(self.delivery_complete_count);
            }
            w.array(&self.state_batches, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct StateBatches {
        pub first_offset: i64,
        pub last_offset: i64,
        pub delivery_state: i8,
        pub delivery_count: i16,
    }

    impl<'a> Message<'a> for StateBatches {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let first_offset = r.i64()?;
            let last_offset = r.i64()?;
            let delivery_state = r.i8()?;
            let delivery_count = r.i16()?;
            r.skip_tags()?;
            Ok(Self { first_offset, last_offset, delivery_state, delivery_count })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i64(self.first_offset);
            w.i64(self.last_offset);
            w.i8(self.delivery_state);
            w.i16(self.delivery_count);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct WriteShareGroupStateResponse<'a> {
        pub results: Array<'a, Results<'a>>,
    }

    impl<'a> Message<'a> for WriteShareGroupStateResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let results = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.results, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Results<'a> {
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Results<'a> {
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
        pub partition: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let partition = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            r.skip_tags()?;
            Ok(Self { partition, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.partition);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.tag_count(0);
        }
    }
}
