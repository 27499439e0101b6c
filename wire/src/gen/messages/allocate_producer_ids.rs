// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct AllocateProducerIdsRequest {
        pub broker_id: i32,
        pub broker_epoch: i64,
    }

    impl Default for AllocateProducerIdsRequest {
        fn default() -> Self {
            Self { broker_id: Default::default(), broker_epoch: -1 }
        }
    }

    impl<'a> Message<'a> for AllocateProducerIdsRequest {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let broker_id = r.i32()?;
            let broker_epoch = r.i64()?;
            r.skip_tags()?;
            Ok(Self { broker_id, broker_epoch })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.broker_id);
            w.i64(self.broker_epoch);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AllocateProducerIdsResponse {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub producer_id_start: i64,
        pub producer_id_len: i32,
    }

    impl<'a> Message<'a> for AllocateProducerIdsResponse {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let producer_id_start = r.i64()?;
            let producer_id_len = r.i32()?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, producer_id_start, producer_id_len })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.i64(self.producer_id_start);
            w.i32(self.producer_id_len);
            w.tag_count(0);
        }
    }
}
