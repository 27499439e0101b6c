// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeAclsRequest<'a> {
        pub resource_type_filter: i8,
        pub resource_name_filter: Option<Str<'a>>,
        pub pattern_type_filter: i8,
        pub principal_filter: Option<Str<'a>>,
        pub host_filter: Option<Str<'a>>,
        pub operation: i8,
        pub permission_type: i8,
    }

    impl Default for DescribeAclsRequest<'_> {
        fn default() -> Self {
            Self {
                resource_type_filter: Default::default(),
                resource_name_filter: Some(Default::default()),
                pattern_type_filter: 3,
                principal_filter: Some(Default::default()),
                host_filter: Some(Default::default()),
                operation: Default::default(),
                permission_type: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for DescribeAclsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let resource_type_filter = r.i8()?;
            let resource_name_filter = r.string_or_null(flex)?;
            let pattern_type_filter = r.i8()?;
            let principal_filter = r.string_or_null(flex)?;
            let host_filter = r.string_or_null(flex)?;
            let operation = r.i8()?;
            let permission_type = r.i8()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                resource_type_filter,
                resource_name_filter,
                pattern_type_filter,
                principal_filter,
                host_filter,
                operation,
                permission_type,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i8(self.resource_type_filter);
            w.string_or_null(self.resource_name_filter.as_deref(), flex);
            w.i8(self.pattern_type_filter);
            w.string_or_null(self.principal_filter.as_deref(), flex);
            w.string_or_null(self.host_filter.as_deref(), flex);
            w.i8(self.operation);
            w.i8(self.permission_type);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct DescribeAclsResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub resources: Array<'a, Resources<'a>>,
    }

    impl Default for DescribeAclsResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
                resources: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for DescribeAclsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            let resources = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code, error_message, resources })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
            w.array(&self.resources, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Resources<'a> {
        pub resource_type: i8,
        pub resource_name: Str<'a>,
        pub pattern_type: i8,
        pub acls: Array<'a, Acls<'a>>,
    }

    impl Default for Resources<'_> {
        fn default() -> Self {
            Self {
                resource_type: Default::default(),
                resource_name: Default::default(),
                pattern_type: 3,
                acls: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Resources<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let resource_type = r.i8()?;
            let resource_name = r.string(flex)?;
            let pattern_type = r.i8()?;
            let acls = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { resource_type, resource_name, pattern_type, acls })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i8(self.resource_type);
            w.string(&self.resource_name, flex);
            w.i8(self.pattern_type);
            w.array(&self.acls, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Acls<'a> {
        pub principal: Str<'a>,
        pub host: Str<'a>,
        pub operation: i8,
        pub permission_type: i8,
    }

    impl<'a> Message<'a> for Acls<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let principal = r.string(flex)?;
            let host = r.string(flex)?;
            let operation = r.i8()?;
            let permission_type = r.i8()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { principal, host, operation, permission_type })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.principal, flex);
            w.string(&self.host, flex);
            w.i8(self.operation);
            w.i8(self.permission_type);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
