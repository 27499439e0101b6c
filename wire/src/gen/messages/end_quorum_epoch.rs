// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct EndQuorumEpochRequest<'a> {
        pub cluster_id: Option<Str<'a>>,
        pub topics: Array<'a, Topics<'a>>,
        /// Version 1.
        pub leader_endpoints: Array<'a, LeaderEndpoints<'a>>,
    }

    impl<'a> Message<'a> for EndQuorumEpochRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 1;
            let cluster_id = r.string_or_null(flex)?;
            let topics = r.array(Form { version: v, flexible: flex })?;
            let leader_endpoints = if v >= 1 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { cluster_id, topics, leader_endpoints })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.string_or_null(self.cluster_id.as_deref(), flex);
            w.array(&self.topics, Form { version: v, flexible: flex });
            if v >= 1 {
                w.array(&self.leader_endpoints, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_name: Str<'a>,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let topic_name = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic_name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.string(&self.topic_name, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub leader_id: i32,
        pub leader_epoch: i32,
        /// Version 0.
        pub preferred_successors: Array<'a, i32>,
        /// Version 1.
        pub preferred_candidates: Array<'a, PreferredCandidates>,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let partition_index = r.i32()?;
            let leader_id = r.i32()?;
            let leader_epoch = r.i32()?;
            let preferred_successors = if v <= 0 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let preferred_candidates = if v >= 1 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                partition_index,
                leader_id,
                leader_epoch,
                preferred_successors,
                preferred_candidates,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.i32(self.partition_index);
            w.i32(self.leader_id);
            w.i32(self.leader_epoch);
            if v <= 0 {
                w.array(&self.preferred_successors, Form { version: v, flexible: flex });
            }
            if v >= 1 {
                w.array(&self.preferred_candidates, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct PreferredCandidates {
        /// Version 1.
        pub candidate_id: i32,
        /// Version 1.
        pub candidate_directory_id: Uuid,
    }

    impl<'a> Message<'a> for PreferredCandidates {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let candidate_id = if v >= 1 { r.i32()? } else { Default::default() };
            let candidate_directory_id = if v >= 1 { r.uuid()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { candidate_id, candidate_directory_id })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            if v >= 1 {
                w.i32(self.candidate_id);
            }
            if v >= 1 {
                w.uuid(self.candidate_directory_id);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct LeaderEndpoints<'a> {
        /// Version 1.
        pub name: Str<'a>,
        /// Version 1.
        pub host: Str<'a>,
        /// Version 1.
        pub port: u16,
    }

    impl<'a> Message<'a> for LeaderEndpoints<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let name = if v >= 1 { r.string(flex)? } else { Default::default() };
            let host = if v >= 1 { r.string(flex)? } else { Default::default() };
            let port = if v >= 1 { r.u16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, host, port })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            if v >= 1 {
                w.string(&self.name, flex);
            }
            if v >= 1 {
                w.string(&self.host, flex);
            }
            if v >= 1 {
                w.u16(self.port);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct EndQuorumEpochResponse<'a> {
        pub error_code: i16,
        pub topics: Array<'a, Topics<'a>>,
        /// Version 1, tag 0.
        pub node_endpoints: Array<'a, NodeEndpoints<'a>>,
    }

    impl<'a> Message<'a> for EndQuorumEpochResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 1;
            let error_code = r.i16()?;
            let topics = r.array(Form { version: v, flexible: flex })?;
            let mut node_endpoints: Array<'a, NodeEndpoints<'a>> = Default::default();
            if flex {
                for _ in 0..r.tag_count()? {
                    let (tag, mut p) = r.tag()?;
                    match tag {
                        0 => node_endpoints = p.array(Form { version: v, flexible: flex })?,
                        _ => continue,
                    }
                    p.finish_tag(tag)?;
                }
            }
            Ok(Self { error_code, topics, node_endpoints })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.i16(self.error_code);
            w.array(&self.topics, Form { version: v, flexible: flex });
            if flex {
                let set_0 = !self.node_endpoints.is_empty();
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
    pub struct Topics<'a> {
        pub topic_name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let topic_name = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic_name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.string(&self.topic_name, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions {
        pub partition_index: i32,
        pub error_code: i16,
        pub leader_id: i32,
        pub leader_epoch: i32,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let leader_id = r.i32()?;
            let leader_epoch = r.i32()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, error_code, leader_id, leader_epoch })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.i32(self.leader_id);
            w.i32(self.leader_epoch);
            if flex {
                w.tag_count(0);
            }
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
            let flex = v >= 1;
            let node_id = if v >= 1 { r.i32()? } else { Default::default() };
            let host = if v >= 1 { r.string(flex)? } else { Default::default() };
            let port = if v >= 1 { r.u16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { node_id, host, port })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            if v >= 1 {
                w.i32(self.node_id);
            }
            if v >= 1 {
                w.string(&self.host, flex);
            }
            if v >= 1 {
                w.u16(self.port);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
