//! The table of operations in flight: who waits for which token.
//!
//! Pure bookkeeping; buffers live in the driver meanwhile. A waiter that goes away turns its
//! operation into an orphan: it still completes, and what it brings is given to `discard`.
//! Invariant: a slot is reused only after its token's last completion.

use std::any::Any;
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::Waker;

use slab::Slab;

use crate::driver::{Completion, Token};

enum State {
    /// One completion is awaited.
    One(Option<Waker>),
    Done(Completion),
    /// Many completions are awaited.
    Many {
        waker: Option<Waker>,
        ready: VecDeque<Completion>,
        ended: bool,
    },
    /// Nobody waits.
    Orphan,
}

/// Keeps a file or socket open while an operation on it is in flight: the kernel may look a
/// descriptor up late, and must not find the number's next owner.
pub(crate) type Owner = Rc<dyn Any>;

struct Slot {
    generation: u32,
    state: State,
    owner: Option<Owner>,
}

#[derive(Default)]
pub(crate) struct OpTable {
    slots: Slab<Slot>,
    next_generation: u32,
}

/// What became of a completion.
pub(crate) enum Delivered {
    Wake(Option<Waker>),
    /// Nobody wants it; the caller disposes of what it holds.
    Orphan(Completion),
}

/// What is left to do for a waiter that went away.
pub(crate) enum Abandoned {
    /// Still in flight: ask the driver to end it early.
    InFlight(Vec<Completion>),
    /// Over; the caller disposes of what was not taken.
    Over(Vec<Completion>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    One,
    Many,
    Detached,
}

impl OpTable {
    pub(crate) fn insert(&mut self, kind: Kind, owner: Option<Owner>) -> Token {
        // 31 bits: the driver keeps the upper half of the numbers for itself.
        self.next_generation = (self.next_generation + 1) & 0x7FFF_FFFF;
        let generation = self.next_generation;
        let state = match kind {
            Kind::One => State::One(None),
            Kind::Many => State::Many { waker: None, ready: VecDeque::new(), ended: false },
            Kind::Detached => State::Orphan,
        };
        let slot = self.slots.insert(Slot { generation, state, owner });
        Token { slot: slot as u32, generation }
    }

    /// Hands a completion over. With an operation's last one comes its owner, which the caller
    /// drops when the table is no longer borrowed.
    pub(crate) fn deliver(&mut self, completion: Completion) -> (Delivered, Option<Owner>) {
        let at = completion.token.slot as usize;
        let Some(slot) = self.slots.get_mut(at) else {
            return (Delivered::Orphan(completion), None);
        };
        debug_assert_eq!(slot.generation, completion.token.generation, "a slot reused too early");
        let owner = if completion.more { None } else { slot.owner.take() };
        let delivered = match &mut slot.state {
            State::One(waker) => {
                let waker = waker.take();
                slot.state = State::Done(completion);
                Delivered::Wake(waker)
            }
            State::Many { waker, ready, ended } => {
                *ended |= !completion.more;
                ready.push_back(completion);
                Delivered::Wake(waker.take())
            }
            State::Orphan => {
                if !completion.more {
                    self.slots.remove(at);
                }
                Delivered::Orphan(completion)
            }
            State::Done(_) => Delivered::Orphan(completion),
        };
        (delivered, owner)
    }

    /// The completion, if it is there; else remembers whom to wake. The last completion frees
    /// the slot; `Err` then says that nothing will ever come.
    pub(crate) fn poll(&mut self, token: Token, waker: &Waker) -> Polled {
        let at = token.slot as usize;
        let Some(slot) = self.slots.get_mut(at).filter(|s| s.generation == token.generation) else {
            return Polled::Gone;
        };
        match &mut slot.state {
            State::One(waiting) => {
                remember(waiting, waker);
                Polled::Pending
            }
            State::Done(_) => match self.slots.remove(at).state {
                State::Done(completion) => Polled::Ready(completion),
                State::One(_) | State::Many { .. } | State::Orphan => Polled::Gone,
            },
            State::Many { waker: waiting, ready, ended } => match ready.pop_front() {
                Some(completion) => {
                    if *ended && ready.is_empty() {
                        self.slots.remove(at);
                    }
                    Polled::Ready(completion)
                }
                None => {
                    remember(waiting, waker);
                    Polled::Pending
                }
            },
            State::Orphan => Polled::Gone,
        }
    }

    /// The waiter goes away.
    pub(crate) fn abandon(&mut self, token: Token) -> Abandoned {
        let at = token.slot as usize;
        let Some(slot) = self.slots.get_mut(at).filter(|s| s.generation == token.generation) else {
            return Abandoned::Over(Vec::new());
        };
        match std::mem::replace(&mut slot.state, State::Orphan) {
            State::One(_) | State::Orphan => Abandoned::InFlight(Vec::new()),
            State::Done(completion) => {
                self.slots.remove(at);
                Abandoned::Over(vec![completion])
            }
            State::Many { ready, ended: false, .. } => Abandoned::InFlight(ready.into()),
            State::Many { ready, ended: true, .. } => {
                self.slots.remove(at);
                Abandoned::Over(ready.into())
            }
        }
    }

    /// Owners of operations that will never complete, to be dropped by the caller.
    pub(crate) fn take_owners(&mut self) -> Vec<Owner> {
        self.slots.iter_mut().filter_map(|(_, slot)| slot.owner.take()).collect()
    }

    /// Every token in flight, for the end of the shard.
    pub(crate) fn tokens(&self) -> Vec<Token> {
        let token =
            |(slot, s): (usize, &Slot)| Token { slot: slot as u32, generation: s.generation };
        self.slots.iter().map(token).collect()
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }
}

// Boxing the common case to shrink the rare ones would cost an allocation per operation.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Polled {
    Ready(Completion),
    Pending,
    /// The last completion was taken before.
    Gone,
}

fn remember(waiting: &mut Option<Waker>, waker: &Waker) {
    match waiting {
        Some(known) if known.will_wake(waker) => {}
        _ => *waiting = Some(waker.clone()),
    }
}

#[cfg(test)]
mod tests;
