//! What the pool, `AlignedBuf` and `AppendBuf` promise. Runs under Miri.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::limits::{KIB, MIB};

#[test]
fn a_pool_starts_empty_and_keeps_what_comes_back() {
    let pool = Pool::new(MIB as u64);
    assert_eq!(pool.stats().held, 0);
    let buf = pool.try_take(5000).expect("below the ceiling");
    assert_eq!(buf.capacity(), 8 * KIB);
    assert_eq!(buf.as_ptr() as usize % 4096, 0);
    let first = buf.as_ptr();
    drop(buf);
    assert_eq!(pool.stats().idle, 8 * KIB as u64);
    let again = pool.try_take(8 * KIB).expect("idle");
    assert_eq!(again.as_ptr(), first);
    assert_eq!(pool.stats().idle, 0);
    assert_eq!(pool.stats().blocks_out, 1);
}

#[test]
fn sizes_round_up_to_their_class_and_no_further() {
    assert_eq!(class_of(0), Some(0));
    assert_eq!(class_of(4096), Some(0));
    assert_eq!(class_of(4097), Some(1));
    assert_eq!(class_of(128 * MIB), Some(15));
    assert_eq!(class_of(128 * MIB + 1), None);
}

#[test]
fn the_ceiling_refuses_and_a_return_makes_room() {
    let pool = Pool::new(16 * KIB as u64);
    let one = pool.try_take(8 * KIB).expect("first half");
    let two = pool.try_take(8 * KIB).expect("second half");
    assert!(pool.try_take(4 * KIB).is_none());
    drop(one);
    let small = pool.try_take(4 * KIB).expect("an idle block of another class is given up");
    assert_eq!(pool.stats().held, 12 * KIB as u64);
    drop((two, small));
}

#[test]
fn take_waits_for_a_return_and_refuses_what_can_never_be_had() {
    let pool = Pool::new(4 * KIB as u64);
    let held = pool.try_take(1).expect("room for one");
    let mut cx = Context::from_waker(Waker::noop());
    let mut waiting = pin!(pool.take(1));
    assert!(waiting.as_mut().poll(&mut cx).is_pending());
    drop(held);
    assert!(matches!(waiting.as_mut().poll(&mut cx), Poll::Ready(Some(_))));
    let mut never = pin!(pool.take(8 * KIB));
    assert!(matches!(never.as_mut().poll(&mut cx), Poll::Ready(None)));
}

#[test]
fn frozen_bytes_return_to_the_pool_from_another_thread() {
    let pool = Pool::new(MIB as u64);
    let mut buf = pool.try_take(4 * KIB).expect("room");
    buf[..3].copy_from_slice(b"abc");
    let bytes = buf.into_bytes(3);
    let slice = bytes.slice(1..);
    drop(bytes);
    let seen = std::thread::spawn(move || slice.to_vec()).join().expect("no panic");
    assert_eq!(seen, b"bc");
    assert_eq!(pool.stats().idle, 4 * KIB as u64);
    assert_eq!(pool.stats().blocks_out, 0);
}

#[test]
fn published_bytes_are_read_while_the_block_grows() {
    let pool = Pool::new(MIB as u64);
    let mut block = pool.try_take_append(8 * KIB).expect("room");
    assert_eq!(block.append(b"hello "), 6);
    let first = block.slice(0..6);
    let reader = std::thread::spawn(move || {
        let mut sum = 0u64;
        for _ in 0..50 {
            sum += first.iter().map(|&byte| u64::from(byte)).sum::<u64>();
        }
        (first, sum)
    });
    for _ in 0..50 {
        block.append(b"world");
    }
    let all = block.slice(0..block.len());
    let (first, _) = reader.join().expect("no panic");
    assert_eq!(&first[..], b"hello ");
    assert_eq!(&all[..11], b"hello world");
    drop(block);
    assert_eq!(&all[11..16], b"world", "slices outlive the appender");
}

#[test]
fn append_takes_what_fits() {
    let pool = Pool::new(MIB as u64);
    let mut block = pool.try_take_append(4 * KIB).expect("room");
    assert_eq!(block.append(&[7; 4000]), 4000);
    assert_eq!(block.append(&[8; 4000]), 96);
    assert_eq!(block.append(b"x"), 0);
    assert_eq!(block.spare(), 0);
}

#[test]
fn patch_changes_what_is_not_published() {
    let pool = Pool::new(MIB as u64);
    let mut block = pool.try_take_append(4 * KIB).expect("room");
    block.append(b"aaaabbbb");
    block.slice(0..4);
    block.patch(4, b"cc");
    assert_eq!(block.peek(0..8), b"aaaaccbb");
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| block.patch(3, b"z")));
    assert!(refused.is_err(), "published bytes never change");
}

#[test]
fn a_padded_slice_is_aligned_zero_filled_and_untouched_by_later_appends() {
    let pool = Pool::new(MIB as u64);
    let mut block = pool.try_take_append(16 * KIB).expect("room");
    block.append(&[1; 5000]);
    let parts = block.slice_padded(100..5000).expect("memory");
    block.append(&[2; 100]);
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0].as_ptr() as usize % 4096, 0);
    assert_eq!(parts[1].as_ptr() as usize % 4096, 0);
    assert_eq!((parts[0].len(), parts[1].len()), (4096, 4096));
    assert!(parts[1][..904].iter().all(|&byte| byte == 1));
    assert!(parts[1][904..].iter().all(|&byte| byte == 0));
    let aligned = block.slice_padded(0..4096).expect("memory");
    assert_eq!(aligned.len(), 1);
    let within = block.slice_padded(4100..4200).expect("memory");
    assert_eq!(within.len(), 1);
    assert_eq!(within[0].len(), 4096);
}

#[test]
fn a_tail_copy_may_pass_the_ceiling_and_is_given_up_when_it_returns() {
    let pool = Pool::new(4 * KIB as u64);
    let mut block = pool.try_take_append(4 * KIB).expect("room");
    block.append(b"tail");
    let parts = block.slice_padded(0..4).expect("exempt");
    assert_eq!(pool.stats().held, 8 * KIB as u64);
    drop(parts);
    assert_eq!(pool.stats().held, 4 * KIB as u64);
}

#[test]
fn a_page_is_there_when_the_ceiling_is_reached() {
    let pool = Pool::new(8 * KIB as u64);
    let held = pool.try_take(8 * KIB).expect("room");
    assert!(pool.try_take(4 * KIB).is_none());
    let page = pool.page().expect("exempt");
    assert_eq!(page.capacity(), 4 * KIB);
    drop(page);
    assert_eq!(pool.stats().held, 8 * KIB as u64, "given up when it returns");
    drop(held);
}

#[test]
fn large_blocks_are_zeroed_usable_to_the_last_byte_and_given_back() {
    let pool = Pool::new(64 * MIB as u64);
    for bytes in [64 * KIB, 256 * KIB, 2 * MIB, 4 * MIB] {
        let mut buf = pool.try_take(bytes).expect("room");
        assert_eq!(buf.as_ptr() as usize % 4096, 0);
        assert!(buf.iter().step_by(509).all(|&byte| byte == 0));
        buf.fill(0xA5);
        assert_eq!(buf[bytes - 1], 0xA5);
    }
    let small = Pool::new(2 * MIB as u64);
    drop(small.try_take(2 * MIB));
    assert!(small.try_take(64 * KIB).is_some(), "the idle block made room");
}

const FIRST: AccountId = AccountId(0);
const SECOND: AccountId = AccountId(7);

#[test]
fn heap_charges_and_blocks_share_one_ceiling() {
    let pool = Pool::new(16 * KIB as u64);
    drop(pool.try_take(8 * KIB));
    let charge = pool.try_charge(FIRST, Backing::Heap, 12_288).expect("the idle block goes");
    assert_eq!((pool.stats().held, pool.stats().idle), (12_288, 0));
    assert!(pool.try_take(8 * KIB).is_none());
    let small = pool.try_take(4 * KIB).expect("what is left");
    assert!(pool.try_charge(SECOND, Backing::Heap, 1).is_none());
    drop(charge);
    assert_eq!((pool.stats().held, pool.account(FIRST).used), (4096, 0));
    drop(small);
}

#[test]
fn an_account_refuses_what_is_over_its_limit_and_leaves_the_others_alone() {
    let pool = Pool::new(MIB as u64);
    pool.limit_account(FIRST, 1000);
    let mut charge = pool.try_charge(FIRST, Backing::Blocks, 600).expect("within the limit");
    assert!(!charge.try_grow(401));
    assert!(charge.try_grow(400));
    assert!(pool.try_charge(FIRST, Backing::Heap, 1).is_none());
    assert!(pool.try_charge(SECOND, Backing::Heap, 1001).is_some());
    assert_eq!(pool.stats().held, 0, "blocks are counted when they are taken");
    charge.shrink_to(300);
    let mut other = pool.try_charge(FIRST, Backing::Blocks, 700).expect("given back");
    other.absorb(charge);
    assert_eq!((other.bytes(), pool.account(FIRST).used), (1000, 1000));
    assert!(other.split(1001).is_none());
    let part = other.split(400).expect("there are so many");
    assert_eq!((other.bytes(), part.bytes(), pool.account(FIRST).used), (600, 400, 1000));
    drop(other);
    assert_eq!(pool.account(FIRST).used, 400);
    drop(part);
    assert_eq!(pool.account(FIRST), AccountStats { used: 0, limit: 1000 });
}

#[test]
fn who_waits_for_a_charge_is_served_in_order_and_what_never_fits_is_refused_at_once() {
    let pool = Pool::new(MIB as u64);
    pool.limit_account(FIRST, 1000);
    let mut cx = Context::from_waker(Waker::noop());
    let held = pool.try_charge(FIRST, Backing::Heap, 900).expect("within the limit");
    let mut large = Box::pin(pool.charge(FIRST, Backing::Heap, 800));
    let mut small = Box::pin(pool.charge(FIRST, Backing::Heap, 50));
    assert!(large.as_mut().poll(&mut cx).is_pending());
    assert!(small.as_mut().poll(&mut cx).is_pending(), "nobody overtakes");
    assert!(pool.try_charge(FIRST, Backing::Heap, 50).is_none(), "nobody overtakes");
    drop(held);
    assert!(small.as_mut().poll(&mut cx).is_pending());
    let Poll::Ready(Some(got)) = large.as_mut().poll(&mut cx) else { panic!("its turn") };
    drop(large);
    assert!(matches!(small.as_mut().poll(&mut cx), Poll::Ready(Some(_))));
    drop((got, small));
    let mut never = pin!(pool.charge(FIRST, Backing::Heap, 1001));
    assert!(matches!(never.as_mut().poll(&mut cx), Poll::Ready(None)));
    assert_eq!(pool.account(FIRST).used, 0);
}

#[test]
fn a_wait_that_is_given_up_lets_the_next_one_pass() {
    let pool = Pool::new(MIB as u64);
    pool.limit_account(FIRST, 1000);
    let mut cx = Context::from_waker(Waker::noop());
    let held = pool.try_charge(FIRST, Backing::Heap, 900).expect("within the limit");
    let mut large = Box::pin(pool.charge(FIRST, Backing::Heap, 800));
    let mut small = Box::pin(pool.charge(FIRST, Backing::Heap, 100));
    assert!(large.as_mut().poll(&mut cx).is_pending());
    assert!(small.as_mut().poll(&mut cx).is_pending());
    drop(large);
    assert!(matches!(small.as_mut().poll(&mut cx), Poll::Ready(Some(_))));
    drop(held);
}

#[test]
fn blocks_that_nobody_needed_between_two_looks_are_spare_and_can_go_back() {
    let pool = Pool::new(64 * MIB as u64);
    let blocks: Vec<_> = (0..16).filter_map(|_| pool.try_take(2 * MIB)).collect();
    assert_eq!(pool.spare(), 0);
    drop(blocks);
    assert_eq!(pool.spare(), 0, "all were in use a moment ago");
    drop(pool.try_take(2 * MIB));
    let spare = pool.spare();
    assert_eq!(spare, 30 * MIB as u64, "one was needed");
    assert_eq!(pool.give_back(spare), 16 * MIB as u64, "half, in whole blocks");
    assert_eq!(pool.give_back(MIB as u64), 0, "there is no block so small");
    assert_eq!((pool.stats().held, pool.stats().idle), (16 * MIB as u64, 16 * MIB as u64));
    pool.give_back(24 * MIB as u64);
    assert_eq!((pool.stats().idle, pool.spare()), (4 * MIB as u64, 0), "a few stay");
}

#[test]
fn one_block_that_is_more_than_half_of_what_is_spare_goes_back_too() {
    let pool = Pool::new(128 * MIB as u64);
    let (large, small) = (pool.try_take(64 * MIB), pool.try_take(MIB));
    drop((large, small));
    assert_eq!(pool.spare(), 0, "they were in use a moment ago");
    let spare = pool.spare();
    assert_eq!(pool.give_back(spare), 64 * MIB as u64);
    assert_eq!((pool.stats().idle, pool.spare()), (MIB as u64, 0));
}
