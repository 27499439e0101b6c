//! JoinGroup and SyncGroup of dynamic members: ways in, refusals, and rebalances.

use super::*;

#[test]
fn a_new_member_is_told_its_id_before_it_may_join() {
    let mut rig = Rig::new();
    let Reply::Joined(told) = rig.get(Call::Join(join("g", ""))) else { panic!() };
    assert_eq!(told.code, ErrorCode::MemberIdRequired);
    assert!(told.member.starts_with("client-") && told.member.len() == "client-".len() + 36);
    assert_eq!(rig.state("g"), State::Empty);
    let token = rig.ask(Call::Join(join("g", &told.member)));
    assert_eq!(rig.state("g"), State::PreparingRebalance);
    rig.pass(3_000);
    let joined = rig.joined(token);
    assert_eq!((joined.code, joined.generation), (ErrorCode::None, 1));
    assert_eq!(joined.leader, joined.member);
    assert_eq!(joined.members.len(), 1);
}

#[test]
fn an_old_client_joins_without_knowing_its_id() {
    let mut rig = Rig::new();
    let mut request = join("g", "");
    request.features = JoinFeatures { member_id_required: false, skip_assignment: false };
    let token = rig.ask(Call::Join(request));
    assert_eq!(rig.take(token), None);
    rig.pass(3_000);
    assert_eq!(rig.joined(token).code, ErrorCode::None);
}

#[test]
fn an_id_that_is_not_used_within_its_session_is_forgotten() {
    let mut rig = Rig::new();
    let Reply::Joined(told) = rig.get(Call::Join(join("g", ""))) else { panic!() };
    rig.pass(9_999);
    assert_eq!(rig.groups.groups["g"].pending.len(), 1);
    rig.pass(1);
    assert!(rig.groups.is_empty(), "and its group, which nobody else is in");
    assert_eq!(rig.code(Call::Join(join("g", &told.member))), ErrorCode::UnknownMemberId);
}

#[test]
fn each_newcomer_extends_the_initial_delay_up_to_the_rebalance_timeout() {
    let mut rig = Rig::new();
    let (_, first) = rig.enter("g");
    rig.pass(2_900);
    let (_, second) = rig.enter("g");
    rig.pass(100);
    assert_eq!(rig.take(first), None, "extended by the second member");
    rig.pass(2_999);
    assert_eq!(rig.state("g"), State::PreparingRebalance);
    rig.pass(1);
    assert_eq!(rig.joined(first).members.len(), 2);
    assert_eq!(rig.joined(second).members.len(), 0);

    // With a newcomer in every window the delay still ends at the rebalance timeout.
    let mut tokens = Vec::new();
    for _ in 0..7 {
        tokens.push(rig.enter("h").1);
        rig.pass(2_900);
    }
    assert_eq!(rig.state("h"), State::CompletingRebalance, "20 s at most");
}

#[test]
fn refused_joins_get_kafkas_codes_and_leave_no_group_behind() {
    let mut rig = Rig::new();
    let base = join("g", "");
    let named = |name: &str| Join { group: text(name), ..base.clone() };
    let session = |ms| Join { session_timeout_ms: ms, ..base.clone() };
    let rows = [
        (named(""), ErrorCode::InvalidGroupId),
        (named(&"x".repeat(32_768)), ErrorCode::InvalidGroupId),
        (session(5_999), ErrorCode::InvalidSessionTimeout),
        (session(1_800_001), ErrorCode::InvalidSessionTimeout),
        (session(-1), ErrorCode::InvalidSessionTimeout),
        (join("g", "nobody"), ErrorCode::UnknownMemberId),
        (Join { protocols: vec![], ..base.clone() }, ErrorCode::InconsistentGroupProtocol),
        (Join { protocol_type: text(""), ..base.clone() }, ErrorCode::InconsistentGroupProtocol),
        (Join { protocols: vec![protocol("p"); 65], ..base.clone() }, ErrorCode::InvalidRequest),
        (
            Join { instance: Some(text(&"i".repeat(8_193))), ..base.clone() },
            ErrorCode::InvalidRequest,
        ),
    ];
    for (request, code) in rows {
        assert_eq!(rig.code(Call::Join(request.clone())), code, "{request:?}");
        assert!(rig.groups.is_empty(), "{request:?}");
    }
    // Their accepted neighbours.
    for request in [session(6_000), session(1_800_000), named(&"x".repeat(32_767))] {
        assert_eq!(rig.code(Call::Join(request)), ErrorCode::MemberIdRequired);
    }
}

#[test]
fn a_member_with_another_type_or_no_common_protocol_is_inconsistent() {
    let mut rig = Rig::hasty();
    let members = rig.stable("g", 2);
    let other_type = Join { protocol_type: text("connect"), ..join("g", "") };
    let no_common = Join { protocols: vec![protocol("sticky")], ..join("g", "") };
    let one_common =
        Join { protocols: vec![protocol("sticky"), protocol("range")], ..join("g", "") };
    assert_eq!(rig.code(Call::Join(other_type)), ErrorCode::InconsistentGroupProtocol);
    assert_eq!(rig.code(Call::Join(no_common)), ErrorCode::InconsistentGroupProtocol);
    assert_eq!(rig.code(Call::Join(one_common)), ErrorCode::MemberIdRequired);
    // The check comes before that of the member.
    let stranger = Join { protocol_type: text("connect"), ..join("g", "nobody") };
    assert_eq!(rig.code(Call::Join(stranger)), ErrorCode::InconsistentGroupProtocol);
    assert_eq!(rig.code(Call::Join(join("g", "nobody"))), ErrorCode::UnknownMemberId);
    assert_eq!(rig.state("g"), State::Stable, "{members:?} are not disturbed");
}

#[test]
fn the_protocol_with_the_most_first_votes_wins() {
    let mut rig = Rig::new();
    for (first, second) in [("a", "b"), ("b", "a"), ("b", "a")] {
        let mut request = join("g", "");
        request.features.member_id_required = false;
        request.protocols = vec![protocol("only-mine"), protocol(first), protocol(second)];
        if first == "a" {
            request.protocols.remove(0);
        }
        rig.ask(Call::Join(request));
    }
    rig.pass(10_000);
    assert_eq!(rig.groups.groups["g"].protocol.as_deref(), Some("b"));
}

#[test]
fn a_group_takes_no_more_members_than_its_maximum() {
    let mut rig = Rig::with(Rules { members_max: 2, initial_delay_ms: 3_000, ..rules() });
    let members = rig.stable("g", 2);
    assert_eq!(rig.code(Call::Join(join("g", ""))), ErrorCode::GroupMaxSizeReached);
    // While a rebalance is prepared, those count that have joined.
    let first = rig.ask(Call::Join(join("g", &members[0])));
    assert_eq!(rig.state("g"), State::PreparingRebalance);
    let (_, third) = rig.enter("g");
    let late = rig.get(Call::Join(join("g", &members[1])));
    assert_eq!(late.code(), ErrorCode::GroupMaxSizeReached);
    assert_eq!(rig.joined(first).generation, 2);
    assert_eq!(rig.joined(third).generation, 2);
}

#[test]
fn a_rejoin_without_news_is_told_the_current_generation() {
    let mut rig = Rig::hasty();
    let (member, token) = rig.enter("g");
    assert_eq!(rig.joined(token).generation, 1);
    let Reply::Joined(again) = rig.get(Call::Join(join("g", &member))) else { panic!() };
    assert_eq!((again.generation, again.members.len()), (1, 1), "completing");
    rig.share("g", std::slice::from_ref(&member), 1);

    let (second, token) = rig.enter("g");
    let leader = rig.ask(Call::Join(join("g", &member)));
    assert_eq!((rig.joined(token).generation, rig.joined(leader).generation), (2, 2));
    rig.share("g", &[member.clone(), second.clone()], 2);
    let Reply::Joined(again) = rig.get(Call::Join(join("g", &second))) else { panic!() };
    assert_eq!((again.generation, again.leader), (2, member.clone()), "a follower, stable");
    assert_eq!(rig.state("g"), State::Stable);

    rig.ask(Call::Join(join("g", &member)));
    assert_eq!(rig.state("g"), State::PreparingRebalance, "the leader asks for a rebalance");
}

#[test]
fn a_rejoin_with_news_starts_a_rebalance_and_releases_parked_syncs() {
    let mut rig = Rig::new();
    let (one, a) = rig.enter("g");
    let (two, b) = rig.enter("g");
    rig.pass(6_000);
    let leader = rig.joined(a).leader;
    rig.joined(b);
    let follower = if leader == one { two.clone() } else { one.clone() };
    let parked = rig.ask(Call::Sync(sync(me("g", &follower, 1), vec![])));
    assert_eq!(rig.take(parked), None);
    let changed = Join { protocols: vec![protocol("range")], ..join("g", &leader) };
    let joining = rig.ask(Call::Join(changed));
    assert_eq!(rig.take(parked), Some(Reply::Refused(ErrorCode::RebalanceInProgress)));
    assert_eq!(rig.take(joining), None);
    let other = rig.ask(Call::Join(join("g", &follower)));
    assert_eq!((rig.joined(joining).generation, rig.joined(other).generation), (2, 2));
}

#[test]
fn a_second_join_of_the_same_member_releases_the_first() {
    let mut rig = Rig::new();
    let (member, first) = rig.enter("g");
    let second = rig.ask(Call::Join(join("g", &member)));
    assert_eq!(rig.joined(first).code, ErrorCode::RebalanceInProgress);
    rig.pass(6_000);
    assert_eq!(rig.joined(second).code, ErrorCode::None);
}

#[test]
fn members_that_do_not_rejoin_in_time_are_out() {
    let mut rig = Rig::new();
    let members = rig.stable("g", 3);
    let leader = rig.ask(Call::Join(join("g", &members[0])));
    for _ in 0..2 {
        rig.pass(9_000);
        // The others heartbeat, but do not join.
        for member in &members[1..] {
            let code = rig.code(Call::Heartbeat(me("g", member, 1)));
            assert_eq!(code, ErrorCode::RebalanceInProgress);
        }
    }
    assert_eq!(rig.take(leader), None);
    rig.pass(2_000);
    let joined = rig.joined(leader);
    assert_eq!((joined.generation, joined.members.len()), (2, 1));
    let late = Call::Heartbeat(me("g", &members[1], 1));
    assert_eq!(rig.code(late), ErrorCode::UnknownMemberId);
}

#[test]
fn refused_syncs_get_kafkas_codes() {
    let mut rig = Rig::new();
    let (member, token) = rig.enter("g");
    assert_eq!(
        rig.code(Call::Sync(sync(me("g", &member, 0), vec![]))),
        ErrorCode::RebalanceInProgress
    );
    rig.pass(3_000);
    rig.joined(token);
    let ok = sync(me("g", &member, 1), vec![]);
    let from = |from| Sync { from, ..ok.clone() };
    let rows = [
        (from(me("", &member, 1)), ErrorCode::InvalidGroupId),
        (from(me("nowhere", &member, 1)), ErrorCode::UnknownMemberId),
        (from(me("g", "stranger", 1)), ErrorCode::UnknownMemberId),
        (from(me("g", &member, 0)), ErrorCode::IllegalGeneration),
        (from(me("g", &member, 2)), ErrorCode::IllegalGeneration),
        (Sync { protocol: Some(text("x")), ..ok.clone() }, ErrorCode::InconsistentGroupProtocol),
        (
            Sync { protocol_type: Some(text("x")), ..ok.clone() },
            ErrorCode::InconsistentGroupProtocol,
        ),
    ];
    for (request, code) in rows {
        assert_eq!(rig.code(Call::Sync(request.clone())), code, "{request:?}");
    }
    let old = Sync { protocol: None, protocol_type: None, ..ok };
    assert_eq!(rig.code(Call::Sync(old)), ErrorCode::None);
}

#[test]
fn members_that_never_sync_are_expelled_after_the_rebalance_timeout() {
    let mut rig = Rig::new();
    let (one, a) = rig.enter("g");
    let (two, b) = rig.enter("g");
    rig.pass(6_000);
    let leader = rig.joined(a).leader;
    rig.joined(b);
    let silent = if leader == one { two } else { one };
    let token = rig.ask(Call::Sync(sync(me("g", &leader, 1), vec![])));
    assert_eq!(rig.synced(token).assignment, Bytes::new(), "none given means empty");
    for _ in 0..4 {
        rig.pass(4_900);
        for member in [&leader, &silent] {
            assert_eq!(rig.code(Call::Heartbeat(me("g", member, 1))), ErrorCode::None);
        }
    }
    rig.pass(400);
    let code = rig.code(Call::Heartbeat(me("g", &silent, 1)));
    assert_eq!(code, ErrorCode::UnknownMemberId);
    assert_eq!(rig.state("g"), State::PreparingRebalance);
}

#[test]
fn an_assignment_that_cannot_be_recorded_is_handed_to_nobody() {
    let mut rig = Rig::new();
    let (one, a) = rig.enter("g");
    let (two, b) = rig.enter("g");
    rig.pass(6_000);
    let leader = rig.joined(a).leader;
    rig.joined(b);
    let follower = if leader == one { two } else { one };
    let parked = rig.ask(Call::Sync(sync(me("g", &follower, 1), vec![])));
    rig.refusing = true;
    let given = vec![(leader.clone(), Bytes::from_static(b"x"))];
    let leading = rig.ask(Call::Sync(sync(me("g", &leader, 1), given)));
    let refused = Some(Reply::Refused(ErrorCode::CoordinatorNotAvailable));
    assert_eq!(rig.take(leading), refused);
    assert_eq!(rig.take(parked), refused);
    assert_eq!(rig.state("g"), State::PreparingRebalance);
    rig.refusing = false;
    let tokens = [&leader, &follower].map(|member| rig.ask(Call::Join(join("g", member))));
    for token in tokens {
        assert_eq!(rig.joined(token).generation, 2);
    }
}
