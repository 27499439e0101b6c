//! The keys of groups and of client metrics subscriptions, in alphabetical order: all of Kafka 4.3.
//!
//! Both are kept, described and changed as Kafka does, so that tools which prepare a cluster work.
//! Nothing reads them yet: the group protocols of KIP-848, KIP-932 and KIP-1071 and the telemetry
//! of KIP-714 are not served. The bounds of group keys are those that Kafka's broker keys
//! (`group.consumer.min.session.timeout.ms` and the like) have by default.

use super::row::{Row, Synonym};

/// Why a value of these keys has no effect yet.
const LATER: &str = "Kept, not read yet: the protocol that it is for is not served.";

const fn of_group(row: Row, broker_key: &'static [Synonym]) -> Row {
    row.synonyms(broker_key).of_resource().doc(LATER)
}

const fn same(name: &'static str) -> Synonym {
    Synonym { name, factor: 1 }
}

macro_rules! int {
    ($name:literal, $default:literal, $min:literal..=$max:literal) => {
        of_group(Row::int($name, $default).range($min, $max), &[same(concat!("group.", $name))])
    };
}

pub const GROUP_ROWS: &[Row] = &[
    int!("consumer.assignment.interval.ms", "1000", 0..=15_000),
    int!("consumer.heartbeat.interval.ms", "5000", 5_000..=15_000),
    int!("consumer.session.timeout.ms", "45000", 45_000..=60_000),
    int!("share.assignment.interval.ms", "1000", 0..=15_000),
    of_group(Row::text("share.auto.offset.reset", "latest").form(RESET_FORM, is_reset), &[]),
    int!("share.delivery.count.limit", "5", 2..=10),
    int!("share.heartbeat.interval.ms", "5000", 5_000..=15_000),
    of_group(
        Row::text("share.isolation.level", "read_uncommitted")
            .one_of(&["read_committed", "read_uncommitted"]),
        &[],
    ),
    int!("share.partition.max.record.locks", "2000", 100..=4_000),
    int!("share.record.lock.duration.ms", "30000", 15_000..=60_000),
    of_group(Row::boolean("share.renew.acknowledge.enable", "true"), &[]),
    int!("share.session.timeout.ms", "45000", 45_000..=60_000),
    int!("streams.assignment.interval.ms", "1000", 0..=15_000),
    int!("streams.heartbeat.interval.ms", "5000", 5_000..=15_000),
    int!("streams.initial.rebalance.delay.ms", "3000", 0..=2_147_483_647),
    int!("streams.num.standby.replicas", "0", 0..=2),
    int!("streams.session.timeout.ms", "45000", 45_000..=60_000),
];

pub const CLIENT_METRICS_ROWS: &[Row] = &[
    Row::int("interval.ms", "300000").range(100, 3_600_000).of_resource().doc(LATER),
    Row::list("match", "").form(MATCH_FORM, is_match).of_resource().doc(LATER),
    Row::list("metrics", "").of_resource().doc(LATER),
];

const RESET_FORM: &str = "latest, earliest, or by_duration:PnDTnHnMn.nS";

fn is_reset(text: &str) -> bool {
    matches!(text, "latest" | "earliest") || text.starts_with("by_duration:P")
}

const MATCH_FORM: &str = "a list of client_instance_id, client_id, client_software_name, \
                          client_software_version, client_source_address or \
                          client_source_port, each with =PATTERN";

fn is_match(text: &str) -> bool {
    super::row::items(text).all(|item| {
        item.split_once('=').is_some_and(|(name, pattern)| {
            let name = name.trim().strip_prefix("client_");
            let known = [
                "instance_id",
                "id",
                "software_name",
                "software_version",
                "source_address",
                "source_port",
            ];
            name.is_some_and(|name| known.contains(&name)) && !pattern.trim().is_empty()
        })
    })
}
