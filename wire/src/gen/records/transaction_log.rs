// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Key<'a> {
    pub transactional_id: Str<'a>,
}

impl<'a> Message<'a> for Key<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let transactional_id = r.string(false)?;
        Ok(Self { transactional_id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.transactional_id, false);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Value<'a> {
    pub producer_id: i64,
    /// Version 1, tag 0.
    pub previous_producer_id: i64,
    /// Version 1, tag 1.
    pub next_producer_id: i64,
    pub producer_epoch: i16,
    /// Version 1, tag 3.
    pub next_producer_epoch: i16,
    pub transaction_timeout_ms: i32,
    pub transaction_status: i8,
    pub transaction_partitions: Option<Array<'a, TransactionPartitions<'a>>>,
    pub transaction_last_update_timestamp_ms: i64,
    pub transaction_start_timestamp_ms: i64,
    /// Version 1, tag 2.
    pub client_transaction_version: i16,
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self {
            producer_id: Default::default(),
            previous_producer_id: -1,
            next_producer_id: -1,
            producer_epoch: Default::default(),
            next_producer_epoch: -1,
            transaction_timeout_ms: Default::default(),
            transaction_status: Default::default(),
            transaction_partitions: Some(Default::default()),
            transaction_last_update_timestamp_ms: Default::default(),
            transaction_start_timestamp_ms: Default::default(),
            client_transaction_version: Default::default(),
        }
    }
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=1).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let flex = v >= 1;
        let producer_id = r.i64()?;
        let mut previous_producer_id: i64 = -1;
        let mut next_producer_id: i64 = -1;
        let producer_epoch = r.i16()?;
        let mut next_producer_epoch: i16 = -1;
        let transaction_timeout_ms = r.i32()?;
        let transaction_status = r.i8()?;
        let transaction_partitions = r.array_or_null(Form { version: v, flexible: flex })?;
        let transaction_last_update_timestamp_ms = r.i64()?;
        let transaction_start_timestamp_ms = r.i64()?;
        let mut client_transaction_version: i16 = Default::default();
        if flex {
            for _ in 0..r.tag_count()? {
                let (tag, mut p) = r.tag()?;
                match tag {
                    0 => previous_producer_id = p.i64()?,
                    1 => next_producer_id = p.i64()?,
                    2 => client_transaction_version = p.i16()?,
                    3 => next_producer_epoch = p.i16()?,
                    _ => continue,
                }
                p.finish_tag(tag)?;
            }
        }
        Ok(Self {
            producer_id,
            previous_producer_id,
            next_producer_id,
            producer_epoch,
            next_producer_epoch,
            transaction_timeout_ms,
            transaction_status,
            transaction_partitions,
            transaction_last_update_timestamp_ms,
            transaction_start_timestamp_ms,
            client_transaction_version,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        let flex = v >= 1;
        w.i64(self.producer_id);
        w.i16(self.producer_epoch);
        w.i32(self.transaction_timeout_ms);
        w.i8(self.transaction_status);
        w.array_or_null(self.transaction_partitions.as_ref(), Form { version: v, flexible: flex });
        w.i64(self.transaction_last_update_timestamp_ms);
        w.i64(self.transaction_start_timestamp_ms);
        if flex {
            let set_0 = self.previous_producer_id != -1;
            let set_1 = self.next_producer_id != -1;
            let set_2 = self.client_transaction_version != 0;
            let set_3 = self.next_producer_epoch != -1;
            w.tag_count(u32::from(set_0) + u32::from(set_1) + u32::from(set_2) + u32::from(set_3));
            if set_0 {
                w.tag(0, |w| {
                    w.i64(self.previous_producer_id);
                });
            }
            if set_1 {
                w.tag(1, |w| {
                    w.i64(self.next_producer_id);
                });
            }
            if set_2 {
                w.tag(2, |w| {
                    w.i16(self.client_transaction_version);
                });
            }
            if set_3 {
                w.tag(3, |w| {
                    w.i16(self.next_producer_epoch);
                });
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct TransactionPartitions<'a> {
    pub topic: Str<'a>,
    pub partition_ids: Array<'a, i32>,
}

impl<'a> Message<'a> for TransactionPartitions<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let flex = v >= 1;
        let topic = r.string(flex)?;
        let partition_ids = r.array(Form { version: v, flexible: flex })?;
        if flex {
            r.skip_tags()?;
        }
        Ok(Self { topic, partition_ids })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        let flex = v >= 1;
        w.string(&self.topic, flex);
        w.array(&self.partition_ids, Form { version: v, flexible: flex });
        if flex {
            w.tag_count(0);
        }
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 0;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 1;
}
