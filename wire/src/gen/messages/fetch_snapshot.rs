// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct FetchSnapshotRequest<'a> {
        /// Tag 0.
        pub cluster_id: Option<Str<'a>>,
        pub replica_id: i32,
        pub max_bytes: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl Default for FetchSnapshotRequest<'_> {
        fn default() -> Self {
            Self {
                cluster_id: Default::default(),
                replica_id: -1,
                max_bytes: i32::MAX,
                topics: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for FetchSnapshotRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let mut cluster_id: Option<Str<'a>> = Default::default();
            let replica_id = r.i32()?;
            let max_bytes = r.i32()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            for _ in 0..r.tag_count()? {
                let (tag, mut p) = r.tag()?;
                match tag {
                    0 => cluster_id = p.string_or_null(true)?,
                    _ => continue,
                }
                p.finish_tag(tag)?;
            }
            Ok(Self { cluster_id, replica_id, max_bytes, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.replica_id);
            w.i32(self.max_bytes);
            w.array(&self.topics, Form { version: v, flexible: true });
            let set_0 = self.cluster_id.is_some();
            w.tag_count(u32::from(set_0));
            if set_0 {
                w.tag(0, |w| {
                    w.string_or_null(self.cluster_id.as_deref(), true);
                });
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions {
        pub partition: i32,
        pub current_leader_epoch: i32,
        pub snapshot_id: SnapshotId,
        pub position: i64,
        /// Version 1, tag 0.
        pub replica_directory_id: Uuid,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition = r.i32()?;
            let current_leader_epoch = r.i32()?;
            let snapshot_id = SnapshotId::decode(r, v)?;
            let position = r.i64()?;
            let mut replica_directory_id: Uuid = Default::default();
            for _ in 0..r.tag_count()? {
                let (tag, mut p) = r.tag()?;
                match tag {
                    0 if v >= 1 => replica_directory_id = p.uuid()?,
                    _ => continue,
                }
                p.finish_tag(tag)?;
            }
            Ok(Self {
                partition,
                current_leader_epoch,
                snapshot_id,
                position,
                replica_directory_id,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition);
            w.i32(self.current_leader_epoch);
            self.snapshot_id.encode(w, v);
            w.i64(self.position);
            let set_0 = v >= 1 && !self.replica_directory_id.is_zero();
            w.tag_count(u32::from(set_0));
            if set_0 {
                w.tag(0, |w| {
                    w.uuid(self.replica_directory_id);
                });
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct SnapshotId {
        pub end_offset: i64,
        pub epoch: i32,
    }

    impl<'a> Message<'a> for SnapshotId {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let end_offset = r.i64()?;
            let epoch = r.i32()?;
            r.skip_tags()?;
            Ok(Self { end_offset, epoch })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i64(self.end_offset);
            w.i32(self.epoch);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Records, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct FetchSnapshotResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub topics: Array<'a, Topics<'a>>,
        /// Version 1, tag 0.
        pub node_endpoints: Array<'a, NodeEndpoints<'a>>,
    }

    impl<'a> Message<'a> for FetchSnapshotResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            let mut node_endpoints: Array<'a, NodeEndpoints<'a>> = Default::default();
            for _ in 0..r.tag_count()? {
                let (tag, mut p) = r.tag()?;
                match tag {
                    0 if v >= 1 => node_endpoints = p.array(Form { version: v, flexible: true })?,
                    _ => continue,
                }
                p.finish_tag(tag)?;
            }
            Ok(Self { throttle_time_ms, error_code, topics, node_endpoints })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.array(&self.topics, Form { version: v, flexible: true });
            let set_0 = v >= 1 && !self.node_endpoints.is_empty();
            w.tag_count(u32::from(set_0));
            if set_0 {
                w.tag(0, |w| {
                    w.array(&self.node_endpoints, Form { version: v, flexible: true });
                });
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions<'a> {
        pub index: i32,
        pub error_code: i16,
        pub snapshot_id: SnapshotId,
        /// Tag 0.
        pub current_leader: CurrentLeader,
        pub size: i64,
        pub position: i64,
        pub unaligned_records: Option<Records<'a>>,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let index = r.i32()?;
            let error_code = r.i16()?;
            let snapshot_id = SnapshotId::decode(r, v)?;
            let mut current_leader: CurrentLeader = Default::default();
            let size = r.i64()?;
            let position = r.i64()?;
            let unaligned_records = r.records_or_null(true)?;
            for _ in 0..r.tag_count()? {
                let (tag, mut p) = r.tag()?;
                match tag {
                    0 => current_leader = CurrentLeader::decode(&mut p, v)?,
                    _ => continue,
                }
                p.finish_tag(tag)?;
            }
            Ok(Self {
                index,
                error_code,
                snapshot_id,
                current_leader,
                size,
                position,
                unaligned_records,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.index);
            w.i16(self.error_code);
            self.snapshot_id.encode(w, v);
            w.i64(self.size);
            w.i64(self.position);
            w.records_or_null(self.unaligned_records.as_ref(), true);
            let set_0 = self.current_leader != CurrentLeader::default();
            w.tag_count(u32::from(set_0));
            if set_0 {
                w.tag(0, |w| {
                    self.current_leader.encode(w, v);
                });
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct SnapshotId {
        pub end_offset: i64,
        pub epoch: i32,
    }

    impl<'a> Message<'a> for SnapshotId {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let end_offset = r.i64()?;
            let epoch = r.i32()?;
            r.skip_tags()?;
            Ok(Self { end_offset, epoch })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i64(self.end_offset);
            w.i32(self.epoch);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CurrentLeader {
        pub leader_id: i32,
        pub leader_epoch: i32,
    }

    impl<'a> Message<'a> for CurrentLeader {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let leader_id = r.i32()?;
            let leader_epoch = r.i32()?;
            r.skip_tags()?;
            Ok(Self { leader_id, leader_epoch })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.leader_id);
            w.i32(self.leader_epoch);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct NodeEndpoints<'a> {
        /// Version 1.
        pub node_id: i32,
        /// Version 1.
        pub host: Str<'a>,
        /// Version 1.
        pub port: u16,
    }

    impl<'a> Message<'a> for NodeEndpoints<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let node_id = if v >= 1 { r.i32()? } else { Default::default() };
            let host = if v >= 1 { r.string(true)? } else { Default::default() };
            let port = if v >= 1 { r.u16()? } else { Default::default() };
            r.skip_tags()?;
            Ok(Self { node_id, host, port })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            if v >= 1 {
                w.i32(self.node_id);
            }
            if v >= 1 {
                w.string(&self.host, true);
            }
            if v >= 1 {
                w.u16(self.port);
            }
            w.tag_count(0);
        }
    }
}
