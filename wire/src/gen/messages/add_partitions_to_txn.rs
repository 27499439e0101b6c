// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AddPartitionsToTxnRequest<'a> {
        /// Versions 4 and up.
        pub transactions: Array<'a, Transactions<'a>>,
        /// Versions 0 to 3.
        pub v3_and_below_transactional_id: Str<'a>,
        /// Versions 0 to 3.
        pub v3_and_below_producer_id: i64,
        /// Versions 0 to 3.
        pub v3_and_below_producer_epoch: i16,
        /// Versions 0 to 3.
        pub v3_and_below_topics: Array<'a, V3AndBelowTopics<'a>>,
    }

    impl<'a> Message<'a> for AddPartitionsToTxnRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let transactions = if v >= 4 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let v3_and_below_transactional_id =
                if v <= 3 { r.string(flex)? } else { Default::default() };
            let v3_and_below_producer_id = if v <= 3 { r.i64()? } else { Default::default() };
            let v3_and_below_producer_epoch = if v <= 3 { r.i16()? } else { Default::default() };
            let v3_and_below_topics = if v <= 3 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                transactions,
                v3_and_below_transactional_id,
                v3_and_below_producer_id,
                v3_and_below_producer_epoch,
                v3_and_below_topics,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 4 {
                w.array(&self.transactions, Form { version: v, flexible: flex });
            }
            if v <= 3 {
                w.string(&self.v3_and_below_transactional_id, flex);
            }
            if v <= 3 {
                w.i64(self.v3_and_below_producer_id);
            }
            if v <= 3 {
                w.i16(self.v3_and_below_producer_epoch);
            }
            if v <= 3 {
                w.array(&self.v3_and_below_topics, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Transactions<'a> {
        /// Versions 4 and up.
        pub transactional_id: Str<'a>,
        /// Versions 4 and up.
        pub producer_id: i64,
        /// Versions 4 and up.
        pub producer_epoch: i16,
        /// Versions 4 and up.
        pub verify_only: bool,
        /// Versions 4 and up.
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for Transactions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let transactional_id = if v >= 4 { r.string(flex)? } else { Default::default() };
            let producer_id = if v >= 4 { r.i64()? } else { Default::default() };
            let producer_epoch = if v >= 4 { r.i16()? } else { Default::default() };
            let verify_only = if v >= 4 { r.bool()? } else { Default::default() };
            let topics = if v >= 4 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { transactional_id, producer_id, producer_epoch, verify_only, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 4 {
                w.string(&self.transactional_id, flex);
            }
            if v >= 4 {
                w.i64(self.producer_id);
            }
            if v >= 4 {
                w.i16(self.producer_epoch);
            }
            if v >= 4 {
                w.bool(self.verify_only);
            }
            if v >= 4 {
                w.array(&self.topics, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        /// Versions 4 and up.
        pub name: Str<'a>,
        /// Versions 4 and up.
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let name = if v >= 4 { r.string(flex)? } else { Default::default() };
            let partitions = if v >= 4 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 4 {
                w.string(&self.name, flex);
            }
            if v >= 4 {
                w.array(&self.partitions, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct V3AndBelowTopics<'a> {
        /// Versions 0 to 3.
        pub name: Str<'a>,
        /// Versions 0 to 3.
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for V3AndBelowTopics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let name = if v <= 3 { r.string(flex)? } else { Default::default() };
            let partitions = if v <= 3 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v <= 3 {
                w.string(&self.name, flex);
            }
            if v <= 3 {
                w.array(&self.partitions, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AddPartitionsToTxnResponse<'a> {
        pub throttle_time_ms: i32,
        /// Versions 4 and up.
        pub error_code: i16,
        /// Versions 4 and up.
        pub results_by_transaction: Array<'a, ResultsByTransaction<'a>>,
        /// Versions 0 to 3.
        pub results_by_topic_v3_and_below: Array<'a, ResultsByTopicV3AndBelow<'a>>,
    }

    impl<'a> Message<'a> for AddPartitionsToTxnResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let throttle_time_ms = r.i32()?;
            let error_code = if v >= 4 { r.i16()? } else { Default::default() };
            let results_by_transaction = if v >= 4 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let results_by_topic_v3_and_below = if v <= 3 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                throttle_time_ms,
                error_code,
                results_by_transaction,
                results_by_topic_v3_and_below,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.i32(self.throttle_time_ms);
            if v >= 4 {
                w.i16(self.error_code);
            }
            if v >= 4 {
                w.array(&self.results_by_transaction, Form { version: v, flexible: flex });
            }
            if v <= 3 {
                w.array(&self.results_by_topic_v3_and_below, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ResultsByTransaction<'a> {
        /// Versions 4 and up.
        pub transactional_id: Str<'a>,
        /// Versions 4 and up.
        pub topic_results: Array<'a, TopicResults<'a>>,
    }

    impl<'a> Message<'a> for ResultsByTransaction<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let transactional_id = if v >= 4 { r.string(flex)? } else { Default::default() };
            let topic_results = if v >= 4 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { transactional_id, topic_results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 4 {
                w.string(&self.transactional_id, flex);
            }
            if v >= 4 {
                w.array(&self.topic_results, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct TopicResults<'a> {
        /// Versions 4 and up.
        pub name: Str<'a>,
        /// Versions 4 and up.
        pub results_by_partition: Array<'a, ResultsByPartition>,
    }

    impl<'a> Message<'a> for TopicResults<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let name = if v >= 4 { r.string(flex)? } else { Default::default() };
            let results_by_partition = if v >= 4 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, results_by_partition })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 4 {
                w.string(&self.name, flex);
            }
            if v >= 4 {
                w.array(&self.results_by_partition, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ResultsByPartition {
        /// Versions 4 and up.
        pub partition_index: i32,
        /// Versions 4 and up.
        pub partition_error_code: i16,
    }

    impl<'a> Message<'a> for ResultsByPartition {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let partition_index = if v >= 4 { r.i32()? } else { Default::default() };
            let partition_error_code = if v >= 4 { r.i16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, partition_error_code })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 4 {
                w.i32(self.partition_index);
            }
            if v >= 4 {
                w.i16(self.partition_error_code);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ResultsByTopicV3AndBelow<'a> {
        /// Versions 0 to 3.
        pub name: Str<'a>,
        /// Versions 0 to 3.
        pub results_by_partition: Array<'a, ResultsByTopicV3AndBelowResultsByPartition>,
    }

    impl<'a> Message<'a> for ResultsByTopicV3AndBelow<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let name = if v <= 3 { r.string(flex)? } else { Default::default() };
            let results_by_partition = if v <= 3 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, results_by_partition })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v <= 3 {
                w.string(&self.name, flex);
            }
            if v <= 3 {
                w.array(&self.results_by_partition, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ResultsByTopicV3AndBelowResultsByPartition {
        /// Versions 0 to 3.
        pub partition_index: i32,
        /// Versions 0 to 3.
        pub partition_error_code: i16,
    }

    impl<'a> Message<'a> for ResultsByTopicV3AndBelowResultsByPartition {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let partition_index = if v <= 3 { r.i32()? } else { Default::default() };
            let partition_error_code = if v <= 3 { r.i16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, partition_error_code })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v <= 3 {
                w.i32(self.partition_index);
            }
            if v <= 3 {
                w.i16(self.partition_error_code);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
