// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use std::borrow::Cow;

    use crate::{DecodeError, Fault, Message, Reader, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct PushTelemetryRequest<'a> {
        pub client_instance_id: Uuid,
        pub subscription_id: i32,
        pub terminating: bool,
        pub compression_type: i8,
        pub metrics: Cow<'a, [u8]>,
    }

    impl<'a> Message<'a> for PushTelemetryRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let client_instance_id = r.uuid()?;
            let subscription_id = r.i32()?;
            let terminating = r.bool()?;
            let compression_type = r.i8()?;
            let metrics = r.bytes(true)?;
            r.skip_tags()?;
            Ok(Self { client_instance_id, subscription_id, terminating, compression_type, metrics })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.uuid(self.client_instance_id);
            w.i32(self.subscription_id);
            w.bool(self.terminating);
            w.i8(self.compression_type);
            w.bytes(&self.metrics, true);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct PushTelemetryResponse {
        pub throttle_time_ms: i32,
        pub error_code: i16,
    }

    impl<'a> Message<'a> for PushTelemetryResponse {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.tag_count(0);
        }
    }
}
