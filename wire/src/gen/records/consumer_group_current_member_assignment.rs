// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Key<'a> {
    pub group_id: Str<'a>,
    pub member_id: Str<'a>,
}

impl<'a> Message<'a> for Key<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let group_id = r.string(false)?;
        let member_id = r.string(false)?;
        Ok(Self { group_id, member_id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.group_id, false);
        w.string(&self.member_id, false);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Value<'a> {
    pub member_epoch: i32,
    pub previous_member_epoch: i32,
    pub state: i8,
    pub assigned_partitions: Array<'a, AssignedPartitions<'a>>,
    pub partitions_pending_revocation: Array<'a, PartitionsPendingRevocation<'a>>,
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let member_epoch = r.i32()?;
        let previous_member_epoch = r.i32()?;
        let state = r.i8()?;
        let assigned_partitions = r.array(Form { version: v, flexible: true })?;
        let partitions_pending_revocation = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self {
            member_epoch,
            previous_member_epoch,
            state,
            assigned_partitions,
            partitions_pending_revocation,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.member_epoch);
        w.i32(self.previous_member_epoch);
        w.i8(self.state);
        w.array(&self.assigned_partitions, Form { version: v, flexible: true });
        w.array(&self.partitions_pending_revocation, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct AssignedPartitions<'a> {
    pub topic_id: Uuid,
    pub partitions: Array<'a, i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Array<'a, i32>>,
}

impl Default for AssignedPartitions<'_> {
    fn default() -> Self {
        Self {
            topic_id: Default::default(),
            partitions: Default::default(),
            assignment_epochs: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for AssignedPartitions<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let topic_id = r.uuid()?;
        let partitions = r.array(Form { version: v, flexible: true })?;
        let mut assignment_epochs: Option<Array<'a, i32>> = Some(Default::default());
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => assignment_epochs = p.array_or_null(Form { version: v, flexible: true })?,
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self { topic_id, partitions, assignment_epochs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.uuid(self.topic_id);
        w.array(&self.partitions, Form { version: v, flexible: true });
        let set_0 = self.assignment_epochs.as_ref().is_none_or(|x| !x.is_empty());
        w.tag_count(u32::from(set_0));
        if set_0 {
            w.tag(0, |w| {
                w.array_or_null(
                    self.assignment_epochs.as_ref(),
                    Form { version: v, flexible: true },
                );
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct PartitionsPendingRevocation<'a> {
    pub topic_id: Uuid,
    pub partitions: Array<'a, i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Array<'a, i32>>,
}

impl Default for PartitionsPendingRevocation<'_> {
    fn default() -> Self {
        Self {
            topic_id: Default::default(),
            partitions: Default::default(),
            assignment_epochs: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for PartitionsPendingRevocation<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let topic_id = r.uuid()?;
        let partitions = r.array(Form { version: v, flexible: true })?;
        let mut assignment_epochs: Option<Array<'a, i32>> = Some(Default::default());
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => assignment_epochs = p.array_or_null(Form { version: v, flexible: true })?,
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self { topic_id, partitions, assignment_epochs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.uuid(self.topic_id);
        w.array(&self.partitions, Form { version: v, flexible: true });
        let set_0 = self.assignment_epochs.as_ref().is_none_or(|x| !x.is_empty());
        w.tag_count(u32::from(set_0));
        if set_0 {
            w.tag(0, |w| {
                w.array_or_null(
                    self.assignment_epochs.as_ref(),
                    Form { version: v, flexible: true },
                );
            });
        }
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 8;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
