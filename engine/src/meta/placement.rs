//! Which brokers hold a new partition: the decider's choice, or the client's, checked.
//!
//! There is one broker, so the choice is easy and a replication factor above one is
//! refused. More brokers will come in here and nowhere else.

use millstream_wire::ErrorCode;

use super::image::Replicas;
use crate::config::BrokerConfig;
use crate::ids::BrokerId;
use crate::refusal::Refusal;

/// Chooses the replicas of `count` partitions.
///
/// # Errors
/// INVALID_REPLICATION_FACTOR when there are fewer brokers than replicas.
pub fn place(
    count: usize,
    replication_factor: usize,
    broker: &BrokerConfig,
) -> Result<Vec<Replicas>, Refusal> {
    if replication_factor > 1 {
        let why = format!(
            "Unable to replicate the partition {replication_factor} time(s): The target \
             replication factor of {replication_factor} cannot be reached because only 1 \
             broker(s) are registered."
        );
        return Err(Refusal::because(ErrorCode::InvalidReplicationFactor, why));
    }
    Ok(vec![Replicas::from_slice(&[broker.node_id]); count])
}

/// Takes the client's replicas if every list is sound and all are equally long.
///
/// # Errors
/// INVALID_REPLICA_ASSIGNMENT with the first thing that is wrong.
pub fn check_manual<'a>(
    lists: impl Iterator<Item = &'a [BrokerId]>,
    replication_factor: Option<usize>,
    broker: &BrokerConfig,
) -> Result<Vec<Replicas>, Refusal> {
    let mut expected = replication_factor;
    let mut placed = Vec::new();
    for list in lists {
        check_list(list, broker.node_id).map_err(|why| refuse(&why))?;
        let expected = *expected.get_or_insert(list.len());
        if list.len() != expected {
            return Err(refuse(&format!(
                "includes a partition with {} replica(s), but this is not consistent with \
                 previous partitions, which have {expected} replica(s).",
                list.len()
            )));
        }
        placed.push(Replicas::from_slice(list));
    }
    Ok(placed)
}

fn check_list(list: &[BrokerId], known: BrokerId) -> Result<(), String> {
    if list.is_empty() {
        return Err("includes an empty replica list.".to_owned());
    }
    if let Some(stranger) = list.iter().find(|id| **id != known) {
        return Err(format!("includes broker {stranger}, but no such broker is registered."));
    }
    if list.len() > 1 {
        return Err(format!("includes the broker {known} more than once."));
    }
    Ok(())
}

fn refuse(why: &str) -> Refusal {
    let why = format!("The manual partition assignment {why}");
    Refusal::because(ErrorCode::InvalidReplicaAssignment, why)
}
