//! DescribeConfigs (key 32): every setting of a topic, of this broker, of a group or of a client
//! metrics subscription, and where it is from.
//!
//! Values, bounds and explanations come from `engine::config`'s rows. The empty broker name
//! stands for the default of all brokers, of which only what was set is shown, as in Kafka.

use bytes::Bytes;
use millstream_engine::config::{
    BrokerConfig, CLIENT_METRICS_ROWS, Candidate, Described, GROUP_ROWS, Kind, Row, Source,
    broker_row, describe_broker, describe_resource, describe_topic,
};
use millstream_engine::ids::BrokerId;
use millstream_engine::meta::names::check_topic_name;
use millstream_engine::meta::{Image, Overrides, ResourceType};
use millstream_engine::refusal::Refusal;
use millstream_wire::messages::describe_configs::request::Resources;
use millstream_wire::messages::describe_configs::response::{Configs, Results, Synonyms};
use millstream_wire::messages::{DescribeConfigsRequest, DescribeConfigsResponse};
use millstream_wire::{ErrorCode, Str};

use super::{Answer, Context};

/// DescribeConfigs' number for a dynamic value that was set for all brokers.
const DYNAMIC_DEFAULT_BROKER: i8 = 3;

/// Serves versions 1–4. All faults are per resource.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: DescribeConfigsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let image = ctx.node.image();
    let config = ctx.node.config();
    let view = View {
        node: config.node_id,
        image: &image,
        config: &config,
        own: image.broker_overrides(config.node_id),
        synonyms: request.include_synonyms,
        documentation: request.include_documentation,
    };
    let results = request.resources.iter().map(|resource| view.result(resource));
    ctx.respond(&DescribeConfigsResponse { results: results.collect(), ..Default::default() })
}

/// What one request looks at, and what it wants to see of it.
struct View<'a> {
    node: BrokerId,
    image: &'a Image,
    config: &'a BrokerConfig,
    /// Dynamic values of this broker alone.
    own: &'a Overrides,
    synonyms: bool,
    documentation: bool,
}

impl View<'_> {
    fn result(&self, resource: Resources<'_>) -> Results<'static> {
        let (error, message, configs) = match self.rows(&resource) {
            Ok(rows) => {
                let keys = resource.configuration_keys.filter(|keys| !keys.is_empty());
                let keys = keys.map(|keys| keys.to_vec());
                let wanted =
                    |row: &Configs<'_>| keys.as_ref().is_none_or(|k| k.contains(&row.name));
                let rows: Vec<_> = rows.into_iter().filter(wanted).collect();
                (ErrorCode::None, None, rows)
            }
            Err(refusal) => (refusal.code(), refusal.message().map(str::to_owned), Vec::new()),
        };
        Results {
            error_code: error.code(),
            error_message: message.map(Into::into),
            resource_type: resource.resource_type,
            resource_name: resource.resource_name.into_owned().into(),
            configs: configs.into(),
        }
    }

    fn rows(&self, resource: &Resources<'_>) -> Result<Vec<Configs<'static>>, Refusal> {
        let name = resource.resource_name.as_ref();
        let invalid = |why| Refusal::because(ErrorCode::InvalidRequest, why);
        match ResourceType::from_code(resource.resource_type) {
            Some(ResourceType::Topic) => {
                check_topic_name(name)?;
                let unknown = || Refusal::new(ErrorCode::UnknownTopicOrPartition);
                let topic = self.image.topic(name).ok_or_else(unknown)?;
                let rows = describe_topic(&topic.configs, self.config);
                Ok(rows.into_iter().map(|row| self.config_row(row)).collect())
            }
            Some(ResourceType::Broker) if name.is_empty() => Ok(self.broker_defaults()),
            Some(ResourceType::Broker) => match name.parse().map(BrokerId) {
                Ok(id) if id == self.node => {
                    let rows = describe_broker(self.config);
                    Ok(rows.into_iter().map(|row| self.config_row(row)).collect())
                }
                Ok(id) => Err(invalid(format!(
                    "Unexpected broker id, expected {} or empty string, but received {id}",
                    self.node
                ))),
                Err(_) => Err(invalid(format!("Broker id must be an integer, but it is: {name}"))),
            },
            Some(ResourceType::ClientMetrics) if name.is_empty() => {
                Err(invalid("Client metrics subscription name must not be empty".to_owned()))
            }
            Some(ResourceType::Group) if name.is_empty() => {
                Err(invalid("Group name must not be empty".to_owned()))
            }
            Some(ResourceType::ClientMetrics) => {
                let set = self.image.resource_overrides(ResourceType::ClientMetrics, name);
                Ok(self.resource_rows(CLIENT_METRICS_ROWS, set, Source::ClientMetrics))
            }
            Some(ResourceType::Group) => {
                let set = self.image.resource_overrides(ResourceType::Group, name);
                Ok(self.resource_rows(GROUP_ROWS, set, Source::Group))
            }
            None => Err(invalid(format!("Unsupported resource type: {}", resource.resource_type))),
        }
    }

    fn resource_rows(
        &self,
        rows: &'static [Row],
        set: &Overrides,
        source: Source,
    ) -> Vec<Configs<'static>> {
        let all = describe_resource(rows, set, source);
        all.into_iter().map(|described| self.config_row(described)).collect()
    }

    fn config_row(&self, described: Described) -> Configs<'static> {
        let Described { row, value, source, read_only, synonyms } = described;
        let by = synonyms.first().map_or(row.name, |strongest| strongest.name);
        let synonyms = match self.synonyms {
            true => synonyms.into_iter().map(|candidate| self.synonym(candidate)).collect(),
            false => Vec::new(),
        };
        Configs {
            name: row.name.into(),
            value: value.map(Into::into),
            read_only,
            config_source: self.source(source, by),
            is_sensitive: row.kind == Kind::Password,
            synonyms: synonyms.into(),
            config_type: row.kind.code(),
            documentation: self.documentation.then(|| Str::from(row.doc)),
        }
    }

    fn synonym(&self, candidate: Candidate) -> Synonyms<'static> {
        Synonyms {
            name: candidate.name.into(),
            source: self.source(candidate.source, candidate.name),
            value: Some(candidate.value.into()),
        }
    }

    fn source(&self, source: Source, key: &str) -> i8 {
        match source {
            Source::DynamicBroker if !self.own.contains_key(key) => DYNAMIC_DEFAULT_BROKER,
            source => source.code(),
        }
    }

    fn broker_defaults(&self) -> Vec<Configs<'static>> {
        let row = |(key, value): (&String, &String)| {
            let known = broker_row(key).ok();
            Configs {
                name: key.clone().into(),
                value: Some(value.clone().into()),
                config_source: DYNAMIC_DEFAULT_BROKER,
                config_type: known.map_or(0, |row| row.kind.code()),
                documentation: known.filter(|_| self.documentation).map(|row| row.doc.into()),
                ..Default::default()
            }
        };
        self.image.broker_defaults().iter().map(row).collect()
    }
}
