//! `millstream topic`: create, list, describe, alter and delete topics.
//!
//! Each is one or two requests. What the broker refuses is said per topic, and the others
//! are done all the same; the command fails if any was refused. The key that decides what an
//! acknowledgement means is spelt out by `describe`.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use millstream_engine::config::show_bytes;
use millstream_wire::messages::{
    CreatePartitionsRequest, CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse,
    DeleteTopicsRequest, DeleteTopicsResponse, DescribeLogDirsRequest, DescribeLogDirsResponse,
    create_partitions, create_topics, describe_log_dirs,
};
use millstream_wire::{ApiKey, ErrorCode};
use serde_json::json;

use super::client::{self, Client, Fault, Missing, Place, Topic};
use super::config::{self, Resource, Setting};
use super::output::{Columns, Output, grouped, joined, say, say_json};
use super::{Failures, Target, key_value};

const TIMEOUT_MS: i32 = 30_000;

#[derive(Debug, Subcommand)]
pub enum TopicCommand {
    /// Make topics
    Create(CreateArgs),
    /// Show all topics
    List(ListArgs),
    /// Show partitions, offsets, sizes and settings of topics
    Describe(NamesArgs),
    /// Add partitions, or change settings
    Alter(AlterArgs),
    /// Delete topics with all their records
    Delete(NamesArgs),
}

#[derive(Debug, Args)]
pub struct CreateArgs {
    #[arg(required = true, value_name = "TOPIC")]
    names: Vec<String>,
    /// Partitions; without it the broker's num.partitions
    #[arg(short, long, value_name = "N")]
    partitions: Option<i32>,
    /// Replicas; without it the broker's default.replication.factor
    #[arg(short, long, value_name = "N")]
    replication_factor: Option<i16>,
    /// One setting of the topic; repeatable
    #[arg(short, long = "config", value_name = "KEY=VALUE", value_parser = key_value)]
    configs: Vec<(String, String)>,
    /// Do nothing about a topic that exists
    #[arg(long)]
    if_not_exists: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Show internal topics too
    #[arg(long)]
    internal: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub struct NamesArgs {
    #[arg(required = true, value_name = "TOPIC")]
    names: Vec<String>,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub struct AlterArgs {
    #[arg(value_name = "TOPIC")]
    name: String,
    /// The new number of partitions, more than now
    #[arg(short, long, value_name = "N")]
    partitions: Option<i32>,
    /// Set a key; repeatable
    #[arg(short, long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    sets: Vec<(String, String)>,
    /// Go back to the broker's value of a key; repeatable
    #[arg(short, long = "unset", value_name = "KEY")]
    unsets: Vec<String>,
    #[command(flatten)]
    target: Target,
}

/// Runs one of the commands.
///
/// # Errors
/// No broker, or what it refused.
pub fn run(command: TopicCommand) -> Result<(), Fault> {
    match command {
        TopicCommand::Create(args) => create(args),
        TopicCommand::List(args) => list(&args),
        TopicCommand::Describe(args) => describe(&args),
        TopicCommand::Alter(args) => alter(&args),
        TopicCommand::Delete(args) => delete(&args),
    }
}

fn create(args: CreateArgs) -> Result<(), Fault> {
    use create_topics::request;
    let mut client = args.target.client()?;
    let topics: Vec<_> = args
        .names
        .iter()
        .map(|name| request::Topics {
            name: name.into(),
            num_partitions: args.partitions.unwrap_or(-1),
            replication_factor: args.replication_factor.unwrap_or(-1),
            configs: (args.configs.iter())
                .map(|(key, value)| request::Configs {
                    name: key.into(),
                    value: Some(value.into()),
                })
                .collect::<Vec<_>>()
                .into(),
            ..request::Topics::default()
        })
        .collect();
    let request = CreateTopicsRequest {
        topics: topics.into(),
        timeout_ms: TIMEOUT_MS,
        ..CreateTopicsRequest::default()
    };
    let answer = client.call(ApiKey::CreateTopics, &request)?;
    let response: CreateTopicsResponse<'_> = answer.decode()?;
    let mut failures = Failures::default();
    for topic in response.topics.iter() {
        let name = topic.name.as_ref();
        let exists = topic.error_code == ErrorCode::TopicAlreadyExists.code();
        let done = match exists && args.if_not_exists {
            true => say(&format!("topic {name} exists")),
            false => Fault::check_with(topic.error_code, topic.error_message.as_deref(), || {
                format!("topic '{name}'")
            })
            .and_then(|()| match topic.num_partitions {
                partitions if partitions > 0 => {
                    say(&format!("created topic {name} with {}", count(partitions, "partition")))
                }
                _ => say(&format!("created topic {name}")),
            }),
        };
        failures.note(done);
    }
    failures.end()
}

fn list(args: &ListArgs) -> Result<(), Fault> {
    let mut topics = args.target.client()?.topics()?;
    topics.retain(|topic| args.internal || !topic.internal);
    let replicas = |topic: &Topic| topic.partitions.first().map_or(0, |one| one.replicas.len());
    if args.target.output == Output::Json {
        let all: Vec<_> = (topics.iter())
            .map(|topic| {
                json!({
                    "name": topic.name,
                    "id": topic.id.to_string(),
                    "partitions": topic.partitions.len(),
                    "replicas": replicas(topic),
                    "internal": topic.internal,
                })
            })
            .collect();
        return say_json(&all.into());
    }
    if topics.is_empty() {
        eprintln!("no topics yet; make one with `millstream topic create NAME`");
        return Ok(());
    }
    let mut columns = Columns::new(&["topic", ">partitions", ">replicas", "id"]);
    for topic in &topics {
        let numbers = (topic.partitions.len().to_string(), replicas(topic).to_string());
        columns.row([topic.name.clone(), numbers.0, numbers.1, topic.id.to_string()]);
    }
    say(&columns.text())
}

/// A topic with all that `describe` shows.
struct Details {
    topic: Topic,
    starts: BTreeMap<i32, i64>,
    ends: BTreeMap<i32, i64>,
    sizes: BTreeMap<i32, i64>,
    settings: Vec<Setting>,
}

fn describe(args: &NamesArgs) -> Result<(), Fault> {
    let mut client = args.target.client()?;
    let mut failures = Failures::default();
    let mut documents = Vec::new();
    for name in &args.names {
        match details(&mut client, name) {
            Err(fault) => failures.note(Err(fault)),
            Ok(details) if args.target.output == Output::Json => {
                documents.push(details_json(&details));
            }
            Ok(details) => say(&details_text(&details))?,
        }
    }
    if args.target.output == Output::Json {
        say_json(&documents.into())?;
    }
    failures.end()
}

fn details(client: &mut Client, name: &str) -> Result<Details, Fault> {
    let topic = client.topic(name, Missing::Refuse)?;
    let all: Vec<i32> = topic.partitions.iter().map(|partition| partition.index).collect();
    let starts = client::find(client, &topic, &all, Place::Beginning)?;
    let ends = client::find(client, &topic, &all, Place::End)?;
    let sizes = sizes(client, &topic, &all)?;
    let settings = config::settings(client, &Resource::Topic(name.to_owned()))?;
    Ok(Details { topic, starts, ends, sizes, settings })
}

/// Bytes on disk by partition, as far as their leaders say.
fn sizes(client: &mut Client, topic: &Topic, all: &[i32]) -> Result<BTreeMap<i32, i64>, Fault> {
    let mut sizes = BTreeMap::new();
    let mut leaders: Vec<i32> = topic.partitions.iter().map(|one| one.leader).collect();
    leaders.sort_unstable();
    leaders.dedup();
    for leader in leaders {
        let asked = describe_log_dirs::request::Topics {
            topic: (&topic.name).into(),
            partitions: all.to_vec().into(),
        };
        let request = DescribeLogDirsRequest { topics: Some(vec![asked].into()) };
        let answer = match client.at(leader)?.call(ApiKey::DescribeLogDirs, &request) {
            Err(Fault::Unsupported { .. }) => continue,
            answer => answer?,
        };
        let response: DescribeLogDirsResponse<'_> = answer.decode()?;
        for directory in response.results.iter() {
            for partition in directory.topics.iter().flat_map(|topic| topic.partitions.to_vec()) {
                sizes.insert(partition.partition_index, partition.partition_size);
            }
        }
    }
    Ok(sizes)
}

/// What an acknowledgement of this topic means, from its `flush.messages`.
fn contract(settings: &[Setting]) -> Option<String> {
    let value = settings.iter().find(|one| one.name == "flush.messages")?.value.as_deref()?;
    Some(match value {
        "1" => "acks=all: written and flushed to the device; acks=1: written".to_owned(),
        "9223372036854775807" => "acks=all and acks=1: written, not flushed".to_owned(),
        other => format!("acks=all and acks=1: written; flushed every {other} records"),
    })
}

fn details_text(details: &Details) -> String {
    let Details { topic, starts, ends, sizes, settings } = details;
    let mut lines =
        vec![format!("topic          {}", topic.name), format!("id             {}", topic.id)];
    if let Some(contract) = contract(settings) {
        lines.push(format!("acknowledged   {contract}"));
    }
    for setting in settings.iter().filter(|setting| setting.is_override()) {
        let value = setting.value.as_deref().unwrap_or("null");
        lines.push(format!("setting        {}={value}", setting.name));
    }
    let names =
        [">partition", ">leader", "replicas", "in sync", ">start", ">end", ">records", ">size"];
    let mut columns = Columns::new(&names);
    for partition in &topic.partitions {
        let at = |map: &BTreeMap<i32, i64>| map.get(&partition.index).copied();
        let (start, end) = (at(starts).unwrap_or(-1), at(ends).unwrap_or(-1));
        let size = at(sizes).and_then(|size| u64::try_from(size).ok());
        columns.row([
            partition.index.to_string(),
            partition.leader.to_string(),
            joined(&partition.replicas),
            joined(&partition.isr),
            start.to_string(),
            end.to_string(),
            grouped(end - start),
            size.map_or("-".to_owned(), |size| grouped(size as i64)),
        ]);
    }
    let total: i64 = topic.partitions.iter().filter_map(|one| sizes.get(&one.index)).sum();
    let total = u64::try_from(total).unwrap_or(0);
    format!("{}\n\n{}\n\n{} on disk\n", lines.join("\n"), columns.text(), about(total))
}

/// A size in the unit that shows it with three digits or so.
fn about(bytes: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    match units.iter().find(|(_, shift)| bytes >> shift >= 1) {
        Some((unit, shift)) => format!("{:.1} {unit}", bytes as f64 / (1u64 << shift) as f64),
        None => format!("{} bytes", show_bytes(bytes)),
    }
}

fn details_json(details: &Details) -> serde_json::Value {
    let Details { topic, starts, ends, sizes, settings } = details;
    let partitions: Vec<_> = (topic.partitions.iter())
        .map(|partition| {
            json!({
                "partition": partition.index,
                "leader": partition.leader,
                "replicas": partition.replicas,
                "isr": partition.isr,
                "start": starts.get(&partition.index),
                "end": ends.get(&partition.index),
                "bytes": sizes.get(&partition.index),
            })
        })
        .collect();
    json!({
        "name": topic.name,
        "id": topic.id.to_string(),
        "internal": topic.internal,
        "acknowledged": contract(settings),
        "partitions": partitions,
        "settings": settings.iter().map(Setting::json).collect::<Vec<_>>(),
    })
}

fn alter(args: &AlterArgs) -> Result<(), Fault> {
    if args.partitions.is_none() && args.sets.is_empty() && args.unsets.is_empty() {
        let reason = "nothing to change: give --partitions N, --set KEY=VALUE or --unset KEY";
        return Err(Fault::Impossible(reason.to_owned()));
    }
    let mut client = args.target.client()?;
    if !(args.sets.is_empty() && args.unsets.is_empty()) {
        let resource = Resource::Topic(args.name.clone());
        config::change(&mut client, &resource, &args.sets, &args.unsets)?;
        say(&format!("changed settings of topic {}", args.name))?;
    }
    match args.partitions {
        Some(partitions) => grow(&mut client, &args.name, partitions),
        None => Ok(()),
    }
}

fn grow(client: &mut Client, name: &str, partitions: i32) -> Result<(), Fault> {
    let asked = create_partitions::request::Topics {
        name: name.into(),
        count: partitions,
        assignments: None,
    };
    let request = CreatePartitionsRequest {
        topics: vec![asked].into(),
        timeout_ms: TIMEOUT_MS,
        validate_only: false,
    };
    let answer = client.call(ApiKey::CreatePartitions, &request)?;
    let response: CreatePartitionsResponse<'_> = answer.decode()?;
    for result in response.results.iter() {
        Fault::check_with(result.error_code, result.error_message.as_deref(), || {
            format!("topic '{name}'")
        })?;
    }
    say(&format!("topic {name} has {} now", count(partitions, "partition")))
}

fn delete(args: &NamesArgs) -> Result<(), Fault> {
    let mut client = args.target.client()?;
    let names: Vec<_> = args.names.iter().map(Into::into).collect();
    let request = DeleteTopicsRequest {
        topic_names: names.into(),
        timeout_ms: TIMEOUT_MS,
        ..DeleteTopicsRequest::default()
    };
    let answer = client.call(ApiKey::DeleteTopics, &request)?;
    let response: DeleteTopicsResponse<'_> = answer.decode()?;
    let mut failures = Failures::default();
    for topic in response.responses.iter() {
        let name = topic.name.as_deref().unwrap_or_default();
        let message = topic.error_message.as_deref();
        let done = Fault::check_with(topic.error_code, message, || format!("topic '{name}'"));
        failures.note(done.and_then(|()| say(&format!("deleted topic {name}"))));
    }
    failures.end()
}

fn count(n: i32, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
