//! Random operations on a `Log` and on a list of batches; both must tell the same story.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Op {
    Append { records: usize },
    StartCommit { bytes_max: u64 },
    FinishCommit,
    StartClaim { bytes_max: u64 },
    FinishClaim,
    VoidClaims,
    StartSettle { bytes_max: u64 },
    Read { back: i64, bytes_max: u64, at_least_one: bool },
    DeleteRecords { back: i64 },
    Retention { wait_ms: i64 },
    Forget { batches: usize },
    Roll,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (1..40usize).prop_map(|records| Op::Append { records }),
        3 => (1..20_000u64).prop_map(|bytes_max| Op::StartCommit { bytes_max }),
        3 => Just(Op::FinishCommit),
        3 => (1..20_000u64).prop_map(|bytes_max| Op::StartClaim { bytes_max }),
        3 => Just(Op::FinishClaim),
        1 => Just(Op::VoidClaims),
        2 => (1..20_000u64).prop_map(|bytes_max| Op::StartSettle { bytes_max }),
        4 => (0..200i64, 1..5_000u64, any::<bool>())
            .prop_map(|(back, bytes_max, at_least_one)| Op::Read { back, bytes_max, at_least_one }),
        1 => (0..50i64).prop_map(|back| Op::DeleteRecords { back }),
        1 => (0..4_000i64).prop_map(|wait_ms| Op::Retention { wait_ms }),
        1 => (0..10usize).prop_map(|batches| Op::Forget { batches }),
        1 => Just(Op::Roll),
    ]
}

/// What the log should hold: every batch with its place, and the end of what is committed.
#[derive(Default)]
struct Model {
    batches: Vec<(Extent, bool)>,
    committed: Offset,
    log_start: Offset,
    end: Offset,
}

impl Model {
    /// The batches that a read from `from` may give, by the rules alone.
    fn read(&self, from: Offset, take: &Take) -> Option<(Offset, Offset)> {
        let first = self.batches.iter().position(|(e, _)| e.upto.offset > from)?;
        let segment = self.batches[first].0.segment;
        let (mut bytes, mut end) = (0, None);
        for (extent, _) in &self.batches[first..] {
            bytes += extent.bytes();
            let fits = bytes <= take.bytes_max || end.is_none() && take.at_least_one;
            if extent.segment != segment || extent.upto.offset > take.upto || !fits {
                break;
            }
            end = Some(extent.upto.offset);
        }
        end.map(|end| (self.batches[first].0.from.offset, end))
    }
}

struct Rig {
    log: Log,
    model: Model,
    now_ms: i64,
    commit: Option<FileWrite>,
    claims: std::collections::VecDeque<Claim>,
}

impl Rig {
    fn apply(&mut self, op: &Op) {
        match *op {
            Op::Append { records } => self.append(records),
            Op::StartCommit { bytes_max } => {
                let plan = self.log.plan_commit(bytes_max);
                self.start_write(plan);
            }
            Op::StartSettle { bytes_max } => {
                let plan = self.log.plan_settle(bytes_max);
                assert!(plan.is_none_or(|plan| plan.upto.offset <= self.log.written().offset));
                self.start_write(plan);
            }
            Op::FinishCommit => {
                if let Some(plan) = self.commit.take() {
                    self.log.on_filed(&plan);
                    self.model.committed = self.model.committed.max(plan.upto.offset);
                }
            }
            Op::StartClaim { bytes_max } => {
                let before =
                    self.claims.back().map_or(self.log.written().offset, |c| c.upto.offset);
                if let Some(claim) = self.log.plan_claim(bytes_max) {
                    assert_eq!(claim.from.offset, before, "claims are contiguous");
                    self.claims.push_back(claim);
                }
            }
            Op::FinishClaim => {
                if let Some(claim) = self.claims.pop_front() {
                    self.log.on_claim_written(&claim);
                    assert_eq!(self.log.marks().high_watermark, self.model.committed);
                    self.log.on_claim_flushed(&claim);
                    self.model.committed = claim.upto.offset;
                }
            }
            Op::VoidClaims => {
                self.claims.clear();
                self.log.on_claims_void();
            }
            Op::Read { back, bytes_max, at_least_one } => {
                self.read(Offset(self.model.end.0 - back), bytes_max, at_least_one);
            }
            Op::DeleteRecords { back } => {
                let upto = Offset((self.model.committed.0 - back).max(0));
                let start = self.log.plan_delete_records(Some(upto)).expect("in range");
                self.log.apply_log_start(start);
                self.model.log_start = self.model.log_start.max(upto);
            }
            Op::Retention { wait_ms } => self.retain(wait_ms),
            Op::Forget { batches } => self.forget(batches),
            Op::Roll => self.log.roll(),
        }
        self.log.check();
        let marks = self.log.marks();
        assert_eq!(marks.high_watermark, self.model.committed);
        assert_eq!((marks.log_start, marks.log_end), (self.model.log_start, self.model.end));
    }

    fn start_write(&mut self, plan: Option<FileWrite>) {
        let Some(plan) = plan else { return };
        assert!(self.commit.is_none(), "a second write in flight");
        assert!(plan.from.position < plan.upto.position);
        self.commit = Some(plan);
    }

    fn append(&mut self, records: usize) {
        let bytes = batch(records, None);
        let verdict = append(&mut self.log, &bytes, at(self.now_ms));
        let Ok(AppendVerdict::Append(plan)) = verdict else { panic!("{verdict:?}") };
        assert_eq!(plan.base, self.model.end);
        let from = Mark { offset: plan.base, position: plan.position };
        let position = plan.position + bytes.len() as u64;
        let upto = Mark { offset: plan.end, position };
        self.model.batches.push((Extent { segment: plan.segment, from, upto }, true));
        self.model.end = plan.end;
    }

    fn read(&self, from: Offset, bytes_max: u64, at_least_one: bool) {
        let take = Take { bytes_max, upto: self.model.committed, at_least_one };
        let plan = match self.log.plan_read(from, &take) {
            Err(ReadRefusal::OutOfRange { .. }) => {
                assert!(from < self.model.log_start || from > self.model.end);
                return;
            }
            Ok(plan) => plan,
        };
        let expected = self.model.read(from, &take);
        match plan {
            ReadPlan::Nothing => assert_eq!(expected, None),
            ReadPlan::Memory(extent) => {
                assert_eq!(expected, Some((extent.from.offset, extent.upto.offset)));
            }
            ReadPlan::File { segment, position, limit, .. } => {
                let holds = |(e, _): &&(Extent, bool)| {
                    e.segment == segment && e.from.offset <= from && from < e.upto.offset
                };
                let (extent, in_memory) = self.model.batches.iter().find(holds).expect("there");
                assert!(!in_memory && position <= extent.from.position);
                assert!(extent.from.position < limit);
            }
            ReadPlan::NeedsIndex { .. } => panic!("no index was taken away"),
            ReadPlan::StepOver { .. } => panic!("nothing is damaged"),
        }
    }

    fn retain(&mut self, wait_ms: i64) {
        self.now_ms += wait_ms;
        let plan = self.log.plan_retention(at(self.now_ms));
        self.log.apply_retention(&plan);
        let first = self.log.segments().next().expect("one at least").base;
        self.model.batches.retain(|(extent, _)| extent.segment >= first);
        self.model.log_start = self.model.log_start.max(first);
    }

    /// Forgets the oldest batches in memory that are in segment files.
    fn forget(&mut self, batches: usize) {
        let placed = self.log.placed().offset;
        let old = self.model.batches.iter_mut().filter(|(_, in_memory)| *in_memory);
        let old = old.filter(|(extent, _)| extent.upto.offset <= placed);
        let Some((last, _)) =
            old.take(batches).map(|b| (b.1 = false, b.0)).map(|(_, e)| (e, ())).last()
        else {
            return;
        };
        self.log.forget_recent(last.segment, last.upto.position);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_log_does_what_a_list_of_batches_does(ops in proptest::collection::vec(op(), 1..80)) {
        let overrides = [
            ("segment.bytes", "1048576"),
            ("segment.index.bytes", "40"),
            ("index.interval.bytes", "1000"),
            ("retention.ms", "3000"),
        ];
        let log = fresh(&overrides);
        let mut rig = Rig {
            log,
            model: Model::default(),
            now_ms: 0,
            commit: None,
            claims: std::collections::VecDeque::new(),
        };
        for op in &ops {
            rig.apply(op);
        }
    }
}
