// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct LeaveGroupRequest<'a> {
        pub group_id: Str<'a>,
        /// Versions 0 to 2.
        pub member_id: Str<'a>,
        /// Versions 3 and up.
        pub members: Array<'a, Members<'a>>,
    }

    impl<'a> Message<'a> for LeaveGroupRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let group_id = r.string(flex)?;
            let member_id = if v <= 2 { r.string(flex)? } else { Default::default() };
            let members = if v >= 3 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { group_id, member_id, members })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.string(&self.group_id, flex);
            if v <= 2 {
                w.string(&self.member_id, flex);
            }
            if v >= 3 {
                w.array(&self.members, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Members<'a> {
        /// Versions 3 and up.
        pub member_id: Str<'a>,
        /// Versions 3 and up.
        pub group_instance_id: Option<Str<'a>>,
        /// Version 5.
        pub reason: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for Members<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let member_id = if v >= 3 { r.string(flex)? } else { Default::default() };
            let group_instance_id =
                if v >= 3 { r.string_or_null(flex)? } else { Default::default() };
            let reason = if v >= 5 { r.string_or_null(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { member_id, group_instance_id, reason })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            if v >= 3 {
                w.string(&self.member_id, flex);
            }
            if v >= 3 {
                w.string_or_null(self.group_instance_id.as_deref(), flex);
            }
            if v >= 5 {
                w.string_or_null(self.reason.as_deref(), flex);
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
    pub struct LeaveGroupResponse<'a> {
        /// Versions 1 and up.
        pub throttle_time_ms: i32,
        pub error_code: i16,
        /// Versions 3 and up.
        pub members: Array<'a, Members<'a>>,
    }

    impl<'a> Message<'a> for LeaveGroupResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let throttle_time_ms = if v >= 1 { r.i32()? } else { Default::default() };
            let error_code = r.i16()?;
            let members = if v >= 3 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code, members })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            if v >= 1 {
                w.i32(self.throttle_time_ms);
            }
            w.i16(self.error_code);
            if v >= 3 {
                w.array(&self.members, Form { version: v, flexible: flex });
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Members<'a> {
        /// Versions 3 and up.
        pub member_id: Str<'a>,
        /// Versions 3 and up.
        pub group_instance_id: Option<Str<'a>>,
        /// Versions 3 and up.
        pub error_code: i16,
    }

    impl Default for Members<'_> {
        fn default() -> Self {
            Self {
                member_id: Default::default(),
                group_instance_id: Some(Default::default()),
                error_code: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Members<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let member_id = if v >= 3 { r.string(flex)? } else { Default::default() };
            let group_instance_id =
                if v >= 3 { r.string_or_null(flex)? } else { Some(Default::default()) };
            let error_code = if v >= 3 { r.i16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { member_id, group_instance_id, error_code })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            if v >= 3 {
                w.string(&self.member_id, flex);
            }
            if v >= 3 {
                w.string_or_null(self.group_instance_id.as_deref(), flex);
            }
            if v >= 3 {
                w.i16(self.error_code);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
