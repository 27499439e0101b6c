// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct FetchRequest<'a> {
        /// Versions 12 and up, tag 0.
        pub cluster_id: Option<Str<'a>>,
        /// Versions 4 to 14.
        pub replica_id: i32,
        /// Versions 15 and up, tag 1.
        pub replica_state: ReplicaState,
        pub max_wait_ms: i32,
        pub min_bytes: i32,
        pub max_bytes: i32,
        pub isolation_level: i8,
        /// Versions 7 and up.
        pub session_id: i32,
        /// Versions 7 and up.
        pub session_epoch: i32,
        pub topics: Array<'a, Topics<'a>>,
        /// Versions 7 and up.
        pub forgotten_topics_data: Array<'a, ForgottenTopicsData<'a>>,
        /// Versions 11 and up.
        pub rack_id: Str<'a>,
    }

    impl Default for FetchRequest<'_> {
        fn default() -> Self {
            Self {
                cluster_id: Default::default(),
                replica_id: -1,
                replica_state: Default::default(),
                max_wait_ms: Default::default(),
                min_bytes: Default::default(),
                max_bytes: i32::MAX,
                isolation_level: Default::default(),
                session_id: Default::default(),
                session_epoch: -1,
                topics: Default::default(),
                forgotten_topics_data: Default::default(),
                rack_id: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for FetchRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(4..=18).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 12;
            let mut cluster_id: Option<Str<'a>> = Default::default();
            let replica_id = if v <= 14 { r.i32()? } else { -1 };
            let mut replica_state: ReplicaState = Default::default();
            let max_wait_ms = r.i32()?;
            let min_bytes = r.i32()?;
            let max_bytes = r.i32()?;
            let isolation_level = r.i8()?;
            let session_id = if v >= 7 { r.i32()? } else { Default::default() };
            let session_epoch = if v >= 7 { r.i32()? } else { -1 };
            let topics = r.array(Form { version: v, flexible: flex })?;
            let forgotten_topics_data = if v >= 7 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let rack_id = if v >= 11 { r.string(flex)? } else { Default::default() };
            if flex {
                for _ in 0..r.tag_count()? {
                    let (tag, mut p) = r.tag()?;
                    match tag {
                        0 => cluster_id = p.string_or_null(flex)?,
                        1 if v >= 15 => replica_state = ReplicaState::decode(&mut p, v)?,
                        _ => continue,
                    }
                    p.finish_tag(tag)?;
                }
            }
            Ok(Self {
                cluster_id,
                replica_id,
                replica_state,
                max_wait_ms,
                min_bytes,
                max_bytes,
                isolation_level,
                session_id,
                session_epoch,
                topics,
                forgotten_topics_data,
                rack_id,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            if v <= 14 {
                w.i32(self.replica_id);
            }
            w.i32(self.max_wait_ms);
            w.i32(self.min_bytes);
            w.i32(self.max_bytes);
            w.i8(self.isolation_level);
            if v >= 7 {
                w.i32(self.session_id);
            }
            if v >= 7 {
                w.i32(self.session_epoch);
            }
            w.array(&self.topics, Form { version: v, flexible: flex });
            if v >= 7 {
                w.array(&self.forgotten_topics_data, Form { version: v, flexible: flex });
            }
            if v >= 11 {
                w.string(&self.rack_id, flex);
            }
            if flex {
                let set_0 = self.cluster_id.is_some();
                let set_1 = v >= 15 && self.replica_state != ReplicaState::default();
                w.tag_count(u32::from(set_0) + u32::from(set_1));
                if set_0 {
                    w.tag(0, |w| {
                        w.string_or_null(self.cluster_id.as_deref(), flex);
                    });
                }
                if set_1 {
                    w.tag(1, |w| {
                        self.replica_state.encode(w, v);
                    });
                }
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct ReplicaState {
        /// Versions 15 and up.
        pub replica_id: i32,
        /// Versions 15 and up.
        pub replica_epoch: i64,
    }

    impl Default for ReplicaState {
        fn default() -> Self {
            Self { replica_id: -1, replica_epoch: -1 }
        }
    }

    impl<'a> Message<'a> for ReplicaState {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let replica_id = if v >= 15 { r.i32()? } else { -1 };
            let replica_epoch = if v >= 15 { r.i64()? } else { -1 };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { replica_id, replica_epoch })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            if v >= 15 {
                w.i32(self.replica_id);
            }
            if v >= 15 {
                w.i64(self.replica_epoch);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        /// Versions 4 to 12.
        pub topic: Str<'a>,
        /// Versions 13 and up.
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let topic = if v <= 12 { r.string(flex)? } else { Default::default() };
            let topic_id = if v >= 13 { r.uuid()? } else { Default::default() };
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic, topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            if v <= 12 {
                w.string(&self.topic, flex);
            }
            if v >= 13 {
                w.uuid(self.topic_id);
            }
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions {
        pub partition: i32,
        /// Versions 9 and up.
        pub current_leader_epoch: i32,
        pub fetch_offset: i64,
        /// Versions 12 and up.
        pub last_fetched_epoch: i32,
        /// Versions 5 and up.
        pub log_start_offset: i64,
        pub partition_max_bytes: i32,
        /// Versions 17 and up, tag 0.
        pub replica_directory_id: Uuid,
        /// Version 18, tag 1.
        pub high_watermark: i64,
    }

    impl Default for Partitions {
        fn default() -> Self {
            Self {
                partition: Default::default(),
                current_leader_epoch: -1,
                fetch_offset: Default::default(),
                last_fetched_epoch: -1,
                log_start_offset: -1,
                partition_max_bytes: Default::default(),
                replica_directory_id: Default::default(),
                high_watermark: i64::MAX,
            }
        }
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let partition = r.i32()?;
            let current_leader_epoch = if v >= 9 { r.i32()? } else { -1 };
            let fetch_offset = r.i64()?;
            let last_fetched_epoch = if v >= 12 { r.i32()? } else { -1 };
            let log_start_offset = if v >= 5 { r.i64()? } else { -1 };
            let partition_max_bytes = r.i32()?;
            let mut replica_directory_id: Uuid = Default::default();
            let mut high_watermark: i64 = i64::MAX;
            if flex {
                for _ in 0..r.tag_count()? {
                    let (tag, mut p) = r.tag()?;
                    match tag {
                        0 if v >= 17 => replica_directory_id = p.uuid()?,
                        1 if v >= 18 => high_watermark = p.i64()?,
                        _ => continue,
                    }
                    p.finish_tag(tag)?;
                }
            }
            Ok(Self {
                partition,
                current_leader_epoch,
                fetch_offset,
                last_fetched_epoch,
                log_start_offset,
                partition_max_bytes,
                replica_directory_id,
                high_watermark,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            w.i32(self.partition);
            if v >= 9 {
                w.i32(self.current_leader_epoch);
            }
            w.i64(self.fetch_offset);
            if v >= 12 {
                w.i32(self.last_fetched_epoch);
            }
            if v >= 5 {
                w.i64(self.log_start_offset);
            }
            w.i32(self.partition_max_bytes);
            if flex {
                let set_0 = v >= 17 && !self.replica_directory_id.is_zero();
                let set_1 = v >= 18 && self.high_watermark != i64::MAX;
                w.tag_count(u32::from(set_0) + u32::from(set_1));
                if set_0 {
                    w.tag(0, |w| {
                        w.uuid(self.replica_directory_id);
                    });
                }
                if set_1 {
                    w.tag(1, |w| {
                        w.i64(self.high_watermark);
                    });
                }
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ForgottenTopicsData<'a> {
        /// Versions 7 to 12.
        pub topic: Str<'a>,
        /// Versions 13 and up.
        pub topic_id: Uuid,
        /// Versions 7 and up.
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for ForgottenTopicsData<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let topic = if (7..=12).contains(&v) { r.string(flex)? } else { Default::default() };
            let topic_id = if v >= 13 { r.uuid()? } else { Default::default() };
            let partitions = if v >= 7 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic, topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            if (7..=12).contains(&v) {
                w.string(&self.topic, flex);
            }
            if v >= 13 {
                w.uuid(self.topic_id);
            }
            if v >= 7 {
                w.array(&self.partitions, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Records, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct FetchResponse<'a> {
        pub throttle_time_ms: i32,
        /// Versions 7 and up.
        pub error_code: i16,
        /// Versions 7 and up.
        pub session_id: i32,
        pub responses: Array<'a, Responses<'a>>,
        /// Versions 16 and up, tag 0.
        pub node_endpoints: Array<'a, NodeEndpoints<'a>>,
    }

    impl<'a> Message<'a> for FetchResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(4..=18).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 12;
            let throttle_time_ms = r.i32()?;
            let error_code = if v >= 7 { r.i16()? } else { Default::default() };
            let session_id = if v >= 7 { r.i32()? } else { Default::default() };
            let responses = r.array(Form { version: v, flexible: flex })?;
            let mut node_endpoints: Array<'a, NodeEndpoints<'a>> = Default::default();
            if flex {
                for _ in 0..r.tag_count()? {
                    let (tag, mut p) = r.tag()?;
                    match tag {
                        0 if v >= 16 => {
                            node_endpoints = p.array(Form { version: v, flexible: flex })?
                        }
                        _ => continue,
                    }
                    p.finish_tag(tag)?;
                }
            }
            Ok(Self { throttle_time_ms, error_code, session_id, responses, node_endpoints })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            w.i32(self.throttle_time_ms);
            if v >= 7 {
                w.i16(self.error_code);
            }
            if v >= 7 {
                w.i32(self.session_id);
            }
            w.array(&self.responses, Form { version: v, flexible: flex });
            if flex {
                let set_0 = v >= 16 && !self.node_endpoints.is_empty();
                w.tag_count(u32::from(set_0));
                if set_0 {
                    w.tag(0, |w| {
                        w.array(&self.node_endpoints, Form { version: v, flexible: flex });
                    });
                }
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Responses<'a> {
        /// Versions 4 to 12.
        pub topic: Str<'a>,
        /// Versions 13 and up.
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Responses<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let topic = if v <= 12 { r.string(flex)? } else { Default::default() };
            let topic_id = if v >= 13 { r.uuid()? } else { Default::default() };
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic, topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            if v <= 12 {
                w.string(&self.topic, flex);
            }
            if v >= 13 {
                w.uuid(self.topic_id);
            }
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub error_code: i16,
        pub high_watermark: i64,
        pub last_stable_offset: i64,
        /// Versions 5 and up.
        pub log_start_offset: i64,
        /// Versions 12 and up, tag 0.
        pub diverging_epoch: DivergingEpoch,
        /// Versions 12 and up, tag 1.
        pub current_leader: CurrentLeader,
        /// Versions 12 and up, tag 2.
        pub snapshot_id: SnapshotId,
        pub aborted_transactions: Option<Array<'a, AbortedTransactions>>,
        /// Versions 11 and up.
        pub preferred_read_replica: i32,
        pub records: Option<Records<'a>>,
    }

    impl Default for Partitions<'_> {
        fn default() -> Self {
            Self {
                partition_index: Default::default(),
                error_code: Default::default(),
                high_watermark: Default::default(),
                last_stable_offset: -1,
                log_start_offset: -1,
                diverging_epoch: Default::default(),
                current_leader: Default::default(),
                snapshot_id: Default::default(),
                aborted_transactions: Some(Default::default()),
                preferred_read_replica: -1,
                records: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let high_watermark = r.i64()?;
            let last_stable_offset = r.i64()?;
            let log_start_offset = if v >= 5 { r.i64()? } else { -1 };
            let mut diverging_epoch: DivergingEpoch = Default::default();
            let mut current_leader: CurrentLeader = Default::default();
            let mut snapshot_id: SnapshotId = Default::default();
            let aborted_transactions = r.array_or_null(Form { version: v, flexible: flex })?;
            let preferred_read_replica = if v >= 11 { r.i32()? } else { -1 };
            let records = r.records_or_null(flex)?;
            if flex {
                for _ in 0..r.tag_count()? {
                    let (tag, mut p) = r.tag()?;
                    match tag {
                        0 => diverging_epoch = DivergingEpoch::decode(&mut p, v)?,
                        1 => current_leader = CurrentLeader::decode(&mut p, v)?,
                        2 => snapshot_id = SnapshotId::decode(&mut p, v)?,
                        _ => continue,
                    }
                    p.finish_tag(tag)?;
                }
            }
            Ok(Self {
                partition_index,
                error_code,
                high_watermark,
                last_stable_offset,
                log_start_offset,
                diverging_epoch,
                current_leader,
                snapshot_id,
                aborted_transactions,
                preferred_read_replica,
                records,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.i64(self.high_watermark);
            w.i64(self.last_stable_offset);
            if v >= 5 {
                w.i64(self.log_start_offset);
            }
            w.array_or_null(
                self.aborted_transactions.as_ref(),
                Form { version: v, flexible: flex },
            );
            if v >= 11 {
                w.i32(self.preferred_read_replica);
            }
            w.records_or_null(self.records.as_ref(), flex);
            if flex {
                let set_0 = self.diverging_epoch != DivergingEpoch::default();
                let set_1 = self.current_leader != CurrentLeader::default();
                let set_2 = self.snapshot_id != SnapshotId::default();
                w.tag_count(u32::from(set_0) + u32::from(set_1) + u32::from(set_2));
                if set_0 {
                    w.tag(0, |w| {
                        self.diverging_epoch.encode(w, v);
                    });
                }
                if set_1 {
                    w.tag(1, |w| {
                        self.current_leader.encode(w, v);
                    });
                }
                if set_2 {
                    w.tag(2, |w| {
                        self.snapshot_id.encode(w, v);
                    });
                }
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct DivergingEpoch {
        /// Versions 12 and up.
        pub epoch: i32,
        /// Versions 12 and up.
        pub end_offset: i64,
    }

    impl Default for DivergingEpoch {
        fn default() -> Self {
            Self { epoch: -1, end_offset: -1 }
        }
    }

    impl<'a> Message<'a> for DivergingEpoch {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let epoch = if v >= 12 { r.i32()? } else { -1 };
            let end_offset = if v >= 12 { r.i64()? } else { -1 };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { epoch, end_offset })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            if v >= 12 {
                w.i32(self.epoch);
            }
            if v >= 12 {
                w.i64(self.end_offset);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct CurrentLeader {
        /// Versions 12 and up.
        pub leader_id: i32,
        /// Versions 12 and up.
        pub leader_epoch: i32,
    }

    impl Default for CurrentLeader {
        fn default() -> Self {
            Self { leader_id: -1, leader_epoch: -1 }
        }
    }

    impl<'a> Message<'a> for CurrentLeader {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let leader_id = if v >= 12 { r.i32()? } else { -1 };
            let leader_epoch = if v >= 12 { r.i32()? } else { -1 };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { leader_id, leader_epoch })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            if v >= 12 {
                w.i32(self.leader_id);
            }
            if v >= 12 {
                w.i32(self.leader_epoch);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct SnapshotId {
        /// Versions 12 and up.
        pub end_offset: i64,
        /// Versions 12 and up.
        pub epoch: i32,
    }

    impl Default for SnapshotId {
        fn default() -> Self {
            Self { end_offset: -1, epoch: -1 }
        }
    }

    impl<'a> Message<'a> for SnapshotId {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let end_offset = if v >= 12 { r.i64()? } else { -1 };
            let epoch = if v >= 12 { r.i32()? } else { -1 };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { end_offset, epoch })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            if v >= 12 {
                w.i64(self.end_offset);
            }
            if v >= 12 {
                w.i32(self.epoch);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AbortedTransactions {
        pub producer_id: i64,
        pub first_offset: i64,
    }

    impl<'a> Message<'a> for AbortedTransactions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let producer_id = r.i64()?;
            let first_offset = r.i64()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { producer_id, first_offset })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            w.i64(self.producer_id);
            w.i64(self.first_offset);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct NodeEndpoints<'a> {
        /// Versions 16 and up.
        pub node_id: i32,
        /// Versions 16 and up.
        pub host: Str<'a>,
        /// Versions 16 and up.
        pub port: i32,
        /// Versions 16 and up.
        pub rack: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for NodeEndpoints<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 12;
            let node_id = if v >= 16 { r.i32()? } else { Default::default() };
            let host = if v >= 16 { r.string(flex)? } else { Default::default() };
            let port = if v >= 16 { r.i32()? } else { Default::default() };
            let rack = if v >= 16 { r.string_or_null(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { node_id, host, port, rack })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 12;
            if v >= 16 {
                w.i32(self.node_id);
            }
            if v >= 16 {
                w.string(&self.host, flex);
            }
            if v >= 16 {
                w.i32(self.port);
            }
            if v >= 16 {
                w.string_or_null(self.rack.as_deref(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
