// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeConfigsRequest<'a> {
        pub resources: Array<'a, Resources<'a>>,
        pub include_synonyms: bool,
        /// Versions 3 and up.
        pub include_documentation: bool,
    }

    impl<'a> Message<'a> for DescribeConfigsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let resources = r.array(Form { version: v, flexible: flex })?;
            let include_synonyms = r.bool()?;
            let include_documentation = if v >= 3 { r.bool()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { resources, include_synonyms, include_documentation })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.array(&self.resources, Form { version: v, flexible: flex });
            w.bool(self.include_synonyms);
            if v >= 3 {
                w.bool(self.include_documentation);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Resources<'a> {
        pub resource_type: i8,
        pub resource_name: Str<'a>,
        pub configuration_keys: Option<Array<'a, Str<'a>>>,
    }

    impl Default for Resources<'_> {
        fn default() -> Self {
            Self {
                resource_type: Default::default(),
                resource_name: Default::default(),
                configuration_keys: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Resources<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let resource_type = r.i8()?;
            let resource_name = r.string(flex)?;
            let configuration_keys = r.array_or_null(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { resource_type, resource_name, configuration_keys })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.i8(self.resource_type);
            w.string(&self.resource_name, flex);
            w.array_or_null(self.configuration_keys.as_ref(), Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct DescribeConfigsResponse<'a> {
        pub throttle_time_ms: i32,
        pub results: Array<'a, Results<'a>>,
    }

    impl<'a> Message<'a> for DescribeConfigsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let throttle_time_ms = r.i32()?;
            let results = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
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
        pub resource_type: i8,
        pub resource_name: Str<'a>,
        pub configs: Array<'a, Configs<'a>>,
    }

    impl Default for Results<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                error_message: Some(Default::default()),
                resource_type: Default::default(),
                resource_name: Default::default(),
                configs: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Results<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(flex)?;
            let resource_type = r.i8()?;
            let resource_name = r.string(flex)?;
            let configs = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { error_code, error_message, resource_type, resource_name, configs })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), flex);
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
        pub value: Option<Str<'a>>,
        pub read_only: bool,
        pub config_source: i8,
        pub is_sensitive: bool,
        pub synonyms: Array<'a, Synonyms<'a>>,
        /// Versions 3 and up.
        pub config_type: i8,
        /// Versions 3 and up.
        pub documentation: Option<Str<'a>>,
    }

    impl Default for Configs<'_> {
        fn default() -> Self {
            Self {
                name: Default::default(),
                value: Some(Default::default()),
                read_only: Default::default(),
                config_source: -1,
                is_sensitive: Default::default(),
                synonyms: Default::default(),
                config_type: Default::default(),
                documentation: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Configs<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let name = r.string(flex)?;
            let value = r.string_or_null(flex)?;
            let read_only = r.bool()?;
            let config_source = r.i8()?;
            let is_sensitive = r.bool()?;
            let synonyms = r.array(Form { version: v, flexible: flex })?;
            let config_type = if v >= 3 { r.i8()? } else { Default::default() };
            let documentation =
                if v >= 3 { r.string_or_null(flex)? } else { Some(Default::default()) };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self {
                name,
                value,
                read_only,
                config_source,
                is_sensitive,
                synonyms,
                config_type,
                documentation,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.string(&self.name, flex);
            w.string_or_null(self.value.as_deref(), flex);
            w.bool(self.read_only);
            w.i8(self.config_source);
            w.bool(self.is_sensitive);
            w.array(&self.synonyms, Form { version: v, flexible: flex });
            if v >= 3 {
                w.i8(self.config_type);
            }
            if v >= 3 {
                w.string_or_null(self.documentation.as_deref(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Synonyms<'a> {
        pub name: Str<'a>,
        pub value: Option<Str<'a>>,
        pub source: i8,
    }

    impl Default for Synonyms<'_> {
        fn default() -> Self {
            Self {
                name: Default::default(),
                value: Some(Default::default()),
                source: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for Synonyms<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 4;
            let name = r.string(flex)?;
            let value = r.string_or_null(flex)?;
            let source = r.i8()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, value, source })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.string(&self.name, flex);
            w.string_or_null(self.value.as_deref(), flex);
            w.i8(self.source);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
