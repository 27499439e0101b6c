//! Heartbeats, departures, expiry, and what a restart keeps of a group.

use super::*;

#[test]
fn refused_heartbeats_get_kafkas_codes() {
    let mut rig = Rig::new();
    let member = rig.stable("g", 1).remove(0);
    let instance = Some(text("i"));
    let rows = [
        (me("", &member, 1), ErrorCode::InvalidGroupId),
        (me("nowhere", &member, 1), ErrorCode::UnknownMemberId),
        (me("g", "", 1), ErrorCode::UnknownMemberId),
        (me("g", &member, 0), ErrorCode::IllegalGeneration),
        (me("g", &member, 2), ErrorCode::IllegalGeneration),
        (Identity { instance, ..me("g", &member, 1) }, ErrorCode::UnknownMemberId),
        (me("g", &member, 1), ErrorCode::None),
    ];
    for (from, code) in rows {
        assert_eq!(rig.code(Call::Heartbeat(from.clone())), code, "{from:?}");
    }
}

#[test]
fn a_silent_member_loses_its_session_and_the_others_rebalance() {
    let mut rig = Rig::new();
    let members = rig.stable("g", 2);
    rig.pass(6_000);
    assert_eq!(rig.code(Call::Heartbeat(me("g", &members[0], 1))), ErrorCode::None);
    rig.pass(3_999);
    assert_eq!(rig.state("g"), State::Stable);
    rig.pass(1);
    let heartbeat = Call::Heartbeat(me("g", &members[0], 1));
    assert_eq!(rig.code(heartbeat), ErrorCode::RebalanceInProgress);
    let token = rig.ask(Call::Join(join("g", &members[0])));
    assert_eq!(rig.joined(token).members.len(), 1);
}

#[test]
fn a_group_whose_members_all_fall_silent_becomes_empty_and_says_so_in_the_log() {
    let mut rig = Rig::new();
    rig.stable("g", 2);
    rig.pass(60_000);
    assert_eq!(rig.state("g"), State::Empty);
    rig.restart();
    assert_eq!(rig.state("g"), State::Empty);
    assert_eq!(rig.groups.groups["g"].generation, 2);
}

#[test]
fn leaving_starts_a_rebalance_and_the_last_one_empties_the_group() {
    let mut rig = Rig::new();
    let members = rig.stable("g", 2);
    let unknown =
        leave("g", &[("zz", None), ("", None), ("", Some("i")), (&members[0], Some("i"))]);
    assert_eq!(left(rig.get(Call::Leave(unknown))), [ErrorCode::UnknownMemberId; 4]);
    assert_eq!(rig.state("g"), State::Stable);
    let one = leave("g", &[(&members[0], None), (&members[0], None)]);
    let codes = left(rig.get(Call::Leave(one)));
    assert_eq!(codes, [ErrorCode::None, ErrorCode::UnknownMemberId]);
    assert_eq!(rig.state("g"), State::PreparingRebalance);
    left(rig.get(Call::Leave(leave("g", &[(&members[1], None)]))));
    assert_eq!(rig.state("g"), State::Empty);
    let rejoin = rig.code(Call::Join(join("g", &members[1])));
    assert_eq!(rejoin, ErrorCode::UnknownMemberId);
}

#[test]
fn leaving_a_group_that_is_not_there_is_answered_for_each_member() {
    let mut rig = Rig::new();
    let codes = left(rig.get(Call::Leave(leave("g", &[("a", None), ("b", None)]))));
    assert_eq!(codes, [ErrorCode::UnknownMemberId; 2]);
    assert_eq!(rig.code(Call::Leave(leave("", &[("a", None)]))), ErrorCode::InvalidGroupId);
}

#[test]
fn a_pending_id_that_leaves_lets_the_join_phase_complete() {
    let mut rig = Rig::hasty();
    let member = rig.stable("g", 1).remove(0);
    let Reply::Joined(told) = rig.get(Call::Join(join("g", ""))) else { panic!() };
    let token = rig.ask(Call::Join(join("g", &member)));
    assert_eq!(rig.take(token), None, "waits for the id that was handed out");
    assert_eq!(left(rig.get(Call::Leave(leave("g", &[(&told.member, None)])))), [ErrorCode::None]);
    assert_eq!(rig.joined(token).generation, 2);
    let mut handed_out = rig.stable("h", 1);
    let Reply::Joined(told) = rig.get(Call::Join(join("h", ""))) else { panic!() };
    handed_out.push(told.member.clone());
    rig.get(Call::Leave(leave("h", &[(&told.member, None)])));
    assert_eq!(rig.state("h"), State::Stable, "it was no member yet");
}

#[test]
fn a_member_that_leaves_with_parked_requests_has_them_answered() {
    let mut rig = Rig::new();
    let (member, token) = rig.enter("g");
    left(rig.get(Call::Leave(leave("g", &[(&member, None)]))));
    assert_eq!(rig.joined(token).code, ErrorCode::UnknownMemberId);
    rig.pass(10_000);
    assert_eq!(rig.state("g"), State::Empty);
}

#[test]
fn a_restart_keeps_generation_members_and_assignments() {
    let mut rig = Rig::new();
    let members = rig.stable("g", 3);
    rig.restart();
    assert_eq!(rig.state("g"), State::Stable);
    for (i, member) in members.iter().enumerate() {
        let token = rig.ask(Call::Sync(sync(me("g", member, 1), vec![])));
        assert_eq!(rig.synced(token).assignment, Bytes::from(i.to_string()));
        assert_eq!(rig.code(Call::Heartbeat(me("g", member, 1))), ErrorCode::None);
    }
    rig.pass(9_999);
    assert_eq!(rig.state("g"), State::Stable);
    rig.pass(1);
    assert_eq!(rig.state("g"), State::Empty, "sessions run again");
}

#[test]
fn groups_are_listed_described_and_deleted() {
    let mut rig = Rig::new();
    let member = rig.stable("g", 1).remove(0);
    let Reply::Listed(listed) = rig.get(Call::List) else { panic!() };
    assert_eq!(listed.len(), 1);
    assert_eq!((&*listed[0].group, &*listed[0].protocol_type), ("g", "consumer"));
    let Reply::Described(description) = rig.get(Call::Describe(text("g"))) else { panic!() };
    assert_eq!(&*description.protocol, "range");
    assert_eq!(description.members[0].metadata, protocol("range").metadata);
    assert_eq!(description.members[0].assignment, Bytes::from_static(b"0"));
    assert_eq!(rig.code(Call::Describe(text("x"))), ErrorCode::GroupIdNotFound);

    assert_eq!(rig.code(Call::Delete(text("g"))), ErrorCode::NonEmptyGroup);
    assert_eq!(rig.code(Call::Delete(text("x"))), ErrorCode::GroupIdNotFound);
    rig.get(Call::Commit(commit(me("g", &member, 1), "t", 5)));
    rig.get(Call::Leave(leave("g", &[(&member, None)])));
    assert_eq!(rig.code(Call::Delete(text("g"))), ErrorCode::None);
    assert_eq!(rig.code(Call::Delete(text("g"))), ErrorCode::GroupIdNotFound);
    rig.restart();
    assert!(rig.groups.is_empty());
}

#[test]
fn timers_do_not_pile_up() {
    let mut rig = Rig::hasty();
    let mut members = rig.stable("g", 3);
    for _ in 0..200 {
        rig.pass(1_000);
        for member in &members {
            rig.code(Call::Heartbeat(me("g", member, rig.groups.groups["g"].generation)));
        }
    }
    assert_eq!(rig.groups.timers.len(), members.len() + 1, "sessions and the cleanup");
    let member = members.pop().expect("three");
    rig.get(Call::Leave(leave("g", &[(&member, None)])));
    assert_eq!(rig.groups.timers.len(), members.len() + 2, "and the join phase");
}
