// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct EndTxnRequest<'a> {
        pub transactional_id: Str<'a>,
        pub producer_id: i64,
        pub producer_epoch: i16,
        pub committed: bool,
    }

    impl<'a> Message<'a> for EndTxnRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let transactional_id = r.string(flex)?;
            let producer_id = r.i64()?;
            let producer_epoch = r.i16()?;
            let committed = r.bool()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { transactional_id, producer_id, producer_epoch, committed })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.string(&self.transactional_id, flex);
            w.i64(self.producer_id);
            w.i16(self.producer_epoch);
            w.bool(self.committed);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct EndTxnResponse {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        /// Version 5.
        pub producer_id: i64,
        /// Version 5.
        pub producer_epoch: i16,
    }

    impl Default for EndTxnResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                producer_id: -1,
                producer_epoch: -1,
            }
        }
    }

    impl<'a> Message<'a> for EndTxnResponse {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let producer_id = if v >= 5 { r.i64()? } else { -1 };
            let producer_epoch = if v >= 5 { r.i16()? } else { -1 };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code, producer_id, producer_epoch })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            if v >= 5 {
                w.i64(self.producer_id);
            }
            if v >= 5 {
                w.i16(self.producer_epoch);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
