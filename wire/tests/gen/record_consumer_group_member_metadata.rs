// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::consumer_group_member_metadata::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("member_id", v, true, &mut m.member_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_group_member_metadata::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("instance_id", v, true, &mut m.instance_id);
        o.read("rack_id", v, true, &mut m.rack_id);
        o.read("client_id", v, true, &mut m.client_id);
        o.read("client_host", v, true, &mut m.client_host);
        o.read("subscribed_topic_names", v, true, &mut m.subscribed_topic_names);
        o.read("subscribed_topic_regex", v, true, &mut m.subscribed_topic_regex);
        o.read("rebalance_timeout_ms", v, true, &mut m.rebalance_timeout_ms);
        o.read("server_assignor", v, true, &mut m.server_assignor);
        o.read("classic_member_metadata", v, true, &mut m.classic_member_metadata);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::consumer_group_member_metadata::ClassicMemberMetadata<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("session_timeout_ms", v, true, &mut m.session_timeout_ms);
        o.read("supported_protocols", v, true, &mut m.supported_protocols);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::consumer_group_member_metadata::SupportedProtocols<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("metadata", v, true, &mut m.metadata);
        o.finish();
        m
    }
}
