// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct RemoveRaftVoterRequest<'a> {
        pub cluster_id: Option<Str<'a>>,
        pub voter_id: i32,
        pub voter_directory_id: Uuid,
    }

    impl Default for RemoveRaftVoterRequest<'_> {
        fn default() -> Self {
            Self {
                cluster_id: Some(Default::default()),
                voter_id: Default::default(),
                voter_directory_id: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for RemoveRaftVoterRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let cluster_id = r.string_or_null(true)?;
            let voter_id = r.i32()?;
            let voter_directory_id = r.uuid()?;
            r.skip_tags()?;
            Ok(Self { cluster_id, voter_id, voter_directory_id })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string_or_null(self.cluster_id.as_deref(), true);
            w.i32(self.voter_id);
            w.uuid(self.voter_directory_id);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct RemoveRaftVoterResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl Default for RemoveRaftVoterResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for RemoveRaftVoterResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            w.tag_count(0);
        }
    }
}
