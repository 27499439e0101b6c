// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::metadata::RegisterBrokerRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("is_migrating_zk_broker", v, v >= 2, &mut m.is_migrating_zk_broker);
        o.read("incarnation_id", v, true, &mut m.incarnation_id);
        o.read("broker_epoch", v, true, &mut m.broker_epoch);
        o.read("end_points", v, true, &mut m.end_points);
        o.read("features", v, true, &mut m.features);
        o.read("rack", v, true, &mut m.rack);
        o.read("fenced", v, true, &mut m.fenced);
        o.read("in_controlled_shutdown", v, v >= 1, &mut m.in_controlled_shutdown);
        o.read("log_dirs", v, v >= 3, &mut m.log_dirs);
        o.read("cordoned_log_dirs", v, v >= 4, &mut m.cordoned_log_dirs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::EndPoints<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.read("security_protocol", v, true, &mut m.security_protocol);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::Features<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("min_supported_version", v, true, &mut m.min_supported_version);
        o.read("max_supported_version", v, true, &mut m.max_supported_version);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::UnregisterBrokerRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("broker_epoch", v, true, &mut m.broker_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::TopicRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("topic_id", v, true, &mut m.topic_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::PartitionRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_id", v, true, &mut m.partition_id);
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("replicas", v, true, &mut m.replicas);
        o.read("isr", v, true, &mut m.isr);
        o.read("removing_replicas", v, true, &mut m.removing_replicas);
        o.read("adding_replicas", v, true, &mut m.adding_replicas);
        o.read("leader", v, true, &mut m.leader);
        o.read("leader_recovery_state", v, true, &mut m.leader_recovery_state);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("partition_epoch", v, true, &mut m.partition_epoch);
        o.read("directories", v, v >= 1, &mut m.directories);
        o.read("eligible_leader_replicas", v, v >= 2, &mut m.eligible_leader_replicas);
        o.read("last_known_elr", v, v >= 2, &mut m.last_known_elr);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::ConfigRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("resource_type", v, true, &mut m.resource_type);
        o.read("resource_name", v, true, &mut m.resource_name);
        o.read("name", v, true, &mut m.name);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::PartitionChangeRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_id", v, true, &mut m.partition_id);
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("isr", v, true, &mut m.isr);
        o.read("leader", v, true, &mut m.leader);
        o.read("replicas", v, true, &mut m.replicas);
        o.read("removing_replicas", v, true, &mut m.removing_replicas);
        o.read("adding_replicas", v, true, &mut m.adding_replicas);
        o.read("leader_recovery_state", v, true, &mut m.leader_recovery_state);
        o.read("directories", v, v >= 1, &mut m.directories);
        o.read("eligible_leader_replicas", v, v >= 2, &mut m.eligible_leader_replicas);
        o.read("last_known_elr", v, v >= 2, &mut m.last_known_elr);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::FenceBrokerRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("id", v, true, &mut m.id);
        o.read("epoch", v, true, &mut m.epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::UnfenceBrokerRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("id", v, true, &mut m.id);
        o.read("epoch", v, true, &mut m.epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::RemoveTopicRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::DelegationTokenRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("owner", v, true, &mut m.owner);
        o.read("requester", v, true, &mut m.requester);
        o.read("renewers", v, true, &mut m.renewers);
        o.read("issue_timestamp", v, true, &mut m.issue_timestamp);
        o.read("max_timestamp", v, true, &mut m.max_timestamp);
        o.read("expiration_timestamp", v, true, &mut m.expiration_timestamp);
        o.read("token_id", v, true, &mut m.token_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::UserScramCredentialRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("mechanism", v, true, &mut m.mechanism);
        o.read("salt", v, true, &mut m.salt);
        o.read("stored_key", v, true, &mut m.stored_key);
        o.read("server_key", v, true, &mut m.server_key);
        o.read("iterations", v, true, &mut m.iterations);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::FeatureLevelRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("feature_level", v, true, &mut m.feature_level);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::ClientQuotaRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("entity", v, true, &mut m.entity);
        o.read("key", v, true, &mut m.key);
        o.read("value", v, true, &mut m.value);
        o.read("remove", v, true, &mut m.remove);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::Entity<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("entity_type", v, true, &mut m.entity_type);
        o.read("entity_name", v, true, &mut m.entity_name);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::ProducerIdsRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("broker_epoch", v, true, &mut m.broker_epoch);
        o.read("next_producer_id", v, true, &mut m.next_producer_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::BrokerRegistrationChangeRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("broker_epoch", v, true, &mut m.broker_epoch);
        o.read("fenced", v, true, &mut m.fenced);
        o.read("in_controlled_shutdown", v, v >= 1, &mut m.in_controlled_shutdown);
        o.read("log_dirs", v, v >= 2, &mut m.log_dirs);
        o.read("cordoned_log_dirs", v, v >= 3, &mut m.cordoned_log_dirs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::AccessControlEntryRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("id", v, true, &mut m.id);
        o.read("resource_type", v, true, &mut m.resource_type);
        o.read("resource_name", v, true, &mut m.resource_name);
        o.read("pattern_type", v, true, &mut m.pattern_type);
        o.read("principal", v, true, &mut m.principal);
        o.read("host", v, true, &mut m.host);
        o.read("operation", v, true, &mut m.operation);
        o.read("permission_type", v, true, &mut m.permission_type);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::RemoveAccessControlEntryRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("id", v, true, &mut m.id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::NoOpRecord {
    fn from_json(json: &Value, _: i16) -> Self {
        let o = Object::new(json);
        let m = Self::default();
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::ZkMigrationStateRecord {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("zk_migration_state", v, true, &mut m.zk_migration_state);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::RemoveUserScramCredentialRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("mechanism", v, true, &mut m.mechanism);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::BeginTransactionRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::EndTransactionRecord {
    fn from_json(json: &Value, _: i16) -> Self {
        let o = Object::new(json);
        let m = Self::default();
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::AbortTransactionRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("reason", v, true, &mut m.reason);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::RemoveDelegationTokenRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("token_id", v, true, &mut m.token_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::RegisterControllerRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("controller_id", v, true, &mut m.controller_id);
        o.read("incarnation_id", v, true, &mut m.incarnation_id);
        o.read("zk_migration_ready", v, true, &mut m.zk_migration_ready);
        o.read("end_points", v, true, &mut m.end_points);
        o.read("features", v, true, &mut m.features);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::RegisterControllerRecordEndPoints<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.read("security_protocol", v, true, &mut m.security_protocol);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::RegisterControllerRecordFeatures<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("min_supported_version", v, true, &mut m.min_supported_version);
        o.read("max_supported_version", v, true, &mut m.max_supported_version);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::metadata::ClearElrRecord<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.finish();
        m
    }
}
