// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeGroupsRequest<'a> {
        pub groups: Array<'a, Str<'a>>,
        /// Versions 3 and up.
        pub include_authorized_operations: bool,
    }

    impl<'a> Message<'a> for DescribeGroupsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=6).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 5;
            let groups = r.array(Form { version: v, flexible: flex })?;
            let include_authorized_operations = if v >= 3 { r.bool()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { groups, include_authorized_operations })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            w.array(&self.groups, Form { version: v, flexible: flex });
            if v >= 3 {
                w.bool(self.include_authorized_operations);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use std::borrow::Cow;

    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeGroupsResponse<'a> {
        /// Versions 1 and up.
        pub throttle_time_ms: i32,
        pub groups: Array<'a, Groups<'a>>,
    }

    impl<'a> Message<'a> for DescribeGroupsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=6).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 5;
            let throttle_time_ms = if v >= 1 { r.i32()? } else { Default::default() };
            let groups = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, groups })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            if v >= 1 {
                w.i32(self.throttle_time_ms);
            }
            w.array(&self.groups, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Groups<'a> {
        pub error_code: i16,
        /// Version 6.
        pub error_message: Option<Str<'a>>,
        pub group_id: Str<'a>,
        pub group_state: Str<'a>,
        pub protocol_type: Str<'a>,
        pub protocol_data: Str<'a>,
        pub members: Array<'a, Members<'a>>,
        /// Versions 3 and up.
        pub authorized_operations: i32,
    }

    impl Default for Groups<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                error_message: Default::default(),
                group_id: Default::default(),
                group_state: Default::default(),
                protocol_type: Default::default(),
                protocol_data: Default::default(),
                members: Default::default(),
                authorized_operations: i32::MIN,
            }
        }
    }

    impl<'a> Message<'a> for Groups<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 5;
            let error_code = r.i16()?;
            let error_message = if v >= 6 { r.string_or_null(flex)? } else { Default::default() };
            let group_id = r.string(flex)?;
            let group_state = r.string(flex)?;
            let protocol_type = r.string(flex)?;
            let protocol_data = r.string(flex)?;
            let members = r.array(Form { version: v, flexible: flex })?;
            let authorized_operations = if v >= 3 { r.i32()? } else { i32::MIN };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                error_code,
                error_message,
                group_id,
                group_state,
                protocol_type,
                protocol_data,
                members,
                authorized_operations,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            w.i16(self.error_code);
            if v >= 6 {
                w.string_or_null(self.error_message.as_deref(), flex);
            }
            w.string(&self.group_id, flex);
            w.string(&self.group_state, flex);
            w.string(&self.protocol_type, flex);
            w.string(&self.protocol_data, flex);
            w.array(&self.members, Form { version: v, flexible: flex });
            if v >= 3 {
                w.i32(self.authorized_operations);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Members<'a> {
        pub member_id: Str<'a>,
        /// Versions 4 and up.
        pub group_instance_id: Option<Str<'a>>,
        pub client_id: Str<'a>,
        pub client_host: Str<'a>,
        pub member_metadata: Cow<'a, [u8]>,
        pub member_assignment: Cow<'a, [u8]>,
    }

    impl<'a> Message<'a> for Members<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 5;
            let member_id = r.string(flex)?;
            let group_instance_id =
                if v >= 4 { r.string_or_null(flex)? } else { Default::default() };
            let client_id = r.string(flex)?;
            let client_host = r.string(flex)?;
            let member_metadata = r.bytes(flex)?;
            let member_assignment = r.bytes(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                member_id,
                group_instance_id,
                client_id,
                client_host,
                member_metadata,
                member_assignment,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 5;
            w.string(&self.member_id, flex);
            if v >= 4 {
                w.string_or_null(self.group_instance_id.as_deref(), flex);
            }
            w.string(&self.client_id, flex);
            w.string(&self.client_host, flex);
            w.bytes(&self.member_metadata, flex);
            w.bytes(&self.member_assignment, flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
