// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::control::ControlRecordTypeSchema {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("type", v, true, &mut m.r#type);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::EndTxnMarker {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("coordinator_epoch", v, true, &mut m.coordinator_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::LeaderChangeMessage<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("version", v, true, &mut m.version);
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("voters", v, true, &mut m.voters);
        o.read("granting_voters", v, true, &mut m.granting_voters);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::Voters {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("voter_id", v, true, &mut m.voter_id);
        o.read("voter_directory_id", v, v >= 1, &mut m.voter_directory_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::GrantingVoters {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("voter_id", v, true, &mut m.voter_id);
        o.read("voter_directory_id", v, v >= 1, &mut m.voter_directory_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::SnapshotHeaderRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("version", v, true, &mut m.version);
        o.read("last_contained_log_timestamp", v, true, &mut m.last_contained_log_timestamp);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::SnapshotFooterRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("version", v, true, &mut m.version);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::KRaftVersionRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("version", v, true, &mut m.version);
        o.read("kraft_version", v, true, &mut m.kraft_version);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::VotersRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("version", v, true, &mut m.version);
        o.read("voters", v, true, &mut m.voters);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::VotersRecordVoters<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("voter_id", v, true, &mut m.voter_id);
        o.read("voter_directory_id", v, true, &mut m.voter_directory_id);
        o.read("endpoints", v, true, &mut m.endpoints);
        o.read("kraft_version_feature", v, true, &mut m.kraft_version_feature);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::control::Endpoints<'static> {
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

impl FromJson for millstream_wire::records::control::KraftVersionFeature {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("min_supported_version", v, true, &mut m.min_supported_version);
        o.read("max_supported_version", v, true, &mut m.max_supported_version);
        o.finish();
        m
    }
}
