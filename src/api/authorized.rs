//! The operations that a client may do, as the bit sets that describing answers carry.
//!
//! Without an authorizer everything is allowed: Kafka then answers with all operations that
//! the resource knows. The bits are the codes of Kafka's AclOperation.

/// What a field says that was not asked for.
const NOT_ASKED: i32 = i32::MIN;
const READ: i32 = 1 << 3;
const WRITE: i32 = 1 << 4;
const CREATE: i32 = 1 << 5;
const DELETE: i32 = 1 << 6;
const ALTER: i32 = 1 << 7;
const DESCRIBE: i32 = 1 << 8;
const CLUSTER_ACTION: i32 = 1 << 9;
const DESCRIBE_CONFIGS: i32 = 1 << 10;
const ALTER_CONFIGS: i32 = 1 << 11;
const IDEMPOTENT_WRITE: i32 = 1 << 12;

/// For a topic, if asked.
#[must_use]
pub fn topic(asked: bool) -> i32 {
    let all = READ | WRITE | CREATE | DELETE | ALTER | DESCRIBE | DESCRIBE_CONFIGS | ALTER_CONFIGS;
    if asked { all } else { NOT_ASKED }
}

/// For the cluster, if asked.
#[must_use]
pub fn cluster(asked: bool) -> i32 {
    let all = CREATE
        | ALTER
        | DESCRIBE
        | CLUSTER_ACTION
        | DESCRIBE_CONFIGS
        | ALTER_CONFIGS
        | IDEMPOTENT_WRITE;
    if asked { all } else { NOT_ASKED }
}

/// For a group, if asked.
#[must_use]
pub fn group(asked: bool) -> i32 {
    let all = READ | DELETE | DESCRIBE | DESCRIBE_CONFIGS | ALTER_CONFIGS;
    if asked { all } else { NOT_ASKED }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sets_are_those_of_a_kafka_broker_without_an_authorizer() {
        assert_eq!((super::topic(true), super::cluster(true)), (3576, 8096));
        assert_eq!(super::group(true), 3400);
        assert_eq!((super::topic(false), super::cluster(false)), (i32::MIN, i32::MIN));
    }
}
