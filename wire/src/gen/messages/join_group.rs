// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use std::borrow::Cow;

    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct JoinGroupRequest<'a> {
        pub group_id: Str<'a>,
        pub session_timeout_ms: i32,
        /// Versions 1 and up.
        pub rebalance_timeout_ms: i32,
        pub member_id: Str<'a>,
        /// Versions 5 and up.
        pub group_instance_id: Option<Str<'a>>,
        pub protocol_type: Str<'a>,
        pub protocols: Array<'a, Protocols<'a>>,
        /// Versions 8 and up.
        pub reason: Option<Str<'a>>,
    }

    impl Default for JoinGroupRequest<'_> {
        fn default() -> Self {
            Self {
                group_id: Default::default(),
                session_timeout_ms: Default::default(),
                rebalance_timeout_ms: -1,
                member_id: Default::default(),
                group_instance_id: Default::default(),
                protocol_type: Default::default(),
                protocols: Default::default(),
                reason: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for JoinGroupRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=9).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 6;
            let group_id = r.string(flex)?;
            let session_timeout_ms = r.i32()?;
            let rebalance_timeout_ms = if v >= 1 { r.i32()? } else { -1 };
            let member_id = r.string(flex)?;
            let group_instance_id =
                if v >= 5 { r.string_or_null(flex)? } else { Default::default() };
            let protocol_type = r.string(flex)?;
            let protocols = r.array(Form { version: v, flexible: flex })?;
            let reason = if v >= 8 { r.string_or_null(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                group_id,
                session_timeout_ms,
                rebalance_timeout_ms,
                member_id,
                group_instance_id,
                protocol_type,
                protocols,
                reason,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            w.string(&self.group_id, flex);
            w.i32(self.session_timeout_ms);
            if v >= 1 {
                w.i32(self.rebalance_timeout_ms);
            }
            w.string(&self.member_id, flex);
            if v >= 5 {
                w.string_or_null(self.group_instance_id.as_deref(), flex);
            }
            w.string(&self.protocol_type, flex);
            w.array(&self.protocols, Form { version: v, flexible: flex });
            if v >= 8 {
                w.string_or_null(self.reason.as_deref(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Protocols<'a> {
        pub name: Str<'a>,
        pub metadata: Cow<'a, [u8]>,
    }

    impl<'a> Message<'a> for Protocols<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let name = r.string(flex)?;
            let metadata = r.bytes(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, metadata })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            w.string(&self.name, flex);
            w.bytes(&self.metadata, flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use std::borrow::Cow;

    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct JoinGroupResponse<'a> {
        /// Versions 2 and up.
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub generation_id: i32,
        /// Versions 7 and up.
        pub protocol_type: Option<Str<'a>>,
        /// Nullable in versions 7 and up.
        pub protocol_name: Option<Str<'a>>,
        pub leader: Str<'a>,
        /// Version 9.
        pub skip_assignment: bool,
        pub member_id: Str<'a>,
        pub members: Array<'a, Members<'a>>,
    }

    impl Default for JoinGroupResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                generation_id: -1,
                protocol_type: Default::default(),
                protocol_name: Some(Default::default()),
                leader: Default::default(),
                skip_assignment: Default::default(),
                member_id: Default::default(),
                members: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for JoinGroupResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=9).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 6;
            let throttle_time_ms = if v >= 2 { r.i32()? } else { Default::default() };
            let error_code = r.i16()?;
            let generation_id = r.i32()?;
            let protocol_type = if v >= 7 { r.string_or_null(flex)? } else { Default::default() };
            let protocol_name =
                if v >= 7 { r.string_or_null(flex)? } else { Some(r.string(flex)?) };
            let leader = r.string(flex)?;
            let skip_assignment = if v >= 9 { r.bool()? } else { Default::default() };
            let member_id = r.string(flex)?;
            let members = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                throttle_time_ms,
                error_code,
                generation_id,
                protocol_type,
                protocol_name,
                leader,
                skip_assignment,
                member_id,
                members,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            if v >= 2 {
                w.i32(self.throttle_time_ms);
            }
            w.i16(self.error_code);
            w.i32(self.generation_id);
            if v >= 7 {
                w.string_or_null(self.protocol_type.as_deref(), flex);
            }
            if v >= 7 {
                w.string_or_null(self.protocol_name.as_deref(), flex);
            } else {
                w.string(self.protocol_name.as_deref().unwrap_or_default(), flex);
            }
            w.string(&self.leader, flex);
            if v >= 9 {
                w.bool(self.skip_assignment);
            }
            w.string(&self.member_id, flex);
            w.array(&self.members, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Members<'a> {
        pub member_id: Str<'a>,
        /// Versions 5 and up.
        pub group_instance_id: Option<Str<'a>>,
        pub metadata: Cow<'a, [u8]>,
    }

    impl<'a> Message<'a> for Members<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 6;
            let member_id = r.string(flex)?;
            let group_instance_id =
                if v >= 5 { r.string_or_null(flex)? } else { Default::default() };
            let metadata = r.bytes(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { member_id, group_instance_id, metadata })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 6;
            w.string(&self.member_id, flex);
            if v >= 5 {
                w.string_or_null(self.group_instance_id.as_deref(), flex);
            }
            w.bytes(&self.metadata, flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
