//! Every checker is told a lie, and must say so; and the truth beside it, and must not.

use std::rc::Rc;

use crate::books::{Life, Shared, Topic};
use crate::fact::{End, Fact, Floor, Read, Seat, Seen};
use crate::plan::{Kind, Mode, Plan};
use crate::record::{Content, Place, Shape, Stamp};

const PLACE: Place = Place { topic: 0, index: 0 };

fn stamp(serial: u32) -> Stamp {
    Stamp { producer: 1, session: 0, serial }
}

fn books(kind: Kind) -> Shared {
    books_of(kind, Mode::KeepPromise)
}

fn books_of(kind: Kind, mode: Mode) -> Shared {
    let shared = Shared::new(Rc::new(Plan::from_seed(1, mode)), false);
    let shape = Shape { keys: 1, tombstones: 0, value_bytes_max: 10 };
    let (name, id, life) = ("t".to_owned(), None, Life::Alive);
    let topic = Topic { name, kind, partitions: 1, shape, id, life };
    shared.with(|books| books.topics.push(topic));
    shared
}

fn acked(serial: u32, acks: i16, base_offset: i64) -> Fact {
    Fact::Acked { place: PLACE, first: stamp(serial), count: 1, acks, base_offset }
}

fn read(from: i64, high_watermark: i64, serials: &[(i64, u32)]) -> Read {
    let seen = |(offset, serial): &(i64, u32)| Seen {
        offset: *offset,
        stamp: stamp(*serial),
        tombstone: false,
        epoch: 0,
    };
    Read {
        reader: 0,
        place: PLACE,
        from,
        floor: Floor::default(),
        high_watermark,
        log_start: 0,
        records: serials.iter().map(seen).collect(),
        next: serials.last().map_or(from, |(offset, _)| offset + 1),
    }
}

/// The check that the last of the facts violates.
fn check(kind: Kind, facts: Vec<Fact>) -> Option<&'static str> {
    let shared = books(kind);
    let last = facts.len() - 1;
    for (at, fact) in facts.into_iter().enumerate() {
        shared.note(0, fact);
        let violation = shared.with(|books| books.violation.clone());
        assert!(violation.is_none() || at == last, "too early: {violation:?}");
    }
    shared.with(|books| books.violation.clone()).map(|violation| violation.check)
}

#[test]
fn an_acknowledged_record_that_is_gone_is_noticed() {
    let lost = vec![acked(7, -1, 0), Fact::Scanned(read(0, 0, &[]))];
    assert_eq!(check(Kind::Plain, lost), Some("acknowledged"));
    let kept = vec![acked(7, -1, 0), Fact::Scanned(read(0, 1, &[(0, 7)]))];
    assert_eq!(check(Kind::Plain, kept), None);
    let changed = vec![acked(7, -1, 0), Fact::Read(read(0, 1, &[(0, 8)]))];
    assert_eq!(check(Kind::Plain, changed), Some("unchanged"));
}

#[test]
fn a_power_cut_excuses_acks_1_and_nothing_else() {
    let cut = |acks, end| vec![acked(7, acks, 0), Fact::Ended(end), scan_of_nothing()];
    assert_eq!(check(Kind::Plain, cut(1, End::PowerCut)), None);
    assert_eq!(check(Kind::Plain, cut(1, End::Killed)), Some("acknowledged"));
    assert_eq!(check(Kind::Plain, cut(-1, End::PowerCut)), Some("acknowledged"));
    assert_eq!(check(Kind::Lax, cut(-1, End::PowerCut)), None);
}

fn scan_of_nothing() -> Fact {
    Fact::Scanned(read(0, 0, &[]))
}

#[test]
fn a_hole_is_noticed_unless_the_topic_is_compacted() {
    let facts = || vec![Fact::Read(read(0, 3, &[(0, 1), (2, 2)]))];
    assert_eq!(check(Kind::Plain, facts()), Some("dense"));
    assert_eq!(check(Kind::Compacted, facts()), None);
}

#[test]
fn the_last_value_of_a_key_must_stay() {
    let gone = vec![acked(1, -1, 0), acked(2, -1, 1), Fact::Scanned(read(0, 2, &[(0, 1)]))];
    assert_eq!(check(Kind::Compacted, gone), Some("compaction"));
    let fine = vec![acked(1, -1, 0), acked(2, -1, 1), Fact::Scanned(read(0, 2, &[(1, 2)]))];
    assert_eq!(check(Kind::Compacted, fine), None);
}

/// What a scan of an empty log of two offsets violates, when of one key a value and a tombstone
/// were acknowledged at these offsets, the tombstone with these acks, and then the power was cut.
fn check_deleted(value_at: i64, tombstone_at: i64, acks: i16) -> Option<&'static str> {
    let shared = books(Kind::Compacted);
    let shape = Shape { keys: 1, tombstones: 2, value_bytes_max: 10 };
    shared.with(|books| books.topics[0].shape = shape);
    let is_tombstone = |serial: &u32| Content::of(stamp(*serial), PLACE, shape).value.is_none();
    let tombstone = (0..).find(is_tombstone).expect("one in two is");
    let value = (0..).find(|serial| !is_tombstone(serial)).expect("one in two is not");
    for (serial, acks, at) in [(value, -1, value_at), (tombstone, acks, tombstone_at)] {
        shared.note(0, Fact::Sent { place: PLACE, first: stamp(serial), count: 1, acks });
        shared.note(0, acked(serial, acks, at));
    }
    shared.note(0, Fact::Ended(End::PowerCut));
    shared.note(0, Fact::Scanned(read(0, 2, &[])));
    shared.with(|books| books.violation.clone()).map(|violation| violation.check)
}

#[test]
fn a_value_may_go_for_a_later_tombstone_and_for_one_whose_place_nobody_knows() {
    assert_eq!(check_deleted(0, 1, -1), None);
    assert_eq!(check_deleted(0, 1, 1), None, "the power cut took the promise, not the record");
    assert_eq!(check_deleted(0, -1, -1), None, "a duplicate, somewhere");
    assert_eq!(check_deleted(1, 0, -1), Some("compaction"));
    assert_eq!(check_deleted(1, 0, 1), Some("compaction"), "below a durable record it is known");
}

#[test]
fn a_duplicate_and_a_swap_are_noticed() {
    let twice = vec![Fact::Read(read(0, 2, &[(0, 1), (1, 1)]))];
    assert_eq!(check(Kind::Plain, twice), Some("duplicates"));
    let swapped = vec![Fact::Read(read(0, 2, &[(0, 2), (1, 1)]))];
    assert_eq!(check(Kind::Plain, swapped), Some("order"));
}

#[test]
fn watermarks_and_log_starts_go_one_way() {
    let mut back = read(0, 3, &[]);
    back.floor.high_watermark = 4;
    assert_eq!(check(Kind::Plain, vec![Fact::Read(back)]), Some("watermark"));
    let above = read(0, 1, &[(0, 1), (1, 2)]);
    assert_eq!(check(Kind::Plain, vec![Fact::Read(above)]), Some("watermark"));
    let mut unasked = read(5, 9, &[]);
    unasked.log_start = 5;
    let asked = Fact::Trimming { place: PLACE, upto: 5 };
    assert_eq!(check(Kind::Trimmed, vec![asked, Fact::Read(unasked.clone())]), None);
    assert_eq!(check(Kind::Plain, vec![Fact::Read(unasked)]), Some("log start"));
}

#[test]
fn a_position_before_the_last_commit_is_noticed() {
    let seat = Seat { group: 0, place: PLACE };
    let commit = |commit, offset| Fact::Committing { seat, commit, offset };
    let done = |commit| Fact::Committed { seat, commit };
    let facts = |offset| {
        let position = Fact::Position { seat, since: 5, offset };
        vec![commit(1, 10), done(1), commit(2, 20), done(2), position]
    };
    assert_eq!(check(Kind::Plain, facts(20)), None);
    assert_eq!(check(Kind::Plain, facts(10)), Some("positions"));
}

#[test]
fn a_topic_that_vanishes_or_comes_back_is_noticed() {
    let id = millstream_wire::Uuid([1; 16]);
    let created = || Fact::Created { topic: 0, id };
    let listed = |topics| Fact::Listed { since: 9, topics };
    assert_eq!(check(Kind::Plain, vec![created(), listed(vec![])]), Some("topics"));
    assert_eq!(check(Kind::Plain, vec![created(), listed(vec![(0, 1)])]), None);
    let deleted = || vec![created(), Fact::Deleting { topic: 0 }, Fact::Deleted { topic: 0 }];
    let back = deleted().into_iter().chain([listed(vec![(0, 1)])]).collect();
    assert_eq!(check(Kind::Plain, back), Some("topics"));
}

#[test]
fn an_offset_that_is_used_again_under_the_same_epoch_is_noticed() {
    let again = |epoch| {
        let mut second = read(0, 1, &[(0, 8)]);
        second.records[0].epoch = epoch;
        second.floor.ends = 1;
        vec![Fact::Read(read(0, 1, &[(0, 7)])), Fact::Ended(End::PowerCut), Fact::Read(second)]
    };
    assert_eq!(check(Kind::Lax, again(0)), Some("epochs"));
    assert_eq!(check(Kind::Lax, again(-1)), Some("epochs"));
    assert_eq!(check(Kind::Lax, again(1)), None);
}

#[test]
fn an_epoch_that_goes_back_within_a_log_is_noticed() {
    let two = |epochs: [i32; 2]| {
        let mut both = read(0, 2, &[(0, 7), (1, 8)]);
        both.records.iter_mut().zip(epochs).for_each(|(seen, epoch)| seen.epoch = epoch);
        vec![Fact::Read(both)]
    };
    assert_eq!(check(Kind::Plain, two([1, 0])), Some("epochs"));
    assert_eq!(check(Kind::Plain, two([0, 1])), None);
}

/// The check that a scan under a lying device violates; `sound`: the device did nothing there.
fn check_lying(scanned: Read, sound: bool) -> Option<&'static str> {
    let shared = books_of(Kind::Plain, Mode::Lying);
    shared.with(|books| books.sound = sound.then_some(PLACE).into_iter().collect());
    for n in 0..3 {
        shared.note(0, acked(n, -1, i64::from(n)));
    }
    shared.note(0, Fact::Read(read(0, 3, &[])));
    shared.note(0, Fact::Scanned(scanned));
    shared.with(|books| books.violation.clone()).map(|violation| violation.check)
}

#[test]
fn a_lying_device_excuses_losses_where_it_lied_and_nowhere_else() {
    let shorter = || read(0, 2, &[(0, 0), (1, 1)]);
    assert_eq!(check_lying(shorter(), true), Some("acknowledged"));
    assert_eq!(check_lying(shorter(), false), None);
    assert_eq!(check_lying(read(0, 3, &[(0, 0), (1, 1), (2, 2)]), true), None);
}

#[test]
fn a_hole_that_a_lying_device_made_must_be_said() {
    crate::said::forget();
    assert_eq!(check_lying(read(0, 3, &[(0, 0), (2, 2)]), false), Some("said"));
    assert_eq!(check_lying(read(0, 3, &[(0, 0), (1, 1), (2, 2)]), false), None);
}
