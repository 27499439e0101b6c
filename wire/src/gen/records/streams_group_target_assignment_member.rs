// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

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
    pub active_tasks: Array<'a, ActiveTasks<'a>>,
    pub standby_tasks: Array<'a, StandbyTasks<'a>>,
    pub warmup_tasks: Array<'a, WarmupTasks<'a>>,
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let active_tasks = r.array(Form { version: v, flexible: true })?;
        let standby_tasks = r.array(Form { version: v, flexible: true })?;
        let warmup_tasks = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { active_tasks, standby_tasks, warmup_tasks })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.array(&self.active_tasks, Form { version: v, flexible: true });
        w.array(&self.standby_tasks, Form { version: v, flexible: true });
        w.array(&self.warmup_tasks, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ActiveTasks<'a> {
    pub subtopology_id: Str<'a>,
    pub partitions: Array<'a, i32>,
}

impl<'a> Message<'a> for ActiveTasks<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
        let partitions = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { subtopology_id, partitions })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
        w.array(&self.partitions, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct StandbyTasks<'a> {
    pub subtopology_id: Str<'a>,
    pub partitions: Array<'a, i32>,
}

impl<'a> Message<'a> for StandbyTasks<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
        let partitions = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { subtopology_id, partitions })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
        w.array(&self.partitions, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct WarmupTasks<'a> {
    pub subtopology_id: Str<'a>,
    pub partitions: Array<'a, i32>,
}

impl<'a> Message<'a> for WarmupTasks<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
        let partitions = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { subtopology_id, partitions })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
        w.array(&self.partitions, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 21;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
