// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::StreamsGroupHeartbeatRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("member_id", v, true, &mut m.member_id);
        o.read("member_epoch", v, true, &mut m.member_epoch);
        o.read("endpoint_information_epoch", v, true, &mut m.endpoint_information_epoch);
        o.read("instance_id", v, true, &mut m.instance_id);
        o.read("rack_id", v, true, &mut m.rack_id);
        o.read("rebalance_timeout_ms", v, true, &mut m.rebalance_timeout_ms);
        o.read("topology", v, true, &mut m.topology);
        o.read("active_tasks", v, true, &mut m.active_tasks);
        o.read("standby_tasks", v, true, &mut m.standby_tasks);
        o.read("warmup_tasks", v, true, &mut m.warmup_tasks);
        o.read("process_id", v, true, &mut m.process_id);
        o.read("user_endpoint", v, true, &mut m.user_endpoint);
        o.read("client_tags", v, true, &mut m.client_tags);
        o.read("task_offsets", v, true, &mut m.task_offsets);
        o.read("task_end_offsets", v, true, &mut m.task_end_offsets);
        o.read("shutdown_application", v, true, &mut m.shutdown_application);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::streams_group_heartbeat::request::Topology<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("epoch", v, true, &mut m.epoch);
        o.read("subtopologies", v, true, &mut m.subtopologies);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::Subtopologies<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("source_topics", v, true, &mut m.source_topics);
        o.read("source_topic_regex", v, true, &mut m.source_topic_regex);
        o.read("state_changelog_topics", v, true, &mut m.state_changelog_topics);
        o.read("repartition_sink_topics", v, true, &mut m.repartition_sink_topics);
        o.read("repartition_source_topics", v, true, &mut m.repartition_source_topics);
        o.read("copartition_groups", v, true, &mut m.copartition_groups);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::StateChangelogTopics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("replication_factor", v, true, &mut m.replication_factor);
        o.read("topic_configs", v, true, &mut m.topic_configs);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::TopicConfigs<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, true, &mut m.key);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::RepartitionSourceTopics<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("replication_factor", v, true, &mut m.replication_factor);
        o.read("topic_configs", v, true, &mut m.topic_configs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::streams_group_heartbeat::request::RepartitionSourceTopicsTopicConfigs<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("key", v, true, &mut m.key);
o.read("value", v, true, &mut m.value);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::CopartitionGroups<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("source_topics", v, true, &mut m.source_topics);
        o.read("source_topic_regex", v, true, &mut m.source_topic_regex);
        o.read("repartition_source_topics", v, true, &mut m.repartition_source_topics);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::ActiveTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::StandbyTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::WarmupTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::UserEndpoint<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::streams_group_heartbeat::request::ClientTags<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, true, &mut m.key);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::TaskOffsets<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partition", v, true, &mut m.partition);
        o.read("offset", v, true, &mut m.offset);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::request::TaskEndOffsets<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partition", v, true, &mut m.partition);
        o.read("offset", v, true, &mut m.offset);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::response::StreamsGroupHeartbeatResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("member_id", v, true, &mut m.member_id);
        o.read("member_epoch", v, true, &mut m.member_epoch);
        o.read("heartbeat_interval_ms", v, true, &mut m.heartbeat_interval_ms);
        o.read("acceptable_recovery_lag", v, true, &mut m.acceptable_recovery_lag);
        o.read("task_offset_interval_ms", v, true, &mut m.task_offset_interval_ms);
        o.read("status", v, true, &mut m.status);
        o.read("active_tasks", v, true, &mut m.active_tasks);
        o.read("standby_tasks", v, true, &mut m.standby_tasks);
        o.read("warmup_tasks", v, true, &mut m.warmup_tasks);
        o.read("endpoint_information_epoch", v, true, &mut m.endpoint_information_epoch);
        o.read("partitions_by_user_endpoint", v, true, &mut m.partitions_by_user_endpoint);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::streams_group_heartbeat::response::Status<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("status_code", v, true, &mut m.status_code);
        o.read("status_detail", v, true, &mut m.status_detail);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::response::ActiveTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::response::StandbyTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::response::WarmupTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::response::PartitionsByUserEndpoint<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("user_endpoint", v, true, &mut m.user_endpoint);
        o.read("active_partitions", v, true, &mut m.active_partitions);
        o.read("standby_partitions", v, true, &mut m.standby_partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::response::UserEndpoint<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::response::ActivePartitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_heartbeat::response::StandbyPartitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}
