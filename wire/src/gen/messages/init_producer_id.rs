// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct InitProducerIdRequest<'a> {
        pub transactional_id: Option<Str<'a>>,
        pub transaction_timeout_ms: i32,
        /// Versions 3 and up.
        pub producer_id: i64,
        /// Versions 3 and up.
        pub producer_epoch: i16,
        /// Version 6.
        pub enable2_pc: bool,
        /// Version 6.
        pub keep_prepared_txn: bool,
    }

    impl Default for InitProducerIdRequest<'_> {
        fn default() -> Self {
            Self {
                transactional_id: Some(Default::default()),
                transaction_timeout_ms: Default::default(),
                producer_id: -1,
                producer_epoch: -1,
                enable2_pc: Default::default(),
                keep_prepared_txn: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for InitProducerIdRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=6).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let transactional_id = r.string_or_null(flex)?;
            let transaction_timeout_ms = r.i32()?;
            let producer_id = if v >= 3 { r.i64()? } else { -1 };
            let producer_epoch = if v >= 3 { r.i16()? } else { -1 };
            let enable2_pc = if v >= 6 { r.bool()? } else { Default::default() };
            let keep_prepared_txn = if v >= 6 { r.bool()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                transactional_id,
                transaction_timeout_ms,
                producer_id,
                producer_epoch,
                enable2_pc,
                keep_prepared_txn,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string_or_null(self.transactional_id.as_deref(), flex);
            w.i32(self.transaction_timeout_ms);
            if v >= 3 {
                w.i64(self.producer_id);
            }
            if v >= 3 {
                w.i16(self.producer_epoch);
            }
            if v >= 6 {
                w.bool(self.enable2_pc);
            }
            if v >= 6 {
                w.bool(self.keep_prepared_txn);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct InitProducerIdResponse {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub producer_id: i64,
        pub producer_epoch: i16,
        /// Version 6.
        pub ongoing_txn_producer_id: i64,
        /// Version 6.
        pub ongoing_txn_producer_epoch: i16,
    }

    impl Default for InitProducerIdResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                producer_id: -1,
                producer_epoch: Default::default(),
                ongoing_txn_producer_id: -1,
                ongoing_txn_producer_epoch: -1,
            }
        }
    }

    impl<'a> Message<'a> for InitProducerIdResponse {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=6).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let producer_id = r.i64()?;
            let producer_epoch = r.i16()?;
            let ongoing_txn_producer_id = if v >= 6 { r.i64()? } else { -1 };
            let ongoing_txn_producer_epoch = if v >= 6 { r.i16()? } else { -1 };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                throttle_time_ms,
                error_code,
                producer_id,
                producer_epoch,
                ongoing_txn_producer_id,
                ongoing_txn_producer_epoch,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.i64(self.producer_id);
            w.i16(self.producer_epoch);
            if v >= 6 {
                w.i64(self.ongoing_txn_producer_id);
            }
            if v >= 6 {
                w.i16(self.ongoing_txn_producer_epoch);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
