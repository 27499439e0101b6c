//! Waiting and, above all, giving up waiting.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use super::*;

fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn notify_wakes_those_who_asked_before() {
    let notify = Notify::new();
    let mut before = pin!(notify.notified());
    assert!(poll_once(before.as_mut()).is_pending());
    notify.notify_waiters();
    assert!(poll_once(before.as_mut()).is_ready());
    let mut after = pin!(notify.notified());
    assert!(poll_once(after.as_mut()).is_pending());
}

#[test]
fn a_notification_between_creation_and_first_poll_counts() {
    let notify = Notify::new();
    let mut notified = pin!(notify.notified());
    notify.notify_waiters();
    assert!(poll_once(notified.as_mut()).is_ready());
}

#[test]
fn a_dropped_notified_leaves_no_waiter() {
    let notify = Notify::new();
    {
        let mut notified = pin!(notify.notified());
        assert!(poll_once(notified.as_mut()).is_pending());
        assert_eq!(notify.waiting(), 1);
    }
    assert_eq!(notify.waiting(), 0);
    let mut stale = Box::pin(notify.notified());
    assert!(poll_once(stale.as_mut()).is_pending());
    notify.notify_waiters();
    let mut fresh = pin!(notify.notified());
    assert!(poll_once(fresh.as_mut()).is_pending());
    drop(stale);
    assert_eq!(notify.waiting(), 1, "a woken future does not remove its slot's successor");
}

#[test]
fn an_event_stays_set() {
    let event = Event::new();
    let mut wait = pin!(event.wait());
    assert!(poll_once(wait.as_mut()).is_pending());
    event.set();
    assert!(poll_once(wait.as_mut()).is_ready());
    assert!(poll_once(pin!(event.wait())).is_ready());
}

#[test]
fn oneshot_delivers_one_value() {
    let (sender, receiver) = oneshot::channel();
    let mut receiver = pin!(receiver);
    assert!(poll_once(receiver.as_mut()).is_pending());
    assert_eq!(sender.send(7), Ok(()));
    assert_eq!(poll_once(receiver.as_mut()), Poll::Ready(Ok(7)));
    assert_eq!(poll_once(receiver.as_mut()), Poll::Ready(Err(oneshot::Closed)));
}

#[test]
fn oneshot_tells_each_side_when_the_other_is_gone() {
    let (sender, receiver) = oneshot::channel::<u8>();
    let mut receiver = pin!(receiver);
    drop(sender);
    assert_eq!(poll_once(receiver.as_mut()), Poll::Ready(Err(oneshot::Closed)));
    let (sender, receiver) = oneshot::channel::<u8>();
    drop(receiver);
    assert!(sender.is_closed());
    assert_eq!(sender.send(1), Err(1));
}

#[test]
fn the_semaphore_is_fair() {
    let semaphore = Semaphore::new(3);
    let two = semaphore.try_acquire(2).expect("free");
    let mut large = pin!(semaphore.acquire(3));
    assert!(poll_once(large.as_mut()).is_pending());
    let mut small = pin!(semaphore.acquire(1));
    assert!(poll_once(small.as_mut()).is_pending(), "nobody overtakes");
    assert!(semaphore.try_acquire(1).is_none());
    drop(two);
    let Poll::Ready(all) = poll_once(large.as_mut()) else { panic!("three are free") };
    assert!(poll_once(small.as_mut()).is_pending());
    drop(all);
    assert!(poll_once(small.as_mut()).is_ready());
}

#[test]
fn a_dropped_acquire_gives_back_what_it_was_granted_and_lets_others_pass() {
    let semaphore = Semaphore::new(2);
    let all = semaphore.try_acquire(2).expect("free");
    let mut first = Box::pin(semaphore.acquire(2));
    let mut second = pin!(semaphore.acquire(1));
    assert!(poll_once(first.as_mut()).is_pending());
    assert!(poll_once(second.as_mut()).is_pending());
    drop(all);
    drop(first);
    let Poll::Ready(permit) = poll_once(second.as_mut()) else { panic!("granted on drop") };
    assert_eq!(semaphore.free(), 1);
    drop(permit);
    assert_eq!(semaphore.free(), 2);
}

/// Who has been granted his permits and was not polled yet holds nobody up.
#[test]
fn what_is_free_beside_a_granted_waiter_is_there_for_the_next() {
    let semaphore = Semaphore::new(10);
    let all = semaphore.try_acquire(10).expect("free");
    let mut granted = pin!(semaphore.acquire(4));
    assert!(poll_once(granted.as_mut()).is_pending());
    drop(all);
    let beside = semaphore.try_acquire(5).expect("six are free");
    let mut waits = pin!(semaphore.acquire(2));
    assert!(poll_once(waits.as_mut()).is_pending(), "one is free");
    assert!(semaphore.try_acquire(1).is_none(), "somebody waits");
    assert!(poll_once(granted.as_mut()).is_ready());
    drop(beside);
    assert!(poll_once(waits.as_mut()).is_ready());
}

#[test]
fn a_forgotten_permit_shrinks_the_total() {
    let semaphore = Semaphore::new(2);
    semaphore.try_acquire(1).expect("free").forget();
    assert_eq!(semaphore.free(), 1);
    semaphore.add(1);
    assert_eq!(semaphore.free(), 2);
}
