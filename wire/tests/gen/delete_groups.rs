// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::delete_groups::request::DeleteGroupsRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("groups_names", v, true, &mut m.groups_names);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::delete_groups::response::DeleteGroupsResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("results", v, true, &mut m.results);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::delete_groups::response::Results<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("error_code", v, true, &mut m.error_code);
        o.finish();
        m
    }
}
