//! `millstream group reset-offsets`: moves a group's offsets, or shows where they would go.
//!
//! The new offsets are computed first, within what each log has, and shown beside the old
//! ones; only `--execute` commits them. A group with members is left alone: they would
//! commit their own positions over the new ones.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde_json::json;

use super::client::{self, Client, Committer, Fault, Missing, Place, TopicPartition};
use super::output::{Columns, Output, say, say_json};
use super::{Target, group, time};

#[derive(Debug, Args)]
pub struct ResetArgs {
    #[arg(value_name = "GROUP")]
    group: String,
    /// A topic, or some of its partitions as TOPIC:0,1,2; repeatable
    #[arg(short, long = "topic", value_name = "TOPIC[:PARTITIONS]")]
    topics: Vec<String>,
    /// All topics that the group has offsets for
    #[arg(long, conflicts_with = "topics", required_unless_present = "topics")]
    all_topics: bool,
    #[command(flatten)]
    goal: GoalArgs,
    /// Do it; without this the new offsets are only shown
    #[arg(long)]
    execute: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct GoalArgs {
    /// To the beginning of each log
    #[arg(long)]
    to_earliest: bool,
    /// To the end of each log
    #[arg(long)]
    to_latest: bool,
    /// To this offset, or the nearest that the log has
    #[arg(long, value_name = "OFFSET")]
    to_offset: Option<i64>,
    /// To the first record at or after a time: 2026-11-21T09:30Z, -15m, @MILLISECONDS
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    to_datetime: Option<String>,
    /// By this many records, back when negative
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    shift_by: Option<i64>,
}

/// Where offsets shall go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    Place(Place),
    Offset(i64),
    Shift(i64),
}

impl GoalArgs {
    fn goal(&self) -> Result<Goal, Fault> {
        if self.to_earliest {
            return Ok(Goal::Place(Place::Beginning));
        }
        if let Some(offset) = self.to_offset {
            return Ok(Goal::Offset(offset));
        }
        if let Some(shift) = self.shift_by {
            return Ok(Goal::Shift(shift));
        }
        match &self.to_datetime {
            None => Ok(Goal::Place(Place::End)),
            Some(text) => match time::parse(text, time::now_ms()) {
                Some(ms) => Ok(Goal::Place(Place::Time(ms))),
                None => Err(Fault::Impossible(format!(
                    "'{text}' is no time; write 2026-11-21T09:30:00Z, -15m or @MILLISECONDS"
                ))),
            },
        }
    }
}

/// Shows or does it.
///
/// # Errors
/// Members in the group, a topic or partition that does not exist, or a refusal.
pub fn run(args: &ResetArgs) -> Result<(), Fault> {
    let goal = args.goal.goal()?;
    let mut client = args.target.client()?;
    let before = client::committed(&mut client, &args.group)?;
    let chosen = match args.all_topics {
        true => all_of(&before),
        false => args.topics.iter().map(|text| choice(text)).collect::<Result<_, _>>()?,
    };
    if chosen.is_empty() {
        let reason = format!("group '{}' has no offsets; name a topic with --topic", args.group);
        return Err(Fault::Impossible(reason));
    }
    let mut after = BTreeMap::new();
    for (topic, indexes) in &chosen {
        after.extend(plan(&mut client, topic, indexes, (goal, &before))?);
    }
    if args.execute {
        refuse_members(&mut client, &args.group)?;
        client::commit(&mut client, Committer::outsider(&args.group), &after)?;
    }
    show(args, &before, &after)
}

/// A topic with the partitions that are meant; none: all.
type Choice = (String, BTreeSet<i32>);

fn all_of(committed: &BTreeMap<TopicPartition, i64>) -> Vec<Choice> {
    let mut chosen: BTreeMap<String, BTreeSet<i32>> = BTreeMap::new();
    for (topic, index) in committed.keys() {
        chosen.entry(topic.clone()).or_default().insert(*index);
    }
    chosen.into_iter().collect()
}

fn choice(text: &str) -> Result<Choice, Fault> {
    let Some((topic, list)) = text.split_once(':') else {
        return Ok((text.to_owned(), BTreeSet::new()));
    };
    let indexes: Result<BTreeSet<i32>, _> = list.split(',').map(str::parse).collect();
    match indexes {
        Ok(indexes) => Ok((topic.to_owned(), indexes)),
        Err(_) => Err(Fault::Impossible(format!(
            "'{text}': write partitions as numbers, like {topic}:0,1,2"
        ))),
    }
}

fn plan(
    client: &mut Client,
    topic: &str,
    indexes: &BTreeSet<i32>,
    (goal, before): (Goal, &BTreeMap<TopicPartition, i64>),
) -> Result<BTreeMap<TopicPartition, i64>, Fault> {
    let found = client.topic(topic, Missing::Refuse)?;
    let all: Vec<i32> = found.partitions.iter().map(|partition| partition.index).collect();
    if let Some(index) = indexes.iter().find(|index| !all.contains(index)) {
        let reason =
            format!("topic '{topic}' has no partition {index}, only 0 to {}", all.len() - 1);
        return Err(Fault::Impossible(reason));
    }
    let meant: Vec<i32> = if indexes.is_empty() { all } else { indexes.iter().copied().collect() };
    let starts = client::find(client, &found, &meant, Place::Beginning)?;
    let ends = client::find(client, &found, &meant, Place::End)?;
    let placed = match goal {
        Goal::Place(place) => client::find(client, &found, &meant, place)?,
        Goal::Offset(_) | Goal::Shift(_) => BTreeMap::new(),
    };
    let mut after = BTreeMap::new();
    for index in meant {
        let (start, end) = (starts[&index], ends[&index]);
        let at = (topic.to_owned(), index);
        let wanted = match goal {
            Goal::Place(_) => placed[&index],
            Goal::Offset(offset) => offset,
            Goal::Shift(by) => before.get(&at).copied().unwrap_or(start).saturating_add(by),
        };
        after.insert(at, wanted.clamp(start, end));
    }
    Ok(after)
}

fn refuse_members(client: &mut Client, name: &str) -> Result<(), Fault> {
    let members = match group::described(client, name) {
        Ok(group) => group.member_count(),
        // A group that does not exist yet has no members: its first offsets are these.
        Err(fault) if fault.code().is_some() => 0,
        Err(fault) => return Err(fault),
    };
    if members == 0 {
        return Ok(());
    }
    Err(Fault::Impossible(format!(
        "group '{name}' has {members} member(s), which would commit over the new offsets; \
         stop them first"
    )))
}

fn show(
    args: &ResetArgs,
    before: &BTreeMap<TopicPartition, i64>,
    after: &BTreeMap<TopicPartition, i64>,
) -> Result<(), Fault> {
    if args.target.output == Output::Json {
        let all: Vec<_> = (after.iter())
            .map(|(at, offset)| {
                json!({
                    "topic": at.0,
                    "partition": at.1,
                    "before": before.get(at),
                    "after": offset,
                    "executed": args.execute,
                })
            })
            .collect();
        return say_json(&all.into());
    }
    let mut columns = Columns::new(&["topic", ">partition", ">before", ">after"]);
    for (at, offset) in after {
        let old = before.get(at).map_or("-".to_owned(), ToString::to_string);
        columns.row([at.0.clone(), at.1.to_string(), old, offset.to_string()]);
    }
    say(&columns.text())?;
    if !args.execute {
        eprintln!("nothing was changed: add --execute to do it");
    }
    Ok(())
}
