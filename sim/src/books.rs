//! The books of one run: the topics there are, every fact so far, and the checkers' verdict.
//!
//! Lives outside every simulated process, so it survives the broker's crash; clients and the
//! harness share it (`Shared`). All that is learnt goes through `note`: into the ledger, to
//! the checkers, into the history. The first violation stands; nothing after it counts.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use millstream_wire::Uuid;

use crate::check::{self, Check, View};
use crate::fact::{End, Fact, Floor};
use crate::ledger::{Ledger, Promise};
use crate::plan::{Kind, Mode, Plan};
use crate::record::{Place, Shape};
use crate::rng::mix;
use crate::said;
use crate::untold::Untold;

/// What the run is at; clients look at it to know what is wanted of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Faults: work, and expect anything.
    Storm,
    /// No more faults: everybody must get something done.
    Calm,
    /// Producers have ended: readers catch up.
    Drain,
    /// Readers have ended: the scan runs.
    Scan,
    /// The scan is done.
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    Planned,
    Creating,
    Alive,
    Deleting,
    Deleted,
}

/// One life of a topic.
#[derive(Clone, Debug)]
pub struct Topic {
    pub name: String,
    pub kind: Kind,
    pub partitions: i32,
    pub shape: Shape,
    pub id: Option<Uuid>,
    pub life: Life,
}

/// What was found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub check: &'static str,
    pub what: String,
}

/// A client that must make progress.
#[derive(Clone, Debug)]
pub struct Client {
    pub name: String,
    /// It has done what the phase wanted.
    pub done: Phase,
    /// What it is at, for the report.
    pub state: String,
}

#[derive(Clone)]
pub struct Shared(Rc<RefCell<Books>>);

pub struct Books {
    pub plan: Rc<Plan>,
    pub phase: Phase,
    pub topics: Vec<Topic>,
    pub ledger: Ledger,
    pub clients: Vec<Client>,
    pub violation: Option<Violation>,
    /// Under a lying device, from the calm on: the partitions that it has not touched.
    pub sound: BTreeSet<Place>,
    /// Under a lying device: what no broker could tell.
    pub untold: Untold,
    history: Vec<(u64, Fact)>,
    checks: Vec<Box<dyn Check>>,
    print: bool,
    hash: u64,
    commits: u64,
    power_cuts: u64,
}

impl Shared {
    pub fn new(plan: Rc<Plan>, print: bool) -> Shared {
        let checks = check::all(plan.mode);
        Shared(Rc::new(RefCell::new(Books {
            plan,
            phase: Phase::Storm,
            topics: Vec::new(),
            ledger: Ledger::default(),
            clients: Vec::new(),
            violation: None,
            sound: BTreeSet::new(),
            untold: Untold::new(),
            history: Vec::new(),
            checks,
            print,
            hash: 0,
            commits: 0,
            power_cuts: 0,
        })))
    }

    /// Looks at the books; nothing may be noted meanwhile.
    pub fn with<T>(&self, look: impl FnOnce(&mut Books) -> T) -> T {
        look(&mut self.0.borrow_mut())
    }

    /// Notes a fact of time `now_us`; returns its number.
    pub fn note(&self, now_us: u64, fact: Fact) -> u64 {
        self.0.borrow_mut().note(now_us, fact)
    }

    pub fn violate(&self, now_us: u64, check: &'static str, what: String) {
        let mut books = self.0.borrow_mut();
        books.note(now_us, Fact::Note(format!("VIOLATION of {check}: {what}")));
        books.violation.get_or_insert(Violation { check, what });
    }

    pub fn phase(&self) -> Phase {
        self.0.borrow().phase
    }

    pub fn floor(&self, place: Place) -> Floor {
        self.0.borrow().ledger.at(place).floor
    }

    /// The number of the last fact.
    pub fn facts(&self) -> u64 {
        self.0.borrow().history.len() as u64
    }

    /// How often the power was cut. An answer from before a cut may promise what the cut took.
    pub fn power_cuts(&self) -> u64 {
        self.0.borrow().power_cuts
    }

    /// A number for a new commit.
    pub fn next_commit(&self) -> u64 {
        let mut books = self.0.borrow_mut();
        books.commits += 1;
        books.commits
    }

    /// Enrols a client; its number.
    pub fn enrol(&self, name: String) -> usize {
        let mut books = self.0.borrow_mut();
        books.clients.push(Client { name, done: Phase::Storm, state: String::new() });
        books.clients.len() - 1
    }

    /// The client has done what this phase wanted of it.
    pub fn done(&self, client: usize, phase: Phase) {
        let mut books = self.0.borrow_mut();
        let done = &mut books.clients[client].done;
        *done = phase.max(*done);
    }

    pub fn set_state(&self, client: usize, state: impl FnOnce() -> String) {
        self.0.borrow_mut().clients[client].state = state();
    }

    /// Places of living topics, all of them or those of some kinds.
    pub fn places(&self, wanted: impl Fn(Kind) -> bool) -> Vec<Place> {
        self.0.borrow().places(wanted)
    }

    /// Id and shape of a topic, once it has been made.
    pub fn topic(&self, topic: u32) -> Topic {
        self.0.borrow().topics[topic as usize].clone()
    }

    pub fn id_of(&self, topic: u32) -> Uuid {
        self.0.borrow().topics[topic as usize].id.unwrap_or_default()
    }

    pub fn number_of(&self, id: Uuid) -> Option<u32> {
        let books = self.0.borrow();
        let at = books.topics.iter().position(|topic| topic.id == Some(id))?;
        Some(at as u32)
    }
}

impl Books {
    /// A topic that was to be made has the id of an earlier one of its name, which lives again: a
    /// lying device lost that it was deleted. The earlier one's number.
    pub fn come_back(&mut self, id: Uuid, made: u32) -> Option<u32> {
        let lies = self.plan.mode == Mode::Lying;
        let old = self.topics.iter().position(|topic| lies && topic.id == Some(id))?;
        self.topics[old].life = Life::Alive;
        self.topics[made as usize].life = Life::Deleted;
        Some(old as u32)
    }

    fn places(&self, wanted: impl Fn(Kind) -> bool) -> Vec<Place> {
        let alive = self.topics.iter().enumerate();
        let alive = alive.filter(|(_, topic)| topic.life == Life::Alive && wanted(topic.kind));
        alive
            .flat_map(|(number, topic)| {
                (0..topic.partitions).map(move |index| Place { topic: number as u32, index })
            })
            .collect()
    }

    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// Facts with their times in microseconds, oldest first.
    pub fn history(&self) -> &[(u64, Fact)] {
        &self.history
    }

    fn note(&mut self, now_us: u64, fact: Fact) -> u64 {
        if self.print {
            println!("{:>12.6} {fact}", now_us as f64 / 1e6);
        }
        self.hash = mix(self.hash, mix(now_us, self.history.len() as u64));
        let number = self.history.len() as u64 + 1;
        let mut wrong = None;
        let fresh = self.enter(&fact, &mut wrong);
        if wrong.is_none() && self.violation.is_none() {
            let view = View {
                number,
                topics: &self.topics,
                ledger: &self.ledger,
                fresh: &fresh,
                sound: &self.sound,
                untold: &self.untold,
                is_said: &said::names,
            };
            for check in &mut self.checks {
                if let Err(what) = check.on(&fact, &view) {
                    wrong = Some(Violation { check: check.name(), what });
                    break;
                }
            }
        }
        self.history.push((now_us, fact));
        if let Some(violation) = wrong {
            self.violation.get_or_insert(violation);
        }
        number
    }

    /// Enters the fact into the ledger; the records that nobody had seen before.
    fn enter(&mut self, fact: &Fact, wrong: &mut Option<Violation>) -> Vec<crate::fact::Seen> {
        let keeps = self.plan.mode != Mode::Lying;
        match fact {
            Fact::Acked { place, first, count, acks, base_offset } if *base_offset >= 0 => {
                let strong = *acks == -1 && self.topics[place.topic as usize].kind != Kind::Lax;
                for i in 0..*count {
                    let stamp = crate::record::Stamp { serial: first.serial + i, ..*first };
                    let offset = base_offset + i64::from(i);
                    let account = self.ledger.at_mut(*place);
                    if let Err(other) = account.promise(offset, Promise { stamp, strong })
                        && keeps
                    {
                        let what = format!(
                            "{place}: offset {offset} is acknowledged for {stamp}, but {other} \
                             is known to be there"
                        );
                        *wrong = Some(Violation { check: "acknowledged", what });
                    }
                }
            }
            Fact::Read(read) | Fact::Scanned(read) => {
                let (fresh, other) = self.ledger.at_mut(read.place).show(read);
                if let (Some((seen, known)), true) = (other, keeps) {
                    let what = format!(
                        "{}: offset {} holds {}, but {known} was there before",
                        read.place, seen.offset, seen.stamp
                    );
                    *wrong = Some(Violation { check: "unchanged", what });
                }
                return fresh;
            }
            Fact::Trimming { place, upto } => {
                let account = self.ledger.at_mut(*place);
                account.trim_asked = account.trim_asked.max(*upto);
            }
            Fact::Trimmed { place, low } => {
                let account = self.ledger.at_mut(*place);
                account.trimmed = account.trimmed.max(*low);
                account.floor.log_start = account.floor.log_start.max(*low);
            }
            Fact::Ended(how) => {
                self.ledger.process_ended();
                if *how != End::PowerCut {
                    return Vec::new();
                }
                self.power_cuts += 1;
                let topics = &self.topics;
                self.ledger.power_cut(|topic| topics[topic as usize].kind == Kind::Lax);
            }
            _ => {}
        }
        Vec::new()
    }
}
