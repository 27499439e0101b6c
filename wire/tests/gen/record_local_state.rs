// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::local_state::QuorumStateData<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("cluster_id", v, v <= 0, &mut m.cluster_id);
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("voted_id", v, true, &mut m.voted_id);
        o.read("voted_directory_id", v, v >= 1, &mut m.voted_directory_id);
        o.read("applied_offset", v, v <= 0, &mut m.applied_offset);
        o.read("current_voters", v, v <= 0, &mut m.current_voters);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::local_state::CurrentVoters {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("voter_id", v, v <= 0, &mut m.voter_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::local_state::ProducerSnapshot<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("crc", v, true, &mut m.crc);
        o.read("producer_entries", v, true, &mut m.producer_entries);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::local_state::ProducerEntries {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("epoch", v, true, &mut m.epoch);
        o.read("last_sequence", v, true, &mut m.last_sequence);
        o.read("last_offset", v, true, &mut m.last_offset);
        o.read("offset_delta", v, true, &mut m.offset_delta);
        o.read("timestamp", v, true, &mut m.timestamp);
        o.read("coordinator_epoch", v, true, &mut m.coordinator_epoch);
        o.read("current_txn_first_offset", v, true, &mut m.current_txn_first_offset);
        o.finish();
        m
    }
}
