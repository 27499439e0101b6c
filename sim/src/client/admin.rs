//! The administrator: makes the topics, deletes and makes again the doomed ones, deletes
//! records, changes settings, and looks at what the broker lists.
//!
//! It does one thing at a time and finishes it, so at most one life of a topic's name is open.

use std::collections::BTreeMap;

use millstream_wire::messages::{
    CreateTopicsRequest, CreateTopicsResponse, DeleteRecordsRequest, DeleteRecordsResponse,
    DeleteTopicsRequest, DeleteTopicsResponse, DescribeConfigsRequest, DescribeConfigsResponse,
    IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, MetadataRequest,
    MetadataResponse, create_topics, delete_records, delete_topics, describe_configs,
    incremental_alter_configs,
};
use millstream_wire::{ApiKey, ErrorCode, Uuid};

use super::link::{Link, Lost};
use super::{Ctx, code_of, passes};
use crate::books::{Life, Phase, Topic};
use crate::fact::Fact;
use crate::plan::{Kind, TopicPlan};
use crate::record::Place;

const TIMEOUT_MS: i32 = 1_000;
const TOPIC_RESOURCE: i8 = 2;
/// The setting that is changed: large enough to refuse nothing, each value used once.
const SETTING: &str = "max.message.bytes";
const SETTING_DEFAULT: &str = "1048588";
const SETTING_LEAST: i64 = 1_000_000;

pub async fn run(mut ctx: Ctx) {
    let plan = ctx.books.with(|books| books.plan.clone());
    let mut lives = Vec::new();
    for topic in &plan.topics {
        lives.push(create(&mut ctx, topic).await);
    }
    let mut setting = SETTING_LEAST;
    while ctx.books.phase() < Phase::Calm {
        let at = ctx.rng.below(plan.topics.len() as u64) as usize;
        let (wanted, number) = (&plan.topics[at], lives[at]);
        match ctx.rng.below(4) {
            act if wanted.kind == Kind::Doomed && (act == 0 || plan.churns) => {
                delete(&mut ctx, number).await;
                lives[at] = create(&mut ctx, wanted).await;
            }
            0 | 1 if wanted.kind == Kind::Trimmed => {
                let index = ctx.rng.below(wanted.partitions as u64) as i32;
                let _ = trim(&mut ctx, Place { topic: number, index }).await;
            }
            2 if plan.configures => {
                setting += 1;
                let _ = configure(&mut ctx, number, setting).await;
            }
            3 => {
                let _ = look(&mut ctx).await;
            }
            _ => {}
        }
        ctx.pause(if plan.churns { 4_000 } else { 40_000 }).await;
    }
    ctx.books.done(ctx.me, Phase::Calm);
}

/// Makes the topic, however often it takes; its number.
async fn create(ctx: &mut Ctx, plan: &TopicPlan) -> u32 {
    let (kind, partitions, shape) = (plan.kind, plan.partitions, plan.shape);
    let (name, id, life) = (plan.name.clone(), None, Life::Creating);
    let topic = ctx.books.with(|books| {
        books.topics.push(Topic { name: name.clone(), kind, partitions, shape, id, life });
        books.topics.len() as u32 - 1
    });
    ctx.note(Fact::Creating { topic, name, kind, partitions });
    loop {
        if let Ok(Some(id)) = create_once(ctx, plan).await {
            if let Some(old) = ctx.books.with(|books| books.come_back(id, topic)) {
                return old;
            }
            ctx.books.with(|books| {
                let entry = &mut books.topics[topic as usize];
                (entry.id, entry.life) = (Some(id), Life::Alive);
            });
            ctx.note(Fact::Created { topic, id });
            return topic;
        }
        ctx.state(|| format!("creates #{topic}"));
        ctx.pause(20_000).await;
    }
}

async fn create_once(ctx: &mut Ctx, plan: &TopicPlan) -> Result<Option<Uuid>, Lost> {
    let mut link = Link::open(ctx).await?;
    let config = |(name, value): &(&'static str, String)| create_topics::request::Configs {
        name: (*name).into(),
        value: Some(value.clone().into()),
    };
    let topic = create_topics::request::Topics {
        name: plan.name.clone().into(),
        num_partitions: plan.partitions,
        replication_factor: 1,
        configs: plan.configs.iter().map(config).collect::<Vec<_>>().into(),
        ..create_topics::request::Topics::default()
    };
    let request = CreateTopicsRequest {
        topics: vec![topic].into(),
        timeout_ms: TIMEOUT_MS,
        validate_only: false,
    };
    let answer = link.call(ApiKey::CreateTopics, 7, &request).await?;
    let response: CreateTopicsResponse<'_> = answer.decode()?;
    let Some(made) = response.topics.iter().next() else { return Err(Lost) };
    match code_of(made.error_code) {
        ErrorCode::None => Ok(Some(made.topic_id)),
        // An answer was lost: it is ours.
        ErrorCode::TopicAlreadyExists => {
            let listed = list(ctx, &mut link).await?;
            Ok(listed.iter().find(|topic| topic.name == plan.name).map(|topic| topic.id))
        }
        code => {
            if !passes(code) {
                ctx.unexpected(&format!("create {}", plan.name), code);
            }
            Ok(None)
        }
    }
}

async fn delete(ctx: &mut Ctx, topic: u32) {
    ctx.books.with(|books| books.topics[topic as usize].life = Life::Deleting);
    ctx.note(Fact::Deleting { topic });
    let id = ctx.books.id_of(topic);
    while !delete_once(ctx, id).await.unwrap_or(false) {
        ctx.state(|| format!("deletes #{topic}"));
        ctx.pause(20_000).await;
    }
    ctx.books.with(|books| books.topics[topic as usize].life = Life::Deleted);
    ctx.note(Fact::Deleted { topic });
}

async fn delete_once(ctx: &mut Ctx, topic_id: Uuid) -> Result<bool, Lost> {
    let mut link = Link::open(ctx).await?;
    let topic = delete_topics::request::Topics { name: None, topic_id };
    let request = DeleteTopicsRequest {
        topics: vec![topic].into(),
        timeout_ms: TIMEOUT_MS,
        ..DeleteTopicsRequest::default()
    };
    let answer = link.call(ApiKey::DeleteTopics, 6, &request).await?;
    let response: DeleteTopicsResponse<'_> = answer.decode()?;
    let Some(result) = response.responses.iter().next() else { return Err(Lost) };
    match code_of(result.error_code) {
        ErrorCode::None | ErrorCode::UnknownTopicId => Ok(true),
        code => {
            if !passes(code) {
                ctx.unexpected("delete a topic", code);
            }
            Ok(false)
        }
    }
}

async fn trim(ctx: &mut Ctx, place: Place) -> Result<(), Lost> {
    let floor = ctx.books.floor(place);
    let all = ctx.rng.one_in(8);
    let offset = match all {
        true => -1,
        false => ctx.rng.range(floor.log_start as u64, floor.high_watermark as u64) as i64,
    };
    let upto = if all { i64::MAX } else { offset };
    let mut link = Link::open(ctx).await?;
    ctx.note(Fact::Trimming { place, upto });
    let partition = delete_records::request::Partitions { partition_index: place.index, offset };
    let topic = delete_records::request::Topics {
        name: ctx.books.topic(place.topic).name.into(),
        partitions: vec![partition].into(),
    };
    let request = DeleteRecordsRequest { topics: vec![topic].into(), timeout_ms: TIMEOUT_MS };
    let answer = link.call(ApiKey::DeleteRecords, 2, &request).await?;
    let response: DeleteRecordsResponse<'_> = answer.decode()?;
    let result = response.topics.iter().next().and_then(|topic| topic.partitions.iter().next());
    let Some(result) = result else { return Err(Lost) };
    match code_of(result.error_code) {
        ErrorCode::None => {
            let low = result.low_watermark;
            if low < offset {
                ctx.violate("log start", format!("{place}: deleted up to {low}, not {offset}"));
            }
            ctx.note(Fact::Trimmed { place, low });
        }
        code if passes(code) => {}
        code => ctx.unexpected(&format!("delete records of {place} below {offset}"), code),
    }
    Ok(())
}

async fn configure(ctx: &mut Ctx, topic: u32, value: i64) -> Result<(), Lost> {
    let mut link = Link::open(ctx).await?;
    let config = incremental_alter_configs::request::Configs {
        name: SETTING.into(),
        config_operation: 0,
        value: Some(value.to_string().into()),
    };
    let resource = incremental_alter_configs::request::Resources {
        resource_type: TOPIC_RESOURCE,
        resource_name: ctx.books.topic(topic).name.into(),
        configs: vec![config].into(),
    };
    let request =
        IncrementalAlterConfigsRequest { resources: vec![resource].into(), validate_only: false };
    ctx.note(Fact::Configuring { topic, value });
    let answer = link.call(ApiKey::IncrementalAlterConfigs, 1, &request).await?;
    let response: IncrementalAlterConfigsResponse<'_> = answer.decode()?;
    let Some(result) = response.responses.iter().next() else { return Err(Lost) };
    match code_of(result.error_code) {
        ErrorCode::None => {
            ctx.note(Fact::Configured { topic, value });
        }
        code if passes(code) => {}
        code => ctx.unexpected(&format!("configure #{topic}"), code),
    }
    Ok(())
}

/// Lists the topics and reads their settings.
pub async fn look(ctx: &mut Ctx) -> Result<(), Lost> {
    let mut link = Link::open(ctx).await?;
    let since = ctx.books.facts();
    let listed = list(ctx, &mut link).await?;
    let numbered = |topic: &Listed| Some((ctx.books.number_of(topic.id)?, topic.partitions));
    let topics = listed.iter().filter_map(numbered).collect();
    ctx.note(Fact::Listed { since, topics });
    let numbers = ctx.books.with(|books| books.topics.len() as u32);
    for topic in 0..numbers {
        let entry = ctx.books.topic(topic);
        if entry.life != Life::Alive || !ctx.rng.one_in(2) {
            continue;
        }
        let since = ctx.books.facts();
        if let Some(value) = setting_of(ctx, &mut link, entry.name).await? {
            ctx.note(Fact::Config { topic, since, value });
        }
    }
    Ok(())
}

async fn setting_of(ctx: &mut Ctx, link: &mut Link, name: String) -> Result<Option<i64>, Lost> {
    let resource = describe_configs::request::Resources {
        resource_type: TOPIC_RESOURCE,
        resource_name: name.into(),
        configuration_keys: Some(vec![SETTING.into()].into()),
    };
    let request = DescribeConfigsRequest {
        resources: vec![resource].into(),
        ..DescribeConfigsRequest::default()
    };
    let answer = link.call(ApiKey::DescribeConfigs, 4, &request).await?;
    let response: DescribeConfigsResponse<'_> = answer.decode()?;
    let Some(result) = response.results.iter().next() else { return Err(Lost) };
    let code = code_of(result.error_code);
    if code != ErrorCode::None {
        if !passes(code) {
            ctx.unexpected("describe a topic's settings", code);
        }
        return Ok(None);
    }
    let setting = result.configs.iter().find(|config| config.name == SETTING);
    let value = setting.and_then(|config| config.value).unwrap_or_default();
    match &*value {
        SETTING_DEFAULT => Ok(Some(crate::check::UNSET)),
        value => Ok(value.parse().ok()),
    }
}

struct Listed {
    name: String,
    id: Uuid,
    partitions: i32,
}

async fn list(ctx: &mut Ctx, link: &mut Link) -> Result<Vec<Listed>, Lost> {
    let request = MetadataRequest { topics: None, ..MetadataRequest::default() };
    let answer = link.call(ApiKey::Metadata, 12, &request).await?;
    let response: MetadataResponse<'_> = answer.decode()?;
    let mut listed = BTreeMap::new();
    for topic in response.topics.iter() {
        let name = topic.name.unwrap_or_default().into_owned();
        let (id, partitions) = (topic.topic_id, topic.partitions.len() as i32);
        if listed.insert(name.clone(), Listed { name: name.clone(), id, partitions }).is_some() {
            ctx.violate("answers", format!("topic {name} is listed twice"));
        }
    }
    Ok(listed.into_values().collect())
}
