// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct BrokerRegistrationRequest<'a> {
        pub broker_id: i32,
        pub cluster_id: Str<'a>,
        pub incarnation_id: Uuid,
        pub listeners: Array<'a, Listeners<'a>>,
        pub features: Array<'a, Features<'a>>,
        pub rack: Option<Str<'a>>,
        /// Versions 1 and up.
        pub is_migrating_zk_broker: bool,
        /// Versions 2 and up.
        pub log_dirs: Array<'a, Uuid>,
        /// Versions 3 and up.
        pub previous_broker_epoch: i64,
    }

    impl Default for BrokerRegistrationRequest<'_> {
        fn default() -> Self {
            Self {
                broker_id: Default::default(),
                cluster_id: Default::default(),
                incarnation_id: Default::default(),
                listeners: Default::default(),
                features: Default::default(),
                rack: Some(Default::default()),
                is_migrating_zk_broker: Default::default(),
                log_dirs: Default::default(),
                previous_broker_epoch: -1,
            }
        }
    }

    impl<'a> Message<'a> for BrokerRegistrationRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let broker_id = r.i32()?;
            let cluster_id = r.string(true)?;
            let incarnation_id = r.uuid()?;
            let listeners = r.array(Form { version: v, flexible: true })?;
            let features = r.array(Form { version: v, flexible: true })?;
            let rack = r.string_or_null(true)?;
            let is_migrating_zk_broker = if v >= 1 { r.bool()? } else { Default::default() };
            let log_dirs = if v >= 2 {
                r.array(Form { version: v, flexible: true })?
            } else {
                Default::default()
            };
            let previous_broker_epoch = if v >= 3 { r.i64()? } else { -1 };
            r.skip_tags()?;
            Ok(Self {
                broker_id,
                cluster_id,
                incarnation_id,
                listeners,
                features,
                rack,
                is_migrating_zk_broker,
                log_dirs,
                previous_broker_epoch,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.broker_id);
            w.string(&self.cluster_id, true);
            w.uuid(self.incarnation_id);
            w.array(&self.listeners, Form { version: v, flexible: true });
            w.array(&self.features, Form { version: v, flexible: true });
            w.string_or_null(self.rack.as_deref(), true);
            if v >= 1 {
                w.bool(self.is_migrating_zk_broker);
            }
            if v >= 2 {
                w.array(&self.log_dirs, Form { version: v, flexible: true });
            }
            if v >= 3 {
                w.i64(self.previous_broker_epoch);
            }
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
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct BrokerRegistrationResponse {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub broker_epoch: i64,
    }

    impl Default for BrokerRegistrationResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                broker_epoch: -1,
            }
        }
    }

    impl<'a> Message<'a> for BrokerRegistrationResponse {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let broker_epoch = r.i64()?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, broker_epoch })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.i64(self.broker_epoch);
            w.tag_count(0);
        }
    }
}
