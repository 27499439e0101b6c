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
    pub member_epoch: i32,
    pub previous_member_epoch: i32,
    pub state: i8,
    pub active_tasks: Array<'a, ActiveTasks<'a>>,
    pub standby_tasks: Array<'a, StandbyTasks<'a>>,
    pub warmup_tasks: Array<'a, WarmupTasks<'a>>,
    pub active_tasks_pending_revocation: Array<'a, ActiveTasksPendingRevocation<'a>>,
    pub standby_tasks_pending_revocation: Array<'a, StandbyTasksPendingRevocation<'a>>,
    pub warmup_tasks_pending_revocation: Array<'a, WarmupTasksPendingRevocation<'a>>,
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let member_epoch = r.i32()?;
        let previous_member_epoch = r.i32()?;
        let state = r.i8()?;
        let active_tasks = r.array(Form { version: v, flexible: true })?;
        let standby_tasks = r.array(Form { version: v, flexible: true })?;
        let warmup_tasks = r.array(Form { version: v, flexible: true })?;
        let active_tasks_pending_revocation = r.array(Form { version: v, flexible: true })?;
        let standby_tasks_pending_revocation = r.array(Form { version: v, flexible: true })?;
        let warmup_tasks_pending_revocation = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self {
            member_epoch,
            previous_member_epoch,
            state,
            active_tasks,
            standby_tasks,
            warmup_tasks,
            active_tasks_pending_revocation,
            standby_tasks_pending_revocation,
            warmup_tasks_pending_revocation,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.member_epoch);
        w.i32(self.previous_member_epoch);
        w.i8(self.state);
        w.array(&self.active_tasks, Form { version: v, flexible: true });
        w.array(&self.standby_tasks, Form { version: v, flexible: true });
        w.array(&self.warmup_tasks, Form { version: v, flexible: true });
        w.array(&self.active_tasks_pending_revocation, Form { version: v, flexible: true });
        w.array(&self.standby_tasks_pending_revocation, Form { version: v, flexible: true });
        w.array(&self.warmup_tasks_pending_revocation, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ActiveTasks<'a> {
    pub subtopology_id: Str<'a>,
    pub partitions: Array<'a, i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Array<'a, i32>>,
}

impl Default for ActiveTasks<'_> {
    fn default() -> Self {
        Self {
            subtopology_id: Default::default(),
            partitions: Default::default(),
            assignment_epochs: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for ActiveTasks<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
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
        Ok(Self { subtopology_id, partitions, assignment_epochs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
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
pub struct StandbyTasks<'a> {
    pub subtopology_id: Str<'a>,
    pub partitions: Array<'a, i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Array<'a, i32>>,
}

impl Default for StandbyTasks<'_> {
    fn default() -> Self {
        Self {
            subtopology_id: Default::default(),
            partitions: Default::default(),
            assignment_epochs: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for StandbyTasks<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
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
        Ok(Self { subtopology_id, partitions, assignment_epochs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
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
pub struct WarmupTasks<'a> {
    pub subtopology_id: Str<'a>,
    pub partitions: Array<'a, i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Array<'a, i32>>,
}

impl Default for WarmupTasks<'_> {
    fn default() -> Self {
        Self {
            subtopology_id: Default::default(),
            partitions: Default::default(),
            assignment_epochs: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for WarmupTasks<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
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
        Ok(Self { subtopology_id, partitions, assignment_epochs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
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
pub struct ActiveTasksPendingRevocation<'a> {
    pub subtopology_id: Str<'a>,
    pub partitions: Array<'a, i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Array<'a, i32>>,
}

impl Default for ActiveTasksPendingRevocation<'_> {
    fn default() -> Self {
        Self {
            subtopology_id: Default::default(),
            partitions: Default::default(),
            assignment_epochs: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for ActiveTasksPendingRevocation<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
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
        Ok(Self { subtopology_id, partitions, assignment_epochs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
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
pub struct StandbyTasksPendingRevocation<'a> {
    pub subtopology_id: Str<'a>,
    pub partitions: Array<'a, i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Array<'a, i32>>,
}

impl Default for StandbyTasksPendingRevocation<'_> {
    fn default() -> Self {
        Self {
            subtopology_id: Default::default(),
            partitions: Default::default(),
            assignment_epochs: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for StandbyTasksPendingRevocation<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
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
        Ok(Self { subtopology_id, partitions, assignment_epochs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
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
pub struct WarmupTasksPendingRevocation<'a> {
    pub subtopology_id: Str<'a>,
    pub partitions: Array<'a, i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Array<'a, i32>>,
}

impl Default for WarmupTasksPendingRevocation<'_> {
    fn default() -> Self {
        Self {
            subtopology_id: Default::default(),
            partitions: Default::default(),
            assignment_epochs: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for WarmupTasksPendingRevocation<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
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
        Ok(Self { subtopology_id, partitions, assignment_epochs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
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
    const TYPE: i16 = 22;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
