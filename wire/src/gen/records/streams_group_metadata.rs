// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Key<'a> {
    pub group_id: Str<'a>,
}

impl<'a> Message<'a> for Key<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let group_id = r.string(false)?;
        Ok(Self { group_id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.group_id, false);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Value<'a> {
    pub epoch: i32,
    pub metadata_hash: i64,
    /// Tag 0.
    pub validated_topology_epoch: i32,
    /// Tag 1.
    pub last_assignment_configs: Option<Array<'a, LastAssignmentConfigs<'a>>>,
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self {
            epoch: Default::default(),
            metadata_hash: Default::default(),
            validated_topology_epoch: -1,
            last_assignment_configs: Some(Default::default()),
        }
    }
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let epoch = r.i32()?;
        let metadata_hash = r.i64()?;
        let mut validated_topology_epoch: i32 = -1;
        let mut last_assignment_configs: Option<Array<'a, LastAssignmentConfigs<'a>>> =
            Some(Default::default());
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => validated_topology_epoch = p.i32()?,
                1 => {
                    last_assignment_configs =
                        p.array_or_null(Form { version: v, flexible: true })?
                }
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self { epoch, metadata_hash, validated_topology_epoch, last_assignment_configs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.epoch);
        w.i64(self.metadata_hash);
        let set_0 = self.validated_topology_epoch != -1;
        let set_1 = self.last_assignment_configs.as_ref().is_none_or(|x| !x.is_empty());
        w.tag_count(u32::from(set_0) + u32::from(set_1));
        if set_0 {
            w.tag(0, |w| {
                w.i32(self.validated_topology_epoch);
            });
        }
        if set_1 {
            w.tag(1, |w| {
                w.array_or_null(
                    self.last_assignment_configs.as_ref(),
                    Form { version: v, flexible: true },
                );
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct LastAssignmentConfigs<'a> {
    pub key: Str<'a>,
    pub value: Str<'a>,
}

impl<'a> Message<'a> for LastAssignmentConfigs<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let key = r.string(true)?;
        let value = r.string(true)?;
        r.skip_tags()?;
        Ok(Self { key, value })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.key, true);
        w.string(&self.value, true);
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 17;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
