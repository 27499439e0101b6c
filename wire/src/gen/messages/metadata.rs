// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct MetadataRequest<'a> {
        /// Nullable in versions 1 and up.
        pub topics: Option<Array<'a, Topics<'a>>>,
        /// Versions 4 and up.
        pub allow_auto_topic_creation: bool,
        /// Versions 8 to 10.
        pub include_cluster_authorized_operations: bool,
        /// Versions 8 and up.
        pub include_topic_authorized_operations: bool,
    }

    impl Default for MetadataRequest<'_> {
        fn default() -> Self {
            Self {
                topics: Some(Default::default()),
                allow_auto_topic_creation: true,
                include_cluster_authorized_operations: Default::default(),
                include_topic_authorized_operations: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for MetadataRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=13).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 9;
            let topics = if v >= 1 {
                r.array_or_null(Form { version: v, flexible: flex })?
            } else {
                Some(r.array(Form { version: v, flexible: flex })?)
            };
            let allow_auto_topic_creation = if v >= 4 { r.bool()? } else { true };
            let include_cluster_authorized_operations =
                if (8..=10).contains(&v) { r.bool()? } else { Default::default() };
            let include_topic_authorized_operations =
                if v >= 8 { r.bool()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                topics,
                allow_auto_topic_creation,
                include_cluster_authorized_operations,
                include_topic_authorized_operations,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            if v >= 1 {
                w.array_or_null(self.topics.as_ref(), Form { version: v, flexible: flex });
            } else {
                match &self.topics {
                    Some(x) => {
                        w.array(x, Form { version: v, flexible: flex });
                    }
                    None => {
                        w.array(
                            &Array::<'a, Topics<'a>>::default(),
                            Form { version: v, flexible: flex },
                        );
                    }
                }
            }
            if v >= 4 {
                w.bool(self.allow_auto_topic_creation);
            }
            if (8..=10).contains(&v) {
                w.bool(self.include_cluster_authorized_operations);
            }
            if v >= 8 {
                w.bool(self.include_topic_authorized_operations);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Topics<'a> {
        /// Versions 10 and up.
        pub topic_id: Uuid,
        /// Nullable in versions 10 and up.
        pub name: Option<Str<'a>>,
    }

    impl Default for Topics<'_> {
        fn default() -> Self {
            Self { topic_id: Default::default(), name: Some(Default::default()) }
        }
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let topic_id = if v >= 10 { r.uuid()? } else { Default::default() };
            let name = if v >= 10 { r.string_or_null(flex)? } else { Some(r.string(flex)?) };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic_id, name })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            if v >= 10 {
                w.uuid(self.topic_id);
            }
            if v >= 10 {
                w.string_or_null(self.name.as_deref(), flex);
            } else {
                w.string(self.name.as_deref().unwrap_or_default(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct MetadataResponse<'a> {
        /// Versions 3 and up.
        pub throttle_time_ms: i32,
        pub brokers: Array<'a, Brokers<'a>>,
        /// Versions 2 and up.
        pub cluster_id: Option<Str<'a>>,
        /// Versions 1 and up.
        pub controller_id: i32,
        pub topics: Array<'a, Topics<'a>>,
        /// Versions 8 to 10.
        pub cluster_authorized_operations: i32,
        /// Version 13.
        pub error_code: i16,
    }

    impl Default for MetadataResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                brokers: Default::default(),
                cluster_id: Default::default(),
                controller_id: -1,
                topics: Default::default(),
                cluster_authorized_operations: i32::MIN,
                error_code: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for MetadataResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=13).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 9;
            let throttle_time_ms = if v >= 3 { r.i32()? } else { Default::default() };
            let brokers = r.array(Form { version: v, flexible: flex })?;
            let cluster_id = if v >= 2 { r.string_or_null(flex)? } else { Default::default() };
            let controller_id = if v >= 1 { r.i32()? } else { -1 };
            let topics = r.array(Form { version: v, flexible: flex })?;
            let cluster_authorized_operations =
                if (8..=10).contains(&v) { r.i32()? } else { i32::MIN };
            let error_code = if v >= 13 { r.i16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                throttle_time_ms,
                brokers,
                cluster_id,
                controller_id,
                topics,
                cluster_authorized_operations,
                error_code,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            if v >= 3 {
                w.i32(self.throttle_time_ms);
            }
            w.array(&self.brokers, Form { version: v, flexible: flex });
            if v >= 2 {
                w.string_or_null(self.cluster_id.as_deref(), flex);
            }
            if v >= 1 {
                w.i32(self.controller_id);
            }
            w.array(&self.topics, Form { version: v, flexible: flex });
            if (8..=10).contains(&v) {
                w.i32(self.cluster_authorized_operations);
            }
            if v >= 13 {
                w.i16(self.error_code);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Brokers<'a> {
        pub node_id: i32,
        pub host: Str<'a>,
        pub port: i32,
        /// Versions 1 and up.
        pub rack: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for Brokers<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let node_id = r.i32()?;
            let host = r.string(flex)?;
            let port = r.i32()?;
            let rack = if v >= 1 { r.string_or_null(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { node_id, host, port, rack })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            w.i32(self.node_id);
            w.string(&self.host, flex);
            w.i32(self.port);
            if v >= 1 {
                w.string_or_null(self.rack.as_deref(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Topics<'a> {
        pub error_code: i16,
        /// Nullable in versions 12 and up.
        pub name: Option<Str<'a>>,
        /// Versions 10 and up.
        pub topic_id: Uuid,
        /// Versions 1 and up.
        pub is_internal: bool,
        pub partitions: Array<'a, Partitions<'a>>,
        /// Versions 8 and up.
        pub topic_authorized_operations: i32,
    }

    impl Default for Topics<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                name: Some(Default::default()),
                topic_id: Default::default(),
                is_internal: Default::default(),
                partitions: Default::default(),
                topic_authorized_operations: i32::MIN,
            }
        }
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let error_code = r.i16()?;
            let name = if v >= 12 { r.string_or_null(flex)? } else { Some(r.string(flex)?) };
            let topic_id = if v >= 10 { r.uuid()? } else { Default::default() };
            let is_internal = if v >= 1 { r.bool()? } else { Default::default() };
            let partitions = r.array(Form { version: v, flexible: flex })?;
            let topic_authorized_operations = if v >= 8 { r.i32()? } else { i32::MIN };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                error_code,
                name,
                topic_id,
                is_internal,
                partitions,
                topic_authorized_operations,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            w.i16(self.error_code);
            if v >= 12 {
                w.string_or_null(self.name.as_deref(), flex);
            } else {
                w.string(self.name.as_deref().unwrap_or_default(), flex);
            }
            if v >= 10 {
                w.uuid(self.topic_id);
            }
            if v >= 1 {
                w.bool(self.is_internal);
            }
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if v >= 8 {
                w.i32(self.topic_authorized_operations);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Partitions<'a> {
        pub error_code: i16,
        pub partition_index: i32,
        pub leader_id: i32,
        /// Versions 7 and up.
        pub leader_epoch: i32,
        pub replica_nodes: Array<'a, i32>,
        pub isr_nodes: Array<'a, i32>,
        /// Versions 5 and up.
        pub offline_replicas: Array<'a, i32>,
    }

    impl Default for Partitions<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                partition_index: Default::default(),
                leader_id: Default::default(),
                leader_epoch: -1,
                replica_nodes: Default::default(),
                isr_nodes: Default::default(),
                offline_replicas: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 9;
            let error_code = r.i16()?;
            let partition_index = r.i32()?;
            let leader_id = r.i32()?;
            let leader_epoch = if v >= 7 { r.i32()? } else { -1 };
            let replica_nodes = r.array(Form { version: v, flexible: flex })?;
            let isr_nodes = r.array(Form { version: v, flexible: flex })?;
            let offline_replicas = if v >= 5 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                error_code,
                partition_index,
                leader_id,
                leader_epoch,
                replica_nodes,
                isr_nodes,
                offline_replicas,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 9;
            w.i16(self.error_code);
            w.i32(self.partition_index);
            w.i32(self.leader_id);
            if v >= 7 {
                w.i32(self.leader_epoch);
            }
            w.array(&self.replica_nodes, Form { version: v, flexible: flex });
            w.array(&self.isr_nodes, Form { version: v, flexible: flex });
            if v >= 5 {
                w.array(&self.offline_replicas, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
