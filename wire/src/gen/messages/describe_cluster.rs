// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeClusterRequest {
        pub include_cluster_authorized_operations: bool,
        /// Versions 1 and up.
        pub endpoint_type: i8,
        /// Version 2.
        pub include_fenced_brokers: bool,
    }

    impl Default for DescribeClusterRequest {
        fn default() -> Self {
            Self {
                include_cluster_authorized_operations: Default::default(),
                endpoint_type: 1,
                include_fenced_brokers: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for DescribeClusterRequest {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let include_cluster_authorized_operations = r.bool()?;
            let endpoint_type = if v >= 1 { r.i8()? } else { 1 };
            let include_fenced_brokers = if v >= 2 { r.bool()? } else { Default::default() };
            r.skip_tags()?;
            Ok(Self {
                include_cluster_authorized_operations,
                endpoint_type,
                include_fenced_brokers,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.bool(self.include_cluster_authorized_operations);
            if v >= 1 {
                w.i8(self.endpoint_type);
            }
            if v >= 2 {
                w.bool(self.include_fenced_brokers);
            }
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeClusterResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        /// Versions 1 and up.
        pub endpoint_type: i8,
        pub cluster_id: Str<'a>,
        pub controller_id: i32,
        pub brokers: Array<'a, Brokers<'a>>,
        pub cluster_authorized_operations: i32,
    }

    impl Default for DescribeClusterResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Default::default(),
                endpoint_type: 1,
                cluster_id: Default::default(),
                controller_id: -1,
                brokers: Default::default(),
                cluster_authorized_operations: i32::MIN,
            }
        }
    }

    impl<'a> Message<'a> for DescribeClusterResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let endpoint_type = if v >= 1 { r.i8()? } else { 1 };
            let cluster_id = r.string(true)?;
            let controller_id = r.i32()?;
            let brokers = r.array(Form { version: v, flexible: true })?;
            let cluster_authorized_operations = r.i32()?;
            r.skip_tags()?;
            Ok(Self {
                throttle_time_ms,
                error_code,
                error_message,
                endpoint_type,
                cluster_id,
                controller_id,
                brokers,
                cluster_authorized_operations,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            if v >= 1 {
                w.i8(self.endpoint_type);
            }
            w.string(&self.cluster_id, true);
            w.i32(self.controller_id);
            w.array(&self.brokers, Form { version: v, flexible: true });
            w.i32(self.cluster_authorized_operations);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Brokers<'a> {
        pub broker_id: i32,
        pub host: Str<'a>,
        pub port: i32,
        pub rack: Option<Str<'a>>,
        /// Version 2.
        pub is_fenced: bool,
    }

    impl<'a> Message<'a> for Brokers<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let broker_id = r.i32()?;
            let host = r.string(true)?;
            let port = r.i32()?;
            let rack = r.string_or_null(true)?;
            let is_fenced = if v >= 2 { r.bool()? } else { Default::default() };
            r.skip_tags()?;
            Ok(Self { broker_id, host, port, rack, is_fenced })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.broker_id);
            w.string(&self.host, true);
            w.i32(self.port);
            w.string_or_null(self.rack.as_deref(), true);
            if v >= 2 {
                w.bool(self.is_fenced);
            }
            w.tag_count(0);
        }
    }
}
