// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct StreamsGroupDescribeRequest<'a> {
        pub group_ids: Array<'a, Str<'a>>,
        pub include_authorized_operations: bool,
    }

    impl<'a> Message<'a> for StreamsGroupDescribeRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
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
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct StreamsGroupDescribeResponse<'a> {
        pub throttle_time_ms: i32,
        pub groups: Array<'a, Groups<'a>>,
    }

    impl<'a> Message<'a> for StreamsGroupDescribeResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
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
        pub topology: Option<Topology<'a>>,
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
                topology: Default::default(),
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
            let topology = if r.is_present()? { Some(Topology::decode(r, v)?) } else { None };
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
                topology,
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
            w.present(self.topology.is_some());
            if let Some(x) = &self.topology {
                x.encode(w, v);
            }
            w.array(&self.members, Form { version: v, flexible: true });
            w.i32(self.authorized_operations);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topology<'a> {
        pub epoch: i32,
        pub subtopologies: Option<Array<'a, Subtopologies<'a>>>,
    }

    impl<'a> Message<'a> for Topology<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let epoch = r.i32()?;
            let subtopologies = r.array_or_null(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { epoch, subtopologies })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.epoch);
            w.array_or_null(self.subtopologies.as_ref(), Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Subtopologies<'a> {
        pub subtopology_id: Str<'a>,
        pub source_topics: Array<'a, Str<'a>>,
        pub repartition_sink_topics: Array<'a, Str<'a>>,
        pub state_changelog_topics: Array<'a, StateChangelogTopics<'a>>,
        pub repartition_source_topics: Array<'a, RepartitionSourceTopics<'a>>,
    }

    impl<'a> Message<'a> for Subtopologies<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let source_topics = r.array(Form { version: v, flexible: true })?;
            let repartition_sink_topics = r.array(Form { version: v, flexible: true })?;
            let state_changelog_topics = r.array(Form { version: v, flexible: true })?;
            let repartition_source_topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                subtopology_id,
                source_topics,
                repartition_sink_topics,
                state_changelog_topics,
                repartition_source_topics,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.subtopology_id, true);
            w.array(&self.source_topics, Form { version: v, flexible: true });
            w.array(&self.repartition_sink_topics, Form { version: v, flexible: true });
            w.array(&self.state_changelog_topics, Form { version: v, flexible: true });
            w.array(&self.repartition_source_topics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct StateChangelogTopics<'a> {
        pub name: Str<'a>,
        pub partitions: i32,
        pub replication_factor: i16,
        pub topic_configs: Array<'a, TopicConfigs<'a>>,
    }

    impl<'a> Message<'a> for StateChangelogTopics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let partitions = r.i32()?;
            let replication_factor = r.i16()?;
            let topic_configs = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { name, partitions, replication_factor, topic_configs })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, true);
            w.i32(self.partitions);
            w.i16(self.replication_factor);
            w.array(&self.topic_configs, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TopicConfigs<'a> {
        pub key: Str<'a>,
        pub value: Str<'a>,
    }

    impl<'a> Message<'a> for TopicConfigs<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let key = r.string(true)?;
            let value = r.string(true)?;
            r.skip_tags()?;
            Ok(Self { key, value })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.key, true);
            w.string(&self.value, true);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct RepartitionSourceTopics<'a> {
        pub name: Str<'a>,
        pub partitions: i32,
        pub replication_factor: i16,
        pub topic_configs: Array<'a, RepartitionSourceTopicsTopicConfigs<'a>>,
    }

    impl<'a> Message<'a> for RepartitionSourceTopics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let partitions = r.i32()?;
            let replication_factor = r.i16()?;
            let topic_configs = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { name, partitions, replication_factor, topic_configs })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, true);
            w.i32(self.partitions);
            w.i16(self.replication_factor);
            w.array(&self.topic_configs, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct RepartitionSourceTopicsTopicConfigs<'a> {
        pub key: Str<'a>,
        pub value: Str<'a>,
    }

    impl<'a> Message<'a> for RepartitionSourceTopicsTopicConfigs<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let key = r.string(true)?;
            let value = r.string(true)?;
            r.skip_tags()?;
            Ok(Self { key, value })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.key, true);
            w.string(&self.value, true);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Members<'a> {
        pub member_id: Str<'a>,
        pub member_epoch: i32,
        pub instance_id: Option<Str<'a>>,
        pub rack_id: Option<Str<'a>>,
        pub client_id: Str<'a>,
        pub client_host: Str<'a>,
        pub topology_epoch: i32,
        pub process_id: Str<'a>,
        pub user_endpoint: Option<UserEndpoint<'a>>,
        pub client_tags: Array<'a, ClientTags<'a>>,
        pub task_offsets: Array<'a, TaskOffsets<'a>>,
        pub task_end_offsets: Array<'a, TaskEndOffsets<'a>>,
        pub assignment: Assignment<'a>,
        pub target_assignment: TargetAssignment<'a>,
        pub is_classic: bool,
    }

    impl<'a> Message<'a> for Members<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let member_id = r.string(true)?;
            let member_epoch = r.i32()?;
            let instance_id = r.string_or_null(true)?;
            let rack_id = r.string_or_null(true)?;
            let client_id = r.string(true)?;
            let client_host = r.string(true)?;
            let topology_epoch = r.i32()?;
            let process_id = r.string(true)?;
            let user_endpoint =
                if r.is_present()? { Some(UserEndpoint::decode(r, v)?) } else { None };
            let client_tags = r.array(Form { version: v, flexible: true })?;
            let task_offsets = r.array(Form { version: v, flexible: true })?;
            let task_end_offsets = r.array(Form { version: v, flexible: true })?;
            let assignment = Assignment::decode(r, v)?;
            let target_assignment = TargetAssignment::decode(r, v)?;
            let is_classic = r.bool()?;
            r.skip_tags()?;
            Ok(Self {
                member_id,
                member_epoch,
                instance_id,
                rack_id,
                client_id,
                client_host,
                topology_epoch,
                process_id,
                user_endpoint,
                client_tags,
                task_offsets,
                task_end_offsets,
                assignment,
                target_assignment,
                is_classic,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.member_id, true);
            w.i32(self.member_epoch);
            w.string_or_null(self.instance_id.as_deref(), true);
            w.string_or_null(self.rack_id.as_deref(), true);
            w.string(&self.client_id, true);
            w.string(&self.client_host, true);
            w.i32(self.topology_epoch);
            w.string(&self.process_id, true);
            w.present(self.user_endpoint.is_some());
            if let Some(x) = &self.user_endpoint {
                x.encode(w, v);
            }
            w.array(&self.client_tags, Form { version: v, flexible: true });
            w.array(&self.task_offsets, Form { version: v, flexible: true });
            w.array(&self.task_end_offsets, Form { version: v, flexible: true });
            self.assignment.encode(w, v);
            self.target_assignment.encode(w, v);
            w.bool(self.is_classic);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct UserEndpoint<'a> {
        pub host: Str<'a>,
        pub port: u16,
    }

    impl<'a> Message<'a> for UserEndpoint<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let host = r.string(true)?;
            let port = r.u16()?;
            r.skip_tags()?;
            Ok(Self { host, port })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.host, true);
            w.u16(self.port);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ClientTags<'a> {
        pub key: Str<'a>,
        pub value: Str<'a>,
    }

    impl<'a> Message<'a> for ClientTags<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let key = r.string(true)?;
            let value = r.string(true)?;
            r.skip_tags()?;
            Ok(Self { key, value })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.key, true);
            w.string(&self.value, true);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TaskOffsets<'a> {
        pub subtopology_id: Str<'a>,
        pub partition: i32,
        pub offset: i64,
    }

    impl<'a> Message<'a> for TaskOffsets<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let partition = r.i32()?;
            let offset = r.i64()?;
            r.skip_tags()?;
            Ok(Self { subtopology_id, partition, offset })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.subtopology_id, true);
            w.i32(self.partition);
            w.i64(self.offset);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TaskEndOffsets<'a> {
        pub subtopology_id: Str<'a>,
        pub partition: i32,
        pub offset: i64,
    }

    impl<'a> Message<'a> for TaskEndOffsets<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let partition = r.i32()?;
            let offset = r.i64()?;
            r.skip_tags()?;
            Ok(Self { subtopology_id, partition, offset })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.subtopology_id, true);
            w.i32(self.partition);
            w.i64(self.offset);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Assignment<'a> {
        pub active_tasks: Array<'a, ActiveTasks<'a>>,
        pub standby_tasks: Array<'a, StandbyTasks<'a>>,
        pub warmup_tasks: Array<'a, WarmupTasks<'a>>,
    }

    impl<'a> Message<'a> for Assignment<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let active_tasks = r.array(Form { version: v, flexible: true })?;
            let standby_tasks = r.array(Form { version: v, flexible: true })?;
            let warmup_tasks = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { active_tasks, standby_tasks, warmup_tasks })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.active_tasks, Form { version: v, flexible: true });
            w.array(&self.standby_tasks, Form { version: v, flexible: true });
            w.array(&self.warmup_tasks, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ActiveTasks<'a> {
        pub subtopology_id: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for ActiveTasks<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { subtopology_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.subtopology_id, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct StandbyTasks<'a> {
        pub subtopology_id: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for StandbyTasks<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { subtopology_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.subtopology_id, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct WarmupTasks<'a> {
        pub subtopology_id: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for WarmupTasks<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { subtopology_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.subtopology_id, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TargetAssignment<'a> {
        pub active_tasks: Array<'a, TargetAssignmentActiveTasks<'a>>,
        pub standby_tasks: Array<'a, TargetAssignmentStandbyTasks<'a>>,
        pub warmup_tasks: Array<'a, TargetAssignmentWarmupTasks<'a>>,
    }

    impl<'a> Message<'a> for TargetAssignment<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let active_tasks = r.array(Form { version: v, flexible: true })?;
            let standby_tasks = r.array(Form { version: v, flexible: true })?;
            let warmup_tasks = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { active_tasks, standby_tasks, warmup_tasks })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.active_tasks, Form { version: v, flexible: true });
            w.array(&self.standby_tasks, Form { version: v, flexible: true });
            w.array(&self.warmup_tasks, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TargetAssignmentActiveTasks<'a> {
        pub subtopology_id: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for TargetAssignmentActiveTasks<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { subtopology_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.subtopology_id, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TargetAssignmentStandbyTasks<'a> {
        pub subtopology_id: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for TargetAssignmentStandbyTasks<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { subtopology_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.subtopology_id, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TargetAssignmentWarmupTasks<'a> {
        pub subtopology_id: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for TargetAssignmentWarmupTasks<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { subtopology_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.subtopology_id, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}
