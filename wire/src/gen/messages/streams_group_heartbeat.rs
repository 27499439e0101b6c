// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct StreamsGroupHeartbeatRequest<'a> {
        pub group_id: Str<'a>,
        pub member_id: Str<'a>,
        pub member_epoch: i32,
        pub endpoint_information_epoch: i32,
        pub instance_id: Option<Str<'a>>,
        pub rack_id: Option<Str<'a>>,
        pub rebalance_timeout_ms: i32,
        pub topology: Option<Topology<'a>>,
        pub active_tasks: Option<Array<'a, ActiveTasks<'a>>>,
        pub standby_tasks: Option<Array<'a, StandbyTasks<'a>>>,
        pub warmup_tasks: Option<Array<'a, WarmupTasks<'a>>>,
        pub process_id: Option<Str<'a>>,
        pub user_endpoint: Option<UserEndpoint<'a>>,
        pub client_tags: Option<Array<'a, ClientTags<'a>>>,
        pub task_offsets: Option<Array<'a, TaskOffsets<'a>>>,
        pub task_end_offsets: Option<Array<'a, TaskEndOffsets<'a>>>,
        pub shutdown_application: bool,
    }

    impl Default for StreamsGroupHeartbeatRequest<'_> {
        fn default() -> Self {
            Self {
                group_id: Default::default(),
                member_id: Default::default(),
                member_epoch: Default::default(),
                endpoint_information_epoch: Default::default(),
                instance_id: Default::default(),
                rack_id: Default::default(),
                rebalance_timeout_ms: -1,
                topology: Default::default(),
                active_tasks: Default::default(),
                standby_tasks: Default::default(),
                warmup_tasks: Default::default(),
                process_id: Default::default(),
                user_endpoint: Default::default(),
                client_tags: Default::default(),
                task_offsets: Default::default(),
                task_end_offsets: Default::default(),
                shutdown_application: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for StreamsGroupHeartbeatRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let group_id = r.string(true)?;
            let member_id = r.string(true)?;
            let member_epoch = r.i32()?;
            let endpoint_information_epoch = r.i32()?;
            let instance_id = r.string_or_null(true)?;
            let rack_id = r.string_or_null(true)?;
            let rebalance_timeout_ms = r.i32()?;
            let topology = if r.is_present()? { Some(Topology::decode(r, v)?) } else { None };
            let active_tasks = r.array_or_null(Form { version: v, flexible: true })?;
            let standby_tasks = r.array_or_null(Form { version: v, flexible: true })?;
            let warmup_tasks = r.array_or_null(Form { version: v, flexible: true })?;
            let process_id = r.string_or_null(true)?;
            let user_endpoint =
                if r.is_present()? { Some(UserEndpoint::decode(r, v)?) } else { None };
            let client_tags = r.array_or_null(Form { version: v, flexible: true })?;
            let task_offsets = r.array_or_null(Form { version: v, flexible: true })?;
            let task_end_offsets = r.array_or_null(Form { version: v, flexible: true })?;
            let shutdown_application = r.bool()?;
            r.skip_tags()?;
            Ok(Self {
                group_id,
                member_id,
                member_epoch,
                endpoint_information_epoch,
                instance_id,
                rack_id,
                rebalance_timeout_ms,
                topology,
                active_tasks,
                standby_tasks,
                warmup_tasks,
                process_id,
                user_endpoint,
                client_tags,
                task_offsets,
                task_end_offsets,
                shutdown_application,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.group_id, true);
            w.string(&self.member_id, true);
            w.i32(self.member_epoch);
            w.i32(self.endpoint_information_epoch);
            w.string_or_null(self.instance_id.as_deref(), true);
            w.string_or_null(self.rack_id.as_deref(), true);
            w.i32(self.rebalance_timeout_ms);
            w.present(self.topology.is_some());
            if let Some(x) = &self.topology {
                x.encode(w, v);
            }
            w.array_or_null(self.active_tasks.as_ref(), Form { version: v, flexible: true });
            w.array_or_null(self.standby_tasks.as_ref(), Form { version: v, flexible: true });
            w.array_or_null(self.warmup_tasks.as_ref(), Form { version: v, flexible: true });
            w.string_or_null(self.process_id.as_deref(), true);
            w.present(self.user_endpoint.is_some());
            if let Some(x) = &self.user_endpoint {
                x.encode(w, v);
            }
            w.array_or_null(self.client_tags.as_ref(), Form { version: v, flexible: true });
            w.array_or_null(self.task_offsets.as_ref(), Form { version: v, flexible: true });
            w.array_or_null(self.task_end_offsets.as_ref(), Form { version: v, flexible: true });
            w.bool(self.shutdown_application);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topology<'a> {
        pub epoch: i32,
        pub subtopologies: Array<'a, Subtopologies<'a>>,
    }

    impl<'a> Message<'a> for Topology<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let epoch = r.i32()?;
            let subtopologies = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { epoch, subtopologies })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.epoch);
            w.array(&self.subtopologies, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Subtopologies<'a> {
        pub subtopology_id: Str<'a>,
        pub source_topics: Array<'a, Str<'a>>,
        pub source_topic_regex: Array<'a, Str<'a>>,
        pub state_changelog_topics: Array<'a, StateChangelogTopics<'a>>,
        pub repartition_sink_topics: Array<'a, Str<'a>>,
        pub repartition_source_topics: Array<'a, RepartitionSourceTopics<'a>>,
        pub copartition_groups: Array<'a, CopartitionGroups<'a>>,
    }

    impl<'a> Message<'a> for Subtopologies<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let subtopology_id = r.string(true)?;
            let source_topics = r.array(Form { version: v, flexible: true })?;
            let source_topic_regex = r.array(Form { version: v, flexible: true })?;
            let state_changelog_topics = r.array(Form { version: v, flexible: true })?;
            let repartition_sink_topics = r.array(Form { version: v, flexible: true })?;
            let repartition_source_topics = r.array(Form { version: v, flexible: true })?;
            let copartition_groups = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                subtopology_id,
                source_topics,
                source_topic_regex,
                state_changelog_topics,
                repartition_sink_topics,
                repartition_source_topics,
                copartition_groups,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.subtopology_id, true);
            w.array(&self.source_topics, Form { version: v, flexible: true });
            w.array(&self.source_topic_regex, Form { version: v, flexible: true });
            w.array(&self.state_changelog_topics, Form { version: v, flexible: true });
            w.array(&self.repartition_sink_topics, Form { version: v, flexible: true });
            w.array(&self.repartition_source_topics, Form { version: v, flexible: true });
            w.array(&self.copartition_groups, Form { version: v, flexible: true });
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
    pub struct CopartitionGroups<'a> {
        pub source_topics: Array<'a, i16>,
        pub source_topic_regex: Array<'a, i16>,
        pub repartition_source_topics: Array<'a, i16>,
    }

    impl<'a> Message<'a> for CopartitionGroups<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let source_topics = r.array(Form { version: v, flexible: true })?;
            let source_topic_regex = r.array(Form { version: v, flexible: true })?;
            let repartition_source_topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { source_topics, source_topic_regex, repartition_source_topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.source_topics, Form { version: v, flexible: true });
            w.array(&self.source_topic_regex, Form { version: v, flexible: true });
            w.array(&self.repartition_source_topics, Form { version: v, flexible: true });
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
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct StreamsGroupHeartbeatResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub member_id: Str<'a>,
        pub member_epoch: i32,
        pub heartbeat_interval_ms: i32,
        pub acceptable_recovery_lag: i32,
        pub task_offset_interval_ms: i32,
        pub status: Option<Array<'a, Status<'a>>>,
        pub active_tasks: Option<Array<'a, ActiveTasks<'a>>>,
        pub standby_tasks: Option<Array<'a, StandbyTasks<'a>>>,
        pub warmup_tasks: Option<Array<'a, WarmupTasks<'a>>>,
        pub endpoint_information_epoch: i32,
        pub partitions_by_user_endpoint: Option<Array<'a, PartitionsByUserEndpoint<'a>>>,
    }

    impl Default for StreamsGroupHeartbeatResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Default::default(),
                member_id: Default::default(),
                member_epoch: Default::default(),
                heartbeat_interval_ms: Default::default(),
                acceptable_recovery_lag: Default::default(),
                task_offset_interval_ms: Default::default(),
                status: Some(Default::default()),
                active_tasks: Default::default(),
                standby_tasks: Default::default(),
                warmup_tasks: Default::default(),
                endpoint_information_epoch: Default::default(),
                partitions_by_user_endpoint: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for StreamsGroupHeartbeatResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let member_id = r.string(true)?;
            let member_epoch = r.i32()?;
            let heartbeat_interval_ms = r.i32()?;
            let acceptable_recovery_lag = r.i32()?;
            let task_offset_interval_ms = r.i32()?;
            let status = r.array_or_null(Form { version: v, flexible: true })?;
            let active_tasks = r.array_or_null(Form { version: v, flexible: true })?;
            let standby_tasks = r.array_or_null(Form { version: v, flexible: true })?;
            let warmup_tasks = r.array_or_null(Form { version: v, flexible: true })?;
            let endpoint_information_epoch = r.i32()?;
            let partitions_by_user_endpoint =
                r.array_or_null(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                throttle_time_ms,
                error_code,
                error_message,
                member_id,
                member_epoch,
                heartbeat_interval_ms,
                acceptable_recovery_lag,
                task_offset_interval_ms,
                status,
                active_tasks,
                standby_tasks,
                warmup_tasks,
                endpoint_information_epoch,
                partitions_by_user_endpoint,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.string(&self.member_id, true);
            w.i32(self.member_epoch);
            w.i32(self.heartbeat_interval_ms);
            w.i32(self.acceptable_recovery_lag);
            w.i32(self.task_offset_interval_ms);
            w.array_or_null(self.status.as_ref(), Form { version: v, flexible: true });
            w.array_or_null(self.active_tasks.as_ref(), Form { version: v, flexible: true });
            w.array_or_null(self.standby_tasks.as_ref(), Form { version: v, flexible: true });
            w.array_or_null(self.warmup_tasks.as_ref(), Form { version: v, flexible: true });
            w.i32(self.endpoint_information_epoch);
            w.array_or_null(
                self.partitions_by_user_endpoint.as_ref(),
                Form { version: v, flexible: true },
            );
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Status<'a> {
        pub status_code: i8,
        pub status_detail: Str<'a>,
    }

    impl<'a> Message<'a> for Status<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let status_code = r.i8()?;
            let status_detail = r.string(true)?;
            r.skip_tags()?;
            Ok(Self { status_code, status_detail })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i8(self.status_code);
            w.string(&self.status_detail, true);
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
    pub struct PartitionsByUserEndpoint<'a> {
        pub user_endpoint: UserEndpoint<'a>,
        pub active_partitions: Array<'a, ActivePartitions<'a>>,
        pub standby_partitions: Array<'a, StandbyPartitions<'a>>,
    }

    impl<'a> Message<'a> for PartitionsByUserEndpoint<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let user_endpoint = UserEndpoint::decode(r, v)?;
            let active_partitions = r.array(Form { version: v, flexible: true })?;
            let standby_partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { user_endpoint, active_partitions, standby_partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            self.user_endpoint.encode(w, v);
            w.array(&self.active_partitions, Form { version: v, flexible: true });
            w.array(&self.standby_partitions, Form { version: v, flexible: true });
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
    pub struct ActivePartitions<'a> {
        pub topic: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for ActivePartitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.topic, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct StandbyPartitions<'a> {
        pub topic: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for StandbyPartitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.topic, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}
