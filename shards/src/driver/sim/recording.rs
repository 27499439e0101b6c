//! A recorded workload, and every disk that a crash could have left of it.
//!
//! The recording is a list of changes and of the moments at which each was *added* (it began:
//! from now on a crash may leave some of it) and *forced* (it is durable: no crash can undo it).
//! A crash leaves the forced changes and any subset of the others, writes sector by sector.
//! Forcing only rules states out, so new states come with additions alone: those in which
//! something of the new change is there. Their number is 2^old × (2^new − 1), where `old` and
//! `new` count what can survive or not by itself: sectors that change something, names, lengths.
//! Meant for devices that keep their promises: lies are not recorded.

use std::collections::BTreeSet;
use std::time::Duration;

use super::DiskImage;
use super::broken::Survival;
use super::content::Piece;
use super::volume::{Change, Footing, NodeId, Volume};
use crate::random::Random;

/// Names a change of a recording.
pub(super) type UnitId = usize;

#[derive(Debug, Clone, Copy)]
enum Event {
    Added(UnitId),
    /// It completed without being durable; nothing that completes later comes before it.
    Performed(UnitId),
    Forced(UnitId),
}

/// What a workload did to the disk, from `record` on.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    base: Volume,
    from_ns: u64,
    units: Vec<Change>,
    events: Vec<(u64, Event)>,
}

/// Names one crash state of a recording: the same recording, budget and seed give the same
/// states under the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrashStateId {
    /// Position in the enumeration.
    pub index: usize,
    /// The crash may have left this disk from this virtual time on ...
    pub from: Duration,
    /// ... and before this one: what was promised earlier must be on this disk.
    /// `Duration::MAX` if nothing ever ruled it out.
    pub until: Duration,
}

impl Recording {
    pub(super) fn of(base: Volume, from_ns: u64) -> Recording {
        Recording { base, from_ns, ..Recording::default() }
    }

    pub(super) fn add(&mut self, now_ns: u64, change: Change) -> UnitId {
        let unit = self.units.len();
        self.units.push(change);
        self.events.push((now_ns, Event::Added(unit)));
        unit
    }

    pub(super) fn performed(&mut self, now_ns: u64, unit: UnitId) {
        self.events.push((now_ns, Event::Performed(unit)));
    }

    pub(super) fn force(&mut self, now_ns: u64, unit: UnitId) {
        self.events.push((now_ns, Event::Forced(unit)));
    }

    /// Changes recorded.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Every disk that a crash at any moment of the recording could have left: each prefix of
    /// the operations, times each subset of what was not flushed by then, sector by sector.
    /// All of them where they are at most `budget`; else a sample of about `budget`, drawn from
    /// `seed`. The same bytes may come more than once, by different ways.
    pub fn crash_states(
        &self,
        budget: usize,
        seed: u64,
    ) -> impl Iterator<Item = (CrashStateId, DiskImage)> + use<'_> {
        let points = self.points();
        let quotas = quotas(&points.iter().map(Point::states).collect::<Vec<_>>(), budget);
        let mut replay = Replay::of(self, &points);
        let mut random = Random::from_seed(seed);
        let first = replay.state(0, &Choice::Rest, self.from_ns);
        let rest = points.into_iter().zip(quotas).flat_map(move |(point, quota)| {
            replay.advance(point.event);
            let choices = point.choices(quota, &mut random);
            let at_ns = self.events[point.event].0;
            let state = |choice: Choice| replay.state(point.event, &choice, at_ns);
            choices.into_iter().map(state).collect::<Vec<_>>()
        });
        std::iter::once(first)
            .chain(rest)
            .enumerate()
            .map(|(index, ((from, until), image))| (CrashStateId { index, from, until }, image))
    }

    /// How many crash states there are; `u64::MAX` where they cannot be counted.
    pub fn crash_state_count(&self) -> u64 {
        self.points().iter().fold(1, |sum, point| sum.saturating_add(point.states()))
    }

    fn points(&self) -> Vec<Point> {
        let mut replay = Replay::of(self, &[]);
        let added = |event: &usize| matches!(self.events[*event].1, Event::Added(_));
        let point = |event: usize| {
            replay.advance(event);
            let widths: Vec<usize> = replay.pending.iter().map(|p| p.atoms.len()).collect();
            Point { event, widths }
        };
        (0..self.events.len()).filter(added).map(point).collect()
    }
}

/// A moment at which something was added.
struct Point {
    event: usize,
    /// How many atoms each pending change has, the new one last.
    widths: Vec<usize>,
}

impl Point {
    /// New states at this point.
    fn states(&self) -> u64 {
        let new = self.widths.last().copied().unwrap_or(0);
        let old = self.widths.iter().sum::<usize>() - new;
        match (new, old + new) {
            (0, _) => 0,
            (_, all) if all >= 63 => u64::MAX,
            (_, all) => (1 << all) - (1 << old),
        }
    }

    /// `quota` different states of this point, all of them if there are no more.
    fn choices(&self, quota: u64, random: &mut Random) -> Vec<Choice> {
        let new = self.widths.last().copied().unwrap_or(0);
        let all = self.widths.iter().sum::<usize>();
        if quota >= self.states() {
            let first = 1u64 << (all - new);
            return if new == 0 { Vec::new() } else { (first..1 << all).map(Choice::of).collect() };
        }
        let mut drawn = BTreeSet::new();
        for _ in 0..quota * 8 {
            if drawn.len() as u64 >= quota {
                break;
            }
            drawn.insert(self.draw(random));
        }
        drawn.into_iter().map(Choice::Atoms).collect()
    }

    /// One state: of each change everything, nothing, a prefix, or some sectors.
    fn draw(&self, random: &mut Random) -> Vec<u64> {
        let all = self.widths.iter().sum::<usize>();
        let mut atoms = vec![0; all.div_ceil(64)];
        let mood = random.below(4);
        let mut at = 0;
        for (n, width) in self.widths.iter().enumerate() {
            let survival = match mood {
                0 if n + 1 < self.widths.len() => Survival::All,
                1 if n + 1 < self.widths.len() => Survival::Nothing,
                _ => Survival::draw(*width as u64, random),
            };
            for i in 0..*width {
                if survival.keeps(i as u64, random) {
                    atoms[(at + i) / 64] |= 1 << ((at + i) % 64);
                }
            }
            at += width;
        }
        // Something of the new change must be there: without it the state is an earlier one.
        let new = self.widths.last().copied().unwrap_or(0);
        if (all - new..all).all(|i| atoms[i / 64] >> (i % 64) & 1 == 0) {
            let i = all - new + random.below(new as u64) as usize;
            atoms[i / 64] |= 1 << (i % 64);
        }
        atoms
    }
}

/// Which atoms survive, counted through all pending changes.
enum Choice {
    /// None, of no point at all: what was there when the recording began.
    Rest,
    Atoms(Vec<u64>),
}

impl Choice {
    fn of(bits: u64) -> Choice {
        Choice::Atoms(vec![bits])
    }

    fn has(&self, atom: usize) -> bool {
        match self {
            Choice::Rest => false,
            Choice::Atoms(bits) => bits[atom / 64] >> (atom % 64) & 1 == 1,
        }
    }
}

/// Shares `budget` among the points: small ones are taken whole, the others get the same each.
fn quotas(states: &[u64], budget: usize) -> Vec<u64> {
    let budget = (budget as u64).saturating_sub(1);
    let total = states.iter().fold(0u64, |sum, n| sum.saturating_add(*n));
    if total <= budget {
        return states.to_vec();
    }
    let mut sorted: Vec<u64> = states.iter().copied().filter(|n| *n > 0).collect();
    sorted.sort_unstable();
    let (mut left, mut share) = (budget, 0);
    for (taken, n) in sorted.iter().enumerate() {
        share = left / (sorted.len() - taken) as u64;
        if *n > share {
            break;
        }
        left -= n;
    }
    if share > 0 {
        return states.iter().map(|n| (*n).min(share)).collect();
    }
    // Fewer than points: one each at even distances.
    let count = sorted.len() as u64;
    let mut nth = 0;
    let one = |n: &u64| {
        let chosen = *n > 0 && nth * budget / count != (nth + 1) * budget / count;
        nth += u64::from(*n > 0);
        u64::from(chosen)
    };
    states.iter().map(one).collect()
}

/// A change that is not durable, and what of it can survive by itself.
struct Unflushed {
    unit: UnitId,
    /// What is not settled by a later change that was forced first.
    change: Change,
    is_performed: bool,
    atoms: Vec<Atom>,
}

enum Atom {
    /// Of a file's write.
    Sector(NodeId, Piece),
    Whole,
}

/// What of an atom is not settled when `change` is forced.
fn left_of(atom: Atom, change: &Change) -> Vec<Atom> {
    let Atom::Sector(file, piece) = atom else { return vec![atom] };
    let mut alone = Change::Write { file, pieces: vec![piece] };
    change.settles(&mut alone);
    match alone {
        Change::Write { pieces, .. } => {
            pieces.into_iter().map(|piece| Atom::Sector(file, piece)).collect()
        }
        _ => Vec::new(),
    }
}

/// Goes through a recording from event to event.
struct Replay<'a> {
    recording: &'a Recording,
    /// Events before this one have happened.
    next: usize,
    durable: Volume,
    /// Everything that was added.
    now: Volume,
    pending: Vec<Unflushed>,
    /// Of each unit, the event that forces it.
    forced_at: Vec<usize>,
    /// Of each event, the first event that forces something with an effect that is added later.
    ruled_out_at: Vec<usize>,
}

impl<'a> Replay<'a> {
    fn of(recording: &'a Recording, points: &[Point]) -> Replay<'a> {
        let mut forced_at = vec![usize::MAX; recording.units.len()];
        for (at, (_, event)) in recording.events.iter().enumerate() {
            if let Event::Forced(unit) = event {
                forced_at[*unit] = forced_at[*unit].min(at);
            }
        }
        let mut ruled_out_at = vec![usize::MAX; recording.events.len() + 1];
        let mut points = points.iter().rev().peekable();
        for at in (0..recording.events.len()).rev() {
            ruled_out_at[at] = ruled_out_at[at + 1];
            let point = points.next_if(|point| point.event == at);
            if let (Event::Added(unit), Some(point)) = (recording.events[at].1, point)
                && point.widths.last() != Some(&0)
            {
                ruled_out_at[at] = ruled_out_at[at].min(forced_at[unit]);
            }
        }
        let (durable, now) = (recording.base.clone(), recording.base.clone());
        Replay { recording, next: 0, durable, now, pending: Vec::new(), forced_at, ruled_out_at }
    }

    /// Lets every event up to and including `event` happen.
    fn advance(&mut self, event: usize) {
        while self.next <= event {
            match self.recording.events[self.next].1 {
                Event::Added(unit) => self.on_added(unit),
                Event::Performed(unit) => {
                    let performed = self.pending.iter_mut().find(|pending| pending.unit == unit);
                    performed.into_iter().for_each(|pending| pending.is_performed = true);
                }
                Event::Forced(unit) => self.on_forced(unit),
            }
            self.next += 1;
        }
    }

    fn on_added(&mut self, unit: UnitId) {
        let change = self.recording.units[unit].clone();
        let atoms = self.atoms_of(&change);
        self.now.apply(&change, Footing::Any);
        self.pending.push(Unflushed { unit, change, is_performed: false, atoms });
    }

    fn on_forced(&mut self, unit: UnitId) {
        let Some(at) = self.pending.iter().position(|pending| pending.unit == unit) else { return };
        let change = self.pending.remove(at).change;
        self.durable.apply(&change, Footing::Any);
        let mut nth = 0;
        self.pending.retain_mut(|pending| {
            nth += 1;
            // What is still under way may land on top of this.
            if nth > at || !pending.is_performed {
                return true;
            }
            let left = change.settles(&mut pending.change);
            let atoms = pending.atoms.drain(..).flat_map(|atom| left_of(atom, &change));
            pending.atoms = atoms.collect();
            left
        });
    }

    /// What of a change can survive by itself and makes a difference.
    fn atoms_of(&self, change: &Change) -> Vec<Atom> {
        match change {
            Change::Write { file, pieces } => {
                let matters = |piece: &Piece| {
                    let held = self.now.file(*file).is_some_and(|content| content.holds(piece));
                    !held || self.is_touched(*file, piece)
                };
                let sectors = pieces.iter().flat_map(Piece::sectors);
                sectors.filter(matters).map(|piece| Atom::Sector(*file, piece)).collect()
            }
            Change::Reserve { file, bytes } => {
                let len = self.now.file(*file).map_or(0, |content| content.len());
                let same = bytes.end <= len && !self.has_pending(*file);
                if same { Vec::new() } else { vec![Atom::Whole] }
            }
            Change::Len { file, len } => {
                let now = self.now.file(*file).map_or(0, |content| content.len());
                let same = *len == now && !self.has_pending(*file);
                if same { Vec::new() } else { vec![Atom::Whole] }
            }
            Change::Link { .. } | Change::Unlink { .. } | Change::Rename { .. } => {
                vec![Atom::Whole]
            }
        }
    }

    fn has_pending(&self, file: NodeId) -> bool {
        self.pending.iter().any(|pending| pending.change.flushed_by() == file)
    }

    /// Whether a pending change of the file reaches into the piece, or changes the length.
    fn is_touched(&self, file: NodeId, piece: &Piece) -> bool {
        let range = piece.range();
        self.pending.iter().any(|pending| match &pending.change {
            Change::Write { file: same, pieces } if *same == file => {
                pieces.iter().any(|p| p.range().start < range.end && range.start < p.range().end)
            }
            Change::Len { file: same, .. } | Change::Reserve { file: same, .. } => *same == file,
            _ => false,
        })
    }

    /// The disk with the chosen atoms, and when a crash may have left it.
    fn state(
        &self,
        event: usize,
        choice: &Choice,
        from_ns: u64,
    ) -> ((Duration, Duration), DiskImage) {
        let mut volume = self.durable.clone();
        let later = if self.next == 0 { 0 } else { event + 1 };
        let mut ruled_out = self.ruled_out_at[later];
        let mut at = 0;
        for pending in &self.pending {
            let kept: Vec<bool> = (at..at + pending.atoms.len()).map(|i| choice.has(i)).collect();
            at += pending.atoms.len();
            let whole = kept.iter().all(|kept| *kept);
            let sectors = pending.atoms.iter().zip(&kept).filter(|(_, kept)| **kept);
            let fits = match &pending.change {
                Change::Write { file, .. } => {
                    let piece = |(atom, _): (&Atom, &bool)| match atom {
                        Atom::Sector(_, piece) => Some(piece.clone()),
                        Atom::Whole => None,
                    };
                    let pieces: Vec<Piece> = sectors.filter_map(piece).collect();
                    let write = Change::Write { file: *file, pieces };
                    volume.apply(&write, Footing::Firm)
                }
                change if whole => volume.apply(change, Footing::Firm),
                _ => true,
            };
            if !(whole && fits) {
                ruled_out = ruled_out.min(self.forced_at[pending.unit]);
            }
        }
        volume.forget_nameless();
        let until = self.recording.events.get(ruled_out);
        let until = until.map_or(Duration::MAX, |(ns, _)| Duration::from_nanos(*ns));
        ((Duration::from_nanos(from_ns), until), DiskImage(volume))
    }
}
