// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AddOffsetsToTxnRequest<'a> {
        pub transactional_id: Str<'a>,
        pub producer_id: i64,
        pub producer_epoch: i16,
        pub group_id: Str<'a>,
    }

    impl<'a> Message<'a> for AddOffsetsToTxnRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let transactional_id = r.string(flex)?;
            let producer_id = r.i64()?;
            let producer_epoch = r.i16()?;
            let group_id = r.string(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { transactional_id, producer_id, producer_epoch, group_id })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.string(&self.transactional_id, flex);
            w.i64(self.producer_id);
            w.i16(self.producer_epoch);
            w.string(&self.group_id, flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AddOffsetsToTxnResponse {
        pub throttle_time_ms: i32,
        pub error_code: i16,
    }

    impl<'a> Message<'a> for AddOffsetsToTxnResponse {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
