//! `millstream group`: list, describe, delete, and move the offsets of consumer groups.
//!
//! A group's lag is the distance from its committed offset to the end of the log, asked one
//! after the other, so on a busy topic it is a moment old. Deleting and moving offsets are
//! refused by the broker while the group has members.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Args, Subcommand};
use millstream_wire::messages::{
    DeleteGroupsRequest, DeleteGroupsResponse, DescribeGroupsRequest, DescribeGroupsResponse,
    ListGroupsRequest, ListGroupsResponse,
};
use millstream_wire::{ApiKey, ErrorCode};
use serde_json::json;

use super::client::{self, Client, Fault, Missing, Place, TopicPartition};
use super::output::{Columns, Output, grouped, say, say_json};
use super::reset::{self, ResetArgs};
use super::{Failures, Target};

#[derive(Debug, Subcommand)]
pub enum GroupCommand {
    /// Show all groups
    List(ListArgs),
    /// Show members, offsets and lag of groups
    Describe(NamesArgs),
    /// Delete groups with their offsets
    Delete(NamesArgs),
    /// Move a group's offsets (shows what it would do, unless --execute)
    ResetOffsets(ResetArgs),
}

#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub struct NamesArgs {
    #[arg(required = true, value_name = "GROUP")]
    names: Vec<String>,
    #[command(flatten)]
    target: Target,
}

/// Runs one of the commands.
///
/// # Errors
/// No broker, or what it refused.
pub fn run(command: GroupCommand) -> Result<(), Fault> {
    match command {
        GroupCommand::List(args) => list(&args.target),
        GroupCommand::Describe(args) => describe(&args),
        GroupCommand::Delete(args) => delete(&args),
        GroupCommand::ResetOffsets(args) => reset::run(&args),
    }
}

/// A group as ListGroups shows it.
struct Listed {
    name: String,
    state: String,
    kind: String,
    protocol: String,
}

fn list(target: &Target) -> Result<(), Fault> {
    let mut client = target.client()?;
    // Groups live at their coordinators: every broker is asked for its own.
    client.topics()?;
    let nodes: Vec<i32> = client.brokers().map(|broker| broker.id).collect();
    let mut groups = Vec::new();
    for node in nodes {
        groups.extend(client.retry(|client| listed_at(client, node))?);
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    if target.output == Output::Json {
        let all: Vec<_> = (groups.iter())
            .map(|group| {
                json!({
                    "group": group.name,
                    "state": group.state,
                    "type": group.kind,
                    "protocol": group.protocol,
                })
            })
            .collect();
        return say_json(&all.into());
    }
    if groups.is_empty() {
        eprintln!("no groups; `millstream consume TOPIC --group NAME` makes one");
        return Ok(());
    }
    let mut columns = Columns::new(&["group", "state", "type", "protocol"]);
    for group in groups {
        columns.row([group.name, group.state, group.kind, group.protocol]);
    }
    say(&columns.text())
}

fn listed_at(client: &mut Client, node: i32) -> Result<Vec<Listed>, Fault> {
    let answer = client.at(node)?.call(ApiKey::ListGroups, &ListGroupsRequest::default())?;
    let response: ListGroupsResponse<'_> = answer.decode()?;
    Fault::check(response.error_code, || format!("the groups of broker {node}"))?;
    let groups = response.groups.iter().map(|group| Listed {
        name: group.group_id.into_owned(),
        state: group.group_state.into_owned(),
        kind: group.group_type.into_owned(),
        protocol: group.protocol_type.into_owned(),
    });
    Ok(groups.collect())
}

/// One member and what it has been given.
#[derive(Debug)]
struct Member {
    id: String,
    client: String,
    host: String,
    partitions: Vec<TopicPartition>,
}

/// A classic group as DescribeGroups shows it.
#[derive(Debug)]
pub struct Described {
    pub state: String,
    assignor: String,
    members: Vec<Member>,
}

impl Described {
    /// Members that the group has now.
    pub fn member_count(&self) -> usize {
        self.members.len()
    }

    fn member_of(&self, at: &TopicPartition) -> Option<&Member> {
        self.members.iter().find(|member| member.partitions.contains(at))
    }
}

/// State and members of a group.
///
/// # Errors
/// No coordinator, no such group, or a refusal that does not pass.
pub fn described(client: &mut Client, name: &str) -> Result<Described, Fault> {
    let request = DescribeGroupsRequest {
        groups: vec![name.into()].into(),
        ..DescribeGroupsRequest::default()
    };
    let node = client.coordinator(name)?;
    client.retry(|client| {
        let answer = client.at(node)?.call(ApiKey::DescribeGroups, &request)?;
        let response: DescribeGroupsResponse<'_> = answer.decode()?;
        let what = || format!("group '{name}'");
        let Some(group) = response.groups.iter().next() else {
            return Err(missing(name));
        };
        Fault::check_with(group.error_code, group.error_message.as_deref(), what)?;
        let members = group.members.iter().map(|member| Member {
            id: member.member_id.into_owned(),
            client: member.client_id.into_owned(),
            host: member.client_host.trim_start_matches('/').to_owned(),
            partitions: client::assigned(&member.member_assignment),
        });
        Ok(Described {
            state: group.group_state.to_string(),
            assignor: group.protocol_data.to_string(),
            members: members.collect(),
        })
    })
}

fn missing(name: &str) -> Fault {
    let what = format!("group '{name}'");
    Fault::Refused { what, code: ErrorCode::GroupIdNotFound, message: None }
}

fn describe(args: &NamesArgs) -> Result<(), Fault> {
    let mut client = args.target.client()?;
    let mut failures = Failures::default();
    let mut documents = Vec::new();
    for name in &args.names {
        match details(&mut client, name) {
            Err(fault) => failures.note(Err(fault)),
            Ok(details) if args.target.output == Output::Json => documents.push(details.json()),
            Ok(details) => say(&details.text())?,
        }
    }
    if args.target.output == Output::Json {
        say_json(&documents.into())?;
    }
    failures.end()
}

struct Details {
    name: String,
    group: Described,
    committed: BTreeMap<TopicPartition, i64>,
    ends: BTreeMap<TopicPartition, i64>,
}

fn details(client: &mut Client, name: &str) -> Result<Details, Fault> {
    let group = described(client, name)?;
    let committed = client::committed(client, name)?;
    if group.state == "Dead" && committed.is_empty() {
        return Err(missing(name));
    }
    let assigned = group.members.iter().flat_map(|member| member.partitions.iter());
    let all: BTreeSet<&TopicPartition> = committed.keys().chain(assigned).collect();
    let mut ends = BTreeMap::new();
    let topics: BTreeSet<&str> = all.iter().map(|(topic, _)| topic.as_str()).collect();
    for topic in topics {
        let found = match client.topic(topic, Missing::Refuse) {
            Ok(found) => found,
            // Offsets outlive a deleted topic for a while: they are shown without an end.
            Err(fault) if fault.code() == Some(ErrorCode::UnknownTopicOrPartition) => continue,
            Err(fault) => return Err(fault),
        };
        let indexes: Vec<i32> =
            all.iter().filter(|(name, _)| name == topic).map(|(_, index)| *index).collect();
        for (index, end) in client::find(client, &found, &indexes, Place::End)? {
            ends.insert((topic.to_owned(), index), end);
        }
    }
    Ok(Details { name: name.to_owned(), group, committed, ends })
}

impl Details {
    fn partitions(&self) -> BTreeSet<&TopicPartition> {
        let assigned = self.group.members.iter().flat_map(|member| member.partitions.iter());
        self.committed.keys().chain(assigned).collect()
    }

    fn lag(&self, at: &TopicPartition) -> Option<i64> {
        Some((self.ends.get(at)? - self.committed.get(at)?).max(0))
    }

    fn text(&self) -> String {
        let names =
            ["topic", ">partition", ">committed", ">end", ">lag", "client", "host", "member"];
        let mut columns = Columns::new(&names);
        let shown = |number: Option<&i64>| number.map_or("-".to_owned(), ToString::to_string);
        for at in self.partitions() {
            let member = self.group.member_of(at);
            let of =
                |text: fn(&Member) -> &String| member.map_or("-".to_owned(), |m| text(m).clone());
            columns.row([
                at.0.clone(),
                at.1.to_string(),
                shown(self.committed.get(at)),
                shown(self.ends.get(at)),
                self.lag(at).map_or("-".to_owned(), grouped),
                of(|member| &member.client),
                of(|member| &member.host),
                of(|member| &member.id),
            ]);
        }
        let total: i64 = self.partitions().into_iter().filter_map(|at| self.lag(at)).sum();
        let assignor = match self.group.assignor.as_str() {
            "" => String::new(),
            assignor => format!(", assignor {assignor}"),
        };
        let head = format!(
            "group    {}\nstate    {}, {} member{}{assignor}\nlag      {}",
            self.name,
            self.group.state,
            self.group.members.len(),
            if self.group.members.len() == 1 { "" } else { "s" },
            grouped(total)
        );
        format!("{head}\n\n{}\n", columns.text())
    }

    fn json(&self) -> serde_json::Value {
        let partitions: Vec<_> = (self.partitions().into_iter())
            .map(|at| {
                json!({
                    "topic": at.0,
                    "partition": at.1,
                    "committed": self.committed.get(at),
                    "end": self.ends.get(at),
                    "lag": self.lag(at),
                    "member": self.group.member_of(at).map(|member| &member.id),
                })
            })
            .collect();
        let members: Vec<_> = (self.group.members.iter())
            .map(|member| json!({ "id": member.id, "client": member.client, "host": member.host }))
            .collect();
        json!({
            "group": self.name,
            "state": self.group.state,
            "assignor": self.group.assignor,
            "members": members,
            "partitions": partitions,
        })
    }
}

fn delete(args: &NamesArgs) -> Result<(), Fault> {
    let mut client = args.target.client()?;
    let mut failures = Failures::default();
    for name in &args.names {
        let done = delete_one(&mut client, name);
        failures.note(done.and_then(|()| say(&format!("deleted group {name}"))));
    }
    failures.end()
}

fn delete_one(client: &mut Client, name: &str) -> Result<(), Fault> {
    let request = DeleteGroupsRequest { groups_names: vec![name.into()].into() };
    let node = client.coordinator(name)?;
    client.retry(|client| {
        let answer = client.at(node)?.call(ApiKey::DeleteGroups, &request)?;
        let response: DeleteGroupsResponse<'_> = answer.decode()?;
        for result in response.results.iter() {
            Fault::check(result.error_code, || format!("group '{name}'"))?;
        }
        Ok(())
    })
}
