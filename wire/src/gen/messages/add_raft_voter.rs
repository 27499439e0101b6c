// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct AddRaftVoterRequest<'a> {
        pub cluster_id: Option<Str<'a>>,
        pub timeout_ms: i32,
        pub voter_id: i32,
        pub voter_directory_id: Uuid,
        pub listeners: Array<'a, Listeners<'a>>,
        /// Version 1.
        pub ack_when_committed: bool,
    }

    impl Default for AddRaftVoterRequest<'_> {
        fn default() -> Self {
            Self {
                cluster_id: Some(Default::default()),
                timeout_ms: Default::default(),
                voter_id: Default::default(),
                voter_directory_id: Default::default(),
                listeners: Default::default(),
                ack_when_committed: true,
            }
        }
    }

    impl<'a> Message<'a> for AddRaftVoterRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let cluster_id = r.string_or_null(true)?;
            let timeout_ms = r.i32()?;
            let voter_id = r.i32()?;
            let voter_directory_id = r.uuid()?;
            let listeners = r.array(Form { version: v, flexible: true })?;
            let ack_when_committed = if v >= 1 { r.bool()? } else { true };
            r.skip_tags()?;
            Ok(Self {
                cluster_id,
                timeout_ms,
                voter_id,
                voter_directory_id,
                listeners,
                ack_when_committed,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string_or_null(self.cluster_id.as_deref(), true);
            w.i32(self.timeout_ms);
            w.i32(self.voter_id);
            w.uuid(self.voter_directory_id);
            w.array(&self.listeners, Form { version: v, flexible: true });
            if v >= 1 {
                w.bool(self.ack_when_committed);
            }
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
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct AddRaftVoterResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl Default for AddRaftVoterResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for AddRaftVoterResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
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
