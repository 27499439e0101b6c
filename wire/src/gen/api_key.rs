// Written by `cargo xtask codegen` from wire/schema; do not edit.

use std::ops::RangeInclusive;

/// Every request type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum ApiKey {
    Produce = 0,
    Fetch = 1,
    ListOffsets = 2,
    Metadata = 3,
    OffsetCommit = 8,
    OffsetFetch = 9,
    FindCoordinator = 10,
    JoinGroup = 11,
    Heartbeat = 12,
    LeaveGroup = 13,
    SyncGroup = 14,
    DescribeGroups = 15,
    ListGroups = 16,
    SaslHandshake = 17,
    ApiVersions = 18,
    CreateTopics = 19,
    DeleteTopics = 20,
    DeleteRecords = 21,
    InitProducerId = 22,
    OffsetForLeaderEpoch = 23,
    AddPartitionsToTxn = 24,
    AddOffsetsToTxn = 25,
    EndTxn = 26,
    WriteTxnMarkers = 27,
    TxnOffsetCommit = 28,
    DescribeAcls = 29,
    CreateAcls = 30,
    DeleteAcls = 31,
    DescribeConfigs = 32,
    AlterConfigs = 33,
    AlterReplicaLogDirs = 34,
    DescribeLogDirs = 35,
    SaslAuthenticate = 36,
    CreatePartitions = 37,
    CreateDelegationToken = 38,
    RenewDelegationToken = 39,
    ExpireDelegationToken = 40,
    DescribeDelegationToken = 41,
    DeleteGroups = 42,
    ElectLeaders = 43,
    IncrementalAlterConfigs = 44,
    AlterPartitionReassignments = 45,
    ListPartitionReassignments = 46,
    OffsetDelete = 47,
    DescribeClientQuotas = 48,
    AlterClientQuotas = 49,
    DescribeUserScramCredentials = 50,
    AlterUserScramCredentials = 51,
    Vote = 52,
    BeginQuorumEpoch = 53,
    EndQuorumEpoch = 54,
    DescribeQuorum = 55,
    AlterPartition = 56,
    UpdateFeatures = 57,
    Envelope = 58,
    FetchSnapshot = 59,
    DescribeCluster = 60,
    DescribeProducers = 61,
    BrokerRegistration = 62,
    BrokerHeartbeat = 63,
    UnregisterBroker = 64,
    DescribeTransactions = 65,
    ListTransactions = 66,
    AllocateProducerIds = 67,
    ConsumerGroupHeartbeat = 68,
    ConsumerGroupDescribe = 69,
    ControllerRegistration = 70,
    GetTelemetrySubscriptions = 71,
    PushTelemetry = 72,
    AssignReplicasToDirs = 73,
    ListConfigResources = 74,
    DescribeTopicPartitions = 75,
    ShareGroupHeartbeat = 76,
    ShareGroupDescribe = 77,
    ShareFetch = 78,
    ShareAcknowledge = 79,
    AddRaftVoter = 80,
    RemoveRaftVoter = 81,
    UpdateRaftVoter = 82,
    InitializeShareGroupState = 83,
    ReadShareGroupState = 84,
    WriteShareGroupState = 85,
    DeleteShareGroupState = 86,
    ReadShareGroupStateSummary = 87,
    StreamsGroupHeartbeat = 88,
    StreamsGroupDescribe = 89,
    DescribeShareGroupOffsets = 90,
    AlterShareGroupOffsets = 91,
    DeleteShareGroupOffsets = 92,
}

impl ApiKey {
    /// All of them, in ascending order of key.
    pub const ALL: [ApiKey; 89] = [
        ApiKey::Produce,
        ApiKey::Fetch,
        ApiKey::ListOffsets,
        ApiKey::Metadata,
        ApiKey::OffsetCommit,
        ApiKey::OffsetFetch,
        ApiKey::FindCoordinator,
        ApiKey::JoinGroup,
        ApiKey::Heartbeat,
        ApiKey::LeaveGroup,
        ApiKey::SyncGroup,
        ApiKey::DescribeGroups,
        ApiKey::ListGroups,
        ApiKey::SaslHandshake,
        ApiKey::ApiVersions,
        ApiKey::CreateTopics,
        ApiKey::DeleteTopics,
        ApiKey::DeleteRecords,
        ApiKey::InitProducerId,
        ApiKey::OffsetForLeaderEpoch,
        ApiKey::AddPartitionsToTxn,
        ApiKey::AddOffsetsToTxn,
        ApiKey::EndTxn,
        ApiKey::WriteTxnMarkers,
        ApiKey::TxnOffsetCommit,
        ApiKey::DescribeAcls,
        ApiKey::CreateAcls,
        ApiKey::DeleteAcls,
        ApiKey::DescribeConfigs,
        ApiKey::AlterConfigs,
        ApiKey::AlterReplicaLogDirs,
        ApiKey::DescribeLogDirs,
        ApiKey::SaslAuthenticate,
        ApiKey::CreatePartitions,
        ApiKey::CreateDelegationToken,
        ApiKey::RenewDelegationToken,
        ApiKey::ExpireDelegationToken,
        ApiKey::DescribeDelegationToken,
        ApiKey::DeleteGroups,
        ApiKey::ElectLeaders,
        ApiKey::IncrementalAlterConfigs,
        ApiKey::AlterPartitionReassignments,
        ApiKey::ListPartitionReassignments,
        ApiKey::OffsetDelete,
        ApiKey::DescribeClientQuotas,
        ApiKey::AlterClientQuotas,
        ApiKey::DescribeUserScramCredentials,
        ApiKey::AlterUserScramCredentials,
        ApiKey::Vote,
        ApiKey::BeginQuorumEpoch,
        ApiKey::EndQuorumEpoch,
        ApiKey::DescribeQuorum,
        ApiKey::AlterPartition,
        ApiKey::UpdateFeatures,
        ApiKey::Envelope,
        ApiKey::FetchSnapshot,
        ApiKey::DescribeCluster,
        ApiKey::DescribeProducers,
        ApiKey::BrokerRegistration,
        ApiKey::BrokerHeartbeat,
        ApiKey::UnregisterBroker,
        ApiKey::DescribeTransactions,
        ApiKey::ListTransactions,
        ApiKey::AllocateProducerIds,
        ApiKey::ConsumerGroupHeartbeat,
        ApiKey::ConsumerGroupDescribe,
        ApiKey::ControllerRegistration,
        ApiKey::GetTelemetrySubscriptions,
        ApiKey::PushTelemetry,
        ApiKey::AssignReplicasToDirs,
        ApiKey::ListConfigResources,
        ApiKey::DescribeTopicPartitions,
        ApiKey::ShareGroupHeartbeat,
        ApiKey::ShareGroupDescribe,
        ApiKey::ShareFetch,
        ApiKey::ShareAcknowledge,
        ApiKey::AddRaftVoter,
        ApiKey::RemoveRaftVoter,
        ApiKey::UpdateRaftVoter,
        ApiKey::InitializeShareGroupState,
        ApiKey::ReadShareGroupState,
        ApiKey::WriteShareGroupState,
        ApiKey::DeleteShareGroupState,
        ApiKey::ReadShareGroupStateSummary,
        ApiKey::StreamsGroupHeartbeat,
        ApiKey::StreamsGroupDescribe,
        ApiKey::DescribeShareGroupOffsets,
        ApiKey::AlterShareGroupOffsets,
        ApiKey::DeleteShareGroupOffsets,
    ];

    pub fn all() -> impl Iterator<Item = ApiKey> {
        Self::ALL.into_iter()
    }

    /// The number on the wire.
    pub const fn key(self) -> i16 {
        self as i16
    }

    pub const fn from_key(key: i16) -> Option<Self> {
        Some(match key {
            0 => Self::Produce,
            1 => Self::Fetch,
            2 => Self::ListOffsets,
            3 => Self::Metadata,
            8 => Self::OffsetCommit,
            9 => Self::OffsetFetch,
            10 => Self::FindCoordinator,
            11 => Self::JoinGroup,
            12 => Self::Heartbeat,
            13 => Self::LeaveGroup,
            14 => Self::SyncGroup,
            15 => Self::DescribeGroups,
            16 => Self::ListGroups,
            17 => Self::SaslHandshake,
            18 => Self::ApiVersions,
            19 => Self::CreateTopics,
            20 => Self::DeleteTopics,
            21 => Self::DeleteRecords,
            22 => Self::InitProducerId,
            23 => Self::OffsetForLeaderEpoch,
            24 => Self::AddPartitionsToTxn,
            25 => Self::AddOffsetsToTxn,
            26 => Self::EndTxn,
            27 => Self::WriteTxnMarkers,
            28 => Self::TxnOffsetCommit,
            29 => Self::DescribeAcls,
            30 => Self::CreateAcls,
            31 => Self::DeleteAcls,
            32 => Self::DescribeConfigs,
            33 => Self::AlterConfigs,
            34 => Self::AlterReplicaLogDirs,
            35 => Self::DescribeLogDirs,
            36 => Self::SaslAuthenticate,
            37 => Self::CreatePartitions,
            38 => Self::CreateDelegationToken,
            39 => Self::RenewDelegationToken,
            40 => Self::ExpireDelegationToken,
            41 => Self::DescribeDelegationToken,
            42 => Self::DeleteGroups,
            43 => Self::ElectLeaders,
            44 => Self::IncrementalAlterConfigs,
            45 => Self::AlterPartitionReassignments,
            46 => Self::ListPartitionReassignments,
            47 => Self::OffsetDelete,
            48 => Self::DescribeClientQuotas,
            49 => Self::AlterClientQuotas,
            50 => Self::DescribeUserScramCredentials,
            51 => Self::AlterUserScramCredentials,
            52 => Self::Vote,
            53 => Self::BeginQuorumEpoch,
            54 => Self::EndQuorumEpoch,
            55 => Self::DescribeQuorum,
            56 => Self::AlterPartition,
            57 => Self::UpdateFeatures,
            58 => Self::Envelope,
            59 => Self::FetchSnapshot,
            60 => Self::DescribeCluster,
            61 => Self::DescribeProducers,
            62 => Self::BrokerRegistration,
            63 => Self::BrokerHeartbeat,
            64 => Self::UnregisterBroker,
            65 => Self::DescribeTransactions,
            66 => Self::ListTransactions,
            67 => Self::AllocateProducerIds,
            68 => Self::ConsumerGroupHeartbeat,
            69 => Self::ConsumerGroupDescribe,
            70 => Self::ControllerRegistration,
            71 => Self::GetTelemetrySubscriptions,
            72 => Self::PushTelemetry,
            73 => Self::AssignReplicasToDirs,
            74 => Self::ListConfigResources,
            75 => Self::DescribeTopicPartitions,
            76 => Self::ShareGroupHeartbeat,
            77 => Self::ShareGroupDescribe,
            78 => Self::ShareFetch,
            79 => Self::ShareAcknowledge,
            80 => Self::AddRaftVoter,
            81 => Self::RemoveRaftVoter,
            82 => Self::UpdateRaftVoter,
            83 => Self::InitializeShareGroupState,
            84 => Self::ReadShareGroupState,
            85 => Self::WriteShareGroupState,
            86 => Self::DeleteShareGroupState,
            87 => Self::ReadShareGroupStateSummary,
            88 => Self::StreamsGroupHeartbeat,
            89 => Self::StreamsGroupDescribe,
            90 => Self::DescribeShareGroupOffsets,
            91 => Self::AlterShareGroupOffsets,
            92 => Self::DeleteShareGroupOffsets,
            _ => return None,
        })
    }

    /// Kafka's own spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Produce => "Produce",
            Self::Fetch => "Fetch",
            Self::ListOffsets => "ListOffsets",
            Self::Metadata => "Metadata",
            Self::OffsetCommit => "OffsetCommit",
            Self::OffsetFetch => "OffsetFetch",
            Self::FindCoordinator => "FindCoordinator",
            Self::JoinGroup => "JoinGroup",
            Self::Heartbeat => "Heartbeat",
            Self::LeaveGroup => "LeaveGroup",
            Self::SyncGroup => "SyncGroup",
            Self::DescribeGroups => "DescribeGroups",
            Self::ListGroups => "ListGroups",
            Self::SaslHandshake => "SaslHandshake",
            Self::ApiVersions => "ApiVersions",
            Self::CreateTopics => "CreateTopics",
            Self::DeleteTopics => "DeleteTopics",
            Self::DeleteRecords => "DeleteRecords",
            Self::InitProducerId => "InitProducerId",
            Self::OffsetForLeaderEpoch => "OffsetForLeaderEpoch",
            Self::AddPartitionsToTxn => "AddPartitionsToTxn",
            Self::AddOffsetsToTxn => "AddOffsetsToTxn",
            Self::EndTxn => "EndTxn",
            Self::WriteTxnMarkers => "WriteTxnMarkers",
            Self::TxnOffsetCommit => "TxnOffsetCommit",
            Self::DescribeAcls => "DescribeAcls",
            Self::CreateAcls => "CreateAcls",
            Self::DeleteAcls => "DeleteAcls",
            Self::DescribeConfigs => "DescribeConfigs",
            Self::AlterConfigs => "AlterConfigs",
            Self::AlterReplicaLogDirs => "AlterReplicaLogDirs",
            Self::DescribeLogDirs => "DescribeLogDirs",
            Self::SaslAuthenticate => "SaslAuthenticate",
            Self::CreatePartitions => "CreatePartitions",
            Self::CreateDelegationToken => "CreateDelegationToken",
            Self::RenewDelegationToken => "RenewDelegationToken",
            Self::ExpireDelegationToken => "ExpireDelegationToken",
            Self::DescribeDelegationToken => "DescribeDelegationToken",
            Self::DeleteGroups => "DeleteGroups",
            Self::ElectLeaders => "ElectLeaders",
            Self::IncrementalAlterConfigs => "IncrementalAlterConfigs",
            Self::AlterPartitionReassignments => "AlterPartitionReassignments",
            Self::ListPartitionReassignments => "ListPartitionReassignments",
            Self::OffsetDelete => "OffsetDelete",
            Self::DescribeClientQuotas => "DescribeClientQuotas",
            Self::AlterClientQuotas => "AlterClientQuotas",
            Self::DescribeUserScramCredentials => "DescribeUserScramCredentials",
            Self::AlterUserScramCredentials => "AlterUserScramCredentials",
            Self::Vote => "Vote",
            Self::BeginQuorumEpoch => "BeginQuorumEpoch",
            Self::EndQuorumEpoch => "EndQuorumEpoch",
            Self::DescribeQuorum => "DescribeQuorum",
            Self::AlterPartition => "AlterPartition",
            Self::UpdateFeatures => "UpdateFeatures",
            Self::Envelope => "Envelope",
            Self::FetchSnapshot => "FetchSnapshot",
            Self::DescribeCluster => "DescribeCluster",
            Self::DescribeProducers => "DescribeProducers",
            Self::BrokerRegistration => "BrokerRegistration",
            Self::BrokerHeartbeat => "BrokerHeartbeat",
            Self::UnregisterBroker => "UnregisterBroker",
            Self::DescribeTransactions => "DescribeTransactions",
            Self::ListTransactions => "ListTransactions",
            Self::AllocateProducerIds => "AllocateProducerIds",
            Self::ConsumerGroupHeartbeat => "ConsumerGroupHeartbeat",
            Self::ConsumerGroupDescribe => "ConsumerGroupDescribe",
            Self::ControllerRegistration => "ControllerRegistration",
            Self::GetTelemetrySubscriptions => "GetTelemetrySubscriptions",
            Self::PushTelemetry => "PushTelemetry",
            Self::AssignReplicasToDirs => "AssignReplicasToDirs",
            Self::ListConfigResources => "ListConfigResources",
            Self::DescribeTopicPartitions => "DescribeTopicPartitions",
            Self::ShareGroupHeartbeat => "ShareGroupHeartbeat",
            Self::ShareGroupDescribe => "ShareGroupDescribe",
            Self::ShareFetch => "ShareFetch",
            Self::ShareAcknowledge => "ShareAcknowledge",
            Self::AddRaftVoter => "AddRaftVoter",
            Self::RemoveRaftVoter => "RemoveRaftVoter",
            Self::UpdateRaftVoter => "UpdateRaftVoter",
            Self::InitializeShareGroupState => "InitializeShareGroupState",
            Self::ReadShareGroupState => "ReadShareGroupState",
            Self::WriteShareGroupState => "WriteShareGroupState",
            Self::DeleteShareGroupState => "DeleteShareGroupState",
            Self::ReadShareGroupStateSummary => "ReadShareGroupStateSummary",
            Self::StreamsGroupHeartbeat => "StreamsGroupHeartbeat",
            Self::StreamsGroupDescribe => "StreamsGroupDescribe",
            Self::DescribeShareGroupOffsets => "DescribeShareGroupOffsets",
            Self::AlterShareGroupOffsets => "AlterShareGroupOffsets",
            Self::DeleteShareGroupOffsets => "DeleteShareGroupOffsets",
        }
    }

    /// The stable versions: what a broker of this release offers.
    pub const fn versions(self) -> RangeInclusive<i16> {
        match self {
            Self::Produce => RangeInclusive::new(3, 13),
            Self::Fetch => RangeInclusive::new(4, 18),
            Self::ListOffsets => RangeInclusive::new(1, 11),
            Self::Metadata => RangeInclusive::new(0, 13),
            Self::OffsetCommit => RangeInclusive::new(2, 10),
            Self::OffsetFetch => RangeInclusive::new(1, 10),
            Self::FindCoordinator | Self::DescribeGroups => RangeInclusive::new(0, 6),
            Self::JoinGroup => RangeInclusive::new(0, 9),
            Self::Heartbeat
            | Self::ApiVersions
            | Self::AddOffsetsToTxn
            | Self::BrokerRegistration => RangeInclusive::new(0, 4),
            Self::LeaveGroup
            | Self::SyncGroup
            | Self::ListGroups
            | Self::InitProducerId
            | Self::AddPartitionsToTxn
            | Self::EndTxn
            | Self::TxnOffsetCommit => RangeInclusive::new(0, 5),
            Self::SaslHandshake
            | Self::IncrementalAlterConfigs
            | Self::AlterPartitionReassignments
            | Self::DescribeClientQuotas
            | Self::AlterClientQuotas
            | Self::BeginQuorumEpoch
            | Self::EndQuorumEpoch
            | Self::FetchSnapshot
            | Self::ConsumerGroupHeartbeat
            | Self::ConsumerGroupDescribe
            | Self::ListConfigResources
            | Self::AddRaftVoter
            | Self::WriteShareGroupState
            | Self::ReadShareGroupStateSummary
            | Self::DescribeShareGroupOffsets => RangeInclusive::new(0, 1),
            Self::CreateTopics => RangeInclusive::new(2, 7),
            Self::DeleteTopics => RangeInclusive::new(1, 6),
            Self::DeleteRecords
            | Self::AlterConfigs
            | Self::SaslAuthenticate
            | Self::DeleteGroups
            | Self::ElectLeaders
            | Self::Vote
            | Self::DescribeQuorum
            | Self::UpdateFeatures
            | Self::DescribeCluster
            | Self::BrokerHeartbeat
            | Self::ListTransactions => RangeInclusive::new(0, 2),
            Self::OffsetForLeaderEpoch => RangeInclusive::new(2, 4),
            Self::WriteTxnMarkers
            | Self::AlterReplicaLogDirs
            | Self::RenewDelegationToken
            | Self::ExpireDelegationToken
            | Self::ShareFetch
            | Self::ShareAcknowledge => RangeInclusive::new(1, 2),
            Self::DescribeAcls
            | Self::CreateAcls
            | Self::DeleteAcls
            | Self::CreateDelegationToken
            | Self::DescribeDelegationToken => RangeInclusive::new(1, 3),
            Self::DescribeConfigs => RangeInclusive::new(1, 4),
            Self::DescribeLogDirs => RangeInclusive::new(1, 5),
            Self::CreatePartitions => RangeInclusive::new(0, 3),
            Self::ListPartitionReassignments
            | Self::OffsetDelete
            | Self::DescribeUserScramCredentials
            | Self::AlterUserScramCredentials
            | Self::Envelope
            | Self::DescribeProducers
            | Self::UnregisterBroker
            | Self::DescribeTransactions
            | Self::AllocateProducerIds
            | Self::ControllerRegistration
            | Self::GetTelemetrySubscriptions
            | Self::PushTelemetry
            | Self::AssignReplicasToDirs
            | Self::DescribeTopicPartitions
            | Self::RemoveRaftVoter
            | Self::UpdateRaftVoter
            | Self::InitializeShareGroupState
            | Self::ReadShareGroupState
            | Self::DeleteShareGroupState
            | Self::StreamsGroupHeartbeat
            | Self::StreamsGroupDescribe
            | Self::AlterShareGroupOffsets
            | Self::DeleteShareGroupOffsets => RangeInclusive::new(0, 0),
            Self::AlterPartition => RangeInclusive::new(2, 3),
            Self::ShareGroupHeartbeat | Self::ShareGroupDescribe => RangeInclusive::new(1, 1),
        }
    }

    /// Every version that the code knows, unstable ones included.
    pub const fn known_versions(self) -> RangeInclusive<i16> {
        match self {
            Self::Produce => RangeInclusive::new(3, 13),
            Self::Fetch => RangeInclusive::new(4, 18),
            Self::ListOffsets => RangeInclusive::new(1, 11),
            Self::Metadata => RangeInclusive::new(0, 13),
            Self::OffsetCommit => RangeInclusive::new(2, 10),
            Self::OffsetFetch => RangeInclusive::new(1, 10),
            Self::FindCoordinator | Self::DescribeGroups | Self::InitProducerId => {
                RangeInclusive::new(0, 6)
            }
            Self::JoinGroup => RangeInclusive::new(0, 9),
            Self::Heartbeat
            | Self::ApiVersions
            | Self::AddOffsetsToTxn
            | Self::BrokerRegistration => RangeInclusive::new(0, 4),
            Self::LeaveGroup
            | Self::SyncGroup
            | Self::ListGroups
            | Self::AddPartitionsToTxn
            | Self::EndTxn
            | Self::TxnOffsetCommit => RangeInclusive::new(0, 5),
            Self::SaslHandshake
            | Self::IncrementalAlterConfigs
            | Self::AlterPartitionReassignments
            | Self::DescribeClientQuotas
            | Self::AlterClientQuotas
            | Self::BeginQuorumEpoch
            | Self::EndQuorumEpoch
            | Self::FetchSnapshot
            | Self::ConsumerGroupHeartbeat
            | Self::ConsumerGroupDescribe
            | Self::ListConfigResources
            | Self::AddRaftVoter
            | Self::WriteShareGroupState
            | Self::ReadShareGroupStateSummary
            | Self::DescribeShareGroupOffsets => RangeInclusive::new(0, 1),
            Self::CreateTopics => RangeInclusive::new(2, 7),
            Self::DeleteTopics => RangeInclusive::new(1, 6),
            Self::DeleteRecords
            | Self::AlterConfigs
            | Self::SaslAuthenticate
            | Self::DeleteGroups
            | Self::ElectLeaders
            | Self::Vote
            | Self::DescribeQuorum
            | Self::UpdateFeatures
            | Self::DescribeCluster
            | Self::BrokerHeartbeat
            | Self::ListTransactions => RangeInclusive::new(0, 2),
            Self::OffsetForLeaderEpoch => RangeInclusive::new(2, 4),
            Self::WriteTxnMarkers
            | Self::AlterReplicaLogDirs
            | Self::RenewDelegationToken
            | Self::ExpireDelegationToken
            | Self::ShareFetch
            | Self::ShareAcknowledge => RangeInclusive::new(1, 2),
            Self::DescribeAcls
            | Self::CreateAcls
            | Self::DeleteAcls
            | Self::CreateDelegationToken
            | Self::DescribeDelegationToken => RangeInclusive::new(1, 3),
            Self::DescribeConfigs => RangeInclusive::new(1, 4),
            Self::DescribeLogDirs => RangeInclusive::new(1, 5),
            Self::CreatePartitions => RangeInclusive::new(0, 3),
            Self::ListPartitionReassignments
            | Self::OffsetDelete
            | Self::DescribeUserScramCredentials
            | Self::AlterUserScramCredentials
            | Self::Envelope
            | Self::DescribeProducers
            | Self::UnregisterBroker
            | Self::DescribeTransactions
            | Self::AllocateProducerIds
            | Self::ControllerRegistration
            | Self::GetTelemetrySubscriptions
            | Self::PushTelemetry
            | Self::AssignReplicasToDirs
            | Self::DescribeTopicPartitions
            | Self::RemoveRaftVoter
            | Self::UpdateRaftVoter
            | Self::InitializeShareGroupState
            | Self::ReadShareGroupState
            | Self::DeleteShareGroupState
            | Self::StreamsGroupHeartbeat
            | Self::StreamsGroupDescribe
            | Self::AlterShareGroupOffsets
            | Self::DeleteShareGroupOffsets => RangeInclusive::new(0, 0),
            Self::AlterPartition => RangeInclusive::new(2, 3),
            Self::ShareGroupHeartbeat | Self::ShareGroupDescribe => RangeInclusive::new(1, 1),
        }
    }

    /// The request header of a version, also of one that is too new.
    pub const fn request_header_version(self, version: i16) -> i16 {
        match self {
            Self::Produce | Self::Metadata => {
                if version >= 9 {
                    2
                } else {
                    1
                }
            }
            Self::Fetch => {
                if version >= 12 {
                    2
                } else {
                    1
                }
            }
            Self::ListOffsets | Self::OffsetFetch | Self::JoinGroup => {
                if version >= 6 {
                    2
                } else {
                    1
                }
            }
            Self::OffsetCommit => {
                if version >= 8 {
                    2
                } else {
                    1
                }
            }
            Self::FindCoordinator
            | Self::ListGroups
            | Self::ApiVersions
            | Self::AddPartitionsToTxn
            | Self::AddOffsetsToTxn
            | Self::EndTxn
            | Self::TxnOffsetCommit => {
                if version >= 3 {
                    2
                } else {
                    1
                }
            }
            Self::Heartbeat
            | Self::LeaveGroup
            | Self::SyncGroup
            | Self::DeleteTopics
            | Self::OffsetForLeaderEpoch
            | Self::DescribeConfigs => {
                if version >= 4 {
                    2
                } else {
                    1
                }
            }
            Self::DescribeGroups | Self::CreateTopics => {
                if version >= 5 {
                    2
                } else {
                    1
                }
            }
            Self::SaslHandshake | Self::OffsetDelete => 1,
            Self::DeleteRecords
            | Self::InitProducerId
            | Self::DescribeAcls
            | Self::CreateAcls
            | Self::DeleteAcls
            | Self::AlterConfigs
            | Self::AlterReplicaLogDirs
            | Self::DescribeLogDirs
            | Self::SaslAuthenticate
            | Self::CreatePartitions
            | Self::CreateDelegationToken
            | Self::RenewDelegationToken
            | Self::ExpireDelegationToken
            | Self::DescribeDelegationToken
            | Self::DeleteGroups
            | Self::ElectLeaders => {
                if version >= 2 {
                    2
                } else {
                    1
                }
            }
            Self::WriteTxnMarkers
            | Self::AlterPartitionReassignments
            | Self::ListPartitionReassignments
            | Self::DescribeUserScramCredentials
            | Self::AlterUserScramCredentials
            | Self::Vote
            | Self::DescribeQuorum
            | Self::AlterPartition
            | Self::UpdateFeatures
            | Self::Envelope
            | Self::FetchSnapshot
            | Self::DescribeCluster
            | Self::DescribeProducers
            | Self::BrokerRegistration
            | Self::BrokerHeartbeat
            | Self::UnregisterBroker
            | Self::DescribeTransactions
            | Self::ListTransactions
            | Self::AllocateProducerIds
            | Self::ConsumerGroupHeartbeat
            | Self::ConsumerGroupDescribe
            | Self::ControllerRegistration
            | Self::GetTelemetrySubscriptions
            | Self::PushTelemetry
            | Self::AssignReplicasToDirs
            | Self::ListConfigResources
            | Self::DescribeTopicPartitions
            | Self::ShareGroupHeartbeat
            | Self::ShareGroupDescribe
            | Self::ShareFetch
            | Self::ShareAcknowledge
            | Self::AddRaftVoter
            | Self::RemoveRaftVoter
            | Self::UpdateRaftVoter
            | Self::InitializeShareGroupState
            | Self::ReadShareGroupState
            | Self::WriteShareGroupState
            | Self::DeleteShareGroupState
            | Self::ReadShareGroupStateSummary
            | Self::StreamsGroupHeartbeat
            | Self::StreamsGroupDescribe
            | Self::DescribeShareGroupOffsets
            | Self::AlterShareGroupOffsets
            | Self::DeleteShareGroupOffsets => 2,
            Self::IncrementalAlterConfigs
            | Self::DescribeClientQuotas
            | Self::AlterClientQuotas
            | Self::BeginQuorumEpoch
            | Self::EndQuorumEpoch => {
                if version >= 1 {
                    2
                } else {
                    1
                }
            }
        }
    }

    /// The response header of a version.
    pub const fn response_header_version(self, version: i16) -> i16 {
        match self {
            Self::Produce | Self::Metadata => {
                if version >= 9 {
                    1
                } else {
                    0
                }
            }
            Self::Fetch => {
                if version >= 12 {
                    1
                } else {
                    0
                }
            }
            Self::ListOffsets | Self::OffsetFetch | Self::JoinGroup => {
                if version >= 6 {
                    1
                } else {
                    0
                }
            }
            Self::OffsetCommit => {
                if version >= 8 {
                    1
                } else {
                    0
                }
            }
            Self::FindCoordinator
            | Self::ListGroups
            | Self::AddPartitionsToTxn
            | Self::AddOffsetsToTxn
            | Self::EndTxn
            | Self::TxnOffsetCommit => {
                if version >= 3 {
                    1
                } else {
                    0
                }
            }
            Self::Heartbeat
            | Self::LeaveGroup
            | Self::SyncGroup
            | Self::DeleteTopics
            | Self::OffsetForLeaderEpoch
            | Self::DescribeConfigs => {
                if version >= 4 {
                    1
                } else {
                    0
                }
            }
            Self::DescribeGroups | Self::CreateTopics => {
                if version >= 5 {
                    1
                } else {
                    0
                }
            }
            Self::SaslHandshake | Self::ApiVersions | Self::OffsetDelete => 0,
            Self::DeleteRecords
            | Self::InitProducerId
            | Self::DescribeAcls
            | Self::CreateAcls
            | Self::DeleteAcls
            | Self::AlterConfigs
            | Self::AlterReplicaLogDirs
            | Self::DescribeLogDirs
            | Self::SaslAuthenticate
            | Self::CreatePartitions
            | Self::CreateDelegationToken
            | Self::RenewDelegationToken
            | Self::ExpireDelegationToken
            | Self::DescribeDelegationToken
            | Self::DeleteGroups
            | Self::ElectLeaders => {
                if version >= 2 {
                    1
                } else {
                    0
                }
            }
            Self::WriteTxnMarkers
            | Self::AlterPartitionReassignments
            | Self::ListPartitionReassignments
            | Self::DescribeUserScramCredentials
            | Self::AlterUserScramCredentials
            | Self::Vote
            | Self::DescribeQuorum
            | Self::AlterPartition
            | Self::UpdateFeatures
            | Self::Envelope
            | Self::FetchSnapshot
            | Self::DescribeCluster
            | Self::DescribeProducers
            | Self::BrokerRegistration
            | Self::BrokerHeartbeat
            | Self::UnregisterBroker
            | Self::DescribeTransactions
            | Self::ListTransactions
            | Self::AllocateProducerIds
            | Self::ConsumerGroupHeartbeat
            | Self::ConsumerGroupDescribe
            | Self::ControllerRegistration
            | Self::GetTelemetrySubscriptions
            | Self::PushTelemetry
            | Self::AssignReplicasToDirs
            | Self::ListConfigResources
            | Self::DescribeTopicPartitions
            | Self::ShareGroupHeartbeat
            | Self::ShareGroupDescribe
            | Self::ShareFetch
            | Self::ShareAcknowledge
            | Self::AddRaftVoter
            | Self::RemoveRaftVoter
            | Self::UpdateRaftVoter
            | Self::InitializeShareGroupState
            | Self::ReadShareGroupState
            | Self::WriteShareGroupState
            | Self::DeleteShareGroupState
            | Self::ReadShareGroupStateSummary
            | Self::StreamsGroupHeartbeat
            | Self::StreamsGroupDescribe
            | Self::DescribeShareGroupOffsets
            | Self::AlterShareGroupOffsets
            | Self::DeleteShareGroupOffsets => 1,
            Self::IncrementalAlterConfigs
            | Self::DescribeClientQuotas
            | Self::AlterClientQuotas
            | Self::BeginQuorumEpoch
            | Self::EndQuorumEpoch => {
                if version >= 1 {
                    1
                } else {
                    0
                }
            }
        }
    }
}
