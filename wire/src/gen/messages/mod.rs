// Written by `cargo xtask codegen` from wire/schema; do not edit.

//! Every API's request and response, in all versions that Kafka's code knows.
//!
//! `produce::request::TopicData` is the struct of Produce's field `topic_data`; the top
//! structs are here too. `ApiKey::versions` says which versions a broker offers.

// The schema decides widths and conditions; both may coincide in what it generates.
#![allow(clippy::large_enum_variant, clippy::collapsible_else_if)]

pub mod add_offsets_to_txn;
pub mod add_partitions_to_txn;
pub mod add_raft_voter;
pub mod allocate_producer_ids;
pub mod alter_client_quotas;
pub mod alter_configs;
pub mod alter_partition;
pub mod alter_partition_reassignments;
pub mod alter_replica_log_dirs;
pub mod alter_share_group_offsets;
pub mod alter_user_scram_credentials;
pub mod api_versions;
pub mod assign_replicas_to_dirs;
pub mod begin_quorum_epoch;
pub mod broker_heartbeat;
pub mod broker_registration;
pub mod consumer_group_describe;
pub mod consumer_group_heartbeat;
pub mod controller_registration;
pub mod create_acls;
pub mod create_delegation_token;
pub mod create_partitions;
pub mod create_topics;
pub mod delete_acls;
pub mod delete_groups;
pub mod delete_records;
pub mod delete_share_group_offsets;
pub mod delete_share_group_state;
pub mod delete_topics;
pub mod describe_acls;
pub mod describe_client_quotas;
pub mod describe_cluster;
pub mod describe_configs;
pub mod describe_delegation_token;
pub mod describe_groups;
pub mod describe_log_dirs;
pub mod describe_producers;
pub mod describe_quorum;
pub mod describe_share_group_offsets;
pub mod describe_topic_partitions;
pub mod describe_transactions;
pub mod describe_user_scram_credentials;
pub mod elect_leaders;
pub mod end_quorum_epoch;
pub mod end_txn;
pub mod envelope;
pub mod expire_delegation_token;
pub mod fetch;
pub mod fetch_snapshot;
pub mod find_coordinator;
pub mod get_telemetry_subscriptions;
pub mod heartbeat;
pub mod incremental_alter_configs;
pub mod init_producer_id;
pub mod initialize_share_group_state;
pub mod join_group;
pub mod leave_group;
pub mod list_config_resources;
pub mod list_groups;
pub mod list_offsets;
pub mod list_partition_reassignments;
pub mod list_transactions;
pub mod metadata;
pub mod offset_commit;
pub mod offset_delete;
pub mod offset_fetch;
pub mod offset_for_leader_epoch;
pub mod produce;
pub mod push_telemetry;
pub mod read_share_group_state;
pub mod read_share_group_state_summary;
pub mod remove_raft_voter;
pub mod renew_delegation_token;
pub mod sasl_authenticate;
pub mod sasl_handshake;
pub mod share_acknowledge;
pub mod share_fetch;
pub mod share_group_describe;
pub mod share_group_heartbeat;
pub mod streams_group_describe;
pub mod streams_group_heartbeat;
pub mod sync_group;
pub mod txn_offset_commit;
pub mod unregister_broker;
pub mod update_features;
pub mod update_raft_voter;
pub mod vote;
pub mod write_share_group_state;
pub mod write_txn_markers;

mod headers;

pub use headers::{RequestHeader, ResponseHeader};

pub use add_offsets_to_txn::request::AddOffsetsToTxnRequest;
pub use add_offsets_to_txn::response::AddOffsetsToTxnResponse;
pub use add_partitions_to_txn::request::AddPartitionsToTxnRequest;
pub use add_partitions_to_txn::response::AddPartitionsToTxnResponse;
pub use add_raft_voter::request::AddRaftVoterRequest;
pub use add_raft_voter::response::AddRaftVoterResponse;
pub use allocate_producer_ids::request::AllocateProducerIdsRequest;
pub use allocate_producer_ids::response::AllocateProducerIdsResponse;
pub use alter_client_quotas::request::AlterClientQuotasRequest;
pub use alter_client_quotas::response::AlterClientQuotasResponse;
pub use alter_configs::request::AlterConfigsRequest;
pub use alter_configs::response::AlterConfigsResponse;
pub use alter_partition::request::AlterPartitionRequest;
pub use alter_partition::response::AlterPartitionResponse;
pub use alter_partition_reassignments::request::AlterPartitionReassignmentsRequest;
pub use alter_partition_reassignments::response::AlterPartitionReassignmentsResponse;
pub use alter_replica_log_dirs::request::AlterReplicaLogDirsRequest;
pub use alter_replica_log_dirs::response::AlterReplicaLogDirsResponse;
pub use alter_share_group_offsets::request::AlterShareGroupOffsetsRequest;
pub use alter_share_group_offsets::response::AlterShareGroupOffsetsResponse;
pub use alter_user_scram_credentials::request::AlterUserScramCredentialsRequest;
pub use alter_user_scram_credentials::response::AlterUserScramCredentialsResponse;
pub use api_versions::request::ApiVersionsRequest;
pub use api_versions::response::ApiVersionsResponse;
pub use assign_replicas_to_dirs::request::AssignReplicasToDirsRequest;
pub use assign_replicas_to_dirs::response::AssignReplicasToDirsResponse;
pub use begin_quorum_epoch::request::BeginQuorumEpochRequest;
pub use begin_quorum_epoch::response::BeginQuorumEpochResponse;
pub use broker_heartbeat::request::BrokerHeartbeatRequest;
pub use broker_heartbeat::response::BrokerHeartbeatResponse;
pub use broker_registration::request::BrokerRegistrationRequest;
pub use broker_registration::response::BrokerRegistrationResponse;
pub use consumer_group_describe::request::ConsumerGroupDescribeRequest;
pub use consumer_group_describe::response::ConsumerGroupDescribeResponse;
pub use consumer_group_heartbeat::request::ConsumerGroupHeartbeatRequest;
pub use consumer_group_heartbeat::response::ConsumerGroupHeartbeatResponse;
pub use controller_registration::request::ControllerRegistrationRequest;
pub use controller_registration::response::ControllerRegistrationResponse;
pub use create_acls::request::CreateAclsRequest;
pub use create_acls::response::CreateAclsResponse;
pub use create_delegation_token::request::CreateDelegationTokenRequest;
pub use create_delegation_token::response::CreateDelegationTokenResponse;
pub use create_partitions::request::CreatePartitionsRequest;
pub use create_partitions::response::CreatePartitionsResponse;
pub use create_topics::request::CreateTopicsRequest;
pub use create_topics::response::CreateTopicsResponse;
pub use delete_acls::request::DeleteAclsRequest;
pub use delete_acls::response::DeleteAclsResponse;
pub use delete_groups::request::DeleteGroupsRequest;
pub use delete_groups::response::DeleteGroupsResponse;
pub use delete_records::request::DeleteRecordsRequest;
pub use delete_records::response::DeleteRecordsResponse;
pub use delete_share_group_offsets::request::DeleteShareGroupOffsetsRequest;
pub use delete_share_group_offsets::response::DeleteShareGroupOffsetsResponse;
pub use delete_share_group_state::request::DeleteShareGroupStateRequest;
pub use delete_share_group_state::response::DeleteShareGroupStateResponse;
pub use delete_topics::request::DeleteTopicsRequest;
pub use delete_topics::response::DeleteTopicsResponse;
pub use describe_acls::request::DescribeAclsRequest;
pub use describe_acls::response::DescribeAclsResponse;
pub use describe_client_quotas::request::DescribeClientQuotasRequest;
pub use describe_client_quotas::response::DescribeClientQuotasResponse;
pub use describe_cluster::request::DescribeClusterRequest;
pub use describe_cluster::response::DescribeClusterResponse;
pub use describe_configs::request::DescribeConfigsRequest;
pub use describe_configs::response::DescribeConfigsResponse;
pub use describe_delegation_token::request::DescribeDelegationTokenRequest;
pub use describe_delegation_token::response::DescribeDelegationTokenResponse;
pub use describe_groups::request::DescribeGroupsRequest;
pub use describe_groups::response::DescribeGroupsResponse;
pub use describe_log_dirs::request::DescribeLogDirsRequest;
pub use describe_log_dirs::response::DescribeLogDirsResponse;
pub use describe_producers::request::DescribeProducersRequest;
pub use describe_producers::response::DescribeProducersResponse;
pub use describe_quorum::request::DescribeQuorumRequest;
pub use describe_quorum::response::DescribeQuorumResponse;
pub use describe_share_group_offsets::request::DescribeShareGroupOffsetsRequest;
pub use describe_share_group_offsets::response::DescribeShareGroupOffsetsResponse;
pub use describe_topic_partitions::request::DescribeTopicPartitionsRequest;
pub use describe_topic_partitions::response::DescribeTopicPartitionsResponse;
pub use describe_transactions::request::DescribeTransactionsRequest;
pub use describe_transactions::response::DescribeTransactionsResponse;
pub use describe_user_scram_credentials::request::DescribeUserScramCredentialsRequest;
pub use describe_user_scram_credentials::response::DescribeUserScramCredentialsResponse;
pub use elect_leaders::request::ElectLeadersRequest;
pub use elect_leaders::response::ElectLeadersResponse;
pub use end_quorum_epoch::request::EndQuorumEpochRequest;
pub use end_quorum_epoch::response::EndQuorumEpochResponse;
pub use end_txn::request::EndTxnRequest;
pub use end_txn::response::EndTxnResponse;
pub use envelope::request::EnvelopeRequest;
pub use envelope::response::EnvelopeResponse;
pub use expire_delegation_token::request::ExpireDelegationTokenRequest;
pub use expire_delegation_token::response::ExpireDelegationTokenResponse;
pub use fetch::request::FetchRequest;
pub use fetch::response::FetchResponse;
pub use fetch_snapshot::request::FetchSnapshotRequest;
pub use fetch_snapshot::response::FetchSnapshotResponse;
pub use find_coordinator::request::FindCoordinatorRequest;
pub use find_coordinator::response::FindCoordinatorResponse;
pub use get_telemetry_subscriptions::request::GetTelemetrySubscriptionsRequest;
pub use get_telemetry_subscriptions::response::GetTelemetrySubscriptionsResponse;
pub use heartbeat::request::HeartbeatRequest;
pub use heartbeat::response::HeartbeatResponse;
pub use incremental_alter_configs::request::IncrementalAlterConfigsRequest;
pub use incremental_alter_configs::response::IncrementalAlterConfigsResponse;
pub use init_producer_id::request::InitProducerIdRequest;
pub use init_producer_id::response::InitProducerIdResponse;
pub use initialize_share_group_state::request::InitializeShareGroupStateRequest;
pub use initialize_share_group_state::response::InitializeShareGroupStateResponse;
pub use join_group::request::JoinGroupRequest;
pub use join_group::response::JoinGroupResponse;
pub use leave_group::request::LeaveGroupRequest;
pub use leave_group::response::LeaveGroupResponse;
pub use list_config_resources::request::ListConfigResourcesRequest;
pub use list_config_resources::response::ListConfigResourcesResponse;
pub use list_groups::request::ListGroupsRequest;
pub use list_groups::response::ListGroupsResponse;
pub use list_offsets::request::ListOffsetsRequest;
pub use list_offsets::response::ListOffsetsResponse;
pub use list_partition_reassignments::request::ListPartitionReassignmentsRequest;
pub use list_partition_reassignments::response::ListPartitionReassignmentsResponse;
pub use list_transactions::request::ListTransactionsRequest;
pub use list_transactions::response::ListTransactionsResponse;
pub use metadata::request::MetadataRequest;
pub use metadata::response::MetadataResponse;
pub use offset_commit::request::OffsetCommitRequest;
pub use offset_commit::response::OffsetCommitResponse;
pub use offset_delete::request::OffsetDeleteRequest;
pub use offset_delete::response::OffsetDeleteResponse;
pub use offset_fetch::request::OffsetFetchRequest;
pub use offset_fetch::response::OffsetFetchResponse;
pub use offset_for_leader_epoch::request::OffsetForLeaderEpochRequest;
pub use offset_for_leader_epoch::response::OffsetForLeaderEpochResponse;
pub use produce::request::ProduceRequest;
pub use produce::response::ProduceResponse;
pub use push_telemetry::request::PushTelemetryRequest;
pub use push_telemetry::response::PushTelemetryResponse;
pub use read_share_group_state::request::ReadShareGroupStateRequest;
pub use read_share_group_state::response::ReadShareGroupStateResponse;
pub use read_share_group_state_summary::request::ReadShareGroupStateSummaryRequest;
pub use read_share_group_state_summary::response::ReadShareGroupStateSummaryResponse;
pub use remove_raft_voter::request::RemoveRaftVoterRequest;
pub use remove_raft_voter::response::RemoveRaftVoterResponse;
pub use renew_delegation_token::request::RenewDelegationTokenRequest;
pub use renew_delegation_token::response::RenewDelegationTokenResponse;
pub use sasl_authenticate::request::SaslAuthenticateRequest;
pub use sasl_authenticate::response::SaslAuthenticateResponse;
pub use sasl_handshake::request::SaslHandshakeRequest;
pub use sasl_handshake::response::SaslHandshakeResponse;
pub use share_acknowledge::request::ShareAcknowledgeRequest;
pub use share_acknowledge::response::ShareAcknowledgeResponse;
pub use share_fetch::request::ShareFetchRequest;
pub use share_fetch::response::ShareFetchResponse;
pub use share_group_describe::request::ShareGroupDescribeRequest;
pub use share_group_describe::response::ShareGroupDescribeResponse;
pub use share_group_heartbeat::request::ShareGroupHeartbeatRequest;
pub use share_group_heartbeat::response::ShareGroupHeartbeatResponse;
pub use streams_group_describe::request::StreamsGroupDescribeRequest;
pub use streams_group_describe::response::StreamsGroupDescribeResponse;
pub use streams_group_heartbeat::request::StreamsGroupHeartbeatRequest;
pub use streams_group_heartbeat::response::StreamsGroupHeartbeatResponse;
pub use sync_group::request::SyncGroupRequest;
pub use sync_group::response::SyncGroupResponse;
pub use txn_offset_commit::request::TxnOffsetCommitRequest;
pub use txn_offset_commit::response::TxnOffsetCommitResponse;
pub use unregister_broker::request::UnregisterBrokerRequest;
pub use unregister_broker::response::UnregisterBrokerResponse;
pub use update_features::request::UpdateFeaturesRequest;
pub use update_features::response::UpdateFeaturesResponse;
pub use update_raft_voter::request::UpdateRaftVoterRequest;
pub use update_raft_voter::response::UpdateRaftVoterResponse;
pub use vote::request::VoteRequest;
pub use vote::response::VoteResponse;
pub use write_share_group_state::request::WriteShareGroupStateRequest;
pub use write_share_group_state::response::WriteShareGroupStateResponse;
pub use write_txn_markers::request::WriteTxnMarkersRequest;
pub use write_txn_markers::response::WriteTxnMarkersResponse;

/// Calls `$row! { Produce produce ProduceRequest ProduceResponse }`, and so on for
/// every API, for tables and tests that must not forget one.
#[macro_export]
macro_rules! for_each_api {
($row:ident) => {
$row! { Produce produce ProduceRequest ProduceResponse }
$row! { Fetch fetch FetchRequest FetchResponse }
$row! { ListOffsets list_offsets ListOffsetsRequest ListOffsetsResponse }
$row! { Metadata metadata MetadataRequest MetadataResponse }
$row! { OffsetCommit offset_commit OffsetCommitRequest OffsetCommitResponse }
$row! { OffsetFetch offset_fetch OffsetFetchRequest OffsetFetchResponse }
$row! { FindCoordinator find_coordinator FindCoordinatorRequest FindCoordinatorResponse }
$row! { JoinGroup join_group JoinGroupRequest JoinGroupResponse }
$row! { Heartbeat heartbeat HeartbeatRequest HeartbeatResponse }
$row! { LeaveGroup leave_group LeaveGroupRequest LeaveGroupResponse }
$row! { SyncGroup sync_group SyncGroupRequest SyncGroupResponse }
$row! { DescribeGroups describe_groups DescribeGroupsRequest DescribeGroupsResponse }
$row! { ListGroups list_groups ListGroupsRequest ListGroupsResponse }
$row! { SaslHandshake sasl_handshake SaslHandshakeRequest SaslHandshakeResponse }
$row! { ApiVersions api_versions ApiVersionsRequest ApiVersionsResponse }
$row! { CreateTopics create_topics CreateTopicsRequest CreateTopicsResponse }
$row! { DeleteTopics delete_topics DeleteTopicsRequest DeleteTopicsResponse }
$row! { DeleteRecords delete_records DeleteRecordsRequest DeleteRecordsResponse }
$row! { InitProducerId init_producer_id InitProducerIdRequest InitProducerIdResponse }
$row! { OffsetForLeaderEpoch offset_for_leader_epoch OffsetForLeaderEpochRequest OffsetForLeaderEpochResponse }
$row! { AddPartitionsToTxn add_partitions_to_txn AddPartitionsToTxnRequest AddPartitionsToTxnResponse }
$row! { AddOffsetsToTxn add_offsets_to_txn AddOffsetsToTxnRequest AddOffsetsToTxnResponse }
$row! { EndTxn end_txn EndTxnRequest EndTxnResponse }
$row! { WriteTxnMarkers write_txn_markers WriteTxnMarkersRequest WriteTxnMarkersResponse }
$row! { TxnOffsetCommit txn_offset_commit TxnOffsetCommitRequest TxnOffsetCommitResponse }
$row! { DescribeAcls describe_acls DescribeAclsRequest DescribeAclsResponse }
$row! { CreateAcls create_acls CreateAclsRequest CreateAclsResponse }
$row! { DeleteAcls delete_acls DeleteAclsRequest DeleteAclsResponse }
$row! { DescribeConfigs describe_configs DescribeConfigsRequest DescribeConfigsResponse }
$row! { AlterConfigs alter_configs AlterConfigsRequest AlterConfigsResponse }
$row! { AlterReplicaLogDirs alter_replica_log_dirs AlterReplicaLogDirsRequest AlterReplicaLogDirsResponse }
$row! { DescribeLogDirs describe_log_dirs DescribeLogDirsRequest DescribeLogDirsResponse }
$row! { SaslAuthenticate sasl_authenticate SaslAuthenticateRequest SaslAuthenticateResponse }
$row! { CreatePartitions create_partitions CreatePartitionsRequest CreatePartitionsResponse }
$row! { CreateDelegationToken create_delegation_token CreateDelegationTokenRequest CreateDelegationTokenResponse }
$row! { RenewDelegationToken renew_delegation_token RenewDelegationTokenRequest RenewDelegationTokenResponse }
$row! { ExpireDelegationToken expire_delegation_token ExpireDelegationTokenRequest ExpireDelegationTokenResponse }
$row! { DescribeDelegationToken describe_delegation_token DescribeDelegationTokenRequest DescribeDelegationTokenResponse }
$row! { DeleteGroups delete_groups DeleteGroupsRequest DeleteGroupsResponse }
$row! { ElectLeaders elect_leaders ElectLeadersRequest ElectLeadersResponse }
$row! { IncrementalAlterConfigs incremental_alter_configs IncrementalAlterConfigsRequest IncrementalAlterConfigsResponse }
$row! { AlterPartitionReassignments alter_partition_reassignments AlterPartitionReassignmentsRequest AlterPartitionReassignmentsResponse }
$row! { ListPartitionReassignments list_partition_reassignments ListPartitionReassignmentsRequest ListPartitionReassignmentsResponse }
$row! { OffsetDelete offset_delete OffsetDeleteRequest OffsetDeleteResponse }
$row! { DescribeClientQuotas describe_client_quotas DescribeClientQuotasRequest DescribeClientQuotasResponse }
$row! { AlterClientQuotas alter_client_quotas AlterClientQuotasRequest AlterClientQuotasResponse }
$row! { DescribeUserScramCredentials describe_user_scram_credentials DescribeUserScramCredentialsRequest DescribeUserScramCredentialsResponse }
$row! { AlterUserScramCredentials alter_user_scram_credentials AlterUserScramCredentialsRequest AlterUserScramCredentialsResponse }
$row! { Vote vote VoteRequest VoteResponse }
$row! { BeginQuorumEpoch begin_quorum_epoch BeginQuorumEpochRequest BeginQuorumEpochResponse }
$row! { EndQuorumEpoch end_quorum_epoch EndQuorumEpochRequest EndQuorumEpochResponse }
$row! { DescribeQuorum describe_quorum DescribeQuorumRequest DescribeQuorumResponse }
$row! { AlterPartition alter_partition AlterPartitionRequest AlterPartitionResponse }
$row! { UpdateFeatures update_features UpdateFeaturesRequest UpdateFeaturesResponse }
$row! { Envelope envelope EnvelopeRequest EnvelopeResponse }
$row! { FetchSnapshot fetch_snapshot FetchSnapshotRequest FetchSnapshotResponse }
$row! { DescribeCluster describe_cluster DescribeClusterRequest DescribeClusterResponse }
$row! { DescribeProducers describe_producers DescribeProducersRequest DescribeProducersResponse }
$row! { BrokerRegistration broker_registration BrokerRegistrationRequest BrokerRegistrationResponse }
$row! { BrokerHeartbeat broker_heartbeat BrokerHeartbeatRequest BrokerHeartbeatResponse }
$row! { UnregisterBroker unregister_broker UnregisterBrokerRequest UnregisterBrokerResponse }
$row! { DescribeTransactions describe_transactions DescribeTransactionsRequest DescribeTransactionsResponse }
$row! { ListTransactions list_transactions ListTransactionsRequest ListTransactionsResponse }
$row! { AllocateProducerIds allocate_producer_ids AllocateProducerIdsRequest AllocateProducerIdsResponse }
$row! { ConsumerGroupHeartbeat consumer_group_heartbeat ConsumerGroupHeartbeatRequest ConsumerGroupHeartbeatResponse }
$row! { ConsumerGroupDescribe consumer_group_describe ConsumerGroupDescribeRequest ConsumerGroupDescribeResponse }
$row! { ControllerRegistration controller_registration ControllerRegistrationRequest ControllerRegistrationResponse }
$row! { GetTelemetrySubscriptions get_telemetry_subscriptions GetTelemetrySubscriptionsRequest GetTelemetrySubscriptionsResponse }
$row! { PushTelemetry push_telemetry PushTelemetryRequest PushTelemetryResponse }
$row! { AssignReplicasToDirs assign_replicas_to_dirs AssignReplicasToDirsRequest AssignReplicasToDirsResponse }
$row! { ListConfigResources list_config_resources ListConfigResourcesRequest ListConfigResourcesResponse }
$row! { DescribeTopicPartitions describe_topic_partitions DescribeTopicPartitionsRequest DescribeTopicPartitionsResponse }
$row! { ShareGroupHeartbeat share_group_heartbeat ShareGroupHeartbeatRequest ShareGroupHeartbeatResponse }
$row! { ShareGroupDescribe share_group_describe ShareGroupDescribeRequest ShareGroupDescribeResponse }
$row! { ShareFetch share_fetch ShareFetchRequest ShareFetchResponse }
$row! { ShareAcknowledge share_acknowledge ShareAcknowledgeRequest ShareAcknowledgeResponse }
$row! { AddRaftVoter add_raft_voter AddRaftVoterRequest AddRaftVoterResponse }
$row! { RemoveRaftVoter remove_raft_voter RemoveRaftVoterRequest RemoveRaftVoterResponse }
$row! { UpdateRaftVoter update_raft_voter UpdateRaftVoterRequest UpdateRaftVoterResponse }
$row! { InitializeShareGroupState initialize_share_group_state InitializeShareGroupStateRequest InitializeShareGroupStateResponse }
$row! { ReadShareGroupState read_share_group_state ReadShareGroupStateRequest ReadShareGroupStateResponse }
$row! { WriteShareGroupState write_share_group_state WriteShareGroupStateRequest WriteShareGroupStateResponse }
$row! { DeleteShareGroupState delete_share_group_state DeleteShareGroupStateRequest DeleteShareGroupStateResponse }
$row! { ReadShareGroupStateSummary read_share_group_state_summary ReadShareGroupStateSummaryRequest ReadShareGroupStateSummaryResponse }
$row! { StreamsGroupHeartbeat streams_group_heartbeat StreamsGroupHeartbeatRequest StreamsGroupHeartbeatResponse }
$row! { StreamsGroupDescribe streams_group_describe StreamsGroupDescribeRequest StreamsGroupDescribeResponse }
$row! { DescribeShareGroupOffsets describe_share_group_offsets DescribeShareGroupOffsetsRequest DescribeShareGroupOffsetsResponse }
$row! { AlterShareGroupOffsets alter_share_group_offsets AlterShareGroupOffsetsRequest AlterShareGroupOffsetsResponse }
$row! { DeleteShareGroupOffsets delete_share_group_offsets DeleteShareGroupOffsetsRequest DeleteShareGroupOffsetsResponse }
};
}
