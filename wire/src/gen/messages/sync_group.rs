// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use std::borrow::Cow;

    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct SyncGroupRequest<'a> {
        pub group_id: Str<'a>,
        pub generation_id: i32,
        pub member_id: Str<'a>,
        /// Versions 3 and up.
        pub group_instance_id: Option<Str<'a>>,
        /// Version 5.
        pub protocol_type: Option<Str<'a>>,
        /// Version 5.
        pub protocol_name: Option<Str<'a>>,
        pub assignments: Array<'a, Assignments<'a>>,
    }

    impl<'a> Message<'a> for SyncGroupRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let group_id = r.string(flex)?;
            let generation_id = r.i32()?;
            let member_id = r.string(flex)?;
            let group_instance_id =
                if v >= 3 { r.string_or_null(flex)? } else { Default::default() };
            let protocol_type = if v >= 5 { r.string_or_null(flex)? } else { Default::default() };
            let protocol_name = if v >= 5 { r.string_or_null(flex)? } else { Default::default() };
            let assignments = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                group_id,
                generation_id,
                member_id,
                group_instance_id,
                protocol_type,
                protocol_name,
                assignments,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.string(&self.group_id, flex);
            w.i32(self.generation_id);
            w.string(&self.member_id, flex);
            if v >= 3 {
                w.string_or_null(self.group_instance_id.as_deref(), flex);
            }
            if v >= 5 {
                w.string_or_null(self.protocol_type.as_deref(), flex);
            }
            if v >= 5 {
                w.string_or_null(self.protocol_name.as_deref(), flex);
            }
            w.array(&self.assignments, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Assignments<'a> {
        pub member_id: Str<'a>,
        pub assignment: Cow<'a, [u8]>,
    }

    impl<'a> Message<'a> for Assignments<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let member_id = r.string(flex)?;
            let assignment = r.bytes(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { member_id, assignment })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.string(&self.member_id, flex);
            w.bytes(&self.assignment, flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use std::borrow::Cow;

    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct SyncGroupResponse<'a> {
        /// Versions 1 and up.
        pub throttle_time_ms: i32,
        pub error_code: i16,
        /// Version 5.
        pub protocol_type: Option<Str<'a>>,
        /// Version 5.
        pub protocol_name: Option<Str<'a>>,
        pub assignment: Cow<'a, [u8]>,
    }

    impl<'a> Message<'a> for SyncGroupResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let throttle_time_ms = if v >= 1 { r.i32()? } else { Default::default() };
            let error_code = r.i16()?;
            let protocol_type = if v >= 5 { r.string_or_null(flex)? } else { Default::default() };
            let protocol_name = if v >= 5 { r.string_or_null(flex)? } else { Default::default() };
            let assignment = r.bytes(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code, protocol_type, protocol_name, assignment })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            if v >= 1 {
                w.i32(self.throttle_time_ms);
            }
            w.i16(self.error_code);
            if v >= 5 {
                w.string_or_null(self.protocol_type.as_deref(), flex);
            }
            if v >= 5 {
                w.string_or_null(self.protocol_name.as_deref(), flex);
            }
            w.bytes(&self.assignment, flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
