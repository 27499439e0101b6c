// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ShareGroupHeartbeatRequest<'a> {
        pub group_id: Str<'a>,
        pub member_id: Str<'a>,
        pub member_epoch: i32,
        pub rack_id: Option<Str<'a>>,
        pub subscribed_topic_names: Option<Array<'a, Str<'a>>>,
    }

    impl<'a> Message<'a> for ShareGroupHeartbeatRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 1 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let group_id = r.string(true)?;
            let member_id = r.string(true)?;
            let member_epoch = r.i32()?;
            let rack_id = r.string_or_null(true)?;
            let subscribed_topic_names = r.array_or_null(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { group_id, member_id, member_epoch, rack_id, subscribed_topic_names })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.group_id, true);
            w.string(&self.member_id, true);
            w.i32(self.member_epoch);
            w.string_or_null(self.rack_id.as_deref(), true);
            w.array_or_null(
                self.subscribed_topic_names.as_ref(),
                Form { version: v, flexible: true },
            );
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ShareGroupHeartbeatResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub member_id: Option<Str<'a>>,
        pub member_epoch: i32,
        pub heartbeat_interval_ms: i32,
        pub assignment: Option<Assignment<'a>>,
    }

    impl<'a> Message<'a> for ShareGroupHeartbeatResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 1 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let member_id = r.string_or_null(true)?;
            let member_epoch = r.i32()?;
            let heartbeat_interval_ms = r.i32()?;
            let assignment = if r.is_present()? { Some(Assignment::decode(r, v)?) } else { None };
            r.skip_tags()?;
            Ok(Self {
                throttle_time_ms,
                error_code,
                error_message,
                member_id,
                member_epoch,
                heartbeat_interval_ms,
                assignment,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.string_or_null(self.member_id.as_deref(), true);
            w.i32(self.member_epoch);
            w.i32(self.heartbeat_interval_ms);
            w.present(self.assignment.is_some());
            if let Some(x) = &self.assignment {
                x.encode(w, v);
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Assignment<'a> {
        pub topic_partitions: Array<'a, TopicPartitions<'a>>,
    }

    impl<'a> Message<'a> for Assignment<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.topic_partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TopicPartitions<'a> {
        pub topic_id: Uuid,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for TopicPartitions<'a> {
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
}
