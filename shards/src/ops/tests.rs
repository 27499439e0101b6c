//! Waiters that come late, go early, or never come.

use std::io;
use std::task::Waker;

use super::*;
use crate::driver::{Handle, Outcome};

fn completion(token: Token, n: u32, more: bool) -> Completion {
    Completion { token, result: Ok(Outcome::Count(n)), op: None, more }
}

fn count(polled: Polled) -> Option<u32> {
    match polled {
        Polled::Ready(Completion { result: Ok(Outcome::Count(n)), .. }) => Some(n),
        _ => None,
    }
}

#[test]
fn a_completion_waits_for_its_waiter_and_then_frees_the_slot() {
    let mut table = OpTable::default();
    let token = table.insert(Kind::One, None);
    assert!(matches!(table.poll(token, Waker::noop()), Polled::Pending));
    assert!(matches!(table.deliver(completion(token, 7, false)).0, Delivered::Wake(Some(_))));
    assert_eq!(count(table.poll(token, Waker::noop())), Some(7));
    assert_eq!(table.len(), 0);
    assert!(matches!(table.poll(token, Waker::noop()), Polled::Gone));
}

#[test]
fn an_abandoned_operation_keeps_its_slot_until_it_completes() {
    let mut table = OpTable::default();
    let token = table.insert(Kind::One, None);
    assert!(matches!(table.abandon(token), Abandoned::InFlight(rest) if rest.is_empty()));
    assert_eq!(table.len(), 1);
    let late = Completion { token, result: Ok(Outcome::Handle(Handle(9))), op: None, more: false };
    let Delivered::Orphan(orphan) = table.deliver(late).0 else { panic!("nobody waits") };
    assert!(matches!(orphan.result, Ok(Outcome::Handle(Handle(9)))), "to be closed");
    assert_eq!(table.len(), 0);
}

#[test]
fn a_completion_that_was_never_taken_is_handed_back() {
    let mut table = OpTable::default();
    let token = table.insert(Kind::One, None);
    table.deliver(completion(token, 3, false));
    assert!(matches!(table.abandon(token), Abandoned::Over(rest) if rest.len() == 1));
    assert_eq!(table.len(), 0);
}

#[test]
fn a_multishot_delivers_in_order_and_ends_with_its_last() {
    let mut table = OpTable::default();
    let token = table.insert(Kind::Many, None);
    for n in 0..3 {
        table.deliver(completion(token, n, true));
    }
    assert_eq!(count(table.poll(token, Waker::noop())), Some(0));
    let error = io::Error::from_raw_os_error(libc::ENFILE);
    table.deliver(Completion { token, result: Err(error), op: None, more: false });
    assert_eq!(count(table.poll(token, Waker::noop())), Some(1));
    assert_eq!(count(table.poll(token, Waker::noop())), Some(2));
    let last = table.poll(token, Waker::noop());
    assert!(matches!(last, Polled::Ready(Completion { result: Err(_), more: false, .. })));
    assert_eq!(table.len(), 0);
}

#[test]
fn an_abandoned_multishot_gives_back_what_is_there_and_what_still_comes() {
    let mut table = OpTable::default();
    let token = table.insert(Kind::Many, None);
    table.deliver(completion(token, 1, true));
    table.deliver(completion(token, 2, true));
    assert!(matches!(table.abandon(token), Abandoned::InFlight(rest) if rest.len() == 2));
    assert!(matches!(table.deliver(completion(token, 3, true)).0, Delivered::Orphan(_)));
    assert_eq!(table.len(), 1);
    assert!(matches!(table.deliver(completion(token, 4, false)).0, Delivered::Orphan(_)));
    assert_eq!(table.len(), 0);
    let ended = table.insert(Kind::Many, None);
    table.deliver(completion(ended, 1, false));
    assert!(matches!(table.abandon(ended), Abandoned::Over(rest) if rest.len() == 1));
}

#[test]
fn a_stale_token_does_not_reach_the_slot_s_next_user() {
    let mut table = OpTable::default();
    let first = table.insert(Kind::One, None);
    table.deliver(completion(first, 1, false));
    table.poll(first, Waker::noop());
    let second = table.insert(Kind::One, None);
    assert_eq!(first.slot, second.slot);
    assert_ne!(first, second);
    assert!(matches!(table.poll(first, Waker::noop()), Polled::Gone));
    assert!(matches!(table.abandon(first), Abandoned::Over(rest) if rest.is_empty()));
    assert_eq!(table.tokens(), [second]);
}

#[test]
fn a_detached_operation_frees_its_slot_by_itself() {
    let mut table = OpTable::default();
    let token = table.insert(Kind::Detached, None);
    assert!(matches!(table.deliver(completion(token, 0, false)).0, Delivered::Orphan(_)));
    assert_eq!(table.len(), 0);
}

#[test]
fn an_owner_is_held_until_the_last_completion_even_if_nobody_waits() {
    let mut table = OpTable::default();
    let owner: Owner = Rc::new(());
    let token = table.insert(Kind::Many, Some(owner.clone()));
    table.abandon(token);
    let (_, held) = table.deliver(completion(token, 1, true));
    assert!(held.is_none());
    assert_eq!(Rc::strong_count(&owner), 2);
    let (_, held) = table.deliver(completion(token, 2, false));
    assert!(held.is_some_and(|held| Rc::ptr_eq(&held, &owner)));
    assert_eq!(Rc::strong_count(&owner), 1);
}
