// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct FindCoordinatorRequest<'a> {
        /// Versions 0 to 3.
        pub key: Str<'a>,
        /// Versions 1 and up.
        pub key_type: i8,
        /// Versions 4 and up.
        pub coordinator_keys: Array<'a, Str<'a>>,
    }

    impl<'a> Message<'a> for FindCoordinatorRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=6).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let key = if v <= 3 { r.string(flex)? } else { Default::default() };
            let key_type = if v >= 1 { r.i8()? } else { Default::default() };
            let coordinator_keys = if v >= 4 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { key, key_type, coordinator_keys })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v <= 3 {
                w.string(&self.key, flex);
            }
            if v >= 1 {
                w.i8(self.key_type);
            }
            if v >= 4 {
                w.array(&self.coordinator_keys, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct FindCoordinatorResponse<'a> {
        /// Versions 1 and up.
        pub throttle_time_ms: i32,
        /// Versions 0 to 3.
        pub error_code: i16,
        /// Versions 1 to 3.
        pub error_message: Option<Str<'a>>,
        /// Versions 0 to 3.
        pub node_id: i32,
        /// Versions 0 to 3.
        pub host: Str<'a>,
        /// Versions 0 to 3.
        pub port: i32,
        /// Versions 4 and up.
        pub coordinators: Array<'a, Coordinators<'a>>,
    }

    impl Default for FindCoordinatorResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
                node_id: Default::default(),
                host: Default::default(),
                port: Default::default(),
                coordinators: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for FindCoordinatorResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=6).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let throttle_time_ms = if v >= 1 { r.i32()? } else { Default::default() };
            let error_code = if v <= 3 { r.i16()? } else { Default::default() };
            let error_message = if (1..=3).contains(&v) {
                r.string_or_null(flex)?
            } else {
                Some(Default::default())
            };
            let node_id = if v <= 3 { r.i32()? } else { Default::default() };
            let host = if v <= 3 { r.string(flex)? } else { Default::default() };
            let port = if v <= 3 { r.i32()? } else { Default::default() };
            let coordinators = if v >= 4 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                throttle_time_ms,
                error_code,
                error_message,
                node_id,
                host,
                port,
                coordinators,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 1 {
                w.i32(self.throttle_time_ms);
            }
            if v <= 3 {
                w.i16(self.error_code);
            }
            if (1..=3).contains(&v) {
                w.string_or_null(self.error_message.as_deref(), flex);
            }
            if v <= 3 {
                w.i32(self.node_id);
            }
            if v <= 3 {
                w.string(&self.host, flex);
            }
            if v <= 3 {
                w.i32(self.port);
            }
            if v >= 4 {
                w.array(&self.coordinators, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Coordinators<'a> {
        /// Versions 4 and up.
        pub key: Str<'a>,
        /// Versions 4 and up.
        pub node_id: i32,
        /// Versions 4 and up.
        pub host: Str<'a>,
        /// Versions 4 and up.
        pub port: i32,
        /// Versions 4 and up.
        pub error_code: i16,
        /// Versions 4 and up.
        pub error_message: Option<Str<'a>>,
    }

    impl Default for Coordinators<'_> {
        fn default() -> Self {
            Self {
                key: Default::default(),
                node_id: Default::default(),
                host: Default::default(),
                port: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Coordinators<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let key = if v >= 4 { r.string(flex)? } else { Default::default() };
            let node_id = if v >= 4 { r.i32()? } else { Default::default() };
            let host = if v >= 4 { r.string(flex)? } else { Default::default() };
            let port = if v >= 4 { r.i32()? } else { Default::default() };
            let error_code = if v >= 4 { r.i16()? } else { Default::default() };
            let error_message =
                if v >= 4 { r.string_or_null(flex)? } else { Some(Default::default()) };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { key, node_id, host, port, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 4 {
                w.string(&self.key, flex);
            }
            if v >= 4 {
                w.i32(self.node_id);
            }
            if v >= 4 {
                w.string(&self.host, flex);
            }
            if v >= 4 {
                w.i32(self.port);
            }
            if v >= 4 {
                w.i16(self.error_code);
            }
            if v >= 4 {
                w.string_or_null(self.error_message.as_deref(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
