//! Deciding on changes of configs: of topics, brokers, groups and client metrics subscriptions.
//!
//! Whether a key exists, is dynamic and takes a value is `config`'s business; here stands
//! what the change means for an image. A resource changes as a whole or not at all. Topic
//! and group faults are INVALID_CONFIG, broker faults INVALID_REQUEST, as in Kafka.

use std::collections::BTreeSet;

use millstream_wire::ErrorCode;

use super::Decision;
use super::image::{Image, Overrides};
use super::names::check_topic_name;
use super::record::{ConfigRecord, MetaRecord, ResourceType};
use crate::config::{
    AlterOp, BrokerConfig, CLIENT_METRICS_ROWS, ConfigFault, Described, GROUP_ROWS, Row, Source,
    TopicConfig, altered, broker_row, client_metrics_row, describe_broker, describe_resource,
    describe_topic, group_row, topic_row,
};
use crate::ids::BrokerId;
use crate::limits;
use crate::refusal::Refusal;

/// The configs of one resource that are to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterResource {
    pub resource: ResourceType,
    /// A topic's name, a broker's id, or "" for the default of all brokers; a group's or a
    /// subscription's name.
    pub name: String,
    pub change: ConfigChange,
}

/// How they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigChange {
    /// IncrementalAlterConfigs: key by key.
    Each(Vec<AlterKey>),
    /// AlterConfigs: these are all there is from now on.
    Whole(Vec<(String, Option<String>)>),
}

/// One operation on one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterKey {
    pub key: String,
    pub op: AlterOp,
    pub value: Option<String>,
}

impl Image {
    /// Changes configs; the outcomes stand in the order of `resources`.
    #[must_use]
    pub fn decide_alter_configs(
        &self,
        resources: &[AlterResource],
        broker: &BrokerConfig,
    ) -> Decision<Vec<Result<(), Refusal>>> {
        let mut seen = BTreeSet::new();
        let mut twice = BTreeSet::new();
        for resource in resources {
            let name = (resource.resource, resource.name.as_str());
            if !seen.insert(name) {
                twice.insert(name);
            }
        }
        let mut decision = Decision { records: Vec::new(), reply: Vec::new() };
        let mut count = self.resource_count();
        for resource in resources {
            let adds = self.adds_resource(resource);
            let outcome = if twice.contains(&(resource.resource, resource.name.as_str())) {
                Err(invalid("Each resource must appear at most once."))
            } else if adds && count >= limits::CONFIG_RESOURCES_MAX {
                let why = "Too many groups and subscriptions have settings of their own.";
                Err(Refusal::because(ErrorCode::PolicyViolation, why))
            } else {
                self.alter(resource, broker)
            };
            count += usize::from(adds && outcome.is_ok());
            let outcome = outcome.map(|records| decision.records.extend(records));
            decision.reply.push(outcome);
        }
        decision
    }

    fn alter(
        &self,
        resource: &AlterResource,
        broker: &BrokerConfig,
    ) -> Result<Vec<MetaRecord>, Refusal> {
        let before = self.overrides_of(resource, broker.node_id)?;
        let after = match &resource.change {
            ConfigChange::Each(keys) => self.after_each(resource, keys, before, broker)?,
            ConfigChange::Whole(entries) => whole(entries)?,
        };
        self.check_after(resource, &after, broker)?;
        Ok(differences(resource, before, &after))
    }

    /// Whether it is a group or a subscription of which nothing was set before.
    fn adds_resource(&self, resource: &AlterResource) -> bool {
        match resource.resource {
            ResourceType::Topic | ResourceType::Broker => false,
            kind => self.resource_overrides(kind, &resource.name).is_empty(),
        }
    }

    fn overrides_of(
        &self,
        resource: &AlterResource,
        node: BrokerId,
    ) -> Result<&Overrides, Refusal> {
        match resource.resource {
            ResourceType::Topic if resource.name.is_empty() => {
                Err(invalid("Default topic resources are not allowed."))
            }
            ResourceType::Topic => {
                check_topic_name(&resource.name)?;
                let unknown = || Refusal::new(ErrorCode::UnknownTopicOrPartition);
                self.topic(&resource.name).map(|topic| &topic.configs).ok_or_else(unknown)
            }
            ResourceType::ClientMetrics | ResourceType::Group => {
                self.resource_overrides_of(resource)
            }
            ResourceType::Broker if resource.name.is_empty() => Ok(self.broker_defaults()),
            ResourceType::Broker => match resource.name.parse().map(BrokerId) {
                Ok(id) if id == node => Ok(self.broker_overrides(id)),
                Ok(id) => Err(invalid(format!(
                    "Unexpected broker id, expected {node} or empty string, but received {id}"
                ))),
                Err(_) => Err(invalid(format!(
                    "Broker id must be an integer, but it is: {}",
                    resource.name
                ))),
            },
        }
    }

    fn resource_overrides_of(&self, resource: &AlterResource) -> Result<&Overrides, Refusal> {
        let name = resource.name.as_str();
        if name.is_empty() {
            return Err(invalid(match resource.resource {
                ResourceType::Group => "Default group resources are not allowed.",
                _ => "Subscription name can't be empty",
            }));
        }
        if name.len() > limits::GROUP_TEXT_BYTES_MAX {
            return Err(invalid("The name is too long."));
        }
        Ok(self.resource_overrides(resource.resource, name))
    }

    fn after_each(
        &self,
        resource: &AlterResource,
        keys: &[AlterKey],
        before: &Overrides,
        broker: &BrokerConfig,
    ) -> Result<Overrides, Refusal> {
        let mut seen = BTreeSet::new();
        let mut after = before.clone();
        for AlterKey { key, op, value } in keys {
            if !seen.insert(key) {
                return Err(invalid("Error due to duplicate config keys"));
            }
            if *op == AlterOp::Delete {
                after.remove(key);
                continue;
            }
            if value.is_none() {
                return Err(invalid(format!("Null value not supported for : {key}")));
            }
            let row = row_of(resource.resource, key);
            let row = row.map_err(|fault| refused(resource.resource, &fault))?;
            let current = match op {
                AlterOp::Append | AlterOp::Subtract => {
                    self.in_effect(resource, key, before, broker)
                }
                AlterOp::Set | AlterOp::Delete => None,
            };
            let new = altered(row, *op, current.as_deref(), value.as_deref()).map_err(|fault| {
                match &fault {
                    // Kafka's code for APPEND to what is no list, whatever the resource.
                    ConfigFault::Conflict { message } => {
                        Refusal::because(ErrorCode::InvalidConfig, message.clone())
                    }
                    _ => refused(resource.resource, &fault),
                }
            })?;
            match new {
                Some(new) => after.insert(key.clone(), new),
                None => after.remove(key),
            };
        }
        Ok(after)
    }

    /// What APPEND and SUBTRACT start from: the value in effect.
    fn in_effect(
        &self,
        resource: &AlterResource,
        key: &str,
        before: &Overrides,
        broker: &BrokerConfig,
    ) -> Option<String> {
        if let Some(value) = before.get(key) {
            return Some(value.clone());
        }
        let rows: Vec<Described> = match resource.resource {
            ResourceType::Topic => describe_topic(before, broker),
            ResourceType::Broker => describe_broker(broker),
            ResourceType::ClientMetrics => {
                describe_resource(CLIENT_METRICS_ROWS, before, Source::ClientMetrics)
            }
            ResourceType::Group => describe_resource(GROUP_ROWS, before, Source::Group),
        };
        rows.into_iter().find(|described| described.row.name == key)?.value
    }

    fn check_after(
        &self,
        resource: &AlterResource,
        after: &Overrides,
        broker: &BrokerConfig,
    ) -> Result<(), Refusal> {
        let outcome = match resource.resource {
            ResourceType::Topic => TopicConfig::resolve(after, broker).map(drop),
            ResourceType::Broker => broker.with_dynamics(after).map(drop),
            kind @ (ResourceType::ClientMetrics | ResourceType::Group) => {
                after.iter().try_for_each(|(key, value)| row_of(kind, key)?.parse(value).map(drop))
            }
        };
        outcome.map_err(|fault| refused(resource.resource, &fault))
    }
}

fn row_of(resource: ResourceType, key: &str) -> Result<&'static Row, ConfigFault> {
    match resource {
        ResourceType::Topic => topic_row(key),
        ResourceType::Broker => broker_row(key),
        ResourceType::ClientMetrics => client_metrics_row(key),
        ResourceType::Group => group_row(key),
    }
}

fn whole(entries: &[(String, Option<String>)]) -> Result<Overrides, Refusal> {
    let mut after = Overrides::new();
    for (key, value) in entries {
        let Some(value) = value else {
            return Err(invalid(format!("Null value not supported for : {key}")));
        };
        if after.insert(key.clone(), value.clone()).is_some() {
            return Err(invalid("Error due to duplicate config keys"));
        }
    }
    Ok(after)
}

fn differences(resource: &AlterResource, before: &Overrides, after: &Overrides) -> Vec<MetaRecord> {
    let record = |key: &String, value: Option<&String>| {
        MetaRecord::Config(ConfigRecord {
            resource: resource.resource,
            name: resource.name.clone(),
            key: key.clone(),
            value: value.cloned(),
        })
    };
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    let set = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
    gone.map(|key| record(key, None))
        .chain(set.map(|(key, value)| record(key, Some(value))))
        .collect()
}

fn refused(resource: ResourceType, fault: &ConfigFault) -> Refusal {
    let code = match resource {
        ResourceType::Topic | ResourceType::Group => ErrorCode::InvalidConfig,
        ResourceType::ClientMetrics if fault.key() == Some("match") => ErrorCode::InvalidConfig,
        ResourceType::Broker | ResourceType::ClientMetrics => ErrorCode::InvalidRequest,
    };
    Refusal::because(code, fault.to_string())
}

fn invalid(why: impl Into<String>) -> Refusal {
    Refusal::because(ErrorCode::InvalidRequest, why)
}
