//! The cluster as a client sees it: brokers, leaders, coordinators, and a connection to each.
//!
//! Opened from the addresses of `--bootstrap`; further connections open when they are first
//! needed. What is asked twice is asked again: a command is short, so nothing is cached but
//! connections. Retriable refusals are retried here, with a deadline.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use millstream_wire::messages::find_coordinator::response::Coordinators;
use millstream_wire::messages::metadata::{request, response};
use millstream_wire::messages::{
    FindCoordinatorRequest, FindCoordinatorResponse, MetadataRequest, MetadataResponse,
};
use millstream_wire::{ApiKey, ErrorCode, Message, Uuid};

use super::connection::{Answer, Connection};
use super::fault::Fault;

const RETRY_FOR: Duration = Duration::from_secs(15);
const RETRY_PAUSE_MIN: Duration = Duration::from_millis(20);
const RETRY_PAUSE_MAX: Duration = Duration::from_millis(500);

/// A broker as Metadata names it.
#[derive(Clone, Debug)]
pub struct Broker {
    pub id: i32,
    pub host: String,
    pub port: i32,
}

impl Broker {
    fn address(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

/// A topic as Metadata describes it.
#[derive(Clone, Debug)]
pub struct Topic {
    pub name: String,
    pub id: Uuid,
    pub internal: bool,
    pub partitions: Vec<Partition>,
}

/// One partition; `leader` is -1 when there is none.
#[derive(Clone, Debug)]
pub struct Partition {
    pub index: i32,
    pub leader: i32,
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
}

/// Connections to a cluster.
#[derive(Debug)]
pub struct Client {
    seed: Connection,
    others: BTreeMap<i32, Connection>,
    brokers: BTreeMap<i32, Broker>,
    /// Whether a connection has been lost.
    lost: bool,
}

impl Client {
    /// Connects to the first of the comma-separated addresses that answers.
    ///
    /// # Errors
    /// None of them does; the fault is the last one's.
    pub fn open(bootstrap: &str) -> Result<Client, Fault> {
        let mut last = Fault::Impossible("--bootstrap names no address".to_owned());
        for at in bootstrap.split(',').map(str::trim).filter(|at| !at.is_empty()) {
            let at = if at.contains(':') { at.to_owned() } else { format!("{at}:9092") };
            match Connection::open(&at) {
                Ok(seed) => {
                    let (others, brokers) = (BTreeMap::new(), BTreeMap::new());
                    return Ok(Client { seed, others, brokers, lost: false });
                }
                Err(fault) => last = fault,
            }
        }
        Err(last)
    }

    /// Asks any broker; what only the controller can do is forwarded by it.
    pub fn call<'q>(&mut self, api: ApiKey, request: &impl Message<'q>) -> Result<Answer, Fault> {
        self.seed.call(api, request)
    }

    /// The connection to a broker that Metadata or FindCoordinator has named.
    pub fn at(&mut self, node: i32) -> Result<&mut Connection, Fault> {
        if !self.others.contains_key(&node) {
            let Some(broker) = self.brokers.get(&node) else {
                return Err(refused(format!("broker {node}"), ErrorCode::LeaderNotAvailable));
            };
            let opened = Connection::open(&broker.address()).map_err(|fault| match fault {
                // It was there a moment ago: a restart, which is worth waiting for.
                Fault::Connect { at, cause } if self.lost => Fault::Lost { at, cause },
                fault => fault,
            });
            self.others.insert(node, opened?);
        }
        Ok(self.others.get_mut(&node).expect("inserted above"))
    }

    pub fn brokers(&self) -> impl Iterator<Item = &Broker> {
        self.brokers.values()
    }

    /// All topics, by name.
    pub fn topics(&mut self) -> Result<Vec<Topic>, Fault> {
        let request = MetadataRequest {
            topics: None,
            allow_auto_topic_creation: false,
            ..MetadataRequest::default()
        };
        let answer = self.call(ApiKey::Metadata, &request)?;
        let mut topics = Vec::new();
        for topic in self.learn(&answer.decode()?).topics.iter() {
            topics.push(topic_of(&topic)?);
        }
        topics.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(topics)
    }

    /// One topic with a leader for every partition, waiting for a fresh one to get them.
    pub fn topic(&mut self, name: &str, missing: Missing) -> Result<Topic, Fault> {
        let asked = request::Topics { name: Some(name.into()), ..request::Topics::default() };
        let request = MetadataRequest {
            topics: Some(vec![asked].into()),
            allow_auto_topic_creation: missing == Missing::Create,
            ..MetadataRequest::default()
        };
        let mut pause = Pause::new();
        loop {
            let found = self.topic_once(&request, name);
            let wait = match found.as_ref().map_err(Fault::code) {
                Err(Some(ErrorCode::UnknownTopicOrPartition)) => missing == Missing::Create,
                Err(Some(code)) => code.is_retriable(),
                _ => false,
            };
            if !wait || !pause.wait() {
                return found;
            }
        }
    }

    fn topic_once(&mut self, request: &MetadataRequest<'_>, name: &str) -> Result<Topic, Fault> {
        let answer = self.call(ApiKey::Metadata, request)?;
        let response: MetadataResponse<'_> = answer.decode()?;
        let Some(topic) = self.learn(&response).topics.iter().next() else {
            return Err(refused(format!("topic '{name}'"), ErrorCode::UnknownTopicOrPartition));
        };
        let topic = topic_of(&topic)?;
        match topic.partitions.iter().find(|partition| partition.leader < 0) {
            Some(partition) => Err(refused(
                format!("partition {} of topic '{name}'", partition.index),
                ErrorCode::LeaderNotAvailable,
            )),
            None => Ok(topic),
        }
    }

    fn learn<'r, 'a>(&mut self, response: &'r MetadataResponse<'a>) -> &'r MetadataResponse<'a> {
        for broker in response.brokers.iter() {
            self.brokers.insert(
                broker.node_id,
                Broker { id: broker.node_id, host: broker.host.into_owned(), port: broker.port },
            );
        }
        response
    }

    /// The broker that keeps a group.
    pub fn coordinator(&mut self, group: &str) -> Result<i32, Fault> {
        let request = FindCoordinatorRequest {
            coordinator_keys: vec![group.into()].into(),
            ..FindCoordinatorRequest::default()
        };
        self.retry(|client| {
            let answer = client.call(ApiKey::FindCoordinator, &request)?;
            let response: FindCoordinatorResponse<'_> = answer.decode()?;
            let what = || format!("the coordinator of group '{group}'");
            let Some(found) = response.coordinators.iter().next() else {
                return Err(refused(what(), ErrorCode::CoordinatorNotAvailable));
            };
            Fault::check_with(found.error_code, found.error_message.as_deref(), what)?;
            Ok(client.learn_coordinator(&found))
        })
    }

    fn learn_coordinator(&mut self, found: &Coordinators<'_>) -> i32 {
        let broker = Broker { id: found.node_id, host: found.host.to_string(), port: found.port };
        self.brokers.entry(found.node_id).or_insert(broker);
        found.node_id
    }

    /// Tries again while the fault is one that passes.
    pub fn retry<T>(
        &mut self,
        mut attempt: impl FnMut(&mut Client) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut pause = Pause::new();
        loop {
            match attempt(self) {
                Err(fault) if fault.is_retriable() && pause.wait() => self.recover(&fault),
                done => return done,
            }
        }
    }

    /// Gets rid of connections that a fault has broken. A broker that is not back yet shows
    /// as a fault of the next request.
    pub fn recover(&mut self, fault: &Fault) {
        if !matches!(fault, Fault::Lost { .. }) {
            return;
        }
        self.lost = true;
        self.others.clear();
        if let Ok(seed) = Connection::open(self.seed.address()) {
            self.seed = seed;
        }
    }
}

/// What to do about a topic that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Create,
    Refuse,
}

/// Growing pauses up to a deadline.
#[derive(Debug)]
pub struct Pause {
    until: Instant,
    next: Duration,
}

impl Pause {
    pub fn new() -> Pause {
        Pause { until: Instant::now() + RETRY_FOR, next: RETRY_PAUSE_MIN }
    }

    /// Sleeps; false when the time is over.
    pub fn wait(&mut self) -> bool {
        if Instant::now() + self.next > self.until {
            return false;
        }
        thread::sleep(self.next);
        self.next = (self.next * 2).min(RETRY_PAUSE_MAX);
        true
    }
}

fn refused(what: String, code: ErrorCode) -> Fault {
    Fault::Refused { what, code, message: None }
}

fn topic_of(topic: &response::Topics<'_>) -> Result<Topic, Fault> {
    let name = topic.name.as_deref().unwrap_or_default().to_owned();
    Fault::check(topic.error_code, || format!("topic '{name}'"))?;
    let mut partitions: Vec<Partition> = topic
        .partitions
        .iter()
        .map(|partition| Partition {
            index: partition.partition_index,
            leader: partition.leader_id,
            replicas: partition.replica_nodes.to_vec(),
            isr: partition.isr_nodes.to_vec(),
        })
        .collect();
    partitions.sort_by_key(|partition| partition.index);
    Ok(Topic { name, id: topic.topic_id, internal: topic.is_internal, partitions })
}
