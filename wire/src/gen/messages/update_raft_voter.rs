// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct UpdateRaftVoterRequest<'a> {
        pub cluster_id: Option<Str<'a>>,
        pub current_leader_epoch: i32,
        pub voter_id: i32,
        pub voter_directory_id: Uuid,
        pub listeners: Array<'a, Listeners<'a>>,
        pub kraft_version_feature: KraftVersionFeature,
    }

    impl Default for UpdateRaftVoterRequest<'_> {
        fn default() -> Self {
            Self {
                cluster_id: Some(Default::default()),
                current_leader_epoch: Default::default(),
                voter_id: Default::default(),
                voter_directory_id: Default::default(),
                listeners: Default::default(),
                kraft_version_feature: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for UpdateRaftVoterRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let cluster_id = r.string_or_null(true)?;
            let current_leader_epoch = r.i32()?;
            let voter_id = r.i32()?;
            let voter_directory_id = r.uuid()?;
            let listeners = r.array(Form { version: v, flexible: true })?;
            let kraft_version_feature = KraftVersionFeature::decode(r, v)?;
            r.skip_tags()?;
            Ok(Self {
                cluster_id,
                current_leader_epoch,
                voter_id,
                voter_directory_id,
                listeners,
                kraft_version_feature,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string_or_null(self.cluster_id.as_deref(), true);
            w.i32(self.current_leader_epoch);
            w.i32(self.voter_id);
            w.uuid(self.voter_directory_id);
            w.array(&self.listeners, Form { version: v, flexible: true });
            self.kraft_version_feature.encode(w, v);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Listeners<'a> {
        pub name: Str<'a>,
        pub host: Str<'a>,
        pub port: u16,
    }

    impl<'a> Message<'a> for Listeners<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let host = r.string(true)?;
            let port = r.u16()?;
            r.skip_tags()?;
            Ok(Self { name, host, port })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.name, true);
            w.string(&self.host, true);
            w.u16(self.port);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct KraftVersionFeature {
        pub min_supported_version: i16,
        pub max_supported_version: i16,
    }

    impl<'a> Message<'a> for KraftVersionFeature {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let min_supported_version = r.i16()?;
            let max_supported_version = r.i16()?;
            r.skip_tags()?;
            Ok(Self { min_supported_version, max_supported_version })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i16(self.min_supported_version);
            w.i16(self.max_supported_version);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct UpdateRaftVoterResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        /// Tag 0.
        pub current_leader: CurrentLeader<'a>,
    }

    impl<'a> Message<'a> for UpdateRaftVoterResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let mut current_leader: CurrentLeader<'a> = Default::default();
            for _ in 0..r.tag_count()? {
                let (tag, mut p) = r.tag()?;
                match tag {
                    0 => current_leader = CurrentLeader::decode(&mut p, v)?,
                    _ => continue,
                }
                p.finish_tag(tag)?;
            }
            Ok(Self { throttle_time_ms, error_code, current_leader })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            let set_0 = self.current_leader != CurrentLeader::default();
            w.tag_count(u32::from(set_0));
            if set_0 {
                w.tag(0, |w| {
                    self.current_leader.encode(w, v);
                });
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct CurrentLeader<'a> {
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub host: Str<'a>,
        pub port: i32,
    }

    impl Default for CurrentLeader<'_> {
        fn default() -> Self {
            Self {
                leader_id: -1,
                leader_epoch: -1,
                host: Default::default(),
                port: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for CurrentLeader<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let leader_id = r.i32()?;
            let leader_epoch = r.i32()?;
            let host = r.string(true)?;
            let port = r.i32()?;
            r.skip_tags()?;
            Ok(Self { leader_id, leader_epoch, host, port })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.leader_id);
            w.i32(self.leader_epoch);
            w.string(&self.host, true);
            w.i32(self.port);
            w.tag_count(0);
        }
    }
}
