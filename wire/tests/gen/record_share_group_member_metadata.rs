// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::share_group_member_metadata::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("member_id", v, true, &mut m.member_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::share_group_member_metadata::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("rack_id", v, true, &mut m.rack_id);
        o.read("client_id", v, true, &mut m.client_id);
        o.read("client_host", v, true, &mut m.client_host);
        o.read("subscribed_topic_names", v, true, &mut m.subscribed_topic_names);
        o.finish();
        m
    }
}
