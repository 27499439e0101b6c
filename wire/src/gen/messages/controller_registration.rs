// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ControllerRegistrationRequest<'a> {
        pub controller_id: i32,
        pub incarnation_id: Uuid,
        pub zk_migration_ready: bool,
        pub listeners: Array<'a, Listeners<'a>>,
        pub features: Array<'a, Features<'a>>,
    }

    impl<'a> Message<'a> for ControllerRegistrationRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let controller_id = r.i32()?;
            let incarnation_id = r.uuid()?;
            let zk_migration_ready = r.bool()?;
            let listeners = r.array(Form { version: v, flexible: true })?;
            let features = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { controller_id, incarnation_id, zk_migration_ready, listeners, features })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.controller_id);
            w.uuid(self.incarnation_id);
            w.bool(self.zk_migration_ready);
            w.array(&self.listeners, Form { version: v, flexible: true });
            w.array(&self.features, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Listeners<'a> {
        pub name: Str<'a>,
        pub host: Str<'a>,
        pub port: u16,
        pub security_protocol: i16,
    }

    impl<'a> Message<'a> for Listeners<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let host = r.string(true)?;
            let port = r.u16()?;
            let security_protocol = r.i16()?;
            r.skip_tags()?;
            Ok(Self { name, host, port, security_protocol })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.name, true);
            w.string(&self.host, true);
            w.u16(self.port);
            w.i16(self.security_protocol);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Features<'a> {
        pub name: Str<'a>,
        pub min_supported_version: i16,
        pub max_supported_version: i16,
    }

    impl<'a> Message<'a> for Features<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let min_supported_version = r.i16()?;
            let max_supported_version = r.i16()?;
            r.skip_tags()?;
            Ok(Self { name, min_supported_version, max_supported_version })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.name, true);
            w.i16(self.min_supported_version);
            w.i16(self.max_supported_version);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct ControllerRegistrationResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl Default for ControllerRegistrationResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for ControllerRegistrationResponse<'a> {
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
