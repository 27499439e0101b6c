// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct ListTransactionsRequest<'a> {
        pub state_filters: Array<'a, Str<'a>>,
        pub producer_id_filters: Array<'a, i64>,
        /// Versions 1 and up.
        pub duration_filter: i64,
        /// Version 2.
        pub transactional_id_pattern: Option<Str<'a>>,
    }

    impl Default for ListTransactionsRequest<'_> {
        fn default() -> Self {
            Self {
                state_filters: Default::default(),
                producer_id_filters: Default::default(),
                duration_filter: -1,
                transactional_id_pattern: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for ListTransactionsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let state_filters = r.array(Form { version: v, flexible: true })?;
            let producer_id_filters = r.array(Form { version: v, flexible: true })?;
            let duration_filter = if v >= 1 { r.i64()? } else { -1 };
            let transactional_id_pattern =
                if v >= 2 { r.string_or_null(true)? } else { Default::default() };
            r.skip_tags()?;
            Ok(Self {
                state_filters,
                producer_id_filters,
                duration_filter,
                transactional_id_pattern,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.state_filters, Form { version: v, flexible: true });
            w.array(&self.producer_id_filters, Form { version: v, flexible: true });
            if v >= 1 {
                w.i64(self.duration_filter);
            }
            if v >= 2 {
                w.string_or_null(self.transactional_id_pattern.as_deref(), true);
            }
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ListTransactionsResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub unknown_state_filters: Array<'a, Str<'a>>,
        pub transaction_states: Array<'a, TransactionStates<'a>>,
    }

    impl<'a> Message<'a> for ListTransactionsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let unknown_state_filters = r.array(Form { version: v, flexible: true })?;
            let transaction_states = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, unknown_state_filters, transaction_states })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.array(&self.unknown_state_filters, Form { version: v, flexible: true });
            w.array(&self.transaction_states, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TransactionStates<'a> {
        pub transactional_id: Str<'a>,
        pub producer_id: i64,
        pub transaction_state: Str<'a>,
    }

    impl<'a> Message<'a> for TransactionStates<'a> {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let transactional_id = r.string(true)?;
            let producer_id = r.i64()?;
            let transaction_state = r.string(true)?;
            r.skip_tags()?;
            Ok(Self { transactional_id, producer_id, transaction_state })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.transactional_id, true);
            w.i64(self.producer_id);
            w.string(&self.transaction_state, true);
            w.tag_count(0);
        }
    }
}
