//! What a seed chooses: the broker, the topics, the clients and the faults. Each seed turns
//! features and kinds of fault on and off ("swarm"), so that rare mixes come up.
//!
//! Pure: the whole plan is made before anything runs, and printed with a failing seed. To add
//! a fault: a variant of `Mishap`, a line where it is drawn, an arm in `Harness::do_mishap`.

use std::collections::BTreeMap;
use std::time::Duration;

use millstream_shards::driver::sim::{DiskFaults, NetFaults};
use millstream_wire::compress::Codec;

use crate::record::Shape;
use crate::rng::Rng;

/// Where the broker keeps its data in the simulated world.
pub const DATA_DIR: &str = "data";

/// The least memory that a seed gives its broker.
const MEMORY_MIB_MIN: u64 = 4;
/// Records of a batch, and batches of a request, where values are large.
const LARGE_RECORDS_MAX: u64 = 4;
const LARGE_PLACES_MAX: u64 = 4;

/// What the device may do, and with it what is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Crashes, errors, tears, stalls, full disks; but what the device said is durable is.
    KeepPromise,
    /// The device loses, misplaces and rots what it said it had. Records may be gone then; none
    /// is served wrong, and the broker goes on.
    Lying,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Plain,
    /// Rolls its segments after milliseconds.
    Rolling,
    /// Records are deleted by request.
    Trimmed,
    /// Records are deleted by size.
    Retained,
    Compacted,
    /// Not flushed before it is acknowledged.
    Lax,
    /// Is deleted and made again.
    Doomed,
}

#[derive(Clone, Debug)]
pub struct TopicPlan {
    pub name: String,
    pub kind: Kind,
    pub partitions: i32,
    pub shape: Shape,
    pub configs: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug)]
pub struct ProducerPlan {
    pub idempotent: bool,
    /// -1, 1 or 0; -1 or 1, drawn anew for each request, where it is `None`.
    pub acks: Option<i16>,
    /// Requests under way at once.
    pub depth: usize,
    pub places_max: u64,
    pub records_max: u64,
    pub codec: Codec,
    pub pause_us_max: u64,
}

#[derive(Clone, Debug)]
pub struct ConsumerPlan {
    pub wait_ms: i32,
    pub bytes_max: i32,
    pub partition_bytes_max: i32,
    pub sessions: bool,
    pub committed: bool,
    pub pause_us_max: u64,
}

#[derive(Clone, Debug)]
pub struct GroupPlan {
    pub members: u64,
    /// Members come and go.
    pub restless: bool,
    pub session_ms: i32,
}

/// Something that goes wrong.
#[derive(Clone, Debug)]
pub enum Mishap {
    PowerCut { down: Duration },
    Kill { down: Duration },
    Stop { down: Duration },
    Disk(DiskFaults),
    Net(NetFaults),
    Wall { ms: i64 },
}

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub mode: Mode,
    pub broker: BTreeMap<String, String>,
    /// What the broker has instead of `millstream.memory`, which does not go below 16 MiB.
    pub memory_bytes: Option<u64>,
    /// Shards of each start, the last one for all later starts.
    pub shards: Vec<usize>,
    pub topics: Vec<TopicPlan>,
    pub producers: Vec<ProducerPlan>,
    pub consumers: Vec<ConsumerPlan>,
    pub groups: Vec<GroupPlan>,
    /// Connections that ask for everything and never read an answer.
    pub deaf: u64,
    /// Topics are deleted and made again as fast as they can be.
    pub churns: bool,
    /// Topics' settings are changed.
    pub configures: bool,
    /// When the storm ends.
    pub storm: Duration,
    pub mishaps: Vec<(Duration, Mishap)>,
    /// Whether an error may have failed a log, so that it has to come back.
    pub poisons: bool,
    /// Whether the calm then begins with a restart. Without one the broker has to bring its logs
    /// back by itself.
    pub restarts: bool,
    /// The power is cut once more after everything, and the scan is done again.
    pub encore: bool,
    /// Fails one file operation of the storm, with an error number.
    pub fail_io: Option<(u64, i32)>,
}

impl Plan {
    /// A short workload without faults, to enumerate what can go wrong in it.
    pub fn short(seed: u64) -> Plan {
        let mut plan = Plan::from_seed(seed, Mode::KeepPromise);
        plan.mishaps.clear();
        plan.poisons = false;
        plan.encore = false;
        plan.storm = Duration::from_millis(25);
        plan.topics.truncate(2);
        plan.producers.truncate(2);
        plan.consumers.truncate(1);
        plan.groups.truncate(1);
        for producer in &mut plan.producers {
            producer.pause_us_max = 1_500;
        }
        for topic in &mut plan.topics {
            topic.partitions = topic.partitions.min(2);
        }
        plan
    }

    pub fn from_seed(seed: u64, mode: Mode) -> Plan {
        let mut rng = Rng::new(seed);
        let mut shape = rng.fork(1);
        let mut faults = rng.fork(2);
        let shards = (0..4).map(|_| shape.range(1, 3) as usize).collect::<Vec<_>>();
        // Most keep their number; a change of it must work too.
        let shards = if shape.one_in(3) { shards } else { vec![shards[0]] };
        // Many short storms find more than few long ones.
        let longest_ms = if shape.one_in(10) { 600 } else { 160 };
        let storm = Duration::from_millis(shape.range(30, longest_ms));
        let mut plan = Plan {
            seed,
            mode,
            broker: broker(&mut shape),
            memory_bytes: None,
            shards,
            topics: topics(&mut shape),
            producers: (0..shape.range(1, 4)).map(|_| producer(&mut shape)).collect(),
            consumers: (0..shape.range(1, 3)).map(|_| consumer(&mut shape)).collect(),
            groups: (0..shape.below(3)).map(|_| group(&mut shape)).collect(),
            deaf: 0,
            churns: false,
            configures: shape.one_in(3),
            storm,
            mishaps: Vec::new(),
            poisons: false,
            restarts: true,
            encore: shape.one_in(2),
            fail_io: None,
        };
        plan.draw_mishaps(&mut faults);
        plan.draw_rarer(&mut rng.fork(3));
        plan.restarts = rng.fork(4).one_in(2) || mode == Mode::Lying;
        plan.draw_memory(&mut rng.fork(5));
        plan
    }

    /// Little memory, and batches that are large for it. From numbers of its own, as above.
    fn draw_memory(&mut self, rng: &mut Rng) {
        if !rng.one_in(5) {
            return;
        }
        let bytes = *rng.pick(&[16, 16, 12, 8, 6, MEMORY_MIB_MIN]) << 20;
        self.memory_bytes = Some(bytes);
        if rng.one_in(2) {
            return;
        }
        for producer in &mut self.producers {
            producer.records_max = producer.records_max.min(LARGE_RECORDS_MAX);
            producer.places_max = producer.places_max.min(LARGE_PLACES_MAX);
            if rng.one_in(2) {
                (producer.depth, producer.pause_us_max) = (5, producer.pause_us_max / 8);
            }
        }
        // No request is larger than the share of frames, a quarter.
        let most = bytes / 4 / LARGE_RECORDS_MAX / LARGE_PLACES_MAX * 9 / 10;
        for topic in &mut self.topics {
            if rng.one_in(2) {
                topic.shape.value_bytes_max = rng.range(most / 2, most) as u32;
            }
        }
    }

    /// What most seeds do without. From numbers of its own: the rest of a plan stays what it is.
    fn draw_rarer(&mut self, rng: &mut Rng) {
        for producer in &mut self.producers {
            if rng.one_in(5) {
                producer.codec = *rng.pick(&[Codec::Gzip, Codec::Zstd]);
            }
            if !producer.idempotent && rng.one_in(4) {
                producer.acks = Some(0);
            }
        }
        if rng.one_in(8) {
            self.deaf = rng.range(1, 6);
        }
        if rng.one_in(8) {
            self.churns = true;
            let doomed = self.topics.iter().position(|topic| topic.kind == Kind::Doomed);
            if doomed.is_none() {
                let number = self.topics.len();
                self.topics.push(topic(number, Kind::Doomed, rng));
            }
        }
        if rng.one_in(8) {
            // One unclean start after the other.
            let count = rng.range(4, 8);
            for _ in 0..count {
                let at = self.storm.mul_f64(rng.below(10_000) as f64 / 10_000.0);
                let down = Duration::from_micros(rng.below(3_000));
                let kill = rng.one_in(2);
                let blow = if kill { Mishap::Kill { down } } else { Mishap::PowerCut { down } };
                self.mishaps.push((at, blow));
            }
            self.mishaps.sort_by_key(|(at, _)| *at);
        }
        if rng.one_in(8) {
            let slow = NetFaults {
                slow_readers_per_mille: rng.range(100, 600) as u16,
                slow_max: Duration::from_millis(rng.range(1, 20)),
                ..NetFaults::default()
            };
            let is_net = |mishap: &Mishap| matches!(mishap, Mishap::Net(_));
            match self.mishaps.iter_mut().find(|(_, mishap)| is_net(mishap)) {
                Some((_, Mishap::Net(faults))) => {
                    faults.slow_readers_per_mille = slow.slow_readers_per_mille;
                    faults.slow_max = slow.slow_max;
                }
                _ => self.mishaps.insert(0, (Duration::ZERO, Mishap::Net(slow))),
            }
        }
    }

    fn draw_mishaps(&mut self, rng: &mut Rng) {
        let storm = self.storm;
        let moment = |rng: &mut Rng| storm.mul_f64(rng.below(10_000) as f64 / 10_000.0);
        let mut all = Vec::new();
        let kinds = [!rng.one_in(3), rng.one_in(2), rng.one_in(3)];
        for _ in 0..rng.below(5) {
            let down = Duration::from_micros(rng.below(10_000));
            let mishap = match rng.below(3) {
                0 if kinds[0] => Mishap::PowerCut { down },
                1 if kinds[1] => Mishap::Kill { down },
                2 if kinds[2] => Mishap::Stop { down },
                _ => continue,
            };
            let at = moment(rng);
            all.push((at, mishap));
            // A second blow while it gets up.
            if rng.one_in(4) {
                let again = at + down + Duration::from_micros(rng.below(8_000));
                all.push((again, Mishap::PowerCut { down: Duration::from_micros(100) }));
            }
        }
        let disk = self.disk(rng);
        if disk != DiskFaults::default() {
            // `torn` and a lying device are there from the beginning, the rest comes and goes.
            all.push((Duration::ZERO, Mishap::Disk(lasting(disk))));
            for _ in 0..rng.range(1, 3) {
                let at = moment(rng);
                all.push((at, Mishap::Disk(disk)));
                let upto = at + Duration::from_millis(rng.range(1, 100));
                all.push((upto, Mishap::Disk(lasting(disk))));
            }
        }
        let net = net(rng);
        if net != NetFaults::default() {
            let at = if rng.one_in(2) { Duration::ZERO } else { moment(rng) };
            all.push((at, Mishap::Net(net)));
        }
        if rng.one_in(4) {
            let ms = rng.range(1, 600_000) as i64;
            all.push((moment(rng), Mishap::Wall { ms: if rng.one_in(2) { ms } else { -ms } }));
        }
        all.retain(|(at, _)| *at < self.storm);
        all.sort_by_key(|(at, _)| *at);
        self.mishaps = all;
    }

    fn disk(&mut self, rng: &mut Rng) -> DiskFaults {
        let mut disk = DiskFaults { torn: rng.one_in(2), ..DiskFaults::default() };
        if rng.one_in(4) {
            disk.eio_per_mille = *rng.pick(&[1, 5, 30]);
            self.poisons = true;
        }
        if rng.one_in(3) {
            disk.stall_per_mille = rng.range(1, 50) as u16;
            disk.stall_max = Duration::from_millis(rng.range(1, 300));
        }
        if rng.one_in(6) {
            disk.capacity_bytes = Some(rng.range(1, 16) << 20);
        }
        if self.mode == Mode::Lying {
            let kinds = rng.range(1, 7);
            let often = *rng.pick(&[200, 2_000, 20_000]);
            disk.lost_per_million = if kinds & 1 != 0 { often } else { 0 };
            disk.misdirected_per_million = if kinds & 2 != 0 { often } else { 0 };
            disk.rot_per_million = if kinds & 4 != 0 { often } else { 0 };
            self.poisons = true;
        }
        disk
    }
}

/// What stays on between the bad spells.
fn lasting(disk: DiskFaults) -> DiskFaults {
    DiskFaults { eio_per_mille: 0, stall_per_mille: 0, capacity_bytes: None, ..disk }
}

fn net(rng: &mut Rng) -> NetFaults {
    let delay_max =
        if rng.one_in(2) { Duration::from_millis(rng.range(1, 40)) } else { Duration::ZERO };
    let often = *rng.pick(&[500, 5_000, 20_000]);
    NetFaults {
        delay_max,
        cut_per_million: if rng.one_in(2) { often } else { 0 },
        half_open_per_million: if rng.one_in(4) { often / 4 } else { 0 },
        fragment: rng.one_in(4),
        ..NetFaults::default()
    }
}

fn broker(rng: &mut Rng) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    let mut set = |key: &str, value: u64| drop(keys.insert(key.to_owned(), value.to_string()));
    set("offsets.topic.num.partitions", rng.range(1, 3));
    set("group.initial.rebalance.delay.ms", rng.below(30));
    set("group.min.session.timeout.ms", 50);
    set("log.retention.check.interval.ms", rng.range(10, 200));
    set("log.cleaner.backoff.ms", rng.range(5, 100));
    set("log.segment.delete.delay.ms", rng.below(100));
    set("log.segment.bytes", 1 << 20);
    set("log.index.interval.bytes", rng.range(0, 4096));
    set("max.incremental.fetch.session.cache.slots", rng.below(4));
    set("millstream.memory", 64 << 20);
    set("millstream.journal.bytes", *rng.pick(&[1, 1, 4]) << 20);
    keys.insert("log.dirs".to_owned(), DATA_DIR.to_owned());
    keys.insert("listeners".to_owned(), "PLAINTEXT://127.0.0.1:9092".to_owned());
    keys.insert("millstream.admin.listener".to_owned(), "none".to_owned());
    keys.insert("auto.create.topics.enable".to_owned(), "false".to_owned());
    keys
}

fn topics(rng: &mut Rng) -> Vec<TopicPlan> {
    use Kind::{Compacted, Doomed, Lax, Plain, Retained, Rolling, Trimmed};
    let kinds = [Plain, Rolling, Trimmed, Retained, Compacted, Lax, Doomed];
    let count = rng.range(1, 4);
    let named = |number: u64| {
        let kind = if number == 0 && rng.one_in(2) { Plain } else { *rng.pick(&kinds) };
        topic(number as usize, kind, rng)
    };
    (0..count).map(named).collect()
}

fn topic(number: usize, kind: Kind, rng: &mut Rng) -> TopicPlan {
    let big = rng.one_in(8);
    let shape = Shape {
        keys: if kind == Kind::Compacted { rng.range(1, 30) as u32 } else { 0 },
        tombstones: if kind == Kind::Compacted && rng.one_in(2) { 5 } else { 0 },
        value_bytes_max: if big { 30_000 } else { 1_500 },
    };
    let configs = configs(kind, rng);
    let partitions = rng.range(1, 3) as i32;
    TopicPlan {
        name: format!("{kind:?}-{number}").to_lowercase(),
        kind,
        partitions,
        shape,
        configs,
    }
}

fn configs(kind: Kind, rng: &mut Rng) -> Vec<(&'static str, String)> {
    let mut set = vec![("retention.ms", "-1".to_owned())];
    let rolls = kind != Kind::Plain && rng.one_in(2) || kind == Kind::Rolling;
    if rolls || kind == Kind::Compacted {
        set.push(("segment.ms", rng.range(5, 120).to_string()));
    }
    match kind {
        Kind::Retained => set.push(("retention.bytes", rng.range(1, 200_000).to_string())),
        Kind::Lax => set.push(("flush.messages", "1000000".to_owned())),
        Kind::Compacted => {
            set.push(("cleanup.policy", "compact".to_owned()));
            set.push(("min.cleanable.dirty.ratio", "0.01".to_owned()));
            set.push(("delete.retention.ms", rng.below(100).to_string()));
        }
        Kind::Plain | Kind::Rolling | Kind::Trimmed | Kind::Doomed => {}
    }
    if rng.one_in(4) {
        set.push(("message.timestamp.type", "LogAppendTime".to_owned()));
    }
    set
}

fn producer(rng: &mut Rng) -> ProducerPlan {
    let idempotent = !rng.one_in(4);
    ProducerPlan {
        idempotent,
        acks: *rng.pick(&[Some(-1), Some(-1), Some(1), None]),
        depth: *rng.pick(&[1, 2, 5]),
        places_max: rng.range(1, 5),
        records_max: *rng.pick(&[1, 4, 12]),
        codec: *rng.pick(&[Codec::None, Codec::None, Codec::None, Codec::Lz4, Codec::Snappy]),
        pause_us_max: *rng.pick(&[5_000, 15_000, 40_000]),
    }
}

fn consumer(rng: &mut Rng) -> ConsumerPlan {
    ConsumerPlan {
        wait_ms: *rng.pick(&[10, 50, 200]),
        bytes_max: *rng.pick(&[500, 10_000, 1 << 20]),
        partition_bytes_max: *rng.pick(&[1, 1_000, 100_000]),
        sessions: rng.one_in(2),
        committed: rng.one_in(2),
        pause_us_max: *rng.pick(&[5_000, 20_000, 60_000]),
    }
}

fn group(rng: &mut Rng) -> GroupPlan {
    GroupPlan {
        members: rng.range(1, 3),
        restless: rng.one_in(2),
        session_ms: rng.range(150, 400) as i32,
    }
}

impl Plan {
    /// Whether the disk may be full at some time.
    pub fn fills(&self) -> bool {
        let full =
            |mishap: &Mishap| matches!(mishap, Mishap::Disk(d) if d.capacity_bytes.is_some());
        self.mishaps.iter().any(|(_, mishap)| full(mishap))
    }
}
