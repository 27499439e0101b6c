//! Sessions by script: what KIP-227 promises, and the neighbours that it refuses.

use super::*;

fn now(ms: u64) -> Now {
    Now { wall_ms: 0, mono_ns: ms * 1_000_000 }
}

fn ask(index: i32, offset: i64) -> Ask {
    let at = Position { offset, bytes_max: 1024, leader_epoch: None, last_fetched_epoch: None };
    Ask { topic: TopicKey::Name("t".into()), index, at }
}

fn header(id: i32, epoch: i32) -> SessionHeader {
    SessionHeader { id, epoch }
}

fn quiet(high_watermark: i64) -> Outcome {
    Outcome { has_records: false, has_error: false, high_watermark, log_start: 0 }
}

fn limits(slots_max: usize, bytes_max: u64) -> SessionLimits {
    SessionLimits { slots_max, bytes_max }
}

fn cache_of(slots: usize) -> SessionCache {
    SessionCache::new(limits(slots, u64::MAX), 1, 1)
}

fn opened(cache: &mut SessionCache, asks: Vec<Ask>) -> FetchPlan {
    cache.open(header(0, INITIAL_EPOCH), asks, &[], now(0)).unwrap()
}

#[test]
fn a_request_without_session_reads_what_it_names() {
    let mut cache = cache_of(10);
    let plan = cache.open(header(0, FINAL_EPOCH), vec![ask(0, 5)], &[], now(0)).unwrap();
    assert_eq!(plan, FetchPlan { session_id: 0, incremental: false, asks: vec![ask(0, 5)] });
    assert!(cache.is_empty());
}

#[test]
fn a_session_remembers_partitions_and_shows_only_changes() {
    let mut cache = cache_of(10);
    let plan = opened(&mut cache, vec![ask(0, 0), ask(1, 0)]);
    assert_eq!((plan.session_id, plan.incremental), (1, false));
    let both = [quiet(0), quiet(0)];
    assert_eq!(cache.answered(1, &plan.asks, &both), [true, true], "first time: all is news");
    let plan = cache.open(header(1, 1), vec![ask(1, 7)], &[], now(1)).unwrap();
    assert!(plan.incremental);
    assert_eq!(plan.asks, [ask(0, 0), ask(1, 7)]);
    assert_eq!(cache.answered(1, &plan.asks, &[quiet(0), quiet(9)]), [false, true]);
}

#[test]
fn partitions_with_records_go_to_the_back_of_the_queue() {
    let mut cache = cache_of(10);
    let plan = opened(&mut cache, vec![ask(0, 0), ask(1, 0)]);
    let busy = Outcome { has_records: true, ..quiet(3) };
    cache.answered(1, &plan.asks, &[busy, quiet(0)]);
    let plan = cache.open(header(1, 1), vec![], &[], now(1)).unwrap();
    assert_eq!(plan.asks, [ask(1, 0), ask(0, 0)]);
}

#[test]
fn an_error_is_shown_and_so_is_its_passing() {
    let mut cache = cache_of(10);
    let plan = opened(&mut cache, vec![ask(0, 0)]);
    cache.answered(1, &plan.asks, &[quiet(4)]);
    let failed = Outcome { has_error: true, ..quiet(4) };
    assert_eq!(cache.answered(1, &plan.asks, &[failed]), [true]);
    assert_eq!(cache.answered(1, &plan.asks, &[quiet(4)]), [true]);
    assert_eq!(cache.answered(1, &plan.asks, &[quiet(4)]), [false]);
}

#[test]
fn a_wrong_epoch_or_id_is_refused_by_its_own_code() {
    let mut cache = cache_of(10);
    opened(&mut cache, vec![ask(0, 0)]);
    let wrong_epoch = cache.open(header(1, 2), vec![], &[], now(0)).unwrap_err();
    assert_eq!(wrong_epoch.code(), ErrorCode::InvalidFetchSessionEpoch);
    let unknown = cache.open(header(99, 1), vec![], &[], now(0)).unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::FetchSessionIdNotFound);
    let by_id = Ask { topic: TopicKey::Id(Uuid([1; 16])), ..ask(0, 0) };
    let mixed = cache.open(header(1, 1), vec![by_id], &[], now(0)).unwrap_err();
    assert_eq!(mixed.code(), ErrorCode::FetchSessionTopicIdError);
}

#[test]
fn forgetting_everything_ends_the_session() {
    let mut cache = cache_of(10);
    opened(&mut cache, vec![ask(0, 0)]);
    let gone = [(TopicKey::Name("t".into()), 0)];
    let plan = cache.open(header(1, 1), vec![], &gone, now(0)).unwrap();
    assert_eq!((plan.session_id, plan.asks.len()), (0, 0));
    assert!(cache.is_empty());
}

#[test]
fn a_full_cache_serves_without_session_until_one_sat_idle() {
    let mut cache = SessionCache::new(limits(1, u64::MAX), 1, 2);
    assert_eq!(opened(&mut cache, vec![ask(0, 0)]).session_id, 1);
    assert_eq!(opened(&mut cache, vec![ask(0, 0)]).session_id, 0);
    let later = now(FETCH_SESSION_EVICT_IDLE_MS);
    let plan = cache.open(header(0, INITIAL_EPOCH), vec![ask(0, 0)], &[], later).unwrap();
    assert_eq!(plan.session_id, 3);
    assert_eq!(cache.len(), 1);
}

#[test]
fn the_final_epoch_closes_the_session_it_names() {
    let mut cache = cache_of(1);
    opened(&mut cache, vec![ask(0, 0)]);
    cache.open(header(1, FINAL_EPOCH), vec![ask(0, 0)], &[], now(0)).unwrap();
    assert!(cache.is_empty());
}

/// Two sessions of two partitions, and not a byte more.
const ROOM: u64 = 2 * (SESSION_BYTES + 2 * (SESSION_PARTITION_BYTES + 1));

#[test]
fn sessions_have_a_part_of_the_memory_and_who_finds_none_fetches_without() {
    let mut cache = SessionCache::new(limits(100, ROOM), 1, 1);
    let two = || vec![ask(0, 0), ask(1, 0)];
    assert_eq!(
        [opened(&mut cache, two()).session_id, opened(&mut cache, two()).session_id],
        [1, 2]
    );
    assert_eq!(cache.bytes(), ROOM);
    assert_eq!(opened(&mut cache, vec![ask(0, 0)]).session_id, 0, "no room");
    let late = now(FETCH_SESSION_EVICT_IDLE_MS);
    let plan = cache.open(header(0, INITIAL_EPOCH), two(), &[], late).unwrap();
    assert_eq!((plan.session_id, cache.len()), (3, 2), "both sat idle; one had to go");
}

#[test]
fn a_session_that_could_never_fit_evicts_nobody() {
    let mut cache = SessionCache::new(limits(100, ROOM), 1, 1);
    opened(&mut cache, vec![ask(0, 0)]);
    let many = (0..9).map(|index| ask(index, 0)).collect();
    let late = now(FETCH_SESSION_EVICT_IDLE_MS);
    let plan = cache.open(header(0, INITIAL_EPOCH), many, &[], late).unwrap();
    assert_eq!((plan.session_id, plan.asks.len(), cache.len()), (0, 9, 1));
}

#[test]
fn a_session_that_grows_past_the_memory_ends_and_gives_everything_back() {
    let mut cache = SessionCache::new(limits(100, ROOM), 1, 1);
    opened(&mut cache, vec![ask(0, 0)]);
    let more = (1..9).map(|index| ask(index, 0)).collect();
    let refused = cache.open(header(1, 1), more, &[], now(1)).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::FetchSessionIdNotFound);
    assert_eq!((cache.len(), cache.bytes()), (0, 0));
}

#[test]
fn what_sessions_take_follows_what_they_remember() {
    let mut cache = cache_of(10);
    opened(&mut cache, vec![ask(0, 0), ask(0, 5), ask(1, 0)]);
    let two = SESSION_BYTES + 2 * (SESSION_PARTITION_BYTES + 1);
    assert_eq!(cache.bytes(), two, "a partition stands in a session once");
    let gone = [(TopicKey::Name("t".into()), 1), (TopicKey::Name("t".into()), 7)];
    cache.open(header(1, 1), vec![], &gone, now(1)).unwrap();
    assert_eq!(cache.bytes(), SESSION_BYTES + SESSION_PARTITION_BYTES + 1);
    cache.open(header(1, 2), vec![], &[(TopicKey::Name("t".into()), 0)], now(2)).unwrap();
    assert_eq!(cache.bytes(), 0);
    opened(&mut cache, vec![ask(0, 0)]);
    cache.open(header(2, FINAL_EPOCH), vec![], &[], now(3)).unwrap();
    assert_eq!(cache.bytes(), 0);
}
