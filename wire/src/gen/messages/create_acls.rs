// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CreateAclsRequest<'a> {
        pub creations: Array<'a, Creations<'a>>,
    }

    impl<'a> Message<'a> for CreateAclsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let creations = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { creations })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.array(&self.creations, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Creations<'a> {
        pub resource_type: i8,
        pub resource_name: Str<'a>,
        pub resource_pattern_type: i8,
        pub principal: Str<'a>,
        pub host: Str<'a>,
        pub operation: i8,
        pub permission_type: i8,
    }

    impl Default for Creations<'_> {
        fn default() -> Self {
            Self {
                resource_type: Default::default(),
                resource_name: Default::default(),
                resource_pattern_type: 3,
                principal: Default::default(),
                host: Default::default(),
                operation: Default::default(),
                permission_type: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Creations<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let resource_type = r.i8()?;
            let resource_name = r.string(flex)?;
            let resource_pattern_type = r.i8()?;
            let principal = r.string(flex)?;
            let host = r.string(flex)?;
            let operation = r.i8()?;
            let permission_type = r.i8()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                resource_type,
                resource_name,
                resource_pattern_type,
                principal,
                host,
                operation,
                permission_type,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i8(self.resource_type);
            w.string(&self.resource_name, flex);
            w.i8(self.resource_pattern_type);
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

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CreateAclsResponse<'a> {
        pub throttle_time_ms: i32,
        pub results: Array<'a, Results<'a>>,
    }

    impl<'a> Message<'a> for CreateAclsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=3).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let throttle_time_ms = r.i32()?;
            let results = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.throttle_time_ms);
            w.array(&self.results, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Results<'a> {
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
    }

    impl Default for Results<'_> {
        fn default() -> Self {
            Self { error_code: Default::default(), error_message: Some(Default::default()) }
        }
    }

    impl<'a> Message<'a> for Results<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
