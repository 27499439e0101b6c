// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::streams_group_describe::request::StreamsGroupDescribeRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_ids", v, true, &mut m.group_ids);
        o.read("include_authorized_operations", v, true, &mut m.include_authorized_operations);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_describe::response::StreamsGroupDescribeResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("groups", v, true, &mut m.groups);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::streams_group_describe::response::Groups<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("group_id", v, true, &mut m.group_id);
        o.read("group_state", v, true, &mut m.group_state);
        o.read("group_epoch", v, true, &mut m.group_epoch);
        o.read("assignment_epoch", v, true, &mut m.assignment_epoch);
        o.read("topology", v, true, &mut m.topology);
        o.read("members", v, true, &mut m.members);
        o.read("authorized_operations", v, true, &mut m.authorized_operations);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::streams_group_describe::response::Topology<'static> {
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
    for millstream_wire::messages::streams_group_describe::response::Subtopologies<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("source_topics", v, true, &mut m.source_topics);
        o.read("repartition_sink_topics", v, true, &mut m.repartition_sink_topics);
        o.read("state_changelog_topics", v, true, &mut m.state_changelog_topics);
        o.read("repartition_source_topics", v, true, &mut m.repartition_source_topics);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_describe::response::StateChangelogTopics<'static>
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
    for millstream_wire::messages::streams_group_describe::response::TopicConfigs<'static>
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
    for millstream_wire::messages::streams_group_describe::response::RepartitionSourceTopics<
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

impl FromJson for millstream_wire::messages::streams_group_describe::response::RepartitionSourceTopicsTopicConfigs<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("key", v, true, &mut m.key);
o.read("value", v, true, &mut m.value);
o.finish();
m
}
}

impl FromJson for millstream_wire::messages::streams_group_describe::response::Members<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("member_id", v, true, &mut m.member_id);
        o.read("member_epoch", v, true, &mut m.member_epoch);
        o.read("instance_id", v, true, &mut m.instance_id);
        o.read("rack_id", v, true, &mut m.rack_id);
        o.read("client_id", v, true, &mut m.client_id);
        o.read("client_host", v, true, &mut m.client_host);
        o.read("topology_epoch", v, true, &mut m.topology_epoch);
        o.read("process_id", v, true, &mut m.process_id);
        o.read("user_endpoint", v, true, &mut m.user_endpoint);
        o.read("client_tags", v, true, &mut m.client_tags);
        o.read("task_offsets", v, true, &mut m.task_offsets);
        o.read("task_end_offsets", v, true, &mut m.task_end_offsets);
        o.read("assignment", v, true, &mut m.assignment);
        o.read("target_assignment", v, true, &mut m.target_assignment);
        o.read("is_classic", v, true, &mut m.is_classic);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_describe::response::UserEndpoint<'static>
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

impl FromJson for millstream_wire::messages::streams_group_describe::response::ClientTags<'static> {
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
    for millstream_wire::messages::streams_group_describe::response::TaskOffsets<'static>
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
    for millstream_wire::messages::streams_group_describe::response::TaskEndOffsets<'static>
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

impl FromJson for millstream_wire::messages::streams_group_describe::response::Assignment<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("active_tasks", v, true, &mut m.active_tasks);
        o.read("standby_tasks", v, true, &mut m.standby_tasks);
        o.read("warmup_tasks", v, true, &mut m.warmup_tasks);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_describe::response::ActiveTasks<'static>
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
    for millstream_wire::messages::streams_group_describe::response::StandbyTasks<'static>
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
    for millstream_wire::messages::streams_group_describe::response::WarmupTasks<'static>
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
    for millstream_wire::messages::streams_group_describe::response::TargetAssignment<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("active_tasks", v, true, &mut m.active_tasks);
        o.read("standby_tasks", v, true, &mut m.standby_tasks);
        o.read("warmup_tasks", v, true, &mut m.warmup_tasks);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::streams_group_describe::response::TargetAssignmentActiveTasks<
        'static,
    >
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
    for millstream_wire::messages::streams_group_describe::response::TargetAssignmentStandbyTasks<
        'static,
    >
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
    for millstream_wire::messages::streams_group_describe::response::TargetAssignmentWarmupTasks<
        'static,
    >
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
