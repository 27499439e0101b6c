// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::streams_group_member_metadata::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("member_id", v, true, &mut m.member_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_member_metadata::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("instance_id", v, true, &mut m.instance_id);
        o.read("rack_id", v, true, &mut m.rack_id);
        o.read("client_id", v, true, &mut m.client_id);
        o.read("client_host", v, true, &mut m.client_host);
        o.read("rebalance_timeout_ms", v, true, &mut m.rebalance_timeout_ms);
        o.read("topology_epoch", v, true, &mut m.topology_epoch);
        o.read("process_id", v, true, &mut m.process_id);
        o.read("user_endpoint", v, true, &mut m.user_endpoint);
        o.read("client_tags", v, true, &mut m.client_tags);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_member_metadata::UserEndpoint<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_member_metadata::ClientTags<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, true, &mut m.key);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}
