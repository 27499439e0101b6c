// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct GetTelemetrySubscriptionsRequest {
        pub client_instance_id: Uuid,
    }

    impl<'a> Message<'a> for GetTelemetrySubscriptionsRequest {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let client_instance_id = r.uuid()?;
            r.skip_tags()?;
            Ok(Self { client_instance_id })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.uuid(self.client_instance_id);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct GetTelemetrySubscriptionsResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub client_instance_id: Uuid,
        pub subscription_id: i32,
        pub accepted_compression_types: Array<'a, i8>,
        pub push_interval_ms: i32,
        pub telemetry_max_bytes: i32,
        pub delta_temporality: bool,
        pub requested_metrics: Array<'a, Str<'a>>,
    }

    impl<'a> Message<'a> for GetTelemetrySubscriptionsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let client_instance_id = r.uuid()?;
            let subscription_id = r.i32()?;
            let accepted_compression_types = r.array(Form { version: v, flexible: true })?;
            let push_interval_ms = r.i32()?;
            let telemetry_max_bytes = r.i32()?;
            let delta_temporality = r.bool()?;
            let requested_metrics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                throttle_time_ms,
                error_code,
                client_instance_id,
                subscription_id,
                accepted_compression_types,
                push_interval_ms,
                telemetry_max_bytes,
                delta_temporality,
                requested_metrics,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.uuid(self.client_instance_id);
            w.i32(self.subscription_id);
            w.array(&self.accepted_compression_types, Form { version: v, flexible: true });
            w.i32(self.push_interval_ms);
            w.i32(self.telemetry_max_bytes);
            w.bool(self.delta_temporality);
            w.array(&self.requested_metrics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}
