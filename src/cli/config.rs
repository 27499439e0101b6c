//! `millstream config`: show and change settings of topics and brokers.
//!
//! DescribeConfigs and IncrementalAlterConfigs, nothing more: which keys exist, what they
//! may be and which of them change at once is the broker's answer. The hidden `docs`
//! command prints `docs/configs.md` from this binary's own rows.

use clap::{Args, Subcommand};
use millstream_wire::ApiKey;
use millstream_wire::messages::{
    DescribeConfigsRequest, DescribeConfigsResponse, IncrementalAlterConfigsRequest,
    IncrementalAlterConfigsResponse, describe_configs, incremental_alter_configs,
};
use serde_json::{Value, json};

use super::client::{Client, Fault};
use super::output::{Columns, Output, say, say_json};
use super::{Target, key_value};

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const SET: i8 = 0;
const DELETE: i8 = 1;

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show settings: those that were set, or all with --all
    Describe(DescribeArgs),
    /// Set keys, or go back to their defaults
    Alter(AlterArgs),
    /// Print docs/configs.md
    #[command(hide = true)]
    Docs,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Whose {
    /// A topic's settings
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// A broker's settings, by node.id
    #[arg(long, value_name = "ID")]
    broker: Option<i32>,
    /// Settings of all brokers together
    #[arg(long)]
    brokers: bool,
}

impl Whose {
    fn resource(&self) -> Resource {
        match (&self.topic, self.broker) {
            (Some(topic), _) => Resource::Topic(topic.clone()),
            (None, Some(id)) => Resource::Broker(id.to_string()),
            (None, None) => Resource::Broker(String::new()),
        }
    }
}

#[derive(Debug, Args)]
pub struct DescribeArgs {
    #[command(flatten)]
    whose: Whose,
    /// Show defaults too
    #[arg(long)]
    all: bool,
    /// Show what the keys mean
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub struct AlterArgs {
    #[command(flatten)]
    whose: Whose,
    /// Set a key; repeatable
    #[arg(short, long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    sets: Vec<(String, String)>,
    /// Go back to the value below; repeatable
    #[arg(short, long = "unset", value_name = "KEY")]
    unsets: Vec<String>,
    #[command(flatten)]
    target: Target,
}

/// Runs one of the commands.
///
/// # Errors
/// No broker, or what it refused.
pub fn run(command: ConfigCommand) -> Result<(), Fault> {
    match command {
        ConfigCommand::Describe(args) => describe(&args),
        ConfigCommand::Alter(args) => alter(&args),
        ConfigCommand::Docs => say(&millstream_engine::config::configs_page()),
    }
}

/// Whose settings.
#[derive(Clone, Debug)]
pub enum Resource {
    Topic(String),
    /// By id; empty for all brokers together.
    Broker(String),
}

impl Resource {
    fn kind(&self) -> i8 {
        match self {
            Resource::Topic(_) => TOPIC,
            Resource::Broker(_) => BROKER,
        }
    }

    fn name(&self) -> &str {
        match self {
            Resource::Topic(name) | Resource::Broker(name) => name,
        }
    }

    fn shown(&self) -> String {
        match self {
            Resource::Topic(name) => format!("topic '{name}'"),
            Resource::Broker(id) if id.is_empty() => "all brokers".to_owned(),
            Resource::Broker(id) => format!("broker {id}"),
        }
    }
}

/// One key with the value in effect.
#[derive(Clone, Debug)]
pub struct Setting {
    pub name: String,
    pub value: Option<String>,
    source: i8,
    read_only: bool,
    documentation: Option<String>,
}

impl Setting {
    /// Whether it was set for this very topic or broker.
    pub fn is_override(&self) -> bool {
        matches!(self.source, 1 | 2)
    }

    fn is_default(&self) -> bool {
        self.source == 5
    }

    fn source(&self) -> &'static str {
        match self.source {
            1 => "topic",
            2 => "broker, dynamic",
            3 => "all brokers, dynamic",
            4 => "broker, static",
            5 => "default",
            8 => "group",
            _ => "unknown",
        }
    }

    pub fn json(&self) -> Value {
        json!({
            "name": self.name,
            "value": self.value,
            "source": self.source(),
            "read_only": self.read_only,
        })
    }
}

fn describe(args: &DescribeArgs) -> Result<(), Fault> {
    let resource = args.whose.resource();
    let mut settings = settings(&mut args.target.client()?, &resource)?;
    settings.retain(|setting| args.all || !setting.is_default());
    if args.target.output == Output::Json {
        return say_json(&settings.iter().map(Setting::json).collect::<Vec<_>>().into());
    }
    if settings.is_empty() {
        eprintln!("nothing is set for {}; see the defaults with --all", resource.shown());
        return Ok(());
    }
    if args.explain {
        for setting in &settings {
            let value = setting.value.as_deref().unwrap_or("unset");
            let doc = setting.documentation.as_deref().unwrap_or_default();
            say(&format!("{} = {value}  ({})\n  {doc}\n", setting.name, setting.source()))?;
        }
        return Ok(());
    }
    let mut columns = Columns::new(&["key", "value", "from", "changes"]);
    for setting in &settings {
        let value = setting.value.as_deref().unwrap_or("unset");
        let changes = if setting.read_only { "with a restart" } else { "at once" };
        columns.row([setting.name.as_str(), value, setting.source(), changes]);
    }
    say(&columns.text())
}

/// All settings of a topic or broker, by name.
///
/// # Errors
/// No broker, or what it refused.
pub fn settings(client: &mut Client, resource: &Resource) -> Result<Vec<Setting>, Fault> {
    let asked = describe_configs::request::Resources {
        resource_type: resource.kind(),
        resource_name: resource.name().into(),
        configuration_keys: None,
    };
    let request = DescribeConfigsRequest {
        resources: vec![asked].into(),
        include_synonyms: false,
        include_documentation: true,
    };
    let answer = client.call(ApiKey::DescribeConfigs, &request)?;
    let response: DescribeConfigsResponse<'_> = answer.decode()?;
    let mut settings = Vec::new();
    for result in response.results.iter() {
        let message = result.error_message.as_deref();
        Fault::check_with(result.error_code, message, || resource.shown())?;
        for config in result.configs.iter() {
            settings.push(Setting {
                name: config.name.to_string(),
                value: config.value.as_deref().map(str::to_owned),
                source: config.config_source,
                read_only: config.read_only,
                documentation: config.documentation.as_deref().map(str::to_owned),
            });
        }
    }
    settings.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(settings)
}

fn alter(args: &AlterArgs) -> Result<(), Fault> {
    if args.sets.is_empty() && args.unsets.is_empty() {
        let reason = "nothing to change: give --set KEY=VALUE or --unset KEY";
        return Err(Fault::Impossible(reason.to_owned()));
    }
    let resource = args.whose.resource();
    change(&mut args.target.client()?, &resource, &args.sets, &args.unsets)?;
    say(&format!("changed settings of {}", resource.shown()))
}

/// Sets and unsets keys, all or none.
///
/// # Errors
/// No broker, or what it refused.
pub fn change(
    client: &mut Client,
    resource: &Resource,
    sets: &[(String, String)],
    unsets: &[String],
) -> Result<(), Fault> {
    use incremental_alter_configs::request::{Configs, Resources};
    let set = sets.iter().map(|(key, value)| Configs {
        name: key.into(),
        config_operation: SET,
        value: Some(value.into()),
    });
    let unset = unsets.iter().map(|key| Configs {
        name: key.into(),
        config_operation: DELETE,
        value: None,
    });
    let asked = Resources {
        resource_type: resource.kind(),
        resource_name: resource.name().into(),
        configs: set.chain(unset).collect::<Vec<_>>().into(),
    };
    let request =
        IncrementalAlterConfigsRequest { resources: vec![asked].into(), validate_only: false };
    let answer = client.call(ApiKey::IncrementalAlterConfigs, &request)?;
    let response: IncrementalAlterConfigsResponse<'_> = answer.decode()?;
    for result in response.responses.iter() {
        let message = result.error_message.as_deref();
        Fault::check_with(result.error_code, message, || resource.shown())?;
    }
    Ok(())
}
