// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ConsumerGroupDescribeRequest<'a> {
        pub group_ids: Array<'a, Str<'a>>,
        pub include_authorized_operations: bool,
    }

    impl<'a> Message<'a> for ConsumerGroupDescribeRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let group_ids = r.array(Form { version: v, flexible: true })?;
            let include_authorized_operations = r.bool()?;
            r.skip_tags()?;
            Ok(Self { group_ids, include_authorized_operations })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.group_ids, Form { version: v, flexible: true });
            w.bool(self.include_authorized_operations);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ConsumerGroupDescribeResponse<'a> {
        pub throttle_time_ms: i32,
        pub groups: Array<'a, Groups<'a>>,
    }

    impl<'a> Message<'a> for ConsumerGroupDescribeResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let groups = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, groups })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.array(&self.groups, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Groups<'a> {
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub group_id: Str<'a>,
        pub group_state: Str<'a>,
        pub group_epoch: i32,
        pub assignment_epoch: i32,
        pub assignor_name: Str<'a>,
        pub members: Array<'a, Members<'a>>,
        pub authorized_operations: i32,
    }

    impl Default for Groups<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                error_message: Default::default(),
                group_id: Default::default(),
                group_state: Default::default(),
                group_epoch: Default::default(),
                assignment_epoch: Default::default(),
                assignor_name: Default::default(),
                members: Default::default(),
                authorized_operations: i32::MIN,
            }
        }
    }

    impl<'a> Message<'a> for Groups<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let group_id = r.string(true)?;
            let group_state = r.string(true)?;
            let group_epoch = r.i32()?;
            let assignment_epoch = r.i32()?;
            let assignor_name = r.string(true)?;
            let members = r.array(Form { version: v, flexible: true })?;
            let authorized_operations = r.i32()?;
            r.skip_tags()?;
            Ok(Self {
                error_code,
                error_message,
                group_id,
                group_state,
                group_epoch,
                assignment_epoch,
                assignor_name,
                members,
                authorized_operations,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.string(&self.group_id, true);
            w.string(&self.group_state, true);
            w.i32(self.group_epoch);
            w.i32(self.assignment_epoch);
            w.string(&self.assignor_name, true);
            w.array(&self.members, Form { version: v, flexible: true });
            w.i32(self.authorized_operations);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Members<'a> {
        pub member_id: Str<'a>,
        pub instance_id: Option<Str<'a>>,
        pub rack_id: Option<Str<'a>>,
        pub member_epoch: i32,
        pub client_id: Str<'a>,
        pub client_host: Str<'a>,
        pub subscribed_topic_names: Array<'a, Str<'a>>,
        pub subscribed_topic_regex: Option<Str<'a>>,
        pub assignment: Assignment<'a>,
        pub target_assignment: TargetAssignment<'a>,
        /// Version 1.
        pub member_type: i8,
    }

    impl Default for Members<'_> {
        fn default() -> Self {
            Self {
                member_id: Default::default(),
                instance_id: Default::default(),
                rack_id: Default::default(),
                member_epoch: Default::default(),
                client_id: Default::default(),
                client_host: Default::default(),
                subscribed_topic_names: Default::default(),
                subscribed_topic_regex: Default::default(),
                assignment: Default::default(),
                target_assignment: Default::default(),
                member_type: -1,
            }
        }
    }

    impl<'a> Message<'a> for Members<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let member_id = r.string(true)?;
            let instance_id = r.string_or_null(true)?;
            let rack_id = r.string_or_null(true)?;
            let member_epoch = r.i32()?;
            let client_id = r.string(true)?;
            let client_host = r.string(true)?;
            let subscribed_topic_names = r.array(Form { version: v, flexible: true })?;
            let subscribed_topic_regex = r.string_or_null(true)?;
            let assignment = Assignment::decode(r, v)?;
            let target_assignment = TargetAssignment::decode(r, v)?;
            let member_type = if v >= 1 { r.i8()? } else { -1 };
            r.skip_tags()?;
            Ok(Self {
                member_id,
                instance_id,
                rack_id,
                member_epoch,
                client_id,
                client_host,
                subscribed_topic_names,
                subscribed_topic_regex,
                assignment,
                target_assignment,
                member_type,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.member_id, true);
            w.string_or_null(self.instance_id.as_deref(), true);
            w.string_or_null(self.rack_id.as_deref(), true);
            w.i32(self.member_epoch);
            w.string(&self.client_id, true);
            w.string(&self.client_host, true);
            w.array(&self.subscribed_topic_names, Form { version: v, flexible: true });
            w.string_or_null(self.subscribed_topic_regex.as_deref(), true);
            self.assignment.encode(w, v);
            self.target_assignment.encode(w, v);
            if v >= 1 {
                w.i8(self.member_type);
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
        pub topic_name: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for TopicPartitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_id = r.uuid()?;
            let topic_name = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_id, topic_name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.topic_id);
            w.string(&self.topic_name, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TargetAssignment<'a> {
        pub topic_partitions: Array<'a, TargetAssignmentTopicPartitions<'a>>,
    }

    impl<'a> Message<'a> for TargetAssignment<'a> {
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
    pub struct TargetAssignmentTopicPartitions<'a> {
        pub topic_id: Uuid,
        pub topic_name: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for TargetAssignmentTopicPartitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_id = r.uuid()?;
            let topic_name = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_id, topic_name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.topic_id);
            w.string(&self.topic_name, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}
