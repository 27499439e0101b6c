//! Static members (KIP-345, KIP-814): replacement, fencing, removal by instance id.

use super::*;

fn static_join(group: &str, member: &str, instance: &str) -> Join {
    Join { instance: Some(text(instance)), ..join(group, member) }
}

fn with_metadata(mut request: Join, metadata: &'static [u8]) -> Join {
    for protocol in &mut request.protocols {
        protocol.metadata = Bytes::from_static(metadata);
    }
    request
}

fn stable_static(rig: &mut Rig, instances: &[&str]) -> Vec<Text> {
    let join = |instance| rig.ask(Call::Join(static_join("g", "", instance)));
    let tokens: Vec<Token> = instances.iter().copied().map(join).collect();
    rig.pass(9_000);
    let members: Vec<Text> = tokens.into_iter().map(|t| rig.joined(t).member).collect();
    rig.share("g", &members, 1);
    members
}

fn as_static(member: &str, instance: &str, generation: i32) -> Identity {
    Identity { instance: Some(text(instance)), ..me("g", member, generation) }
}

#[test]
fn a_static_member_joins_without_the_extra_round_and_carries_its_instance_in_its_id() {
    let mut rig = Rig::new();
    let members = stable_static(&mut rig, &["one"]);
    assert!(members[0].starts_with("one-"));
}

#[test]
fn a_returning_static_leader_keeps_the_generation_and_is_told_not_to_assign() {
    let mut rig = Rig::new();
    let members = stable_static(&mut rig, &["one", "two"]);
    let leader = rig.groups.groups["g"].leader.clone().expect("stable");
    let instance = &leader[..3];
    let back = with_metadata(static_join("g", "", instance), b"new");
    let Reply::Joined(joined) = rig.get(Call::Join(back)) else { panic!() };
    assert_eq!((joined.code, joined.generation), (ErrorCode::None, 1));
    assert!(joined.skip_assignment && joined.leader == joined.member);
    assert_eq!(joined.members.len(), 2);
    assert_eq!(rig.state("g"), State::Stable);
    assert!(!members.contains(&joined.member));

    // The new id has the old assignment, also after a restart.
    rig.restart();
    let token = rig.ask(Call::Sync(sync(as_static(&joined.member, instance, 1), vec![])));
    let at = members.iter().position(|member| *member == leader).expect("a member");
    assert_eq!(rig.synced(token).assignment, Bytes::from(at.to_string()));
}

#[test]
fn an_older_returning_static_leader_is_not_told_that_it_leads() {
    let mut rig = Rig::new();
    let old = stable_static(&mut rig, &["one"]).remove(0);
    let mut back = static_join("g", "", "one");
    back.features.skip_assignment = false;
    let Reply::Joined(joined) = rig.get(Call::Join(back)) else { panic!() };
    assert_eq!((joined.leader, joined.members.len()), (old, 0));
    assert!(!joined.skip_assignment);
}

#[test]
fn a_replaced_static_member_is_fenced_everywhere() {
    let mut rig = Rig::new();
    let old = stable_static(&mut rig, &["one", "two"]).remove(0);
    let Reply::Joined(new) = rig.get(Call::Join(static_join("g", "", "one"))) else { panic!() };
    let fenced = ErrorCode::FencedInstanceId;
    let with = as_static(&old, "one", 1);
    assert_eq!(rig.code(Call::Heartbeat(with.clone())), fenced);
    assert_eq!(rig.code(Call::Sync(sync(with.clone(), vec![]))), fenced);
    assert_eq!(rig.code(Call::Commit(commit(with, "t", 1))), fenced);
    assert_eq!(rig.code(Call::Join(static_join("g", &old, "one"))), fenced);
    let leaving = leave("g", &[(&old, Some("one"))]);
    assert_eq!(left(rig.get(Call::Leave(leaving))), [fenced]);
    let without = Call::Heartbeat(me("g", &old, 1));
    assert_eq!(rig.code(without), ErrorCode::UnknownMemberId);
    let heartbeat = Call::Heartbeat(as_static(&new.member, "one", 1));
    assert_eq!(rig.code(heartbeat), ErrorCode::None);
}

#[test]
fn parked_requests_of_a_replaced_static_member_are_fenced() {
    let mut rig = Rig::new();
    let first = rig.ask(Call::Join(static_join("g", "", "one")));
    let second = rig.ask(Call::Join(static_join("g", "", "one")));
    assert_eq!(rig.joined(first).code, ErrorCode::FencedInstanceId);
    rig.pass(6_000);
    let joined = rig.joined(second);
    assert_eq!((joined.code, joined.members.len()), (ErrorCode::None, 1));
}

#[test]
fn replacing_a_member_before_the_assignment_is_out_starts_over() {
    let mut rig = Rig::new();
    let one = rig.ask(Call::Join(static_join("g", "", "one")));
    let two = rig.ask(Call::Join(static_join("g", "", "two")));
    rig.pass(6_000);
    let (one, two) = (rig.joined(one), rig.joined(two));
    let (leader, follower) = if one.leader == one.member { (one, two) } else { (two, one) };
    let instance = &follower.member[..3];
    let parked = rig.ask(Call::Sync(sync(as_static(&follower.member, instance, 1), vec![])));
    let back = rig.ask(Call::Join(static_join("g", "", instance)));
    assert_eq!(rig.take(parked), Some(Reply::Refused(ErrorCode::FencedInstanceId)));
    assert_eq!(rig.state("g"), State::PreparingRebalance);
    let again = static_join("g", &leader.member, &leader.member[..3]);
    let again = rig.ask(Call::Join(again));
    assert_eq!((rig.joined(back).generation, rig.joined(again).generation), (2, 2));
}

#[test]
fn a_static_member_that_misses_the_join_phase_stays_until_its_session_ends() {
    let mut rig = Rig::new();
    let members = stable_static(&mut rig, &["one", "two"]);
    let leader = rig.groups.groups["g"].leader.clone().expect("stable");
    let other = members.iter().find(|member| **member != leader).expect("two members");
    let token = rig.ask(Call::Join(static_join("g", &leader, &leader[..3])));
    for _ in 0..3 {
        rig.pass(7_000);
        rig.code(Call::Heartbeat(as_static(other, &other[..3], 1)));
    }
    let joined = rig.joined(token);
    assert_eq!((joined.generation, joined.members.len()), (2, 2), "it keeps its place");
}

#[test]
fn an_operator_removes_a_static_member_by_its_instance_id() {
    let mut rig = Rig::new();
    stable_static(&mut rig, &["one"]);
    let removal = leave("g", &[("", Some("one")), ("", Some("two"))]);
    let codes = left(rig.get(Call::Leave(removal)));
    assert_eq!(codes, [ErrorCode::None, ErrorCode::UnknownMemberId]);
    assert_eq!(rig.state("g"), State::Empty);
}

#[test]
fn an_id_that_was_handed_out_does_not_serve_a_static_member() {
    let mut rig = Rig::new();
    let Reply::Joined(told) = rig.get(Call::Join(join("g", ""))) else { panic!() };
    let code = rig.code(Call::Join(static_join("g", &told.member, "one")));
    assert_eq!(code, ErrorCode::UnknownMemberId);
}

#[test]
fn a_new_id_that_cannot_be_recorded_is_not_confirmed() {
    let mut rig = Rig::new();
    stable_static(&mut rig, &["one"]);
    rig.refusing = true;
    let code = rig.code(Call::Join(static_join("g", "", "one")));
    assert_eq!(code, ErrorCode::CoordinatorNotAvailable);
    rig.refusing = false;
    assert_eq!(rig.code(Call::Join(static_join("g", "", "one"))), ErrorCode::None);
}
