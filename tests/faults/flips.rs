//! One bit is not what it was: in every kind of file, while the broker is stopped.
//!
//! `FAULTS_FLIPS` flips a scenario (48 unless told). Each start gets several, in different
//! partitions, and at most one in a file that the start needs. What is not served as it was
//! acknowledged must be an error; partitions without a flip serve everything and take records;
//! nothing panics; a start may be refused only by a line that names the file, which is then put
//! back. A flip that nobody notices is fine where it changed nothing that is served.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Instant;

use crate::golden::{self, Golden, Seen};
use crate::pristine::{Kind, flip};
use crate::process::{Broker, Directory};
use crate::runner::{Outcome, Random, knob, seed};

/// Of the partitions, so that some are left whole.
const FLIPS_A_START: u64 = 6;
const WRONG_SHOWN: usize = 15;

pub fn in_segments() -> Outcome {
    campaign(&[Kind::SealedSegment, Kind::ActiveSegment])
}

pub fn in_indexes_and_checkpoints() -> Outcome {
    campaign(&[Kind::Index, Kind::Checkpoint])
}

pub fn in_metadata() -> Outcome {
    campaign(&[Kind::PartitionMetadata, Kind::MetadataLog, Kind::Identity])
}

pub fn in_journals() -> Outcome {
    campaign(&[Kind::Journal])
}

/// One bit of one file.
#[derive(Clone, Debug)]
struct Flip {
    kind: Kind,
    path: PathBuf,
    bit: u64,
}

/// What became of the flips.
#[derive(Default)]
struct Tally {
    flips: BTreeMap<Kind, u64>,
    starts: u64,
    refusals: u64,
    refused_batches: u64,
    lost_batches: u64,
    /// Partitions that are shorter while no line names them.
    silent: BTreeSet<String>,
    silent_count: u64,
    topics_gone: u64,
    waiting: u64,
    wrong: Vec<String>,
    wrong_count: u64,
}

fn campaign(kinds: &[Kind]) -> Outcome {
    let wanted = knob("FAULTS_FLIPS", 48);
    let mut random = Random::for_purpose(&format!("{kinds:?}"));
    let goldens = golden::make();
    let has =
        |kind: &&Kind| goldens.iter().any(|golden| !golden.pristine.of_kind(**kind).is_empty());
    let kinds: Vec<Kind> = kinds.iter().filter(has).copied().collect();
    if kinds.is_empty() {
        return Outcome::Skipped("the broker writes no such file yet".to_owned());
    }
    let directory = Directory::in_memory();
    let data = directory.path().join("data");
    let mut broker = Broker::new(golden::setup(&data));
    let (mut tally, began) = (Tally::default(), Instant::now());
    while tally.flips.values().sum::<u64>() < wanted {
        let golden = random.pick(&goldens);
        let flips = choose(golden, &kinds, &mut random);
        golden.pristine.put(&data);
        for one in &flips {
            flip(&data.join(&one.path), one.bit).expect("the bit is there");
            *tally.flips.entry(one.kind).or_default() += 1;
        }
        tally.run_one(&mut broker, golden, flips.clone());
        if random.one_in(8) {
            // Once more over what the first start has repaired.
            match broker.try_start() {
                Ok(()) => broker.kill(),
                Err(reason) => tally.note(&flips, vec![format!("no second start: {reason}")]),
            }
        }
    }
    tally.conclude(began)
}

/// Flips in different partitions, and at most one in a file that is needed for a start.
fn choose(golden: &Golden, kinds: &[Kind], random: &mut Random) -> Vec<Flip> {
    let (mut flips, mut taken) = (Vec::<Flip>::new(), BTreeSet::new());
    for _ in 0..FLIPS_A_START {
        let kind = *random.pick(kinds);
        let paths = golden.pristine.of_kind(kind);
        if paths.is_empty() {
            continue;
        }
        let path = random.pick(&paths).clone();
        // A damaged journal keeps nobody from starting, so it may be damaged more than once.
        if kind != Kind::Journal && !taken.insert(owner(kind, &path)) {
            continue;
        }
        if let Some(bit) = golden.pristine.files[&path].any_bit(random) {
            flips.push(Flip { kind, path, bit });
        }
    }
    flips
}

/// The partition's directory, or nothing for what all partitions need.
fn owner(kind: Kind, path: &std::path::Path) -> Option<String> {
    let shared = matches!(kind, Kind::MetadataLog | Kind::Identity | Kind::Journal);
    let parent = path.parent().and_then(|parent| parent.file_name());
    parent.filter(|_| !shared).map(|name| name.to_string_lossy().into_owned())
}

impl Tally {
    fn run_one(&mut self, broker: &mut Broker, golden: &Golden, mut flips: Vec<Flip>) {
        let told = flips.clone();
        while let Err(reason) = broker.try_start() {
            self.starts += 1;
            self.refusals += 1;
            let line = reason.lines().find(|line| line.starts_with("millstream: "));
            let line = line.unwrap_or_default();
            let named = |one: &Flip| {
                let name = one.path.file_name().unwrap_or_default().to_string_lossy();
                line.contains(name.as_ref())
            };
            let before = flips.len();
            for one in flips.iter().filter(|one| named(one)) {
                golden.pristine.put_file(&broker.setup.data, &one.path);
            }
            flips.retain(|one| !named(one));
            if flips.len() == before {
                let what = format!("a refusal that names no damaged file: {reason}");
                self.note(&told, vec![what]);
                return;
            }
        }
        self.starts += 1;
        // What is derived from the log is no loss.
        let derived = |one: &&Flip| matches!(one.kind, Kind::Index | Kind::Checkpoint);
        let hurt: BTreeSet<String> = flips
            .iter()
            .filter(|one| !derived(one))
            .filter_map(|one| owner(one.kind, &one.path))
            .collect();
        let all_hurt = flips.iter().any(|one| owner(one.kind, &one.path).is_none());
        let seen = golden.verify(broker, &hurt, all_hurt);
        if !broker.is_running() {
            self.note(&told, vec![format!("the broker ended: {}", broker.said())]);
        } else {
            broker.kill();
        }
        self.take_in(seen, &broker.said(), &told);
    }

    fn take_in(&mut self, seen: Seen, said: &str, flips: &[Flip]) {
        self.refused_batches += seen.refused;
        self.lost_batches += seen.lost;
        self.topics_gone += seen.topics_gone;
        self.waiting += seen.waiting;
        let loud: Vec<_> =
            said.lines().filter(|line| line.contains("WARN") || line.contains("ERROR")).collect();
        // The path of a partition or of a damaged file, or the names of topic and partition.
        let is_named = |directory: &String| {
            let (topic, index) = directory.rsplit_once('-').unwrap_or_default();
            let fields = (format!("topic={topic} "), format!("index={index}"));
            let paths: Vec<_> = flips.iter().map(|one| one.path.display().to_string()).collect();
            loud.iter().any(|line| {
                golden::names(line, directory)
                    || line.contains(&fields.0) && line.contains(&fields.1)
                    || paths.iter().any(|path| line.contains(path))
            })
        };
        let silent: Vec<_> = seen.shorter.into_iter().filter(|name| !is_named(name)).collect();
        self.silent_count += silent.len() as u64;
        self.silent.extend(silent);
        self.note(flips, seen.wrong);
    }

    fn note(&mut self, flips: &[Flip], wrong: Vec<String>) {
        for what in wrong {
            self.wrong_count += 1;
            if self.wrong.len() < WRONG_SHOWN {
                let start = self.starts;
                self.wrong.push(format!("start {start}: {what}\n    after {flips:?}"));
            }
        }
    }

    fn conclude(self, began: Instant) -> Outcome {
        let flips: u64 = self.flips.values().sum();
        let figures = format!(
            "{flips} flips {:?} in {} starts, {:.0} s: {} refused starts, all by the file's name; \
             {} batches refused, {} gone from the end of their log ({} times without a warning), \
             {} readers waiting at a damaged end, {} topics gone, {} wrong",
            self.flips,
            self.starts,
            began.elapsed().as_secs_f32(),
            self.refusals,
            self.refused_batches,
            self.lost_batches,
            self.silent_count,
            self.waiting,
            self.topics_gone,
            self.wrong_count,
        );
        assert!(
            self.wrong.is_empty(),
            "FAULTS_SEED={}\n{figures}\n{}",
            seed(),
            self.wrong.join("\n")
        );
        Outcome::Passed(figures)
    }
}
