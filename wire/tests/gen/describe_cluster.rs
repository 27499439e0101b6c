// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::describe_cluster::request::DescribeClusterRequest {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read(
            "include_cluster_authorized_operations",
            v,
            true,
            &mut m.include_cluster_authorized_operations,
        );
        o.read("endpoint_type", v, v >= 1, &mut m.endpoint_type);
        o.read("include_fenced_brokers", v, v >= 2, &mut m.include_fenced_brokers);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_cluster::response::DescribeClusterResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("endpoint_type", v, v >= 1, &mut m.endpoint_type);
        o.read("cluster_id", v, true, &mut m.cluster_id);
        o.read("controller_id", v, true, &mut m.controller_id);
        o.read("brokers", v, true, &mut m.brokers);
        o.read("cluster_authorized_operations", v, true, &mut m.cluster_authorized_operations);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_cluster::response::Brokers<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.read("rack", v, true, &mut m.rack);
        o.read("is_fenced", v, v >= 2, &mut m.is_fenced);
        o.finish();
        m
    }
}
