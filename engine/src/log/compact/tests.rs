//! The filter beside a naive model that knows every record, over several rounds.
//!
//! The model decides record by record from the rules; the filter must agree exactly, and the
//! output must be a dense log that recovery's scan accepts and learns the same producers from.

use std::collections::{BTreeMap, BTreeSet};

use millstream_wire::batch::{BatchBuilder, is_placeholder, split_batches};
use millstream_wire::compress::Codec;
use proptest::prelude::*;

use super::*;
use crate::log::recovery::{Behind, Place, Verdict};
use crate::log::scan::{Known, Scan, ScanStart, ScanStep};
use crate::log::tests::{at, config, fresh};
use crate::log::{EpochCache, Log, Recovered, Segment};

const RETENTION_MS: u64 = 100;

#[derive(Clone, Debug)]
enum Op {
    /// Keys (9 stands for none) with values; `None` is a tombstone.
    Data {
        producer: i64,
        codec: u8,
        records: Vec<(u8, Option<u8>)>,
    },
    Marker {
        producer: i64,
        commit: bool,
    },
    Roll,
}

/// Producers 0 and 1 are plain, 2 and 3 idempotent, 4 and 5 transactional.
fn op() -> impl Strategy<Value = Op> {
    let record = (0..10u8, proptest::option::weighted(0.7, any::<u8>()));
    prop_oneof![
        8 => (0..6i64, 0..5u8, proptest::collection::vec(record, 1..6))
            .prop_map(|(producer, codec, records)| Op::Data { producer, codec, records }),
        3 => (4..6i64, any::<bool>())
            .prop_map(|(producer, commit)| Op::Marker { producer, commit }),
        2 => Just(Op::Roll),
    ]
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rec {
    offset: i64,
    timestamp: i64,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
}

/// What the model knows of one data batch.
#[derive(Clone, Debug)]
struct Batch {
    base: i64,
    producer: i64,
    fate: Fate,
    horizon: Option<i64>,
    records: Vec<Rec>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Committed,
    Open,
    Aborted,
}

/// Segments as bytes, the model beside them.
#[derive(Default)]
struct World {
    segments: Vec<(i64, Vec<u8>)>,
    batches: Vec<Batch>,
    end: i64,
    now_ms: i64,
    sequences: BTreeMap<i64, i32>,
    last_data: BTreeMap<i64, i64>,
    /// Of what is appended.
    epoch: i32,
}

impl World {
    fn new() -> World {
        let segments = vec![(0, Vec::new())];
        World { segments, epoch: 1, now_ms: 1_000_000, ..World::default() }
    }

    fn apply(&mut self, op: &Op) {
        self.now_ms += 1;
        match op {
            Op::Data { producer, codec, records } => self.data(*producer, *codec, records),
            Op::Marker { producer, commit } => self.marker(*producer, *commit),
            Op::Roll if !self.segments.last().expect("one").1.is_empty() => {
                self.segments.push((self.end, Vec::new()));
            }
            Op::Roll => {}
        }
    }

    fn data(&mut self, producer: i64, codec: u8, records: &[(u8, Option<u8>)]) {
        let codec = Codec::from_id(codec).expect("one of five");
        let mut builder = BatchBuilder::new(codec).base_offset(self.end).leader_epoch(self.epoch);
        if producer >= 2 {
            let next = self.sequences.entry(producer).or_default();
            builder = builder.producer(producer, 0, *next);
            *next += records.len() as i32;
            self.last_data.insert(producer, self.end + records.len() as i64 - 1);
        }
        let is_transactional = producer >= 4;
        if is_transactional {
            builder = builder.transactional();
        }
        let mut all = Vec::new();
        for (index, (key, value)) in records.iter().enumerate() {
            let (key, value) = ((*key < 9).then(|| vec![*key]), value.map(|value| vec![value]));
            let timestamp = self.now_ms - index as i64;
            builder.append(timestamp, key.as_deref(), value.as_deref(), &[("h", key.as_deref())]);
            all.push(Rec { offset: self.end + index as i64, timestamp, key, value });
        }
        let fate = if is_transactional { Fate::Open } else { Fate::Committed };
        let (base, horizon) = (self.end, None);
        self.batches.push(Batch { base, producer, fate, horizon, records: all });
        self.push(&builder.build().expect("builds"), records.len() as i64);
    }

    fn marker(&mut self, producer: i64, commit: bool) {
        let mut builder =
            BatchBuilder::new(Codec::None).base_offset(self.end).leader_epoch(self.epoch);
        builder = builder.producer(producer, 0, -1).transactional().control();
        let key = [0, 0, 0, u8::from(commit)];
        builder.append(self.now_ms, Some(&key), Some(&[0, 0, 0, 0, 0, 0]), &[]);
        self.push(&builder.build().expect("builds"), 1);
        let fate = if commit { Fate::Committed } else { Fate::Aborted };
        let open = |batch: &&mut Batch| batch.producer == producer && batch.fate == Fate::Open;
        self.batches.iter_mut().filter(open).for_each(|batch| batch.fate = fate);
    }

    fn push(&mut self, bytes: &[u8], offsets: i64) {
        self.segments.last_mut().expect("one").1.extend_from_slice(bytes);
        self.end += offsets;
    }

    fn bytes(&self, from: i64, end: i64) -> Vec<u8> {
        let parts = self.segments.iter().filter(|(base, _)| *base < end);
        let all: Vec<u8> = parts.flat_map(|(_, bytes)| bytes.iter().copied()).collect();
        let skip = split_batches(&all)
            .map(|view| view.expect("sound"))
            .take_while(|view| view.last_offset() < from)
            .map(|view| view.total_len())
            .sum();
        all[skip..].to_vec()
    }

    /// One run over all sealed segments; gives what is clean now.
    fn clean(&mut self, first_dirty: i64, keys: u64) -> i64 {
        let end = self.segments.last().expect("an active one").0;
        let last_entries = LastEntries(
            (self.last_data.iter())
                .map(|(id, last)| (*id, LastEntry { epoch: 0, last_data: Some(*last) }))
                .collect(),
        );
        let dirty = self.bytes(first_dirty, end);
        let mut decided = None;
        let (map, mapped) = loop {
            let mut map = OffsetMap::new(keys, 1 << 20, 900_000, [1, 2]);
            let mut mapper =
                Mapper::new(&mut map, (Offset(first_dirty), Offset(end)), decided.as_ref());
            let stop = split_batches(&dirty)
                .map(|view| mapper.push(&view.expect("sound")).expect("sound"))
                .find(|mapped| *mapped != Mapped::More);
            let mapped = mapper.mapped();
            if stop != Some(Mapped::NeedsSurvey) {
                break (map, mapped);
            }
            let mut survey = Survey::default();
            let views = split_batches(&dirty).map(|view| view.expect("sound"));
            views.for_each(|view| survey.push(&view).expect("sound"));
            decided = Some(survey.finish());
        };
        let decided = decided.unwrap_or_default();
        self.expect_kept(first_dirty, mapped.0);
        let rules = CleanRules {
            now: at(self.now_ms),
            delete_retention_ms: RETENTION_MS,
            index_interval_bytes: 100,
            map: &map,
            mapped,
            decided: &decided,
            last_entries: &last_entries,
        };
        let mut cleaner = Cleaner::new(rules, Offset::ZERO);
        let upto = self.segments.iter().take_while(|(base, _)| *base < mapped.0).count();
        for at in 0..upto {
            let end = self.segments.get(at + 1).map_or(end, |next| next.0);
            for view in split_batches(&self.segments[at].1) {
                cleaner.push(&view.expect("sound")).expect("sound");
            }
            let cleaned = cleaner.finish_segment(Offset(end));
            assert_eq!(cleaned.changed, cleaned.output != self.segments[at].1);
            assert_eq!(cleaned.segment.bytes, cleaned.output.len() as u64);
            cleaned.segment.check();
            self.segments[at].1 = cleaned.output;
        }
        mapped.0
    }

    /// The rules, record by record.
    fn expect_kept(&mut self, first_dirty: i64, mapped: i64) {
        let cleaned_end = (self.segments.windows(2))
            .find(|pair| pair[0].0 < mapped && mapped <= pair[1].0)
            .map_or(0, |pair| pair[1].0);
        let mut latest: BTreeMap<Vec<u8>, i64> = BTreeMap::new();
        for batch in self.batches.iter().filter(|batch| batch.fate == Fate::Committed) {
            for rec in batch.records.iter().filter(|rec| rec.offset < mapped) {
                if let (Some(key), true) = (&rec.key, rec.offset >= first_dirty) {
                    latest.insert(key.clone(), rec.offset);
                }
            }
        }
        let now = self.now_ms;
        for batch in self.batches.iter_mut().filter(|batch| batch.base < cleaned_end) {
            let is_due = batch.horizon.is_some_and(|at| at <= now);
            let aborted = batch.fate == Fate::Aborted;
            batch.records.retain(|rec| {
                let is_latest = rec
                    .key
                    .as_ref()
                    .is_some_and(|key| latest.get(key).is_none_or(|latest| rec.offset >= *latest));
                let stays = is_latest && (rec.value.is_some() || !is_due);
                rec.offset >= mapped || stays && !aborted
            });
            if batch.records.iter().any(|rec| rec.value.is_none()) {
                batch.horizon.get_or_insert(now + RETENTION_MS as i64);
            }
        }
    }

    fn check(&self) {
        let mut found = Vec::new();
        let (mut expected, mut ends) = (0, BTreeSet::new());
        for view in split_batches(&self.bytes(0, i64::MAX)) {
            let view = view.expect("sound");
            let h = view.header();
            assert!(view.crc_valid());
            assert_eq!(h.base_offset, expected, "batches follow each other");
            expected = h.next_offset();
            ends.insert((h.producer_id, h.next_offset() - 1));
            let plain = view.decompressed(1 << 20).expect("opens");
            for record in view.records_in(&plain).filter(|_| !h.attributes.is_control()) {
                let r = record.expect("sound");
                let (key, value) = (r.key.map(<[u8]>::to_vec), r.value.map(<[u8]>::to_vec));
                assert_eq!(r.headers.iter().next().map(|h| h.value), Some(r.key));
                found.push(Rec { offset: r.offset, timestamp: r.timestamp, key, value });
            }
        }
        assert_eq!(expected, self.end, "the log's end stays");
        let model: Vec<Rec> = self.batches.iter().flat_map(|b| b.records.clone()).collect();
        let differing = found.iter().zip(&model).find(|(found, model)| found != model);
        assert!(found == model, "{differing:?}, {} and {}", found.len(), model.len());
        for (producer, last) in &self.last_data {
            assert!(ends.contains(&(*producer, *last)), "the last batch of {producer}");
        }
        self.check_scan();
    }

    /// Recovery takes every segment for complete and learns every producer's last sequence.
    fn check_scan(&self) {
        let (mut epochs, mut producers) = (EpochCache::default(), Producers::default());
        for (at, (base, bytes)) in self.segments.iter().enumerate() {
            let next = self.segments.get(at + 1).map(|next| Offset(next.0));
            let mut scan = Scan::begin(ScanStart {
                place: if next.is_some() { Place::Middle } else { Place::Last },
                next_base: next,
                segment: Segment::empty(Offset(*base)),
                epochs,
                producers,
                index_interval_bytes: 100,
                modified_ms: 1,
                behind: Some(match next {
                    Some(_) => Behind::Promised,
                    None => Behind::Unpromised,
                }),
                known: Known::default(),
            });
            let ScanStep::Done { verdict, .. } = scan.step(bytes, true) else {
                panic!("it was given everything")
            };
            let whole = if next.is_some() { Verdict::Complete } else { Verdict::Truncate };
            let scanned = scan.finish();
            assert_eq!((verdict, scanned.segment.bytes), (whole, bytes.len() as u64));
            (epochs, producers) = (scanned.epochs, scanned.producers);
        }
        for shot in producers.snapshot() {
            let last = shot.state.window.last().expect("a batch").last_sequence;
            assert_eq!(last + 1, self.sequences[&shot.id.0], "producer {}", shot.id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_filter_keeps_exactly_what_the_rules_keep(
        rounds in proptest::collection::vec(
            (proptest::collection::vec(op(), 1..25), 1..20u64, 0..150i64), 1..5)
    ) {
        let mut world = World::new();
        let mut first_dirty = 0;
        for (ops, keys, wait_ms) in rounds {
            ops.iter().for_each(|op| world.apply(op));
            world.apply(&Op::Roll);
            world.now_ms += wait_ms;
            let mapped = world.clean(first_dirty, keys);
            prop_assert!(mapped >= first_dirty, "clean offsets never go back");
            first_dirty = mapped;
            world.check();
        }
    }
}

fn data(producer: i64, records: &[(u8, Option<u8>)]) -> Op {
    Op::Data { producer, codec: 0, records: records.to_vec() }
}

fn counts(world: &World) -> (usize, usize, usize) {
    let bytes = world.bytes(0, i64::MAX);
    let views: Vec<_> = split_batches(&bytes).map(|view| view.expect("sound")).collect();
    let control = views.iter().filter(|v| v.attributes().is_control()).count();
    let places = views.iter().filter(|v| is_placeholder(v.header())).count();
    (views.len(), control, places)
}

#[test]
fn a_marker_goes_one_retention_after_its_last_batch() {
    let mut world = World::new();
    let abort = Op::Marker { producer: 4, commit: false };
    for op in [data(4, &[(1, Some(1))]), abort, Op::Roll] {
        world.apply(&op);
    }
    world.last_data.clear();
    world.sequences.clear();
    let clean = world.clean(0, 100);
    assert_eq!(counts(&world), (2, 1, 1), "the batch is gone, its marker stays");
    world.clean(clean, 100);
    assert_eq!(counts(&world), (2, 1, 1), "it has a horizon now");
    world.now_ms += RETENTION_MS as i64 - 1;
    world.clean(clean, 100);
    assert_eq!(counts(&world), (2, 1, 1), "not a millisecond early");
    world.now_ms += 1;
    world.clean(clean, 100);
    assert_eq!(counts(&world), (1, 0, 1), "one placeholder for both");
}

/// Readers hold each batch's epoch against where the epochs began.
#[test]
fn what_was_removed_keeps_its_leader_epoch() {
    let mut world = World::new();
    for epoch in [1, 1, 2, 2] {
        world.epoch = epoch;
        world.apply(&data(0, &[(1, Some(1))]));
    }
    world.apply(&Op::Roll);
    world.clean(0, 100);
    let left: Vec<_> = split_batches(&world.segments[0].1)
        .map(|view| *view.expect("sound").header())
        .map(|header| (header.base_offset, header.leader_epoch))
        .collect();
    assert_eq!(left, [(0, 1), (2, 2), (3, 2)]);
}

#[test]
fn an_undecided_transaction_stops_the_map_and_nothing_of_it_goes() {
    let mut world = World::new();
    let old = data(0, &[(1, Some(1))]);
    let open = data(4, &[(1, Some(2)), (1, Some(3))]);
    for op in [old, open, data(0, &[(1, Some(4))]), Op::Roll] {
        world.apply(&op);
    }
    assert_eq!(world.clean(0, 100), 1, "up to the open transaction");
    world.check();
    for op in [Op::Marker { producer: 4, commit: true }, Op::Roll] {
        world.apply(&op);
    }
    assert_eq!(world.clean(1, 100), 5);
    world.check();
    let left: usize = world.batches.iter().map(|batch| batch.records.len()).sum();
    assert_eq!(left, 1, "the last value alone");
}

#[test]
fn damage_is_a_fault_and_not_an_empty_log() {
    let mut world = World::new();
    world.apply(&data(0, &[(1, Some(1)), (2, None)]));
    let mut bytes = world.segments[0].1.clone();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let view = split_batches(&bytes).next().expect("one").expect("whole");
    let mut map = OffsetMap::new(9, 1 << 20, 900_000, [1, 2]);
    let fault = Mapper::new(&mut map, (Offset(0), Offset(9)), None).push(&view);
    assert!(matches!(fault, Err(CleanFault::Batch { offset: 0, .. })), "{fault:?}");
}

/// A log of `sizes.len()` sealed segments and an empty active one.
fn log_of(overrides: &[(&str, &str)], segments: &[(u64, i64)]) -> Log {
    let mut all = Vec::new();
    let mut base = 0;
    for (bytes, appended_ms) in segments {
        let mut segment = Segment::empty(Offset(base));
        base += 10;
        segment.end = Offset(base);
        (segment.bytes, segment.appended_ms) = (*bytes, Some((*appended_ms, *appended_ms)));
        all.push(segment);
    }
    all.push(Segment::empty(Offset(base)));
    Log::new(config(overrides), Recovered { segments: all, ..Recovered::default() })
}

#[test]
fn what_is_due_follows_ratio_and_lags() {
    let compact = ("cleanup.policy", "compact");
    let sizes = [(100, 1_000), (100, 2_000), (300, 3_000)];
    let look = |more: (&str, &str), upto: i64, now: i64| {
        let log = log_of(&[compact, more], &sizes);
        let found = log.cleanable(Some(Offset(upto)), None, at(now)).expect("compacted");
        (found.end.0, found.dirty_ppm(), found.due)
    };
    let ratio = ("min.cleanable.dirty.ratio", "0.6");
    assert_eq!(look(ratio, 0, 9_000), (30, 1_000_000, true));
    assert_eq!(look(ratio, 20, 9_000), (30, 600_000, false), "not above");
    assert_eq!(look(("min.cleanable.dirty.ratio", "0.59"), 20, 9_000), (30, 600_000, true));
    assert_eq!(look(("min.compaction.lag.ms", "6500"), 0, 9_000), (20, 1_000_000, true));
    assert_eq!(look(("min.compaction.lag.ms", "9000"), 0, 9_000), (0, 0, false));
    assert_eq!(look(("max.compaction.lag.ms", "5999"), 20, 9_000), (30, 600_000, true));
    let never = [compact, ("min.cleanable.dirty.ratio", "1")];
    let log = log_of(&never, &sizes);
    let due = |upto, horizon| log.cleanable(Some(Offset(upto)), horizon, at(9)).expect("c").due;
    assert!(!due(30, None) && !due(30, Some(10)) && due(30, Some(9)), "the horizon has passed");
    assert!(fresh(&[]).cleanable(None, None, at(0)).is_none(), "only compacted topics");
}

#[test]
fn segments_are_grouped_up_to_a_segments_size() {
    let overrides = [("cleanup.policy", "compact"), ("segment.bytes", "1048576")];
    let mut log = log_of(&overrides, &[(500_000, 1), (500_000, 2), (100_000, 3), (1_048_576, 4)]);
    let groups = log.cleaning_groups(Offset(40));
    let bases = |group: &Vec<Segment>| group.iter().map(|s| s.base.0).collect::<Vec<_>>();
    let shape: Vec<_> = groups.iter().map(bases).collect();
    assert_eq!(shape, [vec![0, 10], vec![20], vec![30]]);
    assert_eq!(log.cleaning_groups(Offset(10)).len(), 1, "nothing past what was mapped");
    let mut cleaned = Segment::empty(Offset(0));
    (cleaned.end, cleaned.bytes, cleaned.appended_ms) = (Offset(20), 61, Some((9, 9)));
    assert!(log.still_has(&groups[0]));
    log.apply_cleaned(&groups[0], cleaned);
    log.check();
    assert!(!log.still_has(&groups[0]) && log.still_has(&groups[1]));
    let first = log.segments().next().expect("one");
    assert_eq!((first.end, first.bytes, first.appended_ms), (Offset(20), 61, Some((1, 2))));
}

#[test]
fn an_active_segment_rolls_by_its_age_less_its_jitter_and_by_the_longest_lag() {
    let due_at = |overrides: &[(&str, &str)], seed: u64| {
        let mut log = fresh(overrides);
        log.set_jitter_seed(seed);
        let bytes = crate::log::tests::batch(1, None);
        crate::log::tests::append(&mut log, &bytes, at(1_000)).expect("appended");
        (1_000..3_000).find(|ms| log.roll_is_due(at(*ms)))
    };
    assert_eq!(due_at(&[("segment.ms", "500")], 7), Some(1_501));
    let jitter = [("segment.ms", "500"), ("segment.jitter.ms", "400")];
    let all: BTreeSet<_> = (0..50).map(|seed| due_at(&jitter, seed).expect("due")).collect();
    assert!(all.len() > 20, "they differ: {all:?}");
    assert!(all.iter().all(|ms| (1_102..=1_501).contains(ms)), "{all:?}");
    let lag = ("max.compaction.lag.ms", "90");
    assert_eq!(due_at(&[("segment.ms", "500"), lag], 7), Some(1_501), "not compacted");
    let compact = ("cleanup.policy", "compact,delete");
    assert!(due_at_keyed(&[compact, lag, ("segment.ms", "500")]), "the lag is shorter");
}

fn due_at_keyed(overrides: &[(&str, &str)]) -> bool {
    let mut log = fresh(overrides);
    let mut builder = BatchBuilder::new(Codec::None);
    builder.append(1_000, Some(b"k"), Some(b"v"), &[]);
    let bytes = builder.build().expect("builds");
    crate::log::tests::append(&mut log, &bytes, at(1_000)).expect("appended");
    !log.roll_is_due(at(1_090)) && log.roll_is_due(at(1_091))
}
