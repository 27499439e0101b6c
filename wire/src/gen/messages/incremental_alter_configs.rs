// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct IncrementalAlterConfigsRequest<'a> {
        pub resources: Array<'a, Resources<'a>>,
        pub validate_only: bool,
    }

    impl<'a> Message<'a> for IncrementalAlterConfigsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 1;
            let resources = r.array(Form { version: v, flexible: flex })?;
            let validate_only = r.bool()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { resources, validate_only })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.array(&self.resources, Form { version: v, flexible: flex });
            w.bool(self.validate_only);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Resources<'a> {
        pub resource_type: i8,
        pub resource_name: Str<'a>,
        pub configs: Array<'a, Configs<'a>>,
    }

    impl<'a> Message<'a> for Resources<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let resource_type = r.i8()?;
            let resource_name = r.string(flex)?;
            let configs = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { resource_type, resource_name, configs })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.i8(self.resource_type);
            w.string(&self.resource_name, flex);
            w.array(&self.configs, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Configs<'a> {
        pub name: Str<'a>,
        pub config_operation: i8,
        pub value: Option<Str<'a>>,
    }

    impl Default for Configs<'_> {
        fn default() -> Self {
            Self {
                name: Default::default(),
                config_operation: Default::default(),
                value: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Configs<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let name = r.string(flex)?;
            let config_operation = r.i8()?;
            let value = r.string_or_null(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, config_operation, value })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.string(&self.name, flex);
            w.i8(self.config_operation);
            w.string_or_null(self.value.as_deref(), flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct IncrementalAlterConfigsResponse<'a> {
        pub throttle_time_ms: i32,
        pub responses: Array<'a, Responses<'a>>,
    }

    impl<'a> Message<'a> for IncrementalAlterConfigsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 1;
            let throttle_time_ms = r.i32()?;
            let responses = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, responses })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.i32(self.throttle_time_ms);
            w.array(&self.responses, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Responses<'a> {
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        pub resource_type: i8,
        pub resource_name: Str<'a>,
    }

    impl Default for Responses<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                error_message: Some(Default::default()),
                resource_type: Default::default(),
                resource_name: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Responses<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 1;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            let resource_type = r.i8()?;
            let resource_name = r.string(flex)?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { error_code, error_message, resource_type, resource_name })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 1;
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
            w.i8(self.resource_type);
            w.string(&self.resource_name, flex);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
