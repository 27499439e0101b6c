// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeTransactionsRequest<'a> {
        pub transactional_ids: Array<'a, Str<'a>>,
    }

    impl<'a> Message<'a> for DescribeTransactionsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let transactional_ids = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { transactional_ids })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.transactional_ids, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeTransactionsResponse<'a> {
        pub throttle_time_ms: i32,
        pub transaction_states: Array<'a, TransactionStates<'a>>,
    }

    impl<'a> Message<'a> for DescribeTransactionsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let transaction_states = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, transaction_states })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.array(&self.transaction_states, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TransactionStates<'a> {
        pub error_code: i16,
        pub transactional_id: Str<'a>,
        pub transaction_state: Str<'a>,
        pub transaction_timeout_ms: i32,
        pub transaction_start_time_ms: i64,
        pub producer_id: i64,
        pub producer_epoch: i16,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for TransactionStates<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let error_code = r.i16()?;
            let transactional_id = r.string(true)?;
            let transaction_state = r.string(true)?;
            let transaction_timeout_ms = r.i32()?;
            let transaction_start_time_ms = r.i64()?;
            let producer_id = r.i64()?;
            let producer_epoch = r.i16()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self {
                error_code,
                transactional_id,
                transaction_state,
                transaction_timeout_ms,
                transaction_start_time_ms,
                producer_id,
                producer_epoch,
                topics,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i16(self.error_code);
            w.string(&self.transactional_id, true);
            w.string(&self.transaction_state, true);
            w.i32(self.transaction_timeout_ms);
            w.i64(self.transaction_start_time_ms);
            w.i64(self.producer_id);
            w.i16(self.producer_epoch);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.topic, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}
