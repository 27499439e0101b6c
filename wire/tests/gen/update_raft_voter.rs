// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::update_raft_voter::request::UpdateRaftVoterRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("cluster_id", v, true, &mut m.cluster_id);
        o.read("current_leader_epoch", v, true, &mut m.current_leader_epoch);
        o.read("voter_id", v, true, &mut m.voter_id);
        o.read("voter_directory_id", v, true, &mut m.voter_directory_id);
        o.read("listeners", v, true, &mut m.listeners);
        o.read("kraft_version_feature", v, true, &mut m.kraft_version_feature);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::update_raft_voter::request::Listeners<'static> {
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

impl FromJson for millstream_wire::messages::update_raft_voter::request::KraftVersionFeature {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("min_supported_version", v, true, &mut m.min_supported_version);
        o.read("max_supported_version", v, true, &mut m.max_supported_version);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::update_raft_voter::response::UpdateRaftVoterResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("current_leader", v, true, &mut m.current_leader);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::update_raft_voter::response::CurrentLeader<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.finish();
        m
    }
}
