//! What can be asked of a run: the options of every load, shared by the command line and by
//! scenario files (same names, same defaults), so that a scenario line can be repeated by hand.
//! `check` refuses what cannot be run before any connection is made.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// When the broker answers a produce request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum Acks {
    #[value(name = "0")]
    #[serde(rename = "0")]
    None,
    #[value(name = "1")]
    #[serde(rename = "1")]
    Leader,
    #[value(name = "all", alias = "-1")]
    #[serde(rename = "all")]
    All,
}

impl Acks {
    pub fn code(self) -> i16 {
        match self {
            Acks::None => 0,
            Acks::Leader => 1,
            Acks::All => -1,
        }
    }
}

/// Compression of the batches that are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Codec {
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

/// Records, batches and where they go: what producing runs and fills share.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct ProduceLoad {
    /// Connections, spread over the client's threads
    #[arg(long, default_value_t = ProduceLoad::default().connections)]
    pub connections: usize,
    /// Requests in flight on each connection
    #[arg(long, default_value_t = ProduceLoad::default().depth)]
    pub depth: usize,
    /// Client threads
    #[arg(long, default_value_t = ProduceLoad::default().threads)]
    pub threads: usize,
    /// Partitions of the topic
    #[arg(long, default_value_t = ProduceLoad::default().partitions)]
    pub partitions: i32,
    /// Partitions in each request, one batch for each
    #[arg(long, default_value_t = ProduceLoad::default().partitions_per_request)]
    pub partitions_per_request: i32,
    /// Bytes of each record's value (the key is null)
    #[arg(long, default_value_t = ProduceLoad::default().record_bytes)]
    pub record_bytes: usize,
    /// Uncompressed size that a batch is filled up to
    #[arg(long, default_value_t = ProduceLoad::default().batch_bytes)]
    pub batch_bytes: usize,
    /// Records in a batch; overrides --batch-bytes
    #[arg(long)]
    pub batch_records: Option<u32>,
    /// When the broker answers
    #[arg(long, value_enum, default_value = "all")]
    pub acks: Acks,
    /// Compression of the batches
    #[arg(long, value_enum, default_value = "none")]
    pub codec: Codec,
    /// Records a second, sent on schedule whatever the broker does (open loop); without it every
    /// connection keeps --depth requests in flight (closed loop)
    #[arg(long)]
    pub rate: Option<f64>,
    /// Seconds before measuring
    #[arg(long, default_value_t = ProduceLoad::default().warmup_s)]
    pub warmup_s: f64,
    /// Seconds measured
    #[arg(long, default_value_t = ProduceLoad::default().duration_s)]
    pub duration_s: f64,
    /// Other connections that each ask for four fetches of 50 MiB of another topic and never read
    #[arg(long, default_value_t = ProduceLoad::default().stalled)]
    pub stalled: usize,
    /// A topic configuration for the new topic, key=value; repeatable
    #[arg(long = "topic-config", value_name = "KEY=VALUE")]
    pub topic_configs: Vec<String>,
    /// Topic to create; without it a name is made up
    #[arg(long)]
    pub topic: Option<String>,
    /// Leave the topic in place afterwards
    #[arg(long)]
    pub keep_topic: bool,
}

impl Default for ProduceLoad {
    fn default() -> ProduceLoad {
        ProduceLoad {
            connections: 4,
            depth: 5,
            threads: 1,
            partitions: 6,
            partitions_per_request: 1,
            record_bytes: 100,
            batch_bytes: 64 << 10,
            batch_records: None,
            acks: Acks::All,
            codec: Codec::None,
            rate: None,
            warmup_s: 3.0,
            duration_s: 8.0,
            stalled: 0,
            topic_configs: Vec::new(),
            topic: None,
            keep_topic: false,
        }
    }
}

impl ProduceLoad {
    pub fn check(&self) -> Result<(), Fault> {
        let positive = self.connections > 0 && self.depth > 0 && self.threads > 0;
        refuse_unless(positive, "connections, depth and threads must be at least 1")?;
        let spread = 1..=self.partitions;
        let fits = spread.contains(&self.partitions_per_request);
        refuse_unless(fits, "partitions-per-request must be between 1 and partitions")?;
        refuse_unless(self.threads <= self.connections, "more threads than connections")?;
        refuse_unless(self.duration_s > 0.0, "duration-s must be above 0")?;
        refuse_unless(self.rate.is_none_or(|r| r > 0.0), "rate must be above 0")
    }
}

#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct FetchLoad {
    /// Connections; partitions are dealt to them in turn
    #[arg(long, default_value_t = FetchLoad::default().connections)]
    pub connections: usize,
    /// Every connection reads all partitions; without it they are dealt out
    #[arg(long)]
    pub same_data: bool,
    /// Client threads
    #[arg(long, default_value_t = FetchLoad::default().threads)]
    pub threads: usize,
    /// Partitions of the topic
    #[arg(long, default_value_t = FetchLoad::default().partitions)]
    pub partitions: i32,
    /// Partitions in each request at most; 0 asks for all of the connection's
    #[arg(long, default_value_t = FetchLoad::default().partitions_per_request)]
    pub partitions_per_request: usize,
    /// Requests in flight on each connection (each for other partitions)
    #[arg(long, default_value_t = FetchLoad::default().depth)]
    pub depth: usize,
    /// Bytes asked for in one answer
    #[arg(long, default_value_t = FetchLoad::default().max_bytes)]
    pub max_bytes: i32,
    /// Bytes asked for of each partition
    #[arg(long, default_value_t = FetchLoad::default().partition_max_bytes)]
    pub partition_max_bytes: i32,
    /// Copy the bytes to user space; without it the kernel discards them
    #[arg(long)]
    pub read: bool,
    /// MiB of records written before the run, over all partitions
    #[arg(long, default_value_t = FetchLoad::default().fill_mib)]
    pub fill_mib: u64,
    /// Bytes of each record's value
    #[arg(long, default_value_t = FetchLoad::default().record_bytes)]
    pub record_bytes: usize,
    /// Size of the batches that are read
    #[arg(long, default_value_t = FetchLoad::default().batch_bytes)]
    pub batch_bytes: usize,
    /// Seconds before measuring
    #[arg(long, default_value_t = FetchLoad::default().warmup_s)]
    pub warmup_s: f64,
    /// Seconds measured
    #[arg(long, default_value_t = FetchLoad::default().duration_s)]
    pub duration_s: f64,
    /// Other connections that each ask for four fetches of 50 MiB of another topic and never read
    #[arg(long, default_value_t = FetchLoad::default().stalled)]
    pub stalled: usize,
    /// A topic configuration for the new topic, key=value; repeatable
    #[arg(long = "topic-config", value_name = "KEY=VALUE")]
    pub topic_configs: Vec<String>,
}

impl Default for FetchLoad {
    fn default() -> FetchLoad {
        FetchLoad {
            connections: 1,
            same_data: false,
            threads: 1,
            partitions: 6,
            partitions_per_request: 0,
            depth: 1,
            max_bytes: 50 << 20,
            partition_max_bytes: 1 << 20,
            read: false,
            fill_mib: 192,
            record_bytes: 100,
            batch_bytes: 64 << 10,
            warmup_s: 3.0,
            duration_s: 8.0,
            stalled: 0,
            topic_configs: Vec::new(),
        }
    }
}

impl FetchLoad {
    pub fn check(&self) -> Result<(), Fault> {
        let positive = self.connections > 0 && self.depth > 0 && self.threads > 0;
        refuse_unless(positive, "connections, depth and threads must be at least 1")?;
        let enough = self.same_data || self.partitions as usize >= self.connections;
        refuse_unless(enough, "every connection needs a partition of its own")?;
        refuse_unless(self.threads <= self.connections, "more threads than connections")?;
        refuse_unless(self.fill_mib > 0, "fill-mib must be above 0")?;
        refuse_unless(self.duration_s > 0.0, "duration-s must be above 0")
    }

    /// The producing run that writes what is then read.
    pub fn fill(&self, topic: &str) -> ProduceLoad {
        ProduceLoad {
            connections: 1,
            partitions: self.partitions,
            record_bytes: self.record_bytes,
            batch_bytes: self.batch_bytes,
            topic: Some(topic.to_owned()),
            topic_configs: self.topic_configs.clone(),
            ..Default::default()
        }
    }
}

#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct EndToEndLoad {
    /// Records a second, one record a request, each sent at its appointed time
    #[arg(long, default_value_t = EndToEndLoad::default().rate)]
    pub rate: f64,
    /// Bytes of each record's value
    #[arg(long, default_value_t = EndToEndLoad::default().record_bytes)]
    pub record_bytes: usize,
    /// When the broker answers
    #[arg(long, value_enum, default_value = "1")]
    pub acks: Acks,
    /// Producing connections; each keeps to one partition
    #[arg(long, default_value_t = EndToEndLoad::default().producers)]
    pub producers: usize,
    /// Partitions of the topic, all read by one long-polling connection
    #[arg(long, default_value_t = EndToEndLoad::default().partitions)]
    pub partitions: i32,
    /// Longest wait of a fetch without data
    #[arg(long, default_value_t = EndToEndLoad::default().fetch_wait_ms)]
    pub fetch_wait_ms: i32,
    /// Seconds before measuring
    #[arg(long, default_value_t = EndToEndLoad::default().warmup_s)]
    pub warmup_s: f64,
    /// Seconds measured
    #[arg(long, default_value_t = EndToEndLoad::default().duration_s)]
    pub duration_s: f64,
    /// Other connections that each ask for four fetches of 50 MiB of another topic and never read
    #[arg(long, default_value_t = EndToEndLoad::default().stalled)]
    pub stalled: usize,
    /// A topic configuration for the new topic, key=value; repeatable
    #[arg(long = "topic-config", value_name = "KEY=VALUE")]
    pub topic_configs: Vec<String>,
}

impl Default for EndToEndLoad {
    fn default() -> EndToEndLoad {
        EndToEndLoad {
            rate: 1000.0,
            record_bytes: 1024,
            acks: Acks::Leader,
            producers: 1,
            partitions: 1,
            fetch_wait_ms: 500,
            warmup_s: 5.0,
            duration_s: 15.0,
            stalled: 0,
            topic_configs: Vec::new(),
        }
    }
}

impl EndToEndLoad {
    pub fn check(&self) -> Result<(), Fault> {
        refuse_unless(self.rate > 0.0 && self.rate.is_finite(), "rate must be above 0")?;
        refuse_unless(self.record_bytes >= 8, "a record needs 8 bytes for its time stamp")?;
        refuse_unless(self.acks != Acks::None, "end to end needs acks 1 or all")?;
        refuse_unless(self.producers > 0 && self.partitions > 0, "nothing to produce to")?;
        refuse_unless(self.duration_s > 0.0, "duration-s must be above 0")
    }
}

/// Start of a broker: spawn to first acknowledged record, then at rest.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct StartupLoad {
    /// Seconds at rest before RSS is read, and over which idle CPU is counted
    #[arg(long, default_value_t = StartupLoad::default().idle_s)]
    pub idle_s: f64,
}

impl Default for StartupLoad {
    fn default() -> StartupLoad {
        StartupLoad { idle_s: 3.0 }
    }
}

/// A program of its own as the load: someone else's client. It gets a topic, does its work, and
/// prints what it found as one JSON object of numbers on its last line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct ClientLoad {
    /// Words in which {bootstrap}, {topic}, {records} and {root} are filled in.
    pub command: Vec<String>,
    pub partitions: i32,
    /// MiB of records in the topic beforehand, for consumers; {records} is then their number.
    pub fill_mib: u64,
    pub record_bytes: usize,
    pub batch_bytes: usize,
    pub topic_configs: Vec<String>,
}

impl Default for ClientLoad {
    fn default() -> ClientLoad {
        ClientLoad {
            command: Vec::new(),
            partitions: 6,
            fill_mib: 0,
            record_bytes: 100,
            batch_bytes: 64 << 10,
            topic_configs: Vec::new(),
        }
    }
}

impl ClientLoad {
    pub fn check(&self) -> Result<(), Fault> {
        refuse_unless(!self.command.is_empty(), "a client needs a command")?;
        refuse_unless(self.partitions > 0, "a topic needs a partition")
    }

    /// The producing run that writes what the client then reads.
    pub fn fill(&self, topic: &str) -> ProduceLoad {
        ProduceLoad {
            connections: 1,
            partitions: self.partitions,
            record_bytes: self.record_bytes,
            batch_bytes: self.batch_bytes,
            topic: Some(topic.to_owned()),
            ..Default::default()
        }
    }
}

fn refuse_unless(holds: bool, why: &str) -> Result<(), Fault> {
    match holds {
        true => Ok(()),
        false => Err(Fault::Usage(why.to_owned())),
    }
}

/// `key=value` pairs as given for a topic.
pub fn parse_configs(pairs: &[String]) -> Result<Vec<(&str, &str)>, Fault> {
    let split = |pair: &'_ String| -> Option<(usize, usize)> {
        pair.find('=').filter(|&at| at > 0).map(|at| (at, pair.len()))
    };
    pairs
        .iter()
        .map(|pair| match split(pair) {
            Some((at, end)) => Ok((&pair[..at], &pair[at + 1..end])),
            None => Err(Fault::Usage(format!("topic config {pair:?} is not key=value"))),
        })
        .collect()
}
