// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::add_raft_voter::request::AddRaftVoterRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("cluster_id", v, true, &mut m.cluster_id);
        o.read("timeout_ms", v, true, &mut m.timeout_ms);
        o.read("voter_id", v, true, &mut m.voter_id);
        o.read("voter_directory_id", v, true, &mut m.voter_directory_id);
        o.read("listeners", v, true, &mut m.listeners);
        o.read("ack_when_committed", v, v >= 1, &mut m.ack_when_committed);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::add_raft_voter::request::Listeners<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::add_raft_voter::response::AddRaftVoterResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
