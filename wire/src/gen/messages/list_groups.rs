// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ListGroupsRequest<'a> {
        /// Versions 4 and up.
        pub states_filter: Array<'a, Str<'a>>,
        /// Version 5.
        pub types_filter: Array<'a, Str<'a>>,
    }

    impl<'a> Message<'a> for ListGroupsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let states_filter = if v >= 4 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            let types_filter = if v >= 5 {
                r.array(Form { version: v, flexible: flex })?
            } else {
                Default::default()
            };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { states_filter, types_filter })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 4 {
                w.array(&self.states_filter, Form { version: v, flexible: flex });
            }
            if v >= 5 {
                w.array(&self.types_filter, Form { version: v, flexible: flex });
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
    pub struct ListGroupsResponse<'a> {
        /// Versions 1 and up.
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub groups: Array<'a, Groups<'a>>,
    }

    impl<'a> Message<'a> for ListGroupsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=5).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let throttle_time_ms = if v >= 1 { r.i32()? } else { Default::default() };
            let error_code = r.i16()?;
            let groups = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code, groups })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 1 {
                w.i32(self.throttle_time_ms);
            }
            w.i16(self.error_code);
            w.array(&self.groups, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Groups<'a> {
        pub group_id: Str<'a>,
        pub protocol_type: Str<'a>,
        /// Versions 4 and up.
        pub group_state: Str<'a>,
        /// Version 5.
        pub group_type: Str<'a>,
    }

    impl<'a> Message<'a> for Groups<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let group_id = r.string(flex)?;
            let protocol_type = r.string(flex)?;
            let group_state = if v >= 4 { r.string(flex)? } else { Default::default() };
            let group_type = if v >= 5 { r.string(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { group_id, protocol_type, group_state, group_type })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.string(&self.group_id, flex);
            w.string(&self.protocol_type, flex);
            if v >= 4 {
                w.string(&self.group_state, flex);
            }
            if v >= 5 {
                w.string(&self.group_type, flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
