// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct AlterPartitionRequest<'a> {
        pub broker_id: i32,
        pub broker_epoch: i64,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl Default for AlterPartitionRequest<'_> {
        fn default() -> Self {
            Self { broker_id: Default::default(), broker_epoch: -1, topics: Default::default() }
        }
    }

    impl<'a> Message<'a> for AlterPartitionRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(2..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let broker_id = r.i32()?;
            let broker_epoch = r.i64()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { broker_id, broker_epoch, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.broker_id);
            w.i64(self.broker_epoch);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_id = r.uuid()?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.topic_id);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub leader_epoch: i32,
        /// Version 2.
        pub new_isr: Array<'a, i32>,
        /// Version 3.
        pub new_isr_with_epochs: Array<'a, NewIsrWithEpochs>,
        pub leader_recovery_state: i8,
        pub partition_epoch: i32,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let leader_epoch = r.i32()?;
            let new_isr = if v <= 2 {
                r.array(Form { version: v, flexible: true })?
            } else {
                Default::default()
            };
            let new_isr_with_epochs = if v >= 3 {
                r.array(Form { version: v, flexible: true })?
            } else {
                Default::default()
            };
            let leader_recovery_state = r.i8()?;
            let partition_epoch = r.i32()?;
            r.skip_tags()?;
            Ok(Self {
                partition_index,
                leader_epoch,
                new_isr,
                new_isr_with_epochs,
                leader_recovery_state,
                partition_epoch,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.i32(self.leader_epoch);
            if v <= 2 {
                w.array(&self.new_isr, Form { version: v, flexible: true });
            }
            if v >= 3 {
                w.array(&self.new_isr_with_epochs, Form { version: v, flexible: true });
            }
            w.i8(self.leader_recovery_state);
            w.i32(self.partition_epoch);
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct NewIsrWithEpochs {
        /// Version 3.
        pub broker_id: i32,
        /// Version 3.
        pub broker_epoch: i64,
    }

    impl Default for NewIsrWithEpochs {
        fn default() -> Self {
            Self { broker_id: Default::default(), broker_epoch: -1 }
        }
    }

    impl<'a> Message<'a> for NewIsrWithEpochs {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let broker_id = if v >= 3 { r.i32()? } else { Default::default() };
            let broker_epoch = if v >= 3 { r.i64()? } else { -1 };
            r.skip_tags()?;
            Ok(Self { broker_id, broker_epoch })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            if v >= 3 {
                w.i32(self.broker_id);
            }
            if v >= 3 {
                w.i64(self.broker_epoch);
            }
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AlterPartitionResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for AlterPartitionResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(2..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions<'a>>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_id = r.uuid()?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.topic_id);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions<'a> {
        pub partition_index: i32,
        pub error_code: i16,
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub isr: Array<'a, i32>,
        pub leader_recovery_state: i8,
        pub partition_epoch: i32,
    }

    impl<'a> Message<'a> for Partitions<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            let leader_id = r.i32()?;
            let leader_epoch = r.i32()?;
            let isr = r.array(Form { version: v, flexible: true })?;
            let leader_recovery_state = r.i8()?;
            let partition_epoch = r.i32()?;
            r.skip_tags()?;
            Ok(Self {
                partition_index,
                error_code,
                leader_id,
                leader_epoch,
                isr,
                leader_recovery_state,
                partition_epoch,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.i32(self.leader_id);
            w.i32(self.leader_epoch);
            w.array(&self.isr, Form { version: v, flexible: true });
            w.i8(self.leader_recovery_state);
            w.i32(self.partition_epoch);
            w.tag_count(0);
        }
    }
}
